"""A batch and its rows: which cells go into a sandbox, which row is written, which again.

What a sandbox says is written here by hand; the whole way through one is in test_grading.py.
"""

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from exercises import Spec, grade, sandbox
from exercises.chapter import Chapter, Task
from exercises.gradebook import Gradebook
from exercises.ledger import GradebookError
from exercises.roster import Student
from exercises.sandbox import Ran
from scalinglib.checks.kinds import Outcome

KEY = "a key for tests only"
POINTS = {"02-a": 2, "02-b": 4, "06-a": 8}
MUTANTS = dict.fromkeys("abcde", "...")
SPECS = {
    number: {
        id: Spec(id=id, points=points, mutants=MUTANTS)
        for id, points in POINTS.items()
        if id.startswith(number)
    }
    for number in ("02", "06", "11")
}


def cell(source, id="", tags=(), exercise=None):
    return {"source": source, "id": id, "tags": list(tags), "exercise": exercise}


def in_notebook(source, id, tag=None, exercise=None, kind="code"):
    metadata = {"tags": [tag] if tag else []}
    metadata |= {"scalinglib": {"exercise": exercise}} if exercise else {}
    return {"cell_type": kind, "source": source, "id": id, "metadata": metadata}


CELLS = [
    in_notebook("# Title", "top", kind="markdown"),
    in_notebook("import numpy as np", "setup", "setup"),
    in_notebook("shown = 1", "shown"),
    in_notebook("a = 2", "solution-a", "exercise", "02-a"),
    in_notebook("check('02-a', a)", "check-a", "check", "02-a"),
    in_notebook("b = 3", "solution-b", "exercise", "02-b"),
]


@pytest.fixture(autouse=True)
def course(tmp_path, monkeypatch):
    """Two chapters with exercises, and one without, that stand here alone."""
    folder = tmp_path / "chapters"
    folder.mkdir()
    for number in SPECS:
        (folder / f"{number}_x.ipynb").write_text(json.dumps({"cells": CELLS}), encoding="utf-8")
    chapters = {
        number: Chapter(number, f"set-up of {number}", {id: Task(id, id, "", "", {}) for id in ids})
        for number, ids in SPECS.items()
    }
    monkeypatch.setattr(grade, "CHAPTERS", folder)
    monkeypatch.setattr(grade, "notebook_of", lambda number: folder / f"{number}_x.ipynb")
    monkeypatch.setattr(grade, "chapter_of", lambda path: chapters[path.split("/")[-1][:2]])
    monkeypatch.setattr(grade, "chapter_specs", lambda number: SPECS.get(number, {}))
    monkeypatch.setattr(sandbox, "probe", lambda: None)
    return chapters


# ---- which cells ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "own, kept",
    [
        (cell("x = 1", exercise="02-a"), ("exercise", "02-a")),
        # Colab and others lose what stands beside the id
        (cell("x = 1", "solution-b"), ("exercise", "02-b")),
        (cell("x = 1", "check-a"), ("check", "02-a")),
        (cell("x = 1", "solution-b", exercise="02-a"), ("exercise", "02-a")),
        # pasted from another chapter
        (cell("x = 1", "solution-b", exercise="06-a"), ("exercise", "02-b")),
        (cell("x = 1", exercise="06-a"), ("", None)),
        (cell("x = 1", "of the student"), ("", None)),
        (cell("x = 1", "setup"), ("", None)),
        (cell("x = 1", "shown"), ("", None)),
        (cell("shown = 1", "copy"), ("chapter", None)),
        (cell("\n shown = 1  \n", "copy"), ("chapter", None)),
        (cell("import numpy as np"), "left out"),
        (cell("a = 2", "copy"), ("", None)),
        (cell("shown = 1", exercise="02-a"), ("exercise", "02-a")),
        (cell(" \n", exercise="02-a"), "left out"),
        *(
            (cell("x = 1", "solution-a", ["mine", tag], "02-a"), (tag, "02-a"))
            for tag in ("parameters", "check")
        ),
        *(
            (cell("x = 1", "solution-a", ["mine", tag], "02-a"), "left out")
            for tag in ("hint", "question", "prediction", "install")
        ),
        (cell("x = 1", tags=["check"]), "left out"),
        (cell("x = 1", "solution-a", ["exercise", "mine"]), ("exercise", "02-a")),
    ],
)
def test_which_cells_may_matter_and_whose_they_are(course, own, kept):
    found = grade.own_cells([own], grade.notebook_of("02"), course["02"])
    told = [(one["role"], one["exercise"], one["source"]) for one in found]
    assert told == ([] if kept == "left out" else [(*kept, own["source"])])


