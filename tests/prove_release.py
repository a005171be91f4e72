"""The student notebooks in three homes, each alone in a folder: unanswered, then with solutions.

    python tests/prove_release.py                       Colab's versions, Binder's files, plain
    Jupyter; all notebooks python tests/prove_release.py binder 03 09 index    one home, some
    notebooks python tests/prove_release.py --keep FOLDER ...     what ran is kept there, and is not
    run again until it changes

One line a home and notebook, and a summary at the end. Unanswered, every check must say "not
attempted"; with the solutions, "right" (a text: "to be read"). The library comes from the
repository's address as in the notebooks, and git is told to find that address in a copy of this
checkout. In Colab the set-up cell does the installing, anew for each notebook, and no version that
was there may change.

A home knows nothing of this machine: its home folder and caches are its own, and SCALINGLIB_DATA is
not set there. Published data lies in the home's cache, as if fetched there, if it can be had here
(see scalinglib.runs). Notebooks that want it are also run where it cannot be had: the first error
must say so and what to do, and the exercises must be right all the same.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import nbformat

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # this checkout, whatever is installed
from conftest import LOADS
from prove_pythons import COLAB, TESTS, find, frozen, run

from exercises import chapter_specs, release
from exercises.assign import assign, read_sources
from exercises.chapter import read_chapter
from exercises.roster import Student
from exercises.strip import region, source_of
from scalinglib import runs
from scalinglib.checks.kinds import TO_READ, Text

ROOT = TESTS.resolve().parent
ADDRESS = "https://github.com/owner/name"
BINDER_BASE = TESTS / "binder_base.txt"
HOMES = ("colab", "binder", "jupyter")
INSTALL_SECONDS = 120
#: what a kernel in Colab has and others have not
GOOGLE = (
    "import sys, types; "
    "sys.modules |= {name: types.ModuleType(name) for name in ('google', 'google.colab')}"
)
#: of this machine or of this environment, and not of a home
OURS = {
    "MPLBACKEND",
    "PYTHONPATH",
    "PYTHONHOME",
    "VIRTUAL_ENV",
    "XDG_CACHE_HOME",
    "MPLCONFIGDIR",
    runs.FOLDER_VARIABLE,
}
RUN = """
import sys, nbformat, nbclient
notebook = nbformat.read(sys.argv[1], as_version=4)
try:
    nbclient.NotebookClient(
        notebook, timeout=600, kernel_name="python3", allow_errors=sys.argv[2] == "on"
    ).execute()
finally:
    nbformat.write(notebook, sys.argv[1])
