"""The branch of the students' notebooks: each edition is one commit on top of the last.

Nothing is ever forced, so that a clone can pull, and nothing is pushed where nothing changed.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

AUTHOR = {
    f"GIT_{role}_{field}": value
    for role in ("AUTHOR", "COMMITTER")
    for field, value in (("NAME", "notebooks"), ("EMAIL", "notebooks@localhost"))
}
MADE_FROM = re.compile(rb"version \S+ of the course")


def made_from(version: str) -> str:
    """How a copy says which version made it."""
    return f"version {version} of the course"


def publish(folder: Path, root: Path, remote: str, branch: str, version: str) -> str:
    """Push the folder's files as one commit on top of the remote's branch; the commit, or "" where
    they are there already.

    A notebook in which only the version differs stays as it is on the branch, in the folder too:
    else every edition would touch every file of every student. Raises ValueError with git's words.
    """
    tip = _git(root, "ls-remote", remote, f"refs/heads/{branch}").decode().split("\t")[0]
    if tip:
        _git(root, "fetch", "--quiet", remote, f"refs/heads/{branch}")
        there = _files_of(root, tip)
        here = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        same = {
            name
            for name in here.keys() & there.keys()
            if MADE_FROM.sub(b"", here[name]) == MADE_FROM.sub(b"", there[name])
        }
        if same == here.keys() == there.keys():
            return ""
        for name in same:
            if name.endswith(".ipynb"):
                (folder / name).write_bytes(there[name])
    parent = ("-p", tip) if tip else ()
    message = f"Student notebooks of {made_from(version)}"
    commit = _git(root, "commit-tree", _tree_of(folder, root), *parent, "-m", message)
    commit = commit.decode().strip()
    _git(root, "push", "--quiet", remote, f"{commit}:refs/heads/{branch}")
    return commit


def _files_of(root: Path, commit: str) -> dict[str, bytes]:
    """The files of a commit by path."""
    with tarfile.open(fileobj=io.BytesIO(_git(root, "archive", commit))) as archive:
        opened = {member.name: archive.extractfile(member) for member in archive}
        return {name: file.read() for name, file in opened.items() if file}


def _tree_of(folder: Path, root: Path) -> str:
    """The folder's files as a tree of the repository, whose own index stays as it is."""
    repository = _git(root, "rev-parse", "--absolute-git-dir").decode().strip()
    with tempfile.TemporaryDirectory() as place:
        index = {"GIT_DIR": repository, "GIT_INDEX_FILE": str(Path(place) / "index")}
        _git(folder, "add", "--all", "--force", ".", **index)
        return _git(folder, "write-tree", **index).decode().strip()


def _git(folder: Path, *words: str, **environment: str) -> bytes:
    """What git says in that folder; a ValueError with its complaint where it fails."""
    done = subprocess.run(
        ["git", "-C", str(folder), *words],
        env=os.environ | AUTHOR | environment,
        capture_output=True,
    )
    if done.returncode:
        raise ValueError(f"git {words[0]}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout
