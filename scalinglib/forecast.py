"""A forecast with an interval, how it is scored, and ways to spend a laboratory's budget on one.

A laboratory is anything with `.flops`, `.seed`, `.menu(flops, widths)`, `.train(width, tokens)` and
`.runs`, such as `lab.Budget`; the prize is a run of `prize` FLOPs, far beyond the budget, whose
shape is to be chosen and whose loss is to be forecast. A strategy spends the budget and returns a
`Decision`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol, overload

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtr

from ._ahead import Drift
from ._inputs import Array, Numbers, Scalar, ends, numbers, one_of, positive
from .fitting import (
    FitWarning,
    LawFit,
    UndeterminedError,
    fit,
    fit_parametric,
    fit_power_law,
    fit_power_sum,
)
from .laws import KAPLAN_2020, ChinchillaLaw, LossLaw, PowerSumLaw

WIDTHS = tuple(range(8, 257, 8))


@overload
def interval_score(low: Scalar, high: Scalar, measured: Scalar, level: float = 0.9) -> float: ...
@overload
def interval_score(
    low: ArrayLike, high: ArrayLike, measured: ArrayLike, level: float = 0.9
) -> Array: ...
def interval_score(
    low: ArrayLike, high: ArrayLike, measured: ArrayLike, level: float = 0.9
) -> Numbers:
    """Interval's width plus 2 / (1 - level) a unit that `measured` lies outside: low is good.

    Arrays broadcast. Proper: on average nobody gains by an interval that he does not believe
    (Gneiting and Raftery 2007, eq. 43). Raises ValueError where low is above high.

    >>> round(float(interval_score(2.0, 2.2, measured=2.3)), 3)
    2.2
    """
    low, high, measured = numbers("low", low), numbers("high", high), numbers("measured", measured)
    if np.any(low > high):
        raise ValueError("low must not be above high: an interval has its ends in that order")
    ends(level)
    return (
        high
        - low
        + 2 / (1 - level) * (np.maximum(low - measured, 0) + np.maximum(measured - high, 0))
    )


@overload
def regret(loss: Scalar, best: Scalar) -> float: ...
@overload
def regret(loss: ArrayLike, best: ArrayLike) -> Array: ...
def regret(loss: ArrayLike, best: ArrayLike) -> Numbers:
    """How much worse than the `best` for the same compute, as a share: 0.005 is half a per cent.

    >>> round(float(regret(2.02, best=2.0)), 3)
    0.01
    """
    return positive("loss", loss) / positive("best", best) - 1


@dataclass(frozen=True, eq=False)
class Pool:
    """Several forms fitted to the same runs, weighted by their fit: `pool` makes one.

    weights: they sum to 1. noise: sd of log loss of a run about each form. left_out: why a form is
    missing. drift: how far each form strays beyond the runs, an e-fold of compute (see
    LawFit.predict); empty where the forms are believed.

    >>> from scalinglib import runs
    >>> sweep = runs.load("sweep").query("corpus == 'python' and arm == 'main'")
    >>> found = pool(sweep.N, sweep.D, sweep.loss, bootstrap=20)
    >>> middle, low, high = found.forecast(1e6, 1e8)
    >>> low < middle < high
    True
    """

    fits: dict[str, LawFit[ChinchillaLaw | PowerSumLaw]]
    weights: dict[str, float]
    noise: dict[str, float]
    left_out: dict[str, str] = field(default_factory=dict)
    drift: dict[str, Drift] = field(default_factory=dict)

    @overload
    def loss(self, N: Scalar, D: Scalar) -> float: ...
    @overload
    def loss(self, N: ArrayLike, D: ArrayLike) -> Array: ...
    def loss(self, N: ArrayLike, D: ArrayLike) -> Numbers:
        """The weighted mean (of logs) over the forms, nats."""
        return np.exp(
            sum(self.weights[name] * np.log(one.law.loss(N, D)) for name, one in self.fits.items())
        )

    def only(self, name: str) -> Pool:
        """The same with the whole weight on one form. Raises ValueError for a form it has not."""
        one_of("form of this pool", name, self.fits)
        return replace(self, weights={form: float(form == name) for form in self.fits})

    @property
    def doubts(self) -> tuple[str, ...]:
        """What the fits of the forms leave open, each named."""
        return tuple(f"{name}: {doubt}" for name, one in self.fits.items() for doubt in one.doubts)

    def forecast(self, N: Scalar, D: Scalar, level: float = 0.9) -> tuple[float, float, float]:
        """(middle, low, high) for a new run's loss: resamples of every form, with its noise and,
        beyond the runs, its drift.

        Low and high are NaN beyond ten times the compute fitted where a form that counts (1 % or
        more of the weight) could not be held out twice. Measured (tests/prove_forecast.py), at 90 %
        and beyond ten times: all of Chinchilla's runs (39 % if the forms are believed), all of
        Porian's sound stages (77 %), of our sweep all in Python and no interval for the lexicon; of
        stages whose settings spoil some sizes 0 to 85 %.
        """
        ends(level)
        for name, one in (("N", N), ("D", D)):
            if np.ndim(positive(name, one)):
                raise ValueError(
                    f"a forecast is of one run, and {name} has {np.size(one)}: ask once for each"
                )
        C, rng = 6.0 * N * D, np.random.default_rng(0)
        draws, noises, weights, unknown = [], [], [], False
        for name, one in self.fits.items():
            laws = one.resampled()
            expected = np.log([law.loss(N, D) for law in laws])
            if name in self.drift:
                strays = self.drift[name]
                expected = expected + strays.draw(rng, len(laws)) * strays.ahead(C)
                unknown |= self.weights[name] >= 0.01 and bool(strays.silent(C))
            draws.append(expected)
            noises.append(np.full(len(laws), self.noise[name]))
            weights.append(np.full(len(laws), self.weights[name] / len(laws)))
        every, noise, weight = (np.concatenate(part) for part in (draws, noises, weights))
        middle, *both = _quantiles(every, noise, weight, level)
        low, high = (np.nan, np.nan) if unknown else both
        return middle, low, high


def pool(
    N: ArrayLike,
    D: ArrayLike,
    loss: ArrayLike,
    *,
    floor: float = 0.0,
    believe: bool = False,
    bootstrap: int = 100,
    seed: int = 0,
) -> Pool:
    """The additive form with a free floor, and the power-sum above `floor`.

    Both fitted by least squares in log loss.

    floor: what the loss cannot fall below, where it is known (the entropy of a language); 0 says
    nothing is known. believe: one of the two forms is taken to be right, as in a simulation of
    them; else their error beyond the runs is looked for by hold-out, and forecasts carry it. Each
    form has five constants and counts exp(-n/2 log S), with S the sum of squares of log loss. What
    the fits leave open is kept in `doubts`. Raises UndeterminedError where no form can be fitted.

    >>> from scalinglib import runs
    >>> sweep = runs.load("sweep").query("corpus == 'python' and arm == 'main'")
    >>> found = pool(sweep.N, sweep.D, sweep.loss, bootstrap=20)
    >>> sorted(found.weights), round(sum(found.weights.values()), 6)
    (['additive', 'power-sum'], 1.0)
    """
    fits, noise, squares, left_out = {}, {}, {}, {}
    floor = float(numbers("floor", floor))
    positive("loss", positive("loss", loss) - floor)  # every loss lies above it
    sums = _sums_above(floor) if floor else fit_power_sum
    for name, form in (("additive", fit_parametric), ("power-sum", sums)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FitWarning)  # they are of its forms: see `doubts`
                fits[name] = form(N, D, loss, delta=1, bootstrap=bootstrap, seed=seed)
        except UndeterminedError as error:
            left_out[name] = str(error)
            continue
        residuals = np.log(loss) - np.log(fits[name].law.loss(N, D))
        squares[name] = float(np.sum(residuals**2))
        noise[name] = np.sqrt(squares[name] / max(len(residuals) - 5, 1))
    if not fits:
        raise UndeterminedError(
            "no form can be fitted to these runs: " + "; ".join(left_out.values())
        )
    least = min(squares.values())
    raw = {
        name: np.exp(-len(np.ravel(loss)) / 2 * np.log(value / least))
        for name, value in squares.items()
    }
    return Pool(
        fits,
        {name: float(value / sum(raw.values())) for name, value in raw.items()},
        noise,
        left_out,
        {} if believe else {name: one.drift for name, one in fits.items()},
    )


def _sums_above(floor: float) -> Callable[..., LawFit[PowerSumLaw]]:
    """The fit of the power sum that approaches a known floor."""

    def fitted_above(N, D, loss, **how):
        return fit("skaling", {"N": N, "D": D, "loss": loss}, fixed={"E": floor}, **how)

    return fitted_above


def _quantiles(expected, noise, weights, level):
    """exp of the middle and both ends of a mixture of normal distributions, all (draws,): where
    its distribution function is 1/2 and so on, by halving.
    """
    low, high = ends(level)
    wanted = np.array([0.5, low, high])
    below = np.full(3, np.min(expected - 10 * noise))
    above = np.full(3, np.max(expected + 10 * noise))
    for _ in range(60):
        at = (below + above) / 2
        share = ndtr((at[:, None] - expected) / np.maximum(noise, 1e-300)) @ weights
        less = share < wanted * weights.sum()
        below, above = np.where(less, at, below), np.where(less, above, at)
    middle, low, high = np.exp(above).tolist()
    return middle, low, high


# ---- strategies ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decision:
    """The run to make with the prize, and its forecast: loss, 90 % interval, or NaN for none."""

    width: int
    tokens: int
    loss: float
    low: float
    high: float


class FinishedRun(Protocol):
    """What a laboratory says of a run that it made."""

    @property
    def C(self) -> float: ...
    @property
    def loss(self) -> float: ...


class Laboratory(Protocol):
    """What a strategy may ask of a laboratory; `lab.Budget` is one."""

    flops: float
    seed: int

    @property
    def left(self) -> float: ...
    @property
    def runs(self) -> pd.DataFrame: ...
    def menu(self, flops: float, widths: Iterable[int], /) -> pd.DataFrame: ...
    def train(self, width: int, tokens: int, /) -> FinishedRun: ...


def buy(lab: Laboratory, flops: float, widths: Iterable[int]) -> None:
    """One run of about `flops` for each width: a rung."""
    menu = lab.menu(flops, widths)
    for width, tokens in zip(menu["width"], menu["tokens"], strict=True):
        lab.train(int(width), int(tokens))


def fitted(lab: Laboratory, floor: float = 0.0, bootstrap: int = 100) -> Pool:
    """`pool` of all that a laboratory has bought, without diverged runs, which have no loss.

    It believes the forms: a few runs allow no hold-out. `rehearsals` measures what that is worth
    where they are right. Of real runs, our sweep, 40 draws of ten runs at ten places up to 1e11
    FLOPs held the best run at 3e11, 1e12 and 3e12 FLOPs 98, 98 and 83 % of the time (lexicon) and
    58, 90 and 93 % (Python): tests/prove_forecast.py.
    """
    runs = lab.runs.dropna(subset="loss")
    return pool(runs.N, runs.D, runs.loss, floor=floor, believe=True, bootstrap=bootstrap)


def best_row(menu: pd.DataFrame, law: LossLaw) -> pd.Series:
    """The row of a menu with the lowest loss by `law`, anything with `.loss(N, D)`."""
    return menu.iloc[int(np.argmin(law.loss(menu.N, menu.D)))]


def _decide(
    row: pd.Series, middle: float = np.nan, low: float = np.nan, high: float = np.nan
) -> Decision:
    return Decision(int(row.width), int(row.tokens), middle, low, high)


def by_pool(
    lab: Laboratory, prize: float, floor: float = 0.0, widths: Iterable[int] = WIDTHS
) -> Decision:
    """The best width by the pool of all runs bought, and the pool's forecast for it."""
    law = fitted(lab, floor)
    row = best_row(lab.menu(prize, widths), law)
    return _decide(row, *law.forecast(row.N, row.D))


