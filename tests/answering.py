"""What the tests of answering share: the page's scripts in node, and texts to type."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from scalinglib.checks import calculator
from scalinglib.checks.expressions import CalcError, Steps, evaluate
from scalinglib.checks.reading import read
from scalinglib.laws import (
    BESIROGLU_2024,
    HOFFMANN_2022,
    HOFFMANN_2022_TEX,
    MUENNIGHOFF_2023,
)

ASSETS = Path(__file__).resolve().parents[1] / "_ext" / "assets"
SCRIPTS = (ASSETS / "calc.js", ASSETS / "answers.js")
LAWS = {
    name: [getattr(law, constant) for constant in ("E", "A", "alpha", "B", "beta")]
    for name, law in (
        ("hoffmann_2022", HOFFMANN_2022),
        ("hoffmann_2022_tex", HOFFMANN_2022_TEX),
        ("besiroglu_2024", BESIROGLU_2024),
        ("muennighoff_2023", MUENNIGHOFF_2023.fresh),
    )
}
COLUMNS = {
    "loss": [3.21, 2.95, 2.73, 2.6],
    "N": [1e6, 3e6, 1e7, 3e7],
    "one": [4.0],
    "mean": [1.0, 2.0],
    "B": [5.0, 6.0, 7.0, 8.0],
}

#: one call of a script's function for each list of arguments, on one line of JSON
NODE = """
const C = globalThis.scalinglibCalc, A = globalThis.scalinglibAnswers;
const map = (o) => new Map(Object.entries(o));
const laws = map(LAWS), columns = map(COLUMNS);
const plain = (v) => Array.isArray(v) ? v.map(plain)
  : v instanceof C.CalcError ? ["error", v.message]
  : typeof v === "number" ? String(v) : v === undefined ? null : v;
const safe = (f) => { try { return plain(f()); } catch (e) {
  if (e instanceof C.CalcError) return ["error", e.message]; throw e; } };
