"""What a page asks of a browser: Safari 16 and Firefox 128 read it, too.

`make prove` drives today's Firefox and WebKit (prove_engines.py). An older engine cannot be had, so
here the scripts and style sheets are searched for what it lacks, and a page is read in a browser
from which that was taken away.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from test_site import SITE

ROOT = Path(__file__).parents[1]
OURS = [ROOT / "_ext/assets", ROOT / "scalinglib/widgets", ROOT / "_ext/templates"]
OLDEST = {"Safari": 16.0, "Firefox": 128}
#: how it looks in a source, and which Safari and Firefox were the first to have it
NEWER = {
    "look behind": (r"\(\?<[!=]", 16.4, 78),
    "highlights": (r"\bnew Highlight\b|\bCSS\.highlights\b|::highlight", 17.2, 140),
    "popover": (r"\b(?:show|hide|toggle)Popover\b|:popover-open", 17.0, 125),
    "checkVisibility": (r"\bcheckVisibility\b", 17.4, 106),
    "color-mix": (r"color-mix\(", 16.2, 113),
    "sets of regular expressions": (r"/[dgimsuy]*v[dgimsuy]*[;,.)]", 17.0, 116),
    "static blocks": (r"\bstatic \{", 16.4, 93),
    "groupBy": (r"\b(?:Object|Map)\.groupBy\b", 17.4, 119),
    "sets' union": (r"\.(?:union|intersection|isSubsetOf|symmetricDifference)\(", 17.0, 127),
    "withResolvers": (r"\bwithResolvers\b|\bfromAsync\b", 17.4, 121),
    "idle": (r"\brequestIdleCallback\b", 99, 55),
    "view transitions": (r"\bstartViewTransition\b|@view-transition", 18.0, 144),
    "ranges in media queries": (r"@media[^{]*[<>]", 16.4, 63),
    "light-dark": (r"light-dark\(", 17.5, 120),
    "nested styles": (r"^\s+&|[;{]\s*&", 16.5, 117),
    "@scope, anchors": (r"@scope\b|\banchor-name\b|position-area", 17.4, 128),
    "registered variables": (r"@property\b", 16.4, 128),
    "sizes of fields": (r"field-sizing|interpolate-size|calc-size\(", 26.2, 999),
}
#: where the page does without, and how
WITHOUT = {
    ("search.js", "look behind"): "caught: words are found inside others",
    ("navigation.js", "look behind"): "caught: the same",
    ("navigation.js", "checkVisibility"): "asked for: the first word is shown",
    ("reading.js", "highlights"): "asked for: code has one colour",
    ("reading.css", "highlights"): "a rule that is passed over",
    ("reading.js", "popover"): "asked for: the word leads to the glossary",
    ("course.css", "color-mix"): "from 16.2: a shadow that says that more is there",
}


def sources() -> list[Path]:
    return [path for folder in OURS for path in folder.iterdir() if path.suffix in (".js", ".css")]


def asks(path: Path) -> set[str]:
    """What a source asks for that the oldest engine lacks."""
    text = re.sub(
        r"/\*.*?\*/|^\s*//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.S | re.M
    )
    too_new = {
        name: look
        for name, (look, safari, firefox) in NEWER.items()
        if safari > OLDEST["Safari"] or firefox > OLDEST["Firefox"]
    }
    return {name for name, look in too_new.items() if re.search(look, text, re.M)}


def test_sources_ask_for_nothing_newer_unless_they_do_without():
    asked = {(path.name, name) for path in sources() for name in asks(path)}
    assert asked == set(WITHOUT)


def test_what_is_newer_is_found(tmp_path):
    path = tmp_path / "x.js"
    path.write_text("// (?<!x) is a comment\nconst a = /(?<!x)b/v;\none.checkVisibility();")
    assert asks(path) == {"look behind", "checkVisibility", "sets of regular expressions"}


@pytest.mark.site
def test_no_script_of_the_theme_fails_where_one_cannot_look_behind():
    """As a literal it is an error of the whole script, not to be caught."""
    for path in (SITE / "_static").rglob("*.js"):
        if path.name not in {name for name, _ in WITHOUT}:
            assert not re.search(NEWER["look behind"][0], path.read_text("utf-8")), path.name


# ---- a browser with less -------------------------------------------------------------------------

LESS = """(() => {
    const whole = RegExp;
    globalThis.RegExp = new Proxy(whole, { construct(_, [source, ...rest]) {
        if (/\\(\\?<[!=]/.test(source)) throw new SyntaxError("invalid group specifier name");
        return new whole(source, ...rest);
    } });
    delete globalThis.Highlight;
    delete CSS.highlights;
    delete Element.prototype.checkVisibility;
    delete HTMLElement.prototype.showPopover;
    delete HTMLElement.prototype.hidePopover;
    delete HTMLElement.prototype.popover;
})()"""


@pytest.mark.proof
def test_a_page_is_read_searched_and_marked_in_an_older_browser(browser, base):
    context = browser.new_context()
    context.add_init_script(LESS)
    page, said = context.new_page(), []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{base}search.html?q=Chinchilla+optimal")
    page.locator("#search-results li a").first.click()
    page.wait_for_selector("article mark", state="attached")
    page.goto(f"{base}chapters/08_isoflops.html")
    page.wait_for_selector("[data-widget=ready]", state="attached")  # covered until one guesses
    assert page.evaluate("[typeof Highlight, typeof Element.prototype.checkVisibility]") == [
        "undefined",
        "undefined",
    ]
    copied = "document.querySelectorAll('.cell_input pre + button.copy').length"
    page.locator(".cell_input pre").nth(1).scroll_into_view_if_needed()
    page.wait_for_function(copied)
    page.locator("p a[href*='glossary.html#term-'][title]").first.click()
    page.wait_for_url("**/glossary.html#term-*")
    assert said == []
    context.close()


@pytest.mark.whole
def test_the_proof_starts_from_anywhere(tmp_path):
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, ROOT / "tests/prove_engines.py", "--help"]
    subprocess.run(command, cwd=tmp_path, env=bare, check=True, capture_output=True)
