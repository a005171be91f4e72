"""The kinds of exercise, and the one judge that the notebook's check and the grader share.

`Number`, `Several`, `Plan` and `Choice` are data: conditions in the small language of
`expressions.py` over the given parameters, so that the page can judge without a kernel. `Function`
calls the student's function; its properties are Python. A `Text` is read by a person; here it is
only seen to be worth their time.

No kind holds an answer. A property either puts the answer back into the question ("near(2 ** -x,
ratio, 1e-3)") or compares it with a quantity in `derived`, which is computed from the parameters
when the answer is judged.
"""

from __future__ import annotations

import copy
import dis
import math
import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, SupportsFloat, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from .expressions import evaluate, is_condition, names_in, parse
from .reading import as_real, blank, type_of

NOT_ATTEMPTED, NOT_YET, RIGHT, TO_READ = "not attempted", "not yet", "right", "to be read"
_ID = re.compile(r"\d\d(-[a-z0-9]+)+")
_PLACE_HOLDER = "replace the ... by your answer, then run the cell and this one again"


@dataclass(frozen=True, repr=False)
class Outcome:
    """What a check says; `status`: "not attempted", "not yet", "right", a text's "to be read".

    `rule` names what decided, for tests and class reports: "form" (not an answer of the kind asked
    for), "mistake 2" (the second known mistake), "property 1" (the first property that fails);
    empty when right or not attempted. `partial` is the share of the points that an answer has
    though it is not right yet.
    """

    status: str
    message: str
    rule: str = ""
    partial: float = 0.0

    @property
    def share(self) -> float:
        """The share of the exercise's points, 0 to 1."""
        return 1.0 if self.status == RIGHT else self.partial

    def __repr__(self) -> str:
        return " ".join(f"{self.status}: {self.message}".split())


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """What every kind has.

    id : words with the chapter's number in front, "09-halve-interval".
    answer : the name that the notebook binds.
    given : names of the parameters that `check` takes.
    properties : (condition, what to say where it fails) in the order of trying; the last one
        decides, those before it are there for what they say.
    mistakes : (known mistake, what to say); looked through when a property fails.
    hints : what to look at, the relation, the first line of code.
    praise : what to say when right.

    Messages may use {names} of parameters; braces that stay are doubled.
    """

    id: str
    answer: str
    hints: tuple[str, str, str]
    given: tuple[str, ...] = ()
    praise: str = "it has every property asked for"

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(
                f"exercise id {self.id!r}: write words with the chapter number in front, as in "
                "'09-halve-interval'"
            )
        if not self.answer.isidentifier():
            raise self._mistaken(f"answer {self.answer!r} is not a Python name")
        if taken := {"id", "answer"} & set(self.given):
            raise self._mistaken(
                f"check() has an argument {taken.pop()!r} already; rename the parameter"
            )
        for group in ("given", "hints"):
            if isinstance(getattr(self, group), str):
                raise self._mistaken(f'{group} is one string; write a tuple: ("...",)')
        if len(self.hints) != 3 or not all(hint.strip() for hint in self.hints):
            raise self._mistaken(
                "give 3 hints (what to look at, the relation, the first line), "
                f"got {len(self.hints)}"
            )
        known = self._words()
        for message in self._messages():
            for _, name, *_ in string.Formatter().parse(message):
                if name is not None and name not in known:
                    raise self._mistaken(
                        f"message {message!r} uses {{{name}}}; known are {sorted(known)}"
                    )

    def judge(self, answer: Any, params: Mapping) -> Outcome:
        """The outcome for `answer`, where `params` gives each name of `given`."""
        raise NotImplementedError

    def _words(self) -> set[str]:
        """Names that messages may use."""
        return set(self.given)

    def _messages(self) -> tuple[str, ...]:
        """Everything that may be said."""
        return (self.praise,)

    def _mistaken(self, what: str) -> ValueError:
        return ValueError(f"exercise {self.id}: {what}")


