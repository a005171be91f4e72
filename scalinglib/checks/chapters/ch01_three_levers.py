"""Checks of chapter 1, three levers: what students may see."""

from __future__ import annotations

from functools import cache

import numpy as np

from .. import Choice, Function, Number, Option, Part, Prediction, Question, Several


@cache
def _envelope(draw=None):
    """D -> the lowest loss of all orders in the recorded table: of one draw, or of the mean over draws."""
    from ...runs import load

    curves = load("ngrams")
    chosen = curves if draw is None else curves[curves["draw"] == draw]
    return chosen.groupby(["D", "order"])["loss"].mean().groupby("D").min()


def _best_order(characters, draw):
    from ...runs import load

    here = load("ngrams").query("D == @characters and draw == @draw")
    return here["order"].iloc[int(here["loss"].argmin())]


def _over_orders(characters, draw):
    from ...runs import load

    return load("ngrams").query("D == @characters and draw == @draw")["loss"].mean()


@cache
def _law(floor=True, first=16_000, last=8_192_000, draw=None):
    """The power law through the recorded sizes from `first` to `last` characters: of one draw, or of the mean."""
    from ...fitting import fit_power_law

    best = _envelope(draw).loc[first:last]
    return fit_power_law(best.index, best, floor=floor).law


def _losses_of_draw(characters, draw, **_):
    """The recorded losses of one draw up to D = `characters`, a column for each order."""
    from ...runs import load

    here = load("ngrams").query("D <= @characters and draw == @draw")
    wide = here.pivot_table(index="D", columns="order", values="loss").round(4)
    columns = {f"order_{order}": wide[order] for order in wide.columns}
    return {"losses": {"D": wide.index, **columns}}


def _law_in_digits():
    """The law with a floor through all sizes from 16,000 characters on, in five digits."""
    law = _law()
    names = ("floor", "scale", "exponent")
    return {name: [float(f"{getattr(law, name):.5g}")] for name in names}


def _characters(target, **window):
    """How many characters a law asks for that was fitted to another window than the exercise wants."""
    law = _law(**window)
    return law.scale / (target - law.floor) ** (1 / law.exponent)


def _one_doubling(characters, draw):
    """The forecast for twice the characters, which somebody may give for four times: the lower of two windows'."""
    return min(_law(True, first, characters, draw).loss(2 * characters) for first in (8000, 16_000))


def _entropy(p_six):
    p = np.array([p_six, *5 * [(1 - p_six) / 5]])
    return -(p * np.log(p)).sum()


def _surprisals(logits, targets):
    """-ln softmax at the targets."""
    z = logits - logits.max(axis=1, keepdims=True)
    return np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(targets)), targets]


def _stands_large_logits(loss):
    """Also False where the loss is nan, which would else be refused without a word on exp."""
    try:
        return np.isclose(
            loss(np.array([[1000.0, 0.0], [0.0, -1000.0]]), np.array([0, 0])), 0, atol=1e-6
        )
    except Exception:
        return False


_LOGITS = np.array([[2.0, 0.5, -1.0, 0.0], [0.1, 0.2, 0.3, 0.4], [-3.0, 4.0, 1.0, 1.5]])
_TARGETS = np.array([0, 3, 2])
_GIVEN = np.log([[0.5, 0.25, 0.25], [0.125, 0.75, 0.125]])  # logarithms of probabilities are logits


