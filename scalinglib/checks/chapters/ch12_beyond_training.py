"""Chapter 12: what students may see of the judging, its questions and predictions, and simulated runs on spoilt text."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from ...laws import BESIROGLU_2024, MUENNIGHOFF_2023, PowerLaw
from .. import Number, Option, Part, Prediction, Question, Several

_LAW, _REPEATS = BESIROGLU_2024, MUENNIGHOFF_2023


# ---- a laboratory with spoilt text --------------------------------------------------------------


def spoilt_study(seed: int) -> tuple[PowerLaw, pd.DataFrame]:
    """A simulated laboratory: the law of one model's loss on fresh text, and its runs on text that was spoilt.

    The law is L(D) = floor + (scale / D)^exponent; the table has `D` (tokens read) and `loss`, eight runs with little noise.
    """
    rng = np.random.default_rng(seed)
    fresh = PowerLaw(
        scale=float(rng.uniform(2e7, 8e7)),
        exponent=float(rng.uniform(0.28, 0.38)),
        floor=float(rng.uniform(1.6, 2.1)),
    )
    added, share = rng.uniform(0.04, 0.12), rng.uniform(0.35, 0.75)
    D = np.geomspace(1e8, 1e10, 8)
    return fresh, pd.DataFrame(
        {"D": D, "loss": fresh.loss(share * D) + added + rng.normal(0, 3e-4, len(D))}
    )


@cache
def _spoilt(seed: int) -> dict[str, float]:
    """The straight line through the spoilt losses against the fresh law's data term, and two hasty readings."""
    fresh, table = spoilt_study(seed)
    term = fresh.loss(table.D) - fresh.floor
    slope, intercept = np.polyfit(term, table.loss, 1)
    last = table.iloc[-1]
    return {
        "slope": slope,
        "intercept": intercept,
        "floor": fresh.floor,
        "added": intercept - fresh.floor,
        "share": slope ** (-1 / fresh.exponent),
        "exponent": fresh.exponent,
        "all_floor": float(np.mean(table.loss - term - fresh.floor)),
        "all_data": fresh.scale * (last.loss - fresh.floor) ** (-1 / fresh.exponent) / last.D,
    }


def _of_spoilt(name):
    return lambda seed: _spoilt(seed)[name]


# ---- the bill ---------------------------------------------------------------------------------


@cache
def _cheapest(optimal_size, tokens_served):
    """The cheapest size for the quality of a compute-optimal model, and its data."""
    from ...planning import cheapest

    D = (_LAW.beta * _LAW.B / (_LAW.alpha * _LAW.A)) ** (1 / _LAW.beta) * optimal_size ** (
        _LAW.alpha / _LAW.beta
    )
    return cheapest(_LAW, _LAW.loss(optimal_size, D), tokens_served)


def _size_for(factor):
    return lambda optimal_size, tokens_served: _cheapest(optimal_size, factor * tokens_served).N


# ---- the corpus read often -------------------------------------------------------------------


def _read(steps, batch, context, **_):
    return steps * batch * context


def _drop(fresh=False, more_steps=1):
    """The fall of the loss when the corpus is doubled; as if read once; as if the steps were doubled with it."""

    def quantity(n_params, corpus_tokens, **run):
        if fresh:
            return _REPEATS.fresh.loss(n_params, corpus_tokens) - _REPEATS.fresh.loss(
                n_params, 2 * corpus_tokens
            )
        D = _read(**run)
        return _REPEATS.loss(n_params, D, corpus_tokens) - _REPEATS.loss(
            n_params, more_steps * D, 2 * corpus_tokens
        )

    return quantity


def _readings_of_average_worth(least_worth):
    """After how many readings all tokens so far are worth this much on average."""
    low, high, R = 1.0, 1e6, _REPEATS.R_D
    for _ in range(60):
        x = (low * high) ** 0.5
        above = (1 + R * (1 - np.exp((1 - x) / R))) / x > least_worth
        low, high = (x, high) if above else (low, x)
    return low


