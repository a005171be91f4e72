"""What was handed in, case by case: which file is whose, of which chapter, and which one counts.

Whole exports of the campus systems, and hostile ones, are in test_grading.py.
"""

import json
import os
import zipfile
from datetime import datetime
from types import SimpleNamespace

import pytest

from exercises import inside, sandbox, submissions
from exercises.roster import Student
from exercises.submissions import File, Owners, Seen, Unreadable, claims, code_cells, collect

CHAPTERS = {"02": ("02-a", "02-b"), "06": ("06-a", "06-b")}
CLASS = (
    Student("ada", "Ada Lovelace"),
    Student("ada2", "Ada Twin"),
    Student("Bob", "Ødegård, Bob"),
    Student("cy-d", "Cy Same"),
    Student("eve", "Cy Same"),
)
CANVAS = "lovelaceada_1_9_"
STRANGER = "zstranger_7_8_"
UNNAMED = (Student("ada", ""), Student("Bob", ""))
BLANK = Seen("", "", "", "", bytes)


def cell(source="x = 1", exercise=None, **more):
    metadata = {"scalinglib": {"exercise": exercise}} if exercise else {}
    return {"cell_type": "code", "source": source, "metadata": metadata} | more


def notebook(*exercises, student=None, chapter=None, **more):
    """A file's bytes: one cell for each exercise, and what `assign` claims in it."""
    own = {"student": student, "chapter": chapter}
    own = {name: value for name, value in own.items() if value is not None}
    cells = [cell(exercise=exercise) for exercise in exercises]
    return json.dumps(
        {"cells": cells, "nbformat": 4, "metadata": {"scalinglib": own} if own else {}} | more
    ).encode()


def seen(place, chapters=CHAPTERS, roster=CLASS):
    """(what is right, what waits for a person)."""
    found = collect(place, chapters, roster)
    return [file for file in found if not file.state], [file for file in found if file.state]


def handed_in(folder, entries, roster=CLASS, chapters=CHAPTERS):
    """The same of a folder with these files."""
    for name, data in entries.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return seen(folder, chapters, roster)


# ---- one file ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "metadata, expected",
    [
        ({"scalinglib": {"student": "ada", "chapter": "02"}}, ("ada", "02")),
        ({"scalinglib": {"student": "ada"}}, ("ada", "")),
        ({"scalinglib": {"chapter": "02"}}, ("", "02")),
        ({"scalinglib": {"student": 1, "chapter": ["02"]}}, ("", "")),
        ({"scalinglib": "ada"}, ("", "")),
        ({}, ("", "")),
    ],
)
def test_what_a_notebook_claims(metadata, expected):
    assert claims(metadata) == expected


def test_the_cells_of_a_notebook():
    cells = [
        cell(["a = 1\n", 2, "b = 2"], "02-a", id="one"),
        {"cell_type": "markdown", "source": "text", "metadata": {}},
        {"cell_type": "code", "source": 3, "metadata": {"id": "of Colab", "tags": ["x", 4]}},
        {"cell_type": "code", "id": 5, "metadata": {"tags": "x", "scalinglib": {"exercise": 6}}},
        {"cell_type": "code", "source": "c", "metadata": {"scalinglib": "02-a"}},
        "nothing",
    ]
    data = json.dumps({"cells": cells, "nbformat": 4, "metadata": {"a": 1}}).encode()
    metadata, found = code_cells(b"\xef\xbb\xbf" + data)
    assert metadata == {"a": 1}
    assert found == [
        {"source": "a = 1\nb = 2", "id": "one", "exercise": "02-a", "tags": []},
        {"source": "", "id": "of Colab", "exercise": None, "tags": ["x"]},
        {"source": "", "id": "", "exercise": None, "tags": []},
        {"source": "c", "id": "", "exercise": None, "tags": []},
    ]


