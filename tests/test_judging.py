"""The grader's verdict from what a sandbox could have said, written by hand: no sandbox, and a
chapter of four exercises that stands here.

The whole way through the sandbox is in test_grading.py.
"""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from exercises import Spec, Stream, chapter_specs, judging
from exercises.chapter import Chapter, Task, read_chapter
from scalinglib.checks import Choice, Function, Number, Text, registry

KEY, STUDENT = "a key for tests only", "ada"
HINTS = ("one", "two", "three")
EXERCISES = {
    "98-double": Number(
        id="98-double",
        answer="doubled",
        hints=HINTS,
        given=("number",),
        truth="2 * number",
        generic="that is not twice {number}",
    ),
    "98-scale": Function(
        id="98-scale",
        answer="scaled",
        hints=HINTS,
        arguments=("values", "factor"),
        probes=((np.array([1.0, 2.0]), 3.0), (np.array([0.5]), 4.0)),
        properties=((lambda f: np.allclose(f(np.array([1.0]), 5.0), [5.0]), "it does not scale"),),
    ),
    "98-pick": Choice(
        id="98-pick",
        answer="picked",
        hints=HINTS,
        options=(("A", "True", ""), ("B", "False", "not B")),
    ),
    "98-say": Text(
        id="98-say", answer="said", hints=HINTS, words=(60, 3000), rubric=(("a reason", 2),)
    ),
}
MUTANTS = dict.fromkeys("abcde", "...")
SPECS = {
    "98-double": Spec(
        id="98-double",
        points=1,
        mutants=MUTANTS,
        draw=lambda stream: {"number": stream.integer(1000, 9999)},
    ),
    "98-scale": Spec(
        id="98-scale",
        points=1,
        mutants=MUTANTS,
        probes=lambda stream: [
            (np.array([0.0, stream.uniform(1, 2, 0.01), 1e6]), float(stream.integer(2, 9))),
            (np.array([np.inf, stream.uniform(1, 2, 0.01)]), 2.0),
        ],
    ),
    "98-pick": Spec(id="98-pick", points=1, mutants=MUTANTS),
    "98-say": Spec(id="98-say", points=2, mutants=MUTANTS),
}
SOLUTIONS = {
    "98-double": "doubled = 2 * number",
    "98-scale": "def scaled(values, factor):\n    return factor * np.asarray(values)",
    "98-pick": "picked = 'A'",
    "98-say": "said = 'because it is'",
}
PARAMETERS = {"98-double": {"number": 7}}


@pytest.fixture(autouse=True)
def known(monkeypatch):
    """Chapter 98 beside the chapters of the course."""
    real = registry.exercise
    monkeypatch.setattr(registry, "exercise", lambda id: EXERCISES.get(id) or real(id))
    monkeypatch.setattr(
        judging, "chapter_specs", lambda n: SPECS if n == "98" else chapter_specs(n)
    )


def chapter_with(solutions):
    tasks = {
        id: Task(id, source, "", "", PARAMETERS.get(id, {})) for id, source in solutions.items()
    }
    return Chapter("98", "import numpy as np", tasks)


@pytest.fixture
def chapter():
    return chapter_with(SOLUTIONS)


def judged(chapter, id, *said):
    """The verdict on lines as they come out of the sandbox: through JSON."""
    lines = tuple(json.loads(json.dumps(line)) for line in said)
    return judging.verdict(chapter, id, KEY, STUDENT, lines)


def calls_of(chapter, function, id="98-scale"):
    """What the sandbox says of a function: {"value"} of each call, as it was asked for."""
    told = json.loads(json.dumps(judging.asked(chapter, id, KEY, STUDENT)))["calls"]
    calls = []
    for inputs in told:
        values = [np.array(v["array"], v["dtype"]) if isinstance(v, dict) else v for v in inputs]
        calls.append({"value": np.asarray(function(*values)).tolist()})
    return calls


def scaled(values, factor):
    return factor * values


# ---- what the sandbox is asked ----


def test_a_number_is_asked_for_with_the_students_own_parameters(chapter):
    asked = judging.asked(chapter, "98-double", KEY, STUDENT)
    assert asked["name"] == "doubled" and asked["calls"] is None
    own = asked["params"]["number"]
    assert 1000 <= own <= 9999 and asked["params"] == {"number": own}
    others = [judging.asked(chapter, "98-double", KEY, name)["params"]["number"] for name in "abc"]
    assert len({own, *others}) == 4
    assert judging.asked(chapter, "98-double", "another", STUDENT)["params"]["number"] != own


