"""Checks of chapter 6, Kaplan's laws: what students may see."""

import re

from ...laws import KAPLAN_2020, PF_DAY
from .. import Number, Option, Part, Prediction, Question, Several
from ..slips import apart

_COMPUTE, _DATA = KAPLAN_2020.compute, KAPLAN_2020.data
_JOINT = {
    "N_c": KAPLAN_2020.N_c,
    "alpha_N": KAPLAN_2020.alpha_N,
    "D_c": KAPLAN_2020.D_c,
    "alpha_D": KAPLAN_2020.alpha_D,
}
_ALONE = {
    "alone_N_c": KAPLAN_2020.size.scale,
    "alone_alpha_N": KAPLAN_2020.size.exponent,
    "alone_D_c": _DATA.scale,
    "alone_alpha_D": _DATA.exponent,
}


def _sum(N="lever_N", D="lever_D"):
    return f"((N_c / ({N})) ** (alpha_N / alpha_D) + D_c / ({D}))"


def _loss(N="lever_N", D="lever_D"):
    return f"{_sum(N, D)} ** alpha_D"


_NOW, _BOTH = _loss(), _loss("2 * lever_N", "2 * lever_D")
_MORE = {"size": _loss(N="2 * lever_N"), "data": _loss(D="2 * lever_D")}
_FOURFOLD = {"size": _loss(N="4 * lever_N"), "data": _loss(D="4 * lever_D")}
_TENFOLD = {"size": _loss(N="10 * lever_N"), "data": _loss(D="10 * lever_D")}
_TERMS = {"size": "(N_c / lever_N) ** (alpha_N / alpha_D)", "data": "D_c / lever_D"}


def _replaced(text, *names):
    """An expression with the constants of the single laws in the place of these joint ones."""
    return re.sub(rf"\b({'|'.join(names)})\b", r"alone_\1", text)


def _doubled(lever):
    """The data term before and after the doubling."""
    return _TERMS["data"], "D_c / (2 * lever_D)" if lever == "data" else _TERMS["data"]


def _other_forms(lever, after):
    """What the law gives with one of its constants or powers taken for another."""
    gain = f"{_NOW} - {after}"
    single = "that takes {} of the laws of one variable; the joint law has constants of its own"
    yield _replaced(gain, "N_c", "alpha_N", "D_c", "alpha_D"), single.format("all four constants")
    yield _replaced(gain, "D_c"), single.format("D_c")
    yield _replaced(gain, "N_c"), single.format("N_c")
    yield _replaced(gain, "alpha_D"), single.format("alpha_D")
    outer = "the power around the brackets is alpha_D"
    yield (
        f"{_sum()} ** alpha_N - {after.removesuffix('alpha_D')}alpha_N",
        f"{outer}, not alpha_N",
    )
    for power in ("alpha_N", "(alpha_D / alpha_N)", "1"):
        yield (
            gain.replace("(alpha_N / alpha_D)", power),
            "the power of the size term within the brackets is alpha_N / alpha_D",
        )
    raised = [f"({_TERMS['size']} + ({data}) ** alpha_D) ** alpha_D" for data in _doubled(lever)]
    size = "(2 * lever_N)" if lever == "size" else "lever_N"
    raised[1] = raised[1].replace("lever_N", size)
    yield (
        f"{raised[0]} - {raised[1]}",
        "within the brackets D_c / D has no power of its own; alpha_D is around them",
    )
    term, rest = _TERMS[lever], _TERMS["data" if lever == "size" else "size"]
    for share in ("2 ** alpha_D",) if lever == "data" else ("2", "2 ** alpha_N"):
        yield (
            f"{_NOW} - ({term} / {share} + {rest}) ** alpha_D",
            "within the brackets a doubled D halves its term, "
            "and a doubled N divides its own by 2^(alpha_N / alpha_D)",
        )


def _slipped(lever, factor):
    own = f"{factor} * lever_{'N' if lever == 'size' else 'D'}"
    return _loss(N=own) if lever == "size" else _loss(D=own)


def _gain(lever, other, what, halved, alone, inside, terms):
    """The gain of doubling one lever, with what people take for it.

    alone, inside : that gain by the law of one variable, and by the joint law with the other lever
    without end. terms : what the doubling takes off the sum within the power.
    """
    after = _MORE[lever]
    own_scale = "N_c" if lever == "size" else "D_c"
    return Part(
        name=f"gain_{lever}",
        truth=f"{_NOW} - {after}",
        unit="nats",
        atol=1e-4,
        mistakes=(
            (
                f"{_NOW} - {_MORE[other]}",
                f"that is the other lever's gain: here the {what} are doubled",
            ),
            (f"{after} - {_NOW}", "that is after minus before; a gain is before minus after"),
            (after, "that is the loss after the doubling; take it off the loss before"),
            (_NOW, "that is the loss before the doubling; the loss after it is to be taken off"),
            (
                f"{after} / ({_NOW})",
                "that is a ratio of two losses; the gain is their difference, in nats",
            ),
            (
                f"({_NOW}) / {after}",
                "that is a ratio of two losses; the gain is their difference, in nats",
            ),
            *(
                (
                    f"(log({_NOW}) - log({after})) / log({base})",
                    "that is a difference of logarithms; the gain is one of losses",
                )
                for base in ("exp(1)", "2", "10")
            ),
            (
                f"({_NOW} - {after}) / log(2)",
                "that is in bits; the gain is asked for in nats",
            ),
            *(
                (
                    f"{_NOW} * (1 - 2 ** -{of_law}alpha_{'N' if lever == 'size' else 'D'})",
                    "that is the share which a doubling takes off in a law of one variable; the "
                    "joint law has another term, which stays",
                )
                for of_law in ("alone_", "")
            ),
            (
                f"1 - {after} / ({_NOW})",
                "that is a share of the loss; the gain is asked for in nats",
            ),
            (
                f"100 * (1 - {after} / ({_NOW}))",
                "that is a percentage of the loss; the gain is asked for in nats",
            ),
            *(
                (
                    expression,
                    "that is a law of one variable, which has the other lever for nothing; "
                    "in the joint law the other term stays where it is",
                )
                for expression in (alone, inside)
            ),
            *_other_forms(lever, after),
            *(
                (
                    f"1 - 2 ** -{of_law}alpha_{'N' if lever == 'size' else 'D'}",
                    "that is the share of the loss which a doubling takes off in the law of one "
                    "variable; the question asks for nats, by the joint law",
                )
                for of_law in ("alone_", "")
            ),
            *(
                (
                    f"{_slipped(lever, factor)} - {_slipped(lever, 2 * factor)}",
                    f"a power of ten slipped in the {what}, or in {own_scale}",
                )
                for factor in (0.1, 10)
            ),
            *(
                (
                    f"{factor} alpha_{'N' if lever == 'size' else 'D'} "
                    f"* {_TERMS[lever]} * {_sum()} ** (alpha_D - 1)",
                    "that is a slope taken from the derivative; a doubling is no small step: "
                    "take the two losses",
                )
                for factor in ("log(2) *", "")
            ),
            (
                f"{_MORE[other]} - {_BOTH}",
                "that is the gain when the other lever has been doubled before; "
                "here it stays as it was",
            ),
            (f"{_NOW} - {_FOURFOLD[lever]}", f"that is for four times the {what}; double them"),
            (f"{_NOW} - {_TENFOLD[lever]}", f"that is for ten times the {what}; double them"),
            *(
                (f"({_NOW} - {after}) * {factor}", f"that is {word}; nats are asked for")
                for factor, word in (
                    ("10", "ten times the gain, a slip of the decimal point"),
                    ("0.1", "a tenth of the gain, a slip of the decimal point"),
                    ("1000", "in thousandths of a nat"),
                )
            ),
            (f"{_NOW} - {_BOTH}", "both levers are doubled at once there; keep the other as it is"),
            (f"{halved} - {_NOW}", "that is what halving would cost, not what doubling takes off"),
            (
                terms,
                "that is the fall inside the brackets; their power alpha_D is still to be taken, "
                "before and after",
            ),
        ),
        generic=f"that is not by how much the joint law falls when the {what} are doubled: put "
        "the run as it is into the law, then the run with that lever doubled, and subtract. (If "
        "you are near: a gain is a small difference, so take 0.076/0.103, not 0.74, and carry five "
        "decimals of each loss)",
    )