@pytest.mark.parametrize(
    "change, reason",
    [
        ({}, ""),
        ({"nbformat": 3}, "format 3"),
        ({"nbformat": 3, "worksheets": []}, "format 3"),
        ({"nbformat": None, "worksheets": []}, "format None"),
        ({"nbformat": 5}, "format 5"),
        ({"cells": {}}, "no cells"),
        ({"metadata": {"kernelspec": {"language": "R"}}}, "'R'"),
        ({"metadata": {"language_info": {"name": "julia"}}}, "'julia'"),
        ({"metadata": {"kernelspec": {"language": "python"}, "language_info": {"name": "R"}}}, "R"),
        ({"metadata": {"kernelspec": {"language": "Python3"}}}, ""),
        ({"metadata": {"kernelspec": {"language": ""}, "language_info": {"name": "ipython"}}}, ""),
        ({"metadata": {"kernelspec": {"language": None}, "language_info": "julia"}}, ""),
        ({"metadata": None}, ""),
    ],
)
def test_which_notebooks_are_read(change, reason):
    if not reason:
        assert len(code_cells(notebook("02-a", **change))[1]) == 1
        return
    with pytest.raises(Unreadable, match=reason):
        code_cells(notebook("02-a", **change))


def test_a_notebook_that_says_no_format_is_read():
    assert code_cells(b'{"cells": []}') == ({}, [])


@pytest.mark.parametrize(
    "mode, size, fault",
    [
        (0o100644, submissions.LARGEST, ""),
        (0o100644, submissions.LARGEST + 1, "100 MB"),
        (0o120777, 1, "symbolic link"),
        (0o010644, 1, "not a plain file"),
        (0o040755, 1, "not a plain file"),
        (0o644, 1, ""),  # zip files that say nothing of the kind
        (0, 1, ""),
    ],
)
def test_kinds_of_files(mode, size, fault):
    found = submissions._kind_fault(mode, size)
    assert fault in found if fault else found == ""


def test_a_size_that_is_only_claimed_does_not_count(monkeypatch):
    monkeypatch.setattr(submissions, "LARGEST", 100)
    assert code_cells(b'{"cells": []}'.ljust(100)) == ({}, [])
    with pytest.raises(Unreadable, match="unpacks to more"):
        code_cells(b'{"cells": []}'.ljust(101))


def test_what_is_not_looked_at(tmp_path):
    names = ("a.ipynb", ".b.ipynb", "c/.hidden/d.ipynb", "__MACOSX/e.ipynb", ".git/f.ipynb")
    others = ("g/.ipynb_checkpoints/h.ipynb", "i.git/j.ipynb", "k/l.m.ipynb")
    handed_in(tmp_path / "in", dict.fromkeys([*names, *others], b"x"))
    found = submissions.files(tmp_path / "in")
    assert [file.path for file in found] == ["a.ipynb", "i.git/j.ipynb", "k/l.m.ipynb"]
    assert all(file.read() == b"x" and not file.refused for file in found)
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.mkdir("folder")
        for name in ("z.ipynb", "folder\\a.ipynb", *names[1:], others[0]):
            archive.writestr(name, name)
    found = submissions.files(tmp_path / "in.zip")
    assert [file.path for file in found] == ["folder/a.ipynb", "z.ipynb"]
    with pytest.raises(submissions.SubmissionsError, match="nothing at"):
        submissions.files(tmp_path / "out")


