"""Chapter 16: what students may see of the judging, and a simulated laboratory with experts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .. import Part, Prediction, Several
from ..slips import apart, early

# ---- a laboratory with experts ------------------------------------------------------------------


def crossing_study(seed: int) -> pd.DataFrame:
    """Simulated runs with experts: `ratio`, tokens per active parameter, and `times`.

    times is how many times fewer tokens than a plain model of the same active parameters they need
    for the same loss; below 1, experts are worse. Eight runs with little noise, rounded as the page
    prints them.
    """
    rng = np.random.default_rng(seed)
    slope, crossing = rng.uniform(0.18, 0.4), rng.uniform(15, 60)
    ratio = np.array([float(f"{x:.3g}") for x in np.geomspace(4, 400, 8)])
    times = (ratio / crossing) ** slope * np.exp(rng.normal(0, 0.03, len(ratio)))
    return pd.DataFrame({"ratio": ratio, "times": np.round(times, 4)})


def _printed(seed):
    table = crossing_study(seed)
    return {"runs": {"ratio": table.ratio, "times": table.times}}


def _far(wrong, right):
    """nan where it is about right."""
    return np.nan if abs(wrong / right - 1) < 0.05 else wrong


def _clear(wrong, right, rtol):
    """nan where it is so near the right answer that it tells nothing, also with two digits."""
    near = [abs(_digits(wrong, n) - right) < 2 * rtol * abs(right) for n in (2, 3, 4)]
    return np.nan if abs(wrong / right - 1) < max(0.02, 2 * rtol) or any(near) else wrong


def _digits(value, digits):
    """As it is written with so many digits."""
    return float(f"{value:.{digits}g}")


def _lines(data) -> dict[str, float]:
    """The line in logs, and hasty readings."""
    ratio, times = data["runs"]["ratio"], data["runs"]["times"]
    ratio, times = np.asarray(ratio, float), np.asarray(times, float)
    growth, constant = np.polyfit(np.log(ratio), np.log(times), 1)
    plain_slope, plain_constant = np.polyfit(ratio, times, 1)
    half_slope, half_constant = np.polyfit(np.log(ratio), times, 1)
    semi_slope, semi_constant = np.polyfit(ratio, np.log(times), 1)
    above = int(np.argmax(times > 1))
    ends = np.log(times[-1] / times[0]) / np.log(ratio[-1] / ratio[0])
    slopes = {
        "last_two": np.log(times[-1] / times[-2]) / np.log(ratio[-1] / ratio[-2]),
        "first_two": np.log(times[1] / times[0]) / np.log(ratio[1] / ratio[0]),
        "quotients": np.mean(np.log(times) / np.log(ratio)),
        "of_this_page": 0.35,
        "through_origin": np.log(ratio) @ np.log(times) / (np.log(ratio) @ np.log(ratio)),
        "without_last": np.polyfit(np.log(ratio[:-1]), np.log(times[:-1]), 1)[0],
        "without_first": np.polyfit(np.log(ratio[1:]), np.log(times[1:]), 1)[0],
        "first_half": np.polyfit(np.log(ratio[:4]), np.log(times[:4]), 1)[0],
        "last_half": np.polyfit(np.log(ratio[4:]), np.log(times[4:]), 1)[0],
        "middle_two": np.log(times[4] / times[3]) / np.log(ratio[4] / ratio[3]),
        "semi_slope": semi_slope,
        "for_a_doubling": 2**growth,
        "crossing_as_growth": np.exp(-constant / growth),
    }
    crossing = np.exp(-constant / growth)
    two = slice(above - 1, above + 1)  # the runs on both sides of 1
    crossings = {
        "crossing_here": 19.0,
        "by_two": np.exp(np.interp(0, np.log(times[two]), np.log(ratio[two]))),
        "by_two_plain": np.interp(1, times[two], ratio[two]),
        "semi_crossing": -semi_constant / semi_slope,
    }
    return {
        "growth_of_line": growth,
        "constant": constant,
        "plain_slope": plain_slope,
        "plain_crossing": (1 - plain_constant) / plain_slope,
        "half_slope": half_slope,
        "half_crossing": np.exp((1 - half_constant) / half_slope),
        "first_above": ratio[above],
        "last_below": ratio[above - 1],
        "between": np.sqrt(ratio[above] * ratio[above - 1]),
        "mean_of_two": _far((ratio[above] + ratio[above - 1]) / 2, np.exp(-constant / growth)),
        "by_ends": ends,
        **{name: _clear(wrong, growth, 0.01) for name, wrong in slopes.items()},
        **{name: _clear(wrong, crossing, 0.02) for name, wrong in crossings.items()},
        "turned": np.polyfit(np.log(times), np.log(ratio), 1)[0],
        "rise": times[-1] / times[0],
    }


_READINGS = (
    *("growth_of_line", "constant", "plain_slope", "plain_crossing", "half_slope"),
    *("half_crossing", "first_above", "last_below", "between", "by_ends", "turned", "rise"),
    *("mean_of_two", "last_two", "quotients", "of_this_page", "crossing_here"),
    *("semi_slope", "semi_crossing", "for_a_doubling", "crossing_as_growth"),
    *("first_two", "by_two", "by_two_plain"),
)


def _of_runs(name):
    return lambda seed, data: _lines(data)[name]


_GROWTH_SLIPS = apart(
    "growth",
    "growth_of_line",
    (
        ("through_origin", "that line goes through the origin; a line has a constant as well"),
        ("0.29", "that is the power of this page's runs; fit the eight here"),
        ("without_last", "that leaves out the last run: use all eight"),
        ("without_first", "that leaves out the first run: use all eight"),
        ("exp(constant)", "that is the multiplier where the ratio is 1; take the slope"),
        ("first_half", "that uses the first four runs alone: use all eight"),
        ("last_half", "that uses the last four runs alone: use all eight"),
        ("middle_two", "that uses the two runs in the middle alone: use all eight"),
    ),
    named={
        name: _of_runs(name)
        for name in (
            *("growth_of_line", "constant", "through_origin"),
            *("without_last", "without_first", "first_half", "last_half", "middle_two"),
        )
    },
)
_CROSSING_SLIPS = apart(
    "crossing",
    "exp(-constant / growth_of_line)",
    (("39", "that is where this page's runs cross; fit the eight here"),),
    named={name: _of_runs(name) for name in ("growth_of_line", "constant")},
)


def _crossing_by_hand(keep, seed, data):
    line = _lines(data)
    return np.exp(-keep("constant", line["constant"]) / keep("growth", line["growth_of_line"]))


_ROUGH_GROWTH = early("crossing", _crossing_by_hand, {"growth": "was the growth"}, rtol=0.01)
_ROUGH_LINE = early(
    "crossing_line",
    _crossing_by_hand,
    {"growth": "was the growth", "constant": "was the line's constant"},
    rtol=0.01,
    least=2,
)


def _by_cost(worth, student_flops, teacher_flops, student_training, teacher_training):
    """The teacher's training over what one student costs."""
    own = teacher_flops / (3 * student_flops)
    runs = teacher_training / student_training
    return _far(runs / (1 + own), runs / (worth - 1 - own))


