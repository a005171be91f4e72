"""The reference of the library: every example runs, every public name is there, docstrings read."""

from __future__ import annotations

import doctest
import importlib
import inspect
import re
import shlex
import sys
import warnings
from functools import cache
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest

pytestmark = pytest.mark.usefixtures("searched_once")

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "_ext"))
import api  # noqa: E402

from scalinglib import cli  # noqa: E402
from scalinglib.forms import find_form  # noqa: E402

PAGES = sorted((ROOT / "library").glob("*.md"))
MEMBERS = re.compile(r"^\.\. automodule:: (\S+)\n   :members: (.+)$", re.M)
DOCUMENTED = {
    module: names.split(", ")
    for page in PAGES
    for module, names in MEMBERS.findall(page.read_text(encoding="utf-8"))
}
OBJECTS = {
    f"{module}.{name}": getattr(importlib.import_module(module), name)
    for module, names in DOCUMENTED.items()
    for name in names
}
#: public by their names, but nothing that a user calls
PARTS = {
    "scalinglib.fits": {"digest", "interval_in_words", "read_fit", "write_fit"},
    "scalinglib.forms": {
        "Bound", "Form", "Term", "PowerForm", "Numeric", "Sloped", "OwnForm", "by_name",
        "find_form",
        "parse_form",
    },
    "scalinglib.laws": {"LossLaw", "PlanningLaw"},  # for annotations
    "scalinglib.pictures": {"draw", "shade"},
    "scalinglib.lab.lever_plan": {"levers_of", "run_of", "for_the_picture"},
    "scalinglib.lab.which_lever": {"ends", "times_in_words", "slope_in_words"},
    "scalinglib.planning": {"RepeatsLaw", "AnyFit", "refuse"},
    # strategies for the laboratory of chapter 13, which explains them
    "scalinglib.forecast": {
        "Decision", "FinishedRun", "Laboratory", "buy", "fitted", "best_row", "by_pool", "ladder",
        "one_isoflop", "kaplan_rule", "twenty_tokens", "at_random", "rehearsals",
    },
}  # fmt: skip


def examples_of(found) -> list[doctest.Example]:
    return doctest.DocTestParser().get_examples(inspect.getdoc(found) or "")


# ---- the library ---------------------------------------------------------------------------------


@pytest.mark.parametrize("module", DOCUMENTED)
def test_every_example_says_what_it_does(module, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    home = importlib.import_module(module)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    said, known = [], {"np": np}
    if slow := getattr(home, "all_gains", None):  # examples of five functions begin with it
        known["all_gains"] = cache(slow)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # an example with a doubt would mislead
        for test in doctest.DocTestFinder().find(home, extraglobs=known):
            runner.run(test, out=said.append)
    plt.close("all")
    assert runner.summarize(verbose=False).failed == 0, "".join(said)


@pytest.mark.parametrize("name", OBJECTS)
def test_every_public_name_has_words_and_an_example(name):
    found = OBJECTS[name]
    assert len((inspect.getdoc(found) or "").split()) > 4
    if isinstance(found, type) and issubclass(found, Exception):
        return
    told = examples_of(found)
    assert told and not any(doctest.SKIP in one.options for one in told)


@pytest.mark.parametrize("module", DOCUMENTED)
def test_every_public_name_is_on_a_page(module):
    home = importlib.import_module(module)
    public = {
        name
        for name, found in vars(home).items()
        if not name.startswith("_")
        and (inspect.isfunction(found) or inspect.isclass(found))
        and found.__module__ == module
    }
    assert public - {*DOCUMENTED[module]} == PARTS.get(module, set())


def test_every_name_of_the_package_is_on_a_page():
    import scalinglib

    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    for name in scalinglib.__all__:
        found = getattr(scalinglib, name)
        if callable(found) and not inspect.isclass(found):
            assert re.search(rf"\b{name}\b", text), name
        elif inspect.ismodule(found):
            assert found.__name__ in DOCUMENTED, name


# ---- how a docstring is read ---------------------------------------------------------------------

NAMES = frozenset({"N", "loss", "tied", "fixed"})


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("Ten `batch`es.", "Ten :py:obj:`batch`\\ es."),
        ("N, loss: counts; nats. fixed: x.", "**N, loss**\n    counts; nats.\n\n**fixed**\n    x."),
        ("Do. N: a count. Raises E_, |x|.", "Do.\n\n**N**\n    a count.\n\nRaises E\\_, \\|x\\|."),
        ("tied {a: b}, fixed {a: 1}: by name.", "**tied {a: b}, fixed {a: 1}**\n    by name."),
        ("It returns: no argument.", "It returns: no argument."),
        ('A `fit`, `law.loss(N)` or "huber".', 'A :py:obj:`fit`, ``law.loss(N)`` or ``"huber"``.'),
        ('of `load("sweep")`.', 'of ``load("sweep")``.'),
        ("see `fitting.fit`", "see :py:obj:`fitting.fit <scalinglib.fitting.fit>`"),
        ("a_b * c", "a\\_b \\* c"),
        ("Do.\n\n>>> 1 * 2\n2", "Do.\n\n>>> 1 * 2\n2"),
        ("* one\n  more\n* two", "* one more\n* two"),
        (
            "Parameters\n----------\nN, D : int\n    Counts.\nx\n    Other.",
            "**N, D**\n    int. Counts.\n\n**x**\n    Other.",
        ),
    ],
)  # fmt: skip
def test_prose_becomes_what_sphinx_reads(text, wanted):
    assert api.as_rst(text, NAMES).strip() == wanted


