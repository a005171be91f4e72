"""The questions as the chapters tell them: title, level and text of every exercise."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from scalinglib.checks import registry

from .assign import CHAPTERS
from .strip import exercise_of, role_of, source_of


@dataclass(frozen=True)
class Told:
    """One exercise: "Exercise 9.1: The objective as a function", "core, 10 minutes", question."""

    title: str
    level: str
    text: str


def notebook_of(number: str) -> Path:
    """The notebook of a chapter ("09"); a ValueError where there is none."""
    found = sorted(CHAPTERS.glob(f"{number}_*.ipynb"))
    if len(found) != 1:
        raise ValueError(f"there is no chapter {number!r}; chapters are two digits, as in 09")
    return found[0]


@cache
def questions(number: str) -> dict[str, Told]:
    """What a chapter asks, by exercise id, in its order."""
    cells = json.loads(notebook_of(number).read_text(encoding="utf-8"))["cells"]
    told = {}
    for above, cell in pairwise(cells):
        id = exercise_of(cell)
        if id and id not in told and role_of(cell) in ("parameters", "exercise"):
            heading, _, text = source_of(above).partition("\n")
            level = re.match(r"\s*\*([^*\n]+)\*\s*\n", text)
            told[id] = Told(
                heading.lstrip("# ").strip(),
                level[1] if level else "",
                (text[level.end() :] if level else text).strip(),
            )
    return told


def told_of(id: str) -> Told:
    """What one exercise asks; a ValueError or KeyError where the chapters do not know it."""
    return questions(registry.exercise(id).chapter)[id]


@cache
def chapter_title(number: str) -> str:
    """The first heading of a chapter's notebook."""
    for cell in json.loads(notebook_of(number).read_text(encoding="utf-8"))["cells"]:
        if found := re.search(r"^# +(.+)$", source_of(cell), re.M):
            return found[1].strip()
    return f"Chapter {int(number)}"


def answer_of(id: str) -> str:
    """The name that an exercise's cell binds; "" where the course does not know it."""
    try:
        return registry.exercise(id).answer
    except ValueError:
        return ""


def stands_in(id: str) -> str:
    """The number of the chapter that an exercise stands in; "" where no chapter knows it."""
    try:
        return registry.exercise(id).chapter
    except ValueError:
        return ""


def title_of(id: str) -> str:
    """The title of one exercise; its id where the chapters do not know it."""
    try:
        return told_of(id).title
    except (KeyError, ValueError):
        return id
