"""The C kernel does what NumPy does, mixtures too; without a compiler all works, and says so."""

import hashlib
import json
import platform
from concurrent.futures import Future
from contextlib import nullcontext

import numpy as np
import pytest

from scalinglib.counting import Transformer
from scalinglib.lab import kernel, levers, sweep, training
from scalinglib.lab.mixture import Mixture
from scalinglib.lab.model import Model

needs_a_compiler = pytest.mark.skipif(kernel.missing() != "", reason=kernel.missing())
SHAPES = [  # width, vocabulary, context, experts
    (8, 32, 64, 1),
    (16, 96, 64, 1),
    (24, 96, 32, 1),
    (32, 16, 32, 1),
    (48, 96, 80, 1),
    (64, 32, 64, 1),
    (16, 32, 64, 4),
    (32, 96, 64, 3),
]


def shape(width=16, vocab=32, context=64, experts=1):
    return Transformer(2, width, 4, vocab, context, tied=False, position="none", n_expert=experts)


def shaken(kind, shape, **kwargs):
    """A model whose weights are nowhere zero, the same ones for every kind."""
    model = kind(shape, 0, **kwargs)
    start = Mixture(shape, 0).theta
    noise = np.random.default_rng(1).standard_normal(len(start))
    model.theta[:] = (start + 0.05 * noise).astype(np.float32)
    return model


def tokens(shape, windows=3):
    return np.random.default_rng(2).integers(0, shape.n_vocab, (2, windows, shape.n_ctx))


@needs_a_compiler
@pytest.mark.parametrize("soft", [False, True], ids=["hard", "soft"])
@pytest.mark.parametrize("sizes", SHAPES, ids=str)
def test_the_gradient_is_that_of_numpy_in_double_precision(sizes, soft):
    of = shape(*sizes)
    x, y = tokens(of)
    teacher = np.random.default_rng(3).dirichlet(np.ones(of.n_vocab), x.size)
    asked = {"soft": teacher, "weight": 0.7} if soft else {}
    exact, ours = shaken(Mixture, of, dtype=np.float64), shaken(kernel.KernelModel, of)
    assert ours.gradient(x, y, **asked) == pytest.approx(exact.gradient(x, y, **asked), abs=1e-6)
    for name, gradient in exact.grads.items():
        error = np.linalg.norm(ours.grads[name] - gradient) / np.linalg.norm(gradient)
        assert error < 1e-6, name
    assert (ours.loads == exact.loads).all() or of.n_expert == 1


@needs_a_compiler
def test_logits_and_loss_are_those_of_numpy():
    of = shape()
    x, y = tokens(of)
    exact, ours = shaken(Model, of, dtype=np.float64), shaken(kernel.KernelModel, of)
    assert ours.forward(x)[0] == pytest.approx(exact.forward(x)[0], abs=1e-5)
    assert ours.loss(x, y) == pytest.approx(exact.loss(x, y), abs=1e-6)


@needs_a_compiler
def test_its_optimiser_moves_as_numpys_does():
    rng = np.random.default_rng(0)
    start, grads = rng.standard_normal(40).astype(np.float32), rng.standard_normal((5, 40))
    rates = np.repeat(np.float32([0.1, 0.02]), [13, 27])
    ends = []
    for kind in (training.AdamW, kernel.AdamW):
        theta = start.copy()
        optimiser = kind(theta, rates, 0.01)
        for step, grad in enumerate(grads.astype(np.float32)):
            optimiser.step(grad, 1 - step / 5)
        ends.append(theta)
    assert ends[1] == pytest.approx(ends[0], rel=1e-5, abs=1e-6)


def test_every_gradient_of_a_mixture_agrees_with_finite_differences():
    of = shape(8, 16, 16, 4)
    model = Mixture(of, dtype=np.float64)
    model.theta += np.random.default_rng(0).standard_normal(len(model.theta)) * 0.3
    x, y = tokens(of, windows=2)
    model.gradient(x, y)
    rng = np.random.default_rng(1)
    for name, weight in model.weights.items():
        gradient, start = model.grads[name].copy(), weight.copy()
        direction = rng.standard_normal(weight.shape)
        losses = []
        for sign in (1, -1):
            weight[:] = start + sign * 1e-5 * direction
            losses.append(model.loss(x, y))
        weight[:] = start
        slope = (losses[0] - losses[1]) / 2e-5
        assert (gradient * direction).sum() == pytest.approx(slope, rel=1e-5), name


