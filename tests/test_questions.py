"""Questions and guesses on the page: places, keys, what is kept of a choice, what came out."""

import json
import re
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from in_node import block, work
from test_prose_numbers import numbers, plain

from scalinglib.checks import Option, Prediction, Question, Text, registry

ROOT = Path(__file__).parents[1]
#: the options of each question in the order of the site that kept a choice by its place
PLACES = json.loads((Path(__file__).parent / "places.json").read_text(encoding="utf-8"))


@cache
def questions() -> dict[str, Question]:
    return {
        id: question
        for number in registry.chapters()
        if number != "99"  # the example of exercises/README.md, where other tests put it there
        for id, question in registry.chapter_items(number)["question"].items()
    }


def test_the_right_option_stands_in_each_place_equally_often():
    places = [
        (len(one.options), [option.right for option in one.options].index(True))
        for one in questions().values()
    ]
    counts = Counter(places)
    for size in {size for size, _ in places}:
        own = [counts[size, place] for place in range(size)]
        assert max(own) - min(own) <= 1, f"of {size} options: {own}"
    first = [sum(place == k for _, place in places) for k in range(3)]
    assert max(first) - min(first) <= 1, first


def test_no_chapter_has_them_all_in_one_place():
    own = {}
    for one in questions().values():
        own.setdefault(one.chapter, []).append([option.right for option in one.options].index(True))
    assert [number for number, places in own.items() if len(set(places)) == 1 < len(places)] == []


def test_options_that_were_kept_by_place_have_the_key_of_that_place():
    """The fixed table: place 0 is key a. An option that goes takes its key with it."""
    for id, texts in PLACES.items():
        now = {option.key: option.text for option in questions()[id].options}
        assert now == dict(zip("abcd", texts, strict=False)), id


CALLED = re.compile(r"^(ask|predict|hint|check)\(\s*\"([\w-]+)\"", re.M)


