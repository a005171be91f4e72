"""What better steps, better text and more answers are worth, from the tables of the levers.

Each lever has a function from its table (and the base models, `runs.load("levers_grid")`) to
`gains.Gain`, and one that holds what its plan predicted against what came: `Prediction`. The plans
are data/levers_NAME_plan.json; they were written before the runs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np
import pandas as pd

from ..fitting import UndeterminedError, fit
from ..forms import own
from .gains import Gain, Times, needed, over_seeds, times_less

SAMPLES = 4 ** np.arange(9)
QUESTIONS = 1000  # that a model answers in its life, where samples have a price
COARSE = 4 ** np.arange(1, 5)  # samples that the coverage's law is fitted to


@dataclass(frozen=True)
class Prediction:
    """What a plan foresaw: a hit is `measured` within `within` of `predicted`."""

    what: str
    predicted: float
    measured: float
    within: float

    @property
    def hit(self) -> bool:
        """False also where nothing could be predicted."""
        return bool(abs(self.predicted - self.measured) <= self.within)


def table(predictions: Iterable[Prediction]) -> pd.DataFrame:
    """One row a prediction, to three digits."""
    return pd.DataFrame(
        [
            {
                "what": one.what,
                "predicted": f"{one.predicted:.3g}",
                "measured": f"{one.measured:.3g}",
                "within": f"{one.within:.3g}",
                "": "hit" if one.hit else "miss",
            }
            for one in predictions
        ]
    ).set_index("what")


def gain(lever, currency, arm, row, times: Times, own_cost=0.0) -> Gain:
    """A Gain at the N, D and C of a run."""
    at = float(row.N), float(row.D), float(row.C)
    read = times.times, times.low, times.high, float(own_cost), times.kind, times.seeds, times.why
    return Gain(lever, currency, arm, *at, *read)


def line(found: pd.DataFrame) -> pd.Series:
    """Loss by D, the mean over runs of one D."""
    return found.groupby("D").loss.mean()


def paired_sd(one: pd.DataFrame, other: pd.DataFrame, on: list[str]) -> float:
    """Standard deviation between seeds of the difference in loss, pooled over what is alike."""
    both = one.merge(other, on=[*on, "seed"], suffixes=("", "_plain"))
    both["difference"] = both["loss"] - both["loss_plain"]
    spread = both.groupby(on).difference.agg(["var", "count"])
    spread = spread[spread["count"] > 1]
    return float(np.sqrt(np.average(spread["var"], weights=spread["count"] - 1)))


# ---- what a straight line between two lengths does to a gain -------------------------------------


def overstated(law, N: float, D: float, wide: float = 4.0) -> float:
    """The largest factor by which a straight line in log D, from D to wide * D, overstates a gain.

    law: of the plain runs, bent upwards between the two lengths: there the line is above it, and
    the same loss is found at more tokens than the law needs.
    """
    inside = D * np.geomspace(1, wide, 200)
    first, last = law.loss(N, D), law.loss(N, wide * D)
    read = D * wide ** ((first - law.loss(N, inside)) / (first - last))
    return float(np.max(read / inside))


def left_out(runs: pd.DataFrame, D: float) -> pd.Series:
    """What the line between the cosines next to D says of a cosine of length D, over D.

    By width and seed. It is 1 where the line is right, and more where it overstates.
    """
    cosines = runs[(runs.schedule == "cosine") & (runs.lr == 0.008)]
    out = {}
    for cell, here in cosines.groupby(["width", "seed"]):
        known = line(here[here.D != D])
        out[cell] = needed(known.index, known.to_numpy(), line(here)[D])[0] / D
    return pd.Series(out).rename_axis(["width", "seed"])


# ---- Muon against AdamW -------------------------------------------------------------------------


def best_rate(found: pd.DataFrame, rate: str) -> pd.DataFrame:
    """Of runs that differ in their rate alone, those with the lowest loss."""
    alike = ["width", "tokens", "seed", "step_tokens"]
    return found.loc[found.groupby(alike).loss.idxmin()].sort_values(["width", "D", "seed"])


def optimiser(runs: pd.DataFrame, grid: pd.DataFrame) -> list[Gain]:
    """Muon's gain in tokens over AdamW, each at its best rate, by width and length.

    At the batch of the rule AdamW was run at four lengths, the longer two in the grid. At batches
    of 256 and 1,024 it was run at one, so that no gain in tokens can be read.
    """
    grid = grid[(grid.corpus == "python") & grid.arm.isin(["grid", "held out", "seeds"])]
    muon = runs[runs.muon.notna()]
    plain = best_rate(runs[runs.muon.isna()], "lr")
    muon = best_rate(muon, "muon")
    sd = paired_sd(muon, plain, ["width", "D", "step_tokens"])
    out = []
    for (width, D, batch), here in muon.groupby(["width", "D", "step_tokens"]):
        row: Any = here.iloc[0]
        cost = row.C_lever / row.C
        arm = f"width {width}, {batch:.0f} tokens a step"
        if row.step_tokens >= 256:
            gained = plain[
                (plain.width == width) & (plain.D == D) & (plain.step_tokens == batch)
            ].loss.mean()
            why = f"AdamW has one length at this batch; Muon {row.loss - gained:+.3f} nats"
            read = Times(nan, nan, nan, "none", 1, why)
        else:
            each = []
            for _, one in here.iterrows():
                alike = plain[(plain.width == width) & (plain.step_tokens < 256)]
                own_seed = alike[alike.seed.isin([0, one.seed])]
                tuned = own_seed.sort_values("seed").groupby("D").loss.last()
                known = pd.concat([tuned, line(grid[grid.width == width])])
                known = known[~known.index.duplicated()].sort_index()
                apart = 0.0 if len(here) > 1 else sd
                each.append(times_less(known.index, known.to_numpy(), one.loss, one.D, apart))
            read = over_seeds(each)
        out.append(gain("optimiser", "tokens", arm, row, read, cost))
    return out


def optimiser_best_batch(runs: pd.DataFrame, grid: pd.DataFrame) -> list[Gain]:
    """Muon's gain at 320,000 tokens, batch by batch, over AdamW at its best rate *and* batch.

    At batches of 256 and 1,024 AdamW was run at one length. So its line takes the lowest loss of
    all its batches at each length. Seed 0 alone.
    """
    grid = grid[(grid.corpus == "python") & grid.arm.isin(["grid", "held out"])]
    plain, muon = runs[runs.muon.isna()], runs[runs.muon.notna()]
    plain, muon = best_rate(plain, "lr"), best_rate(muon, "muon")
    sd = paired_sd(muon, plain, ["width", "D", "step_tokens"])
    plain = pd.concat([plain[plain.seed == 0], grid[grid.seed == 0]])
    muon = muon[(muon.seed == 0) & (muon.tokens == 320_000)]
    out = []
    for _, row in muon.sort_values(["width", "step_tokens"]).iterrows():
        known = plain[plain.width == row.width].groupby("tokens").loss.min()
        read = times_less(known.index, known.to_numpy(), row.loss, row.tokens, sd)
        arm = f"width {row.width}, {row.step_tokens:.0f} tokens a step"
        out.append(gain("optimiser", "tokens", arm, row, read, row.C_lever / row.C))
    return out


def optimiser_held_out(gains: list[Gain]) -> list[Prediction]:
    """The plan: the gain at 1.28 million tokens within a factor of 1.25 of that at 320,000."""
    rule = [one for one in gains if one.times == one.times]
    out = []
    for N in sorted({one.N for one in rule}):
        short, long = (
            next(one.times for one in rule if one.N == N and lo < one.D < hi)
            for lo, hi in ((3e5, 4e5), (1e6, 2e6))
        )
        what = f"log gain at 1.28M, N = {N:,.0f}"
        out.append(Prediction(what, float(np.log(short)), float(np.log(long)), np.log(1.25)))
    return out


# ---- one run with cooldowns ---------------------------------------------------------------------


def schedule(runs: pd.DataFrame, draws: int = 400, plain: str = "cosine") -> list[Gain]:
    """Compute of a ladder of five plain runs over that of one trunk with five cooldowns.

    plain: the schedule of those runs, "cosine" or "linear" (seed 0 alone). Corrected by what the
    differences in loss are worth: each branch is replaced by the plain run that would have reached
    its loss. Intervals without seeds: of losses drawn with the scatter of seeds against cosines.
    """
    branches = runs[runs.arm.isin(["branches", "branches, seeds"])]
    cosines = runs[(runs.schedule == "cosine") & (runs.lr == 0.008)]
    sd = paired_sd(branches[branches.cooldown == 0.4], cosines, ["width", "D"])
    own_runs = runs[(runs.schedule == plain) & (runs.lr == 0.008)]
    branches = branches[branches.seed.isin(own_runs.seed)]
    rng, out = np.random.default_rng(0), []
    for (width, cooldown), here in branches.groupby(["width", "cooldown"]):
        each = []
        for seed, ladder in here.groupby("seed"):
            alike = own_runs[(own_runs.width == width) & (own_runs.seed.isin([0, seed]))]
            known = alike.sort_values("seed").groupby("D").loss.last()
            D, loss = np.asarray(known.index, float), known.to_numpy(float)
            rate, whole = float((ladder.C / ladder.D).iloc[0]), ladder.C_ladder.iloc[0]

            def saved(losses, D=D, loss=loss, rate=rate, whole=whole):
                equal = [needed(D, loss, reached)[0] for reached in losses]
                return sum(equal) * rate / whole

            times, kind = saved(ladder.loss), "none"
            low = high = times
            if len(here) == len(ladder):  # one seed
                noise = sd * rng.standard_normal((draws, len(ladder)))
                drawn = [saved(ladder.loss.to_numpy() + shift) for shift in noise]
                low, high = np.nanquantile(drawn, [0.05, 0.95])
                kind = f"90 %, from seeds' sd of {sd:.3f} nats"
            each.append(Times(times, float(low), float(high), kind))
        first = here[here.seed == 0].sort_values("D")
        total = replace_row(first.iloc[-1], C=float(first.C.sum()))
        arm = f"width {width}, cooldown {cooldown:.0%}"
        out.append(gain("schedule", "compute", arm, total, over_seeds(each)))
    return out


def replace_row(row: pd.Series, **values) -> pd.Series:
    """A row with other entries."""
    row = row.copy()
    for name, value in values.items():
        row[name] = value
    return row


def schedule_differences(runs: pd.DataFrame) -> pd.DataFrame:
    """Loss of each branch minus that of the cosine of its width, seed and length."""
    branches = runs[(runs.schedule == "cooldown") & (runs.lr == 0.008)]
    cosines = runs[(runs.schedule == "cosine") & (runs.lr == 0.008)]
    both = branches.merge(cosines, on=["width", "seed", "D"], suffixes=("", "_cosine"))
    both["difference"] = both["loss"] - both["loss_cosine"]
    return both[["arm", "width", "seed", "D", "cooldown", "difference"]]


def schedule_held_out(runs: pd.DataFrame) -> list[Prediction]:
    """The plan: the difference at 3.84 million tokens is the mean of the two longest lengths'."""
    found = schedule_differences(runs).query("width == 32 and cooldown == 0.4")
    last = found[found.arm == "held out"]
    known = found[(found.arm != "held out") & (found.D > 5e5)]
    told = "branch minus cosine at 3.84M"
    return [Prediction(told, known.difference.mean(), float(last.difference.iloc[0]), 0.01)]


