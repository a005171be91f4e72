"""A skeleton of an exercise: `python -m exercises new 08-tokens-left`.

It is an exercise that passes every test, written into the three places where one is told: an author
changes a working one, a piece at a time. See README.md for what each piece is.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

from .assign import ROOT
from .draw import PUBLIC, Stream, parameter_cell
from .strip import exercise_of, source_of

_CHECKS = """\
    Number(
        id="{id}",
        answer="{name}",
        given=("{name}_budget", "{name}_size"),
        truth="{name}_budget / (6 * {name}_size)",
        unit="tokens",
        rtol=2e-3,
        bounds=(("x > 1", "a model that is trained reads more than one token"),),
        mistakes=(
            (
                "{name}_budget / {name}_size",
                "the factor of training is missing: what does one token cost for one parameter?",
            ),
            (
                "{name}_budget / (2 * {name}_size)",
                "that is the forward pass only: training goes backward too",
            ),
            (
                "6 * {name}_budget * {name}_size",
                "you multiplied by what a token costs: divide the budget by it",
            ),
        ),
        generic="the budget does not pay for that many tokens",
        hints=(
            "What does one token cost?",
            "Training takes about 6 FLOPs for each parameter and token.",
            "`{name} = {name}_budget / (...)`",
        ),
    ),
"""
_SPEC = """\
    Spec(
        id="{id}",
        points=2,
        draw=lambda stream: {{
            "{name}_budget": stream.log_uniform(1e19, 1e22),
            "{name}_size": stream.log_uniform(1e8, 1e10),
        }},
        by_hand={{"x": "{name}_budget/(6*{name}_size)"}},
        mutants={{
            "no factor": "{name} = {name}_budget / {name}_size",
            "forward only": "{name} = {name}_budget / (2 * {name}_size)",
            "multiplied": "{name} = 6 * {name}_budget * {name}_size",
            "upside down": "{name} = 6 * {name}_size / {name}_budget",
            "in words": '{name} = "many"',
        }},
    ),
"""
_QUESTION = """\
### Exercise {number}: {title}

*warm-up, 5 minutes*

