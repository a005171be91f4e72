"""Checks of chapter 7, Kaplan's allocation: what students may see."""

import math
from functools import partial

from ...laws import BESIROGLU_2024, HOFFMANN_2022, KAPLAN_2020, PF_DAY
from .. import Number, Option, Part, Prediction, Question, Several
from ..slips import apart, early

_SIZE, _GROWTH = KAPLAN_2020.optimal_size_coef, KAPLAN_2020.optimal_size_exponent
_COMPUTE, _DATA = KAPLAN_2020.compute, KAPLAN_2020.data


def _rule(pf_days, coef=_SIZE, growth=_GROWTH):
    return coef * pf_days**growth


def _each(template, values, words):
    """One mistake for each value that somebody puts in place of another, all in the same words."""
    return tuple((template.format(value), words) for value in values)


def _unless_near(wrong, right, share=0.1):
    """A slip's number; nan where it may pass for the right one."""
    return wrong if abs(wrong / right - 1) > share else math.nan


#: tokens where the laws of compute and of data meet
_MET = "D_c * (meeting / C_c) ** (p / q)"


#: a number is no mistake where it moves the answer by less than this share
_NEAR = 0.011


def _steps_ratio(keep, target_loss, batch_tokens):
    power = keep("power", keep("loss", target_loss) ** (1 / KAPLAN_2020.batch_exponent))
    return 1 + keep("batch", KAPLAN_2020.batch_scale / power) / keep("own", batch_tokens)


_ROUGH_RATIO = early(
    "x",
    _steps_ratio,
    {
        "batch": "was the critical batch",
        "power": "was the loss to the power 4.762",
        "loss": "was the loss rounded on the way? Take all its digits",
        "own": "was the batch",
    },
    rtol=0.002,
)


def _in_table(loss, batch, column):
    """What the page's table has in a column, read between its rows at 2.5 and 3 nats; nan where it
    may pass for the right one.
    """
    low, high = (column(KAPLAN_2020.critical_batch(row)) for row in (2.5, 3))
    right = 1 + KAPLAN_2020.critical_batch(loss) / batch
    return _unless_near(low + (high - low) * (loss - 2.5) / 0.5, right, 0.06)


def _other_batch(loss, batch):
    """With the critical batch at 2.6 nats; nan where that may pass for the right one."""
    b = KAPLAN_2020.critical_batch(loss)
    other = 1 + 2.11e6 / batch
    return other if abs(other / (1 + b / batch) - 1) > _NEAR else math.nan


def _planned(keep, own_budget):
    days = keep("days", keep("c_min", own_budget / 2) / PF_DAY)
    return _SIZE * keep("power", days**_GROWTH)


_ROUGH_SIZE = early(
    "N",
    _planned,
    {"c_min": "was C_min", "days": "were the PF-days", "power": "was the power of the PF-days"},
    rtol=0.002,
)
_ROUGH_DATA = early(
    "D",
    lambda keep, own_budget: own_budget / 6 / keep("size", _rule(own_budget / 2 / PF_DAY)),
    {"size": "was the size"},
    rtol=0.004,
)


_RATIOS = apart(
    "steps_ratio",
    "1 + b / batch_tokens",
    (
        ("sqrt(b / batch_tokens)", "no root: S / S_min is 1 + B_crit / batch itself"),
        ("2 * b / batch_tokens", "nothing is doubled: S / S_min is 1 + B_crit / batch"),
        ("sqrt(1 + b / batch_tokens)", "no root: S / S_min is 1 + B_crit / batch itself"),
        ("(1 + b / batch_tokens) / 2", "nothing is halved: S / S_min is 1 + B_crit / batch"),
    ),
    {"b": lambda target_loss, **_: KAPLAN_2020.critical_batch(target_loss)},
)


def _beside_rule(size):
    """Another size, nan where it may pass for the right one."""
    return lambda own_budget: _unless_near(
        size(own_budget / 2 / PF_DAY), _rule(own_budget / 2 / PF_DAY), 0.06
    )


def _beside_data(ratio):
    """That many tokens for each parameter, nan where they may pass for the right ones."""

    def tokens(own_budget):
        size = _rule(own_budget / 2 / PF_DAY)
        return _unless_near(ratio * size, own_budget / 6 / size)

    return tokens


def _implied(keep, meeting):
    loss = keep("loss", (_COMPUTE.scale / meeting) ** _COMPUTE.exponent)
    tokens = keep("tokens", _DATA.scale / loss ** (1 / _DATA.exponent))
    return tokens / keep("growth", meeting**0.27)


_ROUGH_COEF = early(
    "x",
    _implied,
    {
        "loss": "was the loss where they meet",
        "tokens": "were the tokens where they meet",
        "growth": "was the growth, meeting^0.27,",
    },
    rtol=0.009,
)

_SUM = "(1 / own_alpha_N + 1 / own_alpha_S + 1 / own_alpha_B)"
_WORDS = {"size": "N", "batch": "B", "steps": "S"}


def _even(word, share):
    """An even share; nan where it may pass for the right one."""

    def even(**alphas):
        powers = {name: 1 / alpha for name, alpha in alphas.items()}
        right = powers[f"own_alpha_{_WORDS[word]}"] / sum(powers.values())
        return share if abs(share / right - 1) > 0.1 else math.nan

    return even


def _beside_share(word, slip):
    """A slip's share, from the alpha in question and the sum of the reciprocals; nan where it may
    pass for the right one.
    """

    def share(**alphas):
        alpha, total = alphas[f"own_alpha_{_WORDS[word]}"], sum(1 / one for one in alphas.values())
        return _unless_near(slip(alpha, total), 1 / alpha / total, 0.06)

    return share


#: Kaplan's exponents of the law of steps, as the chapter prints them
_KAPLANS = {
    "size": KAPLAN_2020.steps_N.exponent,
    "batch": KAPLAN_2020.batch_exponent,
    "steps": KAPLAN_2020.steps_S.exponent,
}


def _beside_alpha_N(slip):
    """A slip's number for the new alpha_N; nan where it may pass for the right one."""

    def number(own_alpha_N, own_alpha_S, own_alpha_B):
        right = (1 / 0.73 - 1) / (1 / own_alpha_S + 1 / own_alpha_B)
        wrong = slip(own_alpha_N, own_alpha_S, own_alpha_B)
        short = _unless_near(float(f"{wrong:.1e}"), right, 0.025)  # as typed with two digits
        return _unless_near(wrong + 0 * short, right, 0.025)

    return number


def _shared_by_hand(keep, word, **alphas):
    return (
        keep("sum", 1 / sum(1 / one for one in alphas.values()))
        / alphas[f"own_alpha_{_WORDS[word]}"]
    )


_ROUGH_SHARES = {
    word: early(word, partial(_shared_by_hand, word=word), {"sum": "was alpha_C"})
    for word in _WORDS
}


