"""Known mistakes that are none where their number would be right.

`early` makes those of rounding on the way from the work itself: an author writes it once and passes
each value that a reader writes down through `keep`. `apart` takes expressions, as a `Part` does.
Where the number of such a slip cannot be told from the right one it is nan, so that a draw need not
be made again for it.

>>> def work(keep, loss, batch):
...     return 1 + keep("critical", 2e8 / loss ** (1 / 0.21)) / batch
>>> made = early("x", work, {"critical": "was the critical batch"})
>>> made.mistakes[0]
('slip_x_critical_1', 'was the critical batch rounded on the way? Carry four digits of it')
>>> [round(rule(loss=2.7, batch=5e5), 2) for rule in made.derived.values()]
[5.0, 4.6, 4.54]
>>> made = apart("x", "a / b", (("b / a", "upside down"), ("a / b ** 1.01", "a wrong power")))
>>> [rule(a=4.0, b=2.0) for rule in made.derived.values()]
[0.5, nan]
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .expressions import evaluate, names_in, parse

SLIP = "slip_"
_COUNT = {3: "three", 4: "four", 5: "five", 6: "six", 7: "seven"}
_SLACK = 1 + 1e-9


@dataclass(frozen=True)
class Slips:
    """Derived quantities of an exercise, and the mistakes whose numbers they are."""

    derived: Mapping[str, Callable[..., float]]
    mistakes: tuple[tuple[str, str], ...]


def is_slip(tree: Any) -> bool:
    """Is a mistake's expression one of these?"""
    return isinstance(tree, str) and tree.startswith(SLIP)


def early(
    part: str,
    work: Callable[..., float],
    told: Mapping[str, str],
    carry: int = 4,
    rtol: float = 1e-3,
    least: int = 1,
) -> Slips:
    """What `work` gives with its values in fewer digits than `carry`, down to `least`.

    part : of the answer, "x" where it is one number. work : called as work(keep, **params), and
        with `data` where the exercise has its own; it calls keep(name, value) for what is written
        down. told : name -> "was the critical batch", or "were the two bills"; with a "?" in it, it
        is all that is said. Other names are kept as they are. rtol : the part's own.
    """

    def number(names, digits):
        def quantity(data=None, **given):
            own = given if data is None else given | {"data": data}

            def without(short):
                return float(
                    work(
                        lambda name, value: _in_digits(value, digits) if name in short else value,
                        **own,
                    )
                )

            wrong = without(names)
            alone = [without({name}) for name in names] if len(names) > 1 else ()
            known = any(abs(wrong - one) < 0.005 * abs(wrong) for one in alone)
            return math.nan if known or _passes(wrong, without(()), rtol) else wrong

        return quantity

    said: dict[str, tuple[str, tuple[str, ...]]] = {
        name: (words, (name,)) for name, words in told.items()
    }
    if len(told) > 1:
        words = f"was more than one value rounded on the way? Carry {_COUNT[carry]} digits"
        said["all"] = (words, tuple(told))
    derived, mistakes = {}, []
    for name, (words, names) in said.items():
        if "?" not in words:
            which = "each" if words.startswith("were ") else "it"
            words += f" rounded on the way? Carry {_COUNT[carry]} digits of {which}"
        for digits in range(least, carry):
            derived[key := f"{SLIP}{part}_{name}_{digits}"] = number(names, digits)
            mistakes.append((key, words))
    return Slips(derived, tuple(mistakes))


def apart(
    part: str,
    truth: str,
    slips: Iterable[tuple[str, str]],
    named: Mapping[str, Callable[..., float]] | None = None,
    share: float = 0.021,
) -> Slips:
    """Mistakes as a `Part` has them: (expression over the exercise's numbers, what to say).

    truth : the part's own. named : further quantities for the expressions. A slip within `share` of
    the truth, in all its digits or in two or three, is none.
    """
    derived, mistakes = {}, []
    for place, (text, words) in enumerate(slips, 1):
        derived[key := f"{SLIP}{part}_{place}"] = _expressed(text, truth, named or {}, share)
        mistakes.append((key, words))
    return Slips(derived, tuple(mistakes))


def _expressed(text, truth, named, share):
    def quantity(data=None, **given):
        names = {*given, *named}
        trees = parse(text, names), parse(truth, names)
        own = given if data is None else given | {"data": data}
        used = set().union(*map(names_in, trees))
        values = given | {name: rule(**own) for name, rule in named.items() if name in used}
        wrong, right = (float(evaluate(tree, values)) for tree in trees)
        if not (math.isfinite(wrong) and math.isfinite(right)):
            return math.nan
        typed = (wrong, _in_digits(wrong, 2), _in_digits(wrong, 3))
        near = any(abs(one - right) <= share * abs(right) for one in typed)
        return math.nan if near else wrong

    return quantity


def _in_digits(value: float, digits: int) -> float:
    """As a person rounds: 4.5 is 5."""
    if not math.isfinite(value):
        return value
    exact = Decimal(repr(float(value)))
    last = Decimal(1).scaleb(exact.adjusted() - digits + 1)
    return float(exact.quantize(last, ROUND_HALF_UP)) if digits < 17 else value


def _passes(wrong: float, right: float, rtol: float) -> bool:
    """Would it be right in all its digits, or in two to four of them?"""
    if not (math.isfinite(wrong) and math.isfinite(right)):
        return True
    for digits in (2, 3, 4, 17):
        typed = _in_digits(wrong, digits)
        if digits == 2 and typed == _in_digits(right, 2):
            continue  # right so far, and said to be
        third = 10.0 ** (math.floor(math.log10(max(abs(typed), abs(right), 1e-300))) - 2)
        if abs(typed - right) <= max(rtol * abs(right), third / 2) * _SLACK:
            return True
    return False
