"""Rosters and ids, a line at a time; whole refused files are in test_grading.py."""

import re
from dataclasses import replace

import pytest

from exercises.roster import (
    RosterError,
    Student,
    continued,
    found_in,
    id_fault,
    other_ids,
    read_roster,
)


def roster(tmp_path, text):
    path = tmp_path / "roster.csv"
    path.write_bytes(text.encode())
    return read_roster(path)


@pytest.mark.parametrize(
    "id, fault",
    [
        ("s1", ""),
        ("1", ""),
        ("a_b.c@x-y+z.org", ""),
        ("Zoë", ""),
        ("a" * 64, ""),
        ("", "empty"),
        ("a" * 65, "cannot be"),
        ("a..b", "cannot be"),
        ("a.", "cannot be"),
        (".a", "cannot be"),
        ("-a", "cannot be"),
        ("@a", "cannot be"),
        ("a b", "cannot be"),
        ("a/b", "cannot be"),
        ("a\n", "cannot be"),
        ("4.71E+06", "was shortened by a spreadsheet"),
        ("4,71119E+06", "was shortened by a spreadsheet"),
    ],
)
def test_ids_that_can_be_names_of_files(id, fault):
    assert fault in id_fault(id) if fault else id_fault(id) == ""


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    "columns",
    [
        ("id", "name"),
        ("ID", "Full Name"),
        (" Student ID ", "fullname"),
        ("sis user id", "student name"),
        ("e-mail", "NAME"),
    ],
)
def test_columns_by_their_usual_names(tmp_path, delimiter, columns):
    rows = (("section", *columns), ("S1", "a1", " Ada \u00a0 Lovelace "), ("S2", "b2", ""))
    text = "\r\n".join(map(delimiter.join, rows))
    assert roster(tmp_path, text) == (Student("a1", "Ada Lovelace"), Student("b2", ""))


def test_the_first_known_column_has_the_ids(tmp_path):
    text = "email,id,sid\na@x.org,a1,7\n"
    assert roster(tmp_path, text) == (Student("a1", ""),)


def test_ids_are_composed_and_lines_may_be_short_or_long(tmp_path):
    text = "name,id\nAda,zoe\u0308,\n , \n\nBob,bob\n"
    assert roster(tmp_path, text) == (Student("zoë", "Ada"), Student("bob", "Bob"))


def test_every_fault_is_told_with_its_line(tmp_path):
    with pytest.raises(RosterError) as told:
        roster(tmp_path, "id,name\na,\n\n,Bob\nA,\nb\nb,\nb,\n")
    found = str(told.value).split(": ", 1)[1].split("; ")
    assert [line.split(":")[0] for line in found] == ["line 4", "line 5", "line 7"]
    assert "is empty: write one there, as the login" in found[0] and found[1].endswith(
        "'A' is that of line 2 already"
    )
    assert found[2].endswith("that of line 6 already (so in line 8)")


def test_one_fault_is_one_sentence(tmp_path):
    """Tried by a stranger: the same sentence stood there twenty times."""
    with pytest.raises(RosterError) as told:
        roster(tmp_path, "id\n" + "-\n" * 25)
    assert str(told.value).count("cannot be a file's name") == 1
    assert str(told.value).endswith(
        "(so in lines 3, " + ", ".join(map(str, range(4, 22))) + ", ...)"
    )


def test_a_name_that_lost_its_quotation_marks_is_no_id(tmp_path):
    with pytest.raises(RosterError, match="line 3, 4 has more cells than the first line"):
        roster(tmp_path, "name,id\nAda,1\nSmith, John,2\nSmith, Jack,3\n")


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(RosterError, match=r"cannot read the roster .*: No such file"):
        read_roster(tmp_path / "none.csv")


@pytest.mark.parametrize(
    "column",
    [
        "id",
        "student",
        "student id",
        "student_id",
        "sis user id",
        "sid",
        "user id",
        "id number",
        "email",
        "e-mail",
    ],
)
@pytest.mark.parametrize("name", ["name", "student name", "full name", "fullname"])
def test_each_usual_name_of_a_column(tmp_path, column, name):
    assert roster(tmp_path, f"{name},{column}\nAda,a1\n") == (Student("a1", "Ada"),)


