"""Folds: what may be skipped, *Deeper: ...*, and the code of what is only drawn.

A fold is HTML that Jupyter and Colab show as well, and it may span cells:

    <details class="deeper">
    <summary>Deeper: what one gets</summary>

    text, then code cells; the next cell of text begins with

    </details>

On the page it is closed. A link into it opens it and print shows it (assets/reading.js).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from sphinx.util import logging

log = logging.getLogger(__name__)
START = re.compile(r'<details class="deeper">\n<summary>Deeper: [^<\n]+</summary>\n(?:\n|$)')
LINE = re.compile(r"^(?:<details.*|</details>|#{1,6} .*)$", re.M)
CODE = re.compile(r"^```.*?^```|<pre.*?</pre>", re.S | re.M)
VIEW = "application/vnd.jupyter.widget-view+json"
#: pages whose reader comes for what is drawn; in a how-to the code is what they come for
CHAPTERS = re.compile(r"index|chapters/\d\d_\w+")


def faults(cells: list[dict]) -> list[str]:
    """What is wrong with the folds of a notebook, each with the cell's id; [] where nothing is."""
    said, opened = [], ""
    for cell in cells:
        if cell["cell_type"] != "markdown":
            continue
        text = CODE.sub("", "".join(cell["source"]))
        for line in LINE.finditer(text):
            here, end = f"cell {cell['id']}", text[line.end() :]
            if line[0].startswith("#"):
                said += [f"{here}: the heading {line[0]!r} is inside a fold"] * bool(opened)
            elif line[0] == "</details>":
                said += [f"{here}: </details> closes nothing"] * (not opened)
                said += [f"{here}: no empty line after </details>"] * (
                    not re.match(r"\n*$|\n\n", end)
                )
                opened = ""
            else:
                said += [f"{here}: a fold inside the fold of cell {opened}"] * bool(opened)
                if not START.match(text, line.start()):
                    said.append(
                        f'{here}: a fold begins with <details class="deeper">, a line '
                        "<summary>Deeper: what one gets</summary> and an empty line"
                    )
                opened = cell["id"]
    return said + ([f"cell {opened}: its fold is never closed"] if opened else [])


def shown(cell: dict) -> str:
    """What a code cell shows: figure, picture (interactive), table or these numbers."""
    kinds = {kind for output in cell["outputs"] for kind in output.get("data", {})}
    if "figure" in cell["metadata"].get("mystnb", {}):
        return "this figure"
    if VIEW in kinds:
        return "this picture"
    return "this table" if "text/html" in kinds else "these numbers"


def fold(app: Any, name: str, source: list[str]) -> None:
    """Fold the code of figures, pictures and set-up in chapters, and name what the fold holds.

    Code that an author folded (tag `hide-input`) is named as well. A fold that does not end, or
    that holds a heading, is a warning, so `make book` (-W) fails.
    """
    if Path(app.env.doc2path(name)).suffix != ".ipynb":
        return
    notebook = json.loads(source[0])
    for fault in faults(notebook["cells"]):
        log.warning("%s: %s", name, fault)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            _fold_code(cell, bool(CHAPTERS.fullmatch(name)))
    source[0] = json.dumps(notebook)


def _fold_code(cell: dict, chapter: bool) -> None:
    told = cell["metadata"]
    tags, what = told.get("tags", []), shown(cell)
    drawn = what in ("this figure", "this picture")
    if chapter and (drawn or "setup" in tags) and "hide-input" not in tags:
        told["tags"] = tags = [*tags, "hide-input"]
    if "hide-input" in tags and "code_prompt_show" not in told.get("mystnb", {}):
        prompt = "Set-up: what this page imports" if "setup" in tags else f"Code of {what}"
        told["mystnb"] = {
            **told.get("mystnb", {}),
            "code_prompt_show": prompt,
            "code_prompt_hide": prompt,
        }


def setup(app: Any) -> dict[str, bool]:
    app.add_css_file("reading.css", priority=900)
    app.add_css_file("print.css", priority=950)  # the last word, on paper
    app.add_js_file("reading.js", loading_method="defer")
    app.connect("source-read", fold, priority=400)  # of what the author wrote
    return {"parallel_read_safe": True, "parallel_write_safe": True}
