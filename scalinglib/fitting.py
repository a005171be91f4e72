"""From runs to a law with its uncertainty: the three approaches of Hoffmann et al. 2022, and more.

Every fit returns a frozen object with the fitted `.law`; with `bootstrap=1000` also `.samples`, one
row of constants for each resample, and `.interval(quantity)`, where `quantity` is any function of a
law:

>>> fit = fit_parametric(N, D, loss, bootstrap=1000)                      # doctest: +SKIP
>>> fit.law.alpha, fit.interval(lambda law: law.optimum(5.76e23).N)       # doctest: +SKIP

Columns are taken by position; they must be positive, finite and of one length (ValueError). Runs
that are sound but cannot determine the law raise UndeterminedError. Intervals are percentiles of a
pairs bootstrap: whole runs are drawn with replacement. On simulated truth they cover what they
promise or a little more (tests/prove_fitting.py); they know nothing of a wrong form.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Generic, TypeVar, overload

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ._descent import CHUNK, SumOfPowers, descend, optimise
from ._inputs import Array, Numbers, Scalar, columns, positive
from .laws import ChinchillaLaw, KaplanLaw, LossLaw, Optimum, PowerLaw, PowerSumLaw

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Law = TypeVar("Law", bound="DataclassInstance", covariant=True)


class UndeterminedError(ValueError):
    """These runs cannot determine the law, however well fitted; the message says which could."""


# ---- what a fit is --------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Fit(Generic[Law]):
    """A law and how sure it is.

    `samples` is a DataFrame, one row a resample, one column a constant of the law.
    """

    law: Law
    samples: pd.DataFrame | None = field(repr=False)

    @overload
    def interval(
        self, quantity: Callable[[Law], Scalar], level: float = 0.9
    ) -> tuple[float, float]: ...
    @overload
    def interval(
        self, quantity: Callable[[Law], ArrayLike], level: float = 0.9
    ) -> tuple[Numbers, Numbers]: ...
    def interval(
        self, quantity: Callable[[Law], ArrayLike], level: float = 0.9
    ) -> tuple[Numbers, Numbers]:
        """(low, high): the percentile bootstrap interval of `quantity(law)` at `level`.

        The quantity is a number or an array.
        """
        laws = self.resampled()
        if not 0 < level < 1:
            raise ValueError(
                f"level must lie between 0 and 1, got {level}; 0.9 leaves 5 % on each side"
            )
        try:
            draws = [quantity(law) for law in laws]
        except ArithmeticError as error:
            raise UndeterminedError(
                f"a resample leaves the quantity without a value ({error}): add runs"
            ) from error
        low, high = np.quantile(np.array(draws), [(1 - level) / 2, (1 + level) / 2], axis=0)
        return low, high

    def resampled(self) -> Sequence[Law]:
        """The law of each resample; ValueError for a fit without a bootstrap."""
        if self.samples is None:
            raise ValueError(
                "this fit has no samples to take an interval from: fit again with bootstrap=1000"
            )
        names = [str(name) for name in self.samples]
        return [
            replace(self.law, **dict(zip(names, row, strict=True)))
            for row in self.samples.to_numpy()
        ]


@dataclass(frozen=True, eq=False)
class LawFit(Fit[Law]):
    """The law that minimises the objective.

    objective: sum over runs of Huber(log predicted - log measured loss), as published. agreement:
    share of the starts that ended at this optimum; low where the objective is rugged or a term
    hardly counts.
    """

    objective: float
    agreement: float


@dataclass(frozen=True)
class Allocation:
    """N = N_coef C^a and D = D_coef C^b: how the best run grows with its budget, C in FLOPs."""

    N_coef: float
    a: float
    D_coef: float
    b: float

    @overload
    def optimum(self, C: Scalar) -> Optimum[float]: ...
    @overload
    def optimum(self, C: ArrayLike) -> Optimum[Array]: ...
    def optimum(self, C: ArrayLike) -> Optimum[Numbers]:
        """The best run for each budget.

        Its loss is NaN: Approaches 1 and 2 fit none (see AllocationFit).
        """
        C = positive("C", C)
        return Optimum(
            self.N_coef * C**self.a, self.D_coef * C**self.b, C, np.full_like(C, np.nan)[()]
        )


@dataclass(frozen=True, eq=False)
class AllocationFit(Fit[Allocation]):
    """Straight lines in logs through the best runs; `.law` is an Allocation.

    minima: DataFrame with columns C, N, D, loss, interior; the lines go through the rows with
    `interior`. For the loss along the frontier, fit_power_law(C, loss) on those rows.
    """

    minima: pd.DataFrame = field(repr=False)

    @property
    def a(self) -> float:
        """The best N grows as C^a."""
        return self.law.a

    @property
    def N_coef(self) -> float:
        """N = N_coef C^a: the line at C = 1 FLOP."""
        return self.law.N_coef

    @overload
    def optimum(self, C: Scalar) -> Optimum[float]: ...
    @overload
    def optimum(self, C: ArrayLike) -> Optimum[Array]: ...
    def optimum(self, C: ArrayLike) -> Optimum[Numbers]:
        """The best run for each budget (see Allocation.optimum)."""
        return self.law.optimum(C)


# ---- Approach 3 and its relatives: one objective, one descent --------------------------------


def objective(
    law: LossLaw, N: ArrayLike, D: ArrayLike, loss: ArrayLike, delta: float = 1e-3
) -> float:
    """The published objective: sum over runs of Huber_delta(log law.loss(N, D) - log loss).

    Huber_delta(r) is r^2 / 2 up to |r| = delta and delta (|r| - delta / 2) beyond. `law` is
    anything with `.loss(N, D)`: score a printed law, or minimise this with any optimiser:

    >>> def total(theta):  # logs keep every constant positive
    ...     E, A, B, alpha, beta = np.exp(theta)
    ...     return objective(ChinchillaLaw(E, A, B, alpha, beta), N, D, loss)

    Mind the size of what comes out: about 1e-3 for 240 runs. An optimiser that stops when a step
    gains less than 1e-9 or so, or when slopes fall below 1e-5, stops early on it, and earlier still
    on the mean over runs. Divide by delta^2 before you minimise. Source: Hoffmann et al. 2022,
    Approach 3.
    """
    N, D, loss = columns(N=N, D=D, loss=loss)
    delta = positive("delta", delta)
    r = np.abs(np.log(law.loss(N, D)) - np.log(loss))
    return float(np.sum(np.where(r <= delta, r**2 / 2, delta * (r - delta / 2))))


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
    """
    N, D, loss = columns(N=N, D=D, loss=loss)
    _check_plane(N, D, distinct=3)

    def log_constants(c, s, middle):
        A, B = (c[:, :2] + s * middle).T
        return {"E": c[:, 2], "A": A, "B": B, "alpha": np.log(s[:, 0]), "beta": np.log(s[:, 1])}

    return _fit(
        ChinchillaLaw, log_constants, {"N": N, "D": D}, loss, delta, bootstrap, seed, floor=True
    )


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
    least 6 runs. `.law` holds the four constants of eq. 1.5 and no other part. delta, bootstrap,
    seed and refusals as in fit_parametric, but two values of N and of D are enough: the form has no
    floor. Source: Kaplan et al. 2020, eq. 1.5.
    """
    N, D, loss = columns(N=N, D=D, loss=loss)
    _check_plane(N, D, distinct=2)

    def log_constants(c, s, middle):
        N_c, D_c = (c / s + middle).T
        return {"N_c": N_c, "D_c": D_c, "alpha_N": np.log(s[:, 0]), "alpha_D": np.log(s[:, 1])}

    return _fit(
        KaplanLaw, log_constants, {"N": N, "D": D}, loss, delta, bootstrap, seed, outer="last"
    )


def fit_power_sum(
    N: ArrayLike,
    D: ArrayLike,
    loss: ArrayLike,
    *,
    delta: float = 1e-3,
    bootstrap: int = 0,
    seed: int = 0,
) -> LawFit[PowerSumLaw]:
    """The PowerSumLaw of least objective.

    L(N, D) = ((A / N^alpha)^(1/gamma) + (B / D^beta)^(1/gamma))^gamma.

    N, D, loss, delta, bootstrap and seed as in fit_parametric; at least 6 runs. Like Kaplan's form
    it has no floor, so two values of N and of D are enough; unlike it, how sharply the two limits
    meet (gamma) is fitted by itself. Raises UndeterminedError as fit_parametric does, and where
    gamma leaves 0.01 to 3: then one of the limits is out of sight.
    """
    N, D, loss = columns(N=N, D=D, loss=loss)
    _check_plane(N, D, distinct=2)

    def log_constants(c, s, middle):
        A, B = (c + s[:, :2] * middle).T
        return {
            "A": A,
            "B": B,
            "alpha": np.log(s[:, 0]),
            "beta": np.log(s[:, 1]),
            "gamma": np.log(s[:, 2]),
        }

    return _fit(
        PowerSumLaw, log_constants, {"N": N, "D": D}, loss, delta, bootstrap, seed, outer="free"
    )


def fit_power_law(
    x: ArrayLike, loss: ArrayLike, *, floor: bool = True, bootstrap: int = 0, seed: int = 0
) -> LawFit[PowerLaw]:
    """The PowerLaw L(x) = floor + (scale / x)^exponent of least objective (delta = 1e-3).

    x: parameters, tokens or FLOPs, in any unit; loss: nats; one entry a run, at least 4 runs.
    Without `floor` the law is a straight line in logs, and 3 runs will do; through losses that do
    have a floor it looks straight and extrapolates far too low. A fitted floor of 1e-80 says zero:
    it moves in logs. bootstrap, seed as in fit_parametric. Raises UndeterminedError for fewer runs
    or values of x, or if the exponent leaves 0.01 to 3. Source: Henighan et al. 2020; without the
    floor Kaplan et al. 2020, eqs. 1.1 to 1.3.
    """
    x, loss = columns(x=x, loss=loss)
    unknowns, values = (3 if floor else 2), len(np.unique(x))
    if len(x) <= unknowns or values < unknowns:
        kind = "with a floor" if floor else "without a floor"
        raise UndeterminedError(
            f"got {len(x)} runs at {values} different x; a power law {kind} needs at least "
            f"{unknowns + 1} runs at {unknowns} different x"
        )

    def log_constants(c, s, middle):
        falling = {"scale": c[:, 0] / s[:, 0] + middle[0], "exponent": np.log(s[:, 0])}
        return falling | {"floor": c[:, 1]} if floor else falling

    return _fit(PowerLaw, log_constants, {"x": x}, loss, 1e-3, bootstrap, seed, floor=floor)


def _fit(
    law: Callable[..., Law],
    log_constants: Callable[..., dict[str, Array]],
    named: dict[str, Array],
    loss: Array,
    delta: float,
    bootstrap: int,
    seed: int,
    *,
    floor: bool = False,
    outer: str | None = None,
) -> LawFit[Law]:
    """Descend from all starts and keep the best end; resamples descend from there.

    log_constants(c, s, middle) turns rows of the form's scales c and exponents s (about logs
    centred at `middle`) into the logs of the law's constants.
    """
    bootstrap, delta = _count(bootstrap), positive("delta", delta)
    logs, y = np.log(list(named.values())), np.log(loss)
    middle = logs.mean(1)
    form = SumOfPowers(logs - middle[:, None], floor, outer)
    split = -form.exponents

    def table(theta):
        # A resample of few runs may let an exponent vanish or a scale run away: keep what laws can
        # compute with.
        c, s = theta[:, :split], np.clip(np.exp(theta[:, split:]), 1e-6, 30)
        logs = log_constants(c, s, middle)
        return pd.DataFrame({name: np.exp(np.clip(log, -500, 500)) for name, log in logs.items()})

    ends, values = optimise(form, y, delta)
    best = values.argmin()
    exponents = np.exp(ends[best, split:])
    if form.outer == "free" and not 0.01 < exponents[-1] < 3:
        raise UndeterminedError(
            f"the best outer exponent gamma is {exponents[-1]:.3g}: these runs do not show how the "
            "limit of N and that of D meet; add runs short of parameters and runs short of tokens"
        )
    for name, exponent in zip(named, exponents, strict=False):
        if not 0.01 < exponent < 3:
            raise UndeterminedError(
                f"the best exponent of {name} is {exponent:.3g}: "
                "these runs do not determine how the loss falls with "
                f"{name}; add runs at smaller and larger {name}, or less noisy ones"
            )
    samples = None
    if bootstrap:
        start = ends[[best]]
        if form.floor:  # at E = 0 the slope in log E vanishes: lifted, it can move again
            start[0, split - 1] = max(start[0, split - 1], y.min() - 5)
        samples = table(
            np.concatenate(
                [
                    descend(form, np.repeat(start, len(counts), 0), y, counts, delta)[0]
                    for counts in _resamples(len(y), bootstrap, np.random.default_rng(seed))
                ]
            )
        )
    return LawFit(
        law=law(**table(ends[[best]]).iloc[0], source=f"fitted to {len(y)} runs"),
        samples=samples,
        objective=float(values[best] * delta**2),
        agreement=float(np.mean(values <= values[best] * (1 + 1e-6) + 1e-6)),
    )


def _resamples(n, bootstrap, rng):
    """How often each of n runs is drawn, for `bootstrap` resamples, a chunk at a time."""
    for first in range(0, bootstrap, CHUNK):
        yield rng.multinomial(n, np.full(n, 1 / n), min(CHUNK, bootstrap - first)).astype(float)


def _count(bootstrap):
    if int(bootstrap) != bootstrap or bootstrap < 0:
        raise ValueError(f"bootstrap is the number of resamples, 0 or more, got {bootstrap}")
    return int(bootstrap)


def _check_plane(N, D, distinct):
    """Refuse runs that cannot tell, in the plane (log N, log D), the effect of size from data."""
    if len(N) < 6:
        raise UndeterminedError(
            f"got {len(N)} runs; a law of N and D needs at least 6, spread in both"
        )
    for name, column in (("N", N), ("D", D)):
        values = np.unique(column)
        if len(values) < distinct:
            raise UndeterminedError(
                f"{name} takes only {len(values)} different value(s), {column[0]:.3g} in run 0; "
                f"the law needs at least {distinct}: add runs at other {name}"
            )
    logs = np.log([N, D])
    axes, spread, _ = np.linalg.svd(logs - logs.mean(1, keepdims=True), full_matrices=False)
    # 2 % of the spread is a choice: in simulations (60 runs, .3 % noise) the 90 % interval of the
    # allocation exponent was .38 to .60 at 1.2 %, .46 to .58 at 5 %.
    if spread[1] < 0.02 * spread[0]:
        slope = axes[1, 0] / axes[0, 0]
        known = {1: " (D / N is fixed)", -1: " (a single compute budget)"}.get(round(slope, 1), "")
        raise UndeterminedError(
            f"log N and log D lie on one line of slope {slope:.2f}{known}, so the effects of size "
            "and of data cannot be told apart: add runs off that line"
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
    """Approach 2: a parabola of loss in log N for each budget; straight lines through the minima.

    C: FLOPs; runs with exactly equal C are one budget, so pass nominal budgets. N: parameters;
    loss: nats per token. D: tokens, by default C / 6N; pass the real ones where C is counted
    otherwise. One entry a run.

    A budget whose minimum lies beyond its sizes, whose parabola opens downward, or which has fewer
    than three sizes is left out, named in a warning and marked `interior=False` in `.minima`, where
    its vertex is a guess (NaN if it has none).

    bootstrap: runs are redrawn within each budget, because budgets were chosen and losses came out.
    A resample obeys the rules above, so it may leave budgets out; one that keeps fewer than two is
    dropped, and a warning counts them. The intervals err on the wide side: nominal 90 % covered 94
    to 98 % in simulations with 7 or 9 sizes a budget.

    The method is biased even without noise, because a valley is no parabola: on Hoffmann's rounded
    law, with 5 budgets from 1e17 to 1e21 and 15 sizes each over 16 times either way of the true
    optimum, the exponent comes out right and D at 1e24 FLOPs 5.1 % too low. Windows whose centre
    drifts away from the optimum bend the exponent as well.

    Raises UndeterminedError if fewer than two budgets have an interior minimum.
    Source: Hoffmann et al. 2022, Approach 2.
    """
    C, N, loss = columns(C=C, N=N, loss=loss)
    D = C / (6 * N) if D is None else columns(C=C, D=D)[1]
    bootstrap, budgets = _count(bootstrap), np.unique(C)
    valleys = [
        (np.log(N[C == budget]), np.log(D[C == budget]), loss[C == budget]) for budget in budgets
    ]

    def vertices(weights):
        """Log N, log D, loss and interior of every minimum, each of shape (problems, budgets)."""
        found = [_vertex(*valley, weight) for valley, weight in zip(valleys, weights, strict=True)]
        return [np.stack(part, axis=1) for part in zip(*found, strict=True)]

    log_N, log_D, low, interior = vertices([np.ones((1, len(x))) for x, *_ in valleys])
    outside = [
        _why_not(budgets[i], np.exp(valleys[i][0]), log_N[0, i])
        for i in np.flatnonzero(~interior[0])
    ]
    if interior.sum() < 2:
        raise UndeterminedError(
            f"{interior.sum()} of {len(budgets)} budgets have an interior minimum, and a line "
            f"needs two: {'; '.join(outside[:3]) or 'add runs at another budget'}"
        )
    for reason in outside:
        warnings.warn(f"left out of the fit: {reason}", stacklevel=2)
    samples = None
    if bootstrap:
        rng = np.random.default_rng(seed)
        x, d, _, use = vertices(
            [np.concatenate([*_resamples(len(x), bootstrap, rng)]) for x, *_ in valleys]
        )
        samples = _lines(np.log(budgets), x, d, use)
    minima = {
        "C": budgets,
        "N": np.exp(log_N[0]),
        "D": np.exp(log_D[0]),
        "loss": low[0],
        "interior": interior[0],
    }
    return _allocation(_lines(np.log(budgets), log_N, log_D, interior), minima, samples)


def _vertex(x, z, loss, weight):
    """Log N, log D, loss at one budget's minimum, and interior: one entry a row of `weight`."""
    middle, width = x.mean(), max(np.ptp(x), 1e-9)
    u = (x - middle) / width
    powers = np.stack([np.ones_like(u), u, u * u], axis=1)
    enough = ((weight @ (x[:, None] == np.unique(x))) > 0).sum(1) >= 3
    weighted = powers.T * weight[:, None]
    matrix = np.where(enough[:, None, None], weighted @ powers, np.eye(3))
    # log D rides along on its own parabola, which says how many tokens a run of the best size has.
    curve, tokens = np.moveaxis(
        np.linalg.solve(matrix, weighted @ np.stack([loss, z], axis=1)), 2, 0
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        best = np.where(enough & (curve[:, 2] > 0), -curve[:, 1] / (2 * curve[:, 2]), np.nan)
    drawn = np.where(weight > 0, u, np.nan)
    interior = (best >= np.nanmin(drawn, 1)) & (best <= np.nanmax(drawn, 1))
    at = np.stack([np.ones_like(best), best, best**2], axis=1)
    return middle + width * best, (at * tokens).sum(1), (at * curve).sum(1), interior


def _why_not(budget, N, vertex):
    name, sizes = f"the budget C = {budget:.4g} FLOPs", np.unique(N)
    if len(sizes) < 3:
        return (
            f"{name} has {len(sizes)} size(s), "
            "a parabola needs 3 (runs of one budget must share one exact C)"
        )
    if np.isnan(vertex):
        return f"{name} has a parabola that opens downward: its runs are too few or too noisy"
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
    """Approach 1: the best size at each compute, from training curves; straight lines in logs.

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
    """
    missing = [name for name in ("run_id", "N", "tokens", "C", "loss") if name not in curves]
    if missing:
        raise ValueError(
            f"curves has no column {missing[0]!r}; it needs run_id, N, tokens, C and loss"
        )
    N, tokens, C, loss = columns(
        N=curves["N"], tokens=curves["tokens"], C=curves["C"], loss=curves["loss"]
    )
    bootstrap, run_ids = _count(bootstrap), np.asarray(curves["run_id"])
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
        heights.append(
            np.interp(grid, np.log(C[rows]), np.log(loss[rows]), left=np.inf, right=np.inf)
        )
        log_tokens.append(np.interp(grid, np.log(C[rows]), np.log(tokens[rows])))
    heights, log_tokens = np.array(heights), np.array(log_tokens)
    sizes, size_of = np.unique(run_N, return_inverse=True)

    def stretches(runs):
        """For each size log C, log D, log loss in the middle of where it is best, and interior.

        NaN where it is best nowhere.
        """
        covered = np.isfinite(heights[runs])
        at = np.flatnonzero(covered.any(0))
        winner = runs[heights[runs][:, at].argmin(0)]
        size = size_of[winner]
        with np.errstate(invalid="ignore"):
            middle = [
                np.bincount(size, y, len(sizes)) / np.bincount(size, minlength=len(sizes))
                for y in (grid[at], log_tokens[winner, at], heights[winner, at])
            ]
        interior = np.zeros(len(sizes), bool)
        for k in np.unique(size)[1:-1]:
            own, won = np.flatnonzero(covered[size_of[runs] == k].any(0)), at[size == k]
            interior[k] = own[0] < won[0] and won[-1] < own[-1]
        return [*middle, interior]

    log_C, log_D, low, interior = stretches(np.arange(len(run_N)))
    if interior.sum() < 2:
        raise UndeterminedError(
            f"{interior.sum()} of {len(sizes)} sizes are best over a stretch "
            "that lies inside their own curves and "
            "between two other sizes, and a line needs two: add sizes, or train longer"
        )
    samples = None
    if bootstrap:
        rng = np.random.default_rng(seed)
        draws = [stretches(rng.integers(len(run_N), size=len(run_N))) for _ in range(bootstrap)]
        x, d, _, use = (np.array(part) for part in zip(*draws, strict=True))
        samples = _lines(x, np.broadcast_to(np.log(sizes), x.shape), d, use)
    minima = {
        "C": np.exp(log_C),
        "N": sizes,
        "D": np.exp(log_D),
        "loss": np.exp(low),
        "interior": interior,
    }
    return _allocation(
        _lines(log_C[None], np.log(sizes)[None], log_D[None], interior[None]), minima, samples
    )


# ---- straight lines through the best runs ----------------------------------------------------


def _lines(log_C, log_N, log_D, use):
    """Least squares lines of log N and log D in log C over `use`, all (problems, points).

    One row a problem, with the constants of an Allocation; NaN where fewer than two points are in
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
    return pd.DataFrame(fits)


def _allocation(point, minima, samples):
    if samples is not None and (lost := int(samples.isna().any(axis=1).sum())):
        warnings.warn(
            f"{lost} of {len(samples)} resamples left fewer than two best runs and were dropped",
            stacklevel=3,
        )
        samples = samples.dropna(ignore_index=True)
    law = Allocation(**{name: float(value) for name, value in point.iloc[0].items()})
    return AllocationFit(
        law=law, samples=samples, minima=pd.DataFrame(minima).dropna(subset="C", ignore_index=True)
    )
