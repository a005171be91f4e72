"""Chapter 11: draws, points, probes and mutants."""

from __future__ import annotations

from ..spec import Spec

_TOKENS = "law = {law}\ntokens = (law.beta * law.B / (law.alpha * law.A) * n_params**law.alpha) ** (1 / law.beta)\n"
_RIVAL = """law = {law}
best = law.optimum(C).N
def gap(log_k):
    size = best * np.exp(log_k)
    return law.loss(size, C / (6 * size)) - law.loss(N, C / (6 * N))
"""
_HEDGE = """def price(law, N):
    return {price}
low, high = [law.optimum(budget).N for law in (HOFFMANN_2022_TEX, BESIROGLU_2024)]
def difference(log_N):
    return price(BESIROGLU_2024, np.exp(log_N)) - price(HOFFMANN_2022_TEX, np.exp(log_N))
"""
_SPENT = "budget / law.least_compute(law.loss(N, budget / (6 * N))) - 1"
_EVEN = "even = np.exp(brentq(difference, np.log(low), np.log(high)))\n"


def _probes(stream):
    """Sizes off the best one by a factor of 2 to 8 to either side, at budgets of 1e20 to 1e25."""
    probes = []
    for factor in (stream.uniform(2, 8, 0.01), 1 / stream.uniform(2, 8, 0.01)):
        C = stream.log_uniform(1e20, 1e25)
        probes.append((float(f"{factor * 0.09 * C**0.5:.3g}"), C))
    return probes


SPECS = (
    Spec(
        id="11-budget-for-size",
        points=1,
        draw=lambda stream: {"n_params": stream.log_uniform(7e8, 5e9, digits=3)},
        mutants={
            "twenty tokens": "right_budget = 6 * n_params * 20 * n_params",
            "tokens": _TOKENS.format(law="BESIROGLU_2024") + "right_budget = tokens",
            "6 forgotten": _TOKENS.format(law="BESIROGLU_2024")
            + "right_budget = n_params * tokens",
            "constants of 2022": _TOKENS.format(law="HOFFMANN_2022_TEX")
            + "right_budget = 6 * n_params * tokens",
            "PF-days": _TOKENS.format(law="BESIROGLU_2024")
            + "right_budget = 6 * n_params * tokens / 8.64e19",
        },
    ),
    Spec(
        id="11-price-of-model",
        points=2,
        draw=lambda stream: {
            "n_params": stream.log_uniform(1.3e11, 6e11, digits=3),
            "n_tokens": stream.log_uniform(1.6e11, 4.5e11, digits=3),
        },
        mutants={
            "size kept": "from scalinglib import planning\n"
            "extra_compute = planning.overhead(BESIROGLU_2024, n_params, 6 * n_params * n_tokens)",
            "share wasted": "law = BESIROGLU_2024\nextra_compute = 1 - law.least_compute(law.loss(n_params, n_tokens)) / (6 * n_params * n_tokens)",
            "constants of 2022": "law = HOFFMANN_2022\nextra_compute = 6 * n_params * n_tokens / law.least_compute(law.loss(n_params, n_tokens)) - 1",
            "how much too large": "extra_compute = n_params / BESIROGLU_2024.optimum(6 * n_params * n_tokens).N - 1",
            "losses": "law = BESIROGLU_2024\nextra_compute = law.loss(n_params, n_tokens) / law.optimum(6 * n_params * n_tokens).loss - 1",
            "percent": "law = BESIROGLU_2024\nextra_compute = 100 * (6 * n_params * n_tokens / law.least_compute(law.loss(n_params, n_tokens)) - 1)",
        },
    ),
    Spec(
        id="11-rival-size",
        points=2,
        probes=_probes,
        mutants={
            "rule of thumb": "return BESIROGLU_2024.optimum(C).N ** 2 / N",
            "itself": _RIVAL.format(law="BESIROGLU_2024") + "return N * 1.0",
            "the best": "return BESIROGLU_2024.optimum(C).N",
            "always below": _RIVAL.format(law="BESIROGLU_2024")
            + "return best * np.exp(brentq(gap, -20, -1e-9)) if N > best else N",
            "constants of 2022": _RIVAL.format(law="HOFFMANN_2022_TEX")
            + "return best * np.exp(brentq(gap, *((-20, -1e-9) if N > best else (1e-9, 20))))",
            "cheapest of the same loss": "law = BESIROGLU_2024\nreturn law.optimum(law.least_compute(law.loss(N, C / (6 * N)))).N",
        },
    ),
    Spec(
        id="11-hedge",
        points=3,
        draw=lambda stream: {"budget": stream.log_uniform(3e23, 9e25, digits=3)},
        mutants={
            "middle in logs": _HEDGE.format(price=_SPENT)
            + "even = np.sqrt(low * high)\nhedge = {'size': even, 'price': price(BESIROGLU_2024, even)}",
            "half of the sum": _HEDGE.format(price=_SPENT)
            + "even = (low + high) / 2\nhedge = {'size': even, 'price': price(BESIROGLU_2024, even)}",
            "trusts the replication": _HEDGE.format(price=_SPENT)
            + "hedge = {'size': high, 'price': price(HOFFMANN_2022_TEX, high)}",
            "nats": _HEDGE.format(price="law.loss(N, budget / (6 * N)) - law.optimum(budget).loss")
            + _EVEN
            + "hedge = {'size': even, 'price': price(BESIROGLU_2024, even)}",
            "percent": _HEDGE.format(price=_SPENT)
            + _EVEN
            + "hedge = {'size': even, 'price': 100 * price(BESIROGLU_2024, even)}",
        },
    ),
)
