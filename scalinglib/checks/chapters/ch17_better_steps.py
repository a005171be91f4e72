"""Chapter 17: what students may see of the judging, and a simulated laboratory with scores."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .. import Option, Part, Prediction, Question, Several
from ..slips import apart, early


def score_study(seed: int) -> tuple[pd.DataFrame, float]:
    """A simulated laboratory: eight models with `loss` and `score`, and the next model's loss.

    The logit of the score is a straight line in the loss, with a little noise. All numbers are
    rounded as the page prints them.
    """
    rng = np.random.default_rng(seed)
    slope, middle = rng.uniform(-3.2, -1.6), rng.uniform(1.9, 2.3)
    loss = np.sort(rng.uniform(1.9, 2.9, 8))[::-1]
    logit = slope * (loss - middle) + rng.normal(0, 0.03, 8)
    table = pd.DataFrame(
        {"loss": np.round(loss, 3), "score": np.round(1 / (1 + np.exp(-logit)), 4)}
    )
    return table, round(float(loss[-1] - rng.uniform(0.25, 0.45)), 3)


def _printed(seed):
    table, next_loss = score_study(seed)
    return {
        "runs": {"loss": table.loss, "score": table.score},
        "next_model": {"next_loss": [next_loss]},
    }


def _far(wrong, right):
    """nan where it is about right."""
    return np.nan if abs(wrong / right - 1) < 0.05 else wrong


def _digits(value, digits):
    """As it is written with so many digits."""
    return float(f"{value:.{digits}g}")


def _clear(wrong, right, rtol):
    """nan where it is so near the right answer that it tells nothing, also with two digits."""
    near = [abs(_digits(wrong, n) - right) < 2 * rtol * abs(right) for n in (2, 3, 4)]
    return np.nan if abs(wrong / right - 1) < max(0.02, 2 * rtol) or any(near) else wrong


def _fitted(data) -> dict[str, Any]:
    """The line through the logits, and hasty readings of the same table."""
    loss, score = data["runs"]["loss"], data["runs"]["score"]
    at = data["next_model"]["next_loss"][0]
    logit = np.log(score / (1 - score))
    slope, constant = np.polyfit(loss, logit, 1)
    raw = np.polyfit(loss, score, 1)
    in_logs = np.polyfit(loss, np.log(score), 1)
    missed = np.polyfit(loss, np.log(1 - score), 1)
    in_log_loss = np.polyfit(np.log(loss), logit, 1)
    quotient = np.polyfit(loss, np.log(score) / np.log(1 - score), 1)
    there = constant + slope * at
    odds = np.polyfit(loss, np.exp(logit), 1)
    odds_there = np.polyval(odds, at)
    right = 1 / (1 + np.exp(-there))
    rounded = np.round(score, 2)
    of_two = np.polyfit(loss, np.log(rounded / (1 - rounded)), 1)
    bent = np.polyfit(loss, logit, 2)
    by_ends, last_two = (
        (logit[-1] - logit[first]) / (loss[-1] - loss[first]) for first in (0, len(loss) - 2)
    )
    logits = {
        "score_by_ends": logit[-1] + by_ends * (at - loss[-1]),
        "score_by_last_two": logit[-1] + last_two * (at - loss[-1]),
        "score_of_wrong_sign": constant - slope * at,
        "score_of_tens": there * np.log(10),
        "score_at_mean_loss": logit.mean(),
        "score_of_wrong_constant": slope * at - constant,
        "score_of_round_slope": _digits(constant, 3) + _digits(slope, 2) * at,
    }
    return {
        "line": slope,
        "constant": constant,
        "at": at,
        "logit_there": there,
        "raw_slope": raw[0],
        "raw_score": np.polyval(raw, at),
        "log_slope": in_logs[0],
        "log_score": np.exp(np.polyval(in_logs, at)),
        "missed_slope": missed[0],
        "missed_score": 1 - np.exp(np.polyval(missed, at)),
        "turned": np.polyfit(logit, loss, 1)[0],
        "back": _clear(1 / np.polyfit(logit, loss, 1)[0], slope, 0.003),
        "odds_slope": _far(odds[0], slope),
        "odds_score": odds_there / (1 + odds_there),
        "without_last": np.polyfit(loss[:-1], logit[:-1], 1)[0],
        "without_first": np.polyfit(loss[1:], logit[1:], 1)[0],
        "log_loss_slope": in_log_loss[0],
        "wrong_odds": _far(np.exp(-there), right),
        "two_bases": _far(1 / (1 + np.exp(-there / np.log(10))), right),
        "log_loss_score": _far(
            1 / (1 + np.exp(-np.polyval(in_log_loss, np.log(at)))),
            right,
        ),
        "by_ends": by_ends,
        "slope_of_two": of_two[0],
        "score_of_two": 1 / (1 + np.exp(-np.polyval(of_two, at))),
        "slope_of_bent": np.polyval(np.polyder(bent), at),
        "score_of_bent": 1 / (1 + np.exp(-np.polyval(bent, at))),
        "last_two": _clear(last_two, slope, 0.01),
        "quotient_slope": _clear(quotient[0], slope, 0.01),
        "score_of_loss": _clear(np.exp(-at), right, 0.003),
        **{name: _clear(1 / (1 + np.exp(-one)), right, 0.003) for name, one in logits.items()},
        "last": score[-1],
        "mean": score.mean(),
    }


_READINGS = (
    *("line", "constant", "at", "logit_there", "raw_slope", "raw_score", "log_slope"),
    *("log_score", "missed_slope", "missed_score", "turned", "by_ends", "last", "mean"),
    *("odds_slope", "log_loss_slope", "log_loss_score", "wrong_odds", "two_bases"),
    *("last_two", "score_by_ends", "score_by_last_two", "score_of_wrong_sign", "score_of_tens"),
    *("score_of_round_slope", "score_of_loss", "back"),
    *("score_at_mean_loss", "score_of_wrong_constant", "quotient_slope"),
)


def _net_of_share(width, batch, gain):
    """The net gain with the own cost as a share of the whole bill."""
    own = 300 * width / (72 * batch)
    return _far(gain / (1 + own / (1 + own)), gain / (1 + own))


def _at_64(width, batch, gain):
    """The own cost of width 64 at this batch, or this page's at 64 tokens."""
    right = 300 * width / (72 * batch)
    return _clear(300 * 64 / (72 * batch), right, 0.005), _clear(3.37, right, 0.005)


