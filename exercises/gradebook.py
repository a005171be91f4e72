"""The class's gradebook, computed from its ledger: the same ledger gives the same gradebook.

A row is one student's chapter. Its status says whether it is earned: only then it has points that
may leave as a number. Of everything else a person is told, with the command that decides it.

graded, stopped (graded as far as it came), by hand     earned
missing       nothing was handed in; earned, as 0, where a person has said so
excused       a person has said so, or every exercise of it is dropped
waiting       seen, not graded yet                      failed   the grader's own fault
unreadable    no notebook that can be read              to be read   a text waits for its points
stale         graded by another version than the rest of its chapter
numbers       no parameter cell has the numbers that this key draws for this student
late          late by nobody knows how many days
which         several files of one moment: which of them counts?
untouched     the newest file is empty, and an earlier one was not
sender, made for, chapter, closed                       whose, of which chapter, in time?
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from scalinglib.checks.kinds import NOT_ATTEMPTED, NOT_YET, TO_READ
from scalinglib.lab.sweep import write_whole

from . import chapter_specs
from .campus import defused, shown_points
from .clock import instant, later, now, shown
from .ledger import (
    CAMPUS,
    COURSE,
    DECIDED,
    GRADED,
    ROSTER,
    Entry,
    Ledger,
    in_sequence,
    standing,
)
from .roster import Student
from .rules import Rules, read_rules
from .submissions import NAMELESS, STRAY, anonymous, of_campus

BOOK = "gradebook.sqlite"
OPEN = (
    "waiting",
    "failed",
    "stale",
    "late",
    "numbers",
    "unreadable",
    TO_READ,
    "which",
    "untouched",
)
"""What a submission that counts may lack before its points do."""
_NOT_BEGUN = "nothing in it was attempted yet, and it is not due"
_NOTHING_ASKED = "every exercise of it is dropped"
_NOT_ASKED = "your course does not ask for it"
_NOT_OF_COURSE = "course.toml does not hand out chapter"
_MANY = 3  # students of whom one line speaks
_OTHER_NUMBERS = "it was judged by other numbers than those in the notebook"
_OTHER_CELLS = "its parameter cells have other numbers than those that you were given"
_FOR_ANOTHER = "a person has given points for another file than the one that counts now"
_SAYS = "the campus system says that"
"""How the reason begins, why what comes from an account waits that was taken for another's."""
_AGAIN = "Decide again, or take the decision back (--withdraw)"


@dataclass(frozen=True)
class Result:
    """One exercise of one submission."""

    exercise: str
    points: float
    possible: float
    status: str
    message: str
    rule: str = ""
    program: str = ""
    text: str = ""
    answer: str = ""  # its numbers, see judging.numbers_of
    typed: bool = False  # it just stands there, see inside.typed

    @property
    def outcome(self) -> tuple[float, str, str]:
        """What two submissions agree in, whatever the programs."""
        return self.points, self.status, self.text

    @property
    def digest(self) -> str:
        """Stands for the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Row:
    """A grading as a worker makes it: one submission's outcome."""

    student: str
    chapter: str
    status: str
    reason: str
    path: str = ""
    digest: str = ""
    spec: str = ""
    seconds: float = 0
    sandboxed: bool = True
    results: tuple[Result, ...] = ()
    redrawn: tuple[str, ...] = ()  # see inside.redrawn
    anew: tuple[str, ...] = ()  # see assign.drawn_anew

    @property
    def points(self) -> float:
        """The sum over its exercises."""
        return sum(result.points for result in self.results)


@dataclass(frozen=True)
class Handed:
    """One file that was handed in, all its sightings taken together."""

    student: str
    chapter: str
    digest: str
    path: str
    sent: str  # it was there by then
    again: str  # and seen last then
    late: bool
    exact: bool  # `sent` is when it was handed in
    number: int = 0  # the campus system's own, rising; 0 where it has none
    account: str = ""
    claim: str = ""
    state: str = ""
    why: str = ""
    notes: tuple[str, ...] = ()
    chosen: str = ""  # when a person said that it counts; lateness stays that of `sent`
    before: bool = False  # `sent` is only known from the next one
    known: str = ""  # when this class first heard of it
    after: str = ""  # the place of a chosen one, of which this is a newer attempt
    mark: str = ""  # that of lateness: "new" or "gone", where it changed
    knew: Container[str] | None = None  # the signs of what was known to who chose it
    shared: bool = False  # its mark of lateness may be of another chapter's due time
    taken: tuple[tuple[str, str], ...] = ()  # (whose it was taken for, when seen so)
    astray: str = ""  # why it may be of another chapter, though it goes on counting here
    others: tuple[str, ...] = ()  # chapters that it was graded as of too; nothing in it says which
    also: tuple[str, ...] = ()  # chapters that it may be of too; see Seen
    over: tuple[int, ...] = ()  # numbers of newer ones that its student chose it over

    @property
    def place(self) -> str:
        """Its time in the order of attempts."""
        return self.chosen or (f"{self.after}~{self.sent}" if self.after else self.sent)

    @property
    def sign(self) -> str:
        """What stands for it in decisions, in whichever download it is."""
        return f"{self.digest[:12]} {self.number}"

    @property
    def upload(self) -> tuple[str, int | str]:
        """What it is known by under another name; a text or a link on Canvas has no number."""
        return self.digest, self.number or self.chapter

    @property
    def handle(self) -> str:
        """What a person calls it by."""
        return handle(self.path, self.digest)


def handle(path: str, digest: str) -> str:
    """Eight signs for one file in one place."""
    return hashlib.sha256(f"{path}\0{digest}".encode()).hexdigest()[:8]


@dataclass(frozen=True)
class Ask:
    """Something that a person has to decide, and how."""

    student: str
    chapter: str
    state: str
    why: str
    how: str


@dataclass(frozen=True)
class Standing:
    """One student's chapter; `points` is None where nothing is earned."""

    student: str
    chapter: str
    name: str
    status: str
    reason: str = ""
    points: float | None = None
    possible: float = 0
    path: str = ""
    digest: str = ""
    version: str = ""
    stale: bool = False
    seconds: float = 0
    sandboxed: bool = True
    results: tuple[Result, ...] = ()
    counting: tuple[Handed, ...] = ()  # what must be graded for this row
    priced: frozenset[str] = frozenset()  # the digests of what its points are of
    at_most: float = math.inf  # where `points` is open
    how: str = ""  # what a person may say, where that depends on the files
    together: tuple[str, ...] = ()  # the digests of files that count together
    redrawn: tuple[str, ...] = ()  # exercises, where all had other numbers than this key draws
    anew: tuple[str, ...] = ()  # exercises that had other numbers when they were handed out
    due: str = ""  # this student's own due time
    newest: tuple[str, ...] = ()  # signs of the files that a word on lateness is said of now
    off: tuple[tuple[str, str], ...] = ()  # (exercise that does not count, why)

    @property
    def sent(self) -> str:
        """When the file that counts was there, as far as anybody knows; else ""."""
        own = (file.sent for file in self.counting if file.digest == self.digest)
        return next(own, "")

    @property
    def earned(self) -> bool:
        """May its points leave as a number?"""
        return self.points is not None


@dataclass
class Computed:
    """Rows by student and chapter, and what waits for a person."""

    rows: list[Standing]
    asks: list[Ask]
    names: dict[str, str]
    rules: Rules
    files: list[Handed] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)  # chapter -> what Canvas's marks leave open
    called: dict[str, str] = field(default_factory=dict)  # names also of those who have left
    campus: dict[str, str] = field(default_factory=dict)  # account -> id, as the campus system says


# ---- from the ledger to the rows -----------------------------------------------------------------


def computed(
    entries: Iterable[Entry],
    version_of: Callable[[str], str] | None = None,
    moment: str | None = None,
) -> Computed:
    """The gradebook of a set of entries, whatever their order.

    version_of : the grader's version of a chapter now; without it nothing is stale. moment : the
    time at which it is asked; due times compare with it.
    """
    return _Class(*in_sequence(entries), version_of, moment).all()


