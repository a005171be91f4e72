"""A language of known entropy: words drawn by Zipf's law, each spelled with random letters.

A text is a row of words, each drawn on its own with probability proportional to 1 / rank^exponent.
All words have the same number of letters and nothing stands between them. To learn the language is
to learn its lexicon, the rarest words last. No spelling occurs twice, so a text of n words has
exactly the entropy of n draws, and nothing in it but the words can be learnt.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True)
class Lexicon:
    """`n_words` words of `n_letters` letters out of an alphabet of `n_vocab`.

    Zipf `exponent`; `seed` of the spelling.

    Raises ValueError where the alphabet does not have that many different words.
    """

    n_words: int = 65536
    n_letters: int = 4
    n_vocab: int = 32
    exponent: float = 1.2
    seed: int = 1
    name = "lexicon"

    def __post_init__(self):
        if not 1 < self.n_words <= self.n_vocab**self.n_letters:
            raise ValueError(
                f"{self.n_letters} letters out of {self.n_vocab} spell "
                f"{self.n_vocab**self.n_letters} words; "
                f"n_words must be 2 to that, got {self.n_words}"
            )

    @cached_property
    def probability(self) -> np.ndarray:
        """Of each word, the most frequent first."""
        weight = np.arange(1, self.n_words + 1.0) ** -self.exponent
        return weight / weight.sum()

    @cached_property
    def code(self) -> np.ndarray:
        """Of each word: its letters as digits of one integer, the first letter the highest."""
        return np.random.default_rng(self.seed).permutation(self.n_vocab**self.n_letters)[
            : self.n_words
        ]

    @property
    def entropy(self) -> float:
        """Nats per letter, exact: a word's entropy over its letters; no expected loss is lower."""
        return float(-(self.probability * np.log(self.probability)).sum() / self.n_letters)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of spelling and probabilities: another digest is another language."""
        return hashlib.sha256(self.code.astype("<i8").tobytes() + repr(self).encode()).hexdigest()

    def train(self, count: int, length: int, seed: int = 0) -> np.ndarray:
        """`count` fresh windows of `length` + 1 letters, each beginning with a word.

        uint8, shape (count, length + 1).

        The same seed gives the same windows; fewer are the beginning of more.
        """
        return self._windows(count, length, np.random.default_rng([self.seed, seed]))

    def most(self, length: int) -> float:
        """How many windows there are to train on: no end."""
        return float("inf")

    def held_out(self, count: int, length: int) -> np.ndarray:
        """Windows for scoring, drawn apart from any training seed, always the same ones."""
        return self._windows(count, length, np.random.default_rng([self.seed, 0, 1]))

    def log_probabilities(self, windows: np.ndarray) -> np.ndarray:
        """Log probability, under the true law, of each letter but the first, given those before.

        windows: letters, each row beginning with a word, shape (count, length + 1); result (count,
        length).
        """
        windows = np.asarray(windows)
        logs = np.empty(windows.shape)
        prefix = np.zeros(len(windows), np.int64)
        for column, letters in enumerate(windows.T):
            place = column % self.n_letters
            if place == 0:
                prefix[:] = 0
            before = prefix.copy()
            prefix = prefix * self.n_vocab + letters
            with np.errstate(divide="ignore"):  # a spelling that no word has is impossible: -inf
                logs[:, column] = np.log(self._mass[place + 1][prefix]) - np.log(
                    self._mass[place][before]
                )
        return logs[:, 1:]

    @cached_property
    def _mass(self):
        """For each number of letters k: the probability that a word begins so, (n_vocab^k,)."""
        return [
            np.bincount(
                self.code // self.n_vocab ** (self.n_letters - k), self.probability, self.n_vocab**k
            )
            for k in range(self.n_letters + 1)
        ]

    @cached_property
    def _cumulative(self):
        return np.cumsum(self.probability)

    def _windows(self, count, length, rng):
        words = -(-(length + 1) // self.n_letters)
        drawn = np.minimum(
            np.searchsorted(self._cumulative, rng.random((count, words))), self.n_words - 1
        )
        digits = self.n_vocab ** np.arange(self.n_letters - 1, -1, -1)
        spelling = (self.code[:, None] // digits % self.n_vocab).astype(np.uint8)
        return spelling[drawn].reshape(count, -1)[:, : length + 1]
