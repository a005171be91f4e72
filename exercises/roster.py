"""The class: a CSV file with a column of ids and one of names.

Ids become names of files and the seed of everyone's parameters, so that they must be there, differ
(also on systems that do not tell a from A), and be plain words.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from .campus import as_participant, in_english, name_words, plain_text

# the first of these columns that is there has the ids; Canvas's own ID is no id of a campus
_ID_COLUMNS = (
    *("sis user id", "sis login id", "id", "student id", "student_id", "sid", "id number"),
    *("user id", "username", "email address", "email", "e-mail", "student"),
)
NUMBER, CAMPUS = "canvas id", "campus id"
_EMAIL_COLUMNS = ("email address", "email", "e-mail")
_OTHER = (NUMBER, CAMPUS, "login", "integration id", "identifier")
_NAME_COLUMNS = ("name", "student name", "full name", "fullname")
_FIRST = ("first name", "firstname", "given name")
_LAST = ("last name", "lastname", "surname", "family name")
_CANVAS = ("sis user id", "sis login id", "section")
# lines of Canvas's gradebook that are nobody's
_NOBODY = ("points possible", "student, test", "test student", "")
_SHORTENED = re.compile(r"\d([.,]\d+)?E\+\d+", re.I)
_SAFE = re.compile(r"\w[\w.@+-]{0,63}")


class RosterError(ValueError):
    """A roster that cannot be used; the text names the lines."""


@dataclass(frozen=True)
class Student:
    """One line of the roster."""

    id: str
    name: str
    email: str = field(default="", compare=False)
    number: str = field(default="", compare=False)
    """Canvas's own, which its zip files have in the names of files."""
    campus: str = field(default="", compare=False)
    """The id that the campus gives since, where it is another than the class began with."""
    participant: str = field(default="", compare=False)
    """Moodle's number in one assignment, of whose worksheet the roster was made."""


@dataclass(frozen=True)
class Roster:
    """What was found in a file, and in which columns."""

    students: tuple[Student, ...]
    id_column: str
    name_columns: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    """Who stands there and is no student: a test student, those who teach."""

    @property
    def plain(self) -> bool:
        """Is it one that was made for this, with the columns id and name?"""
        return (self.id_column.casefold(), *self.name_columns) == ("id", "name")

    def __str__(self) -> str:
        names = " and ".join(map(repr, self.name_columns)) or "no column"
        first = "; ".join(f"{student.id} {student.name}" for student in self.students[:3])
        more = "; ..." if len(self.students) > 3 else ""
        if self.left_out:
            more += f"\nno students, left out: {'; '.join(self.left_out)}"
        told = (
            f"{len(self.students)} students: ids from {self.id_column!r}, names from {names}: "
            f"{first}{more}"
        )
        return "".join(sign if sign.isprintable() or sign == "\n" else "?" for sign in told)


def read_roster(path: str | Path) -> tuple[Student, ...]:
    """The students of a CSV file, in its order; see found_in."""
    return found_in(path).students


def found_in(path: str | Path) -> Roster:
    """A class out of a CSV file: one with the columns id and name, or a campus system's export.

    Read are comma, semicolon and tab, with or without a byte order mark. Raises RosterError for a
    file that cannot be read, a missing column, and ids that are empty, unsafe or there twice.
    Lines that are nobody's (points possible, Canvas's test student) and, where there is a column
    Role, those of people who teach are left out.
    """
    path, columns, rows = _table(path)
    id_column = _first_of(_ID_COLUMNS, columns, rows)
    if not id_column:
        raise RosterError(
            f'{path} has no column "id"; its columns are {", ".join(columns) or "none"}'
        )
    whole = [*_NAME_COLUMNS, *(["student"] if id_column.strip().casefold() != "student" else [])]
    name_columns = [_first_of(whole, columns, rows)]
    if not name_columns[0]:
        name_columns = [_first_of(names, columns, rows) for names in (_FIRST, _LAST)]
    name_columns = [name for name in name_columns if name]
    email_column = _first_of(_EMAIL_COLUMNS, columns, rows)
    login = columns.get("sis login id", "")
    logins = [cells[login].strip() for _, cells in rows if cells.get(login, "").strip()]
    if not email_column and sum("@" in one for one in logins) > len(logins) / 2:
        email_column = login  # Canvas's test student has other signs there
    role, in_sis = columns.get("role", ""), columns.get("sis user id", "")
    roles = {cells.get(role, "").strip().casefold() for _, cells in rows}
    canvas = set(_CANVAS[:2]) & set(columns) and _CANVAS[2] in columns
    own = columns.get("id", "")
    number_column = own if canvas and own != id_column else columns.get(NUMBER, "")
    students, faults, seen, left_out = [], {}, {}, []
    for line, cells in rows:
        parts = (plain_text(cells.get(column, "").strip()) for column in name_columns)
        name = " ".join(" ".join(parts).split())
        if not any(value.strip() for value in cells.values()):
            continue
        if "student" in roles and cells.get(role, "").strip().casefold() not in ("student", ""):
            left_out.append(f"{name} ({cells[role].strip()})")
            continue
        id = unicodedata.normalize("NFC", plain_text(cells.get(id_column, "").strip()))
        if canvas and not cells.get(in_sis, "").strip() and name.casefold() in _NOBODY:
            left_out += [name] if "test" in name.casefold() else []
            continue
        if fault := id_fault(id):
            faults.setdefault(fault, []).append((line, id))
        elif id.casefold() in seen:
            fault = f"is that of line {seen[id.casefold()]} already"
            faults.setdefault(fault, []).append((line, id))
        seen.setdefault(id.casefold(), line)
        number = cells.get(number_column, "").strip()
        email, campus = (
            cells.get(column, "").strip() for column in (email_column, columns.get(CAMPUS, ""))
        )
        participant = cells.get(columns.get("identifier", ""), "").strip()
        participant = participant if as_participant(participant) else ""
        students.append(Student(id, name, email, number, campus, participant))
    if faults:
        raise RosterError(f"{path}: " + "; ".join(map(_told, faults, faults.values())))
    if not students:
        raise RosterError(f"{path} has no students")
    names = tuple(name.strip() for name in name_columns)
    return Roster(tuple(students), id_column.strip(), names, tuple(left_out))


