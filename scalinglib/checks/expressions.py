"""The small language of truths, mistakes and bounds: expressions that a browser evaluates alike.

`parse` turns an author's "near(A * x ** -alpha, L - E, 0.01)" into nested lists (JSON), `evaluate`
gives their value in float64: an overflow is inf and (-1) ** 0.5 is nan, as in a browser. The
author's language is Python's: numbers, True, False, names, + - * / **, < <= > >=, and, or, not, and
the functions log log2 log10 exp sqrt abs min max near; near(a, b, rtol) is |a - b| <= rtol |b|.
What a reader types becomes the same nested lists (calculator.py), with columns, their statistics,
units and `solve` besides. _ext/assets/calc.js evaluates both.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Collection, Mapping
from functools import reduce
from itertools import pairwise
from typing import Any

import numpy as np

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
}
_UNARY: dict[type[ast.unaryop], str] = {ast.USub: "neg", ast.Not: "not"}
_COMPARE: dict[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_LOGIC: dict[type[ast.boolop], str] = {ast.And: "and", ast.Or: "or"}
_CALLS = {
    "log": 1,
    "log2": 1,
    "log10": 1,
    "exp": 1,
    "sqrt": 1,
    "abs": 1,
    "min": 2,
    "max": 2,
    "near": 3,
}


class CalcError(ValueError):
    """What cannot be read or worked out; the text is for the reader."""


class Steps:
    """How much work is left: an expression is worked out for a stranger, in bounded time."""

    def __init__(self, left: int = 1_000_000) -> None:
        self.left = left

    def take(self, count: int) -> None:
        """Pay for `count` numbers; CalcError where the work is used up."""
        self.left -= count
        if self.left < 0:
            raise CalcError("too much to work out")


def _total(column):
    """The sum from left to right, as a browser adds; numpy's own is pairwise."""
    return np.cumsum(column)[-1]


def _mean(column):
    return _total(column) / len(column)


def _slope(x, y):
    x, y = x - _mean(x), y - _mean(y)
    return _total(x * y) / _total(x * x)


_NUMBERS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": np.power,
    "neg": operator.neg,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "exp": np.exp,
    "sqrt": np.sqrt,
    "abs": np.abs,
}
#: a column counts as one entry; a number is a column of one
_COLUMNS: dict[str, Callable[..., Any]] = {
    "mean": _mean,
    "sd": lambda x: np.sqrt(_total((x - _mean(x)) ** 2) / (len(x) - 1)),
    "sum": _total,
    "count": lambda x: np.float64(len(x)),
    "median": np.median,
    "slope": _slope,
    "intercept": lambda x, y: _mean(y) - _slope(x, y) * _mean(x),
}
_EXTREMES = {"min": np.minimum, "max": np.maximum}
_TRUTHS = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
    "near": lambda a, b, rtol: np.abs(a - b) <= rtol * np.abs(b),
}


def parse(text: str, names: Collection[str]) -> list | str | float | bool:
    """`text` as nested lists: "A * x > 1" -> [">", ["*", "A", "x"], 1.0].

    Raises ValueError for a name outside `names` and for anything outside the language.
    """
    try:
        body = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"{text!r} is not an expression: {error.msg}") from None
    return _tree(body, names, text)


def _tree(node: ast.expr, names, text: str):
    def below(child):
        return _tree(child, names, text)

    match node:
        case ast.Constant(value=bool() as truth):
            return truth
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name) if name in names:
            return name
        case ast.Name(id=name):
            raise ValueError(
                f"{text!r}: {name!r} is not known here; known are {', '.join(sorted(names))}"
            )
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _UNARY:
            return [_UNARY[type(op)], below(operand)]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return [_BINARY[type(op)], below(left), below(right)]
        case ast.Compare(left=left, ops=ops, comparators=rest) if all(
            type(op) in _COMPARE for op in ops
        ):
            sides = [below(side) for side in (left, *rest)]
            return _chain(
                "and",
                [
                    [_COMPARE[type(op)], a, b]
                    for op, (a, b) in zip(ops, pairwise(sides), strict=True)
                ],
            )
        case ast.BoolOp(op=op, values=values):
            return _chain(_LOGIC[type(op)], [below(value) for value in values])
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if _CALLS.get(name) == len(
            args
        ):
            return [name, *map(below, args)]
    raise ValueError(
        f"{text!r}: {ast.unparse(node)!r} is outside the small language "
        f"(+ - * / ** < <= > >= and or not {' '.join(f'{name}/{n}' for name, n in _CALLS.items())})"
    )


