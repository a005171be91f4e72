"""What comes out of a gradebook: tables, the campus system's file, feedback, the class report."""

from __future__ import annotations

import csv
import dataclasses
import io
import math
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

import pandas as pd

from scalinglib.lab.sweep import write_whole

from . import chapter_specs
from .campus import (
    Filled,
    Total,
    defused,
    fill_canvas,
    fill_moodle,
    numbers,
    participants,
    shown_points,
)
from .chapter import read_chapter
from .feedback import feedback, printable, receipt
from .grade import course_chapters, read_course, version_of
from .gradebook import Ask, Computed, Gradebook, Result, handle
from .ledger import DECIDED, SEEN, GradebookError, standing
from .questions import notebook_of, stands_in, title_of
from .report import report
from .roster import id_fault, other_ids, read_roster
from .rules import without_zone
from .texts import read_back, write_texts

UNDECIDED = 3
"""The exit status where something waits for a person."""


def tables(gradebook: str | Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(rows, submissions) of a gradebook, a file or the folder that it is in.

    rows : one for each student and exercise, in the chapters' order: student, name, chapter,
    exercise, points, possible, status, message, rule, program, answer, typed, tries.
    submissions : one for each student and chapter: student, name, chapter, points (nan where
    nothing is earned), possible, status, reason, seconds, earned. Files that belong to no student
    of a known chapter have a row only there. Raises GradebookError.
    """
    with opened(gradebook) as book:
        return _tables(book)


def _tables(book: Gradebook) -> tuple[pd.DataFrame, pd.DataFrame]:
    submissions, rows = pd.DataFrame(book.submissions()), pd.DataFrame(book.results())
    if rows.empty and (submissions.empty or not submissions.earned.any()):
        waits = not submissions.empty and (submissions.status == "waiting").any()
        why = "what came waits for a grading. Say: regrade" if waits else "nothing is graded"
        raise GradebookError(f"{book.path} holds no points to export: {why}")
    if rows.empty:  # points by hand alone
        fields = [field.name for field in dataclasses.fields(Result)]
        rows = pd.DataFrame(columns=["student", "chapter", "place", *fields])
    names = dict(zip(submissions.student, submissions.name, strict=True))
    submissions["points"] = submissions.points.astype(float)
    tries = book.tries()
    of = zip(rows.student, rows.exercise, strict=True)
    return rows.assign(name=rows.student.map(names), tries=[tries[one] for one in of]), submissions


@contextmanager
def opened(gradebook: str | Path) -> Generator[Gradebook, None, None]:
    """The gradebook of a class's folder, or that file itself. Raises GradebookError."""
    path = Path(gradebook)
    path = path / "gradebook.sqlite" if path.is_dir() else path
    if not path.is_file() or path.name != "gradebook.sqlite":
        raise GradebookError(
            f"there is no gradebook {path}: "
            "grade first, and name the folder that was given as --out"
        )
    book = Gradebook(path.parent, cache(version_of))
    try:
        yield book
    finally:
        book.close()


def totals(submissions: pd.DataFrame) -> tuple[dict[tuple[str, str], Total], dict[str, str]]:
    """((student, chapter) -> points, student -> name), without files that belong to nobody.

    Points are only what is earned; a student without any has a name all the same.
    """
    known = submissions[
        [
            not id_fault(student) and chapter.isdigit()
            for student, chapter in zip(submissions.student, submissions.chapter, strict=True)
        ]
    ]
    reached = {
        (row["student"], row["chapter"]): Total(row["points"], row["possible"])
        for row in known.to_dict("records")
        if row["earned"]
    }
    return reached, dict(zip(known.student, known.name, strict=True))


def wide_csv(submissions: pd.DataFrame, drop_lowest: int = 0) -> str:
    """A line a student, a column a chapter, and the sum; no cell that a spreadsheet executes.

    Where nothing is earned the cell is empty, and the last column says why. drop_lowest : so many
    chapters of the lowest share are left out of the sum.
    """
    reached, names = totals(submissions)
    states = {
        (row["student"], row["chapter"]): row["status"]
        for row in submissions.to_dict("records")
        if not row["earned"]
    }
    chapters = sorted({chapter for _, chapter in reached})
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(
        ["id", "name", *(f"chapter {number}" for number in chapters), "points", "possible", "open"]
    )
    for student in sorted(names):
        own = [reached.get((student, number)) for number in chapters]
        out = lowest({n: one for n, one in zip(chapters, own, strict=True) if one}, drop_lowest)
        counted = [one for n, one in zip(chapters, own, strict=True) if one and n not in out]
        sums = [sum(getattr(total, field) for total in counted) for field in ("points", "possible")]
        left = [f"{number} {state}" for (who, number), state in states.items() if who == student]
        writer.writerow(
            [
                defused(student),
                defused(names[student]),
                *(shown_points(total.points) if total else "" for total in own),
                *map(shown_points, sums),
                "; ".join(left),
            ]
        )
    return file.getvalue()


def lowest(own: Mapping[str, Total], count: int) -> list[str]:
    """The chapters of a student that do not count in the sum; one always does."""
    shares = sorted(own, key=lambda n: (own[n].points / (own[n].possible or 1), n))
    return shares[: min(count, max(len(own) - 1, 0))]


def write_feedback(
    rows: pd.DataFrame, submissions: pd.DataFrame, folder: str | Path, drop_lowest: int = 0
) -> int:
    """FOLDER/<id>.html and FOLDER/<id>.md for every student; how many students."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    reached, names = totals(submissions)
    for student, name in names.items():
        own = submissions[submissions.student == student]
        chapters = {
            row["chapter"]: (
                row["reason"] if row["earned"] else _told(row["status"], row["reason"]),
                row["possible"] if row["earned"] else 0,
                row["points"] if row["earned"] else None,
            )
            for row in own.to_dict("records")
            if row["chapter"].isdigit()
        }
        receipts = {
            row["chapter"]: receipt(
                row["together"] or (row["digest"],),
                row["sent"],
                row["earned"],
                packed=".zip/" in row["path"].lower(),
            )
            for row in own.to_dict("records")
        }
        remarks = {row["chapter"]: _remarks(row) for row in own.to_dict("records")}
        totals_of = {number: total for (who, number), total in reached.items() if who == student}
        out = lowest(totals_of, drop_lowest)
        mine = rows[rows.student == student]
        web, text = feedback(student, name, mine, chapters, receipts, out, remarks)
        (folder / f"{student}.html").write_text(web, encoding="utf-8", newline="\n")
        (folder / f"{student}.md").write_text(text, encoding="utf-8", newline="\n")
    return len(names)


def _remarks(row: Mapping[Any, Any]) -> list[str]:
    """What a student is told of how the exercises of a chapter count."""
    off = "; ".join(f"{title_of(id)} ({why})" for id, why in row["off"])
    told = [f"Does not count: {off}."] if off else []
    if row["earned"] and row["weight"] != 1:
        told.insert(
            0, f"Each point of an exercise counts {shown_points(row['weight'])} times here."
        )
    return told


def _told(status: str, reason: str) -> str:
    """What a student is told of a chapter without points; a reason may name somebody else."""
    if status in ("missing", "unreadable", "excused"):
        return reason
    return {
        "to be read": "a text waits to be read",
        "late": "it is late; your instructor decides by how much",
    }.get(status, "there are no points yet: your instructor looks at it")


def write_report(
    rows: pd.DataFrame,
    submissions: pd.DataFrame,
    path: str | Path,
    note: str = "",
    asks: list[Ask] | None = None,
) -> None:
    """The class report; see report.report."""
    tasks = {}
    for number in sorted({*rows.chapter, *map(stands_in, set(rows.exercise))} - {""}):
        tasks |= read_chapter(notebook_of(number)).tasks
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    undecided = [line.strip() for line in list_of(asks or [])[1:]]
    path.write_text(
        report(rows, submissions, tasks, note, undecided), encoding="utf-8", newline="\n"
    )


def export(
    gradebook: str | Path,
    out: str | Path,
    chapter: str | None = None,
    canvas: str | Path | None = None,
    moodle: str | Path | None = None,
    csv_file: str | Path | None = None,
    maximum: float | None = None,
    roster: str | Path | None = None,
    columns: Mapping[str, str] | None = None,
) -> tuple[list[str], list[Ask], list[str]]:
    """Write everything into `out`; (what there is to tell, what waits for a person, what is earned
    and could not be filled into the campus file).

    OUT/grades.csv (or `csv_file`), OUT/feedback/, OUT/report.html; OUT/texts/ for what a person is
    to read, from where points that were filled in come back; of `canvas` and `moodle`, files that
    the campus system exported, filled copies under their own names. `chapter` takes one chapter
    only; `maximum` is that of columns whose maximum the file does not tell; `roster` has other ids
    of the students (default: the one that assign left beside the gradebook); `columns` says which
    column of the campus file is a chapter's, where its name does not. Raises GradebookError,
    CampusError, TextsError, RosterError, and ValueError for files that cannot be read.
    """
    out = Path(out)
    if maximum is not None and not (maximum > 0 and math.isfinite(maximum)):
        raise ValueError(f"--maximum {maximum:g}: the maximum has to be above 0")
    chapter = chapter and chapter.zfill(2)
    if chapter and not chapter_specs(chapter):
        raise ValueError(f"chapter {chapter!r} has no exercises; write a number, as in 09")
    unfilled: list[str] = []
    with opened(gradebook) as book:
        left = book.path.parent / "roster.csv"
        known = roster or (left if left.exists() else None)
        read_course(book, course_chapters())
        told = participants_of(book, moodle, known) if moodle else []
        if canvas:
            hear_canvas(book, canvas, known)
        told += read_back(book, out / "texts")
        book.write_tables()
        told += write_texts(
            book,
            out / "texts",
            {row["student"]: row["name"] for row in book.submissions()},
            chapter,
        )
        rows, submissions = _tables(book)
        # what is of no known chapter may be of this one
        asks = [ask for ask in book.undecided() if chapter is None or ask.chapter in (chapter, "?")]
        drop_lowest = book.computed().rules.drop_lowest
        told += told_of_rules(book.computed(), chapter)
        known_by, zeros = numbers_of(book.computed()), _zeros_elsewhere(book, chapter)
    if chapter:
        rows, submissions = (
            rows[rows.chapter == chapter],
            submissions[submissions.chapter == chapter],
        )
        if rows.empty and not submissions.earned.any():
            raise GradebookError(f"chapter {chapter} is not graded in {gradebook}")
    out.mkdir(parents=True, exist_ok=True)
    reached, names = totals(submissions)
    called, others = _called(names, known if canvas or moodle else None)
    if roster and not others:
        raise ValueError(
            f"{roster} has no other ids of graded students: "
            "it needs their ids and, say, a column email"
        )
    by_number = {number: called.get(id, id) for number, id in known_by.items()}
    named = Path(moodle).name if moodle else ""
    for file, fill in (
        (canvas, partial(fill_canvas, numbers=by_number)),
        (moodle, partial(fill_moodle, file_name=named)),
    ):
        if file is not None:
            filled = fill(
                _bytes_of(file, out),
                {(called[id], number): own for (id, number), own in reached.items()},
                {called[id]: name for id, name in names.items()},
                maximum=maximum,
                others=others,
                columns=columns,
            )
            write_whole(out / Path(file).name, filled.data)
            unfilled += filled.unfilled
            unfilled += _zeros_of_strangers(zeros, filled.strangers)
            told += _told_of_columns(out / Path(file).name, filled)
    table = Path(csv_file) if csv_file else out / "grades.csv"
    table.write_text(wide_csv(submissions, drop_lowest), encoding="utf-8", newline="\n")
    count = write_feedback(rows, submissions, out / "feedback", drop_lowest)
    write_report(rows, submissions, out / "report.html", asks=asks)
    return (
        [
            *told,
            f"{table}: {len(names)} students",
            f"{out / 'feedback'}: HTML and Markdown for {count} students",
            f"{out / 'report.html'}: the class report",
        ],
        asks,
        unfilled,
    )


def _zeros_elsewhere(book: Gradebook, chapter: str | None) -> list[tuple[str, str]]:
    """(student, chapter) of each 0 that was said of somebody who is not in the roster here."""
    names, told = book.computed().names, standing(book.ledger.entries())
    zeros = (about[1:] for about in told if about[0] == "zero")
    return [(one, of) for one, of in zeros if one not in names and chapter in (None, of)]


def _zeros_of_strangers(zeros: list[tuple[str, str]], strangers: list[str]) -> list[str]:
    return [
        f"chapter {chapter}, {student}: 0 was said, but the roster of this class does not have "
        "them: say assign with one that does"
        for student, chapter in zeros
        if student.casefold() in strangers
    ]


def _bytes_of(file: str | Path, out: Path) -> bytes:
    """The campus system's file, which must not lie where it is written to."""
    target = out / Path(file).name
    if target.exists() and target.samefile(file):
        raise ValueError(f"{file} lies in {out} and would be written over: name another folder")
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise ValueError(
            f"the campus system's file {file} cannot be read: {error.strerror}"
        ) from None


def _told_of_columns(target: Path, filled: Filled) -> list[str]:
    return [
        f"{target}: filled by {filled.id_column}",
        *(
            f"  chapter {number}: column {printable(repr(column))}"
            for number, column in filled.columns.items()
        ),
        *(f"  {printable(line)}" for line in filled.told),
    ]


def _called(
    students: Iterable[str], roster: str | Path | None
) -> tuple[dict[str, str], dict[str, str]]:
    """(student -> what the campus calls them now, another id -> what it calls that student).

    Who has left has no line in its files, where somebody else has their id now.
    """
    called = {id: id for id in students}
    if not roster:
        return called, {}
    now = {one.id: one.campus for one in read_roster(roster) if one.campus}
    taken = {id.casefold() for id in now.values()}
    for id in called:
        called[id] = now.get(id, f"{id} of before" if id.casefold() in taken else id)
    return called, {other: called[id] for other, id in other_ids(roster, called).items()}


def numbers_of(found: Computed) -> dict[str, str]:
    """Canvas's own number -> id, as Canvas has said it so far, also of those who have left."""
    accounts = ((*account.rpartition(" "), id) for account, id in found.campus.items())
    return {number: id for system, _, number, id in accounts if system == "Canvas"}


def hear_canvas(book: Gradebook, sheet: str | Path, roster: str | Path | None) -> None:
    """Keep whose number is whose by Canvas's gradebook, if it has said nothing else before.

    What came under a number and was taken for another's is put to a person then.
    """
    try:
        data = Path(sheet).read_bytes()
    except OSError:  # it is told where it is to be filled
        return
    found, known = book.computed(), numbers_of(book.computed())
    names = {row.student: row.name for row in found.rows if not id_fault(row.student)}
    names |= found.called
    called, others = _called(names, roster)
    whose = {now: id for id, now in called.items()}
    by_number = {number: called.get(id, id) for number, id in known.items()}
    lines = numbers(data, {now: names[id] for now, id in whose.items()}, others, by_number)
    new = {*lines.values()} - {*by_number.values()}
    told = {number: now for number, now in lines.items() if now in new and number not in known}
    book.campus_says({f"Canvas {number}": whose[now] for number, now in told.items()})


def participants_of(book: Gradebook, sheet: str | Path, roster: str | Path | None) -> list[str]:
    """Take over whose files are whose by Moodle's worksheet; what there is to tell, one line each.

    Where nobody has decided otherwise: it knows who a participant is, also of two of one name. What
    was decided without that knowledge is put to a person.
    """
    try:
        lines = participants(Path(sheet).read_bytes())
    except OSError:  # it is told where it is to be filled
        return []
    found, entries = book.computed(), book.ledger.entries()
    whose = {id.casefold(): id for id in found.names}
    whose |= other_ids(roster, found.names) if roster and lines else {}
    told, decided, owner_of = {}, standing(entries), {}
    for account in {entry.body.get("account", "") for entry in entries if entry.kind == SEEN}:
        owners = {whose[id] for id in lines.get(account.rpartition(" ")[2], ()) if id in whose}
        if account.startswith("Moodle ") and len(owners) == 1:
            owner_of[account] = owners.pop()
    for file in found.files:
        owner, about = owner_of.get(file.account), ("account", file.account)
        undecided = {about, ("file", file.handle)}.isdisjoint(decided)
        if owner and undecided and (file.state == "sender" or file.student != owner):
            told[about] = (owner, file.chapter)
    said = {
        (entry.body["about"][1], entry.body["value"])
        for entry in entries
        if entry.kind == DECIDED and entry.body["about"][0] == "account"
    }
    guessed = {about[1] for about in decided if about[0] == "account"}
    guessed |= {
        entry.body["account"]
        for entry in entries
        if entry.body.get("account") in owner_of
        and ("file", handle(entry.body["path"], entry.body["digest"])) in decided
    }
    news = {one: owner_of[one] for one in guessed & {*owner_of}}
    before = found.campus  # by another worksheet: the last holds, also where it is an old one
    news = {
        one: owner
        for one, owner in news.items()
        if (one, owner) not in said or before.get(one, owner) != owner
    }
    book.campus_says(news)
    for about, (owner, chapter) in told.items():
        book.decide(about, owner, f"Moodle's worksheet {Path(sheet).name}", owner, chapter)
    return [f"{about[1]} is {owner}, as the worksheet says" for about, (owner, _) in told.items()]


def told_of_rules(found: Computed, chapter: str | None = None) -> list[str]:
    """What there is to tell of a class's times, one line each."""
    marks = ((n, why) for n, why in found.marks.items() if chapter in (None, n))
    return [*without_zone(found.rules), *(f"chapter {n}: {why}" for n, why in marks)]


def list_of(asks: list[Ask]) -> list[str]:
    """What waits for a person, one line each; nothing where nothing does."""
    if not asks:
        return []
    groups: dict[tuple, list[str]] = {}
    for ask in asks:
        groups.setdefault((ask.chapter, ask.state, ask.why, ask.how), []).append(ask.student)
    missing = sum(ask.state == "missing" for ask in asks)
    count = [f"{len(asks) - missing} open"] if len(asks) > missing else []
    count += [f"{missing} missing hand-in{'s' * (missing > 1)}"] if missing else []
    lines = [f"\nTo decide: {' and '.join(count)}, left as before until a person decides"]
    # who handed in nothing comes last: these may be many, and one command decides them
    ordered = sorted(groups.items(), key=lambda group: group[0][1] == "missing")
    for (chapter, state, why, how), students in ordered:
        who = all_of(students)
        lines.append(f"  {printable(f'{who}, chapter {chapter}: {state}: {why}. {how}')}")
    return lines


def all_of(students: list[str]) -> str:
    """Students of whom one line speaks."""
    who = ", ".join(students)
    return f"{len(students)} students ({who})" if len(students) > 1 else who


def add_command(commands: Any) -> None:
    """`python -m exercises export`."""
    parser = commands.add_parser(
        "export", help="tables, campus file, feedback and class report from a gradebook"
    )
    parser.add_argument(
        "gradebook", help="the folder that grade wrote into, or its gradebook.sqlite"
    )
    parser.add_argument(
        "--out",
        help=(
            "folder for what is written "
            "(default: export, or export-09 for one chapter, beside the gradebook)"
        ),
    )
    parser.add_argument(
        "--chapter", help="one chapter only, as in 09; by default into a folder of its own"
    )
    parser.add_argument(
        "--csv",
        nargs="?",
        const="",
        metavar="FILE",
        help="where the table of points goes (default: OUT/grades.csv)",
    )
    parser.add_argument(
        "--canvas", metavar="FILE", help="gradebook as Canvas exported it, to be filled"
    )
    parser.add_argument(
        "--moodle",
        metavar="FILE",
        help="gradebook or grading worksheet as Moodle exported it, to be filled",
    )
    parser.add_argument(
        "--maximum",
        type=float,
        help="full marks of the columns that are filled, where the file does not tell them "
        "(Moodle's gradebook)",
    )
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="NN=NAME",
        help="the column of a chapter in the campus file, where its name is not the chapter's; "
        "may be repeated",
    )
    parser.add_argument(
        "--roster",
        metavar="FILE",
        help="students' ids and other ids (email, username), by which the campus file knows them "
        "(default: what assign left in the folder of the class)",
    )
    parser.set_defaults(run=_run)


def _named(words: list[str]) -> dict[str, str]:
    """Chapter -> column, out of "02=Homework 2 (4711)"."""
    pairs = [word.partition("=") for word in words]
    found = {number.strip().zfill(2): name.strip() for number, _, name in pairs}
    known = all(number.isdigit() and chapter_specs(number) for number in found)
    if not known or len({*found.values()} - {""}) < len(words):
        raise ValueError(
            'write --column "02=Homework 2 (4711)": a chapter, and a column of its own'
        )
    return found


def _run(options) -> int:
    place = Path(options.gradebook)
    part = f"export-{options.chapter.zfill(2)}" if options.chapter else "export"
    out = options.out or (place if place.is_dir() else place.parent) / part
    told, asks, unfilled = export(
        options.gradebook,
        out,
        options.chapter,
        options.canvas,
        options.moodle,
        options.csv,
        options.maximum,
        options.roster,
        _named(options.column),
    )
    if unfilled:
        told.append(f"\nEarned, but not filled in: {len(unfilled)}")
        told += [f"  {printable(line)}" for line in unfilled]
    print("\n".join([*told, *list_of(asks)]))
    return UNDECIDED if asks or unfilled else 0
