"""What runs cannot tell, in words: refusals before a fit, doubts after it."""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ._inputs import UndeterminedError, cells, numeric

_HOME = str(Path(__file__).parent)


class FitWarning(UserWarning):
    """A fit that stands, and a reason to doubt what it says."""


def tell(doubts) -> None:
    """Each doubt as a FitWarning of the line that called the library, however deep it is here."""
    level, frame = 1, sys._getframe()
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_HOME):
        level, frame = level + 1, frame.f_back
    for doubt in doubts:
        warnings.warn(doubt, FitWarning, stacklevel=level)


def without(why_not) -> list[str]:
    """What is told of a fit whose interval was asked for and is not given."""
    return [f"no interval: {why_not}"] if why_not else []


# ---- before the fit --------------------------------------------------------------------------


def refuse_too_few(form, unknowns, x, y) -> int:
    """Fewer different configurations than unknowns, no run to spare, or nothing that changes."""
    rows, names = len(y), list(x)
    different = int(cells(x).max()) + 1
    what = " and ".join(names)
    if rows <= len(unknowns) or different < len(unknowns):
        raise UndeterminedError(
            f"got {rows} runs at {different} different {what}; the form {form.name!r} needs at "
            f"least {len(unknowns) + 1} runs at {len(unknowns)} different {what} to fit "
            f"{', '.join(unknowns)}: add runs, or fix or tie constants"
        )
    refuse_constant(y, form.target)
    return different


def refuse_constant(y, target="loss") -> None:
    """Results without a difference: what is fitted to them are rounding errors."""
    if np.ptp(np.log(y)) < 1e-9:
        raise UndeterminedError(
            f"every run has the same {target}, {y[0]:.6g}: there is nothing that a law could "
            "explain; look for a column read twice or a metric that has saturated"
        )


def _codes(table) -> np.ndarray:
    """A row of whole numbers for each column, alike where its entries are: text is slow."""
    return np.array([np.unique(column, return_inverse=True)[1] for column in table])


def refuse_flat(x, distinct) -> list[str]:
    """Runs whose places in the plane (log N, log D) cannot tell the effect of size from that of
    data. Returns the doubt of those that hardly can.
    """
    (one, N), (two, D) = x.items()
    for name, column in x.items():
        values = np.unique(column)
        if len(values) < distinct:
            raise UndeterminedError(
                f"{name} takes only {len(values)} different value(s), {column[0]:.3g} in run 0; "
                f"the law needs at least {distinct}: add runs at other {name}"
            )
    logs = np.log([N, D])
    axis, spread, _ = np.linalg.svd(logs - logs.mean(1, keepdims=True), full_matrices=False)
    slope, thin = axis[1, 0] / axis[0, 0], spread[1] / spread[0]
    known = {1: f" ({two} / {one} is fixed)", -1: " (a single compute budget)"}
    line = f"log {one} and log {two} lie on one line of slope {slope:.2f}"
    line += known.get(round(slope, 1), "")
    # 2 % of the spread is a choice: in simulations (60 runs, .3 % noise) the 90 % interval of the
    # allocation exponent was .38 to .60 at 1.2 %, .46 to .58 at 5 %.
    if thin < 0.02:
        raise UndeterminedError(
            f"{line}, so the effects of size and of data cannot be told apart: "
            "add runs off that line"
        )
    if thin < 0.06:
        near = line.replace("lie on", "lie nearly on")
        return [
            f"{near} (they leave it by {thin:.1%} of their spread), so the effects of size and of "
            "data can hardly be told apart: the exponents may be far off; add runs off that line"
        ]
    return []


def refuse_no_repeats(study) -> None:
    """Runs that read every token once do not show what repeats do."""
    free = [name for name in study.free if name not in ("E", "A", "B", "alpha", "beta")]
    if free and (study.x["D"] <= study.x["unique"]).all():
        raise UndeterminedError(
            "no run reads a token twice (D is at most `unique` in all), so nothing fixes "
            f"{', '.join(free)} of the form {study.form.name!r}: add runs that repeat their data, "
            "or fit 'chinchilla'"
        )


