"""The class's ledger: what was seen, graded and decided, appended and never changed.

OUT/gradebook.sqlite holds it, with the notebooks that were seen (without their outputs), so that
they can be graded again. Each append is one transaction: a killed grader leaves whole entries. The
gradebook is computed from it (gradebook.computed), so that no order of work can change a grade.

An entry carries the instant at which it was written down. What is appended later is later, also
where a machine's clock says otherwise: it then has the next instant after the last.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from .clock import instant, later, now
from .rules import read_rules

SEEN, GRADED, DECIDED, ROSTER, COURSE = "seen", "graded", "decided", "roster", "course"
CAMPUS = "campus"
"""Whose number is whose, as the campus system says: account -> id."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS ledger (
    entry TEXT PRIMARY KEY,        -- digest of what it says
    at TEXT NOT NULL,              -- when it was written down, in UTC; older ones in local time
    kind TEXT NOT NULL,            -- one of the words above; older: batch
    student TEXT NOT NULL, chapter TEXT NOT NULL,
    body TEXT NOT NULL);           -- JSON; may hold a student's text: escape it
CREATE TABLE IF NOT EXISTS notebooks (digest TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TRIGGER IF NOT EXISTS unchanged BEFORE UPDATE ON ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is only appended to'); END;
CREATE TRIGGER IF NOT EXISTS undeleted BEFORE DELETE ON ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is only appended to'); END;
"""


class GradebookError(ValueError):
    """A gradebook that cannot be used."""


@dataclass(frozen=True)
class Entry:
    """One line of the ledger; `body` has what its kind needs."""

    kind: str
    student: str
    chapter: str
    body: dict
    at: str = ""

    @cached_property
    def id(self) -> str:
        """Stands for what is told.

        A file that is seen again tells nothing new; a decision and a grading are events with a
        time.
        """
        told = [self.kind, self.student, self.chapter, self.body]
        told += [] if self.kind == SEEN else [self.at]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def in_sequence(entries: Iterable[Entry]) -> tuple[list[Entry], str]:
    """(entries by time and, where that is the same, by what they say; the class's time zone).

    What was written down twice, in two ledgers, was first told then.
    """

    def ordered(zone: str) -> list[Entry]:
        return sorted(entries, key=lambda entry: (instant(entry.at, zone), entry.id))

    entries = list(entries)
    texts = [entry.body["text"] for entry in ordered("") if entry.kind == COURSE]
    zone = read_rules(texts[-1], kept=True).zone if texts else ""
    first: dict[str, Entry] = {}
    for entry in ordered(zone):
        first.setdefault(entry.id, entry)
    return list(first.values()), zone


def standing(entries: Iterable[Entry]) -> dict[tuple[str, ...], list[Entry]]:
    """What was decided about each thing and not taken back, in order; the last counts.

    entries : in sequence. A withdrawal names what it takes back: what stood in its folder then, and
    not what came from elsewhere. One of an older version takes back all before it.
    """
    told = [entry for entry in entries if entry.kind == DECIDED]
    back = {id for entry in told for id in entry.body.get("back", ())}
    found: dict[tuple[str, ...], list[Entry]] = {}
    for entry in told:
        about = tuple(entry.body["about"])
        if entry.body["value"] is not None:
            if entry.id not in back:
                found.setdefault(about, []).append(entry)
        elif "back" not in entry.body:
            found.pop(about, None)
    return found


class Ledger:
    """The file; one writer at a time."""

    def __init__(self, path: Path) -> None:
        self.path, self._last = path, ""
        try:
            self._base = sqlite3.connect(path, isolation_level=None)
            self._base.executescript(_SCHEMA)
            with self.transaction():
                self._convert()
        except sqlite3.Error as error:
            raise GradebookError(f"{path} is no gradebook that can be opened ({error})") from None

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def append(self, *entries: Entry, notebooks: Mapping[str, bytes] | None = None) -> int:
        """Write entries and the notebooks that go with them, all or none; how many are new.

        Entries without a time get that of now.
        """
        with self.transaction():
            before = self._base.total_changes
            self._base.executemany(
                "INSERT OR IGNORE INTO ledger VALUES (?, ?, ?, ?, ?, ?)",
                [_row(self._dated(entry)) for entry in entries],
            )
            new = self._base.total_changes - before
            self._base.executemany(
                "INSERT OR IGNORE INTO notebooks VALUES (?, ?)",
                [(digest, zlib.compress(data)) for digest, data in (notebooks or {}).items()],
            )
        return new

    def entries(self) -> list[Entry]:
        """All entries; see in_sequence."""
        found = self._base.execute("SELECT kind, student, chapter, body, at FROM ledger")
        return in_sequence(
            Entry(kind, student, chapter, json.loads(body), at)
            for kind, student, chapter, body, at in found
        )[0]

    def notebook(self, digest: str) -> bytes | None:
        """A notebook that was seen, without its outputs; None where none was kept."""
        found = self._base.execute(
            "SELECT data FROM notebooks WHERE digest = ?", (digest,)
        ).fetchone()
        return zlib.decompress(found[0]) if found else None

    def merge(self, path: Path) -> int:
        """Take over what another ledger of the class has and this one has not; how many entries.

        Which of the two is merged into which does not matter.
        """
        try:
            other = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
            told = other.execute("SELECT * FROM ledger").fetchall()
            kept = other.execute("SELECT * FROM notebooks")
            with self.transaction():
                here = dict(self._base.execute("SELECT entry, at FROM ledger").fetchall())
                before = self._base.total_changes
                for entry, at, *rest in told:
                    if here.get(entry, at) != at:
                        entry = f"{entry} {at}"  # seen in both; the first time counts
                    self._base.execute(
                        "INSERT OR IGNORE INTO ledger VALUES (?, ?, ?, ?, ?, ?)", (entry, at, *rest)
                    )
                new, self._last = self._base.total_changes - before, ""
                self._base.executemany("INSERT OR IGNORE INTO notebooks VALUES (?, ?)", kept)
            other.close()
        except sqlite3.Error as error:
            raise GradebookError(
                f"{path} is no gradebook that can be merged ({error}): grade there once more"
            ) from None
        return new

    def kept(self) -> set[str]:
        """The digests of the notebooks that can be graded again."""
        return {digest for (digest,) in self._base.execute("SELECT digest FROM notebooks")}

    @contextmanager
    def transaction(self) -> Generator[None, None, None]:
        """All that is written inside, or nothing."""
        try:
            self._base.execute("BEGIN IMMEDIATE")
            yield
            self._base.execute("COMMIT")
        except BaseException as error:
            if self._base.in_transaction:
                self._base.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise GradebookError(
                    f"{self.path} cannot be written ({error}): what was there is kept. Make room, "
                    "or see why, and say the same again"
                ) from None
            raise

    def _dated(self, entry: Entry) -> Entry:
        """With its time; after all that is there, where it has none yet."""
        if not self._last and (told := self.entries()):
            self._last = instant(told[-1].at, in_sequence(told)[1])
        next_ = later(self._last, microseconds=1) if self._last else ""
        dated = entry if entry.at else replace(entry, at=max(now(), next_))
        self._last = max(self._last, instant(dated.at))
        return dated

    def _convert(self) -> None:
        """Bring in a gradebook of before the ledger, once; its tables stay beside it, renamed."""
        tables = {
            name
            for (name,) in self._base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        if not {"submissions", "results", "texts", "readings"} <= tables:
            return
        old = {name: self._dicts(name) for name in ("submissions", "results", "texts", "readings")}
        self._base.executemany(
            "INSERT OR IGNORE INTO ledger VALUES (?, ?, ?, ?, ?, ?)", map(_row, _converted(**old))
        )
        for name in old:
            self._base.execute(f"ALTER TABLE {name} RENAME TO before_the_ledger_{name}")

    def _dicts(self, table: str) -> list[dict]:
        found = self._base.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3")
        names = [column[0] for column in found.description]
        return [dict(zip(names, values, strict=True)) for values in found]


def _row(entry: Entry) -> tuple:
    return (
        entry.id,
        entry.at,
        entry.kind,
        entry.student,
        entry.chapter,
        json.dumps(entry.body, sort_keys=True),
    )


def _converted(submissions, results, texts, readings) -> Iterable[Entry]:
    """The entries that an old gradebook amounts to; who had handed in nothing needs none.

    Nobody knows when a file was handed in, so any that is seen from now on is newer.
    """
    at = "0001-01-01T00:00:00"
    names = {row["student"]: row["name"] for row in submissions if row["name"]}
    if names:
        yield Entry(ROSTER, "", "", {"students": sorted(map(list, names.items()))}, at)
    written = {(row["student"], row["exercise"]): row["text"] for row in texts}
    chapter_of = {(row["student"], row["exercise"]): row["chapter"] for row in results}
    for row in submissions:
        if row["status"] == "missing":
            continue
        whose = (row["student"], row["chapter"])
        seen = {name: row[name] for name in ("digest", "path")}
        graded = row["status"] in ("graded", "stopped", "failed")
        if not graded:
            seen |= {"state": "unreadable", "why": row["reason"]}
        yield Entry(SEEN, *whose, seen, at)
        if graded:
            told = {name: row[name] for name in ("digest", "status", "reason", "seconds")}
            told |= {"version": "", "sandboxed": bool(row["sandboxed"])}
            told["results"] = [
                {
                    name: result[name]
                    for name in ("exercise", "points", "possible", "message", "rule", "program")
                }
                | {
                    "status": "to be read" if result["status"] == "read" else result["status"],
                    "text": written.get((row["student"], result["exercise"]), ""),
                }
                for result in results
                if (result["student"], result["chapter"]) == whose
            ]
            yield Entry(GRADED, *whose, told, at)
    for row in readings:
        value = {
            "points": json.loads(row["points"]),
            "remark": row["remark"],
            "message": row["message"],
        }
        about = ["read", row["student"], row["exercise"], row["digest"]]
        yield Entry(
            DECIDED,
            row["student"],
            chapter_of.get((row["student"], row["exercise"]), ""),
            {"about": about, "value": value, "reason": row["remark"]},
            at,
        )
