"""The student notebooks in three homes, each notebook alone in an empty folder: unanswered, then with the solutions put in.

    python tests/prove_release.py                       Colab's versions, Binder's files, plain Jupyter; all chapters
    python tests/prove_release.py binder 03 09          one home, some chapters

The library comes from the repository's address as in the notebooks; git is told to find that address in a copy of this
checkout. Unanswered, every check must say "not attempted"; with the solutions, "right". In Colab the set-up cell does
the installing, and no version that was there may change. A chapter whose published data cannot be had is reported.
"""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from prove_pythons import COLAB, TESTS, find, frozen, run

sys.path.append(str(TESTS.parent))
from exercises import release  # noqa: E402
from exercises.chapter import read_chapter  # noqa: E402

ADDRESS = "https://github.com/owner/name"
PYTHONS = {"colab": "python3.13", "binder": "python3.11", "jupyter": "python3.11"}
INSTALL_SECONDS = 120
#: what a kernel in Colab has and others have not
GOOGLE = "import sys, types; sys.modules |= {name: types.ModuleType(name) for name in ('google', 'google.colab')}"
RUN = """
import sys, nbformat, nbclient
notebook = nbformat.read(sys.argv[1], as_version=4)
nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[1])
"""


def serve(folder: Path) -> None:
    """A repository with a copy of this checkout; git finds it where it looks for the address."""
    kept = shutil.ignore_patterns(".*", "_build", "_release", "_sweep", "*.egg-info", "__pycache__")
    shutil.copytree(TESTS.parent, folder / "origin", ignore=kept)
    for words in (("init", "-q"), ("add", "."),
                  ("-c", "user.name=a", "-c", "user.email=a@localhost", "commit", "-q", "-m", "copy")):
        subprocess.run(["git", "-C", folder / "origin", *words], check=True)
    os.environ |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.file://{folder / 'origin'}.insteadOf",
                   "GIT_CONFIG_VALUE_0": ADDRESS}


def install(home: str, folder: Path) -> tuple[Path, str]:
    """A fresh environment of that home; its Python, and "" or what went wrong."""
    interpreter = find(PYTHONS[home])
    if not interpreter:
        return Path(), f"there is no {PYTHONS[home]} here"
    if run(interpreter, "-m", "venv", folder / home, cwd=folder).returncode:
        return Path(), "no environment could be made"
    python = folder / home / "bin" / "python"
    wanted = {"colab": ["-r", COLAB], "binder": ["-r", folder / "notebooks" / "binder" / "requirements.txt"],
              "jupyter": ["jupyterlab", release.requirement(ADDRESS)]}[home]
    start = time.perf_counter()
    if run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted, cwd=folder).returncode:
        return python, "its packages cannot be installed"
    seconds = time.perf_counter() - start
    print(f"   installed in {seconds:.0f} s", flush=True)
    return python, f"installing took {seconds:.0f} s" if home == "binder" and seconds > INSTALL_SECONDS else ""


def outcomes(home: str, python: Path, notebook: nbformat.NotebookNode, name: str, folder: Path) -> list[str] | str:
    """What the checks said when the notebook ran alone in an empty folder; or the end of the error."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        if home == "colab":
            notebook.cells.insert(0, nbformat.v4.new_code_cell(GOOGLE))
        nbformat.write(notebook, Path(place) / name)
        done = subprocess.run([str(python), "-c", RUN, name], cwd=place, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, env={name: value for name, value in os.environ.items()
                                                             if name not in ("MPLBACKEND", "PYTHONPATH")})
        if done.returncode:
            return "\n".join(done.stdout.strip().splitlines()[-6:])
        ran = nbformat.read(Path(place) / name, as_version=4)
    checks = [cell for cell in ran.cells if "check" in cell.metadata.get("tags", [])]
    return [cell.outputs[0].data["text/plain"].split(":")[0] if cell.outputs else "nothing" for cell in checks]


def prove(home: str, chapters: list[str], folder: Path) -> list[str]:
    """The faults of one home."""
    python, fault = install(home, folder)
    faults = [f"{home}: {fault}"] if fault else []
    if not python.name:
        return faults
    before = frozen(python, folder)
    for path in sorted((folder / "notebooks" / "chapters").glob("[0-9][0-9]_*.ipynb")):
        if chapters and path.name[:2] not in chapters:
            continue
        tasks = read_chapter(TESTS.parent / "chapters" / path.name).tasks
        for wanted in ("not attempted", "right"):
            notebook = nbformat.read(path, as_version=4)
            for cell in notebook.cells:
                if wanted == "right" and "exercise" in cell.metadata.get("tags", []):
                    cell.source = tasks[cell.metadata["scalinglib"]["exercise"]].solution
            start = time.perf_counter()
            said = outcomes(home, python, notebook, path.name, folder)
            good = said == [wanted] * len(tasks)
            print(f"   {path.name}: {wanted if good else said}, {time.perf_counter() - start:.0f} s", flush=True)
            faults += [] if good else [f"{home}: {path.name}, {wanted}: {said}"]
    if changed := before - frozen(python, folder):
        faults.append(f"{home}: the notebooks changed {sorted(changed)}")
    return faults


def main(arguments: list[str]) -> int:
    homes = [home for home in PYTHONS if home in arguments] or list(PYTHONS)
    faults = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        serve(folder)
        release.write(TESTS.parent, folder / "notebooks", ADDRESS)
        for home in homes:
            print(f"== {home}", flush=True)
            faults += prove(home, [word for word in arguments if word.isdigit()], folder)
    print("\n".join(faults) or "all passed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
