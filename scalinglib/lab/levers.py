"""The levers of "After Chinchilla", measured: trials as planned before, made, kept and recorded.

    python -m scalinglib.lab.levers --out DIR [--only grid precision ...] [--kernel c]
    python -m scalinglib.lab.levers --out DIR --record

Each lever has a plan, data/levers_NAME_plan.json, which says what it asks, what is tuned, what
would count as no effect and what is held out, and a table, `runs.load("levers_NAME")`. Finished
trials are kept as by `sweep`: whatever happens, the same command goes on where it stopped. Trained
models lie in DIR/models, and those of the grid are recorded as well, in eight bits: `trained`.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from tqdm.auto import tqdm

from . import blas
from . import kernel as c_kernel
from .mixture import Mixture
from .rounding import packed, unpack
from .sweep import (
    Results,
    arithmetic,
    plan_content,
    stop_once,
    who_computes,
)
from .training import Recipe
from .trials import Adding, Bench, Train, Trial, as_trial

DATA = Path(__file__).parents[1] / "data"
MODELS = DATA / "levers_models.npz"
NAMES = (
    *("grid", "precision", "distillation", "quality", "coverage", "schedule"),
    *("experts", "optimiser", "pairs"),
)
HELD_OUT = 2**17  # tokens that a trial is scored on


@dataclass(frozen=True)
class LeverPlan:
    """Trials in the order in which they are made; digest: SHA-256 of the plan's content."""

    name: str
    entries: tuple[tuple[str, Trial], ...]
    digest: str

    @property
    def recipes(self) -> list[Recipe]:
        """Of the trials that have one."""
        return [trial.recipe for _, trial in self.entries if not isinstance(trial, Adding)]

    @property
    def flops(self) -> float:
        """Of all trials, the levers' own cost left out."""
        return sum(trial.flops for _, trial in self.entries)


def plan_file(name: str) -> Path:
    """Where the plan of a lever lies."""
    return DATA / f"levers_{name}_plan.json"


def read_lever_plan(path: str | Path) -> LeverPlan:
    """A plan from a JSON file: {"name", "teachers", "blocks"}, and what was noted before.

    A block is an "arm", a "kind" of trial ("train" where it is not given) and settings of the trial
    and its recipe; a list stands for all its values, a list in a list for one value that is a list.
    "teachers" names recipes. A trial that two blocks ask for belongs to the first. Raises
    SweepError for a file that is not such a plan, ValueError as the trials do.
    """
    content, blocks = plan_content(path)
    teachers = {name: Recipe(**of) for name, of in content.get("teachers", {}).items()}
    entries: dict[str, tuple[str, Trial]] = {}
    for block in blocks:
        arm, kind = block.pop("arm"), block.pop("kind", "train")
        lists = [value if isinstance(value, list) else [value] for value in block.values()]
        for values in product(*lists):
            trial = as_trial(kind, dict(zip(block, values, strict=True)), teachers)
            entries.setdefault(trial.id, (arm, trial))
    return LeverPlan(content["name"], tuple(entries.values()), content["digest"])


def make(
    names: Iterable[str], out: str | Path, kernel: str = "numpy", progress: bool = True
) -> None:
    """Make the trials of these levers that the folder `out` does not have yet, one by one."""
    out, (backend, told) = Path(out), arithmetic(kernel)
    blas.one_thread()
    bench = Bench(backend, out / "models")
    made_by = c_kernel.name() if backend == "c" else blas.kernel()
    plans = {name: read_lever_plan(plan_file(name)) for name in names}
    with tqdm(
        total=sum(plan.flops for plan in plans.values()),
        unit="FLOP",
        unit_scale=True,
        disable=not progress,
        smoothing=0.05,
    ) as bar:
        for name, plan in plans.items():
            with Results(out / name, plan) as results:
                results.note_session(**who_computes(), kernel=told)
                for number, (_, trial) in enumerate(plan.entries, start=1):
                    bar.set_postfix_str(f"{name}: {number} of {len(plan.entries)}")
                    if trial.id not in results.rows:
                        rows = trial.make(bench)
                        results.keep({"run": trial.id, "rows": rows, "kernel": made_by})
                    bar.update(trial.flops)


# ---- trained models ------------------------------------------------------------------------------


def record_models(out: str | Path, file: Path = MODELS) -> int:
    """Write the grid's models of seed 0 on "python" in eight bits; how many."""
    bench, stored = Bench(models=Path(out) / "models"), {}
    for _, trial in read_lever_plan(plan_file("grid")).entries:
        if not isinstance(trial, Train):
            continue
        recipe = trial.recipe
        if (recipe.corpus, recipe.seed) != ("python", 0):
            continue
        if (Path(out) / "models" / f"{recipe.id}.npy").exists():
            for part, values in packed(bench.trained(recipe)).items():
                stored[f"{recipe.width}@{recipe.tokens} {part}"] = values
    np.savez_compressed(file, allow_pickle=False, **stored)
    return len(stored) // 2


def grid_models() -> list[tuple[int, int]]:
    """(width, tokens) of the trained models that ship with the library."""
    with np.load(MODELS) as stored:
        names = [name.split()[0] for name in stored.files if name.endswith("weights")]
    return sorted((int(width), int(tokens)) for width, tokens in (n.split("@") for n in names))


def trained(width: int, tokens: int) -> Mixture:
    """A model of the grid, trained on `tokens` of "python", from its weights in eight bits.

    ValueError for one that does not ship; `grid_models` has those that do.
    """
    with np.load(MODELS) as stored:
        if f"{width}@{tokens} weights" not in stored:
            raise ValueError(
                f"no model of width {width} and {tokens} tokens ships; "
                f"there is {', '.join(f'{w}@{t}' for w, t in grid_models())}"
            )
        parts: dict[str, Any] = {
            part: stored[f"{width}@{tokens} {part}"] for part in ("weights", "scales")
        }
    recipe = Recipe(width, tokens, corpus="python", held_out=HELD_OUT)
    model = Mixture(recipe.shape, recipe.seed, recipe.recency)
    unpack(model, parts)
    return model


@dataclass(frozen=True)
class Shipped(Bench):
    """A bench whose teachers are the models that ship (`trained`): none is trained for a trial."""

    def trained(self, recipe: Recipe) -> Mixture:
        """The model of the grid with the recipe's width and tokens."""
        return trained(recipe.width, recipe.tokens)


# ---- the command --------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; exit status: 0 all made, 1 stopped by a fault, 130 interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m scalinglib.lab.levers", description=str(__doc__).splitlines()[0]
    )
    parser.add_argument("--out", required=True, help="folder of the results; the same resumes")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES, metavar="LEVER")
    parser.add_argument("--kernel", choices=("numpy", "c"), default="numpy")
    parser.add_argument("--record", action="store_true", help="write the library's tables")
    options = parser.parse_args(arguments)
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, stop_once)
    try:
        if options.record:
            from .lever_tables import record  # which reads the plans by this module

            print(record(options.only, options.out).to_string(index=False))
            print(f"{record_models(options.out)} models")
            return 0
        print(f"levers: {arithmetic(options.kernel)[1]}", file=sys.stderr)
        make(options.only, options.out, options.kernel)
    except KeyboardInterrupt:
        print(f"\nstopped; the same command goes on, with {options.out}", file=sys.stderr)
        return 130
    except ValueError as error:
        print(f"\nlevers: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