"""


# ---- the repository and what is written from it --------------------------------------------------


def serve(folder: Path) -> None:
    """A repository with a copy of this checkout, which git finds where it looks for the address."""
    origin = folder / "origin"
    shutil.rmtree(origin, ignore_errors=True)
    built = ("_build", "_release", "_sweep", "_levers", "*.egg-info", "__pycache__")
    kept = shutil.ignore_patterns(".*", *built)
    shutil.copytree(ROOT, origin, ignore=kept)
    for words in (
        ("init", "-q"),
        ("add", "."),
        ("-c", "user.name=a", "-c", "user.email=a@localhost", "commit", "-q", "-m", "copy"),
    ):
        subprocess.run(["git", "-C", origin, *words], check=True)
    os.environ |= {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{origin}.insteadOf",
        "GIT_CONFIG_VALUE_0": ADDRESS,
    }


def digest(folder: Path, *paths: str, without: str = "$^") -> str:
    """Of files of that repository; `without`: a pattern of paths to leave out."""
    listed = subprocess.run(
        ["git", "-C", folder / "origin", "ls-tree", "-r", "HEAD", "--", *paths],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    kept = [line for line in listed if not re.search(without, line)]
    return hashlib.sha256("\n".join(kept).encode()).hexdigest()


def secrets() -> tuple[dict[str, str], dict[str, str]]:
    """Solution regions of every exercise, and its mutants, by name.

    The library knows mistakes: its checks explain them.
    """
    solutions, mutants = {}, {}
    for path in sorted((ROOT / "chapters").glob("[0-9][0-9]_*.ipynb")):
        solutions |= {
            f"the solution of {id}": unindented(region(task.solution))
            for id, task in read_chapter(path).tasks.items()
        }
        mutants |= {
            f"mutant {name!r} of {id}": unindented(code)
            for id, spec in chapter_specs(path.name[:2]).items()
            for name, code in spec.mutants.items()
        }
    return solutions, mutants


def unindented(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def leaks(folder: Path) -> list[str]:
    """Secrets in the public notebooks, in one student's own, in binder/ and in the wheel."""
    texts, found = {}, []
    key = "kept by the instructor alone"
    student = Student("s001", "A Student")
    assigned = [*assign((student,), key, folder / "assigned", read_sources(ROOT / "chapters"))]
    for path in [*(folder / "notebooks").rglob("*"), *assigned]:
        if path.is_file():
            raw = path.read_text(encoding="utf-8")
            cells = json.loads(raw)["cells"] if path.suffix == ".ipynb" else []
            texts[str(path.relative_to(folder))] = (
                "\n".join(map(source_of, cells)) if cells else raw
            )
    if run(
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "-w",
        folder / "wheel",
        release.requirement(ADDRESS),
        cwd=folder,
    ).returncode:
        return ["no wheel could be made"]
    (wheel,) = (folder / "wheel").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if not re.match(r"scalinglib(-[\w.+]+\.dist-info)?/", name):
                found.append(f"the wheel holds {name}")
            texts[f"wheel {name}"] = archive.read(name).decode("utf-8", errors="replace")
    solutions, mutants = secrets()
    for name, text in texts.items():
        flat, told = (
            unindented(text),
            solutions if name.startswith("wheel") else solutions | mutants,
        )
        found += [f"{name} holds {what}" for what, secret in told.items() if secret in flat]
        found += [
            f"{name} holds {word!r}"
            for word in ("BEGIN SOLUTION", "END SOLUTION", key)
            if word in flat
        ]
        if not name.startswith("wheel"):
            found += (
                [f"{name} imports exercises"]
                if re.search(r"^(?:import|from) exercises\b", flat, re.M)
                else []
            )
    print(
        f"leaks: {len(texts)} files looked through "
        f"for {len(solutions)} solutions and {len(mutants)} mutants: {len(found) or 'none'}",
        flush=True,
    )
    return found


# ---- a home --------------------------------------------------------------------------------------


def interpreter_of(home: str) -> str:
    """Colab's Python; Binder's is the one that binder/ names."""
    binder = (ROOT / "binder" / "runtime.txt").read_text().strip().replace("-", "")
    return {"colab": "python3.13", "binder": binder, "jupyter": "python3.11"}[home]


def install(home: str, folder: Path) -> tuple[Path, str]:
    """An environment of that home, fresh or kept; its Python, and "" or what went wrong."""
    place, note = folder / home, folder / home / "installed.json"
    python = place / "bin" / "python"
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    library = digest(folder, "scalinglib", "pyproject.toml")
    pins = digest(
        folder, "pyproject.toml", "binder", "tests/colab_versions.txt", "tests/binder_base.txt"
    )
    kept = json.loads(note.read_text()) if note.exists() else {}
    # then again: this machine may have been busy
    slow = home == "binder" and kept.get("seconds", 0) > INSTALL_SECONDS
    if kept.get("pins") != pins or slow:
        shutil.rmtree(place, ignore_errors=True)
        interpreter = find(interpreter_of(home))
        if not interpreter:
            return Path(), f"there is no {interpreter_of(home)} here"
        if run(interpreter, "-m", "venv", place, cwd=folder).returncode:
            return Path(), "no environment could be made"
        wanted = {
            "colab": ["-r", COLAB],
            "binder": ["--no-cache-dir", "-r", "binder/requirements.txt"],
            "jupyter": ["jupyterlab", release.requirement(ADDRESS)],
        }[home]
        if home == "binder" and run(*pip, "-r", BINDER_BASE, cwd=folder).returncode:
            return Path(), "what Binder has cannot be installed"
        start, before = time.perf_counter(), os.times()
        if run(*pip, *wanted, cwd=folder / "notebooks").returncode:
            return Path(), "its packages cannot be installed"
        after = os.times()
        if home == "binder" and run(python, "-m", "pip", "check", cwd=folder).returncode:
            return Path(), "its packages do not agree with each other (pip check)"
        kept = {
            "pins": pins,
            "library": library,
            "seconds": time.perf_counter() - start,
            "load": os.getloadavg()[0],
            "cpu": sum(after[2:4]) - sum(before[2:4]),
        }
    elif kept["library"] != library and home != "colab":
        fresh = (*pip, "--force-reinstall", "--no-deps", release.requirement(ADDRESS))
        if run(*fresh, cwd=folder).returncode:
            return Path(), "the library cannot be installed"
    note.write_text(json.dumps(kept | {"library": library}))
    print(
        f"{home:8}installed in {kept['seconds']:.0f} s, "
        f"{kept['cpu']:.0f} of them computing (load {kept['load']:.1f})",
        flush=True,
    )
    slow = home == "binder" and kept["seconds"] > INSTALL_SECONDS
    return (
        python,
        f"installing took {kept['seconds']:.0f} s (load {kept['load']:.1f}: is the machine busy?)"
        if slow
        else "",
    )


