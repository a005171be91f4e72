"""Buy runs of a simulated laboratory, forecast the prize, and be scored beside other strategies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import traitlets

from . import bundle
from .picture import Picture

QUESTION = (
    "The prize is one run of 3 × 10¹² FLOPs. You have a tenth of that for smaller ones. "
    "Which runs do you buy, so that you know its loss beforehand?"
)
WIDTHS = (8, 16, 24, 32, 48, 64, 96)
COSTS = (3e9, 1e10, 3e10, 1e11)
PRIZE_WIDTHS = tuple(range(16, 161, 8))


class BuyRuns(Picture):
    """The plane of cost and size: rings are on offer; purchases sharpen a forecast; one reveal.

    Parameters
    ----------
    laboratories : sequence of lab.Budget
        Simulated ones, with enough in the purse for every run on offer and for the prize.
    scores : sequence of dict
        For each laboratory the interval score of other strategies, name -> share of the loss.
    budget, prize : float
        FLOPs that the reader may spend, and of the run to be forecast.
    noise : float
        Sd of log loss from run to run, which the forecast takes as known.
    """

    _esm = bundle.module("buy_runs.js")
    _css = bundle.style("ui.css", "buy_runs.css")
    moves = ("laboratory", "width", "cost", "bought", "revealed")
    caption = "Runs on offer, by compute and size, and a forecast that purchases sharpen."

    laboratory = traitlets.Int(0).tag(sync=True)
    width = traitlets.Int(1).tag(sync=True)
    cost = traitlets.Int(1).tag(sync=True)
    bought = traitlets.List().tag(sync=True)
    revealed = traitlets.Bool(False).tag(sync=True)
    widths = traitlets.List(list(WIDTHS)).tag(sync=True)
    laboratories = traitlets.List().tag(sync=True)
    budget = traitlets.Float().tag(sync=True)
    noise = traitlets.Float().tag(sync=True)

    def __init__(
        self,
        laboratories: Iterable[Any],
        scores: Iterable[Mapping[str, float]],
        budget: float = 3e11,
        prize: float = 3e12,
        noise: float = 0.004,
        question: str = QUESTION,
    ) -> None:
        super().__init__(
            laboratories=[
                _offer(lab, prize) | {"scores": dict(other)}
                for lab, other in zip(laboratories, scores, strict=True)
            ],
            budget=float(budget),
            noise=float(noise),
            question=question,
        )


def _offer(lab, prize) -> dict:
    """All that can be bought of a laboratory, and the prize: runs by width, with noise or not."""
    rows = []
    for cost in COSTS:
        menu = lab.menu(cost, WIDTHS)
        losses = [lab.train(row.width, row.tokens).loss for row in menu.itertuples()]
        rows.append(
            {
                "C": cost,
                "N": menu.N.tolist(),
                "D": menu.D.tolist(),
                "loss": [round(loss, 5) for loss in losses],
            }
        )
    menu = lab.menu(prize, PRIZE_WIDTHS)
    return {
        "rungs": rows,
        "prize": {
            "C": float(prize),
            "widths": list(PRIZE_WIDTHS),
            "N": menu.N.tolist(),
            "D": menu.D.tolist(),
            "loss": [round(lab.train(row.width, row.tokens).loss, 5) for row in menu.itertuples()],
            "expected": [
                round(lab.true_loss(row.width, row.tokens), 6) for row in menu.itertuples()
            ],
        },
    }
