"""Chapter 14: what students may see of the judging, and the simulated families of models."""

from __future__ import annotations

from functools import cache

import numpy as np

from ...laws import BrokenPowerLaw, PowerLaw
from .. import Choice, Number, Option, Prediction, Question

COMPUTE = 10.0 ** np.arange(18, 24.1, 0.5)
"""FLOPs of the models of every simulated family: 1e18 to 1e24, two a decade."""
EARLY = 7
"""How many of them were there when the forecast was made: up to 1e21."""
_NOISE = 0.003


@cache
def four_families(seed: int):
    """COMPUTE, and four simulated families "A" to "D": name -> (loss, exam).

    The loss of the answers' tokens in nats, to four digits, and the share of answers of a family's
    own length whose tokens are all right, to four decimals. One family's loss turns away from its
    power law after 1e21 FLOPs; the other three follow theirs to the end.
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
        loss = np.array([float(f"{value:.4g}") for value in loss])
        families[name] = loss, np.round(np.exp(-loss * length[place]), 4)
    return COMPUTE.copy(), families


def _beyond(families_seed, name):
    """By how much the later losses leave the line through the earlier ones: the largest, in %."""
    C, families = four_families(families_seed)
    x, y = np.log(C), np.log(families[name][0])
    line = np.polyfit(x[:EARLY], y[:EARLY], 1)
    return 100 * np.abs(np.exp(y - np.polyval(line, x))[EARLY:] - 1).max()


def _is_broken(families_seed):
    """The place of the family that leaves its line most."""
    return int(np.argmax([_beyond(families_seed, name) for name in "ABCD"]))


def _before_and_after(families_seed):
    """The families up to 1e21 FLOPs and beyond, as two tables."""
    C, families = four_families(families_seed)
    columns = {"compute": np.array([float(f"{value:.4g}") for value in C])}
    columns |= {f"loss_{name}": loss for name, (loss, _) in families.items()}
    columns |= {f"exam_{name}": exam for name, (_, exam) in families.items()}
    return {
        "early": {name: column[:EARLY] for name, column in columns.items()},
        "later": {name: column[EARLY:] for name, column in columns.items()},
    }


# ---- slips of the other exercises, as derived quantities ----


def _grown(p, length, power=1.0):
    """1e21 FLOPs times a power of how often -log p must be divided until half are right."""
    return 1e21 * (length * -np.log(p) / np.log(2)) ** power


def _compute(ratio):
    """1e21 FLOPs times ratio(p, length) to the power 1 / gamma."""
    return lambda p_now, gamma, answer_length: 1e21 * ratio(p_now, answer_length) ** (1 / gamma)


def _short_target(p_now, gamma, answer_length):
    """The compute with ln(2) / length in one digit; nan where that is about right."""
    wanted = np.log(2) / answer_length
    off = (wanted / float(f"{wanted:.0e}")) ** (1 / gamma)
    return np.nan if abs(off - 1) < 0.1 else off * _grown(p_now, answer_length, 1 / gamma)


def _by_short_token(decimals):
    """The compute with the wanted p of a token in so few decimals; nan where about right."""

    def compute(p_now, gamma, answer_length):
        wanted = np.log(2) / answer_length
        short = -np.log(round(np.exp(-wanted), decimals))
        right = _grown(p_now, answer_length, 1 / gamma)
        found = right * (wanted / short) ** (1 / gamma) if short else right
        near = any(abs(float(f"{found:.{k}e}") / right - 1) < 0.008 for k in (1, 2, 3, 9))
        return np.nan if near else found

    return compute


def _squared(p_now, gamma, answer_length):
    """The compute with a square for the power 1 / gamma; nan where that is about right."""
    right, square = (_grown(p_now, answer_length, power) for power in (1 / gamma, 2))
    return np.nan if abs(square / right - 1) < 0.1 else square


def _of_exam(share):
    """share(surprisals), a row for each answer."""
    return lambda **answers: float(share(np.array(list(answers.values()))))


def _sum_of(place):
    return lambda exam: exam[place].sum()


def _without(place, of):
    """The share with one answer left out, of two or of three; nan where it is about right."""

    def share(exam):
        each = np.exp(-exam.sum(1))
        wrong = np.delete(each, place).sum() / of
        return np.nan if abs(wrong / each.mean() - 1) < 0.03 else wrong

    return share


def _tokens_of(place):
    return lambda exam: np.exp(-exam[place]).mean()


def _tokens_in_bits(exam):
    """nan where it is about right."""
    wrong, right = (2 ** -exam.mean(1)).mean(), np.exp(-exam.sum(1)).mean()
    return np.nan if abs(wrong / right - 1) < 0.03 else wrong


def _one_minus(exam):
    """nan where it is about right."""
    wrong, right = 1 - exam.mean(), np.exp(-exam.sum(1)).mean()
    return np.nan if abs(wrong / right - 1) < 0.03 else wrong


def _product_of_rest(exam):
    """With 1 - surprisal for each probability; nan where that is about right."""
    wrong, right = np.prod(1 - exam, axis=1).mean(), np.exp(-exam.sum(1)).mean()
    return np.nan if abs(wrong / right - 1) < 0.03 else wrong


def _questions(number):
    """number(P), where P is the share of whole answers that are right."""
    return lambda p_token, exam_length: number(p_token**exam_length)


def _with_short_share(P):
    """The number with P in one digit; nan where that is about right."""
    right, wrong = (np.log(0.05) / np.log1p(-x) for x in (P, float(f"{P:.0e}")))
    return np.nan if abs(wrong - right) < max(3, 0.1 * right) else wrong


def _short_token(rounded):
    """The number with a token's chance in one decimal; nan where that is about right."""

    def questions(p_token, exam_length):
        short = rounded(10 * p_token - 1e-9) / 10
        right, wrong = (np.log(0.05) / np.log1p(-(p**exam_length)) for p in (p_token, short))
        return np.nan if abs(wrong - right) < max(3, 0.1 * right) else wrong

    return questions


