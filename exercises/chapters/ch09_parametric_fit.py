"""Chapter 9: draws, probes, points and mutants."""

from __future__ import annotations

import numpy as np

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
    "from scalinglib.checks.chapters.ch09_parametric_fit import _scores\n"
    "which, ratio, _ = _scores(seed)\n"
)
_FITTED = "fit = fitting.fit_parametric(study.N, study.D, study.loss, bootstrap=500)\n"

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
        draw=lambda stream: {"seed": stream.seed()},
        mutants={
            "largest objective": "scores = [fitting.objective(law, runs.N, runs.D, runs.loss) for runs, law in reports]\n"
            "stopped_early = (int(np.argmax(scores)) + 1, max(scores) / min(scores))",
            "counted from 0": _SCORED + "stopped_early = (which - 1, ratio)",
            "upside down": _SCORED + "stopped_early = (which, 1 / ratio)",
            "share for ratio": _SCORED + "stopped_early = (which, ratio - 1)",
            "per cent": _SCORED + "stopped_early = (which, 100 * (ratio - 1))",
            "difference": _SCORED + "runs, law = reports[which - 1]\n"
            "reported = fitting.objective(law, runs.N, runs.D, runs.loss)\n"
            "stopped_early = (which, reported - reported / ratio)",
        },
    ),
    Spec(
        id="09-halve-interval",
        points=1,
        draw=_interval_draw,
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
        draw=lambda stream: {"seed": stream.seed(), "budget": stream.log_uniform(1e22, 1e24)},
        mutants={
            "corners": _FITTED
            + "ends = [ChinchillaLaw(*fit.samples.quantile(q)).optimum(budget).N for q in (0.05, 0.95)]\n"
            "plan = (min(ends), fit.law.optimum(budget).N, max(ends))",
            "80 %": _FITTED
            + "low, high = fit.interval(lambda law: law.optimum(budget).N, level=0.8)\n"
            "plan = (low, fit.law.optimum(budget).N, high)",
            "95 %": _FITTED
            + "low, high = fit.interval(lambda law: law.optimum(budget).N, level=0.95)\n"
            "plan = (low, fit.law.optimum(budget).N, high)",
            "billions": _FITTED
            + "low, high = fit.interval(lambda law: law.optimum(budget).N / 1e9)\n"
            "plan = (low, fit.law.optimum(budget).N / 1e9, high)",
            "tokens": _FITTED + "low, high = fit.interval(lambda law: law.optimum(budget).D)\n"
            "plan = (low, fit.law.optimum(budget).D, high)",
        },
    ),
)