class _Class:
    """What one computation shares."""

    def __init__(self, entries, zone, version_of, moment):
        self.version_of: Callable[[str], str] = version_of or (lambda chapter: "")
        self.zone, self.moment = zone, instant(moment or now(), zone)
        self.names, self.rules, self.ruled_at = {}, Rules(), ""
        self.called: dict[str, str] = {}  # also who has left
        self.campus: dict[str, tuple[str, str]] = {}  # account -> (whose it is, since when)
        # all that holds, and of each the last, which counts
        self.said = {
            about: [replace(entry, at=instant(entry.at, zone)) for entry in own]
            for about, own in standing(entries).items()
        }
        self.decided = {about: own[-1] for about, own in self.said.items()}
        self.gradings, sightings = defaultdict(list), defaultdict(list)
        # what counts for one who had left, and had the name of one in that roster
        self.claimed: dict[tuple[str, str], Entry] = {}
        for told in entries:
            entry = replace(told, at=instant(told.at, zone))
            match entry.kind:
                case "roster":
                    self.names = dict(entry.body["students"])
                    self.called |= self.names
                case "campus":
                    for account, id in entry.body["accounts"].items():
                        if self.campus.get(account, ("", ""))[0] != id:
                            self.campus[account] = id, entry.at
                case "course":
                    self.rules, self.ruled_at = read_rules(entry.body["text"], kept=True), entry.at
                case "graded":
                    of = (entry.student, entry.chapter, entry.body["digest"])
                    self.gradings[of].append(entry)
                case "seen":
                    of = (entry.body["path"], entry.body["digest"], entry.body.get("number", 0))
                    sightings[of].append(self._without_leavers(entry, sightings[of]))
        self.asks: list[Ask] = []
        self.taken: dict[tuple[str, str], str] = {}
        self.files = self._settled([_joined(seen, zone) for seen in sightings.values()])
        self.places = defaultdict(list)
        for file in self.files:
            self.places[file.student, file.chapter].append(file)
        self.asked: dict[str, set[str]] = defaultdict(set)  # exercises that were graded somewhere
        for (_, chapter, _), found in self.gradings.items():
            for entry in found:
                self.asked[chapter].update(one["exercise"] for one in entry.body["results"])
        for key, seen in [*self.claimed.items()]:
            if self.value("file", handle(seen.body["path"], seen.body["digest"])) is not None:
                del self.claimed[key]
        self.waits = self._waiting()
        # (student, or "" for somebody, and the chapter) of which a file that waits may be
        self.doubtful = {*self.claimed, *self.waits} | {
            ("", chapter)
            for file in self.files
            if file.state == "sender" or file.student.startswith("?")
            for chapter in (file.chapter, *file.others, *file.also)
        }

    def _waiting(self) -> dict[tuple[str, str], Handed]:
        """(student, chapter) -> a file elsewhere that waits, and may be of these."""
        found = {}
        for file in self.files:
            if file.state == "chapter" or file.astray:
                found |= {(file.student, n): file for n in _came_to(file) if n != file.chapter}
            elif file.state == "made for":
                found[file.claim, file.chapter] = file
            for chapter in () if file.state == "sender" else (*file.others, *file.also):
                found.setdefault((file.student, chapter), file)
        return found

    def _without_leavers(self, seen: Entry, before: list[Entry]) -> Entry:
        """A sighting; where the roster of that day did not have whose the file was, it is theirs.

        That their sender is unknown then says nothing.
        """
        known = [one for one in before if not one.body.get("state")]
        if not known or seen.body.get("state") not in ("sender", "made for"):
            return seen
        whose = known[-1].student
        if whose in self.names or whose not in self.called:
            return seen
        if seen.student in self.names:
            self.claimed[seen.student, seen.chapter] = known[-1]
        body = {name: one for name, one in seen.body.items() if name not in ("state", "why")}
        return replace(seen, student=whose, body=known[-1].body | body)

    def value(self, *about):
        """What a person decided last about something; None where nobody did, or took it back."""
        entry = self.decided.get(about)
        return None if entry is None else entry.body["value"]

    def said_at(self, *about) -> str:
        """When a decision was made that holds; "" where none does."""
        return "" if self.value(*about) is None else self.decided[about].at

    def all(self) -> Computed:
        out = self._handed_out()
        keys = {*self.places, *(key for key in self.taken if key[0] in self.names)}
        keys |= {(student, chapter) for student in self.names for chapter in out}
        keys |= {about[1:3] for about in self.decided if about[0] in ("override", "excuse")}
        rows = [self._standing(student, chapter, out) for student, chapter in sorted(keys)]
        rows = self._unmixed([row for row in rows if row is not None])
        self._fill_possible(rows)
        rows = [self._with_possible(row) for row in rows]
        for row in rows:
            self._ask(row)
        for row in rows:
            self._ask_of_waiting(row)
        asks = sorted(self.asks, key=lambda ask: (ask.student, ask.chapter, ask.state, ask.how))
        found = Computed(rows, asks, self.names, self.rules, self.files, dict(self._of_marks()))
        found.called = self.called
        found.campus = {account: id for account, (id, _) in self.campus.items()}
        return found

    def _of_marks(self) -> Iterator[tuple[str, str]]:
        """What there is to tell of each chapter where Canvas's marks do not fit its due time."""
        for chapter, due in ((number, own.due) for number, own in self.rules.chapters.items()):
            if not (due and self.rules.per_day):
                continue
            files = [one for one in self.files if one.chapter == chapter and self._by_mark(one)]
            early = {file.student for file in files if file.late and file.sent <= due}
            after = [
                file
                for file in files
                if self.rules.days(file.sent, due) > 1
                and self.value("late", file.student, chapter) is None
            ]
            if early:
                yield (
                    chapter,
                    "Canvas marks files late that were there before the due time here "
                    f"({', '.join(sorted(early))}): they are in time. Is it another time there?",
                )
            elif after and not any(file.late for file in files):
                yield (
                    chapter,
                    "Canvas marks no file late, also not those first seen more than a day after "
                    f"the due time ({_some_of(after)}): they are in time. Has the assignment a due "
                    "date there?",
                )
            elif any(file.late for file in files) and (new := self._new_since(files, due)):
                yield (
                    chapter,
                    "Canvas does not mark late what was not there yet in a download after the due "
                    f"time ({_some_of(new)}): it is in time. Have they another due date there? "
                    "Else say late",
                )

    def _new_since(self, files: list[Handed], due: str) -> list[Handed]:
        """Files without a mark that a download after the due time did not have."""
        first = min(file.sent for file in files if file.sent > due)
        # a mark of lateness is in the name, so that one file may have come under two
        old = {(file.student, file.sign) for file in files if file.sent <= later(first, hours=1)}
        return [
            file
            for file in files
            if file.state == "" and not file.late
            if (file.student, file.sign) not in old
            if self._due(file.student, file.chapter) == due
            if self.value("late", file.student, file.chapter) is None
        ]

    # whose files

    def _settled(self, files: list[Handed]) -> list[Handed]:
        """The files as people have decided them; a contradiction that is left is their state."""
        settled, open_ = [], []
        named = {file.upload for file in files if not anonymous(file.path)}
        for file in files:
            if anonymous(file.path) and file.upload in named:
                continue  # the names were shown since
            entry = self.decided.get(("file", file.handle))
            value = entry.body["value"] if entry else {}
            if entry and value.get("digest", file.digest) == file.digest:
                if self._guessed(file, value["student"], entry):
                    since = self.said_at("account", file.account) > entry.at
                    doubted = (file, value["student"], entry.body["reason"])
                    open_.append(self._of_account(file) if since else self._doubted(*doubted))
                    continue
                if value["student"] != file.student and file.state != "sender":
                    self.taken[file.student, file.chapter] = entry.body["reason"]
                if value["student"]:
                    settled.append(
                        replace(
                            file,
                            student=value["student"],
                            chapter=value["chapter"] or file.chapter,
                            state=file.state if file.state in ("unreadable", "other") else "",
                            chosen="" if file.state or file.astray else entry.at,
                            astray="",
                            others=() if value["chapter"] else file.others,
                            knew=entry.body.get("knew"),
                            notes=(f"a person gave this file to {value['student']}",),
                        )
                    )
                continue
            open_.append(self._of_account(file))
        open_ = [file for file in open_ if file is not None]
        senders: dict[tuple, dict[str, list[Handed]]] = defaultdict(lambda: defaultdict(list))
        for file in open_:
            if (
                file.account
                and file.state in ("", "made for", "chapter")
                and not _other_round(file)
            ):
                senders[self._round(file)][file.account].append(file)
        first = {round: _there_before(own) for round, own in senders.items()}
        for file in open_:
            of = self._round(file)
            rivals, before = {*senders[of]} - {file.account}, first.get(of, "")
            bound = self.value("account", file.account) is not None or file.account == before
            says, _ = self.campus.get(file.account, ("", ""))  # also of two that are one person
            own = (
                not (bound or says == file.student)
                and file.state != "sender"
                and not _other_round(file)
            )
            if rivals and file.account and own:
                why = (
                    f"{file.account} and {', '.join(sorted(rivals))} both hand in as {file.student}"
                ) + (f"; what comes from {before} goes on counting" if before else "")
                file = replace(file, state="sender", why=why)
            settled.append(self._in_time(file))
        return settled

    def _guessed(self, file: Handed, owner: str, entry: Entry) -> bool:
        """Was a file of an unknown sender given to somebody before the campus told who it is?"""
        unknown = "told" in entry.body or not file.taken or entry.at < file.taken[0][1]
        return unknown and self._contradicted(file, owner, entry)

    def _contradicted(self, file: Handed, owner: str, entry: Entry | None) -> bool:
        """Does the campus system say whose an account is, and who said otherwise did not know?"""
        says, since = self.campus.get(file.account, (owner, ""))
        if says == owner or entry is None:
            return says != owner
        told = entry.body.get("told")
        return entry.at < since if told is None else told != says

    def _doubted(self, file: Handed, before: str, reason: str = "") -> Handed:
        """A file of an account that was taken for another's than the campus system says now."""
        says, _ = self.campus[file.account]
        if file.state not in ("", "sender", "made for", "chapter"):
            return replace(file, student=says)
        if file.state == "sender" and not reason:
            return replace(file, student=says, why=f"{file.why}; by the campus system it is {says}")
        why = f"{_SAYS} {file.account} is {says}, and it was taken for {before or 'nobody'}"
        why += f" ({reason})" * bool(reason)
        self.taken[before, file.chapter] = f"{_SAYS} {file.account} is somebody else"
        return replace(file, student=says, state="sender", why=why, notes=())

    def _of_account(self, file: Handed) -> Handed | None:
        about = ("account", file.account)
        owner, said = self.value(*about), self.decided.get(about)
        _, since = self.campus.get(file.account, ("", ""))
        taken = [student for student, at in file.taken if at < since]
        before = owner if owner is not None else [file.student, *taken][-1]
        if self._contradicted(file, before, said):
            return self._doubted(file, before, said.body["reason"] if said else "")
        if owner is None:
            return file
        if file.state != "sender":
            reason = self.decided["account", file.account].body["reason"]
            self.taken[file.student, file.chapter] = reason
        if not owner:
            return None
        if file.state not in ("", "sender"):
            return replace(file, student=owner)
        file = replace(file, student=owner, state="", why="", notes=())
        if file.claim and file.claim.casefold() not in (owner.casefold(), "public"):
            why = f"the notebook was made for {file.claim!r}"
            file = replace(file, state="made for", why=why)
        return file

    @staticmethod
    def _round(file: Handed):
        """Canvas calls a person the same all term, Moodle anew in each assignment."""
        return (file.student, "" if file.account.startswith("Canvas") else file.chapter)

    def _in_time(self, file: Handed) -> Handed:
        if file.state in ("sender", "chapter"):
            return file
        if (
            self.rules.chapters
            and file.chapter.isdigit()
            and file.chapter not in self.rules.chapters
        ):
            why = f"{_NOT_OF_COURSE} {file.chapter}"
            return replace(file, state="chapter", why=why)
        closes = self.rules.chapter(file.chapter).closes
        extended = self._extended(file.student, file.chapter)
        if file.state == "" and closes and file.sent > max(closes, extended):
            return replace(file, state="closed", why=f"it came after {shown(closes, self.zone)}")
        return file

    # what counts

    def _handed_out(self) -> set[str]:
        """The chapters in which who handed in nothing is missing.

        Those of course.toml; without any, those that more than half of the class has handed in, so
        that one upload for a wrong chapter makes no rows for others.
        """
        if self.rules.chapters:
            return set(self.rules.chapters)
        count = defaultdict(set)
        for file in self.files:
            if file.state == "" and file.student in self.names:
                count[file.chapter].add(file.student)
        return {chapter for chapter, who in count.items() if 2 * len(who) > len(self.names)}

    def _standing(self, student: str, chapter: str, out: set[str]) -> Standing | None:
        files, right = self.places.get((student, chapter), []), self._right(student, chapter)
        due = self._due(student, chapter)
        row = Standing(student, chapter, self.called.get(student, ""), "missing", due=due)
        if right:
            row = self._counting(right, row)
            several = f"{len(right)} attempts: the {self._which()} counts"
            by_hand = self.said_at("override", student, chapter, "")
            if by_hand or row.reason.startswith(_of_several(len(right))):
                several = ""
            reason = "; ".join(filter(None, [row.reason, several if len(right) > 1 else ""]))
            row = row if row.how else replace(row, reason=reason)
        elif files:
            worst = max(reversed(in_order(files)), key=lambda file: file.state != "other")
            status = "unreadable" if worst.state == "other" else worst.state
            row = replace(
                row, status=status, reason=worst.why, path=worst.path, digest=worst.digest
            )
        return self._by_hand(row, chapter in out)

    def _right(self, student: str, chapter: str) -> list[Handed]:
        """The attempts that may count, in order."""
        files = self.places.get((student, chapter), [])
        right = in_order([file for file in files if file.state == ""])
        return right if self.rules.counts == "best" else _without_copies(right)

    def _which(self) -> str:
        return "best" if self.rules.counts == "best" else "last"

    def _counting(self, right: list[Handed], row: Standing) -> Standing:
        """The row of what counts of these files, which are in order."""
        groups, best = moments(right), self.rules.counts == "best"
        rows = [self._of_moment(group, row) for group in groups[0 if best else -1 :]]
        by_hand = self.value("override", row.student, row.chapter, "") is not None
        halves: tuple[Handed, ...] = ()
        for at, own in enumerate(rows, len(groups) - len(rows)):
            halves = (*_beside(groups[: at + 1]), *groups[at])
            if whole := self._with_halves(halves, row, own[-1]):
                own[:] = [whole]
        every = [one for several in rows for one in several]
        found = _best_of(every, by_hand)
        counting = tuple(right) if best else halves
        priced = {file.digest for file in halves}
        if best:
            priced = {found.digest, *found.together, _best_of(every, by_hand=False).digest}
        if not best and not groups[-1][-1].chosen and _untouched(found):
            found = self._or_earlier(groups, found, row)
        if found.points is not None and row.due >= self.moment and _untouched(found):
            found = replace(found, status="untouched", points=None, reason=_NOT_BEGUN)
        newest = self._newest_of(right, row)
        return replace(found, counting=counting, priced=frozenset(priced), newest=newest)

    def _of_moment(self, group: list[Handed], row: Standing) -> list[Standing]:
        """What the files of one moment come to: one row, but where each may be the best.

        No name decides between them. They are taken together where they do not contradict each
        other.
        """
        marked = [self._marked(file, row) for file in group]
        if len({file.late for file in group}) == 1 and (whole := _together(marked)):
            return [self._priced(group[-1], whole)]
        rows = [self._priced(*pair) for pair in zip(group, marked, strict=True)]
        points = {one.points for one in rows}
        if self.rules.counts == "best":
            return rows
        if None in points:
            return [one for one in rows if one.points is None][-1:]
        if len(points) == 1:
            return [replace(rows[-1], version=_version_of(rows))]
        names = [file.path.split("/")[-1] for file in group]
        had = [
            f"{name} ({shown_points(one.points or 0)} of {shown_points(one.possible)})"
            for name, one in zip(names, rows, strict=True)
        ]
        says = [f"decide {file.handle} ({name})" for file, name in zip(group, names, strict=True)]
        why = f"{len(group)} files of one moment: {', '.join(had)}"
        how = f"Say which counts: {' or '.join(says)}, with --student {row.student}"
        row = replace(rows[-1], version=_version_of(rows))
        return [replace(row, status="which", points=None, reason=why, how=how)]

    def _with_halves(
        self, files: tuple[Handed, ...], row: Standing, newest: Standing
    ) -> Standing | None:
        """With what the newest notebook leaves out and another one in its folder has."""
        left = _left_out(newest)
        if not left or len({file.late for file in files}) > 1:
            return None
        whole = _together([self._marked(file, row) for file in files])
        if whole is None or _left_out(whole) == left:
            return None
        return self._priced(files[-1], whole)

    def _or_earlier(self, groups: list[list[Handed]], row: Standing, bare: Standing) -> Standing:
        """An untouched notebook in place of work is more often a slip than a wish."""
        for group in reversed(groups[:-1]):
            (earlier,) = self._of_moment(group, bare)
            if _untouched(earlier) or earlier.points == 0:
                continue
            newest, other = groups[-1][-1], group[-1]
            of = f"--student {row.student} --chapter {row.chapter}"
            why = f"nothing in it was attempted ({newest.path}), unlike in {other.path} before it"
            how = f"Say: decide {other.handle} {of}, or for the newest: decide {newest.handle} {of}"
            return replace(row, status="untouched", points=None, reason=why, how=how)
        return row

    def _by_hand(self, row: Standing, handed_out: bool) -> Standing:
        """With what a person decided about the whole chapter."""
        key = (row.student, row.chapter)
        excused, given_at = self.said_at("excuse", *key), self.said_at("override", *key, "")
        if excused and excused >= given_at:
            reason = f"excused: {self.decided[('excuse', *key)].body['reason']}"
            return replace(row, status="excused", points=None, reason=reason)
        if given_at:
            reason = f"by hand: {self.decided[('override', *key, '')].body['reason']}"
            known = row.reason if row.status in ("graded", "stopped") else ""
            return replace(
                row,
                status="by hand",
                reason="; ".join(filter(None, [known, reason])),
            )
        asked = self.asked[row.chapter]
        if row.status == "missing" and asked and all(self._off(row.student, one) for one in asked):
            return replace(row, status="excused", reason=_NOTHING_ASKED)
        waits = self.waits.get(key)
        if row.status == "missing" and waits and waits.state != "made for":
            why = f"{waits.path} ({_why_astray(waits)}): a file waits that may be of this chapter"
            return replace(row, status="chapter", reason=why)
        if row.status == "missing" and (handed_out or key in self.taken):
            zero = self._zero(row)
            why = "nothing was handed in"
            if zero:
                waits = self._may_be_theirs(*key)
                why = waits or f"{why}: {self.decided[('zero', *key)].body['reason']}"
                zero = not waits
            if key in self.taken:
                why = f"a file that came under this name does not count here: {self.taken[key]}"
            return replace(row, reason=why, points=0 if zero else None)
        return row

    def _zero(self, row: Standing) -> bool:
        """Has a person said, after the due time, that who handed in nothing has 0?"""
        return "" < row.due <= self.said_at("zero", row.student, row.chapter)

    def _may_be_theirs(self, student: str, chapter: str) -> str:
        """What waits for a person, and may turn out to be what a student handed in; or ""."""
        if any(file.state for file in self.places.get((student, "?"), ())):
            return "a file waits of which nobody knows the chapter"
        if (student, chapter) in self.doubtful:
            return "a file waits that may be of this chapter"
        if ("", chapter) in self.doubtful or ("", "?") in self.doubtful:
            return "nothing was handed in under this name"
        return ""

    def _due(self, student: str, chapter: str) -> str:
        """An extension makes it later, and never earlier."""
        return max(self._extended(student, chapter), self.rules.chapter(chapter).due)

    def _extended(self, student: str, chapter: str) -> str:
        return instant(self.value("extend", student, chapter), self.zone)

    def _marked(self, file: Handed, row: Standing) -> Standing:
        """The row with the results of this file alone."""
        row = replace(row, path=file.path, digest=file.digest, reason="; ".join(file.notes))
        found = self.gradings.get((row.student, row.chapter, file.digest), [])
        grading = next(
            (one.body for one in reversed(found) if one.body["status"] != "failed"),
            found[-1].body if found else None,
        )
        if grading is None:
            return replace(row, status="waiting", reason="it is not graded yet")
        reason = "; ".join(filter(None, [row.reason, grading["reason"]]))
        row = replace(
            row,
            status=grading["status"],
            reason=reason,
            version=grading["version"],
            seconds=grading["seconds"],
            sandboxed=grading["sandboxed"],
        )
        results = tuple(
            filter(None, (self._result(row, Result(**told)) for told in grading["results"]))
        )
        redrawn, anew = (tuple(grading.get(name, ())) for name in ("redrawn", "anew"))
        ids = [told["exercise"] for told in grading["results"]]
        whys = ((id, self._why_off(row.student, id)) for id in ids)
        off = tuple((id, why) for id, why in whys if why)
        if {*redrawn} - {*anew} and file.claim.casefold() != "public":  # of which the notes speak
            row = replace(row, reason="; ".join(filter(None, [row.reason, _OTHER_CELLS])))
        return replace(row, results=results, redrawn=redrawn, anew=anew, off=off)

    def _priced(self, file: Handed, row: Standing) -> Standing:
        """With the points of its results, under the rules and with the lateness of its file."""
        if row.status not in ("graded", "stopped"):
            return row
        if not row.results:  # a 0 would be a verdict on nothing
            return replace(row, status="excused", reason=_NOTHING_ASKED)
        weight = self.rules.chapter(row.chapter).weight
        possible = weight * sum(result.possible for result in row.results)
        points = weight * sum(result.points for result in row.results)
        row = replace(row, possible=possible, points=points)
        current = self.version_of(row.chapter)
        row = replace(row, stale=bool(current and row.version and row.version != current))
        if any(result.status == TO_READ for result in row.results):
            return replace(row, status=TO_READ, points=None, at_most=possible)
        if self._of_other_numbers(file, row):
            return self._asked_of_numbers(file, row, points)
        days = self._days_late(file, row)
        if days is None:
            least = self.rules.deduction(self._least_days(file)) * possible
            return replace(row, status="late", points=None, at_most=points - least)
        taken = self.rules.deduction(days) * possible
        if taken and not self.said_at("override", row.student, row.chapter, ""):
            told = f"{in_days(days)} late: {shown_points(taken)} taken off"
            reason = "; ".join(filter(None, [row.reason, told]))
            row = replace(row, points=max(0.0, points - taken), reason=reason)
        return row

    def _of_other_numbers(self, file: Handed, row: Standing) -> bool:
        """Is something wrong that may be right for the numbers in the notebook?"""
        own = self.value("file", file.handle)
        decided = own is not None and own.get("digest", file.digest) == file.digest
        return not decided and any(misjudged(row, result) for result in row.results)

    @staticmethod
    def _asked_of_numbers(file: Handed, row: Standing, points: float) -> Standing:
        """It has no points until a person decides; never more than it was found to be worth."""
        results = tuple(
            replace(result, message=_OTHER_NUMBERS, rule="") if misjudged(row, result) else result
            for result in row.results
        )
        most = f"{shown_points(points)} of {shown_points(row.possible)} points"
        why = (
            f"no parameter cell has the numbers that this key draws for {row.student} "
            f"({file.path}, {most} by these): made with another key, of another class or year, "
            "or for the public, or changed by hand"
        )
        judged = f"decide {file.handle} --student {row.student}"
        how = (
            f"Grade it with that key in another folder, and say: override {row.student} "
            f"{row.chapter} POINTS; or if these points are to count: {judged}"
        )
        wrong = [one.exercise for one in row.results if misjudged(row, one)]
        if anew := [id for id in wrong if id in row.anew]:
            why = (
                f"another version of the course drew the numbers of {', '.join(anew)} that "
                f"{row.student} was given ({file.path}, {most} by those of now)"
            )
            how = (
                f"Compare with notebooks/{row.student}, and say: override {row.student} "
                f"{row.chapter} POINTS --exercise {anew[0]}; or if these points are to count: "
                f"{judged}"
            )
        return replace(
            row,
            status="numbers",
            points=None,
            at_most=points,
            results=results,
            reason=why,
            how=how,
        )

    def _result(self, row: Standing, result: Result) -> Result | None:
        """An exercise under the class's rules; None where it does not count."""
        most = self.rules.points.get(result.exercise, result.possible)
        if self._off(row.student, result.exercise):
            return None
        scale = most / result.possible
        reading = self.value("read", row.student, result.exercise, result.digest)
        if reading is not None:
            result = replace(
                result, points=sum(reading["points"]), status="read", message=reading["message"]
            )
        result = replace(result, points=result.points * scale, possible=most)
        key = ("override", row.student, row.chapter, result.exercise)
        if (given := self.value(*key)) is not None:
            why = self.decided[key].body["reason"]
            points = _share(given, most)
            result = replace(result, points=points, status="by hand", message=why, rule="")
        return result

    def _off(self, student: str, exercise: str) -> bool:
        return bool(self._why_off(student, exercise))

    def _why_off(self, student: str, exercise: str) -> str:
        """Why an exercise does not count, by the rules or a person's word; "" where it does."""
        for about in (("drop", exercise, student), ("drop", exercise, "")):
            if self.value(*about) is not None:
                return self.decided[about].body["reason"] or "a person has said so"
        return _NOT_ASKED if self.rules.points.get(exercise) == 0 else ""

    def _days_late(self, file: Handed, row: Standing) -> int | None:
        """Days late by a person's word or by what is known; None where nobody can tell."""
        word = self._late_by_word(file, row)
        if word is None:
            return self._own_days(file, row)
        days = word.body["value"]
        return min(days, self._most_days(file, row)) if self._outdated(word, file, row) else days

    def _most_days(self, file: Handed, row: Standing) -> int:
        """Days begun when a file was first seen."""
        return self.rules.days(file.sent, row.due) if row.due and file.sent else 0

    def _outdated(self, word: Entry, file: Handed, row: Standing) -> bool:
        """Was a word on lateness said when another due time or download counted?

        One of an older version was, where the campus system's time shows fewer days.
        """
        most = self._most_days(file, row)
        if "knew" in word.body:
            then = word.body["knew"].get(file.sign, most)
            return most > then or (most < then and word.body["value"] > 0)
        return bool(row.due and (file.exact or file.number)) and word.body["value"] > most

    @staticmethod
    def _knew(entry: Entry, file: Handed) -> bool:
        """Did who decided know of a file? Of those that a merge has brought, they did not."""
        knew = entry.body.get("knew")
        told = knew is None or file.sign in knew or bool(file.chosen)
        return told and file.known <= entry.at

    @staticmethod
    def _of_another(word: Entry, row: Standing) -> bool:
        """Were points by hand given for a file that does not count any more?"""
        of = word.body.get("of")
        return bool(of and row.priced) and of not in row.priced

    def _late_by_word(self, file: Handed, row: Standing) -> Entry | None:
        """What a person has said of the lateness of a file; None where nobody has.

        A word is about what was newest when it was said, and about what is newest now where nothing
        had come.
        """
        told = [
            (word, word.body.get("newest") or self._newest_then(word, row))
            for word in self.said.get(("late", row.student, row.chapter), [])
        ]
        words = [word for word, newest in told if file.sign in newest]
        places = self.places[row.student, row.chapter]
        if not any(new or any(self._knew(word, one) for one in places) for word, new in told):
            right = self._right(row.student, row.chapter)
            words = [word for word, _ in told if file.sign in self._newest_of(right, row)]
        return words[-1] if words else None

    def _newest_then(self, word: Entry, row: Standing) -> tuple[str, ...]:
        """Of a word of an older version: of which of today's files it was said."""
        right = self._right(row.student, row.chapter)
        return self._newest_of([file for file in right if self._knew(word, file)], row)

    def _newest_of(self, right: list[Handed], row: Standing) -> tuple[str, ...]:
        """The signs of the files of which a person speaks who says `late`.

        Where each attempt may count, it is the last to be handed in that is not known to be in
        time.
        """
        if self.rules.counts == "best":
            late = [file for file in right if self._own_days(file, row) != 0]
            right = in_order([replace(file, chosen="", after="") for file in late or right])
        return tuple(file.sign for group in moments(right)[-1:] for file in group)

    def _own_days(self, file: Handed, row: Standing) -> int | None:
        """Days begun after the due time; None where it cannot be told and matters.

        A file was handed in before it was seen. Canvas marks what is late by its own due time;
        Gradescope, and Moodle as a rule, have the time itself.
        """
        most = self._most_days(file, row) if self.rules.per_day else 0
        if not most or file.exact:
            return most
        if self._by_mark(file) and row.due == self.rules.chapter(row.chapter).due:
            least = self._least_days(file)
            told = most == least and not file.mark
            return 0 if not file.late else most if told else None
        return None

    @staticmethod
    def _by_mark(file: Handed) -> bool:
        """Is it Canvas's mark that tells whether a file is late?"""
        marked = not (file.shared or _stray(file))  # else it is of another due time
        return file.account.startswith("Canvas") and marked

    def _least_days(self, file: Handed) -> int:
        """Canvas marks what is late, and knows nothing of a grace."""
        return int(file.late and not self.rules.grace)

    def _unmixed(self, rows: list[Standing]) -> list[Standing]:
        """Where the rows of a chapter come from several versions, the old ones have no points."""
        versions = defaultdict(set)
        for row in rows:
            if row.results:
                versions[row.chapter].update(row.version.split("+"))
        newest = {chapter: self._newest(chapter, found) for chapter, found in versions.items()}
        return [
            replace(row, status="stale", points=None, stale=True)
            if row.status in ("graded", "stopped") and row.version != newest[row.chapter]
            else row
            for row in rows
        ]

    def _newest(self, chapter: str, versions: set[str]) -> str:
        current = self.version_of(chapter)
        if current in versions:
            return current
        dated = [
            (entry.at, entry.body["version"])
            for (_, of, _), found in self.gradings.items()
            for entry in found
            if of == chapter and entry.body["version"] in versions
        ]
        _, newest = max(dated)
        return newest

    def _fill_possible(self, rows: list[Standing]) -> None:
        """A row that is earned without a grading has the points that the others could have."""
        most: dict[str, float] = {}
        for row in rows:
            most[row.chapter] = max(most.get(row.chapter, 0), row.possible)
        for place, row in enumerate(rows):
            if not row.possible:
                possible = most[row.chapter]
                if row.earned and not possible:
                    possible = self._worth(row)  # a 0 where nothing was graded yet
                rows[place] = replace(row, possible=possible)

    def _worth(self, row: Standing) -> float:
        """What can be had in a chapter by its exercises."""
        specs, points = chapter_specs(row.chapter), self.rules.points
        counting = (id for id in specs if not self._off(row.student, id))
        weight = self.rules.chapter(row.chapter).weight
        return weight * sum(points.get(id, specs[id].points) for id in counting)

    def _with_possible(self, row: Standing) -> Standing:
        """Points by hand of which nobody has been graded are of what could be had then."""
        if row.status != "by hand":
            return row
        given = self.decided["override", row.student, row.chapter, ""].body["value"]
        possible = row.possible or given["possible"]
        return replace(row, possible=possible, points=_share(given, possible))

    # what waits for a person

    def _ask(self, row: Standing) -> None:
        key = (row.student, row.chapter)
        holds = [
            about for about in (("override", *key, ""), ("excuse", *key)) if self.said_at(*about)
        ]
        words = sorted((self.decided[about] for about in holds), key=lambda entry: entry.at)
        settled = words[-1].at if words else ""
        counted = row.counting[-1] if row.counting else None
        files = self.places.get(key, [])
        for file in files:
            if file.state == "":
                self._ask_back(row, file)
                self._ask_of_stray(row, file)
            elif file.state == "sender" or (
                (file.known >= settled or not self._knew(words[-1], file))
                and not _put_right(file, files, row.counting, self.rules.counts == "best")
                and not (_stray(file) and row.due >= self.moment)  # the right one may still come
            ):
                state = "unreadable" if file.state == "other" else file.state
                self._tell(row, state, *self._asked_of(file, row))
        self._ask_of_points(row)
        if (
            counted
            and counted.mark == "new"
            and self.rules.per_day
            and not settled
            and self._own_days(counted, row) == 0
            and self._late_by_word(counted, row) is None
        ):
            why = f"Canvas marks {counted.path} late, and did not before: it counts as in time"
            how = f"Say: late {row.student} {row.chapter} DAYS (0: it is in time)"
            self._tell(row, "marked", why, how)
        if words and counted and (counted.place > settled or not self._knew(words[-1], counted)):
            why = f"{counted.path} came after a person had decided"
            self._tell(row, "newer", why, _AGAIN)
        elif words and self._of_another(words[-1], row):
            self._tell(row, "newer", f"{_FOR_ANOTHER}, {row.path}", _AGAIN)
        if settled:
            return
        for file in row.counting:
            word = self._late_by_word(file, row) if row.earned else None
            if word and file.digest == row.digest and self._outdated(word, file, row):
                self._tell(row, "due", *self._said_of_another_time(word, file, row))
        if row.counting and row.status in OPEN and row.reason != _NOT_BEGUN:
            self._tell(row, row.status, *self._lacks(row))
        if row.status == "missing" and key in self.claimed:
            other = self.claimed[key]
            sign = handle(other.body["path"], other.body["digest"])
            why = f"{other.body['path']} came under this name, and counts for {other.student}"
            self._tell(row, "made for", why, f"Say: decide {sign} --student ID")
            return
        over = "" < row.due < self.moment and self.rules.missing == "ask"
        if row.status == "missing" and row.reason and over and not self._zero(row):
            why = row.reason if key in self.taken else "nothing was handed in"
            why += ", and the due time is over"
            how = f"Say: zero {row.chapter} (all of them have 0 then); or excuse or extend"
            self._tell(row, "missing", why, how)

    def _ask_of_stray(self, row: Standing, file: Handed) -> None:
        """It counts, and was then graded with another chapter's submissions: one line for all."""
        if file.astray:
            why = (
                f"what is of this chapter was graded as if {file.astray}; here it counts as before"
            )
            how = (
                f"Say: grade that again with --chapter {row.chapter}; or, if it did come to the "
                "other: decide SIGN --nobody (its sign is told by history)"
            )
            self._tell(row, "chapter", why, how)

    def _asked_of(self, file: Handed, row: Standing) -> tuple[str, str]:
        """Of a file that waits; one line for all, where many are of what course.toml left out."""
        many = file.why.startswith(_NOT_OF_COURSE)
        same = {one.student for one in self.files if many and one.why == file.why}
        if len(same) < _MANY:
            return f"{file.why} ({file.path})", _decide(file, row)
        return file.why, (
            f"Say: write [chapters.{file.chapter}] there, or leave it: they have no points for it. "
            f"One file alone: decide SIGN --student ID --chapter {file.chapter}, or --nobody (its "
            "sign is told by history)"
        )

    def _ask_of_waiting(self, row: Standing) -> None:
        """Nothing else came for a chapter that is due, so that no 0 can be given before."""
        file = self.waits.get((row.student, row.chapter))
        if file is None or not "" < row.due < self.moment or file.astray:
            return
        asked = any(file.handle in ask.how for ask in self.asks)
        if row.status == "chapter" or (row.status == "missing" and self._zero(row) and not asked):
            why = f"{file.why} ({file.path})"
            if _stray(file):
                why = f"nothing came for it but what is of chapter {file.chapter} ({file.path})"
            elif file.others:
                why += f", and it was graded as of chapter {' and of '.join(_graded_as(file))}"
            state = "unreadable" if file.state == "other" else file.state
            self._tell(row, state, why, _decide(file, replace(row, chapter=file.chapter)))

    def _ask_of_points(self, row: Standing) -> None:
        """Points by hand are of what could be had on that day."""
        key, of = ("override", row.student, row.chapter), f"{row.student} {row.chapter}"
        asked = self.asked[row.chapter]
        off = [self.said_at("drop", one, who) for one in asked for who in ("", row.student)]
        off += [self.ruled_at for one in asked if self.rules.points.get(one) == 0]
        dropped = asked and all(self._off(row.student, one) for one in asked)
        if row.status == "by hand" and dropped and self.said_at(*key, "") < max(off):
            why = (
                f"{_NOTHING_ASKED}, and {shown_points(row.points or 0)} points by hand still count"
            )
            how = f"Say: override {of} --withdraw, or once more: override {of} POINTS"
            self._tell(row, "by hand", why, how)
        held = [(row.possible, "", "")] if row.status == "by hand" else []
        held += [
            (result.possible, result.exercise, f" --exercise {result.exercise}")
            for result in row.results
            if result.status == "by hand" and row.status not in ("by hand", "excused")
        ]
        for possible, exercise, option in held:
            word = self.decided[(*key, exercise)]
            given = word.body["value"]
            newer = [file for file in row.counting if file.digest == row.digest]
            if exercise and not self._knew(word, newer[0]):
                why = f"{newer[0].path} came after a person had given points for {exercise}"
                self._tell(row, "newer", why, _AGAIN)
            elif exercise and self._of_another(word, row):
                self._tell(row, "newer", f"{_FOR_ANOTHER}, {row.path} ({exercise})", _AGAIN)
            if given["points"] and not math.isclose(given["possible"], possible):
                why = (
                    f"{shown_points(given['points'])} points by hand were of "
                    f"{shown_points(given['possible'])}, now {shown_points(possible)} can be had"
                    + (f" for {exercise}" if exercise else "")
                    + f": the same share, {shown_points(_share(given, possible))}, counts meanwhile"
                )
                how = f"Say: override {of} POINTS{option}, or take it back (--withdraw)"
                self._tell(row, "by hand", why, how)

    def _ask_back(self, row: Standing, file: Handed) -> None:
        """A file that had been replaced lies there again: handed in again, or only seen again?"""
        active = file.path.startswith("submission_")  # Gradescope's students choose one
        counted = row.counting[-1]
        if (file.number and not active) or counted.chosen or self.rules.counts == "best":
            return
        since = max(counted.again, counted.known) if active else counted.sent
        if file.digest != counted.digest and counted.number in file.over:
            why = f"Gradescope had {file.path} as the active one, chosen over {counted.path}"
            self._tell(row, "came back", why, _decide(file, row))
        elif file.digest != counted.digest and file.again > since > file.sent:
            at = shown(file.again, self.zone)
            why = f"{file.path} was seen again at {at}, after {counted.path}, which counts"
            self._tell(row, "came back", why, _decide(file, row))

    def _said_of_another_time(self, word: Entry, file: Handed, row: Standing) -> tuple[str, str]:
        days, most = word.body["value"], self._most_days(file, row)
        why = (
            f"late {days} was said when another due time or download counted; {file.path} was "
            f"there {f'after {in_days(most)} at most' if most else 'in time'}: it counts as "
            f"{in_days(min(days, most))} late meanwhile"
        )
        return why, f"Say: late {row.student} {row.chapter} DAYS, or take it back (--withdraw)"

    def _lacks(self, row: Standing) -> tuple[str, str]:
        if row.status == "late":
            own = [
                file for file in row.counting if (file.path, file.digest) == (row.path, row.digest)
            ]
            file = [*row.counting, *own][-1]
            which = f" ({row.path})" if len(row.counting) > 1 else ""
            why = f"it is late{which}, and by how many days cannot be told"
            why += {
                "new": "; Canvas marks it since a later download only",
                "gone": "; the newest download has no mark of lateness for it (0 is in time)",
            }.get(file.mark, "")
            if file.sign not in row.newest:
                how = (
                    f"override {row.student} {row.chapter} POINTS (late is said of the newest file)"
                )
                return why, f"Say: {how}"
            how = f"late {row.student} {row.chapter} DAYS"
            if (said := self.value("late", row.student, row.chapter)) is not None:
                why += f" (late {said} was said of an earlier file)"
            return why, f"Say: {how}"
        if row.how:
            return row.reason, row.how
        if row.status == TO_READ:
            return "a text waits to be read", "Fill in texts/ and export again"
        if row.status == "stale":
            closes = self.rules.chapter(row.chapter).closes
            closed = f" --chapter {row.chapter}" if closes and closes < self.moment else ""
            why = "the others of this chapter were graded by another version"
            return why, f"Say: regrade{closed}"
        if row.status == "failed":
            return row.reason, "Say: regrade"
        if row.status == "unreadable":
            return row.reason, f"Say: override {row.student} {row.chapter} POINTS"
        return "it is not graded yet", "Say: regrade"

    def _tell(self, row: Standing, state: str, why: str, how: str) -> None:
        self.asks.append(Ask(row.student, row.chapter, state, why, how))


