"""The campus systems' sheets cell by cell: quoting, delimiters, whose row, which column, how much.

Whole files of Canvas and Moodle are in test_export.py.
"""

import re
from dataclasses import FrozenInstanceError

import pytest

from exercises import campus
from exercises.campus import CampusError, Total, fill_canvas, fill_moodle, numbers, shown_points

# ---- cells ---------------------------------------------------------------------------------------


def sheet(text, delimiter=",", encoding="utf-8"):
    made = campus._Sheet(text.encode(encoding))
    made.split(delimiter)
    return made


@pytest.mark.parametrize(
    "text, rows",
    [
        ("a,b\nc,d", [["a", "b"], ["c", "d"]]),
        ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
        ("a\rb", [["a"], ["b"]]),
        ('"a,b","c\nd"\n', [["a,b", "c\nd"]]),
        ('"say ""a""",b', [['say "a"', "b"]]),
        ('"",b', [["", "b"]]),
        ('a"b,c', [['a"b', "c"]]),
        ('5",b', [['5"', "b"]]),
        ('"a"b,c', [['"a"b', "c"]]),
        ('"', [['"']]),
        ("a,\n", [["a", ""]]),
        ("a,", [["a", ""]]),
        ("a\n\nb", [["a"], [""], ["b"]]),
    ],
)
def test_cells_are_read_and_written_back_as_they_stood(text, rows):
    made = sheet(text)
    assert [
        [made.value(row, column) for column in range(len(cells))]
        for row, cells in enumerate(made.rows)
    ] == rows
    assert made.encoded() == text.encode()
    assert made.value(0, 9) == ""


@pytest.mark.parametrize(
    "column, value, text",
    [
        (0, "x", "x;b\r\n"),
        (1, "1;2", 'a;"1;2"\r\n'),
        (1, "1,2", "a;1,2\r\n"),
        (1, 'say "x"', 'a;"say ""x"""\r\n'),
        (1, "two\nlines", 'a;"two\nlines"\r\n'),
        (1, "two\rlines", 'a;"two\rlines"\r\n'),
        (3, "x", "a;b;;x\r\n"),
    ],
)
def test_a_cell_is_put_in_quotes_where_it_needs_them(column, value, text):
    made = sheet("a;b\r\n", ";")
    made.put(0, column, value)
    assert made.encoded() == text.encode()


def test_a_cell_that_had_quotes_keeps_them():
    made = sheet('"a",b\n')
    made.put(0, 0, "x")
    assert made.encoded() == b'"x",b\n'


def test_a_new_column_goes_between_and_short_lines_grow():
    made = sheet("a,b,c\n1\n\n1,2,3\n")
    made.insert(2, ["new", "x", "y", "z"])
    assert made.encoded() == b"a,b,new,c\n1,,x\n\n1,2,z,3\n"
    made = sheet("a\n1")
    made.insert(1, ["new", "x"])
    assert made.encoded() == b"a,new\n1,x"


@pytest.mark.parametrize(
    "encoding, bom", [("utf-8", b""), ("utf-8-sig", b"\xef\xbb\xbf"), ("latin-1", b"")]
)
def test_the_encoding_stays(encoding, bom):
    data = "Zoë,1\n".encode(encoding)
    made = campus._Sheet(data)
    made.split(",")
    assert made.value(0, 0) == "Zoë" and made.encoded() == data and data.startswith(bom)


@pytest.mark.parametrize("bom, encoding", [("\ufeff", "utf-16-le"), ("\ufeff", "utf-16-be")])
def test_two_bytes_a_letter(bom, encoding):
    data = (bom + "Zoë,1\n").encode(encoding)
    made = campus._Sheet(data)
    made.split(",")
    assert made.value(0, 0) == "Zoë" and made.encoded() == data


@pytest.mark.parametrize(
    "points, text, german",
    [(2, "2", "2"), (2.5, "2.5", "2,5"), (1 / 3, "0.33", "0,33"), (10, "10", "10"), (0, "0", "0")],
)
def test_points_as_they_are_shown(points, text, german):
    assert (shown_points(points), shown_points(points, comma=True)) == (text, german)


@pytest.mark.parametrize(
    "text, safe",
    [
        ("Ada", "Ada"),
        ("=1+1", "'=1+1"),
        ("  =1+1", "'  =1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+49 30 1234", "'+49 30 1234"),
        ("-2 points", "'-2 points"),
        ("\tx", "'\tx"),
        ("\uff1d1", "'\uff1d1"),
        *((text, text) for text in ("-", "-3", "-3.5", "-3,5", "+.5", "-1e-3", "-5 %", "", "3-4")),
        ("a;=b", "a;'=b"),
        ('a; "@b', "a; \"'@b"),
        ("a\t+b", "a\t'+b"),
        ("a; -2", "a; -2"),
        ("a,=b", "a,'=b"),
        ("a, b=c", "a, b=c"),
    ],
)
def test_no_spreadsheet_executes_a_cell(text, safe):
    assert campus.defused(text) == safe


# ---- whose row, which column ---------------------------------------------------------------------


def test_ids_are_compared_without_case_and_moodles_word():
    assert campus._key(" Participant 007 ") == "007"
    assert campus._key("My participant 1") == "my participant 1"


def found_rows(text, students):
    made, told = sheet(text), []
    header = made.rows[0]
    return (*campus._rows_by_student(made, header, ("ID", "Login"), students, told), told)


def test_the_column_that_knows_most_students_is_taken():
    few = "Login,ID\nada,1\nbob,bob\n"
    assert found_rows(few, {"ADA": "", "bob": ""}) == ("Login", {1: "ADA", 2: "bob"}, [])
    same = "Login,ID\nada,ada\n"
    assert found_rows(same, {"ada": "", "bob": ""})[0] == "ID"
    twice = "ID,Login\nada,ada\nada,bob\n"
    assert found_rows(twice, {"ada": "", "bob": ""})[:2] == ("Login", {1: "ada", 2: "bob"})


def test_a_student_with_two_rows_is_told():
    _, rows, told = found_rows("ID\nada\nada\nbob\n", {"ada": "", "bob": ""})
    assert rows == {1: "ada", 2: "ada", 3: "bob"}
    assert told == ["ada has 2 rows in the campus file: all are filled"]


def test_other_ids_are_asked_where_the_ids_find_fewer():
    students = {"ada": "", "bob": "", "47": ""}
    others = {"a@x.org": "ada", "B@x.org": "bob", "47": "ada", "gone@x.org": "gone"}

    def found(text):
        made, told = sheet(text), []
        return campus._rows_by_student(made, made.rows[0], ("ID", "Login"), students, told, others)

    by_mail = "ID,Login\nada,a@x.org\nx,b@x.org\ny,gone@x.org\n"
    assert found(by_mail) == ("Login", {1: "ada", 2: "bob"})
    assert found("ID,Login\nada,a@x.org\nbob,b@x.org\n")[0] == "ID", "ids before other ids"
    assert found("ID,Login\nz,47\n") == ("Login", {1: "47"}), "an id is nobody else's"


def test_participants_numbers_are_of_one_assignment():
    for text in ("Participant 5512300", " participante 1", "Teilnehmer/in1", "Teilnehmer:in 2"):
        assert campus.as_participant(text), text
    for text in ("5512300", "participants", "My participant 1"):
        assert not campus.as_participant(text), text


