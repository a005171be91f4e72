"""The built site in a browser: every page, light and dark, desk and phone, other hosts blocked.

Each check is a function that returns complaints; a page passes when there are none. The last tests
break a page on purpose and expect the same functions to complain.
"""

from __future__ import annotations

import functools
import gzip
import http.server
import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT

ROOT = Path(__file__).parents[1]
SITE = ROOT / "_build" / "html"
MOST_REQUESTS = 20  # of the first load
MOST_BYTES = {"index.html": 100_000}  # sent with gzip
MOST_OF_OTHERS = 170_000
DESK, PHONE = 1280, 390
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STATE, VIEW = (f'type="application/vnd.jupyter.widget-{kind}+json"' for kind in ("state", "view"))
SETTLED = 600  # ms that a page may take to draw its pictures, and that a menu may take to open
# until the pictures are drawn, or have not been in that time; and the fonts, and what is left
DRAWN = """async (turns) => {
    const waits = () => document.querySelector("[data-widget=starting]");
    const rest = () => new Promise((done) => setTimeout(done, 25));
    while (turns-- && waits()) await rest();
    await document.fonts.ready;
    await new Promise((done) => requestIdleCallback(done, { timeout: 500 }));
    for (turns = 4; turns--; ) await rest();
}"""


def pages(site: Path) -> list[str]:
    """Every page that was built, as a path below the site."""
    found = (path.relative_to(site) for path in site.rglob("*.html"))
    return sorted(path.as_posix() for path in found if not path.parts[0].startswith("_"))


# without a build the tests run, and fail in the fixture `base`
PAGES = pages(SITE) or ["index.html"]
WITH_WIDGETS = [
    page
    for page in PAGES
    if (SITE / page).is_file() and VIEW in (SITE / page).read_text(encoding="utf-8")
]

WITH_FIGURES = [
    page
    for page in PAGES
    if (SITE / page).is_file() and "_images/" in (SITE / page).read_text(encoding="utf-8")
]


# ---- a browser on a page -------------------------------------------------------------------------


