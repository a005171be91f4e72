"""Chapter 13: what students may see of the judging; simulated laboratories and forecasters."""

from __future__ import annotations

from functools import cache
from statistics import NormalDist

import numpy as np
import pandas as pd

from ..._inputs import columns
from ...laws import ChinchillaLaw
from .. import Choice, Option, Part, Plan, Prediction, Question, Several, Text
from ..slips import apart

NOISE = 0.002  # sd of log loss in the laboratory that sells runs
QUIET = 0.001  # and where the runs are paid for, so that intervals of laboratories seldom meet
BUDGET = 1e18  # FLOPs that exercise 13.3 may spend on runs
_COSTS = [BUDGET * share / 6 for share in (0.1, 0.25, 0.6)]  # of a run in the order of a page
_ANCHOR = 1e19  # FLOPs at which the valleys of its laboratories are where they are drawn
_NORMAL = NormalDist()
_HALF = _NORMAL.inv_cdf(0.95)
_FORECASTERS = "ABCD"
_FORECASTS = 40


# ---- 13.1: what overconfidence costs ----


def _normal_table(factor):
    """The standard normal distribution at the ends of both intervals, in five decimals."""
    halves = (round(_HALF / factor, 5), round(_HALF, 5))
    return {
        "normal": {
            "interval": ["narrowed", "honest"],
            "half_width": halves,
            "density": [round(_NORMAL.pdf(half), 5) for half in halves],
            "below": [round(_NORMAL.cdf(half), 5) for half in halves],
        }
    }


def _holds(half):
    return 2 * _NORMAL.cdf(half) - 1


def _scores_of(data, width=2.0, misses=40.0, outside=True):
    """Mean interval scores at level 0.9 of both intervals, for an outcome whose sd is 1.

    As printed: both tails count, 20 times each; the arguments make it wrong.
    """
    half, density, below = (data["normal"][name] for name in ("half_width", "density", "below"))
    return width * half + misses * (density - float(outside) * half * (1 - below))


def _penalty(data, **wrong):
    narrowed, honest = _scores_of(data, **wrong)
    return narrowed / honest


def _with_distance(distance):
    """The penalty with another distance(half_width, density, outside) than the mean of all."""

    def ratio(factor, data):
        half, density, below = (data["normal"][name] for name in ("half_width", "density", "below"))
        narrowed, honest = 2 * half + 40 * distance(half, density, 1 - below)
        near = abs(narrowed / honest / _penalty(data) - 1) < 0.03
        return np.nan if near else narrowed / honest

    return ratio


def _other_ratio(quantity):
    """The ratio of another quantity(half_width, below) of both; nan where it is the penalty too."""

    def ratio(factor, data):
        narrowed, honest = quantity(data["normal"]["half_width"], data["normal"]["below"])
        near = abs(narrowed / honest / _penalty(data) - 1) < 0.03
        return np.nan if near else narrowed / honest

    return ratio


# ---- 13.2: four forecasters ----


def _scores(table) -> pd.Series:
    from ...forecast import interval_score

    return pd.Series(interval_score(table.low, table.high, table.measured), table.index)


def _held(table) -> pd.Series:
    return table.measured.between(table.low, table.high)


@cache
def _hall(seed: int):
    """The order of the four characters, and their table; drawn until the scores are well apart."""
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
    """Simulated: forty 90 % intervals of each of four forecasters, with what was measured; nats."""
    return _hall(seed)[1].copy()


def _place(hall_seed) -> float:
    return float(_hall(hall_seed)[0].index("honest"))


def _side_by_side(hall_seed):
    """The forty runs, and each forecaster's two ends as columns."""
    groups = dict(list(_hall(hall_seed)[1].groupby("forecaster")))
    ends = {
        f"{letter}_{end}": rows[end].to_numpy()
        for letter, rows in groups.items()
        for end in ("low", "high")
    }
    return {"forecasts": {"measured": groups["A"].measured.to_numpy(), **ends}}


def _tell(letter, what):
    """How many of a forecaster's intervals hold, how wide they are, their mean score: for words."""

    def quantity(hall_seed):
        table = _hall(hall_seed)[1]
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
    """Order runs of your laboratory: the losses of runs with `N` parameters and `D` tokens, nats.

    They have the noise of seeds; the same run has the same loss each time. Raises ValueError where
    the bill, 6 N D in all, is above 1e18 FLOPs.
    """
    N, D = columns(N=N, D=D)
    bill = 6 * float(np.sum(N * D))
    if bill > BUDGET * 1.0001:
        raise ValueError(
            f"these {len(N)} runs cost {bill:.3g} FLOPs and you have {BUDGET:.0e}: "
            "order fewer or smaller ones"
        )
    luck = [
        np.random.default_rng([seed, round(n), round(d)]).standard_normal()
        for n, d in zip(N, D, strict=True)
    ]
    return _law(seed).loss(N, D) * np.exp(NOISE * np.array(luck))


def _placed(purchase_seed, prize):
    """The order that a page has placed: three budgets of six sizes, their losses in four digits."""
    C = np.repeat(_COSTS, 6)
    size = _digits(np.sqrt(C / 6 / np.tile(np.geomspace(0.5, 800, 6), 3)))
    tokens = _digits(C / 6 / size)
    loss = np.round(order(purchase_seed, size, tokens), 4)
    return {"order": {"budget": _digits(C), "size": size, "tokens": tokens, "loss": loss}}


def _digits(column, digits=4):
    return np.array([float(f"{value:.{digits}g}") for value in column])


def _best(compute):
    """The best size for a budget, as a derived quantity."""
    return lambda purchase_seed, prize: float(_law(purchase_seed).optimum(compute).N)


# ---- 13.4: the interval of a run ----


@cache
def _bought(seed: int) -> pd.DataFrame:
    N, D = (
        _digits(grid.ravel())
        for grid in np.meshgrid(np.geomspace(2e6, 2e8, 10), np.geomspace(1e8, 1e10, 10))
    )
    noise = np.random.default_rng([seed, 100]).normal(0, QUIET, len(N))
    loss = np.round(_law(seed, far=False).loss(N, D) * np.exp(noise), 4)
    return pd.DataFrame({"N": N, "D": D, "loss": loss})


def bought_runs(seed: int) -> pd.DataFrame:
    """Simulated runs of another personal laboratory, paid for: N, D, loss (nats).

    100 of them, with a standard deviation of log loss of 0.001.
    """
    return _bought(seed).copy()


@cache
def _fit(bet_seed, n_held, d_held):
    """The law fitted to the runs, and the spread of ln loss at the next run over 200 refits."""
    from ...fitting import fit_parametric

    runs = _bought(bet_seed)
    fit = fit_parametric(runs.N, runs.D, runs.loss, delta=1, bootstrap=200)
    refits = fit.resampled()
    spread = np.std([np.log(law.loss(n_held, d_held)) for law in refits])
    return {name: getattr(fit.law, name) for name in ("E", "A", "alpha", "B", "beta")} | {
        "spread": spread
    }


def _paid_for(bet_seed, n_held, d_held):
    """The runs, and the law fitted to them in six digits."""
    runs = _bought(bet_seed)
    fit = {name: _digits([value], 6) for name, value in _fit(bet_seed, n_held, d_held).items()}
    return {"runs": {name: runs[name].to_numpy() for name in ("N", "D", "loss")}, "fit": fit}


@cache
def _straight_line(bet_seed, n_held, d_held) -> float:
    """The loss that a straight line in logs through the best run of each budget promises."""
    runs = bought_runs(bet_seed)
    runs["budget"] = np.round(np.log10(runs.N * runs.D), 1)
    best = runs.loc[runs.groupby("budget").loss.idxmin()]
    slope, level = np.polyfit(np.log(best.N * best.D), np.log(best.loss), 1)
    return float(np.exp(level + slope * np.log(n_held * d_held)))


def _by_fit(data, N, D, floor=1.0, size=1.0, text=1.0, powers=("alpha", "beta"), sign=-1):
    """The printed law's loss; the arguments make it wrong."""
    law = {name: column[0] for name, column in data["fit"].items()}
    by_size = size * law["A"] * N ** (sign * law[powers[0]])
    return floor * law["E"] + by_size + text * law["B"] * D ** (sign * law[powers[1]])


def _rounded(digits):
    """The loss of the next run by the law with exponents of so few digits.

    nan where that, in two to four digits or in all, is about right.
    """

    def value(bet_seed, n_held, d_held, data):
        fit = data["fit"]
        few = {name: [float(f"{fit[name][0]:.{digits}g}")] for name in ("alpha", "beta")}
        wrong, right = (_by_fit({"fit": one}, n_held, d_held) for one in ({**fit, **few}, fit))
        near = any(abs(float(f"{wrong:.{k}e}") / right - 1) < 5e-4 for k in (1, 2, 3, 9))
        return np.nan if near else wrong

    return value


def _fitted(swapped=False, units=(1, 1), **wrong):
    """The fitted law's loss of the next run, or with a slip in it, as a derived quantity."""

    def value(bet_seed, n_held, d_held, data):
        sizes = (d_held, n_held) if swapped else (n_held / units[0], d_held / units[1])
        return _by_fit(data, *sizes, **wrong)

    return value


def _doubt(bet_seed, n_held, d_held, data) -> float:
    return data["fit"]["spread"][0]


def _luck(bet_seed, n_held, d_held, data) -> float:
    """The standard deviation of a run's ln loss, from the residuals of the fit."""
    runs = data["runs"]
    left = np.log(runs["loss"] / _by_fit(data, runs["N"], runs["D"]))
    return float(np.sqrt((left**2).sum() / (len(left) - 5)))


def _plain_luck(bet_seed, n_held, d_held, data) -> float:
    """The same as `sd` of the page has it, which counts no constants of the law."""
    runs = data["runs"]
    return float(np.std(np.log(runs["loss"] / _by_fit(data, runs["N"], runs["D"])), ddof=1))


def _luck_in_nats(bet_seed, n_held, d_held, data):
    """The standard deviation of the residuals without a logarithm."""
    runs = data["runs"]
    return np.std(runs["loss"] - _by_fit(data, runs["N"], runs["D"]), ddof=1)


def _nearest(column, place=0):
    """A column of a bought run near to the next one, in logs: the nearest is the first."""

    def value(bet_seed, n_held, d_held, data):
        runs = data["runs"]
        far = np.hypot(np.log(runs["N"] / n_held), np.log(runs["D"] / d_held))
        return runs[column][np.argsort(far, kind="stable")[place]]

    return value


def _width(z=_HALF, both="sqrt(luck ** 2 + doubt ** 2)", middle="middle"):
    """Half the width of the interval of exercise 13.4, as an expression."""
    return f"{z} * {both} * {middle}"


def _by_either_luck(*mistakes):
    """The mistakes, and those with the luck that `sd` of the page gives."""
    return (
        *mistakes,
        *((text.replace("luck", "plain_luck"), say) for text, say in mistakes if "luck" in text),
    )


_IN_LN_L = apart(
    "half_width_in_ln",
    _width(middle="by_law"),
    tuple(
        (
            _width(both=f"sqrt({luck} ** 2 + (doubt / by_law) ** 2)", middle="by_law"),
            "only the luck is multiplied by the loss: the spread of the fits is in ln L as well",
        )
        for luck in ("luck", "plain_luck")
    ),
    {
        "luck": _luck,
        "plain_luck": _plain_luck,
        "by_law": _fitted(),
        "doubt": _doubt,
    },
    share=0.065,
)


