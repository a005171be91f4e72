"""The family of nearly every law in print: floor + (sum_i exp(X_i theta_i / gamma))^gamma.

A term is linear in its unknowns once it is in logs: its design matrix X_i has a column for each
scale (all ones, or one a group of runs) and a column -log x for each exponent, centred, because far
from the origin a scale and its exponent can hardly be told apart.
"""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np

from ._engine import Kernel, solve


class Powers(Kernel):
    """floor: (runs, k) design of the floors, or None; terms: designs (runs, k_i); gamma: is there
    an outer exponent? theta holds the unknowns of floor, terms and gamma, in this order.

    Its slopes are term times design, so sums over runs are products with fixed matrices: half the
    time of the general way.
    """

    def __init__(self, floor, terms, gamma=False):
        self.floor, self.designs, self.gamma, self.curved = floor, terms, gamma, not gamma
        self.level = floor is not None and floor.shape[1] == 1 and (floor == 1).all()
        edges = np.cumsum([0 if floor is None else floor.shape[1], *(X.shape[1] for X in terms)])
        self.middles = [X.mean(0) for X in terms]
        self.base = slice(0, edges[0])
        self.parts = [slice(a, b) for a, b in pairwise(edges)]
        self.size = int(edges[-1]) + gamma
        blocks = {(i, j): (terms[i], terms[j]) for i in range(len(terms)) for j in range(i + 1)}
        if floor is not None:
            blocks |= {(-1, j): (floor, X) for j, X in enumerate([*terms, floor])}
        self.products = {
            key: (X[:, :, None] * Y[:, None, :]).reshape(len(X), -1)
            for key, (X, Y) in blocks.items()
        }
        self._single = None

    def single(self):
        if self._single is None:

            def cast(X):
                return None if X is None else X.astype(np.float32)

            self._single = Powers(cast(self.floor), [cast(X) for X in self.designs], self.gamma)
            self._single._single = self._single
        return self._single

    def values(self, theta):
        theta = theta.T.astype(self.designs[0].dtype, copy=False)
        logs = [theta[:, part] @ X.T for part, X in zip(self.parts, self.designs, strict=True)]
        if self.gamma:
            value, state = self._outer(theta[:, -1:], logs)
        else:
            state = [np.exp(log, out=log) for log in logs]
            value = sum(state[1:], state[0].copy()) if len(state) > 1 else state[0].copy()
        if self.floor is not None:
            value += theta[:, :1] if self.level else theta[:, self.base] @ self.floor.T
        return value, state

    def _outer(self, gamma, logs):
        logs = [log / gamma for log in logs]
        top = np.maximum.reduce(logs)
        powers = [np.exp(log - top) for log in logs]
        total = sum(powers[1:], powers[0])
        log_total = np.log(total) + top
        value = np.exp(gamma * log_total)
        shares = [power / total for power in powers]
        by_gamma = value * (
            log_total - sum(share * log for share, log in zip(shares, logs, strict=True))
        )
        return value, [*(value * share for share in shares), by_gamma]

    def normal(self, state, psi, q, newton):
        B, base = len(psi), self.base
        g, H = np.zeros((self.size, B)), np.zeros((self.size, self.size, B))

        def put(rows, columns, entries, block):
            X, Y = rows.stop - rows.start, columns.stop - columns.start
            H[rows, columns] = (entries @ self.products[block]).T.reshape(X, Y, B)
            H[columns, rows] = H[rows, columns].swapaxes(0, 1)

        if self.floor is not None:
            g[base] = (psi @ self.floor).T
            put(base, base, q, (-1, len(self.designs)))
        for i, (part, X) in enumerate(zip(self.parts, self.designs, strict=True)):
            first, second = psi * state[i], q * state[i]
            g[part] = (first @ X).T
            for j in range(i):
                put(part, self.parts[j], second * state[j], (i, j))
            if self.floor is not None:
                put(base, part, second, (-1, i))
            square = second * state[i]
            put(part, part, square + newton * first if newton else square, (i, i))
            if self.gamma:
                H[-1, part] = H[part, -1] = ((second * state[-1]) @ X).T
        if self.gamma:
            by_gamma = q * state[-1]
            g[-1] = np.einsum("bn,bn->b", psi, state[-1])
            H[-1, -1] = np.einsum("bn,bn->b", by_gamma, state[-1])
            if self.floor is not None:
                H[-1, base] = H[base, -1] = (by_gamma @ self.floor).T
        return g, H

    def slopes(self, state):
        floor = [] if self.floor is None else [self.floor.T]
        terms = [state[i][0] * X.T for i, X in enumerate(self.designs)]
        return np.concatenate([*floor, *terms, *([state[-1]] if self.gamma else [])])

    def bend(self, theta, step):
        """In the middle every centred log is zero: a term there is exp of its scales."""
        if not self.gamma:
            fall = [self._middle(i, step) for i in range(len(self.parts))]
            terms = [np.exp(self._middle(i, theta)) for i in range(len(self.parts))]
            return sum(term * (1 - d - np.exp(-d)) for term, d in zip(terms, fall, strict=True))
        before, slopes = self._at_middle(theta)
        return before - (slopes * step).sum(0) - self._at_middle(theta - step)[0]

    def _middle(self, i, theta):
        return self.middles[i] @ theta[self.parts[i]]

    def _at_middle(self, theta):
        logs = [self._middle(i, theta)[:, None] for i in range(len(self.parts))]
        value, state = self._outer(theta[-1][:, None], logs)
        slopes = np.zeros_like(theta)
        for i, part in enumerate(self.parts):
            slopes[part] = self.middles[i][:, None] * state[i].T
        slopes[-1] = state[-1].T
        return value[:, 0], slopes