EXERCISES = (
    Several(
        id="01-units",
        answer="converted",
        given=("loss", "characters_per_token", "bytes_per_character"),
        parts=(
            Part(
                name="perplexity",
                truth="exp(loss)",
                rtol=0.002,
                mistakes=(
                    (
                        "2 ** loss",
                        "2 ** loss is the perplexity of a loss in bits; this one is in nats",
                    ),
                ),
                generic="the logarithm of the perplexity is not the loss that you were given",
            ),
            Part(
                name="bits_per_byte",
                truth="loss / log(2) / (characters_per_token * bytes_per_character)",
                unit="bits per byte",
                rtol=0.002,
                mistakes=(
                    (
                        "loss / (characters_per_token * bytes_per_character)",
                        "that is still in nats: a byte cannot tell which logarithm you meant",
                    ),
                    (
                        "loss / log(2) / characters_per_token",
                        "that is bits per character; these characters take {bytes_per_character} bytes each",
                    ),
                    ("loss / log(2)", "that is bits per token; share it among the token's bytes"),
                    (
                        "loss * log(2) / (characters_per_token * bytes_per_character)",
                        "a bit is less than a nat, so the number in bits must be the larger one",
                    ),
                    (
                        "loss / log(2) * characters_per_token / bytes_per_character",
                        "one of the two ratios is upside down: ask how many bytes one token has",
                    ),
                    (
                        "loss / log(2) * bytes_per_character / characters_per_token",
                        "one of the two ratios is upside down: ask how many bytes one token has",
                    ),
                ),
                generic="go back from your bits per byte: the bytes of a token, in nats, do not add up to the loss",
            ),
        ),
        bounds=(
            (
                "perplexity > 1",
                "a perplexity below 1 would mean less than one character to choose from",
            ),
            ("bits_per_byte > 0", "surprise is never negative, in any unit"),
        ),
        hints=(
            "First ask how many bytes one token has, then how many nats one bit has.",
            "perplexity = e ** (nats per token); one bit is ln 2 nats; bits per byte = bits per token / bytes per token.",
            "`bytes_per_token = characters_per_token * ...`",
        ),
        praise="{loss} nats a token, in units that can be compared",
    ),
    Several(
        id="01-loaded-die",
        answer="die",
        given=("p_six",),
        derived={"entropy": _entropy},
        parts=(
            Part(
                name="floor",
                truth="entropy",
                unit="nats",
                mistakes=(
                    ("entropy / log(2)", "that is the floor in bits; nats are asked for"),
                    ("-log(p_six)", "that is the surprise of a six; average over all six faces"),
                    (
                        "-p_six * log(p_six) - (1 - p_six) * log(1 - p_six)",
                        "that is a coin (six or not): the other faces are five, each with its own surprise",
                    ),
                    (
                        "-p_six * log(p_six) - (1 - p_six) / 5 * log((1 - p_six) / 5)",
                        "one of the other faces is in your sum; there are five",
                    ),
                ),
                generic="the floor is the mean of -ln p under the die's own probabilities",
            ),
            Part(
                name="believer",
                truth="log(6)",
                unit="nats",
                mistakes=(
                    (
                        "-(log(p_six) + 5 * log((1 - p_six) / 5)) / 6",
                        "you have it the other way round: a fair die, scored by someone who believes in the loaded one",
                    ),
                    (
                        "log(6) - entropy",
                        "that is only what the wrong belief costs on top of the floor; the believer pays the floor as well",
                    ),
                    (
                        "entropy",
                        "that is what the die gives away; the believer does not use the die's probabilities",
                    ),
                ),
                generic="the believer gives every face the same probability, whatever comes up",
            ),
        ),
        bounds=(
            (
                "floor > 0",
                "the other five faces still come up: somebody who knows the die is surprised at times",
            ),
            (
                "floor < log(6)",
                "a loaded die is easier to predict than a fair one, whose entropy is ln 6",
            ),
            ("believer > floor", "nobody predicts the die better than the one who knows it"),
        ),
        hints=(
            "A mean over what happens, of the surprise at what was believed: two sets of probabilities, one for each role.",
            "cross-entropy = -sum over faces of p(face) ln q(face); p is the die, q the belief; the floor has q = p.",
            "`p = np.array([p_six] + 5 * [...])`",
        ),
        praise="the difference is what the wrong belief costs, a roll",
    ),
    Function(
        id="01-cross-entropy",
        answer="loss_from_logits",
        arguments=("logits", "targets"),
        probes=(
            (_LOGITS, _TARGETS),
            (_GIVEN, np.array([0, 2])),
            (np.zeros((2, 5)), np.array([4, 0])),
        ),
        properties=(
            (
                lambda f: np.ndim(f(_LOGITS, _TARGETS)) == 0,
                "return one number, the mean over the rows",
            ),
            (
                lambda f: f(_LOGITS, _TARGETS) > 0,
                "the loss came out negative: look at the sign of the logarithm",
            ),
            (
                lambda f: np.isclose(f(np.zeros((2, 5)), np.array([4, 0])), np.log(5)),
                "equal logits give each of 5 tokens the probability 1/5: the loss must be ln 5, in nats",
            ),
            (
                lambda f: np.isclose(f(_LOGITS + 7, _TARGETS), f(_LOGITS, _TARGETS)),
                "adding 7 to all logits of a row changes no probability, and must not change the loss",
            ),
            (
                lambda f: np.isclose(f(_GIVEN, np.array([0, 2])), (np.log(2) + np.log(8)) / 2),
                "for probabilities 1/2 and 1/8 of the two targets the mean surprisal is (ln 2 + ln 8) / 2",
            ),
            (
                _stands_large_logits,
                "exp(1000) overflows: subtract the largest logit of each row first",
            ),
            (
                lambda f: np.isclose(f(_LOGITS, _TARGETS), _surprisals(_LOGITS, _TARGETS).mean()),
                "the loss of three rows is not the mean of the three surprisals",
            ),
        ),
        mistakes=(
            (
                lambda logits, targets: _surprisals(logits, targets).sum(),
                "that is the sum over the rows: a loss is a mean, per token",
            ),
            (
                lambda logits, targets: _surprisals(logits, targets).mean() / np.log(2),
                "that is in bits; nats are asked for",
            ),
            (
                lambda logits, targets: -np.log(np.exp(-_surprisals(logits, targets)).mean()),
                "you averaged the probabilities and took the logarithm last: average the surprisals",
            ),
            (
                lambda logits, targets: _surprisals(logits, logits.argmax(axis=1)).mean(),
                "that scores the likeliest token; score the one that came (`targets`)",
            ),
            (
                lambda logits, targets: (
                    np.log(np.exp(logits).sum()) - logits[np.arange(len(targets)), targets].mean()
                ),
                "that normalises the whole table at once: normalise each row, since each is one forecast",
            ),
            (
                lambda logits, targets: 1 - np.exp(-_surprisals(logits, targets)).mean(),
                "that is the probability of being wrong; surprise is a logarithm",
            ),
            (
                lambda logits, targets: -logits[np.arange(len(targets)), targets].mean(),
                "a logit is not yet the logarithm of a probability: each row must be normalised",
            ),
        ),
        hints=(
            "Turn each row of logits into probabilities, then look only at the one that came true.",
            "surprisal = ln(sum of exp(logits)) - logit of the target; subtracting a row's maximum changes nothing and avoids overflow.",
            "`z = logits - logits.max(axis=1, keepdims=True)`",
        ),
        praise="this is the loss that every language model in this course reports",
    ),
    Several(
        id="01-forecast",
        answer="forecast",
        given=("characters", "draw", "characters_per_token"),
        data=_losses_of_draw,
        derived={
            "best": lambda characters, draw, **_: _best_order(characters, draw),
            "now": lambda characters, draw, characters_per_token: (
                characters_per_token * _envelope(draw)[characters]
            ),
            "later": lambda characters, draw, characters_per_token: (
                characters_per_token * _envelope(draw)[4 * characters]
            ),
            "mean_now": lambda characters, characters_per_token, **_: (
                characters_per_token * _envelope()[characters]
            ),
            "of_all_orders": lambda characters, draw, characters_per_token: (
                characters_per_token * _over_orders(characters, draw)
            ),
            "twice": lambda characters, draw, characters_per_token: (
                characters_per_token * _one_doubling(characters, draw)
            ),
        },
        parts=(
            Part(
                name="order",
                truth="best",
                exact=True,
                mistakes=(
                    ("7", "the longest context is not the best one at this D: compare the losses"),
                ),
                generic="another order has a lower loss at that D and draw",
            ),
            Part(
                name="loss_now",
                truth="now",
                unit="nats",
                rtol=0.0004,
                digits=4,
                why="one draw and the mean over draws differ in the fourth",
                mistakes=(
                    (
                        "now / characters_per_token",
                        "that is the loss now in nats per character; a token has {characters_per_token} of them to be surprised at",
                    ),
                    (
                        "now / characters_per_token ** 2",
                        "the losses of the table are per character: is a token a smaller piece or a larger one?",
                    ),
                    (
                        "of_all_orders",
                        "that is the mean over the orders; take the lowest of them",
                    ),
                    (
                        "mean_now",
                        "that is the mean over the draws; keep the rows of your draw only",
                    ),
                ),
                generic="the loss at that D is the lowest over all orders, of this draw only",
            ),
            Part(
                name="loss_later",
                unit="nats",
            ),
        ),
        bounds=(
            (
                "loss_later > 0.5 * loss_now",
                "the forecast is less than half of the loss now: is one of the two still in nats per character?",
            ),
            ("loss_later < loss_now", "that forecasts no gain: the curve has not stopped"),
            (
                "loss_later < 0.997 * twice or loss_later > 1.015 * twice",
                "that looks like a forecast for twice the characters; four times are two doublings",
            ),
            (
                "loss_later >= 0.96 * later",
                "the forecast is too low. A law without a floor keeps falling, and one that has to pass through samples of a few lines starts too steep: fit with a floor, from 16,000 characters on",
            ),
            (
                "loss_later <= 1.04 * later",
                "the forecast is too high: is it the lowest loss of all orders that you extrapolate?",
            ),
            (
                "loss_later < 0.997 * twice",
                "the forecast does not go beyond what twice the characters would bring",
            ),
            (
                "near(loss_later, later, 0.04)",
                "the forecast misses the measured loss by more than 4 %",
            ),
        ),
        hints=(
            "Keep the rows of your draw with D up to `characters`; for each D take the lowest loss. "
            "The table is in nats per character.",
            "loss = floor + (scale / D) ** exponent: fit it to those rows from 16,000 characters on, as the page does, and ask it about 4 D.",
            "`seen = curves.query('draw == @draw and D <= @characters')`",
        ),
        praise="within 4 % of what was measured at four times the text",
    ),
    Choice(
        id="01-which-model",
        answer="better_model",
        given=("loss_a", "characters_a", "loss_b", "characters_b", "loss_c", "characters_c"),
        derived={
            "a": lambda loss_a, characters_a, **_: loss_a / characters_a,
            "b": lambda loss_b, characters_b, **_: loss_b / characters_b,
            "c": lambda loss_c, characters_c, **_: loss_c / characters_c,
        },
        options=tuple(
            (
                name.upper(),
                f"{name} < min({others[0]}, {others[1]})",
                f"model {name.upper()} pays {{loss_{name}}} nats for {{characters_{name}}} characters; another pays less a character",
            )
            for name, others in (("a", "bc"), ("b", "ac"), ("c", "ab"))
        ),
        hints=(
            "The three models cut the same text into tokens of different length. What do they all share?",
            "nats per character = nats per token / characters per token.",
            '`per_character = {"A": loss_a / ...}`',
        ),
        praise="the same text surprises it least",
    ),
    Number(
        id="01-characters-needed",
        answer="characters_needed",
        given=("target",),
        data=lambda target: {"law": _law_in_digits()},
        derived={
            "scale": lambda target: _law().scale,
            "exponent": lambda target: _law().exponent,
            "floor": lambda target: _law().floor,
            "line_scale": lambda target: _law(False).scale,
            "line_exponent": lambda target: _law(False).exponent,
            "from_first": lambda target: _characters(target, first=1000),
            "without_last": lambda target: _characters(target, last=4_096_000),
        },
        truth="scale / (target - floor) ** (1 / exponent)",
        unit="characters",
        rtol=0.012,
        bounds=(
            (
                "x > 8192000",
                "with 8,192,000 characters the best loss is still above {target}: more are needed",
            ),
        ),
        mistakes=(
            (
                "from_first",
                "that law was fitted to all sizes from 1,000 characters on; leave out those below 16,000",
            ),
            (
                "without_last",
                "that is the law of the page, which had the last size hidden; here all sizes from 16,000 on count",
            ),
            (
                "line_scale / target ** (1 / line_exponent)",
                "that law has no floor, and so it promises {target} for less than it will cost",
            ),
            (
                "scale / target ** (1 / exponent)",
                "the power gives the part above the floor: subtract the floor first",
            ),
            (
                "scale / (target - floor) ** exponent",
                "the exponent must be turned round when you solve for D",
            ),
            ("scale / (target - floor)", "you forgot the exponent on the way back"),
        ),
        generic="with that many characters the law does not give {target}; so far beyond the table a rounded constant matters: carry all digits of the law",
        hints=(
            "Fit the law first (with a floor, from 16,000 characters on, draws averaged), then turn it round.",
            "target = floor + (scale / D) ** exponent; solve for D.",
            "`best = means.loc[16_000:]`, where `means` has the lowest mean loss at each D; then fit `best`.",
        ),
        praise="compare that with the 11 million characters that the training files have",
    ),
)


