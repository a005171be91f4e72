"""Chapter 8: what students may see of the judging, and the two exercises' simulated studies."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..._inputs import positive
from ...laws import BESIROGLU_2024, HOFFMANN_2022, HOFFMANN_2022_TEX, ChinchillaLaw
from .. import Number, Option, Part, Prediction, Question, Several
from ..kinds import once

_BUDGETS = (1e18, 3e18, 1e19, 3e19, 1e20, 3e20)
_STEPS = np.arange(-3, 4)  # doublings from the middle of a budget's seven sizes
_GIVEN = np.array([1 / 14, 1 / 7, 2 / 7])  # of the true optimum: all three on one side of it


def careless_study(edge_seed: int) -> pd.DataFrame:
    """Forty-two simulated runs with columns C, N, loss: six budgets of seven sizes each.

    Each size is twice the one before it; losses have 0.05 % noise and four decimals.
    """
    rng = np.random.default_rng(edge_seed)
    law, cut = _truth(rng), rng.choice([0, 1, 4, 5])
    valleys = []
    for place, C in enumerate(_BUDGETS):
        middle = law.optimum(C).N * rng.uniform(0.85, 1.18)
        if place == cut:  # a budget at the low end lacks small models, at the high end large ones
            away = rng.uniform(0.03, 0.045)
            middle = middle * away if place > 2 else middle / away
        N = 8000 * round(middle / 8000) * 2.0**_STEPS
        noise = np.exp(rng.normal(0, 0.0005, len(N)))
        loss = (law.loss(N, C / (6 * N)) * noise).round(4)
        valleys.append(pd.DataFrame({"C": C, "N": N, "loss": loss}))
    return pd.concat(valleys, ignore_index=True)


def printed_study(edge_seed: int) -> dict:
    """A row for each budget: FLOPs, the middle one of its seven sizes, the losses by size."""
    study = careless_study(edge_seed)
    N, loss = (study[name].to_numpy().reshape(6, 7) for name in ("N", "loss"))
    losses = {f"loss{place}": loss[:, place - 1] for place in range(1, 8)}
    return {"study": {"C": np.array(_BUDGETS), "N4": N[:, 3], **losses}}


def half_a_valley(seed: int) -> tuple[float, pd.DataFrame]:
    """A budget in FLOPs, and three simulated runs of it, without noise: columns N and loss."""
    law, C, sizes = _valley(seed)
    return C, pd.DataFrame({"N": sizes, "loss": law.loss(sizes, C / (6 * sizes))})


def buy(seed: int, N):
    """Loss in nats of one more simulated run of that budget, with N parameters and C / 6N tokens.

    N may be an array.

    Raises ValueError for an N that is not positive.
    """
    N, (law, C, _) = positive("N", N), _valley(seed)
    return law.loss(N, C / (6 * N))


def _valley(seed):
    """Law, budget, three sizes; drawn again where their parabola is near the bottom by luck."""
    rng = np.random.default_rng(seed)
    while True:
        law, C = _truth(rng), float(f"{10 ** rng.uniform(17, 24):.2e}")
        best = law.optimum(C).N
        sizes = (
            best * rng.uniform(0.9, 1.1) * (_GIVEN if rng.random() < 0.5 else 1 / _GIVEN[::-1])
        ).round(-3)
        bend, slope, _ = np.polyfit(np.log(sizes / best), law.loss(sizes, C / (6 * sizes)), 2)
        if abs(np.exp(-slope / (2 * bend)) - 1) > 0.06:
            return law, C, sizes


def _truth(rng) -> ChinchillaLaw:
    """A law with an exponent a well off one half, so that a and b cannot be mixed up."""
    alpha, ratio = rng.uniform(0.31, 0.36), rng.uniform(0.74, 0.86)
    alpha, beta = (alpha, alpha * ratio) if rng.random() < 0.5 else (alpha * ratio, alpha)
    by_size, by_data = rng.uniform(0.25, 0.45, 2)
    return ChinchillaLaw(
        rng.uniform(1.6, 1.9), by_size * 1e9**alpha, by_data * 2e10**beta, alpha, beta
    )


def _unless_near(wrong, right, share=0.006):
    """A slip's number; nan where it may pass for the right one, as far as that is told apart.

    That is within a share of it, or where two digits of the slip are three of the right one.
    """
    near = any(abs(one - right) <= share * abs(right) for one in (wrong, float(f"{wrong:.1e}")))
    return np.nan if near else wrong


def _each(template, values, words):
    """One mistake for each value that somebody puts in place of another, all in the same words."""
    return tuple((template.format(value), words) for value in values)


def _sums(L):
    """For an odd number of losses (the last axis), k from the middle: sum k L, k^2 L, L.

    Also what the first is divided by, how often the third is taken off, and what that is divided
    by, as the exercises print them.
    """
    count = L.shape[-1]
    k = np.arange(count) - count // 2
    squares, fourths = (k**2).sum(), (k**4).sum()
    off = squares / count
    return (L * k).sum(-1), (L * k**2).sum(-1), L.sum(-1), squares, off, fourths - off * squares


def _places(L):
    """Where a parabola's lowest point comes out in steps of k, rightly and by slips in b and c."""
    kL, kkL, whole, over_b, off, over_c = _sums(L)
    b, c = kL / over_b, (kkL - off * whole) / over_c
    right = -b / (2 * c)
    return {
        "": right,
        "c_whole": -b / (2 * kkL / over_c),
        "over_b_twice": right * over_b / over_c,
        "over_swapped": right * (over_b / over_c) ** 2,
        "off_third": -b / (2 * (kkL - off / 3 * whole) / over_c),
        "doubled": 2 * right,
        "halved": right / 2,
        "quad": 4 * right,
        "turned": -right,
    }


def _vertex(N, loss):
    curve = np.polyfit(np.log(N), loss, 2)
    return float(np.exp(-curve[1] / (2 * curve[0])))


def _slope(C, N):
    return float(np.polyfit(np.log(C), np.log(N), 1)[0])