def _share(word, others, together, kaplan):
    """The exponent of one factor of compute.

    together : what the other two make up. kaplan : in Table 6, and derived.
    """
    alpha = f"own_alpha_{_WORDS[word]}"
    of_kaplan = ", or is Kaplan's" if word == "batch" else ""
    first, second = (f"own_alpha_{_WORDS[other]}" for other in others)
    return Part(
        name=word,
        truth=f"1 / {alpha} / {_SUM}",
        mistakes=(
            (
                f"1 / {alpha}",
                "that is the power of 1/loss; in the budget it is a share of the three together",
            ),
            (
                f"{alpha} / (own_alpha_N + own_alpha_S + own_alpha_B)",
                "the smaller an exponent of the loss, the more of its lever is needed: it is the "
                "reciprocals that share the budget",
            ),
            (
                f"1 / {first} / {_SUM}",
                f"that is the exponent of the {others[0]}; here it is that of the {word}",
            ),
            (
                f"1 / {second} / {_SUM}",
                f"that is the exponent of the {others[1]}; here it is that of the {word}",
            ),
            (
                f"1 / {alpha} / (1 / {alpha} + 1 / {first})",
                f"the {others[1]} belong to the sum too: all three grow with compute"
                if others[1] == "steps"
                else f"the {others[1]} belongs to the sum too: all three grow with compute",
            ),
            (
                f"1 / {alpha} / (1 / {alpha} + 1 / {second})",
                f"the {others[0]} belong to the sum too: all three grow with compute"
                if others[0] == "steps"
                else f"the {others[0]} belongs to the sum too: all three grow with compute",
            ),
            (
                f"0.05 / {alpha}",
                "0.050 is Kaplan's fitted exponent of compute; work it out from the three that "
                "you are given",
            ),
            (
                f"1 / {_SUM}",
                "that is the exponent alpha_C of the loss; divide it by the exponent of the "
                f"{word}",
            ),
            (
                f"{alpha} / {_SUM}",
                "that multiplies where it should divide: alpha_C over the exponent of the loss",
            ),
            (
                f"{alpha} * {_SUM}",
                "that share is upside down: alpha_C over the exponent of the loss",
            ),
            (f"1 - 1 / {alpha} / {_SUM}", f"that is the rest: {together}"),
            *(
                (
                    f"1 - 1 / {other} / {_SUM}",
                    f"that is {word} and {with_it} together; the question asks for the {word} "
                    f"alone",
                )
                for other, with_it in ((first, others[1]), (second, others[0]))
            ),
            (
                f"(own_alpha_N + own_alpha_S + own_alpha_B) / {alpha}",
                "it is the reciprocals that add up, to 1/alpha_C; the exponents themselves do not",
            ),
            *_each(
                f"{{}} / {alpha}",
                ("(own_alpha_N + own_alpha_S + own_alpha_B) / 3", f"3 / {_SUM}"),
                "alpha_C is no mean of the three: their reciprocals add up to 1/alpha_C",
            ),
            *_each(
                f"{{}} / {alpha}",
                ("0.054", "0.052", "0.0525"),
                "that has Kaplan's exponent of compute; work out your own from the three that you "
                "are given",
            ),
            (
                "0.25" if word == "batch" else f"even_{word}",
                f"that shares evenly{of_kaplan}; "
                "the smaller the exponent of the loss, the larger the share",
            ),
            (
                "1 / 3",
                "that shares evenly; the smaller the exponent of the loss, the larger the share",
            ),
            (
                f"{alpha}",
                "that is the exponent of the loss; the question asks for the exponent in compute",
            ),
            *(
                (one, "that is Kaplan's; work it out from the three that you are given")
                for one in kaplan
            ),
            (
                f"kaplans_{word}",
                f"that has Kaplan's own exponent of the loss for the {word}; take yours",
            ),
            (
                f"rest_{word}",
                "that is 1 less the exponent of the loss; the exponent in compute is its share of "
                "the three reciprocals",
            ),
            (
                f"100 / {alpha} / {_SUM}",
                "that is a hundred times as much: an exponent is no percentage",
            ),
            *_ROUGH_SHARES[word].mistakes,
        ),
        generic="each grows as a power of 1/loss, to 1/alpha of its own; its exponent in compute "
        "is its share of the three powers, and that is not your number",
    )


_REST = "(1 / own_alpha_S + 1 / own_alpha_B)"

