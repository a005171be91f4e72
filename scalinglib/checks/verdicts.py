"""The judge of numbers: fair precision, each part by itself. _ext/assets/calc.js says the same.

1. right: within half a unit of the third digit (of the larger of the two numbers) if it was written
   as a number, or within `rtol`. A sum that was worked out has full precision: `rtol` alone.
2. right so far: too few digits, and the truth within half a unit of the last one. No accusation.
3. follows: what this part's own formula gives from other entries that are not right; where one has
   the wrong sign, also without it.
4. mistake: a known wrong number, recognised at the precision in which the answer was written. Two
   fit: both are said. More: one more digit is asked for; beyond the digits wanted, two of them are
   said. None: the nearest within 1 % (or that fits three of more digits), as what it may be *if you
   rounded*, and the general words. Unless the number was typed to its last digit, it is said as
   what it *may* be: other ways lead there. Within 2 % of the truth a mistake is said only where it
   fits all digits wanted.
   Slips made of other entries take these with the sign that they should have: the words are
   written for it ("that many times the features double the loss").
5. bounds: with too few digits, held against an answer only if they fail at both ends of what was
   written. An end that would be right is no excuse: what was written is not. A bound of several
   parts has the digits of the coarsest: so has a product.
6. the part's own general words.

A `strict` judge has no rule 2: a personal, graded number cannot be felt for digit by digit. It asks
for all digits before it says anything else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from typing import Any

from .expressions import evaluate, names_in
from .reading import Typed

RIGHT, SO_FAR, FOLLOWS, WRONG = "right", "so far", "follows", "wrong"
_COUNT = ("no", "one", "two", "three", "four", "five", "six", "seven")
_SLACK = 1 + 1e-9
_EXACT = 1e-9  # an exact number is right to this share
_NEAREST = 0.01  # how far a mistake may be from what was typed where none fits its digits
_BESIDE = 0.02  # within this share of the truth it was rounded or cut on the way, as likely as not


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked of one number.

    truth : an expression over the parameters, derived quantities and earlier parts; None where the
        reader is free within the bounds.
    unit : what it is asked for in; may stand behind the number.
    rtol, atol : how far off it may be: a share of the truth, or in its unit; the larger counts.
    digits, why : how many digits are wanted; where it is not three, why.
    exact : a count, or a value that is given exactly: right with any number of digits.
    whole : what is counted comes whole: the truth rounded, or rounded up, is right as well.
    mistakes : (expression for the number that a mistake gives, what to say).
    generic : what to say where nothing else fits.
    """

    truth: str | None = None
    unit: str = ""
    rtol: float = 1e-3
    atol: float = 0.0
    digits: int = 3
    why: str = ""
    exact: bool = False
    whole: bool = False
    mistakes: tuple[tuple[str, str], ...] = ()
    generic: str = ""


@dataclass(frozen=True, kw_only=True)
class Part(Asked):
    """One number of an answer; `name` is what expressions and the page call it."""

    name: str
    tree: Any = field(default=None, init=False, repr=False, compare=False)
    trees: tuple = field(default=(), init=False, repr=False, compare=False)
    #: does the mistake hang on the parts' own numbers, typed or right?
    linked: tuple = field(default=(), init=False, repr=False, compare=False)

    @property
    def free(self) -> bool:
        """Is there no one right number?"""
        return self.truth is None

    def room(self, size: float) -> float:
        """How far an unwritten number of about this size may be off."""
        return max(self.rtol * abs(size), self.atol)


@dataclass(frozen=True)
class Line:
    """What is said of one part.

    rule : "mistake 2", "bound 1", "follows", "digits", "so far" or "generic".
    """

    name: str
    state: str
    words: str = ""
    rule: str = ""


def judged(
    parts: Iterable[Part],
    bounds: Iterable[tuple[Any, str]],
    values: Mapping[str, float],
    typed: Mapping[str, Typed],
    strict: bool,
) -> list[Line]:
    """A line for each part.

    bounds : (condition that must hold, what to say where it does not). values : parameters and
    derived quantities by name. typed : each part's answer.
    """
    parts = list(parts)
    given = {**values, **{name: one.value for name, one in typed.items()}}
    truths = with_truths(parts, given)
    free = {part.name for part in parts if part.free}
    upright = {
        name: -value if name in typed and value * truths[name] < 0 else value
        for name, value in given.items()
    }
    here = _Here(given, truths, upright, typed, free, list(bounds), strict)
    lines: dict[str, Line] = {}
    for part in parts:
        lines[part.name] = here.line(part, lines)
    return list(lines.values())


