"""Chapter 13: what students may see of the judging, and the simulated laboratories and forecasters of the exercises."""

from __future__ import annotations

from functools import cache
from statistics import NormalDist

import numpy as np
import pandas as pd

from ..._inputs import columns
from ...laws import ChinchillaLaw
from .. import Choice, Option, Part, Plan, Prediction, Question, Several, Text

NOISE = 0.002  # sd of log loss in the laboratory that sells runs
QUIET = 0.001  # and in the one whose runs are paid for: one interval seldom holds another laboratory's run
BUDGET = 1e18  # FLOPs that exercise 13.3 may spend on runs
_ANCHOR = 1e19  # FLOPs at which the valleys of its laboratories are where they are drawn
_NORMAL = NormalDist()
_HALF = _NORMAL.inv_cdf(0.95)
_FORECASTERS = "ABCD"
_FORECASTS = 40


# ---- 13.1: what overconfidence costs ----


def _score(half) -> float:
    """Mean interval score at level 0.9 of mean +- half, for an outcome whose sd is 1 about that mean."""
    missed = 2 * (_NORMAL.pdf(half) - half * (1 - _NORMAL.cdf(half)))
    return 2 * half + 20 * missed


# ---- 13.2: four forecasters ----


def _scores(table) -> pd.Series:
    from ...forecast import interval_score

    return pd.Series(interval_score(table.low, table.high, table.measured), table.index)


def _held(table) -> pd.Series:
    return table.measured.between(table.low, table.high)