def _by_tokens(worth, student_flops, teacher_flops, student_training, teacher_training):
    """The teacher's tokens over those of one student."""
    runs = teacher_training / student_training
    right = runs / (worth - 1 - teacher_flops / (3 * student_flops))
    return _clear(runs * student_flops / teacher_flops, right, 0.005)


def _over_passes(worth, student_flops, teacher_flops, student_training, teacher_training):
    """What is saved over the teacher's passes."""
    own = teacher_flops / (3 * student_flops)
    return _clear((worth - 1) / own, worth / (1 + own), 0.003)


def _of_round_net(worth, student_flops, teacher_flops, student_training, teacher_training):
    """Students, from a net gain of two digits."""
    own, runs = teacher_flops / (3 * student_flops), teacher_training / student_training
    net = _digits(worth / (1 + own), 2)
    return _clear(runs / (worth - worth / net), runs / (worth - 1 - own), 0.005)


def _of_round_own(worth, student_flops, teacher_flops, student_training, teacher_training):
    """Net and students, from a teacher's share of one digit."""
    own, runs = teacher_flops / (3 * student_flops), teacher_training / student_training
    short = _digits(own, 1)
    return (
        _clear(worth / (1 + short), worth / (1 + own), 0.003),
        _clear(runs / (worth - 1 - short), runs / (worth - 1 - own), 0.005),
    )


def _changed_places(worth, student_flops, teacher_flops, student_training, teacher_training):
    """Net and students in each other's field."""
    own, runs = teacher_flops / (3 * student_flops), teacher_training / student_training
    net, students = worth / (1 + own), runs / (worth - 1 - own)
    return _clear(students, net, 0.005), _clear(net, students, 0.005)


def _of_round_share(worth, student_flops, teacher_flops, student_training, teacher_training):
    """Students, from what one saves with one digit."""
    saved, runs = (
        worth - 1 - teacher_flops / (3 * student_flops),
        teacher_training / student_training,
    )
    return _clear(runs / _digits(saved, 1), runs / saved, 0.005)


_OWN = "teacher_flops / (3 * student_flops)"
_NET_SLIPS = apart(
    "net",
    f"worth / (1 + {_OWN})",
    (
        (f"1 + worth / (1 + {_OWN})", "the factor is whole already: no 1 is added to it"),
        ("worth / (1 + 1 / 3)", "that is a third of the student; it is a third of the teacher"),
        (
            "worth * student_flops / teacher_flops",
            "a token costs 1, and a third of the teacher's FLOPs over the student's",
        ),
        (
            "worth / (1 + student_flops / teacher_flops)",
            "teacher over student, not student over teacher; and a forward pass is a third",
        ),
        (
            "worth / (1 + teacher_training / (3 * student_training))",
            "that is a third of the whole trainings: take the FLOPs a token of both",
        ),
        (
            f"worth / (1 + {_OWN} + 1 / 3)",
            "the student's forward pass is a part of its training: the 1 has it already",
        ),
        (f"worth * {_OWN}", "the teacher's share is a cost: divide the worth by 1 + share"),
        (
            f"(worth - 1) / (1 + {_OWN})",
            "the two bills are worth and 1 + share: no 1 is taken off the worth",
        ),
    ),
)
_STUDENTS_SLIPS = apart(
    "students",
    f"teacher_training / (student_training * (worth - 1 - {_OWN}))",
    (
        (
            f"teacher_training / (student_training * worth * (worth - 1 - {_OWN}))",
            "the saving counts runs with the teacher, student_training each: worth is in it",
        ),
        (
            "teacher_training / (student_training * (worth - 1 - 1 / 3))",
            "that is a third of the student; it is a third of the teacher",
        ),
        (
            "teacher_training / (student_training * (1 - 1 / worth))",
            "the passes are missing; and hard labels take worth times student_training",
        ),
        (
            f"teacher_training / (student_training * {_OWN})",
            "that divides by the teacher's passes; divide by what one student saves",
        ),
        (
            f"teacher_flops / (student_flops * (worth - 1 - {_OWN}))",
            "those are FLOPs a token; compare the two trainings",
        ),
        (
            f"teacher_training / (student_training * (worth - 1 + {_OWN}))",
            "the passes are paid for: they come off what one student saves",
        ),
        *(
            (f"teacher_training / (student_training * abs(worth - 1 - {share}))", words)
            for share, words in (
                ("teacher_flops / student_flops", "a forward pass is a third of training"),
                (
                    "teacher_training / (3 * student_training)",
                    "the share is of FLOPs a token, not of the whole trainings",
                ),
                (
                    "student_flops / teacher_flops",
                    "teacher over student, not student over teacher; and a forward pass is a third",
                ),
            )
        ),
        (
            f"teacher_training / (student_training * (worth - 1 / 3 - {_OWN}))",
            "the student's own training counts whole: 1, not a third",
        ),
        (
            f"teacher_training * (worth - 1 - {_OWN}) / student_training",
            "divide by what one student saves; that multiplies by it",
        ),
        *(
            (
                f"{by} * teacher_training / (student_training * (worth - 1 - {_OWN}))",
                "the teacher's training counts whole; the third is for its passes alone",
            )
            for by in ("3", "1 / 3")
        ),
        (
            f"teacher_training / (student_training * (worth - 1 - {_OWN})) - 1",
            "keep the fraction, or you counted one student too few",
        ),
        (
            f"teacher_training * (1 + {_OWN}) / (student_training * (worth - 1))",
            "1 + share is taken off the worth, not divided by",
        ),
        (
            f"teacher_training / (student_training * worth * (worth / (1 + {_OWN}) - 1))",
            "the net gain less 1 counts in what a student costs, 1 + share: not in worth",
        ),
        (
            f"teacher_training * worth / (student_training * (1 + {_OWN}))",
            "that divides by a cost, 1 + share over worth; how much does a student save?",
        ),
    ),
)