def _some_of(files: Iterable[Handed]) -> str:
    """Whose files these are; five of them."""
    who = sorted({file.student for file in files})
    return ", ".join([*who[:5], *["..."] * (len(who) > 5)])


def _joined(seen: list[Entry], zone: str) -> Handed:
    """One file out of its sightings: the last word on whose it is, the first time it was there."""
    last, times = _last_of(seen), [instant(entry.body.get("sent", ""), zone) for entry in seen]
    taken = [
        entry
        for entry in seen
        if entry.body.get("state") != "sender" and not entry.student.startswith("?")
    ]
    active = [entry.at for entry in seen if entry.body.get("again")]
    here = [at for at, one in zip(times, seen, strict=True) if one is last or not _of_other(one)]
    told = {
        name: last.body[name]
        for name in ("digest", "path", "number", "account", "claim", "state", "why", "shared")
        if name in last.body
    }
    return Handed(
        last.student,
        last.chapter,
        astray=seen[-1].body["why"]
        if last is not seen[-1] and of_campus(last.body["path"])
        else "",
        sent=min(times),
        again=max(here + active),
        late=any(entry.body.get("late", False) for entry in seen),
        exact=any(entry.body.get("exact", False) for entry in seen),
        known=min(entry.at for entry in seen),
        taken=tuple((entry.student, entry.at) for entry in taken),
        others=_others(seen, last),
        notes=tuple(last.body.get("notes", ())),
        over=tuple(sorted({n for entry in seen for n in entry.body.get("over", ())})),
        also=tuple(sorted({n for entry in seen for n in entry.body.get("also", ())})),
        **told,
    )