@cache
def _hall(seed: int):
    """The order of the four characters, and their table; drawn again until the scores are well apart."""
    for attempt in range(1000):
        rng = np.random.default_rng([seed, attempt])
        expected = rng.uniform(1.5, 2.5, _FORECASTS)
        sd = rng.uniform(0.01, 0.03, _FORECASTS)
        measured = expected + sd * rng.standard_normal(_FORECASTS)
        half = _HALF * sd
        hoax = np.zeros(_FORECASTS, bool)
        hoax[rng.choice(_FORECASTS, _FORECASTS // 10, replace=False)] = True
        middles = {
            "honest": expected,
            "bold": expected,
            "timid": expected,
            "hoax": np.where(hoax, expected - 0.3, expected),
        }
        halves = {
            "honest": half,
            "bold": half / 2.2,
            "timid": 3.5 * half,
            "hoax": np.where(hoax, 1e-3, 0.2),
        }
        order = rng.permutation(list(middles))
        rows = [
            pd.DataFrame(
                {
                    "forecaster": letter,
                    "low": middles[who] - halves[who],
                    "high": middles[who] + halves[who],
                    "measured": measured,
                }
            ).round(4)
            for letter, who in zip(_FORECASTERS, order, strict=True)
        ]
        table = pd.concat(rows, ignore_index=True)
        hits = _held(table)
        score = _scores(table)
        share, mean = (
            dict(zip(order, column.groupby(table.forecaster).mean(), strict=True))
            for column in (hits, score)
        )
        others = min(mean[who] for who in mean if who != "honest")
        if (
            share["hoax"] == 0.9
            and share["honest"] in (0.875, 0.925)
            and share["bold"] < 0.75
            and mean["honest"] < 0.8 * others
        ):
            return list(order), table
    raise ValueError(f"seed {seed}: no clear hall of forecasters in 1,000 attempts")


def four_forecasters(seed: int) -> pd.DataFrame:
    """Simulated: forty 90 % intervals of each of four forecasters A to D, with what was measured; nats."""
    return _hall(seed)[1].copy()


def _place(seed) -> float:
    return float(_hall(seed)[0].index("honest"))


def _tell(letter, what):
    """How many of a forecaster's intervals hold, how wide they are, and their mean score, for the messages."""

    def quantity(seed):
        table = _hall(seed)[1]
        rows = table[table.forecaster == letter]
        return float(
            {
                "held": _held(rows).sum(),
                "width": (rows.high - rows.low).mean(),
                "score": _scores(rows).mean(),
            }[what]
        )

    return quantity


# ---- 13.3: a laboratory that sells runs ----


@cache
def _law(seed: int, far: bool = True) -> ChinchillaLaw:
    """A personal law; with `far`, its best runs are far from 20 tokens per parameter."""
    rng = np.random.default_rng([seed, 3])
    alpha, beta, share = *rng.uniform(0.3, 0.42, 2), rng.uniform(0.3, 0.4)
    ratio = (
        rng.choice([rng.uniform(2.3, 3.1), rng.uniform(150, 300)]) if far else rng.uniform(10, 40)
    )
    N = np.sqrt(_ANCHOR / 6 / ratio)
    D = _ANCHOR / 6 / N
    floor = rng.uniform(1.5, 1.9) if far else rng.uniform(1.4, 3)
    return ChinchillaLaw(floor, share * N**alpha, share * alpha / beta * D**beta, alpha, beta)


def order(seed: int, N, D) -> np.ndarray:
    """Order runs of your laboratory: the losses of runs with `N` parameters and `D` tokens, nats, with the noise of seeds.

    The same run has the same loss each time. Raises ValueError where the bill, 6 N D in all, is above 1e18 FLOPs.
    """
    N, D = columns(N=N, D=D)
    bill = 6 * float(np.sum(N * D))
    if bill > BUDGET * 1.0001:
        raise ValueError(
            f"these {len(N)} runs cost {bill:.3g} FLOPs and you have {BUDGET:.0e}: order fewer or smaller ones"
        )
    luck = [
        np.random.default_rng([seed, round(n), round(d)]).standard_normal()
        for n, d in zip(N, D, strict=True)
    ]
    return _law(seed).loss(N, D) * np.exp(NOISE * np.array(luck))


# ---- 13.4: the interval of a run ----


def bought_runs(seed: int) -> pd.DataFrame:
    """Simulated runs of another personal laboratory, paid for: N, D, loss (nats); 100 of them, sd of log loss 0.001."""
    N, D = (
        grid.ravel()
        for grid in np.meshgrid(np.geomspace(2e6, 2e8, 10), np.geomspace(1e8, 1e10, 10))
    )
    noise = np.random.default_rng([seed, 100]).normal(0, QUIET, len(N))
    return pd.DataFrame({"N": N, "D": D, "loss": _law(seed, far=False).loss(N, D) * np.exp(noise)})


def _truth(seed, n_held, d_held):
    return float(_law(seed, far=False).loss(n_held, d_held))


@cache
def _straight_line(seed, n_held, d_held) -> float:
    """The loss that a straight line in logs through the best run of each budget promises."""
    runs = bought_runs(seed)
    runs["budget"] = np.round(np.log10(runs.N * runs.D), 1)
    best = runs.loc[runs.groupby("budget").loss.idxmin()]
    slope, level = np.polyfit(np.log(best.N * best.D), np.log(best.loss), 1)
    return float(np.exp(level + slope * np.log(n_held * d_held)))


EXERCISES = (
    Several(
        id="13-overconfident",
        answer="overconfident",
        given=("factor",),
        derived={
            "share": lambda factor: 2 * _NORMAL.cdf(_HALF / factor) - 1,
            "ratio": lambda factor: _score(_HALF / factor) / _score(_HALF),
            "one_sided": lambda factor: (
                (2 * _HALF / factor + (_score(_HALF / factor) - 2 * _HALF / factor) / 2)
                / _score(_HALF)
            ),
            "tail": lambda factor: _NORMAL.cdf(_HALF / factor),
            "wide": lambda factor: 2 * _NORMAL.cdf(_HALF * factor) - 1,
            "widths": lambda factor: 2 * _HALF / factor / _score(_HALF),
        },
        parts=(
            Part(
                name="coverage",
                truth="share",
                rtol=0.003,
                mistakes=(
                    ("100 * share", "give coverage as a share between 0 and 1, not in per cent"),
                    (
                        "0.9 / factor",
                        "half the width does not hold half as often: the middle of the bell is where most outcomes are",
                    ),
                    (
                        "tail",
                        "that counts one tail only: an outcome can also lie below the interval",
                    ),
                    (
                        "wide",
                        "that interval is wider than the honest one by {factor}; it should be narrower",
                    ),
                ),
                generic="coverage is the share of a normal distribution within 1.645 / {factor} standard deviations",
            ),
            Part(
                name="penalty",
                truth="ratio",
                rtol=0.006,
                mistakes=(
                    ("1 / ratio", "that is the honest score over the bold one: turn it round"),
                    (
                        "one_sided",
                        "the misses above and those below both count: you left out one tail",
                    ),
                    (
                        "widths",
                        "that leaves out what the misses cost: narrow intervals are cheap until they are missed",
                    ),
                ),
                generic="penalty is the ratio of two mean scores: width plus 20 times the mean distance outside, with both tails",
            ),
        ),
        bounds=(
            (
                "coverage > 0 and coverage < 0.9",
                "an interval that is too narrow holds less often than it says: coverage lies below 0.9",
            ),
            (
                "penalty > 1",
                "nobody has a better mean score than the honest forecaster: penalty is above 1",
            ),
        ),
        hints=(
            "Measure everything in standard deviations of the error: the honest interval is 1.645 on either side.",
            "Mean distance outside one end at h is pdf(h) - h (1 - cdf(h)) for a standard normal; the score is 2 h plus 20 times that, "
            "at both ends.",
            "`score = lambda h: 2 * h + 20 * 2 * (norm.pdf(h) - h * norm.sf(h))`",
        ),
        praise="overconfidence has a price, and it is not small",
    ),
    Choice(
        id="13-who-is-honest",
        answer="most_honest",
        given=("seed",),
        derived={"place": _place}
        | {
            f"{what}_{letter}": _tell(letter, what)
            for letter in _FORECASTERS
            for what in ("held", "width", "score")
        },
        options=tuple(
            (
                letter,
                f"abs(place - {k}) < 0.5",
                f"{{held_{letter}:.0f}} of {letter}'s {_FORECASTS} intervals hold, they are {{width_{letter}}} nats wide on average, and "
                f"their mean score is {{score_{letter}}}: another forecaster's is lower",
            )
            for k, letter in enumerate(_FORECASTERS)
        ),
        hints=(
            "A share of 90 % can be had by tricks. How wide are the intervals that hold, and how far off are those that miss?",
            "The mean interval score at level 0.9 puts width and misses on one scale; the lowest mean is the best forecaster.",
            "`table['score'] = interval_score(table.low, table.high, table.measured)`, then group by forecaster",
        ),
        praise="the lowest mean score: about nine in ten hold, and none is wider than it need be",
    ),
    Plan(
        id="13-plan-a-purchase",
        answer="prize_run",
        given=("seed", "prize"),
        derived={
            name: (lambda seed, prize, name=name: getattr(_law(seed), name))
            for name in ("E", "A", "B", "alpha", "beta")
        }
        | {
            "best": lambda seed, prize: float(_law(seed).optimum(prize).loss),
            "best_N": lambda seed, prize: float(_law(seed).optimum(prize).N),
            "small_N": lambda seed, prize: float(_law(seed).optimum(BUDGET / 10).N),
        },
        parts=(
            Part(
                name="N",
                unit="parameters",
            ),
            Part(
                name="D",
                unit="tokens",
            ),
        ),
        bounds=(
            ("not near(N * D, prize, 0.02)", "that is N D = prize: the bill is 6 N D"),
            ("N > 0 and D > 0", "a run has a positive number of parameters and of tokens"),
            ("6 * N * D < 1.01 * prize", "6 N D is more than your prize"),
            ("6 * N * D > 0.99 * prize", "6 N D is less than your prize: spend all of it"),
        ),
        distance="(E + A / N ** alpha + B / D ** beta) / best - 1",
        full=0.005,
        none=0.015,
        reasons=(
            (
                "near(D / N, 20, 0.05)",
                "twenty tokens per parameter is a rule of other laboratories; what do the runs that you can order in yours say?",
            ),
            (
                "near(N, small_N, 0.6) and N < best_N",
                "that is about the best size of a small budget; the best size grows with the budget",
            ),
            (
                "near(6 * N * D, prize, 0.03) and N > best_N and (E + A / N ** alpha + B / D ** beta) / best >= 1.005",
                "your run is too large for its tokens, by more than 0.5 % of the loss: fit a law to runs of several budgets, and on both sides of each valley",
            ),
            (
                "near(6 * N * D, prize, 0.03) and N < best_N and (E + A / N ** alpha + B / D ** beta) / best >= 1.005",
                "your run is too small for its budget, by more than 0.5 % of the loss: fit a law to runs of several budgets, and on both sides of each valley",
            ),
        ),
        short="your run would lose more than 0.5 % against the best one",
        hints=(
            "You do not know where the valley lies: the first runs must span sizes widely, and more than one budget.",
            "Three budgets of six sizes determine the additive law; its optimum at the prize is the run.",
            "`C = np.repeat([...], 6)` with a sum of at most 1e18, `ratio = np.tile(np.geomspace(0.5, 800, 6), 3)`, `N = np.sqrt(C / 6 / ratio)`",
        ),
        praise="within half a per cent of the best run that your prize can buy",
    ),
    Several(
        id="13-interval-of-a-run",
        answer="bet",
        given=("seed", "n_held", "d_held"),
        derived={
            "truth": _truth,
            "band": lambda seed, n_held, d_held: 2 * _HALF * QUIET * _truth(seed, n_held, d_held),
            "line": _straight_line,
        },
        parts=(
            Part(name="low", unit="nats", digits=5, why="the ends differ in the third"),
            Part(name="high", unit="nats", digits=5, why="the ends differ in the third"),
        ),
        bounds=(
            (
                "high - low <= 8 * band or low >= truth or truth >= high",
                "that holds, and says nothing: so wide an interval needs no runs at all; let the fit and its residuals say how far off you may be",
            ),
            (
                "low <= truth or high - low <= 20 * band",
                "the whole interval lies too high, and it is very wide: fit a law and extend it",
            ),
            (
                "low <= truth + band",
                "the whole interval lies too high: the held-out run is larger than all that you have, so it will be better than a run near their edge; extend the fitted law to its N and D",
            ),
            (
                "high >= truth or low + high >= truth + line or high <= 0.9 * line",
                "the whole interval lies too low, where a straight line in logs leads: the law has a floor",
            ),
            (
                "high >= truth - band",
                "the whole interval lies too low: is there a floor in your law?",
            ),
            ("low < high", "low must be below high"),
            (
                "low < truth and truth < high",
                "the loss that such runs have on average is not in your interval",
            ),
            (
                "high - low > 0.75 * band",
                "your interval is narrower than the luck of the seed alone: two runs of one recipe would not both be in it nine times of ten",
            ),
            (
                "high - low < 2.5 * band",
                "your interval is too wide to plan with: these runs allow one less than half as wide",
            ),
        ),
        hints=(
            "Two things are uncertain: the law, and the luck of the one run that will be made.",
            "The bootstrap's interval is that of the law. A run adds its own noise, of which the residuals of the fit tell the size; "
            "independent standard deviations add as squares.",
            "`fit = fitting.fit_parametric(runs.N, runs.D, runs.loss, delta=1, bootstrap=200)`",
        ),
        praise="it holds the truth, with room for the luck of one run and for little else",
    ),
    Text(
        id="13-write-it-down",
        answer="registration",
        words=(40, 150),
        rubric=(
            ("names the form of the law, and a reason that does not come from the result", 0.5),
            ("says which runs it may use, and that none is left out afterwards", 0.5),
            ("forecasts a number that can be measured, with an interval and its level", 0.5),
            ("names a result that would count against the form", 0.5),
        ),
        properties=((r"\d", "there is no number in it: how many runs, which level, how far off?"),),
        hints=(
            "Read it as somebody who wants to catch you changing your mind afterwards. What is still open?",
            "Form and reason; runs; forecast with interval and level; what would prove you wrong: a sentence for each.",
            '`registration = "I fit ..., because ..."`',
        ),
    ),
)

QUESTIONS = (
    Question(
        id="13-why-written",
        prompt="Why does the plan name the form of the law before the first run is bought?",
        options=(
            Option(
                "Because a fit is faster if its form is known.",
                why="Fits take a second. What takes discipline is not to try six of them and keep the one you like.",
                key="a",
            ),
            Option(
                "Because the form decides which runs can be afforded.",
                why="The price of a run depends on its size and data, not on what you fit to it later.",
                key="c",
            ),
            Option(
                "Because the right form is known from theory.",
                why="It is not: two corpora of the same laboratory wanted opposite forms in chapter 9.",
                key="d",
            ),
            Option(
                "Because among many forms one will look good afterwards, and its error would then say nothing about the next forecast.",
                right=True,
                why="An error is evidence only if the forecast could have failed. Chosen afterwards, it could not.",
                key="b",
            ),
        ),
    ),
    Question(
        id="13-wide-or-wrong",
        prompt="Two forms fit your runs almost equally well and disagree by 5 % about the prize. What is an honest interval?",
        options=(
            Option(
                "That of the better fit: it is the most likely form.",
                why="Almost equally well means that the runs cannot tell. The interval of one form knows nothing of the other.",
                key="a",
            ),
            Option(
                "The mean of both forecasts, with the narrower of the two intervals.",
                why="A mean of two answers is in neither's interval; its error can be half the disagreement, and the narrow interval denies it.",
                key="c",
            ),
            Option(
                "One that holds what both forms allow, each as far as its fit deserves.",
                right=True,
                why="The runs leave the form open, so the form is part of what is uncertain.",
                key="b",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="13-own-error",
        unit="%",
        lo=0,
        hi=100,
        prompt="You may spend a tenth of the prize's compute on smaller runs. How far off will a good forecast of its loss be, "
        "typically?",
    ),
    Prediction(
        id="13-recorded-error",
        options=("under 1 %", "1 to 3 %", "more than 3 %"),
        prompt="The real laboratory, now: how far will the forecast of the tenth that you spent in all be off?",
    ),
)
