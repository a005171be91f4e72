"""Answering on the static page: questions, predictions, answer boxes that judge as Python does."""

from __future__ import annotations

import functools
import itertools
import json
import math
import random
import re
import shutil
import sys
import types
import warnings
from html.parser import HTMLParser
from pathlib import Path

import pytest
from answering import SCRIPTS, Page, listed, was_read
from test_exercises import (
    EXAMPLE,
    NOTEBOOKS,
    in_digits,
    numbers_in,
)
from test_site import DESK, SITE, accessibility, opened, sideways, visit

import exercises
from exercises.chapter import read_chapter
from scalinglib.checks import (
    Choice,
    Number,
    Option,
    Part,
    Plan,
    Prediction,
    Question,
    Several,
    ask,
    judge,
    predict,
    registry,
)
from scalinglib.checks.boxes import box, folded, has_box, known, veiled
from scalinglib.checks.expressions import evaluate, names_in, parse

pytestmark = pytest.mark.usefixtures("derived_once")

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "_ext"))
import answers  # noqa: E402
import course  # noqa: E402
import weight  # noqa: E402

SCRIPT = SCRIPTS[1]

# ---- questions and predictions: what chapters write ----------------------------------------------

OPTIONS = (
    Option("it halves", why="that takes `log(2) / exponent` doublings"),
    Option("it falls < 10 %", right=True, why="2 ** -0.1 is 0.93"),
    Option("nothing", why="the floor is far"),
)


def question(**changes):
    return Question(
        **{"id": "98-double", "prompt": "What does `D` doubled do?", "options": OPTIONS} | changes
    )


def prediction(**changes):
    return Prediction(
        **{"id": "98-guess", "prompt": "How much?", "unit": "%", "lo": 0, "hi": 1000} | changes
    )


class Open(HTMLParser):
    """Elements that are still open; raises where they close in another order."""

    def __init__(self, html):
        super().__init__()
        self.names, self.texts = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)

    def handle_endtag(self, tag):
        assert self.names.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def test_a_question_reads_the_same_as_text_and_as_html():
    assert (
        repr(question())
        == "question: What does `D` doubled do?\n  a) it halves\n  b) it falls < 10 %\n  c) nothing"
    )
    page = Open(question()._repr_html_())
    assert page.names == []
    said = "".join(page.texts)
    for option in OPTIONS:
        assert option.text in said and option.why.replace("`", "")[:12] in said
    assert said.count("Right.") == 1 and said.count("Not this one.") == 2


def test_a_prediction_says_what_it_takes():
    assert repr(prediction()) == "your guess first: How much?\n  (a number in % from 0 to 1,000)"
    assert 'data-lo="0" data-hi="1000"' in prediction()._repr_html_()
    chosen = prediction(unit="", lo=None, hi=None, options=("up", "down"))
    assert repr(chosen) == "your guess first: How much?\n  a) up\n  b) down"
    assert "data-lo" not in chosen._repr_html_() and Open(chosen._repr_html_()).names == []


@pytest.mark.parametrize(
    "make, changes, message",
    [
        (question, {"id": "double"}, "chapter number in front"),
        (question, {"prompt": " "}, "is not a text"),
        (question, {"prompt": "a `b"}, "left open"),
        (question, {"options": OPTIONS[:1]}, "2 to 4 options, got 1"),
        (question, {"options": 2 * OPTIONS}, "got 6"),
        (question, {"options": (*OPTIONS[:2], Option("It halves", why="a"))}, "read alike"),
        (question, {"options": (OPTIONS[0], OPTIONS[2])}, "here 0 are"),
        (question, {"options": (OPTIONS[1], Option("b", why="b", right=True))}, "here 2 are"),
        (question, {"options": (OPTIONS[1], Option("b", why=""))}, "is not a text"),
        (prediction, {"id": "98 guess"}, "chapter number"),
        (prediction, {"lo": 5, "hi": 5}, "below hi"),
        *(
            (prediction, {"unit": "", "lo": None, "hi": None, "options": ("a", "b")} | one, "leave")
            for one in ({"unit": "%"}, {"lo": 0}, {"hi": 0})
        ),
        (prediction, {"options": "ab", "unit": "", "lo": None, "hi": None}, "write a tuple"),
        (prediction, {"options": ("a",), "unit": "", "lo": None, "hi": None}, "got 1"),
    ],
)
def test_a_faulty_one_is_refused_when_it_is_written(make, changes, message):
    with pytest.raises(ValueError, match=message):
        make(**changes)


@pytest.mark.parametrize("count", [2, 4])
def test_two_to_four_options(count):
    others = tuple(Option(f"option {n}", why="no") for n in range(count - 1))
    assert len(question(options=(OPTIONS[1], *others)).options) == count
    texts = tuple(f"option {n}" for n in range(count))
    assert prediction(unit="", lo=None, hi=None, options=texts).options == texts
    with pytest.raises(ValueError, match="got 5"):
        question(options=(OPTIONS[1], *(Option(f"option {n}", why="no") for n in range(4))))


def test_an_unknown_id_is_an_error():
    for look_up in (ask, predict):
        with pytest.raises(ValueError, match=r"there is no (question|prediction) '96-none'"):
            look_up("96-none")


# ---- one verdict in Python and in the browser ----------------------------------------------------


@pytest.fixture(scope="module")
def page():
    """The page's scripts, started once for some eighty exercises."""
    with Page() as page:
        yield page


def same_number(text: str, value: float) -> bool:
    return float(text.replace("Infinity", "inf")) == value or (text == "NaN" and math.isnan(value))


NAMES = {"a": 2.0, "b": -0.5, "c": 0.0, "x": 1.5}


