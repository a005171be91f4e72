"""From the chapter's notebook to the student's: solution regions become stubs.

A region in a function's body becomes `...`, any other `name = ...` with the exercise's answer name.
An exercise without a region, a marker that survives, and a stub that would not ask for the answer
are errors: StripError names the cell.
"""

from __future__ import annotations

import ast
import copy
import re
import textwrap

from scalinglib.checks import registry

_REGION = re.compile(
    r"^([ \t]*)### BEGIN SOLUTION[ \t]*\n(.*?)^[ \t]*### END SOLUTION[ \t]*(?:\n|\Z)", re.S | re.M
)
_MARKER = re.compile(r"#+\s*(BEGIN|END)\s+SOLUTION", re.I)
_PER_EXERCISE = ("parameters", "exercise", "check", "hint")


class StripError(ValueError):
    """The notebook cannot be turned into a student's notebook; the text says which cell and why."""


def exercise_of(cell: dict) -> str | None:
    """The id of the exercise that a cell belongs to."""
    return cell["metadata"].get("scalinglib", {}).get("exercise")


def role_of(cell: dict) -> str | None:
    """What a cell is to an exercise: "parameters", "exercise", "check" or "hint"; also "setup"."""
    return next(
        (tag for tag in cell["metadata"].get("tags", []) if tag in (*_PER_EXERCISE, "setup")), None
    )


def source_of(cell: dict) -> str:
    """The source as one text, whichever way nbformat stores it."""
    return "".join(cell["source"])


def region(source: str, where: str = "cell") -> str:
    """The text of the one solution region, markers left out, indentation removed."""
    found = _REGION.findall(source)
    if len(found) != 1:
        raise StripError(
            f"{where}: there must be one ### BEGIN SOLUTION ... ### END SOLUTION, "
            f"found {len(found)}"
        )
    return textwrap.dedent(found[0][1])


def replace_region(source: str, code: str, where: str = "cell") -> str:
    """The cell's source with `code` in place of the solution region, indented as the region was."""
    region(source, where)
    lines = textwrap.dedent(code).rstrip("\n") + "\n"
    return _REGION.sub(lambda match: textwrap.indent(lines, match[1]), source).rstrip("\n")


def stub(source: str, answer: str, where: str = "cell") -> str:
    """The student's version of a solution cell.

    Raises StripError where the region does not bind `answer`, where it is not the whole body of the
    function `answer`, and where the answer is bound outside the region.
    """
    solution = region(source, where)
    found = _REGION.search(source)
    indented = bool(found and found[1])
    stripped = replace_region(source, "..." if indented else f"{answer} = ...", where)
    if _MARKER.search(stripped):
        raise StripError(f"{where}: a solution marker survives")
    try:
        before, after = ast.parse(source), ast.parse(stripped)
    except SyntaxError as error:
        raise StripError(
            f"{where}: not Python with and without its solution ({error.msg})"
        ) from None
    if indented:
        _check_function_stub(after, answer, where)
    else:
        if answer not in _bound(ast.parse(solution)):
            raise StripError(
                f"{where}: the solution does not bind {answer!r}, which check() asks for; "
                f"it binds {', '.join(sorted(_bound(ast.parse(solution)))) or 'nothing'}"
            )
        if len(_bindings(before, answer)) != len(_bindings(ast.parse(solution), answer)):
            raise StripError(
                f"{where}: {answer!r} is bound outside the solution region too: "
                "the stub would answer itself"
            )
    return stripped


def strip(notebook: dict) -> dict:
    """A copy of a chapter's notebook without solutions and without the exercises' outputs.

    Raises StripError (see above), also for an exercise that scalinglib.checks does not know.
    """
    notebook = copy.deepcopy(notebook)
    for cell in notebook["cells"]:
        id, role = exercise_of(cell), role_of(cell)
        where = f"cell {cell.get('id')!r} ({id})"
        if cell["cell_type"] == "code" and role in _PER_EXERCISE:
            cell["outputs"], cell["execution_count"] = [], None
        if role == "exercise":
            cell["source"] = stub(source_of(cell), registry.exercise(str(id)).answer, where)
            cell["metadata"]["tags"] = [
                tag for tag in cell["metadata"]["tags"] if tag != "hide-input"
            ]
            cell["metadata"].pop("mystnb", None)
        if _MARKER.search(source_of(cell)):
            raise StripError(f"{where}: a solution marker survives")
    return notebook


def _check_function_stub(tree: ast.Module, answer: str, where: str) -> None:
    functions = [
        node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == answer
    ]
    if len(functions) != 1:
        raise StripError(
            f"{where}: the region is indented, but no function {answer!r} stands around it"
        )
    body = (
        functions[0].body[1:] if ast.get_docstring(functions[0]) is not None else functions[0].body
    )
    if [ast.unparse(line) for line in body] != ["..."]:
        raise StripError(
            f"{where}: the region must be the whole body of {answer!r} after its docstring"
        )
    if len(_bindings(tree, answer)) != 1:
        raise StripError(
            f"{where}: {answer!r} is bound outside its function too: the stub would answer itself"
        )


def _bindings(tree: ast.Module, name: str) -> list:
    return [bound for bound in _all_bound(tree) if bound == name]


def _bound(tree: ast.Module) -> set[str]:
    return set(_all_bound(tree))


def _all_bound(tree: ast.Module) -> list[str]:
    """Names that the module's own scope binds, once for each binding; not inside functions."""
    names: list[str] = []
    waiting: list[ast.AST] = [*tree.body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.append(node.name)
        elif isinstance(
            node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
        ):
            continue
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.append(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names += [(alias.asname or alias.name).split(".")[0] for alias in node.names]
        else:
            waiting += ast.iter_child_nodes(node)
    return names
