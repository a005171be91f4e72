"""The picture of the lifetime bill says what planning.cheapest says.

Its minimum is where the condition of the first order holds.
"""

import numpy as np
import pytest
from scipy.optimize import brentq
from test_widget_numbers import RTOL, chinchilla_laws

from scalinglib.laws import BESIROGLU_2024
from scalinglib.planning import cheapest
from scalinglib.widgets import LifetimeCost
from scalinglib.widgets.picture import constants


def best_share(law, loss, served):
    """Share v of the data term in loss - E at the smallest bill: its slope in log N is 0.

    Found by another search.
    """

    def slope(log_v):
        v = np.exp(log_v)
        D = (law.B / (v * (loss - law.E))) ** (1 / law.beta)
        return np.log(law.alpha * (1 - v) / (law.beta * v)) - np.log1p(served / (3 * D))

    return np.exp(
        brentq(
            slope, -80, np.log(law.alpha / (law.alpha + law.beta)) + 1e-12, xtol=1e-14, rtol=1e-14
        )
    )


def test_cheapest_models_agree(in_node, rng):
    cases = [
        (law, law.E + rng.uniform(0.2, 1), 10 ** rng.uniform(9, 16)) for law in chinchilla_laws(rng)
    ]
    got = np.array(
        in_node(
            "law.js",
            "cheapest",
            """input.map(([law, loss, served]) => {
        const m = cheapest(law, loss, served); return [m.N, m.D, m.training + m.serving]; })""",
            [[constants(law), *rest] for law, *rest in cases],
        ),
        float,
    )
    for (law, loss, served), (N, D, _) in zip(cases, got, strict=True):
        v, gap = best_share(law, loss, served), loss - law.E
        np.testing.assert_allclose(
            [N, D],
            [(law.A / ((1 - v) * gap)) ** (1 / law.alpha), (law.B / (v * gap)) ** (1 / law.beta)],
            rtol=RTOL,
        )
        assert law.loss(N, D) == pytest.approx(loss, rel=1e-12)
    for (law, loss, served), (_, _, bill) in list(zip(cases, got, strict=True))[:100]:
        assert cheapest(law, loss, served).total_flops == pytest.approx(bill, rel=RTOL)


def test_words_of_the_picture(in_node):
    """Saved, and how much more the training costs, for the model of the page."""
    got = in_node(
        "lifetime_cost.js",
        "bills",
        "[1e10, 1e13].map((s) => bills(input.law, input.size, s))",
        {"law": constants(BESIROGLU_2024), "size": 70e9},
    )
    for served, found in zip((1e10, 1e13), got, strict=True):
        C = brentq(lambda C: BESIROGLU_2024.optimum(C).N - 70e9, 1e22, 1e26, rtol=1e-14)
        target = BESIROGLU_2024.optimum(C).loss
        best, first = cheapest(BESIROGLU_2024, target, served), cheapest(BESIROGLU_2024, target, 0)
        assert found["first"]["N"] == pytest.approx(70e9, rel=1e-9)
        assert found["target"] == pytest.approx(target, rel=1e-12)
        assert found["saved"] == pytest.approx(
            1 - best.total_flops / (C + 2 * 70e9 * served), abs=1e-9
        )
        assert found["more"] == pytest.approx(
            best.training_flops / first.training_flops - 1, rel=1e-4, abs=1e-6
        )


def test_data_for_a_size_that_cannot(in_node):
    law = constants(BESIROGLU_2024)
    got = in_node(
        "law.js",
        "dataFor, loss",
        "[dataFor(input, 1e9, loss(input, 1e9, 3e10)), dataFor(input, 1e3, 2) === Infinity]",
        law,
    )
    assert got[0] == pytest.approx(3e10, rel=1e-9) and got[1] is True


def test_a_size_must_be_positive():
    with pytest.raises(ValueError, match="size must be positive"):
        LifetimeCost(size=-1)
