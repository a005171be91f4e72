"""From finished trials to the tables of the library, `runs.load("levers_NAME")`, and their words.

The words of the columns stand here, since `record` puts them into data/described.json: a table that
grows is described anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from .levers import DATA, plan_file, read_lever_plan
from .record import write_table
from .sweep import SweepError, read_rows, write_whole

FIRST = ("run_id", "arm")
RECIPE = ("corpus", "width", "tokens", "seed", "lr", "step_tokens", "steps")
LAST = (
    *("N", "N_active", "D", "C", "C_lever", "loss", "accuracy", "accuracy_4", "accuracy_16"),
    *("seconds", "kernel"),
)
#: of each table: what it holds, and the columns between RECIPE and LAST
TABLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "grid": ("base models of the levers: five widths, four lengths", ()),
    "precision": (
        "models rounded to few bits after training, and trained with rounding in the loop",
        ("bits", "bits_stored", "loss_float"),
    ),
    "distillation": (
        "students that learn from a teacher's probabilities, and their hard-label twins",
        ("teacher", "weight", "unique"),
    ),
    "quality": (
        "half-spoilt text kept or filtered, at many budgets, and a mixture of two languages",
        ("pool", "replaced", "unique", "share", "loss_other", "kept_clean"),
    ),
    "coverage": (
        "networks that add: the chance that k samples hold a right answer, exact",
        (
            *("schedule", "temperature", "C_sample"),
            *(f"pass_{4**k}" for k in range(9)),
            "tail",
        ),
    ),
    "schedule": (
        "one constant run with a cooldown for each length, and a cosine for each length",
        ("schedule", "cooldown", "C_ladder"),
    ),
    "experts": (
        "mixtures of four experts, one used, at several lengths",
        ("experts", "load_least", "load_most"),
    ),
    "optimiser": ("Muon and AdamW, rates tuned for both, at three batches", ("muon",)),
    "pairs": (
        "levers one at a time and two at a time",
        ("bits", "teacher", "muon", "experts"),
    ),
}
WITHOUT = {  # columns that a table does not have
    "precision": ("N_active", "C_lever"),
    "grid": ("N_active", "C_lever"),
    "distillation": ("N_active",),
    "quality": ("N_active",),
    "schedule": ("N_active", "C_lever"),
    "optimiser": ("N_active",),
    "coverage": (
        *("corpus", "tokens", "lr", "step_tokens", "N_active", "C_lever"),
        *("accuracy_4", "accuracy_16"),
    ),
}
WORDS: dict[str, tuple[str, str]] = {  # unit, meaning; other columns are described for all tables
    "tokens": ("tokens", "asked for; D is what whole steps made of it"),
    "arm": ("", "what the trial is for, see the plan"),
    "N_active": ("parameters", "that a token passes through: one expert"),
    "C_lever": ("FLOPs", "of the lever itself: teacher's forward passes, Muon's products, filter"),
    "accuracy": ("share", "of next characters that the model would write rightly"),
    "accuracy_4": ("share", "of rows of 4 characters, each right after the right ones before"),
    "accuracy_16": ("share", "of rows of 16 characters, each right after the right ones before"),
    "bits": ("bits", "of each weight; empty where nothing is rounded"),
    "bits_stored": ("bits", "of each weight with its share of the 16-bit scales"),
    "loss_float": ("nats per token", "before rounding; empty where rounding was part of training"),
    "teacher": ("", 'width@tokens of the teacher, or "truth"; empty for hard labels'),
    "weight": ("share", "of the teacher's probabilities in the targets; no teacher: no meaning"),
    "pool": ("", "which windows were read: see scalinglib.lab.trials.Train; empty: fresh text"),
    "replaced": ("share of characters", "of the spoilt half that were replaced"),
    "share": ("share of windows", "of the corpus; the rest are lexicon"),
    "loss_other": ("nats per token", "on the lexicon, held out; empty where none was read"),
    "kept_clean": ("share", "of the windows that the filter kept that are clean"),
    "schedule": ("", '"cooldown": constant, then linear to zero over the share `cooldown`'),
    "cooldown": ("share of steps", "linear to zero at the end; empty for runs of their own"),
    "C_ladder": ("FLOPs", "of trunk and all branches together; empty for runs of their own"),
    "muon": ("", "Muon's learning rate inside the layers; empty: AdamW"),
    "experts": ("experts", "in each layer, of which a token uses one"),
    "load_least": ("share", "of tokens that the least used expert of a layer got at the end"),
    "load_most": ("share", "of tokens that the most used expert of a layer got at the end"),
    "temperature": ("", "of sampling"),
    "C_sample": ("FLOPs", "forward, of one sample"),
    "tail": ("", "exponent of the share of problems below p, p from 1/4096 to 1/4; empty: too few"),
    **{
        f"pass_{k}": ("share", f"of problems that {k:,} samples solve, expected")
        for k in (4**n for n in range(9))
    },
}
IN_SUMS = {  # words that differ for the networks that add
    "loss": ("nats a digit", "of the sum, at this temperature"),
    "accuracy": ("share", "of sums written wholly right without sampling"),
    "schedule": ("", 'of the learning rate: "constant", or "linear" to zero'),
}


def columns(name: str) -> list[str]:
    """Of a lever's table, in their order."""
    own = TABLES[name][1]
    every = (*FIRST, *RECIPE, *own, *LAST)
    return [column for column in every if column not in WITHOUT.get(name, ())]


