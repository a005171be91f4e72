"""The Sphinx extension's own pieces; pages are tested in the browser (test_site.py)."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

sys.path.append(str(Path(__file__).parents[1] / "_ext"))
import course

from scalinglib import claims

pytestmark = pytest.mark.usefixtures("searched_once")

CHAPTERS = Path(__file__).parents[1] / "chapters"


@pytest.mark.parametrize(
    "address, url",
    [
        ("git@github.com:owner/name.git", "https://github.com/owner/name"),
        ("ssh://git@github.com/owner/name.git", "https://github.com/owner/name"),
        ("https://github.com/owner/name", "https://github.com/owner/name"),
        (
            "https://user:secret@gitlab.example.org/group/sub/name.git",
            "https://gitlab.example.org/group/sub/name",
        ),
        ("/srv/git/name.git", ""),
        ("file:///srv/git/name", ""),
        ("../name", ""),
    ],
)
def test_address_of_the_repository(tmp_path, monkeypatch, address, url):
    monkeypatch.delenv("BOOK_REPO_URL", raising=False)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    subprocess.run(["git", "-C", tmp_path, "remote", "add", "origin", address], check=True)
    assert course.repository_url(tmp_path) == url
    monkeypatch.setenv("BOOK_REPO_URL", address)
    assert course.repository_url(tmp_path / "elsewhere") == url


@pytest.mark.parametrize("name", [path.stem for path in CHAPTERS.glob("[01]*.ipynb")])
def test_every_solution_can_be_left_out(name, monkeypatch):
    """One page of them is built in test_site.py."""
    monkeypatch.setattr(course.answers, "with_boxes", lambda cells, _: list(cells))
    path = CHAPTERS / f"{name}.ipynb"
    kept = {}
    for solutions in ("show", "hide"):
        app = SimpleNamespace(
            env=SimpleNamespace(doc2path=lambda _: path),
            config=SimpleNamespace(solutions=solutions, root_doc="index", html_theme_options={}),
        )
        source = [path.read_text(encoding="utf-8")]
        course.stage_exercises(app, name, source)
        kept[solutions] = json.loads(source[0])["cells"]
    left_out = [cell for cell in kept["show"] if cell not in kept["hide"]]
    tags = [course.answers.tags_of(cell) for cell in left_out]
    assert all("exercise" in tag or "check" in tag for tag in tags) and tags
    for cell in kept["hide"]:
        tags = course.answers.tags_of(cell)
        assert "exercise" not in tags and ("check" not in tags or cell["outputs"] == [])


def test_no_address_without_a_repository(tmp_path, monkeypatch):
    monkeypatch.delenv("BOOK_REPO_URL", raising=False)
    assert course.repository_url(tmp_path) == ""


@pytest.mark.parametrize("error, format", [(None, "latex"), (ValueError("stopped"), "html")])
def test_only_a_site_that_was_built_is_finished(tmp_path, error, format):
    page = tmp_path / "a.html"
    page.write_text("<th></th>")
    app = SimpleNamespace(
        builder=SimpleNamespace(format=format),
        outdir=str(tmp_path),
        srcdir=str(Path(course.__file__).parents[1]),
    )
    course.finish(app, error)
    assert list(tmp_path.iterdir()) == [page] and page.read_text() == "<th></th>"


def test_a_built_site_is_finished(tmp_path):
    page = tmp_path / "a.html"
    page.write_text('<th></th><script src="searchindex.js"></script>')
    app = SimpleNamespace(
        builder=SimpleNamespace(format="html"),
        outdir=str(tmp_path),
        srcdir=str(Path(course.__file__).parents[1]),
    )
    course.finish(app, None)
    assert page.read_text() == "<td></td>"


def test_pictures_get_their_size(tmp_path):
    Image.new("1", (676, 442)).save(tmp_path / "a.png")
    page = course.mended('<img alt="x" src="a.png" /> <img width="5" src="a.png" />', tmp_path)
    assert page.startswith('<img width="676" height="442" loading="lazy" alt="x" src="a.png"')
    assert page.endswith('<img width="5" src="a.png" />')


def test_evidence_gets_a_place_and_links_lead_to_pages():
    """On the claims page links lead to notebooks: the book has pages, and cells with an id."""
    app = SimpleNamespace(env=SimpleNamespace(doc2path=lambda name: f"{name}.ipynb"))
    cells = [{"id": "fits", "cell_type": "code"}, {"id": "noise", "cell_type": "code"}]
    source = [json.dumps({"cells": cells})]
    course.mark_evidence(app, "chapters/08_isoflops", source)
    placed = json.loads(source[0])["cells"]
    assert [cell["id"] for cell in placed] == ["place-fits", "fits", "noise"]
    assert placed[0]["source"] == '<span id="cell-fits"></span>'
    shown = {"text/html": [claims.verdict("A5").row()]}
    source = [json.dumps({"cells": [{"id": "x", "outputs": [{"data": shown}]}]})]
    course.mark_evidence(app, "chapters/claims", source)
    assert '<a href=\\"08_isoflops.html#cell-fits\\">' in source[0] and ".ipynb" not in source[0]
    course.mark_evidence(app, "chapters/claims", untouched := ["{}"])
    assert untouched == ["{}"]