def _three_over_five(P):
    """3 / 0.05; nan where it is about right."""
    return np.nan if abs(60 * np.log1p(-P) / np.log(0.05) - 1) < 0.1 else 60


def _three_over(P):
    """nan where it is right."""
    return 3 / P if P > 0.04 else np.nan


EXERCISES = (
    Number(
        id="14-half-right",
        answer="compute_needed",
        given=("p_now", "gamma", "answer_length"),
        derived={
            "needed": _compute(lambda p, L: L * -np.log(p) / np.log(2)),
            "short_wanted": _short_target,
            "token_in_3": _by_short_token(3),
            "token_in_2": _by_short_token(2),
            "squared": _squared,
            "other_way": _compute(lambda p, L: L * np.log(2) / -np.log(p)),
            "multiplied": lambda p_now, gamma, answer_length: _grown(p_now, answer_length) * gamma,
            "times_half": _compute(lambda p, L: L * -np.log(p) * np.log(2)),
            "half_shared": _compute(lambda p, L: np.log(p) / np.log1p(-0.5 / L)),
            "one_less": lambda p_now, gamma, answer_length: _grown(p_now, answer_length, 1 - gamma),
            "one_token": _compute(lambda p, L: -np.log(p) / np.log(2)),
            "each_half": _compute(lambda p, L: -np.log(p) / (np.log(2) * L)),
            "shift_only": _compute(lambda p, L: L),
            "no_base": _compute(lambda p, L: L * -np.log(p)),
            "one_e": _compute(lambda p, L: L * -np.log10(p) / np.log(2)),
            "no_logarithm": _compute(lambda p, L: L * -np.log(p) / 0.5),
            "not_log": _compute(lambda p, L: L * p / 0.5),
            "errors": _compute(lambda p, L: (1 - p) * L / 0.5),
            "shares": _compute(lambda p, L: 0.5 / p**L),
            "errors_now": _compute(lambda p, L: L * (1 - p) / np.log(2)),
            "errors_both": _compute(lambda p, L: (1 - p) / (1 - 2 ** (-1 / L))),
            "tokens_ratio": _compute(lambda p, L: 2 ** (-1 / L) / p),
            "of_p_alone": _compute(lambda p, L: 1 / -np.log(p)),
            "two_e": _compute(lambda p, L: L * -np.log2(p) / np.log(2)),
            "ten_two": _compute(lambda p, L: L * -np.log10(p)),
            "e_ten": _compute(lambda p, L: L * -np.log(p) / np.log10(2)),
            "twice_half": _compute(lambda p, L: L * -np.log(p) / np.log(2) / 2),
            "twice_base": _compute(lambda p, L: L * -np.log(p) / np.log(4)),
            "one_shorter": _compute(lambda p, L: (L - 1) * -np.log(p) / np.log(2)),
            "one_longer": _compute(lambda p, L: (L + 1) * -np.log(p) / np.log(2)),
            "doubled": _compute(lambda p, L: 2),
            "token_share": _compute(lambda p, L: 0.5 / p),
            "shares_linear": lambda p_now, gamma, answer_length: 5e20 / p_now**answer_length,
            "shares_power": lambda p_now, gamma, answer_length: (
                1e21 * (0.5 / p_now**answer_length) ** gamma
            ),
            "length_power": lambda p_now, gamma, answer_length: 1e21 * answer_length**gamma,
            "other_power": lambda p_now, gamma, answer_length: _grown(
                p_now, answer_length, 1 / (1 - gamma)
            ),
            "one_more": lambda p_now, gamma, answer_length: _grown(p_now, answer_length, 1 + gamma),
            "token_wanted": lambda p_now, gamma, answer_length: 2 ** (-1 / answer_length),
            "share_now": lambda p_now, gamma, answer_length: p_now**answer_length,
            "linear": lambda p_now, gamma, answer_length: _grown(p_now, answer_length),
            "power": lambda p_now, gamma, answer_length: _grown(p_now, answer_length, gamma),
            "divided": lambda p_now, gamma, answer_length: _grown(p_now, answer_length) / gamma,
        },
        truth="needed",
        unit="FLOPs",
        rtol=0.004,
        bounds=(
            ("x > 0", "compute is positive"),
            (
                "x > 1e15",
                "so few FLOPs train no model: the question asks for the compute itself, from "
                "1e21 FLOPs on",
            ),
            (
                "x > 1e21",
                "with 1e21 FLOPs fewer than half of the answers are right: it takes more compute",
            ),
            (
                "abs(x / needed - 1) > 0.03 or abs(x / needed - 1) < 0.004",
                "that is near: work out what -ln(p) must become again, with six digits. The power "
                "1 / gamma makes a small error larger",
            ),
        ),
        mistakes=(
            (
                "one_token",
                "that is where a single token is right half of the time: the answer has "
                "{answer_length} of them",
            ),
            (
                "each_half",
                "the longer answer needs a smaller -ln(p), so more compute: its length stands on "
                "the other side",
            ),
            (
                "needed / 1e21",
                "that is the factor; the question asks for the compute itself, starting from "
                "1e21 FLOPs",
            ),
            ("1e42 / needed", "that is the inverse of the factor: the compute grows"),
            (
                "power",
                "-ln(p) falls as the compute to the power -gamma: to undo that, raise to 1 / gamma",
            ),
            *(
                (name, "gamma is an exponent: raise to the power 1 / gamma; it is no factor")
                for name in ("divided", "multiplied")
            ),
            (
                "linear",
                "that divides -ln(p) by as much as the compute grows; it falls only as a power "
                "of it",
            ),
            (
                "no_base",
                "that is where all tokens are right with probability 1/e; the question asks for "
                "one half",
            ),
            (
                "one_e",
                "two bases of logarithms are mixed: take both, of p and of 2, to the same one",
            ),
            (
                "no_logarithm",
                "half is a probability: what stands beside -ln(p) is its logarithm",
            ),
            (
                "errors_now",
                "that takes 1 - p for -ln(p); the two agree only where p is near 1",
            ),
            (
                "errors_both",
                "that lets 1 - p fall as a power of the compute; here it is -ln(p), and the two "
                "agree only where p is near 1",
            ),
            (
                "tokens_ratio",
                "that takes the ratio of the probabilities themselves; what falls as a power of "
                "the compute is -ln(p)",
            ),
            *(
                (
                    name,
                    "two bases of logarithms are mixed: take both, of p and of 2, to the same one",
                )
                for name in ("two_e", "ten_two", "e_ten")
            ),
            *(
                (
                    name,
                    "a factor of two is in it that the question does not have: half of the "
                    "answers are right where p ** length is 1/2",
                )
                for name in ("twice_half", "twice_base")
            ),
            *(
                (
                    name,
                    "the answers have {answer_length} tokens: all of them must be right, and no "
                    "more",
                )
                for name in ("one_shorter", "one_longer")
            ),
            *(
                (
                    name,
                    "-ln(p) falls as the compute to the power -gamma: the power that undoes it "
                    "is 1 / gamma",
                )
                for name in ("other_power", "one_more", "one_less")
            ),
            (
                "other_way",
                "-ln(p) must fall from what it is to ln(2) / length: divide the one by the other",
            ),
            (
                "times_half",
                "-ln(p) must fall to ln(2) / length: divide by ln(2) in place of multiplying by it",
            ),
            (
                "half_shared",
                "that shares the half among the tokens; their chances multiply: p ** length is 1/2",
            ),
            ("of_p_alone", "that lets -ln(p) become 1: what must it be, for half of the answers?"),
            *(
                (text, "that is how often a token must be right then; at which compute is it?")
                for text in ("token_wanted", "100 * token_wanted")
            ),
            *(
                (
                    text,
                    "that is the share of the answers that are right now; the question asks for "
                    "the compute at which it is a half",
                )
                for text in ("share_now", "100 * share_now")
            ),
            ("-log(token_wanted)", "that is what -ln(p) must become; which compute does it take?"),
            ("-log(p_now)", "that is what -ln(p) is now; which compute does a smaller one take?"),
            (
                "log(p_now) / log(token_wanted)",
                "that is by how much -ln(p) must fall; the compute grows by a power of it",
            ),
            *(
                (text, "a power of ten is off: start from 1e21 FLOPs")
                for text in (
                    *("needed / 1000", "needed / 100", "needed / 10"),
                    *("10 * needed", "100 * needed", "1000 * needed"),
                )
            ),
            ("needed / 8.64e19", "that is in PF-days; the question asks for FLOPs"),
            ("needed / 1e18", "that is in exaFLOPs; the question asks for FLOPs"),
            ("log10(needed)", "that is the logarithm of the compute: undo it"),
            ("log10(needed / 1e21)", "that is the logarithm of the factor: undo it"),
            ("not_log", "p itself is no power of the compute here: -ln(p) is"),
            (
                "answer_length * one_token",
                "the length belongs under the power 1 / gamma too",
            ),
            (
                "1e21 * answer_length",
                "the compute does not grow in proportion to the length: -ln(p) falls as a power "
                "of it",
            ),
            (
                "short_wanted",
                "ln(2) over the length was rounded on the way: carry four digits, for a power "
                "makes the error larger",
            ),
            *(
                (
                    name,
                    "the p that a token needs was rounded on the way: its logarithm is small, so "
                    "carry six digits of p, or take ln(2) over the length",
                )
                for name in ("token_in_3", "token_in_2")
            ),
            ("squared", "that squares the ratio: the power is 1 / gamma, with all its digits"),
            ("1e21", "that is what the model has been trained with; how much more does it take?"),
            (
                "shift_only",
                "that counts the length only: at 1e21 FLOPs single tokens are right in {p_now} of "
                "the cases, not in half",
            ),
            (
                "errors",
                "-ln(p), not 1 - p, falls as a power law here; the two agree only where p is "
                "near 1",
            ),
            *(
                (
                    name,
                    "-ln(p), not the share of right answers, goes as a power of the compute",
                )
                for name in ("shares", "shares_linear", "shares_power")
            ),
            (
                "doubled",
                "that is where -ln(p) has halved: what must it become, for half of the answers?",
            ),
            (
                "token_share",
                "-ln(p), not p, goes as a power of the compute, and an answer has "
                "{answer_length} tokens",
            ),
            (
                "length_power",
                "that counts the length only, and the power that undoes gamma is 1 / gamma",
            ),
        ),
        generic="with that compute it is not half of the answers: what must -ln(p) of a token "
        "become, and how does it fall with the compute?",
        hints=(
            "Half of the answers are right where p ** length = 1/2. What is -ln(p) there, and "
            "what is it now?",
            "-ln(p) must become ln(2) / length, and it falls as C ** -gamma.",
            "`factor = (answer_length * -np.log(p_now) / np.log(2)) ** (...)`",
        ),
        praise="there half of the answers are right from end to end",
    ),
    Number(
        id="14-exact-match",
        answer="expected_share",
        given=("answer_a", "answer_b", "answer_c"),
        derived={
            "share": _of_exam(lambda exam: np.exp(-exam.sum(1)).mean()),
            "token": _of_exam(lambda exam: np.exp(-exam.mean())),
            "power": _of_exam(lambda exam: np.exp(-exam.mean() * exam.shape[1])),
            "mean_token": _of_exam(lambda exam: np.exp(-exam).mean()),
            "power_of_mean": _of_exam(lambda exam: np.exp(-exam).mean() ** exam.shape[1]),
            "answer_tokens": _of_exam(lambda exam: np.exp(-exam.mean(1)).mean()),
            "all_answers": _of_exam(lambda exam: np.exp(-exam.sum())),
            "columns": _of_exam(lambda exam: np.exp(-exam.sum(0)).mean()),
            "bits": _of_exam(lambda exam: (2 ** -exam.sum(1)).mean()),
            "base_ten": _of_exam(lambda exam: (10 ** -exam.sum(1)).mean()),
            "nats": _of_exam(lambda exam: exam.sum(1).mean()),
            **{f"tokens_{name}": _of_exam(_tokens_of(place)) for place, name in enumerate("abc")},
            "middle": _of_exam(lambda exam: np.median(np.exp(-exam.sum(1)))),
            "easiest": _of_exam(lambda exam: np.exp(-exam.sum(1)).max()),
            "hardest": _of_exam(lambda exam: np.exp(-exam.sum(1)).min()),
            "total": _of_exam(np.sum),
            "token_bits": _of_exam(_tokens_in_bits),
            "linear": _of_exam(_one_minus),
            "linear_tokens": _of_exam(_product_of_rest),
            "first_tokens": _of_exam(lambda exam: np.exp(-exam[:, 0]).mean()),
            "last_tokens": _of_exam(lambda exam: np.exp(-exam[:, -1]).mean()),
            "but_last": _of_exam(lambda exam: np.exp(-exam[:, :-1].sum(1)).mean()),
            "but_first": _of_exam(lambda exam: np.exp(-exam[:, 1:].sum(1)).mean()),
            "worst_tokens": _of_exam(lambda exam: np.exp(-exam.max(1)).mean()),
            "best_tokens": _of_exam(lambda exam: np.exp(-exam.min(1)).mean()),
            "at_least_one": _of_exam(lambda exam: 1 - np.prod(1 - np.exp(-exam.sum(1)))),
            "wrong_sign": _of_exam(lambda exam: np.exp(exam.sum(1)).mean()),
            "likely": _of_exam(lambda exam: (np.exp(-exam.sum(1)) > 0.5).mean()),
            "likely_tokens": _of_exam(lambda exam: (np.exp(-exam) > 0.5).all(1).mean()),
            "sure_tokens": _of_exam(lambda exam: (np.exp(-exam) > 0.5).mean()),
            **{f"sum_{name}": _of_exam(_sum_of(place)) for place, name in enumerate("abc")},
            **{
                f"without_{name}_of_{of}": _of_exam(_without(place, of))
                for place, name in enumerate("abc")
                for of in (2, 3)
            },
        },
        truth="share",
        mistakes=(
            ("token", "that is what a single token gets; an answer needs all of its tokens"),
            (
                "power",
                "that is p ** L with the mean surprisal: it takes every answer for equally hard. "
                "Average last",
            ),
            (
                "power_of_mean",
                "that is the mean probability of a token to the power L: it takes every answer for "
                "equally hard. Average last",
            ),
            (
                "mean_token",
                "that is the mean probability of a token: multiply along each answer",
            ),
            (
                "answer_tokens",
                "along an answer the surprisals add up; you took their mean",
            ),
            ("all_answers", "that asks for all answers of the exam at once; average over them"),
            (
                "columns",
                "that multiplies across the answers: the tokens of one answer belong together",
            ),
            (
                "3 * share",
                "that is how many answers are right; the share divides by how many there are",
            ),
            *(
                (name, "that takes one token of each answer; all four must be right")
                for name in ("first_tokens", "last_tokens", "worst_tokens", "best_tokens")
            ),
            *(
                (name, "that takes three tokens of each answer; all four must be right")
                for name in ("but_last", "but_first")
            ),
            *(
                (
                    name,
                    "that counts what is likelier than not; the model draws its tokens, so each "
                    "answer counts with its probability",
                )
                for name in ("likely", "likely_tokens", "sure_tokens")
            ),
            ("at_least_one", "that is the chance that one answer at least is right"),
            ("wrong_sign", "a probability is exp of minus the surprisal"),
            *(
                (
                    f"sum_{name}",
                    "that is the surprisal of one answer; make it a probability, and "
                    "then the mean over the answers",
                )
                for name in "abc"
            ),
            *(
                (
                    text,
                    "the mean is over three answers, one probability for each: divide by three, "
                    "once",
                )
                for text in ("3 * share / 4", "share / 3", "share / 4", "3 * share / 12")
            ),
            *(
                (
                    f"tokens_{name}",
                    f"that is the mean probability of a token of answer_{name}: multiply along "
                    "the answer, and then the mean over all three",
                )
                for name in "abc"
            ),
            ("share ** 2", "each answer's probability counts once"),
            ("-log(share)", "that is a surprisal again; the question asks for the share"),
            (
                "nats / 4",
                "that is the mean surprisal of a token; make each answer a probability first",
            ),
            ("bits", "these surprisals are in nats, so e and not 2 has them as exponent"),
            (
                "token_bits",
                "that is of a single token, and with 2 in place of e: an answer needs all tokens",
            ),
            ("base_ten", "these surprisals are in nats, so e and not 10 has them as exponent"),
            ("nats", "that is the mean surprisal of an answer; make each a probability first"),
            *(
                (
                    f"without_{name}_of_{of}",
                    f"answer_{name} is not in it: an answer of a small probability counts with it",
                )
                for name in "abc"
                for of in (2, 3)
            ),
            ("middle", "that is the middle answer alone; the mean has all three"),
            ("easiest", "that is one answer alone; the mean has all three"),
            ("hardest", "that is one answer alone; the mean has all three"),
            ("total", "that is the sum of all surprisals; make each answer a probability first"),
            *(
                (name, "a probability is exp(-surprisal), and 1 - surprisal only where it is small")
                for name in ("linear", "linear_tokens")
            ),
            ("1 - share", "that is the share that you expect to be wrong"),
            ("100 * share", "give a share between 0 and 1, or write a % sign behind it"),
        ),
        bounds=(
            ("x > 0 and x < 1", "a share of answers lies between 0 and 1"),
            (
                "abs(x / share - 1) > 0.01 or abs(x / share - 1) < 0.001",
                "that is within one per cent: a mean may have been taken along the answers first, "
                "or a probability rounded. Add each answer's surprisals, and carry four digits",
            ),
        ),
        generic="it is the mean of three probabilities, one for each whole answer: work out each "
        "by itself, with all its tokens and four digits",
        hints=(
            "What is the probability that the model writes the first answer as it should be, all "
            "tokens of it?",
            "Surprisals add up along an answer, exp(-sum) is its probability; then the mean over "
            "the answers.",
            "`surprisals = np.array([answer_a, answer_b, answer_c])`, a row for each answer",
        ),
        praise="one probability for each answer, and only then the mean",
    ),
    Number(
        id="14-questions",
        answer="questions",
        given=("p_token", "exam_length"),
        derived={
            "share": lambda p_token, exam_length: p_token**exam_length,
            "needed": _questions(lambda P: np.log(0.05) / np.log1p(-P)),
            "rule_of_three": _questions(_three_over),
            "once": _questions(lambda P: 1 / P),
            "short_share": _questions(_with_short_share),
            "token_up": _short_token(np.ceil),
            "token_down": _short_token(np.floor),
            "three_over_five": _questions(_three_over_five),
            "part": _questions(lambda P: 0.95 / P),
            "half_of_one": _questions(lambda P: 0.5 / P),
            "turned": _questions(lambda P: np.log(0.95) / np.log1p(-P)),
            "ten": _questions(lambda P: np.log(0.1) / np.log1p(-P)),
            "one_per_cent": _questions(lambda P: np.log(0.01) / np.log1p(-P)),
            "half": _questions(lambda P: np.log(0.5) / np.log1p(-P)),
            "two_bases": _questions(lambda P: np.log10(0.05) / np.log1p(-P)),
            "twenty": _questions(lambda P: 20 / P),
            "e_ten": _questions(lambda P: np.log(0.05) / np.log10(1 - P)),
            "two_e": _questions(lambda P: np.log2(0.05) / np.log1p(-P)),
            "two_per_cent": _questions(lambda P: np.log(0.025) / np.log1p(-P)),
            "shorter": lambda p_token, exam_length: (
                np.log(0.05) / np.log1p(-(p_token ** (exam_length - 1)))
            ),
            "longer": lambda p_token, exam_length: (
                np.log(0.05) / np.log1p(-(p_token ** (exam_length + 1)))
            ),
            "divided": lambda p_token, exam_length: np.log(0.05) / np.log1p(-p_token / exam_length),
            "all_wrong": lambda p_token, exam_length: (
                np.log(0.05) / np.log1p(-((1 - p_token) ** exam_length))
            ),
            "single": lambda p_token, exam_length: np.log(0.05) / np.log1p(-p_token),
        },
        truth="needed",
        unit="questions",
        rtol=0.009,
        whole=True,
        bounds=(
            ("x > 1", "a number of questions, one at least"),
            (
                "abs(x / needed - 1) > 0.03 or abs(x / needed - 1) < 0.009",
                "that is near: the share of right answers may have been rounded (carry four digits "
                "of it), or three divided by it, which is only about right",
            ),
            (
                "(1 - share) ** x < 0.0515",
                "with so few questions the chance to see not a single right answer is above 5 %",
            ),
        ),
        mistakes=(
            (
                "single",
                "that many show one right token; an answer is right when all {exam_length} "
                "tokens are",
            ),
            (
                "once",
                "with so many questions you expect one right answer, and see none in more than a "
                "third of all exams",
            ),
            *(
                (
                    name,
                    "chances do not add up: each question misses with probability 1 - p ** length, "
                    "and n of them all miss with its nth power",
                )
                for name in ("part", "half_of_one")
            ),
            (
                "rule_of_three",
                "three divided by the share is only about right: it is for small shares, and this "
                "one is not small",
            ),
            (
                "turned",
                "that is how many questions still show nothing in 95 % of all exams; the "
                "question asks for the other way round",
            ),
            ("ten", "that leaves a chance of 10 % to see nothing; the question asks for 5 %"),
            (
                "one_per_cent",
                "that leaves a chance of 1 % to see nothing; the question asks for 5 %",
            ),
            ("half", "that leaves a chance of one half to see nothing; the question asks for 5 %"),
            ("two_bases", "two bases of logarithms are mixed: take both to the same one"),
            *(
                (name, "two bases of logarithms are mixed: take both to the same one")
                for name in ("e_ten", "two_e")
            ),
            *(
                (
                    text,
                    "that is about one token; an answer is right when all {exam_length} tokens are",
                )
                for text in ("3 / p_token", "log(0.05) / log(p_token)")
            ),
            (
                "3 * exam_length / p_token",
                "the chance of a whole answer is not that of a token over its length: the chances "
                "of the tokens multiply",
            ),
            (
                "two_per_cent",
                "that leaves a chance of 2.5 % to see nothing; the question asks for 5 %",
            ),
            *(
                (name, "an answer has {exam_length} tokens: all of them must be right, and no more")
                for name in ("shorter", "longer")
            ),
            (
                "divided",
                "the chance of a whole answer is not that of a token over its length: the chances "
                "of the tokens multiply",
            ),
            (
                "all_wrong",
                "that is about answers that have every token wrong; the question asks for "
                "answers that have every token right",
            ),
            *(
                (text, "that is the chance that one answer is right, not a number of questions")
                for text in ("share", "100 * share")
            ),
            (
                "1 - share",
                "that is the chance that one answer is wrong, not a number of questions",
            ),
            (
                "-needed",
                "the sign: both logarithms are negative, and their ratio is positive",
            ),
            (
                "needed / exam_length",
                "questions are asked for, and {exam_length} tokens make one answer already",
            ),
            *(
                (text, "a power of ten is off: how likely is one whole answer?")
                for text in ("needed / 1000", "needed / 10", "needed / 100", "100 * needed")
            ),
            (
                "short_share",
                "the share of right answers was rounded on the way: carry four digits of it",
            ),
            *(
                (
                    name,
                    "the chance of a token was rounded on the way: a power makes that error larger",
                )
                for name in ("token_up", "token_down")
            ),
            (
                "three_over_five",
                "that divides three by the 5 %; the rule divides it by the share of right answers",
            ),
            (
                "3 / (1 - share)",
                "that divides by the share of wrong answers; the rule divides by that of right "
                "ones",
            ),
            (
                "log(0.95) / log(share)",
                "that is about right answers one after another; a question misses with "
                "probability 1 - p ** length",
            ),
            (
                "1 / p_token",
                "with so many tokens you expect one right token; the question asks for questions",
            ),
            (
                "twenty",
                "5 % is what is left after many misses, a power of the number of questions, and "
                "not a share of them",
            ),
            (
                "0.05 / share",
                "chances do not add up, and 5 % is what may be missed: n questions all miss with "
                "the nth power of what one does",
            ),
            (
                "exam_length * single",
                "the tokens of an answer must all be right: their probabilities multiply",
            ),
            (
                "log(0.05) / log(share)",
                "that is about right answers one after another; a question misses with "
                "probability 1 - p ** length",
            ),
            (
                "log(0.05) / (exam_length * log(1 - p_token))",
                "an answer is wrong when one of its tokens is, not only when all are",
            ),
            ("exam_length * needed", "that counts the tokens of the exam; questions are asked for"),
        ),
        generic="that is not the first number at which the chance to see no right answer is below "
        "5 %; see how likely one question misses",
        hints=(
            "How likely is one whole answer? And how likely is it that n answers in a row are all "
            "wrong?",
            "(1 - p_token ** exam_length) ** n = 0.05",
            "`questions = np.log(0.05) / np.log(1 - ...)`",
        ),
        praise="about three divided by the share of right answers: that many questions until zero "
        "means anything",
    ),
    Choice(
        id="14-really-broken",
        answer="broken_family",
        given=("families_seed",),
        data=_before_and_after,
        derived={"place": _is_broken}
        | {
            f"beyond_{name}": (lambda families_seed, name=name: _beyond(families_seed, name))
            for name in "ABCD"
        },
        options=tuple(
            (
                name,
                f"abs(place - {place}) < 0.5",
                f"after 1e21 FLOPs the losses of {name} leave the line through its first seven by "
                f"{{beyond_{name}:.1f}} % at most: that is noise, carried forward. A sudden exam "
                "is no sign of a broken loss",
            )
            for place, name in enumerate("ABCD")
        ),
        hints=(
            "Leave the exams aside. What would you have forecast for each loss from its first "
            "seven models?",
            "A line through ln loss against ln compute up to 1e21 FLOPs (`slope`, `intercept` in "
            "the scratchpad): how far from it are the later losses?",
            "`line = np.polyfit(np.log(C[:7]), np.log(loss[:7]), 1)` for each family",
        ),
        praise="its loss left the line that its first seven models had drawn; the other exams only "
        "look sudden",
    ),
)

