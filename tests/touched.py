"""Which tests a file concerns: what `make quick FILE=...` runs.

    python tests/touched.py scalinglib/fitting.py

prints the arguments for pytest. A Python file concerns the tests that are called after it and those
that import it or the package that passes its names on (or, where none does, what imports it), those
of FURTHER, and the examples in its docstrings; a chapter, and what belongs to its exercises,
concerns the tests of that chapter; any other file the tests that name it, a picture's script those
of all pictures, and a page's script those that work a page without a browser.
"""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PRODUCT = ("scalinglib", "exercises", "_ext")
OF_A_CHAPTER = (
    "test_exercises.py",
    "test_notebooks.py",
    "test_prose_numbers.py",
    "test_answers.py",
    "test_by_hand.py",
    "test_claims.py",
    "test_handbook.py",
    "test_in_order.py",
    "test_questions.py",
    "test_tex.py",
)
WORKED = re.compile(r"^from in_node import .*\bwork\b|deeds\.mjs", re.M)
#: what neither a name nor an import tells; seen by which lines each test runs
FURTHER = {
    "_ext/course.py": ("test_staging.py",),
    "exercises/bank.py": ("test_main.py",),
    "exercises/clock.py": ("test_term.py",),
    "exercises/decide.py": ("test_term.py", "test_main.py"),
    "exercises/draw.py": ("test_exercises.py", "test_gradescope.py"),
    "exercises/example_class.py": ("test_main.py",),
    "exercises/export.py": ("test_main.py",),
    "exercises/new.py": ("test_main.py",),
    "exercises/questions.py": ("test_gradescope.py",),
    "exercises/release.py": ("test_course.py",),
    "exercises/rules.py": ("test_gradebook.py",),
    "exercises/texts.py": ("test_term.py",),
    "scalinglib/_ahead.py": ("test_forecast.py", "test_misfit.py"),
    "scalinglib/_doubts.py": ("test_cli.py", "test_comparing.py", "test_forms.py", "test_words.py"),
    "scalinglib/_engine.py": ("test_misfit.py", "test_words.py"),
    "scalinglib/_inputs.py": ("test_words.py", "test_traps.py"),
    "scalinglib/_misfit.py": ("test_words.py", "test_traps.py"),
    "scalinglib/_powers.py": (
        "test_forms.py",
        "test_fits.py",
    ),  # test_powers.py is of _ext/powers.py
    "scalinglib/_resample.py": ("test_fits.py",),
    "scalinglib/_study.py": ("test_fits.py", "test_forms.py", "test_misfit.py", "test_words.py"),
    "scalinglib/comparing.py": ("test_words.py",),
    "scalinglib/forecast.py": ("test_words.py",),
    "scalinglib/fits.py": ("test_fitting.py",),
    "scalinglib/lab/gains_steps.py": ("test_which_lever.py",),
    "scalinglib/lab/lexicon.py": ("test_kernel.py",),
    "scalinglib/pictures.py": ("test_plots.py",),
    "scalinglib/published.py": ("test_claims.py",),
}
#: what tries a little of many modules: whoever imports these has its tests as well
BESIDE = ("test_hooks.py", "test_rare.py", "test_rare_course.py", "test_read_off.py")
EXAMPLES = "tests/test_docs.py::test_every_example_says_what_it_does"
OF_ALL = "test_handbook or test_in_order or test_questions"  # not named after chapters


