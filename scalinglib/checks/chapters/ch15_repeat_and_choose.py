"""Chapter 15: what students may see of the judging, and simulated runs on spoilt text.

Exercises, questions and guesses that begin with 12 stood in chapter 12 once: ids stay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...laws import BESIROGLU_2024, HOFFMANN_2022_TEX, MUENNIGHOFF_2023, ChinchillaLaw, PowerLaw
from .. import Number, Option, Part, Prediction, Question, Several
from ..slips import apart

_REPEATS = MUENNIGHOFF_2023


# ---- a laboratory with spoilt text --------------------------------------------------------------


def spoilt_study(seed: int) -> tuple[PowerLaw, pd.DataFrame]:
    """A simulated laboratory: a model's law on fresh text, and its runs on text that was spoilt.

    The law is L(D) = floor + (scale / D)^exponent; the table has `D` (tokens read) and `loss`,
    eight runs with little noise. All numbers are rounded as the page prints them.
    """
    rng = np.random.default_rng(seed)
    scale, exponent, floor = rng.uniform(2e7, 8e7), rng.uniform(0.28, 0.38), rng.uniform(1.6, 2.1)
    fresh = PowerLaw(
        scale=float(f"{scale:.3g}"), exponent=round(exponent, 4), floor=round(floor, 3)
    )
    added, share = rng.uniform(0.04, 0.12), rng.uniform(0.55, 0.8)
    D = np.array([float(f"{x:.4g}") for x in np.geomspace(1e8, 1e10, 8)])
    loss = fresh.loss(share * D) + added + rng.normal(0, 3e-4, len(D))
    return fresh, pd.DataFrame({"D": D, "loss": np.round(loss, 4)})


def _printed(seed):
    fresh, table = spoilt_study(seed)
    law = {"scale": [fresh.scale], "exponent": [fresh.exponent], "floor": [fresh.floor]}
    return {"runs": {"D": table.D, "loss": table.loss}, "clean_law": law}


def _clear(wrong, right, room):
    """nan where that, in two to four digits or in all, is about right."""
    near = any(abs(float(f"{wrong:.{k}e}") - right) < room for k in (1, 2, 3, 9))
    return np.nan if near else wrong


def _by_either_line(*mistakes):
    """The mistakes of the line through all eight runs, and of that through two."""
    return (
        *mistakes,
        *(
            (re.sub(r"\b(slope|intercept)\b", r"two_\1", text), say)
            for text, say in mistakes
            if re.search(r"\b(slope|intercept)\b", text)
        ),
    )


#: a line through two runs that stand beside one another: the first two, the middle ones, the last
_NEIGHBOURS = 0, 3, 6


#: a line through all runs or two of them, with losses in two or three decimals
_SHORT = tuple((line, k) for line in ("all", "two") for k in (2, 3))


def _spoilt(data) -> dict[str, float]:
    """The line through the spoilt losses against the clean law's data term, and hasty readings."""
    D, loss = data["runs"]["D"], data["runs"]["loss"]
    scale, exponent, floor = (data["clean_law"][name][0] for name in ("scale", "exponent", "floor"))
    term = (scale / D) ** exponent
    slope, intercept = np.polyfit(term, loss, 1)
    above = loss - floor - term
    # the line through the first and the last run, which the page allows
    two_slope = (loss[0] - loss[-1]) / (term[0] - term[-1])

    def left(k):
        return scale * (loss[k] - floor) ** (-1 / exponent) / D[k]

    def through(k):
        """What the line through two neighbouring runs says: the rise, and the share."""
        tilt = (loss[k] - loss[k + 1]) / (term[k] - term[k + 1])
        return loss[k] - tilt * term[k] - floor, tilt ** (-1 / exponent)

    bare = scale / D  # the data term without its exponent
    bare_slope, bare_intercept = np.polyfit(bare, loss, 1)
    two_bare = (loss[0] - loss[-1]) / (bare[0] - bare[-1])
    short_slope = float(f"{two_slope:.2g}")
    short_losses = [np.round(loss, k) for k in (2, 3)]
    short_lines = [np.polyfit(term, one, 1) for one in short_losses]
    short_two = [(one[0] - one[-1]) / (term[0] - term[-1]) for one in short_losses]
    rises = {
        **{f"all_in_{k + 2}_rise": short_lines[k][1] - floor for k in (0, 1)},
        **{
            f"two_in_{k + 2}_rise": short_losses[k][0] - short_two[k] * term[0] - floor
            for k in (0, 1)
        },
        "short_first_rise": loss[0] - short_slope * term[0] - floor,
        "short_last_rise": loss[-1] - short_slope * term[-1] - floor,
        "over_share_rise": loss[-1] - term[-1] / two_slope ** (-1 / exponent) - floor,
        "over_slope_rise": loss[-1] - term[-1] / two_slope - floor,
        "crossed_up_rise": loss[0] - two_slope * term[-1] - floor,
        "crossed_down_rise": loss[-1] - two_slope * term[0] - floor,
        "bare_rise": bare_intercept - floor,
        "two_bare_rise": loss[0] - two_bare * bare[0] - floor,
        **{f"neighbours_{k}_rise": through(k)[0] for k in _NEIGHBOURS},
    }
    shares = {
        **{f"all_in_{k + 2}_share": short_lines[k][0] ** (-1 / exponent) for k in (0, 1)},
        **{f"two_in_{k + 2}_share": short_two[k] ** (-1 / exponent) for k in (0, 1)},
        "short_share": short_slope ** (-1 / exponent),
        "of_first_losses": (floor + term[0]) / loss[0],
        "of_last_losses": (floor + term[-1]) / loss[-1],
        "of_fall": (loss[0] - loss[-1]) ** (-1 / exponent),
        "first_term": term[0],
        "exponential": np.exp(-slope / exponent),
        "bare_share": bare_slope ** (-1 / exponent),
        "two_bare_share": two_bare ** (-1 / exponent),
        "over_bare": 1 / bare_slope,
        "over_two_bare": 1 / two_bare,
        **{f"neighbours_{k}_share": through(k)[1] for k in _NEIGHBOURS},
    }
    rise, share = intercept - floor, slope ** (-1 / exponent)
    return {
        **{name: _clear(wrong, rise, 0.0025) for name, wrong in rises.items()},
        **{
            name: _clear(wrong, share, (0.021 if "_in_" in name else 0.025) * share)
            for name, wrong in shares.items()
        },
        "first_over_floor": loss[0] - floor,
        "fall": loss[0] - loss[-1],
        "slope": slope,
        "intercept": intercept,
        "law_floor": floor,
        "law_exponent": exponent,
        "first_above": above[0],
        "last_above": above[-1],
        "mean_above": above.mean(),
        "median_above": np.median(above),
        "last_over_floor": loss[-1] - floor,
        "term_ratio": float(np.mean((loss - floor) / term)) ** (-1 / exponent),
        "turned": np.polyfit(loss, term, 1)[0],
        "unlogged_slope": np.polyfit(D, loss, 1)[1],
        "first_left": left(0),
        "last_left": left(-1),
        **{f"left_{k}": left(k) for k in range(1, 7)},
        "mean_left": float(np.mean([left(k) for k in range(len(D))])),
        "two_slope": two_slope,
        "two_intercept": loss[0] - two_slope * term[0],
    }


