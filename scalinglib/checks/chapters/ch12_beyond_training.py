"""Chapter 12: what students may see of the judging."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from ...laws import BESIROGLU_2024, HOFFMANN_2022, HOFFMANN_2022_TEX
from .. import Number, Option, Part, Prediction, Question, Several
from ..slips import apart, early

_LAW = BESIROGLU_2024


def __getattr__(name: str) -> Any:
    """What a copy of the notebook from before chapter 15 imports from here."""
    if name == "spoilt_study":
        from .ch15_repeat_and_choose import spoilt_study

        return spoilt_study
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


# ---- the bill ---------------------------------------------------------------------------------


def _tokens_for(size, law=_LAW):
    """The tokens at which a size is compute-optimal."""
    return (law.beta * law.B / (law.alpha * law.A) * size**law.alpha) ** (1 / law.beta)


#: slips on the way to them: no exponents in front, each other's, and the root of the wrong one
_OTHER_TOKENS = (
    lambda N: (_LAW.B / _LAW.A * N**_LAW.alpha) ** (1 / _LAW.beta),
    lambda N: (_LAW.alpha * _LAW.B / (_LAW.beta * _LAW.A) * N**_LAW.alpha) ** (1 / _LAW.beta),
    lambda N: (_LAW.beta * _LAW.B / (_LAW.alpha * _LAW.A) * N**_LAW.alpha) ** (1 / _LAW.alpha),
    lambda N: (_LAW.beta * _LAW.B / (_LAW.alpha * _LAW.A) * N**_LAW.beta) ** (1 / _LAW.alpha),
)


@cache
def _cheapest(optimal_size, tokens_served, law=_LAW):
    """The cheapest size for the quality of a compute-optimal model, and its data."""
    from ...planning import cheapest

    return cheapest(law, law.loss(optimal_size, _tokens_for(optimal_size, law)), tokens_served)


def _size_for(factor, law=_LAW):
    return lambda optimal_size, tokens_served: (
        _cheapest(optimal_size, factor * tokens_served, law).N
    )


def _size_that_reads(tokens):
    """The size that comes to the quality with so many tokens.

    nan where none does, and within 5 % of the cheapest size: there nobody can tell the two apart.
    """

    def quantity(optimal_size, tokens_served):
        quality = _LAW.loss(optimal_size, _tokens_for(optimal_size)) - _LAW.E
        left = quality - _LAW.B / tokens(tokens_served) ** _LAW.beta
        size = (_LAW.A / left) ** (1 / _LAW.alpha) if left > 0 else np.nan
        best = _cheapest(optimal_size, tokens_served).N
        return np.nan if abs(size / best - 1) < 0.05 else size

    return quantity


def _at_rate(rate, own=1, tokens=_tokens_for):
    """The size at which the exchange rate is rate(D, S, tokens of the training-optimal model).

    Slips: the terms compared without their exponents (`own` is 0) or with each other's (-1),
    another number of `tokens` behind the quality.
    nan where nobody can tell it from the cheapest size.
    """

    def quantity(optimal_size, tokens_served):
        quality = _LAW.loss(optimal_size, tokens(optimal_size)) - _LAW.E
        low = np.log((_LAW.A / quality) ** (1 / _LAW.alpha)) + 1e-9
        high, steeper = np.log(optimal_size) + 5, (_LAW.alpha / _LAW.beta) ** own
        for _ in range(80):
            x = (low + high) / 2
            by_size = _LAW.A / np.exp(x) ** _LAW.alpha
            D = (_LAW.B / (quality - by_size)) ** (1 / _LAW.beta)
            is_small = steeper * by_size / (quality - by_size) > rate(
                D, tokens_served, _tokens_for(optimal_size)
            )
            low, high = (x, high) if is_small else (low, x)
        return _told(np.exp(low), _cheapest(optimal_size, tokens_served).N)

    return quantity


def _first_at_rate(rate):
    """As `_at_rate`, from the smallest size upwards, where there are two such sizes."""

    def quantity(optimal_size, tokens_served):
        other = _tokens_for(optimal_size)
        quality = _LAW.loss(optimal_size, other) - _LAW.E
        low = (_LAW.A / quality) ** (1 / _LAW.alpha)
        N = np.geomspace(1.0001 * low, optimal_size, 4000)
        left = quality - _LAW.A / N**_LAW.alpha
        D = (_LAW.B / left) ** (1 / _LAW.beta)
        above = _rate(_LAW, N, D) - rate(D, tokens_served, other)
        turns = np.flatnonzero(np.sign(above[1:]) != np.sign(above[:-1]))
        found = N[turns[0]] if len(turns) > 1 else np.nan
        return _told(found, _cheapest(optimal_size, tokens_served).N)

    return quantity


def _from_rate(size):
    """A size from the larger model's own 1 + S / 3D."""

    def quantity(optimal_size, tokens_served):
        found = size(optimal_size, 1 + tokens_served / (3 * _tokens_for(optimal_size)))
        return _told(found, _cheapest(optimal_size, tokens_served).N)

    return quantity


def _with_compute_held(optimal_size, tokens_served):
    """The size at which the exchange rate is 1 + S / 3D with D from the training compute."""
    low, high = 0.0, np.log(optimal_size)
    for _ in range(80):
        N = np.exp((low + high) / 2)
        D = optimal_size * _tokens_for(optimal_size) / N
        is_small = _rate(_LAW, N, D) > 1 + tokens_served / (3 * D)
        low, high = (np.log(N), high) if is_small else (low, np.log(N))
    return _told(np.exp(low), _cheapest(optimal_size, tokens_served).N)


def _row(size, of=None):
    """A size of the chapter's table, or its ratio to `of`, taken for one's own."""

    def quantity(optimal_size, tokens_served):
        found = size * optimal_size / of if of else size
        return _told(found, _cheapest(optimal_size, tokens_served).N)

    return quantity


def _apart_from_optimal(size):
    """nan where it is as good as the training-optimal size: that slip has a name of its own."""

    def quantity(optimal_size, tokens_served):
        found = size(optimal_size, tokens_served)
        return np.nan if found > 0.97 * optimal_size else found

    return quantity


def _told(wrong, right):
    """nan where a wrong size, in two to four digits or in all, is within 1 % of the right one."""
    near = any(abs(float(f"{wrong:.{digits}e}") / right - 1) < 0.0115 for digits in (1, 2, 3, 9))
    return np.nan if near else wrong


def _bill(optimal_size, tokens_served, serving=2, training=6):
    N, D = (getattr(_cheapest(optimal_size, tokens_served), name) for name in ("N", "D"))
    return training * N * D + serving * N * tokens_served


# ---- the traffic behind a model ---------------------------------------------------------------


