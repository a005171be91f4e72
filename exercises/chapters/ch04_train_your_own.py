"""Draws, points, probes and mutants of chapter 4, train your own."""

import numpy as np

from ..draw import told_apart
from ..spec import Spec

_MEANS = (
    "a, b = np.array(losses_a), np.array(losses_b)\n"
    "sd = np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2)\n"
    "difference = a.mean() - b.mean()\n"
)
_CURVE = "losses = np.array([loss_a, loss_b, loss_c, loss_d, loss_e, loss_f])\n"
_KNOWN = (
    "known = runs.load('ladder').query(\"arm == 'grid' and corpus == 'lexicon' "
    'and width == @next_width and seed == @next_seed and tokens <= 320_000")\n'
    "known = known.sort_values('tokens')\n"
    "last = known.loss.iloc[-1]\n"
)
_OUTSIDE = "outside = np.maximum(low - measured, 0) + np.maximum(measured - high, 0)\n"


_BENT = _CURVE + "x, y = np.log([8, 16, 24, 32, 48, 64]), np.log(losses - 1.366)\n"


def _interval(low, high, if_missed="high - low + 2 * (1 + odds) * surprise"):
    return _KNOWN + (
        f"low, high = {low}, {high}\n"
        f'next_run = {{"low": low, "high": high, "if_missed": {if_missed}}}'
    )


def _priced(if_missed):
    """The solution's interval, with another score of a miss."""
    return _interval("last - gain - 0.026", "last - gain + 0.026", if_missed).replace(
        "low, high =", "gain = 0.4 * (known.loss.iloc[-3] - last)\nlow, high ="
    )


def _size(
    parameters="2 * net_vocabulary * net_width + 2 * 12 * net_width**2",
    flops="6 * parameters * net_tokens",
):
    return f'parameters = {parameters}\nnet_size = {{"parameters": parameters, "flops": {flops}}}'


def _compared(
    difference="difference", error="sd * np.sqrt(2 / len(a))", seeds="8 * sd**2 / difference**2"
):
    return _MEANS + (
        f'comparison = {{"difference": {difference}, "standard_error": {error}, '
        f'"seeds_needed": {seeds}}}'
    )


def _two_recipes(stream):
    """Four or five seeds of each recipe, simulated with the noise that this chapter measured."""
    rng = np.random.default_rng(stream.seed())
    count, effect = stream.integer(4, 5), stream.uniform(0.008, 0.020, 0.001)
    base = stream.uniform(1.85, 2.15, 0.001)
    while True:  # an effect with the wrong sign, or none, would make a poor question
        a, b = (np.round(rng.normal(base - shift, 0.009, count), 4) for shift in (0.0, effect))
        gap = a.mean() - b.mean()
        others = [of(a) - of(b) for of in (np.min, np.median, lambda losses: losses[0])]
        apart = all(abs(other / gap - 1) > 0.06 for other in others)
        if abs(gap) > 0.004 and min(a.std(), b.std()) > 0.003 and apart:
            return {"losses_a": a.tolist(), "losses_b": b.tolist()}


def _net(stream):
    """A network whose tables are large enough that it matters whether they are counted."""
    while True:
        width, vocabulary = 8 * stream.integer(10, 60), stream.integer(200, 1200)
        tokens = stream.log_uniform(1e6, 9e8)
        if vocabulary > 1.5 * width:
            return {"net_width": width, "net_vocabulary": vocabulary, "net_tokens": tokens}


def _six_runs(stream):
    """A smooth curve with noise of 0.002, and one run in the middle that pays for a bad rate."""
    rng = np.random.default_rng(stream.seed())
    widths = np.array([8, 16, 24, 32, 48, 64])
    loss = 1.366 + stream.uniform(0.84, 0.88, 0.001) * (widths / 8) ** -stream.uniform(
        0.26, 0.30, 0.001
    )
    loss += rng.normal(0, 0.002, 6)
    loss[stream.integer(1, 4)] += stream.uniform(0.05, 0.08, 0.001)
    return {
        f"loss_{letter}": round(float(value), 3)
        for letter, value in zip("abcdef", loss, strict=True)
    }


def _above_its_neighbours(place):
    """By how much the log of a run's reducible loss lies above the line between its neighbours."""
    widths = (8, 16, 24, 32, 48, 64)
    before, here, after = (
        f"ln(loss_{letter} - 1.366)" for letter in "abcdef"[place - 1 : place + 2]
    )
    left, middle, right = widths[place - 1 : place + 2]
    return f"{here} - {before} - ({after} - {before})*ln({middle}/{left})/ln({right}/{left})"


def _intervals(stream):
    """Personal forecasts: inside, below, above, and an array of them."""
    middle, level = stream.uniform(1.6, 2.0, 0.001), stream.choice([0.5, 0.8, 0.95])
    low, high = round(middle - 0.03, 3), round(middle + 0.04, 3)
    return [(low, high, round(middle + shift, 3), level) for shift in (0.01, -0.05, 0.07)] + [
        (
            np.array([low, low]),
            np.array([high, high]),
            np.array([middle - 0.2, middle + 0.2]),
            level,
        )
    ]


