"""Assigning and grading: rosters, notebooks, campus systems' files, a class with hostile members.

The whole hostile set, load, kill -9 and many workers are in prove_grading.py.
"""

import ast
import contextlib
import csv
import dataclasses
import io
import json
import os
import re
import shutil
import socket
import sys
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hostile
import pytest

import exercises
from exercises import assign, grade, inside, judging, sandbox, submissions
from exercises.gradebook import Gradebook
from exercises.roster import RosterError, Student, read_roster
from exercises.strip import StripError, exercise_of, region, role_of, source_of
from scalinglib.checks import Text, judge, registry

pytestmark = pytest.mark.usefixtures("derived_once", "bubblewrap")

# clocks are slow where many share a core
LIMITS = sandbox.Limits(cell_cpu=1, cell=120, cpu=15, total=240)
FAST = ("06", "02", "09")
CLASS = (
    Student("ada", "Ada Lovelace"),
    Student("bob", "Ødegård, Bob"),
    Student("canary", "Cy Canary"),
)
CHAPTERS = {number: tuple(exercises.chapter_specs(number)) for number in registry.chapters()}


# ---- rosters and notebooks ----------------------------------------------------------------------


def roster(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return read_roster(path)


def test_a_roster_with_a_mark_semicolons_and_quotes(tmp_path):
    assert roster(
        tmp_path, 'ID;Name\r\n s1 ;"Müller; Ada"\r\n;\r\ns2@x.org;Bob\r\n', "utf-8-sig"
    ) == (Student("s1", "Müller; Ada"), Student("s2@x.org", "Bob"))


@pytest.mark.parametrize(
    "text, message",
    [
        ("id,name\na,x\nA,y\n", "line 3.*'A'.*line 2"),
        ("id,name\n,Ada\n", "line 2.*empty"),
        ("id,name\n../x,Ada\n", "'../x' cannot be"),
        ("id,name\na/b,Ada\n", "a/b"),
        ("id,name\n-rf,Ada\n", "-rf"),
        ("name\nAda\n", "no column"),
        ("", "no column"),
        ("id,name\n", "no students"),
    ],
)
def test_rosters_that_are_refused(tmp_path, text, message):
    with pytest.raises(RosterError, match=message):
        roster(tmp_path, text)
    with pytest.raises(RosterError, match="UTF-8"):
        roster(
            tmp_path,
            "id,name\na,\udcff\n".encode("utf-8", "surrogateescape").decode("latin-1"),
            "utf-16",
        )


def test_personal_notebooks(tmp_path):
    paths = list(
        assign.assign(
            CLASS, hostile.KEY, tmp_path, {number: hostile.sources()[number] for number in FAST[:2]}
        )
    )
    assert len(paths) == len(CLASS) * 2
    written = {path.name: path.read_text(encoding="utf-8") for path in paths}
    assert len(set(written.values())) == len(paths)
    for name, text in written.items():
        assert "SOLUTION" not in text and hostile.KEY not in text
        notebook, number = json.loads(text), name[:2]
        assert not any(cell.get("outputs") for cell in notebook["cells"])
        assert submissions.claims(notebook["metadata"]) == (name.rsplit("-", 1)[1][:-6], number)
        tasks = hostile.sources()[number].chapter.tasks
        for cell in notebook["cells"]:
            if role_of(cell) == "exercise":
                assert region(tasks[exercise_of(cell)].solution).strip() not in source_of(cell)


@pytest.mark.parametrize(
    "source, message",
    [
        ("data_factor = 2", "found 0"),
        ("### BEGIN SOLUTION\nother = 2\n### END SOLUTION", "does not bind"),
        (
            "### BEGIN SOLUTION\ndata_factor = 2\n### END SOLUTION\n## END SOLUTION",
            "marker survives",
        ),
    ],
)
def test_a_chapter_that_cannot_be_assigned(tmp_path, source, message):
    notebook = json.loads(grade.notebook_of("02").read_text())
    next(cell for cell in notebook["cells"] if role_of(cell) == "exercise")["source"] = source
    (tmp_path / "02_power_laws.ipynb").write_text(json.dumps(notebook))
    with pytest.raises(StripError, match=message):
        assign.read_sources(tmp_path)


def test_a_folder_is_claimed_before_it_is_there(tmp_path):
    for _ in range(2):
        assign.claim_folder(tmp_path / "term" / "class", hostile.KEY)
    with pytest.raises(assign.KeyFileError, match="another key"):
        assign.claim_folder(tmp_path / "term" / "class", hostile.KEY + "s")


def test_keys(tmp_path):
    with pytest.raises(assign.KeyFileError, match=r"secrets.token_urlsafe"):
        assign.read_key(tmp_path / "none")
    (tmp_path / "key").write_text("short\n")
    with pytest.raises(assign.KeyFileError, match="5 characters"):
        assign.read_key(tmp_path / "key")


# ---- what is handed in --------------------------------------------------------------------------


def text_of(student, number="02"):
    return json.dumps(hostile.submission(student, "stub", number))


def collected(place, chapters=CHAPTERS, roster=CLASS):
    """(what is right, what waits for a person)."""
    found = submissions.collect(place, chapters, roster)
    return [file for file in found if not file.state], [file for file in found if file.state]


def zipped(tmp_path, entries):
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    "entries",
    [
        {
            "lovelaceada_4711_99_02_power_laws-ada.ipynb": "ada",
            "bobodegard_LATE_12_98_02_power_laws-1.ipynb": "bob",
        },
        {
            "Ada Lovelace_4711_assignsubmission_file_/02_power_laws-ada.ipynb": "ada",
            "Bob Ødegård_12_assignsubmission_file_/x.ipynb": "bob",
        },
        {
            "assignment/submission_1/a.ipynb": "ada",
            "assignment/submission_2/b.ipynb": "bob",
            "assignment/submission_metadata.yml": (
                "submission_1:\n  :submitters:\n  - :name: Ada\n    :sid: 'ada'\n"
                "submission_2:\n  :submitters:\n  - :name: Bob\n    :sid: bob\n"
            ),
        },
        {
            "ada/hw.ipynb": "ada",
            "bob/deep/er/hw.ipynb": "bob",
            "bob/data.csv": "1,2",
            "__MACOSX/ada/._hw.ipynb": "",
            "bob/.DS_Store": "",
        },
        {"ada.ipynb": "ada", "02_power_laws-bob (1).ipynb": "bob"},
        {"all/ada/a.ipynb": "ada", "all/bob/b.ipynb": "bob"},
        {
            "all/lovelaceada_4711_99_02_power_laws-ada.ipynb": "ada",
            "all/bobodegard_LATE_12_98_02_power_laws-1.ipynb": "bob",
        },
    ],
)
def test_campus_systems_names(tmp_path, entries):
    path = zipped(
        tmp_path,
        {
            name: text_of(content) if content in ("ada", "bob") else content
            for name, content in entries.items()
        },
    )
    found, refused = collected(path)
    assert [(entry.student, entry.chapter, entry.notes) for entry in found] == [
        ("ada", "02", ()),
        ("bob", "02", ()),
    ]
    assert refused == []
    shutil.unpack_archive(path, tmp_path / "folder")
    assert [
        entry.digest for entry in submissions.collect(tmp_path / "folder", CHAPTERS, CLASS)
    ] == [entry.digest for entry in found]


