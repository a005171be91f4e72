"""Pictures and pages for every reader: keys, touch, narrow screens, other colours, no scripts.

What axe can see is held by test_site.py, keys of handles by test_widget_controls.py.
"""

from __future__ import annotations

import html
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from test_plots import contrast
from test_site import PAGES, SITE, WITH_WIDGETS, go, visit

sys.path.append(str(Path(__file__).parents[1] / "_ext"))
import pictures

from scalinglib import widgets
from scalinglib.widgets.picture import Picture

ROOT = Path(__file__).parents[1]
built = pytest.mark.site
STYLES = sorted((ROOT / "scalinglib/widgets").glob("*.css"))
#: lines of the axes, halos of letters, the ground of a chart: no data
NO_DATA = ("sl-grid", "sl-note", "sl-water", "sl-ring", "sl-window", "sl-tested")
CHAPTERS = [page for page in PAGES if re.match(r"chapters/\d\d_", page)]


def text_of(page: str) -> str:
    return (SITE / page).read_text(encoding="utf-8")


# ---- contrast ------------------------------------------------------------------------------------


def colours(dark: bool) -> dict[str, np.ndarray]:
    """The colours of ui.css by name, 0 to 1."""
    sheet = (ROOT / "scalinglib/widgets/ui.css").read_text(encoding="utf-8")
    block = re.findall(r"--sl-N: #.*?\}", sheet, re.S)[int(dark)]
    found = re.findall(r"--sl-(\w+): (?:var\(.*)?(#[0-9a-f]{3,6})", block)
    found = [(name, code[1:] * (2 if len(code) == 4 else 1)) for name, code in found]
    return {
        name: np.array([int(code[at : at + 2], 16) / 255 for at in (0, 2, 4)])
        for name, code in found
    }


def pale(sheet: str) -> list[tuple[str, float]]:
    """(selector, opacity) of what is drawn half transparent and carries data."""
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", sheet)
    found = []
    for selector, body in rules:
        said = re.findall(r"(?<![\w-])((?:stroke-|fill-)?opacity): ([\d.]+)", body)
        for name, value in said:
            area = name == "fill-opacity" and "circle" not in selector
            if not area and not any(one in selector for one in NO_DATA) and float(value):
                found.append((selector.strip(), float(value)))
    return found


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_what_is_drawn_half_transparent_can_be_seen(path, dark):
    """3:1 against the ground, of the colour that the rule names, else of compute, the palest."""
    sheet = path.read_text(encoding="utf-8")
    known = colours(dark)
    for selector, opacity in pale(sheet):
        body = sheet[sheet.index(selector) :].split("}")[0]
        name = (re.findall(r"var\(--sl-(\w+)\)", body) or ["C"])[0]
        mixed = opacity * known[name] + (1 - opacity) * known["bg"]
        assert contrast(mixed, known["bg"]) >= 3, (selector, opacity)


def test_a_pale_line_is_found():
    assert pale(".sl-x .sl-contour { stroke-opacity: 0.45 }") == [(".sl-x .sl-contour", 0.45)]
    assert pale(".sl-grid { opacity: 0.7 }") == []


# ---- without scripts -----------------------------------------------------------------------------

FIGURE = re.compile(r'<figure[^>]* id="picture-\w+".*?</figure>', re.S)
STILL = re.compile(r"<noscript>\n<p><strong>(.*?)</strong></p>(.*?)</noscript>", re.S)


@built
@pytest.mark.parametrize("page", WITH_WIDGETS)
def test_a_picture_is_a_figure_with_caption_number_and_permalink(page):
    text = text_of(page)
    figures = FIGURE.findall(text)
    assert len(figures) == text.count(f'type="{pictures.VIEW}"')
    for figure in figures:
        caption = figure.split("<figcaption>")[1]
        assert re.search(r'caption-number">Figure [\d.]+ <', caption)
        assert re.search(r'caption-text">[^<]{30,}', caption)
        assert re.search(r'class="headerlink" href="#picture-\w+"', caption)


@built
@pytest.mark.parametrize("page", WITH_WIDGETS)
def test_with_scripts_off_a_still_its_sentence_and_what_is_missing(page):
    text = text_of(page)
    stills = STILL.findall(text)
    assert len(stills) == text.count(f'type="{pictures.VIEW}"')
    for question, rest in stills:
        assert question and pictures.OFF in rest
        source, alt = re.search(r'<img src="([^"]+)".*? alt="([^"]+)"', rest, re.S).groups()
        assert len(alt) > 20 and f"<p>{alt}</p>" in rest
        drawn = ((SITE / page).parent / source).resolve()
        root = ET.fromstring(drawn.read_text(encoding="utf-8"))
        marks = [one for one in root.iter() if one.tag.endswith(("path", "circle", "rect"))]
        assert len(marks) > 5 and drawn.stat().st_size < 40_000
        said = " ".join(root.itertext())
        assert not re.search(r"NaN|undefined|Infinity", said)
    for box in re.findall(r'<div class="sl-box" data-id="[^"]+">(.{10})', text):
        assert box == "<noscript>" or "For the notebook" in text


