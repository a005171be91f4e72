"""What the residuals of a fit show: runs far from the law, runs that miss it together, a bend that
is left over, known noise that is not theirs, an optimum that is no single place.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
from scipy.special import fdtrc

from ._engine import descend
from ._inputs import alike, numeric

FAR = 12
"""Robust standard deviations off the law; more where fewer than eight runs are to spare."""
ODD = 1e-3
"""The chance of a false alarm of all tests of shared misses and bends together."""
SHARE = 0.3
"""A pattern that explains less of the scatter than this is no reason for a doubt."""

SMALL = 0.003
"""A bend of less than so much of the target is lost among seeds."""


def misfits(study, table, names, errors) -> tuple[list[str], list[str]]:
    """Doubts that warn, as they may have moved the law, and doubts for the summary alone.

    table: the runs as they were given; names: what each is called; errors: of each free constant
    (see _doubts.examine). A Huber is hardly moved by a run that is off, squares are.
    """
    problem, phi = study.found.problem, study.found.phi
    r, J = problem.jacobian(_robust(problem, phi))
    size = np.abs(r)
    spare = len(r) - len(J)
    usual = 1.4826 * float(np.median(np.sort(size)[-max(spare, 1) :]))  # a Huber meets p runs
    far = _far(study, r, usual, spare, names)
    r = np.clip(r, -3 * usual, 3 * usual)
    patterns = [] if far else _patterns(study, table, r, J)
    loud, quiet = _noise(study, usual, spare), [*patterns, *_flat(study, errors)]
    return ([*loud, *far], quiet) if np.isinf(problem.delta) else (loud, [*far, *quiet])


def _robust(problem, phi) -> np.ndarray:
    """Where a few runs have no say: squares are drawn to a run that is off, and hide it."""
    if np.isfinite(problem.delta):
        return phi
    for _ in range(3):
        delta = max(float(np.median(np.abs(problem.residual(phi[None])))) / 2, 1e-12)
        phi = descend(replace(problem, delta=delta), phi[None], problem.draws, delta)[0][0]
    return phi


def _far(study, r, usual, spare, names) -> list[str]:
    """Runs off the law by twelve standard deviations, and by 2 % or more of the target."""
    problem = study.problem
    share = -r / problem.scale  # above the law is positive
    share = np.expm1(share) if problem.log else share / (study.y - share)
    far = np.flatnonzero(
        (np.abs(r) > max(FAR, 100 / max(spare, 1)) * usual) & (np.abs(share) > 0.02)
    )
    if not len(far) or len(far) > max(1, len(r) // 5):
        return []
    worst = far[np.argmax(np.abs(r[far]))]
    flat = numeric(study.x)
    place = ", ".join(f"{name} {x[worst]:.4g}" for name, x in flat.items())
    called = ", ".join(names[k] for k in far[:5]) + (" ..." if len(far) > 5 else "")
    plain = names == [str(k) for k in range(len(names))]
    above, half = share[worst] > 0, usual / 1.4826 / float(np.median(problem.scale))
    ask = "did it diverge? Leave it out, or look at its curve"
    if not above:
        ask = f"is its {study.form.target} of another kind, or one of its numbers mistyped?"
    return [
        f"{len(far)} run(s) end far from the law ({'by position, from 0' if plain else 'by label'}:"
        f" {called}); run {names[worst]} ({place}) ends {'above' if above else 'below'} it by "
        f"{abs(share[worst]):.0%} of its {study.form.target}, half of the runs within "
        f"{half:{'.2%' if problem.log else '.2g'}}: {ask}"
    ]


# ---- patterns --------------------------------------------------------------------------------


def _explained(r, J, Z) -> tuple[float, float]:
    """(chance that noise alone does it, share of the scatter) of what the columns of Z (n, k)
    explain of residuals beyond the slopes J (p, n): an F test.
    """
    Q = np.linalg.qr(J.T)[0]
    r = r - Q @ (Q.T @ r)
    inside = Q.T @ Z
    M, b = Z.T @ Z - inside.T @ inside, Z.T @ r
    value, axis = np.linalg.eigh(M)
    some = value > 1e-9 * max(float(np.max(np.sum(Z * Z, 0), initial=0.0)), 1e-300)
    q = int(some.sum())
    spare, total = len(r) - len(J) - q, r @ r
    if q < 1 or spare < 1 or total == 0:
        return 1.0, 0.0
    got = float(np.sum((axis[:, some].T @ b) ** 2 / value[some]))
    rest = max(total - got, 1e-300)
    return float(fdtrc(q, spare, got / q / (rest / spare))), got / total


def _patterns(study, table, r, J) -> list[str]:
    """Runs of one label that miss the law together, or misses that bend with a column."""
    weight, spread = np.sqrt(study.problem.draws.weight), float(np.sqrt(np.mean(r**2)))
    groups = study.groups
    r, J = r * weight, J * weight
    if np.abs(r).max() < 1e-6:  # runs without noise
        return []
    flat = numeric(study.x)
    once = np.eye(len(r)) if groups is None else _means(groups)
    odds, bent = _explained(once @ r, J @ once.T, once @ (_bends(flat) * weight[:, None]))
    shared = [] if groups is not None else list(_labels(study, table))
    level = ODD / (1 + len(shared))
    told = []
    for name, label in shared:
        rows = (np.bincount(label)[label] > 1) & True
        Z = (label[rows, None] == np.unique(label[rows])) * weight[rows, None]
        chance, share = _explained(r[rows], J[:, rows], Z)
        if chance < level and share > SHARE:
            told.append((share, name, len(Z.T), int(rows.sum())))
    runs = [one for one in told if re.search(r"run|job|trial|(^|_)(id|name)$", one[1].lower())]
    most = max(runs or told, key=lambda one: round(one[0], 1), default=(0.0, "", 0, 0))
    share, name, count, rows = most  # of those that explain about as much the first: the plainest
    columns, held = " and ".join(flat), bool(study.fixed or study.tied or study.bounds)
    typical = 1.0 if study.log else float(np.median(study.y))
    size = np.sqrt(bent) * spread / float(np.median(study.problem.scale)) / typical
    if odds < level and bent > max(SHARE, 0.8 * share) and size > SMALL:
        return [
            f"what the law leaves over bends with {columns}: a smooth curve in their logs takes up "
            f"{bent:.0%} of the scatter ({size:.2%} of the {study.form.target}), which noise alone "
            f"would do in fewer than one in {1 / level:,.0f} fits: the form {study.form.name!r} "
            f"{'with what is fixed, tied or bounded ' * held}is not right for these runs, and "
            "what it says beyond them may be off by more than its intervals; compare it with others"
        ]
    if not told:
        return []
    what = columns if name == "cell" else name
    explained = f"miss the law together: {count} labels explain {share:.0%} of the scatter of"
    if runs:
        return [
            f"rows of one {name} {explained} {rows} rows. They are one run: where they are points "
            f"of its curve keep the last, where they are seeds of a cell give groups={name!r}"
        ]
    one = len(study.x) == 1 and name != "cell"
    if one and np.asarray(table[name]).dtype.kind in "fiu":
        return [
            f"runs that share their {what} {explained} {rows} runs, and the form "
            f"{study.form.name!r} reads {columns} alone: take the best run of each {columns}, or "
            f"fit a form that also reads {name}"
        ]
    if name in study.x:
        return [
            f"runs that share their {what} {explained} {rows} runs. Where they are rows of one "
            f"training curve, give groups={name!r}; else the form {study.form.name!r} does not "
            f"say right what {name} does for these runs: compare it with others"
        ]
    return [
        f"runs that share their {what} {explained} {rows} runs. They are not separate evidence "
        f"(seeds of a cell, rows of a curve): give groups={name!r}; or the law is not the same, "
        "or not right, for all of them"
    ]


def _means(groups) -> np.ndarray:
    """(groups, runs): takes runs to the mean of each group, which is one piece of evidence."""
    mark = (np.unique(groups)[:, None] == groups).astype(float)
    return mark / mark.sum(1, keepdims=True)


def _bends(flat) -> np.ndarray:
    """Squares and products of the logs, (runs, columns)."""
    logs = [np.log(x) - np.log(x).mean() for x in flat.values()]
    logs = [log / max(float(log.std()), 1e-9) for log in logs]
    return np.array([a * b for k, a in enumerate(logs) for b in logs[k:]]).T


def _labels(study, table):
    """(name, whole numbers) of each column that gives several runs one label; "cell" is all that
    the form reads. Each way to divide the runs comes once.
    """
    n, seen = len(study.y), []
    own = [study.form.target, "C", *study.x]
    others = [name for name in table if isinstance(name, str) and name not in own]
    cells = np.array([alike(x) for x in study.x.values()])
    columns = [("cell", np.unique(cells, axis=1, return_inverse=True)[1].ravel())]
    columns += [(name, np.asarray(table[name])) for name in others]
    columns += [(name, alike(x)) for name, x in study.x.items()] if len(study.x) > 1 else []
    for name, column in columns:
        if column.shape != (n,) or (column.dtype.kind == "f" and (column % 1 != 0).any()):
            continue  # results are no labels
        column = column if column.dtype.kind in "fiub" else column.astype(str)
        label = np.unique(column, return_inverse=True)[1]
        many = int(label.max()) + 1
        same = (len(np.unique(label + many * old)) == many == old.max() + 1 for old in seen)
        if 2 <= many <= n - 2 and n * many**2 < 1e9 and not any(same):
            seen.append(label)
            yield name, label


def _noise(study, usual, spare) -> list[str]:
    """Known noise that is not what the runs show."""
    if np.ndim(study.noise) == 0 or not usual:
        return []
    times = 3 if spare >= 8 else 10
    if 1 / times < usual < times:
        return []
    way = f"{usual:.3g} times as much" if usual > 1 else f"1/{1 / usual:.3g} of it"
    return [
        f"noise= says {float(np.median(study.noise)):.3g}, and the runs scatter about the law by "
        f"{way}: is it a standard deviation, in {'shares' if study.log else 'units'} of the "
        f"{study.form.target}? If it is, the form is not right; if not, leave noise= out"
    ]


# ---- an optimum that is no place -------------------------------------------------------------


def _flat(study, errors) -> list[str]:
    """A straight Huber of few runs may have a set of equally good laws: told where it is wide."""
    problem, phi = study.found.problem, study.found.phi
    if not np.isfinite(problem.delta) or len(problem.target) >= 60:
        return []
    r, J = problem.jacobian(phi)
    inner = np.abs(r) <= problem.delta
    if inner.sum() >= len(phi):
        return []
    ways, size, _ = np.linalg.svd(J[:, inner])  # its matrix_rank needs a run: NumPy < 2.2
    held = size > size.max(initial=0.0) * max(J.shape) * np.finfo(float).eps
    moves = ways[:, int(held.sum()) :]
    unit = problem.delta / max(float(np.abs(J.T @ moves).max(initial=0.0)), 1e-300)
    walk = unit * np.concatenate([-(1.2 ** np.arange(60)), 1.2 ** np.arange(60)])
    rows = np.clip(phi + (moves[:, :, None] * walk).reshape(len(phi), -1).T, problem.lo, problem.hi)
    return _wide(study, rows, errors)


def _wide(study, rows, errors) -> list[str]:
    """The widest of the constants among those rows that are as good as the optimum."""
    problem, best = study.problem, study.found.phi
    with np.errstate(all="ignore"):
        size = np.abs(problem.residual(np.vstack([best, rows])))
        inner = np.minimum(size, problem.delta)
        values = (inner * (size - inner / 2)) @ problem.draws.weight
    equal = rows[values[1:] <= values[0] * (1 + 1e-6)]
    if not len(equal):
        return []
    reach = np.ptp(np.vstack([best, equal]), axis=0)
    k = int(np.argmax(reach / np.maximum(list(errors.values()), 1e-300)))
    name = study.free[k]
    if reach[k] < 0.5 * errors[name]:
        return []
    there = study.constants(equal)[name]
    return [
        f"many laws fit these runs equally well: {name} anywhere from {there.min():.4g} to "
        f"{there.max():.4g} has the same Huber objective, because only "
        f"{int((size[0] <= problem.delta).sum())} of {len(study.y)} runs lie within its delta "
        f"({problem.delta:g}): use objective='squares' or a wider delta"
    ]
