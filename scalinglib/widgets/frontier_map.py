"""Published models on the plane of size and data, and a law's line of best splits through it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import traitlets

from .. import published
from .._inputs import columns, positive
from ..laws import ChinchillaLaw
from . import bundle
from .law_explorer import KNOWN, _published
from .picture import Picture, constants

QUESTION = (
    "Which of these models have the size that their compute asks for? "
    "Tap one, or slide the budget along the line."
)
BUDGETS = (22.0, 25.8)


class FrontierMap(Picture):
    """Tap a model: what its compute could have bought; slide a budget; change the law.

    Parameters
    ----------
    models : list of (name, N, D), optional
        Published runs to show as dots; by default those of `LawExplorer`.
    laws : dict of name -> ChinchillaLaw
        The choices of the law menu; the first is shown first.
    budget : float
        FLOPs at which the picture starts; 1e22 to 6e25.
    extent : (N, N, D, D)
        Lowest and highest size and data of the picture.

    Raises ValueError for an empty menu of laws, a budget outside the slider, or a model outside the
    extent.
    """

    _esm = bundle.module("frontier_map.js")
    _css = bundle.style("ui.css", "frontier_map.css")
    moves = ("law", "log_compute", "chosen")
    caption = (
        "Published models by size and data, with the best split of every budget by a law "
        "of your choice."
    )

    law = traitlets.Dict().tag(sync=True)
    laws = traitlets.Dict().tag(sync=True)
    models = traitlets.List().tag(sync=True)
    extent = traitlets.List(traitlets.Float()).tag(sync=True)
    budgets = traitlets.List(traitlets.Float()).tag(sync=True)
    log_compute = traitlets.Float().tag(sync=True)
    chosen = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self,
        models: Iterable[tuple[str, float, float]] | None = None,
        laws: Mapping[str, ChinchillaLaw] | None = None,
        budget: float = 5.76e23,
        extent: tuple[float, float, float, float] = (1e9, 2e12, 1e11, 5e13),
        question: str = QUESTION,
        **traits: Any,
    ) -> None:
        laws = published.named("besiroglu_2024", "hoffmann_2022_tex") if laws is None else laws
        if not laws:
            raise ValueError(
                "laws is empty; give at least one, as in published.named('hoffmann_2022')"
            )
        log_compute = round(math.log10(positive("budget", budget)), 2)
        if not BUDGETS[0] <= log_compute <= BUDGETS[1]:
            raise ValueError(
                f"budget must lie between 1e{BUDGETS[0]:g} and 1e{BUDGETS[1]:g} FLOPs, "
                f"got {budget:g}"
            )
        N_low, N_high, D_low, D_high = columns(extent=extent)[0]
        placed = [
            (str(name), float(N), float(D))
            for name, N, D in (_published(KNOWN) if models is None else models)
        ]
        for name, N, D in placed:
            if not (N_low <= N <= N_high and D_low <= D <= D_high):
                raise ValueError(
                    f"{name} ({N:.3g}, {D:.3g}) is outside the picture {tuple(extent)}; "
                    "widen extent=(N, N, D, D)"
                )
        menu = {name: constants(law) for name, law in laws.items()}
        super().__init__(
            law=next(iter(menu.values())),
            laws=menu,
            models=[list(model) for model in placed],
            extent=[float(edge) for edge in extent],
            budgets=_reach(placed),
            log_compute=log_compute,
            question=question,
            **traits,
        )


def _reach(models) -> list[float]:
    """Ends of the slider, log10 FLOPs: BUDGETS, farther where the compute of a model is."""
    logs = [math.log10(6 * N * D) for _, N, D in models]
    low, high = (min(BUDGETS[0], *map(math.floor, logs)), max(BUDGETS[1], *map(math.ceil, logs)))
    return [float(low), float(high)]
