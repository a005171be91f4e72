"""Chapter 10: what students may see of the judging, and the simulated laboratory that one of the exercises is about."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from ...counting import total_params
from ...laws import BESIROGLU_2024, KAPLAN_2020, ChinchillaLaw
from .. import Number, Option, Part, Prediction, Question, Several

_BUDGETS = 10.0 ** np.arange(16, 19.6, 0.5)
_SIZES = np.geomspace(1 / 4, 4, 7)  # of the best size of each budget
_NOISE = 0.0005


def lab_runs(seed: int, count_embeddings: bool, short_warmup: bool) -> pd.DataFrame:
    """The IsoFLOP study of a simulated laboratory: C (nominal FLOPs), N, D, loss; 8 budgets of 7 sizes, little noise.

    Without `count_embeddings`, N and C = 6 N D leave the embeddings out; the models have them all the same. Without
    `short_warmup` every run, however short, spends the same tokens on its warm-up and learns less from them.
    """
    rng = np.random.default_rng(seed)
    alpha, beta = rng.uniform(0.33, 0.37, 2)
    by_size, by_data = rng.uniform(0.3, 0.4, 2)
    law = ChinchillaLaw(
        rng.uniform(1.6, 1.9), by_size * 1e9**alpha, by_data * 2e10**beta, alpha, beta
    )
    wasted = 0 if short_warmup else rng.uniform(1e8, 2.5e8)

    def counted(N):
        return total_params(N) if count_embeddings else N

    def loss(C, N):
        """`N` without embeddings here; a warm-up as long as the run leaves half of its tokens."""
        D = C / (6 * counted(N))
        return law.loss(total_params(N), D / (1 + wasted / D))

    tried = np.geomspace(1e2, 1e11, 4000)
    best = tried[loss(_BUDGETS[:, None], tried).argmin(axis=1)]
    C = np.repeat(_BUDGETS, len(_SIZES))
    N = np.outer(best, _SIZES).ravel()
    noise = np.random.default_rng([seed, count_embeddings, short_warmup]).normal(0, _NOISE, len(N))
    return pd.DataFrame(
        {"C": C, "N": counted(N), "D": C / (6 * counted(N)), "loss": loss(C, N) * np.exp(noise)}
    )


@cache
def _exponents(seed) -> dict[str, float]:
    """The exponents of a laboratory's four studies."""
    from ...fitting import fit_isoflop

    studies = {
        "neither": (False, False),
        "counted": (True, False),
        "shortened": (False, True),
        "both": (True, True),
    }
    tables = {name: lab_runs(seed, *how) for name, how in studies.items()}
    return {name: fit_isoflop(runs.C, runs.N, runs.loss).a for name, runs in tables.items()}


def _drop(start, end, share=True):
    """The fall of the exponent between two studies, as a share of the whole fall."""

    def quantity(seed):
        a = _exponents(seed)
        return (a[start] - a[end]) / (a["neither"] - a["both"] if share else 1)

    return quantity


def _slope(n_middle, omega, law=BESIROGLU_2024):
    """The local exponent; the same with the embeddings' weight held fixed; and that of N against the whole compute."""
    share = 1 - n_middle / total_params(n_middle, omega)  # of the embeddings
    weight = 1 - 2 / 3 * share  # d log T / d log N
    change = -2 / 3 * share * (1 / 3 - weight) / weight  # d log weight / d log N
    slope = 1 + (law.alpha * weight - change) / law.beta  # d log C / d log N
    return 1 / slope, 1 / (1 + law.alpha * weight / law.beta), 1 / (slope + weight - 1)


@cache
def _telling_budget(margin, total=True, relative=False, free=False) -> float:
    """FLOPs at which Kaplan's size loses `margin` nats to the best one, above the budget where both agree.

    Wrong ways: without embeddings (not `total`), the margin as a share of the loss (`relative`), embeddings that take
    part and cost nothing (`free`).
    """
    from scipy.optimize import root_scalar

    law = BESIROGLU_2024

    def excess(log_C):
        C = np.exp(log_C)
        N = KAPLAN_2020.optimum(C).N
        T = total_params(N) if total else N
        gap = law.loss(T, C / (6 * (N if free else T))) - law.optimum(C).loss
        return (gap / law.optimum(C).loss if relative else gap) - margin

    ends = np.log([1e19, 1e25])
    if excess(ends[1]) <= 0:
        return np.inf
    return float(np.exp(root_scalar(excess, method="brentq", bracket=ends).root))


