"""The picture of the broken law says what laws and fits say, and refuses windows off its ladder."""

import numpy as np
import pytest
from test_widget_numbers import MANY, RTOL

from scalinglib.fitting import fit_power_law
from scalinglib.laws import BrokenPowerLaw
from scalinglib.widgets.broken_law import LADDER, LAW, RUNS, BrokenLaw
from scalinglib.widgets.picture import constants


def test_broken_law_agrees(in_node, rng):
    data, want = [], []
    for _ in range(MANY):
        exponent = rng.uniform(0.03, 0.4)
        law = BrokenPowerLaw(
            10 ** rng.uniform(10, 24),
            exponent,
            10 ** rng.uniform(17, 23),
            rng.uniform(-0.9 * exponent, 0.4),
            rng.uniform(0.2, 2),
            rng.uniform(0, 2),
        )
        x = 10 ** rng.uniform(15, 26)
        data.append([constants(law), x])
        want.append(law.loss(x))
    got = in_node("law.js", "brokenLoss", "input.map(([law, x]) => brokenLoss(law, x))", data)
    np.testing.assert_allclose(got, want, rtol=RTOL)


@pytest.fixture(scope="module")
def shown():
    """The picture: it fits twice in each of its eleven windows."""
    return BrokenLaw()


@pytest.mark.whole
@pytest.mark.parametrize(
    "windows",
    [
        (0, 4, len(LADDER) - RUNS),
        pytest.param(range(len(LADDER) - RUNS + 1), marks=pytest.mark.whole),
    ],
    ids=["some", "all"],
)
def test_forecasts_are_those_of_the_fits(in_node, shown, windows):
    got = in_node(
        "broken_law.js",
        "forecasts",
        """input.fits.map((fit, first) => {
        const f = forecasts(input.law, input.ladder, fit, first, input.ahead);
        return [f.far, f.truth, f.line, f.floor]; })""",
        {"law": shown.law, "ladder": shown.ladder, "fits": shown.fits, "ahead": shown.ahead},
    )
    assert len(got) == len(LADDER) - RUNS + 1
    for first in windows:
        row = got[first]
        x = np.array(LADDER[first : first + RUNS])
        far = 100 * x[-1]
        line, floor = (
            fit_power_law(x, LAW.loss(x), floor=with_floor).law.loss(far)
            for with_floor in (False, True)
        )
        np.testing.assert_allclose(row, [far, LAW.loss(far), line, floor], rtol=RTOL)


def test_the_chapter_is_reproduced(shown):
    """Before the break both are too low; on it the floor's is too high but fits within 1.2 %."""
    misses = []
    for first, fit in enumerate(shown.fits):
        far = 100 * shown.ladder[first + RUNS - 1]
        misses.append(
            [
                fit[name]["floor"] + (fit[name]["scale"] / far) ** fit[name]["exponent"]
                for name in ("line", "floor")
            ]
            / LAW.loss(far)
            - 1
        )
    line, floor = np.array(misses).T
    assert (line < 0).all() and line.min() < -0.2 and floor.min() < -0.09 and floor.max() > 0.14
    assert shown.fits[int(floor.argmax())]["floor"]["off"] < 0.012


@pytest.mark.parametrize("first", [-1, len(LADDER) - RUNS + 1])
def test_refusals(first):
    with pytest.raises(ValueError, match="begins at 0 to 10"):
        BrokenLaw(first=first)
