"""The model of `model.py` in PyTorch, on a GPU if there is one: same parameters, same losses.

Only the forward pass is written down; autograd does the rest. Needs the extra `torch`.
"""

from __future__ import annotations

import numpy as np
import torch  # pyright: ignore[reportMissingImports]  an extra

from ..counting import Transformer
from .model import EPSILON, Model, attention_mask, rotations, views


class TorchModel:
    """In place of `model.Model` in `training.run`: same `theta`, `grad`, `loss` and `gradient`.

    theta and grad are vectors of PyTorch on `device`, by default a GPU if there is one.
    """

    def __init__(
        self, shape: Transformer, seed: int = 0, recency: float = 1.0, device: str | None = None
    ) -> None:
        numpy_model = Model(shape, seed, recency)
        self.shape = shape
        self.device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        if self.device == "cpu":
            torch.set_num_threads(1)  # as for NumPy: more would wait for each other
        self.theta = torch.tensor(numpy_model.theta, device=self.device)
        # the same memory: the optimiser moves both
        self.leaf = self.theta.detach().requires_grad_()
        self.grad = torch.zeros_like(self.theta)
        self.leaf.grad = self.grad
        self.weights = views(
            self.leaf, {name: weight.shape for name, weight in numpy_model.weights.items()}
        )
        turn = rotations(shape.n_ctx, shape.d_head)
        self.cos = torch.tensor(turn.real, dtype=torch.float32, device=self.device)
        self.sin = torch.tensor(turn.imag, dtype=torch.float32, device=self.device)
        mask = attention_mask(shape.n_ctx, shape.n_head, recency)
        self.mask = torch.tensor(mask, dtype=torch.float32, device=self.device)

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Logits of the next token, (tokens, n_vocab), of a tensor x of shape (windows, length)."""
        W, d, heads = self.weights, self.shape.d_model, self.shape.n_head
        B, T = x.shape
        X = W["embedding"][x]
        for layer in range(self.shape.n_layer):
            qkv = (
                (torch.nn.functional.rms_norm(X, (d,), eps=EPSILON) @ W[f"qkv {layer}"])
                .view(B, T, 3, heads, -1)
                .permute(2, 0, 3, 1, 4)
            )
            q, k = self.rotate(qkv[0]), self.rotate(qkv[1])
            o = torch.nn.functional.scaled_dot_product_attention(
                q, k, qkv[2], attn_mask=self.mask[:, :T, :T], scale=1.0
            )
            X = X + o.transpose(1, 2).reshape(B, T, d) @ W[f"out {layer}"]
            u = torch.nn.functional.relu(
                torch.nn.functional.rms_norm(X, (d,), eps=EPSILON) @ W[f"up {layer}"]
            ).square()
            X = X + u @ W[f"down {layer}"]
        return (torch.nn.functional.rms_norm(X, (d,), eps=EPSILON) @ W["head"]).view(B * T, -1)

    def rotate(self, q: np.ndarray) -> np.ndarray:
        """Turn pairs of neighbouring entries, as `model.Model.rotate` does with complex numbers."""
        T = q.shape[-2]
        a, b = q[..., 0::2], q[..., 1::2]
        turned = (a * self.cos[:T] - b * self.sin[:T], a * self.sin[:T] + b * self.cos[:T])
        return torch.stack(turned, -1).flatten(-2)

    def loss(self, x: np.ndarray, y: np.ndarray) -> float:
        """Mean surprisal of the tokens `y` that follow the tokens `x`; NumPy arrays or tensors."""
        with torch.no_grad():
            return torch.nn.functional.cross_entropy(
                self.forward(self._tensor(x)), self._tensor(y).reshape(-1)
            ).item()

    def gradient(self, x: np.ndarray, y: np.ndarray) -> float:
        """The loss, with its gradient left in `grad`."""
        self.grad.zero_()
        loss = torch.nn.functional.cross_entropy(
            self.forward(self._tensor(x)), self._tensor(y).reshape(-1)
        )
        loss.backward()
        return loss.item()

    def _tensor(self, tokens):
        return torch.as_tensor(np.ascontiguousarray(tokens), device=self.device)
