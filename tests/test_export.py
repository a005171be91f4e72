"""What comes out of a gradebook: campus files, feedback, class report, question bank."""

import copy
import csv
import hashlib
import html.parser
import io
import json
import re
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

# not by the environment: nbval's kernels would inherit it and show no figures
matplotlib.use("agg")

from exercises import bank as banks
from exercises import chapter_specs, example_class, parameters
from exercises.__main__ import main
from exercises.assign import file_name, personal, read_sources
from exercises.campus import CampusError, Total, defused, fill_canvas, fill_moodle, shown_points
from exercises.chapter import read_chapter
from exercises.export import _told, export, tables, wide_csv
from exercises.feedback import as_html, as_markdown, feedback, public_message
from exercises.gradebook import Gradebook, Result, Row
from exercises.inside import programs, typed
from exercises.ledger import SEEN, Entry, GradebookError
from exercises.questions import notebook_of, questions
from exercises.report import discrimination, identical, items, report
from exercises.roster import Student
from exercises.strip import exercise_of, region, role_of, source_of
from exercises.texts import read_back, write_texts
from scalinglib.checks import judge, registry

# ---- campus files --------------------------------------------------------------------------------

pytestmark = pytest.mark.usefixtures("derived_once")

NAMES = {
    "00123": "Müller, Zoë",
    "0456": '=HYPERLINK("http://evil")',
    "789": 'O\'Neil, Sean "Shay"',
    "555": "Nowhere, Ned",
}
TOTALS = {
    (student, "09"): Total(points, 9) for student, points in zip(NAMES, (4.5, 9, 0, 3), strict=True)
}

CANVAS = (
    'Student,ID,SIS User ID,SIS Login ID,Section,"Chapter 9: Fit, and doubt (4711)",'
    "Chapter 10 (4712),Chapter 9 Current Score,Final Score\r\n"
    ",,,,,Manual Posting,,,\r\n"
    "    Points Possible,,,,,9.00,8.00,(read only),(read only)\r\n"
    '"Müller, Zoë",101,00123,zoe@x.org,"S1 and ""S2""",,7.5,,\r\n'
    '"=HYPERLINK(""http://evil"")",102,0456,=1+1,S1,1,,55.2,A\r\n'
    '"O\'Neil, Sean ""Shay""",103,789,sean,"two\nlines",,,,\r\n'
    '"Gone, Guy",104,789000,guy,S1,2,,,\r\n'
    '"Zero, Lost",105,123,lost,S1,,,,\r\n'
    '"Student, Test",106,,a1b2c3,S1,,,,\r\n'
)
NINTH = {"09": "Chapter 9: Fit, and doubt (4711)"}


def cells(data, delimiter=",", encoding="utf-8-sig"):
    return list(csv.reader(io.StringIO(data.decode(encoding), newline=""), delimiter=delimiter))


@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_canvas_is_filled_by_id_and_otherwise_unchanged(bom):
    data = (bom + CANVAS).encode()
    filled = fill_canvas(data, TOTALS, NAMES, columns=NINTH)
    before, after = cells(data), cells(filled.data)
    assert filled.id_column == "SIS User ID"
    assert [row[5] for row in after] == [
        before[0][5],
        "Manual Posting",
        "9.00",
        "4.5",
        "9",
        "0",
        "2",
        "",
        "",
    ]
    assert [row[:5] + row[6:] for row in after] == [row[:5] + row[6:] for row in before]
    assert filled.data.startswith(bom.encode()) and filled.data.count(b"\r\n") == data.count(
        b"\r\n"
    )
    told = "\n".join(filled.told)
    assert (
        "Gone, Guy, SIS User ID 789000" in told
        and "Zero, Lost, SIS User ID 123 (were zeros in front of the id lost?)" in told
    )
    assert "chapter 09, 0456: 9 in place of the 1 that stood there" in told
    assert "2 cells of the file may be taken for a formula (line 5, 'Student'; line 5," in told
    assert "Student, Test" not in told
    assert filled.unfilled == ["graded, but not in the campus file: 555 (Nowhere, Ned)"]


def test_a_file_with_nothing_to_fill_comes_back_byte_for_byte():
    data = CANVAS.encode()
    same = fill_canvas(data, {("00123", "10"): Total(7.5, 8)}, {"00123": "Zoë"})
    assert same.data == data


def test_canvas_with_semicolons_commas_and_another_maximum():
    text = (
        "Student;ID;SIS User ID;SIS Login ID;Section;ch09 (1)\n"
        "    Points Possible;;;;;100,00\n"
        "Müller, Zoë;1;00123;z;S;\nNeil;3;789;s;S;\n"
    )
    filled = fill_canvas(text.encode(), TOTALS, NAMES)
    assert [row[5] for row in cells(filled.data, ";")] == ["ch09 (1)", "100,00", "50", "0"]
    assert "chapter 09: 9 points of the course are 100 of the campus system" in filled.told
    third = fill_canvas(
        text.encode(),
        {("00123", "09"): Total(1, 3), ("789", "09"): Total(2, 3)},
        {"00123": "", "789": ""},
    )
    assert [row[5] for row in cells(third.data, ";")][2:] == ["33,33", "66,67"]


