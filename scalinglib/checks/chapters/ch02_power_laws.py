"""Checks of chapter 2, power laws: what students may see, and what makes the personal curves."""

from __future__ import annotations

from functools import cache

import numpy as np

from .. import Choice, Number, Option, Part, Prediction, Question, Several

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


EXERCISES = (
    Number(
        id="02-halve-loss",
        answer="data_factor",
        given=("loss_per_doubling",),
        derived={
            "whole": _too_early(np.ceil),
            "nearest": _too_early(np.round),
            "tenth": _too_early(lambda doublings: np.round(doublings, 1)),
        },
        truth="2 ** (log(0.5) / log(1 - loss_per_doubling))",
        unit="times",
        rtol=0.004,  # the doublings to two decimals are enough
        bounds=(("x > 1", "a lower loss needs more data: the factor is above 1"),),
        mistakes=(
            (
                "log(0.5) / log(1 - loss_per_doubling)",
                "that is the number of doublings; the question asks for the factor that so many "
                "doublings make",
            ),
            (
                "whole",
                "the doublings were rounded up to a whole number: keep the fraction",
            ),
            (
                "nearest",
                "the doublings were rounded to a whole number: keep the fraction",
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
            (
                "2 ** (0.5 / loss_per_doubling)",
                "percentages do not add up: the second doubling takes its share of what the first "
                "has left",
            ),
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
        generic="with that many times the data the loss is not half of what it was",
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
        derived={"rounded_up": _rounded_up},
        parts=(
            Part(
                name="doublings_needed",
                truth=f"log2({_TO_HALVE}) / floored_exponent",
                unit="doublings",
                rtol=0.002,
                mistakes=(
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
                        "that adds up equal steps; each doubling takes its share of what is left "
                        "above the floor",
                    ),
                    (
                        "(0.5 - 2 ** (-10 * floored_exponent)) / "
                        "(1 - 2 ** (-10 * floored_exponent))",
                        "that is a share of floor; the two entries have changed places",
                    ),
                ),
                generic="put it back: the floor, and what so many doublings leave of the part "
                "above it, are not half of today's loss",
            ),
            Part(
                name="most_floor",
                truth=f"(0.5 - {_TEN}) / (1 - {_TEN})",
                mistakes=(
                    (
                        "0.5",
                        "that is where no number of doublings is enough; ten are not endlessly "
                        "many",
                    ),
                    (
                        f"0.5 - {_TEN}",
                        "only the part above the floor is lowered, and it is less than today's "
                        "whole loss",
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
                        "that is the share above the floor; asked for is the floor's",
                    ),
                    (
                        f"(1 - 2 * {_TEN}) / (1 - {_TEN})",
                        "that is the floor's share of the halved loss; asked for is its share of "
                        "today's",
                    ),
                    (
                        f"(0.5 - {_TEN}) / (1 + {_TEN})",
                        "a sign slipped: what ten doublings leave of the floor's share goes off "
                        "on both sides",
                    ),
                    (
                        "(0.5 - exp(-10 * floored_exponent)) / (1 - exp(-10 * floored_exponent))",
                        "doublings are powers of 2, and a power of e got in",
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
                generic="put it back: with that share of floor, ten doublings do not leave half "
                "of today's loss",
            ),
        ),
        bounds=(
            ("doublings_needed > 0", "the loss falls as x grows: the doublings are more than none"),
            (
                "doublings_needed > 1 / floored_exponent",
                "so many do not even halve the part above the floor",
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
            "last_three": lambda recover_seed: noisy_curve(recover_seed)[1][-3:].mean(),
        },
        parts=(
            Part(
                name="exponent",
                truth="fitted_exponent",
                rtol=0.03,
                mistakes=(
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
                        "two bases of logarithms in one slope: use the same for both columns",
                    ),
                    (
                        "fitted_exponent / log(10)",
                        "two bases of logarithms in one slope: use the same for both columns",
                    ),
                    (
                        "above_last",
                        "you took the last loss for the floor; the curve is still falling there",
                    ),
                    (
                        "2 ** -fitted_exponent",
                        "that is what a doubling leaves of the part above the floor",
                    ),
                    ("1 / fitted_exponent", "the exponent is upside down"),
                    ("fitted_floor", "that is the floor; the two entries have changed places"),
                ),
                generic="the exponent is not that of a law with a floor through all 13 runs",
            ),
            Part(
                name="floor",
                truth="fitted_floor",
                unit="nats",
                rtol=0.03,
                mistakes=(
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
                    ("fitted_exponent", "that is the exponent; the two have changed places"),
                    ("-fitted_floor", "the floor is a loss, above zero"),
                ),
                generic="the floor is not that of a power law with a floor through all 13 runs",
            ),
        ),
        bounds=(
            ("exponent > 0", "the exponent is positive: the loss falls as the tokens grow"),
            (
                "exponent > line_exponent",
                "that is flatter than the line through all runs; without the floor they are "
                "steeper",
            ),
            ("floor > 0", "the floor is a loss, above zero"),
            ("floor < lowest", "the floor lies below every measured loss"),
            (
                "floor > 0.8 * fitted_floor",
                "with that floor taken off, ln(loss - floor) still flattens towards the right",
            ),
        ),
        hints=(
            "Look at the residuals of a straight line first: both ends above it, the middle below. "
            "What does that say?",
            "loss = floor + (scale / tokens) ** exponent has three constants. By hand: with the "
            "right floor, ln(loss - floor) is a straight line in ln tokens. Try some floors.",
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
                f"{{scatter_{name}:.1f}} %. Clearly negative ends are a law that steepens; ends "
                "within the scatter are a power law, quiet or noisy; which sign would a floor "
                "give?",
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
                "that looks like tokens; asked for is the multiple of the last run, 1e7 tokens",
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
                "there the line is between 3 and 10 % too low, but not 5 %: take smaller steps",
            ),
        ),
        mistakes=(
            (
                "10 * five",
                "that counts from the first run of the window; count from the last, 1e7 tokens",
            ),
            ("1e7 * five", "that is in tokens; give the multiple of the last run, 1e7 tokens"),
            ("10 * five / 1e6", "that is in millions of millions; give the multiple of 1e7 tokens"),
            ("five - 1", "that is how far beyond the last run; the multiple counts the run as 1"),
            ("log10(five)", "that is the number of decades; give the multiple"),
            ("log(five)", "that is the logarithm of the multiple: undo it"),
            ("1.05", "that is 5 % more tokens; the line is to be 5 % too low in loss"),
            ("one", "there the line is only 1 % too low; the question allows 5 %"),
            ("ten", "there the line is 10 % too low; the question allows 5 %"),
            ("half", "there the line is 50 % too low; the question allows 5 %"),
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
        generic="that is nearly the place where the line is 5 % too low: take still smaller steps",
        hints=(
            "Write the loss of the line and the loss of the law for the same multiple of 1e7 "
            "tokens, side by side.",
            "line / law - 1 falls from zero as the multiple grows; you want the place where it is "
            "-0.05. On a page's scratchpad, solve finds it.",
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
                "nothing, before both describe the same quantity",
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
        "characters, forecasts the loss at 8,192,000. By how many percent is it off? (Negative if "
        "it is too low.)",
        unit="%",
        lo=-100,
        hi=100,
        truth=-16.5,
        says="The forecast is 16.5 % too low.",
    ),
)
