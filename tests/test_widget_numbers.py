"""The pages' JavaScript says what scalinglib says, within 1e-9, on 1,000 random inputs.

Node runs law.js as joined.
"""

import numpy as np
import pytest

from scalinglib.laws import (
    BESIROGLU_2024,
    HOFFMANN_2022,
    KAPLAN_2020,
    ChinchillaLaw,
    KaplanLaw,
    PowerLaw,
    PowerSumLaw,
)
from scalinglib.widgets import IsoFlopValley
from scalinglib.widgets.picture import constants

RTOL = 1e-9
MANY = 1000


def chinchilla_laws(rng):
    yield from (HOFFMANN_2022, BESIROGLU_2024)
    for _ in range(MANY - 2):
        yield ChinchillaLaw(
            rng.uniform(0, 2.5),
            10 ** rng.uniform(1, 4),
            10 ** rng.uniform(1, 4),
            rng.uniform(0.2, 0.6),
            rng.uniform(0.2, 0.6),
        )


def test_chinchilla_law(in_node, rng):
    laws = list(chinchilla_laws(rng))
    runs = 10 ** rng.uniform([7, 9], [12.5, 14], size=(MANY, 2))
    got = in_node(
        "law.js",
        "loss, optimum, leastCompute, overhead",
        """input.map(([l, N, D]) => {
        const best = optimum(l, 6 * N * D), here = loss(l, N, D);
        return [here, best.N, best.D, best.C, best.loss,
                leastCompute(l, here), 1 + overhead(l, N, D)]; })""",
        [[constants(law), N, D] for law, (N, D) in zip(laws, runs, strict=True)],
    )
    want = []
    for law, (N, D) in zip(laws, runs, strict=True):
        best, here = law.optimum(6 * N * D), law.loss(N, D)
        least = law.least_compute(here)
        want.append([here, best.N, best.D, best.C, best.loss, least, 6 * N * D / least])
    np.testing.assert_allclose(np.array(got, float), np.array(want), rtol=RTOL)


def test_no_compute_reaches_the_floor(in_node):
    law = constants(BESIROGLU_2024)
    assert (
        in_node("law.js", "leastCompute", "leastCompute(input, input.E) === Infinity", law) is True
    )


def test_every_point_of_a_contour_has_its_loss(in_node, rng):
    cases = [(law, law.E + rng.uniform(0.05, 1)) for law in list(chinchilla_laws(rng))[:20]]
    lines = in_node(
        "law.js",
        "contour",
        "input.map(([law, level]) => contour(law, level))",
        [[constants(law), level] for law, level in cases],
    )
    for (law, level), points in zip(cases, np.array(lines, float), strict=True):
        np.testing.assert_allclose(law.loss(points[:, 0], points[:, 1]), level, rtol=RTOL)


def test_kaplan_and_power_law(in_node, rng):
    laws = [KAPLAN_2020] + [
        KaplanLaw(10 ** rng.uniform(12, 15), 10 ** rng.uniform(12, 15), *rng.uniform(0.05, 0.6, 2))
        for _ in range(MANY - 1)
    ]
    runs = 10 ** rng.uniform([5, 7], [12, 13], size=(MANY, 2))
    data = [[constants(law), N, D] for law, (N, D) in zip(laws, runs, strict=True)]
    got = in_node("law.js", "kaplanLoss", "input.map(([l, N, D]) => kaplanLoss(l, N, D))", data)
    np.testing.assert_allclose(
        got, [law.loss(N, D) for law, (N, D) in zip(laws, runs, strict=True)], rtol=RTOL
    )

    laws = [
        PowerLaw(10 ** rng.uniform(0, 14), rng.uniform(0.02, 1), rng.uniform(0, 3))
        for _ in range(MANY)
    ]
    x = 10 ** rng.uniform(3, 13, size=MANY)
    got = in_node(
        "law.js",
        "powerLoss",
        "input.map(([l, x]) => powerLoss(l, x))",
        [[constants(law), value] for law, value in zip(laws, x, strict=True)],
    )
    np.testing.assert_allclose(
        got, [law.loss(value) for law, value in zip(laws, x, strict=True)], rtol=RTOL
    )


