import numpy as np
import pytest

from scalinglib.counting import Transformer
from scalinglib.lab.model import Model, softmax


def shape(width=16, depth=2, vocab=11, context=12, heads=4):
    return Transformer(depth, width, heads, vocab, context, tied=False, position="none")


def a_model(dtype=np.float64, **kwargs):
    """Weights that are nowhere zero, so that every gradient has something to say, and a batch."""
    rng = np.random.default_rng(3)
    model = Model(shape(**kwargs), dtype=dtype)
    model.theta[:] = rng.standard_normal(len(model.theta)) * 0.3
    x, y = rng.integers(0, model.shape.n_vocab, (2, 3, model.shape.n_ctx))
    return model, x, y


def test_every_gradient_agrees_with_finite_differences():
    model, x, y = a_model()
    model.gradient(x, y)
    rng = np.random.default_rng(0)
    for name, weight in model.weights.items():
        gradient = model.grads[name].copy()
        for _ in range(3):  # slopes along random directions of this matrix
            direction = rng.standard_normal(weight.shape)
            start, step = weight.copy(), 1e-5
            weight[:] = start + step * direction
            above = model.loss(x, y)
            weight[:] = start - step * direction
            below = model.loss(x, y)
            weight[:] = start
            assert (gradient * direction).sum() == pytest.approx(
                (above - below) / (2 * step), rel=1e-5
            ), name


def test_the_gradient_comes_with_the_loss():
    model, x, y = a_model()
    assert model.gradient(x, y) == model.loss(x, y)


def test_the_loss_is_the_mean_surprisal_of_the_logits():
    model, x, y = a_model()
    logits, _ = model.forward(x)
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    assert model.loss(x, y) == pytest.approx(-np.log(p[np.arange(p.shape[0]), y.ravel()]).mean())


def test_a_fresh_model_knows_nothing():
    model = Model(shape())
    x = np.arange(24).reshape(2, 12) % 11
    assert model.loss(x, x) == pytest.approx(np.log(11), rel=1e-6)


def test_no_token_sees_the_future():
    model, x, _ = a_model()
    before, _ = model.forward(x)
    later = x.copy()
    later[:, 7:] = (later[:, 7:] + 1) % 11
    after, _ = model.forward(later)
    same = np.isclose(before, after).all(1).reshape(3, 12)
    assert same[:, :7].all() and not same[:, 7:].any()


def test_attention_depends_on_distance_not_on_place():
    """Windows of one token over and over: with rotary positions all places see the same."""
    model, *_ = a_model(context=8)
    same = np.full((1, 8), 5)
    logits, _ = model.forward(same)
    assert np.allclose(logits, logits[0])


@pytest.mark.parametrize("spread", [1, 200])
def test_softmax_stays_finite_for_any_scores(spread):
    scores = np.random.default_rng(0).normal(0, spread, (2, 3, 5, 5)).astype(np.float32)
    expected = np.exp(scores.astype(float) - scores.max(-1, keepdims=True))
    softmax(scores)
    assert scores == pytest.approx(expected / expected.sum(-1, keepdims=True), rel=1e-4, abs=1e-6)


def test_recency_lets_heads_prefer_near_tokens():
    near, far = Model(shape(), recency=1.0).mask, Model(shape(), recency=0.0).mask
    past = np.tril(np.ones((12, 12), bool))
    assert (far[:, past] == 0).all() and (near[:, ~past] < -1e8).all()
    assert [near[head, 5, 4] for head in range(4)] == [-1, -1 / 4, -1 / 16, -1 / 64]


def test_parameters_are_those_that_counting_counts():
    model = Model(shape(width=24))
    assert len(model.theta) == model.shape.n_params
    assert (
        sum(w.size for name, w in model.weights.items() if name[-1].isdigit())
        == model.shape.n_params_non_embedding
    )


def test_single_precision_is_near_double():
    double, x, y = a_model()
    single = Model(double.shape, dtype=np.float32)
    single.theta[:] = double.theta
    assert single.gradient(x, y) == pytest.approx(double.gradient(x, y), rel=1e-5)
    assert np.abs(single.grad - double.grad).max() < 1e-5 * np.abs(double.grad).max()


def test_an_odd_head_is_refused():
    with pytest.raises(ValueError, match="multiple of 8"):
        Model(shape(width=12))


@pytest.mark.parametrize(
    "other",
    [
        {"d_ff": 100},
        {"d_head": 2},
        {"biases": True},
        {"norms": "rms"},
        {"gated": True},
        {"n_kv_head": 2},
        {"n_expert": 4},
        {"tied": True},
        {"position": "learned"},
    ],
)
def test_what_the_model_does_not_have_is_refused(other):
    name = next(iter(other))
    plain = {"tied": False, "position": "none"}
    with pytest.raises(ValueError, match=f"trained with {name} = .*leave {name} away"):
        Model(Transformer(1, 16, 4, 12, 8, **plain | other))
