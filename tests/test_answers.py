"""Answering on the static page: questions, predictions, answer boxes that judge as Python does."""

from __future__ import annotations

import functools
import gzip
import json
import math
import random
import re
import shutil
import subprocess
import sys
import types
import warnings
from html.parser import HTMLParser
from pathlib import Path

import pytest
from test_exercises import EXAMPLE, NOTEBOOKS, derived_once  # noqa: F401 (a fixture)
from test_site import DESK, SITE, accessibility, opened, sideways, visit

import exercises
from exercises.chapter import read_chapter
from scalinglib.checks import (
    Choice,
    Number,
    Option,
    Prediction,
    Question,
    ask,
    judge,
    predict,
    registry,
)
from scalinglib.checks.boxes import WORDS, box, folded, has_box
from scalinglib.checks.expressions import evaluate, is_condition, names_in, parse
from scalinglib.checks.reading import read_number

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "_ext"))
import answers  # noqa: E402
import course  # noqa: E402

SCRIPT = ROOT / "_ext" / "assets" / "answers.js"

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

TYPED = """
1.2e9|1.2E9|1,2e9|1.2*10^9|1.2×10^9|1.2·10⁹|1.2 · 10⁹|1,2 · 10^9|1.2x10^9|1.2 * 10**9|10^9|10⁻³
10^(-3)|10^(9|-10^3|3*10^+2|1.2 billion|1,2 billion|73B|73 b|3 bn|175M|2 mln|2 million|5k|5 thousand
7 g|4 t|4 tn|1.4 trillion|1.4 Trillion|1.4 zillion|12 %|12%|12 percent|0.1%|1e3 %|5 %%|1,200,000,000
1,200|1,20|0,200|0,2|1.200|1.200.000|1.200.000,5|1.200,5|1,200.5|1,200,00|12,34,567|,5|.5|5.|5,|.|,
-|+|1..2|1,2,3|1.2.3|1 200 000|1'200'000|1’200’000|1_200_000|1 20|1 200 00|12 345.6|10 10|1 000
1 2000|3 tokens|3 params|1 parameter|2.5 nats per token|2.5 nats|8 bits|3 times|1e21 FLOPs|1e21 flop
3 PF-days|3 pf-days|5 runs|PF-days|≈ 3|~3|= 3|−3|–3|+3|--3|3-|- 3|1e|e9|1e1.5|1e+3|1e-3|1 e3|1e99999
-1e400|1e-99999|0|00|007|-0|0x10|1/3|2^3|1e3k|3 k tokens|2,167e10|2,167 * 10^10|1,200,000e3
1,200.5e3|4.3x|4.3×|x|30 per cent|30 per  Cent|per cent|$721,883|721,883 $|$ 5|721,883 dollars
1 dollar|5 USD|$|$5 dollars|207,902 kWh|288753 h|288,753 GPU hours|12 hours|3k h|h|-$5|$-5|nan|inf
infinity|None|True|...|…||   |a|10|½|１２
""".replace("\n", "|").split("|")
UNITS = ("", "%", "PF-days", "runs", "tokens", "characters", "times", "dollars", "GPU-hours", "kWh")


