"""Chapter 13: draws, points and mutants."""

from __future__ import annotations

from ..spec import Spec

_BOLD = """half = norm.ppf(0.95)
score = lambda h: 2 * h + 40 * (norm.pdf(h) - h * norm.sf(h))
"""
_TABLE = """table = four_forecasters(seed)
table["hit"] = (table.low <= table.measured) & (table.measured <= table.high)
table["wide"] = table.high - table.low
by = table.groupby("forecaster")
"""
_ORDER = """C = np.repeat(1e18 / 6 * np.array([0.1, 0.25, 0.6]), 6)
sizes = np.sqrt(C / 6 / np.tile(np.geomspace(0.5, 800, 6), 3))
losses = order(seed, sizes, C / 6 / sizes)
law = fitting.fit_parametric(sizes, C / 6 / sizes, losses, delta=1).law
"""
_FIT = """runs_bought = bought_runs(seed)
fit = fitting.fit_parametric(runs_bought.N, runs_bought.D, runs_bought.loss, delta=1, bootstrap=200)
middle = fit.law.loss(n_held, d_held)
"""


def _bold(coverage="2 * norm.cdf(half / factor) - 1", penalty="score(half / factor) / score(half)"):
    return _BOLD + f'overconfident = {{"coverage": {coverage}, "penalty": {penalty}}}'


def _prize(N, D="prize / (6 * N)"):
    return _ORDER + f'N = {N}\nprize_run = {{"N": N, "D": {D}}}'


SPECS = (
    Spec(
        id="13-overconfident",
        points=2,
        draw=lambda stream: {"factor": stream.uniform(1.4, 4.5, 0.002)},
        mutants={
            "coverage in proportion": _bold(coverage="0.9 / factor"),
            "one tail": _bold(coverage="norm.cdf(half / factor)"),
            "too wide instead": _bold(coverage="2 * norm.cdf(half * factor) - 1"),
            "ratio upside down": _bold(penalty="score(half) / score(half / factor)"),
            "misses above only": _bold(
                penalty="(2 * half / factor + (score(half / factor) - 2 * half / factor) / 2) / score(half)"
            ),
            "widths only": _bold(penalty="2 * half / factor / score(half)"),
        },
    ),
    Spec(
        id="13-who-is-honest",
        points=2,
        draw=lambda stream: {"seed": stream.seed()},
        mutants={
            "narrowest": _TABLE + "most_honest = by.wide.mean().idxmin()",
            "holds most often": _TABLE + "most_honest = by.hit.mean().idxmax()",
            "share nearest to 90 %": _TABLE + "most_honest = (by.hit.mean() - 0.9).abs().idxmin()",
            "higher is better": _TABLE
            + "table['score'] = interval_score(table.low, table.high, table.measured)\n"
            "most_honest = by.score.mean().idxmax()",
            "misses without widths": _TABLE
            + "missed = np.maximum(table.low - table.measured, table.measured - table.high)\n"
            "most_honest = missed.clip(0).groupby(table.forecaster).mean().idxmin()",
            "place for letter": _TABLE
            + "table['score'] = interval_score(table.low, table.high, table.measured)\n"
            "most_honest = int(by.score.mean().argmin())",
        },
    ),
    Spec(
        id="13-plan-a-purchase",
        points=4,
        draw=lambda stream: {"seed": stream.seed(), "prize": stream.log_uniform(3e18, 3e19, 3)},
        mutants={
            "twenty tokens": _prize("np.sqrt(prize / 120)"),
            "size of a small budget": _prize("law.optimum(1e17).N"),
            "six forgotten": _prize("law.optimum(prize).N", "prize / N"),
            "prize not spent": _prize("law.optimum(prize).N", "law.optimum(prize / 2).D"),
            "size and data swapped": _prize("law.optimum(prize).D", "law.optimum(prize).N"),
            "Kaplan's exponent": _prize("law.optimum(1e16).N * (prize / 1e16)**0.73"),
        },
    ),
    Spec(
        id="13-interval-of-a-run",
        points=3,
        draw=lambda stream: {
            "seed": stream.seed(),
            "n_held": stream.log_uniform(2.5e8, 3.5e8),
            "d_held": stream.log_uniform(1.2e10, 1.8e10),
        },
        mutants={
            "interval of the law": _FIT
            + "low, high = fit.interval(lambda law: law.loss(n_held, d_held))\n"
            'bet = {"low": low, "high": high}',
            "best run so far": _FIT
            + 'best = runs_bought.loss.min()\nbet = {"low": 0.997 * best, "high": 1.003 * best}',
            "straight line in logs": _FIT + "C = runs_bought.N * runs_bought.D\n"
            "runs_bought['budget'] = np.round(np.log10(C), 1)\n"
            "top = runs_bought.loc[runs_bought.groupby('budget').loss.idxmin()]\n"
            "line = np.polyfit(np.log(top.N * top.D), np.log(top.loss), 1)\n"
            "said = np.exp(np.polyval(line, np.log(n_held * d_held)))\n"
            'bet = {"low": 0.996 * said, "high": 1.004 * said}',
            "ten per cent to be safe": _FIT + 'bet = {"low": 0.9 * middle, "high": 1.1 * middle}',
            "ends the wrong way round": _FIT
            + 'bet = {"low": 1.004 * middle, "high": 0.996 * middle}',
        },
    ),
    Spec(
        id="13-write-it-down",
        points=2,
        mutants={
            "one sentence": 'registration = "I fit the law of Hoffmann et al. to the 100 runs and expect a loss of about 2."',
            "an interval alone": "registration = (2.01, 2.03)",
            "no number": 'registration = "I choose the additive form because it has a floor, and the straight line has none. All runs that were bought '
            "are used, and none is left out afterwards. I forecast the loss of the next run with a wide interval, and if the loss lies "
            'outside of it then the form was wrong and I shall say so in public."',
            "the same again": 'registration = "I use the 100 runs and the law with a floor. " * 8',
            "a lecture": 'registration = " ".join(f"In chapter {k} a law number {k} was fitted to runs of sort {k}." for k in range(20))',
            "a list": 'registration = ["the additive form", "100 runs", "90 % interval"]',
        },
    ),
)
