"""The library on other Pythons: a fresh environment each, the installed package, its own tests.

    python tests/prove_pythons.py
        3.11, 3.12, 3.13, and 3.13 with the versions that Colab has
    python tests/prove_pythons.py python3.12
        this interpreter only, with the newest versions

An interpreter that is not there is reported, and the proof fails.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).parent
COLAB = TESTS / "colab_versions.txt"
TOOLS = ("pytest", "pytest-xdist", "hypothesis", "nbformat")
#: modules of the site, of the coursework and of their tests: they need more than the library
MORE = {"exercises", "playwright", "axe_playwright_python", "yaml"}
MORE |= {path.stem for path in TESTS.parent.glob("_ext/*.py")}
#: they read notebooks, pages and hidden files, or ask a checker of types
READERS = {"test_notebooks.py", "test_prose_numbers.py", "test_documents.py", "test_types.py"}


def is_of_the_library(path: Path) -> bool:
    """Whether a test needs the installed library only, and what it imports of the tests, too."""
    if path.name in READERS:
        return False
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names.append(node.module)
        for name in (name.split(".")[0] for name in names):
            beside = path.with_name(f"{name}.py")
            if name in MORE or (beside.exists() and not is_of_the_library(beside)):
                return False
    return True


def run(*command, cwd: Path, show: int = 15) -> subprocess.CompletedProcess:
    """Run a command; print the end of what it said if it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        print("\n".join(done.stdout.splitlines()[-show:]))
    return done


def prove(interpreter: str, versions: Path | None) -> str:
    """Install the library into a fresh environment and run its tests there; "" or what fails."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # a copy: building in the checkout would leave files there, and work on it may go on
        shutil.copytree(
            TESTS.parent,
            folder / "source",
            ignore=shutil.ignore_patterns(".*", "_build", "node_modules", "*.egg-info"),
        )
        if run(interpreter, "-m", "venv", folder / "venv", cwd=folder).returncode:
            return "no environment could be made"
        python = folder / "venv" / "bin" / "python"
        pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        if versions and run(*pip, "-r", versions, cwd=folder).returncode:
            return f"{versions.name} cannot be installed"
        before = frozen(python, folder)
        if run(
            *pip, folder / "source", *TOOLS, *(("-c", versions) if versions else ()), cwd=folder
        ).returncode:
            return "the library cannot be installed"
        if changed := before - frozen(python, folder) if versions else set():
            return f"installing the library changed {sorted(changed)}"
        tests = [
            path
            for path in sorted(folder.glob("source/tests/test_*.py"))
            if is_of_the_library(path)
        ]
        done = run(
            python,
            "-m",
            "pytest",
            "-q",
            "-rsfE",
            "-p",
            "no:cacheprovider",
            *tests,
            cwd=folder,
            show=40,
        )
        print("\n".join(done.stdout.splitlines()[-3:]))
        return f"pytest returned {done.returncode}" if done.returncode else ""


def frozen(python: Path, folder: Path) -> set[str]:
    return set(
        run(
            python, "-m", "pip", "freeze", "--disable-pip-version-check", cwd=folder
        ).stdout.splitlines()
    )


def main(interpreters: list[str]) -> int:
    cases = [
        (interpreter, None)
        for interpreter in interpreters or ("python3.11", "python3.12", "python3.13")
    ]
    cases += [] if interpreters else [("python3.13", COLAB)]
    failed = []
    for name, versions in cases:
        label = name + (f" with {versions.name}" if versions else " with the newest versions")
        start = time.perf_counter()
        print(f"== {label}", flush=True)
        interpreter = find(name)
        problem = (
            prove(interpreter, versions)
            if interpreter
            else "NOT TRIED: there is no such interpreter here"
        )
        failed += [f"{label}: {problem}"] if problem else []
        print(f"== {label}: {problem or 'passed'}, {time.perf_counter() - start:.0f} s", flush=True)
    print("\n".join(failed) or "all passed")
    return 1 if failed else 0


def find(name: str) -> str | None:
    """An interpreter that starts: from the PATH, else one of pyenv's (its stand-ins may not)."""
    kept = sorted(Path.home().glob(f".pyenv/versions/*/bin/{name}"))
    for path in filter(None, [shutil.which(name), *map(str, kept)]):
        if not subprocess.run([path, "--version"], capture_output=True).returncode:
            return path
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
