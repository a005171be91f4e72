"""Every exercise: reference right, stub not attempted, mutants refused with a message that fits.

The same tests run on the example of exercises/README.md, so that they never pass for want of
exercises; the negative controls at the end break that example and see each fault caught.
"""

import atexit
import contextlib
import copy
import dataclasses
import hashlib
import json
import math
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
import pytest

# not by the environment: nbval's kernels would inherit it and show no figures
matplotlib.use("agg")

import exercises
import exercises.chapters
import scalinglib.checks.chapters
from exercises.chapter import ChapterError, read_chapter
from exercises.strip import StripError, exercise_of, role_of, source_of, strip, stub
from scalinglib.checks import (
    Choice,
    Function,
    Number,
    Plan,
    Several,
    Text,
    judge,
    registry,
)
from scalinglib.checks.expressions import evaluate, names_in, parse
from scalinglib.checks.reading import Typed, read
from scalinglib.checks.verdicts import is_right

pytestmark = pytest.mark.usefixtures("derived_once")

ROOT = Path(__file__).resolve().parents[1]
STUDENTS = [f"student-{n}@example.org" for n in range(60)]
# students in `make quick`, in `make test` and in all; few where each has a simulation of their own
FEW, SOME, MORE = 2, 4, 20
SEEDED = ("seed", "draw")  # how the parameters are called that such a simulation hangs on


# ---- the example of the README, as files ------------------------------------------------------


def _cell(kind, id, source, tags=(), exercise=None):
    metadata = {"tags": list(tags)} | ({"scalinglib": {"exercise": exercise}} if exercise else {})
    code = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "id": id, "metadata": metadata, "source": source} | code


def write_example(folder: Path) -> Path:
    """Write the README's blocks as a chapter 99: modules of both sides and a notebook."""
    text = (ROOT / "exercises" / "README.md").read_text(encoding="utf-8")
    cells = []
    for kind, what, body in re.findall(r"```python\n# (file|cell): ([^\n]+)\n(.*?)```", text, re.S):
        if kind == "file":
            target = folder / what
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(body, encoding="utf-8")
        else:
            role, _, id = what.partition(" ")
            if role in ("question", "prediction"):
                cells.append(_cell("code", what.replace(" ", "-"), body.rstrip("\n"), [role]))
                continue
            if id and all(exercise_of(cell) != id for cell in cells):
                cells.append(
                    _cell(
                        "markdown",
                        f"q-{id}",
                        f"### Exercise: {id}\n*core, 5 minutes*\n\nThe question.",
                    )
                )
            cells.append(
                _cell("code", f"{role}-{id}".strip("-"), body.rstrip("\n"), [role], id or None)
            )
    path = folder / "99_example.ipynb"
    path.write_text(
        json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}),
        encoding="utf-8",
    )
    return path


EXAMPLE_FOLDER = Path(tempfile.mkdtemp(prefix="example-chapter-"))
atexit.register(shutil.rmtree, EXAMPLE_FOLDER, ignore_errors=True)
EXAMPLE = write_example(EXAMPLE_FOLDER)
scalinglib.checks.chapters.__path__.append(
    str(EXAMPLE_FOLDER / "scalinglib" / "checks" / "chapters")
)
exercises.chapters.__path__.append(str(EXAMPLE_FOLDER / "exercises" / "chapters"))