def continued(
    students: tuple[Student, ...],
    left: Path,
    gone: Mapping[str, str] | None = None,
    numbers: Mapping[str, str] | None = None,
) -> tuple[tuple[Student, ...], list[str]]:
    """(students under the ids that their class began with; what a person has to agree to).

    left : the roster that the class has. gone : id -> name of those who were in it before, unless
    nothing was graded yet. numbers : Canvas's number -> id, as known of anybody. It stays with a
    person whose id changes, as by a marriage; their parameters and points go with the first id.
    Raises RosterError for a line with the id of somebody else.
    """
    old = read_roster(left) if left.exists() else ()
    number_of = {id: number for number, id in (numbers or {}).items()}
    before = [Student(id, name) for id, name in (gone or {}).items()]
    before, old = (
        [replace(one, number=one.number or number_of.get(one.id, "")) for one in several]
        for several in (before, old)
    )
    there = {one.id.casefold(): one for one in (*before, *old)}
    by_number = {number: there.get(id.casefold()) for number, id in (numbers or {}).items()}
    by_number |= {one.number: one for one in old if one.number}
    there |= {one.campus.casefold(): one for one in old if one.campus}
    marks = Counter(mark for one in {*there.values()} for mark in _marks(one))
    whose = {mark: one.id for one in there.values() for mark in _marks(one) if marks[mark] == 1}
    found, asks, faults = [], [], []
    for student in students:
        here, known = there.get(student.id.casefold()), by_number.get(student.number)
        first = here or known
        leaving = [] if first or gone is None else _left_as(student, there, students)
        if leaving:
            named = " or ".join(_described(one) for one in leaving)
            asks += [_same(leaving[0], student)] if len(leaving) == 1 else []
            faults += [f"{_described(student)} may be {named}"] if len(leaving) > 1 else []
            student = replace(student, id=leaving[0].id, campus=student.id)
        if first is None:
            found.append(student)
            continue
        other, same = first != known, first == here
        if known is None:
            named = {whose[mark] for mark in _marks(student) if mark in whose}
            other, same = _by_name(student, first, named)
        if other:
            faults.append(f"{_described(student)} has the id of {_described(first)}")
        elif not same:
            asks.append(_same(first, student))
        if student.id.casefold() != first.id.casefold():
            student = replace(student, id=first.id, campus=student.id)
        found.append(student)
    ids = Counter(student.id for student in found)
    faults += [f"two lines are of {id}" for id, count in ids.items() if count > 1]
    if faults:
        raise RosterError(
            f"nothing was written, as points would go to another person: {'; '.join(faults)}. If "
            f"that is one person, write the name or number of now into {left}. Else leave all ids "
            "in it as they are: write into a column 'campus id' what the campus calls each of them "
            "now, and a line with an id of their own for who is new; then say it again"
        )
    return tuple(found), asks


def _by_name(student: Student, first: Student, named: set[str]) -> tuple[bool, bool]:
    """Whether a line with the id of `first` is (surely another person's, surely theirs).

    named : the ids of whom its name and address are.
    """
    words, before = name_words(student.name), name_words(first.name)
    agrees = not words or {*words} <= {*before} or {*before} <= {*words}
    agrees = agrees or named == {first.id}
    account = bool(first.number and student.number)  # another one than before
    other = bool(named - {first.id})
    other = other or not (agrees or (not account and {*words} & {*before}))
    return other, agrees and not account


def _left_as(
    new: Student, there: Mapping[str, Student], students: Iterable[Student]
) -> list[Student]:
    """Who is in the class so far, and not in its new roster, and has address or name of who is new.

    Whom Canvas calls by another number is known by the address only.
    """
    here = {one.id.casefold() for one in students}
    numbers = {one.number for one in students if one.number}
    return [
        one
        for one in {one.id: one for one in there.values()}.values()
        if here.isdisjoint((one.id.casefold(), one.campus.casefold()))
        and one.number not in numbers
        and (
            (one.email and one.email.casefold() == new.email.casefold())
            or (not (one.number and new.number) and _marks(one) & _marks(new))
        )
    ]


