"""The class report's numbers by hand; whole reports are in test_export.py."""

import re
from types import SimpleNamespace

import matplotlib
import numpy as np
import pandas as pd
import pytest

matplotlib.use("agg")

from exercises import report as module
from exercises.report import Alike, discrimination, identical, items, report, shares
from exercises.report import programs as digests


def grades(rows):
    """Of {(student, exercise): (points, status, message)}, each of 4 points."""
    return pd.DataFrame(
        [
            dict(
                student=student,
                chapter=exercise[:2],
                exercise=exercise,
                points=points,
                possible=4.0,
                status=status,
                message=message,
                program="",
            )
            for (student, exercise), (points, status, message) in rows.items()
        ]
    )


CLASS = grades(
    {
        ("a", "02-x"): (4, "right", ""),
        ("b", "02-x"): (2, "not yet", "half"),
        ("c", "02-x"): (0, "not attempted", "open"),
        ("d", "02-x"): (0, "not yet", "wrong"),
        ("e", "02-x"): (1, "not yet", "wrong"),
        ("a", "02-y"): (0, "not attempted", "open"),
        ("b", "02-y"): (1, "not yet", "b said"),
        ("c", "02-y"): (1, "not yet", "a said"),
    }
)


def test_shares_of_points():
    found = shares(CLASS)
    assert found["02-x"].tolist() == [1, 0.5, 0, 0, 0.25]
    assert found["02-y"].tolist()[:3] == [0, 0.25, 0.25] and found["02-y"].isna().sum() == 2


def test_items_of_full_some_and_no_points():
    table = items(CLASS)
    assert list(table.index) == ["02-y", "02-x"]
    assert table.loc["02-x", ["full", "some", "none"]].tolist() == [1, 2, 2]
    assert table.loc["02-y", ["full", "some", "none"]].tolist() == [0, 2, 1]
    assert table["said"].to_dict() == {"02-x": "wrong", "02-y": "a said"}, "ties by alphabet"
    assert table["mean"].tolist() == pytest.approx([0.5 / 3, 1.75 / 5])
    assert items(CLASS[CLASS.status == "right"])["said"].tolist() == [""]


@pytest.mark.parametrize(
    "q, known",
    [
        ([1, 0, 1], True),
        ([1, 1, 1], False),
        ([1, 0, np.nan], False),
    ],
)
def test_discrimination_needs_three_students_and_spread(q, known):
    found = discrimination(pd.DataFrame({"q": q, "rest": [1.0, 0.0, 0.5]}))
    assert np.isfinite(found.q) == known
    same = discrimination(pd.DataFrame({"q": [1.0, 0.0, 0.5], "rest": [1.0, 1.0, 1.0]}))
    assert np.isnan(same.q)


LONG = "a = [n * n + 1 for n in range(10) if n % 2 and n > 3]\nb = a[0] + a[1] * 2 - 3"


def test_who_is_alike():
    def task(solution, stub="a = ..."):
        return SimpleNamespace(solution=solution, stub=stub)

    tasks = {"02-x": task(LONG), "02-y": task("a = 1"), "02-z": task(LONG.replace("+", "-"))}
    published = digests([("e", LONG)])["e"]
    stub = digests([("e", "a = ...")])["e"]
    rows = [
        *((student, "02-x", "right", published) for student in "ca"),
        *((student, "02-x", "right", "own") for student in "edb"),
        ("f", "02-x", "not attempted", "own"),
        *((student, "02-x", "not yet", stub) for student in "gh"),
        *((student, "02-x", "not yet", "") for student in "ij"),
        ("k", "02-x", "not yet", "alone"),
        *((student, "02-y", "right", "short") for student in "ab"),
        *((student, "02-z", "not yet", "pair") for student in "ba"),
        *((student, "03-unknown", "right", "pair") for student in "ab"),
    ]
    names = ["student", "exercise", "status", "program"]
    assert identical(pd.DataFrame(rows, columns=names), tasks) == [
        Alike("02-z", ("a", "b"), False),
        Alike("02-x", ("b", "d", "e"), False),
        Alike("02-x", ("a", "c"), True),
    ]


def test_a_program_is_long_enough_from_forty_nodes_on(monkeypatch):
    rows = pd.DataFrame(
        [("a", "02-x", "right", "p"), ("b", "02-x", "right", "p")],
        columns=["student", "exercise", "status", "program"],
    )
    tasks = {"02-x": SimpleNamespace(solution=LONG, stub="a = ...")}
    size = sum(1 for _ in module.ast.walk(module.ast.parse(LONG)))
    for short, found in ((size, 1), (size + 1, 0)):
        monkeypatch.setattr(module, "SHORT", short)
        assert len(identical(rows, tasks)) == found
    assert size > 40


def test_times_and_their_absence():
    assert module._time(pd.Series([0.0, np.nan])) == "<p>No times are recorded.</p>"
    told = module._time(pd.Series([0.0, 1.0, 2.0, 9.0, np.nan]))
    assert 'alt="Time of 3 submissions: median 2 s, longest 9 s"' in told
    none = pd.DataFrame({"discrimination": [np.nan]})
    assert "No exercise has enough spread" in module._separation(none)


def test_cells_of_numbers_and_long_texts():
    told = module._table(["a", "<b>"], [[1, "x" * 41], ["&", "x" * 40]], {0})
    assert '<th class="number">a</th><th>&lt;b&gt;</th>' in told
    assert '<td class="number">1</td><td class="wide">' in told
    assert '<td class="number">&amp;</td><td>' in told


def submissions(rows):
    columns = ["student", "chapter", "name", "points", "possible", "reason", "seconds"]
    return pd.DataFrame(rows, columns=columns)


def test_who_and_what_counts_in_a_report(monkeypatch):
    monkeypatch.setattr(module, "title_of", lambda id: f"Exercise {id}")
    more = grades(
        {
            ("f", "02-x"): (0, "not attempted", "open"),
            ("a", "02-t"): (0, "to be read", ""),
            ("b", "02-t"): (0, "to be read", ""),
        }
    )
    sent = [
        (s, "02", f"Name {s}", p, 8.0, "", 1.0)
        for s, p in zip("abcdef", (4, 3, 1, 0, 1, 0), strict=True)
    ]
    sent.append(("?x", "?", "", 0.0, 0.0, "a <reason>", 0.0))
    rows = pd.concat([CLASS, more])
    told = report(rows, submissions(sent), {}, note="a <note>")
    text = re.sub(r"<img[^>]*>", "", told)
    assert "5 students with at least one answer; 2 exercises; mean 22 %, median 12 %" in text
    assert "2 texts wait to be read" in text and "Exercise 02-t" not in text
    assert "<p>a &lt;note&gt;</p>" in text and "a &lt;reason&gt;" in text
    assert '<td>f</td><td>Name f</td><td class="number">0</td><td class="number">8</td>' in text
    assert '<td class="number">50 %</td>' in text and "<td>?x</td><td>?</td>" in text
    one = report(pd.concat([CLASS, more.iloc[:2]]), submissions(sent[:6]), {})
    assert "1 text waits to be read" in one and "All were graded without a remark." in one
    assert "<p></p>" not in one