EXERCISES = (
    Number(
        id="07-critical-batch",
        answer="steps_ratio",
        given=("target_loss", "batch_tokens"),
        derived={
            "b": lambda target_loss, **_: KAPLAN_2020.critical_batch(target_loss),
            **_ROUGH_RATIO.derived,
            "by_rows": lambda target_loss, batch_tokens: _in_table(
                target_loss, batch_tokens, lambda b: 1 + b / 2**19
            ),
            **{
                f"waste_{loss}".replace(".", "_"): lambda target_loss, batch_tokens, loss=loss: (
                    _unless_near(
                        1 + 2**19 / KAPLAN_2020.critical_batch(loss),
                        1 + KAPLAN_2020.critical_batch(target_loss) / batch_tokens,
                    )
                )
                for loss in (2.4, 2.5, 3)
            },
            "other_loss": lambda target_loss, batch_tokens: _other_batch(target_loss, batch_tokens),
            "scale": KAPLAN_2020.batch_scale,
            "power": KAPLAN_2020.batch_exponent,
            **_RATIOS.derived,
        },
        truth="1 + b / batch_tokens",
        unit="times",
        rtol=0.002,  # four digits on the way, and then three
        bounds=(
            ("x > 1", "no batch takes fewer than the fewest steps: the ratio is above 1"),
            (
                "abs(x / (1 + b / batch_tokens) - 1) > 0.04 "
                "or abs(x / (1 + b / batch_tokens) - 1) < 1e-6",
                "that is within four per cent: was something rounded on the way? Carry four digits "
                "of 1/0.21, which is 4.762, and of the critical batch; and see that loss and batch "
                "are yours",
            ),
        ),
        mistakes=(
            *_RATIOS.mistakes,
            (
                "1 + batch_tokens / b",
                "that is how many times the fewest tokens it reads; for the steps the ratio "
                "stands the other way up",
            ),
            (
                "b / batch_tokens",
                "that is how many times the batch goes into the critical one; the fewest steps "
                "themselves come on top",
            ),
            (
                "b / batch_tokens - 1",
                "the 1 of the fewest steps is added, not taken away",
            ),
            (
                "batch_tokens / b",
                "that is the batch as a share of the critical one; for the steps invert it, "
                "and add the fewest steps themselves",
            ),
            (
                "1 / (1 + b / batch_tokens)",
                "that is the fewest steps as a share of these; invert it",
            ),
            (
                "1 / (1 + batch_tokens / b)",
                "that is the share of the compute that the batch does not waste; the question "
                "asks for the steps",
            ),
            ("b", "that is the critical batch, in tokens; now compare the batch with it"),
            *_each(
                "100 * {}",
                ("b / batch_tokens", "(1 + b / batch_tokens)"),
                "that is in per cent; the question asks how many times the fewest",
            ),
            *_each(
                "1 + scale / target_loss ** (1 / {}) / batch_tokens",
                ("0.095", "0.103"),
                "the exponents of size, data and compute are far smaller than that of the critical "
                "batch: alpha_B is 0.21",
            ),
            *_each(
                "1 + scale / {} / batch_tokens",
                (
                    "target_loss ** (1 / 0.05)",
                    "target_loss ** (1 / 0.076)",
                    "exp(target_loss / power)",
                    "10 ** (target_loss / power)",
                ),
                "so near 1 the critical batch has all but vanished: divide B* by the loss to the "
                "power 1/0.21, not by a power of e or 10, nor with another alpha",
            ),
            *_each(
                "1 + scale / {} / batch_tokens",
                ("(target_loss * power)", "(target_loss / power)"),
                "1/0.21 is a power of the loss, not a factor beside it",
            ),
            (
                "other_loss",
                "that is the critical batch that the page prints at 2.6 nats; your loss is "
                "{target_loss:g}",
            ),
            *_each(
                "1 + scale / target_loss ** (1 / {}) / batch_tokens",
                ("0.76", "0.73"),
                "0.76 is the exponent of the steps, 0.73 that of the best size; the critical "
                "batch has alpha_B = 0.21",
            ),
            *_each(
                "1 + scale / target_loss ** {} / batch_tokens",
                ("4.8", "4.7"),
                "1/0.21 is 4.762; rounded to two digits it moves the critical batch by several "
                "per cent",
            ),
            *_each(
                "1 + {} / batch_tokens",
                ("2e6", "2e6 / target_loss ** (1 / power)"),
                "2e6 tokens are Table 6's batch at one PF-day; B* is 2e8, and is divided by a "
                "power of the loss",
            ),
            *_each(
                "1 + {} * b / batch_tokens",
                ("10", "0.1"),
                "a power of ten is lost or too many: B* is 2e8 tokens, and the batch is "
                "{batch_tokens:g}",
            ),
            *_each(
                "1 + scale / {} ** (1 / power) / batch_tokens",
                ("2.4", "2.5", "3"),
                "that is the critical batch of another row of the page's table; your loss is "
                "{target_loss:g}",
            ),
            *_each(
                "1 + scale / {} ** (1 / power) / 524288",
                ("2.4", "2.5", "3"),
                "that is a row of the page's table, at its loss and at Kaplan's batch; yours are "
                "others",
            ),
            *_ROUGH_RATIO.mistakes,
            (
                "by_rows",
                "that is read between two rows of the page's table, at Kaplan's batch; work out "
                "the critical batch at your loss, and divide it by your batch",
            ),
            *_each(
                "{}",
                ("waste_2_4", "waste_2_5", "waste_3"),
                "that is a row of the page's table for the compute; asked for are the steps, at "
                "your loss and batch",
            ),
            *_each(
                "{}",
                ("2 * (1 + b / batch_tokens)", "1 + 2 * b / batch_tokens"),
                "the factor 2 is that of a run at the critical batch itself; here S/S_min is "
                "1 + B_crit/batch, without another 2",
            ),
            ("2 + b / batch_tokens", "the fewest steps come on top once, not twice"),
            (
                "1 + sqrt(b / batch_tokens)",
                "the critical batch over the batch stands there itself, not its square root",
            ),
            (
                "(1 + b / batch_tokens) * (1 + batch_tokens / b)",
                "that multiplies how many times the steps with how many times the tokens; asked "
                "for are the steps alone",
            ),
            (
                "1 + scale / target_loss ** power / batch_tokens",
                "the loss is raised to 1/alpha_B = 4.762, not to alpha_B",
            ),
            (
                "1 + scale * target_loss ** (1 / power) / batch_tokens",
                "the critical batch grows as the loss falls: divide by the power of the loss",
            ),
            (
                "1 + scale / batch_tokens",
                "B* is the critical batch at a loss of one nat; it still depends on the loss",
            ),
            (
                "1 + scale / target_loss ** 5 / batch_tokens",
                "1/0.21 is 4.762; rounded to 5 it moves the critical batch by about a fifth",
            ),
            (
                "1 + scale / target_loss ** 4 / batch_tokens",
                "1/0.21 is 4.762; cut off at 4 it moves the critical batch to about twice its size",
            ),
            (
                "1 + b / 524288",
                "that is Kaplan's own batch, 2^19 tokens; yours is another",
            ),
            (
                "1 + scale / target_loss ** (1 / 0.24) / batch_tokens",
                "0.24 is how the best batch grows with compute (Table 6); here alpha_B is 0.21",
            ),
            (
                "2",
                "twice the fewest is what the critical batch itself takes; this batch is another",
            ),
        ),
        generic="that many times the fewest steps does not fit S = S_min (1 + B_crit / batch) at a "
        "loss of {target_loss:g}: work out B_crit alone first, to four digits, and see whether it "
        "lies between those of the page's table",
        hints=(
            "First the critical batch at this loss, then this batch beside it.",
            "S = S_min (1 + B_crit / batch), with B_crit = B* / loss^(1/alpha_B).",
            "Divide 2e8 tokens by the loss to the power 1/0.21; in the notebook "
            "`critical = KAPLAN_2020.critical_batch(target_loss)`",
        ),
        praise="one for the fewest steps, and one for every time that the batch goes into the "
        "critical one",
    ),
    Several(
        id="07-replan",
        answer="replan",
        given=("own_budget",),
        derived={
            "rule": lambda own_budget: _rule(own_budget / 2 / PF_DAY),
            "whole": lambda own_budget: _rule(own_budget / PF_DAY),
            "double": lambda own_budget: _rule(2 * own_budget / PF_DAY),
            "flops": lambda own_budget: _rule(own_budget / 2),
            "all_flops": lambda own_budget: _rule(own_budget),
            "days": lambda own_budget: own_budget / 2 / PF_DAY,
            "sixth": lambda own_budget: _rule(own_budget / 12 / PF_DAY),
            "routed": lambda own_budget: KAPLAN_2020.derived_optimum(own_budget / 2).N,
            "whole_routed": lambda own_budget: KAPLAN_2020.derived_optimum(own_budget).N,
            "besiroglu": lambda own_budget: BESIROGLU_2024.optimum(own_budget).N,
            "hoffmann": lambda own_budget: HOFFMANN_2022.optimum(own_budget).N,
            "coef": _SIZE,
            "growth": _GROWTH,
            "even": lambda own_budget: math.sqrt(own_budget / 120),
            "table": lambda own_budget: 2e10 * (own_budget / 2 / PF_DAY) ** 0.27,
            "whole_table": lambda own_budget: 2e10 * (own_budget / PF_DAY) ** 0.27,
            "text": lambda own_budget: 4e10 * (own_budget / 2 / PF_DAY) ** 0.26,
            **_ROUGH_SIZE.derived,
            **_ROUGH_DATA.derived,
            "of_overfitting": _beside_rule(lambda days: _rule(days, growth=0.74)),
            "of_batch": _beside_rule(lambda days: _rule(days, growth=0.24)),
            "one_digit": _beside_rule(lambda days: _rule(days, coef=1e9)),
            "as_gpt3": _beside_data(1.7),
            "a_fifth": _beside_data(0.2),
            "fixed_text": lambda own_budget: _unless_near(
                own_budget / 1.8e12, _rule(own_budget / 2 / PF_DAY)
            ),
        },
        parts=(
            Part(
                name="N",
                truth="rule",
                unit="parameters",
                rtol=0.002,
                mistakes=(
                    (
                        "whole",
                        "at the critical batch a run pays twice C_min: the rule may be given only "
                        "half of the budget",
                    ),
                    ("double", "C_min is half of what is paid, not twice"),
                    ("sixth", "the rule takes the compute itself: no 6 is needed before it"),
                    (
                        "rule / 2",
                        "half of the budget goes into the rule; it is not the size that is halved",
                    ),
                    (
                        "whole / 2",
                        "half of the budget goes into the rule; it is not the size that is halved",
                    ),
                    (
                        "flops",
                        "the rule takes PF-days; that many parameters come out when it is fed "
                        "FLOPs",
                    ),
                    (
                        "all_flops",
                        "the rule takes PF-days; that many parameters come out when it is fed "
                        "FLOPs",
                    ),
                    *_ROUGH_SIZE.mistakes,
                    (
                        "2 * rule",
                        "the budget is halved on the way into the rule; the size is not doubled "
                        "after it",
                    ),
                    (
                        "of_overfitting",
                        "0.74 is how the data must grow with the size against overfitting; the "
                        "rule, Table 6, has 0.73",
                    ),
                    ("of_batch", "0.24 is how the best batch grows; the size grows as C^0.73"),
                    ("one_digit", "the constant is 1.3e9, with both of its digits"),
                    *_each(
                        "coef * (own_budget / {}) ** growth",
                        ("2e15", "1e15", "7.2e18", "3.6e18", "2.88e18", "4.8e16", "1.728e19"),
                        "a PF-day is a whole day at 10^15 FLOPs a second, 86,400 of them",
                    ),
                    *_each(
                        "coef * (own_budget / {}) ** growth",
                        ("2e20", "1.8e20", "1e20"),
                        "a PF-day is 8.64e19 FLOPs; rounded that far it moves the size by several "
                        "per cent",
                    ),
                    *_each(
                        "coef * (days / {}) ** growth",
                        ("3", "1.5"),
                        "C_min is half of the budget at the critical batch, no third or sixth",
                    ),
                    (
                        "coef * days ** 0.75",
                        "the exponent is Table 6's 0.73, with both of its digits",
                    ),
                    (
                        "coef * (days / 2) ** growth",
                        "the budget is halved twice: half of it is C_min, and no more is taken off",
                    ),
                    *_each(
                        "coef * (2 * days * {}) ** growth",
                        ("0.8", "1 / 1.2", "1 / 1.17"),
                        "that takes off what the batch of GPT-3, or of Kaplan's runs, wastes; at "
                        "the critical batch it is half of the bill",
                    ),
                    *_each(
                        "{} ** 0.88",
                        (
                            "1.6e9 * days",
                            "1.6e9 * (2 * days)",
                            "coef * days",
                            "coef * (2 * days)",
                        ),
                        "0.88 is the exponent before the batch was corrected for; Table 6 has 0.73",
                    ),
                    *_each(
                        "coef * {} ** 0.68",
                        ("days", "(2 * days)"),
                        "0.68 is what the law of steps implies; the rule, Table 6, has 0.73",
                    ),
                    *_each(
                        "coef * {} ** 0.7",
                        ("days", "(2 * days)"),
                        "0.73 was rounded to one digit on the way, and it stands in an exponent",
                    ),
                    *_each(
                        "coef * {}",
                        ("days ** 0.27", "(2 * days) ** 0.27"),
                        "0.27 is how the tokens grow; the size grows as C^0.73",
                    ),
                    *_each(
                        "coef * {}",
                        ("days ** 0.5", "(2 * days) ** 0.5"),
                        "one half would be an even share of size and data; Kaplan's size grows as "
                        "C^0.73",
                    ),
                    *_each(
                        "coef * {}",
                        ("days", "2 * days", "days * growth", "2 * days * growth"),
                        "the growth is a power: the PF-days are raised to 0.73",
                    ),
                    *_each(
                        "{} ** growth",
                        ("days", "(2 * days)", "(coef * days)", "(2 * coef * days)"),
                        "the constant 1.3e9 stands in front of the power: N is 1.3e9 at one PF-day",
                    ),
                    *_each(
                        "{} * days ** growth",
                        ("1.6e9", "2e10"),
                        "1.6e9 belongs to the exponent 0.88, and 2e10 to the tokens; the size has "
                        "1.3e9",
                    ),
                    *_each(
                        "{} / 1e9",
                        ("rule", "whole", "rule * 1e3", "whole * 1e3"),
                        "the size is asked for in parameters; that looks like billions or millions "
                        "of them",
                    ),
                    *_each(
                        "{}",
                        ("515e9", "161e9", "175e9"),
                        "that is a plan for GPT-3's budget, or GPT-3 itself; yours is another",
                    ),
                    *_each(
                        "{}",
                        ("routed", "whole_routed"),
                        "that is the derived route's size; the question asks for that of the "
                        "rule, Table 6",
                    ),
                    *_each(
                        "{}",
                        ("besiroglu", "hoffmann"),
                        "that is the best size by a law of Chinchilla's form; here Kaplan's rule "
                        "is asked",
                    ),
                    (
                        "sqrt(own_budget / 6)",
                        "that splits the budget evenly, one token for each parameter; Kaplan's "
                        "rule does not",
                    ),
                    (
                        "2e6 * days ** 0.24",
                        "that is Table 6's batch; the question asks for the size",
                    ),
                    (
                        "fixed_text",
                        "that is the size that would read GPT-3's 300 billion tokens; asked for is "
                        "the size that the rule gives",
                    ),
                    *_each(
                        "{} * rule",
                        ("10", "0.1", "1e3"),
                        "the digits look right, a power of ten does not: the rule has 1.3e9, and a "
                        "PF-day 8.64e19 FLOPs",
                    ),
                    (
                        "even",
                        "that is 20 tokens a parameter, Chinchilla's rule; here Kaplan's is asked",
                    ),
                    ("own_budget / (6 * rule)", "size and tokens are in each other's place"),
                ),
                generic="the size is not what the rule gives for the C_min of this budget: "
                "work out C_min in PF-days first, then the power",
            ),
            Part(
                name="D",
                truth="own_budget / (6 * N)",
                unit="tokens",
                rtol=0.004,
                mistakes=(
                    ("rule", "size and tokens are in each other's place"),
                    *_ROUGH_DATA.mistakes,
                    *_each(
                        "{}",
                        ("as_gpt3", "a_fifth"),
                        "that is a ratio of tokens to parameters from elsewhere; here the whole "
                        "budget, 6 N D, leaves what it leaves",
                    ),
                    (
                        "own_budget / (12 * N)",
                        "those are the tokens of C_min; at the critical batch the run reads twice "
                        "as many",
                    ),
                    (
                        "own_budget / (3 * N)",
                        "that doubles the whole budget; it is the whole budget that is 6 N D",
                    ),
                    (
                        "20 * N",
                        "20 tokens a parameter is Chinchilla's rule; here the budget leaves what "
                        "it leaves",
                    ),
                    (
                        "coef * days ** 0.27",
                        "1.3e9 belongs to the size; the tokens follow from 6 N D = the budget",
                    ),
                    ("own_budget / N", "each token costs 6 FLOPs a parameter: where is the 6?"),
                    (
                        "own_budget / (8 * N)",
                        "the whole budget is 6 N D, with no 8",
                    ),
                    (
                        "own_budget / (4 * N)",
                        "that is half of the budget at 2 FLOPs a parameter; the whole budget is "
                        "6 N D",
                    ),
                    *_each(
                        "{} * own_budget / (6 * N)",
                        ("10", "0.1", "1e3", "1e-3"),
                        "the digits look right, a power of ten does not: see whether 6 N D is your "
                        "budget",
                    ),
                    (
                        "own_budget / (2 * N)",
                        "2 FLOPs a parameter is the forward pass alone; training costs three times "
                        "that",
                    ),
                    (
                        "table",
                        "that is Table 6's own line for the tokens, whose 2e10 is rounded to one "
                        "digit: take what the whole budget, 6 N D, leaves",
                    ),
                    (
                        "whole_table",
                        "that is Table 6's own line for the tokens, at the whole budget as C_min: "
                        "take what the whole budget, 6 N D, leaves",
                    ),
                    (
                        "text",
                        "that is eq. 6.7, which has twice Table 6's tokens: take what the whole "
                        "budget, 6 N D, leaves",
                    ),
                    (
                        "table / 2",
                        "those are half of Table 6's tokens: take what the whole budget, 6 N D, "
                        "leaves",
                    ),
                    (
                        "own_budget / (6 * whole)",
                        "that goes with the size for the whole budget as C_min",
                    ),
                    (
                        "own_budget / (12 * whole)",
                        "that halves the budget here and not in the size: C_min goes into the "
                        "rule, and the whole budget is 6 N D",
                    ),
                    (
                        "2 * table",
                        "that doubles Table 6's own line for the tokens: take what the whole "
                        "budget, 6 N D, leaves",
                    ),
                    (
                        "6 * N * own_budget",
                        "the size and the 6 divide the budget; they are not multiplied with it",
                    ),
                    (
                        "sqrt(own_budget / 6)",
                        "that splits the budget evenly, one token for each parameter; Kaplan's "
                        "rule does not",
                    ),
                    (
                        "own_budget / (6 * 515e9)",
                        "515 billion is the size for GPT-3's budget; take your own",
                    ),
                    *_each(
                        "own_budget / {} / (6 * N)",
                        ("8.64e19", "1.728e20"),
                        "6 N D is in FLOPs: the budget stays as it is there",
                    ),
                    *_each(
                        "own_budget / (6 * N) / {}",
                        ("1e9", "2e9", "1e6", "2e6", "1e12"),
                        "the tokens are asked for one by one; that looks like millions, billions "
                        "or trillions of them",
                    ),
                    *_each(
                        "own_budget / (6 * N) / {}",
                        ("N", "(2 * N)"),
                        "that is how many tokens there are for each parameter; the question asks "
                        "for all of them",
                    ),
                    *_each(
                        "own_budget / (6 * N) / {}",
                        ("(2e6 * days ** 0.24)", "(2e6 * (2 * days) ** 0.24)", "524288", "3.2e6"),
                        "that divides the tokens by a batch: those are steps",
                    ),
                    *_each(
                        "5.4e3 * {} ** 0.03",
                        ("days", "(2 * days)"),
                        "that is Table 6's line for the steps; the question asks for the tokens",
                    ),
                    (
                        "own_budget / (24 * N)",
                        "the budget is halved twice; the whole of it is 6 N D",
                    ),
                    (
                        "6 * own_budget / N",
                        "the 6 stands on the other side: each parameter and token costs 6 FLOPs",
                    ),
                    (
                        "own_budget / 6",
                        "that is N times D; divide it by the size",
                    ),
                    *_each(
                        "{}",
                        ("300e9", "101e9", "325e9"),
                        "those are the tokens of GPT-3, or of a plan for its budget; yours is "
                        "another",
                    ),
                    *_each(
                        "own_budget / (6 * {})",
                        ("routed", "whole_routed", "besiroglu", "hoffmann"),
                        "those go with another rule's size; take the size of Table 6",
                    ),
                ),
                generic="check backwards: with your size and these tokens 6 N D is not the whole "
                "budget",
            ),
        ),
        bounds=(
            *_each("{} > 0", ("N", "D"), "it is counted, so it is above 0"),
            ("N > 1e6", "that is too few to be parameters: is it in billions, or in PF-days?"),
            ("D > 1e6", "that is too few to be tokens: is it in billions, or a count of steps?"),
            *(
                (
                    f"not near({name}, {right}, 0.04) or near({name}, {right}, 1e-6)",
                    f"that is within four per cent: {words} rounded on the way? Carry four digits",
                )
                for name, right, words in (
                    ("N", "rule", "is the exponent 0.73, and were the PF-days or their power"),
                    # not by what was typed for N: under a far N that would be said as well
                    ("D", "own_budget / (6 * rule)", "is the size that of N, and was it"),
                )
            ),
        ),
        hints=(
            "At the critical batch, how much of what you pay is C_min?",
            "N = 1.3e9 (C_min in PF-days)^0.73, and the whole budget is 6 N D.",
            "C_min is own_budget/2, divided by 8.64e19 for PF-days; in the notebook "
            "`c_min = own_budget / 2`",
        ),
        praise="half of the budget is C_min, and the whole of it is 6 N D",
    ),
    Number(
        id="07-implied-data",
        answer="data_coef",
        given=("meeting",),
        derived={
            "C_c": _COMPUTE.scale,
            "p": _COMPUTE.exponent,
            "D_c": _DATA.scale,
            "q": _DATA.exponent,
            **_ROUGH_COEF.derived,
            "joint_D_c": KAPLAN_2020.D_c,
            "joint_q": KAPLAN_2020.alpha_D,
            "pf_day": PF_DAY,
        },
        truth="D_c * (meeting / C_c) ** (p / q) / meeting ** 0.27",
        unit="tokens",
        rtol=0.009,  # 0.526 for 0.050/0.095, and then three digits
        bounds=(
            ("x > 0", "tokens are counted: the number is above 0"),
            ("x > 1e6", "that is too few to be tokens of a run of one PF-day"),
            (
                f"not near(x, {_MET} / meeting ** 0.27, 0.04) "
                f"or near(x, {_MET} / meeting ** 0.27, 1e-6)",
                "that is within four per cent: perhaps the loss, the tokens there or the growth "
                "was rounded on the way. Carry four digits of each",
            ),
        ),
        mistakes=(
            (
                "D_c * (meeting / C_c) ** (p / q)",
                "those are the tokens at {meeting:g} PF-days; at one PF-day there are fewer, by "
                "the growth C^0.27",
            ),
            (
                "D_c * (meeting / C_c) ** (p / q) / meeting ** 0.26",
                "0.26 is the exponent of eq. 6.7; here the data grow as C^0.27",
            ),
            (
                "D_c * (meeting / C_c) ** (p / q) / meeting ** 0.73",
                "0.73 is how the best size grows; the data grow as C^0.27",
            ),
            (
                "D_c * (meeting / C_c) ** (p / q) * meeting ** 0.27",
                "the data grow towards {meeting:g} PF-days: back to one PF-day you divide",
            ),
            *_ROUGH_COEF.mistakes,
            *_each(
                "D_c * ({0} * meeting / C_c) ** (p / q) / ({0} * meeting) ** 0.27",
                ("10", "0.1"),
                "a power of ten is off in the meeting: it is at {meeting:g} PF-days",
            ),
            *_each(
                "D_c * ({} * meeting / C_c) ** (p / q) / meeting ** 0.27",
                ("10", "0.1"),
                "a power of ten is off in the meeting, or in C_c = 3.1e8: it is at {meeting:g} "
                "PF-days",
            ),
            *_each(
                "D_c * (meeting / C_c) ** {} / meeting ** 0.27",
                ("(q - p)", "(p - q)"),
                "D_c/D is a power 0.050/0.095 of C_c/C: the exponents are divided, not subtracted",
            ),
            *_each(
                "D_c * (meeting / C_c) ** ({} * p / q) / meeting ** 0.27",
                ("10", "0.1"),
                "a zero is lost in an exponent: L(C) has 0.050 and L(D) has 0.095",
            ),
            (
                f"{_MET} / meeting ** (1 / 0.27)",
                "the data grow as C to the 0.27, not to 1/0.27",
            ),
            (
                f"{_MET} / 1e4 ** 0.27",
                "that goes back from the printed 10^4 PF-days; the meeting is at {meeting:g}",
            ),
            (f"{_MET} / meeting ** 0.54", "that goes back along C^0.27 twice"),
            (f"{_MET} * 0.27", "0.27 is the power of the growth, not a factor: C to the 0.27"),
            (
                "D_c / (meeting * C_c) ** (p / q) / meeting ** 0.27",
                "the law of compute has C_c over C; that is their product",
            ),
            (
                f"{_MET} / meeting ** 0.27 / 6",
                "no 6 is needed: the law of data gives tokens, and no FLOPs",
            ),
            (
                "D_c * (meeting / C_c) ** (p / q) / meeting",
                "that lets the data grow as C itself; they grow as C^0.27",
            ),
            *_each(
                "D_c * (meeting / C_c) ** (p / q) / meeting {} 0.27",
                ("*", "/"),
                "the growth is a power: C to the 0.27",
            ),
            (
                "D_c * (1 / C_c) ** (p / q)",
                "that lets the two laws meet at one PF-day; they meet at {meeting:g}, and from "
                "there you go back along C^0.27",
            ),
            (
                "D_c * (meeting / C_c) ** (q / p) / meeting ** 0.27",
                "the exponents are the wrong way up: D_c/D is a power 0.050/0.095 of C_c/C",
            ),
            (
                "D_c * (C_c / meeting) ** (p / q) / meeting ** 0.27",
                "meeting and C_c are upside down: that is more than D_c, and a loss above one nat "
                "needs less data than D_c",
            ),
            (
                "D_c * (meeting / C_c) ** p / meeting ** 0.27",
                "that divides D_c by the loss; L(D) has to be solved for D, with the power 1/0.095",
            ),
            (
                "D_c * (meeting / C_c) ** (p * q) / meeting ** 0.27",
                "L(D) has to be solved for D: the loss is raised to 1/0.095, not to 0.095",
            ),
            (
                "joint_D_c * (meeting / C_c) ** (p / joint_q) / meeting ** 0.27",
                "those are the constants of the joint law L(N, D); the meeting is with L(D) alone",
            ),
            (
                "D_c * (meeting * pf_day / C_c) ** (p / q) / meeting ** 0.27",
                "C_c is in PF-days, and so is the meeting: no FLOPs are needed",
            ),
            (
                "D_c * (meeting * pf_day / C_c) ** (p / q) / (meeting * pf_day) ** 0.27",
                "C_c is in PF-days, and so is the meeting: no FLOPs are needed",
            ),
            (
                "D_c * (meeting / C_c) ** (p / q) / (meeting * pf_day) ** 0.27",
                "the growth is from one PF-day to {meeting:g} of them: no FLOPs are needed",
            ),
            *_each(
                "D_c * (1e4 / C_c) ** (p / q) / {}",
                ("1e4 ** 0.27", "1e4 ** 0.26", "meeting ** 0.27"),
                "that is for the printed 10^4 PF-days, which come second; here the laws meet at "
                "{meeting:g}",
            ),
            *_each(
                "{} / meeting ** 0.27",
                (
                    "joint_D_c * (meeting / C_c) ** (p / q)",
                    "D_c * (meeting / C_c) ** (p / joint_q)",
                    "8.8e13 * (meeting / C_c) ** (p / q)",
                    "6.4e13 * (meeting / C_c) ** (p / q)",
                    "6.5e13 * (meeting / C_c) ** (p / q)",
                    "D_c * (meeting / C_c) ** (p / 0.076)",
                    "D_c * (meeting / C_c) ** (p / 0.077)",
                ),
                "one constant is of another law: the law of data alone has 5.4e13 tokens and 0.095",
            ),
            *_each(
                "D_c * (meeting / C_c) ** ({} / q) / meeting ** 0.27",
                ("0.054", "0.052", "0.0525"),
                "0.054 and 0.052 are the derived exponents of compute; this law has 0.050",
            ),
            *_each(
                "D_c * {} / meeting ** 0.27",
                (
                    "(meeting / 1.6e7) ** (0.057 / q)",
                    "(meeting / 1.6e7) ** (p / q)",
                    *(f"(meeting / C_c) ** ({power} / q)" for power in ("0.057", "0.076", "0.077")),
                ),
                "a constant is of another law: the law of compute has 3.1e8 PF-days and 0.050",
            ),
            *_each(
                "D_c * (meeting / C_c) ** {} / meeting ** 0.27",
                ("0.5", "0.53"),
                "0.050/0.095 is 0.526; rounded to fewer digits it moves the tokens by some per "
                "cent or more",
            ),
            *_each(
                "D_c * (meeting / C_c) ** (p / q) / meeting ** {}",
                ("0.3", "0.24", "0.03", "0.25", "0.37"),
                "the tokens grow as C^0.27: steps, batch, a rounded 0.27 and the growth with N "
                "have other exponents",
            ),
            *_each(
                "{} * D_c * (meeting / C_c) ** (p / q) / meeting ** 0.27",
                ("0.5", "2"),
                "no factor 2 is needed: both laws are told without the critical batch, and L(C) "
                "is of C_min already",
            ),
            *(
                (
                    f"D_c * ({m} / C_c) ** (p / q) / {growth} ** 0.27",
                    "the meeting is at {meeting:g} PF-days of C_min already: nothing is halved or "
                    "doubled",
                )
                for m in ("(meeting / 2)", "(2 * meeting)")
                for growth in (m, "meeting")
            ),
            *_each(
                "{} * D_c * (meeting / C_c) ** (p / q) / meeting ** 0.27",
                ("0.1", "10"),
                "a power of ten is lost or too many: D_c = 5.4e13, C_c = 3.1e8",
            ),
            *_each(
                "{} * D_c * (meeting / C_c) ** (p / q) / meeting ** 0.27",
                ("1e-9", "1e-6", "1e-12"),
                "the tokens are asked for one by one; that looks like millions, billions or "
                "trillions of them",
            ),
            *_each(
                "D_c * meeting / C_c / {}",
                ("meeting ** 0.27", "1"),
                "both exponents are gone: L(C) has 0.050 and L(D) 0.095",
            ),
            (
                "D_c * (meeting / C_c) ** (1 / q) / meeting ** 0.27",
                "L(C) is a power 0.050 of C_c/C: that exponent is gone",
            ),
            *_each(
                "D_c / {}",
                ("meeting ** 0.27", "C_c ** 0.27"),
                "the law of compute is not in it: which loss do the two share?",
            ),
            *_each(
                "{}",
                ("1.11e10", "2.22e10", "1.08e10"),
                "that is what the page had from 6 N D at one PF-day; here the two laws of the loss "
                "are to meet",
            ),
            *_each(
                "{}",
                ("2.5e11", "8.1e11", "1e12"),
                "those are tokens at a meeting of the page's table, or the printed ones; asked for "
                "are those at one PF-day",
            ),
            (
                "(C_c / meeting) ** p",
                "that is the loss where they meet; ask L(D) which amount of data has it",
            ),
            ("2e10", "that is Table 6's constant; here the laws meet at {meeting:g} PF-days"),
            ("4e10", "that is eq. 6.7's constant; here the laws meet at {meeting:g} PF-days"),
        ),
        generic="with that many tokens at one PF-day the two laws do not meet at {meeting:g} "
        "PF-days: work out first which loss, and how much data, they share there",
        hints=(
            "At the meeting point both laws promise the same loss: which amount of data has it?",
            "(C_c/C)^0.050 = (D_c/D)^0.095, and D = data_coef * C^0.27.",
            "The tokens at the meeting are D_c over the loss to the power 1/0.095; in a notebook "
            "`tokens = KAPLAN_2020.data.scale / KAPLAN_2020.compute.loss(meeting) ** (1 / ...)`",
        ),
        praise="with that much data at one PF-day the two laws meet where they should",
    ),
    Several(
        id="07-allocation-exponents",
        answer="own_exponents",
        given=("own_alpha_N", "own_alpha_S", "own_alpha_B"),
        derived={
            "even_size": _even("size", 0.5),
            "even_steps": _even("steps", 0.25),
            **{
                f"kaplans_{word}": _beside_share(
                    word, lambda alpha, total, one=one: 1 / one / total
                )
                for word, one in _KAPLANS.items()
            },
            **{
                f"rest_{word}": _beside_share(word, lambda alpha, total: 1 - alpha)
                for word in _KAPLANS
            },
            **{name: rule for one in _ROUGH_SHARES.values() for name, rule in one.derived.items()},
            "old_alpha_C": _beside_alpha_N(lambda N, S, B: 1 / (1 / N + 1 / S + 1 / B)),
            "share_of_old": _beside_alpha_N(lambda N, S, B: 0.73 * N),
            "old_by_share": _beside_alpha_N(lambda N, S, B: N / 0.73),
        },
        parts=(
            _share(
                "size",
                ("batch", "steps"),
                "batch and steps together, so the tokens",
                ("0.73", "0.68"),
            ),
            _share("batch", ("size", "steps"), "size and steps together", ("0.24",)),
            _share("steps", ("size", "batch"), "size and batch together", ("0.03", "0.07")),
            Part(
                name="alpha_N",
                truth=f"0.27 / (0.73 * {_REST})",
                mistakes=(
                    (
                        f"0.73 / 0.27 * {_REST}",
                        "that is 1/alpha_N: invert it",
                    ),
                    (
                        f"0.73 / (0.27 * {_REST})",
                        "the odds are upside down: the size gets 0.73 of the sum, the "
                        "other two get the rest",
                    ),
                    (
                        f"1 / (0.73 * {_REST})",
                        "0.73 is a share of all three, the new 1/alpha_N among them",
                    ),
                    (
                        f"1 / {_REST}",
                        "with that one the size would have one half; it should have 0.73",
                    ),
                    (
                        f"1 / own_alpha_N / {_SUM} / 0.73 * own_alpha_N",
                        "that keeps the sum as it was; a new alpha_N changes the sum too",
                    ),
                    (
                        f"0.73 * own_alpha_N / (1 / own_alpha_N / {_SUM})",
                        "the share falls as alpha_N grows, and a new alpha_N changes the sum too",
                    ),
                    (
                        "0.27 / 0.73 * (own_alpha_S + own_alpha_B)",
                        "it is the reciprocals that are shares of the sum",
                    ),
                    (
                        "0.73 / 0.27 * (own_alpha_S + own_alpha_B)",
                        "it is the reciprocals that are shares of the sum; and the rest stands "
                        "over 0.73",
                    ),
                    (
                        "old_alpha_C",
                        "that is alpha_C with their own alpha_N; asked for is the new alpha_N",
                    ),
                    *_each(
                        "{}",
                        ("share_of_old", "old_by_share"),
                        "0.73 is a share of the sum of the reciprocals; it is no factor of the old "
                        "alpha_N",
                    ),
                    *_each(
                        "{}",
                        ("1 - 0.73", "0.73"),
                        "that is a share of the compute; alpha_N is the exponent of the loss that "
                        "gives the size 0.73",
                    ),
                    (
                        "0.27 / 0.73 * own_alpha_B",
                        "the steps belong to the sum too: all three grow with compute",
                    ),
                    (
                        "0.27 / 0.73 * own_alpha_S",
                        "the batch belongs to the sum too: all three grow with compute",
                    ),
                    ("own_alpha_N", "that is their own; with it the size does not get 0.73"),
                    *_each(
                        "{}",
                        ("0.077", "0.076"),
                        "that is Kaplan's own alpha_N; with your two others it is another",
                    ),
                    (
                        f"0.73 / {_SUM}",
                        "that multiplies the old alpha_C by 0.73; a new alpha_N changes alpha_C "
                        "too, and the share is alpha_C over alpha_N",
                    ),
                    (
                        f"0.54 / (0.73 * {_REST})",
                        "that takes the mean of the two other reciprocals: it is their sum that is "
                        "to be the rest of the whole",
                    ),
                    *_each(
                        "{} / " + _REST,
                        ("0.27", "0.73"),
                        "one share over the sum of the two others is not yet alpha_N: the odds of "
                        "the rest against 0.73 go on top",
                    ),
                    *_each(
                        f"{{}} * 0.27 / (0.73 * {_REST})",
                        ("100", "10", "0.1"),
                        "the digits look right, the point does not: an exponent is no percentage",
                    ),
                    *_each(
                        f"0.27 / (0.73 * {_REST}) {{}} own_alpha_N",
                        ("-", "+", "/"),
                        "the question asks for the new alpha_N itself, not by how much or how "
                        "many times it differs from the old",
                    ),
                    *_each(
                        f"(1 / {{}} - 1) / {_REST}",
                        ("0.68", "0.7", "0.24", "0.27"),
                        "that gives the size another share than the 0.73 that is asked for",
                    ),
                    (
                        f"0.27 / 0.73 * {_REST}",
                        "the new 1/alpha_N has the larger share, 0.73; and it is to be turned "
                        "round",
                    ),
                    ("0.061", "that is what Kaplan's two others ask for; yours are different"),
                    *_each(
                        "{} / 0.73",
                        ("0.05", "0.052", "0.0524", "0.054"),
                        "0.050 to 0.054 are Kaplan's exponents of compute; yours is another",
                    ),
                ),
                generic="check it backwards: with your two others the size does not get 0.73",
            ),
        ),
        bounds=(
            *_each(
                "{} > 0",
                ("size", "batch", "steps", "alpha_N"),
                "all three grow with the budget: the exponents are above 0",
            ),
            *_each(
                "{} < 1",
                ("size", "batch", "steps"),
                "each is a share of the whole: the three add up to 1",
            ),
            *(
                (
                    f"not near({name}, {right}, {share}) or near({name}, {right}, 1e-6)",
                    f"that is within {said} per cent: are all three alphas yours, and was a "
                    "reciprocal or their sum rounded on the way? Carry four digits of each",
                )
                for name, right, share, said in (
                    *(
                        (name, f"1 / own_alpha_{letter} / {_SUM}", 0.04, "four")
                        for name, letter in _WORDS.items()
                    ),
                    ("alpha_N", f"0.27 / (0.73 * {_REST})", 0.06, "six"),
                )
            ),
        ),
        hints=(
            "How does each of size, batch and steps grow as the loss falls?",
            "C grows as (1/loss)^(1/alpha_N + 1/alpha_S + 1/alpha_B); an exponent in C is a share "
            "of that sum. For 0.73 the new 1/alpha_N is 0.73/(1 - 0.73) times the other two "
            "together.",
            "`alpha_C = 1 / (1 / own_alpha_N + ...)`",
        ),
        praise="three shares of one budget, which add up to 1; and the one exponent that would "
        "give the size 0.73",
    ),
)

