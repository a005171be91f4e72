"""One file, many students and chapters: what is done to one row leaves the others as they were."""

import sqlite3
from dataclasses import FrozenInstanceError, replace

import pytest

from exercises import chapter_specs
from exercises.gradebook import (
    Ask,
    Gradebook,
    Handed,
    Result,
    Row,
    Standing,
    computed,
    handle,
    in_order,
    moments,
)
from exercises.ledger import (
    CAMPUS,
    COURSE,
    DECIDED,
    GRADED,
    ROSTER,
    SEEN,
    Entry,
    GradebookError,
)
from exercises.roster import Student
from exercises.submissions import NAMELESS

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
    assert [one["message"] for one in book.results()].count("read: yes") == 1
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


def test_the_signs_in_ledgers_of_before_are_still_those_of_their_texts_and_files(book):
    """A sign of another length would lose every decision that was made by it."""
    book.read("ada", "13-b", "d22a4e5d5619", [0.5], "", "read")
    assert sums(book)["ada", "13"] == 4.5
    word = said("file", "cfd699ae", value={"student": "bob", "chapter": "02"})
    assert stand(ids("ada", "bob"), came("ada", "d1"), word, student="bob") == ("waiting", None)


def test_a_notebook_is_kept_with_what_is_written_of_it(book):
    told = Entry(SEEN, "eve", "02", {"digest": "d1", "path": "x"})
    assert book.append(told, notebooks={"d1": b"a notebook"}) == 1
    assert book.ledger.notebook("d1") == b"a notebook"


def test_a_reading_is_written_down_once(book):
    for _ in range(2):
        book.read("ada", "13-b", digest("ada"), [0.5, 0.25], "well", "read: yes")
    assert [entry.kind for entry in book.ledger.entries()].count("decided") == 1
    for points, total in ([0.5, 0.5], 5), ([0.5, 0.25], 4.75):
        book.read("ada", "13-b", digest("ada"), points, "well", "read: yes")
        assert sums(book)["ada", "13"] == total


def test_a_reading_that_a_table_gave_is_written_down_with_its_line(book):
    """Else a table of before would give the same points once more after they were taken back."""
    for table in (None, ["1", "well"]):
        book.read("ada", "13-b", digest("ada"), [1.0], "well", "read: yes", table)
    words = [entry.body for entry in book.ledger.entries() if entry.kind == DECIDED]
    assert ["table" in word for word in words] == [False, True]
    assert words[1]["table"] == ["1", "well"]


def test_a_gradebook_that_is_closed_writes_nothing(book):
    book.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        book.enrol([Student("eve", "Eve")])


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
        ([("a", 7, "1"), ("b", 9, "2")], "ab"),
        ([("a", 7, "3"), ("b", 9, "2")], "ab"),  # numbers rise, whatever the times of the zip files
        ([("a", 7, "3"), ("b", 9, "2"), ("c", 0, "25")], "abc"),
        ([("a", 7, "4"), ("b", 8, "3"), ("c", 9, "2")], "abc"),
        ([("a", 7, "1"), ("c", 0, "2"), ("a", 7, "3")], "ac"),  # the same, downloaded again
        ([("a", 7, "1"), ("b", 8, "2"), ("a", 9, "3")], "aba"),  # handed in again
        ([("a", 0, "1"), ("b", 0, "2"), ("a", 0, "3")], "ab"),
    ],
)
def test_the_order_in_which_files_were_handed_in(files, order):
    found = [
        Handed("ada", "02", of, of, sent, sent, False, False, number) for of, number, sent in files
    ]
    assert "".join(file.digest for file in in_order(found)) == order


@pytest.mark.parametrize(
    "one, other, together",
    [
        ({}, {}, True),
        ({}, {"sent": "2"}, False),
        ({"number": 7}, {"number": 8}, True),  # Canvas numbers each file of a submission
        ({"number": 1}, {}, False),
        ({}, {"number": 1}, False),
        ({"number": 7, "path": "submission_7/x"}, {"number": 7, "path": "submission_7/y"}, True),
        ({"number": 7, "path": "submission_7/x"}, {"number": 8, "path": "submission_8/x"}, False),
        ({"chosen": "1"}, {"chosen": "1"}, False),
        ({"before": True}, {}, False),
        ({}, {"before": True}, False),
    ],
)
def test_files_that_nothing_but_a_name_tells_apart(one, other, together):
    file = Handed("ada", "02", "a", "x", "1", "1", late=False, exact=False)
    one, other = replace(file, **one), replace(file, **other)
    first = replace(file, sent="0")
    assert moments([first, one, other]) == (
        [[first], [one, other]] if together else [[first], [one], [other]]
    )


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


# ---- from entries to rows, without files ---------------------------------------------------------


def minute(number):
    return f"2026-02-01T12:{number:02}:00+00:00"


def ids(*students):
    return Entry(ROSTER, "", "", {"students": [[id, id.title()] for id in students]}, minute(0))


def course(text, at=0):
    return Entry(COURSE, "", "", {"text": text}, minute(at))


def came(student, digest, day=1, at=1, chapter="02", **more):
    """A file, alone in its folder, that was there on a day of January, and seen in February."""
    body = {"digest": digest, "path": f"{digest}/x.ipynb", "sent": f"2026-01-{day:02}T12:00+00:00"}
    return Entry(SEEN, student, chapter, body | more, minute(at))


def judged(student, digest, *points, at=2, chapter="02", version="v1", **more):
    """Graded with exercises a, b, ... of four points each; None where nothing was attempted."""
    results = [
        {
            "exercise": f"{chapter}-{name}",
            "points": worth or 0,
            "possible": 4,
            "status": {None: "not attempted", 4: "right"}.get(worth, "not yet"),
            "message": "said",
            "rule": "a rule",
        }
        for name, worth in zip("abcd", points, strict=False)
    ]
    body = {"digest": digest, "version": version, "status": "graded", "reason": "", "seconds": 1}
    body |= {"sandboxed": True, "results": results} | more
    return Entry(GRADED, student, chapter, body, minute(at))


def said(*about, value=True, at=10):
    """A person's word; it is about a student's chapter where that stands in it."""
    body = {"about": list(about), "value": value, "reason": f"said at {at}"}
    return Entry(DECIDED, "ada", "02", body, minute(at))


def given(digest, student="ada", chapter="02", at=10):
    """A person has said whose a file of `came` is."""
    sign = handle(f"{digest}/x.ipynb", digest)
    return said("file", sign, value={"student": student, "chapter": chapter}, at=at)


def by_hand(points, exercise="", at=10, possible=8):
    value = {"points": points, "possible": possible}
    return said("override", "ada", "02", exercise, value=value, at=at)


def found(*entries, student="ada", chapter="02", version=None):
    """The student's row, and what a person is asked about it."""
    now = computed(entries, version and (lambda _: version), "2026-03-01T00:00:00+00:00")
    rows = [row for row in now.rows if (row.student, row.chapter) == (student, chapter)]
    asks = [ask for ask in now.asks if (ask.student, ask.chapter) == (student, chapter)]
    return (rows or [None])[0], asks


def stand(*entries, **of):
    """(status, points) of the student's row, None where there is none."""
    row, _ = found(*entries, **of)
    return row and (row.status, row.points)


def asked(*entries, **of):
    return [ask.state for ask in found(*entries, **of)[1]]


ADA = ids("ada")
DUE = "[chapters.02]\ndue = 2026-01-10T12:00:00Z\n"
LATE = "[late]\nper_day = 25\n" + DUE


def test_what_is_known_of_who_handed_in_nothing(tmp_path):
    book = Gradebook(tmp_path / "a new folder" / "in another")
    book.enrol([Student("ada", "Ada")])
    book.rule("[chapters.02]\n")
    assert book.submissions() == [
        {
            "student": "ada", "chapter": "02", "name": "Ada", "points": None, "possible": 0,
            "status": "missing", "reason": "nothing was handed in", "path": "", "digest": "",
            "together": (), "seconds": 0, "sandboxed": True, "earned": False, "stale": False,
            "sent": "", "off": (), "weight": 1,
        }
    ]  # fmt: skip
    book.close()


def test_what_is_known_of_who_was_graded(book):
    found = next(row for row in book.submissions() if row["student"] == "bob")
    assert (found["sandboxed"], found["stale"], found["earned"]) == (True, False, True)
    assert found["sent"][:10] == "2026-01-01" and found["seconds"] == 0
    exercise = book.results()[1]
    assert (exercise["place"], exercise["typed"], exercise["possible"]) == (1, False, 64)
    book.close()


def test_what_a_worker_has_found_is_kept(book):
    results = (Result("02-a", 1, 4, "not yet", "said", "a rule", "p", "", "1.5", True),)
    keep(
        book,
        Row("ada", "02", "graded", "slow", "a/x", "d9", "v1", 2.5, False, results),
        "2026-02-02",
    )
    (row,) = (row for row in book.submissions() if row["digest"] == "d9")
    assert row["reason"] == "slow; 2 attempts: the last counts"
    assert (row["seconds"], row["sandboxed"]) == (2.5, False)
    assert book.results()[0] == {
        "student": "ada", "chapter": "02", "place": 0, "exercise": "02-a", "points": 1,
        "possible": 4, "status": "not yet", "message": "said", "rule": "a rule", "program": "p",
        "text": "", "answer": "1.5", "typed": True,
    }  # fmt: skip
    book.keep(Row("ada", "02", "graded", "", digest="d9", results=results, redrawn=("02-a",)))
    assert sums(book)["ada", "02"] is None, "it has other numbers throughout"
    book.keep(Row("ada", "02", "graded", "", digest="d9", results=results, anew=("02-a",)))
    assert sums(book)["ada", "02"] is None, "its numbers were drawn by another version"


@pytest.mark.parametrize(
    "found",
    [
        Result("02-a", 1, 4, "right", ""),
        Row("ada", "02", "graded", ""),
        Handed("ada", "02", "d", "x", "", "", late=False, exact=False),
        Ask("ada", "02", "late", "so", "Say so"),
        Standing("ada", "02", "Ada", "missing"),
    ],
)
def test_what_was_found_cannot_be_changed_by_its_reader(found):
    with pytest.raises(FrozenInstanceError):
        found.chapter = "06"


def test_what_is_taken_over_from_another_folder_counts_at_once(book, tmp_path):
    other = Gradebook(tmp_path / "other")
    other.decide(("override", "ada", "02", ""), {"points": 7, "possible": 9}, "so", "ada", "02")
    other.close()
    assert sums(book) == UNREAD
    assert (book.merge(tmp_path / "other"), book.merge(tmp_path / "other")) == (1, 0)
    assert sums(book)["ada", "02"] == pytest.approx(7 / 9 * 128)
    book.decide(("override", "ada", "02", ""), None, "not so", "ada", "02")
    assert sums(book) == UNREAD
    word, back = (entry for entry in book.ledger.entries() if entry.kind == DECIDED)
    assert back.body["back"] == [word.id] and "back" not in word.body


def test_points_for_a_text_are_written_down_with_its_chapter(book):
    book.read("ada", "13-b", digest("ada"), [1.0], "", "")
    book.read("ada", "06-a", digest("ada"), [1.0], "", "")
    words = [entry for entry in book.ledger.entries() if entry.kind == DECIDED]
    assert [(word.student, word.chapter) for word in words] == [("ada", "13"), ("ada", "")]
    assert book.texts() == [
        {
            "student": who, "chapter": "13", "exercise": "13-b", "digest": digest(who),
            "text": f"the text of {who}", "points": points, "remark": remark, "reading": reading,
        }
        for who, points, remark, reading in (
            ("ada", [1.0], "", words[0]), ("bob", None, None, None)
        )
    ]  # fmt: skip


def test_the_same_roster_and_rules_are_written_down_once(book):
    for _ in range(2):
        book.enrol([Student("ada", "Ada"), Student("bob", "Bob")])
        book.rule("drop_lowest = 1\n")
        book.rule("drop_lowest = 1  # the same\n")
    kinds = [entry.kind for entry in book.ledger.entries()]
    assert (kinds.count("roster"), kinds.count("course")) == (1, 1)
    book.enrol([Student("ada", "Ada"), Student("bob", "Robert")])
    assert [row["name"] for row in book.submissions()] == ["Ada", "Ada", "Robert", "Robert"]


def test_what_the_campus_system_says_is_written_down_once(book):
    for _ in range(2):
        book.enrol([Student("ada", "Ada", number="71"), Student("bob", "Bob")])
        book.campus_says({"Canvas 71": "ada", "Moodle 5": "bob"})
    assert book.computed().campus == {"Canvas 71": "ada", "Moodle 5": "bob"}
    assert [entry.kind for entry in book.ledger.entries()].count("campus") == 2


def test_the_tables_hold_no_formula_and_blanks_for_what_is_open(tmp_path):
    book = Gradebook(tmp_path)
    book.enrol([Student("ada", "=1+1")])
    book.rule("[chapters.02]\n[chapters.06]\n")
    keep(book, row("ada", "02", points=(1, 2)), "2026-01-01")
    book.write_tables()
    assert (tmp_path / "gradebook.csv").read_text() == (
        "student,name,chapter,points,possible,status,reason,path\n"
        "ada,'=1+1,02,3,128,graded,,ada02\n"
        "ada,'=1+1,06,,0,missing,nothing was handed in,\n"
    )
    assert (tmp_path / "exercises.csv").read_text().splitlines()[1] == "ada,02,02-a,1,64,right,said"
    book.close()


