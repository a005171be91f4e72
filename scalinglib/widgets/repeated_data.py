"""What reading the same text again is worth: a law, and our own runs beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets

from .._inputs import numbers
from ..laws import MUENNIGHOFF_2023, DataConstrainedLaw
from . import bundle
from .picture import Picture, constants


class RepeatedData(Picture):
    """Move the number of readings of one text along the law, and compare with runs that were made.

    Parameters
    ----------
    runs : sequence of (epochs, worth), optional
        Measured runs: readings of the same text, and how many readings of fresh text give the same
        loss.
    law : DataConstrainedLaw
        Its `R_D` says how fast a repeat loses value, and with `size` and `unique` it gives the
        losses of the sentence.
    size, unique : float
        The model of the sentence: parameters, and different tokens that it has.
    epochs : float
        Where the reader starts.
    revealed : bool
        Whether law and runs show at once. By default they show after the first move.

    Raises ValueError for runs that are not pairs of finite numbers.
    """

    _esm = bundle.module("repeated_data.js")
    _css = bundle.style("ui.css", "repeated_data.css")
    moves = ("epochs", "revealed")
    caption = (
        "What readings of one text are worth, in readings of fresh text: the law of "
        "Muennighoff et al., and runs of the laboratory."
    )

    law = traitlets.Dict().tag(sync=True)
    runs = traitlets.List().tag(sync=True)
    size = traitlets.Float().tag(sync=True)
    unique = traitlets.Float().tag(sync=True)
    epochs = traitlets.Float(1.0).tag(sync=True)
    revealed = traitlets.Bool(False).tag(sync=True)
    question = traitlets.Unicode(
        "The same text, read again and again. What are 40 readings worth, in readings of "
        "fresh text?"
    ).tag(sync=True)

    def __init__(
        self,
        runs: Sequence[tuple[float, float]] = (),
        law: DataConstrainedLaw = MUENNIGHOFF_2023,
        size: float = 1e8,
        unique: float = 1e10,
        **traits: Any,
    ) -> None:
        pairs = np.asarray(numbers("runs", runs)) if len(runs) else np.empty((0, 2))
        if pairs.ndim != 2 or pairs.shape[1] != 2 or not np.isfinite(pairs).all():
            raise ValueError(
                f"runs must be pairs (epochs, worth) of finite numbers, got shape {pairs.shape}"
            )
        super().__init__(
            law=constants(law),
            runs=pairs.tolist(),
            size=float(size),
            unique=float(unique),
            **traits,
        )