def test_who_a_participant_is_by_moodles_worksheet():
    rows = ",Full name,ID number,Email address\n{}7,Ada,0012,A@x.org\n,Bob,13,b@x.org\n"
    for column, word in (("Identifier", "Participant "), ("ID", "Teilnehmer/in")):
        text = (column + rows).format(word)
        assert campus.participants(text.encode()) == {"7": ["0012", "a@x.org"]}
    for header, (word, *_), _ in ELSEWHERE.values():
        text = f"{header}\n{word}7,Ada,0012,A@x.org,,,,,,\n"
        assert campus.participants(text.encode()) == {"7": ["0012", "a@x.org"]}
    assert campus.participants((column + rows).format("x").encode()) == {}
    for text in ("id,name\n7,Ada\n", "Student,ID,SIS User ID\nAda,7,0012\n", ""):
        assert campus.participants(text.encode()) == {}


def test_ids_that_differ_in_capitals_only_are_refused():
    with pytest.raises(CampusError, match="only in capitals"):
        found_rows("ID\nada\n", {"ada": "", "ADA": ""})


@pytest.mark.parametrize(
    "header, number, is_it",
    [
        ("Chapter 9", "09", True),
        ("chapter 09: fits (4711)", "09", True),
        ("ch09", "09", True),
        ("Chap. 9", "09", True),
        ("Homework, chapter_9", "09", True),
        ("09 fits", "09", True),
        ("Assignment: 09 fits (Real)", "09", True),
        ("External tool : Chapter 9", "09", True),
        ("Kapitel 9", "09", True),
        ("Kap. 9", "09", True),
        ("Chapitre 9", "09", True),
        ("Chapitres-9", "09", True),
        ("Capítulo 9", "09", True),
        ("Capitulos 9", "09", True),
        ("Cap. 9", "09", True),
        ("Tarea: 09 fits", "09", True),
        ("9 fits", "09", False),
        ("Chapter 90", "09", False),
        ("Chapter 19", "09", False),
        ("Chapter 10", "01", False),
        ("091 fits", "09", False),
        ("Batch 9", "09", False),
        ("week 09", "09", False),
    ],
)
def test_columns_that_speak_of_a_chapter(header, number, is_it):
    assert campus._is_chapter(header, number) == is_it


@pytest.mark.parametrize(
    "text, value",
    [
        ("100", 100),
        (" 9,5 ", 9.5),
        ("9.5", 9.5),
        ("1,000.00", 1000),
        ("1.000,5", 1000.5),
        ("1,000,000", 1000000),
        ("1 000", 1000),
        ("0.125", 0.125),
        ("1,000", None),
        ("1e3", None),
        ("0", None),
        ("-1", None),
        ("", None),
        ("x", None),
    ],
)
def test_the_campus_systems_own_maximum(text, value):
    assert campus._maximum(text) == value


@pytest.mark.parametrize(
    "header, others",
    [
        ("Chapter 2 and 8 (5501)", ["08"]),
        ("Chapters 2 & 8 (5501)", ["08"]),
        ("Chapter 2 and Chapter 8", ["08"]),
        ("Kapitel 2, 8 und 12 (1)", ["08", "12"]),
        ("Chapter 8 + 2 (1)", ["08"]),
        ("Chapter 2/8", ["08"]),
        ("Chapter 2 - 4 (1)", ["04"]),
        ("Chapter 2 (5501)", []),
        ("Chapter 2: 3 ways (5501)", []),
        ("Chapter 2, 10 points (5501)", []),
        ("Chapter 2 - 10/12 (5501)", []),
        ("Chapter 2, 2026-10-12 (5501)", []),
        ("Chapter 2 and sketch 8", []),
        ("Assignment: Chapter 2 (Real)", []),
    ],
)
def test_a_column_of_two_chapters_is_refused(header, others):
    """[S50] One of them was filled, and nothing said."""
    assert sorted(campus._several(header) - {"02"}) == others
    totals = {("ada", "02"): Total(3, 10), ("ada", "08"): Total(5, 10)}
    name = header if header.endswith(")") else f"{header} (5501)"
    text = f'Student,ID,SIS User ID,Section,"{name}"\nPoints Possible,,,,10\nAda,1,ada,S,\n'
    for own in (totals, {("ada", "02"): Total(3, 10)}):
        if others:
            with pytest.raises(CampusError, match=f"speaks of chapter {', '.join(others)} too"):
                fill_canvas(text.encode(), own, {"ada": "Ada"})
        else:
            named = {"02": name} if "(5501)" in name else {}
            filled = fill_canvas(text.encode(), own, {"ada": "Ada"}, columns=named)
            assert b"Ada,1,ada,S,3" in filled.data


@pytest.mark.parametrize(
    "name", ["Quiz on Chapter 2", "Chapter 2.1", "Chapter 2 (Bonus)", "Chapter 2: Power laws"]
)
def test_a_column_that_is_only_like_a_chapters_needs_a_persons_word(name):
    """[IN42] The quiz got the homework's points, and nothing said which column was filled."""
    own, names, full = {("ada", "02"): Total(3, 10)}, {"ada": "Ada"}, f"{name} (5501)"
    head, most = "Student,ID,SIS User ID,Section", "Points Possible,,,"
    alone = f"{head},{full}\n{most},10\nAda,1,ada,S,\n".encode()
    with pytest.raises(CampusError, match=f'is only like it.*--column "02={re.escape(full)}"'):
        fill_canvas(alone, own, names)
    for word in (name, full):
        filled = fill_canvas(alone, own, names, columns={"02": word})
        assert filled.data.endswith(b"Ada,1,ada,S,3\n") and filled.columns == {"02": full}
    with pytest.raises(CampusError, match="there is no column 'Homework 2'"):
        fill_canvas(alone, own, names, columns={"02": "Homework 2"})
    new = fill_canvas(alone, own, names, columns={"02": "Chapter 2"})
    assert new.data.startswith(f"{head},{full},Chapter 2\n".encode())
    beside = f"{head},{full},Chapter 2 (7)\n{most},10,10\nAda,1,ada,S,,\n".encode()
    filled = fill_canvas(beside, own, names)
    assert filled.data.endswith(b"Ada,1,ada,S,,3\n") and filled.columns == {"02": "Chapter 2 (7)"}


def test_a_quiz_of_moodle_has_points_of_its_own():
    """[IN43]"""
    own, quiz = {("a", "08"): (3, 10)}, "Quiz: Chapter 8 (Real)"
    with pytest.raises(CampusError, match="is only like it"):
        moodle(f"ID number,{quiz}\na,-\n", own, maximum=10)
    both = f"ID number,{quiz},Assignment: Chapter 8 (Real)\na,-,-\n"
    assert moodle(both, own, maximum=10).data.endswith(b"\na,-,3\n")
    named = moodle(both, own, maximum=10, columns={"08": quiz})
    assert named.data.endswith(b"\na,3,-\n") and named.columns == {"08": quiz}


def test_a_sorted_file_of_canvas_is_called_so():
    """[IN40] Its line of maxima had come to the bottom."""
    rows = "Ada,1,ada,\nBob,2,bob,\nCy,3,cy,\n    Points Possible,,,10\n"
    head, own = "Student,ID,SIS User ID,Chapter 2 (1)", {("ada", "02"): Total(3, 10)}
    with pytest.raises(CampusError, match=r"'Points Possible' stands in line 5, .* sorted"):
        fill_canvas(f"{head}\n{rows}".encode(), own, {"ada": ""})
    most = "    Points Possible,,,10\n"
    text = f"{head}\n,,,Manual Posting\n,,,\n{most}{rows.replace(most, '')}"
    assert b"Ada,1,ada,3\n" in fill_canvas(text.encode(), own, {"ada": ""}).data