# whose file


def test_a_file_that_a_person_gives_away_is_missed_where_it_was():
    """Also where the chapter was handed out to nobody else."""
    both = (ids("ada", "bob"), came("ada", "d1"), judged("bob", "d1", 4, 2))
    given_away = found(*both, given("d1", "bob"))
    assert given_away[0].status == "missing" and given_away[0].reason.endswith("said at 10")
    _, (ask,) = found(*both, given("d1", "bob"), course(DUE))
    assert ask.why.startswith("a file that came under this name does not count here: said at 10")
    moved = given("d1", chapter="06")
    assert stand(*both, moved) is None and stand(*both, moved, chapter="06") == ("waiting", None)
    assert stand(*both, given("d1", "bob"), student="bob") == ("graded", 6)
    row, _ = found(*both, given("d1", "bob"), student="bob")
    assert row.reason == "a person gave this file to bob"
    strange = (ids("ada", "bob"), came("ada", "d1", state="sender", account="Moodle X 1"))
    for word in (given("d1", "bob"), said("account", "Moodle X 1", value="bob")):
        assert stand(*strange, word) is None, "it was never ada's"
        assert stand(*strange, word, student="bob") == ("waiting", None)
    assert stand(*both, given("d1", "ada")) == ("waiting", None), "it was ada's and stays so"
    nobodys = (ids("bob"), came("?x", "d1", state="chapter", why="02 or 06"), given("d1", "bob"))
    assert stand(*nobodys, student="?x") is None, "who is not of the class misses nothing"


def test_a_person_who_gives_a_file_need_not_name_the_chapter():
    assert stand(ADA, came("ada", "d1", state="made for"), given("d1", chapter="")) == (
        "waiting",
        None,
    )


def test_a_word_on_another_version_of_a_file_is_none():
    word = said(
        "file",
        handle("d1/x.ipynb", "d1"),
        value={"student": "bob", "chapter": "02", "digest": "another"},
    )
    given_away = (ids("ada", "bob"), came("ada", "d1"), judged("ada", "d1", 4, 2), word)
    assert stand(*given_away) == ("graded", 6)


def test_a_file_that_counts_by_a_persons_word_is_the_newest_and_one_that_waited_is_not():
    """Who says whose a file is does not say that it replaces a newer one."""
    newer = (came("ada", "d2", 5), judged("ada", "d2", 1, 1))
    for state, counts in (("", "d1"), ("made for", "d2"), ("sender", "d2"), ("chapter", "d2")):
        first = (came("ada", "d1", 1, state=state), judged("ada", "d1", 4, 2))
        assert found(ADA, *first, *newer, given("d1"))[0].digest == counts, state


def test_a_person_may_choose_a_file_where_it_lies_again():
    """The same bytes are one file, in whichever place it was chosen."""
    assert asked(ADA, *full("d1", 1, 1), *full("d2", 3, 3), by_hand(4), given("d1", at=12)) == [
        "newer"
    ]
    assert asked(ADA, *full("d1", 1, 1), *full("d2", 3, 3), by_hand(4), given("d1")) == []
    first, again = (came("ada", "d1", day, path=f"{day}/x.ipynb") for day in (1, 3))
    newer = (came("ada", "d2", 2), judged("ada", "d2", 1, 1), judged("ada", "d1", 4, 2))
    assert stand(ADA, first, again, *newer) == ("graded", 2)
    for day in (1, 3):
        value = {"student": "ada", "chapter": "02"}
        word = said("file", handle(f"{day}/x.ipynb", "d1"), value=value)
        assert stand(ADA, first, again, *newer, word) == ("graded", 6)


@pytest.mark.parametrize("state", ["unreadable", "other"])
def test_a_file_that_cannot_be_read_stays_so_whoever_has_it(state):
    broken = came("?x", "d1", state=state, why="it is broken")
    assert stand(ADA, broken, given("d1")) == ("unreadable", None)
    sent = came("?x", "d1", state=state, why="broken", account="Moodle X 1")
    assert stand(ADA, sent, said("account", "Moodle X 1", value="ada")) == ("unreadable", None)


@pytest.mark.parametrize(
    "claim, status",
    [("ADA", "waiting"), ("public", "waiting"), ("", "waiting"), ("eve", "made for")],
)
def test_who_is_behind_an_account_hands_in_notebooks_of_their_own(claim, status):
    sent = came("?x", "d1", state="sender", account="Moodle X 1", claim=claim, notes=["a note"])
    row, asks = found(ADA, sent, said("account", "Moodle X 1", value="ada"))
    assert row.status == status and "a note" not in row.reason
    assert [ask.why for ask in asks] == [
        "the notebook was made for 'eve' (d1/x.ipynb)" if claim == "eve" else "it is not graded yet"
    ]
    noted = (sent, judged("ada", "d1", 4, 2), said("account", "Moodle X 1", value="ada"))
    assert found(ADA, *noted)[0].reason == ("the notebook was made for 'eve'" * (claim == "eve"))
    assert not computed([ADA, sent, said("account", "Moodle X 1", value="")]).rows


def heard(account, id, at=5):
    """The campus system's word."""
    return Entry(CAMPUS, "", "", {"accounts": {account: id}}, minute(at))


def informed(entry, word):
    """A decision of somebody who was told that word of the campus system."""
    return replace(entry, body=entry.body | {"told": word})


UNKNOWN = came("?x", "d1", state="sender", why="who?", account="Canvas 1")
KNOWN = came("ada", "d1", account="Canvas 1")


@pytest.mark.parametrize(
    "entries, ada, eve",
    [
        ([KNOWN], None, "sender"),
        ([KNOWN, came("eve", "d1", account="Canvas 1", at=6)], None, "sender"),  # looked at again
        ([came("eve", "d1", account="Canvas 1", at=6)], None, "waiting"),
        ([KNOWN, said("account", "Canvas 1", value="ada", at=4)], None, "sender"),
        ([KNOWN, said("account", "Canvas 1", value="", at=4)], None, "sender"),
        ([KNOWN, said("account", "Canvas 1", value="eve", at=4)], "missing", "waiting"),
        ([KNOWN, said("account", "Canvas 1", value="ada", at=6)], "waiting", None),
        ([KNOWN, informed(said("account", "Canvas 1", value="ada", at=6), "")], None, "sender"),
        ([KNOWN, informed(given("d1", at=6), "")], "missing", "sender"),
        (
            [
                KNOWN,
                said("account", "Canvas 1", value="ada", at=6),
                said("account", "Canvas 1", value=None, at=7),
            ],
            None,
            "sender",
        ),
        ([came("ada", "d1", state="chapter", why="02 or 06")], None, "sender"),
        ([KNOWN, informed(said("account", "Canvas 1", value="ada", at=4), "eve")], "waiting", None),
        ([KNOWN, said("account", "Canvas 1", value="ada", at=5)], "waiting", None),
        ([KNOWN, given("d1", at=4)], "waiting", None),  # that was no guess
        ([KNOWN, given("d1", at=1)], "waiting", None),
        ([KNOWN, given("d1", at=4), came("ada", "d1", at=6)], "waiting", None),
        ([came("ada", "d1", state="sender"), given("d1", at=4)], "missing", "sender"),
        (
            [
                came("?x", "d1", state="unreadable"),
                given("d1", at=4),
                came("eve", "d1", state="unreadable", at=6),
            ],
            None,
            "unreadable",
        ),
        ([came("ada", "d1", state="made for"), given("d1", "", at=4)], "missing", None),
        ([UNKNOWN], None, "sender"),
        ([UNKNOWN, given("d1", at=4)], "missing", "sender"),
        ([UNKNOWN, given("d1", at=4), came("eve", "d1", at=6)], "missing", "sender"),
        ([UNKNOWN, given("d1", "", at=4)], None, "sender"),
        ([UNKNOWN, given("d1", at=6)], "waiting", None),
        ([UNKNOWN, informed(given("d1", at=6), "")], "missing", "sender"),
        (
            [UNKNOWN, given("d1", at=4), said("account", "Canvas 1", value="ada", at=6)],
            "waiting",
            None,
        ),
    ],
)
def test_whose_an_account_is_by_the_campus_system_is_held_against_what_is_known(entries, ada, eve):
    """[S27, S33, S45] Who decided did not know; points wait until they know and decide again."""
    rest = [replace(entry, body={"account": "Canvas 1"} | entry.body) for entry in entries]
    both = [ids("ada", "eve"), heard("Canvas 1", "eve"), heard("Canvas 1", "eve", at=20)]
    for student, status in (("ada", ada), ("eve", eve)):
        row, asks = found(*both, *rest, student=student)
        if student == "ada" and row and row.status == "missing":
            assert "does not count here" in row.reason and "eve" not in row.reason
            row = row if status else None
        assert (row and row.status) == status
        if status == "sender":
            (ask,) = asks
            assert ("the campus system says that Canvas 1 is eve" in ask.why) == (ask.how[5:] == (
                "decide 'Canvas 1' --student eve, or once more whose it is (or --nobody)"
            ))  # fmt: skip
            assert "by the campus system it is eve" in ask.why or "was taken for" in ask.why
    assert computed([*both, *rest]).campus == {"Canvas 1": "eve"}


def test_of_an_unknown_sender_the_campus_system_says_who_it_is():
    _, (ask,) = found(ids("eve"), UNKNOWN, heard("Canvas 1", "eve"), student="eve")
    assert ask.why == "who?; by the campus system it is eve (d1/x.ipynb)"


def test_a_file_that_cannot_be_read_is_whose_the_campus_system_says_it_is():
    odd = replace(KNOWN, body=KNOWN.body | {"state": "unreadable", "why": "empty"})
    row, _ = found(ids("ada", "eve"), odd, heard("Canvas 1", "eve"), student="eve")
    assert row.status == "unreadable"


@pytest.mark.parametrize(
    "state, students, status",
    [
        ("sender", "bob", "graded"),
        ("made for", "bob", "graded"),
        ("chapter", "bob", "chapter"),
        ("sender", "ada", "sender"),  # who is still in the class
    ],
)
def test_what_counted_of_one_who_left_goes_on_counting(state, students, status):
    """[S26] A roster without them no longer knows the sender of the same file."""
    again = came("ada", "d1", at=6, state=state)
    left = replace(ids(students), at=minute(5))
    row, _ = found(ADA, came("ada", "d1"), judged("ada", "d1", 4), left, again)
    assert (row.status, row.name) == (status, "Ada")
    back = replace(ADA, at=minute(7))
    assert stand(ADA, came("ada", "d1"), judged("ada", "d1", 4), left, again, back)[0] == status
    assert stand(ids(students), came("ada", "d1"), judged("ada", "d1", 4), again)[0] == state


def test_what_had_been_given_to_another_counts_for_the_last_to_have_it_though_both_left():
    first, then = came("ada", "d1", notes=["hers"]), came("eve", "d1", at=2, notes=["eve's"])
    seen = (first, then, judged("eve", "d1", 4))
    left = replace(ids("bob"), at=minute(5))
    entries = (ids("ada", "eve"), *seen, left, came("?x", "d1", at=6, state="sender"))
    row, _ = found(*entries, student="eve")
    assert (row.status, row.points, row.reason) == ("graded", 4, "eve's")
    doubted = replace(then, body=then.body | {"state": "made for"})
    entries = (entries[0], first, doubted, judged("ada", "d1", 4), *entries[4:])
    assert stand(*entries) == ("graded", 4), "it never counted for eve"


def test_what_counts_for_one_who_left_and_may_be_anothers_is_asked_about():
    """[S56] A roster of other ids for the same people: nobody has a 0 meanwhile."""
    left = replace(ids("eve", "zed"), at=minute(5))
    again = came("eve", "d1", at=6, state="made for")
    zero = said("zero", "eve", "02")
    both = (ADA, came("ada", "d1"), judged("ada", "d1", 4), left, again, course(DUE), zero)
    row, (first,) = found(*both, student="eve")
    assert asked(*both[:-1], student="eve") == ["made for"], "and not that they are missing"
    assert (row.status, row.points) == ("missing", None) and stand(*both) == ("graded", 4)
    assert (first.state, first.how[:11]) == ("made for", "Say: decide")
    assert first.why == "d1/x.ipynb came under this name, and counts for ada"
    assert stand(*both, given("d1", "eve"), student="eve")[0] == "waiting"
    assert stand(*both, given("d1", "ada"), student="eve") == ("missing", 0)


@pytest.mark.parametrize("system, rivals", [("Canvas", True), ("Moodle", False)])
def test_two_accounts_of_two_chapters_are_rivals_on_canvas(system, rivals):
    """Canvas calls a person the same all term, Moodle anew in each assignment."""
    two = (
        came("ada", "d1", account=f"{system} 1"),
        came("ada", "d2", account=f"{system} 2", chapter="06"),
    )
    for chapter in ("02", "06"):
        states = asked(ADA, *two, chapter=chapter)
        assert states == (["sender"] if rivals else ["waiting"])
    stray = {"state": "chapter", "why": "it came with the submissions of chapter 06"}
    for day, first in ((3, "waiting"), (1, "sender" if rivals else "waiting")):
        other = came("ada", "d3", day, account=f"{system} 2", **stray)
        assert asked(ADA, two[0], other) == sorted(["sender" if rivals else "chapter", first])
    same = replace(two[1], chapter="02")
    assert asked(ADA, two[0], same) == ["sender", "sender"], "in one chapter on either"
    bound = said("account", f"{system} 1", value="ada")
    assert asked(ADA, two[0], same, bound) == ["sender", "waiting"], "a person knows the one"
    assert asked(ADA, came("ada", "d3", 1), two[0]) == ["waiting"], "a folder has no account"