def _others(seen: list[Entry], last: Entry) -> tuple[str, ...]:
    """The other chapters that a file nobody can read was graded as of; a slip may name any."""
    if last.body.get("state") not in ("unreadable", "other"):
        return ()
    told = {number for entry in seen for number in (entry.chapter, *entry.body.get("also", ()))}
    return tuple(sorted(told - {last.chapter, "?"}))


def _graded_as(file: Handed) -> list[str]:
    """The chapters that a file was graded as of."""
    return sorted({file.chapter, *file.others} - {"?"})


def _of_other(seen: Entry) -> bool:
    """Was it seen among the submissions of another chapter?"""
    return seen.body.get("why", "").startswith(STRAY)


def _last_of(seen: list[Entry]) -> Entry:
    """The sighting that holds: the last, but that a file counts is not undone by another download.

    It was graded as if it were of another chapter's assignment; see Handed.astray.
    """
    last = seen[-1]
    if not _of_other(last):
        return last
    counted = [one for one in seen if not one.body.get("state") and one.student == last.student]
    return [last, *counted][-1]


def _there_before(handed: Mapping[str, list[Handed]]) -> str:
    """The account whose files counted before any other's came; "" where nobody can tell.

    The files of one download may have times of a few minutes.
    """
    first = {account: min(file.sent for file in files) for account, files in handed.items()}
    one = min(first, key=lambda account: first[account])
    if not all(first.values()) or min(handed[one], key=lambda file: file.sent).state:
        return ""
    soon = later(first[one], hours=1)
    return one if all(sent > soon for other, sent in first.items() if other != one) else ""


