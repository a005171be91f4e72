"""From a form bound to runs to the problem that is minimised: what is fixed, tied and bounded."""

from __future__ import annotations

import numpy as np

from ._engine import Problem


def build(bound, y, *, fixed, tied, bounds, **objective):
    """The Problem, the entries of theta that are phi, and the names of the free constants.

    fixed {name: value}, tied {name: another name}, bounds {name: (low, high)}, by the names of the
    law's constants. Each fixed or tied constant removes the entry of theta that it owns:
    R theta = r, solved for the removed entries.
    """
    fixed, tied, bounds = dict(fixed or {}), dict(tied or {}), dict(bounds or {})
    _known(bound, fixed, tied, bounds)
    rows = [(*bound.row(name, value), bound.owns[name]) for name, value in fixed.items()]
    for name, other in tied.items():
        if not np.array_equal(bound.row(name, 1.0)[0], bound.row(name, 2.0)[0]):
            raise ValueError(f"{name} cannot be tied in this form; tie exponents, or write an own form")
        (one, _), (two, _) = bound.row(name, 1.0), bound.row(other, 1.0)
        rows.append((one - two, 0.0, bound.owns[name]))
    rows += bound.always
    gone = [removed for *_, removed in rows]
    q = len(bound.lo)
    free = [k for k in range(q) if k not in gone]
    if not free:
        raise ValueError("every constant is fixed: there is nothing to fit; evaluate the law instead")
    T, c = np.zeros((q, len(free))), np.zeros(q)
    T[free, range(len(free))] = 1.0
    if rows:
        R, r = np.array([row for row, *_ in rows]), np.array([value for _, value, _ in rows])
        T[gone] = -np.linalg.solve(R[:, gone], R[:, free])
        c[gone] = np.linalg.solve(R[:, gone], r)
    lo, hi = bound.lo[free].copy(), bound.hi[free].copy()
    names = [name for name in bound.names if bound.owns[name] in free]
    G, g = np.eye(len(free)), np.zeros(len(free))  # phi = G theta[free] + g
    for name, (low, high) in bounds.items():
        k = free.index(bound.owns[name])
        (row, a), (_, b) = bound.row(name, low), bound.row(name, high)
        G[k], g[k] = row @ T, row @ c
        lo[k], hi[k] = max(lo[k], a), min(hi[k], b)
    if bounds:
        T = T @ np.linalg.inv(G)
        c = c - T @ g
    offset = free.index(bound.floor) if bound.floor in free else None
    problem = Problem(bound.kernel, y, T, c, lo, hi, offset=offset, **objective)
    return problem, free, names, lambda rows: rows @ G.T + g


def _known(bound, fixed, tied, bounds):
    for what, given in (("fixed", fixed), ("tied", tied), ("bounds", bounds)):
        for name in [*given, *(tied.values() if what == "tied" else ())]:
            if name not in bound.names:
                raise ValueError(
                    f"{what} names {name!r}; the constants of this form are {', '.join(bound.names)}"
                )
    for name, other in tied.items():
        if name == other or name in fixed or other in tied:
            raise ValueError(f"{name} cannot be tied to {other}: tie each to one free or fixed constant")
    for name, pair in bounds.items():
        low, high = pair
        if not low < high or name in fixed or name in tied:
            raise ValueError(f"bounds of {name} must be (low, high) of a free constant, got {pair}")
        row_low, row_high = bound.row(name, max(low, 1e-300))[0], bound.row(name, high)[0]
        if not np.array_equal(row_low, row_high):
            raise ValueError(f"{name} cannot be bounded in this form: fix it, or bound its exponent")