@dataclass(frozen=True, kw_only=True)
class _Conditions(Exercise):
    """Exercises judged by conditions over parameters and derived quantities.

    derived : name -> a number, or a function of the parameters that is called as f(**params) and
        gives one. Here Python is free: a fit to the personal data, a call of the library, a
        constant of a paper. The page gets the numbers.
    """

    derived: Mapping[str, SupportsFloat | Callable[..., SupportsFloat]] = field(
        default_factory=dict
    )
    rules: dict[str, list] = field(init=False, repr=False, compare=False)

    def _words(self) -> set[str]:
        return {*self.given, *self.derived}

    def quantities(self, params: Mapping) -> dict[str, float]:
        """The parameters that are numbers, and the derived quantities."""
        try:
            values = {
                name: float(rule) if isinstance(rule, SupportsFloat) else float(rule(**params))
                for name, rule in self.derived.items()
            }
            numeric = {
                name for name, value in params.items() if isinstance(value, (int, float, np.number))
            }
            if needed := self._mentioned() & (set(params) - numeric):
                raise TypeError(f"{sorted(needed)[0]} must be a number")
        except Exception as error:
            raise ValueError(
                f"{self.id} cannot be judged with {_shown(params)} ({type(error).__name__}: "
                f"{error}); restore the parameter cell and run it again"
            ) from error
        return values | {name: float(params[name]) for name in numeric}

    def _mentioned(self) -> set[str]:
        return set().union(*(names_in(rule) for rules in self.rules.values() for rule in rules))


@dataclass(frozen=True, kw_only=True)
class Number(_Conditions):
    """One number, called `x` in the conditions.

    properties : (condition, message); mistakes : (the number that the mistake gives, or a
        condition, message).
    rtol : how near x must be to a mistake's number to be told so.
    unit : shown beside the answer box; may stand behind a number that is given as text.
    """

    properties: tuple[tuple[str, str], ...]
    mistakes: tuple[tuple[str, str], ...] = ()
    rtol: float = 0.01
    unit: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "rules", _parse_rules(self, {"x"}))

    def judge(self, answer: Any, params: Mapping[str, Any]) -> Outcome:
        if blank(answer):
            return Outcome(NOT_ATTEMPTED, _PLACE_HOLDER)
        try:
            x = as_real(answer, self.unit)
        except ValueError as refusal:
            return Outcome(NOT_YET, str(refusal), "form")
        values = self.quantities(params)
        return _decide(self, values | {"x": x}, x, text_values(params, values))

    def _messages(self) -> tuple[str, ...]:
        return _said(self)


