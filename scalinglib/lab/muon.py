"""Muon: the layers' matrices move by an orthogonal matrix, all other parameters by AdamW.

Source: Jordan et al. 2024 (the optimiser and its constants); Liu et al. 2025 (weight decay).
"""

from __future__ import annotations

import numpy as np

from ..counting import Transformer
from .model import Model
from .training import AdamW

CONSTANTS = 3.4445, -4.7750, 2.0315
ROUNDS = 5


def newton_schulz(G: np.ndarray) -> np.ndarray:
    """Nearly the orthogonal matrices next to those of a stack, (count, rows, cols), rows <= cols.

    The singular values come out between about 0.7 and 1.2: five rounds of a polynomial of degree 5.
    """
    a, b, c = CONSTANTS
    X = G / (np.sqrt((G * G).sum((1, 2), keepdims=True)) + 1e-7)
    for _ in range(ROUNDS):
        A = X @ X.swapaxes(1, 2)
        X = a * X + (b * A + c * (A @ A)) @ X
    return X


def flops_per_step(shape: Transformer) -> float:
    """What the matrix products of `newton_schulz` cost a step, over all layers."""

    def products(rows, cols):  # X X^T and (...) X; A A
        return ROUNDS * (2 * 2 * rows**2 * cols + 2 * rows**3)

    d = shape.d_model
    return float(shape.n_layer * (4 * products(d, d) + 2 * shape.n_expert * products(d, 4 * d)))


class Muon:
    """Takes the place of AdamW in a training loop: `step(grad, scale)`.

    lr: of the layers' matrices (a move of root mean square lr / sqrt(width), about); others: AdamW
    for all parameters, whose moves of these matrices are not used; decay as in AdamW. Routers are
    left to AdamW: each of their columns is one expert.
    """

    def __init__(
        self, model: Model, lr: float, others: AdamW, decay: float, momentum: float = 0.95
    ) -> None:
        self.model, self.lr, self.others, self.decay = model, lr, others, decay
        self.momentum, d = momentum, model.shape.d_model
        start = model.shape.n_vocab * d
        self.inside = slice(start, len(model.theta) - start)  # the head is as large
        self.mean = model.theta[self.inside] * 0
        self.routers = []  # their places inside
        at = 0
        for name, weight in list(model.weights.items())[1:-1]:
            if name.startswith("router"):
                self.routers.append(slice(at, at + weight.size))
            at += weight.size

    def step(self, grad: np.ndarray, scale: float) -> None:
        """Move the model's parameters against `grad`; scale: the schedule's factor now."""
        g = grad[self.inside].copy()
        self.mean += (1 - self.momentum) * (g - self.mean)
        ahead = (1 - self.momentum) * g + self.momentum * self.mean  # Nesterov
        kept = self.model.theta[self.inside] * np.float32(1 - scale * self.decay)
        grad[self.inside] = 0
        for router in self.routers:
            grad[self.inside][router] = g[router]
        self.others.step(grad, scale)
        for router in self.routers:
            kept[router] = self.model.theta[self.inside][router]
        self.model.theta[self.inside] = kept
        self._turn(ahead, self.lr * scale)

    def _turn(self, ahead, rate):
        """Queries, keys and values are matrices of their own, and so is each expert's."""
        model, d, at = self.model, self.model.shape.d_model, 0
        square, wide = [], []  # (weights to move, transposed?), as rows <= cols
        moves = {"square": [], "wide": []}
        for name, weight in list(model.weights.items())[1:-1]:
            part = ahead[at : at + weight.size].reshape(weight.shape)
            at += weight.size
            if name.startswith("qkv"):
                for k in range(3):
                    square.append(weight[:, k * d : (k + 1) * d])
                    moves["square"].append(part[:, k * d : (k + 1) * d])
            elif name.startswith("out"):
                square.append(weight)
                moves["square"].append(part)
            elif name.startswith("up"):
                for k in range(0, len(weight), d):
                    wide.append(weight[k : k + d])
                    moves["wide"].append(part[k : k + d])
            elif name.startswith("down"):
                for k in range(0, len(weight), 4 * d):
                    wide.append(weight[k : k + 4 * d].T)
                    moves["wide"].append(part[k : k + 4 * d].T)
        for weights, kind in ((square, "square"), (wide, "wide")):
            turned = newton_schulz(np.stack(moves[kind]))
            for weight, move in zip(weights, turned, strict=True):
                # views of theta; outputs that are more than inputs move by the root of that more
                weight -= np.float32(rate * self._stretch(weight)) * move

    def _stretch(self, weight):
        """sqrt(max(1, outputs / inputs)); a transposed matrix has its inputs along the columns."""
        rows, cols = weight.shape
        transposed = weight.strides[0] < weight.strides[1]
        inputs, outputs = (cols, rows) if transposed else (rows, cols)
        return max(1.0, outputs / inputs) ** 0.5
