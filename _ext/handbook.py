"""The tables of the instructor's handbook, made from chapters, checks and specs with the site.

In chapters/handbook.md a comment alone on its line, `<!-- exercises -->`, `<!-- totals -->` or
`<!-- mistakes -->`, stands for one.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exercises import spec_of
from exercises.strip import exercise_of, source_of
from scalinglib.checks import Choice, Function, Number, Plan, Several, Text, registry
from scalinglib.checks.kinds import Exercise

PAGE = "chapters/handbook"
KINDS: dict[type[Exercise], str] = {
    Number: "number",
    Several: "several numbers",
    Plan: "scored plan",
    Choice: "choice",
    Function: "function",
    Text: "short text",
}
LEVELS = ("warm-up", "core", "stretch")
#: the lists take sixty pages of paper
ON_PAPER = """<p class="onlyprint">Not printed: the lists are on the site, on this page, and open
there chapter by chapter.</p>

"""
QUESTION = re.compile(
    r"^### Exercise (?P<number>[\d.]+): (?P<title>.+)\n+"
    r"\*(?P<level>[\w-]+), (?P<minutes>\d+) minutes\*",
    re.M,
)


@dataclass(frozen=True)
class Item:
    """One exercise as an instructor looks at it."""

    id: str
    number: str
    title: str
    level: str
    minutes: int
    points: int
    kind: str

    @property
    def personal(self) -> bool:
        """Is the answer a student's own, from personal parameters: nothing to copy or to guess?"""
        return bool(registry.exercise(self.id).given) and self.kind in (
            "number",
            "several numbers",
            "scored plan",
        )


@dataclass(frozen=True)
class Listed:
    """A chapter and its exercises."""

    path: Path
    title: str
    items: tuple[Item, ...]

    @property
    def number(self) -> int:
        return int(self.path.name[:2])

    def total(self, field: str, which: Callable[[Any], bool] = lambda item: True) -> int:
        return sum(getattr(item, field) for item in self.items if which(item))


def read(folder: Path) -> list[Listed]:
    """The chapters with their exercises, in order; ValueError where level or minutes are absent."""
    return [listed(path) for path in sorted(folder.glob("[0-9][0-9]_*.ipynb"))]


def listed(path: Path) -> Listed:
    cells, items, title = json.loads(path.read_text(encoding="utf-8"))["cells"], {}, ""
    for above, cell in zip([cells[0], *cells], cells, strict=False):
        title = title or _title(cell)
        id = exercise_of(cell)
        if id is None or id in items:
            continue
        found = QUESTION.search(source_of(above))
        if not found or found["level"] not in LEVELS:
            raise ValueError(
                f"{path.name}: {id} needs the line *level, n minutes* under its heading; "
                f"levels are {', '.join(LEVELS)}"
            )
        items[id] = Item(
            id,
            found["number"],
            found["title"],
            found["level"],
            int(found["minutes"]),
            spec_of(id).points,
            KINDS[type(registry.exercise(id))],
        )
    return Listed(path, title, tuple(items.values()))


def _title(cell: dict) -> str:
    found = re.match(r"# (.+)", source_of(cell)) if cell["cell_type"] == "markdown" else None
    return found[1] if found else ""


# ---- the tables ----------------------------------------------------------------------------------


def exercises_table(chapters: list[Listed]) -> str:
    """One line for each exercise."""
    rows = [
        (
            f"| {item.number} {item.title} | {item.level} | "
            f"{item.minutes} | {item.kind}{', personal' if item.personal else ''} | {item.points} |"
        )
        for chapter in chapters
        for item in chapter.items
    ]
    return "\n".join(
        ["| exercise | level | minutes | kind | points |", "|---|---|---:|---|---:|", *rows]
    )


def totals_table(chapters: list[Listed]) -> str:
    """One line for each chapter: minutes by level, points, and how much of them is personal."""
    rows = []
    for chapter in chapters:
        minutes = [
            chapter.total("minutes", lambda item, level=level: item.level == level)
            for level in LEVELS
        ]
        points, personal = (
            chapter.total("points"),
            chapter.total("points", lambda item: item.personal),
        )
        rows.append(
            f"| {chapter.number} [{chapter.title}]({chapter.path.name}) | "
            f"{' | '.join(map(str, minutes))} | {sum(minutes)} | "
            f"{points} | {100 * personal / points:.0f} % |"
        )
    return "\n".join(
        [
            f"| chapter | {' | '.join(LEVELS)} | all | points | personal |",
            "|---|" + "---:|" * 6,
            *rows,
        ]
    )


def mistakes(chapters: list[Listed]) -> str:
    """What the checks say to known mistakes, folded by chapter; on paper only where they are."""
    return ON_PAPER + "\n\n".join(
        f'<details class="hide"><summary>Chapter {chapter.number}: '
        f"{html.escape(chapter.title)}</summary>\n"
        + "\n".join(
            f"<p><strong>{item.number} {html.escape(item.title)}</strong></p>\n<ul>\n"
            + "\n".join(f"<li>{_shown(message)}</li>" for message in messages(item.id))
            + "\n</ul>"
            for item in chapter.items
        )
        + "\n</details>"
        for chapter in chapters
    )


def messages(id: str) -> list[str]:
    """What the check says to each known mistake.

    For a choice, to each option that may be wrong; for a text, what its reader looks for.
    """
    exercise = registry.exercise(id)
    if isinstance(exercise, Text):
        return [
            f"read by a person, who gives {points:g} point{'s' if points != 1 else ''} if it {line}"
            for line, points in exercise.rubric
        ]
    return exercise.known_mistakes()


def _shown(message: str) -> str:
    """As HTML, with code between backticks; a student's own value, {name}, in italics."""
    parts = re.split(r"(?<!\{)\{(\w+)[^{}]*\}(?!\})", message)
    shown = "".join(
        f"<em>{html.escape(part)}</em>"
        if place % 2
        else html.escape(part.replace("{{", "{").replace("}}", "}"))
        for place, part in enumerate(parts)
    )
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", shown)


def fill(app: Any, name: str, source: list[str]) -> None:
    """Put the tables into the handbook."""
    if name == PAGE:
        chapters = read(Path(app.srcdir) / "chapters")
        for mark, table in (
            ("exercises", exercises_table),
            ("totals", totals_table),
            ("mistakes", mistakes),
        ):
            source[0] = source[0].replace(f"<!-- {mark} -->", table(chapters))