def test_a_column_that_speaks_of_two_chapters_in_any_words_is_not_filled_twice():
    totals = {("ada", "02"): Total(3, 10), ("ada", "08"): Total(5, 10)}
    text = "Student,ID,SIS User ID,Chapter 2 with bonus of chapter 8 (1)\nAda,1,ada,\n"
    with pytest.raises(CampusError, match="speaks of chapter 08 too"):
        fill_canvas(text.encode(), totals, {"ada": "Ada"}, maximum=10)


def filled(text, totals, maximum="6", **options):
    made, found = sheet(text), campus.Filled(b"", "")
    rows = {row: made.value(row, 0) for row in range(1, len(made.rows))}
    totals = {(student, "09"): Total(*pair) for student, pair in totals.items()}
    campus._fill(made, 1, rows, totals, "09", found, lambda row: maximum, **options)
    return [made.value(row, 1) for row in range(1, len(made.rows))], found.told, found.unfilled


def test_points_are_scaled_to_another_maximum_and_told():
    assert filled("id,p\na,\nb,-\n", {"a": (3, 6), "b": (6, 6)}) == (["3", "6"], [], [])
    scaled = filled("id,p\na,\nb,\n", {"a": (3, 6), "b": (6, 6)}, "100")
    assert scaled[0] == ["50", "100"]
    assert scaled[1] == ["chapter 09: 6 points of the course are 100 of the campus system"]
    assert filled("id,p\na,\n", {"a": (3, 6)}, "6.00") == (["3"], [], [])
    assert filled("id,p\na,\n", {"a": (0, 0)}) == (["0"], [], [])
    assert filled("id,p\na,\n", {"a": (3, 6)}, "1,000.00")[0] == ["500"]
    assert filled("id,p\na,\n", {"a": (3, 6)}, "", given=12)[0] == ["6"]
    assert filled("id,p\na,\n", {"a": (3, 6)}, "12,00", given=12)[0] == ["6"]


@pytest.mark.parametrize("maximum", ["", "0.00", "-5", "x", "1,000", "1.000"])
def test_points_are_never_written_without_a_maximum(maximum):
    """Tried by a stranger: 10 for full marks where Canvas says 1,000.00, 0.00 or nothing."""
    found = f"'{maximum}', which is no plain number above 0" if maximum else "empty"
    with pytest.raises(CampusError, match=rf"line 3, 'p': .* maximum is {found}\. .*--maximum"):
        filled("id,p\nb,\na,\n", {"a": (3, 6)}, maximum)
    assert filled("id,p\nb,\na,EX\n", {"a": (3, 6)}, maximum)[0] == ["", "EX"]


def test_a_given_maximum_that_is_not_the_files():
    with pytest.raises(CampusError, match=r"line 2, 'p'.* is 20\.0, not the 12 of --maximum"):
        filled("id,p\na,\n", {"a": (3, 6)}, "20.0", given=12)


def test_what_stood_there_is_told_and_who_has_no_points():
    points, told, _ = filled("id,p\na,4\nb,3.00\nc,7\n", {"a": (3, 6), "b": (3, 6)})
    assert points == ["3", "3.00", "7"], "3.00 is 3: the cell stays, and there is nothing to tell"
    thousand = filled('id,p\na,"1,000"\n', {"a": (1, 6)})
    assert thousand[0] == ["1"], "which may be a thousand, is not taken for 1"
    assert told == [
        "chapter 09, a: 3 in place of the 4 that stood there",
        "chapter 09 has no points for c: left as it is, with 7",
    ]


@pytest.mark.parametrize("mark", ["EX", "ex", "N/A", "NA", "Excused", "(read only)"])
def test_what_a_person_has_decided_in_the_campus_system_stays(mark):
    points, told, unfilled = filled(f"id,p\na,{mark}\nb,\n", {"a": (3, 6), "b": (3, 6)})
    assert points == [mark, "3"] and not told
    assert unfilled == [
        f"chapter 09, a: the campus system says {mark}, the gradebook 3: left as it is; "
        "clear the cell, or excuse the student here too"
    ]


@pytest.mark.parametrize(
    "text, maximum, points",
    [
        ('id,p\na,"1,5"\nb,\n', "6", ["2,5", "1"]),
        ("id,p\na,\nb,\n", "6,00", ["2,5", "1"]),
        ("id,p\na,1.5\nb,\n", "6.00", ["2.5", "1"]),
        ("id,p\na,\nb,\n", "1.000,00", ["416,67", "166,67"]),
        ('id,p\na,"1,234"\nb,\n', "2,000.00", ["833.33", "333.33"]),
    ],
)
def test_commas_are_written_where_the_file_has_them(text, maximum, points):
    found = filled(text, {"a": (2.5, 6), "b": (1, 6)}, maximum)
    assert found[0] == points


@pytest.mark.parametrize(
    "count, told",
    [
        (0, []),
        (1, ["1 cell of the file may be taken for a formula (line 2, 'a'): left as"]),
        (2, ["2 cells of the file may be taken for a formula (line 2, 'a'; line 3, 'a'): left as"]),
        (4, ["4 cells of the file may be taken for a formula (line 2, 'a'; line 3, 'a'; line 4, "
             "'a'; ...): left as"]),
    ],
)  # fmt: skip
def test_formulas_that_came_with_the_file_are_told_and_stay(count, told):
    """Tried by a stranger: feedback "-2 points" got an apostrophe that students would read."""
    made, said = sheet("a,b\n" + "-2 points,x\n" * count + '"=""=Sum, Eve""",-3.5\n'), []
    before = made.encoded()
    campus._tell_formulas(made, said)
    assert made.encoded() == before
    assert [line.split(" the campus")[0] for line in said] == told


def test_formulas_are_told_of_both_campus_systems():
    sections = f"{HEAD},Chapter 9 (1)\n{MOST}4\nAda,1,a,,=1+1,2\n"
    for found in (
        canvas(sections, {("a", "09"): (2, 4)}),
        moodle(WHOLE.replace("Bob B", "=1+1"), {("a", "09"): (4, 4)}),
    ):
        (told,) = [line for line in found.told if "formula" in line]
        assert told.startswith("1 cell of the file may be taken for a formula (line 3, ")


@pytest.mark.parametrize(
    "text, fault",
    [
        ("a,b\n1,2\n", ""),
        ('a,b\n\n"1\n2",3\n\n', ""),
        ("a,b\n1\n", "line 2 (it begins with '1') has 1 cells, the header 2"),
        ('a,b\n"1\n2",3\nSmith, John,7', "line 4 (it begins with 'Smith') has 3 cells, the head"),
        ('a,b\r\n"Smith, John\r\n', "line 2 (it begins with '\"Smith') has quotation marks that"),
        ('a,b\r"Smith" J,1\r', "line 2 (it begins with '\"Smith\" J') has quotation marks that"),
    ],
)
def test_broken_lines_are_named(text, fault):
    """Tried by a stranger: a name that lost its quotes put 3 points into the column Section."""
    assert sheet(text).broken().startswith(fault) and bool(sheet(text).broken()) == bool(fault)


# ---- the two systems -----------------------------------------------------------------------------

HEAD = "Student,ID,SIS User ID,SIS Login ID,Section"
MOST = "Points Possible" + "," * 5


def canvas(text, totals, names=None, **more):
    names = names or {student: "" for student, _ in totals}
    totals = {key: Total(*pair) for key, pair in totals.items()}
    return fill_canvas(text.encode(), totals, names, **more)


