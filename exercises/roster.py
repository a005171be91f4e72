"""The class: a CSV file with a column of ids and one of names.

Ids become names of files and the seed of everyone's parameters, so that they must be there, differ
(also on systems that do not tell a from A), and be plain words.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from .campus import in_english

# the first of these columns that is there has the ids; Canvas's own ID is no id of a campus
_ID_COLUMNS = (
    *("sis user id", "sis login id", "id", "student id", "student_id", "sid", "id number"),
    *("user id", "username", "email address", "email", "e-mail", "student"),
)
_EMAIL_COLUMNS = ("email address", "email", "e-mail")
_NAME_COLUMNS = ("name", "student name", "full name", "fullname")
_FIRST, _LAST = ("first name", "given name"), ("last name", "surname", "family name")
# lines of Canvas's gradebook that are nobody's
_NOBODY = ("points possible", "student, test", "test student")
_SAFE = re.compile(r"\w[\w.@+-]{0,63}")


class RosterError(ValueError):
    """A roster that cannot be used; the text names the lines."""


@dataclass(frozen=True)
class Student:
    """One line of the roster."""

    id: str
    name: str
    email: str = field(default="", compare=False)


@dataclass(frozen=True)
class Roster:
    """What was found in a file, and in which columns."""

    students: tuple[Student, ...]
    id_column: str
    name_columns: tuple[str, ...]

    @property
    def plain(self) -> bool:
        """Is it one that was made for this, with the columns id and name?"""
        return (self.id_column.casefold(), *self.name_columns) == ("id", "name")

    def __str__(self) -> str:
        names = " and ".join(map(repr, self.name_columns)) or "no column"
        first = "; ".join(f"{student.id} {student.name}" for student in self.students[:3])
        first = "".join(sign if sign.isprintable() else "?" for sign in first)
        return (
            f"{len(self.students)} students: ids from {self.id_column!r}, names from {names}: "
            f"{first}{'; ...' if len(self.students) > 3 else ''}"
        )


def read_roster(path: str | Path) -> tuple[Student, ...]:
    """The students of a CSV file, in its order; see found_in."""
    return found_in(path).students


def found_in(path: str | Path) -> Roster:
    """A class out of a CSV file: one with the columns id and name, or a campus system's export.

    Read are comma, semicolon and tab, with or without a byte order mark. Raises RosterError for a
    file that cannot be read, a missing column, and ids that are empty, unsafe or there twice.
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise RosterError(f"cannot read the roster {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise RosterError(f'{path} is not UTF-8: save it as "CSV UTF-8"') from None
    first = text.split("\n", 1)[0]
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    there = [column for column in table.fieldnames or () if column]
    columns = {in_english(column).strip().casefold(): column for column in there}
    rows = [
        (table.line_num, {name: value for name, value in row.items() if isinstance(value, str)})
        for row in table
    ]
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
    students, faults, seen = [], [], {}
    for line, cells in rows:
        name = " ".join(" ".join(cells.get(column, "") for column in name_columns).split())
        if not any(value.strip() for value in cells.values()) or name.casefold() in _NOBODY:
            continue
        id = unicodedata.normalize("NFC", cells.get(id_column, "").strip())
        if fault := id_fault(id):
            faults.append(f"line {line}: the id {id!r} {fault}")
        elif id.casefold() in seen:
            faults.append(
                f"line {line}: the id {id!r} is that of line {seen[id.casefold()]} already"
            )
        seen.setdefault(id.casefold(), line)
        students.append(Student(id, name, cells.get(email_column, "").strip()))
    if faults:
        raise RosterError(f"{path}: " + "; ".join(faults[:20]))
    if not students:
        raise RosterError(f"{path} has no students")
    return Roster(tuple(students), id_column.strip(), tuple(name.strip() for name in name_columns))


def _first_of(names, columns: dict, rows) -> str:
    """The first of these columns that is there and not empty throughout, else one that is there."""
    there = [columns[name] for name in names if name in columns]
    filled = [name for name in there if any(cells.get(name, "").strip() for _, cells in rows)]
    return next(iter([*filled, *there]), "")


def id_fault(id: str) -> str:
    """What is wrong with an id, or ""."""
    if not id:
        return "is empty"
    if not _SAFE.fullmatch(id) or ".." in id or id.endswith("."):
        return (
            "cannot be a file's name: "
            "use letters, digits and . _ @ + -, at most 64, a letter or digit first"
        )
    return ""