def test_tables_have_every_entry():
    from scalinglib import forms, published, runs

    assert all(f"| `{key}` |" in api.forms_table() for key in forms.FORMS)
    assert all(f"| `{key}` |" in api.published_table() for key in published.laws().index)
    assert all(f"| `{name}` |" in api.data_table() for name in runs.describe().index)


def test_the_command_line_is_told_whole():
    told = api.commands()
    for name in ("fit", "plan", "compare", "published"):
        assert f"## scalinglib {name}\n" in told
    assert "| `--bootstrap BOOTSTRAP` | refits (400) |" in told  # the default of compare
    assert "| `--plan C ...` |" in told and "| `RUNS` |" in told
    assert "%(default)s" not in told
    options = re.findall(r'"(--[a-z-]+)"', inspect.getsource(cli))
    assert options and all(f"| `{option}" in told for option in options)


def test_every_table_stands_on_a_page():
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert {*re.findall(r"^<!-- (.+) -->$", text, re.M)} == {*api.TABLES}


@pytest.mark.site
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_site_has_every_name(page):
    html = (ROOT / "_build" / "html" / "library" / f"{page.stem}.html").read_text(encoding="utf-8")
    for module, names in MEMBERS.findall(page.read_text(encoding="utf-8")):
        for name in names.split(", "):
            assert f'id="{module}.{name}"' in html


# ---- the how-tos ---------------------------------------------------------------------------------

HOWTOS = [path for path in sorted((ROOT / "howto").glob("*.ipynb")) if path.stem != "refits"]


def commands_on(path: Path) -> list[list[str]]:
    """The words of every command of the shell in a page's listings."""
    cells = nbformat.read(path, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    listings = "\n".join(re.findall(r"^```text\n(.+?)^```", text, re.M | re.S))
    return [shlex.split(line) for line in listings.replace("\\\n", " ").splitlines()]


@pytest.mark.parametrize("path", HOWTOS, ids=lambda path: path.stem)
def test_a_how_to_is_short_and_leads_on(path):
    cells = nbformat.read(path, as_version=4).cells
    assert sum(cell.cell_type == "code" for cell in cells) <= 12
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert "](../chapters/" in text and "{py:obj}`" in text
    chapters = "".join(
        page.read_text(encoding="utf-8") for page in (ROOT / "chapters").glob("*.ipynb")
    )
    assert f"](../howto/{path.name})" in chapters


@pytest.mark.parametrize("path", HOWTOS, ids=lambda path: path.stem)
def test_the_command_understands_what_a_how_to_says(path):
    told = commands_on(path)
    assert told
    for program, *words in told:
        asked = cli._parser().parse_args(words)
        assert program == "scalinglib"
        for form in getattr(asked, "forms", None) or [getattr(asked, "form", "chinchilla")]:
            find_form(form)