EXERCISES = (
    Number(
        id="12-cheapest-size",
        answer="served_size",
        given=("optimal_size", "tokens_served"),
        derived={
            "best": _size_for(1),
            "three": _size_for(3),
            "half": _size_for(0.5),
            "data": lambda optimal_size, tokens_served: _cheapest(optimal_size, tokens_served).D,
            "smallest": lambda optimal_size, tokens_served: _cheapest(optimal_size, 1e22).N,
        },
        truth="best",
        unit="parameters",
        rtol=0.01,
        bounds=(
            ("x > 1e6", "that is fewer than a million parameters: is your answer in billions?"),
            ("x > smallest", "no amount of text gives so small a model that loss"),
            (
                "x < optimal_size",
                "a model that is used should be smaller than the one that is cheapest to train, not larger",
            ),
        ),
        mistakes=(
            (
                "optimal_size",
                "that is the cheapest model to train; the bill has a second part, 2 N for every token served",
            ),
            (
                "three",
                "serving costs a forward pass, 2 N a token; 6 N is what a token of training costs",
            ),
            ("half", "a forward pass costs two FLOPs a parameter for every token, not one"),
            ("data", "those are the tokens it should read; the parameters are asked for"),
        ),
        generic="at your size the bill is not the smallest: compute 6 N D + 2 N S there and a little beside it",
        hints=(
            "First the quality: which loss does the compute-optimal model of that size reach? Then hold the loss, not the compute.",
            "The smallest 6 N D + 2 N S with L(N, D) fixed: `planning.cheapest(law, loss, inference_tokens)` finds it.",
            "`loss = law.loss(optimal_size, data_of(law, optimal_size))`",
        ),
        praise="smaller than the training-optimal model, longer trained, and cheaper over its life",
    ),
    Number(
        id="12-stop-repeating",
        answer="readings",
        given=("least_worth",),
        derived={"R": _REPEATS.R_D, "average": _readings_of_average_worth},
        truth="1 + R * log(1 / least_worth)",
        unit="epochs",
        rtol=0.003,
        bounds=(("x >= 1", "the first reading is fresh: the number of readings is at least 1"),),
        mistakes=(
            ("R * log(1 / least_worth)", "that counts the repeats; the first reading comes on top"),
            (
                "1 + R * log2(1 / least_worth)",
                "R_D is the number of repeats after which 1/e is left, not one half: natural logarithms",
            ),
            (
                "average",
                "that is the average worth of all readings so far; you stop when the next one is worth too little",
            ),
            (
                "1 + R * (1 - least_worth)",
                "the worth does not fall on a straight line, but by the same factor with each repeat",
            ),
            (
                "1 + R * log(1 / (1 - least_worth))",
                "that is where so much is lost; {least_worth:g} is to be left",
            ),
        ),
        generic="after so many readings one more token is not worth {least_worth:g} of a fresh one",
        hints=(
            "What is the slope of the worth D' against the tokens read?",
            "After R repeats one more token is worth exp(-R / R_D) of a fresh one.",
            "`repeats = MUENNIGHOFF_2023.R_D * np.log(...)`",
        ),
        praise="one more reading would be worth less than that",
    ),
    Several(
        id="12-hidden-epochs",
        answer="hidden",
        given=("n_params", "corpus_tokens", "steps", "batch", "context"),
        derived={
            "read": _read,
            "fall": _drop(),
            "fresh_fall": _drop(fresh=True),
            "both": _drop(more_steps=2),
        },
        parts=(
            Part(
                name="epochs",
                truth="read / corpus_tokens",
                unit="epochs",
                rtol=0.01,
                mistakes=(
                    (
                        "read / corpus_tokens / context",
                        "a batch is counted in sequences: each has `context` tokens",
                    ),
                    (
                        "read / corpus_tokens / 2",
                        "those are the readings of the doubled corpus; the first one is asked for",
                    ),
                    (
                        "read / corpus_tokens - 1",
                        "those are the repeats; the first reading counts as an epoch too",
                    ),
                ),
                generic="epochs times the corpus does not give the tokens that all steps read",
            ),
            Part(
                name="drop",
                truth="fall",
                unit="nats",
                rtol=0.02,
                mistakes=(
                    ("-fall", "the size is right; a drop is the loss before minus the loss after"),
                    (
                        "fresh_fall",
                        "that is the drop if each corpus were read once; the steps are fixed, so both runs read the same number of tokens",
                    ),
                    ("both", "you doubled the steps as well; only the corpus doubles"),
                ),
                generic="the drop is not that of MUENNIGHOFF_2023.loss with the same tokens read and twice the unique ones",
            ),
        ),
        bounds=(
            ("epochs > 0", "the readings are a positive number"),
            ("drop > 0", "the loss falls: before minus after is positive"),
        ),
        hints=(
            "How many tokens do all the steps read? Does that number change when the corpus doubles?",
            "epochs = steps · batch · context / corpus; both losses have the same D and differ in `unique`.",
            "`tokens_read = steps * batch * context`",
        ),
        praise="read so often, the corpus hardly limits the model: doubling it buys little",
    ),
    Several(
        id="12-which-constant",
        answer="moved",
        given=("seed",),
        derived={
            name: _of_spoilt(name)
            for name in (
                "slope",
                "intercept",
                "floor",
                "added",
                "share",
                "exponent",
                "all_floor",
                "all_data",
            )
        },
        parts=(
            Part(
                name="floor_added",
                truth="added",
                unit="nats",
                atol=0.003,
                mistakes=(
                    (
                        "intercept",
                        "that is the whole floor of the spoilt text; the question is by how much it rises",
                    ),
                    (
                        "all_floor",
                        "that is the mean distance of the curves: it puts everything on the floor",
                    ),
                ),
                generic="the floor does not rise by that much: where does your line cross a data term of 0?",
            ),
            Part(
                name="share_left",
                truth="share",
                rtol=0.025,
                mistakes=(
                    (
                        "slope",
                        "that is the factor on the data term; the share stands inside the power, (scale / (share · D))^exponent",
                    ),
                    (
                        "1 / slope",
                        "the data term grew by that factor's inverse; the tokens shrank by a power of it",
                    ),
                    (
                        "slope ** (-exponent)",
                        "the exponent stands on the tokens: to get from the data term back to them, undo the power",
                    ),
                    (
                        "all_data",
                        "that reads the last run alone, and puts everything on the data: use all eight",
                    ),
                ),
                generic="that is not the share of fresh tokens that gives the same data term",
            ),
        ),
        bounds=(
            (
                "share_left > 0 and share_left <= 1",
                "the share of the tokens that still counts lies between 0 and 1",
            ),
            ("floor_added > -0.01 and floor_added < 1", "the floor rises by a fraction of a nat"),
        ),
        hints=(
            "Plot the spoilt losses against the data term of the fresh law, (scale / D)^exponent. What do slope and intercept mean?",
            "loss = floor + floor_added + share_left^(-exponent) · (scale / D)^exponent: a straight line in the data term.",
            "`term = fresh.loss(table.D) - fresh.floor`",
        ),
        praise="several amounts of data tell the floor from the data; one could not have",
    ),
)