# ---- filtering and mixing -----------------------------------------------------------------------


def quality(runs: pd.DataFrame, grid: pd.DataFrame) -> list[Gain]:
    """Tokens of the whole pool that a token of its clean half is worth; the same of a real filter.

    And of a mixture: tokens of python alone, over those of python in the mixture. There the other
    language's FLOPs are the lever's own.
    """
    pools = runs[runs.arm.isin(["pools", "sizes", "filtered"])]
    keep = pools[pools["pool"] == "all"]
    chosen = pools[pools["pool"].isin(["clean half", "filtered"])]
    out = []
    for replaced in (0.3, 0.1):
        whole = keep[keep.replaced == replaced]
        clean = chosen[(chosen["pool"] == "clean half") | (chosen.replaced == replaced)]
        sd = paired_sd(clean[clean["pool"] == "clean half"], whole, ["width", "D"])
        for (pool, width, _), here in clean.groupby(["pool", "width", "D"]):
            each = []
            for _, one in here.iterrows():
                known = line(whole[(whole.width == width) & (whole.seed == one.seed)])
                if len(known) > 1:
                    apart = 0.0 if len(here) > 1 else sd
                    each.append(times_less(known.index, known.to_numpy(), one.loss, one.D, apart))
            if each:
                arm = f"{pool}, width {width}, {replaced:.0%} replaced"
                row = here.iloc[0]
                cost = row.C_lever / row.C if pool == "filtered" else 0.0
                out.append(gain("quality", "tokens", arm, row, over_seeds(each), cost))
    return out + _mixtures(runs, grid)


