"""One law, counted in two ways: a study's line through its own window of sizes, and its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import traitlets

from ..counting import PEARCE_OMEGA
from ..laws import BESIROGLU_2024, ChinchillaLaw
from . import bundle
from .picture import Picture, constants

QUESTION = (
    "Twenty models of Kaplan's sizes, trained under Chinchilla's law. "
    "Their embeddings were not counted. What becomes of the line if you count them?"
)
WINDOWS = {"Kaplan's sizes": (768, 1.5e9), "Chinchilla's sizes": (2.8e7, 1.6e10)}
EXTENT = (3e2, 1e11)


class CountingWindow(Picture):
    """Best size against compute: choose what is counted and studied, and follow the fitted line.

    Parameters
    ----------
    law : ChinchillaLaw
        The truth; its N is all parameters.
    omega : float
        Embedding parameters per cube root of the others (Pearce and Song 2024).
    windows : dict of str to (smallest, largest)
        Parameters in the layers of studies to jump to; the picture starts in the first.
    budget : float
        FLOPs to which the line is extended.

    Raises ValueError for a window that spans less than a factor of ten, or leaves 300 to 1e11
    parameters.
    """

    _esm = bundle.module("counting_window.js")
    _css = bundle.style("ui.css", "counting_window.css")
    moves = ("window", "counted")
    caption = (
        "Best size against compute, as it comes out by what is counted and over which "
        "window one looks."
    )

    law = traitlets.Dict().tag(sync=True)
    omega = traitlets.Float().tag(sync=True)
    windows = traitlets.List().tag(sync=True)
    extent = traitlets.List(traitlets.Float()).tag(sync=True)
    budget = traitlets.Float().tag(sync=True)
    window = traitlets.List(traitlets.Float(), minlen=2, maxlen=2).tag(sync=True)
    counted = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        law: ChinchillaLaw = BESIROGLU_2024,
        omega: float = PEARCE_OMEGA,
        windows: Mapping[str, tuple[float, float]] = WINDOWS,
        budget: float = 5.76e23,
        question: str = QUESTION,
        **traits: Any,
    ) -> None:
        for name, (low, high) in windows.items():
            if not (EXTENT[0] <= low and 10 * low <= high <= EXTENT[1]):
                raise ValueError(
                    f"the window {name!r} is {low:g} to {high:g}; a line needs a factor of ten, "
                    f"between {EXTENT[0]:g} and {EXTENT[1]:g} parameters"
                )
        named = [[name, [float(low), float(high)]] for name, (low, high) in windows.items()]
        super().__init__(
            law=constants(law),
            omega=float(omega),
            windows=named,
            extent=list(EXTENT),
            budget=float(budget),
            window=named[0][1],
            question=question,
            **traits,
        )