def cells_of(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


NOTEBOOKS = [*sorted((ROOT / "chapters").glob("[0-9][0-9]_*.ipynb")), EXAMPLE]
CASES = [
    pytest.param(path, id, id=id)
    for path in NOTEBOOKS
    for id in dict.fromkeys(filter(None, map(exercise_of, cells_of(path))))
]
SIMULATED = {  # by their parameter cells: no test has run yet, and nothing else is read for it
    exercise_of(cell)
    for path in NOTEBOOKS
    for cell in cells_of(path)
    if role_of(cell) == "parameters" and re.search(r"^\w*(seed|draw) =", source_of(cell), re.M)
}


@cache
def chapter(path):
    return read_chapter(path)


def spec_of(id):
    return exercises.spec_of(id)


def outcome(path, id, source, params):
    return judge(chapter(path).tasks[id].exercise, answer(path, id, source, params), params)


ANSWERS = {}


def answer(path, id, source, params):
    """What a solution cell answers; several tests ask for it, some take a second of fits."""
    asked = (path, id, source, repr(params))
    if asked not in ANSWERS:
        ANSWERS[asked] = chapter(path).answer(id, source, params)
    return ANSWERS[asked]


# ---- each notebook ----------------------------------------------------------------------------


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_checks_and_specs_hold_the_same_exercises(path):
    number = path.name[:2]
    told = list(chapter(path).tasks)
    assert (
        sorted(told)
        == sorted(registry.chapter_exercises(number))
        == sorted(exercises.chapter_specs(number))
    )
    answers = [task.exercise.answer for task in chapter(path).tasks.values()]
    assert len(set(answers)) == len(answers)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_chapter_with_exercises_has_three_of_two_sorts(path):
    kinds = [task.exercise for task in chapter(path).tasks.values()]
    if kinds:
        assert len(kinds) >= 3
        assert any(exercise.given for exercise in kinds), "no exercise has personal parameters"
        assert any(not isinstance(exercise, Number) or exercise.derived for exercise in kinds), (
            "no exercise asks for a function, or for a judgement on data"
        )


def test_every_registered_chapter_has_a_notebook():
    numbers = {path.name[:2] for path in NOTEBOOKS}
    assert set(registry.chapters()) <= numbers
    assert {
        path.name[2:4] for path in (ROOT / "exercises" / "chapters").glob("ch[0-9][0-9]_*.py")
    } <= numbers


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_whole_notebook_strips(path):
    before = json.loads(path.read_text(encoding="utf-8"))
    after = strip(before)
    assert "SOLUTION" not in json.dumps(after)
    for old, new in zip(before["cells"], after["cells"], strict=True):
        if role_of(old) != "exercise":
            assert new["source"] == old["source"]
        else:
            assert new["source"].count("...") >= 1 and new["outputs"] == []


def test_a_rubric_gives_the_points_of_its_exercise():
    rubrics = {
        id: task.exercise.rubric
        for path in NOTEBOOKS
        for id, task in chapter(path).tasks.items()
        if isinstance(task.exercise, Text)
    }
    assert rubrics
    for id, rubric in rubrics.items():
        assert sum(points for _, points in rubric) == spec_of(id).points


# ---- each exercise ----------------------------------------------------------------------------


def assert_public_draw(path, id):
    told, drawn = chapter(path).tasks[id].parameters, exercises.parameters(spec_of(id))
    assert told == drawn, (
        f"the parameter cell of {id} should read\n{exercises.parameter_cell(drawn)}"
    )
    assert tuple(sorted(drawn)) == tuple(sorted(chapter(path).tasks[id].exercise.given))


@pytest.mark.parametrize("path, id", CASES)
def test_the_parameter_cell_is_the_public_draw(path, id):
    assert_public_draw(path, id)


def personal(id):
    """The public parameters, and those of some students; one empty dict where none is drawn."""
    public = exercises.parameters(spec_of(id))
    students = STUDENTS[: FEW if is_seeded(public) else SOME]
    return [public, *(drawn_for(id, student) for student in students if public)]


def is_seeded(params):
    return any(name.endswith(SEEDED) for name in params)


@cache
def drawn_for(id, student):
    return exercises.parameters(spec_of(id), "a cohort's key", student)


@pytest.mark.parametrize("path, id", CASES)
def test_the_reference_is_right_for_everyone(path, id):
    assert_reference_is_right(path, id, personal(id))


@pytest.mark.whole
@pytest.mark.parametrize(
    "path, id",
    # simulations cost a fit each: `make prove` has theirs
    [
        pytest.param(*case.values, id=case.id, marks=pytest.mark.proof)
        if case.id in SIMULATED
        else case
        for case in CASES
    ],
)
def test_the_reference_is_right_for_twenty_students(path, id):
    """Beyond those that `make quick` draws."""
    public = exercises.parameters(spec_of(id))
    others = STUDENTS[FEW if is_seeded(public) else SOME : MORE] if public else []
    assert_reference_is_right(path, id, [drawn_for(id, student) for student in others])


def assert_reference_is_right(path, id, students):
    here = chapter(path)
    for params in students:
        right = answer(path, id, here.tasks[id].solution, params)
        result = judge(here.tasks[id].exercise, right, params)
        assert result.status == (
            "to be read" if isinstance(here.tasks[id].exercise, Text) else "right"
        ), f"{params}: {result}"
        assert "\n" not in repr(result)
        assert_printed_answer_is_right(here.tasks[id].exercise, right, params)
        assert_no_mistake_fits(here.tasks[id].exercise, right, params)


def in_digits(value: float, digits: int) -> str:
    """As somebody rounds it: "31.5", "4160", "3.1e9"; never more digits than asked."""
    mantissa, power = f"{value:.{digits - 1}e}".split("e")
    if -4 <= int(power) < 6:
        return f"{float(f'{mantissa}e{power}'):.{max(0, digits - 1 - int(power))}f}"
    return f"{mantissa}e{int(power)}"


def numbers_in(exercise, answer) -> dict[str, float]:
    entries = {"x": answer} if isinstance(exercise, Number) else exercise.entries(answer)
    return {name: float(entry) for name, entry in entries.items()}


def rounded(exercise, numbers, more=0) -> dict[str, str]:
    """Each part in the digits that are asked for (and `more`); an exact one as it is."""
    return {
        part.name: repr(numbers[part.name])
        if part.exact
        else in_digits(numbers[part.name], part.digits + more)
        for part in exercise.told()
    }


def as_answer(exercise, texts):
    return texts["x"] if isinstance(exercise, Number) else texts


def assert_printed_answer_is_right(exercise, answer, params):
    """In the digits asked for it is right; in one fewer, and in two, it is accused of nothing."""
    if not isinstance(exercise, (Number, Several)):
        return
    numbers = numbers_in(exercise, answer)
    for more, strict, wanted in ((0, True, {"right"}), (0, False, {"right"}), (1, True, {"right"})):
        typed = as_answer(exercise, rounded(exercise, numbers, more))
        result = judge(exercise, typed, params, strict)
        assert result.status in wanted, f"{params}: {typed} is too coarse for a tolerance: {result}"
    for fewer in sorted({-1, 2 - max(part.digits for part in exercise.told())}):
        typed = as_answer(exercise, rounded(exercise, numbers, fewer))
        result = judge(exercise, typed, params, strict=False)
        assert result.status in ("right", "so far"), f"{params}: {typed} is told {result}"


def is_far(part, wrong, right) -> bool:
    """Is a number not right, whether with all its digits or with two of them?

    Two digits move it by a twentieth at most, and reach no further than a twentieth around it.
    """
    off = abs(wrong - right)
    far = max(0.2 * abs(wrong), 0.2 * abs(right), 2 * part.room(right))
    return off > far and part.digits > 1 and not part.whole


def is_wrong(part, wrong, text, right) -> bool:
    """Is a number not right, as `text` writes it? One that is far from right is not read."""
    return is_far(part, wrong, right) or not is_right(part, read(text), right)


def assert_no_mistake_fits(exercise, answer, params, all_digits=(3, 4)):
    """A right answer must not look like a known mistake, nor a known mistake like the right one."""
    if isinstance(exercise, Function):
        never = ((lambda f, **params: False, ""),)
        result = judge(dataclasses.replace(exercise, properties=never), answer, params)
        assert result.rule == "property 1", (
            f"{params}: the right answer fits {result.rule}, {result}"
        )
    if not isinstance(exercise, (Number, Several)) or isinstance(exercise, Plan):
        return
    numbers = numbers_in(exercise, answer)
    values = exercise.quantities(params) | numbers
    told = [
        (part, tree, words)
        for part in exercise.told()
        for tree, (_, words) in zip(part.trees, part.mistakes, strict=True)
    ]
    truths = exercise.truths(values)
    for part, tree, words in told:
        wrong = float(evaluate(tree, values))
        if not math.isfinite(wrong) or (part.exact and wrong == numbers[part.name]):
            continue
        for digits in all_digits:
            text = in_digits(wrong, digits)
            # by the first rule not right: then the judge is not asked at length
            if not part.free and is_wrong(part, wrong, text, truths[part.name]):
                continue
            typed = {name: repr(number) for name, number in numbers.items()}
            typed[part.name] = text
            result = judge(exercise, as_answer(exercise, typed), params, strict=False)
            accepted = result.status == "right" and digits >= part.digits
            assert not accepted, f"{params}: {typed} is right, but also {words!r}"


@pytest.mark.parametrize("path, id", CASES)
def test_the_stub_is_not_attempted(path, id):
    task = chapter(path).tasks[id]
    assert outcome(path, id, task.stub, task.parameters).status == "not attempted"


@pytest.mark.parametrize("path, id", CASES)
def test_mutants_are_refused_with_a_message_that_fits(path, id):
    assert_mutants_are_refused(path, id, personal(id)[: 2 if id in SIMULATED else 3])


@pytest.mark.whole
@pytest.mark.parametrize("path, id", [case for case in CASES if case.id in SIMULATED])
def test_mutants_are_refused_in_more_simulations(path, id):
    assert_mutants_are_refused(path, id, personal(id)[2:3])


@pytest.mark.whole
@pytest.mark.parametrize("draws", [MORE, pytest.param(60, marks=pytest.mark.proof)])
@pytest.mark.parametrize("path, id", CASES)
def test_no_mistake_is_right_in_many_draws(path, id, draws):
    """Known mistakes in 60 draws (6 of a simulation), typed at two to four digits; mutants in 6.

    Not the mutants of a simulation: with other noise a wrong method may give a right number.
    """
    task = chapter(path).tasks[id]
    exercise = task.exercise
    if not isinstance(exercise, (Number, Several)) or isinstance(exercise, Plan):
        return
    public = exercises.parameters(spec_of(id))
    drawn = STUDENTS[: 6 if is_seeded(public) else draws] if public else STUDENTS[:1]
    for place, student in enumerate(drawn):
        params = drawn_for(id, student)
        if any(part.free for part in exercise.told()):
            right = numbers_in(exercise, answer(path, id, task.solution, params))
        else:
            right = exercise.truths(exercise.quantities(params))
        tries = mistaken(exercise, right, params)
        for code in spec_of(id).mutants.values() if place < 6 and id not in SIMULATED else ():
            wrong = answer(path, id, task.with_region(code), params)
            with contextlib.suppress(TypeError, ValueError):
                tries.append(numbers_in(exercise, wrong))
        for wrong in tries:
            assert_refused_at_all_digits(exercise, wrong, right, params)


def linked_slips(exercise) -> dict[str, list]:
    """Part -> the trees of its known mistakes that are made of earlier parts with a truth."""
    found, before = {}, set()
    for part in exercise.told() if isinstance(exercise, Several) else ():
        trees = [tree for tree in part.trees if names_in(tree) & before]
        if not isinstance(exercise, Plan) and trees:
            found[part.name] = trees
        before |= set() if part.free else {part.name}
    return found


LINKED = [case for case in CASES if linked_slips(registry.exercise(case.values[1]))]


@pytest.mark.parametrize("factor", [-1.0, -0.31, -1e-3, 1e-3, 1e-9])
@pytest.mark.parametrize("path, id", LINKED)
def test_words_about_an_own_entry_are_written_for_its_sign(path, id, factor):
    """An exponent of the wrong sign or next to nothing, and then a slip made of it.

    "That many features double the loss" is false of an exponent that makes it rise with size.
    """
    exercise, params = registry.exercise(id), chapter(path).tasks[id].parameters
    values = exercise.quantities(params)
    if any(part.free for part in exercise.told()):
        right = numbers_in(exercise, answer(path, id, chapter(path).tasks[id].solution, params))
    else:
        right = exercise.truths(values)
    linked = linked_slips(exercise)
    for part in exercise.told():
        earlier = set().union(*map(names_in, linked.get(part.name, ()))) & set(right) - {part.name}
        for name in earlier:
            typed = right | {name: factor * right[name]}
            upright = right | {name: abs(factor) * right[name]}
            if factor < 0:
                led = float(evaluate(part.tree, values | upright))
                if math.isfinite(led) and name in names_in(part.tree):
                    line = line_of(exercise, typed | {part.name: led}, params, part)
                    assert line.state in ("follows", "right"), line
            for tree in linked[part.name]:
                wrong = float(evaluate(tree, values | typed))
                if not math.isfinite(wrong):
                    continue
                line = line_of(exercise, typed | {part.name: wrong}, params, part)
                if line.rule.startswith("mistake"):
                    near = [
                        float(evaluate(slip, values | known))
                        for slip in part.trees
                        for known in (upright, right)
                    ]
                    assert any(abs(wrong - one) <= 0.0101 * abs(one) for one in near), (
                        f"{name} = {typed[name]}, {part.name} = {wrong}: {line.words}"
                    )


def line_of(exercise, numbers, params, part):
    """What is said of one part of an answer in full precision."""
    result = judge(exercise, {name: repr(one) for name, one in numbers.items()}, params, False)
    return next(line for line in result.lines if line.name == part.name)


def mistaken(exercise, right, params):
    """The right numbers with one part as each of its known mistakes has it."""
    values = exercise.quantities(params) | right
    return [
        right | {part.name: wrong}
        for part in exercise.told()
        for tree in part.trees
        if math.isfinite(wrong := float(evaluate(tree, values)))
        and not (part.exact and wrong == right[part.name])
    ]


def assert_refused_at_all_digits(exercise, wrong, right, params):
    """Of parts with a truth one at least is not right: then the judge is not asked at length."""
    told = {part.name: part for part in exercise.told()}
    changed = {name for name in right if wrong[name] != right[name]}
    known = [name for name in changed if not told[name].free]
    if any(is_far(told[name], wrong[name], right[name]) for name in known):
        return
    for digits in (2, 3, 4):
        typed, own = (
            {
                name: in_digits(number, digits)
                if name in changed and not told[name].exact
                else repr(number)
                for name, number in numbers.items()
            }
            for numbers in (wrong, right)
        )
        # at two digits both may be the same text
        if typed == own or not all(map(math.isfinite, wrong.values())):
            continue
        if any(is_wrong(told[name], wrong[name], typed[name], right[name]) for name in known):
            continue
        result = judge(exercise, as_answer(exercise, typed), params, strict=False)
        assert result.status != "right", f"{params}: {typed} for {right}"


def assert_mutants_are_refused(path, id, students):
    task, spec = chapter(path).tasks[id], spec_of(id)
    catch_all = {"generic", f"property {len(getattr(task.exercise, 'properties', ()))}"}
    exact = {part.name for part in getattr(task.exercise, "told", tuple)() if part.exact}
    for params in students:
        for name, code in spec.mutants.items():
            result = outcome(path, id, task.with_region(code), params)
            assert result.status == "not yet", f"mutant {name!r} with {params}: {result}"
            rule, _, of = result.rule.partition(" of ")
            assert rule not in catch_all or of in exact or isinstance(task.exercise, Text), (
                f"mutant {name!r} with {params} gets only the general words: {result}"
            )


@pytest.mark.parametrize("path, id", CASES)
def test_hints_and_messages_keep_the_answer(path, id):
    task = chapter(path).tasks[id]
    exercise, params = task.exercise, task.parameters
    assert len(set(exercise.hints)) == 3
    right = answer(path, id, task.solution, params)
    said = [*exercise.hints]
    for code in spec_of(id).mutants.values():
        said.append(outcome(path, id, task.with_region(code), params).message)
    # the third hint may be the first line
    lines = exercises.strip.region(task.solution).splitlines()
    last = [line.strip() for line in lines if re.search(r"\w", line)][-1]
    assert not [text for text in said if last in text], (
        f"the solution's last line is given away: {last!r}"
    )
    if isinstance(exercise, (Function, Choice, Text)):
        return
    for value in right.values() if isinstance(right, dict) else np.ravel(right):
        for text in said:
            for number in re.findall(r"\d+\.?\d*(?:e[-+]?\d+)?", text):
                digits = re.sub(r"e.*|\.|^0+", "", number)
                assert len(digits) < 3 or not math.isclose(
                    float(number), abs(float(value)), rel_tol=2e-3
                ), f"{text!r} holds the answer {value:.4g}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_functions_can_be_judged_from_their_answers_alone(path):
    """What a grader does: ask first, judge afterwards. The inputs may not depend on the answers."""
    for id, task in chapter(path).tasks.items():
        if isinstance(task.exercise, Function):
            assert_judged_from_answers_alone(path, id)


def assert_judged_from_answers_alone(path, id):
    task = chapter(path).tasks[id]
    probes = spec_of(id).probes(exercises.Stream("key", id, "student"))
    assert probes, f"{id}: a function exercise needs personal probes in its Spec"
    recorded = {}

    def key(inputs):
        return repr([np.asarray(value).tolist() for value in inputs])

    def ask(function):
        def asked(*inputs):
            recorded[key(inputs)] = result = function(*inputs)
            return result

        return asked

    def replay(*inputs):
        return recorded[key(inputs)]

    reference = chapter(path).answer(id, task.solution, task.parameters)
    assert judge(task.exercise, ask(reference), task.parameters).status == "right"
    for inputs in probes:
        assert len(inputs) == len(task.exercise.arguments)
        assert not np.any(np.isnan(np.asarray(reference(*inputs), float)))
    questions = set(recorded)
    for code in spec_of(id).mutants.values():
        mutant = chapter(path).answer(id, task.with_region(code), task.parameters)
        recorded.clear()
        first = judge(task.exercise, ask(mutant), task.parameters)
        assert set(recorded) <= questions, f"{id}: a property asks other questions of other answers"
        if "raised" not in first.message:
            assert judge(task.exercise, replay, task.parameters) == first


# ---- what a chapter's checks say ---------------------------------------------------------------


def told_in(path):
    """(exercise, part) of all numbers that a chapter asks for; a plan's are no single truths."""
    for task in chapter(path).tasks.values():
        exercise = task.exercise
        if isinstance(exercise, (Number, Several)) and not isinstance(exercise, Plan):
            yield from ((exercise, part) for part in exercise.told())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_digits_are_as_many_as_the_tolerance_needs(path):
    """No tolerance finer than the digits show; other than three of them only where it says why."""
    for exercise, part in told_in(path):
        assert (part.digits != 3) == bool(part.why), f"{exercise.id}, {part.name}: {part.digits}"
        exempt = part.free or part.exact or part.whole
        assert exempt or part.atol or part.rtol >= 0.5 * 10**-part.digits, (
            f"{exercise.id}, {part.name}: {part.rtol} is never reached with {part.digits} digits"
        )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_mistake_is_written_twice_or_worked_out_for_nothing(path):
    """The second of two would never speak; one of two is what somebody else meant to write."""
    worked_out, used = {}, set()
    for exercise, part in told_in(path):
        expressions = [re.sub(r"\s", "", text) for text, _ in part.mistakes]
        twice = {text for text in expressions if expressions.count(text) > 1}
        assert not twice, f"{exercise.id}, {part.name}: {twice}"
        assert part.truth is None or re.sub(r"\s", "", part.truth) not in expressions, exercise.id
        worked_out |= dict.fromkeys(exercise.derived, exercise.id)
        used |= exercise._mentioned | set(re.findall(r"\{(\w+)", "".join(exercise._messages())))
    assert {name: id for name, id in worked_out.items() if name not in used} == {}


OF_A_PART = ("unit", "rtol", "atol", "digits", "exact", "whole")
#: of each exercise: points and a name of its draws; how near its parts are to be met; what its
#: quantities, truths, mistakes and both sides of bounds give; and which rule speaks to each mutant
WORKED_OUT = Path(__file__).with_name("worked_out.txt")


def worked_out(path) -> dict[str, dict[str, float | str]]:
    """Of each exercise of a chapter what `worked_out.txt` records, at the page's own parameters."""
    found = {}
    for id, task in chapter(path).tasks.items():
        exercise, spec = task.exercise, spec_of(id)
        drawn = [personal(id), spec.probes(exercises.Stream("key", id, "student"))]
        name = hashlib.sha256(in_six_digits(drawn).encode()).hexdigest()[:8]
        values = {}
        if hasattr(exercise, "quantities"):
            values = dict(exercise.quantities(task.parameters))
        known = set(getattr(exercise, "derived", ())) | set(task.parameters)
        own = {f"with {name}": value for name, value in values.items() if name in known}
        if isinstance(exercise, (Number, Several)):
            right = numbers_in(exercise, answer(path, id, task.solution, task.parameters))
            if not any(part.free for part in exercise.told()):
                right = exercise.truths(values)
            for part in () if isinstance(exercise, Plan) else exercise.told():
                own[part.name] = right[part.name]
                for tree, (text, _) in zip(part.trees, part.mistakes, strict=True):
                    own[f"{part.name}, not {text}"] = evaluate(tree, values | right)
            for place, (rule, _) in enumerate(exercise.rules, 1):
                for side, tree in enumerate(compared(rule), 1):
                    own[f"bound {place}, {side}"] = evaluate(tree, values | right)
        told = {what: float(value) for what, value in own.items()}
        found[id] = {"points and draws": f"{spec.points} {name}"} | told
        for part in getattr(exercise, "told", tuple)():
            fields = {field: getattr(part, field) for field in OF_A_PART}
            given = (f"{field} {value}" for field, value in fields.items() if value)
            found[id][f"asked of {part.name}"] = ", ".join(given)
        for mutant, code in spec.mutants.items():
            result = outcome(path, id, task.with_region(code), task.parameters)
            found[id][f"mutant {mutant}"] = result.rule
    return found


def compared(rule) -> list:
    """What a bound compares: both sides, and how near."""
    if not isinstance(rule, list):
        return []
    operation, *branches = rule
    if operation in ("and", "or", "not"):
        return [one for branch in branches for one in compared(branch)]
    return branches


def in_six_digits(drawn) -> str:
    """Numbers, texts, arrays, lists and dicts, the same on every machine."""
    if isinstance(drawn, dict):
        return in_six_digits(list(drawn.items()))
    if isinstance(drawn, (list, tuple, np.ndarray)):
        return f"[{','.join(map(in_six_digits, drawn))}]"
    return drawn if isinstance(drawn, str) else format(float(drawn), ".6g")


def recorded() -> dict[str, dict[str, float | str]]:
    found = {}
    for line in WORKED_OUT.read_text(encoding="utf-8").splitlines():
        id, what, value = line.split(" | ")
        told = what.startswith(("points and draws", "asked of ", "mutant "))
        found.setdefault(id, {})[what] = value if told else float(value)
    return found


def other_than_recorded(now: dict, before: dict) -> list[str]:
    return [
        f"{id}, {what}: was {before.get(id, {}).get(what)}, is {now.get(id, {}).get(what)}"
        for id in dict.fromkeys([*before, *now])
        for what in dict.fromkeys([*before.get(id, ()), *now.get(id, ())])
        if not same(now.get(id, {}).get(what), before.get(id, {}).get(what))
    ]


def same(one, other) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-3) or (math.isnan(one) and math.isnan(other))
    return one == other


