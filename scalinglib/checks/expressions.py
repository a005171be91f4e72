"""The small language of conditions: Python expressions that a browser evaluates alike.

`parse` turns "near(A * x ** -alpha, L - E, 0.01)" into nested lists (JSON), `evaluate` gives their
value in float64: an overflow is inf and (-1) ** 0.5 is nan, as in a browser; nothing raises. The
language has numbers, True, False, names, + - * / **, < <= > >=, and, or, not, and the functions log
log2 log10 exp sqrt abs min max near; near(a, b, rtol) is |a - b| <= rtol |b|.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
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
_OPERATIONS = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "**": np.power,
    "neg": np.negative,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "exp": np.exp,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "min": np.minimum,
    "max": np.maximum,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
    "near": lambda a, b, rtol: np.abs(a - b) <= rtol * np.abs(b),
}
_VERDICTS = {"<", "<=", ">", ">=", "and", "or", "not", "near"}


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


def evaluate(tree: Any, values: Mapping[str, float]) -> Any:
    """The value of a tree: a float64, or a truth value; `values` maps names to numbers."""
    if isinstance(tree, str):
        return np.float64(values[tree])
    if isinstance(tree, bool):
        return tree
    if not isinstance(tree, list):
        return np.float64(tree)
    with np.errstate(all="ignore"):
        return _OPERATIONS[tree[0]](*(evaluate(branch, values) for branch in tree[1:]))


def is_condition(tree: Any) -> bool:
    """Does the tree say true or false (rather than a number)?"""
    return isinstance(tree, bool) or (isinstance(tree, list) and tree[0] in _VERDICTS)


def names_in(tree: Any) -> set[str]:
    """The names that a tree mentions."""
    if isinstance(tree, list):
        return set().union(*(names_in(branch) for branch in tree[1:]))
    return {tree} if isinstance(tree, str) else set()
