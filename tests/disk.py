"""Imported before tests and notebooks run: nothing is forced onto the disk.

Whoever loses power needs that (`make prove` kills in earnest); a test would only wait for it.
"""

import contextlib
import os
import sqlite3

_connect = sqlite3.connect


def connect(*given, **named):
    """A data base whose changes are written, and not waited for."""
    base = _connect(*given, **named)
    with contextlib.suppress(sqlite3.Error):  # not a data base: who asked for it will see
        base.execute("PRAGMA synchronous = OFF")
    return base


os.fsync = lambda file: None
sqlite3.connect = connect