def _mixtures(runs, grid):
    grid, out = grid[grid.corpus == "python"], []
    for (width, share), here in runs[runs.arm == "mixture"].groupby(["width", "share"]):
        known = line(grid[grid.width == width])
        row = here.iloc[0]
        own_tokens = share * row.D
        each = [
            times_less(known.index, known.to_numpy(), loss, own_tokens, 0.0) for loss in here.loss
        ]
        at = replace_row(row, D=own_tokens, C=row.C * share)
        arm = f"mixture, width {width}, share {share:g}"
        out.append(gain("quality", "tokens", arm, at, over_seeds(each), 1 / share - 1))
    return out


def over_read(theta, D):
    """The law of a pool: E + (B / D)^beta + (D / R)^rho; the last for text read too often."""
    E, B, beta, R, rho = theta
    return E + (B / D) ** beta + (D / R) ** rho


OVER_READ = own(
    over_read,
    {"E": (0.0, 2.2), "B": (1e2, 1e8), "beta": (0.05, 0.8), "R": (1e5, 1e8), "rho": (0.3, 4)},
    columns=("D",),
    name="read too often",
)


def pool_law(runs: pd.DataFrame, width: int, pool: str, replaced: float = 0.0, E: float = 0.0):
    """The plan's law fitted to the runs of one arm up to 524,288 tokens, with E held fixed.

    Five lengths cannot tell the floor from the first power: any E describes them as well. None
    where they do not determine the rest either.
    """
    here = runs[runs.arm.isin(["pools", "sizes"]) & (runs.width == width)]
    here = here[(here["pool"] == pool) & (here.replaced == replaced)]
    try:
        return fit(OVER_READ, here, fixed={"E": E}, objective="squares").law
    except UndeterminedError:
        return None


