"""The grader's verdict: plain answers from the sandbox against the reference computed here.

The judge is the one of the notebook's check (`scalinglib.checks.judge`), with parameters drawn
again from the key. A function was called in the sandbox with the inputs that the check asks about
and with personal ones; here its answers are played back to the judge, and the personal ones must
agree with the chapter's own solution.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

import numpy as np

from scalinglib.checks import Function, Text, judge
from scalinglib.checks.kinds import NOT_ATTEMPTED, NOT_YET, RIGHT, Outcome

from . import Stream, chapter_specs, parameters
from .chapter import Chapter, Task, read_chapter
from .draw import Key

_ELSEWHERE = (
    "it passes the check of the notebook, but not for other inputs: it must hold for all of them"
)
_RTOL = 1e-6


@cache
def chapter_of(path: str) -> Chapter:
    """The chapter's exercises, read once in each process."""
    return read_chapter(path)


def asked(chapter: Chapter, id: str, key: Key, student: str) -> dict:
    """What the sandbox is told of an exercise: name, parameters, for a function its inputs."""
    task = chapter.tasks[id]
    calls = None
    if isinstance(task.exercise, Function):
        calls = [
            [_as_json(value) for value in inputs]
            for inputs in (*_checked_inputs(chapter, id), *_personal(chapter, id, key, student))
        ]
    return {
        "name": task.exercise.answer,
        "params": parameters(chapter_specs(chapter.number)[id], key, student),
        "calls": calls,
    }


def verdict(chapter: Chapter, id: str, key: Key, student: str, said: tuple[dict, ...]) -> Outcome:
    """The outcome of one exercise, from everything that the sandbox said.

    The last answer counts, or the one that the notebook's check saw if that is worth more. Whatever
    was said, nothing is raised.
    """
    outcome = _of_last(chapter, id, key, student, said)
    checks = [place for place, line in enumerate(said) if line.get("checked") == id]
    if outcome.share == 1 or not checks or isinstance(chapter.tasks[id].exercise, Text):
        return outcome
    seen = _of_last(chapter, id, key, student, said[: checks[-1]])
    return seen if seen.share > outcome.share else outcome


def _of_last(chapter: Chapter, id: str, key: Key, student: str, said: tuple[dict, ...]) -> Outcome:
    task = chapter.tasks[id]
    params = parameters(chapter_specs(chapter.number)[id], key, student)
    answers = [
        line for line in said if line.get("id") == id and ("data" in line or "calls" in line)
    ]
    if not answers:
        return _nothing(task, said)
    try:
        if "calls" in answers[-1] and isinstance(task.exercise, Function):
            outcome = _of_function(chapter, task, params, key, student, answers[-1]["calls"])
        elif isinstance(task.exercise, Text):
            outcome = judge(
                task.exercise, text_of(id, said) or _answer(answers[-1].get("data")), params
            )
        else:
            outcome = judge(task.exercise, _answer(answers[-1].get("data")), params)
    except Exception as error:  # such an answer must not stop the class
        return Outcome(NOT_YET, f"this answer cannot be judged ({type(error).__name__})", "form")
    if outcome.status == NOT_ATTEMPTED and (raised := _raised(id, said)):
        return Outcome(NOT_YET, raised, "form")
    return outcome


def text_of(id: str, said: tuple[dict, ...]) -> str:
    """The text that an exercise's name was bound to last; empty where it was none.

    The sandbox has cut it at 10,000 characters.
    """
    data = next(
        (line["data"] for line in reversed(said) if line.get("id") == id and "data" in line), None
    )
    return data if isinstance(data, str) else ""


def numbers_of(id: str, said: tuple[dict, ...]) -> str:
    """The numbers of the last answer to an exercise in eight digits, for who compares students.

    At most twenty, with blanks in between; empty where there are none.
    """
    data = next(
        (line["data"] for line in reversed(said) if line.get("id") == id and "data" in line), None
    )
    return " ".join(f"{number:.8g}" for number in list(_numbers(data))[:20])


def _numbers(data: object, depth: int = 0) -> Iterator[float]:
    if isinstance(data, (int, float)) and not isinstance(data, bool):
        if abs(data) < 1e300:  # an int may be larger than any float; nan is refused too
            yield float(data)
    elif isinstance(data, (list, dict)) and depth < 6:
        for entry in data.values() if isinstance(data, dict) else data:
            yield from _numbers(entry, depth + 1)


