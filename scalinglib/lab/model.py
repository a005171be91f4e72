"""A tiny language model in NumPy, forward and backward, to be read from top to bottom.

It is a decoder-only transformer as in GPT, with the simplifications of 2020 to 2025: RMS norm
without gains, rotary positions, squared ReLU, no biases, an output layer of its own. One thing is
added, a recency bias: each head prefers near tokens by a fixed slope, steep in the first head and
flat in the last (Press et al. 2022). Small models do not find this out by themselves soon enough,
and the large ones do: without it their losses would not lie on one law.

Rows are tokens: M = windows * length of them, d = d_model. What the forward pass keeps, the
backward pass uses, layer by layer in reverse. For y = x W the gradients are dW = x^T dy and dx = dy
W^T: most lines say only that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ..counting import Transformer

EPSILON = 1e-6  # keeps the norm of a zero vector finite
BASE = 100.0  # of the rotary wavelengths; windows are short
PLAIN: dict[
    str, Callable[[Transformer], object]
] = {  # what this model has, whatever else a Transformer can count
    "d_head": lambda shape: shape.d_model // shape.n_head,
    "d_ff": lambda shape: 4 * shape.d_model,
    "tied": lambda shape: False,
    "position": lambda shape: "none",
    "biases": lambda shape: False,
    "norms": lambda shape: "none",
    "gated": lambda shape: False,
    "n_kv_head": lambda shape: shape.n_head,
    "n_expert": lambda shape: 1,
}


class Model:
    """All parameters in one vector `theta`, gradients in `grad`; `weights`, `grads`: views by name.

    shape: depth, width, heads, vocabulary and context. seed: of the first parameters. recency:
    slope of the first head's bias; each further head has a quarter of the one before, and 0 turns
    it off. Raises ValueError where a head's width is odd (rotary positions turn pairs), and for
    anything that a Transformer can count and this model has not.
    """

    plain: ClassVar = PLAIN

    def __init__(
        self,
        shape: Transformer,
        seed: int = 0,
        recency: float = 1.0,
        dtype: type[np.floating] = np.float32,
    ) -> None:
        if shape.d_head % 2:
            raise ValueError(
                f"{shape.n_head} heads of width {shape.d_head}: rotary positions need an even "
                f"width, so d_model must be a multiple of {2 * shape.n_head}, got {shape.d_model}"
            )
        for name, plain in self.plain.items():
            if getattr(shape, name) not in (None, plain(shape)):
                raise ValueError(
                    f"this model is trained with {name} = {plain(shape)!r}, got "
                    f"{getattr(shape, name)!r}: leave {name} away; only counting.Transformer "
                    "counts other shapes"
                )
        self.shape, d = shape, shape.d_model
        sizes = {"embedding": (shape.n_vocab, d)}
        for layer in range(shape.n_layer):
            sizes |= {f"qkv {layer}": (d, 3 * d), f"out {layer}": (d, d)}
            sizes |= self.sizes_of_feed_forward(layer)
        sizes["head"] = (d, shape.n_vocab)
        total = sum(rows * cols for rows, cols in sizes.values())
        self.theta, self.grad = np.zeros(total, dtype), np.zeros(total, dtype)
        self.weights, self.grads = views(self.theta, sizes), views(self.grad, sizes)

        # Layers start as nothing (out, down and head are zero) and grow; what they read starts at
        # unit scale.
        rng = np.random.default_rng(seed)
        for name, weight in self.weights.items():
            if name == "embedding":
                weight[:] = rng.standard_normal(weight.shape, np.float32)
            elif name.startswith(("qkv", "up")):
                weight[:] = rng.standard_normal(weight.shape, np.float32) / np.sqrt(np.float32(d))

        self.turn = rotations(shape.n_ctx, shape.d_head).astype(np.result_type(dtype, np.complex64))
        self.mask = attention_mask(shape.n_ctx, shape.n_head, recency).astype(dtype)

    # ---- forward ----

    def forward(self, x: np.ndarray) -> tuple[np.ndarray, tuple]:
        """Logits of the token after each of `x`, (M, n_vocab), and what `backward` needs."""
        W, d, heads = self.weights, self.shape.d_model, self.shape.n_head
        B, T = x.shape
        kept = []
        X = W["embedding"][x].reshape(-1, d)
        for layer in range(self.shape.n_layer):
            n1, scale1 = normalise(X)
            qkv = (n1 @ W[f"qkv {layer}"]).reshape(B, T, 3, heads, -1)
            # each (B, heads, T, d_head)
            q, k, v = qkv = np.ascontiguousarray(qkv.transpose(2, 0, 3, 1, 4))
            self.rotate(qkv[:2], self.turn[:T])
            P = q @ k.swapaxes(-1, -2)  # scores of token i for token j
            P += self.mask[:, :T, :T]
            softmax(P)
            o = np.ascontiguousarray((P @ v).transpose(0, 2, 1, 3)).reshape(-1, d)
            X = X + o @ W[f"out {layer}"]
            n2, scale2 = normalise(X)
            added, inside = self.feed_forward(layer, n2)
            X = X + added
            kept.append((n1, scale1, q, k, v, P, o, n2, scale2, inside))
        n, scale = normalise(X)
        return n @ W["head"], (kept, n, scale)

    def sizes_of_feed_forward(self, layer: int) -> dict[str, tuple[int, int]]:
        """Its matrices in one layer, by name."""
        d = self.shape.d_model
        return {f"up {layer}": (d, 4 * d), f"down {layer}": (4 * d, d)}

    def feed_forward(self, layer: int, n: np.ndarray) -> tuple[np.ndarray, tuple]:
        """What it adds to the normed stream `n`, relu(n up)^2 down, and what its backward needs."""
        a = np.maximum(n @ self.weights[f"up {layer}"], 0)
        u = a * a
        return u @ self.weights[f"down {layer}"], (a, u)

    def loss(self, x: np.ndarray, y: np.ndarray) -> float:
        """Mean surprisal, nats per token, of `y` that follows `x`; both (windows, length)."""
        logits, _ = self.forward(x)
        return cross_entropy(logits, y)

    # ---- backward ----

    def gradient(
        self, x: np.ndarray, y: np.ndarray, soft: np.ndarray | None = None, weight: float = 1.0
    ) -> float:
        """The loss, with its gradient left in `grad`.

        soft: a teacher's probabilities, (M, n_vocab), or none; with them the gradient is that of (1
        - weight) loss + weight cross-entropy to the teacher.
        """
        W, G, d, heads = self.weights, self.grads, self.shape.d_model, self.shape.n_head
        B, T = x.shape
        Z, (kept, n, scale) = self.forward(x)
        loss = cross_entropy(Z, y)  # Z now holds the probabilities
        # d loss / d logits = (p - 1 at the right token) / M; a teacher asks for its own p
        Z[np.arange(B * T), y.reshape(-1)] -= 1 if soft is None else 1 - weight
        if soft is not None:
            Z -= weight * soft
        Z /= B * T
        np.matmul(n.T, Z, out=G["head"])
        dX = normalise_back(Z @ W["head"].T, n, scale)
        for layer in reversed(range(self.shape.n_layer)):
            n1, scale1, q, k, v, P, o, n2, scale2, inside = kept[layer]
            dX = dX + normalise_back(self.feed_forward_back(layer, dX, n2, inside), n2, scale2)
            # attention: o = softmax(q k^T) v
            np.matmul(o.T, dX, out=G[f"out {layer}"])
            do = (dX @ W[f"out {layer}"].T).reshape(B, T, heads, -1).transpose(0, 2, 1, 3)
            do = np.ascontiguousarray(do)
            dP = do @ v.swapaxes(-1, -2)
            dP -= np.einsum("bhij,bhij->bhi", dP, P)[..., None]  # softmax: dS = P (dP - sum_j P dP)
            dP *= P
            dqkv = np.empty((3, *q.shape), q.dtype)
            np.matmul(dP, k, out=dqkv[0])
            np.matmul(dP.swapaxes(-1, -2), q, out=dqkv[1])
            np.matmul(P.swapaxes(-1, -2), do, out=dqkv[2])
            self.rotate(dqkv[:2], self.turn[:T].conj())  # back
            dqkv = np.ascontiguousarray(dqkv.transpose(1, 3, 0, 2, 4)).reshape(-1, 3 * d)
            np.matmul(n1.T, dqkv, out=G[f"qkv {layer}"])
            dX = dX + normalise_back(dqkv @ W[f"qkv {layer}"].T, n1, scale1)
        one_hot = np.zeros((B * T, self.shape.n_vocab), dX.dtype)  # faster than adding row by row
        one_hot[np.arange(B * T), x.reshape(-1)] = 1
        np.matmul(one_hot.T, dX, out=G["embedding"])
        return loss

    def feed_forward_back(
        self, layer: int, dX: np.ndarray, n: np.ndarray, inside: tuple
    ) -> np.ndarray:
        """From the gradient of what it added to that of its input; its matrices' go to `grads`."""
        a, u = inside
        np.matmul(u.T, dX, out=self.grads[f"down {layer}"])
        da = dX @ self.weights[f"down {layer}"].T
        da *= a
        da *= 2
        np.matmul(n.T, da, out=self.grads[f"up {layer}"])
        return da @ self.weights[f"up {layer}"].T

    @staticmethod
    def rotate(q: np.ndarray, turn: np.ndarray) -> None:
        """Multiply pairs of entries, as complex numbers, by `turn`, in place: see `rotations`."""
        pairs = q.view(turn.dtype)
        pairs *= turn