def test_power_sum(in_node, rng):
    laws = [
        PowerSumLaw(
            *10 ** rng.uniform(0.5, 4, 2),
            *rng.uniform(0.1, 0.6, 2),
            rng.uniform(0.02, 1.2),
            rng.uniform(0, 2),
        )
        for _ in range(MANY)
    ]
    points = 10 ** rng.uniform([3, 4], [12, 14], size=(MANY, 2))
    got = in_node(
        "law.js",
        "powerSumLoss",
        "input.map(([l, N, D]) => powerSumLoss(l, N, D))",
        [[constants(law), *point] for law, point in zip(laws, points, strict=True)],
    )
    want = [law.loss(*point) for law, point in zip(laws, points, strict=True)]
    np.testing.assert_allclose(got, want, rtol=RTOL)


def test_parabola(in_node, rng):
    """Against numpy's polyfit: vertex, curvature, and the height at one more point."""
    data, want = [], []
    for _ in range(MANY):
        size = int(rng.integers(3, 10))
        N = 10 ** rng.uniform(7, 11) * np.cumprod(rng.uniform(1.3, 3, size))
        x = np.log(N)
        y = 2 + 0.03 * (x - x.mean() - rng.normal()) ** 2 + 1e-3 * rng.normal(size=size)
        c, b, a = np.polyfit(x - x.mean(), y, 2)
        data.append([x.tolist(), y.tolist()])
        want.append([x.mean() - b / (2 * c), c, np.polyval([c, b, a], x[0] - 1 - x.mean())])
    got = in_node(
        "law.js",
        "parabola",
        "input.map(([x, y]) => { const p = parabola(x, y); "
        "return [p.vertex, p.curvature, p.at(x[0] - 1)]; })",
        data,
    )
    np.testing.assert_allclose(np.array(got, float), want, rtol=RTOL)


def test_valley(in_node, rng):
    """Runs and fitted minimum of the valley's picture, whole, against the law and polyfit."""
    laws = list(chinchilla_laws(rng))
    ladder = IsoFlopValley().ladder
    data, want = [], []
    for law in laws:
        C = 10 ** rng.uniform(18, 25)
        first = int(rng.integers(0, 7))
        last = int(rng.integers(first + 2, 9))
        noise = 1e-3 * rng.normal(size=9)
        N = np.sqrt(C / 120) * np.array(ladder)  # 20 tokens per parameter in the middle
        losses = law.loss(N, C / (6 * N)) + noise
        x = np.log(N[first : last + 1])
        c, b, _ = np.polyfit(x - x.mean(), losses[first : last + 1], 2)
        data.append([constants(law), C, noise.tolist(), [first, last]])
        want.append([N[0], *losses, x.mean() - b / (2 * c)])
    got = in_node(
        "isoflop_valley.js",
        "simulated, fitWindow",
        f"""input.map(([law, C, noise, window]) => {{
        const runs = simulated(law, C, {ladder}, noise);
        const vertex = Math.log(fitWindow(runs, window).N);
        return [runs[0].N, ...runs.map((run) => run.loss), vertex]; }})""",
        data,
    )
    for mine, theirs in zip(got, want, strict=True):
        # a line bent by noise alone may have its vertex anywhere
        if np.isfinite(np.exp(theirs[-1])):
            np.testing.assert_allclose(np.array(mine, float), theirs, rtol=RTOL)


@pytest.mark.parametrize(
    "value, text",
    [
        (1.4e12, "1.4T"),
        (999.9e9, "1T"),
        (175e9, "175B"),
        (6.7e6, "6.7M"),
        (1234, "1.23k"),
        (20, "20"),
        (0.05, "0.05"),
    ],
)
def test_numbers_in_words(in_node, value, text):
    assert in_node("ui.js", "short", "short(input)", value) == text


def test_more_words(in_node):
    got = in_node(
        "ui.js",
        "scientific, percent, nats, logTicks, linearTicks",
        "[scientific(3.15e23), scientific(9.96e-5), percent(0.034), percent(-0.5), nats(2),"
        " logTicks(1e6, 1e9), logTicks(1, 50), logTicks(2, 3), linearTicks(0, 1, 5)]",
        None,
    )
    assert got == [
        "3.2 × 10²³",
        "1.0 × 10⁻⁴",
        "3.4 %",
        "50 %",
        "2.000",
        [1e6, 1e7, 1e8, 1e9],
        [1, 2, 5, 10, 20, 50],
        [2, 2.2, 2.4, 2.6, 2.8, 3],
        [0, 0.2, 0.4, 0.6, 0.8, 1],
    ]
