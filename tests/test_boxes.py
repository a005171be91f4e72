"""Answer boxes at work: what a reader types, what the page says, what it keeps (answers.js)."""

import json

import pytest
from in_node import block, work

import exercises
from scalinglib.checks import Outcome, judge, registry
from scalinglib.checks.boxes import box, veiled
from scalinglib.checks.registry import Hints

KEY = "0123abcd"
#: one number, two numbers, one of several
ONE, TWO, CHOICE = "02-halve-loss", "01-units", "01-which-model"
RIGHT, WRONG = "163.1", "7.35"


def params_of(id: str) -> dict:
    return exercises.parameters(exercises.spec_of(id))


def page_of(id: str, key: str = KEY) -> dict:
    """A page with the box of one exercise, and its hints below, as the build writes it."""
    exercise = registry.exercise(id)
    made = veiled(box(exercise, params_of(id)), key) | {"key": key}
    place = block(f'<div class="sl-box" data-id="{id}"></div>')
    hints = block(f"<div>{Hints(id, exercise.hints, 1)._repr_html_()}</div>")
    return {"blocks": [place, hints], "boxes": {id: made}}


def said(outcome: Outcome) -> str:
    status = "Nearly" if outcome.status == "so far" else outcome.status.capitalize()
    text = outcome.message.replace("`", "")
    return f"{status}: {text if text[-1] in '.?!' else f'{text}.'}"


def judged(id: str, answer) -> Outcome:
    return judge(registry.exercise(id), answer, params_of(id), strict=False)


def test_a_box_says_what_check_says_and_keeps_each_try():
    """What is typed next takes the words away; what was right once stays right."""
    steps = [
        step
        for typed in (WRONG, "log(0.5)/", RIGHT, WRONG)
        for step in (["answer", ONE, typed], ["shelf"])
    ]
    told = work(*steps, page=page_of(ONE))
    answers, shelves = told[::2], [one["exercises"][ONE] for one in told[1::2]]
    assert [one[:2] for one in answers] == 4 * [["", ""]]
    assert [one[3] for one in answers] == ["not yet", "not yet", "right", "not yet"]
    for one, typed in zip(answers, (WRONG, None, RIGHT, WRONG), strict=True):
        assert typed is None or one[2] == said(judged(ONE, typed))
    kept = {"key": KEY, "status": "not yet", "entries": [WRONG], "tries": 1}
    assert shelves[0] == kept and shelves[1] == kept | {"entries": ["log(0.5)/"], "tries": 2}
    assert shelves[2] == {"key": KEY, "status": "right", "entries": [RIGHT], "tries": 3}
    assert shelves[3] == shelves[2] | {"tries": 4}


def test_nothing_typed_is_no_try():
    steps = [["answer", ONE, " ... "], ["progress"]]
    answer, told = work(*steps, page=page_of(ONE))
    assert answer[2:] == ["Not attempted: type a number first.", "not attempted"]
    assert told == "On this page: 0 of 1 exercise right."
    answer, told = work(["answer", ONE, RIGHT], ["progress"], page=page_of(ONE))
    assert told == "On this page: 1 of 1 exercise right."


@pytest.mark.parametrize("key, typed", [(KEY, [RIGHT]), ("0123abce", [""])])
def test_what_was_typed_comes_back_with_the_same_parameters_only(key, typed):
    record = {"key": KEY, "status": "right", "entries": [RIGHT], "tries": 3}
    shelf = json.dumps({"exercises": {ONE: record}})
    steps = [["fields", ONE], ["told", ONE], ["answer", ONE, WRONG], ["shelf"]]
    fields, told, _, kept = work(*steps, page=page_of(ONE, key), kept=shelf)
    assert fields == typed and told == (said(judged(ONE, RIGHT)) if key == KEY else "")
    new = {"key": key, "status": "not yet", "entries": [WRONG], "tries": 1}
    assert kept["exercises"][ONE] == (record | {"tries": 4} if key == KEY else new)


def test_each_part_has_its_field_and_its_line():
    steps = [
        ["answer", TWO, "25.28", "0.585"],
        ["answer", TWO, "25.28", ""],
        ["answer", TWO, "25.28 +", "1"],
    ]
    both, one, odd = work(*steps, page=page_of(TWO))
    fault = judged(TWO, {"perplexity": "25.28", "bits_per_byte": "0.585"}).lines[1]
    assert both[3] == "not yet" and "that is still in nats" in fault.words
    assert both[2] == f"Not yet: perplexity is right.bits_per_byte: {fault.words}."
    assert one[2] == "Not attempted: bits_per_byte is still open."
    assert odd[2].startswith("Not yet: perplexity: ")


def test_a_field_says_what_it_reads():
    """Also what it cannot read, but not before it was left or checked."""
    steps = [["answer", ONE, typed] for typed in ("2^7.35", "163.1", "(1")]
    told = work(*(step for one in steps for step in (one, ["echoes", ONE])), page=page_of(ONE))
    assert [echo for (echo,) in told[1::2]][:2] == ["read as 163.144", ""]
    assert told[5][0] != "" and told[4][2].startswith("Not yet: ")


def test_one_of_several_is_chosen_and_comes_back():
    exercise = registry.exercise(CHOICE)
    made = box(exercise, params_of(CHOICE))
    names = [name for name, _ in made["options"]]
    right = names[int(made["right"])]
    wrong = names[int(made["right"]) - 1]
    steps = (
        ["answer", CHOICE, ""],
        ["answer", CHOICE, wrong],
        ["answer", CHOICE, right],
        ["shelf"],
    )
    none, one, other, shelf = work(*steps, page=page_of(CHOICE))
    assert none[2:] == ["Not attempted: choose one first.", "not attempted"]
    assert one[2:] == [said(judged(CHOICE, wrong)), "not yet"]
    assert other[2:] == [said(judged(CHOICE, right)), "right"]
    assert shelf["exercises"][CHOICE]["entries"] == [right]
    again = work(["fields", CHOICE], ["told", CHOICE], page=page_of(CHOICE), kept=json.dumps(shelf))
    assert again == [[name == right for name in names], said(judged(CHOICE, right))]


def test_hints_open_one_by_one_and_are_counted():
    steps = (["more", ONE], ["more", ONE], ["shelf"], ["more", ONE], ["shelf"])
    first, second, early, third, late = work(*steps, page=page_of(ONE))
    assert [one[0] for one in (first, second, third)] == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]
    assert [one[1] for one in (first, second, third)] == [False, False, True]
    assert [one[2] for one in (first, second, third)] == [0, 1, 2]  # there the keys are
    assert [one["exercises"][ONE]["hints"] for one in (early, late)] == [2, 3]
