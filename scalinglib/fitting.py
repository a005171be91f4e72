"""From runs to a law, with its uncertainty: one way to fit any form, and the usual ones by name.

>>> from scalinglib import fit, runs
>>> sweep = runs.load("sweep").query("corpus == 'python' and arm == 'main'")
>>> found = fit("power-sum", sweep, bootstrap=100)
>>> low, high = found.interval(lambda law: law.optimum(1e14).N)
>>> bool(low < found.law.optimum(1e14).N < high)
True

Columns are taken by position; they must be positive, finite and of one length (ValueError). Runs
that are sound but cannot determine the law raise UndeterminedError; what they leave open is told as
FitWarning, and kept in `fit.doubts`. Intervals know nothing of a wrong form.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from . import _doubts
from ._ahead import places, span
from ._doubts import FitWarning, UndeterminedError
from ._engine import Draws, descend, redrawn
from ._inputs import (
    agreeing,
    aligned,
    by_constant,
    cells,
    columns,
    count,
    have_columns,
    labels_of,
    numbers,
    numeric,
    one_of,
    pair_of,
    positive,
    whole,
)
from ._misfit import misfits
from ._resample import refits
from ._study import Study, components
from .allocation import Allocation, AllocationFit, fit_envelope, fit_isoflop
from .fits import Estimate, Fit, LawFit, Report, digest
from .forms import FORMS, Form, find_form
from .laws import ChinchillaLaw, KaplanLaw, LossLaw, PowerLaw, PowerSumLaw

__all__ = [
    "FORMS",
    "Allocation",
    "AllocationFit",
    "Estimate",
    "Fit",
    "FitWarning",
    "LawFit",
    "UndeterminedError",
    "fit",
    "fit_envelope",
    "fit_isoflop",
    "fit_kaplan",
    "fit_parametric",
    "fit_power_law",
    "fit_power_sum",
    "objective",
]

FEW = 20
"""With fewer runs than this (or groups), samples are Student-t draws, not redrawn runs."""
OBJECTIVES = {
    "huber": (True, 1e-3),
    "squares": (True, np.inf),
    "raw-huber": (False, 1e-3),
    "raw-squares": (False, np.inf),
}


def objective(
    law: LossLaw, N: ArrayLike, D: ArrayLike, loss: ArrayLike, delta: float = 1e-3
) -> float:
    """The published objective: sum over runs of Huber_delta(log law.loss(N, D) - log loss).

    Huber_delta(r) is r^2 / 2 up to |r| = delta and delta (|r| - delta / 2) beyond. `law` is
    anything with `.loss(N, D)`: score a printed law, or minimise this with any optimiser:

    >>> from scalinglib import ChinchillaLaw, runs
    >>> sweep = runs.load("sweep").query("corpus == 'python' and arm == 'main'")
    >>> def total(theta):  # logs keep every constant positive
    ...     E, A, B, alpha, beta = np.exp(theta)
    ...     return objective(ChinchillaLaw(E, A, B, alpha, beta), sweep.N, sweep.D, sweep.loss)
    >>> round(total(np.log([1.69, 406.4, 410.7, 0.34, 0.28])), 2)  # Hoffmann's law as printed
    0.17

    Mind the size of what comes out: about 1e-3 for 240 runs. An optimiser that stops when a step
    gains less than 1e-9 or so, or when slopes fall below 1e-5, stops early on it, and earlier still
    on the mean over runs. Divide by delta^2 before you minimise. Source: Hoffmann et al. 2022,
    Approach 3.
    """
    N, D, loss = columns(N=N, D=D, loss=loss)
    delta = positive("delta", delta)
    r = np.abs(np.log(law.loss(N, D)) - np.log(loss))
    return float(np.sum(np.where(r <= delta, r**2 / 2, delta * (r - delta / 2))))


def fit(
    form: Form | str,
    runs,
    *,
    fixed: dict[str, float] | None = None,
    tied: dict[str, str] | None = None,
    bounds: dict[str, tuple[float, float]] | None = None,
    objective: str = "huber",
    delta: float | None = None,
    weights=None,
    noise=None,
    groups=None,
    bootstrap: int = 0,
    seed: int = 0,
) -> LawFit[Any]:
    """The law of a form that minimises the objective over runs.

    form: a name in forms.FORMS, also with constants, "chinchilla:E=1.69,alpha=beta"; or a form.
    runs: a DataFrame or a mapping with the form's columns and its target (N, D, loss), one entry a
    run. fixed {constant: value}, tied {constant: another}, bounds {constant: (low, high)}: by name.
    objective: "huber" or "squares" of log residuals, "raw-huber" or "raw-squares" of residuals;
    delta: where the Huber loss turns straight (1e-3, as published; 1.345 with `noise`). weights:
    how much each run counts. noise: known standard deviation of each run's residual, which is
    divided by it; one number is that of all. These and groups are arrays or names of columns.
    groups: runs of one label are one piece of evidence (seeds, rows of a curve); "cell": runs alike
    in every column (1 %).

    bootstrap: how many refits for intervals, at least 20: of redrawn runs or groups, or, below 20
    of these, of losses drawn about the law with a scatter that is Student's. seed: of these draws.

    Raises ValueError for entries that are not positive and finite, UndeterminedError where runs
    cannot determine the constants. Warns (FitWarning) of what they leave open, and, when asked
    beyond them, of what residuals show: a bend, runs that are off or not separate.

    >>> from scalinglib import fit, runs
    >>> sweep = runs.load("sweep").query("corpus == 'python' and arm == 'main'")
    >>> found = fit("power-sum", sweep, fixed={"gamma": 0.25})
    >>> round(found.law.alpha, 2), found.report.runs
    (0.18, 68)
    """
    bootstrap, seed = count("bootstrap", bootstrap), whole("seed", seed)
    asked = objective, delta, weights, noise, groups, fixed, tied, bounds
    study = _study(form, runs, *asked)
    form, x, y, names, groups = study.form, study.x, study.y, study.free, study.groups
    labels = labels_of(runs[form.target])
    different = _doubts.refuse_too_few(form, names, x, y)
    doubts = _places(study, runs) + _doubts.repeated(x, y, labels, groups)
    doubts += _doubts.few_groups(groups, different)
    constants = {name: float(v[0]) for name, v in study.constants(study.found.phi[None]).items()}
    _doubts.refuse_exponents(study, constants)
    findings = _doubts.examine(study, constants, labels)
    doubts += [*findings.doubts, *_doubts.unsupported(study, constants, findings.errors)]
    loud, quiet = misfits(study, runs, labels, findings.errors)
    samples, sampling, why_not = _samples(study, different, bootstrap, seed)
    _doubts.tell([*doubts, *loud, *_doubts.without(why_not)])
    told = [*doubts, *loud, *quiet], quiet, getattr(runs[form.target], "attrs", {})
    report = _report(study, objective, different, findings, sampling, told, seed)
    law, best = form.make(constants, f"fitted to {len(y)} runs"), study.objective
    return LawFit(law, samples, best, constants, report, form, study, no_interval=why_not)


def _report(study, objective, different, findings, sampling, told, seed) -> Report:
    form, x, y = study.form, study.x, study.y
    doubts, misfits, attrs = told
    return Report(
        form=next((key for key, value in FORMS.items() if value == form), form.name),
        free=study.free,
        objective=objective,
        delta=study.delta,
        runs=len(y),
        configurations=different,
        rms=float(np.sqrt(np.mean(study.residuals**2))),
        noise=findings.noise * float(np.median(study.noise)),
        condition=findings.condition,
        search=study.found.search,
        sampling=sampling,
        doubts=tuple(doubts),
        misfits=tuple(misfits),
        digest=digest(x | {form.target: y}),
        reach=float(np.max(places(x).get("C", np.nan))) if "N" in x else float("nan"),
        span=span(x),
        seed=seed,
        selected=tuple(attrs.get("selected", ())),
    )


def _study(form, runs, objective, delta, weights, noise, groups, fixed, tied, bounds) -> Study:
    """What is asked of which runs."""
    _, form, known, pairs = find_form(form)
    log, default = OBJECTIVES[one_of("objective", objective, OBJECTIVES)]
    have_columns(runs, (*form.columns, form.target), f"the form {form.name!r}")
    named = {name: runs[name] for name in (*form.columns, form.target) if name != form.group}
    for name, given in (("weights", weights), ("noise", noise)):
        if given is not None:
            if isinstance(given, str):
                have_columns(runs, [given], name)
                given = runs[given]
            given = aligned(name, given, runs, runs[form.target])
            one_for_all = name == "noise" and np.ndim(given) == 0
            named[name] = np.full(np.size(named[form.target]), given) if one_for_all else given
    table = dict(zip(named, columns(**named), strict=True))
    y = table.pop(form.target)
    weight, noise = table.pop("weights", 1.0), table.pop("noise", 1.0)
    x = {
        name: np.asarray(runs[name]).astype(str) if name == form.group else table[name]
        for name in form.columns
    }
    if np.isfinite(default):
        default = (
            positive("delta", delta) if delta is not None else 1.345 if np.ndim(noise) else default
        )
    given = by_constant("fixed", fixed, '{"E": 1.69}').items()
    fixed = agreeing(known, {name: float(numbers(f"fixed {name}", one)) for name, one in given})
    tied = agreeing(pairs, by_constant("tied", tied, '{"alpha": "beta"}'))
    bounds = by_constant("bounds", bounds, '{"alpha": (0.1, 0.6)}').items()
    bounds = {name: pair_of(f"bounds of {name}", pair) for name, pair in bounds}
    _refuse_floor(form, fixed, y, labels_of(runs[form.target]))
    more = fixed, tied, bounds, _groups(groups, runs, x, runs[form.target])
    return Study(form, x, y, log, float(default), weight, noise, *more)


def _refuse_floor(form, fixed, y, names) -> None:
    low = int(np.argmin(y))
    floor = fixed.get(form.floor_name, -np.inf)
    if floor >= y[low]:
        raise ValueError(
            f"{form.floor_name} is fixed at {floor:g}, and run {names[low]} ends at {y[low]:g}, "
            "not above it: no run can reach a floor; fix a lower one, or leave it free"
        )


def _groups(groups, runs, x, y) -> np.ndarray | None:
    if groups is None:
        return None
    if isinstance(groups, str):
        if groups == "cell":
            groups = cells(x)
        elif groups in runs:
            groups = runs[groups]
        else:
            raise ValueError(f"groups is {groups!r}; there is no such column: give one, or 'cell'")
    given = aligned("groups", groups, runs, y)
    groups, n = np.asarray(given), len(y)
    if groups.shape != (n,):
        raise ValueError(f"groups has shape {groups.shape}; give one label for each of {n} runs")
    missing = pd.isna(np.asarray(given, object))  # as text a NaN would be a label
    if missing.any():
        k = int(np.flatnonzero(missing)[0])
        raise ValueError(
            f"groups has no label for run {k} (by position, from 0): give each run one, its own if "
            "it shares none"
        )
    return groups.astype(str) if groups.dtype.kind == "O" else groups


def _places(study, runs) -> list[str]:
    """Refusals and doubts about where the runs lie."""
    x, doubts = study.x, []
    if study.form in (FORMS["repeated"], FORMS["penalty"]):
        _doubts.refuse_no_repeats(study)
    flat = numeric(x)
    if len(flat) == 2 and len(study.free) > 3:
        distinct = 3 if study.bound.floor is not None and "E" in study.free else 2
        doubts += _doubts.refuse_flat(flat, distinct)
    C = numbers("C", runs["C"]) if "C" in runs and "C" not in x else None
    return doubts + _doubts.odd_units(x, C, labels_of(runs[study.form.target]))


def _samples(study, different, bootstrap, seed) -> tuple[pd.DataFrame | None, str, str]:
    """Constants of the refits, how they were drawn, and why there are none."""
    if not bootstrap:
        return None, "", ""
    found, rng, n = study.found, np.random.default_rng(seed), len(study.y)
    groups, evidence = study.groups, study.pieces
    what = "run" if groups is None else "group"
    spare = min(different, evidence) - len(study.free)
    if spare < study.form.spare:
        return (
            None,
            "",
            (
                f"{evidence} {what}s at {different} different places leave {spare} to spare for "
                f"{len(study.free)} unknowns: no interval that was tried covers what it promises; "
                f"add {study.form.spare - spare} {what}(s) at other places"
            ),
        )
    if evidence >= FEW:
        weight = redrawn(n, bootstrap, rng, groups) * np.asarray(study.problem.weight, np.float32)
        draws = Draws(weight)
        told = f"{bootstrap} refits of redrawn {what}s"
    else:
        draws = Draws(study.problem.draws.weight, _student(study, bootstrap, rng))
        told = f"{bootstrap} refits of losses drawn with Student's t scatter"
    rows = refits(found, draws, rng)
    return pd.DataFrame(study.constants(rows)), told, ""


def _student(study, bootstrap, rng) -> np.ndarray:
    """What is added to log y (or y), (bootstrap, runs): the law instead of the run, and a scatter
    whose size is drawn as chi-squared says it may be. Runs of one group share a part of it: all
    of it where they are copies, none where they differ among themselves as much as groups do.
    """
    problem, phi, n, groups = study.problem, study.found.phi, len(study.y), study.groups
    squares = replace(problem, delta=np.inf)
    weight = np.sqrt(np.broadcast_to(problem.draws.weight, n))
    end, _ = descend(squares, phi[None], squares.draws, np.inf)
    residual = problem.residual(end)[0] * weight
    group = np.arange(n) if groups is None else np.unique(groups, return_inverse=True)[1]
    count = int(group.max()) + 1
    spare = count - len(phi)
    shared, within = np.sqrt(np.multiply(spare, components(residual, group, len(phi))))
    size = (_wider(study, spare) / np.sqrt(rng.chisquare(spare, bootstrap)))[:, None]
    noise = size * shared * rng.standard_normal((bootstrap, count))[:, group]
    if within:
        noise += size * within * rng.standard_normal((bootstrap, n))
    return (problem.residual(phi[None]) + noise / weight) / problem.scale


def _wider(study, spare) -> float:
    """By how much scatter is enlarged where a floor is free and few runs are to spare.

    Such laws are far from straight lines in their constants: in 400 studies of five runs 90 %
    intervals covered .79 (squares) and .84 (Huber) as Student has it, .87 to .92 at 1.5 times.
    """
    bent = study.form.spare < 3 and study.form.floor_name in study.free
    return 1 + 4 / spare**3 if bent else 1.0


# ---- the usual laws by name ------------------------------------------------------------------


def fit_parametric(
    N: ArrayLike,
    D: ArrayLike,
    loss: ArrayLike,
    *,
    delta: float = 1e-3,
    bootstrap: int = 0,
    seed: int = 0,
) -> LawFit[ChinchillaLaw]:
    """Approach 3: the ChinchillaLaw L(N, D) = E + A / N^alpha + B / D^beta of least objective.

    N, D, loss: parameters, tokens, nats per token; one entry a run, at least 6 runs. delta: where
    the Huber loss turns from square to straight, in log loss. The published 1e-3 is close to a
    regression on absolute values: one broken run cannot move it, but on clean runs a wider delta
    would give narrower intervals. bootstrap: how many resamples; seed: of the resampling.

    Raises UndeterminedError if log N and log D lie on one line (fixed D / N, or a single compute
    budget), if N or D takes fewer than three values, or if alpha or beta leaves 0.01 to 3. Source:
    Hoffmann et al. 2022, Approach 3; starts and descent are our own, and end no higher than the
    best of the published 4,500 starts (tests/bench_fitting.py).

    >>> from scalinglib import HOFFMANN_2022 as law
    >>> N, D = np.meshgrid([1e8, 1e9, 1e10], [2e9, 2e10, 2e11])
    >>> found = fit_parametric(N.ravel(), D.ravel(), law.loss(N, D).ravel())
    >>> round(found.law.E, 3), round(found.law.alpha, 3)
    (1.69, 0.34)
    """
    runs = {"N": N, "D": D, "loss": loss}
    return fit("chinchilla", runs, delta=delta, bootstrap=bootstrap, seed=seed)


def fit_kaplan(
    N: ArrayLike,
    D: ArrayLike,
    loss: ArrayLike,
    *,
    delta: float = 1e-3,
    bootstrap: int = 0,
    seed: int = 0,
) -> LawFit[KaplanLaw]:
    """The KaplanLaw L(N, D) = ((N_c / N)^(alpha_N / alpha_D) + D_c / D)^alpha_D of least objective.

    N: non-embedding parameters; D: unique tokens; loss: nats per token after early stopping; at
    least 5 runs. `.law` holds the four constants of eq. 1.5 and no other part. delta, bootstrap,
    seed and refusals as in fit_parametric, but two values of N and of D are enough: the form has no
    floor. Source: Kaplan et al. 2020, eq. 1.5.

    >>> from scalinglib import KAPLAN_2020 as law
    >>> N, D = np.meshgrid([1e7, 1e8, 1e9], [1e8, 1e9, 1e10])
    >>> found = fit_kaplan(N.ravel(), D.ravel(), law.loss(N, D).ravel())
    >>> round(found.law.alpha_N, 3), round(found.law.alpha_D, 3)
    (0.076, 0.103)
    """
    runs = {"N": N, "D": D, "loss": loss}
    return fit("kaplan", runs, delta=delta, bootstrap=bootstrap, seed=seed)


def fit_power_sum(
    N: ArrayLike,
    D: ArrayLike,
    loss: ArrayLike,
    *,
    delta: float = 1e-3,
    bootstrap: int = 0,
    seed: int = 0,
) -> LawFit[PowerSumLaw]:
    """The PowerSumLaw L(N, D) = ((A / N^alpha)^(1/gamma) + (B / D^beta)^(1/gamma))^gamma of least
    objective.

    N, D, loss, delta, bootstrap and seed as in fit_parametric; at least 6 runs. Like Kaplan's form
    it has no floor, so two values of N and of D are enough; unlike it, how sharply the two limits
    meet (gamma) is fitted by itself. Raises UndeterminedError as fit_parametric does, and where
    gamma leaves 0.01 to 3: then one of the limits is out of sight.

    >>> from scalinglib.laws import PowerSumLaw
    >>> law = PowerSumLaw(A=400, B=400, alpha=0.34, beta=0.28, gamma=0.5)
    >>> N, D = np.meshgrid([1e8, 1e9, 1e10], [2e9, 2e10, 2e11])
    >>> found = fit_power_sum(N.ravel(), D.ravel(), law.loss(N, D).ravel())
    >>> round(found.law.gamma, 3)
    0.5
    """
    runs = {"N": N, "D": D, "loss": loss}
    return fit("power-sum", runs, delta=delta, bootstrap=bootstrap, seed=seed)


def fit_power_law(
    x: ArrayLike,
    loss: ArrayLike,
    *,
    floor: bool | float = True,
    rising: bool = False,
    delta: float = 1e-3,
    bootstrap: int = 0,
    seed: int = 0,
) -> LawFit[PowerLaw]:
    """The PowerLaw L(x) = floor + (scale / x)^exponent of least objective.

    x: parameters, tokens or FLOPs, in any unit; loss: nats; one entry a run, at least 4 runs.
    floor: True fits it, a number is taken as known (3 runs will do), False is zero: a straight line
    in logs; through losses that do have a floor it looks straight and extrapolates far too low.
    rising: for best sizes, batches and other quantities that grow with x; the exponent comes out
    negative. delta, bootstrap, seed as in fit_parametric. Raises UndeterminedError for fewer runs
    or values of x, or if the exponent leaves 0.01 to 3. Source: Henighan et al. 2020; without the
    floor Kaplan et al. 2020, eqs. 1.1 to 1.3.

    >>> x = np.geomspace(1e6, 1e9, 6)
    >>> found = fit_power_law(x, 1.7 + (1e9 / x) ** 0.3)
    >>> round(found.law.floor, 3), round(found.law.exponent, 3)
    (1.7, 0.3)
    """
    name = ("rising" if rising else "power-law") if floor else ("rising-line" if rising else "line")
    known = (
        {} if isinstance(floor, bool) or floor == 0 else {"floor": float(positive("floor", floor))}
    )
    runs = {"x": x, "loss": loss}
    return fit(name, runs, fixed=known, delta=delta, bootstrap=bootstrap, seed=seed)
