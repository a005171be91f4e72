"""Checks of chapter 5, where power laws come from; the generator of the personal curves."""

from __future__ import annotations

from functools import cache

import numpy as np

from .. import Choice, Number, Option, Part, Prediction, Question, Several
from ..slips import apart

SIZES = 2.0 ** np.arange(4, 13)
"""Sizes of the simulated learners of the last exercise: 16 to 4,096 features."""


@cache
def four_learners(seed: int):
    """Sizes, and four simulated learning curves, "A" to "D".

    "A" is yours; "B", "C" and "D" are, in an order drawn from the seed, a better learner on the
    same data, your learner on data of a steeper spectrum, and your learner on data whose spectrum
    has a knee. Losses in any unit, with 1 % noise.
    """
    rng = np.random.default_rng(seed)
    exponent = rng.uniform(0.30, 0.45)
    mine = SIZES**-exponent
    better = rng.uniform(2.0, 3.5) ** -exponent * mine
    steeper = (
        rng.uniform(1.0, 1.1) * mine[0] * (SIZES / SIZES[0]) ** -(exponent + rng.uniform(0.2, 0.3))
    )
    knee = rng.uniform(100, 200)
    bent = mine * (1 + (SIZES / knee) ** 2) ** -rng.uniform(0.15, 0.2)
    noisy = np.array([mine, better, steeper, bent]) * np.exp(rng.normal(0, 0.01, (4, len(SIZES))))
    order = rng.permutation(3)
    return SIZES.copy(), {"A": noisy[0]} | {
        name: noisy[1 + kind] for name, kind in zip("BCD", order, strict=True)
    }


def _curves(seed):
    """The four curves as a page prints them."""
    sizes, curves = four_learners(seed)
    return {
        "curves": {"features": sizes.astype(int)}
        | {f"loss_{name}": np.round(loss, 4) for name, loss in curves.items()}
    }


def _better(data, **_):
    """Which of B, C, D is the better learner, as 0, 1 or 2."""
    curves = data["curves"]
    ratios = [curves[f"loss_{name}"] / curves["loss_A"] for name in "BCD"]
    return int(np.argmin([np.ptp(np.log(ratio)) for ratio in ratios]))


def _against_mine(name, end):
    """Loss of a curve as a multiple of curve A's, at the smallest (0) or the largest (-1) size."""

    def ratio(data, **_):
        return (data["curves"][f"loss_{name}"] / data["curves"]["loss_A"])[end]

    return ratio


def _decay_for(exponent_of, low=0.3, high=3.0):
    """The decay at which `exponent_of(decay)` is 0, by bisection; exponents rise with the decay."""
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if exponent_of(middle) < 0 else (low, middle)
    return middle


@cache
def _decay_needed(directions, target, first=100, last=1000):
    return _decay_for(lambda decay: _line_at(decay, directions, first, last) - target)


def _line_at(decay, directions, first=100, last=1000):
    """The exponent of a line through the losses at two sizes."""
    spectrum = np.arange(1, directions + 1.0) ** -decay
    return np.log(spectrum[first:].sum() / spectrum[last:].sum()) / np.log(last / first)


@cache
def _decay_local(directions, target, size):
    """The decay whose local exponent at one size is the target."""
    rank = np.arange(1, directions + 1.0)
    return _decay_for(lambda decay: size * size**-decay / (rank[size:] ** -decay).sum() - target)


EARLIER, LATER = ((10, 100), (10, 1000)), ((1000, 10_000), (100, 10_000))
"""Sizes between which somebody may draw the line that goes from 100 to 1,000."""


def _near_tail(decay, size, directions):
    """The spectrum's sum beyond a size as an integral: near enough to know a mistake by."""
    return ((size + 0.5) ** (1 - decay) - (directions + 0.5) ** (1 - decay)) / (decay - 1)


def _on_another_line(first, last):
    def decay(n_directions, line_target):
        return _decay_for(
            lambda decay: (
                np.log(
                    _near_tail(decay, first, n_directions) / _near_tail(decay, last, n_directions)
                )
                / np.log(last / first)
                - line_target
            )
        )

    return decay


_SLOPE = "log(variance_10 / variance_1000) / log(100)"
_POWER = f"({_SLOPE} - 1)"


def _to(rounded):
    """The exponent of the loss, from the variances of two ranks, in fewer digits."""
    return lambda variance_10, variance_1000: rounded(
        np.log(variance_10 / variance_1000) / np.log(100) - 1
    )


