"""Checks of chapter 7, Kaplan's allocation: what students may see."""

import numpy as np

from ...laws import KAPLAN_2020, PF_DAY
from .. import Function, Number, Option, Part, Prediction, Question, Several

_SIZE, _GROWTH = KAPLAN_2020.optimal_size_coef, KAPLAN_2020.optimal_size_exponent
_COMPUTE, _DATA = KAPLAN_2020.compute, KAPLAN_2020.data
_PRINTED = (
    KAPLAN_2020.steps_N.exponent,
    KAPLAN_2020.steps_S.exponent,
    KAPLAN_2020.batch_exponent,
)


def _rule(pf_days):
    return _SIZE * pf_days**_GROWTH


def _shares(alpha_N, alpha_S, alpha_B):
    parts = np.array([1 / alpha_N, 1 / alpha_B, 1 / alpha_S])
    return parts / parts.sum()


EXERCISES = (
    Number(
        id="07-critical-batch",
        answer="steps_ratio",
        given=("target_loss", "batch_tokens"),
        derived={
            "b": lambda target_loss, **_: KAPLAN_2020.critical_batch(target_loss),
            "turned": lambda target_loss, **_: (
                KAPLAN_2020.batch_scale / target_loss**KAPLAN_2020.batch_exponent
            ),
        },
        truth="1 + b / batch_tokens",
        unit="times",
        rtol=0.004,
        bounds=(("x > 1", "no batch takes fewer than the fewest steps: the ratio is above 1"),),
        mistakes=(
            (
                "1 + batch_tokens / b",
                "that is how many times the fewest tokens it reads; for the steps the ratio stands the other way up",
            ),
            (
                "b / batch_tokens",
                "that is how many times the batch goes into the critical one; the fewest steps themselves come on top",
            ),
            (
                "1 / (1 + b / batch_tokens)",
                "that is the fewest steps as a share of these; turn it round",
            ),
            ("b", "that is the critical batch, in tokens; now compare the batch with it"),
            ("1 + turned / batch_tokens", "the loss is raised to 1/alpha_B = 4.76, not to alpha_B"),
            (
                "2",
                "twice the fewest is what the critical batch itself takes; this batch is another",
            ),
        ),
        generic="that many times the fewest steps does not fit S = S_min (1 + B_crit / batch) at a loss of {target_loss:g}",
        hints=(
            "First the critical batch at this loss, then this batch beside it.",
            "S = S_min (1 + B_crit / batch), with B_crit = B* / loss^(1/alpha_B).",
            "`critical = KAPLAN_2020.critical_batch(target_loss)`",
        ),
        praise="one for the fewest steps, and one for every time that the batch goes into the critical one",
    ),
    Several(
        id="07-replan",
        answer="plan",
        given=("budget",),
        derived={
            "rule": lambda budget: _rule(budget / 2 / PF_DAY),
            "whole": lambda budget: _rule(budget / PF_DAY),
            "flops": lambda budget: _rule(budget / 2),
            "all_flops": lambda budget: _rule(budget),
            "naive": lambda budget: 1.6e9 * (budget / PF_DAY) ** 0.88,
        },
        parts=(
            Part(
                name="N",
                truth="rule",
                unit="parameters",
                rtol=0.01,
                mistakes=(
                    (
                        "flops",
                        "the rule takes PF-days; that many parameters come out when it is fed FLOPs",
                    ),
                    (
                        "all_flops",
                        "the rule takes PF-days; that many parameters come out when it is fed FLOPs",
                    ),
                    (
                        "whole",
                        "at the critical batch a run pays twice C_min: the rule may be given only half of the budget",
                    ),
                    (
                        "naive",
                        "0.88 is the exponent before the batch was corrected for; Table 6 has 0.73",
                    ),
                    ("budget / (6 * rule)", "size and tokens are in each other's place"),
                ),
                generic="the size is not what the rule gives for the C_min of this budget",
            ),
            Part(
                name="D",
                truth="budget / (6 * N)",
                unit="tokens",
                rtol=0.01,
                mistakes=(
                    ("rule", "size and tokens are in each other's place"),
                    (
                        "budget / (12 * N)",
                        "those are the tokens of C_min; at the critical batch the run reads twice as many",
                    ),
                    (
                        "20 * N",
                        "20 tokens a parameter is Chinchilla's rule; here the budget leaves what it leaves",
                    ),
                ),
                generic="put them back: 6 N D is not the budget",
            ),
        ),
        bounds=(("N > 0 and D > 0", "sizes and tokens are counted: both are above 0"),),
        hints=(
            "At the critical batch, how much of what you pay is C_min?",
            "N = 1.3e9 (C_min in PF-days)^0.73, and the whole budget is 6 N D.",
            "`c_min = budget / 2`",
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
            "joint_D_c": KAPLAN_2020.D_c,
            "joint_q": KAPLAN_2020.alpha_D,
        },
        truth="D_c * (meeting / C_c) ** (p / q) / meeting ** 0.27",
        unit="tokens",
        rtol=0.003,
        bounds=(
            ("x > 0", "tokens are counted: the number is above 0"),
            ("x > 1e6", "that is too few to be tokens of a run of one PF-day"),
        ),
        mistakes=(
            (
                "D_c * (meeting / C_c) ** (p / q)",
                "those are the tokens at {meeting:g} PF-days; at one PF-day there are fewer, by the growth C^0.27",
            ),
            (
                "D_c * (meeting / C_c) ** (p / q) / meeting ** 0.26",
                "0.26 is the exponent of eq. 6.7; here the data grow as C^0.27",
            ),
            (
                "D_c * (meeting / C_c) ** (p / q) * meeting ** 0.27",
                "the data grow towards {meeting:g} PF-days: back to one PF-day you divide",
            ),
            (
                "D_c * (meeting / C_c) ** (q / p) / meeting ** 0.27",
                "the exponents are the wrong way up: D_c/D is a power 0.050/0.095 of C_c/C",
            ),
            (
                "D_c * (C_c / meeting) ** (p / q) / meeting ** 0.27",
                "that is more than D_c: a loss above one nat needs less data than that",
            ),
            (
                "joint_D_c * (meeting / C_c) ** (p / joint_q) / meeting ** 0.27",
                "those are the constants of the joint law L(N, D); the meeting is with L(D) alone",
            ),
            (
                "(C_c / meeting) ** p",
                "that is the loss where they meet; ask L(D) which amount of data has it",
            ),
        ),
        generic="with that many tokens at one PF-day the two laws do not meet at {meeting:g} PF-days",
        hints=(
            "At the meeting point both laws promise the same loss: which amount of data has it?",
            "(C_c/C)^0.050 = (D_c/D)^0.095, and D = data_coef * C^0.27.",
            "`tokens = KAPLAN_2020.data.scale / KAPLAN_2020.compute.loss(meeting) ** (1 / ...)`",
        ),
        praise="with that much data at one PF-day the two laws meet where they should",
    ),
    Function(
        id="07-allocation-exponents",
        answer="allocation_exponents",
        arguments=("alpha_N", "alpha_S", "alpha_B"),
        probes=(_PRINTED, (0.1, 0.5, 0.25), (0.3, 0.6, 0.2)),
        properties=(
            (
                lambda f: np.shape(f(*_PRINTED)) == (3,),
                "return three numbers: the exponents of size, batch and steps",
            ),
            (
                lambda f: np.all(np.asarray(f(0.1, 0.5, 0.25)) > 0),
                "all three grow with the budget: the exponents are above 0",
            ),
            (
                lambda f: np.isclose(np.sum(f(0.1, 0.5, 0.25)), 1),
                "C = 6 N times batch times steps, so the three exponents add up to 1",
            ),
            (
                lambda f: (
                    np.allclose(f(0.1, 0.5, 0.25), _shares(0.1, 0.5, 0.25))
                    and np.allclose(f(0.3, 0.6, 0.2), _shares(0.3, 0.6, 0.2))
                ),
                "each grows as a power of 1/loss: size as 1/alpha_N, batch as 1/alpha_B, steps as 1/alpha_S",
            ),
        ),
        mistakes=(
            (
                lambda alpha_N, alpha_S, alpha_B: (1 / alpha_N, 1 / alpha_B, 1 / alpha_S),
                "those are the powers of 1/loss; in the budget each is a share of their sum",
            ),
            (
                lambda alpha_N, alpha_S, alpha_B: tuple(
                    _shares(alpha_N, alpha_S, alpha_B)[[0, 2, 1]]
                ),
                "batch and steps are in each other's place: size, batch, steps",
            ),
            (
                lambda alpha_N, alpha_S, alpha_B: tuple(
                    np.array([alpha_N, alpha_B, alpha_S]) / (alpha_N + alpha_B + alpha_S)
                ),
                "the smaller an exponent of the loss, the more of its lever is needed: the reciprocals share the budget",
            ),
            (
                lambda alpha_N, alpha_S, alpha_B: (0.05 / alpha_N, 0.05 / alpha_B, 0.05 / alpha_S),
                "0.050 is the fitted exponent of the paper; work it out from the three that you are given",
            ),
            (
                lambda alpha_N, alpha_S, alpha_B: tuple(
                    np.array([1 / alpha_N, 1 / alpha_B, 1 / alpha_S]) / (1 / alpha_N + 1 / alpha_S)
                ),
                "the batch grows too: it belongs into the sum",
            ),
        ),
        hints=(
            "How does each of size, batch and steps grow as the loss falls?",
            "C grows as (1/loss)^(1/alpha_N + 1/alpha_B + 1/alpha_S); an exponent in C is a share of that sum.",
            "`alpha_C = 1 / (1 / alpha_N + ...)`",
        ),
        praise="three shares of one budget, and they add up to 1",
    ),
)

