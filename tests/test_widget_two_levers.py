"""The picture of chapter 6 says what KaplanLaw says, on 1,000 random runs.

Its line is where both doublings pay alike.
"""

import numpy as np
import pytest
from test_widget_numbers import MANY, RTOL

from scalinglib.laws import KAPLAN_2020
from scalinglib.widgets import TwoLevers
from scalinglib.widgets.picture import constants

LAW = constants(KAPLAN_2020)


def test_gains_agree(in_node, rng):
    runs = 10 ** rng.uniform([5, 7], [12, 13], size=(MANY, 2))
    got = in_node(
        "two_levers.js",
        "gains",
        "input.runs.map(([N, D]) => gains(input.law, N, D))",
        {"law": LAW, "runs": runs.tolist()},
    )
    now = KAPLAN_2020.loss(*runs.T)
    want = np.stack(
        [
            now - KAPLAN_2020.loss(2 * runs[:, 0], runs[:, 1]),
            now - KAPLAN_2020.loss(runs[:, 0], 2 * runs[:, 1]),
        ]
    )
    # a gain is a small difference of losses: the tolerance is that of the losses
    np.testing.assert_allclose(np.array(got).T, want, atol=RTOL, rtol=0)


def test_on_the_line_both_doublings_pay_the_same(in_node):
    sizes = np.geomspace(1e5, 1e12, 50)
    D = np.array(
        in_node(
            "two_levers.js",
            "evenData",
            "input.sizes.map((N) => evenData(input.law, N))",
            {"law": LAW, "sizes": sizes.tolist()},
        )
    )
    np.testing.assert_allclose(
        KAPLAN_2020.loss(2 * sizes, D), KAPLAN_2020.loss(sizes, 2 * D), rtol=RTOL
    )


def test_a_run_outside_the_picture_is_refused():
    with pytest.raises(ValueError, match=r"run is \(1, 1e\+09\), outside .* widen extent"):
        TwoLevers(run=(1, 1e9))