def test_a_still_keeps_its_shape():
    file = pictures.as_file({"width": 640, "height": 360, "svg": "<path/>"}, "")
    assert 'width="640" height="360" viewBox="0 0 640 360"' in file


def test_a_still_without_node_is_words(monkeypatch):
    monkeypatch.setattr(pictures.shutil, "which", lambda name: None)
    state = {"_anywidget_id": f"{widgets.__name__}.two_levers.TwoLevers", "question": "Why < this?"}
    assert pictures.stills({"x": state}) == {}
    words = pictures.without_scripts(state, None, "../")
    assert "Why &lt; this?" in words and pictures.OFF in words and "<img" not in words


@pytest.mark.parametrize("kind", Picture.__subclasses__(), ids=lambda kind: kind.__name__)
def test_every_picture_has_a_caption(kind):
    assert 40 < len(kind.caption) < 130 and kind.caption.endswith(".")


# ---- the front page ------------------------------------------------------------------------------


@built
def test_the_front_page_says_what_for_whom_how_long_and_where_to_start():
    text = text_of("index.html").split("<article", 1)[1]
    at = [
        text.index(words)
        for words in (
            '<a href="chapters/01_three_levers.html">Start',
            "You will be able to",
            "You need",
            "It takes",
            "Parameters",
            "Tokens",
            "FLOPs",
            "Nats",
            'id="picture-lawexplorer"',
            "Licence, and how to cite it",
        )
    ]
    assert at == sorted(at)
    assert text.count("<table") == 1
    rows = re.findall(r'<th scope="row"><a href="([^"]+)">\d+ [^<]+</a><br>([^<]+)</th>', text)
    assert [row[0] for row in rows] == CHAPTERS and all(len(row[1]) > 20 for row in rows)
    cited = re.sub(r"<[^>]+>", "", text[text.index("Licence, and how to cite it") :])
    assert "Neural scaling laws: an executable course" in cited and "@misc{scalinglib" in cited


@built
def test_hours_on_the_front_page_are_those_of_the_table():
    text = html.unescape(text_of("index.html"))
    told = re.search(r"about (\d+) hours to read, and (\d+) more", text)
    minutes = [int(one) for one in re.findall(r"</th><td>(\d+)</td>", text)]
    assert int(told[1]) == round(sum(minutes) / 60)
    exercises = sum(
        int(re.search(r"and (\d+) for the exercises", text_of(page))[1]) for page in CHAPTERS
    )
    assert int(told[2]) == round(exercises / 60)


def test_the_front_page_leads_back_to_where_the_reader_was(browser, base):
    with visit(browser, base, "chapters/08_isoflops.html") as seen:
        page = seen.page
        page.evaluate("document.querySelector('#slide-the-window').scrollIntoView()")
        page.goto(base + "index.html")
        back = page.get_by_role("link", name="Continue where you were: 8.3")
        assert back.get_attribute("href").endswith("08_isoflops.html#slide-the-window")
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Erase everything").click()
        assert back.count() == 0
        page.reload()
        assert back.count() == 0 and page.get_by_role("link", name="Start with").count() == 1
        assert seen.problems == []


# ---- in a browser --------------------------------------------------------------------------------

# One of each look that can have the focus; those that look the same with it and without.
UNSEEN = """() => {
    const look = it => [it, ...it.querySelectorAll("*")].map(one => {
        const style = getComputedStyle(one);
        const none = style.outlineStyle === "none";
        const outline = none ? "" : style.outlineColor + style.outlineWidth;
        return [outline, style.boxShadow, style.borderColor, style.backgroundColor,
                style.textDecorationLine + style.textDecorationThickness, style.stroke,
                style.strokeWidth, style.opacity].join();
    }).join();
    const kinds = new Set(), unseen = [];
    for (const it of document.querySelectorAll(
        "a[href], button, input, select, summary, textarea, [tabindex='0']")) {
        const kind = `${it.localName} ${it.getAttribute("class")}`;
        if (kinds.has(kind) || it.disabled || !it.checkVisibility({ visibilityProperty: true }))
            continue;
        kinds.add(kind);
        document.activeElement?.blur();
        const before = look(it);
        it.focus({ focusVisible: true, preventScroll: true });
        if (document.activeElement === it && look(it) === before) unseen.push(kind);
    }
    return [kinds.size, unseen];
}"""


@pytest.mark.parametrize("page", ["index.html", "chapters/08_isoflops.html"])
def test_the_focus_can_always_be_seen(browser, base, page):
    with visit(browser, base, page) as seen:
        tried, unseen = seen.page.evaluate(UNSEEN)
        assert tried > 15 and unseen == []
        seen.page.add_style_tag(
            content="* { outline: none !important; box-shadow: none !important }"
        )
        assert seen.page.evaluate(UNSEEN)[1] != []


def uncover(page) -> None:
    """Ask for the pictures that wait for a guess; a click takes the button away."""
    show = page.get_by_role("button", name="Show me", exact=True)
    for _ in range(show.count()):
        show.first.click()


