"""Chapter 11: what students may see of the judging."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from ...laws import BESIROGLU_2024, HOFFMANN_2022, HOFFMANN_2022_TEX
from ...planning import overhead
from .. import Number, Option, Part, Prediction, Question, Several
from ..slips import apart, early

_LAW = BESIROGLU_2024
_CONSTANTS = ("A", "B", "alpha", "beta")
_MIDDLE = "that is one law's price in the middle of the two best sizes, where the two laws differ"
_OLD = "those are the constants of 2022; the question asks for the replication's, Besiroglu 2024"


def _tokens_for(size, law=_LAW):
    """The tokens for which a size is the best one."""
    return (law.beta * law.B / (law.alpha * law.A) * size**law.alpha) ** (1 / law.beta)


def _size_for(tokens, law=_LAW):
    """The size for which a number of tokens is the best one."""
    return (law.alpha * law.A / (law.beta * law.B) * tokens**law.beta) ** (1 / law.alpha)


def _budget(law=_LAW):
    return lambda design_size: 6 * design_size * _tokens_for(design_size, law)


def _price(N, D, law=_LAW):
    return 6 * N * D / law.least_compute(law.loss(N, D)) - 1


def _exchanged(N, D, law=_LAW):
    """The cheapest run of a loss with the shares of the two terms exchanged."""
    above = law.loss(N, D) - law.E
    size = (law.A * (1 + law.beta / law.alpha) / above) ** (1 / law.alpha)
    tokens = (law.B * (1 + law.alpha / law.beta) / above) ** (1 / law.beta)
    return 6 * size * tokens


def _apart(wrong):
    """wrong(run_size, run_tokens); nan where that, in two to four digits or in all, is right."""

    def quantity(run_size, run_tokens):
        found, right = wrong(run_size, run_tokens), _price(run_size, run_tokens)
        reach = max(0.0035 * right, 0.0051 * 10 ** np.floor(np.log10(right)))
        near = any(abs(float(f"{found:.{k}e}") - right) < reach for k in (1, 2, 3))
        return np.nan if near or abs(found / right - 1) < 0.008 else found

    return quantity


def _with_loss(decimals):
    """The price of a run with its loss rounded to so many decimals."""

    def wrong(run_size, run_tokens):
        loss = round(_LAW.loss(run_size, run_tokens), decimals)
        return 6 * run_size * run_tokens / _LAW.least_compute(loss) - 1

    return _apart(wrong)


def _with_roots(of_size, of_tokens):
    """The price of a run against a cheapest run that has other roots."""

    def wrong(run_size, run_tokens):
        above = _LAW.loss(run_size, run_tokens) - _LAW.E
        size = (_LAW.A * (1 + _LAW.alpha / _LAW.beta) / above) ** (1 / of_size)
        tokens = (_LAW.B * (1 + _LAW.beta / _LAW.alpha) / above) ** (1 / of_tokens)
        return run_size * run_tokens / (size * tokens) - 1

    return _apart(wrong)


def _above_best(run_size, run_tokens):
    """How many times what the best run of the same compute has above the floor."""
    best = _best(run_size, run_tokens).loss - _LAW.E
    return (_LAW.loss(run_size, run_tokens) - _LAW.E) / best


def _price_by(law):
    return lambda run_size, run_tokens: _price(run_size, run_tokens, law)


def _best(run_size, run_tokens):
    return _LAW.optimum(6 * run_size * run_tokens)


def _rival(rival_of, rival_budget, law=_LAW):
    """The other size of the same loss at the same compute."""
    from scipy.optimize import root_scalar

    best = law.optimum(rival_budget).N

    def gap(log_k):
        size = best * np.exp(log_k)
        at = [law.loss(N, rival_budget / (6 * N)) for N in (size, rival_of)]
        return at[0] - at[1]

    bracket = (-20, -1e-9) if rival_of > best else (1e-9, 20)
    return best * np.exp(root_scalar(gap, method="brentq", bracket=bracket).root)


def _rival_by(law):
    return lambda rival_of, rival_budget: _rival(rival_of, rival_budget, law)


def _above(size: str) -> str:
    """The loss above the floor of a size at `rival_budget`, as an expression in _CONSTANTS."""
    return f"(A / {size} ** alpha + B * (6 * {size} / rival_budget) ** beta)"


@cache
def _even(budget, worst="price", old=HOFFMANN_2022_TEX) -> float:
    """The size between both laws' best ones at which both say the same of it."""
    from scipy.optimize import root_scalar

    laws = BESIROGLU_2024, old

    def price(law, size):
        if worst == "fixed loss":
            return overhead(law, size, budget)
        if worst == "nats":
            return law.loss(size, budget / (6 * size)) - law.optimum(budget).loss
        return _price(size, budget / (6 * size), law)

    def difference(log_N):
        return price(laws[0], np.exp(log_N)) - price(laws[1], np.exp(log_N))

    ends = sorted(np.log([law.optimum(budget).N for law in laws]))
    return float(np.exp(root_scalar(difference, method="brentq", bracket=ends).root))


@cache
def _least_sum(hedge_budget) -> float:
    """The size at which the sum of both prices is least; nan where that is about the even one."""
    from scipy.optimize import minimize_scalar

    laws = BESIROGLU_2024, HOFFMANN_2022_TEX

    def total(log_N):
        size = np.exp(log_N)
        return sum(_price(size, hedge_budget / (6 * size), law) for law in laws)

    ends = sorted(np.log([law.optimum(hedge_budget).N for law in laws]))
    least: Any = minimize_scalar(total, bounds=ends, method="bounded")
    size = float(np.exp(least.x))
    even = _even(hedge_budget)
    near = any(abs(float(f"{size:.{digits}e}") / even - 1) < 0.009 for digits in (1, 2, 9))
    return np.nan if near else size


