"""Numbers that lead somewhere: of chapters, sections and figures, in titles and in the text.

"Chapter 9" in the text becomes a link to it, a link without words of its own gets number and title,
and a number that an author wrote into a link must be that of its target: else there is a warning,
which fails the build.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import answers
from docutils import nodes
from sphinx.util import logging

ASSETS = Path(__file__).parent / "assets"
log = logging.getLogger(__name__)

MENTION = re.compile(r"\b(?:chapters? \d+|(?<=\d)(?:,?(?: and| or)|,| to) \d+)\b", re.I)
TOLD = re.compile(r"\b(chapter|section|figure) ([\d.]*\d)", re.I)
#: where "chapter 9" stays as it is
PLAIN = (nodes.reference, nodes.title, nodes.literal, nodes.literal_block, nodes.math, nodes.raw)

#: in markup that outputs and hints bring along: what is a tag, a control or a link already
MARKUP = re.compile(r"(<(a|script|style|code|pre|summary|button)\b.*?</\2>|<[^>]+>)", re.S)
#: sections without a number
UNNUMBERED = ("References", "Next")
Number = tuple[int, ...]


def chapters(env: Any) -> dict[int, str]:
    """The page of each chapter, by its number."""
    numbers = {name: places.get("") for name, places in env.toc_secnumbers.items()}
    return {number[0]: name for name, number in numbers.items() if number}


def number_sections(app: Any, env: Any) -> None:
    """Take the numbers of what only leads out of a chapter; it stands at the chapter's end."""
    for name, numbers in env.toc_secnumbers.items():
        for link in env.tocs[name].findall(nodes.reference):
            if link.astext() in UNNUMBERED and numbers.get(link["anchorname"]):
                numbers[link["anchorname"]] = ()  # without an entry Sphinx takes the page's number
                del link["secnumber"]


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
    places = {
        number: app.builder.get_relative_uri(name, page)
        for number, page in chapters(app.env).items()
        if page != name
    }
    for text in list(doctree.findall(nodes.Text)):
        if MENTION.search(text) and not _within(text, PLAIN):
            parts = [
                nodes.reference("", said, refuri=uri, internal=True) if uri else nodes.Text(said)
                for said, uri in linked(text, places)
            ]
            text.parent.replace(text, parts)
    for raw in doctree.findall(nodes.raw):
        if raw["format"] == "html" and MENTION.search(raw.astext()):
            raw.children = [nodes.Text(_linked_markup(raw.astext(), places))]


def linked(text: str, places: dict[int, str]) -> list[tuple[str, str]]:
    """`text` in parts, each with the address that it leads to, or ""."""
    parts, at, end = [], 0, None
    for found in MENTION.finditer(text):
        named = found[0][0] in "cC"
        if not named and end != found.start():  # a number after another word
            continue
        end = found.end()
        uri = places.get(int(found[0].split()[-1]))
        if uri:
            # of ", 9 and 10" the digits alone are the links
            start = found.start() if named else end - len(found[0].split()[-1])
            parts += [(text[at:start], ""), (text[start:end], uri)]
            at = end
    return [part for part in [*parts, (text[at:], "")] if part[0]]


def _linked_markup(html: str, places: dict[int, str]) -> str:
    parts = MARKUP.split(html)
    for k in range(0, len(parts), 3):  # text, tag, the tag's name, text, ...
        parts[k] = "".join(
            f'<a class="reference internal" href="{uri}">{said}</a>' if uri else said
            for said, uri in linked(parts[k], places)
        )
        parts[k + 2 : k + 3] = [""]
    return "".join(parts)


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


# ---- the reader's own way ------------------------------------------------------------------------


def tell_script(app: Any) -> None:
    """Tell the script of every page what each chapter asks: for the progress in the contents."""
    paths = sorted(Path(app.srcdir).glob("chapters/[0-9][0-9]_*.ipynb"))
    asked = {path.stem: answers.chapter(path)["exercises"] for path in paths}
    script = (ASSETS / "navigation.js").read_text(encoding="utf-8")
    folder = Path(app.doctreedir) / "served"
    folder.mkdir(parents=True, exist_ok=True)
    told = json.dumps(asked, separators=(",", ":"))
    (folder / "navigation.js").write_text(
        script.replace("{}; // asked", f"{told};"), encoding="utf-8"
    )


def setup(app: Any) -> dict[str, bool]:
    app.add_js_file("navigation.js", loading_method="defer")
    app.add_css_file("navigation.css", priority=900)
    app.connect("builder-inited", tell_script)
    app.connect("env-check-consistency", number_figures)
    app.connect("env-check-consistency", number_sections)
    app.connect("doctree-resolved", resolved)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
