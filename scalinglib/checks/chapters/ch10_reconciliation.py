"""Chapter 10: what students may see of the judging, and a simulated laboratory."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from ...counting import PEARCE_OMEGA, total_params
from ...laws import (
    BESIROGLU_2024,
    HOFFMANN_2022,
    HOFFMANN_2022_TEX,
    KAPLAN_2020,
    ChinchillaLaw,
)
from .. import Number, Option, Part, Prediction, Question, Several
from ..kinds import once
from ..slips import apart, early

_BUDGETS = 10.0 ** np.arange(16, 19.6, 0.5)
_SIZES = np.geomspace(1 / 4, 4, 7)  # of the best size of each budget
_NOISE = 0.0005


# ---- the four studies of a laboratory ------------------------------------------------------------


def lab_runs(lab_seed: int, count_embeddings: bool, short_warmup: bool) -> pd.DataFrame:
    """The IsoFLOP study of a simulated laboratory: C (nominal FLOPs), N, D, loss.

    Eight budgets of seven sizes, little noise. Without `count_embeddings`, N and C = 6 N D leave
    the embeddings out; the models have them all the same. Without `short_warmup` every run, however
    short, spends the same tokens on its warm-up and learns less from them.
    """
    rng = np.random.default_rng(lab_seed)
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
    noise = np.random.default_rng([lab_seed, count_embeddings, short_warmup]).normal(
        0, _NOISE, len(N)
    )
    return pd.DataFrame(
        {"C": C, "N": counted(N), "D": C / (6 * counted(N)), "loss": loss(C, N) * np.exp(noise)}
    )


#: the column of each study's best sizes, and what it had corrected: counting, warm-up
_STUDIES = {
    "N_neither": (False, False),
    "N_counted": (True, False),
    "N_short": (False, True),
    "N_both": (True, True),
}


@cache
def _minima(lab_seed) -> dict[str, list[float]]:
    """The bottoms of the valleys of the four studies, as `fit_isoflop` finds them."""
    from ...fitting import fit_isoflop

    found = {"C": [float(f"{C:.6g}") for C in _BUDGETS]}
    for name, how in _STUDIES.items():
        runs = lab_runs(lab_seed, *how)
        minima = fit_isoflop(runs.C, runs.N, runs.loss).minima
        found[name] = [float(f"{N:.5g}") for N in minima.N]
    return found


_MAY_MEET = ("ends", "top", "bottom", "lower", "upper", "factors")


@once
def _exponents(data) -> dict[str, float]:
    """The slopes of the four studies' lines."""
    minima = data["minima"]
    log_C = np.log(minima["C"])
    return {
        name.removeprefix("N_"): np.polyfit(log_C, np.log(minima[name]), 1)[0] for name in _STUDIES
    }


def _share_by_hand(before, after):
    def share(keep, lab_seed, data):
        a = {name: keep("exponents", value) for name, value in _exponents(data).items()}
        step, whole = a[before] - a[after], a["neither"] - a["both"]
        return keep("falls", step) / keep("falls", whole)

    return share


_ROUGH_SHARES = {
    part: early(
        part,
        _share_by_hand(*studies),
        {
            "exponents": "were the exponents rounded, or made from fewer than the eight budgets? "
            "A share is a ratio of small differences, so carry five digits of each",
            "falls": "were the two falls",
        },
        carry=5,
        least=2,
    )
    for part, studies in (("first", ("neither", "counted")), ("last", ("short", "both")))
}


@once
def _falls(data) -> dict[str, float]:
    """The exponents of the four studies, and what slips give for the two shares."""
    minima, a = data["minima"], _exponents(data)

    def shares(a):
        whole = a["neither"] - a["both"]
        return (a["neither"] - a["counted"]) / whole, (a["short"] - a["both"]) / whole

    def slopes(x, y, part: slice | list[int] = slice(None)):
        return {
            name: np.polyfit(x(minima["C"][part]), y(minima[f"N_{name}"][part]), 1)[0] for name in a
        }

    slips = {
        "turned": {
            name: np.polyfit(np.log(minima[f"N_{name}"]), np.log(minima["C"]), 1)[0] for name in a
        },
        "factors": {name: np.log(value) for name, value in a.items()},
        "ends": slopes(np.log, np.log, [0, -1]),
        "top": slopes(np.log, np.log, [-2, -1]),
        "bottom": slopes(np.log, np.log, [0, 1]),
        "lower": slopes(np.log, np.log, slice(4)),
        "upper": slopes(np.log, np.log, slice(4, None)),
        "unlogged": slopes(np.asarray, np.asarray),
    }
    first, last = shares(a)
    found = {
        "share_first": first,
        "share_last": last,
        "whole_fall": a["neither"] - a["both"],
        **{f"a_{name}": value for name, value in a.items()},
    }
    for slip, exponents in slips.items():
        for place, right, wrong in zip(
            ("first", "last"), (first, last), shares(exponents), strict=True
        ):
            # digits lost may lead back to the right share
            near = slip in _MAY_MEET and any(
                abs(round(wrong, digits) / right - 1) < share
                for digits, share in ((9, 0.0101), (2, 0.0015), (3, 0.0015))
            )
            found[f"{slip}_{place}"] = np.nan if near else wrong
    return found


