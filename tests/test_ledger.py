"""The ledger: appended and never changed, and one gradebook whatever the order of work.

The gradebook is compared with a model that was written on its own, from the handbook's words.
"""

import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exercises.gradebook import Gradebook, computed
from exercises.ledger import (
    COURSE,
    DECIDED,
    GRADED,
    ROSTER,
    SEEN,
    Entry,
    GradebookError,
    Ledger,
)

ROOT = Path(__file__).resolve().parents[1]
STUDENTS, CHAPTERS, DUE, NEVER = ("ada", "bob"), ("02", "06"), 5, 99
COURSE_TEXT = """
missing = "empty"
[late]
per_day = 10
most = 30
[chapters.02]
due = 2026-01-05T12:00:00
[chapters.06]
weight = 2
"""
WORTH = {"d1": (4, 0), "d2": (0, 4), "d3": (4, 4), "p1": (2, 2), "p2": (0, 0)}


def day(number):
    return f"{date(2026, 1, 1) + timedelta(number - 1)}T12:00:00"


def entry(event):
    """An event of the test as the ledger has it."""
    kind, at, student, chapter, *more = event
    at = f"2026-02-01T12:{at:02}:00"  # local, as in an older ledger
    if kind == "see":
        digest, number, when = more
        body = {"digest": digest, "path": f"{student}/{chapter}/{digest}", "sent": day(when)}
        if number:
            body |= {"number": number, "account": f"Canvas {student}", "late": number == 3}
        return Entry(SEEN, student, chapter, body, at)
    if kind == "grade":
        digest, version = more
        results = [
            dict(exercise=f"{chapter}-{name}", points=points, possible=4, status="", message="")
            for name, points in zip("ab", WORTH[digest], strict=True)
        ]
        body = {"digest": digest, "version": version, "status": "graded", "reason": ""}
        body |= {"seconds": 1, "sandboxed": True, "results": results}
        return Entry(GRADED, student, chapter, body, at)
    word, value = more
    about = ["drop", f"{chapter}-a", ""] if word == "drop" else [word, student, chapter]
    about += [""] if word == "override" else []
    if value is not None:
        value = {"override": {"points": value, "possible": 8}, "extend": day(value or 1)}.get(
            word, value
        )
    return Entry(DECIDED, student, chapter, {"about": about, "value": value, "reason": "so"}, at)


ALWAYS = [
    Entry(ROSTER, "", "", {"students": [["ada", "Ada"], ["bob", "Bob"]]}, day(1)),
    Entry(COURSE, "", "", {"text": COURSE_TEXT}, day(1)),
]


def one_file(key, of, files, graded, told):
    """(status, points, of how many) of one file, as if it were alone."""
    digest, number = key
    if not graded.get((*of, digest)):
        return "waiting", None, 0
    marks = WORTH[digest]
    dropped = told.get(("drop", "", of[1])) is not None
    most, points = (4, marks[1]) if dropped else (8, sum(marks))
    weight = 2 if of[1] == "06" else 1
    own = DUE if of[1] == "02" else 0
    due = max(told.get(("extend", *of)) or 0, own)  # an extension makes nothing earlier
    then = max(0, files[key] - (due or NEVER))
    late = told.get(("late", *of))
    if late is not None:  # by Canvas's times a file was there after so many days
        late = min(late, then) if number and due else late
    else:
        late = then
        if number and due == own:
            late = 0 if number < 3 else late if late < 2 else None
        elif late:
            late = None
        if late is None:
            return "late", None, most * weight
    points = max(0, points - min(30, 10 * late) / 100 * most)
    return "graded", points * weight, most * weight


