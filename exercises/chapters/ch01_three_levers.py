"""Draws, points, probes and mutants of chapter 1, three levers."""

import numpy as np

from ..draw import told_apart
from ..spec import Spec

_SHARE = "bytes_per_token = token_characters * character_bytes\n"
_DIE = "q = (1 - p_six) / 5\np = np.array([p_six] + 5 * [q])\nfloor = -(p * np.log(p)).sum()\n"
_ROWS = "rows = np.arange(len(targets))\nz = logits - logits.max(axis=1, keepdims=True)\n"
_SEEN = (
    "seen = curves.query('draw == @draw and D <= @characters')\n"
    "best = seen.groupby('D').loss.min()\n"
    "here = seen[seen.D == characters].set_index('order').loss\n"
)
_BEST = "best = curves.groupby(['D', 'order']).loss.mean().groupby('D').min().loc[16_000:]\n"


# where a law with a floor misses by less than 2 %, one without by more than 4 %, and the draw is
# not like the mean over draws
_TOLD_APART = [
    (512_000, 1),
    (256_000, 1),
    *((characters, draw) for characters in (1_024_000, 2_048_000) for draw in range(4)),
]


_PER_CHARACTER = (
    'per_character = {"A": loss_a / characters_a, "B": loss_b / characters_b,\n'
    '                 "C": loss_c / characters_c}\n'
    "best = min(per_character, key=per_character.get)\n"
)


def _answer(floor="floor", believer="np.log(6)"):
    return _DIE + f'die = {{"floor": {floor}, "believer": {believer}}}'


def _forecast(
    order="here.idxmin()",
    now="here.min()",
    later="law.loss(4 * characters)",
    fit="fitting.fit_power_law(best.loc[16_000:].index, best.loc[16_000:])",
    now_unit=" * characters_per_token",
    later_unit=" * characters_per_token",
):
    return _SEEN + (
        f'law = {fit}.law\nforecast = {{"order": {order}, "loss_now": {now}{now_unit},\n'
        f'            "loss_later": {later}{later_unit}}}'
    )


def _fitted_to(sizes):
    return (
        "means = curves.groupby(['D', 'order']).loss.mean().groupby('D').min()\n"
        f"best = {sizes}\nlaw = fitting.fit_power_law(best.index, best).law\n"
        "characters_needed = law.scale / (target - law.floor) ** (1 / law.exponent)"
    )


def _logits(stream):
    """Two personal batches: a small one, and one whose logits would overflow."""
    batches = []
    for size in (1, 300):
        rng = np.random.default_rng(stream.seed())
        batches.append((np.round(size * rng.normal(0, 2, (4, 6)), 2), rng.integers(0, 6, 4)))
    return batches


def _three_models(stream):
    """One cuts characters (lowest loss a token, worst model), one is best, one has long tokens.

    Their names are shuffled.
    """
    kinds = [
        (1.0, stream.uniform(0.85, 0.98, 0.01)),
        (stream.uniform(3.2, 4.2, 0.1), stream.uniform(0.58, 0.66, 0.01)),
        (stream.uniform(5.5, 7.0, 0.1), stream.uniform(0.70, 0.80, 0.01)),
    ]
    params = {}
    for name in "abc":
        characters, per_character = kinds.pop(stream.integer(0, len(kinds) - 1))
        params |= {
            f"loss_{name}": round(characters * per_character, 2),
            f"characters_{name}": characters,
        }
    return params