def test_canvas_without_the_chapter_gets_a_column_with_its_maximum():
    text = (
        "Student,ID,SIS User ID,SIS Login ID,Section,Essay (7),Final Score\n"
        "    Points Possible,,,,,5,(read only)\nMüller,1,00123,z,S,4,80\n"
    )
    after = cells(fill_canvas(text.encode(), TOTALS, NAMES).data)
    assert [row[5:] for row in after] == [
        ["Essay (7)", "Chapter 9", "Final Score"],
        ["5", "9", "(read only)"],
        ["4", "4.5", "80"],
    ]


def test_two_columns_for_one_chapter_are_an_error():
    text = (
        "Student,ID,SIS User ID,SIS Login ID,Section,Chapter 9 (7),ch09 (8)\n"
        "Points Possible,,,,,9,9\nMüller,1,00123,z,S,,\n"
    )
    with pytest.raises(CampusError, match="could be any of"):
        fill_canvas(text.encode(), TOTALS, NAMES)


def test_moodle_worksheet_with_locked_grade_and_quoted_newline():
    text = (
        '\ufeffIdentifier,"Full name","ID number","Email address",Status,Grade,'
        '"Maximum Grade","Grade can be changed","Feedback comments"\n'
        '"Participant 71","Zoë Müller",00123,zoe@x.org,'
        '"Submitted for grading",,100.00,Yes,"<p>old\nline, two</p>"\n'
        '"Participant 72","=HYPERLINK(1)",0456,e@x.org,Submitted,50.00,100.00,No,-\n'
        '"Participant 73","Guy Gone",999,g@x.org,"No submission",,100.00,Yes,@SUM(A1)\n'
    )
    filled = fill_moodle(text.encode(), TOTALS, NAMES)
    before, after = cells(text.encode()), cells(filled.data)
    assert [row[5] for row in after] == ["Grade", "50", "50.00", ""]
    assert [row[:5] + row[6:] for row in after] == [row[:5] + row[6:] for row in before]
    assert filled.data.startswith("\ufeff".encode())
    told = "\n".join([*filled.told, *filled.unfilled])
    assert "Moodle has locked the grade of 0456" in told and "Guy Gone, ID number 999" in told
    assert "not in the campus file: 789" in told and "not in the campus file: 0456" not in told


def test_moodle_worksheet_takes_one_chapter():
    text = (
        "Identifier,Full name,Grade,Maximum Grade,Grade can be changed\n"
        "Participant 00123,Zoë,,10,Yes\n"
    )
    two = TOTALS | {("00123", "10"): Total(1, 8)}
    with pytest.raises(CampusError, match="--chapter"):
        fill_moodle(text.encode(), two, NAMES)
    assert cells(fill_moodle(text.encode(), TOTALS, NAMES).data)[1][2] == "5"


@pytest.mark.parametrize(
    "delimiter, encoding", [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-16")]
)
def test_moodle_gradebook_by_name_of_the_column(delimiter, encoding):
    rows = [
        [
            "First name",
            "Last name",
            "ID number",
            "Email address",
            "Assignment: Chapter 9 (Real)",
            "Assignment: Chapter 9 (Percentage)",
            "Course total (Real)",
        ],
        ["Zoë", "Müller", "00123", "z@x.org", "-", "-", "-"],
        ["Sean", "O'Neil", "789", "s@x.org", "3.00", "1 %", "-1.5"],
    ]
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(rows)
    filled = fill_moodle(file.getvalue().encode(encoding), TOTALS, NAMES, 9)
    after = cells(filled.data, delimiter, encoding)
    assert [row[4] for row in after[1:]] == ["4.5", "0"]
    assert [row[:4] + row[5:] for row in after] == [row[:4] + row[5:] for row in rows]
    with pytest.raises(CampusError, match="no column for chapter 11"):
        fill_moodle(file.getvalue().encode(encoding), {("00123", "11"): Total(1, 2)}, NAMES)


def test_files_that_are_not_the_campus_systems():
    with pytest.raises(CampusError, match="no Canvas gradebook file"):
        fill_canvas(b"a,b\n1,2\n", TOTALS, NAMES)
    with pytest.raises(CampusError, match="none of the 4 graded students"):
        fill_canvas(b"Student,ID,SIS User ID\nA,1,a1\n", TOTALS, NAMES)
    with pytest.raises(CampusError, match="no Moodle file"):
        fill_moodle(b"", TOTALS, NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3+cmd",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "＝1+1",
        "  =1",
        "-",
        "+49 30 1",
    ],
)
def test_cells_that_a_spreadsheet_would_execute(text):
    safe = text.replace("\t=", "\t'=")  # the next cell, where tabs begin one
    assert defused(text) == (text if text == "-" else "'" + safe)


@pytest.mark.parametrize(
    "text",
    ["", "-1.5", "+3", "1,5", "-12 %", "1e-5", "Ann", "a=b", "    Points Possible", "(read only)"],
)
def test_ordinary_cells_stay(text):
    assert defused(text) == text


def test_points_have_two_decimals_at_most():
    assert [shown_points(x) for x in (0, 9, 4.5, 10, 100, 1 / 3)] == [
        "0",
        "9",
        "4.5",
        "10",
        "100",
        "0.33",
    ]


# ---- a gradebook ---------------------------------------------------------------------------------

IDS = list(chapter_specs("09"))
HOSTILE = "</p><script>alert(1)</script>[x](javascript:alert(2))\u202e"


def keep(book, row, state="", sent="", notes=()):
    """Seen and graded."""
    told = {"digest": row.digest, "path": row.path or row.student, "state": state, "sent": sent}
    told |= {"why": row.reason if state else "", "notes": list(notes)}
    book.append(Entry(SEEN, row.student, row.chapter, told))
    if not state:
        book.keep(row)


