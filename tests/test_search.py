"""The search finds the section that is meant and opens it at the words, over http and from file."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import node
import pytest
from docutils import nodes
from test_site import SITE, go, window

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "_ext"))
import finding  # noqa: E402

#: what is asked, and the place that must come first
QUERIES = {
    # synonyms
    "MFU": "glossary.html#term-MFU",
    "utilization": "glossary.html#term-utilisation",
    "mu-parametrization": "04_train_your_own.html#where-it-breaks",
    "µP": "04_train_your_own.html#where-it-breaks",
    "muP": "04_train_your_own.html#where-it-breaks",
    "data repetition": "15_repeat_and_choose.html#what-repeated-data-are-worth",
    "repeated data": "15_repeat_and_choose.html#what-repeated-data-are-worth",
    "warmup": "glossary.html#term-warm-up",
    "warm-up": "glossary.html#term-warm-up",
    "Chinchilla optimal": "glossary.html#term-compute-optimal",
    "compute optimal": "glossary.html#term-compute-optimal",
    "iso-FLOP": "glossary.html#term-IsoFLOP",
    "isoflop": "glossary.html#term-IsoFLOP",
    "irreducible loss": "glossary.html#term-floor",
    # a section's title
    "critical batch": "07_kaplan_allocation.html#the-critical-batch",
    "What 6ND leaves out": "03_counting.html#what-6nd-leaves-out",
    "edge minimum": "08_isoflops.html#an-edge-is-not-a-minimum",
    "optimiser stops early": "09_parametric_fit.html#the-optimiser-that-stops-early",
    "notation": "notation.html#notation",
    "Exercise 9.2": "09_parametric_fit.html#exercise-9-2-which-of-the-four-stopped-early",
    "kaplan's laws": "06_kaplan_laws.html#kaplan-s-laws",
    # a definition, before the many sections that use the word
    "perplexity": "glossary.html#term-perplexity",
    "learning rate": "glossary.html#term-learning-rate",
    "mixture of experts": "glossary.html#term-mixture-of-experts",
    "bootstrap": "glossary.html#term-bootstrap",
    # text alone
    "skills Zipf": "05_why_power_laws.html#skills-that-come-one-at-a-time",
    "inference cost": "12_beyond_training.html#answering-costs-compute-as-well",
    "emergent abilities": "14_limits.html#arithmetic-overnight",
    # a function
    "fit_isoflop": "library/fitting.html#scalinglib.allocation.fit_isoflop",
    # claims, by what they claim
    "smaller model on more data beats a larger one": "claims.html#claim-C10",
    "20 tokens per parameter": "claims.html#claim-C6",
    "model saturates, cannot absorb data": "11_twenty_tokens.html#diminishing-is-not-saturating",
    "growth tempered by hunger for data": "claims.html#claim-A12",
}
FIRST = """[...document.querySelectorAll("#search-results a")]
    .map((link) => link.getAttribute("href"))"""
TYPE = """(asked) => {
    const field = document.querySelector("main input[type=search]");
    field.value = asked;
    field.dispatchEvent(new Event("input", { bubbles: true }));
}"""
MARKED = """() => {
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const marks = [...document.querySelectorAll("main mark")];
    const shown = marks.filter((one) => {
        const { top, bottom } = one.getBoundingClientRect();
        return top > 0 && bottom < innerHeight;
    });
    return { words: marks.map((one) => one.textContent.toLowerCase()), shown: shown.length,
             outside: marks.filter((one) => !place.contains(one)).length, scrolled: scrollY };
}"""

# results that show, in title and excerpt, none of the words that were found
UNMARKED = """() => [...document.querySelectorAll("#search-results li")]
    .filter((one) => !one.querySelector("mark")).map((one) => one.textContent)"""
SHOWN = f"() => ({MARKED})().shown > 0"


# ---- the script, without a browser ----


def search(texts, *questions):
    """Status and results for each question, on pages of one section each: {title: text}."""
    sections = [
        dict(zip(finding.FIELDS, (f"x{k}", f"Page {k}", "place", "", *given), strict=True))
        for k, given in enumerate(((title, "", "", text) for title, text in texts.items()), 1)
    ]
    script = (ROOT / "_ext/assets/search.js").read_text(encoding="utf-8")
    synonyms = json.loads(finding.SYNONYMS.read_text(encoding="utf-8"))
    job = {"script": script, "synonyms": synonyms, "sections": sections, "questions": questions}
    return node.evaluated(ROOT / "tests" / "search.mjs", job)


@pytest.mark.parametrize(
    "asked, text, finds",
    [
        ("losses", "the loss falls", True),
        ("loss", "all losses fall", True),
        ("parameters", "one parameter more", True),
        ("batches", "a batch of tokens", True),
        ("fitting", "it was fitted twice", True),
        ("allocation", "compute is allocated", True),
        ("run", "two runs", True),
        ("run", "it runs out of trunk space", True),
        ("run", "the trunk", False),
        ("loss", "nothing was lost", False),
        ("law", "the lawn", False),
        ("warm-up", "warmup of a rate", True),
        ("irreducible loss", "the floor", True),
        ("isoflop", "an iso-FLOP curve", True),
    ],
)
def test_a_word_is_found_with_another_ending(asked, text, finds):
    status, results = search({"A title": text}, asked)[0]
    assert len(results) == finds
    assert status == ("Found 1 place." if finds else f"Nothing found for “{asked}”.")


def test_what_is_in_a_title_or_has_all_words_comes_first():
    texts = {
        "Other": "the floor is far from every exponent of a law " + "and so on " * 60 + "floor",
        "Both": "the floor and its exponent",
        "The floor": "here it is",
    }
    found = search(texts, "floor", "floor exponent", "the")
    assert found[0][1][0]["title"] == "The floor"
    assert found[1][1][0]["title"] == "Both"
    assert found[0][0] == "Found 3 places."
    assert found[1][1][0]["where"] == "Page 2"
    assert found[1][1][0]["href"] == "x2.html?found=floor%7Eexponent#place"


@pytest.mark.parametrize("before", [0, 5, 9, 40, 100])
def test_an_excerpt_shows_the_words_that_were_found(before):
    text = "word " * before + "the FLOOR of it " + "after " * 100
    result = search({"A title": text}, "floors")[0][1][0]
    assert result["marks"] == ["FLOOR"]
    assert result["excerpt"].startswith("… ") == (before > 10)
    assert result["excerpt"].endswith(" …") and 180 < len(result["excerpt"]) < 250


# ---- in a browser ----


@pytest.fixture(scope="module")
def asked(browser, base):
    """The places found, by "http" or "file" and by what was asked."""
    found = {}
    for start in (base, f"{SITE.as_uri()}/"):
        with window(browser, start) as seen:
            go(seen, "search.html?q=notation")
            seen.page.locator("#search-results a").first.wait_for()
            assert len(seen.page.evaluate(FIRST)) > 1
            for query in QUERIES:
                seen.page.evaluate(TYPE, query)
                found[start[:4], query] = seen.page.evaluate(FIRST)
                assert seen.page.evaluate(UNMARKED) == []
            assert seen.problems == []
    return found


@pytest.mark.site
@pytest.mark.parametrize("query", QUERIES)
def test_the_section_that_is_meant_comes_first(asked, query):
    for way in ("http", "file"):
        places = [re.sub(r"\?[^#]*", "", place) for place in asked[way, query]]
        assert places[:1] and places[0].endswith(QUERIES[query]), places[:4]


@pytest.mark.site
@pytest.mark.parametrize("way", ["http", "file"])
def test_a_result_opens_at_its_words(browser, base, way):
    start = base if way == "http" else f"{SITE.as_uri()}/"
    with window(browser, start) as seen:
        go(seen, "search.html?q=data+repetition")
        assert seen.page.locator("#search-results mark").count() > 3
        seen.page.locator("#search-results a").first.click()
        seen.page.wait_for_url("**/15_repeat_and_choose.html?*")
        seen.page.wait_for_function(SHOWN)
        told = seen.page.evaluate(MARKED)
        assert {"epochs", "repeated"} <= set(told["words"])
        assert told["shown"] > 0 and told["scrolled"] > 100 and told["outside"] == 0
        # deep in a section, whose place alone would show its beginning
        go(seen, "search.html?q=muP")
        seen.page.locator("#search-results a").first.click()
        seen.page.wait_for_url("**/04_train_your_own.html?*")
        seen.page.wait_for_function(SHOWN)
        # nothing asked, nothing marked
        go(seen, "chapters/15_repeat_and_choose.html#what-repeated-data-are-worth")
        assert seen.page.locator("main mark").count() == 0
        # nothing found: it says so; a query that is markup stays text
        go(seen, "search.html?q=%3Cimg%3Exyzzy")
        assert "xyzzy" in seen.page.locator("main [role=status]").inner_text()
        assert seen.page.locator("main img").count() == 0
        assert seen.problems == []


# ---- the index -----------------------------------------------------------------------------------


def document(*children) -> nodes.document:
    from docutils.utils import new_document

    made = new_document("page")
    made += children
    return made


def section(place: str, title: str, *children) -> nodes.section:
    return nodes.section("", nodes.title("", title), *children, ids=[place])


def test_the_index_has_sections_with_what_they_say_and_define():
    words = nodes.paragraph("", "", nodes.Text("A "), nodes.strong("", "floor"), nodes.Text(" is."))
    level = nodes.paragraph("", "", nodes.emphasis("", "warm-up, 4 minutes"))
    page = document(
        section("top", "Page", words, section("below", "Part", level, nodes.literal_block("", "x")))
    )
    found = list(finding.entries(page, {"": (9,), "#below": (9, 1)}))
    assert found == [
        ["top", "9", "Page", "", "floor |", "A floor is."],
        ["below", "9.1", "Part", "", "", "warm-up, 4 minutes"],
    ]


def test_code_and_outputs_are_left_out_and_claims_are_places():
    code = nodes.container("", nodes.paragraph("", "print(claims)"), classes=["cell_input"])
    told = "<summary><span>A1</span> <span>5 &lt; 6.</span> <span>holds</span></summary><dl></dl>"
    claim = f'<details class="claim" id="claim-A1">{told}</details>'
    raw = nodes.raw("", f"<style>p {{}}</style>{claim}", format="html")
    found = list(finding.entries(document(section("top", "Claims", code, raw)), {}))
    assert [one[:4] for one in found] == [
        ["top", "", "Claims", ""],
        ["claim-A1", "", "A1 · 5 < 6.", "claim"],
    ]
    assert found[0][5] == "" and found[1][5] == "holds"