SPECS = (
    Spec(
        id="01-units",
        points=1,
        draw=told_apart(
            "01-units",
            lambda stream: {
                "token_loss": stream.uniform(1.8, 3.4, 0.01),
                "token_characters": stream.uniform(2.5, 5.0, 0.1),
                # 1.44 bytes would make bits per byte of nats per character
                "character_bytes": stream.uniform(1.1, 1.38, 0.01),
            },
        ),
        by_hand={
            "perplexity": "exp(token_loss)",
            "bits_per_byte": "token_loss / ln 2 / (token_characters * character_bytes)",
        },
        mutants={
            "nats per byte": _SHARE
            + 'converted = {"perplexity": np.exp(token_loss), "bits_per_byte": token_loss / '
            "bytes_per_token}",
            "bits per character": 'converted = {"perplexity": np.exp(token_loss), '
            '"bits_per_byte": token_loss / np.log(2) / token_characters}',
            "bits per token": 'converted = {"perplexity": np.exp(token_loss), "bits_per_byte": '
            "token_loss / np.log(2)}",
            "times ln 2": _SHARE
            + 'converted = {"perplexity": np.exp(token_loss), "bits_per_byte": token_loss * '
            "np.log(2) / bytes_per_token}",
            "perplexity of bits": _SHARE
            + 'converted = {"perplexity": 2 ** token_loss, "bits_per_byte": token_loss / '
            "np.log(2) / bytes_per_token}",
            "ratio upside down": 'converted = {"perplexity": np.exp(token_loss),\n'
            '             "bits_per_byte": token_loss / np.log(2) / token_characters * '
            "character_bytes}",
        },
    ),
    Spec(
        id="01-loaded-die",
        points=2,
        draw=told_apart("01-loaded-die", lambda stream: {"p_six": stream.uniform(0.3, 0.6, 0.001)}),
        by_hand={"floor": "-p_six ln(p_six) - (1 - p_six) ln((1 - p_six)/5)", "believer": "ln 6"},
        mutants={
            "bits": _answer(floor="floor / np.log(2)"),
            "surprise of a six": _answer(floor="-np.log(p_six)"),
            "six or not": _answer(floor="-p_six * np.log(p_six) - 5 * q * np.log(5 * q)"),
            "roles swapped": _answer(believer="-np.log(p).mean()"),
            "believer knows the die": _answer(believer="floor"),
            "only the extra cost": _answer(believer="np.log(6) - floor"),
        },
    ),
    Spec(
        id="01-cross-entropy",
        points=2,
        probes=_logits,
        mutants={
            "sum": _ROWS + "return (np.log(np.exp(z).sum(axis=1)) - z[rows, targets]).sum()",
            "bits": _ROWS
            + "return (np.log(np.exp(z).sum(axis=1)) - z[rows, targets]).mean() / np.log(2)",
            "mean probability first": _ROWS
            + "p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)\nreturn -np.log(p[rows, "
            "targets].mean())",
            "the whole table normalised": _ROWS
            + "return np.log(np.exp(logits).sum()) - logits[rows, targets].mean()",
            "likeliest token": _ROWS + "return np.log(np.exp(z).sum(axis=1)).mean()",
            "sign": _ROWS + "return (z[rows, targets] - np.log(np.exp(z).sum(axis=1))).mean()",
            "logits are not log probabilities": "return -logits[np.arange(len(targets)), "
            "targets].mean()",
            "overflow": "rows = np.arange(len(targets))\n"
            "with np.errstate(over='ignore', invalid='ignore'):\n"
            "    return (np.log(np.exp(logits).sum(axis=1)) - logits[rows, targets]).mean()",
        },
    ),
    Spec(
        id="01-forecast",
        points=3,
        draw=lambda stream: (
            dict(zip(("characters", "draw"), stream.choice(_TOLD_APART), strict=True))
            | {"characters_per_token": stream.uniform(2.5, 5.0, 0.01)}
        ),
        by_hand={
            "order": "4",
            "loss_now": "characters_per_token * min(order_4)",
            # each doubling takes off the same share of what the one before took
            "loss_later": (
                "a = 1.7537 - 1.6304",
                "b = 1.6304 - 1.549",
                "r = b/a",
                "characters_per_token * (1.549 - b*(r + r^2))",
            ),
        },
        mutants={
            "nats per character": _forecast(now_unit="", later_unit=""),
            "the forecast per character": _forecast(later_unit=""),
            "divided by the token": _forecast(
                now_unit=" / characters_per_token", later_unit=" / characters_per_token"
            ),
            "no gain": _forecast(later="here.min()"),
            "no floor": _forecast(
                fit="fitting.fit_power_law(best.loc[16_000:].index, best.loc[16_000:], floor=False)"
            ),
            "longest context": _forecast(order="7", now="here[7]"),
            "largest loss": _forecast(now="here.max()"),
            "mean of all orders": _forecast(now="here.mean()"),
            "mean over draws": _forecast(
                now="curves[curves.D == characters].groupby('order').loss.mean().min()"
            ),
            "twice the characters": _forecast(later="law.loss(2 * characters)"),
        },
    ),
    Spec(
        id="01-which-model",
        points=1,
        draw=_three_models,
        by_hand={
            "A": "-loss_a/characters_a",
            "B": "-loss_b/characters_b",
            "C": "-loss_c/characters_c",
        },
        mutants={
            "multiplied": 'better_model = min([(loss_a * characters_a, "A"), (loss_b * '
            'characters_b, "B"), '
            '(loss_c * characters_c, "C")])[1]',
            "the loss, not the model": _PER_CHARACTER + "better_model = per_character[best]",
            "two models": _PER_CHARACTER
            + 'better_model = best + " and " + min(set("ABC") - {best})',
            "lowest loss a token": 'better_model = min([(loss_a, "A"), (loss_b, "B"), (loss_c, '
            '"C")])[1]',
            "longest token": 'better_model = max([(characters_a, "A"), (characters_b, "B"), '
            '(characters_c, "C")])[1]',
            "ratio upside down": 'better_model = min([(characters_a / loss_a, "A"), (characters_b '
            '/ loss_b, "B"), (characters_c / loss_c, "C")])[1]',
        },
    ),
    Spec(
        id="01-characters-needed",
        points=3,
        draw=told_apart(
            "01-characters-needed", lambda stream: {"target": stream.uniform(1.28, 1.38, 0.0001)}
        ),
        by_hand={"x": "scale/(target - floor)^(1/exponent)"},
        mutants={
            "no floor": _BEST + "law = fitting.fit_power_law(best.index, best, floor=False).law\n"
            "characters_needed = law.scale / target ** (1 / law.exponent)",
            "floor not subtracted": _BEST + "law = fitting.fit_power_law(best.index, best).law\n"
            "characters_needed = law.scale / target ** (1 / law.exponent)",
            "exponent not turned round": _BEST
            + "law = fitting.fit_power_law(best.index, best).law\n"
            "characters_needed = law.scale / (target - law.floor) ** law.exponent",
            "all sizes": _fitted_to("means"),
            "the last size hidden": _fitted_to("means.loc[16_000:4_096_000]"),
        },
    ),
)