def test_zip_files_that_are_too_much_or_locked(tmp_path, monkeypatch):
    path = tmp_path / "in.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ada/a.ipynb", "x")
        archive.writestr("ada/b.ipynb", "x")
    data = bytearray(path.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1  # the last file's flags in the list at the end
    (tmp_path / "locked.zip").write_bytes(data)
    found = submissions.files(tmp_path / "locked.zip")
    assert [file.refused for file in found] == ["", "it is encrypted"]
    monkeypatch.setattr(submissions, "_MOST_FILES", 2)
    assert len(submissions.files(path)) == 2
    monkeypatch.setattr(submissions, "_MOST_FILES", 1)
    with pytest.raises(submissions.SubmissionsError, match="holds 2 files"):
        submissions.files(path)


def test_a_damaged_entry_is_refused_and_the_rest_is_read(tmp_path):
    path = tmp_path / "in.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Bob/02_a.ipynb", notebook("02-a"))
        archive.writestr("ada/02_a.ipynb", notebook("02-a"))
    data = path.read_bytes()
    place = data.index(b"Bob/02_a.ipynb") + 20
    path.write_bytes(data[:place] + bytes(8) + data[place + 8 :])
    found, refused = seen(path)
    assert [entry.student for entry in found] == ["ada"]
    ((student, chapter, digest, reason),) = [
        (entry.student, entry.chapter, entry.digest, entry.why) for entry in refused
    ]
    assert (student, chapter, digest) == ("Bob", "02", "") and "cannot be unpacked" in reason


# ---- whose is it? --------------------------------------------------------------------------------

NAMED = [  # path, id by the campus system with and without a roster, who sent it
    ("lovelaceada_1_9_02_x.ipynb", "ada", "lovelaceada", "lovelaceada (1)"),
    ("lovelaceada_LATE_1_9_02_x.ipynb", "ada", "lovelaceada", "lovelaceada (1)"),
    ("adalovelace_1_question_3_9_x.ipynb", "ada", "adalovelace", "adalovelace (1)"),
    ("someone_1_9_02_x.ipynb", "", "someone", "someone (1)"),
    ("lovelaceada_x_9_02_x.ipynb", "", "", ""),
    ("Ada Lovelace_7_assignsubmission_file_/x.ipynb", "ada", "Ada.Lovelace", "Ada Lovelace (7)"),
    ("Bob Ødegård_7_assignsubmission_onlinetext/x", "Bob", "Bob.Ødegård", "Bob Ødegård (7)"),
    ("Cy Same_7_assignsubmission_file_/x.ipynb", "", "Cy.Same", "Cy Same (7)"),  # two of them
    ("submission_1/x.ipynb", "ada", "ADA", "submission_1"),
    ("submission_2/ada/x.ipynb", "", "nobody", "submission_2"),
    ("submission_3/x.ipynb", "", "", "submission_3"),
    ("submission_3/ada/x.ipynb", "", "", "submission_3"),  # a folder that a student has named
    ("ADA/x.ipynb", "ada", "ADA", ""),
    ("week/ bob /x.ipynb", "Bob", "week", ""),
    ("-rf/x.ipynb", "", "", ""),
    ("x.ipynb", "", "", ""),
]
GRADESCOPE = {"submission_1": "ADA", "submission_2": "nobody"}


@pytest.mark.parametrize("path, known, unknown, sender", NAMED)
def test_what_the_campus_system_says(path, known, unknown, sender):
    owners = Owners(CLASS, GRADESCOPE)
    assert (owners.campus(path), owners.sender(path)) == (known, sender)
    owners = Owners(None, GRADESCOPE)
    assert (owners.campus(path), owners.sender(path)) == (unknown, sender)


def test_a_canvas_id_of_the_roster_is_believed_before_the_name():
    owners = Owners((*CLASS, Student("4711", "No Name")), {})
    assert owners.campus("lovelaceada_4711_9_x.ipynb") == "4711"


@pytest.mark.parametrize(
    "name, known, unknown",
    [
        ("02_power_laws-ada.ipynb", "ada", "ada"),
        ("02_power_laws-ada-2.ipynb", "ada", "ada"),
        ("02_power_laws-ada (1).ipynb", "ada", "ada"),
        ("02_power_laws-cy-d.ipynb", "cy-d", "cy-d"),
        ("zstranger_7_8_02_power_laws-ada.ipynb", "ada", "ada"),
        ("deep/folder/ADA.ipynb", "ada", "ADA"),
        ("homework ada2 final.ipynb", "ada2", ""),
        ("homework_Bob_final.ipynb", "Bob", "homework_Bob_final"),
        ("adaptive.ipynb", "", "adaptive"),
        ("02_power_laws.ipynb", "", "02_power_laws"),
        ("(1).ipynb", "", ""),
    ],
)
def test_the_id_in_a_files_own_name(name, known, unknown):
    assert Owners(CLASS, {}).own_name(name) == known
    assert Owners(None, {}).own_name(name) == unknown