def _this_page(B, beta, extra_4, measured_at, g_D, bits):
    """The turning point with this page's 3.91 in place of 4."""
    power = 1 / (beta + g_D)
    right = (beta * B * measured_at**g_D / (g_D * extra_4 * 4 ** (4 - bits))) ** power
    return _clear(right * (4 / 3.91) ** ((4 - bits) * power), right, 0.01)


def _extra_of_this_page(B, beta, extra_4, measured_at, g_D, bits):
    """The extra loss at measured_at with this page's 3.91, where it is told from that with 4."""
    there = extra_4 * 4 ** (4 - bits)
    turned = (beta * B / (g_D * there * measured_at**beta)) ** (1 / (beta + g_D))
    by_page = (3.91 / 4) ** (4 - bits)
    right = there * turned**g_D
    return np.nan if np.isnan(_clear(right * by_page, right, 0.01)) else there * by_page


def _plain_power(B, beta, extra_4, measured_at, g_D, bits):
    """The extra loss carried to the turning point by the power of the plain loss."""
    there = extra_4 * 4 ** (4 - bits)
    slopes = beta * B / (g_D * there * measured_at**beta)
    turned = slopes ** (1 / (beta + g_D))
    return _clear(there * turned**beta, there * turned**g_D, 0.01)


_SAVED = f"(worth - 1 - {_OWN})"
_POWER = "(1 / (beta + g_D))"
_PER_BIT = "4 ** (4 - bits)"
_TURN = f"(beta * B * measured_at ** g_D / (g_D * extra_4 * {_PER_BIT})) ** {_POWER}"
_TURN_AT_4 = f"(beta * B * measured_at ** g_D / (g_D * extra_4)) ** {_POWER}"
_EQUAL = (  # how much larger the extra loss is where it equals the plain one
    f"((B * measured_at ** g_D / (extra_4 * {_PER_BIT})) ** {_POWER} / measured_at) ** g_D"
)
_EXTRA = f"extra_4 * {_PER_BIT} * (turning / measured_at) ** g_D"

_TURN_SLIPS = apart(
    "turning",
    _TURN,
    (
        (
            f"(beta * B * measured_at ** 0.56 / (0.56 * extra_4 * {_PER_BIT})) "
            "** (1 / (beta + 0.56))",
            "0.56 is the g_D of this page's runs: take yours",
        ),
        (
            f"(beta * B * measured_at / (g_D * extra_4 * {_PER_BIT})) ** {_POWER}",
            "measured_at stands under the power g_D as well",
        ),
        *(
            (
                f"({inside} / {extra}) ** (1 / (1 + beta))",
                "the extra loss grows as a power g_D of the tokens, not as the tokens",
            )
            for inside, extra in (
                ("beta * B * measured_at ** g_D", f"(g_D * extra_4 * {_PER_BIT})"),
                ("beta * B * measured_at", f"(extra_4 * {_PER_BIT})"),
            )
        ),
        (
            f"(beta * B / (g_D * extra_4)) ** {_POWER}",
            "that is for 4 bits, and as if measured after one token: take both in",
        ),
        (
            f"measured_at ** 2 / ({_TURN})",
            "the ratio of the tokens to measured_at stands upside down",
        ),
    ),
)
_EXTRA_SLIPS = apart(
    "extra",
    f"extra_4 * {_PER_BIT} * (({_TURN}) / measured_at) ** g_D",
    (
        (
            f"extra_4 * {_PER_BIT} * (({_TURN}) / measured_at) ** -beta",
            "beta belongs to the plain loss; the extra one grows as D^g_D",
        ),
        (
            f"g_D * extra_4 * {_PER_BIT}",
            "g_D is a power of the tokens, not a factor; and take the turning point",
        ),
        (
            f"extra_4 * {_PER_BIT} * (({_TURN_AT_4}) / measured_at) ** g_D",
            "that is at the turning point of 4 bits; take that of your bits",
        ),
        (
            "beta / (beta + g_D)",
            "that is its share of the loss above the floor; asked for are nats",
        ),
        ("beta / g_D", "that is the extra loss over the plain one: multiply by the plain one"),
    ),
)


def _turning_by_hand(keep, B, beta, extra_4, measured_at, g_D, bits):
    extra = g_D * keep("extra", extra_4 * 4 ** (4 - bits))
    return (beta * B * measured_at**g_D / extra) ** keep("root", 1 / keep("sum", beta + g_D))