def _chain(operation: str, links: list):
    tree = links[0]
    for link in links[1:]:
        tree = [operation, tree, link]
    return tree


def evaluate(tree: Any, values: Mapping[str, Any], steps: Steps | None = None) -> Any:
    """The value of a tree: a float64, a truth value, or for columns an array of float64.

    values : name -> number, or one-dimensional array. Raises CalcError for columns of different
    length, and where `steps`, if given, are used up.
    """
    with np.errstate(all="ignore"):
        return _value(tree, values, steps)


def _value(tree, values, steps):
    if isinstance(tree, str):
        value = values[tree]
        return value if isinstance(value, np.ndarray) else np.float64(value)
    if isinstance(tree, bool):
        return tree
    if not isinstance(tree, list):
        return np.float64(tree)
    operation, *branches = tree
    if operation == "unit":
        return np.float64(branches[1])
    if operation == "solve":
        return _solve(branches, values, steps)
    entries = [_value(branch, values, steps) for branch in branches]
    if steps:
        steps.take(sum(np.size(entry) for entry in entries))
    if operation in _NUMBERS and np.ndarray not in map(type, entries):
        return _NUMBERS[operation](*entries)  # most are single numbers
    return _worked_out(operation, entries)


def _worked_out(operation: str, entries: list):
    if operation in _TRUTHS:
        return _TRUTHS[operation](*entries)
    if operation == "list" or operation in _EXTREMES:
        if len(entries) > 1 and any(map(np.ndim, entries)):
            raise CalcError(f"{operation} takes numbers, or one column")
        column = np.array(entries) if len(entries) > 1 else np.atleast_1d(entries[0])
        return column if operation == "list" else reduce(_EXTREMES[operation], column)
    lengths = {entry.size for entry in entries if isinstance(entry, np.ndarray) and entry.ndim}
    if len(lengths) > 1:
        raise CalcError("columns of different length")
    if operation in _COLUMNS:
        columns = [np.atleast_1d(entry) for entry in entries]
        if len({len(column) for column in columns}) > 1:
            raise CalcError("columns of different length")
        return _COLUMNS[operation](*columns)
    return _NUMBERS[operation](*entries)


def _solve(branches, values, steps):
    """Halve the interval where the sign changes; 80 halvings are as fine as the numbers are."""
    name, start, end, zero = branches
    low, high = _value(start, values, steps), _value(end, values, steps)

    def at(x):
        return _value(zero, {**values, name: x}, steps)

    ends = [low, high, *(() if np.ndim(low) or np.ndim(high) else (at(low), at(high)))]
    if any(np.ndim(x) or math.isnan(x) for x in ends) or (ends[2] > 0) == (ends[3] > 0):
        raise CalcError("no change of sign there")
    for _ in range(80):
        middle = low + (high - low) / 2
        if (at(middle) > 0) == (ends[2] > 0):
            low = middle
        else:
            high = middle
    return low + (high - low) / 2


def is_condition(tree: Any) -> bool:
    """Does the tree say true or false (rather than a number)?"""
    return isinstance(tree, bool) or (isinstance(tree, list) and tree[0] in _TRUTHS)


def names_in(tree: Any) -> set[str]:
    """The names that a tree mentions."""
    if isinstance(tree, list):
        return set().union(*(names_in(branch) for branch in tree[1:]))
    return {tree} if isinstance(tree, str) else set()