_READINGS = (
    *("slope", "intercept", "law_floor", "law_exponent", "first_above", "last_above"),
    *("mean_above", "median_above", "last_over_floor", "first_left", "last_left", "mean_left"),
    *("term_ratio", "turned", "unlogged_slope", "two_slope", "two_intercept"),
    *("short_first_rise", "short_last_rise", "over_share_rise", "over_slope_rise"),
    *("crossed_up_rise", "crossed_down_rise"),
    *("short_share", "of_first_losses", "of_last_losses", "of_fall", "first_term", "exponential"),
    *("first_over_floor", "fall"),
    *("bare_rise", "two_bare_rise", "bare_share", "two_bare_share", "over_bare", "over_two_bare"),
    *(f"neighbours_{k}_{what}" for k in _NEIGHBOURS for what in ("rise", "share")),
    *(f"{line}_in_{k}_{what}" for line, k in _SHORT for what in ("rise", "share")),
    *(f"left_{k}" for k in range(1, 7)),
)


def _of_spoilt(name):
    return lambda seed, data: _spoilt(data)[name]


# ---- the corpus read often -------------------------------------------------------------------


def _read(post_steps, post_batch, post_context, **_):
    return post_steps * post_batch * post_context


def _loss(corpora=1, read=1, R=_REPEATS.R_D, first=1, law: Any = _REPEATS):
    """The loss of the post's model with a multiple of its corpus and of its steps.

    R : the scale on which repeats lose their value. first : the readings that count in full.
    """

    def quantity(post_params, post_corpus, **run):
        unique = corpora * post_corpus
        repeats = read * _read(**run) / unique - first
        return law.fresh.loss(post_params, unique * (1 + R * (1 - np.exp(-repeats / R))))

    return quantity


@dataclass(frozen=True)
class _Fresh:
    """Another law of fresh text, where a law of repeats is expected."""

    fresh: ChinchillaLaw


_OTHER_FRESH, _OLD_FRESH = _Fresh(BESIROGLU_2024), _Fresh(HOFFMANN_2022_TEX)


def _halved_repeats(post_params, post_corpus, **run):
    """The drop if twice the corpus halved the repeats, and not the readings."""
    law, R = _REPEATS.fresh, _REPEATS.R_D
    repeats = _read(**run) / post_corpus - 1
    worths = (n * post_corpus * (1 + R * (1 - np.exp(-repeats / n / R))) for n in (1, 2))
    before, after = (law.loss(post_params, worth) for worth in worths)
    return before - after


def _fallen(wrong):
    """wrong(**run), a drop; nan where that is about right."""

    def quantity(**run):
        found, right = wrong(**run), _loss()(**run) - _loss(corpora=2)(**run)
        return np.nan if abs(found / right - 1) < 0.08 else found

    return quantity


def _apart(wrong):
    """wrong(epochs); nan where that, in two to four digits or in all, is about right."""

    def quantity(post_corpus, post_params, **run):
        epochs = _read(**run) / post_corpus
        found = wrong(epochs)
        near = any(abs(float(f"{found:.{k}e}") / epochs - 1) < 0.012 for k in (1, 2, 3, 9))
        return np.nan if near else found

    return quantity


def _once(corpora, law=_REPEATS.fresh):
    return lambda post_params, post_corpus, **_: law.loss(post_params, corpora * post_corpus)


# D' of the corpus, and of twice the corpus, after `epochs` readings of the corpus
_WORTH = "(post_corpus * (1 + R * (1 - exp((1 - epochs) / R))))"
_WORTH_OF_TWO = "(2 * post_corpus * (1 + R * (1 - exp((1 - epochs / 2) / R))))"
_WORTH_ALONE = "(post_corpus * R * (1 - exp((1 - epochs) / R)))"
_WORTH_ALONE_OF_TWO = "(2 * post_corpus * R * (1 - exp((1 - epochs / 2) / R)))"
_FALL = f"B * ({_WORTH} ** -beta - {_WORTH_OF_TWO} ** -beta)"


def _readings_of_average_worth(least_worth):
    """After how many readings all tokens so far are worth this much on average."""
    low, high, R = 1.0, 1e6, _REPEATS.R_D
    for _ in range(60):
        x = (low * high) ** 0.5
        above = (1 + R * (1 - np.exp((1 - x) / R))) / x > least_worth
        low, high = (x, high) if above else (low, x)
    return low


def _in_wholes(rounded):
    """Rounded to whole readings; nan where that is about right."""

    def quantity(least_worth):
        readings = 1 + _REPEATS.R_D * np.log(1 / least_worth)
        whole = rounded(readings)
        return np.nan if abs(whole / readings - 1) < 0.008 else whole

    return quantity


def _short(repeats):
    """One more than repeats(R_D, ln(1 / worth)); nan where that is about right."""

    def readings(least_worth):
        R, log = _REPEATS.R_D, np.log(1 / least_worth)
        right = 1 + R * log
        return _clear(1 + repeats(R, log), right, 0.007 * right)

    return readings


def _between_rows(least_worth):
    """Along a straight line between two rows of the chapter's table."""
    rows = np.array([1.0, 2, 4, 8, 16, 40])
    worths = np.exp((1 - rows) / _REPEATS.R_D)
    return np.interp(-least_worth, -worths, rows)


