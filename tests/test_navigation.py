"""Numbers that lead where they say, and what machines ask a site for."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes
from test_site import DESK, PAGES, PHONE, SITE, go, visit

sys.path.append(str(Path(__file__).parents[1] / "_ext"))
import addresses
import navigation

CHAPTERS = {int(page[9:11]): page for page in PAGES if re.match(r"chapters/\d\d_", page)}
built = pytest.mark.site


def html(page: str) -> str:
    return (SITE / page).read_text(encoding="utf-8")


def article(page: str) -> str:
    """The page's text, without scripts, styles and code."""
    text = re.search(r"<article.*</article>", html(page), re.S)
    return re.sub(r"<(script|style|pre|code)\b.*?</\1>", "", text[0] if text else "", flags=re.S)


# ---- numbers -------------------------------------------------------------------------------------


@built
@pytest.mark.parametrize("number", CHAPTERS)
def test_a_chapter_has_its_number_everywhere(number):
    page, text = CHAPTERS[number], html(CHAPTERS[number])
    title = re.search(r"<title>(\d+) ([^<]+) &#8212;", text)
    assert title and int(title[1]) == number
    assert f'<h1><span class="section-number">{number} </span>{title[2]}' in text
    assert re.search(rf'href="{Path(page).name}">{number} ', html("chapters/claims.html"))
    after = CHAPTERS.get(number + 1)
    if after:
        beside = re.search(r'class="right-next".*?</a>', text, re.S)[0]
        assert after[9:] in beside and f'"section-number">{number + 1} <' in beside
    figures = re.findall(r'caption-number">Figure ([\d.]+) <', text)
    assert figures == [f"{number}.{k}" for k in range(1, len(figures) + 1)] and figures


@built
@pytest.mark.parametrize("page", CHAPTERS.values())
def test_sections_are_numbered_without_a_gap_but_those_that_lead_out(page):
    heads = re.findall(
        r'<h2>(?:<span class="section-number">[\d.]+?(\d+) </span>)?“?(\w+)', html(page)
    )
    numbers = [int(number) for number, _ in heads if number]
    assert numbers == list(range(1, len(numbers) + 1)) and numbers
    bare = [title for number, title in heads if not number]
    assert bare in (["Next"], ["References", "Next"]) and heads[-1] == ("", "Next")
    assert not re.search(r"\d</?[^>]*>\s*(?:References|Next)</a>", html(page))


@built
def test_figures_of_other_pages_begin_with_one():
    for page in ("howto/refits.html", "howto/which_form.html", "index.html"):
        assert re.search(r'caption-number">Figure ([\d.]+) <', html(page))[1] == "1"


@built
@pytest.mark.parametrize("page", [*CHAPTERS.values(), "chapters/claims.html"])
def test_every_chapter_that_the_text_names_is_a_link_to_it(page):
    text = re.sub(r"<(h[1-6])\b.*?</\1>", "", article(page), flags=re.S)
    own = int(page[9:11]) if page[9].isdigit() else None
    for link in re.findall(r"<a\b.*?</a>", text, re.S):
        said = re.fullmatch(r"[Cc]hapters? (\d+)", re.sub("<[^>]+>", "", link).strip())
        if said:
            assert Path(CHAPTERS[int(said[1])]).name in link or int(said[1]) == own, link
    outside = re.sub("<[^>]+>", " ", re.sub(r"<a\b.*?</a>", "", text, flags=re.S))
    named = {int(found) for found in re.findall(r"(?i)\bchapters? (\d+)", outside)}
    assert named <= {own}


@built
def test_links_to_sections_lead_to_places_that_are_there():
    count = 0
    for page in CHAPTERS.values():
        for name, place in re.findall(r'href="(\d\d_\w+\.html)#([^"]+)"', article(page)):
            count += 1
            assert f'id="{place}"' in html(f"chapters/{name}"), (page, name, place)
    assert count > 30


@pytest.mark.parametrize(
    "text, links",
    [
        ("As chapter 9 shows", ["chapter 9"]),
        ("Chapters 8 to 10, and 12", ["Chapters 8", "10", "12"]),
        ("chapters 1, 2 and 3 in 2019, 10 times", ["chapters 1", "2", "3"]),
        ("chapter 99; 4 chapters", []),
    ],
)
def test_mentions_become_links(text, links):
    parts = navigation.linked(text, {n: f"{n:02}.html" for n in range(1, 15)})
    assert "".join(said for said, _ in parts) == text
    assert [said for said, uri in parts if uri] == links
    assert all(uri == f"{int(said.split()[-1]):02}.html" for said, uri in parts if uri)