@pytest.mark.parametrize("path", NOTEBOOKS[:-1], ids=lambda path: path.stem)
def test_what_an_exercise_works_out_is_what_was_read(path):
    """As with a notebook's outputs: a number that changed although nobody meant it is a fault."""
    now, before = worked_out(path), recorded()
    assert other_than_recorded(now, {id: before.get(id, {}) for id in now}) == [], (
        "read the changes; if you meant them all, run python tests/test_exercises.py"
    )


def test_nothing_is_recorded_of_exercises_that_are_gone():
    assert set(recorded()) <= {id for path in NOTEBOOKS for id in chapter(path).tasks}


def test_a_changed_quantity_would_be_seen():
    now = worked_out(EXAMPLE)
    assert other_than_recorded(now, copy.deepcopy(now)) == []
    id, slip = next((id, what) for id, own in now.items() for what in own if ", not " in what)
    for what, value in ((slip, now[id][slip] * 1.002), ("another", 1.0)):
        changed = copy.deepcopy(now)
        changed[id][what] = value
        assert len(other_than_recorded(now, changed)) == 1


def write_worked_out():
    lines = [
        f"{id} | {what} | {value if isinstance(value, str) else format(value, '.5g')}\n"
        for path in NOTEBOOKS[:-1]
        for id, own in worked_out(path).items()
        for what, value in sorted(own.items())
    ]
    WORKED_OUT.write_text("".join(lines), encoding="utf-8")


