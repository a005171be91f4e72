"""A question bank for Moodle: exercises with numbers as answers, a question for each student.

Moodle cannot tie a question to a student, so every variant is a question of its own, in one
category for each exercise: a quiz that draws a random question from the category gives each student
other numbers. A `Number` becomes a numerical question with the known mistakes as answers worth
nothing that have their own feedback; `Several` becomes an embedded-answers (cloze) question, a
`Text` an essay with its rubric for the grader. Tolerances are those of scalinglib.checks: whatever
Moodle takes as right, `check` takes too when it is typed.

Format: docs.moodle.org, "Moodle XML format" and "Embedded Answers (Cloze) question type".
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from tqdm.auto import tqdm

from scalinglib.checks import Number, Several, Text, registry
from scalinglib.checks.expressions import evaluate
from scalinglib.checks.kinds import text_values
from scalinglib.checks.reading import Typed, as_typed
from scalinglib.checks.verdicts import Part, unit

from . import parameter_cell, parameters, spec_of
from .assign import read_key
from .campus import shown_points
from .chapter import Chapter, read_chapter
from .questions import chapter_title, notebook_of, told_of
from .roster import read_roster


class BankError(ValueError):
    """An exercise that cannot be told as a question; the text says which and why."""


def bank(numbers: Iterable[str], key: str, students: Iterable[str], progress: bool = False) -> str:
    """The numeric exercises (a question for each student) and the texts as Moodle XML.

    Where students' parameters agree there is one question for them. Raises BankError where a
    reference is not accepted by its own check.
    """
    students = list(students)
    quiz = ElementTree.Element("quiz")
    for number in numbers:
        chapter = read_chapter(notebook_of(number))
        for id, task in chapter.tasks.items():
            if not isinstance(task.exercise, (Number, Several, Text)):
                continue
            if not isinstance(task.exercise, Text) and any(
                part.free for part in task.exercise.told()
            ):
                continue  # of a plan or a forecast there is no one right answer with a tolerance
            # a slash would begin a category
            title = f"Chapter {int(number)} {chapter_title(number)}".replace("/", "//")
            category = ElementTree.SubElement(quiz, "question", type="category")
            _text(category, "category", f"$course$/top/Neural scaling laws/{title}/{id}")
            if isinstance(task.exercise, Text):
                quiz.append(_essay(task.exercise))
                continue
            variants = tqdm(
                _variants(id, key, students),
                desc=id,
                unit="variant",
                leave=False,
                disable=not progress,
            )
            for place, params in enumerate(variants, 1):
                quiz.append(
                    _question(
                        chapter,
                        id,
                        params,
                        f"{told_of(id).title}, variant {place}",
                        f"{id}-{place:03d}",
                    )
                )
    ElementTree.indent(quiz)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        + ElementTree.tostring(quiz, encoding="unicode")
        + "\n"
    )


def _variants(id: str, key: str, students) -> list[dict]:
    """The parameters of all students, each set once."""
    spec, found = spec_of(id), {}
    for student in students:
        params = parameters(spec, key, student)
        found.setdefault(parameter_cell(params), params)
    return list(found.values())


# ---- how far an answer may be off ----------------------------------------------------------------


def tolerance(part: Part, value: float) -> float:
    """How far an answer of this size may be off when it is typed."""
    if part.exact:
        return 0.0
    return max(part.room(value), unit(value, part.digits) / 2)


def _down(width: float) -> str:
    """Three significant digits, rounded down: never wider than measured."""
    if width <= 0:
        return "0"
    digit = 10.0 ** (math.floor(math.log10(width)) - 2)
    return f"{math.floor(width / digit * (1 - 1e-9)) * digit:.3g}"


# ---- one question --------------------------------------------------------------------------------


def _question(chapter: Chapter, id: str, params: dict, name: str, idnumber: str):
    task = chapter.tasks[id]
    exercise = task.exercise
    if not isinstance(exercise, (Number, Several)):
        raise BankError(f"{id}: it is a {type(exercise).__name__}, and Moodle judges only numbers")
    try:
        reference = chapter.answer(id, task.solution, params)
        given = {"x": reference} if isinstance(exercise, Number) else exercise.entries(reference)
        numbers = {name: float(f"{as_typed(entry).value:.6g}") for name, entry in given.items()}
        values = exercise.quantities(params)  # once: they may cost a fit
        if not exercise.accepts(values, {name: Typed(value) for name, value in numbers.items()}):
            raise BankError(f"{id}: the check does not take the reference {numbers}")
        truths = exercise.truths(values)
        widths = {
            name: tolerance(part, truths[name]) - abs(float(f"{numbers[name]:.6g}") - truths[name])
            for part in exercise.told()
            for name in [part.name]
        }
    except ValueError as error:
        raise BankError(f"{id}: {error}") from None
    texts = text_values(params, values)
    cell = parameter_cell(params)
    asked = moodle_markdown(told_of(id).text) + (
        f"\n\n    {cell.replace(chr(10), chr(10) + '    ')}" if cell else ""
    )
    kind = "numerical" if isinstance(exercise, Number) else "cloze"
    element = ElementTree.Element("question", type=kind)
    _text(element, "name", name)
    if kind == "cloze":
        asked += "\n\n" + "\n\n".join(
            f"`{part}` = {{1:NUMERICAL:={value:.6g}:{_down(widths[part])}}}"
            for part, value in numbers.items()
        )
    question = _text(element, "questiontext", asked)
    question.set("format", "markdown")
    _text(element, "generalfeedback", exercise.praise.format(**texts)).set("format", "plain_text")
    if kind == "numerical":
        ElementTree.SubElement(element, "defaultgrade").text = str(spec_of(id).points)
    ElementTree.SubElement(element, "penalty").text = "0.1"
    ElementTree.SubElement(element, "hidden").text = "0"
    ElementTree.SubElement(element, "idnumber").text = idnumber
    if isinstance(exercise, Number):
        _answer(element, 100, f"{numbers['x']:.6g}", _down(widths["x"]), "")
        for value, width, message in _mistakes(exercise, values, texts, numbers["x"], widths["x"]):
            _answer(element, 0, value, width, message)
        ElementTree.SubElement(element, "unitgradingtype").text = "0"
        ElementTree.SubElement(element, "showunits").text = "3"
    for hint in exercise.hints:
        _text(element, "hint", hint).set("format", "markdown")
    return element


def _essay(exercise: Text):
    element = ElementTree.Element("question", type="essay")
    told = told_of(exercise.id)
    _text(element, "name", told.title)
    _text(element, "questiontext", moodle_markdown(told.text)).set("format", "markdown")
    rubric = "\n".join(
        f"- {line} (0 to {shown_points(points)})" for line, points in exercise.rubric
    )
    _text(element, "graderinfo", rubric).set("format", "markdown")
    for tag, value in (
        ("defaultgrade", shown_points(spec_of(exercise.id).points)),
        ("hidden", "0"),
        ("idnumber", exercise.id),
        ("responseformat", "plain"),
        ("responserequired", "1"),
        ("minwordlimit", exercise.words[0]),
        ("maxwordlimit", exercise.words[1]),
        ("attachments", "0"),
    ):
        ElementTree.SubElement(element, tag).text = str(value)
    return element


def _mistakes(
    exercise: Number, values: dict, texts: dict, right: float, taken: float
) -> list[tuple[str, str, str]]:
    """(number, tolerance, message) of known mistakes: numbers apart from the right answer."""
    found, part = [], exercise.part
    for tree, (_, message) in zip(part.trees, part.mistakes, strict=True):
        value = float(evaluate(tree, values))
        near = min(unit(value, 3) / 2, abs(value - right) - taken)
        if math.isfinite(value) and near > 0:
            found.append((f"{value:.6g}", _down(near), message.format(**texts)))
    return found


def _answer(element, fraction: int, value: str, tolerance: str, feedback: str) -> None:
    answer = ElementTree.SubElement(
        element, "answer", fraction=str(fraction), format="moodle_auto_format"
    )
    ElementTree.SubElement(answer, "text").text = value
    ElementTree.SubElement(answer, "tolerance").text = tolerance
    _text(answer, "feedback", feedback).set("format", "plain_text")


def _text(parent, tag: str, text: str):
    element = ElementTree.SubElement(parent, tag)
    ElementTree.SubElement(element, "text").text = text
    return element


def moodle_markdown(text: str) -> str:
    """A chapter's Markdown as Moodle's: formulas in \\( and \\), no roles, links as their words.

    A backslash before a bracket is doubled, because Moodle's Markdown takes one away.
    """

    def formula(match):
        return rf"\\({match[1]}\\)"

    parts = re.split(r"(`[^`]*`)", re.sub(r"\{[a-z:]+\}`([^`<]*?)(?:\s*<[^>]*>)?`", r"\1", text))
    parts[::2] = [
        re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", re.sub(r"(?<![\\$])\$([^$\n]+)\$", formula, part))
        for part in parts[::2]
    ]
    return "".join(parts)


def add_command(commands: Any) -> None:
    """`python -m exercises bank`."""
    parser = commands.add_parser(
        "bank",
        help="numeric exercises, one variant for each student, and texts as a Moodle question bank",
    )
    parser.add_argument("roster", help="CSV file with the columns id and name")
    parser.add_argument("--key-file", required=True, help="file with the class's secret")
    parser.add_argument(
        "--chapter", action="append", help="one chapter, as in 09; may be repeated (default: all)"
    )
    parser.add_argument("--out", required=True, help="the XML file to write")
    parser.set_defaults(run=_run)


def _run(options) -> int:
    numbers = options.chapter or sorted(registry.chapters())
    text = bank(
        numbers,
        read_key(options.key_file),
        [student.id for student in read_roster(options.roster)],
        progress=True,
    )
    Path(options.out).write_text(text, encoding="utf-8", newline="\n")
    print(
        f"{options.out}: {text.count('<idnumber>')} questions; "
        "in Moodle: Question bank, Import, Moodle XML format"
    )
    return 0