def model(events):
    """What the handbook promises: {(student, chapter): (status, points)}."""
    told, days, graded, known, said = {}, {}, {}, {}, {}
    for kind, at, student, chapter, *more in sorted(events, key=lambda event: event[1]):
        if kind == "see":
            known.setdefault((student, chapter), {}).setdefault(tuple(more[:2]), at)
            days.setdefault((student, chapter), {}).setdefault(tuple(more[:2]), []).append(more[2])
        elif kind == "grade":
            graded[student, chapter, more[0]] = more[1]
        else:
            told[more[0], "" if more[0] == "drop" else student, chapter] = more[1]
            said[more[0], student, chapter] = at
    rows, counting, had = {}, {}, {}
    for student in STUDENTS:
        for chapter in CHAPTERS:
            of = (student, chapter)
            first = {key: min(found) for key, found in days.get(of, {}).items()}
            files = dict(first)
            numbered = {n: when for (_, n), when in files.items() if n}
            for digest, n in files:
                if n:  # a file was there before the one that the campus system numbered next
                    files[digest, n] = min(when for m, when in numbered.items() if m >= n)
            newest = max(files, key=lambda key: (files[key], key[1], key[0]), default=None)
            status, points = "missing", None
            if newest:
                # of one moment: only Canvas's number tells them apart, or nothing does
                tied = [
                    key
                    for key in sorted(files, key=lambda key: (key[1], key[0]))
                    if files[key] == first[key] == files[newest] and (key[1] > 0) == (newest[1] > 0)
                ]
                # a word on lateness is about the files of that day, if there were any
                seen, spoken = known[of], said.get(("late", *of), 0)
                deaf = {key for key in tied if seen[key] > spoken > min(seen.values())}
                silent = {about: one for about, one in told.items() if about != ("late", *of)}
                each = [
                    one_file(key, of, files, graded, silent if key in deaf else told)
                    for key in tied
                ]
                open_ = [place for place, one in enumerate(each) if one[1] is None][-1:]
                status, points, had[of] = each[open_[0] if open_ else 0]
                counted = [tied[place] for place in open_] or tied
                counting[of] = {graded.get((*of, digest)) for digest, _ in counted}
                if not open_ and len({one[1] for one in each}) > 1:
                    status, points = "which", None
            rows[of] = status, points
    for of, (status, _) in rows.items():
        due = told.get(("extend", *of)) or (DUE if of[1] == "02" else NEVER)
        if status == "missing" and told.get(("zero", *of)) and due < NEVER:
            rows[of] = status, 0  # every decision is of a day before NEVER
        versions = {
            v for (_, chapter), found in counting.items() if chapter == of[1] for v in found
        }
        if status == "graded" and {"v1", "v2"} <= versions and counting[of] != {"v2"}:
            rows[of] = "stale", None
        by_hand, excused = (
            said[word, *of] if told.get((word, *of)) is not None else -1
            for word in ("override", "excuse")
        )
        if by_hand > excused:  # points by hand were of 8; now as many of what can be had
            most = had.get(of) or max(
                (points for other, points in had.items() if other[1] == of[1]), default=0
            )
            rows[of] = "by hand", told["override", *of] * (most or 8) / 8
        if excused > by_hand:
            rows[of] = "excused", None
    return rows


WHO = st.sampled_from([(student, chapter) for chapter in CHAPTERS for student in STUDENTS])
FILES = st.sampled_from([("d1", 1), ("d2", 2), ("d3", 3), ("d3", 3), ("p1", 0), ("p2", 0)])
GRADINGS = st.lists(st.sampled_from(["v2", "v2", "v1"]), max_size=2)
VALUES = {
    "override": st.integers(0, 8),
    "excuse": st.just(True),
    "extend": st.integers(1, 9) | st.just(NEVER),
    "zero": st.just(True),
    "late": st.integers(0, 4),
    "drop": st.just(True),
}


@st.composite
def terms(draw):
    """(events, the order in which they reach the ledger, before which of them it is killed).

    Most files are graded, some twice, some never; every event has its own time.
    """
    told = []
    for who in draw(st.lists(WHO, min_size=2, max_size=7)):
        digest, number = draw(FILES)
        told.append(("see", *who, digest, number, draw(st.integers(1, 9))))
        told += [("grade", *who, digest, version) for version in draw(GRADINGS)]
    for word in draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=4)):
        who, value = draw(WHO), draw(st.none() | VALUES[word])
        told.append(("decide", *who, word, value))
    times = draw(st.permutations(range(len(told))))
    events = [(one[0], at, *one[1:]) for at, one in zip(times, told, strict=True)]
    return events, draw(st.permutations(events)), draw(st.sets(st.integers(0, 24), max_size=4))


def rows_of(found):
    return {(row.student, row.chapter): (row.status, row.points) for row in found.rows}