@once
def _edge(data):
    """The budget to refuse, a without it, and what other readings give for a."""
    study = data["study"]
    C = study["C"]
    N = study["N4"][:, None] * 2.0**_STEPS
    loss = np.stack([study[f"loss{place}"] for place in range(1, 8)], axis=1)
    best = np.array([_vertex(*valley) for valley in zip(N, loss, strict=True)])
    at = loss.argmin(axis=1)
    lowest, kept = N[np.arange(6), at], (at > 0) & (at < 6)
    middle, places = N[:, 3], _places(loss)
    honest = _slope(C[kept], best[kept])

    def apart(value):
        return _unless_near(value, honest, 0.003)

    def without(*places):
        left = kept.copy()
        left[list(places)] = False
        return apart(_slope(C[left], best[left]))

    inner = np.flatnonzero(kept)
    slips = {
        f"place_{name}": apart(_slope(C[kept], (middle * 2**place)[kept]))
        for name, place in places.items()
        if name
    }
    slips |= {
        f"base_{name}": apart(_slope(C[kept], (middle * base ** places[""])[kept]))
        for name, base in (("e", np.e), ("10", 10.0), ("half", 2**0.5))
    }
    slips["linear"] = apart(_slope(C[kept], (middle * (1 + np.maximum(places[""], -0.9)))[kept]))
    slips |= {f"less_{place}": without(inner[place]) for place in range(5)}
    slips |= {
        f"other_{place}": apart(_slope(np.delete(C, inner[place]), np.delete(best, inner[place])))
        for place in range(5)
    }
    slips |= {
        f"two_{i}{j}": apart(_slope(C[inner[[i, j]]], best[inner[[i, j]]])) for i, j in _PAIRS
    }
    slips |= {
        f"low_{kind}_{place}": apart(_slope(np.delete(C, gone), np.delete(lowest, gone)))
        for place in range(5)
        for kind, gone in (
            ("less", [inner[place], np.flatnonzero(~kept)[0]]),
            ("other", [inner[place]]),
        )
    }
    steps = np.diff(np.log(best[kept])) / np.diff(np.log(C[kept]))
    slips["mean_slope"] = _unless_near(steps.mean(), honest, 0.001)
    slips["grown"] = best[inner[-1]] / best[inner[0]]
    slips["no_logs"] = np.polyfit(C[kept], best[kept], 1)[0]
    slips["published"] = apart(0.49)
    slips["rough_k"] = apart(_slope(C[kept], (middle * 2 ** places[""].round(1))[kept]))
    slips["rough_best"] = apart(_slope(C[kept], [float(f"{N:.1e}") for N in best[kept]]))
    slips["rough_C"] = apart(_slope(10 ** (np.floor(2 * np.log10(C[kept]) + 0.1) / 2), best[kept]))
    slips["mixed"] = apart(_slope(C, np.where(kept, best, lowest)))
    slips["cut"] = apart(np.floor(100 * honest) / 100)
    slips["filled"] = apart(round(honest, 2))
    slips["tenth"] = apart(_slope(C[kept], (middle * 2 ** (2.8 * places[""]))[kept]))
    slips["narrow"] = apart(
        _slope(C[kept], [_three(*one) for one in zip(N[kept], loss[kept], strict=True)])
    )
    plain = np.array([_plain(*one) for one in zip(N[kept], loss[kept], strict=True)])
    slips["in_N"] = apart(_slope(C[kept], plain)) if np.all(plain > 0) else np.nan
    return slips | {
        "edge": C[~kept][0],
        "honest": honest,
        "careless": _slope(C, lowest),
        "every": _slope(C, best),
        "lowest": _slope(C[kept], lowest[kept]),
        "middles": _slope(C[kept], N[kept, 3]),
        "all_middles": apart(_slope(C, N[:, 3])),
    }


def _three(N, loss):
    """The parabola through the lowest run and its neighbours."""
    inner = int(np.clip(loss.argmin(), 1, len(N) - 2))
    around = slice(inner - 1, inner + 2)
    return _vertex(N[around], loss[around])


