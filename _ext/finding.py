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

INDEX, SCRIPT = "sections.js", "search.js"
#: scripts of Sphinx's search, which knows whole pages only
REPLACED = ("searchtools.js", "language_data.js", "sphinx_highlight.js")
LEFT_OUT = (
    *(nodes.title, nodes.term, nodes.literal_block, nodes.math_block, nodes.comment, nodes.image),
    *(nodes.Text, nodes.doctest_block, addnodes.toctree, addnodes.desc_signature),
)
CLAIM = re.compile(
    r'<details class="claim" id="([^"]+)"><summary><span>(\w+)</span> <span>(.*?)</span>'
    r"(.*?)</details>",
    re.S,
)
TEX = re.compile(r"\\(?:text|mathrm|mathit|left|right|tfrac|frac|quad|,|!|;)|[{}\\$]")
LEVEL = re.compile(r"[\w-]+, \d+ minutes")  # of an exercise
LONGEST = 60  # what stands out defines a word, unless it is a sentence


def entries(node: Any, numbers: dict[str, Any], of: list | None = None) -> Iterator[list]:
    """[place, number, title, kind, what it defines, text] of all that a result can lead to."""
    for child in node.children:
        named = isinstance(child, (nodes.definition_list_item, addnodes.desc))
        first: Any = child[0] if named else None
        places = first["ids"] if named else []
        if isinstance(child, nodes.section):
            place = child["ids"][0]
            number = numbers.get(f"#{place}") or (numbers.get("") if of is None else None) or ()
            title = next(iter(child.findall(nodes.title))).astext()
            yield from _entry(child, numbers, [place, ".".join(map(str, number)), title, ""])
        elif isinstance(child, nodes.definition_list_item) and places:
            yield from _entry(child, numbers, [places[0], "", first.astext(), "word"])
        elif isinstance(child, addnodes.desc) and places:
            called = first.get("fullname") or places[0]
            yield from _entry(child, numbers, [places[0], "", called, "function"])
        elif isinstance(child, nodes.raw):
            for place, id, claim, rest in CLAIM.findall(child.astext()):
                yield [place, "", f"{id} · {_plain(claim)}", "claim", "", _plain(rest)]
        elif isinstance(child, LEFT_OUT) or "cell_input" in child.get("classes", ()):
            continue
        elif isinstance(child, nodes.TextElement) and of:
            of[5] += f" {_inline(child, of)}"
        else:
            yield from entries(child, numbers, of)


def _entry(node: nodes.Element, numbers: dict[str, Any], head: list[str]) -> Iterator[list]:
    entry = [*head, "", ""]
    below = list(entries(node, numbers, entry))
    yield [" ".join(part.split()) for part in entry]
    yield from below


def _inline(node: Any, entry: list[str]) -> str:
    if isinstance(node, (nodes.Text, nodes.math)):
        return TEX.sub("", node.astext()) if isinstance(node, nodes.math) else node.astext()
    text = "".join(_inline(child, entry) for child in node.children)
    stands_out = isinstance(node, (nodes.strong, nodes.emphasis))
    if stands_out and len(text) < LONGEST and not LEVEL.fullmatch(text):
        entry[4] += f"{text} | "
    return text


def _plain(markup: str) -> str:
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", markup)).split())


def feed(app: Any, pagename: str, templatename: str, context: dict, doctree: Any) -> None:
    if doctree is not None and pagename in app.env.found_docs:
        numbers = app.env.toc_secnumbers.get(pagename, {})
        app.builder.sections[pagename] = list(entries(doctree, numbers))


def begin(app: Any) -> None:
    app.builder.search, app.builder.sections = False, {}
    app.config.html_additional_pages["search"] = "search.html"


def write(app: Any, error: Exception | None) -> None:
    """The index; in the address of a script its checksum, so that no browser keeps an old one."""
    if error or app.builder.format != "html":
        return
    sections, page = app.builder.sections, Path(app.outdir) / "search.html"
    static, text = page.with_name("_static"), page.read_text(encoding="utf-8")
    told = [[name, navigation.number_of(app.env, name), found] for name, found in sections.items()]
    script = f"slSections({json.dumps(told, ensure_ascii=False, separators=(',', ':'))})"
    (static / INDEX).write_text(script, encoding="utf-8")
    for name in REPLACED:
        (static / name).unlink(missing_ok=True)
    for name in (INDEX, SCRIPT):
        digest = hashlib.sha256((static / name).read_bytes()).hexdigest()[:8]
        text = text.replace(f"_static/{name}", f"_static/{name}?v={digest}")
    page.write_text(text, encoding="utf-8")


def setup(app: Any) -> dict[str, bool]:
    app.connect("builder-inited", begin)
    app.connect("html-page-context", feed)
    app.connect("build-finished", write, priority=940)  # before the pages are made light
    return {"parallel_read_safe": True, "parallel_write_safe": False}
