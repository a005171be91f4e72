"""Steps by batch: a curve's reading against a known curve, the fit's hyperbola, and the record."""

import itertools
import json

import numpy as np
import pandas as pd
import pytest

from scalinglib import runs
from scalinglib.lab import batches


def curve(loss_of_step, last=4000):
    """What a run would record of a smooth loss: the mean between forty marks."""
    marks = np.unique(np.geomspace(1, last, 40).astype(int))
    loss = loss_of_step(np.arange(1, last + 1))
    ends = np.concatenate([[0], marks])
    return pd.DataFrame(
        {"step": marks, "loss": [loss[a:b].mean() for a, b in itertools.pairwise(ends)]}
    )


@pytest.mark.parametrize("loss", [2.2, 2.5, 3.0])
def test_steps_of_a_known_curve(loss):
    assert batches.steps_to(curve(lambda s: 2 + 3 * s**-0.5), loss) == pytest.approx(
        (3 / (loss - 2)) ** 2, rel=0.02
    )


def test_a_loss_never_reached_or_there_from_the_start_is_nan():
    assert np.isnan(batches.steps_to(curve(lambda s: 2 + s**-0.5), 1.9))
    assert np.isnan(batches.steps_to(curve(lambda s: 2 + s**-0.5), 5))


def test_fewest_steps_take_the_best_rate_that_all_seeds_reach():
    fast, slow, never = (
        curve(f) for f in (lambda s: 2 + 2 / s**0.5, lambda s: 2 + 4 / s**0.5, lambda s: 3 + 0 * s)
    )
    table = pd.concat(
        [
            c.assign(batch=64, lr=lr, seed=seed)
            for c, lr, seed in ((slow, 1, 0), (slow, 1, 1), (fast, 2, 0), (never, 2, 1))
        ]
    )
    assert batches.fewest_steps(table, 2.2)[64] == pytest.approx(400, rel=0.03)


def test_hyperbola_is_recovered(rng):
    batch = np.array(list(batches.TOKENS), float)
    exact = batches.hyperbola(pd.Series(40 + 60_000 / batch, batch))
    assert exact == pytest.approx((40, 60_000))
    noisy = batches.hyperbola(
        pd.Series((40 + 60_000 / batch) * np.exp(rng.normal(0, 0.03, len(batch))), batch)
    )
    assert noisy == pytest.approx((40, 60_000), rel=0.1)


def test_the_record_holds_every_run():
    table = runs.load("batches")
    recipes = {(r.batch, r.lr, r.seed): r for r in batches.recipes()}
    assert set(table.groupby(["batch", "lr", "seed"]).groups) == set(recipes)
    last = table.groupby(["batch", "lr", "seed"]).last()
    assert all(
        last.step[key] == recipe.steps and last.D[key] == recipe.D
        for key, recipe in recipes.items()
    )
    np.testing.assert_allclose(table.C, 6 * table.N * table.D, rtol=1e-5)
    manifest = json.loads(batches.TABLE.with_suffix(".json").read_text())
    assert manifest["width"] == batches.WIDTH and "not_run" not in manifest


def test_the_record_shows_a_hyperbola_and_a_critical_batch_that_grows():
    table = runs.load("batches")
    critical = []
    for loss in (2.2, 2.1, 2.0):
        steps = batches.fewest_steps(table, loss)
        S_min, D_min = batches.hyperbola(steps)
        np.testing.assert_allclose(S_min + D_min / steps.index, steps, rtol=0.08)
        critical.append(D_min / S_min)
    assert all(b > 1.3 * a for a, b in itertools.pairwise(critical))


def test_no_rate_at_the_edge_of_those_tried_is_better():
    table = runs.load("batches").query("seed == 0")
    for loss in (2.2, 2.1, 2.0):
        steps = (
            table.groupby(["lr", "batch"])[["step", "loss"]]
            .apply(batches.steps_to, loss)
            .unstack("lr")
        )
        inner, edges = (
            steps[list(batches.RATES)].min(axis=1),
            steps[list(batches.EDGES)].min(axis=1),
        )
        assert not (edges < 0.95 * inner).any()


def test_the_noise_scale_is_that_of_all_pairs_of_gradients():
    recipe = batches.Recipe(8, 4096)
    model = batches.Model(recipe.shape, seed=1)
    model.theta += 0.1 * np.random.default_rng(0).standard_normal(len(model.theta), np.float32)
    windows = batches.training_windows(batches.source("lexicon"), 6, 64, 0)
    each = []
    for window in windows[:, None].astype(np.int64):
        model.gradient(window[..., :-1], window[..., 1:])
        each.append(model.grad.astype(float))
    products = np.array(each) @ np.array(each).T
    square = (products.sum() - np.trace(products)) / 30  # all pairs of two different windows
    spread, found = batches.noise_scale(model, windows)
    assert found == pytest.approx(square, rel=1e-4)
    assert spread == pytest.approx(np.trace(products) / 6 - square, rel=1e-4)


def test_noise_scales_average_what_lies_near_a_loss(monkeypatch):
    monkeypatch.setattr(batches, "noise_scale", lambda model, windows: (3.0, 2.0))
    found = batches.noise_scales((3.3, 1.5), steps=20, every=5)
    assert found[3.3] == 64 * 3 / 2 and np.isnan(found[1.5])
