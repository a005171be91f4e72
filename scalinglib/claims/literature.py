"""Evidence from published laws and tables, each with its selection: n of N rows, and which."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from .. import counting, fitting, planning, published, runs
from ..laws import LossLaw

PRINTED, TEX, REFIT = "hoffmann_2022", "hoffmann_2022_tex", "besiroglu_2024"
SETS = (PRINTED, TEX, REFIT)
"""Three sets of constants of one law and one data set: as printed, all digits, fitted again."""

GPT3 = counting.train_flops(175e9, 300e9)
GOPHER = 5.76e23

DATA_SETS = {
    "MassiveText": (
        "Chinchilla, Approach 1",
        "Chinchilla, Approach 2",
        "Chinchilla, Approach 3",
        "Besiroglu, replication of Approach 3",
    ),
    "C4": ("Chinchilla, Approach 2 on C4",),
    "GitHub": ("Chinchilla, Approach 2 on GitHub code",),
    "DeepSeek, early": ("DeepSeek, early data",),
    "DeepSeek, current": ("DeepSeek, current data",),
    "OpenWebText2": ("DeepSeek, OpenWebText2",),
    "text of MiniCPM": ("MiniCPM",),
    "RefinedWeb": ("Porian, tuned at each size",),
    "Llama 3": ("Llama 3",),
}
"""The fits since 2022 by the text that was trained on. Left out: one whose exponent is 1/2 by
construction (Muennighoff) and the stages of Porian's chain before the last, which are steps of a
correction and no results."""


def law(key: str) -> Any:
    """The registered law."""
    return published.get(key).law


@cache
def exponents() -> pd.Series:
    """a of N ~ C^a since 2022, one a data set: the median of its fits. attrs: n rows of N."""
    table = runs.table("fits").set_index("study").a
    found = {name: float(table[list(rows)].median()) for name, rows in DATA_SETS.items()}
    series = pd.Series(found, name="a")
    series.attrs = {"n": sum(map(len, DATA_SETS.values())), "of": len(table)}
    return series


def spread_of(values: Iterable[float]) -> dict[str, float]:
    """low, median and high of some numbers."""
    numbers = np.array(list(values), dtype=float)
    return {
        "low": float(numbers.min()),
        "median": float(np.median(numbers)),
        "high": float(numbers.max()),
    }


@cache
def dense_models(largest: bool = False) -> pd.DataFrame:
    """Models of one pass over known data and all parameters in use; `era`, `ratio` = D / N.

    largest: only the largest of each family, as in chapter 11. attrs: n rows of N in
    runs.table("models").
    """
    table = runs.table("models")
    odd = table.note.str.contains("epochs|distilled|looks wrong|experts")
    dense = table[table.D.notna() & ~odd].copy()
    dense["ratio"] = dense.D / dense.N
    eras = pd.cut(dense.year, [2018, 2022, 2023, 2030], labels=["2020-22", "2023", "since 2024"])
    dense["era"] = eras.astype(str)
    if largest:
        dense = dense.loc[dense.groupby("family").N.idxmax().sort_values()]
    dense.attrs = {"n": len(dense), "of": len(table)}
    return dense


def overheads(models: Iterable[str], laws: Iterable[str] = SETS) -> dict[str, float]:
    """Least and most extra compute, per cent, that the loss of some models cost by some laws."""
    table = runs.table("models").set_index("model")
    extra = []
    for name in models:
        N, D = float(table.N[name]), float(table.D[name])
        for key in laws:
            told: Any = law(key)
            needed = planning.least_compute(told, told.loss(N, D))
            extra.append(100 * (counting.train_flops(N, D) / float(needed) - 1))
    return {"least": min(extra), "most": max(extra)}


def at_equal_compute(told: LossLaw, N: float, C: float) -> float:
    """Loss of N parameters that C FLOPs train."""
    return float(told.loss(N, C / (6 * N)))


@cache
def porian() -> Any:
    """Best sizes of Porian's tuned runs on RefinedWeb: five sizes nearest each budget's minimum."""
    table = runs.load("porian").query("dataset == 'RefinedWeb' and stage == 'tuned, no decay'")
    valleys = []
    for _, valley in table.sort_values("N").groupby("C"):
        first = np.clip(valley.loss.to_numpy().argmin() - 2, 0, len(valley) - 5)
        valleys.append(valley.iloc[first : first + 5])
    near = pd.concat(valleys)
    return fitting.fit_isoflop(near.C, near.N, near.loss).law


@cache
def pairs() -> pd.DataFrame:
    """All pairs of sizes at one budget of Porian's tuned runs on RefinedWeb.

    Sizes over the best one of Besiroglu's refit, which has not seen them; `won` is the smaller one.
    """
    table = runs.load("porian").query("dataset == 'RefinedWeb' and stage == 'tuned, no decay'")
    rows = []
    for C, own in table.groupby("C"):
        own = own.sort_values("N")
        k = own.N.to_numpy() / law(REFIT).optimum(C).N
        loss = own.loss.to_numpy()
        i, j = np.triu_indices(len(k), 1)
        rows.append(pd.DataFrame({"small": k[i], "large": k[j], "won": loss[i] < loss[j]}))
    return pd.concat(rows, ignore_index=True)