QUESTIONS = (
    Question(
        id="12-fixed-steps",
        prompt="An example doubles the corpus and keeps everything else: the model, the batch, the number of steps. What has "
        "changed in the training?",
        options=(
            Option(
                "The model reads twice as many tokens.",
                why="Steps times batch times context is unchanged, so the tokens read are unchanged. This is the thought that "
                "the example invites.",
                key="a",
            ),
            Option(
                "Each text is read half as often.",
                right=True,
                why="The tokens read are fixed by the steps; twice the corpus means half the readings of each.",
                key="b",
            ),
            Option(
                "Nothing: the loss depends on the tokens read only.",
                why="Reading a text again is worth less than reading a new one, so fewer repeats do help, though little where "
                "there were few.",
                key="c",
            ),
        ),
    ),
    Question(
        id="12-one-difference",
        prompt="A run on spoilt text ends 0.13 nats above a run on clean text of the same length. Which constant of the law did "
        "the spoilt text move?",
        options=(
            Option(
                "The floor E: the loss is 0.13 higher.",
                why="A higher floor would do it. So would a larger B, or fewer effective tokens: one difference has one number, "
                "and each constant can make it.",
                key="a",
            ),
            Option(
                "The effective data: some of the text taught nothing.",
                why="A plausible story, and perhaps right, but a higher floor gives the same 0.13 at one length.",
                key="b",
            ),
            Option(
                "One length cannot tell.",
                right=True,
                why="Only how the difference changes with the tokens can: a floor stays, the cost of a lost share of the tokens shrinks with D.",
                key="c",
            ),
        ),
    ),
    Question(
        id="12-four-bits",
        prompt="A trained model of 70 billion parameters is stored in 4 bits a parameter in place of 16. What moves on the map of "
        "N, D and lifetime cost?",
        options=(
            Option(
                "N falls to a quarter.",
                why="The number of parameters stays; it is the bytes of each that shrink.",
                key="a",
            ),
            Option(
                "N and D stay; serving gets cheaper, and the loss may rise a little.",
                right=True,
                why="The memory falls to a quarter, so each answered token needs less hardware, at some price in loss.",
                key="c",
            ),
            Option(
                "The training bill falls to a quarter.",
                why="The training is over, and was paid in 16 bits.",
                key="b",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="12-size-for-traffic",
        prompt="Of all models with the quality of the compute-optimal 70B model, which size is cheapest over a life of "
        "10 trillion answered tokens?",
        unit="billion parameters",
        lo=1,
        hi=1000,
    ),
    Prediction(
        id="12-forty-readings",
        prompt="Our small model reads the same 65,536 characters 40 times in place of 16. Its loss on text that it has "
        "not seen will be ...",
        options=("clearly lower", "about the same", "higher"),
    ),
    Prediction(
        id="12-quarter-noise",
        prompt="A quarter of the windows is shuffled into noise. How many per cent of the tokens would you have to take "
        "away from the clean text to do the same harm?",
        unit="%",
        lo=0,
        hi=100,
    ),
)
