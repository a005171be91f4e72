"""Chapter 11: what students may see of the judging."""

from __future__ import annotations

from functools import cache

import numpy as np

from ...laws import BESIROGLU_2024, HOFFMANN_2022, HOFFMANN_2022_TEX
from ...planning import overhead
from .. import Function, Number, Option, Part, Prediction, Question, Several

_LAW = BESIROGLU_2024


def _budget_of(n_params, law=_LAW):
    """FLOPs of the budget whose best size is n_params, and of the one whose best number of tokens is that."""
    ratio = law.beta * law.B / (law.alpha * law.A)
    D = (ratio * n_params**law.alpha) ** (1 / law.beta)
    N = (n_params**law.beta / ratio) ** (1 / law.alpha)
    return 6 * n_params * D, 6 * N * n_params


def _price(n_params, n_tokens, law=_LAW):
    return 6 * n_params * n_tokens / law.least_compute(law.loss(n_params, n_tokens)) - 1


def _rival(N, C, law=_LAW, loss=None):
    from scipy.optimize import root_scalar

    best = law.optimum(C).N

    def gap(log_k):
        size = best * np.exp(log_k)
        return law.loss(size, C / (6 * size)) - law.loss(N, C / (6 * N))

    bracket = (-20, -1e-9) if N > best else (1e-9, 20)
    return best * np.exp(root_scalar(gap, method="brentq", bracket=bracket).root)


@cache
def _hedge(budget, worst="price") -> tuple[float, float]:
    """The size between both laws' best ones at which both say the same of it, and what they say."""
    from scipy.optimize import root_scalar

    laws = BESIROGLU_2024, HOFFMANN_2022_TEX

    def price(law, size):
        if worst == "fixed loss":
            return overhead(law, size, budget)
        loss = law.loss(size, budget / (6 * size))
        return (
            loss - law.optimum(budget).loss
            if worst == "nats"
            else budget / law.least_compute(loss) - 1
        )

    ends = sorted(np.log([law.optimum(budget).N for law in laws]))

    def difference(log_N):
        return price(laws[0], np.exp(log_N)) - price(laws[1], np.exp(log_N))

    size = float(np.exp(root_scalar(difference, method="brentq", bracket=ends).root))
    return size, float(price(laws[0], size))


def _alone(law, at):
    """What `law` says is lost, at most, by trusting the other law."""

    def quantity(budget):
        size = at.optimum(budget).N
        return budget / law.least_compute(law.loss(size, budget / (6 * size))) - 1

    return quantity


