"""Checks of chapter 1, three levers: what students may see."""

from __future__ import annotations

from functools import cache

import numpy as np

from .. import Choice, Function, Number, Option, Part, Prediction, Question, Several
from ..slips import apart, early


@cache
def _envelope():
    """D -> the lowest mean loss of all orders in the recorded table."""
    from ...runs import load

    curves = load("ngrams")
    return curves.groupby(["D", "order"])["loss"].mean().groupby("D").min()


@cache
def _law(floor=True, first=16_000, last=8_192_000):
    """The power law through the recorded sizes from `first` to `last` characters."""
    from ...fitting import fit_power_law

    best = _envelope().loc[first:last]
    return fit_power_law(best.index, best, floor=floor).law


@cache
def _of_draw(draw):
    """The recorded losses of one draw as the page prints them: a row a D, a column an order."""
    from ...runs import load

    here = load("ngrams").query("draw == @draw")
    return here.pivot_table(index="D", columns="order", values="loss").round(4)


def _lowest(draw, characters):
    return _of_draw(draw).loc[characters].min()


def _unless_near(wrong, right, share=0.036):
    """A wrong number; nan where it is nearly right, or may be when it is written in two digits."""
    return np.nan if abs(wrong / right - 1) < share else wrong


def _losses_of_draw(characters, draw, **_):
    """What has been seen: D, and the losses of each order."""
    seen = _of_draw(draw).loc[:characters]
    return {"losses": {"D": seen.index} | {f"order_{order}": seen[order] for order in seen}}


@cache
def _law_of_draw(characters, draw, floor=True, first=16_000):
    """The power law through one draw's lowest losses from `first` to `characters`."""
    from ...fitting import fit_power_law

    best = _of_draw(draw).min(axis=1).loc[first:characters]
    return fit_power_law(best.index, best, floor=floor).law


def _forecast(times, **window):
    """The loss that such a law forecasts for a multiple of the characters, for each token."""

    def said(characters, draw, characters_per_token):
        law = _law_of_draw(characters, draw, **window)
        return characters_per_token * law.loss(times * characters)

    return said


def _straight_through(last):
    """Such a forecast by a line in logs through the last rows; nan where it is nearly right."""

    def said(characters, draw, characters_per_token):
        nats = np.log(_of_draw(draw).min(axis=1).loc[:characters].to_numpy()[-last:])
        slope, constant = np.polyfit(np.arange(last), nats, 1)
        wrong = np.exp(constant + slope * (last + 1))
        return characters_per_token * _unless_near(wrong, _lowest(draw, 4 * characters))

    return said


def _straight_in_loss(characters, draw, characters_per_token):
    """Such a forecast by a line of the losses themselves, from 16,000 characters on."""
    nats = _of_draw(draw).min(axis=1).loc[16_000:characters].to_numpy()
    slope, constant = np.polyfit(np.arange(len(nats)), nats, 1)
    wrong = constant + slope * (len(nats) + 1)
    return characters_per_token * _unless_near(wrong, _lowest(draw, 4 * characters))


def _far(times):
    """Such a forecast, where it is not nearly that for four times the text."""

    def said(characters, draw, characters_per_token):
        given = dict(characters=characters, draw=draw, characters_per_token=characters_per_token)
        right = characters_per_token * _lowest(draw, 4 * characters)
        return _unless_near(_forecast(times)(**given), right)

    return said


def _from_last_rows(wrong):
    """Such a forecast from the floor and the last three losses; nan where it is nearly right."""

    def said(characters, draw, characters_per_token):
        rows = _of_draw(draw).min(axis=1).loc[:characters].to_numpy()[-3:]
        floor = _law_of_draw(characters, draw).floor
        return characters_per_token * _unless_near(
            wrong(floor, *rows), _lowest(draw, 4 * characters)
        )

    return said


_CHAPTER_SAYS = (1.406, 1.395)  # measured and forecast at 8,192,000 characters


def _of_chapter(loss):
    """One of these, for each token, where it is not nearly right."""

    def said(characters, draw, characters_per_token):
        return characters_per_token * _unless_near(loss, _lowest(draw, 4 * characters))

    return said


def _law_in_digits(digits=6):
    """The law with a floor through all sizes from 16,000 characters on, in so many digits."""
    names = ("floor", "scale", "exponent")
    return {name: [float(f"{getattr(_law(), name):.{digits}g}")] for name in names}


def _characters_rounded(digits, rounded):
    """What that law asks for after some of its constants were rounded; nan where that is enough."""

    def said(target):
        law, short = _law_in_digits(), _law_in_digits(digits)
        floor, scale, exponent = (
            (short if name in rounded else law)[name][0] for name in ("floor", "scale", "exponent")
        )
        exact = law["scale"][0] / (target - law["floor"][0]) ** (1 / law["exponent"][0])
        found = scale / (target - floor) ** (1 / exponent)
        return found if abs(found / exact - 1) > 0.021 else np.nan

    return said


def _characters_by_power(decimals):
    """What that law asks for after one over its exponent was rounded; nan where that is enough."""

    def said(target):
        (floor,), (scale,), (exponent,) = _law_in_digits().values()
        exact, found = (
            scale / (target - floor) ** power
            for power in (1 / exponent, round(1 / exponent, decimals))
        )
        return found if abs(found / exact - 1) > 0.021 else np.nan

    return said


def _characters_of_rounded(target):
    """What the law asks for, the target rounded to two decimals; nan where that is enough."""
    (floor,), (scale,), (exponent,) = _law_in_digits().values()
    exact, found = (scale / (nats - floor) ** (1 / exponent) for nats in (target, round(target, 2)))
    return found if abs(found / exact - 1) > 0.021 else np.nan


def _if_other(place, of_row):
    """The loss of one order in the last row; nan where it is the lowest."""

    def said(losses, length):
        row = losses[:, of_row]
        return np.nan if row.argmin() == place else length * row[place]

    return said


def _lowest_rounded(losses, length):
    """The loss now, from two decimals; nan where that hardly differs."""
    lowest = losses[:, -1].min()
    short = round(lowest, 2)
    return length * short if abs(short / lowest - 1) > 0.0005 else np.nan


def _lowest_cut(losses, length):
    """The loss now, cut after two decimals; nan where that hardly differs."""
    lowest = losses[:, -1].min()
    short = np.floor(100 * lowest) / 100
    return length * short if abs(short / lowest - 1) > 0.0005 else np.nan


def _shorter_or_longer(place, longer):
    """An order on that side of the best one that has no words of its own; else nan."""

    def said(losses, _):
        best = losses[:, -1].argmin()
        taken = (0, 7, best, losses[:, -2].argmin(), losses[:, 0].argmin())
        return np.nan if place in taken or (place > best) != longer else place

    return said