def book_in(folder):
    book = Gradebook(folder)
    book.enrol([*(Student(*one) for one in NAMES.items()), Student("late", "Late, Lou")])
    (folder / "course.toml").write_text("[chapters.09]\ndue = 2026-01-01\n")
    book.rule((folder / "course.toml").read_text())
    for place, student in enumerate(NAMES):
        results = tuple(
            Result(
                id,
                spec.points * ((place + n) % 2),
                spec.points,
                "right" if (place + n) % 2 else "not yet",
                "as asked" if (place + n) % 2 else "the 2 of them " + HOSTILE,
                "" if (place + n) % 2 else "property 1",
                programs([(id, read_chapter(notebook_of("09")).tasks[id].solution)])[id],
            )
            for n, (id, spec) in enumerate(chapter_specs("09").items())
        )
        keep(
            book,
            Row(
                student,
                "09",
                "graded",
                "",
                digest=student,
                seconds=1.5 + place,
                results=results,
            ),
            notes=["the notebook was made for 'secret-other'"] if place == 0 else [],
        )
    lost = Row("?lost/" + HOSTILE, "?", "refused", "no student of the roster fits")
    keep(book, lost, state="unreadable")
    book.close()
    return folder


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = book_in(tmp_path_factory.mktemp("class"))
    out = tmp_path_factory.mktemp("out")
    campus = tmp_path_factory.mktemp("campus") / "2026 grades.csv"
    campus.write_bytes(CANVAS.encode())
    return SimpleNamespace(
        book=folder,
        out=out,
        told=export(folder, out, canvas=campus, columns=NINTH)[2],
        campus=campus,
    )


def test_everything_is_written_and_told(written):
    names = {
        path.relative_to(written.out).as_posix()
        for path in written.out.rglob("*")
        if path.is_file()
    }
    assert names == {
        "grades.csv",
        "report.html",
        "2026 grades.csv",
        *(f"feedback/{student}.{kind}" for student in [*NAMES, "late"] for kind in ("html", "md")),
    }
    assert any(
        "graded, but not in the campus file: 555 (Nowhere, Ned)" in line for line in written.told
    )
    assert written.campus.read_bytes() == CANVAS.encode()
    with pytest.raises(ValueError, match="would be written over"):
        export(written.book, written.campus.parent, canvas=written.campus)


def test_feedback_has_the_sums_of_the_table(written):
    for row in csv.DictReader(io.StringIO((written.out / "grades.csv").read_text())):
        text = (
            (written.out / "feedback" / f"{row['id'].lstrip(chr(39))}.md")
            .read_text()
            .replace("\\", "")
        )
        assert f"{row['points']} of {row['possible']} points" in text, row
    assert "nothing was handed in" in (written.out / "feedback" / "late.md").read_text()


def test_one_chapter_has_a_folder_of_its_own(written, capsys):
    assert main(["export", str(written.book), "--chapter", "9"]) == 3
    assert "late, chapter 09: missing: nothing was handed in" in capsys.readouterr().out
    assert (written.book / "export-09" / "grades.csv").exists() and not (
        written.book / "export"
    ).exists()
    more = ["export", str(written.book), "--chapter", "9", "--canvas"]
    assert main([*more, str(written.campus), "--column", f"9={NINTH['09']}"]) == 3
    told = capsys.readouterr().out
    assert "Earned, but not filled in: 1\n  graded, but not in the campus file: 555 (N" in told
    assert main([*more, str(written.campus), "--maximum", "0"]) == 1
    assert "--maximum 0: the maximum has to be above 0" in capsys.readouterr().err
    assert main([*more, "nowhere.csv"]) == 1
    assert "nowhere.csv cannot be read: No such file" in capsys.readouterr().err


def test_students_are_found_by_the_addresses_of_the_roster(written, tmp_path, capsys):
    """Tried by a stranger: a class whose ids the campus file does not show could not be filled."""
    roster, sheet = tmp_path / "roster.csv", tmp_path / "sheet.csv"
    roster.write_text("id,name,email\n" + "".join(f"{id},x,u{id}@x.org\n" for id in NAMES))
    text = "Full name,Email address,Grade,Maximum grade,Grade can be changed\n"
    sheet.write_text(text + "".join(f"x,u{id}@x.org,,9,Yes\n" for id in NAMES))
    more = ["--chapter", "9", "--moodle", str(sheet), "--out", str(tmp_path / "out")]
    assert main(["export", str(written.book), *more]) == 1
    assert "--roster" in capsys.readouterr().err
    assert main(["export", str(written.book), *more, "--roster", str(roster)]) == 3
    assert "Earned, but not filled in" not in capsys.readouterr().out
    rows = cells((tmp_path / "out/sheet.csv").read_bytes())[1:]
    table = csv.DictReader(io.StringIO((written.out / "grades.csv").read_text()))
    points = {row["id"].lstrip("'"): row["chapter 09"] for row in table}
    assert {row[1]: row[2] for row in rows} == {f"u{id}@x.org": points[id] for id in NAMES}
    kept = written.book / "roster.csv"
    kept.write_bytes(roster.read_bytes())
    assert main(["export", str(written.book), *more]) == 3, "assign has left them there"
    kept.unlink()
    roster.write_text("id,name\n0456,x\n")
    assert main(["export", str(written.book), *more, "--roster", str(roster)]) == 1
    assert "no other ids" in capsys.readouterr().err


