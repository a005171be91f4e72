"""The handbook: its tables say what exercises are, its plans respect needs, its commands exist."""

import re
import shlex
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "_ext"))
import course  # noqa: E402,F401  (finds the exercises)
import handbook  # noqa: E402
import minutes  # noqa: E402

from exercises import parameters, spec_of  # noqa: E402
from exercises.chapter import read_chapter  # noqa: E402
from exercises.gradebook import OPEN  # noqa: E402
from exercises.rules import read_rules  # noqa: E402
from exercises.strip import source_of  # noqa: E402
from scalinglib.checks import (  # noqa: E402
    Choice,
    Function,
    Number,
    Plan,
    Several,
    Text,
    registry,
)

PAGE = ROOT / f"{handbook.PAGE}.md"
CHAPTERS = handbook.read(ROOT / "chapters")


@pytest.fixture(scope="module")
def page() -> str:
    source = [PAGE.read_text(encoding="utf-8")]
    handbook.fill(SimpleNamespace(srcdir=str(ROOT)), handbook.PAGE, source)
    return source[0]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.path.stem)
def test_two_thirds_of_the_points_are_personal(chapter):
    """On numbers, fits and plans; choices and functions do not count, whatever they ask."""
    personal, points = chapter.total("points", lambda item: item.personal), chapter.total("points")
    assert 3 * personal >= 2 * points, f"{personal} of {points} points"


@pytest.mark.whole
@pytest.mark.parametrize("variants", [2, pytest.param(6, marks=pytest.mark.proof)])
def test_what_is_called_personal_differs_between_students(variants):
    for item in (item for chapter in CHAPTERS for item in chapter.items if item.personal):
        spec, drawn = spec_of(item.id), set()
        for student in range(40):
            drawn.add(repr(parameters(spec, "a key", f"student-{student}")))
            if len(drawn) == variants:
                break
        assert len(drawn) == variants, f"{item.id}: {len(drawn)} variants for 40 students"


def test_a_number_from_personal_parameters_is_personal_and_nothing_else():
    """Whatever kind of number: one, several, or a plan's; not what has options or is read."""
    kinds = set()
    for item in (item for chapter in CHAPTERS for item in chapter.items):
        exercise = registry.exercise(item.id)
        typed = not isinstance(exercise, (Choice, Function, Text))
        assert item.personal == (typed and exercise.given != ()), item.id
        kinds |= {(item.kind, item.personal)}
    assert {kind for kind, personal in kinds if personal} == {
        handbook.KINDS[kind] for kind in (Number, Several, Plan)
    }
    assert {kind for kind, _ in kinds} == set(handbook.KINDS.values())


def test_every_exercise_is_listed_once(page):
    assert "<!--" not in page
    for chapter in CHAPTERS:
        assert [item.id for item in chapter.items] == list(read_chapter(chapter.path).tasks)
        for item in chapter.items:
            assert (
                page.count(f"| {item.number} {item.title} | {item.level} | {item.minutes} |") == 1
            )
            assert page.count(f"<strong>{item.number} ") == 1


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.path.stem)
def test_a_chapters_head_has_its_minutes(chapter):
    """Those to read by the rule, as on the front page; those of its exercises."""
    head = re.search(
        r"\*\*Minutes:\*\* (\d+), and (\d+) for the exercises",
        chapter.path.read_text(encoding="utf-8"),
    )
    assert head is not None
    assert int(head[2]) == sum(item.minutes for item in chapter.items)
    assert int(head[1]) == minutes.total(chapter.path), "run: python _ext/minutes.py"
    front = (ROOT / "index.ipynb").read_text(encoding="utf-8")
    row = re.search(rf"\(chapters/{chapter.path.name}\) \|[^|]*\| (\d+) \|", front)
    assert row is not None and row[1] == head[1]


def test_the_front_page_has_the_hours_of_all():
    front = (ROOT / "index.ipynb").read_text(encoding="utf-8")
    assert minutes.hours(CHAPTERS) in front, "run: python _ext/minutes.py"


def test_every_known_mistake_is_told():
    for chapter in CHAPTERS:
        for item in chapter.items:
            assert len(handbook.messages(item.id)) >= 2, item.id
            assert all(len(message) > 15 for message in handbook.messages(item.id)), item.id
    assert handbook._shown("less than {a:.1f} & {{b}}") == "less than <em>a</em> &amp; {b}"
    assert handbook._shown("`least` of {a}") == "<code>least</code> of <em>a</em>"


