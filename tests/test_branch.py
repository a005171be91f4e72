"""The branch of the students' notebooks: one commit on top of the last, which clones can pull
without losing what was written in them.

`git` here; prove_branch.py does the same with nbgitpuller.
"""

import copy
import shlex
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest

from exercises import branch, release

ROOT = Path(__file__).resolve().parents[1]
CHAPTER = "chapters/02_power_laws.ipynb"
OTHER = "chapters/03_counting.ipynb"


# ---- editions and students -----------------------------------------------------------------------


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@localhost")
    return subprocess.run(
        ["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


def write_release(folder: Path) -> Path:
    """What `make release` writes, of version 0.0."""
    release.write(ROOT, folder, release.Origin("https://github.com/owner/name", "0.0", "1a2b3c4"))
    return folder


class Course:
    """A repository with a bare origin beside it, and editions made of the written folder."""

    def __init__(self, place: Path, written: Path):
        self.written = written
        self.origin, self.work, self.folder = place / "origin", place / "work", place / "folder"
        git(place, "init", "-q", "--bare", "-b", "main", str(self.origin))
        git(place, "clone", "-q", str(self.origin), str(self.work))
        self.made = 0

    def write(self) -> None:
        """The folder anew, of the next version."""
        self.made += 1
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.written, self.folder)
        for path in [*self.folder.rglob("*.ipynb"), self.folder / "README.md"]:
            text = path.read_text(encoding="utf-8")
            path.write_text(
                text.replace("version 0.0 of", f"version 0.{self.made} of"), encoding="utf-8"
            )

    def publish(self) -> str:
        return branch.publish(self.folder, self.work, "origin", "notebooks", f"0.{self.made}")

    def edit(self, name: str, change) -> None:
        """Change a notebook's cells, by their ids, as an author would."""
        path = self.folder / name
        notebook = nbformat.read(path, as_version=4)
        change(notebook.cells)
        path.write_text(release.as_jupyter_saves(notebook), encoding="utf-8")

    def generation(self, number: int) -> str:
        """The first edition, or a later one: a text and a function changed, a cell added and one
        taken away.
        """
        self.write()
        for later in range(2, number + 1):
            self.edit(CHAPTER, lambda cells, later=later: correct(cells, later))
        return self.publish()


def correct(cells: list, number: int) -> None:
    """What edition `number` changes: the text of the second cell and of the last, one function."""
    cells[1].source += f"\n\nCorrected in edition {number}."
    cells[-1].source += f"\n\nAdded in edition {number}."
    tested = next(cell for cell in cells if "check" in cell.metadata.get("tags", []))
    tested.source += f"\n# edition {number}"
    new = nbformat.v4.new_markdown_cell(f"A new cell of edition {number}.", id=f"new-{number}")
    cells.insert(4, new)


def work_on(path: Path) -> None:
    """What a student's Jupyter leaves in a notebook: every cell run, one answered, one added."""
    notebook = nbformat.read(path, as_version=4)
    for count, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            cell.execution_count = count
            cell.outputs = [nbformat.v4.new_output("stream", text=f"output {count}\nand more\n")]
    answer_of(notebook).source += "\nmy_answer = 42"
    mine = nbformat.v4.new_markdown_cell("My note.", id="my-note")
    notebook.cells.insert(len(notebook.cells) // 2, mine)
    notebook.metadata.kernelspec.display_name = "Python 3 (ipykernel)"
    notebook.metadata.language_info |= {"file_extension": ".py", "version": "3.13.1"}
    nbformat.write(notebook, path)


def answer_of(notebook):
    return next(cell for cell in notebook.cells if "exercise" in cell.metadata.get("tags", []))


def assert_nothing_lost(folder: Path, number: int) -> None:
    """The student's work and the corrections up to edition `number` stand side by side."""
    notebook = nbformat.read(folder / CHAPTER, as_version=4)
    nbformat.validate(notebook)
    text = "\n".join(cell.source for cell in notebook.cells)
    assert answer_of(notebook).source.endswith("my_answer = 42")
    assert text.count("My note.") == 1
    for edition in range(2, number + 1):
        assert text.count(f"Corrected in edition {edition}.") == 1
        assert text.count(f"# edition {edition}") == 1
        assert text.count(f"A new cell of edition {edition}.") == 1
    ran = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs for cell in ran)
    assert f"version 0.{number} of the course" in text


# ---- the branch ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The folder of `make release`, which takes a second or two."""
    return write_release(tmp_path_factory.mktemp("written") / "notebooks")


@pytest.fixture
def course(tmp_path, written):
    return Course(tmp_path, written)


def test_each_edition_is_one_commit_on_top_of_the_last(course):
    commits = [course.generation(number) for number in (1, 2, 3)]
    assert git(course.origin, "rev-list", "--reverse", "notebooks").split() == commits
    told = git(course.origin, "log", "-1", "--format=%an %s", "notebooks")
    assert told == "notebooks Student notebooks of version 0.3 of the course"
    listed = set(git(course.origin, "ls-tree", "-r", "--name-only", "notebooks").splitlines())
    assert {"README.md", "binder/requirements.txt", "index.ipynb", CHAPTER} <= listed
    assert not (course.work / ".git" / "index").exists()  # one's own index stays as it was


def test_nothing_is_pushed_where_only_the_version_differs(course):
    first = course.generation(1)
    course.write()
    assert course.publish() == ""
    assert git(course.origin, "rev-parse", "notebooks") == first


def test_an_edition_touches_only_the_notebooks_that_changed(course):
    course.generation(1)
    course.generation(2)
    changed = git(course.origin, "diff", "--name-only", "notebooks~1", "notebooks").splitlines()
    assert changed == ["README.md", CHAPTER]
    assert "version 0.1 of" in (course.folder / OTHER).read_text(encoding="utf-8")
    assert "version 0.2 of" in (course.folder / "README.md").read_text(encoding="utf-8")


@pytest.mark.whole
def test_a_page_that_is_gone_goes(course):
    course.generation(1)
    course.write()
    (course.folder / OTHER).unlink()
    assert course.publish()
    assert OTHER not in git(course.origin, "ls-tree", "-r", "--name-only", "notebooks")


def test_a_branch_that_moved_meanwhile_is_not_overwritten(course, tmp_path, monkeypatch):
    course.generation(1)
    real = branch._tree_of

    def slow(folder, root):
        monkeypatch.setattr(branch, "_tree_of", real)
        theirs = copy.copy(course)
        theirs.work = tmp_path / "theirs"
        git(tmp_path, "clone", "-q", str(course.origin), str(theirs.work))
        theirs.folder = tmp_path / "their_folder"
        shutil.copytree(course.folder, theirs.folder)
        theirs.edit(OTHER, lambda cells: cells.pop())
        assert theirs.publish()
        return real(folder, root)

    monkeypatch.setattr(branch, "_tree_of", slow)
    with pytest.raises(ValueError, match=r"(?s)git push: .*rejected"):
        course.generation(2)
    assert git(course.origin, "rev-list", "--count", "notebooks") == "2"


@pytest.mark.whole
def test_a_remote_that_cannot_be_reached_is_told(course):
    course.write()
    shutil.rmtree(course.origin)
    with pytest.raises(ValueError, match="git ls-remote: "):
        course.publish()


# ---- students who pull ---------------------------------------------------------------------------


def pull(clone: Path) -> None:
    git(clone, "pull", "--quiet")


def pull_beside_changes(clone: Path) -> None:
    git(clone, "pull", "--quiet", "--rebase", "--autostash")


def commit_and_pull(clone: Path) -> None:
    git(clone, "commit", "--all", "--allow-empty", "--message", "my work")
    git(clone, "pull", "--no-rebase", "--no-edit")


def as_the_readme_says(clone: Path) -> None:
    readme = (clone / "README.md").read_text(encoding="utf-8")
    commit, pull = (shlex.split(line)[1:] for line in readme.splitlines() if "    git " in line)
    git(clone, *commit, "--allow-empty")
    git(clone, *pull, "--no-edit")


@pytest.mark.whole
@pytest.mark.parametrize("update", [pull_beside_changes, commit_and_pull, as_the_readme_says])
def test_three_generations_beside_a_students_work(course, tmp_path, update):
    course.generation(1)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "-b", "notebooks", str(course.origin), str(clone))
    work_on(clone / CHAPTER)
    for number in (2, 3):
        course.generation(number)
        update(clone)
        assert_nothing_lost(clone, number)