def test_of_two_ids_in_a_name_the_longer_one():
    owners = Owners((Student("d", ""), Student("cy-d", "")), {})
    assert owners.own_name("my cy-d work.ipynb") == "cy-d"


@pytest.mark.parametrize(
    "claim, known, unknown",
    [
        ("ADA", "ada", "ADA"),
        (" bob ", "Bob", "bob"),
        ("zed", "", "zed"),
        ("../x", "", ""),
        ("", "", ""),
    ],
)
def test_a_claim_is_spelt_as_the_roster_spells_it(claim, known, unknown):
    assert Owners(CLASS, {}).claimed(claim) == known
    assert Owners(None, {}).claimed(claim) == unknown


def test_letters_of_a_claim_are_composed():
    assert Owners((Student("zoë", ""),), {}).claimed("zoe\u0308") == "zoë"


@pytest.mark.parametrize(
    "name, keys",
    [
        ("Ada Lovelace", {"adalovelace", "lovelaceada"}),
        ("Ødegård, Bob B.", {"odegardbobb", "bobbodegard"}),
        ("Ana Maria Łuk", {"anamarialuk", "marialukana", "lukanamaria"}),
        ("Þór Æsir", {"thoraesir", "aesirthor"}),
        ("Plato", {"plato"}),
        ("Smith, Jr., Robert", {"smithjrrobert", "jrrobertsmith", "robertsmithjr"}),
        ("Robert Smith, Jr.", {"robertsmithjr", "smithjrrobert", "jrrobertsmith"}),
        ("", set()),
        ("- -", set()),
    ],
)
def test_how_campus_systems_squeeze_a_name(name, keys):
    assert submissions._name_keys(name) == keys


def test_gradescopes_list_of_owners():
    def of(text, path="x/submission_metadata.yml", refused=""):
        return submissions._gradescope([File(path, lambda: text.encode(), (), refused)], "x/")

    two = "submission_1:\n  :submitters:\n  - :sid: 'a'\n  - :sid: b\nsubmission_2:\n  :sid: c d\n"
    alone = {"submission_1": ("a", "", ("b",)), "submission_2": ("c", "", ())}
    assert of(two) == alone, "of a group the first, and the others"
    assert of('  :sid: a\nsubmission_1:\nsubmission_2:\n  - :sid: "b"\n') == {
        "submission_2": ("b", "", ())
    }
    assert of(two, "x/metadata.yml") == of(two, refused="too large") == {}
    assert of(two, "x/submission_1/submission_metadata.yml") == {}, "a student's own"
    for line, sent in (
        ("2026-10-05 23:59:01.123 Z", "2026-10-05T23:59:01+00:00"),
        ("'2026-10-05T16:59:01.5-07:00'", "2026-10-05T23:59:01+00:00"),
        ("2026-10-05 23:59", ""),
        ("2026-99-05 23:59:01 Z", ""),
    ):
        for text in (
            f"submission_1:\n  :created_at: {line}\n  :submitters:\n  - :sid: a\n",
            f"submission_1:\n  :submitters:\n  - :sid: a\n  :created_at: {line}\n",
        ):
            assert of(text) == {"submission_1": ("a", sent, ())}, line
    past = "  :history:\n  - :id: 7\n    :sid: b\n    :created_at: 2020-01-01 00:00:00 Z\n"
    own = "  :created_at: 2026-10-05 23:59:01 Z\n"
    without = "- :name: A\n    :sid: ''\n    :email: A@x.org\n  - :name: B\n    :email: b@x.org\n"
    found = of(f"submission_1:\n  :submitters:\n  {without}{own}")["submission_1"]
    assert found == ("mailto:A@x.org", "2026-10-05T23:59:01+00:00", ("mailto:b@x.org",)), "[S95]"
    both = "submission_1:\n  :submitters:\n  - :sid: '12'\n    :email: a@x.org\n"
    assert of(both) == {"submission_1": ("12 mailto:a@x.org", "", ())}
    owners = Owners((Student("012", "", "a@x.org"), Student("13", "", "b@x.org")), {})
    said = [owners.listed(f"{sid} mailto:{mail}@x.org") for sid in ("12", "13") for mail in "ac"]
    assert said == ["012", "", "13", "13"], "[IN33] a sid without its zeros; a known one decides"
    assert of(f"submission_1:\n  :submitters:\n  - :name: A\n{own}")["submission_1"][:2] == (
        "",
        "2026-10-05T23:59:01+00:00",
    )
    for text in (own + past, past + own):
        found = of(f"submission_1:\n  :submitters:\n  - :sid: a\n{text}")
        assert found == {"submission_1": ("a", "2026-10-05T23:59:01+00:00", ())}, (
            "not of earlier ones"
        )