_READ_ON = apart(
    "readings",
    "1 + R_D * log(1 / least_worth)",
    (
        *(
            (text, "R_D stands before the logarithm, and not inside it as well")
            for text in ("R_D * log(R_D / least_worth)", "1 + R_D * log(R_D / least_worth)")
        ),
        *(
            (text, "the worth is a share already: no hundred belongs into it")
            for text in (
                *("1 + R_D * log(100 * least_worth)", "1 - R_D * log(100 * least_worth)"),
                *("R_D * log(100 * least_worth)", "-R_D * log(100 * least_worth)"),
            )
        ),
        (
            "between_rows",
            "between two rows of the table the worth does not fall on a straight line: take a "
            "logarithm",
        ),
    ),
    {"R_D": lambda **_: _REPEATS.R_D, "between_rows": _between_rows},
)


def _rounded_losses(decimals):
    return lambda **run: round(_loss()(**run), decimals) - round(_loss(corpora=2)(**run), decimals)


def _rounded_terms(digits):
    """The drop with each data term in so few digits."""

    def quantity(post_params, post_corpus, **run):
        law, tokens = _REPEATS.fresh, _read(**run)
        worths = (_REPEATS.effective_data(tokens, n * post_corpus) for n in (1, 2))
        before, after = (float(f"{law.B * worth**-law.beta:.{digits}g}") for worth in worths)
        return before - after

    return quantity


def _drop_of(worth):
    """The drop where a corpus that is read so often is worth worth(corpus, repeats)."""

    def quantity(post_params, post_corpus, **run):
        law, tokens = _REPEATS.fresh, _read(**run)
        corpora = (post_corpus, 2 * post_corpus)
        before, after = (
            law.loss(post_params, worth(corpus, tokens / corpus - 1)) for corpus in corpora
        )
        return abs(before - after)

    return quantity


_DROPS = apart(
    "drop",
    "drop_told",
    (
        *(
            (
                name,
                "were the losses, or their terms, rounded before the difference? Carry six digits",
            )
            for name in (
                *("losses_in_2", "losses_in_3"),
                *("terms_in_2", "terms_in_3"),
            )
        ),
        *(
            (
                sign + "last_worth",
                "that values all tokens like the last one; D' adds up the worth of all readings",
            )
            for sign in ("", "-")
        ),
        ("no_R_under", "R_D is missing under the repeats: exp(-repeats / R_D)"),
        ("no_R_before", "R_D is missing before the brackets of D': U (1 + R_D (1 - exp(...)))"),
        ("model_doubled", "that doubles the model; it is the corpus that doubles"),
        ("all_fresh", "that is the term of the data with every token fresh, and no difference"),
        ("0.3 / times_read", "no division of the post's 0.3 gives it: put each D' into the law"),
        ("drop_told / 0.3", "that is the drop as a share of the post's 0.3; asked for are nats"),
        ("drop_told / B", "B is missing before the power of D'"),
        (
            "0.011",
            "that is the drop of the chapter's example; take the numbers of this post",
        ),
    ),
    {
        "drop_told": lambda **run: _loss()(**run) - _loss(corpora=2)(**run),
        "B": lambda **_: _REPEATS.B,
        "times_read": lambda post_corpus, post_params, **run: _read(**run) / post_corpus,
        **{f"losses_in_{k}": _rounded_losses(k) for k in (2, 3)},
        **{f"terms_in_{k}": _rounded_terms(k) for k in (2, 3)},
        "last_worth": _drop_of(lambda U, r: U * (1 + r) * np.exp(-r / _REPEATS.R_D)),
        "no_R_under": _drop_of(lambda U, r: U * (1 + _REPEATS.R_D * (1 - np.exp(-r)))),
        "no_R_before": _drop_of(lambda U, r: U * (1 + (1 - np.exp(-r / _REPEATS.R_D)))),
        "model_doubled": lambda post_params, **run: (
            _loss()(post_params=post_params, **run) - _loss()(post_params=2 * post_params, **run)
        ),
        "all_fresh": lambda post_corpus, post_params, **run: (
            _REPEATS.B * _read(**run) ** -_REPEATS.beta
        ),
    },
)


