"""Exercises by id, `check` and `hint`: what the notebooks call."""
from __future__ import annotations

import difflib
import html
import pkgutil
import re
from functools import cache
from importlib import import_module

from .kinds import Exercise, Outcome, judge

_CHAPTER = re.compile(r"ch(\d\d)_[a-z0-9_]+")
_hints_shown: dict[str, int] = {}


def chapters() -> dict[str, str]:
    """Chapter number -> name of its module of exercises, for every scalinglib/checks/chNN_*.py."""
    package = import_module(__package__)
    found = (_CHAPTER.fullmatch(module.name) for module in pkgutil.iter_modules(package.__path__))
    return {match[1]: match[0] for match in found if match}


@cache
def chapter_exercises(number: str) -> dict[str, Exercise]:
    """The EXERCISES of one chapter by id, in their order; empty for a chapter without any."""
    module = chapters().get(number)
    exercises = import_module(f"{__package__}.{module}").EXERCISES if module else ()
    by_id = {}
    for exercise in exercises:
        if exercise.id in by_id:
            raise ValueError(f"{module}: two exercises are called {exercise.id!r}")
        if not exercise.id.startswith(f"{number}-"):
            raise ValueError(f"{module}: the id {exercise.id!r} must begin with {number}-")
        by_id[exercise.id] = exercise
    names = [exercise.answer for exercise in exercises]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"{module}: two exercises bind the answer {sorted(twice)[0]!r}")
    return by_id


def exercise(id: str) -> Exercise:
    """The exercise called `id`; a ValueError for an unknown one lists those with a near name."""
    own = chapter_exercises(str(id)[:2])
    if id in own:
        return own[id]
    known = [name for number in sorted(chapters()) for name in chapter_exercises(number)]
    near = difflib.get_close_matches(str(id), known, n=3, cutoff=0.5) or list(own)[:8]
    raise ValueError(f"there is no exercise {id!r}; " + (f"did you mean {', '.join(map(repr, near))}?" if near
                     else "ids are words with the chapter number in front: '09-halve-interval'"))


def check(id: str, answer, **params) -> Outcome:
    """Judge an answer to an exercise: `right`, `not yet` with what seems wrong, or `not attempted`.

    `params` are the exercise's parameters, as in the cell above it. The expected answer is never shown.
    Raises ValueError for an unknown id and for parameters that are missing or too many.
    """
    return judge(exercise(id), answer, params)


class Hints:
    """Three hints: as text one more each time, on a page folded one into the next."""

    def __init__(self, id: str, hints: tuple[str, ...], shown: int):
        self.id, self.hints, self.shown = id, hints, shown

    def __repr__(self) -> str:
        lines = [f"hint {n} of {len(self.hints)}: {text}" for n, text in enumerate(self.hints[:self.shown], 1)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        inner = ""
        for n in range(len(self.hints), 0, -1):
            body = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(self.hints[n - 1]))
            inner = f"<details><summary>Hint {n} of {len(self.hints)}</summary><p>{body}</p>{inner}</details>"
        return f'<div class="sl-hint">{inner}</div>'


def hint(id: str) -> Hints:
    """One more hint for an exercise at each call: what to look at, the relation, the first line of code."""
    hints = exercise(id).hints
    _hints_shown[id] = min(_hints_shown.get(id, 0) + 1, len(hints))
    return Hints(id, hints, _hints_shown[id])
