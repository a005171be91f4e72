"""The class's gradebook: an SQLite file that a killed grader cannot spoil.

`submissions` has one row for each student and chapter: points, of how many, status and reason;
`results` one for each of its exercises. A row is written whole, in one transaction, as soon as its
submission is graded. `texts` and `readings` are for exercises that a person reads: points given to
a text stay with that text, also when it is graded again.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scalinglib.lab.sweep import write_whole

from .campus import defused, shown_points

_SCHEMA = """
CREATE TABLE IF NOT EXISTS submissions (
    student TEXT NOT NULL, chapter TEXT NOT NULL, name TEXT NOT NULL,
    points REAL NOT NULL, possible REAL NOT NULL,
    status TEXT NOT NULL,          -- graded, stopped (graded as far as it came), refused, missing,
                                   -- failed (the grader's own fault)
    reason TEXT NOT NULL, path TEXT NOT NULL, digest TEXT NOT NULL, spec TEXT NOT NULL,
    seconds REAL NOT NULL, sandboxed INTEGER NOT NULL,
    PRIMARY KEY (student, chapter));
CREATE TABLE IF NOT EXISTS results (
    student TEXT NOT NULL, chapter TEXT NOT NULL, exercise TEXT NOT NULL, place INTEGER NOT NULL,
    points REAL NOT NULL, possible REAL NOT NULL,
    status TEXT NOT NULL,          -- right, not yet, not attempted; a text: to be read, read
    message TEXT NOT NULL,         -- may hold a student's text: escape it
    rule TEXT NOT NULL,            -- what decided, as in scalinglib.checks.Outcome
    program TEXT NOT NULL,         -- digest of its cells without comments, layout and own names
    PRIMARY KEY (student, exercise));
CREATE TABLE IF NOT EXISTS texts (      -- what a person is to read
    student TEXT NOT NULL, chapter TEXT NOT NULL, exercise TEXT NOT NULL,
    digest TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (student, exercise));
CREATE TABLE IF NOT EXISTS readings (   -- what a person gave for a text; never deleted
    student TEXT NOT NULL, exercise TEXT NOT NULL, digest TEXT NOT NULL,
    points TEXT NOT NULL,          -- for each line of the rubric, as JSON
    total REAL NOT NULL, remark TEXT NOT NULL, message TEXT NOT NULL,
    PRIMARY KEY (student, exercise, digest));
"""


class GradebookError(ValueError):
    """A gradebook that cannot be used."""


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

    @property
    def digest(self) -> str:
        """Stands for the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Row:
    """One student's chapter."""

    student: str
    chapter: str
    status: str
    reason: str
    path: str = ""
    digest: str = ""
    spec: str = ""
    possible: float = 0
    seconds: float = 0
    sandboxed: bool = True
    results: tuple[Result, ...] = ()

    @property
    def points(self) -> float:
        """The sum over its exercises."""
        return sum(result.points for result in self.results)


class Gradebook:
    """OUT/gradebook.sqlite; one grader at a time."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.path = self.folder / "gradebook.sqlite"
        try:
            self._base = sqlite3.connect(self.path, isolation_level=None)
            self._base.executescript(_SCHEMA)
        except sqlite3.Error as error:
            raise GradebookError(
                f"{self.path} is no gradebook that can be opened ({error})"
            ) from None

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def keep(self, row: Row, name: str = "") -> None:
        """Write one row and its results in place of what there was of this student's chapter."""
        with self._transaction():
            for table in ("results", "texts"):
                self._base.execute(
                    f"DELETE FROM {table} WHERE student = ? AND chapter = ?",
                    (row.student, row.chapter),
                )
            self._base.execute(
                "INSERT OR REPLACE INTO submissions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    row.student,
                    row.chapter,
                    name,
                    row.points,
                    row.possible,
                    row.status,
                    row.reason,
                    row.path,
                    row.digest,
                    row.spec,
                    row.seconds,
                    row.sandboxed,
                ),
            )
            self._base.executemany(
                "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        row.student,
                        row.chapter,
                        result.exercise,
                        place,
                        result.points,
                        result.possible,
                        result.status,
                        result.message,
                        result.rule,
                        result.program,
                    )
                    for place, result in enumerate(row.results)
                ],
            )
            self._base.executemany(
                "INSERT OR REPLACE INTO texts VALUES (?, ?, ?, ?, ?)",
                [
                    (row.student, row.chapter, result.exercise, result.digest, result.text)
                    for result in row.results
                    if result.text
                ],
            )
            self._apply_readings(row.student)

    def read(
        self,
        student: str,
        exercise: str,
        digest: str,
        points: list[float],
        remark: str,
        message: str,
    ) -> None:
        """Keep a person's points for a text, one for each line of the rubric, and count them.

        `message` is for the student.
        """
        with self._transaction():
            self._base.execute(
                "INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?, ?, ?, ?)",
                (student, exercise, digest, json.dumps(points), sum(points), remark, message),
            )
            self._apply_readings(student)

    def _apply_readings(self, student: str):
        self._base.execute(
            """UPDATE results SET status = 'read', points = found.total, message = found.message
               FROM (SELECT * FROM texts JOIN readings USING (student, exercise, digest)) AS found
               WHERE results.student = ? AND found.student = ?
                     AND results.exercise = found.exercise""",
            (student, student),
        )
        self._base.execute(
            """UPDATE submissions SET points = (SELECT SUM(points) FROM results
                                                WHERE results.student = submissions.student
                                                      AND results.chapter = submissions.chapter)
               WHERE student = ? AND chapter IN (SELECT chapter FROM texts WHERE student = ?)""",
            (student, student),
        )

    def state(self) -> dict[tuple[str, str], tuple[str, str, bool]]:
        """(student, chapter) -> (digest, spec, graded in a sandbox?) of what has a row."""
        found = self._base.execute(
            "SELECT student, chapter, digest, spec, sandboxed FROM submissions"
        )
        return {
            (student, chapter): (digest, spec, bool(safe))
            for student, chapter, digest, spec, safe in found
        }

    def drop(self, student: str, chapter: str) -> None:
        """Forget a row."""
        with self._transaction():
            for table in ("submissions", "results", "texts"):
                self._base.execute(
                    f"DELETE FROM {table} WHERE student = ? AND chapter = ?", (student, chapter)
                )

    def submissions(self) -> list[dict]:
        """All rows by student and chapter."""
        return self._rows("SELECT * FROM submissions ORDER BY student, chapter")

    def results(self) -> list[dict]:
        """The exercises of all rows, by student and chapter, in the chapter's order."""
        return self._rows("SELECT * FROM results ORDER BY student, chapter, place")

    def texts(self) -> list[dict]:
        """Everything that a person is to read, with what was given for it so far, or None."""
        return self._rows("""SELECT texts.*, readings.points, readings.remark
                             FROM texts LEFT JOIN readings USING (student, exercise, digest)
                             ORDER BY exercise, student""")

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

    def _rows(self, query: str) -> list[dict]:
        found = self._base.execute(query)
        names = [column[0] for column in found.description]
        return [dict(zip(names, values, strict=True)) for values in found]

    @contextmanager
    def _transaction(self):
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._base.execute("COMMIT")
        except BaseException:
            self._base.execute("ROLLBACK")
            raise


def _write_csv(path: Path, columns: tuple[str, ...], rows: list[dict]):
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(
            [
                shown_points(row[name]) if name in ("points", "possible") else defused(row[name])
                for name in columns
            ]
        )
    write_whole(path, table.getvalue())