def grid(shape, lows, highs, lowest) -> np.ndarray:
    """Nodes (count, unknowns) over exponents, gamma and, before an outer exponent, the floor.

    shape: "exponent", "rising", "gamma" or "floor" for each unknown; `lowest` is the lowest y.
    """
    if not shape:
        return np.zeros((1, 0))
    count = {1: 48, 2: 14, 3: 8, 4: 6}.get(len(shape), 6)
    axes = [_axis(*one, count, lowest) for one in zip(shape, lows, highs, strict=True)]
    if len(shape) <= 4:
        return np.array(list(product(*axes)))
    rng = np.random.default_rng(0)
    return np.stack([rng.choice(axis, 1500) for axis in axes], axis=1)


def _axis(kind, low, high, count, lowest) -> np.ndarray:
    """Values of one unknown, all of them within its bounds."""
    if kind == "floor":
        return np.clip(lowest * np.linspace(0, 0.95, count), low, high)
    if kind == "rising":
        return -_axis("exponent", -high, -low, count, lowest)
    first, last = max(0.02, low), min(2.0, high)
    if first >= last:  # bounds elsewhere
        first, last = low, high
    steps = np.geomspace(first, last, count)
    # few runs may be met best by a step, which no fit accepts: it must be seen
    return np.append(steps, (4.0, 10.0)) if count > 10 and high >= 10 else steps


def scales(terms, places, y, slope, floor) -> np.ndarray:
    """The scales >= 0 (and the floor) of least squares for every node of a grid: (k, nodes).

    terms: logs of each term without its scale, (kinds, runs); places: of which kind it is at each
    node; slope: weight of each run's residual.
    """
    basis = [np.exp(term) * slope for term in terms]
    if floor:
        basis.append(slope[None])
        places = [*places, np.zeros_like(places[0])]
    k, count = len(basis), len(places[0])
    A, b = np.empty((k, k, count)), np.empty((k, count))
    for i, u in enumerate(basis):
        b[i] = (u @ (y * slope))[places[i]]
        A[i, i] = (u * u).sum(1)[places[i]]
        for j in range(i):
            A[i, j] = A[j, i] = (u @ basis[j].T)[places[i], places[j]]
    return nonnegative(A, b)


def inner_scales(terms, rest, gamma) -> np.ndarray:
    """The same under an outer exponent: rest^(1/gamma) is linear in them; their logs (k, nodes)."""
    logs = np.stack([(term - np.log(rest)) / gamma[:, None] for term in terms])
    top = logs.max(2, keepdims=True)  # for a small gamma the powers are out of range
    powers = np.exp(logs - top)
    z = nonnegative(np.einsum("ign,jgn->ijg", powers, powers), powers.sum(2))
    return gamma * (np.log(np.maximum(z, 1e-3)) - top[:, :, 0])


def nonnegative(A, b) -> np.ndarray:
    """min z'Az / 2 - b'z over z >= 0 for many problems, A (k, k, G), b (k, G): every support is
    tried.
    """
    k, count = b.shape
    best, out = np.zeros(count), np.zeros((k, count))
    for mask in range(1, 2**k):
        on = [i for i in range(k) if mask >> i & 1]
        z = np.zeros((k, count))
        z[on] = solve(A[np.ix_(on, on)], b[on], np.full(count, 1e-12))
        gain = np.where((z >= 0).all(0), (z * b).sum(0), -1.0)
        better = gain > best
        best, out = np.where(better, gain, best), np.where(better, z, out)
    return out
