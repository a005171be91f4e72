"""Parameters and training FLOPs of a decoder-only transformer: exact, and the papers' short cuts.

A matrix product costs two FLOPs (multiply, add) a weight and token forward and four backward: hence
C = 6 N D.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast, get_args, overload

import numpy as np
from numpy.typing import ArrayLike

from ._inputs import Array, Numbers, Scalar, positive

Position: TypeAlias = Literal["learned", "relative", "none"]
POSITIONS: tuple[Position, ...] = get_args(Position)

Norms: TypeAlias = Literal["none", "rms", "layer"]
VECTORS: dict[Norms, int] = {"none": 0, "rms": 1, "layer": 2}
"""Vectors of d_model that a norm learns: nothing, a gain, or a gain and a bias."""


@overload
def train_flops(N: Scalar, D: Scalar) -> float: ...
@overload
def train_flops(N: ArrayLike, D: ArrayLike) -> Array: ...
def train_flops(N: ArrayLike, D: ArrayLike) -> Numbers:
    """6 N D: FLOPs of training `N` parameters on `D` tokens, in float.

    The integer product overflows int64 at 9.2e18.

    Source: Kaplan et al. 2020, section 2.1. Raises ValueError for counts that are not positive and
    finite.

    >>> float(train_flops(70e9, 1.4e12))
    5.88e+23
    """
    return 6.0 * positive("N", N) * positive("D", D)


PEARCE_OMEGA = 47491.0
"""Embedding parameters per cube root of the others (Pearce and Song 2024: the models of Chinchilla,
32,000 tokens).
"""


@overload
def total_params(N: Scalar, omega: Scalar = PEARCE_OMEGA) -> float: ...
@overload
def total_params(N: ArrayLike, omega: ArrayLike = PEARCE_OMEGA) -> Array: ...
def total_params(N: ArrayLike, omega: ArrayLike = PEARCE_OMEGA) -> Numbers:
    """N + omega N^(1/3): all parameters of a model that has `N` outside its embeddings, in float.

    Width grows as N^(1/3) where depth grows in step with it, and the embedding as the width times
    the vocabulary. Source: Pearce and Song 2024. Raises ValueError for counts that are not positive
    and finite.

    >>> f"{total_params(1e9):.3g}"  # of a model with a billion outside its embeddings
    '1.05e+09'
    """
    N = positive("N", N)
    return N + positive("omega", omega) * np.cbrt(N)


@overload
def layer_params(N: Scalar, omega: Scalar = PEARCE_OMEGA) -> float: ...
@overload
def layer_params(N: ArrayLike, omega: ArrayLike = PEARCE_OMEGA) -> Array: ...
def layer_params(N: ArrayLike, omega: ArrayLike = PEARCE_OMEGA) -> Numbers:
    """The inverse of `total_params`: parameters outside the embeddings of a model with `N` in all.

    Raises ValueError for counts that are not positive and finite.

    >>> f"{layer_params(total_params(1e9)):.3g}"
    '1e+09'
    """
    third = np.sqrt(positive("omega", omega) / 3)  # the real root of y^3 + omega y = N, y = n^(1/3)
    return (2 * third * np.sinh(np.arcsinh(positive("N", N) / (2 * third**3)) / 3)) ** 3


# ---- what a column or an axis counts -------------------------------------------------------------

COUNTS: dict[str, dict[str, tuple[str, str]]] = {
    "N": {
        "total": ("N, all", "all parameters N"),
        "layers": ("N, layers", "parameters in the layers N"),
        "non-embedding": ("N, no embedding", "non-embedding parameters N"),
        "as counted": ("N, as counted", "parameters N, as counted"),
        "by the law": ("N, by the law", "parameters N, as the law counts"),
    },
    "C": {
        "6ND": ("C = 6ND", "compute C = 6ND, FLOPs"),
        "exact": ("C, exact", "compute C, exact FLOPs"),
        "C_min": ("C_min", "compute C_min, PF-days"),
        "as counted": ("C, as counted", "compute C, FLOPs as counted"),
    },
    "D": {
        "processed": ("D, processed", "tokens processed D"),
        "unique": ("D, different", "different tokens D"),
    },
}
"""What N, C and D may count, and for each of them a column's name and an axis's label."""


def column(quantity: str, count: str) -> str:
    """The name of a table's column that says what it counts.

    Raises ValueError for a quantity or count that there is not, with those that there are.

    >>> column("N", "layers"), column("C", "6ND")
    ('N, layers', 'C = 6ND')
    """
    return _counted(quantity, count)[0]


def label(quantity: str, count: str) -> str:
    """The label of an axis that says what it counts; raises as `column` does.

    >>> label("N", "total"), label("C", "exact")
    ('all parameters N', 'compute C, exact FLOPs')
    """
    return _counted(quantity, count)[1]


def _counted(quantity: str, count: str) -> tuple[str, str]:
    known = COUNTS.get(quantity, {})
    if count not in known:
        there = "; ".join(f"{name}: {', '.join(counts)}" for name, counts in COUNTS.items())
        raise ValueError(f"nothing counts {quantity!r} as {count!r}; there is {there}")
    return known[count]


_LATER = cast(Any, None)  # Transformer.__post_init__ puts a value in its place


@dataclass(frozen=True)
class Transformer:
    """The shape of a decoder-only transformer, from which its parameters and FLOPs follow.

    Parameters
    ----------
    n_layer, d_model, n_head, n_vocab, n_ctx : int
        Layers, width, attention heads, vocabulary, context length in tokens.
    d_head : int, optional
        Width of a head (kv in Hoffmann et al. 2022); d_model / n_head where it is not given.
    d_ff : int, optional
        Inner width of the feed-forward block; 4 d_model where it is not given.
    tied : bool
        Whether the output layer shares the embedding's matrix.
    position : "learned" | "relative" | "none"
        A table of n_ctx vectors (GPT-3); a fifth projection in each layer, d_model by n_head d_head
        (Chinchilla); or nothing to learn (rotary, sinusoidal).
    biases : bool
        Whether to count the vectors too: a bias for each matrix of a layer, gain and bias for each
        layer norm (GPT-2). The published tables are reproduced without; they add less than 0.2 %
        from 100M parameters on.
    norms : "none" | "rms" | "layer", optional
        What each of the two norms of a layer, and the last one, learns: nothing, a gain (LLaMA), a
        gain and a bias (GPT-2). "layer" with `biases`, else "none", where it is not given.
    gated : bool
        Whether the feed-forward block has a third matrix, the gate (SwiGLU, GeGLU).
    n_kv_head : int, optional
        Heads of keys and values, each shared by a group of the n_head queries; n_head where it is
        not given.
    n_expert, n_expert_active : int
        Feed-forward blocks in each layer, and how many of them a token passes through. With more
        than one, a router of d_model by n_expert is counted in each layer.

    Raises ValueError for anything but positive whole numbers, for a width that the heads do not
    divide, for queries that the groups do not divide, and for more active experts than there are.

    >>> llama = Transformer(32, 4096, 32, 32000, 2048, d_ff=11008, tied=False,
    ...     position="none", norms="rms", gated=True)
    >>> llama.n_params, round(llama.flops_per_token / llama.flops_per_token_6N, 2)
    (6738415616, 1.06)
    """

    n_layer: int
    d_model: int
    n_head: int
    n_vocab: int
    n_ctx: int
    d_head: int = _LATER
    d_ff: int = _LATER
    tied: bool = True
    position: Position = "learned"
    biases: bool = False
    norms: Norms = _LATER
    gated: bool = False
    n_kv_head: int = _LATER
    n_expert: int = 1
    n_expert_active: int = 1

    def __post_init__(self) -> None:
        always = ("n_layer", "d_model", "n_head", "n_vocab", "n_ctx", "n_expert", "n_expert_active")
        for name in (*always, "d_head", "d_ff", "n_kv_head"):
            if name in always or getattr(self, name) is not None:
                object.__setattr__(self, name, _whole(name, getattr(self, name)))
        if self.position not in POSITIONS:
            raise ValueError(
                f"position must be one of {', '.join(POSITIONS)}; got {self.position!r}"
            )
        if self.d_head is None:
            if self.d_model % self.n_head:
                raise ValueError(
                    f"{self.n_head} heads do not divide d_model = {self.d_model}; "
                    "give d_head as well, if that is what is meant"
                )
            object.__setattr__(self, "d_head", self.d_model // self.n_head)
        if self.d_ff is None:
            object.__setattr__(self, "d_ff", 4 * self.d_model)
        if self.norms is not None and self.norms not in VECTORS:
            raise ValueError(f"norms must be one of {', '.join(VECTORS)}; got {self.norms!r}")
        if self.n_kv_head is None:
            object.__setattr__(self, "n_kv_head", self.n_head)
        if self.n_head % self.n_kv_head:
            raise ValueError(
                f"n_kv_head = {self.n_kv_head} does not divide n_head = {self.n_head}: every head "
                "of keys and values serves the same number of queries"
            )
        if self.n_expert_active > self.n_expert:
            raise ValueError(
                f"a token cannot pass through {self.n_expert_active} experts of {self.n_expert}; "
                "n_expert counts all of them"
            )

    @property
    def d_attn(self) -> int:
        """Width of all heads together, n_head d_head; mostly d_model."""
        return self.n_head * self.d_head

    @property
    def d_kv(self) -> int:
        """Width of all keys, and of all values: n_kv_head d_head."""
        return self.n_kv_head * self.d_head

    # ---- parameters ----

    @property
    def _norm_vectors(self) -> int:
        """Vectors of each norm; asked for late, so that replace(shape, biases=True) counts them."""
        return VECTORS[self.norms or ("layer" if self.biases else "none")]

    @property
    def params_by_part(self) -> dict[str, int]:
        """Parameters by part: embedding, position (own table), attention, feed-forward, output."""
        return self._params_by_part(self.n_expert)

    def _params_by_part(self, n_expert: int) -> dict[str, int]:
        """`params_by_part` with so many experts in a layer; the router chooses among all."""
        d, norm = self.d_model, self._norm_vectors * self.d_model
        wide = 3 if self.position == "relative" else 2  # queries, output, relative positions
        attention = wide * d * self.d_attn + 2 * d * self.d_kv + norm
        into = 2 if self.gated else 1  # matrices from d_model to d_ff
        expert = (into + 1) * d * self.d_ff
        if self.biases:
            attention += self.d_attn + 2 * self.d_kv + d
            expert += into * self.d_ff + d
        feed_forward = n_expert * expert + d * self._routes + norm
        return {
            "embedding": self.n_vocab * d,
            "position": self.n_ctx * d if self.position == "learned" else 0,
            "attention": self.n_layer * attention,
            "feed-forward": self.n_layer * feed_forward,
            "output": (0 if self.tied else self.n_vocab * d) + norm,  # the last norm
        }

    @property
    def _routes(self) -> int:
        """What a router scores: the experts, or nothing where there is one."""
        return self.n_expert if self.n_expert > 1 else 0

    @property
    def n_params(self) -> int:
        """All parameters, embeddings included: the N of GPT-3 and Chinchilla.

        With position "relative": N = layers (5 d kv heads + 2 d ffw) + vocabulary d, which gives
        Table A9 of Hoffmann et al. 2022.
        """
        return sum(self.params_by_part.values())

    @property
    def n_params_active(self) -> int:
        """Parameters that one token meets: `n_params` without the experts that it passes by."""
        return sum(self._params_by_part(self.n_expert_active).values())

    @property
    def n_params_non_embedding(self) -> int:
        """Parameters inside the layers: N of Kaplan et al. 2020 (no vocabulary or positions)."""
        parts = self.params_by_part
        return parts["attention"] + parts["feed-forward"]

    @property
    def n_params_kaplan(self) -> int:
        """12 n_layer d_model^2: the short cut for d_attn = d_model, d_ff = 4 d_model.

        Source: Kaplan et al. 2020, eq. 2.1.
        """
        return 12 * self.n_layer * self.d_model**2

    # ---- FLOPs ----

    @property
    def flops_by_part(self) -> dict[str, float]:
        """Training FLOPs by part for one token, full context: forward, and twice that backward.

        Hoffmann et al. 2022, Appendix F, divided by the sequence length n_ctx: projections,
        attention (scores, softmax, weighted sum, over the whole square as the paper counts; a
        kernel that skips the future does half), feed-forward, output. The embedding is looked up
        and costs nothing here. A relative position's projection acts on n_ctx positions once a
        step, not on every token: left out, as in the paper. Grouped keys and values save
        projections and no scores; of the experts the active ones count, with the router in
        "feed-forward". What a gate, a norm or a softmax over experts does to each number is left
        out.
        """
        d, S, width = self.d_model, self.n_ctx, self.d_attn
        matrices = (3 if self.gated else 2) * self.n_expert_active
        return {
            "projections": 3.0 * self.n_layer * 2 * 2 * d * (width + self.d_kv),
            "attention": 3.0 * self.n_layer * (4 * S * width + 3 * self.n_head * S),
            "feed-forward": 3.0 * self.n_layer * 2 * d * (matrices * self.d_ff + self._routes),
            "output": 3.0 * 2 * d * self.n_vocab,
        }

    @property
    def flops_per_token(self) -> float:
        """Training FLOPs per token, exact: the sum of `flops_by_part`."""
        return sum(self.flops_by_part.values())

    @property
    def flops_per_token_hoffmann(self) -> float:
        """The formula of Hoffmann et al. 2022, Appendix F: the embedding is a product, 2 V d."""
        return self.flops_per_token + 3.0 * 2 * self.n_vocab * self.d_model

    @property
    def flops_per_token_layers(self) -> float:
        """Inside the layers only: it reproduces Table A4 of Hoffmann et al. 2022.

        The printed formula does not.
        """
        return self.flops_per_token - self.flops_by_part["output"]

    @property
    def flops_per_token_kaplan(self) -> float:
        """3 (2 N + 2 n_layer n_ctx d_attn), N non-embedding: half the attention.

        Of the experts N counts the active ones. Source: Kaplan et al. 2020, Table 1.
        """
        idle = self.n_params - self.n_params_active
        return 3.0 * (
            2 * (self.n_params_non_embedding - idle) + 2 * self.n_layer * self.n_ctx * self.d_attn
        )

    @property
    def flops_per_token_6N(self) -> float:
        """6 N with all parameters that a token meets: the short cut behind C = 6 N D."""
        return 6.0 * self.n_params_active

    def exact_from_6ND(self, C: ArrayLike) -> Numbers:
        """The exact count of a training whose C = 6 N D is `C`: other FLOPs, the same tokens.

        N are all parameters that a token meets. Raises ValueError for a C that is not positive.

        >>> small = Transformer(2, 32, 4, 96, 64)
        >>> round(float(small.exact_from_6ND(1e9)) / 1e9, 2)
        1.23
        """
        return positive("C", C) * (self.flops_per_token / self.flops_per_token_6N)

    def as_6ND(self, C: ArrayLike) -> Numbers:
        """6 N D of a training whose exact count is `C`, the inverse of `exact_from_6ND`.

        >>> small = Transformer(2, 32, 4, 96, 64)
        >>> round(float(small.as_6ND(small.exact_from_6ND(1e9))))
        1000000000
        """
        return positive("C", C) * (self.flops_per_token_6N / self.flops_per_token)


def _whole(name: str, value: ArrayLike) -> int:
    number = positive(name, value)
    if np.ndim(number) or number != int(number):
        raise ValueError(f"{name} must be one whole number, got {value!r}")
    return int(number)
