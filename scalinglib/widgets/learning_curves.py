"""Learning curves of our own recorded runs, one at a time, as the reader trains them."""

from __future__ import annotations

from typing import Any

import traitlets

from .. import runs
from . import bundle
from .picture import Picture

QUESTION = (
    "A network of width {width} has read {tokens} tokens. Double its width, or double its data: "
    "which one lowers the loss more?"
)


class LearningCurves(Picture):
    """Choose a width and data, guess the loss, train: the curve, and each doubling's gain.

    The runs are the recorded ones of `runs.load("ladder")`, arm "grid", language "lexicon", seed 0.

    Parameters
    ----------
    width, tokens : int
        The run that is there from the beginning. Raises ValueError where the table has no such run.
    """

    _esm = bundle.module("learning_curves.js")
    _css = bundle.style("ui.css", "learning_curves.css")
    moves = ("width", "data", "trained")
    caption = (
        "Loss against tokens read, of recorded runs of the laboratory, by width and length of text."
    )

    widths = traitlets.List(traitlets.Int()).tag(sync=True)
    sizes = traitlets.List(traitlets.Float()).tag(sync=True)  # parameters of each width
    tokens = traitlets.List(traitlets.Float()).tag(sync=True)
    # [width][tokens], held out, nats
    losses = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    # [width][tokens]: [tokens so far, training loss] pairs
    curves = traitlets.List().tag(sync=True)
    entropy = traitlets.Float().tag(sync=True)  # of the language, nats a token
    spread = traitlets.Float().tag(sync=True)  # between seeds: standard deviation of one run, nats
    width = traitlets.Int().tag(sync=True)  # indices of the run that the knobs stand on
    data = traitlets.Int().tag(sync=True)
    # [width, data] of what was trained
    trained = traitlets.List(traitlets.List(traitlets.Int())).tag(sync=True)

    def __init__(
        self, width: int = 16, tokens: int = 160_000, question: str = QUESTION, **traits: Any
    ) -> None:
        table = runs.load("ladder").query("arm == 'grid' and corpus == 'lexicon'")
        spread = table.groupby(["width", "tokens"])["loss"].var().mean() ** 0.5
        # of the largest width not every amount of data was run
        one = table.query("seed == 0 and width <= 64")
        grid = one.pivot(index="width", columns="tokens", values="loss")
        if width not in grid.index or tokens not in grid.columns:
            raise ValueError(
                f"no recorded run of width {width} and {tokens} tokens; "
                f"there are widths {list(grid.index)} and tokens {list(grid.columns)}"
            )
        points = {
            name: curve[["tokens", "loss"]].round(3).to_numpy().tolist()
            for name, curve in runs.load("ladder_curves").groupby("run_id")
        }
        names = one.pivot(index="width", columns="tokens", values="run_id").to_numpy()
        widths, sizes = [int(w) for w in grid.index], [float(D) for D in grid.columns]
        place = [widths.index(width), sizes.index(tokens)]
        super().__init__(
            widths=widths,
            tokens=sizes,
            sizes=one.groupby("width")["N"].first().astype(float).tolist(),
            losses=grid.round(6).to_numpy().tolist(),
            curves=[[points[name] for name in row] for row in names],
            entropy=float(one["entropy"].iloc[0]),
            spread=float(spread),
            width=place[0],
            data=place[1],
            trained=[place],
            question=question.format(width=width, tokens=f"{tokens:,}"),
            **traits,
        )