def _built_for(law=_LAW, size="model_size", tokens="model_tokens"):
    """The traffic for which this is the cheapest model, 3 D (rate - 1)."""

    def quantity(**given):
        N, D = given[size], given[tokens]
        return 3 * D * (_rate(law, N, D) - 1)

    return quantity


def _equal_bills(model_size, model_tokens):
    """The traffic at a rate of 2; nan where nobody can tell it from the right one."""
    right = 3 * model_tokens * (_rate(_LAW, model_size, model_tokens) - 1)
    wrong = 3 * model_tokens
    return np.nan if abs(wrong / right - 1) < 0.03 else _told(wrong, right)


def _rate(law, N, D):
    return law.alpha * law.A / N**law.alpha / (law.beta * law.B / D**law.beta)


def _same_power(power, model_size, model_tokens):
    return _LAW.A / model_size**power / (_LAW.B / model_tokens**power)


def _mantissa(number):
    """What is left where somebody forgets the power of ten: 3.135 of 3.135e14."""
    return number / 10 ** np.floor(np.log10(abs(number)))


def _cheapest_by_hand(keep, optimal_size, tokens_served):
    from ...planning import cheapest

    tokens = keep("tokens", _tokens_for(optimal_size))
    return cheapest(_LAW, keep("loss", _LAW.loss(optimal_size, tokens)), tokens_served).N


_ROUGH_LOSS = early(
    "x",
    _cheapest_by_hand,
    {"loss": "was the loss that you hold", "tokens": "were the tokens behind the loss"},
    carry=5,
    rtol=0.01,
    least=3,
)


def _traffic_by_hand(keep, model_size, model_tokens):
    A, alpha, B, beta = (keep("constants", one) for one in (_LAW.A, _LAW.alpha, _LAW.B, _LAW.beta))
    by_size = keep("terms", alpha * A / keep("powers", model_size**alpha))
    by_data = keep("terms", beta * B / keep("powers", model_tokens**beta))
    return 3 * model_tokens * (keep("rate", by_size / by_data) - 1)


_ROUGH_RATE = early(
    "x",
    _traffic_by_hand,
    {
        "rate": "was the exchange rate",
        "terms": "were the two terms of the rate",
        "powers": "were N^alpha and D^beta",
        "constants": "were the law's constants rounded? Take all digits that are printed",
    },
    rtol=0.005,
)

_ROUGH_EXPONENTS = early(
    "x_exponents",
    lambda keep, **run: (
        3
        * run["model_tokens"]
        * (
            _rate(
                replace(_LAW, alpha=keep("both", _LAW.alpha), beta=keep("both", _LAW.beta)),
                run["model_size"],
                run["model_tokens"],
            )
            - 1
        )
    ),
    {"both": "were alpha and beta rounded? Take all digits that are printed"},
    rtol=0.005,
)

_OTHER_RATES = apart(
    "x_other",
    "3 * model_tokens * (rate - 1)",
    (
        (
            "3 * model_tokens * (rate / alpha - 1)",
            "the term of the size is to be multiplied by alpha as well",
        ),
        (
            "3 * model_tokens * (rate * alpha / beta - 1)",
            "alpha and beta each come in front of their own term once",
        ),
        (
            "3 * model_tokens * (across - 1)",
            "the powers have changed places: the size is raised to alpha, the tokens to beta",
        ),
        *(
            (
                f"3 * model_tokens * ({own}both_{name} - 1)",
                "one exponent is in both powers: the size is raised to alpha, the tokens to beta",
            )
            for name in ("alpha", "beta")
            for own in ("alpha / beta * ", "")
        ),
        *(
            (
                f"3 * model_tokens * ({own} * powers - 1)",
                "A and B are missing: the terms are alpha A / N^alpha and beta B / D^beta",
            )
            for own in ("alpha / beta", "1")
        ),
        (
            "3 * model_tokens * (rate * (B / A) ** 2 - 1)",
            "A and B have changed places: A belongs to the size, B to the tokens",
        ),
        *(
            (
                f"3 * {more} * model_tokens * (rate * {tokens} ** beta / {size} ** alpha - 1)",
                "a power of ten is off: go through those of size and tokens",
            )
            for ten in ("0.1", "10", "0.001", "1000")
            for tokens, size, more in ((ten, "1", ten), (ten, "1", "1"), ("1", ten, "1"))
        ),
        *(
            (
                f"3 * {more} * model_tokens * (rate * {tokens} ** beta / {size} ** alpha - 1)",
                "size and tokens go into the law as they are, not in billions or trillions",
            )
            for tokens, size in (
                *(("1e-9", "1e-9"), ("1e-12", "1e-9"), ("1e-9", "1"), ("1e-12", "1")),
                ("1", "1e-9"),
            )
            for more in dict.fromkeys(("1", tokens))
        ),
        *(
            (
                f"3 * model_tokens * (rate - 1) {sign} model_tokens",
                "S stands alone: the tokens that the model read are no part of it",
            )
            for sign in "+-"
        ),
        (
            "3 * model_tokens * (model_tokens / model_size / 20 - 1)",
            "that compares tokens with 20 for each parameter; the rate compares the two parts of "
            "the law's loss",
        ),
        (
            "3 * model_tokens * rate - model_tokens",
            "solve rate = 1 + S / 3D again: S = 3 D rate - 3 D",
        ),
        ("3 * model_tokens * log(rate)", "the rate is 1 + S / 3D itself; no logarithm is in it"),
        ("3 * model_tokens * (sqrt(rate) - 1)", "the rate is 1 + S / 3D itself; no root is in it"),
        (
            "3 * model_tokens * rate * beta / alpha",
            "the 1 is missing, and alpha and beta are to stand in front of their terms",
        ),
        ("mantissa", "the power of ten is missing: S is in tokens"),
        ("model_tokens * rate", "neither the 3 nor the 1 is in it: S = 3 D (rate - 1)"),
        *(
            (text, "S = 3 D (rate - 1) multiplies by the rate without its 1")
            for text in ("3 * model_tokens / (rate - 1)", "3 * model_tokens / rate")
        ),
        *(
            (
                text,
                "that compares with the frontier's tokens; compare the two parts of the law's loss",
            )
            for text in (
                "3 * model_tokens * (model_tokens / frontier - 1)",
                "model_tokens ** 2 / frontier",
                "model_tokens - frontier",
                "frontier",
            )
        ),
        (
            "3 * model_tokens * (with_floor - 1)",
            "the floor E stays out: the rate compares the term of the size with that of the tokens",
        ),
        (
            "3 * model_tokens * (of_size - of_tokens)",
            "the rate is the quotient of the two terms, not their difference",
        ),
        ("model_tokens * (rate + 1)", "solve rate = 1 + S / 3D again: S = 3 D rate - 3 D"),
        *(
            (
                f"{factor} * model_tokens * rate",
                "the 1 is missing, and the factor is 6 N for training over 2 N for serving",
            )
            for factor in ("2", "1.5", "6")
        ),
        (
            "3 * model_tokens * log10(rate)",
            "the rate is 1 + S / 3D itself; no logarithm is in it",
        ),
        (
            "3 * model_tokens * (rate - 1) / model_size",
            "that is for each parameter; the question asks for the tokens served",
        ),
        *(
            (text, "that is what the page has for Llama 3 8B; yours is another model")
            for text in ("7e13", "8.7e13", "1.9e14")
        ),
    ),
    {
        "rate": lambda model_size, model_tokens: _rate(_LAW, model_size, model_tokens),
        "across": lambda **given: (
            _LAW.alpha
            * _LAW.A
            / given["model_size"] ** _LAW.beta
            / (_LAW.beta * _LAW.B / given["model_tokens"] ** _LAW.alpha)
        ),
        "powers": lambda **given: (
            given["model_tokens"] ** _LAW.beta / given["model_size"] ** _LAW.alpha
        ),
        "both_alpha": lambda **given: _same_power(_LAW.alpha, **given),
        "both_beta": lambda **given: _same_power(_LAW.beta, **given),
        "mantissa": lambda **given: _mantissa(_built_for()(**given)),
        "frontier": lambda **given: _tokens_for(given["model_size"]),
        "of_size": lambda **given: _LAW.alpha * _LAW.A / given["model_size"] ** _LAW.alpha,
        "of_tokens": lambda **given: _LAW.beta * _LAW.B / given["model_tokens"] ** _LAW.beta,
        "with_floor": lambda model_size, model_tokens: (
            (_LAW.E + _LAW.A / model_size**_LAW.alpha) / (_LAW.E + _LAW.B / model_tokens**_LAW.beta)
        ),
        "A": lambda **given: _LAW.A,
        "B": lambda **given: _LAW.B,
        "alpha": lambda **given: _LAW.alpha,
        "beta": lambda **given: _LAW.beta,
    },
)


