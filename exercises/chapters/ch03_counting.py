"""Draws, points and mutants of chapter 3, counting."""

from ..spec import Spec

_HEAD_WIDTHS = (64, 96, 128)


def _misprinted(stream):
    """A row of a table of models with one entry that is wrong, and that only one correction makes right."""
    d_head = stream.choice(_HEAD_WIDTHS)
    n_head, n_layer = stream.integer(14, 40), stream.integer(20, 60)
    d_model = n_head * d_head
    n_vocab = 1000 * stream.integer(30, 60)
    count = 12 * n_layer * d_model**2 + n_vocab * d_model
    kind = stream.choice(("layers", "width", "heads", "head width"))
    if kind == "layers":
        n_layer += stream.choice((-6, -4, 4, 6))
    elif kind == "width":
        d_model += stream.choice((-40, -20, 20, 40))
    elif kind == "heads":  # two or more up, to the next number that does not divide the width
        n_head = next(
            number for number in range(n_head + stream.integer(2, 6), 200) if d_model % number
        )
    else:
        d_head = stream.choice(
            [width for width in (48, 56, 72, 80, 112, 144, 160, 192) if d_model % width]
        )
    return {
        "n_layer": n_layer,
        "d_model": d_model,
        "n_head": n_head,
        "d_head": d_head,
        "n_vocab": n_vocab,
        "n_millions": float(f"{count / 1e6:.4g}"),
    }


def _context_share(stream):
    """A model and a share at which the contexts of two other well-known questions are not the answer."""
    while True:
        params = {
            "n_layer": stream.integer(6, 24),
            "d_model": 64 * stream.integer(6, 32),
            "n_vocab": 1000 * stream.integer(32, 128),
            "share": stream.uniform(0.25, 0.42, 0.01),
        }
        n_layer, d_model, n_vocab, share = params.values()
        odds = share / (1 - share)
        answer = odds * (6 * d_model + n_vocab / (2 * n_layer))
        if all(
            abs(wrong / answer - 1) > 0.03
            for wrong in (6 * d_model, 12 * d_model, 12 * odds * d_model)
        ):
            return params


_HOURS = "hours = 6 * n_params * n_tokens / (peak_flops * utilisation * 3600)\n"
_REST = "rest = 24 * n_layer * d_model**2 + 2 * n_vocab * d_model\n"

SPECS = (
    Spec(
        id="03-layers-only",
        points=1,
        draw=lambda stream: {
            "n_layer": stream.integer(6, 60),
            "d_model": (d := 64 * stream.integer(8, 80)),
            "d_ff": stream.choice((d * 2, d * 3, d * 5, d * 6, d * 8, d * 5 // 2)),
            "n_vocab": 1000 * stream.integer(30, 250),
        },
        by_hand={"x": "n_layer (4 d_model^2 + 2 d_model d_ff)"},
        mutants={
            "whole model": "inside_layers = n_layer * d_model * (4 * d_model + 2 * d_ff) + 2 * n_vocab * d_model",
            "one table left": "inside_layers = n_layer * d_model * (4 * d_model + 2 * d_ff) + n_vocab * d_model",
            "d_ff taken as 4 d": "inside_layers = 12 * n_layer * d_model**2",
            "one feed-forward matrix": "inside_layers = n_layer * (4 * d_model**2 + d_model * d_ff)",
            "one layer": "inside_layers = 4 * d_model**2 + 2 * d_model * d_ff",
        },
    ),
    Spec(
        id="03-context-share",
        points=2,
        draw=_context_share,
        by_hand={"x": "share/(1 - share)*(24 n_layer d_model + 2 n_vocab)/(4 n_layer)"},
        mutants={
            "no output layer": "context_needed = share / (1 - share) * 6 * d_model",
            "half of the square": _REST
            + "context_needed = share / (1 - share) * rest / (2 * n_layer * d_model)",
            "share of the rest": _REST + "context_needed = share * rest / (4 * n_layer * d_model)",
            "Kaplan's rule": "context_needed = 12 * d_model",
            "odds turned": _REST
            + "context_needed = (1 - share) / share * rest / (4 * n_layer * d_model)",
        },
    ),
    Spec(
        id="03-training-bill",
        points=2,
        draw=lambda stream: {
            "n_params": (size := stream.log_uniform(1e8, 1e11)),
            "n_tokens": float(f"{size * stream.integer(10, 200):.2e}"),
            "peak_flops": stream.choice((312e12, 989e12)),
            "utilisation": stream.uniform(0.15, 0.45, 0.01),
            "per_hour": stream.uniform(1.2, 4.0, 0.1),
            "watts": stream.integer(7, 12) * 50,
            "pue": stream.uniform(1.1, 1.6, 0.05),
        },
        by_hand={
            "gpu_hours": "6 n_params n_tokens/(peak_flops*utilisation*3600)",
            "money": ("h = 6 n_params n_tokens/(peak_flops*utilisation*3600)", "h per_hour"),
            "kwh": ("h = 6 n_params n_tokens/(peak_flops*utilisation*3600)", "h watts pue/1000"),
        },
        mutants={
            "peak reached": _HOURS.replace(" * utilisation", "")
            + "bill = (hours, hours * per_hour, hours * watts * pue / 1000)",
            "utilisation upside down": "hours = 6 * n_params * n_tokens * utilisation / (peak_flops * 3600)\n"
            "bill = (hours, hours * per_hour, hours * watts * pue / 1000)",
            "seconds": _HOURS.replace(" * 3600", "")
            + "bill = (hours, hours * per_hour, hours * watts * pue / 1000)",
            "forward pass only": _HOURS.replace("6 *", "2 *")
            + "bill = (hours, hours * per_hour, hours * watts * pue / 1000)",
            "N squared": _HOURS.replace("6 *", "n_params *")
            + "bill = (hours, hours * per_hour, hours * watts * pue / 1000)",
            "watt-hours": _HOURS + "bill = (hours, hours * per_hour, hours * watts * pue)",
            "no building": _HOURS + "bill = (hours, hours * per_hour, hours * watts / 1000)",
            "PUE divided": _HOURS + "bill = (hours, hours * per_hour, hours * watts / pue / 1000)",
        },
    ),
    Spec(
        id="03-misprint",
        points=3,
        draw=_misprinted,
        by_hand={
            "layers": "n_layer",
            "width": "n_head d_head",
            "heads": "n_head",
            "head_width": "d_head",
        },
        mutants={
            "as printed": "mended = (n_layer, d_model, n_head, d_head)",
            "layers to fit the count, and nothing else": "mended = (round((1e6 * n_millions - n_vocab * d_model) / (12 * d_model**2)) + (n_head * d_head == d_model), "
            "d_model, n_head, d_head)",
            "two entries changed": "mended = (n_layer + 1, n_head * d_head, n_head + 1, d_head)",
            "the vocabulary forgotten": "mended = (round(1e6 * n_millions / (12 * d_model**2)) + 1, d_model, n_head, d_head)",
            "a fraction of a head": "mended = ((n_layer, d_model, d_model / d_head, d_head) if d_model % d_head\n"
            "          else (n_layer, d_model, n_head, d_model / n_head))",
            "heads and head width swapped": "mended = (n_layer, d_model, d_head, n_head)",
        },
    ),
)