def with_truths(parts: Iterable[Part], given: Mapping[str, float]) -> dict[str, float]:
    """`given` with each part's own truth in place of what was typed; free parts stay."""
    truths = dict(given)
    for part in parts:
        if not part.free:
            truths[part.name] = float(evaluate(part.tree, truths))
    return truths


@dataclass(frozen=True)
class _Here:
    given: dict
    truths: dict
    upright: dict  # `given`, each entry with the sign of its truth
    typed: Mapping[str, Typed]
    free: set
    bounds: list
    strict: bool

    def line(self, part: Part, before: Mapping[str, Line]) -> Line:
        me = self.typed[part.name]
        if part.free:
            said = self._bound(part)
            assert said is not None  # of a free part there is always something to say
            return (self._mistake(part, me, None) or said) if said.state == WRONG else said
        truth = self.truths[part.name]
        if is_right(part, me, truth):
            return Line(part.name, RIGHT)
        return (
            self._so_far(part, me, truth)
            or self._follows(part, me, before)
            or self._mistake(part, me, truth)
            or self._bound(part)
            or Line(part.name, WRONG, part.generic + self._rounded(me), "generic")
        )

    def _rounded(self, me):
        told = self.strict and me.rounded
        return "; if you rounded it, give it as the notebook has it" if told else ""

    def _so_far(self, part, me, truth):
        off = abs(me.value - truth)
        if part.exact:
            words = "give all its digits"
            near = off <= me.half * _SLACK
        elif me.digits == math.inf:
            words = "carry one more digit"
            near = off <= unit(max(abs(me.value), abs(truth)), part.digits) / 2 * _SLACK
        else:
            missing = part.digits - int(me.digits)
            if missing <= 0:
                return None
            words = f"give {_COUNT[missing]} more digit{'s' if missing > 1 else ''}"
            near = off <= min(me.half, unit(truth, int(me.digits)) / 2) * _SLACK
            if self.strict:
                return Line(part.name, WRONG, f"give {_COUNT[part.digits]} digits", "digits")
        if not near or not me.value or self.strict:
            return None
        return Line(part.name, SO_FAR, f"right so far: {words}", "so far")

    def _follows(self, part, me, before):
        needed = [before[name] for name in before if name in names_in(part.tree)]
        used = [line for line in needed if line.name in self.free or line.state != RIGHT]
        if not used:
            return None
        names = [line.name for line in used]
        room = max(me.half, part.room(me.value))
        if me.digits < math.inf:
            room = max(room, unit(me.value, 3) / 2)

        def found(known):
            typed = {name: Typed(known[name], half=self.typed[name].half) for name in names}
            ends = [float(evaluate(part.tree, one)) for one in ends_of(typed, known)]
            return min(ends) - room <= me.value <= max(ends) + room

        if not (found(self.given) or found(self.upright)):
            return None
        if wrong := [line.name for line in used if line.state in (WRONG, FOLLOWS)]:
            words = f"it follows from your {_and(wrong)}, and the error is there"
            return Line(part.name, FOLLOWS, words, "follows")
        if self.strict:
            return None
        words = f"give more digits of your {_and(names)}"
        return Line(part.name, SO_FAR, words, "so far")

    def _mistake(self, part, me, truth):
        found, same, nearest, close = {}, {}, None, math.inf
        beside = bool(truth) and not part.exact and abs(me.value / truth - 1) < _BESIDE
        if beside and me.digits < part.digits:
            return None
        known_mistakes = zip(part.trees, part.linked, part.mistakes, strict=True)
        for place, (tree, linked, (_, words)) in enumerate(known_mistakes, 1):
            for known in (self.upright, self.truths) if linked else (self.given,):
                value = float(evaluate(tree, known))
                if not math.isfinite(value):
                    continue
                off, size = abs(me.value - value), abs(value) * _SLACK
                fits = _fits(part, me, value)
                near = off <= _NEAREST * size and not (beside or part.exact)
                if not (fits or near) or (truth is not None and _fits(part, Typed(value), truth)):
                    continue
                # what was typed with more than three digits speaks with all of them
                if not fits or off > me.half + _EXACT * size:
                    # of two that give the same but for their last bits, the first
                    if off / size < close - _EXACT:
                        nearest, close = (place, words), off / size
                    continue
                found.setdefault(words, place)
                # of many that fit, the one that was typed to its last digit
                if off <= _EXACT * size:
                    same.setdefault(words, place)
        if not found:
            if not nearest:
                return None
            place, words = nearest
            words = f"that may be this slip, if you rounded: {_stop(words)} If not: {part.generic}"
            return Line(part.name, WRONG, words, f"mistake {place}")
        if len(found) > 2:
            found = same or found
        rule = f"mistake {min(found.values())}"
        if len(found) == 1:
            words = next(iter(found))
            if not same:
                words = f"that may be this slip: {words}"
        elif len(found) == 2 or me.digits > part.digits:
            either, other = list(found)[:2]
            words = f"that may be one of two slips. Either: {_stop(either)} Or: {other}"
        else:
            words = "several slips fit: give one more digit"
        return Line(part.name, WRONG, words, rule)

    def _bound(self, part):
        """The first bound that fails; a free part is right where all that mention it hold."""
        so_far = None
        for place, (rule, words) in enumerate(self.bounds, 1):
            if part.name not in names_in(rule) or evaluate(rule, self.given):
                continue
            # with all its digits it is what was meant
            meant = self.strict or all(
                self.typed[name].digits >= part.digits
                for name in names_in(rule)
                if name in self.typed
            )
            if meant or not self._possible(rule, part):
                return Line(part.name, WRONG, words, f"bound {place}")
            so_far = so_far or Line(
                part.name, SO_FAR, "too few digits to tell: give one more digit", "so far"
            )
        return (so_far or Line(part.name, RIGHT)) if part.free else None

    def _possible(self, rule, part) -> bool:
        """Does a condition hold at some end of what was written that would not be right?"""
        typed = {name: one for name, one in self.typed.items() if name in names_in(rule)}
        return any(
            evaluate(rule, ends)
            and (part.free or not is_right(part, Typed(ends[part.name]), self.truths[part.name]))
            for ends in ends_of(typed, self.given)
        )