#: how many of the unit is one of what is asked for
IN_UNITS = {
    "bits": 1 / math.log(2),
    "nats": math.log(2),
    "per cent": 100,
    "thousandths": 1e3,
    "thousands": 1e-3,
    "millions": 1e-6,
    "millions of millions": 1e-12,
    "billions": 1e-9,
    "trillions": 1e-12,
}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_mistake_in_another_unit_is_off_by_that_unit(path):
    """ "that is in bits": the right number in bits, or another known mistake in them."""
    for exercise, part in told_in(path):
        task = chapter(path).tasks[exercise.id]
        params = task.parameters
        numbers = numbers_in(exercise, answer(path, exercise.id, task.solution, params))
        values = exercise.quantities(params) | numbers
        wrong = [float(evaluate(tree, values)) for tree in part.trees]
        for value, (text, words) in zip(wrong, part.mistakes, strict=True):
            unit = re.match(
                rf"that is (?:still )?in ({'|'.join(sorted(IN_UNITS, key=len, reverse=True))})"
                r"(?! of the loss| for each| of tokens| still)",
                words,
            )
            if unit:
                right = value / IN_UNITS[unit[1]]
                # another route may lead to what is counted right as well
                assert is_right(part, Typed(right), numbers[part.name]) or any(
                    math.isclose(right, known, rel_tol=1e-3) for known in wrong
                ), f"{exercise.id}, {part.name}: {text} is not {words!r}"


