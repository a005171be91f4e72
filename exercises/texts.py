"""Texts that a person reads: a table for each exercise, a column a line of its rubric, and a page.

The points go into the table, and the same export reads them back: no second command, and nothing
that was filled in is written over. A cell decides if it was changed since the table was written:
what an older table still says is no decision.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from pathlib import Path

from scalinglib.checks import Text, registry
from scalinglib.lab.sweep import write_whole

from .campus import defused, shown_points
from .feedback import as_html, page
from .gradebook import Gradebook, Result
from .ledger import Entry
from .questions import title_of, told_of
from .roster import in_columns

_TEXT, _REMARK, _KEY = "text", "remark for the student", "text id"
_MARK = "as written"
"""The column that says which points stood in a line when it was written; see _mark."""


class TextsError(ValueError):
    """A table of points that cannot be read; the text names the file and the line."""


def _columns(exercise: Text) -> list[str]:
    return [f"{line} (0 to {shown_points(points)})" for line, points in exercise.rubric]


def read_back(book: Gradebook, folder: Path) -> list[str]:
    """Record the points that were changed in FOLDER/<exercise>.csv; what there is to tell.

    Raises TextsError, before anything is recorded, for points that are no number, too many, or not
    given for all lines of the rubric, and for a line whose text the ledger does not know.
    """
    known, readings = {}, {}
    for entry in book.ledger.entries():
        if entry.body.get("about", ("",))[0] == "read":
            readings.setdefault(tuple(entry.body["about"][1:]), []).append(entry)
        for told in entry.body.get("results", ()):
            if told["text"]:
                result = Result(**told)
                of = (entry.student, result.exercise, result.digest)
                known[_key(*of)] = of
    told = []
    for path in sorted(folder.glob("[0-9][0-9]-*.csv")):
        exercise = registry.exercise(path.stem, Text)
        for where, of, mark, given, said in _filled(path, exercise, known):
            if not given:
                told.append(
                    f"{where}: points that were emptied stay as they were. To change them, fill in "
                    "others after this export; 0 is a number too"
                )
                continue
            points, remark, old = _changed(readings.get(of, []), mark, given, said)
            if points is not None:
                words, table = _message(exercise, points, remark), [mark, given, said]
                book.read(of[0], of[1], of[2], points, remark, words, table)
            elif old:
                told.append(
                    f"{where}: these points were read before, and others since: not taken again. "
                    "If they are to count, fill them in once more after this export"
                )
    return told


def _mark(reading: Entry | None) -> str:
    """Stands for the points that a table shows; it begins with a letter, as _key does."""
    return f"r{reading.id[:11]}" if reading else "r0"


def _changed(told: list[Entry], mark: str, points: list[float], remark: str) -> tuple:
    """(points, remark, False) after what was changed in a line of a table, points None where
    nothing was; True where the line has points that others have replaced since.

    told : the readings of its text, in order. Only changed cells count: what was given elsewhere
    meanwhile stays in the others. A line is read once, wherever the table lies.
    """
    cells, given = _as_shown(points, remark), [entry.body["value"] for entry in told]
    shown = [_as_shown(one["points"], defused(one["remark"])) for one in given]
    before = {_mark(entry): own for entry, own in zip(told, shown, strict=True)}.get(mark)
    read = any(entry.body.get("table") == [mark, points, remark] for entry in told)
    if read or cells == before or (before is None and cells in shown):
        return None, "", before is None and cells != shown[-1]
    if before is None:
        return points, remark, False
    now = [*given[-1]["points"], given[-1]["remark"]]
    cells = [
        own if own_shown != old else kept
        for own, own_shown, old, kept in zip([*points, remark], cells, before, now, strict=True)
    ]
    return cells[:-1], cells[-1], False


def _as_shown(points: list[float], remark: str) -> list:
    """Cells as they compare: a table has two decimals, and a spreadsheet its own line ends."""
    return [*(float(shown_points(one)) for one in points), " ".join(remark.split())]


def _message(exercise: Text, points: list[float], remark: str) -> str:
    given = [
        f"{line}: {shown_points(value)} of {shown_points(most)}"
        for value, (line, most) in zip(points, exercise.rubric, strict=True)
    ]
    return "; ".join([*given, *([remark] if remark else [])])


def _key(student: str, exercise: str, digest: str) -> str:
    """Stands for one student's text; it begins with a letter, so no spreadsheet takes it apart."""
    return "t" + hashlib.sha256(f"{student}|{exercise}|{digest}".encode()).hexdigest()[:11]


