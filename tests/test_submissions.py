"""What was handed in, case by case: which file is whose, of which chapter, and which one counts.

Whole exports of the campus systems, and hostile ones, are in test_grading.py.
"""

import io
import json
import os
import re
import zipfile
from dataclasses import FrozenInstanceError, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
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
BLANK = Seen("", "", "", "", bytes, "", 0, "", late=False)


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
    with pytest.raises(Unreadable, match="format None"):
        code_cells(b'{"cells": [], "worksheets": []}')  # as before format 4


@pytest.mark.parametrize(
    "data, reason",
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        ("é".encode("latin-1"), "not UTF-8"),
        (b'{"cells": [', "not a whole notebook"),
        (b"[]", "but not a notebook"),
        (b"[" * 2_000_000, "not a whole notebook"),
        (b"[" * 2_000_001, "millions of values"),
        (b"{" * 1_000_001 + b"[" * 1_000_000, "millions of values"),
        (b"[" + b"," * 11_999_999, "not a whole notebook"),
        (b"[" + b"," * 12_000_000, "millions of values"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_notebook(data, reason):
    with pytest.raises(Unreadable, match=reason):
        code_cells(data)


def test_what_a_notebook_has_shown_is_left_out():
    cells = [cell(outputs=[1], execution_count=3, attachments={"a": 1}, id="one"), "nothing"]
    data = json.dumps({"cells": cells, "nbformat": 4}).encode()
    kept = json.loads(submissions.without_outputs(b"\xef\xbb\xbf" + data))
    assert kept == {"cells": [cell(id="one"), "nothing"], "nbformat": 4}
    assert submissions.without_outputs(b"{") == b"{"


def test_a_notebook_that_is_large_without_its_outputs_is_refused(tmp_path, monkeypatch):
    kept = len(submissions.without_outputs(notebook("02-a")))
    data = notebook("02-a").replace(b'"cells": [{', b'"cells": [{"outputs": ["%s"], ' % (b"x" * 99))
    for most, reason in ((kept, ""), (kept - 1, "without its outputs it still has 0 MB")):
        monkeypatch.setattr(submissions, "_MOST_KEPT", most)
        _, odd = handed_in(tmp_path, {"ada/02_x.ipynb": data})
        assert [file.why for file in odd] == [reason] * bool(reason)


def test_the_handbook_says_how_large_a_notebook_may_be():
    handbook = (Path(__file__).parents[1] / "chapters/handbook.md").read_text(encoding="utf-8")
    said = re.search(r"(\d+) MB are read .*? and (\d+) MB may be left", handbook)
    assert [int(size) * 10**6 for size in said.groups()] == [
        submissions.LARGEST,
        submissions._MOST_KEPT,
    ]


@pytest.mark.parametrize(
    "mode, size, fault",
    [
        (0o100644, 100_000_000, ""),
        (0o100644, 100_000_001, "100 MB"),
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


def zipped(entries, target=None):
    target = io.BytesIO() if target is None else target
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return target.getvalue() if isinstance(target, io.BytesIO) else target


OUTSIDE = ("../a.ipynb", "a/../../b.ipynb", "/c.ipynb", "C:/d.ipynb", "e\\..\\f.ipynb")


def test_paths_that_leave_a_zip_file_are_refused(tmp_path):
    inside = ("a/b.ipynb", "a..b/c..ipynb", "9:/d.ipynb", "h/C:x.ipynb")
    files = dict.fromkeys((*OUTSIDE, *inside), "x")
    for found in (
        submissions.files(zipped(files, tmp_path / "in.zip")),
        submissions._inside(File("w.zip", lambda: zipped(files), ())),
    ):
        refused = {file.path.removeprefix("w.zip/") for file in found if file.refused}
        assert refused == {name.replace("\\", "/") for name in OUTSIDE}


def test_links_are_refused_and_not_followed(tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/x.ipynb").write_text("x")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.ipynb").symlink_to(tmp_path / "secret/x.ipynb")
    (tmp_path / "in/b").symlink_to(tmp_path / "secret")
    found = submissions.files(tmp_path / "in")
    assert [file.path for file in found] == ["a.ipynb", "b"]
    assert all("symbolic link" in file.refused for file in found)
    for file in found:  # also where it became a link after it was looked at
        with pytest.raises(Unreadable, match="the file cannot be read"):
            file.read()


def test_a_file_that_goes_while_the_folder_is_read_is_told(tmp_path, monkeypatch):
    handed_in(tmp_path, {"ada/02_x.ipynb": notebook("02-a"), "Bob/02_x.ipynb": notebook("02-a")})
    there = Path.lstat

    def lstat(path):
        if "Bob" in path.parts:
            raise OSError(2, "No such file")
        return there(path)

    monkeypatch.setattr(Path, "lstat", lstat)
    found, (gone,) = seen(tmp_path)
    assert [file.student for file in found] == ["ada"]
    assert (gone.student, gone.why) == ("Bob", "the file cannot be read (No such file)")


def test_a_name_that_is_no_text_is_shown(tmp_path):
    with open(os.fsencode(tmp_path) + b"/\xff.ipynb", "w"):
        assert [file.path for file in submissions.files(tmp_path)] == ["\ufffd.ipynb"]


def test_a_file_that_has_grown_is_read_to_the_limit_and_refused(tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.ipynb").write_bytes(b"{}")
    found = submissions.files(tmp_path / "in")
    found += submissions.files(zipped({"a": b"x" * 9}, tmp_path / "in.zip"))
    (tmp_path / "in/a.ipynb").write_bytes(b"x" * 9)
    monkeypatch.setattr(submissions, "LARGEST", 5)
    for file in found:
        assert len(file.read()) == 6
        with pytest.raises(Unreadable, match="unpacks to more"):
            code_cells(file.read())


def test_a_zip_file_among_the_submissions_is_looked_into(tmp_path):
    """One level deep; what lies in it has the times of the zip file."""
    inner = {"x.ipynb": "1", "a/y.ipynb": "2", "z.zip": "3", ".x.ipynb": "4", "folder/": ""}
    files = {"ada/W.ZIP": zipped(inner), "Bob/x.zip": "no zip", "Bob/y.zip": zipped({".a": ""})}
    handed_in(tmp_path, files)
    found = {file.path: file for file in submissions.files(tmp_path)}
    assert {path: file.refused for path, file in found.items()} == {
        "Bob/x.zip": "it is a zip file that cannot be unpacked",
        "Bob/y.zip": "it is a zip file with nothing in it",
        **dict.fromkeys(["ada/W.ZIP/x.ipynb", "ada/W.ZIP/a/y.ipynb", "ada/W.ZIP/z.zip"], ""),
    }
    one = found["ada/W.ZIP/a/y.ipynb"]
    changed = (tmp_path / "ada/W.ZIP").stat()
    assert (one.read(), one.changed) == (b"2", (changed.st_mtime_ns,))
    assert datetime.fromisoformat(one.at).timestamp() == pytest.approx(changed.st_mtime, abs=1e-5)


def test_a_zip_file_of_a_student_has_its_limits(monkeypatch):
    def refused(count, size=1):
        data = zipped({f"{n}.ipynb": "x" * size for n in range(count)})
        return [file.refused for file in submissions._inside(File("w.zip", lambda: data, ()))]

    assert refused(200) == [""] * 200
    assert refused(201) == ["the zip file holds 201 files, 0 MB"]
    monkeypatch.setattr(submissions, "LARGEST", 10)
    assert refused(2, 10) == ["", ""]
    assert refused(1, 20)[0].startswith("the file has")
    assert refused(3, 7) == ["the zip file holds 3 files, 0 MB"]
    link = zipfile.ZipInfo("a.ipynb")
    link.external_attr = 0o120777 << 16
    data = zipped({link: "/etc/passwd"})
    (file,) = submissions._inside(File("w.zip", lambda: data, ()))
    assert "symbolic link" in file.refused
    assert next(submissions._inside(File("w.zip", lambda: data, (), "so"))).refused == "so"


def test_of_zip_files_only_the_last_stays_in_memory():
    read = []

    def of(name):
        data = zipped({"x": name, "y": name})
        return File(f"{name}.zip", lambda: read.append(name) or data, ())

    one, other = (list(submissions._inside(of(name))) for name in ("one", "other"))
    read.clear()
    assert [file.read() for file in (*one, *other, *one)] == [b"one"] * 2 + [b"other"] * 2 + [
        b"one"
    ] * 2
    assert read == ["one", "other", "one"]


@pytest.mark.parametrize("found", [BLANK, File("x", bytes, ())])
def test_what_was_found_cannot_be_changed_by_its_reader(found):
    with pytest.raises(FrozenInstanceError):
        found.path = "y"


def test_what_is_neither_a_folder_nor_a_zip_file(tmp_path):
    (tmp_path / "in.zip").write_text("x")
    with pytest.raises(submissions.SubmissionsError, match="neither a folder nor a zip file"):
        submissions.files(tmp_path / "in.zip")


def test_a_link_in_a_zip_file_is_refused(tmp_path):
    link = zipfile.ZipInfo("a.ipynb")
    link.external_attr = 0o120777 << 16
    (file,) = submissions.files(zipped({link: "/etc/passwd"}, tmp_path / "in.zip"))
    assert "symbolic link" in file.refused


def test_no_class_hands_in_more_than_50_000_files(tmp_path, monkeypatch):
    monkeypatch.setattr(zipfile.ZipFile, "infolist", lambda _: [zipfile.ZipInfo("a/")] * count)
    zipped({}, tmp_path / "in.zip")
    count = 50_000
    assert submissions.files(tmp_path / "in.zip") == []
    count = 50_001
    with pytest.raises(submissions.SubmissionsError, match="holds 50001 files"):
        submissions.files(tmp_path / "in.zip")


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
    ("Ada Lovelace_assignsubmission_file_/x.ipynb", "", "", "Ada Lovelace"),  # a group's name
    ("lovelaceada_1_link.html", "ada", "lovelaceada", "lovelaceada (1)"),
    ("submission_1/x.ipynb", "ada", "ADA", "submission_1"),
    ("submission_2/ada/x.ipynb", "", "nobody", "submission_2"),
    ("submission_3/x.ipynb", "", "", "submission_3"),
    ("submission_3/ada/x.ipynb", "", "", "submission_3"),  # a folder that a student has named
    ("ADA/x.ipynb", "ada", "ADA", ""),
    ("week/ bob /x.ipynb", "Bob", "week", ""),
    ("week/hw.zip/bob/x.ipynb", "", "week", ""),  # folders that a student has named
    ("week/hw.ZIP/bob/x.ipynb", "", "week", ""),
    ("hw.zip/bob/x.ipynb", "Bob", "hw.zip", ""),  # the class's, packed twice
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
    owners = Owners((*CLASS, Student("4711", "No Name"), Student("no", "", number="47")), {})
    assert owners.campus("lovelaceada_4711_9_x.ipynb") == "4711"
    assert owners.campus("lovelaceada_47_9_x.ipynb") == "no", "Canvas's own number"


def test_gradescopes_signs_are_ids_or_addresses_of_one_student():
    two = (Student("a", "", email="A@x.org"), Student("b", "", email="b@x.org"))
    owners = Owners((*two, Student("c", "", email="b@x.org")), {})
    assert [owners.listed(sign) for sign in ("A", "mailto:a@X.org", "a@x.org")] == ["a", "a", ""]
    assert owners.listed("mailto:b@x.org") == "", "of two students"
    assert owners.listed("mailto:C") == "c", "an address may be the id"
    owners = Owners((*two, Student("c", "")), {})
    assert owners.listed("12") == owners.listed("mailto:") == "", "one of the class has no address"


def test_who_may_be_meant_by_a_name():
    owners = Owners(CLASS, {})
    moodle = "_7_assignsubmission_file_/x.ipynb"
    assert owners.namesakes("samecy_7_8_x.ipynb") == {"cy-d", "eve"}
    assert owners.namesakes(f"Group 1-Cy Same{moodle}") == {"cy-d", "eve"}
    assert owners.namesakes(f"A-B-Ada Lovelace{moodle}") == {"ada"}
    assert owners.namesakes("a-lovelaceada_7_8_x.ipynb") == set(), "Canvas knows no groups"
    assert owners.namesakes("Cy Same/x.ipynb") == owners.namesakes(f"Zed{moodle}") == set()


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
        ("my ada-7.ipynb", "ada", ""),
        ("adalovelace-7.ipynb", "", "adalovelace"),
        ("02_power_laws-ada-1234.ipynb", "ada", "ada-1234"),
        ("x_1_2_homework ada.ipynb", "ada", ""),
        ("ada.ipynb.txt", "ada", "ada"),
        ("ADA.IPYNB", "ada", "ADA"),
    ],
)
def test_the_id_in_a_files_own_name(name, known, unknown):
    assert Owners(CLASS, {}).own_name(name) == known
    assert Owners(None, {}).own_name(name) == unknown


def test_a_file_is_named_as_without_the_copies_that_systems_make_of_it():
    owners = Owners((Student("ada-7", ""), Student("ada", "")), {})
    assert owners.own_name("ada-7.ipynb") == "ada-7", "an id before a number of the copy"
    assert owners.own_name("ada-7-7.ipynb") == owners.own_name("my ada-7.ipynb") == "ada-7"
    assert owners.own_name("02_x-my ada.ipynb") == "ada"


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
        ("Đặng Guðœ", {"danggudoe", "gudoedang"}),
        ("Işık", {"isik"}),
        *(
            (f"Robert Smith, {last}", {f"robertsmith{x}", f"smith{x}robert", f"{x}robertsmith"})
            for last, x in (
                ("Sr", "sr"),
                ("SR.", "sr"),
                ("Jr", "jr"),
                ("II", "ii"),
                ("III", "iii"),
                ("iv", "iv"),
            )
        ),
        ("Smith, Mark", {"smithmark", "marksmith"}),
        ("Plato", {"plato"}),
        ("Smith, Jr., Robert", {"smithjrrobert", "jrrobertsmith", "robertsmithjr"}),
        ("Robert Smith,Jr.", {"robertsmithjr", "smithjrrobert", "jrrobertsmith"}),
        ("Robert Smith, Jr.", {"robertsmithjr", "smithjrrobert", "jrrobertsmith"}),
        ("", set()),
        ("- -", set()),
    ],
)
def test_how_campus_systems_squeeze_a_name(name, keys):
    assert submissions._name_keys(name) == keys


def test_gradescopes_list_of_owners():
    def of(text, path="x/submission_metadata.yml", refused=""):
        data = text.encode("latin-1")  # whatever it was written in
        return submissions._gradescope([File(path, lambda: data, (), refused)], "x/")

    two = "submission_1:\n  :submitters:\n  - :name: é\n    :sid: 'a'\n  - :sid: b\n"
    two += "submission_2:\n  :sid: c d\n"
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
    assert said == ["012", "", "", "13"], "[IN33] a sid without its zeros; [I21] two people"
    owners = Owners((Student("4", "", campus="5"), Student("5", "", campus="4")), {})
    assert [owners.listed("4"), owners.listed("5")] == ["5", "4"], "as the campus says now"
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


@pytest.mark.parametrize(
    "path, claim, roster, notes",
    [
        ("ada/x.ipynb", "public", CLASS, ["this is the public notebook: its numbers are not"]),
        ("ada/x.ipynb", "ada", CLASS, []),
        ("public/x.ipynb", "PUBLIC", (Student("public", ""),), []),
        (f"{STRANGER}x.ipynb", "ada", None, ["the notebook was made for 'ada'"]),
        ("samecy_7_8_x.ipynb", "eve", CLASS, ["of 2 students called so, the notebook names"]),
        ("A-Ada Lovelace_7_assignsubmission_file_/x.ipynb", "ada", CLASS, []),
    ],
)
def test_what_is_told_beside_the_points(path, claim, roster, notes):
    metadata = {"scalinglib": {"student": claim}}
    found = submissions._owned(BLANK, path, metadata, Owners(roster, GRADESCOPE))
    assert found.state == "" and len(found.notes) == len(notes)
    assert all(note.startswith(start) for note, start in zip(found.notes, notes, strict=True))


def test_a_name_without_an_account_can_be_bound_by_a_person():
    owners = Owners((*CLASS, Student("4711", "No Name")), {})
    assert owners.account("lovelaceada_1_9_x.ipynb") == "Canvas 1"
    assert owners.account("lovelaceada_4711_9_x.ipynb") == "", "the roster has that number"
    assert owners.account("Ada Lovelace_7_assignsubmission_file_/x") == "Moodle Ada Lovelace 7"
    assert owners.account("Default group_assignsubmission_file/x") == "", "no name of anybody"
    assert owners.account("ada/x.ipynb") == Owners(None, {}).account("a_1_9_x.ipynb") == ""
    assert Owners(UNNAMED, {}).account("lovelaceada_1_9_x.ipynb") == ""


@pytest.mark.parametrize(
    "path, number, late",
    [
        ("anon_x1Y2z_123_02_x-ada.ipynb", 123, False),
        ("LATE_anon_x1Y2z_123_02_x-ada.ipynb", 123, True),
        ("anon_LATE_x1Y2z_123_02_x-ada.ipynb", 123, True),
        ("anon_x1Y2z_LATE_123_02_x-ada.ipynb", 123, True),
        ("anon_x1Y2z_question_7_123_02_x-ada.ipynb", 123, False),
        ("anon_x1Y2z_link.html", 0, False),
        ("anon_x1Y2z_LATE_text.html", 0, True),
    ],
)
def test_what_is_in_a_file_without_a_name_does_not_say_whose_it_is(path, number, late):
    for roster in (CLASS, None):
        owners = Owners(roster, {})
        assert owners.campus(path) == owners.own_name(path) == owners.account(path) == ""
        file = File(path, lambda: notebook("02-a", student="ada"), ())
        told = submissions.looked_at(file, path, owners, CHAPTERS)
        assert (told.student, told.number, told.late) == (f"?{path}", number, late)
        if path.endswith(".ipynb"):
            assert (told.chapter, told.state, told.claim) == ("02", "sender", "ada")
            assert told.why == submissions.NAMELESS


@pytest.mark.parametrize(
    "path",
    [
        "anon_x1Y2_123_02_x.ipynb",  # Canvas's letters are five
        "anon_x1Y2z3_123_02_x.ipynb",
        "anonada_1_2_02_x.ipynb",
        "anon_x1Y2z_x.ipynb",
        "anon_x1Y2z_link.html.ipynb",
        "ada/anon_x1Y2z_123_02_x.ipynb",  # as that student has called it
    ],
)
def test_what_only_looks_like_a_file_without_a_name(path):
    assert not submissions.anonymous(path)


@pytest.mark.parametrize(
    "path, late",
    [("lovelaceada_5_link.html", False), ("lovelaceada_LATE_5_text.html", True)],
)
def test_a_link_or_text_on_canvas_is_of_its_student(path, late):
    told = submissions.looked_at(File(path, bytes, ()), path, Owners(CLASS, {}), CHAPTERS)
    assert (told.student, told.chapter, told.state, told.why) == (
        "ada", "?", "other", "it is not a notebook (.ipynb)"
    )  # fmt: skip
    assert (told.number, told.account, told.late) == (0, "Canvas 5", late)


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
        ({}, ["02-a"], "lovelaceada_1_06_fit", "02", ""),  # Canvas's number of the file
        ({}, ["02-a"], "folder/06_x/fit", "02", ""),
        ({"chapter": "02"}, ["02-a"], "06_x", "06", "is called 06, the notebook"),
        ({"chapter": "02"}, ["02-a"], "02_x_06_y", "02", ""),
        ({}, ["99-a", None], "06_x", "06", ""),
        ({"chapter": "02"}, ["99-a"], "02_x", "02", ""),
        ({"chapter": "06"}, ["99-a"], "x", "06", ""),
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


def test_whose_a_file_is_comes_before_its_chapter(tmp_path):
    """Of two contradictions the first is told."""
    data = notebook("02-a", student="Bob")
    _, (file,) = handed_in(tmp_path, {"ada/06_x.ipynb": data})
    assert (file.student, file.chapter, file.state) == ("ada", "06", "made for")
    assert file.why == "the notebook was made for 'Bob'"


@pytest.mark.parametrize(
    "name, chapter",
    [
        ("Chapter 2.pdf", "02"),
        ("kapitel_06 (2).pdf", "06"),
        ("ch6 and ch 2.pdf", "?"),
        ("Chapter 11.pdf", "?"),
        ("Chapter 2, chapter 2.pdf", "02"),
        ("02_x.pdf", "02"),
        ("x.pdf", "?"),
    ],
)
def test_the_chapter_of_what_is_no_notebook(tmp_path, name, chapter):
    _, (file,) = handed_in(tmp_path, {f"chapter 6/ada/{name}": "x"})
    assert (file.student, file.chapter) == ("ada", chapter)


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
        (("attempt 999999998.ipynb", 1), (f"attempt 99999999{'7' * 5000}.ipynb", 2)),
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
    for file in found:
        assert file.read() == entries[file.path]
        assert file.digest == sha256(entries[file.path]).hexdigest()
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


def test_attempts_of_a_folder_have_times_in_the_order_of_their_numbers(tmp_path):
    """The first was saved again later: it was there no later than the second."""
    files = {f"ada/02_x{n}.ipynb": notebook("02-a", name=n) for n in ("", "-1", "-2")}
    files |= {"Bob/02_x.ipynb": notebook("02-a")}
    handed_in(tmp_path, files)
    for name, day in (("ada/02_x", 3), ("ada/02_x-1", 1), ("ada/02_x-2", 2), ("Bob/02_x", 4)):
        os.utime(tmp_path / f"{name}.ipynb", (day * 1e8,) * 2)
    found, _ = seen(tmp_path)
    days = {f.path: datetime.fromisoformat(f.sent).timestamp() / 1e8 for f in found}
    assert [days[name] for name in files] == [1, 1, 2, 4]
    assert {(file.number, file.late, file.exact) for file in found} == {(0, False, False)}


def moodle(name, entry=7):
    return f"{name}_{entry}_assignsubmission_file_"


def with_times(path, entries):
    """A zip file of notebooks of chapter 02: {name: (hour, minute)}."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, time in entries.items():
            made = zipfile.ZipInfo(name, (2026, 1, 1, *time, 0))
            archive.writestr(made, notebook("02-a", name=name))
    return path


@pytest.mark.parametrize("minute, exact", [(0, False), (1, True)])
def test_moodles_times_are_those_of_hand_in_where_they_are_over_an_hour_apart(
    tmp_path, minute, exact
):
    own = moodle("Ada Lovelace")
    times = {f"{own}/a.ipynb": (8, 0), f"{own}/b.ipynb": (8, 30)}
    times |= {f"{moodle('Bob Ødegård')}/x.ipynb": (9, minute)}
    found, _ = seen(with_times(tmp_path / "in.zip", times))
    assert {file.path[-7]: (file.sent[11:16], file.exact) for file in found} == {
        "a": ("08:00", exact),
        "b": ("08:30" if exact else "08:00", exact),
        "x": (f"09:{minute:02}", exact),
    }
    with zipfile.ZipFile(tmp_path / "in.zip") as archive:
        archive.extractall(tmp_path / "in")
    assert not any(file.exact for file in seen(tmp_path / "in")[0]), "somebody has saved them"


def test_canvass_times_of_one_download_say_nothing_but_those_of_two_do(tmp_path):
    names = [f"lovelaceada_1_{n}_x.ipynb" for n in (7, 8)]
    for times, shown in (
        (((8, 0), (8, 59)), {"08:00"}),
        (((8, 0), (9, 1)), {"08:00", "09:01"}),
    ):
        entries = dict(zip(names, times, strict=True))
        packed = with_times(tmp_path / "in.zip", entries)
        with zipfile.ZipFile(packed, "a") as archive:
            made = zipfile.ZipInfo("lovelaceada_1_9_w.zip", (2026, 1, 1, *times[-1], 0))
            archive.writestr(made, zipped({"x.ipynb": notebook("02-a")}))
        found, _ = seen(packed)
        assert len(found) == 3
        assert {file.sent[11:16] for file in found} == shown
        assert not any(file.exact for file in found)


@pytest.mark.parametrize(
    "digits, number", [("12", 12), ("9" * 18, 10**18 - 1), ("9" * 5000, 10**18 - 1)]
)
def test_the_campus_systems_numbers_are_cut(digits, number):
    for path, listed in (
        (f"lovelaceada_1_{digits}_02_x.ipynb", {}),
        (f"submission_{digits}/x.ipynb", {"submission_1": "ada"}),
    ):
        file = File(path, notebook, ())
        assert submissions.looked_at(file, path, Owners(CLASS, listed), CHAPTERS).number == number
    path = "submission_7/x.ipynb"  # a folder that is only called so
    file = File(path, notebook, ())
    assert submissions.looked_at(file, path, Owners(CLASS, {}), CHAPTERS).number == 0


# ---- a whole batch -------------------------------------------------------------------------------


def test_of_a_group_on_gradescope_the_others_are_told_once(tmp_path):
    who = "".join(f"  - :sid: {sid}\n" for sid in ("ada", "Bob", "zed", "Bob", "ada"))
    made = "  :created_at: 2026-01-02 03:04:05 Z\n"
    files = {
        "all/submission_1/02_x.ipynb": notebook("02-a"),
        "all/submission_1/x.pdf": "x",
        "all/submission_2/02_x.ipynb": notebook("02-a", name=2),
        "all/submission_metadata.yml": f"submission_1:\n  :submitters:\n{who}{made}"
        "submission_2:\n  :submitters:\n  - :sid: eve\n",
    }
    found, odd = handed_in(tmp_path, files)
    assert [(file.student, file.exact) for file in found] == [("ada", True), ("eve", False)]
    assert found[0].sent == "2026-01-02T03:04:05+00:00" and found[0].number == 1
    (other,) = odd
    assert (other.student, other.chapter, other.state) == ("Bob", "02", "made for")
    assert other.path == "submission_1/02_x.ipynb (with Bob)"
    assert other.why == "handed in for a group, with the numbers of ada: perhaps override"


@pytest.mark.parametrize("name, data", [("x.pdf", "x"), ("02_x.ipynb", "{")])
def test_of_a_group_on_gradescope_the_others_have_what_nobody_can_read(tmp_path, name, data):
    """Else they would have handed in nothing."""
    who = "".join(f"  - :sid: {sid}\n" for sid in ("ada", "Bob"))
    files = {
        f"all/submission_1/{name}": data,
        "all/submission_2/02_x.ipynb": notebook("02-a"),
        "all/submission_metadata.yml": f"submission_1:\n  :submitters:\n{who}"
        "submission_2:\n  :submitters:\n  - :sid: eve\n",
    }
    _, odd = handed_in(tmp_path, files)
    assert sorted(file.student for file in odd) == ["Bob", "ada"]
    assert len({(file.chapter, file.state) for file in odd}) == 1
    bobs = next(file for file in odd if file.student == "Bob")
    assert bobs.path.endswith(" (with Bob)") and bobs.why.endswith("; handed in for a group")


def of_chapters(*told):
    """Files as they were seen: (student, chapter, path)."""
    return [replace(BLANK, student=who, chapter=number, path=path) for who, number, path in told]


def test_the_chapters_that_a_batch_is_for():
    """A zip file of a campus system is one assignment's; a few files of another are strays."""
    chapters_of, with_strays = submissions.chapters_of, submissions._with_strays
    apart = {"02": "2026-01-01", "06": "2026-01-02"}
    for top in (f"{moodle('Ada')}/x", "a_1_2_x", "submission_1/x", "anon_x1Y2z_2_x"):
        many = of_chapters(*((str(n), "02", top) for n in range(8)))
        one, two = (of_chapters(*((str(n), "06", top) for n in range(k))) for k in (1, 2))
        assert chapters_of(many + one, {}) == ["02"]
        assert chapters_of(many + two, {}) == ["02", "06"], "it asks for both"
        assert chapters_of(many + two, {"02": "2026-01-01", "06": "2026-01-01"}) == ["02", "06"]
        for due in (apart, {"02": "2026-01-01"}, {"06": "2026-01-01"}):
            assert chapters_of(many + two, due) == ["02"], "they are due at different times"
            with pytest.raises(
                submissions.SubmissionsError, match="as many notebooks are of chapter 02 as"
            ):
                chapters_of(many[:2] + two, due)
        more = of_chapters(("9", "02", top), ("3", "?", top))
        assert chapters_of(many + two + more, {}) == ["02"]
        assert [file.state for file in with_strays(many + one, {}, ())] == [""] * 8 + ["chapter"]
        stray = with_strays(many + two + more, {}, ())[8]
        assert stray.why == "it came with the submissions of chapter 02"
        odd = [replace(file, state="unreadable") for file in one]
        assert with_strays(many + odd, {}, ())[8].state == "unreadable"
        assert with_strays(many + more, {}, ())[-1].chapter == "02", "what the assignment asks for"
        assert with_strays(many + two + more[1:], {}, ())[-1].chapter == "?"
        said = with_strays(many + two + more, apart, ("06",))
        assert [file.state for file in said] == ["chapter"] * 8 + [""] * 2 + ["chapter", ""]
        assert said[-1].chapter == "06"
    plain = of_chapters(("0", "06", "hub/x"), ("9", "02", "hub/x"), ("3", "?", "hub/x"))
    assert chapters_of(many + plain, apart) == ["02", "06"]
    assert with_strays(many + plain, apart, ())[-1].chapter == "?"
    assert chapters_of([], {}) == []


def test_a_file_of_an_unknown_sender_is_looked_at_again_with_another_roster():
    def old(path, **more):
        file = {"student": "", "state": "sender", "why": "so", "account": "Canvas 7"}
        file |= {"digest": "d" * 64, "sent": "then", "exact": True, "number": 3}
        return SimpleNamespace(path=path, **(file | more))

    def again(file, roster, kept=True):
        data = notebook("02-a") if kept else None
        return list(submissions.looked_at_again([file], lambda digest: data, roster, CHAPTERS))

    path = f"{STRANGER}02_x.ipynb"
    (new,) = again(old(path), (*CLASS, Student("zs", "Zora Stranger"), Student("z", "Stranger Z")))
    assert (new.student, new.chapter, new.state) == ("z", "02", "")
    assert (new.digest, new.sent, new.exact, new.number) == ("d" * 64, "then", True, 3)
    assert (new.path, new.account) == (path, "Canvas 7")
    now = old(path, student="z")
    assert again(old(path, student=f"?{path}", why="it came from zstranger (7), whom the roster "
                     "does not name"), CLASS) == [], "nothing new"  # fmt: skip
    assert again(old(path), CLASS, kept=False) == [], "it was not kept"
    for other in (old(path, state="made for"), old(path, account=""), old("submission_1/x.ipynb")):
        assert again(other, (*CLASS, Student("z", "Stranger Z"))) == []
    assert again(now, (*CLASS, Student("z", "Stranger Z")))[0].state == ""


def test_a_time_that_is_none_stops_nothing(tmp_path):
    assert submissions._time(datetime.fromtimestamp, 1e18) == ""
    assert submissions._time(datetime.fromtimestamp, 1e9).startswith("2001-09-0")
    for place in ("ada", moodle("Ada Lovelace"), CANVAS):
        with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
            made = zipfile.ZipInfo(f"{place}/02_x.ipynb".replace("_/", "_"), (1980, 1, 1, 0, 0, 0))
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
    ({"ada/02_draft_06_x.ipynb": "{"}, [("ada", "06", "ada/02_draft_06_x.ipynb", "not a whole")]),
    (
        {"ada/w.ZIP": zipped({"02_x.zip": "x", "y.pdf": "x"})},
        [
            ("ada", "02", "ada/w.ZIP/02_x.zip", "it is a zip file in a zip file, which is not"),
            ("ada", "?", "ada/w.ZIP/y.pdf", "it is not a notebook"),
        ],
    ),
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
    assert (first, second) == (sha256(b"[").hexdigest(), sha256(b"{").hexdigest())
    _, (other, *_) = handed_in(tmp_path / "other", {"ada/x.pdf": "x"})
    assert other.digest == sha256(b"x").hexdigest()
    unread = File("x", lambda: b"x" * 9, (), "too large")
    assert submissions._digest_of(unread) == submissions._digest_of(File("x", lambda: b"", ()))


def test_a_wrapper_is_no_student(tmp_path):
    entries = {f"all/{id}/x.ipynb": notebook("02-a", student=id) for id in ("ada", "Bob")}
    found, _ = handed_in(tmp_path, entries)
    assert [(entry.student, entry.path) for entry in found] == [
        ("Bob", "Bob/x.ipynb"),
        ("ada", "ada/x.ipynb"),
    ]
    found, _ = handed_in(tmp_path, {"all/read.me": "x"})
    assert [entry.path for entry in found] == ["Bob/x.ipynb", "ada/x.ipynb"]
    for student in (Student("ALL", "Al L"), Student("al", "Al L", campus="All")):
        found, odd = handed_in(tmp_path, {}, (*CLASS, student))  # nor is a student one
        assert not found and {(entry.student, entry.state) for entry in odd} == {
            (student.id, "made for"),
            (student.id, "other"),
        }


@pytest.mark.parametrize(
    "top",
    [moodle("Ada Lovelace"), "lovelaceada_1_9_work", "submission_1", "anon_x1Y2z_9_work"],
)
def test_a_campus_systems_folder_is_no_wrapper_though_it_holds_everything(tmp_path, top):
    """Else what a student has called a folder would say whose it is."""
    files = {f"{top}/Bob/02_x.ipynb": notebook("02-a"), f"{top}/Bob/06_x.ipynb": "{"}
    found, odd = handed_in(tmp_path, files)
    assert {file.path.split("/")[0] for file in (*found, *odd)} == {top}


@pytest.mark.parametrize("name", ["lovelaceada_1_9_02_x.ipynb", "anon_x1Y2z_9_02_x.ipynb"])
def test_a_folder_of_canvass_files_is_a_wrapper(tmp_path, name):
    files = {f"submissions/{name}": notebook("02-a"), "submissions/b_2_8_02_x.ipynb": "{"}
    found, odd = handed_in(tmp_path, files)
    assert name in [file.path for file in (*found, *odd)]
    for path in tmp_path.rglob("b_2*"):
        path.unlink()
    found, odd = seen(tmp_path)
    (one,) = (*found, *odd)
    assert one.path == f"submissions/{name}", "one file alone says nothing of a wrapper"


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
