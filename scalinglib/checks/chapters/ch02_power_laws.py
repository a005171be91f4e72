"""Checks of chapter 2, power laws: what students may see, and what makes the personal curves."""

from __future__ import annotations

from functools import cache

import numpy as np

from .. import Choice, Number, Option, Part, Prediction, Question, Several
from ..slips import apart

TOKENS = np.array([float(f"{x:.4g}") for x in np.geomspace(1e6, 1e9, 13)])
"""Training data of all personal curves: 1M to 1B tokens, four runs a decade, in four digits."""


@cache
def noisy_curve(seed: int):
    """A simulated learning curve with a floor; another seed, another law.

    Tokens, and the loss in nats to four decimals, with 0.3 % noise.
    """
    rng = np.random.default_rng(seed)
    exponent, floor, reducible = rng.uniform(0.22, 0.5), rng.uniform(1.2, 2.8), rng.uniform(5, 9)
    loss = floor + reducible * (TOKENS / TOKENS[0]) ** -exponent
    return TOKENS.copy(), np.round(loss * np.exp(rng.normal(0, 0.003, len(TOKENS))), 4)


@cache
def four_curves(seed: int):
    """Tokens, and four simulated learning curves "A" to "D", exactly one of which has a floor.

    In nats to four decimals. The others: a power law, a power law with four times the noise, and
    one that steepens as it goes.
    """
    rng = np.random.default_rng(seed)
    x = TOKENS / TOKENS[0]
    height, slope = rng.uniform(7, 10, 4), rng.uniform(0.15, 0.24, 4)
    floor = rng.uniform(1.5, 2.0)
    laws = [
        floor + (height[0] - floor) * x ** -rng.uniform(0.28, 0.36),
        height[1] * x ** -slope[1],
        height[2] * x ** -slope[2],
        height[3] * x ** -(slope[3] - 0.10) * (1 + x / 100) ** -0.15,
    ]
    noise = np.array([0.005, 0.005, 0.02, 0.005])[:, None] * rng.normal(size=(4, len(x)))
    order = rng.permutation(4)
    losses = np.round(np.array(laws) * np.exp(noise), 4)
    return TOKENS.copy(), {name: losses[kind] for name, kind in zip("ABCD", order, strict=True)}


def _curvatures(seed):
    """The coefficient of (log tokens)^2 in log loss, for each of the four curves."""
    tokens, curves = four_curves(seed)
    return [np.polyfit(np.log(tokens), np.log(loss), 2)[0] for loss in curves.values()]


def _left_by_a_line(seed, name):
    """What a straight line in logs leaves of a curve, in %.

    The mean of both ends above the middle, and the scatter.
    """
    tokens, curves = four_curves(seed)
    x, y = np.log(tokens), np.log(curves[name])
    left = 100 * (y - np.polyval(np.polyfit(x, y, 1), x))
    u_shape = (left[:3].mean() + left[-3:].mean()) / 2 - left[4:9].mean()
    # third differences of noise: 1 + 9 + 9 + 1 variances
    return u_shape, np.diff(left, 3).std() / np.sqrt(20)


@cache
def _fitted(seed):
    from ...fitting import fit_power_law

    return fit_power_law(*noisy_curve(seed)).law


def _unless_near(wrong, right):
    """A wrong exponent; nan where it is nearly right."""
    return np.nan if abs(wrong / right - 1) < 0.12 else wrong


def _lowest(seed):
    return noisy_curve(seed)[1].min()


def _line_exponent(seed, runs=slice(None), floor=0.0):
    """The exponent of a line in logs through some runs, after a floor is taken off."""
    tokens, loss = (column[runs] for column in noisy_curve(seed))
    return -np.polyfit(np.log(tokens), np.log(loss - floor), 1)[0]


def _off_where(wrong, runs=TOKENS[:5], line_in=np.log):
    """The multiple of 1e7 tokens at which a line first fails, as a derived quantity.

    wrong(line, law, floor) is positive beyond it; the line is fitted in logs of the tokens of
    `runs`; nan where it fails nowhere.
    """

    def found(reach_scale, reach_exponent, reach_floor):
        def law(x):
            return reach_floor + (reach_scale / x) ** reach_exponent

        back = np.exp if line_in is np.log else np.asarray
        line = np.polyfit(np.log(runs), line_in(law(runs)), 1)
        low, high = np.log(1e7), np.log(1e14)
        for _ in range(60):
            x = (low + high) / 2
            far = wrong(back(np.polyval(line, x)), law(np.exp(x)), reach_floor) > 0
            low, high = (low, x) if far else (x, high)
        return np.exp(low) / 1e7 if high < np.log(1e14) else np.nan

    return found


_LAW_AT_X = "(reach_floor + (reach_scale / (1e7 * x)) ** reach_exponent)"


def _line(reach_scale, reach_exponent, reach_floor):
    """Slope and intercept, in natural logs, of the line through the five runs."""
    tokens = TOKENS[:5]
    return np.polyfit(
        np.log(tokens), np.log(reach_floor + (reach_scale / tokens) ** reach_exponent), 1
    )


# what the part above the floor is divided by when the loss is halved; what ten doublings leave
_TO_HALVE = "(1 - floor_share) / (0.5 - floor_share)"
_TEN = "2 ** (-10 * floored_exponent)"


def _rounded_up(floored_exponent, floor_share):
    """The doublings rounded up to a whole number, nan where that hardly differs."""
    exact = np.log2((1 - floor_share) / (0.5 - floor_share)) / floored_exponent
    return np.nan if np.ceil(exact) < 1.012 * exact else np.ceil(exact)


def _too_early(rounding):
    """2 to the doublings after they were rounded, nan where that hardly differs."""

    def factor(loss_per_doubling):
        doublings = np.log(0.5) / np.log(1 - loss_per_doubling)
        near = abs(rounding(doublings) - doublings) < 0.012
        return np.nan if near else 2.0 ** rounding(doublings)

    return factor


def _exponent_rounded(loss_per_doubling):
    """The factor after the exponent was rounded to two decimals, nan where that hardly differs."""
    exponent = -np.log2(1 - loss_per_doubling)
    short = round(exponent, 2)
    return np.nan if abs(short / exponent - 1) < 0.012 else 2 ** (1 / short)


def _doublings_rounded(floored_exponent, floor_share):
    """The doublings with an exponent of two decimals, nan where it has no more."""
    short = round(floored_exponent, 2)
    if abs(short / floored_exponent - 1) < 0.012:
        return np.nan
    return np.log2((1 - floor_share) / (0.5 - floor_share)) / short