@pytest.mark.parametrize(
    "path, claim, roster, student, state, why",
    [
        ("ada/x.ipynb", "ada", CLASS, "ada", "", ""),
        ("ada/x.ipynb", "ADA", CLASS, "ada", "", ""),
        ("ada/x.ipynb", "public", CLASS, "ada", "", ""),
        ("ada/x.ipynb", "", CLASS, "ada", "", ""),
        ("Bob/x.ipynb", " bob ", CLASS, "Bob", "", ""),
        ("ada/02_x-Bob.ipynb", "eve", CLASS, "ada", "made for", "made for 'eve'"),
        ("02_x-Bob.ipynb", "ada", CLASS, "Bob", "made for", "made for 'ada'"),
        ("x.ipynb", "ada", CLASS, "ada", "", ""),
        (f"{CANVAS}x.ipynb", "Bob", CLASS, "ada", "made for", "made for 'Bob'"),
        (f"{STRANGER}x.ipynb", "ada", CLASS, "ada", "sender", "zstranger (7), whom the roster"),
        (f"{STRANGER}x.ipynb", "", CLASS, "", "sender", "does not name"),
        (f"{STRANGER}x.ipynb", "ada", UNNAMED, "ada", "", ""),  # no names to hold it against
        ("samecy_7_8_x.ipynb", "eve", CLASS, "eve", "", ""),  # of two, the notebook names one
        ("samecy_7_8_02_x-eve.ipynb", "", CLASS, "eve", "", ""),
        ("samecy_7_8_x.ipynb", "ada", CLASS, "ada", "sender", "as cy-d, eve are called"),
        ("samecy_7_8_x.ipynb", "", CLASS, "", "sender", "as cy-d, eve are called"),
        ("submission_2/x.ipynb", "ada", CLASS, "ada", "sender", "submission_2, whom"),
        (f"{STRANGER}x.ipynb", "ada", None, "zstranger", "", ""),
        ("02_x-Bob.ipynb", "ada", None, "ada", "", ""),
        ("02_x-Bob.ipynb", "../ada", None, "Bob", "made for", "made for '../ada'"),
        ("Bob/x.ipynb", "ada", None, "Bob", "made for", "made for 'ada'"),
    ],
)
def test_the_owner_of_a_file(path, claim, roster, student, state, why):
    owners = Owners(roster, GRADESCOPE)
    found = submissions._owned(BLANK, path, {"scalinglib": {"student": claim}}, owners)
    assert (found.student, found.state) == (student, state) and why in found.why
    assert found.claim == claim.strip()