def killed(path, told):
    """Die in the middle of writing an entry."""
    base = sqlite3.connect(path, isolation_level=None)
    base.execute("BEGIN IMMEDIATE")
    base.execute("INSERT INTO ledger VALUES ('half', '', 'seen', 'ada', '02', '{')")
    base.close()


def assert_model(found, events):
    for of, (status, points) in model(events).items():
        assert found[of][0] == status, of
        assert found[of][1] == (points if points is None else pytest.approx(points)), of


def assert_order_does_not_matter(term):
    events, order, _ = term
    entries = [*ALWAYS, *map(entry, order)]
    found = rows_of(computed(entries, lambda chapter: "v2", day(9)))
    assert_model(found, events)
    again = computed(reversed(entries), lambda chapter: "v2", day(9))
    assert rows_of(again) == found


@settings(max_examples=100)
@given(terms())
def test_the_gradebook_is_that_of_the_model_in_any_order(term):
    assert_order_does_not_matter(term)


@settings(max_examples=50)
@given(terms(), st.sampled_from(["", "ada_1_2_"]))
def test_a_download_for_another_chapter_takes_nothing_away(term, campus):
    """[S32] Of every file, as a wrong --chapter by a slip makes it; the paths as on Canvas or not.

    Only of the other chapter a question may be open where nothing was handed in.
    """
    entries = [*ALWAYS, *map(entry, term[1])]
    entries = [
        replace(one, body=one.body | {"path": campus + one.body["path"]}) if "path" in one.body
        else one
        for one in entries
    ]  # fmt: skip
    words = "it came with the submissions of chapter "
    why = {"02": f"{words}06", "06": f"{words}02"}
    slips = [
        replace(one, at=f"2026-02-01T13:{place:02}:00", body=one.body | stray)
        for place, one in enumerate(entries)
        if one.kind == SEEN
        for stray in [{"state": "chapter", "why": why[one.chapter]}]
    ]
    version = lambda chapter: "v2"  # noqa: E731
    before = rows_of(computed(entries, version, day(9)))
    after = rows_of(computed([*slips, *entries], version, day(9)))
    assert after == {
        of: one if after[of] == one or one[0] != "missing" or not campus else ("chapter", None)
        for of, one in before.items()
    }


@settings(max_examples=50)
@given(
    terms(),
    st.permutations(["02", "06", "02"]),
    st.sampled_from(["ada", "?ada"]),
    st.sampled_from(["unreadable", "other"]),
)
def test_a_file_that_nobody_can_read_holds_back_a_zero_in_each_chapter_it_was_seen_in(
    term, chapters, whose, state
):
    """Tried by an instructor: graded right, by a slip wrong, right again, and `zero` gave 0."""
    entries = with_zeros(term)
    unread = {"path": "x.pdf", "digest": "u1", "state": state, "why": "no notebook"}
    seen = [
        Entry(SEEN, whose, chapter, unread | {"right": place}, f"2026-02-01T13:0{place}:00")
        for place, chapter in enumerate(chapters)
    ]
    version = lambda chapter: "v2"  # noqa: E731
    before = rows_of(computed(entries, version, day(9)))
    for count in (2, 3):
        if {*chapters[:count]} < {"02", "06"}:
            continue
        after = rows_of(computed([*seen[:count], *entries], version, day(9)))
        for of, (status, points) in before.items():
            theirs = status == "missing" and (whose, of[0]) != ("ada", "bob")
            assert after[of][1] == (None if theirs else points), of


def with_zeros(term):
    """What a term's entries are once everybody who handed in nothing has 0."""
    said = (("decide", 59, who, number, "zero", True) for who in STUDENTS for number in CHAPTERS)
    return [*ALWAYS, *map(entry, [*term[1], *said])]


