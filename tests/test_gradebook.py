"""One file, many students and chapters: what is done to one row leaves the others as they were."""

import sqlite3

import pytest

from exercises.gradebook import Gradebook, GradebookError, Handed, Result, Row, in_order
from exercises.ledger import SEEN, Entry
from exercises.roster import Student

POINTS = {  # (student, chapter): points of its two exercises
    ("ada", "02"): (1, 2),
    ("ada", "13"): (4, 0),
    ("bob", "02"): (8, 16),
    ("bob", "13"): (32, 0),
}


def row(student, chapter, text="", points=None, digest=""):
    """Exercise b of chapter 13 is a text."""
    a, b = points or POINTS[student, chapter]
    results = (
        Result(f"{chapter}-a", a, 64, "right", "said"),
        Result(f"{chapter}-b", b, 64, "to be read" if text else "right", "said", text=text),
    )
    digest = digest or f"{student}{chapter}"
    return Row(student, chapter, "graded", "", digest=digest, results=results)


def keep(book, row, sent="", **more):
    """Seen and graded."""
    body = {"digest": row.digest, "path": row.digest, "sent": sent} | more
    book.append(Entry(SEEN, row.student, row.chapter, body))
    book.keep(row)


@pytest.fixture
def book(tmp_path):
    book = Gradebook(tmp_path)
    book.enrol([Student("ada", "Ada"), Student("bob", "Bob")])
    for student, chapter in POINTS:
        text = f"the text of {student}" if chapter == "13" else ""
        keep(book, row(student, chapter, text), "2026-01-01")
    yield book
    book.close()


def sums(book):
    return {(found["student"], found["chapter"]): found["points"] for found in book.submissions()}


def told(book):
    return {
        (found["student"], found["exercise"]): (found["points"], found["status"])
        for found in book.results()
    }


def digest(student):
    return Result("", 0, 0, "", "", text=f"the text of {student}").digest


UNREAD = {("ada", "02"): 3, ("ada", "13"): None, ("bob", "02"): 24, ("bob", "13"): None}


def test_a_reading_counts_in_its_own_row_only(book):
    before = told(book)
    assert sums(book) == UNREAD, "no points while a text waits, not those of the rest either"
    assert {row["status"] for row in book.submissions()} == {"graded", "to be read"}
    book.read("ada", "13-b", digest("ada"), [0.5, 0.25], "well", "read: yes")
    assert sums(book) == UNREAD | {("ada", "13"): 4.75}
    assert told(book) == before | {("ada", "13-b"): (0.75, "read")}
    assert [(found["student"], found["points"]) for found in book.texts()] == [
        ("ada", [0.5, 0.25]),
        ("bob", None),
    ]
    book.read("bob", "13-b", digest("bob"), [0.0, 0.125], "", "read: hardly")
    assert sums(book) == UNREAD | {("ada", "13"): 4.75, ("bob", "13"): 32.125}


def test_a_reading_of_another_text_or_exercise_counts_nowhere(book):
    before = told(book)
    book.read("ada", "13-b", digest("bob"), [1.0], "", "")
    book.read("ada", "13-a", digest("ada"), [1.0], "", "")
    assert sums(book) == UNREAD and told(book) == before


def test_a_reading_is_written_down_once(book):
    for _ in range(2):
        book.read("ada", "13-b", digest("ada"), [0.5, 0.25], "well", "read: yes")
    assert [entry.kind for entry in book.ledger.entries()].count("decided") == 1
    book.read("ada", "13-b", digest("ada"), [0.5, 0.5], "well", "read: yes")
    assert sums(book)["ada", "13"] == 5


def test_a_newer_submission_counts_whole_and_alone(book):
    book.read("ada", "13-b", digest("ada"), [0.5], "", "read")
    keep(book, row("ada", "02", points=(7, 7), digest="new"), "2026-01-02")
    assert sums(book) == UNREAD | {("ada", "02"): 14, ("ada", "13"): 4.5}
    keep(book, row("ada", "13", "the text of ada", digest="same text"), "2026-01-02")
    assert sums(book)["ada", "13"] == 4.5, "the reading is still of this text"
    keep(book, row("ada", "13", "another text", digest="third"), "2026-01-03")
    assert sums(book)["ada", "13"] is None and len(told(book)) == 8
    assert {found["text"] for found in book.texts()} == {"another text", "the text of bob"}


def test_an_older_submission_that_comes_later_changes_nothing(book):
    keep(book, row("ada", "02", points=(64, 64), digest="old"), "2025-12-31")
    assert sums(book)["ada", "02"] == 3


def test_a_new_grading_of_the_same_submission_counts(book):
    book.keep(row("ada", "02", points=(5, 5)))
    assert sums(book) == UNREAD | {("ada", "02"): 10}


def test_nothing_of_a_change_that_fails_stays(book):
    before = book.ledger.entries()
    with pytest.raises(AttributeError):
        book.append(Entry(SEEN, "ada", "02", {"digest": "x", "path": "x"}), None)
    assert book.ledger.entries() == before


