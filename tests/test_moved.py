"""What stood in chapter 12 and is in chapter 15 now is found as it was kept before.

Saved links lead there; answers in a browser, gradebooks, campus files and question banks, all kept
by an exercise's id, still match. The numbers here were made by the course before it moved.
"""

import json
import re
from xml.etree import ElementTree

import pytest
from in_node import ROOT, block, work

import answers  # isort: skip  (from _ext, which in_node puts on the path)
import moved  # isort: skip

from exercises import bank, chapter_specs, grade, parameters, spec_of
from exercises.campus import fill_canvas
from exercises.decide import DecisionError, decision
from exercises.export import export, opened, totals
from exercises.gradebook import Gradebook, Result, Row
from exercises.ledger import SEEN, Entry
from exercises.new import NewError, new
from exercises.questions import title_of
from exercises.roster import Student
from scalinglib.checks import registry
from scalinglib.checks.chapters import ch12_beyond_training, ch15_repeat_and_choose

OLD, NEW = "chapters/12_beyond_training", "chapters/15_repeat_and_choose"
EXERCISES = ("12-stop-repeating", "12-hidden-epochs", "12-which-constant")
ASKED = ("12-fixed-steps", "12-one-difference", "12-forty-readings", "12-quarter-noise")
BEFORE = ("12-cheapest-size", *EXERCISES)  # chapter 12 as it was, worth 2, 1, 3 and 3 points


# ---- one place says the chapter ------------------------------------------------------------------


def test_every_id_stands_in_one_chapter_which_it_says():
    seen: dict[tuple[str, str], str] = {}
    for number in registry.chapters():
        for kind, items in registry.chapter_items(number).items():
            for id, item in items.items():
                assert item.chapter == number and (kind, id) not in seen, id
                seen[kind, id] = number
    assert {id for (_, id), number in seen.items() if id[:2] != number} == {*EXERCISES, *ASKED}


@pytest.mark.parametrize("id", EXERCISES)
def test_a_moved_exercise_is_found_by_its_old_id(id):
    assert registry.exercise(id).chapter == "15"
    assert id in chapter_specs("15") and id not in chapter_specs("12") and spec_of(id).id == id
    assert title_of(id).startswith("Exercise 15.")
    assert registry.hint(id).id == id


def test_an_item_of_another_chapter_must_say_so(monkeypatch):
    astray = registry.exercise("09-huber")
    monkeypatch.setattr(ch15_repeat_and_choose, "EXERCISES", (astray,))
    with pytest.raises(ValueError, match=r"'09-huber' is of chapter 09; .* says chapter=.15"):
        registry.chapter_items.__wrapped__("15")


def test_no_new_exercise_gets_the_id_of_one_that_moved():
    with pytest.raises(NewError, match="is taken"):
        new("12-stop-repeating")


def test_a_copy_of_the_notebook_from_before_still_begins():
    assert ch12_beyond_training.spoilt_study is ch15_repeat_and_choose.spoilt_study
    with pytest.raises(AttributeError, match="no attribute 'spoilt_studies'"):
        _ = ch12_beyond_training.spoilt_studies


# ---- saved links ---------------------------------------------------------------------------------


@pytest.mark.site
def test_every_old_place_has_its_new_one():
    before, after = (
        set(re.findall(r'\bid="([^"]+)"', (ROOT / f"_build/html/{page}.html").read_text("utf-8")))
        for page in (OLD, NEW)
    )
    page, places = moved.MOVED[OLD]
    assert page == NEW and set(places.values()) <= after
    assert not set(places) & before, "there the place would never be seen"
    assert {*EXERCISES, *ASKED} <= set(places)


@pytest.mark.site
def test_a_saved_link_arrives(browser, base):
    page = browser.new_page()
    try:
        # committed: it leads on before it is loaded
        saved = f"{base}{OLD}.html#exercise-12-2-when-to-stop-reading"
        page.goto(saved, wait_until="commit")
        page.wait_for_url(f"**/{NEW}.html#exercise-15-1-when-to-stop-reading")
        page.goto(f"{base}{OLD}.html")
        page.evaluate("setTimeout(() => (location.hash = 'what-repeated-data-are-worth'))")
        page.wait_for_url(f"**/{NEW}.html#what-repeated-data-are-worth")
        page.goto(f"{base}{OLD}.html#what-to-remember")  # a place that has stayed
        assert page.url.endswith(f"{OLD}.html#what-to-remember")
    finally:
        page.close()


# ---- answers in a browser ------------------------------------------------------------------------


def test_answers_that_a_browser_kept_count_in_the_new_chapter():
    """By id and by the key of the public numbers, which are the same."""
    told = answers.chapter(ROOT / f"{NEW}.ipynb")
    keys = ("9e235d94", "350cbebf", "41718d1c")
    assert told["exercises"] == dict(zip(EXERCISES, keys, strict=True))
    assert set(told["questions"] + told["guesses"]) == set(ASKED)
    stayed = answers.chapter(ROOT / f"{OLD}.ipynb")["exercises"]
    assert stayed["12-cheapest-size"] == "bca41a98" and not set(stayed) & set(EXERCISES)


def test_what_was_chosen_before_is_chosen_on_the_new_page():
    page = {
        "path": f"/book/{NEW}.html",
        "blocks": [block(registry.ask(id)._repr_html_()) for id in ASKED[:2]],
    }
    kept = json.dumps({"questions": {ASKED[0]: {"chosen": ["b"]}, ASKED[1]: {"chosen": ["a"]}}})
    shown = work(*(["chosen", id] for id in ASKED[:2]), page=page, kept=kept)
    assert shown == [
        ["Each text is read half as often."],
        ["The floor E: the loss is 0.13 higher."],
    ]


