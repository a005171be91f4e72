"""The instructor's commands: what each is given, how it ends and what it says on the way."""

import contextlib
import os
import signal
import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path

import pytest

from exercises import __main__ as commands
from exercises.roster import Student
from exercises.sandbox import SandboxMissing

ROSTER, OTHER = "id,name\nada,Ada\nbob,Bob\n", "id\nzed\n"


@pytest.fixture
def graded(tmp_path, monkeypatch):
    """Run `grade`: (its status, what the grader was given)."""
    monkeypatch.chdir(tmp_path)
    Path("key").write_text("a key of the class\n")
    Path("in").mkdir()
    monkeypatch.setattr(commands.signal, "signal", lambda *_: None)

    def run(*more, raises=None):
        given = {}

        @contextlib.contextmanager
        def of(kind, value):
            yield (kind, value) if kind == "local" else ((kind, value), 7)

        def grade(*positional, **named):
            given.update(named, positional=positional)
            if raises:
                raise raises
            return 3, 5

        monkeypatch.setattr(commands, "grade", grade)
        monkeypatch.setattr(commands, "local_processes", lambda n: of("local", n))
        monkeypatch.setattr(commands, "dask_cluster", lambda address: of("dask", address))
        status = commands.main(["grade", "in", "--key-file", "key", "--out", "out", *more])
        return status, given

    return run


def test_grading_with_what_is_asked_for(graded, capsys):
    status, given = graded("--workers", "2")
    assert status == 0
    assert given["positional"] == ("in", "a key of the class", "out", ("local", 2), 2)
    assert (given["roster"], given["regrade"], given["unsafe"]) == (None, False, False)
    said = capsys.readouterr()
    assert said.out == f"3 graded now, 5 rows in {Path('out') / 'gradebook.csv'}\n"
    assert "!!!" not in said.err
    _, given = graded("--regrade", "--unsafe-no-sandbox", "--scheduler", "tcp://x:1")
    assert given["positional"][3:] == (("dask", "tcp://x:1"), 7)
    assert (given["regrade"], given["unsafe"]) == (True, True)
    assert "can be forged" in capsys.readouterr().err


def test_the_roster_is_the_one_that_is_named_else_the_one_left_by_assign(graded):
    Path("out").mkdir()
    Path("out/roster.csv").write_text(ROSTER)
    Path("other.csv").write_text(OTHER)
    assert graded()[1]["roster"] == (Student("ada", "Ada"), Student("bob", "Bob"))
    assert graded("--roster", "other.csv")[1]["roster"] == (Student("zed", ""),)


@pytest.mark.parametrize(
    "error, status, told",
    [
        (
            KeyboardInterrupt(),
            130,
            "stopped; what was done is in out, and the same command goes on",
        ),
        (BrokenProcessPool(), 1, "a worker died"),
        (SandboxMissing("no bubblewrap"), 1, "nothing is graded without a sandbox: no bubblewrap"),
        (ValueError("a fault"), 1, "grade: a fault"),
    ],
)
def test_how_a_batch_may_end(graded, capsys, error, status, told):
    assert graded(raises=error)[0] == status
    assert told in capsys.readouterr().err


def test_a_second_ctrl_c_does_not_break_what_the_first_one_tidies_up(tmp_path):
    """Tried by an instructor: two at once, and a traceback of the threads that were still there."""
    work = """
import os, signal, sys, threading, time
from exercises import __main__ as commands

def graded(*given, **named):
    threading.Thread(target=time.sleep, args=(0.5,)).start()  # who ends waits for it
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(9)
    finally:
        os.kill(os.getpid(), signal.SIGINT)

commands._parser()
commands.grade = graded
status = commands.main(sys.argv[1:])
os.kill(os.getpid(), signal.SIGINT)
sys.exit(status)
"""
    (tmp_path / "key").write_text("a key of the class\n")
    words = ["grade", "in", "--key-file", "key", "--out", "out", "--workers", "1"]
    env = os.environ | {"PYTHONPATH": str(Path(commands.__file__).parents[1])}
    heard = partial(signal.signal, signal.SIGINT, signal.default_int_handler)
    ended = subprocess.run(
        [sys.executable, "-c", work, *words],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=heard,
    )
    told = "\nstopped; what was done is in out, and the same command goes on\n"
    assert (ended.returncode, ended.stderr) == (130, told)


