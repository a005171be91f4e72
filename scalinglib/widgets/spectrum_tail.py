"""Bend the spectrum of the data, or better the learner: what becomes of the learning curve?"""

from __future__ import annotations

import traitlets

from ..laws import SpectrumLaw
from . import bundle
from .picture import Picture

QUESTION = (
    "You may change the data, by bending their spectrum, or the learner. "
    "Which of the two tilts the learning curve?"
)


class SpectrumTail(Picture):
    """Drag the spectrum's knee and end, slide the efficiency; `SpectrumLaw.loss` follows.

    Parameters
    ----------
    law : SpectrumLaw
        Where the picture starts: slopes from 1.02 to 2.5, knee from 10 to 3,000, efficiency 1.

    Raises ValueError for a law outside that.
    """

    _esm = bundle.module("spectrum_tail.js")
    _css = bundle.style("ui.css", "spectrum_tail.css")
    moves = ("decay", "knee", "beyond", "efficiency")
    caption = "A spectrum with a knee and an end, and the loss that regression on it has."

    decay = traitlets.Float().tag(sync=True)
    knee = traitlets.Float().tag(sync=True)
    beyond = traitlets.Float().tag(sync=True)
    efficiency = traitlets.Float().tag(sync=True)

    def __init__(
        self, law: SpectrumLaw = SpectrumLaw(1.5, 200, 1.5), question: str = QUESTION
    ) -> None:
        slopes = (law.decay, law.beyond)
        if not (
            all(1.02 <= slope <= 2.5 for slope in slopes)
            and 10 <= law.knee <= 3000
            and law.efficiency == 1
        ):
            raise ValueError(
                "the picture shows slopes from 1.02 to 2.5, "
                f"a knee from 10 to 3,000 and efficiency 1, got {law}"
            )
        super().__init__(
            decay=law.decay,
            knee=law.knee,
            beyond=law.beyond,
            efficiency=law.efficiency,
            question=question,
        )