# slips that come near the truth in some draws
_LEFT = apart(
    "exponent",
    _POWER,
    (
        (
            f"2 ** -{_POWER}",
            "that is what one doubling of the features leaves of the loss; the exponent is the "
            "power of the size by which the loss falls",
        ),
        *(
            (
                f"log(1 / {variance}) / log({rank}) - 1",
                "that has one of the two ranks, and takes the variance at rank 1 for 1: read the "
                "slope between the two",
            )
            for variance, rank in (("variance_10", 10), ("variance_1000", 1000))
        ),
        *(
            (
                f"1 - {share} * {_SLOPE}",
                f"{words}; and a negative exponent lost its sign",
            )
            for share, words in (
                ("2 / 3", "from rank 10 to rank 1,000 there are two powers of ten, not three"),
                (
                    "log(100) / log(990)",
                    "take the logarithm of the ranks' ratio, 100, not of their difference",
                ),
                (
                    "1 / log(10)",
                    "two bases are mixed: a decimal logarithm above, a natural one below",
                ),
            )
        ),
    ),
)
_FACTOR = apart(
    "factor",
    f"2 ** (1 / {_POWER})",
    (
        *(
            (
                expression,
                "the exponent, or one over it, was rounded on the way: carry more of its digits",
            )
            for expression in ("2 ** (1 / rough)", "2 ** (1 / cut)", "2 ** upside")
        ),
        *(
            (
                f"{base} ** {_POWER}",
                f"that is what {times} times the features divide the loss by; "
                "how many times halve it?",
            )
            for base, times in (("10", "ten"), ("exp(1)", "e"))
        ),
        (
            "100",
            "that is how far apart the two ranks are; how many times the features halve the loss?",
        ),
        (
            f"1 + 1 / {_POWER}",
            "that adds the doublings up; each of them multiplies the features by 2",
        ),
        (f"1.5 ** (1 / {_POWER})", "that takes a third off the loss; it is to be halved"),
    ),
    {
        "rough": _to(lambda exponent: round(exponent, 2)),
        "cut": _to(lambda exponent: int(100 * exponent) / 100),
        "upside": _to(lambda exponent: round(1 / exponent, 1)),
    },
)