def test_mentions_in_markup_become_links_outside_tags_and_links():
    html = '<p title="chapter 9">chapter 9, <a href="x">chapter 9</a>, <code>chapter 9</code></p>'
    linked = navigation._linked_markup(html, {9: "9.html"})
    assert linked == html.replace(
        ">chapter 9,", '><a class="reference internal" href="9.html">chapter 9</a>,', 1
    )


def test_a_number_that_is_not_the_targets_is_a_warning(monkeypatch):
    said = []
    monkeypatch.setattr(navigation.log, "warning", lambda text, *rest, **_: said.append(rest[:3]))
    places = {
        "a.html": ("chapter", "9", "Fit"),
        "a.html#b": ("section", "9.2", "Runs"),
        "#f": ("figure", "8.3", ""),
    }
    monkeypatch.setattr(navigation, "_places", lambda app, name: places)

    def shown(uri, text):
        link = nodes.reference("", text, refuri=uri)
        navigation.name_links(None, nodes.paragraph("", "", nodes.Text("see "), link), "page")
        return link.astext()

    assert shown("a.html", "Fit") == "Fit (chapter 9)"
    assert shown("a.html#b", "Runs") == "Runs (section 9.2)"
    assert [shown("a.html#b", text) for text in ("chapter 9", "section 9.2")] and not said
    assert shown("#f", "Figure 8.3") == "Figure 8.3" and not said
    for uri, text in (("a.html", "chapter 8"), ("a.html#b", "section 9.3"), ("#f", "figure 8.2")):
        shown(uri, text)
    assert [one[0] for one in said] == ["chapter 8", "section 9.3", "figure 8.2"]


# ---- in a browser --------------------------------------------------------------------------------


def test_contents_say_where_the_reader_is_and_what_is_done(browser, base):
    with visit(browser, base, "chapters/08_isoflops.html") as seen:
        current = seen.page.locator(".bd-docs-nav [aria-current=page]")
        assert current.count() == 1 and current.inner_text().startswith("8 IsoFLOPs")
        boxes = seen.page.locator("script.sl-boxes").evaluate("(it) => JSON.parse(it.textContent)")
        (name, box), *_ = boxes["boxes"].items()
        seen.page.evaluate(
            """([name, key]) => {
                localStorage.setItem("scalinglib.answers", JSON.stringify(
                    { exercises: { [name]: { status: "right", key } } }));
                dispatchEvent(new StorageEvent("storage"));
            }""",
            [name, box["key"]],
        )
        assert re.search(r"1/\d$", current.inner_text())
        assert seen.problems == []


def test_on_this_page_works_on_a_phone(browser, base):
    with visit(browser, base, "chapters/08_isoflops.html", PHONE) as seen:
        button = seen.page.locator(".secondary-toggle:visible")
        seen.page.evaluate("document.querySelector('#slide-the-window').scrollIntoView()")
        seen.page.wait_for_function(
            "document.querySelector('.sl-here').textContent.startsWith('8.3')"
        )
        button.click()
        link = seen.page.get_by_role("link", name="8.6 Approach 1").locator("visible=true")
        link.first.click()
        seen.page.wait_for_function(
            """() => {
                const { top } = document
                    .querySelector("#approach-1-the-envelope")
                    .getBoundingClientRect();
                return -5 < top && top < 200 && !document.querySelector("dialog[open]");
            }"""
        )
        assert seen.problems == []


def link(anchor: str, title: str) -> nodes.reference:
    return nodes.reference("", title, refuri="", anchorname=anchor, secnumber=(9, 9))