def crossing(clean: pd.Series, whole: pd.Series) -> float:
    """D at which clean text read again becomes worse than the whole pool; NaN beyond the runs."""
    gap = (whole - clean).dropna()
    D, ahead = gap.index.to_numpy(float), gap.to_numpy(float)
    for k in np.flatnonzero((ahead[:-1] > 0) & (ahead[1:] <= 0))[:1]:
        share = ahead[k] / (ahead[k] - ahead[k + 1])
        return float(D[k] * (D[k + 1] / D[k]) ** share)
    return nan


def quality_held_out(runs: pd.DataFrame, grid: pd.DataFrame) -> list[Prediction]:
    """The plan: both arms' losses and the sign of their difference at 1,572,864 tokens, and the
    loss of a quarter of python by the law of the other shares.
    """
    out = []
    held = runs[runs.arm == "held out"]
    for width in (16, 32):
        losses = []
        for pool, replaced in (("clean half", 0.0), ("all", 0.3)):
            row = held[
                (held.width == width) & (held["pool"] == pool) & (held.replaced == replaced)
            ].iloc[0]
            law = pool_law(runs, width, pool, replaced)
            told = float(law.loss(row.D)) if law else nan
            losses.append((told, row.loss))
            out.append(Prediction(f"{pool}, width {width}", told, row.loss, 0.05))
        signs = [float(np.sign(whole - clean)) for clean, whole in zip(*losses, strict=True)]
        out.append(Prediction(f"sign of all - clean half, width {width}", signs[0], signs[1], 0.0))
    mixed = shares(runs, grid, 32)
    law = fit("mixture", mixed[mixed.share != 0.25], objective="squares").law
    quarter = mixed[mixed.share == 0.25].loss.mean()
    return [*out, Prediction("share 0.25", float(law.loss(0.25)), quarter, 0.02)]


def shares(runs: pd.DataFrame, grid: pd.DataFrame, width: int) -> pd.DataFrame:
    """share and loss of the runs on a mixture, those on python alone with share 1."""
    mixed = runs[(runs.arm == "mixture") & (runs.width == width)][["seed", "share", "loss"]]
    alone = grid[(grid.corpus == "python") & (grid.width == width) & (grid.tokens == 320000)]
    alone = alone[alone.seed.isin(mixed.seed)]
    return pd.concat([mixed, alone[["seed", "loss"]].assign(share=1.0)], ignore_index=True)


# ---- many answers -------------------------------------------------------------------------------


def coverage(runs: pd.DataFrame) -> list[Gain]:
    """Training compute that k samples save: the longer run whose one best answer is right as often.

    A checker must know a right answer. The temperature is the best of three for each k; the lever's
    own cost is that of k - 1 more samples for each of QUESTIONS questions.
    """
    runs = runs[runs.arm.isin(["constant", "seeds", "held out"])]
    out = []
    for k in (16, 256):
        short = runs[runs.steps.isin([1200, 2400])]  # twice as long was tried for these
        for (width, _), here in short.groupby(["width", "steps"]):
            top = here.loc[here.groupby("seed")[f"pass_{k}"].idxmax()]
            row = top.iloc[0]
            read = over_seeds([_as_often(runs, one, f"pass_{k}") for _, one in top.iterrows()])
            cost = (k - 1) * row.C_sample * QUESTIONS / row.C
            arm = f"width {width}, {k} samples"
            out.append(gain("coverage", "compute", arm, row, read, cost))
    return out