@cache
def shown_on(number: str) -> dict[tuple[str, str], str]:
    """What a page shows of its questions, guesses, hints and checks: (what is called, id) -> it."""
    found = {}
    for path in ROOT.glob(f"chapters/{number}_*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            called = CALLED.search("".join(cell["source"])) if cell["cell_type"] == "code" else None
            for output in cell["outputs"] if called else ():
                shown = {kind: "".join(text) for kind, text in output.get("data", {}).items()}
                found[called.groups()] = shown.get("text/html") or shown.get("text/plain", "")
    return found


def is_praise(shown: str, praise: str) -> bool:
    """Does a page show this praise? Numbers that it works out may stand in it."""
    fixed = map(re.escape, re.split(r"\{[^{}]*\}", praise))
    return bool(re.fullmatch("right: " + ".+".join(fixed), shown, re.S))


@pytest.mark.parametrize("number", [one for one in registry.chapters() if one != "99"])
def test_a_page_says_what_its_exercises_say_today(number):
    """A number or word that was changed in a question, a hint or a praise is old on the page."""
    items, shown = registry.chapter_items(number), shown_on(number)
    today = {("ask", id): one._repr_html_() for id, one in items["question"].items()}
    today |= {("predict", id): one._repr_html_() for id, one in items["prediction"].items()}
    exercises = registry.chapter_exercises(number)
    today |= {
        ("hint", id): registry.Hints(id, one.hints, 1)._repr_html_()
        for id, one in exercises.items()
    }
    old = [asked for asked, html in today.items() if shown[asked] != html]
    old += [
        ("check", id)
        for id, one in exercises.items()
        if not isinstance(one, Text) and not is_praise(shown["check", id], one.praise)
    ]
    assert old == [], (
        "read them once more, each number too; then run make notebooks NB= the chapter"
    )


def test_old_words_on_a_page_would_be_seen():
    assert is_praise("right: 3.23 nats, or 12 bits", "{loss:.3g} nats, or 12 bits")
    assert not is_praise("right: 3.23 nats, or 12 bits", "{loss:.3g} nats, or 13 bits")
    assert not is_praise("right: and more", "and")


OPTIONS = (
    Option("it stays", why="a", key="b"),
    Option("it falls", why="b", right=True, key="c"),
    Option("it rises", why="c", key="a"),
)
ASKED = Question(id="02-which", prompt="What happens?", options=OPTIONS)


def on_page(*blocks):
    return {"blocks": [block(one._repr_html_()) for one in blocks]}


@pytest.mark.parametrize("served", [False, True])
def test_a_choice_is_kept_by_its_key_and_read_by_its_old_place(served):
    page = on_page(ASKED)
    steps = (["chosen", "02-which"], ["choose", "02-which", "it stays"], ["shelf"])
    _, _, shelf = work(*steps, page=page, served=served)
    assert shelf["questions"] == {"02-which": {"chosen": ["b"]}}
    for kept, shown in (([0], "it rises"), ([2, 1], "it stays"), (["a", "c"], "it falls")):
        old = json.dumps({"questions": {"02-which": {"chosen": kept}}})
        assert work(steps[0], page=page, served=served, kept=old) == [[shown]]
    for nonsense in ([7], ["z"], [None], [], [{}]):
        old = json.dumps({"questions": {"02-which": {"chosen": nonsense}}})
        assert work(steps[0], page=page, served=served, kept=old) == [[]]


def test_the_line_of_progress_counts_all_kinds():
    page = on_page(ASKED, NUMBER) | {"boxes": {id: {"key": "k"} for id in ("02-a", "02-b")}}
    counts = "{0} of 2 exercises right, {0} of 1 question answered, {0} of 1 guess made."
    right = {"02-a": {"status": "right", "key": "k"}, "02-b": {"status": "right", "key": "old"}}
    all_kinds = {
        "exercises": right,  # of the second the parameters have changed since
        "questions": {"02-which": {"chosen": ["b"]}},
        "guesses": {"02-times": {"value": 2}},
    }
    for kept, count in ((None, 0), (json.dumps(all_kinds), 1)):
        [told] = work(["progress"], page=page, kept=kept)
        assert told.startswith(f"On this page: {counts.format(count)}")


def test_what_todays_shelf_holds_shows_the_same_choices():
    """Every option of every question, as the site kept it by place."""
    page = on_page(*questions().values())
    for place in range(4):
        asked = {id: texts for id, texts in PLACES.items() if place < len(texts)}
        shelf = {"questions": {id: {"chosen": [place], "status": "x"} for id in asked}}
        shown = work(*(["chosen", id] for id in asked), page=page, kept=json.dumps(shelf))
        assert shown == [[texts[place]] for texts in asked.values()]


# ---- guesses -------------------------------------------------------------------------------------

NUMBER = Prediction(
    id="02-times",
    prompt="How many times?",
    unit="times",
    lo=0,
    truth=1.9,
    says="The runs say `1.9`. Most forget the floor.",
)
ONE_OF = Prediction(
    id="02-way",
    prompt="Which way?",
    options=("up", "down"),
    keys=("b", "a"),
    truth="a",
    says="Down.",
)


@pytest.mark.parametrize("served", [False, True])
def test_a_guess_is_held_beside_what_came_out(served):
    page = on_page(NUMBER, ONE_OF)
    steps = (["guess", "02-times", "3.5"], ["told", "02-times"], ["shelf"], ["folded", "02-times"])
    _, told, shelf, folded = work(*steps, page=page, served=served)
    assert told == "You said 3.5 times. The runs say 1.9. Most forget the floor."
    assert shelf["guesses"] == {"02-times": {"value": 3.5}} and folded == [True]
    steps = (["guess", "02-way", "up"], ["told", "02-way"], ["shelf"])
    _, told, shelf = work(*steps, page=page, served=served)
    assert told == "You said up. Down." and shelf["guesses"] == {"02-way": {"value": "b"}}


def test_a_guess_kept_by_place_is_still_that_guess():
    page = on_page(ONE_OF)
    for kept, told in ((0, "You said down. Down."), ("b", "You said up. Down.")):
        shelf = json.dumps({"guesses": {"02-way": {"value": kept}}})
        assert work(["told", "02-way"], page=page, kept=shelf) == [told]
    for nonsense in (5, "z", None, [1]):
        shelf = json.dumps({"guesses": {"02-way": {"value": nonsense}}})
        assert work(["told", "02-way"], page=page, kept=shelf) == [""]


def test_pictures_are_told_of_a_guess():
    page = on_page(NUMBER)
    assert work(["guess", "02-times", "3.5"], ["drawn"], page=page)[1] == [["02-times", 3.5]]
    shelf = json.dumps({"guesses": {"02-times": {"value": 2.5}}})
    assert work(["drawn"], page=page, kept=shelf) == [[["02-times", 2.5]]]


def test_without_a_script_what_came_out_is_folded():
    html = NUMBER._repr_html_()
    assert "<details><summary>What came out (after your guess)</summary>" in html
    assert "details" not in Prediction(id="02-times", prompt="How many?")._repr_html_()


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"truth": 1.9}, "given together"),
        ({"says": "It is 1.9."}, "given together"),
        ({"truth": -1, "says": "It fell."}, "could not be typed"),
        ({"truth": "a", "says": "It fell."}, "not a number"),
        ({"keys": ("a",)}, "keys are for options"),
        ({"lo": None, "options": ("up", "down"), "truth": "c", "says": "Down."}, "is no option"),
        ({"lo": None, "options": ("up", "down"), "keys": ("a", "a")}, "letter of its own"),
        ({"truth": 1, "says": "It is `1."}, "left open"),
    ],
)
def test_a_faulty_guess_is_refused_when_it_is_written(changes, message):
    with pytest.raises(ValueError, match=message):
        Prediction(**{"id": "02-times", "prompt": "How many?", "lo": 0} | changes)