def test_new_columns_of_canvas_stand_behind_the_assignments_with_their_maxima():
    text = f"{HEAD},Final Score\n    Points Possible,,,,,\nAda,1,a,,S,80\nBob,2,b,,S,70\n"
    totals = {("a", "10"): (1, 3), ("a", "09"): (2, 4), ("b", "09"): (4, 5)}
    rows = [line.split(",") for line in canvas(text, totals).data.decode().splitlines()]
    assert [row[:5] + row[7:] for row in rows] == [row.split(",") for row in text.splitlines()]
    columns = {header: points for header, *points in list(zip(*rows, strict=True))[5:7]}
    assert columns == {"Chapter 9": ["5", "2.5", "4"], "Chapter 10": ["3", "1", ""]}


def test_canvas_without_sections_or_maxima_gets_its_column_at_the_end():
    text = "Student,SIS User ID\nAda,a\n"
    with pytest.raises(CampusError, match=r"line 'Points Possible' .* is missing.* --maximum"):
        canvas(text, {("a", "09"): (2, 4)})
    assert canvas(text, {("a", "09"): (2, 4)}, maximum=8).data.decode() == (
        "Student,SIS User ID,Chapter 9\nAda,a,4\n"
    )
    strangers = canvas(text, {("b", "09"): (2, 4)}, {"a": "", "b": ""})
    assert strangers.data.decode() == "Student,SIS User ID,Chapter 9\nAda,a,\n", "no points"


def test_a_new_column_is_found_again_by_its_name():
    """Tried by a stranger: an export of the export used to add a second "Chapter 9"."""
    text = f"{HEAD},Homework 9 (7),Final Score\n{MOST}5,\nAda,1,a,,S,,80\n"
    first = canvas(text, {("a", "09"): (2, 4)}).data.decode()
    assert first == f"{HEAD},Homework 9 (7),Chapter 9,Final Score\n{MOST}5,4,\nAda,1,a,,S,,2,80\n"
    again = canvas(first, {("a", "09"): (2, 4)})
    assert (again.data.decode(), again.told) == (first, [])
    assert canvas(text, {("a", "09"): (2, 4)}, maximum=8).data.decode() == (
        f"{HEAD},Homework 9 (7),Chapter 9,Final Score\n{MOST}5,8,\nAda,1,a,,S,,4,80\n"
    )
    third = canvas(first, {("a", "09"): (2, 4), ("a", "10"): (1, 3)}).data.decode()
    assert third.splitlines()[0] == f"{HEAD},Homework 9 (7),Chapter 9,Chapter 10,Final Score"
    both = first.replace("Homework 9 (7)", "Chapter 9 (7)")
    with pytest.raises(CampusError, match="could be any of"):
        canvas(both, {("a", "09"): (2, 4)})


def test_only_columns_with_canvass_number_are_assignments():
    text = f"{HEAD},Chapter 9 Current Score,Chapter 9 (1)\n{MOST},4\nAda,1,a,,S,50,\n"
    assert canvas(text, {("a", "09"): (2, 4)}).data.decode().endswith("Ada,1,a,,S,50,2\n")


@pytest.mark.parametrize("name", ["Student", "LastName"])
def test_a_gradebook_of_canvas_may_have_canvass_own_ids_alone(name):
    text = f"{name},ID,Chapter 9 (1)\nPoints Possible,,4\nAda,71,\n"
    assert canvas(text, {("71", "09"): (2, 4)}).data.decode() == text.replace("71,", "71,2")


def moodle(text, totals, names=None, maximum=None, **more):
    names = names or {student: "" for student, _ in totals}
    totals = {key: Total(*pair) for key, pair in totals.items()}
    return fill_moodle(text.encode(), totals, names, maximum, **more)


@pytest.mark.parametrize("maximum", ["Maximum Grade", "Maximum grade"])
def test_a_worksheet_has_a_maximum_in_each_row_and_locks(maximum):
    text = (
        f"Identifier,Full name,Grade,{maximum},Grade can be changed\n"
        "Participant a,A,,10,Yes\nParticipant b,B,,100,No\nParticipant c,C,,100,Yes\n"
    )
    found = moodle(text, {(student, "09"): (2, 4) for student in "abc"})
    assert [line.split(",")[2] for line in found.data.decode().splitlines()[1:]] == ["5", "", "50"]
    assert found.unfilled == ["Moodle has locked the grade of b: left as it is"]
    assert (found.id_column, found.columns) == ("Identifier", {"09": "Grade"})
    assert found.told == [
        "chapter 09: 4 points of the course are 10 of the campus system",
        "chapter 09: 4 points of the course are 100 of the campus system",
    ]


def test_totals_letters_and_feedback_of_moodle_are_not_filled():
    text = (
        "ID number,Chapter 9 total (Real),Chapter 9 (Percentage),Chapter 9 (Letter),"
        "Chapter 9 (Feedback),Chapter 9 (Real)\na,1,2,3,4,-\n"
    )
    filled = moodle(text, {("a", "09"): (2, 4)}, maximum=4).data.decode()
    assert filled.endswith("\na,1,2,3,4,2\n")
    with pytest.raises(CampusError, match="not in points"):
        moodle("ID-Nummer,Kapitel 9 gesamt (Punkte)\na,-\n", {("a", "09"): (2, 4)}, maximum=4)


def test_moodles_gradebook_is_filled_in_its_own_points():
    """[112] 12 of 12 used to be written into a column whose maximum is 100."""
    text = "ID number,Assignment: Chapter 9 (Real)\na,-\nb,-\n"
    totals = {("a", "09"): (12, 12), ("b", "09"): (9, 12)}
    found = moodle(text, totals, maximum=100)
    assert found.data.decode() == "ID number,Assignment: Chapter 9 (Real)\na,100\nb,75\n"
    assert found.told == ["chapter 09: 12 points of the course are 100 of the campus system"]
    assert found.columns == {"09": "Assignment: Chapter 9 (Real)"}
    with pytest.raises(CampusError, match="does not say what the maximum of 'Assignment: Chap"):
        moodle(text, totals)


SHEET = "Full name,ID number,Grade,Maximum Grade,Grade can be changed\n"


def test_a_total_cannot_be_changed_by_its_reader():
    with pytest.raises(FrozenInstanceError):
        Total(3, 4).points = 4


def test_who_is_on_one_side_only():
    text = f"{SHEET}Ada A,a,,4,Yes\nBob B,7,,4,Yes\n,,,4,Yes\nC,,,4,Yes\n\n"
    names = {"a": "Ada", "007": "Bob B", "zed": "zed", "yan": ""}
    found = moodle(text, {("a", "09"): (2, 4), ("007", "09"): (1, 4)}, names)
    assert found.unfilled == ["graded, but not in the campus file: 007 (Bob B)"]
    assert found.told == [
        "in the campus file, but not graded: "
        "Bob B, ID number 7 (were zeros in front of the id lost?)",
        "in the campus file, but not graded: no name, ID number empty",
        "in the campus file, but not graded: C, ID number empty",
        "graded, but not in the campus file: yan",
        "graded, but not in the campus file: zed",
    ]
    assert found.strangers == ["7", "", ""]


@pytest.mark.parametrize("column", ["SIS User ID", "SIS Login ID", "Integration ID", "ID"])
def test_students_are_known_by_each_column_of_canvas(column):
    others = [name for name in ("SIS Login ID", "Integration ID", "ID") if name != column]
    text = ",".join(["Student", *others, column, "Chapter 9 (1)"])
    text += "\nPoints Possible" + "," * len(others) + ",,4\nGone,,,,\nAda,,,,\n"
    text = text.replace("Gone,,,,", "Gone" + "," * len(others) + ",g,")
    text = text.replace("Ada,,,,", "Ada" + "," * len(others) + ",a,")
    found = canvas(text, {("a", "09"): (2, 4)})
    assert found.id_column == column and found.data.decode().endswith("a,2\n")
    assert found.told == [f"in the campus file, but not graded: Gone, {column} g"]


