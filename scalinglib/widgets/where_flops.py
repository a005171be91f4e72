"""Where a transformer's parameters sit and where its FLOPs go, with 6N beside the exact count."""

from __future__ import annotations

import traitlets

from ..counting import Transformer
from . import bundle
from .picture import Picture

QUESTION = (
    "GPT-3 Small. Which single change makes the scores between tokens take half of the FLOPs: "
    "width, depth or context?"
)
D_HEAD = 64


class WhereFlopsGo(Picture):
    """Bars of parameters and FLOPs by part, as width, depth, context and vocabulary change.

    Parameters
    ----------
    model : Transformer
        The shape to start from. The picture counts heads of 64, d_ff = 4 d_model, one table for
        input and output, no table of positions; ValueError for a shape that is counted otherwise.
    """

    _esm = bundle.module("where_flops.js")
    _css = bundle.style("ui.css", "where_flops.css")
    moves = ("d_model", "n_layer", "n_ctx", "n_vocab")
    caption = "Parameters and FLOPs of a transformer by part, for a shape of your choice."

    d_model = traitlets.Int().tag(sync=True)
    n_layer = traitlets.Int().tag(sync=True)
    n_ctx = traitlets.Int().tag(sync=True)
    n_vocab = traitlets.Int().tag(sync=True)

    def __init__(self, model: Transformer | None = None, question: str = QUESTION) -> None:
        shape = model or counted(d_model=768, n_layer=12, n_ctx=2048, n_vocab=50_257)
        start = {name: getattr(shape, name) for name in self.moves}
        if shape != counted(**start):
            raise ValueError(
                f"{shape} is not counted as the picture counts: "
                f'heads of {D_HEAD}, d_ff = 4 d_model, tied, position="none", no biases'
            )
        super().__init__(**start, question=question)


def counted(d_model: int, n_layer: int, n_ctx: int, n_vocab: int) -> Transformer:
    """The shape as the picture counts it."""
    return Transformer(
        n_layer, d_model, d_model // D_HEAD, n_vocab, n_ctx, d_head=D_HEAD, position="none"
    )