@pytest.fixture
def two_pages():
    """Chapters 8 and 9, and a page without a number; what a build knows of them."""
    toc = [
        [link("", "Eight"), link("#a", "Slide it"), link("#r", "References")],
        [link("", "Nine"), link("#b", "Fit it")],
        [link("", "Notation"), link("#n", "Signs")],
    ]
    pages = ["c/08", "c/09", "c/notation"]
    env = SimpleNamespace(
        tocs={page: nodes.bullet_list("", *links) for page, links in zip(pages, toc, strict=True)},
        toc_secnumbers={
            "c/08": {"": (8,), "#a": (8, 1), "#r": (8, 2)},
            "c/09": {"": (9,), "#b": (9, 1)},
            "c/notation": {},
        },
        toc_fignumbers={
            "c/08": {"figure": {"fig": (8, 3)}},
            "c/notation": {"figure": {"one": (8, 4), "two": (8, 5)}, "table": {"t": (8, 6)}},
        },
    )
    builder = SimpleNamespace(format="html", get_relative_uri=lambda _, page: f"{page[2:]}.html")
    return SimpleNamespace(env=env, builder=builder)


def test_what_leads_out_of_a_chapter_has_no_number(two_pages):
    env = two_pages.env
    navigation.number_sections(two_pages, env)
    assert env.toc_secnumbers["c/08"] == {"": (8,), "#a": (8, 1), "#r": ()}
    numbered = [one.get("secnumber") for one in env.tocs["c/08"].findall(nodes.reference)]
    assert numbered == [(9, 9), (9, 9), None]
    assert navigation.chapters(env) == {8: "c/08", 9: "c/09"}


def test_a_page_without_a_number_counts_its_figures_by_itself(two_pages):
    navigation.number_figures(two_pages, two_pages.env)
    assert two_pages.env.toc_fignumbers == {
        "c/08": {"figure": {"fig": (8, 3)}},
        "c/notation": {"figure": {"one": (1,), "two": (2,)}, "table": {"t": (1,)}},
    }


def test_mentions_lead_to_other_chapters_where_nothing_leads_already(two_pages):
    doctree = nodes.paragraph(
        "",
        "",
        nodes.Text("In chapters 8 and 9 "),
        nodes.literal("", "chapter 9"),
        nodes.reference("", "", nodes.strong("", "chapter 9"), refuri="x.html"),
        nodes.raw("", "<p>as chapter 9 says</p>", format="html"),
        nodes.raw("", "as chapter 9 says", format="latex"),
    )
    navigation.link_mentions(two_pages, doctree, "c/08")
    found = [(one.astext(), one["refuri"]) for one in doctree.findall(nodes.reference)]
    assert found == [("9", "09.html"), ("chapter 9", "x.html")]
    html, other = (raw.astext() for raw in doctree.findall(nodes.raw))
    assert '<a class="reference internal" href="09.html">chapter 9</a>' in html
    assert other == "as chapter 9 says"


@pytest.mark.parametrize(
    "uri, before, title, shown, told",
    [
        ("09.html", "see ", "Nine", "see Nine (chapter 9)", []),
        ("09.html#b", "see ", "Fit it", "see Fit it (section 9.1)", []),
        ("09.html#b", "(see ", "Fit it", "(see Fit it, section 9.1", []),
        ("09.html#b", "(a) ", "Fit it", "(a) Fit it (section 9.1)", []),
        ("#a", "", "Slide it", "Slide it (section 8.1)", []),
        ("09.html#b", "", "how to fit", "how to fit", []),
        ("09.html#b", "", "section 9.1", "section 9.1", []),
        ("09.html#b", "", "section 9.2", "section 9.2", [("section 9.2", "section", "9.1")]),
        ("#fig", "", "figure 8.4", "figure 8.4", [("figure 8.4", "figure", "8.3")]),
        ("notation.html#n", "", "Signs", "Signs", []),
    ],
)
def test_a_link_says_the_number_of_where_it_leads(
    two_pages, monkeypatch, uri, before, title, shown, told
):
    said = []
    monkeypatch.setattr(navigation.log, "warning", lambda text, *rest, **_: said.append(rest[:3]))
    way = nodes.reference("", title, **({"refid": uri[1:]} if uri[0] == "#" else {"refuri": uri}))
    line = nodes.paragraph("", "", nodes.Text(before), way)
    navigation.resolved(two_pages, line, "c/08")
    assert (line.astext(), said) == (shown, told)


def test_a_link_to_a_chapter_has_its_title_beside_it(two_pages):
    way = nodes.reference("", "Chapter 9", refuri="09.html")
    navigation.resolved(two_pages, nodes.paragraph("", "", way), "c/08")
    assert way["reftitle"] == "9 Nine"


