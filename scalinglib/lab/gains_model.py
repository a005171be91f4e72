"""Levers on the model: fewer bits, a teacher, experts. What each is worth, and at what own cost.

`precision`, `distillation` and `experts` turn recorded tables (`runs.load("levers_...")`) into
gains. Plain runs are the mean over the seeds that there are. A lever's run is paired with the plain
one of its seed, and only the difference between the two is its own. Intervals are 90 %: from the
scatter of such differences between seeds, and from that of the mean plain run.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from math import inf, nan
from typing import Any

import numpy as np
import pandas as pd

from .gains import Gain, Times, times_less

PLAIN_BITS = 16
"""Memory is compared with plain weights of so many bits."""
LAW_BITS = 3, 4, 5, 6
LEAST_EXTRA = 5e-4  # nats; smaller extra losses are digits, not rounding
USUAL_RATE = 0.008


def plain_runs(grid: pd.DataFrame, corpus: str = "python") -> pd.DataFrame:
    """The mean plain run of each width and length: N, D, C, loss, seeds, and sd of that mean.

    Seeds' sd is pooled over the widths of a length; lengths without seeds get the next shorter
    one's. Indexed by (width, tokens).
    """
    runs = grid[grid.corpus == corpus]
    cells = runs.groupby(["width", "tokens"])
    found = cells[["N", "D", "C", "loss"]].mean()
    found["seeds"] = cells.size()
    one = (cells.loss.var() * (found.seeds - 1)).groupby("tokens").sum(min_count=1)
    free = (found.seeds - 1).groupby("tokens").sum()
    sd = ((one / free.where(free > 0)) ** 0.5).ffill().bfill()
    found["sd"] = sd.reindex(found.index, level="tokens") / np.sqrt(found.seeds)
    return found.fillna({"sd": 0.0})


def line_over(plain: pd.DataFrame, axis: str, at: int) -> tuple[np.ndarray, np.ndarray]:
    """The mean plain runs over "D" at one width, or over "N" at one number of tokens."""
    level = {"D": "width", "N": "tokens"}[axis]
    runs = plain.xs(at, level=level)
    return runs[axis].to_numpy(float), runs.loss.to_numpy(float)


def paired(runs: pd.DataFrame, grid: pd.DataFrame) -> pd.DataFrame:
    """The runs with `more`: their loss above the plain run of the same text, size and seed.

    Without a plain run of that seed it is the loss above the mean of those that there are. Raises
    ValueError where there is none.
    """
    key = ["corpus", "width", "tokens"]
    means = grid.groupby(key).loss.mean().reindex(pd.MultiIndex.from_frame(runs[key])).to_numpy()
    if np.isnan(means).any():
        lost = runs[np.isnan(means)].iloc[0]
        raise ValueError(
            f"run {lost.run_id} (width {lost.width}, {lost.tokens:,} tokens) has no plain twin in "
            "the grid"
        )
    twins = grid.groupby([*key, "seed"]).loss.mean()
    twins = twins.reindex(pd.MultiIndex.from_frame(runs[[*key, "seed"]])).to_numpy()
    return runs.assign(more=runs.loss - np.where(np.isnan(twins), means, twins))


def scatter(runs: pd.DataFrame, by: list[str], column: str = "more") -> float:
    """The seeds' standard deviation of a column, pooled over groups; NaN without seeds."""
    groups = runs.groupby(by)[column]
    free = (groups.size() - 1).sum()
    return float(np.sqrt((groups.var() * (groups.size() - 1)).sum() / free)) if free else nan


def read(
    cell: pd.DataFrame, plain: pd.DataFrame, axis: str, sd: float, column: str = "more"
) -> Times:
    """Times less of N or D for the runs of one cell, which differ in the seed alone.

    sd: of one difference. The noise of the plain line counts by how far along it one has to go: not
    at all for a difference of zero, fully from the next plain run on.
    """
    width, tokens = int(cell.width.iloc[0]), int(cell.tokens.iloc[0])
    twin, more = _twin(plain, width, tokens), cell[column].mean()
    x, loss = line_over(plain, axis, width if axis == "D" else tokens)
    beside = loss[x < twin[axis]][-1:] if more > 0 else loss[x > twin[axis]][:1]
    gap = float(np.abs(beside - twin.loss).sum())
    share = min(1.0, abs(more) / gap) if gap else 1.0
    noise = np.hypot(sd / np.sqrt(len(cell)), share * np.sqrt(2) * twin.sd)
    found = times_less(x, loss, twin.loss + more, twin[axis], float(noise))
    return replace(found, seeds=len(cell))


