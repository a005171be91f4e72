"""NumPy and PyTorch are two methods for the same run; skipped without the extra `torch`."""

import numpy as np
import pytest

torch = pytest.importorskip(
    "torch", reason="needs the extra torch: pip install 'scalinglib[torch]'"
)

from scalinglib.counting import Transformer  # noqa: E402
from scalinglib.lab.model import Model  # noqa: E402
from scalinglib.lab.torch_model import TorchModel  # noqa: E402
from scalinglib.lab.training import train  # noqa: E402


@pytest.mark.parametrize("width, depth", [(16, 2), (32, 2), (64, 3)])
def test_gradients_agree(width, depth):
    shape = Transformer(depth, width, 4, 96, 64, tied=False, position="none")
    ours, theirs = Model(shape), TorchModel(shape, device="cpu")
    rng = np.random.default_rng(width)
    ours.theta[:] = 0.2 * rng.standard_normal(len(ours.theta))
    theirs.theta.copy_(torch.from_numpy(ours.theta))
    x, y = rng.integers(0, 96, (2, 8, 64))
    assert ours.gradient(x, y) == pytest.approx(theirs.gradient(x, y), rel=1e-6)
    grad = theirs.grad.numpy()
    assert np.linalg.norm(ours.grad - grad) < 1e-5 * np.linalg.norm(grad)
    end = 0
    for name, ours_grad in ours.grads.items():
        start, end = end, end + ours_grad.size
        part = grad[start:end]
        assert np.abs(ours_grad.ravel() - part).max() < 1e-5 * np.abs(part).max(), name


def test_a_run_ends_within_the_noise_of_seeds():
    settings = {"width": 16, "tokens": 60_000, "held_out": 16384}
    ours, theirs = train(**settings), train(**settings, backend="torch")
    assert theirs.loss == pytest.approx(ours.loss, abs=0.01)
    assert [loss for _, _, loss in theirs.curve] == pytest.approx(
        [loss for _, _, loss in ours.curve], abs=0.03
    )
