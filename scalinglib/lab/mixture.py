"""A mixture of experts in the place of the feed-forward block: `model.Model` with a router.

Each token passes through one expert of each layer (Fedus et al. 2022), the one of the largest
router logit + bias. Its answer counts E times the softmax of the router at the chosen expert, which
is 1 where the router knows nothing. The bias only balances: it rises for experts that get too few
tokens and falls for the others (Wang et al. 2024), so no term of the loss has to.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from ..counting import Transformer
from .model import PLAIN, Model


class Mixture(Model):
    """A model whose shape may have n_expert > 1; with one expert it is `Model`, number by number.

    `bias` and `loads`, (layers, experts): of the choice, and the tokens that each expert got since
    they were last set to zero. Raises ValueError as `Model` does, and for more than one active
    expert.
    """

    plain: ClassVar = {name: value for name, value in PLAIN.items() if name != "n_expert"}

    def __init__(
        self,
        shape: Transformer,
        seed: int = 0,
        recency: float = 1.0,
        dtype: type[np.floating] = np.float32,
    ) -> None:
        if shape.n_expert_active != 1:
            raise ValueError(
                f"a token of this model passes through 1 expert, not {shape.n_expert_active}: "
                "leave n_expert_active away"
            )
        super().__init__(shape, seed, recency, dtype)
        self.bias = np.zeros((shape.n_layer, shape.n_expert), np.float32)
        self.loads = np.zeros_like(self.bias)
        self.shares = np.full_like(self.bias, 1 / shape.n_expert)

    def sizes_of_feed_forward(self, layer: int) -> dict[str, tuple[int, int]]:
        """Router (where there is a choice), and the experts' matrices one below the other."""
        d, E = self.shape.d_model, self.shape.n_expert
        sizes = {f"router {layer}": (d, E)} if E > 1 else {}
        return sizes | {f"up {layer}": (E * d, 4 * d), f"down {layer}": (E * 4 * d, d)}

    def feed_forward(self, layer: int, n: np.ndarray) -> tuple[np.ndarray, tuple]:
        """As `Model.feed_forward`, each token by its own expert, times its gate."""
        if self.shape.n_expert == 1:
            return super().feed_forward(layer, n)
        up, down, E = *self._experts(self.weights, layer), self.shape.n_expert
        logits = n @ self.weights[f"router {layer}"]
        p = np.exp(logits - logits.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        chosen = (logits + self.bias[layer]).argmax(1)
        added, inside = np.empty_like(n), []
        for e in range(E):
            rows = np.flatnonzero(chosen == e)
            self.loads[layer, e] += len(rows)
            a = np.maximum(n[rows] @ up[e], 0)
            u = a * a
            added[rows] = u @ down[e]
            inside.append((rows, a, u))
        gate = E * p[np.arange(len(n)), chosen, None]
        return gate * added, (p, chosen, added, inside)

    def feed_forward_back(
        self, layer: int, dX: np.ndarray, n: np.ndarray, inside: tuple
    ) -> np.ndarray:
        """As `Model.feed_forward_back`, with the gradient of the router, which the gate gives."""
        if self.shape.n_expert == 1:
            return super().feed_forward_back(layer, dX, n, inside)
        (up, down), E = self._experts(self.weights, layer), self.shape.n_expert
        d_up, d_down = self._experts(self.grads, layer)
        p, chosen, added, experts = inside
        own = np.arange(len(n)), chosen
        weight = E * p[own]
        slope = weight * np.einsum("ij,ij->i", dX, added)  # through the softmax
        d_logits = -slope[:, None] * p
        d_logits[own] += slope
        np.matmul(n.T, d_logits, out=self.grads[f"router {layer}"])
        dn = d_logits @ self.weights[f"router {layer}"].T
        dX = dX * weight[:, None]
        for e, (rows, a, u) in enumerate(experts):
            np.matmul(u.T, dX[rows], out=d_down[e])
            da = 2 * a * (dX[rows] @ down[e].T)
            np.matmul(n[rows].T, da, out=d_up[e])
            dn[rows] += da @ up[e].T
        return dn

    def balance(self, speed: float) -> None:
        """Move the bias of all experts by `speed` towards equal loads; `loads` begins again.

        `shares`, (layers, experts), is what each got of late: a mean over about 100 steps.
        """
        self.shares += 0.01 * (self.loads / self.loads.sum(1, keepdims=True) - self.shares)
        self.bias -= np.float32(speed) * np.sign(self.shares - 1 / self.shape.n_expert)
        self.loads[:] = 0

    def _experts(self, matrices, layer):
        """Views of one layer's matrices by expert: up (E, d, 4 d) and down (E, 4 d, d)."""
        d = self.shape.d_model
        return (
            matrices[f"up {layer}"].reshape(-1, d, 4 * d),
            matrices[f"down {layer}"].reshape(-1, 4 * d, d),
        )