EXERCISES = (
    Number(
        id="12-stop-repeating",
        chapter="15",
        answer="readings",
        given=("least_worth",),
        derived={
            "R": _REPEATS.R_D,
            "R_N": _REPEATS.R_N,
            "average": _readings_of_average_worth,
            "whole": _in_wholes(np.ceil),
            "down": _in_wholes(np.floor),
            "worth": lambda least_worth: 1 + _REPEATS.R_D * (1 - least_worth),
            "short_R": _short(lambda R, log: 15 * log),
            "short_log": _short(lambda R, log: R * float(f"{log:.2g}")),
            **_READ_ON.derived,
        },
        truth="1 + R * log(1 / least_worth)",
        unit="epochs",
        rtol=0.003,
        bounds=(
            ("x >= 1", "the first reading is fresh: the number of readings is at least 1"),
            (
                "abs(x / (1 + R * log(1 / least_worth)) - 1) > 0.01 "
                "or abs(x / (1 + R * log(1 / least_worth)) - 1) < 0.003",
                "that is near: carry four digits of the logarithm, and R_D as 15.4 or better",
            ),
            (
                "x > 1 + R * log(1 / least_worth)",
                "after so few readings one more token is still worth more than {least_worth:g} of "
                "a fresh one",
            ),
            (
                "x < 1 + R * log(1 / least_worth)",
                "after so many readings one more token is worth less than {least_worth:g} of a "
                "fresh one",
            ),
        ),
        mistakes=(
            ("R * log(1 / least_worth)", "that counts the repeats; the first reading comes on top"),
            (
                "R * log(1 / least_worth) - 1",
                "the first reading comes on top of the repeats: add it",
            ),
            (
                "2 + R * log(1 / least_worth)",
                "that counts one reading more: the first is fresh, and no repeat comes before it",
            ),
            (
                "1 + R * log2(1 / least_worth)",
                "R_D is the number of repeats after which 1/e is left, not one half: natural "
                "logarithms",
            ),
            (
                "R * log2(1 / least_worth)",
                "R_D is the number of repeats after which 1/e is left, not one half; and the "
                "first reading comes on top",
            ),
            (
                "1 + R * log10(1 / least_worth)",
                "R_D is the number of repeats after which 1/e is left, not a tenth: natural "
                "logarithms",
            ),
            (
                "R * log10(1 / least_worth)",
                "R_D is the number of repeats after which 1/e is left, not a tenth; and the "
                "first reading comes on top",
            ),
            (
                "1 - R * log(1 / least_worth)",
                "the sign of the logarithm: a worth below 1 is reached after repeats, not before",
            ),
            (
                "-R * log(1 / least_worth)",
                "the sign of the logarithm, and the first reading comes on top",
            ),
            (
                "average",
                "that is the average worth of all readings so far; you stop when the next one is "
                "worth too little",
            ),
            (
                "1 + R * (1 - least_worth)",
                "the worth does not fall on a straight line, but by the same factor with each "
                "repeat",
            ),
            (
                "R * (1 - least_worth)",
                "the worth does not fall on a straight line; and the first reading comes on top",
            ),
            (
                "1 + R * log(1 / (1 - least_worth))",
                "that is where so much is lost; {least_worth:g} is to be left",
            ),
            (
                "R * log(1 / (1 - least_worth))",
                "that is where so much is lost, in repeats; {least_worth:g} is to be left",
            ),
            (
                "short_R",
                "R_D was rounded to 15 on the way: carry three digits of it, 15.4",
            ),
            (
                "short_log",
                "the logarithm was rounded on the way: carry four digits of it",
            ),
            *(
                (
                    text,
                    "that divides R_D by the logarithm; a smaller worth is reached after more "
                    "repeats",
                )
                for text in ("1 + R / log(1 / least_worth)", "R / log(1 / least_worth)")
            ),
            (
                "whole",
                "that is rounded up to whole readings: give the fraction as well",
            ),
            (
                "down",
                "that is rounded down to whole readings: give the fraction as well",
            ),
            *(
                (
                    str(row),
                    "that is a row of the chapter's table; the worth passes {least_worth:g} "
                    "between two rows",
                )
                for row in (8, 16, 40)
            ),
            (
                "worth",
                "that is what so many readings are worth together, D' / U; give the readings",
            ),
            *(
                (
                    text,
                    "that divides R_D by the worth; the worth falls exponentially with the repeats",
                )
                for text in ("R / least_worth", "1 + R / least_worth")
            ),
            *(
                (
                    text,
                    "that multiplies R_D by the worth; the worth falls exponentially with the "
                    "repeats",
                )
                for text in ("R * least_worth", "1 + R * least_worth")
            ),
            (
                "1 + R * (1 / least_worth - 1)",
                "the worth of a repeat falls exponentially, not as one over their number",
            ),
            (
                "R_N * log(1 / least_worth)",
                "that is the law's other constant, for surplus parameters; and the first reading "
                "comes on top",
            ),
            (
                "1 + R * exp(-least_worth)",
                "that puts the worth into the exponential; undo it with a logarithm",
            ),
            (
                "1 + R * log(100 / least_worth)",
                "the worth is a share already: no hundred belongs into it",
            ),
            (
                "1 + 2 * R * log(1 / least_worth)",
                "that is twice as many repeats: after R_D of them 1/e is left",
            ),
            ("exp(-1 / R)", "that is the worth of the first repeat; asked for is how many"),
            (
                "exp(-least_worth / R)",
                "that is a worth; asked for is after how many readings it is reached",
            ),
            (
                "4",
                "up to about four readings are nearly worth fresh ones; here another worth is "
                "asked for",
            ),
            ("1 / least_worth", "the worth of a repeat falls exponentially, not as one over it"),
            ("log(1 / least_worth)", "those are units of R_D repeats: how many repeats is one?"),
            ("1 + log(1 / least_worth)", "R_D is missing: it says how fast repeats lose value"),
            ("R", "after R_D repeats 1/e is left; {least_worth:g} is asked for"),
            ("1 + R", "after R_D repeats 1/e is left; {least_worth:g} is asked for"),
            (
                "1 + log(1 / least_worth) / R",
                "R_D multiplies: the larger it is, the longer repeats keep their worth",
            ),
            (
                "1 + R_N * log(1 / least_worth)",
                "that is the law's other constant, for surplus parameters; repeats have R_D",
            ),
            *_READ_ON.mistakes,
        ),
        generic="one more token is worth {least_worth:g} of a fresh one after another number of "
        "readings: what is the worth of a token after r repeats?",
        hints=(
            "What is the slope of the worth D' against the tokens read?",
            "After r repeats one more token is worth exp(-r / R_D) of a fresh one.",
            "r = R_D · ln(1 / least_worth) repeats, and the first reading comes on top.",
        ),
        praise="one more reading would be worth less than that",
    ),
    Several(
        id="12-hidden-epochs",
        chapter="15",
        answer="hidden",
        given=("post_params", "post_corpus", "post_steps", "post_batch", "post_context"),
        derived={
            "read": _read,
            "R": _REPEATS.R_D,
            "A": _REPEATS.A,
            "B": _REPEATS.B,
            "beta": _REPEATS.beta,
            "before": _loss(),
            "after": _loss(corpora=2),
            "once": _once(1),
            "twice_once": _once(2),
            "all_doubled": _loss(corpora=2, read=2),
            "steps_doubled": _loss(read=2),
            "other_law": _once(1, BESIROGLU_2024),
            "other_law_after": _once(2, BESIROGLU_2024),
            "size_scale": _loss(R=_REPEATS.R_N),
            "size_scale_after": _loss(corpora=2, R=_REPEATS.R_N),
            "fresh": lambda post_params, post_corpus, **run: _REPEATS.fresh.loss(
                post_params, _read(**run)
            ),
            "fresh_twice": lambda post_params, post_corpus, **run: _REPEATS.fresh.loss(
                post_params, 2 * _read(**run)
            ),
            "other_worth": _loss(law=_OTHER_FRESH),
            "other_worth_after": _loss(corpora=2, law=_OTHER_FRESH),
            "old_worth": _loss(law=_OLD_FRESH),
            "old_worth_after": _loss(corpora=2, law=_OLD_FRESH),
            "whole": _apart(np.floor),
            "worth": _apart(lambda epochs: _REPEATS.effective_data(epochs, 1)),
            "chapters_batch": lambda post_corpus, post_params, **run: (
                _read(**run) / post_corpus * 1024 / run["post_batch"]
                if run["post_batch"] != 1024
                else np.nan
            ),
            "round_sequence": _apart(lambda epochs: epochs / 1.024),
            "round_batch": _apart(lambda epochs: epochs / 1.024**2),
            "chapters_steps": lambda post_corpus, post_params, **run: _clear(
                _read(**(run | {"post_steps": 1e5})) / post_corpus,
                _read(**run) / post_corpus,
                0.03 * _read(**run) / post_corpus,
            ),
            "halved_repeats": _fallen(_halved_repeats),
            "next_doubling": _fallen(
                lambda **run: _loss(corpora=2)(**run) - _loss(corpora=4)(**run)
            ),
            "no_first": _loss(first=0),
            "no_first_after": _loss(corpora=2, first=0),
            "chapters_corpus": lambda post_corpus, post_params, **run: _clear(
                _read(**run) / 1e10, _read(**run) / post_corpus, 0.03 * _read(**run) / post_corpus
            ),
            "chapters_epochs": _apart(lambda epochs: 10.49),
            **_DROPS.derived,
        },
        parts=(
            Part(
                name="epochs",
                truth="read / post_corpus",
                unit="epochs",
                rtol=0.005,
                mistakes=(
                    (
                        "read / post_corpus / post_context",
                        "a batch is counted in sequences: how many tokens has each?",
                    ),
                    (
                        "read / post_corpus / post_batch",
                        "a step reads a whole batch of sequences, not one",
                    ),
                    (
                        "read / post_corpus / post_steps",
                        "that is what one step reads of the corpus; how many steps are there?",
                    ),
                    (
                        "read / post_corpus / 2",
                        "those are the readings of the doubled corpus; the first one is asked for",
                    ),
                    (
                        "2 * read / post_corpus",
                        "the corpus doubles afterwards, and the steps not at all: take the "
                        "original numbers",
                    ),
                    (
                        "chapters_batch",
                        "that takes the batch of the chapter's example; here it is {post_batch:g}",
                    ),
                    *(
                        (
                            name,
                            "batch or context was rounded on the way: a context of 1024 tokens "
                            "is not 1000",
                        )
                        for name in ("round_sequence", "round_batch")
                    ),
                    (
                        "chapters_steps",
                        "that takes the steps of the chapter's example; take those of the post",
                    ),
                    (
                        "chapters_corpus",
                        "that takes the corpus of the chapter's example; take that of the post",
                    ),
                    (
                        "chapters_epochs",
                        "those are the epochs of the chapter's example; take the post's numbers",
                    ),
                    (
                        "whole",
                        "that is rounded to whole readings: give the fraction as well",
                    ),
                    (
                        "worth",
                        "that is what the readings are worth; asked for is their number",
                    ),
                    (
                        "read / post_corpus - 1",
                        "those are the repeats; the first reading counts as an epoch too",
                    ),
                    (
                        "read / post_corpus + 1",
                        "that counts one reading too many: all the tokens read, over the corpus",
                    ),
                    ("post_corpus / read", "the ratio stands upside down: readings are above 1"),
                    *(
                        (
                            text,
                            "a power of ten is off: go through those of the steps and of the "
                            "corpus",
                        )
                        for text in (
                            *("1000 * read / post_corpus", "read / post_corpus / 1000"),
                            *("10 * read / post_corpus", "read / post_corpus / 10"),
                            *("100 * read / post_corpus", "read / post_corpus / 100"),
                        )
                    ),
                    *(
                        (
                            text,
                            "the parameters play no part in how often a corpus is read: tokens "
                            "read, over the corpus",
                        )
                        for text in (
                            "read / post_corpus * post_params / 1e6",
                            "read * post_params / post_corpus",
                            "20 * post_params / post_corpus",
                        )
                    ),
                    *(
                        (
                            text,
                            "those are no tokens yet: a step reads a batch of sequences, and each "
                            "has a context of tokens",
                        )
                        for text in (
                            "post_steps / post_corpus",
                            "post_steps / post_corpus * 1e6",
                            "post_steps / (post_corpus / 1e9)",
                            "post_corpus / post_steps",
                            "post_batch * post_context",
                            "post_steps * post_batch",
                        )
                    ),
                    ("post_steps", "those are the steps; how often do they read the corpus?"),
                    *(
                        (text, "the 6 belongs to FLOPs; tokens are counted here")
                        for text in (
                            "6 * read / post_corpus",
                            "6 * read * post_params / post_corpus",
                        )
                    ),
                    ("read / 1e9", "those are the tokens read, in billions: divide by the corpus"),
                    ("read", "those are the tokens read; how often is that the corpus?"),
                    ("before - after", "epochs and drop have changed places"),
                    ("read / post_params", "those are the tokens read for each parameter"),
                    ("post_corpus / post_params", "that is the corpus for each parameter"),
                ),
                generic="epochs times the corpus does not give the tokens that all steps read: "
                "steps, times sequences in a step, times tokens in a sequence",
            ),
            Part(
                name="drop",
                truth=_FALL,
                unit="nats",
                rtol=0.02,
                mistakes=(
                    (
                        f"-({_FALL})",
                        "the size is right; a drop is the loss before minus the loss after",
                    ),
                    (
                        "once - twice_once",
                        "that is the drop if each corpus were read once; the steps are fixed, so "
                        "both runs read the same number of tokens",
                    ),
                    (
                        "before - all_doubled",
                        "you doubled the steps as well; only the corpus doubles",
                    ),
                    (
                        "before - steps_doubled",
                        "that is what twice the steps would do; it is the corpus that doubles",
                    ),
                    (
                        "fresh - fresh_twice",
                        "that takes every token as fresh, and twice as many steps; the steps are "
                        "fixed, and what is read again is worth less",
                    ),
                    (
                        "before - fresh",
                        "that is the drop if no token were read twice; the doubled corpus is still "
                        "read several times",
                    ),
                    (
                        "other_worth - other_worth_after",
                        "those are the constants of Besiroglu 2024 with the tokens' worth; the "
                        "law of repeats has its own",
                    ),
                    (
                        "old_worth - old_worth_after",
                        "those are the constants of 2022 with the tokens' worth; the law of "
                        "repeats has its own",
                    ),
                    (
                        "after / before",
                        "that is one loss over the other; asked for is their difference",
                    ),
                    (
                        "before / after",
                        "that is one loss over the other; asked for is their difference",
                    ),
                    (
                        f"({_WORTH} / {_WORTH_OF_TWO}) ** beta",
                        "that is the ratio of the two data terms; asked for is the difference of "
                        "the losses",
                    ),
                    (
                        f"1 - ({_WORTH} / {_WORTH_OF_TWO}) ** beta",
                        "that is by which share the data term falls; asked for are nats",
                    ),
                    *(
                        (
                            text,
                            "that is by how much the tokens are worth more; what does the loss do?",
                        )
                        for text in (
                            f"{_WORTH_OF_TWO} / {_WORTH}",
                            f"{_WORTH_OF_TWO} / {_WORTH} - 1",
                            f"1 - {_WORTH} / {_WORTH_OF_TWO}",
                        )
                    ),
                    (f"1000 * ({_FALL})", "that is in thousandths of a nat; asked for are nats"),
                    (f"2 * ({_FALL})", "that is twice the drop: the corpus doubles once"),
                    (f"({_FALL}) * A / B", "A belongs to the size; the term of the data has B"),
                    *(
                        (
                            f"B * {data} ** -beta",
                            "that is one of the two data terms; subtract the one after from the "
                            "one before",
                        )
                        for data in (_WORTH, _WORTH_OF_TWO)
                    ),
                    *(
                        (
                            f"{sign}abs(B * ({_WORTH} ** -beta - (post_corpus * (1 + R * (1 - "
                            "exp((1 - epochs / 2) / R)))) ** -beta))",
                            "the corpus before the brackets of D' doubles as well, not the repeats "
                            "alone",
                        )
                        for sign in ("", "-")
                    ),
                    (
                        _FALL.replace("exp(", "2 ** ("),
                        "the worth of a repeat falls by powers of e, not of 2",
                    ),
                    ("read / post_corpus", "epochs and drop have changed places"),
                    (
                        "once - after",
                        "the first loss is that of a corpus read once; the post reads it often",
                    ),
                    (
                        "before - twice_once",
                        "the second loss is that of the corpus read once; it is read half as "
                        "often as the first, which is more than once",
                    ),
                    ("before", "that is the loss before; asked for is its fall"),
                    ("after", "that is the loss after; asked for is its fall"),
                    (
                        f"({_FALL}) / log(2)",
                        "that is in bits; this law speaks of nats",
                    ),
                    (f"100 * ({_FALL})", "that is a hundred times as much: nats, not per cent"),
                    (f"({_FALL}) / before", "that is the drop as a share of the loss"),
                    (
                        f"100 * ({_FALL}) / before",
                        "that is the drop in per cent of the loss; asked for are nats",
                    ),
                    *(
                        (text, "the 1 in the brackets of D' is missing: the first reading counts")
                        for text in (
                            f"B * ({_WORTH_ALONE} ** -beta - {_WORTH_ALONE_OF_TWO} ** -beta)",
                            f"abs(B * ({_WORTH_ALONE} ** -beta - {_WORTH_OF_TWO} ** -beta))",
                        )
                    ),
                    *(
                        (
                            text,
                            "that is a difference of what the readings are worth; put each D' "
                            "into the term of the data, and subtract then",
                        )
                        for text in (
                            f"({_WORTH_OF_TWO} - {_WORTH}) / post_corpus",
                            f"({_WORTH_OF_TWO} - {_WORTH}) / 1e9",
                            f"{_WORTH_OF_TWO} - {_WORTH}",
                            f"({_WORTH} - {_WORTH_OF_TWO} / 2) / post_corpus",
                        )
                    ),
                    (
                        _FALL.replace("beta", "0.35"),
                        "the exponent was rounded on the way: carry four digits of beta",
                    ),
                    (
                        "halved_repeats",
                        "the readings are halved, not the repeats: e / 2 readings have e / 2 - 1 "
                        "repeats",
                    ),
                    (
                        "next_doubling",
                        "that is the drop of the next doubling, from twice the corpus to four "
                        "times",
                    ),
                    ("0.3", "that is what the post reports; the law says much less"),
                    (
                        f"0.3 - {_FALL}",
                        "that is how much of the post's 0.3 the law does not give; asked for is "
                        "what it gives",
                    ),
                    (
                        "0",
                        "the tokens read stay the same, but they are read less often, and a "
                        "repeat is worth less than a fresh token",
                    ),
                    (
                        "other_law - other_law_after",
                        "that law knows no repeats: each corpus would be read once",
                    ),
                    (
                        "size_scale - size_scale_after",
                        "that is the law's other constant, R_N, for surplus parameters; repeats "
                        "have R_D",
                    ),
                    (
                        "no_first - no_first_after",
                        "the first reading is no repeat: the repeats are one fewer than the epochs",
                    ),
                    *_DROPS.mistakes,
                ),
                generic="that is not the difference of the two losses with the same tokens read "
                "and "
                "twice the different ones; subtract before you round",
            ),
        ),
        bounds=(
            ("epochs > 0", "the readings are a positive number"),
            ("drop > 0", "the loss falls: before minus after is positive"),
        ),
        hints=(
            "How many tokens do all the steps read? Does that number change when the corpus "
            "doubles?",
            "epochs = steps · batch · context / corpus; both losses have the same D and differ "
            "in the number of different tokens U.",
            "Before: U is the corpus, with D / U - 1 repeats. After: U is twice that, with half "
            "the epochs. Put each D' into B / D'^beta and subtract.",
        ),
        praise="read so often, the corpus hardly limits the model: doubling it buys little",
    ),
    Several(
        id="12-which-constant",
        chapter="15",
        answer="moved",
        given=("seed",),
        data=_printed,
        derived={name: _of_spoilt(name) for name in _READINGS},
        parts=(
            Part(
                name="floor_added",
                truth="intercept - law_floor",
                unit="nats",
                atol=0.001,
                mistakes=_by_either_line(
                    ("slope ** (-1 / law_exponent)", "the two entries have changed places"),
                    (
                        "intercept",
                        "that is the whole floor of the spoilt text; the question is by how much "
                        "it rises",
                    ),
                    (
                        "mean_above",
                        "that is the mean distance of the curves: it puts everything on the floor",
                    ),
                    (
                        "median_above",
                        "that is the median distance of the curves: it puts everything on the "
                        "floor",
                    ),
                    (
                        "last_above",
                        "that is the distance of the last run: part of it are tokens that do not "
                        "count",
                    ),
                    (
                        "first_above",
                        "that is the distance of the first run: most of it are tokens that do not "
                        "count",
                    ),
                    (
                        "last_over_floor",
                        "that run still has a data term: the floor is where your line crosses 0",
                    ),
                    (
                        "0",
                        "that puts everything on the data: does your line go through the clean "
                        "floor at a data term of 0?",
                    ),
                    (
                        "0.13",
                        "that is what the chapter's runs lose at one length; asked for is the "
                        "floor of these",
                    ),
                    ("100 * (intercept - law_floor)", "that is in per cent of a nat; give nats"),
                    ("1000 * (intercept - law_floor)", "that is in thousandths; give nats"),
                    *(
                        (text, "a power of ten is off: the rise is a difference of two losses")
                        for text in ("10 * (intercept - law_floor)", "(intercept - law_floor) / 10")
                    ),
                    (
                        "first_over_floor",
                        "that run still has a data term: the floor is where your line crosses 0",
                    ),
                    (
                        "fall",
                        "that is by how much the loss falls along the runs; the floor is where "
                        "your line crosses 0",
                    ),
                    *(
                        (name, "the slope was rounded on the way: carry four digits of it")
                        for name in ("short_first_rise", "short_last_rise")
                    ),
                    (
                        "over_share_rise",
                        "the share stands under the power, (scale / (share · D))^exponent: the "
                        "data term is not divided by it",
                    ),
                    *(
                        (
                            name,
                            "the exponent is missing: the clean law's data term is "
                            "(scale / D)^exponent",
                        )
                        for name in ("bare_rise", "two_bare_rise")
                    ),
                    *(
                        (
                            f"{line}_in_{k}_rise",
                            "the losses were rounded on the way: carry all four decimals",
                        )
                        for line, k in _SHORT
                    ),
                    *(
                        (
                            f"neighbours_{k}_rise",
                            "that line goes through two neighbouring runs, where a little noise "
                            "tilts it: take all eight, or the first and the last",
                        )
                        for k in _NEIGHBOURS
                    ),
                    *(
                        (name, "that takes the loss of one run and the data term of another")
                        for name in ("crossed_up_rise", "crossed_down_rise")
                    ),
                    (
                        "over_slope_rise",
                        "that divides the data term by the slope; on the line it is multiplied",
                    ),
                    (
                        "(first_above + last_above) / 2",
                        "that is the mean distance of two runs: it puts everything on the floor",
                    ),
                    (
                        "first_above - last_above",
                        "that is by how much the distance shrinks; the floor is what stays for "
                        "ever",
                    ),
                    (
                        "2 * (intercept - law_floor)",
                        "that doubles the rise: where the line crosses 0, less the clean floor",
                    ),
                    (
                        "intercept + law_floor",
                        "that is the sum of the two floors; asked for is by how much one is above "
                        "the other",
                    ),
                    (
                        "unlogged_slope - law_floor",
                        "that line goes along the tokens; go along the clean law's data term",
                    ),
                    (
                        "unlogged_slope",
                        "that line goes along the tokens; go along the clean law's data term",
                    ),
                    ("slope", "that is the slope; the floor is where the line crosses 0"),
                    (
                        "slope - 1",
                        "that is by how much steeper the line is; the floor is where it crosses 0",
                    ),
                    ("law_floor", "that is the floor on clean text; asked for is its rise"),
                    (
                        "law_floor - intercept",
                        "the size is right; the floor of the spoilt text is the higher one",
                    ),
                    (
                        "intercept / law_floor - 1",
                        "that is the rise as a share of the floor; asked for are nats",
                    ),
                    (
                        "100 * (intercept / law_floor - 1)",
                        "that is the rise in per cent of the floor; asked for are nats",
                    ),
                    ("(intercept - law_floor) / log(2)", "that is in bits; asked for are nats"),
                ),
                generic="the floor does not rise by that much: lay a line through the losses, all "
                "eight or the two at the ends, along the clean law's data term, and see where it "
                "crosses a data term of 0",
            ),
            Part(
                name="share_left",
                truth="slope ** (-1 / law_exponent)",
                rtol=0.01,
                mistakes=_by_either_line(
                    ("intercept - law_floor", "the two entries have changed places"),
                    (
                        "slope",
                        "that is the factor on the data term; the share stands inside the power, "
                        "(scale / (share · D))^exponent",
                    ),
                    (
                        "1 / slope",
                        "the data term grew by that factor's inverse; the tokens shrank by a power "
                        "of it",
                    ),
                    (
                        "slope ** (-law_exponent)",
                        "the exponent stands on the tokens: to get from the data term back to "
                        "them, undo the power",
                    ),
                    (
                        "slope ** law_exponent",
                        "to get from the data term back to the tokens, undo the power; and fewer "
                        "tokens make a larger term",
                    ),
                    (
                        "slope ** (1 / law_exponent)",
                        "fewer tokens make a larger term: the power has a minus",
                    ),
                    ("slope - 1", "that is by how much the data term grew"),
                    (
                        "2 - slope",
                        "that takes off what the data term grew by; the tokens change by a power "
                        "of it",
                    ),
                    *(
                        (
                            name,
                            "that reads one run alone, and puts everything on the data: it takes "
                            "a line, through two runs at least",
                        )
                        for name in ("first_left", "last_left", *(f"left_{k}" for k in range(1, 7)))
                    ),
                    (
                        "term_ratio",
                        "that puts everything on the data: part of the loss is the higher floor",
                    ),
                    (
                        "0.55",
                        "that is a share of the chapter's own runs; asked for is that of these",
                    ),
                    ("1", "that puts everything on the floor: is your line as steep as the law?"),
                    (
                        "turned ** (-1 / law_exponent)",
                        "that line goes the wrong way: the losses stand above, the data term along",
                    ),
                    (
                        "slope / law_exponent",
                        "the exponent is a power, not a factor: undo it by a root",
                    ),
                    (
                        "1 / (slope * law_exponent)",
                        "the exponent is a power, not a factor: undo it by a root",
                    ),
                    (
                        "exp(-slope)",
                        "no exponential stands in this law: the share is under a power",
                    ),
                    ("log(slope)", "that is a logarithm; the share is under a power"),
                    ("log(slope) / law_exponent", "that is the logarithm of the answer: undo it"),
                    ("-log(slope) / law_exponent", "that is the logarithm of the answer: undo it"),
                    (
                        "1 - 1 / slope",
                        "that is about the data term; the tokens change by a power of it",
                    ),
                    (
                        "1 - slope ** (-1 / law_exponent)",
                        "that is the share that does not count; asked for is what does",
                    ),
                    (
                        "100 * slope ** (-1 / law_exponent)",
                        "write the share, not the percentage: 0.5 for half",
                    ),
                    ("short_share", "the slope was rounded on the way: carry four digits of it"),
                    *(
                        (
                            name,
                            "that is a ratio of two losses, and both hold a floor; see the slope "
                            "of the line",
                        )
                        for name in ("of_first_losses", "of_last_losses")
                    ),
                    (
                        "of_fall",
                        "that is the fall of the losses alone: divide it by the fall of the data "
                        "terms, and then undo the power",
                    ),
                    *(
                        (
                            name,
                            "the exponent is missing: the clean law's data term is "
                            "(scale / D)^exponent",
                        )
                        for name in ("bare_share", "two_bare_share", "over_bare", "over_two_bare")
                    ),
                    *(
                        (
                            f"{line}_in_{k}_share",
                            "the losses were rounded on the way: carry all four decimals",
                        )
                        for line, k in _SHORT
                    ),
                    *(
                        (
                            f"neighbours_{k}_share",
                            "that line goes through two neighbouring runs, where a little noise "
                            "tilts it: take all eight, or the first and the last",
                        )
                        for k in _NEIGHBOURS
                    ),
                    ("first_term", "that is the clean law's data term of one run, no share"),
                    (
                        "exponential",
                        "no exponential stands in this law: the share is under a power",
                    ),
                    (
                        "mean_left",
                        "that puts everything on the data: part of the loss is the higher floor",
                    ),
                    ("intercept", "that is where the line crosses 0, a loss; see its slope"),
                ),
                generic="that is not the share of fresh tokens that gives the same data term: how "
                "much steeper than the law is the line through all eight, or through the two at "
                "the ends, and what share of D does that?",
            ),
        ),
        bounds=(
            (
                "share_left > 0 and share_left <= 1",
                "the share of the tokens that still counts lies between 0 and 1",
            ),
            ("floor_added > -0.01 and floor_added < 1", "the floor rises by a fraction of a nat"),
            (
                "abs(floor_added - intercept + law_floor) > 0.004 "
                "or abs(floor_added - intercept + law_floor) < 0.001",
                "that is near: lay the line through all runs, or the two at the ends, and carry "
                "four digits of its slope, of the exponent and of each term",
            ),
            (
                "abs(share_left / slope ** (-1 / law_exponent) - 1) > 0.03 "
                "or abs(share_left / slope ** (-1 / law_exponent) - 1) < 0.01",
                "that is near: lay the line through all runs, or the two at the ends, and carry "
                "four digits of its slope, of the exponent and of each term",
            ),
        ),
        hints=(
            "Plot the spoilt losses against the data term of the clean law, "
            "(scale / D)^exponent. What do slope and intercept mean?",
            "loss = floor + floor_added + share_left^(-exponent) · (scale / D)^exponent: a "
            "straight line in the data term.",
            "On the page two runs are enough, the first and the last: slope = difference of their "
            "losses / difference of their terms; share_left = slope^(-1 / exponent).",
        ),
        praise="several amounts of data tell the floor from the data; one could not have",
    ),
)