@pytest.mark.parametrize(
    "files, order",
    [
        ([("a", 0, "3"), ("b", 0, "2")], "ba"),
        ([("a", 7, "3"), ("b", 9, "2")], "ab"),  # numbers rise, whatever the times of the zip files
        ([("a", 7, "3"), ("b", 9, "2"), ("c", 0, "25")], "abc"),
        ([("a", 7, "1"), ("c", 0, "2"), ("a", 7, "3")], "ac"),  # the same, downloaded again
        ([("a", 7, "1"), ("b", 8, "2"), ("a", 9, "3")], "aba"),  # handed in again
        ([("a", 0, "1"), ("b", 0, "2"), ("a", 0, "3")], "ab"),
    ],
)
def test_the_order_in_which_files_were_handed_in(files, order):
    found = [Handed("ada", "02", of, of, sent, sent, number) for of, number, sent in files]
    assert "".join(file.digest for file in in_order(found)) == order


# ---- a gradebook of before the ledger ------------------------------------------------------------

OLD = """
CREATE TABLE submissions (student, chapter, name, points, possible, status, reason, path, digest,
                          spec, seconds, sandboxed);
CREATE TABLE results (student, chapter, exercise, place, points, possible, status, message, rule,
                      program);
CREATE TABLE texts (student, chapter, exercise, digest, text);
CREATE TABLE readings (student, exercise, digest, points, total, remark, message);
INSERT INTO submissions VALUES
    ('ada', '13', 'Ada', 3.5, 8, 'graded', 'a note', 'in/ada', 'dig1', 'spec', 1.5, 1),
    ('bob', '13', 'Bob', 0, 8, 'missing', 'nothing was handed in', '', '', '', 0, 1),
    ('cyd', '13', 'Cyd', 0, 8, 'refused', 'the file is empty', 'in/cyd', 'dig2', '', 0, 1),
    ('dan', '13', 'Dan', 0, 8, 'failed', 'grading failed: KeyError', 'in/dan', 'dig3', '', 0, 1);
INSERT INTO results VALUES
    ('ada', '13', '13-a', 0, 2, 4, 'not yet', 'half', 'property 1', 'prog'),
    ('ada', '13', '13-b', 1, 1.5, 4, 'read', 'form: 1.5', '', '');
"""


def test_an_old_gradebook_is_taken_over_once(tmp_path):
    base = sqlite3.connect(tmp_path / "gradebook.sqlite")
    base.executescript(OLD)
    text = "my text"
    of = Result("", 0, 0, "", "", text=text).digest
    base.execute("INSERT INTO texts VALUES ('ada', '13', '13-b', ?, ?)", (of, text))
    base.execute(
        "INSERT INTO readings VALUES ('ada', '13-b', ?, '[1.0, 0.5]', 1.5, 'good', 'form: 1.5')",
        (of,),
    )
    base.commit()
    base.close()
    for _ in range(2):
        book = Gradebook(tmp_path, lambda chapter: "today's")
        rows = {row["student"]: row for row in book.submissions()}
        found = {student: (row["status"], row["points"]) for student, row in rows.items()}
        assert found == {
            "ada": ("graded", 3.5),
            "cyd": ("unreadable", None),
            "dan": ("failed", None),
        }
        assert rows["ada"]["name"] == "Ada" and rows["ada"]["reason"] == "a note"
        assert rows["cyd"]["reason"] == "the file is empty"
        assert told(book) == {("ada", "13-a"): (2, "not yet"), ("ada", "13-b"): (1.5, "read")}
        assert [(one["points"], one["remark"]) for one in book.texts()] == [([1.0, 0.5], "good")]
        count = len(book.ledger.entries())
        book.close()
    assert count == 7
    book = Gradebook(tmp_path)
    keep(book, row("ada", "13", points=(4, 4), digest="handed in since"), "2026-01-01")
    assert sums(book)["ada", "13"] == 8
    book.close()


def test_what_is_no_gradebook_is_left_alone(tmp_path):
    (tmp_path / "gradebook.sqlite").write_text("not a database, " * 100)
    with pytest.raises(GradebookError, match="no gradebook"):
        Gradebook(tmp_path)
    assert "not a database" in (tmp_path / "gradebook.sqlite").read_text()


def test_how_often_an_exercise_was_tried(book):
    for place, status in enumerate(["not yet", "not yet", "not attempted", "right"]):
        results = (Result("02-a", 0, 64, status, ""), Result("02-b", 0, 64, "not yet", ""))
        keep(book, Row("eve", "02", "graded", "", digest=f"e{place}", results=results))
    book.keep(Row("eve", "02", "graded", "", digest="e0", results=results))  # graded again
    tries = book.tries()
    assert (tries["eve", "02-a"], tries["eve", "02-b"], tries["ada", "02-a"]) == (2, 4, 0)
