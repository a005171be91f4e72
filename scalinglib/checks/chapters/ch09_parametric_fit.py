"""Chapter 9: what students may see of the judging, and the simulated studies of two exercises."""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from ...laws import BESIROGLU_2024, HOFFMANN_2022, ChinchillaLaw
from .. import Function, Number, Option, Part, Prediction, Question, Several
from ..kinds import once

_GOPHER = 5.76e23
_SIZES = np.geomspace(5e7, 3e9, 8)
_TOKENS_PER_PARAMETER = (2, 5, 12, 30, 80)
_DELTA = 1e-3
#: the third from either end of 41 are the ends of a 90 % interval
_REFITS = 41


def personal_study(study_seed: int) -> pd.DataFrame:
    """Forty simulated runs with columns N, D, loss, 0.4 % noise.

    Eight sizes, 2 to 80 tokens per parameter; rounded as the page prints its runs.
    """
    rng = np.random.default_rng(study_seed)
    return _runs(_truth(rng), 0.004, rng)


def four_fits(reports_seed: int) -> list[tuple[pd.DataFrame, ChinchillaLaw]]:
    """Four (runs, law) as four simulated papers report them; one law is not the best for its runs.

    All four have the same sizes and tokens; losses and constants are rounded as the page prints
    them.
    """
    return [(study.copy(), law) for study, law, _ in _reports(reports_seed)]


@cache
def _reports(seed):
    """Four (runs, reported law, least objective of these runs)."""
    rng = np.random.default_rng(seed)
    stopped, loudest = rng.permutation(4)[:2]
    noise = rng.uniform(0.002, 0.004, 4)
    noise[loudest] = 0.02
    reports = []
    for place in range(4):
        truth = _truth(rng)
        study = _runs(truth, noise[place], rng)
        best, least = _best(study)
        told = _on_its_way(best, study, rng) if place == stopped else best
        reports.append((study, _in_digits(told), least))
    return reports


def _truth(rng) -> ChinchillaLaw:
    """A law whose terms are 0.25 to 0.45 nats each for a billion parameters on 20B tokens."""
    alpha, beta = rng.uniform(0.31, 0.38), rng.uniform(0.31, 0.40)
    by_size, by_data = rng.uniform(0.25, 0.45, 2)
    return ChinchillaLaw(
        rng.uniform(1.6, 1.9), by_size * 1e9**alpha, by_data * 2e10**beta, alpha, beta
    )


def _runs(law, noise, rng) -> pd.DataFrame:
    N = np.repeat(_SIZES, len(_TOKENS_PER_PARAMETER))
    D = N * np.tile(_TOKENS_PER_PARAMETER, len(_SIZES))
    loss = law.loss(N, D) * np.exp(rng.normal(0, noise, len(N)))
    return pd.DataFrame({"N": _digits(N, 4), "D": _digits(D, 4), "loss": np.round(loss, 4)})


def _unless_near(wrong, right, share=0.013):
    """A slip's number; nan where it may pass for the right one, as far as that is told apart.

    That is within a share of it, or where two digits of the slip are three of the right one.
    """
    near = any(abs(one - right) <= share * abs(right) for one in (wrong, float(f"{wrong:.1e}")))
    return np.nan if near else wrong


def _each(template, values, words):
    """One mistake for each value that somebody puts in place of another, all in the same words."""
    return tuple((template.format(value), words) for value in values)


def _digits(column, digits=6):
    return [float(f"{value:.{digits}g}") for value in column]


def _in_digits(law) -> ChinchillaLaw:
    """With six digits of each constant, which is enough for what is asked of it."""
    E, A, B, alpha, beta = _digits((law.E, law.A, law.B, law.alpha, law.beta))
    return ChinchillaLaw(E, A, B, alpha, beta)


def _best(study) -> tuple[ChinchillaLaw, float]:
    """The law of least objective, and that objective."""
    from ...fitting import fit_parametric

    with warnings.catch_warnings(action="ignore"):  # the reader's own fit warns them
        fit = fit_parametric(study.N, study.D, study.loss)
    return replace(fit.law, source=""), fit.objective


def _on_its_way(law, study, rng) -> ChinchillaLaw:
    """Exponents that a descent has not brought home yet.

    E, A and B are those of least squared relative error for them.
    """
    alpha, beta = np.array([law.alpha, law.beta]) * rng.permutation([1.15, 0.88])
    terms = (
        np.stack([np.ones_like(study.N), study.N**-alpha, study.D**-beta], axis=1)
        / study.loss.to_numpy()[:, None]
    )
    E, A, B = np.linalg.lstsq(terms, np.ones(len(study)), rcond=None)[0]
    return ChinchillaLaw(E, A, B, alpha, beta)


# ---- four reports --------------------------------------------------------------------------------


def _told_reports(reports_seed):
    """The runs of the four reports, which share N and D, and what each reports."""
    reports = _reports(reports_seed)
    runs = {"N": reports[0][0].N, "D": reports[0][0].D}
    runs |= {f"loss_{place}": study.loss for place, (study, *_) in enumerate(reports, 1)}
    constants = {
        name: [getattr(law, name) for _, law, _ in reports]
        for name in ("E", "A", "alpha", "B", "beta")
    }
    least = _digits([least for *_, least in reports], 5)
    return {"runs": runs, "reports": {"report": [1, 2, 3, 4], **constants, "least": least}}


