"""Chapter 14: draws, points, by-hand lines and mutants."""

from __future__ import annotations

from ..draw import told_apart
from ..spec import Spec

_BEYOND = """C, families = four_families(families_seed)
x = np.log(C)
scores = {}
for name, (loss, exam) in families.items():
    y = np.log(loss)
    scores[name] = SCORE
broken_family = max(scores, key=scores.get)
"""


def _exam(stream):
    """Surprisals of three answers of four tokens: one easy, one middling, one hard."""
    return {
        f"answer_{name}": [stream.uniform(low, high, 0.01) for _ in range(4)]
        for name, low, high in (("a", 0.01, 0.08), ("b", 0.28, 0.5), ("c", 0.8, 1.6))
    }


_ROWS = "surprisals = np.array([answer_a, answer_b, answer_c])\nexpected_share = "


_RATIO = "answer_length * -np.log(p_now) / np.log(2)"


def _factor(ratio, power="1 / gamma", start="1e21 * "):
    return f"compute_needed = {start}({ratio}) ** ({power})"


def _off_the_line(name):
    """The largest distance of a later loss from the line through the first seven, in ln loss."""
    return (
        f"tilt = slope(ln early_compute, ln early_loss_{name})",
        f"level = intercept(ln early_compute, ln early_loss_{name})",
        f"max(abs(ln later_loss_{name} - level - tilt * ln later_compute))",
    )


SPECS = (
    Spec(
        id="14-half-right",
        points=3,
        draw=told_apart(
            "14-half-right",
            lambda stream: {
                "p_now": stream.uniform(0.55, 0.8, step=0.005),
                "gamma": stream.uniform(0.3, 0.6, step=0.005),
                "answer_length": stream.integer(6, 30),
            },
            share=0,
        ),
        by_hand={"x": "1e21 * (answer_length * -ln(p_now)/ln(2))^(1/gamma)"},
        mutants={
            "one token": _factor("-np.log(p_now) / np.log(2)"),
            "length on the wrong side": _factor("-np.log(p_now) / (answer_length * np.log(2))"),
            "the factor": _factor(_RATIO, start=""),
            "gamma not turned round": _factor(_RATIO, "gamma"),
            "one over e": _factor("answer_length * -np.log(p_now)"),
            "length alone": _factor("answer_length"),
            "share of errors": _factor("(1 - p_now) * 2 * answer_length"),
        },
    ),
    Spec(
        id="14-exact-match",
        points=1,
        draw=told_apart("14-exact-match", _exam, share=0),
        by_hand={"x": "(exp(-sum(answer_a)) + exp(-sum(answer_b)) + exp(-sum(answer_c)))/3"},
        mutants={
            "a token": _ROWS + "np.exp(-surprisals.mean())",
            "mean first": _ROWS + "np.exp(-surprisals.mean() * 4)",
            "mean probability to the power": _ROWS + "np.exp(-surprisals).mean() ** 4",
            "mean probability": _ROWS + "np.exp(-surprisals).mean()",
            "all answers at once": _ROWS + "np.exp(-surprisals.sum())",
            "columns": _ROWS + "np.exp(-surprisals.sum(axis=0)).mean()",
            "counted": _ROWS + "np.exp(-surprisals.sum(axis=1)).sum()",
        },
    ),
    Spec(
        id="14-questions",
        points=3,
        draw=told_apart(
            "14-questions",
            lambda stream: {
                "p_token": stream.uniform(0.5, 0.7, step=0.005),
                "exam_length": stream.integer(6, 14),
            },
            share=0,
        ),
        by_hand={"x": "ln(0.05)/ln(1 - p_token^exam_length)"},
        mutants={
            "tokens": "questions = np.log(0.05) / np.log(1 - p_token)",
            "one expected": "questions = 1 / p_token**exam_length",
            "chances added": "questions = 0.95 / p_token**exam_length",
            "turned round": "questions = np.log(0.95) / np.log(1 - p_token**exam_length)",
            "ten per cent": "questions = np.log(0.1) / np.log(1 - p_token**exam_length)",
        },
    ),
    Spec(
        id="14-really-broken",
        points=2,
        draw=lambda stream: {"families_seed": stream.seed()},
        by_hand={name: _off_the_line(name) for name in "ABCD"},
        mutants={
            "the most sudden exam": _BEYOND.replace("SCORE", "np.diff(exam).max()"),
            "the lowest exam": _BEYOND.replace("SCORE", "-exam.mean()"),
            "the latest exam": _BEYOND.replace("SCORE", "np.argmax(exam > 0.5)"),
            "the flattest loss": _BEYOND.replace("SCORE", "np.polyfit(x[:7], y[:7], 1)[0]"),
            "the easiest exam": _BEYOND.replace("SCORE", "exam.mean()"),
        },
    ),
)