#: what the words of a mistake say it is, of the quantities and `right`; # is a number in the words
SAID = {
    r"that is twice the (?:drop|rise|factor)\b": "2 * right",
    "that is a tenth of the gain": "right / 10",
    r"that is (\d+) width\^2 for a layer": "2 * # * net_width ** 2 + tables",
    "that is one layer, without": "layers / 2",
}


def other_than_said(words: str, value: float, values: dict) -> bool:
    """Whether a known mistake of this value says that it is something else."""
    for pattern, meant in SAID.items():
        if found := re.match(pattern, words):
            meant = meant.replace("#", found[1] if found.groups() else "")
            told = float(evaluate(parse(meant, values), values))
            return not math.isclose(value, told, rel_tol=1e-6)
    return False


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_mistake_is_what_its_words_say(path):
    """ "that is 8 width^2 for a layer": with the tables, or the words are those of another slip."""
    for exercise, part in told_in(path):
        if not any(re.match(pattern, words) for pattern in SAID for _, words in part.mistakes):
            continue
        task = chapter(path).tasks[exercise.id]
        params = task.parameters
        numbers = numbers_in(exercise, answer(path, exercise.id, task.solution, params))
        values = params | exercise.quantities(params) | numbers | {"right": numbers[part.name]}
        for tree, (text, words) in zip(part.trees, part.mistakes, strict=True):
            value = float(evaluate(tree, values))
            assert not other_than_said(words, value, values), f"{exercise.id}: {text}, {words!r}"


