"""The forms that `fitting.fit` fits: what a law's constants are, and how it is predicted from them.

`FORMS` names those in print; `by_group` shares exponents among groups of runs. A form of your own
is a function and the range of each constant: see `own`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from ._engine import Kernel
from ._inputs import agreeing, by_constant, one_of, pair_of, shown
from ._powers import Powers, grid, inner_scales, scales
from .laws import (
    AnswersLaw,
    ChinchillaLaw,
    CoverageLaw,
    DataConstrainedLaw,
    GroupedLaw,
    KaplanLaw,
    MixtureLaw,
    OwnLaw,
    PenaltyLaw,
    PowerLaw,
    PowerSumLaw,
    StepsLaw,
)

EXPONENTS = 1e-6, 20.0
_REACH = {
    "floor": (0.0, np.inf),
    "scale": (-np.inf, np.inf),
    "exponent": EXPONENTS,
    "rising": (-EXPONENTS[1], -EXPONENTS[0]),
    "gamma": (1e-3, 30.0),
}
"""Where a descent may go; what a fit accepts is narrower (see fitting.fit)."""


@dataclass(frozen=True, eq=False)
class Bound:
    """A form bound to the runs it is to be fitted to.

    names: the law's constants. owns: for each the entry of theta that gives way when the constant
    is fixed or tied. lo, hi: bounds of theta. always: rows that hold whatever is asked, as `row`
    gives them, with the entry of theta that each removes. floor: the entry of theta that is a
    constant of every run, if there is one.
    """

    names: tuple[str, ...]
    kernel: Kernel
    owns: dict[str, int]
    lo: np.ndarray
    hi: np.ndarray
    row: Callable[[str, float], tuple[np.ndarray, float]]
    read: Callable[[np.ndarray], dict[str, np.ndarray]]
    starts: Callable[..., np.ndarray]
    always: tuple[tuple[np.ndarray, float, int], ...] = ()
    floor: int | None = None


@dataclass(frozen=True)
class Form:
    """name; columns: what it reads of every run; law: makes the law from its constants by name;
    target: the column it predicts; spare: how many different runs more than unknowns an interval
    needs; rising: the target grows with the column; group: a column of labels.
    """

    name: str
    law: Callable[..., Any]
    columns: tuple[str, ...] = field(kw_only=True)
    target: str = field(default="loss", kw_only=True)
    spare: int = field(default=3, kw_only=True)
    rising: bool = field(default=False, kw_only=True)
    group: str | None = field(default=None, kw_only=True)

    def bind(self, x: dict[str, np.ndarray], y: np.ndarray) -> Bound:
        """x: a column (runs,) for each of `columns`; y: the target (runs,)."""
        raise NotImplementedError

    def make(self, constants: dict[str, float], source: str = "") -> Any:
        """The law of these constants."""
        return self.law(**constants, source=source)

    def exponents(self) -> dict[str, str | None]:
        """The exponents among its constants, and the column of each (None: an outer exponent)."""
        return {}

    @property
    def floor_name(self) -> str | None:
        """The constant that the target approaches and never reaches, if it may be zero."""
        return None


# ---- sums of powers --------------------------------------------------------------------------


@dataclass(frozen=True)
class Term:
    """scale / column^exponent, or (scale / column)^exponent with `inverse`."""

    scale: str
    exponent: str
    column: str
    inverse: bool = False


@dataclass(frozen=True)
class PowerForm(Form):
    """floor + (sum of terms^(1/gamma))^gamma.

    floor: its name, or None; outer: the name of gamma, or of an exponent that it equals, or None
    for 1. rising: exponents are negative. The constants in `apart` are fitted for each label of the
    group, the others are shared.
    """

    terms: tuple[Term, ...] = ()
    floor: str | None = None
    outer: str | None = None
    apart: tuple[str, ...] = ()

    def bind(self, x, y) -> Bound:
        n = len(y)
        labels = np.asarray(x[self.group], str) if self.group else np.zeros(n, str)
        marks = {label: (labels == label).astype(float)[:, None] for label in np.unique(labels)}
        names, kinds, designs = [], [], []  # of the entries of theta, in order
        middle = {term.column: np.log(x[term.column]).mean() for term in self.terms}

        def design(name, kind, column):
            if name in self.apart:
                names.extend(f"{name}[{label}]" for label in marks)
                kinds.extend([kind] * len(marks))
                return np.hstack([mark * column for mark in marks.values()])
            names.append(name)
            kinds.append(kind)
            return np.ones((n, 1)) * column

        floor = design(self.floor, "floor", 1.0) if self.floor else None
        for term in self.terms:
            log = np.log(x[term.column])[:, None] - middle[term.column]
            slope = "rising" if self.rising else "exponent"
            both = design(term.scale, "scale", 1.0), design(term.exponent, slope, -log)
            designs.append(np.hstack(both))
        tie = self.outer if self.outer in names else None
        if self.outer:
            names.append(self.outer if tie is None else "")
            kinds.append("gamma")
        fitted = _Fitted(self, tuple(names), kinds, middle, list(marks.values()))
        always = ()
        if tie:
            row = np.zeros(len(names))
            row[-1], row[names.index(tie)] = 1.0, -1.0
            always = ((row, 0.0, len(names) - 1),)
        lows, highs = np.array([_REACH[kind] for kind in kinds]).T
        kernel = Powers(floor, designs, bool(self.outer))
        return Bound(
            names=fitted.constants,
            kernel=kernel,
            owns={name: k for k, name in enumerate(names) if name},
            lo=lows,
            hi=highs,
            row=fitted.row,
            read=fitted.read,
            starts=lambda problem, free: fitted.starts(kernel, problem, free, y),
            always=always,
            floor=0 if kernel.level else None,
        )

    @property
    def floor_name(self):
        return None if self.floor in self.apart else self.floor

    def exponents(self):
        found = {term.exponent: term.column for term in self.terms}
        return found | ({self.outer: None} if self.outer and self.outer not in found else {})

    def make(self, constants, source=""):
        if self.group is None:
            return self.law(**constants, source=source)
        labels = dict.fromkeys(name.partition("[")[2][:-1] for name in constants if "[" in name)
        laws = {}
        for label in labels:
            here = {name: v for name, v in constants.items() if name.endswith(f"[{label}]")}
            own = {name.partition("[")[0]: value for name, value in here.items()}
            shared = {name: value for name, value in constants.items() if "[" not in name}
            laws[label] = self.law(**shared, **own, source=source)
        return GroupedLaw(laws, source)


@dataclass(frozen=True)
class _Fitted:
    """What a PowerForm knows of its theta: names and kinds of the entries, and the centres."""

    form: PowerForm
    entries: tuple[str, ...]
    kinds: list[str]
    middle: dict[str, float]
    marks: list[np.ndarray]

    def _term(self, name):
        """(term, entry of its exponent) of a scale."""
        base, _, label = name.partition("[")
        for term in self.form.terms:
            if term.scale == base:
                own = f"{term.exponent}[{label}"
                return term, self.entries.index(own if own in self.entries else term.exponent)
        raise KeyError(name)

    @property
    def constants(self):
        """In the order in which the law takes them."""
        order = list(inspect.signature(self.form.law).parameters)
        named = [name for name in self.entries if name]
        return tuple(sorted(named, key=lambda name: order.index(name.partition("[")[0])))

    def row(self, name, value):
        """(row, right side) of the equation that says that the constant has this value."""
        row, k = np.zeros(len(self.entries)), self.entries.index(name)
        row[k] = 1.0
        if self.kinds[k] != "scale":
            return row, value
        term, exponent = self._term(name)
        row[exponent] = self.middle[term.column] - (np.log(value) if term.inverse else 0.0)
        return row, 0.0 if term.inverse else np.log(value)

    def read(self, theta):
        """The constants, each (problems,), from theta (q, problems)."""
        out = {}
        for name in self.constants:
            k = self.entries.index(name)
            value = theta[k]
            if self.kinds[k] == "scale":
                term, exponent = self._term(name)
                s, middle = theta[exponent], self.middle[term.column]
                log = value / s + middle if term.inverse else value + s * middle
                value = np.exp(np.clip(log, -600, 600))
            out[name] = value
        return out

    def starts(self, kernel, problem, free, y):
        """A grid of exponents, each with the scales (and floor) >= 0 that fit best."""
        kinds = [self.kinds[k] for k in free]
        inner = ("scale",) if kernel.gamma else ("scale", "floor")
        shape = [j for j, kind in enumerate(kinds) if kind not in inner]
        nodes = grid([kinds[j] for j in shape], problem.lo[shape], problem.hi[shape], y.min())
        phi = np.zeros((len(nodes), len(free)))
        phi[:, shape] = nodes
        theta = problem.theta(phi.T)
        slope = np.sqrt(problem.draws.weight) * problem.scale / (y if problem.log else 1.0)
        found = [self._block(kernel, theta, y, slope, mark[:, 0] > 0) for mark in self.marks]
        log_scales = np.array([block[0] for block in found])  # (groups, terms, nodes)
        for i, part in enumerate(kernel.parts):
            entries = [k for k in range(part.start, part.stop) if self.kinds[k] == "scale"]
            theta[entries] = log_scales[:, i] if len(entries) > 1 else log_scales[:, i].mean(0)
        if self.form.floor and not kernel.gamma:
            floors = np.array([block[1] for block in found])
            theta[kernel.base] = floors if kernel.base.stop > 1 else floors.mean(0)
        return theta[free].T

    def _block(self, kernel, theta, y, slope, here):
        """Logs of the scales (terms, nodes) and the floor (nodes,) of one group of runs."""
        bare = np.where(np.array(self.kinds)[:, None] == "scale", 0.0, theta)
        level = (kernel.floor[here] @ theta[kernel.base]).T if self.form.floor else 0.0
        y, slope = y[here], slope[here]
        free = (
            bool(self.form.floor) and not kernel.gamma and np.ptp(level) == 0 == np.ravel(level)[0]
        )
        rest = np.maximum(y - (0.0 if free else level), 1e-3 * y)
        if kernel.gamma:
            terms = [
                (X[here] @ bare[part]).T
                for X, part in zip(kernel.designs, kernel.parts, strict=True)
            ]
            return inner_scales(terms, np.broadcast_to(rest, terms[0].shape), theta[-1]), None
        terms, places = [], []  # few exponents are different, and an exp costs
        for X, part in zip(kernel.designs, kernel.parts, strict=True):
            different, where = np.unique(bare[part], axis=1, return_inverse=True)
            terms.append((X[here] @ different).T)
            places.append(where.ravel())
        z = scales(terms, places, rest if rest.ndim == 1 else rest[0], slope, free)
        k = len(terms)
        floor = z[k] if free else np.broadcast_to(level, (theta.shape[1], len(y)))[:, 0]
        return np.log(np.maximum(z[:k], 1e-4 * y.mean())), floor


def power_law(x="x", *, floor=True, rising=False, target="loss") -> PowerForm:
    """floor + (scale / x)^exponent of the column `x`; with `rising`, floor + (x /
    scale)^-exponent.

    >>> from scalinglib import fit
    >>> C = np.array([1e18, 1e19, 1e20, 1e21])
    >>> form = power_law("C", floor=False, rising=True, target="N")
    >>> round(fit(form, {"C": C, "N": 0.1 * C**0.5}).law.exponent, 3)
    -0.5
    """
    name = "rising power law" if rising else "power law"
    return PowerForm(
        name if floor else f"{name} without a floor",
        PowerLaw,
        columns=(x,),
        target=target,
        spare=2,
        terms=(Term("scale", "exponent", x, inverse=True),),
        floor="floor" if floor else None,
        rising=rising,
    )


def _plane(name, law, terms, **more):
    return PowerForm(name, law, columns=("N", "D"), terms=terms, **more)


_A, _B = Term("A", "alpha", "N"), Term("B", "beta", "D")
_N_C = Term("N_c", "alpha_N", "N", inverse=True)
_D_C, _S_C = Term("D_c", "alpha_D", "D", True), Term("S_c", "alpha_S", "S", True)


def by_group(form: Form | str, column: str, apart: Sequence[str]) -> PowerForm:
    """The form with the constants in `apart` fitted for each label in `column`, the rest shared.

    form: as of power_law, or a name in FORMS. `fit(...).law["web"]` is the law of one label. A
    group's exponent needs the group's scale: raises ValueError for an exponent alone, for a column
    that the form reads as numbers, and for constants in the name, which go to `fit`.

    >>> from scalinglib import fit
    >>> form = by_group(power_law(floor=False), "data", apart=["scale"])
    >>> x = np.geomspace(1e6, 1e9, 5)
    >>> table = {"x": np.tile(x, 2), "data": np.repeat(["web", "code"], 5)}
    >>> table["loss"] = np.append((1e9 / x) ** 0.1, (3e8 / x) ** 0.1)
    >>> found = fit(form, table)
    >>> {name: f"{value:.3g}" for name, value in found.constants.items()}
    {'scale[code]': '3e+08', 'scale[web]': '1e+09', 'exponent': '0.1'}
    """
    _, form, fixed, tied = find_form(form)
    if fixed or tied:
        raise ValueError(
            f"by_group takes a form without constants: give them to fit, fixed={fixed}, tied={tied}"
        )
    if not isinstance(form, PowerForm):
        raise ValueError(f"{form.name} is no sum of powers, and cannot be fitted by group")
    if column in form.columns:
        raise ValueError(
            f"{form.name} reads {column!r} as numbers: give a column of labels by another name"
        )
    known = [form.floor, *(name for term in form.terms for name in (term.scale, term.exponent))]
    for name in apart:
        if name is None or name not in known:
            raise ValueError(f"{form.name} has no constant {name!r} for each group; it has {known}")
    for term in form.terms:
        if term.exponent in apart and term.scale not in apart:
            raise ValueError(f"{term.exponent} of each group needs {term.scale} of each group too")
    name = f"{form.name} with {', '.join(apart) or 'nothing'} by {column}"
    return replace(
        form, name=name, columns=(*form.columns, column), group=column, apart=tuple(apart)
    )


# ---- any function ----------------------------------------------------------------------------


class Numeric(Kernel):
    """A function of theta (q, problems), slopes by central differences in what moves."""

    def __init__(self, f, moving=None):
        self.f, self.moving = f, moving

    def of(self, T):
        return Numeric(self.f, T.any(1))

    def values(self, theta):
        value, slopes = self.f(theta), []
        for k in range(len(theta)):
            if self.moving is not None and not self.moving[k]:
                slopes.append(np.zeros_like(value))
                continue
            h = 6e-6 * (1 + np.abs(theta[k]))
            up, down = theta.copy(), theta.copy()
            up[k] += h
            down[k] -= h
            slopes.append((self.f(up) - self.f(down)) / (2 * h)[:, None])
        return value, slopes


class Sloped(Kernel):
    """A function of theta that gives value and slopes."""

    def __init__(self, values):
        self.values = values


@dataclass(frozen=True)
class OwnForm(Form):
    """f(theta, *columns): theta unpacks into the constants; ranges: where each is looked for.

    A constant whose range lies above zero is positive and moves in logs. centred {scale: (exponent,
    column)}: log scale moves about the middle of the column, exponents in it move as they are.
    slopes(theta, *columns): the value and its derivative by each constant; by differences, at two
    calls of f for each constant, where there is none.
    """

    f: Callable[..., Any]
    ranges: dict[str, tuple[float, float]]
    slopes: Callable[..., tuple[Any, list]] | None = None
    centred: dict[str, tuple[str, str]] = field(default_factory=dict)
    count: int = 1024

    def bind(self, x, y) -> Bound:
        names = tuple(self.ranges)
        lows, highs = np.array(list(self.ranges.values()), float).T
        exponents = {pair[0] for pair in self.centred.values()}
        logs = np.array(
            [low > 0 and name not in exponents for name, low in zip(names, lows, strict=True)]
        )
        middle = {
            name: (names.index(exponent), np.log(x[column]).mean())
            for name, (exponent, column) in self.centred.items()
        }
        columns = [x[name] for name in self.columns]

        def read(theta):
            theta = np.array(theta, float)
            for name, (exponent, m) in middle.items():
                theta[names.index(name)] += m * theta[exponent]
            theta[logs] = np.exp(np.clip(theta[logs], -600, 600))
            return dict(zip(names, theta, strict=True))

        def row(name, value):
            k, e = names.index(name), np.zeros(len(names))
            e[k] = 1.0
            if name in middle:
                e[middle[name][0]] = middle[name][1]
            return e, np.log(value) if logs[k] else value

        def starts(problem, free):
            box = np.array([lows, highs])
            box[:, logs] = np.log(box[:, logs])
            share = np.random.default_rng(0).random((self.count, len(names)))
            return (box[0] + share * (box[1] - box[0]))[:, free]

        def predict(theta):
            return _broadcast(self.f, np.array(list(read(theta).values())), columns)

        analytic = self.slopes

        def sloped(theta):
            assert analytic is not None
            constants = np.array(list(read(theta).values()))[:, :, None]
            value, slopes = analytic(constants, *columns)
            slopes = [
                c * s if log else s for c, s, log in zip(constants, slopes, logs, strict=True)
            ]
            for name, (exponent, m) in middle.items():
                slopes[exponent] = slopes[exponent] + m * slopes[names.index(name)]
            return value, slopes

        tight = np.array([name in exponents for name in names])
        return Bound(
            names=names,
            kernel=Numeric(predict) if self.slopes is None else Sloped(sloped),
            owns={name: k for k, name in enumerate(names)},
            lo=np.where(tight, EXPONENTS[0], np.where(lows == 0, 0.0, -np.inf)),
            hi=np.where(tight, EXPONENTS[1], np.inf),
            row=row,
            read=read,
            starts=starts,
        )


def _broadcast(f, theta, columns):
    """f for every column of theta (q, problems): in one call where f broadcasts, else one by
    one.
    """
    shape = theta.shape[1], len(columns[0])
    try:
        value = np.asarray(f(theta[:, :, None], *columns), float)
        if value.shape == shape:
            return value
    except (TypeError, ValueError, ArithmeticError, LookupError):  # a function of plain numbers
        pass
    return np.array([_one(f, one, columns, shape[1:]) for one in theta.T], float)


def _one(f, theta, columns, shape):
    """f at one theta (q,): inf where it overflows, as trials far off the ranges may."""
    try:
        return np.broadcast_to(f(theta, *columns), shape)
    except ArithmeticError:
        return np.full(shape, np.inf)
    except (TypeError, ValueError, LookupError) as error:
        at = ", ".join(f"{value:.3g}" for value in theta)
        raise ValueError(
            f"your function fails at theta = [{at}]: {type(error).__name__}: {error}; theta has "
            f"{len(theta)} constant(s), and it must give a number for every run, or inf"
        ) from None


def own(f, ranges, *, columns=("N", "D"), target="loss", name="own form") -> OwnForm:
    """A form of your own: f(theta, *columns) gives the target of every run from a parameter vector.

    f is called with theta of shape (constants, problems, 1), so that arithmetic on its entries
    broadcasts against the columns; one that does not broadcast is called for one theta at a time.
    ranges {name: (low, high)}: where to look for each constant; not a bound. A range above zero
    says that the constant is positive.

    >>> from scalinglib import fit
    >>> def rate(theta, N, D):
    ...     K, a, b = theta
    ...     return K * N**a * D**b
    ...
    >>> form = own(rate, {"K": (1e-3, 1e3), "a": (-1, 1), "b": (-1, 1)}, target="rate")
    >>> N, D = np.geomspace(1e7, 1e9, 8), np.geomspace(1e9, 1e10, 8)[[3, 1, 6, 0, 7, 2, 5, 4]]
    >>> found = fit(form, {"N": N, "D": D, "rate": 0.3 * N**-0.2 * D**0.1})
    >>> {name: round(value, 3) for name, value in found.constants.items()}
    {'K': 0.3, 'a': -0.2, 'b': 0.1}
    """
    ranges = {
        key: pair_of(f"the range of {key}", given)
        for key, given in by_constant("ranges", ranges, '{"K": (1, 9)}').items()
    }
    for key, (low, high) in ranges.items():
        if not -np.inf < low < high < np.inf:
            raise ValueError(f"the range of {key} must be (low, high), got ({low}, {high})")
    try:
        inspect.signature(f).bind(ranges, *columns)
    except TypeError as error:
        called = ", ".join(("theta", *columns))
        raise ValueError(f"f is to be called as f({called}), and cannot be: {error}") from None

    return OwnForm(name, partial(_own_law, f), f, ranges, columns=tuple(columns), target=target)


def _own_law(f, source="", **constants):
    return OwnLaw(constants, f, source)


# ---- levers: fewer bits, a teacher -------------------------------------------------------------


def rounding() -> OwnForm:
    """What rounding a trained model costs: extra = exp(c) D^g_D N^-g_N e^(-bits/g_b).

    Columns N, D, bits; target "extra", in nats above the loss of the same model unrounded. If the
    loss were a parabola in the weights, each bit would quarter it: g_b = 1 / log 4 = 0.721. After
    Kumar et al. 2024, arXiv 2411.04330, section 3.

    >>> from scalinglib import fit
    >>> N, D, bits = (a.ravel() for a in np.meshgrid([1e4, 1e5], [1e5, 1e6, 1e7], [3, 4, 6]))
    >>> extra = 0.1 * (D / N) ** 0.5 * 4.0**-bits
    >>> found = fit(rounding(), {"N": N, "D": D, "bits": bits, "extra": extra})
    >>> {name: round(value, 3) for name, value in found.constants.items()}
    {'c': -2.303, 'g_D': 0.5, 'g_N': 0.5, 'g_b': 0.721}
    """
    ranges = {"c": (-9.0, 9.0), "g_D": (-1.0, 1.0), "g_N": (-1.0, 1.0), "g_b": (0.3, 3.0)}
    return own(
        _rounding, ranges, columns=("N", "D", "bits"), target="extra", name="rounded after training"
    )


def _rounding(theta, N, D, bits):
    c, g_D, g_N, g_b = theta
    return np.exp(np.minimum(c + g_D * np.log(D) - g_N * np.log(N) - bits / g_b, 600))


def effective_size(plain) -> OwnForm:
    """The loss of models trained in few bits: that of N (1 - e^(-bits/g_w)) parameters.

    plain: the law of unrounded models, anything with loss(N, D). Columns N, D, bits. Source: Kumar
    et al. 2024, arXiv 2411.04330, section 4, for the weights alone.

    >>> from scalinglib import HOFFMANN_2022, fit
    >>> N, D, bits = (a.ravel() for a in np.meshgrid([1e8, 1e9], [1e9, 1e10], [2, 3, 4, 6]))
    >>> loss = HOFFMANN_2022.loss(N * (1 - np.exp(-bits / 2.5)), D)
    >>> found = fit(effective_size(HOFFMANN_2022), {"N": N, "D": D, "bits": bits, "loss": loss})
    >>> round(found.law.g_w, 3)
    2.5
    """

    def loss(theta, N, D, bits):
        return plain.loss(N * -np.expm1(-bits / theta[0]), D)

    columns = ("N", "D", "bits")
    return own(loss, {"g_w": (0.3, 20.0)}, columns=columns, name="effective parameters")


def distilled() -> OwnForm:
    """How many tokens of plain text a token with a teacher is worth: times = m (D / N)^b.

    Columns N, D of the student; target "times". The loss of a student is then that of the plain law
    at (N, times D). b > 0 says that a teacher is worth more to students that read longer.

    >>> from scalinglib import fit
    >>> N, D = (a.ravel() for a in np.meshgrid([1e4, 3e4], [1e5, 4e5, 1.6e6]))
    >>> found = fit(distilled(), {"N": N, "D": D, "times": 2 * (D / N) ** 0.1})
    >>> {name: round(value, 3) for name, value in found.constants.items()}
    {'m': 2.0, 'b': 0.1}
    """

    def times(theta, N, D):
        return theta[0] * (D / N) ** theta[1]

    return own(times, {"m": (0.1, 10.0), "b": (-1.0, 1.0)}, target="times", name="with a teacher")


def _repeated(theta, N, D, unique):
    return _repeated_slopes(theta, N, D, unique)[0]


def _repeated_slopes(theta, N, D, unique):
    E, A, B, alpha, beta, R_D, R_N = theta
    unique = np.minimum(unique, D)
    enough = np.exp(np.log(alpha * A / (beta * B) * unique**beta) / alpha)
    size, by_R_N, by_enough = _worth_slopes(N, np.minimum(enough, N), R_N)
    data, by_R_D, _ = _worth_slopes(D, unique, R_D)
    by_size, by_data = size**-alpha, data**-beta
    steep = -alpha * A * by_size / size
    moved = np.where(enough < N, steep * by_enough * enough / alpha, 0.0)  # by log(enough^alpha)
    return E + A * by_size + B * by_data, [
        np.ones_like(size),
        by_size + moved / A,
        by_data - moved / B,
        -A * by_size * np.log(size) + moved * (1 / alpha - np.log(enough)),
        -B * by_data * np.log(data) + moved * (np.log(unique) - 1 / beta),
        -beta * B * by_data / data * by_R_D,
        steep * by_R_N,
    ]


def _worth_slopes(amount, fresh, R):
    """`worth`, and its derivatives by R and by `fresh`."""
    x = (amount / fresh - 1) / R
    gone, left = np.exp(-x), -np.expm1(-x)
    return (
        fresh * (1 + R * left),
        fresh * (left - x * gone),
        1 + R * left - amount / fresh * gone,
    )


def _penalised(theta, N, D, unique):
    return _penalised_slopes(theta, N, D, unique)[0]


def _penalised_slopes(theta, N, D, unique):
    E, A, B, alpha, beta, P, r, s = theta
    unique = np.minimum(unique, D)
    again, density = D / unique - 1, N / unique
    by_size, by_data, harm = N**-alpha, D**-beta, again**r * density**s
    fewer = np.log(np.where(again > 0, again, 1.0))  # no repeats, no harm, whatever r is
    return E + A * by_size + B * by_data + P * harm, [
        np.ones_like(harm),
        by_size,
        by_data,
        -A * by_size * np.log(N),
        -B * by_data * np.log(D),
        harm,
        P * harm * fewer,
        P * harm * np.log(density),
    ]


def _mixed(theta, share):
    c, k, t = theta
    return c + k * np.exp(t * share)


def _mixed_slopes(theta, share):
    c, k, t = theta
    fall = np.exp(t * share)
    return c + k * fall, [np.ones_like(fall), fall, k * fall * share]


def _answered(theta, loss):
    return _answered_slopes(theta, loss)[0]


def _answered_slopes(theta, loss):
    low, high, slope, middle = theta
    part = 1 / (1 + np.exp(np.clip(slope * (loss - middle), -500, 500)))
    steep = (high - low) * part * (1 - part)
    return low + (high - low) * part, [
        1 - part,
        part,
        steep * (middle - loss),
        steep * slope,
    ]


_CENTRED = {"A": ("alpha", "N"), "B": ("beta", "D")}
_TERM, _EXPONENT = (0.03, 2), (0.1, 0.7)
_ADDITIVE = {"E": (0.0, 3), "A": _TERM, "B": _TERM, "alpha": _EXPONENT, "beta": _EXPONENT}


def _with_repeats(name, law, f, ranges, slopes=None):
    columns = ("N", "D", "unique")
    return OwnForm(name, law, f, _ADDITIVE | ranges, slopes, _CENTRED, columns=columns)


FORMS: dict[str, Form] = {
    "power-law": power_law(),
    "line": power_law(floor=False),
    "rising": power_law(rising=True),
    "rising-line": power_law(floor=False, rising=True),
    "chinchilla": _plane("additive", ChinchillaLaw, (_A, _B), floor="E"),
    "kaplan": _plane("Kaplan's joint form", KaplanLaw, (_N_C, _D_C), outer="alpha_D"),
    "power-sum": _plane("power sum", PowerSumLaw, (_A, _B), outer="gamma"),
    "skaling": _plane("power sum with a floor", PowerSumLaw, (_A, _B), floor="E", outer="gamma"),
    "steps": PowerForm("Kaplan's L(N, S)", StepsLaw, columns=("N", "S"), terms=(_N_C, _S_C)),
    "repeated": _with_repeats(
        "data-constrained",
        DataConstrainedLaw,
        _repeated,
        # wide: the 182 runs of Muennighoff et al. 2023 hold R_D above 9.5 and below nothing (90 %)
        {"R_D": (2, 1e4), "R_N": (0.05, 100)},
        _repeated_slopes,
    ),
    "penalty": _with_repeats(
        "additive with a penalty for repeats",
        PenaltyLaw,
        _penalised,
        {"P": (1e-4, 1), "r": (0.3, 3), "s": (0.1, 2)},
        _penalised_slopes,
    ),
    "mixture": OwnForm(
        "exponential in the share",
        MixtureLaw,
        _mixed,
        {"c": (0.0, 4), "k": (0.02, 4), "t": (-6, 2)},
        _mixed_slopes,
        columns=("share",),
        count=256,
    ),
    "coverage": PowerForm(
        "coverage", CoverageLaw, columns=("k",), spare=2, terms=(Term("a", "b", "k"),)
    ),
    "answers": OwnForm(
        "sigmoid of the loss",
        AnswersLaw,
        _answered,
        {"low": (0.0, 0.4), "high": (0.4, 1.0), "slope": (0.5, 20), "middle": (0.5, 4)},
        _answered_slopes,
        columns=("loss",),
        target="score",
        count=256,
    ),
}
"""Every form in print that the library fits, by name."""


# ---- which form is meant ---------------------------------------------------------------------


def by_name(name: str) -> Form:
    """The form of this name. Raises ValueError for any other text, with the names."""
    return FORMS[one_of("form", name, FORMS)]


def parse_form(text: str) -> tuple[str, dict[str, float], dict[str, str]]:
    """Name, fixed and tied constants of "chinchilla:E=1.69,alpha=beta"."""
    name, _, rest = text.partition(":")
    fixed, tied = {}, {}
    for part in filter(None, rest.split(",")):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not (key and equals and value):
            raise ValueError(f"{text!r}: write a form as name or name:E=1.69,alpha=beta")
        try:
            number = float(value)
        except ValueError:
            tied = agreeing(tied, {key: value})
        else:
            fixed = agreeing(fixed, {key: number})
    return name.strip(), fixed, tied


def find_form(given) -> tuple[str, Form, dict[str, float], dict[str, str]]:
    """Name, form, fixed and tied constants of "kaplan", "chinchilla:E=1.69", a form, or a pair."""
    form, fixed, tied = given, {}, {}
    if isinstance(given, tuple):
        form, fixed = given[0], by_constant("constants of a form", given[1], '{"E": 1.69}')
    if isinstance(form, str):
        called, known, tied = parse_form(form)
        form, fixed = by_name(called), agreeing(known, fixed)
    elif isinstance(form, Form):
        called = next((key for key, one in FORMS.items() if one == form), form.name)
    else:
        raise ValueError(
            f"{shown(form)} is no form: give a name first ({', '.join(FORMS)}), or see forms.own"
        )
    told = [f"{key}={value:g}" for key, value in fixed.items()]
    told += [f"{key}={value}" for key, value in tied.items()]
    return called + (":" + ",".join(told) if told else ""), form, fixed, tied