def in_order(files: list[Handed]) -> list[Handed]:
    """By the time they were handed in; the last is the newest.

    The same bytes count once, from when they were first there, but for what the campus system
    numbers anew. Its numbers rise: a file was there no later than the next one.
    """
    same: dict[tuple, list[Handed]] = defaultdict(list)
    for file in sorted(files, key=lambda file: (file.sent, file.path)):
        same[file.digest, file.number].append(file)
    first = [_once(several) for several in same.values()]
    found = sorted(first, key=lambda file: (file.number, file.sent, file.path))
    for at in range(len(found) - 2, -1, -1):
        if found[at].number and found[at + 1].sent < found[at].sent:
            found[at] = replace(found[at], sent=found[at + 1].sent, before=True)
    chosen = [file for file in found if file.chosen]
    for at, file in enumerate(found):
        # who decided knew nothing of it
        older = [
            one.chosen
            for one in chosen
            if (file.sent, file.number) > (one.sent, one.number)
            and (file.known > one.chosen or (one.knew is not None and file.sign not in one.knew))
        ]
        if older and file.sent < max(older):
            found[at] = replace(file, after=max(older))
    return sorted(found, key=lambda file: (file.place, not file.before, file.number, file.path))


def _without_copies(files: list[Handed]) -> list[Handed]:
    """Files in order; one that was replaced with the same bytes counts as it came first."""
    return [
        replace(first, chosen=max(file.chosen for file in (first, *more)))
        for _, same in groupby(files, lambda file: file.digest)
        for first, *more in [same]
    ]


