"""A power law with a break, and two forecasts from a window of runs that slides over it."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from ..fitting import FitWarning, fit_power_law
from ..laws import BrokenPowerLaw
from . import bundle
from .picture import Picture, constants

RUNS = 7
LADDER = tuple(10 ** (k / 2) for k in range(32, 49))  # 1e16 to 1e24 FLOPs, two runs a decade
LAW = BrokenPowerLaw(scale=1e18 * 4 ** (1 / 0.12), exponent=0.12, at=1e20, change=-0.06)


class BrokenLaw(Picture):
    """Slide a window of seven runs over the break; both fits look good and miss on opposite sides.

    Parameters
    ----------
    law : BrokenPowerLaw
        The truth of the simulated runs (no noise); x is compute in FLOPs.
    ladder : sequence of float
        FLOPs of the runs, increasing.
    first : int
        The first run of the window when the picture opens.
    ahead : float
        The forecasts are for this many times the compute of the window's last run.

    Raises ValueError where the window does not lie on the ladder.
    """

    _esm = bundle.module("broken_law.js")
    _css = bundle.style("ui.css", "broken_law.css")
    moves = ("first", "revealed")
    caption = (
        "A learning curve that breaks, and two laws fitted to a window of seven "
        "simulated runs on it."
    )

    law = traitlets.Dict().tag(sync=True)
    ladder = traitlets.List().tag(sync=True)
    # of each window: the line's law, the law with a floor, their worst misses
    fits = traitlets.List().tag(sync=True)
    ahead = traitlets.Float().tag(sync=True)
    first = traitlets.Int().tag(sync=True)
    revealed = traitlets.Bool(False).tag(sync=True)
    question = traitlets.Unicode(
        "Seven runs, and two laws that fit them. Which would you trust a hundred times further out?"
    ).tag(sync=True)

    def __init__(
        self,
        law: BrokenPowerLaw = LAW,
        ladder: ArrayLike = LADDER,
        first: int = 0,
        ahead: float = 100.0,
        **traits: Any,
    ) -> None:
        ladder = np.asarray(ladder, float)
        if not 0 <= first <= len(ladder) - RUNS:
            raise ValueError(
                f"first is {first}; a window of {RUNS} runs on a ladder of {len(ladder)} "
                f"begins at 0 to {len(ladder) - RUNS}"
            )
        fits = []
        for start in range(len(ladder) - RUNS + 1):
            x = ladder[start : start + RUNS]
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FitWarning)  # a wrong law is what it shows
                both = [fit_power_law(x, law.loss(x), floor=floor).law for floor in (False, True)]
            fits.append(
                {
                    name: constants(fit)
                    | {"off": float(np.abs(fit.loss(x) / law.loss(x) - 1).max())}
                    for name, fit in zip(("line", "floor"), both, strict=True)
                }
            )
        super().__init__(
            law=constants(law),
            ladder=ladder.tolist(),
            fits=fits,
            ahead=float(ahead),
            first=first,
            **traits,
        )