@pytest.fixture(scope="module")
def page_script():
    """Call a function of the page's script in node, once for each list of arguments."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: the page's judge was not compared with Python's")

    def started(script):
        code = (
            f"require({json.dumps(str(script))}); "
            "const plain = (x) => typeof x === 'number' ? String(x) : x;"
            "require('readline').createInterface({input: process.stdin}).on('line', (line) => {"
            "const [name, calls] = JSON.parse(line);"
            "const said = calls.map((a) => plain(scalinglibAnswers[name](...a)));"
            "console.log(JSON.stringify(said)); });"
        )
        pipe = subprocess.PIPE
        return subprocess.Popen([node, "-e", code], stdin=pipe, stdout=pipe, text=True)

    def asked(process, function, calls):
        print(json.dumps([function, calls]), file=process.stdin, flush=True)
        answer = process.stdout.readline()
        assert answer, "node ended: its complaint stands above"
        return json.loads(answer)

    def ended(process):
        process.stdin.close()
        process.stdout.close()
        process.wait()

    def run(function, calls, script=SCRIPT):
        if script == SCRIPT:
            return asked(kept, function, calls)
        altered = started(script)
        try:
            return asked(altered, function, calls)
        finally:
            ended(altered)

    kept = started(SCRIPT)  # one start of node for some eighty exercises
    yield run
    ended(kept)


def same_number(text: str, value: float) -> bool:
    return float(text.replace("Infinity", "inf")) == value or (text == "NaN" and math.isnan(value))


def differing(page_script, calls):
    """The (text, unit) that the page and Python read differently."""
    read = page_script("readNumber", calls)
    return [
        (call, js, read_number(*call))
        for call, js in zip(calls, read, strict=True)
        if not same_number(js, read_number(*call))
    ]


def test_numbers_are_read_alike(page_script):
    rng = random.Random(1)
    marks = [
        "1",
        "2",
        "0",
        "9",
        ".",
        ",",
        " ",
        "e",
        "^",
        "10",
        "·",
        "*",
        "x",
        "-",
        "+",
        "⁹",
        "⁻",
        "%",
        "k",
        "B",
        " billion",
        "'",
        "_",
        "000",
        " tokens",
        "≈",
        "(",
        ")",
        "**",
        "percent",
        "−",
    ]
    made = ["".join(rng.choices(marks, k=rng.randint(1, 7))) for _ in range(20_000)]
    made += [
        f"{rng.uniform(-5, 5) * 10 ** rng.randint(-9, 21):{form}}"
        for form in (",", ".3e", ".0f", "g", ",.2f")
        for _ in range(400)
    ]
    calls = [(text, unit) for text in TYPED for unit in UNITS] + [
        (text, rng.choice(UNITS)) for text in made
    ]
    assert differing(page_script, calls) == []
    readable = sum(not math.isnan(read_number(*call)) for call in calls)
    assert readable > 3000 and len(calls) - readable > 3000


@pytest.mark.parametrize(
    "text, unit, value",
    [
        ("12 %", "", 0.12),
        ("12 %", "%", 12),
        ("12 percent", "%", 12),
        ("12", "%", 12),
        ("3 PF-days", "PF-days", 3),
        ("11 million characters", "characters", 11e6),
        ("30 per cent", "%", 30),
        ("30 per cent", "", 0.3),
        ("4.3x", "times", 4.3),
        ("$721,883", "dollars", 721883),
        ("721,883 dollars", "dollars", 721883),
        ("207,902 kWh", "kWh", 207902),
        ("288753 h", "GPU-hours", 288753),
        ("2,167e10", "tokens", 2.167e10),
    ],
)
def test_the_unit_asked_for_may_stand_behind_the_number(text, unit, value):
    assert read_number(text, unit) == pytest.approx(value, rel=1e-12)


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


def test_expressions_have_the_same_value(page_script):
    rng = random.Random(2)
    trees = [
        parse(expressions(rng, rng.randint(1, 4), truth), NAMES)
        for truth in (True, False)
        for _ in range(2000)
    ]
    values = page_script("evaluate", [(tree, NAMES) for tree in trees])
    for tree, value in zip(trees, values, strict=True):
        expected = evaluate(tree, NAMES)
        if isinstance(value, bool):
            assert value == bool(expected), tree
        else:
            assert same_number(value, float(expected)) or math.isclose(
                float(value.replace("Infinity", "inf")), expected, rel_tol=1e-9
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


def as_typed(exercise, answer) -> list[str] | None:
    """A notebook's answer as somebody would type it into the box, or None where nobody can."""
    if isinstance(exercise, Choice):
        names = [name for name, *_ in exercise.options]
        return [str(names.index(answer))] if answer in names else None
    try:
        parts = (
            [answer]
            if isinstance(exercise, Number)
            else [
                answer[part] if hasattr(answer, "keys") else answer[place]
                for place, part in enumerate(exercise.parts)
            ]
        )
        return [repr(float(part)) for part in parts]
    except (TypeError, ValueError, KeyError):
        return None


@functools.cache
def written(path, id) -> list[list[str]]:
    """The reference's answer and then every mutant's, as typed."""
    here = chapter(path)
    task, spec = here.tasks[id], exercises.chapter_specs(id[:2])[id]
    sources = [task.solution, *map(task.with_region, spec.mutants.values())]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # mutants fit badly on purpose
        typed = [
            as_typed(task.exercise, here.answer(id, source, task.parameters)) for source in sources
        ]
    assert typed[0], "the reference cannot be typed into the box"
    return [entries for entries in typed if entries]


