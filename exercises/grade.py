"""Grading a batch: each submission in a sandbox, each result kept at once, whatever the workers.

A submission is graded if the gradebook has nothing for it, or something made from other bytes or
another exercise: `spec` below. So a killed batch goes on where it stopped, and a changed exercise
grades its chapter again.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Generator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tqdm.auto import tqdm

from scalinglib.checks import kinds, registry
from scalinglib.lab.sweep import as_done

from . import chapter_specs, sandbox
from .assign import CHAPTERS, claim_folder
from .chapter import Chapter
from .feedback import printable
from .gradebook import Gradebook, GradebookError, Result, Row
from .judging import asked, chapter_of, text_of, verdict
from .questions import notebook_of
from .roster import Student
from .strip import exercise_of, role_of, source_of
from .submissions import Refused, Submission, Unreadable, code_cells, collect

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
    key: str
    unsafe: bool
    limits: sandbox.Limits


def grade_one(job: Job) -> Row:
    """In a worker: the row of one submission. Raises SandboxMissing, and nothing else."""
    if not job.unsafe:
        sandbox.probe()
    started = time.monotonic()
    chapter = chapter_of(str(notebook_of(job.chapter)))
    specs = chapter_specs(job.chapter)
    possible = sum(spec.points for spec in specs.values())
    row = partial(
        Row,
        student=job.student,
        chapter=job.chapter,
        path=job.path,
        digest=job.digest,
        spec=job.spec,
        possible=possible,
        sandboxed=not job.unsafe,
    )
    try:
        _, cells = code_cells(job.data)
        order = {
            "setup": chapter.setup,
            "cells": own_cells(cells, notebook_of(job.chapter), chapter),
            "asked": {id: asked(chapter, id, job.key, job.student) for id in chapter.tasks},
        }
        ran = sandbox.run(order, job.limits, job.unsafe)
        # told before any of the student's code ran
        if not ran.said or ran.said[0].get("cell", "") is None:
            raise RuntimeError(
                f"the sandbox or the chapter's set-up cell: {ran.said[:1] or ran.complaint}"
            )
    except sandbox.SandboxMissing:
        raise
    except Unreadable as error:
        return row(status="refused", reason=_line(str(error)))
    except Exception as error:  # whatever it is, the class goes on, and it is tried again
        return row(
            spec="",
            status="failed",
            reason=_line(f"grading failed: {type(error).__name__}: {error}"),
        )
    told = {
        line["id"]: line["program"]
        for line in reversed(ran.said)
        if isinstance(line.get("program"), str) and isinstance(line.get("id"), str)
    }
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
                told.get(id, "")[:64],
                printable(text),
            )
        )
    reason = "; ".join([*job.notes, *([STOPPED] if ran.stopped or _at_a_limit(ran.said) else [])])
    return row(
        status="stopped" if ran.stopped else "graded",
        reason=reason,
        results=tuple(results),
        seconds=round(time.monotonic() - started, 2),
    )


def _at_a_limit(said) -> bool:
    """Did a limit end one of the cells, though not the run?"""
    errors = [line.get("error") for line in said if "cell" in line]
    return any(
        isinstance(error, list) and error[:1] in (["Late"], ["MemoryError"]) for error in errors
    )


def own_cells(cells: list[dict], notebook: Path, chapter: Chapter) -> list[dict]:
    """The student's cells that may matter, each with its exercise or None.

    Without the chapter's own, which are not run.
    """
    ids, sources = chapters_cells(str(notebook))
    kept = []
    for cell in cells:
        exercise = cell["exercise"] if cell["exercise"] in chapter.tasks else ids.get(cell["id"])
        if {"parameters", "check", "hint", "question", "prediction", "install"} & set(
            cell["tags"]
        ) or not cell["source"].strip():
            continue
        if exercise is None and (_normal(cell["source"]) in sources or cell["id"] in ids):
            continue
        kept.append({"exercise": exercise, "source": cell["source"]})
    return kept


def chapters_cells(notebook: str) -> tuple[dict[str, str | None], set[str]]:
    """(id -> exercise whose solution it is or None, the sources) of the chapter's code cells.

    The set-up is the student's own.
    """
    code = [
        cell
        for cell in json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    ids = {
        cell["id"]: exercise_of(cell) if role_of(cell) == "exercise" else None
        for cell in code
        if role_of(cell) != "setup"
    }
    return ids, {_normal(source_of(cell)) for cell in code if role_of(cell) != "exercise"}


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


def grade(
    place: str | Path,
    key: str,
    out: str | Path,
    executor: Executor,
    in_flight: int,
    roster: tuple[Student, ...] | None = None,
    regrade: bool = False,
    unsafe: bool = False,
    limits: sandbox.Limits = sandbox.Limits(),
    progress: bool = True,
) -> tuple[int, int]:
    """Grade what lies at `place` into the gradebook in `out`; (how many new rows, how many).

    executor : as in scalinglib.lab.sweep. roster : who is in the class; those without a submission
    get a row too. Raises SubmissionsError, KeyFileError (the folder is of another key),
    GradebookError and SandboxMissing.
    """
    if not unsafe:
        sandbox.probe()
    chapters = {
        path.name[:2]: tuple(chapter_specs(path.name[:2]))
        for path in sorted(CHAPTERS.glob("[0-9][0-9]_*.ipynb"))
    }
    submissions, refused = collect(
        place, {number: ids for number, ids in chapters.items() if ids}, roster
    )
    claim_folder(out, key)
    with locked(out) as book:
        state = {} if regrade else book.state()
        digests = {
            number: _chapter_digest(number)
            for number in {submission.chapter for submission in submissions}
        }
        names = {student.id: student.name for student in roster or ()}
        specs = {
            entry: hmac.digest(
                key.encode(), f"{digests[entry.chapter]}|{entry.student}".encode(), "sha256"
            ).hex()
            for entry in submissions
        }
        # a sandbox is warm for one chapter
        todo = sorted(
            (
                entry
                for entry in submissions
                if state.get((entry.student, entry.chapter))
                != (entry.digest, specs[entry], not unsafe)
            ),
            key=lambda entry: (entry.chapter, entry.student),
        )
        jobs = (
            Job(
                entry.student,
                entry.chapter,
                entry.path,
                entry.digest,
                specs[entry],
                entry.notes,
                entry.read(),
                key,
                unsafe,
                limits,
            )
            for entry in todo
        )
        with tqdm(
            total=len(submissions),
            initial=len(submissions) - len(todo),
            unit="submission",
            disable=not progress,
            smoothing=0.05,
        ) as bar:
            for row in as_done(grade_one, jobs, executor, in_flight):
                book.keep(row, names.get(row.student, ""))
                bar.update()
        new = len(todo) + _keep_the_rest(book, submissions, refused, roster, names)
        book.write_tables()
        return new, len(book.state())


def _keep_the_rest(
    book: Gradebook, submissions: list[Submission], refused: list[Refused], roster, names
) -> int:
    """Rows of what could not be graded and of who handed nothing in."""
    state, new = book.state(), 0
    graded = {(entry.student, entry.chapter) for entry in submissions}
    for entry in refused:
        row = Row(
            entry.student,
            entry.chapter,
            "refused",
            _line(entry.reason),
            entry.path,
            entry.digest,
            possible=_possible(entry.chapter),
        )
        if (entry.student, entry.chapter) not in graded:
            graded.add((entry.student, entry.chapter))
            new += state.get((entry.student, entry.chapter), ("",))[0] != entry.digest
            book.keep(row, names.get(entry.student, ""))
    for chapter in sorted({entry.chapter for entry in submissions}):
        for student in roster or ():
            if (student.id, chapter) not in graded and (student.id, chapter) not in state:
                book.keep(
                    Row(
                        student.id,
                        chapter,
                        "missing",
                        "nothing was handed in",
                        possible=_possible(chapter),
                    ),
                    student.name,
                )
                new += 1
    return new


def _possible(chapter: str) -> float:
    return sum(spec.points for spec in chapter_specs(chapter).values()) if chapter.isdigit() else 0


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
        book = Gradebook(folder)
        try:
            yield book
        finally:
            book.close()