def is_right(part: Part, me: Typed, truth: float) -> bool:
    """Rule 1."""
    off = abs(me.value - truth)
    if part.exact:
        return off <= _EXACT * abs(truth)
    if part.whole and me.value in (
        math.floor(truth + 0.5),
        math.ceil(truth - _EXACT * abs(truth)),
    ):
        return True
    room = part.room(truth)
    if me.digits < math.inf:
        room = max(room, unit(max(abs(me.value), abs(truth)), part.digits) / 2)
    return off <= room * _SLACK


def unit(value: float, digits: int) -> float:
    """The unit of the `digits`-th significant digit of a number; 0 of 0."""
    return float(f"1e{Decimal(value).adjusted() - digits + 1}") if value else 0.0


def _fits(part, me, value):
    """Is what was written this number, at its precision?"""
    off = abs(me.value - value)
    if part.exact:
        return off <= _EXACT * abs(value)
    if part.whole and me.value in (math.floor(value), math.ceil(value)):
        return True
    if not me.value or not value:
        return me.value == value
    return off <= max(me.half, unit(max(abs(me.value), abs(value)), 3) / 2) * _SLACK


def _ends(one: Typed):
    return (one.value - one.half, one.value, one.value + one.half)


def ends_of(typed: Mapping[str, Typed], given: Mapping[str, float]) -> Iterator[dict[str, float]]:
    """`given` with all ends of what was written in the parts."""
    for corner in product(*map(_ends, typed.values())):
        yield {**given, **dict(zip(typed, corner, strict=True))}


def _stop(words: str) -> str:
    return words if words.endswith("?") else f"{words}."


def _and(names) -> str:
    return " and ".join(names)


def in_words(lines: list[Line]) -> str:
    """One sentence of all lines: what is right, and then each part's own words, once each."""
    if len(lines) == 1:
        return lines[0].words
    pieces: dict[str, list[str]] = {}
    for line in sorted(lines, key=lambda line: line.state != RIGHT):
        pieces.setdefault("right" if line.state == RIGHT else line.words, []).append(line.name)
    return "; ".join(
        f"{_and(names)} {'is' if len(names) == 1 else 'are'} right"
        if words == "right"
        else f"{_and(names)}: {words}"
        for words, names in pieces.items()
    )