@settings(max_examples=100)
@given(
    terms(),
    st.sampled_from(["unreadable", "other", "sender"]),
    st.sampled_from(["02", "06", "03", "?"]),
    st.sets(st.sampled_from(["02", "06"])),
    st.booleans(),
)
def test_a_file_of_an_unknown_sender_holds_back_the_zeros_of_all_chapters_it_may_be_of(
    term, state, chapter, also, again
):
    """Tried by an instructor: a PDF did not, whose sender had another name; chapter 03 is no one's.

    What it is says nothing of whose it is. Seen once more with less said of it, it is as unknown.
    """
    entries, version = with_zeros(term), lambda chapter: "v2"
    told = {"path": "Uma_9_/x", "digest": "u1", "state": state, "why": "so"}
    more = [told | {"also": sorted(also)}] + [told | {"why": "again"}] * again
    seen = [
        Entry(SEEN, "?Uma_9_/x", chapter, body, f"2026-02-01T13:0{place}:00")
        for place, body in enumerate(more)
    ]
    before = rows_of(computed(entries, version, day(9)))
    after = rows_of(computed([*seen, *entries], version, day(9)))
    for of, (status, points) in before.items():
        theirs = status == "missing" and (of[1] in {chapter, *also} or chapter == "?")
        assert after[of][1] == (None if theirs else points), of


@pytest.mark.proof
@settings(max_examples=1000)
@given(terms())
def test_the_gradebook_is_that_of_the_model_in_a_thousand_orders(term):
    assert_order_does_not_matter(term)


def days_by_word(events):
    """File -> days late, as the handbook tells it.

    A word is about the newest file that is there, and stays with it. One that was said ahead of all
    holds for what is newest, until there is another word.
    """
    told, ahead, there = {}, {}, {}
    for place, (kind, *more) in enumerate(events):
        if kind == "file":
            there[place] = more[1]
        newest = {one for one, when in there.items() if when == max(there.values())}
        if kind == "late" and there:
            told, ahead = told | dict.fromkeys(newest, more[0]), {}
        elif kind == "late":
            ahead = {"": more[0]}
    return dict.fromkeys(newest, ahead[""]) if ahead else told


FILE = st.tuples(st.just("file"), st.integers(0, 8), st.integers(1, 9), st.booleans())
LATE = st.tuples(st.just("late"), st.integers(0, 4))


@settings(max_examples=200)
@given(st.lists(FILE | LATE, min_size=1, max_size=6).map(lambda own: [*own, ("file", 3, 4, True)]))
@example([("file", 8, 7, False), ("late", 1), ("file", 7, 9, False), ("late", 4)])
def test_the_best_is_that_of_what_each_file_is_worth_with_its_own_lateness(events):
    """Of each file: points, day, is that of hand-in? And between them days late by a word."""
    entries = [ALWAYS[0], Entry(COURSE, "", "", {"text": 'counts = "best"' + COURSE_TEXT}, day(1))]
    for place, (kind, *more) in enumerate(events):
        if kind == "late":
            body = {"about": ["late", "ada", "02"], "value": more[0], "reason": "so"}
            entries.append(Entry(DECIDED, "ada", "02", body, day(10 + place)))
            continue
        points, when, exact = more
        body = {"digest": f"d{place}", "path": f"p{place}", "sent": day(when), "exact": exact}
        entries.append(Entry(SEEN, "ada", "02", body, day(10 + place)))
        one = dict(exercise="02-a", points=points, possible=8, status=f"s{place}", message="")
        body = {"digest": f"d{place}", "version": "v2", "status": "graded", "reason": ""}
        body = body | {"seconds": 1, "sandboxed": True, "results": [one]}
        entries.append(Entry(GRADED, "ada", "02", body, day(20)))
    files = {place: more for place, (kind, *more) in enumerate(events) if kind == "file"}
    told = days_by_word(events)
    known, most = [], []
    for place, (points, when, exact) in files.items():
        days = max(0, when - DUE)
        if place in told:
            days, exact = min(told[place], days) if exact else told[place], True
        if days and not exact:
            most.append(points)
        else:
            known.append(max(0, points - min(30, 10 * days) / 100 * 8))
    expected = None if not known or max(most, default=0) > max(known) else max(known)
    row = rows_of(computed(entries, lambda chapter: "v2", day(25)))["ada", "02"]
    assert row == (("late", None) if expected is None else ("graded", pytest.approx(expected)))


@settings(max_examples=6)
@given(terms())
def test_kills_and_repetitions_change_nothing(tmp_path_factory, term):
    events, order, kills = term
    folder = tmp_path_factory.mktemp("book")
    book = Gradebook(folder, lambda chapter: "v2")
    book.append(*ALWAYS)
    for place, told in enumerate(order):
        if place in kills:
            book.close()
            killed(book.path, entry(told))
            book = Gradebook(folder, lambda chapter: "v2")
            book.append(entry(order[0]))
        book.append(entry(told))
        book.append(entry(told))
    assert len(book.ledger.entries()) == len({entry(told).id for told in order}) + len(ALWAYS)
    assert_model(rows_of(book.computed()), events)
    book.close()


