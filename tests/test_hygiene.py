"""The last look at the tracked files: each kind of fault is seen, in its place, and no other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from hygiene import CELL, LARGEST, PYTHON, faults, normalise


def notebook(*sources: str) -> nbformat.NotebookNode:
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    for place, cell in enumerate(cells):
        cell["id"] = f"cell-{place}"
    return normalise(nbformat.v4.new_notebook(cells=cells))


def written(notebook: nbformat.NotebookNode) -> str:
    return nbformat.writes(notebook) + "\n"


UNKEPT = notebook("1 + 1")
UNKEPT.cells[0].execution_count = 7
CLEAN = {
    "a.py": "x" * PYTHON + "\n",
    "exercises/chapters/ch01_x.py": "x" * 300 + "\n",
    "page.ipynb": written(notebook("x" * CELL, "'ä'")),
    "small.bin": "\0  ",
}
PLANTED = {
    "long.py": ("\n" + "x" * (PYTHON + 1) + "\n", "long.py:2: 101 columns"),
    "blank.md": ("a\n\nb \n", "blank.md:3: blanks"),
    "windows.md": ("a\r\n", "windows.md:1: blanks"),
    "end.css": ("a\nb", "end.css:2: no newline"),
    "home.js": ("\n// see /" + "root/notes\n", "home.js:2: /" + "root/ is a place"),
    "lock.txt": ("https://files.python" + "hosted.org/x\n", "lock.txt:1: https://files.python"),
    "wide.ipynb": (
        written(notebook("1", "2\n" + "y" * (CELL + 1))),
        "80 columns in the code cell cell-1",
    ),
    "unkept.ipynb": (written(UNKEPT), "unkept.ipynb:1: not as `make notebooks` writes it"),
    "large.csv": ("x\n" * (LARGEST // 2 + 1), "large.csv:1: 2.0 MiB"),
}


@pytest.fixture
def repository(tmp_path):
    """Write files into a new repository and add them to git's index; its folder."""

    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
        subprocess.run(["git", "add", "--all"], cwd=tmp_path, check=True)
        return tmp_path

    return write


def test_what_is_in_order_is_not_told(repository):
    assert list(faults(repository(CLEAN))) == []


@pytest.mark.parametrize("name", PLANTED)
def test_every_kind_of_fault_is_seen_once(repository, name):
    text, message = PLANTED[name]
    (told,) = faults(repository(CLEAN | {name: text}))
    assert told.startswith(f"{name}:") and message in told


def test_the_line_is_that_of_the_file(repository):
    root = repository({"wide.ipynb": PLANTED["wide.ipynb"][0]})
    (told,) = faults(root)
    line = int(told.split(":")[1])
    assert "y" * CELL in (root / "wide.ipynb").read_text().split("\n")[line - 1]


def test_only_tracked_files_count_and_the_command_fails_for_a_fault(repository):
    root = repository(CLEAN)
    command = [sys.executable, str(Path(__file__).with_name("hygiene.py")), str(root)]
    (root / "scratch.md").write_text("a ")
    assert subprocess.run(command, capture_output=True).returncode == 0
    subprocess.run(["git", "add", "scratch.md"], cwd=root, check=True)
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 1 and ran.stdout.splitlines() == [
        "scratch.md:1: blanks at the end of the line",
        "scratch.md:1: no newline at the end of the file",
    ]