def _own_slips(width, batch, gain):
    """Slips in the own cost: one more than its inverse, and five rounds of one FLOP."""
    right = 300 * width / (72 * batch)
    return _clear(1 + 1 / right, right, 0.005), _clear(300 / 72, right, 0.005)


def _net_slips(width, batch, gain):
    """Slips in the net gain."""
    own = 300 * width / (72 * batch)
    slips = (1 + own, gain / (1 + own * gain), (gain - 1) / own, (1 + gain) / (1 + own))
    return [_clear(one, gain / (1 + own), 0.005) for one in slips]


def _batch_beyond(width, batch, gain):
    """How far the least batch lies beyond this one."""
    right = 300 * width / (72 * (gain - 1))
    return _clear(abs(right - batch), right, 0.005)


def _batch_slips(width, batch, gain):
    """The least batch with a root, with the gain's inverse, and in batches."""
    right = 300 * width / (72 * (gain - 1))
    slips = ((right * batch) ** 0.5, 300 * width / (72 * (1 - 1 / gain)), right / batch)
    return [_clear(one, right, 0.005) for one in slips]


_OWN_COST = "300 * width / (72 * batch)"
_OWN_SLIPS = apart(
    "own",
    _OWN_COST,
    (
        (
            "300 * width * batch / 72",
            "a step trains on batch tokens, which stand below the line: divide by it",
        ),
        (f"{_OWN_COST} / 2", "300 and 72 both count all FLOPs already: no half of it"),
        (f"{_OWN_COST} * 2", "300 and 72 both count all FLOPs already: no 2 before it"),
        (f"{_OWN_COST} / 3", "300 and 72 both count all FLOPs already: no third of it"),
        (
            "300 * width ** 3 / (72 * batch)",
            "the square of the width is missing below: training takes 72 d^2 a token",
        ),
        ("width / (72 * batch)", "the 300 is missing: a step takes 300 d^3 FLOPs a layer"),
        *(
            (text, "that is one side only: divide the products by the training")
            for text in ("300 * width ** 3", "72 * width ** 2 * batch", "300 * width ** 3 / 72")
        ),
        *(
            (f"{ten} * {_OWN_COST}", "a power of ten is off: go through 300, 72, width and batch")
            for ten in ("10", "0.1")
        ),
    ),
)
_NET_SLIPS_TOLD = apart(
    "net",
    f"gain / (1 + {_OWN_COST})",
    (
        (f"gain / (2 + {_OWN_COST})", "the run is paid once: 1 + own, not 2 + own"),
        (f"gain / (1 + 100 * {_OWN_COST})", "own is a share, not per cent: 1 + own"),
        (f"1 + {_OWN_COST} - gain", "a factor divides; it is not taken off"),
        (f"gain * (1 - {_OWN_COST})", "the own cost comes on top of the run: divide by 1 + own"),
    ),
)
_LEAST_SLIPS = apart(
    "least_batch",
    "300 * width / (72 * (gain - 1))",
    (
        ("300 * 64 / (72 * (gain - 1))", "that is for this page's width of 64: take yours"),
        ("batch / gain", "the least batch hangs on width and gain, and not on your batch"),
        *(
            (
                f"{ten} * 300 * width / (72 * (gain - 1))",
                "a power of ten is off: go through 300, 72, width and gain - 1",
            )
            for ten in ("10", "0.1")
        ),
    ),
)


