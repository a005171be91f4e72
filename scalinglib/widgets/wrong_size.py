"""The price of a wrong size: extra compute for the same loss, a curve a law, for every budget."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import traitlets

from .. import published
from .._inputs import positive
from ..laws import ChinchillaLaw
from . import bundle
from .picture import Picture, constants

QUESTION = (
    "A model may be smaller or larger than the best one, and still reach its loss on more compute. "
    "At which sizes does that cost twice as much?"
)
EXTENT = (0.1, 10.0)


class WrongSize(Picture):
    """Drag a model's size off the best one: what the same loss costs then; change the budget too.

    Parameters
    ----------
    laws : dict of name -> ChinchillaLaw
        Two laws; the first is the one that the handle follows and that names sizes.
    budget : float
        FLOPs of the best run, at the start; 1e20 to 1e26.

    Raises ValueError for other than two laws and for a budget outside the slider.
    """

    _esm = bundle.module("wrong_size.js")
    _css = bundle.style("ui.css", "wrong_size.css")
    moves = ("ratio", "log_compute")
    caption = "Compute for the same loss against the size of the model, as multiples of the best."

    laws = traitlets.List().tag(sync=True)
    extent = traitlets.List(traitlets.Float()).tag(sync=True)
    ratio = traitlets.Float(1.0).tag(sync=True)
    log_compute = traitlets.Float().tag(sync=True)

    def __init__(
        self,
        laws: Mapping[str, ChinchillaLaw] | None = None,
        budget: float = 5.76e23,
        question: str = QUESTION,
        **traits: Any,
    ) -> None:
        laws = (
            published.named("besiroglu_2024", "hoffmann_2022", short=True) if laws is None else laws
        )
        if len(laws) != 2:
            raise ValueError(f"give two laws to compare, got {len(laws)}")
        if not 1e20 <= positive("budget", budget) <= 1e26:
            raise ValueError(f"budget must lie between 1e20 and 1e26 FLOPs, got {budget:g}")
        log_compute = round(math.log10(budget), 2)
        super().__init__(
            laws=[[name, constants(law)] for name, law in laws.items()],
            extent=list(EXTENT),
            log_compute=log_compute,
            question=question,
            **traits,
        )
