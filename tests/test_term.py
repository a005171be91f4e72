"""A term as an instructor runs it, by the commands: the untidy weeks, one after the other.

A notebook carries its points in its first cell, so that no sandbox is needed here. Numbers in
brackets are findings of the audit of 2026-11-28.
"""

import contextlib
import csv
import errno
import hashlib
import io
import json
import os
import re
import shutil
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from exercises import __main__ as commands
from exercises import assign, chapter_specs, grade, parameter_cell, parameters, sandbox, submissions
from exercises.gradebook import Result, Row
from exercises.questions import title_of
from exercises.roster import found_in
from exercises.rules import read_rules
from exercises.submissions import code_cells

pytestmark = pytest.mark.usefixtures("derived_once")

KEY = "a key for tests only"
ROSTER = {
    "0012": "Ada Lovelace",
    "0345": "Bob Ødegård",
    "777": "Cy Same",
    "778": "Cy Same",
    "900": "Eve Okoye",
}
HEAD = "Student,ID,SIS User ID,SIS Login ID,Section,Chapter 2 (4711)\r\n"
BEFORE = "    Points Possible,,,,,10\r\n"
MOST = sum(spec.points for spec in chapter_specs("02").values())


def work(student, points, chapter="02", text=""):
    """A notebook that is worth so many points."""
    cell = {
        "cell_type": "code",
        "source": f"points = {points}\ntext = {text!r}",
        "metadata": {"scalinglib": {"exercise": next(iter(chapter_specs(chapter)))}},
        "outputs": [{"text": "x" * 99}],
    }
    own = {"student": student, "chapter": chapter}
    return json.dumps({"cells": [cell], "nbformat": 4, "metadata": {"scalinglib": own}})


def graded(job):
    """As the grader would, but the first exercise has the points that the notebook says."""
    names = {}
    exec(code_cells(job.data)[1][0]["source"], names)  # of this file
    if names["text"] == "breaks":
        return Row(job.student, job.chapter, "failed", "grading failed: KeyError", job.path,
                   job.digest)  # fmt: skip
    left, results = names["points"], []
    redrawn = tuple(chapter_specs(job.chapter)) if names["text"] == "redrawn" else ()
    for id, spec in chapter_specs(job.chapter).items():
        points = min(left, spec.points)
        left -= points
        status = "right" if points == spec.points else "not yet"
        if id in names["text"].split() or names["text"] == "untouched":
            status, left, points = "not attempted", left + points, 0
        results.append(Result(id, points, spec.points, status, "said"))
    return Row(job.student, job.chapter, "graded", "", job.path, job.digest, job.spec,
               results=tuple(results), redrawn=redrawn)  # fmt: skip


@pytest.fixture
def term(tmp_path, monkeypatch, capsys):
    """The commands, in a folder of a class with a roster and a key."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(commands.signal, "signal", lambda *_: None)
    monkeypatch.setattr(sandbox, "probe", lambda: None)
    monkeypatch.setattr(grade, "grade_one", graded)
    monkeypatch.setattr(commands.export, "write_report", lambda *_, **__: None)
    (tmp_path / "class.key").write_text(KEY)
    (tmp_path / "class").mkdir()

    @contextlib.contextmanager
    def threads(count):
        with ThreadPoolExecutor(1) as executor:
            yield executor

    monkeypatch.setattr(commands, "local_processes", threads)
    with open(tmp_path / "class/roster.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "name"], *ROSTER.items()])

    def run(*words):
        keyed = ["--key-file", "class.key", "--out", "class", "--workers", "1"]
        more = keyed if words[0] in ("grade", "regrade") else []
        status = commands.main([*map(str, words), *more])
        told = capsys.readouterr()
        return status, told.out + told.err

    def zipped(name, files, day=1):
        """Canvas's zip file; its times are those of the download."""
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for path, text in files.items():
                archive.writestr(zipfile.ZipInfo(path, (2026, 1, day, 12, 0, 0)), text)
        return name

    def campus(cells, name="canvas.csv"):
        """What stands in Canvas's column of chapter 2 after an export, and what was said."""
        rows = [
            f"{who},{number},{id},login,S,{cells.get(id, '')}\r\n"
            for number, (id, who) in enumerate(ROSTER.items(), 1)
        ]
        (tmp_path / name).write_text(HEAD + BEFORE + "".join(rows), encoding="utf-8", newline="")
        status, told = run("export", "class", "--canvas", name)
        with open(tmp_path / "class/export" / name, encoding="utf-8", newline="") as file:
            found = {row["SIS User ID"]: row["Chapter 2 (4711)"] for row in csv.DictReader(file)}
        return {id: found[id] for id in ROSTER}, status, told

    def rows():
        with open(tmp_path / "class/gradebook.csv", encoding="utf-8", newline="") as file:
            return {(row["student"], row["chapter"]): row for row in csv.DictReader(file)}

    def zero(chapter="2"):
        return run("zero", "class", chapter, "--reason", "we waited")

    made = {"run": run, "zipped": zipped, "campus": campus, "rows": rows, "zero": zero}
    return SimpleNamespace(**made, at=tmp_path)


def canvas(name, user, entry, student, chapter="02", suffix=""):
    stem = {"01": "01_three_levers", "02": "02_power_laws"}[chapter]
    return f"{name}_{user}_{entry}_{stem}-{student}{suffix}.ipynb"


ADA = canvas("lovelaceada", 1, 700, "0012")
BOB = canvas("odegardbob", 2, 701, "0345")
EVE = canvas("okoyeeve", 5, 705, "900")


def week_one(term, **more):
    files = {ADA: work("0012", 9), BOB: work("0345", 6), EVE: work("900", 3)} | more
    return term.zipped("week1.zip", files)


# ---- the ledger (110) ----------------------------------------------------------------------------


def test_a_mended_notebook_stays_when_the_zip_is_graded_again(term):
    """[110] The repaired file lies in a folder of its own; the campus still has the broken one."""
    first = term.zipped("week1.zip", {ADA: work("0012", 9)[:-20], BOB: work("0345", 6)})
    assert term.run("grade", first)[0] == 3
    assert term.campus({"0012": "5"})[0]["0012"] == "5", "a file that cannot be read is no zero"
    (term.at / "mended/0012").mkdir(parents=True)
    (term.at / "mended/0012/02_power_laws-0012.ipynb").write_text(work("0012", 9))
    assert term.run("grade", "mended")[0] == 0
    assert term.campus({})[0]["0012"] == "9"
    again = term.zipped("week2.zip", {ADA: work("0012", 9)[:-20], BOB: work("0345", 6)}, day=9)
    assert term.run("grade", again)[0] == 0
    assert term.campus({})[0]["0012"] == "9"


def test_an_older_zip_after_a_newer_one_takes_nothing_away(term):
    """[110]"""
    older = week_one(term)
    newer = canvas("lovelaceada", 1, 905, "0012", suffix="-1")
    newer = term.zipped("week2.zip", {newer: work("0012", 10)}, day=8)
    points = []
    for batch in (newer, older, newer, older):
        assert term.run("grade", batch)[0] == 0
        points.append(term.rows()["0012", "02"]["points"])
    assert points == ["10"] * 4
    assert "2 attempts: the last counts" in term.rows()["0012", "02"]["reason"]


def test_whatever_the_order_the_tables_are_the_same(term):
    batches = [
        week_one(term),
        term.zipped("b.zip", {ADA: work("0012", 2)}, day=3),
        term.zipped("c.zip", {ADA[:18] + "9" + ADA[18:]: work("0012", 7)}, day=5),
    ]
    found = set()
    for order in (batches, batches[::-1], [*batches[1:], batches[0], batches[1]]):
        for batch in order:
            term.run("grade", batch)
        found.add((term.at / "class/gradebook.csv").read_bytes())
        (term.at / "class/gradebook.sqlite").unlink()
    assert len(found) == 1


def test_a_file_that_comes_back_after_its_repair_is_asked_about(term):
    """A hub tells no hand-in from a copy: once replaced, a file counts again by a person's word."""
    for day, points in ((1, 3), (2, 9), (3, 3)):
        path = term.at / f"hub{day}/0012/02_power_laws-0012.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(work("0012", points))
        os.utime(path, (1.7e9 + day * 1e5,) * 2)
        status, told = term.run("grade", path.parents[1])
    assert term.rows()["0012", "02"]["points"] == "9"
    assert status == 3 and "came back" in told
    sign = re.search(r"decide (\w{8}) --student 0012 --chapter 02", told)[1]
    assert term.run("decide", "class", sign, "--student", "0012")[0] == 0
    assert term.rows()["0012", "02"]["points"] == "3"
    assert term.run("grade", "hub3")[0] == 0


# ---- never a silent zero (111, 113) --------------------------------------------------------------


def test_only_what_was_earned_leaves_as_a_number(term):
    """[111] Excused, unreadable, the grader's own failure, missing: the campus cells stay."""
    broken = work("0345", 6, text="breaks")
    files = {BOB: broken, EVE: "{", canvas("okoyeeve", 5, 706, "900", "01"): work("900", 1, "01")}
    files |= {canvas("samecy", 3, 710, "777"): work("777", 10)}
    status, told = term.run("grade", term.zipped("week1.zip", {ADA: work("0012", 9)} | files))
    assert status == 3
    assert re.search(r"0345, chapter 02: failed: grading failed: KeyError", told)
    assert re.search(r"900, chapter 02: unreadable: it is not a whole notebook", told)
    assert "or grade a mended one in a folder named 900" in told
    cells = {"0012": "EX", "0345": "N/A", "777": "", "900": "7", "778": "5"}
    found, status, told = term.campus(cells)
    assert found == cells | {"777": str(MOST)}
    assert status == 3 and "0345, chapter 02: failed" in told and "900, chapter 02" in told
    assert "the campus system says EX, the gradebook 9: left as it is" in told


def test_one_upload_for_a_wrong_chapter_makes_no_rows_for_others(term):
    """[113]"""
    term.run("grade", week_one(term))
    before = set(term.rows())
    wrong = canvas("okoyeeve", 5, 800, "900", "01")
    term.run("grade", term.zipped("week2.zip", {wrong: work("900", 1, "01")}))
    assert set(term.rows()) == before | {("900", "01")}
    (term.at / "class/course.toml").write_text("[chapters.02]\n")
    status, told = term.run("grade", "week1.zip")
    assert status == 3 and "course.toml does not hand out chapter 01" in told
    assert term.rows()["900", "01"]["points"] == ""


def test_who_handed_in_nothing_has_a_zero_by_a_persons_word_only(term):
    term.run("grade", week_one(term))
    assert term.campus({"777": "4"})[0]["777"] == "4"
    due = "[chapters.02]\ndue = 2026-01-03\n"
    for rule, cell, status in ((due, "4", 3), ('missing = "empty"\n' + due, "4", 0)):
        (term.at / "class/course.toml").write_text(rule)
        found, ended, told = term.campus({"777": "4"})
        assert (found["777"], ended) == (cell, status), told
    assert term.zero()[0] == 0
    assert term.campus({"777": "4"})[0]["777"] == "0"
    assert "we waited" in (term.at / "class/export/feedback/777.md").read_text()
    term.run("excuse", "class", "777", "2", "--reason", "was ill")
    assert term.campus({"777": "4"})[0]["777"] == "4"
    (term.at / "class/course.toml").write_text("[chapters.02]\ndue = 2999-01-01\n")
    assert term.campus({"778": "4"})[0]["778"] == "4", "it is due after that was said"


def test_a_class_is_told_who_handed_in_nothing_and_how_to_give_them_a_zero(term):
    (term.at / "class/course.toml").write_text("[chapters.02]\ndue = 2026-01-03\n")
    status, told = term.run("grade", week_one(term))
    line = "  2 students (777, 778), chapter 02: missing: nothing was handed in, and the due time"
    assert status == 3 and line in told and "Say: zero 02 " in told
    status, told = term.run("export", "class")
    assert status == 3 and line in told
    status, told = term.zero()
    said = "2 students (777, 778), chapter 02: missing, 0 of 10 (was missing)"
    assert status == 0 and said.replace("10", str(MOST)) in told
    assert term.run("export", "class")[0] == 0
    status, told = term.zero()
    assert (status, "a file is there (graded) (3); it is 0 already (2)" in told) == (1, True), told
    told = term.run("zero", "class", "2", "--withdraw", "--reason", "too early")[1]
    assert "2 students (777, 778), chapter 02: missing (was missing, 0 of" in told
    assert "zero taken back: too early" in term.run("history", "class", "777")[1]
    for named in ([], ["777"]):
        status, told = term.run("zero", "class", "2", *named, "--withdraw")
        assert status == 1 and "nothing to take back: zero of chapter 02: it was not said" in told
    term.run("zero", "class", "2", "778", "--reason", "so")
    told = term.run("zero", "class", "2", "777", "778", "--withdraw")[1]
    assert "not 777: it was not said\n778, chapter 02: missing (was missing, 0" in told
    assert "needs its reason" in term.run("zero", "class", "2")[1]
    (term.at / "class/roster.csv").unlink()
    shutil.rmtree(term.at / "class"), (term.at / "class").mkdir()
    term.run("grade", "week1.zip")
    assert "the class has no roster" in term.zero()[1]


def test_nobody_has_a_zero_who_has_a_file_or_an_excuse_or_still_time(term):
    (term.at / "class/course.toml").write_text("[chapters.02]\ndue = 2026-01-03\n")
    files = {ADA: work("0012", 9), BOB: "{"}
    term.run("grade", term.zipped("a.zip", files))
    term.run("excuse", "class", "777", "2", "--reason", "ill")
    term.run("extend", "class", "778", "2", "2999-01-01", "--reason", "ill")
    named = ("zero", "class", "2", "0012", "345", "777", "778", "900", "--reason", "so")
    status, told = term.run(*named)
    assert status == 0
    for why in (
        "0012: a file is there (graded)",
        "0345: a file is there (unreadable)",
        "777: excused",
        "778: it is due at 2999-01-01T23:59:59. Say it then",
    ):
        assert f"not {why}\n" in told
    assert {id: row["points"] for (id, _), row in term.rows().items()} == {
        "0012": "9", "0345": "", "777": "", "778": "", "900": "0"
    }  # fmt: skip
    status, told = term.run(*named)
    assert status == 1 and "nobody has 0 by this in chapter 02: " in told
    term.run("extend", "class", "900", "2", "2026-01-05", "--reason", "was ill before")
    assert term.rows()["900", "02"]["points"] == "0", "the decision is of after that"
    term.run("extend", "class", "900", "2", "2999-01-05", "--reason", "is ill again")
    assert term.rows()["900", "02"]["points"] == ""
    term.run("grade", term.zipped("b.zip", {EVE: work("900", 4)}, day=4))
    assert term.rows()["900", "02"]["points"] == "4", "a file counts, whatever was said"


@pytest.mark.parametrize(
    "rules, told",
    [
        ("[chapters.02]\n", "course.toml has no due time of it. Write one, or say: override ID"),
        ("[chapters.02]\ndue = 2999-01-01\n", "it is due at 2999-01-01T23:59:59. Say it then"),
        ("[chapters.01]\ndue = 2026-01-01\n", "course.toml does not hand it out"),
    ],
)
def test_a_zero_needs_a_due_time_that_is_over(term, rules, told):
    (term.at / "class/course.toml").write_text(rules)
    term.run("grade", week_one(term))
    status, said = term.zero()
    assert status == 1 and told in said
    assert {row["points"] for (id, _), row in term.rows().items() if id == "777"} <= {""}


def test_a_rule_of_before_that_gave_zeros_is_refused_with_what_to_say(term):
    term.run("grade", week_one(term))
    (term.at / "class/course.toml").write_text(
        'missing = "zero"\n[chapters.02]\ndue = 2026-01-03\n'
    )
    for words in (["grade", "week1.zip"], ["export", "class"], ["history", "class", "777"]):
        status, told = term.run(*words)
        assert status == 1 and 'you decide it. Write missing = "ask"' in told
        assert "zero CHAPTER --reason" in told


def test_a_zero_out_of_a_table_is_of_one_student_and_is_said_once(term):
    (term.at / "class/course.toml").write_text("[chapters.02]\ndue = 2026-01-03\n")
    term.run("grade", week_one(term))
    table = term.at / "d.csv"
    table.write_text("decision,student,chapter,reason\nzero,777,2,never came\n")
    assert term.run("decisions", "class", "d.csv")[0] == 0
    points = {id: row["points"] for (id, _), row in term.rows().items()}
    assert (points["777"], points["778"]) == ("0", "")
    cy = canvas("samecy", 3, 710, "777")
    term.run("grade", term.zipped("b.zip", {cy: work("777", 5)}, day=9))
    status, told = term.run("decisions", "class", "d.csv")
    assert status == 0 and "no points change" in told, "read before; it is not judged again"
    table.write_text("decision,student,chapter,reason\nzero,0012,2,never came\n")
    status, told = term.run("decisions", "class", "d.csv")
    assert status == 1 and "d.csv, line 2: no 0 for 0012: a file is there" in told
    table.write_text("decision,student,chapter,reason\nzero,,2,never came\n")
    assert term.run("decisions", "class", "d.csv")[0] == 1


# ---- whose it is (114, 122 to 124) ---------------------------------------------------------------


DROPPED = "[late]\nper_day = 10\n[points]\n{} = 0\n[chapters.02]\ndue = 2026-01-02\nweight = 2\n"


def test_feedback_tells_what_does_not_count_why_and_a_weight(term):
    """Dropped exercises vanished without a word, and 8 of 14 points stood over 4 of 7."""
    _, second, third, *_ = (title_of(id) for id in chapter_specs("02"))
    _, two, three, *_ = chapter_specs("02")
    (term.at / "class/course.toml").write_text(DROPPED.format(two))
    week_one(term)
    term.run("grade", "week1.zip")
    term.run("drop", "class", three, "--student", "0345", "--reason", "was <ill> that day")
    term.run("late", "class", "0012", "2", "0", "--reason", "our own fault")
    term.run("export", "class")
    ada, bob = (
        (term.at / f"class/export/feedback/{id}.md").read_text().replace("\\", "")
        for id in ("0012", "0345")
    )
    assert f"Does not count: {second} (your course does not ask for it)." in ada
    assert f"Does not count: {second} (your course does not ask for it); {third} (was <ill>" in bob
    assert "points\n\nEach point of an exercise counts 2 times here.\n\nDoes not" in bob
    assert (
        "our own fault" not in ada
        and "&lt;ill&gt;" in (term.at / "class/export/feedback/0345.html").read_text()
    )
    (term.at / "class/course.toml").write_text("[chapters.02]\ndue = 2026-01-02\n")
    term.run("export", "class")
    ada = (term.at / "class/export/feedback/0012.md").read_text()
    assert "Does not count" not in ada and "Each point" not in ada


def test_two_students_of_one_name(term):
    """[114] Each has a row where the notebooks tell them apart; a copy is put to a person."""
    own = canvas("samecy", 3, 710, "777")
    other = canvas("samecy", 4, 711, "778")
    term.run("grade", term.zipped("a.zip", {own: work("777", 8), other: work("778", 5)}))
    assert [term.rows()[id, "02"]["points"] for id in ("777", "778")] == ["8", "5"]
    copy = canvas("samecy", 4, 712, "777", suffix="-1")
    status, told = term.run(
        "grade", term.zipped("b.zip", {own: work("777", 8), copy: work("777", 9)})
    )
    assert status == 3 and "Canvas 3 and Canvas 4 both hand in as 777" in told
    assert "roster does not name" not in told
    assert term.rows()["777", "02"]["points"] == "", "before points move"
    for number, id in (("3", "777"), ("4", "778")):
        term.run("decide", "class", f"Canvas {number}", "--student", id, "--reason", "asked both")
    rows = term.rows()
    assert (rows["777", "02"]["points"], rows["778", "02"]["points"]) == ("8", "5")
    status, told = term.run("grade", "b.zip")
    assert status == 3 and "778, chapter 02: made for: the notebook was made for '777'" in told


METADATA = (
    "submission_1:\n  :submitters:\n  - :sid: '0012'\n"
    "submission_2:\n  :submitters:\n  - :sid: '0345'\n"
)


SHEET = "Identifier,Full name,ID number,Grade,Maximum grade,Grade can be changed\n" + "".join(
    f"Participant {n},{name},{id},,10,Yes\n" for n, (id, name) in enumerate(ROSTER.items(), 1)
)


def graded_in_moodle(term, name="sheet.csv"):
    status, told = term.run("export", "class", "--moodle", name, "--chapter", "2")
    with open(term.at / "class/export-02" / name, encoding="utf-8", newline="") as file:
        return {row["ID number"]: row["Grade"] for row in csv.DictReader(file)}, status, told


def test_moodles_worksheet_says_whose_a_file_is(term):
    """[I18] One of two of one name handed in the notebook of the other, who had the points."""
    (term.at / "class/course.toml").write_text("[chapters.02]\ndue = 2026-01-02\n")
    (term.at / "sheet.csv").write_text(SHEET, encoding="utf-8")
    files = {moodle("Ada Lovelace", 1, "0012"): work("0012", 9)}
    files |= {moodle("Cy Same", 4, "777"): work("777", 5)}
    term.run("grade", term.zipped("a.zip", files))
    assert term.rows()["777", "02"]["points"] == "5"
    term.zero()
    found, status, told = graded_in_moodle(term)
    assert "Moodle Cy Same 4 is 778, as the worksheet says" in told and status == 3
    assert "778, chapter 02: made for: the notebook was made for '777'" in told
    assert (found["0012"], found["777"], found["778"]) == ("9", "", "")
    assert "as the worksheet says" not in graded_in_moodle(term)[2], "said once"
    account = ("decide", "class", "Moodle Cy Same 4")
    assert "5 of 10" in term.run(*account, "--student", "777", "--reason", "a slip in Moodle")[1]
    found, _, told = graded_in_moodle(term)
    assert found["777"] == "5" and "as the worksheet" not in told, "a person has decided"
    for text in (SHEET.replace("778", "7x"), SHEET.replace("Participant 4", "x4")):
        assert term.run(*account, "--withdraw")[0] == 0
        (term.at / "sheet.csv").write_text(text, encoding="utf-8")
        assert graded_in_moodle(term)[0]["777"] == "5", "it knows nothing of that number"
        term.run(*account, "--student", "777", "--reason", "again")