def answers_to_try(path, id) -> list[list[str]]:
    """The reference, mutants' answers, known mistakes, all of these perturbed; nonsense."""
    task, typed, rng = chapter(path).tasks[id], list(written(path, id)), random.Random(id)
    exercise = task.exercise
    if isinstance(exercise, Choice):
        return [[str(place)] for place in range(len(exercise.options))] + [[]]
    values = exercise.quantities(task.parameters)
    numbers = [
        float(evaluate(rule, values | {"x": 1.0}))
        for rule in exercise.rules["mistakes"]
        if not is_condition(rule)
    ]
    typed += [
        [repr(number)] for number in [*numbers, *values.values()] if isinstance(exercise, Number)
    ]
    for entries in list(typed):
        for factor in (1 + 1e-5, 0.9995, 1.002, 0.99, 1.03, 0.5, 2, -1, 10, 1e-3, 1e6):
            place = rng.randrange(len(entries))
            typed.append(
                [
                    repr(float(text) * factor) if k == place else text
                    for k, text in enumerate(entries)
                ]
            )
    typed += [
        [f"{rng.choice([-1, 1]) * 10 ** rng.uniform(-6, 24):.3e}" for _ in typed[0]]
        for _ in range(100)
    ]
    nonsense = ["", " ", "...", "many", "1e999", "-1e999", "0", "1,2 · 10^9", "12 %", "1.2.3"]
    typed += [
        [text if k == place else entry for k, entry in enumerate(typed[0])]
        for place in range(len(typed[0]))
        for text in nonsense
    ]
    return typed


def verdict(exercise, entries, params):
    """Python's status and message for what was typed."""
    if isinstance(exercise, Choice):
        answer = exercise.options[int(entries[0])][0] if entries else ...
    else:
        answer = (
            entries[0]
            if isinstance(exercise, Number)
            else dict(zip(exercise.parts, entries, strict=True))
        )
    outcome = judge(exercise, answer, params)
    return outcome.status, outcome.message


def disagreements(page_script, path, id, spec=None):
    """(entries, Python's verdict, the page's) where they differ, and all of Python's verdicts."""
    task, typed = chapter(path).tasks[id], answers_to_try(path, id)
    spec = spec or box(task.exercise, task.parameters)
    page = page_script("judge", [(spec, entries, WORDS) for entries in typed])
    python = [verdict(task.exercise, entries, task.parameters) for entries in typed]
    said = [(js["status"], js["message"]) for js in page]
    # where the page asks in its own words for an answer
    alone = isinstance(task.exercise, (Number, Choice))
    differ = [
        (entries, ours, theirs)
        for entries, ours, theirs in zip(typed, python, said, strict=True)
        if ours != theirs and not (alone and ours[0] == theirs[0] == "not attempted")
    ]
    return differ, python


@pytest.mark.parametrize("path, id", BOXED)
def test_the_page_says_what_python_says(page_script, path, id):
    differ, python = disagreements(page_script, path, id)
    assert differ == []
    assert python[0][0] == "right" or isinstance(chapter(path).tasks[id].exercise, Choice)
    assert {"right", "not yet", "not attempted"} == {status for status, _ in python}


def test_an_altered_box_is_noticed(page_script):
    """Negative controls: a tolerance, a message, the order of mistakes, a reading."""
    path, id = next(param.values for param in BOXED if param.id == "99-halve-loss")
    task = chapter(path).tasks[id]

    def seen(alter):
        spec = json.loads(json.dumps(box(task.exercise, task.parameters)))
        alter(spec)
        return disagreements(page_script, path, id, spec)[0]

    assert seen(lambda spec: None) == []
    assert seen(lambda spec: spec["properties"][1][0].__setitem__(-1, 0.1))
    assert seen(lambda spec: spec["mistakes"][0].__setitem__(1, "something else"))
    assert seen(lambda spec: spec["mistakes"].pop(0))
    assert seen(lambda spec: spec.update(unit="0"))


