"""What a scaling law says: the loss of a run, and the best run that a budget buys.

A law is a frozen dataclass of its published or fitted constants. Losses are in nats per token, `N`
counts parameters, `D` training tokens, `C` training FLOPs with C = 6 N D. Every argument may be a
number or an array (they broadcast), and must be positive and finite: anything else raises
ValueError and names the entry.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, TypeVar, overload

import numpy as np
from numpy.typing import ArrayLike

from ._inputs import Array, Numbers, Scalar, UndeterminedError, numbers, one_of, positive

PF_DAY = 1e15 * 86400
"""FLOPs in one petaflop/s-day, the unit of compute of Kaplan et al. 2020: 8.64e19."""


Value = TypeVar("Value", bound=Numbers, covariant=True)


@dataclass(frozen=True)
class Optimum(Generic[Value]):
    """The best run for each budget: arrays (or numbers) of one shape.

    >>> from scalinglib import HOFFMANN_2022
    >>> best = HOFFMANN_2022.optimum(1e24)
    >>> round(float(best.tokens_per_parameter), 1)
    97.7
    """

    N: Value
    D: Value
    C: Value
    loss: Value

    @property
    def tokens_per_parameter(self) -> Numbers:
        """D / N, dimensionless."""
        return np.divide(self.D, self.N)


class LossLaw(Protocol):
    """Anything that says the loss of a run of N parameters and D tokens."""

    def loss(self, N: ArrayLike, D: ArrayLike, /) -> Numbers: ...


class PlanningLaw(LossLaw, Protocol):
    """A law that also says the best run for a budget of C FLOPs."""

    def optimum(self, C: ArrayLike, /) -> Optimum[Numbers]: ...


def _check_constants(
    law: Any,
    may_be_zero: Collection[str] = (),
    may_be_negative: Collection[str] = (),
) -> None:
    """Refuse constants that are not positive; store them as plain floats."""
    for item in fields(law):
        value = getattr(law, item.name)
        if item.name == "source" or value is None or isinstance(value, PowerLaw):
            continue
        if type(value) is float and 0 < value < np.inf:  # of a thousand resampled laws, nearly all
            continue
        name = f"{type(law).__name__}.{item.name}"
        value = numbers(name, value)
        if item.name not in may_be_negative and not (
            item.name in may_be_zero and np.all(value == 0)
        ):
            value = positive(name, value)
        if np.ndim(value):
            raise ValueError(f"{name} must be one number, got shape {np.shape(value)}")
        object.__setattr__(law, item.name, float(value))


# ---- one variable ------------------------------------------------------------------------


@dataclass(frozen=True)
class PowerLaw:
    """L(x) = floor + (scale / x)^exponent.

    `scale` has the unit of x: it is where the reducible part equals one nat (Kaplan et al. 2020,
    eqs. 1.1 to 1.3, write it N_c, D_c, C_c and have no floor; Henighan et al. 2020 add the floor).
    With a negative exponent it rises, as best sizes, data and batches do.

    >>> law = PowerLaw(scale=8.8e13, exponent=0.076)
    >>> round(float(law.loss(1.5e9)), 3)
    2.304
    """

    scale: float
    exponent: float
    floor: float = 0.0
    source: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        _check_constants(self, may_be_zero=("floor",), may_be_negative=("exponent",))
        if self.exponent == 0 or not np.isfinite(self.exponent):
            raise ValueError(
                "PowerLaw.exponent must be positive, or negative for a law that rises, and finite; "
                f"got {self.exponent:g}"
            )

    @overload
    def loss(self, x: Scalar) -> float: ...
    @overload
    def loss(self, x: ArrayLike) -> Array: ...
    def loss(self, x: ArrayLike) -> Numbers:
        """Loss in nats at `x`, same shape as `x`."""
        return self.floor + (self.scale / positive("x", x)) ** self.exponent


@dataclass(frozen=True)
class SpectrumLaw:
    """What is missed by a learner of the N largest directions of its data.

    A solvable origin of power laws.

    The direction of rank r carries r^-decay, beyond the rank `knee` it falls as r^-beyond; the
    first one carries 1. With learning of efficiency e the learner knows e N of them, and L(N) is
    all the rest, the integral from e N to infinity. Without a knee that is L(N) = (e N)^-(decay -
    1) / (decay - 1) (a continuous form of the model of Maloney et al. 2022). Raises ValueError
    where `beyond` is not above 1: there would be endlessly much to miss.

    >>> law = SpectrumLaw(decay=1.5, knee=1e4, beyond=3.0)
    >>> [round(float(law.exponent(size)), 2) for size in (10, 1e6)]
    [0.51, 2.0]
    """

    decay: float
    knee: float
    beyond: float
    efficiency: float = 1.0

    def __post_init__(self) -> None:
        _check_constants(self)
        if self.beyond <= 1:
            raise ValueError(
                f"SpectrumLaw.beyond must be above 1, else the tail has no end, got {self.beyond:g}"
            )

    @overload
    def carried(self, rank: Scalar) -> float: ...
    @overload
    def carried(self, rank: ArrayLike) -> Array: ...
    def carried(self, rank: ArrayLike) -> Numbers:
        """What the direction of `rank` carries, in units of the first."""
        rank = positive("rank", rank)
        return (
            np.minimum(rank, self.knee) ** -self.decay
            * np.maximum(rank / self.knee, 1) ** -self.beyond
        )

    @overload
    def loss(self, N: Scalar) -> float: ...
    @overload
    def loss(self, N: ArrayLike) -> Array: ...
    def loss(self, N: ArrayLike) -> Numbers:
        """What the learner of size N misses, in units of what the first direction carries."""
        known = self.efficiency * positive("N", N)
        start, slope = np.maximum(known, self.knee), self.decay - 1
        after = start * self.carried(start) / (self.beyond - 1)
        to_knee = np.log(np.maximum(self.knee / known, 1))
        # integral of r^-decay from `known` to the knee, also right at decay = 1, where it is a
        # logarithm
        length = to_knee if slope == 0 else -np.expm1(-slope * to_knee) / slope
        return after + known**-slope * length

    @overload
    def exponent(self, N: Scalar) -> float: ...
    @overload
    def exponent(self, N: ArrayLike) -> Array: ...
    def exponent(self, N: ArrayLike) -> Numbers:
        """The local exponent -d ln L / d ln N at size N."""
        known = self.efficiency * positive("N", N)
        return known * self.carried(known) / self.loss(N)


@dataclass(frozen=True)
class BrokenPowerLaw:
    """One smooth break of a power law.

    L(x) = floor + (scale / x)^exponent (1 + (x / at)^(1 / width))^(-change width).

    Far below `at` the reducible part falls with `exponent`, far above with exponent + change;
    `width` says how many e-foldings of x the turn takes. change may be negative, a law that
    flattens, as long as the loss still falls. Source: Caballero et al. 2022, the form with one
    break.

    >>> law = BrokenPowerLaw(scale=1e9, exponent=0.1, at=1e8, change=0.2)
    >>> law.loss(np.array([1e6, 1e10])).round(3)
    array([1.991, 0.316])
    """

    scale: float
    exponent: float
    at: float
    change: float
    width: float = 1.0
    floor: float = 0.0
    source: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        _check_constants(self, may_be_zero=("floor",), may_be_negative=("change",))
        if not 0 < self.exponent + self.change < np.inf:
            raise ValueError(
                f"BrokenPowerLaw: exponent + change is {self.exponent + self.change:g}; "
                "beyond the break the loss would rise: give a finite change above -exponent"
            )

    @overload
    def loss(self, x: Scalar) -> float: ...
    @overload
    def loss(self, x: ArrayLike) -> Array: ...
    def loss(self, x: ArrayLike) -> Numbers:
        """Loss in nats at `x`, same shape as `x`."""
        x = positive("x", x)
        turn = np.logaddexp(0, np.log(x / self.at) / self.width)  # no power overflows
        return self.floor + np.exp(
            self.exponent * np.log(self.scale / x) - self.change * self.width * turn
        )


# ---- Hoffmann et al. 2022 -------------------------------------------------------------------


class _Split:
    """Of laws in which size and data each fall as a power: how both grow along the frontier."""

    if TYPE_CHECKING:  # fields of the laws

        @property
        def alpha(self) -> float: ...
        @property
        def beta(self) -> float: ...

    @property
    def a(self) -> float:
        """Allocation exponent of size: the best N grows as C^a (Hoffmann et al. 2022, eq. 4)."""
        return self.beta / (self.alpha + self.beta)

    @property
    def b(self) -> float:
        """Allocation exponent of data: the best D grows as C^b; a + b = 1."""
        return self.alpha / (self.alpha + self.beta)


@dataclass(frozen=True)
class ChinchillaLaw(_Split):
    """L(N, D) = E + A / N^alpha + B / D^beta.

    Source: Hoffmann et al. 2022, eq. 2; the form of Rosenfeld et al. 2019, eq. 4.

    N counts all parameters, embeddings included; D the tokens of a single pass over fresh data.

    >>> law = ChinchillaLaw(E=1.69, A=406.4, B=410.7, alpha=0.34, beta=0.28)
    >>> round(float(law.loss(70e9, 1.4e12)), 3)
    1.937
    >>> f"{law.optimum(5.76e23).N:.3g}"
    '3.22e+10'
    """

    E: float
    A: float
    B: float
    alpha: float
    beta: float
    source: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        _check_constants(self, may_be_zero=("E",))

    @overload
    def loss(self, N: Scalar, D: Scalar) -> float: ...
    @overload
    def loss(self, N: ArrayLike, D: ArrayLike) -> Array: ...
    def loss(self, N: ArrayLike, D: ArrayLike) -> Numbers:
        """Loss in nats per token of a run with N parameters and D tokens."""
        return (
            self.E
            + self.A / positive("N", N) ** self.alpha
            + self.B / positive("D", D) ** self.beta
        )

    @overload
    def optimum(self, C: Scalar) -> Optimum[float]: ...
    @overload
    def optimum(self, C: ArrayLike) -> Optimum[Array]: ...
    def optimum(self, C: ArrayLike) -> Optimum[Numbers]:
        """The split of `C` FLOPs with the lowest loss (Hoffmann et al. 2022, eq. 4)."""
        C = positive("C", C)
        ratio = np.log(self.alpha * self.A / (self.beta * self.B))
        log_N = ratio / (self.alpha + self.beta) + self.a * np.log(C / 6)
        log_D = np.log(C / 6) - log_N
        # in logs, since some law among a thousand resamples has its best N beyond all numbers
        by_size = np.exp(np.log(self.A) - self.alpha * log_N)
        by_data = np.exp(np.log(self.B) - self.beta * log_D)
        with np.errstate(over="ignore"):
            return Optimum(np.exp(log_N), np.exp(log_D), C, self.E + by_size + by_data)

    @overload
    def least_compute(self, loss: Scalar) -> float: ...
    @overload
    def least_compute(self, loss: ArrayLike) -> Array: ...
    def least_compute(self, loss: ArrayLike) -> Numbers:
        """The fewest FLOPs that reach `loss`: the inverse of `optimum`; inf at or below E.

        On the frontier both terms fall equally fast, alpha A / N^alpha = beta B / D^beta, so no
        search is needed.
        """
        with np.errstate(divide="ignore"):
            log_gap = np.log(np.maximum(positive("loss", loss) - self.E, 0))
        log_N = (np.log(self.A * (1 + self.alpha / self.beta)) - log_gap) / self.alpha
        ratio = np.log(self.beta * self.B) - np.log(self.alpha * self.A)
        log_D = (ratio + self.alpha * log_N) / self.beta
        with np.errstate(over="ignore"):  # as in `optimum`
            return np.exp(np.log(6) + log_N + log_D)


HOFFMANN_2022 = ChinchillaLaw(
    1.69, 406.4, 410.7, 0.34, 0.28, "Hoffmann et al. 2022, eq. 10, as printed (rounded)"
)
HOFFMANN_2022_TEX = ChinchillaLaw(
    np.exp(0.5267228),
    np.exp(6.0073404),
    np.exp(6.0179186),
    0.33917084,
    0.2849083,
    "Hoffmann et al. 2022, digits in the paper's TeX source, as quoted by Besiroglu et al. 2024",
)
BESIROGLU_2024 = ChinchillaLaw(
    1.8172, 482.01, 2085.43, 0.3478, 0.3658, "Besiroglu et al. 2024, point estimate, 240 runs"
)


# ---- Kaplan et al. 2020 ---------------------------------------------------------------------


@dataclass(frozen=True)
class KaplanLaw:
    """The laws of Kaplan et al. 2020. N is non-embedding; C is FLOPs outside and PF-days inside.

    The four constants of eq. 1.5 are what a fit of L(N, D) yields; the single-variable laws, the
    law of steps, the critical batch and the allocation are separate fits in the paper, and a method
    whose part is missing says so.

    >>> from scalinglib import KAPLAN_2020
    >>> round(float(KAPLAN_2020.loss(1.5e9, 22e9)), 3)
    2.313
    >>> f"{KAPLAN_2020.optimum(3.14e23).N:.3g}"
    '5.16e+11'
    """

    N_c: float
    D_c: float
    alpha_N: float
    alpha_D: float
    size: PowerLaw | None = None  # x in non-embedding parameters
    data: PowerLaw | None = None  # x in tokens
    compute: PowerLaw | None = None  # x in PF-days
    steps_N: PowerLaw | None = None  # the two terms of eq. 1.6: in parameters and
    steps_S: PowerLaw | None = None  # in steps at a batch far above the critical one
    batch_scale: float | None = None  # B*, tokens
    batch_exponent: float | None = None  # alpha_B
    optimal_size_coef: float | None = None  # parameters at one PF-day
    optimal_size_exponent: float | None = None
    source: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        _check_constants(self)

    @overload
    def loss(self, N: Scalar, D: Scalar) -> float: ...
    @overload
    def loss(self, N: ArrayLike, D: ArrayLike) -> Array: ...
    def loss(self, N: ArrayLike, D: ArrayLike) -> Numbers:
        """Eq. 1.5: ((N_c/N)^(alpha_N/alpha_D) + D_c/D)^alpha_D, D unique tokens, early stopping."""
        by_size = (self.N_c / positive("N", N)) ** (self.alpha_N / self.alpha_D)
        return (by_size + self.D_c / positive("D", D)) ** self.alpha_D

    @overload
    def loss_of_size(self, N: Scalar) -> float: ...
    @overload
    def loss_of_size(self, N: ArrayLike) -> Array: ...
    def loss_of_size(self, N: ArrayLike) -> Numbers:
        """Eq. 1.1: converged, data without end."""
        return self._part("size").loss(positive("N", N))

    @overload
    def loss_of_data(self, D: Scalar) -> float: ...
    @overload
    def loss_of_data(self, D: ArrayLike) -> Array: ...
    def loss_of_data(self, D: ArrayLike) -> Numbers:
        """Eq. 1.2: a large model, early stopping."""
        return self._part("data").loss(positive("D", D))

    @overload
    def loss_of_compute(self, C: Scalar) -> float: ...
    @overload
    def loss_of_compute(self, C: ArrayLike) -> Array: ...
    def loss_of_compute(self, C: ArrayLike) -> Numbers:
        """Eq. 1.3: `C` FLOPs at the best size and a batch far below the critical one (C_min)."""
        return self._part("compute").loss(positive("C", C) / PF_DAY)

    @overload
    def loss_of_steps(self, N: Scalar, S: Scalar) -> float: ...
    @overload
    def loss_of_steps(self, N: ArrayLike, S: ArrayLike) -> Array: ...
    def loss_of_steps(self, N: ArrayLike, S: ArrayLike) -> Numbers:
        """Eq. 1.6: S steps at a batch far above the critical one (S_min), data without end."""
        return self._part("steps_N").loss(positive("N", N)) + self._part("steps_S").loss(
            positive("S", S)
        )

    @overload
    def steps_to(self, N: Scalar, loss: Scalar, batch: Scalar = np.inf) -> float: ...
    @overload
    def steps_to(self, N: ArrayLike, loss: ArrayLike, batch: ArrayLike = np.inf) -> Array: ...
    def steps_to(self, N: ArrayLike, loss: ArrayLike, batch: ArrayLike = np.inf) -> Numbers:
        """Steps to reach `loss`: S_min, the inverse of eq. 1.6, times 1 + B_crit/batch.

        `batch` counts tokens.

        inf for a loss that N parameters never reach. Eq. 5.4 for the second factor.
        """
        batch = np.asarray(numbers("batch", batch))
        if not np.all(batch > 0):
            raise ValueError(
                "batch counts tokens a step, above 0 (inf for the fewest steps); "
                f"got {batch[~(batch > 0)].flat[0]:g}"
            )
        steps = self._part("steps_S")
        with np.errstate(divide="ignore"):
            gap = np.maximum(
                positive("loss", loss) - self._part("steps_N").loss(positive("N", N)), 0
            )
            return (
                steps.scale / gap ** (1 / steps.exponent) * (1 + self.critical_batch(loss) / batch)
            )

    @overload
    def loss_of_run(self, N: Scalar, S: Scalar, batch: Scalar) -> float: ...
    @overload
    def loss_of_run(self, N: ArrayLike, S: ArrayLike, batch: ArrayLike) -> Array: ...
    def loss_of_run(self, N: ArrayLike, S: ArrayLike, batch: ArrayLike) -> Numbers:
        """Eq. 1.6 for a real batch, in tokens: S steps are worth S / (1 + B_crit/batch).

        B_crit is that of the loss reached.
        """
        S, batch = positive("S", S), positive("batch", batch)
        low = self._part("steps_N").loss(positive("N", N))
        high = self.loss_of_steps(N, S / (1 + self.critical_batch(low) / batch))
        for _ in range(200):  # bisection: fewer steps are needed the higher the loss
            middle = (low + high) / 2
            reached = self.steps_to(N, middle, batch) <= S
            low, high = np.where(reached, low, middle), np.where(reached, middle, high)
        return ((low + high) / 2)[()]

    @property
    def derived_exponent(self) -> float:
        """Exponent of L(C_min) from eqs. 1.4, 1.6: 1 / (1/alpha_N + 1/alpha_S + 1/alpha_B).

        It is their eq. 1.8.
        """
        parts = (
            self._part("steps_N").exponent,
            self._part("steps_S").exponent,
            self._part("batch_exponent"),
        )
        return 1 / sum(1 / exponent for exponent in parts)

    @overload
    def derived_optimum(self, C: Scalar) -> Optimum[float]: ...
    @overload
    def derived_optimum(self, C: ArrayLike) -> Optimum[Array]: ...
    def derived_optimum(self, C: ArrayLike) -> Optimum[Numbers]:
        """The split of `C` FLOPs (C_min) from eqs. 1.4 and 1.6; `optimum` is the printed fit.

        See their Appendix B.

        C = 6 N B_crit S_min is least where alpha_N times the size's term is alpha_S times the
        steps' term; so each of N, B_crit and S_min is a power of the loss.
        """
        size, steps = self._part("steps_N"), self._part("steps_S")
        ratio = size.exponent / steps.exponent  # of the steps' term to the size's
        scale = (
            6
            * size.scale
            * (1 + ratio) ** (1 / size.exponent)
            * self._part("batch_scale")
            * steps.scale
            * (1 + 1 / ratio) ** (1 / steps.exponent)
        )
        C = positive("C", C)
        loss = (scale / C) ** self.derived_exponent
        N = size.scale * ((1 + ratio) / loss) ** (1 / size.exponent)
        return Optimum(N, C / (6 * N), C, loss)

    @overload
    def critical_batch(self, loss: Scalar) -> float: ...
    @overload
    def critical_batch(self, loss: ArrayLike) -> Array: ...
    def critical_batch(self, loss: ArrayLike) -> Numbers:
        """Eq. 1.4: tokens per batch at which time and compute are traded evenly, at this loss."""
        return self._part("batch_scale") / positive("loss", loss) ** (
            1 / self._part("batch_exponent")
        )

    @overload
    def optimum(self, C: Scalar) -> Optimum[float]: ...
    @overload
    def optimum(self, C: ArrayLike) -> Optimum[Array]: ...
    def optimum(self, C: ArrayLike) -> Optimum[Numbers]:
        """Table 6: N = 1.3e9 (C in PF-days)^0.73, D = C / 6N, loss = L(C_min)."""
        C = positive("C", C)
        N = self._part("optimal_size_coef") * (C / PF_DAY) ** self._part("optimal_size_exponent")
        return Optimum(N, C / (6 * N), C, self.loss_of_compute(C))

    @overload
    def _part(self, name: Literal["size", "data", "compute", "steps_N", "steps_S"]) -> PowerLaw: ...
    @overload
    def _part(
        self,
        name: Literal[
            "batch_scale", "batch_exponent", "optimal_size_coef", "optimal_size_exponent"
        ],
    ) -> float: ...
    def _part(self, name: str) -> PowerLaw | float:
        part = getattr(self, name)
        if part is None:
            raise UndeterminedError(
                f"this KaplanLaw has no {name!r}: it holds a fit of L(N, D) only, the loss of D "
                "unique tokens read until it stops falling, and that tells neither the compute "
                "nor the best run of a budget; to plan, fit 'chinchilla' or 'power-sum', use "
                "KAPLAN_2020 or give that part (dataclasses.replace)"
            )
        return part


if typing.TYPE_CHECKING:

    class _WholeKaplanLaw(KaplanLaw):
        """What a type checker should know of KAPLAN_2020: no part is missing."""

        size: PowerLaw
        data: PowerLaw
        compute: PowerLaw
        steps_N: PowerLaw
        steps_S: PowerLaw
        batch_scale: float
        batch_exponent: float
        optimal_size_coef: float
        optimal_size_exponent: float


_KAPLAN = "Kaplan et al. 2020"
_PRINTED = KaplanLaw(
    N_c=6.4e13,
    D_c=1.8e13,
    alpha_N=0.076,
    alpha_D=0.103,  # Table 2
    size=PowerLaw(8.8e13, 0.076, source=f"{_KAPLAN}, eq. 1.1, Table 5"),
    data=PowerLaw(5.4e13, 0.095, source=f"{_KAPLAN}, eq. 1.2, Table 5"),
    compute=PowerLaw(3.1e8, 0.050, source=f"{_KAPLAN}, eq. 1.3, Table 5"),
    steps_N=PowerLaw(6.5e13, 0.077, source=f"{_KAPLAN}, eq. 1.6, Table 3"),
    steps_S=PowerLaw(2.1e3, 0.76, source=f"{_KAPLAN}, eq. 1.6, Table 3"),
    batch_scale=2e8,
    batch_exponent=0.21,  # eq. 1.4 (Table 5 prints 2.1e8)
    optimal_size_coef=1.3e9,
    optimal_size_exponent=0.73,  # Table 6
    source=f"{_KAPLAN}, eqs. 1.1 to 1.6, Tables 2, 3, 5, 6",
)
KAPLAN_2020 = typing.cast("_WholeKaplanLaw", _PRINTED)


# ---- between the two ---------------------------------------------------------------------------


@dataclass(frozen=True)
class PowerSumLaw(_Split):
    """A sum of powers under an outer exponent.

    L(N, D) = E + ((A / N^alpha)^(1/gamma) + (B / D^beta)^(1/gamma))^gamma.

    gamma = beta is the form of Kaplan et al. 2020, eq. 1.5; gamma = 1 that of Hoffmann et al. 2022
    whatever E. A small gamma says that the scarcer of the two decides nearly alone. Without a
    floor (E = 0) it is for runs that are still far from theirs; with one it is the form of Skaling
    (arXiv 2608.07222).

    >>> law = PowerSumLaw(A=400, B=400, alpha=0.34, beta=0.28, gamma=0.5, E=1.7)
    >>> round(float(law.loss(1e9, 20e9)), 3)
    2.328
    """

    A: float
    B: float
    alpha: float
    beta: float
    gamma: float
    E: float = 0.0
    source: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        _check_constants(self, may_be_zero=("E",))

    @overload
    def loss(self, N: Scalar, D: Scalar) -> float: ...
    @overload
    def loss(self, N: ArrayLike, D: ArrayLike) -> Array: ...
    def loss(self, N: ArrayLike, D: ArrayLike) -> Numbers:
        """Loss in nats per token of a run with N parameters and D tokens."""
        return self._at(np.log(positive("N", N)), np.log(positive("D", D)))

    def _at(self, log_N, log_D):
        by_size, by_data = np.log(self.A) - self.alpha * log_N, np.log(self.B) - self.beta * log_D
        total = self.gamma * np.logaddexp(by_size / self.gamma, by_data / self.gamma)
        return self.E + np.exp(total)  # no power overflows

    @overload
    def optimum(self, C: Scalar) -> Optimum[float]: ...
    @overload
    def optimum(self, C: ArrayLike) -> Optimum[Array]: ...
    def optimum(self, C: ArrayLike) -> Optimum[Numbers]:
        """The split of `C` FLOPs with the lowest loss.

        There alpha (A/N^alpha)^(1/gamma) = beta (B/D^beta)^(1/gamma).
        """
        C = positive("C", C)
        ratio = np.log(self.A / self.B) + self.gamma * np.log(self.alpha / self.beta)
        log_N = (ratio + self.beta * np.log(C / 6)) / (self.alpha + self.beta)
        log_D = np.log(C / 6) - log_N
        with np.errstate(over="ignore"):  # as in ChinchillaLaw.optimum
            return Optimum(np.exp(log_N), np.exp(log_D), C, self._at(log_N, log_D))


# ---- Muennighoff et al. 2023 ----------------------------------------------------------------


def worth(amount, fresh, R):
    """What an amount is worth of which only `fresh` is new: each repeat is worth less, with R
    repeats as the scale of the decay (Muennighoff et al. 2023, eq. 5).

    >>> f"{worth(4e9, fresh=1e9, R=15.4):.3g}"  # four epochs of a billion tokens
    '3.73e+09'
    """
    return fresh * (1 + R * -np.expm1(-(amount / fresh - 1) / R))


@dataclass(frozen=True)
class DataConstrainedLaw:
    """The Chinchilla form with repeated data: L = E + A / N'^alpha + B / D'^beta.

    Source: Muennighoff et al. 2023.

    D' is what D tokens are worth when only `unique` of them differ: each repeat is worth less than
    the last, with `R_D` repeats as the scale of the decay. N' discounts in the same way, with
    `R_N`, the parameters beyond the size that is compute-optimal for the unique tokens.

    >>> from scalinglib.laws import MUENNIGHOFF_2023 as law
    >>> [round(float(law.loss(1e9, D, unique=20e9)), 3) for D in (20e9, 80e9, 800e9)]
    [2.565, 2.436, 2.351]
    """

    E: float
    A: float
    B: float
    alpha: float
    beta: float
    R_D: float
    R_N: float
    source: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        _check_constants(self, may_be_zero=("E",))

    @property
    def fresh(self) -> ChinchillaLaw:
        """The law for data that never repeats."""
        return ChinchillaLaw(self.E, self.A, self.B, self.alpha, self.beta, self.source)

    @overload
    def effective_data(self, D: Scalar, unique: Scalar) -> float: ...
    @overload
    def effective_data(self, D: ArrayLike, unique: ArrayLike) -> Array: ...
    def effective_data(self, D: ArrayLike, unique: ArrayLike) -> Numbers:
        """D': the fresh tokens that D tokens drawn from `unique` are worth; D up to one epoch."""
        D = positive("D", D)
        return worth(D, np.minimum(positive("unique", unique), D), self.R_D)

    @overload
    def effective_size(self, N: Scalar, D: Scalar, unique: Scalar) -> float: ...
    @overload
    def effective_size(self, N: ArrayLike, D: ArrayLike, unique: ArrayLike) -> Array: ...
    def effective_size(self, N: ArrayLike, D: ArrayLike, unique: ArrayLike) -> Numbers:
        """N': N up to the compute-optimal size for the unique tokens seen, discounted beyond."""
        N = positive("N", N)
        fresh = np.minimum(positive("unique", unique), positive("D", D))
        enough = (self.alpha * self.A / (self.beta * self.B) * fresh**self.beta) ** (1 / self.alpha)
        return worth(N, np.minimum(enough, N), self.R_N)

    @overload
    def loss(self, N: Scalar, D: Scalar, unique: Scalar) -> float: ...
    @overload
    def loss(self, N: ArrayLike, D: ArrayLike, unique: ArrayLike) -> Array: ...
    def loss(self, N: ArrayLike, D: ArrayLike, unique: ArrayLike) -> Numbers:
        """Loss in nats of N parameters trained on D tokens, `unique` of them different."""
        return self.fresh.loss(self.effective_size(N, D, unique), self.effective_data(D, unique))


