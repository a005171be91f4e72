"""Numbers that lead somewhere: of chapters, sections and figures, in titles and in the text.

"Chapter 9" in the text becomes a link to it, a link without words of its own gets number and title,
and a number that an author wrote into a link must be that of its target: else there is a warning,
which fails the build.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.util import logging

log = logging.getLogger(__name__)

MENTION = re.compile(r"\b(?:chapters? \d+|(?<=\d)(?:,| and| or| to) \d+)\b", re.I)
TOLD = re.compile(r"\b(chapter|section|figure) ([\d.]*\d)", re.I)
#: where "chapter 9" stays as it is
PLAIN = (nodes.reference, nodes.title, nodes.literal, nodes.literal_block, nodes.math, nodes.raw)

Number = tuple[int, ...]


def chapters(env: Any) -> dict[int, str]:
    """The page of each chapter, by its number."""
    numbers = {name: places.get("") for name, places in env.toc_secnumbers.items()}
    return {number[0]: name for name, number in numbers.items() if number}


def number_of(env: Any, name: str) -> str:
    """A page's number, "9", or "" where it has none."""
    return _dotted(env.toc_secnumbers.get(name, {}).get(""))


def _dotted(number: Number | None) -> str:
    return ".".join(map(str, number or ()))


# ---- figures -------------------------------------------------------------------------------------


def number_figures(app: Any, env: Any) -> None:
    """Count the figures of a page without a number by themselves: 1, 2, ...

    (Sphinx numbers those of a chapter within it, 8.3, and goes on counting over all other pages.)
    """
    for name, kinds in env.toc_fignumbers.items():
        if not number_of(env, name):
            for kind, numbers in kinds.items():
                kinds[kind] = {place: (k,) for k, place in enumerate(numbers, start=1)}


# ---- links ---------------------------------------------------------------------------------------


def link_mentions(app: Any, doctree: nodes.document, name: str) -> None:
    """Turn each "chapter 9", "chapters 8 to 10" outside links, headings and code into links."""
    pages = chapters(app.env)
    for text in list(doctree.findall(nodes.Text)):
        if MENTION.search(text) and not _within(text, PLAIN):
            parts, at = [], 0
            for found in _mentions(text):
                page = pages.get(int(found[0].split()[-1]))
                if page in (None, name):
                    continue
                # of ", 9 and 10" after the word only the digits are the link
                start = found.start() if found[0][0] in "cC" else found.end() - _digits(found[0])
                uri = app.builder.get_relative_uri(name, page)
                said = text[start : found.end()]
                parts += [
                    nodes.Text(text[at:start]),
                    nodes.reference("", said, refuri=uri, internal=True),
                ]
                at = found.end()
            if parts:
                text.parent.replace(text, [*parts, nodes.Text(text[at:])])


def _mentions(text: str) -> list[re.Match]:
    """"Chapters 8 to 10" is two mentions; "2019, 10" is none."""
    kept: list[re.Match] = []
    for found in MENTION.finditer(text):
        if found[0][0] in "cC" or (kept and kept[-1].end() == found.start()):
            kept.append(found)
    return kept


def _digits(text: str) -> int:
    return len(text) - len(text.rstrip("0123456789"))


def _within(node: nodes.Node, kinds: tuple) -> bool:
    while node is not None:
        if isinstance(node, kinds):
            return True
        node = node.parent
    return False


def name_links(app: Any, doctree: nodes.document, name: str) -> None:
    """Add the number to links that show their target's title, and check the numbers of others."""
    places = _places(app, name)
    for link in list(doctree.findall(nodes.reference)):
        place = places.get(link.get("refuri") or f"#{link.get('refid')}")
        if not place:
            continue
        kind, number, title = place
        told = TOLD.fullmatch(link.astext())
        if told and told[1].lower() == "chapter":
            link["reftitle"] = f"{number} {title}"
            number = number.split(".")[0]
        if told and told[2] != number:
            log.warning(
                '"%s" leads to %s %s', link.astext(), kind, number, location=link, type="number"
            )
        if link.astext() == title and not _within(link, (nodes.table, nodes.caption)):
            before = "".join(
                one.astext() for one in link.parent.children[: link.parent.index(link)]
            )
            in_brackets = before.count("(") > before.count(")")
            link += nodes.Text(f", {kind} {number}" if in_brackets else f" ({kind} {number})")


def _places(app: Any, name: str) -> dict[str, tuple[str, str, str]]:
    """Address, seen from a page -> (chapter, section or figure; number; title) of what has one."""
    env, places = app.env, {}
    for page, numbers in env.toc_secnumbers.items():
        uri = app.builder.get_relative_uri(name, page)
        for link in env.tocs[page].findall(nodes.reference):
            number = numbers.get(link["anchorname"])
            kind = "section" if link["anchorname"] else "chapter"
            if number:
                address = f"{'' if page == name and link['anchorname'] else uri}"
                places[address + link["anchorname"]] = (kind, _dotted(number), link.astext())
    for page, kinds in env.toc_fignumbers.items():
        uri = "" if page == name else app.builder.get_relative_uri(name, page)
        for figure, number in kinds.get("figure", {}).items():
            places[f"{uri}#{figure}"] = ("figure", _dotted(number), "")
    return places


def resolved(app: Any, doctree: nodes.document, name: str) -> None:
    if app.builder.format == "html":
        name_links(app, doctree, name)
        link_mentions(app, doctree, name)


# ---- pages ---------------------------------------------------------------------------------------


def title_pages(app: Any, pagename: str, templatename: str, context: dict, doctree: Any) -> None:
    """Put the chapter's number into the title that browsers, bookmarks and cards show."""
    number = number_of(app.env, pagename)
    if number:
        context["title"] = f"{number} {context['title']}"


def setup(app: Any) -> dict[str, bool]:
    app.connect("env-check-consistency", lambda app, env: number_figures(app, env))
    app.connect("doctree-resolved", resolved)
    app.connect("html-page-context", title_pages, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
