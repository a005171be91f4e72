"""Grading a batch: each submission in a sandbox, each result kept at once, whatever the workers.

First the ledger is told of every file, and keeps the notebooks; then what counts and has no grading
of today's version is graded, from what was kept. So a killed batch goes on where it stopped, and a
changed exercise grades its whole chapter again, also what is not in the batch.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Generator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import takewhile
from pathlib import Path

from tqdm.auto import tqdm

from scalinglib.checks import kinds, registry
from scalinglib.lab.sweep import as_done

from . import chapter_specs, sandbox
from .assign import CHAPTERS, claim_folder, drawn_anew
from .chapter import Chapter
from .clock import now
from .draw import Key
from .feedback import printable
from .gradebook import BOOK, Gradebook, Result, Row
from .judging import asked, chapter_of, numbers_of, text_of, verdict
from .ledger import SEEN, Entry, GradebookError
from .questions import notebook_of, stands_in
from .roster import Student
from .rules import FILE, Rules, RulesError, read_rules
from .strip import exercise_of, role_of, source_of
from .submissions import (
    STRAY,
    Seen,
    SubmissionsError,
    Unreadable,
    code_cells,
    collect,
    looked_at_again,
    without_outputs,
)

STOPPED = (
    "the run was stopped at a limit (time, memory, processes, files, output) or ended itself; "
    "graded as far as it came"
)
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Job:
    """One submission on its way to a worker."""

    student: str
    chapter: str
    path: str
    digest: str
    spec: str
    notes: tuple[str, ...]
    data: bytes
    key: Key
    unsafe: bool
    limits: sandbox.Limits
    anew: tuple[str, ...] = ()  # see assign.drawn_anew


def grade_one(job: Job, run: Callable[..., sandbox.Ran] | None = None) -> Row:
    """In a worker: the row of one submission. Raises SandboxMissing, and nothing else.

    run : in place of sandbox.run, where there is another kind of sandbox, tried already.
    """
    if run is None:
        run = sandbox.run
        if not job.unsafe:
            sandbox.probe()
    started = time.monotonic()
    chapter = chapter_of(str(notebook_of(job.chapter)))
    specs = chapter_specs(job.chapter)
    row = partial(
        Row,
        student=job.student,
        chapter=job.chapter,
        path=job.path,
        digest=job.digest,
        spec=job.spec,
        sandboxed=not job.unsafe,
    )
    try:
        _, cells = code_cells(job.data)
        order = {
            "setup": chapter.setup,
            "cells": own_cells(cells, notebook_of(job.chapter), chapter),
            "asked": {id: asked(chapter, id, job.key, job.student) for id in chapter.tasks},
        }
        ran = run(order, job.limits, job.unsafe)
        # told before any of the student's code ran
        if not ran.said or ran.said[0].get("cell", "") is None:
            raise RuntimeError(
                f"the sandbox or the chapter's set-up cell: {ran.said[:1] or ran.complaint}"
            )
    except sandbox.SandboxMissing:
        raise
    except Unreadable as error:
        return row(status="unreadable", reason=_line(str(error)))
    except Exception as error:  # whatever it is, the class goes on, and it is tried again
        return row(
            spec="",
            status="failed",
            reason=_line(f"grading failed: {type(error).__name__}: {error}"),
        )
    told = {  # the first line of each, before any of the student's code
        line["id"]: line
        for line in reversed(ran.said)
        if isinstance(line.get("program"), str) and isinstance(line.get("id"), str)
    }
    before = takewhile(lambda line: "left" not in line, ran.said)  # any of the student's code
    redrawn = next((line["redrawn"] for line in before if "redrawn" in line), ())
    results = []
    for id, spec in specs.items():
        outcome = verdict(chapter, id, job.key, job.student, ran.said)
        text = text_of(id, ran.said)[:10_000] if outcome.status == kinds.TO_READ else ""
        results.append(
            Result(
                id,
                spec.points * outcome.share,
                spec.points,
                outcome.status,
                _line(outcome.message),
                outcome.rule,
                told.get(id, {}).get("program", "")[:64],
                printable(text),
                numbers_of(id, ran.said),
                told.get(id, {}).get("typed") is True,
            )
        )
    ended = [STOPPED] if ran.stopped or _at_a_limit(ran.said) else []
    moved = _moved({cell["exercise"] for cell in cells if cell["exercise"]} - set(specs))
    reason = _line("; ".join([*job.notes, *ended, *moved, *_left(ran.said)]))
    return row(
        status="stopped" if ran.stopped else "graded",
        reason=reason,
        results=tuple(results),
        seconds=round(time.monotonic() - started, 2),
        redrawn=tuple(id for id in specs if id in redrawn),
        anew=job.anew,
    )


def _moved(ids: set[str]) -> list[str]:
    """What is told of exercises that a notebook has from when they stood in its chapter."""
    found = [f"{id} (now in chapter {stands_in(id)})" for id in sorted(ids) if stands_in(id)]
    return [f"not graded here: {', '.join(found)}"] if found else []


def _left(said) -> list[str]:
    """What is told of cells that were not run: the first such line, before any student's code."""
    left = next((line["left"] for line in said if isinstance(line.get("left"), list)), [])
    cells = [str(text).split("\n")[0] for text in left]
    shown = ", ".join(repr(text) for text in cells[:3]) + (", ..." if len(cells) > 3 else "")
    return [f"not run, as no exercise needs it: {shown}"] if cells else []