MUENNIGHOFF_2023 = DataConstrainedLaw(
    np.exp(0.6254804),
    np.exp(6.255414),
    np.exp(7.3049974),
    0.3526596,
    0.3526596,
    R_D=15.387756,
    R_N=5.309743,
    source="Muennighoff et al. 2023, constants in the authors' repository (datablations)",
)


@dataclass(frozen=True)
class PenaltyLaw:
    """The Chinchilla form with a penalty: L = E + A / N^alpha + B / D^beta + P R^r (N / unique)^s.

    D tokens repeat `unique` ones R = D / unique - 1 times: repeats can do harm, more to larger
    models. After Lovelace et al. 2026, arXiv 2605.01640.

    >>> law = PenaltyLaw(1.8, 480, 2000, 0.35, 0.37, P=0.01, r=1, s=0.5)
    >>> [round(float(law.loss(1e9, D, unique=20e9)), 3) for D in (20e9, 80e9, 800e9)]
    [2.449, 2.331, 2.306]
    """

    E: float
    A: float
    B: float
    alpha: float
    beta: float
    P: float
    r: float
    s: float
    source: str = field(default="", compare=False)

    def __post_init__(self):
        _check_constants(self, may_be_zero=("E", "P"))

    @property
    def fresh(self) -> ChinchillaLaw:
        """The law for data that never repeats."""
        return ChinchillaLaw(self.E, self.A, self.B, self.alpha, self.beta, self.source)

    def loss(self, N, D, unique):
        """Loss in nats of N parameters trained on D tokens, `unique` of them different."""
        N, D = positive("N", N), positive("D", D)
        unique = np.minimum(positive("unique", unique), D)
        harm = self.P * (D / unique - 1) ** self.r * (N / unique) ** self.s
        return self.fresh.loss(N, D) + harm