EXPORTS = {  # [115] as the systems write them: the columns whose ids and names are the class's
    "Canvas": (
        "Student,ID,SIS User ID,SIS Login ID,Section,Chapter 2 (4711),Final Score\n"
        "    Points Possible,,,,,10,(read only)\n"
        '"Lovelace, Ada",9001,0012,ada@x.org,S,,\n"Student, Test",9002,,f3a9,S,,\n',
        ("SIS User ID", ("Student",)),
        Student("0012", "Lovelace, Ada"),
    ),
    "Canvas without a student system": (
        "Student,ID,SIS User ID,SIS Login ID,Section\nAda,9001,,ada@x.org,S\n",
        ("SIS Login ID", ("Student",)),
        Student("ada@x.org", "Ada"),
    ),
    "Moodle's gradebook": (
        "First name,Last name,ID number,Institution,Email address,Course total (Real)\n"
        "Ada,Lovelace,0012,,ada@x.org,-\n",
        ("ID number", ("First name", "Last name")),
        Student("0012", "Ada Lovelace"),
    ),
    "Moodle's participants": (
        "First name;Surname;Username;Email address\nAda;Lovelace;ada;ada@x.org\n",
        ("Username", ("First name", "Surname")),
        Student("ada", "Ada Lovelace"),
    ),
    "Moodle's gradebook in German": (
        "Vorname;Nachname;ID-Nummer;E-Mail-Adresse;Kurs gesamt (Punkte)\n"
        "Ada;Lovelace;0012;ada@x.org;-\n",
        ("ID-Nummer", ("Vorname", "Nachname")),
        Student("0012", "Ada Lovelace"),
    ),
    "Moodle's participants in French": (
        "Prénom,Nom de famille,Nom d’utilisateur,Adresse de courriel\nAda,Lovelace,ada,a@x.org\n",
        ("Nom d’utilisateur", ("Prénom", "Nom de famille")),
        Student("ada", "Ada Lovelace"),
    ),
    "Moodle's worksheet in Spanish": (
        "Identificador,Nombre completo,Número de ID,Calificación\nParticipante 1,Ada L,0012,\n",
        ("Número de ID", ("Nombre completo",)),
        Student("0012", "Ada L"),
    ),
    "Moodle's worksheet in Portuguese": (
        "Identificador,Nome completo,Endereço de e-mail,Nota\nParticipante 1,Ada L,ada@x.org,\n",
        ("Endereço de e-mail", ("Nome completo",)),
        Student("ada@x.org", "Ada L"),
    ),
    "Gradescope": (
        "First Name,Last Name,SID,Email,Role\nAda,Lovelace,0012,ada@x.org,Student\n",
        ("SID", ("First Name", "Last Name")),
        Student("0012", "Ada Lovelace"),
    ),
}


@pytest.mark.parametrize("system", EXPORTS)
def test_a_campus_systems_export_is_a_roster(tmp_path, system):
    text, columns, student = EXPORTS[system]
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    found = found_in(tmp_path / "roster.csv")
    assert found.students == (student,) and not found.plain
    assert (found.id_column, found.name_columns) == columns
    assert f"1 students: ids from {columns[0]!r}" in str(found) and student.name in str(found)


CANVAS = "{name},ID,SIS User ID,SIS Login ID,Section,Chapter 2 (4711)\n"
NOT_STUDENTS = {  # who stands in an export and is left out, with what is said about it
    "posting and points": (
        CANVAS.format(name="Student")
        + ",,,,,Manual Posting\n    Points Possible,,,,,10\nAda,9001,0012,ada,S,\n"
        + '"Student, Test",9002,,f3a9,S,\n',
        ("Student, Test",),
    ),
    "first and last name": (
        CANVAS.format(name="LastName,FirstName")
        + "    Points Possible,,,,,,10\n,Ada,9001,0012,ada,S,\nStudent,Test,9002,,f3a9,S,\n",
        ("Test Student",),
    ),
    "Gradescope's staff": (
        "First Name,Last Name,Email,Role,SID\nAda,,a@x.org,Student,0012\n"
        "Tia,Tutor,t@x.org,TA,\nIna,S,i@x.org,Instructor,77\n",
        ("Tia Tutor (TA)", "Ina S (Instructor)"),
    ),
    "German participants": (
        "ID,Vollständiger Name,ID-Nummer,E-Mail-Adresse\nTeilnehmer/in5512300,Ada,0012,a@x.org\n",
        (),
    ),
    "a student of that name": (
        "name,id\nAda,0012\nTest Student,0013\n",
        (),
    ),
    "roles of a class's own": ("id,name,role\n0012,Ada,major\n", ()),
    "a text that looks like a formula": ('name,id\n"=""Ada""","=""0012"""\n', ()),
}


