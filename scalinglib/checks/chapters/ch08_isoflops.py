"""Chapter 8: what students may see of the judging, and the simulated studies that two of the exercises are about."""

from __future__ import annotations

import warnings
from functools import cache

import numpy as np
import pandas as pd

from ..._inputs import positive
from ...laws import HOFFMANN_2022, ChinchillaLaw
from .. import Function, Number, Option, Part, Prediction, Question, Several

_BUDGETS = (1e18, 3e18, 1e19, 3e19, 1e20, 3e20)
_GIVEN = np.array([1 / 14, 1 / 7, 2 / 7])  # of the true optimum: all three on one side of it


def careless_study(seed: int) -> pd.DataFrame:
    """Forty-two simulated runs with columns C, N, loss: six budgets of seven sizes each, 0.05 % noise."""
    return _careless(seed)[0].copy()


@cache
def _careless(seed: int) -> tuple[pd.DataFrame, float]:
    """The study, and the budget whose sizes end before the bottom of its valley."""
    rng = np.random.default_rng(seed)
    law, cut = _truth(rng), rng.choice([0, 1, 4, 5])
    valleys = []
    for place, C in enumerate(_BUDGETS):
        ladder = rng.uniform(0.85, 1.18) * 2.0 ** np.arange(-3, 4)
        if place == cut:  # a budget at the low end lacks small models, at the high end large ones
            ladder = (
                ladder * rng.uniform(0.03, 0.045)
                if place > 2
                else ladder / rng.uniform(0.03, 0.045)
            )
        N = law.optimum(C).N * ladder
        noise = np.exp(rng.normal(0, 0.0005, len(N)))
        valleys.append(
            pd.DataFrame({"C": C, "N": N.round(-3), "loss": law.loss(N, C / (6 * N)) * noise})
        )
    return pd.concat(valleys, ignore_index=True), _BUDGETS[cut]


def half_a_valley(seed: int) -> tuple[float, pd.DataFrame]:
    """A budget in FLOPs, and three simulated runs of it, without noise: columns N and loss."""
    law, C, sizes = _valley(seed)
    return C, pd.DataFrame({"N": sizes, "loss": law.loss(sizes, C / (6 * sizes))})


def buy(seed: int, N):
    """Loss in nats of one more simulated run of that budget, with N parameters (or an array of them) and C / 6N tokens.

    Raises ValueError for an N that is not positive.
    """
    N, (law, C, _) = positive("N", N), _valley(seed)
    return law.loss(N, C / (6 * N))


def _valley(seed):
    """Law, budget and three sizes; drawn again where the parabola through the three is near the bottom by luck."""
    rng = np.random.default_rng(seed)
    while True:
        law, C = _truth(rng), float(f"{10 ** rng.uniform(17, 24):.2e}")
        best = law.optimum(C).N
        sizes = (
            best * rng.uniform(0.9, 1.1) * (_GIVEN if rng.random() < 0.5 else 1 / _GIVEN[::-1])
        ).round(-3)
        bend, slope, _ = np.polyfit(np.log(sizes / best), law.loss(sizes, C / (6 * sizes)), 2)
        if abs(np.exp(-slope / (2 * bend)) - 1) > 0.06:
            return law, C, sizes


def _truth(rng) -> ChinchillaLaw:
    """A law with an exponent a well off one half, so that a and b cannot be mixed up."""
    alpha, ratio = rng.uniform(0.31, 0.36), rng.uniform(0.74, 0.86)
    alpha, beta = (alpha, alpha * ratio) if rng.random() < 0.5 else (alpha * ratio, alpha)
    by_size, by_data = rng.uniform(0.25, 0.45, 2)
    return ChinchillaLaw(
        rng.uniform(1.6, 1.9), by_size * 1e9**alpha, by_data * 2e10**beta, alpha, beta
    )


def _vertex(N, loss):
    curve = np.polyfit(np.log(N), loss, 2)
    return float(np.exp(-curve[1] / (2 * curve[0])))


def _slope(C, N):
    return float(np.polyfit(np.log(C), np.log(N), 1)[0])