# ---- what else can be fitted -------------------------------------------------------------------


@dataclass(frozen=True)
class StepsLaw:
    """L(N, S) = (N_c / N)^alpha_N + (S_c / S)^alpha_S: the form of Kaplan et al. 2020, eq. 1.6.

    >>> law = StepsLaw(N_c=6.5e13, S_c=2100, alpha_N=0.077, alpha_S=0.76)
    >>> round(float(law.loss(1e9, 1e5)), 3)
    2.401
    """

    N_c: float
    S_c: float
    alpha_N: float
    alpha_S: float
    source: str = field(default="", compare=False)

    def __post_init__(self):
        _check_constants(self)

    def loss(self, N, S):
        """Loss in nats after S steps at a batch far above the critical one."""
        by_size = (self.N_c / positive("N", N)) ** self.alpha_N
        return by_size + (self.S_c / positive("S", S)) ** self.alpha_S


@dataclass(frozen=True)
class MixtureLaw:
    """L(share) = c + k exp(t share): the loss on one text, of which a share of the training is.

    The rest of the training is other text. t < 0: more of this text helps. Source: Ye et al. 2024,
    arXiv 2403.16952, for a fixed model and a fixed number of tokens.

    >>> law = MixtureLaw(c=1.326, k=0.55, t=-2.438)  # 70M parameters, GitHub among web pages
    >>> [round(float(law.loss(share)), 2) for share in (0.25, 0.5, 0.75)]
    [1.62, 1.49, 1.41]
    """

    c: float
    k: float
    t: float
    source: str = field(default="", compare=False)

    def __post_init__(self):
        _check_constants(self, may_be_zero=("c",), may_be_negative=("t",))

    def loss(self, share):
        """Loss in nats on the text that makes up this share of the tokens."""
        return self.c + self.k * np.exp(self.t * positive("share", share))