EXERCISES = (
    Number(
        id="11-budget-for-size",
        answer="right_budget",
        given=("n_params",),
        derived={
            "budget": lambda n_params: _budget_of(n_params)[0],
            "as_tokens": lambda n_params: _budget_of(n_params)[1],
            "rounded": lambda n_params: _budget_of(n_params, HOFFMANN_2022)[0],
            "tex": lambda n_params: _budget_of(n_params, HOFFMANN_2022_TEX)[0],
        },
        truth="budget",
        unit="FLOPs",
        rtol=0.01,
        bounds=(
            (
                "x > 6 * n_params",
                "a run of {n_params:g} parameters costs more than that for its first token",
            ),
        ),
        mistakes=(
            (
                "120 * n_params ** 2",
                "that is the rule of 20 tokens per parameter; the law has a number of its own, which drifts with the budget",
            ),
            ("budget / 6", "that is N times D; a parameter costs 6 FLOPs for each token"),
            ("budget / (6 * n_params)", "those are the tokens; asked for are the FLOPs of the run"),
            (
                "as_tokens",
                "that is the budget at which {n_params:g} is the best number of tokens; it is meant to be the size",
            ),
            (
                "rounded",
                "those are the constants of 2022; the exercise asks for the replication's, BESIROGLU_2024",
            ),
            (
                "tex",
                "those are the constants of 2022; the exercise asks for the replication's, BESIROGLU_2024",
            ),
            ("budget / 8.64e19", "that is in PF-days; asked for are FLOPs"),
        ),
        generic="at that compute the law's best size is not {n_params:g}",
        hints=(
            "law.optimum(C).N grows with C. For which C is it your size?",
            "At a best split alpha A / N^alpha = beta B / D^beta: that gives the D that goes with your N, and C = 6 N D.",
            "`law = BESIROGLU_2024`, then `tokens = (law.beta * law.B / (law.alpha * law.A) * n_params ** ...) ** (1 / ...)`",
        ),
        praise="for that budget the law would build exactly your model",
    ),
    Number(
        id="11-price-of-model",
        answer="extra_compute",
        given=("n_params", "n_tokens"),
        derived={
            "price": _price,
            "old": lambda n_params, n_tokens: _price(n_params, n_tokens, HOFFMANN_2022),
            "tex": lambda n_params, n_tokens: _price(n_params, n_tokens, HOFFMANN_2022_TEX),
            "same_size": lambda n_params, n_tokens: overhead(
                _LAW, n_params, 6 * n_params * n_tokens
            ),
            "ratio": lambda n_params, n_tokens: n_params / _LAW.optimum(6 * n_params * n_tokens).N,
            "loss_share": lambda n_params, n_tokens: (
                _LAW.loss(n_params, n_tokens) / _LAW.optimum(6 * n_params * n_tokens).loss - 1
            ),
        },
        truth="price",
        rtol=0.006,
        bounds=(
            (
                "x > 0",
                "this model is off the frontier, so some other split reaches its loss with less: the share is above 0",
            ),
        ),
        mistakes=(
            ("100 * price", "write the share, not the percentage: 0.5 for 50 % more"),
            ("1 + price", "that is how many times the compute; asked for is the extra, one less"),
            (
                "price / (1 + price)",
                "that is the share of the compute that was wasted; asked for is the extra as a share of what was needed",
            ),
            (
                "same_size",
                "that keeps the size and asks what it would need to reach the best loss of its compute. Here the loss is kept: what would a best split need to reach it?",
            ),
            ("old", "those are the constants of 2022, rounded; use BESIROGLU_2024"),
            ("tex", "those are the constants of 2022; use BESIROGLU_2024"),
            (
                "ratio - 1",
                "that is how much too large the model is; a size that is off costs less than that in compute",
            ),
            (
                "loss_share",
                "that compares losses at equal compute; asked for is the compute at equal loss",
            ),
        ),
        generic="a best split of compute / (1 + your share) does not end at the loss of this model",
        hints=(
            "What loss does the law give this model, and what is the least compute that reaches this loss?",
            "extra = 6 N D / (least compute for the same loss) - 1.",
            "`loss = BESIROGLU_2024.loss(n_params, n_tokens)`; the law has a method least_compute",
        ),
        praise="so much more than needed, by this law",
    ),
    Function(
        id="11-rival-size",
        answer="rival_size",
        arguments=("N", "C"),
        probes=((175e9, 3.15e23), (1e9, 1e21), (7e9, 8.4e22), (5e11, 8.6e23)),
        properties=(
            (lambda f: np.ndim(f(175e9, 3.15e23)) == 0, "return one size, a number"),
            (
                lambda f: f(175e9, 3.15e23) < _LAW.optimum(3.15e23).N,
                "a model above the best size has its rival below it",
            ),
            (
                lambda f: f(1e9, 1e21) > _LAW.optimum(1e21).N,
                "a model below the best size has its rival above it",
            ),
            (
                lambda f: all(
                    np.isclose(f(N, C), _rival(N, C), rtol=1e-3)
                    for N, C in ((175e9, 3.15e23), (1e9, 1e21), (7e9, 8.4e22))
                ),
                "at your size and the same compute the loss is not that of N: compare law.loss(size, C / (6 * size)) for both",
            ),
        ),
        mistakes=(
            (
                lambda N, C: N + 0 * C,
                "that is the model itself: the loss is equal at two sizes, and you found the one you came from. Search "
                "on the other side of the best size",
            ),
            (
                lambda N, C: _LAW.optimum(C).N ** 2 / N,
                "that is the rule of thumb, N1 N2 = N_opt squared; the exact size is a little off",
            ),
            (
                lambda N, C: C / 120 / N,
                "that is the rule of thumb with 20 tokens per parameter; solve for equal losses",
            ),
            (
                lambda N, C: _LAW.optimum(C).N + 0 * N,
                "that is the best size, where the loss is lower than that of N",
            ),
            (
                lambda N, C: C / (6 * _rival(N, C)),
                "those are the rival's tokens; return its parameters",
            ),
            (
                lambda N, C: _LAW.optimum(_LAW.least_compute(_LAW.loss(N, C / (6 * N)))).N,
                "that is the cheapest model of the same loss, which has another budget; the rival spends the same compute",
            ),
            (
                lambda N, C: _rival(N, C, HOFFMANN_2022_TEX),
                "those are the constants of 2022; use BESIROGLU_2024",
            ),
        ),
        hints=(
            "Along one budget the loss falls to the best size and rises again: every height but the lowest is met twice.",
            "Find the zero of law.loss(size, C / (6 * size)) - law.loss(N, C / (6 * N)) on the side of law.optimum(C).N where N is not.",
            "`best = BESIROGLU_2024.optimum(C).N`, and brentq over log(size / best)",
        ),
        praise="any size between N and its rival beats both at this compute",
    ),
    Several(
        id="11-hedge",
        answer="hedge",
        given=("budget",),
        derived={
            "even": lambda budget: _hedge(budget)[0],
            "worst": lambda budget: _hedge(budget)[1],
            "in_nats": lambda budget: _hedge(budget, "nats")[0],
            "at_loss": lambda budget: _hedge(budget, "fixed loss")[0],
            "new": lambda budget: BESIROGLU_2024.optimum(budget).N,
            "old": lambda budget: HOFFMANN_2022_TEX.optimum(budget).N,
            "new_on_old": _alone(BESIROGLU_2024, HOFFMANN_2022_TEX),
            "old_on_new": _alone(HOFFMANN_2022_TEX, BESIROGLU_2024),
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
                        "that is the middle in logs. One law is steeper than the other, so the even point lies off the middle",
                    ),
                    (
                        "(new + old) / 2",
                        "that is half of the sum; nothing makes the two prices equal there",
                    ),
                    ("new", "that trusts one law and pays the other's price in full"),
                    ("old", "that trusts one law and pays the other's price in full"),
                    (
                        "at_loss",
                        "that is the price of keeping the size and reaching the best loss of the budget; here the budget is spent and the loss is what it is",
                    ),
                    (
                        "in_nats",
                        "that evens out nats; a nat is not worth the same compute under both laws",
                    ),
                ),
                generic="at that size one law's price is higher than the other's: move towards the size that it wants",
            ),
            Part(
                name="price",
                truth="worst",
                rtol=0.015,
                mistakes=(
                    ("100 * worst", "write the price as a share, not in percent"),
                    (
                        "worst / (1 + worst)",
                        "that is the share of the budget that is wasted; the price is the extra over what was needed",
                    ),
                ),
                generic="the price is the extra compute over the best run of the same loss, and at the right size both laws agree on it",
            ),
        ),
        bounds=(
            (
                "size >= 0.999 * old and size <= 1.001 * new",
                "outside the two laws' best sizes both prices rise together: look between them",
            ),
        ),
        hints=(
            "For a size between the two best ones, work out both prices. Which of them falls as the size grows?",
            "price under a law = budget / law.least_compute(law.loss(N, budget / (6 N))) - 1. The worse of the two is smallest where both "
            "are equal.",
            "`ends = [np.log(law.optimum(budget).N) for law in (HOFFMANN_2022_TEX, BESIROGLU_2024)]`, then brentq on the difference",
        ),
        praise="that is what it costs, at worst, not to know which law is right",
    ),
)

