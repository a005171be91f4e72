"""Right at home is right when graded; at home is a kernel that runs the notebook from the top.

The notebook's own cells are run here, without a sandbox, by what runs them in one.
"""

import copy
import io
import json
import random

import hostile
import pytest

from exercises import chapter_specs, grade, inside, judging, parameters, submissions
from exercises.strip import exercise_of, role_of, source_of

pytestmark = pytest.mark.usefixtures("derived_once")

FIRST, LAST = hostile.FIRST, hostile.LAST
LIMITS = {"cell": 600, "cell_cpu": 600}


def own(source):
    """A cell of the student's own."""
    return {"cell_type": "code", "id": "own", "metadata": {}, "source": source, "outputs": []}


def place(notebook, role, id):
    """Where an exercise's cell stands."""
    cells = enumerate(notebook["cells"])
    return next(n for n, cell in cells if (role_of(cell), exercise_of(cell)) == (role, id))


def graded(notebook):
    """(exercise -> outcome, what was left out) for a notebook of chapter 2."""
    chapter = hostile.sources()["02"].chapter
    _, cells = submissions.code_cells(json.dumps(notebook).encode())
    job = {
        "cells": grade.own_cells(cells, grade.notebook_of("02"), chapter),
        "asked": {id: judging.asked(chapter, id, hostile.KEY, "ada") for id in chapter.tasks},
    }
    out = io.StringIO()
    names, failure = inside.prepared(chapter.setup)
    assert failure is None
    inside.Session(names, LIMITS, job, out).run()
    said = tuple(map(json.loads, out.getvalue().splitlines()))
    told = {id: judging.verdict(chapter, id, hostile.KEY, "ada", said) for id in chapter.tasks}
    return told, grade._left(said)


PARAMETER = next(iter(parameters(chapter_specs("02")[FIRST])))
POWER = f"(np.log(0.5) / np.log(1 - {PARAMETER}))"
BELOW = [  # [127] between the parameter cell and the solution: its cells, what is solved how
    ([f"inverse = {POWER}"], "data_factor = 2 ** inverse"),
    ([f"def power(x): return x ** {POWER}"], "data_factor = power(2)"),
    (["%matplotlib inline\ntwo = 2"], f"data_factor = two ** {POWER}"),
    ([], f"%matplotlib inline\ndata_factor = 2 ** {POWER}"),
    (["from math import *"], f"data_factor = exp(log(0.5) * log(2) / log(1 - {PARAMETER}))"),
    (["import math as m"], f"data_factor = m.pow(2, {POWER})"),
    (["found = []", f"found.append(2 ** {POWER})"], "data_factor = found[0]"),
    (["found = {}", f"found['x'] = 2 ** {POWER}"], "data_factor = found['x']"),
    (["two = 1", "two += 1"], f"data_factor = two ** {POWER}"),
    (["two = 1", "for _ in range(1):\n    two = 2"], f"data_factor = two ** {POWER}"),
    (["two = [1]", "def more(x): x[0] += 1", "more(two)"],
     f"data_factor = two[0] ** {POWER}"),
    (["np.random.seed(3)\ndraw = np.random.rand()", "np.random.seed(3)"],
     f"data_factor = (2 + np.random.rand() - draw) ** {POWER}"),
    (["def set_two():\n    global two\n    two = 2", "set_two()"],
     f"data_factor = two ** {POWER}"),
    ([f"data_factor = 2 ** {POWER}"], "pass"),
]  # fmt: skip


@pytest.mark.parametrize("cells, solution", BELOW)
def test_cells_that_a_solution_needs_are_run_where_they_stand(cells, solution):
    notebook = hostile.submission("ada", {FIRST: solution})
    at = place(notebook, "exercise", FIRST)
    notebook["cells"][at:at] = map(own, cells)
    told, _ = graded(notebook)
    assert {id: outcome.status for id, outcome in told.items()} == dict.fromkeys(told, "right")