def _own_by_hand(keep, width, batch, gain):
    return keep("ratio", 300 / 72) * width / batch


def _least_by_hand(keep, width, batch, gain):
    return keep("ratio", 300 / 72) * width / keep("above", gain - 1)


def _least_by_own(keep, width, batch, gain):
    return batch * keep("own", 300 * width / (72 * batch)) / (gain - 1)


_ROUGH_OWN = early("own", _own_by_hand, {"ratio": "was 300 / 72"}, rtol=0.005)
_ROUGH_LEAST = early(
    "least_batch",
    _least_by_hand,
    {"ratio": "was 300 / 72", "above": "was gain - 1 rounded? Take all its digits"},
    rtol=0.005,
)
_BY_ROUGH_OWN = early("least_by_own", _least_by_own, {"own": "was own"}, rtol=0.005, least=2)


def _whole(a, b, target, dearer, way):
    """A whole number of answers."""
    right = (a / -np.log(target)) ** (1 / b)
    return _clear(way(right), right, 0.01)


def _times_whole(a, b, target, dearer, way):
    """Their cost over that of the large model's answer."""
    right = (a / -np.log(target)) ** (1 / b)
    return _clear(way(right) / dearer, right / dearer, 0.01)


def _times_slips(a, b, target, dearer):
    """The cost of one answer more, and of the answers for what is missed."""
    answers, missed = ((a / -np.log(share)) ** (1 / b) for share in (target, 1 - target))
    return [_clear(one / dearer, answers / dearer, 0.01) for one in (answers + 1, missed)]


def _saved(a, b, target, dearer):
    """The share of the large answer's cost that is saved."""
    times = (a / -np.log(target)) ** (1 / b) / dearer
    return _clear(1 - times, times, 0.01)


def _multiplied(a, b, target, dearer):
    """The number of answers with a times the logarithm, or with the share in the place of k."""
    right = (a / -np.log(target)) ** (1 / b)
    slips = ((a * -np.log(target)) ** (1 / b), np.exp(-a * target**-b))
    return [_clear(one, right, 0.01) for one in slips]


_ANSWERS_SLIPS = apart(
    "answers_needed",
    "(a / -log(target)) ** (1 / b)",
    (
        ("a * target ** -b", "that puts the share in the place of k: solve for k"),
        ("a * (-1 / log(target)) ** (1 / b)", "a stands under the root as well"),
        ("(b / -log(target)) ** (1 / a)", "a and b have changed places: b is the power"),
        *(
            (
                f"{ten} * (a / -log(target)) ** (1 / b)",
                "a power of ten is off: put it back into the law",
            )
            for ten in ("10", "0.1")
        ),
    ),
)


def _answers_by_hand(keep, a, b, target, dearer):
    root = keep("root", 1 / keep("b", b))
    return keep("ratio", a / keep("logarithm", -np.log(target))) ** root


def _times_by_hand(keep, a, b, target, dearer):
    return (a / -np.log(target)) ** (1 / b) / keep("dearer", dearer)


_ROUGH_ANSWERS = early(
    "answers_needed",
    _answers_by_hand,
    {
        "logarithm": "was the logarithm of the share",
        "ratio": "was a over the logarithm",
        "root": "was 1 / b",
    },
    rtol=0.01,
    least=2,
)
_ROUGH_B = early(
    "answers_b", _answers_by_hand, {"b": "was b rounded? Take all its digits"}, rtol=0.01
)
_ROUGH_DEARER = early(
    "times_the_cost",
    _times_by_hand,
    {"dearer": "was dearer rounded? Take all its digits"},
    rtol=0.01,
)
_TIMES_SLIPS = apart(
    "times_the_cost",
    "(a / -log(target)) ** (1 / b) / dearer",
    (
        ("1 / dearer", "that is the cost of one small answer; how many are there?"),
        (
            "(a / -log(target)) ** b / dearer",
            "so many answers do not give the share: undo the power by its root, 1 / b",
        ),
    ),
)


def _of(name):
    return lambda seed, data: float(_fitted(data)[name])


