"""What the same arguments always give is made once in all tests of a process that ask for it.

`searched_once`: a search draws nothing, so the same runs, form and question have the same end.
Tests of the search itself (test_fitting, test_forms, test_objective, test_traps) make each of
theirs. `derived_once`: an exercise's derived quantities, what known mistakes give, a text read.
"""

from __future__ import annotations

import pickle
from functools import cache
from typing import Any

from scalinglib._search import search
from scalinglib.checks import kinds, reading, verdicts
from scalinglib.checks.expressions import names_in

MADE: dict[bytes, Any] = {}
DERIVED: dict[tuple, Any] = {}
EVALUATED: dict[tuple, Any] = {}
NAMES: dict[int, Any] = {}
REAL_QUANTITIES, REAL_EVALUATE = kinds._Conditions.quantities, verdicts.evaluate
read = cache(reading.read)


def searched(*asked: Any) -> Any:
    """`search` of the same arguments, made once; every time where they cannot be compared."""
    try:
        key = pickle.dumps(asked)
    except (pickle.PicklingError, AttributeError, TypeError):  # a form's own lambda
        return search(*asked)
    if key not in MADE:
        MADE[key] = search(*asked)
    return MADE[key]


def quantities(exercise: Any, params: Any) -> dict[str, float]:
    """`exercise.quantities(params)`; exercises are alike where they are one object."""
    key = (id(exercise), repr(params))
    if key not in DERIVED:
        DERIVED[key] = exercise, REAL_QUANTITIES(exercise, params)
    return dict(DERIVED[key][1])


def evaluate(tree: Any, values: Any) -> Any:
    """The value of a known mistake, once for the numbers that it is made of."""
    _, names = NAMES.get(id(tree)) or NAMES.setdefault(id(tree), (tree, sorted(names_in(tree))))
    key = (id(tree), *(values[name] for name in names))
    if key not in EVALUATED:
        EVALUATED[key] = REAL_EVALUATE(tree, values)
    return EVALUATED[key]
