"""Checks of chapter 4, train your own: what students may see."""

from __future__ import annotations

from functools import cache

import numpy as np

from .. import Choice, Function, Option, Part, Prediction, Question, Several

LAYERS = 2


def _pooled(losses_a, losses_b):
    return np.sqrt((np.var(losses_a, ddof=1) + np.var(losses_b, ddof=1)) / 2)


WIDTHS = np.array([8, 16, 24, 32, 48, 64])
LETTERS = "abcdef"
ENTROPY = 1.366  # nats a letter, of the language


def _six(**losses):
    """The six runs of one exercise, as a page shows them."""
    own = [losses[f"loss_{letter}"] for letter in LETTERS]
    return {"six": {"run": list(LETTERS.upper()), "width": WIDTHS, "loss": own}}


def _odd_one(**losses):
    """1 to 6: the run without which the others lie closest to a line in log(L - entropy)."""
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
        answer="net_size",
        given=("net_width", "net_vocabulary", "net_tokens"),
        derived={
            "layers": lambda net_width, **_: LAYERS * 12 * net_width**2,
            "tables": lambda net_width, net_vocabulary, **_: 2 * net_vocabulary * net_width,
        },
        parts=(
            Part(
                name="parameters",
                truth="layers + tables",
                unit="parameters",
                mistakes=(
                    (
                        "layers + tables / 2",
                        "one table is missing: the embedding has vocabulary x width entries, "
                        "and so has the head",
                    ),
                    (
                        "layers",
                        "that is what is inside the layers; embedding and head are parameters too",
                    ),
                    (
                        "tables",
                        "that is embedding and head; the layers hold most of the parameters",
                    ),
                    (
                        "layers / 2 + tables",
                        "that is half of what the layers hold: "
                        "there are two, and up and down are 4 width^2 each",
                    ),
                    (
                        "layers / 2 + tables / 2",
                        "that is one layer and one table; there are two of each",
                    ),
                    (
                        "2 * layers + tables",
                        "12 width^2 is a whole layer, and there are two: that is four of them",
                    ),
                    (
                        "3 / 2 * layers + tables",
                        "that is three layers; there are two",
                    ),
                    (
                        "layers * 11 / 12 + tables",
                        "the matrix out, width x width, is missing in each layer",
                    ),
                    ("layers / 2", "that is one layer, without embedding and head"),
                    (
                        "layers / 3 + tables",
                        "that is the attention only; up and down are 4 width^2 each",
                    ),
                    (
                        "layers * 2 / 3 + tables",
                        "that leaves the attention out: qkv is 3 width^2, out is width^2",
                    ),
                    (
                        "layers * 5 / 6 + tables",
                        "qkv holds three matrices of width x width, not one",
                    ),
                    (
                        "layers * 3 / 4 + tables",
                        "qkv is 3 width^2, and its product goes through out, width^2 more",
                    ),
                    (
                        "layers + 32 * tables / net_vocabulary",
                        "that takes the 32 letters of this page; "
                        "the vocabulary here is {net_vocabulary}",
                    ),
                    (
                        "(layers + tables) / 1e6",
                        "that is in millions; the number of parameters is asked for",
                    ),
                ),
                generic="the entries of the matrices do not add up to that number",
            ),
            Part(
                name="flops",
                truth="6 * parameters * net_tokens",
                unit="FLOPs",
                mistakes=(
                    (
                        "2 * parameters * net_tokens",
                        "2 N D is the forward pass; the backward pass costs twice as much again",
                    ),
                    (
                        "4 * parameters * net_tokens",
                        "4 N D is the backward pass; the forward pass comes on top",
                    ),
                    (
                        "3 * parameters * net_tokens",
                        "a weight costs 2 FLOPs forward and 4 backward: "
                        "a multiplication and an addition each time",
                    ),
                    (
                        "8 * parameters * net_tokens",
                        "8 N D repeats the forward pass to save memory; asked is 6 N D",
                    ),
                    (
                        "12 * parameters * net_tokens",
                        "6 N D holds multiplication and addition, forward and backward: no more",
                    ),
                    (
                        "6 * (layers + tables / 2) * net_tokens",
                        "one of the two tables is missing in the N of these FLOPs",
                    ),
                    (
                        "2 * layers * net_tokens",
                        "that is a forward pass through the layers alone",
                    ),
                    (
                        "parameters * net_tokens",
                        "that is N D: each weight costs 6 FLOPs for each token",
                    ),
                    (
                        "6 * layers * net_tokens",
                        "that uses the parameters inside the layers; here N is all of them",
                    ),
                    (
                        "6 * parameters ** 2 * net_tokens",
                        "N is squared in it: C is 6 N D",
                    ),
                    (
                        "6 * net_width * net_tokens",
                        "N is the number of all parameters, not the width",
                    ),
                    (
                        "6 * parameters * net_tokens * 64",
                        "the tokens are counted already: windows have no say in 6 N D",
                    ),
                    ("6 * parameters", "that is for one token; the network reads them all"),
                    (
                        "120 * parameters ** 2",
                        "that takes 20 tokens a parameter; this run says how many it reads",
                    ),
                ),
                generic="C = 6 N D, with the number of parameters that you give",
            ),
        ),
        bounds=(
            ("parameters > 0", "count the entries of all matrices"),
            ("flops > parameters", "each parameter costs several FLOPs for each token"),
        ),
        hints=(
            "The table of matrices on this page: which sides grow with the width, "
            "which with the vocabulary?",
            "A layer has 3 + 1 + 4 + 4 = 12 times width^2; "
            "embedding and head have vocabulary x width each; C = 6 N D.",
            "`parameters = 2 * net_vocabulary * net_width + ...`",
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
            "sd_a": lambda losses_a, losses_b: np.std(losses_a, ddof=1),
            "sd_b": lambda losses_a, losses_b: np.std(losses_b, ddof=1),
            "sd_all": lambda losses_a, losses_b: np.std([*losses_a, *losses_b], ddof=1),
            "biased": lambda losses_a, losses_b: np.sqrt((np.var(losses_a) + np.var(losses_b)) / 2),
            "best": lambda losses_a, losses_b: min(losses_a) - min(losses_b),
            "first": lambda losses_a, losses_b: losses_a[0] - losses_b[0],
            "middle": lambda losses_a, losses_b: np.median(losses_a) - np.median(losses_b),
            "level": lambda losses_a, losses_b: np.mean(losses_a),
        },
        parts=(
            Part(
                name="difference",
                truth="gap",
                unit="nats",
                mistakes=(
                    ("-gap", "the size is right, but that is B minus A"),
                    ("best", "that compares the luckiest seed of each recipe; compare the means"),
                    ("first", "that compares the first seed of each recipe; compare the means"),
                    ("middle", "that compares the medians; means are asked for"),
                    ("-middle", "that compares the medians; means are asked for"),
                    (
                        "gap / 2",
                        "that is half of it: each sum is divided by its own number of seeds",
                    ),
                    ("level", "that is the mean of A; take the mean of B from it"),
                    ("gap * n", "those are the sums; divide by the number of seeds"),
                    ("gap / level", "that is a fraction of the loss; nats are asked for"),
                    ("100 * gap / level", "that is in per cent of the loss; nats are asked for"),
                    ("gap / error", "that is in standard errors; nats are asked for"),
                    ("1000 * gap", "those are thousandths of a nat; nats are asked for"),
                ),
                generic="that is not the mean of recipe A minus the mean of recipe B",
            ),
            Part(
                name="standard_error",
                truth="error",
                unit="nats",
                mistakes=(
                    ("sd", "that is how single runs scatter; a mean of several scatters less"),
                    (
                        "(sd_a + sd_b) / 2",
                        "that is how single runs scatter; a mean of several scatters less",
                    ),
                    (
                        "sd / n",
                        "it falls as the root of the number of seeds, and both means have an error",
                    ),
                    ("sd / sqrt(n)", "that is the standard error of one mean; both are uncertain"),
                    (
                        "sd * sqrt(2)",
                        "that is how two single runs differ; means of several differ less",
                    ),
                    (
                        "(sd_a + sd_b) / sqrt(n)",
                        "the errors of the two means add up in squares, not as they are",
                    ),
                    (
                        "biased * sqrt(2 / n)",
                        "divide by n - 1 for the variance of so few seeds",
                    ),
                    (
                        "biased / sqrt(n)",
                        "that is the error of one mean, with n for n - 1; both are uncertain",
                    ),
                    ("biased", "that is how single runs scatter, and with n for n - 1"),
                    (
                        "sd_a",
                        "that is how single runs of A scatter; asked is the error of two means",
                    ),
                    (
                        "sd_b",
                        "that is how single runs of B scatter; asked is the error of two means",
                    ),
                    (
                        "error / 2",
                        "the variances of the two means add up; there they are averaged",
                    ),
                    (
                        "sd_a / sqrt(n)",
                        "that is the error of recipe A alone; the mean of B is uncertain too",
                    ),
                    (
                        "sd_b / sqrt(n)",
                        "that is the error of recipe B alone; the mean of A is uncertain too",
                    ),
                    (
                        "sd_all / sqrt(2 * n)",
                        "that puts all losses into one heap; the scatter is within each recipe",
                    ),
                    (
                        "sd_all",
                        "that puts all losses into one heap, and it is for single runs",
                    ),
                    (
                        "sd * sqrt(2) / n",
                        "the error of a mean falls as the root of the number of seeds",
                    ),
                    ("error ** 2", "that is a variance: take the root"),
                    (
                        "sd ** 2",
                        "that is the variance of single runs: take the root, "
                        "and a mean of several scatters less",
                    ),
                    ("2 * error", "that is two standard errors; one is asked for"),
                    ("1000 * error", "those are thousandths of a nat; nats are asked for"),
                ),
                generic="that is not it: two means with independent errors, "
                "so their variances add up",
            ),
            Part(
                name="seeds_needed",
                truth="4 * n * standard_error ** 2 / difference ** 2",
                unit="seeds",
                rtol=0.005,
                whole=True,
                mistakes=(
                    (
                        "n * standard_error ** 2 / difference ** 2",
                        "that is for one standard error; two are asked for",
                    ),
                    (
                        "2 * n * standard_error ** 2 / difference ** 2",
                        "that is for one standard error, or one uncertain recipe: two are asked "
                        "for, and both are uncertain",
                    ),
                    (
                        "8 * n * standard_error ** 2 / difference ** 2",
                        "that counts the seeds of both recipes; asked are those of each",
                    ),
                    (
                        "4 * standard_error ** 2 / difference ** 2",
                        "that is how many times as many seeds as you have",
                    ),
                    (
                        "8 * standard_error ** 2 / difference ** 2",
                        "the standard error is already that of {n:.0f} seeds: "
                        "go back to single runs",
                    ),
                    (
                        "2 * n * standard_error / abs(difference)",
                        "the error falls as the root of the number of seeds: square the ratio",
                    ),
                    (
                        "4 * standard_error / abs(difference)",
                        "the error falls as the root of the number of seeds: square the ratio",
                    ),
                    (
                        "2 * standard_error / abs(difference)",
                        "by that ratio the error must shrink; its square is in the seeds",
                    ),
                    (
                        "16 * n * standard_error ** 2 / difference ** 2",
                        "two standard errors for each recipe are too many: "
                        "the two are in one difference",
                    ),
                    (
                        "n * difference ** 2 / standard_error ** 2",
                        "the ratio is upside down: a small difference needs many seeds",
                    ),
                    (
                        "difference ** 2 / (4 * n * standard_error ** 2)",
                        "the ratio is upside down: a small difference needs many seeds",
                    ),
                ),
                generic="with that many seeds each, the difference is not two standard errors, "
                "which are sd sqrt(2/seeds) each",
            ),
        ),
        bounds=(
            ("standard_error > 0", "a standard error is positive"),
            ("seeds_needed > 0", "a number of seeds is positive"),
        ),
        hints=(
            "How far do the seeds of one recipe differ among themselves, "
            "and how far do the two means?",
            "sd^2 is the mean of the two variances, each divided by n - 1; "
            "standard error = sd sqrt(2/n); solve difference = 2 sd sqrt(2/seeds).",
            "`sd = np.sqrt((np.var(losses_a, ddof=1) + ...) / 2)`",
        ),
        praise="an effect is a difference that its standard error cannot explain",
    ),
    Choice(
        id="04-bad-rate",
        answer="bad_run",
        given=tuple(f"loss_{letter}" for letter in LETTERS),
        data=_six,
        derived={"odd": _odd_one},
        options=(
            (
                "A",
                "near(odd, 1, 0.01)",
                "A has the highest loss because it is the smallest; leave it out, "
                "and the rest do not lie on a line",
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
            "A bad rate lifts one run above the line of the others. "
            "Look for the jump up, not for the high loss.",
            "Leave one run out, fit a line to log(loss - 1.366) against log(width), "
            "and see how well the others lie on it.",
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
                "at level 0.9 every nat outside costs 2 / 0.1 = 20: the score of a miss by "
                "0.03 is not right",
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
                "a nat outside must cost 2 / (1 - level), or it pays to give intervals "
                "that are too narrow",
            ),
            (
                lambda low, high, measured, level: (
                    high
                    - low
                    + 2 / level * (np.maximum(low - measured, 0) + np.maximum(measured - high, 0))
                ),
                "the price of a miss is 2 / (1 - level): the surer you claim to be, the "
                "more it costs",
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
            "score = (high - low) + 2 / (1 - level) * (distance outside), and the distance "
            "is 0 inside.",
            "`outside = np.maximum(low - measured, 0) + ...`",
        ),
        praise="on average nobody can better this score by claiming to know more, or less, than "
        "they do",
    ),
    Several(
        id="04-next-run",
        answer="next_run",
        given=("next_width", "next_seed", "odds", "surprise"),
        data=lambda next_width, next_seed, **_: {"runs": _known_runs(next_width, next_seed)},
        derived={
            "measured": lambda next_width, next_seed, **_: _measured(next_width, next_seed)[
                640_000
            ],
            "before": lambda next_width, next_seed, **_: _measured(next_width, next_seed)[320_000],
            "widest": 0.12,
        },
        parts=(
            Part(name="low", unit="nats", digits=4, why="the interval is narrow"),
            Part(name="high", unit="nats", digits=4, why="the interval is narrow"),
            Part(
                name="if_missed",
                truth="high - low + 2 * (1 + odds) * surprise",
                unit="nats",
                mistakes=(
                    (
                        "2 * (1 + odds) * surprise",
                        "that is what the miss costs; the width of the interval is charged as well",
                    ),
                    (
                        "(1 + odds) * surprise",
                        "the width is charged as well, and the price of a nat is twice that",
                    ),
                    (
                        "2 * odds * surprise",
                        "the width is charged as well, and {odds} to one is the level "
                        "{odds} of {odds} + 1",
                    ),
                    (
                        "high + surprise",
                        "that is where the run ended; the score is width and price of the miss",
                    ),
                    (
                        "high - low + odds / (odds + 1) * surprise",
                        "a nat outside costs 2 / (1 - level), not the level",
                    ),
                    ("high - low", "that is the width alone; the miss costs on top of it"),
                    ("surprise", "that is the distance outside; what does each nat of it cost?"),
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
                        "{odds} to one means that {odds} of {odds} + 1 such intervals hold: "
                        "which level is that?",
                    ),
                    (
                        "high - low + odds * surprise",
                        "the odds are not the price: a nat outside costs 2 / (1 - level)",
                    ),
                    (
                        "high - low + 2 * odds / (odds - 1) * surprise",
                        "one in {odds} is no level: {odds} to one says how many intervals hold",
                    ),
                    (
                        "high - low + 2 * (1 + odds) / odds * surprise",
                        "the price of a miss is 2 / (1 - level): "
                        "the surer you claim to be, the more it costs",
                    ),
                    (
                        "high - low + 2 * surprise",
                        "a miss costs 2 / (1 - level) for each nat, not 2",
                    ),
                    (
                        "high - low + 2 * (1 + odds)",
                        "that is the price of a whole nat outside; the run misses by {surprise}",
                    ),
                    (
                        "high - low + 2 * (1 + odds) * (surprise + (high - low) / 2)",
                        "a miss counts from the end of the interval, not from its middle",
                    ),
                    (
                        "2 * (1 + odds) * surprise - (high - low)",
                        "the width is charged, not given back",
                    ),
                    (
                        "2 * (1 + odds) * surprise + high",
                        "charged is the width of the interval, its upper end less its lower",
                    ),
                ),
                generic="the score of a miss is not that of your interval, "
                "{surprise} nats above its upper end, at {odds} to one",
            ),
        ),
        bounds=(
            ("low < high", "the lower end of the interval comes first"),
            (
                "high - low >= 0.004 or (low <= measured and measured <= high)",
                "an interval of less than 0.004 nats claims to know better than the seeds do: "
                "their noise alone is larger",
            ),
            (
                "low >= 1.366",
                "your lower end is below the entropy of the language, which nothing can beat",
            ),
            (
                "high < before",
                "the run with 320,000 tokens is already as good as your upper end: "
                "more data will not make it worse",
            ),
            (
                "high - low <= widest",
                "too wide to be useful: {widest} nats is more than a doubling of data brings here",
            ),
            (
                "measured >= low",
                "the measured loss lies below your interval: "
                "the last doubling brought more than you allow",
            ),
            (
                "measured <= high",
                "the measured loss lies above your interval: you were too hopeful",
            ),
            ("if_missed > 0", "a score is a charge: it is positive"),
        ),
        hints=(
            "What did each of the last doublings bring, and how much do seeds scatter?",
            "Above a floor each doubling brings a fixed share, under one, "
            "of what the doubling before brought; "
            "then allow for the noise of two seeds. "
            "The level of a bet is odds / (odds + 1).",
            "`known = table.query('width == @next_width and seed == @next_seed "
            "and tokens <= 320_000')`",
        ),
        praise="the run that you had not seen lies inside, "
        "and the interval is narrow enough to plan with",
    ),
)


