"""The descent behind every parametric fit: one form of law, one objective, many starts at once.

The objective is the published one (Hoffmann et al. 2022, Approach 3): the sum over runs of
Huber_delta(log prediction
- log loss). Two facts make it quick. Once the exponents are fixed, a sum of powers is linear in its
  scales, so a
coarse grid of exponents gives good starts by non-negative least squares. And a law has a handful of
unknowns, so all starts, or fifty bootstrap resamples, can take their Levenberg-Marquardt steps in
the same array.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.optimize import nnls

CHUNK = (
    50  # problems that step together: fewer waste time in Python, more no longer fit in the cache
)


@dataclass(frozen=True)
class SumOfPowers:
    """log L = gamma log(sum_i exp((c_i - s_i x_i) / gamma)), x_i a log centred to mean zero.

    `x` has one row per falling term, shape (terms, runs). With `floor` the sum has one more term
    that does not fall, exp(c). gamma is 1; with outer = "last" the last exponent (Kaplan et al.
    2020, eq. 1.5); with outer = "free" an exponent of its own, after the others.

    One row of theta is (c_1, ..., [floor's c], log s_1, ..., [log gamma]): logs throughout, so that
    every row is a law with positive constants. x is centred because far from the origin a scale and
    its exponent can hardly be told apart.
    """

    x: np.ndarray
    floor: bool = False
    outer: str | None = None

    @property
    def exponents(self) -> int:
        """How many entries at the end of theta are logs of exponents."""
        return len(self.x) + (self.outer == "free")

    def predict(self, theta):
        """log L, shape (problems, runs), and its slopes, shape (problems, parameters, runs)."""
        split = theta.shape[1] - self.exponents
        c, s = theta[:, :split, None], np.exp(theta[:, split:, None])
        gamma = s[:, -1] if self.outer else 1.0
        logs = [(c[:, i] - s[:, i] * x) / gamma for i, x in enumerate(self.x)] + (
            [c[:, -1]] if self.floor else []
        )
        terms = [np.exp(log) for log in logs]
        total = sum(terms)
        log_total = np.log(total)
        shares = [term / total for term in terms]
        slopes = shares + [-s[:, i] * x * shares[i] for i, x in enumerate(self.x)]
        if self.outer:  # d log L / d gamma is the entropy of the shares
            by_gamma = gamma * (
                log_total - sum(share * log for share, log in zip(shares, logs, strict=True))
            )
            slopes = (
                [*slopes, by_gamma]
                if self.outer == "free"
                else [*slopes[:-1], slopes[-1] + by_gamma]
            )
        return gamma * log_total, np.stack(slopes, axis=1)

    def starts(self, y):
        """36 starts on a grid of exponents (64 for three), with the scales >= 0 that fit best.

        They fit L^(1/gamma).

        In 300 random problems (8 to 60 runs, up to 3 % heavy-tailed noise) the best end of these
        equalled or beat that of 100 wider starts 299 times and lay 0.1 % above it once.
        """
        axis = np.geomspace(0.02, 1.5, {1: 36, 2: 6, 3: 4}[self.exponents])
        rows, middle = [], y.mean()
        for s in product(axis, repeat=self.exponents):
            gamma = s[-1] if self.outer else 1.0
            logs = np.stack(
                [-power * x for power, x in zip(s, self.x, strict=False)]  # gamma is the last of s
                + [np.zeros_like(y)] * self.floor,
                axis=1,
            )
            logs = (logs - (y - middle)[:, None]) / gamma
            top = logs.max(0)  # for a small gamma the powers are out of range
            scales, _ = nnls(np.exp(logs - top), np.ones_like(y))
            # A term of zero could never come back: its slope in log scale is zero.
            rows.append([*(middle + gamma * (np.log(np.maximum(scales, 1e-3)) - top)), *np.log(s)])
        return np.array(rows)


def _huber(form, theta, y, weight, delta):
    """The objective in units of delta^2, its gradient, Gauss-Newton matrix, and damping scale.

    In these units the objective is of order (number of runs); as published it is about 1e-3, far
    below the 1 that optimisers tacitly compare with, which is how a fit came to stop early in
    print.
    """
    log_loss, slopes = form.predict(theta)
    r = (log_loss - y) / delta
    size = np.abs(r)
    value = (weight * np.where(size <= 1, r * r / 2, size - 0.5)).sum(1)
    gradient = slopes @ (weight * np.clip(r, -1, 1))[:, :, None]
    # Huber is straight beyond delta
    matrix = (slopes * (weight * (size <= 1))[:, None]) @ slopes.swapaxes(1, 2)
    # Where few runs lie within delta the matrix vanishes: the damping takes the diagonal of
    # reweighted least squares.
    scale = (slopes * slopes) @ (weight / np.maximum(size, 1))[:, :, None]
    return value, gradient / delta, matrix / delta**2, scale / delta**2


def optimise(form, y, delta):
    """All starts, descended; returns ends and values as `descend` does.

    With a narrow Huber most runs lie on the straight part, where there is no curvature to steer by,
    and a descent crawls. Wider ones first: it costs no more steps, and on noisy runs three times as
    many starts reach the optimum.
    """
    theta = form.starts(y)
    for wider in (100, 10):
        theta, _ = descend(form, theta, y, 1.0, wider * delta, steps=50, tolerance=1e-6)
    return descend(form, theta, y, 1.0, delta)


def descend(form, theta, y, weight, delta, steps=200, tolerance=1e-11):
    """Levenberg-Marquardt for every row of theta at once; the ends, and objective / delta^2.

    weight has shape (runs,) or (problems, runs): how often each run counts.
    """
    ends, values = theta.copy(), np.full(len(theta), np.inf)
    weight = np.broadcast_to(weight, (len(theta), len(y)))
    damping, live = np.full(len(theta), 1e-3), np.arange(len(theta))
    # a wild step is refused below
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        state = _huber(form, theta, y, weight, delta)
        for _ in range(steps):
            value, gradient, matrix, scale = state
            # never singular
            ridge = damping[:, None, None] * scale + 1e-15 * scale.max(1, keepdims=True)
            trial = (
                theta - np.linalg.solve(matrix + ridge * np.eye(theta.shape[1]), gradient)[:, :, 0]
            )
            new = _huber(form, trial, y, weight, delta)
            better = new[0] < value
            theta = np.where(better[:, None], trial, theta)
            state = [
                np.where(better.reshape(-1, *[1] * (b.ndim - 1)), b, a)
                for a, b in zip(state, new, strict=True)
            ]
            damping = damping * np.where(better, 0.1, 10)
            ends[live], values[live] = theta, state[0]
            going = ~(np.abs(new[0] - value) <= tolerance * (1 + value))
            if not going.any():
                break
            theta, weight, damping, live = theta[going], weight[going], damping[going], live[going]
            state = [part[going] for part in state]
    return ends, values