def test_who_counted_before_goes_on_counting():
    one = came("ada", "d1", 1, account="Canvas 1")
    graded = judged("ada", "d1", 4, 4)
    for day, status in ((2, "graded"), (1, "sender")):
        for account in ("Canvas 0", "Canvas 2"):
            other = came("ada", "d2", day, account=account)
            assert found(ADA, one, graded, other)[0].status == status
            assert "sender" in asked(ADA, one, graded, other)
    odd = came("ada", "d1", 1, account="Canvas 1", state="made for")
    assert asked(ADA, odd, came("ada", "d2", 2, account="Canvas 2")).count("sender") == 2
    broken = came("ada", "d2", 1, account="Canvas 2", state="unreadable")
    assert found(ADA, one, graded, broken)[0].status == "graded"
    strange = came("ada", "d2", 1, account="Canvas 2", state="sender", why="from X")
    assert [ask.why for ask in found(ADA, one, graded, strange)[1]] == ["from X (d2/x.ipynb)"]


@pytest.mark.parametrize(
    "one, others, first",
    [
        (["12:00"], [["13:01"]], True),
        (["12:00"], [["13:00"]], False),  # the files of one download have times of minutes
        (["12:00", "20:00"], [["15:00"]], True),
        (["12:00"], [["15:00"], ["12:30"]], False),
        (["12:00"], [["15:00"], ["14:00"]], True),
        (["12:00"], [[""]], False),
    ],
)
def test_whose_files_came_first(one, others, first):
    files = [
        came("ada", f"d{n}{time}", account=f"Canvas {n}", sent=time and f"2026-01-01T{time}Z")
        for n, times in enumerate((one, *others))
        for time in times
    ]
    row, asks = found(ADA, *files)
    senders = [ask for ask in asks if ask.state == "sender"]
    assert row.status == ("waiting" if first else "sender")
    assert len(senders) == len(files) - first * len(one)
    assert all(("what comes from Canvas 0 goes on" in ask.why) == first for ask in senders)


def test_an_account_whose_first_file_was_in_doubt_was_not_there_before():
    odd = came("ada", "d1", 1, account="Canvas 1", state="made for")
    fine = came("ada", "d2", 5, account="Canvas 1")
    other = came("ada", "d3", 3, account="Canvas 2")
    assert asked(ADA, odd, fine, other).count("sender") == 3
    odd = came("ada", "d1", 7, account="Canvas 1", state="made for")
    assert asked(ADA, odd, came("ada", "d2", 1, account="Canvas 1"), other).count("sender") == 1


def test_a_chapter_that_is_not_handed_out_is_put_to_a_person():
    rules = course("[chapters.06]\n")
    row, asks = found(ADA, rules, came("ada", "d1"))
    assert row.status == "chapter" and "does not hand out chapter 02" in asks[0].why
    assert stand(ADA, rules, came("ada", "d1", chapter="?"), chapter="?") == ("waiting", None)
    sent = came("ada", "d1", state="sender", why="it came from X")
    assert found(ADA, rules, sent)[0].reason == "it came from X"


@pytest.mark.parametrize("count", [2, 3])
def test_a_chapter_that_is_taken_out_is_one_line_and_not_one_for_each_student(count):
    """Tried by an instructor: among 38 of them were the two real questions."""
    rules, ids = course("[chapters.06]\n"), ["ada", "ben", "cy"][:count]
    handed = [came(id, f"d{id}") for id in ids]
    odd = came("ben", "odd", chapter="03")
    asks = computed([ADA, rules, *handed, odd]).asks
    whys = {(ask.why, ask.how) for ask in asks if ask.chapter == "02"}
    assert len(whys) == (1 if count == 3 else count)
    assert all(("write [chapters.02] there" in how) == (count == 3) for _, how in whys)
    (one,) = (ask for ask in asks if ask.chapter == "03")
    assert "(odd/x.ipynb)" in one.why and "decide" in one.how


@pytest.mark.parametrize(
    "until, day, status",
    [
        ("", 10, "waiting"),
        ("", 11, "closed"),
        ("2026-01-11T12:00Z", 11, "waiting"),
        ("2026-01-05T12:00Z", 10, "waiting"),
    ],
)
def test_a_chapter_closes_for_whom_no_extension_is_longer(until, day, status):
    rules = course("[chapters.02]\ncloses = 2026-01-10T12:00:00Z\n")
    word = [said("extend", "ada", "02", value=until)] if until else []
    row, _ = found(ADA, rules, came("ada", "d1", day), *word)
    assert (row.status, row.points) == (status, None)
    odd = came("ada", "d1", day, state="unreadable")
    assert stand(ADA, rules, odd, *word) == ("unreadable", None)
    assert ("it came after 2026-01-10T12:00" in row.reason) == (status == "closed")


def test_more_than_half_of_a_class_makes_the_rest_missing():
    two = (came("ada", "d1"), came("?x", "d2", state=""))
    assert stand(ids("ada", "bob"), *two, student="bob") is None
    assert stand(ids("ada", "bob", "eve"), *two, came("bob", "d3"), student="eve") == (
        "missing",
        None,
    )


# what counts


def test_of_files_that_cannot_count_the_newest_notebook_is_told():
    """A picture is told only where there is nothing else."""
    picture = came("ada", "d3", 3, state="other", why="it is no notebook")
    row, _ = found(ADA, picture)
    assert (row.status, row.reason, row.path) == ("unreadable", "it is no notebook", "d3/x.ipynb")
    older = came("ada", "d1", 1, state="made for", why="older")
    newer = came("ada", "d2", 2, state="unreadable", why="newer")
    row, _ = found(ADA, picture, older, newer)
    assert (row.status, row.reason, row.digest) == ("unreadable", "newer", "d2")


def test_a_grading_that_failed_takes_no_points_away():
    first = (ADA, came("ada", "d1"), judged("ada", "d1", 4, 2))
    failed = judged("ada", "d1", at=5, status="failed", reason="out of memory")
    assert stand(*first, failed) == ("graded", 6)
    row, asks = found(ADA, came("ada", "d1"), failed)
    assert (row.status, row.points, row.reason) == ("failed", None, "out of memory")
    assert [(ask.why, ask.how) for ask in asks] == [("out of memory", "Say: regrade")]
    again = judged("ada", "d1", at=6, status="failed", reason="out of time")
    assert found(ADA, came("ada", "d1"), failed, again)[0].reason == "out of time"
    assert found(*first, judged("ada", "d1", 4, 3, at=6))[0].points == 7


def test_what_was_stopped_is_earned_as_far_as_it_came():
    stopped = {"status": "stopped", "reason": "it took too long"}
    first = (ADA, came("ada", "d1"), judged("ada", "d1", 4, 2, **stopped))
    row, asks = found(*first)
    assert (row.status, row.points, row.reason, asks) == ("stopped", 6, "it took too long", [])
    assert found(*first, by_hand(7))[0].reason == "it took too long; by hand: said at 10"
    other = (came("bob", "d2"), judged("bob", "d2", 4, 2, version="v2", at=5))
    assert stand(*first, *other) == ("stale", None)
    halves = [came("ada", f"d{n}", path=f"ada/{n}.ipynb") for n in (1, 2)]
    part = judged("ada", "d1", 4, None, **stopped)
    assert found(ADA, *halves, part, judged("ada", "d2", None, 3))[0].points == 7
    late_too = (course(LATE), came("ada", "d1", 11, exact=True))
    assert stand(ADA, *late_too, judged("ada", "d1", 4, 2, **stopped)) == ("stopped", 4)


def test_a_file_that_a_grader_could_not_read_waits_for_points_by_hand():
    row, asks = found(ADA, came("ada", "d1"), judged("ada", "d1", status="unreadable", reason="so"))
    assert row.status == "unreadable" and row.points is None
    assert [(ask.why, ask.how) for ask in asks] == [("so", "Say: override ada 02 POINTS")]
    _, (ask,) = found(ADA, came("ada", "d1"))
    assert (ask.why, ask.how) == ("it is not graded yet", "Say: regrade")


def test_what_waits_may_be_the_best():
    rules = course('counts = "best"\n')
    graded = (ADA, rules, came("ada", "d1", 1), judged("ada", "d1", 4, 2))
    assert stand(*graded, came("ada", "d2", 2)) == ("waiting", None)
    full = (ADA, rules, came("ada", "d1", 1), judged("ada", "d1", 4, 4))
    assert stand(*full, came("ada", "d2", 2)) == ("graded", 8), "nothing is better than all"
    row, _ = found(*graded, came("ada", "d2", 2), by_hand(3))
    assert (row.status, row.points, row.digest) == ("by hand", 3, "d1"), "d2 has nothing to show"
    two = (ADA, rules, came("ada", "d1", 1), came("ada", "d2", 2))
    assert found(*two)[0].path == "d2/x.ipynb", "the newest that waits"
    row, _ = found(*graded, came("ada", "d2", 2), came("ada", "d3", 3))
    assert (row.status, row.path) == ("waiting", "d3/x.ipynb"), "also where one has points"
    empty = (came("ada", "d1", 12), came("ada", "d2", 13), judged("ada", "d2", None, None))
    assert stand(ADA, course('counts = "best"\n' + LATE), *empty) == ("late", None)
    assert found(*two, by_hand(3))[0].path == "d2/x.ipynb", "of what has points the newest"
    later = (came("ada", "d2", 2), judged("ada", "d2", 2, 4))
    row, _ = found(*graded, *later)
    assert (row.points, row.digest) == (6, "d2"), "of equal ones the last"
    assert row.reason == "2 attempts: the best counts"
    row, _ = found(*graded[::2], graded[3], *later)
    assert (row.digest, row.reason) == ("d2", "2 attempts: the last counts")
    row, _ = found(*graded, came("ada", "d2", 2), judged("ada", "d2", 0, 4))
    assert (row.status, row.points, row.sent[:10]) == ("graded", 6, "2026-01-01")


def moment(*points, **more):
    """Files of one moment, each in a folder of its own."""
    for place, worth in enumerate(points, 1):
        yield came("ada", f"d{place}", **more)
        yield judged("ada", f"d{place}", *worth)


def test_of_files_of_one_moment_with_equal_points_the_last_is_told():
    row, asks = found(ADA, *moment((4, 2), (2, 4), (3, 3)))
    assert (row.status, row.points, row.path, asks) == ("graded", 6, "d3/x.ipynb", [])
    copies = [came("ada", "d1", n, number=n) for n in (1, 2)]
    for counts, told in (("newest", ""), ("best", "2 attempts: the best counts")):
        row, _ = found(ADA, course(f'counts = "{counts}"\n'), *copies, judged("ada", "d1", 4, 2))
        assert (row.points, row.reason) == (6, told), "the same bytes handed in twice"
    for day in (1, 2):
        newer = came("ada", "d9", day)
        assert found(ADA, *moment((4, 2), (2, 4)), newer)[0].status == "waiting"
    turned = (came("ada", "d1", 3, number=7), came("ada", "d2", 2, number=9))  # numbers rise
    graded = (judged("ada", "d1", 4, 2), judged("ada", "d2", 2, 3))
    assert stand(ADA, *turned, *graded) == ("graded", 5), "that is no one moment"
    row, _ = found(ADA, came("ada", "d1"), came("ada", "d2"), came("ada", "d3"))
    assert (row.status, row.path) == ("waiting", "d3/x.ipynb")


def test_files_of_one_moment_with_equal_points_of_two_versions_are_stale():
    one, two = (came("ada", "d1"), judged("ada", "d1", 4, 2)), came("ada", "d2")
    assert stand(ADA, *one, two, judged("ada", "d2", 2, 4, version="v2")) == ("stale", None)
    assert stand(ADA, *one, two, judged("ada", "d2", 2, 4)) == ("graded", 6)


def test_halves_of_which_one_is_late_are_not_taken_together():
    one = (came("ada", "d1", account="Canvas 1", number=1), judged("ada", "d1", 4, None))
    for late, states in ((False, []), (True, ["which"])):
        two = came("ada", "d2", account="Canvas 1", number=2, late=late)
        assert asked(ADA, *one, two, judged("ada", "d2", None, 3)) == states


def test_files_of_one_moment_with_other_points_are_put_to_a_person():
    row, asks = found(ADA, *moment((4, 2), (2, 3), path="a/b/x.ipynb"))
    assert (row.status, row.points) == ("which", None)
    assert "2 files of one moment: x.ipynb (6 of 8), x.ipynb (5 of 8)" in asks[0].why
    assert asks[0].how.endswith("with --student ada")
    assert found(ADA, *moment((4, 2), (2, 3), (1, 1)))[0].path == "d3/x.ipynb"
    best = course('counts = "best"\n')
    assert stand(ADA, best, *moment((4, 2), (2, 3))) == ("graded", 6), "the best of them"


