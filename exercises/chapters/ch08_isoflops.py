"""Chapter 8: draws, probes, points and mutants."""

from __future__ import annotations

import numpy as np

from scalinglib.checks import Number, Several, registry

from ..spec import Spec


def _parabola_probes(stream):
    """Noisy valleys of five to nine sizes."""
    probes = []
    for _ in range(3):
        N = 10 ** stream.uniform(6, 10, 0.01) * stream.uniform(1.5, 3, 0.01) ** np.arange(
            stream.integer(5, 9)
        )
        bottom = N[len(N) // 2] * stream.uniform(0.6, 1.6, 0.01)
        noise = np.array([stream.uniform(-0.004, 0.004, 1e-5) for _ in N])
        probes.append((N, stream.uniform(1.8, 3, 0.01) + 0.05 * np.log(N / bottom) ** 2 + noise))
    return probes


def _window_draw(stream):
    """A wide window round the optimum (the bias is positive), or one that ends just above it (negative).

    Drawn again where a parabola in N, or the lowest run, is nearly as much off as the parabola in log N.
    """
    while True:
        drawn = {"budget": stream.log_uniform(1e18, 1e23)}
        if stream.unit() < 0.5:
            drawn |= {"below": stream.uniform(10, 24, 0.1), "above": stream.uniform(10, 24, 0.1)}
        else:
            drawn |= {"below": stream.uniform(10, 20, 0.1), "above": stream.uniform(1.2, 1.4, 0.01)}
        known = registry.exercise("08-window-bias", Number).quantities(drawn)
        if min(abs(known["ratio"] - known[wrong]) for wrong in ("plain", "lowest")) > 0.003:
            return drawn


_WINDOW = (
    "best = HOFFMANN_2022.optimum(budget).N\n"
    "N = np.geomspace(best / below, best * above, 9)\n"
    "loss = HOFFMANN_2022.loss(N, budget / (6 * N))\n"
    "c, b, d = np.polyfit(np.log(N), loss, 2)\n"
    "found = np.exp(-b / (2 * c))\n"
)
_LOWEST = "lowest = study.loc[study.groupby('C').loss.idxmin()]\n"
_MENDED = (
    "fit = fitting.fit_isoflop(study.C, study.N, study.loss)\n"
    "refused = fit.minima[~fit.minima.interior].C.iloc[0]\n"
)
_BUYING = (
    "outward = 3 if three.loss.iloc[-1] < three.loss.iloc[0] else 1 / 3\n"
    "edge = three.N.max() if outward > 1 else three.N.min()\n"
)
_FITTED = (
    "N, loss = np.append(three.N, [first, second]), np.append(three.loss, buy(seed, [first, second]))\n"
    "c, b, d = np.polyfit(np.log(N), loss, 2)\n"
)


def _edge_seed(stream):
    """A study in which the wrong ways lead to other exponents than the right one, by 0.5 % or more."""
    while True:
        seed = stream.seed()
        found = registry.exercise("08-edge", Several).quantities({"seed": seed})
        wrong = (found[name] for name in ("careless", "every", "lowest"))
        if all(abs(one / found["honest"] - 1) > 0.005 for one in wrong):
            return {"seed": seed}


SPECS = (
    Spec(
        id="08-parabola",
        points=2,
        probes=_parabola_probes,
        mutants={
            "lowest run": "return N[np.argmin(loss)]",
            "parabola in N": "c, b, d = np.polyfit(N / 1e8, loss, 2)\nreturn 1e8 * -b / (2 * c)",
            "logarithm left on": "c, b, d = np.polyfit(np.log(N), loss, 2)\nreturn -b / (2 * c)",
            "mixed logarithms": "c, b, d = np.polyfit(np.log10(N), loss, 2)\nreturn np.exp(-b / (2 * c))",
            "the 2 forgotten": "c, b, d = np.polyfit(np.log(N), loss, 2)\nreturn np.exp(-b / c)",
            "sign": "c, b, d = np.polyfit(np.log(N), loss, 2)\nreturn np.exp(b / (2 * c))",
            "loss for size": "c, b, d = np.polyfit(np.log(N), loss, 2)\nreturn d - b**2 / (4 * c)",
            "cut to the window": "c, b, d = np.polyfit(np.log(N), loss, 2)\n"
            "return np.clip(np.exp(-b / (2 * c)), N.min(), N.max())",
        },
    ),
    Spec(
        id="08-window-bias",
        points=2,
        draw=_window_draw,
        mutants={
            "share for percent": _WINDOW + "bias = found / best - 1",
            "ratio": _WINDOW + "bias = found / best",
            "sign": _WINDOW + "bias = 100 * (1 - found / best)",
            "tokens for size": _WINDOW + "bias = 100 * (best / found - 1)",
            "lowest run": _WINDOW + "bias = 100 * (N[loss.argmin()] / best - 1)",
            "parabola in N": _WINDOW
            + "c, b, d = np.polyfit(N / best, loss, 2)\nbias = 100 * (-b / (2 * c) - 1)",
        },
    ),
    Spec(
        id="08-edge",
        points=3,
        draw=_edge_seed,
        mutants={
            "careless": _MENDED
            + _LOWEST
            + "mended = (refused, np.polyfit(np.log(lowest.C), np.log(lowest.N), 1)[0])",
            "through the refused vertex": _MENDED
            + "mended = (refused, np.polyfit(np.log(fit.minima.C), np.log(fit.minima.N), 1)[0])",
            "exponent of tokens": _MENDED + "mended = (refused, fit.law.b)",
            "slope upside down": _MENDED + "mended = (refused, 1 / fit.a)",
            "another budget": _MENDED
            + "mended = (fit.minima[fit.minima.interior].C.iloc[0], fit.a)",
        },
    ),
    Spec(
        id="08-two-runs",
        points=3,
        draw=lambda stream: {"seed": stream.seed()},
        mutants={
            "three runs only": _BUYING + "first, second = edge * outward, edge * outward**2\n"
            "c, b, d = np.polyfit(np.log(three.N), three.loss, 2)\n"
            "completed = (first, second, np.exp(-b / (2 * c)))",
            "on the side that is there": "first, second = three.N.median() * 1.1, three.N.median() * 1.3\n"
            + _FITTED
            + "completed = (first, second, np.exp(-b / (2 * c)))",
            "lowest run": _BUYING + "first, second = edge * outward, edge * outward**2\n"
            "completed = (first, second, second)",
            "logarithm": _BUYING
            + "first, second = edge * outward, edge * outward**2\n"
            + _FITTED
            + "completed = (first, second, -b / (2 * c))",
            "one size twice": _BUYING
            + "first = second = edge * outward**1.5\n"
            + _FITTED
            + "completed = (first, second, np.exp(-b / (2 * c)))",
        },
    ),
)