def test_a_name_without_an_account_can_be_bound_by_a_person():
    owners = Owners((*CLASS, Student("4711", "No Name")), {})
    assert owners.account("lovelaceada_1_9_x.ipynb") == "Canvas 1"
    assert owners.account("lovelaceada_4711_9_x.ipynb") == "", "the roster has that number"
    assert owners.account("Ada Lovelace_7_assignsubmission_file_/x") == "Moodle Ada Lovelace 7"
    assert owners.account("ada/x.ipynb") == Owners(None, {}).account("a_1_9_x.ipynb") == ""
    assert Owners(UNNAMED, {}).account("lovelaceada_1_9_x.ipynb") == ""


def test_a_file_of_nobody_says_what_it_claims():
    for claim, said in (("zed\x1b", r"its claim 'zed\?'"), ("", "name$")):
        with pytest.raises(Unreadable, match=said):
            submissions._owned(
                BLANK, "x.ipynb", {"scalinglib": {"student": claim}}, Owners(CLASS, {})
            )


# ---- of which chapter? ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "claim, cells, name, chapter, why",
    [
        ({"student": "06", "chapter": "02"}, [], "x", "02", ""),  # an id may look like a chapter
        ({"chapter": "06"}, ["02-a", "02-b"], "x", "06", "its cells are of chapter 02"),
        ({"chapter": "06"}, ["06-a", "02-b"], "x", "06", ""),
        ({"chapter": "99"}, ["02-a", "06-a", "06-b"], "06_x", "06", ""),
        ({}, ["02-a"], "06_x", "06", "is called 06, the notebook in it is of chapter 02"),
        ({"chapter": "02"}, ["02-a"], "06_x", "06", "is called 06, the notebook"),
        ({"chapter": "02"}, ["02-a"], "02_x_06_y", "02", ""),
        ({}, ["99-a", None], "06_x", "06", ""),
        ({}, [], "02_draft_06_x", "06", ""),
        ({}, [], "02_x_99_y", "02", ""),
        ({}, [], "02-x", "02", ""),
        ({}, [], "102_x", "", ""),
        ({}, [], "02x", "", ""),
        ({}, [], "06_folder/x", "", ""),
        ({}, [], "x", "", ""),
    ],
)
def test_the_chapter_of_a_file(claim, cells, name, chapter, why):
    found = [{"exercise": exercise} for exercise in cells]
    given = (BLANK, f"{name}.ipynb", {"scalinglib": claim}, found)
    if chapter:
        told = submissions._of(*given, CHAPTERS)
        assert told.chapter == chapter and why in told.why
        assert told.state == ("chapter" if why else "")
    else:
        with pytest.raises(Unreadable, match="which chapter"):
            submissions._of(*given, CHAPTERS)
        assert submissions._of(*given, {"06": CHAPTERS["06"]}).chapter == "06"


# ---- which one counts? ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "later, earlier",
    [
        (("hw-10.ipynb", 1), ("hw-9.ipynb", 2)),
        (("attempt 2/hw.ipynb", 1), ("attempt 1/hw.ipynb", 2)),
        (("hw-1.ipynb", 1), ("hw.ipynb", 2)),
        (("hw.ipynb", 2), ("hw.ipynb", 1)),
        (("b.ipynb", 1), ("a.ipynb", 1)),
        (("attempt_3 hw.ipynb", 1), ("hw-2.ipynb", 1)),
        (("hw.ipynb", 2), ("hw-2024.ipynb", 1)),  # a year, not an attempt
    ],
)
def test_the_order_of_attempts(later, earlier):
    first, last = (
        submissions._order(SimpleNamespace(path=path, changed=(changed,)))
        for path, changed in (earlier, later)
    )
    assert first < last