_TERM = "(N_c / enough_params) ** (alpha_N / alpha_D)"
_ALONE_TERM = "(alone_N_c / enough_params) ** (alone_alpha_N / alone_alpha_D)"
_REDUCIBLE = "true_A * middle_N ** -true_alpha"
_TOP = "q * log(D_c / d_coef) - p * log(C_c)"


def _fixed(values):
    """Numbers that no parameter changes, as quantities by name."""
    return {name: lambda value=value, **_: value for name, value in values.items()}


_CONSTANTS = {
    "C_c": _COMPUTE.scale,
    "p": _COMPUTE.exponent,
    "D_c": _DATA.scale,
    "q": _DATA.exponent,
    "joint_D_c": KAPLAN_2020.D_c,
    "joint_q": KAPLAN_2020.alpha_D,
}
_ABOVE = "((1 + penalty_allowed) ** (1 / alpha_D) - 1)"

# slips that come near the truth in some draws
_OTHER_TOKENS = apart(
    "x",
    "pf_days * pf_day / (6 * reported_params)",
    (
        (
            "pf_days * 1e20 / (6 * reported_params)",
            "a day has 24 x 60 x 60 = 86,400 seconds, not 100,000",
        ),
        (
            "3640 * pf_day / (6 * reported_params)",
            "that takes GPT-3's PF-days; this run has {pf_days:g}",
        ),
    ),
    _fixed({"pf_day": PF_DAY}),
)
_OTHER_NEEDS = apart(
    "x",
    f"D_c / ({_TERM} * {_ABOVE})",
    (
        (
            f"alone_D_c / ((alone_N_c / enough_params) ** (alpha_N / alpha_D) * {_ABOVE})",
            "both scales belong to the laws of one variable; the joint law has its own N_c and D_c",
        ),
        (
            "D_c / ((N_c / enough_params) ** (alpha_N / alone_alpha_D) "
            "* ((1 + penalty_allowed) ** (1 / alone_alpha_D) - 1))",
            "0.095 belongs to the law of data alone; the joint law has its own alpha_D",
        ),
        (
            "alone_D_c / ((1 + penalty_allowed) * (alone_N_c / enough_params) ** alone_alpha_N) "
            "** (1 / alone_alpha_D)",
            "that sets L(D) against L(N), two laws of one variable; the joint law has both levers",
        ),
        *(
            (
                f"D_c / ((N_c / ({ten} * enough_params)) ** (alpha_N / alpha_D) * {_ABOVE})",
                "a power of ten slipped in N or in N_c",
            )
            for ten in ("10", "0.1")
        ),
    ),
    _fixed(_JOINT | _ALONE),
)
_CROSSING = f"exp(({_TOP}) / (0.27 * q - p))"
_OTHER_CROSSINGS = apart(
    "x",
    _CROSSING,
    (
        *(
            (f"{_CROSSING} {by} 24", "that is in PF-hours, or a day was counted once too often")
            for by in "*/"
        ),
        *(
            (
                f"exp((q * log(D_c / d_coef) - p * log(C_c {ten})) / (0.27 * q - p))",
                "a power of ten slipped in C_c: it is 3.1e8 PF-days",
            )
            for ten in ("* 10", "/ 10")
        ),
        (
            f"{_CROSSING} ** 0.27",
            "that is C^0.27 at the crossing; the question asks for the compute",
        ),
        *(
            (
                f"exp({sign}q * log(D_c / d_coef) / (0.27 * q - p))",
                "C_c is missing: L(C_min) is (C_c / C)^0.050",
            )
            for sign in ("", "-")
        ),
        (
            "exp(-p * log(C_c) / (0.27 * q - p))",
            "D_c and the tokens of one PF-day are missing: L(D) is (D_c / D)^0.095",
        ),
    ),
    _fixed(_CONSTANTS),
)

