"""Draws whose known mistakes keep their distance from the answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from scalinglib.checks import Number, Several, registry
from scalinglib.checks.expressions import evaluate


def apart(id: str, drawn: Mapping, share: float = 0.02) -> bool:
    """Is every known mistake at least this share of the truth away from it, with these parameters?

    An exact part is left out: what it takes for right has no width.
    """
    exercise = registry.exercise(id)
    assert isinstance(exercise, (Number, Several))
    values = exercise.quantities(drawn)
    values |= exercise.truths(values)
    for part in exercise.told():
        if part.free or part.exact:
            continue
        truth = values[part.name]
        for tree in part.trees:
            wrong = float(evaluate(tree, values))
            if math.isfinite(wrong) and abs(wrong - truth) < max(
                share * abs(truth), 2 * part.room(truth)
            ):
                return False
    return True


def drawn_apart(id: str, draw: Callable[[], dict], share: float = 0.02) -> dict:
    """The first draw that keeps its distance."""
    while not apart(id, drawn := draw(), share):
        pass
    return drawn