@once
def _scores(data) -> dict[str, float]:
    """What the exercise asks for, and what slips give instead, from the printed tables."""
    runs, told = data["runs"], data["reports"]
    least = told["least"]

    def terms(k, N, D):
        return (
            told["E"][k]
            + told["A"][k] / N ** told["alpha"][k]
            + told["B"][k] / D ** told["beta"][k]
        )

    laws = [terms(k, runs["N"], runs["D"]) for k in range(4)]
    seen = [runs[f"loss_{k}"] for k in (1, 2, 3, 4)]
    objective = np.array(
        [_huber(_logs(law, loss), _DELTA).sum() for law, loss in zip(laws, seen, strict=True)]
    )
    ratio = objective / least
    k = int(ratio.argmax())
    r = _logs(laws[k], seen[k])
    swapped = _logs(
        told["E"][k]
        + told["B"][k] / runs["N"] ** told["alpha"][k]
        + told["A"][k] / runs["D"] ** told["beta"][k],
        seen[k],
    )
    others = {"tenth_delta": _huber(r, _DELTA / 10).sum() / least[k]}
    others["plain_sum"] = np.abs(r).sum() / least[k]
    others["root"] = np.sqrt((r**2).mean()) / least[k]
    others["signed"] = np.where(r <= _DELTA, r**2 / 2, _DELTA * (r - _DELTA / 2)).sum() / least[k]
    others["unhalved"] = (
        np.where(np.abs(r) <= _DELTA, r**2 / 2, _DELTA * np.abs(r)).sum() / least[k]
    )

    def scored(E, size, data):
        return _huber(_logs(E + size + data, seen[k]), _DELTA).sum() / least[k]

    N, D = runs["N"], runs["D"]
    E, A, alpha, B, beta = (told[name][k] for name in ("E", "A", "alpha", "B", "beta"))
    others |= {
        "short_exponents": scored(E, A / N ** round(alpha, 2), B / D ** round(beta, 2)),
        "no_floor": scored(0, A / N**alpha, B / D**beta),
        "runs_crossed": scored(E, A / D**alpha, B / N**beta),
        "powers_crossed": scored(E, A / N**beta, B / D**alpha),
        "binary": _huber(r / np.log(2), _DELTA).sum() / least[k],
        "hundredfold": _huber(100 * r, _DELTA).sum() / least[k],
    }
    # what the page prints of its own stops and of the printed constants
    others |= {"page_stop": 11.096, "page_printed": 1.21}
    for place in range(4):
        of_losses = _huber(_logs(laws[k], seen[place]), _DELTA).sum()
        of_law = _huber(_logs(laws[place], seen[k]), _DELTA).sum()
        others |= {
            f"least_{place}": objective[k] / least[place],
            f"losses_{place}": of_losses / least[k],
            f"both_{place}": of_losses / least[place],
            f"law_{place}": of_law / least[k],
        }
    return {name: _unless_near(float(one), ratio[k]) for name, one in others.items()} | {
        "guilty": k + 1,
        "ratio": ratio[k],
        "largest": int(objective.argmax()) + 1,
        "smallest": int(objective.argmin()) + 1,
        "odd_exponents": int(np.abs(told["beta"] / (told["alpha"] + told["beta"]) - 0.5).argmax())
        + 1,
        "at_rest": float(np.delete(ratio, k).max()),
        "reported": objective[k],
        "spread": objective.max() / objective.min(),
        "squares": (r**2).sum() / 2 / least[k],
        "no_halves": _huber(r, _DELTA, half=1.0).sum() / least[k],
        "ten_deltas": _huber(r, 10 * _DELTA).sum() / least[k],
        "sizes_only": _DELTA * np.abs(r).sum() / least[k],
        "of_losses": _huber(laws[k] - seen[k], _DELTA).sum() / least[k],
        "decimal": _huber(r / np.log(10), _DELTA).sum() / least[k],
        "crossed": _huber(swapped, _DELTA).sum() / least[k],
    }


_OTHER_SCORES = (
    *("tenth_delta", "plain_sum", "root", "signed", "unhalved", "page_stop", "page_printed"),
    *("short_exponents", "no_floor", "runs_crossed", "powers_crossed", "binary", "hundredfold"),
    *(f"{kind}_{place}" for kind in ("least", "losses", "both", "law") for place in range(4)),
)


def _score(name):
    return lambda reports_seed, data: _scores(data)[name]


# ---- a plan --------------------------------------------------------------------------------------


@cache
def _refitted(study_seed):
    from ...fitting import fit_parametric

    study = personal_study(study_seed)
    with warnings.catch_warnings(action="ignore"):
        return fit_parametric(study.N, study.D, study.loss, bootstrap=_REFITS)


def _told_plan(study_seed, budget):
    """The law of the forty runs, and those of the refits in the order of their best sizes."""
    fit = _refitted(study_seed)
    names = ["E", "A", "alpha", "B", "beta"]
    sizes = [law.optimum(budget).N for law in fit.resampled()]
    assert fit.samples is not None
    refits = fit.samples[names].iloc[np.argsort(sizes)]
    return {
        "law": {name: _digits([getattr(fit.law, name)]) for name in names},
        "refits": {"refit": list(range(1, _REFITS + 1))}
        | {name: _digits(refits[name]) for name in names},
    }


