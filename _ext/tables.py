"""Tables whose columns the text speaks of: on a phone they stay visible while the others scroll.

A code cell names them, `"scalinglib": {"named": ["a", "90 %, runs"]}` in its metadata; on the page
their cells have the class `named` (assets/reading.js). They scroll where the widest other column
would not fit beside them.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from sphinx.util import logging

log = logging.getLogger(__name__)
ROW = re.compile(r"<tr\b.*?</tr>", re.S)
CELL = re.compile(r"<(t[hd])\b([^>]*)>(.*?)</\1>", re.S)


def marked(html: str, named: list[str]) -> str:
    """The table of a pandas frame with the cells of these columns in the class `named`.

    Raises ValueError for a name that no column has.
    """
    first = ROW.search(html)
    heads = [cell[3] for cell in CELL.finditer(first[0])] if first else []
    if missing := [name for name in named if name not in heads]:
        raise ValueError(
            f"no column {missing[0]!r}: the columns are {', '.join(filter(None, heads))}"
        )
    # counted from the right: a row's names may span rows
    places = {len(heads) - heads.index(name) for name in named}

    def row(found: re.Match) -> str:
        cells = list(CELL.finditer(found[0]))
        text, at = "", 0
        for k, cell in enumerate(cells):
            text += found[0][at : cell.start()]
            if len(cells) - k in places:
                # a header without a name is none (course.py does the same to the others)
                tag = cell[1] if cell[3] else "td"
                text += f'<{tag} class="named"{cell[2]}>{cell[3]}</{tag}>'
            else:
                text += cell[0]
            at = cell.end()
        return text + found[0][at:]

    return ROW.sub(row, html)


def mark(app: Any, name: str, source: list[str]) -> None:
    """Mark the named columns of a notebook's tables; one that does not exist is a warning."""
    if Path(app.env.doc2path(name)).suffix != ".ipynb":
        return
    notebook = json.loads(source[0])
    for cell in notebook["cells"]:
        named = cell["metadata"].get("scalinglib", {}).get("named")
        for output in cell.get("outputs", []) if named else []:
            if "text/html" in output.get("data", {}):
                html = "".join(output["data"]["text/html"])
                try:
                    output["data"]["text/html"] = marked(html, named)
                except ValueError as error:
                    log.warning("%s: cell %s: %s", name, cell["id"], error)
    source[0] = json.dumps(notebook)


def setup(app: Any) -> dict[str, bool]:
    app.connect("source-read", mark)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
