"""Does a fit ever end above what brute force finds? Measured on real and on 200 simulated sets.

Four objectives of the additive form: Huber and squares, of log losses and of losses. Brute force is
SciPy's `least_squares` from a grid, random places, the simulated truth and our own end, narrowed to
the Huber of the fit and polished, and our own descent from 350 places. What is counted is
how much our end lies above the lowest of all; with it, how often the quick pass alone would have.
Sets whose best law `fit` refuses (an exponent outside .01 to 3: the optimum lies at infinity, where
no descent ends) are counted apart: they give no number that could be wrong.

    python tests/prove_objective.py --sets "set 1*" --csv FOLDER

--csv: a folder of runs of other studies that `prove_published.py --csv` writes. Where the package
vpnls (Open-Athena/vpnls) can be imported, its ends for the Huber of losses are held beside ours.
The results are kept in --folder, and sets that are there are not done again.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy: these are many small problems

import argparse
import fnmatch
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import least_squares, minimize, nnls
from tqdm import tqdm

from scalinglib import runs
from scalinglib._doubts import UndeterminedError, refuse_exponents
from scalinglib._engine import descend
from scalinglib._search import search, unit
from scalinglib._study import Study
from scalinglib.fitting import FORMS, OBJECTIVES

ABOVE = 1e-9
SIMULATED = 200
LOW, HIGH = np.array([0, -50, -50, 1e-6, 1e-6]), np.array([np.inf, 50, 50, 20, 20])
"""Of E, the scales' logs in mid-range, and the exponents."""
ORDER = [0, 1, 3, 2, 4]
"""The form has each scale beside its exponent."""


# ---- sets of runs ------------------------------------------------------------------------------


