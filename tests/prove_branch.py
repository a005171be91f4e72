"""What reaches people by git, in environments of its own: new code by pip, new editions by
nbgitpuller.

    python tests/prove_branch.py                all of it
    python tests/prove_branch.py targets        one: upgrade, install, contents, targets, gitpuller

`pip install --upgrade "scalinglib @ git+file://..."` brings the second of two commits; the library
is installed as `make` does it from a clone, from an archive and from a bare copy, and knows its
version; sdist and wheel hold the library alone, in less than 3 MB; the Makefile's targets publish
the notebooks and make a release's files; gitpuller brings three editions
of the notebooks into a folder in which a student works.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # this checkout, whatever is installed
from prove_pythons import run
from test_branch import (
    CHAPTER,
    Course,
    assert_nothing_lost,
    correct_what_students_answered,
    git,
    work_on,
    write_release,
)

ROOT = Path(__file__).resolve().parents[1]
NBGITPULLER = "nbgitpuller==1.3.0"
WHEEL_BYTES = 3e6
ASK = (
    "import scalinglib, scalinglib.laws; "
    "print(scalinglib.__version__, getattr(scalinglib.laws, 'PROOF', None))"
)


def environment(folder: Path, *packages: str) -> Path:
    """A fresh environment; its Python."""
    run(sys.executable, "-m", "venv", folder, cwd=folder.parent)
    python = folder / "bin" / "python"
    pip(python, *packages)
    return python


def pip(python: Path, *words: object) -> None:
    """Run pip install. Raises AssertionError with its words where it fails."""
    done = run(
        *(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *words,
        cwd=python.parent,
    )
    assert not done.returncode, f"pip install {' '.join(map(str, words))} failed"


def asked(python: Path) -> tuple[str, str]:
    """Version and PROOF of the library that is installed there."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    told = subprocess.run(
        [python, "-c", ASK],
        cwd=python.parent,
        env=kept,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    version, proof = told.split()
    return version, proof


def repository(folder: Path) -> Path:
    """A repository of this checkout's files, tagged v0.2.0."""
    ignored = shutil.ignore_patterns(
        *(".git", ".venv", "_build", "_release", "_sweep", "_levers", "node_modules"),
        *("*.egg-info", "__pycache__", ".*_cache", ".hypothesis"),
    )
    shutil.copytree(ROOT, folder, ignore=ignored)
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "copy")
    git(folder, "tag", "v0.2.0")
    return folder


def commit_proof(folder: Path, number: int) -> None:
    """A further commit, in which scalinglib.laws.PROOF is `number`."""
    with (folder / "scalinglib" / "laws.py").open("a", encoding="utf-8") as file:
        file.write(f"\nPROOF = {number}\n")
    git(folder, "commit", "-q", "--all", "-m", f"proof {number}")


def prove_upgrade(place: Path) -> str:
    """Two commits, the second's code there after `pip install --upgrade`."""
    origin = repository(place / "origin")
    python = environment(place / "venv", "numpy")
    wanted = f"scalinglib @ git+file://localhost{origin}"
    pip(python, "--no-deps", wanted)
    assert asked(python) == ("0.2.0", "None"), asked(python)
    seen = ["0.2.0"]
    for number in (1, 2):
        commit_proof(origin, number)
        pip(python, "--upgrade", "--no-deps", wanted)
        version, proof = asked(python)
        assert proof == str(number), f"after commit {number} the code of {proof} is installed"
        assert re.fullmatch(rf"0\.2\.0\.post1\.dev{number}\+g[0-9a-f]+", version), version
        seen.append(version)
    return ", then ".join(seen)


def prove_install(place: Path) -> str:
    """As `make` installs it: from a clone, from an archive of git's, from the files alone."""
    origin = repository(place / "origin")
    commit_proof(origin, 1)
    (place / "archive").mkdir()
    git(origin, "archive", "--output", str(place / "archive.tar"), "HEAD")
    shutil.unpack_archive(place / "archive.tar", place / "archive")
    shutil.copytree(place / "archive", place / "files")
    (place / "files" / ".git_archival.txt").unlink()
    git(place, "clone", "-q", str(origin), str(place / "clone"))
    node = git(origin, "rev-parse", "HEAD")
    python = environment(place / "venv", "numpy")
    seen = []
    for source in ("clone", "archive", "files"):
        pip(python, "--no-deps", "--editable", place / source)
        version, proof = asked(python)
        assert proof == "1", f"{source}: the code is not there"
        hash_ = re.fullmatch(r"0\.2\.0\.post1\.dev1\+g([0-9a-f]{7,})", version)
        known = version == "0+unknown" if source == "files" else hash_ and node.startswith(hash_[1])
        assert known, f"{source}: version {version}"
        seen.append(f"{source} {version}")
    return ", ".join(seen)