EXERCISES = (
    Number(
        id="05-better-learner",
        answer="loss_ratio",
        given=("same_decay", "size_share"),
        derived={
            "as_factor": lambda same_decay, size_share: (
                np.nan
                if abs(same_decay * size_share ** (2 - same_decay) - 1) < 0.12
                else same_decay * size_share
            )
        },
        truth="size_share ** (same_decay - 1)",
        bounds=(
            ("x > 0", "a ratio of two losses is positive"),
            ("x < 1", "the better learner has the lower loss: the ratio is below 1"),
        ),
        mistakes=(
            *(
                (
                    f"size_share ** (same_decay - 1) * {tens}",
                    "a decimal point has moved: that is off by a power of ten",
                )
                for tens in (0.1, 0.01)
            ),
            (
                "size_share",
                "{size_share} is a ratio of sizes; "
                "the loss falls by a power of the size, and a small one",
            ),
            (
                "size_share ** same_decay",
                "{same_decay} is the slope of the spectrum; the loss is a sum over its tail, "
                "which falls less steeply by one",
            ),
            (
                "size_share ** (same_decay + 1)",
                "a sum over the tail is flatter than the spectrum, not steeper",
            ),
            (
                "size_share ** -(same_decay - 1)",
                "that is your loss as a multiple of the better one's; the question asks for the "
                "reverse",
            ),
            (
                "1 - size_share ** (same_decay - 1)",
                "that is the fraction by which its loss is lower; "
                "the question asks what fraction of yours it is",
            ),
            (
                "(1 - size_share) ** (same_decay - 1)",
                "{size_share} is the part of your features that it needs, not the part it saves",
            ),
            (
                "size_share ** ((same_decay - 1) / same_decay)",
                "that power belongs to examples of skills; here the sizes differ, on the same data",
            ),
            (
                "size_share ** (1 / (same_decay - 1))",
                "the power stands on the other side: that is a ratio of sizes again",
            ),
            (
                "1 - size_share",
                "that is the share of the features that it saves; the question asks for a ratio "
                "of losses",
            ),
            (
                "size_share ** (same_decay / (same_decay - 1))",
                "that power is too steep: the loss at the same size falls by "
                "the spectrum's slope less one",
            ),
            (
                "size_share ** (1 / same_decay)",
                "the power is the spectrum's slope less one, not one over the slope",
            ),
            (
                "size_share * (same_decay - 1)",
                "an exponent is a power, not a factor",
            ),
            (
                "as_factor",
                "an exponent is a power, not a factor; and the loss falls less steeply by one than "
                "the spectrum",
            ),
            (
                "1 - (1 - size_share) * (same_decay - 1)",
                "an exponent is a power; the straight line holds only for small changes of size",
            ),
            (
                "1 - size_share ** same_decay",
                "the question asks what fraction of yours it is, and the loss falls less steeply "
                "by one than the spectrum",
            ),
            (
                "size_share ** 2",
                "that is the square of the ratio of sizes: the power is the spectrum's slope less "
                "one",
            ),
            (
                "size_share / same_decay",
                "an exponent is a power, not a divisor",
            ),
            (
                "size_share ** (1 - same_decay) - 1",
                "that is by what fraction your loss is the higher one; the question asks what "
                "fraction of yours the better one's is",
            ),
            *(
                (
                    f"size_share ** ({power})",
                    "{same_decay} is the slope of the spectrum, and the exponent is one less: a "
                    "decimal point has moved",
                )
                for power in ("same_decay / 10", "10 * (same_decay - 1)")
            ),
            (
                "1 + (same_decay - 1) * log(size_share)",
                "an exponent is a power: one plus exponent times logarithm holds only near a share "
                "of 1",
            ),
            (
                "size_share ** (2 - same_decay)",
                "the power is the spectrum's slope less one, not two less the slope",
            ),
            (
                "1 - size_share * (same_decay - 1)",
                "an exponent is a power, not a factor",
            ),
            (
                "same_decay - 1",
                "that is the exponent; the better one has at N the loss that you have at "
                "N / {size_share}: what fraction is that of yours at N?",
            ),
            (
                "100 * size_share ** (same_decay - 1)",
                "that is in per cent; give the fraction",
            ),
            (
                "100 * (1 - size_share ** (same_decay - 1))",
                "that is by how many per cent its loss is lower; "
                "the question asks what fraction of yours it is",
            ),
            *(
                (
                    expression,
                    "the power is taken of another number than {size_share}, "
                    "the ratio of the two sizes",
                )
                for expression in (
                    "2 ** (1 - same_decay)",
                    "10 ** (1 - same_decay)",
                    "exp(1 - same_decay)",
                    "exp(-size_share * (same_decay - 1))",
                )
            ),
            *(
                (expression, "base and exponent have changed places")
                for expression in ("(same_decay - 1) ** size_share", "same_decay ** size_share")
            ),
            (
                "(1 - same_decay) * log(size_share)",
                "that is the logarithm of your loss over the better one's: "
                "turn its sign and raise e to it",
            ),
            (
                "1 - (1 - size_share) ** (same_decay - 1)",
                "{size_share} is the part of your features that it needs, not the part it saves",
            ),
            (
                "(1 - size_share) * (same_decay - 1)",
                "an exponent is a power, not a factor; and the question asks for the fraction "
                "that is left",
            ),
            (
                "size_share ** ((same_decay - 1) / 2)",
                "that is the root of it: the loss falls by the spectrum's slope less one",
            ),
            (
                "size_share ** (2 * (same_decay - 1))",
                "that is its square: the loss falls by the spectrum's slope less one",
            ),
            (
                "size_share ** (same_decay / 2)",
                "the power is the spectrum's slope less one, not half of it",
            ),
        ),
        generic="check with a size: the better one gets from N features what you get from "
        "N / {size_share}; by what power of that does your loss fall? (If you are near: take the "
        "power with all its digits)",
        hints=(
            "With N features the better one has the loss that you have at a larger size. "
            "At which one?",
            "Your loss falls as N to the minus (decay - 1); the other's at N is yours at N "
            "/ share.",
            "`loss_ratio = size_share ** (...)`",
        ),
        praise="the same fraction at every size: the better learner changes the constant",
    ),
    Several(
        id="05-read-spectrum",
        answer="reading",
        given=("variance_10", "variance_1000"),
        derived={
            "slope": lambda variance_10, variance_1000: (
                np.log(variance_10 / variance_1000) / np.log(100)
            ),
            "mixed": lambda variance_10, variance_1000: np.log(variance_10 / variance_1000) / 2 - 1,
            "mixed_too": lambda variance_10, variance_1000: (
                np.log10(variance_10 / variance_1000) / np.log(100)
            ),
            "doubled": lambda variance_10, variance_1000: (
                np.log2(variance_10 / variance_1000) / 2 - 1
            ),
            "ratio": lambda variance_10, variance_1000: variance_10 / variance_1000,
            "straight": lambda variance_10, variance_1000: (variance_10 - variance_1000) / 990,
            **_FACTOR.derived,
            **_LEFT.derived,
        },
        parts=(
            Part(
                name="exponent",
                truth="slope - 1",
                mistakes=(
                    *(
                        (
                            f"(slope - 1) * {tens}",
                            "a decimal point has moved: that is off by a power of ten",
                        )
                        for tens in (10, 0.1)
                    ),
                    (
                        "slope",
                        "that is the slope of the spectrum; "
                        "the loss adds up the tail, and falls less steeply by one",
                    ),
                    (
                        "2 * slope",
                        "from rank 10 to rank 1,000 there are two powers of ten, not one: divide",
                    ),
                    (
                        "2 * slope - 1",
                        "from rank 10 to rank 1,000 there are two powers of ten, not one: divide",
                    ),
                    (
                        "2 * slope / 3 - 1",
                        "from rank 10 to rank 1,000 there are two powers of ten, not three",
                    ),
                    (
                        "2 * slope / 3",
                        "from rank 10 to rank 1,000 there are two powers of ten, not three",
                    ),
                    (
                        "2 * (slope - 1)",
                        "that is the exponent twice: "
                        "two powers of ten in rank, so divide by two and then take one off",
                    ),
                    (
                        "mixed",
                        "two bases are mixed: a natural logarithm above, powers of ten below",
                    ),
                    (
                        "mixed + 1",
                        "two bases are mixed: a natural logarithm above, powers of ten below",
                    ),
                    (
                        "2 * mixed + 2",
                        "that is the logarithm of the variances' ratio; "
                        "divide by that of the ranks",
                    ),
                    (
                        "mixed_too",
                        "two bases are mixed: powers of ten above, a natural logarithm below",
                    ),
                    (
                        "doubled",
                        "two bases are mixed: doublings above, powers of ten below",
                    ),
                    (
                        "straight",
                        "that is the slope on plain paper; on log-log paper take logarithms first",
                    ),
                    (
                        "(slope - 1) / slope",
                        "that exponent belongs to examples of skills; "
                        "the question asks for the one in the number of features",
                    ),
                    (
                        "slope / 2",
                        "the loss is a sum of variances: its slope is the spectrum's less one, "
                        "not half of it",
                    ),
                    (
                        "-(slope - 1)",
                        "the size is right; an exponent is the slope with its sign turned",
                    ),
                    (
                        "-slope",
                        "that is the slope of the spectrum with its sign; "
                        "the loss falls less steeply by one",
                    ),
                    ("slope + 1", "summing a tail makes a power flatter, not steeper"),
                    *(
                        (
                            expression,
                            "the slope is upside down: it is the logarithm of the variances' "
                            "ratio over that of the ranks'",
                        )
                        for expression in ("1 / slope", "1 / slope - 1")
                    ),
                    *(
                        (
                            expression,
                            "the ranks are 1,000 / 10 = 100 times apart: "
                            "take the logarithm of that ratio, not of their difference",
                        )
                        for expression in (
                            "slope * log(100) / log(990) - 1",
                            "slope * log(100) / log(990)",
                        )
                    ),
                    *(
                        (
                            expression,
                            "logarithm of the variances' ratio, but the ranks as they are: "
                            "take the logarithm of their ratio too",
                        )
                        for expression in (
                            "slope * log(100) / 100",
                            "slope * log(100) / 99",
                            "slope * log(100) / 990",
                            "slope / 50",
                            "slope / 495",
                        )
                    ),
                    *(
                        (
                            expression,
                            "that is a ratio of variances, not of their logarithms: "
                            "take the logarithm above and below",
                        )
                        for expression in (
                            "ratio",
                            "ratio / 100",
                            "ratio / 100 - 1",
                            "1 / ratio",
                            "sqrt(ratio)",
                        )
                    ),
                    (
                        "slope / log(10)",
                        "two bases are mixed: powers of ten above, a natural logarithm below",
                    ),
                    (
                        "slope / log10(2) - 1",
                        "two bases are mixed: doublings above, powers of ten below",
                    ),
                    (
                        "slope / (1 + slope)",
                        "that form belongs to examples of skills; "
                        "the question asks for the exponent in the number of features",
                    ),
                    (
                        "2 - slope",
                        "the sum of the tail has the spectrum's slope less one, not two less it",
                    ),
                    (
                        "(slope - 1) / 2",
                        "the two powers of ten are in the slope already: divided once too often",
                    ),
                    (
                        "slope - 2",
                        "a sum over the tail is flatter by one, not by two",
                    ),
                    (
                        "-slope - 1",
                        "turn the sign of the falling slope first, and then take one off",
                    ),
                    (
                        "0.5",
                        "that is the chapter's own spectrum, rank^-1.5; "
                        "read this one from its two variances",
                    ),
                    (
                        "2 ** (1 / (slope - 1))",
                        "that is the factor; the exponent has a field of its own",
                    ),
                    (
                        "100 * (slope - 1)",
                        "that is a hundred times as much: an exponent is no percentage",
                    ),
                    *_LEFT.mistakes,
                    (
                        "1 - 2 ** (1 - slope)",
                        "that is what one doubling of the features takes off the loss; the "
                        "exponent is the power of the size by which the loss falls",
                    ),
                    (
                        "slope - 1 / log(100)",
                        "the one was taken off too early: divide the two logarithms first",
                    ),
                    (
                        "mixed_too - 1",
                        "two bases are mixed: a decimal logarithm above, a natural one below",
                    ),
                    (
                        "1 / (slope - 1)",
                        "that is upside down: it says how many doublings halve the loss",
                    ),
                ),
                generic="the spectrum falls by a power of rank: read it from both logarithms; "
                "the sum of its tail then falls less steeply by one. (If you are near: a one is "
                "taken off, so carry five digits of each logarithm)",
            ),
            Part(
                name="factor",
                truth="2 ** (1 / exponent)",
                mistakes=(
                    *(
                        (
                            f"2 ** (1 / exponent) * {tens}",
                            "a decimal point has moved: that is off by a power of ten",
                        )
                        for tens in (10, 0.1)
                    ),
                    (
                        "1 / exponent",
                        "that is the number of doublings; each of them multiplies the "
                        "features by 2",
                    ),
                    (
                        "2 / exponent",
                        "each doubling multiplies: it is a power of 2, not 2 times",
                    ),
                    (
                        "2 ** exponent",
                        "that is what one doubling of the features divides the loss by; "
                        "turn the exponent round",
                    ),
                    (
                        "2 ** slope",
                        "one doubling divides the variance by that; "
                        "the question asks for the features that halve the loss",
                    ),
                    (
                        "2 ** (1 / (2 * exponent))",
                        "that leaves more than half of the loss: the power is 1 / exponent",
                    ),
                    (
                        "4",
                        "four times the features halve the loss only where the exponent is 0.5",
                    ),
                    (
                        "2 ** -exponent",
                        "that is what one doubling leaves of the loss; "
                        "the question asks for the features that leave one half",
                    ),
                    (
                        "2 ** (-1 / exponent)",
                        "that many features double the loss: the factor is upside down",
                    ),
                    (
                        "2 ** (1 / slope)",
                        "the factor must halve the loss, not the variance: "
                        "use the exponent of the loss",
                    ),
                    (
                        "2 ** (1 / (slope * log(10) - 1))",
                        "two bases are mixed in the exponent: a natural logarithm above, powers of "
                        "ten below",
                    ),
                    (
                        "2 ** (1 / (2 * slope - 1))",
                        "from rank 10 to rank 1,000 there are two powers of ten, not one: that "
                        "exponent is too large",
                    ),
                    (
                        "2 ** (slope / (slope - 1))",
                        "that power belongs to examples of skills; the question asks for features",
                    ),
                    (
                        "2 * 2 ** (1 / exponent)",
                        "that is twice the factor: 2 is the base of the power and nothing more",
                    ),
                    *(
                        (
                            expression,
                            "the loss falls as features^-exponent: the power of 2 is one over the "
                            "exponent, with nothing added or taken off",
                        )
                        for expression in (
                            "2 ** ((1 - exponent) / exponent)",
                            "2 ** (1 / (exponent + 2))",
                            "2 ** (1 - exponent)",
                        )
                    ),
                    *(
                        (expression, "base and exponent have changed places")
                        for expression in ("(1 / exponent) ** 2", "exponent ** -0.5")
                    ),
                    *_FACTOR.mistakes,
                    (
                        "log10(2) / exponent",
                        "that is the logarithm of the factor: raise 10 to it",
                    ),
                    (
                        "0.5 / exponent",
                        "to halve is a power: factor^-exponent is one half",
                    ),
                    (
                        "100 * 2 ** (1 / exponent)",
                        "that is in per cent; the question asks how many times as many",
                    ),
                    (
                        "exponent",
                        "that is the exponent; by what factor must the features grow?",
                    ),
                    (
                        "log(2) / exponent",
                        "that is the logarithm of the factor: raise e to it",
                    ),
                    (
                        "2",
                        "twice the features halve the loss only where the exponent is 1",
                    ),
                    (
                        "exp(1 / exponent)",
                        "that divides the loss by e, not by 2",
                    ),
                    (
                        "10 ** (1 / exponent)",
                        "that divides the loss by ten, not by 2",
                    ),
                    (
                        "4 ** (1 / exponent)",
                        "that halves the loss twice",
                    ),
                    (
                        "100 * (1 - 2 ** -exponent)",
                        "that is what a doubling of the features takes off, in per cent; asked for "
                        "are the features that halve the loss",
                    ),
                    (
                        "2 ** (1 / exponent) - 1",
                        "those are the features added; the question asks how many times as many "
                        "there are",
                    ),
                    (
                        "100 ** (1 / exponent)",
                        "that divides the loss by a hundred, not by 2",
                    ),
                ),
                generic="with that many times the features the loss is not half of what it was: "
                "work out your factor to the power minus your exponent. (If you are near: take the "
                "exponent with more digits)",
            ),
        ),
        bounds=(
            ("exponent > 0", "the loss falls with size: the exponent is positive"),
            ("factor > 1", "less loss needs more features: the factor is above 1"),
        ),
        hints=(
            "On log-log paper the spectrum is a line: its slope is rise over run, in logarithms.",
            "The tail of rank^-p from N on falls as N^-(p - 1); "
            "the loss is halved where factor^-(p - 1) = 1/2.",
            "`decay = np.log(variance_10 / variance_1000) / np.log(1000 / 10)`",
        ),
        praise="the data alone told the exponent, before any learner was trained",
    ),
    Number(
        id="05-find-spectrum",
        answer="decay_needed",
        given=("n_directions", "line_target"),
        derived={
            "expected": lambda n_directions, line_target: _decay_needed(
                int(n_directions), line_target
            ),
            "at_100": lambda n_directions, line_target: _decay_local(
                int(n_directions), line_target, 100
            ),
            "at_1000": lambda n_directions, line_target: _decay_local(
                int(n_directions), line_target, 1000
            ),
            **{
                f"line_{first}_{last}": _on_another_line(first, last)
                for first, last in (*EARLIER, *LATER)
            },
            "to_end": lambda n_directions, line_target: _decay_needed(
                int(n_directions), line_target, 1, 1000
            ),
            "world": lambda n_directions, line_target: _on_another_line(100, 1000)(
                1_000_000, line_target
            ),
            "short": lambda n_directions, line_target: _decay_needed(8192, line_target),
            "tenth": lambda n_directions, line_target: _on_another_line(100, 1000)(
                n_directions / 10, line_target
            ),
            "decimal": lambda n_directions, line_target: _decay_needed(
                int(n_directions), line_target * np.log(10)
            ),
            "difference": lambda n_directions, line_target: _decay_needed(
                int(n_directions), line_target * np.log(900) / np.log(10)
            ),
            "natural": lambda n_directions, line_target: _decay_needed(
                int(n_directions), line_target / np.log(10)
            ),
            "line_there": lambda n_directions, line_target: _line_at(
                1 + line_target, int(n_directions)
            ),
        },
        truth="expected",
        digits=4,
        rtol=4e-4,
        why="lines between other sizes differ in the third",
        bounds=(
            ("x > 0", "a spectrum that falls with rank has a positive decay"),
            (
                "x < 100",
                "a decay lies near 1; if that is a comma before decimals, write a point",
            ),
            (
                "x < 1 + line_target",
                "so steep a spectrum gives more than {line_target}: what helps it is that it ends",
            ),
            (
                "x < expected + 0.01",
                "with that p the line falls more steeply than {line_target}: what is missing at N "
                "features is the sum from rank N + 1 to {n_directions:.0f}",
            ),
            (
                "x > expected - 0.01",
                "with that p the line falls less steeply than {line_target}: what is missing at N "
                "features is the sum from rank N + 1 to {n_directions:.0f}",
            ),
        ),
        mistakes=(
            (
                "1 + line_target",
                "that is right for a spectrum without end; yours stops at {n_directions:.0f}, "
                "and near an end a tail falls faster",
            ),
            (
                "1 / (1 - line_target)",
                "that is the Zipf exponent for examples of skills, and without an end",
            ),
            (
                "line_target",
                "that is the exponent of the loss; "
                "the spectrum is steeper than the sum of its tail",
            ),
            (
                "1 - line_target",
                "a sum over a tail falls less steeply than the spectrum: p is larger",
            ),
            (
                "2 * line_target",
                "summing takes one off the power, it does not halve it",
            ),
            (
                "-expected",
                "the size is right: p is the power with its sign turned, rank^-p",
            ),
            (
                "expected - 1",
                "that is the spectrum's power less one; the question asks for p itself",
            ),
            *(
                (
                    elsewhere,
                    "that gives the slope at N = 100, or of a line from smaller sizes; the "
                    "question asks for the line from 100 to 1,000, along which the end matters "
                    "more and more",
                )
                for elsewhere in ("at_100", "to_end", *(f"line_{a}_{b}" for a, b in EARLIER))
            ),
            (
                "at_1000",
                "that gives the slope at N = 1,000; the question asks for the line from 100 to "
                "1,000",
            ),
            *(
                (
                    f"line_{first}_{last}",
                    f"that is the line from N = {first:,} to N = {last:,}; "
                    "the question asks for the one from 100 to 1,000",
                )
                for first, last in LATER
            ),
            (
                "1 / line_target",
                "that is upside down; p is near one more than the exponent of the loss",
            ),
            (
                "expected + 1",
                "one is added there already: summing takes one off, and so does the end, a little",
            ),
            (
                "2 - expected",
                "a sum over a tail falls less steeply than the spectrum: p is larger than 1 here",
            ),
            (
                "1 + 2 * line_target",
                "from 100 to 1,000 is one power of ten, not half of one",
            ),
            (
                "1 + line_target / log(10)",
                "a spectrum without end gives 1 + {line_target}, in any base: "
                "one logarithm above, the same one below; and yours has an end",
            ),
            (
                "world",
                "that is for the million things of the chapter's first world; yours stops at "
                "{n_directions:.0f}",
            ),
            (
                "short",
                "that is for the 8,192 features of the chapter; yours have {n_directions:.0f}",
            ),
            (
                "tenth",
                "that is for a tenth of the directions; yours stops at {n_directions:.0f}",
            ),
            (
                "decimal",
                "from 100 to 1,000 is one power of ten: "
                "a decimal logarithm above asks for 1 below, a natural one for ln 10",
            ),
            (
                "difference",
                "the sizes are 1,000 / 100 = 10 times apart: "
                "below stands the logarithm of their ratio, not of their difference",
            ),
            (
                "natural",
                "from 100 to 1,000 is one power of ten: "
                "a natural logarithm above asks for ln 10 below",
            ),
            (
                "line_there",
                "that is the line's exponent where p is 1 + {line_target}; "
                "which p gives the exponent {line_target}?",
            ),
            (
                "1 + 2 * line_target - line_there",
                "that is one step of a search: the line's exponent moves less than p, so go on",
            ),
        ),
        generic="with that p the losses at N = 100 and N = 1,000, the sums from rank 101 and from "
        "rank 1,001 to {n_directions:.0f}, do not lie on a line of exponent {line_target}. (If you "
        "are near: a sum is the integral from half a rank before its first to half behind its "
        "last, and the line is not the slope at its middle; carry five digits)",
        hints=(
            "The loss at size N is the sum of the spectrum from rank N + 1 to its last. "
            "Without a computer: the integral from half a rank before the first "
            "to half a rank behind the last.",
            "The exponent of the line is ln(L(100) / L(1000)) / ln(10); "
            "it rises with the decay, so search.",
            "`def exponent(decay): spectrum = np.arange(1, n_directions + 1.0) ** -decay; ...`",
        ),
        praise="flatter than without an end: near its end every spectrum looks steeper in the loss",
    ),
    Choice(
        id="05-which-changed",
        answer="better_learner",
        given=("seed",),
        data=_curves,
        derived={"better": _better}
        | {
            f"{name.lower()}_{word}": _against_mine(name, end)
            for name in "BCD"
            for word, end in (("first", 0), ("last", -1))
        },
        options=tuple(
            (
                name,
                f"abs(better - {place}) < 0.5",
                f"at the smallest size {name} has {{{name.lower()}_first:.2f}} of A's loss, "
                f"at the largest {{{name.lower()}_last:.2f}}: a better learner on the same data "
                "would keep one ratio, so here the data changed",
            )
            for place, name in enumerate("BCD")
        ),
        hints=(
            "A better learner does the same with fewer features, at every size. "
            "What does that do to a line on log-log paper?",
            "Divide each curve by A and look whether the ratio stays.",
            '`ratio = {name: curves_seen[name] / curves_seen["A"] for name in "BCD"}`',
        ),
        praise="one ratio at every size: only the constant changed",
    ),
)

