"""Numbers as people type them, and answers as people leave them."""

from __future__ import annotations

import math
import numbers
import re
from decimal import Decimal
from typing import Any

import numpy as np

_SCALES = {
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mln": 1e6,
    "million": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "g": 1e9,
    "billion": 1e9,
    "t": 1e12,
    "tn": 1e12,
    "trillion": 1e12,
    "%": 0.01,
    "percent": 0.01,
}
#: other spellings of a unit asked for, and signs that may stand before the number
_ALIASES = {
    "%": ("percent",),
    "times": ("x", "×"),
    "dollars": ("dollar", "usd", "$"),
    "GPU-hours": ("gpu hours", "hours", "hour", "h"),
    "kWh": ("kilowatt-hours",),
    "billion parameters": ("billion", "b"),
}
_SIGNS = {"dollars": "$"}
_UNITS = re.compile(
    r"\s*(parameters?|params?|tokens?|flops?|nats?( per token)?|bits?|times)$", re.I
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_DIGITS = r"[-+]?[0-9.,]+"
_E_FORM = re.compile(rf"({_DIGITS})e([-+]?[0-9]+)", re.I)
_POWER_FORM = re.compile(rf"(?:({_DIGITS})\s*[*×·x]\s*)?10\s*\^\s*\(?([-+]?[0-9]+)\)?", re.I)
_WORD_FORM = re.compile(rf"({_DIGITS})\s*([a-z]+|%)", re.I | re.A)

UNREADABLE = "that does not read as a number; write it as 1.2e9, 1.2 billion, 1.2*10^9 or 0.34"
INFINITE = "that is infinite; look for a division by zero or a power that is far too large"
_COMPLEX = "that is a complex number; was a negative number raised to a fractional power?"


def read_number(text: str, unit: str = "") -> float:
    """The number that `text` writes, or nan; `unit`, if asked for, may stand behind it.

    Understood are "1.2e9", "1.2 billion", "73B", "1,200,000,000", "1.2*10^9", "1.2·10⁹", "1,2e9",
    "20 %" (0.2, or 20 where the unit is %), "≈ 3 tokens", and "4.3x" or "$7,500" where times or
    dollars are asked for. The page reads alike: _ext/assets/answers.js.
    """
    t = _tidy(text)
    if unit in _SIGNS:
        t = t.removeprefix(_SIGNS[unit]).strip()
    for own in (unit, *_ALIASES.get(unit, ())):
        if own and t.lower().endswith(own.lower()):
            t = t[: -len(own)].strip()
    if m := _E_FORM.fullmatch(t) or _POWER_FORM.fullmatch(t):
        # nobody groups thousands before a power: "2,167e10" has a decimal comma
        digits = _plain_decimal(re.sub("^([-+]?[0-9]+),([0-9]+)$", r"\1.\2", m[1] or "1"))
        return float(f"{digits}e{m[2]}") if digits else math.nan
    if m := _WORD_FORM.fullmatch(t):
        return float(_plain_decimal(m[1]) or "nan") * _SCALES.get(m[2].lower(), math.nan)
    return float(_plain_decimal(t) or "nan")


def _tidy(text: str) -> str:
    """One spelling of signs, powers and thousands' gaps; no unit."""
    t = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+", lambda run: "^" + run[0].translate(_SUPERSCRIPTS), text.strip())
    t = re.sub(r"^[~≈=]\s*", "", re.sub("[−–]", "-", t)).replace("**", "^")
    t = re.sub(r"per\s+cent$", "percent", t, flags=re.I)
    t = re.sub(r"([0-9])[\s_'’]+(?=[0-9]{3}(?![0-9]))", r"\1", t)
    return _UNITS.sub("", t).strip()


def _plain_decimal(text: str) -> str:
    """Digits with at most one point, or "".

    "1,200,000" is grouped, "1,2" a decimal comma, "1.200.000,5" both.
    """
    t = text
    if re.fullmatch(r"[-+]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?", t):
        t = t.replace(",", "")
    elif re.fullmatch(
        r"[-+]?[0-9]{1,3}(\.[0-9]{3}){2,}(,[0-9]*)?|[-+]?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+", t
    ):
        t = t.replace(".", "").replace(",", ".")
    else:
        t = re.sub(r"^([-+]?[0-9]*),([0-9]+)$", r"\1.\2", t)
    return t if re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)", t) else ""


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


def as_real(answer: Any, unit: str = "") -> float:
    """One finite float64 out of what a student's cell left; text is read as a number in `unit`.

    Raises ValueError with a sentence for the student: for text that is no number, booleans, lists
    and arrays, complex numbers, nan, inf, and anything else.
    """
    if isinstance(answer, str):
        value = read_number(answer, unit)
        if math.isnan(value):
            raise ValueError(UNREADABLE)
    elif isinstance(answer, (bool, np.bool_)):
        raise ValueError("that is True or False; a number is asked for")
    elif isinstance(answer, (numbers.Real, np.number, Decimal)) or (
        isinstance(answer, np.ndarray) and not answer.ndim
    ):
        value = _as_float(answer)
    elif isinstance(answer, numbers.Complex):
        raise ValueError(_COMPLEX)
    elif isinstance(answer, (list, tuple, set, dict)) or hasattr(answer, "__array__"):
        raise ValueError(f"one number is asked for, but this is {type_of(answer)}")
    elif callable(answer):
        raise ValueError("one number is asked for, but this is a function; call it")
    else:
        raise ValueError(f"one number is asked for, but this is {type_of(answer)}")
    if math.isnan(value):
        raise ValueError(
            "that is nan (not a number); "
            "look for a logarithm or a root of something negative, or 0/0"
        )
    if math.isinf(value):
        raise ValueError(INFINITE)
    return value


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
