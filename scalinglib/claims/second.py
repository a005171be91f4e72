"""The second article: forecasts and allocation (B1 to B8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import runs
from ..laws import KAPLAN_2020
from . import first, own
from . import literature as lit
from .record import FAILS, HOLDS, Claim, graded

GIANTS = ("GPT-3", "Gopher", "MT-NLG")
WHY_DOUBLING = (
    "the plan wrote its bars before the runs; a forecast that misses by more than twice the "
    "compute takes off cannot say what twice the compute buys"
)


def forecasts(forms: Mapping[str, str] = own.PLANNED) -> dict[str, Any]:
    """Errors of the planned (or other) forms ten times ahead, and what a doubling takes off."""
    errors = own.forecast_errors()
    return {
        "missed": {name: abs(errors[name, form]) for name, form in forms.items()},
        "doubling": {name: own.doubling_gain(name) for name in forms},
    }


def forecasts_rule(missed: dict, doubling: dict) -> str:
    """Inside the plan's bars, or at least closer than a doubling of compute."""
    bars = all(missed[name] <= own.BARS[name] for name in missed)
    return graded(bars, all(missed[name] < doubling[name] for name in missed))


def every_form(chosen: Mapping[str, str] = own.PLANNED) -> dict[str, Any]:
    """C2: of three forms that fit the same runs, how many forecast closer than a doubling."""
    errors = own.forecast_errors()
    close = {key: abs(error) < own.doubling_gain(key[0]) for key, error in errors.items()}
    worst = max(errors, key=lambda key: abs(errors[key]))
    return {
        "missed": {name: abs(errors[name, form]) for name, form in chosen.items()},
        "trusted": all(close[name, form] for name, form in chosen.items()),
        "close": sum(close.values()),
        "forms": len(errors),
        "worst": abs(errors[worst]),
        "worst_corpus": worst[0],
        "worst_form": worst[1],
    }


def straight_levers(data: dict, size: dict, compute: dict, errors: float, **_: Any) -> str:
    straight = [told["errors"] <= errors for told in (data, size, compute)]
    return graded(all(straight), any(straight))


def since(latest: bool = True) -> dict[str, Any]:
    """B4: exponents of size, one a data set since 2022, or Kaplan's two."""
    told = first.split()
    if not latest:
        both = runs.table("fits").query("year == 2020").a
        told |= lit.spread_of(both) | {"data_sets": 1, "n": len(both)}
    size = KAPLAN_2020.optimal_size_exponent
    return told | {"size": size, "data": 1 - size}


def balance(corpora: tuple[str, ...] = own.CORPORA, count: str = "N") -> dict[str, Any]:
    """B6: as A9's, with the fits of Hoffmann's runs named."""
    table = runs.table("fits").set_index("study").a
    printed = table[list(lit.DATA_SETS["MassiveText"][:3])]
    return first.split(corpora, count) | {
        "printed_low": printed.min(),
        "printed_high": printed.max(),
        "refit": table["Besiroglu, replication of Approach 3"],
    }


def balance_rule(claimed: float, within: float = first.NEAR, **numbers: Any) -> str:
    agreed = first.near(claimed, numbers, within)
    return graded(all(agreed), any(agreed))


def four_answers(corpora: tuple[str, ...] = own.CORPORA) -> dict[str, Any]:
    """B7: the numbers of A4, B1, and two more."""
    told = first.straight(corpora)
    missed = forecasts({name: own.PLANNED[name] for name in corpora})["missed"]
    bigger = [
        float(law.loss(175e9, 300e9) - law.optimum(lit.GPT3).loss) for law in map(lit.law, lit.SETS)
    ]
    return {
        "smooth": max(told["off"].values()),
        "missed": max(missed.values()),
        "bigger": min(bigger),
        "extra": lit.overheads(GIANTS)["least"],
    }


def mirrored() -> dict[str, Any]:
    """B3: how many constants of the law the picture has in its own state."""
    from ..widgets import LawExplorer

    names = ("E", "A", "B", "alpha", "beta")
    state = str(LawExplorer().get_state())
    return {"constants": sum(name in state for name in names), "all": len(names)}


def evolution() -> dict[str, Any]:
    """B8: the exponents of 2020, and those since 2022, one a data set."""
    early = runs.table("fits").query("year == 2020").a
    return first.split() | {"naive": early.max(), "rule": early.min()}