def table(name: str, rows: dict) -> pd.DataFrame:
    """The table of a lever from finished trials, in the order of the plan."""
    plan = read_lever_plan(plan_file(name))
    found = [
        {"run_id": trial.id, "arm": arm, **row, "kernel": rows[trial.id]["kernel"]}
        for arm, trial in plan.entries
        if trial.id in rows
        for row in rows[trial.id]["rows"]
    ]
    return pd.DataFrame(found).reindex(columns=columns(name))


def record(names: Iterable[str], out: str | Path, data: Path = DATA) -> pd.DataFrame:
    """Write table, manifest and description of each lever that `out` has trials of; a summary.

    Raises SweepError where the trials are of another plan.
    """
    told = []
    for name in names:
        folder = Path(out) / name
        rows = read_rows(folder) if (folder / "results.jsonl").exists() else {}
        if not rows:
            continue
        plan = read_lever_plan(plan_file(name))
        made = json.loads((folder / "manifest.json").read_text("utf-8"))
        if made["plan_digest"] != plan.digest:
            raise SweepError(f"{folder} holds trials of another plan than {plan_file(name).name}")
        found = table(name, rows)
        missing = [arm for arm, trial in plan.entries if trial.id not in rows]
        manifest = {
            "what": "trials of one lever, in the order of the plan; losses in nats, held out",
            "command": "python -m scalinglib.lab.levers --out DIR; then the same with --record",
            **made,
            "rows": len(found),
            "trials": len(plan.entries) - len(missing),
            "planned": len(plan.entries),
            "not_made_yet": {arm: missing.count(arm) for arm in dict.fromkeys(missing)},
            "seconds": round(float(found["seconds"].sum())),
            "kernels": sorted(set(found["kernel"])),
        }
        write_table(data / f"levers_{name}.csv.gz", _short(found))
        write_whole(data / f"levers_{name}.json", json.dumps(manifest, indent=1) + "\n")
        _describe(name, len(found), data / "described.json")
        told.append({"lever": name, **{k: manifest[k] for k in ("rows", "trials", "planned")}})
        told[-1]["seconds"] = manifest["seconds"]
    return pd.DataFrame(told)


def _short(found):
    """No digit that was not measured; counts stay whole."""
    digits = {str(c): 6 for c in found.select_dtypes("float") if not str(c).startswith("C")}
    return found.round(digits | {"seconds": 2})


def _describe(name, rows, file):
    """Put the table into data/described.json, where `runs.describe` reads it, as others stand."""
    words = {}
    for column in columns(name):
        own = IN_SUMS.get(column) if name == "coverage" else None
        words[column] = own or WORDS.get(column)
    entry = {
        "what": TABLES[name][0],
        "kind": "runs",
        "rows": rows,
        "N": "all parameters",
        "C": "exact, attention and softmax included; the lever's own cost apart",
        "D": "processed; fewer different ones where `unique` says so",
        "loss": "nats a digit" if name == "coverage" else "nats per token, held out",
        "licence": "MIT (ships with this library)",
        "citation": "this course (CITATION.cff)",
        "manifest": f"levers_{name}.json",
    }
    lines = [f'   "{key}": {json.dumps(value)},' for key, value in entry.items()]
    lines += ['   "columns": {']
    lines += [f'    "{column}": {json.dumps(said)},' for column, said in words.items()]
    lines[-1] = lines[-1].rstrip(",")
    block = "\n".join([f'  "levers_{name}": {{', *lines, "   }", "  },", ""])
    text = file.read_text("utf-8")
    start = text.find(f'  "levers_{name}": {{\n')
    if start < 0:
        start = end = text.index('  "chinchilla": {\n')  # the first that is not our own
    else:
        end = text.index("\n  },\n", start) + len("\n  },\n")
    write_whole(file, text[:start] + block + text[end:])