EXERCISES = (
    Number(
        id="06-pf-days",
        answer="tokens_read",
        given=("reported_params", "pf_days"),
        derived={"pf_day": PF_DAY, **_OTHER_TOKENS.derived},
        truth="pf_days * pf_day / (6 * reported_params)",
        unit="tokens",
        bounds=(
            (
                "x > 1e6",
                "that is too few tokens for a run of this cost: have the PF-days been turned "
                "into FLOPs, and is the answer in tokens?",
            ),
        ),
        mistakes=(
            (
                "pf_days * pf_day / reported_params",
                "each token costs more than one FLOP a parameter: where is the 6?",
            ),
            (
                "pf_days * pf_day / (2 * reported_params)",
                "2 FLOPs a parameter is the forward pass alone; training costs three times that",
            ),
            (
                "pf_days * pf_day / (4 * reported_params)",
                "4 FLOPs a parameter is the backward pass alone; the forward pass adds 2",
            ),
            (
                "pf_days * 1e15 / (6 * reported_params)",
                "10^15 FLOPs is one second of a petaflop machine; a PF-day is a whole day of it",
            ),
            (
                "pf_days * 3.6e18 / (6 * reported_params)",
                "that is an hour of a petaflop machine; a PF-day is a day",
            ),
            (
                "pf_days * pf_day / 1000 / (6 * reported_params)",
                "a factor of a thousand is missing: peta is 10^15",
            ),
            (
                "pf_days * pf_day * 1000 / (6 * reported_params)",
                "there is a factor of a thousand too much: peta is 10^15",
            ),
            (
                "pf_days * pf_day * 6 / reported_params",
                "the 6 is on the wrong side of C = 6 N D",
            ),
            (
                "pf_days * pf_day",
                "those are the FLOPs of the run; a token costs 6 for each parameter",
            ),
            (
                "pf_days * pf_day / 6",
                "that is N times D: divide by the parameters too",
            ),
            (
                "pf_days / (6 * reported_params)",
                "the compute is still in PF-days; 6 N D is in FLOPs",
            ),
            (
                "pf_days * pf_day / (3 * reported_params)",
                "a token costs 6 FLOPs a parameter: 2 forward and 4 backward",
            ),
            (
                "pf_days * 1e15 / reported_params",
                "10^15 FLOPs is one second of a petaflop machine, and a token costs 6 for each "
                "parameter",
            ),
            (
                "pf_days * pf_day * reported_params / 6",
                "the parameters are on the wrong side of C = 6 N D",
            ),
            *(
                (
                    f"pf_days * {day} / (6 * reported_params)",
                    "a PF-day is 10^15 FLOPs in each of 24 x 60 x 60 seconds: "
                    "one of these factors is missing",
                )
                for day in ("1440e15", "24e15", "60e15", "86400")
            ),
            ("pf_day", "that is one PF-day in FLOPs; the run has many, at 6 N for each token"),
            (
                "pf_day / (6 * reported_params)",
                "those are the tokens of one PF-day; the run has {pf_days:g} of them",
            ),
            (
                "0.4 * pf_days * pf_day / (6 * reported_params)",
                "PF-days count the FLOPs that were done, so no share of them is idle",
            ),
            (
                "365 * pf_days * pf_day / (6 * reported_params)",
                "a PF-day is a day of 10^15 a second, not a year",
            ),
            (
                "pf_days * pf_day / (6 * 175e9)",
                "that takes GPT-3's parameters; this run has its own",
            ),
            *(
                (
                    f"pf_days * {day} / (6 * reported_params)",
                    "a PF-day is 10^15 FLOPs in each of 24 x 60 x 60 seconds: look at both factors",
                )
                for day in ("1e18", "1e12", "3.6e21", "3.6e15", "1440e18")
            ),
            (
                "pf_days * pf_day / (8 * reported_params)",
                "8 N D repeats the forward pass to save memory; the question says 6 N D",
            ),
            (
                "pf_days * pf_day / (12 * reported_params)",
                "the 6 holds multiplication and addition already: no factor of 2 more",
            ),
            *(
                (
                    f"pf_days * pf_day / (6 * reported_params) {slip}",
                    "a power of ten slipped: count the zeros of a PF-day, of N and of the quotient",
                )
                for slip in ("* 10", "/ 10")
            ),
            (
                "pf_days * pf_day / (6 * reported_params ** 2)",
                "that is tokens a parameter; multiply by the parameters",
            ),
            (
                "sqrt(pf_days * pf_day / 6)",
                "that has as many tokens as parameters; here the parameters are given",
            ),
            (
                "sqrt(20 * pf_days * pf_day / 6)",
                "that splits the compute by Chinchilla's rule; here the parameters are given",
            ),
            (
                "20 * reported_params",
                "20 tokens a parameter is Chinchilla's rule; here the reported compute decides",
            ),
            (
                "5e3 * reported_params ** 0.74",
                "that is the rule against overfitting; here the reported compute decides",
            ),
            (
                "6 * reported_params * pf_days * pf_day",
                "parameters and 6 are on the wrong side of C = 6 N D",
            ),
            *(
                (
                    f"pf_days * pf_day / (6 * reported_params) / {unit}",
                    f"that is in {word}; say so behind the number, or write it out",
                )
                for unit, word in (("1e6", "millions"), ("1e9", "billions"), ("1e12", "trillions"))
            ),
            *_OTHER_TOKENS.mistakes,
        ),
        generic="put your tokens back: 6 N D does not give the FLOPs of {pf_days:g} PF-days. First "
        "see what a PF-day is in FLOPs, then divide by 6 and by N. (If you are near: carry more "
        "digits on the way)",
        hints=(
            "First the unit: how many FLOPs is one PF-day, a day at 10^15 a second?",
            "C = 6 N D, with C in FLOPs, solved for D.",
            "`tokens_read = pf_days * PF_DAY / ...`",
        ),
        praise="6 N D with your tokens gives back the PF-days",
    ),
    Number(
        id="06-enough-data",
        answer="tokens_needed",
        given=("enough_params", "penalty_allowed"),
        derived={**_JOINT, **_ALONE, **_OTHER_NEEDS.derived},
        truth=f"D_c / ({_TERM} * ((1 + penalty_allowed) ** (1 / alpha_D) - 1))",
        unit="tokens",
        bounds=(
            ("x > 0", "tokens are counted: the number is positive"),
            (
                f"(1 + D_c / x / {_TERM}) ** alpha_D - 1 < 100 * penalty_allowed",
                "with so few tokens the penalty is far larger than {penalty_allowed:g}",
            ),
        ),
        mistakes=(
            (
                f"alone_D_c / ({_ALONE_TERM} * ((1 + penalty_allowed) ** (1 / alone_alpha_D) - 1))",
                "those are the constants of the single-variable laws; the joint law has its own, "
                "alpha_D = 0.103 among them",
            ),
            (
                "D_c / ((1 + penalty_allowed) ** (1 / alpha_D) - 1)",
                "the size term is missing: it is what the penalty is measured against",
            ),
            *(
                (
                    f"5e3 * enough_params ** {power}",
                    "that is the printed rule, which allows about 2 %; here {penalty_allowed:g} is "
                    "allowed",
                )
                for power in ("0.74", "(alpha_N / alpha_D)")
            ),
            ("enough_params", "those are the parameters; how many tokens do they need?"),
            *(
                (
                    f"D_c / ({_TERM} * ((1 + penalty_allowed {slip}) ** (1 / alpha_D) - 1))",
                    "a power of ten slipped in the penalty: it is {penalty_allowed:g}",
                )
                for slip in ("* 10", "/ 10")
            ),
            (
                "D_c / ((N_c / enough_params) ** alpha_D "
                "* ((1 + penalty_allowed) ** (1 / alpha_D) - 1))",
                "inside the brackets the size term has the power alpha_N / alpha_D; alpha_D is "
                "around them",
            ),
            (
                f"D_c / ({_TERM} * ((1 + 100 * penalty_allowed) ** (1 / alpha_D) - 1))",
                "{penalty_allowed:g} is a fraction, not a percentage",
            ),
            (
                f"D_c / ({_TERM} * ((1 + penalty_allowed / 100) ** (1 / alpha_D) - 1))",
                "{penalty_allowed:g} is already a fraction: it is not divided by 100 again",
            ),
            (
                f"D_c / ({_TERM} * ((1 + penalty_allowed) ** (1 / alpha_N) - 1))",
                "the outer power of the joint law is alpha_D, not alpha_N",
            ),
            (
                f"D_c / ({_TERM} * ((1 + penalty_allowed) ** alpha_D - 1))",
                "the outer power is to be undone: raise 1 + penalty to 1/alpha_D",
            ),
            (
                f"D_c / ({_TERM} * (1 + penalty_allowed) ** (1 / alpha_D))",
                "that makes the data term carry the whole loss; the size term is still there and "
                "has to be taken off",
            ),
            (
                f"D_c / ({_TERM} * penalty_allowed)",
                "the penalty is on the loss, outside the power alpha_D, not on the terms inside",
            ),
            (
                f"alone_D_c / ({_TERM} * ((1 + penalty_allowed) ** (1 / alpha_D) - 1))",
                "that D_c belongs to the law of data alone; the joint law has its own",
            ),
            (
                "D_c / ((alone_N_c / enough_params) ** (alpha_N / alpha_D) "
                "* ((1 + penalty_allowed) ** (1 / alpha_D) - 1))",
                "that N_c belongs to the law of size alone; the joint law has its own",
            ),
            (
                "D_c / (N_c / enough_params * ((1 + penalty_allowed) ** (1 / alpha_D) - 1))",
                "the size term has a power inside the brackets: alpha_N / alpha_D",
            ),
            (
                f"D_c / ({_TERM} * (1 - (1 - penalty_allowed) ** (1 / alpha_D)))",
                "the loss with your data is above that of endless data: 1 + penalty, not 1 - "
                "penalty",
            ),
            (
                # no number, and so no mistake, where a small penalty makes it nearly right
                f"D_c / ({_TERM} * ((1 / (1 - penalty_allowed)) ** (1 / alpha_D) - 1)) "
                "+ 0 / max(0, penalty_allowed - 0.03)",
                "the loss with your data is 1 + penalty times that of endless data; do not divide "
                "by 1 - penalty",
            ),
            (
                f"alone_D_c / ((1 + penalty_allowed) * ({_TERM}) ** alpha_D) "
                "** (1 / alone_alpha_D)",
                "that puts the loss into L(D), where the model is endless; in the joint law it has "
                "a size",
            ),
            *(
                (
                    f"D_c / ({_TERM} * ((1 + penalty_allowed) ** (1 / alpha_D) - 1)) {slip}",
                    "a power of ten slipped: count the zeros of N and of D_c",
                )
                for slip in ("* 1e3", "/ 1e3")
            ),
            (
                "5e3 * enough_params ** 0.74 * 0.02 / penalty_allowed",
                "the printed rule does not scale so: the penalty is no inverse of the tokens",
            ),
            (
                "5e3 * enough_params ** 0.74 * penalty_allowed / 0.02",
                "the printed rule does not scale so: more penalty needs fewer tokens",
            ),
            (
                "enough_params ** 0.74",
                "that is N^0.74 alone: the printed rule has a factor before it, and allows about "
                "2 %; here {penalty_allowed:g} is allowed",
            ),
            (
                f"D_c / ({_TERM} * ((1 + penalty_allowed) ** (1 / alpha_D) - 1)) / enough_params",
                "those are tokens a parameter; multiply by the parameters",
            ),
            (
                "20 * enough_params",
                "20 tokens a parameter is Chinchilla's rule for the best split; here it is the "
                "penalty that decides",
            ),
            (
                "D_c / ((N_c / enough_params) ** (alpha_D / alpha_N) "
                "* ((1 + penalty_allowed) ** (1 / alpha_D) - 1))",
                "the power of the size term is upside down: alpha_N / alpha_D",
            ),
            (
                "D_c / ((N_c / enough_params) ** alpha_N "
                "* ((1 + penalty_allowed) ** (1 / alpha_D) - 1))",
                "that is measured against the loss with endless data; inside the brackets the size "
                "term has the power alpha_N / alpha_D",
            ),
            (
                "D_c / ((N_c / enough_params) ** 0.74 "
                "* ((1 + penalty_allowed) ** (1 / alpha_D) - 1))",
                "something was rounded: take 0.076/0.103, not 0.74, and a penalty of "
                "{penalty_allowed:g}",
            ),
            (
                f"D_c / ({_TERM} * penalty_allowed / alpha_D)",
                "the power alpha_D is undone by a power, 1/alpha_D; dividing the penalty by it "
                "holds only for very small ones",
            ),
            (
                f"D_c / ({_TERM} * log(1 + penalty_allowed) / alpha_D)",
                "the power alpha_D is undone by a power, 1/alpha_D; its logarithm holds only for "
                "very small penalties",
            ),
            (
                f"D_c / ({_TERM} * penalty_allowed ** (1 / alpha_D))",
                "it is the loss that is 1 + penalty times as high: raise that to 1/alpha_D, "
                "and take the size term off",
            ),
            *(
                (
                    expression,
                    "the size term is missing: the penalty is on a loss which it sets",
                )
                for expression in (
                    "D_c / (1 + penalty_allowed) ** (1 / alpha_D)",
                    "D_c / penalty_allowed",
                    "D_c / penalty_allowed ** (1 / alpha_D)",
                )
            ),
            (
                f"D_c / ((({_TERM}) ** alpha_D + penalty_allowed) ** (1 / alpha_D) - {_TERM})",
                "{penalty_allowed:g} is a fraction of the loss, not that many nats",
            ),
            *(
                (
                    f"D_c / ({upside} * ((1 + penalty_allowed) ** (1 / alpha_D) - 1))",
                    "the size term is upside down: it is N_c over N, to alpha_N / alpha_D",
                )
                for upside in (
                    "(enough_params / N_c) ** (alpha_N / alpha_D)",
                    "(enough_params / N_c)",
                )
            ),
            *(
                (
                    f"D_c / ({_TERM} * ((1 + {penalty}) ** (1 / alpha_D) - 1))",
                    f"that is for {word}; here {{penalty_allowed:g}} is allowed",
                )
                for penalty, word in (
                    ("0.02", "the 2 % of the printed rule"),
                    ("0.01", "one per cent"),
                    ("2 * penalty_allowed", "twice the penalty"),
                    ("penalty_allowed / 2", "half of the penalty"),
                )
            ),
            (
                f"D_c / ({_TERM} * ((1 + penalty_allowed) ** (1 / alone_alpha_D) - 1))",
                "0.095 belongs to the law of data alone; the joint law has its own alpha_D",
            ),
            (
                "D_c / ((N_c / enough_params) ** (alone_alpha_N / alone_alpha_D) "
                "* ((1 + penalty_allowed) ** (1 / alpha_D) - 1))",
                "0.095 belongs to the law of data alone; the joint law has its own alpha_D",
            ),
            (
                f"N_c / ({_TERM} * ((1 + penalty_allowed) ** (1 / alpha_D) - 1))",
                "the tokens stand below D_c, not below N_c",
            ),
            (
                "D_c / (enough_params * ((1 + penalty_allowed) ** (1 / alpha_D) - 1))",
                "the size term is a power of N_c over N, not N itself",
            ),
            (_TERM, "that is the size term; the data term may be a share of it, and is D_c over D"),
            (
                f"{_TERM} * ((1 + penalty_allowed) ** (1 / alpha_D) - 1)",
                "that is what the data term may be; it is D_c over D",
            ),
            (
                "(1 + penalty_allowed) ** (1 / alpha_D) - 1",
                "that is the share of the size term that the data term may be; which D has that?",
            ),
            (
                f"D_c / {_TERM}",
                "there the data term is as large as the size term: the penalty is far more",
            ),
            (
                f"D_c / ({_TERM} * ((1 + penalty_allowed) ** (1 / alpha_D) - 1)) / 1e9",
                "that is in billions; say so behind the number, or write it out",
            ),
            (
                "5e3 * enough_params",
                "N has a power in that rule, and it allows about 2 %; "
                "here {penalty_allowed:g} is allowed",
            ),
            (
                f"D_c * {_TERM} * ((1 + penalty_allowed) ** (1 / alpha_D) - 1)",
                "D_c/D is what the penalty leaves for the data: the tokens are D_c divided by it",
            ),
            *_OTHER_NEEDS.mistakes,
        ),
        generic="put your tokens into L(N, D): the penalty is not the fraction "
        "{penalty_allowed:g}. Work out the size term first, then the data term that "
        "1 + penalty leaves beside it. (If you are near: carry five digits of each)",
        hints=(
            "Divide L(N, D) by the same law with D endless: the size term is common.",
            "(1 + D_c/D / size_term)^alpha_D = 1 + penalty, with size_term = "
            "(N_c/N)^(alpha_N/alpha_D) and the constants of the joint law.",
            "`size_term = (KAPLAN_2020.N_c / enough_params) ** (...)`",
        ),
        praise="with that much data the joint law is just that far above endless data",
    ),
    Several(
        id="06-which-lever",
        answer="gains",
        given=("lever_N", "lever_D"),
        derived=_JOINT | _ALONE,
        parts=(
            _gain(
                "size",
                "data",
                "parameters",
                _loss(N="lever_N / 2"),
                "(alone_N_c / lever_N) ** alone_alpha_N * (1 - 2 ** -alone_alpha_N)",
                "(N_c / lever_N) ** alpha_N * (1 - 2 ** -alpha_N)",
                "(N_c / lever_N) ** (alpha_N / alpha_D) * (1 - 2 ** -(alpha_N / alpha_D))",
            ),
            _gain(
                "data",
                "size",
                "tokens",
                _loss(D="lever_D / 2"),
                "(alone_D_c / lever_D) ** alone_alpha_D * (1 - 2 ** -alone_alpha_D)",
                "(D_c / lever_D) ** alpha_D * (1 - 2 ** -alpha_D)",
                "D_c / lever_D / 2",
            ),
        ),
        bounds=(
            ("gain_size > 0", "more parameters lower the loss: before minus after is above 0"),
            ("gain_data > 0", "more tokens lower the loss: before minus after is above 0"),
            (
                "gain_size < 1",
                "one doubling takes off far less than a nat: is that a loss, or a percentage?",
            ),
            (
                "gain_data < 1",
                "one doubling takes off far less than a nat: is that a loss, or a percentage?",
            ),
        ),
        hints=(
            "Three losses are needed: the run as it is, and with either lever doubled.",
            "A gain is the loss before minus the loss after, in nats. Inside the brackets a "
            "doubled D halves its term; a doubled N divides its term by 2^(0.076/0.103).",
            "`now = KAPLAN_2020.loss(lever_N, lever_D)`",
        ),
        praise="both gains are those of the joint law, and the larger one names the lever that "
        "holds this run back",
    ),
    Number(
        id="06-missing-floor",
        answer="exponent_seen",
        given=("true_E", "true_A", "true_alpha", "middle_N"),
        truth=f"true_alpha * {_REDUCIBLE} / (true_E + {_REDUCIBLE})",
        bounds=(
            (
                "0 < x",
                "the loss falls with size: as an exponent of (1/N) that is a positive number",
            ),
            (
                "x < true_alpha",
                "the floor does not fall, so the loss as a whole falls more slowly than its "
                "reducible part",
            ),
        ),
        mistakes=(
            (
                "true_alpha",
                "that is the exponent of the reducible part; your line is fitted to the whole loss",
            ),
            (
                f"true_alpha * {_REDUCIBLE}",
                "that is the slope of the loss against log N; log-log paper also divides by the "
                "loss",
            ),
            (
                f"{_REDUCIBLE} / (true_E + {_REDUCIBLE})",
                "that is the reducible share; the slope has a factor alpha more",
            ),
            (
                f"true_alpha * true_E / (true_E + {_REDUCIBLE})",
                "that is the share of the floor; it is the reducible part that falls",
            ),
            (
                f"true_alpha * {_REDUCIBLE} / true_E",
                "divide by the whole loss, not by the floor",
            ),
            (
                f"-true_alpha * {_REDUCIBLE} / (true_E + {_REDUCIBLE})",
                "the size is right; an exponent is the slope with its sign turned",
            ),
            (
                f"true_alpha * {_REDUCIBLE} / (true_E + true_A)",
                "A is no loss: the loss at that size is E + A/N^alpha",
            ),
            (f"true_E + {_REDUCIBLE}", "that is the loss there; the question asks how it falls"),
            (_REDUCIBLE, "that is the reducible part of the loss; what share is it, and then?"),
            (
                f"true_alpha * (true_E + {_REDUCIBLE}) / ({_REDUCIBLE})",
                "the share is upside down: the reducible part over the whole loss",
            ),
            (
                f"true_alpha * {_REDUCIBLE} / (true_E + {_REDUCIBLE}) * log(10)",
                "two kinds of logarithm: take the same one of the loss and of the size",
            ),
            (
                f"true_alpha * {_REDUCIBLE} / (true_E + {_REDUCIBLE}) / log(10)",
                "two kinds of logarithm: take the same one of the loss and of the size",
            ),
            *(
                (
                    expression,
                    "A is no loss: the reducible part at that size is A/N^alpha",
                )
                for expression in (
                    "true_alpha * true_A / (true_E + true_A)",
                    "true_alpha * middle_N ** -true_alpha / (true_E + middle_N ** -true_alpha)",
                )
            ),
            (
                f"(true_E + {_REDUCIBLE}) / true_E - 1",
                "that is the reducible part over the floor; the share is of the whole loss, "
                "and the slope has a factor alpha more",
            ),
            (
                f"true_E / (true_E + {_REDUCIBLE})",
                "that is the share of the floor in the loss; the reducible part has the rest",
            ),
            (
                f"true_alpha * ({_REDUCIBLE} / (true_E + {_REDUCIBLE})) ** 2",
                "the reducible share is in it twice",
            ),
            (
                f"true_alpha ** 2 * {_REDUCIBLE} / (true_E + {_REDUCIBLE})",
                "alpha is in it twice",
            ),
            (
                f"true_alpha * {_REDUCIBLE} / (true_E - {_REDUCIBLE})",
                "the whole loss is the floor plus the reducible part, not less it",
            ),
            (
                f"true_alpha * {_REDUCIBLE} / (true_E + 2 * {_REDUCIBLE})",
                "the reducible part is in the loss once",
            ),
            (
                f"true_alpha - {_REDUCIBLE} / (true_E + {_REDUCIBLE})",
                "alpha and the share are multiplied, not subtracted",
            ),
            ("true_alpha / 2", "half of alpha is right only where the floor is half of the loss"),
            *(
                (
                    expression,
                    "one point gives no slope: ask how log L changes with log N there",
                )
                for expression in (
                    f"log(true_E + {_REDUCIBLE}) / log(middle_N)",
                    f"log((true_E + {_REDUCIBLE}) / true_E) / log(middle_N)",
                    f"-log({_REDUCIBLE}) / log(middle_N)",
                )
            ),
            (
                f"true_alpha / (true_E + {_REDUCIBLE})",
                "that divides alpha by the loss; it is multiplied by the reducible share",
            ),
            *(
                (
                    f"log((true_E + {_REDUCIBLE}) / (true_E + {_REDUCIBLE} * {times} ** "
                    f"-true_alpha)) / log({times})",
                    f"that is the slope of a whole step, from N to {times} N; the question asks "
                    "for the slope at N itself",
                )
                for times in (2, 10)
            ),
            *(
                (
                    f"true_alpha * {elsewhere} / (true_E + {elsewhere})",
                    "a power of ten slipped in N: the question asks for {middle_N:g}",
                )
                for elsewhere in (
                    f"true_A * ({times} * middle_N) ** -true_alpha" for times in ("10", "0.1")
                )
            ),
            *(
                (
                    f"0.348 * {left} / (true_E + {left}) "
                    "+ 0 / max(0, abs(true_alpha - 0.348) - 0.03)",
                    "that takes the page's exponent 0.348; this truth has its own alpha",
                )
                for left in (_REDUCIBLE, "true_A * middle_N ** -0.348")
            ),
            (
                f"true_alpha * {_REDUCIBLE} / middle_N",
                "that is dL/dN; on log-log paper it is multiplied by N and divided by L",
            ),
            (
                f"({_REDUCIBLE}) ** true_alpha",
                "alpha is a factor of the slope there, not a power",
            ),
            *(
                (number, "the page's law has that exponent; this truth has its own constants")
                for number in ("0.348", "0.085", "0.34")
            ),
            ("0.076", "Kaplan's law has that exponent; this truth has constants of its own"),
            *(
                (number, "the page's window shows about that; this one lies elsewhere")
                for number in (
                    "0.075",
                    # no number, and so no mistake, where it is nearly right
                    f"0.102 + 0 / max(0, abs(true_alpha * {_REDUCIBLE} / (true_E + {_REDUCIBLE}) "
                    "- 0.102) - 0.012)",
                )
            ),
            (
                f"10 * true_alpha * {_REDUCIBLE} / (true_E + {_REDUCIBLE})",
                "a power of ten slipped: the exponent is the reducible share of alpha",
            ),
            (
                f"100 * true_alpha * {_REDUCIBLE} / (true_E + {_REDUCIBLE})",
                "that is a hundred times as much: an exponent is no percentage",
            ),
        ),
        generic="that is not the slope of log loss against log N at {middle_N:g}: work out the "
        "reducible part there, then its share of the loss, and look whether the exponent is "
        "that share of alpha. (If you are near: carry more digits of the share)",
        hints=(
            "A straight line in a narrow window has the slope of the curve there, on log-log axes.",
            "d log L / d log N = (N / L) dL/dN.",
            "`reducible = true_A / middle_N**true_alpha`",
        ),
        praise="the exponent times the reducible share of the loss",
    ),
    Number(
        id="06-crossing",
        answer="crossing_pf_days",
        given=("d_coef",),
        derived={**_CONSTANTS, **_OTHER_CROSSINGS.derived},
        truth=f"exp(({_TOP}) / (0.27 * q - p))",
        unit="PF-days",
        rtol=0.004,
        bounds=(
            ("x > 0", "compute is positive"),
            (
                "x < 1e12",
                "that is more than a million times beyond the paper's range: in FLOPs instead of "
                "PF-days, or a ratio upside down?",
            ),
        ),
        mistakes=(
            (
                f"exp(({_TOP}) / (0.27 * q + p))",
                "a sign slipped: both powers of C belong on one side, so their exponents are "
                "subtracted",
            ),
            (
                f"exp(-({_TOP}) / (0.27 * q + p))",
                "a sign slipped: both powers of C belong on one side, so their exponents are "
                "subtracted",
            ),
            (
                f"exp(-({_TOP}) / (0.27 * q - p))",
                "the constants are the wrong way round: that is the reciprocal",
            ),
            (
                "exp((q * log(D_c / 2e10) - p * log(C_c)) / (0.27 * q - p))",
                "that is the page's crossing, for 2e10 tokens at one PF-day; here there are "
                "{d_coef:.3g}",
            ),
            (
                f"({_TOP}) / (0.27 * q - p)",
                "that is the logarithm of the answer: undo it",
            ),
            (
                f"({_TOP}) / (0.27 * q - p) / log(10)",
                "that is the decimal logarithm of the answer: undo it",
            ),
            (
                f"10 ** (({_TOP}) / (0.27 * q - p))",
                "two kinds of logarithm are mixed: what ln takes, exp gives back",
            ),
            (
                "exp((joint_q * log(joint_D_c / d_coef) - p * log(C_c)) / (0.27 * joint_q - p))",
                "that is the data law inside L(N, D); the question is about L(D) alone",
            ),
            (
                f"exp(({_TOP}) / (0.27 * q - p) / log(10))",
                "two kinds of logarithm are mixed: what log10 takes, a power of 10 gives back",
            ),
            *(
                (
                    f"exp((q * log(D_c / d_coef {slip}) - p * log(C_c)) / (0.27 * q - p))",
                    "a power of ten slipped in D_c, 5.4e13, or in the tokens of one PF-day, "
                    "{d_coef:.3g}",
                )
                for slip in ("* 10", "/ 10")
            ),
            *(
                (
                    expression,
                    "that is the logarithm of a ratio of two losses; divide by the difference of "
                    "the powers, and undo the logarithm",
                )
                for expression in (_TOP, f"-({_TOP})", f"({_TOP}) / log(10)")
            ),
            (
                f"exp(({_TOP}) / (0.27 * q - p)) * 8.64e19",
                "that is in FLOPs; PF-days are asked for",
            ),
            (
                f"exp(({_TOP}) / (q - p))",
                "the data grow as C^0.27, so L(D) falls as C to the 0.27 times 0.095",
            ),
            (
                f"exp(({_TOP}) / -p)",
                "that holds the data of one PF-day fixed; they grow as C^0.27",
            ),
            (
                f"exp(({_TOP}) / (0.73 * q - p))",
                "0.73 is how the best size grows; the data grow as C^0.27",
            ),
            (
                f"exp(({_TOP}) / (0.26 * q - p))",
                "0.26 is the exponent of another rule of the paper; here the data grow as C^0.27",
            ),
            (
                "exp((p * log(D_c / d_coef) - q * log(C_c)) / (0.27 * p - q))",
                "the exponents have changed places: 0.050 belongs to compute, 0.095 to the data",
            ),
            *(
                (
                    f"exp(({top}) / (0.27 * {power} - p))",
                    f"that takes {word} for the law of data; L(D) has 5.4e13 tokens and 0.095",
                )
                for top, power, word in (
                    ("q * log(joint_D_c / d_coef) - p * log(C_c)", "q", "the joint law's D_c"),
                    (
                        "joint_q * log(D_c / d_coef) - p * log(C_c)",
                        "joint_q",
                        "the joint law's exponent",
                    ),
                    ("0.076 * log(D_c / d_coef) - p * log(C_c)", "0.076", "the exponent of size"),
                    ("q * log(8.8e13 / d_coef) - p * log(C_c)", "q", "the scale of size"),
                )
            ),
            *(
                (
                    f"exp((q * log(D_c / d_coef) - {power} * log({scale})) / (0.27 * q - {power}))",
                    "those are not the constants of L(C_min): 3.1e8 PF-days and 0.050",
                )
                for scale, power in (("1.6e7", "p"), ("1.6e7", "0.057"), ("C_c", "0.057"))
            ),
            (
                "(C_c * d_coef / D_c) ** (1 / 0.73)",
                "the powers 0.050 and 0.095 are dropped there; each ratio has its own",
            ),
            (
                f"exp(-({_TOP})) / (p - 0.27 * q)",
                "that divides by the difference of the powers; a power is undone by a root",
            ),
            (
                f"exp({_TOP}) / (p - 0.27 * q)",
                "that divides by the difference of the powers; a power is undone by a root",
            ),
            (
                f"exp(({_TOP}) / (0.27 - 2 * p))",
                "both losses are powers: D grows as C^0.27, and L(D) falls as D^-0.095",
            ),
            (
                f"exp(({_TOP}) / (0.27 - p))",
                "both losses are powers: D grows as C^0.27, and L(D) falls as D^-0.095",
            ),
            *(
                (
                    f"exp(({_TOP}) / ({growth} * q - p))",
                    f"the data grow as C^0.27, not as C^{word}",
                )
                for growth, word in (("0.5", "0.5"), ("0.37", "0.37"), ("0.74", "0.74"))
            ),
            *(
                (
                    expression,
                    "that is the ratio of the two losses at one PF-day; "
                    "at which C has the difference of the powers made up for it?",
                )
                for expression in (f"exp({_TOP})", f"exp(-({_TOP}))")
            ),
            *(
                (
                    expression,
                    "both scales come with the power of their own law, D_c with 0.095 and C_c "
                    "with 0.050",
                )
                for expression in (
                    "exp(log(D_c / d_coef / C_c) / (0.27 * q - p))",
                    "exp((log(D_c / d_coef) - log(C_c)) * p / (0.27 * q - p))",
                    "(D_c / d_coef) ** (1 / 0.27)",
                )
            ),
            (
                f"d_coef * exp(({_TOP}) / (0.27 * q - p)) ** 0.27",
                "those are the tokens at the crossing; the question asks for the compute",
            ),
            (
                f"exp(({_TOP}) / (0.27 * q - p)) * 8.64e19 "
                f"/ (6 * d_coef * exp(({_TOP}) / (0.27 * q - p)) ** 0.27)",
                "those are the parameters at the crossing; the question asks for the compute",
            ),
            (
                f"exp(({_TOP}) / (0.27 * q - p)) / 8.64e19",
                "the answer comes in PF-days already, the unit of C_c: nothing is to be divided",
            ),
            ("1e4", "that is what the paper prints, for its own data; here there are {d_coef:.3g}"),
            (
                f"(C_c / exp(({_TOP}) / (0.27 * q - p))) ** p",
                "that is the loss at the crossing; the question asks for the compute",
            ),
            *_OTHER_CROSSINGS.mistakes,
        ),
        generic="at that compute the two laws do not give the same loss: put it into both, with "
        "{d_coef:.3g} times C^0.27 tokens in the second. (If you are near: the lines are so nearly "
        "parallel that one per cent in a loss moves their crossing by half; carry six digits)",
        hints=(
            "Write both losses as a constant times a power of C.",
            "(C_c/C)^0.050 = (D_c/(d_coef C^0.27))^0.095: take logarithms and collect log C.",
            "`compute, data = KAPLAN_2020.compute, KAPLAN_2020.data`",
        ),
        praise="there the two laws promise the same loss; beyond it they contradict each other",
    ),
)

