"""The recorded sweep is what the plan says, complete or with its gaps named; all is measured."""

import json

import numpy as np
import pandas as pd
import pytest

from scalinglib import runs
from scalinglib.lab.record import DATA, PLANS, record, restore
from scalinglib.lab.sweep import read_plan, read_rows
from scalinglib.lab.training import run


@pytest.fixture(scope="module", params=PLANS)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def plan(name):
    return read_plan(PLANS[name])


@pytest.fixture(scope="module")
def sweep(name):
    return runs.load(name)


@pytest.fixture(scope="module")
def manifest(name):
    return json.loads((DATA / f"{name}.json").read_text())


def test_every_row_is_a_run_of_the_plan(plan, sweep, manifest):
    planned = {recipe.id: (arm, recipe) for arm, _, recipe in plan.entries}
    assert manifest["plan_digest"] == plan.digest
    assert sweep["run_id"].is_unique
    for row in sweep.itertuples():
        arm, recipe = planned[row.run_id]
        assert (row.arm, row.corpus, row.width, row.seed) == (
            arm,
            recipe.corpus,
            recipe.width,
            recipe.seed,
        )
        assert row.D == recipe.D
        assert (row.N, row.C) == (recipe.shape.n_params, pytest.approx(recipe.flops))
    assert len(sweep) == manifest["runs"] and len(sweep) + len(manifest["not_run_yet"]) == len(
        plan.entries
    )


def test_a_budget_is_what_it_cost(sweep):
    grid = sweep[sweep["budget"].notna()]
    assert (np.abs(grid["C"] / grid["budget"] - 1) < 0.005).all()


def test_no_run_scores_below_the_entropy(sweep, manifest):
    lexicon = sweep[(sweep["corpus"] == "lexicon") & ~sweep["diverged"]]
    assert not (lexicon["loss"] <= manifest["lexicon_held_out_surprisal"]).any()
    # 3 errors
    assert manifest["lexicon_held_out_surprisal"] == pytest.approx(
        manifest["lexicon_entropy"], abs=0.015
    )


def test_losses_are_numbers_unless_a_run_diverged(sweep):
    assert (sweep["loss"].notna() == ~sweep["diverged"]).all()
    assert sweep["seconds"].min() > 0 and sweep["kernel"].notna().all()


def test_curves_end_where_the_runs_end(name, sweep):
    curves = runs.load(f"{name}_curves")
    assert set(curves["run_id"]) == set(sweep["run_id"])
    last = curves.groupby("run_id").last().loc[sweep["run_id"]]
    assert (last["tokens"].to_numpy() == sweep["D"].to_numpy()).all()
    assert last["C"].to_numpy() == pytest.approx(sweep["C"].to_numpy())
    assert curves.groupby("run_id")["tokens"].is_monotonic_increasing.all()


def test_the_files_are_small():
    assert (
        sum(
            (DATA / f"{name}{part}").stat().st_size
            for name in PLANS
            for part in (".csv.gz", "_curves.csv.gz", ".json")
        )
        < 2e6
    )


def test_results_of_another_plan_are_not_recorded(tmp_path, plan):
    folder = tmp_path / "results"
    folder.mkdir()
    row = {
        "run": plan.recipes[0].id,
        "loss": 2.0,
        "curve": [[1, 64, 3.0]],
        "diverged": False,
        "seconds": 1.0,
        "kernel": "x",
    }
    (folder / "results.jsonl").write_text(json.dumps(row) + "\n")
    (folder / "manifest.json").write_text(
        json.dumps({"plan": "other", "plan_digest": "0", "sessions": []})
    )
    with pytest.raises(ValueError, match="another plan"):
        record(folder, tmp_path)
    assert not list(tmp_path.glob("*.json"))


def test_what_was_recorded_can_be_restored(tmp_path, name, sweep):
    restore(tmp_path / "results", name)
    record(tmp_path / "results", tmp_path)
    # entropy is computed anew: other NumPys, another last digit
    for table in (f"{name}.csv.gz", f"{name}_curves.csv.gz"):
        pd.testing.assert_frame_equal(
            pd.read_csv(tmp_path / table), pd.read_csv(DATA / table), rtol=1e-12
        )
    again, manifest = (
        json.loads((folder / f"{name}.json").read_text()) for folder in (tmp_path, DATA)
    )
    for key in ("lexicon_entropy", "lexicon_held_out_surprisal"):
        assert again.pop(key) == pytest.approx(manifest.pop(key), rel=1e-12)
    assert again == manifest
    assert len(read_rows(tmp_path / "results")) == len(sweep)


@pytest.mark.whole
def test_one_smallest_run_made_again():
    """The cheapest recorded run, trained here, to 0.01 nats: kernels differ in the fourth digit."""
    first = (
        runs.load("sweep")
        .query("arm == 'main' and corpus == 'lexicon'")
        .nsmallest(1, "seconds")
        .iloc[0]
    )
    recipe = next(
        recipe for recipe in read_plan(PLANS["sweep"]).recipes if recipe.id == first["run_id"]
    )
    assert run(recipe).loss == pytest.approx(first["loss"], abs=0.01)
