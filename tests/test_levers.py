"""The levers: plans that can be made, trials that do what they say, and results that survive."""

import json
from dataclasses import replace

import numpy as np
import pytest

from scalinglib import runs
from scalinglib.counting import Transformer
from scalinglib.lab import lever_tables, levers
from scalinglib.lab.mixture import Mixture
from scalinglib.lab.model import Model
from scalinglib.lab.muon import Muon, flops_per_step, newton_schulz
from scalinglib.lab.rounding import bits_stored, packed, rounded, unpack
from scalinglib.lab.sources import source
from scalinglib.lab.sweep import SweepError
from scalinglib.lab.training import AdamW, Recipe, run
from scalinglib.lab.trials import (
    Adding,
    Bench,
    Branches,
    Rounding,
    Train,
    TrialError,
    as_trial,
    coverage,
    learn,
    texts,
    truth,
)

SMALL = Recipe(16, 5_000, held_out=2048)
BENCH = Bench()


@pytest.fixture(scope="module")
def model():
    """A model of some training."""
    return learn(Train(replace(SMALL, tokens=10_000)), BENCH)[0]


# ---- plans ----


@pytest.mark.parametrize("name", levers.NAMES)
def test_a_plan_can_be_made(name):
    content = json.loads(levers.plan_file(name).read_text("utf-8"))
    plan = levers.read_lever_plan(levers.plan_file(name))
    assert {"question", "written", "rules", "preregistered"} <= set(content)
    assert {"no_effect", "announced"} <= set(content["preregistered"])
    assert len(plan.entries) == len({trial.id for _, trial in plan.entries})
    widths = {getattr(trial, "recipe", trial).width for _, trial in plan.entries}
    assert len(widths) >= 3 or name == "pairs"
    assert {recipe.held_out for recipe in plan.recipes} <= {levers.HELD_OUT}
    assert any("held out" in arm for arm, _ in plan.entries) or name == "pairs"


@pytest.mark.parametrize(
    "kind, settings, what",
    [
        ("fly", {}, "no kind of trial is named 'fly'; there is train"),
        ("train", {"width": 16, "tokens": 5000, "widht": 3}, "widht"),
        ("train", {"width": 16, "tokens": 5000, "teacher": "nobody"}, "no teacher is named"),
        ("train", {"width": 16, "tokens": 5000, "pool": "some"}, "pool must be one of all clean"),
        ("train", {"width": 16, "tokens": 5000, "pool": "all"}, "needs the recipe's `unique`"),
        (
            "train",
            {"width": 16, "tokens": 5000, "teacher": "truth", "corpus": "python"},
            "nobody knows the true law of 'python'",
        ),
    ],
)
def test_what_is_no_trial_is_told(kind, settings, what):
    with pytest.raises(TrialError, match=what):
        as_trial(kind, settings, {})


# ---- training with levers ----


def test_without_a_lever_it_is_the_run_of_the_laboratory():
    row = Train(SMALL).make(BENCH)[0]
    assert row["loss"] == pytest.approx(run(SMALL).loss, abs=1e-5)
    assert (row["N"], row["D"], row["C"]) == (SMALL.shape.n_params, SMALL.D, SMALL.flops)
    assert row["C_lever"] == 0


@pytest.mark.parametrize(
    "settings",
    [
        {"bits": 3},
        {"teacher": replace(SMALL, width=24)},
        {"teacher": "truth", "weight": 0.5},
        {"experts": 4},
        {"muon": 0.01},
        {"muon": 0.01, "experts": 2, "bits": 4},
    ],
    ids=str,
)
def test_every_lever_trains_and_tells_its_cost(settings):
    trial = Train(SMALL, **settings)
    row = trial.make(BENCH)[0]
    assert 1.4 < row["loss"] < 3.3  # of log 32 = 3.47, after 78 steps
    assert 0 < row["accuracy_4"] < row["accuracy"] < 1
    assert trial.id != Train(SMALL).id
    costs = {"muon", "teacher"} & set(settings) and settings.get("teacher") != "truth"
    assert (row["C_lever"] > 0) == bool(costs)


