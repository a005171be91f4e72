"""The public student notebooks, for Colab, Binder and home: what stands on the branch `notebooks`.

    python -m exercises.release [--repo https://github.com/owner/name] [--out FOLDER] [--push]

They are the notebooks of the student "public": solutions removed, the site's parameters, no
outputs, and before the first code one cell that installs the library where only Colab lacks it.
Beside them stands `binder/`, in which the library comes from the repository's address too. They are
written as Jupyter saves them, so that git merges a new edition into a student's copy line by line.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import nbformat

from . import branch
from .strip import source_of, strip

ROOT = Path(__file__).resolve().parents[1]
BRANCH = "notebooks"
HANDBOOK = "handbook.md"  # the instructor's page: no notebook leads there
SETUP_TAG = "install"  # the grader leaves cells with this tag out
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


# ---- where the repository is ---------------------------------------------------------------------


def web_address(address: str) -> str:
    """https://host/owner/name of a repository's address, without user names; "" without a host."""
    found = re.match(
        r"(?:git@|ssh://git@|https://(?:[^@/]+@)?)([\w.-]+\.[a-z]+)[:/](.+?)(?:\.git)?/?$", address
    )
    return f"https://{found[1]}/{found[2]}" if found else ""


def repository_url(folder: Path) -> str:
    """The repository's web address, from BOOK_REPO_URL or git's origin; "" without a host."""
    address = os.environ.get("BOOK_REPO_URL", "")
    if not address:
        asked = subprocess.run(
            ["git", "-C", str(folder), "remote", "get-url", "origin"],
            capture_output=True,
            text=True,
        )
        address = asked.stdout.strip()
    return web_address(address)


@dataclass(frozen=True)
class Origin:
    """What a student's copy is made from: the repository's web address ("" where it has none), the
    course's version, and the last commit that changed the library ("" where there is no history).
    """

    address: str
    version: str
    commit: str = ""


def origin_of(root: Path, address: str = "") -> Origin:
    """The origin of copies made from this folder; `address`: in place of git's."""
    return Origin(address or repository_url(root), version_of(root), library_commit(root))


@cache
def version_of(root: Path) -> str:
    """The course's version, by its tags: "0.2.0", or "0.2.0.post1.dev3+g1a2b3c4" three commits
    later; "0+unknown" in a copy of the files alone.

    That of `scalinglib.__version__` may be older: it is the one that was installed.
    """
    asked = [sys.executable, "-m", "setuptools_scm"]
    return subprocess.run(
        asked, cwd=root, check=True, capture_output=True, text=True
    ).stdout.strip()


def library_commit(root: Path) -> str:
    """The last commit that changed what pip installs; "" without a history."""
    asked = subprocess.run(
        ["git", "log", "-1", "--format=%H", "--", "scalinglib", "pyproject.toml"],
        cwd=root,
        capture_output=True,
        text=True,
    )
    return asked.stdout.strip()


# ---- a notebook away from the book ---------------------------------------------------------------


def requirement(address: str, commit: str = "") -> str:
    """What pip installs the library from: the newest, or that of a commit."""
    return f"scalinglib @ git+{address}{commit and '@'}{commit}"


