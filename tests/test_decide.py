"""Whom a person means who writes a decision by hand."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from exercises.decide import DecisionError, student_of


def book(*ids, rows=(), folder="nowhere"):
    found = SimpleNamespace(
        names=dict.fromkeys(ids, ""), rows=[SimpleNamespace(student=id) for id in rows]
    )
    return SimpleNamespace(computed=lambda: found, folder=Path(folder))


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


def test_an_id_that_the_campus_gives_to_another_now_is_not_guessed(tmp_path):
    (tmp_path / "roster.csv").write_text(
        "id,name,canvas id,campus id\n4,Wei,70,5\n5,Wei,80,4\n6,Ada,90,99\n"
    )
    here = book("4", "5", "6", folder=tmp_path)
    with pytest.raises(
        DecisionError, match="'4' is the id of 4 here, and the campus gives it to 5"
    ):
        student_of(here, "4")
    assert [student_of(here, word) for word in ("70", "80", "6", "99")] == ["4", "5", "6", "6"]