def _once(several: list[Handed]) -> Handed:
    """A file that came under several names; Canvas's mark of lateness is in the name."""
    late = any(file.late for file in several)
    newest = max(several, key=lambda file: file.again)
    changed = "new" if newest.late else "gone"
    return replace(
        several[0],
        again=newest.again,
        chosen=max(file.chosen for file in several),
        known=min(file.known for file in several),
        late=late,
        mark="" if all(file.late == late for file in several) else changed,
    )


def moments(files: list[Handed]) -> list[list[Handed]]:
    """Files in order, together where nothing but a name tells which came first.

    Canvas numbers each file of a submission, Gradescope each submission.
    """
    groups: list[list[Handed]] = []
    for file in files:
        last = groups[-1][-1] if groups else None
        if (
            last
            and last.place == file.place
            and not (last.chosen or last.before or file.before)
            and (last.number > 0) == (file.number > 0)
            and (last.number == file.number or not file.path.startswith("submission_"))
        ):
            groups[-1].append(file)
        else:
            groups.append([file])
    return groups


def _share(given: Mapping, possible: float) -> float:
    """Points by hand out of what could be had then, as the same share of what can be had now."""
    points, was = given["points"], given["possible"]
    return points * (possible / was) if was else points


def in_days(count: int) -> str:
    """As in "1 day"."""
    return f"{count} day{'s' * (count != 1)}"


