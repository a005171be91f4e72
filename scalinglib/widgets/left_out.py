"""How far a fit moves without its highest losses, beside how far its bootstrap says it may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import traitlets

from ..fitting import LawFit
from ..laws import ChinchillaLaw
from . import bundle
from .picture import Picture, constants

QUESTION = (
    "Leave out the highest losses, one by one. "
    "How few runs carry the answer out of the 90 % interval that all the runs gave?"
)


class LeftOut(Picture):
    """The plane of both exponents: a bootstrap's refits; a slider leaves out the highest losses.

    Parameters
    ----------
    fits : sequence of fits
        What `fitting.fit_parametric(..., bootstrap=...)` returned for all the runs, without the
        highest loss, without the two highest, and so on. Only laws, intervals and exponents of
        refits are kept: no run reaches the page.
    runs : int
        The number of runs in the first fit.
    budget : float
        FLOPs of which the sentence tells the best model size.
    published : dict of str to ChinchillaLaw
        Constants to mark in the plane.
    shown : int
        How many refits of each bootstrap are drawn.

    Raises ValueError where a fit has fewer refits than `shown`.
    """

    _esm = bundle.module("left_out.js")
    _css = bundle.style("ui.css", "left_out.css")
    moves = ("dropped",)
    caption = (
        "The plane of both exponents: refits to resampled runs, with the highest losses "
        "left out or not."
    )

    dropped = traitlets.Int(0).tag(sync=True)
    fits = traitlets.List(traitlets.Dict()).tag(sync=True)
    runs = traitlets.Int().tag(sync=True)
    budget = traitlets.Float().tag(sync=True)
    published = traitlets.List(traitlets.Dict()).tag(sync=True)

    def __init__(
        self,
        fits: Sequence[LawFit[ChinchillaLaw]],
        runs: list,
        budget: float,
        published: Mapping[str, ChinchillaLaw],
        shown: int = 44,
        question: str = QUESTION,
    ) -> None:
        for place, fit in enumerate(fits):
            refits = 0 if fit.samples is None else len(fit.samples)
            if refits < shown:
                raise ValueError(
                    f"fit {place} has {refits} refits, {shown} are to be drawn; "
                    f"fit with bootstrap={shown} or more"
                )
        super().__init__(
            fits=[_drawn(fit, budget, shown) for fit in fits],
            runs=runs,
            budget=float(budget),
            published=[{"name": name, "law": constants(law)} for name, law in published.items()],
            question=question,
        )


def _drawn(fit, budget, shown) -> dict:
    """One fit for the page: law, 90 % interval of the best size, some refits' (alpha, beta)."""
    return {
        "law": constants(fit.law),
        "size": [float(end) for end in fit.interval(lambda law: law.optimum(budget).N)],
        "refits": fit.samples[["alpha", "beta"]].head(shown).round(4).to_numpy().tolist(),
    }
