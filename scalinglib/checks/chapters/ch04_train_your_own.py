"""Checks of chapter 4, train your own: what students may see."""

from __future__ import annotations

from functools import cache

import numpy as np

from .. import Choice, Function, Option, Part, Prediction, Question, Several

LAYERS = 2


def _pooled(losses_a, losses_b):
    return np.sqrt((np.var(losses_a, ddof=1) + np.var(losses_b, ddof=1)) / 2)


def _seeds_needed(losses_a, losses_b):
    return 8 * _pooled(losses_a, losses_b) ** 2 / (np.mean(losses_a) - np.mean(losses_b)) ** 2


WIDTHS = np.array([8, 16, 24, 32, 48, 64])
LETTERS = "abcdef"
ENTROPY = 1.366  # nats a letter, of the language


def _odd_one(**losses):
    """1 to 6: the run without which the other five come closest to a line, log of loss above the entropy on log width."""
    x, y = np.log(WIDTHS), np.log([losses[f"loss_{letter}"] - ENTROPY for letter in LETTERS])
    misfit = []
    for place in range(6):
        x_rest, y_rest = np.delete(x, place), np.delete(y, place)
        misfit.append(np.std(y_rest - np.polyval(np.polyfit(x_rest, y_rest, 1), x_rest)))
    return 1 + int(np.argmin(misfit))


@cache
def _measured(width, seed):
    """D -> loss of the recorded runs of one width and seed."""
    from ...runs import load

    runs = load("ladder").query(
        "arm == 'grid' and corpus == 'lexicon' and width == @width and seed == @seed"
    )
    return runs.set_index("tokens")["loss"].sort_index()


def _known_runs(width, seed):
    """The runs of this width and seed but the last, as a page prints them."""
    known = _measured(width, seed).loc[:320_000]
    return {"tokens": known.index, "loss": known.round(4)}


