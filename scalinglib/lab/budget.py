"""A laboratory with a bill: every run costs its FLOPs, and when the budget is spent it is spent."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import pandas as pd

from .. import runs
from .._inputs import positive
from ..laws import ChinchillaLaw
from .training import Recipe, run

BACKENDS = ("recorded", "live", "simulated")
NOISE = 0.004  # relative, from seed to seed: as in the recorded sweep
LR_PENALTY = 0.01  # relative, at e times or 1 / e of the best learning rate


class BudgetError(ValueError):
    """A run that this laboratory cannot make: not paid for, or not recorded."""


@dataclass(frozen=True)
class PaidRun:
    """A finished run: recipe, size, cost, and held-out loss (NaN if it diverged)."""

    width: int
    tokens: int
    lr: float
    N: int
    D: int
    C: float
    loss: float


class Budget:
    """`flops` to spend on training runs of any width and number of tokens.

    backend: "recorded" serves the runs of `runs.load("sweep")` and no others; "live" trains;
    "simulated" answers from a law drawn from `seed`, with the noise of real runs. corpus:
    "lexicon", "library" (not recorded) or "python". seed: of training; recorded: which of the
    recorded seeds. ledger: the file of what was paid for, beside the notebook where none is named;
    the same file goes on where it was left, also after a crash.

    Raises BudgetError where the ledger belongs to another budget, ValueError for an unknown backend
    or corpus.
    """

    def __init__(
        self,
        flops: float,
        backend: str = "recorded",
        *,
        seed: int = 0,
        corpus: str = "lexicon",
        ledger: str | Path | None = None,
    ) -> None:
        if backend not in BACKENDS:
            raise ValueError(f"backend must be one of {', '.join(BACKENDS)}; got {backend!r}")
        self.flops, self.backend, self.seed, self.corpus = (
            float(positive("flops", flops)),
            backend,
            int(seed),
            corpus,
        )
        self.ledger = Path(ledger or f"budget-{backend}-{corpus}-seed{seed}.jsonl")
        self.price(8, 10_000)  # refuses an unknown corpus
        terms = {"flops": self.flops, "backend": backend, "corpus": corpus, "seed": self.seed}
        found = self._read()
        if not found:
            self._append(terms)
        elif found[0] != terms:
            raise BudgetError(
                f"the ledger {self.ledger} is of another budget, {found[0]}: name another file"
            )

    def price(self, width: int, tokens: int) -> float:
        """What a run would cost, FLOPs; free to ask."""
        return self._recipe(width, tokens).flops

    def menu(self, flops: float, widths: Iterable[int] = range(8, 257, 8)) -> pd.DataFrame:
        """What one run of about `flops` could be, free to ask.

        Width, tokens, N, D, C, a row for each of `widths`.
        """
        rows = []
        for width in widths:
            run = Recipe.of_budget(
                positive("flops", flops), width, corpus=self.corpus, seed=self.seed
            )
            rows.append(
                {
                    "width": width,
                    "tokens": run.tokens,
                    "N": run.shape.n_params,
                    "D": run.D,
                    "C": run.flops,
                }
            )
        return pd.DataFrame(rows)

    def true_loss(self, width: int, tokens: int, lr: float = 0.008) -> float:
        """A simulated run's loss without noise: for a referee, not a planner.

        BudgetError elsewhere.
        """
        if self.backend != "simulated":
            raise BudgetError(
                f"nobody knows the true loss of a {self.backend} run; "
                "only a simulated laboratory does"
            )
        return self._expected(self._recipe(width, tokens, lr))

    def train(self, width: int, tokens: int, lr: float = 0.008) -> PaidRun:
        """Make a run and pay for it; asking for the same again is free and gives the same.

        Raises BudgetError where the rest of the budget does not pay for it, or where it is not
        among the recorded runs; nothing is charged then. ValueError as `Recipe`.
        """
        recipe = self._recipe(width, tokens, lr)
        asked = {"width": recipe.width, "tokens": recipe.tokens, "lr": recipe.lr}
        for paid in self._paid():
            if asked == {name: getattr(paid, name) for name in asked}:
                return paid
        recorded = self._recorded(recipe) if self.backend == "recorded" else None
        cost = recipe.flops if recorded is None else float(recorded["C"])
        if cost > self.left:
            raise BudgetError(
                f"this run costs {cost:.4g} FLOPs and {self.left:.4g} of {self.flops:.4g} "
                "are left: fewer tokens or a smaller width would do"
            )
        if recorded is not None:
            loss, D = float(recorded["loss"]), int(recorded["D"])
        else:
            loss, D = (
                run(recipe, progress=True).loss
                if self.backend == "live"
                else self._simulated(recipe),
                recipe.D,
            )
        paid = PaidRun(**asked, N=recipe.shape.n_params, D=D, C=cost, loss=loss)
        self._append(asdict(paid) | ({"loss": None} if np.isnan(loss) else {}))
        return paid

    @property
    def runs(self) -> pd.DataFrame:
        """All runs paid for, in their order: width, tokens, lr, N, D, C, loss."""
        return pd.DataFrame(
            [asdict(paid) for paid in self._paid()], columns=[item.name for item in fields(PaidRun)]
        )

    @property
    def spent(self) -> float:
        """FLOPs."""
        return float(sum(paid.C for paid in self._paid()))

    @property
    def left(self) -> float:
        """FLOPs."""
        return self.flops - self.spent

    def __repr__(self):
        return (
            f"Budget: {self.spent:.4g} of {self.flops:.4g} FLOPs spent on {len(self._paid())} runs"
        )

    # ---- where losses come from ----

    def _recipe(self, width, tokens, lr=0.008):
        return Recipe(width, tokens, corpus=self.corpus, seed=self.seed, lr=lr)

    def _recorded(self, recipe):
        sweep = runs.load("sweep")
        sweep = sweep[(sweep["corpus"] == self.corpus) & (sweep["seed"] == self.seed)]
        sweep = sweep[sweep["arm"].isin(["main", "fresh"])]
        same = sweep[sweep["width"] == recipe.width]
        match = same[np.abs(same["D"] / recipe.tokens - 1) < 0.005]
        if recipe.lr != 0.008 or match.empty:
            if same.empty:
                has = (
                    f"widths {', '.join(map(str, sorted(set(sweep['width']))))}"
                    if len(sweep)
                    else "no run at all"
                )
            else:
                has = f"{', '.join(f'{D:,}' for D in sorted(set(same['D'])))} tokens"
            raise BudgetError(
                f"no run of width {recipe.width}, {recipe.tokens:,} tokens and lr {recipe.lr:g} "
                f"was recorded; for {self.corpus!r}, seed {self.seed}, lr 0.008 there is {has}. "
                "Nothing is interpolated"
            )
        return match.iloc[0]

    def _expected(self, recipe):
        rng = np.random.default_rng([self.seed, 13])
        floor, alpha, beta = rng.uniform(0.7, 1.5), rng.uniform(0.3, 0.5), rng.uniform(0.3, 0.5)
        by_size, by_data = rng.uniform(0.2, 0.5, 2)  # nats, at 20,000 parameters and 1e6 tokens
        law = ChinchillaLaw(floor, by_size * 2e4**alpha, by_data * 1e6**beta, alpha, beta)
        best_lr = 0.008 * np.exp(rng.uniform(-0.7, 0.7))
        return float(
            law.loss(recipe.shape.n_params, recipe.D)
            * np.exp(LR_PENALTY * np.log(recipe.lr / best_lr) ** 2)
        )

    def _simulated(self, recipe):
        own = np.random.default_rng(
            [self.seed, recipe.width, recipe.tokens, round(recipe.lr * 1e9)]
        )
        return self._expected(recipe) * float(np.exp(NOISE * own.standard_normal()))

    # ---- the ledger: one line of terms, then one line a run ----

    def _paid(self):
        nan = float("nan")
        return [
            PaidRun(**row | ({"loss": nan} if row["loss"] is None else {}))
            for row in self._read()[1:]
        ]

    def _read(self):
        """All whole lines; a line that a crash cut off was not paid for."""
        if not self.ledger.exists():
            return []
        raw = self.ledger.read_bytes()
        whole = raw[: raw.rfind(b"\n") + 1]
        if len(whole) < len(raw):
            os.truncate(self.ledger, len(whole))
        return [json.loads(line) for line in whole.splitlines()]

    def _append(self, row):
        with open(self.ledger, "ab") as file:
            file.write((json.dumps(row) + "\n").encode())
            file.flush()
            os.fsync(file.fileno())