def test_notebooks_that_are_taken_together_are_one_row():
    halves = [came("ada", f"d{n}", path=f"ada/{n}.ipynb", notes=[f"note {n}"]) for n in (1, 2)]
    first = judged("ada", "d1", 4, None, seconds=2, sandboxed=False, reason="slow")
    row, asks = found(ADA, *halves, first, judged("ada", "d2", None, 3, seconds=3))
    assert (row.points, row.seconds, row.sandboxed, asks) == (7, 5, False, [])
    assert row.reason == "2 notebooks, taken together; note 1; slow; note 2"
    assert (row.path, row.digest) == ("ada/2.ipynb", "d2"), "the last stands for them"
    assert (row.together, row.version) == (("d1", "d2"), "v1")
    mixed = (*halves, first, judged("ada", "d2", None, 3, version="v2"))
    bobs = (came("bob", "d9"), judged("bob", "d9", 4, 3, at=1))
    for student in ("ada", "bob"):
        assert stand(ids("ada", "bob"), *mixed, *bobs, student=student) == ("stale", None)
    for half in (first, judged("ada", "d2", None, 3)):
        assert found(ADA, *halves, half)[0].status == "waiting", "a half that waits may say more"
    third = (came("ada", "d3", path="ada/3.ipynb"), judged("ada", "d3", None, None, 2))
    row, _ = found(ADA, *halves, first, judged("ada", "d2", None, 3), *third)
    assert (row.points, row.path, row.together) == (9, "ada/3.ipynb", ("d1", "d2", "d3"))
    row, _ = found(ADA, *halves, first, judged("ada", "d2", 4, 3))
    assert (row.points, row.path, row.together) == (7, "ada/2.ipynb", ()), "it says all"
    assert stand(ADA, *halves, first, judged("ada", "d2", 4, 3, version="v2"))[0] == "stale"


def test_halves_of_two_days_are_taken_together_while_a_text_waits():
    days = [came("ada", f"d{n}", n, path=f"ada/{n}.ipynb") for n in (1, 2)]
    text = {"exercise": "02-b", "points": 0, "possible": 4, "status": "to be read", "message": ""}
    asks_a = judged("ada", "d1", 4, None)
    waits = judged("ada", "d2", None)
    waits.body["results"].append(text | {"text": "because"})
    row, asks = found(ADA, *days, asks_a, waits)
    assert (row.status, row.points, row.together) == ("to be read", None, ("d1", "d2"))
    assert row.at_most == row.possible == 8
    assert [ask.how for ask in asks] == ["Fill in texts/ and export again"]
    other = judged("ada", "d1", 3, 4)
    assert stand(ADA, *days, other, judged("ada", "d2", 4, None)) == ("graded", 4), "a new version"
    late = [came("ada", f"d{n}", 9 + n, path=f"ada/{n}.ipynb", exact=True) for n in (1, 2)]
    rest = judged("ada", "d2", None, 3)
    assert stand(ADA, course(LATE), *late, asks_a, rest) == ("graded", 5), "as late as the newest"
    best, in_time = course('counts = "best"\n' + LATE), late[0]
    assert stand(ADA, best, in_time, late[1], asks_a, judged("ada", "d2", None, 4)) == ("graded", 6)
    third = (came("ada", "d3", 12, path="ada/3.ipynb", exact=True), judged("ada", "d3", None, None))
    assert stand(ADA, course(LATE), *late, asks_a, rest, *third) == ("graded", 3)
    apart = [came("ada", f"d{n}", n, path=f"ada{n}/x.ipynb") for n in (1, 2)]
    assert stand(ADA, *apart, asks_a, judged("ada", "d2", None, 3)) == ("graded", 3)
    numbered = [came("ada", f"d{n}", n, path=f"ada/{n}.ipynb", number=n) for n in (1, 2)]
    assert stand(ADA, *numbered, asks_a, judged("ada", "d2", None, 3)) == ("graded", 3)
    for mixed in ([days[0], numbered[1]], [numbered[0], days[1]]):
        assert stand(ADA, *mixed, asks_a, judged("ada", "d2", None, 3)) == ("graded", 3)
    elsewhere = (*days, asks_a, judged("ada", "d2", None, 3), came("ada", "d3", 3))
    best = (ADA, course('counts = "best"\n'), *elsewhere, judged("ada", "d3", 2, None))
    assert stand(*best) == ("graded", 7), "the two before it"
    loose = [came("ada", f"d{n}", n, path=f"{n}.ipynb") for n in (1, 2)]
    assert stand(ADA, *loose, asks_a, judged("ada", "d2", None, 3)) == ("graded", 3)
    word = said("file", handle("ada/2.ipynb", "d2"), value={"student": "ada", "chapter": ""})
    assert stand(ADA, *days, asks_a, judged("ada", "d2", None, 3), word) == ("graded", 3), "alone"
    less = judged("ada", "d2", 4, None, version="v2", at=3)
    assert stand(ADA, *days, asks_a, less) == ("graded", 4), "nothing of v1 is in it"


def test_halves_from_moodle_without_folders_lie_together():
    """There what stands before a file's own name is its folder."""
    for other, points in (("7", 7), ("8", 3)):
        two = [
            came("ada", f"d{n}", n, path=f"Ada L_{entry}_assignsubmission_file_{n}.ipynb")
            for n, entry in ((1, other), (2, "7"))
        ]
        graded = (judged("ada", "d1", 4, None), judged("ada", "d2", None, 3))
        assert stand(ADA, *two, *graded) == ("graded", points)


def test_an_empty_notebook_beside_work_in_one_folder_takes_nothing_away():
    days = [came("ada", f"d{n}", n, path=f"ada/{n}.ipynb") for n in (1, 2)]
    empty = judged("ada", "d2", None, None)
    assert stand(ADA, *days, judged("ada", "d1", 4, 2), empty) == ("graded", 6)


def test_only_if_all_halves_have_other_numbers_does_the_key_not_fit():
    halves = [came("ada", f"d{n}", path=f"ada/{n}.ipynb") for n in (1, 2)]
    others = {"redrawn": ["02-a", "02-b"]}
    first = judged("ada", "d1", 2, None, **others)
    assert stand(ADA, *halves, first, judged("ada", "d2", None, 3)) == ("graded", 5)
    last = judged("ada", "d2", None, 3, **others)
    assert stand(ADA, *halves, judged("ada", "d1", 2, None), last) == ("graded", 5)
    row, _ = found(ADA, *halves, first, last)
    assert (row.status, row.points, row.at_most) == ("numbers", None, 5)
    assert [result.rule for result in row.results] == ["", ""]
    alone = (ADA, came("ada", "d1"), first)
    assert stand(*alone, given("d1")) == ("graded", 2), "these points are to count"
    word = {"student": "ada", "chapter": "02", "digest": "another"}
    of_another = said("file", handle("d1/x.ipynb", "d1"), value=word)
    assert stand(*alone, of_another) == ("numbers", None)
    (ask,) = found(*alone)[1]
    assert ask.state == "numbers" and ask.why.startswith("no parameter cell has the numbers")
    assert "(d1/x.ipynb, 2 of 8 points by these)" in ask.why and "override ada 02 POINTS" in ask.how
    right = judged("ada", "d1", 4, None, **others)
    assert stand(ADA, came("ada", "d1"), right) == ("graded", 4), "right by the key's own numbers"


def test_what_is_wrong_by_other_numbers_than_were_handed_out_is_asked_about():
    """[I39] Right answers to those of the notebook lost their points without a word."""
    alone = (ADA, came("ada", "d1"), judged("ada", "d1", 2, 4, anew=["02-a"]))
    row, (ask,) = found(*alone)
    assert (row.status, row.points, row.at_most) == ("numbers", None, 6)
    assert [result.rule for result in row.results] == ["", "a rule"]
    assert ask.why == (
        "another version of the course drew the numbers of 02-a that ada was given (d1/x.ipynb, "
        "6 of 8 points by those of now)"
    )
    assert ask.how == (
        "Compare with notebooks/ada, and say: override ada 02 POINTS --exercise 02-a; "
        f"or if these points are to count: decide {handle('d1/x.ipynb', 'd1')} --student ada"
    )
    assert stand(*alone, given("d1")) == ("graded", 6)
    assert stand(*alone, by_hand(4, "02-a", possible=4)) == ("graded", 8)
    for points in ((4, 2), (None, 2)):
        right = judged("ada", "d1", *points, anew=["02-a"])
        assert stand(*alone[:2], right) == ("graded", sum(filter(None, points)))
    halves = [came("ada", f"d{n}", path=f"ada/{n}.ipynb") for n in (1, 2)]
    parts = judged("ada", "d1", 2, None, anew=["02-a"]), judged("ada", "d2", None, 3, anew=["02-a"])
    assert stand(ADA, *halves, *parts) == ("numbers", None)


def test_an_empty_notebook_after_work_is_a_slip_but_not_after_nothing():
    empty = (came("ada", "d2", 2), judged("ada", "d2", None, None))
    assert stand(ADA, *moment((4, 2)), *empty) == ("untouched", None)
    for before in ((None, None), (0, 0)):
        assert stand(ADA, *moment(before), *empty) == ("graded", 0)
    last = (came("ada", "d3", 3), judged("ada", "d3", None, None))
    _, (ask,) = found(ADA, *moment((4, 2)), came("ada", "d2", 2), judged("ada", "d2", 1, 1), *last)
    told = "nothing in it was attempted (d3/x.ipynb), unlike in d2/x.ipynb before it"
    assert ask.why == told, "the last with work in it"
    copies = [came("ada", "d2", n, number=n, path=f"{n}/x.ipynb") for n in (2, 3)]
    word = said("file", handle("3/x.ipynb", "d2"), value={"student": "ada", "chapter": "02"})
    assert stand(ADA, *moment((4, 2), number=1), *copies, empty[1], word) == ("graded", 0)
    opened = (came("ada", "d1"), came("ada", "d3"), *empty)
    assert stand(ADA, *opened) == ("untouched", None), "in those before there may be work"
    assert stand(ADA, *moment((4, 2)), *empty, given("d2")) == ("graded", 0)
    late = (came("ada", "d1", 12), judged("ada", "d1", None, None), came("ada", "d2", 13), empty[1])
    assert stand(ADA, course(LATE), *late) == ("late", None), "one that is late and empty too"
    two = [entry for n in "34" for entry in (came("ada", f"d{n}", 2), judged("ada", f"d{n}", None))]
    why = found(ADA, *moment((4, 2), (2, 4)), *two)[1][0].why
    assert why.startswith("nothing in it was attempted (d4/x.ipynb), unlike in d2/x.ipynb before")


@pytest.mark.parametrize("due, points", [("01-10T12", 0), ("03-01T00", None), ("03-01T01", None)])
def test_until_it_is_due_an_empty_notebook_is_no_zero_and_no_question(due, points):
    rules = course(DUE.replace("01-10T12", due))
    row, asks = found(ADA, rules, came("ada", "d1"), judged("ada", "d1", None, None))
    assert (row.status, row.points) == ("untouched" if points is None else "graded", points)
    assert asks == []
    work = (came("ada", "d0", sent="2025-12-31T12:00Z"), judged("ada", "d0", 4, 2))
    slip = (came("ada", "d1"), judged("ada", "d1", None, None))
    assert asked(ADA, rules, *work, *slip) == ["untouched"], "but in place of work"


@pytest.mark.parametrize("counts, digests", [("newest", ["d2"]), ("best", ["d1", "d2"])])
def test_only_what_may_count_is_graded_again(counts, digests):
    row, _ = found(ADA, course(f'counts = "{counts}"\n'), *full("d1", 1, 1), *full("d2", 3, 3))
    assert [file.digest for file in row.counting] == digests


# points


def test_an_exercise_by_hand_says_why_and_no_longer_what_was_wrong():
    row, _ = found(
        ADA, came("ada", "d1"), judged("ada", "d1", 1, 2), by_hand(3, "02-b", possible=4)
    )
    one, two = row.results
    assert (one.points, one.status, one.message, one.rule) == (1, "not yet", "said", "a rule")
    assert (two.points, two.status, two.message, two.rule) == (3, "by hand", "said at 10", "")


@pytest.mark.parametrize(
    "text, points, possible",
    [
        ("[points]\n02-a = 2\n", 1.5 + 2, 2 + 4),
        ("[points]\n02-a = 0\n", 2, 4),
        ("[chapters.02]\nweight = 3\n", 15, 24),
    ],
)
def test_points_and_weights_of_the_course(text, points, possible):
    row, _ = found(ADA, course(text), came("ada", "d1"), judged("ada", "d1", 3, 2))
    assert (row.points, row.possible) == (points, possible)
    assert len(row.results) == 2 - ("02-a = 0" in text), "what is worth nothing is not shown"


def test_who_was_asked_nothing_is_excused():
    graded = (ADA, came("ada", "d1"), judged("ada", "d1", 3, 2))
    drops = [said("drop", f"02-{name}", "ada") for name in "ab"]
    nothing = (ids("ada", "bob"), course(DUE), came("bob", "d1"), judged("bob", "d1", 3, 2))
    for entries in (graded, nothing):
        row, asks = found(*entries, *drops)
        assert (row.status, row.points, asks) == ("excused", None, [])
        assert row.reason == "every exercise of it is dropped"
    assert stand(*nothing, drops[0]) == ("missing", None)
    row, _ = found(*graded, drops[0], came("bob", "d2"), judged("bob", "d2", 3, 2))
    assert (row.status, row.points, row.possible) == ("graded", 2, 4)
    waiting = (ids("ada", "bob"), *nothing[1:], came("ada", "d2"), *drops)
    assert stand(*waiting) == ("waiting", None)
    assert stand(*graded, said("drop", "02-a", "bob"), said("drop", "02-b", "bob")) == ("graded", 5)