def _twin(plain, width, tokens) -> Any:
    """The mean plain run of a width and length."""
    return plain.loc[(width, tokens)]


def _gain(lever, currency, arm, twin, times, own=0.0, factor=1.0):
    """factor multiplies the times: bits saved, where memory is the currency."""
    told = asdict(times) | {
        name: factor * getattr(times, name) for name in ("times", "low", "high")
    }
    return Gain(lever, currency, arm, N=twin.N, D=twin.D, C=twin.C, own=own, **told)


# ---- fewer bits -------------------------------------------------------------------------------


def unrounded(runs: pd.DataFrame) -> pd.DataFrame:
    """The models before rounding, one row each: what `plain_runs` takes, out of the same table."""
    before = runs[runs.loss_float.notna()].drop_duplicates("run_id")
    return before.assign(loss=before.loss_float)


def precision(runs: pd.DataFrame) -> list[Gain]:
    """Memory: how many times fewer bits of weights for the same loss at the same tokens.

    The rounded model has N parameters in `bits_stored` bits each, scales of channels included. A
    plain model of N_eff parameters in `PLAIN_BITS` has its loss: N_eff is read off the plain runs
    over N. Arms are "4 bits, rounded" after training, and "4 bits, trained" with rounding in every
    step. No FLOPs are counted for rounding, and no memory but that of the weights. After training
    the step of each channel is searched for, in training it is not.
    """
    plain = plain_runs(unrounded(runs))
    return [
        _gain(
            "precision",
            "memory",
            f"{bits} bits, {how}",
            _twin(plain, width, tokens),
            times,
            factor=PLAIN_BITS / stored,
        )
        for (how, bits, width, tokens), (times, stored) in _effective(runs, plain).items()
    ]


def effective_share(runs: pd.DataFrame) -> pd.DataFrame:
    """N_eff / N, the mean over seeds, with its 90 % interval; NaN and `why` where not measured."""
    plain = plain_runs(unrounded(runs))
    return pd.DataFrame(
        {
            "how": how,
            "bits": bits,
            "width": width,
            "N": plain.N[(width, tokens)],
            "D": plain.D[(width, tokens)],
            "seeds": times.seeds,
            "share": times.times,
            "low": times.low,
            "high": times.high,
            "why": times.why,
        }
        for (how, bits, width, tokens), (times, _) in _effective(runs, plain).items()
    )


def _effective(runs, plain):
    """N_eff / N and the bits stored, by (how, bits, width, tokens)."""
    own = runs[(runs.corpus == "python") & ~(runs.arm == "trained, rates")]
    after = own[own.loss_float.notna()]
    after = after.assign(more=after.loss - after.loss_float)
    trained = paired(own[own.loss_float.isna()], unrounded(runs))
    found = {}
    for how, table in (("rounded", after), ("trained", trained)):
        for bits, rows in table.groupby("bits"):
            of, by = (rows, []) if how == "rounded" else (table, ["bits"])
            sd = scatter(of, [*by, "width", "tokens"])  # few seeds were trained with rounding
            for (width, tokens), cell in rows.groupby(["width", "tokens"]):
                read_off = read(cell, plain, "N", 0.0 if np.isnan(sd) else sd)
                found[how, bits, width, tokens] = read_off, cell.bits_stored.mean()
    return found


def rounded_rows(runs: pd.DataFrame, corpus: str = "python", arm: str = "rounded") -> pd.DataFrame:
    """The rows that the law of rounding is fitted to (as planned), with `extra` loss in nats."""
    runs = runs.assign(extra=runs.loss - runs.loss_float)
    here = (runs.arm == arm) & (runs.corpus == corpus)
    return runs[here & runs.bits.isin(LAW_BITS) & (runs.extra > LEAST_EXTRA)]


# ---- a teacher --------------------------------------------------------------------------------


