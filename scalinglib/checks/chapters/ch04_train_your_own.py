"""Checks of chapter 4, train your own: what students may see."""

from __future__ import annotations

from functools import cache

import numpy as np

from .. import Choice, Function, Option, Part, Prediction, Question, Several

LAYERS = 2


def _pooled(losses_a, losses_b):
    return np.sqrt((np.var(losses_a, ddof=1) + np.var(losses_b, ddof=1)) / 2)


def _unless_near(wrong, right, share):
    """A wrong number; nan where it is nearly right."""
    return np.nan if abs(wrong / right - 1) < share else wrong


def _level(odds, rounded):
    """A rounded level; nan where the price of a miss hardly feels it."""
    felt = abs(1 / (1 - rounded) / (odds + 1) - 1)
    return rounded if felt > 0.007 else np.nan


def _crossed(losses_a, losses_b):
    """How much larger the mean of the pairs' distances is than the distance of the means."""
    pairs = np.subtract(losses_a, losses_b)
    return round(np.mean(np.abs(pairs)) - abs(np.mean(pairs)), 9)


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
                        "that is 8 width^2 for a layer: the attention is left out, "
                        "or one of up and down, or both of these are taken too small",
                    ),
                    (
                        "layers * 4 / 3 + tables",
                        "that is 16 width^2 for a layer: up and down are two matrices, not three",
                    ),
                    (
                        "layers / 3 + 256 * net_width + tables",
                        "that keeps the page's 64 numbers between up and down; "
                        "they grow with the width, four for each",
                    ),
                    (
                        "layers * 3 / 4 + 96 * net_width + tables",
                        "that keeps the page's 48 columns of qkv; they grow with the width, "
                        "three for each",
                    ),
                    (
                        "layers * 5 / 6 + tables",
                        "qkv holds three matrices of width x width, not one",
                    ),
                    (
                        "layers * 7 / 12 + tables",
                        "that is 7 width^2 for a layer, and it has 12: "
                        "qkv 3, out 1, up 4 and down 4",
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
                    *(
                        (expression, "a network of another size is no multiple of the page's 7,168")
                        for expression in ("28 * net_width ** 2", "448 * net_width")
                    ),
                    *(
                        (
                            # no number, and so no mistake, where it is nearly right
                            f"{size} * net_width ** 2 "
                            f"+ 0 / max(0, (layers + tables) / ({size} * net_width ** 2) - 1.12)",
                            f"that takes the page's network of width {width} times the widths' "
                            "ratio squared; the tables grow otherwise, and their vocabulary is "
                            "another",
                        )
                        for width, size in ((32, "26"), (64, "25"))
                    ),
                    (
                        "layers + 3 / 2 * tables",
                        "that has three tables; there are two, embedding and head",
                    ),
                    (
                        "384 * net_width + tables",
                        "that keeps the columns of the page's width 16; they grow with the width",
                    ),
                    ("tables / 2", "that is one table; the layers hold most of the parameters"),
                    (
                        "layers + 2 * tables",
                        "that has four tables; embedding and head stand once, outside the layers",
                    ),
                    (
                        "2 * (layers + tables)",
                        "every matrix is in it twice",
                    ),
                    (
                        "layers + net_vocabulary ** 2",
                        "a table is vocabulary x width; that takes the vocabulary squared",
                    ),
                    (
                        "layers / net_width + tables",
                        "the matrices inside the layers are width by a multiple of width: squared",
                    ),
                    (
                        "24 * net_vocabulary ** 2 + tables",
                        "width and vocabulary have changed places inside the layers",
                    ),
                    *(
                        (
                            f"(layers + tables) * {factor}",
                            "a power of ten slipped: add the matrices up again",
                        )
                        for factor in ("1e3", "10", "0.1")
                    ),
                    *(
                        (
                            f"(layers + tables) / {unit}",
                            f"that is in {word}; the number of parameters is asked for",
                        )
                        for unit, word in (("1e6", "millions"), ("1e3", "thousands"))
                    ),
                    (
                        "6 * (layers + tables) * net_tokens",
                        "those are the FLOPs; they have a field of their own",
                    ),
                ),
                generic="go through the matrices one by one, qkv, out, up and down in each of two "
                "layers, then embedding and head: their entries do not add up to that number. (If "
                "you are near: keep all digits of each product)",
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
                        "8 N D repeats the forward pass to save memory; the question asks for 6 "
                        "N D",
                    ),
                    (
                        "12 * parameters * net_tokens",
                        "6 N D holds multiplication and addition, forward and backward: no more",
                    ),
                    (
                        "6 * (layers + tables / 2) * net_tokens",
                        "one of the two tables is missing in the N of these FLOPs; "
                        "6 N D counts both, though the embedding is only looked up",
                    ),
                    *(
                        (
                            f"6 * ({other}) * net_tokens",
                            f"that is 6 N D with another N, one {of}",
                        )
                        for other, of in (
                            ("layers / 2 + tables", "with a single layer"),
                            ("layers * 5 / 6 + tables", "in which qkv is a single matrix"),
                            ("layers * 11 / 12 + tables", "in which the matrix out is missing"),
                            (
                                "layers + 32 * tables / net_vocabulary",
                                "with the page's 32 letters",
                            ),
                        )
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
                        "the tokens are counted already: windows do not matter in 6 N D",
                    ),
                    (
                        "6 * parameters * net_tokens / 64",
                        "D is in tokens, not in windows of 64: every letter of a window is read",
                    ),
                    *(
                        (
                            f"{factor} * parameters * net_tokens",
                            "that is compute as this laboratory counts it, about 1.3 times 6 N D; "
                            "here 6 N D itself is asked for",
                        )
                        for factor in ("6 * 1.3", "6 * 1.31")
                    ),
                    (
                        "6 * tables * net_tokens",
                        "that uses embedding and head alone; here N is all parameters",
                    ),
                    (
                        "6 * net_tokens",
                        "where is N? C is 6 times parameters times tokens",
                    ),
                    (
                        "6 * parameters / net_tokens",
                        "each token costs 6 N: multiply by the tokens",
                    ),
                    (
                        "6 * parameters * net_tokens ** 2",
                        "D is squared in it: C is 6 N D",
                    ),
                    (
                        "6 * (parameters + net_tokens)",
                        "N and D are multiplied in 6 N D, not added",
                    ),
                    *(
                        (
                            f"6 * {theirs} * {tokens}",
                            "that takes the page's own network or its own tokens; "
                            "this one has others",
                        )
                        for theirs, tokens in (
                            ("7168", "net_tokens"),
                            ("parameters", "160000"),
                        )
                    ),
                    *(
                        (
                            f"6 * parameters * net_tokens * {factor}",
                            "a power of ten slipped: read N and the number of tokens again",
                        )
                        for factor in ("1e3", "1e-3", "10", "0.1", "100", "0.01", "1e6", "1e-6")
                    ),
                    *(
                        (
                            f"6 * parameters * net_tokens / {unit}",
                            f"that is in {word}; FLOPs are asked for",
                        )
                        for unit, word in (
                            ("8.64e19", "PF-days"),
                            ("1e12", "millions of millions of FLOPs"),
                            ("1e15", "petaFLOPs"),
                            ("1e18", "exaFLOPs"),
                        )
                    ),
                    (
                        "parameters",
                        "that is N itself; what do 6 N D FLOPs come to?",
                    ),
                    ("6 * parameters", "that is for one token; the network reads them all"),
                    (
                        "120 * parameters ** 2",
                        "that takes 20 tokens a parameter; this run says how many it reads",
                    ),
                ),
                generic="that is not 6 times your number of parameters times {net_tokens:g} "
                "tokens: divide it by 6, by N and by D in turn, and see which factor is off. (If "
                "you are near: take N with all its digits)",
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
            "worst": lambda losses_a, losses_b: max(losses_a) - max(losses_b),
            "last": lambda losses_a, losses_b: losses_a[-1] - losses_b[-1],
            "crossed": _crossed,
            "paired": lambda losses_a, losses_b: np.std(np.subtract(losses_a, losses_b), ddof=1),
            "sds_rounded": lambda losses_a, losses_b: _unless_near(
                np.sqrt(
                    sum(round(np.std(one, ddof=1), 3) ** 2 for one in (losses_a, losses_b))
                    / len(losses_a)
                ),
                _pooled(losses_a, losses_b) * np.sqrt(2 / len(losses_a)),
                0.03,
            ),
            "sds_apart": lambda losses_a, losses_b: _unless_near(
                abs(np.std(losses_a, ddof=1) - np.std(losses_b, ddof=1)),
                _pooled(losses_a, losses_b) * np.sqrt(2 / len(losses_a)),
                0.03,
            ),
            "luck_of_one": lambda losses_a, losses_b: _unless_near(
                0.0091 / np.sqrt(len(losses_a)),
                _pooled(losses_a, losses_b) * np.sqrt(2 / len(losses_a)),
                0.11,
            ),
            "averaged": lambda losses_a, losses_b: _unless_near(
                (np.std(losses_a, ddof=1) + np.std(losses_b, ddof=1)) / 2,
                _pooled(losses_a, losses_b),
                0.02,
            ),
            "only_a": lambda losses_a, losses_b: _unless_near(
                np.std(losses_a, ddof=1), _pooled(losses_a, losses_b), 0.02
            ),
            "only_b": lambda losses_a, losses_b: _unless_near(
                np.std(losses_b, ddof=1), _pooled(losses_a, losses_b), 0.02
            ),
            "coarse": lambda losses_a, losses_b: (
                np.round(np.mean(losses_a), 2) - np.round(np.mean(losses_b), 2)
            ),
            "means_cut": lambda losses_a, losses_b: _unless_near(
                np.round(np.mean(losses_a), 4) - np.round(np.mean(losses_b), 4),
                np.mean(losses_a) - np.mean(losses_b),
                0.002,
            ),
        },
        parts=(
            Part(
                name="difference",
                truth="gap",
                unit="nats",
                mistakes=(
                    ("-gap", "the size is right, but that is B minus A"),
                    *(
                        (
                            one,
                            "that compares one seed of each recipe, the luckiest, the first, the "
                            "last or the worst; compare the means",
                        )
                        for one in ("best", "first", "last", "worst")
                    ),
                    ("middle", "that compares the medians; means are asked for"),
                    ("-middle", "that compares the medians; means are asked for"),
                    ("2 * gap", "that is twice the difference of the two means"),
                    *(
                        (
                            number,
                            "runs of this page scatter by so much; whatever yours is, the question "
                            "asks for A minus B",
                        )
                        for number in ("0.0129", "0.013", "0.0091")
                    ),
                    (
                        "gap / 2",
                        "that is half of it: each sum is divided by its own number of seeds",
                    ),
                    ("level", "that is the mean of A; take the mean of B from it"),
                    ("level - gap", "that is the mean of B; it is to be taken from that of A"),
                    (
                        "level - gap / 2",
                        "that is the mean of all losses; the question asks for A minus B",
                    ),
                    (
                        "abs(gap) + crossed + 0 / crossed",  # nothing where no seed changes sides
                        "that is how far seeds of one place differ, without the sign; take the "
                        "mean of each recipe first",
                    ),
                    *(
                        (
                            expression,
                            "that is a difference of two rounded means: subtract first, and round "
                            "at the end",
                        )
                        for expression in ("coarse", "means_cut")
                    ),
                    (
                        "gap * n / (n - 1)",
                        "n - 1 belongs to a variance; a mean divides by the number of seeds",
                    ),
                    ("gap / n", "that is divided by the number of seeds once too often"),
                    (
                        "0",
                        "whether it is more than noise is the next question; "
                        "the question asks for the difference as measured",
                    ),
                    ("error", "that is the standard error; it has a field of its own"),
                    ("gap / sd", "that is in standard deviations; nats are asked for"),
                    ("gap * n", "those are the sums; divide by the number of seeds"),
                    ("gap / level", "that is a fraction of the loss; nats are asked for"),
                    ("100 * gap / level", "that is in per cent of the loss; nats are asked for"),
                    ("gap / error", "that is in standard errors; nats are asked for"),
                    ("1000 * gap", "those are thousandths of a nat; nats are asked for"),
                    ("100 * gap", "those are hundredths of a nat; nats are asked for"),
                ),
                generic="that is not the mean of recipe A minus the mean of recipe B: "
                "work out the two means to five decimals first",
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
                    *(
                        (
                            expression,
                            "the errors of the two means add up in squares, not as they are",
                        )
                        for expression in ("(sd_a + sd_b) / sqrt(n)", "2 * sd / sqrt(n)")
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
                        "that is how single runs of A scatter; the question asks for the error "
                        "of two means",
                    ),
                    (
                        "sd_b",
                        "that is how single runs of B scatter; the question asks for the error "
                        "of two means",
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
                    ("1.96 * error", "that is two standard errors; one is asked for"),
                    (
                        "0.0091 * sqrt(2 / n)",
                        "that takes the page's 0.0091; these seeds have a scatter of their own",
                    ),
                    *(
                        (
                            number,
                            "runs of this page scatter by so much; these seeds have a scatter of "
                            "their own, and a mean of several scatters less",
                        )
                        for number in ("0.0091", "0.013")
                    ),
                    (
                        "(sd_a + sd_b) / 2 * sqrt(2 / n)",
                        "the two standard deviations are averaged; average the variances",
                    ),
                    (
                        "(sd_a + sd_b) / (2 * sqrt(n))",
                        "that is the standard error of one mean; both are uncertain",
                    ),
                    *(
                        (
                            expression,
                            "the errors of the two means add up in squares, "
                            "and they fall as the root of the number of seeds",
                        )
                        for expression in ("(sd_a + sd_b) / n", "2 * sd / n")
                    ),
                    (
                        "sd / (2 * sqrt(n))",
                        "that is half the standard error of one mean; the variances of the two "
                        "means add up",
                    ),
                    (
                        "sds_apart",
                        "that is the difference of the two standard deviations; their variances "
                        "are averaged",
                    ),
                    (
                        "100 * error / level",
                        "that is in per cent of the loss; nats are asked for",
                    ),
                    (
                        "sd_a * sqrt(2 / n)",
                        "that takes the scatter of A for both; average the two variances",
                    ),
                    (
                        "sd_b * sqrt(2 / n)",
                        "that takes the scatter of B for both; average the two variances",
                    ),
                    (
                        "sd_all * sqrt(2 / n)",
                        "that puts all losses into one heap; the scatter is within each recipe",
                    ),
                    *(
                        (
                            expression,
                            "n - 1 belongs to the variance; a mean of n seeds has n below the root",
                        )
                        for expression in ("sd * sqrt(2 / (n - 1))", "sd / sqrt(n - 1)")
                    ),
                    (
                        "paired / sqrt(n)",
                        "that pairs the seeds of the two recipes, which have nothing in common",
                    ),
                    (
                        "paired",
                        "that pairs the seeds, which have nothing in common, "
                        "and it is for single runs",
                    ),
                    ("sqrt(sd * sqrt(2 / n))", "one root too many: sd is a root already"),
                    (
                        "abs(gap) / error",
                        "that is the difference in standard errors; the question asks for one of "
                        "them, in nats",
                    ),
                    ("abs(gap)", "that is the difference; it has a field of its own"),
                    ("1000 * error", "those are thousandths of a nat; nats are asked for"),
                    (
                        "sds_rounded",
                        "the two standard deviations were rounded first: keep four digits of each "
                        "variance",
                    ),
                    (
                        "luck_of_one",
                        "that takes the page's 0.0091, for one mean; these seeds have a scatter of "
                        "their own",
                    ),
                    (
                        "0.026",
                        "0.026 is the page's, twice the scatter of a difference of single runs; "
                        "these seeds have a scatter of their own",
                    ),
                ),
                generic="take the variance of each recipe with n - 1, divide each by its number "
                "of seeds, add the two, and take the root. (If you are near: keep four digits of "
                "each variance)",
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
                        "that counts the seeds of both recipes; the question asks for those of "
                        "each",
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
                        "4 * n ** 2 * standard_error ** 2 / difference ** 2",
                        "the number of seeds is in it twice",
                    ),
                    (
                        # no number, and so no mistake, where it is nearly right
                        "n * standard_error / abs(difference) "
                        "+ 0 / max(0, abs(4 * standard_error / abs(difference) - 1) - 0.25)",
                        "the error falls as the root of the number of seeds: square the ratio; and "
                        "two errors are asked for",
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
                    *(
                        (
                            expression,
                            "the ratio is upside down: a small difference needs many seeds",
                        )
                        for expression in (
                            "n * difference ** 2 / standard_error ** 2",
                            "n * difference ** 2 / (4 * standard_error ** 2)",
                            "difference ** 2 / (4 * n * standard_error ** 2)",
                            "difference ** 2 / (4 * standard_error ** 2)",
                            "abs(difference) / (2 * standard_error)",
                            "abs(difference) / standard_error",
                        )
                    ),
                    (
                        "4 * (n - 1) * standard_error ** 2 / difference ** 2",
                        "n - 1 belongs to the variance, and n to the number of seeds: there one "
                        "stands for the other",
                    ),
                    (
                        "8 * 0.0091 ** 2 / difference ** 2",
                        "that takes the page's 0.0091; these seeds have a scatter of their own",
                    ),
                    *(
                        (f"8 * {sd} ** 2 / difference ** 2", words)
                        for sd, words in (
                            (
                                "averaged",
                                "the two standard deviations are averaged there; average the "
                                "variances",
                            ),
                            ("only_a", "that takes the scatter of A for both recipes"),
                            ("only_b", "that takes the scatter of B for both recipes"),
                        )
                    ),
                    (
                        "4 * n * standard_error ** 2 / difference ** 2 - n",
                        "those are the seeds still to be run; the question asks how many in all",
                    ),
                    (
                        "4 * n * standard_error ** 2 / difference ** 2 + n",
                        "the seeds that you have are in the number already",
                    ),
                    (
                        "1.96 ** 2 * n * standard_error ** 2 / difference ** 2",
                        "that is for 1.96 standard errors, or something was rounded on the way: "
                        "take two, and both entries with all their digits",
                    ),
                    (
                        "9 * n * standard_error ** 2 / difference ** 2",
                        "that is for three standard errors; two are asked for",
                    ),
                    (
                        "n * standard_error ** 2 / (2 * difference ** 2)",
                        "that is for one standard deviation of single runs; "
                        "the question asks for two standard errors of the difference",
                    ),
                    (
                        "standard_error ** 2 / difference ** 2",
                        "that is the ratio squared, for one standard error; "
                        "times what number of seeds, and what for two?",
                    ),
                    (
                        "2 * n ** 2 * standard_error ** 2 / difference ** 2",
                        "that takes the scatter of single runs for the standard error: it is "
                        "smaller by the root of 2/{n:.0f}",
                    ),
                    (
                        "4 * n ** 2 / (n - 1) * standard_error ** 2 / difference ** 2",
                        "n - 1 belongs to the variance, and n to the number of seeds: there one "
                        "stands for the other",
                    ),
                    (
                        "standard_error / abs(difference)",
                        "by twice that ratio the error must shrink; its square is in the seeds",
                    ),
                    (
                        # no number, and so no mistake, where it is nearly right
                        "n + 0 / max(0, abs(4 * standard_error ** 2 / difference ** 2 - 1) - 0.3)",
                        "so many seeds you have; how many make it two standard errors?",
                    ),
                    (
                        "2 * sqrt(n) * standard_error / abs(difference)",
                        "that is the root of the number of seeds: square it",
                    ),
                    (
                        "sqrt(8 * n) * standard_error / abs(difference)",
                        "the error falls as the root of the number of seeds: square the ratio",
                    ),
                    (
                        "4 * n * standard_error ** 2 / abs(difference)",
                        "the error is squared there, but not the difference",
                    ),
                ),
                generic="with that many seeds each, the difference is not two standard errors, "
                "which are sd sqrt(2/seeds) each. (If you are near: error and difference count "
                "squared, so carry four digits of both)",
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
            "Leave one run out, fit a line to ln(loss - 1.366) against ln(width), "
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
                "that scores the middle only; the score must separate an honest interval from a "
                "boast",
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
        praise="on average nobody can improve this score by claiming to know more, or less, than "
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
            "widest": 0.12,
            "coarse_level": lambda odds, **_: round(odds / (odds + 1), 2),
            "finer_level": lambda odds, **_: _level(odds, round(odds / (odds + 1), 3)),
            "cut_level": lambda odds, **_: _level(odds, np.floor(100 * odds / (odds + 1)) / 100),
        },
        parts=(
            Part(name="low", unit="nats", digits=4, why="the interval is narrow"),
            Part(name="high", unit="nats", digits=4, why="the interval is narrow"),
            Part(
                name="if_missed",
                truth="abs(high - low) + 2 * (1 + odds) * surprise",
                unit="nats",
                mistakes=(
                    *(
                        (
                            f"2 * {price} * surprise",
                            "the width of the interval is charged as well; and is the level in "
                            "your price {odds} of {odds} + 1?",
                        )
                        for price in ("(1 + odds)", "odds")
                    ),
                    (
                        "(1 + odds) * surprise",
                        "the width is charged as well, and the price of a nat is twice that",
                    ),
                    (
                        "high + surprise",
                        "that is where the run ended; the score is width and price of the miss",
                    ),
                    (
                        "abs(high - low) + odds / (odds + 1) * surprise",
                        "a nat outside costs 2 / (1 - level), not the level",
                    ),
                    ("abs(high - low)", "that is the width alone; the miss costs on top of it"),
                    ("surprise", "that is the distance outside; what does each nat of it cost?"),
                    (
                        "abs(high - low) + surprise",
                        "a nat outside costs more than a nat: 2 / (1 - level) of them",
                    ),
                    (
                        "abs(high - low) + (1 + odds) * surprise",
                        "the price of a nat outside is 2 / (1 - level): where is the 2?",
                    ),
                    (
                        "abs(high - low) + 2 * odds * surprise",
                        "{odds} to one means that {odds} of {odds} + 1 such intervals hold: "
                        "which level is that?",
                    ),
                    (
                        "abs(high - low) + odds * surprise",
                        "the odds are not the price: a nat outside costs 2 / (1 - level)",
                    ),
                    (
                        "abs(high - low) + 2 * odds / (odds - 1) * surprise",
                        "one in {odds} is no level: {odds} to one says how many intervals hold",
                    ),
                    (
                        "abs(high - low) + 2 / (1 - odds) * surprise",
                        "{odds} to one is no level: {odds} of {odds} + 1 such intervals hold, "
                        "and that share is one",
                    ),
                    (
                        "abs(high - low) + 2 * (1 + odds) / odds * surprise",
                        "the price of a miss is 2 / (1 - level): "
                        "the surer you claim to be, the more it costs",
                    ),
                    (
                        "abs(high - low) + 2 * surprise",
                        "a miss costs 2 / (1 - level) for each nat, not 2",
                    ),
                    (
                        "abs(high - low) + 2 * (1 + odds)",
                        "that is the price of a whole nat outside; the run misses by {surprise}",
                    ),
                    (
                        "abs(high - low) + 2 * (1 + odds) * (surprise + abs(high - low) / 2)",
                        "a miss counts from the end of the interval, not from its middle",
                    ),
                    (
                        "2 * (1 + odds) * surprise - abs(high - low)",
                        "the width is charged, not given back",
                    ),
                    *(
                        (
                            # no number, and so no mistake, where that is the level of the bet
                            f"abs(high - low) + {price} * surprise "
                            f"+ 0 / (2 * (1 + odds) - {price})",
                            f"that takes the level {level}; {{odds}} to one is another: "
                            "{odds} of {odds} + 1 such intervals hold",
                        )
                        for price, level in (
                            (20, "0.9"),
                            (40, "0.95"),
                            (10, "0.8"),
                            (8, "0.75"),
                            (4, "0.5"),
                        )
                    ),
                    *(
                        (
                            f"abs(high - low) + 2 * (1 + odds) * surprise {sign} surprise",
                            "the {surprise} nats outside are in the price already: the score is "
                            "the width and that price",
                        )
                        for sign in "+-"
                    ),
                    (
                        "odds / (odds + 1) * surprise",
                        "a nat outside costs 2 / (1 - level), not the level; and the width is "
                        "charged as well",
                    ),
                    (
                        "4 * (1 + odds) * surprise",
                        "the width is charged as well, and a nat outside costs 2 / (1 - level), "
                        "no more",
                    ),
                    *(
                        (
                            f"abs(high - low) + 2 / (1 - {level}) * surprise "
                            f"+ 0 / ({level} - odds / (odds + 1))",
                            "the level is rounded, and its distance from 1 comes out wrong by "
                            "more: 1 - level is 1 in {odds} + 1",
                        )
                        for level in ("coarse_level", "finer_level", "cut_level")
                    ),
                    (
                        "2 * (odds + 1) / odds * surprise",
                        "the price of a miss is 2 / (1 - level), and the width is charged as well",
                    ),
                    *(
                        (
                            expression,
                            "that is the price of a whole nat outside, without the width; the run "
                            "misses by {surprise}",
                        )
                        for expression in ("2 * (1 + odds)", "1 + odds")
                    ),
                    (
                        "2 * (1 + odds) * (abs(high - low) + surprise)",
                        "the price is charged for the nats outside alone; the width counts as it "
                        "is",
                    ),
                    (
                        "100 * (abs(high - low) + 2 * (1 + odds) * surprise)",
                        "that is a hundred times as much: the score is in nats",
                    ),
                    (
                        "abs(high - low) + 2 / (1 - odds / 100) * surprise",
                        "{odds} to one is not a level of {odds} per cent",
                    ),
                    (
                        "abs(high - low) + 2 * (odds + 2) * surprise",
                        "{odds} to one: {odds} hold for one that does not, {odds} + 1 in all",
                    ),
                    (
                        "abs(high - low) / 2 + 2 * (1 + odds) * surprise",
                        "the whole width is charged, not half of it",
                    ),
                    (
                        "2 * abs(high - low) + 2 * (1 + odds) * surprise",
                        "the width is charged once",
                    ),
                    (
                        "abs(high - low) + 4 * (1 + odds) * surprise",
                        "the run misses on one side only: 2 / (1 - level) for each nat, no more",
                    ),
                    (
                        "abs(high - low) + 2 / (1 + odds) * surprise",
                        "a nat outside costs 2 divided by 1 - level, not times it",
                    ),
                    (
                        "abs(high - low) + 2 * (1 + odds) * (surprise + abs(high - low))",
                        "a miss counts from the nearer end of the interval",
                    ),
                    (
                        "abs(high - low) + 2 * (1 + odds) * surprise ** 2",
                        "the distance outside counts as it is, not squared",
                    ),
                    *(
                        (
                            expression,
                            "the price of a nat outside is charged for the {surprise} nats "
                            "outside, not for the width",
                        )
                        for expression in (
                            "2 * (1 + odds) * abs(high - low)",
                            "2 * (1 + odds) * abs(high - low) + surprise",
                        )
                    ),
                    (
                        "abs(high - low) * surprise * 2 * (1 + odds)",
                        "width and price of the miss are added, not multiplied",
                    ),
                    (
                        "2 * (1 + odds) * surprise + high",
                        "the charge is the width of the interval, its upper end less its lower",
                    ),
                ),
                generic="that is not the score of your interval for a run {surprise} nats above "
                "its upper end: write down the width, the level of {odds} to one, "
                "and what each nat outside costs at that level. (If you are near: take the ends "
                "with all their digits)",
            ),
        ),
        bounds=(
            (
                "low > 1 and high < 3.47",
                "an end is a loss between 1.37 nats, the truth itself, and 3.47, untrained: no "
                "gain, no percentage; decimals follow a point",
            ),
            (
                "low < high or low > high",
                "both ends are the same number: an interval has a width",
            ),
            ("low < high", "the lower end of the interval comes first"),
            (
                "high - low >= 0.004 - 1e-9 or (low <= measured and measured <= high)",
                "an interval of less than 0.004 nats is too narrow: "
                "the noise of the seeds alone is larger",
            ),
            (
                "low >= 1.366",
                "your lower end is below the entropy of the language, which nothing can beat",
            ),
            (
                "high - low <= widest + 1e-9",  # 1.961 - 1.841 is 0.12 in decimals only
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
                why="The lines that flattened on this page were all more than a quarter of a nat "
                "above it.",
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
        "single ones stray by 0.15, and the very last cost 1.95.",
    ),
    Prediction(
        id="04-wide-loss",
        prompt="A network of width 16 ends near 2.0 nats after 160,000 tokens. "
        "Where does one of twice the width end?",
        unit="nats",
        lo=1,
        hi=4,
        truth=1.93,
        says="The recorded runs say 1.93 nats: a tenth of a nat for nearly four times the "
        "parameters.",
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
        "By how many per cent does the additive form miss it?",
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