_SLOPE_SLIPS = apart(
    "slope",
    "line",
    (
        ("without_last", "that leaves out the last model: fit all eight"),
        ("without_first", "that leaves out the first model: fit all eight"),
    ),
    named={name: _of(name) for name in ("line", "without_last", "without_first")},
)
_SCORE_SLIPS = apart(
    "score",
    "1 / (1 + exp(-logit_there))",
    (("odds_score", "that is a line in the odds; the logit is their logarithm"),),
    named={name: _of(name) for name in ("logit_there", "odds_score")},
)

# other readings of the same table come near: they are told where all digits show them
_NEAR_SLOPES = apart(
    "near_slope",
    "line",
    (
        ("slope_of_two", "were the scores rounded? Take all four decimals"),
        (
            "slope_of_bent",
            "that is the slope of a parabola at the next loss; a straight line is asked for",
        ),
    ),
    named={name: _of(name) for name in ("line", "slope_of_two", "slope_of_bent")},
    share=0.007,
)
_NEAR_SCORES = apart(
    "near_score",
    "1 / (1 + exp(-logit_there))",
    (
        ("score_of_two", "were the scores rounded? Take all four decimals"),
        ("score_of_bent", "that is on a parabola; a straight line is asked for"),
    ),
    named={name: _of(name) for name in ("logit_there", "score_of_two", "score_of_bent")},
    share=0.007,
)