def test_a_name_of_the_chapter_can_be_used():
    """[127] What a cell of the chapter binds, and a parameter cell with a line more."""
    chapters = json.loads(grade.notebook_of("02").read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in chapters if cell["cell_type"] == "code" and role_of(cell) is None]
    defined = [(set(inside.names_of(source_of(cell))[0] or ()), cell) for cell in code]
    name, cell = next((min(names), cell) for names, cell in defined if names)
    notebook = hostile.submission("ada", {FIRST: f"{name}\ndata_factor = 2 ** {POWER}"})
    assert graded(notebook)[0][FIRST].status == "right", cell["id"]
    notebook = hostile.submission("ada", {FIRST: "data_factor = 2 ** inverse"})
    notebook["cells"][place(notebook, "parameters", FIRST)]["source"] += f"\ninverse = {POWER}"
    assert graded(notebook)[0][FIRST].status == "right"


def test_experiments_are_left_out_and_named():
    notebook = hostile.submission("ada")
    at = place(notebook, "exercise", FIRST)
    notebook["cells"][at:at] = [
        own("train_for_an_hour()\nmore()"),
        own(f"plt.plot([{PARAMETER}])"),
        own("print('x')"),
        own("1 / 0"),
    ]
    told, left = graded(notebook)
    assert told[FIRST].status == "right"
    assert left == [
        "not run, as no exercise needs it: 'train_for_an_hour()', "
        f"'plt.plot([{PARAMETER}])', \"print('x')\", ..."
    ]


def test_an_answer_that_its_check_saw_stays_and_a_correction_below_counts():
    notebook = hostile.submission("ada")
    at = place(notebook, "check", FIRST)
    notebook["cells"].insert(at + 1, own("data_factor = 'used again for something else'"))
    assert graded(notebook)[0][FIRST].status == "right"
    notebook = hostile.submission("ada", {FIRST: "data_factor = 1"})
    notebook["cells"].insert(at + 1, own(f"data_factor = 2 ** {POWER}"))
    assert graded(notebook)[0][FIRST].status == "right"
    notebook["cells"].insert(at + 2, own("data_factor = 1"))
    assert graded(notebook)[0][FIRST].status == "not yet", "two answers are no search"


ADDED = (
    *("x = 1\nprint(x)", "%matplotlib inline", "1 / 0", "!ls", "from math import *", "import math"),
    *("# a note", "def helper(x):\n    return x"),
)


def untidy(notebook, draw):
    """The same work, as somebody may have left it: cells split, doubled, moved together, added."""
    cells = []
    for cell in copy.deepcopy(notebook["cells"]):
        lines = source_of(cell).split("\n")
        if role_of(cell) == "exercise" and len(lines) > 1 and draw.random() < 0.5:
            flat = [n for n in range(1, len(lines)) if lines[n][:1] not in (" ", ")", "]", "}", "")]
            if flat:
                cut = draw.choice(flat)
                try:
                    compile("\n".join(lines[:cut]), "", "exec")
                    compile("\n".join(lines[cut:]), "", "exec")
                except SyntaxError:
                    pass
                else:
                    cells.append(own("\n".join(lines[:cut])))
                    cell["source"] = "\n".join(lines[cut:])
        if role_of(cell) == "exercise" and draw.random() < 0.3:
            cell["metadata"], cell["id"] = {}, "lost"
        cells.append(cell)
        if cell["cell_type"] == "code" and draw.random() < 0.3:
            cells.append(own(draw.choice([*ADDED, source_of(cell)])))
    return notebook | {"cells": cells}


def test_untidy_notebooks_keep_their_points():
    """Three; tests/prove_grading.py has five hundred."""
    for seed in range(3):
        told, _ = graded(untidy(hostile.submission("ada"), random.Random(seed)))
        assert {outcome.status for outcome in told.values()} == {"right"}, (seed, told)
