"""Weights in few bits: rounded after training or in every step of it, and eight bits for storage.

2^bits levels at equal steps, half of them below zero, for each output channel (for the embedding:
each token) at a scale of its own. `bits` counts the weights alone; the scales, 16 bits each, come
on top: `bits_stored` has both.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from .model import Model

GAUSSIAN_STEP = {1: 1.596, 2: 0.9957, 3: 0.5860, 4: 0.3352, 5: 0.1881, 6: 0.1041, 8: 0.0308}
"""The step, in standard deviations, that loses least on a normal distribution (Max 1960)."""
STRETCHES = (0.7, 0.85, 1.0, 1.2, 1.5, 2.0)
SCALE_BITS = 16


def rounded(model: Model, bits: int, search: bool = True) -> np.ndarray:
    """`theta` with every weight rounded to `bits`, as float32.

    The step of a channel is that of `GAUSSIAN_STEP` for the channel's root mean square, or, with
    `search`, the best of `STRETCHES` times that, by squared error. Raises ValueError for a number
    of bits without a step.
    """
    if bits not in GAUSSIAN_STEP:
        raise ValueError(f"bits must be one of {', '.join(map(str, GAUSSIAN_STEP))}; got {bits!r}")
    pieces = []
    for name, weight in model.weights.items():
        axis, best = _channel_axis(name), np.empty(0)
        least = np.empty(0)
        for stretch in STRETCHES if search else (1.0,):
            tried = _rounded(weight, bits, axis, stretch)
            error = ((tried - weight) ** 2).sum(axis, keepdims=True)
            if not best.size:
                best, least = tried, error
            else:
                best = np.where(error < least, tried, best)
                least = np.minimum(error, least)
        pieces.append(best.ravel())
    return np.concatenate(pieces)


def bits_stored(model: Model, bits: float) -> float:
    """Bits a parameter when the scales of the channels are counted as well."""
    scales = sum(weight.shape[1 - _channel_axis(name)] for name, weight in model.weights.items())
    return bits + SCALE_BITS * scales / len(model.theta)


def packed(model: Model) -> dict[str, np.ndarray]:
    """The weights in eight bits: "weights" int8 like theta, "scales" float16 a channel."""
    weights, scales = [], []
    for name, weight in model.weights.items():
        axis = _channel_axis(name)
        scale = (np.abs(weight).max(axis, keepdims=True) / 127 + 1e-7).astype(np.float16)
        scale = np.maximum(scale, np.float16(6e-8))
        weights.append(np.clip(np.rint(weight / scale.astype(np.float32)), -127, 127).ravel())
        scales.append(scale.ravel())
    return {
        "weights": np.concatenate(weights).astype(np.int8),
        "scales": np.concatenate(scales),
    }


def unpack(model: Model, stored: Mapping[str, np.ndarray]) -> None:
    """Give `model` the weights that `packed` made of one of the same shape.

    Raises ValueError where they are of another shape.
    """
    if len(stored["weights"]) != len(model.theta):
        raise ValueError(
            f"{len(stored['weights'])} weights are stored, the model has {len(model.theta)}"
        )
    model.theta[:] = stored["weights"]
    start = 0
    for name, weight in model.weights.items():
        axis = _channel_axis(name)
        count = weight.shape[1 - axis]
        scale = stored["scales"][start : start + count].astype(np.float32)
        weight *= np.expand_dims(scale, axis)
        start += count


def _channel_axis(name):
    """The axis along which one scale serves: the other one counts the channels."""
    return 1 if name == "embedding" else 0


def _rounded(weight, bits, axis, stretch):
    size = np.sqrt(np.mean(weight * weight, axis, keepdims=True))
    step = size * np.float32(GAUSSIAN_STEP[bits] * stretch) + np.float32(1e-12)
    top = np.float32(2.0 ** (bits - 1) - 0.5)
    return np.clip(np.floor(weight / step) + np.float32(0.5), -top, top) * step