def _fall(name):
    return lambda lab_seed, data: _falls(data)[name]


#: slips in the four exponents, and what is said of the shares that they give
_FITTED = {
    "turned": "those exponents are slopes of log C against log N; "
    "N grows as C to the power a, so log C is the one to go along",
    "factors": "that compares the exponents' logarithms, by which factor they fall; the question "
    "asks for the share of the fall itself",
    "ends": "those exponents are of the first and the last budget alone: lay a line through all "
    "eight",
    "top": "those exponents are of the two largest budgets alone: lay a line through all eight",
    "bottom": "those exponents are of the two smallest budgets alone: lay a line through all eight",
    "lower": "those exponents are of the four smallest budgets: lay a line through all eight",
    "upper": "those exponents are of the four largest budgets: lay a line through all eight",
    "unlogged": "those are slopes of N against C themselves; an exponent is a slope of logarithms",
}


_FALLS = (
    *("share_first", "share_last", "whole_fall"),
    *("a_neither", "a_counted", "a_short", "a_both"),
    *(f"{slip}_{place}" for slip in _FITTED for place in ("first", "last")),
)


def _of_study(place):
    """What is said of shares from wrong exponents, and of an exponent in place of a share."""
    alone = tuple(
        (f"a_{name}", "that is the exponent of one study; a share compares the fall between two")
        for name in ("neither", "counted", "short", "both")
    )
    fitted = tuple((f"{slip}_{place}", words) for slip, words in _FITTED.items())
    return fitted + alone + _ROUGH_SHARES[place].mistakes


# ---- the slope of a narrow study -----------------------------------------------------------------


def _slope(n_middle, omega, law=BESIROGLU_2024, also="", weight=2 / 3, root=None, turned=False):
    """d log N / d log C of the frontier at n_middle.

    Slips: another `law`; embeddings counted `also` in "N", in "C" or in both, "NC"; another
    `weight` of their share in s, another `root` of N that they grow with, and the layers' share
    for theirs (`turned`).
    """
    N = n_middle * np.exp([-1e-4, 1e-4])
    T = total_params(N, omega) if root is None else N + omega * N**root
    s = 1 - weight * (N / T if turned else 1 - N / T)
    D = (law.beta * law.B * T**law.alpha / (law.alpha * law.A * s)) ** (1 / law.beta)
    size = T if "N" in also else N
    C = 6 * (T if "C" in also else N) * D
    return float(np.diff(np.log(size))[0] / np.diff(np.log(C))[0])


def _bent(by=0.0, weight=2 / 3, logged=True, total=True, swapped=False, root=True):
    """The slope in one formula, 1 / (1 + (alpha s - d ln s) / beta), with slips.

    by : what stands before d ln s; 0 holds s fixed, 1 has the wrong sign. Slips: another `weight`
    of the embeddings' share in s, ds for d ln s (not `logged`), N for T in the law (not `total`),
    alpha and beta `swapped`, no power 1 / beta (not `root`).
    """

    def slope(n_middle, omega):
        layers = n_middle / total_params(n_middle, omega)
        grows = 1 - 2 / 3 * (1 - layers)  # d ln T / d ln N
        s = 1 - weight * (1 - layers)
        change = weight * layers * (1 - grows) / (s if logged else 1)
        alpha, beta = BESIROGLU_2024.alpha, BESIROGLU_2024.beta
        if swapped:
            alpha, beta = beta, alpha
        power = alpha * (s if by == 0 else grows if total else 1) + by * change
        return 1 / (1 + power / (beta if root else 1))

    return slope


def _embedding_share(n_middle, omega):
    """Of all parameters; nan near the slope, where nobody can tell which of the two was meant."""
    share = 1 - n_middle / total_params(n_middle, omega)
    return np.nan if abs(share / _slope(n_middle, omega) - 1) < 0.05 else share


def _weight(n_middle, omega):
    """The weight s; nan near the slope."""
    s = 1 - 2 / 3 * (1 - n_middle / total_params(n_middle, omega))
    return np.nan if abs(s / _slope(n_middle, omega) - 1) < 0.05 else s


def _unless_near(slip):
    """A slip's slope; nan near the right one."""

    def quantity(n_middle, omega):
        wrong, right = slip(n_middle, omega), _slope(n_middle, omega)
        return np.nan if abs(wrong / right - 1) < 0.08 else wrong

    return quantity


def _wide(below, above):
    """Between two sizes that are far apart."""

    def slope(n_middle, omega):
        law, N = BESIROGLU_2024, n_middle * np.array([below, above])
        T = total_params(N, omega)
        s = 1 - 2 / 3 * (1 - N / T)
        D = (law.beta * law.B * T**law.alpha / (law.alpha * law.A * s)) ** (1 / law.beta)
        return float(np.diff(np.log(N))[0] / np.diff(np.log(6 * N * D))[0])

    return slope


def _steady_by(power):
    """The slope with s held fixed, from what stands in the place of alpha s / beta."""

    def slope(n_middle, omega):
        layers = n_middle / total_params(n_middle, omega)
        return 1 / (1 + power(BESIROGLU_2024.alpha, BESIROGLU_2024.beta, layers))

    return slope