QUESTIONS = (
    Question(
        id="11-one-curve",
        prompt="Why is half the best size as dear at 1e20 FLOPs as at 1e26?",
        options=(
            Option(
                "Because the loss hardly changes at either budget.",
                why="It does: the reducible loss falls severalfold. What stays is the share of it that each term has.",
                key="a",
            ),
            Option(
                "Because at every best split the two terms stand in the same ratio, so moving the size by a factor tilts them alike.",
                right=True,
                why="Yes. Only the ratio of the terms and the two exponents enter, and neither knows the budget.",
                key="b",
            ),
            Option(
                "Because 20 tokens per parameter hold at every budget.",
                why="Not needed: under the constants of 2022 the best ratio drifts from 40 to 150 between these budgets, and the price is one curve all the same.",
                key="c",
            ),
        ),
    ),
    Question(
        id="11-smaller-or-larger",
        prompt="A law puts the best size for your budget at 70B. You may train 10B or 280B with it. Which reaches the lower loss?",
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
                why="10 times 280 is 2,800, below 70 squared, which is 4,900: the smaller one is further off.",
                key="b",
            ),
            Option(
                "Neither: equal compute gives equal loss.",
                why="Equal compute gives equal loss only for rivals, such as about 17.5B and 280B here.",
                key="c",
            ),
        ),
    ),
    Question(
        id="11-saturated",
        prompt="From 7T to 15T tokens an 8B model gained so little that the curve looks flat on the plot. What does that show?",
        options=(
            Option(
                "Its returns diminish: the next doubling costs twice as much and gives about a fifth less than the last.",
                right=True,
                why="Yes. Whether that is worth the compute is a question of price, and another size would use it better.",
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
                "Repeated tokens are another matter, and chapter 12's.",
                key="c",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="11-gpt3-price",
        prompt="GPT-3 read 1.7 tokens per parameter. How much more compute did its loss cost than the best split would have needed?",
        unit="%",
        lo=0,
        hi=1000,
    ),
    Prediction(
        id="11-quarter-or-four",
        prompt="You want the loss of the best run, with a model of a quarter of its size, or of four times its size. Which costs more?",
        options=("a quarter of the size", "four times the size", "much the same"),
    ),
    Prediction(
        id="11-since-2023",
        prompt="Of the published models since 2023, which share is smaller than the best size for its compute?",
        unit="%",
        lo=0,
        hi=100,
    ),
)
