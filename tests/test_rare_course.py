"""Branches of the course's tools that a class seldom takes: each with the least that takes it.

Seen by which lines the other quick tests never ran.
"""

from __future__ import annotations

import ast
import io
import json
import re
import struct
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

import exercises
from exercises import (
    assign,
    bank,
    chapter,
    clock,
    decide,
    export,
    grade,
    gradescope,
    inside,
    new,
    questions,
    release,
    texts,
)
from exercises.rules import RulesError
from scalinglib import claims
from scalinglib.checks import registry

nan = float("nan")

# ---- the claims ----------------------------------------------------------------------------------


def test_the_table_of_claims_counts_and_pages(monkeypatch):
    """With verdicts put in: two hold, one is not decided, one is for judgement, the rest fail."""
    ids = list(claims.CLAIMS)
    words = {ids[0]: "holds", ids[9]: "holds", ids[5]: claims.UNDECIDED, ids[7]: claims.JUDGEMENT}
    monkeypatch.setattr(
        claims,
        "verdict",
        lambda id: SimpleNamespace(verdict=words.get(id, "does not hold"), row=lambda: f"<{id}>"),
    )
    table = claims.table()
    assert list(table.index) == ids and list(table) == ["verdict", "rests on", "chapter", "claim"]
    for id, one in claims.CLAIMS.items():
        row = table.loc[id]
        assert (row.verdict, row["rests on"]) == (words.get(id, "does not hold"), one.kind)
        assert (f"{row.chapter:02d}", row.claim) == (one.where[:2], one.says)
    assert claims.counts() == (
        f"Of {len(ids)} claims 2 hold, 0 hold with a condition, {len(ids) - 4} do not hold; "
        "1 are for judgement; 1 are not decided here."
    )
    words.pop(ids[5])
    assert "not decided" not in claims.counts() and f", {len(ids) - 3} do not" in claims.counts()
    shown = re.findall(r"<([ABC]\d+)>", claims.page("B"))
    assert shown == [id for id in ids if id[0] == "B"] and len(shown) > 5
    head = re.findall("<span>(.*?)</span>", claims.HEAD)
    assert head == ["", "claim", "verdict", "the number", "chapter"]


# ---- what runs students' code --------------------------------------------------------------------


@pytest.mark.parametrize(
    "value, told",
    [
        (None, None),
        (True, True),
        (..., "..."),
        ("x" * 10_001, "x" * 10_000),
        (10**300, np.inf),
        (10**300 - 1, 10**300 - 1),
        (np.float64(0.5), 0.5),
        (np.arange(3), [0, 1, 2]),
        (1j, {"type": "complex"}),
        (Decimal("0.5"), 0.5),
        ((1, [2]), [1, [2]]),
        ([[[[[5]]]]], [[[[{"type": "list"}]]]]),
        ([0] * 10_001, {"type": "list"}),
        ({"a": (1,), 2: "b"}, {"dict": [["a", [1]], ["2", "b"]]}),
        ({k: k for k in range(1001)}, {"type": "dict"}),
        (len, {"type": "function"}),
        ({1}, {"type": "set"}),
    ],
)
def test_what_comes_out_is_plain(value, told):
    assert inside.plain(value) == told
    assert json.loads(json.dumps(inside.plain(value))) == told


def test_errors_and_arguments_are_described():
    class Hostile(Exception):
        def __str__(self):
            raise ValueError

    assert inside.described(Hostile()) == ["Exception", ""]
    assert inside.described(ValueError("a\n  b " + "c" * 400)) == [
        "ValueError",
        ("a b " + "c" * 400)[:300],
    ]
    number, array = inside.restored([2, {"array": [1, 2], "dtype": "int16"}])
    assert number == 2 and array.tolist() == [1, 2] and array.dtype == np.int16


def test_magics_are_read_only_where_python_is_not(monkeypatch):
    asked: list[str] = []

    def python(source, names):
        asked.append(source)
        return "y = x + 1"

    monkeypatch.setattr(inside, "without_magics", python)
    names: dict[str, Any] = {}
    inside.execute("%matplotlib inline\nx = 2", names)
    assert names["x"] == 2 and asked == []
    inside.execute("%time x", names)
    assert names["y"] == 3 and asked == ["%time x"]
    with pytest.raises(ZeroDivisionError) as error:
        inside.execute("1 / 0", {})
    assert error.traceback[-1].frame.code.raw.co_filename == "<cell>"