EXERCISES = (
    Several(
        id="17-muon-bill",
        answer="bill",
        given=("width", "batch", "gain"),
        derived={
            "net_of_share": _net_of_share,
            "at_64": lambda **given: _at_64(**given)[0],
            "of_this_page": lambda **given: _at_64(**given)[1],
            "one_and_inverse": lambda **given: _own_slips(**given)[0],
            "ratio_alone": lambda **given: _own_slips(**given)[1],
            "whole_bill": lambda **given: _net_slips(**given)[0],
            "own_of_plain": lambda **given: _net_slips(**given)[1],
            "over_own": lambda **given: _net_slips(**given)[2],
            "plus_one": lambda **given: _net_slips(**given)[3],
            "beyond": _batch_beyond,
            "root": lambda **given: _batch_slips(**given)[0],
            "of_inverse": lambda **given: _batch_slips(**given)[1],
            "in_batches": lambda **given: _batch_slips(**given)[2],
            **_OWN_SLIPS.derived,
            **_NET_SLIPS_TOLD.derived,
            **_LEAST_SLIPS.derived,
            **_ROUGH_OWN.derived,
            **_ROUGH_LEAST.derived,
            **_BY_ROUGH_OWN.derived,
        },
        parts=(
            Part(
                name="own",
                truth="300 * width / (72 * batch)",
                rtol=0.005,
                mistakes=(
                    (
                        "72 * batch / (300 * width)",
                        "the ratio stands upside down: the products over the training",
                    ),
                    ("300 * width / 72", "a step trains on a whole batch, not on one token"),
                    (
                        "900 * width / (72 * batch)",
                        "the 72 counts the whole training of a token, backward pass and all",
                    ),
                    (
                        "50 * width / (72 * batch)",
                        "the 300 is what a whole step needs: why divide it by 6?",
                    ),
                    ("ratio_alone", "width and batch are missing: count both costs of a step"),
                    ("one_and_inverse", "that is 1 and training over products; turn it round"),
                    ("at_64", "that is for this page's width of 64: take yours"),
                    ("of_this_page", "this page measured that at width 64 and 64 tokens a step"),
                    (
                        "300 * width ** 2 / (72 * batch)",
                        "one power of the width too many: divide the cube by the square",
                    ),
                    ("300 / (72 * batch)", "the cube over the square leaves one width"),
                    (
                        "1500 * width / (72 * batch)",
                        "the 300 has all five rounds already",
                    ),
                    (
                        "1 + 300 * width / (72 * batch)",
                        "that is the whole bill; the own cost is what comes on top",
                    ),
                    (
                        "30000 * width / (72 * batch)",
                        "a share is asked for, not per cent",
                    ),
                    (
                        "300 * width / (6 * batch)",
                        "training takes 72 d^2 a token and layer here, not 6",
                    ),
                    (
                        "300 * width / (72 * batch + 300 * width)",
                        "that is its share of the whole bill; asked for is that of the training",
                    ),
                    ("width / batch", "300 over 72 is missing: count the FLOPs of both"),
                    ("72 * width / (300 * batch)", "300 and 72 have changed places"),
                    (
                        "3.37 * width / batch",
                        "that scales what the page measured at width 64: take 300 d^3 and 72 d^2 B",
                    ),
                    *(
                        (
                            f"300 * width / (72 * batch) {sign} gain",
                            "the own cost of a step does not hang on the gain",
                        )
                        for sign in "*/"
                    ),
                    ("300 * width / batch", "the FLOPs of training are missing below the line"),
                    ("300 * batch / (72 * width)", "width and batch have changed places"),
                    *_OWN_SLIPS.mistakes,
                    *_ROUGH_OWN.mistakes,
                ),
                generic="that is not the products of a step over its training",
            ),
            Part(
                name="net",
                truth="gain / (1 + own)",
                rtol=0.005,
                mistakes=(
                    ("whole_bill", "that is the whole bill; divide the gain by it"),
                    (
                        "100 * (gain / (1 + own) - 1)",
                        "that is the change in per cent; the factor is asked for",
                    ),
                    ("plus_one", "the gain is the whole factor already: no 1 is added to it"),
                    ("own_of_plain", "own is a share of the run with the lever: 1 + own"),
                    (
                        "over_own",
                        "that is what is saved over the own cost; divide the gain by 1 + own",
                    ),
                    ("gain / own", "the run itself must be paid as well: 1 + own"),
                    ("gain * (1 + own)", "the own cost makes the gain smaller: divide"),
                    ("gain - own", "a factor divides; it is not taken off"),
                    ("(1 + own) / gain", "that is the cost; the gain is its inverse"),
                    ("gain / (1 - own)", "the own cost comes on top of the run: 1 + own"),
                    ("gain * own", "the own cost makes the gain smaller, and the run counts too"),
                    ("gain / (1 + own) - 1", "that is the gain above 1; the factor is asked for"),
                    ("(gain - 1) / (1 + own)", "the whole factor shrinks, not what is above 1"),
                    ("gain", "that is the gain in tokens: its own cost is not counted yet"),
                    ("gain - 1 - own", "a factor divides; it is not taken off"),
                    ("1 / (1 + own)", "that leaves out the gain in tokens itself"),
                    ("100 * gain / (1 + own)", "that is in per cent; asked for is a factor"),
                    (
                        "1 - gain / (1 + own)",
                        "that is what is lost, as a share; asked for is the factor itself",
                    ),
                    (
                        "net_of_share",
                        "own is the cost over the training, not over the whole bill",
                    ),
                    ("gain / (1 + 1 / own)", "own stands upside down in it"),
                    *_NET_SLIPS_TOLD.mistakes,
                ),
                generic="that is not what is left of the gain when the own cost is paid",
            ),
            Part(
                name="least_batch",
                truth="batch * own / (gain - 1)",
                unit="tokens",
                rtol=0.005,
                mistakes=(
                    (
                        "300 * width / (72 * gain)",
                        "then the own cost equals the gain; it may be gain - 1 only",
                    ),
                    ("300 * width / 72", "there the own cost is 1; how large may it be?"),
                    (
                        "300 * width / (72 * (1 + gain))",
                        "at break-even gain = 1 + own: which own cost is that?",
                    ),
                    ("72 * (gain - 1) / (300 * width)", "the ratio stands upside down"),
                    (
                        "300 * width * (gain - 1) / 72",
                        "a larger gain allows a smaller batch: divide by it",
                    ),
                    (
                        "300 * width ** 2 / (72 * (gain - 1))",
                        "one power of the width too many: divide the cube by the square",
                    ),
                    ("root", "the own cost falls as 1 over the batch, not as 1 over its root"),
                    (
                        "of_inverse",
                        "at break-even gain = 1 + own: so own is gain - 1, not 1 - 1 / gain",
                    ),
                    ("in_batches", "that is how many times your batch; give the tokens"),
                    ("beyond", "that is how far it lies from your batch; give the batch itself"),
                    (
                        "300 * width / (72 * (gain - 1)) / 1000",
                        "that is in thousands; write out the tokens",
                    ),
                    ("batch", "that is your batch; asked for is the one with nothing left"),
                    ("batch * own", "there the own cost is 1; how large may it be?"),
                    ("batch / (gain - 1)", "the own cost of your batch is missing"),
                    ("batch * gain", "ask at which batch own = gain - 1"),
                    ("batch * (1 + own)", "ask at which batch own = gain - 1; 1 + own is the bill"),
                    (
                        "batch * gain / (1 + own)",
                        "at the least batch net is 1, but it does not grow in step with net",
                    ),
                    ("batch * own * gain", "a larger gain allows a smaller batch"),
                    (
                        "batch * (gain - 1) / own",
                        "the ratio stands upside down: a larger gain allows a smaller batch",
                    ),
                    ("300 / (72 * (gain - 1))", "the width is missing: the cost grows with it"),
                    ("width / (gain - 1)", "300 over 72 is missing: count the FLOPs of both"),
                    ("72 * width / (300 * (gain - 1))", "300 and 72 have changed places"),
                    (
                        "batch * (1 + own) / gain",
                        "the own cost shrinks with the batch, not the bill",
                    ),
                    *_LEAST_SLIPS.mistakes,
                    *_ROUGH_LEAST.mistakes,
                    *_BY_ROUGH_OWN.mistakes,
                ),
                generic="at that batch the gain in compute is not 1",
            ),
        ),
        bounds=(
            ("own > 0", "the own cost is positive"),
            *(
                (
                    f"not near({part}, {truth}, 0.035) or near({part}, {truth}, 0.005)",
                    f"that is near: carry all digits of {what}",
                )
                for part, truth, what in (
                    ("net", "(gain / (1 + 300 * width / (72 * batch)))", "own"),
                    ("least_batch", "(300 * width / (72 * (gain - 1)))", "own and of gain - 1"),
                )
            ),
        ),
        hints=(
            "Write both costs of one step of one layer. Which powers of the width are left?",
            "own = 300 d / (72 B). In compute the gain is gain / (1 + own).",
            "`own = 300 * width**3 / (72 * width**2 * ...)`",
        ),
        praise="the same optimiser gains or loses with the batch alone",
    ),
    Several(
        id="17-many-answers",
        answer="small",
        given=("a", "b", "target", "dearer"),
        derived={
            "rounded_up": lambda **given: _whole(**given, way=np.ceil),
            "rounded_down": lambda **given: _whole(**given, way=np.floor),
            "times_up": lambda **given: _times_whole(**given, way=np.ceil),
            "times_down": lambda **given: _times_whole(**given, way=np.floor),
            "saved": _saved,
            "one_more": lambda **given: _times_slips(**given)[0],
            "of_missed": lambda **given: _times_slips(**given)[1],
            "multiplied": lambda **given: _multiplied(**given)[0],
            "share_for_k": lambda **given: _multiplied(**given)[1],
            **_ANSWERS_SLIPS.derived,
            **_ROUGH_ANSWERS.derived,
            **_ROUGH_B.derived,
            **_ROUGH_DEARER.derived,
            **_TIMES_SLIPS.derived,
        },
        parts=(
            Part(
                name="answers_needed",
                truth="(a / -log(target)) ** (1 / b)",
                unit="answers",
                rtol=0.01,
                mistakes=(
                    (
                        "(a / -log(target)) ** (1 / b) / dearer",
                        "answers_needed and times_the_cost have changed places",
                    ),
                    (
                        "(-log(target) / a) ** (1 / b)",
                        "the ratio stands upside down: more answers than one are needed",
                    ),
                    *(
                        (whole, "that is a whole number of answers: keep the fraction")
                        for whole in ("rounded_up", "rounded_down")
                    ),
                    ("multiplied", "divide a by the logarithm of the share; do not multiply"),
                    ("share_for_k", "that puts the share in the place of k: solve for k"),
                    ("(a / -log(target)) ** b", "the power must be undone: its root, 1 / b"),
                    ("a / -log(target)", "the power of k is still there: take the root 1 / b"),
                    (
                        "(a / -log10(target)) ** (1 / b)",
                        "the law has natural logarithms",
                    ),
                    (
                        "(a / (1 - target)) ** (1 / b)",
                        "that takes what is missing for its logarithm; use -log of the share",
                    ),
                    (
                        "(a / -log(1 - target)) ** (1 / b)",
                        "that is the logarithm of what is missed; the law has that of the share",
                    ),
                    ("(a / target) ** (1 / b)", "the logarithm of the share is missing"),
                    (
                        "log(1 - target) / log(1 - exp(-a))",
                        "that holds if all problems are equally hard; here the law is a power",
                    ),
                    ("target / exp(-a)", "the share does not grow in proportion to the answers"),
                    (
                        "exp(log(a / -log(target)) * b)",
                        "the power must be undone: its root, 1 / b",
                    ),
                    (
                        "log(a / -log(target)) / b",
                        "that is the logarithm of the answers: undo it",
                    ),
                    ("(1 / -log(target)) ** (1 / b)", "the constant a is missing"),
                    ("(a / -log2(target)) ** (1 / b)", "the law has natural logarithms"),
                    *(
                        (
                            f"a / -log(target) {sign} b",
                            "b is a power of the answers: undo it by a root, 1 / b",
                        )
                        for sign in "*/"
                    ),
                    (
                        "(a / -log(target)) ** (1 / b) * dearer",
                        "how many answers are needed does not hang on what one costs",
                    ),
                    *_ANSWERS_SLIPS.mistakes,
                    *_ROUGH_ANSWERS.mistakes,
                    *_ROUGH_B.mistakes,
                ),
                generic="with so many answers the law does not give the share {target:g}",
            ),
            Part(
                name="times_the_cost",
                truth="answers_needed / dearer",
                rtol=0.01,
                mistakes=(
                    ("one_more", "the first answer is counted already: no one more is needed"),
                    ("of_missed", "the law has the logarithm of the share, not of what is missed"),
                    *(
                        (whole, "answers_needed was made a whole number: keep its fraction")
                        for whole in ("times_up", "times_down")
                    ),
                    (
                        "saved",
                        "that is the share saved; asked for is how many times the cost",
                    ),
                    ("answers_needed * dearer", "the large answer costs more: divide by it"),
                    ("dearer / answers_needed", "that is the large model's cost over the small's"),
                    (
                        "answers_needed",
                        "that counts answers; the large one costs {dearer:g} times one",
                    ),
                    (
                        "(answers_needed - 1) / dearer",
                        "the first answer costs as much as the others",
                    ),
                    ("answers_needed - dearer", "how many times, not how much more: divide"),
                    (
                        "answers_needed / (1 + dearer)",
                        "the large answer costs {dearer:g}, not one more",
                    ),
                    (
                        "dearer",
                        "that is the price of one answer over the other; how many are there?",
                    ),
                    (
                        "100 * answers_needed / dearer",
                        "that is in per cent; asked for is how many times the cost",
                    ),
                    (
                        "answers_needed / dearer - 1",
                        "that is by how much more; asked for is how many times the cost",
                    ),
                    *(
                        (
                            text,
                            "so many answers do not give the share {target:g}: solve the law for k",
                        )
                        for text in (
                            "a / -log(target) / dearer",
                            "(a / -log10(target)) ** (1 / b) / dearer",
                            "(a / target) ** (1 / b) / dearer",
                        )
                    ),
                    *(
                        (
                            f"answers_needed / dearer {sign} target",
                            "the share is in the number of answers already",
                        )
                        for sign in "*/"
                    ),
                    *_TIMES_SLIPS.mistakes,
                    *_ROUGH_DEARER.mistakes,
                ),
                generic="that is not the cost of all small answers over that of the large one",
            ),
        ),
        bounds=(
            ("answers_needed > 0", "the number of answers is positive"),
            (
                "not near(answers_needed, (a / -log(target)) ** (1 / b), 0.04) "
                "or near(answers_needed, (a / -log(target)) ** (1 / b), 0.01)",
                "that is near: carry four digits of the logarithm and of 1 / b",
            ),
        ),
        hints=(
            "Put the share that you want into the law, and solve it for k.",
            "-ln(target) = a k^-b, so k^b = a / -ln(target).",
            "`answers_needed = (a / -np.log(target)) ** (...)`",
        ),
        praise="that is what the small model's answers cost for the same share",
    ),
    Several(
        id="17-next-score",
        answer="told_score",
        given=("seed",),
        data=_printed,
        derived={
            **{name: _of(name) for name in _READINGS},
            **_SLOPE_SLIPS.derived,
            **_SCORE_SLIPS.derived,
            **_NEAR_SLOPES.derived,
            **_NEAR_SCORES.derived,
        },
        parts=(
            Part(
                name="slope",
                truth="line",
                unit="per nat",
                rtol=0.003,
                mistakes=(
                    ("-line", "the score falls with the loss: the slope is negative"),
                    *(
                        (f"line / log({base})", "the logit has natural logarithms")
                        for base in (2, 10)
                    ),
                    ("odds_slope", "that is the slope of the odds; the logit is their logarithm"),
                    ("log_loss_slope", "the loss stands along without a logarithm"),
                    ("raw_slope", "that is the slope of the score; take that of its logit"),
                    ("log_slope", "that is the slope of log score; the logit divides by 1 - score"),
                    (
                        "missed_slope",
                        "that is the slope of ln(1 - score); the logit has the score above it",
                    ),
                    (
                        "quotient_slope",
                        "the logit is the logarithm of a quotient, not a quotient of logarithms",
                    ),
                    ("back", "that line has the logit along: the loss is along, the logit above"),
                    ("line * log(2)", "that is for ln 2 nats; asked for is a slope per nat"),
                    ("turned", "loss and logit have changed places: nats per unit of logit"),
                    ("by_ends", "that is the line through the two end models; fit all eight"),
                    ("last_two", "that is the line through the last two models; fit all eight"),
                    ("constant", "that is the constant of the line; its slope is asked for"),
                    ("1 / line", "the slope is logit per nat, not nats per logit"),
                    *_NEAR_SLOPES.mistakes,
                    (
                        "1 / (1 + exp(-logit_there))",
                        "that is the score: it belongs into the other field",
                    ),
                    *_SLOPE_SLIPS.mistakes,
                ),
                generic="the line through all eight logits, with the loss along, has another slope",
            ),
            Part(
                name="score",
                truth="1 / (1 + exp(-logit_there))",
                rtol=0.003,
                mistakes=(
                    ("logit_there", "that is the logit of the score: undo it"),
                    ("exp(logit_there)", "that is score over 1 - score: go one step further"),
                    ("wrong_odds", "that is 1 - score over score: go one step further"),
                    (
                        "two_bases",
                        "two bases of logarithms: the logit is a natural one, and e undoes it",
                    ),
                    ("score_by_ends", "that is by the two end models alone; fit all eight"),
                    ("score_by_last_two", "that is by the last two models alone; fit all eight"),
                    ("score_of_wrong_sign", "the sign of the slope: the score falls with the loss"),
                    (
                        "score_of_wrong_constant",
                        "the sign of the line's constant: the logit is constant + slope · loss",
                    ),
                    ("score_at_mean_loss", "that is at the mean loss; take the next model's"),
                    ("score_of_tens", "the logit is a natural one: undo it with e, not with 10"),
                    ("score_of_round_slope", "the slope was rounded too early: carry more digits"),
                    ("score_of_loss", "that is e to minus the loss; the line gives the logit"),
                    ("log_loss_score", "the loss stands along without a logarithm"),
                    ("1 / (1 + exp(logit_there))", "that is the share of wrong answers"),
                    (
                        "raw_score",
                        "that line goes through the scores themselves; lay it through their logits",
                    ),
                    ("log_score", "that is a line in log score; the logit divides by 1 - score"),
                    ("missed_score", "that is a line in ln(1 - score); the logit has both"),
                    *_NEAR_SCORES.mistakes,
                    ("line", "that is the slope: it belongs into the other field"),
                    ("last", "that is the best score so far; the next model has a lower loss"),
                    ("mean", "that is the mean score; the next model has a lower loss"),
                    (
                        "1 / (1 + exp(-(slope * at)))",
                        "the constant of the line is missing",
                    ),
                    (
                        "100 / (1 + exp(-logit_there))",
                        "a share is asked for, not per cent",
                    ),
                    *_SCORE_SLIPS.mistakes,
                ),
                generic="that is not the score on the line at the next loss",
            ),
        ),
        bounds=(
            ("score > 0 and score < 1", "a score is a share between 0 and 1"),
            (
                "not near(slope, line, 0.03) or near(slope, line, 0.0015)",
                "that is near: is it a straight line through all eight logits, in all digits, "
                "with the loss along?",
            ),
            (
                "not near(score, 1 / (1 + exp(-logit_there)), 0.02) "
                "or near(score, 1 / (1 + exp(-logit_there)), 0.0015)",
                "that is near: is it a straight line through all eight logits, with all digits of "
                "scores and slope?",
            ),
        ),
        hints=(
            "Plot the logits against the losses. What do slope and constant mean?",
            "logit = constant + slope * loss; the score is 1 / (1 + exp(-logit)).",
            "`slope, constant = np.polyfit(models.loss, ..., 1)`",
        ),
        praise="two steps: the law gives the loss, and the line gives the score",
    ),
)