_WIDE = {"decade_up": (1, 10), "decade_down": (0.1, 1), "both_ways": (0.1, 10), "twice": (1, 2)}
_OTHER_SLOPES = apart(
    "x",
    "local",
    (
        *(
            (name, "that is the slope between two sizes far apart: take them close")
            for name in _WIDE
        ),
        *(
            (name, "a power of ten is off in omega: it is {omega:g}")
            for name in ("omega_up", "omega_down")
        ),
        (
            "steady_layers",
            "s takes off two thirds of the embeddings' share, 1 - N / T; N / T is the share of "
            "the layers. And s grows with N",
        ),
        ("over_s", "alpha is multiplied by s, not divided by it"),
        (
            "swapped_steady",
            "the exponents have changed places, and s is held fixed: alpha stands on the size, "
            "beta on the tokens",
        ),
        ("half_change", "only half of the change of ln s is in it"),
        ("third_in_all", "s takes off two thirds of the embeddings' share, not a third"),
        ("beta_once", "beta divides the change of ln s as well as alpha s"),
        ("0.5", "one half is an even share of size and tokens; the slope is steeper here"),
    ),
    {
        "local": _slope,
        **{name: _wide(*sizes) for name, sizes in _WIDE.items()},
        "omega_up": lambda n_middle, omega: _slope(n_middle, 10 * omega),
        "omega_down": lambda n_middle, omega: _slope(n_middle, omega / 10),
        "steady_layers": _steady_by(lambda alpha, beta, n: alpha * (1 - 2 / 3 * n) / beta),
        "over_s": _steady_by(lambda alpha, beta, n: alpha / (1 - 2 / 3 * (1 - n)) / beta),
        "swapped_steady": _steady_by(lambda alpha, beta, n: beta * (1 - 2 / 3 * (1 - n)) / alpha),
        "half_change": _bent(by=-0.5),
        "third_in_all": _steady_by(
            lambda alpha, beta, n: (alpha * (2 + n) / 3 - 2 / 3 * n * (1 - n) / (2 + n)) / beta
        ),
        "beta_once": _steady_by(
            lambda alpha, beta, n: (
                alpha * (1 - 2 / 3 * (1 - n)) / beta - 4 / 3 * n * (1 - n) / (1 + 2 * n)
            )
        ),
    },
)


def _as_all(n_middle, omega):
    """The slope where n_middle is all parameters."""
    layers = np.geomspace(n_middle * 1e-6, n_middle, 4001)
    return _slope(float(np.interp(n_middle, total_params(layers, omega), layers)), omega)


def _over_range(n_middle, omega, sizes=20):
    """The line over all of Kaplan's range, with this laboratory's omega."""
    N = np.geomspace(768, 1.5e9, sizes)
    law, T = BESIROGLU_2024, total_params(N, omega)
    s = 1 - 2 / 3 * (1 - N / T)
    D = (law.beta * law.B * T**law.alpha / (law.alpha * law.A * s)) ** (1 / law.beta)
    return float(np.polyfit(np.log(6 * N * D), np.log(N), 1)[0])


# ---- the budget that tells two rules apart -------------------------------------------------------


_PF_DAY = 8.64e19


def _sought(
    margin,
    law=BESIROGLU_2024,
    total=True,
    light=False,
    relative=False,
    free=False,
    above=True,
    few=False,
    coef=1.3e9,
    growth=KAPLAN_2020.optimal_size_exponent,
):
    """(N in the layers, all FLOPs, FLOPs as Kaplan counts them, with C as it is).

    At the budget at which Kaplan's size loses `margin` nats to the best one, above the crossing of
    the two rules or (not `above`) below it. Slips: embeddings left out of the law and the bill (not
    `total`) or of the law alone (`light`), the margin as a share of the loss (`relative`),
    embeddings that take part and cost nothing (`free`), tokens from the rule's
    budget over T (`few`), another rule for the size (`coef`, `growth`).
    """
    from scipy.optimize import root_scalar

    def budget(N):
        own = _PF_DAY * (N / coef) ** (1 / growth)
        return own, own if free or not total else own * total_params(N) / N

    def excess(log_N):
        N = np.exp(log_N)
        own, C = budget(N)
        best = law.optimum(C).loss
        D = own / (6 * (total_params(N) if few else N))
        gap = law.loss(total_params(N) if total and not light else N, D) - best
        return (gap / best if relative else gap) - margin

    low, high = np.log([2.6e8, 1e14] if above else [2e6, 1.5e8])
    tried = np.linspace(low, high, 40)
    signs = np.sign([excess(log_N) for log_N in tried])  # the gap grows, and shrinks far out
    if (signs == signs[0]).all():
        return np.inf, np.inf, np.inf
    place = int(np.argmax(signs != signs[0]))
    N = np.exp(root_scalar(excess, method="brentq", bracket=tried[place - 1 : place + 1]).root)
    return N, budget(N)[1], budget(N)[0]


def _found(place, **slips):
    return lambda margin: float(_sought(margin, **slips)[place])


def _between_rows(budget):
    """The budget that lies as far between two rows of the page's table as the margin does."""

    def quantity(margin):
        wrong = budget((margin - 0.0136) / (0.0336 - 0.0136))
        return np.nan if abs(wrong / _sought(margin)[1] - 1) < 0.06 else wrong

    return quantity