def _even_by_hand(keep, **run):
    large, small = (
        keep("training", keep("products", run[f"{size}_size"] * run[f"{size}_tokens"]) * 6)
        for size in ("large", "small")
    )
    more = keep("more", small - large)
    less = keep("less", 2 * (run["large_size"] - run["small_size"]))
    return more / (keep("slower", run["slower"]) * less)


_SLOWER = "was {slower:g}, how many times longer an answer's FLOP takes, rounded? Take it as it is"
_ROUGH_EVEN = early(
    "even",
    _even_by_hand,
    {
        "training": "were the two trainings' FLOPs, whose difference is taken,",
        "products": "were the products N D, whose difference is taken,",
        "more": "was the difference of the two trainings",
        "less": "was what a served token saves",
        "slower": _SLOWER,
    },
    carry=5,
    rtol=0.003,
)


def _saved_by_hand(keep, **run):
    def bill(size):
        N, D = run[f"{size}_size"], run[f"{size}_tokens"]
        answers = 2 * keep("slower", run["slower"]) * N * run["served_tokens"]
        return keep("bills", keep("parts", 6 * N * D) + keep("parts", answers))

    return 1 - keep("share", bill("small") / bill("large"))


_ROUGH_SAVED = early(
    "saved",
    _saved_by_hand,
    {
        "bills": "were the two bills",
        "parts": "were the parts of the bills",
        "share": "was the ratio of the bills",
        "slower": _SLOWER,
    },
    rtol=0.004,
)


# the two bills, in the time that a FLOP of training takes
_LARGE = "(6 * large_size * large_tokens + 2 * slower * large_size * served_tokens)"
_SMALL = "(6 * small_size * small_tokens + 2 * slower * small_size * served_tokens)"
_MORE = "(small_size * small_tokens - large_size * large_tokens)"
_LESS = "(large_size - small_size)"


def _saved(serving, training="6"):
    """The share saved where a served token costs so much for each parameter, and a read one."""
    bills = (
        f"({training} * {size}_size * {size}_tokens + {serving} * {size}_size * served_tokens)"
        for size in ("small", "large")
    )
    return "1 - " + " / ".join(bills)


_SAVED_FLOPS = _saved("2").removeprefix("1 - ")
_SIX_TO_TWO = (
    "training takes 6 FLOPs for a parameter and token, an answer 2, each {slower:g} times as long"
)

