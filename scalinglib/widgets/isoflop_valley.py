"""One valley: loss against model size at fixed compute, and a parabola through a window of runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets

from .._inputs import columns, numbers
from ..laws import BESIROGLU_2024, ChinchillaLaw
from . import bundle
from .picture import Picture, constants

FEWEST = 3


class IsoFlopValley(Picture):
    """Slide a window over the runs of one budget and watch the minimum of its parabola move.

    Parameters
    ----------
    law : ChinchillaLaw
        The truth that the simulated runs follow.
    ladder : sequence of float
        Sizes of the runs, each the same factor above the last, in multiples of the size with 20
        tokens per parameter.
    noise : sequence of float
        Added to the losses, in nats, one for each run; drawn in Python, so that page and notebook
        agree.
    window : (first, last), optional
        Indices of the runs in the fit, both included; by default the smaller half.
    log_compute, log_compute_range : float, (float, float)
        log10 of the budget in FLOPs, and how far the reader can move it.
    revealed : bool
        Whether the true minimum shows at once. By default it shows after the reader's first move.

    Raises ValueError for a window of fewer than three runs, noise of another length, or an uneven
    ladder.
    """

    _esm = bundle.module("isoflop_valley.js")
    _css = bundle.style("ui.css", "isoflop_valley.css")
    moves = ("window", "log_compute", "revealed")
    caption = "The runs of one budget, and a parabola through a window of them."

    law = traitlets.Dict().tag(sync=True)
    ladder = traitlets.List(traitlets.Float()).tag(sync=True)
    noise = traitlets.List(traitlets.Float()).tag(sync=True)
    window = traitlets.List(traitlets.Int(), minlen=2, maxlen=2).tag(sync=True)
    log_compute = traitlets.Float(21.0).tag(sync=True)
    log_compute_range = traitlets.List(traitlets.Float(), [18.0, 25.0], minlen=2, maxlen=2).tag(
        sync=True
    )
    revealed = traitlets.Bool(False).tag(sync=True)
    question = traitlets.Unicode(
        "One budget, five small runs, not a bit of noise. Has the parabola found the bottom "
        "of the valley?"
    ).tag(sync=True)

    def __init__(
        self,
        law: ChinchillaLaw = BESIROGLU_2024,
        ladder: Sequence[float] = tuple(2.0**k for k in range(-4, 5)),
        noise: Sequence[float] | None = None,
        window: tuple[int, int] | None = None,
        **traits: Any,
    ) -> None:
        ladder = columns(ladder=ladder)[0].tolist()
        given = [0.0] * len(ladder) if noise is None else noise
        offsets = np.atleast_1d(numbers("noise", given)).tolist()
        first, last = (0, len(ladder) // 2) if window is None else window
        rungs = np.diff(np.log(ladder))
        if len(ladder) < FEWEST or rungs[0] <= 0 or not np.allclose(rungs, rungs[0]):
            raise ValueError(
                f"ladder must have at least {FEWEST} sizes, "
                f"each the same factor above the last; got {ladder}"
            )
        if not 0 <= first <= last - FEWEST + 1 <= len(ladder) - FEWEST:
            raise ValueError(
                f"window is ({first}, {last}); a parabola needs {FEWEST} of the {len(ladder)} runs"
            )
        if len(offsets) != len(ladder):
            raise ValueError(
                f"noise has {len(offsets)} values for {len(ladder)} runs; give one for each"
            )
        super().__init__(
            law=constants(law),
            ladder=ladder,
            noise=offsets,
            window=[int(first), int(last)],
            **traits,
        )