@contextmanager
def served(folder: Path):
    """The folder on a free port of the loopback address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@dataclass
class Visit:
    """A page that is open, and what the browser asked for and complained of meanwhile."""

    page: object
    base: str
    sent: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


@contextmanager
def window(browser, base: str, width: int = DESK, scheme: str = "light"):
    """An empty window of a new reader; what it asks of hosts other than `base` is noted.

    None of them can be reached: the browser knows no names (see tests/browser.py).
    """
    phone = width < 600
    context = browser.new_context(
        viewport={"width": width, "height": 823 if phone else 900},
        color_scheme=scheme,
        reduced_motion="reduce",
        is_mobile=phone,
        has_touch=phone,
    )
    context.set_default_timeout(20_000)
    seen = Visit(context.new_page(), base)

    def asked(request):
        if request.url.startswith(base):
            seen.sent.add(re.split("[?#]", request.url)[0])
        elif not request.url.startswith(("data:", "blob:")):
            seen.problems.append(f"asks another host: {request.url}")

    seen.page.on("request", asked)
    seen.page.on(
        "response",
        lambda got: got.status >= 400 and seen.problems.append(f"{got.status} for {got.url}"),
    )
    seen.page.on(
        "console",
        lambda said: said.type == "error" and seen.problems.append(f"console: {said.text}"),
    )
    seen.page.on("pageerror", lambda error: seen.problems.append(f"script error: {error}"))
    yield seen
    context.close()


def settle(page) -> None:
    """Wait until what the page draws by itself is drawn."""
    page.evaluate(DRAWN, SETTLED // 25)


def go(seen: Visit, path: str) -> None:
    """Open a page in the window, as for the first time."""
    if seen.page.url.startswith(seen.base):
        seen.page.evaluate("localStorage.clear(); sessionStorage.clear()")
        seen.page.mouse.move(0, 0)
        seen.page.goto("about:blank")
    seen.sent.clear()
    seen.problems.clear()
    seen.page.goto(seen.base + path, wait_until="load")
    settle(seen.page)


@contextmanager
def visit(browser, base: str, path: str, width: int = DESK, scheme: str = "light"):
    """Open a page in a window of its own."""
    with window(browser, base, width, scheme) as seen:
        go(seen, path)
        yield seen


# ---- the checks ----------------------------------------------------------------------------------


@functools.cache
def packed(file: Path) -> int:
    """Bytes of a file as it is sent; 0 where there is none."""
    return len(gzip.compress(file.read_bytes())) if file.is_file() else 0


def traffic(seen: Visit, site: Path) -> list[str]:
    """Other hosts, failed requests, script errors; too many requests or bytes in the first load."""
    said = list(seen.problems)
    size = sum(packed(site / url.removeprefix(seen.base)) for url in seen.sent)
    if len(seen.sent) >= MOST_REQUESTS:
        said.append(f"{len(seen.sent)} requests")
    page = seen.page.url.removeprefix(seen.base)
    if size >= MOST_BYTES.get(page, MOST_OF_OTHERS):
        said.append(f"{size / 1000:.0f} kB with gzip")
    return said


# Marks the text whose contrast axe measures, which is most of what axe does: two of each look.
# A look is an element of one name and class, of one colour, in large or small letters, on the same
# backgrounds, under the same positioned elements, seen or hidden or out of reach, longer than one
# letter or not (axe leaves a single letter aside). Every field is marked. Of tokens of code that
# look alike only the first is left. Looks that are known need no measuring; returns all others.
MARK_LOOKS = """(known) => {
    const classes = new Set();
    for (const token of document.querySelectorAll(".highlight pre span[class]")) {
        if (classes.has(token.className)) token.replaceWith(...token.childNodes);
        classes.add(token.className);
    }
    const grounds = new Map([[null, ""]]), over = [], texts = [];
    const looks = new Map(known.map((look) => [look, 2]));
    for (const it of document.querySelectorAll("*")) {
        const style = getComputedStyle(it), box = it.getBoundingClientRect();
        const ground = [style.backgroundColor, style.backgroundImage, style.opacity, style.filter,
                        style.mixBlendMode, style.position].join();
        const below = grounds.get(it.parentElement);
        const plain = ground == "rgba(0, 0, 0, 0),none,1,none,normal,static";
        grounds.set(it, plain ? below : `${below}|${ground}`);
        if (["absolute", "fixed", "sticky"].includes(style.position))
            over.push([it, box, `${it.localName}.${it.className}|${grounds.get(it)}`]);
        const field = it.matches("input, select, textarea");
        const large = parseFloat(style.fontSize) >= (style.fontWeight >= 700 ? 18.6 : 24);
        const text = [...it.childNodes].filter((one) => one.nodeType == 3)
            .map((one) => one.data).join("").trim();
        if (!text && !field) continue;
        texts.push([it, box, field, [
            it.localName, it.className, grounds.get(it), style.color, large, style.textShadow,
            it.checkVisibility({ visibilityProperty: true }), box.width > 1 && box.height > 1,
            box.bottom > 0 && box.right > 0,
            text.length > 1, /[\\p{L}\\p{N}]/u.test(text),
            Boolean(it.closest("[disabled], [aria-disabled=true], [inert]")),
        ].join()]);
    }
    for (const [it, box, field, alone] of texts) {
        const covers = over.flatMap(([other, its, like]) =>
            its.left < box.right && box.left < its.right && its.top < box.bottom &&
            box.top < its.bottom && !other.contains(it) && !it.contains(other) ? [like] : []);
        const look = `${alone} ${covers}`;
        const count = looks.get(look) ?? 0;
        looks.set(look, count + 1);
        it.toggleAttribute("data-look", field || count < 2);
    }
    return [...looks.keys()].slice(known.length);
}"""
# Of brothers that are alike in all but their words and where they lead (rows, items, formulas) two
# are left. Whole pages are looked at by prove_access.py.
THIN_OUT = """() => {
    const kept = "[data-widget], svg, img, form, nav, script, input, select, textarea";
    const words = ["alt", "href", "id", "title"], signs = new Map();
    const sign = (it) => {
        const style = getComputedStyle(it), names = [...it.attributes].map(({ name, value }) =>
            name + (words.includes(name) ? Boolean(value.trim()) : value));
        let found = [it.localName, ...names.sort(), style.color, style.backgroundColor,
                     style.display, style.visibility].join(), whole = !it.matches(kept);
        for (const one of it.childNodes) {
            const text = one.nodeType == 3 ? one.data.trim() : "";
            if (text) found += text.length > 1 ? "A" : "a";
            if (one.nodeType == 1) whole = Boolean(sign(one)) && whole;
            found += signs.get(one) ?? "";
        }
        signs.set(it, whole ? `(${found})` : "");
        return signs.get(it);
    };
    const thin = (it) => {
        const counts = new Map();
        for (const one of [...it.children]) {
            const like = signs.get(one), count = (counts.get(like) ?? 0) + 1;
            counts.set(like, count);
            if (like && count > 2) one.remove();
            else thin(one);
        }
    };
    sign(document.body);
    thin(document.body);
}"""
RUN_AXE = """([context, options]) => {
    axe.configure({ rules: [{ id: "color-contrast", selector: "[data-look]" }] });
    return axe.run(context ?? document, options).then(({ violations }) => violations);
}"""


def accessibility(page, context=None, known=None) -> list[str]:
    """What axe finds on the page, or in what `context` selects: WCAG 2.2 A, AA, best practice.

    known: looks of pages before, in a window of the same kind; those of this page are added.
    """
    options = {
        "runOnly": {"type": "tag", "values": AXE_TAGS},
        "resultTypes": ["violations"],
        "preload": {"assets": ["media"]},  # style sheets are for a rule of another tag
    }
    looks = page.evaluate(MARK_LOOKS, list(known or ()))
    if known is not None:
        known.update(dict.fromkeys(looks))
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(RUN_AXE, [context, options])
    return [
        f"axe: {one['id']} ({one['impact']}) {node['html'][:150]}"
        for one in found
        for node in one["nodes"]
    ]


def sideways(page) -> list[str]:
    """A page that is wider than its window."""
    width, room = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    return [f"scrolls sideways: {width} px in {room} px"] if width > room + 1 else []


# line, letter and word spacing of WCAG 1.4.12
SPACED = (
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; "
    "word-spacing: 0.16em !important } p { margin-bottom: 2em !important }"
)


def squeezed(page) -> list[str]:
    """A page that is wider than 320 px, as it is or with the text spacing of WCAG."""
    before, width = page.viewport_size, "document.documentElement.scrollWidth"
    page.set_viewport_size({"width": 320, "height": before["height"]})
    found = [page.evaluate(width)]
    style = page.add_style_tag(content=SPACED)
    found.append(page.evaluate(width))
    style.evaluate("(it) => it.remove()")
    page.set_viewport_size(before)
    return [f"{found} px wide, plain and spaced, in 320"] if max(found) > 321 else []


def pictures(page) -> list[str]:
    """Pictures without alternative text, larger than shown, or loaded before anyone is near."""
    found = page.evaluate("""Promise.all(
        [...document.querySelectorAll("main img")].map(async (image) => {
        const below = image.getBoundingClientRect().top + scrollY > innerHeight;
        const lazy = image.loading == "lazy";
        image.loading = "eager";
        await image.decode().catch(() => null);
        const size = Number(image.getAttribute("width"));  // on a page with room for it
        const shown = Math.max(size, image.getBoundingClientRect().width * devicePixelRatio);
        return { name: image.getAttribute("src").split("/").pop(), alt: image.alt.trim(),
                 below, lazy, width: image.naturalWidth, shown };
    }))""")
    said = [f"{one['name']} has no alternative text" for one in found if not one["alt"]]
    said += [
        f"{one['name']} is below the fold and not lazy"
        for one in found
        if one["below"] and not one["lazy"]
    ]
    said += [f"{one['name']} cannot be decoded" for one in found if not one["width"]]
    said += [
        f"{one['name']} is {one['width']} px wide, shown in {one['shown']:.0f} px"
        for one in found
        if one["width"] > 2 * one["shown"] + 2  # two pixels for one, for the screens of today
    ]
    return said


def drawn(page, html: str) -> list[str]:
    """Widgets that did not start without a kernel."""
    states = page.evaluate(
        "[...document.querySelectorAll('[data-widget]')].map((one) => one.dataset.widget)"
    )
    wanted = html.count(VIEW)
    said = [f"a widget {state}" for state in states if state != "ready"]
    return said + ([f"{len(states)} widgets drawn of {wanted}"] if len(states) != wanted else [])


CONTROLS = "input, select, button, [role=slider]"
SLIDERS = ("range", "slider")
ARROWS = ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown")
# [place, kind, label] of the first control of each kind that can be reached, in opened folds
FIRST_OF_EACH_KIND = """(widget, wanted) => {
    for (const fold of widget.querySelectorAll("details")) fold.open = true;
    const kinds = new Set();
    return [...widget.querySelectorAll(wanted)].flatMap((it, place) => {
        const kind = it.type || it.getAttribute("role");
        const seen = it.checkVisibility({ visibilityProperty: true }) && it.getClientRects().length;
        if (!seen || it.matches(":disabled, [aria-disabled=true]") || kinds.has(kind)) return [];
        kinds.add(kind);
        return [[place, kind, it.getAttribute("aria-label") || it.labels?.[0]?.textContent ||
                 it.textContent || it.id]];
    });
}"""
# What stands neither around nor in a widget is hidden: each move lays the page out anew. It is not
# taken away, since a script that waited for a quiet moment may still read it
ONLY_WIDGETS = """() => {
    for (const it of document.querySelectorAll("article *"))
        if (!it.closest(".sl") && !it.querySelector(".sl")) it.style.display = "none";
}"""
WAYS = ((60, 0), (-60, 0), (0, -60), (0, 60), (-60, -60), (60, 60), (-60, 60), (60, -60))


def controls(seen: Visit) -> list[str]:
    """Move a control of each kind of every widget by keyboard and pointer; read its sentence.

    That each of the others does what it says is held without a browser, by test_widget_controls.py.
    """
    said = []
    # pictures that wait for a guess; a click takes
    show = seen.page.get_by_role("button", name="Show me", exact=True)
    for _ in range(show.count()):  # its button away, so always the first
        show.first.click()
    seen.page.evaluate(ONLY_WIDGETS)
    for index in range(seen.page.locator(".sl").count()):
        said += _controls_of(seen.page.locator(".sl").nth(index), f"widget {index + 1}")
    return said + seen.problems


def _controls_of(widget, name: str) -> list[str]:
    said, start = [], _sentence(widget)
    reset = widget.get_by_role("button", name="Reset", exact=True)
    if not start or reset.count() != 1:
        return [f"{name}: has {'no sentence' if not start else f'{reset.count()} Reset buttons'}"]
    tried = widget.evaluate(FIRST_OF_EACH_KIND, CONTROLS)
    for place, kind, called in tried:
        control, label = widget.locator(CONTROLS).nth(place), f"{name}: {called}"
        for how, move in _moves(control, kind):
            before = _sentence(widget)
            changed = move(widget, before)
            if not changed and kind in SLIDERS:
                said.append(f"{label}, moved by {how}, changes nothing")
            reset.click()
            if not _becomes(widget, start):
                said.append(f"{label}, moved by {how}: Reset does not return to the start")
    return said if tried else [f"{name}: has nothing to move"]


def _moves(control, kind):
    """(how, function of widget and sentence that moves the control: did the sentence change?)."""
    if kind in SLIDERS:
        return (
            (
                "keyboard",
                lambda widget, before: any(_arrow(control, key, widget, before) for key in ARROWS),
            ),
            (
                "pointer",
                lambda widget, before: any(_drag(control, way, widget, before) for way in WAYS),
            ),
        )
    if kind.startswith("select"):
        return (
            ("keyboard", lambda widget, before: _arrow(control, "ArrowDown", widget, before)),
            (
                "pointer",
                lambda widget, before: [
                    control.select_option(index=place)
                    for place in range(control.locator("option").count())
                ],
            ),
        )
    return (
        ("keyboard", lambda widget, before: control.press("Space")),
        ("pointer", lambda widget, before: control.click()),
    )


# after at most so many turns of 25 ms: is the sentence the text, or is it not, as asked for?
TURNS = """async (it, [text, same, turns]) => {
    const said = () => [...it.querySelectorAll(".sl-sentence")].map((one) => one.innerText);
    const there = () => (said().join(" ") == text) == same;
    for (; turns && !there(); turns--) await new Promise((done) => setTimeout(done, 25));
    return there();
}"""


def _sentence(widget) -> str:
    return " ".join(widget.locator(".sl-sentence").all_inner_texts())


def _becomes(widget, text: str) -> bool:
    return widget.evaluate(TURNS, [text, True, 40])


def _changes(widget, before: str) -> bool:
    return widget.evaluate(TURNS, [before, False, 6])


def _arrow(control, key: str, widget, before: str) -> bool:
    """A few steps: one alone may be too small to show in the digits of the sentence."""
    for _ in range(5):
        control.press(key)
    return _changes(widget, before)


def _drag(control, way: tuple[int, int], widget, before: str) -> bool:
    control.scroll_into_view_if_needed()
    mouse, box = control.page.mouse, control.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + way[0] / 2, y + way[1] / 2)
    mouse.move(x + way[0], y + way[1])
    mouse.up()
    return _changes(widget, before)


# ---- every page ----------------------------------------------------------------------------------
# A page is opened once at a desk and once on a phone; what changes it comes last. All pages that a
# process tries are opened in the same two windows (see conftest.py).


def opened(width: int, scheme: str):
    """A fixture that keeps a page (its parameter) open for all tests of it in a row."""

    @pytest.fixture(scope="module")
    def seen(windows, request):
        seen = windows(width, scheme)
        if seen.page.url != seen.base + request.param:
            go(seen, request.param)
            assert seen.page.evaluate("document.documentElement.dataset.theme") == scheme
        return seen

    return seen


desk, phone = opened(DESK, "light"), opened(PHONE, "dark")
# the desk's other looks are in prove_access.py: there every page at every width
KINDS = ["index.html", "404.html", "chapters/claims.html", "chapters/09_parametric_fit.html"]
at_desk = pytest.mark.parametrize("desk", [one for one in KINDS if one in PAGES], indirect=True)
on_phone = pytest.mark.parametrize("phone", PAGES, indirect=True)
with_formulas = pytest.mark.parametrize("desk", ["chapters/09_parametric_fit.html"], indirect=True)


@on_phone
def test_first_load_is_light_and_quiet(phone):
    assert traffic(phone, SITE) == []


@at_desk
def test_accessible_at_a_desk(desk):
    heard = len(desk.problems)
    assert accessibility(desk.page) == []
    del desk.problems[heard:]  # axe asks for style sheets of its own


@pytest.mark.parametrize("desk", WITH_FIGURES, indirect=True)
def test_pictures(desk):
    assert pictures(desk.page) == []


@on_phone
def test_fits_a_phone(phone):
    assert sideways(phone.page) == []
    assert squeezed(phone.page) == []


LOOKS: dict[str, None] = {}  # that pages on the phone have shown; in order


@on_phone
def test_accessible_on_a_phone(phone):
    """Comes last, as it takes away what is there several times."""
    phone.page.evaluate(THIN_OUT)
    assert accessibility(phone.page, known=LOOKS) == []


@pytest.mark.parametrize("path", WITH_WIDGETS[:1])
def test_widgets_start_from_a_file(browser, path):
    page = browser.new_page()
    page.goto((SITE / path).as_uri())
    settle(page)
    assert drawn(page, (SITE / path).read_text(encoding="utf-8")) == []
    page.close()


def test_search_finds_a_word(browser, base):
    with visit(browser, base, "index.html") as seen:
        seen.page.get_by_role("button", name="Search").locator("visible=true").first.click()
        seen.page.keyboard.type("notation")
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_url("**/search.html*")
        first = seen.page.locator("#search-results li a").first
        first.wait_for(timeout=8000)
        assert "notation" in first.get_attribute("href")
        assert seen.problems == []


@with_formulas
def test_formulas_have_their_font_and_place(desk):
    assert desk.page.evaluate("document.fonts.check('16px \"Course Math\"')")
    middles = desk.page.evaluate("""[...document.querySelectorAll("div.math")].map((place) => {
        const [all, own] = [place, place.querySelector("mrow")].map((one) =>
            one.getBoundingClientRect());
        return Math.abs(all.left + all.width / 2 - own.left - own.width / 2);
    })""")
    assert len(middles) > 5 and max(middles) < 2


@with_formulas
def test_copied_formulas_are_latex(desk):
    copied = desk.page.evaluate("""() => {
        const place = document.querySelector("div.math");
        getSelection().setBaseAndExtent(place.previousElementSibling, 0, place, 1);
        const data = new DataTransfer();
        place.dispatchEvent(new ClipboardEvent("copy",
            { clipboardData: data, bubbles: true, cancelable: true }));
        getSelection().removeAllRanges();
        return data.getData("text/plain");
    }""")
    assert "$$L(N, D) = E + \\frac{A}{N^{\\alpha}} + \\frac{B}{D^{\\beta}}" in copied


@pytest.mark.parametrize("desk", WITH_WIDGETS, indirect=True)
def test_widgets_answer_without_a_kernel(desk):
    """Comes last at a desk, as it takes away what is around."""
    path = desk.page.url.removeprefix(desk.base)
    assert drawn(desk.page, (SITE / path).read_text(encoding="utf-8")) == []
    assert controls(desk) == []
    desk.page.goto("about:blank")


@pytest.mark.parametrize("width", [PHONE, 768, 1000, DESK])
def test_both_menus_open_at_every_width(browser, base, width):
    """The contents in the sidebar are shown where there is room, and then hidden."""
    with visit(browser, base, "chapters/notation.html", width) as seen:
        for button, link, shown in (
            (".primary-toggle", "3 Counting", width >= 992),
            (".secondary-toggle", "The scratchpad", width >= 1200),
        ):
            there = seen.page.get_by_role("link", name=link, exact=True).locator("visible=true")
            assert (there.count() > 0) == shown, (button, width)
            toggle = seen.page.locator(f"{button}:visible")
            if button == ".secondary-toggle" and shown:
                assert toggle.count() == 0
                continue
            toggle.first.click()
            there.first.wait_for(state="hidden" if shown else "visible")
            seen.page.keyboard.press("Escape")
        assert seen.problems == []


@pytest.mark.site
def test_a_page_without_solutions_at_an_address_is_built(tmp_path):
    """The solutions are gone, and the buttons lead to the branch of student notebooks."""
    chapter = "chapters/03_counting"
    (tmp_path / "toc.yml").write_text(
        f"format: jb-book\nroot: index\nchapters:\n- file: {chapter}\n", encoding="utf-8"
    )
    command = [Path(sys.executable).with_name("jupyter-book"), "build", "--quiet", "--toc"]
    command += [tmp_path / "toc.yml", "--path-output", tmp_path, ROOT]
    settings = {
        "SOLUTIONS": "hide",
        "BOOK_REPO_URL": "git@github.com:owner/name.git",
        "BOOK_BASE_URL": "https://owner.github.io/name",
    }
    subprocess.run(command, check=True, capture_output=True, env=os.environ | settings)
    shown, hidden = (
        (folder / f"{chapter}.html").read_text(encoding="utf-8")
        for folder in (SITE, tmp_path / "_build" / "html")
    )
    assert "Show a solution" in shown and "Show a solution" not in hidden
    assert not re.search(">right: ", hidden)
    built = (path.read_bytes() for path in tmp_path.rglob("*") if path.suffix in (".html", ".js"))
    assert not any(b"BEGIN SOLUTION" in text for text in built)
    canonical = f"https://owner.github.io/name/{chapter}.html"
    assert f'<link rel="canonical" href="{canonical}" />' in hidden
    colab = "https://colab.research.google.com/github/owner/name/blob/notebooks"
    assert f'href="{colab}/{chapter}.ipynb"' in hidden
    binder = "https://mybinder.org/v2/gh/owner/name/notebooks?urlpath=lab/tree"
    assert f'href="{binder}/{chapter}.ipynb"' in hidden


# ---- a broken page is reported -------------------------------------------------------------------


def deaf(html: str) -> str:
    """The page with widgets that forget what the reader sets."""
    head, state, rest = re.split(
        f"(<script {re.escape(STATE)}>.*?</script>)", html, maxsplit=1, flags=re.S
    )
    assert ".set(" in state
    return head + state.replace(".set(", ".get(") + rest


def with_end(extra: str):
    return lambda html: html.replace("</article>", f"{extra}</article>", 1)


def look_at_pictures(seen):
    return pictures(seen.page)


def look_at_traffic(seen):
    return traffic(seen, SITE)


def look_at_width(seen):
    return sideways(seen.page)


def squeeze(seen):
    return squeezed(seen.page)


def look_at_widgets(seen):
    return drawn(seen.page, "")


def ask_axe(seen):
    seen.page.evaluate(THIN_OUT)
    return accessibility(seen.page)


# what is done to a page, who should see it, and what it should say
BREAKS = {
    "a slider that does nothing": (deaf, controls, "changes nothing"),
    "a widget that needs a kernel": (
        lambda html: html.replace('"model_module":"anywidget"', '"model_module":"other"'),
        look_at_widgets,
        "needs a kernel",
    ),
    "a picture without words": (
        lambda html: re.sub(r'(<img [^>]*)alt="[^"]+"', r'\1alt=""', html, count=1),
        look_at_pictures,
        "no alternative text",
    ),
    "a picture that is too large": (
        lambda html: re.sub(r'<img width="\d+"', '<img style="width: 99px"', html, count=1),
        look_at_pictures,
        "shown in 99 px",
    ),
    "a picture that does not wait": (
        lambda html: html.replace('loading="lazy"', ""),
        look_at_pictures,
        "not lazy",
    ),
    "another host": (
        with_end('<script src="https://example.org/x.js"></script>'),
        look_at_traffic,
        "another host",
    ),
    "a missing file": (
        with_end('<img src="nowhere.png" alt="x">'),
        look_at_traffic,
        "404",
    ),
    "a script error": (
        with_end("<script>nowhere()</script>"),
        look_at_traffic,
        "nowhere is not defined",
    ),
    "pale text": (
        with_end('<p style="color: #ccc; background: #fff">pale</p>'),
        ask_axe,
        "contrast.*>pale<",
    ),
    "pale text in one of many cells": (
        with_end(
            "<table><tr><th>one</th><td>two</td><td>three</td><td>four</td>"
            '<td style="color: #bbb">five</td><td>six</td></tr></table>'
        ),
        ask_axe,
        'contrast.*<td style="color: #bbb',
    ),
    "text under something pale": (
        with_end(
            "<p>nothing over it</p><div style='position: relative'><p>under a veil</p><div style='"
            "position: absolute; inset: 0; color: #ddd; background: #fff'>veil</div></div>"
        ),
        ask_axe,
        "contrast.*veil",
    ),
    "something wide": (
        with_end('<div style="width: 3000px">wide</div>'),
        look_at_width,
        "sideways",
    ),
    "something wider than 320 px": (
        with_end('<div style="width: 400px">wide</div>'),
        squeeze,
        "in 320",
    ),
}


ALONE = ("a slider that does nothing", "a widget that needs a kernel")  # the others on one page


@pytest.mark.parametrize(
    "names",
    [*((name,) for name in ALONE), tuple(name for name in BREAKS if name not in ALONE)],
    ids=[*ALONE, "all others"],
)
def test_a_broken_page_is_reported(browser, base, tmp_path, names):
    page = min(
        (path for path in WITH_WIDGETS if path.startswith("chapters/")),
        key=lambda path: (SITE / path).stat().st_size,
    )
    html = (SITE / page).read_text(encoding="utf-8")
    for name in names:
        broken = BREAKS[name][0](html)
        assert broken != html, name
        html = broken
    for folder in ("_static", "_images"):
        (tmp_path / folder).symlink_to(SITE / folder)
    (tmp_path / page).parent.mkdir(exist_ok=True)
    (tmp_path / page).write_text(html, encoding="utf-8")
    with served(tmp_path) as other, visit(browser, other, page) as seen:
        said = {check: check(seen) for check in dict.fromkeys(BREAKS[name][1] for name in names)}
    for name in names:
        _, check, words = BREAKS[name]
        assert any(re.search(words, one) for one in said[check]), (name, said[check])