@pytest.mark.parametrize("column", ["ID number", "Username", "Email address", "Identifier"])
@pytest.mark.parametrize("name", ["Full name", "First name", "Surname", "Last name"])
def test_students_are_known_by_each_column_of_moodle(column, name):
    text = f"{name},{column},Grade,Maximum Grade,Grade can be changed\n"
    text += "Ada,a,,4,Yes\nGone,g,,4,Yes\n=1,h,,4,Yes\n"
    found = moodle(text, {("a", "09"): (2, 4)})
    assert found.id_column == column
    assert found.data.decode().endswith("\nAda,a,2,4,Yes\nGone,g,,4,Yes\n=1,h,,4,Yes\n")
    assert f"in the campus file, but not graded: Gone, {column} g" in found.told


def test_a_new_column_is_told_and_an_old_one_not():
    text = f"{HEAD},Chapter 9 (1)\n{MOST}4\nAda,1,a,,S,\n"
    assert canvas(text, {("a", "09"): (2, 4)}).told == []
    (told,) = canvas(text, {("a", "10"): (2, 4)}).told
    new = "no column is named 'Chapter 10': a new one, which Canvas offers to create on import. "
    assert told.startswith(new) and "or in another grading period" in told


# as Moodle's language packs have them: a worksheet, a gradebook, a word for chapter
ELSEWHERE = {
    "de": (
        "ID,Vollständiger Name,ID-Nummer,E-Mail-Adresse,Status,Bewertung,Bestwertung,"
        "Bewertung kann geändert werden,Zuletzt geändert (Bewertung),Feedback als Kommentar",
        ("Teilnehmer/in", "Nein", "Ja"),
        "Vorname,Nachname,ID-Nummer,Aufgabe: Kapitel 9 (Prozentsatz),Aufgabe: Kapitel 9 (Punkte),"
        "Aufgabe: Kapitel 9 (Feedback),Kurs gesamt (Punkte)",
    ),
    "fr": (
        "Identifiant,Nom complet,Numéro d’identification,Adresse de courriel,Statut,Note,"
        "Note maximale,La note peut être modifiée,Dernière modification (note),Feedback",
        ("Participant ", "Non", "Oui"),
        "Prénom,Nom de famille,Numéro d'identification,Devoir: Chapitre 9 (Pourcentage),"
        "Devoir: Chapitre 9 (Brut),Devoir: Chapitre 9 (Feedback),Total du cours (Brut)",
    ),
    "es": (
        "Identificador,Nombre completo,Número de ID,Dirección de correo,Estado,Calificación,"
        "Calificación máxima,La calificación puede ser cambiada,Última modificación,Comentarios",
        ("Participante ", "No", "Sí"),
        "Nombre,Apellido(s),Número de ID,Tarea: Capítulo 9 (Porcentaje),"
        "Tarea: Capítulo 9 (Real),Tarea: Capítulo 9 (Retroalimentación),Total del curso (Real)",
    ),
    "pt": (
        "Identificador,Nome completo,Número de identificação,Endereço de e-mail,Estado,Nota,"
        "Nota máxima,A nota pode ser alterada.,Última modificação (nota),Comentários",
        ("Participante ", "Não", "Sim"),
        "Nome,Sobrenome,Número de identificação,Tarefa: Capítulo 9 (Porcentagem),"
        "Tarefa: Capítulo 9 (Real),Tarefa: Capítulo 9 (Comentários),Total do curso (Real)",
    ),
    "pt_pt": (
        "Identificador,Nome completo,Número de identificação (ID),E-mail,Estado,Avaliação,"
        "Nota máxima,A nota pode ser alterada.,Última modificação (nota),Comentários",
        ("Participante ", "Não", "Sim"),
        "Nome,Apelido,Número de identificação (ID),Trabalho: Capítulo 9 (Percentagem),"
        "Trabalho: Capítulo 9 (Real),Trabalho: Capítulo 9 (Feedback),Total da disciplina (Real)",
    ),
    "pt_br": (
        "Identificador,Nome completo,Número de identificação,Endereço de email,Status,Nota,"
        "Nota máxima,Nota pode ser alterada,Última modificação (nota),Comentários de feedback",
        ("Participante ", "Não", "Sim"),
        "Nome,Sobrenome,Número de identificação,Tarefa: Capítulo 9 (Porcentagem),"
        "Tarefa: Capítulo 9 (Real),Tarefa: Capítulo 9 (Comentários),Total do curso (Real)",
    ),
}


@pytest.mark.parametrize("language", ELSEWHERE)
def test_a_worksheet_in_another_language(language):
    header, (participant, no, yes), _ = ELSEWHERE[language]
    text = (
        f'{header}\r\n{participant}1,Ada A,0012,a@x.org,-,,"10,00",{yes},-,\r\n'
        f'{participant}2,Bob B,0013,b@x.org,-,,"10,00",{no},-,\r\n'
        f'{participant}3,Cy C,0014,c@x.org,-,,"10,00",{yes},-,\r\n'
    )
    totals = {("0012", "09"): (3, 4), ("0013", "09"): (4, 4)}
    for ids in ("0012 0013", "1 2", "a@x.org b@x.org"):
        own = {(id, "09"): pair for id, pair in zip(ids.split(), totals.values(), strict=True)}
        found = moodle(text, own)
        filled = text.replace(f'a@x.org,-,,"10,00",{yes}', f'a@x.org,-,"7,5","10,00",{yes}')
        assert found.data.decode() == filled and filled != text
        assert ["Moodle has locked the grade of" in line for line in found.unfilled] == [True]
        assert any("not graded: Cy C" in line for line in found.told)


@pytest.mark.parametrize("language", ELSEWHERE)
def test_a_gradebook_in_another_language(language):
    header = ELSEWHERE[language][2]
    text = f"{header}\nAda,A,0012,-,-,,-\nBob,B,0013,-,-,,-\n"
    totals = {("0012", "09"): (3, 4)}
    with pytest.raises(CampusError, match="does not say what the maximum of"):
        moodle(text, totals)
    found = moodle(text, totals, {"0012": "Ada A", "0013": "Bob B"}, maximum=100)
    assert found.data.decode() == f"{header}\nAda,A,0012,-,75,,-\nBob,B,0013,-,-,,-\n"


# Moodle's words of a worksheet and of a gradebook, from its language packs
WORDS = {
    "ID number": "ID-Nummer|Numéro d’identification|Número de ID|Número ID|Número de identificação",
    "Username": "Anmeldename|Nom d'utilisateur|Nombre de usuario|Nome de utilizador"
    "|Nome de usuário|Identificação de usuário",
    "Email address": "E-Mail-Adresse|Adresse de courriel|Correo electrónico|E-mail",
    "Identifier": "Identifiant|Identificador",
    "Grade": "Bewertung|Note|Calificación|Nota|Avaliação",
    "Scale": "Skala|Barème|Escala",
    "First name": "Vorname|Prénom|Nombre|Nome|Nome próprio",
    "Last name": "Nachname|Nom de famille|Apellidos|Apelido|Sobrenome|Último nome",
}


@pytest.mark.parametrize("english", WORDS)
def test_moodles_columns_in_each_language(english):
    for word in (english, *WORDS[english].split("|")):
        assert campus.in_english(f" {word.upper()} ") == english
    assert campus.in_english("Ergebnis") == "Ergebnis"


@pytest.mark.parametrize("free", ["Yes", "Ja", "Oui", "Sí", "Si", "Sì", "Sim"])
@pytest.mark.parametrize("locked", ["No", "Nein", "Non", "Não"])
def test_locks_in_each_language(free, locked):
    text = WHOLE.replace("10,Yes", f"10,{free}").replace("10,No", f"10,{locked}")
    found = moodle(text, {("a", "09"): (4, 4), ("b", "09"): (4, 4)})
    assert b"Ada A,a,10,10" in found.data and b"Bob B,b,3,10" in found.data


