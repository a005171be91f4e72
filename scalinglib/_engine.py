"""The engine of every fit: a batched, damped Newton descent on a Huber objective, in NumPy alone.

A form's kernel predicts from `theta`; what is free is `phi`, with theta = T phi + c. Constants that
are fixed or tied are rows of that map. Every array of predictions is laid out [problems, runs], so
that all starts of one fit, or thousands of resamples, step together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

CACHE = 40_000
"""Entries of one [problems, runs] array: with fewer Python's overhead shows, more leave the
cache.
"""


class Kernel:
    """Predictions of a form and their slopes in theta, for many theta at once.

    `values(theta)` takes theta of shape (q, problems) and returns predictions (problems, runs) and
    whatever `normal` needs. This base class does with a list of slopes; a kernel whose sums over
    runs have a shorter way (see `forms`) replaces `normal`, and `bend` where it has a floor.
    """

    curved = False  # does `normal` know second derivatives?

    def values(self, theta) -> tuple[Any, Any]:
        raise NotImplementedError

    def normal(self, state, psi, q, newton) -> tuple[np.ndarray, np.ndarray]:
        """Gradient (q, problems) and matrix (q, q, problems): sums over runs of psi slope and of
        q slope slope' (+ newton psi times the second slopes, where the kernel is `curved`).
        """
        size = len(state)
        g, H = np.empty((size, len(psi))), np.empty((size, size, len(psi)))
        for i, slope in enumerate(state):
            weighted = q * slope
            g[i] = np.einsum("bn,bn->b", psi, slope)
            for j in range(i + 1):
                H[i, j] = H[j, i] = np.einsum("bn,bn->b", weighted, state[j])
        return g, H

    def slopes(self, state) -> np.ndarray:
        """Of the predictions of the first problem, (q, runs)."""
        return np.array([slope[0] for slope in state])

    def single(self) -> Kernel:
        """The same in single precision, or itself where that is not trusted."""
        return self

    def of(self, T) -> Kernel:
        """The same for a problem with this map: what never moves may be left out."""
        return self

    def bend(self, theta, step) -> np.ndarray | float:
        """How much the floor must give way so that the middle moves as the slopes say."""
        return 0.0


class Draws(NamedTuple):
    """What differs between problems that step together: weights, (runs,) or (problems, runs), and
    what is added to the target of each, (problems, runs) or None.
    """

    weight: np.ndarray
    shift: np.ndarray | None = None

    def take(self, rows) -> Draws:
        weight = self.weight[rows] if self.weight.ndim == 2 else self.weight
        return Draws(weight, None if self.shift is None else self.shift[rows])

    def cast(self, kind) -> Draws:
        """The same in another precision."""
        shift = None if self.shift is None else self.shift.astype(kind, copy=False)
        return Draws(self.weight.astype(kind, copy=False), shift)


def redrawn(n, count, rng, groups=None) -> np.ndarray:
    """How often each run is drawn, (count, n); runs of one group are drawn together."""
    label = np.arange(n) if groups is None else np.unique(groups, return_inverse=True)[1]
    k = int(label.max()) + 1
    drawn = rng.integers(k, size=(count, k)) + k * np.arange(count)[:, None]
    drawn = np.bincount(drawn.ravel(), minlength=count * k)  # a third of what a multinomial costs
    drawn = drawn.reshape(count, k).astype(np.float32)
    return drawn if groups is None else drawn[:, label]


@dataclass(frozen=True, eq=False)
class Problem:
    """What is minimised: the sum over runs of weight * Huber_delta(residual), with residual
    scale * (log prediction - log y), or scale * (prediction - y) where `log` is false.
    """

    kernel: Kernel
    target: np.ndarray  # log y or y, (runs,)
    T: np.ndarray  # (q, p)
    c: np.ndarray  # (q,)
    lo: np.ndarray  # (p,)
    hi: np.ndarray
    log: bool = True
    delta: float = 1e-3  # inf: squares
    weight: np.ndarray | float = 1.0
    scale: np.ndarray | float = 1.0  # 1 / known noise
    offset: int | None = None  # which phi is a floor that may give way (see `move`)
    newton: bool = False  # second derivatives, where the kernel has them: for the end of a descent

    @property
    def draws(self) -> Draws:
        """The runs as they are."""
        return Draws(np.broadcast_to(self.weight, self.target.shape).astype(self.target.dtype))

    @cached_property
    def least(self) -> float:
        """An objective that rounding alone would leave: no descent goes far below it."""
        error = 3e-15 if self.target.dtype == float else 1e-6
        return len(self.target) * (error / (self.delta if np.isfinite(self.delta) else 1.0)) ** 2

    def theta(self, phi) -> np.ndarray:
        """(q, problems) from (p, problems); where nothing is fixed or tied it is phi itself."""
        return phi if self._all_free else self.T @ phi + self.c[:, None]

    @cached_property
    def _all_free(self) -> bool:
        return np.array_equal(self.T, np.eye(len(self.c))) and not self.c.any()

    def single(self) -> Problem:
        """In single precision: exp costs a quarter, and its error is 1e-4 of a delta of 1e-3."""
        kernel = self.kernel.single()
        if kernel is self.kernel or self.delta < 1e-4:
            return self
        scale = np.asarray(self.scale, np.float32)
        return replace(self, kernel=kernel, target=self.target.astype(np.float32), scale=scale)

    def residual(self, phi) -> np.ndarray:
        """(problems, runs) for rows phi (problems, p)."""
        value, _ = self.kernel.values(self.theta(phi.T))
        return ((np.log(value) if self.log else value) - self.target) * self.scale

    def jacobian(self, phi) -> tuple[np.ndarray, np.ndarray]:
        """Residuals (runs,) and their slopes in phi (p, runs) at one phi (p,)."""
        value, state = self.kernel.values(self.theta(phi[:, None]))
        slopes = self.T.T @ self.kernel.slopes(state) * self.scale
        if self.log:
            return ((np.log(value) - self.target) * self.scale)[0], slopes / value
        return ((value - self.target) * self.scale)[0], slopes

    def evaluate(self, phi, draws, kappa, delta) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Objective (B,), gradient (p, B) and matrix (p, p, B), in units of delta^2 if finite."""
        value, state = self.kernel.values(self.theta(phi))
        r = np.log(value) if self.log else value.copy()
        r -= self.target
        if draws.shift is not None:
            r -= draws.shift
        scaled = np.ndim(self.scale) > 0
        if scaled:
            r *= self.scale
        total, psi, q = huber(r, draws.weight, kappa, delta)
        d = (
            delta if np.isfinite(delta) else 1.0
        )  # g and H are d and d^2 times too large until the end
        newton = self.newton and self.kernel.curved
        if scaled:
            psi, q = psi * self.scale, q * self.scale**2
        if self.log:
            inverse = np.divide(1, value, out=value)
            psi *= inverse
            q = q * inverse
            if newton:
                q -= psi * value.dtype.type(d)
            q *= inverse
        g, H = self.kernel.normal(state, psi, q, d if newton else 0.0)
        return total, *self._in_phi(g / d, H / d**2)

    @cached_property
    def _bounded(self) -> bool:
        return bool(np.isfinite(self.lo).any() or np.isfinite(self.hi).any())

    @cached_property
    def _picks(self) -> np.ndarray | None:
        """The rows of theta that are phi, where T does no more than pick."""
        ones = (self.T == 0) | (self.T == 1)
        plain = ones.all() and (self.T.sum(0) == 1).all() and (self.T.sum(1) <= 1).all()
        return self.T.argmax(0) if plain else None

    def _in_phi(self, g, H) -> tuple[np.ndarray, np.ndarray]:
        if self._all_free:
            return g, H
        if self._picks is not None:
            return g[self._picks], H[self._picks[:, None], self._picks]
        once = np.tensordot(H, self.T, (1, 0))  # (q, B, p)
        return self.T.T @ g, np.tensordot(self.T.T, once, (1, 0)).swapaxes(1, 2)

    def step(self, state, damping) -> tuple[np.ndarray, np.ndarray]:
        """The damped step (p, B) and the gain it promises; a phi pushed against its bound rests."""
        phi, _, g, H = state
        if self._bounded:
            lo, hi = self.lo[:, None], self.hi[:, None]
            rest = (phi <= lo) & (g > 0) | (phi >= hi) & (g < 0)
            if rest.any():
                g = np.where(rest, 0, g)
                H = np.where(rest[:, None] | rest[None], 0, H) + np.eye(len(g))[:, :, None] * rest
        step = solve(H, g, damping)
        return step, np.einsum("pb,pb->b", step, g) / 2

    def move(self, phi, step) -> np.ndarray:
        """phi - step within bounds, along a curve on which a floor and a term trade places freely.

        The floor gives way so that the prediction in the middle of the runs changes by what its
        slopes say and no more: steps are seldom refused then.
        """
        trial = phi - step
        if self.offset is not None:
            bend = self.kernel.bend(self.theta(phi), self._along(step))
            trial[self.offset] += np.where(np.isfinite(bend), bend, 0)  # a wild step overflows
        if not self._bounded:
            return trial
        return np.minimum(np.maximum(trial, self.lo[:, None]), self.hi[:, None])

    def _along(self, step) -> np.ndarray:
        """A step in theta."""
        return step if self._all_free else self.T @ step