def fill_cache(place: Path) -> None:
    """Put the published files where a home would have them; else its notebooks will say so."""
    for file in (file for data_set in runs._DATA_SETS.values() for file in data_set.files):
        with contextlib.suppress(runs.DataUnavailableError):
            (place / file.path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(runs._local_file(file), place / file.path)


def execute(
    home: str, python: Path, notebook: nbformat.NotebookNode, name: str, folder: Path, data: bool
) -> tuple:
    """The notebook after it ran alone in an empty folder, and "" or the error that stopped it."""
    if home == "colab":  # a new machine each time: the set-up cell must bring the library
        run(python, "-m", "pip", "uninstall", "--quiet", "--yes", "scalinglib", cwd=folder)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        empty, house = Path(place) / "folder", Path(place) / "home"
        empty.mkdir()
        house.mkdir()
        kept = {variable: value for variable, value in os.environ.items() if variable not in OURS}
        environment = kept | {
            "HOME": str(house),
            "PATH": f"{python.parent}{os.pathsep}{kept['PATH']}",
        }
        if data:
            fill_cache(house / ".cache" / "scalinglib")
        else:
            environment[runs.FOLDER_VARIABLE] = str(house)
        nbformat.write(notebook, empty / name)
        done = subprocess.run(
            [str(python), "-c", RUN, name, "off" if data else "on"],
            cwd=empty,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
        )
        left = sorted(path.name for path in empty.iterdir() if path.name != name)
        error = "\n".join(done.stdout.strip().splitlines()[-6:]) if done.returncode else ""
        return nbformat.read(empty / name, as_version=4), error or (
            f"it left {left} behind" if left else ""
        )


def said(cell: nbformat.NotebookNode) -> str:
    """What a check's cell says, up to the colon."""
    texts = [
        output.data["text/plain"]
        for output in cell.outputs
        if "text/plain" in output.get("data", {})
    ]
    return texts[-1].split(":")[0] if texts else "nothing"


def fault(home: str, python: Path, path: Path, wanted: str, folder: Path, data: bool) -> str:
    """ "" where the notebook runs and its checks say what they should, else what is wrong."""
    tasks = read_chapter(ROOT / path.relative_to(folder / "notebooks")).tasks
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if wanted == "right" and "exercise" in cell.metadata.get("tags", []):
            cell.source = tasks[cell.metadata["scalinglib"]["exercise"]].solution
    if home == "colab":
        notebook.cells.insert(0, nbformat.v4.new_code_cell(GOOGLE))
    notebook, error = execute(home, python, notebook, path.name, folder, data)
    if error:
        return error
    errors = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]
    if not data and not (
        errors
        and errors[0].ename == "DataUnavailableError"
        and runs.FOLDER_VARIABLE in errors[0].evalue
    ):
        return f"without published data its first error is {errors[0].ename if errors else 'none'}"
    answers = {
        cell.metadata["scalinglib"]["exercise"]: said(cell)
        for cell in notebook.cells
        if "check" in cell.metadata.get("tags", [])
    }
    if list(answers) != list(tasks):
        return f"its checks are {list(answers)}"
    return ", ".join(
        f"{id} says {answer!r}"
        for id, answer in answers.items()
        if answer
        != (TO_READ if wanted == "right" and isinstance(tasks[id].exercise, Text) else wanted)
    )


