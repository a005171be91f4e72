"""What the search page asks: every section with its words, written as a script.

A script, since a page that is opened from a file may ask for nothing else. A section here is also a
word of the glossary, a claim, a function of the library: what a result can lead to. Code, formulas
on lines of their own and printed outputs are left out.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from pathlib import Path
from typing import Any

import navigation
from docutils import nodes
from sphinx import addnodes

INDEX = "sections.js"
#: scripts of Sphinx's search
REPLACED = ("searchtools.js", "language_data.js", "sphinx_highlight.js")
LEFT_OUT = (
    nodes.literal_block,
    nodes.math_block,
    nodes.comment,
    nodes.image,
    nodes.target,
    addnodes.toctree,
    addnodes.desc_signature,
)
CLAIM = re.compile(r'<div class="claim" id="([^"]+)">\s*<p><strong>(.*?)</strong>(.*?)</div>', re.S)
LEVEL = re.compile(r"[\w-]+, \d+ minutes")
TAG = re.compile(r"<[^>]+>")
TEX = re.compile(r"\\(?:text|mathrm|mathit|left|right|tfrac|frac|quad|,|!|;)|[{}\\$]")
LONGEST = 60  # characters that still define something: what stands out beyond is a sentence


class Entry:
    """A place that a result leads to: what is it called, what does it define, what does it say?"""

    def __init__(self, place: str, number: str, title: str, kind: str = ""):
        self.place, self.number, self.title, self.kind = place, number, title, kind
        self.defined: list[str] = []
        self.blocks: list[str] = []

    def told(self) -> list[str]:
        return [
            self.place,
            self.number,
            _line(self.title),
            self.kind,
            "|".join(dict.fromkeys(self.defined)),
            _line(" ".join(self.blocks)),
        ]


def entries(doctree: nodes.document, numbers: dict[str, Any]) -> list[Entry]:
    """The sections, words, claims and functions of a page, in their order."""
    found: list[Entry] = []

    def begin(*told: str) -> Entry:
        found.append(Entry(*told))
        return found[-1]

    def walk(node: nodes.Element, entry: Entry) -> None:
        for child in node.children:
            if isinstance(child, nodes.section):
                place, title = child["ids"][0], child.next_node(nodes.title)
                # a page's first section goes by no place in its contents
                number = numbers.get(f"#{place}") or (not found and numbers.get("")) or ()
                walk(child, begin(place, ".".join(map(str, number)), title.astext()))
            elif isinstance(child, nodes.definition_list_item) and child[0].get("ids"):
                walk(child, begin(child[0]["ids"][0], "", child[0].astext(), "word"))
            elif isinstance(child, addnodes.desc) and child[0].get("ids"):
                walk(child, begin(child[0]["ids"][0], "", child[0]["ids"][0], "function"))
            elif isinstance(child, nodes.raw):
                for place, claim, rest in CLAIM.findall(child.astext()):
                    begin(place, "", _plain(claim), "claim").blocks.append(_plain(rest))
            elif isinstance(child, (nodes.title, nodes.term, *LEFT_OUT)):
                continue
            elif "cell_input" in child.get("classes", ()):
                continue
            elif isinstance(child, nodes.TextElement):
                entry.blocks.append(_inline(child, entry))
            else:
                walk(child, entry)

    walk(doctree, Entry("", "", ""))
    return found


def _inline(node: nodes.Element, entry: Entry) -> str:
    said = ""
    for child in node.children:
        if isinstance(child, nodes.Text):
            said += child
        elif isinstance(child, nodes.math):
            said += TEX.sub("", child.astext())
        elif not isinstance(child, (nodes.raw, nodes.image, nodes.target)):
            said += (text := _inline(child, entry))
            stands_out = isinstance(child, (nodes.strong, nodes.emphasis))
            if stands_out and len(text) < LONGEST and not LEVEL.fullmatch(text):
                entry.defined.append(text)
    return said


def _plain(markup: str) -> str:
    return html.unescape(TAG.sub(" ", markup))


def _line(text: str) -> str:
    return " ".join(text.split())


def feed(app: Any, pagename: str, templatename: str, context: dict, doctree: Any) -> None:
    """Keep a page's entries until all pages are written."""
    if doctree is not None and pagename in app.env.found_docs:
        numbers = app.env.toc_secnumbers.get(pagename, {})
        app.builder.sections[pagename] = [one.told() for one in entries(doctree, numbers)]


def begin(app: Any) -> None:
    """Sphinx's own search knows whole pages only, and no place in them."""
    app.builder.search = False
    app.builder.sections = {}
    app.config.html_additional_pages["search"] = "search.html"


def write(app: Any, error: Exception | None) -> None:
    """The index, and its checksum in the search page's address of it."""
    if error or app.builder.format != "html":
        return
    pages = [
        [name, navigation.number_of(app.env, name), told]
        for name, told in app.builder.sections.items()
    ]
    script = f"slSections({json.dumps(pages, ensure_ascii=False, separators=(',', ':'))})"
    out = Path(app.outdir)
    for name in REPLACED:
        (out / "_static" / name).unlink(missing_ok=True)
    (out / "_static" / INDEX).write_text(script, encoding="utf-8")
    page = out / "search.html"
    text = page.read_text(encoding="utf-8")
    for name in (INDEX, "search.js"):  # another text has another address
        digest = hashlib.sha256((out / "_static" / name).read_bytes()).hexdigest()[:8]
        text = text.replace(f"_static/{name}", f"_static/{name}?v={digest}")
    page.write_text(text, encoding="utf-8")


def setup(app: Any) -> dict[str, bool]:
    app.connect("builder-inited", begin)
    app.connect("html-page-context", feed)
    app.connect("build-finished", write, priority=940)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