_ROUGH_TURN = early(
    "turning",
    _turning_by_hand,
    {
        "extra": "was the extra loss at your bits",
        "root": "was 1 / (beta + g_D)",
        "sum": "was beta + g_D",
    },
    rtol=0.01,
    least=2,
)


def _turning_by_exponents(keep, B, beta, extra_4, measured_at, g_D, bits):
    beta, g_D = keep("beta", beta), keep("g_D", g_D)
    extra = g_D * extra_4 * 4 ** (4 - bits)
    return (beta * B * measured_at**g_D / extra) ** (1 / (beta + g_D))


_ROUGH_EXPONENTS = early(
    "turning_exponents",
    _turning_by_exponents,
    {
        "beta": "was beta rounded? Take all its digits",
        "g_D": "was g_D rounded? Take all its digits",
    },
    rtol=0.01,
)

EXERCISES = (
    Several(
        id="16-teacher-pays",
        answer="bill",
        given=("worth", "student_flops", "teacher_flops", "student_training", "teacher_training"),
        derived={
            "by_cost": _by_cost,
            "by_tokens": _by_tokens,
            "over_passes": _over_passes,
            "of_round_net": _of_round_net,
            "net_of_round_own": lambda **given: _of_round_own(**given)[0],
            "students_of_round_own": lambda **given: _of_round_own(**given)[1],
            "students_as_net": lambda **given: _changed_places(**given)[0],
            "net_as_students": lambda **given: _changed_places(**given)[1],
            "of_round_share": _of_round_share,
            **_NET_SLIPS.derived,
            **_STUDENTS_SLIPS.derived,
        },
        parts=(
            Part(
                name="net",
                truth=f"worth / (1 + {_OWN})",
                unit="times",
                rtol=0.003,
                mistakes=(
                    (
                        "worth / (1 + teacher_flops / student_flops)",
                        "the teacher is not trained here: a forward pass is a third of training",
                    ),
                    (
                        "worth - teacher_flops / (3 * student_flops)",
                        "the teacher's share multiplies what each token costs: divide",
                    ),
                    (
                        "worth - 1 - teacher_flops / (3 * student_flops)",
                        "that is what is left over, in runs of the student; asked for is a factor",
                    ),
                    (
                        "worth / (teacher_flops / (3 * student_flops))",
                        "the student's own training has to be paid as well: 1 plus the teacher's",
                    ),
                    (
                        "students_as_net",
                        "that is the number of students: have the two changed places?",
                    ),
                    (
                        "net_of_round_own",
                        "the teacher's share was rounded too early: carry four digits",
                    ),
                    ("worth", "that is in tokens; each token now costs the teacher's pass as well"),
                    (
                        f"1 + {_OWN}",
                        "that is what a token costs with the teacher; how much does it bring?",
                    ),
                    (f"(1 + {_OWN}) / worth", "the ratio stands upside down"),
                    (
                        f"worth / (1 + worth * {_OWN})",
                        "the teacher reads the student's tokens, not worth times as many",
                    ),
                    (
                        "over_passes",
                        "that is what is saved over the teacher's passes; compare the two bills",
                    ),
                    (
                        "worth / (1 + teacher_flops / (6 * student_flops))",
                        "a forward pass is a third of training, not a sixth",
                    ),
                    *(
                        (
                            f"{by}(worth / (1 + {_OWN}) - 1)",
                            "that is only what is above 1; asked for is the whole factor",
                        )
                        for by in ("", "100 * ")
                    ),
                    (
                        "worth / (1 + student_flops / (3 * teacher_flops))",
                        "teacher and student have changed places in the teacher's share",
                    ),
                    (
                        f"worth * (1 + {_OWN})",
                        "a cost makes the gain smaller: divide by it",
                    ),
                    (
                        "worth / (1 + 3 * teacher_flops / student_flops)",
                        "a forward pass is a third of training, not three times as much",
                    ),
                    (
                        "worth / (1 + 2 * teacher_flops / (3 * student_flops))",
                        "two thirds are the backward pass, which the teacher does not need",
                    ),
                    (
                        "worth / (1 + teacher_training / student_training)",
                        "that puts the teacher's training on one student: only its passes here",
                    ),
                    (
                        f"worth / (1 + {_OWN} + teacher_training / student_training)",
                        "the teacher is trained already: only its forward passes count here",
                    ),
                    (
                        "worth / (1 + teacher_flops / (2 * student_flops))",
                        "a forward pass is a third of training, not a half",
                    ),
                    (_OWN, "that is the teacher's share of a token; the token itself costs 1 more"),
                    *(
                        (
                            f"{by}(1 - (1 + {_OWN}) / worth)",
                            "that is the share of the compute that is saved; asked for is a factor",
                        )
                        for by in ("", "100 * ")
                    ),
                    (f"100 * worth / (1 + {_OWN})", "that is in per cent; asked for is a factor"),
                    *(
                        (
                            f"worth / (1 + {by} * {_OWN})",
                            "a power of ten is off: go through those of the two FLOPs",
                        )
                        for by in (0.1, 10)
                    ),
                    *_NET_SLIPS.mistakes,
                ),
                generic="divide the worth by what a token costs with the teacher: 1, and a third "
                "of the teacher's FLOPs a token over the student's",
            ),
            Part(
                name="students",
                truth=f"teacher_training / (student_training * {_SAVED})",
                unit="students",
                rtol=0.005,
                mistakes=(
                    (
                        "teacher_training / student_training",
                        "that compares two trainings; how much does one student save?",
                    ),
                    (
                        "teacher_training / (student_training * worth)",
                        "the student still trains once, and pays the teacher's passes",
                    ),
                    (
                        "teacher_training / (student_training * (worth - 1))",
                        "the teacher's forward passes eat some of what a student saves",
                    ),
                    (
                        f"teacher_training / (student_training * (worth - {_OWN}))",
                        "the student's own training is not saved: worth minus 1 minus the passes",
                    ),
                    (
                        "teacher_training / (student_training * (net - 1))",
                        "count in FLOPs of the student's run: the hard way costs worth of them",
                    ),
                    (
                        "teacher_training / (student_training * net)",
                        "that divides by the net gain; a student saves what is above its own cost",
                    ),
                    (
                        f"student_training * {_SAVED} / teacher_training",
                        "the ratio stands upside down",
                    ),
                    (
                        "teacher_training / (student_training * (worth - 1 "
                        "- teacher_flops / student_flops))",
                        "a forward pass is a third of training",
                    ),
                    (
                        f"1 + teacher_training / (student_training * {_SAVED})",
                        "keep the fraction, or you counted one student too many",
                    ),
                    (
                        f"teacher_training / (student_training * (1 - (1 + {_OWN}) / worth))",
                        "student_training is with the teacher; hard labels take worth times that",
                    ),
                    (
                        f"student_training * {_SAVED}",
                        "those are the FLOPs that one student saves; the teacher cost more",
                    ),
                    (
                        f"teacher_training / {_SAVED}",
                        "what a student saves is in runs of the student: multiply by its FLOPs",
                    ),
                    (
                        "teacher_training / (student_training * (worth - 1 "
                        "- teacher_flops / (2 * student_flops)))",
                        "a forward pass is a third of training, not a half",
                    ),
                    (
                        "teacher_training / (student_training * (worth - 1 "
                        "- 2 * teacher_flops / (3 * student_flops)))",
                        "two thirds are the backward pass, which the teacher does not need",
                    ),
                    (
                        "teacher_training / (student_training * (worth - 1 "
                        "- student_flops / (3 * teacher_flops)))",
                        "teacher and student have changed places in the teacher's share",
                    ),
                    (
                        "by_tokens",
                        "that compares tokens; compare FLOPs, and those that one student saves",
                    ),
                    ("net_as_students", "that is the net gain: have the two changed places?"),
                    (
                        "students_of_round_own",
                        "the teacher's share was rounded too early: carry four digits",
                    ),
                    ("of_round_net", "the net gain was rounded too early: carry more digits"),
                    (
                        "of_round_share",
                        "what one student saves was rounded too early: carry more digits",
                    ),
                    (
                        "by_cost",
                        "that divides by what a token costs with the teacher; what does it save?",
                    ),
                    *(
                        (
                            f"teacher_training / (student_training * (worth - 1 - {by} * {_OWN}))",
                            "a power of ten is off in the teacher's share",
                        )
                        for by in (0.1, 10)
                    ),
                    *(
                        (
                            f"{by} * teacher_training / (student_training * {_SAVED})",
                            "a power of ten is off: go through those of the two trainings",
                        )
                        for by in (0.1, 10)
                    ),
                    *_STUDENTS_SLIPS.mistakes,
                ),
                generic="one student saves its training FLOPs times (worth - 1 - the teacher's "
                "share); how many of these make up the teacher's training?",
            ),
        ),
        bounds=(
            ("students > 0", "a number of students is positive"),
            *(
                (
                    f"not near({part}, {truth}, 0.03) or near({part}, {truth}, {rtol})",
                    f"that is near: carry four digits of {what}",
                )
                for part, truth, rtol, what in (
                    ("net", f"worth / (1 + {_OWN})", 0.003, "the teacher's share"),
                    (
                        "students",
                        f"(teacher_training / (student_training * {_SAVED}))",
                        0.005,
                        "all that you write down, of worth - 1 - share too",
                    ),
                )
            ),
        ),
        hints=(
            "What does a token cost with a teacher, if it costs 1 without?",
            "A forward pass is a third of training: teacher_flops / (3 · student_flops).",
            "With `own` for that: net is worth over 1 + own. Hard labels cost worth runs of the "
            "student; with the teacher a run and its passes cost 1 + own.",
        ),
        praise="a gain in tokens is not yet one in compute, and the teacher must be shared",
    ),
    Several(
        id="16-turning-point",
        answer="turn",
        given=("B", "beta", "extra_4", "measured_at", "g_D", "bits"),
        derived={
            # for 3 bits that is right
            "four_times": lambda bits, **_: np.nan if bits == 3 else 4 * (4 - bits),
            "this_page": _this_page,
            "plain_power": _plain_power,
            "extra_of_this_page": _extra_of_this_page,
            **_TURN_SLIPS.derived,
            **_EXTRA_SLIPS.derived,
            **_ROUGH_TURN.derived,
            **_ROUGH_EXPONENTS.derived,
        },
        parts=(
            Part(
                name="turning",
                truth=_TURN,
                unit="tokens",
                rtol=0.01,
                mistakes=(
                    (
                        f"extra_4 * {_PER_BIT} * (({_TURN}) / measured_at) ** g_D",
                        "turning and extra have changed places",
                    ),
                    (
                        f"(B * measured_at ** g_D / (extra_4 * {_PER_BIT})) ** {_POWER}",
                        "that is where the two are equal; the loss turns where their slopes are",
                    ),
                    (
                        f"(beta * B * measured_at ** g_D / (g_D * extra_4)) ** {_POWER}",
                        "that is for 4 bits; each bit fewer makes the extra loss four times larger",
                    ),
                    (
                        f"(B * measured_at ** g_D / extra_4) ** {_POWER}",
                        "that is where the two are equal, at 4 bits: compare slopes, at your bits",
                    ),
                    (
                        f"(beta * B * measured_at ** g_D / (g_D * extra_4 * "
                        f"2 ** (4 - bits))) ** {_POWER}",
                        "a bit fewer makes the steps twice as wide, and the loss four times larger",
                    ),
                    (
                        f"(beta * B * measured_at ** g_D / (g_D * extra_4 * "
                        f"4 ** (bits - 4))) ** {_POWER}",
                        "fewer bits make the extra loss larger, not smaller",
                    ),
                    (
                        f"(g_D * B * measured_at ** g_D / (beta * extra_4 * "
                        f"{_PER_BIT})) ** {_POWER}",
                        "beta belongs to the plain loss and g_D to the extra one",
                    ),
                    (
                        f"(beta * B / (g_D * extra_4 * {_PER_BIT})) ** {_POWER}",
                        "the extra loss was measured at one length: divide D by that first",
                    ),
                    (
                        f"(beta * B * measured_at ** g_D / (g_D * extra_4 * {_PER_BIT})) "
                        "** (1 / beta)",
                        "D stands in both slopes: the powers add up to beta + g_D",
                    ),
                    (
                        f"(beta * B * measured_at ** g_D / (g_D * extra_4 * {_PER_BIT})) "
                        "** (1 / g_D)",
                        "D stands in both slopes: the powers add up to beta + g_D",
                    ),
                    (
                        f"beta * B * measured_at ** g_D / (g_D * extra_4 * {_PER_BIT})",
                        "the power is still to be undone: take the (beta + g_D)-th root",
                    ),
                    ("measured_at", "there the extra loss was measured; where does the sum turn?"),
                    (
                        f"(beta * B * measured_at ** g_D / (g_D * extra_4 * "
                        f"4 ** (3 - bits))) ** {_POWER}",
                        "the extra loss was measured at 4 bits: how many fewer are yours?",
                    ),
                    (
                        f"(beta * B * measured_at ** g_D / (g_D * extra_4 * "
                        f"4 ** (5 - bits))) ** {_POWER}",
                        "the extra loss was measured at 4 bits: how many fewer are yours?",
                    ),
                    (
                        f"(beta * B * measured_at ** g_D / (g_D * extra_4 * four_times)) "
                        f"** {_POWER}",
                        "every bit fewer multiplies by four: a power of four, not a multiple",
                    ),
                    (
                        f"(beta * B * measured_at ** g_D / (extra_4 * {_PER_BIT})) ** {_POWER}",
                        "g_D is missing: the slope of D^g_D has its exponent in front",
                    ),
                    (
                        f"(B * measured_at ** g_D / (g_D * extra_4 * {_PER_BIT})) ** {_POWER}",
                        "beta is missing: the slope of 1 / D^beta has its exponent in front",
                    ),
                    *(
                        (
                            f"(beta * B * measured_at ** g_D / (g_D * extra_4 * {_PER_BIT})) "
                            f"** (1 / ({difference}))",
                            "D stands in both slopes: the powers add up to beta + g_D",
                        )
                        for difference in ("g_D - beta", "beta - g_D")
                    ),
                    (
                        f"(beta * B * measured_at ** g_D / (g_D * extra_4 * {_PER_BIT})) "
                        "** (beta + g_D)",
                        "the power is to be undone: take the root, 1 / (beta + g_D)",
                    ),
                    (
                        "this_page",
                        "here a bit fewer makes it exactly four times larger, not 3.91 times",
                    ),
                    (
                        f"measured_at * (beta * B / (g_D * extra_4 * {_PER_BIT})) ** {_POWER}",
                        "in units of measured_at the plain loss is B / measured_at^beta",
                    ),
                    (f"{_TURN} / measured_at", "that is in units of measured_at; give tokens"),
                    (f"log10({_TURN})", "that is the logarithm of the tokens: undo it"),
                    (f"log({_TURN})", "that is the logarithm of the tokens: undo it"),
                    (f"{_TURN} / 1e9", "that is in billions; write out the tokens, or 1e9"),
                    (f"{_TURN} / 1e6", "that is in millions; write out the tokens, or 1e6"),
                    *(
                        (f"{by} * {_TURN}", "a power of ten is off: go through that of measured_at")
                        for by in (0.1, 10, 1000)
                    ),
                    *_TURN_SLIPS.mistakes,
                    *_ROUGH_TURN.mistakes,
                    *_ROUGH_EXPONENTS.mistakes,
                ),
                generic="there the sum does not turn: too early the plain loss falls faster than "
                "the extra loss rises, too late more slowly. Set beta · B / D^beta equal to g_D "
                "times the extra loss",
            ),
            Part(
                name="extra",
                truth=_EXTRA,
                unit="nats",
                rtol=0.01,
                mistakes=(
                    (_TURN, "turning and extra have changed places"),
                    (
                        "extra_4 * (turning / measured_at) ** g_D",
                        "that is with 4 bits; each bit fewer makes it four times larger",
                    ),
                    (
                        f"extra_4 * {_PER_BIT}",
                        "that is at the length where it was measured; the turning point is another",
                    ),
                    ("extra_4", "that was measured, with 4 bits and at another length"),
                    (
                        "extra_of_this_page * (turning / measured_at) ** g_D",
                        "here a bit fewer makes it exactly four times larger, not 3.91 times",
                    ),
                    (
                        f"extra_4 * {_PER_BIT} * turning ** g_D",
                        "the extra loss was measured at one length: divide the tokens by that",
                    ),
                    (
                        "B / (g_D * turning ** beta)",
                        "at the turn g_D · extra is beta times the plain loss: beta is missing",
                    ),
                    (
                        f"extra_4 * ({_TURN_AT_4} / measured_at) ** g_D",
                        "that is for 4 bits, the turning point too; each bit fewer makes the "
                        "extra loss four times larger",
                    ),
                    *(
                        (
                            f"extra_4 * {_PER_BIT} * ({turn} / measured_at) ** g_D",
                            "that is not at the turning point: there beta · plain = g_D · extra",
                        )
                        for turn in (
                            f"(B * measured_at ** g_D / (g_D * extra_4 * {_PER_BIT})) ** {_POWER}",
                            f"(beta * B * measured_at ** g_D / (extra_4 * {_PER_BIT})) ** {_POWER}",
                        )
                    ),
                    (
                        f"extra_4 * {_PER_BIT} * {_EQUAL}",
                        "that is where plain and extra loss are equal; take the turning point",
                    ),
                    (
                        "plain_power",
                        "beta belongs to the plain loss; the extra one grows as D^g_D",
                    ),
                    (
                        "B / turning ** beta",
                        "that is the plain loss above its floor; asked for the extra",
                    ),
                    (
                        "extra_4 * 2 ** (4 - bits) * (turning / measured_at) ** g_D",
                        "a bit fewer makes the steps twice as wide, and the loss four times larger",
                    ),
                    (
                        f"extra_4 * {_PER_BIT} * (measured_at / turning) ** g_D",
                        "more tokens make the extra loss larger: the ratio stands upside down",
                    ),
                    (
                        f"extra_4 * {_PER_BIT} * turning / measured_at",
                        "the extra loss grows as a power g_D of the tokens, not as the tokens",
                    ),
                    (
                        f"B / turning ** beta + {_EXTRA}",
                        "that is the whole loss above the floor; asked for is the extra part",
                    ),
                    (
                        "beta * B / turning ** beta",
                        "that is the slope, g_D times the extra loss: divide by g_D",
                    ),
                    (
                        "extra_4 * 4 ** (bits - 4) * (turning / measured_at) ** g_D",
                        "fewer bits make the extra loss larger, not smaller",
                    ),
                    *(
                        (
                            f"extra_4 * 4 ** ({bits} - bits) * (turning / measured_at) ** g_D",
                            "the extra loss was measured at 4 bits: how many fewer are yours?",
                        )
                        for bits in (3, 5)
                    ),
                    (
                        "extra_4 * four_times * (turning / measured_at) ** g_D",
                        "every bit fewer multiplies by four: a power of four, not a multiple",
                    ),
                    (
                        "g_D * B / (beta * turning ** beta)",
                        "at the turn beta · plain = g_D · extra: the exponents changed places",
                    ),
                    (f"{_EXTRA} / log(2)", "that is in bits; asked for are nats"),
                    (f"100 * {_EXTRA}", "that is a hundred times as much: nats, not per cent"),
                    (f"1000 * {_EXTRA}", "that is in thousandths of a nat; asked for are nats"),
                    (f"log({_EXTRA})", "that is the logarithm of the extra loss: undo it"),
                    *_EXTRA_SLIPS.mistakes,
                ),
                generic="that is not the measured extra loss, carried to your bits (four times a "
                "bit) and to the turning point (a power g_D of the tokens)",
            ),
        ),
        bounds=(
            ("turning > 0", "a number of tokens is positive"),
            *(
                (
                    f"not near({part}, {truth}, 0.04) or near({part}, {truth}, 0.01)",
                    f"that is near: carry four digits of all that you write down, {what} too",
                )
                for part, truth, what in (
                    ("turning", f"({_TURN})", "of 1 / (beta + g_D)"),
                    (
                        "extra",
                        f"(extra_4 * {_PER_BIT} * (({_TURN}) / measured_at) ** g_D)",
                        "of the tokens over measured_at",
                    ),
                )
            ),
            ("extra > 0", "rounding to so few bits costs something: the extra loss is positive"),
        ),
        hints=(
            "Write the sum of the two losses. Where is its slope against the tokens zero?",
            "beta · B / D^beta = g_D · extra_4 · 4^(4 - bits) · (D / measured_at)^g_D",
            "Bring all powers of D to one side: D^(beta + g_D) = `beta * B * measured_at ** g_D` "
            "over `g_D * extra_4 * 4 ** (4 - bits)`.",
        ),
        praise="beyond that many tokens a longer training makes the rounded model worse",
    ),
    Several(
        id="16-crossing",
        answer="crossover",
        given=("seed",),
        data=_printed,
        derived={
            **{name: _of_runs(name) for name in _READINGS},
            **_GROWTH_SLIPS.derived,
            **_CROSSING_SLIPS.derived,
            **_ROUGH_GROWTH.derived,
            **_ROUGH_LINE.derived,
        },
        parts=(
            Part(
                name="growth",
                truth="growth_of_line",
                rtol=0.005,
                mistakes=(
                    ("plain_slope", "that line has no logarithms: growth is a power"),
                    ("half_slope", "the multiplier needs its logarithm as well"),
                    ("semi_slope", "the ratio needs its logarithm as well"),
                    (
                        "for_a_doubling",
                        "that is the factor for a doubling of the ratio; asked for is the power",
                    ),
                    ("growth_of_line / 100", "the growth is a power, not per cent"),
                    (
                        "crossing_as_growth",
                        "that is the crossing: have the two changed places?",
                    ),
                    ("turned", "that line goes the wrong way: the ratio lies along"),
                    ("1 / growth_of_line", "the slope stands upside down"),
                    ("constant", "that is where the line crosses the axis; see its slope"),
                    ("-growth_of_line", "the sign: the multiplier grows with the ratio"),
                    ("by_ends", "that uses the first and the last run alone: use all eight"),
                    ("last_two", "that uses the last two runs alone: use all eight"),
                    ("first_two", "that uses the first two runs alone: use all eight"),
                    (
                        "growth_of_line * log(2)",
                        "one logarithm is natural and the other has base 2: use one for both",
                    ),
                    ("quotients", "that is a mean of quotients; a line has a constant as well"),
                    ("of_this_page", "that is the power of this page's runs; fit the eight here"),
                    (
                        "growth_of_line * log(10)",
                        "one logarithm is natural and the other has base 10: use one for both",
                    ),
                    (
                        "growth_of_line / log(10)",
                        "one logarithm is natural and the other has base 10: use one for both",
                    ),
                    (
                        "exp(growth_of_line)",
                        "that is the factor for e times the ratio; asked for is the power",
                    ),
                    (
                        "10 ** growth_of_line",
                        "that is the factor for ten times the ratio; asked for is the power",
                    ),
                    ("half_slope * log(10)", "the multiplier needs its logarithm as well"),
                    *(
                        (
                            f"by_ends {sign} log(10)",
                            "one logarithm is natural, the other has base 10; and use all eight",
                        )
                        for sign in "*/"
                    ),
                    ("rise", "that is the last multiplier over the first; asked for is a slope"),
                    ("100 * growth_of_line", "that is in per cent; asked for is the power itself"),
                    ("1 - growth_of_line", "the growth is the slope itself, not what 1 lacks"),
                    *_GROWTH_SLIPS.mistakes,
                ),
                generic="a line through all eight runs, in logs of both, has another slope",
            ),
            Part(
                name="crossing",
                truth="exp(-constant / growth_of_line)",
                unit="tokens per parameter",
                rtol=0.01,
                mistakes=(
                    ("plain_crossing", "that line has no logarithms: take those of both columns"),
                    ("half_crossing", "the multiplier needs its logarithm as well"),
                    ("semi_crossing", "the ratio needs its logarithm as well"),
                    ("growth_of_line", "that is the growth: have the two changed places?"),
                    ("first_above", "that is the first run above 1; the line crosses before it"),
                    ("last_below", "that is the last run below 1; the line crosses after it"),
                    ("between", "that is half-way between two runs; let all eight decide"),
                    *(
                        (two, "that is a line through the two runs around 1; let all eight decide")
                        for two in ("by_two", "by_two_plain")
                    ),
                    ("-constant", "that is minus the constant: divide by the growth, undo the log"),
                    ("-constant / growth_of_line", "that is its logarithm: undo it"),
                    ("-constant / growth_of_line / log(10)", "that is its logarithm: undo it"),
                    (
                        "mean_of_two",
                        "that is half-way between two runs; let all eight decide",
                    ),
                    (
                        "exp(constant / growth_of_line)",
                        "the sign: 0 = constant + growth · log ratio",
                    ),
                    ("crossing_here", "that is where this page's runs cross; fit the eight here"),
                    (
                        "exp(-constant / growth_of_line / log(10))",
                        "two bases of logarithms: 10 undoes those of base 10, e natural ones",
                    ),
                    ("exp(-constant * growth_of_line)", "divide by the growth; do not multiply"),
                    ("exp(-constant)", "divide by the growth before you undo the logarithm"),
                    ("exp(constant)", "that is the multiplier where the ratio is 1"),
                    (
                        "exp((1 - constant) / growth_of_line)",
                        "at the crossing the multiplier is 1, and its logarithm 0",
                    ),
                    ("10 ** (-constant / growth_of_line)", "the logarithms were natural ones"),
                    *_CROSSING_SLIPS.mistakes,
                    *_ROUGH_GROWTH.mistakes,
                    *_ROUGH_LINE.mistakes,
                ),
                generic="at that ratio the line through all eight runs, in logs, does not give a "
                "multiplier of 1; carry four digits of the line",
            ),
        ),
        bounds=(
            ("crossing > 0", "a ratio of tokens to parameters is positive"),
            (
                "not near(growth, growth_of_line, 0.04) or near(growth, growth_of_line, 0.005)",
                "that is near: are all eight runs in the line, with all digits, and the ratio "
                "along?",
            ),
            (
                "not near(crossing, exp(-constant / growth_of_line), 0.06) "
                "or near(crossing, exp(-constant / growth_of_line), 0.01)",
                "that is near: carry four digits of growth and constant, of the line through all "
                "eight runs",
            ),
        ),
        hints=(
            "Plot the logarithm of the multiplier against that of the ratio.",
            "log times = constant + growth · log ratio; the multiplier is 1 where its log is 0.",
            "In a field or the scratchpad: growth = `slope(ln(ratio), ln(times))`, and constant "
            "the `intercept` of the same line. In the notebook `np.polyfit` gives both.",
        ),
        praise="below that ratio experts need more tokens than the plain model, above it fewer",
    ),
)

