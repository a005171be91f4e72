"""The picture of the runs left out: sizes and verdicts are the library's; no run is on the page."""

import json

import numpy as np
import pytest
from test_widget_numbers import chinchilla_laws

from scalinglib.fitting import fit_parametric
from scalinglib.laws import BESIROGLU_2024, HOFFMANN_2022
from scalinglib.widgets.left_out import LeftOut
from scalinglib.widgets.picture import constants

BUDGET = 5.76e23


@pytest.fixture(scope="module")
def study():
    """Forty simulated runs."""
    N = np.repeat(np.geomspace(5e7, 5e9, 8), 5)
    D = N * np.tile([2, 5, 12, 30, 80], 8)
    return (
        N,
        D,
        BESIROGLU_2024.loss(N, D) * np.exp(np.random.default_rng(3).normal(0, 0.004, len(N))),
    )


@pytest.fixture(scope="module")
def fits(study):
    order = np.argsort(study[2])
    return [
        fit_parametric(*(column[order[: 40 - dropped]] for column in study), bootstrap=150)
        for dropped in range(3)
    ]


def picture(fits):
    return LeftOut(fits, runs=40, budget=BUDGET, published={"printed": HOFFMANN_2022})


def test_verdicts_agree(in_node, rng):
    cases = []
    for law in chinchilla_laws(rng):
        first = sorted(law.optimum(BUDGET).N * rng.uniform(0.5, 1.6, 2))
        cases.append((law, first, 10 ** rng.uniform(18, 26)))
    data = [[[{"law": constants(law), "size": first}], budget] for law, first, budget in cases]
    got = in_node(
        "left_out.js", "verdict", "input.map(([fits, budget]) => verdict(fits, 0, budget))", data
    )
    want = [law.optimum(budget).N for law, _, budget in cases]
    # 1e20 arrives as int
    np.testing.assert_allclose(np.array([entry["best"] for entry in got], float), want, rtol=1e-9)
    assert [entry["inside"] for entry in got] == [
        low <= N <= high for (_, (low, high), _), N in zip(cases, want, strict=True)
    ]


def test_state_is_derived_numbers_only(study, fits):
    shown = picture(fits)
    assert shown.start == {"dropped": 0} and len(shown.fits) == 3
    for fit, sent in zip(fits, shown.fits, strict=True):
        np.testing.assert_allclose(sent["size"], fit.interval(lambda law: law.optimum(BUDGET).N))
        assert sent["law"] == constants(fit.law) and set(sent) == {"law", "size", "refits"}
        np.testing.assert_allclose(sent["refits"], fit.samples[["alpha", "beta"]][:44], atol=5e-5)
    state = json.dumps(shown.get_state(["fits", "published", "runs", "budget"]))
    assert not any(repr(float(loss)) in state for loss in study[2])


def test_the_sentence_tells_size_interval_and_verdict(in_node, fits):
    sent = picture(fits).fits
    sent[0]["size"], sent[1]["size"] = [1e9, 2e12], [2e9, 3e10]
    outside = [{**sent[0], "size": [1e3, 2e3]}, sent[1]]
    said = in_node(
        "left_out.js",
        "words",
        """[[input[0], 0], [input[0], 1], [input[0], 2], [input[1], 1]].map(
        ([fits, dropped]) => words(fits, dropped, 5.76e23, 40)
            .map((part) => (Array.isArray(part) ? part[1] : part)).join(""))""",
        [sent, outside],
    )
    assert (
        said[0].startswith("All 40 runs: ")
        and "5.76 × 10²³ FLOPs" in said[0]
        and "1B to 2T" in said[0]
    )
    assert (
        said[1].startswith("Without the highest loss: ")
        and "One run of 40, 2.5 %, moved the answer, still inside" in said[1]
    )
    assert said[2].startswith("Without the 2 highest losses: ") and "2 runs of 40, 5.0 %" in said[2]
    assert "carried the answer out of 1k to 2k" in said[3]


def test_too_few_refits_are_refused(study):
    without = fit_parametric(*study)
    with pytest.raises(ValueError, match=r"fit 0 has 0 refits.*bootstrap=44"):
        picture([without])
