"""One trial of a lever: a training run of the laboratory with something more, and what that costs.

Four kinds. `Train`: one run, with any of the levers (few bits in every step, a teacher, experts,
Muon, a pool of spoilt text, a second language). `Branches`: one run at a constant rate, with a
cooldown for each length. `Rounding`: a finished run, rounded. `Adding`: a network that adds, and
how often k answers hold a right one. Each has an `id`, its training `flops`, and `make`, which
gives rows of a table. Trained models that others need (teachers, models to round) are kept in a
folder by their recipe.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..counting import Transformer
from . import kernel as c_kernel
from .lexicon import Lexicon
from .mixture import Mixture
from .model import Model
from .muon import Muon, flops_per_step
from .rounding import bits_stored, rounded
from .sources import source, training_windows
from .sums import DIGITS, EXAM_SEED, problems
from .training import BASE_WIDTH, AdamW, Recipe, schedule

AFTER = 16  # tokens of a window that come before the first one asked for in a row of right ones
LETTERS = 33  # where the lexicon's letters begin among the characters of a second language
BALANCE = 0.002  # how far a step moves the bias of an expert
POOLS = ("", "all clean", "clean half", "all", "filtered")


class TrialError(ValueError):
    """A trial that cannot be made: two levers that exclude each other, or an unknown name."""


@dataclass(frozen=True)
class Bench:
    """Where trials are made: "numpy" or "c", and a folder for trained models (or none)."""

    kernel: str = "numpy"
    models: Path | None = None

    def model(self, shape: Transformer, seed: int = 0, recency: float = 1.0) -> Mixture:
        """An untrained model."""
        made = c_kernel.KernelModel if self.kernel == "c" else Mixture
        return made(shape, seed, recency)

    def adamw(self, theta: np.ndarray, rates: np.ndarray, decay: float) -> AdamW:
        """Its optimiser."""
        return (c_kernel.AdamW if self.kernel == "c" else AdamW)(theta, rates, decay)

    def trained(self, recipe: Recipe) -> Mixture:
        """The model of a recipe, from the folder, or trained now and put there."""
        model = self.model(recipe.shape, recipe.seed, recipe.recency)
        file = self.models / f"{recipe.id}.npy" if self.models else None
        if file and file.exists():
            model.theta[:] = np.load(file)
            return model
        model, _ = learn(Train(recipe), self)
        self.keep(recipe, model)
        return model

    def keep(self, recipe: Recipe, model: Model) -> None:
        """Put a trained model into the folder, whole or not at all."""
        if self.models:
            self.models.mkdir(parents=True, exist_ok=True)
            aside = self.models / f"{recipe.id}.part.npy"
            np.save(aside, model.theta)
            os.replace(aside, self.models / f"{recipe.id}.npy")


# ---- a run with levers --------------------------------------------------------------------------


@dataclass(frozen=True)
class Train:
    """One run of `recipe`, and the levers on it.

    Parameters
    ----------
    bits : int, optional
        Gradients are taken at weights rounded to so many bits, and so is the loss.
    teacher : Recipe | "truth", optional
        Whose probabilities are the targets, with `weight`; the rest are the right tokens. "truth":
        the exact law of the lexicon.
    experts : int
        Feed-forward blocks a layer, of which a token uses one.
    muon : float, optional
        Muon with this learning rate inside the layers.
    pool, replaced
        `recipe.unique` tokens, the second half of them with this share of the characters replaced;
        "all" of them, the "clean half", the half that a small model finds least surprising
        ("filtered"), or "all clean": nothing was replaced.
    share : float
        Of windows from the corpus; the rest are lexicon, in letters of the same alphabet.
    """

    recipe: Recipe
    bits: int | None = None
    teacher: Recipe | str | None = None
    weight: float = 1.0
    experts: int = 1
    muon: float | None = None
    pool: str = ""
    replaced: float = 0.0
    share: float = 1.0

    def __post_init__(self):
        if self.pool not in POOLS:
            raise TrialError(f"pool must be one of {', '.join(POOLS[1:])}; got {self.pool!r}")
        if self.pool and self.recipe.unique is None:
            raise TrialError(f"a pool ({self.pool!r}) needs the recipe's `unique` tokens")
        if self.teacher == "truth" and self.recipe.corpus != "lexicon":
            raise TrialError(f"nobody knows the true law of {self.recipe.corpus!r}")

    @property
    def id(self) -> str:
        """Twelve hexadecimal digits."""
        return digest("train", asdict(self))

    @property
    def shape(self) -> Transformer:
        """Of the model; FLOPs are those of the active expert."""
        return replace(self.recipe.shape, n_expert=self.experts)

    @property
    def flops(self) -> float:
        """Training, the levers' own cost left out."""
        return self.shape.flops_per_token * self.recipe.D

    @property
    def lever_flops(self) -> float:
        """What the levers cost on top: a teacher's forward passes, Muon's products, the filter."""
        recipe, cost = self.recipe, 0.0
        if isinstance(self.teacher, Recipe):
            cost += self.teacher.shape.flops_per_token / 3 * recipe.D
        if self.muon is not None:
            cost += flops_per_step(self.shape) * recipe.steps
        if self.pool == "filtered":
            cost += self._filter.flops + self._filter.shape.flops_per_token / 3 * (
                recipe.unique or 0
            )
        return cost

    @property
    def _filter(self):
        """The small model that filters reads the pool twice."""
        unique = self.recipe.unique or 0
        return replace(self.recipe, width=16, tokens=2 * unique, lr=0.008, batch=None)

    def make(self, bench: Bench) -> list[dict]:
        """One row: the loss and what the levers cost."""
        model, row = learn(self, bench)
        if self == Train(self.recipe):
            bench.keep(self.recipe, model)
        return [self.row() | row]

    def row(self) -> dict:
        """What is known before the run."""
        settings = asdict(self.recipe) | {
            name: value for name, value in asdict(self).items() if name != "recipe"
        }
        teacher = self.teacher
        if isinstance(teacher, Recipe):
            settings["teacher"] = f"{teacher.width}@{teacher.tokens}" + (
                f" of {teacher.unique}" if teacher.unique else ""
            )
        return settings | {
            "N": self.shape.n_params,
            "N_active": self.recipe.shape.n_params,
            "D": self.recipe.D,
            "C": self.flops,
            "C_lever": self.lever_flops,
            "steps": self.recipe.steps,
            "step_tokens": self.recipe.windows_a_step * self.recipe.context,
        }