QUESTIONS = (
    Question(
        id="06-read-once",
        prompt="A run pays for every token that it processes. Which of Kaplan's laws counts tokens "
        "so?",
        options=(
            Option(
                "L(D)",
                why="It counts different tokens, which the model may read many times, until the "
                "loss stops falling.",
                key="a",
            ),
            Option(
                "L(N, D)",
                why="It counts different tokens too. For a run that pays for each of them, "
                "its loss is too low.",
                key="b",
            ),
            Option(
                "L(C_min)",
                right=True,
                why="It counts all that is processed, at the best split. So does L(N, S_min), at "
                "the split that was used: 1.784 and 1.771 nats for GPT-3's C_min. Neither asks "
                "whether a token is new.",
                key="c",
            ),
        ),
    ),
    Question(
        id="06-best-for-what",
        prompt="The right number of tokens grows as N to the power 0.74, somebody says. Right for "
        "what?",
        options=(
            Option(
                "for the lowest loss that a given compute can buy",
                why="That is the best split. Along Kaplan's own, data grow as N to the 0.37; along "
                "Chinchilla's, about as N itself.",
                key="a",
            ),
            Option(
                "for reaching a given loss with the fewest tokens",
                why="That asks for the largest model there is, whatever it costs.",
                key="c",
            ),
            Option(
                "for keeping overfitting small when tokens may be read many times",
                right=True,
                why="In the joint law the penalty depends on N ** 0.74 / D alone: hold that fixed, "
                "and it stays at about 2 %.",
                key="b",
            ),
        ),
    ),
    Question(
        id="06-six-decades",
        prompt="A straight line on log-log paper follows runs over six powers of ten, within a few "
        "per cent. What does that show?",
        options=(
            Option(
                "the line describes these runs, counted in this way",
                right=True,
                why="No more than that. Another count, or another window, shows another exponent "
                "of the same law.",
                key="c",
            ),
            Option(
                "the loss has no floor over this range",
                why="The line above came from a law with a floor, counted without embeddings.",
                key="a",
            ),
            Option(
                "the exponent will hold for larger models",
                why="At 10 trillion parameters the line fitted above and the law behind it are "
                "0.85 nats apart.",
                key="b",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="06-halve-compute",
        prompt="Size alone halves the loss at about 9,100 times the parameters. How many times "
        "more compute does it take, spent as well as possible, to halve the loss?",
        unit="times",
        lo=1,
        hi=1e12,
        truth=2**20,
        says="The law says a million times: 1/0.050 is 20, and twenty doublings are 2^20.",
    ),
    Prediction(
        id="06-top-decade",
        prompt="The true exponent is 0.348. Which exponent does a straight line show between "
        "100 million and 1.5 billion parameters?",
        lo=0,
        hi=1,
        truth=0.075,
        says="The line shows 0.075, a fifth of the true exponent: the floor does not fall with it.",
    ),
    Prediction(
        id="06-own-exponents",
        prompt="These networks are thousands to a million times smaller than Kaplan's largest. "
        "Will the two exponents come out?",
        options=("nearly, on both corpora", "nearly, on one of them", "on neither"),
        keys=("a", "b", "c"),
        truth="b",
        says="Nearly, on one of them. On the made-up language alpha_D is within a tenth and "
        "alpha_N is a sixth to a quarter too large; on source code alpha_N is 1.7 to 2.1 times "
        "Kaplan's.",
    ),
)