@pytest.mark.parametrize(
    "paths, wrapper",
    [
        (["ada/deep/a.ipynb"], ""),  # of one file the folder may be the student's
        (["all/ada/a.ipynb", "all/bob/b.ipynb"], "all/"),
        (["all/ada/a.ipynb", "all/b.ipynb"], "all/"),
        (["ada/a.ipynb", "ada/b.ipynb"], ""),  # two files of one student
        (["all/ada/a.ipynb", "bob/b.ipynb"], ""),
        (["all/ada/a.ipynb", "b.ipynb"], ""),
        (["all/odegardbob_12_98_b.ipynb", "all/lovelaceada_47_99_a.ipynb"], "all/"),
    ],
)
def test_the_one_folder_round_a_whole_class(paths, wrapper):
    found = [submissions.File(path, lambda: b"", ()) for path in paths]
    assert submissions._without_wrapper(found) == wrapper


def test_of_several_attempts_the_last_counts(tmp_path):
    path = zipped(
        tmp_path,
        {
            "lovelaceada_1_9_hw-10.ipynb": text_of("ada") + " ",
            "lovelaceada_1_7_hw-9.ipynb": text_of("ada"),
            "lovelaceada_1_3_02_hw.ipynb": "{",
        },
    )
    with grade.locked(tmp_path / "out") as book:
        book.append(*map(grade.entry_of, submissions.collect(path, CHAPTERS, CLASS)))
        ((only,), asks) = (book.computed().rows, book.undecided())
    assert only.path.endswith("hw-10.ipynb") and only.status == "waiting"
    assert [ask.state for ask in asks] == ["waiting"], "the broken one came before"


def test_the_campus_system_is_believed_before_the_file(tmp_path):
    path = zipped(tmp_path, {"lovelaceada_1_9_02_power_laws-bob.ipynb": text_of("bob")})
    (only,) = submissions.collect(path, CHAPTERS, CLASS)
    assert (only.student, only.state) == ("ada", "made for")
    assert only.why == "the notebook was made for 'bob'"


