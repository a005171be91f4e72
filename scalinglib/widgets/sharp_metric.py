"""One network, two marks: its loss falls smoothly; the share of wholly right answers jumps."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from .._inputs import columns, numbers
from . import bundle
from .picture import Picture


class SharpMetric(Picture):
    """Choose how long an answer must be right: when half of them are, and how suddenly.

    Parameters
    ----------
    problems : sequence of float
        How much the network had read at each exam, increasing.
    loss : sequence of float
        Nats a digit at each exam.
    blind : float
        The loss of a blind guess, which the picture calls 100 %.
    exact : sequence of sequences of float
        For each length of answer, from 1 on, the share of answers that are wholly right at each
        exam.
    product : sequence of sequences of float
        The same as it would be if errors were independent: drawn as a line beside what was
        measured.
    length : int
        Where the reader starts.

    Raises ValueError where the sequences differ in length, or `length` is not one of those given.
    """

    _esm = bundle.module("sharp_metric.js")
    _css = bundle.style("ui.css", "sharp_metric.css")
    moves = ("length",)
    caption = "One smooth ability, marked by exams that ask for short or long right answers."

    problems = traitlets.List().tag(sync=True)
    loss = traitlets.List().tag(sync=True)
    blind = traitlets.Float().tag(sync=True)
    exact = traitlets.List().tag(sync=True)
    product = traitlets.List().tag(sync=True)
    length = traitlets.Int(1).tag(sync=True)
    question = traitlets.Unicode(
        "Its loss falls smoothly. Ten digits right in place of one: how much later, and how "
        "suddenly?"
    ).tag(sync=True)

    def __init__(
        self,
        problems: ArrayLike,
        loss: ArrayLike,
        blind: float,
        exact: ArrayLike,
        product: ArrayLike,
        length: int = 1,
        **traits: Any,
    ) -> None:
        problems, loss = columns(problems=problems, loss=loss)
        exact, product = (
            np.atleast_2d(numbers(name, value))
            for name, value in (("exact", exact), ("product", product))
        )
        if exact.shape[1:] != problems.shape or product.shape != exact.shape:
            raise ValueError(
                f"there are {len(problems)} exams; "
                f"exact has shape {exact.shape}, product {product.shape}"
            )
        if not 1 <= length <= len(exact):
            raise ValueError(f"length must lie between 1 and {len(exact)}, got {length}")
        super().__init__(
            problems=problems.tolist(),
            loss=loss.tolist(),
            blind=float(blind),
            exact=exact.tolist(),
            product=product.tolist(),
            length=length,
            **traits,
        )