def test_a_teachers_cost_is_its_forward_passes():
    teacher = replace(SMALL, width=24)
    cost = Train(SMALL, teacher=teacher).lever_flops
    assert cost == pytest.approx(teacher.shape.flops_per_token / 3 * SMALL.D)


def test_the_truth_is_the_lexicons_own_law():
    windows = source("lexicon").train(20, 64, 3)
    law = truth(windows).reshape(20, 64, 32)
    own = np.take_along_axis(law, windows[:, 1:, None].astype(int), -1)[..., 0]
    assert law.sum(-1) == pytest.approx(np.ones((20, 64)), abs=1e-5)
    assert np.log(own) == pytest.approx(source("lexicon").log_probabilities(windows), abs=1e-4)


def test_pools_hold_what_they_say():
    recipe = replace(SMALL, unique=4096)
    clean = source("lexicon").train(64, 64, 0)

    def read(pool):
        return {row.tobytes() for row in texts(Train(recipe, pool=pool, replaced=0.5), BENCH)[0]}

    of_all = {row.tobytes() for row in clean}
    half = {row.tobytes() for row in clean[:32]}
    assert read("all clean") == of_all and read("clean half") == half
    assert len(read("all")) == 64 and read("all") & of_all == half


def test_a_filter_tells_how_well_it_chose():
    trial = Train(replace(SMALL, unique=4096), pool="filtered", replaced=0.9)
    row = trial.make(BENCH)[0]
    assert 0.4 < row["kept_clean"] <= 1 and row["C_lever"] > 0


def test_branches_end_at_their_lengths_and_share_a_trunk():
    trial = Branches(replace(SMALL, batch=64), (2560, 5120))
    rows = trial.make(BENCH)
    assert [row["D"] for row in rows] == [2560, 5120]
    alone = sum(row["C"] for row in rows)
    assert rows[0]["C_ladder"] == trial.flops < alone
    assert rows[1]["loss"] < rows[0]["loss"] < np.log(32)


# ---- rounding ----


def test_rounded_weights_have_few_levels(model):
    for bits in (1, 2, 3):
        theta = rounded(model, bits)
        copy = Model(model.shape)
        copy.theta[:] = theta
        assert max(len(np.unique(column)) for column in copy.weights["up 0"].T) <= 2**bits
    errors = [np.square(rounded(model, bits) - model.theta).sum() for bits in (2, 4, 6, 8)]
    assert errors == sorted(errors, reverse=True)
    with pytest.raises(ValueError, match="bits must be one of 1, 2, 3, 4, 5, 6, 8; got 7"):
        rounded(model, 7)


def test_rounding_costs_more_the_fewer_bits(tmp_path):
    bench = Bench(models=tmp_path)
    recipe = replace(SMALL, tokens=10_000)
    rows = Rounding(recipe, (8, 4, 2)).make(bench)
    extra = [row["loss"] - row["loss_float"] for row in rows]
    assert abs(extra[0]) < 1e-3 < extra[2] and extra == sorted(extra)
    assert rows[0]["loss_float"] == pytest.approx(run(recipe).loss, abs=1e-5)
    assert [file.name for file in tmp_path.iterdir()] == [f"{recipe.id}.npy"]
    assert Rounding(recipe, (8, 4, 2)).make(bench)[2]["loss"] == rows[2]["loss"]


def test_the_scales_count_as_memory(model):
    scales = 32 + 2 * (3 * 16 + 16 + 64 + 16) + 32  # tokens, channels of two layers, of the head
    assert bits_stored(model, 4) == pytest.approx(4 + 16 * scales / model.shape.n_params)


def test_eight_bits_bring_a_model_back(model):
    other = Model(model.shape, seed=9)
    unpack(other, packed(model))
    windows = source("lexicon").held_out(20, 64).astype(int)
    losses = [one.loss(windows[:, :-1], windows[:, 1:]) for one in (model, other)]
    assert losses[1] == pytest.approx(losses[0], abs=2e-3)
    with pytest.raises(ValueError, match="weights are stored, the model has"):
        unpack(Model(Transformer(2, 8, 4, 32, 64, tied=False, position="none")), packed(model))