@dataclass(frozen=True)
class CoverageLaw:
    """-log coverage = a / k^b: how often at least one of k samples is right.

    Source: Brown et al. 2024, arXiv 2407.21787. Each single problem is missed by k samples with a
    probability that falls exponentially in k. Over many problems the sum is a power law where the
    share of problems with a chance below p goes as p^b: Schaeffer et al. 2025, arXiv 2502.17578.

    >>> law = CoverageLaw(a=1.6, b=0.3)
    >>> [round(float(law.coverage(k)), 2) for k in (1, 16, 256)]
    [0.2, 0.5, 0.74]
    """

    a: float
    b: float
    source: str = field(default="", compare=False)

    def __post_init__(self):
        _check_constants(self)

    def loss(self, k):
        """-log coverage of k samples, nats."""
        return self.a * positive("k", k) ** -self.b

    def coverage(self, k):
        """Share of the problems that at least one of k samples solves, expected."""
        return np.exp(-self.loss(k))


@dataclass(frozen=True)
class AnswersLaw:
    """Share of right answers = low + (high - low) / (1 + exp(slope (loss - middle))).

    Source: Bhagia et al. 2024, arXiv 2412.04403, who predict scores in two steps: the loss from N
    and D, the score from the loss. `low` is the score of guessing; slope is per nat.

    >>> law = AnswersLaw(low=0.25, high=1, slope=4, middle=1)
    >>> [round(float(law.score(loss)), 2) for loss in (1.5, 1.0, 0.5)]
    [0.34, 0.62, 0.91]
    """

    low: float
    high: float
    slope: float
    middle: float
    source: str = field(default="", compare=False)

    def __post_init__(self):
        _check_constants(self, may_be_zero=("low",))

    def score(self, loss):
        """Share of right answers of models with this loss."""
        bent = np.exp(-self.slope * (positive("loss", loss) - self.middle))
        return self.low + (self.high - self.low) * bent / (1 + bent)

    loss = score  # what a form predicts