def test_every_attempt_is_told_with_its_time(tmp_path):
    entries = {
        f"{student}/{name}.ipynb": notebook("06-a", student=student, chapter="06", time=time)
        for student in ("ada", "Bob")
        for time, name in enumerate(("z", "a"))
    }
    handed_in(tmp_path, entries)
    for path in tmp_path.rglob("a.ipynb"):
        os.utime(path, (2e9, 2e9))
    found, refused = seen(tmp_path)
    assert refused == []
    assert [(file.student, file.path) for file in found] == [
        (student, f"{student}/{name}.ipynb") for student in ("Bob", "ada") for name in "az"
    ]
    assert all(
        (file.sent > "2030") == file.path.endswith("a.ipynb") and file.sent[26:] == "+00:00"
        for file in found
    )


def test_attempts_have_times_in_the_order_of_their_numbers(tmp_path):
    """Canvas adds -1 to the name of a second upload; the times are those of the download."""
    path = tmp_path / "in.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, second in (("02_x-1.ipynb", 2), ("02_x.ipynb", 8)):
            made = zipfile.ZipInfo(f"{CANVAS}{name}", (2026, 1, 1, 12, 0, second))
            archive.writestr(made, notebook("02-a", name=name))
    found, _ = seen(path)
    assert {(file.path[-9:], file.sent) for file in found} == {
        ("2_x.ipynb", "2026-01-01T12:00:02.000000"),
        ("x-1.ipynb", "2026-01-01T12:00:02.000000"),
    }
    assert {(file.number, file.account, file.late) for file in found} == {(9, "Canvas 1", False)}


def test_a_time_that_is_none_stops_nothing(tmp_path):
    assert submissions._time(datetime.fromtimestamp, 1e18) == ""
    assert submissions._time(datetime.fromtimestamp, 1e9).startswith("2001-09-0")
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        made = zipfile.ZipInfo("ada/02_x.ipynb", (1980, 1, 1, 0, 0, 0))
        made.date_time = (1980, 0, 0, 0, 0, 0)
        archive.writestr(made, notebook("02-a"))
    ((file,), _) = seen(tmp_path / "in.zip")
    assert (file.student, file.sent) == ("ada", "")


def test_the_campus_systems_mark_of_what_is_late(tmp_path):
    found, _ = handed_in(
        tmp_path, {"lovelaceada_LATE_1_9_02_x.ipynb": notebook("02-a", student="ada")}
    )
    assert [(file.late, file.number) for file in found] == [(True, 9)]


REFUSED = [  # files, [(student, chapter, path, what the reason says)]
    ({"ada/02_x.ipynb": "{"}, [("ada", "02", "ada/02_x.ipynb", "not a whole")]),
    ({"02_x-ada.ipynb": "{"}, [("ada", "02", "02_x-ada.ipynb", "not a whole")]),
    ({"zed/x.ipynb": "{"}, [("?zed/x.ipynb", "?", "zed/x.ipynb", "not a whole")]),
    ({"ada/x.pdf": "x"}, [("ada", "?", "ada/x.pdf", "not a notebook")]),
    ({"ada/x.IPYNB": "{"}, [("ada", "?", "ada/x.IPYNB", "not a whole")]),
    ({"ada/x.pdf": "x", "ada/02_x.ipynb": notebook("02-a")}, []),
    ({"ada/02_x.pdf": "x", "ada/02_x.ipynb": notebook("02-a")}, []),
    (
        {"ada/06_x.pdf": "x", "ada/02_x.ipynb": notebook("02-a")},
        [("ada", "06", "ada/06_x.pdf", "not a notebook")],
    ),
    (
        {"ada/02_y.ipynb": "{", "ada/02_x.ipynb": notebook("02-a")},
        [("ada", "02", "ada/02_y.ipynb", "not a whole")],
    ),
    (
        {"ada/06_y.ipynb": "{", "ada/02_x.ipynb": notebook("02-a")},
        [("ada", "06", "ada/06_y.ipynb", "not a whole")],
    ),
    (
        {"Bob/02_y.ipynb": "{", "ada/02_x.ipynb": notebook("02-a")},
        [("Bob", "02", "Bob/02_y.ipynb", "not a whole")],
    ),
    ({"submission_metadata.yml": "x", "b/02_x-ada.ipynb": notebook("02-a")}, []),
    ({"ada/submission_metadata.yml": "x", "ada/02_x-ada.ipynb": notebook("02-a")}, []),
    (
        {"b\x1b/02_x.ipynb": notebook("02-a")},
        [("?b?/02_x.ipynb", "02", "b?/02_x.ipynb", "no student")],
    ),
    (
        {"zed.pdf": "x", "ada.pdf": "x"},
        [
            ("?zed.pdf", "?", "zed.pdf", "not a notebook"),
            ("ada", "?", "ada.pdf", "not a notebook"),
        ],
    ),
]


