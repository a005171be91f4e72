"""Checks of chapter 6, Kaplan's laws: what students may see."""

import numpy as np

from ...laws import KAPLAN_2020, PF_DAY
from .. import Function, Number, Option, Prediction, Question

_POWER = KAPLAN_2020.alpha_N / KAPLAN_2020.alpha_D


def _size_term(n_params, **_):
    return (KAPLAN_2020.N_c / n_params) ** _POWER


def _losses(N, D):
    """Of the run, of one with twice the parameters, of one with twice the tokens."""
    return KAPLAN_2020.loss(np.array([N, 2 * N, N]), np.array([D, D, 2 * D]))


def _explained(f, N, D):
    """Whether both gains lead from the losses after doubling back to the loss before."""
    before, *after = _losses(N, D)
    return np.allclose(np.asarray(f(N, D)) + after, before, rtol=1e-7, atol=0)


def _gain_alone(N, D):
    size, data = KAPLAN_2020.loss_of_size, KAPLAN_2020.loss_of_data
    return size(N) - size(2 * N), data(D) - data(2 * D)


def _ratios(N, D):
    now = KAPLAN_2020.loss(N, D)
    return KAPLAN_2020.loss(2 * N, D) / now, KAPLAN_2020.loss(N, 2 * D) / now


_COMPUTE, _DATA = KAPLAN_2020.compute, KAPLAN_2020.data