def test_a_function_is_asked_about_the_notebooks_inputs_then_about_personal_ones(chapter):
    asked = judging.asked(chapter, "98-scale", KEY, STUDENT)
    array = {"array": [1.0, 2.0], "dtype": "float64"}
    assert asked["calls"][0] == [array, 3.0] and asked["params"] == {}
    assert [call[1] for call in asked["calls"][:3]] == [3.0, 4.0, 5.0]
    personal = SPECS["98-scale"].probes(Stream(KEY, "98-scale|probes", STUDENT))
    assert [call[0]["array"] for call in asked["calls"][3:]] == [v.tolist() for v, _ in personal]
    assert [call[1] for call in asked["calls"][3:]] == [factor for _, factor in personal]
    json.dumps(asked)  # nothing of numpy is left
    assert judging.asked(chapter, "98-scale", KEY, "bob")["calls"][3:] != asked["calls"][3:]


def test_inputs_of_every_type_reach_the_sandbox_as_plain_data():
    whole = judging._as_json(np.int64(3))
    assert (whole, type(whole)) == (3, int) and judging._as_json("text") == "text"
    assert judging._as_json(np.array([1, 2], np.int32)) == {"array": [1, 2], "dtype": "int32"}


# ---- numbers, choices, texts ----


def test_a_number_is_judged_with_the_students_own_parameters(chapter):
    own = judging.asked(chapter, "98-double", KEY, STUDENT)["params"]["number"]

    def status(value):
        return judged(chapter, "98-double", {"id": "98-double", "data": value}).status

    assert status(2 * own) == "right" and status(14) == "not yet"  # 7 is the number of the page
    assert status(2 * own * 1.0009) == "right" and status(2 * own * 1.0011) == "not yet"
    assert judged(chapter, "98-double", {"id": "98-double", "data": 14}).rule == "generic"
    assert status("...") == "not attempted"


def test_the_last_answer_counts_and_only_this_exercises(chapter):
    said = [{"id": "98-pick", "data": "B"}, {"id": "98-pick", "data": "A"}]
    assert judged(chapter, "98-pick", *said).status == "right"
    assert judged(chapter, "98-pick", *said[::-1]).status == "not yet"
    assert judged(chapter, "98-pick", *said, {"id": "98-say", "data": "B"}).status == "right"
    assert judged(chapter, "98-pick", *said, {"id": "98-pick", "program": "B"}).status == "right"
    assert judged(chapter, "98-say", *said).status == "not attempted"


def test_what_the_notebooks_check_saw_last_counts_where_it_is_worth_more(chapter):
    right, wrong = ({"id": "98-pick", "data": name} for name in "AB")
    checked = {"checked": "98-pick"}
    assert judged(chapter, "98-pick", right, checked, wrong).status == "right"
    assert judged(chapter, "98-pick", wrong, checked, right).status == "right"
    assert judged(chapter, "98-pick", wrong, checked, wrong, right, wrong).status == "not yet"
    assert judged(chapter, "98-pick", right, {"checked": "98-say"}, wrong).status == "not yet"
    assert judged(chapter, "98-pick", right, checked, wrong, checked, wrong).status == "not yet"
    assert judged(chapter, "98-pick", wrong, checked, right, checked, wrong).status == "right"
    told = judged(chapter, "98-pick", {"id": "98-pick", "data": "..."}, checked, wrong)
    assert told.message == "not B", "of two that are worth the same the last"
    text = {"id": "98-say", "data": "because it is so, and so it is"}
    said = (text, {"checked": "98-say"}, {"id": "98-say", "data": ""})
    assert judged(chapter, "98-say", *said).status == "not attempted", "a person reads the last"


def test_a_text_is_judged_whole_and_a_number_is_cut(chapter):
    """Answers are cut at 200 characters, but the texts that people read are not."""
    long = " ".join(f"word{place}" for place in range(100))
    assert judged(chapter, "98-say", {"id": "98-say", "data": long}).status == "to be read"
    assert judging.text_of("98-say", ({"id": "98-say", "data": long},)) == long
    assert judged(chapter, "98-pick", {"id": "98-pick", "data": "A" + " " * 199}).status == "right"
    longer = "A" + " " * 199 + "B"  # what is behind the 200th character is not read
    assert judged(chapter, "98-pick", {"id": "98-pick", "data": longer}).status == "right"
    shifted = " " * 199 + "A"
    assert judged(chapter, "98-pick", {"id": "98-pick", "data": shifted}).status == "right"
    assert judged(chapter, "98-pick", {"id": "98-pick", "data": " " + shifted}).status != "right"