def ladder(
    lab: Laboratory, prize: float, floor: float = 0.0, widths: Iterable[int] = WIDTHS
) -> Decision:
    """The reference: four runs of 1/30 of the budget, five of 1/10, one of 1/3 at the best size."""
    buy(lab, lab.flops / 30, (8, 16, 24, 32))
    buy(lab, lab.flops / 10, (8, 16, 24, 32, 48))
    top = best_row(lab.menu(lab.flops / 3, widths), fitted(lab, floor, bootstrap=0))
    lab.train(int(top.width), int(top.tokens))
    return by_pool(lab, prize, floor, widths)


def one_isoflop(lab: Laboratory, prize: float, widths: Iterable[int] = WIDTHS) -> Decision:
    """Everything on one valley; the prize keeps its best tokens per parameter.

    It cannot forecast.
    """
    buy(lab, 0.99 * lab.flops / 5, (8, 16, 24, 32, 48))
    best = _best_run(lab)
    return _decide(_nearest(lab.menu(prize, widths), best.D / best.N))


def kaplan_rule(lab: Laboratory, prize: float, widths: Iterable[int] = WIDTHS) -> Decision:
    """Four small runs, then N as C^0.73 from the best; a line in logs for the loss, as in 2020."""
    buy(lab, lab.flops / 30, (8, 16, 24, 32))
    start, exponent = _best_run(lab), KAPLAN_2020.optimal_size_exponent

    def row(C):
        menu = lab.menu(C, widths)
        return menu.iloc[
            int(np.argmin(np.abs(np.log(menu.N / start.N) - exponent * np.log(C / start.C))))
        ]

    return _along(
        lab,
        prize,
        row,
        [start],
        0.97 * (1 - 4 / 30) * lab.flops * np.array([1, 2, 4]) / 7,
        floor=False,
    )