def test_the_table_of_points(written):
    rows = cells((written.out / "grades.csv").read_bytes())
    assert rows[0] == ["id", "name", "chapter 09", "points", "possible", "open"]
    assert {row[0]: row[2:] for row in rows[1:]}["late"] == ["", "0", "0", "09 missing"]
    assert [row[1] for row in rows if row[0] == "0456"] == ["'" + NAMES["0456"]]
    assert all(not cell.startswith(("=", "+", "@")) for row in rows for cell in row)


@pytest.mark.parametrize("lowest, sums", [(0, ["5", "12"]), (1, ["4", "8"]), (9, ["2", "2"])])
def test_the_chapters_with_the_lowest_shares_are_left_out_of_the_sum(lowest, sums):
    rows = [("02", 1.0, 4.0, True), ("06", 2.0, 6.0, True), ("09", 2.0, 2.0, True)]
    rows.append(("10", np.nan, 5.0, False))
    submissions = pd.DataFrame(
        [
            dict(student="a", name="A", chapter=chapter, points=points, possible=possible,
                 earned=earned, status="excused")
            for chapter, points, possible, earned in rows
        ]
    )  # fmt: skip
    found = next(csv.DictReader(io.StringIO(wide_csv(submissions, lowest))))
    assert [found["points"], found["possible"]] == sums
    assert (found["chapter 06"], found["open"]) == ("2", "10 excused")


# ---- texts that a person reads -------------------------------------------------------------------

WRITTEN, PLANNED = "13-write-it-down", "13-plan-a-purchase"


def keep_texts(folder, texts):
    """A gradebook of chapter 13: everybody's plan has 42 % of its points, some sent a text."""
    book = Gradebook(folder)
    book.enrol([Student(student, f"Name of {student}") for student in texts])
    for student, text in texts.items():
        results = tuple(
            Result(
                id,
                0.42 * spec.points if id == PLANNED else 0,
                spec.points,
                "to be read" if id == WRITTEN and text else "not yet",
                "a person will read it",
                text=text if id == WRITTEN else "",
            )
            for id, spec in chapter_specs("13").items()
        )
        count = len(book.ledger.entries())
        digest = hashlib.sha256(f"{count} {text}".encode()).hexdigest()
        row = Row(student, "13", "graded", "", digest=digest, results=results)
        sent = f"2026-01-01T00:00:{count:02}"
        keep(book, Row(**vars(row) | {"path": f"{student}/{count}"}), sent=sent)
    book.close()


def filled(path, **points):
    """Fill in points as a spreadsheet would, and save with semicolons and a byte-order mark."""
    data = path.read_bytes()
    rows = cells(data, ";" if data.startswith("\ufeffstudent;".encode()) else ",")
    for row in rows[1:]:
        if row[0] in points:
            row[3:7] = points[row[0]]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(rows)
    path.write_bytes(("\ufeff" + out.getvalue()).encode())


def points_of(folder):
    return {row.student: row.points for row in tables(folder)[1].itertuples()}


def test_points_for_texts_are_filled_in_and_read_back(tmp_path):
    folder, out = tmp_path / "class", tmp_path / "out"
    keep_texts(folder, {"ada": "=My plan, with 90 %", "bob": "<b>Another</b>", "cyd": ""})
    told = "\n".join(export(folder, out)[0])
    table, plan = out / "texts" / f"{WRITTEN}.csv", 0.42 * chapter_specs("13")[PLANNED].points
    assert "2 texts, 2 of them not read yet" in told
    rows = cells(table.read_bytes())
    assert [row[:3] for row in rows[1:]] == [
        ["ada", "Name of ada", "'=My plan, with 90 %"],
        ["bob", "Name of bob", "<b>Another</b>"],
    ]
    shown = (out / "texts" / f"{WRITTEN}.html").read_text()
    assert "&lt;b&gt;Another" in shown and "bob" not in shown and "Name of" not in shown
    assert "2 points: to be read" in (out / "feedback" / "ada.md").read_text().replace("\\", "")
    assert (
        WRITTEN
        not in (out / "report.html")
        .read_text()
        .split("Students</h2>")[0]
        .split("Hardest")[1]
        .split("</h2>")[0]
    )

    filled(table, ada=["0.5", "0,25", "0", "0.5"])
    told, asks, _ = export(folder, out)
    assert "2 texts, 1 of them not read yet" in "\n".join(told)
    assert [(ask.student, ask.state) for ask in asks] == [("bob", "to be read")]
    expected = {"ada": plan + 1.25, "bob": np.nan, "cyd": plan}
    assert points_of(folder) == pytest.approx(expected, nan_ok=True)
    assert cells(table.read_bytes())[1][3:7] == ["0.5", "0.25", "0", "0.5"], (
        "what was filled in must stay"
    )
    told = (out / "feedback" / "ada.md").read_text().replace("\\", "")
    assert (
        "1.25 of 2 points: read: names the form of the law, "
        "and a reason that does not come from the result: 0.5 of 0.5; says" in told
    )
    filled(table, ada=[""] * 4)
    told = "\n".join(export(folder, out)[0])
    assert "line 2, student ada: points that were emptied stay as they were" in told
    assert points_of(folder)["ada"] == plan + 1.25 and "student bob" not in told
    assert "emptied" not in "\n".join(export(folder, out)[0]), "they are in the table again"
    keep_texts(folder, {"ada": "=My plan, with 90 %", "bob": "Another again"})  # graded again
    assert points_of(folder)["ada"] == pytest.approx(plan + 1.25)
    keep_texts(folder, {"ada": "A new text of 10 words"})
    assert np.isnan(points_of(folder)["ada"]), "points were given to the other text"
    keep_texts(folder, {"ada": "=My plan, with 90 %"})
    assert points_of(folder)["ada"] == pytest.approx(plan + 1.25), "and are kept for it"


