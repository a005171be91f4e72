"""Answers as people write them: a field's text, or what a notebook's cell left."""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from .calculator import UNITS, Laws, Parser, is_word, tidy, unit_word, written
from .expressions import CalcError, Steps, evaluate

INFINITE = "infinite: a division by zero, or a power"
NO_NUMBER = "no number: a logarithm or root of something negative, or 0/0"
_COMPLEX = "that is a complex number; was a negative number raised to a fractional power?"


@dataclass(frozen=True)
class Typed:
    """An answer with its precision.

    half : half a unit of the last digit that was written; 0 for a sum that was worked out and for a
        number that a program left.
    digits : how many digits surely count; inf for those.
    said : what was read where a second reading is possible.
    rounded : a program's number of so few digits that somebody may have copied it.
    """

    value: float
    half: float = 0.0
    digits: float = math.inf
    said: str = ""
    rounded: bool = False


def read(
    text: str,
    unit: str = "",
    names: Mapping[str, Any] | None = None,
    laws: Laws | None = None,
) -> Typed:
    """The number in a field that asks for `unit`; CalcError where it cannot be read.

    Arithmetic is worked out, with the names, columns and laws that are given. A word for another
    unit of the same kind converts. The page reads alike: _ext/assets/calc.js.
    """
    own = unit.lower()
    if (found := _BARE.fullmatch(text)) and not (own and text.lower().endswith(own)):
        return _bare(found[1], found[2], unit)
    t = tidy(text)
    if re.search(r"\+-|±", t):
        raise CalcError("one number, without its uncertainty")
    for pattern, instead in _AROUND:
        t = pattern.sub(instead, t, 1)
    # a label where it stands once, at the end; 50 % + 10 % is a sum
    if own and unit_word(own) not in UNITS and t.lower().split(own)[1:2] == [""]:
        t = t[: -len(own)].strip()
    words = set(re.findall(r"[a-z_][a-z_0-9]*", t, re.I))
    if not re.search(r"[0-9]|[a-z]\.[a-z]", t, re.I) and not words & {"e", "pi", *(names or ())}:
        raise CalcError("a number is asked for")
    parser = Parser(t, names or (), laws)
    if parser.counted():
        parser.names = set()
    tree = parser.expression()
    value = evaluate(tree, names or {}, Steps())
    if np.ndim(value):
        raise CalcError("one number is asked for, not a column")
    body, literals = tree, 1
    while isinstance(body, list):  # a sign, a power of ten, per cent, words: still one number
        if body[0] == "*" and _power_of_ten(body[2]):
            literals += 2
        elif body[0] != "neg" and not (body[0] in "*/" and is_word(body[2])):
            break
        body = body[1]
    alone = isinstance(body, float) and len(parser.literals) == literals
    value = _converted(float(value), parser.units, unit, "%" in t, alone)
    if math.isnan(value):
        raise CalcError(NO_NUMBER)
    if math.isinf(value):
        raise CalcError(INFINITE)
    said = (
        f"{t} read as {t.replace(',', '')}; a decimal point would be {t.replace(',', '.')}"
        if re.fullmatch(r"[1-9][0-9]{0,2},[0-9]{3}[a-z ]*", t)
        else ""
    )
    mark = written(parser.literals[0]) if alone else None
    if mark is None or mark.value != body:
        return Typed(value, said=said)
    scale = abs(value / mark.value) if mark.value else 0.0
    return Typed(value, scale * mark.half, mark.digits, said)


#: nothing to tidy and nothing to work out: most answers, in a quarter of the time
_BARE = re.compile(r"([-+]?)([0-9]{1,17}(?:\.[0-9]{1,17})?(?:e[-+]?[0-9]{1,2})?)", re.I)


def _bare(sign: str, literal: str, unit: str) -> Typed:
    mark = written(literal)
    body = -mark.value if sign == "-" else mark.value
    value = _converted(body, [], unit, False, True)
    scale = abs(value / mark.value) if mark.value else 0.0
    return Typed(value, scale * mark.half, mark.digits)