def _of_fit(rule):
    """rule(fit, N, D), where the fit has the law's five constants."""
    return lambda bet_seed, n_held, d_held, data: rule(
        {name: column[0] for name, column in data["fit"].items()}, n_held, d_held
    )


_MIDDLES = apart(
    "middle_of_run",
    "by_law",
    (
        (
            "data_in_both",
            "D stands in both terms: A / N^alpha has the size, B / D^beta the data",
        ),
        (
            "size_in_both",
            "N stands in both terms: A / N^alpha has the size, B / D^beta the data",
        ),
        ("letters_changed", "A and B have changed places: A belongs to the size"),
        ("by_law + floor", "the floor is in it twice"),
        ("minus_terms", "the terms of size and data stand above the floor: add them to it"),
        *(
            (name, "that is one term alone; the loss has a floor and two of them")
            for name in ("size_term", "data_term")
        ),
    ),
    {
        "by_law": _fitted(),
        "floor": _of_fit(lambda fit, N, D: fit["E"]),
        "data_in_both": lambda bet_seed, n_held, d_held, data: _by_fit(data, d_held, d_held),
        "size_in_both": lambda bet_seed, n_held, d_held, data: _by_fit(data, n_held, n_held),
        "letters_changed": _of_fit(
            lambda fit, N, D: fit["E"] + fit["B"] / N ** fit["alpha"] + fit["A"] / D ** fit["beta"]
        ),
        "minus_terms": _of_fit(
            lambda fit, N, D: fit["E"] - fit["A"] / N ** fit["alpha"] - fit["B"] / D ** fit["beta"]
        ),
        "size_term": _of_fit(lambda fit, N, D: fit["A"] / N ** fit["alpha"]),
        "data_term": _of_fit(lambda fit, N, D: fit["B"] / D ** fit["beta"]),
    },
)

_BOTH_SCORES = {
    "honest": lambda factor, data: _scores_of(data)[1],
    "narrowed": lambda factor, data: _scores_of(data)[0],
    "narrowed_width": lambda factor, data: _scores_of(data, misses=0)[0],
    "narrowed_ten": lambda factor, data: _scores_of(data, misses=400)[0],
    "honest_ten": lambda factor, data: _scores_of(data, misses=400)[1],
}
_PENALTIES = apart(
    "penalty",
    "narrowed / honest",
    (
        (
            "narrowed - narrowed_width",
            "that is what the narrowed interval's misses cost: add its width, and divide by the "
            "honest score",
        ),
        (
            "(narrowed - narrowed_width) / honest",
            "that sets the narrowed misses alone over the honest score: their width counts as well",
        ),
        ("narrowed_ten / honest_ten", "a miss counts 2 / 0.1 = 20 at each end, not 200"),
        ("narrowed / honest / 2", "that is half of the ratio: both scores have both tails"),
    ),
    _BOTH_SCORES,
)