def simulated(k):
    """Runs N, D, loss number k, and the law behind them (E, log A, log B in mid-range, exponents).

    n = 6 to 240; at random, on a grid, in valleys, or with nearly fixed D / N; noise of .1 to 5 %,
    a third of the sets with heavy tails, a fifth with outliers.
    """
    rng = np.random.default_rng(1000 + k)
    n = int(rng.choice([6, 7, 8, 10, 14, 20, 28, 45, 80, 124, 240]))
    noise = 10 ** rng.uniform(-3, np.log10(0.05))
    N, D = 10 ** rng.uniform(7, 10, n), 10 ** rng.uniform(9, 11.5, n)
    if k % 4 == 1:
        side = int(np.ceil(np.sqrt(n)))
        places = np.meshgrid(np.geomspace(2e7, 3e9, side), np.geomspace(1e9, 1e11, side))
        N, D = (place.T.ravel()[:n] for place in places)
    if k % 4 == 2:
        C = rng.choice(10 ** np.linspace(18, 21, 5), n)
        N = np.sqrt(C / 120) * np.exp(rng.uniform(-1.5, 1.5, n))
        D = C / 6 / N
    if k % 4 == 3:
        D = 20 * N * np.exp(rng.choice([0.03, 0.1, 0.3]) * rng.standard_normal(n))
    E, alpha, beta = rng.uniform(1, 2.2), rng.uniform(0.15, 0.6), rng.uniform(0.15, 0.6)
    a, b = rng.uniform(-2, 0.5, 2)
    clean = E + np.exp(a) * (N / 1e8) ** -alpha + np.exp(b) * (D / 1e10) ** -beta
    loss = clean * np.exp(noise * (rng.standard_normal(n) if k % 3 else rng.standard_t(2, n)))
    if k % 5 == 0:
        bad = rng.choice(n, max(1, n // 12), replace=False)
        loss[bad] *= np.exp(np.abs(rng.normal(0, 0.3, len(bad))))
    middle = np.log(N).mean() - np.log(1e8), np.log(D).mean() - np.log(1e10)
    return N, D, loss, np.array([E, a - alpha * middle[0], b - beta * middle[1], alpha, beta])


def measured(folder):
    """{name: N, D, loss} of the sets at hand."""
    found = {}
    try:
        table = runs.load("chinchilla")
        found |= {"chinchilla 245": table, "chinchilla 240": runs.drop_highest_loss(table, 5)}
        porian = runs.load("porian").groupby(["dataset", "stage"])
        found |= {f"porian {' '.join(key)}": part for key, part in porian}
    except runs.DataUnavailableError as error:
        print(f"without the published runs: {error}", file=sys.stderr)
    sweep = runs.load("sweep").query("arm == 'main'").groupby("corpus")
    found |= {f"sweep {corpus}": part for corpus, part in sweep}
    for path in sorted(folder.glob("*.csv")) if folder else ():
        table = pd.read_csv(path)
        if "D" not in table:
            continue
        label = "dataset" if "dataset" in table else "kept" if "kept" in table else None
        parts = table.groupby(label) if label else [("", table)]
        found |= {f"{path.stem} {key}".strip(): part for key, part in parts}
    return {
        name: tuple(table[["N", "D", "loss"]].dropna().to_numpy(float).T)
        for name, table in found.items()
    }


# ---- brute force -------------------------------------------------------------------------------


class Peer:
    """The same objective for SciPy: x, z are centred logs of N and D."""

    def __init__(self, N, D, loss, log, delta):
        self.x, self.z = np.log(N) - np.log(N).mean(), np.log(D) - np.log(D).mean()
        self.loss, self.log, self.delta = loss, log, delta

    def residual(self, theta):
        value = self._terms(theta)[0]
        return np.log(value) - np.log(self.loss) if self.log else value - self.loss

    def _terms(self, theta):
        E, a, b, alpha, beta = theta
        u, v = np.exp(a - alpha * self.x), np.exp(b - beta * self.z)
        return E + u + v + 1e-300, u, v

    def slopes(self, theta):
        value, u, v = self._terms(theta)
        J = np.stack([np.ones_like(u), u, v, -u * self.x, -v * self.z], axis=1)
        return J / value[:, None] if self.log else J

    def total(self, theta):
        """The objective, as published."""
        r = np.abs(self.residual(theta))
        if not np.isfinite(self.delta):
            return float(np.sum(r * r) / 2)
        return float(
            np.sum(np.where(r <= self.delta, r * r / 2, self.delta * (r - self.delta / 2)))
        )

    def starts(self, rng, grid, random):
        """Exponents on a grid and at random, with the scales and floor >= 0 of least squares."""
        axis = np.geomspace(0.05, 1.5, grid)
        pairs = [(s, t) for s in axis for t in axis] + list(10 ** rng.uniform(-2, 0.5, (random, 2)))
        out = [self.scaled(alpha, beta) for alpha, beta in pairs]
        for row in out[grid * grid :]:  # at random in the rest as well
            row[:3] = [rng.uniform(0, self.loss.min()), *np.log(10 ** rng.uniform(-2.5, 1, 2))]
        return np.array(out)

    def scaled(self, alpha, beta):
        """A start at these exponents: floor and scales >= 0 of least squares."""
        powers = np.exp(-alpha * self.x), np.exp(-beta * self.z)
        basis = np.stack([np.ones_like(self.x), *powers], axis=1)
        z, _ = nnls(basis / self.loss[:, None], np.ones_like(self.x))
        scales = np.log(np.maximum(z[1:], 1e-3 * self.loss.min()))
        return np.array([z[0], *scales, alpha, beta])

    def descend(self, start):
        """SciPy from one start, under a wide Huber first; and its polish."""
        theta = np.clip(start, LOW + 1e-9, HIGH - 1e-9)
        wide = (30, 5, 1) if np.isfinite(self.delta) else (1,)
        for times in wide:
            more = {"loss": "huber", "f_scale": times * self.delta} if len(wide) > 1 else {}
            small = 1e-5 if times > 1 else 1e-13
            end = least_squares(
                self.residual,
                np.clip(theta, LOW + 1e-12, HIGH - 1e-12),
                self.slopes,
                (LOW, HIGH),
                xtol=small,
                ftol=small,
                gtol=1e-15,
                max_nfev=60 if times > 1 else 300,
                **more,
            )
            theta = end.x
        return theta

    def polish(self, theta):
        """BFGS in units of delta^2, of constants all positive."""
        squared = self.delta**2 if np.isfinite(self.delta) else 1.0

        def value(t):
            t = np.concatenate([[t[0] ** 2], t[1:]])
            r = self.residual(t)
            pull = np.clip(r, -self.delta, self.delta) @ self.slopes(t)
            pull[0] *= 2 * np.sqrt(t[0])
            return self.total(t) / squared, pull / squared

        start = np.concatenate([[np.sqrt(theta[0])], theta[1:]])
        end = minimize(value, start, jac=True, method="BFGS", options={"gtol": 1e-12})
        better = np.concatenate([[end.x[0] ** 2], end.x[1:]])
        return np.clip(better, LOW, HIGH)


def by_scipy(peer, rng, extra, grid=4, random=6, kept=3):
    """The lowest objective that SciPy finds."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ends = []
        for start in [*peer.starts(rng, grid, random), *extra]:
            try:
                ends.append(peer.descend(start))
            except (ValueError, np.linalg.LinAlgError):  # a start where it overflows
                continue
        ends.sort(key=peer.total)
        polished = [peer.polish(end) for end in ends[:kept]] + [peer.polish(e) for e in extra]
        values = [peer.total(end) for end in [*ends, *polished, *extra]]
    return float(np.nanmin(values))


def by_ourselves(study, rng, count=150):
    """The lowest objective of our descent from the form's starts and from random places."""
    problem, y = study.problem, study.y
    random = np.column_stack(
        [
            rng.uniform(0, y.min(), count),
            *np.log(10 ** rng.uniform(-2.5, 1, (2, count))),
            *10 ** rng.uniform(-2, 0.5, (2, count)),
        ]
    )
    starts, best = np.concatenate([study.starts(), random[:, ORDER]]), np.inf
    for wide in (1, 100) if np.isfinite(study.delta) else (1,):
        phi = starts
        for times in (wide, wide / 10) if wide > 1 else ():
            delta = times * study.delta
            phi, _ = descend(problem, phi, problem.draws, delta, steps=60, tolerance=1e-6)
        slow = {"kappa": 1.0, "shrink": 0.5, "steps": 300, "tolerance": 1e-9}
        phi, value = descend(problem, phi, problem.draws, study.delta, **slow)
        phi = phi[np.argsort(value)[:8]]
        exact = replace(problem, newton=True)
        best = min(best, descend(exact, phi, problem.draws, study.delta)[1].min())
    return float(best * unit(study.delta))


def by_vpnls(peer, N, D):
    """Objective of vpnls's end for the Huber of losses, nan without the package or where one of its
    constants is negative: our form has none.
    """
    try:
        from vpnls.api import fit_vpnls, huber
    except ImportError:
        return np.nan
    try:
        end = fit_vpnls(N / 1e6, D / 1e9, peer.loss, method="scipy", loss=huber(peer.delta))
    except ValueError:  # its grid refuses some sets
        return np.nan
    if min(end.E, end.A, end.B) <= 0:
        return np.nan
    n, d = np.log(N / 1e6).mean(), np.log(D / 1e9).mean()
    a, b = np.log(end.A) - end.alpha * n, np.log(end.B) - end.beta * d
    return peer.total(np.array([end.E, a, b, end.alpha, end.beta]))


# ---- one set -----------------------------------------------------------------------------------


def compare(name, N, D, loss, truth=None, objectives=tuple(OBJECTIVES), **effort):
    """A row for each objective: ours, quick pass, thorough search, SciPy, many starts, vpnls."""
    rows = []
    for objective in objectives:
        log, delta = OBJECTIVES[objective]
        study = Study(FORMS["chinchilla"], {"N": N, "D": D}, loss, log, delta)
        peer, rng = Peer(N, D, loss, log, delta), np.random.default_rng(len(loss))
        starts = study.starts()
        quick, thorough = (search(study.problem, starts, way) for way in (False, True))
        extra = [found.phi[ORDER] for found in (study.found, quick, thorough)]
        extra += [truth] if truth is not None else []
        scipy = by_scipy(peer, rng, extra, **effort)
        rows.append(
            {
                "set": name,
                "n": len(loss),
                "objective": objective,
                "search": study.found.search,
                "refused": refused(study),
                "ours": study.found.objective,
                "quick": quick.objective,
                "thorough": thorough.objective,
                "scipy": scipy,
                "many": by_ourselves(study, rng),
                "vpnls": by_vpnls(peer, N, D) if objective == "raw-huber" else np.nan,
            }
        )
    return rows


def refused(study):
    """Would `fit` refuse these runs for an exponent that runs away?"""
    constants = {name: value[0] for name, value in study.constants(study.found.phi[None]).items()}
    try:
        refuse_exponents(study, constants)
    except UndeterminedError:
        return True
    return False


def _job(task):
    with np.errstate(all="ignore"):
        return compare(*task)


# ---- all of them -------------------------------------------------------------------------------


def above(table, column, others=("ours", "quick", "thorough", "scipy", "many")):
    """By how much, as a share, each entry of a column lies above the lowest of `others`."""
    lowest = table[list(others)].min(axis=1)
    return (table[column] - lowest) / np.maximum(lowest, 1e-14)


def report(table):
    """Prints what was found; returns whether all bars are met (of sets that are not refused)."""
    table = table.assign(kind=np.where(table["set"].str.startswith("set "), "simulated", "at hand"))
    stood = ~table["refused"].astype(bool)
    print(f"{'':24}{'sets':>6}{'refused':>9}{'ours above':>12}{'refused':>9}", end="")
    print(f"{'by at most':>12}{'quick above':>13}", end="")
    print(f"{'unsigned':>10}{'thorough':>10}{'searched':>10}{'scipy':>7}{'many':>6}{'vpnls <':>9}")
    missed = 0
    for (kind, objective), part in table.groupby(["kind", "objective"], sort=False):
        over, stands = above(part, "ours"), stood[part.index]
        quick, thorough = above(part, "quick") > ABOVE, above(part, "thorough") > ABOVE
        unsigned = quick & (part["search"] == "quick")
        beaten = above(part, "ours", ("ours", "vpnls")) > ABOVE
        missed += int(((over > ABOVE) & stands).sum() + (beaten & stands).sum())
        held = f"{beaten.sum()}/{part['vpnls'].notna().sum()}"
        print(
            f"{kind + ', ' + objective:24}{len(part):>6}{(~stands).sum():>9}"
            f"{((over > ABOVE) & stands).sum():>12}{((over > ABOVE) & ~stands).sum():>9}"
            f"{over[stands].max():>12.1e}{quick.sum():>13}{unsigned.sum():>10}{thorough.sum():>10}"
            f"{(part['search'] == 'thorough').sum():>10}"
            f"{(above(part, 'scipy') > ABOVE).sum():>7}{(above(part, 'many') > ABOVE).sum():>6}"
            f"{held:>9}"
        )
    worst = table[above(table, "ours") > ABOVE]
    if len(worst):
        print(worst.assign(above=above(table, "ours")).to_string(index=False))
    return missed == 0


def main():
    parse = argparse.ArgumentParser(description="Ends of fits against brute force.")
    parse.add_argument("--sets", nargs="*", default=["*"], help="names or patterns of them")
    parse.add_argument("--csv", type=Path)
    parse.add_argument("--workers", type=int, default=1)
    parse.add_argument("--folder", type=Path, default=Path("_prove"))
    asked = parse.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    path = asked.folder / "objective.csv"
    table = pd.read_csv(path) if path.exists() else pd.DataFrame({"set": []})
    tasks = [(name, *part) for name, part in measured(asked.csv).items()]
    tasks += [(f"set {k}", *simulated(k)) for k in range(SIMULATED)]
    tasks = [t for t in tasks if any(fnmatch.fnmatch(t[0], name) for name in asked.sets)]
    left = [task for task in tasks if task[0] not in set(table["set"])]
    with ProcessPoolExecutor(asked.workers) as executor:
        for rows in tqdm(executor.map(_job, left), total=len(left), file=sys.stderr):
            new = pd.DataFrame(rows)
            table = pd.concat([table, new], ignore_index=True) if len(table) else new
            table.to_csv(path.with_suffix(".part"), index=False)
            path.with_suffix(".part").replace(path)
    table = table[table["set"].isin([task[0] for task in tasks])]
    sys.exit(0 if report(table) else "a fit ended above what brute force found")


if __name__ == "__main__":
    main()
