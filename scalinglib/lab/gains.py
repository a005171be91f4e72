"""What a lever is worth, in one currency: how many times less for the same loss.

A lever's runs are compared with plain ones at equal loss. `times_less` reads off what the plain
runs would have needed; a `Gain` holds the answer with its interval, and the lever's own cost beside
it; `slope` says whether gains grow or shrink with scale.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, inf, isnan, log, nan, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

SCALES = "N", "D", "C", "D/N"
NORMAL_90 = 1.645  # half of a 90 % interval, in standard deviations
RANGE_IN_SD = {2: 1.128, 3: 1.693, 4: 2.059, 5: 2.326}  # expected range of so many normal values


@dataclass(frozen=True)
class Times:
    """How many times less, [low, high] and what kind of interval that is; NaN with `why`.

    >>> Times(2.0, 1.8, 2.2, "range of 3 seeds", seeds=3).times
    2.0
    """

    times: float
    low: float
    high: float
    kind: str = ""
    seeds: int = 1
    why: str = ""


@dataclass(frozen=True)
class Gain:
    """The same loss for `times` times less of the currency, at N parameters and D tokens.

    currency: "tokens", "compute", "memory" or "text" (different tokens). C: training FLOPs of the
    plain run of this size; own: the lever's own FLOPs over C. [low, high]: of the kind that `kind`
    names. A gain that cannot be read has NaN for times, and `why`.

    >>> taught = Gain("distillation", "tokens", "", 1e4, 1e6, 6e10, 2.0, 1.8, 2.2, own=0.6)
    >>> taught.net
    1.25
    """

    lever: str
    currency: str
    arm: str
    N: float
    D: float
    C: float
    times: float
    low: float
    high: float
    own: float
    kind: str = ""
    seeds: int = 1
    why: str = ""

    @property
    def net(self) -> float:
        """The gain in compute, the lever's own cost counted: D multiplies C at fixed N."""
        return self.times / (1 + self.own)

    @property
    def spread(self) -> float:
        """Standard deviation of log times by the interval; NaN where that is open or missing."""
        if self.kind == "none" or not 0 < self.low <= self.high < inf:
            return nan
        wide = log(self.high / self.low)
        if self.kind.startswith("range"):
            return wide / RANGE_IN_SD.get(self.seeds, nan)
        return wide / (2 * NORMAL_90)


def needed(x: ArrayLike, loss: ArrayLike, reached: float) -> tuple[float, str]:
    """The smallest x at which the plain runs have the loss `reached`, and "" or why there is none.

    Straight lines between the measured (log x, loss), never beyond them.

    >>> f"{needed([1e5, 4e5], [2.4, 2.0], 2.2)[0]:,.0f}"
    '200,000'
    >>> needed([1e5, 4e5], [2.4, 2.0], 1.9)
    (nan, 'better than all plain runs up to 400,000, the largest measured')
    """
    x, loss = np.asarray(x, dtype=float), np.asarray(loss, dtype=float)
    different = len({*x.ravel().tolist()})
    if x.shape != loss.shape or x.ndim != 1 or len(x) < 2 or different < len(x):
        raise ValueError(
            f"x and loss are one plain run at each of two x or more, not {len(x)} and {len(loss)} "
            f"with {different} different x; average the seeds first"
        )
    order = np.argsort(x)
    x, loss = x[order], loss[order]
    if isnan(reached):
        return nan, "the lever's loss is missing"
    if reached > loss[0]:
        return nan, f"worse than the plain run at {x[0]:,.0f}, the smallest measured"
    under = np.flatnonzero(loss <= reached)
    if not len(under):
        return nan, f"better than all plain runs up to {x[-1]:,.0f}, the largest measured"
    k = int(under[0])
    if k == 0:
        return float(x[0]), ""
    share = (loss[k - 1] - reached) / (loss[k - 1] - loss[k])
    return float(x[k - 1] * (x[k] / x[k - 1]) ** share), ""


def overstated(loss: Callable[[float], float], lo: float, hi: float) -> float:
    """How many times too large an x `needed` reads, at most, between plain runs at lo and hi.

    loss: a smooth curve over x. A curve that flattens lies below the line between two of its
    points, so that the line has the same loss only later.

    >>> round(overstated(lambda D: 11.2 * D**-0.144, 8e4, 3.2e5), 3)
    1.035
    """
    ends = [loss(lo), loss(hi)]
    between = np.geomspace(lo, hi, 41)[1:-1].tolist()
    return max(needed([lo, hi], ends, loss(x))[0] / x for x in between)