EXERCISES = (
    Several(
        id="04-parameters",
        answer="size",
        given=("width", "vocabulary", "tokens"),
        derived={
            "layers": lambda width, **_: LAYERS * 12 * width**2,
            "tables": lambda width, vocabulary, **_: 2 * vocabulary * width,
        },
        parts=(
            Part(
                name="parameters",
                truth="layers + tables",
                rtol=0.0005,
                mistakes=(
                    (
                        "layers + tables / 2",
                        "one table is missing: the embedding has vocabulary x width entries, and so has the head",
                    ),
                    (
                        "layers",
                        "that is what is inside the layers; embedding and head are parameters too",
                    ),
                    ("layers / 2 + tables", "that is a network of one layer; this one has two"),
                    (
                        "layers / 3 + tables",
                        "that is the attention only; up and down are 4 width^2 each",
                    ),
                    (
                        "layers * 2 / 3 + tables",
                        "that leaves the attention out: qkv is 3 width^2, out is width^2",
                    ),
                ),
                generic="the entries of the matrices do not add up to that number",
            ),
            Part(
                name="flops",
                truth="6 * parameters * tokens",
                unit="FLOPs",
                rtol=0.002,
                mistakes=(
                    (
                        "2 * parameters * tokens",
                        "2 N D is the forward pass; the backward pass costs twice as much again",
                    ),
                    (
                        "6 * layers * tokens",
                        "your FLOPs use the parameters inside the layers; here N is all of them",
                    ),
                ),
                generic="C = 6 N D, with the number of parameters that you give",
            ),
        ),
        bounds=(("parameters > 0", "count the entries of all matrices"),),
        hints=(
            "The table of matrices on this page: which sides grow with the width, which with the vocabulary?",
            "A layer has 3 + 1 + 4 + 4 = 12 times width^2; embedding and head have vocabulary x width each; C = 6 N D.",
            "`parameters = 2 * vocabulary * width + ...`",
        ),
        praise="every entry is counted once",
    ),
    Several(
        id="04-noise-or-effect",
        answer="comparison",
        given=("losses_a", "losses_b"),
        derived={
            "gap": lambda losses_a, losses_b: np.mean(losses_a) - np.mean(losses_b),
            "sd": _pooled,
            "error": lambda losses_a, losses_b: (
                _pooled(losses_a, losses_b) * np.sqrt(2 / len(losses_a))
            ),
            "n": lambda losses_a, losses_b: float(len(losses_a)),
            "seeds": _seeds_needed,
            "biased": lambda losses_a, losses_b: np.sqrt((np.var(losses_a) + np.var(losses_b)) / 2),
            "best": lambda losses_a, losses_b: min(losses_a) - min(losses_b),
        },
        parts=(
            Part(
                name="difference",
                truth="gap",
                unit="nats",
                mistakes=(
                    ("-gap", "you have B minus A"),
                    ("best", "that compares the luckiest seed of each recipe; compare the means"),
                ),
                generic="the difference is the mean of recipe A minus the mean of recipe B",
            ),
            Part(
                name="standard_error",
                truth="error",
                unit="nats",
                rtol=0.002,
                mistakes=(
                    ("sd", "that is how single runs scatter; a mean of several scatters less"),
                    ("sd / sqrt(n)", "that is the standard error of one mean; both are uncertain"),
                    (
                        "biased * sqrt(2 / n)",
                        "divide by n - 1 for the variance of so few seeds (ddof=1)",
                    ),
                ),
                generic="two means with independent errors: their variances add up",
            ),
            Part(
                name="seeds_needed",
                truth="4 * n * standard_error ** 2 / difference ** 2",
                rtol=0.005,
                whole=True,
                mistakes=(
                    ("seeds / 4", "that is for one standard error; two are asked for"),
                    (
                        "seeds / 2",
                        "both recipes are uncertain: the variance of the difference is 2 sd^2 / seeds",
                    ),
                ),
                generic="with that many seeds each, the difference is not two standard errors: standard error = sd * sqrt(2 / seeds)",
            ),
        ),
        bounds=(("standard_error > 0", "a standard error is positive"),),
        hints=(
            "How far do the seeds of one recipe differ among themselves, and how far do the two means?",
            "sd^2 is the mean of the two variances (ddof=1); standard error = sd sqrt(2/n); solve difference = 2 sd sqrt(2/seeds).",
            "`sd = np.sqrt((np.var(losses_a, ddof=1) + ...) / 2)`",
        ),
        praise="an effect is a difference that its standard error cannot explain",
    ),
    Choice(
        id="04-bad-rate",
        answer="bad_run",
        given=tuple(f"loss_{letter}" for letter in LETTERS),
        derived={"odd": _odd_one},
        options=(
            (
                "A",
                "near(odd, 1, 0.01)",
                "A has the highest loss because it is the smallest; leave it out, and the rest do not lie on a line",
            ),
            ("B", "near(odd, 2, 0.01)", "leave B out: the other five do not lie on a line"),
            ("C", "near(odd, 3, 0.01)", "leave C out: the other five do not lie on a line"),
            ("D", "near(odd, 4, 0.01)", "leave D out: the other five do not lie on a line"),
            ("E", "near(odd, 5, 0.01)", "leave E out: the other five do not lie on a line"),
            (
                "F",
                "near(odd, 6, 0.01)",
                "F has the lowest loss of all; leave it out, and the rest do not lie on a line",
            ),
        ),
        hints=(
            "A bad rate lifts one run above the line of the others. Look for the jump up, not for the high loss.",
            "Leave one run out, fit a line to log(loss - 1.366) against log(width), and see how well the others lie on it.",
            "`x, y = np.log([8, 16, 24, 32, 48, 64]), np.log(np.array([loss_a, ...]) - 1.366)`",
        ),
        praise="it lies above the line of the others by several times the noise",
    ),
    Function(
        id="04-interval-score",
        answer="interval_score",
        arguments=("low", "high", "measured", "level"),
        probes=(
            (1.70, 1.80, 1.76, 0.9),
            (1.70, 1.80, 1.83, 0.9),
            (1.70, 1.80, 1.66, 0.8),
            (np.array([1.6, 1.7]), np.array([1.7, 1.9]), np.array([1.75, 1.8]), 0.9),
        ),
        properties=(
            (
                lambda f: np.isclose(f(1.7, 1.8, 1.76, 0.9), 0.1),
                "where the measured loss is inside, the score is the width of the interval",
            ),
            (
                lambda f: f(1.7, 1.8, 1.9, 0.9) > f(1.7, 1.8, 1.85, 0.9) > 0.1,
                "outside, the score must grow with the distance by which it missed",
            ),
            (
                lambda f: np.isclose(f(1.7, 1.8, 1.83, 0.9), f(1.7, 1.8, 1.67, 0.9)),
                "a miss below costs as much as a miss above",
            ),
            (
                lambda f: np.isclose(f(1.7, 1.8, 1.83, 0.9), 0.1 + 20 * 0.03),
                "at level 0.9 every nat outside costs 2 / 0.1 = 20: the score of a miss by 0.03 is not right",
            ),
            (
                lambda f: np.allclose(
                    f(np.array([1.6, 1.7]), np.array([1.7, 1.9]), np.array([1.75, 1.8]), 0.8),
                    [0.6, 0.2],
                ),
                "for arrays give one score each",
            ),
        ),
        mistakes=(
            (
                lambda low, high, measured, level: high - low + 0 * measured,
                "that rewards an interval of width zero: a miss must cost something",
            ),
            (
                lambda low, high, measured, level: np.abs(measured - (low + high) / 2),
                "that scores the middle only; an honest interval must be told from a boast",
            ),
            (
                lambda low, high, measured, level: (
                    high - low + np.maximum(low - measured, 0) + np.maximum(measured - high, 0)
                ),
                "a nat outside must cost 2 / (1 - level), or it pays to give intervals that are too narrow",
            ),
            (
                lambda low, high, measured, level: (
                    high
                    - low
                    + 2 / level * (np.maximum(low - measured, 0) + np.maximum(measured - high, 0))
                ),
                "the price of a miss is 2 / (1 - level): the surer you claim to be, the dearer",
            ),
            (
                lambda low, high, measured, level: (
                    high - low + 2 / (1 - level) * np.maximum(measured - high, 0)
                ),
                "a measured loss below the interval is a miss as well",
            ),
        ),
        hints=(
            "Two parts: what the width costs always, and what a miss costs on top.",
            "score = (high - low) + 2 / (1 - level) * (distance outside), and the distance is 0 inside.",
            "`outside = np.maximum(low - measured, 0) + ...`",
        ),
        praise="on average nobody can better this score by claiming to know more, or less, than they do",
    ),
    Several(
        id="04-next-run",
        answer="next_run",
        given=("width", "seed", "odds", "surprise"),
        data=lambda width, seed, **_: {"runs": _known_runs(width, seed)},
        derived={
            "measured": lambda width, seed, **_: _measured(width, seed)[640_000],
            "before": lambda width, seed, **_: _measured(width, seed)[320_000],
            "widest": 0.12,
        },
        parts=(
            Part(name="low", unit="nats", digits=4, why="the interval is narrow"),
            Part(name="high", unit="nats", digits=4, why="the interval is narrow"),
            Part(
                name="if_missed",
                truth="high - low + 2 * (1 + odds) * surprise",
                rtol=0.002,
                mistakes=(
                    (
                        "2 * (1 + odds) * surprise",
                        "that is what the miss costs; the width of the interval is charged as well, as always",
                    ),
                    (
                        "high - low + surprise",
                        "a nat outside costs more than a nat: 2 / (1 - level) of them",
                    ),
                    (
                        "high - low + (1 + odds) * surprise",
                        "the price of a nat outside is 2 / (1 - level): where is the 2?",
                    ),
                    (
                        "high - low + 2 * odds * surprise",
                        "{odds} to one means that {odds} of {odds} + 1 such intervals hold: which level is that?",
                    ),
                    (
                        "high - low + 2 * (1 + odds) / odds * surprise",
                        "the price of a miss is 2 / (1 - level): the surer you claim to be, the dearer",
                    ),
                ),
                generic="the score of a miss is not that of your interval, {surprise} nats above its upper end, at {odds} to one",
            ),
        ),
        bounds=(
            ("low < high", "the lower end of the interval comes first"),
            (
                "high - low >= 0.004 or (low <= measured and measured <= high)",
                "an interval of less than 0.004 nats claims to know better than the seeds do: their noise alone is larger",
            ),
            (
                "low >= 1.366",
                "your lower end is below the entropy of the language, which nothing can beat",
            ),
            (
                "high < before",
                "the run with 320,000 tokens is already as good as your upper end: more data will not make it worse",
            ),
            (
                "high - low <= widest",
                "too wide to be useful: {widest} nats is more than a doubling of data brings here",
            ),
            (
                "measured >= low",
                "the measured loss lies below your interval: the last doubling brought more than you allow",
            ),
            (
                "measured <= high",
                "the measured loss lies above your interval: you were too hopeful",
            ),
        ),
        hints=(
            "What did each of the last doublings bring, and how much do seeds scatter?",
            "Above a floor each doubling brings a fixed share, under one, of what the doubling before brought; "
            "then allow for the noise of two seeds. "
            "The level of a bet is odds / (odds + 1).",
            "`known = table.query('width == @width and seed == @seed and tokens <= 320_000')`",
        ),
        praise="the run that you had not seen lies inside, and the interval is narrow enough to plan with",
    ),
)


