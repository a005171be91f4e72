"""Two rules for one budget: how Kaplan and Chinchilla would split it, and ten times as much."""

from __future__ import annotations

from collections.abc import Mapping

import traitlets

from .. import published, runs
from .._inputs import positive
from ..laws import KAPLAN_2020, ChinchillaLaw
from . import bundle
from .picture import Picture, constants

QUESTION = (
    "Around 1e19 FLOPs two rules ask for the same model. "
    "Ten times the compute: does each want more size, or more data?"
)
EXTENT = (2e6, 5e13, 1e8, 5e14)
KNOWN = ("GPT-3", "Gopher", "Chinchilla")
GPT3 = 3.14e23


class AllocationByBudget(Picture):
    """Move the budget: size and tokens by Kaplan's rule and by a law of Chinchilla's form.

    Parameters
    ----------
    budget : float
        FLOPs at the start; the sentence compares with it.
    laws : dict of name -> ChinchillaLaw
        The choices of the menu; the first is shown first.

    Raises ValueError for a budget outside 1e17 to 1e26.
    """

    _esm = bundle.module("allocation.js")
    _css = bundle.style("ui.css", "allocation.css")
    moves = ("budget", "law")
    caption = (
        "The best size and tokens of a budget of compute, by Kaplan's rule and by a law "
        "of Chinchilla's form."
    )

    kaplan = traitlets.Dict().tag(sync=True)
    law = traitlets.Dict().tag(sync=True)
    laws = traitlets.Dict().tag(sync=True)
    models = traitlets.List().tag(sync=True)
    extent = traitlets.List(traitlets.Float()).tag(sync=True)
    limits = traitlets.List(traitlets.Float()).tag(sync=True)
    known_budget = traitlets.Float(GPT3).tag(sync=True)
    budget = traitlets.Float().tag(sync=True)

    def __init__(
        self,
        budget: float = 1e19,
        laws: Mapping[str, ChinchillaLaw] | None = None,
        question: str = QUESTION,
    ) -> None:
        budget = float(positive("budget", budget))
        if not 1e17 <= budget <= 1e26:
            raise ValueError(
                f"budget is {budget:g} FLOPs, outside the picture; choose one from 1e17 to 1e26"
            )
        laws = published.named("besiroglu_2024", "hoffmann_2022") if laws is None else laws
        menu = {name: constants(law) for name, law in laws.items()}
        table = runs.table("models").set_index("model")
        kaplan = {
            "name": published.get("kaplan_2020").short,
            "size": float(KAPLAN_2020.optimum(1.0).N),
            "exponent": KAPLAN_2020.optimal_size_exponent,
        }
        super().__init__(
            kaplan=kaplan,
            law=next(iter(menu.values())),
            laws=menu,
            models=[[name, float(table.N[name]), float(table.D[name])] for name in KNOWN],
            extent=list(EXTENT),
            limits=[1e17, 1e26],
            budget=budget,
            question=question,
        )
