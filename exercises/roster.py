"""The class: a CSV file with a column of ids and one of names.

Ids become names of files and the seed of everyone's parameters, so that they must be there, differ
(also on systems that do not tell a from A), and be plain words.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

_ID_COLUMNS = (
    "id",
    "student",
    "student id",
    "student_id",
    "sis user id",
    "sid",
    "user id",
    "id number",
    "email",
    "e-mail",
)
_NAME_COLUMNS = ("name", "student name", "full name", "fullname")
_SAFE = re.compile(r"\w[\w.@+-]{0,63}")


class RosterError(ValueError):
    """A roster that cannot be used; the text names the lines."""


@dataclass(frozen=True)
class Student:
    """One line of the roster."""

    id: str
    name: str


def read_roster(path: str | Path) -> tuple[Student, ...]:
    """The students of a CSV file, in its order.

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
    columns = {(column or "").strip().casefold(): column for column in table.fieldnames or ()}
    id_column = next((columns[name] for name in _ID_COLUMNS if name in columns), None)
    name_column = next((columns[name] for name in _NAME_COLUMNS if name in columns), None)
    if id_column is None:
        raise RosterError(
            f'{path} has no column "id"; its columns are {", ".join(columns) or "none"}'
        )
    students, faults, seen = [], [], {}
    for row in table:
        cells = {column: value for column, value in row.items() if isinstance(value, str)}
        if not any(value.strip() for value in cells.values()):
            continue
        id = unicodedata.normalize("NFC", cells.get(id_column, "").strip())
        name = " ".join(cells.get(name_column, "").split()) if name_column else ""
        if fault := id_fault(id):
            faults.append(f"line {table.line_num}: the id {id!r} {fault}")
        elif id.casefold() in seen:
            faults.append(
                f"line {table.line_num}: "
                f"the id {id!r} is that of line {seen[id.casefold()]} already"
            )
        seen.setdefault(id.casefold(), table.line_num)
        students.append(Student(id, name))
    if faults:
        raise RosterError(f"{path}: " + "; ".join(faults[:20]))
    if not students:
        raise RosterError(f"{path} has no students")
    return tuple(students)


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