# ---- Muon ----


def test_newton_and_schulz_make_matrices_nearly_orthogonal():
    G = np.random.default_rng(0).standard_normal((3, 8, 32))
    values = np.linalg.svd(newton_schulz(G), compute_uv=False)
    assert values.min() > 0.6 and values.max() < 1.3
    u, _, v = np.linalg.svd(G, full_matrices=False)
    assert np.abs(newton_schulz(G) - u @ v).max() < 0.3


def test_muons_products_cost_300_cubes_a_layer():
    shape = Transformer(2, 32, 4, 96, 64, tied=False, position="none")
    assert flops_per_step(shape) == 2 * 300 * 32**3


def test_muon_moves_layers_by_orthogonal_steps_and_leaves_the_rest_to_adamw():
    """One step from the same start, without decay, of a mixture: where each part goes."""
    recipe = replace(SMALL, tokens=64, decay=0.0, warmup=0.0)
    start = Mixture(Train(recipe, experts=2).shape, recipe.seed)
    ends = {muon: learn(Train(recipe, experts=2, muon=muon), BENCH)[0] for muon in (None, 0.01)}
    for name in ("embedding", "head", "router 0"):
        assert (ends[None].weights[name] == ends[0.01].weights[name]).all(), name
    # the first gradient reaches the head alone: all that stands before it begins at zero
    assert (ends[0.01].weights["up 0"] == start.weights["up 0"]).all()

    optimiser = Muon(start, 0.01, AdamW(start.theta, start.theta * 0, 0.0), 0.0)
    before = {name: weight.copy() for name, weight in start.weights.items()}
    optimiser.step(np.random.default_rng(0).standard_normal(start.theta.size), 1.0)
    for name, stretch in (("out 0", 1), ("up 0", 2), ("down 0", 1)):
        moved = start.weights[name] - before[name]
        if name != "out 0":  # of two experts, the first
            moved = moved[: len(moved) // 2]
        values = np.linalg.svd(moved, compute_uv=False) / (0.01 * stretch)
        assert 0.6 < values.min() < values.max() < 1.3, name


# ---- answers ----


def test_coverage_is_what_samples_find():
    p = np.random.default_rng(0).beta(0.3, 1, 20_000)
    row = coverage(np.log(p))
    found = np.random.default_rng(1).random((20_000, 16)) < p[:, None]
    assert row["pass_1"] == pytest.approx(p.mean()) == pytest.approx(0.3 / 1.3, abs=0.01)
    assert row["pass_16"] == pytest.approx(found.any(1).mean(), abs=0.01)
    assert row["tail"] == pytest.approx(0.3, abs=0.02)


def test_a_network_that_adds_is_examined():
    rows = Adding(16, (20, 40), questions=50, temperatures=(1.0, 0.5)).make(BENCH)
    assert [(row["steps"], row["temperature"]) for row in rows] == [
        *((20, 1.0), (20, 0.5)),
        *((40, 1.0), (40, 0.5)),
    ]
    # ten digits, each known with a chance of about a tenth
    assert rows[2]["pass_1"] < 1e-6 < rows[2]["pass_65536"] < 1e-3
    assert rows[2]["loss"] == pytest.approx(np.log(10), abs=0.05)


# ---- results ----

PLAN = {
    "name": "miniature",
    "teachers": {"wide": {"width": 24, "tokens": 2560, "held_out": 2048}},
    "blocks": [
        {"arm": "plain", "width": [8, 16], "tokens": 2560, "held_out": 2048},
        {"arm": "taught", "width": 16, "tokens": 2560, "held_out": 2048, "teacher": "wide"},
        {"arm": "again", "width": 8, "tokens": 2560, "held_out": 2048},
    ],
}


@pytest.fixture
def miniature(tmp_path, monkeypatch):
    monkeypatch.setattr(levers, "DATA", tmp_path)
    (tmp_path / "levers_grid_plan.json").write_text(json.dumps(PLAN))
    described = runs._DATA / "described.json"
    (tmp_path / "described.json").write_text(described.read_text("utf-8"))
    return tmp_path


def made(folder):
    """The rows without what time they took."""
    lines = (folder / "grid" / "results.jsonl").read_text().splitlines()
    found = [json.loads(line) for line in lines]
    for row in found:
        del row["finished"]
        for one in row["rows"]:
            del one["seconds"]
    return found


def test_cut_off_anywhere_it_goes_on_and_ends_the_same(miniature):
    out = miniature / "out"
    levers.make(["grid"], out, progress=False)
    whole = made(out)
    assert len(whole) == 3  # what two blocks ask for is made once
    file = out / "grid" / "results.jsonl"
    raw = file.read_bytes()
    file.write_bytes(raw[: raw.index(b"\n") + 40])
    levers.make(["grid"], out, progress=False)
    assert made(out) == whole
    manifest = json.loads((out / "grid" / "manifest.json").read_text())
    assert [session["kernel"] for session in manifest["sessions"]] == ["NumPy", "NumPy"]


def test_another_plan_is_refused(miniature):
    out = miniature / "out"
    levers.make(["grid"], out, progress=False)
    other = PLAN | {"blocks": PLAN["blocks"][:1]}
    (miniature / "levers_grid_plan.json").write_text(json.dumps(other))
    with pytest.raises(SweepError, match="results of another plan"):
        levers.make(["grid"], out, progress=False)
    with pytest.raises(SweepError, match="another plan"):
        lever_tables.record(["grid"], out, miniature)


def test_tables_come_in_the_order_of_the_plan(miniature):
    out = miniature / "out"
    levers.make(["grid"], out, progress=False)
    told = lever_tables.record(["grid"], out, miniature)
    assert told.iloc[0][["rows", "trials", "planned"]].tolist() == [3, 3, 3]
    manifest = json.loads((miniature / "levers_grid.json").read_text())
    assert manifest["not_made_yet"] == {} and manifest["rows"] == 3
    described = json.loads((miniature / "described.json").read_text())["sets"]["levers_grid"]
    assert described["rows"] == 3 and list(described["columns"]) == lever_tables.columns("grid")
    found = lever_tables.table("grid", {row["run"]: row for row in made(out)})
    assert found["arm"].tolist() == ["plain", "plain", "taught"]
    assert list(found)[:2] == ["run_id", "arm"] and "loss" in found


# ---- what is recorded ----

RECORDED = [name for name in levers.NAMES if (levers.DATA / f"levers_{name}.csv.gz").exists()]


@pytest.mark.parametrize("name", RECORDED)
def test_what_is_recorded_is_what_was_planned(name):
    found, plan = runs.load(f"levers_{name}"), levers.read_lever_plan(levers.plan_file(name))
    manifest = json.loads((levers.DATA / f"levers_{name}.json").read_text("utf-8"))
    planned = {trial.id: arm for arm, trial in plan.entries}
    assert manifest["plan_digest"] == plan.digest
    assert [planned[run] for run in found["run_id"]] == found["arm"].tolist()
    assert manifest["rows"] == len(found) and manifest["planned"] == len(planned)
    assert found["run_id"].nunique() == manifest["trials"]
    assert found["loss"].gt(0).all() and found["seconds"].gt(0).all()
    assert set(found["kernel"]) == set(manifest["kernels"])


@pytest.mark.skipif(not levers.MODELS.exists(), reason="no models are recorded")
def test_the_models_that_ship_have_the_losses_of_the_grid():
    grid = runs.load("levers_grid").query("corpus == 'python' and seed == 0")
    assert len(levers.grid_models()) == len(grid)
    with pytest.raises(ValueError, match="no model of width 20 and 5 tokens ships"):
        levers.trained(20, 5)
    for width, tokens in levers.grid_models():
        assert (
            levers.trained(width, tokens).shape.n_params == grid.query("width == @width").iloc[0].N
        )