def test_a_mistake_that_is_not_what_its_words_say_would_be_seen():
    values = {"layers": 2 * 12 * 16**2, "tables": 2048, "net_width": 16, "right": 8192}
    words = "that is 8 width^2 for a layer: the attention is left out"
    layers = 2 * 8 * 16**2
    assert [other_than_said(words, value, values) for value in (layers + 2048, layers)] == [
        False,
        True,
    ]
    assert other_than_said("that is twice the rise", 8192.0, values)
    assert not other_than_said("that is another thing", 1.0, values)


#: what stands beside a parameter's number (#) in a message, where an exercise has several of them
BESIDE = {
    "token_loss": "# nats|loss is #",
    "character_bytes": "# bytes",
    "loss_[abc]": "pays # nats",
    "characters_[abc]": "for # characters",
    "floor_share": "# of today's loss|floor that you look for is not #",
    "floored_exponent": "exponent is #",
    "bend_[ABCD]": "its ends lie # %",
    "scatter_[ABCD]": "its points scatter by # %",
    "target": "share #",
    "dearer": "costs #",
    "n_layer": "# layers|there are #|one of #|all # have",
    "d_model": "width (of )?#|# by|by #: a width",
    "d_ff": "d_ff is #|#} by #|by #",
    "ctx_share": "(the share|not of) #",
    "ctx_vocab": "# tokens",
    "ctx_width": "tokens times #",
    "ctx_layers": "# layers",
    "utilisation": "# of the peak|is a share: #|# is reached",
    "chip_price": "# dollars|price; yours is #",
    "chip_watts": "times # W|yours draws #|W and a PUE .* yours are # and",
    "building_pue": "W, times #|PUE .* yours has #|PUE .* and #",
    "chip_peak": "FLOP/s(; yours has|:) #",
    "n_tokens": "# tokens",
    "printed_millions": "# million",
    "printed_heads": "# heads",
    "printed_head_width": "heads of #",
    "printed_width": "with #: so the width|width are not #",
    "net_tokens": "# tokens",
    "net_vocabulary": "vocabulary here is #",
    "surprise": "# nats (above|outside)|misses by #",
    "odds": r"# to one|# of \{odds\} \+ 1|of # \+ 1|in #|of # per cent|: # hold|# \+ 1 in all",
    "widest": "# nats is more",
    "size_share": "# is (a ratio|the part)|a size #|than #, the ratio|N / #",
    "same_decay": "# is the slope of the spectrum",
    "n_directions": r"end at #|stops at #|1,001 to #|N \+ 1 to #|features .* have #",
    "line_target": "(exponent|steeply than|more than|1 \\+) #",
    "[bcd]_first": "at the smallest size . has #",
    "[bcd]_last": "at the largest #",
    "target_loss": "loss (is|of) #",
    "batch_tokens": "the batch is #",
    "held_[ABCD]": "# of .'s 40 intervals",
    "width_[ABCD]": "# nats wide",
    "score_[ABCD]": "mean score is #",
    "answer_length": "answers? (has|have) #",
    "p_now": "right in # of the cases",
    "exam_length": "# tokens",
    "beyond_[ABCD]": "leave the line .* by #",
}
OF_A_LETTER = (
    "(?:bend|scatter|held|width|score|beyond|loss|characters)_([a-dA-D])|([b-d])_(?:first|last)"
)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_number_in_a_message_stands_beside_its_own_words(path):
    """ "{same_decay} is the part of your features" would tell the reader a wrong number."""
    for task in chapter(path).tasks.values():
        texts = dict.fromkeys(task.exercise._messages())
        shown = [
            (found[1], f"{text[: found.start()]}#{text[found.end() :]}")
            for text in texts
            for found in re.finditer(r"\{(\w+)[^{}]*\}", text)
        ]
        for name, text in shown if len({name for name, _ in shown}) > 1 else ():
            beside = [words for names, words in BESIDE.items() if re.fullmatch(names, name)]
            assert beside, f"{task.exercise.id}: say in BESIDE what stands beside {name}"
            assert re.search(beside[0], text), f"{task.exercise.id}: {name} in {text!r}"
            if owner := re.fullmatch(OF_A_LETTER, name):
                letter = (owner[1] or owner[2]).upper()
                assert re.search(rf"\b{letter}\b", text), f"{task.exercise.id}: {name} in {text!r}"


