"""The one gate through which users' numbers enter the library: positive, finite, by position."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import Any, TypeAlias, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.float64]

Numbers: TypeAlias = float | Array
"""What comes out for numbers: a number for a number, an array for anything longer."""

Scalar: TypeAlias = float | np.floating | np.integer
"""One number, of Python or of NumPy."""

_Converted: TypeAlias = np.float64 | Array


class UndeterminedError(ValueError):
    """These runs cannot determine the law, however well they are fitted, or this law not what it is
    asked; the message says what could.
    """


@overload
def numbers(name: str, value: Scalar) -> np.float64: ...
@overload
def numbers(name: str, value: ArrayLike) -> _Converted: ...
def numbers(name: str, value: ArrayLike) -> _Converted:
    """`value` as float64 (a scalar stays a scalar); a Series is taken by position.

    Raises ValueError for text, complex numbers, booleans and masked or missing entries.
    """
    if isinstance(value, float):  # a law's constant: nothing to convert
        return np.float64(value)
    if np.ma.is_masked(value):
        where = int(np.flatnonzero(np.ma.getmaskarray(np.ma.asarray(value)).ravel())[0])
        raise ValueError(
            f"{name} is masked at position {where}; drop the masked runs first (array.compressed())"
        )
    try:
        raw = np.asarray(value)
        text = raw.dtype.kind not in "iufO" or (
            raw.dtype.kind == "O" and any(isinstance(entry, (str, bool)) for entry in raw.flat)
        )
        if raw.dtype.kind == "O" and any(entry is None for entry in raw.flat):
            raise TypeError  # a float would make it NaN
        if not text:
            return raw.astype(float)[()]
    except (TypeError, ValueError):
        raise ValueError(
            f"{name} must be numbers without gaps, got {shown(value)}; "
            "drop missing runs and ragged lists first"
        ) from None
    raise ValueError(f"{name} must be numbers, got {raw.dtype}: {shown(raw)}")


@overload
def positive(name: str, value: Scalar) -> np.float64: ...
@overload
def positive(name: str, value: ArrayLike) -> _Converted: ...
def positive(name: str, value: ArrayLike) -> _Converted:
    """`numbers`, every one of them positive and finite; the error names the run that is not."""
    values = numbers(name, value)
    if isinstance(values, float) and 0 < values < np.inf:
        return values
    bad = ~(np.isfinite(values) & (values > 0))
    if np.any(bad):
        if np.ndim(values) == 0:
            raise ValueError(f"{name} must be positive and finite, got {values:g}")
        where = int(np.flatnonzero(np.ravel(bad))[0])
        raise ValueError(
            f"{name} must be positive and finite; run {where} (by position, from 0) has "
            f"{np.ravel(values)[where]:g}: leave that run out or mend it"
        )
    return values


def aligned(name: str, given, *runs):
    """`given`, one entry a run, in the order of the runs where it is a Series of the same labels.

    runs: a table, or else a column of it. Raises ValueError for a Series with other labels: by
    position it would go to other runs.
    """
    found = [getattr(one, "index", None) for one in (given, *runs)]
    index, *labels = [None if callable(one) else one for one in found]
    labels = next((one for one in labels if one is not None), None)
    if labels is None or index is None or index.equals(labels):
        return given
    if len(index) == len(labels) and index.is_unique and index.isin(labels).all():
        return given.reindex(labels)
    raise ValueError(
        f"{name} is a Series whose index ({shown(index[:3])} ...) is not that of the runs "
        f"({shown(labels[:3])} ...): give it theirs, or by position {name}.to_numpy()"
    )


def columns(**named: ArrayLike) -> list[Array]:
    """Several `positive` columns of the same length, one entry a run, as 1-D arrays."""
    arrays = [np.atleast_1d(positive(name, value)) for name, value in named.items()]
    for name, array in zip(named, arrays, strict=True):
        if array.ndim != 1:
            raise ValueError(f"{name} has shape {array.shape}; give one number for each run")
    if arrays and not any(len(array) for array in arrays):
        raise ValueError(
            f"there are no runs: {', '.join(named)} are empty; did a condition drop all?"
        )
    if len({len(array) for array in arrays}) > 1:
        lengths = ", ".join(
            f"{name} has {len(array)}" for name, array in zip(named, arrays, strict=True)
        )
        raise ValueError(f"every run needs one entry in each column, but {lengths}")
    return arrays


def tabular(runs, what="runs"):
    """`runs`, which has columns by name; in words where it has none."""
    if isinstance(runs, str | bytes | PathLike):
        raise ValueError(f"{what} is {shown(runs)}, no table: read it first, scalinglib.read(...)")
    if not hasattr(runs, "keys") and not hasattr(runs, "columns"):
        raise ValueError(
            f"{what} is a {type(runs).__name__}: give a table, pandas.DataFrame(...), or a mapping "
            "of columns"
        )
    return runs


def have_columns(runs, names, reader: str, what="runs") -> None:
    """Raises ValueError where the table lacks a column that `reader`, a form by name, needs."""
    missing = [name for name in names if name not in tabular(runs, what)]
    if missing:
        there = ", ".join(repr(name) for name in [*runs][:20])
        raise ValueError(
            f"{what} have no column {missing[0]!r}; {reader} reads {', '.join(names)}, and there "
            f"are {there}: rename one (scalinglib.read finds common names in a file)"
        )


def together(names, given, named=None) -> list[Array]:
    """One array for each name, broadcast, from what is given one after the other or by name, or
    from one table; in words where there are more or fewer, or lengths differ.
    """
    if len(given) == 1 and (hasattr(given[0], "columns") or isinstance(given[0], Mapping)):
        have_columns(given[0], names, "the law")
        given = [np.asarray(given[0][name]) for name in names]
    elif named:
        if given or set(named) != set(names):
            raise ValueError(f"give {', '.join(names)} by name, got {', '.join(named)}")
        given = [named[name] for name in names]
    if len(given) != len(names):
        raise ValueError(f"give {', '.join(names)}, one after the other; got {len(given)} of them")
    try:
        return list(np.broadcast_arrays(*given))
    except ValueError:
        shapes = ", ".join(f"{n} has {np.size(x)}" for n, x in zip(names, given, strict=True))
        raise ValueError(f"every run needs one entry in each column, but {shapes}") from None


def labels_of(column) -> list[str]:
    """What to call each run: by its label where the column is a Series, else by position from 0."""
    index = getattr(column, "index", None)
    many = np.atleast_1d(np.asarray(column))
    return [
        str(label) for label in (range(len(many)) if callable(index) or index is None else index)
    ]


SAME = 0.01
"""Places whose numbers differ by less are one place, up to rounding of the last step."""


def alike(column: ArrayLike) -> NDArray[np.intp]:
    """Whole numbers (runs,), the same where entries are: of numbers, within 1 % of the first."""
    values, label = np.unique(column, return_inverse=True)
    if values.dtype.kind != "f" or not (values > 0).all():
        return label.ravel()
    group, first = np.zeros(len(values), np.intp), 0
    while first < len(values):  # measured from the first of a group: no chain of small steps
        end = int(np.searchsorted(values, values[first] * np.exp(SAME), "right"))
        group[first:end] = first
        first = end
    return group[label.ravel()]


def cells(x: dict) -> NDArray[np.intp]:
    """Whole numbers (runs,), the same where runs are alike in every column."""
    places = np.array([alike(column) for column in x.values()])
    return np.unique(places, axis=1, return_inverse=True)[1].ravel()


def whole(name: str, value, what="a whole number, 0 or more", least=0) -> int:
    """`value` as a whole number, at least `least`; `what` says so in words."""
    try:
        if int(value) == value >= least and not isinstance(value, (bool, np.bool_)):
            return int(value)
    except (TypeError, ValueError, OverflowError):
        pass
    raise ValueError(f"{name} is {what}, got {shown(value)}")


def count(name: str, value) -> int:
    """How many resamples: a whole number, 0 or enough for the ends of a 90 % interval."""
    value = whole(name, value, "the number of resamples, 0 or more")
    if 0 < value < 20:
        raise ValueError(
            f"{name}={value} resamples have no ends of an interval: at least 20, for print 1000"
        )
    return value


def function(name: str, value: Any, of: str, like: str) -> Any:
    """`value`, which can be called."""
    if not callable(value):
        raise ValueError(f"{name} is a function of {of}, as in {like}; got {shown(value)}")
    return value


def one_of(what: str, given, there):
    """`given`, which is one of the names that there are."""
    if not isinstance(given, str) or given not in there:
        raise ValueError(f"no {what} is called {shown(given)}; there are {', '.join(there)}")
    return given


def by_constant(name: str, given, like: str) -> dict:
    """`given` {constant: what is said of it}; none for None."""
    if given is not None and not hasattr(given, "items"):
        raise ValueError(f"{name} goes by constant, as in {name}={like}; got {shown(given)}")
    return dict(given or {})


def pair_of(name: str, given) -> tuple[float, float]:
    """(low, high), where None is no end."""
    try:
        low, high = given
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be (low, high), got {shown(given)}") from None
    low, high = -np.inf if low is None else low, np.inf if high is None else high
    return float(numbers(name, low)), float(numbers(name, high))


def agreeing(one: dict, other: dict) -> dict:
    """Both, what is said of each constant; raises ValueError where they say two things of one."""
    for key in one.keys() & other.keys():
        if one[key] != other[key]:
            raise ValueError(f"{key} is given twice, as {one[key]} and as {other[key]}: give one")
    return one | other


def numeric(x: dict) -> dict:
    """The columns that are numbers, without labels of groups."""
    return {name: one for name, one in x.items() if np.asarray(one).dtype.kind not in "OU"}


def ends(level, samples=None) -> list[float]:
    """The two quantiles between which the central share `level` lies.

    Raises ValueError where `samples` (None for none) has no row beyond them.
    """
    share = numbers("level", level)
    if np.ndim(share) or not 0 < share < 1:
        percent = np.ndim(share) == 0 and 1 < share < 100
        raise ValueError(
            f"level must lie between 0 and 1, got {level}"
            + (f": write {share / 100:g} for {share:g} %" if percent else "")
        )
    if samples is not None and len(samples) * (1 - level) < 2 - 1e-9:
        raise ValueError(
            f"a level of {level:g} needs at least {np.ceil(2 / (1 - level) - 1e-9):.0f} resamples, "
            f"and this fit has {len(samples)}: fit again with more (bootstrap=)"
        )
    return [(1 - level) / 2, (1 + level) / 2]


def shown(value) -> str:
    if hasattr(value, "columns"):
        return f"a {type(value).__name__}"
    text = repr(value.tolist() if hasattr(value, "tolist") else value)
    return text if len(text) < 60 else text[:57] + "..."