QUESTIONS = (
    Question(
        id="01-half",
        prompt="A model gives every character that comes the probability 1/2. What is its loss?",
        options=(
            Option(
                "0.5 nats",
                why="That is the probability. The price is its logarithm, -ln 0.5.",
                key="a",
            ),
            Option(
                "about 0.69 nats",
                right=True,
                why="-ln 0.5 = ln 2, which is one bit: it hesitates between two equally likely characters.",
                key="b",
            ),
            Option(
                "1 nat",
                why="One is the answer in bits. With the natural logarithm it is ln 2, which is less.",
                key="c",
            ),
        ),
    ),
    Question(
        id="01-order-one",
        prompt="Order 1 stands near 2.49 nats with eight million characters. What would lower its held-out loss clearly?",
        options=(
            Option(
                "a longer look back",
                right=True,
                why="Every fixed model flattens at a level of its own. Another model, one with a longer context, has a lower one.",
                key="c",
            ),
            Option(
                "ten times as many characters",
                why="Its last doubling, four million characters, brought less than 0.001 nats: what it can learn it has learned.",
                key="a",
            ),
            Option(
                "scoring it on more held-out text",
                why="That says more precisely what the loss is. It does not lower it.",
                key="b",
            ),
        ),
    ),
    Question(
        id="01-two-reports",
        prompt="On the same text model A reports 2.1 nats per token and model B 2.9. Which is the better model?",
        options=(
            Option(
                "A, because its loss is lower",
                why="Only if both cut the text alike. If B's tokens are half as long again, B pays less for a character.",
                key="a",
            ),
            Option(
                "A, because its perplexity is less than half of B's",
                why="A perplexity is per token too: it is the same number in another dress.",
                key="b",
            ),
            Option(
                "nobody can tell from this",
                right=True,
                why="A loss per token needs its tokeniser. Ask both for bits per byte.",
                key="c",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="01-one-budget",
        prompt="You can afford 4,096,000 additions. Which way of spending them reaches the lowest loss?",
        options=(
            "order 0, on 4,096,000 characters",
            "order 1, on 2,048,000",
            "order 3, on 1,024,000",
            "order 7, on 512,000",
        ),
    ),
    Prediction(
        id="01-bigger",
        prompt="With 128,000 characters, order 3 has about 1.85 nats. Order 7 stores six times as many counts. What is its loss?",
        unit="nats",
        lo=0,
        hi=5,
    ),
)
