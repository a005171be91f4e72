"""The picture of a laboratory's offer: forecasts of a Bayesian in NumPy, scores of the library."""

import numpy as np
import pytest

from scalinglib.forecast import interval_score, regret
from scalinglib.lab import Budget
from scalinglib.widgets.buy_runs import COSTS, WIDTHS, BuyRuns

MEAN, SPREAD = np.array([1.1, 0.35, 0.35]), np.array([0.3, 0.12, 0.12])
LADDER = [[w, 1] for w in range(4)] + [[w, 2] for w in range(5)] + [[3, 3]]


def bayes(runs, noise, N, D):
    """Mean and 90 % interval by the textbook: for each pair of exponents a linear model.

    Its prior is normal.
    """
    alpha, beta = (
        grid.ravel() for grid in np.meshgrid(*2 * [0.25 + 0.02 * np.arange(16)], indexing="ij")
    )

    def basis(N, D):
        N, D = np.atleast_1d(N), np.atleast_1d(D)
        return np.stack(
            [np.ones((256, len(N))), (N / 2e4) ** -alpha[:, None], (D / 1e6) ** -beta[:, None]],
            axis=-1,
        )

    n, d, loss = runs.T
    X, x, prior = basis(n, d), basis(N, D)[:, 0], np.diag(SPREAD**2)
    # of the losses, constants integrated out
    cov = np.diag((noise * loss) ** 2) + X @ prior @ X.swapaxes(1, 2)
    gap = loss - X @ MEAN
    solved = np.linalg.solve(cov, np.concatenate([gap[:, :, None], X @ prior], axis=2))
    log = -0.5 * np.einsum("ki,ki->k", gap, solved[:, :, 0]) - 0.5 * np.linalg.slogdet(cov)[1]
    posterior = prior - prior @ X.swapaxes(1, 2) @ solved[:, :, 1:]
    here = np.einsum("ki,ki->k", x, MEAN + np.einsum("ij,knj,kn->ki", prior, X, solved[:, :, 0]))
    square = here**2 + np.einsum("ki,kij,kj->k", x, posterior, x) + (noise * here) ** 2
    weight = np.exp(log - log.max()) / np.exp(log - log.max()).sum()
    mean = weight @ here
    half = 1.645 * np.sqrt(weight @ square - mean**2)
    return mean, mean - half, mean + half


@pytest.fixture(scope="module")
def labs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledgers")
    return [
        Budget(1e15, "simulated", seed=seed, ledger=folder / str(seed))
        for seed in range(3000, 3012)
    ]


@pytest.fixture(scope="module")
def picture(labs):
    return BuyRuns(labs, [{"ladder": 0.1}] * len(labs))


def test_forecasts_agree_with_the_textbook(in_node, rng):
    cases = []
    for _ in range(300):
        n, (alpha, beta) = int(rng.integers(1, 9)), rng.uniform(0.3, 0.5, 2)
        N, D = 10 ** rng.uniform(3.3, 5.3, n), 10 ** rng.uniform(4.7, 6.7, n)
        loss = 1.1 + 0.35 * (N / 2e4) ** -alpha + 0.35 * (D / 1e6) ** -beta + rng.normal(0, 0.02, n)
        cases.append(
            {
                "runs": [
                    dict(zip(("N", "D", "loss"), row, strict=True))
                    for row in zip(N, D, loss, strict=True)
                ],
                "noise": 0.01,
                "N": 10 ** rng.uniform(3.3, 5.3),
                "D": 10 ** rng.uniform(5, 7.3),
            }
        )
    got = in_node(
        "buy_runs.js",
        "posterior, forecast",
        "input.map(({runs, noise, N, D}) => forecast(posterior(runs, noise), noise, N, D))",
        cases,
    )
    for case, found in zip(cases, got, strict=True):
        runs = np.array([[run["N"], run["D"], run["loss"]] for run in case["runs"]])
        want = bayes(runs, case["noise"], case["N"], case["D"])
        np.testing.assert_allclose([found["mean"], found["low"], found["high"]], want, rtol=1e-9)


@pytest.mark.whole
def test_what_is_for_sale_is_what_the_laboratory_sells(labs, picture):
    offer, lab = picture.laboratories[2], labs[2]
    assert [rung["C"] for rung in offer["rungs"]] == list(COSTS) and offer["prize"]["C"] == 3e12
    row = lab.menu(COSTS[1], WIDTHS).iloc[4]
    assert offer["rungs"][1]["loss"][4] == pytest.approx(
        lab.train(int(row.width), int(row.tokens)).loss, abs=1e-5
    )
    assert picture.bought == [] and not picture.revealed and picture.start["bought"] == []


def test_scores_are_those_of_the_library_and_purchases_narrow_the_interval(in_node, picture):
    states = [[lab, bought] for lab in picture.laboratories for bought in ([], LADDER)]
    body = f"input.map(([lab, bought]) => choice(lab, bought, {picture.noise}))"
    got = in_node("buy_runs.js", "choice", body, states)
    inside = 0
    for (lab, _), found in zip(states, got, strict=True):
        place = found["place"]
        expected = lab["prize"]["expected"]
        assert found["regret"] == pytest.approx(regret(expected[place], min(expected)), abs=1e-9)
        measured = lab["prize"]["loss"][place]
        assert found["score"] == pytest.approx(
            interval_score(found["low"], found["high"], measured) / measured
        )
        inside += found["low"] <= measured <= found["high"]
    widths = np.array([found["high"] - found["low"] for found in got]).reshape(-1, 2)
    assert np.all(widths[:, 1] < widths[:, 0] / 4) and inside >= 0.75 * len(states)
    assert np.median([found["regret"] for found in got[1::2]]) < 0.005


def test_the_sentence_keeps_the_prize_secret_until_the_reveal(in_node, picture):
    lab = picture.laboratories[0]
    state = {
        "lab": lab,
        "widths": picture.widths,
        "width": 2,
        "cost": 2,
        "budget": picture.budget,
        "noise": picture.noise,
    }
    states = [
        state | {"bought": [], "revealed": False},
        state | {"bought": LADDER, "revealed": False},
        state | {"bought": LADDER, "revealed": True},
        state | {"width": 6, "cost": 3, "bought": LADDER, "revealed": False},
    ]
    body = (
        "input.map((state) => words(state)"
        ".map((part) => (Array.isArray(part) ? part[1] : part)).join(''))"
    )
    start, paid, shown, dear = in_node("buy_runs.js", "words", body, states)
    assert "for sale" in start and "3.0 × 10¹¹ of 3 × 10¹¹ left, 0 bought" in start
    assert (
        f"{lab['rungs'][2]['loss'][2]:.3f} nats" in paid
        and "10 bought" in paid
        and "came out" not in paid
    )
    assert "more than you have left" in dear
    assert "came out at" in shown and "Interval score" in shown and "ladder 10 %" in shown