def _as_often(runs, one, score):
    alike = runs[(runs.width == one.width) & (runs.seed == one.seed) & (runs.temperature == 1)]
    alike = alike.sort_values("D")
    if one[score] < 0.01:
        return Times(nan, nan, nan, why="solves below one in a hundred")
    return times_less(alike.D, 1 - alike.accuracy, 1 - one[score], one.D)


def coverage_law(row) -> tuple[float, float]:
    """a and b of -log pass@k = a / k^b over 4 to 256 samples, by least squares in logs."""
    missing = -np.log([row[f"pass_{k}"] for k in COARSE])
    slope, constant = np.polyfit(np.log(COARSE), np.log(missing), 1)
    return float(np.exp(constant)), float(-slope)


def coverage_held_out(
    runs: pd.DataFrame, least: float = 0.01, flat: bool = False
) -> list[Prediction]:
    """The plan: pass@1,024 and pass@4,096 from fewer samples, of every exam in which 256 samples
    solve at least `least` of the problems. flat: what is foreseen is pass@256, not the law's.
    """
    out = []
    for _, row in runs[runs.pass_256 >= least].iterrows():
        a, b = coverage_law(row)
        name = f"width {row.width}, seed {row.seed}, {row.steps} steps, T = {row.temperature}"
        for k in (1024, 4096):
            told = row.pass_256 if flat else float(np.exp(-a * k**-b))
            out.append(Prediction(f"pass@{k}, {name}", told, row[f"pass_{k}"], 0.03))
    return out


def coverage_through_loss(runs: pd.DataFrame) -> list[Prediction]:
    """The plan: the exam after three times the steps, each pass@k through its loss.

    By the line of logit pass@k against loss over the other exams of width 16 below one nat.
    """
    known = runs[(runs.width == 16) & (runs.arm != "held out") & (runs.loss < 1)]
    out = []
    for _, row in runs[runs.arm == "held out"].iterrows():
        alike = known[known.temperature == row.temperature]
        for k in (1, 16, 256, 4096):
            share = alike[f"pass_{k}"]
            bent = np.polyfit(alike.loss, np.log(share / (1 - share)), 1)
            told = float(1 / (1 + np.exp(-np.polyval(bent, row.loss))))
            what = f"pass@{k} at 14,400 steps, T = {row.temperature}"
            out.append(Prediction(what, told, row[f"pass_{k}"], 0.03))
    return out


# ---- from loss to answers -----------------------------------------------------------------------


def answers(grid: pd.DataFrame, score: str = "accuracy") -> pd.DataFrame:
    """The held-out runs' score in two steps, through the loss, and in one (Bhagia et al. 2024).

    Both from the grid on python: the logit of the score as a quadratic of the loss, whose value
    comes from a power sum without a floor; or the logit as a plane in log N and log D. Not in the
    plan: one step by the same power sum, fitted to the share of wrong answers.
    """
    grid = grid[grid.corpus == "python"]
    known, held = grid[grid.arm == "grid"], grid[grid.arm == "held out"].sort_values("N")

    def logit(p):
        return np.log(p / (1 - p))

    bent = np.polyfit(known.loss, logit(known[score]), 2)
    loss = fit("power-sum", known).law.loss(held.N, held.D)

    def plane(of):
        return np.stack([np.ones(len(of)), np.log(of.N), np.log(of.D)], axis=1)

    flat, *_ = np.linalg.lstsq(plane(known), logit(known[score]), rcond=None)
    scores = {
        "two steps": np.polyval(bent, loss),
        "measured loss": np.polyval(bent, held.loss),
        "one step": plane(held) @ flat,
    }
    told = {name: 1 / (1 + np.exp(-value)) for name, value in scores.items()}
    wrong = fit("power-sum", known.assign(loss=1 - known[score])).law.loss(held.N, held.D)
    told["one power sum"] = 1 - np.asarray(wrong)
    first = held[["width", "N", "D", "loss", score]].reset_index(drop=True)
    return first.assign(loss_told=np.asarray(loss), **told)


def answers_held_out(grid: pd.DataFrame) -> list[Prediction]:
    """The plan: the share of right next characters at five widths, within 0.01."""
    return [
        Prediction(f"accuracy, width {row.width:.0f}", row["two steps"], row.accuracy, 0.01)
        for _, row in answers(grid).iterrows()
    ]
