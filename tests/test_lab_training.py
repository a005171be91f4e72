import numpy as np
import pytest

from scalinglib.counting import train_flops
from scalinglib.lab import blas, training
from scalinglib.lab.model import Model
from scalinglib.lab.training import AdamW, Recipe, run, schedule, train

SMALL = {"width": 8, "tokens": 20_000, "held_out": 4096}


@pytest.fixture(scope="module")
def small():
    return train(**SMALL)


def test_training_learns_and_does_not_beat_the_entropy(small):
    assert small.row()["entropy"] < small.loss < np.log(32) - 0.5
    losses = [loss for _, _, loss in small.curve]
    assert (
        losses[0] == pytest.approx(np.log(32), rel=1e-5)
        and losses[-1] < losses[len(losses) // 2] < losses[0]
    )


def test_the_same_recipe_gives_the_same_run(small):
    again = train(**SMALL)
    assert again.loss == small.loss and again.curve == small.curve
    assert train(**SMALL, seed=1).loss != small.loss


def test_real_text_is_learnt():
    assert train(width=8, tokens=20_000, held_out=4096, corpus="library").loss < np.log(96) - 1


def test_a_row_counts_in_every_way(small):
    row, d, V, D = small.row(), 8, 32, small.recipe.D
    layers = 12 * 2 * d * d
    assert (row["N_layers"], row["N_head"], row["N"]) == (
        layers,
        layers + V * d,
        layers + 2 * V * d,
    )
    assert row["C_6N"] == train_flops(row["N"], D) and row["C_6N_layers"] == train_flops(layers, D)
    per_token = 6 * (layers + V * d) + 2 * (12 * 64 * d + 9 * 4 * 64)  # matrices; attention
    assert row["C"] == pytest.approx(per_token * D, rel=1e-12)
    assert (
        row["D"] == row["steps"] * row["step_tokens"]
        and abs(row["D"] - 20_000) <= row["step_tokens"] / 2
    )


def test_a_budget_is_spent_to_half_a_step():
    for width in (8, 32, 96):
        recipe = Recipe.of_budget(1e10, width)
        step = recipe.shape.flops_per_token * recipe.windows_a_step * 64
        assert abs(recipe.flops - 1e10) <= step / 2 * 1.001


def test_batches_grow_with_the_square_root_of_the_tokens():
    assert [Recipe(8, tokens).windows_a_step * 64 for tokens in (10_000, 730_000, 18_200_000)] == [
        64,
        128,
        640,
    ]


def test_an_id_belongs_to_one_recipe():
    assert Recipe(8, 20_000).id == Recipe(8.0, 2e4, noise=0).id
    changes = {}, {"seed": 1}, {"noise": 0.1}, {"corpus": "python"}
    assert len({Recipe(8, 20_000, **change).id for change in changes}) == 4


def test_schedules_rise_and_fall():
    linear, constant, cosine = (
        schedule(kind, 0.05, 1000) for kind in ("linear", "constant", "cosine")
    )
    assert linear[:50] == pytest.approx(np.arange(1, 51) / 50) and linear.max() == 1
    assert linear[525] == pytest.approx(0.5, abs=1e-3) and cosine[525] == pytest.approx(
        0.5, abs=1e-3
    )
    assert linear[-1] < 0.002 and cosine[-1] < 1e-5 and (constant[50:] == 1).all()
    assert (schedule("constant", 0, 5) == 1).all()


def test_the_optimiser_is_adam_with_decoupled_decay():
    """Against algorithm 2 of Loshchilov and Hutter 2019, written out for one parameter."""
    theta, gradients, lr, shrink = np.array([0.7]), [0.5, -0.2, 0.3], 0.1, 0.01
    optimiser = AdamW(theta, np.array([lr]), shrink)
    x = m = v = 0.0
    x = 0.7
    for t, (g, eta) in enumerate(zip(gradients, (1.0, 0.5, 0.25), strict=True), start=1):
        m, v = 0.9 * m + 0.1 * g, 0.99 * v + 0.01 * g * g
        x -= eta * (lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.99**t)) + 1e-8) + shrink * x)
        optimiser.step(np.array([g]), eta)
    assert theta[0] == pytest.approx(x, rel=1e-12)


def test_a_gradient_longer_than_one_is_cut_to_one(monkeypatch):
    """Shorter ones are left as they are."""
    lengths, taken = iter([0.5, 0.99, 1.5, 30.0] * 100), []

    class Steered(Model):
        def gradient(self, *windows):
            loss = super().gradient(*windows)
            self.grad *= next(lengths) / np.linalg.norm(self.grad)
            return loss

    class Watched(AdamW):
        def step(self, grad, scale):
            taken.append(np.linalg.norm(grad))
            super().step(grad, scale)

    monkeypatch.setattr(training, "_backend", lambda name: Steered)
    monkeypatch.setattr(training, "AdamW", Watched)
    train(**SMALL)
    assert taken[:4] == pytest.approx([0.5, 0.99, 1, 1], rel=1e-5)


def test_a_diverged_run_says_so():
    wild = train(**SMALL, lr=1e6)
    assert wild.diverged and np.isnan(wild.loss) and np.isnan(wild.row()["loss"])


@pytest.mark.parametrize(
    "settings, what",
    [
        ({"width": 12}, "multiple of 8"),
        ({"tokens": 10}, "at least one step"),
        ({"width": 0}, "width"),
        ({"schedule": "sawtooth"}, "sawtooth"),
        ({"warmup": 1.2}, "warmup"),
        ({"lr": -1}, "lr"),
        ({"tokens": float("nan")}, "tokens"),
        ({"corpus": "shakespeare"}, "shakespeare"),
        ({"unique": 10}, "unique"),
    ],
)
def test_what_cannot_be_trained_is_refused(settings, what):
    with pytest.raises(ValueError, match=what):
        train(**{**SMALL, **settings})


def test_a_corpus_that_is_too_small_is_refused_before_training():
    recipe = Recipe(8, 10**9, corpus="library")
    for refuse in (recipe.check_corpus, lambda: run(recipe)):
        with pytest.raises(ValueError, match=r"1e\+09 .*|.* has 1.*e\+07"):
            refuse()
    Recipe(8, 10**9, corpus="library", unique=10**6).check_corpus()
    Recipe(8, 10**9).check_corpus()


def test_an_unknown_backend_is_refused():
    with pytest.raises(ValueError, match="jax"):
        train(**SMALL, backend="jax")


def test_the_matrix_library_obeys():
    blas.one_thread()
    assert blas.threads() in (1, None)
    assert blas.kernel()