def times_less(
    x: ArrayLike, loss: ArrayLike, reached: float, spent: float, sd: float = 0.0
) -> Times:
    """How many times less x the lever spent, for the same loss.

    x, loss: the plain runs' (runs,), one for each x. reached: the lever's loss, for `spent` of x.
    sd: standard deviation, in nats, of the difference between the two sides, as seeds show it; the
    interval is then the 90 % one, and open (0 or infinity) where it leaves the measured range.

    >>> read = times_less([1e5, 4e5], [2.4, 2.0], reached=2.2, spent=1e5, sd=0.02)
    >>> f"{read.times:.2f}, {read.low:.2f} to {read.high:.2f}"
    '2.00, 1.78 to 2.24'
    """
    at, why = needed(x, loss, reached)
    low, high = (needed(x, loss, reached + side * NORMAL_90 * sd)[0] for side in (1, -1))
    if not why and sd:
        low, high = 0.0 if isnan(low) else low, inf if isnan(high) else high
    else:
        low = high = at
    kind = f"90 %, from seeds' sd of {sd:.3f} nats" if sd else "none"
    return Times(at / spent, low / spent, high / spent, kind, why=why)


def over_seeds(each: Sequence[Times]) -> Times:
    """The geometric mean over seeds and their range; NaN if one seed cannot be read.

    One seed is returned as it is.

    >>> both = over_seeds([Times(2.0, nan, nan), Times(4.5, nan, nan)])
    >>> round(both.times, 3), both.low, both.kind
    (3.0, 2.0, 'range of 2 seeds')
    """
    if len(each) == 1:
        return each[0]
    whys = [one.why for one in each if one.why]
    if whys:
        of = f"{len(whys)} of {len(each)} seeds: {whys[0]}"
        return Times(nan, nan, nan, "none", len(each), of)
    values = [one.times for one in each]
    return Times(
        exp(sum(map(log, values)) / len(values)),
        min(values),
        max(values),
        f"range of {len(values)} seeds",
        len(values),
    )


@dataclass(frozen=True)
class Slope:
    """d log times / d log scale with its 90 % interval, from n gains; `holding` was held fixed.

    >>> Slope(0.2, 0.1, 0.3, "N", 9).says, Slope(0.2, -0.1, 0.5, "N", 3).says
    ('grows', 'not settled')
    """

    slope: float
    low: float
    high: float
    scale: str
    n: int
    holding: str = ""

    @property
    def says(self) -> str:
        """In a word: grows, shrinks, or not settled."""
        if not (self.low > 0 or self.high < 0):
            return "not settled"
        return "grows" if self.slope > 0 else "shrinks"


def of_scale(gain: Gain, scale: str) -> float:
    """N, D, C or D/N of a gain.

    >>> of_scale(Gain("", "tokens", "", 1e4, 1e6, 6e10, 2.0, 1.8, 2.2, 0.0), "D/N")
    100.0
    """
    if scale not in SCALES:
        raise ValueError(f"the scale is one of {', '.join(SCALES)}, not {scale!r}")
    return gain.D / gain.N if scale == "D/N" else getattr(gain, scale)


def slope(gains: Sequence[Gain], scale: str, holding: str = "") -> Slope:
    """How log times changes with the log of a scale, by least squares over the gains that are read.

    holding: another scale; only gains at the same value of it are compared. The interval is the
    wider of two: by the scatter about the line (Student's t), and by the gains' own intervals.
    NaN with fewer than two sizes to compare.

    >>> gains = [
    ...     Gain("", "tokens", "", N, 1e6, 6e6 * N, times, times / 1.02, times * 1.02, 0.0)
    ...     for N, times in ((1e4, 1.5), (2e4, 1.7), (4e4, 2.0))
    ... ]
    >>> found = slope(gains, "N")
    >>> f"{found.slope:.2f}, {found.low:.2f} to {found.high:.2f}: {found.says}"
    '0.21, 0.11 to 0.31: grows'
    """
    read = [gain for gain in gains if not isnan(gain.times)]
    x = np.array([log(of_scale(gain, scale)) for gain in read])
    y = np.array([log(gain.times) for gain in read])
    groups = [of_scale(gain, holding) if holding else 0.0 for gain in read]
    for group in set(groups):
        mine = np.array([one == group for one in groups])
        x[mine], y[mine] = x[mine] - x[mine].mean(), y[mine] - y[mine].mean()
    if not len(read) or x @ x < 1e-9:
        return Slope(nan, nan, nan, scale, len(read), holding)
    weights = x / (x @ x)
    at = float(weights @ y)
    own = np.array([gain.spread for gain in read])
    half = NORMAL_90 * sqrt(float(weights**2 @ own**2))
    free = len(read) - len(set(groups)) - 1
    if free > 0:
        rest = y - at * x
        scatter = sqrt(float(rest @ rest) / free / float(x @ x))
        half = float(np.fmax(half, stdtrit(free, 0.95) * scatter))
    return Slope(at, at - half, at + half, scale, len(read), holding)