def test_an_untouched_check_is_only_a_place(course):
    check = cell("check('02-a', a)", "check-a", ["check"], "02-a")
    found = grade.own_cells([check], grade.notebook_of("02"), course["02"])
    assert found == [{"role": "check", "exercise": "02-a", "source": ""}]


def test_cells_keep_their_order(course):
    cells = [cell(f"x = {n}") for n in range(5)]
    found = grade.own_cells(cells, grade.notebook_of("02"), course["02"])
    assert [one["source"] for one in found] == [one["source"] for one in cells]


# ---- one row -------------------------------------------------------------------------------------

OUTCOMES = {
    "02-a": Outcome("right", "as asked"),
    "02-b": Outcome("not yet", "the first half\nonly", "property 2", 0.5),
}
BEGUN = {"begin": True}


@pytest.fixture
def row_of(monkeypatch):
    """The row that is made of what a sandbox says, and the orders that it got."""
    orders = []

    def made(*said, stopped=False, outcomes=OUTCOMES, data=None, ran=None, unsafe=False, notes=()):
        def run(*order):
            orders.append(order)
            return ran() if ran else Ran(said, stopped, "its complaint")

        monkeypatch.setattr(sandbox, "run", run)
        monkeypatch.setattr(grade, "verdict", lambda chapter, id, key, student, lines: outcomes[id])
        monkeypatch.setattr(grade, "asked", lambda *of: [of[0].number, *of[1:]])
        cells = [in_notebook("x = 1", "of ada", "exercise", "02-b")]
        data = data or json.dumps({"cells": cells, "nbformat": 4}).encode()
        limits = sandbox.Limits(cell=7)
        of = ("ada", "02", "path", "digest", "spec", notes, data, KEY, unsafe, limits)
        return grade.grade_one(grade.Job(*of))

    made.orders = orders
    return made


def test_a_row_of_a_graded_submission(row_of):
    said = [BEGUN, {"id": "02-b", "program": "first" + "x" * 99, "typed": True}]
    said += [{"id": "02-a", "program": 3, "typed": True}, {"id": "02-b", "data": 2}]
    said += [{"id": ["02-a"], "program": "forged"}, {"id": "02-b", "program": "forged"}]
    row = row_of(*said, notes=("one", "two"))
    assert row_of.orders == [
        (
            {
                "setup": "set-up of 02",
                "cells": [{"role": "exercise", "exercise": "02-b", "source": "x = 1"}],
                "asked": {id: ["02", id, KEY, "ada"] for id in SPECS["02"]},
            },
            sandbox.Limits(cell=7),
            False,
        )
    ]
    assert (row.student, row.chapter, row.path, row.digest, row.spec) == (
        "ada",
        "02",
        "path",
        "digest",
        "spec",
    )
    assert (row.status, row.reason, row.sandboxed) == ("graded", "one; two", True)
    assert row.points == 4 and 0 <= row.seconds < 60
    first, second = row.results
    assert (first.exercise, first.points, first.possible, first.status) == ("02-a", 2, 2, "right")
    assert (second.exercise, second.points, second.possible) == ("02-b", 2, 4)
    assert (second.message, second.rule) == ("the first half only", "property 2")
    assert (first.program, second.program) == ("", ("first" + "x" * 99)[:64])
    assert (first.typed, second.typed) == (False, True) and second.answer == "2"


def test_only_before_any_of_the_students_code_is_told_that_the_numbers_are_others(row_of):
    others = {"redrawn": ["02-b", "02-a", "forged"]}
    assert row_of(BEGUN, others, {"left": []}).redrawn == ("02-a", "02-b")
    assert row_of(BEGUN, {"left": []}, others).redrawn == ()


def test_a_run_without_a_sandbox_says_so(row_of):
    row = row_of(BEGUN, unsafe=True)
    assert row.sandboxed is False and row_of.orders[0][2] is True


def test_only_a_text_to_be_read_is_kept(row_of):
    said = [BEGUN, {"id": "02-a", "data": "my text \x1b " + "x" * 20_000}]
    said += [{"id": "02-b", "data": "a text, but nobody reads it"}]
    to_read = OUTCOMES | {"02-a": Outcome("to be read", "a person will read it")}
    texts = [result.text for result in row_of(*said, outcomes=to_read).results]
    assert texts[0].startswith("my text x") and 9_900 < len(texts[0]) <= 10_000
    assert texts[1] == ""


