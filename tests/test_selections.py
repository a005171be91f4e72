"""Rows left out before a fit are told: n of N, where the fit is shown.

A page that filters runs by a number (steps, budget, size, tokens, loss) in a cell whose result is
fitted must print "n of N" in that cell, in the next three, or in the words between them. Choosing a
data set by name (corpus, arm) is no selection of that kind. `runs.keep` and `runs.selection` count.
"""

import ast
import json
import re
from pathlib import Path

import pytest

from scalinglib import fit, fit_isoflop, runs
from scalinglib.fits import LawFit

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "chapters").glob("[0-9]*.ipynb"))
NUMBERS = {
    "N",
    "D",
    "C",
    "loss",
    "steps",
    "budget",
    "tokens",
    "unique",
    "problems",
    "order",
    "width",
}
COUNTED = re.compile(r"\d[\d,]*\s+of\s+(the\s+|all\s+|its\s+)?\d[\d,]*")
FITS = re.compile(
    r"\bfit_\w+\(|\bfitting\.fit\b|\bpolyfit\(|\ballocation\(|\bforecast\(|\bsl\.fit\("
)
NEXT = 3


def compares_a_number(node: ast.AST) -> bool:
    """table.steps >= 1500, table["N"] < 1e9, table.C.between(a, b)."""

    def column(one: ast.AST) -> bool:
        if isinstance(one, ast.Attribute):
            return one.attr in NUMBERS
        return (
            isinstance(one, ast.Subscript)
            and isinstance(one.slice, ast.Constant)
            and one.slice.value in NUMBERS
        )

    if isinstance(node, ast.Compare):
        order = any(isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for op in node.ops)
        return order and any(column(one) for one in (node.left, *node.comparators))
    return isinstance(node, ast.Call) and (
        getattr(node.func, "attr", "") == "between" and column(getattr(node.func, "value", node))
    )


def selections(source: str) -> list[str]:
    """The row filters by a number in a cell, as they are written."""
    found = []
    for node in ast.walk(ast.parse(source)):
        name = getattr(getattr(node, "func", None), "attr", "")
        if isinstance(node, ast.Call) and name in ("query", "keep"):
            text = next((one.value for one in node.args if isinstance(one, ast.Constant)), "")
            if re.search(
                rf"\b({'|'.join(NUMBERS)})\b\s*[<>]|[<>]=?\s*({'|'.join(NUMBERS)})\b", text
            ):
                found.append(text)
        elif isinstance(node, ast.Call) and name == "drop_highest_loss":
            found.append("drop_highest_loss")
        elif isinstance(node, ast.Subscript):
            found += [ast.unparse(one) for one in ast.walk(node.slice) if compares_a_number(one)]
    return found


def shown(cell: dict) -> str:
    """What a reader sees of a cell: its outputs, its caption, or its words."""
    if cell["cell_type"] == "markdown":
        return "".join(cell["source"])
    outputs = [
        "".join(part)
        for one in cell["outputs"]
        for part in (one.get("text", ""), *one.get("data", {}).values())
        if isinstance(part, str | list)
    ]
    caption = cell["metadata"].get("mystnb", {}).get("figure", {}).get("caption", "")
    return "\n".join([*outputs, caption])


def violations(path: Path) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    found = []
    for at, cell in enumerate(cells):
        tags = cell["metadata"].get("tags", [])
        if cell["cell_type"] != "code" or {"exercise", "check", "parameters"} & set(tags):
            continue
        selected = selections("".join(cell["source"]))
        after, code = [cell], 0
        for one in cells[at + 1 :]:
            code += one["cell_type"] == "code"
            if code > NEXT:
                break
            after.append(one)
        names = {
            one.id
            for node in ast.walk(ast.parse("".join(cell["source"])))
            if isinstance(node, ast.Assign) and selections(ast.unparse(node))
            for target in node.targets
            for one in ast.walk(target)
            if isinstance(one, ast.Name)
        }
        used = re.compile("|".join(rf"\b{name}\b" for name in names) or r"(?!)")
        later = ["".join(one["source"]) for one in after[1:] if one["cell_type"] == "code"]
        fitted = FITS.search("".join(cell["source"])) or any(
            FITS.search(text) and used.search(text) for text in later
        )
        if selected and fitted and not any(COUNTED.search(shown(one)) for one in after):
            found.append(f"{path.stem}#{cell['id']}: {'; '.join(dict.fromkeys(selected))}")
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_selection_before_a_fit_is_counted(page):
    assert violations(page) == []


def planted(source, output):
    return {
        "cells": [
            {
                "id": "one",
                "cell_type": "code",
                "metadata": {},
                "source": [source],
                "outputs": [{"text": [output]}],
            }
        ]
    }


@pytest.mark.parametrize(
    "source",
    [
        "t = sweep.query('steps >= 1500')\nfitting.fit_parametric(t.N, t.D, t.loss)",
        "t = sweep[sweep.steps >= 1500]\nfitting.fit_parametric(t.N, t.D, t.loss)",
        "t = sweep[(sweep.arm == 'main') & sweep.budget.between(1e10, 1e11)]\nallocation(t)",
        "t = runs.drop_highest_loss(chinchilla, 5)\nfit_isoflop(t.C, t.N, t.loss)",
    ],
)
def test_a_planted_selection_is_found(tmp_path, source):
    page = tmp_path / "99_planted.ipynb"
    page.write_text(json.dumps(planted(source, "a = 0.43")))
    assert len(violations(page)) == 1
    page.write_text(json.dumps(planted(source, "a = 0.43, from 118 of 136 runs")))
    assert violations(page) == []


def test_choosing_a_data_set_by_name_is_none(tmp_path):
    page = tmp_path / "99_planted.ipynb"
    source = "t = sweep.query(\"corpus == 'python' and arm == 'main'\")\nallocation(t)"
    page.write_text(json.dumps(planted(source, "a = 0.43")))
    assert violations(page) == []


# ---- the library counts --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def main():
    return runs.load("sweep").query("corpus == 'python' and arm == 'main'")


def test_a_fit_knows_what_was_left_out(main):
    long = runs.keep(main, "steps >= 1500", "planned")
    told = "59 of 68 rows, steps >= 1500 (planned)"
    found = fit("chinchilla", long)
    assert found.report.runs == 59 and found.report.selected == (told,)
    assert f"selected: {told}" in found.summary()
    assert LawFit.from_json(found.to_json()).report.selected == (told,)
    by_columns = fit_isoflop(main.budget, main.N, main.loss, D=main.D)
    assert by_columns.selected == () and "selected" not in by_columns.summary()
    shorter = runs.keep(main, "budget <= 1e12")
    assert fit_isoflop(shorter.budget, shorter.N, shorter.loss, D=shorter.D).selected


def test_selections_add_up(main):
    twice = runs.keep(runs.drop_highest_loss(main, 5), "width > 8")
    assert len(twice.attrs["selected"]) == 2 and twice.loss.attrs == twice.attrs
    assert runs.selection(twice).startswith("63 of 68 rows, without the 5 of highest loss; ")
    assert runs.selection(main) == "all 68 rows"
    assert runs.keep(main, "width > 0").attrs.get("selected") is None
    with pytest.raises(ValueError, match="none of 68 rows has width > 1000"):
        runs.keep(main, "width > 1000")