QUESTIONS = (
    Question(
        id="07-beyond-critical",
        prompt="A run uses ten times its critical batch. You double the batch once more. What changes?",
        options=(
            Option(
                "The run takes half as many steps.",
                why="That is so far below the critical batch. At ten times it, 91 % of the steps are the fewest possible "
                "already, and no batch takes those away.",
                key="a",
            ),
            Option(
                "It takes hardly fewer steps and reads nearly twice the tokens.",
                right=True,
                why="Steps go from 1.1 to 1.05 times the fewest, tokens from 11 to 21 times the fewest.",
                key="b",
            ),
            Option(
                "Nothing: steps and tokens both stay as they are.",
                why="The steps nearly stay, but each reads twice as many tokens, and every one of them is paid for.",
                key="c",
            ),
            Option(
                "It reads half as many tokens.",
                why="A larger batch saves steps, not tokens. Tokens are batch times steps, and the steps hardly fall.",
                key="d",
            ),
        ),
    ),
    Question(
        id="07-fixed-compute",
        prompt="The compute is fixed. You want a larger model, fewer steps and more data. What can you have?",
        options=(
            Option(
                "A larger model and fewer steps; the data must shrink.",
                right=True,
                why="`C = 6 N D` fixes `D` once `N` is chosen. The steps are `D` over the batch, so they can fall.",
                key="b",
            ),
            Option(
                "All three: a larger model learns more from every token.",
                why="It may, but it pays for each of them: `C = 6 N D`. With `C` fixed, twice the size leaves half the tokens, "
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
        prompt="A paper prints 0.054. You recompute it from three constants that it prints too, and get 0.0525. "
        "What would settle whether rounding is to blame?",
        options=(
            Option(
                "Nothing: 0.054 and 0.0525 differ by 3 %, and that is always rounding.",
                why="How far rounding reaches depends on how the constants enter. It can be computed, and then one knows.",
                key="a",
            ),
            Option(
                "Repeat the training runs.",
                why="That would test whether the law is true. The question is whether the paper's numbers fit each other, and for that "
                "the paper is enough.",
                key="c",
            ),
            Option(
                "Move every constant to the ends of what rounds to its printed digits, and see whether 0.0535 is reached.",
                right=True,
                why="The extremes of the result bound what rounding can do. A printed value outside them had other inputs.",
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
        prompt="You get ten times the compute for your next model. How many times larger do you make it?",
    ),
    Prediction(
        id="07-sixteen-times",
        unit="times",
        lo=1,
        hi=16,
        prompt="A small network is trained with a batch of 256 tokens until its loss is 2.1, then again with 4,096, each at the "
        "learning rate that suits it. The second batch is 16 times as large. How many times fewer steps does it take?",
    ),
)
