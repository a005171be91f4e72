"""The picture of the sharp metric says what numpy says of the exams, and refuses the rest."""

import json

import numpy as np
import pytest
from test_widget_numbers import MANY, RTOL

from scalinglib.widgets.sharp_metric import SharpMetric


def test_crossings_and_values_agree(in_node, rng):
    """Against numpy.interp in log x; rising curves, so that the crossing is one point."""
    data, want = [], []
    for _ in range(MANY):
        x = 10 ** rng.uniform(1, 3) * np.cumprod(rng.uniform(1.1, 3, 12))
        y = np.sort(rng.uniform(0, 1, 12))
        level, place = rng.uniform(y[0], y[-1]), rng.uniform(x[0], x[-1])
        data.append([x.tolist(), y.tolist(), level, place])
        want.append(
            [np.exp(np.interp(level, y, np.log(x))), np.interp(np.log(place), np.log(x), y)]
        )
    got = in_node(
        "sharp_metric.js",
        "crossing, between",
        "input.map(([x, y, level, place]) => [crossing(x, y, level), between(x, y, place)])",
        data,
    )
    np.testing.assert_allclose(got, want, rtol=RTOL)


def test_the_sentence_has_the_quarter(in_node):
    data = {
        "problems": [1, 4, 16, 64],
        "loss": [2, 1.8, 1.4, 1],
        "exact": [[0, 0.25, 0.5, 1], [0, 0, 0.25, 0.4]],
    }
    one, two = in_node("sharp_metric.js", "reading", "[reading(input, 1), reading(input, 2)]", data)
    assert one == {"half": 16, "before": 4, "share": 0.25, "loss": [1.8, 1.4]} and two is None


def picture(**changes):
    given = {
        "problems": [10, 20, 40],
        "loss": [2.3, 2, 1],
        "blind": 2.3,
        "exact": [[0.1, 0.5, 0.9], [0, 0.2, 0.8]],
        "product": [[0.1, 0.5, 0.9], [0, 0.2, 0.8]],
    }
    return SharpMetric(**given | changes)


def test_state_returns_to_the_question():
    assert picture().start == {"length": 1}
    assert json.loads(json.dumps(picture().exact)) == [[0.1, 0.5, 0.9], [0, 0.2, 0.8]]


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"length": 3}, "between 1 and 2"),
        ({"product": [0.1, 0.5]}, "3 exams"),
        ({"exact": [[0.1, 0.2]]}, "3 exams"),
        ({"problems": [0, 1, 2]}, "problems must be positive"),
    ],
)
def test_refusals(changes, message):
    with pytest.raises(ValueError, match=message):
        picture(**changes)