def refuse_exponents(study, constants) -> None:
    """An exponent that runs out of (0.01, 3) says that the runs do not show what the column
    does.
    """
    for name, column in study.form.exponents().items():
        for key in [key for key in study.free if key.partition("[")[0] == name]:
            if key in study.bounds or 0.01 < abs(constants[key]) < 3:
                continue
            if column is None:
                raise UndeterminedError(
                    f"the best outer exponent {key} is {constants[key]:.3g}: these runs do not "
                    "show how the limit of N and that of D meet; add runs short of parameters and "
                    "runs short of tokens"
                )
            way, explained = _slope(study)
            if len(study.x) > 1 and explained < 0.5:
                raise UndeterminedError(
                    f"the {study.form.target} hardly varies with scale in these runs (between "
                    f"{study.y.min():.4g} and {study.y.max():.4g}, a slope explains "
                    f"{explained:.0%}): add runs at smaller and larger scales, or look for a "
                    "metric that has saturated"
                )
            if len(study.x) > 1 and way:
                raise UndeterminedError(
                    f"the {study.form.target} rises with scale in these runs, and the form "
                    f"{study.form.name!r} falls: is it an accuracy or another score? Fit what "
                    "falls with scale, as 1 - accuracy"
                )
            rising = study.form.rising
            way, other = ("rises", "falls") if rising else ("falls", "rises")
            raise UndeterminedError(
                f"the best exponent of {column} is {constants[key]:.3g}: these runs do not "
                f"determine how the {study.form.target} {way} with {column}; add runs at smaller "
                f"and larger {column}, or less noisy ones"
                + (f"; if it {other}, {_turned(study, rising)}" if len(study.x) == 1 else "")
            )


def _turned(study, rising) -> str:
    """How to ask for the form that goes the other way."""
    (column,), floor = study.x, study.form.floor_name is not None
    name = {True: "power-law", False: "rising"} if floor else {True: "line", False: "rising-line"}
    if column == "x" and study.form.target == "loss":
        return f"use the form {name[rising]!r} (in fit_power_law rising={not rising})"
    return f"give forms.power_law({column!r}, floor={floor}, rising={not rising})"


def _slope(study) -> tuple[bool, float]:
    """Does the target rise with every column, the others held? And how much of its scatter do
    these explain? By a plane in logs.
    """
    flat = [*numeric(study.x).values()]
    plane, log = np.vstack([np.log(flat), np.ones(len(study.y))]).T, np.log(study.y)
    slopes = np.linalg.lstsq(plane, log)[0]
    return bool((slopes[:-1] > 0).all()), 1 - float(np.var(log - plane @ slopes) / np.var(log))


def odd_units(x, C=None, names=None) -> list[str]:
    """Questions about columns whose units do not seem to match, or about single runs whose do not.

    names: what each run is called, by default its position.
    """
    x = numeric(x)
    if "N" not in x or "D" not in x:
        return []
    N, D = x["N"], x["D"]
    ratio, doubts = D / N, _odd_runs(x, C, names) or _halves(N, D)
    middle = np.median(ratio)
    if not 0.1 <= middle <= 1e5:
        way = "fewer" if middle < 1 else "more"
        doubts.append(
            f"half of the runs have {way} than {middle:.2g} tokens per parameter (N up to "
            f"{N.max():.3g}, D up to {D.max():.3g}): are N and D both plain counts, not one in "
            "millions and the other in billions?"
        )
    elif C is not None and not 0.2 <= np.median(C / (6 * N * D)) <= 5:
        doubts.append(
            f"C is {np.median(C / (6 * N * D)):.3g} times 6 N D in half of the runs: is C in "
            "FLOPs, and are N and D plain counts?"
        )
    if doubts:
        return doubts
    for name, column in (("N", N), ("D", D)):
        least = column[(column < 1000) & (column % 1 > 0)]
        if np.median(column) < 1000 or len(least):
            logs = ", or a logarithm" * bool(column.max() < 40)
            doubts.append(
                f"{name} is {least.min() if len(least) else np.median(column):.4g} in "
                f"{'one run' if len(least) else 'half of the runs'}, and parameters and tokens are "
                f"whole numbers and many: is {name} a plain count, not one in millions or billions"
                f"{logs}?"
            )
    return doubts


def _odd_runs(x, C, names) -> list[str]:
    """A few runs that lie a thousand times or more off all others in a column and in D / N (or
    C / 6 N D) alike: one number in another unit.
    """
    N, D = x["N"], x["D"]
    checks = [np.log(D / N)] if C is None else [np.log(D / N), np.log(C / (6 * N * D))]
    for name, column in x.items():
        if name not in ("N", "D"):
            continue
        far = _apart(np.log(column))
        for check in checks:
            both = far & _apart(check)
            if both.any():
                k = int(np.flatnonzero(both)[0])
                called = str(k) if names is None else names[k]
                others = column[~both]
                return [
                    f"run {called} has {name} {column[k]:.4g}, and the others {others.min():.4g} "
                    f"to {others.max():.4g} ({int(both.sum())} such run(s)): is it a plain count, "
                    "or in thousands, millions or billions? Mend it, or leave it out"
                ]
    return []


