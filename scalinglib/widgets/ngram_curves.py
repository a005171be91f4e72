"""Learning curves of n-gram models, uncovered one doubling of the data after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import traitlets

from .. import runs
from . import bundle
from .picture import Picture

QUESTION = (
    "With {start} characters counted, order {best} is best. Which order will be best with {end}?"
)


class NgramCurves(Picture):
    """Drag D to the right: orders flatten in turn, the best order grows, the best loss falls.

    Parameters
    ----------
    curves : DataFrame
        Columns D, order, N, loss, as `lab.ngrams.learning_curves` makes them; draws of one size are
        averaged. Every order from 0 up must have every size. Without it: the recorded table,
        `runs.load("ngrams")`.
    start : int
        The number of characters at which the picture opens; the curves beyond are covered. One of
        the sizes.

    Raises ValueError where an order lacks a size, and for a `start` that is not among the sizes
    before the last.
    """

    _esm = bundle.module("ngram_curves.js")
    _css = bundle.style("ui.css", "ngram_curves.css")
    moves = ("place", "reached", "guess")
    caption = (
        "Loss of n-gram models against the length of their training text, one curve for each order."
    )

    sizes = traitlets.List(traitlets.Float()).tag(sync=True)
    # [order][size], nats a character
    losses = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    counts = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)  # [order][size], N
    place = traitlets.Int().tag(sync=True)  # index of the size that D stands on
    reached = traitlets.Int().tag(sync=True)  # index of the largest size uncovered so far
    guess = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self,
        curves: pd.DataFrame | None = None,
        start: int = 16_000,
        question: str = QUESTION,
        **traits: Any,
    ) -> None:
        curves = runs.load("ngrams") if curves is None else curves
        losses, counts = (curves.pivot_table(column, "order", "D") for column in ("loss", "N"))
        gaps = np.argwhere(losses.isna().to_numpy())
        if len(gaps):
            order, size = losses.index[gaps[0, 0]], losses.columns[gaps[0, 1]]
            raise ValueError(
                f"order {order} has no loss at D = {size}; give every order the same sizes"
            )
        sizes = list(losses.columns)
        if start not in sizes[:-1]:
            raise ValueError(
                f"start is {start}; it must be one of the sizes before the last: {sizes[:-1]}"
            )
        question = question.format(
            start=f"{start:,}", best=losses[start].idxmin(), end=f"{sizes[-1]:,}"
        )
        super().__init__(
            sizes=[float(size) for size in sizes],
            losses=losses.round(6).to_numpy().tolist(),
            counts=counts.round(1).to_numpy().tolist(),
            place=sizes.index(start),
            reached=sizes.index(start),
            question=question,
            **traits,
        )
