"""Known mistakes of rounding on the way, made from an exercise's own steps.

An author writes the work once and passes each value that a reader writes down on the way through
`keep`. Worked out again with one of them short of digits, and with all of them, it gives a number
for each; where one of these would be right it is no mistake.

>>> def work(keep, loss, batch):
...     return 1 + keep("critical", 2e8 / loss ** (1 / 0.21)) / batch
>>> made = early("x", work, {"critical": "was the critical batch"})
>>> made.mistakes[0]
('early_x_critical_1', 'was the critical batch rounded on the way? Carry four digits of it')
>>> [round(rule(loss=2.7, batch=5e5), 2) for rule in made.derived.values()]
[5.0, 4.6, 4.54]
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

#: how the derived quantities begin
EARLY = "early_"
_COUNT = {3: "three", 4: "four", 5: "five", 6: "six"}
_SLACK = 1 + 1e-9


@dataclass(frozen=True)
class Early:
    """Derived quantities of a spec, and the mistakes that they are the numbers of."""

    derived: Mapping[str, Callable[..., float]]
    mistakes: tuple[tuple[str, str], ...]


def early(
    part: str,
    work: Callable[..., float],
    told: Mapping[str, str],
    carry: int = 4,
    rtol: float = 1e-3,
    least: int = 1,
) -> Early:
    """What `work` gives with its values in fewer digits than `carry`, down to `least`.

    work : called as work(keep, **params), with `data` as well where the exercise has its own; it
        calls keep(name, value) for what is written down. A name that is not in `told` is kept.
    told : name -> "was the critical batch", or "were the two bills"; if it has a "?" in it, all
        that is said.
    rtol : the part's own.
    """

    def number(names, digits):
        def quantity(data=None, **given):
            own = given if data is None else given | {"data": data}
            wrong = float(work(lambda name, value: _short(name, value, names, digits), **own))
            right = float(work(lambda name, value: value, **own))
            return math.nan if _passes(wrong, right, rtol) else wrong

        return quantity

    count = _COUNT[carry]
    said = {name: (words, {name}) for name, words in told.items()}
    if len(told) > 1:
        said["all"] = (f"was more than one value rounded on the way? Carry {count} digits", {*told})
    derived, mistakes = {}, []
    for name, (words, names) in said.items():
        if "?" not in words:
            which = "each" if words.startswith("were ") else "it"
            words += f" rounded on the way? Carry {count} digits of {which}"
        for digits in range(least, carry):
            derived[key := f"{EARLY}{part}_{name}_{digits}"] = number(names, digits)
            mistakes.append((key, words))
    return Early(derived, tuple(mistakes))


def is_early(tree: Any) -> bool:
    """Is a mistake's expression one of these? They are none where they would be right."""
    return isinstance(tree, str) and tree.startswith(EARLY)


def _in_digits(value: float, digits: int) -> float:
    return float(f"{value:.{digits - 1}e}")


def _short(name, value, names, digits):
    return _in_digits(value, digits) if name in names else value


def _passes(wrong: float, right: float, rtol: float) -> bool:
    """Would it be right in all its digits, or in two to four of them?"""
    if not (math.isfinite(wrong) and math.isfinite(right)):
        return True
    for digits in (2, 3, 4, 17):
        typed = _in_digits(wrong, digits)
        if digits == 2 and typed == _in_digits(right, 2):
            continue  # so far the right one, and said to be
        third = 10.0 ** (math.floor(math.log10(max(abs(typed), abs(right), 1e-300))) - 2)
        if abs(typed - right) <= max(rtol * abs(right), third / 2) * _SLACK:
            return True
    return False
