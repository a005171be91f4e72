"""Chapter 9: what students may see of the judging, and the simulated studies that two of the exercises are about."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from ...laws import ChinchillaLaw
from .. import Function, Number, Option, Part, Prediction, Question, Several

_SIZES = np.geomspace(5e7, 3e9, 8)
_TOKENS_PER_PARAMETER = (2, 5, 12, 30, 80)


def personal_study(seed: int) -> pd.DataFrame:
    """Forty simulated runs with columns N, D, loss: eight sizes, 2 to 80 tokens per parameter, 0.4 % noise."""
    rng = np.random.default_rng(seed)
    return _runs(_truth(rng), 0.004, rng)


def four_fits(seed: int) -> list[tuple[pd.DataFrame, ChinchillaLaw]]:
    """Four (runs, law) as four simulated papers report them; one of the laws is not the best for its runs."""
    return [(study.copy(), law) for study, law, _ in _reports(seed)]


@cache
def _reports(seed):
    """Four (runs, reported law, best law)."""
    rng = np.random.default_rng(seed)
    stopped, loudest = rng.permutation(4)[:2]
    noise = rng.uniform(0.002, 0.004, 4)
    noise[loudest] = 0.02
    reports = []
    for place in range(4):
        truth = _truth(rng)
        study = _runs(truth, noise[place], rng)
        best = _best(study)
        reports.append((study, _on_its_way(best, study, rng) if place == stopped else best, best))
    return reports


def _truth(rng) -> ChinchillaLaw:
    """A law whose terms are 0.25 to 0.45 nats each for a billion parameters on twenty billion tokens."""
    alpha, beta = rng.uniform(0.31, 0.38), rng.uniform(0.31, 0.40)
    by_size, by_data = rng.uniform(0.25, 0.45, 2)
    return ChinchillaLaw(
        rng.uniform(1.6, 1.9), by_size * 1e9**alpha, by_data * 2e10**beta, alpha, beta
    )


def _runs(law, noise, rng) -> pd.DataFrame:
    N = np.repeat(_SIZES, len(_TOKENS_PER_PARAMETER))
    D = N * np.tile(_TOKENS_PER_PARAMETER, len(_SIZES))
    return pd.DataFrame(
        {"N": N, "D": D, "loss": law.loss(N, D) * np.exp(rng.normal(0, noise, len(N)))}
    )


def _best(study) -> ChinchillaLaw:
    """The law of least objective."""
    from ...fitting import fit_parametric

    law = fit_parametric(study.N, study.D, study.loss).law
    return replace(law, source="")


def _on_its_way(law, study, rng) -> ChinchillaLaw:
    """Exponents that a descent has not brought home yet, with the E, A, B of least squared relative error for them."""
    alpha, beta = np.array([law.alpha, law.beta]) * rng.permutation([1.15, 0.88])
    terms = (
        np.stack([np.ones_like(study.N), study.N**-alpha, study.D**-beta], axis=1)
        / study.loss.to_numpy()[:, None]
    )
    E, A, B = np.linalg.lstsq(terms, np.ones(len(study)), rcond=None)[0]
    return ChinchillaLaw(E, A, B, alpha, beta)


def _scores(seed):
    """(place of the fit that stopped early, its objective over the best; place of the largest objective), from 1."""
    from ...fitting import objective

    scores = np.array(
        [
            [objective(law, study.N, study.D, study.loss) for law in laws]
            for study, *laws in _reports(seed)
        ]
    )
    ratio = scores[:, 0] / scores[:, 1]
    return int(ratio.argmax()) + 1, float(ratio.max()), int(scores[:, 0].argmax()) + 1


@cache
def _plan(seed, budget):
    """What the exercise asks for, and what the usual short cuts give instead: name -> parameters (or tokens)."""
    from ...fitting import fit_parametric

    study = personal_study(seed)
    fit = fit_parametric(study.N, study.D, study.loss, bootstrap=500)
    best = fit.law.optimum(budget)
    laws = fit.resampled()
    N = [law.optimum(budget).N for law in laws]
    constants = [(law.E, law.A, law.B, law.alpha, law.beta) for law in laws]
    ends = [
        ChinchillaLaw(*np.quantile(constants, level, 0)).optimum(budget).N for level in (0.05, 0.95)
    ]
    quantile = dict(
        zip(
            ("low_end", "high_end", "low80", "high80", "low95", "high95"),
            np.quantile(N, [0.05, 0.95, 0.1, 0.9, 0.025, 0.975]),
            strict=True,
        )
    )
    return {
        "size": best.N,
        "tokens": best.D,
        "corner_low": min(ends),
        "corner_high": max(ends),
        **quantile,
    }


def _quantity(name):
    return lambda seed, budget: _plan(seed, budget)[name]


# ---- the Huber objective: right and wrong --------------------------------------------------------

_ONE = np.array([2.5])
_MANY = np.array([3.1, 2.7, 2.2, 2.05])
_NEAR = _MANY * np.exp([0.0004, -0.0007, 0.0002, -0.0005])
_FAR = _MANY * np.exp([0.03, -0.0006, -0.02, 0.0003])


def _huber(r, delta, half=0.5):
    r = np.abs(r)
    return np.where(r <= delta, half * r**2, delta * (r - half * delta))


def _logs(predicted, observed):
    return np.log(predicted) - np.log(observed)


EXERCISES = (
    Function(
        id="09-huber",
        answer="huber_objective",
        arguments=("predicted", "observed", "delta"),
        probes=(
            (_NEAR, _MANY, 1e-3),
            (_FAR, _MANY, 1e-3),
            (_FAR, _MANY, 1e-2),
            (1.1 * _ONE, _ONE, 0.05),
        ),
        properties=(
            (
                lambda f: np.shape(f(_FAR, _MANY, 1e-3)) == (),
                "return one number: the sum over all runs",
            ),
            (
                lambda f: f(_MANY, _MANY, 1e-3) == 0,
                "where every prediction is right the objective is 0",
            ),
            (
                lambda f: np.isclose(f(_ONE * np.exp(0.001), _ONE, 1e-3), 0.5e-6, rtol=1e-4),
                "for one run off by exactly delta (in log loss) the objective is delta ** 2 / 2",
            ),
            (
                lambda f: np.isclose(
                    f(_ONE * np.exp(0.02), _ONE, 1e-3) - f(_ONE * np.exp(0.01), _ONE, 1e-3),
                    1e-5,
                    rtol=1e-4,
                ),
                "beyond delta the objective is a straight line of slope delta",
            ),
            (
                lambda f: np.isclose(f(_FAR, _MANY, 1e-3), f(_MANY, _FAR, 1e-3)),
                "too high and too low cost the same",
            ),
            (
                lambda f: np.isclose(
                    f(np.tile(_FAR, 3), np.tile(_MANY, 3), 1e-3), 3 * f(_FAR, _MANY, 1e-3)
                ),
                "three times the runs, three times the objective: it is a sum",
            ),
            (
                lambda f: np.isclose(
                    f(_FAR, _MANY, 1e-2), _huber(_logs(_FAR, _MANY), 1e-2).sum(), rtol=1e-6
                ),
                "with another delta it goes wrong: follow delta through both pieces",
            ),
        ),
        mistakes=(
            (
                lambda p, o, delta: _huber(_logs(p, o), delta).mean(),
                "that is the mean. For the place of the minimum it is the same, for an optimiser's stopping rule it is not: "
                "the published objective is the sum",
            ),
            (
                lambda p, o, delta: _huber(p - o, delta).sum(),
                "that takes the residual of the losses; the published one is the residual of their logarithms",
            ),
            (
                lambda p, o, delta: _huber(p / o - 1, delta).sum(),
                "predicted over observed, less one, is only near the residual, and too high costs more than too low: take the "
                "difference of the logarithms",
            ),
            (
                lambda p, o, delta: (_logs(p, o) ** 2 / 2).sum(),
                "that is squared everywhere: one broken run would rule the fit. Beyond delta it must go on as a straight line",
            ),
            (
                lambda p, o, delta: _huber(_logs(p, o), delta, half=1.0).sum(),
                "a factor 1/2 is missing: r ** 2 / 2 inside, and delta * (|r| - delta / 2) beyond, so that the slopes meet",
            ),
            (
                lambda p, o, delta: np.where(
                    np.abs(_logs(p, o)) <= delta, _logs(p, o) ** 2 / 2, delta * np.abs(_logs(p, o))
                ).sum(),
                "the two pieces do not meet at delta: the straight piece starts delta ** 2 / 2 lower",
            ),
            (
                lambda p, o, delta: np.where(
                    _logs(p, o) <= delta, _logs(p, o) ** 2 / 2, delta * (_logs(p, o) - delta / 2)
                ).sum(),
                "compare the size of the residual with delta, not the residual: -0.03 is far outside as well",
            ),
            (
                lambda p, o, delta: _huber(_logs(p, o), 1e-3).sum(),
                "right for delta 1e-3 and for no other: the 1e-3 is typed in where the argument delta belongs",
            ),
        ),
        hints=(
            "First the residual of each run, in logarithms; then what each residual costs; then add up.",
            "A residual r costs r ** 2 / 2 where |r| <= delta, and delta * (|r| - delta / 2) beyond.",
            "`r = np.abs(np.log(predicted) - np.log(observed))`, and `np.where` chooses between the two pieces",
        ),
        praise="small errors by their square, large ones by their size, and a sum over the runs",
    ),
    Several(
        id="09-stopped-early",
        answer="stopped_early",
        given=("seed",),
        derived={
            "guilty": lambda seed: _scores(seed)[0],
            "ratio": lambda seed: _scores(seed)[1],
            "largest": lambda seed: _scores(seed)[2],
        },
        parts=(
            Part(
                name="which",
                truth="guilty",
                exact=True,
                mistakes=(
                    (
                        "largest",
                        "that report has the largest objective, because its runs are the noisiest. Compare each objective with the best one for the same runs",
                    ),
                    ("guilty - 1", "is that counted from 0? The reports count from 1"),
                ),
                generic="refitting the runs of that report leads to no better objective than it has: its law is the best for its runs",
            ),
            Part(
                name="excess",
                truth="ratio",
                rtol=0.01,
                mistakes=(
                    ("1 / ratio", "that ratio is upside down: the reported objective goes on top"),
                    (
                        "100 * (ratio - 1)",
                        "that is by how many per cent it is larger; asked for is the ratio",
                    ),
                    ("ratio - 1", "that is the excess as a share; asked for is the ratio"),
                ),
                generic="the excess is not the reported law's objective over that of the best law for the same runs",
            ),
        ),
        bounds=(
            ("which > 0.5 and which < 4.5", "which counts the four reports from 1 to 4"),
            (
                "excess >= 1",
                "the excess is the reported law's objective over that of the best law, so it cannot be below 1",
            ),
        ),
        hints=(
            "An objective means nothing by itself: it grows with the noise. What could you compare it with?",
            "Score each reported law with `fitting.objective`, refit the same runs, and divide: a law that is at its minimum gives 1.",
            "`for table, law in four_fits(seed): print(fitting.objective(law, table.N, table.D, table.loss))`",
        ),
        praise="that optimiser stopped on its way; the report with the largest objective has only the noisiest runs",
    ),
    Number(
        id="09-halve-interval",
        answer="runs_to_add",
        given=("n_runs", "width", "wanted"),
        truth="n_runs * ((width / wanted) ** 2 - 1)",
        unit="runs",
        rtol=0.008,
        whole=True,
        bounds=(
            ("x > 0", "a narrower interval needs more runs"),
            (
                "width * (n_runs / (n_runs + x)) ** 0.5 <= 1.005 * wanted",
                "with that many more runs the interval is still wider than wanted",
            ),
            (
                "width * (n_runs / (n_runs + x)) ** 0.5 >= 0.995 * wanted",
                "with that many more runs the interval is narrower than wanted: fewer are enough",
            ),
        ),
        mistakes=(
            (
                "n_runs * (width / wanted) ** 2",
                "that is how many runs there would be in all; how many of them are new?",
            ),
            (
                "n_runs * (width / wanted - 1)",
                "that would do if the width fell as 1/n; it falls as the square root",
            ),
            (
                "n_runs * width / wanted",
                "that would do if the width fell as 1/n; it falls as the square root",
            ),
            (
                "(width / wanted) ** 2",
                "that is the factor by which the runs grow; how many runs are there now?",
            ),
            (
                "n_runs * ((width / wanted) ** 0.5 - 1)",
                "the square root stands on the other side: four times the runs halve the width",
            ),
        ),
        generic="with that many more runs the interval is not of the width that is wanted",
        hints=(
            "Averages of n independent things: how does their spread depend on n?",
            "The width falls as 1 / sqrt(n), so n grows as (width / wanted) ** 2.",
            "`runs_to_add = n_runs * (...) - n_runs`",
        ),
        praise="the width falls with the square root of the number of runs, so precision is dear",
    ),
    Several(
        id="09-plan",
        answer="plan",
        given=("seed", "budget"),
        derived={
            name: _quantity(name)
            for name in (
                "size",
                "tokens",
                "low_end",
                "high_end",
                "corner_low",
                "corner_high",
                "low80",
                "high80",
                "low95",
                "high95",
            )
        },
        parts=(
            Part(
                name="low",
                truth="low_end",
                unit="parameters",
                rtol=0.01,
                mistakes=(
                    (
                        "corner_low",
                        "that puts the ends of each constant's interval into the formula. The constants move together: put each refit into the formula, then take the ends",
                    ),
                    ("low80", "that interval leaves out 10 % on each side: it is an 80 % interval"),
                    ("low95", "that interval leaves out 2.5 % on each side: it is a 95 % interval"),
                ),
                generic="the low end is the size that 5 % of the 500 refits (seed 0) stay below",
            ),
            Part(
                name="best",
                truth="size",
                unit="parameters",
                rtol=0.005,
                mistakes=(
                    (
                        "size / 1e9",
                        "the sizes are asked for in parameters; yours look like thousands, millions or billions of them",
                    ),
                    (
                        "size / 1e6",
                        "the sizes are asked for in parameters; yours look like thousands, millions or billions of them",
                    ),
                    (
                        "size / 1e3",
                        "the sizes are asked for in parameters; yours look like thousands, millions or billions of them",
                    ),
                    ("tokens", "those are the tokens; asked for is the size"),
                ),
                generic="the best size is that of the law fitted to all forty runs, at your budget",
            ),
            Part(
                name="high",
                truth="high_end",
                unit="parameters",
                rtol=0.01,
                mistakes=(
                    (
                        "corner_high",
                        "that puts the ends of each constant's interval into the formula. The constants move together: put each refit into the formula, then take the ends",
                    ),
                    (
                        "high80",
                        "that interval leaves out 10 % on each side: it is an 80 % interval",
                    ),
                    (
                        "high95",
                        "that interval leaves out 2.5 % on each side: it is a 95 % interval",
                    ),
                ),
                generic="the high end is the size that 5 % of the 500 refits (seed 0) exceed",
            ),
        ),
        bounds=(
            (
                "low < best and best < high",
                "the three numbers must rise: low end, best size, high end",
            ),
        ),
        hints=(
            "Every refit is a law of its own. What does each of them say about your budget?",
            "The ends are the 5 % and 95 % quantiles of the best sizes of the refits; `fit.interval` takes the question as a function.",
            "`fit = fitting.fit_parametric(study.N, study.D, study.loss, bootstrap=500)`",
        ),
        praise="every refit was asked for its own plan, and nine in ten lie between your ends",
    ),
)


QUESTIONS = (
    Question(
        id="09-success",
        prompt="An optimiser stops and reports success. What do you know?",
        options=(
            Option(
                "its last step gained less, or its slope was smaller, than it was told to look for",
                right=True,
                why="Whether that is little depends on the size of the objective: so scale it up before you minimise it. The runs of the mean nearly all ended by the slope.",
                key="b",
            ),
            Option(
                "it has found a minimum",
                why="All 160 starts of the mean ended with success, and none of them had arrived.",
                key="a",
            ),
            Option(
                "other starts would give the same law",
                why="Only other starts can tell. Four readers who took the mean found four laws.",
                key="c",
            ),
        ),
    ),
    Question(
        id="09-five-runs",
        prompt="The Huber loss keeps single runs from ruling a fit. Why could five of 245 runs move the exponent of data so far?",
        options=(
            Option(
                "they stand where hardly any other run does",
                right=True,
                why="That is leverage. They lie far off the law, and the Huber loss caps what that costs; it does not cap what their place gives them.",
                key="b",
            ),
            Option(
                "they are noisier than the rest",
                why="They do lie off the law, by up to 30 %. But what a run pays for that is capped.",
                key="a",
            ),
            Option(
                "the bend of the Huber loss was set too high",
                why="A bend ten times lower changes the law by less than these five do.",
                key="c",
            ),
        ),
    ),
    Question(
        id="09-not-in-it",
        prompt="Which of these does a bootstrap interval not see?",
        options=(
            Option(
                "that other runs of the same kind might have been made",
                why="That is the one thing that it does imitate, by drawing runs again.",
                key="a",
            ),
            Option(
                "that A and its exponent move together",
                why="Each refit keeps its own pair, so a plan made from whole laws has it in.",
                key="b",
            ),
            Option(
                "that the formula bends away at the ends of the table",
                right=True,
                why="Every resample has both ends in it. Leave one end out, and the plan moves out of the interval.",
                key="c",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="09-beta",
        prompt="How wide is the 90 % interval for the exponent of data, to either side?",
        options=("about 1 %", "about 10 %", "about 30 %"),
    ),
    Prediction(
        id="09-best-size",
        prompt="And the interval for the best model size at Gopher's budget?",
        options=("about 1 %", "about 10 %", "about 30 %"),
    ),
    Prediction(
        id="09-smallest-misfit",
        prompt="Will the form that misses the fitted runs by least be the one that forecasts the larger run best?",
        options=("yes, on both corpora", "on one of the two", "on neither"),
    ),
)
