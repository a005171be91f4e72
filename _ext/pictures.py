"""The interactive pictures of a page: today's scripts, number, caption, a still without scripts.

A notebook keeps the scripts of the day on which it was run; the site shows those of the library.
Each picture becomes a figure of its page, `#picture-lawexplorer`, with the caption of its class.
Where scripts are switched off a still stands in its place, with its sentence; node draws it, and
where there is no node the sentence has to do.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from html import escape
from pathlib import Path
from typing import Any

from scalinglib import widgets

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"
SCRIPT = Path(__file__).parent / "stills.mjs"
FOLDER = "_static/stills"
OFF = "Scripts are switched off in this browser, so this picture stands still"
#: handles and lines that only scripts can use are not drawn
STYLE = (
    ".sl-ground{fill:#fff}.sl-hit,.sl-cue{display:none}svg{font-family:system-ui,sans-serif}"
    ".sl{--sl-bg:#fff;--sl-surface:#f3f4f5;--sl-text:#222832;--sl-muted:#48566b;--sl-line:#d1d5da}"
)


def models(notebook: dict) -> dict[str, dict]:
    """The states of the notebook's pictures, by model id."""
    stored = notebook["metadata"].get("widgets", {}).get(STATE, {}).get("state", {})
    return {
        id: model["state"]
        for id, model in stored.items()
        if model["state"].get("_anywidget_id", "").startswith(widgets.__name__)
    }


def kind(state: dict) -> Any:
    """The class of a picture."""
    return getattr(widgets, state["_anywidget_id"].rpartition(".")[2])


def renew(notebook: dict) -> None:
    """Give each picture the script and style that the library has today."""
    for state in models(notebook).values():
        state["_esm"], state["_css"] = str(kind(state)._esm), str(kind(state)._css)


def stills(states: dict[str, dict]) -> dict[str, dict]:
    """By class: {"svg", "width", "height", "said"} of pictures at their start; {} without node.

    Raises CalledProcessError for a picture whose script fails.
    """
    node = shutil.which("node")
    if node is None or not states:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        asked = {}
        for state in states.values():
            name = kind(state).__name__
            Path(folder, f"{name}.mjs").write_text(str(kind(state)._esm), encoding="utf-8")
            told = {key: value for key, value in state.items() if not key.startswith("_")}
            asked[name] = {"module": name, "state": told}
        done = subprocess.run(
            [node, SCRIPT],
            input=json.dumps({"folder": folder, "pictures": asked}),
            check=True,
            capture_output=True,
            text=True,
        )
    return json.loads(done.stdout)


def as_file(still: dict, css: str) -> str:
    """A still as an SVG file of its own."""
    size = f'width="{still["width"]}" height="{still["height"]}"'
    box = f'viewBox="0 0 {still["width"]} {still["height"]}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sl-stage" {size} {box}>'
        f"<style>{escape(css, quote=False)}{STYLE}</style>{still['svg']}</svg>\n"
    )


def without_scripts(state: dict, still: dict | None, root: str) -> str:
    """HTML for browsers without scripts: the question, a still, its sentence, what is missing."""
    question, name = escape(state["question"]), kind(state).__name__
    if still is None:
        return f"<noscript>\n<p><strong>{question}</strong></p><p>{OFF}.</p></noscript>"
    said = escape(still["said"])
    return (
        f'<noscript>\n<p><strong>{question}</strong></p><img src="{root}{FOLDER}/{name}.svg" '
        f'width="{still["width"]}" height="{still["height"]}" alt="{said}" loading="lazy">'
        f"<p>{said}</p><p>{OFF}, as it was at the start.</p></noscript>"
    )


def show(app: Any, name: str, source: list[str]) -> None:
    """Number the pictures of a page, and put a still behind each."""
    path = Path(app.env.doc2path(name))
    if path.suffix != ".ipynb":
        return
    notebook = json.loads(source[0])
    states = models(notebook)
    if not states:
        return
    renew(notebook)
    drawn, cells = stills(states), []
    folder = Path(app.outdir, FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    for state in states.values():
        if still := drawn.get(kind(state).__name__):
            text = as_file(still, str(kind(state)._css))
            (folder / f"{kind(state).__name__}.svg").write_text(text, encoding="utf-8")
    for cell in notebook["cells"]:
        cells.append(cell)
        views = [
            one["data"][VIEW] for one in cell.get("outputs", []) if VIEW in one.get("data", {})
        ]
        for state in (states[view["model_id"]] for view in views if view["model_id"] in states):
            of = kind(state).__name__
            figure = {"caption": kind(state).caption, "name": f"picture-{of.lower()}"}
            cell["metadata"].setdefault("mystnb", {}).setdefault("figure", figure)
            still = without_scripts(state, drawn.get(of), "../" * name.count("/"))
            cells.append(
                {"cell_type": "markdown", "id": f"still-{of}", "metadata": {}, "source": still}
            )
    notebook["cells"] = cells
    source[0] = json.dumps(notebook)


def setup(app: Any) -> dict[str, bool]:
    app.connect("source-read", show, priority=600)  # course.py has ordered the cells
    return {"parallel_read_safe": True, "parallel_write_safe": True}