def _halves(N, D) -> list[str]:
    """Many runs in another unit: a gap of 300 in one column divides the runs as one in D / N does,
    and not in the other column.
    """
    ratio = {tuple(part) for part in _parts(np.log(D / N))}
    for name, column in (("N", N), ("D", D)):
        for part in _parts(np.log(column)):
            if min(part.sum(), (~part).sum()) < 2:
                continue  # one run: see _odd_runs
            if tuple(~part if name == "N" else part) in ratio:
                low, high = column[part], column[~part]
                return [
                    f"{name} falls into two parts, {len(low)} runs up to {low.max():.4g} and "
                    f"{len(high)} from {high.min():.4g}, and D / N jumps with it by as much: are "
                    "all in one unit, and plain counts?"
                ]
    return []


def _parts(logs) -> list[np.ndarray]:
    """Below each gap of 300 or more: which runs."""
    order = np.sort(logs)
    return [logs <= order[k] for k in np.flatnonzero(np.diff(order) > np.log(300))]


def _apart(logs) -> np.ndarray:
    """Of a fifth of the runs at most: those beyond a gap of 300 from all others."""
    order = np.argsort(logs)
    gap = np.diff(logs[order]) > np.log(300)
    out, most = np.zeros(len(logs), bool), len(logs) // 5
    for k in np.flatnonzero(gap):
        if k + 1 <= most:
            out[order[: k + 1]] = True
        elif len(logs) - k - 1 <= most:
            out[order[k + 1 :]] = True
    return out


def repeated(x, y, names, groups=None) -> list[str]:
    """Runs that are there twice, loss and all, and not as one piece of evidence."""
    _, label, count = np.unique(
        _codes([*x.values(), y]), axis=1, return_inverse=True, return_counts=True
    )
    label, many = label.ravel(), int(count.sum() - len(count))
    if not many:
        return []
    step = next(
        (step for step in (1, 0.1, 0.01) if np.ptp(np.round(y / step) - y / step) < 1e-9), 0
    )
    if step > 0.03 * np.ptp(y):
        return [
            f"every result is a multiple of {step:g}, and {many} run(s) repeat another one's: "
            "rounded so far, runs cannot be told apart; write more digits"
        ]
    if groups is not None:  # copies in one group count once
        pieces = np.unique([label, np.unique(groups, return_inverse=True)[1]], axis=1)
        count = np.bincount(pieces[0])
    if not (count > 1).any():
        return []
    k = int(np.flatnonzero(count[label] > 1)[0])
    rest = "leave them out" + (", or give groups=" if groups is None else "")
    return [
        f"{int(count.sum() - len(count))} run(s) repeat another one exactly, result and all (run "
        f"{names[k]} is there {count[label[k]]} times): each counts as evidence; {rest}"
    ]


def few_groups(groups, different) -> list[str]:
    """A column of groups that cannot be meant: very few labels over many places."""
    labels = different if groups is None else len(np.unique(groups))
    if labels >= 8 or different < 4 * labels:
        return []
    return [
        f"groups has {labels} label(s) for {different} different places: runs of one group count "
        "as one piece of evidence (seeds of one run, rows of one curve); for another law in each "
        "group use forms.by_group"
    ]


# ---- after the fit ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Findings:
    """Of a fit: residual scatter, how well each unknown is fixed, and what is in doubt.

    noise: standard deviation of a run about the law, from residuals and degrees of freedom. errors:
    standard error of each free constant's coordinate. condition: of the slopes, scaled.
    """

    noise: float
    condition: float
    errors: dict[str, float]
    doubts: tuple[str, ...]


def examine(study, constants, labels=None) -> Findings:
    """Raises UndeterminedError where the slopes at the optimum leave a combination free.

    constants: by name, at the optimum. labels: what each run is called, by default its position.
    """
    found, names = study.found, study.free
    problem, phi = found.problem, found.phi
    p, n = len(phi), len(problem.target)
    with np.errstate(all="ignore"):
        r, J = problem.jacobian(phi)
    none = np.flatnonzero(~(np.isfinite(r) & np.isfinite(J).all(0)))
    if len(none):
        raise UndeterminedError(
            f"the form {study.form.name!r} gives no number for {len(none)} of {n} runs (run "
            f"{none[0] if labels is None else labels[none[0]]}) at the best constants found: "
            "mend it, or the ranges of its constants"
        )
    weight = np.sqrt(problem.draws.weight)
    noise = np.sqrt(np.sum((r * weight) ** 2) / max(n - p, 1))
    J = J * weight
    length = np.linalg.norm(J, axis=1)
    length = np.where(length > 0, length, 1.0)
    U, size, _ = np.linalg.svd(J / length[:, None], full_matrices=False)
    resting = (phi <= problem.lo + 1e-9) | (phi >= problem.hi - 1e-9)
    rank = int((size > size[0] * max(n, p) * np.finfo(float).eps * 10).sum())
    free = U[:, -1] / length
    if rank < p and not resting.any():
        raise UndeterminedError(
            f"these runs fix only {rank} of {p} combinations of {', '.join(names)}; "
            f"{_combination(free, names)} is free: add runs elsewhere, or fix or tie a constant"
        )
    spread = max(1.4826 * float(np.median(np.abs(r))) * np.sqrt(n / max(n - p, 1)), 1e-15)
    axis = U / length[:, None] * (spread / np.maximum(size, 1e-300))
    errors = dict(zip(names, np.sqrt((axis**2).sum(1)).tolist(), strict=True))
    condition = float(size[0] / max(size[-1], 1e-300))
    doubts = [*_bounds(problem, phi, names, resting, constants)]
    doubts += _others(study, spread)
    doubts += _loose(study, constants, errors, resting)
    return Findings(float(noise), condition, errors, tuple(doubts))


