"""What is committed in a notebook: clean, in order, and with the widgets of today's library."""

from __future__ import annotations

import ast
import copy
import importlib
import re
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "_ext"))
import folds  # noqa: E402
from notebooks import STATE, VIEW, code_of, execute, normalise, write  # noqa: E402

PATHS = sorted([*ROOT.glob("*.ipynb"), *ROOT.glob("chapters/*.ipynb"), *ROOT.glob("howto/*.ipynb")])
LONGEST_CELL, LONGEST_FOLDED = 25, 50  # lines, of a cell whose code is open and of others
FOLDED = ("this figure", "this picture")  # by the build
LONGEST_LINE = 79  # columns of code that a page shows in a window 1280 px wide


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_is_as_make_notebooks_writes_it(notebook):
    assert normalise(copy.deepcopy(notebook)) == notebook
    nbformat.validate(notebook)


def test_was_executed_in_order(notebook):
    counts = [cell.execution_count for cell in code_cells(notebook) if cell.source.strip()]
    assert counts == list(range(1, len(counts) + 1))
    assert not [
        cell.id
        for cell in code_cells(notebook)
        if any(out.output_type == "error" for out in cell.outputs)
    ]


def test_outputs_are_of_todays_code(notebook):
    """Outputs that are older than the code, without running it; nbval compares what they are."""
    assert notebook.metadata.get("ran") == code_of(notebook), "run make notebooks NB=this notebook"


def test_code_that_was_changed_after_its_run_would_be_seen():
    def named(source):
        return code_of(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)]))

    assert named("f(2**19, 1)") == named("f(\n    2**19,\n    1,\n)\n")
    assert named("f(2**19, 1)") != named("f(2**18, 1)")


def test_no_path_of_this_machine(notebook):
    assert str(ROOT) not in nbformat.writes(notebook) and str(
        Path.home()
    ) + "/" not in nbformat.writes(notebook)


def test_cells_are_short(notebook):
    for cell in code_cells(notebook):
        folded = "hide-input" in cell.metadata.get("tags", []) or folds.shown(cell) in FOLDED
        most = LONGEST_FOLDED if folded else LONGEST_CELL
        assert len(cell.source.splitlines()) <= most, cell.id


def test_code_lines_fit_the_page(notebook):
    assert not [
        f"{cell.id}: {line}"
        for cell in code_cells(notebook)
        for line in cell.source.splitlines()
        if len(line) > LONGEST_LINE
    ]


def test_no_semicolon_hides_an_output(notebook):
    """Nothing is hidden where cells run without a history, as nbval does: end with plt.show()."""
    assert not [cell.id for cell in code_cells(notebook) if cell.source.rstrip().endswith(";")]


def test_figures_say_what_they_show(notebook):
    for cell in code_cells(notebook):
        if any("image/png" in out.get("data", {}) for out in cell.outputs):
            said = cell.metadata.get("mystnb", {})
            assert said.get("image", {}).get("alt") and said.get("figure", {}).get("caption"), (
                cell.id
            )


#: an axis that is named loss or compute, with a unit that is not of it
NOT_OF_IT = re.compile(
    r"(?<!at equal )\bloss, (?!nats\b|bits\b|or variance|as a share)"
    r"|\bcompute, (?!FLOPs\b|exact FLOPs\b|PF-days\b|%)"
)


NAMING = ("set_xlabel", "set_ylabel", "power_axis")


def labels(source: str) -> list[str]:
    """The texts of a cell's axes, where the code has them as they are."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.keyword) and node.arg in ("xlabel", "ylabel"):
            found.append(node.value)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in NAMING:
            found += node.args
    texts = [node.value for node in found if isinstance(node, ast.Constant)]
    return [text for text in texts if isinstance(text, str)]


def test_an_axis_has_a_unit_of_what_it_names(notebook):
    for cell in code_cells(notebook):
        if "figure" in cell.metadata.get("mystnb", {}):
            assert not [text for text in labels(cell.source) if NOT_OF_IT.search(text)], cell.id


def test_a_unit_of_something_else_would_be_seen():
    cell = 'ax.set(ylabel="{}, %")\nplots.power_axis(ax, "x", "{}, FLOPs")'
    right, wrong = cell.format("extra compute", "compute"), cell.format("extra loss", "loss")
    assert [text for text in labels(right) if NOT_OF_IT.search(text)] == []
    seen = {text for text in labels(wrong) if NOT_OF_IT.search(text)}
    assert seen == {"extra loss, %", "loss, FLOPs"}


def test_promised_figures_are_there(notebook):
    """A caption needs a picture: pyplot shows nothing unless imported, with plt.show() called."""
    promised = [
        cell for cell in code_cells(notebook) if "figure" in cell.metadata.get("mystnb", {})
    ]
    assert not [
        cell.id
        for cell in promised
        if not any("image/png" in out.get("data", {}) for out in cell.outputs)
    ]


def test_widgets_are_those_of_the_library(notebook):
    """nbval does not compare a widget's state: an old script would stay on the page unseen."""
    states = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    for state in states.values():
        if state["model_module"] == "anywidget":
            module, _, name = state["state"]["_anywidget_id"].rpartition(".")
            widget = getattr(importlib.import_module(module), name)
            assert state["state"]["_esm"] == str(widget._esm), f"{name}: run make notebooks"
            assert state["state"].get("_css", "") == str(widget._css), f"{name}: run make notebooks"


# ---- the writer itself ---------------------------------------------------------------------------


def small(source: str) -> nbformat.NotebookNode:
    cell = nbformat.v4.new_code_cell(source)
    cell["id"] = "only"
    return nbformat.v4.new_notebook(cells=[cell])


@pytest.mark.whole
def test_writing_twice_writes_the_same(tmp_path):
    path = tmp_path / "a.ipynb"
    write(small("import ipywidgets\nprint(1)\nipywidgets.VBox([ipywidgets.IntSlider()])"), path)
    write(execute(path), path)
    first = path.read_bytes()
    write(execute(path), path)
    assert path.read_bytes() == first
    done = nbformat.read(path, as_version=4)
    assert done.cells[0].outputs[1].data[VIEW]["model_id"] in done.metadata.widgets[STATE]["state"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_cell_that_raises_is_not_written(tmp_path):
    from notebooks import main

    path = tmp_path / "a.ipynb"
    write(small("1 / 0"), path)
    before = path.read_bytes()
    assert main([str(path)]) == 1
    assert path.read_bytes() == before
