"""N, C and D say what they count, on axes and in tables, where the data have more than one count.

A page that loads runs with two counts of N or C (`N_layers` beside N, C_6N beside the exact C), or
that uses Kaplan's laws (non-embedding N, C_min), may not show a bare "N" or "C"; one with repeated
text no bare "D". The words are counting.label and counting.column, or any that name the count.
"""

import ast
import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from scalinglib import counting, runs

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "index.ipynb", *(ROOT / "chapters").glob("[0-9]*.ipynb")])
TWO = {"N_layers", "N_head", "param_count", "C_6N", "C_6N_layers"}
SAID = {
    "N": r"\b(all|total|layers|embedding|counted|by the law|law counts|counts?|printed|features)\b",
    "C": r"6 ?N ?D|exact|C_min|counted|plotted|nominal|PF-days",
    "D": r"processed|read|different|unique|fresh|examples",
}
OTHER_N = {"05_why_power_laws"}  # there N counts features of a regression
LABELS = ("power_axis", "set", "set_xlabel", "set_ylabel", "supxlabel", "supylabel", "subplots")


@cache
def with_two_counts() -> frozenset[str]:
    """Data sets whose columns have a second count of N or C."""
    about = runs.describe()
    names = [name for name in about.index if about.kind[name] == "runs"]
    return frozenset(name for name in names if TWO & set(runs.describe(name).columns.index))


def quantities(source: str) -> set[str]:
    """Which of N, C and D need a word on a page with this code."""
    loaded = set(re.findall(r"""runs\.load\(\s*["'](\w+)["']""", source))
    found = set()
    if loaded & with_two_counts() or len(re.findall(r"KAPLAN_2020|\bkaplan\.", source)) > 2:
        found |= {"N", "C"}
    if re.search(r"""["']unique["']|\bunique=|\.unique\b(?!\()""", source):
        found.add("D")
    return found


def bare(text: str, needed: set[str]) -> bool:
    """Does a label or a column name N, C or D without saying which?"""
    plain = re.sub(r"[$\\{}]", "", " ".join(text.split()))
    if re.search(r"[/^]|\d [NCD]\b|(?<!6)[NCD]_", plain.replace("C_min", "")):
        return False  # a ratio, an exponent or a formula
    named = [one for one in needed if re.search(rf"(?<![\w]){one}(?![\w])", plain)]
    return any(not re.search(SAID[one], plain) for one in named)


def axis_labels(source: str) -> list[str]:
    """The strings that a cell puts onto axes."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", "")
        words = {word.arg: word.value for word in node.keywords}
        given = [*node.args[2:], *(words.get(key) for key in ("xlabel", "ylabel"))]
        given += node.args[:1] if name.startswith(("set_", "sup")) else []
        if name in LABELS:
            found += [one.value for one in given if isinstance(one, ast.Constant)]
    return [text for text in found if isinstance(text, str)]


def columns(cell: dict) -> list[str]:
    """The header of a table that a cell shows."""
    html = "".join(
        "".join(output.get("data", {}).get("text/html", "")) for output in cell.get("outputs", [])
    )
    head = re.findall(r"<thead>.*?</thead>", html, re.S)
    return [one.strip() for part in head for one in re.findall(r"<th[^>]*>([^<]+)</th>", part)]


def violations(path: Path) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    needed = quantities("\n".join("".join(cell["source"]) for cell in code))
    needed -= {"N"} if path.stem in OTHER_N else set()
    found = []
    for cell in code:
        place = f"{path.stem}#{cell['id']}"
        for text in axis_labels("".join(cell["source"])):
            if bare(text, needed):
                found.append(f"{place}: axis {text!r}")
        for text in columns(cell):
            if re.fullmatch(r"((best|its|true) )?[NCD](, [BTM])?", text) and bare(text, needed):
                found.append(f"{place}: column {text!r}")
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_what_is_counted_is_said(page):
    assert violations(page) == []


def test_the_data_sets_with_two_counts():
    assert {"sweep", "growing", "spoilt", "ladder", "porian"} <= with_two_counts()
    assert not {"chinchilla", "batches", "sums"} & with_two_counts()


@pytest.mark.parametrize(
    "text",
    ["parameters N", "model size N, parameters", "compute C, FLOPs", "N", "C", "best N", "N, B"],
)
def test_a_planted_bare_count_is_found(text):
    assert bare(text, {"N", "C"})


def test_a_planted_axis_and_column_are_found(tmp_path):
    cells = [
        {
            "id": "load",
            "cell_type": "code",
            "source": ["sweep = runs.load('sweep')"],
            "outputs": [],
        },
        {
            "id": "fig",
            "cell_type": "code",
            "source": [
                "plots.power_axis(ax, 'x', 'parameters N')\nax.set(ylabel='compute C, FLOPs')"
            ],
            "outputs": [],
        },
        {
            "id": "table",
            "cell_type": "code",
            "source": ["table"],
            "outputs": [{"data": {"text/html": ["<thead><tr><th>N</th><th>D</th></tr></thead>"]}}],
        },
    ]
    page = tmp_path / "99_planted.ipynb"
    page.write_text(json.dumps({"cells": cells}))
    assert len(violations(page)) == 3
    cells[0]["source"] = ["runs.load('chinchilla')"]  # one count only
    page.write_text(json.dumps({"cells": cells}))
    assert violations(page) == []


def test_the_vocabulary_says_what_it_counts():
    for quantity, counts in counting.COUNTS.items():
        for count in counts:
            for text in (counting.column(quantity, count), counting.label(quantity, count)):
                assert not bare(text, {quantity}), text
    with pytest.raises(ValueError, match="nothing counts 'N' as 'bare'; there is N: total, layers"):
        counting.label("N", "bare")


def test_conversions_go_there_and_back(rng):
    N = 10 ** rng.uniform(2, 13, 200)
    np.testing.assert_allclose(counting.layer_params(counting.total_params(N)), N, rtol=1e-12)
    shape = counting.Transformer(n_layer=2, d_model=32, n_head=4, n_vocab=96, n_ctx=64)
    D = 1e6
    exact = shape.exact_from_6ND(counting.train_flops(shape.n_params, D))
    assert exact == pytest.approx(shape.flops_per_token * D)
    assert shape.as_6ND(exact) == pytest.approx(6 * shape.n_params * D)