QUESTIONS = (
    Question(
        id="04-two-runs",
        prompt="Two runs differ in one setting, and their losses by 0.02 nats. What have you "
        "learned?",
        options=(
            Option(
                "nothing yet",
                right=True,
                why="The difference is within what the seed does. With several seeds of each, "
                "the means scatter less.",
                key="c",
            ),
            Option(
                "the setting helps",
                why="Two runs of one recipe differ by as much: a difference between two has a "
                "standard deviation of 0.013 nats.",
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
        prompt="The line of loss against model size flattens in a study. What is the first thing "
        "to ask?",
        options=(
            Option(
                "whether it has met the entropy of the text",
                why="The lines that flattened on this page were all nearly half a nat above it "
                "or more.",
                key="a",
            ),
            Option(
                "how much smaller the exponent of large models is",
                why="A bend is no exponent until everything else has grown with the run or was "
                "tuned at every size.",
                key="c",
            ),
            Option(
                "what was held fixed while the models grew",
                right=True,
                why="Data, the learning rate, the window: each of them flattened a line here, "
                "and the line does not say which.",
                key="b",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="04-after-training",
        prompt="Untrained it pays 3.47 nats a letter, and nobody can expect to pay less than 1.37. "
        "What does it pay after 400 steps of four windows?",
        unit="nats",
        lo=1,
        hi=4,
        truth=2.16,
        says="About 2.2 nats on average over the last twenty batches; "
        "single ones stray by 0.17, and the very last cost 1.95.",
    ),
    Prediction(
        id="04-wide-loss",
        prompt="A network of width 16 ends near 2.0 nats after 160,000 tokens. "
        "Where does one of twice the width end?",
        unit="nats",
        lo=1,
        hi=4,
        truth=1.93,
        says="The recorded runs say 1.93 nats: a tenth of a nat for four times the parameters.",
    ),
    Prediction(
        id="04-width-or-data",
        prompt="From width 16 and 160,000 tokens: which lowers the loss more, "
        "twice the width or twice the data?",
        options=("twice the width", "twice the data", "they cannot be told apart"),
        truth="a",
        says="Here the width does: 0.107 nats against 0.067. Elsewhere on the grid it is the data.",
    ),
    Prediction(
        id="04-passing",
        prompt="A run of width 16 is bound for 640,000 tokens. When it passes 160,000, how does "
        "its "
        "loss compare with that of a run that ends there?",
        options=("it is lower", "it is about the same", "it is higher"),
        truth="c",
        says="It is higher: its learning rate has not come down yet. Train both and see.",
    ),
    Prediction(
        id="04-announced",
        prompt="The plan hoped to forecast the largest run within 3 %. "
        "By how many percent does the additive form miss it?",
        unit="%",
        lo=0,
        hi=100,
        truth=9.6,
        says="The runs say 9.6 %, and the forecast is too high.",
    ),
    Prediction(
        id="04-which-corpus",
        prompt="On which of the two corpora does a straight line of the losses themselves forecast "
        "ten times the compute better?",
        options=(
            "on real source code",
            "on the made-up language, which these networks have nearly learnt",
        ),
        truth="a",
        says="On source code it misses by 0.6 %, on the language by 3.9 %: "
        "near its entropy the language bends the line.",
    ),
)
