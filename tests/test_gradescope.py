"""The autograder for Gradescope: its zip file, and runs in a container of Gradescope's layout.

The layout is that of the published specification: /autograder with source, submission, results,
run_autograder and submission_metadata.json, as root with the rights that Docker gives.
"""

import contextlib
import json
import os
import shutil
import site
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hostile
import pytest

from exercises import Stream, chapter_specs, grade, gradescope, parameters, sandbox
from exercises import __main__ as commands
from exercises.gradebook import Gradebook, Result, Row
from exercises.gradescope import GradescopeError, who
from exercises.roster import Student

pytestmark = pytest.mark.usefixtures("searched_once")

CLASS = (
    Student("ada", "Ada Lovelace", "ada@x.org"),
    Student("bob", "Bob Same", "bob@x.org"),
    Student("cy@x.org", "Bob Same"),
)
DOCKERS_RIGHTS = (
    "CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP "
    "NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE"
)


@pytest.fixture(scope="module")
def zipped(tmp_path_factory):
    path = tmp_path_factory.mktemp("zip") / "autograder.zip"
    assert gradescope.build("02", path, hostile.KEY, CLASS) == 3
    return path


# ---- the zip file --------------------------------------------------------------------------------


def test_the_zip_file_has_what_gradescope_asks_for_and_no_key(zipped):
    with zipfile.ZipFile(zipped) as archive:
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
        assert modes["setup.sh"] & modes["run_autograder"] & 0o111 == 0o111
        assert archive.read("run_autograder").startswith(b"#!")
        assert "scipy==" in archive.read("requirements.txt").decode()
        assert not any(hostile.KEY.encode() in archive.read(name) for name in modes)
    assert {name for name in modes if "ch0" in name or ".ipynb" in name} == {
        "grader/exercises/chapters/ch02_power_laws.py",
        "library/scalinglib/checks/chapters/ch02_power_laws.py",
        "grader/chapters/02_power_laws.ipynb",
    }


def test_what_was_drawn_stands_for_the_key(zipped):
    draws = json.loads(zipfile.ZipFile(zipped).read("grader/class.json"))["draws"]
    for student in ("ada", "cy@x.org"):
        for id, spec in chapter_specs("02").items():
            assert parameters(spec, draws, student) == parameters(spec, hostile.KEY, student)
            name = f"{id}|probes"
            assert repr(spec.probes(Stream(draws, name, student))) == repr(
                spec.probes(Stream(hostile.KEY, name, student))
            )
    assert "zed" not in str(draws.keys())