def test_a_mixture_of_one_is_the_model():
    x, y = tokens(shape())
    one, plain = Mixture(shape(), 5), Model(shape(), 5)
    assert one.gradient(x, y) == plain.gradient(x, y)
    assert (one.grad == plain.grad).all()


def test_balancing_favours_the_expert_that_got_too_little():
    model = Mixture(shape(8, 16, 16, 4))
    model.loads[:] = [1, 2, 2, 3]
    model.balance(0.5)
    assert model.shares[0] == pytest.approx([0.24875, 0.25, 0.25, 0.25125])
    assert model.bias[0] == pytest.approx([0.5, 0, 0, -0.5])
    assert (model.loads == 0).all()


@needs_a_compiler
@pytest.mark.parametrize(
    "sizes, what",
    [
        ((136, 32, 64), "d_model up to 128 in multiples of 8, got 136"),
        ((16, 30, 64), "n_vocab up to 128 in multiples of 8, got 30"),
        ((16, 32, 24), "n_ctx up to 160 in multiples of 16, got 24"),
    ],
)
def test_a_shape_that_does_not_fit_is_refused(sizes, what):
    with pytest.raises(kernel.KernelError, match=what):
        kernel.KernelModel(shape(*sizes))


@needs_a_compiler
def test_windows_that_do_not_fit_are_refused():
    model = kernel.KernelModel(shape())
    with pytest.raises(kernel.KernelError, match="windows of 64 tokens"):
        model.loss(*np.zeros((2, 3, 32), int))
    with pytest.raises(kernel.KernelError, match="below the 32"):
        model.loss(*np.full((2, 1, 64), 32))
    with pytest.raises(kernel.KernelError, match="soft targets"):
        model.gradient(*np.zeros((2, 1, 64), int), soft=np.zeros((3, 32)))


@pytest.fixture
def no_compiler(monkeypatch):
    """A PATH without one."""
    forget()
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(kernel, "COMPILERS", [c for c in kernel.COMPILERS if len(c) == 1])
    yield
    forget()


def forget():
    kernel._compiler.cache_clear()
    kernel._library.cache_clear()


@pytest.fixture
def plan(tmp_path):
    blocks = [{"width": [8, 16], "tokens": 12_800, "batch": 128, "held_out": 4096}]
    file = tmp_path / "plan.json"
    file.write_text(json.dumps({"name": "miniature", "blocks": blocks}))
    return file


def swept(plan, out, told):
    """A sweep by the command line: its table to four decimals, letter by letter, and the rows."""
    assert sweep.main([str(plan), "--out", str(out), "--workers", "1", "--kernel", "c"]) == 0
    assert told in json.loads((out / "manifest.json").read_text())["sessions"][0]["kernel"]
    rows = sweep.read_rows(out)
    return "\n".join(f"{name} {row['loss']:.4f}" for name, row in sorted(rows.items())), rows


class Here:
    """An executor that works in this process."""

    def submit(self, work, item):
        done = Future()
        done.set_result(work(item))
        return done


@pytest.fixture
def here(monkeypatch):
    """No new processes: what was patched stays patched, and no time is lost."""
    monkeypatch.setattr(sweep, "local_processes", lambda workers: nullcontext(Here()))


def test_without_a_compiler_a_sweep_says_so_and_gives_the_same(
    plan, tmp_path, here, no_compiler, capsys, monkeypatch
):
    without, rows = swept(plan, tmp_path / "without", "no C compiler is found")
    assert "no C compiler is found" in capsys.readouterr().err
    assert {row["kernel"] for row in rows.values()} == {sweep.blas.kernel()}
    with pytest.raises(kernel.KernelError, match="no C compiler is found"):
        training.train(width=8, tokens=1280, backend="c")
    forget()
    monkeypatch.undo()
    monkeypatch.setattr(sweep, "local_processes", lambda workers: nullcontext(Here()))
    if kernel.missing():
        pytest.skip("nothing to compare with: " + kernel.missing())
    with_one, rows = swept(plan, tmp_path / "with", f"{kernel.name()} by ")
    assert with_one == without
    assert {row["kernel"] for row in rows.values()} == {kernel.name()}