def ran(cells, asked, **names):
    """What a session says of cells: (role, exercise, source)."""
    out: Any = io.StringIO()
    job = {
        "cells": [dict(zip(("role", "exercise", "source"), cell, strict=True)) for cell in cells],
        "asked": asked,
    }
    limits = {"cell": 600, "cell_cpu": 600}
    inside.Session(names, limits, json.loads(json.dumps(job)), out).run()
    return [json.loads(line) for line in out.getvalue().splitlines()], names


def test_a_function_is_called_and_called_again_with_a_helper_from_below():
    """A cell that fails, parameters without their cell, a stub, and what is no function."""
    asked = {
        "a": {"name": "f", "calls": [[2], [0]], "params": {"k": 3}},
        "b": {"name": "g", "calls": [[1]], "params": {}},
        "c": {"name": "h", "calls": [[1]], "params": {}},
        "d": {"name": "v", "calls": None, "params": {}},
    }
    cells = [
        ("exercise", "a", "def f(x):\n    return helper(k, x)"),
        ("", None, "def helper(k, x):\n    return k / x"),
        ("check", "a", ""),
        ("exercise", "b", "def g(x):\n    ..."),
        ("check", "b", ""),
        ("exercise", "c", "h = 5"),
        ("check", "c", ""),
        ("exercise", "d", "v = 1\nv = nobody"),
        ("check", "d", ""),
    ]
    said, names = ran(cells, asked)
    calls = [one["calls"] for one in said if one.get("id") == "a" and "calls" in one]
    assert "error" in calls[0][0] and calls[0][0]["error"][0] == "NameError"
    assert calls[-1][0] == {"value": 1.5} and calls[-1][1]["error"][0] == "ZeroDivisionError"
    data = {one["id"]: one["data"] for one in said if "data" in one}
    assert data["b"] == "..." and data["c"] == 5 and data["d"] == 1
    (error,) = (one for one in said if one.get("cell") == "d")
    assert error["error"][0] == "NameError" and names["k"] == 3
    assert [one["checked"] for one in said if "checked" in one] == ["a", "b", "c", "d"]
    assert said[0] == {"begin": True} and said[-1] == {"end": True}


def test_a_cell_that_took_all_memory_leaves_nothing():
    asked = {"a": {"name": "v", "calls": None, "params": {}}}
    said, names = ran([("exercise", "a", "kept = v = 1\nraise MemoryError")], asked, before=2)
    assert "kept" not in names and "v" not in names and names["before"] == 2
    assert next(one for one in said if "cell" in one)["error"][0] == "MemoryError"
    assert inside.prepared("1 / 0")[1] == ["ZeroDivisionError", "division by zero"]
    assert inside.prepared("x = 1")[0]["x"] == 1 and inside.prepared("x = 1")[1] is None


def test_after_a_call_that_was_late_no_other_is_made():
    made: list[int] = []

    def slow(x):
        made.append(x)
        raise inside.Late

    session = inside.Session({}, {"cell": 600, "cell_cpu": 600}, {}, out := io.StringIO())
    session.job = {"asked": {"a": {"name": "slow", "calls": [[1], [2]]}}}
    session.tell("a", slow)
    (said,) = map(json.loads, out.getvalue().splitlines())
    assert made == [1] and [one["error"][0] for one in said["calls"]] == ["Late", "Late"]
    assert session.open == {"a"}
    session.tell("a", lambda x: x)
    assert session.open == set()
    with pytest.raises(inside.Late):
        session.late()


def test_what_functions_use_is_found_through_all_of_them():
    own: dict[str, Any] = {}
    exec(
        "def a():\n    return b\n"
        "def b():\n    return [c for _ in range(2)]\n"
        "c = 1\n"
        "def d():\n    return a\n",
        own,
    )
    assert inside.used_by([own["a"]], own) == {"b", "c"} | ({"range"} & set(own))
    assert inside.used_by([own["d"]], own) >= {"a", "b", "c"}
    assert inside.used_by([own["c"]], own) == set()