def test_a_stranger_cannot_hand_in_for_a_student(tmp_path):
    """Canvas names whoever handed in; a file's own name may be anybody's."""
    names = (Student("ada", "Ada Lovelace"), Student("bob", "Bob Ødegård"), Student("cyd", ""))
    path = zipped(
        tmp_path,
        {
            "lovelaceada_1_9_02_power_laws-ada.ipynb": text_of("ada"),
            "zstranger_7_8_02_power_laws-ada.ipynb": text_of("ada") + " ",
            "odegardbob_2_8_02_power_laws-ada.ipynb": text_of("ada"),
            "onestranger_5_8_02_power_laws-cyd.ipynb": text_of("cyd"),
            "twostranger_6_8_02_power_laws-cyd.ipynb": text_of("cyd"),
        },
    )
    found, refused = collected(path, roster=names)
    assert [(entry.student, entry.path.split("_")[0]) for entry in found] == [
        ("ada", "lovelaceada")
    ]
    assert {entry.path.split("_")[0]: (entry.student, entry.state) for entry in refused} == {
        "odegardbob": ("bob", "made for"),
        "zstranger": ("ada", "sender"),
        "onestranger": ("cyd", "sender"),
        "twostranger": ("cyd", "sender"),
    }
    (tmp_path / "export.zip").unlink()
    path = zipped(tmp_path, {"onestranger_5_8_02_power_laws-cyd.ipynb": text_of("cyd")})
    (only,) = submissions.collect(path, CHAPTERS, names)
    assert (only.student, only.state, only.account) == ("cyd", "sender", "Canvas 5")
    assert "onestranger (5), whom the roster does not name" in only.why