def test_the_text_is_the_last_one_that_the_name_was_bound_to():
    said = ({"id": "a", "data": "one"}, {"id": "a", "data": "two"}, {"id": "b", "data": "three"})
    assert judging.text_of("a", said) == "two" and judging.text_of("c", said) == ""
    assert judging.text_of("a", (*said, {"id": "a", "data": 3})) == ""
    assert judging.text_of("a", (*said, {"id": "a", "program": "x"})) == "two"


def test_a_text_that_is_none_is_refused_and_an_empty_one_is_open(chapter):
    assert judged(chapter, "98-say", {"id": "98-say", "data": 3}).rule == "form"
    assert judged(chapter, "98-say", {"id": "98-say", "data": ""}).status == "not attempted"


# ---- no answer ----


def test_why_there_is_no_answer(chapter):
    def told(*said):
        outcome = judged(chapter, "98-double", *said)
        return outcome.status, outcome.message, outcome.rule

    runs = {"runs": "98-double"}
    unnamed = ("not attempted", "there is no answer named doubled", "")
    assert told() == unnamed
    assert told(runs, {"end": True}) == unnamed
    ended = "the run ended in this cell: it ended Python itself, or a limit stopped it"
    assert told(runs) == ("not yet", ended, "form")
    assert told(runs, {"end": False}) == ("not yet", ended, "form")
    assert told(runs, {"runs": "98-scale"}) == unnamed
    before = ("not attempted", "the run had ended before its turn came", "")
    assert told({"runs": "98-scale"}) == before
    assert told({"runs": "98-scale"}, {"end": True}) == unnamed
    raised = {"cell": "98-double", "error": ["ValueError", "no"]}
    assert told(raised) == ("not yet", "the cell raised ValueError: no", "form")
    assert told(raised, {"id": "98-double", "data": "..."}) == told(raised)
    assert told({"cell": "98-double", "error": ["KeyError", ""]})[1] == "the cell raised KeyError"
    late = {"cell": "98-double", "error": ["Late", ""]}
    assert told(raised, late)[1] == "the cell took too long and was stopped"
    assert told(raised | {"cell": "98-scale"}, {"end": True}) == unnamed


def test_an_error_above_an_answer_does_not_take_it_away(chapter):
    raised = {"cell": "98-pick", "error": ["ValueError", "no"]}
    right, wrong = ({"id": "98-pick", "data": name} for name in "AB")
    assert judged(chapter, "98-pick", raised, right).status == "right"
    assert judged(chapter, "98-pick", raised, wrong).message == "not B"


@pytest.mark.parametrize(
    "error", [3, "E", ["E"], ["E", 3], [3, "E"], ["E", "x", "y"], {"0": "E"}, None]
)
def test_a_forged_error_says_nothing(chapter, error):
    told = judged(chapter, "98-pick", {"cell": "98-pick", "error": error})
    assert told.message == "there is no answer named picked"


# ---- functions ----


def test_a_function_that_is_right_everywhere_is_right(chapter):
    said = {"id": "98-scale", "calls": calls_of(chapter, scaled)}
    assert judged(chapter, "98-scale", said).status == "right"


def test_a_function_is_judged_by_the_check_first(chapter):
    wrong = judged(
        chapter, "98-scale", {"id": "98-scale", "calls": calls_of(chapter, lambda v, f: v + f)}
    )
    assert (wrong.rule, wrong.message) == ("property 1", "it does not scale")
    said = {"id": "98-scale", "data": "..."}
    assert judged(chapter, "98-scale", said).status == "not attempted"


def cross_entropy():
    """An exercise of the course, and its answers as a student's function gives them."""
    path = next((Path(__file__).parents[1] / "chapters").glob("01_*.ipynb"))
    chapter = replace(read_chapter(path), setup="import numpy as np")
    id = "01-cross-entropy"
    return chapter, chapter.answer(id, chapter.tasks[id].solution, {})