def _nothing(task: Task, said) -> Outcome:
    if raised := _raised(task.id, said):
        return Outcome(NOT_YET, raised, "form")
    runs, whole = (
        [line["runs"] for line in said if "runs" in line],
        any(line.get("end") is True for line in said),
    )
    if runs and not whole and runs[-1] == task.id:
        return Outcome(
            NOT_YET,
            "the run ended in this cell: it ended Python itself, or a limit stopped it",
            "form",
        )
    if runs and not whole and task.id not in runs:
        return Outcome(NOT_ATTEMPTED, "the run had ended before its turn came")
    return Outcome(NOT_ATTEMPTED, f"there is no answer named {task.exercise.answer}")


def _raised(id: str, said) -> str:
    errors = [line["error"] for line in said if line.get("cell") == id and "error" in line]
    if not errors or not _is_error(errors[-1]):
        return ""
    name, text = errors[-1]
    if name == "Late":
        return "the cell took too long and was stopped"
    return f"the cell raised {name}" + (f": {text}" if text else "")


def _is_error(value) -> bool:
    return (
        isinstance(value, list) and len(value) == 2 and all(isinstance(part, str) for part in value)
    )


# ---- functions -----------------------------------------------------------------------------------


def _of_function(chapter, task, params, key, student, calls) -> Outcome:
    checked, personal = _checked_inputs(chapter, task.id), _personal(chapter, task.id, key, student)
    if not isinstance(calls, list) or len(calls) != len(checked) + len(personal):
        return Outcome(NOT_YET, "the function's answers did not come out whole", "form")
    played = {_key(inputs): call for inputs, call in zip((*checked, *personal), calls, strict=True)}

    def student_function(*inputs):
        call = played[_key(inputs)]
        if "error" in call and _is_error(call["error"]):
            name, text = call["error"]
            if name == "Late":
                raise TimeoutError("it took too long and was stopped")
            raise type(name if name.isidentifier() else "Exception", (Exception,), {})(text)
        return _answer(call["value"])

    outcome = judge(task.exercise, student_function, params)
    if outcome.status != RIGHT:
        return outcome
    reference = chapter.answer(task.id, task.solution, params)
    for inputs, call in zip(personal, calls[len(checked) :], strict=True):
        if not _agree(call, reference(*inputs)):
            return Outcome(NOT_YET, _ELSEWHERE, "personal")
    return outcome


def _agree(call, expected) -> bool:
    if not isinstance(call, dict) or "value" not in call:
        return False
    try:
        value, expected = np.asarray(_answer(call["value"])), np.asarray(expected, float)
        if value.dtype.kind not in "iuf" or value.shape != expected.shape:
            return False
        scale = np.max(np.abs(expected[np.isfinite(expected)]), initial=0)
        return bool(np.allclose(value, expected, rtol=_RTOL, atol=1e-12 * scale))
    except (TypeError, ValueError, OverflowError):
        return False


@cache
def _checked_inputs(chapter: Chapter, id: str) -> tuple:
    """The inputs that the check asks a function about, found by asking the reference.

    They are the same for everyone.
    """
    task, seen = chapter.tasks[id], {}
    reference = chapter.answer(id, task.solution, task.parameters)

    def recorder(*inputs):
        seen.setdefault(_key(inputs), inputs)
        return reference(*inputs)

    if judge(task.exercise, recorder, task.parameters).status != RIGHT:
        raise ValueError(f"{id}: the chapter's own solution does not pass its check")
    return tuple(seen.values())


def _personal(chapter: Chapter, id: str, key: Key, student: str) -> list[tuple]:
    return chapter_specs(chapter.number)[id].probes(Stream(key, f"{id}|probes", student))


def _key(inputs) -> str:
    return repr([np.asarray(value).tolist() for value in inputs])


# ---- plain data, both ways -----------------------------------------------------------------------


def _as_json(value):
    if isinstance(value, np.ndarray):
        return {"array": value.tolist(), "dtype": value.dtype.name}
    return value.item() if isinstance(value, np.generic) else value


class _Thing:
    """Stands for something that is not plain data."""


def _answer(data, depth=0):
    """What the judge gets for JSON from the sandbox; sizes are cut where reading may be slow."""
    if isinstance(data, str):
        return data[:200]
    if isinstance(data, list):
        return [_answer(entry, depth + 1) for entry in data] if depth < 6 else _Thing()
    if isinstance(data, dict):
        if data.get("type") == "complex":
            return complex(math.nan, math.nan)
        if data.get("type") == "function":
            return lambda: None
        if isinstance(data.get("dict"), list) and depth < 6:
            return {str(name): _answer(entry, depth + 1) for name, entry in data["dict"]}
        thing = type(str(data.get("type", "thing")), (_Thing,), {})
        return thing()
    return data
