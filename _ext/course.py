"""What this book adds to a plain Jupyter Book: no other host, few small files, accessible markup.

Jupyter Book 1.x and its theme load the widget manager from another host, and some of their markup
fails WCAG. What cannot be set in _config.yml is set here. (A folder `_static`, or
`html_static_path` in _config.yml, would make Jupyter Book load every script below it on every page:
hence `assets`, added here.)
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from PIL import Image

sys.path.append(str(Path(__file__).parents[1]))
import answers
import api
import given
import glossary
import handbook
import weight

from exercises.chapter import Chapter, read_chapter
from exercises.release import BRANCH, repository_url, version_of
from scalinglib import claims, plots
from scalinglib.checks.boxes import has_box
from scalinglib.runs import DataUnavailableError

ASSETS = Path(__file__).parent / "assets"
#: what pages are answered with: served as one file of the last one's name
SCRIPTS = ("calc.js", "pad.js", "answers.js")
SEARCH = ("searchtools", "language_data", "searchindex", "sphinx_highlight")  # Sphinx's
#: scripts and styles of parts of the theme that no page uses
UNUSED = (
    "sphinx-thebe",
    "sphinx_highlight",
    "clipboard",  # reading.js has its own button for code
    "copybutton",
    "design-tabs",
    "fontawesome",
    "tabs.",
    "thebe",
    "togglebutton",
    "tex-chtml",
)


# ---- settings ------------------------------------------------------------------------------------


def configure(app: Any, config: Any) -> None:
    """Set what depends on the machine, and what _config.yml has no place for."""
    options, url = config.html_theme_options, repository_url(Path(app.srcdir))
    options["use_repository_button"] = options["use_issues_button"] = bool(url)
    options["launch_buttons"] = {}
    if url:
        options["repository_url"] = url
        # the buttons lead to the notebooks without solutions, which `make release` writes for that
        # branch
        options["repository_branch"] = BRANCH
        options["launch_buttons"] = {
            "binderhub_url": "https://mybinder.org",
            "notebook_interface": "jupyterlab",
        }
        if url.startswith("https://github.com/"):  # Colab opens no others
            options["launch_buttons"]["colab_url"] = "https://colab.research.google.com"
    if config.solutions == "hide":
        options["use_download_button"] = config.html_copy_source = (
            False  # the source has the solutions in it
        )
    if base := os.environ.get("BOOK_BASE_URL"):
        config.html_baseurl = base  # where the site will stand: each page's canonical address
    config.html_static_path.append(str(ASSETS))
    for name, value in api.SETTINGS.items():
        setattr(config, name, value)
    config.nb_ipywidgets_js = {"widgets.js": {"defer": "defer"}}


# ---- solutions -----------------------------------------------------------------------------------

MARKERS = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION[ \t]*\n?", re.M)
OUTCOME = {"code_prompt_show": "Show the outcome", "code_prompt_hide": "Hide the outcome"}


def buttons(options: dict, name: str) -> str:
    """Links that open a page's notebook, as the theme's buttons do; "" where there are none."""
    ways, url = options.get("launch_buttons", {}), options.get("repository_url", "")
    if not ways:
        return ""
    host, path = url.split("://", 1)[1].split("/", 1)
    where = f"gh/{path}" if host == "github.com" else f"git/{quote(url, safe='')}"
    links = {"Binder": f"{ways['binderhub_url']}/v2/{where}/{BRANCH}?urlpath=lab/tree/{name}.ipynb"}
    if "colab_url" in ways:
        links["Colab"] = f"{ways['colab_url']}/github/{path}/blob/{BRANCH}/{name}.ipynb"
    shown = [f'<a href="{link}">open it in {where}</a>' for where, link in links.items()]
    return f" {' · '.join(shown)}"


def worked_out(chapter: Chapter, exercise: str) -> str:
    """What the solution cell binds, as text: `factor = 163.1`, a line for each part.

    The cell is run after set-up and parameters; "" where its data are not at hand.
    """
    task = chapter.tasks[exercise]
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # what it prints the notebook has
            answer = chapter.answer(exercise, task.solution, task.parameters)
    except DataUnavailableError:
        return ""
    if isinstance(answer, dict):
        return "\n".join(f"{name} = {as_text(value)}" for name, value in answer.items())
    if isinstance(answer, tuple):
        return f"{task.exercise.answer} = {', '.join(map(as_text, answer))}"
    return f"{task.exercise.answer} = {as_text(answer)}"


def as_text(value: Any) -> str:
    """Four digits of a number; a whole number below a million in full, a choice as it is."""
    if isinstance(value, str):
        return value
    if float(value).is_integer() and abs(value) < 1e6:
        return str(int(value))
    return f"{value:.4g}".replace("e+", "e").replace("e0", "e").replace("e-0", "e-")


def stage_exercises(app: Any, name: str, source: list[str]) -> None:
    """Order an exercise on its page: question, parameters, data, answer box, hints, solution.

    (A notebook has the hints last, where a student at work looks for them.) The solution is folded,
    with the value that its cell gives, run after set-up and parameters. A function has no box:
    there what the check says to the solution comes last, folded. With SOLUTIONS=hide the solution
    cells and the outcomes that they led to are left out. The index gets the reader's progress, and
    how to cite the course.
    """
    path = Path(app.env.doc2path(name))
    if path.suffix != ".ipynb":
        return
    notebook, cells, solutions = json.loads(source[0]), [], {}
    chapter = read_chapter(path)
    for cell in answers.with_boxes(notebook["cells"], buttons(app.config.html_theme_options, name)):
        tags, exercise = answers.tags_of(cell), answers.exercise_of(cell)
        if exercise and "exercise" in tags:
            solutions[exercise] = len(cells)
            cell["source"] = MARKERS.sub("", "".join(cell["source"]))
            if app.config.solutions == "show" and has_box(chapter.tasks[exercise].exercise):
                value = {"name": "stdout", "text": worked_out(chapter, exercise)}
                cell["outputs"] += [{"output_type": "stream"} | value]
                cell["metadata"]["tags"] = [
                    "hide-cell" if tag == "hide-input" else tag for tag in tags
                ]
        if "check" in tags:
            cell["metadata"] |= {"tags": [*tags, "hide-output"], "mystnb": OUTCOME}
            if app.config.solutions == "hide":
                cell["outputs"] = []
        cells.insert(solutions[exercise] if "hint" in tags else len(cells), cell)
    if app.config.solutions == "hide":
        cells = [cell for cell in cells if "exercise" not in answers.tags_of(cell)]
    if name == app.config.root_doc:
        for cell in cells:
            if cell["id"] == "chapters":
                cell["source"] = answers.with_progress("".join(cell["source"]), path.parent)
            elif cell["id"] == "who":
                cell["source"] = "".join(cell["source"]) + "\n\n" + cited(path.parent)
    notebook["cells"] = cells
    source[0] = json.dumps(notebook)


CITED = """> {author}. *{title}*. Version {version}, {year}.{where}