def test_a_notebook_under_another_ending_is_read(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("work/09_parametric_fit-ada.ipynb", text_of("ada", "09"))
    path = zipped(
        tmp_path,
        {
            "lovelaceada_1_9_06_kaplan_laws-ada.ipynb.txt": text_of("ada", "06"),
            "lovelaceada_1_10_02_power_laws-ada.ipynb.json": text_of("ada"),
            "lovelaceada_1_11_work.zip": inner.getvalue(),
            "lovelaceada_1_12_01_three_levers-ada.ipynb.txt": "x",
            "lovelaceada_1_13_02_power_laws-ada.pdf": "x",
            "lovelaceada_1_14_broken.zip": "x",
        },
    )
    found, refused = collected(path)
    assert [(entry.student, entry.chapter) for entry in found] == [
        ("ada", number) for number in ("02", "06", "09")
    ]
    assert [(entry.student, entry.chapter, entry.state) for entry in refused] == [
        ("ada", "01", "unreadable"),
        ("ada", "?", "unreadable"),
    ]


def test_an_interrupted_hand_out_goes_on(tmp_path, monkeypatch):
    """What is there is not drawn again, unless the chapter has changed since."""
    sources, drawn, once = {"02": hostile.sources()["02"]}, [], assign.personal

    def counted(source, key, student):
        drawn.append(student)
        return once(source, key, student)

    monkeypatch.setattr(assign, "personal", counted)
    written = assign.assign(CLASS, hostile.KEY, tmp_path, sources)
    first = next(written)
    written.close()
    before = first.read_bytes()
    paths = list(assign.assign(CLASS, hostile.KEY, tmp_path, sources))
    assert len(paths) == len(CLASS) and drawn == [student.id for student in CLASS]
    assert first.read_bytes() == before
    stripped = sources["02"].stripped
    other = stripped | {"metadata": stripped["metadata"] | {"changed": True}}
    sources["02"] = dataclasses.replace(sources["02"], stripped=other)
    list(assign.assign(CLASS, hostile.KEY, tmp_path, sources))
    assert len(drawn) == 2 * len(CLASS) and b"changed" in first.read_bytes()


def test_numbers_that_were_handed_out_stay_and_are_told(honest, thread, tmp_path, capsys):
    """[I39, I72] Another version of the course drew others for some students."""
    sources = {"02": hostile.sources()["02"]}

    def handed_out():
        return list(assign.assign(CLASS, hostile.KEY, tmp_path, sources))

    paths = handed_out()
    assert not any(assign.drawn_anew(tmp_path, hostile.KEY, one.id, "02") for one in CLASS)
    notebook = json.loads(paths[2].read_text())
    cell = next(cell for cell in notebook["cells"] if role_of(cell) == "parameters")
    id = exercise_of(cell)
    cell["source"] = "".join(cell["source"]).replace(" = ", " = 9", 1)
    paths[2].write_text(json.dumps(notebook))
    assert assign.drawn_anew(tmp_path, hostile.KEY, "canary", "02") == (id,)
    assert assign.drawn_anew(tmp_path, hostile.KEY, "canary", "06") == ()
    assert assign.drawn_anew(tmp_path, hostile.KEY, "?nobody", "02") == ()
    before, other = paths[2].read_bytes(), paths[1].read_bytes()
    paths[1].write_bytes(other + b" ")
    (tmp_path / "notebooks" / ".made-of").unlink()
    assert handed_out() == paths
    assert paths[2].read_bytes() == before and paths[1].read_bytes() == other
    assert f"{id}: another version of the course" in (told := capsys.readouterr().out)
    assert "for 1 student (canary)" in told
    grade.grade(honest, hostile.KEY, tmp_path, thread, 1, progress=False)
    book = Gradebook(tmp_path)
    graded = {e.student: e.body.get("anew") for e in book.ledger.entries() if e.kind == "graded"}
    rows = {row.student: (row.status, row.points) for row in book.computed().rows}
    book.close()
    assert graded == {"canary": [id], "stub": None}
    assert rows["canary"] == ("graded", hostile.FULL), "right by the numbers that count now"


def test_a_folder_belongs_to_one_key(tmp_path):
    sources = {"02": hostile.sources()["02"]}
    before = {
        path: path.read_bytes() for path in assign.assign(CLASS, hostile.KEY, tmp_path, sources)
    }
    with pytest.raises(assign.KeyFileError, match="another key"):
        list(assign.assign(CLASS, "another key of the class", tmp_path, sources))
    with pytest.raises(assign.KeyFileError, match="another key"), ThreadPoolExecutor(1) as threads:
        grade.grade(
            tmp_path / "notebooks", "another key of the class", tmp_path, threads, 1, progress=False
        )
    assert {path: path.read_bytes() for path in before} == before and hostile.KEY not in (
        tmp_path / "key.fingerprint"
    ).read_text()


MALFORMED = {
    "truncated": (b'{"cells": [', "not a whole notebook"),
    "empty": (b"", "empty"),
    "no-notebook": (b"[1, 2]", "not a notebook"),
    "no-cells": (b'{"nbformat": 4}', "no cells"),
    "latin": ('{"cells": [], "nbformat": 4, "x": "é"}'.encode("latin-1"), "not UTF-8"),
    "deep": (b"[" * 100_000, "not a whole notebook"),
    "version-3": (b'{"worksheets": [], "nbformat": 3}', "format 3"),
    "julia": (
        b'{"cells": [], "nbformat": 4, "metadata": {"kernelspec": {"language": "julia"}}}',
        "'julia'",
    ),
    "large": (b" " * 101_000_000, "101 MB"),
    "odd-cells": (
        b'{"cells": [1, null, {"cell_type": "code", "source": [1], "metadata": []}], '
        b'"nbformat": 4, "metadata": 3}',
        "",
    ),
}


def test_malformed_submissions_each_get_a_row(tmp_path):
    folder = tmp_path / "in"
    for name, (data, _) in MALFORMED.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "02_power_laws.ipynb").write_bytes(data)
    (folder / "link").mkdir()
    (folder / "link" / "02_power_laws.ipynb").symlink_to("/etc/passwd")
    (folder / "script").mkdir()
    (folder / "script" / "02_power_laws.py").write_text("x = 1")
    os.mkfifo(folder / "link" / "02_power_laws_pipe.ipynb")
    (folder / "linked").symlink_to(folder / "julia")
    hostile.write(folder, "ada", hostile.submission("ada", "stub"))
    expected = MALFORMED | {
        "link": (b"", "symbolic link|plain file"),
        "script": (b"", "not a notebook"),
        "linked": (b"", "symbolic link"),
    }
    names = tuple(Student(name, "") for name in (*expected, "ada"))
    found, refused = collected(folder, roster=names)
    assert [entry.student for entry in found] == ["ada", "odd-cells"]
    reasons = {entry.student: entry.why for entry in refused}
    assert set(reasons) == set(expected) - {"odd-cells"}
    for name, (_, reason) in expected.items():
        assert name == "odd-cells" or re.search(reason, reasons[name]), (name, reasons[name])


