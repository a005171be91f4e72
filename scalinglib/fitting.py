"""From runs to a law, with its uncertainty: the three approaches of Hoffmann et al. 2022, and the laws of one variable.

Every fit returns a frozen object with the fitted `.law`; with `bootstrap=1000` also `.samples`, one row of constants for
each resample, and `.interval(quantity)`, where `quantity` is any function of a law:

>>> fit = fit_parametric(N, D, loss, bootstrap=1000)                                       # doctest: +SKIP
>>> fit.law.alpha, fit.interval(lambda law: law.optimum(5.76e23).N)                        # doctest: +SKIP

Columns are taken by position; they must be positive, finite and of one length. Runs that are sound but cannot determine the
law raise UndeterminedError. The intervals are percentiles of a pairs bootstrap: whole runs are drawn with replacement. On
simulated truth it covers what it promises or slightly more (tests/prove_fitting.py); it knows nothing of a wrong form.
"""
from __future__ import annotations

import warnings
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from ._descent import CHUNK, SumOfPowers, descend, optimise
from ._inputs import columns, positive
from .laws import ChinchillaLaw, KaplanLaw, Optimum, PowerLaw


class UndeterminedError(ValueError):
    """These runs cannot determine the law, however well they are fitted; the message says which runs could."""


# ---- what a fit is --------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Fit:
    """A law and how sure it is. `samples` is a DataFrame, one row a resample, one column a constant of the law."""

    law: ChinchillaLaw | KaplanLaw | PowerLaw | Allocation
    samples: pd.DataFrame | None = field(repr=False)

    def interval(self, quantity, level=0.9):
        """(low, high): the percentile bootstrap interval of `quantity(law)`, a number or an array, at `level`."""
        if self.samples is None:
            raise ValueError("this fit has no samples to take an interval from: fit again with bootstrap=1000")
        if not 0 < level < 1:
            raise ValueError(f"level must lie between 0 and 1, got {level}; 0.9 leaves 5 % on each side")
        try:
            draws = [quantity(replace(self.law, **row)) for row in self.samples.to_dict("records")]
        except ArithmeticError as error:
            raise UndeterminedError(f"a resample leaves the quantity without a value ({error}): add runs") from error
        low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=0)
        return low, high