def _alone(law, at):
    """What `law` says is lost, at most, by trusting the other law."""

    def quantity(hedge_budget):
        size = at.optimum(hedge_budget).N
        return _price(size, hedge_budget / (6 * size), law)

    return quantity


def _named(which: str, law) -> dict[str, float]:
    """The constants of a law's price for a size, under the names of `_paid_by`."""
    power = 1 / law.alpha + 1 / law.beta
    least = (law.A * (1 + law.alpha / law.beta)) ** (1 / law.alpha) * (
        law.B * (1 + law.beta / law.alpha)
    ) ** (1 / law.beta)
    told = {"A": law.A, "B": law.B, "alpha": law.alpha, "beta": law.beta}
    told |= {"power": power, "least": 6 * least}
    return {f"{name}_{which}": value for name, value in told.items()}


def _paid_by(which: str) -> str:
    """What a law says that `size` costs, as an expression in the names of `_named`."""
    tokens = "(hedge_budget / 6 / size)"
    above = f"(A_{which} / size ** alpha_{which} + B_{which} / {tokens} ** beta_{which})"
    return f"(hedge_budget * {above} ** power_{which} / least_{which} - 1)"


_NEW, _TEX = _paid_by("new"), _paid_by("old")
_WORSE = f"max({_NEW}, {_TEX})"


def _in_the_middle(law):
    """What `law` says of the size in the middle, in logs, of the two best ones."""

    def quantity(hedge_budget):
        laws = BESIROGLU_2024, HOFFMANN_2022_TEX
        size = np.sqrt(np.prod([one.optimum(hedge_budget).N for one in laws]))
        return _price(size, hedge_budget / (6 * size), law)

    return quantity


_BUDGETS = apart(
    "right_budget",
    "told",
    (
        *(
            (name, "were the exponents, or 1 / beta, rounded on the way? Carry four digits of them")
            for name in ("short_exponents", "short_root")
        ),
        (
            "in_proportion",
            "that scales a row of the table as if the size grew with the compute; it grows about "
            "as the root of it",
        ),
        ("1e21", "that is a row of the table; the budget of {design_size:g} is another one"),
        ("told ** 2 / (6 * design_size ** 2)", "that is 6 D², and a run costs 6 N D"),
        ("no_power", "the size needs its power alpha: alpha A / N^alpha = beta B / D^beta"),
    ),
    {
        "told": lambda design_size: _budget()(design_size),
        "short_exponents": _budget(replace(_LAW, alpha=0.35, beta=0.37)),
        "short_root": lambda design_size: (
            6
            * design_size
            * (_LAW.beta * _LAW.B / (_LAW.alpha * _LAW.A) * design_size**_LAW.alpha) ** 2.7
        ),
        "in_proportion": lambda design_size: 1e21 * design_size / _LAW.optimum(1e21).N,
        "no_power": lambda design_size: (
            6 * design_size**2 * (_LAW.beta * _LAW.B / (_LAW.alpha * _LAW.A)) ** (1 / _LAW.beta)
        ),
    },
)


def _both_terms(share, other=None):
    """The price where the terms of the cheapest run have these shares of the loss above the floor,
    or both the first.
    """

    def quantity(run_size, run_tokens):
        above = _LAW.loss(run_size, run_tokens) - _LAW.E
        size = (_LAW.A / (share * above)) ** (1 / _LAW.alpha)
        tokens = (_LAW.B / ((other or share) * above)) ** (1 / _LAW.beta)
        return run_size * run_tokens / (size * tokens) - 1

    return quantity


_PRICES = apart(
    "extra_compute",
    "told",
    (
        (
            "100 * (1 + told)",
            "that is the ratio in per cent; the extra is one less, as a share",
        ),
        (
            "log(1 + told) / log(10)",
            "that is a logarithm of the ratio; take 1 off the ratio itself",
        ),
        *(
            (name, "the two terms add up to L - E: one over 1 + alpha / beta, the other the rest")
            for name in ("both_of_size", "both_of_tokens", "multiplied")
        ),
        *(
            (
                text,
                "that compares with the best size for as many tokens, which has another loss; "
                "asked for is compute, at the same loss",
            )
            for text in ("of_its_tokens", "of_its_tokens - 1")
        ),
        ("0.59", "that is a price of the page's table; this is another model"),
    ),
    {
        "told": _price_by(_LAW),
        "multiplied": _both_terms(1 + _LAW.alpha / _LAW.beta, 1 + _LAW.beta / _LAW.alpha),
        "both_of_size": _both_terms(1 / (1 + _LAW.alpha / _LAW.beta)),
        "both_of_tokens": _both_terms(1 / (1 + _LAW.beta / _LAW.alpha)),
        "of_its_tokens": lambda run_size, run_tokens: run_size / _size_for(run_tokens),
    },
)


def _at_short_size(law):
    """The price of the even size in two digits."""

    def quantity(hedge_budget):
        size = float(f"{_even(hedge_budget):.1e}")
        return _price(size, hedge_budget / (6 * size), law)

    return quantity


def _price_by_hand(keep, run_size, run_tokens):
    above = keep("above", _LAW.loss(run_size, run_tokens) - _LAW.E)
    return 6 * run_size * run_tokens / _LAW.least_compute(_LAW.E + above) - 1


_ROUGH_PRICE = early("x_above", _price_by_hand, {"above": "was L - E"}, rtol=0.003)


def _rival_by_hand(keep, rival_of, rival_budget):
    """The rival of a loss that was rounded; nan where that is below the best loss."""
    loss = keep("loss", _LAW.loss(rival_of, rival_budget / (6 * rival_of)))
    best = _LAW.optimum(rival_budget).N
    low, high = (-10.0, 0.0) if rival_of > best else (10.0, 0.0)  # the loss falls from low to high
    for _ in range(60):
        middle = (low + high) / 2
        size = best * np.exp(middle)
        above = _LAW.loss(size, rival_budget / (6 * size)) > loss
        low, high = (middle, high) if above else (low, middle)
    return best * np.exp(high) if high else np.nan