@cache
def _edge(seed):
    """The budget to refuse, a without it, and what other readings give for a."""
    from ...fitting import fit_isoflop

    study, budget = _careless(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the warning is the exercise's answer
        fit = fit_isoflop(study.C, study.N, study.loss)
    lowest = study.loc[study.groupby("C")["loss"].idxmin()]
    kept = lowest[lowest.C != budget]
    return {
        "edge": budget,
        "honest": fit.a,
        "tokens": fit.law.b,
        "careless": _slope(lowest.C, lowest.N),
        "every": _slope(fit.minima.C, fit.minima.N),
        "lowest": _slope(kept.C, kept.N),
    }


def _edge_part(name):
    return lambda seed: _edge(seed)[name]


def _window(budget, below, above):
    """What the window of nine sizes gives: N of the parabola's minimum, of one in N without a logarithm, and the truth."""
    best = HOFFMANN_2022.optimum(budget).N
    N = np.geomspace(best / below, best * above, 9)
    loss = HOFFMANN_2022.loss(N, budget / (6 * N))
    curve = np.polyfit(N / best, loss, 2)
    return {
        "ratio": _vertex(N, loss) / best,
        "plain": -curve[1] / (2 * curve[0]),
        "lowest": N[loss.argmin()] / best,
    }


def _window_part(name):
    return lambda budget, below, above: _window(budget, below, above)[name]


def _bought_part(name):
    def part(seed):
        law, C, sizes = _valley(seed)
        return {
            "truth": law.optimum(C).N,
            "low": sizes[0],
            "high": sizes[-1],
            "guess": _vertex(*half_a_valley(seed)[1].to_numpy().T),
        }[name]

    return part


# ---- the minimum of a parabola: a valley that is one, and one that is not --------------------------

_SIZES = np.array([1e8, 2e8, 4e8, 8e8, 1.6e9])
_EXACT = 2.2 + 0.05 * np.log(_SIZES / 3e8) ** 2
_ROUGH = 2.2 + 0.05 * np.log(_SIZES / 6e8) ** 2 + np.array([0.004, -0.003, 0.001, 0.002, -0.004])
_FALLING = 2.2 + 0.05 * np.log(_SIZES / 4e9) ** 2


def _through_lowest(N, loss):
    i = np.clip(np.argmin(loss), 1, len(N) - 2)
    return _vertex(N[i - 1 : i + 2], loss[i - 1 : i + 2])


EXERCISES = (
    Function(
        id="08-parabola",
        answer="parabola_minimum",
        arguments=("N", "loss"),
        probes=((_SIZES, _EXACT), (_SIZES, _ROUGH), (_SIZES[::-1].copy(), _ROUGH[::-1].copy())),
        properties=(
            (lambda f: np.shape(f(_SIZES, _ROUGH)) == (), "return one number: a model size"),
            (
                lambda f: f(_SIZES, _EXACT) > 1e6,
                "a size is counted in parameters; is that its logarithm?",
            ),
            (
                lambda f: np.isclose(f(_SIZES, _EXACT), 3e8, rtol=1e-3),
                "for losses that lie exactly on a parabola in log N with its lowest point at 3e8, return 3e8",
            ),
            (
                lambda f: np.isclose(f(_SIZES, _ROUGH + 1), f(_SIZES, _ROUGH), rtol=1e-6),
                "a nat more on every run must not move the minimum",
            ),
            (
                lambda f: np.isclose(f(2 * _SIZES, _ROUGH), 2 * f(_SIZES, _ROUGH), rtol=1e-6),
                "twice the sizes, twice the minimum",
            ),
            (
                lambda f: np.isclose(f(_SIZES, _FALLING), 4e9, rtol=1e-3),
                "do not cut the answer to the range of the sizes: a vertex outside must be seen to be outside",
            ),
            (
                lambda f: np.isclose(f(_SIZES, _ROUGH), _vertex(_SIZES, _ROUGH), rtol=1e-6),
                "with a little noise the answer is not that of the parabola through all runs",
            ),
        ),
        mistakes=(
            (
                lambda N, loss: N[np.argmin(loss)],
                "that is the run of lowest loss. The parabola's minimum may lie between two runs",
            ),
            (
                lambda N, loss: -np.polyfit(N, loss, 2)[1] / (2 * np.polyfit(N, loss, 2)[0]),
                "that is a parabola in N. A valley is nearly a parabola in log N: equal factors of size weigh alike",
            ),
            (lambda N, loss: np.log(_vertex(N, loss)), "that is log N: undo the logarithm"),
            (lambda N, loss: np.log10(_vertex(N, loss)), "that is log10 N: undo the logarithm"),
            (
                lambda N, loss: np.exp(np.log10(_vertex(N, loss))),
                "you mixed logarithms: what np.log10 takes, 10 ** gives back",
            ),
            (
                lambda N, loss: 10 ** np.log(_vertex(N, loss)),
                "you mixed logarithms: what np.log takes, np.exp gives back",
            ),
            (
                lambda N, loss: _vertex(N, loss) ** 2,
                "half of that, in the logarithm: the lowest point of c x**2 + b x is at -b / (2 c)",
            ),
            (
                lambda N, loss: 1 / _vertex(N, loss),
                "a sign is lost: the lowest point of c x**2 + b x is at -b / (2 c)",
            ),
            (
                lambda N, loss: np.polyval(
                    np.polyfit(np.log(N), loss, 2), np.log(_vertex(N, loss))
                ),
                "that is the loss at the minimum; asked for is the size",
            ),
            (
                _through_lowest,
                "that is the parabola through three runs; use all of them, or one noisy run decides",
            ),
        ),
        hints=(
            "Which variable makes the valley nearly symmetric: N or log N?",
            "Fit loss = c x**2 + b x + d with x = log N; its lowest point is at x = -b / (2 c).",
            "`c, b, d = np.polyfit(np.log(N), loss, 2)`",
        ),
        praise="that is Approach 2 for one budget",
    ),
    Number(
        id="08-window-bias",
        answer="bias",
        given=("budget", "below", "above"),
        derived={name: _window_part(name) for name in ("ratio", "plain", "lowest")},
        truth="100 * (ratio - 1)",
        unit="%",
        atol=0.03,
        bounds=(
            (
                "abs(x) < 60",
                "that is far too much for this window: how far is the parabola's minimum from the true optimum, in percent?",
            ),
            (
                "x * (ratio - 1) > 0",
                "the sign: positive where the parabola's minimum is a larger model than the true optimum",
            ),
        ),
        mistakes=(
            ("ratio - 1", "that is the bias as a share; asked for is percent"),
            (
                "ratio",
                "that is the ratio of both sizes; asked for is by how many percent it differs from 1",
            ),
            (
                "100 * ratio",
                "that is the ratio in percent; asked for is by how much it differs from 100 %",
            ),
            (
                "100 * (1 - ratio)",
                "the sign: positive where the parabola's minimum is a larger model than the true optimum",
            ),
            (
                "100 * (1 / ratio - 1)",
                "that is the bias of the tokens (at one budget they go as 1/N); asked for is that of the size",
            ),
            ("100 * (plain - 1)", "that is a parabola in N; Approach 2 takes log N"),
            (
                "100 * (lowest - 1)",
                "that is the lowest of the nine runs, not the minimum of the parabola",
            ),
        ),
        generic="the parabola through the nine losses of your window does not miss by that",
        hints=(
            "There is no noise here: only the law, nine sizes and a parabola.",
            "Losses are HOFFMANN_2022.loss(N, C / 6N) on np.geomspace(best / below, best * above, 9); compare the vertex with best.",
            "`best = HOFFMANN_2022.optimum(budget).N`",
        ),
        praise="no noise, no mistake, and still off by that much",
    ),
    Several(
        id="08-edge",
        answer="mended",
        given=("seed",),
        derived={
            name: _edge_part(name)
            for name in ("edge", "honest", "tokens", "careless", "every", "lowest")
        },
        parts=(
            Part(
                name="budget",
                truth="edge",
                unit="FLOPs",
                exact=True,
                mistakes=(
                    (
                        "1e20",
                        "that budget has runs on both sides of its lowest one: look for a lowest run with none beyond it",
                    ),
                ),
                generic="the parabola of that budget has its minimum inside its window; look at the others",
            ),
            Part(
                name="a",
                truth="honest",
                rtol=0.002,
                mistakes=(
                    (
                        "careless",
                        "that is the careless exponent: it takes the lowest run of every budget, the one at the edge as well",
                    ),
                    (
                        "every",
                        "that line goes through the vertex of the refused parabola too, which lies outside its runs: an extrapolation is not a minimum",
                    ),
                    (
                        "lowest",
                        "the right budget is left out, but those are the lowest runs: take the minima of the parabolas",
                    ),
                    ("tokens", "that is the exponent of the tokens; asked for is that of the size"),
                    (
                        "1 / honest",
                        "that slope is upside down: log N against log C, not log C against log N",
                    ),
                ),
                generic="a is not the slope of log N against log C through the minima of the five other parabolas",
            ),
        ),
        bounds=(
            ("budget > 1e17", "the budget is in FLOPs, as in the column C"),
            (
                "a > 0 and a < 1",
                "the exponent lies between 0 and 1: the best size grows, but not as fast as the budget",
            ),
        ),
        hints=(
            "Where in its budget is the lowest run: between other runs, or the last on one side?",
            "Fit each budget its parabola; refuse the one with its minimum outside its sizes; then the slope of log N against log C.",
            "`fit = fitting.fit_isoflop(study.C, study.N, study.loss)`, and read the warning",
        ),
        praise="an edge is not a minimum, and the line without it is steeper or flatter",
    ),
    Several(
        id="08-two-runs",
        answer="completed",
        given=("seed",),
        derived={name: _bought_part(name) for name in ("truth", "low", "high", "guess")},
        parts=(
            Part(
                name="first",
                unit="parameters",
            ),
            Part(
                name="second",
                unit="parameters",
            ),
            Part(
                name="minimum",
                truth="truth",
                unit="parameters",
                rtol=0.035,
                mistakes=(
                    (
                        "first",
                        "that is one of the runs you bought; the minimum of the parabola lies between runs",
                    ),
                    (
                        "second",
                        "that is one of the runs you bought; the minimum of the parabola lies between runs",
                    ),
                    ("log(truth)", "that is a logarithm: undo it"),
                    ("log10(truth)", "that is a logarithm: undo it"),
                    (
                        "guess",
                        "that is the vertex of the three runs you were given: it lies outside them, an extrapolation. Fit all five",
                    ),
                ),
                generic="the minimum is not within 3.5 % of the true one: is it that of the parabola through all five runs? It leans where the runs see too little of the far side, or too much",
            ),
        ),
        bounds=(
            (
                "first > 0 and second > 0",
                "the two runs you buy are named by their sizes, in parameters",
            ),
            (
                "not near(first, second, 0.05)",
                "two runs of the same size tell you one thing twice: buy two different sizes",
            ),
            (
                "min(min(first, second), low) < truth and max(max(first, second), high) > truth",
                "all five runs still lie on one side of the valley: the loss falls right up to the last one. Buy further on",
            ),
            (
                "max(first, second) < 6 * truth and min(first, second) > truth / 12",
                "one of the runs is so far up the other side that it bends the parabola: buy nearer to the bottom",
            ),
        ),
        hints=(
            "In which direction does the loss of the three runs fall, and about where would it turn?",
            "One run near the guessed bottom and one on the far side make the lowest run an inner one; then fit a parabola in log N to all five.",
            "`budget, three = half_a_valley(seed)`, and `buy(seed, N)` gives the loss of a run of N parameters",
        ),
        praise="the bottom lies between runs, and the parabola finds it within 3.5 %",
    ),
)


QUESTIONS = (
    Question(
        id="08-too-large",
        prompt="All models of the table cost the same. Why is the largest of them worse than the best?",
        options=(
            Option(
                "it overfits: it has many parameters for its text",
                why="Every letter is read once, so there is nothing to learn by heart.",
                key="a",
            ),
            Option(
                "large models need another learning rate, and it did not get one",
                why="The recipe fits the rate to the width. And a law that knows no learning rate has the same valley.",
                key="c",
            ),
            Option(
                "it could read too little",
                right=True,
                why="It had 1.4 letters for each parameter. What its size could hold, it never got to see.",
                key="b",
            ),
        ),
    ),
    Question(
        id="08-price-of-a-miss",
        prompt="A plan picks a size that is 5 % off the best. What does that cost?",
        options=(
            Option(
                "about 5 % more compute",
                why="That would be a valley with steep walls. Near its bottom a parabola is flat.",
                key="a",
            ),
            Option(
                "nothing at all",
                why="There is a price, if a small one; it grows with the square of the miss.",
                key="c",
            ),
            Option(
                "less than 0.1 % more compute",
                right=True,
                why="The valley is flat there. For the same reason its bottom is hard to find.",
                key="b",
            ),
        ),
    ),
    Question(
        id="08-at-the-edge",
        prompt="At one budget the smallest model that was trained has the lowest loss. What may you conclude?",
        options=(
            Option(
                "that is the best size for this budget",
                why="It says where the laboratory stopped, not where the valley ends.",
                key="a",
            ),
            Option(
                "smaller models must be run at this budget",
                right=True,
                why="The bottom lies at that size or below. Only runs on the far side can show where.",
                key="b",
            ),
            Option(
                "the vertex of a parabola will tell where the bottom is",
                why="A wide parabola leans back inside its window. On this page such a vertex was off by almost half.",
                key="c",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="08-width",
        prompt="One big model briefly, or a small one for long? Which width of the table reaches the lowest loss?",
        lo=16,
        hi=64,
    ),
    Prediction(
        id="08-ends",
        prompt="And by how many percent is the loss at the two ends of the table higher than the best?",
        unit="%",
        lo=0,
        hi=100,
    ),
    Prediction(
        id="08-no-noise",
        prompt="No noise at all, and windows centred on the true optimum: how far off will the planned size be?",
        unit="%",
        lo=-100,
        hi=100,
    ),
)