QUESTIONS = (
    Question(
        id="14-later-or-steeper",
        prompt="Suppose -log(p) of a digit falls as a power of the scale, and the scale axis is "
        "logarithmic. What does asking for ten digits in place of one do to the curve of right "
        "answers?",
        options=(
            Option(
                "It moves to the right and keeps its shape",
                right=True,
                why="p ** 10 has ten times the -log. To make up for "
                "that, the scale must grow by the factor 10 to the power 1/gamma, the same at "
                "every height of the curve.",
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
        prompt="A paper prints an exponent of 0.454 with an interval of 0.454 to 0.455. What does "
        "the "
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
                why="That is what a bootstrap measures: the noise between runs. Recipe, count, "
                "corpus and form are held fixed.",
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
        id="14-overnight",
        prompt="A network learns to add from examples, and its loss falls smoothly. Why does "
        "arithmetic appear overnight?",
        options=(
            "the network: at some moment it understands how to add",
            "the exam: it gives marks for whole answers only",
            "both have a part in it",
        ),
        keys=("a", "b", "c"),
        truth="c",
        says="Both: the exam hides it until late, and the loss of this skill waits and turns as "
        "well.",
    ),
    Prediction(
        id="14-two-laws",
        prompt="A law turns from one exponent to another, and you own seven runs around the turn. "
        "Which forecast for a hundred times further out would you trust?",
        options=("a line in logs", "a law with a floor", "the range between the two", "none"),
        keys=("a", "b", "c", "d"),
        truth="d",
        says="Before the turn both are too low, on it the law with a floor is too high: even the "
        "range between the two misses.",
    ),
    Prediction(
        id="14-ten-digits",
        prompt="At some moment the network gets three digits out of four right. What share of its "
        "ten-digit "
        "answers is right from end to end?",
        unit="%",
        lo=0,
        hi=100,
        truth=9.4,
        says="After 16,832 problems 76.5 % of the digits and 9.4 % of the ten-digit answers were "
        "right.",
    ),
    Prediction(
        id="14-next-two-doublings",
        prompt="A line through the losses from 4,000 to 20,000 problems fits within 2 %. How far "
        "off is "
        "its forecast for 80,000?",
        unit="%",
        lo=0,
        hi=1000,
        truth=67,
        says="The line says 0.87 nats, measured were 0.52: 67 % too high.",
    ),
    Prediction(
        id="14-schedule",
        prompt="The same models, trained with a learning rate that never falls. What does that "
        "change in the "
        "scaling law?",
        options=(
            "nothing",
            "the constant: every loss is higher by the same factor",
            "the exponent: the factor changes with the budget",
        ),
        keys=("a", "b", "c"),
        truth="c",
        says="It costs 5.2 % at 1e10 FLOPs and 9.8 % at 1e11, in the mean over widths: the factor "
        "changes with the budget.",
    ),
)
