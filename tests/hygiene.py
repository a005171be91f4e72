"""What no other tool of `make check` looks at, told as `file:line: what`; ends with 1 for a fault.

python tests/hygiene.py [FOLDER of a git repository, by default this one]
"""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "_ext"))
from notebooks import normalise  # noqa: E402

#: columns of a code cell that a page shows at 1280 px, and of Python
CELL, PYTHON = 79, 100
#: their messages are rewritten later; pyproject.toml lets the same folders pass
MESSAGES = ("scalinglib/checks/chapters/", "exercises/chapters/")
LARGEST = 2 * 2**20
# written so that it does not find itself
ELSEWHERE = re.compile(
    r"/[w]ork/|/[f]arm/|/[r]oot/|/[U]sers/|/[h]ome/\w+/"
    r"|https?://[^/\s]*(python[h]osted|py[p]i|npm[j]s|deb[i]an)[^/\s]*/"
)


def tracked(root: Path) -> list[str]:
    """The files that git keeps, as far as they are there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True, text=True
    )
    return [name for name in listed.stdout.split("\0") if name and (root / name).is_file()]


def faults(root: Path) -> Iterator[str]:
    """Every fault of the tracked files below `root`, as `file:line: what`."""
    for name in tracked(root):
        raw = (root / name).read_bytes()
        if len(raw) > LARGEST:
            yield f"{name}:1: {len(raw) / 2**20:.1f} MiB, and {LARGEST / 2**20:g} are allowed"
        if b"\0" in raw:
            continue  # not a text
        text = raw.decode("utf-8")
        yield from (f"{name}:{line}: {what}" for line, what in in_text(name, text))
        if name.endswith(".ipynb"):
            yield from (f"{name}:{line}: {what}" for line, what in in_notebook(text))


def in_text(name: str, text: str) -> Iterator[tuple[int, str]]:
    """(line, what) for every fault that any text may have."""
    lines = text.split("\n")
    width = PYTHON if name.endswith(".py") and not name.startswith(MESSAGES) else None
    for number, line in enumerate(lines, 1):
        if found := ELSEWHERE.search(line):
            yield number, f"{found[0]} is a place of one machine or a registry's host"
        if line != line.rstrip():
            yield number, "blanks at the end of the line"
        if width and len(line) > width:
            yield number, f"{len(line)} columns, and {width} are allowed"
    if lines[-1]:
        yield len(lines), "no newline at the end of the file"


def in_notebook(text: str) -> Iterator[tuple[int, str]]:
    """(line of the file, what) for every fault of a notebook."""
    notebook, lines = nbformat.reads(text, as_version=4), text.split("\n")
    if normalise(copy.deepcopy(notebook)) != notebook:
        yield 1, "not as `make notebooks` writes it: outputs, counts or ids differ"
    for cell in notebook.cells:
        for line in cell.source.split("\n") if cell.cell_type == "code" else ():
            if len(line) > CELL:
                stored = json.dumps(line, ensure_ascii=False)[:-1]
                place = next((n for n, found in enumerate(lines, 1) if stored in found), 1)
                yield place, f"{len(line)} columns in the code cell {cell.id}, and {CELL} fit"


if __name__ == "__main__":
    found = list(faults(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT))
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(1 if found else 0)