def _best_size(law, budget, **slip):
    """The best N; a slip replaces a step of the formula."""
    ratio = law["alpha"] * law["A"] / (law["beta"] * law["B"])
    whole = law["alpha"] + law["beta"]
    ratio = slip.get("ratio", lambda law, ratio: ratio)(law, ratio)
    exponent = law[slip.get("power", "beta")] / whole
    return ratio ** (1 / whole) * (budget / slip.get("six", 6)) ** exponent


#: short cuts through the formula that a reader takes with every refit: name -> (how, words)
_SLIPS = {
    "six": (
        {"six": 1},
        "that puts C where the best split has C / 6: C = 6 N D, so N D is the budget over 6",
    ),
    "six_times": (
        {"six": 1 / 6},
        "C = 6 N D: the budget is divided by 6, not multiplied with it",
    ),
    "tenth": (
        {"six": 60},
        "that is for a tenth of your budget: look at its power of ten",
    ),
    "ten_times": (
        {"six": 0.6},
        "that is for ten times your budget: look at its power of ten",
    ),
    "turned": (
        {"ratio": lambda law, ratio: 1 / ratio},
        "the ratio in front is upside down: alpha A stands over beta B. "
        "(Where the two prices of one per cent are equal, a large A asks for a large N)",
    ),
    "swapped": (
        {"ratio": lambda law, ratio: law["alpha"] * law["B"] / (law["beta"] * law["A"])},
        "A and B have changed places: alpha A stands over beta B",
    ),
    "bare": (
        {"ratio": lambda law, ratio: law["A"] / law["B"]},
        "that compares A with B; compared are alpha A and beta B, "
        "because the exponents say how fast each price falls",
    ),
    "no_front": (
        {"ratio": lambda law, ratio: 1.0},
        "that is the power of C / 6 alone; what stands in front is missing, "
        "(alpha A / (beta B))^(1 / (alpha + beta))",
    ),
    "no_root": (
        {"ratio": lambda law, ratio: ratio ** (law["alpha"] + law["beta"])},
        "alpha A / (beta B) stands in front without its power 1 / (alpha + beta): "
        "N^(alpha + beta) is what that equation gives",
    ),
    "of_data": (
        {"power": "alpha"},
        "alpha / (alpha + beta) is the exponent of the tokens; "
        "the size grows with beta / (alpha + beta)",
    ),
}


def _half_power(law, budget):
    """The best size with one half as the exponent of the budget."""
    power = law["beta"] / (law["alpha"] + law["beta"])
    return _best_size(law, budget) * (budget / 6) ** (0.5 - power)


def _rough_power(law, budget):
    """The best size with the exponent of the budget rounded to two digits."""
    power = law["beta"] / (law["alpha"] + law["beta"])
    return _best_size(law, budget) * (budget / 6) ** (round(power, 2) - power)


@once
def _plans(budget, data) -> dict[str, float]:
    """What the exercise asks for, and what slips give instead, from the printed tables."""
    law = {name: column[0] for name, column in data["law"].items()}
    refits = data["refits"]

    def three(find):
        """The number itself, and the ends that leave out two refits on either side."""
        among = np.sort(find(refits))
        return {"low": among[2], "best": find(law), "high": among[-3]}

    found = {
        f"{end}_{name}": value
        for name, slip in {"right": {}, **{name: how for name, (how, _) in _SLIPS.items()}}.items()
        for end, value in three(lambda law, slip=slip: _best_size(law, budget, **slip)).items()
    }
    for name, slip in {"": {}, **{name: how for name, (how, _) in _SLIPS.items()}}.items():
        by_row = _best_size(refits, budget, **slip)
        if not name:
            name, by_row = "tokens", budget / 6 / by_row
        found |= {f"low_row_{name}": by_row[2], f"high_row_{name}": by_row[-3]}
    found |= {
        f"{end}_tokens": value
        for end, value in three(lambda law: budget / 6 / _best_size(law, budget)).items()
    }
    among = np.sort(_best_size(refits, budget))
    found |= {"low95": among[1], "high95": among[-2], "low80": among[4], "high80": among[-5]}
    found |= {"least": among[0], "most": among[-1]}
    right = {end: found[f"{end}_right"] for end in ("low", "best", "high")}
    gopher = three(lambda law: _best_size(law, _GOPHER))
    rough = law | {name: round(law[name], 2) for name in ("alpha", "beta")}
    rows = {"low": 2, "best": None, "high": -3}  # of the table; the best size has the law itself
    found |= {
        f"{end}_power": _unless_near(
            _rough_power({name: refits[name][row] for name in law} if row else law, budget),
            right[end],
        )
        for end, row in rows.items()
    }
    found |= {f"{end}_gopher": _unless_near(gopher[end], right[end]) for end in right}
    found |= {
        f"{name}{step}": _unless_near(among[place], right[name])
        for step in (3, 5, 6)
        for name, place in (("low", step), ("high", -1 - step))
    }
    found |= {
        name: _unless_near(value, right["best"])
        for name, value in (
            ("median", np.median(among)),
            ("mean", among.mean()),
            ("rough", _best_size(rough, budget)),
            ("half_power", _half_power(law, budget)),
            ("page_plan", 7.32e10),
            ("chinchilla", 7e10),
            ("between", (among[2] + among[-3]) / 2),
            ("besiroglu", BESIROGLU_2024.optimum(budget).N),
            ("hoffmann", HOFFMANN_2022.optimum(budget).N),
            ("of_least", among[0]),
            ("of_most", among[-1]),
        )
    }
    corners = [
        _best_size({name: np.sort(column)[place] for name, column in refits.items()}, budget)
        for place in (2, -3)
    ]
    mixed = [
        _best_size(law | {name: np.sort(refits[name])[place] for name in ("alpha", "beta")}, budget)
        for place in (2, -3)
    ]
    half = 1.645 * among.std(ddof=1)
    found |= {
        "mirror_low": _unless_near(2 * right["best"] - right["high"], right["low"]),
        "mirror_high": _unless_near(2 * right["best"] - right["low"], right["high"]),
        "mirror_low_log": _unless_near(right["best"] ** 2 / right["high"], right["low"]),
        "mirror_high_log": _unless_near(right["best"] ** 2 / right["low"], right["high"]),
        "scaled": _unless_near(3e9 * (budget / (18e9 * 2.4e11)) ** 0.5, right["best"]),
    }
    return {name: float(value) for name, value in found.items()} | {
        "corner_low": min(corners),
        "corner_high": max(corners),
        "mixed_low": min(mixed),
        "mixed_high": max(mixed),
        "normal_low": found["best_right"] - half,
        "normal_high": found["best_right"] + half,
    }


