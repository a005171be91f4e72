"""Exercises, questions and predictions by id; `check`, `hint`, `ask`, `predict` for notebooks."""

from __future__ import annotations

import difflib
import html
import pkgutil
import re
from functools import cache
from importlib import import_module
from typing import Any, TypeVar, overload

from .kinds import Exercise, Kind, Outcome, judge
from .questions import Prediction, Question, chapter_told

Own = TypeVar("Own", bound=Exercise)

_CHAPTER = re.compile(r"ch(\d\d)_[a-z0-9_]+")
_hints_shown: dict[str, int] = {}


def chapters() -> dict[str, str]:
    """Chapter number -> name of its module, for every scalinglib/checks/chapters/chNN_*.py."""
    package = import_module(f"{__package__}.chapters")
    found = (_CHAPTER.fullmatch(module.name) for module in pkgutil.iter_modules(package.__path__))
    return {match[1]: match[0] for match in found if match}


@cache
def chapter_items(number: str) -> dict[str, dict]:
    """A chapter's module: "exercise", "question" and "prediction" -> items by id, in order.

    Raises ValueError where two of a kind have one id, one says another chapter, or two exercises
    bind one answer.
    """
    module = chapters().get(number)
    told = import_module(f"{__package__}.chapters.{module}") if module else None
    items: dict[str, dict] = {}
    for kind in ("exercise", "question", "prediction"):
        by_id = items[kind] = {}
        for item in getattr(told, f"{kind.upper()}S", ()):
            if item.id in by_id:
                raise ValueError(f"{module}: two {kind}s are called {item.id!r}")
            if item.chapter != number:
                raise ValueError(
                    f"{module}: {item.id!r} is of chapter {item.chapter}; "
                    f'its id begins with {number}-, or it says chapter="{number}"'
                )
            by_id[item.id] = item
    names = [exercise.answer for exercise in items["exercise"].values()]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"{module}: two exercises bind the answer {sorted(twice)[0]!r}")
    return items


def chapter_exercises(number: str) -> dict[str, Kind]:
    """The EXERCISES of one chapter by id, in their order; empty for a chapter without any."""
    return chapter_items(number)["exercise"]


def _find(kind: str, id: str):
    """The item called `id`; a ValueError for an unknown one lists those with a near name."""
    first = chapter_told(str(id))
    if id in chapter_items(first)[kind]:
        return chapter_items(first)[kind][id]
    # then the others, the last first: what moved has moved back in the course
    for number in sorted(chapters(), reverse=True):
        if id in chapter_items(number)[kind]:
            return chapter_items(number)[kind][id]
    known = [name for number in sorted(chapters()) for name in chapter_items(number)[kind]]
    own = list(chapter_items(first)[kind])
    near = difflib.get_close_matches(str(id), known, n=3, cutoff=0.5) or own[:8]
    raise ValueError(
        f"there is no {kind} {id!r}; "
        + (
            f"did you mean {', '.join(map(repr, near))}?"
            if near
            else "ids are words with the chapter number in front: '09-halve-interval'"
        )
    )


@overload
def exercise(id: str) -> Kind: ...
@overload
def exercise(id: str, kind: type[Own]) -> Own: ...
def exercise(id: str, kind: type[Exercise] = Exercise) -> Exercise:
    """The exercise called `id`; ValueError where it is not of the `kind` asked for."""
    found = _find("exercise", id)
    if not isinstance(found, kind):
        raise ValueError(f"{id!r} is a {type(found).__name__}, not a {kind.__name__}")
    return found


def ask(id: str) -> Question:
    """A question of the chapter: shown with its options, each with a folded explanation."""
    return _find("question", id)


def predict(id: str) -> Prediction:
    """A guess to commit to; put it directly before the cells whose outputs answer it."""
    return _find("prediction", id)


def check(id: str, answer: Any, **params: Any) -> Outcome:
    """Judge an answer to an exercise: `right`, `not yet` with what seems wrong, or `not attempted`.

    `params` are the exercise's parameters, as in the cell above it. The expected answer is never
    shown. Raises ValueError for an unknown id and for parameters that are missing or too many.
    """
    return judge(exercise(id), answer, params)


class Hints:
    """Three hints: as text one more each time, on a page folded one into the next."""

    def __init__(self, id: str, hints: tuple[str, ...], shown: int) -> None:
        self.id, self.hints, self.shown = id, hints, shown

    def __repr__(self) -> str:
        lines = [
            f"hint {n} of {len(self.hints)}: {text}"
            for n, text in enumerate(self.hints[: self.shown], 1)
        ]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        inner = ""
        for n in range(len(self.hints), 0, -1):
            body = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(self.hints[n - 1]))
            inner = (
                f"<details><summary>Hint {n} of {len(self.hints)}</summary>"
                f"<p>{body}</p>{inner}</details>"
            )
        return f'<div class="sl-hint">{inner}</div>'


def hint(id: str) -> Hints:
    """One more hint at each call: what to look at, the relation, the first line of code."""
    hints = exercise(id).hints
    _hints_shown[id] = min(_hints_shown.get(id, 0) + 1, len(hints))
    return Hints(id, hints, _hints_shown[id])