def _as_it_is(margin):
    """Where Kaplan's rule is given all FLOPs, embeddings included."""
    from scipy.optimize import root_scalar

    law = BESIROGLU_2024

    def excess(log_C):
        C = np.exp(log_C)
        T = total_params(KAPLAN_2020.optimum(C).N)
        return law.loss(T, C / (6 * T)) - law.optimum(C).loss - margin

    return float(np.exp(root_scalar(excess, method="brentq", bracket=np.log([2e19, 1e25])).root))


_OTHER_BUDGETS = apart(
    "x",
    "telling",
    (
        *(
            (name, "the rule is 1.3e9 (C in PF-days)^0.73: its constant or its exponent is another")
            for name in ("naive", "derived", "one_digit", "both_rules")
        ),
        *(
            (name, "a power of ten is off in the margin: it is {margin:g}")
            for name in ("ten", "tenth")
        ),
        *(
            (name, "the margin was rounded: take it as it is, {margin:g}")
            for name in ("short_margin", "cut_margin")
        ),
        ("telling / 24", "a PF-day is a whole day at 10^15 FLOPs a second, 8.64e19 of them"),
        ("8.64e19", "that is one PF-day; the question asks for the budget that the margin has"),
        ("3.14e23", "that is GPT-3's compute; the question first asks for the budget of one run"),
        ("telling / 2", "that is half of the budget of one run; two runs cost twice, not half"),
    ),
    {
        "telling": _found(1),
        "naive": _found(1, coef=1.6e9, growth=0.88),
        "derived": _found(1, growth=0.68),
        "one_digit": _found(1, coef=1e9),
        "ten": lambda margin: float(_sought(10 * margin)[1]),
        "tenth": lambda margin: float(_sought(margin / 10)[1]),
        "both_rules": _found(1, growth=0.88),
        "cut_margin": lambda margin: float(_sought(np.floor(1000 * margin) / 1000)[1]),
        "short_margin": lambda margin: float(_sought(float(f"{margin:.0e}"))[1]),
    },
)