# ---- negative controls: the example, broken ----------------------------------------------------


@pytest.fixture
def broken(tmp_path):
    """Write the example with some cells changed: broken({cell id: new source, None: left out})."""

    def write(changes):
        notebook = json.loads(EXAMPLE.read_text(encoding="utf-8"))
        assert set(changes) <= {cell["id"] for cell in notebook["cells"]}
        notebook["cells"] = [
            cell | {"source": changes.get(cell["id"], cell["source"])}
            for cell in notebook["cells"]
            if changes.get(cell["id"], "") is not None
        ]
        path = tmp_path / "99_example.ipynb"
        path.write_text(json.dumps(notebook), encoding="utf-8")
        return path

    return write


def test_the_example_is_whole(broken):
    assert list(read_chapter(broken({})).tasks) == ["99-halve-loss", "99-power-law", "99-fit-curve"]
    cells = {cell["id"]: cell["source"] for cell in strip(json.loads(EXAMPLE.read_text()))["cells"]}
    assert cells["exercise-99-halve-loss"] == "factor = ..."
    assert cells["exercise-99-fit-curve"] == "tokens, loss = personal_curve(seed)\nfitted = ..."
    assert cells["exercise-99-power-law"].endswith('may be an array."""\n    ...')


REGION = "### BEGIN SOLUTION\n{}\n### END SOLUTION"


@pytest.mark.parametrize(
    "source, message",
    [
        ("factor = 2 ** (1 / exponent)", "found 0"),
        ("### BEGIN SOLUTION\nfactor = 2", "found 0"),
        (REGION.format("factor = 2") + "\n" + REGION.format("factor = 3"), "found 2"),
        (REGION.format("factor = 2") + "\n## END SOLUTION", "marker survives"),
        (REGION.format("faktor = 2"), "does not bind 'factor'.*faktor"),
        ("factor = 2\n" + REGION.format("factor = 3"), "outside the solution region"),
        (REGION.format("factor = = 2"), "not Python"),
        (
            "if True:\n    ### BEGIN SOLUTION\n    factor = 2\n    ### END SOLUTION",
            "no function 'factor'",
        ),
    ],
)
def test_a_solution_cell_that_does_not_strip_is_refused(broken, source, message):
    notebook = json.loads(broken({"exercise-99-halve-loss": source}).read_text())
    with pytest.raises(StripError, match=message):
        strip(notebook)


def test_a_marker_in_any_other_cell_is_refused(broken):
    with pytest.raises(StripError, match="marker survives"):
        strip(json.loads(broken({"q-99-halve-loss": "### END SOLUTION"}).read_text()))


@pytest.mark.parametrize(
    "body",
    [
        "x = 1\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION",
        "### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n    return 2",
    ],
)
def test_a_region_that_is_not_the_whole_body_is_refused(body):
    with pytest.raises(StripError, match="whole body"):
        stub("def f(x):\n    " + body, "f")


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"hint-99-power-law": None}, "needs exercise, check, hint"),
        ({"parameters-99-fit-curve": None}, "needs parameters, exercise, check, hint"),
        ({"parameters-99-fit-curve": "seed = 3 + 4 * one"}, "more than assignments of literals"),
        ({"check-99-halve-loss": 'check("99-halve-loss", factor)'}, "check cell must read"),
        (
            {"check-99-halve-loss": 'check("99-halve-loss", 10, exponent=exponent)'},
            "check cell must read",
        ),
        ({"hint-99-halve-loss": 'hint("99-power-law")'}, "hint cell must read"),
        ({"q-99-halve-loss": "Some text"}, "must be its question"),
        ({"setup": None}, "tagged setup"),
    ],
)
def test_cells_that_contradict_the_checks_are_refused(broken, changes, message):
    with pytest.raises(ChapterError, match=message):
        read_chapter(broken(changes))