EXERCISES = (
    Number(
        id="06-pf-days",
        answer="tokens_read",
        given=("n_params", "pf_days"),
        derived={"pf_day": lambda **_: PF_DAY},
        truth="pf_days * pf_day / (6 * n_params)",
        unit="tokens",
        rtol=0.01,
        bounds=(
            (
                "x > 1e6",
                "that is too few tokens for a run of this size: have the PF-days been turned into FLOPs?",
            ),
        ),
        mistakes=(
            (
                "pf_days * pf_day / n_params",
                "each token costs more than one FLOP a parameter: where is the 6?",
            ),
            (
                "pf_days * pf_day / (2 * n_params)",
                "2 FLOPs a parameter is the forward pass alone; training costs three times that",
            ),
            (
                "pf_days * 1e15 / (6 * n_params)",
                "10^15 FLOPs is one second of a petaflop machine; a PF-day is a whole day of it",
            ),
            (
                "pf_days * 3.6e18 / (6 * n_params)",
                "that is an hour of a petaflop machine; a PF-day is a day",
            ),
            ("pf_days * pf_day * 6 / n_params", "the 6 is on the wrong side of C = 6 N D"),
        ),
        generic="put your tokens back: 6 N D does not give the FLOPs of {pf_days:g} PF-days",
        hints=(
            "First the unit: how many FLOPs is one PF-day? The library has it as a constant.",
            "C = 6 N D, with C in FLOPs, solved for D.",
            "`tokens_read = pf_days * PF_DAY / ...`",
        ),
        praise="6 N D with your tokens gives back the PF-days",
    ),
    Number(
        id="06-enough-data",
        answer="tokens_needed",
        given=("n_params", "penalty_allowed"),
        derived={
            "size_term": _size_term,
            "endless": lambda n_params, **_: (KAPLAN_2020.N_c / n_params) ** KAPLAN_2020.alpha_N,
            "D_c": lambda **_: KAPLAN_2020.D_c,
            "alpha_D": lambda **_: KAPLAN_2020.alpha_D,
            "alpha_N": lambda **_: KAPLAN_2020.alpha_N,
            "single_alpha_D": lambda **_: KAPLAN_2020.data.exponent,
            "single_size_term": lambda n_params, **_: (
                (KAPLAN_2020.N_c / n_params)
                ** (KAPLAN_2020.size.exponent / KAPLAN_2020.data.exponent)
            ),
        },
        truth="D_c / (size_term * ((1 + penalty_allowed) ** (1 / alpha_D) - 1))",
        unit="tokens",
        rtol=0.01,
        bounds=(
            ("x > 0", "tokens are counted: the number is positive"),
            (
                "(size_term + D_c / x) ** alpha_D / endless - 1 < 100 * penalty_allowed",
                "with so few tokens the penalty is far larger than {penalty_allowed:g}",
            ),
        ),
        mistakes=(
            (
                "D_c / (single_size_term * ((1 + penalty_allowed) ** (1 / single_alpha_D) - 1))",
                "those are the constants of the single-variable laws; the joint law has its own, alpha_D = 0.103 among them",
            ),
            (
                "D_c / ((1 + penalty_allowed) ** (1 / alpha_D) - 1)",
                "the size term is missing: it is what the penalty is measured against",
            ),
            (
                "5e3 * n_params ** 0.74",
                "that is the printed rule, which allows about 2 %; here {penalty_allowed:g} is allowed",
            ),
            (
                "D_c / (size_term * ((1 + 100 * penalty_allowed) ** (1 / alpha_D) - 1))",
                "{penalty_allowed:g} is a fraction, not a percentage",
            ),
            (
                "D_c / (size_term * ((1 + penalty_allowed) ** (1 / alpha_N) - 1))",
                "the outer power of the joint law is alpha_D, not alpha_N",
            ),
            (
                "D_c / (size_term * (1 + penalty_allowed) ** (1 / alpha_D))",
                "that makes the data term carry the whole loss; the size term is still there and has to be taken off",
            ),
            (
                "D_c / (size_term * penalty_allowed)",
                "the penalty is on the loss, outside the power alpha_D, not on the terms inside",
            ),
        ),
        generic="put your tokens into L(N, D): the penalty is not the fraction {penalty_allowed:g}",
        hints=(
            "Divide L(N, D) by the same law with D endless: the size term is common.",
            "(1 + D_c/D / size_term)^alpha_D = 1 + penalty, with size_term = (N_c/N)^(alpha_N/alpha_D).",
            "`size_term = (KAPLAN_2020.N_c / n_params) ** (KAPLAN_2020.alpha_N / KAPLAN_2020.alpha_D)`",
        ),
        praise="with that much data the joint law is just that far above endless data",
    ),
    Function(
        id="06-which-lever",
        answer="gain_of_doubling",
        arguments=("N", "D"),
        probes=((1e8, 1e9), (1e9, 2e10), (1e11, 1e9)),
        properties=(
            (
                lambda f: np.shape(f(1e8, 1e9)) == (2,),
                "return two numbers: the gain of 2N and the gain of 2D",
            ),
            (
                lambda f: np.all(np.asarray(f(1e8, 1e9)) > 0),
                "both doublings lower the loss: a gain is the loss before minus the loss after",
            ),
            (
                lambda f: np.asarray(f(1e11, 1e9))[0] < np.asarray(f(1e11, 1e9))[1],
                "a huge model on few tokens gains more from tokens: is the first number that of the parameters?",
            ),
            (
                lambda f: _explained(f, 1e8, 1e9) and _explained(f, 3e9, 2e11),
                "the differences are not those of KAPLAN_2020.loss",
            ),
        ),
        mistakes=(
            (
                lambda N, D: _losses(N, D)[0] - _losses(N, D)[[2, 1]],
                "the two are in the wrong order: first the doubled parameters, then the doubled tokens",
            ),
            (
                lambda N, D: _losses(N, D)[1:] - _losses(N, D)[0],
                "that is after minus before; a gain is before minus after",
            ),
            (_ratios, "those are ratios of losses; the question asks for nats, so subtract"),
            (
                lambda N, D: tuple(1 - ratio for ratio in _ratios(N, D)),
                "those are shares of the loss; the question asks for nats",
            ),
            (
                _gain_alone,
                "the single-variable laws give each lever the other for free; use the joint law KAPLAN_2020.loss(N, D)",
            ),
            (
                lambda N, D: (KAPLAN_2020.loss(N, D) - KAPLAN_2020.loss(2 * N, 2 * D),) * 2,
                "you doubled both levers at once; double one and keep the other",
            ),
        ),
        hints=(
            "Three losses are needed: the run as it is, and with either lever doubled.",
            "A gain is the loss before minus the loss after, in nats.",
            "`now = KAPLAN_2020.loss(N, D)`",
        ),
        praise="both gains are those of the joint law",
    ),
    Number(
        id="06-missing-floor",
        answer="exponent_seen",
        given=("E", "A", "alpha", "n_middle"),
        truth="alpha * A * n_middle ** -alpha / (E + A * n_middle ** -alpha)",
        rtol=0.006,
        bounds=(
            (
                "0 < x",
                "the loss falls with size: as an exponent of (1/N) that is a positive number",
            ),
            (
                "x < alpha",
                "the floor does not fall, so the loss as a whole falls more slowly than its reducible part",
            ),
        ),
        mistakes=(
            (
                "alpha",
                "that is the exponent of the reducible part; your line is fitted to the whole loss",
            ),
            (
                "alpha * A * n_middle ** -alpha",
                "that is the slope of the loss against log N; log-log paper also divides by the loss",
            ),
            (
                "A * n_middle ** -alpha / (E + A * n_middle ** -alpha)",
                "that is the reducible share; the slope has a factor alpha more",
            ),
            (
                "alpha * E / (E + A * n_middle ** -alpha)",
                "that is the share of the floor; it is the reducible part that falls",
            ),
            ("alpha * A * n_middle ** -alpha / E", "divide by the whole loss, not by the floor"),
            (
                "-alpha * A * n_middle ** -alpha / (E + A * n_middle ** -alpha)",
                "the size is right; an exponent is the slope with its sign turned",
            ),
        ),
        generic="that is not the slope of log loss against log N at {n_middle:g}",
        hints=(
            "A straight line in a narrow window has the slope of the curve there, on log-log axes.",
            "d log L / d log N = (N / L) dL/dN.",
            "`reducible = A / n_middle**alpha`",
        ),
        praise="the exponent times the reducible share of the loss",
    ),
    Number(
        id="06-crossing",
        answer="crossing_pf_days",
        given=("d_coef",),
        derived={
            "C_c": lambda **_: _COMPUTE.scale,
            "p": lambda **_: _COMPUTE.exponent,
            "D_c": lambda **_: _DATA.scale,
            "q": lambda **_: _DATA.exponent,
            "joint_D_c": lambda **_: KAPLAN_2020.D_c,
            "joint_q": lambda **_: KAPLAN_2020.alpha_D,
        },
        truth="exp((q * log(D_c / d_coef) - p * log(C_c)) / (0.27 * q - p))",
        unit="PF-days",
        rtol=0.004,
        bounds=(
            ("x > 0", "compute is positive"),
            (
                "x < 1e12",
                "that is more than a million times beyond the paper's range; is the answer in FLOPs instead of PF-days?",
            ),
        ),
        mistakes=(
            (
                "exp((q * log(D_c / d_coef) - p * log(C_c)) / (0.27 * q + p))",
                "a sign slipped: both powers of C belong on one side, so their exponents are subtracted",
            ),
            (
                "exp((p * log(C_c) - q * log(D_c / d_coef)) / (0.27 * q - p))",
                "the constants are the wrong way round: that is the reciprocal",
            ),
            (
                "exp((q * log(D_c / 2e10) - p * log(C_c)) / (0.27 * q - p))",
                "that is the page's crossing, for 2e10 tokens at one PF-day; here there are {d_coef:.3g}",
            ),
            (
                "(q * log(D_c / d_coef) - p * log(C_c)) / (0.27 * q - p)",
                "that is the logarithm of the answer: undo it",
            ),
            (
                "exp((joint_q * log(joint_D_c / d_coef) - p * log(C_c)) / (0.27 * joint_q - p))",
                "that is the data law inside L(N, D); the question is about L(D) alone",
            ),
            (
                "exp((q * log(D_c / d_coef) - p * log(C_c)) / (0.27 * q - p)) * 8.64e19",
                "that is in FLOPs; PF-days are asked for",
            ),
            (
                "exp((q * log(D_c / d_coef) - p * log(C_c)) / (q - p))",
                "the data grow as C^0.27, so L(D) falls as C to the 0.27 times 0.095",
            ),
        ),
        generic="at that compute the two laws do not give the same loss",
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
        prompt="A run pays for every token that it processes. Which of Kaplan's laws counts tokens so?",
        options=(
            Option(
                "L(D)",
                why="It counts different tokens, which the model may read many times, until the loss stops falling.",
                key="a",
            ),
            Option(
                "L(N, D)",
                why="It counts different tokens too. A run that pays for each of them is flattered by it.",
                key="b",
            ),
            Option(
                "L(C_min)",
                right=True,
                why="It counts all that is processed, at the best split. So does L(N, S_min), at the split that was used: 1.784 and 1.771 nats for GPT-3's C_min. Neither asks whether a token is new.",
                key="c",
            ),
        ),
    ),
    Question(
        id="06-best-for-what",
        prompt="The right number of tokens grows as N to the power 0.74, somebody says. Right for what?",
        options=(
            Option(
                "for the lowest loss that a given compute can buy",
                why="That is the best split. Along Kaplan's own, data grow as N to the 0.37; along Chinchilla's, about as N itself.",
                key="a",
            ),
            Option(
                "for reaching a given loss with the fewest tokens",
                why="That asks for the largest model there is, whatever it costs, and a little more text than it needs at the least.",
                key="c",
            ),
            Option(
                "for keeping overfitting small when tokens may be read many times",
                right=True,
                why="In the joint law the penalty depends on N ** 0.74 / D alone: hold that fixed, and it stays at about 2 %.",
                key="b",
            ),
        ),
    ),
    Question(
        id="06-six-decades",
        prompt="A straight line on log-log paper follows runs over six powers of ten, within a few percent. What does that show?",
        options=(
            Option(
                "the line describes these runs, counted in this way",
                right=True,
                why="No more than that. Another count, or another window, shows another exponent of the same law.",
                key="c",
            ),
            Option(
                "the loss has no floor over this range",
                why="The line above came from a law with a floor, counted without embeddings.",
                key="a",
            ),
            Option(
                "the exponent will hold for larger models",
                why="At 10 trillion parameters the line fitted above and the law behind it are 0.85 nats apart.",
                key="b",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="06-halve",
        prompt="A model may read as much fresh text as it likes. How many times more parameters does it need to halve its loss?",
        unit="times",
        lo=1,
        hi=1e12,
    ),
    Prediction(
        id="06-top-decade",
        prompt="The true exponent is 0.348. Which exponent does a straight line show between 100 million and 1.5 billion parameters?",
        lo=0,
        hi=1,
    ),
    Prediction(
        id="06-own-exponents",
        prompt="These networks are thousands to a million times smaller than Kaplan's largest. Will the two exponents come out?",
        options=("nearly, on both corpora", "nearly, on one of them", "on neither"),
    ),
)
