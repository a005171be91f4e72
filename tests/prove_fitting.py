"""Do intervals cover what they promise? Simulated truth, fitted 400 times: in `make prove`.

Parametric: the 240 published (N, D), losses from the law fitted to them, times noise redrawn from
its own residuals, whose tails are heavier than a normal's. IsoFLOP: nine budgets of nine sizes, ten
times either way of the optimum, normal noise of 0.3 %; what it should cover is what it finds
without noise, since the bias of parabolas is another matter.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy: these are many small problems

import sys

import numpy as np
from tqdm import tqdm

from scalinglib import runs
from scalinglib.fitting import fit_isoflop, fit_parametric

REPETITIONS, RESAMPLES, LEVEL = 400, 400, 0.9
ALLOWED = 0.86, 0.98


def covered(name, fit, noiseless, noise, quantities):
    """Share of repetitions whose interval holds the truth, for each of `quantities` of a law."""

    def ask(law):
        return np.array([quantity(law) for quantity in quantities.values()])

    hits = np.zeros(len(quantities))
    for seed in tqdm(range(REPETITIONS), name, file=sys.stderr):
        low, high = fit(noise(np.random.default_rng(seed)), seed).interval(ask, LEVEL)
        hits += (low <= ask(noiseless)) & (ask(noiseless) <= high)
    return {
        (name, quantity): share
        for quantity, share in zip(quantities, hits / REPETITIONS, strict=True)
    }


def main():
    try:
        table = runs.load("chinchilla")
    except runs.DataUnavailableError as error:
        sys.exit(f"prove_fitting needs the published runs: {error}")
    table = runs.drop_highest_loss(table, 5)
    N, D, loss = (table[name].to_numpy() for name in ("N", "D", "loss"))
    law = fit_parametric(N, D, loss).law
    residuals = np.log(loss / law.loss(N, D))
    exact = law.loss(N, D)
    shares = covered(
        "parametric",
        lambda noise, seed: fit_parametric(
            N, D, exact * np.exp(noise), bootstrap=RESAMPLES, seed=seed
        ),
        law,
        lambda rng: rng.choice(residuals, len(N)),
        {
            "alpha": lambda law: law.alpha,
            "beta": lambda law: law.beta,
            "E": lambda law: law.E,
            "N_opt(5.76e23)": lambda law: law.optimum(5.76e23).N,
            "N_opt(1e24)": lambda law: law.optimum(1e24).N,
        },
    )

    budgets = np.array([6e18, 1e19, 3e19, 6e19, 1e20, 3e20, 6e20, 1e21, 3e21])
    sizes = np.concatenate([law.optimum(C).N * np.geomspace(0.1, 10, 9) for C in budgets])
    C = np.repeat(budgets, 9)
    clean = law.loss(sizes, C / 6 / sizes)
    shares |= covered(
        "IsoFLOP",
        lambda noise, seed: fit_isoflop(
            C, sizes, clean * np.exp(noise), bootstrap=RESAMPLES, seed=seed
        ),
        fit_isoflop(C, sizes, clean).law,
        lambda rng: rng.normal(0, 0.003, len(C)),
        {"a": lambda law: law.a, "N_opt(1e24)": lambda law: law.optimum(1e24).N},
    )

    print(
        f"share of {REPETITIONS} intervals of nominal {LEVEL:.0%} that hold the truth "
        f"({RESAMPLES} resamples each; allowed {ALLOWED[0]:.0%} to {ALLOWED[1]:.0%})"
    )
    outside = []
    for (name, quantity), share in shares.items():
        print(f"{name:12}{quantity:16}{share:.3f}")
        if not ALLOWED[0] <= share <= ALLOWED[1]:
            outside.append(f"{name} {quantity}")
    sys.exit(f"outside: {', '.join(outside)}" if outside else 0)


if __name__ == "__main__":
    main()