def test_a_cell_without_its_exercise_or_without_its_tag_is_refused(tmp_path):
    notebook = json.loads(EXAMPLE.read_text())
    for change in ("tags", "scalinglib"):
        faulty = copy.deepcopy(notebook)
        del next(cell for cell in faulty["cells"] if cell["id"] == "hint-99-power-law")["metadata"][
            change
        ]
        path = tmp_path / "99_example.ipynb"
        path.write_text(json.dumps(faulty))
        with pytest.raises(ChapterError, match="carry both"):
            read_chapter(path)


def test_an_exercise_that_nobody_registered_is_refused(tmp_path):
    path = tmp_path / "99_example.ipynb"
    path.write_text(EXAMPLE.read_text().replace("99-power-law", "99-power-lore"))
    with pytest.raises(ValueError, match="99-power-law"):
        read_chapter(path)


def test_a_drifted_parameter_and_a_wrong_reference_are_caught(broken):
    drifted = broken({"parameters-99-halve-loss": "exponent = 0.3"})
    with pytest.raises(AssertionError, match="should read"):
        assert_public_draw(drifted, "99-halve-loss")
    chapter.cache_clear()
    wrong = broken({"exercise-99-halve-loss": REGION.format("factor = 2 ** exponent")})
    with pytest.raises(AssertionError, match=r"upside|power stands"):
        test_the_reference_is_right_for_everyone(wrong, "99-halve-loss")
    chapter.cache_clear()


@pytest.mark.parametrize(
    "test, changes, message",
    [
        (
            test_mutants_are_refused_with_a_message_that_fits,
            {"rtol": 10},
            "power upside down",
        ),
        (
            test_mutants_are_refused_with_a_message_that_fits,
            {"bounds": (), "mistakes": ()},
            "only the general words",
        ),
        (
            test_the_reference_is_right_for_everyone,
            {"mistakes": (("1.0001 * 2 ** (1 / exponent)", "near"),)},
            "is right, but also 'near'",
        ),
        (
            test_the_reference_is_right_for_everyone,
            {"truth": "0.5 ** (1 / exponent)"},
            "not yet",
        ),
        (
            test_hints_and_messages_keep_the_answer,
            {"hints": ("a", "b", "`factor = 2 ** (1 / exponent)`")},
            "last line is given away",
        ),
        (
            test_hints_and_messages_keep_the_answer,
            {"hints": ("a", "b", "about 39.15 times")},
            "holds the answer",
        ),
        (test_hints_and_messages_keep_the_answer, {"hints": ("a", "a", "b")}, "== 3"),
    ],
)
def test_a_check_that_is_lax_dull_tight_or_talkative_is_caught(monkeypatch, test, changes, message):
    known = registry.exercise
    faulty = dataclasses.replace(known("99-halve-loss"), **changes)
    monkeypatch.setattr(registry, "exercise", lambda id: faulty if id == faulty.id else known(id))
    with pytest.raises(AssertionError, match=message):
        test(EXAMPLE, "99-halve-loss")


# ---- draws ------------------------------------------------------------------------------------


def test_draws_are_those_written_down_here():
    """Frozen: another Python or machine must not change anyone's parameters."""
    stream = exercises.Stream("public", "09-example", "public")
    drawn = [
        stream.uniform(0.2, 0.4, 0.01),
        stream.log_uniform(1e9, 1e11),
        stream.integer(1, 6),
        stream.choice("abc"),
        stream.seed(),
        stream.log_uniform(1e20, 1e24, 3),
    ]
    assert drawn == [0.21, 5.6e10, 2, "c", 937122, 7.57e23]


def test_draws_differ_between_students_exercises_and_keys():
    names = [
        ("k", "09-a-b", "s"),
        ("k2", "09-a-b", "s"),
        ("k", "09-a-c", "s"),
        ("k", "09-a-b", "s2"),
        ("k", "09-a-b", "b|s"),
    ]
    assert len({exercises.Stream(*name).unit() for name in names}) == len(names)


def test_draws_stay_inside_on_clean_steps_and_reach_both_ends():
    stream = exercises.Stream("k", "09-a-b", "s")
    steps = {stream.uniform(0.1, 0.3, 0.05) for _ in range(200)}
    assert steps == {0.1, 0.15, 0.2, 0.25, 0.3}
    sizes = [stream.log_uniform(1e6, 1e9, 2) for _ in range(500)]
    assert (
        min(sizes) >= 1e6
        and max(sizes) <= 1e9
        and all(size == float(f"{size:.1e}") for size in sizes)
    )
    assert abs(np.mean(np.log10(sizes)) - 7.5) < 0.15
    assert {stream.integer(1, 6) for _ in range(200)} == set(range(1, 7))


@pytest.mark.parametrize(
    "value, text",
    [
        (3.7e9, "3.7e9"),
        (0.31, "0.31"),
        (1.5e-5, "1.5e-5"),
        (5.76e23, "5.76e23"),
        (1e5, "1e5"),
        (12, "12"),
        ("Gopher", "'Gopher'"),
        (-2e6, "-2e6"),
    ],
)
def test_parameter_cells_are_pleasant_and_exact(value, text):
    assert exercises.parameter_cell({"a": value}) == f"a = {text}"
    assert eval(text) == value


def test_a_spec_needs_five_mutants_and_points():
    with pytest.raises(ValueError, match="at least 5 mutants, got 1"):
        exercises.Spec(id="99-a-b", points=1, mutants={"a": "b"})
    with pytest.raises(ValueError, match="points"):
        exercises.Spec(id="99-a-b", points=0, mutants=dict.fromkeys("abcde", "f"))


if __name__ == "__main__":
    write_worked_out()