@pytest.mark.parametrize("entries, expected", REFUSED)
def test_what_is_refused_and_of_whom(tmp_path, entries, expected):
    found, refused = handed_in(tmp_path, entries)
    assert {entry.student for entry in found} <= {"ada"}
    assert [(entry.student, entry.chapter, entry.path) for entry in refused] == [
        row[:3] for row in expected
    ]
    for entry, row in zip(refused, expected, strict=True):
        assert row[3] in entry.why


def test_in_a_class_of_one_chapter_a_broken_file_is_of_it(tmp_path):
    one = {"06": CHAPTERS["06"]}
    _, refused = handed_in(tmp_path, {"ada/x.ipynb": "{", "zed/x.ipynb": "{"}, chapters=one)
    assert [(entry.student, entry.chapter) for entry in refused] == [
        ("?zed/x.ipynb", "?"),
        ("ada", "06"),
    ]


def test_a_refused_file_has_the_digest_of_its_bytes(tmp_path):
    _, refused = handed_in(tmp_path, {"ada/02_x.ipynb": "{", "Bob/02_x.ipynb": "["})
    first, second = (entry.digest for entry in refused)
    assert len(first) == 64 and first != second
    unread = File("x", lambda: b"x" * 9, (), "too large")
    assert submissions._digest_of(unread) == submissions._digest_of(File("x", lambda: b"", ()))


def test_a_wrapper_is_no_student(tmp_path):
    entries = {f"all/{id}/x.ipynb": notebook("02-a", student=id) for id in ("ada", "Bob")}
    found, _ = handed_in(tmp_path, entries)
    assert [(entry.student, entry.path) for entry in found] == [
        ("Bob", "Bob/x.ipynb"),
        ("ada", "ada/x.ipynb"),
    ]
    found, odd = handed_in(tmp_path, {}, (*CLASS, Student("all", "Al L")))  # nor is a student one
    assert not found and {(entry.student, entry.state) for entry in odd} == {("all", "made for")}


def test_long_paths_are_cut():
    assert submissions._printable("a\n" + "b" * 300) == "a?" + "b" * 198


def test_a_notebook_as_deep_as_can_be_read_is_kept_as_it_is():
    """Python writes less deep than it reads: what cannot be written stays, outputs and all."""
    for depth in (1, 50, *range(900, 1020, 5), 3000, 100_000):
        data = b'{"cells": [{"outputs": [1]}], "deep": ' + b"[" * depth + b"]" * depth + b"}"
        kept = submissions.without_outputs(data)
        assert kept == data or json.loads(kept)["cells"] == [{}]
        assert depth > 50 or kept != data
    assert kept == data


@pytest.mark.parametrize("source", ["(" * 100_000, "-" * 3000 + "1", "-" * 1500 + "1"])
def test_a_cell_too_deep_for_python_binds_nothing_and_stays(source):
    assert inside.names_of(source)[0] in (None, set())
    assert inside.normalised(source) == source


def test_a_line_too_deep_for_json_is_no_object():
    assert list(sandbox._objects(b"[" * 100_000 + b'\n[1]\n{"a": 1}\n')) == [{"a": 1}]
