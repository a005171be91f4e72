"""`python -m scalinglib`: the same as the command `scalinglib`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
