"""Whom a person means who writes a decision by hand."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from exercises.decide import DecisionError, student_of


def book(*ids, rows=()):
    found = SimpleNamespace(
        names=dict.fromkeys(ids, ""), rows=[SimpleNamespace(student=id) for id in rows]
    )
    return SimpleNamespace(computed=lambda: found, folder=Path("nowhere"))


@pytest.mark.parametrize(
    "ids, text, meant",
    [
        (("Ada", "bob"), "Ada", "Ada"),
        (("Ada", "bob"), " ADA ", "Ada"),
        (("Ada", "bob"), "BOB", "bob"),
        (("007", "bob"), "7", "007"),  # a spreadsheet took its zeros
        (("0A7", "bob"), "a7", "0A7"),
        # as it stands, in any case, goes before what only looks like it
        (("7", "007"), "7", "7"),
        (("7", "007"), "007", "007"),
        (("A7", "0A7"), "a7", "A7"),
        (("A7", "0A7"), "0a7", "0A7"),
    ],
)
def test_an_id_is_known_in_any_case_and_without_its_zeros(ids, text, meant):
    assert student_of(book(*ids), text) == meant


def test_who_handed_in_without_a_roster_is_known_and_who_is_nobody_is_not():
    seen = book(rows=("cyd", "?stray.ipynb"))
    assert student_of(seen, "CYD") == "cyd"
    with pytest.raises(DecisionError, match="no student"):
        student_of(seen, "?stray.ipynb")


def test_of_several_the_whole_id_is_asked_for():
    with pytest.raises(DecisionError, match="any of 007, 07: write the whole id"):
        student_of(book("007", "07", "8"), "7")
