"""The student notebooks, set-up cell, version that they tell, binder/, and the launch buttons."""

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
import types
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager
from packaging.requirements import Requirement
from packaging.version import Version

from exercises import release
from exercises.assign import personal, read_sources
from exercises.chapter import read_chapter
from exercises.strip import exercise_of, region, role_of, source_of

sys.path.append(str(Path(__file__).resolve().parents[1] / "_ext"))
import course

ROOT = Path(__file__).resolve().parents[1]
ADDRESS = "https://github.com/owner/name"
ORIGIN = release.Origin(ADDRESS, "0.2.0", "1a2b3c4")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("release") / "notebooks"
    release.write(ROOT, out, ORIGIN)
    return out


def chapters() -> list[Path]:
    return sorted((ROOT / "chapters").glob("[0-9][0-9]_*.ipynb"))


# ---- the notebooks -------------------------------------------------------------------------------


def test_every_page_that_is_a_notebook_is_there(folder):
    told = {
        str(path.relative_to(ROOT))
        for path in [
            ROOT / "index.ipynb",
            *ROOT.glob("chapters/*.ipynb"),
            *ROOT.glob("howto/*.ipynb"),
        ]
    }
    assert {str(path.relative_to(folder)) for path in folder.rglob("*.ipynb")} == told
    for path in folder.rglob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        tagged = [
            place
            for place, cell in enumerate(notebook.cells)
            if release.SETUP_TAG in cell.metadata.get("tags", [])
        ]
        code = [place for place, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
        assert tagged == code[:1]
        assert not any(
            cell.outputs or cell.execution_count
            for cell in notebook.cells
            if cell.cell_type == "code"
        )
        assert "widgets" not in notebook.metadata


def test_no_solution_is_left(folder):
    for path in chapters():
        cells = json.loads((folder / "chapters" / path.name).read_text(encoding="utf-8"))["cells"]
        stubs = {
            exercise_of(cell): source_of(cell) for cell in cells if role_of(cell) == "exercise"
        }
        tasks = read_chapter(path).tasks
        assert stubs == {id: task.stub for id, task in tasks.items()}
        everything = unindented("\n".join(source_of(cell) for cell in cells))
        assert "SOLUTION" not in everything
        assert [
            id for id, task in tasks.items() if unindented(region(task.solution)) in everything
        ] == []


def test_no_solution_is_in_the_wheel():
    """Not as text; prove_release.py builds the wheel and looks into it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    assert project["packages"]["find"]["include"] == ["scalinglib*"] and set(
        project["package-data"]
    ) == {"scalinglib"}
    texts = {
        path: unindented(path.read_text(encoding="utf-8"))
        for path in (ROOT / "scalinglib").rglob("*")
        if path.suffix in (".py", ".js", ".css", ".csv", ".json", ".md")
    }
    solutions = {
        id: unindented(region(task.solution))
        for path in chapters()
        for id, task in read_chapter(path).tasks.items()
    }
    assert [
        (path.name, id)
        for path, text in texts.items()
        for id, solution in solutions.items()
        if solution in text
    ] == []
    assert [
        path.name
        for path, text in texts.items()
        if re.search(r"^(?:from|import) exercises\b", text, re.M)
    ] == []


def unindented(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def test_the_text_can_be_read_without_the_book(folder):
    for path in [*folder.rglob("*.ipynb"), *folder.rglob("*.md")]:
        raw = path.read_text(encoding="utf-8")
        cells = (
            json.loads(raw)["cells"]
            if path.suffix == ".ipynb"
            else [{"cell_type": "markdown", "source": raw}]
        )
        text = "\n".join(source_of(cell) for cell in cells if cell["cell_type"] == "markdown")
        assert not re.search(r"\{[a-z]+(:[a-z]+)?\}`|\[\]\(|^```\{|^:::", text, re.M), path.name
        for target in re.findall(r"\]\(([\w./-]+\.(?:ipynb|md))(?:#[^)]*)?\)", text):
            assert (path.parent / target).exists(), f"{path.name} leads to {target}"


def test_what_the_book_would_fill_in(folder):
    """Bibliography and glossary are lists; no instructor's page; code links to notebooks."""
    assert not (folder / "chapters" / release.HANDBOOK).exists()
    works = (folder / "chapters" / "bibliography.md").read_text(encoding="utf-8")
    assert (
        "\n- Kaplan et al. (2020). *Scaling Laws for Neural Language Models*. "
        "arXiv:2001.08361. <https://arxiv.org/abs/2001.08361>" in works
    )
    assert works.count("\n- ") > 20 and not re.search(r"[{}\\]", works)
    words = (folder / "chapters" / "glossary.md").read_text(encoding="utf-8")
    assert "\n- **batch**: The tokens that one step of training reads" in words
    assert ".html" not in (folder / "chapters" / "claims.ipynb").read_text(encoding="utf-8")


def test_roles_in_words():
    names = {"a2020": "Able et al. 2020", "b1999": "Best and Cole 1999", "09_x.ipynb": "Nine"}
    text = (
        "{cite:t}`a2020` and {cite:t}`a2020,b1999`, as before {cite:p}`a2020, b1999`; "
        "see [](09_x.ipynb#here)."
    )
    assert release.without_roles(text, names) == (
        "Able et al. (2020) and Able et al. (2020), Best and Cole (1999), as before "
        "(Able et al., 2020; Best and Cole, 1999); see [Nine](09_x.ipynb#here)."
    )
    known = release.names_of(ROOT)
    assert (
        known["kaplan2020"] == "Kaplan et al. 2020"
        and known["09_parametric_fit.ipynb"] == "Parametric fit"
    )


# ---- the set-up cell -----------------------------------------------------------------------------


def run_setup(origin: release.Origin) -> list:
    """The magics that the cell calls."""
    called = []
    shell = types.SimpleNamespace(run_line_magic=lambda *given: called.append(given[:2]))
    exec(
        TransformerManager().transform_cell(release.setup_cell(origin)["source"]),
        {"get_ipython": lambda: shell},
    )
    return called


def test_the_setup_cell_installs_in_colab_only(monkeypatch):
    nowhere = replace(ORIGIN, address="")
    assert run_setup(ORIGIN) == run_setup(nowhere) == []
    monkeypatch.setitem(sys.modules, "google", types.ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    assert run_setup(ORIGIN) == [("pip", f'install --quiet "scalinglib @ git+{ADDRESS}"')]
    assert run_setup(nowhere) == []


def test_a_copy_says_which_version_made_it(folder, monkeypatch):
    for path in [*folder.rglob("*.ipynb"), folder / "README.md"]:
        assert "version 0.2.0 of the course" in path.read_text(encoding="utf-8"), path.name
    monkeypatch.setattr("exercises.assign.origin_of", lambda root: ORIGIN)
    source = read_sources(ROOT / "chapters")["02"]
    cells = personal(source, "a long key", "s001")["cells"]
    assert any("version 0.2.0 of the course" in source_of(cell) for cell in cells)


def test_the_version_is_that_of_the_tag_and_the_commits_since(tmp_path):
    def git(*words):
        who = ("-c", "user.name=a", "-c", "user.email=a@localhost")
        subprocess.run(["git", *who, *words], cwd=tmp_path, check=True, capture_output=True)

    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    assert release.version_of(tmp_path) == "0+unknown" and release.library_commit(tmp_path) == ""
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    git("tag", "v0.2.0")
    release.version_of.cache_clear()
    assert release.version_of(tmp_path) == "0.2.0"
    git("tag", "draft-9.9")  # no version's tag
    commit = release.library_commit(tmp_path)
    (tmp_path / "page.md").write_text("a page\n")
    git("add", ".")
    git("commit", "-q", "-m", "second")
    release.version_of.cache_clear()
    assert re.fullmatch(r"0\.2\.0\.post1\.dev1\+g[0-9a-f]{7,}", release.version_of(tmp_path))
    assert release.library_commit(tmp_path) == commit and len(commit) == 40


def test_the_version_is_told_in_one_place():
    """By the tag: what is written elsewhere would contradict it one day."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["dynamic"] == ["version"] and "version" not in project
    assert not re.search(r"^(version|date-released):", (ROOT / "CITATION.cff").read_text(), re.M)


def test_what_colab_has_is_enough():
    """No lower bound is above Colab's version: installing changes none of its packages."""
    lines = (ROOT / "tests" / "colab_versions.txt").read_text().splitlines()
    has = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for needed in map(Requirement, project["dependencies"]):
        assert needed.specifier.contains(Version(has[needed.name])), (
            f"{needed}: Colab has {has[needed.name]}"
        )
    assert Version("3.13") in Requirement(f"python{project['requires-python']}").specifier


# ---- binder --------------------------------------------------------------------------------------


def pins(path: Path) -> dict[str, str]:
    lines = [line.split("#")[0].strip() for line in path.read_text().splitlines()]
    return {
        name.lower().replace("_", "-"): version
        for name, version in (line.split("==") for line in lines if "==" in line)
    }


def test_binder_is_pinned_to_the_versions_that_made_the_outputs(folder):
    lines = [
        line
        for line in (ROOT / "binder" / "requirements.txt").read_text().splitlines()
        if line and line[0] != "#"
    ]
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == ["-e ."]
    here, book = pins(ROOT / "binder" / "requirements.txt"), pins(ROOT / "requirements.txt")
    assert {name: here[name] for name in here if name in book} == {
        name: book[name] for name in here if name in book
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert {Requirement(text).name for text in project["dependencies"]} | {
        "jupyterlab",
        "ipykernel",
    } <= set(here)
    assert (folder / "binder" / "requirements.txt").read_text().splitlines()[
        -1
    ] == f"scalinglib @ git+{ADDRESS}@1a2b3c4"
    assert pins(folder / "binder" / "requirements.txt") == here
    assert (folder / "binder" / "runtime.txt").read_text() == (
        ROOT / "binder" / "runtime.txt"
    ).read_text()


# ---- refusals ------------------------------------------------------------------------------------


def test_without_an_address_nothing_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(release, "repository_url", lambda folder: "")
    for arguments in ([], ["--repo", "/srv/git/name"]):
        assert release.main([*arguments, "--out", str(tmp_path / "out")]) == 2
        assert "--repo https://github.com/owner/name" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(ValueError, match="other files"):
        release.write(ROOT, tmp_path, ORIGIN)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_again_is_the_same_and_old_pages_go(folder):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    (folder / "chapters" / "15_gone.ipynb").write_text("{}")
    release.write(ROOT, folder, replace(ORIGIN, address="git@github.com:owner/name.git"))
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


# ---- the buttons ---------------------------------------------------------------------------------
# those of a built page are in test_site.py


@pytest.mark.parametrize(
    "address, providers",
    [
        ("/srv/git/name", set()),
        ("https://gitlab.com/owner/name", {"binderhub_url"}),
        ("https://github.com/owner/name", {"binderhub_url", "colab_url"}),
    ],
)
def test_which_buttons_there_are(monkeypatch, address, providers):
    monkeypatch.setenv("BOOK_REPO_URL", address)
    options = configured().html_theme_options
    assert {name for name in options["launch_buttons"] if name.endswith("_url")} == providers
    assert options["use_repository_button"] is bool(providers)


def configured(**settings):
    """The settings of the site after `course.configure`; solutions shown unless told otherwise."""
    config = types.SimpleNamespace(html_theme_options={}, solutions="show", html_static_path=[])
    vars(config).update(settings)
    course.configure(types.SimpleNamespace(srcdir=str(ROOT)), config)
    return config


def test_settings_that_depend_on_the_machine(monkeypatch):
    monkeypatch.setenv("BOOK_REPO_URL", "git@github.com:owner/name.git")
    monkeypatch.delenv("BOOK_BASE_URL", raising=False)
    config = configured()
    assert not hasattr(config, "html_baseurl") and not hasattr(config, "html_copy_source")
    assert config.html_static_path == [str(ROOT / "_ext" / "assets")]
    options = config.html_theme_options
    assert options["repository_url"] == "https://github.com/owner/name"
    assert options["repository_branch"] == "notebooks"
    assert options["use_issues_button"] is True and "use_download_button" not in options
    assert options["launch_buttons"]["notebook_interface"] == "jupyterlab"
    monkeypatch.setenv("BOOK_BASE_URL", "https://owner.github.io/name")
    assert configured().html_baseurl == "https://owner.github.io/name"
    hidden = configured(solutions="hide")
    assert hidden.html_copy_source is False
    assert hidden.html_theme_options["use_download_button"] is False


def test_parameters_are_the_public_ones(folder):
    for path in chapters():
        cells = json.loads((folder / "chapters" / path.name).read_text(encoding="utf-8"))["cells"]
        for cell in cells:
            if role_of(cell) == "parameters":
                told = {
                    line.targets[0].id: ast.literal_eval(line.value)
                    for line in ast.parse(source_of(cell)).body
                }
                assert told == read_chapter(path).tasks[exercise_of(cell)].parameters
