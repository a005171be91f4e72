"""What the search page asks: every section with its words, written as a script.

A script, since a page that is opened from a file may ask for nothing else. A word of the glossary,
a claim and a function of the library are sections here, too. Code and printed outputs are left out.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import navigation
from docutils import nodes
from sphinx import addnodes

ASSETS = Path(__file__).parent / "assets"
SYNONYMS = Path(__file__).with_name("synonyms.json")  # who asks for one finds the others
FIELDS = ("page", "of", "place", "number", "title", "kind", "defined", "text")
LEFT_OUT = (nodes.title, nodes.term, nodes.FixedTextElement, nodes.Text, addnodes.desc_signature)
CLAIM = re.compile(
    r'(?s)<details class="claim" id="(.+?)">.*?<span>(.+?)</span> <span>(.*?)</span>(.*?)</details>'
)
TEX = re.compile(r"\\(?:text|mathrm|mathit|left|right|tfrac|frac|quad|,|!|;)|[{}\\]")
LEVEL = re.compile(r"[\w-]+, \d+ minutes")  # of an exercise
LONGEST = 60  # what stands out defines a word, unless it is a sentence


def entries(node: Any, numbers: dict[str, Any], of: list | None = None) -> Iterator[list]:
    """[place, number, title, kind, what it defines, text] of all that a result can lead to."""
    for child in node.children:
        first: Any = child.children[0] if child.children else None
        if isinstance(child, nodes.section):
            place = child["ids"][0]
            number = numbers.get(f"#{place}") or (numbers.get("") if of is None else None) or ()
            title = next(iter(child.findall(nodes.title))).astext()
            yield from _entry(child, numbers, [place, ".".join(map(str, number)), title, ""])
        elif isinstance(child, (nodes.definition_list_item, addnodes.desc)) and first["ids"]:
            (place, *_), called = first["ids"], first.get("fullname") or first.astext()
            kind = "function" if isinstance(child, addnodes.desc) else "word"
            yield from _entry(child, numbers, [place, "", called, kind])
        elif isinstance(child, nodes.raw):
            for place, id, claim, rest in CLAIM.findall(child.astext()):
                yield [place, "", f"{id} · {_plain(claim)}", "claim", "", _plain(rest)]
        elif isinstance(child, LEFT_OUT) or "cell_input" in child.get("classes", ()):
            continue
        elif isinstance(child, nodes.TextElement) and of:
            of[5] += f" {TEX.sub('', child.astext())}"
            found = [*child.findall(nodes.strong), *child.findall(nodes.emphasis)]
            words = [text for one in found if len(text := one.astext()) < LONGEST]
            of[4] += "".join(f"{word} | " for word in words if not LEVEL.fullmatch(word))
        else:
            yield from entries(child, numbers, of)


def _entry(node: nodes.Element, numbers: dict[str, Any], head: list[str]) -> Iterator[list]:
    entry = [*head, "", ""]
    below = list(entries(node, numbers, entry))
    yield [" ".join(part.split()) for part in entry]
    yield from below


def _plain(markup: str) -> str:
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", markup)).split())


def begin(app: Any) -> None:
    app.builder.search, app.builder.sections = False, {}
    app.config.html_additional_pages["search"] = "search.html"


def feed(app: Any, pagename: str, templatename: str, context: dict, doctree: Any) -> None:
    """A page's sections are kept; the search page, which is made last, gets the index of all."""
    sections = app.builder.sections
    if doctree is not None and pagename in app.env.found_docs:
        numbers = app.env.toc_secnumbers.get(pagename, {})
        sections[pagename] = list(entries(doctree, numbers))
    elif pagename == "search":
        told = [_told(app, page, *entry) for page, found in sections.items() for entry in found]
        given = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        script = f"slSections({SYNONYMS.read_text(encoding='utf-8')}, {given})"
        index = Path(app.outdir, "_static", "sections.js")
        index.write_text(script, encoding="utf-8")
        scripts = script + (ASSETS / "search.js").read_text(encoding="utf-8")
        # no browser keeps an old one
        context["version"] = hashlib.sha256(scripts.encode()).hexdigest()[:8]


def _told(app: Any, page: str, *entry: str) -> dict[str, str]:
    """What the script needs: `of`, the page as the reader calls it."""
    number, title = navigation.number_of(app.env, page), app.builder.sections[page][0][2]
    entry = page, f"Chapter {number}: {title}" if number else title, *entry
    return dict(zip(FIELDS, entry, strict=True))


def setup(app: Any) -> dict[str, bool]:
    app.connect("builder-inited", begin)
    app.connect("html-page-context", feed)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