_EVEN = f"3 * {_MORE} / (slower * {_LESS})"
_OTHER_EVEN = apart(
    "even_other",
    _EVEN,
    (
        (
            "served_tokens",
            "those are the tokens that will be served; asked for is the traffic at which both "
            "models cost the same",
        ),
        *(
            (
                f"3 * {_MORE} / ({factor} * {_LESS})",
                "an answer's FLOP takes {slower:g} times as long: that stands there once, as it is",
            )
            for factor in ("slower ** 2", "sqrt(slower)", "(slower - 1)", "(slower + 1)")
        ),
        *(
            (f"{factor} * {_MORE} / (slower * {_LESS})", _SIX_TO_TWO)
            for factor in ("0.5", "1 / 6", "4", "9", "18")
        ),
        *(
            (f"{factor} * {slower} * {_MORE} / {_LESS}", _SIX_TO_TWO)
            for factor, slower in (
                *(("0.5", "1"), ("1.5", "1"), ("2", "1"), ("1 / 3", "1")),
                *(("1", "slower"), ("6", "slower"), ("0.5", "slower"), ("1 / 3", "slower")),
            )
        ),
        (
            f"3 * {_MORE} / (slower * large_size - small_size)",
            "the answers of both models take {slower:g} times as long",
        ),
        *(
            (f"{factor} * {_EVEN}", "a power of ten is off: go through those of sizes and tokens")
            for factor in ("100", "0.01")
        ),
        (
            f"0 - {_EVEN}",
            "the sign: the smaller model's training costs more, and each of its answers less",
        ),
        (
            f"3 * ({_MORE} + 2 * large_size * large_tokens) / (slower * (large_size + small_size))",
            "take differences, not sums: what the longer training adds, over what a served token "
            "saves",
        ),
        *(
            (
                f"{sign} * 3 * (small_size * large_tokens - large_size * small_tokens)"
                f" / (slower * {_LESS})",
                "each model's tokens are multiplied by its own size",
            )
            for sign in ("1", "0 - 1")
        ),
        *(
            (text, "that compares the even traffic with the served one; give the even one itself")
            for text in (f"{_EVEN} / served_tokens", f"served_tokens / ({_EVEN})")
        ),
        ("mantissa", "the power of ten is missing: the traffic is in tokens"),
        ("2.4e12", "that is the even traffic of the chapter's pair; yours are other models"),
        *(
            (
                f"3 * {size}_size * (small_tokens - large_tokens) / (slower * {_LESS})",
                "each model's tokens are multiplied by its own size",
            )
            for size in ("small", "large")
        ),
        *(
            (
                text,
                "that is the whole training of one model; what counts is what the longer one adds",
            )
            for text in (
                "3 * large_size * large_tokens / (slower * small_size)",
                "3 * small_size * small_tokens / (slower * large_size)",
                f"3 * large_size * large_tokens / (slower * {_LESS})",
            )
        ),
    ),
    {"mantissa": lambda **run: _mantissa(_even_by_hand(lambda _, value: value, **run))},
)
_OTHER_SAVED = apart(
    "saved_other",
    f"1 - {_SMALL} / {_LARGE}",
    (
        *(
            (text, "that compares the even traffic with the served one; compare the two bills")
            for text in (f"{_EVEN} / served_tokens", f"1 - {_EVEN} / served_tokens")
        ),
        (
            f"({_LARGE} - {_SMALL}) / (6 * large_size * large_tokens)",
            "that is a share of the larger model's training; its whole bill has its answers too",
        ),
        (
            f"2 * slower * {_LESS} * served_tokens / {_LARGE}",
            "that is what the answers save; the longer training takes part of it back",
        ),
        *(
            (_saved(serving, training), words)
            for serving, training, words in (
                ("6 * slower", "2", "6 and 2 have changed places: training takes 6, an answer 2"),
                (
                    "1",
                    "1",
                    "neither 6 for training over 2 for an answer nor the longer time is in it",
                ),
                *(
                    (serving, training, _SIX_TO_TWO)
                    for serving, training in (
                        *(("2 * slower", "1"), ("4 * slower", "6"), ("3 * slower", "6")),
                        ("12 * slower", "6"),
                    )
                ),
                *(
                    (serving, training, _SIX_TO_TWO)
                    for serving, training in (("2", "1"), ("1", "6"))
                ),
                *(
                    (
                        f"2 * {factor}",
                        "6",
                        "an answer's FLOP takes {slower:g} times as long: that stands there once, "
                        "as it is",
                    )
                    for factor in ("slower ** 2", "sqrt(slower)", "(slower - 1)", "(slower + 1)")
                ),
                *(
                    (f"{ten} * 2 * slower", "6", "a power of ten is off in the tokens served")
                    for ten in ("10", "0.1")
                ),
            )
        ),
        *(
            (text, "the answers of both models take {slower:g} times as long")
            for text in (
                "1 - (6 * small_size * small_tokens + 2 * small_size * served_tokens) / " + _LARGE,
                f"1 - {_SMALL} / (6 * large_size * large_tokens + 2 * large_size * served_tokens)",
            )
        ),
        (
            f"({_LARGE} - {_SMALL}) / ({_LARGE} + {_SMALL})",
            "that is a share of both bills together; only the larger model's stands below",
        ),
        *(
            (text, "each bill has two parts, the training and the answers; one is missing")
            for text in (
                f"1 - 2 * slower * small_size * served_tokens / {_LARGE}",
                f"1 - {_SMALL} / (2 * slower * large_size * served_tokens)",
                f"1 - 6 * small_size * small_tokens / {_LARGE}",
                f"1 - {_SMALL} / (6 * large_size * large_tokens)",
            )
        ),
        (
            "1 - (6 * small_size * large_tokens + 2 * slower * small_size * served_tokens)"
            " / (6 * large_size * small_tokens + 2 * slower * large_size * served_tokens)",
            "each model's tokens are multiplied by its own size",
        ),
        (
            f"6 * {_MORE} / {_LARGE}",
            "that is what the longer training adds; the answers save more than that",
        ),
        ("1 - large_tokens / small_tokens", "those are tokens alone; compare the two bills"),
        ("0.29", "that is what the chapter's pair saves; yours are other models"),
        (
            f"100 * (1 - {_SAVED_FLOPS})",
            "that counts FLOPs, in per cent; a FLOP of an answer takes {slower:g} times as long",
        ),
        (
            "1 - "
            + " / ".join(
                f"(6 * {one}_size * {one}_tokens"
                f" + 2 * slower * {one}_size * (served_tokens - {_EVEN}))"
                for one in ("small", "large")
            ),
            "all tokens served are in the bills, those up to the even traffic too",
        ),
    ),
)

# of 12.1; by the bill or by the exchange rate the number is the same
_THREE = "the exchange rate is 1 + S / 3D: the 3 comes from 6 N for training over 2 N for serving"
_AS_TRAINING = (
    "serving costs a forward pass, 2 N a token, and training 6 N: that is the 3 in 1 + S / 3D"
)
_ONE_FLOP = (
    "a forward pass costs two FLOPs a parameter for every token, not one: 6 over 2 is the 3 in "
    "1 + S / 3D"
)