<details class="deeper">
<summary>Deeper: the same as BibTeX</summary>

```
@misc{{scalinglib,
  author = {{{{{author}}}}},
  title = {{{title}}},
  note = {{Version {version}}},
  year = {{{year}}}{url}
}}
```

</details>
"""


def cited(root: Path) -> str:
    """How to cite the course, from CITATION.cff, version and address, as text for the index."""
    url = repository_url(root)
    told = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    return CITED.format(
        author=", ".join(one["name"] for one in told["authors"]),
        title=told["title"],
        version=version_of(root).split("+")[0],  # without the commit
        year=yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))["copyright"],
        where=f" <{url}>" if url else "",
        url=f",\n  url = {{{url}}}" if url else "",
    )


def mark_evidence(app: Any, name: str, source: list[str]) -> None:
    """Give the cells that claims rest on an empty element with the id `cell-...`.

    Links that the library writes lead to notebooks; here they lead to the book's pages.
    """
    if Path(app.env.doc2path(name)).suffix != ".ipynb":
        return
    source[0] = re.sub(r'(href=\\"[\w/]+)\.ipynb', r"\1.html", source[0])
    cited = claims.cells(Path(name).name)
    if not cited:
        return
    notebook, cells = json.loads(source[0]), []
    for cell in notebook["cells"]:
        if cell["id"] in cited:
            place = f'<span id="cell-{cell["id"]}"></span>'
            cells.append(
                {
                    "cell_type": "markdown",
                    "id": f"place-{cell['id']}",
                    "metadata": {},
                    "source": place,
                }
            )
        cells.append(cell)
    source[0] = json.dumps(notebook | {"cells": cells})


def know_claims(app: Any, env: Any) -> None:
    """Let pages link to rows of the claims page, `claims.ipynb#claim-B6`, held by an output."""
    rows = {f"claim-{id}": (None, f"claim-{id}", f"claim {id}") for id in claims.CLAIMS}
    env.metadata["chapters/claims"].setdefault("myst_slugs", {}).update(rows)


# ---- pages ---------------------------------------------------------------------------------------


def let_answer(app: Any, pagename: str, templatename: str, context: dict, doctree: Any) -> None:
    """The script and style for answering, with the scratchpad and the laws that it knows."""
    app.add_js_file(SCRIPTS[-1], loading_method="defer")
    app.add_css_file("answers.css", priority=900)
    app.add_css_file("pad.css", priority=900)
    laws = answers.as_script(given.for_the_pad())
    context["body"] = (
        f'{context.get("body", "")}<script type="application/json" class="sl-laws">{laws}</script>'
    )


def join_scripts(app: Any) -> None:
    """Write the one script of `SCRIPTS`, before pages ask for its checksum."""
    folder = Path(app.doctreedir) / "served"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SCRIPTS[-1]).write_text(served(), encoding="utf-8")
    app.config.html_static_path.append(str(folder))


def served() -> str:
    """The scripts as they are served: one text without comments and with short local names.

    Raises ValueError for what is no script.
    """
    text = "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS)
    return weight.small("text/javascript", text)


INLINE = re.compile("THEBE|MathJax|toggle(Hint|Open|button)")


def lighten(app: Any, pagename: str, templatename: str, context: dict, doctree: Any) -> None:
    """Drop scripts and styles of unused parts, and inline scripts that come twice (an error)."""
    seen, scripts = set(), []
    for script in context["script_files"]:
        name, body = _name(script), getattr(script, "attributes", {}).get("body") or ""
        unused = any(part in name for part in UNUSED) or INLINE.search(body)
        if unused or (body and body in seen):
            continue
        seen.add(body)
        scripts.append(script)
    context["script_files"] = scripts
    context["css_files"] = [
        sheet for sheet in context["css_files"] if not any(part in _name(sheet) for part in UNUSED)
    ]


def _name(asset) -> str:
    return str(getattr(asset, "filename", asset) or "")


MARKUP = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # the visible text must be part of a control's name (WCAG 2.5.3): let it be the name
        (r'(<button class="btn search-button-field[^>]*?) aria-label="Search"', r"\1"),
        (r'<summary aria-label="Toggle hidden content">', "<summary>"),
        (r'(<i class="theme-switch [^>]*?) title="[^"]*"', r'\1 aria-hidden="true"'),
        # the book's title stands outside every landmark
        (
            r'<div class="sidebar-primary-item">(?=\s*<a class="navbar-brand)',
            '<div class="sidebar-primary-item" role="navigation" aria-label="Book">',
        ),
        # a role that was withdrawn
        (r'(<div class="citation" id="[^"]*") role="doc-biblioentry"', r'\1 role="listitem"'),
        # wide tables scroll on a phone: the keyboard must reach them
        (r'<table class="table">', '<table class="table" tabindex="0">'),
        # pandas writes an empty header into the corner
        (r"<th></th>", "<td></td>"),
        # the icons come from the theme's font; its 1.5 MB of drawings are not needed
        (r'<script defer src="[^"]*_static/scripts/fontawesome\.js[^"]*"></script>', ""),
        # Sphinx's search: there is another (finding.py)
        (rf'<script src="[^"]*(?:{"|".join(SEARCH)})\.js[^"]*"></script>\n?', ""),
    )
)
# with the size that myst-nb takes from a notebook, as a style: where there is less room, the width
# would shrink and the height would not
IMAGE = re.compile(
    r'<img (?![^>]*\bwidth=)([^>]*?)src="([^"]+\.png)"(?: style="width: \d+px; height: \d+px;")?'
)


def finish(app: Any, error: Exception | None) -> None:
    """Mend the pages."""
    if error or app.builder.format != "html":
        return
    out = Path(app.outdir)
    for name in SCRIPTS[:-1]:
        (out / "_static" / name).unlink(missing_ok=True)  # they are in the last one
    for name in SEARCH:
        (out / "_static" / f"{name}.js").unlink(missing_ok=True)
    meanings = glossary.entries(Path(app.srcdir) / f"{glossary.PAGE}.md")
    for page in out.rglob("*.html"):
        if "_static" not in page.relative_to(out).parts:
            html = glossary.show_meanings(
                mended(page.read_text(encoding="utf-8"), page.parent), meanings
            )
            page.write_text(html, encoding="utf-8")


def mended(html: str, folder: Path) -> str:
    """The page with accessible markup, and pictures that keep their room and load when near."""
    for pattern, replacement in MARKUP:
        html = pattern.sub(replacement, html)

    def with_size(found):
        width, height = shown_size((folder / found[2]).resolve())
        return f'<img width="{width}" height="{height}" loading="lazy" {found[1]}src="{found[2]}"'

    return IMAGE.sub(with_size, html)


def shown_size(path: Path) -> tuple[int, int]:
    """Width and height on the page: at the density of `plots.STYLE`, whatever it was drawn with."""
    with Image.open(path) as drawn:
        times = max(1, round(drawn.info.get("dpi", (0,))[0] / plots.STYLE["figure.dpi"]))
        return drawn.width // times, drawn.height // times


def setup(app: Any) -> dict[str, bool]:
    app.add_config_value("solutions", os.environ.get("SOLUTIONS", "show"), "env")
    app.add_css_file("course.css", priority=900)
    app.connect("config-inited", configure, priority=900)
    app.connect("builder-inited", join_scripts)
    app.connect("source-read", glossary.link_words)  # first: only in what the author wrote
    app.connect("source-read", stage_exercises)
    app.connect("source-read", mark_evidence)
    app.connect("source-read", handbook.fill)
    app.connect("source-read", given.fill)
    app.connect("env-updated", know_claims)
    api.setup(app)
    app.connect("html-page-context", let_answer)
    app.connect("html-page-context", lighten, priority=900)
    app.connect("build-finished", finish, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