EXERCISES = (
    Number(
        id="10-local-exponent",
        answer="exponent_seen",
        given=("n_middle", "omega"),
        derived={
            "local": lambda n_middle, omega: _slope(n_middle, omega)[0],
            "steady": lambda n_middle, omega: _slope(n_middle, omega)[1],
            "mixed": lambda n_middle, omega: _slope(n_middle, omega)[2],
            "counted": BESIROGLU_2024.a,
            "smallest": BESIROGLU_2024.beta / (BESIROGLU_2024.alpha / 3 + BESIROGLU_2024.beta),
        },
        truth="local",
        bounds=(
            (
                "x > 0 and x < 1",
                "size and data both grow with the budget, so the exponent of size lies between 0 and 1",
            ),
        ),
        mistakes=(
            (
                "counted",
                "that is the exponent with embeddings counted; your laboratory leaves them out of N and of C",
            ),
            (
                "smallest",
                "that is the limit for models that are nearly all embedding; yours lies between the limits and need not lie between their values",
            ),
            (
                "steady",
                "that takes the weight s as fixed. It grows with N, and that pulls the best D down: let s change along the frontier",
            ),
            (
                "mixed",
                "that leaves embeddings out of N and counts them in C: this laboratory leaves them out of both",
            ),
            ("1 / local", "that is the slope of log C against log N: turn it round"),
            ("1 - local", "that is the exponent of the tokens; asked for is that of the size"),
        ),
        generic="that is not the slope of log N against log C at n_middle, with N and C = 6 N D counted without embeddings",
        hints=(
            "Take two sizes close to n_middle. Which budget makes each of them the best?",
            "At the best point alpha A s / T ** alpha = beta B / D ** beta, with T all parameters and s = 1 - 2/3 of the "
            "embeddings' share; then C = 6 N D. The exponent is the ratio of the changes of log N and log C.",
            "`N = n_middle * np.exp([-1e-4, 1e-4])`, then T, s, D and C for both",
        ),
        praise="that is the slope that a narrow study around your size would report",
    ),
    Several(
        id="10-attribute",
        answer="share_of_counting",
        given=("seed",),
        derived={
            "share_first": _drop("neither", "counted"),
            "share_last": _drop("shortened", "both"),
            "warm_first": _drop("neither", "shortened"),
            "warm_last": _drop("counted", "both"),
            "drop_first": _drop("neither", "counted", share=False),
            "drop_last": _drop("shortened", "both", share=False),
            "start": lambda seed: _exponents(seed)["neither"],
            "middle": lambda seed: _exponents(seed)["shortened"],
        },
        parts=(
            Part(
                name="first",
                truth="share_first",
                rtol=0.004,
                mistakes=(
                    ("warm_first", "those are the shares of the warm-up"),
                    ("drop_first", "those are the falls themselves; divide each by the whole fall"),
                    (
                        "drop_first / start",
                        "that divides by the exponent at the start; the whole is the fall from first to last study",
                    ),
                    (
                        "share_last",
                        "the two are the wrong way round: first means that the warm-up is still long",
                    ),
                ),
                generic="for first, change the counting while the warm-up is still long, and divide by the fall from the first study to the one with both changes",
            ),
            Part(
                name="last",
                truth="share_last",
                rtol=0.004,
                mistakes=(
                    ("warm_last", "those are the shares of the warm-up"),
                    ("drop_last", "those are the falls themselves; divide each by the whole fall"),
                    (
                        "share_first",
                        "that is the share of the counting when it is changed first. Changed last, it starts from the study whose warm-up is short already",
                    ),
                ),
                generic="for last, the warm-up is short before and after, and the divisor is the same whole fall",
            ),
        ),
        bounds=(
            (
                "first < 1 and last < 1 and first > 0 and last > 0",
                "shares of the whole fall lie between 0 and 1",
            ),
        ),
        hints=(
            "Four studies: each of the two changes made or not made. Fit the exponent of each.",
            "Counting first: (a of the first study - a with counting changed) / (a of the first study - a with both changed). Last: "
            "the same divisor, and the step between the two studies with a short warm-up.",
            "`study = lab_runs(seed, count_embeddings=True, short_warmup=False)`, then `fitting.fit_isoflop(study.C, study.N, study.loss).a`",
        ),
        praise="both shares are right; which one would you print?",
    ),
    Number(
        id="10-caught-in-2020",
        answer="test_budget",
        given=("margin",),
        derived={
            "telling": _telling_budget,
            "uncounted": lambda margin: _telling_budget(margin, total=False),
            "unpaid": lambda margin: _telling_budget(margin, free=True),
            "as_share": lambda margin: _telling_budget(margin, relative=True),
            "pf_day": 8.64e19,
        },
        truth="telling",
        unit="FLOPs",
        rtol=0.01,
        bounds=(
            (
                "x > 1e19",
                "from 1e16 to 1e19 FLOPs both rules ask for nearly the same size: look above",
            ),
        ),
        mistakes=(
            (
                "2 * telling / 3.14e23",
                "that is what both runs cost as a share of GPT-3; asked for first is the budget itself",
            ),
            ("telling / pf_day", "that is in PF-days; asked for are FLOPs"),
            (
                "2 * telling",
                "that is the bill of both runs; asked for is the budget of one of them",
            ),
            (
                "uncounted",
                "Kaplan's sizes leave the embeddings out; the model has them, and they cost compute: total_params(N) goes into the law and into D",
            ),
            (
                "unpaid",
                "the embeddings are in the law and not in the bill: D follows from all parameters too",
            ),
            ("as_share", "the margin is in nats; you took it as a share of the loss"),
        ),
        generic="at that budget the loss of Kaplan's size is not `margin` above the loss of the best size",
        hints=(
            "Two models at one budget: which size does each rule ask for, and what loss does the law give them?",
            "Kaplan's size N becomes T = total_params(N) parameters with D = C / (6 T) tokens. The gap is law.loss(T, D) - "
            "law.optimum(C).loss; find the C at which it equals the margin.",
            "`brentq(lambda log_C: gap(np.exp(log_C)) - margin, np.log(1e19), np.log(1e23))`",
        ),
        praise="two runs of that budget would have told the rules apart",
    ),
)