def _of_several(count: int) -> str:
    return f"{count} notebooks, taken together"


def _together(rows: list[Standing]) -> Standing | None:
    """One row out of several that contradict each other in no exercise; else None."""
    if any(row.status not in ("graded", "stopped") for row in rows):
        return None
    results: dict[str, Result] = {}
    for row in rows:
        for result in row.results:
            held = results.get(result.exercise)
            if held is None or held.status == NOT_ATTEMPTED:
                results[result.exercise] = result
            elif result.status != NOT_ATTEMPTED and held.outcome != result.outcome:
                return None
    for row in reversed(rows):
        if all(one.outcome == results[one.exercise].outcome for one in row.results):
            return replace(row, version=_version_of(rows))
    reasons = dict.fromkeys(row.reason for row in rows if row.reason)
    return replace(
        rows[-1],
        results=tuple(results.values()),
        version=_version_of(rows),
        together=tuple(row.digest for row in rows),
        redrawn=tuple(id for row in rows for id in row.redrawn)
        if all(row.redrawn for row in rows)
        else (),
        reason="; ".join([_of_several(len(rows)), *reasons]),
        seconds=sum(row.seconds for row in rows),
        sandboxed=all(row.sandboxed for row in rows),
    )


def _version_of(rows: list[Standing]) -> str:
    """The version of files that count together; several with a plus."""
    return "+".join(sorted({row.version for row in rows}))


def misjudged(row: Row | Standing, result: Result) -> bool:
    """Is it wrong by numbers that its notebook does not have?"""
    return result.exercise in (*row.redrawn, *row.anew) and result.status == NOT_YET


def _left_out(row: Standing) -> list[str]:
    return [result.exercise for result in row.results if result.status == NOT_ATTEMPTED]


def _folder(path: str) -> str:
    """The folder of a path; of Moodle's without folders, what stands before a file's own name."""
    moodle = re.match(r"[^/]+_assignsubmission_file_", path)
    return path.rpartition("/")[0] or (moodle[0] if moodle else "")


def _beside(groups: list[list[Handed]]) -> list[Handed]:
    """What lies in the folder of the newest file under another name: halves may.

    On Canvas nothing does, and a submission of Gradescope is of one moment.
    """
    newest = groups[-1][-1]
    folder, own = _folder(newest.path), {file.path for file in groups[-1]}
    if not folder or newest.number or any(file.chosen for group in groups for file in group):
        return []
    by_path = {file.path: file for group in groups[:-1] for file in group}
    return [
        file
        for path, file in by_path.items()
        if path not in own and _folder(path) == folder and not file.number
    ]


def _untouched(row: Standing) -> bool:
    return bool(row.results) and all(result.status == NOT_ATTEMPTED for result in row.results)


def _best_of(rows: list[Standing], by_hand: bool) -> Standing:
    """The row with most points; one that is still open where it could have more."""
    known = [(row.points, at) for at, row in enumerate(rows) if row.points is not None]
    if not known:
        return rows[-1]
    points, at = max(known)
    top = rows[at]
    left = [row for row in rows if row.points is None and min(row.at_most, top.possible) > points]
    return left[-1] if left and not by_hand else top


def _stray(file: Handed) -> bool:
    """Did it come to another chapter's assignment?"""
    return file.why.startswith(STRAY)


def _why_astray(file: Handed) -> str:
    """The words about a file that is, or may be, of another chapter."""
    return file.astray or file.why


def _came_to(file: Handed) -> list[str]:
    """The chapters that stand in these words."""
    return re.findall(r"\d\d", _why_astray(file))


def _other_round(file: Handed) -> bool:
    """Is the number of its sender of another assignment? On Moodle, it is another in each."""
    return _stray(file) and not file.account.startswith("Canvas")