NUMBERS = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
READ = {"x86_64": 0, "aarch64": 63}
CLONE = {"x86_64": 56, "aarch64": 220}
SOCKET = {"x86_64": 41, "aarch64": 198}
PTRACE = {"x86_64": 101, "aarch64": 117}
MOUNT = {"x86_64": 165, "aarch64": 40}
ALLOWED, REFUSED, UNKNOWN = 0x7FFF0000, 0x00050001, 0x00050026


@pytest.mark.parametrize("machine", NUMBERS)
@pytest.mark.parametrize("families", [(1, 2, 10, 16), (1,)])
def test_the_filter_of_calls_as_a_kernel_reads_it(monkeypatch, machine, families):
    """The program is worked through step by step, as in the kernel's documentation of BPF."""
    asked: list[tuple] = []
    library = SimpleNamespace(prctl=lambda *given: asked.append(given) or 0)
    monkeypatch.setattr(inside.ctypes, "CDLL", lambda *_, **__: library)
    kept: list[bytes] = []
    real = inside.ctypes.create_string_buffer

    def buffer(data, *more):
        kept.append(bytes(data))
        return real(data, *more)

    monkeypatch.setattr(inside.ctypes, "create_string_buffer", buffer)
    inside.refuse_needless_calls(machine, families)
    assert [one[0] for one in asked] == [38, 22] and asked[1][1] == 2
    steps = list(struct.iter_unpack("HBBI", kept[0]))
    assert struct.unpack("HxxxxxxP", kept[1])[0] == len(steps)

    def judged(number, argument=0, architecture=NUMBERS[machine]):
        words = {0: number, 4: architecture, 16: argument}
        at = value = 0
        while True:
            code, yes, no, k = steps[at]
            at += 1
            if code == 0x20:
                value = words[k]
            elif code == 0x06:
                return k
            else:
                holds = {0x15: value == k, 0x35: value >= k, 0x45: bool(value & k)}[code]
                at += yes if holds else no

    assert judged(READ[machine]) == ALLOWED
    assert judged(READ[machine], architecture=0x40000003) == REFUSED
    assert judged(READ[machine] + 0x40000000) == REFUSED  # x32
    for call in (PTRACE[machine], MOUNT[machine], 425, 447):
        assert judged(call) == REFUSED
    assert judged(435) == UNKNOWN  # clone3: libraries then use clone
    assert judged(CLONE[machine], 0x11) == ALLOWED  # a plain fork
    for world in (0x10000000, 0x20000000, 0x40000000, 0x02000000, 0x04000000, 0x08000000, 0x20000):
        assert judged(CLONE[machine], world | 0x11) == REFUSED
    for family in (1, 2, 10, 16, 17, 40):
        told = ALLOWED if family in families else REFUSED
        assert judged(SOCKET[machine], family) == told
    inside.refuse_needless_calls("riscv64", families)
    assert len(asked) == 2


# ---- notebooks and keys --------------------------------------------------------------------------


def test_a_key_that_is_no_text_and_a_notebook_that_is_a_students_own(tmp_path):
    (tmp_path / "key").write_bytes(b"\xff\xfe\xfa" * 5)
    with pytest.raises(assign.KeyFileError, match="is not text"):
        assign.read_key(tmp_path / "key")
    for text in (b"[", b"[]", b'{"metadata": 5}', b'{"metadata": {}}'):
        assert assign._numbers(text) == []


def test_a_folder_without_exercises_is_refused(tmp_path, monkeypatch):
    with pytest.raises(assign.ChapterError, match="there is no chapter with exercises in"):
        assign.read_sources(tmp_path)
    (tmp_path / "05_x.ipynb").write_text('{"cells": []}')
    with pytest.raises(assign.ChapterError, match="there is no chapter with exercises in"):
        assign.read_sources(tmp_path)
    tasks = SimpleNamespace(tasks={"05-new": 1}, number="05")
    monkeypatch.setattr(assign, "read_chapter", lambda path: tasks)
    with pytest.raises(assign.ChapterError, match="in the notebook or in exercises/, not in both"):
        assign.read_sources(tmp_path)