CLAIMS = (
    Claim(
        "B1",
        "Ask what twice the money buys, and get the answer before the run.",
        "09_parametric_fit#own-forms",
        "measured",
        "by how much the best run of ten times the compute was missed by the form that the plan "
        "named for each text before the runs",
        "The best run of ten times the compute was forecast within {missed[python]:.2f} % on "
        "source code and {missed[lexicon]:.2f} % on the made-up language (bars of the plan: 0.5 "
        "and 1 %). Twice the compute takes off {doubling[python]:.1f} and {doubling[lexicon]:.1f} "
        "%.",
        forecasts,
        forecasts_rule,
        "Holds if both errors keep the bars of the plan, with a condition if both are smaller than "
        "what twice the compute takes off.",
        WHY_DOUBLING,
        {},
        "the additive form with a free floor forecasts source code: it misses by "
        "{missed[python]:.0f} %",
        {"forms": {"python": "chinchilla", "lexicon": "chinchilla"}},
    ),
    Claim(
        "B2",
        "Loss is a power law in size, in data and in compute, each by itself.",
        "04_train_your_own#gains",
        "measured",
        "the bend of three lines in logs, in standard errors that the seeds give it: data at the "
        "widest network with all six lengths (one seed), size at our most text, compute along the "
        "frontier on source code",
        "At width {width} the exponent in data goes from {data[first]:.3f} to {data[last]:.3f} "
        "({data[errors]:.1f} standard errors), at 128, on four lengths, it rises from "
        "{lines[128][first]:.3f} to {lines[128][last]:.3f} ({lines[128][errors]:.1f}), at 8, 16 "
        "and 32 it falls ({lines[8][errors]:.1f}, {lines[16][errors]:.1f} and "
        "{lines[32][errors]:.1f}). In size, with {tokens:,} letters, it falls from "
        "{size[first]:.2f} to {size[last]:.2f} ({size[errors]:.1f}), in compute from "
        "{compute[first]:.3f} to {compute[last]:.3f} ({compute[errors]:.1f}). So no line is known "
        "to be straight: for the widest networks a bend in data is not seen.",
        own.single_levers,
        straight_levers,
        "Holds if no line bends by more than two standard errors, with a condition if one does "
        "not.",
        "noise alone bends a straight line by more than two standard errors one time in twenty; "
        "less is a bend that these seeds do not show, and no proof of a straight line",
        {"errors": 2.0},
        "the data line is taken at width 32 ({data[errors]:.1f} standard errors) or less: then all "
        "three bend",
        {"width": 32},
    ),
    Claim(
        "B3",
        "Loss against scale can be explored in an interactive picture.",
        "06_kaplan_laws#widget",
        "arithmetic",
        "how many constants of the law the picture on the front page computes with",
        "It can, without a server: the picture on the front page carries the law itself, "
        "{constants} of {all} constants.",
        mirrored,
        lambda constants, all: HOLDS if constants == all else FAILS,
        "Holds if the page has the whole law: there it is.",
    ),
    Claim(
        "B4",
        "Spend more of a growing budget on size than on data (the original rule).",
        "07_kaplan_allocation#rule",
        "published",
        "exponents of the best size: Kaplan's rule, and one a data set since 2022",
        "Kaplan et al. printed exponents {size:.2f} for size and {data:.2f} for data; on "
        "{data_sets} data sets since 2022 ({n} of the {of} fits in our table) "
        "the exponent for size has its median "
        "at {median:.2f}.",
        since,
        lambda size, median, margin, **_: graded(median > 0.5 + margin, size > 0.5 + margin),
        "Holds if the median since 2022 is above 0.55, with a condition if the rule of 2020 is.",
        first.WHY_NEAR,
        {"margin": first.NEAR},
        "only the two exponents of 2020 are counted",
        {"latest": False},
    ),
    Claim(
        "B5",
        "Giant models do not always win: a poor allocation wastes the budget.",
        "11_twenty_tokens#price-table",
        "published",
        "the extra compute that the losses of three large models cost, by three sets of constants",
        "By three sets of constants GPT-3, Gopher and MT-NLG took {least:.0f} to {most:.0f} % more "
        "compute than their losses needed.",
        lambda models=GIANTS: lit.overheads(models),
        lambda least, most, percent: graded(least > percent, most > percent),
        "Holds if every set says more than 20 % for every model, with a condition if one does.",
        "20 % is what Kaplan et al. call a small loss (sizes 0.6 to 2.2 times the best one)",
        {"percent": 20.0},
        "the model looked at is Chinchilla, whose size was chosen for its budget",
        {"models": ("Chinchilla",)},
    ),
    Claim(
        "B6",
        "Balanced scaling: size and data should grow alike.",
        "08_isoflops#fig-exponents",
        "published",
        "a of N ~ C^a, one exponent a data set since 2022, and our own two",
        "Chinchilla's three approaches have exponents for size of {printed_low:.2f} to "
        "{printed_high:.2f} in print; the third, refitted, has {refit:.3f}; on {data_sets} data "
        "sets since 2022 ({n} of the {of} fits in our table) they are {low:.2f} to {high:.2f}, "
        "median {median:.2f}; ours, all parameters "
        "counted, are {own_low:.2f} and {own_high:.2f}.",
        balance,
        balance_rule,
        "The rule of A9: holds if 0.5 is within 0.05 of the median and of all our own exponents; "
        "with a condition if of one of the two.",
        first.WHY_NEAR,
        {"claimed": 0.5},
        "of our own runs those on source code count, by the parameters inside the layers: "
        "{own_low:.2f}",
        {"corpora": ("python",), "count": "N_layers"},
    ),
    Claim(
        "B7",
        "Its table: gains are smooth, and predictable; bigger is not enough; allocation matters.",
        "14_limits#four-answers",
        "measured",
        "the numbers of A4, B1 and B5, and what GPT-3's size loses at its own budget",
        "Four numbers: {smooth:.2f} % from a straight line and {missed:.2f} % forecast error "
        "(each the worst of two texts), {bigger:.3f} nats lost at least by GPT-3's size at its "
        "own budget, {extra:.0f} % extra compute at least for three giants.",
        four_answers,
        lambda smooth, missed, bigger, extra, percent, much: graded(
            smooth < percent and missed < percent and bigger > 0 and extra > much,
            bigger > 0 and extra > much,
        ),
        "Holds if all four answers are yes, with a condition if the last two are.",
        f"{own.WHY_PERCENT}; 20 % as in B5",
        {"percent": 1.0, "much": 20.0},
        "only source code is looked at: there the forecast missed by {missed:.1f} %",
        {"corpora": ("python",)},
    ),
    Claim(
        "B8",
        "The laws are an evolving picture and not one fixed formula.",
        "10_reconciliation#fig-evolving",
        "judgement",
        "exponents of the best size over the years",
        "The exponent for size was {naive:.2f} and {rule:.2f} in 2020; on {data_sets} data sets "
        "since 2022 ({n} of the {of} fits in our table) "
        "it is {low:.2f} to {high:.2f}, median {median:.2f}. Whether "
        "that is one picture that settles or several is for you to say.",
        evolution,
    ),
)