def namesakes(leave: Iterable[Student], come: Iterable[Student], left: Path) -> Iterator[str]:
    """What is told of who comes and has the name of one who leaves, and another number on Canvas.

    By that they are somebody else, and nobody is asked (see _left_as).
    """
    pairs = ((gone, one) for gone in leave for one in come)
    for gone, one in pairs:
        numbers = {gone.number, one.number} - {""}
        if len(numbers) == 2 and name_words(gone.name) == name_words(one.name) != ():
            yield (
                f"{_described(one)} is taken for somebody else than {_described(gone)}: "
                f"Canvas has another number for them. If it is one person, write in {left} the id "
                f"{gone.id} into the line of {one.id}, and {one.id} into a column 'campus id'; "
                "then say it again before you grade"
            )


def _same(before: Student, now: Student) -> str:
    return f"{_described(before)} is {_described(now)} now: the same person?"


def _marks(student: Student) -> set:
    """What names a person beside the id."""
    return {student.email.casefold(), name_words(student.name)} - {"", ()}


def _described(student: Student) -> str:
    more = [f"Canvas {student.number}" * bool(student.number), student.email]
    more += [f"campus id {student.campus}" * bool(student.campus)]
    return f"{student.id} ({', '.join(filter(None, [student.name, *more]))})"


def other_ids(path: str | Path, students: Iterable[str]) -> dict[str, str]:
    """Other id in small letters -> student: a roster's logins, e-mail addresses and so on.

    What two students share is left out. Raises RosterError as found_in does.
    """
    own, known = found_in(path).id_column, {student.casefold(): student for student in students}
    _, columns, rows = _table(path)
    whose: dict[str, set[str]] = {}
    for _, cells in rows:
        by_name = {name.strip(): value for name, value in cells.items()}
        student = known.get(
            unicodedata.normalize("NFC", plain_text(by_name.get(own, "").strip())).casefold()
        )
        if student is None:
            continue
        for name in (*_ID_COLUMNS, *_EMAIL_COLUMNS, *_OTHER):
            other = plain_text(cells.get(columns.get(name, ""), "").strip())
            if other and columns[name].strip() != own:
                whose.setdefault(other.casefold(), set()).add(student)
    return {other: owners.pop() for other, owners in whose.items() if len(owners) == 1}


def _told(fault: str, where: list[tuple[int, str]]) -> str:
    """One fault, told once: its first line, and the numbers of the others."""
    (line, id), *others = where
    more = ", ".join(str(line) for line, _ in others[:19]) + ", ..." * (len(others) > 19)
    lines = "lines" if len(others) > 1 else "line"
    return f"line {line}: the id {id!r} {fault}" + f" (so in {lines} {more})" * bool(others)


def _table(path: str | Path) -> tuple[Path, dict[str, str], list[tuple[int, dict[str, str]]]]:
    """(path, usual name -> column, (line, column -> cell) of each line); see found_in."""
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise RosterError(f"cannot read the roster {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise RosterError(f'{path} is not UTF-8: save it as "CSV UTF-8"') from None
    table = in_columns(text)
    there = [column for column in table.fieldnames or () if column]
    columns = {in_english(column).strip().casefold(): column for column in there}
    rows, long = [], []
    for row in table:
        long += [table.line_num] if any(map(str.strip, row.pop(None, []))) else []
        rows.append((table.line_num, {name: value for name, value in row.items() if value}))
    if long:
        lines = ", ".join(map(str, long[:20]))
        raise RosterError(
            f"{path}: line {lines} has more cells than the first line: "
            "a name with a comma has to stand in quotation marks"
        )
    if any(as_participant(cells.get(columns.get("id", ""), "")) for _, cells in rows):
        columns.pop("id")  # Moodle's German name for its participants' numbers
    return path, columns, rows


def in_columns(text: str) -> csv.DictReader:
    """A table with commas, semicolons or tabs, whichever its first line has most of.

    A line that tells Excel the delimiter, "sep=;", may stand before it.
    """
    text = re.sub(r'\A"?sep=.?"?\r?\n', "", text, flags=re.I)
    first = text.split("\n", 1)[0]
    return csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))


def _first_of(names, columns: dict, rows) -> str:
    """The first of these columns that is there and not empty throughout, else one that is there."""
    there = [columns[name] for name in names if name in columns]
    filled = [name for name in there if any(cells.get(name, "").strip() for _, cells in rows)]
    return next(iter([*filled, *there]), "")


def id_fault(id: str) -> str:
    """What is wrong with an id, or ""."""
    if not id:
        return (
            "is empty: write one there, as the login or the campus system's number, or take the "
            "line out"
        )
    if _SHORTENED.fullmatch(id):
        return "was shortened by a spreadsheet: give that column the format text, and export again"
    if not _SAFE.fullmatch(id) or ".." in id or id.endswith("."):
        return (
            "cannot be a file's name: "
            "use letters, digits and . _ @ + -, at most 64, a letter or digit first"
        )
    return ""