@pytest.mark.parametrize("scale", ["Skala", "Barème", "Escala"])
def test_a_scale_in_each_language(scale):
    with pytest.raises(CampusError, match="is graded with a scale"):
        moodle(WHOLE.replace("Maximum Grade", scale), {("a", "09"): (4, 4)})


def test_a_header_without_a_name_is_no_roster_or_worksheet():
    with pytest.raises(CampusError, match="German, French, Spanish or Portuguese"):
        moodle("Identifikator,Nimi\n1,a\n", {("1", "09"): (3, 4)})


# ---- what cannot be understood is refused --------------------------------------------------------

WHOLE = f"{SHEET}Ada A,a,,10,Yes\nBob B,b,3,10,No\n"


@pytest.mark.parametrize(
    "lock", ["Mark can be changed", "A avaliação pode ser alterada", "Het cijfer kan gewijzigd"]
)
def test_a_worksheet_whose_lock_is_not_known_is_refused(lock):
    """Tried by a stranger: a locked 3 became 10 under a heading that was not known."""
    totals = {("a", "09"): (4, 4), ("b", "09"): (4, 4)}
    assert moodle(WHOLE, totals).data.decode().endswith("Ada A,a,10,10,Yes\nBob B,b,3,10,No\n")
    with pytest.raises(CampusError, match=r"no column Grade can be changed .*set your language"):
        moodle(WHOLE.replace("Grade can be changed", lock), totals)
    text = WHOLE.replace(",Grade can be changed", "").replace(",Yes", "").replace(",No", "")
    with pytest.raises(CampusError, match="no column Grade can be changed"):
        moodle(text, totals)


@pytest.mark.parametrize("word", ["", "Perhaps", "Nee"])
def test_a_lock_is_yes_or_no(word):
    with pytest.raises(CampusError, match=f"line 3: 'Grade can be changed' says '{word}'"):
        moodle(WHOLE.replace("10,No", f"10,{word}"), {("a", "09"): (4, 4), ("b", "09"): (4, 4)})


def test_who_has_no_points_is_not_missed_where_moodle_has_locked_the_grade():
    found = moodle(WHOLE, {("a", "09"): (4, 4)}, {"a": "", "b": ""})
    assert found.unfilled == []


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("Maximum Grade", "Scale", "is graded with a scale"),
        ("Maximum Grade", "Maximaal cijfer", "no column Maximum grade"),
        ("Grade,Maximum Grade", "Cijfer,Maximumcijfer", "no column Grade, Maximum grade"),
        (
            "Full name,ID number,Grade,Maximum Grade",
            "Team of chapter 9,ID number,Grade,Maximaal cijfer",
            "no column Maximum grade",
        ),
        (
            "Grade,Maximum Grade,Grade can be",
            "Cijfer,Maximumcijfer,Cijfer kan",
            "set your language",
        ),
        ("Full name", "SIS User ID", "this is Canvas's gradebook.*--canvas"),
    ],
)
def test_worksheets_of_other_kinds_are_told_what_they_are(old, new, said):
    with pytest.raises(CampusError, match=said):
        moodle(WHOLE.replace(old, new), {("a", "09"): (4, 4)})


def test_a_gradebook_with_a_yes_or_a_grade_somewhere_is_a_gradebook():
    text = "ID number,Grade,Consent,Assignment: Chapter 9 (Real)\na,B,Yes,-\n"
    filled = moodle(text, {("a", "09"): (2, 4)}, maximum=4).data.decode()
    assert filled.endswith("\na,B,Yes,2\n")
    with pytest.raises(CampusError, match="not in points"):
        moodle("ID number,Chapter 9 (Percentage)\na,-\n", {("a", "09"): (2, 4)}, maximum=4)
    with pytest.raises(CampusError, match="no column for chapter 09"):
        moodle("ID number,Essay (Real)\na,-\n", {("a", "09"): (2, 4)}, maximum=4)


def test_a_worksheet_of_moodle_is_no_gradebook_of_canvas():
    with pytest.raises(CampusError, match=r"no column Student.*--moodle"):
        canvas("ID,Bewertung\na,1\n", {("a", "09"): (2, 4)})


@pytest.mark.parametrize(
    "name, other",
    [
        ("Grades-SCAL101-Chapter 3-5512.csv", "03"),
        ("Grades-Chapter 3-Chapter 8-5512.csv", "03 and 08"),
        ("kapitel_10.csv", "10"),
        ("Grades-SCAL101-Chapter 9-5512.csv", ""),
        ("Grades-CH10-Chapter 09-5512.csv", ""),
        ("Grades-SCAL101-Homework 3-5512.csv", ""),
        ("9 of sketch 3.csv", ""),
        ("Grades-Chapter 9 and 3.csv", "03"),
        ("Grades-Chapters 9, 8 and 3.csv", "03 and 08"),
        ("Grades-Chapter 3 and 9.csv", "03"),
        ("Grades-Chapter 9-3-5512.csv", ""),
        ("Grades-SCAL101-Chapter 9-3.csv", ""),
        ("", ""),
    ],
)
def test_the_worksheet_of_another_chapter_is_asked_about(name, other):
    """Tried by a stranger: chapter 2's points went into "Grades-SCAL101-Chapter 3-5512.csv"."""
    if other:
        with pytest.raises(CampusError, match=f"speaks of chapter {other}, and chapter 09"):
            moodle(WHOLE, {("a", "09"): (4, 4)}, file_name=name)
    else:
        assert b"Ada A,a,10,10" in moodle(WHOLE, {("a", "09"): (4, 4)}, file_name=name).data


def test_a_worksheet_takes_the_one_chapter_of_several_that_its_name_speaks_of():
    two = {("a", "08"): (1, 4), ("a", "09"): (4, 4)}
    filled = moodle(WHOLE, two, file_name="Grades-SCAL101-Kapitel 9-5512.csv")
    assert b"Ada A,a,10,10" in filled.data and [*filled.columns] == ["09"]
    for name in ("Grades-5512.csv", "Grades-Chapter 8 and 9.csv", "Grades-Chapter 10.csv"):
        with pytest.raises(CampusError, match="but chapters 08, 09 are graded; choose one"):
            moodle(WHOLE, two, file_name=name)


def test_a_broken_file_is_refused_and_names_the_line():
    text = f"{HEAD},Chapter 9 (1)\n{MOST}4\nA,1,a,,S,\n"
    for fill, broken in (
        (canvas, text + "Cy, D,1,a,,S,\n"),
        (canvas, text + "Cy,1,a\n"),
        (moodle, WHOLE + "Cy, D,a,,10,Yes\n"),
        (moodle, WHOLE + '"Cy,a,,10,Yes\n'),
    ):
        with pytest.raises(CampusError, match=r"is broken: line 4 .* nothing was filled"):
            fill(broken, {("a", "09"): (4, 4)})


# ---- students by another id ----------------------------------------------------------------------


