"""Chapter 10: draws, points and mutants."""

from __future__ import annotations

from ..draw import told_apart
from ..spec import Spec

_FRONTIER = """truth = BESIROGLU_2024
layers = n_middle * np.exp([-1e-4, 1e-4])
T = total_params(layers, omega)
s = 1 - 2 / 3 * (1 - layers / T)
"""
_DATA = "D = (truth.beta * truth.B * T**truth.alpha / (truth.alpha * truth.A * s))"
_DATA += " ** (1 / truth.beta)\n"
_STUDIES = """lab_a = {}
for counted in (False, True):
    for short in (False, True):
        table = lab_runs(lab_seed, count_embeddings=counted, short_warmup=short)
        lab_a[counted, short] = fitting.fit_isoflop(table.C, table.N, table.loss).a
neither, counted, short, both = (lab_a[k] for k in ((0, 0), (1, 0), (0, 1), (1, 1)))
fall = neither - both
"""
_GAP = """truth = BESIROGLU_2024
def budget_of(N):
    own = 8.64e19 * (N / 1.3e9) ** (1 / 0.73)
    return own, own * {share}
def gap(log_N):
    N = np.exp(log_N)
    own, C = budget_of(N)
    return (truth.loss({size}, own / (6 * N)) {against}) - margin
test_budget = budget_of(np.exp(brentq(gap, np.log(3e8), np.log(1e14))))[1]
"""
_BEST = "- truth.optimum(C).loss"
_SHARE, _TOTAL = "total_params(N) / N", "total_params(N)"
_RIGHT_GAP = _GAP.format(size=_TOTAL, share=_SHARE, against=_BEST)


def _slope_by_hand():
    """Two sizes near n_middle, their budgets, and the slope in logs."""
    law = "besiroglu_2024"
    return (
        "n = n_middle*exp(list(-0.0001, 0.0001))",
        "t = n + omega*n^(1/3)",
        "s = 1 - (2/3)*(1 - n/t)",
        f"d = ({law}.beta*{law}.B*t^{law}.alpha/({law}.alpha*{law}.A*s))^(1/{law}.beta)",
        "slope(ln(6*n*d), ln(n))",
    )


def _share_by_hand(start, end):
    """One fall over the whole one."""
    a = {name: f"slope(ln(C), ln(N_{name}))" for name in ("neither", "counted", "short", "both")}
    return f"({a[start]} - {a[end]})/({a['neither']} - {a['both']})"


def _budget_by_hand():
    """Kaplan's size at which the gap is the margin, and what its run costs."""
    own = "8.64e19*(n/1.3e9)^(1/0.73)"
    total = "(n + 47491*n^(1/3))"
    best = f"besiroglu_2024.optimum({own}*{total}/n)"
    gap = (
        f"besiroglu_2024.loss({total}, {own}/(6*n))"
        f" - besiroglu_2024.loss(min({best}), max({best})) - margin"
    )
    return (f"n = solve(n, 3e8, 1e12, {gap})", f"{own}*{total}/n")


SPECS = (
    Spec(
        id="10-local-exponent",
        points=2,
        draw=told_apart(
            "10-local-exponent",
            lambda stream: {
                "n_middle": stream.log_uniform(1e5, 3e8),
                "omega": stream.uniform(20000, 90000, 1000),
            },
        ),
        by_hand={"x": _slope_by_hand()},
        mutants={
            "embeddings counted": "exponent_seen = BESIROGLU_2024.a",
            "the small limit": "truth = BESIROGLU_2024\n"
            "exponent_seen = truth.beta / (truth.alpha / 3 + truth.beta)",
            "weight held fixed": _FRONTIER
            + "exponent_seen = truth.beta / (truth.alpha * s[0] + truth.beta)",
            "turned round": _FRONTIER
            + _DATA
            + "exponent_seen = np.diff(np.log(6 * layers * D))[0] / 2e-4",
            "exponent of the data": _FRONTIER
            + _DATA
            + "exponent_seen = 1 - 2e-4 / np.diff(np.log(6 * layers * D))[0]",
            "compute of all parameters": _FRONTIER
            + _DATA
            + "exponent_seen = 2e-4 / np.diff(np.log(6 * T * D))[0]",
        },
    ),
    Spec(
        id="10-attribute",
        points=3,
        draw=told_apart("10-attribute", lambda stream: {"lab_seed": stream.seed()}, share=0.01),
        by_hand={
            "first": _share_by_hand("neither", "counted"),
            "last": _share_by_hand("short", "both"),
        },
        mutants={
            "the warm-up's shares": _STUDIES
            + "share_of_counting = ((neither - short) / fall, (counted - both) / fall)",
            "falls, no shares": _STUDIES + "share_of_counting = (neither - counted, short - both)",
            "of the start": _STUDIES
            + "share_of_counting = (1 - counted / neither, 1 - both / short)",
            "swapped": _STUDIES
            + "share_of_counting = ((short - both) / fall, (neither - counted) / fall)",
            "one order for both": _STUDIES
            + "share_of_counting = 2 * ((neither - counted) / fall,)",
        },
    ),
    Spec(
        id="10-caught-in-2020",
        points=3,
        draw=told_apart(
            "10-caught-in-2020",
            lambda stream: {"margin": stream.uniform(0.012, 0.032, 0.00005)},
            share=0.012,
        ),
        by_hand={"x": _budget_by_hand()},
        mutants={
            "PF-days": _RIGHT_GAP + "test_budget = test_budget / 8.64e19",
            "both runs": _RIGHT_GAP + "test_budget = 2 * test_budget",
            "share of GPT-3": _RIGHT_GAP + "test_budget = 2 * test_budget / 3.14e23",
            "embeddings forgotten": _GAP.format(size="N", share="1", against=_BEST),
            "embeddings cost nothing": _GAP.format(size=_TOTAL, share="1", against=_BEST),
            "bits": _RIGHT_GAP.replace("- margin", "- margin * np.log(2)"),
        },
    ),
)
