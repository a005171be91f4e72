"""Draws, points and mutants of chapter 3, counting."""

from ..draw import told_apart
from ..spec import Spec

_HEAD_WIDTHS = (64, 96, 128)


def _misprinted(stream):
    """A row of a table of models with one wrong entry, which only one correction makes right."""
    head_width = stream.choice(_HEAD_WIDTHS)
    heads, layers = stream.integer(14, 40), stream.integer(20, 60)
    width = heads * head_width
    vocab = 1000 * stream.integer(30, 60)
    count = 12 * layers * width**2 + vocab * width
    kind = stream.choice(("layers", "width", "heads", "head width"))
    if kind == "layers":
        layers += stream.choice((-6, -4, 4, 6))
    elif kind == "width":
        width += stream.choice((-40, -20, 20, 40))
    elif kind == "heads":  # two or more up, to the next number that does not divide the width
        heads = next(
            number for number in range(heads + stream.integer(2, 6), 200) if width % number
        )
    else:
        head_width = stream.choice(
            [other for other in (48, 56, 72, 80, 112, 144, 160, 192) if width % other]
        )
    return {
        "printed_layers": layers,
        "printed_width": width,
        "printed_heads": heads,
        "printed_head_width": head_width,
        "printed_vocab": vocab,
        "printed_millions": float(f"{count / 1e6:.4g}"),
    }