def test_a_zip_file_cannot_reach_out(tmp_path):
    path = zipped(
        tmp_path,
        {
            "../../ada.ipynb": "x",
            "/etc/ada.ipynb": "x",
            "C:\\ada.ipynb": "x",
            "ok/../../x/ada.ipynb": "x",
        },
    )
    with zipfile.ZipFile(path, "a") as archive:
        entry = zipfile.ZipInfo("bob/02.ipynb")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
        archive.writestr("canary/02_bomb.ipynb", b" " * 101_000_000, zipfile.ZIP_DEFLATED)
    before = sorted(tmp_path.rglob("*"))
    found, refused = collected(path)
    assert found == [] and sorted(tmp_path.rglob("*")) == before
    assert sum("leaves the archive" in entry.why for entry in refused) == 4
    assert {"bob", "canary"} <= {entry.student for entry in refused}
    (tmp_path / "broken.zip").write_bytes(path.read_bytes()[:-30])
    with pytest.raises(submissions.SubmissionsError, match="neither a folder nor a zip"):
        submissions.collect(tmp_path / "broken.zip", CHAPTERS, CLASS)


# ---- grader and check agree ----------------------------------------------------------------------


def outcomes(number, student, answers):
    """What the grader says about our own cells, run here: {exercise: outcome}."""
    chapter = hostile.sources()[number].chapter
    _, cells = submissions.code_cells(
        json.dumps(hostile.submission(student, answers, number)).encode()
    )
    job = {
        "cells": grade.own_cells(cells, grade.notebook_of(number), chapter),
        "asked": {id: judging.asked(chapter, id, hostile.KEY, student) for id in chapter.tasks},
    }
    out = io.StringIO()
    names, failure = inside.prepared(chapter.setup)
    assert failure is None
    inside.Session(names, {"cell": 600, "cell_cpu": 600}, json.loads(json.dumps(job)), out).run()
    said = tuple(map(json.loads, out.getvalue().splitlines()))
    return {id: judging.verdict(chapter, id, hostile.KEY, student, said) for id in chapter.tasks}


def assert_grader_and_check_agree(number, student):
    """Reference full marks, stub none, mutants refused; the grader says what the check says."""
    chapter, specs = hostile.sources()[number].chapter, exercises.chapter_specs(number)
    told = outcomes(number, student, "reference")
    assert {id: outcome.status for id, outcome in told.items()} == {
        id: "to be read" if isinstance(chapter.tasks[id].exercise, Text) else "right"
        for id in chapter.tasks
    }
    assert {outcome.status for outcome in outcomes(number, student, "stub").values()} == {
        "not attempted"
    }
    compared = 0
    for place in range(max(len(spec.mutants) for spec in specs.values())):
        chosen = {
            id: list(spec.mutants.values())[place]
            for id, spec in specs.items()
            if place < len(spec.mutants)
        }
        cells = {id: chapter.tasks[id].with_region(code) for id, code in chosen.items()}
        told = outcomes(number, student, cells)
        for id in chosen:
            params = exercises.parameters(specs[id], hostile.KEY, student)
            formative = judge(
                chapter.tasks[id].exercise, chapter.answer(id, cells[id], params), params
            )
            assert formative.status == told[id].status == "not yet", (
                id,
                student,
                chosen[id],
                told[id],
            )
            assert (formative.rule, formative.share) == (told[id].rule, told[id].share), (
                id,
                student,
                formative,
                told[id],
            )
            assert told[id].share < 1
            compared += 1
    return compared


@pytest.mark.parametrize(
    "number",
    [FAST[0], *(pytest.param(number, marks=pytest.mark.whole) for number in FAST[1:])],
)
def test_grader_and_check_agree(number):
    assert assert_grader_and_check_agree(number, "a student") >= 12


def test_annotations_go_and_everything_else_stays():
    program = ast.parse('def f(x: int = 2) -> float:\n    "Say."\n    y: int = x\n    return y')
    for node in ast.walk(program):
        inside.without_decoration(node)
        assert hasattr(node, "annotation") == isinstance(node, (ast.arg, ast.AnnAssign))
    assert ast.unparse(program) == "def f(x=2):\n    y: None = x\n    return y"


def test_which_cells_run():
    sources = (
        "import math\ndef double(x): return 2 * x",
        "train_for_an_hour()",
        "%matplotlib inline\nslope = double(1)",
        "answer = slope",
    )
    cells = [{"role": "", "exercise": None, "source": source} for source in sources]
    steps = inside.chosen(cells, {"answer": "99-a-b"})
    assert [(role, id) for role, id, _ in steps] == [
        ("", None),
        ("left", None),
        ("", None),
        ("exercise", "99-a-b"),
    ]