def _plan(name):
    return lambda study_seed, budget, data: _plans(budget, data)[name]


_PLANS = (
    *(f"{end}_{name}" for end in ("low", "best", "high") for name in ("right", *_SLIPS, "tokens")),
    *(f"{end}_row_{name}" for end in ("low", "high") for name in (*_SLIPS, "tokens")),
    *("low95", "high95", "low80", "high80", "least", "most"),
    *(f"{end}_gopher" for end in ("low", "best", "high")),
    *(f"{end}{step}" for end in ("low", "high") for step in (3, 5, 6)),
    *("median", "mean", "rough", "between", "besiroglu", "hoffmann", "of_least", "of_most"),
    *(f"{end}_power" for end in ("low", "best", "high")),
    *("half_power", "page_plan", "chinchilla"),
    *("mirror_low", "mirror_high", "mirror_low_log", "mirror_high_log", "scaled"),
    *("corner_low", "corner_high", "mixed_low", "mixed_high", "normal_low", "normal_high"),
)


def _slips_of(end):
    """The mistakes that the law and every refit share, at one of the three places."""
    units = "the sizes are asked for in parameters; yours look like {} of them"
    return (
        *((f"{end}_{name}", words) for name, (_, words) in _SLIPS.items()),
        (f"{end}_tokens", "those are tokens, D = C / 6N; the question asks for the size"),
        (
            "budget / 6 / 3e9",
            "those are the tokens of the study's largest size; the question asks for the best size",
        ),
        *(
            (f"{end}_row_{name}", words)
            for end in ([end] if end != "best" else [])
            for name, words in (
                *((name, words) for name, (_, words) in _SLIPS.items()),
                ("tokens", "those are tokens, D = C / 6N; the question asks for the size"),
            )
        ),
        (
            f"{end}_gopher",
            "that is the best size at Gopher's budget, 5.76e23 FLOPs; yours is another",
        ),
        *(
            (
                f"{end}{step}",
                f"that leaves out {words} refits on this side; 5 % of 41 are two",
            )
            for step, words in ((3, "three"), (5, "five"), (6, "six"))
            if end != "best"
        ),
        (f"{end}_six / 6", "the 6 divides the budget, once, before the power is taken"),
        (f"{end}_power", "beta / (alpha + beta) was rounded to two digits on the way: carry five"),
        *(
            (f"{end}_right / {factor}", units.format(word))
            for factor, word in (("1e9", "billions"), ("1e6", "millions"))
        ),
    )


_CORNERS = (
    "that puts the ends of each constant's interval into the formula. The constants move together: "
    "put each refit into the formula, then take the ends"
)
_EXPONENTS_ONLY = (
    "that takes alpha and beta from the refits and A and B from the law of all runs. "
    "They move together: each refit needs its own A and B"
)
_NORMAL = (
    "that is 1.645 standard deviations from the best size, as for a bell. "
    "The sizes of the refits are not spread like one: count from the ends instead"
)

