"""The third article: Chinchilla, and what it changed (C1 to C13)."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import planning, published, runs
from ..laws import KAPLAN_2020
from . import literature as lit
from . import own, second
from .record import Claim, graded

RATIOS = {
    "MassiveText": "besiroglu_2024",
    "C4": "muennighoff_2023",
    "text of DeepSeek": "deepseek_2024",
    "text of Llama 3": "llama3_2024",
    "RefinedWeb": "porian_2024_tuned",
}
"""One law a data set that gives tokens per parameter (for DeepSeek, N is FLOPs per token / 6)."""

MINICPM = 192.0
"""Tokens per parameter that Hu et al. (2024) report for MiniCPM's text, without its law."""


def falls(exponent: float | None = None) -> dict[str, float]:
    """C1: what a doubling takes off; `exponent` in place of the refit's larger one."""
    refit = lit.law(lit.REFIT)
    steep = max(refit.alpha, refit.beta) if exponent is None else exponent
    return {
        "N": 1 - 2**-KAPLAN_2020.size.exponent,
        "D": 1 - 2**-KAPLAN_2020.data.exponent,
        "reducible": 1 - 2**-steep,
    }


def what_binds(laboratory: bool = True) -> dict[str, Any]:
    """C3: does the text at hand suffice for the best split, where most compute was spent?"""
    models = lit.dense_models()
    largest = float((6 * models.N * models.D).max())
    needed = float(lit.law(lit.REFIT).optimum(largest).D)
    again = own.last_doubling(fresh=False)
    hours = planning.gpu_hours(lit.GPT3, peak_flops=125e12, utilisation=0.4)  # of a V100
    return {
        "exaflops": lit.GPT3 / 1e18,
        "days": hours / 24 / 1000,
        "largest": largest,
        "needed": needed / 1e12,
        "read": float(models.D.max()) / 1e12,
        "again": -again["gain"],
        "text_short": laboratory and again["gain"] < 3 * again["sd"],
    }


def four_parts(judge: str = lit.REFIT) -> dict[str, Any]:
    """C4: the parts, judged by the replication or another registered law."""
    law = lit.law(judge)
    best = law.optimum(lit.GPT3)
    tokens = [KAPLAN_2020.steps_to(N, 3.0) * KAPLAN_2020.critical_batch(3.0) for N in (1e9, 1e11)]
    best_sizes = [(one, one.optimum(lit.GPT3)) for one in map(lit.law, lit.SETS)]
    loses = [
        lit.at_equal_compute(one, 4 * right.N, lit.GPT3) - float(right.loss)
        for one, right in best_sizes
    ]
    return {
        "data": 1 - KAPLAN_2020.optimal_size_exponent,
        "fewer": float(tokens[0] / tokens[1]),
        "ratio": 300 / 175,
        "asked": float(best.tokens_per_parameter),
        "loses": min(loses),
        "loses_most": max(loses),
        "sets": len(loses),
    }


def gopher(laws: tuple[str, ...] = lit.SETS) -> dict[str, Any]:
    """C5: 280 against 70 billion at Gopher's compute, and one billion against 280."""
    gaps = [
        lit.at_equal_compute(law, 280e9, lit.GOPHER) - lit.at_equal_compute(law, 70e9, lit.GOPHER)
        for law in map(lit.law, laws)
    ]
    tiny = [
        lit.at_equal_compute(law, 1e9, lit.GOPHER) - lit.at_equal_compute(law, 280e9, lit.GOPHER)
        for law in map(lit.law, laws)
    ]
    return {
        "least": min(gaps),
        "most": max(gaps),
        "tiny": min(tiny),
        "tiny_most": max(tiny),
        "sets": len(gaps),
    }


