"""No built page shows how it was written: dollars of a formula, hyphens of a list, stars, links."""

from __future__ import annotations

import html
import re
import types

import pytest
from in_node import ROOT

import minutes  # isort: skip  (from _ext, which in_node puts on the path)

SITE = ROOT / "_build/html"
APART = re.compile(r"<(script|style|pre|code|annotation|math|title|head)\b.*?</\1>", re.S)
RAW = re.compile(
    r"\$[^\s$][^$\n]*\$|^\s*- \w|^#+ \w|\*\*\w|\w\*\*|\]\(|`|\{\w+\}`|:::|^\s*\d\. \w", re.M
)


def shown(page: str) -> list[str]:
    """What stands in the article of a page as it was written, each with its surroundings."""
    article = re.search(r"<article.*?</article>", page, re.S)
    assert article is not None
    text = html.unescape(re.sub(r"<[^>]+>", "", APART.sub(" ", article[0])))
    return [text[max(0, one.start() - 30) : one.end() + 30] for one in RAW.finditer(text)]


@pytest.mark.site
def test_no_page_shows_its_source():
    pages = [SITE / "index.html", *(SITE / "howto").glob("[a-q]*.html")]
    pages += [one for one in (SITE / "chapters").glob("*.html") if one.stem != "handbook"]
    assert len(pages) > 20
    assert {page.name: found for page in pages if (found := shown(page.read_text("utf-8")))} == {}


def test_what_is_seen():
    page = "<article><p>a</p>\n- Serving costs {}</article>"
    assert shown(page.format("more")) and shown("<article><p>costs $2N$ a token</p></article>")
    assert shown("<article><p>$3 for <code>**this**</code></p><pre>- a list</pre></article>") == []


def test_minutes_under_a_heading_leave_the_list_below_it_a_list():
    cell = {"cell_type": "markdown", "metadata": {}, "source": "## What to remember\n- One `x`."}
    path = ROOT / "chapters/12_beyond_training.ipynb"
    app = types.SimpleNamespace(env=types.SimpleNamespace(doc2path=lambda name: path))
    source = [minutes.json.dumps({"cells": [cell | {"source": cell["source"] + " word" * 300}]})]
    minutes.tell(app, "chapters/12_beyond_training", source)
    assert "minutes</p>\\n\\n- One" in source[0]