@pytest.mark.parametrize(
    "given, message",
    [
        ([".5", "", "0", ".5"], "line 2, student ada: points are given for 3 of 4"),
        ([".5", ".5", "2", ".5"], "2 points, where 0 to 0.5"),
        ([".5", ".5", "good", ".5"], "'good' is not a number"),
        ([".5", ".5", "nan", ".5"], "nan points"),
    ],
)
def test_points_that_cannot_be_read_leave_the_table_alone(tmp_path, given, message):
    keep_texts(tmp_path / "class", {"ada": "a text"})
    export(tmp_path / "class", tmp_path / "out")
    table = tmp_path / "out" / "texts" / f"{WRITTEN}.csv"
    filled(table, ada=given)
    before = table.read_bytes()
    with pytest.raises(ValueError, match=message):
        export(tmp_path / "class", tmp_path / "out")
    assert table.read_bytes() == before and np.isnan(points_of(tmp_path / "class")["ada"])


def marks_of(folder):
    """The points of ada's text that the gradebook has."""
    book = Gradebook(folder)
    (found,) = book.texts()
    book.close()
    return found["points"], found["remark"]


def test_points_in_a_table_that_nobody_touched_decide_nothing(tmp_path):
    """[IN57, IN58] What an older export still says is older than an appeal that was granted."""
    folder = tmp_path / "class"
    keep_texts(folder, {"ada": "a text"})
    old, new = (tmp_path / name / "texts" / f"{WRITTEN}.csv" for name in ("old", "new"))
    export(folder, tmp_path / "old")
    by_hand = old.read_bytes()
    filled(old, ada=["0.5", "0", "0.5", "0"])
    export(folder, tmp_path / "old")
    kept = old.read_bytes()
    export(folder, tmp_path / "new", "13")
    filled(new, ada=["0.5", "0.5", "0.5", "0"])
    export(folder, tmp_path / "new", "13")
    export(folder, tmp_path / "old")
    assert marks_of(folder)[0] == [0.5, 0.5, 0.5, 0], "the older folder decides nothing"
    old.write_bytes(kept)
    filled(old, ada=["0.5", "0", "0.5", "0.25"])
    export(folder, tmp_path / "old")
    assert marks_of(folder)[0] == [0.5, 0.5, 0.5, 0.25], "and only the cell that was changed"
    old.write_bytes(by_hand)
    filled(old, ada=["0.5", "0", "0.5", "0"])
    told = "\n".join(export(folder, tmp_path / "old")[0])
    assert marks_of(folder)[0] == [0.5, 0.5, 0.5, 0.25], "these were read before"
    assert "line 2, student ada: these points were read before, and others since" in told
    filled(old, ada=["0.5", "0", "0.5", "0"])
    export(folder, tmp_path / "old")
    assert marks_of(folder)[0] == [0.5, 0, 0.5, 0], "a person has changed them back"


def test_a_table_of_an_older_version_repeats_nothing(tmp_path):
    folder, out = tmp_path / "class", tmp_path / "out"
    keep_texts(folder, {"ada": "a text"})
    export(folder, out)
    table = out / "texts" / f"{WRITTEN}.csv"
    book = Gradebook(folder)
    of = ("ada", WRITTEN, book.texts()[0]["digest"])
    book.read(*of, [0.5, 0.0, 0.0, 0.0], "=well; =done", "")
    export(folder, out)
    bare = [row[:8] + row[9:] for row in cells(table.read_bytes())]  # without "as written"
    text = io.StringIO(newline="")
    csv.writer(text).writerows(bare)
    book.read(*of, [0.5, 0.5, 0.0, 0.0], "", "")
    table.write_text(text.getvalue(), encoding="utf-8")
    told = "\n".join(export(folder, out)[0])
    assert marks_of(folder) == ([0.5, 0.5, 0.0, 0.0], "") and "were read before" in told
    book.close()


def through(folder, out):
    """What an export does with its tables."""
    book = Gradebook(folder)
    told = read_back(book, out / "texts")
    write_texts(book, out / "texts", {})
    book.close()
    return told


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.integers(0, 2), st.integers(0, 4), st.integers(0, 2)),
        st.tuples(st.just("export"), st.integers(0, 2)),
        st.tuples(st.just("put back"), st.integers(0, 2)),
        st.tuples(st.just("merge"), st.integers(0, 1)),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@example([("edit", 2, 0, 0), ("export", 2), ("export", 0), ("merge", 0)])
