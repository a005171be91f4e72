"""The same search is made once in all tests of a process that ask for it: `searched_once`.

A search draws nothing: the same runs, form and question have the same end. Tests of the search
itself (test_fitting, test_forms, test_objective, test_traps) make each of theirs.
"""

from __future__ import annotations

import pickle
from typing import Any

from scalinglib._search import search

MADE: dict[bytes, Any] = {}


def searched(*asked: Any) -> Any:
    """`search` of the same arguments, made once; every time where they cannot be compared."""
    try:
        key = pickle.dumps(asked)
    except (pickle.PicklingError, AttributeError, TypeError):  # a form's own lambda
        return search(*asked)
    if key not in MADE:
        MADE[key] = search(*asked)
    return MADE[key]
