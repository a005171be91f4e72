"""Chapter 14: what students may see of the judging, and the simulated families of models that one exercise is about."""

from __future__ import annotations

from functools import cache

import numpy as np

from ...laws import BrokenPowerLaw, PowerLaw
from .. import Choice, Function, Number, Option, Prediction, Question

COMPUTE = 10.0 ** np.arange(18, 24.1, 0.5)
"""FLOPs of the models of every simulated family: 1e18 to 1e24, two a decade."""
EARLY = 7
"""How many of them were there when the forecast was made: up to 1e21."""
_NOISE = 0.003


@cache
def four_families(seed: int):
    """COMPUTE, and four simulated families "A" to "D": name -> (loss of the answers' tokens in nats, exam).

    The exam is the share of answers of a family's own length whose tokens are all right. One family's loss turns away
    from its power law after 1e21 FLOPs; the other three follow theirs to the end.
    """
    rng = np.random.default_rng(seed)
    broken = int(rng.integers(4))
    others = rng.permutation([place for place in range(4) if place != broken])
    exponent, length = np.empty(4), np.empty(4)  # the broken one stands out in neither
    exponent[[*others, broken]] = [0.40, 0.60, 0.55, 0.47]
    length[[*others, broken]] = [1, 30, 300, 4]
    exponent += rng.uniform(-0.01, 0.01, 4)
    families = {}
    for place, name in enumerate("ABCD"):
        law = PowerLaw(10 ** rng.uniform(17.7, 18.3), exponent[place])
        if place == broken:
            law = BrokenPowerLaw(law.scale, law.exponent, 10**21.2, rng.choice([-0.03, 0.03]), 0.3)
        loss = law.loss(COMPUTE) * np.exp(rng.normal(0, _NOISE, len(COMPUTE)))
        families[name] = loss, np.exp(-loss * length[place])
    return COMPUTE.copy(), families


def _beyond(seed, name):
    """By how much the later losses leave the line through the earlier ones: the largest, in per cent, without its sign."""
    C, families = four_families(seed)
    x, y = np.log(C), np.log(families[name][0])
    line = np.polyfit(x[:EARLY], y[:EARLY], 1)
    return 100 * np.abs(np.exp(y - np.polyval(line, x))[EARLY:] - 1).max()


def _is_broken(seed):
    """The place of the family that leaves its line most."""
    return int(np.argmax([_beyond(seed, name) for name in "ABCD"]))


_ANSWERS = np.array([[0.1, 0.2, 0.0], [2.0, 0.5, 1.5], [0.0, 0.05, 0.1]])
_CERTAIN = np.zeros((4, 6))