def _characters(target, **window):
    """What a law asks for that was fitted to another window than the exercise wants."""
    law = _law(**window)
    return law.scale / (target - law.floor) ** (1 / law.exponent)


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


_BYTES = apart(
    "bits_per_byte",
    "token_loss / log(2) / (token_characters * character_bytes)",
    (
        ("token_loss / log(2) / 8", "share the bits among the bytes of a token, not among 8"),
        (
            "token_loss / token_characters * character_bytes",
            "a character's nats are shared among its bytes; and one bit is ln 2 nats",
        ),
    ),
)
_ROUGH_BYTES = early(
    "bits_per_byte",
    lambda keep, token_loss, token_characters, character_bytes: (
        keep("bits", token_loss / np.log(2))
        / keep("bytes", keep("each", token_characters) * keep("each", character_bytes))
    ),
    {
        "bits": "were the bits of a token",
        "bytes": "were the bytes of a token",
        "each": "were the characters and bytes rounded? Take them as they are",
    },
)

EXERCISES = (
    Several(
        id="01-units",
        answer="converted",
        given=("token_loss", "token_characters", "character_bytes"),
        derived={
            "loss_rounded": lambda token_loss, **_: (
                np.exp(round(token_loss, 1))
                if abs(round(token_loss, 1) - token_loss) > 0.025
                else np.nan
            ),
            **_BYTES.derived,
            **_ROUGH_BYTES.derived,
        },
        parts=(
            Part(
                name="perplexity",
                truth="exp(token_loss)",
                mistakes=(
                    *(
                        (
                            f"exp(token_loss) * {tens}",
                            "a decimal point has moved: that is off by a power of ten",
                        )
                        for tens in (10, 0.1)
                    ),
                    (
                        "2 ** token_loss",
                        "powers of 2 belong to a loss in bits; this loss is in nats",
                    ),
                    (
                        "exp(token_loss / log(2))",
                        "powers of e belong to nats, and you took them of the loss in bits",
                    ),
                    ("10 ** token_loss", "powers of 10 belong to neither; a nat goes with e"),
                    (
                        "exp(token_loss / log(2) / (token_characters * character_bytes))",
                        "those are bits per byte in the exponent; take a token's nats",
                    ),
                    (
                        "exp(token_loss / log(2) / token_characters)",
                        "those are bits per character in the exponent; take a token's nats",
                    ),
                    (
                        "exp(token_loss / character_bytes)",
                        "the bytes of a character have no place in a perplexity per token",
                    ),
                    (
                        "exp(token_loss * token_characters)",
                        "the loss is a whole token's already; do not multiply it by characters",
                    ),
                    (
                        "exp(token_loss * token_characters * character_bytes)",
                        "the loss is a whole token's already; do not multiply it by bytes",
                    ),
                    *(
                        (wrong, "the loss is a logarithm already: undo it, do not take another")
                        for wrong in ("log(token_loss)", "log2(token_loss)", "log10(token_loss)")
                    ),
                    (
                        "loss_rounded",
                        "the loss was rounded to one decimal first; keep both of its decimals",
                    ),
                    *(
                        (
                            f"exp(token_loss) {and_} log(2)",
                            "a perplexity is a count; no unit is "
                            "changed: e to the power of the nats is all",
                        )
                        for and_ in "*/"
                    ),
                    (
                        "exp(3.5)",
                        "that is for the 3.5 nats of the chapter; this loss is {token_loss}",
                    ),
                    (
                        "1 - exp(-token_loss)",
                        "that is a typical chance of being wrong; count equally likely tokens",
                    ),
                    (
                        "token_loss * token_characters",
                        "the loss is a whole token's already; among how many equal tokens is it "
                        "that?",
                    ),
                    *(
                        (
                            f"exp(token_loss) * {bytes_}",
                            "the question asks for the perplexity per token; do not multiply it",
                        )
                        for bytes_ in ("token_characters", "token_characters * character_bytes")
                    ),
                    (
                        "exp(token_loss) / character_bytes",
                        "the bytes of a character have no place in a perplexity per token",
                    ),
                    (
                        "token_loss ** 2",
                        "that is the loss squared; the perplexity has it as a power of e",
                    ),
                    (
                        "exp(token_loss / token_characters)",
                        "that is the perplexity for each character; give that for each token",
                    ),
                    (
                        "exp(token_loss / (token_characters * character_bytes))",
                        "that is the perplexity for each byte; give that for each token",
                    ),
                    (
                        "exp(token_loss) / token_characters",
                        "the question asks for the perplexity per token; do not share it among "
                        "characters",
                    ),
                    (
                        "exp(token_loss) / (token_characters * character_bytes)",
                        "the question asks for the perplexity per token; do not share it among "
                        "bytes",
                    ),
                    (
                        "exp(-token_loss)",
                        "that is a typical probability; how many equal ones make a whole?",
                    ),
                    (
                        "token_loss",
                        "that is the loss itself: among how many equal tokens is it that?",
                    ),
                    (
                        "token_loss / log(2)",
                        "that is the loss in bits: among how many equal tokens is it that?",
                    ),
                    (
                        "token_loss / log(2) / (token_characters * character_bytes)",
                        "those are the bits per byte; the two entries have changed places",
                    ),
                    (
                        "token_loss * 2.718281828",
                        "that multiplies by e; the perplexity is a power of e",
                    ),
                ),
                generic="check it backwards: its natural logarithm should be {token_loss} nats, "
                "the loss of a token. (If you are near: take all digits of the loss, and round "
                "only at the end)",
            ),
            Part(
                name="bits_per_byte",
                truth="token_loss / log(2) / (token_characters * character_bytes)",
                unit="bits per byte",
                mistakes=(
                    *(
                        (
                            f"token_loss / log(2) / (token_characters * character_bytes) * {tens}",
                            "a decimal point has moved: that is off by a power of ten",
                        )
                        for tens in (10, 0.1)
                    ),
                    *_BYTES.mistakes,
                    *_ROUGH_BYTES.mistakes,
                    (
                        "token_loss / (token_characters * character_bytes)",
                        "that is still in nats; one bit is ln 2 nats",
                    ),
                    (
                        "token_loss * log(2) / (token_characters * character_bytes)",
                        "a bit is less than a nat, so the number in bits must be the larger one",
                    ),
                    (
                        "token_loss / log(2) / token_characters",
                        "that is bits for each character; these have {character_bytes} bytes each",
                    ),
                    (
                        "token_loss / log(2) / character_bytes",
                        "you left out how many characters a token has",
                    ),
                    (
                        "token_loss / log(2)",
                        "that is bits for each token; share it among the token's bytes",
                    ),
                    (
                        "token_loss / log(10) / (token_characters * character_bytes)",
                        "that used a logarithm to base 10; a bit has base 2",
                    ),
                    (
                        "token_loss / token_characters",
                        "that is nats for each character; change the unit, then go on to bytes",
                    ),
                    (
                        "token_loss / log(2) * token_characters / character_bytes",
                        "one of the two ratios is upside down: how many bytes does one token have?",
                    ),
                    (
                        "token_loss / log(2) * character_bytes / token_characters",
                        "one of the two ratios is upside down: how many bytes does one token have?",
                    ),
                    (
                        "token_loss / log(2) * token_characters * character_bytes",
                        "that multiplies by the bytes of a token; the surprise is shared among "
                        "them",
                    ),
                    (
                        "exp(token_loss) / (token_characters * character_bytes)",
                        "that shares out the perplexity; share out the loss, which adds up",
                    ),
                    *(
                        (
                            f"{log}(token_loss) / (token_characters * character_bytes)",
                            "the loss is a logarithm already; it only needs another unit",
                        )
                        for log in ("log", "log2")
                    ),
                    *(
                        (
                            f"token_loss {unit} / (token_characters + character_bytes)",
                            "characters of a token times bytes of a character: multiply the two, "
                            "do not add them",
                        )
                        for unit in ("/ log(2)", "")
                    ),
                    *(
                        (
                            f"token_loss / log(2) / (token_characters * character_bytes) {eight}",
                            "no 8 is needed: the loss is shared by bytes, not by the bits they "
                            "are stored in",
                        )
                        for eight in ("* 8", "/ 8")
                    ),
                    (
                        "token_loss",
                        "that is the loss as given, in nats per token; two changes are needed",
                    ),
                    (
                        "token_loss * log(2)",
                        "a bit is less than a nat: divide by ln 2; then share among the bytes",
                    ),
                    (
                        "token_loss / log(2) / log(2) / (token_characters * character_bytes)",
                        "ln 2 is divided out twice: once makes nats into bits",
                    ),
                    (
                        "100 * token_loss / log(2) / (token_characters * character_bytes)",
                        "that is a hundred times as much: bits per byte are no percentage",
                    ),
                    (
                        "token_loss * log(2) / token_characters",
                        "a bit is less than a nat: divide by ln 2; then go on from characters to "
                        "bytes",
                    ),
                    (
                        "token_loss / character_bytes",
                        "that is in nats still, and how many characters a token has is missing",
                    ),
                    (
                        "token_loss * token_characters / character_bytes",
                        "that is in nats still, and one ratio is upside down: how many bytes has "
                        "one token?",
                    ),
                    (
                        "exp(token_loss) / log(2) / (token_characters * character_bytes)",
                        "that shares out the perplexity; share out the loss, which adds up",
                    ),
                    (
                        "token_characters * character_bytes * log(2) / token_loss",
                        "that is bytes for each bit: invert it",
                    ),
                    *(
                        (
                            f"token_loss / log(2) * {factor}",
                            "the surprise is shared among the bytes of a token: divide by them",
                        )
                        for factor in ("token_characters", "character_bytes")
                    ),
                    (
                        "token_loss * token_characters * character_bytes",
                        "that is in nats still, and multiplied by the bytes; share it among them",
                    ),
                    (
                        "token_loss / log10(2) / (token_characters * character_bytes)",
                        "a bit is ln 2 nats, with the natural logarithm",
                    ),
                    (
                        "token_characters * character_bytes",
                        "that is how many bytes a token has; how many bits has its loss?",
                    ),
                    (
                        "exp(token_loss)",
                        "that is the perplexity; the two entries have changed places",
                    ),
                    (
                        "2.029",
                        "that is the chapter's model; here the loss is {token_loss} nats a token",
                    ),
                ),
                generic="check it backwards: times the bytes of a token, times ln 2, it should be "
                "{token_loss} nats. (If you are near: take ln 2 with four digits, and round only "
                "at the end)",
            ),
        ),
        bounds=(
            ("perplexity > 1", "below 1 there would be less than one token to choose from"),
            ("bits_per_byte > 0", "surprise is never negative, in any unit"),
        ),
        hints=(
            "First ask how many bytes one token has, then how many nats one bit has.",
            "perplexity = e ** (nats per token); one bit is ln 2 nats; bits per byte = bits per "
            "token / bytes per token.",
            "`bytes_per_token = token_characters * ...`",
        ),
        praise="{token_loss} nats a token, in units that can be compared",
    ),
    Several(
        id="01-loaded-die",
        answer="die",
        given=("p_six",),
        derived={
            "entropy": _entropy,
            "with_each": lambda p_six: _unless_near(
                -p_six * np.log(p_six) - 5 * (1 - p_six) * np.log(1 - p_six),
                _entropy(p_six),
                0.12,
            ),
        },
        parts=(
            Part(
                name="floor",
                truth="entropy",
                unit="nats",
                mistakes=(
                    *(
                        (
                            f"entropy * {tens}",
                            "a decimal point has moved: that is off by a power of ten",
                        )
                        for tens in (10, 0.1)
                    ),
                    ("entropy / log(2)", "that is the floor in bits; nats are asked for"),
                    (
                        "with_each",
                        "each of the five faces has a fifth of what the six leaves, not all of it",
                    ),
                    (
                        "entropy / log(10)",
                        "that used logarithms to base 10; nats have natural logarithms",
                    ),
                    ("-entropy", "surprise is -ln p: turn the sign"),
                    ("-log(p_six)", "that is the surprise of a six; average over all six faces"),
                    (
                        "-p_six * log(p_six)",
                        "that is the share of the six alone; the other five come up as well",
                    ),
                    (
                        "-p_six * log(p_six) - (1 - p_six) * log(1 - p_six)",
                        "that is a coin (six or not); the other faces are five, each with its own "
                        "surprise",
                    ),
                    (
                        "-p_six * log(p_six) - (1 - p_six) / 5 * log((1 - p_six) / 5)",
                        "one of the other faces is in your sum; there are five",
                    ),
                    (
                        "-p_six * log(p_six) - 5 * (1 - p_six) * log((1 - p_six) / 5)",
                        "each of the five faces has a fifth of what the six leaves, not all of it",
                    ),
                    (
                        "-p_six * log(p_six) - (1 - p_six) * log((1 - p_six) / 6)",
                        "what the six leaves is shared by five faces, not by six",
                    ),
                    (
                        "-(log(p_six) + 5 * log((1 - p_six) / 5)) / 6",
                        "that counts all faces alike; this die shows a six more often",
                    ),
                    (
                        "entropy / 6",
                        "the probabilities are the weights already; do not divide by six faces",
                    ),
                    (
                        "-p_six * log(p_six) - 5 / 6 * (1 - p_six) * log((1 - p_six) / 6)",
                        "what the six leaves is shared by five faces, not by six",
                    ),
                    ("p_six", "that is the probability of a six; surprise is -ln of one"),
                    (
                        "-(log(p_six) + log((1 - p_six) / 5)) / 2",
                        "that is the plain mean of two surprises; each face counts with its "
                        "probability",
                    ),
                    (
                        "-0.5 * log(0.5) - 0.5 * log(0.1)",
                        "that is the chapter's die; yours shows a six with {p_six}",
                    ),
                    (
                        "-log((1 - p_six) / 5)",
                        "that is the surprise of one other face; average over all six faces",
                    ),
                    (
                        "-log(1 - p_six)",
                        "that is the surprise of no six; each other face has its own",
                    ),
                    (
                        "-(1 - p_six) * log((1 - p_six) / 5)",
                        "that is the share of the five other faces; the six comes up as well",
                    ),
                    (
                        "-(1 - p_six) / 5 * log((1 - p_six) / 5)",
                        "that is the share of one other face; there are five, and the six",
                    ),
                    (
                        "-p_six * log(p_six) + 5 / 6 * log(6)",
                        "a sixth each is too much for the other five: share out what the six "
                        "leaves",
                    ),
                    (
                        "-p_six * log(p_six) + (1 - p_six) * log(6)",
                        "the other faces are rarer than a sixth, so each surprises more than ln 6",
                    ),
                    (
                        "-p_six * log(p_six) + (1 - p_six) * log(5)",
                        "among the five each has a fifth, but of what the six leaves",
                    ),
                    (
                        "-log(p_six) - 5 * log((1 - p_six) / 5)",
                        "that adds up six surprises; weigh each by its probability",
                    ),
                    (
                        "-log(p_six) - log((1 - p_six) / 5)",
                        "those are two surprises added; weigh each face's by its probability",
                    ),
                    (
                        "6 * entropy",
                        "the weights add up to one already; no six is needed",
                    ),
                    (
                        "p_six ** 2 + (1 - p_six) ** 2 / 5",
                        "that is a mean probability; the mean of -ln p is asked for",
                    ),
                    (
                        "-log(p_six ** 2 + (1 - p_six) ** 2 / 5)",
                        "you averaged probabilities first; average the logarithms",
                    ),
                    (
                        "exp(-entropy)",
                        "that is a typical probability; give its -ln, the loss",
                    ),
                    (
                        "-p_six * log2(p_six) - (1 - p_six) * log2(1 - p_six)",
                        "that is a coin (six or not), in bits; six faces and nats are asked for",
                    ),
                    ("1 - p_six", "that is the probability of no six; surprise is a logarithm"),
                    ("log(6)", "that is the floor of a fair die; this one is loaded"),
                    ("log(6) - entropy", "that is the gap between the two; the floor is lower"),
                    ("exp(entropy)", "that is a perplexity; give its logarithm, the loss"),
                ),
                generic="add p times -ln p over six faces: {p_six}, and five equal ones that "
                "share what the six leaves. (If you are near: take the fifth of it, and the "
                "logarithms, with four digits)",
            ),
            Part(
                name="believer",
                truth="log(6)",
                unit="nats",
                mistakes=(
                    *(
                        (
                            f"log(6) * {tens}",
                            "a decimal point has moved: that is off by a power of ten",
                        )
                        for tens in (10, 0.1)
                    ),
                    (
                        "-(log(p_six) + 5 * log((1 - p_six) / 5)) / 6",
                        "you have it the other way round: a fair die, and someone who believes in "
                        "the loaded one",
                    ),
                    (
                        "log(6) - entropy",
                        "that is what the wrong belief costs on top of the floor; the believer "
                        "pays "
                        "the floor as well",
                    ),
                    (
                        "log(6) + entropy",
                        "the floor is in the believer's mean surprise already; do not add it",
                    ),
                    (
                        "entropy",
                        "that is what the die gives away; the believer does not use the die's "
                        "probabilities",
                    ),
                    ("log2(6)", "that is in bits; nats are asked for"),
                    (
                        "log10(6)",
                        "that used a logarithm to base 10; nats have natural logarithms",
                    ),
                    ("-log(6)", "surprise is -ln p, and ln p is negative: turn the sign"),
                    (
                        "p_six * log(6)",
                        "that is the share of the six alone; the other five faces surprise as well",
                    ),
                    (
                        "log(6) / 6",
                        "the mean of six equal surprises is one of them, not a sixth of it",
                    ),
                    ("6 * log(6)", "that is the sum over the faces; a mean is asked for"),
                    ("6", "that is the perplexity of a fair die; give its logarithm, the loss"),
                    ("1 / 6", "that is the probability; its surprise is a logarithm"),
                    ("-1 / 6 * log(1 / 6)", "that is one face's share; all six come up"),
                    ("5 / 6 * log(6)", "that is five faces; the six surprises as well"),
                    (
                        "1.497866",
                        "that is the floor of the chapter's die; here somebody expects each face "
                        "with 1/6",
                    ),
                    (
                        "(p_six + (1 - p_six) / 5) * log(6)",
                        "that is the six and one other face; there are five of those",
                    ),
                    (
                        "(1 - p_six) * log(6)",
                        "that is the share of the other faces; a six surprises this believer too",
                    ),
                    (
                        "-p_six * log(p_six) + (1 - p_six) * log(5)",
                        "the believer expects each face with 1/6, whatever the die does",
                    ),
                    ("-log(p_six)", "the believer expects a six with 1/6, not with {p_six}"),
                    (
                        "-log((1 - p_six) / 5)",
                        "that is a face's own probability; the believer gives it 1/6",
                    ),
                    (
                        "(entropy + log(6)) / 2",
                        "do not take the mean: the rolls are the die's, the surprise the "
                        "believer's",
                    ),
                    ("log(3.5)", "3.5 is the mean number of spots; six faces are equally likely"),
                    ("3.5", "that is the mean number of spots; a mean surprise is asked for"),
                    ("log(2)", "that is a coin, six or not; the believer sees six equal faces"),
                    ("log(6) / entropy", "that is a ratio of two losses; give the believer's own"),
                    ("exp(entropy)", "that is a perplexity, of somebody who knows the die"),
                    ("0", "somebody who believes in six equal faces is surprised by every roll"),
                    (
                        "log(5)",
                        "the believer sees six faces, including the six",
                    ),
                ),
                generic="the believer gives every face the same probability, so every roll "
                "surprises alike: by how much?",
            ),
        ),
        bounds=(
            (
                "floor > 0",
                "the other five faces still come up: whoever knows the die is surprised at times",
            ),
            (
                "floor < log(6)",
                "a loaded die is easier to predict than a fair one, whose entropy is ln 6",
            ),
            ("believer > entropy", "nobody predicts the die better than the one who knows it"),
        ),
        hints=(
            "A mean over what happens, of the surprise at what was believed: two sets of "
            "probabilities, one for each role.",
            "cross-entropy = -sum over faces of p(face) ln q(face); p is the die, q the belief; "
            "the floor has q = p.",
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
                "equal logits give each of 5 tokens the probability 1/5: the loss must be ln 5, in "
                "nats",
            ),
            (
                lambda f: np.isclose(f(_LOGITS + 7, _TARGETS), f(_LOGITS, _TARGETS)),
                "adding 7 to all logits of a row changes no probability, and must not change the "
                "loss",
            ),
            (
                lambda f: np.isclose(f(_GIVEN, np.array([0, 2])), (np.log(2) + np.log(8)) / 2),
                "for probabilities 1/2 and 1/8 of the two targets the mean surprisal is (ln 2 + "
                "ln 8) / 2",
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
                "you averaged the probabilities and took the logarithm last: average the "
                "surprisals",
            ),
            (
                lambda logits, targets: _surprisals(logits, logits.argmax(axis=1)).mean(),
                "that scores the likeliest token; score the one that came (`targets`)",
            ),
            (
                lambda logits, targets: (
                    np.log(np.exp(logits).sum()) - logits[np.arange(len(targets)), targets].mean()
                ),
                "that normalises the whole table at once: normalise each row, since each is one "
                "forecast",
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
            "surprisal = ln(sum of exp(logits)) - logit of the target; subtracting a row's maximum "
            "changes nothing and avoids overflow.",
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
            name: lambda data, characters_per_token, rule=rule, **_: rule(
                np.array([data["losses"][f"order_{order}"] for order in range(8)]),
                characters_per_token,
            )
            for name, rule in {
                "best": lambda losses, _: losses[:, -1].argmin(),
                "best_before": lambda losses, _: losses[:, -2].argmin(),
                "best_at_first": lambda losses, _: losses[:, 0].argmin(),
                "now": lambda losses, length: length * losses[:, -1].min(),
                "before": lambda losses, length: length * losses[:, -2].min(),
                "two_before": lambda losses, length: length * losses[:, -3].min(),
                "at_first": lambda losses, length: length * losses[:, 0].min(),
                "longest": lambda losses, length: length * losses[-1, -1],
                "of_all_orders": lambda losses, length: length * losses[:, -1].mean(),
                "lowest_rounded": _lowest_rounded,
                "lowest_cut": _lowest_cut,
                "summed": lambda losses, length: _unless_near(
                    length + losses[:, -1].min(), length * losses[:, -1].min(), 0.002
                ),
                "token_rounded": lambda losses, length: _unless_near(
                    round(length, 1) * losses[:, -1].min(), length * losses[:, -1].min(), 0.002
                ),
            }.items()
            | {f"loss_of_{place}": _if_other(place, -1) for place in range(8)}.items()
            | {f"loss_of_{place}_before": _if_other(place, -2) for place in range(2, 8)}.items()
            | {
                f"{side}_{place}": _shorter_or_longer(place, side == "longer")
                for side in ("shorter", "longer")
                for place in range(1, 7)
            }.items()
        }
        | {f"chapter_{place}": _of_chapter(loss) for place, loss in enumerate(_CHAPTER_SAYS)}
        | {
            "mean_now": lambda characters, characters_per_token, **_: (
                characters_per_token * _envelope()[characters]
            ),
            "later": lambda characters, draw, characters_per_token: (
                characters_per_token * _of_draw(draw).loc[4 * characters].min()
            ),
            # somebody may take twice the characters for four times: of two windows the lower
            "twice": lambda **given: min(
                _forecast(2, first=first)(**given) for first in (8000, 16_000)
            ),
            "straight": _forecast(4, floor=False),
            "straight_two": _straight_through(2),
            "straight_three": _straight_through(3),
            "straight_in_loss": _straight_in_loss,
            "eight_said": _far(8),
            "sixteen": _far(16),
            # slips that come near the truth in some draws
            "linear": lambda characters, draw, characters_per_token: _unless_near(
                characters_per_token
                * (3 * _lowest(draw, characters) - 2 * _lowest(draw, characters / 2)),
                characters_per_token * _lowest(draw, 4 * characters),
            ),
            "last_ratio": lambda characters, draw, characters_per_token: _unless_near(
                characters_per_token
                * _lowest(draw, characters) ** 2
                / _lowest(draw, characters / 4),
                characters_per_token * _lowest(draw, 4 * characters),
            ),
            "doubled": lambda characters, draw, characters_per_token: _unless_near(
                np.mean(
                    [
                        _forecast(2, first=first)(characters, draw, characters_per_token)
                        for first in (8000, 16_000)
                    ]
                ),
                characters_per_token * _lowest(draw, 4 * characters),
            ),
            "eight": lambda characters, draw, characters_per_token: (
                _unless_near(
                    characters_per_token * _envelope()[8 * characters],
                    characters_per_token * _lowest(draw, 4 * characters),
                )
                if 8 * characters in _envelope().index
                else np.nan
            ),
            "endless": lambda characters, draw, characters_per_token: (
                characters_per_token * _law_of_draw(characters, draw).floor
            ),
            "gains_halved": _from_last_rows(lambda _, __, one, last: last - 0.75 * (one - last)),
            "gain_of_two": _from_last_rows(lambda _, two, one, last: 2 * last - two),
            "gain_of_page": _from_last_rows(lambda _, two, one, last: last - 2 * 0.0355),
            "above_halved": _from_last_rows(lambda floor, two, one, last: (floor + last) / 2),
            "endless_of_all": lambda characters_per_token, **_: characters_per_token * _law().floor,
            "law_of_all": lambda characters, draw, characters_per_token: _unless_near(
                characters_per_token * _law().loss(8_192_000),
                characters_per_token * _lowest(draw, 4 * characters),
            ),
            "exponent": lambda characters, draw, **_: _law_of_draw(characters, draw).exponent,
        },
        parts=(
            Part(
                name="order",
                truth="best",
                exact=True,
                mistakes=(
                    ("7", "the longest context is not the best one at this D: compare the losses"),
                    ("0", "that order has the highest loss of all; the lowest is the best"),
                    *(
                        (
                            f"shorter_{place}",
                            "in the last row the losses fall further to the right of that order: "
                            "it looks back too little",
                        )
                        for place in range(1, 7)
                    ),
                    *(
                        (
                            f"longer_{place}",
                            "in the last row a column further left is lower: that order looks back "
                            "too far. (The first column is order 0)",
                        )
                        for place in range(1, 7)
                    ),
                    (
                        "best_before",
                        "that order is best one row higher, at half as many characters",
                    ),
                    (
                        "best_at_first",
                        "that order is best in the first row; look at the last one",
                    ),
                    ("8", "there are eight columns of orders, but they begin at 0"),
                    ("characters", "that is the number of characters; an order is 0 to 7"),
                    ("draw", "that is the number of the draw; compare the orders' losses"),
                    (
                        "now",
                        "that is a loss; which order has it?",
                    ),
                    (
                        "now / characters_per_token",
                        "that is a loss; which order has it?",
                    ),
                ),
                generic="an order is a whole number from 0 to 7: which one has the lowest loss in "
                "the last row?",
            ),
            Part(
                name="loss_now",
                truth="now",
                unit="nats",
                rtol=0.0004,
                digits=4,
                why="one draw and the mean over draws differ in the fourth",
                mistakes=(
                    *(
                        (
                            f"now * {tens}",
                            "a decimal point has moved: that is off by a power of ten",
                        )
                        for tens in (10, 0.1)
                    ),
                    (
                        "now / characters_per_token",
                        "that is in nats for each character; a token has {characters_per_token} of "
                        "them",
                    ),
                    (
                        "now / characters_per_token ** 2",
                        "the losses of the table are for each character: is a token smaller or "
                        "larger?",
                    ),
                    ("of_all_orders", "that is the mean over the orders; take the lowest of them"),
                    ("before", "that is one row higher, at half as many characters"),
                    ("two_before", "that is two rows higher, at a quarter of the characters"),
                    ("at_first", "that is the first row; take the last one"),
                    *(
                        (
                            f"loss_of_{place}",
                            f"that is the last row's loss of order {place}; another order's is "
                            "lower",
                        )
                        for place in range(8)
                    ),
                    *(
                        (
                            f"loss_of_{place}_before",
                            f"that is order {place}, one row too high; take the last row's lowest",
                        )
                        for place in range(2, 8)
                    ),
                    *(
                        (
                            f"{loss} * characters_per_token",
                            f"{loss} stands in the chapter, for other characters or other draws; "
                            "take the table of this exercise",
                        )
                        for loss in (1.406, 1.442, 1.395, 1.618, 1.576)
                    ),
                    (
                        "1.54 * characters_per_token",
                        "1.54 stands in the chapter; take the table of this exercise, with all its "
                        "decimals",
                    ),
                    *(
                        (wrong, "the loss was cut to two decimals first; the table has four")
                        for wrong in ("lowest_rounded", "lowest_cut")
                    ),
                    (
                        "token_rounded",
                        "the characters of a token were rounded first; take {characters_per_token}",
                    ),
                    (
                        "now / characters_per_token / log(2)",
                        "those are bits for each character; nats for each token are asked for",
                    ),
                    ("now * log(2)", "the table is in nats already; no ln 2 is needed"),
                    ("exp(now)", "that is the perplexity of a token; the loss is asked for"),
                    (
                        "characters_per_token ** 2 / now",
                        "that divides the length of a token by the loss: multiply the two",
                    ),
                    (
                        "summed",
                        "the surprises of a token's characters add up: multiply by their number",
                    ),
                    (
                        "mean_now",
                        "that is the mean over the draws, or a loss that was rounded; take your "
                        "own draw's, with its four decimals",
                    ),
                    ("now / log(2)", "that is in bits; nats are asked for"),
                    (
                        "exp(now / characters_per_token)",
                        "that is the perplexity of a character; the loss itself is asked for",
                    ),
                ),
                generic="take the lowest loss of the last row times the characters of a token. "
                "(If you are near: take all digits of both)",
            ),
            Part(
                name="loss_later",
                unit="nats",
                mistakes=(
                    (
                        "later / characters_per_token",
                        "that looks like nats for each character; a token has "
                        "{characters_per_token} of them",
                    ),
                    *(
                        (
                            line,
                            "a straight line in logs, a law without a floor, leads about there; "
                            "this curve flattens",
                        )
                        for line in (
                            "straight",
                            "straight_two",
                            "straight_three",
                            "last_ratio",
                        )
                    ),
                    *(
                        (
                            f"now / 4 ** {power}",
                            "a straight line in logs, a law without a floor, leads about there; "
                            "this curve flattens",
                        )
                        for power in (0.098, 0.105)
                    ),
                    (
                        "straight_in_loss",
                        "a straight line of the losses over the doublings leads there; the gains "
                        "shrink",
                    ),
                    (
                        "endless",
                        "about there lies the floor of the law, which only endless text would "
                        "reach",
                    ),
                    (
                        "endless_of_all",
                        "that is the floor of the law of exercise 1.6, which only endless text "
                        "would reach",
                    ),
                    (
                        "law_of_all",
                        "that is the law of exercise 1.6 at 8,192,000 characters; go on from the "
                        "table of this exercise, to four times its last D",
                    ),
                    (
                        "gains_halved",
                        "that halves the gain at each doubling; the gains of these tables shrink "
                        "more slowly",
                    ),
                    (
                        "gain_of_two",
                        "that takes the gain of the last two doublings off once more; the gains "
                        "shrink",
                    ),
                    (
                        "gain_of_page",
                        "that takes 0.0355, the chapter's last gain, off twice; the gains here are "
                        "larger",
                    ),
                    (
                        "above_halved",
                        "that halves the part above the floor; the law's power takes less of it",
                    ),
                    (
                        "later * characters_per_token",
                        "that looks as if the characters of a token had been counted twice",
                    ),
                    ("later / log(2)", "that looks like bits; nats are asked for"),
                    (
                        "now",
                        "that is the loss now: have the two losses changed places? As a forecast "
                        "it has no gain",
                    ),
                    ("now / 4", "four times the text does not divide the loss by four"),
                    ("now / 2", "four times the text does not halve the loss"),
                    *(
                        (
                            f"now / 4 ** {power}",
                            "the power acts on the part above the floor, not on the whole loss",
                        )
                        for power in ("exponent", "0.294", "0.301703")
                    ),
                    ("longest", "that is the loss of order 7 now; forecast the lowest of all"),
                    *(
                        (
                            f"chapter_{place}",
                            f"{loss} stands in the chapter, for other characters or other draws; "
                            "go on from the table of this exercise",
                        )
                        for place, loss in enumerate(_CHAPTER_SAYS)
                    ),
                    *(
                        (
                            f"(3 * {floor} + now) / 4",
                            "four times the text do not divide the part above the floor by four: "
                            "its power divides it",
                        )
                        for floor in ("endless", "endless_of_all", "1.207 * characters_per_token")
                    ),
                    (
                        "linear",
                        "the last gain, taken off twice, leads about there; the gains shrink",
                    ),
                    (
                        "linear / characters_per_token",
                        "that takes the last gain off twice, and is for each character",
                    ),
                    *(
                        (
                            eight,
                            "eight times the text would bring about that; four times are asked for",
                        )
                        for eight in ("eight", "eight_said")
                    ),
                    (
                        "sixteen",
                        "four doublings would bring about that; four times the text are two of "
                        "them",
                    ),
                    (
                        "doubled",
                        "twice the text would bring about that; four times are two doublings",
                    ),
                    (
                        "now - 4 * (before - now)",
                        "four times the text are two doublings, not four; and the gains shrink",
                    ),
                    ("before", "that is one row higher, in the past; go on downwards"),
                    ("now * characters_per_token", "the characters of a token are counted twice"),
                    (
                        "now * 4",
                        "more text lowers the loss; four times the text does not multiply it",
                    ),
                    ("before - now", "that is the last gain; the loss itself is asked for"),
                    ("exp(later)", "that looks like a perplexity; the loss is asked for"),
                ),
                generic="look at how much each doubling took off, and go on for two more",
            ),
        ),
        bounds=(
            (
                "loss_later > 0.5 * now",
                "that is less than half of the loss now: is it in nats for each token, and at four "
                "times the text?",
            ),
            (
                "loss_later < now",
                "that is no lower than the loss now: more text will lower it. Is it in nats?",
            ),
            (
                "loss_later >= 0.979 * later",
                "the forecast is too low by more than 2 %: the gains shrink from one doubling to "
                "the next; from 16,000 characters on a law with a floor follows them",
            ),
            (
                "loss_later < 0.997 * twice",
                "the forecast hardly goes beyond what twice the characters would bring; four times "
                "are two doublings",
            ),
            (
                "loss_later <= 1.021 * later",
                "the forecast is too high by more than 2 %: go on for two doublings from the "
                "lowest loss of all orders",
            ),
        ),
        hints=(
            "Look at your draw only, up to D = `characters`; on the page the table has no other. "
            "In each row take the lowest loss. The table is in nats for each character.",
            "loss = floor + (scale / D) ** exponent from 16,000 characters on, as in the chapter. "
            "By hand: each doubling then takes off the same share of what the one before took.",
            "`seen = curves.query('draw == @draw and D <= @characters')`",
        ),
        praise="within 2 % of what was measured at four times the text",
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
                f"model {name.upper()} pays {{loss_{name}}} nats for {{characters_{name}}} "
                f"characters; "
                "another pays less a character",
            )
            for name, others in (("a", "bc"), ("b", "ac"), ("c", "ab"))
        ),
        hints=(
            "The three models cut the same text into tokens of different length. What do they all "
            "share?",
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
            "scale": lambda data, target: data["law"]["scale"][0],
            "exponent": lambda data, target: data["law"]["exponent"][0],
            "floor": lambda data, target: data["law"]["floor"][0],
            "line_scale": lambda target: _law(False).scale,
            "line_exponent": lambda target: _law(False).exponent,
            "from_first": lambda target: _characters(target, first=1000),
            "of_rounded": _characters_of_rounded,
            "without_last": lambda target: _characters(target, last=4_096_000),
            "power_cut": _characters_by_power(1),
            "power_whole": _characters_by_power(0),
        }
        | {
            f"rounded_{digits}_{what}": _characters_rounded(digits, rounded)
            for digits in (2, 3, 4)
            for what, rounded in {
                "all": ("floor", "scale", "exponent"),
                "floor": ("floor",),
                "exponent": ("exponent",),
                "both": ("floor", "exponent"),
            }.items()
        },
        truth="scale / (target - floor) ** (1 / exponent)",
        unit="characters",
        rtol=0.003,
        bounds=(
            (
                "x > 16000",
                "that is below the smallest size of the fit: is the scale in it, and is the power "
                "the right way up?",
            ),
            (
                "x > 8.4e6",
                "with 8,192,000 characters the best loss is still above {target}: more are needed",
            ),
            (
                "near(x, scale / (target - floor) ** (1 / exponent), 0.1)",
                "check it backwards: at that D, floor + (scale / D) ** exponent is not {target} "
                "then. Solve for D one step at a time",
            ),
        ),
        mistakes=(
            ("of_rounded", "the target was rounded first; take all of {target}"),
            *(
                (
                    f"rounded_{digits}_{what}",
                    "a constant of the law was rounded: a difference of two near numbers is "
                    "taken, so carry all six digits",
                )
                for digits in (2, 3, 4)
                for what in ("all", "floor", "exponent", "both")
            ),
            *(
                (
                    power,
                    "one over the exponent was rounded: carry four digits of it",
                )
                for power in ("power_cut", "power_whole")
            ),
            *(
                (
                    wrong,
                    "1.207 and 0.294 are the chapter's fit, which had the last size hidden; take "
                    "the law of this exercise",
                )
                for wrong in (
                    "8192000 * ((1.406 - 1.207) / (target - 1.207)) ** (1 / 0.294)",
                    "8192000 * ((1.395 - 1.207) / (target - 1.207)) ** (1 / 0.294)",
                    "4096000 * ((1.442 - 1.207) / (target - 1.207)) ** (1 / 0.294)",
                    "scale / (target - 1.207) ** (1 / 0.294)",
                    "scale / (target - 1.207) ** (1 / exponent)",
                    "scale / (target - floor) ** (1 / 0.294)",
                )
            ),
            (
                "8192000 * ((1.406 - floor) / (target - floor)) ** (1 / exponent)",
                "that starts from the measured 1.406; the law itself says a little less there: "
                "solve the law for D",
            ),
            (
                "8192000 * (1.406 / target) ** (1 / exponent)",
                "the power acts on the part above the floor: subtract the floor from both losses",
            ),
            (
                "8192000 * 0.9 ** (-1 / exponent)",
                "the power acts on the part above the floor, and it is not to fall by a tenth: "
                "subtract the floor from {target}",
            ),
            *(
                (
                    f"scale / ((target - floor) / {whole}) ** (1 / exponent)",
                    "the part above the floor is target - floor, in nats; you took its share of a "
                    "loss",
                )
                for whole in ("target", "floor", "1.406")
            ),
            (
                "1000 * scale / (target - floor) ** (1 / exponent)",
                "that is a thousand times too many: look at the unit of the scale",
            ),
            (
                "8192000 * (1.406 - floor) / (target - floor)",
                "the exponent is missing: the part above the floor is a power of scale / D",
            ),
            (
                "8192000 * ((1.406 - floor) / (target - floor)) ** exponent",
                "the exponent must be turned round when you solve for D",
            ),
            *(
                (
                    f"8192000 * 2 ** ((1.406 - target) / {gain})",
                    "that takes the last gain for every doubling; by the law the gains shrink",
                )
                for gain in (0.0355, 0.036, 0.0427)
            ),
            *(
                (
                    f"(1.406 - target) / {gain}",
                    "that is a number of doublings at the last gain; the gains shrink, and "
                    "characters are asked for",
                )
                for gain in (0.0355, 0.036)
            ),
            *(
                (
                    f"{times} * 8192000",
                    f"that is {times} times the last size; let the law say how many characters",
                )
                for times in (2, 4, 10, 16, 100)
            ),
            (
                "scale / (1.406 - target) ** (1 / exponent)",
                "the part above the floor is target - floor, not what is still to be gained",
            ),
            (
                "scale / floor ** (1 / exponent)",
                "the power gives the part above the floor: put target - floor there",
            ),
            (
                "scale / (target - floor) ** (1 - exponent)",
                "the inverse of the exponent is one over it, not one minus it",
            ),
            (
                "scale ** (1 / exponent) / (target - floor)",
                "the root is of the part above the floor, not of the scale",
            ),
            (
                "scale",
                "at D = scale the part above the floor is a whole nat; it is smaller here",
            ),
            ("(target - floor) ** (1 / exponent)", "that is scale / D: divide the scale by it"),
            (
                "from_first",
                "that law was fitted to all sizes from 1,000 characters on; leave out those below "
                "16,000",
            ),
            (
                "without_last",
                "that is the law of the chapter's text, which had the last size hidden; here all "
                "sizes from 16,000 on count",
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
                "scale / (target + floor) ** (1 / exponent)",
                "the part above the floor is a difference, not a sum",
            ),
            (
                "scale / (target - floor) ** exponent",
                "the exponent must be turned round when you solve for D",
            ),
            (
                "scale / (target - floor)",
                "the exponent is missing: the part above the floor is a power of scale / D",
            ),
            (
                "scale * (target - floor) ** (1 / exponent)",
                "a lower target needs more characters: divide instead of multiplying",
            ),
            (
                "(scale / (target - floor)) ** (1 / exponent)",
                "the scale stands inside the power: take the root first, then divide",
            ),
            (
                "(target - floor) ** (-1 / exponent)",
                "that is D in units of the scale; multiply by it",
            ),
            (
                "scale / (target - floor) ** (1 / exponent) - 8192000",
                "that is how many more than the table has; give all characters",
            ),
            (
                "scale / (target - floor) ** (1 / exponent) / 8192000",
                "that is a multiple of the last size; give characters",
            ),
            *(
                (
                    f"scale / (target - floor) ** (1 / exponent) / {unit}",
                    f"that is in {units}; give characters",
                )
                for unit, units in (("1e9", "billions"), ("1000", "thousands"))
            ),
            *(
                (
                    f"scale / (target - floor) ** (1 / exponent) * {zeros}",
                    "that is off by a power of ten: count the zeros",
                )
                for zeros in (10, 0.1)
            ),
            *(
                (
                    f"{logarithm}(scale / (target - floor) ** (1 / exponent))",
                    "that is the logarithm of the characters: undo it",
                )
                for logarithm in ("log", "log10")
            ),
            (
                "target - floor",
                "that is the part above the floor; at which D is it so small?",
            ),
            ("scale / exponent", "the exponent is a power, not a divisor"),
            (
                "scale / (target - floor) ** (1 / exponent) / 1e6",
                "that is in millions; give characters, or write million behind it",
            ),
            ("scale / (1.406 - floor) ** (1 / exponent)", "that is for today's 1.406 nats"),
            (
                "scale / (0.9 * 1.406 - floor) ** (1 / exponent)",
                "that is for a tenth less than today's 1.406; the target is {target}",
            ),
            (
                "log2(scale / (target - floor) ** (1 / exponent) / 8192000)",
                "that is how many doublings of the last size; give characters",
            ),
            (
                "scale / (target - floor) ** (1 / exponent) / 4.12",
                "characters are asked for, not tokens",
            ),
            *(
                (all_of_it, "that is what the library has; how many does the law ask for?")
                for all_of_it in ("11008215", "11070495")
            ),
        ),
        generic="put your number back into the law: its loss is not {target}. A difference of two "
        "near numbers is taken, so carry all six digits of the law",
        hints=(
            "With draws averaged, from 16,000 characters on, the law has a floor. Turn it round.",
            "target = floor + (scale / D) ** exponent; solve for D.",
            "`best = means.loc[16_000:]`, where `means` has the lowest mean loss at each D; then "
            "fit `best`.",
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
                why="-ln 0.5 = ln 2, which is one bit: a choice between two equally likely "
                "characters.",
                key="b",
            ),
            Option(
                "1 nat",
                why="One is the answer in bits. With the natural logarithm it is ln 2, which is "
                "less.",
                key="c",
            ),
        ),
    ),
    Question(
        id="01-order-one",
        prompt="Order 1 stands near 2.49 nats with eight million characters. What would lower its "
        "held-out loss clearly?",
        options=(
            Option(
                "a longer look back",
                right=True,
                why="Orders 0 to 2 have flattened, each at a level of its own; the longer ones "
                "gain less with each doubling. A model with a longer context has a lower level.",
                key="c",
            ),
            Option(
                "ten times as many characters",
                why="Its last doubling, four million characters, brought less than 0.001 nats: "
                "what it can learn it has learned.",
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
        prompt="On the same text model A reports 2.1 nats per token and model B 2.9. Which is the "
        "better model?",
        options=(
            Option(
                "A, because its loss is lower",
                why="Only if both cut the text alike. If B's tokens are half as long again, B pays "
                "less for a character.",
                key="a",
            ),
            Option(
                "A, because its perplexity is less than half of B's",
                why="A perplexity is per token too: it is the same number in another form.",
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
        id="01-best-order",
        prompt="A model has counted 16,000 characters of Python. At how many characters should it "
        "look back to have the lowest loss? (An order from 0 to 7.)",
        lo=0,
        hi=7,
        truth=3,
        says="With 16,000 characters order 3 is best, in all four samples.",
    ),
    Prediction(
        id="01-bigger",
        prompt="With 128,000 characters, order 3 has about 1.85 nats on the held-out files. Order "
        "7 "
        "looks further back and stores six times as many counts. What is its loss?",
        unit="nats",
        lo=0,
        hi=5,
        truth=2.03,
        says="Order 7 has 2.03 nats. It is larger, and worse.",
    ),
    Prediction(
        id="01-one-budget",
        prompt="You can afford 4,096,000 additions. Which way of spending them reaches the lowest "
        "loss?",
        options=(
            "order 0, on 4,096,000 characters",
            "order 1, on 2,048,000",
            "order 3, on 1,024,000",
            "order 7, on 512,000",
        ),
        truth="c",
        says="Order 3 reaches 1.618 nats, order 7 1.785, order 1 2.495 and order 0 3.218.",
    ),
)