EXERCISES = (
    Several(
        id="13-overconfident",
        answer="overconfident",
        given=("factor",),
        data=_normal_table,
        derived={
            "share": lambda factor, data: 2 * data["normal"]["below"][0] - 1,
            "ratio": lambda factor, data: _penalty(data),
            "below": lambda factor: _NORMAL.cdf(_HALF / factor),
            "bell": lambda factor: _NORMAL.pdf(_HALF / factor),
            "wide": lambda factor: _holds(_HALF * factor),
            "of_95": lambda factor: _holds(_NORMAL.inv_cdf(0.975) / factor),
            "of_80": lambda factor: _holds(_NORMAL.inv_cdf(0.9) / factor),
            "of_99": lambda factor: _holds(_NORMAL.inv_cdf(0.995) / factor),
            "as_variance": lambda factor: _holds(_HALF / np.sqrt(factor)),
            "whole_width": lambda factor: _holds(2 * _HALF / factor),
            "half_of_half": lambda factor: _holds(_HALF / factor / 2),
            "of_one": lambda factor: _holds(1 / factor),
            "score": lambda factor, data: _scores_of(data)[0],
            "honest_score": lambda factor, data: _scores_of(data)[1],
            "one_tail": lambda factor, data: _penalty(data, misses=20),
            "one_tail_once": lambda factor, data: (
                _scores_of(data, misses=20)[0] / _scores_of(data)[1]
            ),
            "one_tail_honest": lambda factor, data: (
                _scores_of(data)[0] / _scores_of(data, misses=20)[1]
            ),
            "widths": lambda factor, data: _scores_of(data, misses=0)[0] / _scores_of(data)[1],
            "honest_width": lambda factor, data: (
                _scores_of(data)[0] / _scores_of(data, misses=0)[1]
            ),
            "misses": lambda factor, data: _penalty(data, width=0),
            "half_widths": lambda factor, data: _penalty(data, width=1),
            "counted_once": lambda factor, data: _penalty(data, misses=2),
            "two_each": lambda factor, data: _penalty(data, misses=4),
            "densities": lambda factor, data: _penalty(data, outside=False),
            "plus": lambda factor, data: _penalty(data, outside=-1),
            "of_95_score": lambda factor, data: _penalty(data, misses=80),
            "of_80_score": lambda factor, data: _penalty(data, misses=20),
            "level_inverted": lambda factor, data: _penalty(data, misses=4 / 0.9),
            "one_width": lambda factor, data: (
                (_scores_of(data)[1] - _scores_of(data, width=0)[1] + _scores_of(data, width=0)[0])
                / _scores_of(data)[1]
            ),
            "of_missed": _with_distance(lambda half, density, outside: density / outside - half),
            "of_product": _with_distance(lambda half, density, outside: density * outside),
            "by_share": _with_distance(lambda half, density, outside: half * outside),
            "below_for_above": _with_distance(
                lambda half, density, outside: density - half * (1 - outside)
            ),
            "per_miss": _other_ratio(lambda half, below: 2 * half + 40 * (1 - below)),
            "holding": _other_ratio(lambda half, below: 1 / (2 * below - 1)),
            "missing": _other_ratio(lambda half, below: 1 - below),
            **_PENALTIES.derived,
        },
        parts=(
            Part(
                name="coverage",
                truth="share",
                rtol=0.003,
                mistakes=(
                    ("ratio", "coverage and penalty have changed places"),
                    ("100 * share", "give coverage as a share between 0 and 1, not in per cent"),
                    (
                        "1 - share",
                        "that is the share that misses; coverage is the share that holds",
                    ),
                    (
                        "0.9 / factor",
                        "a width divided by {factor:g} does not hold {factor:g} times less often: "
                        "the middle of the bell is where most outcomes are",
                    ),
                    ("0.9", "that is what the forecaster promises, not what the intervals do"),
                    (
                        "below",
                        "that counts one tail only: an outcome can also lie below the interval",
                    ),
                    (
                        "below - 0.5",
                        "that is one half of the interval: it reaches as far below the middle",
                    ),
                    ("1 - below", "that is the share above the interval; how many are inside?"),
                    ("bell", "that is the height of the bell there, not the share of outcomes"),
                    (
                        f"2 * {_HALF} / factor * bell",
                        "the bell is higher in its middle than at the ends: the share is an area, "
                        "not the width times the density at an end",
                    ),
                    (
                        f"{_HALF} / factor * bell",
                        "that is the width of one half times the density at its end: the share is "
                        "an area, and it has two halves",
                    ),
                    (
                        f"{_HALF} / factor",
                        "that is where the interval ends; which share of the outcomes is inside?",
                    ),
                    (
                        "wide",
                        "that interval is wider than the honest one by {factor}; it should be "
                        "narrower",
                    ),
                    (
                        "of_95",
                        "you started from 1.96 standard deviations, which is a 95 % interval",
                    ),
                    (
                        "of_80",
                        "you started from 1.28 standard deviations, which leave 10 % on each side",
                    ),
                    (
                        "of_99",
                        "you started from 2.576 standard deviations, which is a 99 % interval",
                    ),
                    ("1 / factor", "that is the ratio of the widths; which share is inside?"),
                    *(
                        (
                            text,
                            "a normal distribution is not a straight line: {factor} divides "
                            "the half-width, and the share is then an area under the bell",
                        )
                        for text in ("1 - 0.1 * factor", "0.9 ** factor", "0.95 / factor")
                    ),
                    (
                        "as_variance",
                        "{factor} divides the half-width itself, not its square",
                    ),
                    (
                        "whole_width",
                        "that interval reaches a whole width to each side: 1.645 / {factor} is "
                        "the half-width already",
                    ),
                    (
                        "half_of_half",
                        "that halves the half-width: 1.645 / {factor} is what lies on each side",
                    ),
                    ("0.95", "that is the share below the honest interval's upper end"),
                    ("-share", "a share is positive: two minus the other way round?"),
                    (
                        "0.9 - share",
                        "that is how much is lost; the question asks for the share that holds",
                    ),
                    ("share / 0.9", "that is measured against the honest share; give it by itself"),
                    (
                        "of_one",
                        "you started from one standard deviation; the honest interval has 1.645",
                    ),
                    (
                        "2 * share",
                        "that counts both sides twice: 2 * below - 1 has both of them already",
                    ),
                    (
                        f"{2 * _HALF} / factor",
                        "that is the interval's width; which share of the outcomes is inside?",
                    ),
                    (
                        "0.1 * factor",
                        "a normal distribution is not a straight line: {factor} divides "
                        "the half-width, and the share is then an area under the bell",
                    ),
                ),
                generic="coverage is the share of a normal distribution within 1.645 / {factor} "
                "standard deviations of its middle",
            ),
            Part(
                name="penalty",
                truth="ratio",
                rtol=0.006,
                mistakes=(
                    ("share", "coverage and penalty have changed places"),
                    ("1 / ratio", "that is the honest score over the bold one: invert it"),
                    (
                        "ratio - 1",
                        "that is by how much more; the question asks for the ratio itself",
                    ),
                    ("100 * ratio", "give penalty as a ratio, not in per cent"),
                    (
                        "100 * (ratio - 1)",
                        "that is by how many per cent more; the question asks for the ratio itself",
                    ),
                    (
                        "one_tail",
                        "the misses above and those below both count: you left out one tail",
                    ),
                    (
                        "one_tail_once",
                        "the misses above and those below both count: you left out one tail of the "
                        "narrowed interval",
                    ),
                    (
                        "widths",
                        "that leaves out what the misses cost: narrow intervals are cheap until "
                        "they are missed",
                    ),
                    (
                        "1 / factor",
                        "that compares the widths alone; a score also counts how far misses lie "
                        "outside",
                    ),
                    ("factor", "that is how much narrower the interval is; compare the scores"),
                    ("misses", "that compares the misses alone; a score also counts the width"),
                    (
                        "half_widths",
                        "an interval is two half-widths wide: you counted one",
                    ),
                    (
                        "counted_once",
                        "the distance outside counts 20 times at each end; you counted it once",
                    ),
                    (
                        "two_each",
                        "the distance outside counts 20 times at each end; you counted it twice",
                    ),
                    (
                        "densities",
                        "the density alone is not the mean distance outside: the share outside "
                        "times the half-width goes off it",
                    ),
                    (
                        "per_miss",
                        "a miss does not cost 20 each: it costs 20 times its distance outside",
                    ),
                    (
                        "of_80_score",
                        "a miss counts 2 / 0.1 at each end, for one tenth is outside: not half of "
                        "that",
                    ),
                    (
                        "of_95_score",
                        "a miss counts 2 / 0.1 at each end, for one tenth is outside: not twice "
                        "that",
                    ),
                    (
                        "level_inverted",
                        "a miss counts 2 over the share outside, not 2 over the share inside",
                    ),
                    (
                        "plus",
                        "the share outside times the half-width goes off the density: you added it",
                    ),
                    (
                        "by_share",
                        "the half-width times the share outside is no mean distance: see the "
                        "density",
                    ),
                    (
                        "of_product",
                        "the density times the share outside is no mean distance: the share times "
                        "the half-width goes off the density",
                    ),
                    (
                        "of_missed",
                        "that is the mean distance of those that miss; the mean over all outcomes "
                        "counts the others as 0",
                    ),
                    (
                        "one_tail_honest",
                        "the misses above and those below both count: you left out one tail of the "
                        "honest interval",
                    ),
                    (
                        "honest_width",
                        "the honest interval misses too, once in ten: its misses count as well",
                    ),
                    (
                        "one_width",
                        "that gives both intervals the honest width; the narrowed one is narrower",
                    ),
                    ("-ratio", "both scores are positive, so their ratio is"),
                    ("1 - 1 / ratio", "that is the share by which the honest one is better"),
                    ("log(ratio)", "that is the logarithm of the ratio"),
                    ("ratio ** 2", "that is the square of the ratio: the scores are not squares"),
                    ("holding", "that compares how often they hold; compare their mean scores"),
                    ("missing", "that compares how often they miss; compare their mean scores"),
                    ("score", "that is the mean score itself: divide it by the honest one's"),
                    (
                        "score / 2",
                        "that is half of the narrowed score: divide the whole by the honest one's",
                    ),
                    (
                        "below_for_above",
                        "below is the share beneath that end: what lies above it is 1 - below",
                    ),
                    ("score - honest_score", "that is a difference of two scores; divide them"),
                    ("honest_score", "that is the honest mean score; how many times is the other?"),
                    *_PENALTIES.mistakes,
                ),
                generic="penalty is the ratio of two mean scores: width plus 20 times the mean "
                "distance outside, with both tails",
            ),
        ),
        bounds=(
            (
                "coverage > 0 and coverage < 0.9",
                "an interval that is too narrow holds less often than it says: coverage lies "
                "between 0 and 0.9",
            ),
            (
                "penalty > 1",
                "nobody has a better mean score than the honest forecaster: penalty is above 1",
            ),
        ),
        hints=(
            "Measure everything in standard deviations of the error: the honest interval is 1.645 "
            "on either side.",
            "A half-width h holds the share 2 * below - 1. The mean distance outside one end is "
            "density - h * (1 - below); the score is 2 h plus 20 times that, at both ends.",
            "`score = lambda h: 2 * h + 20 * 2 * (norm.pdf(h) - h * norm.sf(h))`",
        ),
        praise="overconfidence has a price, and it is not small",
    ),
    Choice(
        id="13-who-is-honest",
        answer="most_honest",
        given=("hall_seed",),
        data=_side_by_side,
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
                f"{{held_{letter}:.0f}} of {letter}'s {_FORECASTS} intervals hold, they are "
                f"{{width_{letter}}} nats wide on average, and their mean score is "
                f"{{score_{letter}}}: another forecaster's is lower",
            )
            for k, letter in enumerate(_FORECASTERS)
        ),
        hints=(
            "A share of 90 % can be had by tricks. How wide are the intervals that hold, and how "
            "far off are those that miss?",
            "The mean interval score at level 0.9 puts width and misses on one scale; the lowest "
            "mean is the best. The distances of an outcome from both ends add up to the width plus "
            "twice the distance outside: `abs(measured - A_low) + abs(measured - A_high)`.",
            "`table['score'] = interval_score(table.low, table.high, table.measured)`, then group "
            "by forecaster",
        ),
        praise="the lowest mean score: about nine in ten hold, and none is wider than it need be",
    ),
    Plan(
        id="13-plan-a-purchase",
        answer="prize_run",
        given=("purchase_seed", "prize"),
        data=_placed,
        derived={
            name: (lambda purchase_seed, prize, name=name: getattr(_law(purchase_seed), name))
            for name in ("E", "A", "B", "alpha", "beta")
        }
        | {
            "best": lambda purchase_seed, prize: float(_law(purchase_seed).optimum(prize).loss),
            "best_N": lambda purchase_seed, prize: float(_law(purchase_seed).optimum(prize).N),
            "best_D": lambda purchase_seed, prize: float(_law(purchase_seed).optimum(prize).D),
            "small_N": _best(BUDGET / 10),
            "largest": lambda purchase_seed, prize: float(
                _placed(purchase_seed, prize)["order"]["size"].max()
            ),
        },
        parts=(
            Part(name="N", unit="parameters"),
            Part(name="D", unit="tokens"),
        ),
        bounds=(
            ("N > 0 and D > 0", "a run has a positive number of parameters and of tokens"),
            (
                "N > 1e5 and D > 1e6",
                "so small a run costs nearly nothing: are these millions or billions? Write them "
                "out, or put M or B behind the number",
            ),
            (
                "near(6 * N * D, prize, 0.015) or not near(D, prize / 6, 0.01)",
                "D is a sixth of the prize: divide by N too",
            ),
            ("not near(N * D, prize, 0.03)", "that is about N D = prize: the bill is 6 N D"),
            (
                "not near(36 * N * D, prize, 0.03)",
                "6 N D is about a sixth of the prize: did you divide by 6 twice?",
            ),
            (
                "near(6 * N * D, prize, 0.015) or not near(D / N, 20, 0.05)",
                "those are 20 tokens per parameter, whatever the prize: 6 N D must be the prize",
            ),
            (
                "not near(2 * N * D, prize, 0.03)",
                "that is about 2 N D = prize, the forward pass alone: the bill is 6 N D",
            ),
            ("not near(3 * N * D, prize, 0.03)", "that is about 3 N D = prize: the bill is 6 N D"),
            (
                "not near(12 * N * D, prize, 0.03)",
                "6 N D is about half of your prize: spend all of it",
            ),
            *(
                (
                    f"near(N * D, prize / 6, 0.015) or not near(6 * N * D, {cost:.6e}, 0.01)",
                    "that costs what a run of the placed order costs: the prize buys a larger one",
                )
                for cost in _COSTS
            ),
            *(
                (
                    f"not near(6 * N * D * {cost:.6e}, prize ** 2, 0.02)",
                    "size and data may each have grown by the ratio of the two budgets: only their "
                    "product grows so much",
                )
                for cost in _COSTS
            ),
            (
                f"near(prize, {BUDGET:.0e}, 0.1) or not near(6 * N * D, {BUDGET:.0e}, 0.03)",
                "that is about the budget of the small runs; the prize is a run of its own",
            ),
            (
                "6 * N * D > 0.6 * prize",
                "6 N D is less than 0.6 of your prize: spend all of it, and go through the powers "
                "of ten",
            ),
            (
                "6 * N * D < 2 * prize",
                "6 N D is more than twice your prize: is the 6 in it, and are the powers of ten "
                "right?",
            ),
            ("6 * N * D < 1.015 * prize", "6 N D is more than your prize"),
            ("6 * N * D > 0.985 * prize", "6 N D is less than your prize: spend all of it"),
        ),
        distance="(E + A / N ** alpha + B / D ** beta) / best - 1",
        full=0.005,
        none=0.015,
        reasons=(
            (
                "near(D / N, 20, 0.05)",
                "twenty tokens per parameter is a rule of other laboratories; what do the runs "
                "that you can order in yours say?",
            ),
            (
                f"near(N, small_N * prize / {BUDGET / 10:.0e}, 0.3)",
                "your size may have grown in proportion to the compute: the data must grow too",
            ),
            (
                f"near(N, small_N * (prize / {BUDGET / 10:.0e}) ** 0.73, 0.1) and N > best_N "
                "and near(N, best_D, 0.3) and near(D, best_N, 0.3)",
                "size and data may have changed places, or your size has grown with Kaplan's "
                "exponent: look on both sides of the valley of each budget",
            ),
            (
                f"near(N, small_N * (prize / {BUDGET / 10:.0e}) ** 0.73, 0.1) and N > best_N",
                "your size may have grown with Kaplan's exponent, which belongs to other runs: "
                "what do yours say?",
            ),
            (
                "near(N, best_D, 0.3) and near(D, best_N, 0.3)",
                "size and data may have changed places, or your size is too far from the bottom of "
                "its valley: look on both sides of it",
            ),
            (
                "near(N, small_N, 0.6) and N < best_N",
                "that is about the best size of a small budget; the best size grows with the "
                "budget",
            ),
            (
                "near(N, largest, 0.02)",
                "that is the largest size of the placed order; the prize buys more than any of "
                "its budgets, and its best size need not be among them",
            ),
            (
                "N < best_N and N > 1.3 * small_N",
                "your size has grown with the budget, and not enough: find the bottoms of the "
                "cheapest and most expensive valley, and by which power of the budget they grow",
            ),
            (
                "N > best_N",
                "your run is too large for its tokens, by more than 0.5 % of the loss: look at "
                "runs of several budgets, and on both sides of each valley",
            ),
            (
                "N < best_N",
                "your run is too small for its budget, by more than 0.5 % of the loss: look at "
                "runs of several budgets, and on both sides of each valley",
            ),
        ),
        short="your run would lose more than 0.5 % against the best one",
        hints=(
            "You do not know where the valley lies: the first runs must span sizes widely, and "
            "more than one budget.",
            "Each budget has a valley: find the size at its bottom, and by which power of the "
            "budget that size grows. Or fit the additive law; its optimum at the prize is the run.",
            "`C = np.repeat([...], 6)` with a sum of at most 1e18, `ratio = "
            "np.tile(np.geomspace(0.5, 800, 6), 3)`, `size = np.sqrt(C / 6 / ratio)`",
        ),
        praise="within half a per cent of the best run that your prize can buy",
    ),
    Several(
        id="13-interval-of-a-run",
        answer="bet",
        given=("bet_seed", "n_held", "d_held"),
        data=_paid_for,
        derived={
            "by_law": _fitted(),
            "luck": _luck,
            "plain_luck": _plain_luck,
            "residual": _luck_in_nats,
            "doubt": _doubt,
            "line": _straight_line,
            "no_floor": _fitted(floor=0),
            "no_size": _fitted(size=0),
            "no_data": _fitted(text=0),
            "swapped": _fitted(swapped=True),
            "powers_swapped": _fitted(powers=("beta", "alpha")),
            "upside_down": _fitted(sign=1),
            "in_millions": _fitted(units=(1e6, 1e9)),
            "size_times_ten": _fitted(units=(0.1, 1)),
            "size_tenth": _fitted(units=(10, 1)),
            "data_times_ten": _fitted(units=(1, 0.1)),
            "data_tenth": _fitted(units=(1, 10)),
            "three_digits": _rounded(3),
            "two_digits": _rounded(2),
            "floor": lambda bet_seed, n_held, d_held, data: data["fit"]["E"][0],
            "best_run": lambda bet_seed, n_held, d_held, data: data["runs"]["loss"].min(),
            "mean_run": lambda bet_seed, n_held, d_held, data: data["runs"]["loss"].mean(),
            "nearest_run": _nearest("loss"),
            "second_run": _nearest("loss", 1),
            "third_run": _nearest("loss", 2),
            **_IN_LN_L.derived,
            **_MIDDLES.derived,
        },
        parts=(
            Part(
                name="middle",
                truth="by_law",
                unit="nats",
                rtol=2e-4,
                digits=4,
                why="the interval is some thousandths wide",
                mistakes=(
                    (
                        "no_floor",
                        "the floor is missing: what is left are the terms of size and data",
                    ),
                    *_MIDDLES.mistakes,
                    ("no_size", "the term of the size, A / N^alpha, is missing"),
                    ("no_data", "the term of the data, B / D^beta, is missing"),
                    ("floor", "that is the floor alone: the next run has terms of size and data"),
                    ("swapped", "size and data have changed places in the law"),
                    ("powers_swapped", "alpha and beta have changed places in the law"),
                    ("upside_down", "A and B are divided by the powers, not multiplied by them"),
                    *(
                        (rounded, "the exponents were rounded: carry all their digits")
                        for rounded in ("three_digits", "two_digits")
                    ),
                    *(
                        (text, "that is the logarithm of a loss: undo it")
                        for text in ("log(by_law)", "log10(by_law)")
                    ),
                    ("exp(by_law)", "the law gives the loss itself, not its logarithm"),
                    ("in_millions", "write out N and D: the law counts single ones"),
                    *(
                        (text, "a power of ten is off: go through those of N and of D")
                        for text in (
                            *("size_times_ten", "size_tenth"),
                            *("data_times_ten", "data_tenth"),
                        )
                    ),
                    ("by_law / log(2)", "that is in bits; these losses are in nats"),
                    (
                        "line",
                        "that is where a straight line in logs through the best runs leads: the "
                        "law has a floor",
                    ),
                    *(
                        (
                            text,
                            "that is the loss of a run that you have; the next one is larger than "
                            "all of them, so put its size and data into the fitted law",
                        )
                        for text in ("best_run", "nearest_run", "second_run", "third_run")
                    ),
                    (
                        "mean_run",
                        "that is the mean loss of the runs that you have; the next one "
                        "is larger than all of them",
                    ),
                    (_width(middle="by_law"), "that is half the width; the middle is a loss"),
                ),
                generic="the middle is the fitted law's loss at the next run: all three terms, "
                "with the next run's size in one and its data in the other",
            ),
            Part(
                name="half_width",
                truth=_width(),
                unit="nats",
                rtol=0.03,
                mistakes=_IN_LN_L.mistakes
                + _by_either_luck(
                    (
                        _width(both="luck"),
                        "that has the luck of one run alone: the law at the next run is not "
                        "known exactly either",
                    ),
                    (
                        _width(both="doubt"),
                        "that has the doubt of the law alone; the run that is made has its own "
                        "luck",
                    ),
                    (
                        _width(both="(luck + doubt)"),
                        "that adds the two standard deviations; independent doubts seldom go "
                        "wrong together, so their squares add",
                    ),
                    (
                        _width(both="sqrt(abs(luck ** 2 - doubt ** 2))"),
                        "that takes one doubt off the other; the run has both",
                    ),
                    (
                        _width(both="(luck + doubt) / 2"),
                        "that is the mean of the two doubts; the run has both",
                    ),
                    (
                        _width(both="sqrt((luck ** 2 + doubt ** 2) / 2)"),
                        "that averages the two squares; the run has both doubts, so they add",
                    ),
                    *(
                        (_width(z), words)
                        for z, words in (
                            (
                                _NORMAL.inv_cdf(0.975),
                                "that is a 95 % interval: 5 % are to be left on either side",
                            ),
                            (
                                _NORMAL.inv_cdf(0.9),
                                "that is an 80 % interval: 5 % are to be left "
                                "on either side, not 10 %",
                            ),
                            (_NORMAL.inv_cdf(0.995), "that is a 99 % interval"),
                            (1.0, "that is one standard deviation, which holds two in three"),
                            (2.0, "that is two standard deviations, which hold 95 %"),
                            (3.0, "that is three standard deviations, which hold nearly all"),
                            (2 * _HALF, "that is the whole width; half of it lies on each side"),
                            (
                                _HALF / 2,
                                "that is half of the half-width: 1.645 standard "
                                "deviations lie on each side",
                            ),
                            (
                                0.9,
                                "0.9 is the share that the interval holds; how many standard "
                                "deviations is that on each side?",
                            ),
                        )
                    ),
                    (
                        _width(both="luck", z=_NORMAL.inv_cdf(0.975)),
                        "that is a 95 % interval, and with the luck of one run alone",
                    ),
                    (
                        _width(middle="1"),
                        "that is in ln L, a share of the loss; the question asks for nats, so "
                        "multiply by the loss",
                    ),
                    (
                        "100 * " + _width(middle="1"),
                        "that is in per cent of the loss; the question asks for nats",
                    ),
                    (
                        "1000 * " + _width(),
                        "that is in thousandths of a nat; the question asks for nats",
                    ),
                    ("100 * " + _width(), "that is a hundred times as much: nats, not per cent"),
                    *(
                        (
                            _width(both=both, middle="1"),
                            "that is one of the two doubts alone, and in ln L: the run has both, "
                            "and the question asks for nats",
                        )
                        for both in ("luck", "doubt")
                    ),
                    (
                        _width(1.0, both="luck"),
                        "that is one standard deviation of the luck alone: 1.645 of them, and of "
                        "both doubts",
                    ),
                    (
                        _width(1.0, middle="1"),
                        "that is one standard deviation in ln L: 1.645 of them, times the loss",
                    ),
                    (
                        _width(both="sqrt((luck * middle) ** 2 + doubt ** 2)"),
                        "that multiplies the luck by the loss twice: both doubts in ln L, then "
                        "once the loss",
                    ),
                    (
                        _width(both="sqrt(luck ** 2 / 100 + doubt ** 2)"),
                        "the luck is divided by the root of 100: that is the luck of a mean of "
                        "100 runs, and one run is made",
                    ),
                    (
                        _width(both="sqrt(luck ** 2 + doubt ** 2 / 200)"),
                        "the spread is divided by the root of 200: more refits do not make the "
                        "law better known",
                    ),
                    (
                        _width(both="sqrt(95 * luck ** 2 + doubt ** 2)"),
                        "the squares of the residuals are summed and not averaged",
                    ),
                    (
                        _width(both="(luck ** 2 + doubt ** 2)"),
                        "that is a variance: take the root of the sum of squares",
                    ),
                    (
                        "middle + " + _width(),
                        "that is the upper end; the question asks for half the width",
                    ),
                    (
                        "middle - " + _width(),
                        "that is the lower end; the question asks for half the width",
                    ),
                    ("-" + _width(), "a half-width is positive"),
                    (
                        f"{_HALF} * residual",
                        "those are residuals without a logarithm, and the doubt of the law is "
                        "missing: take the sd of ln L, then both doubts",
                    ),
                    *(
                        (
                            text,
                            "those are residuals without a logarithm: both doubts are shares of "
                            "the loss, in ln L, and are multiplied by it once",
                        )
                        for text in (
                            _width(both="sqrt(residual ** 2 + doubt ** 2)"),
                            _width(both="sqrt(residual ** 2 + doubt ** 2)", middle="1"),
                            _width(both="sqrt(residual ** 2 + (doubt * middle) ** 2)", middle="1"),
                            _width(both="residual"),
                        )
                    ),
                    (
                        _width(middle="floor"),
                        "that multiplies by the floor; the share in ln L is one of the whole loss",
                    ),
                ),
                generic="the doubt of the law and the luck of one run make the half-width: both "
                "as standard deviations of ln L, put together, times 1.645 and the loss",
            ),
        ),
        bounds=(
            (
                "not near(middle, by_law, 0.01) or near(middle, by_law, 0.0004)",
                "that is near: it may be an end of the interval, or something was rounded. The "
                "middle is the law's own number, with all digits of the table",
            ),
            (
                "not near(half_width, by_law, 0.004) or near(middle, by_law, 0.01)",
                "the two fields have changed places: the middle is a loss, and half_width is far "
                "smaller",
            ),
            (
                "not near(half_width, middle, 0.02)",
                "those look like two ends: give the middle between them and half of their distance",
            ),
            (
                f"half_width < 8 * {_width(middle='by_law')}",
                "so wide an interval says nothing and needs no runs at all; let the fit and its "
                "residuals say how far off you may be",
            ),
            (
                f"half_width > 0.97 * {_width(both='luck', middle='by_law')}",
                "that is narrower than the luck of the seed alone: two runs of one recipe would "
                "not both be in it nine times of ten",
            ),
            (
                f"half_width < 1.03 * {_width(middle='by_law')}",
                "that is wider than both doubts make it: go through the two standard deviations, "
                "the root of their squares, the 1.645 and the loss",
            ),
        ),
        hints=(
            "Two things are uncertain: the law, and the luck of the one run that will be made.",
            "The spread of the refits is the doubt of the law. A run adds its own luck, of which "
            "the residuals of the fit tell the size; independent standard deviations add as "
            "squares, and nine in ten are within 1.645 of them.",
            "`fit = fitting.fit_parametric(paid.N, paid.D, paid.loss, delta=1, bootstrap=200)`",
        ),
        praise="there is room in it for the doubt of the law and for the luck of one run, and for "
        "nothing else",
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
            "Read it as somebody who wants to catch you changing your mind afterwards. What is "
            "still open?",
            "Form and reason; runs; forecast with interval and level; what would prove you wrong: "
            "a sentence for each.",
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
                why="Fits take a second. What takes discipline is not to try six of them and keep "
                "the one you like.",
                key="a",
            ),
            Option(
                "Because the form decides which runs can be afforded.",
                why="The price of a run depends on its size and data, not on what you fit to it "
                "later.",
                key="c",
            ),
            Option(
                "Because the right form is known from theory.",
                why="It is not: two corpora of the same laboratory needed opposite forms in "
                "chapter 9.",
                key="d",
            ),
            Option(
                "Because among many forms one will look good afterwards, and its error would then "
                "say nothing about the next forecast.",
                right=True,
                why="An error is evidence only if the forecast could have failed. Chosen "
                "afterwards, it could not.",
                key="b",
            ),
        ),
    ),
    Question(
        id="13-wide-or-wrong",
        prompt="Two forms fit your runs almost equally well and disagree by 5 % about the prize. "
        "What is an honest interval?",
        options=(
            Option(
                "That of the better fit: it is the most likely form.",
                why="Almost equally well means that the runs cannot tell. The interval of one "
                "form knows nothing of the other.",
                key="a",
            ),
            Option(
                "The mean of both forecasts, with the narrower of the two intervals.",
                why="A mean of two answers may be in neither's interval. Its error can be half the "
                "disagreement, and the narrow interval does not show it.",
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
        id="13-divide",
        options=(
            "many small runs of one cost and many sizes",
            "several sizes at several costs, and one run near the prize",
            "one run, as large as the budget buys",
        ),
        keys=("a", "b", "c"),
        truth="b",
        says="Several sizes at several costs: runs of one cost do not say how the loss falls, and "
        "one run is one point.",
        prompt="How would you divide the budget, so that you know the loss of the prize?",
    ),
    Prediction(
        id="13-own-error",
        unit="%",
        lo=0,
        hi=100,
        truth=1.16,
        says="The median over 200 laboratories was 1.16 %.",
        prompt="You may spend a tenth of the prize's compute on smaller runs. How far off will a "
        "good forecast of its loss be, typically?",
    ),
    Prediction(
        id="13-recorded-error",
        options=("under 1 %", "1 to 3 %", "more than 3 %"),
        keys=("a", "b", "c"),
        truth="c",
        says="The forecast was 3.29 % too high.",
        prompt="Now the real laboratory: how far off will the forecast from the smaller purse be?",
    ),
)