QUESTIONS = (
    Question(
        id="07-beyond-critical",
        prompt="A run uses ten times its critical batch. You double the batch once more. What "
        "changes?",
        options=(
            Option(
                "The run takes half as many steps.",
                why="Well below the critical batch that is so. At ten times it, 91 % of the steps "
                "are the fewest possible already, and no batch takes those away.",
                key="a",
            ),
            Option(
                "It takes hardly fewer steps and reads nearly twice the tokens.",
                right=True,
                why="Steps go from 1.1 to 1.05 times the fewest, tokens from 11 to 21 times the "
                "fewest.",
                key="b",
            ),
            Option(
                "Nothing: steps and tokens both stay as they are.",
                why="The steps nearly stay, but each reads twice as many tokens, and every one of "
                "them is paid for.",
                key="c",
            ),
            Option(
                "It reads half as many tokens.",
                why="A larger batch saves steps, not tokens. Tokens are batch times steps, and the "
                "steps hardly fall.",
                key="d",
            ),
        ),
    ),
    Question(
        id="07-fixed-compute",
        prompt="The compute is fixed. You want a larger model, fewer steps and more data. What can "
        "you have?",
        options=(
            Option(
                "A larger model and fewer steps; the data must shrink.",
                right=True,
                why="`C = 6 N D` fixes `D` once `N` is chosen. The steps are `D` over the batch, "
                "so they can fall.",
                key="b",
            ),
            Option(
                "All three: a larger model learns more from every token.",
                why="It may, but it pays for each of them: `C = 6 N D`. With `C` fixed, twice the "
                "size leaves half the tokens, "
                "however well they are used.",
                key="a",
            ),
            Option(
                "A larger model and more data, if the batch is large enough.",
                why="The batch divides the tokens into steps. It does not make any token cheaper.",
                key="c",
            ),
        ),
    ),
    Question(
        id="07-rounding",
        prompt="A paper prints 0.054. You recompute it from three constants that it prints too, "
        "and get 0.0525. "
        "What would settle whether rounding is to blame?",
        options=(
            Option(
                "Nothing: 0.054 and 0.0525 differ by 3 %, and that is always rounding.",
                why="How far rounding reaches depends on how the constants enter. It can be "
                "computed, and then one knows.",
                key="a",
            ),
            Option(
                "Repeat the training runs.",
                why="That would test whether the law is true. The question is whether the paper's "
                "numbers fit each other, and for that "
                "the paper is enough.",
                key="c",
            ),
            Option(
                "Move every constant to the ends of what rounds to its printed digits, and see "
                "whether 0.0535 is reached.",
                right=True,
                why="The extremes of the result bound what rounding can do. A printed value "
                "outside them had other inputs.",
                key="b",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="07-ten-times",
        unit="times",
        lo=1,
        hi=10,
        prompt="You get ten times the compute for your next model. How many times larger do you "
        "make it?",
        truth=5.37,
        says="Kaplan's rule says 5.37 times. A later study found an even share best, about 3.2.",
    ),
    Prediction(
        id="07-sixteen-times",
        unit="times",
        lo=1,
        hi=16,
        prompt="A small network is trained with a batch of 256 tokens until its loss is 2.1, "
        "then again with 4,096, each at its best learning rate. The second batch is 16 times as "
        "large. How many times fewer steps does it take?",
        truth=6.4,
        says="The runs say 6.4 times: sixteen times the batch is worth less than half of that.",
    ),
    Prediction(
        id="07-ten-batch",
        unit="steps",
        lo=1,
        hi=46410,
        prompt="By Kaplan's law of steps (section 7.4) their largest model reaches 2.6 nats in "
        "46,410 steps of 524,288 tokens. How many steps does it need with ten times the batch?",
        truth=12944,
        says="The law says 12,944 steps: 3.6 times fewer, for 2.8 times the tokens.",
    ),
)