@pytest.mark.parametrize("missing", ["ask", "empty"])
def test_when_nothing_is_a_zero(missing):
    """Only by a person's word, of after the due time of that student."""
    rules = course(f'missing = "{missing}"\n' + DUE)
    row, asks = found(ADA, rules)
    for text in ("[chapters.02]\n", DUE.replace("2026", "2027")):
        assert asked(ADA, course(f'missing = "{missing}"\n{text}')) == [], "it is not due"
    assert (row.status, row.points, row.reason) == ("missing", None, "nothing was handed in")
    told = ["nothing was handed in, and the due time is over"] * (missing == "ask")
    assert [ask.why for ask in asks] == told
    zero = said("zero", "ada", "02", value=True)
    row, asks = found(ADA, rules, zero)
    assert (row.status, row.points, asks) == ("missing", 0, [])
    assert row.reason == "nothing was handed in: said at 10"
    for due, points in (
        ("2026-02-01T12:10:00+00:00", 0),  # when that was said
        ("2026-02-01T12:10:01+00:00", None),
        ("2027-01-10T12:00:00+00:00", None),
    ):
        later = course(f'missing = "{missing}"\n' + DUE.replace("2026-01-10T12:00:00Z", due))
        assert stand(ADA, later, zero) == ("missing", points), due
        extended = said("extend", "ada", "02", value=due, at=20)
        assert stand(ADA, rules, zero, extended) == ("missing", points), due
    assert stand(ADA, course(f'missing = "{missing}"\n[chapters.02]\n'), zero) == ("missing", None)
    back = said("zero", "ada", "02", value=None, at=11)
    assert stand(ADA, rules, zero, back) == ("missing", None)


def test_an_older_ledger_gives_no_zero_by_its_rule_and_its_batches():
    rules = course('missing = "zero"\n' + DUE)
    batch = Entry("batch", "", "", {"chapters": {"02": 1}, "until": "2026-01-11"}, minute(1))
    row, asks = found(ADA, rules, batch)
    assert (row.status, row.points, [ask.state for ask in asks]) == ("missing", None, ["missing"])


def test_a_file_counts_though_somebody_has_decided_a_zero():
    zero = said("zero", "ada", "02", value=True)
    assert stand(ADA, course(DUE), zero, came("ada", "d1"), judged("ada", "d1", 3, 2)) == (
        "graded",
        5,
    )


def test_a_zero_waits_while_a_file_may_be_theirs():
    rules, zero = course(DUE), said("zero", "ada", "02", value=True)
    for file, why in (
        (came("ada", "d1", chapter="?", state="unreadable"), "nobody knows the chapter"),
        (
            came("ada", "d1", chapter="06", state="chapter", why="02 or 06"),
            "may be of this chapter",
        ),
        (came("?x", "d1", state="sender"), "under this name"),
        (came("?x", "d1", chapter="?", state="unreadable"), "under this name"),
        (came("?x", "d1", state="other"), "under this name"),
        (came("?x", "d1", chapter="03", state="chapter", also=["02"]), "under this name"),
        (came("bob", "d1", chapter="06", state="sender", also=["02"]), "under this name"),
        (came("ada", "d1", chapter="06", state="made for", claim="bob", also=["02"]), "chapter"),
        (came("bob", "d1", state="sender"), "under this name"),
        (came("bob", "d1", state="made for", claim="ada"), "may be of this chapter"),
    ):
        row, asks = found(ADA, rules, zero, file)
        assert row.points is None and row.reason.endswith(why), file
        assert "missing" not in [ask.state for ask in asks], "that is decided"
    for file in (
        came("?x", "d1", chapter="06", state="sender"),
        came("?x", "d1", chapter="06", state="other"),
        came("bob", "d1", state="made for", claim="ben"),
        came("bob", "d1", state="unreadable"),
        came("bob", "d1", chapter="06", state="chapter", why="02 or 06"),
    ):
        assert stand(ADA, rules, zero, file) == ("missing", 0)


def test_points_by_hand_are_of_what_could_be_had_then():
    """The same share of what can be had now; asked about where that is another number."""
    graded = (ADA, came("ada", "d1"), judged("ada", "d1", 4, 2))
    row, asks = found(*graded, by_hand(6, possible=12))
    assert (row.status, row.points, row.possible) == ("by hand", 4, 8)
    assert [ask.state for ask in asks] == ["by hand"]
    excused = said("excuse", "ada", "02", at=11)
    assert asked(*graded, by_hand(6, possible=12), excused) == [], "they do not count"
    assert "6 points by hand were of 12, now 8 can be had: the same share, 4" in asks[0].why
    assert asked(*graded, by_hand(0, possible=12)) == [], "nothing is nothing of anything"
    assert asked(*graded, by_hand(6)) == []
    assert asked(*graded, by_hand(6), said("drop", "02-a", "", at=12)) == ["by hand"], "once"
    row, _ = found(ADA, by_hand(6, possible=12))
    assert (row.points, row.possible) == (6, 12), "nobody has been graded"
    assert stand(*graded, by_hand(3, possible=0)) == ("by hand", 3), "of nothing: as they are"
    row, asks = found(*graded, by_hand(3, "02-a", possible=12))
    assert row.points == 1 + 2 and "now 4 can be had for 02-a: the same share, 1" in asks[0].why
    assert asked(*graded, by_hand(3, "02-a", possible=12), said("excuse", "ada", "02")) == []
    for at, states in ((8, []), (10, []), (12, ["by hand"])):
        rules = course("[points]\n02-a = 0\n02-b = 0\n", at=at)
        drops = [said("drop", "02-a", "", at=8), said("drop", "02-b", "ada", at=at)]
        for dropped in ([rules], drops, [*drops, course('counts = "best"\n', at=12)]):
            assert asked(*graded, by_hand(4), *dropped) == states, "every exercise, since then"


def test_what_is_earned_without_a_grading_is_of_what_the_others_could_have():
    row, _ = found(ids("ada", "bob"), came("bob", "d1"), judged("bob", "d1", 4, 2), by_hand(4))
    assert (row.points, row.possible) == (4, 8)
    row, _ = found(ids("ada", "bob"), course(DUE), came("bob", "d1"), judged("bob", "d1", 4, 2))
    assert (row.status, row.possible) == ("missing", 8)
    both = (ids("ada", "bob"), course(DUE), came("bob", "d1"), judged("bob", "d1", 4, 2))
    row, _ = found(*both, said("zero", "ada", "02"))
    assert (row.points, row.possible) == (0, 8)
    worth = {id: spec.points for id, spec in chapter_specs("02").items()}
    first = next(iter(worth))
    for rules, words, most in (
        ("", [], sum(worth.values())),
        ("", [said("drop", first, "")], sum(worth.values()) - worth[first]),
        ("weight = 3\n", [], 3 * sum(worth.values())),
    ):
        row, _ = found(ADA, course(DUE + rules), said("zero", "ada", "02"), *words)
        assert (row.points, row.possible) == (0, most), "where nobody was graded yet"


def test_of_an_excuse_and_points_of_one_moment_the_excuse_counts():
    for entries in ((), (came("ada", "d1"), judged("ada", "d1", 4, 2))):
        assert stand(ADA, *entries, said("excuse", "ada", "02")) == ("excused", None)
    row, _ = found(ADA, by_hand(4), said("excuse", "ada", "02"))
    assert (row.status, row.points, row.reason) == ("excused", None, "excused: said at 10")
    assert stand(ADA, by_hand(4, at=11), said("excuse", "ada", "02"))[0] == "by hand"
    row, _ = found(ADA, came("ada", "d1", notes=["a note"]), judged("ada", "d1", 4, 2), by_hand(4))
    assert row.reason == "a note; by hand: said at 10"
    row, _ = found(ADA, came("ada", "d1", notes=["a note"]), by_hand(4))
    assert row.reason == "by hand: said at 10", "what waits is no reason"


# versions


def two_versions(first, second):
    return (
        ids("ada", "bob"),
        *(came("ada", "d1"), judged("ada", "d1", 4, 2, version="v1", at=first)),
        *(came("bob", "d2"), judged("bob", "d2", 4, 2, version="v2", at=second)),
    )


@pytest.mark.parametrize(
    "first, second, now, stale",
    [
        (3, 4, None, "ada"),  # the one that was graded with last is the chapter's
        (4, 3, None, "bob"),
        (3, 4, "v1", "bob"),  # but for the grader's own
        (4, 3, "v2", "ada"),
        (3, 4, "v3", "ada"),
    ],
)
def test_two_versions_are_not_mixed(first, second, now, stale):
    for student in ("ada", "bob"):
        row, asks = found(*two_versions(first, second), student=student, version=now)
        assert (row.status, row.points) == (("stale", None) if student == stale else ("graded", 6))
        assert row.stale == (student == stale or now == "v3"), "for a regrade"
        assert [(ask.state, ask.why, ask.how) for ask in asks] == [
            ("stale", "the others of this chapter were graded by another version", "Say: regrade")
        ] * (student == stale)


def test_what_is_replaced_says_nothing_of_the_newest_version():
    old = (came("ada", "d0", sent="2025-12-01T12:00Z"), judged("ada", "d0", 1, version="v0", at=9))
    assert stand(*two_versions(3, 4), *old, student="bob") == ("graded", 6)
    other = (came("ada", "e1", chapter="06"), judged("ada", "e1", 4, chapter="06", at=9))
    assert stand(*two_versions(3, 4), *other, student="bob") == ("graded", 6), "or another chapter"


def test_files_of_which_a_person_must_choose_one_make_older_versions_stale():
    graded = (came("bob", "d9"), judged("bob", "d9", 4, 2, at=3))
    one = (came("ada", "d1"), judged("ada", "d1", 4, 4, version="v2", at=5))
    two = (came("ada", "d2"), judged("ada", "d2", 4, 1))
    assert asked(ids("ada", "bob"), *graded, *one, *two) == ["which"]
    assert stand(ids("ada", "bob"), *graded, *one, *two, student="bob") == ("stale", None)


@pytest.mark.parametrize(
    "closes, how",
    [
        ("2026-02-28T23:59:59Z", "regrade --chapter 02"),
        ("2026-03-01T00:00:00Z", "regrade"),  # it is that moment now
        ("2026-03-30T12:00:00Z", "regrade"),
    ],
)
def test_a_chapter_that_is_closed_is_graded_again_by_its_number(closes, how):
    """A regrade without a number leaves closed chapters as they are."""
    closed = course(f"[chapters.02]\ncloses = {closes}\n")
    (ask,) = found(*two_versions(3, 4), closed)[1]
    assert ask.how == f"Say: {how}"


def test_a_version_of_all_stays_until_it_is_graded_again():
    graded = (ADA, came("ada", "d1"), judged("ada", "d1", 4, 2))
    for version, stale in (("v2", True), ("v1", False), (None, False)):
        row, asks = found(*graded, version=version)
        assert (row.points, row.stale, asks) == (6, stale, [])
    old = (ADA, came("ada", "d1"), judged("ada", "d1", 4, 2, version=""))
    assert found(*old, version="v2")[0].stale is False, "of before versions were kept"


# lateness


@pytest.mark.parametrize(
    "day, more, points",
    [
        (10, {}, 8),
        (11, {"exact": True}, 6),
        (12, {"exact": True}, 4),
        (12, {}, None),  # seen then, and handed in nobody knows when
        (12, {"account": "Canvas 1"}, 8),  # Canvas would have marked it
        (12, {"account": "Canvas 1", "late": True}, None),
        (11, {"account": "Canvas 1", "late": True}, 6),  # at least one day, at most one
        (12, {"account": "Moodle A 1"}, None),
        (12, {"account": "Canvas 1", "shared": True}, None),  # of which chapter is the mark?
    ],
)
def test_the_days_that_a_file_is_late(day, more, points):
    entries = (ADA, course(LATE), came("ada", "d1", day, **more), judged("ada", "d1", 4, 4))
    row, asks = found(*entries)
    assert (row.status, row.points) == ("late" if points is None else "graded", points)
    assert [ask.state for ask in asks] == ["late"] * (points is None)
    if points is None:
        assert row.at_most == (6 if "late" in more else 8)
        assert stand(*entries, said("late", "ada", "02", value=2)) == ("graded", 4)
        assert stand(*entries, said("late", "ada", "02", value=0)) == ("graded", 8)
    assert stand(*entries, said("extend", "ada", "02", value="2026-01-12T12:00Z")) == ("graded", 8)


def test_canvas_knows_nothing_of_a_grace():
    """What it marks late may be in time here."""
    rules = course(LATE.replace("[late]", "[late]\ngrace = 2"))
    file = came("ada", "d1", 11, account="Canvas 1", late=True)
    assert stand(ADA, rules, file, judged("ada", "d1", 4, 4)) == ("late", None)


def test_the_same_bytes_handed_in_again_after_the_due_time_are_late():
    """Something else had been handed in between."""
    three = [
        came("ada", d, day, number=day, exact=True) for d, day in (("d1", 8), ("d2", 9), ("d1", 12))
    ]
    assert stand(ADA, course(LATE), *three, judged("ada", "d1", 4, 4)) == ("graded", 4)


def test_days_late_by_a_persons_word_need_no_due_time():
    rules = course("[late]\nper_day = 25\n")
    file = (came("ada", "d1", 12, exact=True), judged("ada", "d1", 4, 4))
    assert stand(ADA, rules, *file) == ("graded", 8)
    assert stand(ADA, rules, *file, late(2, 5)) == ("graded", 4)