LATE, FULL = {"cell": "02-a", "error": ["Late", ""]}, {"cell": "", "error": ["MemoryError", ""]}


@pytest.mark.parametrize(
    "said, stopped, status, told",
    [
        ([], False, "graded", False),
        ([LATE], False, "graded", True),
        ([FULL], False, "graded", True),
        ([{"cell": "02-a", "error": ["NameError", "Late"]}], False, "graded", False),
        ([{"cell": "02-a", "error": "Late"}], False, "graded", False),
        ([{"id": "02-a", "error": ["Late", ""]}], False, "graded", False),
        ([], True, "stopped", True),
    ],
)
def test_a_limit_that_was_reached_is_told(row_of, said, stopped, status, told):
    row = row_of(BEGUN, *said, stopped=stopped, notes=("a note",))
    assert row.status == status and row.points == 4
    assert row.reason == "; ".join(["a note", *([grade.STOPPED] if told else [])])


@pytest.mark.parametrize(
    "said",
    [[], [{"cell": None, "error": ["ImportError", "of the set-up"]}]],
)
def test_what_fails_before_a_students_code_is_the_graders_fault(row_of, said):
    row = row_of(*said)
    assert (row.status, row.spec, row.digest, row.results) == ("failed", "", "digest", ())
    assert row.points == 0
    assert ("of the set-up" if said else "its complaint") in row.reason


def test_a_students_own_error_comes_after_and_is_none(row_of):
    assert row_of({"cell": "", "error": ["E", ""]}).status == "graded"
    assert row_of(BEGUN, {"cell": None, "error": ["forged", ""]}).status == "graded"


def test_faults_make_rows_and_a_missing_sandbox_none(row_of):
    def fault(error):
        raise error

    row = row_of(ran=lambda: fault(OSError("no\x00 disk " + "x" * 999)))
    assert row.status == "failed" and row.spec == ""
    assert row.reason.startswith("grading failed: OSError: no disk x") and len(row.reason) == 400
    row = row_of(BEGUN, data=b"{")
    assert (row.status, row.spec, row.results) == ("unreadable", "spec", ())
    assert "not a whole notebook" in row.reason
    with pytest.raises(sandbox.SandboxMissing):
        row_of(ran=lambda: fault(sandbox.SandboxMissing("none")))


def test_the_sandbox_is_tried_before_each_row_unless_nobody_wants_it(row_of, monkeypatch):
    def missing():
        raise sandbox.SandboxMissing("none")

    monkeypatch.setattr(sandbox, "probe", missing)
    assert row_of(BEGUN, unsafe=True).status == "graded"
    with pytest.raises(sandbox.SandboxMissing):
        row_of(BEGUN)


# ---- the batch -----------------------------------------------------------------------------------

NAMES = (Student("ada", "Ada A"), Student("bob", "Bob B"), Student("cyd", "Cyd C"))


@pytest.fixture
def batch(tmp_path, monkeypatch):
    """Grade the files of a folder; (how many new rows, how many, who was graded in which order)."""
    place, jobs = tmp_path / "in", []

    def graded(job):
        jobs.append(job)
        status = "failed" if b"breaks" in job.data else "graded"
        results = (grade.Result(f"{job.chapter}-a", 1, 2, "right", ""),)
        return grade.Row(
            job.student,
            job.chapter,
            status,
            "",
            job.path,
            job.digest,
            "" if status == "failed" else job.spec,
            sandboxed=not job.unsafe,
            results=results,
        )

    monkeypatch.setattr(grade, "grade_one", graded)

    def run(key=KEY, roster=NAMES, place=place, **options):
        jobs.clear()
        with ThreadPoolExecutor(1) as threads:
            out = tmp_path / "out"
            new, rows = grade.grade(place, key, out, threads, 1, roster, progress=False, **options)
        return new, rows, [(job.chapter, job.student) for job in jobs]

    def put(path, text=None, **claims):
        path = place / path
        path.parent.mkdir(parents=True, exist_ok=True)
        notebook = {"cells": [], "nbformat": 4, "metadata": {"scalinglib": claims}}
        path.write_text(json.dumps(notebook) if text is None else text, encoding="utf-8")

    def rows():
        book = Gradebook(tmp_path / "out")
        found = {(row["student"], row["chapter"]): row for row in book.submissions()}
        book.close()
        return found

    def asks():
        with grade.locked(tmp_path / "out") as book:
            return book.undecided()

    out = tmp_path / "out"
    return SimpleNamespace(run=run, put=put, rows=rows, jobs=jobs, asks=asks, out=out, place=place)


