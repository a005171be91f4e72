"""Chapter 11: draws, points, probes and mutants."""

from __future__ import annotations

from scalinglib.laws import BESIROGLU_2024

from ..draw import told_apart
from ..spec import Spec

_TOKENS = (
    "law = {law}\n"
    "upto = law.beta * law.B / (law.alpha * law.A)\n"
    "tokens = (upto * design_size**law.alpha) ** (1 / law.beta)\n"
)
_RIVAL = """law = {law}
best = law.optimum(rival_budget).N
def gap(log_k):
    sizes = best * np.exp(log_k), rival_of
    one, other = (law.loss(size, rival_budget / (6 * size)) for size in sizes)
    return one - other
side = (-20, -1e-9) if rival_of > best else (1e-9, 20)
rival_size = best * np.exp(brentq(gap, *side))
"""
_HEDGE = """def price(law, N):
    return {price}
low, high = [law.optimum(hedge_budget).N for law in (HOFFMANN_2022_TEX, BESIROGLU_2024)]
def difference(log_N):
    return price(BESIROGLU_2024, np.exp(log_N)) - price(HOFFMANN_2022_TEX, np.exp(log_N))
"""
# by hand: the least compute for a loss is K / (loss - E)^p
_BESIROGLU = tuple(
    f"{name} = besiroglu_2024.{constant}"
    for name, constant in (("A", "A"), ("B", "B"), ("al", "alpha"), ("be", "beta"))
)
_LEAST = tuple(
    line.replace("law", law).replace("K", f"K{place}").replace("p =", f"p{place} =")
    for place, law in ((1, "besiroglu_2024"), (2, "hoffmann_2022_tex"))
    for line in (
        "p = 1/law.alpha + 1/law.beta",
        "K = 6*(law.A*(1 + law.alpha/law.beta))^(1/law.alpha)"
        " * (law.B*(1 + law.beta/law.alpha))^(1/law.beta)",
    )
)
_EQUAL = (
    "solve(n, min(hoffmann_2022_tex.optimum(hedge_budget)),"
    " min(besiroglu_2024.optimum(hedge_budget)),"
    " (besiroglu_2024.loss(n, hedge_budget/6/n) - besiroglu_2024.E)^p1 / K1"
    " - (hoffmann_2022_tex.loss(n, hedge_budget/6/n) - hoffmann_2022_tex.E)^p2 / K2)"
)
_SPENT = "hedge_budget / law.least_compute(law.loss(N, hedge_budget / (6 * N))) - 1"
_EVEN = "even = np.exp(brentq(difference, np.log(low), np.log(high)))\n"


def _off_the_best(stream):
    """A size off the best one by a factor of 5 to 12, to either side.

    Nearer to the best size the rule of thumb is too good to be told from the answer.
    """
    C = stream.log_uniform(3e23, 1e25, digits=3)
    factor = stream.uniform(5, 12, 0.01) ** stream.choice((-1, 1))
    return {"rival_of": float(f"{factor * BESIROGLU_2024.optimum(C).N:.3g}"), "rival_budget": C}


