"""An invented class of thirty: the instructor's first look at grading, feedback and report.

Answers are drawn from the chapters' own solutions and from the MUTANTS of exercises/: abler
students have more of the right ones. A few hand in what classes hand in: a half-saved file, nothing
at all, somebody else's program, the solution of the site.
"""

from __future__ import annotations

import csv
import json
import math
import os
import sys
import webbrowser
from pathlib import Path
from typing import Any

from scalinglib.checks import Function, Number
from scalinglib.lab.sweep import local_processes

from . import Stream, parameters, spec_of
from .assign import Source, file_name, personal, read_sources
from .export import export, list_of
from .grade import grade
from .roster import Student, read_roster
from .rules import FILE
from .strip import exercise_of, region, role_of

KEY = "an example class needs no secret"
CHAPTERS = ("06", "09", "13")
_FIRST = ("Ada", "Ben", "Chiara", "Dmitri", "Elif", "Femi", "Grace", "Hồng", "Ines", "Jonas")
_LAST = ("Abara", "Björk", "Castellanos", "D'Souza", "Eriksen-Ito")
_COPIES = {"s07": "s06", "s19": "s06"}  # who has whose programs
_PUBLISHED = ("s11", "s23")  # who has the site's solutions
_TYPED = {"s04": "s04", "s09": "s06", "s16": "s11"}  # who types whose right numbers, without a line
_BROKEN, _ABSENT = "s14", "s28"


def students() -> tuple[Student, ...]:
    """Thirty ids and names; one name is a formula."""
    names = [f"{_LAST[place % 5]}, {_FIRST[(3 * place) % 10]}" for place in range(30)]
    names[17] = '=HYPERLINK("http://example.org","Click")'
    return tuple(Student(f"s{place:02d}", name) for place, name in enumerate(names, 1))


def answered(source: Source, student: str) -> dict:
    """A student's notebook with plausible answers, the same at every call."""
    author = _COPIES.get(student, student)
    notebook = personal(source, KEY, student)
    for cell in notebook["cells"]:
        if (id := exercise_of(cell)) and role_of(cell) == "exercise":
            code = _answer(source, id, author)
            if code is not None:
                cell["source"] = source.chapter.tasks[id].with_region(code)
    return notebook


def _answer(source: Source, id: str, author: str) -> str | None:
    """What stands in the solution's place: right, wrong in a known way, broken, or None: stub."""
    task, stream = source.chapter.tasks[id], Stream(KEY, f"{id}|answer", author)
    if author in _TYPED and isinstance(task.exercise, Number):
        params = parameters(spec_of(id), KEY, _TYPED[author])
        return f"{task.exercise.answer} = {source.chapter.answer(id, task.solution, params):.6g}"
    solution = region(task.solution)
    if author in _PUBLISHED:
        return solution
    ability = _normal(Stream(KEY, "ability", author))
    difficulty = -1.3 + 2 * list(source.chapter.tasks).index(id) / len(source.chapter.tasks)
    right, rest = stream.unit() < 1 / (1 + math.exp(1.5 * (difficulty - ability))), stream.unit()
    if right:
        code = solution
    elif rest < 0.75:
        code = stream.choice(list(spec_of(id).mutants.values()))
    elif rest < 0.85:
        code = (
            "return tokens_per_param * n"
            if isinstance(task.exercise, Function)
            else f"{task.exercise.answer} = tokens_per_param"
        )
    else:
        return None
    return f"mine = {stream.integer(1, 10**6)}\n{code}"  # no two write alike


def _normal(stream: Stream) -> float:
    """Roughly normal, with mean 0 and standard deviation 1."""
    return sum(stream.unit() for _ in range(12)) - 6


def hand_in(folder: Path, sources: dict[str, Source]) -> None:
    """Write everybody's notebooks into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for student in students():
        for number in CHAPTERS:
            text = json.dumps(answered(sources[number], student.id), indent=1)
            if student.id == _ABSENT and number == CHAPTERS[-1]:
                continue
            if student.id == _BROKEN and number == CHAPTERS[-1]:
                text = text[: len(text) // 2]
            (folder / file_name(sources[number], student.id)).write_text(
                text, encoding="utf-8", newline="\n"
            )


def canvas_file() -> str:
    """Canvas's gradebook of this class, before grading."""
    rows = [
        [
            "Student",
            "ID",
            "SIS User ID",
            "SIS Login ID",
            "Section",
            *(f"Chapter {int(number)} (90{number})" for number in CHAPTERS),
            "Final Score",
        ],
        ["    Points Possible", "", "", "", "", *(["100.00"] * len(CHAPTERS)), "(read only)"],
    ]
    rows += [
        [
            student.name,
            str(4000 + place),
            student.id,
            f"{student.id}@example.org",
            "Scaling laws",
            *([""] * len(CHAPTERS)),
            "",
        ]
        for place, student in enumerate(students())
    ]
    lines = [
        ",".join(
            '"' + cell.replace('"', '""') + '"' if set(cell) & set(',"') else cell for cell in row
        )
        for row in rows
    ]
    return "\ufeff" + "\r\n".join(lines) + "\r\n"


def run(out: str | Path) -> list[str]:
    """Make the class in OUT, grade it and write the report; what there is to tell.

    Raises what grade and export raise.
    """
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    with open(out / "roster.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [["id", "name"], *([student.id, student.name] for student in students())]
        )
    (out / "canvas.csv").write_text(canvas_file(), encoding="utf-8", newline="")
    due = "".join(f"[chapters.{number}]\ndue = 2026-01-31\n" for number in CHAPTERS)
    (out / FILE).write_text(f'zone = "UTC"\n{due}', encoding="utf-8")
    hand_in(out / "submissions", read_sources())
    workers = os.cpu_count() or 1
    with local_processes(workers) as executor:
        grade(
            out / "submissions",
            KEY,
            out,
            executor,
            workers,
            roster=read_roster(out / "roster.csv"),
        )
    told, asks, _ = export(out, out / "export", canvas=out / "canvas.csv")
    return [*told, *list_of(asks)]


def add_command(commands: Any) -> None:
    """`python -m exercises class`."""
    parser = commands.add_parser("class", help="an invented class of thirty, graded: a first look")
    parser.add_argument(
        "--out", default="_build/class", help="folder to write into (default: %(default)s)"
    )
    parser.set_defaults(run=_run)


def _run(options) -> int:
    print("\n".join(run(options.out)))
    report = (Path(options.out) / "export" / "report.html").resolve()
    print(f"\nThe report, for a browser: {report}")
    if sys.stdout.isatty():
        webbrowser.open(report.as_uri())
    return 0