QUESTIONS = (
    Question(
        id="10-crossing-lines",
        prompt="Two rules with exponents 0.73 and 0.51 give the same size at one budget. What follows for larger budgets?",
        options=(
            Option(
                "they will stay close",
                why="They part by the difference of their slopes, power of ten by power of ten.",
                key="a",
            ),
            Option(
                "with each power of ten they part by a factor of about 1.7",
                right=True,
                why="10 ** (0.73 - 0.51) is 1.66. Over four powers of ten that is more than 7.",
                key="b",
            ),
            Option(
                "one of them must be wrong at the crossing too",
                why="There both name the same size. A slope can be wrong where a size is right.",
                key="c",
            ),
        ),
    ),
    Question(
        id="10-small-share",
        prompt="Embeddings are less than half a percent of GPT-3. How can leaving them out change an exponent?",
        options=(
            Option(
                "it cannot: half a percent moves nothing",
                why="It hardly moves GPT-3. The line was fitted to far smaller models, down to 768 parameters.",
                key="a",
            ),
            Option(
                "their share changes over the window of sizes",
                right=True,
                why="From nearly all of the smallest model to a few percent of the largest: the lower end of the line is shifted, the upper is not.",
                key="b",
            ),
            Option(
                "any parameters that are left out make a line steeper",
                why="A share that is the same everywhere shifts the whole line and leaves its slope alone.",
                key="c",
            ),
        ),
    ),
    Question(
        id="10-shares",
        prompt="Counting explains so and so many percent of the gap between two exponents. What does such a number depend on?",
        options=(
            Option(
                "on the order in which the corrections were made",
                right=True,
                why="A share belongs to a path. What both orders agree on, the ranking, is the safer statement.",
                key="b",
            ),
            Option(
                "only on the two studies",
                why="Each correction was made on top of others. Made first or last, the same one moved the exponent by other amounts.",
                key="a",
            ),
            Option(
                "only on how many runs there were",
                why="More runs make each step surer. They do not decide which step comes first.",
                key="c",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="10-without-embeddings",
        prompt="Chinchilla's law has the exponent 0.51. Seen through Kaplan's sizes, with embeddings left out: which exponent does it show?",
        lo=0,
        hi=2,
    ),
    Prediction(
        id="10-suspects",
        prompt="Four corrections bring the exponent of real runs from 0.86 to 0.50. Which takes off most?",
        options=("counting", "warm-up", "decay", "tuning"),
    ),
)