def test_pictures_are_silent_until_used_and_on_resize(browser, base):
    with visit(browser, base, "chapters/08_isoflops.html") as seen:
        page, spoken = seen.page, seen.page.locator(".sl-spoken").first
        picture = page.locator(".sl").first
        uncover(page)
        picture.scroll_into_view_if_needed()
        page.set_viewport_size({"width": 700, "height": 900})
        page.wait_for_timeout(900)
        assert spoken.text_content() == ""
        heading = picture.get_by_role("heading")
        assert heading.count() == 1 and heading.get_attribute("aria-level") == "3"
        handle = picture.get_by_role("slider").first
        handle.focus()
        top = page.evaluate("scrollY")
        for key in ("End", "PageUp", "Home"):
            page.keyboard.press(key)
        page.wait_for_function(
            """picture => {
                const said = picture.querySelector(".sl-sentence").textContent;
                return said && said === picture.querySelector(".sl-spoken").textContent;
            }""",
            arg=picture.element_handle(),
        )
        assert page.evaluate("scrollY") == top


AT_REST = """() => new Promise((done) => {
    let [last, still] = [scrollY, 0];
    const look = () => {
        still = scrollY === last ? still + 1 : 0;
        last = scrollY;
        if (still > 9) done();
        else requestAnimationFrame(look);
    };
    look();
})"""


def test_a_thumb_that_scrolls_past_a_slider_does_not_set_it(browser, base):
    with visit(browser, base, "chapters/08_isoflops.html", 390) as seen:
        page = seen.page
        uncover(page)
        slider = page.locator(".sl input[type=range]").first
        devtools = page.context.new_cdp_session(page)
        before = slider.input_value()

        def swipe(slider, right: int, down: int) -> float:
            """The way that the page was scrolled by."""
            page.evaluate(AT_REST)  # a page that was swiped glides on
            slider.evaluate("(it) => it.scrollIntoView({ block: 'center' })")
            page.evaluate(AT_REST)
            top, box = page.evaluate("scrollY"), slider.bounding_box()
            x, y = box["x"] + 0.25 * box["width"], box["y"] + box["height"] / 2
            for step in range(9):
                kind = "touchMove" if step else "touchStart"
                place = {"x": x + right * step / 8, "y": y + down * step / 8}
                devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [place]})
            devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
            page.wait_for_timeout(200)
            page.evaluate(AT_REST)
            return page.evaluate("scrollY") - top

        assert swipe(slider, 4, -160) > 50 and slider.input_value() == before
        assert swipe(slider, 100, 0) < 10 and slider.input_value() != before
        # the browser alone would have set it
        slider.evaluate(
            "(it) => it.after(Object.assign(document.createElement('input'), { type: 'range' }))"
        )
        bare = page.locator(".sl input[type=range] + input")
        bare.evaluate("(it) => { it.value = 90; }")
        assert swipe(bare, 4, -160) > 50 and bare.input_value() != "90"


def test_forced_colours_keep_measured_and_simulated_apart(browser, base):
    """Filled and hollow, in colours of the system, whichever theme the page has."""
    context = browser.new_context(forced_colors="active", color_scheme="dark")
    page = context.new_page()
    page.goto(base + "chapters/14_limits.html")
    page.wait_for_selector(".sl-stage circle", state="attached")
    fills = page.evaluate("""() => {
        const colour = (name) => {
            const it = document.body.appendChild(document.createElement("i"));
            it.style.color = name;
            return getComputedStyle(it).color;
        };
        const root = document.querySelector(".sl-stage").firstElementChild;
        const fill = (kind) => {
            const dot = `<g class="sl-dots sl-measured ${kind}"><circle r="5"/></g>`;
            root.insertAdjacentHTML("beforeend", dot);
            const style = getComputedStyle(root.lastElementChild.firstElementChild);
            return [style.fill, style.stroke];
        };
        return [fill(""), fill("sl-rings"), colour("CanvasText"), colour("Canvas")];
    }""")
    filled, hollow, text, ground = fills
    assert filled[0] == text == hollow[1] and hollow[0] == ground != text
    context.close()


def test_no_button_lies_over_the_text_of_a_phone(browser, base):
    with visit(browser, base, "chapters/08_isoflops.html", 390) as seen:
        seen.page.evaluate("scrollTo(0, 5000)")
        seen.page.wait_for_timeout(300)
        seen.page.evaluate("scrollTo(0, 4000)")
        seen.page.wait_for_timeout(300)
        over = seen.page.evaluate("""() => {
            const bar = document.querySelector(".bd-header-article").getBoundingClientRect().bottom;
            return ["#pst-back-to-top", ".sl-pad-open"].filter(name => {
                const it = document.querySelector(name);
                return it?.checkVisibility() && it.getBoundingClientRect().bottom > bar + 1;
            });
        }""")
        assert over == []
        seen.page.get_by_role("button", name="Scratchpad").click()
        assert seen.page.locator(".sl-pad").is_visible()
        go(seen, "index.html")
        assert seen.problems == []