def _plain(N, loss):
    """Where a parabola in N itself turns, which may be below 0."""
    middle = N[len(N) // 2]
    curve = np.polyfit(N / middle, loss, 2)
    return -middle * curve[1] / (2 * curve[0])


_PAIRS = tuple((i, j) for i in range(5) for j in range(i + 1, 5))
_EDGE_SLIPS = (
    *(f"place_{name}" for name in _places(np.array([3.0, 1.0, 2.0])) if name),
    *("base_e", "base_10", "base_half", "linear", "grown", "no_logs", "published"),
    "mean_slope",
    *(f"two_{i}{j}" for i, j in _PAIRS),
    *(
        f"{kind}_{place}"
        for kind in ("less", "other", "low_less", "low_other")
        for place in range(5)
    ),
    *("mixed", "cut", "filled", "tenth", "narrow", "in_N", "rough_k", "rough_best", "rough_C"),
)


def _edge_part(name):
    return lambda data, **_: _edge(data)[name]


def _numbered(loss, first, base, best):
    """A size by the formulas for k = -2 to 2, with the sizes counted from `first`."""
    k = np.arange(first, first + 5)
    b, c = loss @ k / 10, (loss @ k**2 - 2 * loss.sum()) / 14
    return _unless_near(base * 2 ** (-b / (2 * c)), best)


def _five(smallest_N, valley_loss):
    """What a valley of five sizes, each twice the one before, gives for its bottom."""
    N, loss = smallest_N * 2.0 ** np.arange(5), np.array(valley_loss)
    curve = np.polyfit(np.arange(-2, 3), loss, 2)
    best = N[2] * 2 ** (-curve[1] / (2 * curve[0]))
    low, next_low = N[np.argsort(loss, kind="stable")[:2]]

    def sized(places):
        return _unless_near(N[2] * 2**places, best)

    def left_out(which):
        return _unless_near(_vertex(np.delete(N, which), np.delete(loss, which)), best)

    slips = {f"place_{name}": sized(place) for name, place in _places(loss).items() if name}
    slips |= {
        f"size_{n}": np.nan if N[n] == low else _unless_near(N[n], best) for n in (0, 1, 3, 4)
    }
    return slips | {
        "middle": N[2],
        "steps": -curve[1] / (2 * curve[0]),
        "least": np.polyval(curve, -curve[1] / (2 * curve[0])),
        "lowest": low,
        "lowest_loss": loss.min(),
        "plain": _unless_near(_plain(N, loss), best),
        "through_three": _unless_near(_three(N, loss), best),
        "c_over_b": sized(-curve[0] / (2 * curve[1])),
        "c_over_b_twice": sized(-2 * curve[0] / curve[1]),
        "counted_0": _numbered(loss, 0, N[2], best),
        "counted_0_small": _numbered(loss, 0, N[0], best),
        "counted_1": _numbered(loss, 1, N[2], best),
        "counted_1_small": _numbered(loss, 1, N[0], best),
        "no_square": sized(-(_sums(loss)[0] / 10) / 2 / ((_sums(loss)[0] - 2 * loss.sum()) / 14)),
        "rough_place": sized(np.round(-curve[1] / (2 * curve[0]), 1)),
        "rough_losses": sized(_places(loss.round(2))[""]),
        "rougher_losses": sized(_places(loss.round(3))[""]),
        "between": _unless_near(np.sqrt(low * next_low), best),
        "half_way": _unless_near((low + next_low) / 2, best),
        "no_first": left_out(0),
        "no_last": left_out(4),
    }


_FIVE_SLIPS = (
    *(f"place_{name}" for name in _places(np.array([3.0, 1.0, 2.0])) if name),
    *("middle", "steps", "least", "lowest", "lowest_loss", "plain", "through_three"),
    *("c_over_b", "c_over_b_twice", "no_square"),
    *("counted_0", "counted_0_small", "counted_1", "counted_1_small"),
    *("rough_place", "rough_losses", "rougher_losses", "between", "half_way"),
    *(f"size_{n}" for n in (0, 1, 3, 4)),
    *("no_first", "no_last"),
)


def _five_part(name):
    return lambda **params: _five(**params)[name]


@once
def _window(window_budget, window_below, window_above):
    """What a window of nine sizes gives, as multiples of the true best size.

    The parabola in log N, its like in N, its like by another law and through sizes evenly spaced
    in N, the lowest run, the parabola through the three runs about it.
    """
    C, best = window_budget, HOFFMANN_2022.optimum(window_budget).N

    def seen(law=HOFFMANN_2022, below=window_below, above=window_above, count=9, about=best):
        N = np.geomspace(about / below, about * above, count)
        return N, law.loss(N, C / (6 * N))

    def found(*, of=best, **changes):
        return _vertex(*seen(**changes)) / of

    ends = best / window_below, best * window_above
    (N, loss), even = seen(), np.linspace(*ends, 9)
    right = _vertex(N, loss) / best
    even_loss = HOFFMANN_2022.loss(even, C / (6 * even))
    H, turned = HOFFMANN_2022, np.sqrt(window_below * window_above)
    crossed = {
        "swapped": ChinchillaLaw(H.E, H.B, H.A, H.beta, H.alpha),
        "swapped_AB": ChinchillaLaw(H.E, H.B, H.A, H.alpha, H.beta),
        "swapped_exponents": ChinchillaLaw(H.E, H.A, H.B, H.beta, H.alpha),
    }
    twenty, six_times = np.sqrt(C / 120), H.optimum(6 * C).N
    slips = {
        "sides": found(below=window_above, above=window_below),
        "even_sides": found(below=turned, above=turned),
        "both_below": found(above=window_below),
        "both_above": found(below=window_above),
        "ninth": found(above=window_above / (window_below * window_above) ** (1 / 9)),
        "no_above": found(above=1.0),
        "no_below": found(below=1.0),
        "plain_even": _plain(even, even_loss) / best,
        "other_whole": found(
            law=BESIROGLU_2024,
            about=BESIROGLU_2024.optimum(C).N,
            of=BESIROGLU_2024.optimum(C).N,
        ),
        "tex": found(law=HOFFMANN_2022_TEX),
        "of_found": 2 - 1 / right,
        "of_twenty": right * best / twenty,
        "about_twenty": found(about=twenty, of=twenty),
        "twenty_to_best": found(about=twenty),
        "no_six": _vertex(N, H.loss(N, C / N)) / best,
        "tokens_whole": _vertex(N, H.loss(N, C / (6 * best) + 0 * N)) / best,
        "six_both": found(about=six_times, of=six_times),
        "six_window": found(about=six_times),
        "six_of": right * best / six_times,
    }
    slips |= {f"sizes_{n}": found(count=n) for n in (3, 5, 7, 15)}
    slips |= {name: found(law=law) for name, law in crossed.items()}
    slips |= {
        f"{name}_own": found(law=law, about=law.optimum(C).N, of=law.optimum(C).N)
        for name, law in crossed.items()
    }
    places, middle = _places(loss), np.sqrt(window_above / window_below)
    wide = window_below * window_above
    slips |= {
        f"place_{name}": middle * wide ** (place / 8) for name, place in places.items() if name
    }
    place, (kL, kkL, whole, over_b, _, over_c) = places[""], _sums(loss)
    slips |= {
        f"off_{n}": middle * wide ** (-kL / over_b / 2 / ((kkL - off * whole) / over_c) / 8)
        for n, off in enumerate((20, 6.7, 6.67))
    }
    rough = [np.round(place, 1), np.round(place), *(_places(loss.round(n))[""] for n in (2, 3, 4))]
    rough = [one or np.nan for one in [*rough, np.round(place, 2)]]  # 0 is the window's middle
    slips |= {f"rough_{n}": middle * wide ** (one / 8) for n, one in enumerate(rough)}
    slips |= {
        "base_2": middle * 2**place,
        "base_e": middle * np.exp(place),
        "base_10": middle * 10**place,
        "of_nine": middle * wide ** (place / 9),
        "of_four": middle * wide ** (place / 4),
        "of_one": middle * wide**place,
        "from_optimum": wide ** (place / 8),
        "nine_from_optimum": wide ** (place / 9),
        "two_from_optimum": 2**place,
        "e_from_optimum": np.exp(place),
        "nine_back": wide ** ((place + 4) / 9) / window_below,
        "even_as_log": middle * wide ** (_places(even_loss)[""] / 8),
        "linear": middle * (1 + place / 8),
        "turned_middle": wide ** (place / 8) / middle,
        "over_28": middle * wide ** (place * 60 / 28 / 8),
        "over_28_84": middle * wide ** (place * 60 / 28 * 84 / 308 / 8),
        "from_smallest": wide ** (place / 8) / window_below,
        "from_largest": wide ** (place / 8) * window_above,
        "page": 1 - 0.068,
    }
    sixteen = _unless_near(100 * (found(below=16, above=16) - 1), 100 * (right - 1), 0.011)
    return {
        name: _unless_near(100 * (one - 1), 100 * (right - 1), 0.025) for name, one in slips.items()
    } | {
        "sixteen": sixteen,
        "place": place,
        "best": best,
        "ratio": right,
        "plain": _plain(N, loss) / best,
        "even": _vertex(even, even_loss) / best,
        "other": found(law=BESIROGLU_2024),
        "lowest": N[loss.argmin()] / best,
        "around": _three(N, loss) / best,
    }


_WINDOW_SLIPS = (
    *("sides", "even_sides", "both_below", "both_above", "no_above", "no_below"),
    *("plain_even", "other_whole", "tex"),
    *("of_found", "of_twenty", "about_twenty", "twenty_to_best", "no_six", "tokens_whole"),
    *(f"sizes_{n}" for n in (3, 5, 7, 15)),
    *("swapped", "swapped_AB", "swapped_exponents"),
    *("swapped_own", "swapped_AB_own", "swapped_exponents_own"),
    *(f"place_{name}" for name in _places(np.array([3.0, 1.0, 2.0])) if name),
    *("base_2", "base_e", "base_10", "of_nine", "of_four", "of_one", "from_optimum"),
    *("nine_from_optimum", "two_from_optimum", "e_from_optimum", "nine_back", "even_as_log"),
    *("linear", "from_smallest", "from_largest", "page", "sixteen", "ninth"),
    *("turned_middle", "over_28", "over_28_84"),
    *("six_both", "six_window", "six_of", "off_0", "off_1", "off_2"),
    *(f"rough_{n}" for n in range(6)),
    *("place", "best", "ratio", "plain", "even", "other", "lowest", "around"),
)


def _window_part(name):
    return lambda **params: _window(**params)[name]


def _bought_part(name):
    def part(two_runs_seed):
        law, C, sizes = _valley(two_runs_seed)
        return {
            "truth": law.optimum(C).N,
            "low": sizes[0],
            "high": sizes[-1],
            "guess": _vertex(*half_a_valley(two_runs_seed)[1].to_numpy().T),
        }[name]

    return part


_NO_EDGE = "there the lowest run has others on both sides: look for the budget whose lowest run is "
_NO_EDGE += "the first or the last of its seven"

EXERCISES = (
    Number(
        id="08-parabola",
        answer="valley_minimum",
        given=("smallest_N", "valley_loss"),
        derived={name: _five_part(name) for name in _FIVE_SLIPS},
        truth="middle * 2 ** steps",
        unit="parameters",
        bounds=(
            (
                "x > 1e6",
                "your five sizes begin at {smallest_N:g} parameters: is that a logarithm, a place "
                "in steps of k, or a size of another valley?",
            ),
            (
                "not near(x, middle * 2 ** steps, 0.02) or near(x, middle * 2 ** steps, 1e-6)",
                "that is within two per cent: perhaps k, b or c was rounded on the way. Carry four "
                "digits of each",
            ),
        ),
        mistakes=(
            (
                "lowest",
                "that is the run of lowest loss. The parabola's minimum may lie between two runs",
            ),
            (
                "plain",
                "that is a parabola in N. A valley is nearly a parabola in log N: equal factors of "
                "size weigh alike",
            ),
            (
                "middle * 2 ** (2 * steps)",
                "that goes twice as far from the middle: the lowest point of c k^2 + b k is at "
                "-b / (2 c)",
            ),
            (
                "place_quad",
                "that goes four times as far from the middle: the lowest point is at -b / (2 c), "
                "not at -2 b / c",
            ),
            (
                "middle * 2 ** -steps",
                "that is as far from the middle on the other side: -b / (2 c) has a sign",
            ),
            (
                "middle * 2 ** (steps / 2)",
                "that goes half as far from the middle: the lowest point of c k^2 + b k is at "
                "-b / (2 c)",
            ),
            (
                "middle * exp(steps)",
                "each step of k is a doubling: 2 to the k, not e to the k",
            ),
            (
                "middle * 10 ** steps",
                "each step of k is a doubling: 2 to the k, not 10 to the k",
            ),
            (
                "middle / 4 * 2 ** steps",
                "k = 0 is the middle size, which is four times the smallest",
            ),
            (
                "middle / 2 * 2 ** steps",
                "k = 0 is the middle size, the third",
            ),
            (
                "middle * (1 + steps)",
                "a step of k doubles the size; it does not add the middle size once more",
            ),
            ("middle", "that is the middle one of the five sizes, whatever their losses"),
            (
                "through_three",
                "that is the parabola through three runs; use all five, or one noisy run decides",
            ),
            (
                "steps",
                "that is the place in steps of k: turn it back into a size",
            ),
            ("log(middle * 2 ** steps)", "that is ln N: undo the logarithm"),
            ("log10(middle * 2 ** steps)", "that is log10 N: undo the logarithm"),
            (
                "exp(log10(middle * 2 ** steps))",
                "two kinds of logarithm are mixed: what log10 takes, 10 to the power gives back",
            ),
            *_each(
                "{}",
                ("least", "lowest_loss"),
                "that is a loss, that at the minimum or the lowest of the five; the question "
                "asks for the size",
            ),
            (
                "log(middle * 2 ** steps) / log(2)",
                "that is log2 N: undo the logarithm",
            ),
            *_each(
                "size_{}",
                (0, 1, 3, 4),
                "that is one of the five sizes; the parabola's minimum may lie between two runs",
            ),
            *_each(
                "16 * smallest_N * 2 ** {}",
                ("steps", "-steps"),
                "k is counted from the middle size, not from the largest",
            ),
            *_each(
                "{} * 2 ** steps",
                ("4 * middle", "2 * middle"),
                "k = 0 is the middle size, the third of the five",
            ),
            *_each(
                "middle * (1 + {})",
                ("steps / 2", "2 * steps"),
                "a step of k doubles the size: between two sizes 2 to the k, not a straight line",
            ),
            *_each(
                "smallest_N * {} ** (2 + steps)",
                ("10", "exp(1)", "4"),
                "each size is twice the one before: 2 to the k",
            ),
            *_each(
                "place_{}",
                ("c_whole", "off_third"),
                "look at c again: from sum(k^2 L) twice the sum of the five losses is taken off",
            ),
            *_each(
                "place_{}",
                ("over_b_twice", "over_swapped"),
                "b is over 10 and c over 14: is one the other's number, or are both left out?",
            ),
            *_each(
                "{}",
                ("c_over_b", "c_over_b_twice"),
                "b and c have changed places: c k^2 + b k is lowest at k = -b / (2 c)",
            ),
            *_each(
                "counted_{}",
                ("0", "0_small", "1", "1_small"),
                "b / 10 and c hold for k = -2 to 2 alone, and then k = 0 is the middle size",
            ),
            (
                "no_square",
                "look at c again: k is squared there, k^2 L",
            ),
            *_each(
                "smallest_N * 2 ** {}",
                ("-steps", "(2 * steps)"),
                "k = 0 is the middle size, not the smallest; and look at sign and 2 of -b / (2 c)",
            ),
            (
                "middle * abs(steps)",
                "a step of k doubles the size: 2 to the k times the middle size",
            ),
            *_each(
                "smallest_N * ({} + steps)",
                (2, 3),
                "each size is twice the one before: a place in steps of k is a power of 2",
            ),
            (
                "0.75 * middle * 2 ** steps",
                "the third size is four times the smallest, not three times",
            ),
            *_each(
                "middle * 2 ** {}",
                ("(10 * steps)", "(steps / 14)"),
                "b is divided by 10 and c by 14: one of the two is left out",
            ),
            *_each(
                "{}",
                ("rough_place", "rough_losses", "rougher_losses"),
                "a step was rounded on the way: the losses have four decimals, and k needs three "
                "digits",
            ),
            *_each(
                "{}",
                ("between", "half_way"),
                "that is the middle between the two lowest runs; the parabola takes all five",
            ),
            *_each(
                "{}",
                ("no_first", "no_last"),
                "that parabola leaves out a run at one end; use all five",
            ),
            *_each(
                "middle * 2 ** steps {} 10",
                ("*", "/"),
                "a power of ten is off: compare it with the five sizes",
            ),
            *_each(
                "middle * 2 ** steps / {}",
                ("1e6", "1e9"),
                "the size is asked for in parameters; that looks like millions or billions of them",
            ),
        ),
        generic="that is not where the parabola through all five runs, in log N, is lowest: "
        "compare your k = -b / (2 c) with the places of the two lowest runs, and carry all four "
        "decimals of the losses",
        hints=(
            "Which variable makes the valley nearly symmetric: N or log N?",
            "Number the sizes k = -2 to 2. The parabola is lowest at k = -b / (2 c), and a step of "
            "k is a doubling of the size.",
            "`valley_N = smallest_N * 2.0 ** np.arange(5)`",
        ),
        praise="that is Approach 2 for one budget",
    ),
    Several(
        id="08-two-runs",
        answer="completed",
        given=("two_runs_seed",),
        notebook="it buys runs from a simulated laboratory",
        derived={name: _bought_part(name) for name in ("truth", "low", "high", "guess")},
        parts=(
            Part(name="first", unit="parameters"),
            Part(name="second", unit="parameters"),
            Part(
                name="minimum",
                truth="truth",
                unit="parameters",
                rtol=0.035,
                mistakes=(
                    (
                        "first",
                        "that is one of the runs you bought; the minimum of the parabola lies "
                        "between runs",
                    ),
                    (
                        "second",
                        "that is one of the runs you bought; the minimum of the parabola lies "
                        "between runs",
                    ),
                    ("log(truth)", "that is a logarithm: undo it"),
                    ("log10(truth)", "that is a logarithm: undo it"),
                    (
                        "guess",
                        "that is the vertex of the three runs you were given: it lies outside "
                        "them, an extrapolation. Fit all five",
                    ),
                ),
                generic="the minimum is not within 3.5 % of the true one: is it that of the "
                "parabola through all five runs? It leans where the runs see too little of the far "
                "side, or too much",
            ),
        ),
        bounds=(
            (
                "first > 0 and second > 0",
                "the two runs you buy are named by their sizes, in parameters",
            ),
            (
                "not near(first, second, 0.05)",
                "two runs of the same size tell you one thing twice: buy two different sizes",
            ),
            (
                "min(min(first, second), low) < truth and max(max(first, second), high) > truth",
                "all five runs still lie on one side of the valley: the loss falls right up to the "
                "last one. Buy further on",
            ),
            (
                "max(first, second) < 6 * truth and min(first, second) > truth / 12",
                "one of the runs is so far up the other side that it bends the parabola: buy "
                "nearer to the bottom",
            ),
        ),
        hints=(
            "In which direction does the loss of the three runs fall, and about where would it "
            "turn?",
            "One run near the guessed bottom and one on the far side make the lowest run an inner "
            "one; then fit a parabola in log N to all five.",
            "`budget, three = half_a_valley(two_runs_seed)`, and `buy(two_runs_seed, N)` gives the "
            "loss of a run of "
            "N parameters",
        ),
        praise="the bottom lies between runs, and the parabola finds it within 3.5 %",
    ),
    Several(
        id="08-edge",
        answer="mended",
        given=("edge_seed",),
        data=printed_study,
        derived={
            name: _edge_part(name)
            for name in (
                *("edge", "honest", "careless", "every", "lowest", "middles", "all_middles"),
                *_EDGE_SLIPS,
            )
        },
        parts=(
            Part(
                name="budget",
                truth="edge",
                unit="FLOPs",
                exact=True,
                mistakes=(
                    ("honest", "budget and a have changed places"),
                    *((f"{C:g}", _NO_EDGE) for C in _BUDGETS),
                    ("log10(edge)", "that is the power of ten; the budget is asked for in FLOPs"),
                    ("log(edge)", "that is a logarithm; the budget is asked for in FLOPs"),
                    ("edge / 1e18", "that is in units of 10^18; the budget is asked for in FLOPs"),
                    *(
                        (f"{place}", "that is a row's number; the budget is asked for in FLOPs")
                        for place in range(1, 7)
                    ),
                ),
                generic="that is none of the six budgets of the column C",
            ),
            Part(
                name="a",
                truth="honest",
                mistakes=(
                    ("edge", "budget and a have changed places"),
                    (
                        "careless",
                        "that is the careless exponent: it takes the lowest run of every budget, "
                        "the one at the edge as well",
                    ),
                    (
                        "every",
                        "that line goes through the vertex of the refused parabola too, which is "
                        "an extrapolation and no minimum",
                    ),
                    (
                        "lowest",
                        "the right budget is left out, but those are the lowest runs: take the "
                        "minima of the parabolas",
                    ),
                    (
                        "middles",
                        "that is how the middles of the windows grow; take the minima of the "
                        "parabolas",
                    ),
                    (
                        "all_middles",
                        "that is how the middles of all six windows grow; take the minima of the "
                        "parabolas, and leave out the one at the edge",
                    ),
                    (
                        "1 - honest",
                        "that is the exponent of the tokens; the question asks for that of the "
                        "size",
                    ),
                    (
                        "1 / honest",
                        "that slope is upside down: log N against log C, not log C against log N",
                    ),
                    (
                        "0.5",
                        "one half would be an even share of size and data; these minima have a "
                        "slope of their own",
                    ),
                    (
                        "0.73",
                        "that is Kaplan's exponent; these minima have a slope of their own",
                    ),
                    (
                        "0.513",
                        "that is the replication's exponent; this study has another truth",
                    ),
                    ("-honest", "the sign: the best size grows with the budget"),
                    (
                        "honest * log(10)",
                        "two kinds of logarithm: take the same one of the size and of the budget",
                    ),
                    (
                        "honest / log(10)",
                        "two kinds of logarithm: take the same one of the size and of the budget",
                    ),
                    (
                        "honest / log(2)",
                        "two kinds of logarithm: take the same one of the size and of the budget",
                    ),
                    (
                        "honest * log(2)",
                        "two kinds of logarithm: take the same one of the size and of the budget",
                    ),
                    *_each(
                        "honest {} log10(2)",
                        ("*", "/"),
                        "two kinds of logarithm: take the same one of the size and of the budget",
                    ),
                    *_each(
                        "{} ** honest",
                        ("2", "10"),
                        "that is how many times larger the size gets; a is the power behind it",
                    ),
                    *_each(
                        "base_{}",
                        ("e", "10", "half"),
                        "each step of k is a doubling: the size is N4 times 2 to the k",
                    ),
                    *_each(
                        "rough_{}",
                        ("k", "best"),
                        "perhaps k or the minima were rounded on the way: carry four digits of "
                        "each",
                    ),
                    ("rough_C", "log10 of 3e18 is 18.477: carry four digits of each budget"),
                    ("linear", "a step of k doubles the size: 2 to the k, not 1 + k"),
                    (
                        "place_turned",
                        "that is as far from the middles on the other side: -b / (2 c) has a sign",
                    ),
                    (
                        "place_doubled",
                        "the 2 is missing: the lowest point of c k^2 + b k is at -b / (2 c)",
                    ),
                    (
                        "place_halved",
                        "a 2 too many: the lowest point of c k^2 + b k is at -b / (2 c)",
                    ),
                    ("place_quad", "the lowest point is at -b / (2 c), not at -2 b / c"),
                    *_each(
                        "place_{}",
                        ("c_whole", "off_third"),
                        "look at c again: from sum(k^2 L) four times the sum of the seven losses "
                        "is taken off",
                    ),
                    *_each(
                        "place_{}",
                        ("over_b_twice", "over_swapped"),
                        "b is over 28 and c over 84: is one the other's number, or are both left "
                        "out?",
                    ),
                    *_each(
                        "less_{}",
                        range(5),
                        "that leaves out one more budget than the one whose valley is cut off: "
                        "five are left",
                    ),
                    *_each(
                        "other_{}",
                        range(5),
                        "that leaves out another budget than the one whose valley is cut off",
                    ),
                    *_each(
                        "two_{}",
                        [f"{i}{j}" for i, j in _PAIRS],
                        "that is the slope between two of the minima; the line goes through all "
                        "five",
                    ),
                    (
                        "mean_slope",
                        "that is the mean of the slopes between neighbours; the line goes through "
                        "all five minima",
                    ),
                    *_each(
                        "low_less_{}",
                        range(5),
                        "those are the lowest runs of four budgets; take the minima of the "
                        "parabolas, and five budgets",
                    ),
                    *_each(
                        "low_other_{}",
                        range(5),
                        "those are lowest runs, the one at the edge among them: leave that budget "
                        "out, and take the minima of the parabolas",
                    ),
                    *_each(
                        "{}",
                        ("grown", "log(grown)", "log10(grown)"),
                        "that is how much the best size grows from the first of the five to the "
                        "last, or its logarithm; a is the slope against log C",
                    ),
                    (
                        "no_logs",
                        "that is the slope of N against C; take the logarithms of both",
                    ),
                    (
                        "mixed",
                        "that still has the budget at whose edge the lowest run lies, with that "
                        "run: leave it out",
                    ),
                    ("cut", "that is cut off after two digits: give three, rounded"),
                    ("filled", "that is rounded to two digits: work the third out"),
                    ("tenth", "with seven sizes b is divided by 28, not by 10 as with five"),
                    (
                        "narrow",
                        "those parabolas go through three runs; take all seven of each budget",
                    ),
                    ("in_N", "those are parabolas in N; a valley is nearly one in log N"),
                    *_each(
                        "{}",
                        ("1 - careless", "1 - every"),
                        "that is the exponent of the tokens, and with all six budgets; asked for "
                        "is that of the size, without the edge",
                    ),
                    (
                        "100 * honest",
                        "that is a hundred times as much: an exponent is no percentage",
                    ),
                    *_each(
                        "{}",
                        ("0.366", "0.441", "0.353", "0.429"),
                        "that is an exponent of the page's own study; this one has another truth",
                    ),
                    *_each(
                        "{} + 1e-8",  # of 0.49 several ways are told, although it is typed exactly
                        ("0.27", "0.457", "0.46", "published"),
                        "that is a published exponent; these minima have a slope of their own",
                    ),
                ),
                generic="a is not the slope of log N against log C through the minima of the five "
                "other parabolas: carry four digits of each, and compare it with the sizes of its "
                "two lowest runs first",
            ),
        ),
        bounds=(
            ("budget > 1e17", "the budget is in FLOPs, as in the column C"),
            (
                "a > 0 and a < 1",
                "the exponent lies between 0 and 1: the best size grows, but not as fast as the "
                "budget",
            ),
            (
                "abs(a / honest - 1) > 0.01 or abs(a / honest - 1) < 1e-6",
                "that is within one per cent: perhaps something was rounded on the way, or not all "
                "five minima were used. Carry four digits of k and of each",
            ),
        ),
        hints=(
            "Where in its budget is the lowest run: between other runs, or the last on one side?",
            "Fit each budget its parabola; refuse the one with its minimum outside its sizes; then "
            "the slope of log N against log C.",
            "`fit = fitting.fit_isoflop(study.C, study.N, study.loss)`, and read the warning",
        ),
        praise="an edge is not a minimum; with the lowest run of all six budgets a would be "
        "{careless:.2f}",
    ),
    Number(
        id="08-window-bias",
        answer="bias",
        given=("window_budget", "window_below", "window_above"),
        derived={name: _window_part(name) for name in _WINDOW_SLIPS},
        truth="100 * (ratio - 1)",
        unit="%",
        atol=0.03,
        bounds=(
            (
                "abs(x) < 60",
                "that is far too much for this window: the parabola's minimum lies inside it, "
                "beside the true optimum",
            ),
            (
                "x * (ratio - 1) > 0",
                "the parabola misses on the other side. Positive means too large a model. If it "
                "is the sign alone, see which way the window reaches further; if not, look at c "
                "and at the best size that you compare with",
            ),
        ),
        mistakes=(
            ("ratio - 1", "that is the bias as a share; the question asks for per cent"),
            (
                "ratio",
                "that is the ratio of both sizes; the question asks by how many per cent it "
                "differs from 1",
            ),
            (
                "100 * ratio",
                "that is the ratio in per cent; the question asks by how much it differs from "
                "100 %",
            ),
            (
                "100 * (1 - ratio)",
                "the sign: positive where the parabola's minimum is a larger model than the true "
                "optimum",
            ),
            (
                "100 * (1 / ratio - 1)",
                "that is the bias of the tokens (at one budget they go as 1/N); the question "
                "asks for that of the size",
            ),
            ("100 * (plain - 1)", "that is a parabola in N; Approach 2 takes log N"),
            (
                "100 * (even - 1)",
                "those sizes are evenly spaced in N; they should be evenly spaced in log N",
            ),
            (
                "100 * (lowest - 1)",
                "that is the lowest of the nine runs, not the minimum of the parabola",
            ),
            (
                "100 * (around - 1)",
                "that parabola goes through three runs; it should go through all nine",
            ),
            (
                "100 * (other - 1)",
                "that is what the replication's law gives; the truth here is HOFFMANN_2022",
            ),
            *_each(
                "100 * {}",
                ("log(ratio)", "log10(ratio)", "log(ratio) / log(2)"),
                "that is a difference of logarithms; the question asks for the ratio less 1, in "
                "per cent",
            ),
            (
                "log(ratio)",
                "that is a difference of logarithms, as a share; the question asks for the ratio "
                "less 1, in per cent",
            ),
            *_each(
                "{}",
                ("place", "-place", "100 * place"),
                "that is the place in steps of k, from the window's middle: turn it into a size, "
                "and compare that with the true optimum",
            ),
            *_each(
                "{}",
                ("best", "best * ratio", "best * ratio - best"),
                "that is a size, or a difference of sizes; the question asks by how many per "
                "cent one is off the other",
            ),
            (
                "of_found",
                "that is a share of the size that the parabola finds; asked for is one of the true "
                "optimum",
            ),
            (
                "sides",
                "below and above have changed places: the window begins at the optimum divided by "
                "window_below",
            ),
            *_each(
                "{}",
                ("even_sides", "both_below", "both_above", "sixteen"),
                "that window reaches equally far either way; yours does not",
            ),
            *_each(
                "{}",
                ("no_above", "no_below"),
                "that window ends at the optimum itself; yours goes on beyond it",
            ),
            *_each("sizes_{}", (3, 5, 7, 15), "that has another number of sizes than nine"),
            *_each(
                "base_{}",
                ("2", "e", "10"),
                "here a step of k is neither a doubling nor a factor e or 10: the whole window, "
                "below times above, is eight steps",
            ),
            *_each(
                "{}",
                ("of_nine", "of_four", "of_one", "ninth", "nine_back"),
                "nine sizes are eight steps apart: a step is the eighth root of below times above",
            ),
            *_each(
                "rough_{}",
                range(6),
                "a loss or k was rounded on the way: the losses differ little, so carry six digits",
            ),
            (
                "from_optimum",
                "that is how far the minimum is off the middle of the window, which is not the "
                "true optimum",
            ),
            (
                "nine_from_optimum",
                "a step is the eighth root of below times above, not the ninth; and k is counted "
                "from the middle of the window, which is not the optimum",
            ),
            *_each(
                "{}_from_optimum",
                ("two", "e"),
                "here a step of k is neither a doubling nor a factor e; and k is counted from the "
                "middle of the window, which is not the optimum",
            ),
            (
                "even_as_log",
                "those sizes are evenly spaced in N; for k in equal steps they should be evenly "
                "spaced in log N",
            ),
            (
                "linear",
                "a step of k is a factor: below times above to the power k / 8, not 1 + k / 8",
            ),
            *_each(
                "from_{}",
                ("smallest", "largest"),
                "k = 0 is the middle of the window, not the smallest or the largest size",
            ),
            (
                "turned_middle",
                "the middle of the window is the best size times the root of above over below, "
                "not of below over above",
            ),
            (
                "100 * (sqrt(window_below / window_above) - 1)",
                "that is how far the best size is off the middle of the window, before any "
                "parabola",
            ),
            *_each(
                "over_{}",
                ("28", "28_84"),
                "nine sizes have b over 60 and c over 308; 28 and 84 are those of seven",
            ),
            (
                "page",
                "that is the page's parabola through five runs; yours has nine, in another window",
            ),
            (
                "place_turned",
                "that is as far from the middle on the other side: -b / (2 c) has a sign",
            ),
            *_each(
                "place_{}",
                ("doubled", "halved"),
                "look at the 2: the lowest point of c k^2 + b k is at -b / (2 c)",
            ),
            *_each(
                "place_{}",
                ("c_whole", "off_third"),
                "look at c again: from sum(k^2 L) 20/3 of the sum of the losses is taken off",
            ),
            ("place_quad", "the lowest point is at -b / (2 c), not at -2 b / c"),
            ("off_0", "in c stands 20/3, not 20, before the sum of the losses"),
            *_each(
                "off_{}",
                (1, 2),
                "20/3 was rounded: what is left of c is small, so carry six digits of 20/3 too",
            ),
            *_each(
                "place_{}",
                ("over_b_twice", "over_swapped"),
                "b is over 60 and c over 308: is one the other's number, or are both left out?",
            ),
            ("plain_even", "those are sizes evenly spaced in N, and a parabola in N; take log N"),
            *_each(
                "{}",
                ("other_whole", "tex"),
                "that is what another law gives; the truth here is HOFFMANN_2022 as printed",
            ),
            *_each(
                "{}",
                ("of_twenty", "about_twenty", "twenty_to_best"),
                "twenty tokens a parameter are not this law's optimum: take "
                "hoffmann_2022.optimum(window_budget)",
            ),
            *_each(
                "{}",
                [
                    f"{name}{own}"
                    for name in ("swapped", "swapped_AB", "swapped_exponents")
                    for own in ("", "_own")
                ],
                "size and data have changed places in the law: A and alpha belong to N, B and "
                "beta to D",
            ),
            *_each(
                "{}",
                ("six_both", "six_window", "six_of"),
                "that takes the best size of six times the budget: compute is 6 N D, so in a "
                "formula for N stands window_budget / 6",
            ),
            ("no_six", "each run has window_budget / (6 N) tokens: where is the 6?"),
            (
                "tokens_whole",
                "that gives all sizes the same tokens; the budget is the same, so D = C / (6 N)",
            ),
            (
                "0",
                "there is no noise, and still the parabola misses: the valley is no parabola",
            ),
            (
                "-4.9",
                "the page's window from 20 below to 2 above has that, and so have rounded losses: "
                "carry six digits",
            ),
            *_each(
                "{}",
                ("5.37", "-5.1"),
                "that is the size, or the tokens, of the page's window of 16 either way; yours is "
                "another",
            ),
            (
                "100 * (sqrt(window_above / window_below) - 1)",
                "that is how far the middle of the window is off, before any parabola",
            ),
            (
                "100 * (ratio / lowest - 1)",
                "that is off the lowest run; the bias is off the true optimum",
            ),
        ),
        generic="the parabola through the nine losses of your window does not miss by that. The "
        "losses differ little: carry six digits of each, and first see in which step of k it is "
        "lowest",
        hints=(
            "There is no noise here: only the law, nine sizes and a parabola.",
            "The sizes are best / below * (below * above)^((k + 4)/8) for k = -4 to 4. Their "
            "parabola c k^2 + b k + d has b = sum(k L)/60 and "
            "c = (sum(k^2 L) - (20/3) sum(L))/308; it is lowest at k = -b / (2 c).",
            "`best = HOFFMANN_2022.optimum(window_budget).N`",
        ),
        praise="no noise, no mistake, and still off by that much",
    ),
)


QUESTIONS = (
    Question(
        id="08-too-large",
        prompt="All models of the table cost the same. Why is the largest of them worse than the "
        "best?",
        options=(
            Option(
                "it overfits: it has many parameters for its text",
                why="Every letter is read once, so there is nothing to learn by heart.",
                key="a",
            ),
            Option(
                "large models need another learning rate, and it did not get one",
                why="The recipe fits the rate to the width. And a law without a learning rate "
                "has the same valley.",
                key="c",
            ),
            Option(
                "it could read too little",
                right=True,
                why="It had 1.4 letters for each parameter. It read less text than its size "
                "could use.",
                key="b",
            ),
        ),
    ),
    Question(
        id="08-price-of-a-miss",
        prompt="A plan picks a size that is 5 % off the best. What does that cost?",
        options=(
            Option(
                "about 5 % more compute",
                why="That would be a valley with steep walls. Near its bottom a parabola is flat.",
                key="a",
            ),
            Option(
                "nothing at all",
                why="There is a price, if a small one; it grows with the square of the miss.",
                key="c",
            ),
            Option(
                "less than 0.1 % more compute",
                right=True,
                why="The valley is flat there. For the same reason its bottom is hard to find.",
                key="b",
            ),
        ),
    ),
    Question(
        id="08-at-the-edge",
        prompt="At one budget the smallest model that was trained has the lowest loss. What may "
        "you conclude?",
        options=(
            Option(
                "that is the best size for this budget",
                why="It says where the laboratory stopped, not where the valley ends.",
                key="a",
            ),
            Option(
                "smaller models must be run at this budget",
                right=True,
                why="The bottom lies below the second size. Only runs on the far side can show "
                "where.",
                key="b",
            ),
            Option(
                "the vertex of a parabola will tell where the bottom is",
                why="A wide parabola leans back inside its window. On this page such a vertex was "
                "off by almost half.",
                key="c",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="08-width",
        prompt="One big model briefly, or a small one for long? Which width of the table reaches "
        "the lowest loss?",
        lo=16,
        hi=64,
        truth=32,
        says="The runs say 32, in 99.6 % of resamples: neither the largest nor the smallest.",
    ),
    Prediction(
        id="08-ends",
        prompt="And by how many per cent is the loss at the two ends of the table higher than the "
        "best?",
        unit="%",
        lo=0,
        hi=100,
        truth=3.7,
        says="The runs say 3.5 % at the smallest model and 3.9 % at the largest.",
    ),
    Prediction(
        id="08-found-bottom",
        prompt="Five small runs lie exactly on the law, without noise, and a parabola in log N "
        "is fitted to them. By how many per cent does its lowest point miss the true best size? "
        "(Below it is negative.)",
        unit="%",
        lo=-100,
        hi=100,
        truth=-6.8,
        says="It lies 6.8 % below. The true best size is almost the largest of the five: they see "
        "one side of the valley, and a valley is no parabola.",
    ),
    Prediction(
        id="08-no-noise",
        prompt="No noise at all, and windows centred on the true optimum: how far off will the "
        "planned size be?",
        unit="%",
        lo=-100,
        hi=100,
        truth=5.4,
        says="The plan has a size 5.4 % too large, and 5.1 % too few tokens.",
    ),
)