def test_canvass_mark_says_nothing_of_an_extension():
    """Canvas marks by its own due time, which nobody has moved for one student."""
    extended = said("extend", "ada", "02", value="2026-01-11T12:00Z")
    for day, state in ((11, []), (12, ["late"])):
        for late in (False, True):
            file = came("ada", "d1", day, account="Canvas 1", late=late)
            graded = judged("ada", "d1", 4, 4)
            assert asked(ADA, course(LATE), file, graded, extended) == state


def late(days, at):
    return said("late", "ada", "02", value=days, at=at)


def full(digest, day, at):
    return came("ada", digest, day, at), judged("ada", digest, 4, 4, at=at + 1)


def test_a_shown_name_answers_the_question_of_a_file_without_one():
    """Canvas leaves the names out while the grading is anonymous."""
    of = {"number": 5, "account": "Canvas 1"}
    path = "anon_x1Y2z_5_x.ipynb"
    hidden = came("?x", "d1", path=path, state="sender", why=NAMELESS, number=5)
    assert asked(ADA, hidden, student="?x") == ["sender"]
    named = (came("ada", "d1", path="ada_1_5_x.ipynb", **of), judged("ada", "d1", 4, 2))
    assert asked(ADA, hidden, *named, student="?x") == []
    assert stand(ADA, hidden, *named) == ("graded", 6)
    other = replace(hidden, body=hidden.body | {"number": 6})
    assert asked(ADA, other, *named, student="?x") == ["sender"]
    text = came("?x", "t", path="anon_x1Y2z_text.html", state="other", why="a text")
    for chapter, states in (("02", []), ("06", ["unreadable"])):  # it has no number
        same = came("bob", "t", path="bob_2_text.html", state="other", chapter=chapter)
        assert asked(ADA, text, same, student="?x") == states, "perhaps of another student"


def test_where_the_best_counts_a_word_on_lateness_is_of_the_last_to_be_handed_in():
    """Also where another one was chosen; what is known to be in time needs no word."""
    rules = course('counts = "best"\n' + LATE)
    unknown = came("ada", "d1", sent="2026-01-11T09:00Z"), judged("ada", "d1", 4, 4)
    for second, newest in (
        ({"exact": True}, "d2 0"),
        ({"account": "Canvas 1"}, "d1 0"),  # Canvas would have marked it
    ):
        row, _ = found(ADA, rules, *unknown, came("ada", "d2", 11, **second))
        assert row.newest == (newest,)
    three = [entry for n in (1, 3, 4) for entry in full(f"d{n}", 10 + n, 1)]
    chosen = knowing(given("d1", at=8), d1=1, d4=4)
    assert found(ADA, rules, *three, chosen)[0].newest == ("d4 0",)


@pytest.mark.parametrize(
    "time, state, told", [("14:00", "", False), ("14:01", "", True), ("14:01", "made for", False)]
)
def test_what_came_with_the_first_download_after_the_due_time_was_there(time, state, told):
    """The files of one download may have times of some minutes."""

    def marks(*files, words=()):
        entries = [
            came(f"s{n}", f"d{n}", account=f"Canvas {n}", sent=f"2026-01-{sent}Z", **more)
            for n, (sent, more) in enumerate(files)
        ]
        now = computed([course(LATE), *entries, *words], None, "2026-03-01T00:00:00+00:00")
        return now.marks.get("02", "")

    two = ("10T13:00", {}), (f"10T{time}", {"state": state})
    assert ("(s2): it is in time" in marks(("13T12:00", {"late": True}), *two)) == told
    spoken = [said("late", "s2", "02", value=1)]
    assert not marks(("13T12:00", {"late": True}), *two, words=spoken), "a person has said it"
    assert "(s0)" in marks(("13T12:00", {}))
    assert not marks(("13T12:00", {}), words=[said("late", "s0", "02", value=0)])
    assert not marks(*two), "where Canvas marks nothing they may all be in time"


@pytest.mark.parametrize("number, new", [(1, False), (2, True)])
def test_a_mark_of_lateness_that_went_makes_no_file_new(number, new):
    """It is in the name: the file was there in the first download, under another."""
    same = [
        came("s1", "d1", sent=f"2026-01-{sent}", number=n, path=path, late=late, account="Canvas 1")
        for sent, n, path, late in (
            ("10T13:00Z", 1, "s_LATE_1_1_x.ipynb", True),
            ("12T12:00Z", number, f"s_1_{number}_x.ipynb", False),
        )
    ]
    now = computed([course(LATE), *same], None, "2026-03-01T00:00:00+00:00")
    assert ("(s1): it is in time" in now.marks.get("02", "")) == new


def test_days_late_are_said_of_what_was_known_then():
    entries = (ADA, course(LATE), *full("d1", 12, 5))
    assert stand(*entries, late(2, 3), late(1, 4)) == ("graded", 6), "before anything came"
    assert stand(*entries, late(3, 5)) == ("graded", 2), "the moment it came"
    assert stand(*entries, late(2, 7), late(1, 8)) == ("graded", 6), "the last word"
    row, asks = found(*entries, late(2, 8), *full("d2", 13, 10))
    assert row.status == "late" and asks[0].how == "Say: late ada 02 DAYS"
    assert asks[0].why.endswith("cannot be told (late 2 was said of an earlier file)")
    row, asks = found(*entries)
    assert asks[0].why == "it is late, and by how many days cannot be told"
    waits = came("ada", "d1", 12, 5, state="made for", why="of bob")
    assert stand(ADA, course(LATE), waits, late(2, 8), *full("d2", 13, 10)) == ("late", None)


def test_of_several_attempts_each_has_its_own_days_late():
    """A word is about those that came since the word before, or corrects that."""
    entries = (ADA, course('counts = "best"\n' + LATE), *full("d1", 12, 1), *full("d2", 13, 12))
    row, _ = found(*entries, late(2, 1), late(1, 7), late(3, 15))
    assert (row.points, row.digest, row.reason[:10]) == (6, "d1", "1 day late")
    row, _ = found(*entries, late(2, 1), late(3, 15))
    assert (row.points, row.digest) == (4, "d1"), "said the moment it came"
    row, _ = found(*entries, late(2, 5), late(1, 15))
    assert (row.points, row.digest) == (6, "d2")
    row, asks = found(*entries, late(2, 5))
    assert (row.status, row.digest, len(asks)) == ("late", "d2", 1)
    assert found(*entries, late(0, 5))[0].points == 8, "nothing can be more than all"
    alone = (ADA, entries[1], came("ada", "d3", 9), judged("ada", "d3", 4, 4))
    assert stand(*alone, late(2, 5)) == ("graded", 4), "of whom else would it be said"
    in_time = (came("ada", "d3", 9, at=14), judged("ada", "d3", 2, 3))
    row, _ = found(*entries, *in_time, late(2, 5), late(3, 15))
    assert (row.points, row.digest) == (5, "d3"), "what is in time pays for no late one"


@pytest.mark.parametrize("counts", ["newest", "best"])
def test_a_word_on_lateness_is_of_the_newest_file_alone(counts):
    """[I33, I45] Its days were taken from earlier attempts too, whose own lateness was known."""
    rules = course(f'counts = "{counts}"\n' + LATE)
    known = {"account": "Canvas 1", "late": True}  # at least one day, at most one
    second = (came("ada", "d2", 11, at=3, number=2, **known), judged("ada", "d2", 4, 4))
    third = (came("ada", "d3", 14, at=5, number=3, **known), judged("ada", "d3", 4, 4))
    word = late(4, 6)
    word.body.update(newest=["d3 3"], knew={"d2 2": 1, "d3 3": 4})
    entries = (ADA, rules, *second, *third, word)
    row, asks = found(*entries)
    assert (row.points, asks) == ({"newest": 0, "best": 6}[counts], [])
    assert row.newest == ("d3 3",)
    nobody = given("d3", student="")
    assert stand(*entries, nobody) == ("graded", 6), "of the file before it, its own day"
    unknown = (came("ada", "d2", 12, at=3, number=2, **known), second[1])
    row, (ask,) = found(ADA, rules, *unknown, *third, word, nobody)
    assert row.status == "late" and ask.how == "Say: late ada 02 DAYS"
    if counts == "best":
        row, (ask,) = found(ADA, rules, *unknown, *third, word)
        assert ask.why == "it is late (d2/x.ipynb), and by how many days cannot be told"
        assert ask.how == "Say: override ada 02 POINTS (late is said of the newest file)"
        _, (ask,) = found(ADA, rules, *unknown, *third)
        assert ask.how == "Say: late ada 02 DAYS" and "(d3/x.ipynb)" in ask.why
        earlier = said("file", handle("d2/x.ipynb", "d2"), value={"student": "ada", "chapter": ""})
        assert found(ADA, rules, *unknown, *third, earlier)[0].newest == ("d3 3",)


def test_where_the_newest_counts_a_word_on_lateness_is_of_that_in_time_or_not():
    unmarked = came("ada", "d2", 13, at=3, account="Canvas 1", number=2)
    entries = (ADA, *full("d1", 12, 1), unmarked, judged("ada", "d2", 4, 4))
    assert stand(*entries, course(LATE)) == ("graded", 8)
    assert stand(*entries, course(LATE), late(2, 6)) == ("graded", 4)


def test_a_word_of_before_and_one_of_an_earlier_file_say_nothing_of_a_later_one():
    word = late(1, 4)
    word.body["newest"] = ["d2 0"]
    entries = (ADA, course(LATE), late(2, 2), *full("d2", 12, 3), word)
    assert stand(*entries) == ("graded", 6)
    assert stand(*entries, *full("d3", 14, 5)) == ("late", None)


def test_a_word_is_corrected_though_something_came_in_time_since():
    """What is in time is no late attempt, and begins no new word."""
    rules = course('counts = "best"\n' + LATE)
    entries = (ADA, rules, *full("d1", 12, 1), came("ada", "d2", 9, at=14), late(2, 5))
    graded = judged("ada", "d2", 1, 1)
    assert stand(*entries, graded) == ("graded", 4)
    assert stand(*entries, graded, late(1, 15)) == ("graded", 6)


def knowing(entry, **most):
    """With what was known to who decided: of each file, how many days late it was at most."""
    known = {f"{digest} 0": days for digest, days in most.items()}
    return replace(entry, body=entry.body | {"knew": known})


def due(day):
    return LATE.replace("2026-01-10", f"2026-01-{day}")


@pytest.mark.parametrize(
    "day, days, points, states",
    [
        (10, 2, 4, []),  # as it was said
        (10, 3, 2, []),  # by a person's word more than the folder shows
        (11, 2, 6, ["due"]),
        (11, 1, 6, ["due"]),  # one day of which due time?
        (12, 2, 8, ["due"]),
        (12, 0, 8, []),
        ("09", 2, 4, ["due"]),
        ("09", 0, 8, ["due"]),
    ],
)
def test_days_late_are_of_the_due_time_that_counts_now(day, days, points, states):
    """[I14] The due time was put off for all, and the points that were taken stayed away."""
    entries = (ADA, *full("d1", 12, 1), knowing(late(days, 5), d1=2))
    assert stand(*entries, course(due(day))) == ("graded", points)
    assert asked(*entries, course(due(day))) == states
    if states:
        how = found(*entries, course(due(day)))[1][0].how
        assert how == "Say: late ada 02 DAYS, or take it back (--withdraw)"
    better = (*full("d2", 9, 1), course('counts = "best"\n' + due(day)))
    assert asked(entries[0], entries[1], judged("ada", "d1", 1, 1), entries[3], *better) == []
    ungraded = (ADA, entries[1], entries[3], course(due(day)))
    assert asked(*ungraded) == ["waiting"], "it has no points that a word takes away"
    extended = said("extend", "ada", "02", value=f"2026-01-{day}T12:00Z", at=6)
    if day != "09":
        assert stand(*entries, course(LATE), extended) == ("graded", points)
        assert asked(*entries, course(LATE), extended) == states
    assert asked(*entries, course(due(day)), by_hand(4)) == []


def test_a_word_of_an_older_version_is_no_more_than_the_campus_system_shows():
    for more, points in (({"number": 7}, 8), ({"exact": True}, 8), ({}, 4)):
        entries = (ADA, came("ada", "d1", 12, **more), judged("ada", "d1", 4, 4), late(2, 5))
        assert stand(*entries, course(LATE)) == ("graded", 4), "what it shows"
        assert stand(*entries, course(due(12))) == ("graded", points)
        assert asked(*entries, course(due(12))) == ["due"] * (points == 8)


def test_an_extension_makes_nothing_earlier():
    """[I37] The due time of all was put off to after the end of an extension."""
    file = (came("ada", "d1", 12, exact=True), judged("ada", "d1", 4, 4))
    extended = said("extend", "ada", "02", value="2026-01-11T12:00Z")
    assert stand(ADA, course(LATE), *file, extended) == ("graded", 6)
    for day in (12, 14):
        assert stand(ADA, course(due(day)), *file, extended) == ("graded", 8)
    mark = (came("ada", "d1", 15, account="Canvas 1"), file[1], extended)
    assert stand(ADA, course(due(14)), *mark) == ("graded", 8), "Canvas knows of that due time"
    assert stand(ADA, course(LATE), *mark) == ("late", None)