def _put_right(file: Handed, files: list[Handed], counting: tuple[Handed, ...], best: bool) -> bool:
    """Has the student handed in something since that makes a question of this file needless?

    Whoever mends a file puts it into a folder, where it may have any time. best : the best counts,
    which may be an earlier one.
    """
    counted = counting[-1] if counting else None
    if file.state == "unreadable" and any(
        one.known > file.known and not of_campus(one.path) for one in counting
    ):
        return True
    if counted and (file.state == "other" or (_stray(file) and file.digest == counted.digest)):
        return True
    waits = file.state == "made for" or _stray(file)
    if counted and (file.state == "unreadable" or (waits and not best)):
        return (counted.place, counted.number) > (file.place, file.number)
    unread = [one for one in files if one.state in ("unreadable", "other")]
    # the same bytes twice are one file, and their sign is that of the first
    return file in unread and file.handle != in_order(unread)[-1].handle


def _decide(file: Handed, row: Standing) -> str:
    if (file.state in ("unreadable", "other") or file.others) and not row.student.startswith("?"):
        which = " or ".join(_graded_as(file)) if file.others else ""
        of = f"of which chapter it is: decide {file.handle} --student {row.student} --chapter "
        return (
            f"Ask for another, or grade a mended one in a folder named {row.student}; "
            f"or say{f' {of}{which}, or' * bool(which)}: decide {file.handle} --nobody"
        )
    if file.why == NAMELESS:
        return (
            "Switch anonymous grading off there, or post the grades, and grade a new download; or "
            f"say: decide {file.handle} --student ID --chapter NN"
        )
    if file.why.startswith(_SAYS):
        return (
            f"Say: decide '{file.account}' --student {row.student}, or once more whose it is "
            "(or --nobody)"
        )
    whose = "ID" if file.state == "sender" or row.student.startswith("?") else row.student
    chapter = f" --chapter {row.chapter if row.chapter.isdigit() else 'NN'}"
    more = f", or for all that comes from there: decide '{file.account}'"
    more = more if file.state == "sender" and file.account else ""
    if _stray(file):
        more = (
            f"; or if all of that was for chapter {row.chapter}, grade it again with --chapter "
            f"{row.chapter}; or if both were asked for, grade that again with a --chapter for each"
        )
    return f"Say: decide {file.handle} --student {whose}{chapter} (or --nobody){more}"


# ---- the file ------------------------------------------------------------------------------------


class Gradebook:
    """OUT/gradebook.sqlite: the ledger, and what is computed from it."""

    def __init__(self, folder: str | Path, version_of: Callable[[str], str] | None = None) -> None:
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.path = self.folder / BOOK
        self.ledger = Ledger(self.path)
        self._version_of, self._found = version_of, None

    def close(self) -> None:
        """Close the file."""
        self.ledger.close()

    def append(self, *entries: Entry, notebooks: Mapping[str, bytes] | None = None) -> int:
        """Write into the ledger; how many entries are new."""
        self._found = None
        return self.ledger.append(*entries, notebooks=notebooks)

    def merge(self, folder: Path) -> int:
        """Take over what the ledger of another folder of the class has; how many entries."""
        self._found = None
        return self.ledger.merge(folder / BOOK)

    def computed(self) -> Computed:
        """The gradebook as it is now."""
        if self._found is None:
            self._found = computed(self.ledger.entries(), self._version_of)
        return self._found

    def keep(self, row: Row) -> None:
        """Write down one grading."""
        told = {
            name: getattr(row, name)
            for name in ("digest", "status", "reason", "seconds", "sandboxed")
        }
        told["version"] = row.spec
        told["results"] = [vars(result) for result in row.results]
        ids = {"redrawn": row.redrawn, "anew": row.anew}
        told |= {name: list(own) for name, own in ids.items() if own}
        self.append(Entry(GRADED, row.student, row.chapter, told))

    def enrol(self, roster: Iterable[Student]) -> None:
        """Who is in the class from now on, and which number Canvas has for whom."""
        roster = list(roster)
        students = [[student.id, student.name] for student in roster]
        if dict(students) != self.computed().names:
            self.append(Entry(ROSTER, "", "", {"students": students}))
        self.campus_says({f"Canvas {one.number}": one.id for one in roster if one.number})

    def campus_says(self, accounts: Mapping[str, str]) -> None:
        """Whose an account is, by the campus system's own word; account -> id."""
        known = self.computed().campus
        if new := {account: id for account, id in accounts.items() if known.get(account) != id}:
            self.append(Entry(CAMPUS, "", "", {"accounts": new}))

    def rule(self, text: str) -> None:
        """What course.toml says from now on. Raises RulesError."""
        if read_rules(text) != self.computed().rules:
            self.append(Entry(COURSE, "", "", {"text": text}))

    def decide(
        self,
        about: tuple[str, ...],
        value: object,
        reason: str,
        student: str,
        chapter: str,
        **more: object,
    ) -> None:
        """A decision of a person; None takes back what was decided about the same."""
        body: dict = {"about": list(about), "value": value, "reason": reason} | more
        if value is None:
            own = standing(self.ledger.entries()).get(about, ())
            body["back"] = [entry.id for entry in own]
        self.append(Entry(DECIDED, student, chapter, body))

    def read(
        self,
        student: str,
        exercise: str,
        digest: str,
        points: list[float],
        remark: str,
        message: str,
        table: list | None = None,
    ) -> None:
        """Keep a person's points for a text, one for each line of the rubric.

        `message` is for the student; `table` what stood in the line of a table that gave them. What
        is recorded already is not recorded again.
        """
        value = {"points": points, "remark": remark, "message": message}
        about, entries = ("read", student, exercise, digest), self.ledger.entries()
        told = [entry for entry in entries if entry.body.get("about") == list(about)]
        graded = (
            entry.chapter
            for entry in entries
            if entry.kind == GRADED
            and exercise in (result["exercise"] for result in entry.body["results"])
        )
        if table or not told or told[-1].body["value"] != value:
            more = {"table": table} if table else {}
            self.decide(about, value, remark, student, next(graded, ""), **more)

    def submissions(self) -> list[dict]:
        """All rows by student and chapter."""
        names = ("student", "chapter", "name", "points", "possible", "status", "reason", "path")
        names += ("digest", "together", "seconds", "sandboxed", "earned", "stale", "off")
        found = self.computed()
        return [
            {name: getattr(row, name) for name in names}
            | {"sent": shown(row.sent, found.rules.zone)}
            | {"weight": found.rules.chapter(row.chapter).weight}
            for row in found.rows
        ]

    def results(self) -> list[dict]:
        """The exercises of all rows, by student and chapter, in the chapter's order."""
        return [
            {"student": row.student, "chapter": row.chapter, "place": place} | vars(result)
            for row in self.computed().rows
            for place, result in enumerate(row.results)
        ]

    def tries(self) -> Counter[tuple[str, str]]:
        """(student, exercise) -> in how many different files it was graded and not right."""
        tried = {
            (entry.student, result["exercise"], entry.body["digest"])
            for entry in self.ledger.entries()
            if entry.kind == GRADED
            for result in entry.body["results"]
            if result["status"] == NOT_YET
        }
        return Counter((student, exercise) for student, exercise, _ in tried)

    def texts(self) -> list[dict]:
        """Everything that a person is to read, with what was given for it so far, or None."""
        given = {
            tuple(entry.body["about"][1:]): entry
            for entry in self.ledger.entries()
            if entry.kind == DECIDED and entry.body["about"][0] == "read"
        }
        found = [
            {
                "student": row.student,
                "chapter": row.chapter,
                "exercise": result.exercise,
                "digest": result.digest,
                "text": result.text,
                "points": reading and reading.body["value"]["points"],
                "remark": reading and reading.body["value"]["remark"],
                "reading": reading,
            }
            for row in self.computed().rows
            for result in row.results
            if result.text
            for reading in [given.get((row.student, result.exercise, result.digest))]
        ]
        return sorted(found, key=lambda text: (text["exercise"], text["student"]))

    def undecided(self) -> list[Ask]:
        """What waits for a person."""
        return self.computed().asks

    def write_tables(self) -> None:
        """OUT/gradebook.csv and OUT/exercises.csv: the same bytes however the rows came in."""
        _write_csv(
            self.folder / "gradebook.csv",
            ("student", "name", "chapter", "points", "possible", "status", "reason", "path"),
            self.submissions(),
        )
        _write_csv(
            self.folder / "exercises.csv",
            ("student", "chapter", "exercise", "points", "possible", "status", "message"),
            self.results(),
        )


def _write_csv(path: Path, columns: tuple[str, ...], rows: list[dict]):
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(
            [
                ("" if row[name] is None else shown_points(row[name]))
                if name in ("points", "possible")
                else defused(row[name])
                for name in columns
            ]
        )
    write_whole(path, table.getvalue())
