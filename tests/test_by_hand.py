"""Every box can be answered with what stands on its page: the by-hand lines of exercises/chapters.

A line is typed as a reader would type it, alone or as the last line of a scratchpad. A number that
the page has rounded (it ends with ~) goes to both ends of its interval: whoever works with it must
be told that they are right, or to carry one more digit.
"""

import inspect
import re

import numpy as np
import pytest
from answering import LAWS, Page, alike
from test_answers import BOXED, chapter
from test_exercises import (
    EXAMPLE,
    FEW,
    SIMULATED,
    STUDENTS,
    as_answer,
    drawn_for,
    in_digits,
    spec_of,
)

from scalinglib.checks import Choice, Number, calculator, judge
from scalinglib.checks.boxes import box, known
from scalinglib.checks.reading import read

pytestmark = pytest.mark.usefixtures("derived_once")

ROUNDED = re.compile(r"([0-9][0-9.]*(?:e[-+]?[0-9]+)?)~")


def lines_of(line):
    return [line] if isinstance(line, str) else list(line)


def value(lines, names, move=None):
    """What the last line gives; `move` is (place of a line, of a rounded number in it, -1 or 1)."""
    lines = list(lines)
    if move:
        line, place, sign = move
        found = list(ROUNDED.finditer(lines[line]))[place]
        end = float(found[1]) + sign * calculator.written(found[1]).half
        lines[line] = f"{lines[line][: found.start()]}({end!r}){lines[line][found.end() :]}"
    values, _ = calculator.run([ROUNDED.sub(r"\1", line) for line in lines], names, LAWS)
    assert not isinstance(values[-1], ValueError), f"{lines[-1]}: {values[-1]}"
    return float(values[-1])


def widest(lines, names, rounded=()):
    """How far the value can be off where every rounded number is at the worse end.

    rounded : names in `names` of numbers and columns that the page has rounded.
    """
    base, moved = value(lines, names), 0.0
    for name in rounded:
        if not re.search(rf"\b{name}\b", " ".join(lines)):
            continue
        column = np.atleast_1d(names[name])
        for place in range(len(column)):
            half = calculator.written(repr(float(abs(column[place])))).half
            both = []
            for sign in (-1, 1):
                shift = sign * half * (np.arange(len(column)) == place)
                other = column + shift if np.ndim(names[name]) else (column + shift)[0]
                both.append(abs(value(lines, {**names, name: other}) - base))
            moved += max(both)
    return moved + sum(
        max(abs(value(lines, names, (line, place, sign)) - base) for sign in (-1, 1))
        for line, text in enumerate(lines)
        for place in range(len(ROUNDED.findall(text)))
    )


def uses_its_tables(exercise):
    """Is the truth made from the numbers that the page prints?"""
    rules = [rule for rule in exercise.derived.values() if callable(rule)]
    return any("data" in inspect.signature(rule).parameters for rule in rules)


def printed(exercise, params):
    """The columns of its tables that hold more than whole numbers."""
    return [
        name
        for table in exercise.tables(params).values()
        for name, column in table.items()
        if any(isinstance(one, float) and not one.is_integer() for one in column)
    ]


def assert_answerable(path, id):
    task, told = chapter(path).tasks[id], spec_of(id).by_hand
    exercise, params = task.exercise, task.parameters
    names = known(box(exercise, params))
    if isinstance(exercise, Choice):
        values = {name: value(lines_of(line), names) for name, line in told.items()}
        options = [name for name, *_ in exercise.options]
        assert sorted(values) == sorted(options), "a line for each option"
        assert judge(exercise, max(values, key=values.get), params).status == "right", values
        return
    wanted = ["x"] if isinstance(exercise, Number) else list(exercise.names)
    assert list(told) == wanted, f"{id} needs a line for each of {wanted}, has {list(told)}"
    values = {part: value(lines_of(line), names) for part, line in told.items()}
    rounded = () if uses_its_tables(exercise) else printed(exercise, params)
    moves = {part: widest(lines_of(line), names, rounded) for part, line in told.items()}
    digits = {part.name: 9 if part.exact else part.digits for part in exercise.told()}

    def said(answer, strict=False):
        return judge(exercise, as_answer(exercise, answer), params, strict)

    full = {part: f"{number!r} + 0" for part, number in values.items()}
    rounded = {part: in_digits(number, digits[part]) for part, number in values.items()}
    assert said(full).status == "right", f"{full}: {said(full)}"
    assert said(rounded).status == "right", f"{rounded}: {said(rounded)}"
    for part, move in moves.items():
        for end in (values[part] - move, values[part] + move):
            outcome = said(full | {part: f"{end!r} + 0"})
            assert outcome.status in ("right", "so far"), (
                f"{part} may come out as {end:.6g} ({move / abs(values[part]):.1%} off) from what "
                f"the page prints: print one more digit. {outcome}"
            )


@pytest.mark.parametrize("path, id", BOXED)
def test_a_box_can_be_answered_from_its_page(path, id):
    assert_answerable(path, id)


# with numbers of the page's own draw, a side of its optimum, or one of its digits
FOR_THE_PAGE = (
    *("01-forecast", "03-misprint", "04-next-run", "08-edge", "11-rival-size", "13-overconfident"),
    "13-plan-a-purchase",
)


@pytest.mark.parametrize("path, id", [one for one in BOXED if one.id not in FOR_THE_PAGE])
def test_the_lines_serve_every_student(path, id):
    exercise = chapter(path).tasks[id].exercise
    for student in STUDENTS[: FEW if id in SIMULATED else 3] if exercise.given else ():
        params = drawn_for(id, student)
        names = known(box(exercise, params))
        values = {part: value(lines_of(line), names) for part, line in spec_of(id).by_hand.items()}
        if isinstance(exercise, Choice):
            answer = max(values, key=values.get)
        else:
            answer = as_answer(exercise, {part: f"{one!r} + 0" for part, one in values.items()})
        assert judge(exercise, answer, params).status == "right", f"{params}: {answer}"


def test_the_page_reads_the_lines_as_python_does():
    calls = []
    for param in BOXED:
        path, id = param.values
        names = known(box(chapter(path).tasks[id].exercise, chapter(path).tasks[id].parameters))
        plain = {name: np.asarray(one).tolist() for name, one in names.items()}
        for told in spec_of(id).by_hand.values():
            *before, last = (ROUNDED.sub(r"\1", line) for line in lines_of(told))
            _, own = calculator.run(before, names, LAWS)
            own = {name: np.asarray(one).tolist() for name, one in own.items()}
            calls.append((last, "", plain | own))
    with Page() as page:
        for call, shown in zip(calls, page("read", calls), strict=True):
            text, unit, names = call
            arrays = {name: np.asarray(one, float) for name, one in names.items()}
            assert alike(read(text, unit, arrays, LAWS).value, shown[0]), call


def test_a_line_that_its_page_cannot_carry_is_noticed():
    names = {}
    short = ["2.7e4~/(1.2851 - 1.22~)^(1/0.302~)"]
    assert widest(short, names) > 0.1 * value(short, names)
    assert widest(["mean(a)"], {"a": np.array([1.5, 2.25])}, ["a"]) == pytest.approx(0.0275)
    assert widest(["2.0~ + 3"], names) == pytest.approx(0.05)
    assert widest(["a = 20~", "2 a"], names) == pytest.approx(1)


def test_the_example_has_its_lines():
    assert any(param.values[0] == EXAMPLE for param in BOXED)