@pytest.mark.parametrize(
    "source, taken, sure",
    [
        ("x = y\nx += 1\nz = x", "y", "x z"),
        ("x += y", "x y", ""),
        ("for n in m:\n    s = n\nt = s", "m s", "t"),
        ("a = [n * b for n in c]", "b c", "a"),
        ("def f(x, y=z):\n    w = x\n    return w + v", "z v", "f"),
        ("if p:\n    q = 1\nr = q", "p q", "r"),
        ("with o() as h:\n    k = h.k", "o", "h k"),
        ("x.y = 1\nx[0] = 2", "x", ""),
        ("import a.b as c, d.e", "", "c d"),
        ("try:\n    u = 1\nexcept E as e:\n    print(e)", "E print", ""),
    ],
)
def test_what_a_cell_takes_from_above_and_binds_for_sure(source, taken, sure):
    assert inside.names_of(source)[1] == set(taken.split())
    assert inside.bound_for_sure(source) == set(sure.split())


@pytest.mark.parametrize(
    "a, b, others",
    [
        ("n = 5\nd = 2e9", "s = [1, 2]", ["a", "b"]),
        ("n = 4\nd = 2e9", "s = [1, 2]", []),  # as it was drawn
        ("n=4.0; d = 2_000_000_000", "", []),
        ("n = 5\nd = 2e9", "s = [1, 2.5]", []),  # one exercise tried with other numbers
        ("n = 5\nd = 2e9", "", []),
        ("n = 4\nd = 2e9\nn = 5", "s = list(s)", ["a", "b"]),
        ("n = (", "s = " + "[" * 150 + "]" * 150, ["a", "b"]),
        ("n = " + "-" * 30_000 + "1", "n = 10**400", ["a", "b"]),
        ("n = " + "9" * 400, "s = {1: 2}", ["a", "b"]),
    ],
)
def test_a_notebook_whose_parameter_cells_are_all_others(a, b, others):
    steps = [("parameters", "a", a), ("parameters", "b", b), ("exercise", "a", "n = 4")]
    asked = {"a": {"n": 4, "d": 2e9}, "b": {"s": [1, 2.5]}, "c": {}}
    assert inside.redrawn(steps, asked) == others


def test_half_a_character_stops_nobody():
    """[121] It came out of a sandbox, and no table could be written any more."""
    line = rb'{"id": "x", "program": "\ud800", "\udfff": ["\ud83d\ude00"]}'
    assert list(sandbox._objects(line)) == [{"id": "x", "program": "?", "?": ["\U0001f600"]}]


# ---- a class with hostile submissions ------------------------------------------------------------


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    """Graded once: (rows by student, files' bytes before and after, connections, folder)."""
    folder = tmp_path_factory.mktemp("hostile")
    rows, unchanged, connections = run_hostile(
        folder, [attack for attack in hostile.ATTACKS if attack.fast], workers=2
    )
    return rows, unchanged, connections, folder


def run_hostile(folder, attacks, workers, executor=None):
    """Grade attacks with honest neighbours: ({student: row}, did files stay?, connections).

    Each row comes with its results.
    """
    place, out, key = folder / "in", folder / "out", folder / "key"
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        connections, ending = [], threading.Event()

        def listen():
            while not ending.is_set():
                with contextlib.suppress(TimeoutError):
                    connections.append(server.accept()[1])

        listener = threading.Thread(target=listen)
        listener.start()
        names = {
            "PORT": server.getsockname()[1],
            "GRADEBOOK": str(out / "gradebook.sqlite"),
            "SUBMISSIONS": str(place),
            "MARK": str(folder / "mark"),
            "KNOWN": hostile.known(),
        }
        for number, attack in enumerate(attacks):
            student = f"attack{number:02}"
            hostile.write(place, student, attack.notebook(student, **names), attack.number)
        hostile.write(place, "canary", hostile.submission("canary"))
        hostile.write(place, "stub", hostile.submission("stub", "stub"))
        key.write_text(hostile.KEY)
        before = {path: path.read_bytes() for path in folder.rglob("*.ipynb")}
        try:
            with ThreadPoolExecutor(workers) as threads:
                grade.grade(
                    place,
                    hostile.KEY,
                    out,
                    executor or threads,
                    workers,
                    limits=LIMITS,
                    progress=False,
                )
        finally:
            ending.set()
            listener.join()
    unchanged = (
        before == {path: path.read_bytes() for path in folder.rglob("*.ipynb")}
        and not (folder / "mark").exists()
    )
    return read_book(out), unchanged, connections


def read_book(out):
    book = Gradebook(out)
    rows = {row["student"]: row | {"results": []} for row in book.submissions()}
    for result in book.results():
        rows[result["student"]]["results"].append(result)
    book.close()
    return rows


