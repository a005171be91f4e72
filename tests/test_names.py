"""A law has one name and one set of digits: both come from scalinglib.published, nowhere typed.

Two laws of one paper differ by a quarter in size ("Hoffmann 2022" is two of them), and a legend
that a hand wrote does not say which one is drawn. Names are `published.get(key).name` or `.short`,
or `published.named(*keys)` for several; constants are those of the law.
"""

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest

from scalinglib import published, runs

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "index.ipynb", *(ROOT / "chapters").glob("*.ipynb")])
AT_HOME = {
    "laws.py",
    "published.py",
    "counting.py",
}  # the laws, their names, Pearce and Song's omega
SOURCES = [
    path
    for path in sorted((ROOT / "scalinglib").rglob("*.py"))
    + sorted((ROOT / "scalinglib").rglob("*.js"))
    if path.name not in AT_HOME
]

WHO = r"(?:Kaplan|Hoffmann|Besiroglu|Muennighoff|Sardana|DeepSeek|MiniCPM|Llama 3|Porian|Pearce)"
NAME = re.compile(
    rf"""
      \b{WHO}\ 20\d\d\b                                   # Hoffmann 2022
    | ^{WHO}$                                             # Hoffmann
    | ^{WHO}('s|\ et\ al\.)?,?\ (N|D|law|rule|\d\ digits?|printed|TeX|rounded|unrounded)\b
    | ^(best\ split|law|rule|[\w ]*)\ ?\({WHO}\)$          # best split (Kaplan)
    | ^Chinchilla(,\ |'s\ (law|rule|N|D)$)                # Chinchilla, Besiroglu
    | ^(in\ print,\ |best\ splits\ )?20(20|22|24)(,\ .*|:\ ?|:.*|\ and\ .*|)$   # 2022, 2 digits
    | \b20(20|22|24)'s\ (law|constants)
    | ^(the\ )?replication$
    """,
    re.VERBOSE,
)
LOOK_UPS = {"startswith", "contains", "match", "query", "fullmatch", "isin", "eq", "get"}


def texts(tree: ast.AST) -> list[ast.Constant]:
    """String constants but docstrings, look-ups in tables, and subscripts."""
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(node.value)
        look_up = isinstance(node, ast.Call) and getattr(node.func, "attr", "") in LOOK_UPS
        if look_up or isinstance(node, ast.Subscript | ast.Compare):
            skipped |= {one for one in ast.walk(node) if isinstance(one, ast.Constant)}
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in skipped
    ]


def names_a_law(text: str) -> bool:
    """Is a text a law's name? A sentence is none, a study of runs.table("fits") is a row of it."""
    return len(text) <= 45 and bool(NAME.search(text)) and text not in OTHERS


OTHERS = set(runs.table("fits").study)
#: a strategy is so called in data/rehearsals.csv
STRATEGIES = {"forecast.py": "Kaplan's rule"}


def typed_names(tree: ast.Module) -> list[str]:
    """Names of laws that a piece of Python types."""
    found = (" ".join(one.value.split()) for one in texts(tree))
    return [text for text in found if names_a_law(text)]


MANY = 4


def digits(value: float) -> int:
    """Significant decimal digits of a number: 3 for 406.0 and 4.06e8."""
    return len(f"{abs(value):.12e}".split("e")[0].replace(".", "").strip("0"))


@cache
def constants() -> dict[str, frozenset[float]]:
    """Key -> the constants of a law that have two digits or more."""
    return {
        key: frozenset(one for one in published.get(key).constants.values() if digits(one) > 1)
        for key in published.laws().index
    }


@cache
def every_constant() -> frozenset[float]:
    return frozenset().union(*constants().values())


def typed_constants(numbers: set[float]) -> list[str]:
    """Laws of which a line types a number of four digits, or two numbers of two or more."""
    found = []
    if numbers.isdisjoint(every_constant()):
        return found
    for key, values in constants().items():
        typed = numbers & values
        if len(typed) > 1 or any(digits(one) >= MANY for one in typed):
            found.append(f"{key}: {', '.join(f'{one:g}' for one in sorted(typed))}")
    return found


def lines(tree: ast.Module) -> list[set[float]]:
    """The numbers with a decimal point or exponent of each line."""
    found: dict[int, set[float]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            found.setdefault(node.lineno, set()).add(node.value)
    return list(found.values())


def python_of(path: Path) -> list[tuple[str, str]]:
    """(place, source) of a page's code cells, or of a module."""
    if path.suffix == ".py":
        return [(path.name, path.read_text(encoding="utf-8"))]
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [
        (f"{path.stem}#{cell['id']}", "".join(cell["source"]))
        for cell in cells
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", [])
    ]


def violations(path: Path) -> list[str]:
    """What a page or module types although the registry has it."""
    if path.suffix == ".js":
        text = re.sub(r"//.*|/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        strings = re.findall(r"""(["'`])((?:(?!\1).)*)\1""", text)
        names = [found for _, found in strings if names_a_law(found)]
        told = typed_constants({float(one) for one in re.findall(r"\b\d+\.\d+(?:e\d+)?\b", text)})
        return [f"{path.name}: {one!r}" for one in (*names, *told)]
    found = []
    for place, source in python_of(path):
        tree = ast.parse(source)
        told = [one for numbers in lines(tree) for one in typed_constants(numbers)]
        names = [one for one in typed_names(tree) if one != STRATEGIES.get(place)]
        found += [f"{place}: {one!r}" for one in (*names, *told)]
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_page_takes_names_and_constants_from_the_registry(page):
    assert violations(page) == []


def test_the_library_takes_names_and_constants_from_the_registry():
    assert [one for path in SOURCES for one in violations(path)] == []


def test_names_are_unique():
    entries = [published.get(key) for key in published.laws().index]
    for field in ("name", "short"):
        assert len({getattr(one, field) for one in entries}) == len(entries) >= 30


@pytest.mark.parametrize(
    "planted",
    [
        'plots.direct_label(ax, 1, 2, "Hoffmann 2022", "predicted")',
        'rows = {"Kaplan": 1, "ours": 2}',
        'rows["x"] = 1; ax.plot(N, D, label="Chinchilla, Besiroglu")',
        'pd.Series({"best split (Kaplan)": a})',
        'LAWS = {"2022, 2 digits": first, "2024": second}',
        'law = ChinchillaLaw(1.69, 406.4, 410.7, 0.34, 0.28)',
        'growth = 0.27 / 0.73',
        'loss = 1.8172 + 1',
    ],
)  # fmt: skip
def test_a_planted_name_or_constant_is_found(planted):
    tree = ast.parse(planted)
    told = [one for numbers in lines(tree) for one in typed_constants(numbers)]
    assert typed_names(tree) or told


@pytest.mark.parametrize(
    "fine",
    [
        "label = published.get('besiroglu_2024').name",
        "chain = table[table.stage == 'Kaplan reproduced']",
        "published.study.str.startswith('Porian')",
        'ax.set(xlabel="Kaplan\'s sizes, parameters")',
        "named = dense.set_index('model').loc['Chinchilla']",
        "C = 0.5 * 1e21",
        "share = 0.34",
    ],
)
def test_what_names_no_law_passes(fine):
    tree = ast.parse(fine)
    told = [one for numbers in lines(tree) for one in typed_constants(numbers)]
    assert not typed_names(tree) and not told