def statuses(rows):
    return {key: row["status"] for key, row in rows.items()}


def test_everybody_has_a_row_of_every_chapter_that_the_class_handed_in(batch):
    """Audit 113: ada's upload for chapter 06 is hers alone."""
    batch.put("bob/02_x.ipynb")
    batch.put("ada/06_x.ipynb")
    batch.put("ada/02_x.ipynb")
    assert batch.run() == (3, 4, [("02", "ada"), ("02", "bob"), ("06", "ada")])
    rows = batch.rows()
    assert statuses(rows) == {
        ("ada", "02"): "graded",
        ("ada", "06"): "graded",
        ("bob", "02"): "graded",
        ("cyd", "02"): "missing",
    }
    assert {student: row["name"] for (student, _), row in rows.items()} == {
        student.id: student.name for student in NAMES
    }
    assert rows["cyd", "02"]["points"] is None, "nobody has said that this is a zero"
    assert rows["cyd", "02"]["reason"] == "nothing was handed in"
    table = (batch.out / "gradebook.csv").read_text(encoding="utf-8").splitlines()
    assert len(table) == 5 and table[1].startswith("ada,Ada A,02,1,2,graded")
    assert table[4].startswith("cyd,Cyd C,02,,2,missing,nothing")


def test_without_a_roster_nobody_is_missing(batch):
    batch.put("bob/02_x.ipynb")
    assert batch.run(roster=None) == (1, 1, [("02", "bob")])
    assert batch.rows()["bob", "02"]["name"] == ""


def test_only_what_changed_is_graded_again(batch):
    for student in ("ada", "bob"):
        batch.put(f"{student}/02_x.ipynb")
    batch.put("ada/06_x.ipynb")
    assert batch.run()[:2] == (3, 4)
    assert batch.run() == (0, 4, [])
    batch.put("bob/02_x.ipynb", changed=1)
    assert batch.run() == (1, 4, [("02", "bob")])
    assert batch.run(regrade=True) == (3, 4, [("02", "ada"), ("02", "bob"), ("06", "ada")])
    assert batch.run(unsafe=True)[2] == [("02", "ada"), ("02", "bob"), ("06", "ada")]
    assert {job.unsafe for job in batch.jobs} == {True}
    assert batch.run(unsafe=True)[2] == []
    assert len(batch.run()[2]) == 3, "rows made without a sandbox are made again with one"


def test_a_changed_exercise_grades_its_chapter_again(batch, course, monkeypatch):
    batch.put("ada/02_x.ipynb")
    batch.put("ada/06_x.ipynb")
    batch.run()
    batch.put("bob/02_x.ipynb")
    assert batch.run()[2] == [("02", "bob")]
    for changed in (
        Chapter("02", "another set-up", course["02"].tasks),
        Chapter("02", course["02"].setup, {"02-a": Task("02-a", "another", "", "", {})}),
    ):
        monkeypatch.setitem(course, "02", changed)
        assert batch.run()[2] == [("02", "ada"), ("02", "bob")]
    assert batch.run()[2] == []


def test_what_is_not_in_the_batch_is_graded_again_with_its_chapter(batch, course, monkeypatch):
    """Nothing is mixed: who handed in last week is graded again beside this week's."""
    batch.put("ada/02_x.ipynb")
    batch.put("bob/06_x.ipynb")
    batch.run(roster=None)
    shutil.rmtree(batch.place)
    for number in ("02", "06"):
        changed = Chapter(number, "another set-up", course[number].tasks)
        monkeypatch.setitem(course, number, changed)
    batch.put("bob/02_x.ipynb")
    assert batch.run(roster=None) == (2, 3, [("02", "ada"), ("02", "bob")])
    assert statuses(batch.rows()) == {
        ("ada", "02"): "graded",
        ("bob", "02"): "graded",
        ("bob", "06"): "graded",
    }
    shutil.rmtree(batch.place)
    assert batch.run(place=None, roster=None)[2] == [("06", "bob")]
    assert batch.run(place=None, roster=None)[2] == []