def test_the_command(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("roster.csv").write_text("id,name,email\nada,Ada,ada@x.org\n")
    Path("key").write_text(hostile.KEY)
    assert commands.main(["gradescope", "2", "--out", "a.zip", "--roster", "roster.csv"]) == 1
    assert "need both --key-file and --roster" in capsys.readouterr().err
    given = ["--roster", "roster.csv", "--key-file", "key", "--visibility", "after_published"]
    assert commands.main(["gradescope", "2", "--out", "a.zip", *given]) == 0
    known = json.loads(zipfile.ZipFile("a.zip").read("grader/class.json"))
    assert known["visibility"] == "after_published"
    assert known["students"] == [["ada", "Ada", "ada@x.org"]]
    assert commands.main(["gradescope", "99", "--out", "b.zip"]) == 1


# ---- whose, and what comes out -------------------------------------------------------------------


def told(email="", name="", count=1):
    users = [{"email": email, "id": 1234, "name": name}] * count
    return {"id": 1, "created_at": "2026-10-05T14:22:32.36-07:00", "users": users}


def test_gradescopes_own_word_decides_whose_it_is():
    assert who(told("ADA@x.org", "Bob Same"), CLASS) == "ada"
    assert who(told("cy@x.org"), CLASS) == "cy@x.org"
    nameless = (Student("ada", "Ada Lovelace"), *CLASS[1:])  # of whom no address is known
    assert who(told("other@x.org", "Lovelace, Ada"), nameless) == "ada"
    others = (("other@x.org", "Lovelace, Ada"), ("zed@x.org", "Bob Same"))
    for email, name in (*others, ("", ""), ("zed@x.org", "Zed")):
        with pytest.raises(GradescopeError, match="nobody of the roster, or more than one"):
            who(told(email, name), CLASS)
    with pytest.raises(GradescopeError, match="2 people"):
        who(told("ada@x.org", count=2), CLASS)


def test_one_notebook_of_the_chapter_and_of_the_student(tmp_path):
    def handed_in(*notebooks, student="ada"):
        shutil.rmtree(tmp_path / "in", ignore_errors=True)
        for place, (name, number) in enumerate(notebooks):
            hostile.write(tmp_path / "in", str(place), hostile.submission(name, number=number))
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in/notes.txt").write_text("x")
        return gradescope.handed_in(tmp_path / "in", student, CLASS, "02")[0]

    assert handed_in(("ada", "02")).student == "ada"
    for notebooks, why in (
        ([], "0 notebooks"),
        ([("ada", "02"), ("ada", "02")], "2 notebooks"),
        ([("bob", "02")], "0 notebooks by ada.*made for 'bob'"),
        ([("ada", "06")], "notebooks by ada, where one of chapter 02"),
    ):
        with pytest.raises(GradescopeError, match=why):
            handed_in(*notebooks)


def test_results_are_in_gradescopes_words():
    rows = (
        Result("02-halve-loss", 2, 2, "right", "yes"),
        Result("02-reach", 0, 3, "not yet", "the cell raised Secret: 1.234", "form"),
        Result("13-write-it-down", 0, 4, "to be read", ""),
    )
    row = Row("ada", "02", "graded", "a note", digest="d" * 64, spec="v", results=rows)
    found = gradescope.results(row, "after_published", "2026-10-05T14:22", 0)
    assert found["score"] == 2 and found["stdout_visibility"] == "hidden"
    assert [test.get("status") for test in found["tests"]] == ["passed", "failed", None]
    assert [test.get("score") for test in found["tests"]] == [2, 0, None]
    assert {test["visibility"] for test in found["tests"]} == {"after_published"}
    assert "1.234" not in json.dumps(found) and "Secret" not in json.dumps(found)
    assert "begins with dddddddddddddddd." in found["output"] and "a note" in found["output"]
    assert "A person gives the 4 points for the text" in found["output"]
    known = {"score", "execution_time", "output", "output_format", "stdout_visibility", "tests"}
    assert set(found) == known | {"extra_data"}
    fields = {"name", "output", "output_format", "visibility", "score", "max_score", "status"}
    assert all(set(test) <= fields for test in found["tests"])


def test_a_notebook_with_other_numbers_is_put_to_a_person():
    """What is wrong may be right for another key's numbers: no points, and the reason."""
    rows = (Result("02-halve-loss", 0, 2, "not yet", ""), Result("02-reach", 3, 3, "right", ""))
    row = Row("ada", "02", "graded", "", digest="d" * 64, results=rows, redrawn=("02-halve-loss",))
    with pytest.raises(GradescopeError, match="numbers that the key draws for ada"):
        gradescope.results(row, "visible", "", 0)
    right = Row(**vars(row) | {"redrawn": ("02-reach",)})
    assert gradescope.results(right, "visible", "", 0)["score"] == 3


def test_nothing_is_graded_where_there_is_no_sandbox(tmp_path, zipped, monkeypatch, capsys):
    zipfile.ZipFile(zipped).extractall(tmp_path / "source")
    (tmp_path / "results").mkdir()
    (tmp_path / "results/results.json").write_text("of another")
    (tmp_path / "submission_metadata.json").write_text(json.dumps(told("ada@x.org")))
    hostile.write(tmp_path / "submission", "any", hostile.submission("ada"))
    monkeypatch.setattr(sandbox.os, "geteuid", lambda: 1000)
    sandbox.probe.cache_clear()
    assert gradescope.main(tmp_path) == 1
    assert "not graded: the container's user is not root" in capsys.readouterr().out
    assert not (tmp_path / "results/results.json").exists()


# ---- in a container ------------------------------------------------------------------------------


def hand_in(base, zipped, notebook, email, rights=DOCKERS_RIGHTS):
    """A notebook as somebody's, in a new container: (results.json or None, what was printed)."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    for name in ("submission", "results", "venv/bin", f"venv/lib/{version}"):
        (base / name).mkdir(parents=True)
    with zipfile.ZipFile(zipped) as archive:
        archive.extractall(base / "source")
    shutil.copy(base / "source/run_autograder", base / "run_autograder")
    (base / "run_autograder").chmod(0o755)
    (base / "venv/pyvenv.cfg").write_text("home = /python/bin\n")
    (base / "venv/bin/python").symlink_to(f"/python/bin/{version}")
    (base / f"venv/lib/{version}/site-packages").symlink_to("/packages")
    (base / "submission/02_power_laws.ipynb").write_text(json.dumps(notebook))
    (base / "submission_metadata.json").write_text(json.dumps(told(email)))
    (base / "results/results.json").touch()
    system = [
        word for path in sandbox._SYSTEM if os.path.lexists(path) for word in sandbox._place(path)
    ]
    binds = {
        str(Path(sys.base_prefix).resolve()): "/python",
        site.getsitepackages()[0]: "/packages",
    }
    ran = subprocess.run(
        [
            *(shutil.which("bwrap"), "--unshare-pid", "--die-with-parent", *system),
            *(word for pair in binds.items() for word in ("--ro-bind", *pair)),
            *("--bind", str(base), "/autograder", "--proc", "/proc", "--dev", "/dev"),
            *("--perms", "1777", "--tmpfs", "/tmp", "--chdir", "/autograder"),
            *("--setenv", "SECRET", hostile.KEY, "--cap-drop", "ALL"),
            *(word for name in rights.split() for word in ("--cap-add", f"CAP_{name}")),
            "/autograder/run_autograder",
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    path = base / "results/results.json"
    with contextlib.suppress(FileNotFoundError):
        return json.loads(path.read_text()), ran.stdout + ran.stderr
    return None, ran.stdout + ran.stderr


@pytest.fixture
def container(tmp_path_factory, zipped, bubblewrap):
    def run(*given):
        return hand_in(tmp_path_factory.mktemp("container") / "autograder", zipped, *given)

    return run


@pytest.mark.proof
def test_the_same_points_as_grade(tmp_path, container):
    mutant = next(iter(chapter_specs("02")[hostile.FIT].mutants.values()))
    fit = hostile.sources()["02"].chapter.tasks[hostile.FIT].with_region(mutant)
    notebooks = {
        "ada": hostile.submission("ada"),
        "bob": hostile.submission("bob", {hostile.FIT: fit, hostile.LAST: "1 / 0"}),
        "cy@x.org": hostile.submission("cy@x.org", "stub"),
    }
    for student, notebook in notebooks.items():
        hostile.write(tmp_path / "in", student, notebook)
    with ThreadPoolExecutor(1) as thread:
        grade.grade(tmp_path / "in", hostile.KEY, tmp_path, thread, 1, progress=False)
        thread.submit(sandbox.close).result()
    book = Gradebook(tmp_path)
    points = {row["student"]: row["points"] for row in book.submissions()}
    book.close()
    emails = {"ada": "ada@x.org", "bob": "bob@x.org", "cy@x.org": "cy@x.org"}
    for student, notebook in notebooks.items():
        found, said = container(notebook, emails[student])
        assert found, said
        assert found["score"] == points[student], (student, found, said)
    assert points["ada"] == hostile.FULL and 0 < points["bob"] < hostile.FULL


TRIES = """
import glob, os, socket, subprocess, sys
found = []
def tries(what, act):
    try:
        act()
        found.append(what)
    except Exception:
        pass
BASE = "/autograder"
"""
ATTACKS = {
    "read the class, the references, what judges": """
for path in (f"{BASE}/source/grader/class.json", f"{BASE}/source/grader/exercises/judging.py",
             f"{BASE}/source/library/scalinglib/checks/chapters/ch02_power_laws.py",
             f"{BASE}/submission/02_power_laws.ipynb", "class.json"):
    tries(path, lambda: open(path).read())
tries("exercises", lambda: __import__("exercises"))
""",
    "write results and what is run": """
for path in (f"{BASE}/results/results.json", f"{BASE}/results/x", f"{BASE}/run_autograder",
             f"{BASE}/source/x", f"{BASE}/source/library/scalinglib/laws.py",
             f"{BASE}/venv/bin/x", f"{BASE}/x", f"{BASE}/source/grader/exercises/judging.py"):
    tries(path, lambda: open(path, "w").write('{"score": 100}'))
""",
    "find a key in environments and memory": """
for path in ("/proc/self/environ", *glob.glob("/proc/[0-9]*/environ")):
    tries(path, lambda: b"SECRET" in open(path, "rb").read() or 1 / 0)
for path in glob.glob("/proc/[0-9]*/mem"):
    if str(os.getpid()) not in path:
        tries(path, lambda: open(path, "rb"))
tries("sudo", lambda: subprocess.run(["su", "-c", "true"], check=True))
tries("root", lambda: os.setuid(0))
""",
    "send something out": """
for family in (socket.AF_INET, socket.AF_INET6):
    tries("network", lambda: socket.socket(family, socket.SOCK_DGRAM))
tries("kill", lambda: [os.kill(int(p), 9) for p in os.listdir("/proc")
                       if p.isdigit() and os.stat("/proc/" + p).st_uid == 0])
""",
}
# in the place of one answer, as it outlives the run
STAYS = """
for _ in range(20):
    if os.fork() == 0:
        os.setsid()
        import time
        for _ in range(200):
            tries("late", lambda: open(f"{BASE}/results/results.json", "w").write("{}"))
            time.sleep(0.05)
        os._exit(0)
"""
END = """
assert not found, found
reach = 1.0
"""


@pytest.mark.whole
def test_attacks_get_nothing(container):
    """All in one cell of a notebook that else is right, the one that stays as the last; an attack
    that finds something says AssertionError.
    """
    attack = "".join([TRIES, *ATTACKS.values(), STAYS, END])
    found, said = container(hostile.submission("ada", {hostile.LAST: attack}), "ada@x.org")
    assert found, said
    worth = chapter_specs("02")[hostile.LAST].points
    assert found["score"] == hostile.FULL - worth, (found, said)
    last = found["tests"][-1]["output"]
    assert last.startswith("not yet: ") and "raised" not in last, last


@pytest.mark.whole
def test_a_container_that_cannot_lock_students_away_grades_nothing(container):
    found, said = container(hostile.submission("ada"), "ada@x.org", "CHOWN DAC_OVERRIDE FOWNER")
    assert found is None and "not graded: students' code does not start as a user" in said