def _inside(stream):
    """A model whose table is large enough that nobody mistakes the layers for the whole."""
    while True:
        params = {
            "n_layer": stream.integer(6, 60),
            "d_model": (d := 64 * stream.integer(8, 80)),
            "d_ff": stream.choice((d * 2, d * 3, d * 5, d * 6, d * 8, d * 5 // 2)),
            "n_vocab": 1000 * stream.integer(30, 250),
        }
        inside = params["n_layer"] * (4 * d + 2 * params["d_ff"])
        tables = [tables * params["n_vocab"] / inside for tables in (1, 2)]
        if tables[0] > 0.06 and all(abs(share - 1) > 0.06 for share in tables):
            return params


def _context_share(stream):
    """A model and a share at which the answers to other well-known questions are wrong."""
    while True:
        params = {
            "ctx_layers": stream.integer(6, 24),
            "ctx_width": 64 * stream.integer(6, 32),
            "ctx_vocab": 1000 * stream.integer(32, 128),
            "ctx_share": stream.uniform(0.25, 0.42, 0.01),
        }
        layers, width, vocab, share = params.values()
        odds = share / (1 - share)
        answer = odds * (6 * width + vocab / (2 * layers))
        if all(
            abs(wrong / answer - 1) > 0.03
            for wrong in (6 * width, 12 * width, 12 * odds * width, 6 * share * width)
        ):
            return params


_INSIDE = "n_layer * d_model * (4 * d_model + 2 * d_ff)"
_HOURS = "hours = 6 * n_params * n_tokens / (chip_peak * utilisation * 3600)\n"
_HOURS_LINE = "h_all = 6 n_params n_tokens/(chip_peak*utilisation*3600)"
_BILL = "run_bill = (hours, hours * chip_price, hours * chip_watts * building_pue / 1000)"
_REST = "rest = 24 * ctx_layers * ctx_width**2 + 2 * ctx_vocab * ctx_width\n"
_ODDS = "context_needed = ctx_share / (1 - ctx_share)"

_AS_PRINTED = "printed_layers, printed_width, printed_heads, printed_head_width"

SPECS = (
    Spec(
        id="03-layers-only",
        points=1,
        draw=told_apart("03-layers-only", _inside, share=0.005),
        by_hand={"x": "n_layer (4 d_model^2 + 2 d_model d_ff)"},
        mutants={
            "whole model": f"inside_layers = {_INSIDE} + 2 * n_vocab * d_model",
            "one table left": f"inside_layers = {_INSIDE} + n_vocab * d_model",
            "d_ff taken as 4 d": "inside_layers = 12 * n_layer * d_model**2",
            "one feed-forward matrix": f"inside_layers = {_INSIDE}".replace("2 *", ""),
            "one layer": "inside_layers = 4 * d_model**2 + 2 * d_model * d_ff",
            "FLOPs": f"inside_layers = 2 * {_INSIDE}",
        },
    ),
    Spec(
        id="03-context-share",
        points=2,
        draw=_context_share,
        by_hand={
            "x": "ctx_share/(1 - ctx_share)*(24 ctx_layers ctx_width + 2 ctx_vocab)/(4 ctx_layers)"
        },
        mutants={
            "no output layer": f"{_ODDS} * 6 * ctx_width",
            "half of the square": _REST + f"{_ODDS} * rest / (2 * ctx_layers * ctx_width)",
            "share of the rest": _REST
            + "context_needed = ctx_share * rest / (4 * ctx_layers * ctx_width)",
            "Kaplan's rule": "context_needed = 12 * ctx_width",
            "odds turned": _REST
            + "context_needed = (1 - ctx_share) / ctx_share * rest / (4 * ctx_layers * ctx_width)",
            "one layer's scores": _REST + f"{_ODDS} * rest / (4 * ctx_width)",
            "the width left in": _REST + f"{_ODDS} * rest / (4 * ctx_layers)",
        },
    ),
    Spec(
        id="03-training-bill",
        points=2,
        draw=told_apart(
            "03-training-bill",
            lambda stream: {
                "n_params": (size := stream.log_uniform(1e8, 1e11)),
                "n_tokens": float(f"{size * stream.integer(10, 200):.2e}"),
                "chip_peak": stream.choice((312e12, 989e12)),
                "utilisation": stream.uniform(0.15, 0.45, 0.01),
                "chip_price": stream.uniform(1.2, 4.0, 0.1),
                "chip_watts": stream.integer(7, 12) * 50,
                "building_pue": stream.uniform(1.1, 1.6, 0.05),
            },
            share=0.01,
        ),
        by_hand={
            "gpu_hours": "6 n_params n_tokens/(chip_peak*utilisation*3600)",
            "money": (_HOURS_LINE, "h_all chip_price"),
            "kwh": (_HOURS_LINE, "h_all chip_watts building_pue/1000"),
        },
        mutants={
            "peak reached": _HOURS.replace(" * utilisation", "") + _BILL,
            "utilisation upside down": "hours = 6 * n_params * n_tokens * utilisation / "
            "(chip_peak * 3600)\n" + _BILL,
            "seconds": _HOURS.replace(" * 3600", "") + _BILL,
            "forward pass only": _HOURS.replace("6 *", "2 *") + _BILL,
            "N squared": _HOURS.replace("6 *", "n_params *") + _BILL,
            "watt-hours": _HOURS + _BILL.replace(" / 1000", ""),
            "no building": _HOURS + _BILL.replace(" * building_pue", ""),
            "PUE divided": _HOURS + _BILL.replace("* building_pue", "/ building_pue"),
            "price divided": _HOURS + _BILL.replace("* chip_price", "/ chip_price"),
        },
    ),
    Spec(
        id="03-misprint",
        points=3,
        draw=_misprinted,
        by_hand={
            "layers": "printed_layers",
            "width": "printed_heads printed_head_width",
            "heads": "printed_heads",
            "head_width": "printed_head_width",
        },
        mutants={
            "as printed": f"mended_row = ({_AS_PRINTED})",
            "layers to fit the count, and nothing else": "layers = round((1e6 * printed_millions "
            "- printed_vocab * printed_width) / (12 * printed_width**2))\n"
            "layers += printed_heads * printed_head_width == printed_width\n"
            "mended_row = (layers, printed_width, printed_heads, printed_head_width)",
            "two entries changed": "mended_row = (printed_layers + 1, "
            "printed_heads * printed_head_width, printed_heads + 1, printed_head_width)",
            "the vocabulary forgotten": "layers = round(1e6 * printed_millions "
            "/ (12 * printed_width**2)) + 1\n"
            "mended_row = (layers, printed_width, printed_heads, printed_head_width)",
            "a fraction of a head": f"mended_row = ({_AS_PRINTED})\n"
            "if printed_width % printed_head_width:\n"
            "    mended_row = (printed_layers, printed_width, "
            "printed_width / printed_head_width, printed_head_width)\n"
            "else:\n"
            "    mended_row = (printed_layers, printed_width, printed_heads, "
            "printed_width / printed_heads)",
            "heads and head width swapped": "mended_row = (printed_layers, printed_width, "
            "printed_head_width, printed_heads)",
        },
    ),
)
