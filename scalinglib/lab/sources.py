"""What a model is trained on: windows of tokens from a text or a made-up language, or spoilt ones.

A source has a `name`, an alphabet of `n_vocab` tokens, a `digest`, an `entropy` (NaN where nobody
knows it), and gives windows of length + 1 tokens, of which the first `length` are read and the last
`length` predicted:

    train(count, length, seed)   uint8, shape (count, length + 1), in the order of training, no
    window twice held_out(count, length)      the same for scoring, always the same windows
    most(length)                 how many different windows there are to train on
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from .corpus import Corpus, python_source, standard_library
from .lexicon import Lexicon

NEWLINE = 95
TOKENS = bytes(NEWLINE if code == 10 else max(code - 32, 0) for code in range(256))
LEFT_OUT = bytes(code for code in range(256) if code != 10 and not 32 <= code < 127)


def encode(text: str) -> np.ndarray:
    """Tokens (uint8) of a text: the 95 printable ASCII characters are 0 to 94, line ends 95.

    A tab counts as four spaces, and all other characters are left out.
    """
    printed = text.replace("\t", "    ").encode("ascii", "ignore").translate(TOKENS, LEFT_OUT)
    return np.frombuffer(printed, np.uint8).copy()


@dataclass(frozen=True)
class Text:
    """The characters of a corpus, which is read when it is first needed."""

    name: str
    read: Callable[[], Corpus]
    n_vocab = NEWLINE + 1
    entropy = float("nan")

    @cached_property
    def corpus(self) -> Corpus:
        """The files, in a training and a held-out part."""
        return self.read()

    @property
    def digest(self) -> str:
        """SHA-256 of all files: another digest is another corpus."""
        return self.corpus.digest

    @cached_property
    def _train(self):
        return encode(self.corpus.train)

    @cached_property
    def _test(self):
        return encode(self.corpus.test)

    def train(self, count: int, length: int, seed: int = 0) -> np.ndarray:
        """Windows that do not overlap, in an order drawn from `seed`; fewer begin more.

        Raises ValueError where the training text has fewer.
        """
        rng = np.random.default_rng(seed)
        there, width = self.most(length), length + 1
        if count > there:
            raise ValueError(
                f"corpus {self.name!r} has {there * length:.4g} tokens to train on in windows of "
                f"{length}, {count * length:.4g} were asked for: "
                "ask for fewer, or take a larger corpus"
            )
        first = rng.integers(width)  # so that another seed cuts the text at other places
        return self._train[first : first + there * width].reshape(there, width)[
            rng.permutation(there)[:count]
        ]

    def most(self, length: int) -> int:
        """How many windows there are to train on, wherever the first one begins."""
        return (len(self._train) - length) // (length + 1)

    def held_out(self, count: int, length: int) -> np.ndarray:
        """Windows evenly spread over the held-out files; ValueError where these have fewer."""
        there = len(self._test) // (length + 1)
        if count > there:
            raise ValueError(
                f"corpus {self.name!r} has {there * length:.4g} held-out "
                f"tokens in windows of {length}, {count * length:.4g} were asked for: ask for fewer"
            )
        starts = np.linspace(0, len(self._test) - length - 1, count).astype(int)
        return self._test[starts[:, None] + np.arange(length + 1)]


def training_windows(
    source: Text | Lexicon,
    count: int,
    length: int,
    seed: int = 0,
    *,
    unique: int | None = None,
    duplicated: float = 0.0,
    copies: int = 100,
    noise: float = 0.0,
) -> np.ndarray:
    """`source.train(count, length, seed)`, repeated, duplicated or noisy on purpose.

    unique: only so many different tokens; when they are used up they come again, in another order
    (more epochs). duplicated: this share of the windows are copies from a small pool, each shown
    about `copies` times. noise: this share of the windows has its characters shuffled, so that
    nothing but their frequencies can be learnt. Raises ValueError for shares outside 0 to 1, or
    where `unique` is less than a window.
    """
    for name, share in (("duplicated", duplicated), ("noise", noise)):
        if not 0 <= share <= 1:
            raise ValueError(f"{name} is a share of the windows, from 0 to 1; got {share}")
    fresh = count if unique is None else min(count, int(unique) // length)
    if fresh < 1:
        raise ValueError(f"unique = {unique} tokens do not fill one window of {length}")
    rng = np.random.default_rng([seed, 2])
    windows = source.train(fresh, length, seed)
    if fresh < count:
        again = [rng.permutation(fresh) for _ in range(-(-count // fresh) - 1)]
        windows = windows[np.concatenate([np.arange(fresh), *again])[:count]]
    if duplicated:
        copied = np.flatnonzero(rng.random(count) < duplicated)
        pool = copied[: -(-len(copied) // copies)]
        windows[copied] = windows[rng.permutation(np.resize(pool, len(copied)))]
    if noise:
        noisy = rng.random(count) < noise
        windows[noisy] = rng.permuted(windows[noisy], axis=1)
    return windows


@lru_cache(maxsize=4)
def source(name: str) -> Text | Lexicon:
    """The source of this name.

    "lexicon": the made-up language of `lexicon.Lexicon`, endless, of known entropy.
    "library": the source code of Python's standard library, characters.
    "python": the same with its tests, and numpy, scipy, pandas and matplotlib: for sweeps.
    Raises ValueError for another name.
    """
    if name == "lexicon":
        return Lexicon()
    if name == "library":
        return Text(name, standard_library)
    if name == "python":
        return Text(name, python_source)
    raise ValueError(f"no source named {name!r}; there is 'lexicon', 'library' and 'python'")