@dataclass(frozen=True, kw_only=True)
class Several(_Conditions):
    """Several named numbers: a dict with these keys, or a tuple, list or array in this order.

    parts : the names, which the conditions use. units : what each is asked for in, where the page
        says so and reads it behind a number. properties and mistakes are conditions over them. A
        part counts as right when every property that mentions it holds; the message names the parts
        that are right already.
    """

    parts: tuple[str, ...]
    units: tuple[str, ...] = ()
    properties: tuple[tuple[str, str], ...]
    mistakes: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "rules", _parse_rules(self, set(self.parts)))
        if self.units and len(self.units) != len(self.parts):
            raise self._mistaken("give one unit for each part, or none")
        if not all(is_condition(rule) for rule in self.rules["mistakes"]):
            raise self._mistaken(
                "mistakes of several numbers are conditions: 'near(alpha, 2 * slope, 0.01)'"
            )

    def judge(self, answer: Any, params: Mapping[str, Any]) -> Outcome:
        if blank(answer):
            return Outcome(NOT_ATTEMPTED, _PLACE_HOLDER)
        try:
            entries = self._entries(answer)
        except ValueError as refusal:
            return Outcome(NOT_YET, str(refusal), "form")
        numbers = {}
        for (part, entry), unit in zip(
            entries.items(), self.units or [""] * len(self.parts), strict=True
        ):
            if blank(entry):
                return Outcome(NOT_ATTEMPTED, f"{part} is still open")
            try:
                numbers[part] = as_real(entry, unit)
            except ValueError as refusal:
                return Outcome(NOT_YET, f"{part}: {refusal}", "form")
        values = self.quantities(params)
        return self._verdict(values | numbers, text_values(params, values))

    def _verdict(self, values: dict, texts: dict) -> Outcome:
        outcome = _decide(self, values, None, texts)
        if not outcome.rule.startswith("property"):
            return outcome
        held = [evaluate(rule, values) for rule in self.rules["properties"]]
        right = [
            part
            for part in self.parts
            if all(
                ok
                for ok, rule in zip(held, self.rules["properties"], strict=True)
                if part in names_in(rule)
            )
        ]
        if not right:
            return outcome
        return Outcome(
            NOT_YET,
            f"{' and '.join(right)} {'is' if len(right) == 1 else 'are'} right; {outcome.message}",
            outcome.rule,
        )

    def _entries(self, answer) -> dict:
        wanted = ", ".join(self.parts)
        if hasattr(answer, "keys"):
            missing = [part for part in self.parts if part not in answer]
            if missing:
                raise ValueError(f"the answer has no entry {missing[0]!r}; it needs {wanted}")
            return {part: answer[part] for part in self.parts}
        if isinstance(answer, (tuple, list)) or (isinstance(answer, np.ndarray) and answer.ndim):
            if len(answer) != len(self.parts):
                raise ValueError(
                    f"{len(self.parts)} numbers are asked for ({wanted}), "
                    f"but there are {len(answer)}"
                )
            return dict(zip(self.parts, answer, strict=True))
        raise ValueError(
            f"{len(self.parts)} numbers are asked for ({wanted}), but this is {type_of(answer)}"
        )

    def _messages(self) -> tuple[str, ...]:
        return _said(self)


@dataclass(frozen=True, kw_only=True)
class Plan(Several):
    """Several numbers that make a plan, scored by how far it falls short of the best one.

    distance : an expression in the parts, 0 for the best plan; it is asked about when all
        properties hold.
    full, none : the distance up to which a plan is right, and that from which it has no points; in
        between the share of the points falls in a straight line. short : what to say to a plan that
        is not right.
    """

    distance: str
    full: float
    none: float
    short: str

    def __post_init__(self) -> None:
        if not 0 <= self.full < self.none:
            raise self._mistaken(
                f"full must be below none, both 0 or more; got {self.full} and {self.none}"
            )
        object.__setattr__(
            self,
            "properties",
            (*self.properties, (f"{self.distance} <= {self.full!r}", self.short)),
        )
        super().__post_init__()

    def _verdict(self, values, texts):
        outcome = super()._verdict(values, texts)
        *others, (_, distance, _) = self.rules["properties"]
        if outcome.status == RIGHT or not all(evaluate(rule, values) for rule in others):
            return outcome
        percent = scored(evaluate(distance, values), self.full, self.none)
        return Outcome(
            NOT_YET, SCORED.format(percent) + outcome.message, outcome.rule, percent / 100
        )


#: what a plan with part of the points is told first; the page says the same
SCORED = "this plan has {} % of the points; "


def scored(distance: float, full: float, none: float) -> int:
    """Per cent of the points for a plan at this distance from the best one, rounded down."""
    share = (none - distance) / (none - full)
    return math.floor(100 * min(max(share, 0.0), 1.0)) if math.isfinite(share) else 0