def test_a_personal_notebook_keeps_the_secrets():
    task = SimpleNamespace(
        stub="x = ...", solution="### BEGIN SOLUTION\nx = 5 + 6\n### END SOLUTION"
    )
    source: Any = SimpleNamespace(chapter=SimpleNamespace(tasks={"05-a": task}, number="05"))

    def text(written: str) -> str:
        told = {"tags": ["exercise"], "scalinglib": {"exercise": "05-a"}}
        return json.dumps(
            {"cells": [{"cell_type": "code", "id": "c", "metadata": told, "source": written}]}
        )

    assign._assert_keeps_secrets(text("x = ..."), "the key", source, "ada")
    assign._assert_keeps_secrets(text("x = ...")[:-1] + ', "a": "public"}', "public", source, "ada")
    with pytest.raises(assign.KeyFileError, match="the key stands in ada's notebook of chapter 05"):
        assign._assert_keeps_secrets(
            text("x = ...")[:-1] + ', "a": "the key"}', "the key", source, "ada"
        )
    for written in ("x = 5 + 6", "x = 1"):
        with pytest.raises(assign.ChapterError, match="the cell that ada would get is not"):
            assign._assert_keeps_secrets(text(written), "the key", source, "ada")


def cell(role, id, source="", kind="code"):
    told = {"tags": [role], "scalinglib": {"exercise": id}} if role else {}
    return {"cell_type": kind, "id": f"c{role}", "metadata": told, "source": source}


def test_a_notebooks_exercise_is_refused_where_its_cells_do_not_fit(tmp_path):
    path = tmp_path / "08_x.ipynb"
    setup = {**cell("", None), "metadata": {"tags": ["setup"]}}
    for cells, said in (
        (
            [setup, cell("exercise", "08-a"), cell("exercise", "08-a")],
            "08-a has two cells tagged exercise",
        ),
        ([cell("exercise", "08-parabola")], "one cell must be tagged setup, found 0"),
    ):
        path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
        with pytest.raises(chapter.ChapterError, match=said):
            chapter.read_chapter(path)
    exercise = registry.exercise("08-parabola")
    roles = [*(["parameters"] if exercise.given else []), "exercise", "check", "hint"]
    group = {role: (2 * k, "") for k, role in enumerate(roles)}
    with pytest.raises(chapter.ChapterError, match="its cells do not follow each other"):
        chapter._task("here", "08-parabola", group, [])
    assert chapter._normal("f(b=1, a=2)") == chapter._normal("f(a=2,\n  b=1)")
    assert chapter._normal("f(") == "f("
    assert chapter._literals("here", "a = 1\nb = [2.5]") == {"a": 1, "b": [2.5]}
    for source in ("a += 1", "a = f(1)", "a = b = 1", "print(1)"):
        with pytest.raises(chapter.ChapterError, match="more than assignments of literals"):
            chapter._literals("here", source)


def test_specs_are_of_one_exercise_each(monkeypatch):
    with pytest.raises(ValueError, match="has no spec"):
        monkeypatch.setattr(exercises, "chapter_specs", lambda number: {})
        exercises.spec_of("08-parabola")


# ---- a bank of questions -------------------------------------------------------------------------


def test_a_text_is_an_essay_with_its_rubric():
    ids = [id for number in registry.chapters() for id in registry.chapter_exercises(number)]
    id = next(id for id in ids if isinstance(registry.exercise(id), bank.Text))
    exercise: Any = registry.exercise(id)
    element = bank._essay(exercise)
    told = {part.tag: part.findtext("text") or part.text for part in element}
    assert element.get("type") == "essay" and told["idnumber"] == id
    assert (told["minwordlimit"], told["maxwordlimit"]) == tuple(map(str, exercise.words))
    rubric = element.find("graderinfo")
    lines = (rubric.findtext("text") if rubric is not None else "").splitlines()
    assert [line[2:].partition(" (0 to ")[0] for line in lines] == [
        line for line, _ in exercise.rubric
    ]
    assert float(told["defaultgrade"]) == sum(points for _, points in exercise.rubric)
    chapter_: Any = SimpleNamespace(tasks={id: SimpleNamespace(exercise=exercise)})
    with pytest.raises(bank.BankError, match="it is a Text, and Moodle judges only numbers"):
        bank._question(chapter_, id, {}, "name", "1")
    assert isinstance(ElementTree.tostring(element), bytes)


def test_widths_are_rounded_down():
    assert [bank._down(width) for width in (0, -1, 0.0123999, 5, 0.123, 99.99)] == [
        *("0", "0", "0.0123", "4.99", "0.122", "99.9")
    ]


