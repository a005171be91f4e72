"""How far apart the laboratory's losses lie when only the seed differs, and what orders survive it.

The replicates are recorded: the rows of "sweep" (arms main, constant) and of "ladder" (arms grid,
noise) that differ in nothing but `seed`. Their variance is fitted as one power law in width and
tokens per text, by maximum likelihood: each cell's sample variance is a scaled chi-squared of n - 1
degrees of freedom. One cell alone has two of them, so that its sd is known within a factor of two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .. import runs
from .._inputs import Array, Numbers, columns, positive

MIDDLE = (32.0, 1e5)
"""Width and tokens at which the power law of the variance is anchored."""

REACH = 2.0
"""Beyond the replicated widths and tokens by more than this factor the answer is refused."""

Order = Literal["rising", "falling", "lowest", "highest"]


@dataclass(frozen=True, eq=False)
class SeedNoise:
    """Seed-to-seed noise of one text under one schedule: what `of` returns.

    cells, seeds: how many combinations of width and tokens were run with more than one seed, and
    how many runs they are; `of` runs of this text and schedule were recorded. widths, tokens: the
    replicated range. The variance is exp(b0) (width/32)^b1 (tokens/1e5)^b2 nats².

    >>> noise = of("python")
    >>> noise.cells, noise.seeds, noise.of
    (23, 65, 68)
    """

    corpus: str
    schedule: str
    b: Array = field(repr=False)
    covariance: Array = field(repr=False)
    cells: int
    seeds: int
    of: int
    widths: tuple[float, float]
    tokens: tuple[float, float]

    def sd(self, width: ArrayLike, tokens: ArrayLike) -> Numbers:
        """Seed-to-seed sd of the loss of one run, nats per token; shapes are broadcast.

        Raises ValueError more than a factor 2 outside the replicated widths or tokens.
        """
        return np.exp(self._logs(width, tokens) @ self.b / 2)

    def interval(self, width: ArrayLike, tokens: ArrayLike) -> tuple[Numbers, Numbers]:
        """(low, high) of `sd`, 90 %: the uncertainty of the fitted variance."""
        x = self._logs(width, tokens)
        half = 1.645 * np.sqrt(np.einsum("...i,ij,...j", x, self.covariance, x)) / 2
        middle = x @ self.b / 2
        return np.exp(middle - half), np.exp(middle + half)

    def _logs(self, width: ArrayLike, tokens: ArrayLike) -> Array:
        for name, value, (low, high) in (
            ("width", positive("width", width), self.widths),
            ("tokens", positive("tokens", tokens), self.tokens),
        ):
            if np.min(value) < low / REACH or np.max(value) > high * REACH:
                raise ValueError(
                    f"{name} {np.min(value):g} to {np.max(value):g}: seeds were repeated on "
                    f"{self.corpus!r} for {name} {low:g} to {high:g}; run three seeds there"
                )
        logs = np.log(positive("width", width) / MIDDLE[0])
        more = np.log(positive("tokens", tokens) / MIDDLE[1])
        return np.stack(np.broadcast_arrays(np.ones(()), logs, more), axis=-1)


@cache
def of(corpus: str, schedule: str = "linear") -> SeedNoise:
    """The noise of a text, "lexicon" or "python", where the learning rate falls linearly.

    schedule "constant" (recorded for "python" only) has other noise. Raises ValueError where fewer
    than five cells have several seeds.

    >>> np.round(of("lexicon").sd(32, [20_000, 640_000]), 4)
    array([0.0119, 0.0087])
    """
    table = _recorded()
    table = table[(table.corpus == corpus) & (table.schedule == schedule)]
    cells = table.groupby(["set", "width", "D"]).loss.agg(n="size", variance="var").reset_index()
    several = cells[cells.n > 1]
    if len(several) < 5:
        raise ValueError(
            f"{len(several)} cells of corpus {corpus!r} with schedule {schedule!r} have several "
            "seeds: there is 'lexicon' and 'python' (linear) and 'python' (constant)"
        )
    widths, tokens = several.width.to_numpy(float), several.D.to_numpy(float)
    x = np.column_stack(
        [np.ones(len(several)), np.log(widths / MIDDLE[0]), np.log(tokens / MIDDLE[1])]
    )
    b, covariance = variance_law(x, several.variance.to_numpy(), several.n.to_numpy() - 1)
    return SeedNoise(
        corpus,
        schedule,
        b,
        covariance,
        len(several),
        int(several.n.sum()),
        len(table),
        (widths.min(), widths.max()),
        (tokens.min(), tokens.max()),
    )


def seed_sd(corpus: str, width: ArrayLike, tokens: ArrayLike) -> Numbers:
    """Seed-to-seed sd of one run's loss, nats per token (see `SeedNoise.sd`).

    A mean of n seeds has 1 / sqrt(n) of it, a difference of two runs sqrt(2) times it.

    >>> round(float(seed_sd("lexicon", 16, 80_000)), 4)
    0.0098
    """
    return of(corpus).sd(width, tokens)


def variance_law(x: Array, variance: Array, freedom: Array) -> tuple[Array, Array]:
    """(b, covariance) of log variance = x b by maximum likelihood.

    x is (cells, terms); `variance` the sample variances, each a scaled chi-squared of `freedom`.

    >>> b, _ = variance_law(np.ones((3, 1)), np.array([1.0, 2.0, 6.0]), np.array([2, 2, 2]))
    >>> float(np.exp(b[0]).round(6))
    3.0
    """
    weight = freedom / 2
    information = x.T * weight @ x
    level = np.log(np.average(variance, weights=freedom))
    b: Array = np.linalg.lstsq(x, np.full(len(x), level))[0].astype(float)
    for _ in range(100):
        step = np.linalg.solve(information, x.T @ (weight * (variance / np.exp(x @ b) - 1)))
        b += step
        if np.abs(step).max() < 1e-10:
            break
    return b, np.linalg.inv(information).astype(float)


def order_share(
    values: ArrayLike,
    sds: ArrayLike,
    order: Order | Callable[[Array], Any],
    *,
    draws: int = 20_000,
) -> float:
    """Share of resamples in which an order of the values holds, from 0 to 1.

    Every value is drawn anew around itself, normal, with its own sd (of a mean: sd / sqrt(seeds)).
    order: "rising" or "falling" along the values; "lowest" or "highest", that the entry which is so
    in `values` stays so; or a function of a (draws, values) array that gives one boolean a draw.
    Of two equal values the share is a half: an order that holds in fewer than nine tenths is none
    to build on. Raises ValueError for another order and for shapes that differ.

    >>> round(order_share([2.02, 2.01, 1.93], [0.01, 0.01, 0.01], "falling"), 2)
    0.76
    """
    (middle,) = columns(values=values)
    if len(middle) < 2:
        raise ValueError(f"an order needs two or more values, got {len(middle)}")
    spread = np.broadcast_to(positive("sds", sds), np.shape(middle))
    drawn = np.random.default_rng(0).normal(middle, spread, (draws, len(middle)))
    steps = np.diff(drawn, axis=1)
    known: dict[str, Callable[[], Any]] = {
        "rising": lambda: (steps > 0).all(axis=1),
        "falling": lambda: (steps < 0).all(axis=1),
        "lowest": lambda: drawn.argmin(axis=1) == np.argmin(middle),
        "highest": lambda: drawn.argmax(axis=1) == np.argmax(middle),
    }
    if callable(order):
        return float(np.mean(order(drawn)))
    if order not in known:
        raise ValueError(f"order must be one of {', '.join(known)} or a function, got {order!r}")
    return float(known[order]().mean())


def _recorded() -> pd.DataFrame:
    """Finished runs of the plain recipes: inside width, D and schedule only seeds differ."""
    sweep, ladder = runs.load("sweep"), runs.load("ladder").assign(schedule="linear")
    both = pd.concat(
        [
            sweep[sweep.arm.isin(["main", "constant"])].assign(set="sweep"),
            ladder[ladder.arm.isin(["grid", "noise"])].assign(set="ladder"),
        ]
    )
    return both[~both.diverged.astype(bool)]