def given_away(guess: Prediction) -> bool:
    """Whether a bound lies within 5 % of what came out: the reader sees the bounds first."""
    bounds = [bound for bound in (guess.lo, guess.hi) if bound is not None]
    return any(abs(bound - guess.truth) < 0.05 * abs(guess.truth) for bound in bounds)


def all_guesses() -> list[Prediction]:
    """Of what came out something is known."""
    return [
        one
        for number in registry.chapters()
        for one in registry.chapter_items(number)["prediction"].values()
        if one.truth is not None
    ]


def test_no_bound_gives_what_came_out_away():
    guesses = [one for one in all_guesses() if not isinstance(one.truth, str)]
    assert len(guesses) > 20
    assert [one.id for one in guesses if given_away(one)] == []


@pytest.mark.parametrize(
    "lo, hi, given", [(0, 5, False), (1.94, 5, True), (1.9, 5, False), (0, 2.09, True)]
)
def test_a_bound_beside_what_came_out_would_be_seen(lo, hi, given):
    guess = Prediction(id="02-x", prompt="How?", lo=lo, hi=hi, truth=2.0, says="It is 2.0.")
    assert given_away(guess) is given


_SPELT = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
WORDS = {word: float(k) for k, word in enumerate([*_SPELT, "eleven", "twelve"])}
WORDS["a million"] = 2.0**20


def told_truth(guess: Prediction) -> bool:
    """Is what came out a number of the sentence that tells it, or between the two of a range?

    A sign stands in words there: 6.8 % below.
    """
    said = numbers(plain(guess.says))
    close = [(value, 0.501 * one.step) for one in said for value in one.meanings]
    close += [
        (value, 0.0) for word, value in WORDS.items() if re.search(rf"(?i)\b{word}\b", guess.says)
    ]
    truth = abs(guess.truth)
    return any(abs(truth - value) <= room for value, room in close) or any(
        low.value < truth < high.value < 1.7 * low.value for low, high in pairwise(said)
    )


def test_what_came_out_is_what_the_sentence_says():
    guesses = [one for one in all_guesses() if not isinstance(one.truth, str)]
    assert len(guesses) > 20
    assert [
        f"{one.id}: {one.truth} in {one.says!r}" for one in guesses if not told_truth(one)
    ] == []


@pytest.mark.parametrize(
    "truth, says, told",
    [
        (6.58, "It takes 6.58 doublings.", True),
        (6.85, "It takes 6.58 doublings.", False),
        (-16.5, "The forecast is 16.5 % too low.", True),
        (0.36, "It takes 0.4.", True),
        (0.46, "It takes 0.4.", False),
        (11, "Eleven: without them it is 67.6.", True),
        (12, "Eleven: without them it is 67.6.", False),
        (3.7, "From 3.5 % to 3.9 %.", True),
        (3.4, "From 3.5 % to 3.9 %.", False),
    ],
)
def test_another_number_in_the_sentence_would_be_seen(truth, says, told):
    assert told_truth(Prediction(id="02-x", prompt="How many?", truth=truth, says=says)) is told


@pytest.mark.parametrize("keys", [("a", "a", "b"), ("a", "b", ""), ("a", "b", "cd")])
def test_options_have_keys_of_their_own(keys):
    options = [
        Option(one.text, why="x", right=one.right, key=key)
        for one, key in zip(OPTIONS, keys, strict=True)
    ]
    with pytest.raises(ValueError, match="letter of its own"):
        Question(id="02-which", prompt="What?", options=tuple(options))


def test_what_is_written_with_signs_of_markup_is_shown_as_it_is():
    text, shown = "is `a<b` & <b>?", "is <code>a&lt;b</code> &amp; &lt;b&gt;?"
    options = (Option(text, why=text, key="b"), Option("no", why="n", right=True, key="a"))
    asked = Question(id="02-which", prompt=text, options=options)._repr_html_()
    number = Prediction(id="02-times", prompt=text, truth=3.0, says=text)._repr_html_()
    chosen = Prediction(id="02-guess", prompt=text, options=(text, "no"))._repr_html_()
    for html, times in ((asked, 2), (number, 2), (chosen, 2)):
        assert html.count(shown) >= times and text not in html and "<b>" not in html
