"""Chapter 8: draws, by-hand lines, points and mutants."""

from __future__ import annotations

import numpy as np

from ..draw import told_apart
from ..spec import Spec


def _valley(stream):
    """Five noisy losses about a parabola whose bottom lies inside, to four decimals."""
    k, bottom = np.arange(-2, 3), stream.uniform(-1.3, 1.3, 0.01)
    level, bend = stream.uniform(1.9, 2.9, 0.001), stream.uniform(0.012, 0.03, 0.001)
    noise = np.array([stream.uniform(-0.003, 0.003, 1e-4) for _ in k])
    return {
        "smallest_N": stream.log_uniform(2e7, 4e9, digits=3),
        "valley_loss": (level + bend * (k - bottom) ** 2 + noise).round(4).tolist(),
    }


def _window_draw(stream):
    """A window wide enough to miss (the bias is positive), or one that ends just above the optimum.

    That one misses on the other side.
    """
    drawn = {"window_budget": stream.log_uniform(1e18, 1e23)}
    if stream.unit() < 0.5:
        return drawn | {
            "window_below": stream.uniform(10, 24, 0.1),
            "window_above": stream.uniform(10, 24, 0.1),
        }
    return drawn | {
        "window_below": stream.uniform(10, 20, 0.1),
        "window_above": stream.uniform(1.2, 1.4, 0.01),
    }


_FIVE = (
    "valley_N = smallest_N * 2.0 ** np.arange(5)\n"
    "c, b, d = np.polyfit(np.log(valley_N), valley_loss, 2)\n"
)
_WINDOW = (
    "best = HOFFMANN_2022.optimum(window_budget).N\n"
    "N = np.geomspace(best / window_below, best * window_above, 9)\n"
    "loss = HOFFMANN_2022.loss(N, window_budget / (6 * N))\n"
    "c, b, d = np.polyfit(np.log(N), loss, 2)\n"
    "found = np.exp(-b / (2 * c))\n"
)
_LOWEST = "lowest = careless.loc[careless.groupby('C').loss.idxmin()]\n"
_MENDED = (
    "fit = fitting.fit_isoflop(careless.C, careless.N, careless.loss)\n"
    "refused = fit.minima[~fit.minima.interior].C.iloc[0]\n"
)
_BUYING = (
    "outward = 3 if three.loss.iloc[-1] < three.loss.iloc[0] else 1 / 3\n"
    "edge = three.N.max() if outward > 1 else three.N.min()\n"
)
_FITTED = (
    "N = np.append(three.N, [first, second])\n"
    "loss = np.append(three.loss, buy(two_runs_seed, [first, second]))\n"
    "c, b, d = np.polyfit(np.log(N), loss, 2)\n"
)
_PARABOLAS = (
    "b = (3*(loss7 - loss1) + 2*(loss6 - loss2) + loss5 - loss3)/28",
    "all = loss1 + loss2 + loss3 + loss4 + loss5 + loss6 + loss7",
    "c = (9*(loss1 + loss7) + 4*(loss2 + loss6) + loss3 + loss5 - 4 all)/84",
    "best = N4*2^(-b/(2 c))",
)