def seal_of(path: Path, case: str, solutions: list[str], folder: Path) -> str:
    """Digest of what an outcome rests on: notebook, solutions, library without others' checks."""
    others = (
        rf"\tscalinglib/checks/chapters/ch(?!{path.name[:2]})\d\d_"
        if path.name[:2].isdigit()
        else "$^"
    )
    rests_on = [
        case,
        *(source_of(cell) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]),
        *solutions,
        digest(
            folder,
            "scalinglib",
            "pyproject.toml",
            "binder",
            "tests/colab_versions.txt",
            without=others,
        ),
    ]
    return hashlib.sha256("\n".join(rests_on).encode()).hexdigest()


def prove(home: str, names: list[str], folder: Path) -> list[str]:
    """The faults of one home."""
    python, problem = install(home, folder)
    faults = [f"{home}: {problem}"] if problem else []
    if not python.name:
        return faults
    before = frozen(python, folder)
    record = folder / f"{home}.json"
    kept = json.loads(record.read_text()) if record.exists() else {}
    for path in release.pages(folder / "notebooks"):
        if names and path.stem[:2] not in names and path.stem not in names:
            continue
        tasks = read_chapter(ROOT / path.relative_to(folder / "notebooks")).tasks
        code = "\n".join(
            cell.source
            for cell in nbformat.read(path, as_version=4).cells
            if cell.cell_type == "code"
        )
        cases = {"unanswered": ("not attempted", True)} | (
            {"solutions": ("right", True)} if tasks else {}
        )
        if set(LOADS.findall(code)) & set(runs._DATA_SETS):
            cases["no data"] = ("right", False)
        line = []
        for case, (wanted, data) in cases.items():
            seal = seal_of(path, case, [task.solution for task in tasks.values()], folder)
            if kept.get(f"{path.stem} {case}", {}).get("seal") != seal:
                start = time.perf_counter()
                problem = fault(home, python, path, wanted, folder, data)
                kept[f"{path.stem} {case}"] = {
                    "seal": seal,
                    "fault": problem,
                    "seconds": time.perf_counter() - start,
                }
                record.write_text(json.dumps(kept, indent=1))
            outcome = kept[f"{path.stem} {case}"]
            faults += (
                [f"{home}: {path.stem}, {case}: {outcome['fault']}"] if outcome["fault"] else []
            )
            line.append(
                f"{case} {'FAILED' if outcome['fault'] else 'passed'} {outcome['seconds']:4.0f} s"
            )
        print(f"{home:8}{path.stem:22}{len(tasks)} exercises   {'   '.join(line)}", flush=True)
    after = frozen(python, folder)
    added = sorted(line.split("==")[0].split(" @ ")[0] for line in after - before)
    if home == "colab":
        print(
            f"{home:8}versions that changed: {len(ours(before) - ours(after)) or 'none'}; "
            f"installed: {', '.join(added) or 'nothing'}",
            flush=True,
        )
    if changed := ours(before) - ours(after):
        faults.append(f"{home}: the notebooks changed {sorted(changed)}")
    return faults


def ours(lines: set[str]) -> set[str]:
    """What was there before, without the library itself."""
    return {line for line in lines if not line.startswith("scalinglib")}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "words",
        nargs="*",
        metavar="home or notebook",
        help=f"{', '.join(HOMES)}; 03, index, claims",
    )
    parser.add_argument(
        "--keep",
        type=Path,
        help="folder for environments and outcomes, to go on where a run stopped",
    )
    given = parser.parse_args()
    homes = [home for home in HOMES if home in given.words] or list(HOMES)
    names = [word for word in given.words if word not in HOMES]
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        folder = (given.keep or Path(name)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        for old in ("notebooks", "assigned", "wheel"):
            shutil.rmtree(folder / old, ignore_errors=True)
        serve(folder)
        told = release.write(ROOT, folder / "notebooks", release.Origin(ADDRESS, "0.2.0"))
        faults = leaks(folder)
        for home in homes:
            faults += prove(home, names, folder)
    print("\n".join(faults))
    print(
        f"{len(homes)} homes, {len(names) or len(told)} notebooks, "
        f"{time.perf_counter() - start:.0f} s: "
        + (f"{len(faults)} FAULTS" if faults else "all passed")
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
