"""Kaplan's plane of size and data: which of the two holds the run back?"""

from __future__ import annotations

import traitlets

from ..laws import KAPLAN_2020, KaplanLaw
from . import bundle
from .picture import Picture, constants

QUESTION = "Kaplan's law, one run. You may double one lever, once: parameters or tokens?"


class TwoLevers(Picture):
    """Move a run on the plane of size and data: what would doubling each take off its loss?

    Parameters
    ----------
    law : KaplanLaw
        Gives the loss by eq. 1.5.
    run : (N, D)
        Where the run starts: non-embedding parameters, tokens.
    extent : (N, N, D, D)
        The part of the plane that is shown.
    revealed : bool
        Whether gains and the line of equal gains show at once. By default the reader guesses first.
    """

    _esm = bundle.module("two_levers.js")
    _css = bundle.style("ui.css", "two_levers.css")
    moves = ("run", "revealed")
    caption = (
        "One run on the plane of size and data, and what doubling each lever takes off its loss."
    )

    law = traitlets.Dict().tag(sync=True)
    extent = traitlets.List(traitlets.Float(), minlen=4, maxlen=4).tag(sync=True)
    run = traitlets.List(traitlets.Float(), minlen=2, maxlen=2).tag(sync=True)
    revealed = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        law: KaplanLaw = KAPLAN_2020,
        run: tuple[float, float] = (1e9, 2e9),
        extent: tuple[float, float, float, float] = (1e5, 1e12, 1e7, 1e13),
        revealed: bool = False,
        question: str = QUESTION,
    ) -> None:
        (N, D), (n_lo, n_hi, d_lo, d_hi) = run, extent
        if not (n_lo <= N <= n_hi and d_lo <= D <= d_hi):
            raise ValueError(
                f"run is ({N:.3g}, {D:.3g}), outside the picture {tuple(extent)}; "
                "widen extent=(N, N, D, D)"
            )
        super().__init__(
            law=constants(law),
            run=[float(N), float(D)],
            extent=[float(edge) for edge in extent],
            revealed=revealed,
            question=question,
        )