def test_an_altered_script_is_noticed(page_script, tmp_path):
    text = SCRIPT.read_text(encoding="utf-8")
    for old, new in (
        ("million: 1e6", "million: 1e5"),
        ('.replace(",", ".")', ""),
        ("{3}(?![0-9])", "{3}"),
    ):
        assert old in text
        (tmp_path / "altered.js").write_text(text.replace(old, new, 1), encoding="utf-8")
        altered = functools.partial(page_script, script=tmp_path / "altered.js")
        assert differing(altered, [(text, "") for text in TYPED])


def test_a_box_holds_conditions_and_messages_only():
    """Parameters and derived quantities only where a condition needs them; no box for functions."""
    for path in NOTEBOOKS:
        for id, task in chapter(path).tasks.items():
            made = box(task.exercise, task.parameters)
            assert (made is not None) == has_box(task.exercise)
            if made and "parts" in made:
                for rule, *_ in made["properties"] + made["mistakes"]:
                    assert names_in(rule) <= set(made["parts"]), id
    assert json.loads(
        json.dumps(folded(["<", "x", ["/", 1.0, "zero"]], {"zero": 0.0}, ("x",)), allow_nan=False)
    )


# ---- what is put on the page ---------------------------------------------------------------------


def staged(path, solutions="show"):
    """The cells of a notebook as the page gets them."""
    env = types.SimpleNamespace(doc2path=lambda name: str(path), found_docs=[])
    app = types.SimpleNamespace(
        env=env, config=types.SimpleNamespace(solutions=solutions, root_doc="index")
    )
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
    assert {"title", "questions"} <= set(re.findall(r"\bchapter\.(\w+)", script)) <= set(told)


def test_the_front_end_is_small():
    files = [SCRIPT, SCRIPT.with_suffix(".css")]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) < 15_000


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


def misjudged(page, path):
    """What a box says to the reference and the first mutant, where it is not what Python says."""
    said = []
    for id, task in chapter(path).tasks.items():
        if not has_box(task.exercise):
            continue
        box = page.locator(f'.sl-box[data-id="{id}"]')
        for entries in written(path, id)[:2]:
            enter(box, entries)
            expected = plain(": ".join(verdict(task.exercise, entries, task.parameters)))
            if plain(box.locator(".sl-said").inner_text()) != expected:
                said.append(
                    f"{id}, {entries}: {box.locator('.sl-said').inner_text()!r}, not {expected!r}"
                )
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
                body=html.replace('["near",', '["not near",', 1).replace('"near",', '"<",'),
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
        answer = written(HERE, ANSWERED)[0][0]
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
            ("", "Type a number first"),
            ("many", "Type a number first"),
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
        enter(page.locator(f'.sl-box[data-id="{ANSWERED}"]'), written(HERE, ANSWERED)[0])
        page.locator(".sl-ask summary").first.click()
        page.locator(".sl-progress").filter(has_text="1 of 3 questions answered").wait_for()
        page.goto(base + INDEX)
        total, row = (
            page.locator(".sl-course > p").first,
            page.locator(".sl-course tr", has_text="Power laws").first,
        )
        assert total.inner_text().startswith("1 of ") and re.findall(
            r"(\d+) of \d+", row.inner_text()
        ) == ["1", "1", "0"]
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
        for name, words in (
            ("picture.json", "could not be read"),
            ("other.json", "no answers"),
            ("kept.json", "Read 2 answers"),
        ):
            page.get_by_label("Load a saved file").set_input_files(tmp_path / name)
            said.filter(has_text=words).wait_for()
        assert total.inner_text().startswith("1 of ")
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
        enter(page.locator(f'.sl-box[data-id="{ANSWERED}"]'), written(HERE, ANSWERED)[0])
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
    enter(page.locator(f'.sl-box[data-id="{ANSWERED}"]'), written(HERE, ANSWERED)[0])
    page.goto((SITE / INDEX).as_uri())
    assert page.locator(".sl-course > p").first.inner_text().startswith("1 of ")
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
def test_only_pages_with_something_to_answer_load_the_script():
    def loads(page):
        return "answers.js" in (SITE / page).read_text(encoding="utf-8")

    assert loads(PAGE) and loads(INDEX) and not loads("chapters/notation.html")
