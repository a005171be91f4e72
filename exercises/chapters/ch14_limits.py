"""Chapter 14: draws, points, probes and mutants."""

from __future__ import annotations

import numpy as np

from ..spec import Spec

_BEYOND = """C, families = four_families(seed)
x = np.log(C)
scores = {}
for name, (loss, exam) in families.items():
    y = np.log(loss)
    scores[name] = SCORE
broken_family = max(scores, key=scores.get)
"""


def _personal_exam(stream):
    """Surprisals of a few answers of one length, some easy and some hard."""
    rows, length = stream.integer(3, 6), stream.integer(2, 7)
    return (
        np.array(
            [
                [stream.uniform(0.0, 0.4, 0.01) * 4 ** (row % 3) for _ in range(length)]
                for row in range(rows)
            ]
        ),
    )


SPECS = (
    Spec(
        id="14-half-right",
        points=3,
        draw=lambda stream: {
            "p_now": stream.uniform(0.55, 0.8, step=0.005),
            "gamma": stream.uniform(0.3, 0.6, step=0.005),
            "length": stream.integer(6, 30),
        },
        mutants={
            "one token": "compute_needed = 1e21 * (-np.log(p_now) / np.log(2)) ** (1 / gamma)",
            "length on the wrong side": "compute_needed = 1e21 * (-np.log(p_now) / (length * np.log(2))) ** (1 / gamma)",
            "the factor": "compute_needed = (length * -np.log(p_now) / np.log(2)) ** (1 / gamma)",
            "gamma not turned round": "compute_needed = 1e21 * (length * -np.log(p_now) / np.log(2)) ** gamma",
            "one over e": "compute_needed = 1e21 * (length * -np.log(p_now)) ** (1 / gamma)",
            "length alone": "compute_needed = 1e21 * length ** (1 / gamma)",
            "share of errors": "compute_needed = 1e21 * ((1 - p_now) * 2 * length) ** (1 / gamma)",
        },
    ),
    Spec(
        id="14-exact-match",
        points=1,
        probes=lambda stream: [_personal_exam(stream) for _ in range(3)],
        mutants={
            "a token": "return np.exp(-np.mean(surprisals))",
            "mean first": "return np.exp(-np.mean(surprisals) * np.shape(surprisals)[1])",
            "mean probability to the power": "return np.exp(-np.asarray(surprisals)).mean() ** np.shape(surprisals)[1]",
            "mean probability": "return np.exp(-np.asarray(surprisals)).mean()",
            "all answers at once": "return np.exp(-np.sum(surprisals))",
            "columns": "return np.exp(-np.sum(surprisals, axis=0)).mean()",
            "counted": "return np.exp(-np.sum(surprisals, axis=1)).sum()",
        },
    ),
    Spec(
        id="14-questions",
        points=3,
        draw=lambda stream: {
            "p_token": stream.uniform(0.5, 0.7, step=0.005),
            "length": stream.integer(6, 14),
        },
        mutants={
            "tokens": "questions = np.log(0.05) / np.log(1 - p_token)",
            "one expected": "questions = 1 / p_token**length",
            "chances added": "questions = 0.95 / p_token**length",
            "turned round": "questions = np.log(0.95) / np.log(1 - p_token**length)",
            "ten per cent": "questions = np.log(0.1) / np.log(1 - p_token**length)",
        },
    ),
    Spec(
        id="14-really-broken",
        points=2,
        draw=lambda stream: {"seed": stream.seed()},
        mutants={
            "the most sudden exam": _BEYOND.replace("SCORE", "np.diff(exam).max()"),
            "the lowest exam": _BEYOND.replace("SCORE", "-exam.mean()"),
            "the latest exam": _BEYOND.replace("SCORE", "np.argmax(exam > 0.5)"),
            "the flattest loss": _BEYOND.replace("SCORE", "np.polyfit(x[:7], y[:7], 1)[0]"),
            "the easiest exam": _BEYOND.replace("SCORE", "exam.mean()"),
        },
    ),
)