def test_students_are_found_by_other_ids_of_the_roster():
    """Tried by a stranger: Moodle's default worksheet knows students by e-mail address only."""
    text = WHOLE.replace("ID number", "Email address").replace(",a,", ",Ada@x.org,")
    totals = {("a", "09"): (4, 4)}
    found = moodle(text, totals, others={"ada@x.org": "a", "1": "nobody"})
    assert (found.id_column, found.data.decode()) == (
        "Email address",
        text.replace("Ada@x.org,,", "Ada@x.org,10,"),
    )
    with pytest.raises(CampusError, match=r"none of the 1 graded students .*Say --roster"):
        moodle(text, totals)
    text = f"{HEAD},Chapter 9 (1)\n{MOST}4\nB,1,,a,S,\nA,2,a,c,S,\n"
    both = {("a", "09"): (4, 4), ("b", "09"): (2, 4)}
    found = canvas(text, both, others={"a": "b", "c": "a"})
    assert found.data.decode().endswith("\nB,1,,a,S,\nA,2,a,c,S,4\n"), "ids before other ids"
    found = canvas(text.replace("1,,a", "1,q,d"), both, others={"d": "b"})
    assert found.unfilled == ["graded, but not in the campus file: b"], "no contradiction either"


def test_ways_out_are_named_where_nobody_is_found():
    names = {"0012": "Ada", "0013": "Bob"}
    totals = {("0012", "09"): (4, 4)}
    head, lock = "Status,Grade,Maximum grade,Grade can be changed\n", ",-,,4,Yes\n"
    with pytest.raises(CampusError, match="marked blind"):
        moodle(f"Identifier,{head}Participant 1{lock}", totals, names)
    with pytest.raises(CampusError, match=r"e\.g\. 'Participant 1'\. Say --roster"):
        moodle(f"Identifier,Full name,{head}Participant 1,Ada{lock}", totals, names)
    with pytest.raises(CampusError, match=r"in the columns ID number, Identifier; .*e\.g\. 'x1'\."):
        moodle(f"Identifier,ID number,{head}Participant 1,x1{lock}", totals, names)
    text = f"Identifier,Full name,Matrikel,{head}Participant 1,Ada,0012{lock}"
    text += f"Participant 2,Bob,0013{lock}"
    with pytest.raises(CampusError, match="column 'Matrikel' has their ids: call it 'Identifier'"):
        moodle(text, totals, names)
    with pytest.raises(CampusError, match="Say --roster"):
        moodle(text.replace("0013", ""), totals, names)  # half of them may be chance


def test_a_cell_that_canvas_writes_as_a_text_is_its_text():
    assert campus.plain_text('="=Sum, ""E"""') == '=Sum, "E"'
    assert campus.plain_text('="a"&"b"') == '="a"&"b"' and campus.plain_text("=1") == "=1"
    assert campus._key('="0012"') == "0012"


@pytest.mark.parametrize(
    "header",
    [
        "Identificativo,Nome,Codice identificativo,Stato,Valutazione,Valutazione massima,"
        "La valutazione può essere modificata",
        "Identificatie,Volledige naam,ID-nummer,Status,Cijfer,Hoogste cijfer,"
        "Cijfer kan gewijzigd worden",
    ],
)
def test_a_worksheet_in_another_language_says_what_to_do(header):
    """Italian, of which no column is known; Dutch, which has German's ID-Nummer."""
    for lock in ("Ja", "Nee"):
        data = f"{header}\n11,Ada,a1,x,,10,{lock}\n\n".encode()
        with pytest.raises(CampusError, match=r"language.* English, German"):
            fill_moodle(data, {("a1", "02"): Total(9, 10)}, {"a1": "Ada"})


def test_what_stands_where_nothing_is_earned_is_told():
    data = b"Student,ID,SIS User ID,Chapter 2 (4)\nPoints Possible,,,10\nAda,1,a1,7\nBob,2,b2,\n"
    told = fill_canvas(data, {("b2", "02"): Total(9, 10)}, {"a1": "Ada", "b2": "Bob"}).told
    assert "chapter 02 has no points for a1: left as it is, with 7" in told


@pytest.mark.parametrize(
    "column",
    ["Student", "LastName", "FirstName", "Full name", "First name", "Surname", "Last name"],
)
def test_a_line_with_the_id_of_one_and_the_name_of_another_is_refused(column):
    """One column was sorted alone. Who is called otherwise than in the roster is let pass."""
    names, totals = {"a": "Ada A", "b": "Bob B", "c": ""}, {("a", "09"): (4, 4)}
    text = "{},ID number,Assignment: Chapter 9 (Real)\n{},a,-\n".replace("{}", column, 1)
    for name, fine in (
        ("Ada A", True),
        ("A, ADA", True),
        ("Áda A", True),
        ("Adele A", True),
        ("B Bob", False),
    ):
        given = text.format('"' + name + '"')
        if fine:
            assert moodle(given, totals, names, maximum=4).data.endswith(b",a,4\n")
        else:
            with pytest.raises(CampusError, match="line 2 has the id of Ada A and the name B Bob"):
                moodle(given, totals, names, maximum=4)
    nameless = text.format("Bob B").replace(",a,", ",c,")
    assert moodle(nameless, {("c", "09"): (4, 4)}, names, maximum=4).data.endswith(b",c,4\n")


def test_a_line_with_a_students_id_and_quite_another_name_is_not_filled():
    """[I20] An id that was given to who is new: their line had the points of who had it before."""
    names = {"a": "Ada A", "b": "Bob B", "c": "Cy C"}
    totals = {(id, "09"): (4, 4) for id in names}
    text = f"{HEAD},Chapter 9 (1)\n{MOST}4\nAda A,1,a,x,S,\nMax New,2,b,y,S,\n"
    text += "Cyrus C,3,c,z,S,\n"
    found = canvas(text, totals, names)
    assert found.data.count(b",S,4\n") == 2
    assert "line 4 has the id of b (Bob B) and the name Max New: not filled. If" in found.told[0]
    assert "in the campus file, but not graded: Max New, SIS User ID b" in found.told, "no zeros"
    assert found.unfilled == ["graded, but not in the campus file: b (Bob B)"]
    same = canvas(text, totals, names, others={"y": "b"})
    assert same.data.count(b",S,4\n") == 3 and not same.unfilled, "a second id is that student's"
    for name, roster in (("Max New", {**names, "b": ""}), ("", names)):
        found = canvas(text.replace("Max New", name), totals, roster)
        assert not found.unfilled, "no name is no other name"
    other = text.replace("Ada A", "A1").replace("Cyrus C", "C3")
    assert not canvas(other, totals, names).unfilled, "a roster that calls all otherwise"
    half = text.replace("Cyrus C,3,c,z,S,\n", "")
    assert b"Max New,2,b,y,S,4\n" in canvas(half, totals, names).data, "or half of all"
    by_mail = re.sub(",([abc]),", ",,", text)
    found = canvas(by_mail, totals, names, others={"x": "a", "y": "b", "z": "c"})
    assert found.unfilled == ["graded, but not in the campus file: b (Bob B)"], "one id alone"
    twice = text + "Bob B,9,d,w,S,\n"
    with pytest.raises(CampusError, match=r"line 6 has .* d of nobody, .* roster gives to b:"):
        canvas(twice, totals, names, others={"9": "b"})
    with pytest.raises(CampusError, match=r"line 4 has .* b of b, .* roster gives to c:"):
        canvas(twice, totals, names, others={"9": "b", "2": "c"})


def test_a_name_of_two_columns_is_put_together():
    names, totals = {"a": "Ada A", "b": "Bob B"}, {("a", "09"): (4, 4)}
    text = "First name,Last name,ID number,Assignment: Chapter 9 (Real)\n{},a,-\n"
    assert moodle(text.format("Ada,A"), totals, names, maximum=4).data.endswith(b",a,4\n")
    with pytest.raises(CampusError, match="the name Bob B: nothing was filled"):
        moodle(text.format("Bob,B"), totals, names, maximum=4)


