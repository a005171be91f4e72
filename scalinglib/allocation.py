"""Approaches 1 and 2 of Hoffmann et al. 2022: the best run of each budget, and lines through
them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import overload

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import fdtrc

from ._doubts import UndeterminedError, odd_units, refuse_constant, tell, without
from ._inputs import (
    Array,
    Numbers,
    Scalar,
    alike,
    columns,
    count,
    have_columns,
    labels_of,
    positive,
    whole,
)
from .fits import Fit, _between, read_fit, write_fit
from .laws import Optimum


@dataclass(frozen=True)
class Allocation:
    """N = N_coef C^a and D = D_coef C^b: how the best run grows with its budget, C in FLOPs.

    >>> law = Allocation(N_coef=0.1, a=0.5, D_coef=1.7, b=0.5)
    >>> f"{law.optimum(1e24).N:.2g}"
    '1e+11'
    """

    N_coef: float
    a: float
    D_coef: float
    b: float

    @overload
    def optimum(self, C: Scalar) -> Optimum[float]: ...
    @overload
    def optimum(self, C: ArrayLike) -> Optimum[Array]: ...
    def optimum(self, C: ArrayLike) -> Optimum[Numbers]:
        """The best run for each budget. Its loss is NaN: Approaches 1 and 2 fit none (see
        AllocationFit).
        """
        C = positive("C", C)
        return Optimum(
            self.N_coef * C**self.a, self.D_coef * C**self.b, C, np.full_like(C, np.nan)[()]
        )


@dataclass(frozen=True, eq=False)
class AllocationFit(Fit[Allocation]):
    """Straight lines in logs through the best runs; `.law` is an Allocation.

    minima: DataFrame with columns C, N, D, loss, interior; the lines go through the rows with
    `interior`. For the loss along the frontier, fit_power_law(C, loss) on those rows. runs: what
    the parabolas of fit_isoflop go through, columns C (one value a budget), N, D, loss. selected:
    what runs.keep and reading.read left out, in words.

    >>> from scalinglib import runs
    >>> sweep = runs.load("sweep").query("corpus == 'python' and arm == 'main'")
    >>> found = fit_isoflop(sweep.budget, sweep.N, sweep.loss, D=sweep.D)
    >>> round(found.a, 2), int(found.minima["interior"].sum())
    (0.43, 6)
    """

    minima: pd.DataFrame = field(repr=False, kw_only=True)
    runs: pd.DataFrame | None = field(default=None, repr=False, kw_only=True)
    doubts: tuple[str, ...] = field(default=(), repr=False, kw_only=True)
    sampling: str = field(default="", repr=False, kw_only=True)
    selected: tuple[str, ...] = field(default=(), repr=False, kw_only=True)

    @property
    def a(self) -> float:
        """The best N grows as C^a."""
        return self.law.a

    @property
    def N_coef(self) -> float:
        """N = N_coef C^a: the line at C = 1 FLOP."""
        return self.law.N_coef

    @property
    def reach(self) -> float:
        """The largest compute among the best runs, FLOPs."""
        return float(self.minima.C.max())

    @property
    def span(self):
        return (("C", float(self.minima.C.min()), self.reach),)

    def summary(self, level: float = 0.9) -> str:
        """A table for a paper: both lines with their intervals, the budgets, doubts."""
        between = _between(self.samples, level, vars(self.law))
        lines = ["allocation: N = N_coef C^a, D = D_coef C^b"]
        for name, value in vars(self.law).items():
            lines.append(f"  {name:<16} {value:>12.6g}   {between.get(name, '')}")
        used = self.minima[self.minima.interior]
        runs = f"{len(self.runs)} runs, " if self.runs is not None else ""
        lines.append(
            f"{runs}{len(used)} of {len(self.minima)} best runs used, "
            f"{used.C.min():.3g} to {used.C.max():.3g} FLOPs"
        )
        lines += [f"selected: {told}" for told in self.selected]
        if self.samples is not None:
            lines.append(f"intervals: {level:.0%}, {self.sampling}")
        elif self.no_interval:
            lines.append(f"no interval: {self.no_interval}")
        return "\n".join([*lines, *(f"doubt: {doubt}" for doubt in self.doubts)])

    def to_json(self, path=None) -> str:
        """The fit with its best runs, as text; written to `path` if one is given."""
        told = {
            "constants": vars(self.law),
            "minima": self.minima.to_dict("list"),
            "runs": None if self.runs is None else self.runs.to_dict("list"),
            "doubts": self.doubts,
            "sampling": self.sampling,
            "selected": self.selected,
        }
        return write_fit(self, "allocation", told, path)

    def of_losses(self, losses: ArrayLike) -> pd.DataFrame:
        """The constants that other losses of the same runs would have given: the noise of seeds
        shaken on, or another law's.

        losses: shape (draws, runs), in the order of the runs that were fitted. One row a draw; NaN
        where fewer than two budgets keep a minimum among their sizes. Raises ValueError for a fit
        without `runs` (Approach 1) and for another number of runs. Source: Approach 2, as fitted.

        >>> from scalinglib import runs
        >>> sweep = runs.load("sweep").query("corpus == 'python' and arm == 'main'")
        >>> found = fit_isoflop(sweep.budget, sweep.N, sweep.loss, D=sweep.D)
        >>> luck = np.random.default_rng(0).normal(0, 0.005, (200, len(sweep)))
        >>> round(float(found.of_losses(sweep.loss.to_numpy() + luck).a.std()), 2)
        0.01
        """
        if self.runs is None:
            raise ValueError("this fit keeps no runs: make it with fit_isoflop")
        losses, count = np.atleast_2d(np.asarray(losses, float)), len(self.runs)
        if losses.shape[1] != count or losses.ndim > 2:
            raise ValueError(
                f"losses has shape {losses.shape}; give (draws, {count}): one for each run"
            )
        C, N, D = (self.runs[name].to_numpy() for name in ("C", "N", "D"))
        budgets, draws = np.unique(C), np.asarray(positive("losses", losses))
        valleys = [_Valley.of(N[C == C_], D[C == C_], draws[0, C == C_]) for C_ in budgets]
        log_N, log_D, _, use = _vertices(valleys, [draws[:, C == C_] for C_ in budgets])
        return pd.DataFrame(_lines(np.log(budgets), log_N, log_D, use))

    @classmethod
    def from_json(cls, source) -> AllocationFit:
        """A fit from a path or a text that `to_json` wrote."""
        told = read_fit(source, "allocation")
        return cls(
            Allocation(**told["constants"]),
            told["samples"],
            minima=pd.DataFrame(told["minima"]),
            runs=None if told["runs"] is None else pd.DataFrame(told["runs"]),
            doubts=tuple(told["doubts"]),
            sampling=told["sampling"],
            selected=tuple(told.get("selected", ())),
            no_interval=told["no_interval"],
        )


# ---- Approach 2: a parabola for each budget --------------------------------------------------


def fit_isoflop(
    C: ArrayLike,
    N: ArrayLike,
    loss: ArrayLike,
    *,
    D: ArrayLike | None = None,
    bootstrap: int = 0,
    seed: int = 0,
) -> AllocationFit:
    """Approach 2: a parabola of loss in log N for each budget, lines in logs through the minima.

    C: FLOPs; runs within 1 % of each other are one budget, at their mean in logs, and are named in
    a warning where they lie more than 0.1 % apart. N: parameters; loss: nats per token. D: tokens,
    by default C / 6N; pass the real ones where C is counted otherwise. One entry a run.

    A budget whose minimum lies beyond its sizes, whose parabola opens downward, or which has fewer
    than three sizes is left out, named in a warning and marked `interior=False` in `.minima`, where
    its vertex is a guess (NaN if it has none). Warns (FitWarning) of runs that end far above the
    parabola of the others, of a vertex far below every run, and of valleys that noise may have dug.

    bootstrap: how often losses are drawn about the parabolas, with a relative scatter that is the
    same in all budgets and, since few runs tell its size, Student's t. In simulations the 90 %
    intervals covered 89 to 93 % (3 budgets of 4 sizes up to 9 of 9); below three runs to spare
    there are none. A draw obeys the rules above; one that keeps fewer than two budgets is dropped,
    and a warning counts them.

    The method is biased even without noise, because a valley is no parabola: on Hoffmann's rounded
    law, with 5 budgets from 1e17 to 1e21 and 15 sizes each over 16 times either way of the true
    optimum, the exponent comes out right and D at 1e24 FLOPs 5.1 % too low. Windows whose centre
    drifts away from the optimum bend the exponent as well.

    Raises UndeterminedError for fewer than two interior minima, or budgets that most runs miss by a
    little. Source: Hoffmann et al. 2022, Approach 2.

    >>> from scalinglib import HOFFMANN_2022 as law
    >>> C, shift = np.meshgrid([1e18, 1e19, 1e20], [0.25, 0.5, 1, 2, 4])
    >>> N = law.optimum(C).N * shift
    >>> found = fit_isoflop(C.ravel(), N.ravel(), law.loss(N, C / 6 / N).ravel())
    >>> round(found.a, 2)
    0.45
    """
    names = np.array(labels_of(loss), object)
    selected = tuple(getattr(loss, "attrs", {}).get("selected", ()))
    C, N, loss = columns(C=C, N=N, loss=loss)
    D = C / (6 * N) if D is None else columns(C=C, D=D)[1]
    bootstrap, seed = count("bootstrap", bootstrap), whole("seed", seed)
    C, doubts = _budgets(C)
    doubts, budgets = doubts + odd_units({"N": N, "D": D}), np.unique(C)
    valleys = [_Valley.of(N[C == one], D[C == one], loss[C == one]) for one in budgets]
    _refuse_torn(np.log(budgets), valleys)
    log_N, log_D, low, interior = _vertices(valleys, [v.loss[None] for v in valleys])
    doubts += _doubts(budgets, valleys, log_N[0], interior[0], [names[C == one] for one in budgets])
    samples, why_not = _redrawn(valleys, interior[0], np.log(budgets), bootstrap, seed)
    tell([*doubts, *without(why_not)])
    best = {"C": budgets, "N": np.exp(log_N[0]), "D": np.exp(log_D[0]), "loss": low[0]}
    line, best["interior"] = _lines(np.log(budgets), log_N, log_D, interior), interior[0]
    told = f"{bootstrap} draws of losses about the parabolas, with Student's t scatter"
    found = _allocation(line, best, samples, why_not, told * (bootstrap > 0))
    runs = pd.DataFrame({"C": C, "N": N, "D": D, "loss": loss})
    return replace(found, runs=runs, doubts=tuple(doubts), selected=selected)


def _doubts(budgets, valleys, vertices, interior, names) -> list[str]:
    """What is left out and why, and what is odd about each valley. Raises UndeterminedError where
    fewer than two budgets are left. names: of the runs of each budget.
    """
    outside = [_why_not(budgets[i], valleys[i].x, vertices[i]) for i in np.flatnonzero(~interior)]
    if interior.sum() < 2:
        raise UndeterminedError(
            f"{interior.sum()} of {len(budgets)} budgets have an interior minimum, and a line "
            f"needs two: {'; '.join(outside[:3]) or 'add runs at another budget'}"
        )
    doubts = [f"left out of the fit: {reason}" for reason in outside]
    for budget, valley, called, inside in zip(budgets, valleys, names, interior, strict=True):
        doubts += valley.doubts(f"the budget C = {budget:.4g} FLOPs", called, inside)
    return doubts + _flat([one for one, use in zip(valleys, interior, strict=True) if use])


def _flat(valleys) -> list[str]:
    """Are all valleys together no deeper than the noise about their parabolas would dig them?"""
    spare = sum(valley.spare for valley in valleys)
    noise = sum(float(np.sum((one.loss - one.level) ** 2)) for one in valleys)
    if spare < 1 or noise == 0:
        return []
    bent = sum(
        float((one.loss @ one.curve)[2] ** 2 / (one.curve[:, 2] ** 2).sum()) for one in valleys
    )
    chance = fdtrc(len(valleys), spare, bent / len(valleys) / (noise / spare))
    if chance < CHANCE:
        return []
    return [
        f"the loss hardly depends on N: noise alone would bend the parabolas as much in "
        f"{chance:.1%} of studies like this one, so the minima may be chance; add sizes further "
        "apart, or repeats"
    ]


def _redrawn(valleys, interior, log_C, bootstrap, seed) -> tuple[pd.DataFrame | None, str]:
    """Lines through the minima of redrawn losses, and why there are none."""
    used = [valley for valley, inside in zip(valleys, interior, strict=True) if inside]
    spare = sum(valley.spare for valley in used)
    if not bootstrap:
        return None, ""
    if spare < 3:
        return None, (
            f"{spare} run(s) to spare beyond three a budget tell too little of the noise for an "
            "interval: add sizes or budgets"
        )
    rng = np.random.default_rng(seed)
    squares = sum(valley.misses @ valley.misses for valley in used)
    noise = np.sqrt(squares / rng.chisquare(spare, bootstrap))[:, None]
    draws = [v.level * (1 + noise * rng.standard_normal((bootstrap, len(v.x)))) for v in valleys]
    x, d, _, use = _vertices(valleys, draws)
    return pd.DataFrame(_lines(log_C, x, d, use)), ""


CHANCE = 0.01
"""Valleys that noise alone would dig so often are doubted. Of 540 flat studies of 3 to 5 budgets 2
passed without a doubt; of 360 whose valleys are real and whose noise is at most 1 % none was told.
"""
FLAT = 1e-9
"""A parabola that bends less than so much of its loss is one of rounding errors."""
ROUNDING = 1e-3
"""Budgets that differ by no more are one: N and D of a table have few digits."""


def _budgets(C) -> tuple[np.ndarray, list[str]]:
    """C with runs of one budget made equal, and what was made equal, in words."""
    label, equal, doubts = alike(C), C.copy(), []
    for one in np.unique(label):
        here = label == one
        if np.ptp(C[here]):
            equal[here] = np.exp(np.log(C[here]).mean())
        if np.ptp(np.log(C[here])) > ROUNDING:
            doubts.append(
                f"{equal[here][0]:.4g} ({here.sum()} runs, {C[here].min():.5g} to "
                f"{C[here].max():.5g})"
            )
    if not doubts:
        return equal, []
    return equal, ["runs whose C lies within 1 % are taken as one budget: " + "; ".join(doubts)]


def _refuse_torn(log_C, valleys):
    """Losses all alike; budgets that most runs miss by a few per cent, as where C is counted and
    not nominal.
    """
    refuse_constant(np.concatenate([valley.loss for valley in valleys]))
    thin = sum(not valley.enough for valley in valleys)
    apart = np.split(np.arange(len(log_C)), 1 + np.flatnonzero(np.diff(log_C) > 0.2))
    near = [rows for rows in apart if len(rows) > 1 and np.ptp(log_C[rows]) < 0.4]
    whole = [rows for rows in near if len({x for k in rows for x in valleys[k].x}) >= 3]
    if len(whole) > 1 and 2 * thin > len(valleys):
        spread = np.expm1(max(np.ptp(log_C[rows]) for rows in whole))
        raise UndeterminedError(
            f"C takes {len(valleys)} different values, {thin} of them with fewer than three sizes "
            f"(runs of one budget must have C within 1 %); they lie in {len(whole)} groups, each "
            f"within {spread:.1%}: if a group was meant as one budget, give its nominal FLOPs as "
            "C, and the real tokens as D"
        )


@dataclass(frozen=True, eq=False)
class _Valley:
    """The runs of one budget: centred log N in units of their spread, log D, loss; and a
    parabola.
    """

    x: np.ndarray  # log N
    z: np.ndarray  # log D
    loss: np.ndarray
    powers: np.ndarray  # (runs, 3)
    curve: np.ndarray  # takes losses (.., runs) to coefficients (.., 3)

    @classmethod
    def of(cls, N, D, loss) -> _Valley:
        x = np.log(N)
        u = (x - x.mean()) / max(np.ptp(x), 1e-9)
        powers = np.stack([np.ones_like(u), u, u * u], axis=1)
        return cls(x, np.log(D), loss, powers, np.linalg.pinv(powers).T)

    @property
    def enough(self) -> bool:
        return len(np.unique(self.x)) >= 3

    @property
    def spare(self) -> int:
        return len(self.x) - 3

    @property
    def level(self) -> np.ndarray:
        """The parabola at the runs."""
        return self.powers @ (self.loss @ self.curve)

    @property
    def misses(self) -> np.ndarray:
        """Of the runs, as shares of their loss."""
        return self.loss / self.level - 1

    def doubts(self, name, where, inside) -> list[str]:
        """A run far above the parabola of the others; a vertex far below the lowest run."""
        said = []
        if len(np.unique(self.x)) > 4:
            # what the parabola of the others says at each run, by its leverage
            kept, off = 1 - (self.powers * self.curve).sum(1), self.loss - self.level
            expected = self.loss - off / kept
            squares = np.maximum(off @ off - off**2 / kept, 0.0)
            usual = np.sqrt(squares / max(self.spare - 1, 1))
            far = self.loss - expected > np.maximum(10 * usual, 0.25 * expected)
            said = [
                f"run {where[i]} of {name} (N {np.exp(self.x[i]):.4g}) ends at {self.loss[i]:.4g}, "
                f"where the others say {expected[i]:.4g}: did it diverge? It bends the parabola; "
                "leave it out"
                for i in np.flatnonzero(far)
            ]
        a, b, c = self.loss @ self.curve
        gap = np.diff(np.unique(self.x)).max(initial=0.0) / max(np.ptp(self.x), 1e-9)
        lowest = self.loss.min()
        if inside and a - b * b / (4 * c) < 0.99 * lowest - c * gap**2 / 4:
            said.append(
                f"the vertex of {name} lies at {a - b * b / (4 * c):.4g}, below every run "
                f"({lowest:.4g}): a parabola does not describe these runs; look for one that is off"
            )
        return said


def _vertices(valleys, losses) -> list[np.ndarray]:
    """Log N, log D, loss and interior of every minimum, each of shape (problems, budgets), from the
    losses (problems, runs) of each valley.
    """
    found = []
    for valley, loss in zip(valleys, losses, strict=True):
        u, coefficients = valley.powers[:, 1], loss @ valley.curve
        with np.errstate(divide="ignore", invalid="ignore"):
            hollow = (coefficients[:, 2] > FLAT * loss.mean(1)) & valley.enough
            best = np.where(hollow, -coefficients[:, 1] / (2 * coefficients[:, 2]), np.nan)
        at = np.stack([np.ones_like(best), best, best**2], axis=1)
        # log D rides along on its own parabola, which says how many tokens a run of that size has
        interior = (best >= u.min()) & (best <= u.max())
        log_N = valley.x.mean() + max(np.ptp(valley.x), 1e-9) * best
        found.append((log_N, at @ (valley.z @ valley.curve), (at * coefficients).sum(1), interior))
    return [np.stack(part, axis=1) for part in zip(*found, strict=True)]


def _why_not(budget, x, vertex) -> str:
    name, sizes = f"the budget C = {budget:.4g} FLOPs", np.unique(np.exp(x))
    if len(sizes) < 3:
        return (
            f"{name} has {len(sizes)} size(s), "
            "a parabola needs 3 (runs of one budget must have C within 1 %)"
        )
    if np.isnan(vertex):
        return (
            f"{name} has a parabola that opens downward, or none: its runs are too few or too noisy"
        )
    if vertex < np.log(sizes[0]):
        return (
            f"{name} has its minimum at the edge, below its smallest size ({sizes[0]:.4g}): "
            "add smaller models"
        )
    return (
        f"{name} has its minimum at the edge, "
        f"above its largest size ({sizes[-1]:.4g}): add larger models"
    )


# ---- Approach 1: the envelope of the training curves -----------------------------------------


def fit_envelope(curves: pd.DataFrame, *, bootstrap: int = 0, seed: int = 0) -> AllocationFit:
    """Approach 1: the size of lowest loss at each compute, read off the training curves; straight
    lines in logs.

    curves: a table with columns run_id, N, tokens, C, loss, two rows a run or more. The curves are
    interpolated at 1,500 compute values, evenly spaced in logs. A size that is best somewhere gives
    one point, in the middle (in logs) of the compute where it is best. A line through all 1,500
    would climb a staircase: of K steps it is 1 / K^2 too flat. A size is `interior` if smaller ones
    are best below and larger ones above, and its own curves reach past both ends of its stretch;
    the others are left out, since nobody knows where they would have stopped being best.

    bootstrap: whole runs are redrawn. A resample lacks a third of the sizes, so with few sizes the
    intervals are much too wide. One that keeps fewer than two interior sizes is dropped, and a
    warning counts them.

    The method takes every point of a curve for a finished run, which a decaying learning rate makes
    untrue, and picks the luckiest of many noisy points: smooth the curves first. Noise of 0.3 % on
    each point of 16 curves a decade made the exponent up to 0.02 too small. Raises
    UndeterminedError for fewer than two interior sizes. Source: Hoffmann et al. 2022, Approach 1,
    who put the line through all 1,500 points.

    >>> from scalinglib import runs
    >>> sweep = runs.load("sweep").query("corpus == 'python' and arm == 'main'")
    >>> curves = runs.load("sweep_curves").query("run_id in @sweep.run_id")
    >>> found = fit_envelope(curves)
    >>> round(found.a, 2), int(found.minima["interior"].sum())
    (0.34, 4)
    """
    bootstrap, seed = count("bootstrap", bootstrap), whole("seed", seed)
    seen = _Curves.of(curves)
    runs, sizes = len(seen.size_of), seen.sizes
    log_C, log_D, low, interior = seen.stretches(np.arange(runs))
    if interior.sum() < 2:
        raise UndeterminedError(
            f"{interior.sum()} of {len(sizes)} sizes are best over a stretch "
            "that lies inside their own curves and "
            "between two other sizes, and a line needs two: add sizes, or train longer"
        )
    samples = None
    if bootstrap:
        rng = np.random.default_rng(seed)
        draws = [seen.stretches(rng.integers(runs, size=runs)) for _ in range(bootstrap)]
        x, d, _, use = (np.array(part) for part in zip(*draws, strict=True))
        samples = pd.DataFrame(_lines(x, np.broadcast_to(np.log(sizes), x.shape), d, use))
    best = {"C": np.exp(log_C), "N": sizes, "D": np.exp(log_D), "loss": np.exp(low)}
    return _allocation(
        _lines(log_C[None], np.log(sizes)[None], log_D[None], interior[None]),
        best | {"interior": interior},
        samples,
        sampling=f"{bootstrap} resamples of whole runs",
    )


@dataclass(frozen=True, eq=False)
class _Curves:
    """Training curves at 1,500 values of compute: log loss (inf where a run has none) and log
    tokens, (runs, values); sizes, and which of them each run has.
    """

    grid: np.ndarray  # log C
    heights: np.ndarray
    log_tokens: np.ndarray
    sizes: np.ndarray
    size_of: np.ndarray

    @classmethod
    def of(cls, curves) -> _Curves:
        names = ("run_id", "N", "tokens", "C", "loss")
        have_columns(curves, names, "Approach 1", "curves")
        N, tokens, C, loss = columns(**{name: curves[name] for name in names[1:]})
        refuse_constant(loss)
        run_ids = np.asarray(curves["run_id"])
        grid = np.linspace(np.log(C.min()), np.log(C.max()), 1500)
        run_N, heights, log_tokens = [], [], []
        for run in pd.unique(run_ids):
            rows = np.flatnonzero(run_ids == run)
            rows = rows[np.argsort(C[rows], kind="stable")]
            if len(rows) < 2 or np.ptp(N[rows]) > 0:
                raise ValueError(
                    f"run {run!r} has {len(rows)} row(s) and {len(np.unique(N[rows]))} size(s); "
                    "a training curve has two rows or more, all of one N"
                )
            run_N.append(N[rows[0]])
            at, log_loss = np.log(C[rows]), np.log(loss[rows])
            heights.append(np.interp(grid, at, log_loss, left=np.inf, right=np.inf))
            log_tokens.append(np.interp(grid, at, np.log(tokens[rows])))
        sizes, size_of = np.unique(run_N, return_inverse=True)
        return cls(grid, np.array(heights), np.array(log_tokens), sizes, size_of)

    def stretches(self, runs):
        """For each size log C, log D, log loss in the middle of where it is best (NaN if nowhere),
        and interior.
        """
        covered, count = np.isfinite(self.heights[runs]), len(self.sizes)
        at = np.flatnonzero(covered.any(0))
        winner = runs[self.heights[runs][:, at].argmin(0)]
        size = self.size_of[winner]
        with np.errstate(invalid="ignore"):
            middle = [
                np.bincount(size, y, count) / np.bincount(size, minlength=count)
                for y in (self.grid[at], self.log_tokens[winner, at], self.heights[winner, at])
            ]
        interior = np.zeros(count, bool)
        for k in np.unique(size)[1:-1]:
            own, won = np.flatnonzero(covered[self.size_of[runs] == k].any(0)), at[size == k]
            interior[k] = own[0] < won[0] and won[-1] < own[-1]
        return [*middle, interior]


# ---- straight lines through the best runs ----------------------------------------------------


def _lines(log_C, log_N, log_D, use):
    """Least squares lines of log N and log D in log C over the entries in `use`, all of shape
    (problems, points).

    One entry a problem of each constant of an Allocation; NaN where fewer than two points are in
    use.
    """
    count = use.sum(1)
    with np.errstate(invalid="ignore"):
        mean = np.where(use, log_C, 0).sum(1) / count
        x = np.where(use, log_C - mean[:, None], 0)
        fits = {}
        for coef, power, y in (("N_coef", "a", log_N), ("D_coef", "b", log_D)):
            y = np.where(use, y, 0)
            slope = (x * y).sum(1) / (x * x).sum(1)
            fits |= {coef: np.exp(y.sum(1) / count - slope * mean), power: slope}
    return fits


def _allocation(point, minima, samples, why_not="", sampling="") -> AllocationFit:
    if samples is not None and (lost := int(samples.isna().any(axis=1).sum())):
        tell([f"{lost} of {len(samples)} resamples left fewer than two best runs and were dropped"])
        samples = samples.dropna(ignore_index=True)
    law, known = Allocation(**{name: float(value[0]) for name, value in point.items()}), minima["C"]
    return AllocationFit(
        law=law,
        samples=samples,
        minima=pd.DataFrame({name: part[~np.isnan(known)] for name, part in minima.items()}),
        no_interval=why_not,
        sampling=sampling,
    )