QUESTIONS = (
    Question(
        id="17-short-cosines",
        prompt="At 80,000 tokens a branch ends 0.07 nats below a cosine of the same length, at "
        "the same learning rate. What should be looked at first?",
        options=(
            Option(
                "The branch has read more text.",
                why="Both read 80,000 tokens. The trunk goes on, but the branch left it before.",
                key="a",
            ),
            Option(
                "Whether the trunk had a lucky seed.",
                why="Three seeds at width 32 say 0.06 to 0.07, and seeds differ by 0.01.",
                key="b",
            ),
            Option(
                "Whether that rate is the best one for the cosine.",
                right=True,
                why="A cosine's rate falls from the start, a trunk's does not. At the same top "
                "rate the cosine takes shorter steps on average.",
                key="c",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="17-products",
        prompt="A step of 64 tokens trains a model of width 64. How large is the cost of the "
        "products, in per cent of the training FLOPs of that step?",
        unit="%",
        lo=0,
        hi=10000,
        truth=337,
        says="337 %: for every FLOP of training, Muon takes 3.4 of its own.",
    ),
    Prediction(
        id="17-filter-until",
        prompt="The clean half is read again and again. After how many readings of it is the "
        "whole pool as good, at the same number of characters read?",
        unit="readings",
        lo=1,
        hi=1000,
        truth=14,
        says="14 readings at width 32. Until then the clean half is better.",
    ),
    Prediction(
        id="17-plateau",
        prompt="Let it try 65,536 times in place of 16 times. The share of problems with at "
        "least one right answer ...",
        options=("rises to nearly all", "halves what is missing", "stays where it is"),
        truth="c",
        says="It stays at 0.90: in the other tenth no number of answers tried here hits the sum.",
    ),
)
