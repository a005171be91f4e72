"""Chapter 12: draws, points and mutants."""

from __future__ import annotations

from scalinglib.laws import BESIROGLU_2024

from ..draw import told_apart
from ..spec import Spec


def _model(stream) -> dict:
    """A model that read far more than the frontier asks for."""
    size = stream.log_uniform(2e9, 1e11)
    return {
        "model_size": size,
        "model_tokens": float(f"{size * stream.log_uniform(120, 1500, 3):.1e}"),
    }


def _pair(stream) -> dict:
    """A compute-optimal model and a smaller one of its loss, which the traffic favours."""
    law, large = BESIROGLU_2024, stream.log_uniform(2e10, 4e11)
    small = float(f"{large * stream.uniform(0.35, 0.7, 0.005):.1e}")
    tokens = (law.beta * law.B / (law.alpha * law.A) * large**law.alpha) ** (1 / law.beta)
    left = law.loss(large, tokens) - law.E - law.A / small**law.alpha
    run = {
        "large_size": large,
        "large_tokens": float(f"{tokens:.2e}"),
        "small_size": small,
        "small_tokens": float(f"{(law.B / left) ** (1 / law.beta):.2e}"),
        "slower": stream.uniform(3, 20, 0.5),
    }
    more = small * run["small_tokens"] - large * run["large_tokens"]
    even = 3 * more / (run["slower"] * (large - small))
    return run | {"served_tokens": float(f"{even * stream.uniform(2, 20, 0.1):.1e}")}


_RATE = (
    "law = BESIROGLU_2024\n"
    "rate = law.alpha * law.A / model_size**law.alpha\n"
    "rate /= law.beta * law.B / model_tokens**law.beta\n"
)


def _pays(even, saved):
    return (
        "small, large = (small_size, small_tokens), (large_size, large_tokens)\n"
        "more = small_size * small_tokens - large_size * large_tokens\n"
        "less = large_size - small_size\n"
        "life = lambda one: one[0] * (6 * one[1] + 2 * slower * served_tokens)\n"
        f'cheaper = {{"even": {even}, "saved": {saved}}}'
    )


_QUALITY = (
    "law = BESIROGLU_2024\nloss = law.loss(optimal_size, data_of(law, optimal_size))\n"
    "at = planning.cheapest\n"
)
# by hand: the constants of a law under short names
_BESIROGLU = tuple(
    f"{name} = besiroglu_2024.{constant}"
    for name, constant in (("A", "A"), ("B", "B"), ("al", "alpha"), ("be", "beta"))
)
SPECS = (
    Spec(
        id="12-cheapest-size",
        points=2,
        draw=lambda stream: {
            "optimal_size": stream.log_uniform(5e10, 4e11),
            "tokens_served": stream.log_uniform(8e12, 1e14),
        },
        by_hand={
            "x": (
                *_BESIROGLU,
                "D = (be*B/(al*A) * optimal_size^al)^(1/be)",
                "above = A/optimal_size^al + B/D^be",
                "wall = (A/above)^(1/al)",
                "solve(n, 1.001*wall, optimal_size, al*A/n^al / (be*(above - A/n^al)) - 1"
                " - tokens_served/3 / (B/(above - A/n^al))^(1/be))",
            )
        },
        mutants={
            "traffic forgotten": "served_size = optimal_size",
            "served at the price of training": _QUALITY
            + "served_size = at(law, loss, 3 * tokens_served).N",
            "one FLOP a parameter": _QUALITY + "served_size = at(law, loss, tokens_served / 2).N",
            "the tokens": _QUALITY + "served_size = at(law, loss, tokens_served).D",
            "in billions": _QUALITY + "served_size = at(law, loss, tokens_served).N / 1e9",
        },
    ),
    Spec(
        id="12-built-for",
        points=2,
        draw=told_apart("12-built-for", _model),
        by_hand={
            "x": (
                *_BESIROGLU,
                "rate = (al*A/model_size^al) / (be*B/model_tokens^be)",
                "3*model_tokens*(rate - 1)",
            )
        },
        mutants={
            "the 1 forgotten": _RATE + "traffic = 3 * model_tokens * rate",
            "no 3": _RATE + "traffic = model_tokens * (rate - 1)",
            "upside down": _RATE + "traffic = 3 * model_tokens * (1 / rate - 1)",
            "without exponents": "law = BESIROGLU_2024\n"
            "rate = (law.A / model_size**law.alpha) / (law.B / model_tokens**law.beta)\n"
            "traffic = 3 * model_tokens * (rate - 1)",
            "the rate": _RATE + "traffic = rate",
            "in trillions": _RATE + "traffic = 3 * model_tokens * (rate - 1) / 1e12",
        },
    ),
    Spec(
        id="12-smaller-pays",
        points=3,
        draw=told_apart("12-smaller-pays", _pair),
        by_hand={
            "even": "3*(small_size*small_tokens - large_size*large_tokens)"
            "/(slower*(large_size - small_size))",
            "saved": (
                "small = 6*small_size*small_tokens + 2*slower*small_size*served_tokens",
                "large = 6*large_size*large_tokens + 2*slower*large_size*served_tokens",
                "1 - small/large",
            ),
        },
        mutants={
            "FLOPs for time": _pays("3 * more / less", "1 - life(small) / life(large)"),
            "no 3": _pays("more / (slower * less)", "1 - life(small) / life(large)"),
            "what is left": _pays("3 * more / (slower * less)", "life(small) / life(large)"),
            "of the smaller bill": _pays(
                "3 * more / (slower * less)", "life(large) / life(small) - 1"
            ),
            "answers alone": _pays("3 * more / (slower * less)", "1 - small[0] / large[0]"),
            "as if serving were quick": _pays(
                "3 * more * slower / less", "1 - life(small) / life(large)"
            ),
        },
    ),
)
