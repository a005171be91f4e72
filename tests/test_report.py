"""The class report's numbers by hand; whole reports are in test_export.py."""

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from axe_playwright_python.base import AXE_SCRIPT

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
                rule="",
                program="",
                answer="",
                typed=False,
                tries=int(status == "not yet"),
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
    assert table["open"].to_dict() == {"02-y": 1, "02-x": 1}
    assert table["mean"].tolist() == pytest.approx([0.5 / 3, 1.75 / 5])


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


# ---- mistakes, searches, equal answers -----------------------------------------------------------


def told(*rows, **more):
    """Rows (student, exercise, status, rule, message) of the gradebook, and what else they have."""
    names = ["student", "exercise", "status", "rule", "message"]
    found = pd.DataFrame(rows, columns=names).assign(answer="", typed=False, tries=1, program="")
    found = found.assign(chapter=found.exercise.str[:2], possible=4.0)
    return found.assign(points=4.0 * (found.status == "right"), **more)


def test_a_mistake_is_one_however_it_is_worded_for_each():
    rows = told(
        ("a", "02-x", "not yet", "mistake 1", "upside down: 3"),
        ("b", "02-x", "not yet", "mistake 1", "upside down: 4"),
        ("c", "02-x", "not yet", "mistake 1", "upside down: 4"),
        ("d", "02-x", "not yet", "mistake 2", "upside down: 4"),
        ("e", "02-y", "not yet", "", "9 of 40 hold"),
        ("f", "02-y", "not yet", "", "12 of 40 hold"),
        ("g", "02-y", "not yet", "form", "the cell raised Secret: 1.234"),
        ("h", "02-y", "right", "mistake 1", ""),
        ("i", "02-y", "not attempted", "", "nothing"),
    )
    found = [tuple(row) for row in module.mistakes(rows).to_numpy().tolist()]
    assert found[:2] == [("02-x", 3, "upside down: 4"), ("02-y", 2, "12 of 40 hold")]
    assert found[2] == ("02-x", 1, "upside down: 4") and len(found) == 4
    assert "1.234" not in found[3][2] and "Secret" not in found[3][2]
    assert module.mistakes(rows[rows.status == "right"]).empty


def test_who_is_stuck(monkeypatch):
    monkeypatch.setattr(module, "title_of", lambda id: f"Exercise {id}")
    rows = told(
        ("a", "02-x", "not yet", "", ""),
        ("a", "02-y", "not attempted", "", ""),
        ("b", "02-x", "not yet", "", ""),
        ("b", "02-y", "right", "", ""),
        ("c", "02-x", "not attempted", "", ""),
        ("d", "02-x", "to be read", "", ""),
        ("e", "02-x", "right", "", ""),
        tries=[2, 0, 3, 1, 0, 0, 3],
    )
    missing = pd.DataFrame({"student": ["a", "f"], "chapter": "03", "status": ["missing", "late"]})
    assert module.stuck(rows, missing) == {
        "a": ["chapter 3: nothing handed in", "chapter 2: 1 of 2 tried, none right"],
        "b": ["Exercise 02-x: handed in 3 times"],
    }


NUMBER, CHOICE = object(), object.__new__(module.Choice)
TASKS = {
    "02-n": SimpleNamespace(exercise=NUMBER, parameters={"a": 1}),
    "02-c": SimpleNamespace(exercise=CHOICE, parameters={"a": 1}),
    "02-f": SimpleNamespace(exercise=object.__new__(module.Function), parameters={}),
    "02-t": SimpleNamespace(exercise=object.__new__(module.Text), parameters={}),
}


def test_points_that_a_search_can_find(monkeypatch):
    monkeypatch.setattr(module, "title_of", lambda id: f"Exercise {id}")
    possible = {"02-n": 2, "02-c": 1, "02-f": 4, "02-t": 0.5}
    text = module._rests(TASKS, possible, possible)
    assert "3 of the 7.5 points here are for numbers and choices" in text
    assert "(4.5 points)" in text and text.endswith("Exercise 02-f; Exercise 02-t.</p>")
    none = module._rests(TASKS, ["02-n", "02-c"], possible)
    assert "3 of the 3 points" in none and "No exercise is safe" in none
    rows = told(
        ("a", "02-n", "right", "", ""),
        ("a", "02-c", "right", "", ""),
        ("a", "02-f", "right", "", ""),
        ("b", "02-n", "not yet", "", ""),
        ("c", "02-n", "right", "", ""),
        ("d", "02-gone", "right", "", ""),
        typed=[True, True, True, True, False, True],
    )
    assert module.typed(rows, TASKS) == {"a": ["02-n"]}


