"""What a law means for a plan: frontier, regret, next runs, serving, GPU-hours, money, energy.

Everything here uses only `.loss(N, D)`, and `.optimum(C)` where a law has it, so any law will do,
also one of your own, where D is what the training reads once: C = 6 N D. (Eq. 1.5 of Kaplan et al.
2020 is not meant so: its D are unique tokens, read until the test loss stops falling.) Where `law`
may also be a fit, the answers are Estimates: value, low, high; `overhead` and `cheapest` take a law
alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from inspect import signature
from typing import Any, Generic, NamedTuple, Protocol, overload

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ._doubts import tell
from ._inputs import (
    Array,
    Numbers,
    Scalar,
    UndeterminedError,
    function,
    have_columns,
    numbers,
    positive,
    shown,
    tabular,
    together,
    whole,
)
from .laws import GroupedLaw, LossLaw, Optimum, OwnLaw, PlanningLaw, Value

OFTEN = 4
"""So often a token may be read at nearly the worth of a fresh one (Muennighoff et al. 2023)."""
_ENDLESS = float(np.log(1e300))  # log of a count that stands for "without end"


class RepeatsLaw(Protocol):
    """A law of N and D that also knows how many different tokens there are."""

    def loss(self, N: ArrayLike, D: ArrayLike, unique: ArrayLike, /) -> Numbers: ...


class AnyFit(Protocol):
    """What `fitting` returns: a law with the samples of its refits."""

    @property
    def samples(self) -> pd.DataFrame | None: ...

    def _answer(self, quantity: Callable[[Any], Any], level: float) -> Any: ...


def optimum(
    law: LossLaw | RepeatsLaw,
    C: ArrayLike,
    *,
    flops_per_token: Callable[[Array], Array] | None = None,
    unique: float | None = None,
    epochs: float | None = None,
) -> Optimum[Numbers]:
    """The run of lowest loss for `C` FLOPs, also where a token costs not 6 N or data are short.

    flops_per_token: a function of N, arrays in and out. unique: how many different tokens there
    are, for a law of N and D or of N, D and unique. epochs: how often a token may be read; by
    default once under a law of N and D, which takes every reading for fresh data, and without limit
    under a law that knows repeats. Searched on a grid that zooms in, unless only C is given. Raises
    ValueError for epochs without unique, and where the law needs unique; UndeterminedError where
    the loss falls to the edge of the search; warns (FitWarning) where a law of N and D counts a
    token's readings beyond the fourth as fresh. Of a fit: see `frontier`.

    >>> from scalinglib import BESIROGLU_2024 as law
    >>> best = optimum(law, 1e23, unique=1e11, epochs=4)
    >>> f"{best.N:.2g} parameters, {best.D:.2g} tokens"
    '4.2e+10 parameters, 4e+11 tokens'
    """
    best = _inside(law, C, flops_per_token=flops_per_token, unique=unique, epochs=epochs)
    _often(law, best.D, unique)
    return best


def _often(law: Any, D: ArrayLike, unique: ArrayLike | None) -> None:
    """Warns where a law that knows no repeats is read so often that they matter."""
    times = 0.0 if unique is None else float(np.max(np.divide(D, unique)))
    if times > OFTEN and "unique" not in signature(law.loss).parameters:
        tell(
            [
                f"the plan reads each token {times:.3g} times, and this law counts every reading "
                f"as fresh data: beyond {OFTEN} that is too good; fit 'repeated' or 'penalty'"
            ]
        )


def _inside(law: Any, C: ArrayLike, **limits: Any) -> Optimum[Numbers]:
    """The optimum. Raises UndeterminedError where it lies at the edge of what is searched."""
    best, edge = _best(law, C, **limits)
    if np.any(edge):
        k = int(np.argmax(np.ravel(edge)))
        N, D, at = (np.ravel(part)[k] for part in (best.N, best.D, best.C))
        raise UndeterminedError(
            f"by this law the loss of {at:.3g} FLOPs falls to the edge of all sizes, {N:.3g} "
            f"parameters on {D:.3g} tokens: it has no best run inside; plan with a law in which "
            "too few parameters and too few tokens both cost loss"
        )
    return best


def _best(
    law: Any, C: ArrayLike, flops_per_token: Any = None, unique=None, epochs=None
) -> tuple[Optimum[Numbers], Any]:
    """The optimum, and where it lies at the edge of what is searched."""
    C = np.asarray(positive("C", C))
    plain = flops_per_token is None and unique is None and epochs is None
    closed = None if isinstance(law, OwnLaw) else getattr(law, "optimum", None)
    if plain and closed is not None:
        return closed(C[()]), False
    per_token: Any = flops_per_token or (lambda N: 6 * N)
    function("flops_per_token", per_token, "N", "lambda N: 6 * N")
    refuse(law, "a plan", unique=True)
    knows = "unique" in signature(law.loss).parameters
    if unique is None and (knows or epochs is not None):
        raise ValueError("say how many different tokens there are: unique=")
    most, given = np.array(np.inf), ()
    if unique is not None:
        often = positive("epochs", epochs) if epochs is not None else np.inf if knows else 1.0
        C, unique, often = together(
            ("C", "unique", "epochs"), (C, positive("unique", unique), often)
        )
        most, given = (unique * often)[..., None], (unique[..., None],) if knows else ()
    loss_of: Any = law.loss
    budget, low, high, edge = C[..., None], np.zeros(np.shape(C)), np.log(C), None
    for _ in range(6):  # 256 steps each: at last 1e-11 of log N apart
        width = (high - low) / 256
        N = np.exp(low[..., None] + width[..., None] * np.arange(257))
        D = budget / per_token(N)
        loss = np.where(D <= most, loss_of(N, D, *given), np.inf)
        best = np.argmin(loss, -1)[..., None]
        N, D, loss = (np.take_along_axis(part, best, -1)[..., 0] for part in (N, D, loss))
        low, high = np.log(N) - width, np.log(N) + width
        edge = ((best % 256) == 0)[..., 0] if edge is None else edge
    return Optimum(N[()], D[()], C[()], loss[()]), edge


def frontier(
    law: PlanningLaw | RepeatsLaw | AnyFit, C: ArrayLike, *, level: float = 0.9, **limits: Any
) -> pd.DataFrame:
    """The compute-optimal run for each budget in `C` (FLOPs).

    Columns C, N, D, tokens_per_parameter, loss; of a fit with samples, _low and _high of each, and
    run_low and run_high, between which one new run ends (see LawFit.predict); with unique, epochs.
    limits: flops_per_token, unique and epochs, as in `optimum`; unique also one for each budget.

    >>> from scalinglib import BESIROGLU_2024 as law
    >>> frontier(law, [1e21, 1e24])[["N", "D", "tokens_per_parameter"]].round(1)
                  N             D  tokens_per_parameter
    0  2.778459e+09  5.998528e+10                  21.6
    1  9.586065e+10  1.738635e+12                  18.1
    """
    C = np.atleast_1d(positive("C", C))
    refuse(law, "a plan", loss=bool(limits), unique=True)
    unique = limits.get("unique")

    def best(law: Any) -> Array:
        run = _inside(law, C, **limits)
        return np.array([run.N, run.D, run.tokens_per_parameter, run.loss])

    many = None if unique is None else together(("C", "unique"), (C, positive("unique", unique)))[1]
    read = {} if many is None else {"unique": many}
    told = _answer(law, best, level, lambda run: {"N": run[0], "D": run[1]} | read)
    value, *ends = told if hasattr(law, "samples") else (told,)
    _often(getattr(law, "law", law), value[1], unique)
    columns = {"C": C}
    for k, name in enumerate(("N", "D", "tokens_per_parameter", "loss")):
        columns[name] = value[k]
        for end, which in zip(ends, ("low", "high"), strict=False):
            if not np.isnan(end[k]).all():
                columns[f"{name}_{which}"] = end[k]
    planned = getattr(law, "_planned", None)  # of a law's fit
    run = planned and planned(*value[:2], np.nan if many is None else many, level)
    if run is not None:
        columns["run_low"], columns["run_high"] = run
    if many is not None:
        columns["epochs"] = value[1] / many
    return pd.DataFrame(columns)


def refuse(law: Any, asked: str, *, loss=True, unique=False, fit=True) -> None:
    """Raises ValueError, in words, for what is no law of N and D that `asked` could use, and no fit
    of one.

    loss: it must tell one, as an allocation does not; unique: its loss may read that too; fit: it
    may be a fit.
    """
    if hasattr(law, "samples") and not fit:
        raise ValueError(
            f"{asked} takes a law, and this is a fit: give its law (fit.law), or for an interval "
            f"ask fit.estimate(lambda law: {asked}(law, ...))"
        )
    form, law = getattr(law, "form", None), law.law if hasattr(law, "samples") else law
    if isinstance(law, GroupedLaw):
        law.optimum(1.0)  # says what to ask instead
    if not hasattr(law, "loss"):
        if not hasattr(law, "optimum"):
            raise ValueError(
                f"{asked} takes a law or a fit, got {shown(law)}: of an entry of `published` give "
                "its law, unless it is None"
            )
        if loss:
            raise ValueError(
                f"{asked} needs a loss, and an {type(law).__name__} tells none, only how N and D "
                "grow with C: give a law of N and D, as a fit of 'chinchilla'"
            )
        return
    takes = signature(law.loss).parameters
    names = [*takes] if form is None else [*form.columns]
    if form is None and isinstance(law, OwnLaw):
        law.refuse_columns("N", "D")
    elif names[:2] != ["N", "D"] and not (form is None and hasattr(law, "optimum")):
        what = type(law).__name__ if form is None else f"the form {form.name!r}"
        raise ValueError(
            f"{what} reads {', '.join(names)}, and a plan needs N and D: it cannot plan; call "
            + ("its loss" if form is None else "predict")
        )
    if "unique" in names and not unique:
        raise ValueError(
            f"{asked} does not know how many different tokens there are, which this law reads: ask "
            "optimum(C, unique=...), or give the law of fresh data (law.fresh)"
        )


def _answer(law: Any, quantity: Callable[[Any], Any], level: float, at: Any = None) -> Any:
    """quantity(law), for a fit an Estimate, which warns where it lies far outside of its runs:
    at(value) {column: values}.
    """
    if not hasattr(law, "samples"):
        return quantity(law)
    told = law._answer(quantity, level)
    if at is not None:
        law._far(at(told.value))
    return told


def _best_of(law: Any, C: ArrayLike) -> Optimum[Numbers]:
    """The optimum of a law whose loss says the same there.

    Raises ValueError where they are separate fits, as in Kaplan et al. 2020.
    """
    best = _inside(law, C)
    if not np.allclose(law.loss(best.N, best.D), best.loss, rtol=1e-6, atol=0):
        raise ValueError(
            "by this law the best run of a budget has another loss than its loss(N, D) says: its "
            "frontier and its loss are separate fits, so a plan cannot be compared with it"
        )
    return best


@overload
def overhead(law: PlanningLaw, N: Scalar, C: Scalar) -> float: ...
@overload
def overhead(law: PlanningLaw, N: ArrayLike, C: ArrayLike) -> Array: ...
def overhead(law: PlanningLaw, N: ArrayLike, C: ArrayLike) -> Numbers:
    """Extra compute with which size `N` has the best loss of budget `C`: 0.21 is 21 % more.

    `N` in parameters and `C` in FLOPs broadcast. 0 at the optimal size; inf for a size that cannot
    reach that loss on any amount of data. For the form of Hoffmann et al. 2022 it depends only on N
    / N_opt (de Vries 2023). Solved numerically in log D for any law. Raises ValueError for entries
    that are not positive and finite.

    >>> from scalinglib import BESIROGLU_2024 as law
    >>> overhead(law, law.optimum(1e23).N * np.array([0.5, 3]), 1e23).round(2)
    array([0.26, 0.36])
    """
    refuse(law, "overhead", fit=False)
    N, C = together(("N", "C"), (positive("N", N), positive("C", C)))
    best = _best_of(law, C)
    loss = law.loss(best.N, best.D)
    with np.errstate(over="ignore"):  # a size that just fails: so much data that the product is inf
        return 6.0 * N * np.exp(_each(_log_data, law, N, loss)) / C - 1


class Shortfall(NamedTuple):
    """What a plan gives away: numbers, or Estimates of a fit.

    Its loss, the best loss of its compute, their difference in nats, and the share of compute that
    it costs beyond the cheapest run of its loss.

    >>> from scalinglib import BESIROGLU_2024 as law
    >>> plan = shortfall(law, 175e9, 300e9)
    >>> round(float(plan.loss), 3), round(float(plan.best), 3)
    (2.009, 1.992)
    """

    loss: Any
    best: Any
    extra_loss: Any
    extra_compute: Any


def shortfall(
    law: PlanningLaw | AnyFit, N: ArrayLike, D: ArrayLike, level: float = 0.9
) -> Shortfall:
    """The regret of a plan of `N` parameters and `D` tokens, by a law or (as Estimates) by a fit.

    extra_compute 0.21: the plan costs 21 % more than the cheapest run of its loss; extra_loss: nats
    above the best run of its compute. Both are 0 on the frontier. `forecast.regret(loss, best)` is
    the second one as a share of the loss. Raises ValueError for a law whose frontier is another fit
    than its loss, as in Kaplan et al. 2020.

    >>> from scalinglib import BESIROGLU_2024 as law
    >>> round(float(shortfall(law, 175e9, 300e9).extra_compute), 2)  # of GPT-3
    0.64
    """
    refuse(law, "shortfall")
    N, D = together(("N", "D"), (positive("N", N), positive("D", D)))
    C = 6.0 * N * D

    def parts(law: Any) -> Array:
        loss, best = law.loss(N, D), _best_of(law, C).loss
        return np.array([loss, best, loss - best, C / least_compute(law, loss) - 1])

    told = _answer(law, parts, level, lambda _: {"N": N, "D": D})
    if not hasattr(law, "samples"):
        return Shortfall(*told)
    return Shortfall(*(type(told)(*(end[k] for end in told)) for k in range(4)))


def least_compute(law: Any, loss: ArrayLike, level: float = 0.9) -> Any:
    """The fewest FLOPs that reach `loss` by a law or a fit; inf at or below its floor.

    Solved numerically in log C, unless the law has a closed form.

    >>> from scalinglib import BESIROGLU_2024 as law
    >>> f"{least_compute(law, 2.0):.3g}"
    '2.47e+23'
    """
    loss = positive("loss", loss)
    refuse(law, "least_compute")

    def fewest(law: Any) -> Numbers:
        if hasattr(law, "least_compute"):
            return law.least_compute(loss)
        return _reached(law, lambda C: -_best(law, C)[0].loss, -loss)

    return _answer(law, fewest, level, lambda C: {"C": C})


def speed_up(law: Any, other: Any, loss: ArrayLike, level: float = 0.9) -> Any:
    """How many times less compute `law` needs than `other` for one `loss`: each a law or a fit.

    >>> from scalinglib import BESIROGLU_2024, HOFFMANN_2022
    >>> round(float(speed_up(BESIROGLU_2024, HOFFMANN_2022, 2.2)), 2)
    1.11
    """
    refuse(law, "speed_up")
    refuse(other, "speed_up")

    def ratio(law: Any, other: Any) -> Any:
        return least_compute(other, loss) / least_compute(law, loss)

    if hasattr(law, "samples") and hasattr(other, "samples"):
        return law._paired(other, ratio, level)
    if hasattr(law, "samples"):
        return law._answer(lambda one: ratio(one, other), level)
    return _answer(other, lambda one: ratio(law, one), level)


def best_data(law: Any, N: ArrayLike, level: float = 0.9) -> Any:
    """The tokens with which `N` parameters are the best size for their compute, by a law or a fit.

    It is the D of the frontier where its best N is this one.

    >>> from scalinglib import BESIROGLU_2024 as law
    >>> f"{best_data(law, 7e9):.3g}"
    '1.44e+11'
    """
    N = positive("N", N)
    refuse(law, "best_data", loss=False)

    def tokens(law: Any) -> Numbers:
        C = _reached(law, lambda C: _best(law, C)[0].N, N)
        return _inside(law, C).D

    return _answer(law, tokens, level, lambda D: {"N": N, "D": D})


def _reached(law: Any, rising, targets) -> Any:
    """The compute at which a property of the best run is each of the targets."""
    C = np.vectorize(lambda one: _inverse(rising, one), otypes=[float])(targets)[()]
    if np.isfinite(C).any():
        _inside(law, np.ravel(C)[np.isfinite(np.ravel(C))])  # refused at the edge of the search
    return C


def _inverse(rising, target) -> float:
    """C at which rising(C) is the target: inf if it stays below. A power law takes two steps."""
    from scipy.optimize import root_scalar  # a third of what importing this module would take

    low, high = np.log(1e3), np.log(1e45)
    if rising(np.exp(high)) <= target:
        return np.inf
    while rising(np.exp(low)) > target:
        low, high = low - 50, low
    gap = root_scalar(
        lambda log_C: rising(np.exp(log_C)) - target,
        method="brentq",
        bracket=(low, high),
        xtol=1e-12,
    )
    return float(np.exp(gap.root))


# ---- the next runs of a sweep ----------------------------------------------------------------


class NextRuns(NamedTuple):
    """Runs to buy, and what they should tell.

    runs: a row a run in the order to buy them, with the interval that is expected after it: low,
    high, and width as a share of today's (in logs). before, after: Estimates.

    >>> from scalinglib import fit, runs
    >>> sweep = runs.load("sweep").query("corpus == 'python' and arm == 'main'")
    >>> found = next_runs(fit("power-sum", sweep), budget=1e13, target=1e15)
    >>> list(found.runs.columns[:3])
    ['N', 'D', 'C']
    """

    runs: pd.DataFrame
    before: Any
    after: Any


def next_runs(
    fit: Any,
    budget: float,
    target: float | None = None,
    *,
    quantity: Callable[[Any], float] | None = None,
    menu: Any = None,
    most: int = 12,
    level: float = 0.9,
) -> NextRuns:
    """Up to `most` runs, `budget` FLOPs in all, that should narrow one interval most.

    target: the FLOPs for which the best N is to be known; or quantity: any positive number of a
    law, such as lambda law: law.loss(7e10, 1.4e12). menu: the runs on offer, with the columns of
    the form and, if it is not 6 N D, the cost C. By default sizes and tokens from the smallest
    fitted to four times the largest, at no other tokens per parameter than were fitted.

    The runs are chosen one by one: each time the one with the largest expected fall of the variance
    of log quantity, linear in the constants, by itself, per FLOP, or between; the best of the three
    ways is told. The form is believed: keep runs apart to test it. Returns NextRuns, its intervals
    NaN if the fit has no samples. Raises ValueError where nothing on the menu is within the budget.

    >>> from scalinglib import fit, runs
    >>> sweep = runs.load("sweep").query("corpus == 'python' and arm == 'main'")
    >>> sweep = sweep.query("C < 2e12")
    >>> found = fit("power-sum", sweep, bootstrap=200)
    >>> bought = next_runs(found, budget=1e13, target=1e15).runs
    >>> bool(bought["C"].sum() <= 1e13), bool(bought["width"].iloc[-1] < 1)
    (True, True)
    """
    if not hasattr(fit, "study"):
        raise ValueError(
            f"next_runs needs the fit of a law, as of fit_parametric, and got {type(fit).__name__}"
        )
    study, budget = fit._with_runs("next_runs"), positive("budget", budget)
    most = whole("most", most, "how many runs to buy, 1 or more", 1)
    if quantity is None:
        if target is None:
            raise ValueError("say what is to be known: target= (FLOPs of the best N) or quantity=")
        quantity = partial(_best_size, positive("target", target))
    known = function("quantity", quantity, "a law", "lambda law: law.alpha")(fit.law)
    if not (np.ndim(known) == 0 and 0 < known < np.inf):
        raise ValueError(f"the quantity must be one positive number, and this law's is {known}")
    menu = _menu(study.x) if menu is None else tabular(menu, "menu")
    priced = () if "C" in menu or {"N", "D"} <= {*menu} else ("C",)
    have_columns(menu, (*study.form.columns, *priced), "next_runs", "the runs on the menu")
    menu = pd.DataFrame(menu)
    cost = np.asarray(positive("C", menu["C"] if "C" in menu else 6.0 * menu["N"] * menu["D"]))
    menu, cost = menu[cost <= budget], cost[cost <= budget]
    if menu.empty:
        raise ValueError(f"no run on the menu is within the budget of {budget:.3g} FLOPs")
    chosen, variance = _choice(study, fit._make, quantity, menu, cost, budget, most)
    before = _answer(fit, quantity, level)
    width = np.sqrt(variance[1:] / variance[0])
    low, high = (before.value * (end / before.value) ** width for end in before[1:])
    table = menu.iloc[chosen].assign(C=cost[chosen], low=low, high=high, width=width)
    after = type(before)(before.value, low[-1], high[-1])
    return NextRuns(table.reset_index(drop=True), before, after)


def _best_size(C: float, law: Any) -> float:
    return float(optimum(law, C).N)


def _menu(x) -> pd.DataFrame:
    if set(x) != {"N", "D"}:
        raise ValueError(f"give menu=, a table of runs with the columns {', '.join(x)} and C")
    N, D = (np.geomspace(x[name].min(), 4 * x[name].max(), 16) for name in ("N", "D"))
    table = pd.DataFrame({"N": np.repeat(N, 16), "D": np.tile(D, 16)})
    ratio, seen = table.D / table.N, x["D"] / x["N"]
    return table[(ratio >= 0.999 * seen.min()) & (ratio <= 1.001 * seen.max())]


def _choice(study, make, quantity, menu, cost, budget, most) -> tuple[list[int], np.ndarray]:
    """Rows of the menu, and the variance of log quantity before and after each of them."""
    names, way = study.form.columns, np.log if study.log else np.asarray
    n, phi, problem = len(study.y), study.found.phi, study.problem
    places = [np.concatenate([study.x[name], menu[name]]) for name in names]

    def seen(phi):
        constants = {name: value[0] for name, value in study.constants(phi[None]).items()}
        law = make(constants)
        return np.append(way(law.loss(*places)), np.log(quantity(law)))

    step, slopes = 1e-4 * (0.05 + np.abs(phi)), []
    for k, unit in enumerate(np.eye(len(phi))):
        up = np.minimum(phi + step[k] * unit, problem.hi)
        down = np.maximum(phi - step[k] * unit, problem.lo)
        slopes.append((seen(up) - seen(down)) / (up - down)[k])
    slopes = np.array(slopes)
    weight = np.broadcast_to(study.weight / np.square(study.noise), n)
    covariance = np.linalg.inv((slopes[:, :n] * weight) @ slopes[:, :n].T)
    offered, gradient = slopes[:, n:-1] * np.sqrt(np.median(weight)), slopes[:, -1]
    ways = [
        _greedy(covariance, offered, gradient, cost, budget, most, power) for power in (0, 0.5, 1)
    ]
    return min(ways, key=lambda way: way[1][-1])


def _greedy(
    covariance, offered, gradient, cost, budget, most, power
) -> tuple[list[int], np.ndarray]:
    chosen, variance = [], [gradient @ covariance @ gradient]
    while len(chosen) < most and (cost <= budget).any():
        moved = covariance @ offered
        spread = 1 + (offered * moved).sum(0)
        gain = (gradient @ moved) ** 2 / spread
        k = int(np.argmax(np.where(cost <= budget, gain / cost**power, -1.0)))
        covariance = covariance - np.outer(moved[:, k], moved[:, k]) / spread[k]
        chosen.append(k)
        variance.append(gradient @ covariance @ gradient)
        budget = budget - cost[k]
    return chosen, np.array(variance)


# ---- a bill for life -------------------------------------------------------------------------


@dataclass(frozen=True)
class Lifetime(Generic[Value]):
    """A model and its bill.

    Parameters, training tokens, FLOPs of training (6 N D) and of serving (2 N a token).

    >>> bill = Lifetime(N=7e9, D=2e12, loss=2.0, inference_tokens=1e13)
    >>> f"{bill.training_flops:.2g} + {bill.inference_flops:.2g}"
    '8.4e+22 + 1.4e+23'
    """

    N: Value
    D: Value
    loss: Value
    inference_tokens: Value

    @property
    def training_flops(self) -> Numbers:
        return np.multiply(6, self.N) * self.D

    @property
    def inference_flops(self) -> Numbers:
        return np.multiply(2, self.N) * self.inference_tokens

    @property
    def total_flops(self) -> Numbers:
        return self.training_flops + self.inference_flops


@overload
def cheapest(law: LossLaw, loss: Scalar, inference_tokens: Scalar) -> Lifetime[float]: ...
@overload
def cheapest(law: LossLaw, loss: ArrayLike, inference_tokens: ArrayLike) -> Lifetime[Array]: ...
def cheapest(law: LossLaw, loss: ArrayLike, inference_tokens: ArrayLike) -> Lifetime[Numbers]:
    """The model of this `loss` with the smallest bill over its life, 6 N D + 2 N D_inf.

    Source: Sardana et al. 2023, eq. 3.

    `loss` in nats and `inference_tokens` (D_inf, tokens read and written while serving, 0 allowed)
    broadcast. A FLOP costs the same at training and at serving. Raises ValueError for a loss at or
    below the floor of the law.

    >>> from scalinglib import BESIROGLU_2024 as law
    >>> [f"{cheapest(law, 2.1, tokens).N:.2g}" for tokens in (0, 1e12, 1e13)]
    ['1.3e+10', '7.5e+09', '4.4e+09']
    """
    refuse(law, "cheapest", fit=False)
    loss, served = together(
        ("loss", "inference_tokens"),
        (positive("loss", loss), numbers("inference_tokens", inference_tokens)),
    )
    bad = ~(np.isfinite(served) & (served >= 0))
    if np.any(bad):
        raise ValueError(
            f"inference_tokens must be 0 or more and finite, got {served[bad].flat[0]:g}"
        )
    floor = law.loss(np.exp(_ENDLESS), np.exp(_ENDLESS))
    if np.any(loss <= floor):
        raise ValueError(
            f"no model of this law reaches a loss of {loss.min():.4g} nats: "
            f"its floor is {floor:.4g}; ask for a loss above it"
        )
    N = np.exp(_each(_log_cheapest_size, law, loss, served))
    D = np.exp(_each(_log_data, law, N, loss))
    if hasattr(law, "optimum"):
        _best_of(law, 6.0 * N * D)
    return Lifetime(N, D, loss[()], served[()])


@overload
def gpu_hours(C: Scalar, peak_flops: Scalar, utilisation: Scalar) -> float: ...
@overload
def gpu_hours(C: ArrayLike, peak_flops: ArrayLike, utilisation: ArrayLike) -> Array: ...
def gpu_hours(C: ArrayLike, peak_flops: ArrayLike, utilisation: ArrayLike) -> Numbers:
    """GPU-hours for `C` FLOPs on chips of `peak_flops` FLOP/s.

    `utilisation` (0 to 1) is the share of the peak that is reached.

    >>> round(gpu_hours(5.76e23, peak_flops=989e12, utilisation=0.4))
    404449
    """
    utilisation = positive("utilisation", utilisation)
    if np.any(utilisation > 1):
        raise ValueError(
            f"utilisation is a share of the peak, at most 1; got {np.max(utilisation):g}: "
            "write 0.4 for 40 %"
        )
    peak_flops = positive("peak_flops", peak_flops)
    if np.any(peak_flops < 1e9):  # no chip that trains is so slow
        raise ValueError(
            f"peak_flops is in FLOP/s, got {np.min(peak_flops):g}: is that TFLOP/s? Then write "
            f"{np.min(peak_flops):g}e12"
        )
    C = positive("C", C)
    if np.any(C < 1e6):  # a laboratory's least run takes a thousand times as much
        raise ValueError(
            f"C is in FLOPs, got {np.min(C):g}: is that PF-days? Then write {np.min(C):g} * 8.64e19"
        )
    return C / (peak_flops * utilisation * 3600)


@overload
def price(hours: Scalar, per_hour: Scalar) -> float: ...
@overload
def price(hours: ArrayLike, per_hour: ArrayLike) -> Array: ...
def price(hours: ArrayLike, per_hour: ArrayLike) -> Numbers:
    """Money for `hours` of one GPU, in the currency of `per_hour`.

    >>> float(price(404_000, per_hour=2.5))
    1010000.0
    """
    return positive("hours", hours) * positive("per_hour", per_hour)


@overload
def energy_kwh(hours: Scalar, watts: Scalar, pue: Scalar) -> float: ...
@overload
def energy_kwh(hours: ArrayLike, watts: ArrayLike, pue: ArrayLike) -> Array: ...
def energy_kwh(hours: ArrayLike, watts: ArrayLike, pue: ArrayLike) -> Numbers:
    """Kilowatt-hours for `hours` of one GPU that draws `watts` with its share of the machine.

    `pue` is the power usage effectiveness of the building, its total draw over that of its
    machines: 1 or more.

    >>> float(energy_kwh(404_000, watts=1000, pue=1.2))
    484800.0
    """
    pue = positive("pue", pue)
    if np.any(pue < 1):
        raise ValueError(
            f"pue is total draw over the machines' draw, at least 1; got {np.min(pue):g}"
        )
    watts = positive("watts", watts)
    if np.any(watts < 5):  # no chip that trains draws so little
        raise ValueError(
            f"watts is in W, got {np.min(watts):g}: is that kW? Then write {np.min(watts) * 1000:g}"
        )
    return positive("hours", hours) * watts * pue / 1000


def _each(solve: Callable[..., float], law: LossLaw, *arrays: Numbers) -> np.float64 | Array:
    """`solve(law, a, b)` for each pair of entries; a number for numbers."""
    return np.vectorize(lambda *pair: solve(law, *pair), otypes=[float])(*arrays)[()]


def _log_data(law: LossLaw, N: float, loss: float) -> float:
    """log D at which size N reaches `loss`, inf if it never does. The loss must fall as D grows."""
    from scipy.optimize import root_scalar

    def gap(log_D):
        return law.loss(N, np.exp(log_D)) - loss

    if gap(_ENDLESS) >= 0:
        return np.inf
    low, step = np.log(N), 1.0
    while gap(low) <= 0:  # from there down to data too scarce, then up to data enough
        low, step = low - step, 2 * step
    high, step = low + 1.0, 2.0
    while gap(high) > 0:
        high, step = min(high + step, _ENDLESS), 2 * step
    return root_scalar(gap, method="brentq", bracket=(low, high), xtol=1e-13, rtol=1e-14).root


def _log_cheapest_size(law: LossLaw, loss: float, served: float) -> float:
    """log N of the smallest bill, which is convex in log N where the level set of the loss is."""
    from scipy.optimize import minimize_scalar, root_scalar

    def least_gap(log_N):
        return law.loss(np.exp(log_N), np.exp(_ENDLESS)) - loss

    def log_bill(log_N):
        log_D = _log_data(law, np.exp(log_N), loss)
        return log_N + np.logaddexp(
            np.log(6) + min(log_D, _ENDLESS), np.log(2 * served) if served else -np.inf
        )

    smallest = 0.0
    if least_gap(smallest) > 0:
        smallest = root_scalar(least_gap, method="brentq", bracket=(0, _ENDLESS)).root
    return minimize_scalar(
        log_bill,
        bounds=(smallest, smallest + 60),
        method="bounded",
        options={"xatol": 1e-10, "maxiter": 500},
    ).x