QUESTIONS = (
    Question(
        id="12-fixed-steps",
        chapter="15",
        prompt="An example doubles the corpus and keeps everything else: the model, the batch, "
        "the number of steps. What has "
        "changed in the training?",
        options=(
            Option(
                "The model reads twice as many tokens.",
                why="Steps times batch times context is unchanged, so the tokens read are "
                "unchanged. This is the thought that "
                "the example invites.",
                key="a",
            ),
            Option(
                "Each text is read half as often.",
                right=True,
                why="The tokens read are fixed by the steps; twice the corpus means half the "
                "readings of each.",
                key="b",
            ),
            Option(
                "Nothing: the loss depends on the tokens read only.",
                why="Reading a text again is worth less than reading a new one, so fewer repeats "
                "do help, though little where "
                "there were few.",
                key="c",
            ),
        ),
    ),
    Question(
        id="12-one-difference",
        chapter="15",
        prompt="A run on spoilt text ends 0.13 nats above a run on clean text of the same length. "
        "Which constant of the law did "
        "the spoilt text move?",
        options=(
            Option(
                "The floor E: the loss is 0.13 higher.",
                why="A higher floor would do it. So would a larger B, or fewer effective tokens: "
                "one difference has one number, "
                "and each constant can make it.",
                key="a",
            ),
            Option(
                "The effective data: some of the text taught nothing.",
                why="A plausible story, and perhaps right, but a higher floor gives the same 0.13 "
                "at one length.",
                key="b",
            ),
            Option(
                "One length cannot tell.",
                right=True,
                why="Only how the difference changes with the tokens can: a floor stays, the cost "
                "of a lost share of the tokens shrinks with D.",
                key="c",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="12-forty-readings",
        chapter="15",
        prompt="Our small model reads the same 65,536 characters 40 times in place of 16. Its "
        "loss on text that it has "
        "not seen will be ...",
        options=("clearly lower", "about the same", "higher"),
        truth="c",
        says="Higher: 1.904 nats after 40 readings, 1.835 after 16. The model learns the text by "
        "heart.",
    ),
    Prediction(
        id="12-quarter-noise",
        chapter="15",
        prompt="A quarter of the windows is shuffled into noise. How many per cent of the tokens "
        "would you have to take "
        "away from the clean text to do the same harm?",
        unit="%",
        lo=0,
        hi=100,
        truth=45,
        says="Our run did the harm of leaving out 45 % of the text.",
    ),
)