@pytest.mark.parametrize("case", NOT_STUDENTS)
def test_who_is_no_student_is_left_out_and_told(tmp_path, case):
    text, left_out = NOT_STUDENTS[case]
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    found = found_in(tmp_path / "roster.csv")
    assert found.students[0] == Student("0012", "Ada") and found.left_out == left_out
    assert len(found.students) == (2 if case == "a student of that name" else 1)
    assert all(name in str(found) for name in left_out)


def test_other_ids_of_a_roster(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(
        "id,name,email,login\n0012,Ada,a@x.org,ada\n0013,Bob,b@x.org,shared\n0014,Cy,,shared\n"
        "0015,Dee,d@x.org,dee\n"
    )
    assert other_ids(path, ["0012", "0013", "0014"]) == {
        "a@x.org": "0012",
        "ada": "0012",
        "b@x.org": "0013",
    }
    assert other_ids(path, ["Q"]) == {}
    path.write_text("Email address,ID number\nA@x.org,0012\n")
    assert other_ids(path, ["0012"]) == {"a@x.org": "0012"}


CLASS = (
    Student("4", "Wei Chen", "w@x.org", "70"),
    Student("5", "Wei Chen", "v@x.org", "80"),
    Student("6", "Ada King", "a@x.org", "90"),
    Student("7", "Bob Lee", "b@x.org", ""),
)


def after(tmp_path, *lines, old=CLASS, **more):
    """(ids of a class that goes on, what is asked); what is refused where something is."""
    left = tmp_path / "roster.csv"
    rows = [",".join((s.id, s.name, s.email, s.number, s.campus)) for s in old]
    left.write_text("\n".join(["id,name,email,canvas id,campus id", *rows]) + "\n")
    try:
        found, asks = continued(lines, left, **{"gone": {}} | more)
    except RosterError as error:
        return str(error)
    return [(one.id, one.campus) for one in found], asks


@pytest.mark.parametrize(
    "line, known",
    [
        (Student("4", "Wei Chen", "w@x.org", "70"), ("4", "")),
        (Student("4", "Wei Li", "", "70"), ("4", "")),  # Canvas's number decides
        (Student("4", "Wei Chen", "w@x.org"), ("4", "")),  # a roster without these numbers
        (Student("4", "Chen, Wei"), ("4", "")),
        (Student("7", "Bob P", "B@x.org"), ("7", "")),
        (Student("7", ""), ("7", "")),
        (Student("8", "Dee"), ("8", "")),  # who is new
        (Student("8", "Ada King", "", "95"), ("8", "")),
        # asked
        (Student("8", "King, Ada"), ("6", "8")),  # one of that name is not in this roster
        (Student("8", "Max New", "A@x.org", "95"), ("6", "8")),
        (Student("99", "Ada Lee", "l@x.org", "90"), ("6", "99")),
        (Student("6", "Ada King", "a@x.org", "91"), ("6", "")),  # a new account
        (Student("7", "Bob O"), ("7", "")),
        # another person's
        (Student("5", "Wei Chen", "w@x.org", "70"), "5 (Wei Chen, Canvas 80, v@x.org)"),
        (Student("5", "Wei Chen", "w@x.org"), "5 (Wei Chen, Canvas 80, v@x.org)"),
        (Student("6", "Max New", "m@x.org", "95"), "6 (Ada King, Canvas 90, a@x.org)"),
        (Student("6", "Max New"), "6 (Ada King, Canvas 90, a@x.org)"),
        (Student("6", "Ada New", "", "95"), "6 (Ada King, Canvas 90, a@x.org)"),
        (Student("7", "Ada King"), "7 (Bob Lee, b@x.org)"),
        (Student("7", "Ada King", "b@x.org"), "7 (Bob Lee, b@x.org)"),  # names sorted alone
    ],
)
def test_an_id_stays_with_the_person_who_had_it(tmp_path, line, known):
    """[I20, I21, I53] Points of two students were exchanged, or given to who was new."""
    found = after(tmp_path, line)
    if isinstance(known, str):
        assert isinstance(found, str) and f"has the id of {known}" in found
        assert "nothing was written" in found and "campus id" in found
    else:
        assert found[0] == [known] and len(found[1]) == (line in ASKED)
        assert all(re.match(rf"{known[0]} \(.*\) is {line.id} \(", ask) for ask in found[1])


ASKED = (
    Student("8", "King, Ada"),
    Student("8", "Max New"),
    Student("99", "Ada Lee"),
    Student("6", "Ada King", number="91"),
    Student("7", "Bob O"),
)


def test_who_comes_as_another_leaves_may_be_the_same_person(tmp_path):
    """[S46, S55] The ids of a roster are of another kind than before: all had 0 in the end."""
    logins = [replace(one, id=f"l{one.id}", email="", number="") for one in CLASS[2:]]
    found, asks = after(tmp_path, *logins)
    assert found == [("6", "l6"), ("7", "l7")] and len(asks) == 2
    assert asks[0] == "6 (Ada King, Canvas 90, a@x.org) is l6 (Ada King) now: the same person?"
    told = after(tmp_path, Student("l4", "Wei Chen"))
    assert "l4 (Wei Chen) may be 4 (Wei Chen, Canvas 70, w@x.org) or 5 (Wei Chen" in told
    told = after(tmp_path, CLASS[1], Student("l4", "Wei Chen"), Student("m4", "Wei Chen"))
    assert "two lines are of 4" in told, "one of the two"
    assert after(tmp_path, CLASS[2], Student("8", "Ada King")) == ([("6", ""), ("8", "")], [])
    gone = {"9": "Cy Old"}
    assert after(tmp_path, Student("l9", "Old, Cy"), gone=gone)[0] == [("9", "l9")]
    new = Student("l9", "Old, Cy", "", "66")
    assert after(tmp_path, new, gone=gone, numbers={"65": "9"}) == ([("l9", "")], [])
    found, asks = after(tmp_path, replace(new, name="Cy New"), gone=gone, numbers={"66": "9"})
    assert found == [("9", "l9")] and "9 (Cy Old, Canvas 66) is l9 (Cy New, Canvas 66)" in asks[0]
    assert after(tmp_path, *logins, gone=None) == ([("l6", ""), ("l7", "")], []), "nothing counts"
    there = Student("l9", "Cy Old")
    assert after(tmp_path, there, old=(*CLASS, there), gone=gone) == ([("l9", "")], [])


def test_who_left_keeps_the_id_and_may_come_back(tmp_path):
    gone = {"9": "Cy Old", "6": "what roster.csv says counts"}
    assert after(tmp_path, Student("9", "Old, Cy", "", "66"), gone=gone) == ([("9", "")], [])
    assert "has the id of 9 (Cy Old)" in after(tmp_path, Student("9", "Max New"), gone=gone)
    assert after(tmp_path, CLASS[2], gone=gone) == ([("6", "")], [])


def test_ids_that_the_campus_has_exchanged_are_written_into_the_roster(tmp_path):
    """What a refusal says to do, done."""
    swapped = [replace(CLASS[0], id="5"), replace(CLASS[1], id="4")]
    assert "5 (Wei Chen, Canvas 70" in after(tmp_path, *swapped)
    mended = (replace(CLASS[0], campus="5"), replace(CLASS[1], campus="4"))
    assert after(tmp_path, *swapped, old=mended) == ([("4", "5"), ("5", "4")], [])
    new, left = Student("6", "Max New", "", "95"), replace(CLASS[2], id="99")
    mended = (replace(CLASS[2], campus="99"), Student("6b", "Max New", "", "95", "6"))
    assert after(tmp_path, new, left, old=mended) == ([("6b", "6"), ("6", "99")], [])


def test_canvass_logins_are_addresses_where_they_look_like_it(tmp_path):
    """Tried by an instructor: Moodle's sheet knew addresses only, and Canvas's roster had them."""
    for login, email in (("ada@x.org", "ada@x.org"), ("ada", "")):
        text = CANVAS.format(name="Student") + f"Ada,1,0012,{login},S,\nBob,2,0013,b@x,S,\n"
        text += "Cy,3,0014,c,S,\n" if not email else ""
        (student, *_) = roster(tmp_path, text)
        assert student.email == email


def test_a_line_for_excel_before_the_first_is_left_out(tmp_path):
    assert roster(tmp_path, "\ufeffsep=;\r\nid;name\r\n7;A, B\r\n") == (Student("7", "A, B"),)