EXERCISES = (
    Number(
        id="14-half-right",
        answer="compute_needed",
        given=("p_now", "gamma", "length"),
        derived={
            "needed": lambda p_now, gamma, length: (
                1e21 * (length * -np.log(p_now) / np.log(2)) ** (1 / gamma)
            ),
            "shift_only": lambda p_now, gamma, length: 1e21 * length ** (1 / gamma),
            "one_token": lambda p_now, gamma, length: (
                1e21 * (-np.log(p_now) / np.log(2)) ** (1 / gamma)
            ),
            "each_half": lambda p_now, gamma, length: (
                1e21 * (-np.log(p_now) / (np.log(2) * length)) ** (1 / gamma)
            ),
            "power": lambda p_now, gamma, length: (
                1e21 * (length * -np.log(p_now) / np.log(2)) ** gamma
            ),
            "linear": lambda p_now, gamma, length: 1e21 * length * -np.log(p_now) / np.log(2),
            "no_base": lambda p_now, gamma, length: 1e21 * (length * -np.log(p_now)) ** (1 / gamma),
            "errors": lambda p_now, gamma, length: 1e21 * ((1 - p_now) * 2 * length) ** (1 / gamma),
        },
        truth="needed",
        unit="FLOPs",
        rtol=0.02,
        bounds=(
            ("x > 0", "compute is positive"),
            ("x > 1e15", "asked for is the compute in FLOPs, not how many times 1e21 it is"),
        ),
        mistakes=(
            (
                "one_token",
                "that is where a single token is right half of the time: the answer has {length} of them",
            ),
            (
                "each_half",
                "the longer answer needs a smaller -log(p), so more compute: length stands on the other side",
            ),
            (
                "needed / 1e21",
                "that is the factor; asked for is the compute itself, starting from 1e21 FLOPs",
            ),
            (
                "power",
                "-log(p) falls as the compute to the power -gamma: to undo that, raise to 1 / gamma",
            ),
            (
                "linear",
                "that divides -log(p) by as much as the compute grows; it falls only as a power of it",
            ),
            (
                "no_base",
                "that is where all tokens are right with probability 1/e; asked for is one half",
            ),
            (
                "shift_only",
                "that counts the length only: at 1e21 FLOPs single tokens are right in {p_now} of the cases, not in half",
            ),
            (
                "errors",
                "-log(p), not 1 - p, falls as a power law here; the two agree only where p is near 1",
            ),
        ),
        generic="with that compute half of the answers are not wholly right: put it back into p ** length",
        hints=(
            "Half of the answers are right where p ** length = 1/2. What is -log(p) there, and what is it now?",
            "-log(p) must become log(2) / length, and it falls as C ** -gamma.",
            "`factor = (length * -np.log(p_now) / np.log(2)) ** (...)`",
        ),
        praise="there half of the answers are right from end to end",
    ),
    Function(
        id="14-exact-match",
        answer="exact_match",
        arguments=("surprisals",),
        probes=(
            (_ANSWERS,),
            (np.array([[0.7, 0.7], [0.1, 3.0]]),),
            (np.array([[0.3], [1.2], [2.0]]),),
        ),
        properties=(
            (lambda f: np.shape(f(_ANSWERS)) == (), "return one number for the whole exam"),
            (
                lambda f: np.isclose(f(_CERTAIN), 1),
                "where every token has surprisal 0 the model is certain and always right: 1",
            ),
            (
                lambda f: np.isclose(f(np.array([[np.log(2), np.log(4)]])), 1 / 8),
                "one answer of two tokens with probabilities 1/2 and 1/4 is wholly right in one case of eight",
            ),
            (
                lambda f: np.isclose(f(np.array([[0.0, 0.0], [50.0, 50.0]])), 0.5),
                "one answer known for certain and one hopeless: half of the exam is right",
            ),
            (
                lambda f: np.isclose(f(_ANSWERS), (np.exp(-0.3) + np.exp(-4) + np.exp(-0.15)) / 3),
                "average over the answers after each has become a probability",
            ),
        ),
        mistakes=(
            (
                lambda surprisals: np.exp(-np.mean(surprisals)),
                "that is what a single token gets; an answer needs all of its tokens",
            ),
            (
                lambda surprisals: np.exp(-np.mean(surprisals) * np.shape(surprisals)[1]),
                "that is p ** L with the mean surprisal: it takes every answer for equally hard. Average last",
            ),
            (
                lambda surprisals: (
                    np.exp(-np.asarray(surprisals)).mean() ** np.shape(surprisals)[1]
                ),
                "that is the mean probability of a token to the power L: it takes every answer for equally hard. Average last",
            ),
            (
                lambda surprisals: np.exp(-np.asarray(surprisals)).mean(),
                "that is the mean probability of a token: multiply along each answer",
            ),
            (
                lambda surprisals: np.exp(-np.sum(surprisals)),
                "that asks for all answers of the exam at once; average over them",
            ),
            (
                lambda surprisals: np.exp(-np.sum(surprisals, axis=0)).mean(),
                "that multiplies down the columns: the answers are the rows",
            ),
            (
                lambda surprisals: np.exp(-np.sum(surprisals, axis=1)).sum(),
                "that is the number of right answers; the share divides by how many there are",
            ),
        ),
        hints=(
            "What is the probability that the model writes the first answer as it should be, all tokens of it?",
            "Surprisals add up along an answer, exp(-sum) is its probability; then the mean over the answers.",
            "`per_answer = np.exp(-np.sum(surprisals, axis=...))`",
        ),
        praise="one probability for each answer, and only then the mean",
    ),
    Number(
        id="14-questions",
        answer="questions",
        given=("p_token", "length"),
        derived={
            "share": lambda p_token, length: p_token**length,
            "single": lambda p_token, length: np.log(0.05) / np.log1p(-p_token),
            "once": lambda p_token, length: p_token**-length,
            "part": lambda p_token, length: 0.95 * p_token**-length,
            "turned": lambda p_token, length: np.log(0.95) / np.log1p(-(p_token**length)),
            "ten": lambda p_token, length: np.log(0.1) / np.log1p(-(p_token**length)),
            "needed": lambda p_token, length: np.log(0.05) / np.log1p(-(p_token**length)),
        },
        truth="needed",
        unit="questions",
        rtol=0.009,
        whole=True,
        bounds=(
            ("x > 1", "a number of questions, one at least"),
            (
                "(1 - share) ** x < 0.0515",
                "with so few questions the chance to see not a single right answer is above 5 %",
            ),
        ),
        mistakes=(
            (
                "single",
                "that many show one right *token*; an answer is right when all {length} tokens are",
            ),
            (
                "once",
                "with so many questions you expect one right answer, and see none in more than a third of all exams",
            ),
            (
                "part",
                "chances do not add up: each question misses with probability 1 - p ** length, and n of them all miss with its nth power",
            ),
            (
                "turned",
                "that is how many questions still show nothing in 95 % of all exams; asked is the other way round",
            ),
            ("ten", "that leaves a chance of 10 % to see nothing; asked for is 5 %"),
        ),
        generic="fewer questions will do: the chance to see none is below 5 % already",
        hints=(
            "How likely is one whole answer? And how likely is it that n answers in a row are all wrong?",
            "(1 - p_token ** length) ** n = 0.05",
            "`questions = np.log(0.05) / np.log(1 - ...)`",
        ),
        praise="about three divided by the share of right answers: that many questions until zero means anything",
    ),
    Choice(
        id="14-really-broken",
        answer="broken_family",
        given=("seed",),
        derived={"place": _is_broken}
        | {f"beyond_{name}": (lambda seed, name=name: _beyond(seed, name)) for name in "ABCD"},
        options=tuple(
            (
                name,
                f"abs(place - {place}) < 0.5",
                f"after 1e21 FLOPs the losses of {name} leave the line through its first seven by {{beyond_{name}:.1f}} % at most: "
                "that is noise, carried forward. A sudden exam is no sign of a broken loss",
            )
            for place, name in enumerate("ABCD")
        ),
        hints=(
            "Leave the exams aside. What would you have forecast for each loss from its first seven models?",
            "Fit a line to log loss against log compute up to 1e21 FLOPs and compare the later losses with it.",
            "`line = np.polyfit(np.log(C[:7]), np.log(loss[:7]), 1)` for each family",
        ),
        praise="its loss left the line that its first seven models had drawn; the other exams only look sudden",
    ),
)

