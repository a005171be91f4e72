"""What the functions of the levers read off the recorded tables, to four digits.

tests/read_off.txt has a line for each gain, prediction and row. The recorded runs do not change, so
what is read off them changes only with the code; tables made from known laws (test_gains_steps.py)
cannot have all the arms, seeds and gaps of the real ones. Who changes one on purpose runs

    python tests/test_read_off.py

and says in CHANGELOG.md what is different: chapters 16 and 17 and the page of all levers show it.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

import pandas as pd
import pytest

from scalinglib import runs
from scalinglib.lab import gains_model, gains_steps, which_lever

RECORD = Path(__file__).with_name("read_off.txt")
NUMBER = re.compile(r"-?(?:\d[\d,]*\.?\d*(?:e[-+]?\d+)?|inf|nan)(?![\w])")


def shown(value) -> str:
    return value if isinstance(value, str) else f"{float(value):.4g}"


def rows(name: str, found) -> Iterator[str]:
    """A line for each item: of a table its rows, of what a class holds its fields."""
    if isinstance(found, pd.DataFrame):
        found = found.itertuples(index=False)
    for one in found:
        entries = one if isinstance(one, tuple) else astuple(one)
        yield " | ".join([name, *map(shown, entries)]).rstrip()


def read_off() -> list[str]:
    table = {name: runs.load(f"levers_{name}") for name in ("grid", *gained)}
    grid, steps, model = table["grid"], gains_steps, gains_model
    optimiser, schedule = table["optimiser"], table["schedule"]
    coverage, precision = table["coverage"], table["precision"]
    every = which_lever.all_gains()
    tuned = [one for one in every if one.lever == "optimiser"]
    cosines = schedule[schedule.seed == 0]
    plain = model.plain_runs(grid).reset_index()
    law_rows = [
        (how, corpus, len(one), one.extra.sum())
        for how in ("rounded", "rounded, seeds", "held out")
        for corpus in ("python", "lexicon")
        for one in [model.rounded_rows(precision, corpus, how)]
    ]
    told = {
        "gain": every,
        "best batch": steps.optimiser_best_batch(optimiser, grid),
        "optimiser held out": steps.optimiser_held_out(tuned),
        "against linear": steps.schedule(schedule, plain="linear"),
        "schedule differences": steps.schedule_differences(schedule),
        "schedule held out": steps.schedule_held_out(schedule),
        "left out": steps.left_out(cosines, 639_936).reset_index(),
        "shares": steps.shares(table["quality"], grid, 32).groupby("share").mean().reset_index(),
        "coverage law": coverage[coverage.arm == "held out"].apply(steps.coverage_law, axis=1),
        "coverage held out": steps.coverage_held_out(coverage, least=0.5),
        "coverage, flat": steps.coverage_held_out(coverage, least=0.9, flat=True),
        "coverage through loss": steps.coverage_through_loss(coverage),
        "answers": steps.answers(grid),
        "plain run": plain[plain.width == 32],
        "rows of the law of rounding": law_rows,
        "experts": model.expert_rows(table["experts"], grid),
        "all levers": which_lever.shown(which_lever.table(every)),
        "effect": which_lever.effects(every),
    }
    return [line for name, found in told.items() for line in rows(name, found)]


gained = ("precision", "distillation", "experts", "optimiser", "schedule", "quality", "coverage")


def parts(line: str) -> tuple[str, list[float]]:
    """The words of a line, and its numbers."""
    numbers = [float(one.replace(",", "")) for one in NUMBER.findall(line)]
    return NUMBER.sub("#", line), numbers


@pytest.mark.usefixtures("searched_once")
def test_what_is_read_off_the_recorded_runs():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of fits, whose words have their own tests
        found = read_off()
    told = RECORD.read_text(encoding="utf-8").splitlines()
    for one, was in zip(found, told, strict=False):
        words, numbers = parts(was)
        assert parts(one)[0] == words, was
        assert parts(one)[1] == pytest.approx(numbers, rel=2e-3, nan_ok=True), was
    assert len(found) == len(told)


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        RECORD.write_text("\n".join(read_off()) + "\n", encoding="utf-8")
