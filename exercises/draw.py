"""Personal parameters: drawn from HMAC(key, exercise, student), rounded to keep answers pleasant.

The same on every machine and Python: only HMAC-SHA256 and the rounding of decimals are used. The
site and the public notebooks are those of the student "public" with the key "public".
"""

from __future__ import annotations

import hmac
import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from scalinglib.checks import Number, Part, Several, registry
from scalinglib.checks.expressions import evaluate
from scalinglib.checks.reading import read
from scalinglib.checks.slips import is_slip
from scalinglib.checks.verdicts import is_right

PUBLIC = "public"
Option = TypeVar("Option")
Key = str | Mapping[str, list[float]]
"""A class's secret, or what was drawn from it for some exercises and students."""


class Stream:
    """A stream of draws for one exercise and one student."""

    def __init__(self, key: Key, exercise: str, student: str) -> None:
        self._key, self._name, self._count = key, f"{exercise}|{student}", 0

    def unit(self) -> float:
        """Uniform on [0, 1), 53 bits."""
        self._count += 1
        if isinstance(self._key, Mapping):
            return self._key[self._name][self._count - 1]
        place = f"{self._count - 1}|{self._name}"
        digest = hmac.digest(self._key.encode(), place.encode(), "sha256")
        return (int.from_bytes(digest[:8], "big") >> 11) / 2**53

    def recorded(self) -> dict[str, list[float]]:
        """All that was drawn so far, by the stream's name: it stands for the key in here."""
        again = Stream(self._key, *self._name.rsplit("|", 1))
        return {self._name: [again.unit() for _ in range(self._count)]}

    def integer(self, low: int, high: int) -> int:
        """One of low, low + 1, ..., high."""
        return low + int(self.unit() * (high - low + 1))

    def uniform(self, low: float, high: float, step: float) -> float:
        """One of low, low + step, ..., high, free of binary dust: 0.31, not 0.31000000000000005."""
        start, stride = Decimal(str(low)), Decimal(str(step))
        return float(start + stride * self.integer(0, int((Decimal(str(high)) - start) / stride)))

    def log_uniform(self, low: float, high: float, digits: int = 2) -> float:
        """Log-uniform between low and high, rounded to significant digits: 3.7e9."""
        value = math.exp(math.log(low) + self.unit() * (math.log(high) - math.log(low)))
        return float(f"{value:.{digits - 1}e}")

    def choice(self, options: Sequence[Option]) -> Option:
        """One of the options."""
        return options[self.integer(0, len(options) - 1)]

    def seed(self) -> int:
        """A seed for simulated data: six digits."""
        return self.integer(100_000, 999_999)


def parameters(spec: Any, key: Key = PUBLIC, student: str = PUBLIC) -> dict:
    """The parameters of one exercise for one student, by name."""
    return spec.draw(Stream(key, spec.id, student))


def parameter_cell(params: dict) -> str:
    """The source of the parameter cell: one literal assignment a line, large numbers as 3.7e9."""
    return "\n".join(f"{name} = {_literal(value)}" for name, value in params.items())


def _literal(value) -> str:
    if not isinstance(value, float) or 1e-4 <= abs(value) < 1e5:
        return repr(value)
    mantissa, exponent = f"{Decimal(repr(value)):e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa}e{int(exponent)}"


def told_apart(
    id: str,
    draw: Callable[[Stream], dict],
    share: float = 0.02,
    wider: Mapping[str, float] | None = None,
) -> Callable[[Stream], dict]:
    """A draw, made again where a known mistake is within the right answer's reach.

    That is within this share of it, within twice what it may be off unwritten, or right when
    written in two to four digits. An exact part is left out: its right answer has no width.
    wider : name of a part -> its own share, where that is a larger one.
    """

    def drawn(stream):
        exercise = registry.exercise(id)
        assert isinstance(exercise, (Number, Several))
        while True:
            params = draw(stream)
            known = exercise.quantities(params)
            known |= exercise.truths(known)
            if not any(
                _reaches(
                    part,
                    float(evaluate(tree, known)),
                    known[part.name],
                    (wider or {}).get(part.name, share),
                )
                for part in exercise.told()
                if not (part.free or part.exact)
                for tree in part.trees
                if not is_slip(tree)  # none where it would be right
            ):
                return params

    return drawn


def _reaches(part: Part, wrong: float, right: float, share: float) -> bool:
    far = max(0.1 * abs(right), 2 * part.room(right))
    if not math.isfinite(wrong) or (abs(wrong - right) > far and not part.whole):
        return False  # two digits move a number by a twentieth at most
    return abs(wrong - right) < max(share * abs(right), 2 * part.room(right)) or any(
        is_right(part, read(f"{wrong:.{digits}e}"), right) for digits in (1, 2, 3)
    )
