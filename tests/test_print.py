"""Paper: nothing cut off, nothing that can only be pressed, and room for every answer."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "_ext"))
import pdf  # noqa: E402

ROOM = 665  # px between the margins of A4 (print.css)
FAULTS = """() => {
    const seen = it => it.checkVisibility() && it.getBoundingClientRect().height > 0;
    const all = chosen => [...document.querySelectorAll(chosen)];
    const say = (chosen, what) => all(chosen).filter(seen)
        .map(it => `${what}: ${it.outerHTML.slice(0, 120)}`);
    const said = [
        ...say("button, input, select, textarea, [role=button], form", "a control"),
        ...say("nav, .bd-sidebar, .sl-hint, details.hide", "something to press"),
        ...all("details").filter(it => seen(it) && !it.open && !it.closest(".sl-ask"))
            .map(it => `closed: ${it.textContent.slice(0, 60)}`),
    ];
    for (const it of all(".bd-article *")) {
        if (!seen(it) || it.closest("svg, math") || getComputedStyle(it).position === "absolute")
            continue;
        const { right } = it.getBoundingClientRect();
        if (right > innerWidth + 1 || (getComputedStyle(it).overflowX !== "visible" &&
            it.scrollWidth > it.clientWidth + 1))
            said.push(`cut off at ${Math.round(right)} px: ${it.outerHTML.slice(0, 120)}`);
    }
    for (const it of all(".sl")) {
        const stage = it.querySelector("svg")?.getBoundingClientRect();
        if (!(stage?.height > 100 && stage.width > 200)) said.push("a picture is not drawn");
        if (!seen(it.querySelector(".sl-sentence"))) said.push("a picture without its sentence");
    }
    for (const it of all("figure"))
        if (!seen(it.querySelector("img, svg")) || !seen(it.querySelector("figcaption")))
            said.push(`a figure without picture or caption: ${it.id}`);
    for (const it of all(".sl-box, .sl-guess")) {
        const line = getComputedStyle(it, "::after");
        if (!seen(it) || !/answer|guess/.test(line.content) || line.borderBottomStyle !== "solid")
            said.push(`no line to write on: ${it.dataset.id}`);
        const lines = [...it.querySelectorAll("hr")].filter(seen).length;
        if (it.matches(".sl-box:not(:has(form, noscript))") && lines < 1)
            said.push(`one line for what has no field: ${it.dataset.id}`);
    }
    for (const it of all(".bd-article :is(h2, h3, dt), .sl-minutes"))
        if (getComputedStyle(it).breakAfter !== "avoid")
            said.push(`may be left alone at the foot of a page: ${it.textContent}`);
    const [LONG, SHORT] = [":has(tbody tr:nth-child(20))", ":not(:has(tr:nth-child(15)))"];
    for (const it of all(`main :is(table${LONG}, :is(table, .sl-data)${SHORT}, h2)`)) {
        const whole = getComputedStyle(it).breakInside === "avoid";
        if (whole === it.matches(LONG))
            said.push(`${whole ? "a page left empty before" : "cut in two"}: ${it.textContent}`);
    }
    if (parseFloat(getComputedStyle(document.body).paddingBottom)) said.push("an empty last page");
    if (document.documentElement.dataset.theme !== "light") said.push("dark on paper");
    return said;
}"""


def on_paper(page) -> list[str]:
    """What is wrong with an open page when it is printed."""
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.evaluate(
        """Promise.all([...document.images].map(one => {
            one.loading = "eager";  // as browsers do before they print
            return one.decode().catch(() => null);
        }))"""
    )
    said = page.evaluate(FAULTS)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    return said


@pytest.mark.site
def test_pages_lose_nothing_on_paper(browser, base):
    """The pattern, the longest page and one with data; then what is broken on purpose is told."""
    page = browser.new_page(viewport={"width": ROOM, "height": 900}, color_scheme="dark")
    for name in ("01_three_levers", "09_parametric_fit", "08_isoflops"):
        page.goto(f"{base}chapters/{name}.html")
        page.wait_for_selector(".sl-guess form")
        page.wait_for_selector("[data-widget=ready]", state="attached")
        assert on_paper(page) == [], name
        boxes, exercises = page.evaluate(
            "['.sl-box', 'h3'].map(chosen => document.querySelectorAll(chosen).length)"
        )
        assert 0 < boxes <= exercises
        if name.startswith("09"):
            assert page.locator("[data-id='09-huber'] hr").count() == 5, "six lines for a function"
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.locator("details.deeper[open]").count() == 0
    number = page.locator("[data-id='08-parabola'] input").first
    number.fill("2e5")
    guess = page.locator(".sl-guess:has(input[type=text])").first
    guess.locator("input").fill("20")
    guess.locator("button").first.click()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for box, typed in (
        ("[data-id='08-parabola']", "2e5"),
        (".sl-guess:has(.sl-said strong)", "20"),
    ):
        line = page.locator(box).evaluate("it => getComputedStyle(it, '::after').content")
        assert re.fullmatch(rf'"Your \w+: {typed}\b.*"', line), "what was typed stands on the line"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    page.add_style_tag(
        content=".sl-box::after { content: none }"
        ".bd-article .sl .sl-controls { display: flex !important }"
        ".bd-content pre { white-space: pre !important; font-size: 30px !important }"
    )
    said = " ".join(on_paper(page))
    for fault in ("a control", "cut off", "no line to write on: 08-parabola"):
        assert fault in said
    page.close()


PAGE = """<!doctype html><html><head><title>{0}</title><style>.mark {{ color: red }}</style></head>
<body><nav class="bd-links"><a class="reference internal" href="a/one.html">1</a>
<a class="reference internal" href="a/two.html">2</a></nav><article class="bd-article">
<h1 id="top">{0}</h1><p id="x">text of {0}</p><a href="{1}">there</a><a href="#x">here</a>
<a href="a.ipynb">notebook</a><svg><clipPath id="c"/><g clip-path="url(#c)"/></svg>
<script>addEventListener("beforeprint", () => {{ document.body.dataset.printed = "yes"; }})</script>
</article></body></html>"""


@pytest.mark.site
def test_the_book_is_one_tagged_document_with_an_outline(browser, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "site.css").write_text("@page { size: A5 }")
    for name, to in (("index", "a/two.html#x"), ("a/one", "two.html"), ("a/two", "../index.html")):
        (tmp_path / f"{name}.html").write_text(PAGE.format(name, to))
    gathered = browser.new_page()
    assert pdf.order(tmp_path) == ["index.html", "a/one.html", "a/two.html"]
    gathered.close()
    assert pdf.book(browser, tmp_path, tmp_path / "book.pdf") == 3
    file = (tmp_path / "book.pdf").read_bytes()
    assert file.startswith(b"%PDF") and b"/StructTreeRoot" in file and b"/Outlines" in file
    assert len(re.findall(rb"/Type\s*/Page\b", file)) == 3, "each article begins a page"
    assert file.count(b"/Subtype /Link") == 6, "links lead on, but for those to notebooks"


@pytest.mark.site
def test_what_is_folded_is_on_paper_without_scripts_too(browser, base):
    bare = browser.new_context(java_script_enabled=False)
    page = bare.new_page()
    page.goto(f"{base}chapters/06_kaplan_laws.html")
    text = page.locator("details.deeper > p").first
    assert not text.is_visible()
    page.emulate_media(media="print")
    assert text.is_visible() and text.bounding_box()["height"] > 10
    bare.close()


def test_each_page_of_the_paper_has_a_number_and_its_margins():
    css = (ROOT / "_ext" / "assets" / "print.css").read_text(encoding="utf-8")
    assert re.search(
        r"@page \{[^}]*size: A4;[^}]*@bottom-center \{\s*content: counter\(page\)", css
    )
