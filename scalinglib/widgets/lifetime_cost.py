"""Training and answering on one bill: where the cheapest model of a quality lies in use."""

from __future__ import annotations

from typing import Any

import traitlets

from .._inputs import positive
from ..laws import BESIROGLU_2024, ChinchillaLaw
from . import bundle
from .picture import Picture, constants


class LifetimeCost(Picture):
    """Move the served tokens: the cheapest model of the same loss becomes smaller.

    Parameters
    ----------
    law : ChinchillaLaw
        Which sizes and data give the same loss.
    size : float
        Parameters of a compute-optimal model; its loss is the quality that is asked for.
    log_tokens, log_tokens_range : float, (float, float)
        log10 of the tokens read and written over the model's life, and how far the reader can move
        them.

    Raises ValueError for a size that is not positive and finite.
    """

    _esm = bundle.module("lifetime_cost.js")
    _css = bundle.style("ui.css", "lifetime_cost.css")
    moves = ("log_tokens",)
    caption = (
        "Training and answering: the cost of models of one loss, by the tokens that they "
        "will answer."
    )

    law = traitlets.Dict().tag(sync=True)
    size = traitlets.Float().tag(sync=True)
    log_tokens = traitlets.Float(10.0).tag(sync=True)
    log_tokens_range = traitlets.List(traitlets.Float(), [10.0, 15.0], minlen=2, maxlen=2).tag(
        sync=True
    )
    question = traitlets.Unicode(
        "One quality, many sizes. Hardly used, the 70B model is the cheapest. Which is, once it "
        "answers 10 trillion tokens?"
    ).tag(sync=True)

    def __init__(
        self, law: ChinchillaLaw = BESIROGLU_2024, size: float = 70e9, **traits: Any
    ) -> None:
        super().__init__(law=constants(law), size=float(positive("size", size)), **traits)