def views(vector: np.ndarray, sizes: Mapping[str, tuple[int, ...]]) -> dict[str, np.ndarray]:
    """Matrices of the given sizes, by name, one after the other in one vector."""
    found, start = {}, 0
    for name, (rows, cols) in sizes.items():
        found[name] = vector[start : start + rows * cols].reshape(rows, cols)
        start += rows * cols
    return found


def attention_mask(context: int, heads: int, recency: float) -> np.ndarray:
    """Added to the scores, (heads, context, context): -slope * distance; -1e9 to the future."""
    distance = np.subtract.outer(np.arange(context), np.arange(context))
    slopes = recency * 0.25 ** np.arange(heads)
    return np.where(distance < 0, -1e9, -slopes[:, None, None] * distance)


def rotations(context: int, width: int) -> NDArray[np.complex128]:
    """Rotary positions (Su et al. 2021): a complex factor for each position and pair of entries.

    Each pair of entries of q and k is a complex number, turned by an angle that grows with the
    position, so that q k depends on the distance alone. The factors also divide q k by sqrt(width),
    which keeps the scores at unit scale.
    """
    wavelengths = BASE ** (np.arange(width // 2) / (width // 2))
    return np.exp(1j * np.arange(context)[:, None] / wavelengths) * width**-0.25


def normalise(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of root mean square 1, and the factors that made them so."""
    scale = 1 / np.sqrt(np.einsum("ij,ij->i", X, X) / X.shape[1] + EPSILON)
    return X * scale[:, None], scale


def normalise_back(dn: np.ndarray, n: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """The gradient before the norm: what points along n is lost, the rest is scaled."""
    return (dn - n * (np.einsum("ij,ij->i", dn, n) / n.shape[1])[:, None]) * scale[:, None]


def softmax(S: np.ndarray) -> None:
    """Along the last axis, in place; for causal scores (..., T, T).

    The largest score of each row is usually subtracted to keep exp finite. A token's own score, on
    the diagonal, does as well up to differences of 88, and costs less to find.
    """
    S -= np.diagonal(S, axis1=-2, axis2=-1)[..., None]
    if S.max() > 80:
        S -= S.max(-1, keepdims=True)
    np.exp(S, out=S)
    S /= S @ np.ones((S.shape[-1], 1), S.dtype)  # a sum, faster


def cross_entropy(logits: np.ndarray, y: np.ndarray) -> float:
    """Mean of -log softmax(logits) at the right tokens; `logits` become the probabilities."""
    # then the right one is 0: sum exp = 1 / p
    logits -= logits[np.arange(len(logits)), y.reshape(-1), None]
    np.exp(logits, out=logits)
    total = logits @ np.ones((logits.shape[1], 1), logits.dtype)
    logits /= total
    return float(np.mean(np.log(total), dtype=np.float64))