def prove_contents(place: Path) -> str:
    """What sdist and wheel hold."""
    origin = repository(place / "origin")
    python = environment(place / "venv", "setuptools>=77", "setuptools-scm>=9")
    for kind in ("sdist", "wheel"):
        build = f"from setuptools import build_meta; build_meta.build_{kind}({str(place)!r})"
        done = run(python, "-c", build, cwd=origin)
        assert not done.returncode, f"no {kind} could be built"
    (sdist,), (wheel,) = place.glob("*.tar.gz"), place.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    strange = [name for name in names if not re.match(r"scalinglib(-0\.2\.0\.dist-info)?/", name)]
    assert not strange, f"the wheel holds {strange}"
    known = {path.relative_to(ROOT).as_posix() for path in (ROOT / "scalinglib").rglob("*.*")}
    known = {name for name in known if not name.endswith(".pyc")}
    assert known <= set(names), f"the wheel lacks {sorted(known - set(names))}"
    with tarfile.open(sdist) as archive:
        tops = {name.split("/")[1] for name in archive.getnames() if "/" in name}
    allowed = {"scalinglib", "scalinglib.egg-info", "pyproject.toml", "README.md", "LICENSE"}
    allowed |= {"PKG-INFO", "setup.cfg"}
    assert tops <= allowed, f"the sdist holds {sorted(tops - allowed)}"
    assert wheel.stat().st_size < WHEEL_BYTES, f"the wheel has {wheel.stat().st_size} bytes"
    return f"wheel {wheel.stat().st_size / 1e6:.2f} MB, sdist {sdist.stat().st_size / 1e6:.2f} MB"


def prove_targets(place: Path) -> str:
    """`make publish-notebooks`, twice, and `make assets` in a clone of a bare repository."""
    origin = repository(place / "origin")
    git(place, "clone", "-q", "--bare", str(origin), str(place / "bare"))
    git(place, "clone", "-q", str(place / "bare"), str(place / "clone"))
    clone, page = place / "clone", place / "clone" / "_build" / "html" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("a page")

    def make(*words: str) -> str:
        kept = os.environ | {"PYTHONPATH": str(clone)}
        done = subprocess.run(
            ["make", f"PY={sys.executable}", "REPO=https://github.com/owner/name", *words],
            cwd=clone,
            env=kept,
            capture_output=True,
            text=True,
        )
        assert not done.returncode, done.stdout + done.stderr
        return done.stdout

    assert "pushed to notebooks as" in make("publish-notebooks", "-o", ".venv/.ready")
    assert "nothing was pushed" in make("publish-notebooks", "-o", ".venv/.ready")
    assert git(clone, "rev-list", "--count", "origin/notebooks") == "1"
    assert not git(clone, "status", "--porcelain"), git(clone, "status", "--porcelain")
    make("assets", "-o", "book", "-o", ".venv/.ready")
    made = {path.name: path for path in (clone / "_release" / "assets").iterdir()}
    assert set(made) == {"scalinglib-0.2.0-py3-none-any.whl", "site.zip", "notebooks.zip"}, made
    inside = {name: zipfile.ZipFile(path).namelist() for name, path in made.items()}
    assert "index.html" in inside["site.zip"]
    assert {CHAPTER, "index.ipynb", "README.md"} <= set(inside["notebooks.zip"])
    return "make publish-notebooks: once, then nothing; make assets: " + ", ".join(sorted(made))


def prove_gitpuller(place: Path) -> str:
    """Three editions into a student's folder; in the last both changed the same lines."""
    python = environment(place / "venv", NBGITPULLER)
    course = Course(place, write_release(place / "written"))
    student = place / "student"
    pull = (python.parent / "gitpuller", f"file://{course.origin}", "notebooks", student)

    def update():
        done = run(*pull, cwd=place)
        assert not done.returncode, "gitpuller failed"

    course.generation(1)
    update()
    work_on(student / CHAPTER)
    for number in (2, 3):
        course.generation(number)
        update()
        assert_nothing_lost(student, number)
    course.write()
    course.edit(CHAPTER, correct_what_students_answered)
    course.publish()
    update()
    text = (student / CHAPTER).read_text(encoding="utf-8")
    assert "my_answer = 42" in text and "Corrected elsewhere too." in text
    update()  # nothing new is no error
    return f"{NBGITPULLER}: four editions, nothing lost"


def main() -> int:
    failed = 0
    named = sys.argv[1:]
    for prove in (prove_upgrade, prove_install, prove_contents, prove_targets, prove_gitpuller):
        if named and prove.__name__.removeprefix("prove_") not in named:
            continue
        start = time.perf_counter()
        with tempfile.TemporaryDirectory() as name:
            try:
                outcome = prove(Path(name))
            except (AssertionError, subprocess.CalledProcessError) as error:
                failed, outcome = failed + 1, f"FAILED: {error}"
        name = prove.__name__.removeprefix("prove_")
        print(f"{name:10} {outcome} ({time.perf_counter() - start:.0f} s)", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
