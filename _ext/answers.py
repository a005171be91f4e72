"""What pages carry so that a reader without a kernel can answer: boxes, and the list of progress.

The scripts and the style that bring it to life are assets/calc.js (the calculator and the judge),
assets/answers.js and assets/answers.css.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from html import escape
from pathlib import Path
from typing import Any

import given

from exercises.strip import exercise_of, source_of
from scalinglib.checks import Function, Text, registry
from scalinglib.checks.boxes import box, has_box, veiled
from scalinglib.runs import DataUnavailableError

CALLED = (
    "it asks for a function, and <code>check</code> there calls what you wrote with numbers of its "
    "own."
)
READ = (
    "it asks for a text. "
    "In a course a person reads it; on your own, write it first, then hold it beside the solution."
)
NO_FIELD = (
    "<noscript><p>Here would be a field for your answer, with a check: it needs scripts, which are "
    "switched off in this browser. Hints and solution open without.</p></noscript>"
)
#: how many lines paper has for what needs more than one, beside the first
MORE_LINES = {Text: 4, Function: 5}
NO_DATA = "it needs data that were not at hand when the site was built."
# the line of level and minutes under an exercise's heading
LEVEL = re.compile(r"^\*[\w-]+, \d+ minutes\*$", re.M)
#: a row of the index's table of chapters: address, question, minutes
ROW = re.compile(r"^\| \d+ \| \[\]\((chapters/\w+)\.ipynb\) \| (.+?) \| (\d+) \|$", re.M)
COURSE = """<div class="sl-course"><p></p>
<p hidden>This browser keeps nothing for this site (a private window?): answers last until you leave
a page.</p>
<table><thead><tr><th scope="col">Chapter, and its question</th><th scope="col">Minutes</th>
<th scope="col">Answers</th></tr></thead>
<tbody>{rows}</tbody></table>
<p>Answers are those to exercises (when they
are right), questions and guesses; functions and texts are for the notebooks and not counted. They
are kept in this browser, and nowhere else; with scripts switched off nothing is kept.</p>
<div hidden><p class="sl-buttons"><button type="button">Save to a file</button>
<button type="button" title="Erase all answers, guesses, progress and scratchpads that this browser
keeps for the course?">Erase everything</button></p>
<p><label>Load a saved file <input type="file" accept=".json,application/json"></label></p>
<p><label><input type="checkbox"> Never cover anything before a guess</label></p>
<p class="sl-said" role="status"></p></div></div>