@pytest.mark.parametrize("id, public", [("98-scale", 3), ("01-cross-entropy", 5)])
def test_a_function_that_knows_only_the_notebooks_inputs_has_no_points(chapter, id, public):
    """The personal inputs are compared: a table of the notebook's inputs is no function."""
    chapter, function = (chapter, scaled) if id[:2] == "98" else cross_entropy()
    calls = calls_of(chapter, function, id)
    assert judged(chapter, id, {"id": id, "calls": calls}).status == "right"
    personal = judging._personal(chapter, id, KEY, STUDENT)
    assert len(personal) >= 2 and len(calls) == public + len(personal)
    wrong = [{"value": np.full_like(call["value"], 0.5, float).tolist()} for call in calls]
    table = calls[:public] + wrong[public:]
    one_short = [[*calls[:n], wrong[n], *calls[n + 1 :]] for n in range(public, len(calls))]
    for answers in (table, *one_short):  # also right everywhere but at one personal input
        outcome = judged(chapter, id, {"id": id, "calls": answers})
        assert (outcome.status, outcome.rule, outcome.share) == ("not yet", "personal", 0)
        assert "not for other inputs" in outcome.message


def test_another_students_personal_inputs_are_not_asked_about(chapter):
    """Answers copied from bob fit bob's inputs."""
    own = calls_of(chapter, scaled)
    bobs = judging.verdict(chapter, "98-scale", KEY, "bob", ({"id": "98-scale", "calls": own},))
    assert bobs.rule == "personal"


@pytest.mark.parametrize(
    "relative, absolute, status",
    [
        (0.99e-6, 0, "right"),
        (-0.99e-6, 0, "right"),
        (1.01e-6, 0, "not yet"),
        (-1.01e-6, 0, "not yet"),
        (0, 0.99e-12, "right"),  # of the largest finite entry, for the entry that is zero
        (0, 1.01e-12, "not yet"),
        (0, -1.01e-12, "not yet"),
    ],
)
def test_how_near_an_answer_to_personal_inputs_must_be(chapter, relative, absolute, status):
    calls = calls_of(chapter, scaled)
    zero, middle, largest = calls[3]["value"]
    assert zero == 0
    calls[3] = {"value": [absolute * largest, middle, largest * (1 + relative)]}
    assert judged(chapter, "98-scale", {"id": "98-scale", "calls": calls}).status == status


def test_infinite_answers_are_compared_and_set_no_scale():
    assert judging._agree({"value": [np.inf, 1.0]}, [np.inf, 1.0])
    assert not judging._agree({"value": [1e300, 1.0]}, [np.inf, 1.0])
    assert not judging._agree({"value": [np.inf, 1.1]}, [np.inf, 1.0])
    assert not judging._agree({"value": [np.inf, 1e-9]}, [np.inf, 0.0])
    assert judging._agree({"value": [np.inf]}, [np.inf])  # nothing finite at all
    assert not judging._agree({"value": np.nan}, 1.0)


@pytest.mark.parametrize("value", [2, 2.0, 2**63])
def test_whole_numbers_are_numbers(value):
    assert judging._agree({"value": value}, float(value))


@pytest.mark.parametrize(
    "call",
    [
        3,
        None,
        [1.0],
        {},
        {"error": ["E", ""]},
        {"value": None},
        {"value": "1.0"},
        {"value": True},
        {"value": [1.0]},  # another shape
        {"value": [[1.0], [1.0, 2.0]]},
        {"value": {"type": "complex"}},
        {"value": {"type": "DataFrame"}},
        {"value": 10**400},
    ],
)
def test_what_does_not_agree_with_one(chapter, call):
    assert judging._agree({"value": 1.0}, np.float64(1.0)) and not judging._agree(call, 1.0)


def test_answers_that_did_not_come_out_whole(chapter):
    calls = calls_of(chapter, scaled)
    whole = "the function's answers did not come out whole"
    for forged in (calls[:-1], [*calls, calls[0]], [], 3, {"0": calls}, "a" * len(calls)):
        outcome = judged(chapter, "98-scale", {"id": "98-scale", "calls": forged})
        assert (outcome.status, outcome.rule) == ("not yet", "form"), forged
        assert outcome.message == whole or isinstance(forged, str)
    for first in (3, None, {}, {"error": 3}):
        outcome = judged(chapter, "98-scale", {"id": "98-scale", "calls": [first, *calls[1:]]})
        assert (outcome.status, outcome.rule) == ("not yet", "form"), first


