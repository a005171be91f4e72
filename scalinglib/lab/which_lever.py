"""All levers in one table: what each is worth at the smallest and at the largest size, and costs.

`all_gains` reads the recorded tables; `table` has one row for each arm that `ROWS` names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import inf, isfinite, isnan, nan

import pandas as pd

from .. import runs
from . import gains_model, gains_steps
from .gains import Gain, Slope, slope, times_less
from .lever_plan import Effect, effect

ROWS = (  # what a page calls it, lever, arm (all of it), tokens at which sizes are compared
    ("4 bits after training", "precision", "4 bits, rounded", 320_000),
    ("3 bits in training", "precision", "3 bits, trained", 320_000),
    ("a teacher that exists", "distillation", "64@5120000", 320_000),
    ("a worse teacher", "distillation", "64@80000", 320_000),
    ("4 experts, 320,000 tokens", "experts", "4 experts", 320_000),
    ("4 experts, 1,280,000 tokens", "experts", "4 experts", 1_280_064),
    ("Muon, 64 tokens a step", "optimiser", r"width \d+, 64 tokens a step", 320_000),
    ("cooldowns for a ladder", "schedule", r"width \d+, cooldown 40%", 1_280_064),
    ("clean half, 65,536 tokens", "quality", r"clean half, width \d+, 30% replaced", 65_536),
    ("a filter, 30% replaced", "quality", r"filtered, width \d+, 30% replaced", 131_072),
    ("a filter, 10% replaced", "quality", r"filtered, width \d+, 10% replaced", 131_072),
    ("16 answers, 1,000 questions", "coverage", r"width \d+, 16 samples", 2_457_600),
    ("8 readings of one text", "repeats", "8 readings", 65_536),
)
NEAREST = 1.02  # tokens count as equal within 2 %: a run is a whole number of steps


def repeats(sweep: pd.DataFrame, spoilt: pd.DataFrame) -> list[Gain]:
    """Text: how many times fewer different tokens, when they are read again.

    sweep, spoilt: the recorded tables of these names. The fresh side is one run, or the mean of
    runs, at each D: `times` is the fresh tokens that have the same loss, over the different ones
    that were read; `own`, the extra compute: tokens read over those fresh ones, less one.

    >>> found = repeats(runs.load("sweep"), runs.load("spoilt"))
    >>> [f"{one.arm}: {one.times:.1f}" for one in found if one.N == 30720 and one.D > 1e5]
    ['2 readings: 1.9', '4 readings: 4.0', '8 readings: 7.0']
    """
    both = pd.concat([sweep, spoilt]).query("corpus == 'python'")
    fresh = both[both.arm.isin(["main", "fresh"])]
    sd = float((fresh.groupby(["width", "D"]).loss.var().mean()) ** 0.5 * 2**0.5)
    found = []
    again = both[both.arm == "repeated"].sort_values(["N", "unique", "D"])
    for row in again.to_dict("records"):
        plain = fresh[fresh.width == row["width"]].groupby("D").loss.mean()
        read = times_less(plain.index, plain, row["loss"], row["unique"], sd)
        readings = row["D"] / row["unique"]
        at = row["N"], row["unique"], row["C"]
        own = readings / read.times - 1
        ends = read.times, read.low, read.high, own, read.kind, 1, read.why
        found.append(Gain("repeats", "text", f"{readings:.0f} readings", *at, *ends))
    return found


def all_gains() -> list[Gain]:
    """Of every lever, from the recorded tables.

    >>> sorted({one.currency for one in all_gains()})
    ['compute', 'memory', 'text', 'tokens']
    """
    grid = runs.load("levers_grid")
    return [
        *gains_model.precision(runs.load("levers_precision")),
        *gains_model.distillation(runs.load("levers_distillation"), grid),
        *gains_model.experts(runs.load("levers_experts"), grid),
        *gains_steps.optimiser(runs.load("levers_optimiser"), grid),
        *gains_steps.schedule(runs.load("levers_schedule")),
        *gains_steps.quality(runs.load("levers_quality"), grid),
        *gains_steps.coverage(runs.load("levers_coverage")),
        *repeats(runs.load("sweep"), runs.load("spoilt")),
    ]


def effects(gains: Sequence[Gain], bits: int = 3) -> list[Effect]:
    """The four levers that were measured in pairs, as lines: few bits in training, a teacher of
    width 64, Muon at 64 tokens a step, and four experts. The teacher of the line read 5,120,000
    tokens, that of the pairs 1,280,000. Muon's own cost falls with the batch, so one line holds one
    batch: that of the recipe up to 320,000 tokens.

    An answer with few bits costs as much less as the weights that it reads are shorter.

    >>> for one in effects(all_gains()):
    ...     print(f"{one.label}: {one.times(2e4, 4e5):.2f} times the {one.on}")
    3 bits in training: 0.58 times the N
    a teacher: 2.38 times the D
    Muon (64 tokens a step): 1.59 times the D
    four experts: 1.01 times the D
    """
    table = runs.load("levers_precision")
    shares = gains_model.effective_share(table).query("how == 'trained' and bits == @bits")
    sizes = []
    for one in shares.to_dict("records"):
        at = one["N"], one["D"], 0.0, one["share"], one["low"], one["high"]
        sizes.append(Gain("bits", "parameters", "", *at, own=0.0))
    stored = table[table.loss_float.isna() & (table.bits == bits)].bits_stored.mean()
    serve = float(stored) / gains_model.PLAIN_BITS
    muon = arm(gains, "optimiser", r"width \d+, 64 tokens a step")
    return [
        effect("bits", f"{bits} bits in training", sizes, "N", on="N", serve=serve),
        effect("teacher", "a teacher", arm(gains, "distillation", "64@5120000"), "D/N"),
        effect("muon", "Muon (64 tokens a step)", muon, "N"),
        effect("experts", "four experts", arm(gains, "experts", "4 experts"), "D/N"),
    ]


def arm(gains: Sequence[Gain], lever: str, pattern: str) -> list[Gain]:
    """The gains of one arm, those without a number as well.

    >>> len(arm(all_gains(), "distillation", "64@5120000"))
    9
    """
    return [one for one in gains if one.lever == lever and re.fullmatch(pattern, one.arm)]


def table(gains: Sequence[Gain], rows: Sequence[tuple] = ROWS) -> pd.DataFrame:
    """One row an arm: its gain at the smallest and largest size, its slopes, and what it costs.

    small, large: Gains at the smallest and the largest N that can be read, at equal tokens; by_N,
    by_D: Slopes of log times at equal tokens and at equal size, over the whole arm; late: by_D over
    the two greatest lengths alone; read: how many of its gains can be read.

    >>> told = table(all_gains()).set_index("lever")
    >>> told.by_N["Muon, 64 tokens a step"].says
    'grows'
    """
    found = []
    for label, lever, pattern, tokens in rows:
        mine = arm(gains, lever, pattern)
        read = [one for one in mine if isfinite(one.times)]
        sizes = [one for one in read if tokens is None or _near(one.D, tokens)]
        small = min(sizes, key=lambda one: one.N, default=None)
        large = max(sizes, key=lambda one: one.N, default=None)
        found.append(
            {
                "lever": label,
                "currency": mine[0].currency if mine else "",
                "small": small,
                "large": large,
                "by_N": slope(read, "N", holding="D"),
                "by_D": slope(read, "D", holding="N"),
                "late": slope(_longest(read), "D", holding="N"),
                "read": f"{len(read)} of {len(mine)}",
            }
        )
    return pd.DataFrame(found)


def _near(D, tokens):
    return 1 / NEAREST < D / tokens < NEAREST


def _longest(read):
    """The gains at the two greatest lengths: a slope may hold before them only."""
    lengths = sorted({one.D for one in read})
    shorter = [D for D in lengths if not _near(D, lengths[-1])]
    last = [*shorter[-1:], *lengths[-1:]]
    return [one for one in read if any(_near(one.D, D) for D in last)]


def shown(told: pd.DataFrame) -> pd.DataFrame:
    """The same table for a page, in words and three digits.

    Where the two greatest lengths alone say something else than all of them, the slope in D tells
    that as well.

    >>> first = shown(table(all_gains())).iloc[0]
    >>> first.lever, first.saves, first.smallest
    ('4 bits after training', 'memory', '18,432: 3.07 [3.00, 3.15]')
    """
    return pd.DataFrame(
        {
            "lever": told.lever,
            "saves": told.currency,
            "tokens": [_tokens(*pair) for pair in zip(told.small, told.large, strict=True)],
            "smallest": told.small.map(times_in_words),
            "largest": told.large.map(times_in_words),
            "slope in N": told.by_N.map(slope_in_words),
            "slope in D": [_by_D(*pair) for pair in zip(told.by_D, told.late, strict=True)],
            "own cost": [_costs(*pair) for pair in zip(told.small, told.large, strict=True)],
            "net": [_net(*pair) for pair in zip(told.small, told.large, strict=True)],
        }
    )


def _tokens(small: Gain | None, large: Gain | None) -> str:
    """Tokens at which the sizes are compared."""
    of = small or large
    return "" if of is None else f"{of.D:,.0f}"


def times_in_words(gain: Gain | None) -> str:
    """N: times [low, high]."""
    if gain is None:
        return "not read"
    low, high = ("open" if x in (0, inf) else f"{x:.2f}" for x in ends(gain))
    interval = "no interval" if isnan(ends(gain)[0]) else f"{low}, {high}"
    return f"{gain.N:,.0f}: {gain.times:.2f} [{interval}]"


def ends(gain: Gain) -> tuple[float, float]:
    """The interval of a gain; NaN where it has none."""
    return (nan, nan) if gain.kind == "none" else (gain.low, gain.high)


def slope_in_words(of: Slope) -> str:
    """slope [low, high], and what it says; without a slope, what there is one of.

    >>> slope_in_words(Slope(0.063, 0.0046, 0.122, "D", 9)), slope_in_words(slope([], "D"))
    ('+0.06 [+0.005, +0.12] grows', 'one length')
    """
    if isnan(of.slope):
        return "one length" if of.scale == "D" else "one size"
    if isnan(of.low):
        return f"{of.slope:+.2f}, no interval"
    return f"{of.slope:+.2f} [{_end(of.low)}, {_end(of.high)}] {of.says}"


def _end(value: float) -> str:
    """With a third digit where two would not say on which side of zero it lies."""
    return f"{value:+.3f}" if abs(value) < 0.005 else f"{value:+.2f}"


def _by_D(whole, late):
    turned = whole.says != "not settled" and late.says != whole.says
    return slope_in_words(whole) + f"; then {late.says}" * turned


def _net(small, large):
    """In compute, the lever's own cost counted; other currencies are not paid in it."""
    if small is None or large is None or large.currency not in ("tokens", "compute"):
        return ""
    return _from_to(f"{small.net:.2f}", f"{large.net:.2f}")


def _costs(small, large):
    return "" if small is None else _from_to(f"{small.own:.0%}", f"{large.own:.0%}")


def _from_to(first, last):
    return first if first == last else f"{first} to {last}"