def _doublings_of_rounded(floored_exponent, floor_share):
    """The doublings, after what must be left was rounded to two decimals; nan where near."""
    left = (0.5 - floor_share) / (1 - floor_share)
    exact, found = (-np.log2(share) / floored_exponent for share in (left, round(left + 1e-9, 2)))
    return np.nan if abs(found / exact - 1) < 0.012 else found


# what else somebody may take for the ratio by which the part above the floor shrinks
_OTHER_RATIOS = {
    "0.5 / floor_share": "the loss need not come down to its floor: what may stay above it?",
    "1 / floor_share": "the loss need not come down to its floor: half of today's is enough",
    "(1 - floor_share) / floor_share": "the part above the floor need not become as small as the "
    "floor: half of today's loss leaves more beside it",
    "(1 + floor_share) / (0.5 + floor_share)": "take the floor off today's loss and off half of "
    "it; you added it",
    "(1 - floor_share) / (0.5 + floor_share)": "take the floor off half of today's loss as well; "
    "you added it there",
    "0.5 / (0.5 - floor_share)": "the part above the floor starts at 1 - {floor_share} of today's "
    "loss, not at a half",
    "1 / (1 - floor_share)": "that is today's loss over its part above the floor; the loss after "
    "the doublings is missing",
    "4 * (1 - floor_share) / (0.5 - floor_share) / 2": "half is counted twice: today's loss is 1, "
    "then it is 0.5",
    "(1 - floor_share) / (0.25 - floor_share)": "that is a quarter of today's loss; half is asked "
    "for",
}

_EQUAL_STEPS = (
    "that adds up equal steps; each doubling takes its share of what is left above the floor"
)
_OTHER_FLOOR = (
    "the floor that you look for is not {floor_share}: with another floor another part shrinks"
)
_SIGN_BY_SIGN = (
    "with left for what ten doublings leave, write floor + (1 - floor) left = 0.5 and solve that "
    "for the floor, sign by sign"
)
# slips that come near the truth in some draws
_NEEDED = apart(
    "doublings_needed",
    f"log2({_TO_HALVE}) / floored_exponent",
    (
        ("0.5 / (1 - 2 ** -floored_exponent)", _EQUAL_STEPS),
        (
            f"floored_exponent / log2({_TO_HALVE})",
            "that is upside down: a steeper law needs fewer doublings",
        ),
        (
            f"log2({_TO_HALVE}) / log(2) / floored_exponent",
            "ln 2 is divided out twice: a base-2 logarithm counts doublings already",
        ),
        (
            "0.5 / floored_exponent",
            "one halving takes 1 / exponent doublings, not half of that; and the floor does not "
            "fall",
        ),
        *(
            (
                f"log2({_TO_HALVE}) / {power}",
                "the exponent itself divides the number of halvings",
            )
            for power in ("(1 - floored_exponent)", "2 ** -floored_exponent")
        ),
    ),
)
_MOST = apart(
    "most_floor",
    f"(0.5 - {_TEN}) / (1 - {_TEN})",
    (
        (f"{_TEN} / (1 - {_TEN})", _SIGN_BY_SIGN),
        (f"(0.5 - {_TEN}) / (1 - floor_share)", _OTHER_FLOOR),
        *(
            (text, "what ten doublings leave of the part above the floor is 2 ** (-10 exponent)")
            for text in ("0.5 - floored_exponent", f"{_TEN} / 2")
        ),
    ),
)


