"""The picture of the missing floor says what numpy and scalinglib say, and refuses the rest."""

import json

import numpy as np
import pytest
from test_widget_numbers import MANY, RTOL

from scalinglib.laws import PowerLaw
from scalinglib.widgets.missing_floor import LADDER, LAW, MissingFloor
from scalinglib.widgets.picture import constants


def numpy_forecast(law, ladder, window, ahead):
    D = np.array(ladder[window[0] : window[1] + 1])
    (slope, constant), r = (
        np.polyfit(np.log(D), np.log(law.loss(D)), 1),
        np.corrcoef(np.log(D), np.log(law.loss(D)))[0, 1],
    )
    said, truth = np.exp(constant + slope * np.log(ahead * D[-1])), law.loss(ahead * D[-1])
    return [slope, r**2, said, truth, said / truth]


def test_forecasts_agree(in_node, rng):
    cases = []
    for _ in range(MANY):
        law = PowerLaw(10 ** rng.uniform(8, 10), rng.uniform(0.05, 0.8), rng.uniform(0, 3))
        first = int(rng.integers(0, 11))
        ladder = (10 ** rng.uniform(5, 7) * np.cumprod(rng.uniform(1.3, 3, 13))).tolist()
        cases.append(
            (law, ladder, [first, int(rng.integers(first + 2, 13))], 10 ** rng.uniform(0, 3))
        )
    got = in_node(
        "missing_floor.js",
        "forecast",
        """input.map((given) => {
        const f = forecast(...given); return [f.slope, f.r2, f.said, f.truth, 1 + f.miss]; })""",
        [[constants(law), *rest] for law, *rest in cases],
    )
    want = [numpy_forecast(*case) for case in cases]
    np.testing.assert_allclose(np.array(got, float), np.array(want), rtol=RTOL)


def test_the_chapter_is_reproduced(in_node):
    """One decade misses by 27 % and looks straight; three decades miss by 45 %.

    reports/fitting.md, section 5.
    """
    data = [[constants(LAW), LADDER, window, 100] for window in ([0, 4], [0, 12])]
    one, three = in_node(
        "missing_floor.js", "forecast", "input.map((given) => forecast(...given))", data
    )
    assert round(100 * one["miss"]) == -27 and one["r2"] > 0.999
    assert round(100 * three["miss"]) == -45 and round(three["slope"], 3) == -0.186


def test_windows_stay_on_the_ladder_and_keep_three_runs(in_node):
    got = in_node(
        "missing_floor.js",
        "slideWindow, pullEdge",
        """[
        slideWindow([0, 4], -3, 13), slideWindow([0, 4], 99, 13), slideWindow([2, 6], 1, 13),
        pullEdge([0, 4], 0, 9, 13), pullEdge([0, 4], 1, 0, 13),
        pullEdge([0, 4], 1, 99, 13), pullEdge([3, 6], 0, -2, 13)]""",
        None,
    )
    assert got == [[0, 4], [8, 12], [3, 7], [2, 4], [0, 2], [0, 12], [0, 6]]


def test_state_returns_to_the_question():
    picture = MissingFloor()
    assert picture.start == {"window": [0, 4], "floor": 1.7, "revealed": False}
    assert json.loads(json.dumps(picture.law))["floor"] == LAW.floor


@pytest.mark.parametrize(
    "given, message",
    [
        ({"window": (0, 1)}, "needs 3"),
        ({"window": (3, 13)}, "needs 3"),
        ({"window": (-1, 4)}, "needs 3"),
        ({"law": PowerLaw(1e9, 0.3, 4.0)}, "up to 3"),
    ],
)
def test_refusals(given, message):
    with pytest.raises(ValueError, match=message):
        MissingFloor(**given)