def huber(r, w, kappa, delta) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sum of w Huber(r), w psi, and the weights of the matrix, in units where delta is 1.

    Within delta the matrix has Newton's weight 1; beyond, where the loss is straight, kappa times
    the weight delta / |r| of reweighted least squares: kappa = 1 never overshoots and crawls,
    kappa = 0 is Newton, singular where few runs are within. `r` is changed in place.
    """
    if not np.isfinite(delta):
        psi = r * w
        return np.einsum("bn,bn->b", psi, r) / 2, psi, np.broadcast_to(w, r.shape).astype(r.dtype)
    r *= r.dtype.type(1 / delta)
    inner = np.minimum(np.maximum(r, -1), 1)
    psi = w * inner
    total = np.einsum("bn,bn->b", psi, r) - np.einsum("bn,bn->b", psi, inner) / 2
    kappa = kappa.astype(r.dtype)[:, None]
    inside = (inner == r).astype(r.dtype)
    inside *= 1 - kappa
    inside += kappa
    r += r.dtype.type(1e-30)
    q = np.divide(psi, r, out=r)
    q *= inside
    return total, psi, q


def solve(H, g, damping) -> np.ndarray:
    """step of (H + damping diag H) step = g for every problem: H (p, p, B), g (p, B)."""
    p, count = g.shape
    if count < 100:
        M, i = H.transpose(2, 0, 1).copy(), np.arange(p)
        M[:, i, i] = M[:, i, i] * (1 + damping[:, None]) + 1e-300
        try:
            return np.linalg.solve(M, g.T[:, :, None])[:, :, 0].T
        except np.linalg.LinAlgError:
            pass
    # Cholesky, written across the batch; L holds 1 / its diagonal
    L: dict[tuple[int, int], Any] = {}
    x: list[Any] = list(g)
    for j in range(p):
        d = H[j, j] * (1 + damping) + 1e-300
        for k in range(j):
            d = d - L[j, k] ** 2
        L[j, j] = 1 / np.sqrt(np.maximum(d, 1e-14 * H[j, j] + 1e-300))
        for i in range(j + 1, p):
            s = H[i, j]
            for k in range(j):
                s = s - L[i, k] * L[j, k]
            L[i, j] = s * L[j, j]
    for i in range(p):
        for k in range(i):
            x[i] = x[i] - L[i, k] * x[k]
        x[i] = x[i] * L[i, i]
    for i in reversed(range(p)):
        for k in range(i + 1, p):
            x[i] = x[i] - L[k, i] * x[k]
        x[i] = x[i] * L[i, i]
    return np.array(x)


def descend(
    problem,
    rows,
    draws,
    delta,
    *,
    steps=200,
    tolerance=1e-11,
    kappa=1e-2,
    damping=1e-4,
    shrink=0.1,
    trust=False,
) -> tuple[np.ndarray, np.ndarray]:
    """Damped Newton for every row of phi at once: where they ended, and the objective there in
    units of delta^2.

    A descent ends when its step *promises* less than the tolerance: no evaluation is spent on
    confirming it; with `trust` the last step is taken unseen. Only `evaluate` touches arrays of
    [problems, runs]; it gets a cache-full of whoever still moves, so stragglers share one call.
    """
    # Any: what changes from step to step costs a type checker more than it tells
    live: Any = np.arange(len(rows))
    lam: Any = np.full(len(rows), damping)
    kap: Any = np.full(len(rows), kappa)
    state: list[Any]
    step: Any
    ends, values = rows.copy(), np.full(len(rows), np.inf)

    def keep(mask, *arrays) -> list[Any]:
        return [array[..., mask] for array in arrays]

    with np.errstate(all="ignore"):
        state = [rows.T, *_in_chunks(problem.evaluate, rows.T, draws, live, kap, delta)]
        for _ in range(steps):
            step, gain = problem.step(state, lam)
            # a step of NaN promises nothing and yet goes on, damped
            going = ~(gain <= tolerance * (state[1] + problem.least)) | (lam > 1e-3) | (kap > 0.05)
            if not going.all():
                phi, value, last, more, who = keep(~going, *state[:2], step, gain, live)
                ends[who] = (problem.move(phi, last) if trust else phi).T
                values[who] = value - more if trust else value
                *state, step, lam, kap, live = keep(going, *state, step, lam, kap, live)
                if not live.size:
                    break
            trial = problem.move(state[0], step)
            after = [trial, *_in_chunks(problem.evaluate, trial, draws, live, kap * shrink, delta)]
            better = after[1] < state[1]
            still = np.abs(after[1] - state[1]) <= tolerance * (state[1] + problem.least)
            state = [np.where(better, new, old) for new, old in zip(after, state, strict=True)]
            lam = np.where(better, lam * 0.1, np.maximum(lam, 1e-4) * 20)
            kap = np.where(better, kap * shrink, np.minimum(kap, 1.0))
            stopped = still | (lam > 1e12)
            if stopped.any():
                phi, value, who = keep(stopped, *state[:2], live)
                ends[who], values[who] = phi.T, value
                *state, lam, kap, live = keep(~stopped, *state, lam, kap, live)
                if not live.size:
                    break
        ends[live], values[live] = state[0].T, state[1]
    return ends, values


def chunks(total, n) -> list[slice]:
    """Slices of `total` problems that fill the cache at n runs each."""
    size = max(8, CACHE // n)
    return [slice(first, first + size) for first in range(0, total, size)]


def _in_chunks(evaluate, phi, draws, live, kap, delta) -> list[np.ndarray] | tuple[np.ndarray, ...]:
    if draws.weight.ndim == 1 and draws.shift is None:
        return evaluate(phi, draws, kap, delta)
    whole = len(live) == len(draws.weight if draws.shift is None else draws.shift)
    parts = [
        evaluate(phi[:, part], draws.take(part if whole else live[part]), kap[part], delta)
        for part in chunks(len(live), draws.weight.shape[-1])
    ]
    return (
        parts[0]
        if len(parts) == 1
        else [np.concatenate(p, axis=-1) for p in zip(*parts, strict=True)]
    )
