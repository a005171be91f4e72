"""Defaults and named constants: a change of one changes what everybody gets who did not name it.

tests/defaults.txt records them, a line each: defaults of functions, fields of classes, constants of
modules, and what a flag of a command takes. Most results do not hang on one of them strongly enough
for another test to see a small change. Who changes one on purpose runs

    python tests/test_defaults.py

and says in CHANGELOG.md what is different for users (see *Release* in CONTRIBUTING.md).
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
RECORD = Path(__file__).with_name("defaults.txt")
DATACLASS = re.compile(r"(?m)^@dataclass(.*)\n(?:@.*\n)*class (\w+)")
FOLDERS = ("scalinglib", "exercises", "_ext")
LONGEST = 120  # of what a line shows of a value; longer ones are tables, and have their own tests
NOTHING = ("=None", "=''", "=()")
FLAG = ("default", "type", "choices", "nargs", "action", "required", "const")


def files() -> list[Path]:
    """All but what exercises ask: tests/worked_out.txt has what follows from that."""
    found = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if path.parent.name != "chapters"]


def written(node: ast.expr) -> str:
    return ast.unparse(node)


def is_plain(node: ast.expr) -> bool:
    """Is it written out as numbers, texts and containers of them, and short?"""
    parts = (ast.Constant, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.UnaryOp, ast.BinOp)
    others = (ast.operator, ast.unaryop, ast.expr_context, ast.Name, ast.Attribute)
    return all(isinstance(one, (*parts, *others)) for one in ast.walk(node)) and any(
        isinstance(one, ast.Constant) and one.value not in (None, "") for one in ast.walk(node)
    )


def of_function(node: ast.FunctionDef, name: str) -> list[str]:
    own = [*node.args.posonlyargs, *node.args.args]
    pairs = list(zip(own[len(own) - len(node.args.defaults) :], node.args.defaults, strict=True))
    pairs += zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    told = [f"{one.arg}={written(value)}" for one, value in pairs if value is not None]
    told = [one for one in told if not one.endswith(NOTHING)]
    return [f"{name}({', '.join(told)})"] if told else []


def of_value(node: ast.AST, name: str) -> list[str]:
    """A constant of a module, or a field of a class."""
    value = getattr(node, "value", None)
    targets = getattr(node, "targets", [getattr(node, "target", None)])
    if value is None or not isinstance(targets[0], ast.Name):
        return []
    told = written(value)
    return [f"{name}{targets[0].id} = {told}"] if is_plain(value) and len(told) <= LONGEST else []


def of_flag(node: ast.AST, name: str) -> list[str]:
    if not (isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "add_argument"):
        return []
    names = [written(one) for one in node.args]
    told = [f"{one.arg}={written(one.value)}" for one in node.keywords if one.arg in FLAG]
    return [f"{name}add_argument({', '.join([*names, *told])})"]


def lines_of(source: str) -> list[str]:
    found = []

    def walk(node: ast.AST, name: str, shown: bool) -> None:
        for one in ast.iter_child_nodes(node):
            if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)):
                overload = any("overload" in written(mark) for mark in one.decorator_list)
                found.extend([] if overload else of_function(one, name + one.name))
                walk(one, f"{name}{one.name}.", False)
            elif isinstance(one, ast.ClassDef):
                walk(one, f"{name}{one.name}.", True)
            else:
                if shown and isinstance(one, (ast.Assign, ast.AnnAssign)):
                    found.extend(of_value(one, name))
                found.extend(of_flag(one, name))
                walk(one, name, shown and isinstance(one, (ast.If, ast.Try)))

    walk(ast.parse(source), "", True)
    return found


def now() -> dict[str, list[str]]:
    told = {}
    for path in files():
        name = path.relative_to(ROOT).as_posix()
        if lines := lines_of(path.read_text(encoding="utf-8")):
            told[name] = lines
    return told


def recorded() -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for line in RECORD.read_text(encoding="utf-8").splitlines():
        name, _, rest = line.partition(": ")
        told.setdefault(name, []).append(rest)
    return told


def test_a_default_is_what_was_recorded():
    then, today = recorded(), now()
    told = {
        name: [f"- {one}" for one in then.get(name, []) if one not in today.get(name, [])]
        + [f"+ {one}" for one in today.get(name, []) if one not in then.get(name, [])]
        for name in sorted({*then, *today})
    }
    assert {name: lines for name, lines in told.items() if lines} == {}, (
        "on purpose? Then run python tests/test_defaults.py, and tell users of it"
    )


def test_another_default_would_be_seen():
    source = (
        "RATE, N = 0.1, 3\nHALF = 1 / 2\n_TABLE = {'a': 1.5}\n\n"
        "class Form:\n    rtol: float = 1e-3\n    def fit(self, draws=400, *, level=0.9): ...\n\n"
        "def add(parser):\n"
        "    parser.add_argument('--bootstrap', type=int, default=400, help='x')\n"
    )
    before = lines_of(source)
    for old, new in (
        *(("/ 2", "/ 3"), ("1.5", "1.6"), ("1e-3", "1e-2"), ("draws=400", "draws=40")),
        *(("level=0.9", "level=0.95"), ("default=400", "default=100"), ("type=int", "type=float")),
    ):
        assert lines_of(source.replace(old, new)) != before, old
    assert lines_of(source.replace("help='x'", "help='y'")) == before


FILLED = {"exercises/campus.py Filled", "exercises/gradebook.py Computed"}


def test_what_holds_fields_is_frozen_but_for_what_is_filled_on_the_way():
    """A law or a recipe that can be changed under its name is another one in a cache."""
    loose = set()
    for path in files():
        found = DATACLASS.findall(path.read_text(encoding="utf-8"))
        name = path.relative_to(ROOT).as_posix()
        loose |= {f"{name} {of}" for told, of in found if "frozen=True" not in told}
    assert loose == FILLED


if __name__ == "__main__":
    RECORD.write_text(
        "".join(f"{name}: {line}\n" for name, lines in now().items() for line in lines),
        encoding="utf-8",
    )