# ---- the class -----------------------------------------------------------------------------------


def test_decisions_name_what_they_are_about(tmp_path):
    book: Any = None
    with pytest.raises(decide.DecisionError, match="name the exercise that does not count"):
        decide.decision(book, "drop")
    with pytest.raises(decide.DecisionError, match="there is no exercise"):
        decide.decision(book, "drop", exercise="99-nothing")
    with pytest.raises(decide.DecisionError, match="is no decision; there are"):
        decide.decision(book, "forgive")
    with pytest.raises(decide.DecisionError, match=r"cannot read .*: No such file"):
        decide.read_table(book, tmp_path / "none.csv")


def test_what_cannot_be_written_out_is_refused(tmp_path):
    for maximum in (0, -1, nan, np.inf):
        with pytest.raises(ValueError, match="the maximum has to be above 0"):
            export.export(tmp_path, tmp_path, maximum=maximum)
    with pytest.raises(ValueError, match="chapter '77' has no exercises"):
        export.export(tmp_path, tmp_path, chapter="77")
    assert export.participants_of(SimpleNamespace(), tmp_path / "none.csv", None) == []
    with pytest.raises(gradescope.GradescopeError, match="chapter '77' has no exercises"):
        gradescope.build("77", tmp_path)
    for key, roster in (("a secret key", ()), (gradescope.PUBLIC, (1,))):
        with pytest.raises(gradescope.GradescopeError, match="need both --key-file and --roster"):
            gradescope.build("08", tmp_path, key, roster)
    assert list(tmp_path.iterdir()) == []


def test_the_settings_of_a_class_are_text(tmp_path):
    (tmp_path / grade.FILE).write_bytes(b"# \xff\xfe")
    with pytest.raises(RulesError, match="is not UTF-8 text"):
        grade.course_of(tmp_path, {})


def test_clocks_at_the_ends_of_all_years():
    for year in (1, 9999):
        at = datetime(year, 1 if year == 1 else 12, 1 if year == 1 else 31, 12, tzinfo=UTC)
        at = at.replace(hour=0 if year == 1 else 23, minute=30)
        for zone in ("Etc/GMT+12", "Etc/GMT-14"):
            told = clock.wall(at.isoformat(), zone)
            assert told.tzinfo is None and abs(told - at.replace(tzinfo=None)).days <= 1
    assert clock.wall("2026-01-31T12:00:00+00:00", "Asia/Tokyo") == datetime(2026, 1, 31, 21)


# ---- pages and modules ---------------------------------------------------------------------------


def test_titles_of_pages_and_exercises(tmp_path, monkeypatch):
    path = tmp_path / "05.ipynb"
    monkeypatch.setattr(questions, "notebook_of", lambda number: path)
    for source, title in (("text\n# A title \nmore", "A title"), ("no heading", "Chapter 5")):
        path.write_text(json.dumps({"cells": [cell("", None), cell("", None, source)]}))
        questions.chapter_title.cache_clear()
        assert questions.chapter_title("05") == title
    questions.chapter_title.cache_clear()
    assert questions.title_of("99-nothing") == "99-nothing"
    assert release._title("a\n# Title\n## More") == "Title"
    with pytest.raises(ValueError, match="a page has no title"):
        release._title("## More")


def test_an_entry_is_put_at_the_end_of_its_tuple():
    text = "SPECS = (\n    1,\n)\nOTHERS = (\n    2,\n)\n"
    assert (
        ast.literal_eval(new._appended(text, "SPECS", "    5,\n").splitlines()[2].strip(" ,")) == 5
    )
    assert new._appended(text, "OTHERS", "    5,\n").endswith("    2,\n    5,\n)\n")
    with pytest.raises(new.NewError, match="has no tuple NOTHING"):
        new._appended(text, "NOTHING", "")


def test_a_table_without_its_column_is_refused(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a;b\n1;2\n")
    told: Any = SimpleNamespace(rubric=(("line", 1),), id="x")
    with pytest.raises(texts.TextsError, match="has lost its column"):
        texts._filled(path, told, {})
    path.write_bytes("name;größe\nä;1\n".encode("cp1252"))
    assert [dict(row) for row in texts.sheet(path)] == [{"name": "ä", "größe": "1"}]