@dataclass(frozen=True)
class GroupedLaw:
    """One law for each group of runs; constants that they share are the same in all.

    >>> a, b = PowerLaw(1e9, 0.1), PowerLaw(2e9, 0.1)
    >>> law = GroupedLaw({"dense": a, "sparse": b})
    >>> law.loss([1e8, 1e8], ["dense", "sparse"]).round(3)
    array([1.259, 1.349])
    """

    laws: dict
    source: str = field(default="", compare=False)

    def __getitem__(self, group):
        return self.laws[one_of("group", str(group), self.laws)]

    def loss(self, *x):
        """Loss of runs; the last argument is the label of each run's group."""
        *x, groups = x
        groups = np.asarray(groups).astype(str)
        unknown = set(np.ravel(groups)) - set(self.laws)
        if unknown:
            raise ValueError(
                f"no law for the group(s) {sorted(unknown)[:3]}; fitted: {list(self.laws)}"
            )
        shape = np.broadcast_shapes(groups.shape, *(np.shape(value) for value in x))
        out = np.empty(shape)
        for group, law in self.laws.items():
            here = np.broadcast_to(groups == group, shape)
            out[here] = law.loss(*(np.broadcast_to(value, shape)[here] for value in x))
        return out[()]

    def optimum(self, C):
        """Raises ValueError: each group has a best run of its own."""
        one = next(iter(self.laws))
        raise ValueError(
            f"each group has its own best run: law[{one!r}].optimum(C), and of a fit, with an "
            f"interval, fit.estimate(lambda law: law[{one!r}].optimum(C).N)"
        )


@dataclass(frozen=True)
class OwnLaw:
    """A function f(theta, *columns) with its constants by name; `law.name` gives one of them.

    >>> law = OwnLaw({"K": 2.0, "a": 0.5}, lambda theta, N: theta[0] * N ** theta[1])
    >>> law.a, float(law.loss(100.0))
    (0.5, 20.0)
    """

    constants: dict
    f: Callable = field(repr=False)
    source: str = field(default="", compare=False)

    def __getattr__(self, name) -> float:
        try:
            return self.__dict__["constants"][name]
        except KeyError:
            raise AttributeError(f"this law has no constant {name!r}") from None

    def refuse_columns(self, *names):
        """Raises ValueError where the function does not take these columns."""
        try:
            inspect.signature(self.f).bind(self.constants, *names)
        except TypeError:
            takes = ", ".join([*inspect.signature(self.f).parameters][1:])
            raise ValueError(
                f"this law is a function of {takes or 'no column'}, and not of {', '.join(names)}: "
                "it cannot plan; call its loss, or predict of the fit"
            ) from None

    def loss(self, *x):
        """What the function says of runs at these columns."""
        theta = np.array(list(self.constants.values()))
        return self.f(theta, *(numbers("column", value) for value in x))
