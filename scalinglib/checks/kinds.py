"""The kinds of exercise, and the one judge that the notebook's check and the grader share.

`Number`, `Several`, `Plan` and `Choice` are data: expressions in the small language of
`expressions.py` over the given parameters, so that the page can judge without a kernel. `Function`
calls the student's function; its properties are Python. A `Text` is read by a person; here it is
only seen to be worth their time.

No kind holds an answer: a truth is an expression over the parameters and over quantities in
`derived`, which are computed from them when the answer is judged.
"""

from __future__ import annotations

import copy
import dis
import inspect
import math
import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from operator import is_
from typing import Any, SupportsFloat, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from .expressions import evaluate, is_condition, names_in, parse
from .questions import chapter_told
from .reading import Typed, as_typed, blank, type_of
from .verdicts import SO_FAR, Asked, Line, Part, ends_of, in_words, judged, with_truths

NOT_ATTEMPTED, NOT_YET, RIGHT, TO_READ = "not attempted", "not yet", "right", "to be read"
_ID = re.compile(r"\d\d(-[a-z0-9]+)+")
_PLACE_HOLDER = "replace the ... by your answer, then run the cell and this one again"


@dataclass(frozen=True, repr=False)
class Outcome:
    """What a check says; `status`: "not attempted", "not yet", "right", a text's "to be read".

    On a page there is also "so far": right in the digits that were written. `rule` names what
    decided, for tests and class reports: "form" (not an answer of the kind asked for), "mistake 2"
    (the second known mistake; of several numbers "mistake 2 of money"), "bound 1" or for a function
    or text "property 1" (what fails), "generic"; empty when right or not attempted. `partial` is
    the share of the points that an answer has though it is not right yet. `lines` says the same of
    several numbers, one by one.
    """

    status: str
    message: str
    rule: str = ""
    partial: float = 0.0
    lines: tuple[Line, ...] = field(default=(), compare=False)

    @property
    def share(self) -> float:
        """The share of the exercise's points, 0 to 1."""
        return 1.0 if self.status == RIGHT else self.partial

    def __repr__(self) -> str:
        return " ".join(f"{self.status}: {self.message}".split())


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """What every kind has.

    id : words with a chapter's number in front, "09-halve-interval"; it never changes.
    chapter : the number of the chapter that it stands in; left out, that of its id.
    answer : the name that the notebook binds.
    given : names of the parameters that `check` takes.
    hints : what to look at, the relation, the first line of code.
    praise : what to say when right.

    Messages may use {names} of parameters; braces that stay are doubled.
    """

    id: str
    answer: str
    hints: tuple[str, str, str]
    given: tuple[str, ...] = ()
    praise: str = "it has every property asked for"
    chapter: str = ""

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(
                f"exercise id {self.id!r}: write words with the chapter number in front, as in "
                "'09-halve-interval'"
            )
        object.__setattr__(self, "chapter", chapter_told(self.id, self.chapter))
        if not self.answer.isidentifier():
            raise self._mistaken(f"answer {self.answer!r} is not a Python name")
        if taken := {"id", "answer", "data"} & set(self.given):
            raise self._mistaken(f"{taken.pop()!r} means something else; rename the parameter")
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

    def judge(self, answer: Any, params: Mapping, strict: bool = True) -> Outcome:
        """The outcome for `answer`, where `params` gives each name of `given`.

        strict : no "right so far", as everywhere but on a page with its own draw.
        """
        raise NotImplementedError

    def known_mistakes(self) -> list[str]:
        """What is said to each known mistake."""
        return [message for _, message in getattr(self, "mistakes", ())]

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
    """Exercises judged by expressions over parameters and derived quantities.

    data : a function of the parameters, called as data(**params), that gives the exercise's own
        runs: {table: {column: values}}, rounded as the page prints them. The page shows them below
        the exercise and knows their columns in its fields.
    derived : name -> a number, or a function of the parameters that is called as f(**params), or as
        f(**params, data=tables) where it has an argument `data`, and gives a number. Here Python
        is free: a fit to the personal data, a call of the library, a constant of a paper. The page
        gets the numbers.
    notebook : what it needs that a page has not ("it needs a fit to 40 runs"); then it has no box.
    """

    data: Callable[..., Mapping[str, Mapping[str, ArrayLike]]] | None = None
    derived: Mapping[str, SupportsFloat | Callable[..., SupportsFloat]] = field(
        default_factory=dict
    )
    notebook: str = ""

    def _words(self) -> set[str]:
        return {*self.given, *self.derived}

    def tables(self, params: Mapping) -> dict[str, dict[str, list]]:
        """The exercise's own runs: {table: {column: list of numbers or texts}}; {} without any."""
        told = self.data(**params) if self.data else {}
        return {
            name: {column: np.asarray(values).tolist() for column, values in columns.items()}
            for name, columns in told.items()
        }

    def quantities(self, params: Mapping) -> dict[str, float]:
        """The parameters that are numbers, and the derived quantities."""
        try:
            own = dict(params)
            if self.data:
                own["data"] = {
                    name: {column: np.asarray(values) for column, values in columns.items()}
                    for name, columns in self.data(**params).items()
                }
            values = {
                name: float(rule) if isinstance(rule, SupportsFloat) else _called(rule, own)
                for name, rule in self.derived.items()
            }
            numeric = {
                name for name, value in params.items() if isinstance(value, (int, float, np.number))
            }
            if needed := self._mentioned & (set(params) - numeric):
                raise TypeError(f"{sorted(needed)[0]} must be a number")
        except Exception as error:
            raise ValueError(
                f"{self.id} cannot be judged with {_shown(params)} ({type(error).__name__}: "
                f"{error}); restore the parameter cell and run it again"
            ) from error
        return values | {name: float(params[name]) for name in numeric}

    @cached_property
    def _mentioned(self) -> set[str]:
        """The names that its expressions mention."""
        raise NotImplementedError