def _at_a_limit(said) -> bool:
    """Did a limit end one of the cells, though not the run?"""
    errors = [line.get("error") for line in said if "cell" in line]
    return any(
        isinstance(error, list) and error[:1] in (["Late"], ["MemoryError"]) for error in errors
    )


def own_cells(cells: list[dict], notebook: Path, chapter: Chapter) -> list[dict]:
    """The cells that may matter, in order, each with its role (see inside.chosen) and exercise.

    Without what only the page needs, and without the set-up, which is run beforehand.
    """
    known, sources = chapters_cells(str(notebook))
    kept = []
    for cell in cells:
        role, exercise = known.get(cell["id"], ("", None))
        if cell["exercise"] in chapter.tasks:
            exercise, role = cell["exercise"], "exercise"
        told = {"parameters", "check", "hint", "question", "prediction", "install"} & set(
            cell["tags"]
        )
        if told:
            role = next(iter(told))
        source, normal = cell["source"], _normal(cell["source"])
        if role in ("parameters", "check") and exercise is not None:
            # an untouched check needs no run, but it says where the answer was looked at
            source = "" if role == "check" and normal in sources["check"] else source
        elif told or role in ("parameters", "check", "hint") or not normal:
            continue
        elif exercise is None:
            if normal in sources["setup"]:
                continue
            role = "chapter" if normal in sources[""] else ""
        kept.append({"role": role, "exercise": exercise, "source": source})
    return kept


