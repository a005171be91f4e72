"""Chapter 9: draws, probes, points and mutants."""

from __future__ import annotations

import numpy as np

from ..draw import told_apart
from ..spec import Spec


def _huber_probes(stream):
    """Predictions around observed losses, some within delta and some far outside."""
    probes = []
    for _ in range(3):
        observed = np.array([stream.uniform(1.9, 4, 0.001) for _ in range(12)])
        off = np.array([stream.uniform(-0.004, 0.004, 1e-5) for _ in range(12)])
        probes.append((observed * np.exp(off), observed, stream.uniform(5e-4, 3e-3, 1e-5)))
    return probes


def _interval_draw(stream):
    width = stream.uniform(0.05, 0.12, 0.001)
    return {
        "n_runs": stream.integer(40, 260),
        "width": width,
        "wanted": round(width / stream.uniform(1.5, 4, 0.1), 4),
    }


# what refitting gives, without the time for it
_SCORED = (
    "from scalinglib.checks.chapters.ch09_parametric_fit import _scores, _told_reports\n"
    "scores = _scores({k: {n: np.asarray(c) for n, c in t.items()}\n"
    "                  for k, t in _told_reports(reports_seed).items()})\n"
    "which, ratio, reported = (scores[k] for k in ('guilty', 'ratio', 'reported'))\n"
)
_FITTED = "own_fit = fitting.fit_parametric(own.N, own.D, own.loss, bootstrap=41)\n"
_BEST = "own_fit.law.optimum(budget).N"


def _level(level):
    return (
        _FITTED
        + f"ends = own_fit.interval(lambda law: law.optimum(budget).N, level={level})\n"
        + f"plan = (ends[0], {_BEST}, ends[1])"
    )


def _row(column, place, rows):
    """The entry of a column in one row, as an expression."""
    return f"sum({column}*exp(-1e6*({rows} - {place})^2))"


def _planned_by_hand():
    """The best size by the law, the sizes of all refits, and the third from either end of them."""
    law, refits = (
        f"({name}_alpha*{name}_A/({name}_beta*{name}_B))^(1/({name}_alpha + {name}_beta))"
        f"*(budget/6)^({name}_beta/({name}_alpha + {name}_beta))"
        for name in ("law", "refits")
    )
    return {
        "low": (f"n = {refits}", _row("n", 3, "refit")),
        "best": law,
        "high": (f"n = {refits}", _row("n", 39, "refit")),
    }


def _scored_by_hand():
    """For each report its constants, the residuals, the smaller of each and delta, and the sum."""
    lines = []
    for k in (1, 2, 3, 4):
        lines += [
            f"{name}{k} = {_row(name, k, 'report')}"
            for name in ("E", "A", "alpha", "B", "beta", "least")
        ]
        lines += [
            f"r{k} = abs(ln(E{k} + A{k}/N^alpha{k} + B{k}/D^beta{k}) - ln(loss_{k}))",
            f"m{k} = (r{k} + 0.001 - abs(r{k} - 0.001))/2",
            f"q{k} = sum(m{k}*(r{k} - m{k}/2))/least{k}",
        ]
    most = "max(q1, q2, q3, q4)"
    which = f"sum(list(1, 2, 3, 4)*(list(q1, q2, q3, q4)/{most})^3000)"
    return {"which": (*lines, which), "excess": (*lines, most)}


SPECS = (
    Spec(
        id="09-huber",
        points=2,
        probes=_huber_probes,
        mutants={
            "mean": "r = np.abs(np.log(predicted) - np.log(observed))\n"
            "return np.mean(np.where(r <= delta, r**2 / 2, delta * (r - delta / 2)))",
            "losses for logs": "r = np.abs(predicted - observed)\n"
            "return np.sum(np.where(r <= delta, r**2 / 2, delta * (r - delta / 2)))",
            "ratio less one": "r = np.abs(predicted / observed - 1)\n"
            "return np.sum(np.where(r <= delta, r**2 / 2, delta * (r - delta / 2)))",
            "squares only": "return np.sum((np.log(predicted) - np.log(observed)) ** 2 / 2)",
            "no half": "r = np.abs(np.log(predicted) - np.log(observed))\n"
            "return np.sum(np.where(r <= delta, r**2, delta * (r - delta)))",
            "pieces apart": "r = np.abs(np.log(predicted) - np.log(observed))\n"
            "return np.sum(np.where(r <= delta, r**2 / 2, delta * r))",
            "one side only": "r = np.log(predicted) - np.log(observed)\n"
            "return np.sum(np.where(r <= delta, r**2 / 2, delta * (r - delta / 2)))",
            "delta typed in": "r = np.abs(np.log(predicted) - np.log(observed))\n"
            "return np.sum(np.where(r <= 1e-3, r**2 / 2, 1e-3 * (r - 1e-3 / 2)))",
        },
    ),
    Spec(
        id="09-stopped-early",
        points=3,
        draw=lambda stream: {"reports_seed": stream.seed()},
        by_hand=_scored_by_hand(),
        mutants={
            "largest objective": "scores = [\n"
            "    fitting.objective(law, runs.N, runs.D, runs.loss) for runs, law in reports\n]\n"
            "stopped_early = (int(np.argmax(scores)) + 1, max(scores) / min(scores))",
            "counted from 0": _SCORED + "stopped_early = (which - 1, ratio)",
            "upside down": _SCORED + "stopped_early = (which, 1 / ratio)",
            "share for ratio": _SCORED + "stopped_early = (which, ratio - 1)",
            "per cent": _SCORED + "stopped_early = (which, 100 * (ratio - 1))",
            "difference": _SCORED + "stopped_early = (which, reported - reported / ratio)",
        },
    ),
    Spec(
        id="09-halve-interval",
        points=1,
        draw=told_apart("09-halve-interval", _interval_draw),
        by_hand={"x": "n_runs*((width/wanted)^2 - 1)"},
        mutants={
            "in all": "runs_to_add = n_runs * (width / wanted) ** 2",
            "linear": "runs_to_add = n_runs * (width / wanted - 1)",
            "linear, in all": "runs_to_add = n_runs * width / wanted",
            "root on the wrong side": "runs_to_add = n_runs * ((width / wanted) ** 0.5 - 1)",
            "ratio upside down": "runs_to_add = n_runs * (wanted / width) ** 2 - n_runs",
            "factor for number": "runs_to_add = (width / wanted) ** 2",
        },
    ),
    Spec(
        id="09-plan",
        points=3,
        draw=told_apart(
            "09-plan",
            lambda stream: {"study_seed": stream.seed(), "budget": stream.log_uniform(1e22, 1e24)},
            share=0.012,
        ),
        by_hand=_planned_by_hand(),
        mutants={
            "corners": _FITTED + "ends = [\n"
            "    ChinchillaLaw(*own_fit.samples.quantile(q)).optimum(budget).N\n"
            "    for q in (0.05, 0.95)\n]\n"
            f"plan = (min(ends), {_BEST}, max(ends))",
            "80 %": _level(0.8),
            "95 %": _level(0.95),
            "billions": _FITTED
            + "low, high = own_fit.interval(lambda law: law.optimum(budget).N / 1e9)\n"
            f"plan = (low, {_BEST} / 1e9, high)",
            "tokens": _FITTED + "low, high = own_fit.interval(lambda law: law.optimum(budget).D)\n"
            "plan = (low, own_fit.law.optimum(budget).D, high)",
        },
    ),
)