def ratios(
    budgets: tuple[float, ...] = (1e21, 5.76e23, 3.8e25), reported: tuple[float, ...] = ()
) -> dict[str, Any]:
    """C6: tokens per parameter of the best split, one law a data set, at several budgets.

    reported: ratios of further data sets, taken as the same at every budget.
    """

    def of(key: str, C: float) -> float:
        law = lit.law(key) or lit.porian()
        return float(getattr(law, "fresh", law).optimum(C).tokens_per_parameter)

    table = np.array([[*(of(key, C) for key in RATIOS.values()), *reported] for C in budgets])
    rows = runs.table("chinchilla_3").set_index(["approach", "N"])
    printed = (rows.D / rows.index.get_level_values("N")).sort_index()
    return {
        "table": table,
        "sets": ("No", "One", "Two", "Three", "Four", "Five", "Six")[table.shape[1]],
        "first": lit.spread_of(table[0]),
        "last": lit.spread_of(table[-1]),
        "one": [float(printed[1, N]) for N in (1e10, 6.7e10)],
        "three": [float(printed[3, N]) for N in (1e10, 6.7e10)],
    }


def twenty(table: np.ndarray, low: float, high: float, **_: Any) -> str:
    """Near 20 on every data set: at every budget, at one, at none."""
    near = ((table >= low) & (table <= high)).all(axis=1)
    return graded(bool(near.all()), bool(near.any()))


def data_matter(share: float = 0.25, fit: str = lit.REFIT) -> dict[str, Any]:
    """C7: exponents of size and data by a registered fit, and what spoilt windows cost."""
    size = float(published.laws().a[fit])
    bounds: Any = published.get(lit.REFIT).interval
    clean = own.lever("clean half, 65,536 tokens", "small")
    worth: Any = own.levers().loc["clean half, 65,536 tokens", "by_D"]
    return own.spoilt(share) | {
        "clean": clean["times"],
        "clean_tokens": clean["D"],
        "clean_slope": worth.high,
        "size": size,
        "data": 1 - size,
        "error": (bounds[1] - bounds[0]) / 2,
        **lit.spread_of(lit.exponents()),
        "diverse": False,
    }


def data_matter_rule(
    size: float,
    data: float,
    noisy: float,
    duplicated: float,
    sd: float,
    diverse: bool,
    gap: float,
    sds: float,
    **_: Any,
) -> str:
    measured = abs(size - data) < gap and min(noisy, duplicated) > sds * sd
    return graded(measured and diverse, measured)


def saturation(fresh: bool = True) -> dict[str, Any]:
    """C8: the last stretch of data of our most over-trained network, and the replication's 8B."""
    refit = lit.law(lit.REFIT)
    eight = [float(refit.loss(8e9, D)) for D in (2e12, 15e12)]
    again = own.last_doubling(fresh=False)
    told = {"eight": eight[0] - eight[1], "again": -again["gain"]}
    return own.last_doubling(fresh) | own.rounded() | told


def who_wins(largest_from: float = 0.0) -> dict[str, Any]:
    """C10: real pairs at one budget, of which the larger one is `largest_from` times the best."""
    told = lit.pairs()
    told = told[told.large >= largest_from]
    both = {
        "above": told[told.small >= 1],
        "across": told[(told.small < 1) & (told.large > 1)],
        "below": told[told.large <= 1],
    }
    shares = {name: float(part.won.mean()) for name, part in both.items() if len(part)}
    return {
        "pairs": len(told),
        "shares": shares,
        "all": float(told.won.mean()),
        "rule": float((told.won == (told.small * told.large > 1)).mean()),
    }


def trillions(recent: bool = True) -> dict[str, Any]:
    """C11: tokens, and tokens per parameter met, of the largest of each family (chapter 12)."""
    table = runs.table("models")
    known = table[table.D.notna()]
    largest = known.loc[known.groupby("family").N.idxmax()]
    new = largest[(largest.year >= 2023) if recent else (largest.year <= 2021)]
    ratio = float((new.D / new.N_active.fillna(new.N)).median())
    return {
        "n": len(new),
        "of": len(table),
        "tokens": float(new.D.median() / 1e12),
        "ratio": ratio,
        "worth": (ratio / 20) ** -(1 + lit.law(lit.REFIT).beta),
    }