def learn(trial: Train, bench: Bench) -> tuple[Mixture, dict]:
    """Train one model with its levers; the model, rounded where the trial says so, and its row."""
    recipe = trial.recipe
    windows, told = texts(trial, bench)
    model = bench.model(trial.shape, recipe.seed, recipe.recency)
    scales = schedule(recipe.schedule, recipe.warmup, recipe.steps)
    total = (recipe.D / recipe.shape.n_params) ** 0.2 if recipe.decay is None else recipe.decay
    optimiser: Any = bench.adamw(model.theta, rates_of(model, recipe), total / scales.sum())
    if trial.muon is not None:
        optimiser = Muon(model, trial.muon, optimiser, total / scales.sum())
    teach = teaching(trial, bench)
    batch, lost = recipe.windows_a_step, float("nan")
    start = time.thread_time()
    with np.errstate(over="ignore", invalid="ignore"):
        for step, scale in enumerate(scales):
            tokens = windows[step * batch : (step + 1) * batch].astype(np.int64)
            exact = model.theta.copy() if trial.bits else model.theta
            if trial.bits:
                model.theta[:] = rounded(model, trial.bits, search=False)
            lost = model.gradient(tokens[:, :-1], tokens[:, 1:], teach(tokens), trial.weight)
            if not np.isfinite(lost):
                break
            if trial.bits:
                model.theta[:] = exact
            norm = float((model.grad @ model.grad) ** 0.5)
            if norm > 1:
                model.grad *= 1 / norm
            optimiser.step(model.grad, scale)
            if trial.experts > 1:
                model.balance(BALANCE * scale)
    told["seconds"] = time.thread_time() - start
    if trial.bits:
        told["bits_stored"] = bits_stored(model, trial.bits)
        model.theta[:] = rounded(model, trial.bits, search=False)
    if trial.experts > 1:
        told |= {"load_least": float(model.shares.min()), "load_most": float(model.shares.max())}
    held_out = source(recipe.corpus).held_out(recipe.held_out // recipe.context, recipe.context)
    told |= marks(model, held_out) if np.isfinite(lost) else {"loss": None}
    if trial.share < 1:
        other = Lexicon().held_out(recipe.held_out // recipe.context, recipe.context)
        told["loss_other"] = marks(model, other + np.uint8(LETTERS))["loss"]
    return model, told


def advance(model: Model, optimiser: AdamW, tokens: np.ndarray, scale: float) -> None:
    """One plain step on windows (B, T + 1): gradient, clipping, move."""
    model.gradient(tokens[:, :-1], tokens[:, 1:])
    model.grad /= max(1.0, float(np.linalg.norm(model.grad)))
    optimiser.step(model.grad, scale)


def rates_of(model: Model, recipe: Recipe) -> np.ndarray:
    """As in `training.run`: one rate for the embedding, 32 / width times as much elsewhere."""
    rates = model.theta * 0 + recipe.lr * BASE_WIDTH / recipe.width
    rates[: model.weights["embedding"].size] = recipe.lr
    return rates


def marks(model: Model, windows: np.ndarray) -> dict:
    """Loss, and the share of next tokens, and of rows of 4 and 16, that it would write rightly."""
    losses, right = [], []
    for part in np.array_split(windows, max(1, len(windows) // 128)):
        x, y = part[:, :-1].astype(np.int64), part[:, 1:].astype(np.int64)
        logits = model.forward(x)[0].reshape(*x.shape, -1)
        own = np.take_along_axis(logits, y[..., None], -1)[..., 0]
        most = logits.max(-1)
        losses.append(
            (np.log(np.exp(logits - most[..., None]).sum(-1, dtype=np.float64)) + most - own).mean()
        )
        right.append(own >= most)
    sizes = [len(part) for part in right]
    rights = np.concatenate(right)
    rows = {"loss": float(np.average(losses, weights=sizes)), "accuracy": float(rights.mean())}
    for count in (4, 16):
        together = np.lib.stride_tricks.sliding_window_view(rights[:, AFTER:], count, axis=1)
        rows[f"accuracy_{count}"] = float(together.all(-1).mean())
    return rows


# ---- what it reads, and who teaches -------------------------------------------------------------


def texts(trial: Train, bench: Bench) -> tuple[np.ndarray, dict]:
    """The windows of a trial in their order, and what is to tell of how they were found."""
    recipe, text = trial.recipe, source(trial.recipe.corpus)
    count, length, seed = recipe.steps * recipe.windows_a_step, recipe.context, recipe.seed
    if trial.pool:
        return _pool(trial, bench, count)
    windows = training_windows(
        text,
        count,
        length,
        seed,
        unique=recipe.unique,
        duplicated=recipe.duplicated,
        noise=recipe.noise,
    )
    if trial.share < 1:
        other = Lexicon().train(count, length, seed) + np.uint8(LETTERS)
        own = np.random.default_rng([seed, 5]).random(count) < trial.share
        windows = np.where(own[:, None], windows, other)
    return windows, {}


def _pool(trial, bench, count):
    recipe = trial.recipe
    pool = source(recipe.corpus).train(recipe.unique // recipe.context, recipe.context, recipe.seed)
    rng, half, told = np.random.default_rng([recipe.seed, 9]), len(pool) // 2, {}
    spoilt = pool.copy()
    hit = rng.random(spoilt[half:].shape) < trial.replaced
    spoilt[half:][hit] = rng.choice(pool.ravel(), hit.sum())
    if trial.pool == "filtered":
        small = bench.model(trial._filter.shape, recipe.seed, recipe.recency)
        small, _ = _read(trial._filter, spoilt, bench)
        surprise = np.concatenate(
            [_losses(small, part) for part in np.array_split(spoilt, max(1, len(spoilt) // 128))]
        )
        kept = np.sort(np.argsort(surprise)[:half])
        told["kept_clean"] = float((kept < half).mean())
        read = spoilt[kept]
    else:
        read = {"all clean": pool, "all": spoilt, "clean half": pool[:half]}[trial.pool]
    return _again(read, count, recipe.seed), told


def _again(pool, count, seed):
    """`count` windows: the pool as often as needed, each time in another order."""
    rng = np.random.default_rng([seed, 3])
    orders = [rng.permutation(len(pool)) for _ in range(-(-count // len(pool)))]
    return pool[np.concatenate(orders)[:count]]


def _read(recipe, pool, bench):
    """A plain run on given windows."""
    model = bench.model(recipe.shape, recipe.seed, recipe.recency)
    scales, batch = schedule(recipe.schedule, recipe.warmup, recipe.steps), recipe.windows_a_step
    decay = (recipe.D / recipe.shape.n_params) ** 0.2 / scales.sum()
    optimiser = bench.adamw(model.theta, rates_of(model, recipe), decay)
    windows = _again(pool, recipe.steps * batch, recipe.seed)
    for step, scale in enumerate(scales):
        tokens = windows[step * batch : (step + 1) * batch].astype(np.int64)
        advance(model, optimiser, tokens, scale)
    return model, scales


def _losses(model, windows):
    """Mean surprisal of each window."""
    x, y = windows[:, :-1].astype(np.int64), windows[:, 1:].astype(np.int64)
    logs = model.forward(x)[0].reshape(*x.shape, -1).astype(float)
    logs -= np.logaddexp.reduce(logs, axis=-1, keepdims=True)
    return -np.take_along_axis(logs, y[..., None], -1).mean((1, 2))


def teaching(trial: Train, bench: Bench):
    """A function from windows (B, T + 1) to the teacher's probabilities (B T, vocabulary)."""
    if trial.teacher is None:
        return lambda windows: None
    if trial.teacher == "truth":
        return truth
    if not isinstance(trial.teacher, Recipe):
        raise TrialError(f"a teacher is a recipe or 'truth', got {trial.teacher!r}")
    model = bench.trained(trial.teacher)

    def probabilities(windows):
        logits = model.forward(windows[:, :-1])[0]
        logits -= logits.max(-1, keepdims=True)
        np.exp(logits, out=logits)
        logits /= logits.sum(-1, keepdims=True)
        return logits

    return probabilities


def truth(windows: np.ndarray) -> np.ndarray:
    """The lexicon's exact law of the next letter after each of the first T, (B T, 32)."""
    lexicon = source("lexicon")
    assert isinstance(lexicon, Lexicon)
    count, V = lexicon.n_letters, lexicon.n_vocab
    law = np.empty((len(windows), windows.shape[1] - 1, V), np.float32)
    before = np.zeros(len(windows), np.int64)
    for column in range(law.shape[1]):
        place = column % count
        before = (before * V if place else before * 0) + windows[:, column]
        if place == count - 1:
            law[:, column] = lexicon._mass[1]
        else:
            mass = lexicon._mass[place + 2].reshape(-1, V)[before]
            law[:, column] = mass / lexicon._mass[place + 1][before][:, None]
    return law.reshape(-1, V)


# ---- one constant run with cooldowns ------------------------------------------------------------


@dataclass(frozen=True)
class Branches:
    """A run at a constant rate, from which each of `lengths` tokens gets a cooldown of its own.

    The cooldown is the last `cooldown` share of a length, linear to zero. Weights shrink by the
    same factor in every step: that of a run of the longest length with the recipe's sum of decay.
    """

    recipe: Recipe
    lengths: tuple[int, ...]
    cooldown: float = 0.4

    @property
    def id(self) -> str:
        """Twelve hexadecimal digits."""
        return digest("branches", asdict(self))

    @property
    def _ends(self):
        """(last step of the trunk, last step, tokens) of each branch."""
        per = self.recipe.windows_a_step * self.recipe.context
        ends = [(round(tokens / per), tokens) for tokens in sorted(self.lengths)]
        return [(round(end * (1 - self.cooldown)), end, tokens) for end, tokens in ends]

    @property
    def flops(self) -> float:
        """Of trunk and branches together."""
        ends = self._ends
        steps = max(start for start, _, _ in ends) + sum(end - start for start, end, _ in ends)
        per = self.recipe.windows_a_step * self.recipe.context
        return self.recipe.shape.flops_per_token * per * steps

    def make(self, bench: Bench) -> list[dict]:
        """One row a length; C is what the run would cost alone, C_ladder what all cost together."""
        recipe, ends = self.recipe, self._ends
        batch, shape = recipe.windows_a_step, recipe.shape
        per, last = batch * recipe.context, max(end for _, end, _ in ends)
        windows = training_windows(source(recipe.corpus), last * batch, recipe.context, recipe.seed)
        model = bench.model(shape, recipe.seed, recipe.recency)
        decay = (last * per / shape.n_params) ** 0.2 / (0.5 * last)
        optimiser = bench.adamw(model.theta, rates_of(model, recipe), decay)
        warm = max(10, int(recipe.warmup * ends[0][1]))
        held_out = source(recipe.corpus).held_out(recipe.held_out // recipe.context, recipe.context)
        start, rows = time.thread_time(), []

        def step(number, scale):
            tokens = windows[number * batch : (number + 1) * batch].astype(np.int64)
            advance(model, optimiser, tokens, scale)

        at = 0
        for begin, end, tokens in ends:
            for number in range(at, begin):
                step(number, min(1.0, (number + 1) / warm))
            at = begin
            kept = model.theta.copy(), optimiser.mean.copy(), optimiser.square.copy()
            for number in range(begin, end):
                step(number, 1 - (number - begin + 1) / (end - begin + 1))
            optimiser.steps = begin
            row = asdict(recipe) | {
                "tokens": tokens,
                "cooldown": self.cooldown,
                "N": shape.n_params,
                "D": end * per,
                "C": shape.flops_per_token * end * per,
                "C_ladder": self.flops,
                "step_tokens": per,
                "steps": end,
            }
            rows.append(row | marks(model, held_out))
            model.theta[:], optimiser.mean[:], optimiser.square[:] = kept
        seconds = time.thread_time() - start
        return [row | {"schedule": "cooldown", "seconds": seconds / len(rows)} for row in rows]


# ---- a finished run, rounded --------------------------------------------------------------------


@dataclass(frozen=True)
class Rounding:
    """A trained model's loss when its weights are rounded to each of `bits`."""

    recipe: Recipe
    bits: tuple[int, ...]

    @property
    def id(self) -> str:
        """Twelve hexadecimal digits."""
        return digest("rounding", asdict(self))

    @property
    def flops(self) -> float:
        """Scoring costs a third of training on as many tokens."""
        scored = self.recipe.held_out * (1 + len(self.bits))
        return self.recipe.shape.flops_per_token / 3 * scored

    def make(self, bench: Bench) -> list[dict]:
        """One row a number of bits: `loss` rounded, `loss_float` before, on the same text."""
        recipe = self.recipe
        model = bench.trained(recipe)
        held_out = source(recipe.corpus).held_out(recipe.held_out // recipe.context, recipe.context)
        start, exact = time.thread_time(), model.theta.copy()
        before = marks(model, held_out)
        rows = []
        for bits in self.bits:
            model.theta[:] = rounded(model, bits)
            rows.append(
                {
                    "corpus": recipe.corpus,
                    "width": recipe.width,
                    "tokens": recipe.tokens,
                    "seed": recipe.seed,
                    "N": recipe.shape.n_params,
                    "D": recipe.D,
                    "C": recipe.flops,
                    "bits": bits,
                    "bits_stored": bits_stored(model, bits),
                    "loss_float": before["loss"],
                }
                | marks(model, held_out)
            )
            model.theta[:] = exact
        seconds = (time.thread_time() - start) / len(rows)
        return [row | {"seconds": seconds} for row in rows]


# ---- answers that can be checked ----------------------------------------------------------------

BLANKS = 3  # after the 30 digits of a problem, so that a window has 32 + 1 tokens
SYMBOLS = 16


@dataclass(frozen=True)
class Adding:
    """A network that adds ten-digit numbers, examined after each of `exams` steps.

    pass@k, the chance that k samples hold a right answer, is exact: the probability p of a right
    answer is the product of its digits' probabilities, and pass@k is the mean of 1 - (1 - p)^k.
    """

    width: int
    exams: tuple[int, ...]
    seed: int = 0
    schedule: str = "constant"
    lr: float = 0.003
    batch: int = 32
    temperatures: tuple[float, ...] = (1.0, 0.5, 0.3)
    questions: int = 4000

    @property
    def id(self) -> str:
        """Twelve hexadecimal digits."""
        return digest("adding", asdict(self))

    @property
    def shape(self) -> Transformer:
        """Two layers, as everywhere in the laboratory."""
        return Transformer(2, self.width, 4, SYMBOLS, 32, tied=False, position="none")

    @property
    def flops(self) -> float:
        """Of training."""
        return self.shape.flops_per_token * max(self.exams) * self.batch * 32

    def make(self, bench: Bench) -> list[dict]:
        """One row an exam and temperature, with pass@1 to pass@65536 in powers of four."""
        shape, steps = self.shape, max(self.exams)
        model = bench.model(shape, self.seed)
        rates = model.theta * 0 + self.lr * BASE_WIDTH / self.width
        rates[: model.weights["embedding"].size] = self.lr
        optimiser = bench.adamw(model.theta, rates, 0.0)
        scales = schedule(self.schedule, 0.02, steps)
        rng = np.random.default_rng(self.seed)
        paper = problems(self.questions, np.random.default_rng(EXAM_SEED))
        start, rows = time.thread_time(), []
        for step, scale in enumerate(scales, start=1):
            advance(model, optimiser, _blanked(problems(self.batch, rng)), scale)
            if step in self.exams:
                rows += self._exam(model, paper, step)
        seconds = (time.thread_time() - start) / len(rows)
        return [row | {"seconds": seconds} for row in rows]

    def _exam(self, model, paper, step):
        logits = np.concatenate(
            [
                model.forward(text[:, :-1])[0].reshape(len(text), -1, SYMBOLS)[
                    :, 1 : 3 * DIGITS : 3
                ]
                for text in np.array_split(_blanked(paper), max(1, len(paper) // 500))
            ]
        )[..., :10].astype(float)
        asked = paper[:, 2::3]
        right = logits.argmax(-1) == asked
        D = step * self.batch * 32
        rows = []
        for temperature in self.temperatures:
            logs = logits / temperature
            logs -= np.logaddexp.reduce(logs, axis=-1, keepdims=True)
            logs = np.take_along_axis(logs, asked[..., None], -1)[..., 0]
            rows.append(
                {
                    "width": self.width,
                    "seed": self.seed,
                    "schedule": self.schedule,
                    "steps": step,
                    "temperature": temperature,
                    "N": self.shape.n_params,
                    "D": D,
                    "C": self.shape.flops_per_token * D,
                    "C_sample": self.shape.flops_per_token / 3 * (3 * DIGITS - 1),
                    "loss": float(-logs.mean()),
                    "accuracy": float(right.all(1).mean()),
                    **coverage(logs.sum(1)),
                }
            )
        return rows


def coverage(logs: np.ndarray) -> dict[str, float]:
    """pass@k for k in powers of four, and the exponent of the left tail of the problems' p.

    logs: log probability of a right answer, a problem each. The tail is that of the share of
    problems with a probability below p, over p from 1/4096 to 1/4; NaN where fewer than 50 lie
    there. Where it is a power law of exponent b, 1 - pass@k falls as k^-b (Schaeffer et al. 2025).
    """
    p = np.exp(logs)
    row = {
        f"pass_{k}": float(np.mean(-np.expm1(k * np.log1p(-np.minimum(p, 1 - 1e-12)))))
        for k in 4 ** np.arange(9)
    }
    ordered = np.sort(p)
    tail = (ordered > 1 / 4096) & (ordered < 1 / 4)
    below = np.arange(1, len(p) + 1) / len(p)
    exponent = float("nan")
    if tail.sum() >= 50:
        exponent = float(np.polyfit(np.log(ordered[tail]), np.log(below[tail]), 1)[0])
    return row | {"tail": exponent}


def _blanked(paper):
    return np.pad(paper, ((0, 0), (0, BLANKS)), constant_values=10)


def digest(kind: str, settings: dict) -> str:
    """Twelve hexadecimal digits of a trial and no other."""
    told = json.dumps([kind, settings], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:12]


KINDS: dict[str, Any] = {
    "train": Train,
    "branches": Branches,
    "rounding": Rounding,
    "adding": Adding,
}
Trial = Train | Branches | Rounding | Adding


def as_trial(kind: str, settings: dict[str, Any], teachers: dict[str, Recipe]) -> Trial:
    """A trial from the settings of a plan; the recipe's and the lever's stand side by side.

    A teacher is named: "truth", or one of `teachers`. Raises TrialError for an unknown kind,
    setting or teacher, ValueError as Recipe does.
    """
    if kind not in KINDS:
        raise TrialError(f"no kind of trial is named {kind!r}; there is {', '.join(KINDS)}")
    settings = {
        name: tuple(value) if isinstance(value, list) else value for name, value in settings.items()
    }
    try:
        if kind == "adding":
            return Adding(**settings)
        own = {name: settings.pop(name) for name in _own(kind) if name in settings}
        named = own.get("teacher")
        if named not in (None, "truth"):
            if named not in teachers:
                raise TrialError(f"no teacher is named {named!r}; there is {', '.join(teachers)}")
            own["teacher"] = teachers[named]
        return KINDS[kind](Recipe(**settings), **own)
    except TypeError as error:
        raise TrialError(f"a trial of kind {kind!r}: {error}") from None


def _own(kind: str) -> Sequence[str]:
    return [field.name for field in fields(KINDS[kind]) if field.name != "recipe"]