def test_what_was_decided_in_ignorance_of_a_file_is_asked_about():
    """[I25] A file that another folder had seen, and a merge has brought since."""
    entries = (ADA, course(LATE), *full("d1", 12, 1), *full("d2", 13, 3), late(3, 5))
    for word in (by_hand(6, at=8), said("excuse", "ada", "02", at=8)):
        assert asked(*entries, word) == asked(*entries, knowing(word, d1=2, d2=3)) == []
        assert asked(*entries, knowing(word, d1=2)) == ["newer"]
        picture = came("ada", "p1", 14, at=4, state="unreadable", why="empty")
        assert asked(*entries, picture, knowing(word, d1=2, d2=3)) == ["unreadable"]
        assert asked(*entries, picture, knowing(word, d1=2, d2=3, p1=4)) == []
    one = by_hand(3, "02-a", at=8, possible=4)
    assert asked(*entries, knowing(one, d1=2, d2=3)) == []
    assert asked(*entries, knowing(one, d1=2)) == ["newer"]
    assert stand(*entries, knowing(late(1, 8), d1=2)) == ("graded", 2), "the word that knew it"
    assert stand(*entries[:-1], knowing(late(1, 8), d1=2)) == ("late", None)
    best = (ADA, course('counts = "best"\n' + LATE), *entries[2:-1])
    row, _ = found(*best, knowing(late(2, 5), d1=2), knowing(late(3, 6), d2=3))
    assert (row.points, row.digest) == (4, "d1")
    row, _ = found(*best, knowing(late(3, 5), d1=2), knowing(late(1, 6), d1=2, d2=3))
    assert (row.points, row.digest) == (6, "d2"), "of the one that came since"


def test_points_by_hand_for_a_file_that_does_not_count_any_more_are_asked_about():
    """[I59] "Half a way" of the newest replaced what was right in the one before it."""
    entries = (ADA, *full("d1", 1, 1), came("ada", "d2", 3, at=3), judged("ada", "d2", 1, 1))
    for word in (by_hand(2, "02-a", at=8, possible=4), by_hand(2, at=8)):
        word = knowing(word, d1=0, d2=0)
        word.body["of"] = "d2"
        assert asked(*entries, word) == []
        _, (ask,) = found(*entries, word, given("d2", student=""))
        assert ask.state == "newer" and "another file than the one that counts" in ask.why
        assert asked(*entries[:3], word) == ["newer"]
        assert asked(*entries[:3], word, said("excuse", "ada", "02", at=9)) == []
        assert asked(ADA, word) == []


def test_points_by_hand_of_one_attempt_do_not_press_on_a_better_one_unasked():
    """Tried by an instructor: given for the newest, and then the best was to count."""
    best = course('counts = "best"', at=9)
    entries = (ADA, *full("d1", 1, 1), came("ada", "d2", 3, at=3), judged("ada", "d2", 1, 1))
    for word in (by_hand(2, "02-a", at=8, possible=4), by_hand(2, at=8)):
        word = knowing(word, d1=0, d2=0)
        word.body["of"] = "d2"
        assert asked(*entries, best, word) == ["newer"]
        word.body["of"] = "d1"
        assert asked(*entries, best, word) == asked(*entries, best, word, given("d2", student=""))
        assert asked(*entries, best, word) == []
        assert asked(*entries, best, word, given("d1", student="")) == ["newer"]


def test_points_by_hand_in_place_of_an_open_attempt_are_of_it():
    """It was what a person saw, though another is shown once they have said it."""
    seen = (ADA, course('counts = "best"'), came("ada", "d1", 1), judged("ada", "d1", 4, 2))
    word = knowing(by_hand(3), d1=0, d2=0)
    word.body["of"] = "d2"
    assert found(*seen, came("ada", "d2", 2))[0].digest == "d2"
    assert asked(*seen, came("ada", "d2", 2), word) == []


def test_a_file_is_chosen_among_those_that_were_known():
    """One that a merge has brought since is newer."""
    entries = (ADA, *full("d1", 1, 1), *full("d2", 3, 2), given("d1", at=8))
    assert found(*entries)[0].digest == "d1"
    assert found(*entries[:-1], knowing(entries[-1], d1=0, d2=0))[0].digest == "d1"
    assert found(*entries[:-1], knowing(entries[-1], d1=0))[0].digest == "d2"
    both = (*entries[:-1], *full("d3", 4, 3), knowing(given("d1", at=8), d1=0))
    assert found(*both, knowing(given("d2", at=9), d1=0, d2=0))[0].digest == "d3"
    assert found(*both, knowing(given("d2", at=9), d1=0, d2=0, d3=0))[0].digest == "d2"
    assert found(*entries[:-1], given("d1", at=2))[0].digest == "d1", "known that very moment"
    assert found(*entries, *full("d3", 4, 20))[0].digest == "d3", "what came since"
    same = came("ada", "d3", 1, at=9)
    assert found(*entries, same)[0].digest == "d1", "of the same time as the chosen one"
    two = (knowing(given("d1", at=8), d1=0, d2=0), knowing(given("d2", at=10), d1=0, d2=0))
    between = came("ada", "d3", at=12, sent=minute(9))
    assert found(*entries[:-1], *two, between)[0].digest == "d3", "unknown to both"


def test_what_is_told_of_points_by_hand_is_nothing_that_was_not_done():
    """[I15] Of 6.75 points nothing had been taken off."""
    file = (came("ada", "d1", 12, exact=True), judged("ada", "d1", 4, 4), *full("d2", 9, 1))
    assert found(ADA, course(LATE), *file)[0].reason == (
        "2 days late: 4 taken off; 2 attempts: the last counts"
    )
    assert found(ADA, course(LATE), *file, by_hand(6))[0].reason == "by hand: said at 10"


def test_a_file_of_which_nobody_knows_the_time_is_in_time():
    """As those of before the ledger."""
    old = came("ada", "d1", sent="")
    assert stand(ADA, course(LATE), old, judged("ada", "d1", 4, 4)) == ("graded", 8)


def test_a_new_mark_of_lateness_is_one_question():
    for day, states in ((9, ["marked"]), (11, ["late"])):
        of = {"account": "Canvas 1", "number": 5}
        marked = came("ada", "d1", day + 1, at=5, late=True, path="LATE/x.ipynb", **of)
        seen = (came("ada", "d1", day, **of), marked)
        graded = judged("ada", "d1", 4, 4)
        assert asked(ADA, course(LATE), *seen, graded) == states
        assert asked(ADA, course(LATE), *seen, graded, late(0, 6)) == []
        assert asked(ADA, course(LATE), *seen, graded, by_hand(4)) == []
    assert asked(ADA, course(DUE), *seen, graded) == [], "lateness costs nothing"


@pytest.mark.parametrize(
    "first, then, told",
    [
        (False, True, "; Canvas marks it since a later download only"),
        (True, False, "; the newest download has no mark of lateness for it (0 is in time)"),
        (True, True, ""),
    ],
)
def test_a_late_file_whose_mark_has_changed_is_told(first, then, told):
    of = {"account": "Canvas 1", "number": 5}
    seen = [
        came("ada", "d1", day, late=late, path=f"{day}/x.ipynb", **of)
        for day, late in ((12, first), (13, then))
    ]
    row, (ask,) = found(ADA, course(LATE), *seen, judged("ada", "d1", 4, 4))
    assert row.status == "late" and ask.how == "Say: late ada 02 DAYS"
    assert ask.why == f"it is late, and by how many days cannot be told{told}"


@pytest.mark.parametrize(
    "files, told",
    [
        ([(9, False), (12, True)], ""),  # as it should be
        ([(9, True), (12, True)], "before the due time here (s0)"),
        ([(10, True)], "before the due time here (s0)"),  # of the very moment
        (
            [(12, False), (12, False)],
            "first seen more than a day after the due time (s0, s1): they",
        ),
        ([(12, False), (12, False), (11, False)], "due time (s0, s1): they are in time"),
        ([(11, False), (11, False)], ""),  # a grace of Canvas, or a download of that day
        ([(12, False)], "due time (s0): they are in time"),  # or they have another one there
        ([(12, False)] * 5, "due time (s0, s1, s2, s3, s4): they"),
        ([(12, False)] * 6, "due time (s0, s1, s2, s3, s4, ...): they"),
        ([(12, False), (12, False), (12, True)], ""),
        ([(11, True), (13, False), (9, False)], "in a download after the due time (s1): it is"),
        ([(11, False), (13, False), (13, True)], "in a download after the due time (s1): it is"),
    ],
)
def test_canvass_marks_that_do_not_fit_the_due_time_are_told(files, told):
    def marks(rules, **more):
        entries = [
            came(f"s{n}", f"d{n}", day, late=late, **{"account": f"Canvas {n}"} | more)
            for n, (day, late) in enumerate(files)
        ]
        return computed([rules, *entries], None, "2026-03-01T00:00:00+00:00").marks

    own = marks(course(LATE))
    assert list(own) == ["02"] * bool(told) and told in own.get("02", "")
    assert marks(course(DUE)) == {}, "lateness costs nothing"
    for chapters in ("", "[chapters.02]\n"):
        assert marks(course(LATE.split("[chapters")[0] + chapters)) == {}, "nothing is due"
    assert marks(course(LATE), account="Moodle") == {}, "which marks nothing"
    stray = {"state": "chapter", "why": "it came with the submissions of chapter 06"}
    assert marks(course(LATE), **stray) == {}, "of another due time"
    assert marks(course(LATE), chapter="06") == {}


EIGHT = "[chapters.08]\ndue = 2026-01-19T12:00:00Z\n"
STRAY_IN_8 = {"state": "chapter", "why": "it came with the submissions of chapter 08"}


@pytest.mark.parametrize("digest, own", [("d1", []), ("d2", ["chapter"])])
def test_where_only_another_chapters_file_came_that_is_asked_about_and_not_missing(digest, own):
    """[S19] There was no question, and yet the file kept `zero` from giving a 0.

    The same bytes as those that count for their own chapter, or others.
    """
    rules, zero = course(DUE + EIGHT), said("zero", "ada", "08")
    stray = came("ada", digest, 20, at=3, number=9, path="y/x.ipynb", **STRAY_IN_8)
    entries = (ADA, rules, *full("d1", 1, 1), stray)
    assert asked(*entries) == own
    for more in ((), (zero,)):
        assert asked(*entries, *more, chapter="08") == ["chapter"]
        assert stand(*entries, *more, chapter="08") == ("chapter", None)
    sign = handle("y/x.ipynb", digest)
    row, asks = found(*entries, zero, chapter="08")
    assert row.reason.startswith("y/x.ipynb (it came with the submissions of chapter 08)")
    assert asks[0].why == "nothing came for it but what is of chapter 02 (y/x.ipynb)"
    assert f"decide {sign} --student ada --chapter 02" in asks[0].how
    right = (came("ada", "e1", 18, at=3, chapter="08"), judged("ada", "e1", 4, chapter="08", at=4))
    assert asked(*entries, *right, chapter="08") == []
    assert asked(*entries, said("excuse", "ada", "08"), chapter="08") == []
    early = course(DUE + EIGHT.replace("01-19", "04-01"))
    assert asked(*entries, early, chapter="08") == [], "the right one may still come"
    nobody = said("file", sign, value={"student": "", "chapter": ""})
    assert stand(*entries, zero, nobody, chapter="08") == ("missing", 0)
    assert stand(*entries, zero, nobody)[0] == "graded"
    theirs = said("file", sign, value={"student": "ada", "chapter": "02"})
    assert stand(*entries, zero, theirs, chapter="08") == ("missing", 0)


@pytest.mark.parametrize("rules, word", [
    (DUE.replace("01-10", "05-01") + EIGHT, ()),
    (DUE + EIGHT, (by_hand(5),)),
])  # fmt: skip
def test_what_keeps_a_zero_is_asked_about_also_where_its_own_chapter_is_settled(rules, word):
    """That is not due yet, or has points by hand: there it needs no answer."""
    stray = came("ada", "d1", 20, at=3, number=9, **STRAY_IN_8)
    entries = (ADA, course(rules), stray, *word, said("zero", "ada", "08"))
    assert asked(*entries) == [] and asked(*entries, chapter="08") == ["chapter"]


def test_anothers_notebook_that_keeps_a_zero_is_asked_about_also_after_the_right_one():
    """Bob handed in Ada's notebook and then his own."""
    ada = came("bob", "d1", 3, state="made for", claim="ada", why="the notebook was made for 'ada'")
    rules, zero = course(DUE), said("zero", "ada", "02")
    bob = (came("bob", "d2", 4), judged("bob", "d2", 4))
    assert asked(ids("ada", "bob"), rules, ada, *bob, student="bob") == []
    assert asked(ids("ada", "bob"), rules, ada, *bob) == ["missing"]
    assert asked(ids("ada", "bob"), rules, ada, *bob, zero) == ["made for"]
    entries = (ids("ada", "bob"), rules, ada, zero)
    assert asked(*entries) == [] and asked(*entries, student="bob") == ["made for"], "once"


