"""One file, many students and chapters: what is done to one row leaves the others as they were."""

import pytest

from exercises.gradebook import Gradebook, Result, Row

POINTS = {  # (student, chapter): points of its two exercises
    ("ada", "02"): (1, 2),
    ("ada", "13"): (4, 0),
    ("bob", "02"): (8, 16),
    ("bob", "13"): (32, 0),
}


def row(student, chapter, text="", points=None):
    """Exercise b of chapter 13 is a text."""
    a, b = points or POINTS[student, chapter]
    results = (
        Result(f"{chapter}-a", a, 64, "right", "said"),
        Result(f"{chapter}-b", b, 64, "to be read" if text else "right", "said", text=text),
    )
    return Row(student, chapter, "graded", "", digest=f"{student}{chapter}", results=results)


@pytest.fixture
def book(tmp_path):
    book = Gradebook(tmp_path)
    for student, chapter in POINTS:
        text = f"the text of {student}" if chapter == "13" else ""
        book.keep(row(student, chapter, text), student.title())
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


WHOLE = {key: sum(points) for key, points in POINTS.items()}


def test_a_reading_counts_in_its_own_row_only(book):
    before = told(book)
    assert sums(book) == WHOLE
    book.read("ada", "13-b", digest("ada"), [0.5, 0.25], "well", "read: yes")
    assert sums(book) == WHOLE | {("ada", "13"): 4.75}
    assert told(book) == before | {("ada", "13-b"): (0.75, "read")}
    assert [(found["student"], found["points"]) for found in book.texts()] == [
        ("ada", "[0.5, 0.25]"),
        ("bob", None),
    ]
    book.read("bob", "13-b", digest("bob"), [0.0, 0.125], "", "read: hardly")
    assert sums(book) == WHOLE | {("ada", "13"): 4.75, ("bob", "13"): 32.125}


def test_a_reading_of_another_text_or_exercise_counts_nowhere(book):
    before = told(book)
    book.read("ada", "13-b", digest("bob"), [1.0], "", "")
    book.read("ada", "13-a", digest("ada"), [1.0], "", "")
    assert sums(book) == WHOLE and told(book) == before


def test_a_row_is_kept_again_whole_and_alone(book):
    book.read("ada", "13-b", digest("ada"), [0.5], "", "read")
    book.keep(row("ada", "02", points=(7, 7)), "Ada")
    assert sums(book) == WHOLE | {("ada", "02"): 14, ("ada", "13"): 4.5}
    book.keep(row("ada", "13", "the text of ada"), "Ada")
    assert sums(book)["ada", "13"] == 4.5, "the reading is still of this text"
    book.keep(row("ada", "13", "another text"), "Ada")
    assert sums(book)["ada", "13"] == 4 and len(told(book)) == 8
    assert {found["text"] for found in book.texts()} == {"another text", "the text of bob"}


def test_one_row_is_dropped(book):
    book.drop("ada", "13")
    rest = {key: total for key, total in WHOLE.items() if key != ("ada", "13")}
    assert sums(book) == rest and set(book.state()) == set(rest)
    assert len(told(book)) == 6 and [found["student"] for found in book.texts()] == ["bob"]
    assert book.state()["bob", "13"] == ("bob13", "", True)


def test_nothing_of_a_change_that_fails_stays(book, monkeypatch):
    def failed(_):
        raise OSError("full")

    monkeypatch.setattr(book, "_apply_readings", failed)
    before = told(book)
    with pytest.raises(OSError, match="full"):
        book.keep(row("ada", "02", points=(7, 7)))
    with pytest.raises(OSError, match="full"):
        book.read("ada", "13-b", digest("ada"), [0.5], "", "read")
    assert sums(book) == WHOLE and told(book) == before
    assert all(found["points"] is None for found in book.texts())