FIRST = "One two three. " * 12 + "And a last one that goes beyond the end of what fits."


@pytest.mark.parametrize(
    "text, said",
    [
        ("Short\n and one.", "Short and one."),
        ("x" * 200, "x" * 200),
        (FIRST, ("One two three. " * 12).strip()),
        ("A word, " * 40, "A word, " * 24 + "A …"),
        ("", addresses.DESCRIPTION),
    ],
)
def test_a_page_is_described_by_its_first_sentences(text, said):
    assert addresses.description(nodes.paragraph("", text)) == said


@pytest.mark.parametrize(
    "base, page", [("https://x.org/b/", "index"), ("https://x.org/b/", "c/08"), ("", "index")]
)
def test_a_page_tells_its_address_where_that_is_known(base, page):
    config = SimpleNamespace(html_baseurl=base, root_doc="index")
    context: dict = {}
    addresses.describe(
        SimpleNamespace(config=config), page, "", context, nodes.paragraph("", "Own.")
    )
    front = bool(base) and page == "index"
    assert context["description"] == (addresses.DESCRIPTION if front else "Own.")
    assert context.get("card") == ("https://x.org/b/_static/card.png" if base else None)
    assert context.get("pageurl") == ("https://x.org/b/" if front else None)


# ---- machines ------------------------------------------------------------------------------------


def site_at(base: str, tmp_path: Path):
    (tmp_path / "_static").mkdir(exist_ok=True)
    (tmp_path / "404.html").write_text('<a href="index.html"></a><a href="#x"></a><b src="./y">')
    return SimpleNamespace(
        outdir=str(tmp_path),
        config=SimpleNamespace(html_baseurl=base, root_doc="index"),
        env=SimpleNamespace(found_docs={"index", "chapters/a"}),
        builder=SimpleNamespace(format="html", get_target_uri=lambda name: f"{name}.html"),
    )


def test_a_site_whose_place_is_known_has_a_map_a_card_and_a_404_page_for_any_depth(tmp_path):
    addresses.write(site_at("https://owner.github.io/name/", tmp_path), None)
    rows = ET.parse(tmp_path / "sitemap.xml").getroot()
    places = [row[0].text for row in rows]
    assert places == [
        "https://owner.github.io/name/",
        "https://owner.github.io/name/chapters/a.html",
    ]
    robots = (tmp_path / "robots.txt").read_text()
    assert robots.endswith("Sitemap: https://owner.github.io/name/sitemap.xml\n")
    assert (tmp_path / "_static/card.png").stat().st_size > 5000
    page = (tmp_path / "404.html").read_text()
    assert page == '<a href="/name/index.html"></a><a href="#x"></a><b src="/name/y">'


def test_a_site_whose_place_is_not_known_has_robots_alone(tmp_path):
    addresses.write(site_at("", tmp_path), None)
    assert (tmp_path / "robots.txt").read_text() == "User-agent: *\nAllow: /\n"
    assert not (tmp_path / "sitemap.xml").exists()


@built
@pytest.mark.parametrize("page", ["index.html", *CHAPTERS.values(), "404.html", "search.html"])
def test_a_page_says_what_it_is(page):
    text = html(page)
    said = {
        name: re.findall(rf'<meta (?:name|property)="{name}" content="([^"]*)"', text)
        for name in ("description", "og:title", "og:description", "og:type", "og:site_name")
    }
    assert all(len(one) == 1 and one[0] for one in said.values()), said
    assert 40 < len(said["description"][0]) < 260
    assert len(re.findall("<title>", text)) == 1 and "Scaling Laws —" not in text
    with_base = 'rel="canonical"' in text
    assert with_base == ('property="og:image"' in text)


@built
def test_chapters_describe_themselves():
    told = [
        re.search(r'"description" content="([^"]*)', html(page))[1] for page in CHAPTERS.values()
    ]
    assert len(set(told)) == len(told)


def test_the_404_page_leads_on(browser, base):
    with visit(browser, base, "404.html", DESK) as seen:
        assert seen.page.locator("h1").inner_text() == "There is no such page"
        go(seen, "404.html")
        assert seen.page.locator("main form.bd-search").count() == 1
