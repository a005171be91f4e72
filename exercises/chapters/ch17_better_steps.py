"""Chapter 17: draws, points and mutants."""

from __future__ import annotations

from ..draw import told_apart
from ..spec import Spec


def _muon(stream) -> dict:
    return {
        "width": stream.integer(40, 400),
        "batch": 16 * stream.integer(8, 120),
        "gain": stream.uniform(1.25, 1.95, 0.01),
    }


def _answers(stream) -> dict:
    return {
        "a": stream.uniform(1.0, 2.2, 0.01),
        "b": stream.uniform(0.3, 0.55, 0.005),
        "target": stream.uniform(0.6, 0.82, 0.005),
        "dearer": stream.uniform(3, 30, 0.1),
    }


def _bill(own="300 * width / (72 * batch)", net="gain / (1 + own)", least=None):
    least = least or "300 * width / (72 * (gain - 1))"
    return f'own = {own}\nbill = {{"own": own, "net": {net}, "least_batch": {least}}}'


def _small(k="(a / -np.log(target)) ** (1 / b)", cost="k / dearer"):
    return f'k = {k}\nsmall = {{"answers_needed": k, "times_the_cost": {cost}}}'


def _told(y, score, slope="line[0]"):
    return (
        "models, next_loss = score_study(seed)\n"
        f"line = np.polyfit(models.loss, {y}, 1)\n"
        "at = np.polyval(line, next_loss)\n"
        f'told_score = {{"slope": {slope}, "score": {score}}}'
    )


_LOGIT = "np.log(models.score / (1 - models.score))"

SPECS = (
    Spec(
        id="17-muon-bill",
        points=2,
        draw=told_apart("17-muon-bill", _muon),
        by_hand={
            "own": "300*width/(72*batch)",
            "net": "gain/(1 + 300*width/(72*batch))",
            "least_batch": "300*width/(72*(gain - 1))",
        },
        mutants={
            "one token a step": _bill(own="300 * width / 72"),
            "upside down": _bill(own="72 * batch / (300 * width)"),
            "the run is free": _bill(net="gain / own"),
            "taken off": _bill(net="gain - own"),
            "own equals gain": _bill(least="300 * width / (72 * gain)"),
            "own equals one": _bill(least="300 * width / 72"),
        },
    ),
    Spec(
        id="17-many-answers",
        points=3,
        draw=told_apart("17-many-answers", _answers),
        by_hand={
            "answers_needed": "(a/-ln(target))^(1/b)",
            "times_the_cost": "(a/-ln(target))^(1/b)/dearer",
        },
        mutants={
            "power not undone": _small("(a / -np.log(target)) ** b"),
            "upside down": _small("(-np.log(target) / a) ** (1 / b)"),
            "what is missed": _small("(a / -np.log(1 - target)) ** (1 / b)"),
            "equally hard": _small("np.log(1 - target) / np.log(1 - np.exp(-a))"),
            "dearer for the small": _small(cost="k * dearer"),
            "answers for cost": _small(cost="k"),
        },
    ),
    Spec(
        id="17-next-score",
        points=3,
        draw=told_apart("17-next-score", lambda stream: {"seed": stream.seed()}),
        by_hand={
            "slope": "slope(loss, ln(score/(1 - score)))",
            "score": (
                "s = slope(loss, ln(score/(1 - score)))",
                "c = intercept(loss, ln(score/(1 - score)))",
                "1/(1 + exp(-(c + s*next_loss)))",
            ),
        },
        mutants={
            "no logit": _told("models.score", "at"),
            "log of the score": _told("np.log(models.score)", "np.exp(at)"),
            "logit left on": _told(_LOGIT, "at"),
            "wrong answers": _told(_LOGIT, "1 / (1 + np.exp(at))"),
            "sign": _told(_LOGIT, "1 / (1 + np.exp(-at))", "-line[0]"),
            "best so far": _told(_LOGIT, "models.score.iloc[-1]"),
        },
    ),
)