SPECS = (
    Spec(
        id="08-parabola",
        points=2,
        draw=told_apart("08-parabola", _valley, share=0.005),
        by_hand={
            "x": (
                "k = list(-2, -1, 0, 1, 2)",
                "b = sum(k valley_loss)/10",
                "c = (sum(k^2 valley_loss) - 2 sum(valley_loss))/14",
                "4 smallest_N*2^(-b/(2 c))",
            )
        },
        mutants={
            "lowest run": _FIVE + "valley_minimum = valley_N[np.argmin(valley_loss)]",
            "parabola in N": "valley_N = smallest_N * 2.0 ** np.arange(5)\n"
            "c, b, d = np.polyfit(valley_N / smallest_N, valley_loss, 2)\n"
            "valley_minimum = smallest_N * -b / (2 * c)",
            "logarithm left on": _FIVE + "valley_minimum = -b / (2 * c)",
            "mixed logarithms": _FIVE + "valley_minimum = np.exp(-b / (2 * c) / np.log(10))",
            "the 2 forgotten": "c, b, d = np.polyfit(np.arange(-2, 3), valley_loss, 2)\n"
            "valley_minimum = 4 * smallest_N * 2 ** (-b / c)",
            "sign": "c, b, d = np.polyfit(np.arange(-2, 3), valley_loss, 2)\n"
            "valley_minimum = 4 * smallest_N * 2 ** (b / (2 * c))",
            "loss for size": _FIVE + "valley_minimum = d - b**2 / (4 * c)",
            "e for 2": "c, b, d = np.polyfit(np.arange(-2, 3), valley_loss, 2)\n"
            "valley_minimum = 4 * smallest_N * np.exp(-b / (2 * c))",
        },
    ),
    Spec(
        id="08-window-bias",
        points=2,
        draw=told_apart("08-window-bias", _window_draw, share=0.01),
        by_hand={
            "x": (
                "k = list(-4, -3, -2, -1, 0, 1, 2, 3, 4)",
                "best, tokens = hoffmann_2022.optimum(window_budget)",
                "n = best/window_below*(window_below window_above)^((k + 4)/8)",
                "loss = hoffmann_2022.loss(n, window_budget/(6 n))",
                "b = sum(k loss)/60",
                "c = (sum(k^2 loss) - 20/3*sum(loss))/308",
                "middle = sqrt(window_above/window_below)",
                "100*(middle*(window_below window_above)^(-b/(2 c)/8) - 1)",
            )
        },
        mutants={
            "share for per cent": _WINDOW + "bias = found / best - 1",
            "ratio": _WINDOW + "bias = found / best",
            "sign": _WINDOW + "bias = 100 * (1 - found / best)",
            "tokens for size": _WINDOW + "bias = 100 * (best / found - 1)",
            "lowest run": _WINDOW + "bias = 100 * (N[loss.argmin()] / best - 1)",
            "parabola in N": _WINDOW + "c, b, d = np.polyfit(N / best, loss, 2)\n"
            "bias = 100 * (-b / (2 * c) - 1)",
        },
    ),
    Spec(
        id="08-edge",
        points=3,
        draw=told_apart("08-edge", lambda stream: {"edge_seed": stream.seed()}, share=0.002),
        by_hand={
            "budget": "1e20",
            "a": (
                *_PARABOLAS,
                "c1, c2, c3, c4, c5, c6 = C",
                "n1, n2, n3, n4, n5, n6 = best",
                "slope(ln list(c1, c2, c3, c4, c6), ln list(n1, n2, n3, n4, n6))",
            ),
        },
        mutants={
            "careless": _MENDED + _LOWEST + "mended = (\n"
            "    refused, np.polyfit(np.log(lowest.C), np.log(lowest.N), 1)[0])",
            "through the refused vertex": _MENDED + "mended = (\n"
            "    refused, np.polyfit(np.log(fit.minima.C), np.log(fit.minima.N), 1)[0])",
            "exponent of tokens": _MENDED + "mended = (refused, fit.law.b)",
            "slope upside down": _MENDED + "mended = (refused, 1 / fit.a)",
            "another budget": _MENDED
            + "mended = (fit.minima[fit.minima.interior].C.iloc[0], fit.a)",
        },
    ),
    Spec(
        id="08-two-runs",
        points=3,
        draw=lambda stream: {"two_runs_seed": stream.seed()},
        mutants={
            "three runs only": _BUYING + "first, second = edge * outward, edge * outward**2\n"
            "c, b, d = np.polyfit(np.log(three.N), three.loss, 2)\n"
            "completed = (first, second, np.exp(-b / (2 * c)))",
            "on the side that is there": "middle = three.N.median()\n"
            "first, second = middle * 1.1, middle * 1.3\n"
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