EXERCISES = (
    Number(
        id="10-local-exponent",
        answer="exponent_seen",
        given=("n_middle", "omega"),
        derived={
            "local": _slope,
            **_OTHER_SLOPES.derived,
            "steady": _bent(),
            "steady_third": _bent(weight=1 / 3),
            "steady_whole": _bent(weight=1),
            "wrong_sign": _bent(by=1),
            "not_of_log": _bent(by=-1, logged=False),
            "law_of_layers": _bent(by=-1, total=False),
            "exponents_swapped": _bent(by=-1, swapped=True),
            "no_root": _bent(by=-1, root=False),
            "ten_below": lambda n_middle, omega: _slope(n_middle / 10, omega),
            "ten_above": lambda n_middle, omega: _slope(n_middle * 10, omega),
            "own_range": _over_range,
            "own_ends": lambda n_middle, omega: _over_range(n_middle, omega, sizes=2),
            "bill_only": lambda n_middle, omega: _slope(n_middle, omega, also="C"),
            "size_only": lambda n_middle, omega: _slope(n_middle, omega, also="N"),
            "all_axes": lambda n_middle, omega: _slope(n_middle, omega, also="NC"),
            "other_omega": lambda n_middle, omega: _slope(n_middle, PEARCE_OMEGA),
            "refitted_omega": lambda n_middle, omega: _slope(n_middle, 52_960),
            "one_third": lambda n_middle, omega: _slope(n_middle, omega, weight=1 / 3),
            "whole_share": lambda n_middle, omega: _slope(n_middle, omega, weight=1),
            "early_law": lambda n_middle, omega: _slope(n_middle, omega, law=HOFFMANN_2022),
            "tex_law": lambda n_middle, omega: _slope(n_middle, omega, law=HOFFMANN_2022_TEX),
            "counted": BESIROGLU_2024.a,
            "turned_limit": BESIROGLU_2024.alpha / (BESIROGLU_2024.alpha + BESIROGLU_2024.beta),
            "smallest": BESIROGLU_2024.beta / (BESIROGLU_2024.alpha / 3 + BESIROGLU_2024.beta),
            "embedding_share": _embedding_share,
            "weight": _weight,
            "square_root": lambda n_middle, omega: _slope(n_middle, omega, root=1 / 2),
            "layers_share": _unless_near(lambda n, omega: _slope(n, omega, turned=True)),
            "as_all": _unless_near(_as_all),
            "at_all": _unless_near(lambda n, omega: _slope(total_params(n, omega), omega)),
            "middle": _unless_near(
                lambda n_middle, omega: (
                    (
                        BESIROGLU_2024.a
                        + BESIROGLU_2024.beta / (BESIROGLU_2024.alpha / 3 + BESIROGLU_2024.beta)
                    )
                    / 2
                )
            ),
            "share_off": _unless_near(lambda n, omega: 2 / 3 * (1 - n / total_params(n, omega))),
        },
        truth="local",
        bounds=(
            (
                "x > 0 and x < 1.05",
                "size and data both grow with the budget here, so the exponent of size lies "
                "between 0 and 1",
            ),
            (
                "not near(x, local, 0.04) or near(x, local, 1e-6)",
                "that is within four per cent: are the two sizes close together, one part in "
                "10,000, is omega {omega:g}, and was nothing rounded? Carry eight digits",
            ),
        ),
        mistakes=(
            (
                "counted",
                "that is the exponent with embeddings counted; "
                "this laboratory leaves them out of N and of C",
            ),
            (
                "turned_limit",
                "that is alpha / (alpha + beta), the exponent of the tokens where embeddings are "
                "counted; this laboratory leaves them out, and its size is asked for",
            ),
            (
                "smallest",
                "that is the limit for models that are nearly all embedding; "
                "yours lies between the limits and need not lie between their values",
            ),
            (
                "steady",
                "that takes the weight s as fixed, or leaves it out. It grows with N, and that "
                "pulls the best D down: let s change along the frontier",
            ),
            (
                "bill_only",
                "that leaves embeddings out of N and counts them in C: "
                "this laboratory leaves them out of both",
            ),
            (
                "size_only",
                "that counts embeddings in N and leaves them out of C: "
                "this laboratory leaves them out of both",
            ),
            (
                "all_axes",
                "that counts embeddings in N and in C after a frontier without them: "
                "this laboratory leaves them out of both",
            ),
            (
                "other_omega",
                "that is the slope for 47,491, the omega of the chapter: this laboratory has "
                "another vocabulary",
            ),
            (
                "early_law",
                "that is the slope by the constants as printed in 2022; "
                "the truth here is the replication",
            ),
            (
                "tex_law",
                "that is the slope by the constants of 2022; the truth here is the replication",
            ),
            (
                "refitted_omega",
                "that is the slope for 52,960, an omega in a fold of the page: this laboratory has "
                "another vocabulary",
            ),
            (
                "one_third",
                "that takes a third of the embeddings' share off s. They grow as the cube root, "
                "with a third of the weight, so two thirds of their share are off",
            ),
            (
                "whole_share",
                "that takes the whole share of the embeddings off s. They grow too, as the cube "
                "root, so only two thirds of their share are off",
            ),
            (
                "0.787",
                "that is the line through twenty sizes over the whole of Kaplan's range; "
                "the question asks for the slope at n_middle",
            ),
            (
                "0.981",
                "that is the top of the hump in the chapter's picture; "
                "the question asks for the slope at n_middle, and with another omega",
            ),
            *(
                (
                    name,
                    "that is a line over the whole of Kaplan's range; the question asks for the "
                    "slope at n_middle alone",
                )
                for name in ("own_range", "own_ends")
            ),
            (
                "steady_third",
                "that takes a third of the embeddings' share off s, and holds s fixed: two thirds "
                "are off, and s grows with N",
            ),
            (
                "steady_whole",
                "that takes the whole share of the embeddings off s, and holds s fixed: two "
                "thirds are off, and s grows with N",
            ),
            (
                "wrong_sign",
                "the growth of s has the wrong sign: s stands below, so that a growing s pulls "
                "the best D down",
            ),
            (
                "not_of_log",
                "that takes the change of s itself; in logarithms its change is divided by s",
            ),
            (
                "law_of_layers",
                "the size in the law is T, with the embeddings: T^alpha, not N^alpha",
            ),
            (
                "exponents_swapped",
                "the exponents have changed places: alpha stands on the size, beta on the tokens",
            ),
            (
                "no_root",
                "D itself is wanted, not D^beta: the power 1 / beta is missing",
            ),
            *(
                (name, "that is the slope a factor of ten from n_middle: look at its power of ten")
                for name in ("ten_below", "ten_above")
            ),
            (
                "local / (1 - local)",
                "that is the slope of log N against log D; C grows as N times D",
            ),
            ("100 * local", "that is in per cent; an exponent is a plain number"),
            (
                "embedding_share",
                "that is the share of the embeddings; the question asks for the slope of log N "
                "against log C",
            ),
            (
                "weight",
                "that is the weight s itself; the question asks for the slope of log N against "
                "log C",
            ),
            *_OTHER_SLOPES.mistakes,
            (
                "square_root",
                "the embeddings are omega times the cube root of N, not its square root",
            ),
            (
                "layers_share",
                "s takes off two thirds of the embeddings' share, 1 - N / T; N / T is the share of "
                "the layers",
            ),
            (
                "as_all",
                "that takes n_middle for all parameters; this laboratory leaves the embeddings out "
                "of it",
            ),
            (
                "at_all",
                "that is the slope at a size that is T; n_middle is the size without embeddings",
            ),
            (
                "share_off",
                "that is what s takes off; the question asks for the slope of log N against log C",
            ),
            (
                "middle",
                "that is the middle of the two limits; the slope need not lie there, nor between",
            ),
            *(
                (text, "one logarithm is natural and the other to base 10: take both alike")
                for text in ("local * 2.302585", "local / 2.302585")
            ),
            (
                "0.73",
                "0.73 is what Kaplan's paper states; the question asks for the slope at n_middle, "
                "to three digits",
            ),
            ("1 / local", "that is the slope of log C against log N: invert it"),
            ("1 / local - 1", "that is the slope of log D against log N: C grows as N times D"),
            (
                "1 - local",
                "that is the exponent of the tokens; the question asks for that of the size",
            ),
        ),
        generic="that is not the slope of log N against log C at n_middle, with N and C = 6 N D "
        "counted without embeddings; take two sizes close together, the best D for each, and "
        "then C",
        hints=(
            "Take two sizes close to n_middle. Which budget makes each of them the best?",
            "At the best point alpha A s / T^alpha = beta B / D^beta, with T all parameters and "
            "s = 1 - 2/3 of the embeddings' share; then C = 6 N D. The exponent is the ratio of "
            "the changes of log N and log C.",
            "`layers = n_middle * np.exp([-1e-4, 1e-4])`, then T, s, D and C for both",
        ),
        praise="that is the slope that a narrow study around your size would report",
    ),
    Several(
        id="10-attribute",
        answer="share_of_counting",
        given=("lab_seed",),
        data=lambda lab_seed: {"minima": _minima(lab_seed)},
        derived={
            **_ROUGH_SHARES["first"].derived,
            **_ROUGH_SHARES["last"].derived,
            **{name: _fall(name) for name in _FALLS},
        },
        parts=(
            Part(
                name="first",
                truth="share_first",
                mistakes=(
                    (
                        "1 - share_last",
                        "that is the share of the warm-up, shortened first; "
                        "the question asks for that of the counting",
                    ),
                    (
                        "1 - share_first",
                        "that is what is left for the warm-up once the counting is corrected",
                    ),
                    (
                        "share_first * whole_fall",
                        "that is the fall itself; divide it by the whole fall",
                    ),
                    (
                        "1 - a_counted / a_neither",
                        "that divides by the exponent at the start; "
                        "the whole is the fall from the first study to the one with both changes",
                    ),
                    (
                        "share_first * whole_fall / a_both",
                        "that divides by the exponent at the end; "
                        "the whole is the fall from the first study to the one with both changes",
                    ),
                    (
                        "share_first / (1 - share_first)",
                        "that sets the counting's fall against the rest; "
                        "the question asks for its share of the whole",
                    ),
                    (
                        "share_last",
                        "that is the share of the counting corrected last; "
                        "first means that the warm-up is still long",
                    ),
                    ("100 * share_first", "that is in per cent; the question asks for the share"),
                    ("-share_first", "one of the two falls has the wrong sign"),
                    *_of_study("first"),
                    (
                        "1 / share_first",
                        "that is the whole fall over the step; the share is the step over the "
                        "whole",
                    ),
                    (
                        "share_first * whole_fall / (a_neither - a_short)",
                        "that divides by the step of the warm-up; the whole is the fall from the "
                        "first study to the one with both changes",
                    ),
                    (
                        "(share_first + share_last) / 2",
                        "that is the mean of both orders; give each by itself",
                    ),
                    (
                        "a_counted / a_neither",
                        "that is one exponent over another; a share compares two falls",
                    ),
                ),
                generic="for first, change the counting while the warm-up is still long, and "
                "divide by the fall from the first study to the one with both changes; "
                "each exponent is the slope of a line through all eight budgets",
            ),
            Part(
                name="last",
                truth="share_last",
                mistakes=(
                    (
                        "1 - share_first",
                        "that is the share of the warm-up, shortened last; "
                        "the question asks for that of the counting",
                    ),
                    (
                        "1 - share_last",
                        "that is the share of the warm-up, shortened first",
                    ),
                    (
                        "share_last * whole_fall",
                        "that is the fall itself; divide it by the whole fall",
                    ),
                    (
                        "1 - a_both / a_short",
                        "that divides by the exponent where the step begins; "
                        "the whole is the fall from the first study to the one with both changes",
                    ),
                    (
                        "share_last * whole_fall / a_neither",
                        "that divides by the exponent of the first study; "
                        "the whole is the fall from there to the study with both changes",
                    ),
                    (
                        "share_last * whole_fall / a_both",
                        "that divides by the exponent at the end; "
                        "the whole is the fall from the first study to the one with both changes",
                    ),
                    (
                        "share_last / (1 - share_last)",
                        "that sets the counting's fall against the rest; "
                        "the question asks for its share of the whole",
                    ),
                    (
                        "share_first",
                        "that is the share of the counting when it is changed first. Changed "
                        "last, it starts from the study whose warm-up is short already",
                    ),
                    ("100 * share_last", "that is in per cent; the question asks for the share"),
                    ("-share_last", "one of the two falls has the wrong sign"),
                    *_of_study("last"),
                    (
                        "1 / share_last",
                        "that is the whole fall over the step; the share is the step over the "
                        "whole",
                    ),
                    (
                        "share_last * whole_fall / (a_counted - a_both)",
                        "that divides by the last step of the warm-up; the whole is the fall from "
                        "the first study to the one with both changes",
                    ),
                    (
                        "(share_first + share_last) / 2",
                        "that is the mean of both orders; give each by itself",
                    ),
                    (
                        "a_both / a_short",
                        "that is one exponent over another; a share compares two falls",
                    ),
                ),
                generic="for last, the warm-up is short before and after, and the divisor is the "
                "same whole fall; each exponent is the slope of a line through all eight budgets",
            ),
        ),
        bounds=(
            ("first < 1 and first > 0", "a share of the whole fall lies between 0 and 1"),
            ("last < 1 and last > 0", "a share of the whole fall lies between 0 and 1"),
            *(
                (
                    f"not near({name}, share_{name}, 0.04) or near({name}, share_{name}, 1e-6)",
                    "that is within four per cent: was an exponent rounded on the way, or is it of "
                    "fewer than eight budgets? Carry five digits of each",
                )
                for name in ("first", "last")
            ),
        ),
        hints=(
            "Four studies: each of the two changes made or not made. "
            "Each has an exponent, the slope of log N against log C.",
            "Counting first: (a of the first study - a with counting changed) / (a of the first "
            "study - a with both changed). Last: the same divisor, and the step between the two "
            "studies with a short warm-up.",
            "`table = lab_runs(lab_seed, count_embeddings=True, short_warmup=False)`, then "
            "`fitting.fit_isoflop(table.C, table.N, table.loss).a`",
        ),
        praise="both shares are right; which one would you print?",
    ),
    Number(
        id="10-caught-in-2020",
        answer="test_budget",
        given=("margin",),
        derived={
            "telling": _found(1),
            **_OTHER_BUDGETS.derived,
            "size": _found(0),
            "as_kaplan_counts": _found(2),
            "as_it_is": _as_it_is,
            "uncounted": _found(1, total=False),
            "unpaid": _found(1, free=True),
            "as_share": _found(1, relative=True),
            "early_law": _found(1, law=HOFFMANN_2022),
            "below": _found(1, above=False),
            "tex_law": _found(1, law=HOFFMANN_2022_TEX),
            "light": _found(1, light=True),
            "few": _found(1, few=True),
            "twice_margin": lambda margin: float(_sought(2 * margin)[1]),
            "half_margin": lambda margin: float(_sought(margin / 2)[1]),
            "in_bits": lambda margin: float(_sought(margin * np.log(2))[1]),
            "to_bits": lambda margin: float(_sought(margin / np.log(2))[1]),
            "pf_day": _PF_DAY,
            "by_rows": _between_rows(lambda share: 1e20 * (1 + 9 * share)),
            "by_log_rows": _between_rows(lambda share: 10 ** (20 + share)),
        },
        truth="telling",
        unit="FLOPs",
        rtol=0.002,
        bounds=(
            (
                "x > 1e19",
                "the budget lies above 1e19 FLOPs: is that a size, or was a power of ten lost?",
            ),
            (
                "not near(x, telling, 0.06) or near(x, telling, 1e-6)",
                "that is within six per cent: perhaps it was read between two rows of the table, "
                "or the margin or a loss was rounded. Work out both losses there, to six digits",
            ),
        ),
        mistakes=(
            *(
                (
                    text,
                    "that is read between two rows of the chapter's table; work out both losses at "
                    "the budget itself",
                )
                for text in ("by_rows", "by_log_rows")
            ),
            *_OTHER_BUDGETS.mistakes,
            ("5.76e23", "that is Gopher's budget; your margin is reached at another"),
            (
                "2 * telling / 3.14e23",
                "that is what both runs cost as a share of GPT-3; "
                "the question first asks for the budget itself",
            ),
            ("telling / pf_day", "that is in PF-days; the question asks for FLOPs"),
            (
                "2 * telling",
                "that is the bill of both runs; the question asks for the budget of one of them",
            ),
            (
                "as_kaplan_counts",
                "that is the budget as Kaplan counts it, 6 N D without embeddings. "
                "Each run costs 6 T D",
            ),
            (
                "as_it_is",
                "that puts all FLOPs into Kaplan's rule, whose budget leaves embeddings out. "
                "Count alike: the rule's 6 N D, times T / N, is what the run costs",
            ),
            (
                "uncounted",
                "Kaplan's sizes leave the embeddings out; the model has them, and they cost "
                "compute: T goes into the law and into the bill",
            ),
            (
                "unpaid",
                "the embeddings are in the law and not in the bill: the best size is for 6 T D too",
            ),
            ("as_share", "the margin is in nats; you took it as a share of the loss"),
            (
                "early_law",
                "that takes the constants as printed in 2022 for the truth; "
                "here it is the replication",
            ),
            (
                "below",
                "below the crossing the rule asks for too little and loses as much; "
                "the question asks for the budget above",
            ),
            (
                "tex_law",
                "that takes the constants of 2022 for the truth; here it is the replication",
            ),
            (
                "light",
                "the embeddings are in the bill and not in the law: its N is all parameters, T",
            ),
            ("in_bits", "the margin is in nats; you took it as bits"),
            ("to_bits", "the margin is in nats already; you turned it into bits"),
            (
                "1e19",
                "around 1e19 FLOPs both rules ask for nearly the same size: look above",
            ),
            (
                "1e20",
                "that is a row of the chapter's table of both rules, where Kaplan's loses 0.0136 "
                "nats: your margin is another",
            ),
            (
                "1e21",
                "that is a row of the chapter's table of both rules, where Kaplan's loses 0.0336 "
                "nats: your margin is another",
            ),
            ("half_margin", "there Kaplan's model is worse by half of the margin"),
            ("twice_margin", "there Kaplan's model is worse by twice the margin"),
            (
                "few",
                "the rule's 6 N D leaves the embeddings out: its tokens are that budget over "
                "6 N, not over 6 T",
            ),
            (
                "6 * telling",
                "the 6 is counted twice: 6 T D has it once, and the rule's budget is 6 N D already",
            ),
            *(
                (text, "a power of ten is off: go through those of the rule, 1.3e9 and 8.64e19")
                for text in (
                    *("telling / 1000", "telling / 100", "telling / 10"),
                    *("10 * telling", "100 * telling", "1000 * telling"),
                )
            ),
            ("telling / 1e18", "that is in exaFLOPs; the question asks for FLOPs"),
            *(
                (
                    text,
                    "that is what both runs cost in per cent of GPT-3; the question first asks "
                    "for the budget itself",
                )
                for text in ("200 * telling / 3.14e23", "100 * telling / 3.14e23")
            ),
            (
                "3.14e23 / (2 * telling)",
                "that is how many times both runs go into GPT-3; the question first asks for the "
                "budget itself",
            ),
            ("margin", "that is the margin itself; the question asks for a budget in FLOPs"),
            *(
                (text, "that is the logarithm of the budget; the question asks for the FLOPs")
                for text in ("log10(telling)", "log(telling)")
            ),
            (
                "size",
                "that is the size that the rule asks for there; the question asks for the budget",
            ),
            (
                "telling / (6 * size * (1 + 47491 / size ** (2 / 3)))",
                "those are the tokens of that run; the question asks for the budget, 6 T D",
            ),
            (
                "telling / 3.14e23",
                "that is what one run costs as a share of GPT-3; "
                "the question first asks for the budget itself",
            ),
            (
                "size * (1 + 47491 / size ** (2 / 3))",
                "that is T; the question asks for the budget, 6 T D",
            ),
            (
                "telling / 6",
                "that is T times D; training costs 6 FLOPs for each parameter and token",
            ),
            ("telling / 3", "that counts 2 FLOPs for each parameter and token; training costs 6"),
        ),
        generic="at that budget the loss of Kaplan's size is not `margin` above the loss of the "
        "best size: work out both losses there, each with 6 T D for the budget",
        hints=(
            "Two models at one budget: which size does each rule ask for, "
            "and what loss does the law give them?",
            "Go by Kaplan's size N. His budget for it is 8.64e19 (N / 1.3e9)^(1 / 0.73) = 6 N D, "
            "which gives D; the run has T = N + 47491 N^(1/3) parameters and costs C = 6 T D. "
            "The gap is the loss of T and D less the least loss for C: find where it is the "
            "margin.",
            "`brentq(lambda log_N: gap(np.exp(log_N)) - margin, np.log(3e8), np.log(1e12))`",
        ),
        praise="two runs of that budget would have told the rules apart",
    ),
)