def sheet(path: Path) -> csv.DictReader:
    """A table as a spreadsheet may have saved it: commas, semicolons or tabs, in UTF-8 or not."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return in_columns(text)


def _filled(path: Path, exercise: Text, known: dict[str, tuple]) -> list[tuple]:
    table, columns = sheet(path), _columns(exercise)
    if missing := [name for name in (_KEY, *columns) if name not in (table.fieldnames or ())]:
        raise TextsError(
            f"{path} has lost its column {missing[0]!r}: "
            "put it back, or move the file away and export again"
        )
    found = []
    for row in table:
        cells = [(row[name] or "").strip() for name in columns]
        where = f"{path}, line {table.line_num}, student {row.get('student')}"
        mark = (row.get(_MARK) or "").strip()
        if not any(cells):
            found += [(where, None, mark, [], "")] if mark not in ("", _mark(None)) else []
            continue
        if not all(cells):
            raise TextsError(
                f"{where}: points are given for {sum(map(bool, cells))} of {len(cells)} "
                "lines of the rubric; 0 is a number too"
            )
        if (of := known.get((row[_KEY] or "").strip())) is None:
            raise TextsError(
                f"{where}: its {_KEY!r} {row[_KEY]!r} is of no text that was handed in; "
                "copy it from the table as it was written, or take the line out"
            )
        if _plain(row.get("student") or of[0]) != _plain(of[0]):
            raise TextsError(
                f"{where}: its {_KEY!r} is of a text of {of[0]}: "
                "was one column sorted without the others? Take the file away and export again"
            )
        points = [
            _points(cell, most, where)
            for cell, (_, most) in zip(cells, exercise.rubric, strict=True)
        ]
        remark = (row.get(_REMARK) or "").strip()
        found.append((where, of, mark, points, remark))
    return found


def _plain(id: str) -> str:
    """An id as it is after a spreadsheet has taken the zeros in front of it."""
    return id.strip().lstrip("'").casefold().lstrip("0")


def _points(cell: str, most: float, where: str) -> float:
    try:
        value = float(cell.replace(",", "."))
    except ValueError:
        raise TextsError(f"{where}: {cell!r} is not a number of points") from None
    if not 0 <= value <= most:
        raise TextsError(f"{where}: {cell} points, where 0 to {shown_points(most)} can be given")
    return value


def write_texts(
    book: Gradebook, folder: Path, names: dict[str, str], chapter: str | None = None
) -> list[str]:
    """FOLDER/<exercise>.csv, to be filled in, and .html, to read from; what there is to tell."""
    by_exercise: dict[str, list[dict]] = {}
    for row in book.texts():
        if chapter in (None, "", row["chapter"]):
            by_exercise.setdefault(row["exercise"], []).append(row)
    told = []
    for id, rows in by_exercise.items():
        folder.mkdir(parents=True, exist_ok=True)
        exercise = registry.exercise(id, Text)
        # the mark tells Excel that it is UTF-8
        write_whole(folder / f"{id}.csv", "\ufeff" + _table(exercise, rows, names))
        write_whole(folder / f"{id}.html", _page(exercise, rows))
        unread = sum(row["points"] is None for row in rows)
        told.append(
            f"{folder / id}.csv: {len(rows)} texts, "
            + (
                f"{unread} of them not read yet: their chapter has no points until you fill them "
                "in and run the same export again"
                if unread
                else "all read"
            )
        )
    return told


def _table(exercise: Text, rows: list[dict], names: dict[str, str]) -> str:
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\n")
    head = ["student", "name", _TEXT, *_columns(exercise), _REMARK, _MARK, _KEY]
    writer.writerow(head)
    for row in rows:
        points = (
            [""] * len(exercise.rubric)
            if row["points"] is None
            else map(shown_points, row["points"])
        )
        writer.writerow(
            [
                row["student"],
                defused(names.get(row["student"], "")),
                defused(row["text"]),
                *points,
                defused(row["remark"] or ""),
                _mark(row["reading"]),
                _key(row["student"], exercise.id, row["digest"]),
            ]
        )
    return table.getvalue()


def _page(exercise: Text, rows: list[dict]) -> str:
    """Each text once, without names, in the order of digests: readers should not know writers."""
    title = title_of(exercise.id)
    rubric = "".join(
        f"<li>{as_html(line)} (0 to {shown_points(points)})</li>"
        for line, points in exercise.rubric
    )
    asked = re.sub(r"`([^`]+)`", r"<code>\1</code>", as_html(told_of(exercise.id).text))
    handed_in = Counter((row["digest"], row["text"]) for row in rows)
    texts = "\n".join(
        f"<h2>{digest}{f', from {count} students' if count > 1 else ''}</h2>\n"
        f"<p>{as_html(text)}</p>"
        for (digest, text), count in sorted(handed_in.items())
    )
    return page(title, f"<h1>{as_html(title)}</h1>\n<p>{asked}</p>\n<ul>{rubric}</ul>\n{texts}")