QUESTIONS = (
    Question(
        id="04-two-runs",
        prompt="Two runs differ in one setting, and their losses by 0.02 nats. What have you learned?",
        options=(
            Option(
                "nothing yet",
                right=True,
                why="The difference is within what the seed does. With several seeds of each, the means scatter less.",
                key="c",
            ),
            Option(
                "the setting helps",
                why="Two runs of one recipe differ by as much: a difference between two has a standard deviation of 0.013 nats.",
                key="a",
            ),
            Option(
                "the setting does not matter",
                why="The noise may hide an effect of that size. It does not rule one out.",
                key="b",
            ),
        ),
    ),
    Question(
        id="04-flat-line",
        prompt="The line of loss against model size flattens in a study. What is the first thing to ask?",
        options=(
            Option(
                "whether it has met the entropy of the text",
                why="The lines that flattened on this page were all nearly half a nat above it or more.",
                key="a",
            ),
            Option(
                "how much smaller the exponent of large models is",
                why="A bend is no exponent until everything else has grown with the run or was tuned at every size.",
                key="c",
            ),
            Option(
                "what was held fixed while the models grew",
                right=True,
                why="Data, the learning rate, the window: each of them flattened a line here, and the line does not say which.",
                key="b",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="04-twice-as-wide",
        prompt="A network of width 16 ends near 2.0 nats after 160,000 tokens. By how much will twice the width lower that?",
        unit="nats",
        lo=0,
        hi=2,
    ),
    Prediction(
        id="04-announced",
        prompt="The plan hoped to forecast the largest run within 3 %. By how many percent does the additive form miss it?",
        unit="%",
        lo=0,
        hi=100,
    ),
)