@example([("edit", 0, 1, 0), ("export", 0), ("export", 1), ("merge", 1), ("export", 2)])
@given(STEPS)
def test_whatever_the_order_a_table_decides_by_its_changes_alone(steps):
    """Three tables, the first two of one class and the third of its copy; a cell that a person
    changes counts from the export that reads it, and nothing else changes a point.
    """
    with tempfile.TemporaryDirectory() as place:
        own = Path(place) / "class"
        keep_texts(own, {"ada": "a text"})
        shutil.copytree(own, Path(place) / "copy")
        folders = [own, own, Path(place) / "copy"]
        outs = [Path(place) / f"out{number}" for number in range(3)]
        tables = [out / "texts" / f"{WRITTEN}.csv" for out in outs]
        first = ["0.5"] * 4
        for folder, out, table in zip(folders[::2], outs[::2], tables[::2], strict=True):
            through(folder, out)
            filled(table, ada=first)
            through(folder, out)
        through(folders[1], outs[1])
        shown, stands = [[0.5] * 4 for _ in tables], {0: [0.5] * 4, 2: [0.5] * 4}
        copies, edits = [(table.read_bytes(), [0.5] * 4) for table in tables], [{}, {}, {}]
        last = {0: 0, 2: 0}
        for clock, (word, at, *more) in enumerate(steps, 1):
            whose = 0 if at < 2 else 2
            if word == "edit" and more[0] < 4:
                row = [str(edits[at].get(n, one)) for n, one in enumerate(shown[at])]
                row[more[0]] = str(more[1] / 4)
                edits[at][more[0]] = more[1] / 4
                filled(tables[at], ada=row)
            elif word == "export":
                for n, value in edits[at].items():
                    if value != shown[at][n]:
                        stands[whose][n], last[whose] = value, clock
                through(folders[at], outs[at])
                shown[at], edits[at] = list(stands[whose]), {}
                copies[at] = tables[at].read_bytes(), list(shown[at])
            elif word == "put back":
                tables[at].write_bytes(copies[at][0])
                shown[at], edits[at] = copies[at][1], {}
            elif word == "merge":
                into, other = (0, 2) if at == 0 else (2, 0)
                book = Gradebook(folders[into])
                book.merge(folders[other])
                book.close()
                if last[other] > last[into]:
                    stands[into], last[into] = list(stands[other]), last[other]
            for number in (0, 2):
                assert marks_of(folders[number])[0] == stands[number], (word, at, more)


def test_there_must_be_a_gradebook(tmp_path):
    with pytest.raises(GradebookError, match="grade first"):
        tables(tmp_path)
    Gradebook(tmp_path).close()
    with pytest.raises(GradebookError, match="no points to export: nothing is graded"):
        tables(tmp_path)