QUESTIONS = ()

PREDICTIONS = (
    Prediction(
        id="16-more-text",
        prompt="Two models of the same size, 9,216 parameters: one read 1.3 million characters, "
        "one four times as many. Both are rounded to 3 bits. The one that read more is then ...",
        options=("better by as much as before", "better, but by less", "worse"),
        truth="c",
        says="Worse: 2.354 nats against 2.143. Unrounded it was better, 1.862 against 1.959: "
        "rounding takes 0.49 nats from it, and 0.18 from the other.",
    ),
    Prediction(
        id="16-bad-teacher",
        prompt="A student of 18,432 parameters would reach 2.00 nats on 320,000 characters alone. "
        "Its teacher has six times as many parameters, but was trained briefly, to 2.25 nats. "
        "Taught by it, the student ends ...",
        options=("near 2.25", "between 2.05 and 2.20", "below 2.00"),
        truth="a",
        says="Near 2.25: the student followed the teacher, and ended as badly.",
    ),
    Prediction(
        id="16-short-experts",
        prompt="A model with four experts does the FLOPs of a plain one for each character. Both "
        "read three characters for each active parameter. The loss with experts will be ...",
        options=("lower", "higher", "the same, within noise"),
        truth="b",
        says="Higher, by 0.08 nats with 30,720 parameters (one seed). With 18,432, at four "
        "characters for each, it is 0.025: the mean of three seeds, of which one is lower.",
    ),
)