@pytest.mark.parametrize(
    "error, message",
    [
        (["ZeroDivisionError", "division by zero"], "raised ZeroDivisionError: division by zero"),
        (["Late", ""], "raised TimeoutError: it took too long and was stopped"),
        (["no name", "text"], "raised Exception: text"),
    ],
)
def test_what_a_function_raised_is_told(chapter, error, message):
    calls = [{"error": error}, *calls_of(chapter, scaled)[1:]]
    outcome = judged(chapter, "98-scale", {"id": "98-scale", "calls": calls})
    assert (outcome.status, outcome.rule) == ("not yet", "form") and message in outcome.message


def test_a_function_that_raises_at_personal_inputs_only(chapter):
    calls = [*calls_of(chapter, scaled)[:-1], {"error": ["ValueError", ""]}]
    outcome = judged(chapter, "98-scale", {"id": "98-scale", "calls": calls})
    assert outcome.rule == "personal"


def test_calls_are_for_functions_and_data_for_the_others(chapter):
    calls = calls_of(chapter, scaled)
    told = judged(chapter, "98-pick", {"id": "98-pick", "calls": calls})
    assert told.status == "not attempted"
    told = judged(chapter, "98-scale", {"id": "98-scale", "data": 3})
    assert told.message == "a function is asked for, but this is an int"


def test_a_reference_that_fails_its_own_check_stops_the_grader():
    broken = chapter_with({"98-scale": "def scaled(values, factor):\n    return values + factor"})
    with pytest.raises(ValueError, match="98-scale: the chapter's own solution does not pass"):
        judging.asked(broken, "98-scale", KEY, STUDENT)


def test_a_chapter_is_read_once():
    path = str(next((Path(__file__).parents[1] / "chapters").glob("02_*.ipynb")))
    assert judging.chapter_of(path) is judging.chapter_of(path)
    assert judging.chapter_of(path).number == "02"


# ---- whatever comes out of the sandbox ----


@pytest.mark.parametrize(
    "data, message",
    [
        ({"type": "complex"}, "that is a complex number"),
        ({"type": "function"}, "this is a function; call it"),
        ({"type": "DataFrame"}, "this is a DataFrame"),
        ({}, "this is a thing"),
        ({"dict": [["a", 1]]}, "this is a dict"),
        ([1, 2], "this is a list"),
        (True, "that is True or False"),
        ({"dict": [["a"]]}, r"this answer cannot be judged \(ValueError\)"),
    ],
)
def test_odd_answers_are_refused_by_what_they_are(chapter, data, message):
    outcome = judged(chapter, "98-double", {"id": "98-double", "data": data})
    assert (outcome.status, outcome.rule) == ("not yet", "form")
    assert re.search(message, outcome.message)


def test_plain_data_stay_as_they_are():
    assert judging._answer({"dict": [["a", [1, "x"]], [2, None]]}) == {"a": [1, "x"], "2": None}
    assert judging._answer("x" * 201) == "x" * 200
    odd = judging._answer({"type": "complex"})
    assert np.isnan([odd.real, odd.imag]).all()


@pytest.mark.parametrize("wrap", [lambda data: [data], lambda data: {"dict": [["a", data]]}])
def test_what_is_nested_too_deep_is_cut(wrap):
    """Six levels are read; a million would take the grader down."""

    def innermost(levels):
        data = 1
        for _ in range(levels):
            data = wrap(data)
        data = judging._answer(data)
        while isinstance(data, (list, dict)):
            (data,) = data.values() if isinstance(data, dict) else data
        return data

    assert innermost(6) == 1 and isinstance(innermost(7), judging._Thing)


@pytest.mark.parametrize(
    "data, numbers",
    [
        (1.23456789012, "1.2345679"),
        (7, "7"),
        ([1, [2.5, "3"], None, True], "1 2.5"),
        ({"dict": [["low", 1e20], ["high", -2]]}, "1e+20 -2"),
        ({"type": "function"}, ""),
        ("12", ""),
        (10**400, ""),
        (float("nan"), ""),
        (float("inf"), ""),
        (list(range(50)), " ".join(map(str, range(20)))),
        ([[[[[[[1]]]]]]], ""),
    ],
)
def test_the_numbers_of_an_answer(data, numbers):
    said = ({"id": "98-a", "data": 5}, {"id": "98-a", "data": data}, {"id": "98-b", "data": 9})
    assert judging.numbers_of("98-a", said) == numbers
    assert judging.numbers_of("98-c", said) == ""
