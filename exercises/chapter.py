"""The exercises of a chapter's notebook: its set-up cell, and for each exercise its cells."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from scalinglib.checks import registry
from scalinglib.checks.kinds import Kind

from .draw import parameter_cell
from .strip import exercise_of, replace_region, role_of, source_of, stub


class ChapterError(ValueError):
    """A notebook whose exercises contradict themselves; the text says where."""


@dataclass(frozen=True)
class Task:
    """One exercise as the notebook tells it: sources of its cells, and its public parameters."""

    id: str
    solution: str
    check: str
    hint: str
    parameters: dict

    @property
    def exercise(self) -> Kind:
        """Its kind, properties and mistakes, from scalinglib.checks."""
        return registry.exercise(self.id)

    @property
    def stub(self) -> str:
        """The solution cell as the student gets it."""
        return stub(self.solution, self.exercise.answer, self.id)

    def with_region(self, code: str) -> str:
        """The solution cell with other code in its region."""
        return replace_region(self.solution, code, self.id)


@dataclass(frozen=True, eq=False)
class Chapter:
    """The exercises of one notebook, in order."""

    number: str
    setup: str
    tasks: dict[str, Task]

    @cached_property
    def _after_setup(self) -> dict:
        return _run({"__name__": "__main__"}, self.setup)

    def answer(self, id: str, source: str, params: dict) -> Any:
        """What the solution cell `source` binds as the answer, after set-up and parameters only."""
        names = _run(dict(self._after_setup), parameter_cell(params))
        return _run(names, source).get(self.tasks[id].exercise.answer)


def _run(names: dict, source: str) -> dict:
    # our own chapters' cells; students' run in the grader's sandbox
    exec(compile(source, "<cell>", "exec"), names)
    return names


def read_chapter(path: str | Path) -> Chapter:
    """Read a notebook (its number is the beginning of its file name).

    Raises ChapterError where cells of an exercise are missing, doubled, out of order or not
    together, where the parameter cell is more than literals, and where check and hint are called
    with something else than the exercise's own names.
    """
    path = Path(path)
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    groups: dict[str, dict[str, tuple[int, str]]] = {}
    for place, cell in enumerate(cells):
        id, role = exercise_of(cell), role_of(cell)
        if (id is None) != (role in (None, "setup")):
            raise ChapterError(
                f"{path.name}: cell {cell.get('id')!r} "
                f"has the tag {role!r} and the exercise {id!r}; an exercise's cells carry both"
            )
        if id is not None and role is not None:
            if role in groups.setdefault(id, {}):
                raise ChapterError(f"{path.name}: {id} has two cells tagged {role}")
            groups[id][role] = (place, source_of(cell))
    number = path.name[:2]
    setups = [source_of(cell) for cell in cells if role_of(cell) == "setup"]
    if groups and len(setups) != 1:
        raise ChapterError(f"{path.name}: one cell must be tagged setup, found {len(setups)}")
    tasks = {id: _task(f"{path.name}: {id}", id, group, cells) for id, group in groups.items()}
    return Chapter(number, setups[0] if setups else "", tasks)


def _task(where: str, id: str, group: dict, cells: list) -> Task:
    exercise = registry.exercise(id)
    wanted = [*(["parameters"] if exercise.given else []), "exercise", "check", "hint"]
    if list(group) != wanted:
        raise ChapterError(
            f"{where} has cells tagged {', '.join(group)}; "
            f"it needs {', '.join(wanted)} in this order"
        )
    places = [place for place, _ in group.values()]
    if places != list(range(places[0], places[0] + len(places))):
        raise ChapterError(f"{where}: its cells do not follow each other")
    above = cells[places[0] - 1]
    if above["cell_type"] != "markdown" or not re.search(r"^### Exercise", source_of(above), re.M):
        raise ChapterError(f"{where}: the cell above must be its question, '### Exercise ...'")
    sources = {role: source for role, (_, source) in group.items()}
    call = (
        f"check({id!r}, "
        f"{', '.join([exercise.answer, *(f'{name}={name}' for name in exercise.given)])})"
    )
    for role, expected in (("check", call), ("hint", f"hint({id!r})")):
        if _normal(sources[role]) != _normal(expected):
            raise ChapterError(f"{where}: the {role} cell must read {expected}")
    return Task(
        id,
        sources["exercise"],
        sources["check"],
        sources["hint"],
        _literals(where, sources.get("parameters", "")),
    )


def _normal(source: str) -> str:
    """The source without regard to layout and to the order of keywords."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            node.keywords.sort(key=lambda keyword: keyword.arg or "")
    return ast.unparse(tree)


def _literals(where: str, source: str) -> dict:
    """The values that a parameter cell assigns."""
    values = {}
    for line in ast.parse(source).body:
        try:
            match line:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    values[name] = ast.literal_eval(value)
                case _:
                    raise ValueError
        except ValueError:
            raise ChapterError(
                f"{where}: the parameter cell holds more than assignments of literals: "
                f"{ast.unparse(line)!r}"
            ) from None
    return values