QUESTIONS = (
    Question(
        id="14-later-or-steeper",
        prompt="Suppose -log(p) of a digit falls as a power of the scale, and the scale axis is "
        "logarithmic. What does asking for ten digits in place of one do to the curve of right answers?",
        options=(
            Option(
                "It moves to the right and keeps its shape",
                right=True,
                why="p ** 10 has ten times the -log. To make up for "
                "that, the scale must grow by the factor 10 to the power 1/gamma, the same at every height of the curve.",
                key="b",
            ),
            Option(
                "It becomes ten times as steep",
                why="The tenth power multiplies relative changes by ten. But the curve is "
                "read in percentage points, and where it rises, p is already near 1.",
                key="a",
            ),
            Option(
                "It becomes lower everywhere and never reaches 100 %",
                why="Lower at a given scale, yes. But as p goes to 1, so does its tenth power.",
                key="c",
            ),
        ),
    ),
    Question(
        id="14-narrow-interval",
        prompt="A paper prints an exponent of 0.454 with an interval of 0.454 to 0.455. What does the "
        "interval promise?",
        options=(
            Option(
                "That another laboratory will find 0.454 or 0.455",
                why="Another laboratory has other text, another count and "
                "another recipe. None of them was varied, so the interval cannot know about them.",
                key="a",
            ),
            Option(
                "That resampling these runs, fitted in this way, hardly moves the exponent",
                right=True,
                why="That is what a bootstrap measures: the noise between runs. Recipe, count, corpus and form are held fixed.",
                key="c",
            ),
            Option(
                "That the form of the law is right",
                why="Every form has an interval, wrong ones too: chapter 9 has an invented "
                "floor with residuals that look fine.",
                key="b",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="14-ten-digits",
        prompt="At some moment the network gets three digits out of four right. What share of its ten-digit "
        "answers is right from end to end?",
        unit="%",
        lo=0,
        hi=100,
    ),
    Prediction(
        id="14-next-two-doublings",
        prompt="A line through the losses from 4,000 to 20,000 problems fits within 2 %. How far off is "
        "its forecast for 80,000?",
        unit="%",
        lo=0,
        hi=1000,
    ),
    Prediction(
        id="14-schedule",
        prompt="The same models, trained with a learning rate that never falls. What does that change in the "
        "scaling law?",
        options=(
            "nothing",
            "the constant: every loss is higher by the same factor",
            "the exponent: the factor changes with the budget",
        ),
    ),
)
