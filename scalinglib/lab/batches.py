"""Steps to a loss, batch by batch: short runs of a small network on the lexicon at several rates.

`python -m scalinglib.lab.batches` records them again (about ten minutes of one processor). The
schedule is constant, so that every point of a curve is the end of a shorter run, and there is no
weight decay to speak of.
"""

from __future__ import annotations

import json
import platform
import time
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from .model import Model
from .sources import source, training_windows
from .sweep import commit, write_whole
from .training import AdamW, Recipe, run

TABLE = Path(__file__).parents[1] / "data" / "batches.csv"
WIDTH = 32
# batch -> tokens of a run
TOKENS = {64: 3e5, 128: 3e5, 256: 4e5, 512: 4e5, 1024: 5e5, 2048: 7e5, 4096: 1e6}
RATES = (0.004, 0.008, 0.016)  # two seeds each
# one seed, batches from and to: to see that they are not better
EDGES = {0.002: (64, 256), 0.032: (512, 4096)}
SMOOTH = 5  # points of a curve, about as many as lie in a doubling of the steps


def recipes() -> list[Recipe]:
    """Every run: each batch at three rates and two seeds, and a rate beyond where it might help."""
    tried = [(batch, lr, seed) for seed in (0, 1) for lr in RATES for batch in TOKENS]
    tried += [
        (batch, lr, 0)
        for lr, (low, high) in EDGES.items()
        for batch in TOKENS
        if low <= batch <= high
    ]
    return [
        Recipe(
            WIDTH,
            int(TOKENS[batch]),
            batch=batch,
            lr=lr,
            seed=seed,
            schedule="constant",
            warmup=0.0,
            decay=1e-9,
            held_out=2**12,
        )
        for batch, lr, seed in tried
    ]


def steps_to(curve: pd.DataFrame, loss: float) -> float:
    """Steps at which a curve (columns step, loss) first falls to `loss`; NaN where it does not.

    A point is the mean loss of the steps since the point before, and belongs between the two; five
    points are averaged, because a small batch scatters.
    """
    log_step = np.log(curve.step.to_numpy())
    middle = np.append(log_step[0], (log_step[1:] + log_step[:-1]) / 2)
    smooth = pd.Series(curve.loss.to_numpy()).rolling(SMOOTH, center=True).mean().to_numpy()
    below = np.flatnonzero(smooth <= loss)
    if not len(below) or np.isnan(smooth[below[0] - 1]):
        return np.nan
    i = below[0]
    share = (smooth[i - 1] - loss) / (smooth[i - 1] - smooth[i])
    return float(np.exp(middle[i - 1] + share * (middle[i] - middle[i - 1])))


def fewest_steps(curves: pd.DataFrame, loss: float) -> pd.Series:
    """Batch -> steps to `loss` at the rate that needs the fewest, mean of the seeds.

    All of the seeds must get there.
    """
    reached = curves.groupby(["batch", "lr", "seed"])[["step", "loss"]].apply(steps_to, loss)
    return reached.unstack("seed").mean(axis=1, skipna=False).groupby("batch").min()


def hyperbola(steps: pd.Series) -> tuple[float, float]:
    """(S_min, D_min) of S = S_min + D_min / batch, fitted with equal weight in per cent."""
    batch, wanted = steps.index.to_numpy(float), steps.to_numpy(float)
    columns = np.stack([1 / wanted, 1 / (batch * wanted)], axis=1)
    return tuple(np.linalg.lstsq(columns, np.ones(len(wanted)), rcond=None)[0])


def noise_scale(model: Model, windows: np.ndarray) -> tuple[float, float]:
    """(tr(Sigma), |G|^2): variance of one window's gradient, summed over parameters, and the square
    of the mean gradient, both without bias.

    windows: shape (count, length + 1), at least two. Their ratio times `length` is the simple noise
    scale of McCandlish et al. 2018, B_simple, in tokens; average both over several calls first.
    """
    n, mean, square = len(windows), np.zeros(len(model.grad)), 0.0
    for window in windows[:, None].astype(np.int64):
        model.gradient(window[..., :-1], window[..., 1:])
        mean += model.grad / n
        square += float(model.grad @ model.grad) / n
    spread = (square - mean @ mean) * n / (n - 1)
    return float(spread), float(mean @ mean - spread / n)


def noise_scales(
    losses: tuple[float, ...], seeds: tuple[int, ...] = (0,), steps: int = 400, every: int = 10
) -> pd.Series:
    """Loss -> B_simple in tokens on the way of a run: width 32, 512 tokens a step, rate 0.008.

    Every `every` steps the gradients of 64 fresh windows are measured; all points, of all seeds,
    with a training loss within 0.05 nats of a loss are averaged. NaN where none comes near it.
    """
    points = [point for seed in seeds for point in _measured(seed, steps, every)]
    table = pd.DataFrame(points, columns=["loss", "spread", "square"])
    near = [table[(table.loss - loss).abs() < 0.05].sum() for loss in losses]
    scales = [64 * at.spread / at.square if at.square else np.nan for at in near]
    return pd.Series(scales, index=losses)


def _measured(seed, steps, every):
    """(training loss, tr(Sigma), |G|^2) on the way of one run."""
    recipe = Recipe(WIDTH, steps * 512, batch=512, seed=seed)
    batch, length = recipe.windows_a_step, recipe.context
    windows = training_windows(
        source(recipe.corpus), steps * batch + steps // every * 64, length, seed
    ).astype(np.int64)
    model = Model(recipe.shape, seed)
    optimiser = AdamW(model.theta, np.full_like(model.theta, recipe.lr), decay=0.0)
    fresh, paid, points = windows[steps * batch :], [], []
    for step in range(steps):
        tokens = windows[step * batch : (step + 1) * batch]
        paid.append(model.gradient(tokens[:, :-1], tokens[:, 1:]))
        optimiser.step(model.grad, 1.0)
        if (step + 1) % every == 0:
            here, fresh = fresh[:64], fresh[64:]
            points.append((np.mean(paid[-2 * every :]), *noise_scale(model, here)))
    return points


def record() -> None:
    """Train every run and write the table of their curves with its manifest."""
    start, rows = time.perf_counter(), []
    for recipe in tqdm(recipes()):
        rows += [
            (
                recipe.shape.n_params,
                tokens,
                6 * recipe.shape.n_params * tokens,
                loss,
                recipe.batch,
                recipe.lr,
                recipe.seed,
                step,
            )
            for step, tokens, loss in run(recipe).curve
        ]
    table = pd.DataFrame(rows, columns=["N", "D", "C", "loss", "batch", "lr", "seed", "step"])
    made = {
        "what": (
            "training curves of one network at several batches and rates; "
            "loss is the mean since the point before"
        ),
        "command": "python -m scalinglib.lab.batches",
        "width": WIDTH,
        "corpus": "lexicon",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "machine": f"{platform.system()} {platform.machine()}",
        "commit": commit(),
        "seconds": round(time.perf_counter() - start, 1),
    }
    write_whole(TABLE, table.to_csv(index=False, float_format="%.6g", lineterminator="\n"))
    write_whole(TABLE.with_suffix(".json"), json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    record()