@pytest.mark.parametrize("by", ["account", "file"])
def test_what_was_decided_before_moodles_worksheet_said_otherwise_is_asked_about(term, by):
    (term.at / "class/course.toml").write_text("[chapters.02]\ndue = 2026-01-02\n")
    (term.at / "sheet.csv").write_text(SHEET, encoding="utf-8")
    files = {moodle("Ada Lovelace", 1, "0012"): work("0012", 9)}
    told = term.run("grade", term.zipped("a.zip", files | {moodle("Ev O", 5, ""): work("", 5)}))[1]
    sign = "Moodle Ev O 5" if by == "account" else re.search(r"decide (\w{8})", told)[1]
    term.run("decide", "class", sign, "--nobody", "--reason", "a guest")
    found, status, told = graded_in_moodle(term)
    said = "900, chapter 02: sender: the campus system says that Moodle Ev O 5 is 900, and it was"
    assert status == 3 and f"{said} taken for nobody (a guest)" in told and found["900"] == ""
    assert "a file is there (sender)" in term.run("zero", "class", "2", "900", "--reason", "so")[1]
    term.run("decide", "class", "Moodle Ev O 5", "--student", "900", "--reason", "Moodle")
    term.run("regrade")
    assert graded_in_moodle(term)[0]["900"] == "5"


def test_of_two_worksheets_the_one_that_was_read_last_says_whose_a_file_is(term):
    """Two were exchanged, and back; who did as they were told then exchanged the students."""
    (term.at / "class/course.toml").write_text("[chapters.02]\ndue = 2026-01-02\n")
    swapped = SHEET.replace("Participant 4", "?").replace("Participant 3", "Participant 4")
    swapped = swapped.replace("?", "Participant 3")
    files = {moodle("Cy Same", 3, ""): work("", 9), moodle("Cy Same", 4, ""): work("", 5)}
    files[moodle("Ada Lovelace", 1, "0012")] = work("0012", 7)
    term.run("grade", term.zipped("a.zip", files))
    says = "the campus system says that Moodle Cy Same 4 is 777, and it was taken for 778"
    for sheet in (SHEET, swapped, SHEET, swapped):
        (term.at / "sheet.csv").write_text(sheet, encoding="utf-8")
        graded_in_moodle(term)
        term.run("regrade")
        found, _, told = graded_in_moodle(term)
        points = ("9", "5") if sheet == SHEET else ("", "")
        assert (found["777"], found["778"]) == points and (says in told) == (sheet == swapped)
    account = ("decide", "class", "Moodle Cy Same 4", "--student", "777", "--reason", "as told")
    term.run(*account)
    (term.at / "sheet.csv").write_text(SHEET, encoding="utf-8")
    assert "Moodle Cy Same 4 is 778, and it was taken for 777" in graded_in_moodle(term)[2]


def test_a_worksheet_as_roster_says_whose_files_come(term, monkeypatch):
    monkeypatch.setattr(commands, "read_sources", dict)
    (term.at / "sheet.csv").write_text(SHEET, encoding="utf-8")
    keyed = ["--yes", "--key-file", "class.key", "--out", "class"]
    assert term.run("assign", "sheet.csv", *keyed)[0] == 0
    files = {moodle("Cy Same", 4, "777"): work("777", 5), moodle("Cy Same", 3, "x"): work("", 2)}
    told = term.run("grade", term.zipped("a.zip", files))[1]
    assert "778, chapter 02: made for" in told and term.rows()["777", "02"]["points"] == "2"
    text = SHEET.replace("Participant 4", "Participant 44")
    (term.at / "sheet.csv").write_text(text.replace("Participant 3", "Participant 4"))
    told = term.run("assign", "sheet.csv", *keyed)[1]
    assert "Moodle Cy Same 4 is 777, as the worksheet says" in told


def test_a_worksheet_of_nobody_who_has_points_is_filled_with_nothing(term):
    """[I47] All waited: neither feedback nor report came, and the words named no chapter."""
    (term.at / "class/course.toml").write_text(LATE)
    (term.at / "sheet.csv").write_text(SHEET, encoding="utf-8")
    term.run("grade", term.zipped("a.zip", {AGAIN: work("0012", 9)}, day=5))
    found, status, told = graded_in_moodle(term)
    assert status == 3 and set(found.values()) == {""} and "no points are earned yet" in told
    assert (term.at / "class/export-02/feedback/0012.html").exists()


def test_a_zero_is_of_all_points_where_nothing_was_graded_yet(term):
    """[I55, I56] It was 0 of 0: the sum was 7 of 10 in place of 7 of 20."""
    (term.at / "class/course.toml").write_text(
        "[chapters.01]\ndue = 2026-01-02\nweight = 2\n[chapters.02]\ndue = 2026-01-02\n"
    )
    term.run("grade", week_one(term))
    most = 2 * sum(spec.points for spec in chapter_specs("01").values())
    assert f"missing, 0 of {most:g} (was missing)" in term.zero("1")[1]
    assert term.run("export", "class")[0] == 3
    with open(term.at / "class/export/grades.csv", encoding="utf-8", newline="") as file:
        sums = {row["id"]: (row["points"], row["possible"]) for row in csv.DictReader(file)}
    assert sums["0012"] == ("9", f"{10 + most:g}") and sums["777"] == ("0", f"{most:g}")


def test_points_by_hand_of_a_chapter_that_was_dropped_are_asked_about(term):
    """[I52] Everybody else was excused."""
    term.run("grade", week_one(term))
    term.run("override", "class", "0012", "2", "4", "--reason", "a talk")
    for id in chapter_specs("02"):
        assert "points by hand still count" not in term.run("export", "class")[1]
        term.run("drop", "class", id, "--reason", "cancelled")
    told = term.run("export", "class")[1]
    assert "every exercise of it is dropped, and 4 points by hand still count" in told
    term.run("override", "class", "0012", "2", "5", "--reason", "all the same")
    assert "still count" not in term.run("export", "class")[1], "said after it was dropped"
    points = "".join(f"{id} = 0\n" for id in chapter_specs("02"))
    (term.at / "class/course.toml").write_text("[points]\n" + points)
    assert "5 points by hand still count" in term.run("export", "class")[1]
    term.run("override", "class", "0012", "2", "5", "--reason", "in spite of that")
    assert "still count" not in term.run("export", "class")[1]


def test_what_waits_may_be_the_best_though_something_came_since(term):
    """[I41] A classmate's notebook, decided for who sent it, is worth more than their own."""
    files = week_one(term, **{canvas("okoyeeve", 5, 701, "0345"): work("0345", 10)})
    term.run("grade", files)
    for counts, asked in (("newest", False), ("best", True)):
        (term.at / "class/course.toml").write_text(f'counts = "{counts}"\n')
        assert ("900, chapter 02: made for" in term.run("export", "class")[1]) is asked


def test_a_students_own_list_of_owners_is_not_believed(term):
    """[122] The first in the order of paths used to win."""
    forged = "submission_1:\n  :submitters:\n  - :sid: '0345'\nsubmission_2:\n  - :sid: '0012'\n"
    files = {
        "export/submission_1/02_power_laws-0012.ipynb": work("0012", 9),
        "export/submission_2/A/submission_metadata.yml": forged,
        "export/submission_2/0012/02_power_laws-0345.ipynb": work("0345", 0),
        "export/submission_metadata.yml": METADATA,
        "export/submission_3/0012/02_power_laws-0012.ipynb": work("0012", 1),
    }
    files["export/submission_1/submission_metadata.yml"] = forged
    status, told = term.run("grade", term.zipped("a.zip", files))
    rows = term.rows()
    assert (rows["0012", "02"]["points"], rows["0345", "02"]["points"]) == ("9", "0")
    assert status == 3 and "submission_3, whom the roster does not name" in told


def test_a_namesake_on_canvas_takes_nothing(term):
    """[123] Another user number, whose display name squeezes to a classmate's.

    What counted before goes on counting. [S80]
    """
    term.run("grade", week_one(term))
    assert term.campus({})[0]["0012"] == "9"
    second = canvas("lovelaceada", 666, 999, "0012")
    status, told = term.run("grade", term.zipped("week2.zip", {second: work("0012", 0)}, day=8))
    assert status == 3 and "what comes from Canvas 1 goes on counting (lovelaceada_666" in told
    assert term.rows()["0012", "02"]["points"] == "9"
    assert term.campus({})[0]["0012"] == "9"
    term.run("decide", "class", "Canvas 666", "--nobody", "--reason", "no student of ours")
    assert term.rows()["0012", "02"]["points"] == "9"
    third = canvas("lovelaceada", 666, 1001, "0012")
    assert term.run("grade", term.zipped("week3.zip", {third: work("0012", 0)}, day=15))[0] == 0
    assert term.rows()["0012", "02"]["points"] == "9"


def test_a_notebook_of_another_chapter_under_a_new_name(term):
    """[124]"""
    old = canvas("lovelaceada", 1, 600, "0012", "01")
    term.run("grade", term.zipped("a.zip", {old: work("0012", 5, "01")}))
    mixed = canvas("lovelaceada", 1, 700, "0012", "02")
    status, told = term.run("grade", term.zipped("b.zip", {mixed: work("0012", 0, "01")}, day=8))
    assert term.rows()["0012", "01"]["points"] == "5"
    assert status == 3 and "is called 02, the notebook in it is of chapter 01" in told


def test_a_chapter_that_is_closed_stays_as_it_is(term):
    """[124] Without being told to, neither a late file nor a new version changes it."""
    term.run("grade", week_one(term))
    (term.at / "class/course.toml").write_text("[chapters.02]\ncloses = 2026-01-05\n")
    late = canvas("lovelaceada", 1, 990, "0012", suffix="-1")
    status, told = term.run("grade", term.zipped("b.zip", {late: work("0012", 0)}, day=8))
    assert status == 3 and "closed: it came after 2026-01-05T23:59:59" in told
    assert term.rows()["0012", "02"]["points"] == "9"
    sign = re.search(r"decide (\w{8})", told)[1]
    term.run("decide", "class", sign, "--nobody", "--reason", "too late")
    assert term.run("grade", "b.zip")[0] == 0
    grade.grade_one, before = None, grade.grade_one
    assert term.run("regrade")[1].startswith("0 graded now")
    grade.grade_one = before


def test_a_file_of_nobody_can_be_given_to_a_student(term):
    """One that can be read is graded with the next command; a broken one stays unreadable."""
    files = {"x_9_9_work.ipynb": work("", 4), "y_8_8_broken.ipynb": "{"}
    status, told = term.run("grade", term.zipped("a.zip", files))
    signs = dict(re.findall(r"\?(\w)_\S+, chapter.*?decide (\w{8})", told))
    assert status == 3 and set(signs) == {"x", "y"}, told
    for sign, student in ((signs["x"], "0012"), (signs["y"], "0345")):
        term.run("decide", "class", sign, "--student", student, "--chapter", "2")
    assert term.run("regrade")[0] == 3
    rows = term.rows()
    assert (rows["0012", "02"]["points"], rows["0345", "02"]["status"]) == ("4", "unreadable")


# ---- what a person decides (117) -----------------------------------------------------------------


def test_a_terms_decisions(term):
    """[117] By commands and by course.toml, whatever is graded again."""
    term.run("grade", week_one(term))
    assert term.run("override", "class", "12", "2", "9.5", "--reason", "asked in the talk")[1] == (
        "0012, chapter 02: by hand, 9.5 of 10 (was graded, 9 of 10)\n"
    )
    term.run("grade", "week1.zip", "--regrade")
    assert term.campus({})[0] == dict.fromkeys(ROSTER, "") | {
        "0012": "9.5",
        "0345": "6",
        "900": "3",
    }
    full = term.run("override", "class", "900", "2", "10", "--reason", "all of it")[1]
    assert full == "900, chapter 02: by hand, 10 of 10 (was graded, 3 of 10)\n"
    term.run("override", "class", "900", "2", "--withdraw")
    first, second = list(chapter_specs("02"))[:2]
    worth = chapter_specs("02")[first].points
    (term.at / "class/course.toml").write_text(f"[points]\n{first} = {2 * worth}\n{second} = 0\n")
    term.run("grade", "week1.zip")
    row = term.rows()["0345", "02"]
    rest = MOST + worth - chapter_specs("02")[second].points
    taken = min(6 - worth, chapter_specs("02")[second].points)
    assert (float(row["points"]), float(row["possible"])) == (6 + worth - taken, rest)
    (term.at / "class/course.toml").unlink()
    term.run("drop", "class", second, "--reason", "it had two right answers")
    assert float(term.rows()["0345", "02"]["points"]) == 6 - taken
    term.run("drop", "class", second, "--withdraw")
    assert term.rows()["0345", "02"]["points"] == "6"
    _status, told = term.run(
        "override", "class", "345", "2", "0", "--exercise", first, "--reason", "copied"
    )
    assert float(term.rows()["0345", "02"]["points"]) == 6 - worth
    term.run("override", "class", "0012", "2", "--withdraw", "--reason", "a mistake of mine")
    assert term.rows()["0012", "02"]["points"] == "9"
    told = term.run("history", "class", "0012")[1]
    for line in (
        rf"02  seen {ADA} \(\w{{8}}, there at 2026-01-01T12:00:00, sha256 \w{{8}}\)",
        r"02  graded \w{8} by version \w{8}: 9 of 10",
        r"02  override 9.5: asked in the talk",
        r"02  override taken back: a mistake of mine",
        r"now                  02  graded, 9 of 10",
    ):
        assert re.search(line, told), told
    assert "0345" not in told


@pytest.mark.parametrize(
    "words, said",
    [
        (("override", "class", "0012", "2", "13", "--reason", "x"), "13 points, where 0 to 10 fit"),
        (("override", "class", "0012", "2", "x", "--reason", "x"), "'x' is no number of points"),
        (("override", "class", "0012", "2", "9"), "needs its reason"),
        (("override", "class", "zed", "2", "9", "--reason", "x"), "no student 'zed'"),
        (
            ("override", "class", "0012", "99", "9", "--reason", "x"),
            "chapter '99' has no exercises",
        ),
        (("excuse", "class", "0012", "2", "--withdraw"), "nothing to take back"),
        (("late", "class", "0012", "2", "-1.5", "--reason", "x"), "expected|no number of days"),
        (("extend", "class", "0012", "2", "soon", "--reason", "x"), "'soon' is no time"),
        (("drop", "class", "02-none", "--reason", "x"), "there is no exercise '02-none'"),
        (("decide", "class", "12345678", "--nobody"), "no file and no account"),
        (("decide", "class", "12345678"), "say whose it is"),
        (("history", "class", "zed"), "no student 'zed'"),
        (("history", "nowhere", "zed"), "there is no gradebook"),
    ],
)
def test_decisions_that_cannot_be(term, capsys, words, said):
    term.run("grade", week_one(term))
    try:
        status, told = term.run(*words)
    except SystemExit:
        status, told = 1, capsys.readouterr().err
    assert status == 1 and re.search(said, told), told


def test_lateness_is_computed_where_the_campus_system_tells_it(term):
    """[117] Canvas marks what is late; a zip file of the next morning tells by how much."""
    rules = "[late]\nper_day = 25\nmost = 50\n[chapters.02]\ndue = 2026-01-01T09:00:00\n"
    (term.at / "class/course.toml").write_text(rules + "", encoding="utf-8")
    late = ADA.replace("_1_", "_LATE_1_")
    files = {late: work("0012", 10), BOB: work("0345", 10)}
    assert term.run("grade", term.zipped("a.zip", files))[0] == 3, "cyd and the rest are missing"
    rows = term.rows()
    assert (rows["0012", "02"]["points"], rows["0345", "02"]["points"]) == ("7.5", "10")
    assert "1 day late: 2.5 taken off" in rows["0012", "02"]["reason"]
    late = EVE.replace("_5_", "_LATE_5_")
    _status, told = term.run("grade", term.zipped("b.zip", {late: work("900", 10)}, day=5))
    assert term.rows()["900", "02"]["points"] == "" and "late 900 02 DAYS" in told
    term.run("late", "class", "900", "2", "2", "--reason", "Canvas says 2 days")
    assert term.rows()["900", "02"]["points"] == "5"
    term.run("late", "class", "900", "2", "9", "--reason", "Canvas says 9 days")
    assert term.rows()["900", "02"]["points"] == "5", "never more than half"
    term.run("late", "class", "900", "2", "--withdraw")
    term.run("extend", "class", "900", "2", "2026-01-05", "--reason", "was ill")
    assert term.rows()["900", "02"]["points"] == "10"


def test_the_best_counts_where_the_course_says_so(term):
    (term.at / "class/course.toml").write_text('counts = "best"\n')
    term.run("grade", week_one(term))
    worse = canvas("lovelaceada", 1, 905, "0012", suffix="-1")
    term.run("grade", term.zipped("b.zip", {worse: work("0012", 2)}, day=8))
    row = term.rows()["0012", "02"]
    assert row["points"] == "9" and "2 attempts: the best counts" in row["reason"]
    (term.at / "class/course.toml").unlink()
    assert "2 attempts: the last counts" in term.run("history", "class", "0012")[1]
    term.run("grade", "b.zip")
    assert term.rows()["0012", "02"]["points"] == "2"


def test_an_attempt_in_time_pays_for_no_late_one(term):
    """Tried by an instructor: full marks in time, then fewer and late; the best counts."""
    rules = 'counts = "best"\n[late]\nper_day = 10\n[chapters.02]\ndue = 2026-01-02T00:00:00\n'
    (term.at / "class/course.toml").write_text(rules)
    term.run("grade", week_one(term))
    again = {
        canvas("lovelaceada_LATE", 1, 905, "0012", suffix="-1"): work("0012", 8),
        canvas("okoyeeve_LATE", 5, 906, "900", suffix="-1"): work("900", 9),
    }
    _, told = term.run("grade", term.zipped("b.zip", again, day=8))
    rows = term.rows()
    assert rows["0012", "02"]["points"] == "9" and "0012, chapter 02: late" not in told
    assert rows["900", "02"]["points"] == "" and "late 900 02 DAYS" in told, "9 - x may beat 3"
    for days, points in ((2, "7"), (9, "3")):
        term.run("late", "class", "900", "2", days, "--reason", "Canvas says so")
        term.run("late", "class", "0012", "2", days, "--reason", "Canvas says so")
        rows = term.rows()
        assert (rows["900", "02"]["points"], rows["0012", "02"]["points"]) == (points, "9")
    term.run("late", "class", "0345", "2", 1, "--reason", "I saw it")
    assert term.rows()["0345", "02"]["points"] == "5", "nothing else is late: a person's word"


def test_a_file_that_a_person_gave_to_a_student_is_as_old_as_it_was(term):
    """Tried by an instructor: handed in in time, decided weeks later, and called late."""
    rules = "[late]\nper_day = 10\n[chapters.02]\ndue = 2026-01-02T00:00:00\n"
    (term.at / "class/course.toml").write_text(rules)
    strange = {canvas("strangername", 77, 700, "0012"): work("0012", 9)}
    _, told = term.run("grade", term.zipped("a.zip", strange))
    handle = re.search(r"decide (\w{8}) --student", told)[1]
    term.run(
        "decide", "class", handle, "--student", "0012", "--chapter", "2", "--reason", "told me"
    )
    _, told = term.run("regrade")
    row = term.rows()["0012", "02"]
    assert row["points"] == "9" and "0012, chapter 02: late" not in told
    term.run("export", "class")
    feedback = (term.at / "class/export/feedback/0012.md").read_text().replace("\\", "")
    assert "there by 2026-01-01 12:00" in feedback


def test_a_file_of_no_known_chapter_holds_back_the_zero(term):
    """Tried by an instructor: "my work.pdf" was asked about, and the 0 exported meanwhile."""
    (term.at / "class/course.toml").write_text("[chapters.02]\ndue = 2026-01-02T00:00:00\n")
    files = {"900/my work.pdf": "%PDF", "0012/02_power_laws-0012.ipynb": work("0012", 9)}
    _, told = term.run("grade", term.zipped("a.zip", files))
    assert "900, chapter 02: written down, but no 0 while a file waits" in term.zero()[1]
    assert term.rows()["900", "02"]["points"] == "" and term.rows()["0345", "02"]["points"] == "0"
    handle = re.search(r"decide (\w{8}) --nobody", told)[1]
    term.run("decide", "class", handle, "--nobody", "--reason", "a timetable")
    assert term.rows()["900", "02"]["points"] == "0"


def test_a_changed_exercise_is_stale_until_its_chapter_is_graded_again(term, monkeypatch):
    """[117] Nothing is mixed, and nobody has to find last month's folders."""
    term.run("grade", week_one(term))
    (term.at / "week1.zip").unlink()
    monkeypatch.setattr(grade, "_chapter_digest", lambda number: "another version")

    def killed(job):
        if job.student == "0345":
            raise KeyboardInterrupt
        return graded(job)

    monkeypatch.setattr(grade, "grade_one", killed)
    assert term.run("regrade")[0] == 130
    found, status, told = term.campus({"0345": "6", "0012": "9"})
    assert found["0345"] == "6" and status == 3
    assert "2 students (0345, 900), chapter 02: stale: the others of this chapter" in told
    monkeypatch.setattr(grade, "grade_one", graded)
    status, told = term.run("regrade")
    assert status == 0 and told.startswith("2 graded now, 5 rows in")
    assert term.campus({})[0]["0345"] == "6"


