"""What a law means for a plan: frontier, price of leaving it, serving, GPU-hours, money, energy.

Everything here uses only `.loss(N, D)` and `.optimum(C)`, so any law that has them will do, where D
is what the training reads once: C = 6 N D. (Eq. 1.5 of Kaplan et al. 2020 is not meant so: its D
are unique tokens, read until the test loss stops falling.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, overload

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar, root_scalar

from ._inputs import Array, Numbers, Scalar, numbers, positive
from .laws import LossLaw, PlanningLaw, Value

_ENDLESS = float(np.log(1e300))  # log of a count that stands for "without end"


def frontier(law: PlanningLaw, C: ArrayLike) -> pd.DataFrame:
    """The compute-optimal run for each budget in `C` (FLOPs).

    Columns C, N, D, tokens_per_parameter, loss.
    """
    best = law.optimum(np.atleast_1d(positive("C", C)))
    return pd.DataFrame(
        {
            "C": best.C,
            "N": best.N,
            "D": best.D,
            "tokens_per_parameter": best.D / best.N,
            "loss": best.loss,
        }
    )


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
    """
    N, C = np.broadcast_arrays(positive("N", N), positive("C", C))
    best = law.optimum(C)
    loss = law.loss(best.N, best.D)
    with np.errstate(over="ignore"):  # a size that just fails: so much data that the product is inf
        return 6.0 * N * np.exp(_each(_log_data, law, N, loss)) / C - 1


def least_compute(law, loss):
    """The fewest FLOPs that reach `loss` on the frontier of any law; inf at or below its floor.

    Solved numerically in log C, unless the law has a closed form.
    """
    if hasattr(law, "least_compute"):
        return law.least_compute(loss)
    reached = np.vectorize(
        lambda one: _inverse(lambda C: -law.optimum(C).loss, -one), otypes=[float]
    )
    return reached(positive("loss", loss))[()]


def best_data(law, N):
    """The tokens with which `N` parameters are the best size for their compute, by any law."""
    C = np.vectorize(lambda one: _inverse(lambda C: law.optimum(C).N, one), otypes=[float])
    return law.optimum(C(positive("N", N))).D[()]


def _inverse(rising, target) -> float:
    """C at which rising(C) is the target: inf if it stays below. A power law takes two steps."""
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


@dataclass(frozen=True)
class Lifetime(Generic[Value]):
    """A model and its bill.

    Parameters, training tokens, FLOPs of training (6 N D) and of serving (2 N a token).
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
    """
    loss, served = np.broadcast_arrays(
        positive("loss", loss), numbers("inference_tokens", inference_tokens)
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
    return Lifetime(N, D, loss[()], served[()])


@overload
def gpu_hours(C: Scalar, peak_flops: Scalar, utilisation: Scalar) -> float: ...
@overload
def gpu_hours(C: ArrayLike, peak_flops: ArrayLike, utilisation: ArrayLike) -> Array: ...
def gpu_hours(C: ArrayLike, peak_flops: ArrayLike, utilisation: ArrayLike) -> Numbers:
    """GPU-hours for `C` FLOPs on chips of `peak_flops` FLOP/s.

    `utilisation` (0 to 1) is the share of the peak that is reached.
    """
    utilisation = positive("utilisation", utilisation)
    if np.any(utilisation > 1):
        raise ValueError(
            f"utilisation is a share of the peak, at most 1; got {np.max(utilisation):g}: "
            "write 0.4 for 40 %"
        )
    return positive("C", C) / (positive("peak_flops", peak_flops) * utilisation * 3600)


@overload
def price(hours: Scalar, per_hour: Scalar) -> float: ...
@overload
def price(hours: ArrayLike, per_hour: ArrayLike) -> Array: ...
def price(hours: ArrayLike, per_hour: ArrayLike) -> Numbers:
    """Money for `hours` of one GPU, in the currency of `per_hour`."""
    return positive("hours", hours) * positive("per_hour", per_hour)


@overload
def energy_kwh(hours: Scalar, watts: Scalar, pue: Scalar) -> float: ...
@overload
def energy_kwh(hours: ArrayLike, watts: ArrayLike, pue: ArrayLike) -> Array: ...
def energy_kwh(hours: ArrayLike, watts: ArrayLike, pue: ArrayLike) -> Numbers:
    """Kilowatt-hours for `hours` of one GPU that draws `watts` with its share of the machine.

    `pue` is the power usage effectiveness of the building, its total draw over that of its
    machines: 1 or more.
    """
    pue = positive("pue", pue)
    if np.any(pue < 1):
        raise ValueError(
            f"pue is total draw over the machines' draw, at least 1; got {np.min(pue):g}"
        )
    return positive("hours", hours) * positive("watts", watts) * pue / 1000


def _each(solve: Callable[..., float], law: LossLaw, *arrays: Numbers) -> np.float64 | Array:
    """`solve(law, a, b)` for each pair of entries; a number for numbers."""
    return np.vectorize(lambda *pair: solve(law, *pair), otypes=[float])(*arrays)[()]


def _log_data(law: LossLaw, N: float, loss: float) -> float:
    """log D at which size N reaches `loss`, inf if it never does. The loss must fall as D grows."""

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