EXERCISES = (
    Number(
        id="02-halve-loss",
        answer="data_factor",
        given=("loss_per_doubling",),
        derived={
            "whole": _too_early(np.ceil),
            "nearest": _too_early(np.round),
            "tenth": _too_early(lambda doublings: np.round(doublings, 1)),
            "down": _too_early(np.floor),
            "exponent_rounded": _exponent_rounded,
        },
        truth="2 ** (log(0.5) / log(1 - loss_per_doubling))",
        unit="times",
        rtol=0.004,  # the doublings to two decimals are enough
        bounds=(("x > 1", "a lower loss needs more data: the factor is above 1"),),
        mistakes=(
            *(
                (
                    f"2 ** (log(0.5) / log(1 - loss_per_doubling)) * {tens}",
                    "a decimal point has moved: that is off by a power of ten",
                )
                for tens in (10, 0.1)
            ),
            (
                "log(0.5) / log(1 - loss_per_doubling)",
                "that is the number of doublings; the question asks for the factor that so many "
                "doublings make",
            ),
            *(
                (rounded, "the doublings were rounded to a whole number: keep the fraction")
                for rounded in ("whole", "nearest", "down")
            ),
            (
                "exponent_rounded",
                "the exponent was rounded too early: carry three digits of it",
            ),
            *(
                (wrong, "that is for the chapter's 10 %; here a doubling takes {loss_per_doubling}")
                for wrong in (
                    "2 ** (log(0.5) / log(0.9))",
                    "log(0.5) / log(0.9)",
                )
            ),
            (
                "1 / loss_per_doubling",
                "so many equal steps would take all of the loss; each doubling takes its share of "
                "what is left. And a factor is asked for",
            ),
            (
                "2 ** (log(2) / log(1 + loss_per_doubling))",
                "that undoes a growth of {loss_per_doubling}; a doubling leaves 1 - "
                "{loss_per_doubling}",
            ),
            (
                "log(2) / log(1 + loss_per_doubling)",
                "that counts steps of growth; a doubling leaves 1 - {loss_per_doubling}, and a "
                "factor is asked for",
            ),
            (
                "2 ** (log(2) / loss_per_doubling)",
                "that takes {loss_per_doubling} for a rate in natural logarithms; a doubling "
                "leaves 1 - {loss_per_doubling}",
            ),
            (
                "log(2) / loss_per_doubling",
                "that takes {loss_per_doubling} for a rate in natural logarithms, and it is a "
                "number of doublings",
            ),
            (
                "-log2(1 - loss_per_doubling)",
                "that is the exponent of the law; by what factor must the data grow?",
            ),
            (
                "-log(1 - loss_per_doubling)",
                "that is the exponent in natural logarithms; doublings want base 2, and then the "
                "factor is asked for",
            ),
            (
                "1 / (1 - loss_per_doubling)",
                "one doubling divides the loss by that; how many divide it by two?",
            ),
            ("1 - loss_per_doubling", "that is what one doubling leaves of the loss"),
            (
                "0.5 / (1 - loss_per_doubling)",
                "what a doubling leaves multiplies again and again: half is a power of it",
            ),
            (
                "2 ** (log(0.25) / log(1 - loss_per_doubling))",
                "that brings the loss to a quarter; half is asked for",
            ),
            (
                "log(loss_per_doubling) / log(1 - loss_per_doubling)",
                "after so many doublings only {loss_per_doubling} of the loss is left; half is "
                "asked for, and a factor",
            ),
            (
                "2 ** (log(0.5) / log(1 - loss_per_doubling / 10))",
                "a power of ten is off in the share that a doubling takes: it is "
                "{loss_per_doubling}",
            ),
            (
                "2 ** (1 / (1 - loss_per_doubling))",
                "1 - {loss_per_doubling} is what a doubling leaves, not the exponent: find that "
                "first",
            ),
            *(
                (
                    wrong,
                    "two bases of logarithms are in one ratio: use the same for both, then double "
                    "that often",
                )
                for wrong in (
                    "-1 / log(1 - loss_per_doubling)",
                    "-1 / log10(1 - loss_per_doubling)",
                    "log10(0.5) / log(1 - loss_per_doubling)",
                    "2 ** (log10(0.5) / log(1 - loss_per_doubling))",
                )
            ),
            (
                "log(0.5) / log(loss_per_doubling)",
                "a doubling leaves 1 - {loss_per_doubling} of the loss; and that is a number of "
                "doublings, where a factor is asked for",
            ),
            (
                "(log(0.5) / log(1 - loss_per_doubling)) ** 2",
                "n doublings multiply by 2 ** n, not by n ** 2",
            ),
            *(
                (
                    f"2 ** (log(0.5) / log(1 - loss_per_doubling) {step} 1)",
                    f"that is one doubling too {much}",
                )
                for step, much in (("+", "many"), ("-", "few"))
            ),
            (
                "tenth",
                "the doublings were rounded too early: carry two decimals of them",
            ),
            (
                "0.5 / loss_per_doubling",
                "percentages do not add up: each doubling takes its share of what is left. And the "
                "question asks for a factor, not for a number of doublings",
            ),
            *(
                (
                    f"{power}0.5 / loss_per_doubling)",
                    "percentages do not add up: the second doubling takes its share of what the "
                    "first has left",
                )
                for power in ("2 ** (", "exp(")
            ),
            (
                "100 * 2 ** (log(0.5) / log(1 - loss_per_doubling))",
                "that is in per cent; how many times as much is asked for",
            ),
            *(
                (
                    f"{logarithm}(2) * log(0.5) / log(1 - loss_per_doubling)",
                    "that is the logarithm of the factor: undo it",
                )
                for logarithm in ("log10", "log")
            ),
            (
                "4",
                "four times the data are two doublings: each takes {loss_per_doubling} of what is "
                "left",
            ),
            ("1024", "that is ten doublings; how many bring the loss to one half here?"),
            (
                "2 ** (1 / loss_per_doubling)",
                "{loss_per_doubling} is the share that a doubling takes away, not the exponent: "
                "find the exponent first",
            ),
            (
                "2 ** (log(0.5) / log(loss_per_doubling))",
                "a doubling leaves 1 - {loss_per_doubling} of the loss; what it takes away does "
                "not multiply",
            ),
            (
                "exp(log(0.5) / log(1 - loss_per_doubling))",
                "doublings multiply by 2: a power of e, or an exponent in natural logarithms, got "
                "in",
            ),
            (
                "10 ** (log(0.5) / log(1 - loss_per_doubling))",
                "the number of doublings is right, but a doubling multiplies by 2, not by 10",
            ),
            (
                "2 * log(0.5) / log(1 - loss_per_doubling)",
                "n doublings multiply by 2 ** n, not by 2 * n",
            ),
            (
                "0.5 ** (log(0.5) / log(1 - loss_per_doubling))",
                "that is the inverse of the factor: the data grow",
            ),
            ("2", "twice the data is one doubling, which takes {loss_per_doubling} of the loss"),
        ),
        generic="check it backwards: 1 - {loss_per_doubling}, once for each doubling in your "
        "factor, should multiply to 0.5. (If you are near: carry three decimals of the doublings)",
        hints=(
            "After one doubling the loss is (1 - loss_per_doubling) of what it was. And after two?",
            "(1 - loss_per_doubling) ** doublings = 0.5, and each doubling doubles the data.",
            "`doublings = np.log(0.5) / np.log(...)`, then think of what so many doublings "
            "multiply to.",
        ),
        praise="with that many times the data the loss is half of what it was",
    ),
    Several(
        id="02-doublings",
        answer="floored",
        given=("floored_exponent", "floor_share"),
        derived={
            "rounded_up": _rounded_up,
            "with_rounded": _doublings_rounded,
            "left_rounded": _doublings_of_rounded,
            **_NEEDED.derived,
            **_MOST.derived,
        },
        parts=(
            Part(
                name="doublings_needed",
                truth=f"log2({_TO_HALVE}) / floored_exponent",
                unit="doublings",
                rtol=0.002,
                mistakes=(
                    *(
                        (
                            f"log2({_TO_HALVE}) / floored_exponent * {tens}",
                            "a decimal point has moved: that is off by a power of ten",
                        )
                        for tens in (10, 0.1)
                    ),
                    (
                        "1 / floored_exponent",
                        "that halves the part above the floor; the loss is halved later, because "
                        "the floor does not fall",
                    ),
                    (
                        f"log({_TO_HALVE}) / floored_exponent",
                        "that is a natural logarithm: it counts factors of e, and doublings are "
                        "factors of 2",
                    ),
                    (
                        f"log10({_TO_HALVE}) / floored_exponent",
                        "that is a logarithm to base 10: it counts factors of ten, and doublings "
                        "are factors of 2",
                    ),
                    ("rounded_up", "you rounded to whole doublings; keep the fraction"),
                    (
                        "with_rounded",
                        "the exponent was rounded to two decimals; keep all three",
                    ),
                    (
                        "left_rounded",
                        "what is left of the part above the floor was rounded to two decimals",
                    ),
                    (
                        "(0.5 - floor_share) / (1 - floor_share)",
                        "that is the share of the part above the floor that may be left; how many "
                        "doublings leave so little?",
                    ),
                    (
                        "1 / floored_exponent / (1 - floor_share)",
                        "that is one halving of the part above the floor, divided by its share of "
                        "the loss; it must fall by more than a halving",
                    ),
                    *(
                        (f"log2({ratio}) / floored_exponent", words)
                        for ratio, words in _OTHER_RATIOS.items()
                    ),
                    *(
                        (
                            f"log2({_TO_HALVE}) / {exponent}",
                            f"{exponent} stands in the chapter; this law's exponent is "
                            "{floored_exponent}",
                        )
                        for exponent in ("0.3", "0.34", "0.152")
                    ),
                    (
                        "log2(0.7 / 0.2) / floored_exponent",
                        "0.3 is the example in the question; here the floor is {floor_share} of "
                        "today's loss",
                    ),
                    (
                        f"log2({_TO_HALVE}) / (1 - 2 ** -floored_exponent)",
                        "that divides by the share that a doubling takes; divide by the exponent, "
                        "since shares do not add up",
                    ),
                    (
                        "1 / floored_exponent + floor_share",
                        "that halves the part above the floor and adds the floor's share; that "
                        "part must fall further",
                    ),
                    (
                        f"log2({_TO_HALVE}) + floored_exponent",
                        "the exponent divides the number of halvings; it is not added",
                    ),
                    *(
                        (
                            f"log2({_TO_HALVE}) / floored_exponent {step} 1",
                            f"that is one doubling too {much}",
                        )
                        for step, much in (("+", "many"), ("-", "few"))
                    ),
                    ("10", "ten are for the second number; how many halve the loss here?"),
                    (
                        f"({_TO_HALVE}) ** (1 / floored_exponent)",
                        "that is the factor by which x must grow; its base-2 logarithm is the "
                        "number of doublings",
                    ),
                    (
                        "log2((1 - floor_share) / 0.5) / floored_exponent",
                        "the part above the floor need not become half of today's loss: the "
                        "floor is in that half as well",
                    ),
                    (
                        "log2(1 / (0.5 - floor_share)) / floored_exponent",
                        "the floor is in today's loss as well: take it off there too",
                    ),
                    (
                        f"-log2({_TO_HALVE}) / floored_exponent",
                        "the ratio is upside down: the part above the floor shrinks as x grows",
                    ),
                    (
                        f"floored_exponent * log2({_TO_HALVE})",
                        "the exponent stands on the wrong side: a steeper law needs fewer "
                        "doublings",
                    ),
                    (
                        f"log2({_TO_HALVE})",
                        "that counts halvings of the part above the floor; one doubling of x "
                        "brings only the exponent's share of a halving",
                    ),
                    (
                        _TO_HALVE,
                        "that is what the part above the floor must be divided by; how many "
                        "doublings do that?",
                    ),
                    (
                        "2 ** floored_exponent",
                        "that is what one doubling divides the part above the floor by; ask how "
                        "often you must divide",
                    ),
                    (
                        "log(0.5) / log(floor_share + (1 - floor_share) * 2 ** -floored_exponent)",
                        "that repeats the first doubling's share of the whole loss; with a floor "
                        "each takes a smaller one",
                    ),
                    (
                        "0.5 / ((1 - floor_share) * (1 - 2 ** -floored_exponent))",
                        _EQUAL_STEPS,
                    ),
                    *_NEEDED.mistakes,
                    (
                        "(0.5 - 2 ** (-10 * floored_exponent)) / "
                        "(1 - 2 ** (-10 * floored_exponent))",
                        "that is a share of floor; the two entries have changed places",
                    ),
                ),
                generic="check it backwards: the floor, and what so many doublings leave of the "
                "part above it, should make half of today's loss. (If you are near: carry four "
                "digits on the way)",
            ),
            Part(
                name="most_floor",
                truth=f"(0.5 - {_TEN}) / (1 - {_TEN})",
                mistakes=(
                    *(
                        (
                            f"(0.5 - {_TEN}) / (1 - {_TEN}) * {tens}",
                            "a decimal point has moved: that is off by a power of ten",
                        )
                        for tens in (10, 0.1)
                    ),
                    (
                        "0.5",
                        "that is where no number of doublings is enough; ten are not endlessly "
                        "many",
                    ),
                    (
                        "floor_share",
                        "that is the floor of the first question; now it is asked for, with ten "
                        "doublings",
                    ),
                    *(
                        (
                            f"(0.5 - 2 ** (-{n} * floored_exponent)) / "
                            f"(1 - 2 ** (-{n} * floored_exponent))",
                            f"that is for {n} doubling{'s' if n > 1 else ''}; ten can be paid",
                        )
                        for n in (1, 5)
                    ),
                    # these lie so close together that a number near one of them may be any
                    *(
                        (
                            f"(0.5 - 2 ** -({power})) / (1 - 2 ** -({power}))",
                            "that goes with another number of doublings than ten, or with another "
                            "exponent: this law's exponent is {floored_exponent}",
                        )
                        for power in (
                            *(f"{n} * floored_exponent" for n in (9, 11, 20)),
                            *(f"10 * {exponent}" for exponent in ("0.3", "0.34")),
                        )
                    ),
                    *(
                        (
                            f"(0.5 - {left}) / (1 - {left})",
                            "ten doublings leave 2 ** (-10 exponent) of the part above the floor: "
                            "look at the base, and at the power",
                        )
                        for left in (
                            "(1 - floored_exponent) ** 10",
                            "2 ** -10",
                            "exp(-10 * floored_exponent)",
                        )
                    ),
                    *(
                        (expression, _SIGN_BY_SIGN)
                        for expression in (
                            f"0.5 / (1 + {_TEN})",
                            f"(0.5 + {_TEN}) / (1 + {_TEN})",
                            f"0.5 + {_TEN}",
                            f"{_TEN} / (1 + {_TEN})",
                            f"0.5 * (1 - {_TEN})",
                            f"(0.5 - {_TEN}) * (1 - {_TEN})",
                            f"(0.5 - {_TEN}) / (1 + {_TEN})",
                        )
                    ),
                    (
                        f"0.5 - {_TEN}",
                        "only the part above the floor is lowered, and it is less than today's "
                        "whole loss",
                    ),
                    (
                        f"1 - 2 * {_TEN}",
                        "that is the floor's share of the halved loss, and the part above it "
                        "counted whole; its share of today's is asked for",
                    ),
                    (
                        f"(1 - {_TEN}) / (0.5 - {_TEN})",
                        "that is the share upside down: a floor is a part of the loss",
                    ),
                    (
                        "2 ** (10 * floored_exponent)",
                        "ten doublings divide the part above the floor by that; a share of floor "
                        "is asked for",
                    ),
                    (
                        f"0.5 - (0.5 - {_TEN}) / (1 - {_TEN})",
                        "that is what stays above the floor when the loss is halved; the floor is "
                        "asked for",
                    ),
                    (f"0.5 - (1 - floor_share) * {_TEN}", _OTHER_FLOOR),
                    *_MOST.mistakes,
                    (
                        "0.5 - floor_share",
                        "that is what may stay above the first question's floor; now the floor is "
                        "asked for",
                    ),
                    (
                        f"floor_share + (1 - floor_share) * {_TEN}",
                        "that is the loss after ten doublings with today's floor; which floor "
                        "makes it a half?",
                    ),
                    (
                        _TEN,
                        "that is what ten doublings leave of the part above the floor; how much "
                        "floor may stand beside it?",
                    ),
                    (
                        f"1 - {_TEN}",
                        "that is what ten doublings take off the part above the floor; asked for "
                        "is a share of floor",
                    ),
                    (
                        f"0.5 / (1 - {_TEN})",
                        "that is the share above the floor; the question asks for the floor's",
                    ),
                    (
                        f"(1 - 2 * {_TEN}) / (1 - {_TEN})",
                        "that is the floor's share of the halved loss; the question asks for its "
                        "share of today's",
                    ),
                    (
                        "(0.5 - 10 ** -floored_exponent) / (1 - 10 ** -floored_exponent)",
                        "that is for ten times as much; ten doublings are 2 ** 10 times",
                    ),
                    (
                        "(0.5 - 20 ** -floored_exponent) / (1 - 20 ** -floored_exponent)",
                        "that is for twenty times as much; ten doublings are 2 ** 10 times",
                    ),
                    (
                        f"100 * (0.5 - {_TEN}) / (1 - {_TEN})",
                        "write the share, not the percentage: 0.3 for 30 %",
                    ),
                    (
                        f"log2({_TO_HALVE}) / floored_exponent",
                        "that is a number of doublings; the two entries have changed places",
                    ),
                ),
                generic="check it backwards: that floor, and what ten doublings leave of the "
                "rest, should make half of today's loss. (If you are near: carry four digits on "
                "the way)",
            ),
        ),
        bounds=(
            ("doublings_needed > 0", "the loss falls as x grows: the doublings are more than none"),
            (
                "doublings_needed > 1 / floored_exponent",
                "so few do not even halve the part above the floor",
            ),
            ("most_floor > 0", "without any floor ten doublings do more than halve this loss"),
            (
                "most_floor < 0.5",
                "a floor of half of today's loss, or more, stops it before it is halved, however "
                "many the doublings",
            ),
        ),
        hints=(
            "Take today's loss as 1. Which part of it falls, and what must that part become?",
            "floor_share + (1 - floor_share) * 2 ** (-exponent * n) = 0.5. First n is asked for, "
            "then, with n = 10, the share.",
            "`left = 2 ** (-10 * floored_exponent)`, and log2 of a ratio for the doublings",
        ),
        praise="more doublings allow more floor, and never as much as half",
    ),
    Several(
        id="02-recover",
        answer="recovered",
        given=("recover_seed",),
        data=lambda recover_seed: {
            "runs": dict(zip(("tokens", "loss"), noisy_curve(recover_seed), strict=True))
        },
        derived={
            "fitted_exponent": lambda recover_seed: _fitted(recover_seed).exponent,
            "fitted_floor": lambda recover_seed: _fitted(recover_seed).floor,
            "line_exponent": lambda recover_seed: _line_exponent(recover_seed),
            "early_exponent": lambda recover_seed: _line_exponent(recover_seed, slice(5)),
            "late_exponent": lambda recover_seed: _line_exponent(recover_seed, slice(-5, None)),
            "above_last": lambda recover_seed: _line_exponent(
                recover_seed, slice(-1), _lowest(recover_seed)
            ),
            "lowest": lambda recover_seed: _lowest(recover_seed),
            "first": lambda recover_seed: noisy_curve(recover_seed)[1][0],
            **{
                f"above_{place}": lambda recover_seed, floor=floor: (
                    _line_exponent(recover_seed, floor=floor)
                    if floor < _lowest(recover_seed)
                    else np.nan
                )
                for place, floor in enumerate((1.69, 1.7))
            },
            "mean_loss": lambda recover_seed: noisy_curve(recover_seed)[1].mean(),
            "above_just": lambda recover_seed: _line_exponent(
                recover_seed, floor=np.ceil(20 * _lowest(recover_seed) - 1.02) / 20
            ),
            "one_pair": lambda recover_seed: _line_exponent(recover_seed, slice(0, 13, 12)),
            "pair_above": lambda recover_seed: _unless_near(
                _line_exponent(recover_seed, slice(0, 13, 12), 1.7)
                if _lowest(recover_seed) > 1.7
                else np.nan,
                _fitted(recover_seed).exponent,
            ),
            "line_in_two_bases": lambda recover_seed: _unless_near(
                _line_exponent(recover_seed) * np.log(10), _fitted(recover_seed).exponent
            ),
            "fitted_scale": lambda recover_seed: _fitted(recover_seed).scale,
            "first_pair": lambda recover_seed: _unless_near(
                _line_exponent(recover_seed, slice(2)), _fitted(recover_seed).exponent
            ),
            "last_pair": lambda recover_seed: _line_exponent(recover_seed, slice(-2, None)),
            "in_nats": lambda recover_seed: (
                -np.polyfit(np.log(TOKENS), noisy_curve(recover_seed)[1], 1)[0]
            ),
            "last_three": lambda recover_seed: noisy_curve(recover_seed)[1][-3:].mean(),
        },
        parts=(
            Part(
                name="exponent",
                truth="fitted_exponent",
                rtol=0.03,
                mistakes=(
                    *(
                        (
                            f"fitted_exponent * {tens}",
                            "a decimal point has moved: that is off by a power of ten",
                        )
                        for tens in (10, 0.1)
                    ),
                    (
                        "line_exponent",
                        "that is the slope of a straight line in logs, which has no floor: it is "
                        "flatter than the part above the floor",
                    ),
                    (
                        "-line_exponent",
                        "that is the slope of a straight line with its sign: take a floor off "
                        "first, and give a positive exponent",
                    ),
                    ("-fitted_exponent", "the exponent is positive: the law has D in the divisor"),
                    (
                        "early_exponent",
                        "that is the slope of the first runs; the floor is in those losses too, "
                        "though it shows less",
                    ),
                    (
                        "late_exponent",
                        "that is the slope of the last runs, where the floor is most of the loss",
                    ),
                    (
                        "fitted_exponent * log(10)",
                        "a floor far too high was taken off, or two bases of logarithms are in one "
                        "slope",
                    ),
                    (
                        "fitted_exponent / log(10)",
                        "two bases of logarithms in one slope: use the same for both columns",
                    ),
                    (
                        "above_last",
                        "that goes with a floor far too high, near the last loss; the curve is "
                        "still falling there",
                    ),
                    (
                        "above_just",
                        "that goes with a floor just below the last loss; a lower floor makes the "
                        "slope flatter",
                    ),
                    (
                        "pair_above",
                        "that goes with the floor of the chapter's law, and with two runs only; "
                        "these runs have another, and there are 13",
                    ),
                    (
                        "2 ** -fitted_exponent",
                        "that is what a doubling leaves of the part above the floor",
                    ),
                    (
                        "1 - 2 ** -fitted_exponent",
                        "that is what a doubling takes off the part above the floor",
                    ),
                    *(
                        (f"{power} ** fitted_exponent", "that is a factor; its power is asked for")
                        for power in (2, 10)
                    ),
                    ("exp(-fitted_exponent)", "that is a factor; its power is asked for"),
                    *(
                        (
                            f"above_{place}",
                            "that goes with the floor of the chapter's law; these runs have "
                            "another",
                        )
                        for place in range(2)
                    ),
                    (
                        "0.3",
                        "0.30 is the chapter's true law, and these runs have another; or only a "
                        "few of the 13 runs are in it",
                    ),
                    (
                        "one_pair",
                        "that is the slope between the first and the last run; take a floor off "
                        "first, and use all 13",
                    ),
                    (
                        "first_pair",
                        "that is the slope of the first two runs; take a floor off first, and use "
                        "all 13",
                    ),
                    (
                        "last_pair",
                        "that is the slope of the last two runs, where the floor is most of the "
                        "loss",
                    ),
                    (
                        "in_nats",
                        "that is nats for each factor of e; take the logarithm of the loss above "
                        "the floor too",
                    ),
                    (
                        "fitted_exponent * log(2)",
                        "two bases of logarithms in one slope: use the same for both columns",
                    ),
                    (
                        "fitted_exponent / log(2)",
                        "too high a floor was taken off, or two bases of logarithms are in one "
                        "slope",
                    ),
                    *(
                        (f"1 / {slope}", "the exponent is upside down: ln loss over ln tokens")
                        for slope in ("fitted_exponent", "line_exponent")
                    ),
                    (
                        "line_in_two_bases",
                        "two bases of logarithms in one slope, and no floor is taken off",
                    ),
                    ("fitted_floor", "that is the floor; the two entries have changed places"),
                ),
                generic="that is not within 3 % of the best fit: take smaller steps of the "
                "floor, until ln(loss - floor) is as straight as it gets",
            ),
            Part(
                name="floor",
                truth="fitted_floor",
                unit="nats",
                rtol=0.03,
                mistakes=(
                    *(
                        (
                            f"fitted_floor * {tens}",
                            "a decimal point has moved: that is off by a power of ten",
                        )
                        for tens in (10, 0.1)
                    ),
                    ("log(fitted_floor)", "that is the logarithm of the floor: undo it"),
                    ("exp(fitted_floor)", "that is a power of e: the floor is a loss itself"),
                    ("fitted_floor / log(2)", "that is in bits; nats are asked for"),
                    ("lowest", "that is the lowest loss so far; the curve is still falling there"),
                    (
                        "last_three",
                        "that is about the last losses; the curve is still falling there",
                    ),
                    (
                        "first - fitted_floor",
                        "that is what the first run has above the floor",
                    ),
                    ("first - lowest", "that is how far the loss fell; what is left of it?"),
                    ("0", "a floor of zero is a straight line in logs: these runs bend away"),
                    (
                        "1",
                        "too low: with a floor of 1 taken off, ln(loss - floor) still flattens "
                        "towards the right",
                    ),
                    *(
                        (
                            floor,
                            f"{floor} is a floor of the chapter; these runs have another law",
                        )
                        for floor in ("1.69", "1.7", "0.992")
                    ),
                    (
                        "lowest - fitted_floor",
                        "that is what the last run has above the floor; the floor itself is asked "
                        "for",
                    ),
                    ("mean_loss", "that is the mean of the losses; the floor lies below them all"),
                    ("first", "that is the first loss; the floor lies below all of them"),
                    (
                        "fitted_floor / first",
                        "that is the floor's share of the first loss; give it in nats",
                    ),
                    (
                        "fitted_floor / lowest",
                        "that is the floor's share of the last loss; give it in nats",
                    ),
                    (
                        "exp(-fitted_floor)",
                        "that is a probability; the floor is a loss, in nats",
                    ),
                    ("fitted_floor * log(2)", "the losses are in nats already; no ln 2 is needed"),
                    ("fitted_exponent", "that is the exponent; the two have changed places"),
                    ("fitted_scale", "that is the law's scale, in tokens; the floor is a loss"),
                    ("-fitted_floor", "the floor is a loss, above zero"),
                ),
                generic="that is not within 3 % of the best fit: take smaller steps, until "
                "ln(loss - floor) is as straight as it gets in ln tokens",
            ),
        ),
        bounds=(
            ("exponent > 0", "the exponent is positive: the loss falls as the tokens grow"),
            (
                "exponent > line_exponent",
                "that is flatter than the line through all runs; without the floor they are "
                "steeper",
            ),
            (
                "exponent > 0.9 * fitted_exponent",
                "too flat: these runs are steeper above their floor. If you took one off, a "
                "higher one makes the slope steeper",
            ),
            (
                "exponent < 1.1 * fitted_exponent",
                "too steep: if you took a floor off, it was too high; a lower one makes the slope "
                "flatter",
            ),
            ("floor > 0", "the floor is a loss, above zero"),
            ("floor < lowest", "the floor lies below every measured loss"),
            (
                "floor > 0.9 * fitted_floor",
                "too low: with that floor taken off, ln(loss - floor) still flattens towards the "
                "right",
            ),
            (
                "floor < 1.1 * fitted_floor",
                "too high: with that floor taken off, ln(loss - floor) bends down at the right end",
            ),
            *(
                (
                    f"floor {is_} * fitted_floor",
                    f"a little too {much}: take small steps, until ln(loss - floor) is as straight "
                    "as it gets in ln tokens",
                )
                for is_, much in (("> 0.97", "low"), ("< 1.03", "high"))
            ),
        ),
        hints=(
            "Look at the residuals of a straight line first: both ends above it, the middle below. "
            "What does that say?",
            "loss = floor + (scale / tokens) ** exponent has three constants. By hand: with the "
            "right floor, y = ln(loss - floor) is a straight line in ln tokens. Try some: "
            "y - slope(ln runs_tokens, y) ln runs_tokens is level then (its sd is smallest), and "
            "with too low a floor both its ends lie above the middle.",
            "`law = fit_power_law(tokens, loss).law`",
        ),
        praise="both constants are those of the best fit",
    ),
    Choice(
        id="02-spot-floor",
        answer="has_floor",
        given=("curves_seed",),
        data=lambda curves_seed: {
            "curves": {"tokens": four_curves(curves_seed)[0]} | four_curves(curves_seed)[1]
        },
        derived={"place": lambda curves_seed: np.argmax(_curvatures(curves_seed))}
        | {
            f"{what}_{name}": lambda curves_seed, name=name, k=k: _left_by_a_line(
                curves_seed, name
            )[k]
            for name in "ABCD"
            for k, what in enumerate(("bend", "scatter"))
        },
        options=tuple(
            (
                name,
                f"place > {k} - 0.5 and place < {k} + 0.5",
                f"curve {name} has no floor: measured from a straight line in logs, its ends lie "
                f"{{bend_{name}:+.1f}} % from its middle, and its points scatter by "
                f"{{scatter_{name}:.1f}} %. Less than three times the scatter tells no bend. "
                "Clearly beyond it, negative ends are a law that steepens; which sign would a "
                "floor give?",
            )
            for k, name in enumerate("ABCD")
        ),
        hints=(
            "R² orders the curves by noise as much as by shape. Look at the residuals of a "
            "straight line instead.",
            "A floor lifts the right end: residuals are positive at both ends and negative in the "
            "middle, a U.",
            "`curvature = np.polyfit(np.log(tokens), np.log(loss), 2)[0]` for each curve: which "
            "sign is a U?",
        ),
        praise="that curve will never fall below its floor; the other three go on",
    ),
    Number(
        id="02-reach",
        answer="reach",
        given=("reach_scale", "reach_exponent", "reach_floor"),
        data=lambda **_: {"window": {"tokens": TOKENS[:5]}},
        derived={
            "slope": lambda **law: _line(**law)[0],
            "constant": lambda **law: _line(**law)[1],
            "one": _off_where(lambda line, law, floor: 0.99 * law - line),
            "five": _off_where(lambda line, law, floor: 0.95 * law - line),
            "ten": _off_where(lambda line, law, floor: 0.9 * law - line),
            "above": _off_where(lambda line, law, floor: law - 1.05 * line),
            "in_nats": _off_where(lambda line, law, floor: law - 0.05 - line),
            "of_reducible": _off_where(
                lambda line, law, floor: 0.95 * (law - floor) - line + floor
            ),
            "half": _off_where(lambda line, law, floor: 0.5 * law - line),
            **{
                f"line_{name}": _off_where(lambda line, law, floor: 0.95 * law - line, runs)
                for name, runs in {
                    "first_two": TOKENS[:2],
                    "last_two": TOKENS[3:5],
                    "three": TOKENS[:3],
                    "tangent": TOKENS[4] * np.array([0.999, 1.001]),
                    "tangent_first": TOKENS[0] * np.array([0.999, 1.001]),
                }.items()
            },
            **{
                f"low_{percent}": _off_where(
                    lambda line, law, floor, off=percent: (1 - off / 100) * law - line
                )
                for percent in (2, 3, 4, 7, 27)
            },
            "all_runs": _off_where(lambda line, law, floor: 0.95 * law - line, TOKENS),
            "of_page": lambda **_: _off_where(lambda line, law, floor: 0.95 * law - line)(
                1.024e9, 0.30, 1.7
            ),
            "of_page_scale": lambda reach_scale, **law: _off_where(
                lambda line, law, floor: 0.95 * law - line
            )(1.024e9, **law),
            "two_runs": _off_where(lambda line, law, floor: 0.95 * law - line, TOKENS[:5:4]),
            "semilog": _off_where(lambda line, law, floor: 0.95 * law - line, line_in=np.asarray),
        },
        truth="five",
        unit="times",
        rtol=0.002,  # a search in steps does
        bounds=(
            ("x > 1", "beyond the window means a multiple of its last run above 1"),
            (
                "x < 1e6",
                "that looks like tokens; the question asks for the multiple of the last run, 1e7 "
                "tokens",
            ),
            *(
                (f"exp(constant + slope * log(1e7 * x)) {is_} * {_LAW_AT_X}", words)
                for is_, words in (
                    ("<= 0.97", "there the line is less than 3 % too low; go further out"),
                    (">= 0.9", "there the line is more than 10 % too low; come nearer"),
                )
            ),
            (
                f"near(exp(constant + slope * log(1e7 * x)), 0.95 * {_LAW_AT_X}, 0.003)",
                "check it backwards: there the line is between 3 and 10 % too low, but not 5 %. "
                "First see that line and law are those of your constants",
            ),
        ),
        mistakes=(
            (
                "10 * five",
                "that counts from the first run of the window; count from the last, 1e7 tokens",
            ),
            (
                "sqrt(10) * five",
                "that counts from the middle of the window; count from its last run, 1e7 tokens",
            ),
            ("1e7 * five", "that is in tokens; give the multiple of the last run, 1e7 tokens"),
            ("10 * five / 1e6", "that is in millions of millions; give the multiple of 1e7 tokens"),
            ("five - 1", "that is how far beyond the last run; the multiple counts the run as 1"),
            ("log10(five)", "that is the number of decades; give the multiple"),
            (
                "log10(1e7 * five)",
                "that is the logarithm of the tokens: undo it; give the multiple",
            ),
            ("log(five)", "that is the logarithm of the multiple: undo it"),
            ("1.05", "that is 5 % more tokens; the line is to be 5 % too low in loss"),
            ("one", "there the line is only 1 % too low; the question allows 5 %"),
            ("ten", "there the line is 10 % too low; the question allows 5 %"),
            ("half", "there the line is 50 % too low; the question allows 5 %"),
            *(
                (f"low_{off}", f"there the line is {off} % too low; the question allows 5 %")
                for off in (2, 3, 4, 7, 27)
            ),
            ("of_page", "that is for the chapter's law; this one has constants of its own"),
            (
                "of_page_scale",
                "that has the scale of the chapter's law; this one is {reach_scale:g}",
            ),
            *(
                (f"line_{name}", words)
                for name, words in {
                    "first_two": "that line goes through the first two runs only; all five count",
                    "last_two": "that line goes through the last two runs only; all five count",
                    "three": "that line goes through three runs; all five count",
                    "tangent": "that line touches the law at the last run; fit it through all five",
                    "tangent_first": "that line touches the law at the first run; fit it through "
                    "all five",
                }.items()
            ),
            ("1e7 * (five - 1)", "that is in tokens, beyond the last run; give the multiple of it"),
            ("five / 100", "that is in billions of tokens; give the multiple of 1e7"),
            ("log2(five)", "that is a number of doublings; give the multiple"),
            ("100 * five", "that is in per cent; give the multiple"),
            ("1 / five", "that is the multiple upside down"),
            *(
                (
                    expression,
                    "that is for the 13 runs of the second question; the field asks for the line "
                    "through five",
                )
                for expression in ("all_runs", "all_runs / 100")
            ),
            ("-slope", "that is the line's slope; where is the line 5 % below the law?"),
            ("0.95", "0.95 is line over law; at which multiple of 1e7 tokens is it so?"),
            ("five ** 2", "the multiple is counted twice"),
            (
                "-0.05 / slope",
                "that divides the 5 % by the slope; the miss grows slowly at first: compare line "
                "and law",
            ),
            (
                "above",
                "there the law is 5 % above the line; the line is to be 5 % below the law",
            ),
            ("in_nats", "there the line is 0.05 nats too low; the question allows 5 % of the loss"),
            (
                "of_reducible",
                "there the line is 5 % of the part above the floor too low; take 5 % of the loss",
            ),
            (
                "exp((log(0.95 * reach_floor) - constant) / slope) / 1e7",
                "there the line is 5 % below the floor; compare it with the whole loss",
            ),
            (
                "exp((log(reach_floor) - constant) / slope) / 1e7",
                "there the line meets the floor; compare it with the whole loss",
            ),
            (
                "two_runs",
                "that line goes through the first and the last run only; all five count",
            ),
            (
                "100",
                "a hundred times further was the chapter's question; find where the miss is 5 %",
            ),
            (
                "semilog",
                "that line is straight in ln tokens and plain loss; take logs of both",
            ),
        ),
        generic="at that multiple it is not 5 %: take smaller steps. If they do not help: the line "
        "goes through the five runs of the table, in logs of both",
        hints=(
            "Write the loss of the line and the loss of the law for the same multiple of 1e7 "
            "tokens, side by side.",
            "line / law - 1 falls from zero as the multiple grows; you want the place where it is "
            "-0.05. On a page's scratchpad: solve(m, 1, 100, line/law - 0.95), with both losses "
            "written in m.",
            "`multiples = np.geomspace(1, 1000, 100_001)`, then the first one whose miss is 5 %.",
        ),
        praise="beyond that multiple the line is off by more than 5 %",
    ),
)