@pytest.mark.parametrize(
    "answer, others, verdicts, found",
    [
        ("0.0123456", "0.0123456", ("right", "not yet"), True),
        ("0.0123456", "0.012345612", ("right", "not yet"), True),  # typed, and worked out
        ("0.0123456", "0.0123457", ("right", "not yet"), False),
        ("0.012345", "0.012345", ("right", "not yet"), False),  # five digits meet by chance
        ("3 1.23456e+20", "3 1.23456e+20", ("right", "not yet"), True),
        ("1234560000", "1234560000", ("right", "right"), False),  # asked the same
        ("", "", ("right", "not yet"), False),
    ],
)
def test_somebody_elses_number(answer, others, verdicts, found):
    rows = told(
        ("b", "02-n", verdicts[0], "", ""),
        ("a", "02-n", verdicts[1], "", ""),
        ("c", "02-f", verdicts[0], "", ""),
        ("d", "02-f", verdicts[1], "", ""),
        answer=[answer, others, answer, others],
    )
    expected = [("02-n", ("a", "b"))] if found else []  # chapter's functions are nobody's own
    assert module.equal_answers(rows, TASKS) == expected


# ---- the page ------------------------------------------------------------------------------------


def test_cells_of_numbers_and_long_texts():
    told = module._table(["a", "<b>"], [[1, "x" * 41], ["&", "x" * 40]], {0}, "what")
    assert '<th scope="col" class="number">a</th><th scope="col">&lt;b&gt;</th>' in told
    assert '<td class="number">1</td><td class="wide">' in told
    assert '<td class="number">&amp;</td><td>' in told
    assert 'tabindex="0" role="region" aria-label="what"' in told


def test_points_by_tenths():
    text = module._spread(pd.Series([0.0, 0.099, 0.1, 0.3, 0.7, 1.0]))
    counts = re.findall(r'<td class="number">(\d+)</td>', text)
    assert counts == list("2101000101") and "width:50.00%" in text


def test_groups_of_students_stand_once(monkeypatch):
    monkeypatch.setattr(module, "title_of", lambda id: f"Exercise {id}")
    groups = [Alike("02-x", ("a", "b"), False), Alike("02-y", ("a", "b"), False)]
    groups += [Alike("02-x", ("c", "d"), True)]
    text = module._groups(groups, {"a": "Ada <", "b": ""})
    assert text.count("<li>") == 2
    assert "Ada &lt; (a), (b)</strong>: Exercise 02-x; Exercise 02-y." in text
    assert "(c), (d)</strong>: Exercise 02-x. Their program is the published solution." in text
    assert module._groups([], {}) == "<p>None.</p>"


def submissions(rows):
    columns = ["student", "chapter", "name", "points", "possible", "reason", "seconds", "status"]
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
        (s, "02", f"Name {s}", p, 8.0, "", 1.0, "graded")
        for s, p in zip("abcdef", (4, 3, 1, 0, 1, 0), strict=True)
    ]
    sent.append(("?x", "?", "", 0.0, 0.0, "a <reason>", 0.0, "unreadable"))
    rows = pd.concat([CLASS, more])
    text = report(rows, submissions(sent), {}, "a <note>", ["f, chapter 02: <late>"])
    assert "5 students with at least one answer; 2 exercises; mean 22 %, median 12 %" in text
    assert "2 texts wait to be read" in text and "Exercise 02-t" not in text
    assert "<p>a &lt;note&gt;</p>" in text and "a &lt;reason&gt;" in text
    assert "f, chapter 02: &lt;late&gt;" in text and '<a href="#decide">' in text
    assert '<td>f</td><td>Name f</td><td class="number">0</td><td class="number">8</td>' in text
    assert '<td class="number">50 %</td>' in text and "<td>?x</td><td>?</td>" in text
    one = report(pd.concat([CLASS, more.iloc[:2]]), submissions(sent[:6]), {})
    assert "1 text waits to be read" in one and "#decide" not in one
    assert "All were graded without a remark." in one
    assert "<p></p>" not in one and "took 1 s in the middle, 1 s at most" in one


@pytest.mark.site
def test_the_page_is_for_every_reader(tmp_path, monkeypatch, browser):
    """From a file: on a phone, in the dark, by keys, and what axe can see."""
    monkeypatch.setattr(module, "title_of", lambda id: f"Exercise {id}: a title of some words")
    long = "a long reason " * 30
    sent = [
        (s, "02", f"Name {s}", p, 8.0, long, 1.0, "graded")
        for s, p in zip("abcde", range(5), strict=True)
    ]
    path = tmp_path / "report.html"
    path.write_text(report(CLASS, submissions(sent), TASKS, "", [long]), encoding="utf-8")
    for width, scheme in ((390, "light"), (1280, "dark")):
        page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        asked = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == width
        page.evaluate(AXE_SCRIPT + ";0")
        assert page.evaluate("axe.run()")["violations"] == []
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**#decide")
        asks = "[...document.querySelectorAll('.scroll')].every(box => box.tabIndex === 0)"
        assert page.evaluate(asks) and set(asked) == {path.as_uri()}