LEVERS = {
    "name": "miniature",
    "teachers": {"wide": {"width": 24, "tokens": 2560, "held_out": 2048}},
    "blocks": [
        {"arm": "one", "width": 16, "tokens": 5120, "held_out": 2048} | lever
        for lever in ({}, {"teacher": "wide"}, {"bits": 4}, {"muon": 0.01}, {"experts": 4})
    ],
}


def pulled(out, told):
    """A lever's trials: losses to four decimals, letter by letter."""
    levers.make(["grid"], out, kernel="c", progress=False)
    assert told in json.loads((out / "grid" / "manifest.json").read_text())["sessions"][0]["kernel"]
    lines = (out / "grid" / "results.jsonl").read_text().splitlines()
    rows = [row for line in lines for row in json.loads(line)["rows"]]
    return "\n".join(f"{row['bits']} {row['muon']} {row['loss']:.4f}" for row in rows)


def test_without_a_compiler_the_levers_are_the_same(tmp_path, no_compiler, monkeypatch):
    (tmp_path / "levers_grid_plan.json").write_text(json.dumps(LEVERS))
    monkeypatch.setattr(levers, "DATA", tmp_path)
    without = pulled(tmp_path / "without", "no C compiler is found")
    assert len(set(without.splitlines())) == 5
    forget()
    monkeypatch.undo()
    monkeypatch.setattr(levers, "DATA", tmp_path)
    if kernel.missing():
        pytest.skip("nothing to compare with: " + kernel.missing())
    assert pulled(tmp_path / "with", f"{kernel.name()} by ") == without


@needs_a_compiler
def test_what_cannot_be_compiled_is_told(tmp_path, monkeypatch):
    wrong = tmp_path / "kernel.c"
    wrong.write_text("this is no C\n")
    monkeypatch.setattr(kernel, "SOURCE", wrong)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    forget()
    try:
        assert "could not compile kernel.c, so NumPy does the arithmetic" in kernel.missing()
        assert list(tmp_path.rglob("*.so")) == []
    finally:
        monkeypatch.undo()
        forget()


@needs_a_compiler
@pytest.mark.parametrize("flags", [("-O2", "-mavx2", "-mfma"), ("-O1",)], ids=" ".join)
def test_other_flags_give_the_same_bytes(flags, tmp_path, monkeypatch):
    """Nothing is left to the compiler's choice."""
    if platform.machine() != "x86_64":
        pytest.skip("these flags are for x86")
    of = shape(16, 96)
    x, y = tokens(of)
    grads = []
    for other in (False, True):
        if other:
            monkeypatch.setattr(kernel, "FLAGS", (*flags, *kernel.FLAGS[2:]))
            monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
            forget()
        model = shaken(kernel.KernelModel, of)
        model.gradient(x, y)
        grads.append(model.grad.tobytes())
    forget()
    assert len(list(tmp_path.rglob("*.so"))) == 1
    assert grads[0] == grads[1]


@needs_a_compiler
def test_the_bytes_are_those_of_the_kernel_that_recorded_the_runs():
    """Manifests name `c 3f59fb4f`, a kernel for registers of eight numbers; this one is quicker."""
    if platform.machine() != "x86_64":
        pytest.skip("the runs were recorded on x86")
    told = hashlib.sha256()
    for sizes in ((16, 96, 64, 1), (24, 88, 48, 1), (64, 32, 64, 1)):
        model = shaken(kernel.KernelModel, shape(*sizes))
        adam = kernel.AdamW(model.theta, np.full_like(model.theta, 1e-2), 1e-3)
        for _ in range(3):
            model.gradient(*tokens(model.shape))
            adam.step(model.grad, 0.5)
        told.update(model.theta.tobytes())
    assert told.hexdigest()[:16] == "73a0eba2370713ad"
