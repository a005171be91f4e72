"""A page's own scripts in node, on a page of stubs (tests/page.mjs)."""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import node

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "_ext"))
import course  # noqa: E402
import given  # noqa: E402

BARE: dict[str, Any] = {"path": "/book/chapters/02_power_laws.html", "boxes": {}, "tables": []}


def script(served: bool) -> str:
    """The scripts of a page, joined as the site does; made short, or as they are written."""
    if served:
        return course.served()
    return "\n".join((course.ASSETS / name).read_text("utf-8") for name in course.SCRIPTS)


def work(*steps: list, page: dict | None = None, served: bool = False, **more: Any) -> list:
    """Open a page and do the steps; one answer each.

    page: what differs from an empty one. more: `kept`, the text that the browser has on its shelf;
    `refuses`, storage is refused. Skips the test where node is not installed.
    """
    told = {
        "scripts": [script(served)],
        "page": BARE | {"laws": given.for_the_pad()} | (page or {}),
        "steps": steps,
    }
    return node.evaluated(ROOT / "tests" / "page.mjs", told | more)


class Tree(HTMLParser):
    """HTML as [tag, attributes, children]."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[list] = [["", [], []]]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.open[-1][2].append([tag, attrs, []])
        self.open.append(self.open[-1][2][-1])

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.open[-1][2].append(data)


def block(html: str) -> list:
    """The one element that the HTML is."""
    (found,) = Tree(html).open[0][2]
    return found
