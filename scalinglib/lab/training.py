"""One training run: a width, a number of tokens, a corpus, and the recipe that all runs share.

The recipe is the one under which losses lie closest to a law: every token is new, small batches
that grow with the square root of the tokens, one learning rate for all widths (divided by the width
inside the layers, Yang et al. 2021), and a weight decay whose sum over the run, not its strength a
step, follows from tokens per parameter.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from tqdm.auto import tqdm

from .._inputs import numbers, positive
from ..counting import Transformer
from .model import Model
from .sources import source, training_windows

SCHEDULES = ("linear", "cosine", "constant")
BASE_WIDTH = 32  # where the learning rate needs no correction
SCORED_TOKENS = 8192  # at a time
MARKS = 40  # points of a curve


@dataclass(frozen=True)
class Recipe:
    """All that a run depends on; the same recipe gives the same losses on the same machine.

    Parameters
    ----------
    width, tokens : int
        d_model, a multiple of 2 * heads, and how many tokens to train on (rounded to whole
        batches).
    corpus : "lexicon" | "library" | "python"
        See `sources.source`.
    seed : int
        Of the first weights and of the order of the windows.
    depth, heads, context : int
        Layers; attention heads; tokens in a window.
    lr : float
        Learning rate at its peak, of the embedding; 32 / width times as much in the layers and the
        head.
    batch : int, optional
        Tokens a step, rounded to whole windows; 0.15 sqrt(tokens), at least one window, where it is
        not given.
    schedule, warmup
        "linear" or "cosine" falls to zero, "constant" stays; before that a linear rise over this
        share of the steps.
    decay : float, optional
        Sum over all steps of learning rate times weight decay: weights that get no gradient shrink
        by exp(-decay) in the whole run, at any width. (tokens / parameters)^0.2 where it is not
        given.
    recency : float
        Slope of the attention's recency bias in the first head; 0 turns it off.
    unique, duplicated, noise
        Spoilt data: see `sources.training_windows`.
    held_out : int
        Tokens that the final loss is measured on.

    Raises ValueError for what cannot be trained: a width that the heads do not divide, a budget
    under one step.
    """

    width: int
    tokens: int
    corpus: str = "lexicon"
    seed: int = 0
    depth: int = 2
    heads: int = 4
    context: int = 64
    lr: float = 0.008
    batch: int | None = None
    schedule: str = "linear"
    warmup: float = 0.05
    decay: float | None = None
    recency: float = 1.0
    unique: int | None = None
    duplicated: float = 0.0
    noise: float = 0.0
    held_out: int = 2**18

    def __post_init__(self):
        for name in ("width", "tokens", "depth", "heads", "context", "held_out", "batch", "unique"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, int(positive(name, getattr(self, name))))
        # 0 and 0.0 are the same run
        for name in ("lr", "warmup", "recency", "duplicated", "noise"):
            object.__setattr__(self, name, float(numbers(name, getattr(self, name))))
        positive("lr", self.lr)
        if self.width % (2 * self.heads):
            raise ValueError(
                f"width must be a multiple of {2 * self.heads} "
                f"({self.heads} heads, each of an even width), got {self.width}"
            )
        if self.schedule not in SCHEDULES:
            raise ValueError(
                f"schedule must be one of {', '.join(SCHEDULES)}; got {self.schedule!r}"
            )
        if not 0 <= self.warmup < 1:
            raise ValueError(
                f"warmup is a share of the steps, from 0 to below 1; got {self.warmup}"
            )
        if self.tokens < self.windows_a_step * self.context:
            raise ValueError(
                f"a step takes {self.windows_a_step * self.context} tokens, "
                f"the budget is {self.tokens}: give at least one step's"
            )

    @property
    def shape(self) -> Transformer:
        """For `counting`: parameters and FLOPs."""
        return Transformer(
            self.depth,
            self.width,
            self.heads,
            source(self.corpus).n_vocab,
            self.context,
            tied=False,
            position="none",
        )

    @property
    def windows_a_step(self) -> int:
        """How many windows of `context` tokens each step takes."""
        batch = self.batch or 0.15 * np.sqrt(self.tokens)
        return max(1, round(batch / self.context))

    @property
    def steps(self) -> int:
        """How many steps."""
        return round(self.tokens / (self.windows_a_step * self.context))

    @property
    def D(self) -> int:
        """The tokens of all steps."""
        return self.steps * self.windows_a_step * self.context

    @property
    def flops(self) -> float:
        """Training FLOPs as `counting.Transformer` has them.

        Matrices, attention over the whole square, softmax.
        """
        return self.shape.flops_per_token * self.D

    @property
    def id(self) -> str:
        """Twelve hexadecimal digits that belong to this recipe and no other."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:12]

    def check_corpus(self) -> None:
        """ValueError where the corpus has fewer tokens than the run takes; reads the corpus."""
        text = source(self.corpus)
        wanted = self.steps * self.windows_a_step
        if self.unique is not None:
            wanted = min(wanted, self.unique // self.context)
        if wanted > text.most(self.context):
            raise ValueError(
                f"run {self.id} (width {self.width}) asks for {wanted * self.context:.4g} tokens, "
                f"corpus {self.corpus!r} has {text.most(self.context) * self.context:.4g}: "
                "ask for fewer"
            )

    @classmethod
    def of_budget(cls, flops: float, width: int, **settings: Any) -> Recipe:
        """The run of this width that costs `flops`, as nearly as whole steps allow."""
        tokens = positive("flops", flops) / cls(width, 10**6, **settings).shape.flops_per_token
        return cls(width, max(1, round(tokens)), **settings)


@dataclass(frozen=True)
class Run:
    """What a run gave. `loss` is held out, nats per token; NaN if the run diverged.

    curve: (step, tokens, mean training loss since the last point), at points evenly spaced in log
    steps. seconds: CPU time of training, scoring left out.
    """

    recipe: Recipe
    loss: float
    curve: tuple[tuple[int, int, float], ...]
    diverged: bool
    seconds: float

    def row(self) -> dict:
        """One row of a table of runs: N and C counted every way, and the recipe."""
        recipe, shape = self.recipe, self.recipe.shape
        layers, with_head = (
            shape.n_params_non_embedding,
            shape.n_params_non_embedding + shape.n_vocab * shape.d_model,
        )
        return {
            "run_id": recipe.id,
            "N": shape.n_params,
            "N_layers": layers,
            "N_head": with_head,
            "D": recipe.D,
            "C": recipe.flops,
            "C_6N": 6.0 * shape.n_params * recipe.D,
            "C_6N_layers": 6.0 * layers * recipe.D,
            "loss": self.loss,
            "train_loss": self.curve[-1][2] if self.curve else float("nan"),
            "entropy": source(recipe.corpus).entropy,
            "diverged": self.diverged,
            "steps": recipe.steps,
            "step_tokens": recipe.windows_a_step * recipe.context,
            "seconds": self.seconds,
            **asdict(recipe),
        }


class AdamW:
    """Adam with decoupled weight decay on one vector of parameters.

    Source: Kingma and Ba 2015; Loshchilov and Hutter 2019.

    rates: learning rate of each parameter; decay: share by which each shrinks a step. Both are
    multiplied by the schedule. Written without a call to NumPy, so that it works on PyTorch's
    arrays as well.
    """

    def __init__(
        self,
        theta: np.ndarray,
        rates: np.ndarray,
        decay: np.ndarray | float,
        beta1: float = 0.9,
        beta2: float = 0.99,
        epsilon: float = 1e-8,
    ) -> None:
        self.theta, self.rates, self.decay = theta, rates, decay
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon
        self.mean, self.square, self.steps = theta * 0, theta * 0, 0

    def step(self, grad: np.ndarray, scale: float) -> None:
        """Move `theta` against `grad`; scale: the schedule's factor on the rate now, 0 to 1."""
        self.steps += 1
        self.mean += (1 - self.beta1) * (grad - self.mean)
        self.square += (1 - self.beta2) * (grad * grad - self.square)
        unbiased = 1 - self.beta1**self.steps, 1 - self.beta2**self.steps
        move = self.mean / (self.square**0.5 * unbiased[1] ** -0.5 + self.epsilon)
        move *= self.rates
        move *= scale / unbiased[0]
        move += (scale * self.decay) * self.theta
        self.theta -= move


def schedule(kind: str, warmup: float, steps: int) -> np.ndarray:
    """Share of the peak learning rate at each step, shape (steps,)."""
    rise = min(steps, max(10, int(warmup * steps))) if warmup else 0
    done = np.clip((np.arange(steps) - rise) / max(1, steps - rise), 0, 1)
    fall = {
        "linear": 1 - done,
        "cosine": (1 + np.cos(np.pi * done)) / 2,
        "constant": np.ones(steps),
    }[kind]
    return np.minimum((np.arange(steps) + 1) / rise, 1) * fall if rise else fall


def train(progress: bool = False, backend: str = "numpy", **settings: Any) -> Run:
    """Train one model of `Recipe`: train(width=32, tokens=1e6, corpus="library", seed=1).

    progress: show a bar. backend: "numpy", or "torch" where PyTorch is installed (the extra
    `torch`), which uses a GPU if there is one, or "c" where a compiler is (`kernel`). Raises
    ValueError as Recipe does, where the corpus is too small, and KernelError where there is no C.
    """
    return run(Recipe(**settings), progress, backend)


def run(recipe: Recipe, progress: bool = False, backend: str = "numpy") -> Run:
    """As `train`, of a recipe that exists."""
    text, shape, batch = source(recipe.corpus), recipe.shape, recipe.windows_a_step
    windows = training_windows(
        text,
        recipe.steps * batch,
        recipe.context,
        recipe.seed,
        unique=recipe.unique,
        duplicated=recipe.duplicated,
        noise=recipe.noise,
    )
    scored = text.held_out(recipe.held_out // recipe.context, recipe.context)
    model = _backend(backend)(shape, recipe.seed, recipe.recency)

    scales = schedule(recipe.schedule, recipe.warmup, recipe.steps)
    decay = (recipe.D / shape.n_params) ** 0.2 if recipe.decay is None else recipe.decay
    rates = model.theta * 0 + recipe.lr * BASE_WIDTH / recipe.width
    rates[: shape.params_by_part["embedding"]] = recipe.lr
    optimiser = _optimiser(backend)(model.theta, rates, decay / scales.sum())

    marks = set(np.unique(np.geomspace(1, recipe.steps, MARKS).astype(int)))
    curve, recent, diverged = [], [], False
    start = time.thread_time()
    # a run that diverges is noticed, and reported as such
    with np.errstate(over="ignore", invalid="ignore"):
        for step in tqdm(
            range(1, recipe.steps + 1),
            desc=f"width {recipe.width}",
            unit="step",
            disable=not progress,
        ):
            tokens = windows[(step - 1) * batch : step * batch].astype(np.int64)
            recent.append(model.gradient(tokens[:, :-1], tokens[:, 1:]))
            if not np.isfinite(recent[-1]):
                diverged = True
                break
            norm = float((model.grad @ model.grad) ** 0.5)
            if norm > 1:  # one wild batch must not throw the model far away
                model.grad *= 1 / norm
            optimiser.step(model.grad, scales[step - 1])
            if step in marks:
                curve.append((step, step * batch * recipe.context, float(np.mean(recent))))
                recent = []
    seconds = time.thread_time() - start
    loss = float("nan") if diverged else score(model, scored)
    return Run(recipe, loss, tuple(curve), diverged or not np.isfinite(loss), seconds)


def score(model: Any, windows: np.ndarray) -> float:
    """Mean loss of the model on windows, shape (count, length + 1)."""
    together = max(1, SCORED_TOKENS // (windows.shape[1] - 1))
    parts = [
        windows[start : start + together].astype(np.int64)
        for start in range(0, len(windows), together)
    ]
    losses = [model.loss(part[:, :-1], part[:, 1:]) for part in parts]
    return float(np.average(losses, weights=[len(part) for part in parts]))


def _backend(name):
    if name == "numpy":
        return Model
    if name == "torch":
        from .torch_model import TorchModel

        return TorchModel
    if name == "c":
        from .kernel import KernelModel

        return KernelModel
    raise ValueError(f"backend must be 'numpy', 'torch' or 'c', got {name!r}")


def _optimiser(name):
    if name == "c":
        from . import kernel

        return kernel.AdamW
    return AdamW