def survivors(grader=""):
    """Processes inside sandboxes that are still there; of one grader, if its number is given."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue
            if (
                "/inside.py" in words
                and "bwrap" not in words[0]
                and (not grader or str(grader) in words)
            ):
                found.append(entry.name)
    return found


@pytest.mark.whole
def test_no_attack_gets_points_it_does_not_deserve(batch):
    rows = batch[0]
    for number, attack in enumerate(attack for attack in hostile.ATTACKS if attack.fast):
        row = rows[f"attack{number:02}"]
        assert row["points"] <= attack.deserved, (attack.name, row)
        assert row["status"] in ("graded", "stopped"), (attack.name, row["reason"])
        if attack.solved:
            assert row["points"] == attack.deserved, (attack.name, row)


@pytest.mark.whole
def test_a_student_is_told_which_cell_ended_the_run(batch):
    row = next(
        row
        for row, attack in zip(
            batch[0].values(), (attack for attack in hostile.ATTACKS if attack.fast), strict=True
        )
        if attack.name == "os._exit after a right answer"
    )
    said = {result["exercise"]: (result["status"], result["message"]) for result in row["results"]}
    assert (
        said[hostile.CHOICE][1].startswith("the run ended in this cell")
        and said[hostile.FIRST][0] == "right"
    )
    assert said[hostile.LAST] == ("not attempted", "the run had ended before its turn came")


@pytest.mark.whole
def test_honest_neighbours_have_full_marks(batch):
    rows = batch[0]
    assert rows["canary"]["points"] == hostile.FULL, rows["canary"]["results"]
    assert rows["stub"]["points"] == 0 and rows["canary"]["reason"] == ""


@pytest.mark.whole
def test_attacks_leave_no_trace(batch):
    _, unchanged, connections, folder = batch
    assert unchanged and not connections and survivors(os.getpid()) == []
    tables = (folder / "out" / "exercises.csv").read_text()
    assert "\x1b" not in tables and "\u202e" not in tables
    assert all(len(line) < 700 for line in tables.splitlines())


@pytest.fixture
def thread():
    """One thread, whose sandbox stays warm from one batch to the next."""
    with ThreadPoolExecutor(1) as threads:
        yield threads


@pytest.fixture
def honest(tmp_path):
    """The folder of two who hand in: everything right, and nothing."""
    hostile.write(tmp_path / "in", "canary", hostile.submission("canary"))
    hostile.write(tmp_path / "in", "stub", hostile.submission("stub", "stub"))
    return tmp_path / "in"


def test_graded_once_and_again_when_something_changes(honest, thread, tmp_path):
    names = ("canary", "stub", "absent")

    def run(**options):
        roster = tuple(Student(name, "=Name") for name in names)
        new, _ = grade.grade(
            honest, hostile.KEY, tmp_path / "out", thread, 1, roster, progress=False, **options
        )
        return new, (tmp_path / "out" / "gradebook.csv").read_bytes()

    first, table = run()
    assert first == 2 and run() == (0, table)
    (honest / "stub" / "02_power_laws-stub.ipynb").write_text(
        json.dumps(hostile.submission("stub", {hostile.LAST: None}))
    )
    changed, other = run()
    assert changed == 1
    rows = list(csv.DictReader(io.StringIO(other.decode())))
    assert [(row["student"], row["points"], row["status"]) for row in rows] == [
        ("absent", "", "missing"),
        ("canary", str(hostile.FULL), "graded"),
        ("stub", str(hostile.FULL - hostile.POINTS[hostile.LAST]), "graded"),
    ]
    assert rows[0]["name"] == "'=Name"


def test_nothing_is_graded_without_a_sandbox(honest, tmp_path, monkeypatch, capsys):
    from exercises.__main__ import main

    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    sandbox.probe.cache_clear()
    (tmp_path / "key").write_text(hostile.KEY)
    assert (
        main(
            [
                "grade",
                str(honest),
                "--key-file",
                str(tmp_path / "key"),
                "--out",
                str(tmp_path / "out"),
                "--workers",
                "1",
            ]
        )
        == 1
    )
    assert (
        "apt-get install bubblewrap" in capsys.readouterr().err
        and not (tmp_path / "out" / "gradebook.csv").exists()
    )


# arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h of Linux 6
CALLS = {
    "memfd_create": (319, 279),
    "shmget": (29, 194),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "ptrace": (101, 117),
    "unshare": (272, 97),
    "setns": (308, 268),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
}
SINCE_5 = "io_uring_setup _enter _register open_tree move_mount fsopen fsconfig fsmount fspick"


def test_the_calls_that_are_refused_have_the_kernels_numbers():
    for place, machine in enumerate(("x86_64", "aarch64")):
        assert inside._NEEDLESS[machine] == tuple(pair[place] for pair in CALLS.values())
    since = (*range(425, 425 + len(SINCE_5.split())), 442, 447)  # mount_setattr, memfd_secret
    assert since == inside._EVERYWHERE
    assert (inside._CLONE, inside._SOCKET, inside._CLONE3) == (
        {"x86_64": 56, "aarch64": 220},
        {"x86_64": 41, "aarch64": 198},
        435,
    )
    # linux/audit.h: the ELF machine, 64 bits, little end first
    assert inside._AUDIT == {
        machine: elf | 0x80000000 | 0x40000000
        for machine, elf in (("x86_64", 62), ("aarch64", 183))
    }
    worlds = [name for name in vars(os) if name.startswith("CLONE_NEW") and name != "CLONE_NEWTIME"]
    if worlds:  # Python 3.12
        assert sum(getattr(os, name) for name in worlds) == inside._NEW_WORLDS
    families = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)
    assert families == inside._FAMILIES


LEAVES = """
import ctypes, os
for place in ("/tmp/left", "/dev/shm/left", "/tmp/numpy.py"):
    open(place, "w").write("left")