def distillation(runs: pd.DataFrame, grid: pd.DataFrame) -> list[Gain]:
    """Tokens: how many times fewer than with hard labels, for each arm and teacher on fresh text.

    `own` is the teacher's forward passes; its training is not in it (see `students_to_pay`). "best
    rates" compares the best of three learning rates of each side.
    """
    fresh = runs[runs["unique"].isna()]
    soft = paired(fresh[fresh.teacher.notna()], grid)
    plains = {corpus: plain_runs(grid, corpus) for corpus in soft.corpus.unique()}
    usual = soft[soft.lr == USUAL_RATE]
    sd = scatter(usual, ["corpus", "teacher", "weight", "width", "tokens"])
    gains = []
    key = ["corpus", "teacher", "weight", "tokens", "width"]
    for (corpus, teacher, weight, tokens, width), cell in usual.groupby(key):
        arm = teacher if weight == 1 else f"{teacher}, weight {weight:g}"
        twin = _twin(plains[corpus], width, tokens)
        own = (cell.C_lever / cell.C).mean()
        times = read(cell, plains[corpus], "D", sd)
        gains.append(_gain("distillation", "tokens", arm, twin, times, own))
    hard = runs[(runs.arm == "hard, rates") & runs.teacher.isna()]
    for (teacher, width, tokens), cell in soft[soft.arm == "soft, rates"].groupby(
        ["teacher", "width", "tokens"]
    ):
        mine = usual[(usual.teacher == teacher) & (usual.weight == 1) & (usual.seed == 0)]
        mine = pd.concat([cell, mine[(mine.width == width) & (mine.tokens == tokens)]])
        best = mine.loss.min() - hard[(hard.width == width) & (hard.tokens == tokens)].loss.min()
        twin = _twin(plains["python"], width, tokens)
        one = mine[mine.loss == mine.loss.min()].assign(more=best)
        times, own = read(one, plains["python"], "D", sd), (one.C_lever / one.C).mean()
        gains.append(_gain("distillation", "tokens", f"{teacher}, best rates", twin, times, own))
    return gains


def students_to_pay(gain: Gain, teacher_C: float) -> float:
    """How many students must share a teacher's training before one costs less than hard labels.

    With k students each costs C (1 + own) + teacher_C / k, and hard labels times C. inf: the
    forward passes alone cost more than the teacher saves. For the ends of the gain's interval ask
    with `replace(gain, times=gain.low)` and `gain.high`.
    """
    saved = gain.C * (gain.times - 1 - gain.own)
    return inf if saved <= 0 else teacher_C / saved


# ---- experts ----------------------------------------------------------------------------------


def experts(runs: pd.DataFrame, grid: pd.DataFrame) -> list[Gain]:
    """Tokens: how many times fewer than the plain model of the same width and active parameters.

    N is that of the active parameters, `own` the router's FLOPs. "4 experts, best rate" has the
    best of three learning rates against the plain runs of `grid`, whose best is the usual one.
    """
    plain, table = plain_runs(grid), paired(runs, grid)
    usual = table[table.lr == USUAL_RATE]
    sd, gains = scatter(usual, ["width", "tokens"]), []

    def add(arm, cell):
        twin = _twin(plain, int(cell.width.iloc[0]), int(cell.tokens.iloc[0]))
        own = cell.C.mean() / twin.C - 1
        gains.append(_gain("experts", "tokens", arm, twin, read(cell, plain, "D", sd), own))

    for (count, _, _), cell in usual.groupby(["experts", "tokens", "width"]):
        add(f"{count} experts", cell)
    tuned = table[table.tokens.isin(table[table.lr != USUAL_RATE].tokens) & (table.seed == 0)]
    for (count, _, _), cell in tuned.groupby(["experts", "tokens", "width"]):
        add(f"{count} experts, best rate", cell.nsmallest(1, "loss"))
    return gains


def expert_rows(runs: pd.DataFrame, grid: pd.DataFrame) -> pd.DataFrame:
    """One row a width and length: the difference to the plain run, and N_eff / N_active.

    more: nats, negative where experts are better, the mean over seeds; share [low, high]: N_eff /
    N_active off the plain runs over N at the same tokens; least: share of the tokens of the least
    used expert, the lowest over seeds; total: N / N_active. Where the share is NaN, `why` says so:
    a line through the others leaves cells out, mostly those where experts are worse.
    """
    plain, usual = plain_runs(grid), paired(runs[runs.lr == USUAL_RATE], grid)
    sd, rows = scatter(usual, ["width", "tokens"]), []
    for (tokens, width), cell in usual.groupby(["tokens", "width"]):
        found, twin = read(cell, plain, "N", sd), _twin(plain, width, tokens)
        rows.append(
            {
                "width": width,
                "D": twin.D,
                "D/N": twin.D / twin.N,
                "more": cell.more.mean(),
                "seeds": len(cell),
                "share": found.times,
                "low": found.low,
                "high": found.high,
                "why": found.why,
                "least": cell.load_least.min(),
                "total": cell.N.mean() / twin.N,
            }
        )
    return pd.DataFrame(rows)
