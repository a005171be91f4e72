"""What a page needs to judge an answer without a kernel: conditions and messages for parameters.

Everything that does not depend on the answer is computed here, so that the page holds conditions
over the answer alone and sentences as they are said: "near(A * x ** -alpha, L - E, 0.01)" becomes
["near", ["*", 406.4, ["**", "x", -0.34]], 0.29, 0.01]. The page's own judge is
_ext/assets/answers.js; tests/test_answers.py holds it to `judge`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any, TypeGuard

from .expressions import evaluate, is_condition, names_in
from .kinds import SCORED, Choice, Exercise, Number, Plan, Several, text_values
from .reading import INFINITE, UNREADABLE

#: what the page says about a text that is no number, and to a plan with part of the points
WORDS = {"unreadable": UNREADABLE, "infinite": INFINITE, "scored": SCORED}


def has_box(exercise: Exercise) -> TypeGuard[Number | Several | Choice]:
    """Can a page without a kernel judge it? It cannot call a function; a text is for a person."""
    return isinstance(exercise, (Number, Several, Choice))


def box(exercise: Exercise, params: Mapping) -> dict | None:
    """The exercise as JSON for the page, or None for one that has no box.

    For numbers: `parts` (the names that conditions use, one field each), `properties` as
    [condition, message, parts it mentions] and `mistakes` as [condition, message]; a `Number` also
    has `answer`, its name in the notebook, and `unit`, a `Several` with units has `units`, one for
    each part. For a choice: `options` as [name, message] and the place of the `right` one. A `Plan`
    has `scale`: the distance from the best plan, and the two distances with all points and with
    none. Raises ValueError for parameters that the exercise cannot be judged with.
    """
    if not has_box(exercise):
        return None
    values = exercise.quantities(params)
    texts = text_values(params, values)
    made: dict[str, Any] = {"praise": exercise.praise.format(**texts)}
    if isinstance(exercise, Choice):
        holds = [bool(evaluate(rule, values)) for rule in exercise.rules["options"]]
        if sum(holds) != 1:
            raise ValueError(
                f"{exercise.id}: {sum(holds)} of its options are right for {dict(params)}"
            )
        return made | {
            "options": [[name, say.format(**texts)] for name, _, say in exercise.options],
            "right": holds.index(True),
        }
    if isinstance(exercise, Number):
        parts, rtol = ("x",), exercise.rtol
        made |= {"parts": ["x"], "answer": exercise.answer, "unit": exercise.unit}
    else:
        parts, rtol = exercise.parts, None  # all its mistakes are conditions
        made |= {"parts": list(parts)} | ({"units": list(exercise.units)} if exercise.units else {})
    made["properties"] = [
        [
            folded(rule, values, parts),
            say.format(**texts),
            [part for part in parts if part in names_in(rule)],
        ]
        for rule, (_, say) in zip(exercise.rules["properties"], exercise.properties, strict=True)
    ]
    made["mistakes"] = [
        [
            folded(rule if is_condition(rule) else ["near", "x", rule, rtol], values, parts),
            say.format(**texts),
        ]
        for rule, (_, say) in zip(exercise.rules["mistakes"], exercise.mistakes, strict=True)
    ]
    if isinstance(exercise, Plan):
        made["scale"] = [
            folded(exercise.rules["properties"][-1][1], values, parts),
            exercise.full,
            exercise.none,
        ]
    return made


def folded(tree: Any, values: Mapping, free: Collection[str]) -> Any:
    """The tree with every branch that mentions none of the names `free` replaced by its value."""
    if not names_in(tree) & set(free):
        value = evaluate(tree, values)
        return bool(value) if is_condition(tree) else _finite(float(value))
    return (
        [tree[0], *(folded(branch, values, free) for branch in tree[1:])]
        if isinstance(tree, list)
        else tree
    )


def _finite(value: float) -> float | list:
    """The value, or for nan and inf, which JSON does not know, an expression that gives it."""
    return value if math.isfinite(value) else ["/", float(value > 0) - float(value < 0), 0.0]