def twenty_tokens(lab: Laboratory, prize: float, widths: Iterable[int] = WIDTHS) -> Decision:
    """Six runs at 20 tokens per parameter, each twice the last's cost; power law with a floor."""
    return _along(
        lab,
        prize,
        lambda C: _nearest(lab.menu(C, widths), 20),
        [],
        0.97 * lab.flops * 2.0 ** np.arange(6) / 63,
        floor=True,
    )


def at_random(
    lab: Laboratory, prize: float, floor: float = 0.0, widths: Iterable[int] = WIDTHS
) -> Decision:
    """Runs of any width up to 128 and any cost until the budget is spent; analysis of `ladder`."""
    rng = np.random.default_rng([lab.seed, 4])
    while lab.left > lab.flops / 50:
        cost = min(lab.flops * np.exp(rng.uniform(np.log(1 / 60), np.log(1 / 5))), 0.98 * lab.left)
        buy(lab, cost, [int(rng.choice(WIDTHS[:16]))])
    return by_pool(lab, prize, floor, widths)


STRATEGIES: dict[str, Callable[..., Decision]] = {
    "ladder": ladder,
    "one IsoFLOP": one_isoflop,
    "Kaplan's rule": kaplan_rule,
    "20 tokens": twenty_tokens,
    "random": at_random,
}


