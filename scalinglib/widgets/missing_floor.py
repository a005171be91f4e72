"""A straight line on log-log paper, drawn through runs whose loss has a floor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import traitlets

from ..laws import PowerLaw
from . import bundle
from .picture import Picture, constants

QUESTION = (
    "Five runs on a straight line, not a bit of noise. "
    "Would you trust the line a hundred times further out?"
)
LADDER = tuple(1e6 * 10 ** (k / 4) for k in range(13))  # 1M to 1B tokens, four runs a decade
LAW = PowerLaw(scale=1.024e9, exponent=0.30, floor=1.7)  # 8 nats above its floor at 1M tokens


class MissingFloor(Picture):
    """Drag a law's floor and a fit's window; the line is plausible inside and misses outside.

    Parameters
    ----------
    law : PowerLaw
        The truth of the simulated runs (no noise); x is training tokens. Its floor is where the
        handle starts, 0 to 3 nats.
    ladder : sequence of float
        Tokens of the runs, evenly spaced in log.
    window : (first, last)
        Indices of the runs that the line is fitted to, both included: three at least.
    ahead : float
        The line is asked about this many times the tokens of the last run in the window.

    Raises ValueError for a window with fewer than three runs, or outside the ladder, and for a
    floor above 3 nats.
    """

    _esm = bundle.module("missing_floor.js")
    _css = bundle.style("ui.css", "missing_floor.css")

    law = traitlets.Dict().tag(sync=True)
    ladder = traitlets.List(traitlets.Float()).tag(sync=True)
    ahead = traitlets.Float().tag(sync=True)
    window = traitlets.List(traitlets.Int(), minlen=2, maxlen=2).tag(sync=True)
    floor = traitlets.Float().tag(sync=True)
    revealed = traitlets.Bool(False).tag(sync=True)
    moves = ("window", "floor", "revealed")
    caption = "A power law with a floor, and a straight line fitted to a window of it."

    def __init__(
        self,
        law: PowerLaw = LAW,
        ladder: Sequence[float] = LADDER,
        window: tuple[int, int] = (0, 4),
        ahead: float = 100.0,
        question: str = QUESTION,
        **traits: Any,
    ) -> None:
        first, last = window
        if not 0 <= first <= last - 2 <= len(ladder) - 3:
            raise ValueError(
                f"window is ({first}, {last}); "
                f"a line that can be wrong needs 3 of the {len(ladder)} runs"
            )
        if law.floor > 3:
            raise ValueError(f"law.floor is {law.floor:g} nats; the picture reaches up to 3")
        super().__init__(
            law=constants(law),
            ladder=[float(D) for D in ladder],
            window=[first, last],
            ahead=float(ahead),
            floor=law.floor,
            question=question,
            **traits,
        )