<script type="application/json" class="sl-course-data">{data}</script>
"""


def tags_of(cell: dict) -> list[str]:
    return cell["metadata"].get("tags", [])


def parameters_of(cells: list[dict]) -> dict[str, dict]:
    """Exercise -> its parameters: the literals of its parameter cell ({} where it has none)."""
    found = {exercise: {} for exercise in map(exercise_of, cells) if exercise}
    for cell in cells:
        if (exercise := exercise_of(cell)) and "parameters" in tags_of(cell):
            found[exercise] = {
                target.id: ast.literal_eval(line.value)
                for line in ast.parse("".join(cell["source"])).body
                if isinstance(line, ast.Assign)
                for target in line.targets
                if isinstance(target, ast.Name)
            }
    return found


def key(exercise: str, params: dict) -> str:
    """Changes with the parameters: what was right for others is remembered no longer."""
    return hashlib.sha256(json.dumps([exercise, params], sort_keys=True).encode()).hexdigest()[:8]


def texts_of(cells: list[dict]) -> dict[str, list[str]]:
    """Exercise -> what its cells say: its question, then what is given and solved."""
    found: dict[str, list[str]] = {}
    for above, cell in zip([{"source": ""}, *cells], cells, strict=False):
        if exercise := exercise_of(cell):
            own = found.setdefault(exercise, [source_of(above)])
            own += [source_of(cell)] if {"parameters", "exercise"} & set(tags_of(cell)) else []
    return found


def sentence(words: str) -> str:
    """With a full stop at its end."""
    return words if words.endswith(".") else f"{words}."


def for_the_notebook(cell: dict, why: str, buttons: str) -> dict:
    """The question of an exercise that has no box, with that said under its heading."""
    note = f'<p class="sl-notebook"><strong>For the notebook:</strong> {sentence(why)}{buttons}</p>'
    text = LEVEL.sub(lambda found: f"{found[0]}\n\n{note}", source_of(cell), count=1)
    return cell | {"source": text}


def with_boxes(cells: list[dict], buttons: str = "") -> list[dict]:
    """The cells with an answer box below the parameters and the data; the boxes' contents last.

    An exercise without a box says so at its head, with the `buttons` that open the notebook. A
    check cell is left out where the box does its work, and so is the code that shows hints,
    questions and predictions.
    """
    params, boxes, shown, heads = parameters_of(cells), {}, [], {}
    texts = texts_of(cells)
    for cell in cells:
        exercise, tags = exercise_of(cell), tags_of(cell)
        if exercise and exercise not in heads:
            heads[exercise] = len(shown) - 1
        if exercise and "exercise" in tags:
            try:
                asked = registry.exercise(exercise)
                made, why_not = (
                    box(asked, params[exercise]),
                    READ if isinstance(asked, Text) else getattr(asked, "notebook", "") or CALLED,
                )
            except ValueError as error:
                if not isinstance(error.__cause__, DataUnavailableError):
                    raise
                made, why_not = None, NO_DATA
            if made:
                own = key(exercise, params[exercise])
                made["given"] = given.named(texts[exercise]) | made["given"]
                boxes[exercise] = veiled(made, own) | {"key": own}
            else:
                above = heads[exercise]
                shown[above] = for_the_notebook(shown[above], why_not, buttons)
            shown.append(
                markdown(
                    f"box-{exercise}",
                    f'<div class="sl-box" data-id="{exercise}">'
                    f"{NO_FIELD if made else '<hr>' * MORE_LINES.get(type(asked), 1)}</div>",
                )
            )
        if {"hint", "question", "prediction"} & set(tags):
            cell["metadata"]["tags"] = [*tags, "remove-input"]
        if not ("check" in tags and exercise in boxes):
            shown.append(cell)
    lines = given.under(boxes, texts)
    for exercise, html in lines.items():
        place = next(k for k, cell in enumerate(shown) if cell["id"] == f"box-{exercise}")
        shown.insert(place, markdown(f"given-{exercise}", html))
    if boxes:
        data = as_script({"boxes": boxes})
        shown.append(
            markdown("boxes", f'<script type="application/json" class="sl-boxes">{data}</script>')
        )
    return shown


def with_progress(text: str, folder: Path) -> str:
    """The index's table of chapters with what the reader has answered of each.

    Raises ValueError where `text` has no such table.
    """
    told = ROW.findall(text)
    if not told:
        raise ValueError("the index has no rows | 1 | [](chapters/name.ipynb) | question | 60 |")
    chapters = [chapter(folder / f"{name}.ipynb") for name, _, _ in told]
    rows = "".join(
        f'<tr><th scope="row"><a href="{one["href"]}">{one["number"]} {one["title"]}</a>'
        f"<br>{escape(question)}</th><td>{minutes}</td>"
        f"<td>{sum(len(one[kind]) for kind in ('exercises', 'questions', 'guesses'))}</td></tr>\n"
        for one, (_, question, minutes) in zip(chapters, told, strict=True)
    )
    begin, end = text.index("| no. |"), list(ROW.finditer(text))[-1].end()
    made = COURSE.format(rows=rows, data=as_script(chapters))
    return text[:begin] + made + text[end:]


def chapter(path: Path) -> dict:
    """Title, address and the ids of what can be answered on the chapter's page."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    number, source = (
        path.name[:2],
        "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"),
    )
    title = re.search(r"^# (.+)$", source, re.M)
    items = registry.chapter_items(number)
    told = {id: params for id, params in parameters_of(cells).items() if id in items["exercise"]}
    boxed = {id: key(id, params) for id, params in told.items() if has_box(items["exercise"][id])}
    return {
        "number": int(number),
        "title": title[1] if title else path.stem,
        "href": f"{path.parent.name}/{path.stem}.html",
        "exercises": boxed,
        "functions": len(told) - len(boxed),
        "questions": called("ask", cells),
        "guesses": called("predict", cells),
    }


def called(function: str, cells: list[dict]) -> list[str]:
    """The ids with which the notebook calls ask or predict."""
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return re.findall(rf'^{function}\("([^"]+)"\)', code, re.M)


def markdown(id: str, source: str) -> dict:
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": source}


def as_script(data: Any) -> str:
    """JSON that may stand in a script element."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
