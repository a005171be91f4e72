"""Chapter 10: draws, points and mutants."""

from __future__ import annotations

from scalinglib.checks import Number, registry

from ..spec import Spec


def _narrow_draw(stream):
    """A size and a vocabulary; drawn again where the exponent is near the limit for small models, a known mistake."""
    while True:
        drawn = {
            "n_middle": stream.log_uniform(1e5, 3e8),
            "omega": stream.uniform(20000, 90000, 1000),
        }
        known = registry.exercise("10-local-exponent", Number).quantities(drawn)
        if abs(known["local"] / known["smallest"] - 1) > 0.01:
            return drawn


_FRONTIER = """law = BESIROGLU_2024
N = n_middle * np.exp([-1e-4, 1e-4])
T = total_params(N, omega)
s = 1 - 2 / 3 * (1 - N / T)
"""
_DATA = "D = (law.beta * law.B * T**law.alpha / (law.alpha * law.A * s)) ** (1 / law.beta)\n"
_STUDIES = """a = {}
for counted in (False, True):
    for short in (False, True):
        runs_of = lab_runs(seed, count_embeddings=counted, short_warmup=short)
        a[counted, short] = fitting.fit_isoflop(runs_of.C, runs_of.N, runs_of.loss).a
whole = a[False, False] - a[True, True]
"""
_GAP = """law = BESIROGLU_2024
def gap(log_C):
    C = np.exp(log_C)
    T = {size}
    return (law.loss(T, C / (6 * {read})) {against}) - margin
"""
_SOLVE = "np.exp(brentq(gap, np.log(1e19), np.log(1e25)))"
_KAPLAN, _BEST = "KAPLAN_2020.optimum(C).N", "- law.optimum(C).loss"
_TOTAL = f"total_params({_KAPLAN})"
_RIGHT_GAP = _GAP.format(size=_TOTAL, read="T", against=_BEST)

SPECS = (
    Spec(
        id="10-local-exponent",
        points=2,
        draw=_narrow_draw,
        mutants={
            "embeddings counted": "exponent_seen = BESIROGLU_2024.a",
            "the small limit": "exponent_seen = BESIROGLU_2024.beta / (BESIROGLU_2024.alpha / 3 + BESIROGLU_2024.beta)",
            "weight held fixed": _FRONTIER
            + "exponent_seen = law.beta / (law.alpha * s[0] + law.beta)",
            "turned round": _FRONTIER
            + _DATA
            + "exponent_seen = np.diff(np.log(6 * N * D))[0] / 2e-4",
            "exponent of the data": _FRONTIER
            + _DATA
            + "exponent_seen = 1 - 2e-4 / np.diff(np.log(6 * N * D))[0]",
            "compute of all parameters": _FRONTIER
            + _DATA
            + "exponent_seen = 2e-4 / np.diff(np.log(6 * T * D))[0]",
        },
    ),
    Spec(
        id="10-attribute",
        points=3,
        draw=lambda stream: {"seed": stream.seed()},
        mutants={
            "the warm-up's shares": _STUDIES
            + "share_of_counting = ((a[False, False] - a[False, True]) / whole, (a[True, False] - a[True, True]) / whole)",
            "falls, no shares": _STUDIES
            + "share_of_counting = (a[False, False] - a[True, False], a[False, True] - a[True, True])",
            "of the start": _STUDIES
            + "share_of_counting = (1 - a[True, False] / a[False, False], 1 - a[True, True] / a[False, True])",
            "swapped": _STUDIES
            + "share_of_counting = ((a[False, True] - a[True, True]) / whole, (a[False, False] - a[True, False]) / whole)",
            "one order for both": _STUDIES
            + "share_of_counting = 2 * ((a[False, False] - a[True, False]) / whole,)",
        },
    ),
    Spec(
        id="10-caught-in-2020",
        points=3,
        draw=lambda stream: {"margin": stream.uniform(0.012, 0.032, 0.00005)},
        mutants={
            "PF-days": _RIGHT_GAP + f"test_budget = {_SOLVE} / 8.64e19",
            "both runs": _RIGHT_GAP + f"test_budget = 2 * {_SOLVE}",
            "share of GPT-3": _RIGHT_GAP + f"test_budget = 2 * {_SOLVE} / 3.14e23",
            "embeddings forgotten": _GAP.format(size=_KAPLAN, read="T", against=_BEST)
            + f"test_budget = {_SOLVE}",
            "embeddings cost nothing": _GAP.format(size=_TOTAL, read=_KAPLAN, against=_BEST)
            + f"test_budget = {_SOLVE}",
            "share of the loss": _GAP.format(
                size=_TOTAL, read="T", against="/ law.optimum(C).loss - 1"
            )
            + f"test_budget = {_SOLVE}",
        },
    ),
)