def chapters_cells(notebook: str) -> tuple[dict, dict[str, set[str]]]:
    """(id -> role and exercise of an exercise's cells, role -> sources) of the chapter's code."""
    code = [
        cell
        for cell in json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    known = {cell["id"]: (role_of(cell), exercise_of(cell)) for cell in code if exercise_of(cell)}
    sources: dict[str, set[str]] = {"": set(), "setup": set(), "check": set()}
    for cell in code:
        sources.setdefault(role_of(cell) or "", set()).add(_normal(source_of(cell)))
    return known, sources


def _normal(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def _line(text: str) -> str:
    """One printable line of a length that a table can hold."""
    return printable(text)[:400]


# ---- the batch -----------------------------------------------------------------------------------


def _chapter_digest(number: str) -> str:
    """Stands for all that decides a grade beside submission and key: exercises, checks, judge."""
    chapter = chapter_of(str(notebook_of(number)))
    whole = hashlib.sha256(
        repr(
            (chapter.setup, [(task.id, task.solution) for task in chapter.tasks.values()])
        ).encode()
    )
    checks = Path(registry.__file__).parent
    files = [
        *_HERE.glob(f"chapters/ch{number}_*.py"),
        *checks.glob(f"chapters/ch{number}_*.py"),
        *(checks / name for name in ("kinds.py", "expressions.py", "reading.py")),
        *(
            _HERE / name
            for name in ("draw.py", "grade.py", "inside.py", "judging.py", "sandbox.py")
        ),
    ]
    for path in files:
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def course_chapters() -> dict[str, tuple[str, ...]]:
    """The chapters with exercises: number -> their ids."""
    numbers = [path.name[:2] for path in sorted(CHAPTERS.glob("[0-9][0-9]_*.ipynb"))]
    return {number: tuple(ids) for number in numbers if (ids := chapter_specs(number))}


def version_of(number: str) -> str:
    """The grader's version of a chapter; "" where there is no such chapter."""
    there = number.isdigit() and chapter_specs(number)
    return _chapter_digest(number)[:16] if there else ""


def grade(
    place: str | Path | None,
    key: str,
    out: str | Path,
    executor: Executor,
    in_flight: int,
    roster: tuple[Student, ...] | None = None,
    regrade: bool = False,
    unsafe: bool = False,
    limits: sandbox.Limits = sandbox.Limits(),
    progress: bool = True,
    only: tuple[str, ...] = (),
    of: tuple[str, ...] = (),
) -> tuple[int, int]:
    """Grade what lies at `place` into the gradebook in `out`; (how many gradings, how many rows).

    place : without one, what is kept and stale, failed or not graded yet is graded; in chapters
    that are closed only if they are named in `only`. executor : as in scalinglib.lab.sweep.
    roster : who is in the class. regrade : all of this batch, also what is graded. of : the
    chapters that its assignment asks for, where the files do not show it. Raises
    SubmissionsError, KeyFileError (the folder is of another key), GradebookError, RulesError and
    SandboxMissing.
    """
    if not unsafe:
        sandbox.probe()
    if place and any((Path(place) / name).exists() for name in ("key.fingerprint", BOOK)):
        raise SubmissionsError(
            f"{place} is the folder of a class, not of submissions. To add what was graded and "
            f"decided there, say: merge {out} {place}"
        )
    chapters = course_chapters()
    _, rules = course_of(Path(out), chapters)
    due = {number: own.due for number, own in rules.chapters.items()}
    seen = [] if place is None else collect(place, chapters, roster, due, of)
    claim_folder(out, key)
    with locked(out) as book:
        if roster:
            book.enrol(roster)
        read_course(book, chapters)
        active, right = _active_again(book, seen), _right_again(book, seen)
        for file in seen:  # each with its notebook: a kill in between loses none
            kept = {} if file.state in ("unreadable", "other") else {file.digest: file}
            entry = entry_of(file)
            more = {"again": now()} if file.path in active else {}
            more |= {"right": now()} if (file.path, file.digest) in right else {}
            book.append(
                replace(entry, body=entry.body | more),
                notebooks={digest: without_outputs(one.read()) for digest, one in kept.items()},
            )
        if roster:
            files, read = book.computed().files, book.ledger.notebook
            again = list(looked_at_again(files, read, roster, chapters))
            book.append(*map(entry_of, again))
        todo = _todo(book, seen, place is None, regrade, unsafe, only)
        jobs = (
            Job(
                entry.student,
                entry.chapter,
                entry.path,
                entry.digest,
                version_of(entry.chapter),
                (),
                book.ledger.notebook(entry.digest) or b"",
                key,
                unsafe,
                limits,
                drawn_anew(out, key, entry.student, entry.chapter),
            )
            for entry in todo
        )
        with tqdm(total=len(todo), unit="submission", disable=not progress, smoothing=0.05) as bar:
            for row in as_done(grade_one, jobs, executor, in_flight):
                book.keep(row)
                bar.update()
        book.write_tables()
        return len(todo), len(book.submissions())


def _active_again(book: Gradebook, seen: list[Seen]) -> set[str]:
    """The paths of Gradescope's submissions that are there again in place of newer ones.

    Its export has a student's active one, and they may choose an earlier one. A later one is active
    again only by an export that has the newest of its class: an older export was graded again.
    """
    last, known, newest = {}, set(), Counter()
    for entry in book.ledger.entries():
        of, number = (entry.student, entry.chapter), entry.body.get("number", 0)
        if number and entry.body["path"].startswith("submission_"):
            known.add((*of, number))
            newest[entry.chapter] = max(number, newest[entry.chapter])
            if number > last.get(of, 0) or entry.body.get("again"):
                last[of] = number
    here = {(file.student, file.chapter, file.number) for file in seen}
    new = {file.chapter for file in seen if file.number >= newest[file.chapter]}
    return {
        file.path
        for file in seen
        for active in [last.get((file.student, file.chapter), 0)]
        if file.path.startswith("submission_") and active not in (0, file.number)
        if file.number < active
        or (file.chapter in new and (file.student, file.chapter, file.number) in known)
        if (file.student, file.chapter, active) not in here
    }


def _right_again(book: Gradebook, seen: list[Seen]) -> set[tuple[str, str]]:
    """(path, digest) of what was last seen as another chapter's, and is not now: that is news.

    Of what cannot be read, the chapter is the one that was named with it.
    """
    last = {
        (entry.body["path"], entry.body["digest"]): entry
        for entry in book.ledger.entries()
        if entry.kind == SEEN
    }
    found = set()
    for file in seen:
        before = last.get((file.path, file.digest))
        stray = before and before.body.get("why", "").startswith(STRAY) and not file.state
        unread = file.state in ("unreadable", "other") and file.chapter != "?"
        if stray or (before and unread and before.chapter != file.chapter):
            found.add((file.path, file.digest))
    return found


def entry_of(file: Seen) -> Entry:
    """What the ledger is told of a file."""
    told = {
        name: value
        for name in (
            "digest",
            "path",
            "sent",
            "number",
            "account",
            "claim",
            "late",
            "exact",
            "shared",
        )
        if (value := getattr(file, name))
    }
    told |= {"digest": file.digest, "path": file.path}
    told |= {"state": file.state, "why": _line(file.why)} if file.state else {}
    told |= {name: list(own) for name in ("notes", "also", "over") if (own := getattr(file, name))}
    return Entry(SEEN, file.student, file.chapter, told)


def read_course(book: Gradebook, chapters: dict[str, tuple[str, ...]]) -> None:
    """Take over what course.toml says now; its exercises and chapters must be there."""
    book.rule(course_of(book.folder, chapters)[0])


def course_of(folder: Path, chapters: dict[str, tuple[str, ...]]) -> tuple[str, Rules]:
    """What course.toml says now, as text and as rules. Raises RulesError."""
    path = folder / FILE
    try:
        text = path.read_text(encoding="utf-8-sig") if path.exists() else ""  # Notepad's mark
    except UnicodeDecodeError:
        raise RulesError(f"{path} is not UTF-8 text") from None
    rules, known = read_rules(text), {id for ids in chapters.values() for id in ids}
    for word, there in (
        *((id, known) for id in rules.points),
        *((n, chapters) for n in rules.chapters),
    ):
        if word not in there:
            raise RulesError(f"{path}: there is no {word!r}; there are {', '.join(sorted(there))}")
    return text, rules


def _todo(book: Gradebook, seen, kept_only, regrade, unsafe, only) -> list:
    """What is to be graded now: files that count, once for each student, chapter and digest."""
    found, kept, asked, version = {}, book.ledger.kept(), book.computed(), cache(version_of)
    batch = {(file.student, file.chapter, file.digest) for file in seen}
    busy = {file.chapter for file in seen if not file.state}
    graded = {
        (entry.student, entry.chapter, entry.body["digest"]): entry.body
        for entry in book.ledger.entries()
        if entry.kind == "graded"
    }
    for row in asked.rows:
        closes = asked.rules.chapter(row.chapter).closes
        closed = bool(closes) and closes < now() and row.chapter not in only
        for file in row.counting:
            of = (file.student, file.chapter, file.digest)
            if file.digest not in kept or (only and file.chapter not in only):
                continue
            last = graded.get(of)
            if last is None or last["status"] == "failed":
                found[of] = file
            elif not closed:
                stale = last["version"] != version(file.chapter)
                other = last["sandboxed"] == unsafe and not kept_only
                if (stale and (kept_only or file.chapter in busy)) or (
                    of in batch and (regrade or other)
                ):
                    found[of] = file
    # a sandbox is warm for one chapter
    return sorted(found.values(), key=lambda file: (file.chapter, file.student, file.digest))


@contextmanager
def locked(out: str | Path) -> Generator[Gradebook, None, None]:
    """The gradebook of a folder, for this process alone."""
    import fcntl

    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / ".lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise GradebookError(
                f"another grader is at work in {folder}: let it end, or use another folder"
            ) from None
        book = Gradebook(folder, cache(version_of))
        try:
            yield book
        finally:
            book.close()
