"""A form, runs and what is asked of them: the problem that is minimised, and its best end."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from functools import cached_property

import numpy as np
from scipy.special import ndtr

from ._engine import Problem, descend
from ._search import Found, search, unit
from .forms import Bound, Form


@dataclass(frozen=True, eq=False)
class Study:
    """Runs, a form, and how to fit it. x: the form's columns (runs,); y: the target.

    weight: how much each run counts; noise: the known standard deviation of its residual; log: are
    residuals of logs? delta: of the Huber loss, inf for squares. groups: a label a run (or None);
    runs of one label are one piece of evidence.
    """

    form: Form
    x: dict[str, np.ndarray]
    y: np.ndarray
    log: bool = True
    delta: float = 1e-3
    weight: np.ndarray | float = 1.0
    noise: np.ndarray | float = 1.0
    fixed: dict[str, float] = field(default_factory=dict)
    tied: dict[str, str] = field(default_factory=dict)
    bounds: dict[str, tuple[float, float]] = field(default_factory=dict)
    groups: np.ndarray | None = None

    def __getstate__(self):
        """What it was made of: what was worked out from that has functions, and is found again."""
        return {item.name: getattr(self, item.name) for item in fields(self)}

    @cached_property
    def bound(self) -> Bound:
        return self.form.bind(self.x, self.y)

    @cached_property
    def _map(self) -> Map:
        return _map(self.bound, self.fixed, self.tied, self.bounds)

    @cached_property
    def problem(self) -> Problem:
        way, target = self._map, np.log(self.y) if self.log else self.y
        offset = way.free.index(self.bound.floor) if self.bound.floor in way.free else None
        return Problem(
            self.bound.kernel.of(way.affine[0]),
            target,
            *way.affine,
            log=self.log,
            delta=self.delta,
            weight=self.weight / self.mean_weight,
            scale=1.0 / self.noise,
            offset=offset,
        )

    @property
    def mean_weight(self) -> float:
        """Divided out: what runs count says nothing of their noise, nor of how far to descend."""
        return float(np.mean(self.weight))

    @property
    def objective(self) -> float:
        """The least one, in the weights given."""
        return self.found.objective * self.mean_weight

    @property
    def free(self) -> tuple[str, ...]:
        """The constants that are fitted, in the order of phi."""
        return self._map.names

    def starts(self) -> np.ndarray:
        return self._map.place(self.bound.starts(self.problem, self._map.free))

    @cached_property
    def found(self) -> Found:
        return search(self.problem, self.starts())

    def constants(self, phi) -> dict[str, np.ndarray]:
        """The law's constants, each (count,), for rows phi (count, p)."""
        return self.bound.read(self.problem.theta(phi.T))

    @property
    def residuals(self) -> np.ndarray:
        """log y - log prediction, or y - prediction, of every run."""
        return -self.problem.residual(self.found.phi[None])[0] / self.problem.scale

    def moves_in_logs(self, name) -> bool:
        """Is the log of this constant what is fitted, about the middle of the runs?"""
        return self.bound.row(name, 1.0)[1] != 1.0

    def holding(self, **fixed) -> Study:
        """The same with more constants fixed."""
        return replace(self, fixed=self.fixed | fixed)

    def evidence(self, name, value, objectives) -> np.ndarray:
        """The log-likelihood lost where objectives are reached instead of the least one, the noise
        profiled out, with the constant `name` held off its `value`; groups are what is counted.
        """
        n, p, pieces = len(self.y), len(self.free), self.pieces
        least = max(self.objective, 1e-300)
        lost = self.power * np.log(np.maximum(objectives, 1e-300) / least)
        if pieces == n:
            return lost
        squared = np.expm1(2 * lost / n) * max(n - p, 1) / self.inflation(name, value)  # Student's
        return pieces / 2 * np.log1p(squared / max(pieces - p, 1))

    @property
    def power(self) -> float:
        """Log-likelihood an e-fold of the objective: n / 2 of squares, and of a Huber what makes
        its profile chi-squared's under normal noise, 2 n / pi where nearly all runs lie beyond
        delta (n would be right under Laplace's).
        """
        n, p = len(self.y), len(self.free)
        size = np.sort(np.abs(self.problem.residual(self.found.phi[None])[0]))
        spread = 1.4826 * float(np.median(size[-max(n - p, 1) :]))  # a Huber meets p runs
        if not np.isfinite(self.delta) or spread == 0:
            return n / 2
        d = self.delta / spread
        inner, density = 2 * ndtr(d) - 1, np.exp(-d * d / 2) / np.sqrt(2 * np.pi)
        near, far = inner - 2 * d * density, d * d * (1 - inner)
        return n * (near / 2 + 2 * d * density - far / 2) * inner / (near + far)

    @property
    def pieces(self) -> int:
        """How many pieces of evidence there are: groups, or runs."""
        return len(self.y) if self.groups is None else len(np.unique(self.groups))

    def inflation(self, name, value) -> float:
        """By how much groups enlarge the variance of a constant over that of separate runs."""
        if self.groups is None:
            return 1.0
        r, J = self.problem.jacobian(self.found.phi)
        weight = np.sqrt(self.problem.draws.weight)
        r, J = np.clip(r, -self.delta, self.delta) * weight, J * weight
        group = np.unique(self.groups, return_inverse=True)[1]
        shared, within = components(r, group, len(J))
        row = self.bound.row(name, value)[0] @ self._map.affine[0]
        pull = row @ np.linalg.pinv(J @ J.T) @ J  # of each run on the constant
        usual = r @ r / max(len(r) - len(J), 1) * (pull @ pull)
        grouped = shared * (np.bincount(group, pull) ** 2).sum() + within * (pull @ pull)
        return max(float(grouped / max(usual, 1e-300)), 1.0)

    def agreement(self) -> float:
        """Share of 36 or so starts that end at the optimum."""
        problem, rows = self.problem, self.starts()
        rows, values = rows[:: max(1, len(rows) // 36)], np.zeros(1)
        for wider in (100, 10, 1) if np.isfinite(problem.delta) else (1,):
            delta = wider * problem.delta
            rows, values = descend(problem, rows, problem.draws, delta, kappa=0.5, shrink=0.3)
        best = self.found.objective / unit(problem.delta)
        return float(np.mean(values <= best * (1 + 1e-6) + 1e-6))


def components(residual, group, unknowns) -> tuple[float, float]:
    """Variance that runs of one group share and variance within groups, by their moments: all is
    shared where runs of a group are copies, none where they differ as much as groups do.
    """
    n, runs = len(group), np.bincount(group)
    mean = np.bincount(group, residual) / runs
    within = float(np.sum((residual - mean[group]) ** 2) / max(n - len(runs), 1))
    spare = max(len(runs) - unknowns, 1)
    shared = (np.sum(runs * mean**2) / spare - within) * len(runs) / n
    return max(float(shared), 0.0), within


@dataclass(frozen=True, eq=False)
class Map:
    """theta = T phi + c, lo <= phi <= hi; free: the entries of theta that are phi, under
    `names`.
    """

    affine: tuple[np.ndarray, ...]  # T, c, lo, hi
    free: list[int]
    names: tuple[str, ...]
    G: np.ndarray
    g: np.ndarray

    def place(self, rows) -> np.ndarray:
        """phi from the free entries of theta, rows of them."""
        return rows @ self.G.T + self.g


def _map(bound, fixed, tied, bounds) -> Map:
    """fixed {name: value}, tied {name: another name}, bounds {name: (low, high)}, by the names of
    the law's constants. Each fixed or tied constant removes the entry of theta that it owns: R
    theta = r, solved for the removed entries.
    """
    _known(bound, fixed, tied, bounds)
    with np.errstate(divide="ignore", invalid="ignore"):
        rows = [(*bound.row(name, value), bound.owns[name]) for name, value in fixed.items()]
    for name, (row, value, _) in zip(fixed, rows, strict=True):
        if not (np.isfinite(value) and np.isfinite(row).all()):
            raise ValueError(
                f"{name} cannot be fixed at {fixed[name]:g}: it is positive and finite"
            )
        low, high = bound.lo[bound.owns[name]], bound.hi[bound.owns[name]]
        if _straight(bound, name) and not low <= value <= high:
            raise ValueError(
                f"{name} cannot be fixed at {fixed[name]:g}: in this form it lies between {low:g} "
                f"and {high:g}"
            )
    for name, other in tied.items():
        if not _straight(bound, name) or not _straight(bound, other):
            raise ValueError(
                f"{name} cannot be tied in this form; tie exponents, or write an own form"
            )
        (one, _), (two, _) = bound.row(name, 1.0), bound.row(other, 1.0)
        rows.append((one - two, 0.0, bound.owns[name]))
    rows += bound.always
    gone = [removed for *_, removed in rows]
    q = len(bound.lo)
    free = [k for k in range(q) if k not in gone]
    if not free:
        raise ValueError(
            "every constant is fixed: there is nothing to fit; evaluate the law instead"
        )
    T, c = np.zeros((q, len(free))), np.zeros(q)
    T[free, range(len(free))] = 1.0
    if rows:
        R, r = np.array([row for row, *_ in rows]), np.array([value for _, value, _ in rows])
        T[gone] = -np.linalg.solve(R[:, gone], R[:, free])
        c[gone] = np.linalg.solve(R[:, gone], r)
    lo, hi = bound.lo[free].copy(), bound.hi[free].copy()
    names = sorted(set(bound.names) - set(fixed) - set(tied), key=lambda name: bound.owns[name])
    G, g = np.eye(len(free)), np.zeros(len(free))  # phi = G theta[free] + g
    for name, (low, high) in bounds.items():
        k = names.index(name)
        with np.errstate(divide="ignore", invalid="ignore"):
            (row, b), (_, a) = bound.row(name, high), bound.row(name, low)
        G[k], g[k] = row @ T, row @ c
        lo[k], hi[k] = np.fmax(lo[k], a), np.fmin(hi[k], b)  # the log of a bound of 0 is no bound
    if bounds:
        T = T @ np.linalg.inv(G)
        c = c - T @ g
    return Map((T, c, lo, hi), free, tuple(names), G, g)


def _straight(bound, name) -> bool:
    """Is the constant, or its log, linear in theta, whatever its value?"""
    return np.array_equal(bound.row(name, 1.0)[0], bound.row(name, 2.0)[0])


def _known(bound, fixed, tied, bounds) -> None:
    for what, given in (("fixed", fixed), ("tied", tied), ("bounds", bounds)):
        for name in [*given, *(tied.values() if what == "tied" else ())]:
            if name not in bound.names:
                raise ValueError(
                    f"{what} names {name!r}; this form's constants are {', '.join(bound.names)}"
                )
    for name, other in tied.items():
        if name == other or name in fixed or other in tied:
            raise ValueError(
                f"{name} cannot be tied to {other}: tie each to one free or fixed constant"
            )
    for name, (low, high) in bounds.items():
        if not low < high or name in fixed or name in tied:
            raise ValueError(
                f"bounds of {name} must be (low, high) of a free constant, got ({low:g}, {high:g})"
            )
        if not _straight(bound, name):
            raise ValueError(
                f"{name} cannot be bounded in this form: fix it, or bound its exponent"
            )
