"""A fast part of tests/prove_objective.py: no end above what brute force finds."""

import numpy as np
import pandas as pd
import pytest
from prove_objective import ABOVE, above, compare, simulated

EFFORT = {"grid": 2, "random": 2, "kept": 2}


# one set of each objective is quick
@pytest.mark.parametrize(
    "k", [*range(1, 5), *(pytest.param(k, marks=pytest.mark.whole) for k in range(5, 11))]
)
def test_no_end_lies_above_brute_force(k):
    objective = ("huber", "squares", "raw-huber", "raw-squares")[k % 4]
    with np.errstate(all="ignore"):
        rows = compare(f"set {k}", *simulated(k), objectives=(objective,), **EFFORT)
    assert above(pd.DataFrame(rows), "ours").max() <= ABOVE