_ROUGH_RIVAL = early("x", _rival_by_hand, {"loss": "was the loss"}, carry=5, least=3)

_HEDGES = apart(
    "price",
    "told",
    (
        *(
            (
                name,
                "was the size rounded to two digits, for this price? It changes fast with the "
                "size: carry four",
            )
            for name in ("new_at_short", "old_at_short")
        ),
        ("log(1 + told)", "that is the logarithm of the ratio; take 1 off the ratio itself"),
    ),
    {
        "told": lambda hedge_budget: _price(
            _even(hedge_budget), hedge_budget / (6 * _even(hedge_budget)), _LAW
        ),
        "new_at_short": _at_short_size(BESIROGLU_2024),
        "old_at_short": _at_short_size(HOFFMANN_2022_TEX),
    },
)


EXERCISES = (
    Number(
        id="11-budget-for-size",
        answer="right_budget",
        given=("design_size",),
        derived={
            "budget": _budget(),
            "as_tokens": lambda design_size: 6 * design_size * _size_for(design_size),
            "rounded": _budget(HOFFMANN_2022),
            "tex": _budget(HOFFMANN_2022_TEX),
            "upside_down": lambda design_size: (
                6
                * design_size
                * (_LAW.alpha * _LAW.A / (_LAW.beta * _LAW.B) * design_size**_LAW.alpha)
                ** (1 / _LAW.beta)
            ),
            "powers_changed": lambda design_size: (
                6
                * design_size
                * (_LAW.beta * _LAW.B / (_LAW.alpha * _LAW.A) * design_size**_LAW.beta)
                ** (1 / _LAW.alpha)
            ),
            "no_root": lambda design_size: 6 * design_size * _tokens_for(design_size) ** _LAW.beta,
            "other_root": lambda design_size: (
                6 * design_size * _tokens_for(design_size) ** (_LAW.beta / _LAW.alpha)
            ),
            "A_and_B": lambda design_size: (
                6 * design_size * _tokens_for(design_size, replace(_LAW, A=_LAW.B, B=_LAW.A))
            ),
            "weights_changed": lambda design_size: (
                6
                * design_size
                * (_LAW.alpha * _LAW.B / (_LAW.beta * _LAW.A) * design_size**_LAW.alpha)
                ** (1 / _LAW.beta)
            ),
            "all_changed": _budget(replace(_LAW, alpha=_LAW.beta, beta=_LAW.alpha)),
            "in_billions": lambda design_size: 6 * design_size * _tokens_for(design_size / 1e9),
            "equal_terms": lambda design_size: (
                6 * design_size * (_LAW.B / _LAW.A * design_size**_LAW.alpha) ** (1 / _LAW.beta)
            ),
            **_BUDGETS.derived,
        },
        truth="budget",
        unit="FLOPs",
        rtol=0.003,
        bounds=(
            (
                "x > 6 * design_size",
                "one token alone costs a run of {design_size:g} parameters more than that: are "
                "these FLOPs?",
            ),
            (
                "abs(x / budget - 1) > 0.01 or abs(x / budget - 1) < 0.003",
                "that is near: carry four digits of the exponents, and of D before you multiply",
            ),
        ),
        mistakes=(
            (
                "120 * design_size ** 2",
                "that is the rule of 20 tokens per parameter; the law has a number of its own, "
                "which drifts with the budget",
            ),
            (
                "20 * design_size ** 2",
                "that is the rule of 20 tokens per parameter, and without the 6 FLOPs of each",
            ),
            (
                "6 * 18.4 * design_size ** 2",
                "that is the ratio at Gopher's budget, far beyond this design's",
            ),
            ("budget / 6", "that is N times D; a parameter costs 6 FLOPs for each token"),
            (
                "budget / 3",
                "that counts the forward pass, 2 FLOPs a parameter and token; training takes 6",
            ),
            (
                "budget / (6 * design_size)",
                "those are the tokens; the question asks for the FLOPs of the run",
            ),
            (
                "as_tokens",
                "that is the budget at which {design_size:g} is the best number of tokens; "
                "it is meant to be the size",
            ),
            (
                "6 * design_size ** 2",
                "that takes one token for each parameter; the best number of tokens is larger",
            ),
            (
                "20 * design_size",
                "those are 20 tokens per parameter, by a rule; the question asks for the FLOPs "
                "of the run, by the law",
            ),
            (
                "budget / (6 * design_size ** 2)",
                "those are the tokens for each parameter; the question asks for the FLOPs of the "
                "run",
            ),
            ("6 * design_size", "that is what one token costs; how many tokens are read?"),
            ("6 * budget", "the 6 is counted twice"),
            ("budget / 36", "the run is divided by 6: a parameter costs 6 FLOPs for each token"),
            ("2 * budget", "that counts 12 FLOPs for a parameter and token; training takes 6"),
            ("no_root", "that is D^beta in place of D: the power 1 / beta is missing"),
            ("other_root", "the root is 1 / beta: beta is the exponent of the tokens"),
            ("A_and_B", "A and B have changed places: A belongs to the size, B to the tokens"),
            (
                "in_billions",
                "the law takes parameters, not billions of them: put the size in as "
                "{design_size:g}",
            ),
            *(
                (text, "a power of ten is off: go through those of the size and the tokens")
                for text in ("budget / 1000", "budget / 10", "10 * budget", "1000 * budget")
            ),
            ("rounded", _OLD),
            ("tex", _OLD),
            ("budget / 8.64e19", "that is in PF-days; the question asks for FLOPs"),
            ("budget / 1e18", "that is in exaFLOPs; the question asks for FLOPs"),
            (
                "budget / 1e9",
                "a factor of a billion is missing: put the size in as {design_size:g}",
            ),
            (
                "upside_down",
                "the ratio of the two terms' constants stands upside down: which of them "
                "belongs to the tokens?",
            ),
            *(
                (
                    name,
                    "the exponents have changed places: alpha stands on the size, beta on the "
                    "tokens",
                )
                for name in ("powers_changed", "all_changed")
            ),
            (
                "weights_changed",
                "in front of the terms alpha and beta have changed places: alpha comes with A",
            ),
            (
                "equal_terms",
                "at a best split the terms are not equal; what is equal is each term times its "
                "own exponent",
            ),
            *_BUDGETS.mistakes,
        ),
        generic="at that compute the law's best size is not {design_size:g}: first the tokens at "
        "which it is the best size, then 6 N D",
        hints=(
            "The best size grows with the budget. For which budget is it yours?",
            "At a best split alpha A / N^alpha = beta B / D^beta: that gives the D that goes with "
            "your N, and C = 6 N D.",
            "`BESIROGLU_2024` has `alpha`, `beta`, `A` and `B`; "
            "`tokens = (... * design_size ** alpha) ** (1 / ...)`",
        ),
        praise="for that budget the law would build exactly your model",
    ),
    Number(
        id="11-price-of-model",
        answer="extra_compute",
        given=("run_size", "run_tokens"),
        derived={
            "price": _price_by(_LAW),
            "old": _price_by(HOFFMANN_2022),
            "tex": _price_by(HOFFMANN_2022_TEX),
            "same_size": lambda run_size, run_tokens: overhead(
                _LAW, run_size, 6 * run_size * run_tokens
            ),
            "ratio": lambda run_size, run_tokens: run_size / _best(run_size, run_tokens).N,
            "same_loss": lambda run_size, run_tokens: (
                run_size / _LAW.optimum(_LAW.least_compute(_LAW.loss(run_size, run_tokens))).N
            ),
            "loss": lambda run_size, run_tokens: _LAW.loss(run_size, run_tokens),
            "best_loss": lambda run_size, run_tokens: _best(run_size, run_tokens).loss,
            "exchanged": lambda run_size, run_tokens: (
                6 * run_size * run_tokens / _exchanged(run_size, run_tokens) - 1
            ),
            "run_swapped": lambda run_size, run_tokens: _price(run_tokens, run_size),
            "powers_changed": _price_by(replace(_LAW, alpha=_LAW.beta, beta=_LAW.alpha)),
            "cheapest_size": lambda run_size, run_tokens: (
                _LAW.optimum(_LAW.least_compute(_LAW.loss(run_size, run_tokens))).N
            ),
            "cheapest_tokens": lambda run_size, run_tokens: (
                _LAW.optimum(_LAW.least_compute(_LAW.loss(run_size, run_tokens))).D
            ),
            "above": lambda run_size, run_tokens: _LAW.loss(run_size, run_tokens) - _LAW.E,
            "floor_left": lambda run_size, run_tokens: (
                6
                * run_size
                * run_tokens
                / _LAW.least_compute(_LAW.E + _LAW.loss(run_size, run_tokens))
                - 1
            ),
            "loss_in_2": _with_loss(2),
            "loss_in_3": _with_loss(3),
            "root_of_tokens": _with_roots(_LAW.alpha, _LAW.alpha),
            "root_of_size": _with_roots(_LAW.beta, _LAW.beta),
            "roots_changed": _with_roots(_LAW.beta, _LAW.alpha),
            "read_of_best": _apart(lambda N, D: D / _tokens_for(N)),
            "best_of_read": _apart(lambda N, D: _tokens_for(N) / D),
            "best_of_read_less_1": _apart(lambda N, D: _tokens_for(N) / D - 1),
            "above_best": _apart(_above_best),
            "above_best_less_1": _apart(lambda N, D: _above_best(N, D) - 1),
            "twenty_of_read": _apart(lambda N, D: 20 * N / D),
            "read_of_twenty": _apart(lambda N, D: D / (20 * N)),
            **_PRICES.derived,
            **_ROUGH_PRICE.derived,
        },
        truth="price",
        rtol=0.003,
        bounds=(
            (
                "x > 0",
                "this model is off the frontier, so some other split reaches its loss with less: "
                "the share is above 0",
            ),
        ),
        mistakes=(
            ("100 * price", "write the share, not the percentage: 0.5 for 50 % more"),
            (
                "1 + price",
                "that is how many times the compute; the question asks for the extra, one less",
            ),
            (
                "price / (1 + price)",
                "that is the share of the compute that was wasted; the question asks for the "
                "extra as a share of what was needed",
            ),
            (
                "-price / (1 + price)",
                "that measures what was needed against what was spent; the question asks for the "
                "other way round",
            ),
            (
                "1 / (1 + price)",
                "that is what was needed over what was spent; invert the ratio and take 1 off",
            ),
            (
                "same_size",
                "that keeps the size and asks what it would need to reach the best loss of its "
                "compute. Here the loss is kept: what would a best split need to reach it?",
            ),
            ("old", _OLD),
            ("tex", _OLD),
            (
                "ratio - 1",
                "that is how much too large the model is; a size that is off costs less than that "
                "in compute",
            ),
            (
                "exchanged",
                "the two shares of L - E have changed places: the size's is over 1 + alpha / beta, "
                "the tokens' over 1 + beta / alpha",
            ),
            (
                "6 * (1 + price) - 1",
                "the 6 is in your run and not in the cheapest one: both cost 6 N D",
            ),
            (
                "(1 + price) / 6 - 1",
                "the 6 is in the cheapest run and not in yours: both cost 6 N D",
            ),
            (
                "run_swapped",
                "size and tokens have changed places in the law: A / N^alpha, B / D^beta",
            ),
            (
                "powers_changed",
                "the exponents have changed places: alpha stands on the size, beta on the tokens",
            ),
            *(
                (
                    text,
                    "those are FLOPs; the question asks how much more was spent than needed, as a "
                    "share of what was needed",
                )
                for text in (
                    "6 * run_size * run_tokens / (1 + price)",
                    "6 * run_size * run_tokens",
                    "6 * run_size * run_tokens * price / (1 + price)",
                )
            ),
            (
                "run_size * run_tokens",
                "that is N times D; the question asks for an extra share of compute",
            ),
            (
                "same_loss",
                "that is how many times larger the model is than the cheapest one of its loss; "
                "the question asks for compute",
            ),
            *(
                (
                    text,
                    "that compares the tokens with those of the cheapest run; the question asks "
                    "for compute",
                )
                for text in (
                    "cheapest_tokens / run_tokens",
                    "cheapest_tokens / run_tokens - 1",
                    "run_tokens / cheapest_tokens",
                )
            ),
            ("cheapest_size", "that is the size of the cheapest run; what does it cost?"),
            ("cheapest_tokens", "those are the tokens of the cheapest run; what does it cost?"),
            ("0.64", "that is GPT-3's price, which the page has; this is another model"),
            ("loss", "that is the loss of the model; which is the cheapest run that has it?"),
            ("above", "that is the loss above the floor; which is the cheapest run that has it?"),
            ("2 + price", "that is one too many: take 1 off the ratio, and add none"),
            ("log(1 + price)", "that is the logarithm of the ratio; take 1 off the ratio itself"),
            (
                "ratio",
                "that is how many times too large the model is; the question asks for compute",
            ),
            (
                "same_loss - 1",
                "that is how much larger the model is than the cheapest one of its loss; asked "
                "for is compute",
            ),
            *(
                (
                    text,
                    "that is what the rule of 20 says of its tokens; the question asks for "
                    "compute, by the law",
                )
                for text in (
                    "20 * run_size / run_tokens - 1",
                    *("twenty_of_read", "read_of_twenty"),
                )
            ),
            *(
                (
                    name,
                    "the loss was rounded first. What counts is L - E, which is small: carry six "
                    "digits of L",
                )
                for name in ("loss_in_2", "loss_in_3")
            ),
            *(
                (
                    name,
                    "the roots of the cheapest run are 1 / alpha for its size and 1 / beta for "
                    "its tokens",
                )
                for name in ("root_of_tokens", "root_of_size", "roots_changed")
            ),
            *(
                (
                    name,
                    "that compares with the best run of the same size, which has another loss; "
                    "the cheapest run of the same loss is smaller",
                )
                for name in ("read_of_best", "best_of_read", "best_of_read_less_1")
            ),
            *(
                (
                    name,
                    "that compares what is above the floor at equal compute; the question asks "
                    "for the compute at equal loss",
                )
                for name in ("above_best", "above_best_less_1")
            ),
            ("3 * (1 + price) - 1", "the cheapest run has 2 N D there: both cost 6 N D"),
            ("(1 + price) / 3 - 1", "your run has 2 N D there: both cost 6 N D"),
            (
                "loss / best_loss - 1",
                "that compares losses at equal compute; the question asks for the compute at "
                "equal loss",
            ),
            (
                "loss - best_loss",
                "those are nats lost at equal compute; the question asks for the compute at "
                "equal loss",
            ),
            (
                "floor_left",
                "the floor was left in: what a budget lowers is the loss above E",
            ),
            *_PRICES.mistakes,
            *_ROUGH_PRICE.mistakes,
        ),
        generic="a best split of compute / (1 + your share) does not end at the loss of this "
        "model: see what this model costs, and what the cheapest run of its loss above the floor "
        "does",
        hints=(
            "What loss does the law give this model, and what is the least compute that reaches "
            "this loss?",
            "extra = 6 N D / (least compute for the same loss) - 1. There A / N^alpha is the share "
            "beta / (alpha + beta) of the loss above the floor, B / D^beta the rest; C = 6 N D.",
            "`loss = BESIROGLU_2024.loss(run_size, run_tokens)`; the law has a method "
            "least_compute",
        ),
        praise="so much more than needed, by this law. Near the best split its valley is flat: "
        "half of L - E for each term, or 20 tokens per parameter, would say nearly the same",
    ),
    Number(
        id="11-rival-size",
        answer="rival_size",
        given=("rival_of", "rival_budget"),
        derived={
            "rival": _rival,
            **_ROUGH_RIVAL.derived,
            "tex": _rival_by(HOFFMANN_2022_TEX),
            "rounded": _rival_by(HOFFMANN_2022),
            "best": lambda rival_of, rival_budget: _LAW.optimum(rival_budget).N,
            "cheapest": lambda rival_of, rival_budget: (
                _LAW.optimum(_LAW.least_compute(_LAW.loss(rival_of, rival_budget / 6 / rival_of))).N
            ),
            "best_rounded": lambda rival_of, rival_budget: HOFFMANN_2022.optimum(rival_budget).N,
            "best_tex": lambda rival_of, rival_budget: HOFFMANN_2022_TEX.optimum(rival_budget).N,
            "six_twice": lambda rival_of, rival_budget: _rival(rival_of, rival_budget / 6),
            "best_without_6": lambda rival_of, rival_budget: _LAW.optimum(6 * rival_budget).N,
            "one_flop": lambda rival_of, rival_budget: _rival(rival_of, 6 * rival_budget),
            "two_flops": lambda rival_of, rival_budget: _rival(rival_of, 3 * rival_budget),
            "powers_changed": lambda rival_of, rival_budget: _rival(
                rival_of, rival_budget, replace(_LAW, alpha=_LAW.beta, beta=_LAW.alpha)
            ),
            **{name: (lambda value: lambda **_: value)(getattr(_LAW, name)) for name in _CONSTANTS},
        },
        truth="rival",
        unit="parameters",
        bounds=(
            ("x > 0", "a size is a positive number of parameters"),
            (
                "(x - best) * (rival_of - best) < 0",
                "that is on the same side of the best size as yours, {rival_of:g}: a model above "
                "the best size has its rival below it, one below has it above",
            ),
            (
                f"{_above('x')} > 0.9985 * {_above('rival_of')}",
                "at that size the law's loss is lower than that of your model: go further away "
                "from the best size. No rule of thumb is exact enough: solve for equal losses",
            ),
            (
                f"{_above('x')} < 1.0015 * {_above('rival_of')}",
                "at that size the law's loss is higher than that of your model: come nearer to "
                "the best size. No rule of thumb is exact enough: solve for equal losses",
            ),
        ),
        mistakes=(
            *_ROUGH_RIVAL.mistakes,
            (
                "rival_of",
                "that is the model itself: the loss is equal at two sizes, and you found the one "
                "you came from. Search on the other side of the best size",
            ),
            (
                "best ** 2 / rival_of",
                "that is the rule of thumb, N1 N2 = N_opt squared; the exact size is a little off",
            ),
            (
                "rival_budget / 120 / rival_of",
                "that is the rule of thumb with 20 tokens per parameter; solve for equal losses",
            ),
            *(
                (
                    text,
                    "that is a rule of thumb without the 6 FLOPs; solve for equal losses, with "
                    "D = C / (6 N)",
                )
                for text in ("best_without_6 ** 2 / rival_of", "rival_budget / 20 / rival_of")
            ),
            (
                "2 * best - rival_of",
                "that is as many parameters off on the other side; the rule is about ratios, and "
                "is not exact",
            ),
            ("best", "that is the best size, where the loss is lower than that of {rival_of:g}"),
            (
                "rival_budget / 6 / best",
                "those are the tokens of the best run; the question asks for the size of another",
            ),
            (
                "rival_budget / 6 / rival",
                "those are the rival's tokens; the question asks for its parameters",
            ),
            (
                "rival_budget / 6 / rival_of",
                "those are the tokens of {rival_of:g}; the question asks for the rival's "
                "parameters",
            ),
            (
                "cheapest",
                "that is the cheapest model of the same loss, which has another budget; the rival "
                "spends the same compute",
            ),
            (
                "rival / best",
                "that is the rival over the best size; multiply by the best size",
            ),
            *(
                (
                    text,
                    "that is how far your model is from the best size; the question asks for the "
                    "rival in parameters",
                )
                for text in ("best / rival_of", "rival_of / best")
            ),
            (
                "best / rival",
                "that is the best size over the rival; the question asks for the rival in "
                "parameters",
            ),
            (
                "rival_of / rival",
                "that is how far the two sizes lie apart; the question asks for the rival in "
                "parameters",
            ),
            (
                "rival / rival_of",
                "that is how far the two sizes lie apart; the question asks for the rival in "
                "parameters",
            ),
            (
                "sqrt(rival_budget / 120)",
                "that is the size of the rule of 20 tokens per parameter; the question asks for "
                "the other size of the same loss, by the law",
            ),
            *(
                (
                    f"best_{year} ** 2 / rival_of",
                    "that is the rule of thumb, and with the constants of 2022; solve for equal "
                    "losses by the replication's",
                )
                for year in ("rounded", "tex")
            ),
            *(
                (
                    f"best_{year}",
                    "that is the best size, and by the constants of 2022; the question asks for "
                    "the other size of the same loss, by the replication's",
                )
                for year in ("rounded", "tex")
            ),
            (
                "six_twice",
                "the budget is divided by 6 twice: the tokens are C / (6 N)",
            ),
            (
                "sqrt(best * rival)",
                "that lies half-way in logs from the best size to the rival; go on to equal losses",
            ),
            (
                "(best + rival) / 2",
                "that lies half-way from the best size to the rival; go on to equal losses",
            ),
            ("rival / 1e6", "that is in millions; write the parameters out, or put M behind it"),
            *(
                (text, "a power of ten is off: go through those of the budget and the sizes")
                for text in (
                    *("rival / 10", "rival / 100", "rival / 1000"),
                    *("10 * rival", "100 * rival", "1000 * rival"),
                )
            ),
            ("rival / 1e9", "that is in billions; write the parameters out, or put B behind it"),
            (
                "one_flop",
                "the tokens are six times too many: a parameter costs 6 FLOPs for each token",
            ),
            (
                "two_flops",
                "that counts the forward pass, 2 FLOPs a parameter and token; training takes 6",
            ),
            (
                "powers_changed",
                "the exponents have changed places: alpha stands on the size, beta on the tokens",
            ),
            ("tex", _OLD),
            ("rounded", _OLD),
        ),
        generic="at that size the law's loss is not that of your model: solve for it in smaller "
        "steps",
        hints=(
            "Along one budget the loss falls to the best size and rises again: every height but "
            "the lowest is met twice.",
            "Both read C / (6 size) tokens. Find where the two losses are equal, on the side of "
            "the best size where yours is not. On a page's scratchpad, solve finds it.",
            "`best = BESIROGLU_2024.optimum(rival_budget).N`, and brentq over "
            "`np.log(size / best)`",
        ),
        praise="any size between the two beats both at this compute",
    ),
    Several(
        id="11-hedge",
        answer="hedge",
        given=("hedge_budget",),
        derived={
            "even": lambda hedge_budget: _even(hedge_budget),
            "in_nats": lambda hedge_budget: _even(hedge_budget, "nats"),
            "at_loss": lambda hedge_budget: _even(hedge_budget, "fixed loss"),
            "printed": lambda hedge_budget: _even(hedge_budget, old=HOFFMANN_2022),
            "no_six": lambda hedge_budget: _even(6 * hedge_budget),
            "printed_price": lambda hedge_budget: _price(
                _even(hedge_budget, old=HOFFMANN_2022),
                hedge_budget / 6 / _even(hedge_budget, old=HOFFMANN_2022),
            ),
            "printed_best": lambda hedge_budget: HOFFMANN_2022.optimum(hedge_budget).N,
            "new": lambda hedge_budget: BESIROGLU_2024.optimum(hedge_budget).N,
            "old": lambda hedge_budget: HOFFMANN_2022_TEX.optimum(hedge_budget).N,
            "new_on_old": _alone(BESIROGLU_2024, HOFFMANN_2022_TEX),
            "old_on_new": _alone(HOFFMANN_2022_TEX, BESIROGLU_2024),
            "new_in_the_middle": _in_the_middle(BESIROGLU_2024),
            "old_in_the_middle": _in_the_middle(HOFFMANN_2022_TEX),
            "least_sum": _least_sum,
            "lost_old": lambda hedge_budget: (
                HOFFMANN_2022_TEX.loss(_even(hedge_budget), hedge_budget / 6 / _even(hedge_budget))
                - HOFFMANN_2022_TEX.optimum(hedge_budget).loss
            ),
            "kept": lambda hedge_budget: overhead(
                BESIROGLU_2024, _even(hedge_budget), hedge_budget
            ),
            "lost": lambda hedge_budget: (
                BESIROGLU_2024.loss(_even(hedge_budget), hedge_budget / 6 / _even(hedge_budget))
                - BESIROGLU_2024.optimum(hedge_budget).loss
            ),
            **_named("new", BESIROGLU_2024),
            **_named("old", HOFFMANN_2022_TEX),
            **_HEDGES.derived,
            "dear": lambda hedge_budget: _price(
                _even(hedge_budget), hedge_budget / (6 * _even(hedge_budget)), _LAW
            ),
        },
        parts=(
            Part(
                name="size",
                truth="even",
                unit="parameters",
                rtol=0.004,
                mistakes=(
                    (
                        "sqrt(new * old)",
                        "that is the middle in logs. One law is steeper than the other, so the "
                        "even point lies off the middle",
                    ),
                    (
                        "(new + old) / 2",
                        "that is half of the sum; nothing makes the two prices equal there",
                    ),
                    ("dear", "size and price have changed places"),
                    ("new", "that trusts one law and pays the other's price in full"),
                    ("old", "that trusts one law and pays the other's price in full"),
                    (
                        "at_loss",
                        "that is the price of keeping the size and reaching the best loss of the "
                        "budget; here the budget is spent and the loss is what it is",
                    ),
                    (
                        "in_nats",
                        "that evens out nats; a nat is not worth the same compute under both laws",
                    ),
                    (
                        "printed",
                        "those are the printed digits of 2022; the question asks for those of "
                        "the TeX source",
                    ),
                    (
                        "printed_best",
                        "that trusts one law alone, and with the printed digits of 2022",
                    ),
                    (
                        "no_six",
                        "the tokens are six times too many: a parameter costs 6 FLOPs for each",
                    ),
                    (
                        "2 / (1 / new + 1 / old)",
                        "that is the harmonic mean; nothing makes the two prices equal there",
                    ),
                    (
                        "least_sum",
                        "that makes the sum of both prices least; only one law can be right, and "
                        "the worse price is meant",
                    ),
                    (
                        "even / new",
                        "that is the size over one law's best; the question asks for parameters",
                    ),
                    (
                        "even / old",
                        "that is the size over one law's best; the question asks for parameters",
                    ),
                    (
                        "hedge_budget / (6 * even ** 2)",
                        "those are the tokens for each parameter; name the size",
                    ),
                    ("hedge_budget / even", "that is the budget over the size; name the size"),
                    ("even / 1e6", "that is in millions; write M behind it, or 1e6"),
                    *(
                        (text, "a power of ten is off: go through those of budget and size")
                        for text in ("even / 10", "10 * even", "even / 1000", "1000 * even")
                    ),
                    (
                        "sqrt(hedge_budget / 6)",
                        "that takes as many tokens as parameters, which is neither law's best",
                    ),
                    ("hedge_budget / (6 * even)", "those are the run's tokens; name its size"),
                    ("even / 1e9", "that is in billions; write B behind it, or 1e9"),
                    (
                        "sqrt(hedge_budget / 120)",
                        "that is the rule of 20 tokens per parameter, which is neither law's best",
                    ),
                ),
                generic="at that size one law's price is higher than the other's: "
                "move towards that law's best size",
            ),
            Part(
                name="price",
                truth=_WORSE,
                rtol=0.015,
                mistakes=(
                    (f"100 * {_WORSE}", "write the price as a share, not in per cent"),
                    (
                        f"{_WORSE} / (1 + {_WORSE})",
                        "that is the share of the budget that is wasted; the price is the extra "
                        "over what was needed",
                    ),
                    (f"1 + {_WORSE}", "that is how many times the compute; the price is one less"),
                    ("new_on_old", "that is the price of trusting Hoffmann's law if it is wrong"),
                    ("old_on_new", "that is the price of trusting the replication if it is wrong"),
                    (
                        "(new_on_old + old_on_new) / 2",
                        "that is the mean price of trusting one law; a size between the two "
                        "pays far less",
                    ),
                    (
                        "printed_price",
                        "that is with the printed digits of 2022; asked for are those of the TeX "
                        "source",
                    ),
                    ("even", "size and price have changed places"),
                    ("new_in_the_middle", _MIDDLE),
                    ("old_in_the_middle", _MIDDLE),
                    (
                        "kept",
                        "that keeps the size and buys the best loss of the budget; here the "
                        "budget is kept",
                    ),
                    *(
                        (text, "those are nats above the best loss; the question asks for compute")
                        for text in ("lost", "lost_old", "(lost + lost_old) / 2")
                    ),
                    (
                        f"hedge_budget * {_WORSE} / (1 + {_WORSE})",
                        "that is the extra in FLOPs; the price is its share of what was needed",
                    ),
                    (
                        f"hedge_budget / (1 + {_WORSE})",
                        "that is the compute that was needed; the price is the extra over it, as "
                        "a share",
                    ),
                    (
                        f"1 / (1 + {_WORSE})",
                        "that is what was needed over what was spent; invert it and take 1 off",
                    ),
                    (
                        f"-{_WORSE} / (1 + {_WORSE})",
                        "that measures what was needed against what was spent; invert it",
                    ),
                    (f"6 * (1 + {_WORSE}) - 1", "the 6 is missing in what was needed"),
                    (f"(1 + {_WORSE}) / 6 - 1", "the 6 is missing in what was spent"),
                    (
                        f"{_WORSE} / 2",
                        "that is half of it: both laws ask the same price, and one is right",
                    ),
                    (
                        "new_on_old + old_on_new",
                        "that is the sum of the prices of trusting each law; a size between the "
                        "two pays far less",
                    ),
                    (
                        f"{_NEW} + {_TEX}",
                        "that is the sum of both prices; only one law can be right",
                    ),
                    *_HEDGES.mistakes,
                ),
                generic="the price is the extra compute over the best run of the same loss, and at "
                "the right size both laws agree on it",
            ),
        ),
        bounds=(
            (
                "size >= 0.999 * old and size <= 1.001 * new",
                "outside the two laws' best sizes both prices rise together: look between them",
            ),
            ("price > 0", "no size is the best under both laws: the price is above 0"),
        ),
        hints=(
            "For a size between the two best ones, work out both prices. Which of them falls as "
            "the size grows?",
            "price under a law = budget / (least compute for the loss of that size) - 1. With the "
            "least compute A / N^alpha is the share beta / (alpha + beta) of the loss above the "
            "floor. The worse price is smallest where both are equal: solve finds it.",
            "`ends = [np.log(law.optimum(hedge_budget).N) for law in (HOFFMANN_2022_TEX, "
            "BESIROGLU_2024)]`, then brentq on the difference",
        ),
        praise="that is what it costs, at worst, not to know which law is right",
    ),
)

