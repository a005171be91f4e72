"""One model, one loss: a larger batch saves steps and costs tokens; the critical is the elbow."""

from __future__ import annotations

from typing import Any

import traitlets

from ..laws import KAPLAN_2020
from . import bundle
from .picture import Picture, constants

QUESTION = (
    "1.5B parameters, one loss to reach. Ten times the batch: how much sooner, and at what price?"
)
SIZE, BATCH = 1.5e9, 2.0**19  # their largest model, their fixed batch


class StepsAndBatch(Picture):
    """Drag a run along the hyperbola of steps and tokens that reach the same loss.

    Source: Kaplan et al. 2020, eqs. 1.4, 1.6, 5.1.

    Parameters
    ----------
    N : float
        Non-embedding parameters.
    loss : float
        Nats to reach, within `losses`.
    batch : float
        Tokens a step at the start, from 16,384 to 2^26.
    losses : (lowest, highest)
        Range of the slider.

    Raises ValueError for a loss that N parameters never reach by eq. 1.6, or a start outside those
    ranges.
    """

    _esm = bundle.module("steps_and_batch.js")
    _css = bundle.style("ui.css", "steps_and_batch.css")
    moves = ("batch", "loss")
    caption = (
        "Steps and tokens that reach the same loss: a hyperbola, with one run to move along it."
    )

    size_term = traitlets.Dict().tag(sync=True)
    steps_term = traitlets.Dict().tag(sync=True)
    critical = traitlets.Dict().tag(sync=True)
    N = traitlets.Float().tag(sync=True)
    losses = traitlets.List(traitlets.Float()).tag(sync=True)
    batches = traitlets.List(traitlets.Float()).tag(sync=True)
    batch = traitlets.Float().tag(sync=True)
    loss = traitlets.Float().tag(sync=True)

    def __init__(
        self,
        N: float = SIZE,
        loss: float = 2.6,
        batch: float = BATCH,
        losses: tuple[float, float] = (2.4, 3.4),
        question: str = QUESTION,
        **traits: Any,
    ) -> None:
        floor = KAPLAN_2020.steps_N.loss(N)
        if losses[0] <= floor:
            raise ValueError(
                f"{N:g} parameters never come below {floor:.3f} nats; "
                f"start losses above that, got {losses[0]:g}"
            )
        for name, value, (low, high) in (
            ("loss", loss, losses),
            ("batch", batch, (2.0**14, 2.0**26)),
        ):
            if not low <= value <= high:
                raise ValueError(
                    f"{name} is {value:g}, outside the picture; choose one from {low:g} to {high:g}"
                )
        super().__init__(
            size_term=constants(KAPLAN_2020.steps_N),
            steps_term=constants(KAPLAN_2020.steps_S),
            critical={"scale": KAPLAN_2020.batch_scale, "exponent": KAPLAN_2020.batch_exponent},
            N=float(N),
            losses=[float(end) for end in losses],
            batches=[2.0**14, 2.0**26],
            batch=float(batch),
            loss=float(loss),
            question=question,
            **traits,
        )