def _called(rule: Callable, own: dict) -> float:
    takes = "data" in own and "data" in inspect.signature(rule).parameters
    return float(rule(**(own if takes else {k: v for k, v in own.items() if k != "data"})))


def once(function: Callable[..., Mapping[str, Any]]) -> Callable[..., Mapping[str, Any]]:
    """Keep the last answer of a function of an exercise's numbers or runs: its parts are asked for
    one by one, each by a derived quantity of its own.
    """
    last: tuple = ((), None)

    @wraps(function)
    def kept(*args, **named):
        nonlocal last
        asked = (*args, *named.values())
        before, found = last  # at a time: graders are threads
        if found is None or not all(map(is_, before, asked)):
            found = function(*args, **named)
            last = (asked, found)
        return found

    return kept


@dataclass(frozen=True, kw_only=True)
class _Numbers(_Conditions):
    """One number or several, each judged by itself (verdicts.py).

    bounds : (condition that every right answer has, what to say where it fails), in the order of
        trying: a negative size, a loss below the floor. They decide only about free parts.
    """

    bounds: tuple[tuple[str, str], ...] = ()
    rules: tuple = field(init=False, repr=False, compare=False)

    def told(self) -> tuple[Part, ...]:
        """The parts of the answer."""
        raise NotImplementedError

    def __post_init__(self) -> None:
        super().__post_init__()
        parts, known = self.told(), {*self.given, *self.derived}
        names = [part.name for part in parts]
        if clash := (set(names) & known) | (set(self.given) & set(self.derived)):
            raise self._mistaken(
                f"{', '.join(sorted(clash))} means two things; rename the parameter"
            )
        if len(set(names)) < len(names):
            raise self._mistaken(f"two parts have one name: {', '.join(names)}")
        for place, part in enumerate(parts):
            self._compile(part, known, names[:place], names)
        rules = [(_condition(self, text, known | set(names)), say) for text, say in self.bounds]
        object.__setattr__(self, "rules", tuple(rules))

    def _compile(self, part: Part, known: set[str], before: list[str], names: list[str]) -> None:
        """Parse a part's expressions; its truth may use the parts before it."""
        bounded = any(part.name in re.findall(r"\w+", text) for text, _ in self.bounds)
        if part.free and not bounded and not isinstance(self, Plan):
            raise self._mistaken(f"{part.name} has neither a truth nor a bound: all would be right")
        if part.truth is not None:
            if not part.generic:
                raise self._mistaken(f"{part.name} has no generic words")
            object.__setattr__(part, "tree", _number(self, part.truth, known.union(before)))
        if part.digits != 3 and not part.why:
            raise self._mistaken(f"{part.name} wants {part.digits} digits and does not say why")
        trees = tuple(_number(self, text, known.union(names)) for text, _ in part.mistakes)
        object.__setattr__(part, "trees", trees)
        linked = tuple(bool(names_in(tree) - known) for tree in trees)
        object.__setattr__(part, "linked", linked)

    @cached_property
    def _mentioned(self) -> set[str]:
        trees = [tree for part in self.told() for tree in (part.tree, *part.trees)]
        return set().union(*map(names_in, [*trees, *(rule for rule, _ in self.rules)]))

    def _messages(self) -> tuple[str, ...]:
        words = [part.generic for part in self.told()]
        return (self.praise, *words, *self.known_mistakes(), *(say for _, say in self.bounds))

    def known_mistakes(self) -> list[str]:
        said = [say for part in self.told() for _, say in part.mistakes]
        return list(dict.fromkeys(said or [say for _, say in self.bounds]))

    def accepts(self, values: Mapping[str, float], numbers: Mapping[str, Typed]) -> bool:
        """Would these numbers be right? values : as from `quantities`."""
        lines = judged(self.told(), self.rules, values, numbers, True)
        return all(line.state == RIGHT for line in lines)

    def truths(self, values: Mapping[str, float]) -> dict[str, float]:
        """The right number of each part that is not free; values : as from `quantities`."""
        fixed = [part for part in self.told() if not part.free]
        found = with_truths(fixed, values)
        return {part.name: found[part.name] for part in fixed}

    def _verdict(self, numbers: dict[str, Typed], params: Mapping, strict: bool) -> Outcome:
        values = self.quantities(params)
        texts = text_values(params, values)
        lines = tuple(
            Line(line.name, line.state, line.words.format(**texts), line.rule)
            for line in judged(self.told(), self.rules, values, numbers, strict)
        )
        return self._outcome(lines, values, numbers, texts)

    def _outcome(self, lines, values, numbers, texts) -> Outcome:
        open_ = [line for line in lines if line.state != RIGHT]
        if not open_:
            return Outcome(RIGHT, self.praise.format(**texts), lines=lines)
        status = SO_FAR if all(line.state == SO_FAR for line in open_) else NOT_YET
        told = min(open_, key=lambda line: line.rule == "generic")
        rule = told.rule if len(lines) == 1 else f"{told.rule} of {told.name}"
        return Outcome(status, in_words(lines), rule, lines=lines)


