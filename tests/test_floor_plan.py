"""Imports have one direction: measure, fit, law, plan, show. Nothing stands twice; all is light."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

LIBRARY = Path(__file__).parents[1] / "scalinglib"
MAY_IMPORT = {  # module -> what it may use of the library
    "_inputs": set(),
    "laws": {"_inputs"},
    "counting": {"_inputs"},
    "runs": {"_inputs", "laws", "counting"},
    "planning": {"_inputs", "_doubts", "laws", "counting", "runs"},
    "_engine": set(),
    "_search": {"_engine"},
    "_resample": {"_engine"},
    "_powers": {"_engine"},
    "_doubts": {"_inputs"},
    "forms": {"_inputs", "_engine", "_powers", "laws"},
    "_study": {"_engine", "_search", "forms"},
    "_misfit": {"_inputs", "_engine"},
    "_ahead": {"_inputs", "_doubts", "_study"},
    "fits": {
        *("_inputs", "_doubts", "_engine", "_resample", "_study", "_ahead"),
        *("forms", "laws", "planning", "pictures"),
    },
    "allocation": {"_inputs", "_doubts", "fits", "laws"},
    "fitting": {
        "_inputs",
        "_engine",
        "_resample",
        "_doubts",
        "_misfit",
        "_ahead",
        "_study",
        "allocation",
        "fits",
        "forms",
        "laws",
        "counting",
        "runs",
    },
    "published": {"laws", "counting", "runs", "allocation"},
    "reading": {"_doubts"},
    "comparing": {"_inputs", "_doubts", "reading", "forms", "fits", "fitting"},
    "cli": {
        *("_doubts", "reading", "forms", "fits", "fitting", "comparing", "published"),
        "allocation",
    },
    "__main__": {"cli"},
    "forecast": {"_inputs", "_ahead", "laws", "counting", "runs", "fitting", "planning"},
    "plots": set(),
    "pictures": {"_inputs", "planning", "plots"},
    "widgets": {
        "_inputs",
        "laws",
        "counting",
        "runs",
        "fitting",
        "planning",
        "published",
        "plots",
        "widgets",
    },
    "checks": {
        "_inputs",
        "laws",
        "counting",
        "runs",
        "fitting",
        "planning",
        "forecast",
        "checks",
    },
    "lab": {"_inputs", "laws", "counting", "runs", "forms", "fitting", "lab"},
    "claims": {
        "_inputs",
        "laws",
        "counting",
        "runs",
        "fitting",
        "planning",
        "published",
        "lab",
        "widgets",
        "claims",
    },
}


def rooms():
    """(module, file) for every Python file of the library, packages counted as one module."""
    for path in sorted(LIBRARY.rglob("*.py")):
        inside = path.relative_to(LIBRARY)
        room = inside.parts[0] if len(inside.parts) > 1 else inside.stem
        if room != "__init__":
            yield room, path


def imports_of(path):
    """Modules of the library that `path` imports, anywhere in it."""
    package = ("scalinglib", *path.relative_to(LIBRARY).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            stem = ".".join(part for part in (base, node.module) if part)
            names = [f"{stem}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (
            name.split(".")[1]
            for name in names
            if name.startswith("scalinglib.") and name.count(".")
        )


@pytest.mark.parametrize(
    "room, path", list(rooms()), ids=lambda value: getattr(value, "name", value)
)
def test_imports_point_one_way(room, path):
    wrong = {
        name
        for name in imports_of(path)
        if (LIBRARY / f"{name}.py").exists() or (LIBRARY / name).is_dir()
    }
    assert wrong <= MAY_IMPORT[room], f"{path.name} imports {sorted(wrong - MAY_IMPORT[room])}"


def test_a_wrong_import_would_be_seen(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "LIBRARY", tmp_path)
    (tmp_path / "laws.py").write_text(
        "from .planning import frontier\nfrom . import widgets\nimport scalinglib.lab.model\n"
    )
    assert set(imports_of(tmp_path / "laws.py")) == {"planning", "widgets", "lab"}


def test_the_laws_load_without_the_heavy_parts():
    """A student's machine should not pay for pandas or matplotlib to evaluate a law."""
    code = (
        "import sys, scalinglib.laws; "
        "print(sorted({'pandas', 'matplotlib', 'scipy', 'anywidget'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def statements(path):
    """(line number, text) of a file's code: no imports or lists of names, signatures, docstrings
    or lone brackets.
    """
    source = path.read_text(encoding="utf-8")
    left_out = set()
    for node in ast.walk(ast.parse(source)):
        names = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
        if names or isinstance(node, (ast.Import, ast.ImportFrom)):
            left_out |= {*range(node.lineno, node.end_lineno + 1)}
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            left_out |= {*range(node.lineno, node.body[0].lineno)}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            left_out |= {*range(node.lineno, node.end_lineno + 1)}
    for number, line in enumerate(source.splitlines(), 1):
        text = line.strip()
        if number not in left_out and re.search(r"\w", text) and not text.startswith(("#", "@")):
            yield number, text


def repeats(paths, length=6):
    """Pairs of places that share a run of `length` lines of code."""
    seen = {}
    for path in paths:
        lines = list(statements(path))
        for run in zip(*(lines[k:] for k in range(length)), strict=False):
            here = f"{path.name}:{run[0][0]}"
            there = seen.setdefault(tuple(text for _, text in run), here)
            if there != here:
                yield there, here


def test_texts_are_read_and_written_as_utf_8():
    """Whatever the machine's own encoding is."""
    root = Path(__file__).parents[1]
    unnamed = [
        f"{path.relative_to(root)}:{node.lineno}"
        for folder in ("scalinglib", "exercises", "_ext")
        for path in (root / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("read_text", "write_text")
        and "/proc" not in ast.unparse(node)
        and "utf-8" not in ast.unparse(node)
    ]
    assert unnamed == []


def test_nothing_stands_twice():
    folders = (LIBRARY, LIBRARY.parent / "exercises", LIBRARY.parent / "_ext")
    paths = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    assert list(repeats([path for path in paths if path.parent.name != "chapters"])) == []


def test_what_stands_twice_would_be_seen(tmp_path):
    code = "".join(f"x{k} = {k}\n" for k in range(6))
    (tmp_path / "one.py").write_text(f'"""A docstring."""\nimport sys\n\n{code}')
    (tmp_path / "two.py").write_text(
        f"def f(a):\n    # why\n    {code.replace(chr(10), chr(10) + '    ')}"
    )
    assert list(repeats(sorted(tmp_path.iterdir()))) == [("one.py:4", "two.py:3")]


def test_no_function_is_longer_than_a_page():
    """60 lines, with its signature and what it says of itself; content (chapters) is no code."""
    long = [
        f"{path.name}: {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for _, path in rooms()
        if path.parent.name != "chapters"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.end_lineno - node.lineno + 1 > 60
    ]
    assert long == []
