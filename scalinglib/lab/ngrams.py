"""Predict the next character by counting: n-gram models with Witten-Bell interpolation.

An n-gram model of order k looks at the last k characters. It has counted, in its training text, how
often each character x followed each context c, and mixes that with the model of order k - 1:

    p_k(x | c) = (n(c, x) + T(c) p_{k-1}(x | c')) / (n(c) + T(c))

where n(c, x) counts c followed by x, n(c) is their sum over x, T(c) the number of different
characters seen after c, and c' is c without its oldest character (Witten and Bell 1991, method C,
in the interpolated form of Chen and Goodman 1999). Order 0 looks at nothing and mixes with 1 / 128,
so every character of the alphabet always has a probability.

The alphabet is ASCII: codes 0 to 126, and 127 for every character beyond. Code 0 fills the context
before the first character. A character has 7 bits, so a context of 7 and its next character fit
into one 64-bit integer.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from .corpus import PIECE, Corpus, standard_library

BITS = 7
ALPHABET = 2**BITS
MAX_ORDER = 7
DRAWS = 4
TABLE = Path(__file__).parents[1] / "data" / "ngrams.csv"


def encode(text: str) -> np.ndarray:
    """The codes (uint8, below 128) of the characters of `text`; 127 is all that ASCII lacks."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    return np.minimum(points, ALPHABET - 1).astype(np.uint8)


def grams(codes: np.ndarray, order: int) -> np.ndarray:
    """For each character one int64 with the `order` characters before it and, lowest, itself."""
    padded = np.concatenate([np.zeros(order, np.int64), np.asarray(codes, np.int64)])
    whole = np.zeros(len(codes), np.int64)
    for lag in range(order, -1, -1):
        whole = (whole << BITS) | padded[order - lag : len(padded) - lag]
    return whole


@dataclass(frozen=True)
class Counts:
    """What one order has counted; `seen` and `contexts` are sorted, for a binary search."""

    seen: np.ndarray  # context and character, as in `grams`
    times: np.ndarray  # n(c, x), one for each entry of `seen`
    contexts: np.ndarray  # the different contexts c
    total: np.ndarray  # n(c), one for each context
    distinct: np.ndarray  # T(c), one for each context

    @classmethod
    def of(cls, codes: np.ndarray, order: int) -> Counts:
        seen, times = np.unique(grams(codes, order), return_counts=True)
        contexts, first, distinct = np.unique(seen >> BITS, return_index=True, return_counts=True)
        return cls(seen, times, contexts, np.add.reduceat(times, first), distinct)

    def mix(self, wanted: np.ndarray, lower: np.ndarray) -> np.ndarray:
        """Equation of the module: the probability of each of `wanted`, given the order below's."""
        times = _find(self.seen, self.times, wanted)
        total = _find(self.contexts, self.total, wanted >> BITS)
        distinct = _find(self.contexts, self.distinct, wanted >> BITS)
        # a context never met has total = distinct = 0: then the order below has the whole say
        return np.where(
            total > 0, (times + distinct * lower) / np.maximum(total + distinct, 1), lower
        )


@dataclass(frozen=True)
class Passage:
    """A text ready for many models: for each order its different grams, and where each is."""

    wanted: tuple[np.ndarray, ...]
    where: tuple[np.ndarray, ...]  # for each character, its gram's place in `wanted`
    shorter: tuple[np.ndarray, ...]  # for each gram, its place in the `wanted` of the order below
    times: tuple[np.ndarray, ...]  # how often each gram occurs

    @classmethod
    def of(cls, text: str, order: int = MAX_ORDER) -> Passage:
        """Raises ValueError for an empty text."""
        if not text:
            raise ValueError("there is no text to score: give at least one character")
        codes = encode(text)
        parts, below = [], np.zeros(len(codes), np.intp)
        for k in range(order + 1):
            wanted, where = np.unique(grams(codes, k), return_inverse=True)
            shorter = np.empty(len(wanted), np.intp)
            # grams that agree here agree in every order below: which one writes last is all one
            shorter[where] = below
            parts.append((wanted, where, shorter, np.bincount(where)))
            below = where
        return cls(*zip(*parts, strict=True))

    @property
    def length(self) -> int:
        """How many characters there are to predict."""
        return len(self.where[0])


