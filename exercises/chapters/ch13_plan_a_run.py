"""Chapter 13: draws, points and mutants."""

from __future__ import annotations

from ..draw import told_apart
from ..spec import Spec

_BOLD = """half = norm.ppf(0.95)
score = lambda h: 2 * h + 40 * (norm.pdf(h) - h * norm.sf(h))
"""
_TABLE = """table = four_forecasters(hall_seed)
table["hit"] = (table.low <= table.measured) & (table.measured <= table.high)
table["wide"] = table.high - table.low
by = table.groupby("forecaster")
"""
_ORDER = """C = np.repeat(1e18 / 6 * np.array([0.1, 0.25, 0.6]), 6)
sizes = np.sqrt(C / 6 / np.tile(np.geomspace(0.5, 800, 6), 3))
losses = order(purchase_seed, sizes, C / 6 / sizes)
law = fitting.fit_parametric(sizes, C / 6 / sizes, losses, delta=1).law
"""
_FIT = """runs_bought = bought_runs(bet_seed)
fit = fitting.fit_parametric(runs_bought.N, runs_bought.D, runs_bought.loss, delta=1, bootstrap=200)
middle = fit.law.loss(n_held, d_held)
spread = np.std([np.log(law.loss(n_held, d_held)) for law in fit.resampled()])
left = np.log(runs_bought.loss / fit.law.loss(runs_bought.N, runs_bought.D))
luck = np.sqrt((left**2).sum() / 95)
"""
_RIGHT = "1.645 * np.hypot(spread, luck)"


def _bold(coverage="2 * norm.cdf(half / factor) - 1", penalty="score(half / factor) / score(half)"):
    return _BOLD + f'overconfident = {{"coverage": {coverage}, "penalty": {penalty}}}'


def _prize(N, D="prize / (6 * N)"):
    return _ORDER + f'N = {N}\nprize_run = {{"N": N, "D": {D}}}'


def _bet(half_width, middle="middle", fit=_FIT):
    said = f'{{"middle": {middle}, "half_width": {half_width} * middle}}'
    return f"{fit}bet = {said}"


# factors at which a slip happens to give the right number
_MEET = ((1.67, 1.71), (2.40, 2.48), (2.74, 2.97), (3.48, 3.60), (3.77, 3.87))


def _narrowing(stream):
    factor = stream.uniform(1.4, 4.5, 0.002)
    while any(low < factor < high for low, high in _MEET):
        factor = stream.uniform(1.4, 4.5, 0.002)
    return {"factor": factor}


# the bottoms of the cheapest and the dearest valley by a parabola through their three lowest runs
_BOTTOM = (
    "step = ln(35640000/17040000)",
    "cheap = ln 35640000 + step/2 * (3.9514 - 3.9924)/(3.9514 - 2*3.8911 + 3.9924)",
    "dear = ln 87300000 + step/2 * (3.3593 - 3.4008)/(3.3593 - 2*3.3304 + 3.4008)",
    "power = (dear - cheap)/ln(1e17/1.667e16)",
    "best = exp(dear + power * ln(prize/1e17))",
)
# 1.645/factor, its density and the share below it stand in the table
_SCORES = (
    "narrowed = 2*0.38849~ + 40*(0.36995~ - 0.38849~ * (1 - 0.65117~))",
    "honest = 2*1.64485~ + 40*(0.10314~ - 1.64485~ * (1 - 0.95))",
    "narrowed/honest",
)


def _minus_score(letter):
    low, high = f"{letter}_low", f"{letter}_high"
    return f"9 mean({high} - {low}) - 10 mean(abs(measured - {low}) + abs(measured - {high}))"


# the fitted law at the next run; then the law's doubt and the residuals, added as squares
_MIDDLE = "E + A/n_held^alpha + B/d_held^beta"
_HALF_WIDTH = (
    "left = ln loss - ln(E + A/N^alpha + B/D^beta)",
    "both = sqrt(spread^2 + sum(left^2)/95)",
    f"({_MIDDLE}) * 1.645~ both",
)


SPECS = (
    Spec(
        id="13-overconfident",
        points=2,
        draw=_narrowing,
        by_hand={"coverage": "2*0.65117~ - 1", "penalty": _SCORES},
        mutants={
            "coverage in proportion": _bold(coverage="0.9 / factor"),
            "one tail": _bold(coverage="norm.cdf(half / factor)"),
            "too wide instead": _bold(coverage="2 * norm.cdf(half * factor) - 1"),
            "ratio upside down": _bold(penalty="score(half) / score(half / factor)"),
            "misses above only": _bold(
                penalty="(2 * half / factor + (score(half / factor) - 2 * half / factor) / 2) / "
                "score(half)"
            ),
            "widths only": _bold(penalty="2 * half / factor / score(half)"),
        },
    ),
    Spec(
        id="13-who-is-honest",
        points=2,
        draw=lambda stream: {"hall_seed": stream.seed()},
        by_hand={letter: _minus_score(letter) for letter in "ABCD"},
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
        draw=lambda stream: {
            "purchase_seed": stream.seed(),
            "prize": stream.log_uniform(3e18, 3e19, 3),
        },
        by_hand={"N": _BOTTOM, "D": (*_BOTTOM, "prize/(6 best)")},
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
        draw=told_apart(
            "13-interval-of-a-run",
            lambda stream: {
                "bet_seed": stream.seed(),
                "n_held": stream.log_uniform(2.5e8, 3.5e8),
                "d_held": stream.log_uniform(1.2e10, 1.8e10),
            },
            share=0,
        ),
        by_hand={"middle": _MIDDLE, "half_width": _HALF_WIDTH},
        mutants={
            "the law alone": _bet("1.645 * spread"),
            "the luck alone": _bet("1.645 * luck"),
            "standard deviations added": _bet("1.645 * (spread + luck)"),
            "95 per cent": _bet("1.96 * np.hypot(spread, luck)"),
            "80 per cent": _bet("1.28 * np.hypot(spread, luck)"),
            "a share of the loss": _bet("1.645 * np.hypot(spread, luck) / middle"),
            "ten per cent to be safe": _bet("0.1"),
            "best run so far": _bet(_RIGHT, "runs_bought.loss.min()"),
            "straight line in logs": "C = runs_bought.N * runs_bought.D\n"
            "runs_bought['budget'] = np.round(np.log10(C), 1)\n"
            "top = runs_bought.loc[runs_bought.groupby('budget').loss.idxmin()]\n"
            "line = np.polyfit(np.log(top.N * top.D), np.log(top.loss), 1)\n".join(
                (_FIT, _bet(_RIGHT, "np.exp(np.polyval(line, np.log(n_held * d_held)))", fit=""))
            ),
        },
    ),
    Spec(
        id="13-write-it-down",
        points=2,
        mutants={
            "one sentence": 'registration = "I fit the law of Hoffmann et al. to the 100 runs and '
            'expect a loss of about 2."',
            "an interval alone": "registration = (2.01, 2.03)",
            "no number": 'registration = "I choose the additive form because it has a floor, and '
            "the straight line has none. All runs that were bought "
            "are used, and none is left out afterwards. I forecast the loss of the next run with "
            "a wide interval, and if the loss lies "
            'outside of it then the form was wrong and I shall say so in public."',
            "the same again": 'registration = "I use the 100 runs and the law with a floor. " * 8',
            "a lecture": 'registration = " ".join(f"In chapter {k} a law number {k} was fitted to '
            'runs of sort {k}." for k in range(20))',
            "a list": 'registration = ["the additive form", "100 runs", "90 % interval"]',
        },
    ),
)