def test_an_exercise_without_minutes_is_refused(tmp_path):
    path = CHAPTERS[0].path
    (tmp_path / path.name).write_text(
        path.read_text(encoding="utf-8").replace("*core, 10 minutes*", "*core*", 1)
    )
    with pytest.raises(ValueError, match=r"01-\S+ needs the line \*level, n minutes\*"):
        handbook.read(tmp_path)


def needed(chapter: handbook.Listed) -> set[int]:
    """The chapters that a chapter's head names as needed."""
    head = next(
        source_of(cell)
        for cell in handbook.json.loads(chapter.path.read_text(encoding="utf-8"))["cells"]
    )
    line = re.search(r"\*\*You need:?\*\*(.*)", head)[1]
    found = re.findall(r"\((\d\d)_", line) + [
        number
        for group in re.findall(r"chapters? (\d+(?: and \d+)*)", line)
        for number in group.split(" and ")
    ]
    return set(map(int, found))


@pytest.mark.parametrize("column", (1, 2, 3))
def test_the_plans_respect_what_chapters_need(page, column):
    table = page.split("## Syllabus")[1].split("## ")[0]
    weeks = [
        line.strip("|").split("|")[column]
        for line in table.splitlines()
        if re.match(r"\| \d", line)
    ]
    order = [
        int(number)
        for week in weeks
        for number in re.findall(r"(?<![\d(_])\d+", re.sub(r"\]\([^)]*\)", "]", week))
    ]
    assert len(order) == len(set(order)) >= 7
    assert column < 3 or sorted(order) == [chapter.number for chapter in CHAPTERS]
    known = {chapter.number: needed(chapter) for chapter in CHAPTERS}
    assert sum(map(len, known.values())) > 20
    for place, number in enumerate(order):
        # of two alternatives in one week, either will do
        assert known[number] <= set(order[:place]), (
            f"chapter {number} comes before {known[number] - set(order[:place])}"
        )


def test_the_commands_exist():
    _parser = pytest.importorskip("exercises.__main__")._parser

    text = PAGE.read_text(encoding="utf-8")
    commands = re.findall(r"python -m exercises (.+)", text)
    every = set(_parser()._subparsers._group_actions[0].choices) - {"class"}  # it is `make class`
    assert {command.split()[0] for command in commands} == every
    for command in commands:
        _parser().parse_args(shlex.split(command.replace("`", "")))
    for option in re.findall(r"`(--[a-z-]+)", text):
        assert any(
            option in action.option_strings
            for sub in _parser()._subparsers._group_actions[0].choices.values()
            for action in sub._actions
        ), option
    targets = re.findall(r"`make ([a-z][a-z-]*)", text)
    makefile = (ROOT / "Makefile").read_text()
    assert targets and all(re.search(rf"^{target}:", makefile, re.M) for target in targets)


def test_the_rules_and_decisions_of_the_term_can_be_used(tmp_path):
    """As they stand there: the course.toml is read, exercises exist, every state is explained."""
    text = PAGE.read_text(encoding="utf-8").split("## A term, ")[1].split("\n## ")[0]
    rules = read_rules(re.search(r"```toml\n(.*?)```", text, re.S)[1])
    assert rules.per_day == 10 and rules.chapter("09").weight == 2 and rules.points["02-reach"] == 0
    exercises = {*rules.points, *re.findall(r"(?:--exercise|drop class) (\S+)", text)}
    assert all(spec_of(id).id == id for id in exercises)
    told = {
        word for row in re.findall(r"^\| ([a-z, ]+) \|", text, re.M) for word in row.split(", ")
    }
    source = (ROOT / "exercises/gradebook.py").read_text(encoding="utf-8")
    states = {*OPEN, *re.findall(r'state="([a-z ]+)"', source)}
    states |= set(re.findall(r'_tell\(row, "([a-z ]+)"', source))
    states |= set(re.findall(r'state="([a-z ]+)"', (ROOT / "exercises/submissions.py").read_text()))
    assert states - {"other"} == told - {"state"}


def test_every_exercise_number_that_the_page_names_exists():
    numbers = {item.number for chapter in CHAPTERS for item in chapter.items}
    text = PAGE.read_text(encoding="utf-8").split("## Which exercises")[1].split("### ")[0]
    assert set(re.findall(r"\b\d+\.\d\b", text)) <= numbers