def lifetime() -> dict[str, Any]:
    """C12: what ten trillion served tokens ask for, by each set of constants; our own hybrids."""
    sizes, data = [], []
    for law in map(lit.law, lit.SETS):
        best = law.optimum(lit.GPT3)
        busy = planning.cheapest(law, float(best.loss), 1e13)
        sizes.append(float(busy.N / best.N))
        data.append(float(busy.D / best.D))
    return {
        "size": min(sizes),
        "size_most": max(sizes),
        "data_least": min(data),
        "data": max(data),
        "sets": len(sizes),
        "memory": own.lever("4 bits after training")["times"],
        "taught": own.lever("a teacher that exists")["times"],
        "taught_net": own.lever("a teacher that exists")["net"],
        "taught_small": own.lever("a teacher that exists", "small")["net"],
    }


def sudden(network: int | None = None) -> dict[str, Any]:
    """C13: how much training lies between a tenth and a half of an exam, for one network or all."""
    sizes = runs.table("gpt3").N.to_numpy()
    steps = sizes[1:] / sizes[:-1]
    each = [own.exam(10, seed)["factor"] for seed in sorted(runs.load("sums").seed.unique())]
    return own.exam(10, network) | {
        "networks": len(each),
        "least": min(each),
        "most": max(each),
        "one": own.exam(1, network)["half"],
        "step": float(np.median(steps)),
        "widest": float(steps.max()),
    }