def test_workers_and_scheduler_exclude_each_other(graded, capsys):
    with pytest.raises(SystemExit):
        graded("--workers", "999", "--scheduler", "tcp://x:1")
    assert "not allowed with" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["assign", "grade"])
@pytest.mark.parametrize("missing", ["--key-file", "--out"])
def test_key_and_folder_must_be_named(capsys, command, missing):
    words = {"--key-file": "key", "--out": "out"}
    del words[missing]
    with pytest.raises(SystemExit):
        commands.main([command, "x", *(word for pair in words.items() for word in pair)])
    assert missing in capsys.readouterr().err


def test_assigning_counts_what_was_written(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("key").write_text("a key of the class\n")
    Path("roster.csv").write_text(ROSTER)
    monkeypatch.setattr(commands.signal, "signal", lambda *_: None)
    monkeypatch.setattr(commands, "read_sources", lambda: {"02": "two", "06": "six"})
    given = []

    def assign(*of):
        given.append(of)
        return iter(range(4))

    monkeypatch.setattr(commands, "assign", assign)
    assert commands.main(["assign", "roster.csv", "--key-file", "key", "--out", "out"]) == 0
    ((students, key, out, sources),) = given
    assert [student.id for student in students] == ["ada", "bob"]
    assert (key, out, list(sources)) == ("a key of the class", "out", ["02", "06"])
    assert "4 notebooks of 2 students" in capsys.readouterr().out
    assert sys.modules["exercises.__main__"] is commands


def test_what_was_found_in_a_roster_is_confirmed(tmp_path, monkeypatch, capsys):
    """[115] Unless it has the columns id and name, nothing is written without a word."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(commands, "read_sources", dict)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    Path("key").write_text("a key of the class\n")
    Path("plain.csv").write_text(ROSTER)
    Path("canvas.csv").write_text("Student,ID,SIS User ID\nAda,9001,s1\n")
    rest = ("--key-file", "key", "--out", "out")
    assert commands.main(["assign", "canvas.csv", *rest]) == 1
    told = capsys.readouterr()
    assert "ids from 'SIS User ID', names from 'Student': s1 Ada" in told.out
    assert "say --yes" in told.err and not Path("out").exists()
    assert commands.main(["assign", "canvas.csv", "--yes", *rest]) == 0
    assert Path("out/roster.csv").read_text() == "id,name\ns1,Ada\n"
    Path("mail.csv").write_text("id,name,email,role\ns1,Ada,a@x.org,student\ns2,Bob,,TA\n")
    capsys.readouterr()
    assert commands.main(["assign", "mail.csv", *rest]) == 0
    assert "no students, left out: Bob (TA)" in capsys.readouterr().out
    assert Path("out/roster.csv").read_text() == "id,name,email\ns1,Ada,a@x.org\n"
    assert commands.main(["assign", "plain.csv", *rest]) == 0


def test_a_command_that_is_stopped_while_it_is_loaded_says_nothing(tmp_path):
    """[I27] Nothing is done yet, and a traceback helps nobody."""
    code = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n"
    (tmp_path / "tqdm").mkdir()
    (tmp_path / "tqdm/__init__.py").write_text(code)
    env = os.environ | {"PYTHONPATH": f"{tmp_path}:{Path(commands.__file__).parents[1]}"}
    words = [sys.executable, "-m", "exercises", "history", "x", "y"]
    # whoever started the tests may ignore the signal, and a process inherits that
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    ended = subprocess.run(
        words, env=env, capture_output=True, text=True, timeout=60, check=False, preexec_fn=heard
    )
    assert (ended.returncode, ended.stderr) == (-signal.SIGINT, "")