def expressions(rng, depth, truth):
    """A random text of the small language; `truth` says whether it is a condition."""

    def below(kind):
        return expressions(rng, depth - 1, kind)

    if depth == 0:
        return "x > a" if truth else rng.choice([*NAMES, "1", "0", "3.5", "1e200", "1e-300"])
    if truth:
        return rng.choice(
            [
                lambda: f"({below(False)} {rng.choice(['<', '<=', '>', '>='])} {below(False)})",
                lambda: f"({below(True)} {rng.choice(['and', 'or'])} {below(True)})",
                lambda: f"(not {below(True)})",
                lambda: f"near({below(False)}, {below(False)}, 0.5)",
            ]
        )()
    return rng.choice(
        [
            lambda: f"({below(False)} {rng.choice(['+', '-', '*', '/', '**'])} {below(False)})",
            lambda: f"(-{below(False)})",
            lambda: f"{rng.choice(['log', 'log2', 'log10', 'exp', 'sqrt', 'abs'])}({below(False)})",
            lambda: f"{rng.choice(['min', 'max'])}({below(False)}, {below(False)})",
        ]
    )()


def test_expressions_have_the_same_value(page):
    rng = random.Random(2)
    trees = [
        parse(expressions(rng, rng.randint(1, 4), truth), NAMES)
        for truth in (True, False)
        for _ in range(2000)
    ]
    values = page("tree", [(tree, NAMES) for tree in trees])
    for tree, value in zip(trees, values, strict=True):
        expected = evaluate(tree, NAMES)
        if isinstance(value, bool):
            assert value == bool(expected), tree
        else:
            assert same_number(value, float(expected)) or math.isclose(
                float(value.replace("Infinity", "inf")), expected, rel_tol=1e-12
            ), tree
    assert {value for value in values if isinstance(value, bool)} == {True, False}


@functools.cache
def chapter(path):
    return read_chapter(path)


BOXED = [
    pytest.param(path, id, id=id)
    for path in NOTEBOOKS
    for id in chapter(path).tasks
    if has_box(chapter(path).tasks[id].exercise)
]


def typed_in(exercise, answer) -> list[str] | None:
    """A notebook's answer as somebody would type it into the box, or None where nobody can."""
    if isinstance(exercise, Choice):
        names = [name for name, *_ in exercise.options]
        return [str(names.index(answer))] if answer in names else None
    try:
        return [repr(number) for number in numbers_in(exercise, answer).values()]
    except (TypeError, ValueError):
        return None


@functools.cache
def written(path, id, most=None) -> list[list[str]]:
    """The reference's answer and then every mutant's, as typed; the first `most` of them."""
    here = chapter(path)
    task, spec = here.tasks[id], exercises.spec_of(id)
    sources = [task.solution, *map(task.with_region, spec.mutants.values())]

    def typed(source):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # mutants fit badly on purpose
            return typed_in(task.exercise, here.answer(id, source, task.parameters))

    right, *others = sources
    first = typed(right)
    assert first, "the reference cannot be typed into the box"
    return [first, *itertools.islice(filter(None, map(typed, others)), most and most - 1)]


def mistaken(exercise, values, right: list[str]) -> list[list[str]]:
    """The right answer with one part as each of its known mistakes has it."""
    parts, found = exercise.told(), []
    names = values | {part.name: float(text) for part, text in zip(parts, right, strict=True)}
    for place, part in enumerate(parts):
        for tree in part.trees:
            wrong = float(evaluate(tree, names))
            if math.isfinite(wrong):
                found.append([repr(wrong) if k == place else text for k, text in enumerate(right)])
    return found


NONSENSE = listed("""
 |...|many|1e999|-1e999|0|1,2 · 10^9|12 %|1.2.3|2^9|1/3|3 - 3|about 7
""")


