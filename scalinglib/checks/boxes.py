"""What a page needs to judge an answer without a kernel: expressions and words for parameters.

Everything that does not depend on the answer is computed here, so that the page holds expressions
over the answer alone and sentences as they are said: "gpu_hours * per_hour" becomes ["*",
"gpu_hours", 2.5]. On the page these numbers are veiled, so that nobody meets an answer by looking
at the source; it is no secret. The page's own judge is _ext/assets/calc.js; tests/test_answers.py
holds it to `judge`.
"""

from __future__ import annotations

import math
import struct
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any, TypeGuard

import numpy as np

from .expressions import evaluate, is_condition, names_in
from .kinds import SCORED, Choice, Exercise, Number, Plan, Several, text_values


def known(box: Mapping) -> dict[str, Any]:
    """What the fields of a box may name: its parameters, and the columns of its own tables.

    A column that stands in two tables is known as table_column, one of a single row as a number.
    """
    names = dict(box["given"])
    tables = box.get("data", ())
    count = Counter(column for table in tables for column in table["columns"])
    for table in tables:
        for column, values in table["columns"].items():
            if all(isinstance(value, (int, float)) for value in values):
                names[f"{table['name']}_{column}" if count[column] > 1 else column] = (
                    values if len(values) > 1 else values[0]
                )
    return {name: np.asarray(value, float) for name, value in names.items()}


def has_box(exercise: Exercise) -> TypeGuard[Number | Several | Choice]:
    """Can a page judge it? A function is called, a text is read, and some need the notebook."""
    return isinstance(exercise, (Number, Several, Choice)) and not exercise.notebook


def box(exercise: Exercise, params: Mapping) -> dict | None:
    """The exercise as JSON for the page, or None for one that has no box.

    All have `praise`, `given` (parameters that are numbers or lists of numbers) and, where the
    exercise has runs of its own, `data`, a list of {name, columns}. For numbers: `parts`, each with
    what `Part` says that is not the default, its truth and mistakes folded; `bounds`; a `Number`
    also has `answer`, its name in the notebook, a `Several` perhaps `quiet`, a `Plan` its `plan`.
    For a choice: `options` as [name, message] and the place of the `right` one. Raises ValueError
    for parameters that the exercise cannot be judged with.
    """
    if not has_box(exercise):
        return None
    values = exercise.quantities(params)
    texts = text_values(params, values)

    def said(rules) -> list:
        return [[folded(rule, values, free), say.format(**texts)] for rule, say in rules]

    made: dict[str, Any] = {"praise": exercise.praise.format(**texts), "given": _given(params)}
    if tables := exercise.tables(params):
        made["data"] = [{"name": name, "columns": columns} for name, columns in tables.items()]
    if isinstance(exercise, Choice):
        return made | {
            "options": [[name, say.format(**texts)] for name, _, say in exercise.options],
            "right": float(exercise.right(values)),
        }
    parts = exercise.told()
    free = [part.name for part in parts]
    made["parts"] = [_part(part, values, texts, free) for part in parts]
    made["bounds"] = said(exercise.rules)
    if isinstance(exercise, Number):
        made["answer"] = exercise.answer
    elif exercise.quiet:
        made["quiet"] = True
    if isinstance(exercise, Plan):
        made["plan"] = {
            "distance": folded(exercise.scale, values, free),
            "full": exercise.full,
            "none": exercise.none,
            "reasons": said(exercise.why_short),
            "short": exercise.short.format(**texts),
            "scored": SCORED,
        }
    return made


def _given(params: Mapping) -> dict:
    """The parameters that a field can calculate with."""
    return {
        name: np.asarray(value).tolist()
        for name, value in params.items()
        if np.asarray(value).dtype.kind in "if" and np.ndim(value) < 2
    }


def _part(part, values, texts, free) -> dict:
    told = {
        name: getattr(part, name)
        for name in ("name", "unit", "rtol", "atol", "digits", "why", "exact", "whole")
        if getattr(part, name) or name == "name"
    }
    told["generic"] = part.generic.format(**texts)
    if not part.free:
        told["truth"] = folded(part.tree, values, free)
    folds = (folded(tree, values, free) for tree in part.trees)
    told["mistakes"] = [
        [_short(tree) if isinstance(tree, float) else tree, say.format(**texts)]
        for tree, (_, say) in zip(folds, part.mistakes, strict=True)
        if tree not in _NUMBERLESS  # it would never speak
    ]
    return told


#: what `folded` makes of nan and of infinities
_NUMBERLESS = [["/", sign, 0.0] for sign in (0.0, 1.0, -1.0)]


def _short(value: float) -> float:
    """To 41 binary digits: twelve decimal ones, and on the page fewer bytes."""
    fraction, power = math.frexp(value)
    return math.ldexp(round(math.ldexp(fraction, 41)), power - 41)


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


def veiled(box: dict, key: str) -> dict:
    """The box with the numbers of its expressions as "#" and 16 hexadecimal digits.

    They are the bits of the number, exclusive-or the page's `key` (8 hexadecimal digits) twice.
    """
    mask = int(2 * key, 16)

    def hidden(tree):
        if isinstance(tree, list):
            return [tree[0], *map(hidden, tree[1:])]
        if isinstance(tree, (bool, str)):
            return tree
        return f"#{struct.unpack('>Q', struct.pack('>d', tree))[0] ^ mask:016x}"

    def ruled(rules):
        return [[hidden(rule), say] for rule, say in rules]

    if "options" in box:
        return box | {"right": hidden(box["right"])}
    made = box | {
        "bounds": ruled(box["bounds"]),
        "parts": [
            part
            | ({"truth": hidden(part["truth"])} if "truth" in part else {})
            | {"mistakes": ruled(part["mistakes"])}
            for part in box["parts"]
        ],
    }
    if plan := box.get("plan"):
        made["plan"] = plan | {
            "distance": hidden(plan["distance"]),
            "reasons": ruled(plan["reasons"]),
        }
    return made
