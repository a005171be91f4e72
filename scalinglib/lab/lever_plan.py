"""Plans with levers: the best run of a budget for training and answering, by the fitted laws.

An `Effect` is a lever's gains as a line in logs, held at the edges of what was measured. Two levers
get the gain that they had together (`pairs`, `joint`), and none is multiplied by another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from math import exp, inf, isfinite, log
from typing import Any

import numpy as np
import pandas as pd

from ..laws import PowerSumLaw, worth
from .gains import Gain, needed, of_scale, times_less

MOST_READINGS = 16  # of one text: at 40 a recorded run had become worse
LIMITED = "", "64@5120000", "64@524288 of 65536"  # labels: hard, of other text, of the same text
ADDS_UP = 0.01  # nats between a pair and the sum of its two: the plan's limit


@dataclass(frozen=True)
class Effect:
    """What a lever is worth in tokens (on "D") or parameters (on "N"), and what it costs.

    log times = level + slope log(scale), scale held to [lo, hi]. It was measured for sizes N from
    `least` to `most`, on D from `shortest` to `longest`. own N^own_power: its own FLOPs over those
    of training. serve: cost of an answer over that without it.

    >>> double = Effect("x", "twice", "D", "N", log(2), 0.0, 1e4, 1e5, 1e4, 1e5, 1e5, 1e6)
    >>> round(double.times(3e4, 1e6), 3), double.measured(3e4, 1e6), double.measured(3e4, 2e6)
    (2.0, True, False)
    """

    name: str
    label: str
    on: str
    scale: str
    level: float
    slope: float
    lo: float
    hi: float
    least: float
    most: float
    shortest: float
    longest: float
    own: float = 0.0
    own_power: float = 0.0
    serve: float = 1.0

    def times(self, N: float, D: float) -> float:
        """How many times more tokens or parameters, at this run."""
        at = {"N": N, "D": D, "D/N": D / N}[self.scale]
        return exp(self.level + self.slope * log(min(max(at, self.lo), self.hi)))

    def measured(self, N: float, D: float) -> bool:
        """Whether this run lies within the sizes, lengths and scale that were measured."""
        at = {"N": N, "D": D, "D/N": D / N}[self.scale]
        ranges = (
            (at, self.lo, self.hi),
            (N, self.least, self.most),
            (D, self.shortest, self.longest),
        )
        return all(lo * 0.999 <= x <= hi * 1.001 for x, lo, hi in ranges)


def effect(
    name: str, label: str, gains: Sequence[Gain], scale: str, on: str = "D", serve: float = 1.0
) -> Effect:
    """The straight line through a lever's gains in log times and log scale.

    ValueError where fewer than three gains are read, or all are at one value of the scale.

    >>> sizes = 1e4, 2e4, 4e4
    >>> gains = [Gain("", "tokens", "", N, 1e6, 6e6 * N, N / 5e3, 1, 9, 0.1) for N in sizes]
    >>> round(effect("x", "better with size", gains, "N").slope, 3)
    1.0
    """
    read = [gain for gain in gains if isfinite(gain.times)]
    at = np.log([of_scale(gain, scale) for gain in read])
    if len(read) < 3 or np.ptp(at) < 1e-6:
        raise ValueError(f"{name}: {len(read)} gains at {len(set(at))} {scale} make no line")
    slope, level = np.polyfit(at, np.log([gain.times for gain in read]), 1)
    costs = {(gain.N, gain.own) for gain in read if gain.own > 0}
    own_power, own = 0.0, -inf
    if len({N for N, _ in costs}) > 1:
        sizes, shares = np.log(sorted(costs)).T
        own_power, own = np.polyfit(sizes, shares, 1)
    elif costs:
        own = float(np.mean([log(share) for _, share in costs]))
    lo, hi = exp(at.min()), exp(at.max())
    ends = [float(end([gain.N for gain in read])) for end in (min, max)]
    ends += [float(end([gain.D for gain in read])) for end in (min, max)]
    line = [float(level), float(slope), lo, hi, *ends, exp(own), float(own_power)]
    return Effect(name, label, on, scale, *line, serve=serve)


# ---- which levers add up ------------------------------------------------------------------------


def levers_of(row: pd.Series) -> str:
    """The levers of one row of the table of pairs: "teacher + muon"; "" for none."""
    found = {
        "bits": pd.notna(row.bits),
        "teacher": pd.notna(row.teacher),
        "muon": pd.notna(row.muon),
        "experts": row.experts > 1,
    }
    return " + ".join(name for name, on in found.items() if on)


def pairs(table: pd.DataFrame, grid: pd.DataFrame) -> pd.DataFrame:
    """Of each pair of levers measured: nats gained together, and apart in sum, over the same seeds.

    table: `runs.load("levers_pairs")`; grid: plain runs of the same size,
    `runs.load("levers_grid")`. error: standard error of the difference over seeds; adds: the
    difference is below 0.01 nats or two standard errors, as the plan of these runs says, else
    `verdict` says whether the pair gives "less" or "more". times: tokens that the pair saves, at N
    and D; one, other: those that each saves alone, in the same runs; product: of these two.

    >>> from scalinglib import runs
    >>> found = pairs(runs.load("levers_pairs"), runs.load("levers_grid")).set_index("levers")
    >>> one = found.loc["teacher + muon"]
    >>> f"{one.together:.3f} nats, {one.apart:.3f} apart: {one.verdict}"
    '0.195 nats, 0.244 apart: less'
    """
    named = table.assign(levers=table.apply(levers_of, axis=1))
    loss = named.pivot_table(index="seed", columns="levers", values="loss")
    gain = loss.rsub(loss[""], axis=0)
    plain = grid[(grid.corpus == "python") & (grid.width == table.width.iloc[0])]
    plain = plain.groupby("D").loss.mean()
    at = named[named.levers == ""].iloc[0]
    rows = []
    for both in map(str, gain):
        if both.count(" + ") != 1:
            continue
        one, other = both.split(" + ")
        apart = gain[one] + gain[other]
        lacks = (gain[both] - apart).dropna()
        error = lacks.std() / len(lacks) ** 0.5
        adds = bool(abs(lacks.mean()) < max(ADDS_UP, 2 * error))
        verdict = "as much" if adds else "less" if lacks.mean() < 0 else "more"
        read, *alone = (
            times_less(plain.index, plain, plain[at.D] - gain[name].mean(), at.D).times
            for name in (both, one, other)
        )
        rows.append([both, adds, verdict, gain[both].mean(), apart.mean(), lacks.mean(), error])
        rows[-1] += [len(lacks), read, *alone, alone[0] * alone[1], at.N, at.D]
    head = ["levers", "adds", "verdict", "together", "apart", "difference", "error", "seeds"]
    return pd.DataFrame(rows, columns=[*head, "times", "one", "other", "product", "N", "D"])


def taught_again(table: pd.DataFrame, grid: pd.DataFrame) -> pd.DataFrame:
    """A teacher's gain on a text that is read again: fresh tokens that have the same loss, over the
    different ones, with hard labels, with a teacher that read much other text (`taught`) and with
    one that read the same short text only (`same`). times, times_same: those over `hard`.

    table: `runs.load("levers_distillation")`, whose arm "limited" is read; grid: the fresh runs.
    NaN where the fresh runs do not reach.

    >>> from scalinglib import runs
    >>> found = taught_again(runs.load("levers_distillation"), runs.load("levers_grid"))
    >>> found.query("width == 32").times.round(1).to_list()
    [2.5, 3.9]
    >>> found.query("width == 32").times_same.round(2).to_list()
    [1.63, 1.06]
    """
    rows = []
    for (width, D), cell in table[table.arm == "limited"].groupby(["width", "D"]):
        plain = grid[(grid.corpus == "python") & (grid.width == width)].groupby("D").loss.mean()
        unique = cell.unique.iloc[0]
        loss = cell.assign(teacher=cell.teacher.fillna("")).set_index("teacher").loss
        fresh = [needed(plain.index, plain, loss[name])[0] for name in LIMITED]
        worth = [tokens / unique for tokens in fresh]
        ratios = [tokens / fresh[0] for tokens in fresh[1:]]
        rows.append([width, cell.N.iloc[0], D / unique, *worth, *ratios])
    head = ["width", "N", "readings", "hard", "taught", "same", "times", "times_same"]
    return pd.DataFrame(rows, columns=head)


def joint(effects: Sequence[Effect], times: float, N: float) -> list[Effect]:
    """Two levers as one: the tokens that they saved together at size N, and both their costs.

    >>> one = Effect("x", "twice", "D", "N", log(2), 0.0, 1e4, 1e5, 1e4, 1e5, 1e5, 1e6, own=0.3)
    >>> [(part.name, round(part.times(3e4, 1e6), 3), part.own) for part in joint([one], 1.5, 3e4)]
    [('x', 1.0, 0.3), ('joint', 1.5, 0.0)]
    """
    costs = [replace(one, on="D", level=0.0, slope=0.0) for one in effects]
    return [*costs, Effect("joint", "together", "D", "N", log(times), 0.0, N, N, N, N, 0, inf)]


# ---- plans ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Terms:
    """C: FLOPs for training and answering; served: tokens answered, 2 N FLOPs each; text: different
    tokens; again: read them more than once; counted: the levers' own cost is.

    >>> Terms(1e12, served=1e7).text
    inf
    """

    C: float
    served: float = 0.0
    text: float = inf
    again: bool = False
    counted: bool = True


@dataclass(frozen=True)
class LeverPlan:
    """A run and its loss by the laws; D = 0 and an infinite loss where nothing is left to train.

    >>> LeverPlan(1e4, 1e6, 2.0).loss
    2.0
    """

    N: float
    D: float
    loss: float


def run_of(
    law: PowerSumLaw, effects: Sequence[Effect], terms: Terms, N: float, repeats: float
) -> LeverPlan:
    """The run of size N that spends the budget.

    repeats: R_D, over which readings lose worth by the law of Muennighoff et al. 2023; a published
    number, for every size.
    """
    own = sum(e.own * N**e.own_power for e in effects) if terms.counted else 0.0
    serve = 2 * N * terms.served * np.prod([e.serve for e in effects])
    most = terms.text * (MOST_READINGS if terms.again else 1)
    D = float(min((terms.C - serve) / (6 * N * (1 + own)), most))
    if D <= 0:
        return LeverPlan(N, 0.0, inf)
    size, data = N, worth(D, terms.text, repeats) if D > terms.text else D
    for e in effects:
        if e.on == "D":
            data *= e.times(N, D)
        else:
            size *= e.times(N, D)
    return LeverPlan(N, float(D), float(law.loss(size, float(data))))


def best_plan(
    law: PowerSumLaw,
    effects: Sequence[Effect],
    terms: Terms,
    repeats: float,
    sizes: tuple[float, float],
) -> LeverPlan:
    """The size of the lowest loss between the smallest and the largest that were trained.

    >>> law = PowerSumLaw(A=8.4, B=11.2, alpha=0.17, beta=0.144, gamma=0.23)
    >>> double = Effect("x", "twice", "D", "N", log(2), 0.0, 1e4, 1e5, 1e4, 1e5, 1e5, 1e6)
    >>> for levers in ([], [double]):
    ...     plan = best_plan(law, levers, Terms(1e11), 15.4, (1e4, 1e5))
    ...     print(f"{plan.N:,.0f} parameters, {plan.loss:.3f} nats")
    22,011 parameters, 1.836 nats
    30,247 parameters, 1.740 nats
    """
    from scipy.optimize import minimize_scalar  # here, as in `planning`

    grid = np.linspace(log(sizes[0]), log(sizes[1]), 321)
    losses = [run_of(law, effects, terms, exp(at), repeats).loss for at in grid]
    k = int(np.argmin(losses))
    if not isfinite(losses[k]):
        return run_of(law, effects, terms, sizes[0], repeats)
    ends = grid[max(k - 1, 0)], grid[min(k + 1, 320)]
    found: Any = minimize_scalar(
        lambda at: run_of(law, effects, terms, exp(at), repeats).loss,
        bounds=ends,
        method="bounded",
        options={"xatol": 1e-10},
    )
    return run_of(law, effects, terms, exp(found.x), repeats)


def for_the_picture(effects: Sequence[Effect], measured: pd.DataFrame) -> dict[str, list]:
    """Effects and pairs as `widgets.LeverPlans` takes them."""
    told = measured[["levers", "verdict", "together", "apart", "times", "N"]].to_dict("records")
    return {
        "effects": [asdict(one) for one in effects],
        "pairs": [one | {"levers": one["levers"].split(" + ")} for one in told],
    }