def test_decisions_from_a_table_that_a_spreadsheet_has_saved(term):
    """[116] Zeros are gone, the signs between cells and the letters are Excel's."""
    term.run("grade", week_one(term))
    head = "decision;student;chapter;value;reason\r\n"
    table = head + "override;12;2;7,5;Prüfung\r\nexcuse;345;2;;ill\r\n"
    (term.at / "table.csv").write_bytes(table.encode("cp1252"))
    term.run("decisions", "class", "table.csv")
    rows = term.rows()
    assert (rows["0012", "02"]["points"], rows["0345", "02"]["status"]) == ("7.5", "excused")
    assert rows["0012", "02"]["reason"] == "by hand: Prüfung"
    (term.at / "table.csv").write_bytes((table + "excuse;77;2;;x\r\n").encode("cp1252"))
    status, told = term.run("decisions", "class", "table.csv")
    assert status == 1 and "table.csv, line 4: there is no student '77'" in told


def test_of_two_lines_about_the_same_the_last_counts_and_that_is_said(term):
    """[I44]"""
    term.run("grade", week_one(term))
    lines = "override,0012,2,,7,a\noverride,0345,2,,5,b\noverride,0012,2,,8,c\n"
    (term.at / "d.csv").write_text("decision,student,chapter,exercise,value,reason\n" + lines)
    told = term.run("decisions", "class", "d.csv")[1]
    assert "d.csv, line 4: a line before it is about the same, and does not count" in told
    assert told.count("about the same") == 1 and term.rows()["0012", "02"]["points"] == "8"


def test_a_line_of_a_table_decides_once(term):
    """[IN57] A table that grows all term: what it said before is no newer decision."""
    term.run("grade", week_one(term))
    table, head = term.at / "table.csv", "decision,student,chapter,value,reason\n"
    lines = "override,0012,2,7,a talk\noverride,0345,2,5,a talk\n"
    table.write_text(head + lines)
    assert "by hand, 7 of 10" in term.run("decisions", "class", "table.csv")[1]
    term.run("override", "class", "0012", "2", "9", "--reason", "an appeal")
    shutil.copytree(term.at / "class", term.at / "other")
    (term.at / "class/course.toml").write_text("[points]\n02-halve-loss = 6\n")
    table.write_text(head + lines + "excuse,900,2,,ill\n")
    told = term.run("decisions", "class", "table.csv")[1]
    assert "line 2: it was read before, and does not count any more" in told
    assert "line 3" not in told and term.rows()["900", "02"]["status"] == "excused"
    assert term.rows()["0012", "02"]["reason"].endswith("by hand: an appeal")
    table.write_text(head + lines + "excuse,900,2,,ill\noverride,0012,2,7,a talk\n")
    assert "by hand, 7 of" in term.run("decisions", "class", "table.csv")[1], "said once more"
    assert "count any more" not in term.run("decisions", "other", "table.csv")[1]
    term.run("merge", "class", "other")
    before = term.rows()
    term.run("decisions", "class", "table.csv")
    assert term.rows() == before


def test_points_for_texts_survive_a_spreadsheet(term, monkeypatch):
    """[116] The column `student` has lost its zeros."""
    id = "13-write-it-down"

    def to_read(job):
        spec = chapter_specs("13")[id]
        text = "a text of " + job.student
        result = Result(id, 0, spec.points, "to be read", "", text=text)
        return Row(job.student, "13", "graded", "", job.path, job.digest, job.spec,
                   results=(result,))  # fmt: skip

    monkeypatch.setattr(grade, "grade_one", to_read)
    for student in ("0012", "0345"):
        path = term.at / f"in/{student}/13_plan_a_run-{student}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(work(student, 0, "13"))
    term.run("grade", "in")
    term.run("export", "class")
    table = term.at / f"class/export/texts/{id}.csv"
    rows = list(csv.reader(io.StringIO(table.read_bytes().decode("utf-8-sig"), newline="")))
    for row in rows[1:]:
        row[0] = row[0].lstrip("0")
        row[3:7], row[7] = ["0,5", "0,25", "0", "0,5"], "schön"
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(rows)
    table.write_bytes(out.getvalue().encode("cp1252"))
    term.run("export", "class")
    assert [term.rows()[id, "13"]["points"] for id in ("0012", "0345")] == ["1.25", "1.25"]
    rows = list(csv.reader(io.StringIO(table.read_bytes().decode("utf-8-sig"), newline="")))
    assert rows[1][0] == "0012" and rows[1][3] == "0.5" and rows[1][7] == "schön"
    whole = table.read_text(encoding="utf-8")
    table.write_text(whole.replace(rows[1][-1], rows[2][-1]), encoding="utf-8")
    status, told = term.run("export", "class")
    assert status == 1 and "student 0012: its 'text id' is of a text of 0345" in told
    table.write_text(whole.replace(rows[1][-1], "t0"), encoding="utf-8")
    status, told = term.run("export", "class")
    assert status == 1 and "line 2, student 0012: its 'text id' 't0'" in told


# ---- course.toml ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, said",
    [
        ("counts = 'last'", "counts is 'last'; it can be newest, best"),
        ("count = 'best'", "count is not known; known are counts"),
        ("[late]\nper_day = 110", "late.per_day is 110; it is a number from 0 to 100"),
        ("[late]\nperday = 1", "late.perday is not known"),
        ("late = 3", r"late is a table: write \[late\]"),
        ("[chapters.2]\n", r"write a chapter as \[chapters.02\], not '2'"),
        ("[chapters.02]\ndue = 'Monday'", "chapters.02.due is 'Monday'; write a time"),
        ("[chapters.98]\n", "there is no '98'"),
        ("[points]\n02-none = 3", "there is no '02-none'"),
        ("[points]\n02-halve-loss = true", "points.02-halve-loss is True"),
        ("[points\n", r"course.toml: .*: '\[points'. A line is KEY = VALUE"),
        ("[chapters.02]\ndue = 5 Oct 2026", "at line 2.*: 'due = 5 Oct 2026'. A line is"),
        ("drop_lowest = 1.5", "drop_lowest is 1.5; it is a whole number of chapters"),
        ("[chapters.02]\nweight = 0", r"chapters.02.weight is 0: .* delete \[chapters.02\]"),
        (
            "[chapters.02]\ndue = 2026-10-05\ncloses = 2026-10-05T23:59:58",
            "chapters.02.closes is before chapters.02.due",
        ),
    ],
)
def test_a_course_file_that_cannot_be_used_is_refused_with_its_key(term, text, said):
    (term.at / "class/course.toml").write_text(text)
    status, told = term.run("grade", week_one(term))
    assert status == 1 and re.search(said, told), told
    assert not (term.at / "class/gradebook.csv").exists()


def test_a_weight_of_zero_reaches_no_campus_file(term):
    """Tried by an instructor: who had 100 per cent of a voluntary chapter was given a 0."""
    term.run("grade", week_one(term))
    (term.at / "class/course.toml").write_text("[chapters.02]\nweight = 0\n")
    assert term.run("export", "class")[0] == 1
    assert not (term.at / "class/export/grades.csv").exists()
    assert not read_rules("[chapters.02]\nweight = 0\n", kept=True).chapter("02").weight
    assert read_rules("[chapters.02]\ndue = 2026-10-05\ncloses = 2026-10-05").chapter("02").due


# ---- what a student is told ----------------------------------------------------------------------


def test_feedback_says_what_was_right_where_to_look_and_which_file_counts(term):
    """The digest is that of the file as it was handed in; a public notebook is told apart."""
    files = {ADA: work("0012", 3), BOB: work("public", 6)}
    term.run("grade", term.zipped("week1.zip", files))
    term.run("export", "class")
    read = {id: term.at / f"class/export/feedback/{id}.md" for id in ROSTER}
    ada, bob = (read[id].read_text().replace("\\", "") for id in ("0012", "0345"))
    digest = hashlib.sha256(files[ADA].encode()).hexdigest()
    assert f"there by 2026-01-01 12:00, has the SHA-256 {digest}." in ada
    first = chapter_specs("02")[next(iter(chapter_specs("02")))]
    assert first.points <= 3 and "Right: Exercise 2.1" in ada
    assert "0 of 3 points: not yet: said. Look at the cell that makes reach." in ada
    assert "this is the public notebook" in bob and "public notebook" not in ada


# ---- which of several files, and when (an instructor's term of 2026-11-30) ----------------------

LATE = "[late]\nper_day = 10\nmost = 50\n[chapters.02]\ndue = 2026-01-02T09:00:00\n"
AGAIN = canvas("lovelaceada", 1, 905, "0012", suffix="-1").replace("_1_", "_LATE_1_")


def moodle(name, entry, student, suffix=""):
    return f"{name}_{entry}_assignsubmission_file_/02_power_laws-{student}{suffix}.ipynb"


@pytest.mark.parametrize("second, counts", [(9, "10"), (10, "10")])
def test_an_attempt_on_time_never_pays_for_a_later_one(term, second, counts):
    """With counts = "best" each file has its own lateness, and is asked about if it may matter."""
    (term.at / "class/course.toml").write_text('counts = "best"\n' + LATE)
    term.run("grade", term.zipped("a.zip", {ADA: work("0012", 10)}))
    _, told = term.run("grade", term.zipped("b.zip", {AGAIN: work("0012", second)}, day=8))
    row = term.rows()["0012", "02"]
    assert row["points"] == counts and "0012, chapter 02: late" not in told
    assert "late" not in row["reason"]
    term.run("late", "class", "0012", "2", "2", "--reason", "Canvas says 2 days")
    assert term.rows()["0012", "02"]["points"] == counts
    term.run("export", "class")
    receipt = (term.at / "class/export/feedback/0012.md").read_text()
    assert "there by 2026-01-01 12:00" in receipt.replace("\\", "")


def test_a_late_attempt_that_may_be_the_best_is_asked_about(term):
    (term.at / "class/course.toml").write_text('counts = "best"\n' + LATE)
    term.run("grade", term.zipped("a.zip", {ADA: work("0012", 5)}))
    _, told = term.run("grade", term.zipped("b.zip", {AGAIN: work("0012", 10)}, day=8))
    assert term.rows()["0012", "02"]["points"] == "" and "late 0012 02 DAYS" in told
    term.run("late", "class", "0012", "2", "2", "--reason", "Canvas says 2 days")
    assert term.rows()["0012", "02"]["points"] == "8"
    term.run("late", "class", "0012", "2", "5", "--reason", "Canvas says 5 days")
    assert term.rows()["0012", "02"]["points"] == "5"


def test_a_file_that_is_given_to_a_student_keeps_its_time(term):
    (term.at / "class/course.toml").write_text(LATE)
    files = {
        moodle("Bobby", 9, "0345"): work("0345", 8),
        moodle("Eve Okoye", 5, "900"): work("900", 3),
        moodle("Some Body", 4, "900"): work("900", 7),
    }
    _, told = term.run("grade", term.zipped("a.zip", files))
    signs = dict(
        re.findall(r"/02_power_laws-(\d+).ipynb\)\. Say: decide (\w{8}) --student ID", told)
    )
    term.run("decide", "class", signs["0345"], "--student", "0345", "--reason", "showed it")
    term.run("regrade")
    assert term.rows()["0345", "02"]["points"] == "8", "handed in before the due time"
    term.run("export", "class")
    receipt = (term.at / "class/export/feedback/0345.md").read_text().replace("\\", "")
    assert "there by 2026-01-01 12:00" in receipt


def test_of_files_of_one_moment_no_name_decides(term):
    """Moodle: "x (1).ipynb" is the second upload, "x.ipynb" the last by name."""
    one = {moodle("Ada Lovelace", 1, "0012"): work("0012", 7)}
    two = {moodle("Ada Lovelace", 1, "0012", " (1)"): work("0012", 10)}
    status, told = term.run("grade", term.zipped("a.zip", one | two))
    assert status == 3 and term.rows()["0012", "02"]["points"] == ""
    assert "2 files of one moment" in told and "(7 of 10)" in told and "(10 of 10)" in told
    sign = re.search(r"decide (\w{8}) \(02_power_laws-0012 \(1\)", told)[1]
    assert term.run("decide", "class", sign, "--student", "0012", "--reason", "asked")[0] == 0
    assert term.rows()["0012", "02"]["points"] == "10"
    assert term.run("grade", "a.zip")[0] == 0
    same = {name: work("0012", 7) + " " * place for place, name in enumerate(one | two)}
    (term.at / "class/gradebook.sqlite").unlink()
    assert term.run("grade", term.zipped("b.zip", same))[0] == 0
    assert term.rows()["0012", "02"]["points"] == "7", "equal points: nothing to ask"


@pytest.mark.parametrize("counts", ["newest", "best"])
def test_a_submission_in_two_notebooks_is_taken_together(term, counts):
    (term.at / "class/course.toml").write_text(f'counts = "{counts}"\n')
    first, *rest = chapter_specs("02")
    worth = chapter_specs("02")[first].points
    files = {
        canvas("lovelaceada", 1, 700, "0012"): work("0012", worth, text=" ".join(rest)),
        canvas("lovelaceada", 1, 701, "0012"): work("0012", 5, text=first),
    }
    assert term.run("grade", term.zipped("a.zip", files))[0] == 0
    row = term.rows()["0012", "02"]
    assert float(row["points"]) == worth + 5 and "2 notebooks, taken together" in row["reason"]


def test_an_untouched_notebook_does_not_replace_work(term):
    term.run("grade", week_one(term))
    empty = canvas("lovelaceada", 1, 905, "0012", suffix="-1")
    batch = term.zipped("b.zip", {empty: work("0012", 0, text="untouched")}, day=8)
    status, told = term.run("grade", batch)
    assert status == 3 and term.rows()["0012", "02"]["points"] == ""
    assert "nothing in it was attempted" in told
    sign = re.search(r"decide (\w{8}) --student 0012", told)[1]
    assert term.run("decide", "class", sign, "--student", "0012", "--reason", "a slip")[0] == 0
    assert term.rows()["0012", "02"]["points"] == "9"


def test_points_by_hand_are_told_when_what_can_be_had_has_changed(term):
    term.run("grade", week_one(term))
    term.run("override", "class", "0012", "2", "7", "--reason", "asked in the talk")
    second = list(chapter_specs("02"))[1]
    term.run("drop", "class", second, "--reason", "read in two ways")
    rest = MOST - chapter_specs("02")[second].points
    status, told = term.run("grade", "week1.zip")
    assert status == 3 and f"7 points by hand were of 10, now {rest:g} can be had" in told
    term.run("override", "class", "0012", "2", "6", "--reason", "asked again")
    assert term.run("grade", "week1.zip")[0] == 0


def test_an_extension_says_that_an_older_word_on_lateness_stands(term):
    (term.at / "class/course.toml").write_text(LATE)
    term.run("grade", term.zipped("a.zip", {AGAIN: work("0012", 10)}, day=3))
    term.run("late", "class", "0012", "2", "1", "--reason", "Canvas")
    told = term.run("extend", "class", "0012", "2", "2026-01-09", "--reason", "ill")[1]
    assert "late 1 was said when" in told and "take it back (--withdraw)" in told
    assert term.rows()["0012", "02"]["points"] == "10", "an extension counts, and is asked about"
    assert "0012, chapter 02: due: late 1 was" in term.run("export", "class")[1]
    term.run("late", "class", "0012", "2", "--withdraw")
    assert term.rows()["0012", "02"]["points"] == "10"
    assert "late 1 was" not in term.run("export", "class")[1]


def test_history_has_the_rules_of_now_and_the_signs_that_decide_takes(term):
    term.run("grade", week_one(term))
    (term.at / "class/course.toml").write_text(f"[points]\n{next(iter(chapter_specs('02')))} = 0\n")
    told = term.run("history", "class", "0012")[1]
    rest = MOST - chapter_specs("02")[next(iter(chapter_specs("02")))].points
    assert f"of {rest:g}" in told.splitlines()[-1]
    sign = re.search(rf"seen {re.escape(ADA)} \((\w{{8}})", told)[1]
    assert f"graded {sign} by" in told
    assert term.run("decide", "class", sign, "--nobody", "--reason", "a copy")[0] == 0


def test_who_lost_a_file_and_who_got_it_read_why(term):
    """In the history of both, and in the feedback of the one from whom it was taken."""
    files = {ADA: work("0345", 9), EVE: work("900", 3)}
    told = term.run("grade", term.zipped("a.zip", files))[1]
    sign = re.search(r"decide (\w{8})", told)[1]
    term.run("decide", "class", sign, "--student", "0345", "--reason", "both were here")
    term.run("regrade")
    assert term.rows()["0345", "02"]["points"] == "9"
    for student in ("0012", "0345"):
        told = term.run("history", "class", student)[1]
        assert f"seen {ADA}" in told and f"decide {sign} 0345: both were here" in told
    (term.at / "class/course.toml").write_text("[chapters.02]\n")
    term.run("export", "class")
    read = (term.at / "class/export/feedback/0012.md").read_text().replace("\\", "")
    assert "nothing was handed in" not in read and "does not count here: both were here" in read
    assert "0345" not in read


def test_feedback_of_points_by_hand_says_nothing_of_what_waits(term):
    (term.at / "class/course.toml").write_text(LATE)
    term.run("grade", term.zipped("a.zip", {AGAIN: work("0012", 10)}, day=8))
    term.run("override", "class", "0012", "2", "7", "--reason", "we talked")
    term.run("export", "class")
    read = (term.at / "class/export/feedback/0012.md").read_text().replace("\\", "")
    assert "by hand: we talked" in read and "Exercise 2.1" in read and "not graded yet" not in read
    broken = {BOB: work("0345", 6, text="breaks")}
    term.run("grade", term.zipped("b.zip", broken, day=1))
    term.run("override", "class", "0345", "2", "7", "--reason", "we talked")
    assert term.rows()["0345", "02"]["reason"] == "by hand: we talked"


def test_feedback_leaves_out_the_chapters_that_the_sum_leaves_out(term):
    (term.at / "class/course.toml").write_text("drop_lowest = 1\n")
    one = canvas("lovelaceada", 1, 600, "0012", "01")
    term.run("grade", term.zipped("a.zip", {ADA: work("0012", 9), one: work("0012", 0, "01")}))
    term.run("export", "class")
    read = (term.at / "class/export/feedback/0012.md").read_text().replace("\\", "")
    assert "9 of 10 points, without chapter 1" in read


@pytest.mark.parametrize("late", ["LATE_{}", "{}LATE_", "{}"])
def test_in_a_download_without_names_no_notebook_says_whose_it_is(term, late):
    """[IN44] Anonymous grading: somebody else's copy of Ada's notebook took her points."""
    term.run("grade", week_one(term))
    anon = [late.format(f"anon_aB3d{n}_") + f"80{n}_02_power_laws-0012.ipynb" for n in (1, 2)]
    (term.at / "class/course.toml").write_text("[chapters.02]\ndue = 2026-01-02\n")
    names = {anon[0]: work("0012", 2), anon[1]: "no notebook", "anon_99999_link.html": "x"}
    status, told = term.run("grade", term.zipped("anon.zip", names, day=9))
    term.zero()
    assert status == 3 and term.rows()["0012", "02"]["points"] == "9"
    said = r"chapter 02: sender: Canvas has left out the names, .*aB3d1.* post the grades.*download"
    assert re.search(said, told) and "unreadable: it is not a whole notebook" in told
    assert {one: points for one, points in term.campus({})[0].items() if points} == {
        "0012": "9",
        "0345": "6",
        "900": "3",
    }, "nobody has a zero meanwhile"
    bob = "odegardbob_2_801_02_power_laws-0012.ipynb"
    told = term.run("grade", term.zipped("named.zip", {bob: work("0012", 2)}, day=10))[1]
    assert "aB3d1" not in told and "made for '0012'" in told


