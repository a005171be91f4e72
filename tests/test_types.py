"""Types that hold: pyright is silent about product and examples, and speaks up about what is wrong.

One run of pyright for everything, because most of its time goes into NumPy and pandas.
"""

import ast
import doctest
import json
import os
import re
import subprocess
import sys
import textwrap
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.whole
ROOT = Path(__file__).parents[1]
PRODUCT = ("scalinglib", "exercises", "_ext")

RIGHT = """
from typing import Any, assert_type

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import scalinglib
from scalinglib import (
    HOFFMANN_2022,
    KAPLAN_2020,
    ChinchillaLaw,
    KaplanLaw,
    PowerLaw,
    fit_isoflop,
    fit_kaplan,
    fit_parametric,
    fit_power_law,
    fitting,
    planning,
)

Array = NDArray[np.float64]


def fits(N: Array, D: Array, C: Array, loss: Array, table: pd.DataFrame, listed: list) -> None:
    fit = fit_parametric(N, D, loss, bootstrap=100)
    assert_type(fit, fitting.LawFit[ChinchillaLaw])
    assert_type(fit.law.alpha, float)
    assert_type(fit.interval(lambda law: law.alpha), tuple[float, float])
    assert_type(fit.interval(lambda law: law.optimum(5.76e23).N), tuple[float, float])
    assert_type(fit_isoflop(C, N, loss).law, fitting.Allocation)
    assert_type(fit_power_law(N, loss).law, PowerLaw)
    assert_type(fit_kaplan(N, D, loss).law, KaplanLaw)
    assert_type(fitting.fit_power_sum(N, D, loss).law.gamma, float)
    fit_parametric(table.N, table["D"], table.loss)
    fit_power_law(listed, (1, 2.5, 3.25))


def laws(N: Array, C: Array, count: np.int64) -> None:
    assert_type(HOFFMANN_2022.loss(70e9, 1_400_000_000_000), float)
    assert_type(HOFFMANN_2022.loss(count, 1e12), float)
    assert_type(HOFFMANN_2022.loss(N, 1e12), Array)
    assert_type(HOFFMANN_2022.optimum(1e24).N, float)
    assert_type(HOFFMANN_2022.optimum(C).loss, Array)
    assert_type(KAPLAN_2020.data.exponent, float)  # as printed, no part is missing
    assert_type(planning.frontier(HOFFMANN_2022, C), pd.DataFrame)
    assert_type(planning.overhead(KAPLAN_2020, 1e9, 1e21), float)


class Own:
    def loss(self, N: Any, D: Any) -> float:
        return 2.0


fitting.objective(Own(), [1e6], [1e8], [2.5])  # anything with .loss(N, D) will do
scalinglib.laws.PowerLaw(1e9, 0.1).loss(1e8)
"""

WRONG = """
import numpy as np

import scalinglib
from scalinglib import counting, fit_kaplan, fit_parametric, fit_power_law, planning, runs


def wrong(N: np.ndarray, D: np.ndarray, loss: np.ndarray) -> None:
    fit = fit_parametric(N, D, loss)
    fit.law.alhpa                                           # wrong
    fit.law.N_c                                             # wrong
    fit.law.alpha = 0.34                                    # wrong
    fit_power_law(N, loss).law.beta                         # wrong
    fit_kaplan(N, D, loss).law.data.exponent                # wrong
    fit_parametric(N, D)                                    # wrong
    fit_parametric(N, D, loss, 1000)                        # wrong
    fit.interval(lambda law: law.gamma)                     # wrong
    fit.law.loss(1e9, 1e10)[0]                              # wrong
    planning.frontier(fit_power_law(N, loss).law, 1e21)     # wrong
    counting.Transformer(2, 64, 4, 96, 64, position="lernt")    # wrong
    runs.laod("sweep")                                      # wrong
    scalinglib.fit_parametrics                              # wrong
"""