ctypes.CDLL(None).shmget(4711, 4096, 0o1666)
import builtins, numpy
builtins.left = numpy.left = left = "left"
if os.fork() == 0:
    os.setsid()
    import time; time.sleep(1000)
found = os.getppid()
"""
LOOKS = """
import builtins, ctypes, os, numpy
libc, keyctl = ctypes.CDLL(None), {"x86_64": 250, "aarch64": 219}[os.uname().machine]
found = [os.listdir("/tmp"), os.listdir("/dev/shm"), libc.shmget(4711, 4096, 0),
         hasattr(builtins, "left"), hasattr(numpy, "left"), "left" in globals(),
         sorted(filter(str.isdigit, os.listdir("/proc")), key=int)[2:], os.getuid() == 0,
         [line for line in open("/proc/self/status") if line.startswith(("CapEff", "CapPrm"))],
         [libc.unshare(0x10000000), libc.syscall(keyctl, 0, -4, 1)]]
import socket, threading
for family in (socket.AF_UNIX, socket.AF_INET):
    socket.socket(family).close()
try:
    socket.socket(40, socket.SOCK_STREAM)
    found.append("vsock")
except OSError:
    pass
thread = threading.Thread(target=found.append, args=("a thread",))
thread.start()
thread.join()
import subprocess
found.append(subprocess.run(["/bin/echo", "a program"], capture_output=True, text=True).stdout)
ctypes.CDLL(None).prctl(4, 1)                  # PR_SET_DUMPABLE: now it may read its own memory
import re
secret, seen = re.compile(b"[a]_secret_of_the_first_studen[t]"), 0    # does not find itself
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb") as memory:
    for line in maps:
        if " rw" in line:
            low, high = (int(part, 16) for part in line.split()[0].split("-"))
            memory.seek(low)
            try:
                block = memory.read(high - low)
            except OSError:
                continue
            seen += len(block)
            if secret.search(block):
                found.append("the first student's program")
found.append(seen > 10_000_000)
found.append(sum("memfd" in os.readlink(f"/proc/self/fd/{n}") for n in range(9)
                 if os.path.lexists(f"/proc/self/fd/{n}")))    # [125] the order of all jobs
try:
    os.ftruncate(os.memfd_create("hoard"), 2**31)              # [126]
    found.append("memory that no limit counts")
except OSError:
    pass
"""


def test_nothing_of_one_submission_reaches_the_next():
    def said(source):
        job = {
            "setup": "import numpy",
            "cells": [{"role": "exercise", "exercise": "x", "source": source}],
            "asked": {"x": {"name": "found", "params": {}, "calls": None}},
        }
        ran = sandbox.run(job, LIMITS)
        return [
            line["data"] for line in ran.said if line.get("id") == "x" and "data" in line
        ], ran.stopped

    assert said(LEAVES + "# a_secret_of_the_first_student\n" * 5000) == ([1], False)
    before = sandbox._own.sandbox
    (seen,), stopped = said(LOOKS)
    assert sandbox._own.sandbox is before and not stopped, (
        "the second job ran in another sandbox: this shows nothing"
    )
    assert seen[:8] == [[], [], -1, False, False, False, [], False]
    assert all(line.split()[1].strip("0") == "" for line in seen[8]), seen[8]
    assert seen[9:] == [[-1, -1], "a thread", "a program\n", True, 0]
    sandbox.close()


def test_the_sandbox_hides_what_it_should():
    sandbox.probe.cache_clear()
    sandbox.probe()
    command = " ".join(sandbox._command())
    assert str(Path(exercises.__file__).parent) + " " not in command and "--unshare-net" in command
    assert sys.executable not in command