def test_a_changed_grader_grades_all_again_but_not_for_another_chapters_sake(tmp_path, monkeypatch):
    here, checks = tmp_path / "exercises", tmp_path / "checks"
    monkeypatch.setattr(grade, "_HERE", here)
    monkeypatch.setattr(grade.registry, "__file__", str(checks / "registry.py"))
    ours = ("draw.py", "grade.py", "inside.py", "judging.py", "sandbox.py", "chapters/ch02_x.py")
    theirs = ("kinds.py", "expressions.py", "reading.py", "chapters/ch02_x.py")
    deciding = [here / name for name in ours] + [checks / name for name in theirs]
    others = [here / "report.py", here / "chapters/ch06_x.py", checks / "chapters/ch06_x.py"]
    for path in [*deciding, *others]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("1")
    last = grade._chapter_digest("02")
    for path in others:
        path.write_text("2")
    assert grade._chapter_digest("02") == last != grade._chapter_digest("06")
    for path in deciding:
        path.write_text(f"changed {path}")
        assert grade._chapter_digest("02") != last, path
        last = grade._chapter_digest("02")


def test_each_grading_says_which_version_made_it(batch):
    batch.put("ada/02_x.ipynb")
    batch.put("bob/06_x.ipynb")
    batch.run()
    assert [job.spec for job in batch.jobs] == [grade.version_of("02"), grade.version_of("06")]
    assert grade.version_of("02") != grade.version_of("06") and grade.version_of("?") == ""


def test_what_failed_is_tried_again(batch):
    batch.put("ada/02_x.ipynb", json.dumps({"cells": [], "nbformat": 4, "breaks": 1}))
    batch.put("bob/02_x.ipynb")
    assert len(batch.run()[2]) == 2
    row = batch.rows()["ada", "02"]
    assert (row["status"], row["points"]) == ("failed", None)
    assert batch.run() == (1, 3, [("02", "ada")])
    assert [ask.state for ask in batch.asks()] == ["failed"]


def test_refused_files_have_rows_and_a_graded_one_stays(batch):
    batch.put("ada/02_x.ipynb")
    batch.put("bob/02_x.ipynb", "{")
    batch.put("zed/06_x.ipynb", "{")
    batch.put("cyd/x.ipynb", "{")
    assert batch.run() == (1, 4, [("02", "ada")])
    rows = batch.rows()
    assert statuses(rows) == {
        ("?zed/06_x.ipynb", "06"): "unreadable",
        ("ada", "02"): "graded",
        ("bob", "02"): "unreadable",
        ("cyd", "?"): "unreadable",
    }
    assert [row["points"] for row in rows.values()] == [None, 1, None, None]
    assert [ask.student for ask in batch.asks()] == ["?zed/06_x.ipynb", "bob", "cyd"]
    bob = rows["bob", "02"]
    assert bob["name"] == "Bob B" and bob["path"] == "bob/02_x.ipynb"
    assert "not a whole notebook" in bob["reason"] and len(bob["digest"]) == 64
    assert batch.run() == (0, 4, [])
    batch.put("bob/02_x.ipynb", "[")
    assert batch.run() == (0, 4, [])
    batch.put("bob/02_x.ipynb")
    assert batch.run() == (1, 5, [("02", "bob")])  # now most have handed it in: cyd is missing
    assert statuses(batch.rows())["bob", "02"] == "graded"
    batch.put("cyd/02_x.ipynb")
    assert batch.run() == (1, 5, [("02", "cyd")])


def test_of_two_broken_files_of_one_student_the_last_has_the_row(batch):
    batch.put("ada/02_a.ipynb", "{")
    batch.put("ada/02_b.ipynb", "[")
    os.utime(batch.place / "ada/02_a.ipynb", (1e9, 1e9))
    assert batch.run(roster=None)[:2] == (0, 1)
    assert batch.rows()["ada", "02"]["path"] == "ada/02_b.ipynb"
    assert len(batch.asks()) == 1


def test_a_chapter_without_exercises_is_none(batch):
    batch.put("ada/11_x.ipynb")
    batch.run(roster=None)
    assert statuses(batch.rows()) == {("ada", "?"): "unreadable"}


def test_nothing_is_read_where_there_is_no_sandbox(batch, monkeypatch):
    def missing():
        raise sandbox.SandboxMissing("none")

    monkeypatch.setattr(sandbox, "probe", missing)
    batch.put("ada/02_x.ipynb")
    with pytest.raises(sandbox.SandboxMissing):
        batch.run()
    assert not batch.out.exists()
    assert batch.run(unsafe=True)[0] == 1


def test_one_grader_at_a_time(tmp_path):
    with grade.locked(tmp_path / "new" / "out") as book:
        assert book.path.exists()
        with (
            pytest.raises(GradebookError, match="another grader"),
            grade.locked(tmp_path / "new" / "out"),
        ):
            pass
    with grade.locked(tmp_path / "new" / "out") as book:
        assert book.submissions() == []
    with pytest.raises(Exception, match="closed"):
        book.ledger.entries()