def answers_to_try(path, id, count=40) -> list[list[str]]:
    """The reference, mutants, known mistakes; all of these perturbed and rounded; nonsense."""
    task, typed, rng = chapter(path).tasks[id], list(written(path, id)), random.Random(id)
    exercise = task.exercise
    if isinstance(exercise, Choice):
        return [[str(place)] for place in range(len(exercise.options))] + [[]]
    right = typed[0]
    pool = typed + mistaken(exercise, exercise.quantities(task.parameters), right)
    typed += pool[len(typed) :]
    factors = (1, 1, 1, 1 + 1e-5, 0.9995, 1.002, 0.99, 1.03, 0.5, 2, -1, 10, 1e-3, 1e6)
    for _ in range(count):
        entries = list(rng.choice(pool))
        for place in range(len(entries)):
            if rng.random() < 0.3:  # one part of another answer
                entries[place] = rng.choice(pool)[place]
            number = float(entries[place]) * rng.choice(factors)
            digits = rng.choice((1, 2, 3, 4, 5, 0, 0))
            entries[place] = in_digits(number, digits) if digits else repr(number)
            if rng.random() < 0.05:
                entries[place] += rng.choice(("*1", " - 0", "/2*2"))
        typed.append(entries)
    typed += [
        [f"{rng.choice([-1, 1]) * 10 ** rng.uniform(-6, 24):.3e}" for _ in right]
        for _ in range(count // 10)
    ]
    typed += [
        [text if k == place else entry for k, entry in enumerate(right)]
        for place in range(len(right))
        for text in NONSENSE
    ]
    return typed


def verdict(exercise, entries, params):
    """What the page should say to what was typed, by Python."""
    if isinstance(exercise, Choice):
        answer = exercise.options[int(entries[0])][0] if entries else ...
    else:
        answer = (
            entries[0]
            if isinstance(exercise, Number)
            else dict(zip(exercise.names, entries, strict=True))
        )
    outcome = judge(exercise, answer, params, strict=False)
    return outcome.status, outcome.message


def disagreements(page, path, id, spec=None, count=40):
    """(entries, Python's verdict, the page's) where they differ, and all of Python's verdicts."""
    task, typed = chapter(path).tasks[id], answers_to_try(path, id, count)
    spec = spec or box(task.exercise, task.parameters)
    said = [(js["status"], js["message"]) for js in page("judge", [(spec, one) for one in typed])]
    python = [verdict(task.exercise, entries, task.parameters) for entries in typed]
    # where the page asks in its own words for an answer
    alone = isinstance(task.exercise, (Number, Choice))
    differ = [
        (entries, ours, theirs)
        for entries, ours, theirs in zip(typed, python, said, strict=True)
        if ours != theirs and not (alone and ours[0] == theirs[0] == "not attempted")
    ]
    return differ, python


@pytest.mark.parametrize("path, id", BOXED)
def test_the_page_says_what_python_says(page, path, id):
    differ, python = disagreements(page, path, id, count=8)  # 200 in the proof below
    assert differ == []
    assert python[0][0] == "right" or isinstance(chapter(path).tasks[id].exercise, Choice)
    assert {"right", "not yet", "not attempted"} <= {status for status, _ in python}


@pytest.mark.proof
def test_the_page_says_what_python_says_in_ten_thousand_cases(page):
    seen = 0
    for param in BOXED:
        differ, python = disagreements(page, *param.values, count=200)
        assert differ == [], param.id
        seen += len(python)
    assert seen > 10_000


def test_an_altered_box_is_noticed(page):
    """Negative controls: a tolerance, a truth, a message, the mistakes, a unit."""
    path, id = next(param.values for param in BOXED if param.id == "99-halve-loss")
    task = chapter(path).tasks[id]

    def seen(**changes):
        spec = json.loads(json.dumps(box(task.exercise, task.parameters)))
        spec["parts"][0].update(changes)
        return disagreements(page, path, id, spec)[0]

    mistakes = box(task.exercise, task.parameters)["parts"][0]["mistakes"]
    assert seen() == []
    assert seen(rtol=0.05) and seen(digits=1) and seen(truth=39.0)
    assert seen(mistakes=mistakes[1:]) and seen(generic="something else") and seen(unit="%")


def test_an_altered_script_is_noticed(tmp_path):
    text = SCRIPTS[0].read_text(encoding="utf-8")
    for old, new in (
        ("million:1e6", "million:1e5"),
        ('.replaceAll(".", "").replace(",", ".")', '.replaceAll(".", "")'),
        (r"{3}(?!\d))/g", "{3})/g"),
    ):
        assert old in text
        (tmp_path / "calc.js").write_text(text.replace(old, new, 1), encoding="utf-8")
        typed = [("3 million", ""), ("1.200.000,5", ""), ("1 2000", "")]
        with Page(tmp_path / "calc.js") as altered:
            found = altered("read", typed)
        ours = [was_read(*call) for call in typed]
        assert [one[:1] for one in ours] != [
            [float(one[0])] if one[0] != "error" else one[:1] for one in found
        ]


@pytest.mark.whole
def test_the_scripts_as_they_are_served_judge_alike(page, tmp_path):
    minify = pytest.importorskip("minify")  # there is no wheel for some machines
    for script in SCRIPTS:
        text = minify.string("text/javascript", script.read_text(encoding="utf-8"))
        (tmp_path / script.name).write_text(text, encoding="utf-8")
    calls = [
        (box(task.exercise, task.parameters), entries)
        for path, id in (param.values for param in BOXED[:12])
        for task in [chapter(path).tasks[id]]
        for entries in answers_to_try(path, id, count=10)
    ]
    sums = [(f"{text} + ln 2", "nats") for text in ("3 bits", "-1e400", "sqrt(-1)", "2^0.5")]
    with Page(*(tmp_path / script.name for script in SCRIPTS)) as served:
        assert served("judge", calls) == page("judge", calls)
        assert served("read", sums) == page("read", sums)


def bare(tree):
    """The numbers in an expression."""
    if isinstance(tree, list):
        return [number for branch in tree for number in bare(branch)]
    return [tree] if isinstance(tree, float) else []


def test_a_box_holds_expressions_and_messages_only():
    """Parameters and derived quantities only where an expression needs them; no function's box."""
    for path in NOTEBOOKS:
        for id, task in chapter(path).tasks.items():
            made = box(task.exercise, task.parameters)
            assert (made is not None) == has_box(task.exercise)
            if made and "parts" in made:
                names = {part["name"] for part in made["parts"]}
                rules = [rule for rule, _ in made["bounds"]]
                for part in made["parts"]:
                    rules += [part.get("truth", 0.0), *(rule for rule, _ in part["mistakes"])]
                assert all(names_in(rule) <= names for rule in rules), id
    assert json.loads(
        json.dumps(folded(["<", "x", ["/", 1.0, "zero"]], {"zero": 0.0}, ("x",)), allow_nan=False)
    )


@pytest.mark.parametrize("path, id", BOXED)
def test_no_answer_stands_in_the_page_in_clear(page, path, id):
    """Nor a number that one is folded into; what is given, and its own runs, stand there."""
    task = chapter(path).tasks[id]
    clear, key = box(task.exercise, task.parameters), answers.key(id, task.parameters)
    shown = veiled(clear, key)
    assert page("unveiled", [(shown, key)]) == [json.loads(json.dumps(clear))]
    told = json.dumps({name: shown[name] for name in shown if name not in ("given", "data")})
    if isinstance(task.exercise, Choice):
        assert re.fullmatch("#[0-9a-f]{16}", shown["right"])
        return
    secret = [
        number
        for part in clear["parts"]
        for tree in (part.get("truth"), *(rule for rule, _ in part["mistakes"]))
        for number in bare(tree)
    ]
    secret += [number for rule, _ in clear["bounds"] for number in bare(rule)]
    told = re.sub("#[0-9a-f]{16}", "", told)  # veiled
    given = [float(number) for number in re.findall(r"\d+\.?\d*(?:e[-+]?\d+)?", told)]
    answer = numbers_in(task.exercise, chapter(path).answer(id, task.solution, task.parameters))
    exact = {part.name for part in task.exercise.told() if part.exact}
    for name, number in answer.items():
        if name not in exact:
            near = [one for one in given if math.isclose(one, abs(number), rel_tol=1e-3)]
            assert not near, f"{name} = {number} stands there as {near}"
    assert secret or isinstance(task.exercise, Plan)
    assert not re.search(r'"truth": [-0-9]', told)
    assert not re.search(r'"mistakes": \[\[[-0-9]', told)


def test_a_field_knows_what_its_exercise_gives(page):
    made = {
        "given": {"size": 3.0, "losses": [1.0, 2.0]},
        "data": [
            {"name": "before", "columns": {"N": [1.0, 2.0], "who": ["A", "B"]}},
            {"name": "after", "columns": {"N": [3.0, 4.0], "loss": [5.0, 6.0]}},
        ],
    }
    names = {name: value.tolist() for name, value in known(made).items()}
    assert names == {
        "size": 3.0,
        "losses": [1.0, 2.0],
        "before_N": [1.0, 2.0],
        "after_N": [3.0, 4.0],
        "loss": [5.0, 6.0],
    }
    told = dict(page("known", [(made,)])[0])
    assert {
        name: value if isinstance(value, list) else float(value) for name, value in told.items()
    } == {
        name: [f"{x:g}" for x in value] if isinstance(value, list) else value
        for name, value in names.items()
    }


def test_a_choice_is_kept_by_its_name_and_was_by_its_place(page):
    spec = {"options": [["A", "no"], ["B", ""], ["2", "nor"]], "right": 1.0, "praise": "yes"}
    for kept, status in (
        ("B", "right"),
        ("1", "right"),
        ("0", "not yet"),
        ("2", "not yet"),
        ("3", "not attempted"),
        ("length", "not attempted"),
        ("constructor", "not attempted"),
        (None, "not attempted"),
    ):
        assert page("judge", [(spec, [kept])])[0]["status"] == status, kept


def test_a_second_try_changes_no_right_answer(page):
    right = {"key": "a", "status": "right", "entries": ["1"], "tries": 1}
    wrong = right | {"status": "not yet"}
    tries = [
        (
            ({}, "a", "not yet", ["2"]),
            {"key": "a", "status": "not yet", "entries": ["2"], "tries": 1},
        ),
        (
            (wrong, "a", "right", ["3"]),
            {"key": "a", "status": "right", "entries": ["3"], "tries": 2},
        ),
        ((wrong, "a", "not yet", ["1"]), wrong | {"tries": 2}),
        ((right, "a", "not yet", ["2"]), {"tries": 2}),
        ((right, "a", "so far", ["1"]), {"tries": 2}),
        (
            (right, "b", "not yet", ["2"]),
            {"key": "b", "status": "not yet", "entries": ["2"], "tries": 1},
        ),
    ]
    assert page("tried", [call for call, _ in tries]) == [kept for _, kept in tries]


# ---- the rules of the judge, one by one ----------------------------------------------------------

BILL = Several(
    id="98-bill",
    answer="bill",
    hints=("a", "b", "c"),
    given=("flops", "price"),
    parts=(
        Part(
            name="hours",
            truth="flops / 3600",
            rtol=2e-3,
            mistakes=(
                ("flops", "those are seconds"),
                ("flops / 60", "those are minutes"),
                ("1.1 * flops", "near the seconds"),
            ),
            generic="not the hours",
        ),
        Part(
            name="money",
            truth="hours * price",
            rtol=2e-3,
            mistakes=(
                ("flops * price", "a second does not cost that"),
                ("hours / price", "an hour costs more than one: multiply"),
            ),
            generic="not the money",
        ),
        Part(
            name="cards",
            truth="price + 3",
            whole=True,
            mistakes=(("40", "forty"), ("8 * 5", "five eights"), ("30 + 10", "a sum")),
            generic="not the cards",
        ),
        Part(name="pages", truth="2 * price + 1", exact=True, generic="not the pages"),
    ),
    bounds=(("hours > 0", "time runs forward"), ("hours < money", "an hour costs more than one")),
)
GIVEN = {"flops": 36e5, "price": 2.5}  # 1000 hours, 2500, 5.5 cards, 6 pages
RIGHT_BILL = ("1000", "2500", "5.5", "6")


@pytest.mark.parametrize(
    "changes, status, message",
    [
        ({}, "right", "it has every"),
        ({"hours": "1.00e3", "money": "2.5e3"}, "right", ""),
        ({"hours": "998"}, "right", ""),  # within the tolerance
        ({"hours": "1004.9"}, "right", ""),  # half a unit of the third digit
        ({"hours": "1006"}, "not yet", "hours: not the hours"),
        ({"hours": "1004.9 + 0"}, "so far", "hours: right so far: carry one more digit"),
        ({"hours": "997 + 0"}, "so far", "carry one more digit"),
        ({"money": "2.6e3"}, "not yet", "money: not the money"),
        ({"money": "3e3"}, "so far", "money: right so far: give two more digits"),
        ({"money": "2400"}, "not yet", "not the money"),
        ({"hours": "0"}, "not yet", "hours: time runs forward"),
        ({"hours": "3.6e6"}, "not yet", "hours: those are seconds"),
        (
            {"hours": "3.6e6", "money": "9e6"},
            "not yet",
            "hours: those are seconds; money: it follows from your hours, and the error is there",
        ),
        ({"hours": "3.6e6", "money": "1e7"}, "not yet", "money: it follows from your hours"),
        (
            {"hours": "4e6"},
            "not yet",
            "that may be one of two slips. Either: those are seconds. Or: near",
        ),
        ({"hours": "6e4"}, "not yet", "hours: those are minutes"),
        (
            {"hours": "60400"},
            "not yet",
            "that may be this slip, if you rounded: those are minutes. If not: not the hours",
        ),  # the nearest, within 1 %
        ({"hours": "1200"}, "not yet", "hours: not the hours"),
        # without its sign, money follows from it; the words of a slip are written for hours above 0
        (
            {"hours": "-1100", "money": "2750"},
            "not yet",
            "money: it follows from your hours, and the error is there",
        ),
        ({"hours": "-1100", "money": "-2750"}, "not yet", "money: it follows from your hours"),
        ({"hours": "-1100", "money": "440"}, "not yet", "money: an hour costs more than one"),
        ({"hours": "-1100", "money": "-440"}, "not yet", "money: not the money"),
        ({"cards": "6"}, "right", ""),
        ({"cards": "5"}, "so far", "cards: right so far: give two more digits"),
        ({"cards": "4"}, "not yet", "cards: not the cards"),
        ({"cards": "10"}, "not yet", "cards: not the cards"),  # 5.5 to one digit is 6 or 5
        ({"cards": "40.0"}, "not yet", "several slips fit: give one more digit"),
        ({"cards": "40.00"}, "not yet", "one of two slips. Either: forty. Or: five eights"),
        ({"cards": "8 * 5"}, "not yet", "one of two slips. Either: forty. Or: five eights"),
        ({"pages": "6.00"}, "right", ""),
        ({"pages": "6.01"}, "not yet", "pages: not the pages"),
        ({"money": "2"}, "not yet", "hours and cards and pages are right; money: an hour costs"),
        ({"hours": "1e3", "money": "many"}, "not yet", "money: a number is asked for"),
    ],
)
def test_the_rules_of_the_judge(page, changes, status, message):
    entries = [changes.get(part, text) for part, text in zip(BILL.names, RIGHT_BILL, strict=True)]
    outcome = verdict(BILL, entries, GIVEN)
    assert outcome[0] == status and message in outcome[1]
    said = page("judge", [(box(BILL, GIVEN), entries)])[0]
    assert (said["status"], said["message"]) == outcome


def test_a_right_answer_has_a_line_for_each_part():
    outcome = judge(BILL, dict(zip(BILL.names, RIGHT_BILL, strict=True)), GIVEN)
    assert [(line.name, line.state) for line in outcome.lines] == [
        (name, "right") for name in BILL.names
    ]


@pytest.mark.parametrize(
    "changes, status, message",
    [
        ({"hours": "1000.4"}, "right", ""),
        ({"money": "3e3"}, "not yet", "money: give three digits"),
        ({"hours": "4e6"}, "not yet", "hours: give three digits"),
        ({"hours": "1004.9 + 0"}, "not yet", "hours: not the hours"),
        ({"hours": "3.60e6"}, "not yet", "hours: those are seconds"),
    ],
)
def test_a_strict_judge_cannot_be_felt_for_digit_by_digit(changes, status, message):
    entries = dict(zip(BILL.names, RIGHT_BILL, strict=True)) | changes
    outcome = judge(BILL, entries, GIVEN)
    assert outcome.status == status and message in outcome.message
    assert "so far" not in outcome.message


FORECAST = Several(
    id="98-forecast",
    answer="bet",
    hints=("a", "b", "c"),
    parts=(
        Part(name="low"),
        Part(name="high"),
        Part(name="width", truth="high - low", rtol=1e-3, generic="not the width"),
    ),
    bounds=(
        ("low < high", "the low end comes first"),
        ("low < 2.02 and high > 2.02", "it is not inside"),
        ("high - low < 0.3", "too wide"),
    ),
)


@pytest.mark.parametrize(
    "entries, status, message",
    [
        (("2.01", "2.04", "0.03"), "right", ""),
        (("2.00", "2.10", "0.10"), "right", ""),
        (
            ("2.0", "2.1", "0.104"),
            "so far",
            "width: give more digits of your low and high",
        ),
        (("2.0", "2.0", "0"), "so far", "too few digits to tell: give one more digit"),
        (("2.3", "2.1", "-0.2"), "not yet", "low and high: the low end comes first"),
        (("2.03", "2.04", "0.01"), "not yet", "it is not inside"),
        (("2.00", "2.50", "0.5"), "not yet", "too wide"),
        # as coarse as the coarser of the two ends: 1.95 to 2.301 may be 2.04 to 2.301
        (("2.0", "2.301", "0.301"), "so far", "low and high: too few digits to tell"),
        (("1.9", "2.301", "0.401"), "not yet", "low and high: too wide"),
        (("2.00", "2.301", "0.301"), "not yet", "too wide"),  # 2.005 to 2.301 was not meant
        (("2.01", "2.04", "0.05"), "not yet", "low and high are right; width: not the width"),
    ],
)
def test_the_reader_is_free_within_the_bounds(page, entries, status, message):
    outcome = verdict(FORECAST, entries, {})
    assert outcome[0] == status and message in outcome[1]
    said = page("judge", [(box(FORECAST, {}), entries)])[0]
    assert (said["status"], said["message"]) == outcome


@pytest.mark.parametrize(
    "entries, status",
    [
        (("4.9e8", "1.7e9"), "so far"),
        (("4.89e8", "1.7e9"), "so far"),  # 3 % of the prize are in the second digit of the tokens
        (("4.89e8", "1.70e9"), "not yet"),
        (("4.89e8", "1.75e9"), "right"),
        (("4.89e8", "1.6e9"), "not yet"),
    ],
)
def test_a_product_is_as_coarse_as_its_coarsest_factor(page, entries, status):
    task = next(
        chapter(one.values[0]).tasks["13-plan-a-purchase"]
        for one in BOXED
        if one.values[1] == "13-plan-a-purchase"
    )
    outcome = verdict(task.exercise, entries, task.parameters)
    said = page("judge", [(box(task.exercise, task.parameters), entries)])[0]
    assert (said["status"], said["message"]) == outcome and outcome[0] == status


# ---- what is put on the page ---------------------------------------------------------------------


def staged(path, solutions="show"):
    """The cells of a notebook as the page gets them."""
    env = types.SimpleNamespace(doc2path=lambda name: str(path), found_docs=[])
    config = types.SimpleNamespace(solutions=solutions, root_doc="index", html_theme_options={})
    app = types.SimpleNamespace(env=env, config=config)
    source = [path.read_text(encoding="utf-8")]
    course.stage_exercises(app, path.stem, source)
    return json.loads(source[0])["cells"]


def boxes_in(cells):
    found = [cell["source"] for cell in cells if cell.get("id") == "boxes"]
    return json.loads(found[0].split(">", 1)[1].removesuffix("</script>"))["boxes"] if found else {}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_an_exercise_reads_question_parameters_box_hints_solution(path):
    cells = staged(path)
    for id, task in chapter(path).tasks.items():
        boxed = id in boxes_in(cells)
        assert boxed == has_box(task.exercise)
        roles = [
            "box"
            if cell["id"] == f"box-{id}"
            else set(answers.tags_of(cell)) & {"parameters", "hint", "exercise", "check"}
            for cell in cells
            if cell["id"] == f"box-{id}" or answers.exercise_of(cell) == id
        ]
        wanted = [
            *([{"parameters"}] if task.parameters else []),
            "box",
            {"hint"},
            {"exercise"},
            *([] if boxed else [{"check"}]),
        ]
        assert roles == wanted, id


def test_boxes_stay_where_solutions_are_left_out():
    shown, hidden = staged(EXAMPLE), staged(EXAMPLE, "hide")
    assert boxes_in(hidden) == boxes_in(shown) != {}
    assert any("exercise" in answers.tags_of(cell) for cell in shown)
    assert not any("exercise" in answers.tags_of(cell) for cell in hidden)


def test_a_box_without_data_says_so(monkeypatch):
    def no_data(*_):
        raise ValueError("cannot be judged") from answers.DataUnavailableError("no network")

    monkeypatch.setattr(answers, "box", no_data)
    cells = staged(EXAMPLE)
    assert boxes_in(cells) == {} and any(answers.NO_DATA in cell["source"] for cell in cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_questions_and_guesses_stand_in_the_notebook(path):
    """Every one that is written is asked once; a guess comes before a cell that shows something."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    items = registry.chapter_items(path.name[:2])
    assert sorted(answers.called("ask", cells)) == sorted(items["question"])
    assert sorted(answers.called("predict", cells)) == sorted(items["prediction"])
    for place, cell in enumerate(cells):
        source, tags = "".join(cell["source"]), answers.tags_of(cell)
        assert source.startswith("ask(") == ("question" in tags) and source.startswith(
            "predict("
        ) == ("prediction" in tags)
        if "prediction" in tags and path != EXAMPLE:
            near = [
                below
                for below in cells[place + 1 : place + 4]
                if not {"question", "prediction"} & set(answers.tags_of(below))
            ]
            assert any(below.get("outputs") for below in near), (
                f"{source} covers nothing: what answers it must follow"
            )


def test_what_the_first_page_is_told_of_a_chapter(tmp_path):
    """The keys that the front end adds up: boxes with a key each, the rest by name or number."""
    (tmp_path / "chapters").mkdir()
    path = tmp_path / "chapters" / EXAMPLE.name
    shutil.copy(EXAMPLE, path)
    tasks, told = chapter(EXAMPLE).tasks, answers.chapter(path)
    boxed = {id for id, task in tasks.items() if has_box(task.exercise)}
    assert 0 < len(boxed) < len(tasks)
    items = registry.chapter_items("99")
    assert told == {
        "number": 99,
        "title": path.stem,
        "href": f"chapters/{path.stem}.html",
        "exercises": {id: answers.key(id, tasks[id].parameters) for id in boxed},
        "functions": len(tasks) - len(boxed),
        "questions": list(items["question"]),
        "guesses": list(items["prediction"]),
    }
    assert told["questions"] and told["guesses"]
    script = SCRIPT.read_text(encoding="utf-8")
    assert {"questions"} <= set(re.findall(r"\bchapter\.(\w+)", script)) <= set(told)


# ---- in a browser --------------------------------------------------------------------------------

PAGE_OF = {
    path: f"chapters/{path.stem}.html"
    for path in NOTEBOOKS
    if (SITE / "chapters" / f"{path.stem}.html").is_file()
}
ANSWERED, GUESSED = "02-halve-loss", "02-halving"
HERE = next(path for path in NOTEBOOKS if path.stem.startswith("02_"))
PAGE = f"chapters/{HERE.stem}.html"
INDEX = "index.html"


def enter(box, entries):
    """Type the entries, or choose the option, and press Enter."""
    fields = box.locator("input")
    for place, entry in enumerate(entries):
        if fields.first.get_attribute("type") == "radio":
            fields.nth(int(entry)).check()
        else:
            fields.nth(place).fill(entry)
    fields.first.press("Enter")


def plain(text):
    return " ".join(text.replace("`", "").split()).rstrip(".").lower()


# Fills the fields of a box, or chooses its option, and sends it as Enter does; what the box says.
# That keys reach it is seen below, where a box is used by keyboard alone.
ANSWER_ALL = """(all) => all.map(([id, entries]) => {
    const box = document.querySelector(`.sl-box[data-id="${id}"]`);
    const fields = [...box.querySelectorAll("input")];
    entries.forEach((entry, place) => {
        const choice = fields[0].type == "radio", field = fields[choice ? +entry : place];
        if (choice) field.click();
        else field.value = entry;
        field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    fields[0].form.requestSubmit();
    return box.querySelector(".sl-said").innerText;
})"""


def misjudged(page, path):
    """What a box says to the reference and the first mutant, where it is not what Python says."""
    tried = [
        (task, entries)
        for id, task in chapter(path).tasks.items()
        if has_box(task.exercise)
        for entries in written(path, id, 2)
    ]
    heard = page.evaluate(ANSWER_ALL, [(task.exercise.id, entries) for task, entries in tried])
    said = []
    for (task, entries), shown in zip(tried, heard, strict=True):
        status, message = verdict(task.exercise, entries, task.parameters)
        expected = plain(": ".join((status.replace("so far", "nearly"), message)))
        pieces = shown.replace(".\n", "; ").replace("\n", " ")  # each part has its own line
        if plain(pieces) != expected:
            said.append(f"{task.exercise.id}, {entries}: {shown!r}, not {expected!r}")
    return said


# the window, and where a process tries a page of the site just before, the load of test_site.py
desk = opened(DESK, "light")


@pytest.mark.parametrize(
    "desk, path",
    [(page, path) for path, page in PAGE_OF.items()],
    indirect=["desk"],
    ids=PAGE_OF.values(),
)
def test_boxes_judge_in_the_browser(desk, path):
    assert misjudged(desk.page, path) == []
    counts = re.search(
        r"(\d+) of (\d+) exercises? right", desk.page.locator(".sl-progress").inner_text()
    )
    boxed = [task for task in chapter(path).tasks.values() if has_box(task.exercise)]
    assert counts[1] == counts[2] == str(len(boxed)), "what was right once stays right"
    assert desk.problems == []


def test_an_altered_page_is_noticed(browser, base):
    with visit(browser, base, "chapters/notation.html") as seen:

        def altered(route):
            reply = route.fetch()
            html = reply.text()
            route.fulfill(
                response=reply,
                body=re.sub(r'"truth":("#\w+")(,"mistakes":\[\[)("#\w+")', r'"truth":\3\2\1', html),
            )

        seen.page.route(f"**/{PAGE}", altered)
        seen.page.goto(base + PAGE)
        assert misjudged(seen.page, HERE) or seen.problems


def test_by_keyboard_alone_and_remembered(browser, base):
    with visit(browser, base, PAGE) as seen:
        page, task = seen.page, chapter(HERE).tasks[ANSWERED]
        field = page.get_by_label(f"Your answer, {task.exercise.answer}")
        said = page.locator(f'.sl-box[data-id="{ANSWERED}"] [role=status]')
        field.focus()
        page.keyboard.press("Enter")
        assert said.inner_text() == "Not attempted: type a number first."
        page.keyboard.type("1,2 · 10^9")
        assert (
            page.locator(f"#{field.get_attribute('aria-describedby')}").inner_text()
            == "read as 1.2 billion"
        )
        page.keyboard.press("Enter")
        assert said.inner_text().startswith("Not yet: ")
        for opened in (1, 2, 3):
            if opened == 1:
                page.keyboard.press("Tab")
                page.keyboard.press("Tab")
                assert page.evaluate("document.activeElement.textContent") == "One more hint"
                page.keyboard.press("Enter")
            else:
                page.get_by_role("button", name="One more hint").first.click()
            assert page.evaluate("document.activeElement.textContent") == f"Hint {opened} of 3"
        answer = written(HERE, ANSWERED, 1)[0][0]
        field.fill(answer)
        field.press("Enter")
        assert said.inner_text().startswith("Right: ")
        page.reload()
        assert page.get_by_label(f"Your answer, {task.exercise.answer}").input_value() == answer
        assert (
            page.locator(f'.sl-box[data-id="{ANSWERED}"] .sl-said')
            .inner_text()
            .startswith("Right: ")
        )


def test_a_question_explains_what_was_chosen(browser, base):
    with visit(browser, base, PAGE) as seen:
        question = registry.chapter_items("02")["question"][
            (place := seen.page.locator(".sl-ask").first).get_attribute("data-id")
        ]
        assert place.locator("p:visible").count() == 1
        for option, fold in zip(question.options, place.locator("details").all(), strict=True):
            fold.locator("summary").focus()
            seen.page.keyboard.press("Enter")
            assert plain(option.why) in plain(fold.locator("p").inner_text())
            place.get_by_role("status").filter(has_text=option.text).wait_for()
            assert ("Right." in place.get_by_role("status").inner_text()) == option.right
        seen.page.reload()
        assert place.locator("details[open] summary").inner_text() == question.options[-1].text
        assert (
            "1 of"
            in seen.page.locator(".sl-progress").inner_text().split("questions")[0].split(",")[-1]
        )


COVERED = (
    "[...document.querySelectorAll('.sl-covered')].every((it) => "
    "getComputedStyle(it).visibility == 'hidden')"
)


def guess(page, id=GUESSED):
    return page.locator(f'.sl-guess[data-id="{id}"]')


def test_a_guess_covers_what_answers_it(browser, base):
    with visit(browser, base, PAGE) as seen:
        page, covered = seen.page, seen.page.locator(".sl-covered")
        others = len(registry.chapter_items("02")["prediction"]) - 1
        answer = page.locator(f'.cell:has(.sl-guess[data-id="{GUESSED}"]) + .cell .cell_output')
        assert (
            others
            and covered.count() > others
            and page.evaluate(COVERED)
            and not answer.locator("pre").is_visible()
        )
        commit = guess(page).get_by_role("button", name="That is my guess")
        for typed, said in (
            ("", "from 0 to 1,000"),
            ("many", "from 0 to 1,000"),
            ("-3", "from 0 to 1,000"),
        ):
            guess(page).get_by_label("Your guess").fill(typed)
            commit.click()
            assert (
                said in guess(page).get_by_role("status").inner_text()
                and not answer.locator("pre").is_visible()
            )
        guess(page).get_by_label("Your guess").fill("5 doublings")
        commit.click()
        assert answer.locator("pre").is_visible()
        assert page.locator(".sl-yours").inner_text() == "You said 5 doublings."
        page.reload()
        assert answer.locator("pre").is_visible() and page.locator(".sl-yours").count() == 1
        assert covered.count() > 0
        page.get_by_role("button", name="Show me").last.click()
        page.get_by_role(
            "button", name="Never cover anything"
        ).first.click() if covered.count() else None
        assert covered.count() == 0
        assert seen.problems == []


def test_nothing_is_covered_on_paper_or_for_those_who_never_want_it(browser, base):
    with visit(browser, base, PAGE) as seen:
        assert seen.page.locator(".sl-covered").count()
        seen.page.emulate_media(media="print")
        assert (
            seen.page.locator(".sl-covered").first.is_visible()
            and not seen.page.locator(".sl-guess form").first.is_visible()
        )
        seen.page.emulate_media(media="screen")
        seen.page.get_by_role("button", name="Never cover anything").first.click()
        seen.page.reload()
        assert (
            seen.page.locator(".sl-guess").count() and not seen.page.locator(".sl-covered").count()
        )
        seen.page.goto(seen.base + INDEX)
        never = seen.page.get_by_label("Never cover anything before a guess")
        assert never.is_checked()
        never.uncheck()
        seen.page.goto(seen.base + PAGE)
        assert seen.page.locator(".sl-covered").count()


def test_a_link_into_something_covered_shows_it(browser, base):
    with visit(browser, base, PAGE) as seen:
        seen.page.evaluate(
            "document.querySelector('.sl-covered').id = 'linked'; location.hash = '#linked'"
        )
        seen.page.wait_for_function("!document.querySelector('#linked').matches('.sl-covered')")
        assert seen.page.locator(".sl-covered").count()


def test_without_scripts_everything_can_be_read(browser, base):
    page = browser.new_page(java_script_enabled=False)
    page.goto(base + PAGE)
    output = page.locator(f'.cell:has(.sl-guess[data-id="{GUESSED}"]) + .cell .cell_output pre')
    assert output.is_visible() and not page.locator("form.sl-form, .sl-covered").count()
    first = page.locator(".sl-ask details").first
    first.locator("summary").click()
    assert first.locator("p").is_visible()
    page.locator(".sl-hint summary").first.click()
    assert page.locator(".sl-hint p").first.is_visible()
    page.close()


def test_progress_is_kept_saved_erased_and_loaded(browser, base, tmp_path):
    with visit(browser, base, PAGE) as seen:
        page = seen.page
        enter(page.locator(f'.sl-box[data-id="{ANSWERED}"]'), written(HERE, ANSWERED, 1)[0])
        page.locator(".sl-ask summary").first.click()
        page.locator(".sl-progress").filter(has_text="1 of 3 questions answered").wait_for()
        page.goto(base + INDEX)
        total, row = (
            page.locator(".sl-course > p").first,
            page.locator(".sl-course tr", has_text="Power laws").first,
        )
        total.filter(has_text=re.compile("^1 of ")).wait_for()
        assert re.findall(r"(\d+) of \d+", row.inner_text()) == ["2"]
        with page.expect_download() as download:
            page.get_by_role("button", name="Save to a file").click()
        download.value.save_as(tmp_path / "kept.json")
        kept = json.loads((tmp_path / "kept.json").read_text(encoding="utf-8"))
        assert kept["exercises"][ANSWERED]["status"] == "right" and len(kept["questions"]) == 1

        page.once("dialog", lambda dialog: dialog.dismiss())
        page.get_by_role("button", name="Erase everything").click()
        assert total.inner_text().startswith("1 of ")
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Erase everything").click()
        assert total.inner_text().startswith("0 of ")

        said = page.locator(".sl-course").get_by_role("status")
        (tmp_path / "other.json").write_text('{"exercises": {"02-halve-loss": 3}, "guesses": [1]}')
        (tmp_path / "picture.json").write_bytes(b"\x89PNG")
        kept["exercises"][ANSWERED]["status"] = "not yet"
        (tmp_path / "worse.json").write_text(json.dumps(kept))
        for name, words, right in (
            ("picture.json", "No answers in that file", 0),
            ("other.json", "no answers", 0),
            ("worse.json", "Read 2 answers", 0),
            ("kept.json", "Read 2 answers", 1),  # the file's answer counts
            ("worse.json", "Read 2 answers", 1),  # unless this page's is right
        ):
            page.get_by_label("Load a saved file").set_input_files(tmp_path / name)
            said.filter(has_text=words).wait_for()
            total.filter(has_text=f"{right} of ").wait_for()
        assert seen.problems == []


SPOILT = (
    '{"exercises": {"02-halve-loss": {"key": 1, "entries": [1, {}]}}, '
    '"questions": {"02-x": {"chosen": ["a"]}}, "guesses": {"02-halving": {"value": "x"}}}'
)


@pytest.mark.parametrize("storage", ["no", "nonsense", "spoilt"])
def test_storage_that_fails_breaks_nothing(browser, base, storage):
    with visit(browser, base, "chapters/notation.html") as seen:
        page = seen.page
        page.add_init_script(
            {
                "no": (
                    "Object.defineProperty(window, 'localStorage', "
                    "{get() { throw new DOMException('no', 'SecurityError'); }})"
                ),
                "nonsense": "localStorage.setItem('scalinglib.answers', '{')",
                "spoilt": f"localStorage.setItem('scalinglib.answers', {json.dumps(SPOILT)})",
            }[storage]
        )
        seen.problems.clear()
        page.goto(base + PAGE)
        enter(page.locator(f'.sl-box[data-id="{ANSWERED}"]'), written(HERE, ANSWERED, 1)[0])
        assert (
            page.locator(f'.sl-box[data-id="{ANSWERED}"] .sl-said')
            .inner_text()
            .startswith("Right: ")
        )
        assert page.locator(".sl-progress").inner_text().startswith("On this page: 1 of ")
        guess(page).get_by_role("button", name="Show me").click()
        page.goto(base + INDEX)
        assert ("keeps nothing" in page.locator(".sl-course").inner_text()) == (storage == "no")
        assert [one for one in seen.problems if "answers" in one] == []


def test_an_offline_copy_works_too(browser):
    page = browser.new_page()
    page.goto((SITE / PAGE).as_uri())
    enter(page.locator(f'.sl-box[data-id="{ANSWERED}"]'), written(HERE, ANSWERED, 1)[0])
    page.goto((SITE / INDEX).as_uri())
    # a file's page may be another process, to which what is kept comes a moment later
    page.locator(".sl-course > p").first.filter(has_text=re.compile("^1 of ")).wait_for()
    page.close()


@pytest.mark.parametrize("width, scheme", [(1280, "dark"), (390, "light")])
def test_answered_pages_are_accessible(browser, base, width, scheme):
    with visit(browser, base, PAGE, width, scheme) as seen:
        boxes = seen.page.locator(".sl-box form")
        for place in range(boxes.count()):
            field = boxes.nth(place).locator("input").first
            field.check() if field.get_attribute("type") == "radio" else field.fill("12 %")
            boxes.nth(place).get_by_role("button", name="Check").click()
        seen.page.locator(".sl-ask summary").first.click()
        guess(seen.page).get_by_label("Your guess").fill("5")
        seen.page.keyboard.press("Enter")
        assert (
            accessibility(
                seen.page, ".sl-box, .sl-ask, .sl-guess, .sl-hint, .sl-covered, .sl-progress"
            )
            == []
        )
        assert sideways(seen.page) == []


@pytest.mark.site
def test_every_page_loads_the_script_as_it_is_served():
    for page in (PAGE, INDEX, "chapters/notation.html"):
        assert "_static/answers.js" in (SITE / page).read_text(encoding="utf-8")
    assert (SITE / "_static" / "answers.js").read_text(encoding="utf-8") == weight.small(
        "text/javascript", course.served()
    )
    assert not (SITE / "_static" / "calc.js").exists()