#: what may stand around a number: a stop, "about", "I report", a name and its =, an x, a currency
_AROUND = tuple(
    (re.compile(pattern, re.I), instead)
    for pattern, instead in (
        (r"([0-9a-z%)])\s*[.,;!?]$", r"\1"),
        (
            r"^((i|my|is|say|report|guess|about|approx[a-z]*|roughly|around|ca|nearly|almost)"
            r"(?![a-z_0-9])\.?|[~≈=≃*:]|x(?=[ 0-9.])|[a-z][a-z_0-9]*(?=\s*[=:~≈≃])|\s)+",
            "",
        ),
        (r"([0-9]\s*(?:bit|nat)s?)\s*/\s*([a-z]+)$", r"\1 per \2"),
        (r"([0-9)])[-\s]*(x|\*|fold)$", r"\1"),
        (r"^(us|usd|eur)\s*(?=[0-9.])", ""),
        (r"^([-+]?[0-9.,]+)\s*\*\s*1e([-+]?[0-9]+)$", r"\1e\2"),
    )
)


def _power_of_ten(tree) -> bool:
    return isinstance(tree, list) and tree[:2] == ["**", 10.0]


def _converted(value: float, units: list[str], unit: str, percent: bool, alone: bool) -> float:
    """The value in the unit that is asked for; a word in a field without a unit is a label,
    where it stands at a number and not in arithmetic.
    """
    first = unit.partition(" ")[0]
    kind, size = UNITS.get(unit_word(unit)) or UNITS.get(unit_word(first)) or ("", 1.0)
    measured = [word for word in units if UNITS[word][0]]
    if kind and {UNITS[word][0] for word in measured} - {kind}:
        raise CalcError(f"that is in {' and '.join(measured)}; asked for is {unit}")
    if measured and (kind or alone):
        value /= size if kind else math.prod(UNITS[word][1] for word in measured)
    if not kind and size >= 1e6 and abs(value) >= 1e6:  # 33e9 where billions are asked for
        value /= size
    return value * 100 if unit == "%" and percent else value


def type_of(answer: Any) -> str:
    """The name of its type with an article: "an int", "a list"."""
    name = type(answer).__name__
    return f"{'an' if name[0].lower() in 'aeio' else 'a'} {name}"


def blank(answer: Any) -> bool:
    """Is this the place-holder of an answer: None, `...` or an empty text?"""
    return (
        answer is None
        or answer is Ellipsis
        or (isinstance(answer, str) and answer.strip() in ("", "...", "…"))
    )


def as_typed(answer: Any, unit: str = "") -> Typed:
    """What a student's cell left, as one finite number; a text is read as a field in `unit` is.

    Raises ValueError with a sentence for the student: for text that is no number, booleans, lists
    and arrays, complex numbers, nan, inf, and anything else.
    """
    if isinstance(answer, str):
        return read(answer, unit)
    if isinstance(answer, (bool, np.bool_)):
        raise ValueError("that is True or False; a number is asked for")
    if isinstance(answer, (numbers.Real, np.number, Decimal)) or (
        isinstance(answer, np.ndarray) and not answer.ndim
    ):
        value = _as_float(answer)
    elif isinstance(answer, numbers.Complex):
        raise ValueError(_COMPLEX)
    elif callable(answer):
        raise ValueError("one number is asked for, but this is a function; call it")
    else:
        raise ValueError(f"one number is asked for, but this is {type_of(answer)}")
    if math.isnan(value):
        raise ValueError(NO_NUMBER)
    if math.isinf(value):
        raise ValueError(INFINITE)
    short = len(repr(value).partition("e")[0].strip("-0.").replace(".", "")) <= 4
    return Typed(value, rounded=short and not isinstance(answer, (int, np.integer)))


def _as_float(answer) -> float:
    kind = answer.dtype.kind if isinstance(answer, (np.ndarray, np.generic)) else "f"
    if kind == "c":
        raise ValueError(_COMPLEX)
    if kind not in "iuf":
        raise ValueError(f"one number is asked for, but this is an array of {answer.dtype}")
    try:
        return float(answer)
    except OverflowError:
        return math.inf
    except Exception:
        raise ValueError(f"this {type(answer).__name__} could not be read as a number") from None