def merged(folder, one, other):
    """The entries of a folder into which both have been merged, one after the other."""
    book = Gradebook(folder)
    for path in (one, other, one):
        book.merge(path)
    found = book.ledger.entries()
    book.close()
    return found


def assert_two_folders_are_one(folder, term, whose):
    """Entries that two assistants wrote on two machines, some of them both."""
    _, order, _ = term
    places = [folder / "a", folder / "b"]
    for place, name in enumerate("ab"):
        book = Gradebook(folder / name)
        book.append(*ALWAYS)
        told = [one for one, by in zip(order, whose, strict=False) if by in (place, 2)]
        # who sees a file that the other one has seen sees it at another time
        book.append(*(entry(one) for one in told if place == 0 or one[0] != "see"))
        book.append(*(entry((one[0], one[1] + 30, *one[2:])) for one in told if one[0] == "see"))
        book.close()
    both = merged(folder / "c", *places)
    assert both == merged(folder / "d", *reversed(places))
    own = [computed_from(place) for place in places]
    union = [entry for entries in own for entry in entries]
    version = lambda chapter: "v2"  # noqa: E731
    assert rows_of(computed(both, version, day(9))) == rows_of(computed(union, version, day(9)))
    assert {one.id for one in both} == {one.id for one in union}


def computed_from(folder):
    ledger = Ledger(folder / "gradebook.sqlite")
    found = ledger.entries()
    ledger.close()
    return found


@settings(max_examples=25)
@given(terms(), st.lists(st.integers(0, 2), min_size=24, max_size=24))
def test_two_folders_put_together_are_one_whichever_comes_first(tmp_path_factory, term, whose):
    assert_two_folders_are_one(tmp_path_factory.mktemp("books"), term, whose)


def assert_a_withdrawal_takes_back_what_stood_in_its_folder(folder, acts):
    """acts : (in which folder, points, or None for a withdrawal, or "merge" with the other)."""
    books = [Gradebook(folder / name) for name in "ab"]
    known, back, given = [set(), set()], [set(), set()], {}
    for place, (where, act) in enumerate(acts):
        if act == "merge":
            books[where].merge(books[1 - where].folder)
            known[where] |= known[1 - where]
            back[where] |= back[1 - where]
            continue
        if act is None:
            back[where] |= known[where]
        else:
            known[where].add(place)
            given[place] = act
        value = act if act is None else {"points": act, "possible": 8}
        with patch("exercises.ledger.now", lambda place=place: f"{day(2)[:-2]}{place:02}+00:00"):
            books[where].decide(("override", "ada", "02", ""), value, "so", "ada", "02")
    for book in books:
        book.append(*ALWAYS)
        book.close()
    both = merged(folder / "c", folder / "a", folder / "b")
    assert both == merged(folder / "d", folder / "b", folder / "a")
    left = set(given) - back[0] - back[1]
    points = rows_of(computed(both, lambda chapter: "v2", day(9))).get(("ada", "02"), (0, None))[1]
    assert points == (given[max(left)] if left else None)


ACTS = st.tuples(st.integers(0, 1), st.sampled_from([5, 6, 7, 8, None, None, "merge"]))


@settings(max_examples=25)
@given(st.lists(ACTS, max_size=7))
@example([(0, 7), (1, 8), (0, None)])
def test_a_withdrawal_takes_back_what_stood_in_its_folder(tmp_path_factory, acts):
    """Tried by an instructor: one took back their own 7, and the other's 8 was gone."""
    folder = tmp_path_factory.mktemp("books")
    assert_a_withdrawal_takes_back_what_stood_in_its_folder(folder, acts)


def test_a_withdrawal_of_an_older_version_takes_back_all_before_it():
    told = [entry(("decide", 1, "ada", "02", "override", 5))]
    told += [entry(("decide", 2, "ada", "02", "override", None))]
    assert rows_of(computed(ALWAYS + told))["ada", "02"][0] == "missing"
    told += [entry(("decide", 3, "ada", "02", "override", 6))]
    assert rows_of(computed(ALWAYS + told))["ada", "02"] == ("by hand", 6)