QUESTIONS = (
    Question(
        id="05-one-percentage",
        options=(
            Option(
                "Every doubling of effort is the same effort, so it brings the same gain.",
                why="The effort is not the same: the second doubling costs twice the first. "
                "And in the other two worlds equal doublings bring very different gains.",
                key="a",
            ),
            Option(
                "The tail looks alike at every rank: what is missing beyond 2N is the same "
                "fraction of what is missing beyond N.",
                right=True,
                why="Only a power law has that property: rank r to 2r relates as 10 r to 20 r. "
                "The cause sits in the data.",
                key="b",
            ),
            Option(
                "Learning gets harder the more one knows already.",
                why="In all three worlds each further thing costs the same. What differs is "
                "how much there is left to gain.",
                key="c",
            ),
        ),
        prompt="Why did every doubling take off the same percentage in the first world?",
    ),
    Question(
        id="05-data-or-learner",
        prompt="A new training method lowers the reducible loss by 12 % at every size that was "
        "tried. What may you conclude?",
        options=(
            Option(
                "The exponent is larger now.",
                why="With a larger exponent the gain would grow with the size. The same "
                "percentage everywhere is a parallel line.",
                key="a",
            ),
            Option(
                "It works like a model larger by one fixed factor; the exponent did not move.",
                right=True,
                why="On log-log paper the line moved down without turning, and a shift down is "
                "a shift to the left: the same loss from fewer features.",
                key="b",
            ),
            Option(
                "The data must have been better.",
                why="Other data can move the constant too, but in this model a change of the "
                "spectrum's slope turns the line. A parallel shift asks for no change in "
                "the data.",
                key="c",
            ),
        ),
    ),
    Question(
        id="05-why-slower",
        prompt="Why do skills ask for more than twice the examples when you want to learn twice "
        "as many of them?",
        options=(
            Option(
                "An example shows one skill only, and the rarer ones turn up less and less often.",
                right=True,
                why="The N-th skill turns up once in about N^(1 + alpha) examples, so examples "
                "must grow faster than skills.",
                key="a",
            ),
            Option(
                "The learner forgets the common skills while it learns the rare ones.",
                why="In this model nothing is forgotten: a skill once met stays known.",
                key="b",
            ),
            Option(
                "Rare skills are harder and need more sightings each.",
                why="Each skill needs the same number of sightings here. They only come more "
                "rarely.",
                key="c",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="05-doubling",
        unit="%",
        lo=0,
        hi=100,
        prompt="Things to know turn up in proportion to 1 / rank^1.5. You know the N commonest, "
        "and now learn as many again. What percentage of what you still missed disappears?",
        truth=29.3,
        says="The sums say about 29 %, at every N: what you miss falls as 1 / sqrt(N), so 71 % is "
        "left. Half of it would disappear if it fell as 1 / N: for shares of 1 / rank^2.",
    ),
    Prediction(
        id="05-tilt",
        prompt="The second learner gets N random mixtures of the features instead of the N largest "
        "ones. What does that do to its line on log-log paper?",
        options=("it falls less steeply", "it is moved up, with the same slope", "both"),
        truth="b",
        says="It is moved up, with the same slope, as near as four draws can tell.",
    ),
    Prediction(
        id="05-ten-times",
        unit="%",
        lo=0,
        hi=100,
        prompt="The spectrum falls as rank^-1.5. A learner is ten times as efficient: with N "
        "features it does what another does with 10 N. By how many per cent is its loss lower at "
        "the same size?",
        truth=68.4,
        says="It is 68 % lower: ten to the minus 0.5 leaves 0.32 of the loss, at every size.",
    ),
    Prediction(
        id="05-sightings",
        unit="sightings",
        lo=1,
        hi=1_000_000,
        prompt="The counter knows a word after one sighting. How often must a network of width 64 "
        "see a word before it knows it?",
        truth=72,
        says="The recorded runs of width 64 say 71 to 112 times.",
    ),
)