QUESTIONS = (
    Question(
        id="02-ten-doublings",
        prompt="The same curve, which loses 10 % with every doubling: how much of the loss is "
        "left after ten doublings?",
        options=(
            Option(
                "about a third",
                right=True,
                why="0.9 ** 10 is 0.35. The next ten doublings leave a third of that third.",
                key="b",
            ),
            Option(
                "nothing",
                why="Ten times 10 % would be all of it if each doubling took 10 % of the first "
                "loss. It takes 10 % of what is left.",
                key="a",
            ),
            Option(
                "about 9 %",
                why="That divides 90 % by ten. Each doubling multiplies by 0.9, so ten of them "
                "multiply by 0.9 ** 10.",
                key="c",
            ),
        ),
    ),
    Question(
        id="02-two-exponents",
        prompt="Kaplan's exponent for model size is 0.076, Hoffmann's 0.34. What follows from "
        "these two numbers?",
        options=(
            Option(
                "Hoffmann's way of training made scaling over four times steeper",
                why="The exponents belong to different formulas: one describes the whole loss, "
                "the other only what lies above a floor.",
                key="a",
            ),
            Option(
                "nothing, until both describe the same quantity",
                right=True,
                why="0.34 acts on the reducible loss and 0.076 on the whole. Compare slopes of "
                "the same quantity at the same size.",
                key="c",
            ),
            Option(
                "one of the two fits must be wrong",
                why="Both may follow their own runs. A line and a law with a floor can run "
                "together through a window.",
                key="b",
            ),
        ),
    ),
    Question(
        id="02-short-interval",
        prompt="A fit reports an exponent with a short 90 % interval. What does the interval tell "
        "you?",
        options=(
            Option(
                "the true exponent lies in it, with a chance of 90 %",
                why="Only if the form is right. All six short intervals of the line missed the "
                "truth, 0.30.",
                key="a",
            ),
            Option(
                "how uncertain a forecast beyond the window is",
                why="Out there the form decides. It is the same in every draw, so the interval "
                "cannot see it.",
                key="c",
            ),
            Option(
                "how far the answer would move with other runs from the same window",
                right=True,
                why="The bootstrap redraws the runs and keeps the form. What the form gets wrong, "
                "every draw gets wrong alike.",
                key="b",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="02-halving",
        prompt="A learning curve falls by 10 % every time the training data double. After how many "
        "doublings is the loss half of what it was?",
        unit="doublings",
        lo=0,
        hi=1000,
        truth=6.58,
        says="It takes 6.58 doublings. Five would do if each took 10 % of the first loss.",
    ),
    Prediction(
        id="02-missing-floor",
        prompt="Five runs without noise, with 1M to 10M tokens, lie on a straight line on log-log "
        "paper, as far as an eye can see. At 1B tokens, a hundred times further, the line says "
        "1.97 nats. What loss will a run with 1B tokens have?",
        unit="nats",
        lo=0,
        hi=10,
        truth=2.71,
        says="The run will have 2.71 nats: the law has a floor that five runs on a line do not "
        "show.",
    ),
    Prediction(
        id="02-straight-line",
        prompt="A straight line on log-log paper, fitted to the envelope from 8,000 to 512,000 "
        "characters, forecasts the loss at 8,192,000. By how many per cent is it off? (Negative if "
        "it is too low.)",
        unit="%",
        lo=-100,
        hi=100,
        truth=-16.5,
        says="The forecast is 16.5 % too low.",
    ),
)