def test_what_is_appended_later_is_later_whatever_the_clock_says(tmp_path, monkeypatch):
    """[S84] One machine's clock, another's, and the hour that comes twice."""
    book = Gradebook(tmp_path)
    clocks = ["2026-10-25T00:30:00.000000+00:00", "2026-10-24T22:30:00.000000+00:00"]
    clocks += [clocks[0], "2026-10-25T01:30:00.000000+00:00"]
    for points, clock in enumerate(clocks):
        monkeypatch.setattr("exercises.ledger.now", lambda clock=clock: clock)
        book.decide(("late", "ada", "02"), points, "so", "ada", "02")
        book.close()
        book = Gradebook(tmp_path)
    told = [(entry.body["value"], entry.at) for entry in book.ledger.entries()]
    assert [value for value, _ in told] == [0, 1, 2, 3]
    assert [at for _, at in told] == sorted({at for _, at in told}) and told[-1][1] == clocks[-1]
    book.close()


def test_a_ledger_of_local_times_is_read_as_before(tmp_path, monkeypatch):
    """An older one, by the clock of this machine; what is appended now comes after it."""
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    book = Gradebook(tmp_path)
    about = {"about": ["late", "ada", "02"], "reason": "so"}
    old = [
        Entry(DECIDED, "ada", "02", about | {"value": value}, f"2026-11-01T{hour}:00:00")
        for value, hour in ((1, "09"), (2, "23"))
    ]
    book.append(*reversed(old))
    monkeypatch.setattr("exercises.ledger.now", lambda: "2026-11-02T00:00:00.000000+00:00")
    book.decide(("late", "ada", "02"), 3, "so", "ada", "02")
    told = book.ledger.entries()
    assert [one.body["value"] for one in told] == [1, 2, 3]
    assert told[-1].at == "2026-11-02T07:00:00.000001+00:00"
    book.close()
    monkeypatch.undo()
    time.tzset()


def test_a_full_disk_is_one_line_and_loses_nothing(tmp_path):
    """[S57]"""
    ledger = Ledger(tmp_path / "gradebook.sqlite")
    ledger.append(*ALWAYS)
    (pages,) = ledger._base.execute("PRAGMA page_count").fetchone()
    ledger._base.execute(f"PRAGMA max_page_count = {pages}")
    big = Entry(DECIDED, "ada", "02", {"about": ["x"], "value": "x" * 10**6, "reason": ""})
    with pytest.raises(GradebookError, match=r"cannot be written .*full.*: what was there is kept"):
        ledger.append(big)
    ledger._base.execute("PRAGMA max_page_count = 100000")
    assert ledger.entries() == ALWAYS and ledger.append(big) == 1
    ledger.close()


CHILD = """
import sys
from pathlib import Path
from exercises.ledger import Entry, Ledger
ledger = Ledger(Path(sys.argv[1]))
for n in range(10**6):
    ledger.append(Entry("seen", "ada", "02", {"path": str(n), "digest": str(n)}),
                  notebooks={str(n): b"x" * 5000})
    print(n, flush=True)
"""


def test_what_was_written_is_there_after_a_kill(tmp_path):
    path = tmp_path / "gradebook.sqlite"
    child = subprocess.Popen([sys.executable, "-c", CHILD, path], stdout=subprocess.PIPE, cwd=ROOT)
    for _ in range(30):
        last = int(child.stdout.readline())
    child.send_signal(signal.SIGKILL)
    child.communicate()
    ledger = Ledger(path)
    found = {one.body["digest"] for one in ledger.entries()}
    assert found == ledger.kept() and {str(n) for n in range(last + 1)} <= found
    assert ledger.notebook("7") == b"x" * 5000 and ledger.notebook("none") is None
    ledger.close()


def test_an_entry_is_never_changed_or_deleted(tmp_path):
    ledger = Ledger(tmp_path / "gradebook.sqlite")
    assert ledger.append(*ALWAYS) == 2 and ledger.append(*ALWAYS) == 0
    for order in ("UPDATE ledger SET student = 'bob'", "DELETE FROM ledger"):
        with pytest.raises(sqlite3.Error, match="only appended"):
            ledger._base.execute(order)
    assert ledger.entries() == ALWAYS
    ledger.close()