_NEIGHBOUR = ". Or is it of another refit?"
_MIRROR = "that is as far from the best size as the other end: count from this end too"


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
                "that is the mean. For the place of the minimum it is the same, for an "
                "optimiser's stopping rule it is not: "
                "the published objective is the sum",
            ),
            (
                lambda p, o, delta: _huber(p - o, delta).sum(),
                "that takes the residual of the losses; the published one is the residual of "
                "their logarithms",
            ),
            (
                lambda p, o, delta: _huber(p / o - 1, delta).sum(),
                "predicted over observed, less one, is only near the residual, and too high costs "
                "more than too low: take the "
                "difference of the logarithms",
            ),
            (
                lambda p, o, delta: (_logs(p, o) ** 2 / 2).sum(),
                "that is squared everywhere: one broken run would rule the fit. Beyond delta it "
                "must go on as a straight line",
            ),
            (
                lambda p, o, delta: _huber(_logs(p, o), delta, half=1.0).sum(),
                "a factor 1/2 is missing: r ** 2 / 2 inside, and delta * (|r| - delta / 2) "
                "beyond, so that the slopes meet",
            ),
            (
                lambda p, o, delta: np.where(
                    np.abs(_logs(p, o)) <= delta, _logs(p, o) ** 2 / 2, delta * np.abs(_logs(p, o))
                ).sum(),
                "the two pieces do not meet at delta: the straight piece starts delta ** 2 / 2 "
                "lower",
            ),
            (
                lambda p, o, delta: np.where(
                    _logs(p, o) <= delta, _logs(p, o) ** 2 / 2, delta * (_logs(p, o) - delta / 2)
                ).sum(),
                "compare the size of the residual with delta, not the residual: -0.03 is far "
                "outside as well",
            ),
            (
                lambda p, o, delta: _huber(_logs(p, o), 1e-3).sum(),
                "right for delta 1e-3 and for no other: the 1e-3 is typed in where the argument "
                "delta belongs",
            ),
        ),
        hints=(
            "First the residual of each run, in logarithms; then what each residual costs; then "
            "add up.",
            "A residual r costs r ** 2 / 2 where |r| <= delta, and delta * (|r| - delta / 2) "
            "beyond.",
            "`r = np.abs(np.log(predicted) - np.log(observed))`, and `np.where` chooses between "
            "the two pieces",
        ),
        praise="small errors by their square, large ones by their size, and a sum over the runs",
    ),
    Several(
        id="09-stopped-early",
        answer="stopped_early",
        given=("reports_seed",),
        data=_told_reports,
        derived={
            name: _score(name)
            for name in (
                *("guilty", "ratio", "largest", "smallest", "odd_exponents", "at_rest", "reported"),
                *("spread", "squares", "sizes_only"),
                *("of_losses", "decimal", "crossed", "no_halves", "ten_deltas"),
                *_OTHER_SCORES,
            )
        },
        parts=(
            Part(
                name="which",
                truth="guilty",
                exact=True,
                mistakes=(
                    (
                        "largest",
                        "that report has the largest objective, because its runs are the noisiest. "
                        "Compare each objective with the least one for the same runs",
                    ),
                    (
                        "smallest",
                        "that report has the smallest objective, which says that its runs are "
                        "quiet. Compare each objective with the least one for the same runs",
                    ),
                    (
                        "odd_exponents",
                        "that report has the exponent a farthest from one half, which is no sign "
                        "of anything: its runs may say so. Compare objectives",
                    ),
                    ("guilty - 1", "is that counted from 0? The reports count from 1"),
                ),
                generic="that report's objective is the least for its runs, to many digits: "
                "its law is at its minimum",
            ),
            Part(
                name="excess",
                truth="ratio",
                mistakes=(
                    ("1 / ratio", "that ratio is upside down: the reported objective goes on top"),
                    (
                        "100 * (ratio - 1)",
                        "that is by how many per cent it is larger; the question asks for the "
                        "ratio",
                    ),
                    (
                        "100 * ratio",
                        "that is the ratio in per cent; the question asks how many times",
                    ),
                    (
                        "log(ratio)",
                        "that is the logarithm of the ratio; the question asks for the ratio",
                    ),
                    *_each(
                        "{}",
                        ("sqrt(ratio)", "ratio ** 2"),
                        "the ratio itself is asked for, no root or square of it",
                    ),
                    ("ratio - 1", "that is the excess as a share; the question asks for the ratio"),
                    (
                        "at_rest",
                        "a ratio of 1, to so many digits, is that of a law at its minimum: "
                        "one of the four reports has another",
                    ),
                    (
                        "reported",
                        "that is the reported objective; divide it by the least one for its runs",
                    ),
                    (
                        "reported - reported / ratio",
                        "that is the difference of the two objectives; the question asks for the "
                        "ratio",
                    ),
                    (
                        "ratio / 40",
                        "that is a mean over a sum: take both as sums over the forty runs",
                    ),
                    (
                        "spread",
                        "that is the largest of the four reported objectives over the smallest, "
                        "and compares the noise of different runs",
                    ),
                    (
                        "squares",
                        "that squares every residual; beyond delta the Huber loss goes on as a "
                        "straight line",
                    ),
                    (
                        "sizes_only",
                        "that is delta times the size of each residual. The straight piece is "
                        "delta * (|r| - delta / 2), and small residuals are squared and halved",
                    ),
                    (
                        "no_halves",
                        "a factor 1/2 is missing: r^2 / 2 inside, and delta * (|r| - delta / 2) "
                        "beyond",
                    ),
                    (
                        "ten_deltas",
                        "that has a delta of 0.01; the `least` of the table has 0.001",
                    ),
                    *_each(
                        "least_{}",
                        range(4),
                        "that divides by the `least` of another report: it belongs to other runs",
                    ),
                    *_each(
                        "{}",
                        [f"{kind}_{place}" for kind in ("losses", "both") for place in range(4)],
                        "that compares the law with another report's column of losses",
                    ),
                    *_each(
                        "law_{}",
                        range(4),
                        "that has another report's constants, with these losses",
                    ),
                    *_each(
                        "{}",
                        ("2 * ratio", "2 * squares"),
                        "that is twice as much as it costs: r^2 / 2, and m (|r| - m / 2)",
                    ),
                    *_each(
                        "{} * ratio",
                        ("0.5",),
                        "that is halved once too often: the half is in m (|r| - m / 2) already",
                    ),
                    (
                        "tenth_delta",
                        "that has a delta of 0.0001; the `least` of the table has 0.001",
                    ),
                    *_each(
                        "{}",
                        ("plain_sum", "root"),
                        "that has no Huber loss in it: each residual costs m (|r| - m / 2), with m "
                        "the smaller of |r| and delta",
                    ),
                    (
                        "signed",
                        "compare the size of a residual with delta: too low is far outside as well",
                    ),
                    (
                        "unhalved",
                        "the two pieces do not meet at delta: the straight one starts "
                        "delta^2 / 2 lower",
                    ),
                    *_each(
                        "{}",
                        ("page_stop", "page_printed"),
                        "that is an excess of the page's own runs; yours is the report's",
                    ),
                    *_each(
                        "{} * ratio",
                        ("10", "0.1", "1000", "0.001"),
                        "a power of ten is lost or too many: delta is 0.001, and `least` is of the "
                        "sum",
                    ),
                    *_each(
                        "{} * reported",
                        ("10", "1000", "1e4"),
                        "that is the reported objective times a power of ten; divide it by the "
                        "least one for its runs",
                    ),
                    (
                        "reported / 40",
                        "that is a mean objective; divide the sum by the least one for its runs",
                    ),
                    (
                        "of_losses",
                        "that takes the residual of the losses; the objective has the residual of "
                        "their logarithms",
                    ),
                    (
                        "decimal",
                        "that takes logarithms to base 10; the objective has natural ones",
                    ),
                    *_each(
                        "{}",
                        ("binary", "hundredfold"),
                        "r is the difference of natural logarithms, and no percentage",
                    ),
                    *_each(
                        "{}",
                        ("crossed", "runs_crossed", "powers_crossed"),
                        "A belongs to N and alpha, B to D and beta: two have changed places",
                    ),
                    ("short_exponents", "alpha and beta were rounded: carry all their digits"),
                    ("no_floor", "the floor E is missing from the predicted loss"),
                ),
                generic="that is not the reported law's objective over the `least` of its row: a "
                "report at its minimum gives 1. If you are near: r is a difference of logarithms, "
                "and a small r costs r^2 / 2",
            ),
        ),
        bounds=(
            (
                "near(which, 1, 1e-9) or near(which, 2, 1e-9) or near(which, 3, 1e-9) "
                "or near(which, 4, 1e-9)",
                "which counts the four reports: 1, 2, 3 or 4",
            ),
            (
                "excess >= 1",
                "the excess is the reported law's objective over the least one for the same runs, "
                "so it cannot be below 1",
            ),
            (
                "not near(excess, ratio, 0.06) or near(excess, ratio, 1e-6)",
                "that is within six per cent: perhaps r was rounded on the way, or is no "
                "difference of logarithms; and a small r costs r^2 / 2. Carry six digits",
            ),
        ),
        hints=(
            "An objective means nothing by itself: it grows with the noise. "
            "What could you compare it with?",
            "Score each reported law on its own runs, and divide by the least objective that any "
            "law has there: a law that is at its minimum gives 1.",
            "`for runs_of, reported in four_fits(reports_seed): "
            "print(fitting.objective(reported, runs_of.N, runs_of.D, runs_of.loss))`",
        ),
        praise="that optimiser stopped on its way; the report with the largest objective has only "
        "the noisiest runs",
    ),
    Number(
        id="09-halve-interval",
        answer="runs_to_add",
        given=("n_runs", "width", "wanted"),
        derived={
            "rounded": lambda n_runs, width, wanted: _unless_near(
                n_runs * (np.round(width / wanted) ** 2 - 1),
                n_runs * ((width / wanted) ** 2 - 1),
                0.021,
            ),
            **{
                f"rough_{name}": lambda n_runs, width, wanted, rough=rough: _unless_near(
                    n_runs * (rough(width, wanted) ** 2 - 1),
                    n_runs * ((width / wanted) ** 2 - 1),
                    0.021,
                )
                for name, rough in (
                    ("width", lambda width, wanted: float(f"{width:.0e}") / wanted),
                    ("wanted", lambda width, wanted: width / float(f"{wanted:.0e}")),
                )
            },
            "rounded_square": lambda n_runs, width, wanted: _unless_near(
                n_runs * (np.round((width / wanted) ** 2) - 1),
                n_runs * ((width / wanted) ** 2 - 1),
                0.021,
            ),
        },
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
                "n_runs * ((width / wanted) ** 2 + 1)",
                "the runs that there are were added; they are to be taken off",
            ),
            (
                "n_runs * (width / wanted - 1)",
                "that would do if the width fell as 1/n; it falls as the square root",
            ),
            (
                "n_runs * width / wanted",
                "that would do if the width fell as 1/n, and it counts the runs that there are; "
                "the width falls as the square root, and the question asks for the new runs",
            ),
            (
                "(width / wanted) ** 2",
                "that is the factor by which the runs grow; how many runs are there now?",
            ),
            (
                "(width / wanted) ** 2 - 1",
                "that is how many new runs there are for each old one; how many runs are there "
                "now?",
            ),
            (
                "n_runs * ((width / wanted) ** 0.5 - 1)",
                "the square root stands on the other side: four times the runs halve the width",
            ),
            (
                "n_runs * (width / wanted) ** 0.5",
                "the square root stands on the other side: four times the runs halve the width",
            ),
            (
                "n_runs * ((width / wanted) ** 4 - 1)",
                "the ratio of the widths is squared once: twice is once too often",
            ),
            *_each(
                "n_runs * {}",
                ("(wanted / width) ** 2", "wanted / width"),
                "that ratio is upside down: a narrower interval takes more runs than there are",
            ),
            *_each(
                "n_runs * {}",
                ("3", "4"),
                "that would halve the width; how many times narrower is yours to be?",
            ),
            *_each(
                "n_runs * {}",
                ("1", "2"),
                "twice the runs make an interval 1.4 times narrower; how many times is yours?",
            ),
            *_each(
                "n_runs * {}",
                (
                    "((width / wanted) ** 3 - 1)",
                    "(width / wanted) ** 3",
                    "(width / wanted) ** 4",
                    "((width / wanted) ** 1.5 - 1)",
                    "(width / wanted) ** 1.5",
                ),
                "the power is 2: the width falls with the square root of the runs",
            ),
            *_each(
                "n_runs * {} ** 2",
                ("(width - wanted)", "(width / wanted - 1)", "(1 - wanted / width)"),
                "it is the ratio of the widths that is squared, and the 1 comes off after that",
            ),
            *_each(
                "{} * ((width / wanted) ** 2 - 1)",
                ("240", "245", "sqrt(n_runs)"),
                "the number of runs is another: yours are {n_runs:g}",
            ),
            *_each(
                "{}",
                ("rounded", "rounded_square", "rough_width", "rough_wanted"),
                "perhaps a width, the ratio or its square was rounded: carry three digits",
            ),
            *_each(
                "n_runs * {}",
                (
                    "width / wanted ** 2",
                    "(width ** 2 / wanted - 1)",
                    "(width ** 2 - wanted ** 2)",
                    "log((width / wanted) ** 2)",
                ),
                "width and wanted are both squared, in one ratio",
            ),
            *_each(
                "n_runs * (n_runs * width / wanted - {})",
                ("0", "1"),
                "the ratio of the widths is squared, not the number of runs",
            ),
            *_each(
                "n_runs * {}",
                ("exp(width / wanted)", "(exp(width / wanted) - 1)"),
                "it is the square of the ratio, not e to the ratio",
            ),
            *_each(
                "n_runs * ((width / wanted) ** 2 {} - 1)",
                ("/ 2", "* 2"),
                "width and wanted are both whole widths, from end to end: no factor 2 between them",
            ),
            *_each(
                "n_runs * ((width / wanted) ** 2 - 1) / {}",
                ("2", "0.5", "0.01", "100"),
                "the digits look right, the size does not: no factor 2, and no per cent",
            ),
            *_each(
                "{}",
                ("width / wanted", "wanted / width", "100 * (width / wanted - 1)"),
                "that compares the widths; the question asks for a number of runs",
            ),
            (
                "n_runs * (1 - wanted / width)",
                "that would take a share of the runs that there are; more of them are needed",
            ),
            (
                "n_runs * (1 - (wanted / width) ** 2)",
                "the ratio is upside down, and so is the difference: that would be how many runs "
                "you could spare if the interval may grow",
            ),
            (
                "n_runs * ((width / (2 * wanted)) ** 2 - 1)",
                "width and wanted are both whole widths, from end to end: no factor 2 between them",
            ),
            (
                "n_runs * ((2 * width / wanted) ** 2 - 1)",
                "width and wanted are both whole widths, from end to end: no factor 2 between them",
            ),
        ),
        generic="with that many more runs the interval is not of the width that is wanted",
        hints=(
            "Averages of n independent things: how does their spread depend on n?",
            "The width falls as 1 / sqrt(n), so n grows as (width / wanted) ** 2.",
            "`runs_to_add = n_runs * (...) - n_runs`",
        ),
        praise="the width falls as one over the square root of the number of runs, so precision is "
        "expensive",
    ),
    Several(
        id="09-plan",
        answer="plan",
        given=("study_seed", "budget"),
        data=_told_plan,
        derived={name: _plan(name) for name in _PLANS},
        parts=(
            Part(
                name="low",
                truth="low_right",
                unit="parameters",
                rtol=0.005,
                mistakes=(
                    ("corner_low", _CORNERS),
                    ("corner_high", _CORNERS),
                    ("mixed_low", _EXPONENTS_ONLY),
                    ("normal_low", _NORMAL),
                    ("mirror_low", _MIRROR),
                    ("mirror_low_log", _MIRROR),
                    (
                        "low80",
                        "that leaves out four refits on this side, 10 %: it is an 80 % interval",
                    ),
                    (
                        "low95",
                        "that leaves out one refit on this side, 2.5 %: it is a 95 % interval",
                    ),
                    ("least", "that is the smallest of all refits: 5 % of them lie below the end"),
                    ("high_right", "that is the other end"),
                    ("best_right", "that is the best size itself, by the law of all forty runs"),
                    *_slips_of("low"),
                ),
                generic="the low end is the best size of the refit that two of the 41 stay below, "
                "the third of the table: put its own five constants and your budget in",
            ),
            Part(
                name="best",
                truth="best_right",
                unit="parameters",
                rtol=0.005,  # as with four digits of beta / (alpha + beta)
                mistakes=(
                    *_slips_of("best"),
                    *_each(
                        "{}",
                        ("median", "mean", "between"),
                        "that is the middle of the refits, or of their ends; the plan is made with "
                        "the law of all forty runs",
                    ),
                    *_each(
                        "{}",
                        ("of_least", "of_most", "low_right", "high_right"),
                        "that is the best size by one of the refits; take the law of all forty "
                        "runs",
                    ),
                    (
                        "rough",
                        "alpha and beta were rounded to two digits on the way, and they stand in "
                        "exponents: carry all that are printed",
                    ),
                    *_each(
                        "{}",
                        ("best_right / 6", "6 * best_right"),
                        "the 6 divides the budget, once, before the power is taken",
                    ),
                    ("best_right / 2", "no half is to be taken of it"),
                    (
                        "half_power",
                        "beta / (alpha + beta) is not one half: carry five digits",
                    ),
                    (
                        "scaled",
                        "that scales the study's largest run with the square root of the budget; "
                        "the law has a power of its own, and its own best size",
                    ),
                    *_each(
                        "{}",
                        ("page_plan", "chinchilla"),
                        "that is the page's plan for Gopher's budget, or Chinchilla; yours is "
                        "another",
                    ),
                    *_each(
                        "{}",
                        ("besiroglu", "hoffmann"),
                        "that is what a published law says; the question asks for the law of "
                        "these forty runs",
                    ),
                    (
                        "(budget / 6) ** 0.5",
                        "that is one token per parameter: the budget split into two equal halves",
                    ),
                    (
                        "(budget / 120) ** 0.5",
                        "that is the rule of twenty tokens per parameter; "
                        "the question asks what this law says",
                    ),
                ),
                generic="see whether your constants are those of the law, then work out "
                "alpha A / (beta B), its power and that of C / 6 one by one",
            ),
            Part(
                name="high",
                truth="high_right",
                unit="parameters",
                rtol=0.005,
                mistakes=(
                    ("corner_high", _CORNERS),
                    ("corner_low", _CORNERS),
                    ("mixed_high", _EXPONENTS_ONLY),
                    ("normal_high", _NORMAL),
                    ("mirror_high", _MIRROR),
                    ("mirror_high_log", _MIRROR),
                    (
                        "high80",
                        "that leaves out four refits on this side, 10 %: it is an 80 % interval",
                    ),
                    (
                        "high95",
                        "that leaves out one refit on this side, 2.5 %: it is a 95 % interval",
                    ),
                    ("most", "that is the largest of all refits: 5 % of them lie above the end"),
                    ("low_right", "that is the other end"),
                    ("best_right", "that is the best size itself, by the law of all forty runs"),
                    *_slips_of("high"),
                ),
                generic="the high end is the best size of the refit that two of the 41 exceed, "
                "the last but two of the table: put its own five constants and your budget in",
            ),
        ),
        bounds=(
            (
                "low < high",
                "the low end lies below the high end",
            ),
            *(
                (
                    f"not near({end}, {end}_right, 0.04) or near({end}, {end}_right, 1e-6)",
                    "that is within four per cent: was beta / (alpha + beta), 1 / (alpha + beta) "
                    f"or the ratio rounded on the way? Carry five digits of each{neighbour}",
                )
                for end, neighbour in (
                    ("low", _NEIGHBOUR),
                    ("best", ". Or is a constant of a refit?"),
                    ("high", _NEIGHBOUR),
                )
            ),
        ),
        hints=(
            "Every refit is a law of its own. What does each of them say about your budget?",
            "Of one law the best size is (alpha A / (beta B))^(1 / (alpha + beta)) times "
            "(C / 6)^(beta / (alpha + beta)). "
            "The ends leave out 5 % of the refits on either side: two of 41.",
            "`own_fit = fitting.fit_parametric(own.N, own.D, own.loss, bootstrap=41)`; "
            "its `interval` takes the question as a function",
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
                why="Whether that is little depends on the size of the objective: so scale it up "
                "before you minimise it. The runs of the mean nearly all ended by the slope.",
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
        prompt="The Huber loss keeps single runs from ruling a fit. Why could five of 245 runs "
        "move the exponent of data so far?",
        options=(
            Option(
                "they stand where hardly any other run does",
                right=True,
                why="That is leverage. They lie far off the law, and the Huber loss caps what "
                "that costs; it does not cap what their place gives them.",
                key="b",
            ),
            Option(
                "they are noisier than the rest",
                why="They do lie off the law, by up to 30 %. But what a run pays for that is "
                "capped.",
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
                why="Every resample has both ends in it. Leave one end out, and the plan moves "
                "out of the interval.",
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
        keys=("a", "b", "c"),
        truth="b",
        says="The refits say 9 % to either side: of the three, about 10 %.",
    ),
    Prediction(
        id="09-best-size",
        prompt="And the interval for the best model size at Gopher's budget?",
        options=("about 1 %", "about 10 %", "about 30 %"),
        keys=("a", "b", "c"),
        truth="c",
        says="The refits say 36 % to either side, of the three about 30 %: a factor of two between "
        "the ends.",
    ),
    Prediction(
        id="09-how-few",
        prompt="How few of the 245 runs, left out from the highest loss downwards, carry the best "
        "size for Gopher's budget out of the 90 % interval that all 245 gave?",
        unit="runs",
        lo=1,
        hi=244,
        truth=11,
        says="Eleven: without them the best size is 67.6 billion, and the interval of all 245 "
        "starts at 68.3. That is 4.5 % of the runs. (The end of an interval has luck of its own: "
        "with other resamples it is eight to eleven.)",
    ),
    Prediction(
        id="09-smallest-misfit",
        prompt="Will the form that misses the fitted runs by least be the one that forecasts the "
        "larger run best?",
        options=("yes, on both corpora", "on one of the two", "on neither"),
        keys=("a", "b", "c"),
        truth="c",
        says="On neither: the form with the smallest misfit is the same on both, and another "
        "one forecasts better on each.",
    ),
)
