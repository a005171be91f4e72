"""The one gate through which users' numbers enter the library: positive, finite, by position."""

from __future__ import annotations

from os import PathLike
from typing import TypeAlias, overload

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
            f"{name} must be numbers without gaps, got {_shown(value)}; "
            "drop missing runs and ragged lists first"
        ) from None
    raise ValueError(f"{name} must be numbers, got {raw.dtype}: {_shown(raw)}")


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


def tabular(runs):
    """`runs`, which has columns by name; in words where it has none."""
    if isinstance(runs, str | bytes | PathLike):
        raise ValueError(f"runs is {_shown(runs)}, no table: read it first, scalinglib.read(...)")
    if not hasattr(runs, "keys") and not hasattr(runs, "columns"):
        raise ValueError(
            f"runs is a {type(runs).__name__}: give a table, pandas.DataFrame(...), or a mapping "
            "of columns"
        )
    return runs


def have_columns(runs, names, reader: str) -> None:
    """Raises ValueError where the table lacks a column that `reader`, a form by name, needs."""
    missing = [name for name in names if name not in tabular(runs)]
    if missing:
        there = ", ".join(repr(name) for name in [*runs][:20])
        raise ValueError(
            f"runs have no column {missing[0]!r}; {reader} reads {', '.join(names)}, and there are "
            f"{there}: rename one (scalinglib.read finds common names in a file)"
        )


def together(names, given) -> list[Array]:
    """One array for each name, broadcast; in words where there are more or fewer, or lengths
    differ.
    """
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


def count(name: str, value) -> int:
    """How many resamples: a whole number, 0 or enough for the ends of a 90 % interval."""
    if isinstance(value, (bool, np.bool_)) or int(value) != value or value < 0:
        raise ValueError(f"{name} is the number of resamples, 0 or more, got {value}")
    if 0 < value < 20:
        raise ValueError(
            f"{name}={value} resamples have no ends of an interval: at least 20, for print 1000"
        )
    return int(value)


def ends(level, samples=None) -> list[float]:
    """The two quantiles between which the central share `level` lies.

    Raises ValueError where `samples` (None for none) has no row beyond them.
    """
    if not (np.ndim(level) == 0 and 0 < level < 1):
        percent = 1 < level < 100 if np.ndim(level) == 0 else False
        raise ValueError(
            f"level must lie between 0 and 1, got {level}"
            + (f": write {level / 100:g} for {level:g} %" if percent else "")
        )
    if samples is not None and len(samples) * (1 - level) < 2 - 1e-9:
        raise ValueError(
            f"a level of {level:g} needs at least {np.ceil(2 / (1 - level) - 1e-9):.0f} resamples, "
            f"and this fit has {len(samples)}: fit again with more (bootstrap=)"
        )
    return [(1 - level) / 2, (1 + level) / 2]


def _shown(value) -> str:
    text = repr(value.tolist() if hasattr(value, "tolist") else value)
    return text if len(text) < 60 else text[:57] + "..."