@pytest.mark.parametrize("path", ["lovelaceada_1_9_02_x.ipynb", "0012/02_x.ipynb"])
@pytest.mark.parametrize("first", [1, 9])
def test_a_file_that_counts_is_not_taken_away_by_another_chapters_download(path, first):
    """[S32] grade ZIP --chapter 08 of a zip file of chapter 2 took the class's points away."""
    campus = path.startswith("lovelace")
    of = {"path": path, "number": 9 * campus}
    entries = (ADA, course(DUE + EIGHT), judged("ada", "d1", 4, 4, at=2))
    seen, stray = came("ada", "d1", 3, first, **of), came("ada", "d1", 3, 5, **of, **STRAY_IN_8)
    entries = (*entries, seen, stray)
    row, asks = found(*entries)
    assert (row.status, row.points) == ("graded", 8) and row.path == path
    slip = campus and first < 5
    assert [ask.state for ask in asks] == ["chapter"] * slip
    assert stand(*entries, chapter="08")[0] == ("chapter" if slip else "missing")
    assert asked(*entries, chapter="08") == ["missing"] * (not slip), "one question"
    if slip:
        assert "here it counts as before" in asks[0].why and "--chapter 02" in asks[0].how
    again = came("ada", "d1", 3, 12, **of, right="now")
    sign = handle(path, "d1")
    theirs = said("file", sign, value={"student": "ada", "chapter": "02"})
    for more in (again, theirs):
        assert asked(*entries, more) == [] and stand(*entries, more) == ("graded", 8)
        assert stand(*entries, more, chapter="08")[0] == "missing"
    nobody = said("file", sign, value={"student": "", "chapter": ""})
    assert stand(*entries, nobody) == ("missing", None)
    newer = (came("ada", "d2", 4, 3), judged("ada", "d2", 4, 2))
    again = came("ada", "d1", 20, 12, **of | {"number": 0}, **STRAY_IN_8)
    ones = (ADA, *newer, came("ada", "d1", 3, first, **of | {"number": 0}), again)
    assert stand(*ones) == ("graded", 6)
    assert asked(*ones) == ["chapter"] * campus, "it did not come back here"
    other = came("bob", "d1", 3, 5, **of, **STRAY_IN_8)
    assert stand(*entries[:-1], other)[0] == ("missing" if first < 5 else "graded")


def test_one_sighting_with_canvass_mark_is_enough():
    mark = {"account": "Canvas 1", "late": True, "number": 5}
    plain = came("ada", "d1", 11, at=2, account="Canvas 1", number=5)
    row, _ = found(
        ADA, course(LATE), came("ada", "d1", 11, **mark), plain, judged("ada", "d1", 4, 4)
    )
    assert row.points == 6 and row.reason == "1 day late: 2 taken off"
    exact = (came("ada", "d1", 12, exact=True), came("ada", "d1", 12, at=2))
    row, _ = found(ADA, course(LATE), *exact, judged("ada", "d1", 4, 4))
    assert row.reason == "2 days late: 4 taken off"


def test_a_file_that_is_seen_again_is_as_old_as_it_was_and_whose_it_is_now():
    entries = (ADA, course(LATE), *full("d1", 12, 1), late(1, 5))
    assert stand(*entries, came("ada", "d1", 14, at=10)) == ("graded", 6)
    strange = came("?x", "d1", state="sender", why="from X")
    assert stand(ADA, strange, came("ada", "d1", at=5)) == ("waiting", None)
    assert stand(ADA, strange, came("ada", "d1", at=5), student="?x") is None
    assert stand(ADA, strange, student="?x") == ("sender", None)


# what is asked


def test_a_picture_beside_work_is_no_question():
    graded = (came("ada", "d1"), judged("ada", "d1", 4, 2))
    for day in (1, 5):
        picture = came("ada", "d2", day, state="other", why="it is no notebook")
        assert asked(ADA, *graded, picture) == []
        assert asked(ADA, picture) == ["unreadable"]
    broken = came("ada", "d2", 5, state="unreadable", why="broken")
    assert asked(ADA, *graded, broken) == ["unreadable"]
    whole = came("ada", "d3", 6)
    assert asked(ADA, broken, whole, judged("ada", "d3", 4, 2)) == [], "mended since"
    same = came("ada", "d3", 5)
    assert asked(ADA, broken, same, judged("ada", "d3", 4, 2)) == ["unreadable"], "not since"
    for path, left in (("mended/ada/x.ipynb", []), ("adalove_1_7_x.ipynb", ["unreadable"])):
        later = (came("ada", "d3", 2, at=3, path=path), judged("ada", "d3", 4, 2, at=4))
        assert asked(ADA, broken, *later) == left, "a mended one's own time tells nothing"
        best = course('counts = "best"')
        assert asked(ADA, best, *graded, broken, *later) == left
        later = (came("ada", "d3", 2, at=1, path=path), judged("ada", "d3", 4, 2, at=4))
        assert asked(ADA, broken, *later) == ["unreadable"], "known before"
    for state in ("unreadable", "other"):
        older = came("ada", "d2", 5, state=state, why="broken")
        _, asks = found(ADA, older, came("ada", "d4", 6, state=state, why="empty"))
        assert [ask.why for ask in asks] == ["empty (d4/x.ipynb)"], "of several the newest"


def test_a_file_for_another_chapter_is_no_question_once_both_have_newer_ones():
    rules = DUE + "[chapters.08]\ndue = 2026-01-19T12:00:00Z\n"
    right = (came("ada", "e1", 18, at=3, chapter="08"), judged("ada", "e1", 4, chapter="08", at=4))
    newest = (came("ada", "d1", 5, number=5), judged("ada", "d1", 4, 4))

    def states(day, rules=rules):
        odd = {"state": "chapter", "why": "it came with the submissions of chapter 08"}
        stray = came("ada", "d9", day, at=3, number=day, path="y/x.ipynb", **odd)
        return asked(ADA, course(rules), *newest, *right, stray)

    assert states(20) == ["chapter"]
    assert states(1) == []
    assert states(20, rules.replace("01-10T12", "03-01T00")) == [], "due this very moment"


def test_what_is_newer_answers_a_question_where_the_newest_counts():
    graded = (came("ada", "d1", 2), judged("ada", "d1", 4, 2))
    for counts, states in (("newest", []), ("best", ["made for"])):
        odd = came("ada", "d0", 1, state="made for", why="the notebook was made for 'bob12'")
        assert asked(ADA, course(f'counts = "{counts}"\n'), odd, *graded) == states
    alone = came("ada", "d0", state="made for")
    assert asked(ADA, course(DUE.replace("2026", "2027")), alone) == ["made for"], "due or not"
    either = came("ada", "d0", 1, state="chapter", why="02 or 06")
    assert asked(ADA, *graded, either) == ["chapter"], "newer or not"
    broken = came("ada", "d2", 5, state="unreadable", why="broken")
    parts = [came("ada", f"d{day}", day, path=f"ada/{day}.ipynb") for day in (3, 7)]
    parts += [judged("ada", "d3", 4, None), judged("ada", "d7", None, 3)]
    assert asked(ADA, *parts, broken) == [], "the newest half is newer"


def test_a_question_is_answered_by_points_by_hand_until_something_newer_comes():
    broken = came("ada", "d1", state="unreadable", why="broken", at=5)
    assert asked(ADA, broken, by_hand(4)) == []
    assert asked(ADA, broken, said("excuse", "ada", "02")) == []
    assert asked(ADA, broken, by_hand(4, at=3)) == ["unreadable"]
    assert asked(ADA, broken, said("excuse", "ada", "02", at=3), by_hand(4)) == []
    sender = came("ada", "d1", state="sender", why="from X", at=5)
    assert asked(ADA, sender, by_hand(4)) == ["sender"]
    newer = (came("ada", "d1", at=20), judged("ada", "d1", 4, 2, at=21))
    assert asked(ADA, *newer, by_hand(4)) == ["newer"]
    elsewhere = replace(came("ada", "d1"), at="2026-02-01T13:05:00+01:00")  # the same as 12:05
    assert asked(ADA, elsewhere, newer[1], by_hand(4)) == []
    for path in ("d1/x.ipynb", "elsewhere/x.ipynb"):
        first = came("ada", "d1", at=5, path=path)
        assert asked(ADA, first, *newer, by_hand(4)) == [], "it was there already"
    again = came("ada", "d1", at=20)
    assert asked(ADA, came("ada", "d1", at=5), again, newer[1], by_hand(4)) == [], "in one place"
    knew = knowing(said("excuse", "ada", "02", at=11), d1=0)
    assert asked(ADA, came("ada", "d1"), knowing(by_hand(4)), knew) == [], "the last word knew it"
    assert asked(ADA, came("ada", "d1"), given("d1", at=8), knowing(by_hand(4))) == [], "chosen"
    halves = [came("ada", f"d{n}", n, at, path=f"ada/{n}.ipynb") for n, at in ((3, 5), (7, 20))]
    halves += [judged("ada", "d3", 4, None), judged("ada", "d7", None, 3)]
    assert asked(ADA, *halves, by_hand(4)) == ["newer"], "the newest half"
    one = by_hand(1, "02-a", possible=4)
    assert asked(ADA, *newer, one) == ["newer"]
    again = [came("ada", "d1", n, at=at, number=n) for n, at in ((1, 5), (2, 20))]
    graded = judged("ada", "d1", 4, 2)
    for counts in ("newest", "best"):
        rules = course(f'counts = "{counts}"\n')
        assert asked(ADA, rules, *again, graded, one) == [], "the same bytes are nothing new"
    last = came("ada", "d2", 3, at=20, number=2), judged("ada", "d2", 4, 2)
    assert asked(ADA, again[0], *last, graded, one) == ["newer"]
    assert asked(ADA, again[0], graded, one) == []


def test_how_a_person_decides_about_a_file():
    def how(*entries, student="ada", chapter="02"):
        return found(ids("ada"), *entries, student=student, chapter=chapter)[1][0].how

    sign = handle("d1/x.ipynb", "d1")
    assert len(sign) == 8, "few enough to type"
    for account in ("", "Moodle X 1"):
        assert how(came("ada", "d1", state="made for", account=account)) == (
            f"Say: decide {sign} --student ada --chapter 02 (or --nobody)"
        )
    assert how(came("ada", "d1", state="sender")) == (
        f"Say: decide {sign} --student ID --chapter 02 (or --nobody)"
    )
    assert how(came("?x", "d1", chapter="?", state="unreadable"), student="?x", chapter="?") == (
        f"Say: decide {sign} --student ID --chapter NN (or --nobody)"
    )
    assert how(came("ada", "d1", state="sender", account="Moodle X 1")) == (
        f"Say: decide {sign} --student ID --chapter 02 (or --nobody), "
        "or for all that comes from there: decide 'Moodle X 1'"
    )
    assert how(came("?x", "d1", state="sender", why=NAMELESS), student="?x") == (
        "Switch anonymous grading off there, or post the grades, and grade a new download; or say: "
        f"decide {sign} --student ID --chapter NN"
    )
    stray = {"state": "chapter", "why": "it came with the submissions of chapter 06"}
    assert how(came("ada", "d1", **stray)).endswith(
        "or if both were asked for, grade that again with a --chapter for each"
    )
    for state in ("unreadable", "other"):
        assert how(came("ada", "d1", state=state)) == (
            "Ask for another, or grade a mended one in a folder named ada; "
            f"or say: decide {sign} --nobody"
        )


def test_a_file_that_lies_there_again_is_asked_about_once_nothing_tells_when():
    """Only where the campus system does not number, and no person has said which counts."""
    again = came("ada", "d1", 5, at=5)
    newer = (came("ada", "d2", 3), judged("ada", "d2", 4, 2))
    assert asked(ADA, came("ada", "d1", 1), *newer, again) == ["came back"]
    assert asked(ADA, came("ada", "d1", 1), *newer) == []
    assert asked(ADA, course('counts = "best"\n'), came("ada", "d1", 1), judged("ada", "d1", 1, 1),
                 *newer, again) == []  # fmt: skip
    assert asked(ADA, came("ada", "d1", 1), *newer, again, given("d2")) == []
    assert asked(ADA, *moment((4, 2), (2, 4)), again) == [], "both were of one moment"
    parts = [came("ada", f"d{day}", day, path=f"ada/{day}.ipynb") for day in (3, 7)]
    parts += [judged("ada", "d3", 4, None), judged("ada", "d7", None, 3)]
    assert asked(ADA, came("ada", "d1", 1), *parts, again) == [], "before the newest half came"
    one, two = (came("ada", "d1", day, at=day, number=7) for day in (1, 5))
    assert asked(ADA, one, came("ada", "d2", 3, number=8), newer[1], two) == []


def test_an_earlier_submission_that_is_active_again_is_asked_about_until_the_last_one_is():
    """On Gradescope students choose one; a download has the active ones only."""

    def submitted(number, at, name="x.ipynb", **more):
        path = f"submission_{number}/{name}"
        return came("ada", f"d{number}", number, at=at, number=number, path=path, **more)

    two = (submitted(1, 1), submitted(2, 2), judged("ada", "d2", 4, 2))
    assert asked(ADA, *two) == asked(ADA, *two, submitted(1, 5)) == [], "the same zip file again"
    back = submitted(1, 5, again=minute(5))
    assert asked(ADA, *two, back) == ["came back"]
    same = came("ada", "d1", 2, at=2, number=2, path="submission_2/x.ipynb")
    for before in (two[:1], two[:2]):
        now = replace(same, body=same.body | {"number": 3, "path": "submission_3/x.ipynb"})
        now.body["sent"] = submitted(3, 3).body["sent"]
        assert asked(ADA, *before, now, judged("ada", "d1", 4, 2), back) == [], "of the same bytes"
    for name in ("x.ipynb", "renamed.ipynb"):
        assert asked(ADA, *two, back, submitted(2, 7, name, again=minute(7))) == []
    assert stand(ADA, *two, back) == ("graded", 6), "meanwhile"