def setup_cell(origin: Origin) -> dict:
    """The cell that installs the library in Colab and does nothing elsewhere, and says which
    version made the copy.

    Where the address is not known ("") it is a comment that says what the notebook needs.
    """
    source = (
        f"""\
# This copy was made from {branch.made_from(origin.version)}.
# Only Colab lacks the course's library: there this installs it, elsewhere it does nothing.
try:
    import google.colab
except ImportError:
    pass
else:
    %pip install --quiet "{requirement(origin.address)}\""""
        if origin.address
        else f"""\
# This copy was made from {branch.made_from(origin.version)}.
# It needs the course's library, scalinglib: install it from the course's repository."""
    )
    return {
        "cell_type": "code",
        "id": SETUP_TAG,
        "metadata": {"tags": [SETUP_TAG]},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def student_notebook(notebook: dict, origin: Origin, names: dict[str, str]) -> dict:
    """A chapter's notebook without solutions and outputs, with set-up cell, readable by itself.

    names : what stands for each link to a page without a text and each cited work; see `names_of`.
    Raises StripError where the solutions cannot be taken out.
    """
    cells = strip(notebook)["cells"]
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
            cell["source"] = source_of(cell)
        else:
            cell["source"] = without_roles(source_of(cell), names)
    first = next(
        (place for place, cell in enumerate(cells) if cell["cell_type"] == "code"), len(cells)
    )
    cells.insert(first, setup_cell(origin))
    return {"cells": cells, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}


def without_roles(text: str, names: dict[str, str]) -> str:
    """Markdown whose citations and links say in words what only the book would fill in."""
    text = re.sub(
        r"\{cite:t\}`([^`]+)`", lambda found: ", ".join(_cited(found[1], names, "{} ({})")), text
    )
    text = re.sub(
        r"\{cite:p\}`([^`]+)`",
        lambda found: f"({'; '.join(_cited(found[1], names, '{}, {}'))})",
        text,
    )
    # the reference of the library is the book's alone
    text = re.sub(r"\[\]\((?:\.\./)?library/[^)]*\)", "the library's reference", text)
    text = re.sub(r"\{py:\w+\}`([^`<]+?)(?: <[^`]*>)?`", r"`\1`", text)
    text = re.sub(r"\[([^\]]+)\]\((?:\.\./)?library/[^)]*\)", r"\1", text)
    return re.sub(
        r"\[\]\(([^)#]+)", lambda found: f"[{names[Path(found[1]).name]}]({found[1]}", text
    )


def _cited(keys: str, names: dict[str, str], form: str) -> list[str]:
    return [form.format(*names[key.strip()].rsplit(" ", 1)) for key in keys.split(",")]


def names_of(root: Path) -> dict[str, str]:
    """Titles of the pages by file name, and "Kaplan et al. 2020" by key of references.bib."""
    names = {}
    for path in pages(root):
        names[path.name] = _title("\n".join(map(source_of, _read(path)["cells"])))
    for path in root.glob("chapters/*.md"):
        names[path.name] = _title(path.read_text(encoding="utf-8"))
    return names | {key: f"{_who(entry)} {entry['year']}" for key, entry in _works(root).items()}


def _title(text: str) -> str:
    if found := re.search(r"^# (.+)$", text, re.M):
        return found[1]
    raise ValueError(f"a page has no title, a line '# ...': {text[:60]!r}")


def _works(root: Path) -> dict[str, dict[str, str]]:
    """The fields of each entry of references.bib by key."""
    entries = re.split(r"^@", (root / "references.bib").read_text(encoding="utf-8"), flags=re.M)[1:]
    return {
        key: dict(re.findall(r"^\s*(\w+)\s*=\s*\{(.+)\},?$", entry, re.M))
        for entry in entries
        for key in re.findall(r"\{(\w+),", entry)[:1]
    }


def _who(entry: dict[str, str]) -> str:
    """The authors in few words."""
    families = [author.split(",")[0].strip("{} ") for author in entry["author"].split(" and ")]
    return f"{families[0]} et al." if len(families) > 2 else " and ".join(families)


def reader_page(text: str, names: dict[str, str], root: Path) -> str:
    """A page that is no notebook, with lists for what the book fills in: glossary, bibliography."""

    def glossary(found):
        return re.sub(r"^(\S.*)\n  (.+)$", r"- **\1**: \2", found[1], flags=re.M)

    def bibliography(found):
        cited = {
            key.strip()
            for page in pages(root)
            for cell in _read(page)["cells"]
            for keys in re.findall(r"\{cite:[tp]\}`([^`]+)`", source_of(cell))
            for key in keys.split(",")
        }
        return "\n".join(
            sorted(
                (_entry(entry) for key, entry in _works(root).items() if key in cited),
                key=str.lower,
            )
        )

    text = re.sub(r"^```\{glossary\}\n(.+?)\n```$", glossary, text, flags=re.M | re.S)
    text = re.sub(r"^```\{bibliography\}\n.*?^```$", bibliography, text, flags=re.M | re.S)
    return without_roles(text, names)


def _entry(entry: dict[str, str]) -> str:
    """One work in a list."""
    where = next(
        (
            entry[name]
            for name in ("journal", "booktitle", "publisher", "howpublished")
            if name in entry
        ),
        "",
    )
    parts = [
        f"- {_who(entry)} ({entry['year']}). *{entry['title']}*.",
        where and f"{where}.",
        f"<{entry['url']}>" if "url" in entry else f"<https://doi.org/{entry['doi']}>",
    ]
    return re.sub(r"[{}]", "", " ".join(filter(None, parts)))


def _read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


# ---- the folder ----------------------------------------------------------------------------------


def pages(root: Path) -> list[Path]:
    """The notebooks of the book."""
    return sorted(
        path
        for kind in ("*.ipynb", "chapters/*.ipynb", "howto/*.ipynb")
        for path in root.glob(kind)
    )


def binder_files(root: Path, origin: Origin) -> dict[str, str]:
    """The files of `binder/` by name, with the library from its address, not the folder beside.

    Binder builds anew only what changed on the branch: so its last commit is named.
    """
    files = {
        path.name: path.read_text(encoding="utf-8") for path in sorted((root / "binder").iterdir())
    }
    lines = files["requirements.txt"].splitlines()
    library = requirement(origin.address, origin.commit)
    files["requirements.txt"] = (
        "\n".join(library if line == "-e ." else line for line in lines) + "\n"
    )
    return files


def readme(origin: Origin) -> str:
    """What a visitor of the branch reads first."""
    return f"""\
# Notebooks of the course "Neural scaling laws"

Made from {branch.made_from(origin.version)}, <{origin.address}>; changes belong there.
Solutions are left out, every exercise has hints and a check. In Colab and on Binder nothing needs
to be set up. At home, with Python 3.11 or newer:

    pip install jupyterlab "{requirement(origin.address)}"
    jupyter lab index.ipynb

This branch has a history. In a clone, corrections come into your notebooks beside what you wrote;
where both changed the same lines, yours stay:

    git commit --all --message "my work"
    git pull --no-rebase -X ours
    pip install --upgrade "{requirement(origin.address)}"
"""


def write(root: Path, out: Path, origin: Origin) -> list[Path]:
    """Write the folder anew; the notebooks written.

    Raises ValueError where the address is none of the web, and where `out` holds something else.
    """
    origin = replace(origin, address=web_address(told := origin.address))
    if not origin.address:
        raise ValueError(
            f"{told!r} is no web address of a repository: give "
            "--repo https://github.com/owner/name (make release REPO=...), or set git's origin"
        )
    if out.exists() and any(out.iterdir()) and not (out / "binder").is_dir():
        raise ValueError(f"{out} holds other files: give an empty folder")
    names = names_of(root)
    notebooks = {
        path.relative_to(root): student_notebook(_read(path), origin, names) for path in pages(root)
    }
    shutil.rmtree(out, ignore_errors=True)
    for path, notebook in notebooks.items():
        _write(out / path, as_jupyter_saves(notebook))
    for path in [*root.glob("LICENSE*"), *root.glob("chapters/*.md")]:
        if path.name != HANDBOOK:
            _write(
                out / path.relative_to(root),
                reader_page(path.read_text(encoding="utf-8"), names, root),
            )
    for name, text in binder_files(root, origin).items():
        _write(out / "binder" / name, text)
    _write(out / "README.md", readme(origin))
    return [out / path for path in notebooks]


def as_jupyter_saves(notebook: dict) -> str:
    """The notebook's file: keys sorted, one line a line of source. A student's first save then
    changes no line that they did not change, and git can merge.
    """
    return nbformat.writes(nbformat.from_dict(notebook)) + "\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m exercises.release", description=str(__doc__).split("\n")[0]
    )
    parser.add_argument(
        "--repo",
        default="",
        help="address of the repository (default: BOOK_REPO_URL, else git's origin)",
    )
    parser.add_argument("--out", type=Path, default=ROOT / "_release" / "notebooks")
    parser.add_argument(
        "--push", action="store_true", help=f"put them on top of origin's branch {BRANCH}"
    )
    given = parser.parse_args(arguments)
    try:
        origin = origin_of(ROOT, given.repo)
        written = write(ROOT, given.out, origin)
        pushed = given.push and branch.publish(given.out, ROOT, "origin", BRANCH, origin.version)
    except ValueError as error:
        print(f"release: {error}", file=sys.stderr)
        return 2
    where = f"{len(written)} notebooks and binder/ in {given.out}"
    if not given.push:
        print(f"{where}: they belong on the branch {BRANCH} (make publish-notebooks)")
    elif pushed:
        print(f"{where}, pushed to {BRANCH} as {pushed[:9]}")
    else:
        print(f"{where}: {BRANCH} has the same, nothing was pushed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