@dataclass(frozen=True, kw_only=True)
class Number(_Numbers, Asked):
    """One number, called `x` in the bounds."""

    part: Part = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        told = {name: getattr(self, name) for name in Asked.__dataclass_fields__}
        object.__setattr__(self, "part", Part(name="x", **told))
        super().__post_init__()

    def told(self) -> tuple[Part, ...]:
        return (self.part,)

    def judge(self, answer: Any, params: Mapping[str, Any], strict: bool = True) -> Outcome:
        if blank(answer):
            return Outcome(NOT_ATTEMPTED, _PLACE_HOLDER)
        try:
            x = as_typed(answer, self.unit)
        except ValueError as refusal:
            return Outcome(NOT_YET, str(refusal), "form")
        return self._verdict({"x": x}, params, strict)


@dataclass(frozen=True, kw_only=True)
class Several(_Numbers):
    """Several named numbers: a dict with these keys, or a tuple, list or array in this order.

    parts : the numbers, each with its own truth; a later one may be made from earlier ones.
    quiet : no part is called right or wrong by itself, because the reader is to find the wrong one;
        what is said are the bounds.
    """

    parts: tuple[Part, ...]
    quiet: bool = False

    def told(self) -> tuple[Part, ...]:
        return self.parts

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parts, in their order."""
        return tuple(part.name for part in self.parts)

    def judge(self, answer: Any, params: Mapping[str, Any], strict: bool = True) -> Outcome:
        if blank(answer):
            return Outcome(NOT_ATTEMPTED, _PLACE_HOLDER)
        try:
            entries = self.entries(answer)
        except ValueError as refusal:
            return Outcome(NOT_YET, str(refusal), "form")
        numbers = {}
        for part in self.parts:
            if blank(entries[part.name]):
                return Outcome(NOT_ATTEMPTED, f"{part.name} is still open")
            try:
                numbers[part.name] = as_typed(entries[part.name], part.unit)
            except ValueError as refusal:
                return Outcome(NOT_YET, f"{part.name}: {refusal}", "form")
        return self._verdict(numbers, params, strict)

    def _outcome(self, lines, values, numbers, texts) -> Outcome:
        if not self.quiet or all(line.state == RIGHT for line in lines):
            return super()._outcome(lines, values, numbers, texts)
        typed = values | {name: one.value for name, one in numbers.items()}
        for place, (rule, say) in enumerate(self.rules, 1):
            if not evaluate(rule, typed):
                return Outcome(NOT_YET, say.format(**texts), f"bound {place}")
        return Outcome(NOT_YET, self.parts[-1].generic.format(**texts), "generic")

    def entries(self, answer: Any) -> dict:
        """Part -> what stands in the answer for it; ValueError with a sentence where one lacks."""
        wanted = ", ".join(self.names)
        if hasattr(answer, "keys"):
            missing = [name for name in self.names if name not in answer]
            if missing:
                raise ValueError(f"the answer has no entry {missing[0]!r}; it needs {wanted}")
            return {name: answer[name] for name in self.names}
        if isinstance(answer, (tuple, list)) or (isinstance(answer, np.ndarray) and answer.ndim):
            if len(answer) != len(self.parts):
                raise ValueError(
                    f"{len(self.parts)} numbers are asked for ({wanted}), "
                    f"but there are {len(answer)}"
                )
            return dict(zip(self.names, answer, strict=True))
        raise ValueError(
            f"{len(self.parts)} numbers are asked for ({wanted}), but this is {type_of(answer)}"
        )


@dataclass(frozen=True, kw_only=True)
class Plan(Several):
    """Several numbers that make a plan, scored by how far it falls short of the best one.

    Its parts are free; the bounds say what a plan must keep to have any points.
    distance : an expression in the parts, 0 for the best plan; it is asked about when all bounds
        hold.
    full, none : the distance up to which a plan is right, and that from which it has no points; in
        between the share of the points falls in a straight line.
    reasons : (condition, what to say of a plan that is not right where it holds); the first counts.
    short : what to say where none does.
    """

    distance: str
    full: float
    none: float
    reasons: tuple[tuple[str, str], ...] = ()
    short: str
    scale: Any = field(default=None, init=False, repr=False, compare=False)
    why_short: tuple = field(default=(), init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not 0 <= self.full < self.none:
            raise self._mistaken(
                f"full must be below none, both 0 or more; got {self.full} and {self.none}"
            )
        super().__post_init__()
        known = {*self.given, *self.derived, *self.names}
        object.__setattr__(self, "scale", _number(self, self.distance, known))
        reasons = [(_condition(self, text, known), say) for text, say in self.reasons]
        object.__setattr__(self, "why_short", tuple(reasons))

    @cached_property
    def _mentioned(self) -> set[str]:
        rules = (rule for rule, _ in self.why_short)
        return super()._mentioned.union(names_in(self.scale), *map(names_in, rules))

    def _messages(self) -> tuple[str, ...]:
        return (*super()._messages(), self.short)

    def known_mistakes(self) -> list[str]:
        return [say for _, say in (*self.bounds, *self.reasons)]

    def _outcome(self, lines, values, numbers, texts) -> Outcome:
        typed = values | {name: one.value for name, one in numbers.items()}
        if open_ := [line for line in lines if line.state != RIGHT]:
            told = next((line for line in open_ if line.state != SO_FAR), open_[0])
            # nothing of a plan is right by itself: what it is worth hangs on all of its parts
            if told.state == SO_FAR and any(map(self._is_right, ends_of(numbers, values))):
                return Outcome(SO_FAR, "right so far: give one more digit", told.rule)
            return Outcome(NOT_YET, told.words, told.rule)
        distance = float(evaluate(self.scale, typed))
        if distance <= self.full:
            return Outcome(RIGHT, self.praise.format(**texts))
        percent = scored(distance, self.full, self.none)
        said = ((rule, say, place) for place, (rule, say) in enumerate(self.why_short, 1))
        say, why = next(
            ((say, f"mistake {place}") for rule, say, place in said if evaluate(rule, typed)),
            (self.short, "generic"),
        )
        told = SCORED.format(percent) + say.format(**texts)
        return Outcome(NOT_YET, told, why, percent / 100)

    def _is_right(self, values: Mapping[str, float]) -> bool:
        return all(evaluate(rule, values) for rule, _ in self.rules) and bool(
            evaluate(self.scale, values) <= self.full
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
    rules: tuple = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        if len({name.casefold() for name, *_ in self.options}) < max(2, len(self.options)):
            raise self._mistaken("give at least two options with different names")
        known = {*self.given, *self.derived}
        rules = tuple(_condition(self, text, known) for _, text, _ in self.options)
        object.__setattr__(self, "rules", rules)

    @cached_property
    def _mentioned(self) -> set[str]:
        return set().union(*map(names_in, self.rules))

    def known_mistakes(self) -> list[str]:
        return [message for *_, message in self.options]

    def judge(self, answer: Any, params: Mapping[str, Any], strict: bool = True) -> Outcome:
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
        right = self.right(values)
        texts = text_values(params, values)
        if found[0] == right:
            return Outcome(RIGHT, self.praise.format(**texts))
        return Outcome(
            NOT_YET, self.options[found[0]][2].format(**texts), f"mistake {found[0] + 1}"
        )

    def right(self, values: Mapping[str, float]) -> int:
        """The place of the right option; ValueError unless there is exactly one."""
        holds = [bool(evaluate(rule, values)) for rule in self.rules]
        if sum(holds) != 1:
            raise ValueError(f"{self.id} cannot be judged: {sum(holds)} of its options are right")
        return holds.index(True)

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

    def judge(self, answer: Any, params: Mapping[str, Any], strict: bool = True) -> Outcome:
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

    def judge(self, answer: Any, params: Mapping[str, Any], strict: bool = True) -> Outcome:
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
        return (self.praise, *(say for _, say in (*self.properties, *self.mistakes)))


Kind: TypeAlias = Number | Several | Choice | Text | Function


def judge(exercise: Exercise, answer: Any, params: Mapping, strict: bool = True) -> Outcome:
    """The outcome for an answer; silent, and no exception whatever the answer is or does.

    strict : False on a page with its own draw: there a text with too few digits may be "so far".
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
    return exercise.judge(answer, params, strict)


# ---- expressions ------------------------------------------------------------------------------


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


def _number(exercise, text: str, names: set[str]):
    tree = _parsed(exercise, text, names)
    if is_condition(tree):
        raise exercise._mistaken(f"{text!r} is a condition; write the number that it leads to")
    return tree


def text_values(params: Mapping, values: Mapping) -> dict:
    """What messages show: parameters as given, derived quantities to three digits by default."""
    given = {
        name: _Told(value) if isinstance(value, float) else value for name, value in params.items()
    }
    return {name: _Short(value) for name, value in values.items()} | given


class _Told(float):
    """Powers of ten as one types them: 6e13, not 6e+13."""

    def __format__(self, spec: str) -> str:
        return re.sub(r"e\+?(-?)0*", r"e\1", float.__format__(self, spec))


class _Short(_Told):
    def __format__(self, spec: str) -> str:
        return super().__format__(spec or ".3g")


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