# ---- gradebooks and campus files -----------------------------------------------------------------


@pytest.fixture
def before(tmp_path):
    """A gradebook of chapter 12 from before: four exercises, and points by hand for one."""
    book = Gradebook(tmp_path / "class")
    book.enrol([Student("ada", "Ada"), Student("bob", "Bob")])
    for student, share in (("ada", 1), ("bob", 0)):
        results = tuple(
            Result(id, share * most, most, "right" if share else "not yet", "as asked")
            for id, most in zip(BEFORE, (2, 1, 3, 3), strict=True)
        )
        row = Row(student, "12", "graded", "", digest=student, spec="v1",
                  results=results)  # fmt: skip
        book.append(Entry(SEEN, student, "12", {"digest": student, "path": student}))
        book.keep(row)
    about = ("override", "bob", "12", "12-which-constant")
    book.decide(about, {"points": 1.5, "possible": 3}, "nearly", "bob", "12")
    yield book
    book.close()


CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Chapter 12 (4711)
Points Possible,,,,,9
"Ada",1,ada,ada,S,
"Bob",2,bob,bob,S,
"""


def test_a_gradebook_from_before_keeps_its_points_and_its_column(before, tmp_path):
    campus = tmp_path / "canvas.csv"
    campus.write_text(CANVAS)
    _, asks, _ = export(before.folder, tmp_path / "out", canvas=campus)
    filled = (tmp_path / "out/canvas.csv").read_text().splitlines()
    assert [line.rsplit(",", 1)[1] for line in filled[2:]] == ["9", "1.5"] and asks == []
    assert filled[0] == CANVAS.splitlines()[0], "no new column"
    grades = (tmp_path / "out/grades.csv").read_text().splitlines()
    assert grades[0] == "id,name,chapter 12,points,possible,open"
    feedback = (tmp_path / "out/feedback/bob.md").read_text()
    assert "Exercise 15.3\\: Floor or data?" in feedback and "nearly" in feedback


def test_who_hands_in_the_new_chapter_gets_a_column_beside_the_old_one(before):
    results = tuple(
        Result(id, spec.points, spec.points, "right", "")
        for id, spec in chapter_specs("15").items()
    )
    before.append(Entry(SEEN, "ada", "15", {"digest": "new", "path": "new"}))
    before.keep(Row("ada", "15", "graded", "", digest="new", results=results))
    import pandas as pd

    reached, names = totals(pd.DataFrame(before.submissions()))
    filled = fill_canvas(CANVAS.encode(), reached, names).data.decode().splitlines()
    assert filled[0].endswith("Chapter 12 (4711),Chapter 15")
    assert [line.split(",")[-2:] for line in filled[2:]] == [["9", "7"], ["1.5", ""]]


def test_points_by_hand_for_a_moved_exercise_can_still_be_given_and_taken_back(before):
    with opened(before.folder) as book:
        asked = (book, "override", "bob", "12", "12-which-constant")
        again = decision(*asked, "2", "better")
        assert again.about == ("override", "bob", "12", "12-which-constant")
        assert again.value == {"points": 2.0, "possible": 3}
        assert decision(*asked, withdraw=True).about == again.about
        # where nothing of the old chapter is known, it is the new one
        fresh = decision(book, "override", "bob", "", "12-stop-repeating", "1", "asked")
        assert fresh.about == ("override", "bob", "15", "12-stop-repeating")
        with pytest.raises(DecisionError, match="no exercise '12-stop-reading'"):
            decision(book, "override", "bob", "12", "12-stop-reading", "1", "asked")


def test_a_notebook_from_before_says_what_is_not_graded_any_more():
    told = grade._moved({"12-stop-repeating", "12-of-their-own"})
    assert told == ["not graded here: 12-stop-repeating (now in chapter 15)"]
    assert grade._moved(set()) == []


# ---- question banks ------------------------------------------------------------------------------


def test_a_question_bank_from_before_asks_the_same():
    """The same ids, numbers and answers, so that a quiz made of it is judged as it was."""
    quiz = ElementTree.fromstring(bank.bank(["12", "15"], "a class of before", ["ada", "bob"]))
    asked = {node.findtext("idnumber"): node for node in quiz if node.find("idnumber") is not None}
    assert {f"{id}-{place:03d}" for id in BEFORE for place in (1, 2)} <= set(asked)
    right = {
        id: node.findtext("answer[@fraction='100']/text")
        or re.findall(r"NUMERICAL:=([^:]+)", node.findtext("questiontext/text"))
        for id, node in asked.items()
    }
    assert right["12-cheapest-size-001"] == "7.96332e+10"
    assert right["12-stop-repeating-001"] == "21.3196"
    assert right["12-stop-repeating-002"] == "17.9669"
    assert right["12-hidden-epochs-001"] == ["6.24152", "0.00642299"]
    assert right["12-which-constant-002"] == ["0.0641229", "0.754045"]
    assert parameters(spec_of("12-which-constant"), "a class of before", "ada") == {"seed": 301835}
    places = [node.findtext("category/text") for node in quiz if node.get("type") == "category"]
    assert sum(place.endswith("/12-stop-repeating") for place in places) == 1
