"""Refits of thousands of resamples in one queue: integer weights for redrawn runs, or new
losses.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ._engine import Kernel, chunks, descend, huber


class _Frozen(Kernel):
    """A stand-in for a problem, with its slopes frozen at a fit: no exp, and the sums over runs are
    two matrix products. In single precision.
    """

    def __init__(self, problem, phi):
        r, J = problem.jacobian(phi)
        self.problem, self.lo, self.hi = problem, problem.lo, problem.hi
        self.least, self._bounded = problem.least, problem._bounded
        self.r, self.J, self.at = r.astype(np.float32), J.astype(np.float32), phi
        self.pairs = (J[:, None] * J[None]).reshape(-1, len(r)).astype(np.float32).T
        self.step = lambda state, damping: type(problem).step(self, state, damping)

    def move(self, phi, step) -> np.ndarray:
        return phi - step

    def land(self, rows) -> np.ndarray:
        """From the straight world to the curved one."""
        start = np.repeat(self.at[:, None], len(rows), 1)
        return self.problem.move(start, (self.at - rows).T).T

    def evaluate(self, phi, draws, kappa, delta) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        r = (phi.T - self.at).astype(np.float32) @ self.J
        r += self.r
        if draws.shift is not None:
            r -= draws.shift * np.asarray(self.problem.scale, np.float32)
        value, psi, q = huber(r, draws.weight, kappa, delta)
        d, p = delta if np.isfinite(delta) else 1.0, len(self.at)
        H = (q @ self.pairs).T.reshape(p, p, -1).astype(float)
        return value.astype(float), (psi @ self.J.T).T.astype(float) / d, H / d**2


@np.errstate(all="ignore")
def refits(found, draws, rng) -> np.ndarray:
    """phi (count, p) of every draw: a straight-line guess from the fit, single precision, then the
    exact end; and ends met on the way are tried on every draw (few runs have many hollows).
    """
    problem, start, delta = found.problem, found.phi, found.problem.delta
    n, draws = len(problem.target), draws.cast(np.float32)
    count = len(draws.weight if draws.shift is None else draws.shift)
    straight = _Frozen(problem, start)
    first = np.repeat(start[None], count, 0)
    guess, _ = descend(
        straight, first, draws, delta, steps=4, tolerance=1e-4, kappa=1.0, damping=1e-6, shrink=0.3
    )
    phi = straight.land(guess)
    single = problem.single()
    for part in chunks(count, n):  # the straight world may mislead: then from the fit itself
        some = draws.take(part)
        worse = ~(_losses(single, phi[part], some) < _losses(single, start[None], some))
        phi[part][worse] = start
    ends, values = _refine(problem, phi, draws, quick=True)
    for k in range(0 if n > 20 else 2):
        strangers = ends[rng.integers(count, size=8)] if k else start[None]
        _try(problem, strangers, draws, ends, values, np.arange(count))
    for _ in range(3):
        pool = rng.choice(count, min(count, int(np.clip(8000 // n, 32, 400))), replace=False)
        others = np.concatenate([found.ends, ends[pool]])
        best, low = _best_of(problem, others, draws)
        lower = np.flatnonzero(low < values * (1 - 3e-6) - 1e-4)
        if not len(lower):
            break
        again, low = _refine(problem, others[best[lower]], draws.take(lower), quick=False)
        won = low < values[lower] * (1 - 1e-9)
        ends[lower[won]], values[lower[won]] = again[won], low[won]
    return ends


def _try(problem, strangers, draws, ends, values, rows) -> None:
    """Descend again, each draw from whichever stranger suits it best; keep what is lower."""
    best, _ = _best_of(problem, strangers, draws)
    again, low = _refine(problem, strangers[best], draws, quick=True)
    won = rows[low < values * (1 - 1e-9)]
    ends[won], values[won] = again[won], low[won]


def _refine(problem, phi, draws, quick) -> tuple[np.ndarray, np.ndarray]:
    """Single precision as far as it goes, then double with the last step on trust."""
    delta, single = problem.delta, problem.single()
    if quick and single is not problem:
        phi, _ = descend(
            single, phi, draws, delta, steps=40, tolerance=3e-5, kappa=0.5, damping=1e-6, shrink=0.3
        )
    exact = replace(problem, newton=True)
    return descend(
        exact,
        phi,
        draws.cast(float),
        delta,
        steps=60,
        tolerance=1e-8,
        kappa=1e-3,
        damping=1e-6,
        trust=True,
    )


def _huber_of(r, delta) -> np.ndarray:
    """In units of delta^2, each entry for itself."""
    if not np.isfinite(delta):
        return r * r / 2
    size = np.abs(r) / delta
    inner = np.minimum(size, 1)
    return inner * (size - inner / 2)


def _losses(problem, rows, draws) -> np.ndarray:
    """The objective of each row of phi for its own draw."""
    r = problem.residual(rows)
    if draws.shift is not None:
        r = r - draws.shift * problem.scale
    return (_huber_of(r, problem.delta) * draws.weight).sum(1)


def _best_of(problem, rows, draws) -> tuple[np.ndarray, np.ndarray]:
    """For each draw the index of the best of `rows`, and the objective there."""
    r = problem.residual(rows)
    if draws.shift is None:
        table = draws.weight @ _huber_of(r, problem.delta).T.astype(np.float32)
        return table.argmin(1), table.min(1)
    best, low = np.zeros(len(draws.shift), int), np.full(len(draws.shift), np.inf)
    shift = draws.shift * problem.scale
    for k, one in enumerate(r):
        value = (_huber_of(one - shift, problem.delta) * draws.weight).sum(1)
        best[value < low] = k
        np.fmin(low, value, out=low)
    return best, low