QUESTIONS = (
    Question(
        id="10-crossing-lines",
        prompt="Two rules with exponents 0.73 and 0.51 give the same size at one budget. What "
        "follows for larger budgets?",
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
        prompt="Embeddings are less than half a per cent of GPT-3. How can leaving them out "
        "change an exponent?",
        options=(
            Option(
                "it cannot: half a per cent moves nothing",
                why="It hardly moves GPT-3. The line was fitted to far smaller models, down to "
                "768 parameters.",
                key="a",
            ),
            Option(
                "their share changes over the window of sizes",
                right=True,
                why="From nearly all of the smallest model to a few per cent of the largest: the "
                "lower end of the line is shifted, the upper is not.",
                key="b",
            ),
            Option(
                "any parameters that are left out make a line steeper",
                why="A share that is the same everywhere shifts the whole line and leaves its "
                "slope alone.",
                key="c",
            ),
        ),
    ),
    Question(
        id="10-shares",
        prompt="Counting explains, say, 40 % of the gap between two exponents. What "
        "does such a number depend on?",
        options=(
            Option(
                "on the order in which the corrections were made",
                right=True,
                why="A share belongs to a path. What both orders agree on, the ranking, is the "
                "safer statement.",
                key="b",
            ),
            Option(
                "only on the two studies",
                why="Each correction was made on top of others. Made first or last, the same one "
                "moved the exponent by other amounts.",
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
        prompt="Chinchilla's law has the exponent 0.51. Seen through Kaplan's sizes, with "
        "embeddings left out: which exponent does it show?",
        lo=0,
        hi=2,
        truth=0.787,
        says="Twenty sizes over Kaplan's range show 0.787.",
    ),
    Prediction(
        id="10-suspects",
        prompt="Four corrections bring the exponent of real runs from 0.86 to 0.50. "
        "Which takes off most?",
        options=("counting", "warm-up", "decay", "tuning"),
        keys=("a", "b", "c", "d"),
        truth="a",
        says="Counting, made first, takes off 0.17; then warm-up 0.10, matched decay and tuning "
        "0.05 each.",
    ),
    Prediction(
        id="10-long-warm-up",
        prompt="A warm-up of equally many tokens in every run, however short: "
        "which way does it move the exponent of size?",
        options=("up", "down", "it lowers every loss alike and leaves the slope"),
        keys=("a", "b", "c"),
        truth="a",
        says="Up, probably: from 0.29 to 0.45, and higher in 95 % of the resamples. "
        "The 90 % interval of the change begins at zero.",
    ),
)
