"""Draws, points, probes and mutants of chapter 2, power laws."""

from ..draw import told_apart
from ..spec import Spec

MISS = """x = np.geomspace(1e6, 1e7, 5)
law = lambda x: reach_floor + (reach_scale / x) ** reach_exponent
line = np.polyfit(np.log(x), np.log(law(x)), 1)
far = np.geomspace(1e7, 1e10, 200_001)
miss = np.exp(np.polyval(line, np.log(far))) / law(far) - 1
"""
LINE = "slope, constant = np.polyfit(np.log(tokens), np.log(loss), 1)\n"
BEND = ("u = ln tokens - mean(ln tokens)", "q = u^2 - slope(u, u^2)*u")
FLOOR = "f = solve(t, 0, 0.99*min(loss), slope(q, ln(loss - t)))"


def _by(score):
    """A mutant that picks the curve of the highest score.

    score : an expression in x = log tokens and y = log loss.
    """
    return (
        "x = np.log(tokens)\n"
        "logs = {name: np.log(loss) for name, loss in curves_of_four.items()}\n"
        f"scores = {{name: {score} for name, y in logs.items()}}\n"
        "has_floor = max(scores, key=scores.get)"
    )


def _floored(
    doublings="np.log2(ratio) / floored_exponent",
    most="(0.5 - left) / (1 - left)",
    left="2 ** (-10 * floored_exponent)",
):
    return (
        "ratio = (1 - floor_share) / (0.5 - floor_share)\n"
        f"left = {left}\n"
        f'floored = {{"doublings_needed": {doublings}, "most_floor": {most}}}'
    )


SPECS = (
    Spec(
        id="02-halve-loss",
        points=1,
        draw=told_apart(
            "02-halve-loss",
            lambda stream: {"loss_per_doubling": stream.uniform(0.05, 0.2, step=0.001)},
            share=0.008,
        ),
        by_hand={"x": "2^(ln 0.5 / ln(1 - loss_per_doubling))"},
        mutants={
            "percentages added": "data_factor = 2 ** (0.5 / loss_per_doubling)",
            "doublings, not the factor": "data_factor = np.log(0.5) / np.log(1 - "
            "loss_per_doubling)",
            "share taken for the exponent": "data_factor = 2 ** (1 / loss_per_doubling)",
            "percentages added, and doublings": "data_factor = 0.5 / loss_per_doubling",
            "e for two": "data_factor = np.exp(np.log(0.5) / np.log(1 - loss_per_doubling))",
            "two times n": "data_factor = 2 * np.log(0.5) / np.log(1 - loss_per_doubling)",
        },
    ),
    Spec(
        id="02-doublings",
        points=2,
        draw=told_apart(
            "02-doublings",
            lambda stream: {
                "floored_exponent": stream.uniform(0.18, 0.45, step=0.001),
                "floor_share": stream.uniform(0.1, 0.38, step=0.01),
            },
            share=0.004,
        ),
        by_hand={
            "doublings_needed": "log2((1 - floor_share)/(0.5 - floor_share))/floored_exponent",
            "most_floor": ("r = 2^(-10*floored_exponent)", "(0.5 - r)/(1 - r)"),
        },
        mutants={
            "floor forgotten": _floored("1 / floored_exponent"),
            "what one doubling divides by": _floored("2**floored_exponent"),
            "natural logarithm": _floored("np.log(ratio) / floored_exponent"),
            "base 10": _floored("np.log10(ratio) / floored_exponent"),
            "the factor": _floored("ratio ** (1 / floored_exponent)"),
            "one half": _floored(most="0.5"),
            "ten times": _floored(left="10**-floored_exponent"),
            "whole loss lowered": _floored(most="0.5 - left"),
        },
    ),
    Spec(
        id="02-recover",
        points=3,
        draw=told_apart("02-recover", lambda stream: {"recover_seed": stream.seed()}),
        by_hand={
            # the floor that makes ln(loss - f) straight: no part of it goes with q, the bend
            "exponent": (*BEND, FLOOR, "-slope(ln tokens, ln(loss - f))"),
            "floor": (*BEND, FLOOR, "f"),
        },
        mutants={
            "a straight line": LINE + 'recovered = {"exponent": -slope, "floor": 0.0}',
            "the slope with its sign": LINE
            + 'recovered = {"exponent": slope, "floor": loss.min()}',
            "the first runs only": "early = np.polyfit(np.log(tokens[:5]), np.log(loss[:5]), 1)\n"
            'recovered = {"exponent": -early[0], "floor": fit_power_law(tokens, loss).law.floor}',
            "the scale for the floor": "law = fit_power_law(tokens, loss).law\nrecovered = "
            '{"exponent": law.exponent, "floor": law.scale}',
            "the lowest loss as floor": "law = fit_power_law(tokens, loss).law\nrecovered = "
            '{"exponent": law.exponent, "floor": loss.min()}',
            "logarithm of the floor": "law = fit_power_law(tokens, loss).law\nrecovered = "
            '{"exponent": law.exponent, "floor": np.log(law.floor)}',
        },
    ),
    Spec(
        id="02-spot-floor",
        points=1,
        draw=lambda stream: {"curves_seed": stream.seed()},
        by_hand={
            name: (
                "x = ln tokens - mean(ln tokens)",
                "q = x^2 - slope(x, x^2)*x",
                f"slope(q, ln {name})",
            )
            for name in "ABCD"
        },
        mutants={
            "the straightest curve": _by("np.corrcoef(x, y)[0, 1] ** 2"),
            "curved the wrong way": _by("-np.polyfit(x, y, 2)[0]"),
            "a place for a letter": _by("np.polyfit(x, y, 2)[0]")
            + '\nhas_floor = "ABCD".index(has_floor) + 1',
            "two letters": _by("np.polyfit(x, y, 2)[0]") + '\nhas_floor += " and D"',
            "a sentence for a letter": _by("np.polyfit(x, y, 2)[0]")
            + '\nhas_floor = f"curve {has_floor}"',
            "the noisiest curve": _by("np.std(np.diff(y, 3))"),
        },
    ),
    Spec(
        id="02-reach",
        points=3,
        draw=told_apart(
            "02-reach",
            lambda stream: {
                "reach_scale": stream.log_uniform(3e8, 3e9),
                "reach_exponent": stream.uniform(0.22, 0.4, step=0.001),
                "reach_floor": stream.uniform(1.2, 2.4, step=0.01),
            },
            share=0.01,
        ),
        by_hand={
            "x": (
                "y = ln(reach_floor + (reach_scale/tokens)^reach_exponent)",
                "s = slope(ln tokens, y)",
                "c = intercept(ln tokens, y)",
                "solve(m, 1, 100, exp(c + s*ln(m*1e7))/"
                "(reach_floor + (reach_scale/(m*1e7))^reach_exponent) - 0.95)",
            )
        },
        mutants={
            "tokens, not a multiple": MISS + "reach = far[np.argmax(miss < -0.05)]",
            "counted from the first run": MISS + "reach = far[np.argmax(miss < -0.05)] / 1e6",
            "one per cent": MISS + "reach = far[np.argmax(miss < -0.01)] / 1e7",
            "ten per cent": MISS + "reach = far[np.argmax(miss < -0.1)] / 1e7",
            "five per cent more tokens": "reach = 1.05",
            "seven per cent": MISS + "reach = far[np.argmax(miss < -0.07)] / 1e7",
        },
    ),
)
