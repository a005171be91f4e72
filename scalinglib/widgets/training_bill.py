"""From FLOPs to GPU-hours, money, energy: which share of a chip's peak gives the reported bill?"""

from __future__ import annotations

import pandas as pd
import traitlets

from .. import planning, runs
from . import bundle
from .picture import Picture

QUESTION = (
    "Filled dots are GPU-hours as reported, diamonds what 6ND asks for. "
    "Which utilisation puts them all together?"
)
OWN = "your own run"


class TrainingBill(Picture):
    """Hours, money and energy of training runs under assumptions that the reader changes.

    Parameters
    ----------
    table : DataFrame
        Runs with columns model, N, D, gpu_hours, peak_flops (FLOP/s), watts; "gpu_hours" of
        `runs.table` by default.
    chosen : str
        The model whose bill the sentence spells out.
    compute : float
        FLOPs of the reader's own run, which is listed last on the chip of the last row.
    utilisation, per_hour, pue : float
        Share of the peak that is reached, price of a GPU-hour, total draw of the building over that
        of its machines.

    Raises ValueError for an unknown model and for assumptions that `planning` refuses.
    """

    _esm = bundle.module("training_bill.js")
    _css = bundle.style("ui.css", "training_bill.css")
    moves = ("chosen", "utilisation", "per_hour", "pue", "compute")
    caption = "Hours, money and energy of training runs, under assumptions of your choice."

    rows = traitlets.List().tag(sync=True)
    chosen = traitlets.Int().tag(sync=True)
    utilisation = traitlets.Float().tag(sync=True)
    per_hour = traitlets.Float().tag(sync=True)
    pue = traitlets.Float().tag(sync=True)
    compute = traitlets.Float().tag(sync=True)

    def __init__(
        self,
        table: pd.DataFrame | None = None,
        chosen: str = "Llama-3.1 405B",
        compute: float = 1e21,
        utilisation: float = 0.5,
        per_hour: float = 2.0,
        pue: float = 1.1,
        question: str = QUESTION,
    ) -> None:
        table = runs.table("gpu_hours") if table is None else table
        listed = [
            {
                "name": row["model"],
                "C": 6.0 * row["N"] * row["D"],
                "hours": float(row["gpu_hours"]),
                "peak": float(row["peak_flops"]),
                "watts": float(row["watts"]),
            }
            for row in table.to_dict("records")
        ]
        listed.append({**listed[-1], "name": OWN, "C": float(compute), "hours": 0.0})
        names = [run["name"] for run in listed]
        if chosen not in names:
            raise ValueError(f"chosen is {chosen!r}; there is {', '.join(map(repr, names))}")
        hours = planning.gpu_hours(listed[-1]["C"], listed[-1]["peak"], utilisation)
        # refuses what makes no sense
        planning.energy_kwh(planning.price(hours, per_hour), listed[-1]["watts"], pue)
        super().__init__(
            rows=listed,
            chosen=names.index(chosen),
            utilisation=float(utilisation),
            per_hour=float(per_hour),
            pue=float(pue),
            compute=float(compute),
            question=question,
        )