const DO = {
  work: (text) => safe(() => C.evaluate(C.parse(text, columns, laws), columns)),
  tree: (tree, names) => safe(() => C.evaluate(tree, map(names))),
  read: (text, unit, names = {}) => safe(() => {
    const { value, half, digits, said } = C.read(text, unit, map(names), laws);
    return [value, half, digits, said]; }),
  run: (lines) => C.run(lines, columns, laws).values.map(plain),
  judge: (spec, entries) => A.judge(spec, entries),
  tried: (...a) => A.tried(...a),
  unveiled: (box, key) => C.unveiled(box, key),
  known: (box) => safe(() => [...C.known(box).entries()]),
};
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const [name, calls] = JSON.parse(line);
  console.log(JSON.stringify(calls.map((a) => DO[name](...a))));
});
"""


class Page:
    """The page's scripts in one process of node: page("read", [(text, unit), ...])."""

    def __init__(self, *scripts: Path):
        node = shutil.which("node")
        if node is None:
            pytest.skip("node is not installed: the page's judge was not compared with Python's")
        loads = "".join(f"require({json.dumps(str(script))});" for script in scripts or SCRIPTS)
        told = f"const LAWS = {json.dumps(LAWS)}, COLUMNS = {json.dumps(COLUMNS)};"
        self.process = subprocess.Popen(
            [node, "-e", loads + told + NODE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, function: str, calls) -> list:
        print(json.dumps([function, list(calls)]), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        assert answer, "node ended: its complaint stands above"
        return json.loads(answer, parse_int=float)  # 2.5e24 has no point there

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def plain(value):
    """A value as the page's JSON says it: numbers as texts, errors as what they say."""
    if isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.ndim):
        return [plain(one) for one in value]
    if isinstance(value, CalcError):
        return ["error", str(value)]
    return value if value is None or isinstance(value, (str, bool)) else float(value)


def said(function, *arguments):
    try:
        return plain(function(*arguments))
    except CalcError as error:
        return plain(error)


def worked(text):
    columns = {name: np.array(column) for name, column in COLUMNS.items()}
    return said(lambda: evaluate(calculator.parse(text, columns, LAWS), columns, Steps()))


def was_read(text, unit, names=None):
    def found():
        one = read(text, unit, {name: np.array(v) for name, v in (names or {}).items()}, LAWS)
        return [one.value, one.half, one.digits, one.said]

    return said(found)


def alike(python, page, share=1e-12) -> bool:
    """The same value, up to the last bits; the same words."""
    if isinstance(python, list):
        return (
            isinstance(page, list)
            and len(python) == len(page)
            and all(alike(a, b, share) for a, b in zip(python, page, strict=True))
        )
    if isinstance(python, float):
        if not isinstance(page, str):
            return False
        other = float(page.replace("Infinity", "inf"))
        near = math.isclose(python, other, rel_tol=share, abs_tol=1e-300)
        return near or (math.isnan(python) and math.isnan(other))
    return python == page


def listed(text: str) -> list[str]:
    """What stands between the bars and the line ends of a text."""
    return text.strip().replace("\n", "|").split("|")


LEAVES = listed("""
3|0.5|1.2e9|70e9|6|0|1,234|2,5|N|loss|one|e|pi|3.1 e9|12 %|5 billion|57 PF-days|10^9|10⁻³|$5
mean|2 bits per byte|73B|73 B|2.5bn|1 200 000|.5|7.|hoffmann_2022.alpha
""")
FORMS = listed("""
{a}+{b}|{a} - {b}|{a}*{b}|{a}/{b}|({a})^({b})|{a}**{b}|-{a}|({a})|ln({a})|sqrt {a}|exp({a})
log10({a})|log2({a})|mean({a})|sd({a})|slope({a}, {b})|min({a}, {b})|max({a})|sum({a})
median({a})|hoffmann_2022.loss({a}, {b})|besiroglu_2024.optimum({a})|{a} × {b}|{a} x {b}
{a} {b}|({a}) ({b})|intercept({a},{b})|{a}÷{b}|list({a}, {b}, 1)|solve(q, 0, 10, q^2 - ({a}))
solve(N, 1, {a}, ln N - {b})|abs({a})|count({a})
""")
SIGNS = "0123456789.,e+-*/^()% $xNloglnsqrtmean_~≈×·⁹⁻ #=<>'’\"{}[];:π∞\u202f\u00a0"
HOSTILE = [
    *listed("""
10^k|m|0.82 +- 0.01|0.82 ± 0.01|list()|list(loss)|33 billion|solve(x,0,1,solve(y,0,1,x-y))
solve(x,0,1)|solve(ln,0,1,2)|solve(x,0,9,x-2)+x|solve(x,loss,2,x)|solve|solve(x,0,1e999,x-5)
solve(N,1,4,N-2)*count(N)|constructor|__proto__|toString(1)|constructor.constructor(1)
hoffmann_2022.constructor(1)|__proto__.loss(1,2)|a.b|alert(1)|1;2|`1`|[1,2]|1=>2|this
globalThis|1n|1_000|--3|+-+-3|1e|e9|..|,|min()|mean|slope(1)|N N|hasOwnProperty|valueOf|NaN
Infinity|0x10|0b1|<img src=x onerror=alert(1)>|import('fs')|process.exit(1)|#|2 # 3|$|%|e
log 3|1/2 x|1 per|5 per byte|3 nats per|12e9e9|1e3k|inf|None|True|half|3 cows|3.1.2|--|10^(9
(9|9)|1/PF-days
"""),
    "(" * 500,
    "(" * 300,
    "-" * 399,
    "9" * 399,
    "9^9^9^9^9^9",
    "1e999999999",
    "(" * 39 + "1" + ")" * 39,
    "2^" * 150 + "2",
    "ln " * 100 + "2",
    "1" * 10000,
    "\u0000",
    "besiroglu_2024.optimum(sum(" * 9 + "1e21" + "))" * 9,
]
UNITS = (
    "",
    "%",
    "PF-days",
    "tokens",
    "nats",
    "bits per byte",
    "dollars",
    "kWh",
    "times",
    "FLOPs",
    "billion parameters",
    "doublings",
)


def expression(rng, depth=0) -> str:
    if depth > 4 or rng.random() < 0.3:
        return rng.choice(LEAVES)
    form = rng.choice(FORMS)
    return form.format(a=expression(rng, depth + 1), b=expression(rng, depth + 1))


def garbage(rng) -> str:
    return "".join(rng.choices(SIGNS, k=rng.randint(1, 30)))
