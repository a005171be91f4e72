"""Chapter 8: what students may see of the judging, and the two exercises' simulated studies."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..._inputs import positive
from ...laws import BESIROGLU_2024, HOFFMANN_2022, ChinchillaLaw
from .. import Number, Option, Part, Prediction, Question, Several

_BUDGETS = (1e18, 3e18, 1e19, 3e19, 1e20, 3e20)
_STEPS = np.arange(-3, 4)  # doublings from the middle of a budget's seven sizes
_GIVEN = np.array([1 / 14, 1 / 7, 2 / 7])  # of the true optimum: all three on one side of it


def careless_study(edge_seed: int) -> pd.DataFrame:
    """Forty-two simulated runs with columns C, N, loss: six budgets of seven sizes each.

    Each size is twice the one before it; losses have 0.05 % noise and four decimals.
    """
    rng = np.random.default_rng(edge_seed)
    law, cut = _truth(rng), rng.choice([0, 1, 4, 5])
    valleys = []
    for place, C in enumerate(_BUDGETS):
        middle = law.optimum(C).N * rng.uniform(0.85, 1.18)
        if place == cut:  # a budget at the low end lacks small models, at the high end large ones
            away = rng.uniform(0.03, 0.045)
            middle = middle * away if place > 2 else middle / away
        N = 8000 * round(middle / 8000) * 2.0**_STEPS
        noise = np.exp(rng.normal(0, 0.0005, len(N)))
        loss = (law.loss(N, C / (6 * N)) * noise).round(4)
        valleys.append(pd.DataFrame({"C": C, "N": N, "loss": loss}))
    return pd.concat(valleys, ignore_index=True)


def printed_study(edge_seed: int) -> dict:
    """A row for each budget: FLOPs, the middle one of its seven sizes, the losses by size."""
    study = careless_study(edge_seed)
    N, loss = (study[name].to_numpy().reshape(6, 7) for name in ("N", "loss"))
    losses = {f"loss{place}": loss[:, place - 1] for place in range(1, 8)}
    return {"study": {"C": np.array(_BUDGETS), "N4": N[:, 3], **losses}}


def half_a_valley(seed: int) -> tuple[float, pd.DataFrame]:
    """A budget in FLOPs, and three simulated runs of it, without noise: columns N and loss."""
    law, C, sizes = _valley(seed)
    return C, pd.DataFrame({"N": sizes, "loss": law.loss(sizes, C / (6 * sizes))})


def buy(seed: int, N):
    """Loss in nats of one more simulated run of that budget, with N parameters and C / 6N tokens.

    N may be an array.

    Raises ValueError for an N that is not positive.
    """
    N, (law, C, _) = positive("N", N), _valley(seed)
    return law.loss(N, C / (6 * N))


def _valley(seed):
    """Law, budget, three sizes; drawn again where their parabola is near the bottom by luck."""
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


def _edge(data):
    """The budget to refuse, a without it, and what other readings give for a."""
    study = data["study"]
    C = study["C"]
    N = study["N4"][:, None] * 2.0**_STEPS
    loss = np.stack([study[f"loss{place}"] for place in range(1, 8)], axis=1)
    best = np.array([_vertex(*valley) for valley in zip(N, loss, strict=True)])
    at = loss.argmin(axis=1)
    lowest, kept = N[np.arange(6), at], (at > 0) & (at < 6)
    return {
        "edge": C[~kept][0],
        "honest": _slope(C[kept], best[kept]),
        "careless": _slope(C, lowest),
        "every": _slope(C, best),
        "lowest": _slope(C[kept], lowest[kept]),
        "middles": _slope(C[kept], N[kept, 3]),
    }


def _edge_part(name):
    return lambda data, **_: _edge(data)[name]


def _five(smallest_N, valley_loss):
    """What a valley of five sizes, each twice the one before, gives for its bottom."""
    N, loss = smallest_N * 2.0 ** np.arange(5), np.array(valley_loss)
    curve = np.polyfit(np.arange(-2, 3), loss, 2)
    plain, inner = np.polyfit(N / N[2], loss, 2), int(np.clip(loss.argmin(), 1, 3))
    around = slice(inner - 1, inner + 2)
    return {
        "middle": N[2],
        "steps": -curve[1] / (2 * curve[0]),
        "least": np.polyval(curve, -curve[1] / (2 * curve[0])),
        "lowest": N[loss.argmin()],
        "plain": -N[2] * plain[1] / (2 * plain[0]),
        "through_three": _vertex(N[around], loss[around]),
    }


def _five_part(name):
    return lambda **params: _five(**params)[name]


def _window(window_budget, window_below, window_above):
    """What a window of nine sizes gives, as multiples of the true best size.

    The parabola in log N, its like in N, its like by another law and through sizes evenly spaced
    in N, the lowest run, the parabola through the three runs about it.
    """
    best = HOFFMANN_2022.optimum(window_budget).N
    ends = best / window_below, best * window_above

    def losses(law, N):
        return law.loss(N, window_budget / (6 * N))

    N, even = np.geomspace(*ends, 9), np.linspace(*ends, 9)
    loss = losses(HOFFMANN_2022, N)
    curve, inner = np.polyfit(N / best, loss, 2), int(np.clip(loss.argmin(), 1, 7))
    around = slice(inner - 1, inner + 2)
    return {
        "ratio": _vertex(N, loss) / best,
        "plain": -curve[1] / (2 * curve[0]),
        "even": _vertex(even, losses(HOFFMANN_2022, even)) / best,
        "other": _vertex(N, losses(BESIROGLU_2024, N)) / best,
        "lowest": N[loss.argmin()] / best,
        "around": _vertex(N[around], loss[around]) / best,
    }


def _window_part(name):
    return lambda **params: _window(**params)[name]


def _bought_part(name):
    def part(two_runs_seed):
        law, C, sizes = _valley(two_runs_seed)
        return {
            "truth": law.optimum(C).N,
            "low": sizes[0],
            "high": sizes[-1],
            "guess": _vertex(*half_a_valley(two_runs_seed)[1].to_numpy().T),
        }[name]

    return part


_NO_EDGE = "there the lowest run has others on both sides: look for the budget whose lowest run is "
_NO_EDGE += "the first or the last of its seven"

EXERCISES = (
    Number(
        id="08-parabola",
        answer="valley_minimum",
        given=("smallest_N", "valley_loss"),
        derived={
            name: _five_part(name)
            for name in ("middle", "steps", "least", "lowest", "plain", "through_three")
        },
        truth="middle * 2 ** steps",
        unit="parameters",
        bounds=(
            (
                "x > 1e6",
                "a size is a count of parameters, millions at least: is that a logarithm, or a "
                "place in steps of k?",
            ),
        ),
        mistakes=(
            (
                "lowest",
                "that is the run of lowest loss. The parabola's minimum may lie between two runs",
            ),
            (
                "plain",
                "that is a parabola in N. A valley is nearly a parabola in log N: equal factors of "
                "size weigh alike",
            ),
            (
                "middle * 2 ** (2 * steps)",
                "that goes twice as far from the middle: the lowest point of c k^2 + b k is at "
                "-b / (2 c)",
            ),
            (
                "middle * 2 ** -steps",
                "that is as far from the middle on the other side: -b / (2 c) has a sign",
            ),
            (
                "middle * 2 ** (steps / 2)",
                "that goes half as far from the middle: the lowest point of c k^2 + b k is at "
                "-b / (2 c)",
            ),
            (
                "middle * exp(steps)",
                "each step of k is a doubling: 2 to the k, not e to the k",
            ),
            (
                "middle * 10 ** steps",
                "each step of k is a doubling: 2 to the k, not 10 to the k",
            ),
            (
                "middle / 4 * 2 ** steps",
                "k = 0 is the middle size, which is four times the smallest",
            ),
            (
                "middle / 2 * 2 ** steps",
                "k = 0 is the middle size, the third",
            ),
            (
                "middle * (1 + steps)",
                "a step of k doubles the size; it does not add the middle size once more",
            ),
            ("middle", "that is the middle one of the five sizes, whatever their losses"),
            (
                "through_three",
                "that is the parabola through three runs; use all five, or one noisy run decides",
            ),
            (
                "steps",
                "that is the place in steps of k: turn it back into a size",
            ),
            ("log(middle * 2 ** steps)", "that is ln N: undo the logarithm"),
            ("log10(middle * 2 ** steps)", "that is log10 N: undo the logarithm"),
            (
                "exp(log10(middle * 2 ** steps))",
                "two kinds of logarithm are mixed: what log10 takes, 10 to the power gives back",
            ),
            ("least", "that is the loss at the minimum; asked for is the size"),
        ),
        generic="that is not where the parabola through all five runs, in log N, is lowest",
        hints=(
            "Which variable makes the valley nearly symmetric: N or log N?",
            "Number the sizes k = -2 to 2. The parabola is lowest at k = -b / (2 c), and a step of "
            "k is a doubling of the size.",
            "`valley_N = smallest_N * 2.0 ** np.arange(5)`",
        ),
        praise="that is Approach 2 for one budget",
    ),
    Several(
        id="08-two-runs",
        answer="completed",
        given=("two_runs_seed",),
        notebook="it buys runs from a simulated laboratory",
        derived={name: _bought_part(name) for name in ("truth", "low", "high", "guess")},
        parts=(
            Part(name="first", unit="parameters"),
            Part(name="second", unit="parameters"),
            Part(
                name="minimum",
                truth="truth",
                unit="parameters",
                rtol=0.035,
                mistakes=(
                    (
                        "first",
                        "that is one of the runs you bought; the minimum of the parabola lies "
                        "between runs",
                    ),
                    (
                        "second",
                        "that is one of the runs you bought; the minimum of the parabola lies "
                        "between runs",
                    ),
                    ("log(truth)", "that is a logarithm: undo it"),
                    ("log10(truth)", "that is a logarithm: undo it"),
                    (
                        "guess",
                        "that is the vertex of the three runs you were given: it lies outside "
                        "them, an extrapolation. Fit all five",
                    ),
                ),
                generic="the minimum is not within 3.5 % of the true one: is it that of the "
                "parabola through all five runs? It leans where the runs see too little of the far "
                "side, or too much",
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
                "all five runs still lie on one side of the valley: the loss falls right up to the "
                "last one. Buy further on",
            ),
            (
                "max(first, second) < 6 * truth and min(first, second) > truth / 12",
                "one of the runs is so far up the other side that it bends the parabola: buy "
                "nearer to the bottom",
            ),
        ),
        hints=(
            "In which direction does the loss of the three runs fall, and about where would it "
            "turn?",
            "One run near the guessed bottom and one on the far side make the lowest run an inner "
            "one; then fit a parabola in log N to all five.",
            "`budget, three = half_a_valley(two_runs_seed)`, and `buy(two_runs_seed, N)` gives the "
            "loss of a run of "
            "N parameters",
        ),
        praise="the bottom lies between runs, and the parabola finds it within 3.5 %",
    ),
    Several(
        id="08-edge",
        answer="mended",
        given=("edge_seed",),
        data=printed_study,
        derived={
            name: _edge_part(name)
            for name in ("edge", "honest", "careless", "every", "lowest", "middles")
        },
        parts=(
            Part(
                name="budget",
                truth="edge",
                unit="FLOPs",
                exact=True,
                mistakes=(
                    *((f"{C:g}", _NO_EDGE) for C in _BUDGETS),
                    ("log10(edge)", "that is the power of ten; the budget is asked for in FLOPs"),
                    ("log(edge)", "that is a logarithm; the budget is asked for in FLOPs"),
                    ("edge / 1e18", "that is in units of 10^18; the budget is asked for in FLOPs"),
                ),
                generic="that is none of the six budgets of the column C",
            ),
            Part(
                name="a",
                truth="honest",
                mistakes=(
                    (
                        "careless",
                        "that is the careless exponent: it takes the lowest run of every budget, "
                        "the one at the edge as well",
                    ),
                    (
                        "every",
                        "that line goes through the vertex of the refused parabola too, which is "
                        "an extrapolation and no minimum",
                    ),
                    (
                        "lowest",
                        "the right budget is left out, but those are the lowest runs: take the "
                        "minima of the parabolas",
                    ),
                    (
                        "middles",
                        "that is how the middles of the windows grow; take the minima of the "
                        "parabolas",
                    ),
                    (
                        "1 - honest",
                        "that is the exponent of the tokens; asked for is that of the size",
                    ),
                    (
                        "1 / honest",
                        "that slope is upside down: log N against log C, not log C against log N",
                    ),
                    (
                        "0.5",
                        "one half would be an even share of size and data; these minima have a "
                        "slope of their own",
                    ),
                    (
                        "0.73",
                        "that is Kaplan's exponent; these minima have a slope of their own",
                    ),
                    (
                        "0.513",
                        "that is the replication's exponent; this study has another truth",
                    ),
                    ("-honest", "the sign: the best size grows with the budget"),
                    (
                        "honest * log(10)",
                        "two kinds of logarithm: take the same one of the size and of the budget",
                    ),
                    (
                        "honest / log(10)",
                        "two kinds of logarithm: take the same one of the size and of the budget",
                    ),
                    (
                        "honest / log(2)",
                        "two kinds of logarithm: take the same one of the size and of the budget",
                    ),
                    (
                        "honest * log(2)",
                        "two kinds of logarithm: take the same one of the size and of the budget",
                    ),
                ),
                generic="a is not the slope of log N against log C through the minima of the five "
                "other parabolas",
            ),
        ),
        bounds=(
            ("budget > 1e17", "the budget is in FLOPs, as in the column C"),
            (
                "a > 0 and a < 1",
                "the exponent lies between 0 and 1: the best size grows, but not as fast as the "
                "budget",
            ),
        ),
        hints=(
            "Where in its budget is the lowest run: between other runs, or the last on one side?",
            "Fit each budget its parabola; refuse the one with its minimum outside its sizes; then "
            "the slope of log N against log C.",
            "`fit = fitting.fit_isoflop(study.C, study.N, study.loss)`, and read the warning",
        ),
        praise="an edge is not a minimum, and the line without it is steeper or flatter",
    ),
    Number(
        id="08-window-bias",
        answer="bias",
        given=("window_budget", "window_below", "window_above"),
        derived={
            name: _window_part(name)
            for name in ("ratio", "plain", "even", "other", "lowest", "around")
        },
        truth="100 * (ratio - 1)",
        unit="%",
        atol=0.03,
        bounds=(
            (
                "abs(x) < 60",
                "that is far too much for this window: how far is the parabola's minimum from the "
                "true optimum, in per cent?",
            ),
            (
                "x * (ratio - 1) > 0",
                "the sign: positive where the parabola's minimum is a larger model than the true "
                "optimum",
            ),
        ),
        mistakes=(
            ("ratio - 1", "that is the bias as a share; asked for is per cent"),
            (
                "ratio",
                "that is the ratio of both sizes; asked for is by how many per cent it differs "
                "from 1",
            ),
            (
                "100 * ratio",
                "that is the ratio in per cent; asked for is by how much it differs from 100 %",
            ),
            (
                "100 * (1 - ratio)",
                "the sign: positive where the parabola's minimum is a larger model than the true "
                "optimum",
            ),
            (
                "100 * (1 / ratio - 1)",
                "that is the bias of the tokens (at one budget they go as 1/N); asked for is that "
                "of the size",
            ),
            ("100 * (plain - 1)", "that is a parabola in N; Approach 2 takes log N"),
            (
                "100 * (even - 1)",
                "those sizes are evenly spaced in N; they should be evenly spaced in log N",
            ),
            (
                "100 * (lowest - 1)",
                "that is the lowest of the nine runs, not the minimum of the parabola",
            ),
            (
                "100 * (around - 1)",
                "that parabola goes through three runs; it should go through all nine",
            ),
            (
                "100 * (other - 1)",
                "that is what the replication's law gives; the truth here is HOFFMANN_2022",
            ),
            ("-4.9", "that is the page's window from 20 below to 2 above; yours is another"),
            ("5.4", "that is the page's window of 16 either way; yours is another"),
            (
                "100 * (ratio / sqrt(window_above / window_below) - 1)",
                "that is off the middle of the window; the bias is off the true optimum",
            ),
            (
                "100 * (sqrt(window_above / window_below) - 1)",
                "that is how far the middle of the window is off, before any parabola",
            ),
            (
                "100 * (ratio / lowest - 1)",
                "that is off the lowest run; the bias is off the true optimum",
            ),
        ),
        generic="the parabola through the nine losses of your window does not miss by that",
        hints=(
            "There is no noise here: only the law, nine sizes and a parabola.",
            "The sizes are best / below times (below above)^((k + 4)/8) for k = -4 to 4. Their "
            "parabola c k^2 + b k + d has b = sum(k L)/60 and c = (sum(k^2 L) - 20/3 sum(L))/308; "
            "it is lowest at k = -b / (2 c).",
            "`best = HOFFMANN_2022.optimum(window_budget).N`",
        ),
        praise="no noise, no mistake, and still off by that much",
    ),
)


QUESTIONS = (
    Question(
        id="08-too-large",
        prompt="All models of the table cost the same. Why is the largest of them worse than the "
        "best?",
        options=(
            Option(
                "it overfits: it has many parameters for its text",
                why="Every letter is read once, so there is nothing to learn by heart.",
                key="a",
            ),
            Option(
                "large models need another learning rate, and it did not get one",
                why="The recipe fits the rate to the width. And a law that knows no learning rate "
                "has the same valley.",
                key="c",
            ),
            Option(
                "it could read too little",
                right=True,
                why="It had 1.4 letters for each parameter. What its size could hold, it never got "
                "to see.",
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
        prompt="At one budget the smallest model that was trained has the lowest loss. What may "
        "you conclude?",
        options=(
            Option(
                "that is the best size for this budget",
                why="It says where the laboratory stopped, not where the valley ends.",
                key="a",
            ),
            Option(
                "smaller models must be run at this budget",
                right=True,
                why="The bottom lies at that size or below. Only runs on the far side can show "
                "where.",
                key="b",
            ),
            Option(
                "the vertex of a parabola will tell where the bottom is",
                why="A wide parabola leans back inside its window. On this page such a vertex was "
                "off by almost half.",
                key="c",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="08-width",
        prompt="One big model briefly, or a small one for long? Which width of the table reaches "
        "the lowest loss?",
        lo=16,
        hi=64,
        truth=32,
        says="The runs say 32, in 99.6 % of resamples: neither the largest nor the smallest.",
    ),
    Prediction(
        id="08-ends",
        prompt="And by how many percent is the loss at the two ends of the table higher than the "
        "best?",
        unit="%",
        lo=0,
        hi=100,
        truth=3.7,
        says="The runs say 3.5 % at the smallest model and 3.9 % at the largest.",
    ),
    Prediction(
        id="08-found-bottom",
        prompt="Five small runs lie exactly on the law, without noise, and a parabola in log N "
        "goes through them. By how many per cent does its lowest point miss the true best size? "
        "(Below it is negative.)",
        unit="%",
        lo=-100,
        hi=100,
        truth=-6.8,
        says="It lies 6.8 % below: the parabola is symmetric, and the valley is not.",
    ),
    Prediction(
        id="08-no-noise",
        prompt="No noise at all, and windows centred on the true optimum: how far off will the "
        "planned size be?",
        unit="%",
        lo=-100,
        hi=100,
        truth=5.4,
        says="The plan has a size 5.4 % too large, and 5.1 % too few tokens.",
    ),
)