EXERCISES = (
    Number(
        id="12-cheapest-size",
        answer="served_size",
        given=("optimal_size", "tokens_served"),
        derived={
            "best": _size_for(1),
            "three": _size_for(3),
            "half": _size_for(0.5),
            "old": _size_for(1, HOFFMANN_2022_TEX),
            **_ROUGH_LOSS.derived,
            "data": lambda optimal_size, tokens_served: _cheapest(optimal_size, tokens_served).D,
            "optimal_data": lambda optimal_size, tokens_served: _tokens_for(optimal_size),
            "smallest": lambda optimal_size, tokens_served: _cheapest(optimal_size, 1e22).N,
            "equal_bills": _size_that_reads(lambda served: served / 3),
            "reads_all": _size_that_reads(lambda served: served),
            "no_one": _at_rate(lambda D, S, _: S / (3 * D)),
            "tenth": _size_for(0.1),
            "tenfold": _size_for(10),
            "thousandth": _apart_from_optimal(_size_for(1e-3)),
            "thousandfold": _size_for(1e3),
            "rate_of_optimal": _at_rate(lambda D, S, other: 1 + S / (3 * other)),
            "third_inverted": _at_rate(lambda D, S, _: 1 + 3 * S / D),
            "rate_of_half": _at_rate(lambda D, S, _: 1 + S / (2 * D)),
            "rate_of_sixth": _at_rate(lambda D, S, _: 1 + S / (6 * D)),
            "rate_of_one": _at_rate(lambda D, S, _: 1 + S / D),
            "rate_upside_down": _at_rate(lambda D, S, _: 1 + 3 * D / S),
            "first_upside_down": _first_at_rate(lambda D, S, _: 1 + 3 * D / S),
            "tokens_held": _from_rate(lambda N, rate: N / rate ** (1 / _LAW.alpha)),
            "ratio_of_sizes": _from_rate(lambda N, rate: N / rate),
            "ratio_of_power": _from_rate(lambda N, rate: N / rate**_LAW.alpha),
            "compute_held": _with_compute_held,
            "half_the_size": lambda optimal_size, tokens_served: _told(
                optimal_size / 2, _cheapest(optimal_size, tokens_served).N
            ),
            "mantissa": lambda optimal_size, tokens_served: _mantissa(
                _cheapest(optimal_size, tokens_served).N
            ),
            **{
                f"row_{name}": _row(size)
                for name, size in (("1e12", 5.5e10), ("1e14", 2.02e10), ("1e15", 1.49e10))
            },
            "ratio_of_traffic": lambda optimal_size, tokens_served: _told(
                _cheapest(70e9, tokens_served).N * optimal_size / 70e9,
                _cheapest(optimal_size, tokens_served).N,
            ),
            **{
                f"ratio_{name}": _row(size, 70e9)
                for name, size in (("1e12", 5.5e10), ("1e14", 2.02e10), ("1e15", 1.49e10))
            },
            "rate_of_two": _at_rate(lambda D, S, _: 2 + S / (3 * D)),
            "rate_of_two_thirds": _at_rate(lambda D, S, _: 1 + 2 * S / (3 * D)),
            "printed": lambda optimal_size, tokens_served: _told(
                _size_for(1, HOFFMANN_2022)(optimal_size, tokens_served),
                _cheapest(optimal_size, tokens_served).N,
            ),
            "no_exponents": _at_rate(lambda D, S, _: 1 + S / (3 * D), own=0),
            "each_others": _at_rate(lambda D, S, _: 1 + S / (3 * D), own=-1),
            **{
                f"other_tokens_{place}": _at_rate(lambda D, S, _: 1 + S / (3 * D), tokens=tokens)
                for place, tokens in enumerate(_OTHER_TOKENS)
            },
            "twenty_tokens": _at_rate(lambda D, S, _: 1 + S / (3 * D), tokens=lambda N: 20 * N),
            "for_70": lambda optimal_size, tokens_served: _told(
                _cheapest(70e9, tokens_served).N, _cheapest(optimal_size, tokens_served).N
            ),
            "chapters_traffic": lambda optimal_size, tokens_served: _told(
                _cheapest(optimal_size, 1e13).N, _cheapest(optimal_size, tokens_served).N
            ),
            "chapters_size": lambda optimal_size, tokens_served: _told(
                3.28e10, _cheapest(optimal_size, tokens_served).N
            ),
            "larger_traffic": lambda optimal_size, tokens_served: (
                np.nan
                if tokens_served > 8e13
                else _told(
                    _cheapest(optimal_size, 1e14).N, _cheapest(optimal_size, tokens_served).N
                )
            ),
            "ratio_of_70": lambda optimal_size, tokens_served: _told(
                0.4686 * optimal_size, _cheapest(optimal_size, tokens_served).N
            ),
            "bill": _bill,
            "training": lambda optimal_size, tokens_served: _bill(
                optimal_size, tokens_served, serving=0
            ),
            "serving": lambda optimal_size, tokens_served: _bill(
                optimal_size, tokens_served, training=0
            ),
            "optimal_bill": lambda optimal_size, tokens_served: (
                optimal_size * (6 * _tokens_for(optimal_size) + 2 * tokens_served)
            ),
        },
        truth="best",
        unit="parameters",
        rtol=0.01,
        bounds=(
            (
                "x < 5e12",
                "no size has so many zeros: are those tokens or FLOPs? Asked for are the "
                "parameters",
            ),
            ("x > 1e9", "that is far too small: was a power of ten lost, or is it a ratio?"),
            (
                "x > smallest",
                "no amount of text gives so small a model that loss: see that E + A / N^alpha "
                "stays below it",
            ),
            (
                "x < optimal_size",
                "a model that is used should be smaller than the one that is cheapest to train",
            ),
            (
                "not near(x, best, 0.05) or near(x, best, 1e-6)",
                "that is within five per cent: has the loss that you hold five digits? A "
                "thousandth of a nat moves the size by per cents. Has A's term alpha in front, B's "
                "beta? And were the last steps small?",
            ),
        ),
        mistakes=(
            *_ROUGH_LOSS.mistakes,
            (
                "optimal_size",
                "that is the cheapest model to train; the bill has a second part, 2 N for every "
                "token served",
            ),
            ("three", _AS_TRAINING),
            ("half", _ONE_FLOP),
            ("data", "those are the tokens it should read; the parameters are asked for"),
            ("optimal_data", "those are the tokens of the model that is cheapest to train"),
            (
                "smallest",
                "that is the wall, the size below which no text is enough; just above it the text "
                "costs more than the answers save",
            ),
            ("best / 1e9", "that is in billions; write B behind it, or 1e9"),
            (
                "equal_bills",
                "that is where answering costs as much as training; their sum is smallest "
                "elsewhere",
            ),
            ("reads_all", "that model reads as many tokens as it serves, which nothing asks for"),
            ("no_one", "the exchange rate is 1 + S / 3D: the 1 is the model's own training"),
            *(
                (name, "those are the constants of 2022; asked for is Besiroglu 2024")
                for name in ("old", "printed")
            ),
            (
                "for_70",
                "that is the size for the quality of the chapter's 70B; here it is that of "
                "another model",
            ),
            (
                "chapters_traffic",
                "that is for the chapter's traffic, 1e13 tokens; here {tokens_served:g} are served",
            ),
            (
                "larger_traffic",
                "that is for 1e14 tokens, a row of the chapter; here {tokens_served:g} are served",
            ),
            (
                "chapters_size",
                "that is the chapter's size, for the quality of its 70B; yours is another model",
            ),
            *(
                (name, "a power of ten is off in the traffic: {tokens_served:g} tokens are served")
                for name in ("tenth", "tenfold", "thousandth", "thousandfold")
            ),
            (
                "rate_of_optimal",
                "that takes the tokens of the training-optimal model into the exchange rate; D is "
                "what the smaller model itself reads",
            ),
            (
                "third_inverted",
                "the exchange rate is 1 + S / 3D: the 3 is 6 N over 2 N, and stands below",
            ),
            *(
                (name, words)
                for name, words in (
                    ("rate_of_half", _THREE),
                    ("rate_of_sixth", _ONE_FLOP),
                    ("rate_of_one", _AS_TRAINING),
                    ("rate_of_two_thirds", _THREE),
                )
            ),
            *(
                (name, "the exchange rate is 1 + S / 3D: more traffic raises it")
                for name in ("rate_upside_down", "first_upside_down")
            ),
            (
                "tokens_held",
                "that keeps the tokens of the larger model: hold the loss, so a smaller size "
                "reads more",
            ),
            *(
                (
                    name,
                    "an exchange rate is no ratio of sizes: look for the size at which the law "
                    "has that rate",
                )
                for name in ("ratio_of_sizes", "ratio_of_power")
            ),
            (
                "compute_held",
                "that holds the training compute: hold the loss, it gives the D of each size",
            ),
            (
                "half_the_size",
                "half the size is no rule: how far it falls depends on the traffic",
            ),
            ("mantissa", "the power of ten is missing: the size is in parameters"),
            *(
                (
                    f"row_{name}",
                    f"that is the chapter's size for 70B quality and {name} tokens; yours is "
                    "another model",
                )
                for name in ("1e12", "1e14", "1e15")
            ),
            *(
                (
                    f"ratio_{name}",
                    "that is the ratio for 70B quality; it depends on the size and on the traffic",
                )
                for name in ("1e12", "1e14", "1e15", "of_traffic")
            ),
            ("rate_of_two", "the exchange rate is 1 + S / 3D: the 1 is there once"),
            (
                "no_exponents",
                "that sets the terms themselves against each other; each is to be multiplied by "
                "its own exponent, alpha or beta",
            ),
            ("each_others", "alpha and beta have changed places: alpha comes with A, beta with B"),
            *(
                (
                    f"other_tokens_{place}",
                    "the loss that is held is not that of the compute-optimal model: its D is "
                    "where alpha A / N^alpha = beta B / D^beta",
                )
                for place in range(len(_OTHER_TOKENS))
            ),
            (
                "twenty_tokens",
                "that takes the loss of the model with 20 tokens per parameter; by the law the "
                "compute-optimal one reads another number",
            ),
            (
                "ratio_of_70",
                "that is the ratio of the chapter's 70B model; it depends on the size and on the "
                "traffic",
            ),
            *(
                (name, "those are FLOPs: the size that has the smallest bill is asked for")
                for name in ("bill", "training", "serving", "optimal_bill")
            ),
            *(
                (
                    text,
                    "that is an exchange rate; asked for is the size at which the law has it",
                )
                for text in (
                    "1 + tokens_served / (3 * data)",
                    "1 + tokens_served / (3 * optimal_data)",
                    "tokens_served / (3 * data)",
                )
            ),
            (
                "data / best",
                "those are its tokens for each parameter; the parameters are asked for",
            ),
            ("optimal_size / best", "that is how many times smaller it is; give the size itself"),
            ("best / optimal_size", "that is its share of the larger size; give the size itself"),
            ("best / 1e6", "that is in millions; write M behind it, or 1e6"),
            *(
                (text, "a power of ten is off: go through those of the sizes")
                for text in ("best / 10", "10 * best", "1000 * best")
            ),
        ),
        generic="a size near yours has a smaller bill. Take its D from the loss, and with that D "
        "compare (alpha A / N^alpha) / (beta B / D^beta) with 1 + S / 3D: where it is larger, N is "
        "too small",
        hints=(
            "First the quality: which loss does the compute-optimal model of that size reach, to "
            "five digits? Then hold the loss, not the compute.",
            "The smallest 6 N D + 2 N S with L(N, D) fixed lies where "
            "(alpha A / N^alpha) / (beta B / D^beta) = 1 + S / 3D.",
            "In the notebook `planning.cheapest(law, quality_wanted, tokens_served)`. On the page "
            "try sizes: for each, D = (B / (quality - E - A / N^alpha))^(1 / beta). Where the "
            "left side is above 1 + S / 3D, N is too small.",
        ),
        praise="smaller than the training-optimal model, longer trained, and cheaper over its life",
    ),
    Number(
        id="12-built-for",
        answer="traffic",
        given=("model_size", "model_tokens"),
        derived={
            "rate": lambda model_size, model_tokens: _rate(_LAW, model_size, model_tokens),
            "bare": lambda model_size, model_tokens: (
                _rate(_LAW, model_size, model_tokens) * _LAW.beta / _LAW.alpha
            ),
            "only_alpha": lambda model_size, model_tokens: (
                _rate(_LAW, model_size, model_tokens) * _LAW.beta
            ),
            "tex": _built_for(HOFFMANN_2022_TEX),
            "printed": _built_for(HOFFMANN_2022),
            "swapped": _built_for(size="model_tokens", tokens="model_size"),
            "crossed": _built_for(replace(_LAW, alpha=_LAW.beta, beta=_LAW.alpha)),
            "optimal": lambda model_size, model_tokens: _tokens_for(model_size),
            "equal_bills": _equal_bills,
            **_ROUGH_RATE.derived,
            **_ROUGH_EXPONENTS.derived,
            **_OTHER_RATES.derived,
        },
        truth="3 * model_tokens * (rate - 1)",
        unit="tokens",
        rtol=0.005,
        bounds=(
            (
                "x > 0",
                "this model reads more than the frontier asks for: it was built for some traffic, "
                "and its exchange rate is above 1",
            ),
            (
                "x > model_tokens / 100",
                "that is far less than the model read: was a power of ten lost, or is it a rate? "
                "S = 3 D (rate - 1) is in tokens",
            ),
            (
                "x < 1e18",
                "nobody serves so many tokens: are those FLOPs? S = 3 D (rate - 1) is in tokens",
            ),
            (
                "not near(x, 3 * model_tokens * (rate - 1), 0.04) "
                "or near(x, 3 * model_tokens * (rate - 1), 1e-6)",
                "that is within four per cent: was the exchange rate or one of its terms rounded "
                "or cut off on the way? Carry four digits of each, and see that the constants are "
                "Besiroglu's",
            ),
        ),
        mistakes=(
            (
                "3 * model_tokens * rate",
                "the 1 is missing: at an exchange rate of 1 the traffic is 0",
            ),
            (
                "3 * model_tokens * (rate + 1)",
                "solve rate = 1 + S / 3D again: the 1 changes sides and sign",
            ),
            (
                "model_tokens * (rate - 1)",
                "a factor of 3 is missing: 6 N a token for training over 2 N for serving",
            ),
            (
                "model_tokens * (rate - 1) / 3",
                "the 3 stands under S in 1 + S / 3D: it goes above when you solve for S",
            ),
            *(
                (
                    f"{factor} * model_tokens * (rate - 1)",
                    "the factor is 6 N for training over 2 N for serving",
                )
                for factor in (2, 6, 12)
            ),
            (
                "3 * model_size * (rate - 1)",
                "that multiplies by the parameters; the traffic is measured against the tokens",
            ),
            (
                "3 * model_size * model_tokens * (rate - 1)",
                "the size drops out: both parts of the bill contain it",
            ),
            (
                "3 * optimal * (rate - 1)",
                "those are the tokens of the frontier; this model read {model_tokens:g}",
            ),
            (
                "3 * (model_tokens - optimal)",
                "that compares with the frontier's tokens; compare the two parts of the law's loss",
            ),
            (
                "3 * model_tokens * (bare - 1)",
                "each term of the law is to be multiplied by its own exponent, alpha or beta",
            ),
            (
                "3 * model_tokens * (only_alpha - 1)",
                "the data term is to be multiplied by beta as well",
            ),
            ("rate", "that is the exchange rate; the traffic follows from rate = 1 + S / 3D"),
            ("rate - 1", "that is S / 3D; multiply by three times the tokens that were read"),
            ("3 * (rate - 1)", "that is the traffic over the tokens read: multiply by them"),
            *(
                (text, "that is a number from the exchange rate turned round; S is in tokens")
                for text in ("1 - 1 / rate", "1 / rate - 1", "1 / rate")
            ),
            *_ROUGH_RATE.mistakes,
            *_ROUGH_EXPONENTS.mistakes,
            *_OTHER_RATES.mistakes,
            (
                "equal_bills",
                "there answering costs as much as training; the cheapest size has rate = 1 + S / "
                "3D",
            ),
            (
                "3 * model_tokens * (1 / rate - 1)",
                "the exchange rate is upside down: the term of the size stands above",
            ),
            (
                "3 * model_tokens * (1 - 1 / rate)",
                "the exchange rate is upside down: the term of the size stands above, and the 1 "
                "comes off",
            ),
            (
                "crossed",
                "the exponents have changed places: alpha goes with A and the size, beta with B "
                "and the tokens",
            ),
            (
                "6 * model_size * model_tokens * (rate - 1)",
                "those are the FLOPs of all answers; the question asks for the tokens served",
            ),
            (
                "model_tokens",
                "those are the tokens that it read; the question asks for those served",
            ),
            *(
                (text, "size and tokens have changed places in the law")
                for text in (
                    "swapped",
                    "swapped / model_size * model_tokens",
                    "-swapped / model_size * model_tokens",
                )
            ),
            (
                "3 * model_tokens * (bare ** 2 / rate - 1)",
                "in front of the terms alpha and beta have changed places: alpha comes with A",
            ),
            ("tex", "those are the TeX digits of 2022; asked for is Besiroglu 2024"),
            ("printed", "those are the printed digits of 2022; asked for is Besiroglu 2024"),
            (
                "3 * model_tokens * (rate - 1) / 1e12",
                "that is in trillions; write T behind it, or 1e12",
            ),
            *(
                (
                    f"{factor} * 3 * model_tokens * (rate - 1)",
                    "a power of ten is off: go through those of size and tokens",
                )
                for factor in ("0.1", "10", "1000", "0.001")
            ),
        ),
        generic="at that traffic another size is cheaper. First the rate: each term has its own "
        "constant, power and exponent, alpha A / N^alpha over beta B / D^beta. Then solve "
        "rate = 1 + S / 3D for S",
        hints=(
            "What does the law say about one per cent less size, and about one per cent more data? "
            "Their quotient is the exchange rate.",
            "At the cheapest size (alpha A / N^alpha) / (beta B / D^beta) = 1 + S / 3D. "
            "Here N and D are known, and S is not.",
            "S = 3 D (rate - 1), with the size and the tokens of the report in the rate.",
        ),
        praise="whoever made this model for its cost, by this law, expected that many tokens",
    ),
    Several(
        id="12-smaller-pays",
        answer="cheaper",
        given=(
            *("large_size", "large_tokens", "small_size", "small_tokens"),
            *("slower", "served_tokens"),
        ),
        derived={
            **_ROUGH_EVEN.derived,
            **_OTHER_EVEN.derived,
            **_ROUGH_SAVED.derived,
            **_OTHER_SAVED.derived,
        },
        parts=(
            Part(
                name="even",
                truth=f"3 * {_MORE} / (slower * {_LESS})",
                unit="tokens",
                rtol=0.003,
                mistakes=(
                    (f"1 - {_SMALL} / {_LARGE}", "even and saved have changed places"),
                    (
                        f"3 * {_MORE} / {_LESS}",
                        "that counts FLOPs; a FLOP of an answer takes {slower:g} times as long",
                    ),
                    (
                        f"3 * slower * {_MORE} / {_LESS}",
                        "slower answers make the smaller model pay earlier, not later",
                    ),
                    *_ROUGH_EVEN.mistakes,
                    *_OTHER_EVEN.mistakes,
                    (
                        f"{_MORE} / (slower * {_LESS})",
                        "a factor of 3 is missing: 6 N a token for training over 2 N for serving",
                    ),
                    *(
                        (f"{factor} * {_MORE} / (slower * {_LESS})", _SIX_TO_TWO)
                        for factor in ("6", "2", "1.5", "12", "1 / 3")
                    ),
                    (
                        f"{_MORE} / {_LESS}",
                        "neither the 3 of training over serving nor the slower answers are in it",
                    ),
                    (
                        f"6 * {_MORE} / {_LESS}",
                        "an answered token takes 2 N FLOPs, and each of them longer",
                    ),
                    (
                        f"3 * {_MORE} / (slower * large_size)",
                        "a served token saves the difference of the two sizes, not the larger one",
                    ),
                    (
                        f"3 * {_MORE} / (slower * small_size)",
                        "a served token saves the difference of the two sizes, not the smaller one",
                    ),
                    (
                        f"3 * {_MORE} / (slower * (large_size + small_size))",
                        "a served token saves the difference of the two sizes, not their sum",
                    ),
                    (
                        "3 * (small_size * small_tokens + large_size * large_tokens)"
                        f" / (slower * {_LESS})",
                        "the larger model was trained too: what counts is the difference",
                    ),
                    (
                        f"3 * small_size * small_tokens / (slower * {_LESS})",
                        "the larger model was trained too: what counts is the difference",
                    ),
                    (
                        "3 * (small_tokens - large_tokens) / slower",
                        "tokens are not compute: multiply each by the size that reads them",
                    ),
                    *(
                        (
                            f"{factor} * (small_tokens - large_tokens)",
                            "tokens are not compute: multiply each by the size that reads them",
                        )
                        for factor in ("3", "1")
                    ),
                    (
                        f"served_tokens - 3 * {_MORE} / (slower * {_LESS})",
                        "that is how much more than the even traffic is served; give the even one",
                    ),
                    (
                        "3 * large_tokens / slower",
                        "there the larger model's answers equal its own training",
                    ),
                    *(
                        (
                            f"3 * {size}_tokens",
                            f"there the answers of the {size} model take as many FLOPs as its "
                            "training; set the two models' bills against each other",
                        )
                        for size in ("large", "small")
                    ),
                    (
                        "3 * small_tokens / slower",
                        "there the smaller model's answers equal its own training",
                    ),
                    (
                        f"6 * {_MORE}",
                        "those are the FLOPs that the longer training adds; divide by what a "
                        "served token saves",
                    ),
                    *(
                        (f"3 * {_MORE} / (slower * {_LESS}) / {unit}", f"that is in {words}")
                        for unit, words in (
                            ("1e12", "trillions; write T behind it, or 1e12"),
                            ("1e9", "billions; write B behind it, or 1e9"),
                            ("1e6", "millions; write M behind it, or 1e6"),
                        )
                    ),
                    *(
                        (
                            f"{factor} * {_MORE} / (slower * {_LESS})",
                            "a power of ten is off: go through those of sizes and tokens",
                        )
                        for factor in ("30", "0.3", "3000", "0.003")
                    ),
                ),
                generic="at that traffic the two bills differ: set what the longer training adds, "
                "6 N D each, against what each served token saves, 2 N each and {slower:g} times "
                "as long",
            ),
            Part(
                name="saved",
                truth=f"1 - {_SMALL} / {_LARGE}",
                rtol=0.004,
                mistakes=(
                    (_EVEN, "even and saved have changed places"),
                    (f"{_SMALL} / {_LARGE}", "that is the share that is left; see what is saved"),
                    *_ROUGH_SAVED.mistakes,
                    *_OTHER_SAVED.mistakes,
                    (
                        "0",
                        "at the even traffic nothing is saved; asked for is the saving at the "
                        "traffic that is served",
                    ),
                    (
                        f"100 * (1 - {_SMALL} / {_LARGE})",
                        "write the share, not the percentage: 0.5 for half",
                    ),
                    (
                        _saved("2"),
                        "that counts FLOPs; a FLOP of an answer takes {slower:g} times as long",
                    ),
                    (
                        _saved("2 / slower"),
                        "the answers take longer, not shorter: multiply by {slower:g}",
                    ),
                    (
                        _saved("slower"),
                        "an answered token takes 2 FLOPs for each parameter",
                    ),
                    (_saved("6 * slower"), _SIX_TO_TWO),
                    (
                        f"{_LARGE} / {_SMALL} - 1",
                        "that is a share of the smaller model's bill; asked for is that of the "
                        "larger",
                    ),
                    (
                        f"{_SMALL} / {_LARGE} - 1",
                        "the sign: a saving is positive",
                    ),
                    (
                        "1 - small_size / large_size",
                        "that is saved on each answer; the longer training takes part of it back",
                    ),
                    (
                        "small_size * small_tokens / (large_size * large_tokens) - 1",
                        "that is the training alone, and what it costs more",
                    ),
                    (
                        "1 - small_size * small_tokens / (large_size * large_tokens)",
                        "that is the training alone, where the smaller model costs more",
                    ),
                    (
                        f"{_LARGE} - {_SMALL}",
                        "those are FLOPs; asked for is their share of the larger model's bill",
                    ),
                    (
                        f"({_LARGE} - {_SMALL}) / (2 * slower * large_size * served_tokens)",
                        "that is a share of the larger model's answers; its whole bill has its "
                        "training too",
                    ),
                    (
                        f"(1 - {_SMALL} / {_LARGE}) / 2",
                        "that is half of what is saved; nothing is to be halved",
                    ),
                    (
                        f"{_LARGE} / {_SMALL}",
                        "that is how many times cheaper it is; the share is 1 minus its inverse",
                    ),
                ),
                generic="that is not the share of the larger model's bill: of each model add "
                "6 N D and 2 N for every token served, {slower:g} times as long, then compare the "
                "sums",
            ),
        ),
        bounds=(
            (
                "even > 0",
                "with no traffic the smaller model costs more: it was trained for longer. See "
                "which of the two differences has its sign turned",
            ),
            (
                "even < 1e18",
                "nobody serves so many tokens: are those FLOPs? Divide what the longer training "
                "adds by what a served token saves",
            ),
            (
                "even > 1e8",
                "that is far too little for two such trainings: was a power of ten lost, or is it "
                "a ratio? The traffic is in tokens",
            ),
            ("saved < 1", "nobody saves the whole bill: write a share, from 0 to 1"),
            (
                "saved > 0",
                "at this traffic the smaller model is the cheaper one: have both bills their "
                "training, and their answers {slower:g} times as long?",
            ),
            *(
                (
                    f"not near({name}, {right}, 0.04) or near({name}, {right}, 1e-6)",
                    "that is within four per cent: was something rounded on the way, before a "
                    f"difference was taken? Carry {count} digits, and see that all six numbers are "
                    "yours",
                )
                for name, right, count in (
                    ("even", _EVEN, "five"),
                    ("saved", f"1 - {_SMALL} / {_LARGE}", "four"),
                )
            ),
        ),
        hints=(
            "How much more does the smaller model's training cost? How much less does each of its "
            "answers cost?",
            "The bills are equal where 6 (N2 D2 - N1 D1) = 2 slower S (N1 - N2).",
            "`more = 6 * (small_size * small_tokens - large_size * large_tokens)` over what one "
            "served token saves; then 1 - (the smaller one's whole time) / (the larger one's).",
        ),
        praise="longer training is paid once, every answer is paid again",
    ),
)

