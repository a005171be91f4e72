"""The claims page: every row of the three articles has a verdict, and every verdict has numbers."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "chapters" / "claims.ipynb"
ROWS = {"A": 13, "B": 8, "C": 13}

#: for each claim numbers under which its verdict must be another one
FLIPS = {
    "A1": {"high": 3.6},
    "A2": {"largest": 0.3},
    "A3": {"largest": 0.2},
    "A4": {"python_ahead": 5.0},
    "A5": {"inside": 11},
    "A6": {"by_hand": 3.0},
    "A7": {"ratio": 0.5},
    "A8": {"claimed": 1.0},
    "A9": {"claimed": 2.0},
    "A10": {"ratio": 1.0},
    "A11": {"data": 1.5},
    "A13": {"constant": 0.45, "warmup": 0.45},
    "B1": {"lexicon": 0.1},
    "B2": {"narrow_last": 0.11},
    "B3": {"constants": 4},
    "B4": {"later": 0.7},
    "B5": {"least": 5.0},
    "B6": {"own_low": 0.49, "own_high": 0.5},
    "B7": {"forecast": 0.5},
    "C1": {"D": 0.6},
    "C2": {"wrong": 1.0},
    "C3": {"days": 0.1},
    "C4": {"loses": -0.01},
    "C5": {"least": -0.01},
    "C6": {"printed": 20, "high": 25},
    "C7": {"noisy": 0.0},
    "C8": {"late": 0.0},
    "C9": {"rises": 1},
    "C10": {"share": 1.0},
    "C11": {"tokens": 0.5},
    "C13": {"times": 1.0},
}


@pytest.fixture(scope="module")
def claims():
    """CLAIMS of the page, from the code of its cells."""
    names = {}
    for cell in json.loads(PAGE.read_text())["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    return names["CLAIMS"]


def test_no_row_is_missing(claims):
    assert list(claims) == [
        f"{article}{n}" for article, rows in ROWS.items() for n in range(1, rows + 1)
    ]


def test_a_judgement_shows_numbers(claims):
    undecided = {id for id in claims if id not in FLIPS}
    assert undecided == {"A12", "B8", "C12"}
    for id in undecided:
        assert claims[id].verdict() == "judgement" and len(claims[id].rests_on) >= 2


@pytest.mark.parametrize("id", FLIPS)
def test_other_numbers_give_another_verdict(claims, id):
    claim = claims[id]
    assert set(FLIPS[id]) <= set(claim.rests_on)
    assert claim.verdict() in ("holds", "holds with a condition", "does not hold")
    assert claim.verdict(**FLIPS[id]) != claim.verdict()


def test_the_evidence_is_in_the_chapters(claims):
    for claim in claims.values():
        chapter, cell = claim.where.split("#")
        cells = json.loads((ROOT / "chapters" / f"{chapter}.ipynb").read_text())["cells"]
        assert cell in {one["id"] for one in cells}, claim.where