SPECS = (
    Spec(
        id="04-parameters",
        points=1,
        draw=told_apart("04-parameters", _net, share=0.01),
        by_hand={
            "parameters": "2 net_vocabulary net_width + 24 net_width^2",
            "flops": "6*(2 net_vocabulary net_width + 24 net_width^2)*net_tokens",
        },
        mutants={
            "tied head": _size("net_vocabulary * net_width + 24 * net_width**2"),
            "layers only": _size("24 * net_width**2"),
            "one layer": _size("2 * net_vocabulary * net_width + 12 * net_width**2"),
            "no attention": _size("2 * net_vocabulary * net_width + 16 * net_width**2"),
            "qkv counted once": _size("2 * net_vocabulary * net_width + 20 * net_width**2"),
            "forward only": _size(flops="2 * parameters * net_tokens"),
            "N squared": _size(flops="6 * parameters**2 * net_tokens"),
        },
    ),
    Spec(
        id="04-noise-or-effect",
        points=2,
        draw=told_apart("04-noise-or-effect", _two_recipes, share=0.0),
        by_hand={
            "difference": "mean(losses_a) - mean(losses_b)",
            "standard_error": "sqrt((sd(losses_a)^2 + sd(losses_b)^2)/2)*sqrt(2/count(losses_a))",
            "seeds_needed": (
                "gap = mean(losses_a) - mean(losses_b)",
                "8*(sd(losses_a)^2 + sd(losses_b)^2)/2/gap^2",
            ),
        },
        mutants={
            "B minus A": _compared(difference="-difference"),
            "luckiest seeds": _compared(difference="a.min() - b.min()"),
            "scatter of single runs": _compared(error="sd"),
            "one mean only": _compared(error="sd / np.sqrt(len(a))"),
            "divided by n": _compared(
                error="np.sqrt((a.var() + b.var()) / 2) * np.sqrt(2 / len(a))"
            ),
            "one standard error": _compared(seeds="2 * sd**2 / difference**2"),
            "no square": _compared(seeds="2 * sd * np.sqrt(2 * len(a)) / abs(difference)"),
            "errors added": _compared(error="2 * sd / np.sqrt(len(a))"),
        },
    ),
    Spec(
        id="04-bad-rate",
        points=1,
        draw=_six_runs,
        by_hand={"A": "0", "F": "0"}
        | {name: _above_its_neighbours(place) for place, name in enumerate("BCDE", 1)},
        mutants={
            "highest loss": _CURVE + 'bad_run = "ABCDEF"[losses.argmax()]',
            "lowest loss": _CURVE + 'bad_run = "ABCDEF"[losses.argmin()]',
            "farthest below the line": _BENT
            + 'bad_run = "ABCDEF"[np.argmin(y - np.polyval(np.polyfit(x, y, 1), x))]',
            "the run before the jump": _CURVE + 'bad_run = "ABCDEF"[np.argmax(np.diff(losses))]',
            "a width for a letter": _BENT
            + "bad_run = [8, 16, 24, 32, 48, 64][np.argmax(y - np.polyval(np.polyfit(x, y, "
            "1), x))]",
            "steepest fall": _CURVE + 'bad_run = "ABCDEF"[1 + np.argmin(np.diff(losses))]',
        },
    ),
    Spec(
        id="04-interval-score",
        points=2,
        probes=_intervals,
        mutants={
            "width only": "return high - low + 0 * measured",
            "distance from the middle": "return np.abs(measured - (low + high) / 2)",
            "a miss is cheap": _OUTSIDE + "return high - low + outside",
            "level upside down": _OUTSIDE + "return high - low + 2 / level * outside",
            "one side": "return high - low + 2 / (1 - level) * np.maximum(measured - high, 0)",
        },
    ),
    Spec(
        id="04-next-run",
        points=3,
        draw=lambda stream: {
            "next_width": stream.choice([8, 16, 32]),
            "next_seed": stream.integer(0, 2),
            "odds": stream.integer(3, 19),
            "surprise": stream.uniform(0.01, 0.05, 0.001),
        },
        by_hand={
            "low": ("g = 2.0335 - 1.964", "r = g/(2.1195 - 2.0335)", "1.964 - g*r - 0.025"),
            "high": ("g = 2.0335 - 1.964", "r = g/(2.1195 - 2.0335)", "1.964 - g*r + 0.025"),
            "if_missed": "0.05 + 2 (1 + odds) surprise",
        },
        mutants={
            "no more gain": _interval("last", "last + 0.05"),
            "anything may happen": _interval("1.4", "last - 1e-3"),
            "no noise": _interval("last - 1e-3", "last - 1e-4"),
            "below the entropy": _interval("1.2", "1.3"),
            "turned round": _interval("last", "last - 0.1"),
            "the width forgotten": _priced("2 * (1 + odds) * surprise"),
            "a nat for a nat": _priced("high - low + surprise"),
            "odds taken for chances": _priced("high - low + 2 / (1 / odds) * surprise"),
        },
    ),
)