QUESTIONS = (
    Question(
        id="12-four-bits",
        prompt="A trained model of 70 billion parameters is stored in 4 bits a parameter in place "
        "of 16. What changes: N, D or the cost of its life?",
        options=(
            Option(
                "N falls to a quarter.",
                why="The number of parameters stays; it is the bytes of each that shrink.",
                key="a",
            ),
            Option(
                "N and D stay; serving gets cheaper, and the loss may rise a little.",
                right=True,
                why="The memory falls to a quarter, so each answered token needs less hardware, "
                "at some price in loss.",
                key="c",
            ),
            Option(
                "The training bill falls to a quarter.",
                why="The training is over, and was paid in 16 bits.",
                key="b",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="12-size-for-traffic",
        prompt="Of all models with the quality of the compute-optimal 70B model, which size is "
        "cheapest over a life of 10 trillion served tokens?",
        unit="billion parameters",
        lo=1,
        hi=1000,
        truth=33,
        says="33 billion by Besiroglu 2024: training costs a third more, an answer less than half.",
    ),
    Prediction(
        id="12-llama-traffic",
        prompt="Llama-3 8B read 15 trillion tokens. For how many served tokens would it be the "
        "cheapest model of its quality, by Besiroglu 2024?",
        unit="trillion tokens",
        lo=0.01,
        hi=100_000,
        truth=190,
        says="About 190 trillion by Besiroglu 2024; the constants of 2022 give 69 and 87.",
    ),
)
