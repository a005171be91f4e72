"""What the site makes of an exercise: its head, its data and laws, the value of its solution."""

from __future__ import annotations

import json
import types
from functools import cache
from pathlib import Path

import pytest
from in_node import course, given
from test_exercises import EXAMPLE, NOTEBOOKS

import answers  # isort: skip  (from _ext, which in_node puts on the path)
from exercises.chapter import read_chapter
from scalinglib.checks import judge, registry
from scalinglib.checks.boxes import has_box

pytestmark = pytest.mark.usefixtures("derived_once")

BUTTONS = {
    "repository_url": "https://github.com/owner/name",
    "launch_buttons": {
        "binderhub_url": "https://mybinder.org",
        "colab_url": "https://colab.research.google.com",
    },
}


@cache
def staged(path: Path, solutions: str = "show", launch: bool = False) -> list[dict]:
    """The cells of a notebook as the page gets them."""
    options = BUTTONS if launch else {"launch_buttons": {}}
    config = types.SimpleNamespace(
        solutions=solutions, root_doc="index", html_theme_options=options
    )
    env = types.SimpleNamespace(doc2path=lambda name: str(path), found_docs=[])
    source = [path.read_text(encoding="utf-8")]
    course.stage_exercises(types.SimpleNamespace(env=env, config=config), path.stem, source)
    return json.loads(source[0])["cells"]


def of(path: Path, id: str, **more) -> dict:
    return next(cell for cell in staged(path, **more) if cell["id"] == id)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_an_exercise_without_a_box_says_so_at_its_head(path):
    cells = staged(path, launch=True)
    for id, task in read_chapter(path).tasks.items():
        first = next(k for k, cell in enumerate(cells) if answers.exercise_of(cell) == id)
        heads = ["".join(cell["source"]) for cell in cells[:first]]
        head = next(text for text in reversed(heads) if "### Exercise" in text)
        assert ("For the notebook:" in head) != has_box(task.exercise), id
        if not has_box(task.exercise):
            lines = head.split("\n\n")
            level = next(k for k, line in enumerate(lines) if line.endswith("minutes*"))
            assert "For the notebook:" in lines[level + 1], "right under its level"
            assert f"mybinder.org/v2/gh/owner/name/notebooks?urlpath=lab/tree/{path.stem}" in head
            assert f"colab.research.google.com/github/owner/name/blob/notebooks/{path.stem}" in head


def test_buttons_lead_where_the_themes_do():
    assert course.buttons({"launch_buttons": {}}, "chapters/a") == ""
    other = {
        "repository_url": "https://git.example.org/a/b",
        "launch_buttons": {"binderhub_url": "https://mybinder.org"},
    }
    shown = course.buttons(other, "chapters/a")
    assert "v2/git/https%3A%2F%2Fgit.example.org%2Fa%2Fb/notebooks" in shown
    assert "olab" not in shown


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_data_and_laws_stand_right_before_the_box(path):
    cells = staged(path)
    for place, cell in enumerate(cells):
        if cell["id"].startswith("given-"):
            assert cells[place + 1]["id"] == cell["id"].replace("given-", "box-")
    found = [cell for cell in cells if cell["id"] == "boxes"]
    boxes = json.loads(found[0]["source"].split(">", 1)[1].removesuffix("</script>"))["boxes"]
    for id, box in boxes.items():
        for table in given.tables_of(box):
            html = of(path, f"given-{id}")["source"]
            for values in table["columns"].values():
                shown = [given.number(v) if given.is_numbers(values) else v for v in values]
                assert all(f">{text}</td>" in html for text in shown), id


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_solution_shows_the_value_that_its_cell_gives(path):
    """The value is right to four digits: it is what the check accepts."""
    for id, task in read_chapter(path).tasks.items():
        cell = next(
            cell
            for cell in staged(path)
            if answers.exercise_of(cell) == id and "exercise" in answers.tags_of(cell)
        )
        if not has_box(task.exercise):
            continue
        assert "hide-input" not in answers.tags_of(cell), "else the value stands open"
        lines = cell["outputs"][-1]["text"].splitlines()
        assert lines and all(" = " in line for line in lines), id
        texts = {name: text for name, _, text in (line.partition(" = ") for line in lines)}
        if task.exercise.answer in texts and "," not in texts[task.exercise.answer]:
            value = texts[task.exercise.answer]
            answer = value if not value[0].isdigit() and value[0] != "-" else float(value)
            said = judge(task.exercise, answer, task.parameters)
            assert said.status == "right", f"{id}: {value}: {said.message}"


def test_no_solution_where_they_are_hidden():
    for cell in staged(EXAMPLE, solutions="hide"):
        assert "exercise" not in answers.tags_of(cell)
        assert " = " not in "".join(
            out.get("text", "") for out in cell.get("outputs", []) if "text" in out
        )


@pytest.mark.parametrize(
    "value, text",
    [
        (4, "4"),
        (4.0, "4"),
        (5894.0645, "5894"),
        (1e20, "1e20"),
        (0.05451, "0.05451"),
        ("B", "B"),
        (1.4686752e14, "1.469e14"),
        (-5.0948, "-5.095"),
        (2.5e-7, "2.5e-7"),
        (4148800, "4.149e6"),
    ],
)
def test_a_value_has_four_digits(value, text):
    assert course.as_text(value) == text


def test_every_kind_without_a_box_says_why():
    kinds = {
        type(one).__name__
        for number in registry.chapters()
        for one in registry.chapter_items(number)["exercise"].values()
        if not has_box(one)
    }
    assert kinds <= {"Function", "Text", "Several"}


def test_at_most_six_exercises_are_for_the_notebook_alone():
    every = [
        one
        for number in registry.chapters()
        if number != "99"  # the example of exercises/README.md
        for one in registry.chapter_items(number)["exercise"].values()
    ]
    assert sum(not has_box(one) for one in every) <= 6
