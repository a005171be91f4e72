"""Arithmetic learnt from examples: a network that adds, its loss, and two exams on the way.

A problem is written column by column, units first: a digit of the one number, the same digit of the
other, the digit of their sum. So 47 + 85 begins 7 5 2 4 8 3 (2 and carry one, 3 and carry one); the
carry out of the last column is left out. The first two digits of a column are drawn, so no network
can predict them; the third follows from what stands before it, so the entropy of an answer is zero,
however long it is. Before the first L columns are right, no longer answer is: one network sits the
exams of all lengths at once.
"""

from __future__ import annotations

import json
import os
import platform
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from ..counting import Transformer
from . import blas
from .model import Model
from .sweep import commit, write_whole
from .training import BASE_WIDTH, AdamW, schedule

DIGITS = 10
TABLE = Path(__file__).parents[1] / "data" / "sums.csv"
EXAM_SEED = 2**20  # no training seed


def problems(count: int, rng: np.random.Generator, digits: int = DIGITS) -> np.ndarray:
    """`count` problems, (count, 3 * digits), entries 0 to 9.

    a, b and sum digit of each column, units first.
    """
    columns = np.empty((count, digits, 3), np.int64)
    columns[..., :2] = rng.integers(0, 10, (count, digits, 2))
    carry = np.zeros(count, np.int64)
    for column in columns.swapaxes(0, 1):
        total = column[:, 0] + column[:, 1] + carry
        column[:, 2], carry = total % 10, total // 10
    return columns.reshape(count, -1)


def exam(model: Any, paper: np.ndarray) -> tuple[float, np.ndarray]:
    """Loss of the sums' digits in nats, and which the model would write: (problems, digits).

    Every digit is asked for after the right digits before it. A model that writes its own answers
    digit by digit gets a whole answer right just when all of these are right.
    """
    logits, _ = model.forward(paper[:, :-1])
    logits = logits.reshape(len(paper), -1, 10)[:, 1::3].astype(float)
    asked = paper[:, 2::3]
    logs = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    loss = -np.take_along_axis(logs, asked[..., None], axis=-1).mean()
    return float(loss), logits.argmax(axis=-1) == asked


def learn(
    width: int = 16,
    steps: int = 900,
    batch: int = 32,
    lr: float = 0.003,
    seed: int = 0,
    digits: int = DIGITS,
    questions: int = 2000,
    marks: int = 24,
    progress: bool = False,
) -> pd.DataFrame:
    """Train a network of two layers to add and examine it: one row a mark, even in log steps.

    Columns: N parameters, D tokens read, C FLOPs, `problems` read; `loss` in nats a digit of the
    sum, on fresh problems; `digits_right`, the share of its digits that are right, and `digit_1` to
    `digit_10`, the same column by column, units first; `all_1` to `all_10`, the share of problems
    whose first L digits are all right.
    """
    shape = Transformer(2, width, 4, 10, 3 * digits, tied=False, position="none")
    model = Model(shape, seed)
    rates = np.full_like(model.theta, lr * BASE_WIDTH / width)
    rates[: shape.params_by_part["embedding"]] = lr
    optimiser, scales = AdamW(model.theta, rates, decay=0.0), schedule("constant", 0.02, steps)
    rng, paper = (
        np.random.default_rng(seed),
        problems(questions, np.random.default_rng(EXAM_SEED), digits),
    )
    when = set(np.unique(np.geomspace(10, steps, marks).astype(int)))
    rows = []
    for step in tqdm(
        range(1, steps + 1), desc="learning to add", unit="step", disable=not progress
    ):
        text = problems(batch, rng, digits)
        model.gradient(text[:, :-1], text[:, 1:])
        model.grad /= max(1.0, float(np.linalg.norm(model.grad)))
        optimiser.step(model.grad, scales[step - 1])
        if step in when:
            loss, right = exam(model, paper)
            D = step * batch * (3 * digits - 1)
            single, so_far = (
                right.mean(axis=0),
                np.logical_and.accumulate(right, axis=1).mean(axis=0),
            )
            rows.append(
                {
                    "N": shape.n_params,
                    "D": D,
                    "C": shape.flops_per_token * D,
                    "problems": step * batch,
                    "loss": loss,
                    "digits_right": right.mean(),
                }
                | {f"digit_{place}": share for place, share in enumerate(single, start=1)}
                | {f"all_{length}": share for length, share in enumerate(so_far, start=1)}
            )
    return pd.DataFrame(rows)


def manifest() -> dict:
    """How the recorded runs, `runs.load("sums")`, were made: settings, Python, machine, seconds."""
    return json.loads(TABLE.with_suffix(".json").read_text(encoding="utf-8"))


def record(seeds: int = 3, steps: int = 2500, marks: int = 40) -> None:
    """Train one network for each seed and write table and manifest."""
    blas.one_thread()
    start = time.process_time()
    tables = [
        learn(steps=steps, marks=marks, seed=seed, progress=True).assign(seed=seed)
        for seed in range(seeds)
    ]
    made = {
        "what": (
            "networks of width 16 that learn to add ten-digit numbers, examined on the way; "
            "one row a mark and seed"
        ),
        "command": "python -m scalinglib.lab.sums",
        "seeds": seeds,
        "steps": steps,
        "marks": marks,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs",
        "commit": commit(),
        "seconds": round(time.process_time() - start, 1),
    }
    write_whole(
        TABLE, pd.concat(tables).to_csv(index=False, float_format="%.6g", lineterminator="\n")
    )
    write_whole(TABLE.with_suffix(".json"), json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    record()
