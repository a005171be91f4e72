"""Formulas as MathML, written when the site is built: no script draws them, LaTeX is kept for
whoever copies, and the font is cut to the characters that the pages use.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from docutils import nodes
from fontTools import subset
from fontTools.ttLib import TTFont
from math_core import LatexError, LatexToMathML
from sphinx.util import logging

log = logging.getLogger(__name__)
CONVERTER = LatexToMathML(annotation=True)
#: STIX Two Math, as the package ziamath brings it (SIL Open Font License)
FONT = Path(str(distribution("ziamath").locate_file("ziamath/fonts/STIXTwoMath-Regular.ttf")))
FORMULA = re.compile(r"<math.*?</math>", re.S)
MARKUP = re.compile(r"<annotation.*?</annotation>|<[^>]+>", re.S)
PER_CENT = re.compile(r"(?<=\d) %")
SIGNS = ".,;:?!)]\u2019\u201d"
UNDRAWN = set("\u2061\u2062\u2063\u2064\u00a0 \n\t")  # invisible operators and spaces


def mathml(node: nodes.Element, display: bool) -> str:
    """The formula as MathML; what cannot be read is a warning, so `make book` (-W) fails."""
    text = node.astext()
    try:
        return CONVERTER.convert_with_local_state(text, displaystyle=display)
    except LatexError as error:
        log.warning("formula not understood: %s: %s", error, text, location=node)
        return f"<code>{html.escape(text)}</code>"


def _inline(self: Any, node: nodes.Element) -> None:
    self.body.append(
        self.starttag(node, "span", "", CLASS="math") + mathml(node, False) + "</span>"
    )
    raise nodes.SkipNode


def _block(self: Any, node: nodes.Element) -> None:
    number = f'<span class="eqno">({node["number"]})</span>' if node.get("number") else ""
    self.body.append(
        f"{self.starttag(node, 'div', '', CLASS='math')}{number}{mathml(node, True)}</div>\n"
    )
    raise nodes.SkipNode


def together(doctree: nodes.document) -> None:
    """A number stays on one line with its %, and a formula with the sign after it.

    Beside a formula browsers break a line before any sign but a word joiner.
    """
    for text in list(doctree.findall(nodes.Text)):
        if isinstance(text.parent, nodes.literal | nodes.FixedTextElement | nodes.math):
            continue
        if (said := PER_CENT.sub("\u00a0%", text)) != text:
            text.parent.replace(text, nodes.Text(said))
    for formula in list(doctree.findall(nodes.math)):
        after = formula.next_node(siblings=True, descend=False)
        if isinstance(after, nodes.Text) and after[0] in SIGNS:
            after.parent.replace(after, nodes.Text(f"\u2060{after}"))


def characters(page: str) -> set[str]:
    """What a page's formulas are drawn with; browsers add the sign of a root, and italics."""
    used = set()
    for formula in FORMULA.findall(page):
        used |= set(html.unescape(MARKUP.sub("", formula)))
        used |= {"\u221a"} if "<msqrt" in formula or "<mroot" in formula else set()
    italic = {"\u210e"} if "h" in used else set()  # its place among the italics is empty
    for first, last, start in (
        ("A", "Z", 0x1D434),
        ("a", "z", 0x1D44E),
        ("\u0391", "\u03a9", 0x1D6E2),
        ("\u03b1", "\u03c9", 0x1D6FC),
    ):
        italic |= {chr(start + ord(c) - ord(first)) for c in used if first <= c <= last}
    return (used | italic) - UNDRAWN - {"\U0001d455"}


def cut_font(source: Path, target: Path, wanted: set[str]) -> None:
    """Write a font of these characters, with what stretches and shifts them (its table MATH)."""
    with source.open("rb") as file:
        font = TTFont(file)
        options = subset.Options(
            layout_features=[],
            hinting=False,
            notdef_outline=True,
            drop_tables=["FFTM"],
            name_IDs=[*range(7), 13, 14],  # with its licence, as that demands
        )
        tool = subset.Subsetter(options)
        tool.populate(unicodes=map(ord, wanted))
        tool.subset(font)
        font.flavor = "woff2"
        font.save(target)


def font_for(pages: Iterable[str], target: Path) -> None:
    """Write the font of the pages' formulas; ValueError for characters that it does not have."""
    wanted = set().union(*map(characters, pages))
    with FONT.open("rb") as file:
        known = TTFont(file).getBestCmap() or {}
    if missing := sorted(c for c in wanted if ord(c) not in known):
        told = ", ".join(f"{c} (U+{ord(c):04X})" for c in missing)
        raise ValueError(f"{FONT.name} has no {told}: write the formula with other characters")
    cut_font(FONT, target, wanted)


def setup(app: Any) -> dict[str, bool]:
    app.add_js_file("formulas.js", loading_method="defer")
    app.connect("doctree-resolved", lambda app, doctree, name: together(doctree))
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