You have `{name}_budget` FLOPs and train `{name}_size` parameters.
How many tokens can the model read? Call it `{name}`."""
_CODE = {
    "parameters": "{cell}",
    "exercise": (
        "### BEGIN SOLUTION\n"
        "# 6 FLOPs for each parameter and token\n"
        "{name} = {name}_budget / (6 * {name}_size)\n"
        "### END SOLUTION"
    ),
    "check": ('check("{id}", {name}, {name}_budget={name}_budget,\n      {name}_size={name}_size)'),
    "hint": 'hint("{id}")',
}


class NewError(ValueError):
    """An exercise that cannot be added; the text says why."""


def new(id: str, root: Path = ROOT) -> list[Path]:
    """Add a skeleton behind the last exercise of its chapter; the three files that it stands in.

    Raises NewError for an id that is none, that is taken, or of a chapter without exercises.
    """
    found = re.fullmatch(r"(\d\d)-([a-z0-9]+(?:-[a-z0-9]+)*)", id)
    if not found or not re.match("[a-z]", found[2]):
        raise NewError(
            f"{id!r} is no id: write the chapter's number and words, as in 08-tokens-left"
        )
    number, name = found[1], found[2].replace("-", "_")
    checks = _one(root, f"scalinglib/checks/chapters/ch{number}_*.py", number)
    spec = _one(root, f"exercises/chapters/ch{number}_*.py", number)
    chapter = _one(root, f"chapters/{number}_*.ipynb", number)
    notebook = json.loads(chapter.read_text(encoding="utf-8"))
    places = [place for place, cell in enumerate(notebook["cells"]) if exercise_of(cell)]
    text = checks.read_text(encoding="utf-8")
    told = "".join(path.read_text(encoding="utf-8") for path in checks.parent.glob("ch*.py"))
    if f'"{id}"' in told or f'answer="{name}"' in text or not places:
        raise NewError(f"{id!r} or its answer {name!r} is taken, or chapter {number} has none yet")
    words = {"id": id, "name": name, "number": _number(notebook), "title": _title(found[2])}
    checks.write_text(_appended(text, "EXERCISES", _CHECKS.format(**words)), encoding="utf-8")
    text = _appended(spec.read_text(encoding="utf-8"), "SPECS", _SPEC.format(**words))
    spec.write_text(text, encoding="utf-8")
    notebook["cells"][places[-1] + 1 : places[-1] + 1] = _cells(words)
    chapter.write_text(
        json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n"
    )
    return [checks, spec, chapter]


def _one(root: Path, pattern: str, number: str) -> Path:
    found = sorted(root.glob(pattern))
    if len(found) != 1:
        raise NewError(f"there is no chapter {number} with exercises ({pattern})")
    return found[0]


def _number(notebook: dict) -> str:
    """The number behind the last one: "8.5"."""
    texts = "\n".join(map(source_of, notebook["cells"]))
    found = [
        tuple(map(int, pair)) for pair in re.findall(r"^### Exercise (\d+)\.(\d+)", texts, re.M)
    ]
    chapter, last = max(found)
    return f"{chapter}.{last + 1}"


def _title(words: str) -> str:
    return words.replace("-", " ").capitalize()


def _appended(text: str, tuple_name: str, entry: str) -> str:
    """A module's text with one more entry at the end of a tuple."""
    tuples = [
        node.value
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign | ast.AnnAssign) and tuple_name in ast.unparse(node)[:40]
    ]
    if not tuples or tuples[0] is None or tuples[0].end_lineno is None:
        raise NewError(f"the module has no tuple {tuple_name}")
    lines = text.splitlines(keepends=True)
    lines.insert(tuples[0].end_lineno - 1, entry)
    return "".join(lines)


def _cells(words: dict[str, str]) -> list[dict]:
    stem = f"ex-{words['id'][3:]}"
    cells: list[dict] = [
        {"cell_type": "markdown", "id": stem, "metadata": {}, "source": _QUESTION.format(**words)}
    ]
    stream = Stream(PUBLIC, words["id"], PUBLIC)  # as the spec draws
    public = {
        f"{words['name']}_budget": stream.log_uniform(1e19, 1e22),
        f"{words['name']}_size": stream.log_uniform(1e8, 1e10),
    }
    for role, source in _CODE.items():
        metadata: dict[str, Any] = {"scalinglib": {"exercise": words["id"]}, "tags": [role]}
        if role == "exercise":
            metadata["tags"] += ["hide-input"]
            metadata["mystnb"] = {
                "code_prompt_hide": "Hide the solution",
                "code_prompt_show": "Show a solution",
            }
        cells.append(
            {
                "cell_type": "code",
                "execution_count": None,
                "id": f"{stem}-{role.replace('exercise', 'solution')}",
                "metadata": metadata,
                "outputs": [],
                "source": source.format(**words, cell=parameter_cell(public)),
            }
        )
    for cell in cells:
        cell["source"] = cell["source"].splitlines(keepends=True)
    return cells


def add_command(commands: Any) -> None:
    """`python -m exercises new`."""
    parser = commands.add_parser("new", help="a skeleton of an exercise, in its three places")
    parser.add_argument("id", help="chapter's number and words, as in 08-tokens-left")
    parser.set_defaults(run=_run)


def _run(options: Any) -> int:
    paths = new(options.id)
    print("\n".join(f"written: {path.relative_to(ROOT)}" for path in paths))
    print(
        "Change it piece by piece (exercises/README.md), add its minutes at the chapter's head,\n"
        f"then: make notebooks NB={paths[-1].relative_to(ROOT)} && make exercise ID={options.id}"
    )
    return 0
