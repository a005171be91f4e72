"""Tokens per second of a training step: NumPy, our PyTorch, and a model like nanoGPT, in one run.

    python tests/bench_lab.py            needs the extra torch

One thread each, 256 tokens a step, gradient, clipping and AdamW. The three take turns, and the
quickest of several turns counts: on a busy machine the others measure the neighbours. CPU seconds,
so that waiting does not count.
"""

import sys
import time

import numpy as np

try:
    import torch
    from torch import nn
    from torch.nn import functional as F
except ImportError:
    sys.exit("skipped: this comparison needs the extra torch (pip install 'scalinglib[torch]')")

from scalinglib.counting import Transformer
from scalinglib.lab import blas
from scalinglib.lab.model import Model
from scalinglib.lab.torch_model import TorchModel
from scalinglib.lab.training import AdamW

VOCAB, CONTEXT, WINDOWS = 96, 64, 4
WIDTHS = (8, 24, 48, 112, 208)  # 14k and 55k parameters inside the layers at 24 and 48
BAR, JUDGED = 1.5, (24, 48)


class LikeNanoGPT(nn.Module):
    """The usual way: modules, norms with gains, GELU, learned positions, a tied head.

    After Karpathy 2022.
    """

    def __init__(self, shape):
        super().__init__()
        d = shape.d_model
        self.heads = shape.n_head
        self.tokens, self.places = nn.Embedding(VOCAB, d), nn.Embedding(CONTEXT, d)
        self.blocks = nn.ModuleList(
            nn.ModuleDict(
                {
                    "norm1": nn.LayerNorm(d),
                    "qkv": nn.Linear(d, 3 * d, bias=False),
                    "out": nn.Linear(d, d, bias=False),
                    "norm2": nn.LayerNorm(d),
                    "up": nn.Linear(d, 4 * d, bias=False),
                    "down": nn.Linear(4 * d, d, bias=False),
                }
            )
            for _ in range(shape.n_layer)
        )
        self.norm = nn.LayerNorm(d)

    def forward(self, x, y):
        B, T = x.shape
        X = self.tokens(x) + self.places(torch.arange(T))
        for block in self.blocks:
            q, k, v = (
                block["qkv"](block["norm1"](X)).view(B, T, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
            )
            o = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            X = X + block["out"](o.transpose(1, 2).reshape(B, T, -1))
            X = X + block["down"](F.gelu(block["up"](block["norm2"](X))))
        return F.cross_entropy((self.norm(X) @ self.tokens.weight.T).view(B * T, -1), y.reshape(-1))


def ours(model, x, y):
    """One step of `training.run` with either backend."""
    optimiser = AdamW(model.theta, model.theta * 0 + 1e-4, 1e-5)

    def step():
        model.gradient(x, y)
        norm = float((model.grad @ model.grad) ** 0.5)
        if norm > 1:
            model.grad *= 1 / norm
        optimiser.step(model.grad, 0.5)

    return step


def usual(model, x, y):
    """One step as most would write it."""
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-4)
    x, y = torch.from_numpy(x), torch.from_numpy(y)

    def step():
        optimiser.zero_grad(set_to_none=True)
        model(x, y).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()

    return step


def main():
    """Print the table; exit status 1 where NumPy is not quick enough."""
    blas.one_thread()
    torch.set_num_threads(1)
    print(
        f"NumPy {np.__version__} (kernel {blas.kernel()}), PyTorch {torch.__version__}; "
        "thousand tokens a CPU second"
    )
    print("    width  parameters     NumPy     torch  nanoGPT-like   NumPy / torch")
    too_slow = []
    for width in WIDTHS:
        shape = Transformer(2, width, 4, VOCAB, CONTEXT, tied=False, position="none")
        x, y = np.random.default_rng(0).integers(0, VOCAB, (2, WINDOWS, CONTEXT))
        steps = [
            ours(Model(shape), x, y),
            ours(TorchModel(shape, device="cpu"), x, y),
            usual(LikeNanoGPT(shape), x, y),
        ]
        best = [np.inf] * 3
        for _ in range(12):
            for i, step in enumerate(steps):
                start, number = time.process_time(), 0
                while time.process_time() - start < 0.1:
                    step()
                    number += 1
                best[i] = min(best[i], (time.process_time() - start) / number)
        speed = [WINDOWS * CONTEXT / seconds / 1000 for seconds in best]
        print(
            f"{width:9}{shape.n_params_non_embedding:12,}"
            + "".join(f"{value:10.1f}" for value in speed)
            + f"{speed[0] / speed[1]:18.2f}"
        )
        if width in JUDGED and speed[0] < BAR * speed[1]:
            too_slow.append(width)
    if too_slow:
        print(f"NumPy is less than {BAR} times as quick as the torch backend at width {too_slow}")
    return 1 if too_slow else 0


if __name__ == "__main__":
    sys.exit(main())
