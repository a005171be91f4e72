"""The course without a network: one zip, whose pages work when they are opened from a file."""

import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "_ext"))
import offline  # noqa: E402


def test_the_zip_has_site_notebooks_wheel_and_data(tmp_path):
    site, notebooks = tmp_path / "site", tmp_path / "notebooks"
    (site / "_static").mkdir(parents=True)
    (notebooks / "chapters").mkdir(parents=True)
    wheel = tmp_path / "scalinglib-1.2.3-py3-none-any.whl"
    wheel.write_bytes(b"PK")
    (notebooks / "chapters" / "01.ipynb").write_text("{}")
    with pytest.raises(FileNotFoundError, match="make book"):
        offline.bundle(site, notebooks, wheel, tmp_path / "x.zip")
    for name in ("index.html", "_static/site.css"):
        (site / name).write_text("x")
    offline.bundle(site, notebooks, wheel, tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        names = set(archive.namelist())
        read = archive.read("scaling-laws/README.txt").decode()
    wanted = {"site/index.html", "site/_static/site.css", "notebooks/chapters/01.ipynb"}
    assert names >= {f"scaling-laws/{name}" for name in {*wanted, wheel.name, "data/models.csv"}}
    assert f"pip install {wheel.name}" in read and "{" not in read


@pytest.mark.site
def test_pages_work_from_a_file(browser, base):
    """Pictures move, boxes judge, words and folds open, the search finds: no server, no errors."""
    from test_site import SITE

    said = []
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    page = context.new_page()
    page.on("console", lambda told: told.type == "error" and said.append(told.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda asked: said.append(f"failed: {asked.url}"))
    page.on("request", lambda asked: asked.url[:4] == "http" and said.append(asked.url))
    page.goto((SITE / "chapters" / "08_isoflops.html").as_uri())
    page.get_by_role("button", name="Never cover anything", exact=True).first.click()
    picture = page.locator("[data-widget=ready] .sl").first
    picture.scroll_into_view_if_needed()
    sentence = picture.locator(".sl-sentence")
    before = sentence.inner_text()
    handle = picture.locator("[role=slider], input[type=range]").first
    handle.focus()
    handle.press("ArrowRight")
    handle.press("Enter")
    page.wait_for_function(
        "([it, text]) => it.innerText !== text", arg=[sentence.element_handle(), before]
    )
    box = page.locator(".sl-box[data-id='08-parabola']")
    box.get_by_role("textbox").first.fill("1.5e9")
    box.get_by_role("button", name="Check").click()
    page.wait_for_selector(".sl-box[data-id='08-parabola'][data-status=right]")
    page.locator("details.deeper > summary").first.click()
    assert page.locator("details.deeper[open]").count() == 1
    assert said == []
    page.goto((SITE / "search.html").as_uri() + "?q=bootstrap")
    page.wait_for_selector("main li a")
    context.close()
