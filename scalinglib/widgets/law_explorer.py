"""The plane of model size and data, with one run to move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import traitlets

from .. import published, runs
from .._inputs import columns
from ..laws import ChinchillaLaw
from . import bundle
from .picture import Picture, constants

LAWS = ("besiroglu_2024", "hoffmann_2022", "hoffmann_2022_tex")
KNOWN = ("GPT-3", "Gopher", "Chinchilla", "LLaMA-1 7B", "OLMo-2 32B", "Llama-3.1 405B")


class LawExplorer(Picture):
    """Drag a run on the plane of model size and data; compare it with its compute's best split.

    Parameters
    ----------
    run : (N, D)
        Where the run starts: parameters, tokens.
    laws : dict of name -> ChinchillaLaw
        The choices of the law menu; the first is shown first.
    models : list of (name, N, D), optional
        Published runs to show as dots; by default six of `runs.table("models")`.
    extent : (N, N, D, D)
        Lowest and highest size and data of the picture.
    editable : bool
        Whether the reader can also change the constants of the law.
    hold_compute : bool
        Whether the run slides along C = 6 N D; the reader can switch it off.
    revealed : bool
        Whether the best splits show at once. By default the reader guesses first.

    Raises ValueError for a run outside the extent, an empty menu of laws, or numbers that are not
    positive.
    """

    _esm = bundle.module("law_explorer.js")
    _css = bundle.style("ui.css", "law_explorer.css")
    moves = ("run", "law", "hold_compute", "revealed")
    caption = (
        "Loss on the plane of size and data, by a law of your choice, with one run to "
        "move. The dots are published models."
    )

    run = traitlets.List(traitlets.Float(), minlen=2, maxlen=2).tag(sync=True)
    law = traitlets.Dict().tag(sync=True)
    laws = traitlets.Dict().tag(sync=True)
    models = traitlets.List().tag(sync=True)
    extent = traitlets.List(traitlets.Float(), minlen=4, maxlen=4).tag(sync=True)
    editable = traitlets.Bool(False).tag(sync=True)
    hold_compute = traitlets.Bool(True).tag(sync=True)
    revealed = traitlets.Bool(False).tag(sync=True)
    question = traitlets.Unicode(
        "GPT-3 put 175B parameters on 300B tokens. Would another split of the same compute "
        "have reached a lower loss?"
    ).tag(sync=True)

    def __init__(
        self,
        run: tuple[float, float] = (175e9, 300e9),
        laws: Mapping[str, ChinchillaLaw] | None = None,
        models: Iterable[tuple[str, float, float]] | None = None,
        extent: tuple[float, float, float, float] = (1e9, 2e12, 5e10, 5e13),
        **traits: Any,
    ) -> None:
        laws = published.named(*LAWS) if laws is None else laws
        if not laws:
            raise ValueError(
                "laws is empty; give at least one, as in published.named('hoffmann_2022')"
            )
        models = _published(KNOWN) if models is None else models
        menu = {name: constants(law) for name, law in laws.items()}
        super().__init__(
            run=_inside(run, extent),
            law=next(iter(menu.values())),
            laws=menu,
            models=[[str(name), float(N), float(D)] for name, N, D in models],
            extent=[float(edge) for edge in extent],
            **traits,
        )


def _published(names):
    table = runs.table("models").set_index("model")
    return [(name, table.N[name], table.D[name]) for name in names]


def _inside(run, extent) -> list[float]:
    N, D = columns(run=run)[0]
    N_low, N_high, D_low, D_high = columns(extent=extent)[0]
    if not (N_low <= N <= N_high and D_low <= D <= D_high):
        raise ValueError(
            f"run is ({N:.3g}, {D:.3g}), outside the picture {tuple(extent)}; "
            "widen extent=(N, N, D, D)"
        )
    return [float(N), float(D)]