@dataclass(frozen=True)
class NGrams:
    """A counted text: a model of every order from 0 to `order`."""

    counts: tuple[Counts, ...]

    @property
    def order(self) -> int:
        return len(self.counts) - 1

    @property
    def stored(self) -> np.ndarray:
        """How many counts n(c, x) the model of each order keeps, lower orders included: its N."""
        return np.cumsum([len(level.seen) for level in self.counts])

    def probabilities(self, passage: str | Passage) -> np.ndarray:
        """Probability of each character of the passage by each order: (order + 1, characters)."""
        passage = _passage(passage, self.order)
        rows = self._of_grams(passage)
        return np.array([row[where] for row, where in zip(rows, passage.where, strict=False)])

    def _of_grams(self, passage):
        """For each order the probability of each different gram's character."""
        rows = [np.full(1, 1 / ALPHABET)]
        for level, wanted, shorter in zip(
            self.counts, passage.wanted, passage.shorter, strict=False
        ):
            rows.append(level.mix(wanted, rows[-1][shorter]))
        return rows[1:]

    def losses(self, passage: str | Passage) -> np.ndarray:
        """Mean surprisal -ln p of the passage's characters, in nats a character, for each order.

        Raises ValueError where the passage is empty.
        """
        passage = _passage(passage, self.order)
        rows = zip(self._of_grams(passage), passage.times, strict=False)
        return np.array([-(times @ np.log(row)) / passage.length for row, times in rows])

    def next(self, context: str) -> np.ndarray:
        """Probabilities of all 128 characters after `context`, highest order: (128,), sum 1."""
        codes = encode(context)
        row = np.full(ALPHABET, 1 / ALPHABET)
        for order, level in enumerate(self.counts):
            last = grams(np.append(codes, 0), order)[-1]
            row = level.mix(last + np.arange(ALPHABET), row)
        return row


def count(text: str, order: int = MAX_ORDER) -> NGrams:
    """Count `text` for the orders 0 to `order`.

    Raises ValueError for an empty text or an order outside 0 to 7.
    """
    if order not in range(MAX_ORDER + 1):
        raise ValueError(f"order must be a whole number from 0 to {MAX_ORDER}, got {order!r}")
    if not text:
        raise ValueError("there is no text to count: give at least one character")
    codes = encode(text)
    return NGrams(tuple(Counts.of(codes, k) for k in range(order + 1)))


def learning_curves(
    corpus: Corpus,
    sizes: Iterable[int],
    draws: int = 1,
    passage: Passage | None = None,
    progress: bool = False,
) -> pd.DataFrame:
    """Losses of all orders on `corpus.test` after samples of each size.

    Columns D, draw, order, N, C, loss.

    D counts characters, `draw` is the seed of the sample, N the stored counts, C the additions made
    while counting (one a character and order), loss is in nats a character.
    """
    passage = passage or Passage.of(corpus.test)
    plan = [(size, draw) for size in sizes for draw in range(draws)]
    rows = []
    for size, draw in tqdm(plan, desc="counting", disable=not progress):
        model = count(corpus.sample(size, seed=draw))
        losses = model.losses(passage)
        rows += [
            (size, draw, k, model.stored[k], size * (k + 1), losses[k])
            for k in range(model.order + 1)
        ]
    return pd.DataFrame(rows, columns=["D", "draw", "order", "N", "C", "loss"])


def manifest() -> dict:
    """How `runs.load("ngrams")` was made: corpus, its digest, Python, machine, commit."""
    return json.loads(TABLE.with_suffix(".json").read_text("utf-8"))


def record() -> None:
    """Measure the curves on this Python's standard library; write table and manifest."""
    corpus = standard_library()
    whole = len(corpus.train)
    sizes = [1000 * 2**k for k in range(64) if 1000 * 2**k <= whole]
    start = time.perf_counter()
    curves = learning_curves(corpus, sizes, DRAWS, progress=True)
    made = {
        "what": (
            "held-out loss of n-gram models of orders 0 to 7 (Witten-Bell), "
            "one row a size, draw and order"
        ),
        "command": "python -m scalinglib.lab.ngrams",
        "corpus": corpus.name,
        "corpus_digest": corpus.digest,
        "piece": PIECE,
        "train_files": len(corpus.training),
        "train_characters": whole,
        "test_files": len(corpus.held_out),
        "test_characters": len(corpus.test),
        "test_bytes": len(corpus.test.encode()),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs",
        "commit": _commit(),
        "seconds": round(time.perf_counter() - start, 1),
    }
    _write(TABLE, curves.to_csv(index=False, float_format="%.6f", lineterminator="\n"))
    _write(TABLE.with_suffix(".json"), json.dumps(made, indent=1) + "\n")


def _commit():
    """The commit that the code came from, marked where this module or the corpus differ from it."""

    def git(*words):
        return subprocess.run(
            ["git", *words], cwd=Path(__file__).parent, capture_output=True, text=True
        ).stdout.strip()

    return git("rev-parse", "HEAD") + (
        " with changes" if git("status", "--porcelain", "--", ".") else ""
    )


def _write(path, text):
    """All or nothing: a reader never sees half a table."""
    aside = path.with_suffix(path.suffix + ".part")
    try:
        aside.write_text(text, "utf-8")
        os.replace(aside, path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def _passage(passage, order):
    if not isinstance(passage, Passage):
        return Passage.of(passage, order)
    if len(passage.wanted) <= order:
        raise ValueError(
            f"the passage was prepared for orders up to {len(passage.wanted) - 1}, "
            f"the model has order {order}: Passage.of(text, {order})"
        )
    return passage


def _find(keys, values, wanted):
    """The value of each wanted key, 0 where it is absent; `keys` sorted and unique."""
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, values[at], 0)


if __name__ == "__main__":
    record()