SPECS = (
    Spec(
        id="11-budget-for-size",
        points=1,
        draw=lambda stream: {"design_size": stream.log_uniform(7e8, 5e9, digits=3)},
        by_hand={
            "x": (
                *_BESIROGLU,
                "D = (be*B/(al*A) * design_size^al)^(1/be)",
                "6*design_size*D",
            )
        },
        mutants={
            "twenty tokens": "right_budget = 6 * design_size * 20 * design_size",
            "tokens": _TOKENS.format(law="BESIROGLU_2024") + "right_budget = tokens",
            "6 forgotten": _TOKENS.format(law="BESIROGLU_2024")
            + "right_budget = design_size * tokens",
            "constants of 2022": _TOKENS.format(law="HOFFMANN_2022_TEX")
            + "right_budget = 6 * design_size * tokens",
            "PF-days": _TOKENS.format(law="BESIROGLU_2024")
            + "right_budget = 6 * design_size * tokens / 8.64e19",
        },
    ),
    Spec(
        id="11-price-of-model",
        points=2,
        draw=told_apart(
            "11-price-of-model",
            lambda stream: {
                "run_size": stream.log_uniform(1.3e11, 6e11, digits=3),
                "run_tokens": stream.log_uniform(1.6e11, 4.5e11, digits=3),
            },
            share=0,
        ),
        by_hand={
            "x": (
                *_BESIROGLU,
                "above = besiroglu_2024.loss(run_size, run_tokens) - besiroglu_2024.E",
                "N = (A*(1 + al/be) / above)^(1/al)",
                "D = (B*(1 + be/al) / above)^(1/be)",
                "run_size*run_tokens / (N*D) - 1",
            )
        },
        mutants={
            "size kept": "from scalinglib import planning\n"
            "extra_compute = planning.overhead(BESIROGLU_2024, run_size, 6 * run_size * "
            "run_tokens)",
            "share wasted": "law = BESIROGLU_2024\nextra_compute = 1 - "
            "law.least_compute(law.loss(run_size, run_tokens)) / (6 * run_size * run_tokens)",
            "constants of 2022": "law = HOFFMANN_2022\nextra_compute = 6 * run_size * run_tokens "
            "/ law.least_compute(law.loss(run_size, run_tokens)) - 1",
            "how much too large": "extra_compute = run_size / BESIROGLU_2024.optimum(6 * run_size "
            "* run_tokens).N - 1",
            "losses": "law = BESIROGLU_2024\nextra_compute = law.loss(run_size, run_tokens) / "
            "law.optimum(6 * run_size * run_tokens).loss - 1",
            "percent": "law = BESIROGLU_2024\nextra_compute = 100 * (6 * run_size * run_tokens / "
            "law.least_compute(law.loss(run_size, run_tokens)) - 1)",
        },
    ),
    Spec(
        id="11-rival-size",
        points=2,
        draw=told_apart("11-rival-size", _off_the_best, share=0),
        by_hand={
            "x": (
                "best = min(besiroglu_2024.optimum(rival_budget))",
                "own = besiroglu_2024.loss(rival_of, rival_budget/6/rival_of)",
                "solve(n, best, 100*best, besiroglu_2024.loss(n, rival_budget/6/n) - own)",
            )
        },
        mutants={
            "rule of thumb": "rival_size = BESIROGLU_2024.optimum(rival_budget).N ** 2 / rival_of",
            "itself": "rival_size = rival_of",
            "the best": "rival_size = BESIROGLU_2024.optimum(rival_budget).N",
            "20 tokens": "rival_size = rival_budget / 120 / rival_of",
            "constants of 2022": _RIVAL.format(law="HOFFMANN_2022_TEX"),
            "tokens": _RIVAL.format(law="BESIROGLU_2024")
            + "rival_size = rival_budget / (6 * rival_size)",
            "over the best": _RIVAL.format(law="BESIROGLU_2024") + "rival_size = rival_size / best",
            "cheapest of the same loss": "law = BESIROGLU_2024\nrival_size = law.optimum("
            "law.least_compute(law.loss(rival_of, rival_budget / (6 * rival_of)))).N",
        },
    ),
    Spec(
        id="11-hedge",
        points=3,
        draw=told_apart(
            "11-hedge",
            lambda stream: {"hedge_budget": stream.log_uniform(3e23, 9e25, digits=3)},
            share=0,
        ),
        by_hand={
            "size": (*_LEAST, _EQUAL),
            "price": (
                *_LEAST,
                f"n = {_EQUAL}",
                "hedge_budget * (besiroglu_2024.loss(n, hedge_budget/6/n) - besiroglu_2024.E)^p1"
                " / K1 - 1",
            ),
        },
        mutants={
            "middle in logs": _HEDGE.format(price=_SPENT)
            + "even = np.sqrt(low * high)\nhedge = {'size': even, 'price': price(BESIROGLU_2024, "
            "even)}",
            "half of the sum": _HEDGE.format(price=_SPENT)
            + "even = (low + high) / 2\nhedge = {'size': even, 'price': price(BESIROGLU_2024, "
            "even)}",
            "trusts the replication": _HEDGE.format(price=_SPENT)
            + "hedge = {'size': high, 'price': price(HOFFMANN_2022_TEX, high)}",
            "nats": _HEDGE.format(
                price="law.loss(N, hedge_budget / (6 * N)) - law.optimum(hedge_budget).loss"
            )
            + _EVEN
            + "hedge = {'size': even, 'price': price(BESIROGLU_2024, even)}",
            "percent": _HEDGE.format(price=_SPENT)
            + _EVEN
            + "hedge = {'size': even, 'price': 100 * price(BESIROGLU_2024, even)}",
        },
    ),
)