def test_a_number_of_a_participant_contradicts_nobody():
    """It is of one assignment, and may be another student's id."""
    text = WHOLE.replace("Full name", "Identifier").replace("Ada A", "Participant 12")
    names, totals = {"a": "", "b": ""}, {("a", "09"): (4, 4)}
    assert b"12,a,10" in moodle(text, totals, names, others={"12": "b"}).data
    with pytest.raises(CampusError, match="that the roster gives to b"):
        moodle(text.replace("Participant 12", "12"), totals, names, others={"12": "b"})


def test_the_lines_of_canvas_that_are_no_students_are_not_missed():
    text = (
        f"{HEAD},Chapter 9 (1)\n,,,,,Manual Posting\n{MOST}4\nAda,1,a,,S,\n"
        '"Student, Test",2,t,,S,\nGone,3,g,,S,\nNew,4,,,S,\n'
    )
    found = canvas(text, {("a", "09"): (2, 4)})
    assert found.data.decode() == text.replace("Ada,1,a,,S,", "Ada,1,a,,S,2")
    assert found.told == [
        "in the campus file, but not graded: Gone, SIS User ID g",
        "in the campus file, but not graded: New, SIS User ID empty",
    ]
    split = text.replace("Student,", "LastName,FirstName,", 1).replace(
        '"Student, Test"', "Student,Test"
    )
    split = (
        split.replace("\n,,", "\n,,,").replace("Possible,", "Possible,,").replace("Ada,", "A,Ada,")
    )
    split = split.replace("Gone,", "Gone,G,").replace("New,4,,,S,\n", "")
    found = canvas(split, {("a", "09"): (2, 4)})
    assert found.told == ["in the campus file, but not graded: Gone G, SIS User ID g"]


def test_a_file_of_one_column_is_none_of_a_campus_system():
    for fill, column, system in (
        (canvas, "SIS User ID", "Canvas gradebook"),
        (moodle, "ID", "Moodle"),
    ):
        with pytest.raises(CampusError, match=f"no {system} file: its first line has none of the"):
            fill(f"{column}\na\n", {("a", "09"): (4, 4)})


def test_a_gradebook_of_nobody_is_a_gradebook():
    with pytest.raises(CampusError, match="none of the 1 graded students"):
        moodle("ID number,Essay (Real)\n", {("a", "09"): (4, 4)})


@pytest.mark.parametrize("text", [WHOLE, "ID number,Assignment: Chapter 9 (Real)\na,-\n"])
def test_before_anything_is_earned_nothing_is_filled(text):
    found = moodle(text, {}, {"a": "Ada"})
    assert found.data.decode() == text
    assert "no points are earned yet: nothing is filled in" in found.told


def test_a_worksheet_takes_one_chapter():
    with pytest.raises(CampusError, match="but chapters 08, 09 are graded; choose one"):
        moodle(WHOLE, {("a", "09"): (4, 4), ("a", "08"): (4, 4)})


def test_points_that_differ_by_less_than_is_shown_stay():
    assert filled("id,p\na,3.0041\nb,2.99\n", {"a": (3, 6), "b": (3, 6)})[0] == ["3.0041", "3"]
    assert filled("id,p\na,\n", {"a": (1, 3)}, "1")[0] == ["0.33"]
    assert filled("id,p\na,0.33\n", {"a": (1, 3)}, "1")[:2] == (
        ["0.33"],
        ["chapter 09: 3 points of the course are 1 of the campus system"],
    )


def test_ids_of_a_line_that_contradict_each_other_are_refused_also_where_names_agree():
    """Tried by a stranger: two of one name, their SIS ids exchanged; Canvas imports by its ID."""
    names, others = {"45": "Max S", "46": "Max S"}, {"4366": "45", "4373": "46", "m@x.org": "46"}
    totals = {("45", "09"): (4, 4)}
    text = f"{HEAD},Chapter 9 (1)\n{MOST}4\nMax S,4366,{{}},x,S,\nMax S,4373,{{}},y,S,\n"
    with pytest.raises(CampusError, match=r"line 3 .*SIS User ID 46.*ID 4366.*45.*nothing was"):
        canvas(text.format("46", "45"), totals, names, others=others)
    right = canvas(text.format("45", "46"), totals, names, others=others)
    assert right.data.decode().endswith("Max S,4366,45,x,S,4\nMax S,4373,46,y,S,\n")
    new = text.format("45", "46").replace("4366", "9999")
    assert b"Max S,9999,45,x,S,4" in canvas(new, totals, names, others=others).data
    text = WHOLE.replace("ID number", "ID number,Email address")
    text = text.replace(",a,", ",45,M@x.org,").replace(",b,", ",b,,")
    with pytest.raises(CampusError, match=r"line 2 .*ID number 45.*Email address M@x\.org.*46"):
        moodle(text, totals, {"45": "", "46": ""}, others=others)


def test_a_line_of_another_number_of_canvas_is_left_alone():
    """[S13] An id was given to somebody else, of the same name or of whatever name."""
    names, totals = {"a": "Ada A", "b": ""}, {("a", "09"): (4, 4), ("b", "09"): (3, 4)}
    text = f"{HEAD},Chapter 9 (1)\n{MOST}4\nAda A,{{}},a,x,S,\nBob,7,b,y,S,\n"
    for number, known, fine in (
        ("5", {"5": "a"}, True),
        ("6", {"5": "a", "6": "a"}, True),  # both accounts are known
        ("6", {"7": "b"}, True),
        ("6", {}, True),
        ("5.0E+03", {"5": "a"}, True),  # no number that can be compared
        ("6", {"5": "a"}, False),
    ):
        found = canvas(text.format(number), totals, names, numbers=known)
        assert found.data.endswith(b",b,y,S,3\n")
        assert (b",a,x,S,4\n" in found.data) == fine == (not found.unfilled)
    assert found.told[0] == (
        "line 3 has the id of a (Ada A), whose ID was 5, and the ID 6 (Ada A): not filled. If it "
        "is that student, say assign with the file that names them so"
    )
    new = text.format("5").replace(",a,x", ",new,x")
    found = canvas(new, totals, names, numbers={"5": "a", "7": "b"})
    assert found.told[-1] == (
        "in the campus file, but not graded: Ada A, SIS User ID new (its ID was that of a: if it "
        "is the same person, say assign with it)"
    )
    there = text.format("5") + "Max,8,z,z,S,\n"
    found = canvas(there, totals, names, numbers={"5": "a", "8": "a"})
    assert found.told == ["in the campus file, but not graded: Max, SIS User ID z"]


def test_whose_number_is_whose_by_a_gradebook_of_canvas():
    names = {"a": "Ada A", "b": "Bob B", "c": "Cy C"}
    text = (
        f"{HEAD}\n{MOST[:-1]}\nAda A,5,a,x,S\nBob B,6,b,y,S\nCy C,6,c,z,S\nDee,8,d,,S\nCy C,,c,,S\n"
    )

    def said(text, known=None):
        return numbers(text.encode(), names, {}, known or {})

    assert said(text) == {"5": "a"}, "6 is there twice"
    assert said(text.replace("C,6", "C,7")) == {"5": "a", "6": "b", "7": "c"}
    assert said(text, {"9": "a"}) == {}, "and 5 is another account"
    assert said(text.replace("Bob B", "Ada A")) == {}, "one that is not filled says nothing"
    assert said(text.replace("SIS User ID", "No").replace("SIS Login ID", "No 2")) == {}
    assert said(text.replace(",ID,", ",No,")) == {}
    assert said(WHOLE) == {}
    german = f"{ELSEWHERE['de'][0]}\n7,Ada A,a,,,,,,,\n"
    assert numbers(german.encode(), {"7": "Ada A"}, {}, {}) == {}, "Moodle's own ID"