def module_of(path: Path) -> str:
    """`scalinglib/lab/sweep.py` is the module scalinglib.lab.sweep; _ext's modules stand alone."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[1:] if parts[0] in ("_ext", "tests") else parts).removesuffix(".__init__")


@cache
def imports_of(path: Path) -> set[str]:
    """All dotted names that a file imports; a name taken from a module may be a module itself."""
    package = module_of(path).split(".")[: None if path.stem == "__init__" else -1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*above, *filter(None, [node.module])])
            found |= {stem, *(f"{stem}.{alias.name}" for alias in node.names)}
    return found


def tests_of(path: Path, seen: frozenset[Path] = frozenset()) -> set[Path]:
    """The test files that a Python file concerns."""
    if path.parent == ROOT / "tests":
        return {path}
    stem, tests = path.stem.strip("_"), (ROOT / "tests").glob("test_*.py")
    own = {test for test in tests if test.stem in (f"test_{stem}", f"test_lab_{stem}")}
    name, package = module_of(path), path.with_name("__init__.py")
    names = {name}
    if path.parent.parent != ROOT and package.exists() and name in imports_of(package):
        names.add(module_of(package))
    users = {test for test in (ROOT / "tests").glob("test_*.py") if names & imports_of(test)}
    users -= {ROOT / "tests" / name for name in BESIDE}
    if own | users or path in seen:
        return own | users
    files = [file for folder in PRODUCT for file in (ROOT / folder).rglob("*.py")]
    return set().union(
        *(tests_of(file, seen | {path}) for file in files if name in imports_of(file))
    )


@cache
def documented() -> set[str]:
    """The modules whose examples tests/test_docs.py runs."""
    pages = (page.read_text(encoding="utf-8") for page in (ROOT / "library").glob("*.md"))
    return {name for text in pages for name in re.findall(r"automodule:: (\S+)", text)}


def with_its_tools(test: Path) -> str:
    """The text of a test file, and of what it imports of this folder."""
    tools = [test.with_name(f"{name}.py") for name in sorted(imports_of(test)) if "." not in name]
    return "\n".join(file.read_text(encoding="utf-8") for file in (test, *tools) if file.exists())


def arguments(path: Path) -> list[str]:
    """What pytest is to be given for a changed file; ValueError where no test knows it."""
    tests = {str(test.relative_to(ROOT)) for test in (ROOT / "tests").glob("test_*.py")}
    chapter = re.match(r"(?:ch)?(\d\d)_", path.name)
    if chapter or path.suffix == ".ipynb":
        told = [f"tests/{name}" for name in OF_A_CHAPTER]
        return [*told, "-k", f"'{chapter[1] if chapter else path.stem} or {OF_ALL}'"]
    if path.suffix == ".py":
        found = {str(test.relative_to(ROOT)) for test in tests_of(path)}
        file = path.relative_to(ROOT).as_posix()
        found |= {f"tests/{name}" for name in FURTHER.get(file, ())}
        if found and file.startswith(PRODUCT):
            found |= {"tests/test_defaults.py", "tests/test_in_order.py"}
        for name in BESIDE:
            if module_of(path) in imports_of(ROOT / "tests" / name):
                found.add(f"tests/{name}")
        if module_of(path) in documented() and "tests/test_docs.py" not in found:
            found.add(f"'{EXAMPLES}[{module_of(path)}]'")  # for a shell
    else:
        tests.discard("tests/test_touched.py")  # it names files that it does not test
        texts = {test: with_its_tools(ROOT / test) for test in tests}
        found = {test for test, text in texts.items() if path.name in text}
        found = found or {test for test, text in texts.items() if path.stem in text}
        found |= {f"tests/test_{path.stem}.py"} & tests
        if path.suffix == ".js" and path.parent.name == "widgets":
            found |= {"tests/test_widget_controls.py", "tests/test_widgets.py"}
        if path.suffix == ".md":
            found.add("tests/test_in_order.py")
        if path.suffix == ".js" and path.parent.name == "assets":
            found |= {test for test, text in texts.items() if WORKED.search(text)}
    if not found:
        raise ValueError(f"no test is known for {path.name}; run `make quick` without FILE")
    return sorted(found)


if __name__ == "__main__":
    try:
        print(*arguments(Path(sys.argv[1]).resolve()))
    except (ValueError, OSError) as error:
        sys.exit(f"{sys.argv[1]}: {error}")