QUESTIONS = (
    Question(
        id="11-one-curve",
        prompt="Why does half the best size cost as much extra at 1e20 FLOPs as at 1e26?",
        options=(
            Option(
                "Because the loss hardly changes at either budget.",
                why="It does: the reducible loss falls severalfold. What stays is the share of it "
                "that each term has.",
                key="a",
            ),
            Option(
                "Because at every best split the two terms stand in the same ratio, so moving the "
                "size by a factor tilts them alike.",
                right=True,
                why="Only the ratio of the terms and the two exponents enter, and neither "
                "depends on the budget.",
                key="b",
            ),
            Option(
                "Because 20 tokens per parameter hold at every budget.",
                why="Not needed: under the constants of 2022 the best ratio drifts from 40 to 150 "
                "between these budgets, and the price is one curve all the same.",
                key="c",
            ),
        ),
    ),
    Question(
        id="11-smaller-or-larger",
        prompt="A law puts the best size for your budget at 70B. You may train 10B or 280B with "
        "it. Which reaches the lower loss?",
        options=(
            Option(
                "10B: smaller models on more data win.",
                why="Only while they are not too small. 10B is 7 times below the best size, 280B "
                "is 4 times above it: the nearer one, in ratio, wins.",
                key="a",
            ),
            Option(
                "280B.",
                right=True,
                why="10 times 280 is 2,800, below 70 squared, which is 4,900: the smaller one is "
                "further off.",
                key="b",
            ),
            Option(
                "Neither: equal compute gives equal loss.",
                why="Equal compute gives equal loss only for rivals, such as about 17.5B and 280B "
                "here.",
                key="c",
            ),
        ),
    ),
    Question(
        id="11-saturated",
        prompt="From 7T to 15T tokens an 8B model gained so little that the curve looks flat on "
        "the plot. What does that show?",
        options=(
            Option(
                "Its returns diminish: the next doubling costs twice as much and gives a good "
                "fifth less than the last.",
                right=True,
                why="Whether that is worth the compute is a question of price, and another size "
                "would use it better.",
                key="b",
            ),
            Option(
                "It is full: more fresh tokens would not lower its loss.",
                why="By the law, and in our own runs, each doubling still lowers "
                "it. A gain that is too small to see on a plot of the whole run is not zero.",
                key="a",
            ),
            Option(
                "It overfits: its loss on new text will now rise.",
                why="Fresh tokens are read once, so there is nothing to memorise. "
                "Repeated tokens are another matter, and chapter 15's.",
                key="c",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="11-gpt3-price",
        prompt="GPT-3 read 1.7 tokens per parameter. How much more compute did its loss cost than "
        "the best split would have needed?",
        unit="%",
        lo=0,
        hi=2000,
        truth=64,
        says="The replication's law says 64 %, fits to resampled runs 29 to 103 %; the constants "
        "of 2022 say 141 and 198 %.",
    ),
    Prediction(
        id="11-quarter-or-four",
        prompt="You want the loss of the best run, with a model of a quarter of its size, or of "
        "four times its size. Which costs more?",
        options=("a quarter of the size", "four times the size", "much the same"),
        truth="a",
        says="A quarter of the size costs 347 % more, four times the size 59 % (Besiroglu 2024).",
    ),
    Prediction(
        id="11-twice-the-compute",
        prompt="And how many times too large may a model be before the same loss costs twice the "
        "compute?",
        unit="times the best size",
        lo=1,
        hi=1000,
        truth=5.9,
        says="5.9 times the best size by Besiroglu 2024, 6.4 by Hoffmann 2022 (as printed). On the "
        "small side it is a third.",
    ),
    Prediction(
        id="11-since-2023",
        prompt="Of the published models since 2023, which share is smaller than the best size for "
        "its compute?",
        unit="%",
        lo=0,
        hi=100,
        truth=91,
        says="91 % of the 67 dense models in our list by Besiroglu 2024, 76 % by Hoffmann 2022 "
        "(TeX digits).",
    ),
)