@dataclass(frozen=True, eq=False)
class LawFit(Fit):
    """The law that minimises the objective.

    objective: sum over runs of Huber(log predicted - log measured loss), as published.
    agreement: share of the starts that ended at this optimum. Rugged problems have a low share; most have .5 or more.
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

    def optimum(self, C) -> Optimum:
        """The best run for each budget. Its loss is NaN: Approaches 1 and 2 fit none (see AllocationFit.minima)."""
        C = positive("C", C)
        return Optimum(self.N_coef * C**self.a, self.D_coef * C**self.b, C, np.full_like(C, np.nan)[()])


@dataclass(frozen=True, eq=False)
class AllocationFit(Fit):
    """Straight lines through the best runs, in logs.

    minima: DataFrame with columns C, N, D, loss, interior, one row a budget; the lines go through those with `interior`.
    For the loss along the frontier, fit_power_law(minima.C, minima.loss) on the interior rows.
    """

    minima: pd.DataFrame = field(repr=False)

    @property
    def a(self) -> float:
        """The best N grows as C^a."""
        return self.law.a

    @property
    def N_coef(self) -> float:
        """The best N at C = 1 FLOP, an extrapolation: N = N_coef C^a."""
        return self.law.N_coef

    def optimum(self, C) -> Optimum:
        """The best run for each budget (see Allocation.optimum)."""
        return self.law.optimum(C)


# ---- Approach 3 and its relatives: one objective, one descent --------------------------------


def objective(law, N, D, loss, delta=1e-3) -> float:
    """The published objective: sum over runs of Huber_delta(log law.loss(N, D) - log loss) (Approach 3 of Hoffmann et al. 2022).

    Huber_delta(r) is r^2 / 2 up to |r| = delta and delta (|r| - delta / 2) beyond. `law` is anything with `.loss(N, D)`, so
    that a reader can score a printed law, or minimise this with any optimiser:

    >>> def total(theta):  # logs keep every constant positive
    ...     E, A, B, alpha, beta = np.exp(theta)
    ...     return objective(ChinchillaLaw(E, A, B, alpha, beta), N, D, loss)

    Mind the size of what comes out: about 1e-3 for 240 runs at delta = 1e-3, where an optimiser's default tolerance of 1e-9
    or so is no longer small. Multiply by 1 / delta^2 before you trust it, and never divide by the number of runs.
    """
    N, D, loss = columns(N=N, D=D, loss=loss)
    r = np.abs(np.log(law.loss(N, D)) - np.log(loss))
    delta = positive("delta", delta)
    return float(np.sum(np.where(r <= delta, r**2 / 2, delta * (r - delta / 2))))


def fit_parametric(N, D, loss, *, delta=1e-3, bootstrap=0, seed=0) -> LawFit:
    """Approach 3: the ChinchillaLaw L(N, D) = E + A / N^alpha + B / D^beta of least objective.

    N, D, loss: parameters, tokens and nats per token, one entry a run, at least 6 runs. delta: where the Huber loss turns
    from square to straight, in log loss; the published 1e-3 is close to a regression on absolute values, which one broken
    run cannot move, and which wider deltas give away for narrower intervals on clean runs.
    bootstrap: number of resamples. seed: of the resampling.

    Raises UndeterminedError if log N and log D lie on one line (fixed D / N, or a single compute budget), if N or D takes
    fewer than three values, or if alpha or beta leaves 0.01 to 3. Source: Hoffmann et al. 2022, Approach 3; the starts and
    the descent are our own and reach the best of the published 4,500 starts (tests/bench_fitting.py).
    """
    N, D, loss = columns(N=N, D=D, loss=loss)
    _check_plane(N, D, distinct=3)

    def constants(c, s, middle):
        (a, b), e = (c[:, :2] + s * middle).T, c[:, 2]
        return {"E": e, "A": a, "B": b, "alpha": np.log(s[:, 0]), "beta": np.log(s[:, 1])}

    return _fit(ChinchillaLaw, constants, {"N": N, "D": D}, loss, delta, bootstrap, seed, floor=True)


def fit_kaplan(N, D, loss, *, bootstrap=0, seed=0) -> LawFit:
    """The KaplanLaw L(N, D) = ((N_c / N)^(alpha_N / alpha_D) + D_c / D)^alpha_D of least objective (delta = 1e-3).

    N: non-embedding parameters; D: unique tokens; loss: nats per token after early stopping; at least 6 runs.
    `.law` holds the four constants of eq. 1.5 and no other part. Raises as fit_parametric does, but two sizes of each kind
    are enough: the form has no floor. Source: Kaplan et al. 2020, eq. 1.5, section 4.
    """
    N, D, loss = columns(N=N, D=D, loss=loss)
    _check_plane(N, D, distinct=2)

    def constants(c, s, middle):
        (n, d), (alpha, beta) = (c / s + middle).T, np.log(s).T
        return {"N_c": n, "D_c": d, "alpha_N": alpha, "alpha_D": beta}

    return _fit(KaplanLaw, constants, {"N": N, "D": D}, loss, 1e-3, bootstrap, seed, outer=True)


def fit_power_law(x, loss, *, floor=True, bootstrap=0, seed=0) -> LawFit:
    """The PowerLaw L(x) = floor + (scale / x)^exponent of least objective (delta = 1e-3); without `floor`, a straight line.

    x: parameters, tokens or FLOPs, in any unit; loss: nats; one entry a run, at least 4 runs (3 without a floor).
    A line through losses that do have a floor looks straight and extrapolates far too low; three decades of x are a good
    range for a floor. Raises UndeterminedError for fewer runs or sizes, or if the exponent leaves 0.01 to 3.
    Source: Henighan et al. 2020; Kaplan et al. 2020, eqs. 1.1 to 1.3, without the floor.
    """
    x, loss = columns(x=x, loss=loss)
    unknowns = 3 if floor else 2
    if len(x) <= unknowns or len(np.unique(x)) < unknowns:
        raise UndeterminedError(f"got {len(x)} runs at {len(np.unique(x))} different x; a power law {'with' if floor else 'without'} "
                                f"a floor needs at least {unknowns + 1} runs at {unknowns} different x")

    def constants(c, s, middle):
        return {"scale": (c[:, :1] / s + middle)[:, 0], "exponent": np.log(s[:, 0])} | ({"floor": c[:, 1]} if floor else {})

    return _fit(PowerLaw, constants, {"x": x}, loss, 1e-3, bootstrap, seed, floor=floor)


def _fit(law, constants, named, loss, delta, bootstrap, seed, **form):
    """Polish all starts, keep the best; resamples descend from there.

    constants(c, s, middle) turns rows of centred scales and exponents into the logs of the law's constants.
    """
    bootstrap, delta = _count(bootstrap), positive("delta", delta)
    logs, y = np.log(list(named.values())), np.log(loss)
    middle = logs.mean(1)
    form, terms = SumOfPowers(logs - middle[:, None], **form), len(named)

    def table(theta):
        # A resample of few runs may let an exponent vanish or a scale run away: keep what laws can compute with.
        c, s = theta[:, :-terms], np.clip(np.exp(theta[:, -terms:]), 1e-6, 30)
        return pd.DataFrame({name: np.exp(np.clip(log, -300, 300)) for name, log in constants(c, s, middle).items()})

    ends, values = optimise(form, y, delta)
    best = values.argmin()
    for name, exponent in zip(named, np.exp(ends[best, -terms:])):
        if not 0.01 < exponent < 3:
            raise UndeterminedError(f"the best exponent of {name} is {exponent:.3g}: these runs do not determine how the loss "
                                    f"falls with {name}; add runs at smaller and larger {name}, or less noisy ones")
    samples = None
    if bootstrap:
        start = ends[[best]]
        if form.floor:  # at E = 0 its slope in log E vanishes: lifted, it can move again
            start[0, terms] = max(start[0, terms], y.min() - 5)
        samples = table(np.concatenate([
            descend(form, np.repeat(start, len(counts), 0), y, counts, delta)[0]
            for counts in _resamples(len(y), bootstrap, np.random.default_rng(seed))]))
    return LawFit(
        law=law(**table(ends[[best]]).iloc[0], source=f"fitted to {len(y)} runs"), samples=samples,
        objective=float(values[best] * delta**2),
        agreement=float(np.mean(values <= values[best] * (1 + 1e-6) + 1e-6)))


def _resamples(n, bootstrap, rng):
    """How often each of n runs is drawn, for `bootstrap` resamples, a chunk at a time."""
    for first in range(0, bootstrap, CHUNK):
        yield rng.multinomial(n, np.full(n, 1 / n), min(CHUNK, bootstrap - first)).astype(float)


def _count(bootstrap):
    if int(bootstrap) != bootstrap or bootstrap < 0:
        raise ValueError(f"bootstrap is the number of resamples, 0 or more, got {bootstrap}")
    return int(bootstrap)


def _check_plane(N, D, distinct):
    """Refuse runs whose place in the plane (log N, log D) cannot tell the effect of size from that of data."""
    if len(N) < 6:
        raise UndeterminedError(f"got {len(N)} runs; a law of N and D needs at least 6, spread in both")
    for name, values in (("N", N), ("D", D)):
        if len(np.unique(values)) < distinct:
            raise UndeterminedError(f"{name} takes only {len(np.unique(values))} different value(s), {values[0]:.3g} in run 0; "
                                    f"the law needs at least {distinct}: add runs at other {name}")
    logs = np.log([N, D])
    axes, spread, _ = np.linalg.svd(logs - logs.mean(1, keepdims=True), full_matrices=False)
    # Below 2 % of spread across the line the allocation exponent is hardly determined (90 % interval .38 to .60 in 60
    # simulations at 1.2 %, .46 to .58 at 5 %; 60 runs with .3 % noise).
    if spread[1] < 0.02 * spread[0]:
        slope = axes[1, 0] / axes[0, 0]
        why = "D / N is fixed" if abs(slope - 1) < 0.1 else "a single compute budget" if abs(slope + 1) < 0.1 else "a line"
        raise UndeterminedError(f"log N and log D lie on one line of slope {slope:.2f} ({why}), so the effects of size and of "
                                "data cannot be told apart: add runs off that line")


# ---- Approach 2: a parabola for each budget ----------------------------------------------------


def fit_isoflop(C, N, loss, *, D=None, bootstrap=0, seed=0) -> AllocationFit:
    """Approach 2: at each budget a parabola of loss in log N, and straight lines through their minima, in logs.

    C: FLOPs; runs with exactly equal C are one budget, so pass nominal budgets. N: parameters; loss: nats per token. D:
    tokens, by default C / 6N; pass the real ones where C is counted otherwise. One entry a run.

    A budget whose minimum lies beyond its sizes, whose parabola opens downward, or which has fewer than three sizes gets
    `interior=False` in `.minima`, is left out and named in a warning: its vertex (NaN if there is none) is a guess.

    bootstrap: runs are redrawn within each budget, since the budgets were chosen and the runs came out. A resample obeys the
    same rules as the runs themselves, so it may leave budgets out; those with fewer than two are dropped, with a warning.

    The method is biased even without noise, because a valley is no parabola: on Hoffmann's rounded law, with 5 budgets from
    1e17 to 1e21 and 15 sizes each over 16 times either way of the true optimum, the exponent comes out right and D at 1e24
    FLOPs 5.1 % too low. Sizes that are not centred on the optimum bias the exponent too.

    Raises UndeterminedError if fewer than two budgets have an interior minimum. Source: Hoffmann et al. 2022, Approach 2.
    """
    C, N, loss = columns(C=C, N=N, loss=loss)
    D = C / (6 * N) if D is None else columns(C=C, D=D)[1]
    bootstrap = _count(bootstrap)
    budgets = [(budget, np.log(N[C == budget]), np.log(D[C == budget]), loss[C == budget]) for budget in np.unique(C)]
    log_C = np.log(np.unique(C))

    def minima(counts):
        """Log N, log D, loss and interior of every minimum, each of shape (problems, budgets)."""
        return [np.stack(part, axis=1) for part in zip(*(
            _vertex(*runs, weight) for (_, *runs), weight in zip(budgets, counts)))]

    log_N, log_D, low, interior = minima([np.ones((1, len(x))) for _, x, *_ in budgets])
    refused = [_why_not(budget, np.exp(x), vertex) for (budget, x, *_), vertex, fine
               in zip(budgets, log_N[0], interior[0]) if not fine]
    if interior.sum() < 2:
        raise UndeterminedError(f"{interior.sum()} of {len(budgets)} budgets have an interior minimum, and a line needs two: "
                                + ("; ".join(refused[:3]) or "add runs at another budget"))
    for reason in refused:
        warnings.warn(f"left out of the fit: {reason}", stacklevel=2)
    table = pd.DataFrame({"C": np.unique(C), "N": np.exp(log_N[0]), "D": np.exp(log_D[0]),
                          "loss": low[0], "interior": interior[0]})
    samples = None
    if bootstrap:
        rng = np.random.default_rng(seed)
        draws = minima([np.concatenate(list(_resamples(len(x), bootstrap, rng))) for _, x, *_ in budgets])
        samples = _lines(log_C, draws[0], draws[1], draws[3])
    return _allocation(_lines(log_C, log_N, log_D, interior), table, samples)


def _vertex(x, z, loss, weight):
    """Log N, log D and loss at the minimum of one budget's parabola, and whether it is interior; a row for each of `weight`."""
    sizes = np.unique(x)
    u = (x - x.mean()) / max(np.ptp(x), 1e-9)
    powers = np.stack([np.ones_like(u), u, u * u], axis=1)
    enough = ((weight @ (x[:, None] == sizes)) > 0).sum(1) >= 3
    weighted = powers.T * weight[:, None]
    # log D rides along: the same parabola says how many tokens a run of the best size has.
    matrix = np.where(enough[:, None, None], weighted @ powers, np.eye(3))
    curve, tokens = np.moveaxis(np.linalg.solve(matrix, weighted @ np.stack([loss, z], axis=1)), 2, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        best = np.where(enough & (curve[:, 2] > 0), -curve[:, 1] / (2 * curve[:, 2]), np.nan)
    seen = np.where(weight > 0, u, np.nan)
    interior = (best >= np.nanmin(seen, 1)) & (best <= np.nanmax(seen, 1))
    at = np.stack([np.ones_like(best), best, best**2], axis=1)
    return x.mean() + best * max(np.ptp(x), 1e-9), (at * tokens).sum(1), (at * curve).sum(1), interior


def _why_not(budget, N, vertex):
    name = f"the budget C = {budget:.4g} FLOPs"
    if len(np.unique(N)) < 3:
        return f"{name} has {len(np.unique(N))} size(s), a parabola needs 3 (runs of one budget must share one exact C)"
    if np.isnan(vertex):
        return f"{name} has a parabola that opens downward: its runs are too few or too noisy"
    end, more = ("smallest", "smaller") if vertex < np.log(N.min()) else ("largest", "larger")
    return (f"{name} has its minimum at the edge, beyond its {end} size ({N.min() if end == 'smallest' else N.max():.4g} "
            f"parameters): add {more} models")


# ---- Approach 1: the envelope of the training curves ----------------------------------------------


def fit_envelope(curves, *, bootstrap=0, seed=0) -> AllocationFit:
    """Approach 1: which size has the lowest loss at each compute, read off the training curves, and straight lines in logs.

    curves: a table with columns run_id, N, tokens, C, loss, at least two rows a run. The curves are interpolated at 1,500
    compute values, evenly spaced in logs. A size that is best somewhere gives one point: the middle, in logs, of the compute
    where it is best, with its tokens and its loss there. (A line through all 1,500 points would climb a staircase: too
    flat by 1 / K^2 for K steps.) Sizes are `interior` if smaller ones are best below and larger ones above, and its own
    curves reach past both ends of its stretch; the others are left out, since where they would have won is not known.

    bootstrap: whole runs are redrawn. A resample that leaves fewer than two interior sizes is dropped, with a warning.

    The method takes every point of a curve for a finished run, which a decaying learning rate makes untrue, and takes
    the luckiest of many noisy points: smooth the curves first. Noise of 0.3 % a point on 16 sizes a decade makes the
    exponent 0.02 too small. Raises UndeterminedError for fewer than two interior sizes. Source: Hoffmann et al. 2022, Approach 1.
    """
    missing = [name for name in ("run_id", "N", "tokens", "C", "loss") if name not in curves]
    if missing:
        raise ValueError(f"curves has no column {missing[0]!r}; it needs run_id, N, tokens, C and loss")
    N, tokens, C, loss = columns(N=curves["N"], tokens=curves["tokens"], C=curves["C"], loss=curves["loss"])
    bootstrap, ids = _count(bootstrap), np.asarray(curves["run_id"])
    grid = np.linspace(np.log(C.min()), np.log(C.max()), 1500)
    run_N, heights, log_tokens = [], [], []
    for run in pd.unique(ids):
        rows = np.flatnonzero(ids == run)
        rows = rows[np.argsort(C[rows], kind="stable")]
        if len(rows) < 2 or np.ptp(N[rows]) > 0:
            raise ValueError(f"run {run!r} has {len(rows)} row(s) and {len(np.unique(N[rows]))} size(s); "
                             "a training curve has two rows or more, all of one N")
        run_N.append(N[rows[0]])
        heights.append(np.interp(grid, np.log(C[rows]), np.log(loss[rows]), left=np.inf, right=np.inf))
        log_tokens.append(np.interp(grid, np.log(C[rows]), np.log(tokens[rows])))
    heights, log_tokens = np.array(heights), np.array(log_tokens)
    sizes, size_of = np.unique(run_N, return_inverse=True)

    def best_stretches(runs):
        """For each size: log C, log D and log loss in the middle of where it is best (NaN if nowhere), and interior."""
        covered = np.isfinite(heights[runs])
        at = np.flatnonzero(covered.any(0))
        winner = runs[heights[runs][:, at].argmin(0)]
        size = size_of[winner]
        with np.errstate(invalid="ignore"):
            middle = [np.bincount(size, y, len(sizes)) / np.bincount(size, minlength=len(sizes))
                      for y in (grid[at], log_tokens[winner, at], heights[winner, at])]
        interior = np.zeros(len(sizes), bool)
        for k in np.unique(size)[1:-1]:
            own, won = np.flatnonzero(covered[size_of[runs] == k].any(0)), at[size == k]
            interior[k] = own[0] < won[0] and won[-1] < own[-1]
        return [*middle, interior]

    log_C, log_D, low, interior = best_stretches(np.arange(len(run_N)))
    if interior.sum() < 2:
        raise UndeterminedError(f"{interior.sum()} of {len(sizes)} sizes are best over a stretch that lies inside their own "
                                "curves and between two other sizes, and a line needs two: add sizes, or train longer")
    table = pd.DataFrame({"C": np.exp(log_C), "N": sizes, "D": np.exp(log_D), "loss": np.exp(low), "interior": interior})
    samples = None
    if bootstrap:
        rng = np.random.default_rng(seed)
        draws = [best_stretches(rng.integers(len(run_N), size=len(run_N))) for _ in range(bootstrap)]
        x, d, _, use = (np.array(part) for part in zip(*draws))
        samples = _lines(x, np.broadcast_to(np.log(sizes), x.shape), d, use)
    return _allocation(_lines(log_C[None], np.log(sizes)[None], log_D[None], interior[None]), table.dropna(), samples)


# ---- straight lines through the best runs ------------------------------------------------------------


def _lines(log_C, log_N, log_D, use):
    """Least squares lines of log N and log D in log C over the entries in `use`; all of shape (problems, points)."""
    use, log_C = use.astype(float), np.where(use, log_C, 0)
    with np.errstate(invalid="ignore"):
        mean = (use * log_C).sum(1) / use.sum(1)
        x = use * (log_C - mean[:, None])
        fits = {}
        for coef, power, y in (("N_coef", "a", np.where(use > 0, log_N, 0)), ("D_coef", "b", np.where(use > 0, log_D, 0))):
            slope = (x * y).sum(1) / (x * x).sum(1)
            fits |= {coef: np.exp((use * y).sum(1) / use.sum(1) - slope * mean), power: slope}
    return pd.DataFrame(fits)


def _allocation(point, minima, samples):
    if samples is not None:
        lost = int(samples.isna().any(axis=1).sum())
        if lost:
            warnings.warn(f"{lost} of {len(samples)} resamples left too few best runs for a line and were dropped", stacklevel=3)
        samples = samples.dropna(ignore_index=True)
    return AllocationFit(law=Allocation(**{name: float(value) for name, value in point.iloc[0].items()}), samples=samples, minima=minima)