def _combination(direction, names) -> str:
    top = np.abs(direction).max()
    return " ".join(
        f"{value / top:+.2f} {name}"
        for value, name in zip(direction, names, strict=True)
        if abs(value) > 0.05 * top
    )


def _bounds(problem, phi, names, resting, constants) -> list[str]:
    return [
        f"{names[k]} rests at its bound {constants[names[k]]:.4g}: these runs would have it beyond"
        for k in np.flatnonzero(resting)
        if not (k == problem.offset and phi[k] == 0)  # a floor of zero is an answer
    ]


def _loose(study, constants, errors, resting) -> list[str]:
    """Constants that the slopes at the optimum leave open by half their value or more, or by a
    factor where they move in logs; `unsupported` looks at the one floor of a form.
    """
    loose = []
    for k, name in enumerate(study.free):
        value, error = constants[name], errors[name]
        if resting[k] or name == study.form.floor_name:
            continue
        if study.moves_in_logs(name):
            if error > 0.5:
                scale = np.count_nonzero(study.bound.row(name, 2.0)[0]) > 1
                factor = f"a factor of {np.exp(error):.2g}" if error < 5 else "any factor"
                where = " in mid-range" if scale else ""
                loose.append(f"{name} {value:.3g} give or take {factor}{where}")
        elif error > 0.5 * abs(value):
            amount = f"{error:.2g}" if error < 10 * max(abs(value), 1) else "any amount"
            loose.append(f"{name} {value:.3g} give or take {amount}")
    return [f"these runs hardly fix {', '.join(loose)}: add runs further apart"] if loose else []


def unsupported(study, constants, errors) -> list[str]:
    """The floor, where the best law without one is nearly as likely (noise profiled out)."""
    name = study.form.floor_name
    if name not in study.free:
        return []
    wider, rises = np.sqrt(study.inflation(name, constants[name])), study.form.rising
    if constants[name] > 4 * errors[name] * wider:
        return []
    if constants[name] == 0:
        beyond = "below them it falls to nothing" if rises else "beyond them it falls without end"
        return [
            f"the best law of these runs is one without a floor ({name} = 0): {beyond}; if a floor "
            "is known, fix it"
        ]
    bare = study.holding(**{name: 0.0}).objective
    lost = study.evidence(name, constants[name], bare)
    if lost > 1.35:  # 90 % of chi-squared with one degree of freedom, halved
        return []
    return [
        f"a law without a floor fits these runs nearly as well ({lost:.2f} in "
        f"log-likelihood), so the profile does not support {name} = {constants[name]:.3g}: what it "
        f"says far {'below' if rises else 'beyond'} the runs rests on the form alone"
    ]


def _others(study, spread) -> list[str]:
    """Another end within 1 % of the lowest that predicts the runs differently, or with a constant
    that differs by half or more (exp(1/2) where it moves in logs).
    """
    found = study.found
    r, constants = found.problem.residual(found.ends), study.constants(found.ends)
    logs = np.array([study.moves_in_logs(name) for name in study.free])
    low, reach = max(found.values[0], 1e-300), 0.5 * np.where(logs, 1, np.abs(found.phi))
    for k in range(1, len(r)):
        by, higher = np.abs(found.ends[k] - found.ends[0]), found.values[k] / low - 1
        moved = (by > 0.1 * (0.05 + np.abs(found.ends[0]))).any()
        apart = np.abs(r[k] - r[0]).max()
        differ = apart > spread or (apart > 0.1 * spread and (by > reach).any())
        if higher < 0.01 and moved and differ:
            there = ", ".join(f"{name} {constants[name][k]:.3g}" for name in study.free)
            return [
                f"two optima of nearly one height: another lies {higher:.2%} higher, at {there}; "
                "these runs do not decide"
            ]
    return []