@dataclass(frozen=True, kw_only=True)
class Choice(_Conditions):
    """One of several options.

    options : (name, condition under which it is the right one, what to say where it is not). For
        given parameters exactly one condition holds: "True" and "False" will do where nothing is
        personal.
    """

    options: tuple[tuple[str, str, str], ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        if len({name.casefold() for name, *_ in self.options}) < max(2, len(self.options)):
            raise self._mistaken("give at least two options with different names")
        object.__setattr__(
            self,
            "rules",
            {
                "options": [
                    _condition(self, text, {*self.given, *self.derived})
                    for _, text, _ in self.options
                ]
            },
        )

    def judge(self, answer: Any, params: Mapping[str, Any]) -> Outcome:
        if blank(answer):
            return Outcome(NOT_ATTEMPTED, _PLACE_HOLDER)
        names = [name for name, *_ in self.options]
        chosen = answer.strip().strip("\"'").casefold() if isinstance(answer, str) else None
        found = [place for place, name in enumerate(names) if name.casefold() == chosen]
        if not found:
            return Outcome(
                NOT_YET, "choose one of " + ", ".join(f'"{name}"' for name in names), "form"
            )
        values = self.quantities(params)
        holds = [bool(evaluate(rule, values)) for rule in self.rules["options"]]
        if sum(holds) != 1:
            raise ValueError(
                f"{self.id} cannot be judged with {_shown(params)}: "
                f"{sum(holds)} of its options are right"
            )
        texts = text_values(params, values)
        if holds[found[0]]:
            return Outcome(RIGHT, self.praise.format(**texts))
        return Outcome(
            NOT_YET, self.options[found[0]][2].format(**texts), f"mistake {found[0] + 1}"
        )

    def _messages(self) -> tuple[str, ...]:
        return (self.praise, *(message for *_, message in self.options))


@dataclass(frozen=True, kw_only=True)
class Text(Exercise):
    """A short text, which a person reads.

    words : how many it must have at least and at most. rubric : (what the reader looks for, points
        for it).
    properties : (regular expression, what to say where the text has nothing that it fits), case
        aside.
    """

    words: tuple[int, int]
    rubric: tuple[tuple[str, float], ...]
    properties: tuple[tuple[str, str], ...] = ()
    praise: str = "a person will read it, and look for this"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < self.words[0] < self.words[1]:
            raise self._mistaken(f"words must be (least, most), got {self.words}")
        if not self.rubric or not all(points > 0 for _, points in self.rubric):
            raise self._mistaken("a rubric has at least one line, and each line has points")

    def judge(self, answer: Any, params: Mapping[str, Any]) -> Outcome:
        if blank(answer):
            return Outcome(NOT_ATTEMPTED, _PLACE_HOLDER)
        if not isinstance(answer, str):
            return Outcome(NOT_YET, f"a text is asked for, but this is {type_of(answer)}", "form")
        (least, most), words = self.words, re.findall(r"\w[\w'’.-]*", answer.casefold())
        if len(words) < least:
            return Outcome(
                NOT_YET,
                f"{len(words)} words are too few to say it: write at least {least}",
                "mistake 1",
            )
        if len(words) > most:
            return Outcome(
                NOT_YET,
                f"{len(words)} words are too many for a reader of a whole class: "
                f"write at most {most}",
                "mistake 2",
            )
        if len(set(words)) < 0.4 * len(words):
            return Outcome(NOT_YET, "the same words come again and again", "mistake 3")
        for place, (pattern, message) in enumerate(self.properties, 1):
            if not re.search(pattern, answer, re.I):
                return Outcome(NOT_YET, message, f"property {place}")
        return Outcome(TO_READ, f"{self.praise}: {'; '.join(line for line, _ in self.rubric)}")

    def _messages(self) -> tuple[str, ...]:
        return (self.praise, *(message for _, message in self.properties))


@dataclass(frozen=True, kw_only=True)
class Function(Exercise):
    """A function, called with inputs fixed beforehand.

    arguments : names of the arguments, in order; the function is called by position.
    probes : tuples of arguments. The function is called with all of them first, and must return
        numbers (a number, an array, or a tuple of numbers); an exception becomes a message that
        names the inputs.
    properties : (predicate, message); the predicate is called as predicate(f, **params) and returns
        a truth value or an array of them. It calls f with inputs that do not depend on f's answers,
        so that a grader can ask all questions first and judge afterwards.
    mistakes : (wrong function, message), called as wrong(*arguments, **params): said where a
        property fails and the student's function agrees with the wrong one on every probe.
    """

    arguments: tuple[str, ...]
    probes: tuple[tuple, ...]
    properties: tuple[tuple[Callable[..., ArrayLike], str], ...]
    mistakes: tuple[tuple[Callable, str], ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.properties or not self.probes:
            raise self._mistaken("give at least one property and one probe")
        for probe in self.probes:
            if not isinstance(probe, tuple) or len(probe) != len(self.arguments):
                raise self._mistaken(
                    f"probe {probe!r} is not a tuple of {', '.join(self.arguments)}"
                )

    def judge(self, answer: Any, params: Mapping[str, Any]) -> Outcome:
        if blank(answer) or is_stub(answer):
            return Outcome(NOT_ATTEMPTED, _PLACE_HOLDER)
        if not callable(answer):
            return Outcome(
                NOT_YET, f"a function is asked for, but this is {type_of(answer)}", "form"
            )

        def student(*inputs):
            return _call(answer, self.arguments, inputs)

        try:
            values = [student(*probe) for probe in self.probes]
            failed = next(
                (
                    place
                    for place, (holds, _) in enumerate(self.properties, 1)
                    if not _holds(holds, student, params)
                ),
                None,
            )
        except _Refused as refusal:
            return Outcome(
                refusal.status, str(refusal), "form" if refusal.status == NOT_YET else ""
            )
        if failed is None:
            return Outcome(RIGHT, self.praise.format(**params))
        for place, (wrong, message) in enumerate(self.mistakes, 1):
            if _agrees(wrong, self.probes, params, values):
                return Outcome(NOT_YET, message.format(**params), f"mistake {place}")
        return Outcome(
            NOT_YET, self.properties[failed - 1][1].format(**params), f"property {failed}"
        )

    def _messages(self) -> tuple[str, ...]:
        return _said(self)


Kind: TypeAlias = Number | Several | Choice | Text | Function


def judge(exercise: Exercise, answer: Any, params: Mapping) -> Outcome:
    """The outcome for an answer; silent, and no exception whatever the answer is or does.

    Raises ValueError where `params` lacks a parameter of the exercise, has another one, or one that
    is still `...`.
    """
    missing = [name for name in exercise.given if name not in params]
    extra = [name for name in params if name not in exercise.given]
    wanted = ", ".join(f"{name}={name}" for name in exercise.given) or "no parameters"
    if missing:
        raise ValueError(f"{exercise.id} needs {', '.join(missing)}; call check with {wanted}")
    if extra:
        raise ValueError(
            f"{exercise.id} does not take {', '.join(extra)}; call check with {wanted}"
        )
    for name, value in params.items():
        if value is None or value is Ellipsis:
            raise ValueError(
                f"{exercise.id}: the parameter {name} is {value!r}; "
                "run the parameter cell above first"
            )
    return exercise.judge(answer, params)


# ---- conditions ------------------------------------------------------------------------------


def _parse_rules(exercise, symbols: set[str]) -> dict:
    known = {*exercise.given, *exercise.derived}
    if clash := (symbols & known) | (set(exercise.given) & set(exercise.derived)):
        raise exercise._mistaken(
            f"{', '.join(sorted(clash))} means two things; rename the parameter"
        )
    if not exercise.properties:
        raise exercise._mistaken("give at least one property: else every answer is right")
    return {
        "properties": [
            _condition(exercise, text, known | symbols) for text, _ in exercise.properties
        ],
        "mistakes": [_parsed(exercise, text, known | symbols) for text, _ in exercise.mistakes],
    }


def _parsed(exercise, text: str, names: set[str]):
    try:
        return parse(text, names)
    except ValueError as error:
        raise exercise._mistaken(str(error)) from None


def _condition(exercise, text: str, names: set[str]):
    tree = _parsed(exercise, text, names)
    if not is_condition(tree):
        raise exercise._mistaken(
            f"{text!r} is a number, not a condition; compare it with something"
        )
    return tree


def _decide(exercise, values: dict, x: float | None, texts: dict) -> Outcome:
    """The first failed property, explained by the first known mistake that fits, if one does."""
    failed = next(
        (
            place
            for place, rule in enumerate(exercise.rules["properties"], 1)
            if not evaluate(rule, values)
        ),
        None,
    )
    if failed is None:
        return Outcome(RIGHT, exercise.praise.format(**texts))
    for place, rule in enumerate(exercise.rules["mistakes"], 1):
        value = evaluate(rule, values)
        near = value if x is None else abs(x - value) <= exercise.rtol * abs(value)
        if value if is_condition(rule) else near:
            return Outcome(
                NOT_YET, exercise.mistakes[place - 1][1].format(**texts), f"mistake {place}"
            )
    return Outcome(
        NOT_YET, exercise.properties[failed - 1][1].format(**texts), f"property {failed}"
    )


def _said(exercise) -> tuple[str, ...]:
    return (
        exercise.praise,
        *(message for _, message in (*exercise.properties, *exercise.mistakes)),
    )


def text_values(params: Mapping, values: Mapping) -> dict:
    """What messages show: parameters as given, derived quantities to three digits by default."""
    return {name: _Short(value) for name, value in values.items()} | dict(params)


class _Short(float):
    def __format__(self, spec: str) -> str:
        return float.__format__(self, spec or ".3g")


# ---- functions -------------------------------------------------------------------------------


class _Refused(Exception):
    """The student's function cannot be judged; the text is for the student."""

    def __init__(self, message: str, status: str = NOT_YET):
        super().__init__(message)
        self.status = status


def is_stub(function: Any) -> bool:
    """Does the body of this function do nothing (`...`, `pass` or only a docstring)?"""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    steps = [
        step for step in dis.get_instructions(code) if step.opname not in ("RESUME", "NOP", "CACHE")
    ]
    return all(
        step.opname in ("LOAD_CONST", "RETURN_VALUE", "RETURN_CONST") for step in steps
    ) and all(step.argval in (None, Ellipsis) for step in steps)


def _call(function, arguments, inputs):
    """The student's function at `inputs`, as float64; _Refused where it gives no numbers."""
    where = ", ".join(
        f"{name}={_input(value)}" for name, value in zip(arguments, inputs, strict=True)
    )
    try:
        result = function(*copy.deepcopy(inputs))
    except (Exception, SystemExit) as error:
        detail = " ".join(str(error).split())[:200]
        raise _Refused(
            f"your function raised {type(error).__name__}{': ' + detail if detail else ''} "
            f"for {where}"
        ) from None
    if result is Ellipsis:
        raise _Refused(_PLACE_HOLDER, NOT_ATTEMPTED)
    if result is None:
        raise _Refused(f"your function returned None for {where}; does it end in a return?")
    try:
        values = np.asarray(result)
        kind = values.dtype.kind
        values = values.astype(float) if kind in "iufO" else values
    except Exception:
        raise _Refused(
            f"your function returned {type_of(result)} for {where}; numbers are asked for"
        ) from None
    if kind == "c":
        raise _Refused(
            f"your function returned a complex number for {where}; "
            "was a negative number raised to a fractional power?"
        )
    if kind not in "iufO":
        raise _Refused(
            f"your function returned {'True or False' if kind == 'b' else type_of(result)} "
            f"for {where}; numbers are asked for"
        )
    if np.any(np.isnan(values)):
        raise _Refused(f"your function returned nan (not a number) for {where}")
    return values[()]


def _input(value) -> str:
    if np.ndim(value):
        return f"an array of {np.size(value)} numbers"
    return repr(value) if isinstance(value, str) else f"{value:.6g}"


def _holds(predicate, student, params) -> bool:
    """A predicate that stumbles over what the student returned (a wrong shape) does not hold."""
    try:
        with np.errstate(all="ignore"):
            return bool(np.all(predicate(student, **params)))
    except _Refused:
        raise
    except Exception:
        return False


def _agrees(wrong, probes, params, values) -> bool:
    for probe, value in zip(probes, values, strict=True):
        try:
            with np.errstate(all="ignore"):
                expected = np.asarray(wrong(*copy.deepcopy(probe), **params), float)
        except Exception:
            return False
        if expected.shape != np.shape(value) or not np.allclose(value, expected, rtol=1e-6, atol=0):
            return False
    return True


def _shown(params: Mapping) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in params.items()) or "no parameters"