def test_plain_pull_beside_work_in_a_notebook_that_did_not_change(course, tmp_path):
    course.generation(1)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "-b", "notebooks", str(course.origin), str(clone))
    work_on(clone / OTHER)
    mine = (clone / OTHER).read_bytes()
    for number in (2, 3):
        course.generation(number)
        pull(clone)
        assert (clone / OTHER).read_bytes() == mine
        assert f"edition {number}" in (clone / CHAPTER).read_text(encoding="utf-8")


def test_where_both_changed_the_same_lines_the_students_stay(course, tmp_path):
    course.generation(1)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "-b", "notebooks", str(course.origin), str(clone))
    work_on(clone / CHAPTER)
    course.write()
    course.edit(CHAPTER, correct_what_students_answered)
    course.publish()
    as_the_readme_says(clone)
    notebook = nbformat.read(clone / CHAPTER, as_version=4)
    assert answer_of(notebook).source.endswith("my_answer = 42")
    assert notebook.cells[-1].source.endswith("Corrected elsewhere too.")


def correct_what_students_answered(cells: list) -> None:
    stub = next(cell for cell in cells if "exercise" in cell.metadata.get("tags", []))
    stub.source = stub.source.replace("...", "...  # a number")
    cells[-1].source += "\n\nCorrected elsewhere too."


@pytest.mark.whole
def test_jupyters_save_changes_no_line_of_a_fresh_notebook(course):
    course.write()
    for path in course.folder.rglob("*.ipynb"):
        before = path.read_bytes()
        nbformat.write(nbformat.read(path, as_version=4), path)
        assert path.read_bytes() == before, path.name