CLAIMS = (
    Claim(
        "C1",
        "Doubling size or data does not halve the loss; the gain is smaller and predictable.",
        "02_power_laws#claim-doubling",
        "published",
        "the share of the loss, or of its reducible part, that a doubling takes off",
        "By Kaplan's laws a doubling takes off {N:.1%} (size) or {D:.1%} (data); with a floor, "
        "{reducible:.1%} of the part it acts on.",
        falls,
        lambda N, D, reducible: graded(0 < max(N, D, reducible) < 0.5, 0 < max(N, D) < 0.5),
        "Holds if no doubling takes off a half of what it acts on, with a condition if none takes "
        "off a half of the loss.",
        "a half is what the claim names",
        {},
        "the exponent in data is the 1.01 that is reported for Rosenfeld et al.'s WikiText-2: that "
        "term is halved by a doubling, though the loss is not",
        {"exponent": 1.01},
    ),
    Claim(
        "C2",
        "Forecasts before training help to plan.",
        "09_parametric_fit#own-forms",
        "measured",
        "forecasts of the best run of ten times the compute by three forms that all fit the runs "
        "below it",
        "With the forms that the plan named the best runs were missed by {missed[python]:.2f} and "
        "{missed[lexicon]:.2f} %. Of all {forms} forecasts {close} missed by less than twice the "
        "compute takes off; the worst, by the form {worst_form} on {worst_corpus}, by {worst:.1f} "
        "%.",
        second.every_form,
        lambda trusted, close, forms, **_: graded(trusted and close == forms, trusted),
        "Holds if every form forecasts closer than twice the compute takes off, with a condition "
        "if the planned ones do.",
        second.WHY_DOUBLING,
        {},
        "the plan had named the additive form for source code",
        {"chosen": {"python": "chinchilla", "lexicon": "chinchilla"}},
    ),
    Claim(
        "C3",
        "Compute is what binds, counted in exaFLOPs.",
        "03_counting#exaflops",
        "published",
        "the text that the best split of the largest compute in our list needs, against the most "
        "text that a model of the list has read; and our own runs on a short text",
        "GPT-3 took {exaflops:,.0f} exaFLOPs: {days:.0f} days of a thousand V100s, on which it "
        "was trained, at 40 % utilisation. The largest compute in our list needs {needed:.0f} "
        "trillion tokens by the replication's law, and {read:.0f} trillion have been read: there "
        "compute binds. On a text of 65,536 characters 2.5 times the compute (40 readings in place "
        "of 16) changed the loss of our network by {again:+.2f} nats: by this recipe, without "
        "dropout, there the text binds.",
        what_binds,
        lambda needed, read, text_short, **_: graded(
            needed <= read and not text_short, needed <= read or not text_short
        ),
        "Holds if more compute would help in both cases, with a condition if in one.",
        "a text that has been read exists; three standard deviations for our own runs",
        {},
        "only the largest published runs are looked at",
        {"laboratory": False},
    ),
    Claim(
        "C4",
        "Kaplan: bigger is always better, data grow more slowly, large models are more "
        "sample-efficient, and so models were undertrained.",
        "06_kaplan_laws#efficiency",
        "published",
        "four numbers: the exponent of data, tokens to 3 nats by eq. 1.6 at the critical batch, "
        "GPT-3's tokens per parameter, and the loss at four times the best size",
        "Data grow as C^{data:.2f}; 100 billion parameters reach 3 nats on {fewer:.1f} times fewer "
        "processed tokens than one billion; GPT-3 had {ratio:.1f} tokens a parameter where "
        "Besiroglu's replication of Chinchilla asks for {asked:.0f}. But at a fixed budget, "
        "GPT-3's, bigger stops being better: four times the best size loses {loses:.3f} to "
        "{loses_most:.3f} nats, by {sets} sets of constants.",
        four_parts,
        lambda data, fewer, ratio, asked, loses, **_: graded(
            data < 0.5 and fewer > 1 and ratio < asked and loses <= 0,
            data < 0.5 and fewer > 1 and ratio < asked,
        ),
        'Holds if all four parts do, with a condition if all but "always" do.',
        "each part compares two numbers",
        {},
        "GPT-3 is judged by Kaplan's own rule, which asks for fewer tokens than it had",
        {"judge": "kaplan_2020"},
    ),
    Claim(
        "C5",
        "Chinchilla: at fixed compute a smaller model on more data does better.",
        "11_twenty_tokens#famous",
        "published",
        "the losses of 70 and of 280 billion parameters at Gopher's compute",
        "At Gopher's budget 70 billion parameters beat 280 billion by {least:.3f} to {most:.3f} "
        "nats, by {sets} sets of constants; below the best size the sign turns: by the same sets 1 "
        "billion parameters lose to 280 by {tiny:.2f} to {tiny_most:.2f}.",
        gopher,
        lambda least, tiny_most, **_: graded(least > 0 and tiny_most <= 0, least > 0),
        "Holds if the smaller wins both times, with a condition if at 70 billion only.",
        "zero: who wins",
        {},
        "the judge is eq. 1.5 of Kaplan et al., by which 280 billion win",
        {"laws": ("kaplan_2020",)},
    ),
    Claim(
        "C6",
        "About 20 tokens per parameter: 10 billion on 200 billion, 70 billion on 1.4 trillion.",
        "11_twenty_tokens#fits-table",
        "published",
        "tokens per parameter of the best split, one law a data set, at 1e21, 5.76e23 and 3.8e25 "
        "FLOPs",
        "{sets} data sets, one law each, have {first[low]:.1f} to {first[high]:.1f} tokens per "
        "parameter at 1e21 FLOPs, median {first[median]:.1f}, and {last[low]:.0f} to "
        "{last[high]:.0f} at 3.8e25, far beyond the runs that they were fitted to. "
        "For 10 and 67 billion parameters the tables of one paper have {one[0]:.0f} and "
        "{one[1]:.0f} (Approach 1) and {three[0]:.0f} and {three[1]:.0f} (Approach 3).",
        ratios,
        twenty,
        "Holds if every data set has 15 to 27 at every budget, with a condition if at one budget.",
        "a third either way of 20: closer than that the valleys are flat to a hundredth of a nat",
        {"low": 15.0, "high": 27.0},
        "only budgets from Gopher's on are asked for",
        {"budgets": (5.76e23, 3.8e25)},
        (
            (
                "the text of MiniCPM, for which about 192 is reported and no law, counts as well",
                {"reported": (MINICPM,)},
            ),
        ),
    ),
    Claim(
        "C7",
        "Data matter as much as parameters, and so do their quality, freedom from duplicates and "
        "diversity.",
        "15_repeat_and_choose#quality-table",
        "measured",
        "the exponents of size and data, and what spoilt windows cost our networks (one seed each) "
        "against the noise of a difference",
        "By the replication the best size grows as C^{size:.2f} and the data as C^{data:.2f} "
        "(standard error {error:.2f}; other texts have {low:.2f} to {high:.2f} for the size). "
        "With {share:.0%} of the windows shuffled inside, our networks lose {noisy:.2f} nats; "
        "with {share:.0%} copies from a small pool, {duplicated:.2f}, where two runs differ by "
        "{sd:.3f} by luck. Of a text whose second half is spoilt, the clean half alone is worth "
        "{clean:.1f} times the tokens when {clean_tokens:,.0f} are read, and less the more are "
        "read (slope in logs below {clean_slope:.1f}). We have not measured diversity.",
        data_matter,
        data_matter_rule,
        "Holds if exponents are alike and all three spoil the loss, with a condition if what was "
        "measured does.",
        "0.1 between the exponents is twice the tolerance of B6; three standard deviations",
        {"gap": 0.1, "sds": 3.0},
        "a tenth of the windows is spoilt in place of a quarter: then the copies cost no more than "
        "luck does",
        {"share": 0.1},
        (
            (
                "the text is DeepSeek's OpenWebText2, on which the best size grows as C^{size:.2f}",
                {"fit": "deepseek_2024_openwebtext2"},
            ),
        ),
    ),
    Claim(
        "C8",
        "Too much data for its size, and a model saturates and cannot absorb more.",
        "11_twenty_tokens#saturate",
        "measured",
        "what the last doubling of fresh text takes off at the highest tokens per parameter that "
        "we trained, against the noise of a difference",
        "Our network of 2,048 parameters gained {gain:.3f} nats from doubling its fresh text to "
        "{ratio:,.0f} tokens per parameter (luck: {sd:.3f}); by the replication's law 8 billion "
        "parameters gain {eight:.3f} from 2 to 15 trillion. That is the loss in pre-training on "
        "fresh text. A text read 40 times in place of 16 made it worse by {again:.2f}. Four times "
        "the text changed the loss of a network of {parameters:,.0f} parameters by {exact:+.2f} "
        "nats; where both were rounded to 3 bits after training, by {rounded:+.2f}. After "
        "fine-tuning too more data can hurt.",
        saturation,
        lambda gain, sd, sds, **_: graded(gain <= sds * sd, False),
        "Holds if the last doubling takes off no more than luck does.",
        "three standard deviations of a difference of two runs",
        {"sds": 3.0},
        "the data that come in addition are the same text again",
        {"fresh": False},
    ),
    Claim(
        "C9",
        "There is a compute-optimal frontier.",
        "08_isoflops#claims",
        "measured",
        "whether the lowest loss falls from budget to budget, and equally fast on two texts, in "
        "resamples of the noise",
        "The lowest loss falls at every step of the budget in {falls:.0%} of resamples. But our "
        "two corpora have a line each: tenfold compute takes {tenfold[lexicon]:.1f} % off the "
        "loss on lexicon and {tenfold[python]:.1f} % off that on python, in this "
        "order in {differ:.0%} of resamples.",
        own.frontier,
        lambda falls, differ, agree, **_: graded(falls >= agree and differ < agree, falls >= agree),
        "Holds if it falls and is one line for both texts, with a condition if it falls.",
        "nine tenths of resamples: the level of every interval here",
        {"agree": 0.9},
        "one text is looked at",
        {"corpora": ("python",)},
    ),
    Claim(
        "C10",
        "A smaller model on more data often beats a larger one on less, at equal cost.",
        "11_twenty_tokens#pairs-right",
        "published",
        "who won in pairs of Porian et al.'s runs at equal compute: both sizes above the best one, "
        "one on either side, both below",
        "Of {pairs} real pairs at equal compute the smaller won in {shares[above]:.0%} where both "
        "were above the best size, {shares[across]:.0%} where it lay between and "
        "{shares[below]:.0%} where both were below. How often depends on which pairs are made; "
        "that the smaller wins where the product of the sizes exceeds the square of the best one "
        "is right for {rule:.0%}.",
        who_wins,
        lambda shares, often, **_: graded(
            all(share > often for share in shares.values()),
            any(share > often for share in shares.values()),
        ),
        "Holds if the smaller wins more than half in every group, with a condition if in one.",
        'a half is the least that "often" can mean',
        {"often": 0.5},
        "only pairs are made whose larger model has ten times the best size or more",
        {"largest_from": 10.0},
    ),
    Claim(
        "C11",
        "Modern models train on trillions of tokens, and are more data-efficient for it.",
        "12_beyond_training#trillions",
        "published",
        "median tokens of the largest model of each family since 2023, and what the next token is "
        "worth by the replication's law",
        "Median of the largest of each family since 2023: {tokens:.1f} trillion tokens ({n} of "
        "{of} models). At {ratio:.0f} tokens per parameter the next one is worth {worth:.0%} of "
        "what it was at 20: models draw less out of each. (Better text and recipes are another "
        "kind of efficiency, and not in the law.)",
        trillions,
        lambda tokens, worth, **_: graded(tokens >= 1 and worth >= 1, tokens >= 1),
        "Holds if the median is a trillion and a token is worth as much as at 20 per parameter, "
        "with a condition if only the first.",
        'one trillion is the least that "trillions" can mean',
        {},
        "the models are those up to 2021",
        {"recent": False},
    ),
    Claim(
        "C12",
        "Inference has its own bill: weigh it against training, general against specialised "
        "models, hybrids.",
        "12_beyond_training#traffic",
        "judgement",
        "size and data of least total compute for a given traffic",
        "For the loss of GPT-3's budget at its best, ten trillion tokens of traffic ask for "
        "{size:.2f} to {size_most:.2f} times the size and {data_least:.1f} to {data:.1f} times the "
        "data of the training optimum, by {sets} sets of constants. We measured two hybrids, on "
        "our own networks. Four bits after training need {memory:.1f} times less memory for the "
        "same loss. With a teacher {taught:.1f} times fewer tokens do; with its own passes counted "
        "{taught_net:.2f} times less compute for the largest student, {taught_small:.2f} (a loss) "
        "for the smallest. How much traffic there will be, and which model is right for it, is not "
        "in any law.",
        lifetime,
    ),
    Claim(
        "C13",
        "Scale unlocked abilities that emerge all at once.",
        "14_limits#crossings",
        "measured",
        "how much training lies between a tenth and a half of an exam in sums, against the steps "
        "between the sizes of a published family",
        "An exam that asks for ten digits at once goes from a tenth to a half within a factor of "
        "{factor:.1f} of training in the mean of {networks} networks ({least:.1f} to {most:.1f} "
        "one by one), after {half:,.0f} problems where one digit needs {one:,.0f}. It looks "
        "sudden where the models that are compared lie further apart: GPT-3's sizes are "
        "{step:.1f} times apart, the last two {widest:.0f}.",
        sudden,
        lambda factor, step, widest, **_: graded(factor <= step, factor <= widest),
        "Holds if the rise fits between two typical sizes of a family, with a condition if between "
        "its two most distant ones.",
        "a rise that several models of a family can show is not all at once; our axis is training "
        "and theirs is size, so the factors are compared as steps on a log axis, no more",
        {},
        "the network is the one that rises fastest: its rise takes a factor of {factor:.1f}",
        {"network": 1},
    ),
)