def rehearsals() -> pd.DataFrame:
    """How the strategies did in simulated laboratories (tests/prove_capstone.py).

    `ladder` in 200.

    Columns law, seed, strategy, width, spent, regret, and as shares of the measured loss error
    (forecast / measured - 1), low, high and score.
    """
    return pd.read_csv(Path(__file__).parent / "data" / "rehearsals.csv")


def _best_run(lab: Laboratory) -> pd.Series:
    return lab.runs.iloc[int(lab.runs["loss"].argmin())]


def _nearest(menu, tokens_per_parameter):
    return menu.iloc[int(np.argmin(np.abs(np.log(menu.D / menu.N / tokens_per_parameter))))]


def _along(lab, prize, row_at, bought, costs, floor) -> Decision:
    """Buy a rule's rows at `costs`, fit a power law of compute to all `bought`, extend it."""
    for cost in costs:
        row = row_at(cost)
        bought = [*bought, lab.train(int(row.width), int(row.tokens))]
    C, loss = np.array([[run.C, run.loss] for run in bought]).T
    row = row_at(prize)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FitWarning)  # the rule fits, whatever the doubts
            line = fit_power_law(C, loss, floor=floor, bootstrap=100)
    except UndeterminedError:
        return _decide(row)
    residuals = np.log(loss / line.law.loss(C))
    noise = np.sqrt(np.sum(residuals**2) / max(len(C) - (3 if floor else 2), 1))
    if line.samples is None:
        return _decide(row, float(line.law.loss(row.C)))
    expected = np.log([law.loss(row.C) for law in line.resampled()])
    even = np.ones(len(expected))
    return _decide(row, *_quantiles(expected, noise * even, even, 0.9))