def readme_examples():
    """The Python blocks of README.md, each as a file of its own."""
    blocks = re.findall(
        r"^```python\n(.*?)^```",
        (ROOT / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    return {f"readme_{place}": block for place, block in enumerate(blocks)}


def example_of(module):
    """The name that a module's examples go by."""
    return f"docstrings_{module.replace('.', '_')}"


def modules_with_examples():
    """Modules with a line that begins with >>>, without reading what it says."""
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for folder in PRODUCT
        for path in sorted((ROOT / folder).rglob("*.py"))
        if re.search(r"^\s*>>> ", path.read_text(encoding="utf-8"), re.M)
    ]


@cache
def docstring_examples():
    """The >>> lines of every module, as a function of the columns that they take for granted."""
    found = {}
    for path in sorted(path for folder in PRODUCT for path in (ROOT / folder).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        homes = (ast.Module, ast.ClassDef, ast.FunctionDef)
        texts = [ast.get_docstring(node) for node in ast.walk(tree) if isinstance(node, homes)]
        lines = [
            example.source
            for text in texts
            for example in doctest.DocTestParser().get_examples(text or "")
        ]
        if lines:
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[example_of(module)] = (
                f"import numpy as np\nfrom {module} import *\n\n"
                "def example(N: np.ndarray, D: np.ndarray, C: np.ndarray, loss: np.ndarray):\n"
                + textwrap.indent("".join(lines), "    ")
            )
    return found


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Example, or path of the product -> what pyright says of it: (line, rule, message)."""
    folder = tmp_path_factory.mktemp("examples")
    examples = readme_examples() | docstring_examples() | {"right": RIGHT, "wrong": WRONG}
    for name, text in examples.items():
        text = "# pyright: basic, reportUnusedExpression=false\n" + text
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run(
        [*command, *PRODUCT, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        # much is made and thrown away: room for it spares a twentieth of the time
        env=os.environ | {"NODE_OPTIONS": "--max-semi-space-size=128"},
    )
    assert done.stdout.startswith("{"), done.stdout + done.stderr
    report = json.loads(done.stdout)
    files = sum(1 for part in PRODUCT for _ in (ROOT / part).rglob("*.py")) + len(examples)
    assert report["summary"]["filesAnalyzed"] == files
    found = {name: [] for name in examples}
    for item in report["generalDiagnostics"]:
        path = Path(item["file"])
        name = path.stem if path.parent == folder else str(path.relative_to(ROOT))
        line = item["range"]["start"]["line"] + (path.parent != folder)
        found.setdefault(name, []).append((line, item.get("rule"), item["message"]))
    return found


def test_the_product_is_clean(told):
    assert {name: said for name, said in told.items() if name.endswith(".py")} == {}


def test_there_are_examples():
    assert any("fit.law" in text for text in readme_examples().values())
    assert any("fit_parametric" in text for text in docstring_examples().values())
    assert set(docstring_examples()) == set(map(example_of, modules_with_examples()))


@pytest.mark.parametrize(
    "name", ["right", *readme_examples(), *map(example_of, modules_with_examples())]
)
def test_an_example_is_clean(told, name):
    assert told[name] == []


def test_every_wrong_line_is_noticed(told):
    marked = {n for n, line in enumerate(WRONG.splitlines(), 1) if line.endswith("# wrong")}
    assert {line for line, _, _ in told["wrong"]} == marked, told["wrong"]


def test_few_exceptions_each_with_its_rule():
    """Not `type: ignore` by the dozen: at most five, each with the rule and why."""
    exceptions = [
        f"{path.name}: {line.strip()}"
        for folder in PRODUCT
        for path in (ROOT / folder).rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"#\s*(type|pyright|ty):", line)
    ]
    assert len(exceptions) <= 5, exceptions
    assert all(re.search(r"ignore\[\w+\]  \w+", line) for line in exceptions), exceptions
