"""Turn results into the tables of the library: "sweep", "growing" and others of `runs.load`.

    python -m scalinglib.lab.record DIR
    python -m scalinglib.lab.record DIR --restore sweep

DIR is where `sweep` put the results of one of the plans data/sweep_plan.json, growing_plan.json,
spoilt_plan.json or sweep_next_plan.json, each with a table of its own; the manifest names the runs
that are not made yet. To make those as well, restore the recorded ones into a new DIR, sweep into
it with the same plan, and record it again.
"""

from __future__ import annotations

import argparse
import gzip
import json
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from .lexicon import Lexicon
from .sweep import read_plan, read_rows, tables

DATA = Path(__file__).parents[1] / "data"
PLANS = {name: DATA / f"{name}_plan.json" for name in ("sweep", "growing", "spoilt", "sweep_next")}
COLUMNS = [
    "run_id",
    "corpus",
    "arm",
    "budget",
    "width",
    "depth",
    "context",
    "seed",
    "N",
    "N_layers",
    "N_head",
    "D",
    "C",
    "C_6N",
    "C_6N_layers",
    "loss",
    "train_loss",
    "entropy",
    "diverged",
    "steps",
    "step_tokens",
    "schedule",
    "warmup",
    "unique",
    "duplicated",
    "noise",
    "seconds",
    "kernel",
]


def record(folder: str | Path, data: Path = DATA) -> dict:
    """Write NAME.csv.gz, NAME_curves.csv.gz and NAME.json (the manifest) into `data`.

    NAME is the plan that `folder` is of.
    """
    rows = read_rows(folder)
    made = json.loads((Path(folder) / "manifest.json").read_text("utf-8"))
    plans = {name: read_plan(path) for name, path in PLANS.items()}
    name = next((name for name, plan in plans.items() if plan.digest == made["plan_digest"]), None)
    if name is None:
        raise ValueError(
            f"{folder} holds results of another plan than {' or '.join(PLANS)}: {made['plan']!r}"
        )
    plan = plans[name]
    runs, curves = tables(plan, rows)
    missing = [
        (arm, budget, recipe) for arm, budget, recipe in plan.entries if recipe.id not in rows
    ]
    lexicon = Lexicon()
    scored = lexicon.held_out(plan.recipes[0].held_out // 64, 64)
    manifest = {
        "what": (
            "one row a training run, in the order of the plan; losses in nats per token, held out"
        ),
        "command": f"python -m scalinglib.lab.sweep scalinglib/data/{PLANS[name].name} --out DIR; "
        "python -m scalinglib.lab.record DIR",
        **made,
        "same_in_all_runs": {
            key: getattr(plan.recipes[0], key) for key in ("heads", "lr", "recency", "held_out")
        },
        "runs": len(runs),
        "planned": len(plan.entries),
        "seconds": round(float(runs["seconds"].sum())),
        "not_run_yet": [
            (
                f"{arm}, {recipe.corpus}, width {recipe.width}, seed {recipe.seed}, "
                f"{recipe.flops:.3g} FLOPs"
            )
            for arm, budget, recipe in missing
        ],
        "diverged": runs.loc[runs["diverged"], "run_id"].tolist(),
        "kernels": sorted(set(runs["kernel"])),
        "lexicon_entropy": lexicon.entropy,
        "lexicon_held_out_surprisal": -float(lexicon.log_probabilities(scored).mean()),
    }
    write_table(
        data / f"{name}.csv.gz", runs[COLUMNS].round({"loss": 6, "train_loss": 5, "seconds": 2})
    )
    write_table(data / f"{name}_curves.csv.gz", curves.round({"loss": 5}))
    (data / f"{name}.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
    return manifest


def restore(folder: str | Path, name: str = "sweep", data: Path = DATA) -> None:
    """Write the recorded runs into the new `folder` as `sweep` would, so that it can go on."""
    folder = Path(folder)
    folder.mkdir(parents=True)
    manifest = json.loads((data / f"{name}.json").read_text("utf-8"))
    made = {key: manifest[key] for key in ("plan", "plan_digest", "corpora", "sessions")}
    (folder / "manifest.json").write_text(json.dumps(made, indent=1) + "\n", "utf-8")
    recipes = {recipe.id: recipe for recipe in read_plan(PLANS[name]).recipes}
    table = _exactly(data / f"{name}_curves.csv.gz")
    curves = {str(run_id): curve for run_id, curve in table.groupby("run_id")}
    with open(folder / "results.jsonl", "w", encoding="utf-8") as file:
        for run in _exactly(data / f"{name}.csv.gz").to_dict("records"):
            curve = curves.get(run["run_id"], pd.DataFrame(columns=["tokens", "loss"]))
            row = {
                "run": run["run_id"],
                "recipe": asdict(recipes[run["run_id"]]),
                "loss": None if run["diverged"] else run["loss"],
                "curve": [
                    [int(tokens) // run["step_tokens"], int(tokens), loss]
                    for tokens, loss in zip(curve["tokens"], curve["loss"], strict=True)
                ],
                "diverged": run["diverged"],
                "seconds": run["seconds"],
                "kernel": run["kernel"],
            }
            file.write(json.dumps(row) + "\n")


def _exactly(path):
    """The last digit of what was measured, which pandas before 3 rounds by default."""
    measured = ["loss", "seconds"]
    table = pd.read_csv(path, dtype=dict.fromkeys(measured, str))
    return table.astype({name: float for name in measured if name in table})


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Gzip without the time of writing: the same runs give the same bytes."""
    path.write_bytes(
        gzip.compress(table.to_csv(index=False, lineterminator="\n").encode(), mtime=0)
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m scalinglib.lab.record", description=str(__doc__).splitlines()[0]
    )
    parser.add_argument("folder", help="where the sweep put its results")
    parser.add_argument(
        "--restore", choices=PLANS, help="the other way: from this table to a new folder"
    )
    options = parser.parse_args()
    if options.restore:
        restore(options.folder, options.restore)
    else:
        done = record(options.folder)
        print(f"{done['runs']} of {done['planned']} runs, {done['seconds']} CPU seconds")