@pytest.mark.parametrize("suffix", ["_5_link.html", "_LATE_5_text.html"])
def test_a_link_or_a_text_on_canvas_is_a_hand_in_of_that_student(term, suffix):
    """[IN17, IN65] Its name has Canvas's number, and no attachment's."""
    rows = [["id", "name", "canvas id"], *([*one, n] for n, one in enumerate(ROSTER.items(), 1))]
    with open(term.at / "class/roster.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    (term.at / "class/course.toml").write_text("[chapters.02]\ndue = 2026-01-02\n")
    files = {ADA: work("0012", 9), BOB: work("0345", 6), "zz" + suffix: "<a href='x'>"}
    told = term.run("grade", term.zipped("week1.zip", files, day=3))[1]
    assert f"900, chapter 02: unreadable: it is not a notebook (.ipynb) (zz{suffix})" in told
    term.zero()
    points = term.campus({})[0]
    assert (points["900"], points["777"]) == ("", "0")
    assert "900, chapter 02: unreadable" in term.run("export", "class", "--chapter", "2")[1]
    feedback = (term.at / "class/export-02/feedback/900.md").read_text()
    assert "nothing was handed in" not in feedback


@pytest.mark.parametrize("name", ["work.rar", "Chapter 2.pdf"])
def test_a_file_of_any_kind_keeps_the_campus_cell(term, name):
    """Without a chapter in its name it is of the one that the assignment asks for."""
    due = "[chapters.01]\n[chapters.02]\ndue = 2026-01-03\n"
    (term.at / "class/course.toml").write_text(due)
    files = {f"lovelaceada_1_700_{name}": "x", EVE: work("900", 3)}
    told = term.run("grade", term.zipped("a.zip", files))[1]
    term.zero()
    found = term.campus({"0012": "5", "0345": "5"})[0]
    assert (found["0012"], found["0345"]) == ("5", "0")
    sign = re.search(r"0012, chapter 02: .*decide (\w{8})", told)[1]
    term.run("decide", "class", sign, "--nobody", "--reason", "a photo")
    term.zero()
    assert term.campus({"0012": "5"})[0]["0012"] == "0"


def test_nobody_has_a_zero_while_the_file_of_an_unknown_sender_waits(term):
    (term.at / "class/course.toml").write_text("[chapters.02]\ndue = 2026-01-03\n")
    files = {moodle("Bobby", 9, "public"): work("public", 8), EVE: work("900", 3)}
    term.run("grade", term.zipped("a.zip", files))
    term.zero()
    found, _, told = term.campus({"0345": "5"})
    assert found["0345"] == "5" and "sender" in told


def test_what_may_be_of_the_other_of_two_chapters_holds_back_its_zero(term):
    """One assignment for both; beside a notebook of chapter 1 lies an answer with no chapter."""
    due = "".join(f"[chapters.{number}]\ndue = 2026-01-03\n" for number in ("01", "02"))
    (term.at / "class/course.toml").write_text(due)
    first = {canvas("lovelaceada", 1, 700, "0012", "01"): work("0012", 1, "01")}
    first |= {"lovelaceada_1_701_x.pdf": "%PDF", "okoyeeve_5_703_data.csv": "1"}
    both = {canvas("okoyeeve", 5, n, "900", n): work("900", 1, n) for n in ("01", "02")}
    files = first | {path.replace("_01_", "_704_", 1): text for path, text in both.items()}
    batch = term.zipped("a.zip", files, day=9)
    told = term.run("grade", batch, "--chapter", "1", "--chapter", "2")[1]
    term.zero("2")
    rows = term.rows()
    assert [rows[id, "02"]["points"] for id in ("0012", "777", "900")] == ["", "0", "1"]
    assert "x.pdf" in told and "data.csv" not in told, "who handed in both needs no question"


UMA = "Uma Rao-Singh_9_assignsubmission_file_"


def packed(**inside):
    """A zip file that a student hands in."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in inside.items():
            archive.writestr(name.replace("__", "."), text)
    return data.getvalue()


@pytest.mark.parametrize("of, sender", [("x", UMA), ("02_power_laws", "raouma_9_1_x.zip")])
@pytest.mark.parametrize(
    "name, data",
    [
        ("{}.pdf", "%PDF"),
        ("{}.html", "<p>"),
        ("{}.ipynb", ""),
        ("{}.ipynb", "{"),
        ("{}.zip", packed()),
        ("{}.zip", packed(a__zip=packed(b="x"))),
        ("{}.zip", packed(a__py="x = 1")),
        ("{}.zip", "no zip file"),
        ("{}.txt", "x" * 2_000_000),
        ("{}.ipynb", work("public", 8)),
    ],
    ids=range(10),
)
def test_whatever_an_unknown_sender_hands_in_holds_back_the_zeros(
    term, monkeypatch, name, data, sender, of
):
    """Tried by an instructor: a notebook did, a PDF did not, and the campus file had their 0."""
    monkeypatch.setattr(submissions, "LARGEST", 1_000_000)
    due = "".join(f"[chapters.{number}]\ndue = 2026-01-03\n" for number in ("01", "02"))
    (term.at / "class/course.toml").write_text(due)
    files = {
        f"{sender}/{name.format(of)}": data,
        ADA: work("0012", 9),
        EVE: work("900", 3),
        BOB: "{",
    }
    told = term.run("grade", term.zipped("a.zip", files, day=9))[1]
    term.zero()
    assert {term.campus({})[0][id] for id in ("0345", "777", "778")} == {""}
    for sign in set(re.findall(r"decide (\w{8}) --student ID", told)):
        term.run("decide", "class", sign, "--nobody", "--reason", "a guest")
    assert term.rows()["777", "02"]["points"] == "0", "the word was said, and nothing waits"


@pytest.mark.parametrize(
    "name, text",
    [("01_x.pdf", "%PDF"), ("01_x.ipynb", ""), ("01_x.ipynb", work("public", 8, "01"))],
)
def test_an_unknown_senders_file_that_names_another_chapter_keeps_both_zeros_away(term, name, text):
    due = "".join(f"[chapters.{number}]\ndue = 2026-01-03\n" for number in ("01", "02"))
    (term.at / "class/course.toml").write_text(due)
    files = {f"{UMA}/{name}": text, BOB: work("0345", 6), EVE: work("900", 3)}
    term.run("grade", term.zipped("a.zip", files, day=9))
    term.zero("1"), term.zero("2")
    assert [term.rows()["777", n]["points"] for n in ("01", "02")] == ["", ""]


@pytest.mark.parametrize("name, text", [("01_x.pdf", "%PDF"), ("01_x.ipynb", ""), ("01_x.py", "")])
def test_a_file_that_names_another_chapter_than_its_assignments_keeps_both_zeros_away(
    term, name, text
):
    """A readable notebook did; of what nobody can read, only the name says which it is."""
    due = "".join(f"[chapters.{number}]\ndue = 2026-01-03\n" for number in ("01", "02"))
    (term.at / "class/course.toml").write_text(due)
    files = {f"lovelaceada_1_700_{name}": text, BOB: work("0345", 6), EVE: work("900", 3)}
    told = term.run("grade", term.zipped("a.zip", files, day=9))[1]
    term.zero("1"), term.zero("2")
    rows = term.rows()
    assert [rows["0012", n]["points"] for n in ("01", "02")] == ["", ""]
    assert [rows["777", n]["points"] for n in ("01", "02")] == ["0", "0"]
    sign = re.search(r"0012, chapter \d\d: unreadable: .*decide (\w{8})", told)[1]
    term.run("decide", "class", sign, "--student", "0012", "--chapter", "2", "--reason", "seen")
    term.zero("1")
    assert [term.rows()["0012", n]["points"] for n in ("01", "02")] == ["0", ""]


@pytest.mark.parametrize("sender", ["Eve Okoye", "Team-B-Eve Okoye"])
def test_a_classmates_notebook_is_a_hand_in_of_who_sent_it(term, sender):
    """[60] With Moodle's name of a group before theirs, it waited under the classmate's name."""
    (term.at / "class/course.toml").write_text("[chapters.02]\ndue = 2026-01-03\n")
    files = {moodle(sender, 9, "0012"): work("0012", 9), moodle("Bob Ødegård", 8, "0345"): "{"}
    told = term.run("grade", term.zipped("a.zip", files))[1]
    said = term.run("zero", "class", "2", "900", "777", "--reason", "so")[1]
    assert "900, chapter 02: " in told and "not 900: a file is there" in said
    term.zero()
    assert [term.rows()[id, "02"]["points"] for id in ("900", "0012")] == ["", ""]
    sign = re.search(r"900, chapter 02: .*decide (\w{8})", told)[1]
    term.run("decide", "class", sign, "--nobody", "--reason", "a copy")
    assert term.rows()["0012", "02"]["points"] == "0"


def test_a_file_waits_for_its_sender_until_the_roster_has_them(term):
    files = {moodle("Tara New", 9, "950"): work("950", 8), EVE: work("900", 3)}
    assert term.run("grade", term.zipped("a.zip", files))[0] == 3
    (term.at / "a.zip").unlink()
    with open(term.at / "class/roster.csv", "a", encoding="utf-8") as file:
        file.write("950,Tara New\n")
    assert term.run("regrade")[0] == 0
    assert term.rows()["950", "02"]["points"] == "8"


def test_moodle_tells_when_files_came_if_its_zip_file_does(term):
    """Older Moodles pack files with their own times, newer ones with that of the download."""
    (term.at / "class/course.toml").write_text(LATE)
    with zipfile.ZipFile(term.at / "a.zip", "w") as archive:
        for hour, (name, id) in enumerate((("Ada Lovelace", "0012"), ("Eve Okoye", "900"))):
            when = (2026, 1, 2, 8 + 12 * hour, 0, 0)
            archive.writestr(zipfile.ZipInfo(moodle(name, hour + 1, id), when), work(id, 10))
    term.run("grade", "a.zip")
    assert [term.rows()[id, "02"]["points"] for id in ("0012", "900")] == ["10", "9"]
    (term.at / "class/gradebook.sqlite").unlink()
    one = {moodle("Eve Okoye", 2, "900"): work("900", 10)}
    assert "late 900 02 DAYS" in term.run("grade", term.zipped("b.zip", one, day=5))[1]


def test_what_is_saved_into_moodles_folders_says_nothing_of_hand_in(term):
    (term.at / "class/course.toml").write_text(LATE)
    for day, (name, id) in enumerate((("Ada Lovelace", "0012"), ("Eve Okoye", "900"))):
        path = term.at / "in" / moodle(name, day, id)
        path.parent.mkdir(parents=True)
        path.write_text(work(id, 10))
        os.utime(path, (1.8e9 + day * 1e5,) * 2)
    told = term.run("grade", "in")[1]
    assert "late 0012 02 DAYS" in told and "late 900 02 DAYS" in told


def test_the_seconds_of_a_download_say_nothing(term):
    """Two files of one submission on Canvas, packed one after the other."""
    with zipfile.ZipFile(term.at / "a.zip", "w") as archive:
        for place, points in enumerate((7, 9)):
            name = canvas("lovelaceada", 1, 700 + place, "0012", suffix=" copy" * place)
            when = (2026, 1, 1, 12, 0, 2 * place)
            archive.writestr(zipfile.ZipInfo(name, when), work("0012", points))
    status, told = term.run("grade", "a.zip")
    assert status == 3 and "2 files of one moment" in told


# ---- what came, or was graded, after a decision (a second instructor, 2026-11-30) ---------------


def test_a_newer_file_counts_that_was_downloaded_before_and_graded_after_a_decision(term):
    one = moodle("Ada Lovelace", 1, "0012")
    two, three = (moodle("Ada Lovelace", 1, "0012", f" ({n})") for n in (1, 2))
    files = {one: work("0012", 7), two: work("0012", 5)}
    told = term.run("grade", term.zipped("a.zip", files))[1]
    sign = re.search(r"decide (\w{8}) \(02_power_laws-0012 \(1\)", told)[1]
    term.run("decide", "class", sign, "--student", "0012", "--reason", "asked")
    assert term.rows()["0012", "02"]["points"] == "5"
    term.run("grade", term.zipped("b.zip", {**files, three: work("0012", 10)}, day=3))
    assert term.rows()["0012", "02"]["points"] == "10"
    older = moodle("Ada Lovelace", 1, "0012", " (old)")
    assert term.run("grade", term.zipped("c.zip", {older: work("0012", 1)}, day=0 + 1))[0] == 0
    assert term.rows()["0012", "02"]["points"] == "10"


@pytest.mark.parametrize("rule", ["newest", "best"])
def test_days_late_are_said_of_the_files_of_that_day(term, rule):
    """Who was a day late, and then hands in again a week later, is asked about again."""
    (term.at / "class/course.toml").write_text(f'counts = "{rule}"\n' + LATE)
    first = canvas("lovelaceada", 1, 900, "0012").replace("_1_", "_LATE_1_")
    term.run("grade", term.zipped("a.zip", {first: work("0012", 8)}, day=4))
    term.run("late", "class", "0012", "2", "1", "--reason", "Canvas says one")
    assert term.rows()["0012", "02"]["points"] == "7"
    _, told = term.run("grade", term.zipped("b.zip", {AGAIN: work("0012", 10)}, day=9))
    assert term.rows()["0012", "02"]["points"] == ""
    assert "(late 1 was said of an earlier file). Say: late 0012 02 DAYS" in told
    term.run("late", "class", "0012", "2", "5", "--reason", "Canvas says five")
    assert term.rows()["0012", "02"]["points"] == {"newest": "5", "best": "7"}[rule]


def test_days_late_may_be_said_before_anything_came(term):
    (term.at / "class/course.toml").write_text(LATE)
    term.run("grade", term.zipped("a.zip", {BOB: work("0345", 6)}))
    term.run("late", "class", "0012", "2", "0", "--reason", "on paper, in time")
    term.run("grade", term.zipped("b.zip", {AGAIN: work("0012", 10)}, day=9))
    assert term.rows()["0012", "02"]["points"] == "10"


@pytest.mark.parametrize("counts", ["newest", "best"])
def test_halves_are_taken_together_though_each_has_its_own_time(term, counts):
    """In a folder of a hub, or of an older Moodle; a new version of the same is a new version."""
    (term.at / "class/course.toml").write_text(f'counts = "{counts}"\n')
    first, *rest = chapter_specs("02")
    worth = chapter_specs("02")[first].points
    halves = {
        "part1": work("0012", worth, text=" ".join(rest)),
        "part2": work("0012", 5, text=first),
    }
    for hour, (name, text) in enumerate(halves.items()):
        path = term.at / f"hub/0012/{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (1.7e9 + hour * 3600,) * 2)
    assert term.run("grade", "hub")[0] == 0
    row = term.rows()["0012", "02"]
    assert float(row["points"]) == worth + 5
    assert row["reason"] == "2 notebooks, taken together", row
    whole = term.at / "hub/0012/all.ipynb"
    whole.write_text(work("0012", 4))
    term.run("grade", "hub")
    most = {"newest": 4, "best": worth + 5}[counts]
    assert float(term.rows()["0012", "02"]["points"]) == most, "the newest leaves nothing out"


@pytest.mark.parametrize("deep", [1, 0])
def test_halves_in_moodles_folder_with_their_own_times(term, deep):
    """Moodle's zip file has folders, or none."""
    (term.at / "class/course.toml").write_text(LATE)
    first, *rest = chapter_specs("02")
    worth = chapter_specs("02")[first].points
    with zipfile.ZipFile(term.at / "a.zip", "w") as archive:
        for minute, (name, id, text) in enumerate(
            (
                (
                    moodle("Ada Lovelace", 1, "0012", "a").replace("/", "/" * deep),
                    "0012",
                    " ".join(rest),
                ),
                (moodle("Ada Lovelace", 1, "0012", "b").replace("/", "/" * deep), "0012", first),
                (moodle("Eve Okoye", 2, "900"), "900", ""),
            )
        ):
            points = worth if minute == 0 else 5
            when = (2026, 1, 1 + minute // 2, 8, minute, 0)
            archive.writestr(zipfile.ZipInfo(name, when), work(id, points, text=text))
    term.run("grade", "a.zip")
    assert float(term.rows()["0012", "02"]["points"]) == worth + 5


def test_the_points_may_stand_behind_the_options(term, capsys):
    """[S17]"""
    exercise = list(chapter_specs("02"))[2]
    term.run("grade", term.zipped("a.zip", {ADA: work("0012", 2)}))
    behind = ("--reason", "good way", "--exercise", exercise)
    term.run("override", "class", "0012", "2", *behind, "1")
    assert term.rows()["0012", "02"]["points"] == "3"
    for more in (("1", *behind, "2"), (*behind, "1", "2"), (*behind, "--point")):
        with pytest.raises(SystemExit):
            term.run("override", "class", "0012", "2", *more)
        assert "unrecognized arguments: " in capsys.readouterr().err


def test_points_by_hand_for_an_exercise_are_of_the_file_of_that_day(term):
    exercise = list(chapter_specs("02"))[2]
    term.run("grade", term.zipped("a.zip", {ADA: work("0012", 2)}))
    term.run("override", "class", "0012", "2", "1", "--exercise", exercise, "--reason", "good way")
    assert term.rows()["0012", "02"]["points"] == "3"
    again = term.zipped("b.zip", {canvas("lovelaceada", 1, 905, "0012"): work("0012", 10)}, day=8)
    status, told = term.run("grade", again)
    assert status == 3 and f"came after a person had given points for {exercise}" in told
    term.run("override", "class", "0012", "2", "--exercise", exercise, "--withdraw")
    assert term.run("grade", again)[0] == 0 and term.rows()["0012", "02"]["points"] == "10"


def test_a_file_of_an_older_download_is_newer_than_what_a_person_gave(term):
    term.run("grade", week_one(term))
    term.run("override", "class", "0012", "2", "7", "--reason", "asked in the talk")
    again = canvas("lovelaceada", 1, 905, "0012")
    status, told = term.run("grade", term.zipped("b.zip", {again: work("0012", 10)}, day=8))
    assert status == 3 and "newer" in told
    assert term.rows()["0012", "02"]["points"] == "7"


WITH_ONE = (
    "[late]\nper_day = 10\n[chapters.01]\ndue = 2026-02-02\n[chapters.02]\ndue = 2026-01-02\n"
)


def test_a_chapter_that_comes_to_anothers_assignment_is_put_to_a_person(term):
    """That is in time there: so nothing is late by its mark, and no older work is replaced."""
    (term.at / "class/course.toml").write_text(WITH_ONE)
    term.run("grade", week_one(term))
    ones = {
        canvas(name, user, 810 + user, id, "01"): work(id, 1, "01")
        for name, user, id in (("lovelaceada", 1, "0012"), ("odegardbob", 2, "0345"))
    }
    strays = {canvas("lovelaceada", 1, 900, "0012"): work("0012", 4)}
    status, told = term.run("grade", term.zipped("b.zip", ones | strays, day=30))
    assert status == 3 and "it came with the submissions of chapter 01" in told
    assert term.rows()["0012", "02"]["points"] == "9"
    sign = re.search(r"decide (\w{8}) --student 0012 --chapter 02", told)[1]
    term.run("decide", "class", sign, "--student", "0012", "--reason", "the wrong box")
    told = term.run("regrade")[1]
    assert "late 0012 02 DAYS" in told and term.rows()["0012", "02"]["points"] == ""
    term.run("late", "class", "0012", "2", "2", "--reason", "we looked")
    assert term.rows()["0012", "02"]["points"] == "2"


def test_one_assignment_may_ask_for_two_chapters(term):
    files = {
        canvas(name, user, 800 + 10 * user + int(chapter), id, chapter): work(id, 1, chapter)
        for name, user, id in (("lovelaceada", 1, "0012"), ("odegardbob", 2, "0345"))
        for chapter in ("01", "02")
    }
    assert term.run("grade", term.zipped("a.zip", files))[0] == 0
    assert [row["points"] for row in term.rows().values() if row["status"] == "graded"] == ["1"] * 4


def test_of_one_assignment_of_two_due_times_nobody_knows_whose_mark_of_lateness_it_is(term):
    """[S44] Canvas has the later one: what came four weeks late for the other had all points."""
    (term.at / "class/course.toml").write_text(LATE + "[chapters.01]\ndue = 2026-01-30\n")
    files = {
        ADA: work("0012", 10),
        canvas("lovelaceada", 1, 800, "0012", "01"): work("0012", 1, "01"),
    }
    both = ("--chapter", "1", "--chapter", "2")
    for name, day in (("a.zip", 29), ("b.zip", 1)):
        told = term.run("grade", term.zipped(name, files, day), *both)[1]
        assert ("late 0012 02 DAYS" in told) == (day == 29)
        assert term.rows()["0012", "01"]["points"] == "1"


def test_a_table_of_decisions_may_decide_files_and_have_excels_first_line(term):
    files = {moodle("Bobby", 9, "0345"): work("0345", 8), moodle("Zed", 5, "x"): work("x", 3)}
    told = term.run("grade", term.zipped("a.zip", files))[1]
    bob, zed = (re.search(rf"{name}_.*?decide (\w{{8}})", told)[1] for name in ("Bobby", "Zed"))
    head = "sep=;\r\nDecision;Student ;CHAPTER;value;Reason\r\n"
    lines = f"decide;345;2;{bob};we talked\r\ndecide;nobody;;{zed};a guest\r\n"
    (term.at / "d.csv").write_text("\ufeff" + head + lines, encoding="utf-8")
    assert term.run("decisions", "class", "d.csv")[0] == 0
    assert term.run("regrade")[0] == 0 and term.rows()["0345", "02"]["points"] == "8"
    assert "no points change" in term.run("decisions", "class", "d.csv")[1]
    history = term.run("history", "class", "0345")[1]
    assert history.count(": we talked") == 1, "read once"
    for line, said in (
        (f"decide;;2;{bob};we talked", "say whose it is"),
        (f"decide;345;2;{bob};", "needs its reason"),
        ("give;345;2;3;so", "there are override, excuse, extend, late, zero, drop, decide"),
    ):
        (term.at / "d.csv").write_text(head + line + "\r\n", encoding="utf-8")
        status, told = term.run("decisions", "class", "d.csv")
        assert status == 1 and said in told
    (term.at / "d.csv").write_text("decision;who;reason\r\n", encoding="utf-8")
    assert (
        "no column 'student'; it has decision, who, reason"
        in term.run("decisions", "class", "d.csv")[1]
    )


@pytest.mark.parametrize(
    "ids, said",
    [
        (("0345", "0012"), "the id of Bob Ødegård and the name Lovelace, Ada"),
        (("345", "0345"), "the id of Cy Same and the name Lovelace, Ada"),
    ],
)
def test_a_campus_file_whose_names_and_ids_contradict_each_other_is_not_filled(term, ids, said):
    """One column was sorted alone; zeros were lost, and the rest is somebody else's id."""
    with open(term.at / "class/roster.csv", "a", encoding="utf-8") as file:
        file.write("345,Cy Same\n")
    (term.at / "class/course.toml").write_text("[chapters.02]\n")
    term.run("grade", week_one(term, **{canvas("x", 8, 9, "345"): work("345", 1)}))
    names = ("Lovelace, Ada", "Bob Odegard")
    pairs = zip(names, ids, strict=True)
    lines = [f'"{who}",1,{id},x,S,\r\n' for who, id in pairs]
    (term.at / "c.csv").write_text(HEAD + BEFORE + "".join(lines), encoding="utf-8", newline="")
    status, told = term.run("export", "class", "--canvas", "c.csv")
    assert status == 1 and said in told and not (term.at / "class/export/c.csv").exists()
    right = '"Lovelace, Ada",1,0012,x,S,\r\nRobert Oe,2,0345,x,S,\r\nCy SAME,3,777,x,S,\r\n'
    (term.at / "c.csv").write_text(HEAD + BEFORE + right, encoding="utf-8", newline="")
    term.run("export", "class", "--canvas", "c.csv")
    assert ",S,9\n" in (term.at / "class/export/c.csv").read_text()


@pytest.mark.parametrize("name, text", [("01", "02"), ("02", "01")])
def test_a_file_that_may_be_of_a_chapter_keeps_its_zero_away(term, name, text):
    """A file of chapter 2 called 1; and one that came to the assignment of chapter 1."""
    due = "[chapters.01]\ndue = 2026-01-03\n[chapters.02]\ndue = 2026-01-03\n"
    (term.at / "class/course.toml").write_text(due)
    files = {
        canvas(who, user, 810 + user, id, chapter): work(id, 1, chapter)
        for who, user, id in (("odegardbob", 2, "0345"), ("okoyeeve", 5, "900"))
        for chapter in ("01", "02")
    }
    odd = canvas("lovelaceada", 1, 700, "0012", name)
    _, told = term.run("grade", term.zipped("a.zip", {**files, odd: work("0012", 1, text)}))
    term.zero("1")
    term.zero("2")
    rows = term.rows()
    assert [rows["0012", n]["points"] for n in ("01", "02")] == ["", ""]
    assert [rows["777", n]["points"] for n in ("01", "02")] == ["0", "0"]
    sign = re.search(r"0012, chapter \d\d: chapter: .*decide (\w{8})", told)[1]
    term.run("decide", "class", sign, "--student", "0012", "--chapter", "2", "--reason", "seen")
    term.zero("1")
    assert term.rows()["0012", "01"]["points"] == "0"


def test_what_a_command_leaves_alone_or_to_another_is_said(term):
    due = "[chapters.02]\ndue = 2026-01-02\ncloses = 2026-01-05\n"
    (term.at / "class/course.toml").write_text(due)
    term.run("grade", week_one(term))
    for words in (("grade", "week1.zip", "--regrade"), ("regrade",)):
        told = term.run(*words)[1]
        assert "nothing there was graded again: chapter 02 (to grade it again, say: " in told
        assert "regrade --chapter 02)" in told
    for words in (("grade", "week1.zip"), ("regrade", "--chapter", "2")):
        assert "closed" not in term.run(*words)[1]
    again = canvas("lovelaceada", 1, 905, "0012", suffix="-1")
    told = term.run("grade", term.zipped("b.zip", {again: work("0012", 10)}, day=8))[1]
    assert told.index("0012, chapter 02: closed") < told.index("chapter 02: missing")
    sign = re.search(r"decide (\w{8}) --student 0012", told)[1]
    told = term.run("decide", "class", sign, "--student", "0012", "--reason", "a mail")[1]
    assert "0012, chapter 02: waiting" in told and "the next grade or regrade" in told


@pytest.mark.parametrize("grace, hour, points", [(0, 20, "8"), (2, 20, ""), (2, 10, "9")])
def test_canvas_knows_nothing_of_a_grace(term, grace, hour, points):
    """Handed in within it, or not: who downloads later cannot tell."""
    (term.at / "class/course.toml").write_text(LATE.replace("[ch", f"grace = {grace}\n[ch", 1))
    with zipfile.ZipFile(term.at / "a.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo(AGAIN, (2026, 1, 2, hour, 0, 0)), work("0012", 9))
    told = term.run("grade", "a.zip")[1]
    assert term.rows()["0012", "02"]["points"] == points
    assert ("late 0012 02 DAYS" in told) == (not points)


@pytest.mark.parametrize("account", [False, True])
def test_whose_a_file_is_can_be_taken_back(term, account):
    """Not only decided anew: then the notebooks themselves say it again."""
    (term.at / "class/course.toml").write_text("[chapters.02]\n")
    files = {moodle("Bobby", 9, "0345"): work("0345", 8), EVE: work("900", 3)}
    told = term.run("grade", term.zipped("a.zip", files))[1]
    what = "Moodle Bobby 9" if account else re.search(r"decide (\w{8})", told)[1]
    term.run("decide", "class", what, "--nobody", "--reason", "a guest")
    assert term.rows()["0345", "02"]["status"] == "missing"
    assert term.run("decide", "class", what, "--withdraw", "--reason", "no guest")[0] == 0
    assert term.rows()["0345", "02"]["status"] == "sender"
    told = term.run("history", "class", "0345")[1]
    assert f"decide {what} taken back: no guest" in told
    status, told = term.run("decide", "class", what, "--withdraw")
    assert status == 1 and "nothing to take back" in told


@pytest.mark.parametrize("kind", ["half of the class", "copied", "mended", "of another chapter"])
def test_no_download_makes_a_zero(term, kind):
    """Tried in three terms: what a download does not show was taken for nothing handed in."""
    due = "[chapters.01]\ndue = 2026-01-03\n[chapters.02]\ndue = 2026-01-03\n"
    (term.at / "class/course.toml").write_text(due)
    if kind == "half of the class":  # the section of one assistant, after the due time
        place = term.zipped("a.zip", {ADA: work("0012", 9), BOB: work("0345", 6)}, day=5)
    elif kind == "copied":  # downloaded before the due time, and copied after it
        place = term.at / week_one(term)
        os.utime(place)
    elif kind == "mended":  # one repaired notebook
        (term.at / "m/0012").mkdir(parents=True)
        (term.at / "m/0012/02_power_laws-0012.ipynb").write_text(work("0012", 9))
        place = "m"
    else:  # who zips the whole folder each time
        whole = {
            canvas(who, user, 710 + user, id, chapter): work(id, 1, chapter)
            for who, user, id in (("lovelaceada", 1, "0012"), ("odegardbob", 2, "0345"))
            for chapter in ("01", "02")
        }
        place = term.zipped("a.zip", whole, day=5)
    status, told = term.run("grade", place)
    assert status == 3 and "zero 02" in told
    assert term.run("export", "class")[0] == 3
    assert {row["points"] for (id, _), row in term.rows().items() if id in ("777", "778")} == {""}


# ---- students who pack their whole folder each time (instructors' terms, 45, 55, 56, 78, 79) ----


def test_the_same_bytes_handed_in_again_late_count_from_the_first_time(term):
    """[24b] Saved again for peace of mind after the due time: 6 in place of 7, without a word."""
    (term.at / "class/course.toml").write_text(LATE)
    term.run("grade", term.zipped("a.zip", {ADA: work("0012", 7)}))
    again = canvas("lovelaceada_LATE", 1, 801, "0012", suffix="-1")
    for name, text in (("b.zip", work("0012", 7)), ("c.zip", work("0012", 7))):
        assert term.run("grade", term.zipped(name, {again: text}, day=2))[0] == 3
        assert term.rows()["0012", "02"]["points"] == "7"
    other = canvas("lovelaceada_LATE", 1, 802, "0012", suffix="-2")
    term.run("grade", term.zipped("d.zip", {other: work("0012", 9)}, day=2))
    assert term.rows()["0012", "02"]["points"] == "8", "another file is late"
    back = canvas("lovelaceada_LATE", 1, 803, "0012", suffix="-3")
    told = term.run("grade", term.zipped("e.zip", {back: work("0012", 7)}, day=3))[1]
    assert "late 0012 02 DAYS" in told, "who goes back to the first hands it in late"


@pytest.mark.parametrize("until", ["2025-01-10", "2026-01-02T08:59"])
def test_an_extension_that_ends_before_the_due_time_is_refused(term, until):
    """[38] The year was a typing error, and who was ill had lost points without a word."""
    (term.at / "class/course.toml").write_text(LATE)
    told = term.run("extend", "class", "0012", "2", "2026-01-10", "--reason", "ill")[1]
    assert "0012, chapter 02: 8.62 days more than the others have" in told
    status, told = term.run("extend", "class", "0345", "2", until, "--reason", "ill")
    assert status == 1 and "is before chapter 02 is due (2026-01-02T09:00:00)" in told
    assert "another day, or another year?" in told
    (term.at / "d.csv").write_text(
        f"decision,student,chapter,value,reason\nextend,0012,2,2026-01-20,ill\n"
        f"extend,0345,2,{until},ill\n"
    )
    status, told = term.run("decisions", "class", "d.csv")
    assert status == 1 and "d.csv, line 3: " in told
    assert "extend 2026-01-20" not in term.run("history", "class", "0012")[1], "none is taken"


def test_a_table_that_was_read_is_not_judged_by_later_rules(term):
    """Its lines could be made when they were read: the due time and the points are others now."""
    (term.at / "class/course.toml").write_text(LATE)
    first = next(iter(chapter_specs("02")))
    (term.at / "d.csv").write_text(
        "decision,student,chapter,exercise,value,reason\nextend,0012,2,,2026-01-10,ill\n"
        f"override,0012,2,{first},1,so\n"
    )
    assert term.run("decisions", "class", "d.csv")[0] == 0
    later = LATE.replace("01-02T", "01-20T") + f"[points]\n{first} = 0\n"
    (term.at / "class/course.toml").write_text(later)
    status, told = term.run("decisions", "class", "d.csv")
    assert status == 0 and "no points change" in told


def test_history_has_no_empty_line_after_a_merge(term):
    """[13] Both folders tell the same rules."""
    (term.at / "class/course.toml").write_text(LATE)
    term.run("grade", week_one(term))
    shutil.copytree(term.at / "class", term.at / "b")
    for folder in ("class", "b"):
        (term.at / folder / "course.toml").write_text(LATE.replace("10", "20"))
        term.run("history", folder, "0012")
    term.run("merge", "class", "b")
    told = term.run("history", "class", "0012")[1]
    assert told.count("course.toml: ") == 2 and "course.toml: \n" not in told


def test_points_by_hand_where_nothing_is_known_of_a_chapter_are_of_all_its_points(term):
    told = term.run("override", "class", "0012", "2", MOST, "--reason", "an oral examination")[1]
    assert f"0012, chapter 02: by hand, {MOST} of {MOST} (was nothing)" in told
    status, told = term.run("override", "class", "0345", "2", MOST + 1, "--reason", "so")
    assert status == 1 and f"{MOST + 1} points, where 0 to {MOST} fit" in told


TWO_DUE = "[late]\nper_day = 10\n[chapters.01]\ndue = {}\n[chapters.02]\ndue = 2026-01-03\n"


def whole_folders(number=700, late="", **points):
    """What two students of three hand in, who pack both notebooks, and the third one."""
    who = (("lovelaceada", 1, "0012"), ("odegardbob", 2, "0345"))
    return {
        canvas(f"{name}{late}", user, number + user, id, chapter): work(id, *points[f"n{chapter}"])
        if chapter == "02"
        else work(id, points["n01"][0], "01", *points["n01"][1:])
        for name, user, id in who
        for chapter in ("01", "02")
    }


def test_what_is_packed_with_another_chapter_is_not_handed_in(term):
    """Untouched notebooks of a chapter that is not due had 0 points, by a download of another."""
    (term.at / "class/course.toml").write_text(TWO_DUE.format("2999-01-09"))
    files = whole_folders(n02=(7,), n01=(0, "untouched")) | {EVE: work("900", 3)}
    told = term.run("grade", term.zipped("a.zip", files))[1]
    rows = term.rows()
    assert [rows[id, "02"]["points"] for id in ("0012", "0345", "900")] == ["7", "7", "3"]
    assert [rows[id, "01"]["points"] for id in ("0012", "0345", "900")] == ["", "", ""]
    assert "chapter 01" not in told, "the right one may still come"
    (term.at / "class/course.toml").write_text(TWO_DUE.format("2026-01-09"))
    told = term.run("export", "class")[1]
    assert told.count("chapter 01: chapter: it came with the submissions of chapter 02") == 2
    own = {canvas("lovelaceada", 1, 801, "0012", "01"): work("0012", 2, "01")}
    told = term.run("grade", term.zipped("b.zip", own, day=8))[1]
    assert term.rows()["0012", "01"]["points"] == "2"
    assert "0012, chapter 01" not in told and "0345, chapter 01: chapter: it came" in told


def test_what_is_packed_with_a_later_chapter_does_not_replace_what_was_in_time(term):
    """An improved notebook of a chapter that was over counted, and Canvas's mark was another's."""
    (term.at / "class/course.toml").write_text(TWO_DUE.format("2026-01-09"))
    term.run("grade", week_one(term))
    late = whole_folders(900, n01=(2,), n02=(10,))
    eve = {canvas("okoyeeve", 5, 905, "900", "01"): work("900", 1, "01")}
    status, told = term.run("grade", term.zipped("b.zip", late | eve, day=8))
    rows = term.rows()
    assert [rows[id, "02"]["points"] for id in ("0012", "0345", "900")] == ["9", "6", "3"]
    assert status == 3 and "0345, chapter 02: chapter: it came with the submissions of" in told
    same = {**whole_folders(950, "_LATE", n01=(2, "more"), n02=(9,)), **eve}
    told = term.run("grade", term.zipped("c.zip", same, day=12))[1]
    assert term.rows()["0012", "02"]["points"] == "9", "the same bytes are no newer attempt"


def test_a_zip_file_of_as_many_notebooks_of_two_chapters_says_what_to_do(term):
    (term.at / "class/course.toml").write_text(TWO_DUE.format("2026-01-09"))
    term.zipped("a.zip", whole_folders(n02=(7,), n01=(0, "untouched")))
    status, told = term.run("grade", "a.zip")
    assert status == 1 and "as many notebooks are of chapter 01 as of 02" in told
    assert "grade ... --chapter 01" in told and not (term.at / "class/gradebook.sqlite").exists()
    status, told = term.run("grade", "a.zip", "--chapter", "2")
    assert [term.rows()[id, "02"]["points"] for id in ("0012", "0345")] == ["7", "7"]
    assert "chapter 01: chapter: it came with the submissions of chapter 02" in told
    term.run("grade", "a.zip", "--chapter", "1", "--chapter", "2")
    assert term.rows()["0012", "01"]["status"] == "graded", "the assignment asks for both"
    status, told = term.run("grade", "a.zip", "--chapter", "98")
    assert status == 1 and "chapter '98' has no exercises" in told


def test_the_wrong_chapter_by_a_slip_takes_nothing_away_and_is_put_right(term):
    """[S32] The whole class's points were gone, and the right command did not bring them back."""
    (term.at / "class/course.toml").write_text(TWO_DUE.format("2026-01-09"))
    week_one(term)
    term.run("grade", "week1.zip")
    status, told = term.run("grade", "week1.zip", "--chapter", "1")
    points = [term.rows()[id, "02"]["points"] for id in ("0012", "0345", "900")]
    assert status == 3 and points == ["9", "6", "3"]
    assert "3 students (0012, 0345, 900), chapter 02: chapter: what is of this chapter was" in told
    told = term.run("grade", "week1.zip", "--chapter", "2")[1]
    assert "chapter: what is of this chapter" not in told
    more = term.zipped("week2.zip", {AGAIN: work("0012", 8)}, day=2)
    told = term.run("grade", more, "--chapter", "1")[1]
    assert "if all of that was for chapter 02, grade it again with --chapter 02" in told
    assert "it came with" not in term.run("grade", more, "--chapter", "2")[1]
    points[0] = "8"
    assert points == [term.rows()[id, "02"]["points"] for id in ("0012", "0345", "900")]
    size = len(term.run("history", "class", "0012")[1])
    term.run("grade", "week1.zip", "--chapter", "2")
    assert len(term.run("history", "class", "0012")[1]) == size, "nothing new is written"


@pytest.mark.parametrize("slips", [(), ("1",), ("1", "2"), ("3", "2")])
def test_what_cannot_be_read_has_no_0_in_its_chapter_after_a_slip(term, slips):
    """Nothing in it tells its chapter: right, wrong and right again, it was lost in the wrong."""
    (term.at / "class/course.toml").write_text(TWO_DUE.format("2026-01-09"))
    names = ["lovelaceada_1_5_homework.pdf", "odegardbob_2_6_Untitled.ipynb"]
    term.zipped("broken.zip", dict.fromkeys(names, b""))
    for chapter in ("2", *slips):
        status, told = term.run("grade", "broken.zip", "--chapter", chapter)
        assert status == 3
    term.zero()
    rows = term.rows()
    assert [rows[id, "02"]["points"] for id in ("0012", "0345", "900")] == ["", "", "0"]
    if slips[-1:] != ("1",):
        assert [rows[id, "02"]["status"] for id in ("0012", "0345")] == ["unreadable"] * 2
    if slips == ("1",):
        sign = re.search(r"decide (\w{8}) --student 0012 --chapter 01 or 02, or: decide", told)[1]
        given = ("--student", "0012", "--chapter", "2", "--reason", "asked")
        term.run("decide", "class", sign, *given)
        rows = term.rows()
        assert (rows["0012", "02"]["status"], rows["0012", "01"]["status"]) == (
            "unreadable",
            "missing",
        )


def test_of_a_folder_that_holds_more_only_the_named_chapter_is_handed_in(term):
    (term.at / "class/course.toml").write_text(TWO_DUE.format("2026-01-09"))
    files = {
        f"0012/{stem}-0012.ipynb": work("0012", 2, stem[:2])
        for stem in ("01_three_levers", "02_power_laws")
    }
    told = term.run("grade", term.zipped("hub.zip", files), "--chapter", "2")[1]
    rows = term.rows()
    assert (rows["0012", "02"]["points"], rows["0012", "01"]["points"]) == ("2", "")
    assert "or if both were asked for, grade that again with a --chapter for each" in told
    for more in (("--chapter", "1", "--chapter", "2"), ("--chapter", "1")):
        assert term.run("grade", "hub.zip", *more)[0] == 3
        assert [term.rows()["0012", chapter]["points"] for chapter in ("01", "02")] == ["2", "2"]
    assert "0012" not in term.run("grade", "hub.zip", "--chapter", "2")[1].split("To decide")[1]


def test_an_untouched_notebook_has_no_points_before_it_is_due(term):
    (term.at / "class/course.toml").write_text("[chapters.02]\ndue = 2999-01-03\n")
    files = {"0012/02_power_laws-0012.ipynb": work("0012", 0, text="untouched")}
    assert term.run("grade", term.zipped("hub.zip", files))[0] == 0
    assert (term.rows()["0012", "02"]["status"], term.campus({})[0]["0012"]) == ("untouched", "")
    (term.at / "class/course.toml").write_text("[chapters.02]\ndue = 2026-01-03\n")
    assert term.campus({})[0]["0012"] == "0"


def test_a_notebook_that_came_to_another_assignment_on_moodle_is_no_second_account(term):
    """Moodle's number of a person is another one in each assignment."""
    (term.at / "class/course.toml").write_text(TWO_DUE.format("2026-01-09"))
    term.run("grade", term.zipped("a.zip", {moodle("Ada Lovelace", 7001, "0012"): work("0012", 7)}))
    both = {
        moodle("Ada Lovelace", 8001, "0012"): work("0012", 7),
        "Ada Lovelace_8001_assignsubmission_file_/01_x-0012.ipynb": work("0012", 2, "01"),
        "Eve Okoye_8005_assignsubmission_file_/01_x-900.ipynb": work("900", 1, "01"),
    }
    told = term.run("grade", term.zipped("b.zip", both, day=8))[1]
    assert "both hand in as" not in told and term.rows()["0012", "02"]["points"] == "7"
    assert "0012, chapter 02: chapter" not in told, "it is the same file as in time"


def test_only_some_chapters_are_handed_out(term):
    given = ("class/roster.csv", "--key-file", "class.key", "--out", "class")
    status, told = term.run("assign", *given, "--chapter", "2")
    assert status == 0 and f"{len(ROSTER)} notebooks of {len(ROSTER)} students" in told
    assert [path.name for path in (term.at / "class/notebooks/0012").iterdir()] == [
        "02_power_laws-0012.ipynb"
    ]
    status, told = term.run("assign", *given, "--chapter", "98")
    assert status == 1 and "chapter '98' has no exercises" in told


@pytest.mark.parametrize("word", [("override", "13", "5"), ("excuse", "13"), ("late", "13", "1")])
def test_a_chapter_that_is_not_handed_out_is_not_decided_about(term, word):
    """[29] A slip for 12 gave a student points in a chapter that the class does not have."""
    term.run("grade", term.zipped("a.zip", {canvas("lovelaceada", 9, 9, "0012"): work("0012", 9)}))
    (term.at / "class/course.toml").write_text("[chapters.02]\n[chapters.12]\n")
    said = (word[0], "class", "0012", word[1], *word[2:], "--reason", "why")
    status, told = term.run(*said)
    assert status == 1 and "hands out 02, 12, not chapter 13: is it another?" in told
    (term.at / "class/course.toml").write_text("[chapters.02]\n[chapters.13]\n")
    assert term.run(*said)[0] == 0


def test_of_a_group_on_gradescope_the_others_are_asked_about(term):
    """Whoever is named first has the points; a zero for the others would be no answer."""
    (term.at / "class/course.toml").write_text("[chapters.02]\ndue = 2026-01-03\n")
    listed = "submission_1:\n  :submitters:\n  - :sid: '0012'\n  - :sid: '0345'\n"
    files = {"e/submission_1/a.ipynb": work("0012", 9), "e/submission_metadata.yml": listed}
    status, told = term.run("grade", term.zipped("a.zip", files))
    assert status == 3 and "handed in for a group, with the numbers of 0012" in told
    term.zero()
    points = [term.rows()[id, "02"]["points"] for id in ("0012", "0345", "900")]
    assert points == ["9", "", "0"]
    term.run("override", "class", "0345", "2", "9", "--reason", "worked together")
    assert term.run("grade", "a.zip")[0] == 0 and term.rows()["0345", "02"]["points"] == "9"


# ---- one class on several machines (a third instructor's term, S...) -----------------------------


@pytest.fixture
def machine(monkeypatch):
    """The same folder on a machine with another time zone; without one, that of the tests again."""

    def at(zone):
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield at
    monkeypatch.undo()
    time.tzset()


def test_the_last_decision_is_the_last_on_any_machine(term, machine):
    """[S84] At home, then in the container, whose clock shows an earlier hour."""
    machine("Asia/Tokyo")
    term.run("grade", week_one(term))
    term.run("override", "class", "0012", "2", "7", "--reason", "first")
    machine("America/Los_Angeles")
    told = term.run("override", "class", "0012", "2", "8", "--reason", "second")[1]
    assert "0012, chapter 02: by hand, 8 of 10 (was by hand, 7 of 10)" in told
    term.run("override", "class", "0012", "2", "--withdraw")
    assert term.rows()["0012", "02"]["points"] == "9"
    machine("Asia/Tokyo")
    assert term.run("grade", "week1.zip")[0] == 0
    assert term.rows()["0012", "02"]["points"] == "9"


def test_a_changed_course_file_counts_on_any_machine(term, machine):
    """[S84] And a version of the grader: regrade comes to an end. [S86]"""
    rules = LATE.replace("[late]", 'zone = "Europe/Berlin"\n[late]')
    machine("Asia/Tokyo")
    (term.at / "class/course.toml").write_text(rules)
    term.run("grade", term.zipped("a.zip", {ADA: work("0012", 10)}, day=3))
    term.run("late", "class", "0012", "2", "2", "--reason", "Canvas")
    assert term.rows()["0012", "02"]["points"] == "8"
    machine("America/Los_Angeles")
    (term.at / "class/course.toml").write_text(rules.replace("per_day = 10", "per_day = 20"))
    term.run("export", "class")
    assert term.rows()["0012", "02"]["points"] == "6"
    version, grade.version_of = grade.version_of, lambda number: "new"
    try:
        assert term.run("regrade")[1].startswith("1 graded now")
        assert term.run("regrade")[1].startswith("0 graded now")
    finally:
        grade.version_of = version


def test_a_newer_file_is_newer_on_any_machine(term, machine):
    """[S85] Said of one that came after a person had decided."""
    machine("Asia/Tokyo")
    term.run("grade", week_one(term))
    term.run("override", "class", "0012", "2", "4", "--reason", "a talk")
    machine("America/Los_Angeles")
    newer = canvas("lovelaceada", 1, 990, "0012", suffix="-1")
    assert (
        "0012, chapter 02: newer"
        in term.run("grade", term.zipped("b.zip", {newer: work("0012", 8)}, day=8))[1]
    )


LISTED = (
    "submission_1:\n  :submitters:\n  - :name: Ada\n    :sid: '0012'\n"
    "  :created_at: 2026-10-06 02:30:00 Z\n"
)


@pytest.mark.parametrize("graded_at", ["UTC", "America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize(
    "due, points",
    [
        ("2026-10-05T23:59:00", "10"),  # 22:30 in New York: in time
        ("2026-10-05T22:00:00", "9"),
        ("2026-10-06T03:59:00Z", "10"),
        ("2026-10-06T04:00:00+02:00", "9"),
    ],
)
def test_due_is_of_the_classs_time_zone_on_any_machine(term, machine, graded_at, due, points):
    """[S5, S82]"""
    machine(graded_at)
    rules = f'zone = "America/New_York"\n[late]\nper_day = 10\n[chapters.02]\ndue = {due}\n'
    (term.at / "class/course.toml").write_text(rules)
    files = {"e/submission_1/a.ipynb": work("0012", 10), "e/submission_metadata.yml": LISTED}
    term.run("grade", term.zipped("a.zip", files))
    assert term.rows()["0012", "02"]["points"] == points
    machine("Europe/Berlin")
    told = term.run("export", "class")[1]
    assert term.rows()["0012", "02"]["points"] == points and "time zone" not in told
    assert "there at 2026-10-05T22:30:00" in term.run("history", "class", "0012")[1]
    receipt = (term.at / "class/export/feedback/0012.md").read_text().replace("\\", "")
    assert "there by 2026-10-05 22:30" in receipt


@pytest.mark.parametrize("graded_at", ["UTC", "Asia/Tokyo"])
def test_a_campus_systems_stamp_is_of_the_classs_time_zone(term, machine, graded_at):
    """And an extension without an offset too; one with an offset is an instant."""
    machine(graded_at)
    rules = LATE.replace("[late]", 'zone = "Asia/Tokyo"\n[late]').replace("09:00", "11:59")
    (term.at / "class/course.toml").write_text(rules)
    files = {AGAIN: work("0012", 10), BOB: work("0345", 6)}
    term.run("grade", term.zipped("a.zip", files, day=2))
    assert [term.rows()[id, "02"]["points"] for id in ("0012", "0345")] == ["9", "6"]
    for until, points in (("2026-01-02T12:00", "10"), ("2026-01-02T02:59:30Z", ""),
                          ("2026-01-02T04:00+01:00", "10")):  # fmt: skip
        term.run("extend", "class", "0012", "2", until, "--reason", "ill")
        assert term.rows()["0012", "02"]["points"] == points, until


def test_a_class_without_a_time_zone_is_told_so(term):
    (term.at / "class/course.toml").write_text(LATE)
    told = term.run("grade", week_one(term))[1]
    assert "course.toml names no time zone" in told and 'zone = "Europe/Berlin"' in told
    assert "names no time zone" in term.run("export", "class")[1]
    (term.at / "class/course.toml").write_text('zone = "Berlin"\n' + LATE)
    assert "zone is 'Berlin'; write a time zone" in term.run("grade", week_one(term))[1]


def test_assign_writes_the_time_zone_once(tmp_path, machine):
    """What stands in course.toml stays."""
    machine("America/New_York")
    path = tmp_path / "course.toml"
    assert "those of America/New_York, as this machine says" in assign.keep_zone(tmp_path)
    assert read_rules(path.read_text()).zone == "America/New_York"
    machine("Europe/Berlin")
    assert "are those of America/New_York" in assign.keep_zone(tmp_path)
    path.write_text("\ufeff# ours\n[chapters.02]\nweight = 2\n", encoding="utf-8")
    assert "Europe/Berlin" in assign.keep_zone(tmp_path)
    found = read_rules(path.read_text(encoding="utf-8"))
    assert (found.zone, found.chapter("02").weight) == ("Europe/Berlin", 2)
    path.write_text("[chapters")
    assert "cannot be used as it is" in assign.keep_zone(tmp_path)
    assert path.read_text() == "[chapters"
    machine("<XYZ>-3:17")
    path.unlink()
    assert "does not tell its time zone" in assign.keep_zone(tmp_path) and not path.exists()


@pytest.mark.parametrize("inside", [{}, {"__MACOSX/x": "", "folder/": ""}])
def test_an_empty_zip_file_is_no_zero(term, inside):
    """[S12]"""
    (term.at / "class/course.toml").write_text("[chapters.02]\ndue = 2026-01-01\n")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in inside.items():
            archive.writestr(name, text)
    files = {BOB: work("0345", 6), "lovelaceada_1_700_02_work.zip": packed.getvalue()}
    status, told = term.run("grade", term.zipped("a.zip", files, day=3))
    assert (
        status == 3 and "0012, chapter 02: unreadable: it is a zip file with nothing in it" in told
    )
    term.zero()
    assert [term.rows()[id, "02"]["points"] for id in ("0012", "900")] == ["", "0"]


def test_points_by_hand_stay_the_same_share_until_a_person_decides(term):
    """[S43-S45] Never above full marks, never an exercise above its points."""
    first, second = list(chapter_specs("02"))[:2]
    worth = {id: chapter_specs("02")[id].points for id in (first, second)}
    term.run("grade", week_one(term))
    term.run("override", "class", "0012", "2", "9", "--reason", "a talk")
    term.run("override", "class", "900", "2", worth[second], "--exercise", second, "--reason", "x")
    left = 3 - min(3, worth[first]) + worth[second]  # Eve had 3, of the first exercises
    for points in (0, 1, 2 * worth[second]):
        (term.at / "class/course.toml").write_text(f"[points]\n{second} = {points}\n")
        cells, status, told = term.campus({})
        assert cells["0012"] == "9" and status == 3, points
        most = MOST - worth[second] + points
        assert f"9 points by hand were of 10, now {most:g} can be had: the same share, " in told
        if points:
            assert f"now {points:g} can be had for {second}: the same share, {points:g}, " in told
            eve = term.rows()["900", "02"]
            assert float(eve["points"]) <= float(eve["possible"]) and left


def test_points_by_hand_of_an_exercise_that_has_more_now(term):
    """[S44] 1 of 2 is 3 of 6, and is asked about."""
    id, spec = next((id, s) for id, s in chapter_specs("02").items() if s.points > 1)
    term.run("grade", term.zipped("a.zip", {ADA: work("0012", 0)}))
    term.run("override", "class", "0012", "2", "1", "--exercise", id, "--reason", "x")
    (term.at / "class/course.toml").write_text(f"[points]\n{id} = {3 * spec.points}\n")
    status, told = term.run("grade", "a.zip")
    assert status == 3 and f"1 points by hand were of {spec.points:g}" in told
    assert term.rows()["0012", "02"]["points"] == "3"


def test_who_comes_back_under_a_new_account(term):
    """[S80] What counted goes on counting; then the newest of both accounts counts."""
    old1 = canvas("lovelaceada", 1, 600, "0012", "01")
    term.run("grade", week_one(term))
    term.run("grade", term.zipped("c1.zip", {old1: work("0012", 2, "01")}, day=2))
    new = canvas("lovelaceada", 99, 990, "0012", suffix="-1")
    term.run("grade", term.zipped("b.zip", {new: work("0012", 4)}, day=8))
    points = [term.rows()["0012", n]["points"] for n in ("01", "02")]
    assert points == ["2", "9"]
    later = canvas("lovelaceada", 1, 995, "0012", "01", suffix="-1")
    term.run("grade", term.zipped("c2.zip", {later: work("0012", 3, "01")}, day=9))
    told = term.run("decide", "class", "Canvas 99", "--student", "0012", "--reason", "new card")[1]
    assert "0012, chapter 02: waiting (was graded, 9 of 10)" in told
    assert term.run("regrade")[0] == 0
    assert [term.rows()["0012", n]["points"] for n in ("01", "02")] == ["3", "4"]


def test_two_accounts_in_one_download_wait_for_a_person(term):
    """Nobody can tell which of them counted before."""
    new = canvas("lovelaceada", 99, 990, "0012", suffix="-1")
    status, told = term.run("grade", week_one(term, **{new: work("0012", 4)}))
    assert status == 3 and "goes on counting" not in told.replace("what counted", "")
    assert term.rows()["0012", "02"]["points"] == ""


def test_gradescope_knows_students_by_their_address(term):
    """[S95] Without a :sid: the roster's address names the student; the time stays known."""
    (term.at / "class/roster.csv").write_text(
        "id,name,email\n0012,Ada L,Ada@x.org\n0345,B,b@x.org\n"
    )
    (term.at / "class/course.toml").write_text('zone = "UTC"\n' + LATE)
    listed = "".join(
        f"submission_{n}:\n  :submitters:\n  - :name: x\n    :sid: {sid}\n    :email: {mail}\n"
        f"  :created_at: 2026-01-0{n} 08:00:00 Z\n"
        for n, sid, mail in ((1, "''", "ada@X.org"), (2, "", "b@x.org"), (3, "''", "who@x.org"))
    )
    files = {
        f"e/submission_{n}/a.ipynb": work(id, 9) for n, id in ((1, "0012"), (2, "0345"), (3, ""))
    }
    told = term.run(
        "grade", term.zipped("a.zip", files | {"e/submission_metadata.yml": listed}, day=5)
    )[1]
    assert [term.rows()[id, "02"]["points"] for id in ("0012", "0345")] == ["9", "9"]
    assert "?submission_3" in told
    files = {"e/submission_3/a.ipynb": work("0012", 8), "e/submission_metadata.yml": listed}
    told = term.run("grade", term.zipped("b.zip", files, day=6))[1]
    sign = re.search(r"submission_3, whom the roster does not name.*?decide (\w{8})", told)[1]
    term.run("decide", "class", sign, "--student", "0012", "--reason", "her card")
    term.run("regrade")
    assert term.rows()["0012", "02"]["points"] == "7"  # a day late, not four


def test_of_an_excuse_and_points_by_hand_the_last_counts(term):
    """[S47]"""
    term.run("grade", week_one(term))
    states = []
    for words in (
        ("excuse", "class", "0012", "2", "--reason", "ill"),
        ("override", "class", "0012", "2", "6", "--reason", "oral"),
        ("excuse", "class", "0012", "2", "--reason", "ill after all"),
        ("override", "class", "0012", "2", "--withdraw"),
        ("excuse", "class", "0012", "2", "--withdraw"),
    ):
        term.run(*words)
        row = term.rows()["0012", "02"]
        states.append((row["status"], row["points"]))
    excused = ("excused", "")
    assert states == [excused, ("by hand", "6"), excused, excused, ("graded", "9")]


def test_what_is_said_of_an_excused_chapter_is_told_not_to_count(term):
    term.run("grade", week_one(term))
    term.run("excuse", "class", "0012", "2", "--reason", "ill")
    id = next(iter(chapter_specs("02")))
    for words in (
        ("late", "class", "0012", "2", "1"),
        ("extend", "class", "0012", "2", "2026-01-09"),
        ("override", "class", "0012", "2", "0", "--exercise", id),
    ):
        told = term.run(*words, "--reason", "so")[1]
        assert "excuse was said before and still counts" in told
        assert "excuse class 0012 02 --withdraw" in told


def test_a_word_on_lateness_of_an_earlier_file_is_not_said_to_count(term):
    """Tried by an instructor: nothing was taken off, and --withdraw was asked for."""
    (term.at / "class/course.toml").write_text(LATE)
    term.run("grade", week_one(term, **{ADA: work("0012", 9)}))
    term.run("late", "class", "0012", "2", "1", "--reason", "said")
    extend = ("extend", "class", "0012", "2", "2026-01-20", "--reason", "ill")
    assert "late 1 was said before and still counts" in term.run(*extend)[1]
    again = canvas("lovelaceada", 1, 905, "0012", suffix="-1")
    term.run("grade", term.zipped("b.zip", {again: work("0012", 8)}, day=8))
    told = term.run(*extend[:-1], "longer")[1]
    assert "late 1 was said of an earlier file, and not of the one that counts now" in told
    assert "still counts" not in told and term.rows()["0012", "02"]["points"] == "8"


def made(term, key, notebooks=("0012", "0345")):
    """What assign wrote into the class's folder."""
    spec = chapter_specs("02")
    for id in notebooks:
        notebook = json.loads(work(id, 0))
        notebook["cells"] = [
            {"cell_type": "code", "source": parameter_cell(parameters(one, key, id)), "id": "x",
             "metadata": {"tags": ["parameters"], "scalinglib": {"exercise": name}}}
            for name, one in spec.items()
        ] + notebook["cells"]  # fmt: skip
        yield id, notebook


@pytest.mark.parametrize("where", ["notebooks", "ledger"])
def test_without_its_fingerprint_a_folder_knows_its_key_all_the_same(term, where):
    """[S54]"""
    files = {}
    for id, notebook in made(term, KEY):
        if where == "notebooks":
            (term.at / f"class/notebooks/{id}").mkdir(parents=True)
            (term.at / f"class/notebooks/{id}/02_x-{id}.ipynb").write_text(json.dumps(notebook))
        notebook["cells"] = notebook["cells"][-1:] + notebook["cells"][:-1]
        files[f"{id}/02_power_laws-{id}.ipynb"] = json.dumps(notebook)
    mark = term.at / "class/key.fingerprint"
    assert term.run("grade", term.zipped("a.zip", files))[0] == 0
    right = mark.read_text()
    mark.unlink()
    (term.at / "class.key").write_text("another key of the class")
    status, told = term.run("grade", "a.zip")
    assert status == 1 and "were not made with this key" in told and not mark.exists()
    (term.at / "class.key").write_text("\ufeff" + KEY + "\r\n", encoding="utf-8")  # Notepad [S53]
    assert term.run("grade", "a.zip")[0] == 0 and mark.read_text() == right


def test_a_folder_that_tells_nothing_of_its_key_says_so(term):
    term.run("grade", week_one(term))
    (term.at / "class/key.fingerprint").unlink()
    assert "nothing in it tells its key" in term.run("grade", "week1.zip")[1]
    assert "nothing in it tells its key" not in term.run("grade", "week1.zip")[1]


def test_a_course_file_of_notepad(term):
    """[S90]"""
    (term.at / "class/course.toml").write_text('\ufeffmissing = "empty"\n', encoding="utf-8")
    assert term.run("grade", week_one(term))[0] == 0


def test_who_has_joined_can_be_excused_at_once(term, monkeypatch):
    """[S81]"""
    monkeypatch.setattr(commands, "read_sources", dict)
    term.run("grade", week_one(term))
    (term.at / "new.csv").write_text("id,name\n0012,Ada\n0040,New One\n")
    words = ("--key-file", "class.key", "--out", "class")
    assert term.run("assign", "new.csv", *words)[0] == 0
    assert term.run("excuse", "class", "0040", "2", "--reason", "joined later")[0] == 0
    assert term.rows()["0040", "02"]["status"] == "excused"


def test_moodles_groups_stand_before_names(term):
    """[S59] No decision where number or notebook names the student of that name."""
    files = {
        moodle("Group 1-Ada Lovelace", 7, "0012"): work("0012", 9),
        moodle("A-B-Bob Ødegård", 8, "0345"): work("0345", 6),
        moodle("A-Eve Okoye", 9, "0012"): work("0012", 1),  # another's notebook
    }
    status, told = term.run("grade", term.zipped("a.zip", files))
    assert [term.rows()[id, "02"]["points"] for id in ("0012", "0345")] == ["9", "6"]
    assert status == 3 and "it came from A-Eve Okoye (9), as 900 are called" in told
    assert told.count("chapter 02: sender") == 1


def test_canvass_own_number_names_a_student(term):
    """[S1] Two of one name, groups and new names: the roster has the number of Canvas's files."""
    gradebook = (
        HEAD
        + BEFORE
        + "".join(
            f'"{name}",48{n},{id},login{n},S,\r\n' for n, (id, name) in enumerate(ROSTER.items())
        )
    )
    (term.at / "gb.csv").write_text(gradebook, encoding="utf-8", newline="")
    students = found_in(term.at / "gb.csv").students
    assert [one.number for one in students] == ["480", "481", "482", "483", "484"]
    list(assign.assign(students, KEY, term.at / "class", {}))
    files = {
        canvas("samecy", 483, 700, "x"): work("", 5),
        canvas("projectgroup3", 480, 701, "0012"): work("0012", 9),
        canvas("okoyeeve", 555, 702, "900"): work("900", 3),
    }
    assert term.run("grade", term.zipped("a.zip", files))[0] == 0
    rows = term.rows()
    assert [rows[id, "02"]["points"] for id in ("778", "0012", "900")] == ["5", "9", "3"]


def test_an_id_that_changes_is_the_same_person(term, monkeypatch):
    """[IN53] A marriage: the campus's id and name are new, Canvas's number stays."""
    monkeypatch.setattr(commands, "read_sources", dict)
    head = "Student,ID,SIS User ID,SIS Login ID,Section,Chapter 2 (4711)\nPoints Possible,,,,,10\n"
    lines = "".join(f'"{one}",5{n},{n},l{n},S,\n' for n, one in ROSTER.items())
    (term.at / "old.csv").write_text(head + lines)
    new = (head + lines).replace('"Ada Lovelace",50012,0012', '"Ada King",50012,99')
    (term.at / "new.csv").write_text(new)
    (term.at / "class/course.toml").write_text("[chapters.02]\ndue = 2026-01-02\n")
    keyed = ["--key-file", "class.key", "--out", "class"]
    assert term.run("assign", "old.csv", "--yes", *keyed)[0] == 0
    ada = canvas("lovelaceada", 50012, 700, "0012")
    term.run("grade", term.zipped("a.zip", {ada: work("0012", 9)}))
    for words in (["assign", "new.csv", *keyed], ["grade", "a.zip", "--roster", "new.csv"]):
        status, told = term.run(*words)
        assert status == 1 and ("same person" in told or "say --yes" in told)
        assert term.rows()["0012", "02"]["points"] == "9" and ("99", "02") not in term.rows()
    status, told = term.run("assign", "new.csv", "--yes", *keyed)
    said = (
        "0012 (Ada Lovelace, Canvas 50012) is 99 (Ada King, Canvas 50012) now: the same person? "
        "Yes, by --yes. What counted goes on, under the id 0012"
    )
    assert status == 0 and said in told
    assert "same person" not in term.run("assign", "new.csv", "--yes", *keyed)[1], "asked once"
    king = canvas("kingada", 50012, 700, "0012")
    term.run("grade", term.zipped("b.zip", {king: work("0012", 9)}, day=9))
    row = term.rows()["0012", "02"]
    assert (row["points"], row["name"]) == ("9", "Ada King") and ("99", "02") not in term.rows()
    told = term.run("export", "class", "--canvas", "new.csv")[1]
    assert '"Ada King",50012,99,l0012,S,9\n' in (term.at / "class/export/new.csv").read_text()
    assert "not in the campus file" not in told
    assert "graded, 9 of 10" in term.run("history", "class", "99")[1]


def test_no_points_change_hands_with_an_id(term, monkeypatch):
    """[I20, I21] By another gradebook, another roster or a merge; a person may write who is who."""
    monkeypatch.setattr(commands, "read_sources", dict)
    head = "Student,ID,SIS User ID,SIS Login ID,Section,Chapter 2 (4711)\nPoints Possible,,,,,10\n"
    lines = "".join(f'"{one}",5{n},{n},l{n},S,\n' for n, one in ROSTER.items())
    swapped = head + lines.replace("5777,777,", "5777,778,").replace("5778,778,", "5778,777,")
    given = head + lines.replace("5900,900,", "5900,901,") + "Max New,66,900,new,S,\n"
    for name, text in (("old", head + lines), ("swap", swapped), ("gave", given)):
        (term.at / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    keyed = ["--yes", "--key-file", "class.key", "--out", "class"]
    term.run("assign", "old.csv", *keyed)
    kept = (term.at / "class/roster.csv").read_bytes()
    files = {canvas("same", 5778, 702, "778"): work("778", 4)}
    files |= {canvas("okoyeeve", 5900, 705, "900"): work("900", 3)}
    term.run("grade", term.zipped("a.zip", files))
    for name, told in (
        ("swap", "778 (Cy Same, Canvas 5777) has the id of 778 (Cy Same, Canvas 5778)"),
        ("gave", "900 (Max New, Canvas 66) has the id of 900 (Eve Okoye, Canvas 5900)"),
    ):
        new = f"{name}.csv"
        assert told in term.run("assign", new, *keyed)[1]
        assert told in term.run("grade", "a.zip", "--roster", new)[1]
        shutil.copytree(term.at / "class", term.at / name)
        shutil.copy(term.at / new, term.at / name / "roster.csv")
        assert told in term.run("merge", "class", name)[1]
        assert (term.at / "class/roster.csv").read_bytes() == kept
        assert "that the roster gives to" in term.run("export", "class", "--canvas", new)[1]
        assert not (term.at / "class/export" / new).exists()
    left = head + "".join(line + "\n" for line in lines.split("\n")[:-1] if ",900," not in line)
    (term.at / "left.csv").write_text(left, encoding="utf-8", newline="")
    assert term.run("assign", "left.csv", *keyed)[0] == 0
    told = term.run("assign", "gave.csv", *keyed)[1]
    assert "has the id of 900 (Eve Okoye, Canvas 5900)" in told, "who left keeps it"
    roster = kept.decode().replace("canvas id\n", "canvas id,campus id\n")
    for id, now in (("777", "778"), ("778", "777"), ("900", "901")):
        roster = roster.replace(f",5{id}\n", f",5{id},{now}\n")
    roster += "900b,Max New,66,900\n"
    (term.at / "class/roster.csv").write_text(roster, encoding="utf-8")
    both = swapped.replace("5900,900,", "5900,901,") + "Max New,66,900,new,S,\n"
    (term.at / "both.csv").write_text(both, encoding="utf-8", newline="")
    assert term.run("assign", "both.csv", *keyed)[0] == 0
    told = term.run("export", "class", "--canvas", "both.csv")[1]
    text = (term.at / "class/export/both.csv").read_text(encoding="utf-8")
    assert '"Cy Same",5778,777,l778,S,4\n' in text and '"Eve Okoye",5900,901,l900,S,3\n' in text
    assert text.count(",S,\n") == 4, told


def test_export_says_which_column_it_filled(term):
    """[IN42]"""
    term.run("grade", week_one(term))
    assert "  chapter 02: column 'Chapter 2 (4711)'" in term.campus({})[2]
    text = (term.at / "canvas.csv").read_text().replace("Chapter 2", "Bonus of Chapter 2")
    (term.at / "bonus.csv").write_text(text)
    words = ("export", "class", "--canvas", "bonus.csv")
    assert "is only like it" in term.run(*words)[1]
    told = term.run(*words, "--column", "2=Bonus of Chapter 2 (4711)")[1]
    assert "chapter 02: column 'Bonus of Chapter 2 (4711)'" in told
    for word in ("2", "2=", "x=y", "30=y"):
        assert "write --column" in term.run(*words, "--column", word)[1]
    assert "of its own" in term.run(*words, "--column", "1=x", "--column", "2=x")[1]


LATE_RULES = "missing = 'empty'\n[late]\nper_day = 10\n[chapters.02]\ndue = 2026-01-05T00:00:00\n"


@pytest.mark.parametrize("first, points", [(3, "9"), (5, "")])
def test_a_mark_of_lateness_that_comes_later_is_asked_about(term, first, points):
    """[IN61] The due date in Canvas was put right, or somebody set the status to Late."""
    (term.at / "class/course.toml").write_text(LATE_RULES)
    late = ADA.replace("lovelaceada_", "lovelaceada_LATE_")
    term.run("grade", term.zipped("a.zip", {ADA: work("0012", 9)}, day=first))
    assert term.rows()["0012", "02"]["points"] == "9"
    status, told = term.run("grade", term.zipped("b.zip", {late: work("0012", 9)}, day=9))
    assert status == 3 and term.rows()["0012", "02"]["points"] == points
    said = (
        "marked: Canvas marks .*700_02.* late, and did not before" if points else "02: late: it is"
    )
    assert re.search(said, told) and "Say: late 0012 02 DAYS" in told
    told = term.run("late", "class", "0012", "2", "1", "--reason", "Canvas says so")[1]
    assert "8 of 10" in told and term.run("grade", "b.zip")[0] == 0


def test_a_mark_of_lateness_that_goes_is_told(term):
    """[IN61]"""
    (term.at / "class/course.toml").write_text(LATE_RULES)
    late = ADA.replace("lovelaceada_", "lovelaceada_LATE_")
    term.run("grade", term.zipped("a.zip", {late: work("0012", 9)}, day=8))
    told = term.run("grade", term.zipped("b.zip", {ADA: work("0012", 9)}, day=9))[1]
    assert "the newest download has no mark of lateness for it (0 is in time)" in told
    assert "has no mark" not in term.run("grade", "a.zip")[1].split("To decide")[0]


def test_marks_of_lateness_that_do_not_fit_the_due_time_are_told(term):
    """[IN60] Nobody was late, as the assignment had no due date in Canvas."""
    (term.at / "class/course.toml").write_text(LATE_RULES)
    files = {ADA: work("0012", 9), BOB: work("0345", 6)}
    early = "chapter 02: Canvas marks files late that were there before the due time here (0012)"
    none = "chapter 02: Canvas marks no file late, also not those first seen more than a day after"
    assert none not in term.run("grade", term.zipped("a.zip", files, day=5))[1]
    shutil.rmtree(term.at / "class"), (term.at / "class").mkdir()
    (term.at / "class/course.toml").write_text(LATE_RULES)
    with open(term.at / "class/roster.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "name"], *ROSTER.items()])
    assert none in term.run("grade", term.zipped("a.zip", {ADA: work("0012", 9)}, day=20))[1]
    assert f"{none} the due time (0012): they are in time" in term.run("export", "class")[1]
    assert (
        f"{none} the due time (0012, 0345)" in term.run("grade", term.zipped("a.zip", files, 20))[1]
    )
    late = {ADA.replace("ada_", "ada_LATE_").replace("700", "690"): work("0012", 2)}
    told = term.run("grade", term.zipped("b.zip", late, day=3))[1]
    assert early in told and none not in told


def exported(term, name, *submissions):
    """Gradescope's export: (number, id, hour, points, others) of each student's active one."""
    told, files = "", {}
    for number, id, hour, points, *others in submissions:
        told += (
            f"submission_{number}:\n  :submitters:\n  - :name: Ada\n    :sid: '{id}'\n"
            f"  :created_at: 2026-01-02 {hour}:00:00 Z\n  :history:\n"
        )
        for other in others:
            told += f"  - :id: {other}\n    :created_at: 2026-01-02 23:00:00 Z\n    :score: \n"
        path = f"assignment_1_export/submission_{number}/02_power_laws-{id}.ipynb"
        files[path] = work(id, points)
    return term.zipped(name, {"assignment_1_export/submission_metadata.yml": told} | files)


def test_an_earlier_submission_that_gradescope_has_again_is_asked_about(term):
    """[IN62] A student may make an earlier submission the active one."""
    one = exported(term, "a.zip", (11, "0012", 10, 9))
    two = exported(term, "b.zip", (12, "0012", 11, 6))
    never = exported(term, "c.zip", (10, "0012", 9, 5))
    assert [term.run("grade", one)[0], term.run("grade", two)[0]] == [0, 0]
    assert term.rows()["0012", "02"]["points"] == "6"
    status, told = term.run("grade", one)
    assert status == 3 and "came back: submission_11/" in told and "submission_12/" in told
    assert term.run("grade", one)[0] == 3, "also where it is graded once more"
    assert term.run("grade", two)[0] == 0, "the newer one is active again"
    term.run("grade", one)
    sign = re.search(r"decide (\w{8})", told)[1]
    term.run("decide", "class", sign, "--student", "0012", "--chapter", "2")
    assert term.rows()["0012", "02"]["points"] == "9" and term.run("grade", one)[0] == 0
    told = term.run("grade", never)[1]
    assert "came back" not in told, "a person has chosen"
    shutil.rmtree(term.at / "class"), (term.at / "class").mkdir()
    term.run("grade", two)
    assert "came back: submission_10/" in term.run("grade", never)[1], "never seen before"


def test_an_older_export_of_gradescope_settles_nothing(term):
    """Tried by an instructor: graded again, it took the question away that a newer one raised."""
    first = exported(term, "a.zip", (11, "0012", 10, 9))
    old = exported(term, "b.zip", (12, "0012", 11, 6), (13, "900", 11, 6))
    new = exported(term, "c.zip", (11, "0012", 10, 9), (14, "900", 12, 7))
    assert [term.run("grade", one)[0] for one in (first, old, new, old, new)] == [0, 0, 3, 3, 3]
    assert (
        term.run("grade", exported(term, "d.zip", (12, "0012", 11, 6), (14, "900", 12, 7)))[0] == 0
    )


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (1, 0, 1, 0)])
def test_what_was_chosen_on_gradescope_is_asked_about_in_any_order(term, order):
    """Tried by an instructor: the older export, graded last, put the newer attempt in its place."""
    both = (
        exported(term, "a.zip", (12, "0012", 11, 6, 11)),
        exported(term, "b.zip", (11, "0012", 10, 9, 12)),
    )
    for number in order:
        told = term.run("grade", both[number])
    assert told[0] == 3 and "came back: " in told[1] and "chosen over submission_12/" in told[1]
    sign = re.search(r"decide (\w{8})", told[1])[1]
    term.run("decide", "class", sign, "--student", "0012", "--chapter", "2")
    assert term.run("grade", both[0])[0] == 0 and term.rows()["0012", "02"]["points"] == "9"
    third = exported(term, "c.zip", (13, "0012", 13, 7, 11, 12))
    assert term.run("grade", third)[0] == 0 and term.rows()["0012", "02"]["points"] == "7"


def test_a_group_of_moodle_without_a_number_is_asked_about(term):
    """[IN46] The notebook alone said whose it was."""
    path = "Default group_assignsubmission_file/02_power_laws-0012.ipynb"
    status, told = term.run("grade", term.zipped("a.zip", {path: work("0012", 9)}))
    assert status == 3 and term.rows()["0012", "02"]["points"] == ""
    assert "sender: it came from Default group, whom the roster does not name" in told


def test_an_extension_may_be_granted_before_anything_is_graded(term):
    """[IN29] There was no gradebook yet."""
    (term.at / "class/course.toml").write_text(LATE_RULES)
    words = ("extend", "class", "0012", "2", "2026-01-09", "--reason", "ill")
    assert term.run(*words)[0] == 0
    late = ADA.replace("lovelaceada_", "lovelaceada_LATE_")
    term.run("grade", term.zipped("a.zip", {late: work("0012", 9)}, day=8))
    assert term.rows()["0012", "02"]["points"] == "9"
    assert "grade first" in term.run("extend", "elsewhere", *words[2:])[1]


def test_history_has_what_changed_in_the_rules(term):
    (term.at / "class/course.toml").write_text(LATE_RULES)
    term.run("grade", week_one(term))
    text = LATE_RULES.replace("10", "20").replace("missing = 'empty'\n", "")
    (term.at / "class/course.toml").write_text(text)
    term.run("late", "class", "0012", "2", "1", "--reason", "x")
    told = term.run("history", "class", "0012")[1]
    assert "course.toml: missing empty; late.per_day 10; chapters.02.due 2026-01-05 00:00" in told
    assert "course.toml: late.per_day 20; no missing\n" in told


def test_missing_hand_ins_are_counted_apart(term):
    (term.at / "class/course.toml").write_text("[chapters.02]\ndue = 2026-01-05\n")
    told = term.run("grade", week_one(term))[1]
    assert "To decide: 2 missing hand-ins, left as before" in told
    broken = {canvas("okoyeeve", 5, 805, "900"): "no notebook"}
    told = term.run("grade", term.zipped("b.zip", broken, day=9))[1]
    assert "To decide: 1 open and 2 missing hand-ins, left as before" in told
    assert "2 students (777, 778), chapter 02: missing: nothing was handed in, and" in told


def test_a_zip_file_in_a_zip_file_is_called_so(term):
    """[IN9]"""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("02_power_laws.zip", b"x")
    files = {"lovelaceada_1_700_02_work.zip": packed.getvalue()}
    told = term.run("grade", term.zipped("a.zip", files))[1]
    assert "unreadable: it is a zip file in a zip file, which is not opened" in told


def test_a_full_disk_says_what_to_do(term, monkeypatch):
    """[IN51]"""
    term.run("grade", week_one(term))

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(commands.export, "write_feedback", full)
    status, told = term.run("export", "class")
    assert status == 1 and "No space left on device: make room on the disk, and say" in told


def test_a_class_folder_is_no_submission(term):
    """[S66]"""
    term.run("grade", week_one(term))
    shutil.copytree(term.at / "class", term.at / "b")
    status, told = term.run("grade", "b")
    assert status == 1 and "the folder of a class, not of submissions" in told
    assert "merge class b" in told


def test_two_assistants_put_their_folders_together(term):
    """[S65]"""
    term.run("grade", week_one(term))
    shutil.copytree(term.at / "class", term.at / "b")
    other = canvas("lovelaceada", 1, 800, "0012", "01")
    term.run("grade", term.zipped("c1.zip", {other: work("0012", 2, "01")}, day=2))
    os.rename(term.at / "class", term.at / "a")
    os.rename(term.at / "b", term.at / "class")
    term.run("override", "class", "0345", "2", "7", "--reason", "a talk")
    os.rename(term.at / "class", term.at / "b")
    os.rename(term.at / "a", term.at / "class")
    status, told = term.run("merge", "class", "b")
    assert status == 0 and "0345, chapter 02: by hand, 7 of 10 (was graded, 6 of 10)" in told
    rows = term.rows()
    assert (rows["0345", "02"]["points"], rows["0012", "01"]["points"]) == ("7", "2")
    assert "0 entries of b are new here" in term.run("merge", "class", "b")[1]
    (term.at / "b/key.fingerprint").write_text("other")
    assert "not known to be of the same class" in term.run("merge", "class", "b")[1]
    assert "no other folder" in term.run("merge", "class", "class")[1]


def test_what_one_assistant_decided_without_the_others_file_is_asked_about(term):
    """[I25, I26] By the clock the decision is the newer one; nobody who made it saw that file."""
    (term.at / "class/course.toml").write_text(LATE.replace("01-02", "01-05"))
    term.run("grade", week_one(term, **{BOB.replace("bob_", "bob_LATE_"): work("0345", 6)}))
    shutil.copytree(term.at / "class", term.at / "b")
    os.rename(term.at / "class", term.at / "a")
    os.rename(term.at / "b", term.at / "class")
    again = {AGAIN: work("0012", 10), EVE.replace("eve_", "eve_LATE_"): work("900", 8)}
    term.run("grade", term.zipped("b.zip", again, day=8))
    for id, days in (("0012", "2"), ("900", "3")):
        term.run("late", "class", id, "2", days, "--reason", "Canvas")
    os.rename(term.at / "class", term.at / "b")
    os.rename(term.at / "a", term.at / "class")
    term.run("override", "class", "0012", "2", "9.5", "--reason", "the method")
    eve = {EVE.replace("eve_", "eve_LATE_"): work("900", 8)}
    term.run("grade", term.zipped("a.zip", eve, day=6))
    told = term.run("merge", "class", "b")[1]
    assert re.search("0012, chapter 02: newer: .*905_02.* came after a person had decided", told)
    assert "900, chapter 02: due: late 3 was said when another" in told
    assert "it was there after 2 days at most: it counts as 2 days late" in told.replace(
        EVE.replace("eve_", "eve_LATE_"), "it"
    )
    rows = term.rows()
    assert [rows[id, "02"]["points"] for id in ("0012", "900")] == ["9.5", "6"]
    said = term.run("override", "class", "0012", "2", "--withdraw")[1]
    assert "graded, 8 of 10 (was by hand, 9.5 of 10)" in said
    said = term.run("late", "class", "900", "2", "4", "--reason", "so")[1]
    assert "what counts was there after 2 days at most: 4 by your word" in said


def test_a_receipt_says_which_files_count(term):
    """[S83] Of halves both; of a zip file the notebook in it; while it is open, none counts."""
    first, *others = chapter_specs("02")
    halves = [work("0012", MOST, text=left) for left in (first, " ".join(others))]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("02_power_laws-0345.ipynb", work("0345", 6))
    files = {
        canvas("lovelaceada", 1, 700, "0012", suffix="-a"): halves[0],
        canvas("lovelaceada", 1, 700, "0012", suffix="-b"): halves[1],
        "odegardbob_2_701_hw.zip": packed.getvalue(),
        canvas("okoyeeve", 5, 705, "900", suffix="-a"): work("900", 3),
        canvas("okoyeeve", 5, 705, "900", suffix="-b"): work("900", 5),
    }
    term.run("grade", term.zipped("a.zip", files))
    term.run("export", "class")
    ada, bob, eve = (
        (term.at / f"class/export/feedback/{id}.md").read_text().replace("\\", "")
        for id in ("0012", "0345", "900")
    )
    digests = [hashlib.sha256(half.encode()).hexdigest() for half in halves]
    assert "the files that count" in ada and f"SHA-256 {' and '.join(digests)}. " in ada
    assert "the notebook in your zip file that counts" in bob
    assert term.rows()["900", "02"]["status"] == "which"
    assert "Receipt: the file that came" in eve and "that counts" not in eve


@pytest.mark.parametrize("whose", [["--student", "0012"], []])
def test_who_is_asked_nothing_has_no_zero(term, whose):
    """Tried by an instructor: all exercises dropped for one student, and Canvas had a 0."""
    (term.at / "class/course.toml").write_text(LATE + "[chapters.01]\n")
    other = {canvas("odegardbob", 2, 801, "0345", "01"): work("0345", 2, "01")}
    term.run("grade", term.zipped("a.zip", other))
    term.run("grade", term.zipped("b.zip", {ADA: work("0012", 9), BOB: work("0345", 6)}, day=8))
    term.zero()
    for id in chapter_specs("02"):
        said = term.run("drop", "class", id, *whose, "--reason", "a lab of their own")[1]
    assert "0012, chapter 02: excused (was graded, " in said
    assert "every exercise of it is dropped" in term.rows()["0012", "02"]["reason"]
    cells, _, told = term.campus({"0012": "9"})
    assert "0012, chapter 02" not in told, "there is nothing to decide"
    if whose:
        assert cells == {"0012": "9", "0345": "6", "777": "0", "778": "0", "900": "0"}
        for id in chapter_specs("02"):
            term.run("drop", "class", id, "--student", "777", "--reason", "so")
        assert term.campus({})[0]["777"] == ""
    else:
        assert cells == {"0012": "9", "0345": "", "777": "", "778": "", "900": ""}
    assert "chapter 02 has no points for 0012: left as it is, with 9" in told or not whose
    term.run("override", "class", "0012", "2", "7", "--reason", "the lab")
    assert term.rows()["0012", "02"]["points"] == "7"
    term.run("override", "class", "0012", "2", "--withdraw")
    term.run("drop", "class", id, *whose, "--withdraw")
    assert term.rows()["0012", "02"]["status"] == "graded"


def test_what_another_assistants_word_keeps_from_counting_is_told_by_merge(term):
    """[S24] Later points for an exercise were silently nothing beside the other's for the chapter.

    [S12] And with something to decide the exit status is that of grade and export.
    """
    first = next(iter(chapter_specs("02")))
    term.run("grade", week_one(term))
    term.run("override", "class", "900", "2", "4", "--reason", "both know")
    shutil.copytree(term.at / "class", term.at / "b")
    term.run("override", "class", "0345", "2", "5", "--reason", "one")
    term.run("excuse", "class", "0012", "2", "--reason", "one")
    for id in ("0345", "900"):
        term.run("override", "b", id, "2", "1", "--exercise", first, "--reason", "two")
    term.run("late", "b", "0012", "2", "1", "--reason", "two")
    term.run("extend", "class", "900", "2", "2999-01-01", "--reason", "both here")
    shutil.copytree(term.at / "class", term.at / "c")
    for folder, other in (("class", "b"), ("b", "c")):
        status, told = term.run("merge", folder, other)
        lines = [line for line in told.splitlines() if "does not count" in line]
        assert status == 0 and len(lines) == 3, told
        assert f"0345, chapter 02: 'override {first} 1.0: two' does not count, as" in told
        assert "0012, chapter 02: 'late 1: two' does not count, as 'excuse: one' was said" in told
        back = f"say: override {folder} 0345 02 --withdraw"
        assert f"'override 5.0: one' was said for the chapter. If it is to count, {back}" in told
        assert "does not count" not in term.run("merge", folder, other)[1], "told once"
    term.run("grade", term.zipped("b.zip", {AGAIN: work("0012", 10)}, day=8))
    os.rename(term.at / "class", term.at / "a")
    os.rename(term.at / "b", term.at / "class")
    status, told = term.run("merge", "class", "a")
    assert status == 3 and "0012, chapter 02: newer" in told


def test_what_another_assistant_gave_outlives_a_withdrawal_and_can_be_taken_back(term):
    term.run("grade", week_one(term))
    shutil.copytree(term.at / "class", term.at / "b")
    term.run("override", "class", "0345", "2", "7", "--reason", "a talk")
    term.run("override", "b", "0345", "2", "8", "--reason", "a long talk")
    term.run("override", "class", "0345", "2", "--withdraw", "--reason", "not mine")
    assert "by hand, 8 of 10 (was graded, 6 of 10)" in term.run("merge", "class", "b")[1]
    assert "override of the chapter was said" in term.run(
        "late", "class", "0345", "2", "0", "--reason", "so"
    )[1]  # fmt: skip
    term.run("override", "class", "0345", "2", "--withdraw")
    assert term.rows()["0345", "02"]["points"] == "6"
    assert "nothing to take back" in term.run("override", "class", "0345", "2", "--withdraw")[1]


@pytest.mark.parametrize("counts", ["newest", "best"])
def test_a_notebook_with_other_numbers_throughout_is_put_to_a_person(term, counts):
    """Tried by an instructor: last year's notebook, same id, another key: 0 of 50 in silence."""
    (term.at / "class/course.toml").write_text(f'counts = "{counts}"\n' + LATE)
    term.run("grade", week_one(term))
    more = {AGAIN.replace("LATE_", ""): work("0012", 5, text="redrawn")}
    whole = canvas("odegardbob", 2, 905, "0345", suffix="-1")
    more |= {whole: work("0345", MOST, text="redrawn")}
    _, told = term.run("grade", term.zipped("b.zip", more, day=2))
    rows = term.rows()
    assert rows["0345", "02"]["points"] == "10", "all is right, by the key's own numbers"
    note = "its parameter cells have other numbers than those that you were given"
    assert note in rows["0345", "02"]["reason"], "perhaps a classmate's notebook"
    assert note not in rows["900", "02"]["reason"]
    if counts == "best":
        assert rows["0012", "02"]["points"] == "9" and "0012, chapter 02" not in told
        return
    assert (rows["0012", "02"]["status"], rows["0012", "02"]["points"]) == ("numbers", "")
    assert "0012, chapter 02: numbers: no parameter cell has the numbers that this key" in told
    cells, status, _ = term.campus({"0012": "9"})
    assert (cells["0012"], status) == ("9", 3)
    text = (term.at / "class/export/feedback/0012.md").read_text()
    assert "judged by other numbers" in text and "not yet: said" not in text
    sign = re.search(r"decide (\w{8}) --student 0012", told)[1]
    assert "excused" not in term.run("history", "class", "0012")[1]
    term.run("override", "class", "0012", "2", "8", "--reason", "by the other key")
    assert term.rows()["0012", "02"]["points"] == "8"
    term.run("override", "class", "0012", "2", "--withdraw")
    term.run("decide", "class", sign, "--student", "0012", "--reason", "changed by hand")
    assert (term.rows()["0012", "02"]["points"]) == "5"


def test_stale_work_of_a_closed_chapter_says_what_grades_it(term, monkeypatch):
    term.run("grade", week_one(term))
    (term.at / "class/course.toml").write_text(
        "[chapters.02]\ndue = 2026-01-02\ncloses = 2026-01-05\n"
    )
    for module in (grade, commands.export):
        monkeypatch.setattr(module, "version_of", lambda number: "another")
    told = term.run("grade", term.zipped("b.zip", {AGAIN: work("0012", 10)}))[1]
    assert "stale: the others of this chapter" in told and "Say: regrade --chapter 02" in told


def test_an_empty_download_is_said(term):
    assert "a.zip is empty: no file was handed in" in term.run("grade", term.zipped("a.zip", {}))[1]
    assert "is empty" not in term.run("grade", week_one(term))[1]


def test_history_names_what_was_dropped(term):
    term.run("grade", week_one(term))
    first, second = list(chapter_specs("02"))[:2]
    term.run("drop", "class", first, "--student", "0012", "--reason", "ill")
    term.run("drop", "class", second, "--reason", "unclear")
    term.run("drop", "class", first, "--student", "0012", "--withdraw", "--reason", "well")
    told = term.run("history", "class", "0012")[1]
    assert f"drop {first}: ill" in told and f"drop {second} for all: unclear" in told
    assert f"drop {first} taken back: well" in told
    told = term.run("history", "class", "0345")[1]
    assert "unclear" in told and "ill" not in told


def test_points_by_hand_are_exported_while_the_rest_waits(term, monkeypatch):
    monkeypatch.setattr(grade, "as_done", lambda *_: iter(()))
    term.run("grade", week_one(term))
    told = term.run("export", "class")[1]
    assert "no points to export: what came waits for a grading. Say: regrade" in told
    term.run("override", "class", "0345", "2", "7", "--reason", "oral")
    assert term.campus({})[0]["0345"] == "7"


# ---- whose number it is, as the campus system says -----------------------------------------------

GRADEBOOK = HEAD.replace("\r", "") + BEFORE.replace("\r", "")
KEYED = ("--key-file", "class.key", "--out", "class")


@pytest.fixture
def on_canvas(term, monkeypatch):
    """A class whose roster is Canvas's gradebook; Eve has the number 5900."""
    monkeypatch.setattr(commands, "read_sources", dict)
    lines = {id: f'"{name}",5{id},{id},l{id},S,\n' for id, name in ROSTER.items()}

    def written(name, **changed):
        """Canvas's gradebook, in which some lines are others."""
        text = GRADEBOOK + "".join((lines | changed).values())
        (term.at / name).write_text(text, encoding="utf-8", newline="")
        return name

    def exported(name):
        status, told = term.run("export", "class", "--canvas", name)
        return (term.at / "class/export" / name).read_text(encoding="utf-8"), status, told

    term.written, term.exported = written, exported
    return term


def test_two_numbers_that_assign_was_told_are_one_person_are_not_asked_about_again(on_canvas):
    """Who came back to Canvas with another number had no points until the same was said twice."""
    term, new = on_canvas, {"900": "Eve Okoye,5901,900,l900,S,\n"}
    term.run("assign", term.written("old.csv"), "--yes", *KEYED)
    term.run("grade", term.zipped("a.zip", {canvas("okoyeeve", 5900, 705, "900"): work("900", 3)}))
    told = term.run("assign", term.written("new.csv", **new), "--yes", *KEYED)[1]
    assert "900 (Eve Okoye, Canvas 5901) now: the same person? Yes, by --yes" in told
    later = {canvas("okoyeeve", 5901, 805, "900"): work("900", 7)}
    later |= {canvas("lovelaceada", 66, 806, "0012"): work("0012", 9)}
    told = term.run("grade", term.zipped("b.zip", later, day=2))[1]
    assert "both hand in as 900" not in told and term.rows()["900", "02"]["points"] == "7"
    stranger = {canvas("okoyeeve", 77, 906, "900"): work("900", 1)}
    told = term.run("grade", term.zipped("c.zip", stranger, day=3))[1]
    assert "Canvas 77 and Canvas 5900, Canvas 5901 both hand in as 900" in told


def test_who_comes_back_under_a_new_id_is_asked_about(on_canvas):
    """[S11] Off the roster, and back: Canvas's number is the same."""
    term, new = on_canvas, {"900": "Eve Okoye,5900,0499,new,S,\n"}
    term.run("assign", term.written("old.csv"), "--yes", *KEYED)
    files = {canvas("okoyeeve", 5900, 705, "900"): work("900", 3)}
    files |= {canvas("lovelaceada", 50012, 706, "0012"): work("0012", 9)}
    term.run("grade", term.zipped("a.zip", files))
    status, told = term.run("assign", term.written("left.csv", **{"900": ""}), "--yes", *KEYED)
    assert status == 0 and "1 of the class so far are not in this roster: 900 Eve Okoye" in told
    text, status, told = term.exported(term.written("new.csv", **new))
    assert text.count(",S,\n") == 4 and status == 3
    assert "graded, but not in the campus file: 900 (Eve Okoye)" in told
    assert "0499 (its ID was that of 900: if it is the same person, say assign with it)" in told
    status, told = term.run("assign", "new.csv", "--yes", *KEYED)
    said = "900 (Eve Okoye, Canvas 5900) is 0499 (Eve Okoye, Canvas 5900) now: the same person?"
    assert status == 0 and said in told
    assert "5900,0499,new,S,3\n" in term.exported("new.csv")[0]


def test_who_has_the_name_of_one_who_left_and_another_number_is_told(on_canvas):
    """[S28] By Canvas they are two people: nothing is asked, and what to do is said if not."""
    term, new = on_canvas, {"900": "Eve Okoye,7700,0499,new,S,\n"}
    term.run("assign", term.written("old.csv"), "--yes", *KEYED)
    files = {canvas("okoyeeve", 5900, 705, "900"): work("900", 3)}
    files |= {canvas("lovelaceada", 50012, 706, "0012"): work("0012", 9)}
    term.run("grade", term.zipped("a.zip", files))
    status, told = term.run("assign", term.written("new.csv", **new), "--yes", *KEYED)
    assert status == 0 and "1 of the class so far are not in this roster: 900 Eve Okoye" in told
    assert "0499 (Eve Okoye, Canvas 7700) is taken for somebody else than 900 (Eve Okoye" in told
    assert "the same person" not in told.replace("it is the same person, say", "")
    assert "7700,0499,new,S,\n" in term.exported("new.csv")[0]
    left = term.at / "class/roster.csv"
    lines = left.read_text().replace("id,name", "id,campus id,name").splitlines()
    lines[1:] = [f"900,0499{line[4:]}" if line[:4] == "0499" else line.replace(",", ",,", 1)
                 for line in lines[1:]]  # fmt: skip
    left.write_text("\n".join(lines) + "\n")
    told = term.run("assign", "new.csv", "--yes", *KEYED)[1]
    assert "somebody else" not in told
    assert "7700,0499,new,S,3\n" in term.exported("new.csv")[0]


def test_one_of_two_of_a_name_leaves_and_nothing_is_told_of_the_other(on_canvas):
    """[9] Both were there from the start."""
    term = on_canvas
    term.run("assign", term.written("old.csv"), "--yes", *KEYED)
    status, told = term.run("assign", term.written("new.csv", **{"777": ""}), "--yes", *KEYED)
    assert status == 0 and "777 Cy Same" in told and "somebody else" not in told


def test_yes_prints_each_question_with_its_answer_which_can_be_taken_back(term, monkeypatch):
    """It answered questions that nobody had seen."""
    monkeypatch.setattr(commands, "read_sources", dict)
    term.run("grade", week_one(term))
    text = (term.at / "class/roster.csv").read_text()
    (term.at / "odd.csv").write_text("SIS User ID,Student\n0012,Ada Lovelace\n0499,Eve Okoye\n")
    status, told = term.run("assign", "odd.csv", *KEYED)
    assert status == 1 and "and each question above is to be answered with yes, say --yes" in told
    said = "900 (Eve Okoye) is 0499 (Eve Okoye) now: the same person? What counted goes on"
    assert said in told and text == (term.at / "class/roster.csv").read_text()
    (term.at / "new.csv").write_text(text.replace("900,", "0499,"))
    status, told = term.run("assign", "new.csv", "--yes", *KEYED)
    said = "900 (Eve Okoye) is 0499 (Eve Okoye) now: the same person? Yes, by --yes. What counted"
    assert status == 0 and said in told and "give them a line of their own in class/roster" in told
    (term.at / "class/roster.csv").write_text((term.at / "new.csv").read_text())
    told = term.run("assign", "new.csv", "--yes", *KEYED)[1]
    assert "the same person" not in told
    told = term.run("assign", "odd.csv", "--yes", *KEYED)[1]
    assert "Are these ids and names right? Yes, by --yes." in told


def test_the_number_of_who_leaves_is_known_from_the_roster_of_until_then(on_canvas):
    """A ledger of an older version has no numbers."""
    term = on_canvas
    term.run("grade", week_one(term))
    text = "id,name,canvas id\n0012,Ada Lovelace,50012\n900,Eve Okoye,5900\n"
    (term.at / "class/roster.csv").write_text(text)
    term.run("assign", term.written("left.csv", **{"900": ""}), "--yes", *KEYED)
    new = term.written("new.csv", **{"900": "Eve King,5900,0499,new,S,\n"})
    told = term.run("assign", new, "--yes", *KEYED)[1]
    assert "900 (Eve Okoye, Canvas 5900) is 0499 (Eve King, Canvas 5900) now" in told


def test_no_line_is_filled_whose_id_was_of_another_number(on_canvas):
    """[S13] An id that is used again: its owner has left, or a namesake has it."""
    term = on_canvas
    term.run("assign", term.written("old.csv"), "--yes", *KEYED)
    files = {canvas("okoyeeve", 5900, 705, "900"): work("900", 3)}
    files |= {canvas("lovelaceada", 50012, 706, "0012"): work("0012", 9)}
    term.run("grade", term.zipped("a.zip", files))
    other = {"900": "Otto Brandt,66,900,new,S,\n"}
    namesake = {"900": "Eve Okoye,66,900,new,S,\n"}
    term.written("left.csv", **{"900": ""})
    for changed, left in ((namesake, False), (other, True), (namesake, True)):
        term.run("assign", "left.csv", "--yes", *KEYED) if left else None
        text, status, told = term.exported(term.written("c.csv", **changed))
        assert text.count(",S,\n") == 4 and status == 3
        assert "line 7 has the id of 900 (Eve Okoye)" in told and ": not filled" in told
        assert "graded, but not in the campus file: 900 (Eve Okoye)" in told
    with open(term.at / "class/roster.csv", "r+", encoding="utf-8") as file:
        rows = [line.rstrip("\n") for line in file]
        file.seek(0)
        file.write("\n".join([rows[0] + ",campus id", *(row + "," for row in rows[1:]), ""]))
        file.write("900b,Otto Brandt,66,900\n")
    text, status, told = term.exported(term.written("c.csv", **other))
    assert "66,900,new,S,\n" in text, "whom a person gave an id of their own"
    assert status == 3 and "not in the campus file: 900 of before (Eve Okoye)" in told
    assert term.run("assign", "c.csv", "--yes", *KEYED)[0] == 0


@pytest.mark.parametrize("by", ["account", "file"])
def test_what_was_nobodys_is_asked_about_once_the_roster_knows_who_it_is(on_canvas, by):
    """[S27] A guest is enrolled, and had handed in all the time; `zero` saw nothing."""
    term, run = on_canvas, on_canvas.run
    (term.at / "class/course.toml").write_text("[chapters.02]\ndue = 2026-01-02\n")
    told = run("grade", term.zipped("a.zip", {canvas("gus", 66, 706, "950"): work("950", 8)}))[1]
    sign = "Canvas 66" if by == "account" else re.search(r"decide (\w{8})", told)[1]
    run("decide", "class", sign, "--nobody", "--reason", "a guest")
    assert "sender" not in run("regrade")[1]
    term.written("new.csv", **{"950": "Gus Guest,66,950,new,S,\n"})
    status, told = run("assign", "new.csv", "--yes", *KEYED)
    said = "950, chapter 02: sender: the campus system says that Canvas 66 is 950, and it was taken"
    assert status == 3 and f"{said} for nobody (a guest)" in told
    assert "decide 'Canvas 66' --student 950, or once more whose it is (or --nobody)" in told
    assert said in run("regrade")[1]
    assert "chapter 02: a file is there" in run("zero", "class", "2", "950", "--reason", "so")[1]
    assert "  --  by the campus system, Canvas 66 is 950\n" in run("history", "class", "950")[1]
    run("decide", "class", "Canvas 66", "--nobody", "--reason", "still a guest")
    assert "sender" not in run("regrade")[1], "said once more"
    assert "does not count here: still a guest" in term.rows()["950", "02"]["reason"]
    run("decide", "class", "Canvas 66", "--student", "950", "--reason", "enrolled")
    run("regrade")
    assert term.rows()["950", "02"]["points"] == "8"


@pytest.mark.parametrize("told_by", ["assign", "export"])
def test_a_guess_that_the_campus_system_contradicts_is_asked_about(on_canvas, told_by):
    """[S33] Whose is which of two of one name: `decide` had them exchanged."""
    term, run = on_canvas, on_canvas.run
    (term.at / "class/course.toml").write_text("[chapters.02]\ndue = 2026-01-02\n")
    files = {
        canvas("samecy", f"5{id}", 700, "x"): work("", n) for id, n in (("777", 5), ("778", 8))
    }
    files |= {canvas("lovelaceada", 50012, 706, "0012"): work("0012", 9)}
    run("grade", term.zipped("a.zip", files))
    for account, id in (("Canvas 5777", "778"), ("Canvas 5778", "777")):
        run("decide", "class", account, "--student", id, "--reason", "a guess")
    run("regrade")
    assert [term.rows()[id, "02"]["points"] for id in ("777", "778")] == ["8", "5"]
    term.written("c.csv")
    if told_by == "assign":
        status, told = run("assign", "c.csv", "--yes", *KEYED)
        assert status == 3 and "777, chapter 02: sender" in told
    text, status, told = term.exported("c.csv")
    said = "the campus system says that Canvas 5777 is 777, and it was taken for 778 (a guess)"
    assert status == 3 and said in told
    assert '"Cy Same",5777,777,l777,S,\n' in text and ",S,9\n" in text
    assert "nobody has 0" in run("zero", "class", "2", "777", "778", "--reason", "so")[1]
    assert "campus system says" in run("regrade")[1]
    run("decide", "class", "Canvas 5777", "--student", "777", "--reason", "Canvas says so")
    run("decide", "class", "Canvas 5778", "--nobody", "--reason", "somebody else")
    run("regrade")
    text, status, told = term.exported("c.csv")
    assert '"Cy Same",5777,777,l777,S,5\n' in text and '"Cy Same",5778,778,l778,S,\n' in text
    assert "campus system says" not in told


def test_what_one_assistant_took_for_nobodys_and_the_other_knows_is_asked_about(on_canvas):
    """[S45] The roster of one names the account that the other decided to be nobody's."""
    term, run = on_canvas, on_canvas.run
    week = term.zipped("a.zip", {canvas("gus", 66, 706, "950"): work("950", 8)})
    run("assign", term.written("old.csv"), "--yes", *KEYED)
    shutil.copytree(term.at / "class", term.at / "a")
    run("assign", term.written("new.csv", **{"950": "Gus Guest,66,950,new,S,\n"}), "--yes", *KEYED)
    run("grade", week)
    os.rename(term.at / "class", term.at / "b")
    os.rename(term.at / "a", term.at / "class")
    run("grade", week)
    run("decide", "class", "Canvas 66", "--nobody", "--reason", "a guest")
    os.rename(term.at / "class", term.at / "a")
    os.rename(term.at / "b", term.at / "class")
    told = run("merge", "class", "a")[1]
    assert "950, chapter 02: sender: the campus system says that Canvas 66 is 950" in told


def test_what_counted_goes_on_counting_for_those_who_have_left(on_canvas):
    """[S26] A roster of one section only, and the same zip file again; zeros of the others too."""
    term, run = on_canvas, on_canvas.run
    (term.at / "class/course.toml").write_text("[chapters.02]\ndue = 2026-01-02\n")
    run("assign", term.written("old.csv"), "--yes", *KEYED)
    files = {canvas("samecy", f"5{id}", 700, id): work(id, n) for id, n in (("777", 5), ("778", 8))}
    week = term.zipped("a.zip", files | {canvas("okoyeeve", 5900, 705, "900"): work("900", 3)})
    run("grade", week)
    term.zero()
    section = dict.fromkeys(("778", "900", "0345"), "")
    told = run("assign", term.written("some.csv", **section), "--yes", *KEYED)[1]
    assert "3 of the class so far are not in this roster: 0345 Bob Ødegård; 778 Cy Same; 9" in told
    assert run("grade", week)[0] == 0, "one of them is called as who has stayed"
    text, status, told = term.exported("old.csv")
    points = [text.split(f",l{id},S,")[1].split("\n")[0] for id in ROSTER]
    assert points == ["0", "", "5", "8", "3"] and status == 3
    assert "chapter 02, 0345: 0 was said, but the roster of this class does not have them" in told
    text = (term.at / "class/roster.csv").read_text().replace("canvas id", "x")
    (term.at / "class/roster.csv").write_text(text)
    later = term.zipped("b.zip", {canvas("samecy", 5778, 800, "", suffix="-1"): work("", 1)}, day=9)
    assert (
        "778, chapter 02: sender: the campus system says that Canvas 5778 is 778"
        in run("grade", later)[1]
    ), "it has the name of who has stayed"
    assert [term.rows()[id, "02"]["points"] for id in ("777", "778")] == ["5", "8"]