class _Page(html.parser.HTMLParser):
    """Tags and what they load."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.loads = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.loads += [
            value
            for name, value in attributes
            if name in ("src", "href", "srcset", "data", "action") or name.startswith("on")
        ]


def test_feedback_shows_the_students_own_rows_and_nothing_of_others(written):
    for student, name in NAMES.items():
        for kind in ("html", "md"):
            text = (written.out / "feedback" / f"{student}.{kind}").read_text(encoding="utf-8")
            for other, others_name in NAMES.items():
                if other != student:
                    assert (
                        not re.search(rf"\b{other}\b", text)
                        and others_name.split(",")[0] not in text
                    )
            assert "secret-other" not in text and "\u202e" not in text
            assert as_html(name) in text if kind == "html" else as_markdown(name) in text
    text = (written.out / "feedback" / "00123.md").read_text(encoding="utf-8")
    assert (
        "made for somebody else" in text
        and "of 9 points" in text
        and questions("09")["09-plan"].title.split(": ")[1] in text
    )
    assert "nothing was handed in" in (written.out / "feedback" / "late.md").read_text(
        encoding="utf-8"
    )


def test_hostile_text_stays_text(written):
    for path in [*(written.out / "feedback").glob("*.html"), written.out / "report.html"]:
        page = _Page(path.read_text(encoding="utf-8"))
        assert "script" not in page.tags and "img" not in page.tags
        assert all(re.fullmatch("#[a-z]+", load) for load in page.loads)
    for path in (written.out / "feedback").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        assert "<script" not in text.replace("\\<", "") and "](" not in text.replace("\\]\\(", "")


def test_feedback_refuses_rows_of_another(written):
    rows, _ = tables(written.book)
    with pytest.raises(ValueError, match="another student"):
        feedback("789", "", rows, {})


@pytest.mark.parametrize(
    "message, kept",
    [
        (
            "your function raised ValueError: 1.2345 2.3456 for predicted=an array of 12 numbers",
            "your function raised ValueError",
        ),
        ("the cell raised Probe_1_2345: x", "the cell raised an exception of its own"),
        (
            "the cell raised NameError: name '1.2345' is not defined",
            "the cell raised NameError: a name is used that has no value",
        ),
        (
            "one number is asked for, but this is a Probe_1_2345",
            "one number is asked for, but this is something else",
        ),
        (
            "one number is asked for, but this is a list",
            "one number is asked for, but this is a list",
        ),
    ],
)
def test_nothing_that_a_program_could_have_smuggled_out(message, kept):
    assert public_message(message, "form").startswith(kept) and "2345" not in public_message(
        message, "form"
    )


def test_messages_of_the_course_stay():
    message = "that is the mean: your function raised the wrong thing"
    assert public_message(message, "mistake 1") == message


# ---- the report ----------------------------------------------------------------------------------


def test_the_report_holds_everything_itself(written):
    text = (written.out / "report.html").read_text(encoding="utf-8")
    assert not re.search(
        r"(https?:)?//[a-z]", re.sub(r"data:[^\"]*", "", text).replace("http://evil", "")
    )
    assert "<img" not in text and "<script" not in text
    for heading in (
        "Scores",
        "Hardest exercises",
        "What the class gets wrong most",
        "Who is stuck",
        "Points that a search can find",
        "Equal answers to different questions",
        "Identical programs",
        "Submissions to look at",
    ):
        assert heading in text
    assert (
        "default-src 'none'" in text
        and "no student of the roster fits" in text
        and "published solution" in text
    )


def test_a_class_that_answered_nothing_has_a_report_too():
    rows = pd.DataFrame(
        [
            {
                "student": "a",
                "name": "",
                "chapter": "09",
                "exercise": IDS[0],
                "points": 0,
                "possible": 2,
                "status": "not attempted",
                "message": "",
                "rule": "",
                "program": "",
            }
        ]
    )
    assert "Nobody has answered anything yet" in report(rows, pd.DataFrame(), {})


def test_discrimination_is_the_corrected_item_total_correlation():
    rng = np.random.default_rng(3)
    ability = rng.normal(size=40)
    marks = pd.DataFrame(
        {f"q{n}": (ability + rng.normal(size=40) > 0).astype(float) for n in range(4)}
    )
    marks["against"], marks["same"] = 1 - marks.q0, 1.0
    found = discrimination(marks)
    for id in ("q0", "against"):
        rest = [name for name in marks.columns if name != id]
        centred = (
            marks[id] - marks[id].mean(),
            marks[rest].sum(axis=1) - marks[rest].sum(axis=1).mean(),
        )
        assert found[id] == pytest.approx(
            (centred[0] @ centred[1])
            / np.sqrt((centred[0] @ centred[0]) * (centred[1] @ centred[1]))
        )
    assert found.against < 0 < found.q1 and np.isnan(found.same)


def test_items_are_counted_and_sorted():
    grades = pd.DataFrame(
        [
            dict(
                student=student,
                exercise=exercise,
                points=points,
                possible=2.0,
                status="right" if points == 2 else "not yet",
                message=f"m{points}",
            )
            for student, marks in {"a": (2, 0), "b": (2, 1), "c": (0, 0)}.items()
            for exercise, points in zip(("easy", "hard"), marks, strict=True)
        ]
    )
    table = items(grades)
    assert list(table.index) == ["hard", "easy"] and table.loc[
        "easy", ["full", "some", "none"]
    ].tolist() == [2, 0, 1]
    assert table["mean"].tolist() == pytest.approx([1 / 6, 2 / 3])


SOLUTION = (
    "low, high = fit.interval(lambda law: law.optimum(budget).N, level=0.9)\n"
    "plan = (low, fit.law.optimum(budget).N, high)\n"
)
RENAMED = '''"""Mine."""
# my own work
lo,hi = fit.interval(
    lambda one: one.optimum(budget).N, level=0.9)   # ninety
plan = (lo, fit.law.optimum(budget).N, hi)
'''
OTHER = SOLUTION.replace("0.9", "0.8")
USED = SOLUTION.replace("optimum(budget).N, high", "optimum(budget).D, high")


def test_programs_are_compared_without_names_and_comments():
    digest = {
        name: programs([("x", text)])["x"]
        for name, text in dict(a=SOLUTION, b=RENAMED, c=OTHER, d=USED, e="1 +", f="1  +").items()
    }
    assert digest["a"] == digest["b"] and len(set(digest.values())) == 5
    swapped = (
        "def f(a, b):\n    return a - b\n",
        "def f(x: int, y: int) -> int:\n    '''doc'''\n    return x - y\n",
        "def f(x, y):\n    return y - x\n",
    )
    same, too, not_same = (programs([("x", text)])["x"] for text in swapped)
    assert same == too != not_same
    assert programs([("x", "(" * 5000)])["x"] and programs([("x", "-" * 100_000 + "1")])["x"]


@pytest.mark.parametrize(
    "sources, bare",
    [
        (["x = 1.5"], True),
        (["x = -1.5e3  # from paper"], True),
        (["x = (1, 2)"], True),
        (["x = {'low': 1, 'high': [2.0]}"], True),
        (["x = y = 3"], True),
        (["x = 1", "x = 2"], True),
        (["x = 1", "x = 2 * 3"], False),
        (["x = 2 ** (1 / 0.3)"], False),
        (["y = 3"], False),
        (["y = 3\nx = y"], False),
        (["x = dict(low=1)"], False),
        (["x = ", "(" * 5000], False),
        (["def x(): return 1"], False),
        ([], False),
    ],
)
def test_a_number_that_just_stands_there(sources, bare):
    assert typed(sources, "x") is bare


def test_groups_of_identical_programs():
    task = SimpleNamespace(
        solution="### BEGIN SOLUTION\n" + SOLUTION + "### END SOLUTION\n", stub="plan = ..."
    )
    short = SimpleNamespace(solution="x = 1", stub="x = ...")
    texts = {
        "ann": RENAMED,
        "bob": SOLUTION,
        "cec": OTHER,
        "dan": OTHER + "# mine",
        "eve": USED,
        "fay": "plan = ...",
        "gus": "plan = ...",
    }
    grades = pd.DataFrame(
        [
            dict(
                student=student,
                exercise="99-plan",
                status="right",
                program=programs([("99-plan", text)])["99-plan"],
            )
            for student, text in texts.items()
        ]
        + [
            dict(student=student, exercise="99-short", status="right", program="same")
            for student in texts
        ]
    )
    found = identical(grades, {"99-plan": task, "99-short": short})
    assert [(group.students, group.published) for group in found] == [
        (("cec", "dan"), False),
        (("ann", "bob"), True),
    ]


# ---- the question bank ---------------------------------------------------------------------------

CLASS = ["s1", "s2", "s3"]
CHAPTER = "10"


@pytest.fixture(scope="module")
def quiz():
    return ElementTree.fromstring(banks.bank([CHAPTER], "a-secret-key", CLASS))


def test_the_bank_has_one_question_for_each_variant_in_a_category(quiz):
    categories = [node.findtext("category/text") for node in quiz if node.get("type") == "category"]
    numeric = [
        id
        for id, exercise in registry.chapter_exercises(CHAPTER).items()
        if type(exercise).__name__ in ("Number", "Several")
    ]
    assert [text.rsplit("/", 1)[1] for text in categories] == numeric
    assert len(quiz) == len(numeric) * (1 + len(CLASS))
    ids = [node.findtext("idnumber") for node in quiz if node.get("type") != "category"]
    assert len(set(ids)) == len(ids) and all("s1" not in id for id in ids)
    assert "a-secret-key" not in ElementTree.tostring(quiz, encoding="unicode")


def each_variant(quiz):
    for node in quiz:
        if node.get("type") != "category":
            id, place = node.findtext("idnumber").rsplit("-", 1)
            yield (
                node,
                registry.exercise(id),
                parameters(chapter_specs(CHAPTER)[id], "a-secret-key", CLASS[int(place) - 1]),
            )


def test_what_moodle_takes_the_check_takes_too(quiz):
    for node, exercise, params in each_variant(quiz):
        if node.get("type") == "numerical":
            for answer in node.findall("answer"):
                value, width = float(answer.findtext("text")), float(answer.findtext("tolerance"))
                assert width > 0
                for x in (value - width, value, value + width):
                    assert (judge(exercise, f"{x:.8g}", params).status == "right") == (
                        answer.get("fraction") == "100"
                    ), (exercise.id, x)
        else:
            found = re.findall(
                r"`(\w+)` = \{1:NUMERICAL:=([-+.\de]+):([-+.\de]+)\}",
                node.findtext("questiontext/text"),
            )
            assert [part for part, *_ in found] == list(exercise.names)
            for sign in (-1, 0, 1):
                assert (
                    judge(
                        exercise,
                        {part: f"{float(x) + sign * float(width):.8g}" for part, x, width in found},
                        params,
                    ).status
                    == "right"
                )


def test_a_question_tells_its_parameters_and_hints(quiz):
    for node, exercise, params in each_variant(quiz):
        for name in params:
            assert re.search(rf"^    {name} = ", node.findtext("questiontext/text"), re.M)
        assert [hint.findtext("text") for hint in node.findall("hint")] == list(exercise.hints)


def test_formulas_and_roles_for_moodle():
    assert (
        banks.moodle_markdown("with $a^2$ and `$x` see {ref}`the map <map>` or [here](x.md)")
        == r"with \\(a^2\\) and `$x` see the map or here"
    )


# ---- the example class ---------------------------------------------------------------------------


@pytest.mark.whole
def test_the_example_class_hands_in_right_partial_and_wrong_answers(tmp_path, monkeypatch):
    """All with the parameters of one student: to draw those of thirty takes hundreds of fits."""
    sources, asked = read_sources(), set()
    drawn = {
        number: personal(sources[number], example_class.KEY, "s01")
        for number in example_class.CHAPTERS
    }

    def draws_for(source, key, student):
        asked.add((source.stem[:2], key, student))
        return copy.deepcopy(drawn[source.stem[:2]])

    monkeypatch.setattr(example_class, "personal", draws_for)
    example_class.hand_in(tmp_path, sources)
    assert asked == {
        (number, example_class.KEY, student.id)
        for number in example_class.CHAPTERS
        for student in example_class.students()
    }
    files = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert len(files) == 30 * len(example_class.CHAPTERS) - 1
    again = {
        (number, student.id): example_class.answered(sources[number], student.id)
        for number in example_class.CHAPTERS
        for student in example_class.students()
    }
    same = [
        files.get(file_name(sources[number], student)) == json.dumps(notebook, indent=1)
        for (number, student), notebook in again.items()
    ]
    assert sum(same) == len(files) - 1  # one is cut in the middle
    count = Counter()
    for number in example_class.CHAPTERS:
        for id, task in sources[number].chapter.tasks.items():
            written = {
                student.id: next(
                    source_of(cell)
                    for cell in again[number, student.id]["cells"]
                    if role_of(cell) == "exercise" and exercise_of(cell) == id
                )
                for student in example_class.students()
            }
            assert written["s11"].split() == task.with_region(region(task.solution)).split()
            assert programs([(id, written["s07"])]) == programs([(id, written["s06"])])
            for source in written.values():
                compile(source, id, "exec")
                count[
                    "stub"
                    if source == task.stub
                    else "right"
                    if " ".join(region(task.solution).split()) in " ".join(source.split())
                    else "wrong"
                ] += 1
    assert count["right"] > count["wrong"] > 60 and count["stub"] > 5


def test_the_example_classs_campus_file_is_one_that_can_be_filled():
    names = {student.id: student.name for student in example_class.students()}
    filled = fill_canvas(
        example_class.canvas_file().encode(), {(id, "09"): Total(3, 9) for id in names}, names
    )
    assert sum(row[6] == "33.33" for row in cells(filled.data)) == 30


@pytest.mark.parametrize("status", ["missing", "unreadable", "excused"])
def test_a_student_is_told_why_a_chapter_has_no_points(status):
    assert _told(status, "the reason") == "the reason"


def test_another_students_name_is_kept_from_a_student():
    assert "Ada" not in _told("made for", "made for Ada") + _told("late", "like Ada's")
