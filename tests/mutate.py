"""Do the tests notice? Small faults put into modules, drawn by a seed; part of `make prove`.

    python tests/mutate.py [--count 100] [--seed 11] [MODULES]

Lines are drawn from all lines that a fault fits into, so long modules get more; then one of the
faults of each. The faulty module stands in a copy of the tree, where only the module's own tests
run, and none with the marker `proof`. Prints each fault that they let pass and exits with 1 where
they notice under 92 %. A fault that changes nothing anyone could see belongs in
mutants_equivalent.txt, with the reason; it is left out of the rate.

Why not mutmut 3: it is as quick, but puts faults only into functions without a decorator, so no
published constant, default or property would be tried, and draws no sample. cosmic-ray starts
Python anew for each of the 1,900 faults, hours on two cores, and draws none either.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import multiprocessing
import os
import queue
import random
import re
import resource
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = {
    "scalinglib/laws.py": ["tests/test_laws.py"],
    "scalinglib/counting.py": ["tests/test_counting.py"],
    "scalinglib/planning.py": ["tests/test_planning.py"],
    "scalinglib/forecast.py": ["tests/test_forecast.py"],
    "scalinglib/_inputs.py": ["tests/test_inputs.py"],
    "exercises/judging.py": ["tests/test_judging.py"],
    "exercises/gradebook.py": [
        *("tests/test_gradebook.py", "tests/test_term.py"),
        "tests/test_ledger.py::test_the_gradebook_is_that_of_the_model_in_any_order",
    ],
    "exercises/decide.py": ["tests/test_decide.py", "tests/test_term.py"],
    "exercises/campus.py": ["tests/test_campus.py"],
    "exercises/submissions.py": [
        "tests/test_submissions.py",
        "tests/test_grading.py::test_the_one_folder_round_a_whole_class",
    ],
    "scalinglib/checks/kinds.py": ["tests/test_checks.py"],
    "scalinglib/checks/expressions.py": ["tests/test_checks.py", "tests/test_calculator.py"],
    "scalinglib/checks/calculator.py": ["tests/test_calculator.py"],
    "scalinglib/checks/verdicts.py": [
        "tests/test_checks.py",
        *(
            f"tests/test_answers.py::test_{name}"
            for name in (
                "the_rules_of_the_judge",
                "a_right_answer_has_a_line_for_each_part",
                "a_strict_judge_cannot_be_felt_for_digit_by_digit",
                "the_reader_is_free_within_the_bounds",
            )
        ),
    ],
    "scalinglib/checks/reading.py": ["tests/test_checks.py", "tests/test_calculator.py"],
}
BAR = 0.92
OTHER_TREE = 98  # beside the codes of pytest, of which 5 is: no tests
SECONDS = 40  # of processor time for the tests of one fault; an endless loop is noticed
EQUIVALENT = Path(__file__).with_name("mutants_equivalent.txt")
UNSEEN = ("_build", "_release", "_sweep", "_levers", "__pycache__", "node_modules", ".*")
PRELOAD = ["pytest", "hypothesis", "pandas", "scipy.optimize", "scipy.stats", "pooch"]

COMPARED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}
COMPARED |= {"is": "is not", "is not": "is", "in": "not in", "not in": "in"}
OPERATED = {"+": "-", "-": "+", "*": "/", "/": "*", "**": "*", "//": "/", "%": "//"}
OPERATED |= {"&": "|", "|": "&"}
NAMED = {"min": "max", "minimum": "maximum", "any": "all", "argmin": "argmax", "idxmin": "idxmax"}
NAMED |= {new: old for old, new in NAMED.items()} | {"expm1": "exp", "inf": "nan", "nan": "inf"}
GATES = ("positive", "numbers")


@dataclass(frozen=True)
class Mutant:
    """A module with bytes `start` to `end` replaced; `before` and `after` are its lines, joined."""

    module: str
    line: int
    before: str
    after: str
    source: bytes

    def __str__(self):
        return f"{self.module}:{self.line}  {self.before}  ->  {self.after}"


def mutants(module: str) -> list[Mutant]:
    """Every small fault of a module that is still Python."""
    source = (ROOT / module).read_bytes()
    starts = [0, *(found.end() for found in re.finditer(b"\n", source)), len(source)]

    def at(line, column):
        return starts[line - 1] + column

    def whole(start, end, text):  # the lines that the change touches, without regard to layout
        first = source.rfind(b"\n", 0, start) + 1
        last = source.find(b"\n", end)
        return " ".join((source[first:start] + text + source[end:last]).decode().split())

    found, tree = [], ast.parse(source)
    parts = [
        (at(node.lineno - len(getattr(node, "decorator_list", ())), 0), at(node.end_lineno + 1, 0))
        for outer in tree.body
        for node in (outer.body if isinstance(outer, ast.ClassDef) else [outer])
    ]
    for start, end, new in _faults(tree, source, at):
        changed = source[:start] + new.encode() + source[end:]
        # the statement around it tells as much as the whole module, in a tenth of the time
        first, last = next(
            ((first, last) for first, last in parts if first <= start and end <= last),
            (0, len(source)),
        )
        part = changed[first : last + len(changed) - len(source)]
        try:
            ast.parse(b"if True:\n" + part if part[:1] == b" " else part)
        except SyntaxError:
            continue
        before, after = whole(start, end, source[start:end]), whole(start, end, new.encode())
        found.append(Mutant(module, source.count(b"\n", 0, start) + 1, before, after, changed))
    return found


def _faults(tree, source, at):
    """(start, end, new text) of every fault below a node."""

    def span(node):
        return at(node.lineno, node.col_offset), at(node.end_lineno, node.end_col_offset)

    def operator(left, right, table):  # between two operands stand only brackets and the operator
        start, end = span(left)[1], span(right)[0]
        words = "|".join(map(re.escape, sorted(table, key=len, reverse=True)))
        gap = re.sub(rb"#[^\n]*", lambda text: b" " * len(text[0]), source[start:end])
        if token := re.search(words.encode(), gap):
            yield start + token.start(), start + token.end(), table[token[0].decode()]

    def visit(node):
        start, end = span(node) if hasattr(node, "lineno") else (0, 0)
        text = source[start:end].decode()
        match node:
            case ast.JoinedStr() | ast.Raise():
                return  # messages
            case ast.Expr(value=ast.Constant(value=str())):
                return  # a docstring
            case ast.Expr(value=ast.Call()):
                yield start, end, "pass"
            case ast.Constant(value=bool()):
                yield start, end, str(not node.value)
            case ast.Constant(value=int() | float()):
                yield from ((start, end, new) for new in _other_numbers(text))
            case ast.Constant(value=str()) if re.fullmatch(r"\S+", node.value):
                yield start, end, repr(node.value + "_")
            case ast.Compare():
                for left, right in pairwise([node.left, *node.comparators]):
                    yield from operator(left, right, COMPARED)
            case ast.BinOp() if not isinstance(node.left, ast.JoinedStr):
                yield from operator(node.left, node.right, OPERATED)
            case ast.BoolOp():
                for left, right in pairwise(node.values):
                    yield from operator(left, right, {"and": "or", "or": "and"})
                for value in node.values:
                    yield *span(value), str(isinstance(node.op, ast.And))
            case ast.UnaryOp():
                yield start, start + (3 if isinstance(node.op, ast.Not) else 1), ""
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in NAMED:
                yield end - len(name), end, NAMED[name]
            case ast.Call(func=ast.Name(id=name), args=[_, last]) if name in GATES:
                yield start, end, source[slice(*span(last))].decode()
        if isinstance(node, (ast.If, ast.IfExp)):
            test = span(node.test)
            yield *test, f"(not ({source[slice(*test)].decode()}))"
            yield *test, "False"
            yield *test, "True"
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg not in (None, "source"):
                    first, last = span(keyword)
                    yield first, last + len(re.match(rb"\s*,?", source[last:])[0]), ""
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns") or (
                isinstance(node, ast.keyword) and node.arg == "source"
            ):
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from visit(child)

    yield from visit(tree)


def _other_numbers(text: str):
    """Neighbours of a number as it is written: one digit, 2 %, one more or less, the other sign."""
    if re.fullmatch(r"[\d_]+|0[xob]\w+", text):
        value = int(text, 0)
        near = {value + 1, value - 1, round(1.02 * value), -value} - {value}
        return sorted(map(str, near))
    mantissa, e, power = text.partition("e")
    last = max(place for place, digit in enumerate(mantissa) if digit.isdigit())
    last = max((p for p, digit in enumerate(mantissa) if digit in "123456789"), default=last)
    other = str(int(mantissa[last]) + (1 if mantissa[last] != "9" else -1))
    digit = mantissa[:last] + other + mantissa[last + 1 :] + e + power
    return [digit, f"{1.02 * float(text):.8g}", "-" + text] if float(text) else [digit]


def draw(modules, count, seed) -> list[Mutant]:
    """`count` faults, no two in one line; every line that has any is equally likely."""
    by_line: dict[tuple, list[Mutant]] = {}
    for module in modules:
        for mutant in mutants(module):
            by_line.setdefault((module, mutant.line), []).append(mutant)
    chance = random.Random(seed)
    lines = chance.sample(sorted(by_line), min(count, len(by_line)))
    return [chance.choice(by_line[line]) for line in lines]


def equivalents() -> dict[tuple[str, str, str], str]:
    """{(module, before, after): why} of the list: blocks of the module, a line with -, one or more
    with +, and the reason.
    """
    found = {}
    for block in EQUIVALENT.read_text(encoding="utf-8").split("\n\n"):
        module, *lines = block.strip().splitlines() or [""]
        told = {
            sign: [line[2:] for line in lines if line[:2] == sign] for sign in ("- ", "+ ", "  ")
        }
        for after in told["+ "]:
            found[module, told["- "][0], after] = " ".join(told["  "])
    return found


def _run(tree: str, module: str, tests: list[str], warm: bool):
    """In a process of its own: the tests in a copy of the tree; exit code 0 where they pass."""
    import hypothesis
    import pytest

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    sys.dont_write_bytecode = not warm
    hypothesis.settings.register_profile(
        "mutate",
        database=None,
        derandomize=True,
        deadline=None,
        phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),  # no time for small examples
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    os.chdir(tree)
    sys.path[:0] = [tree]
    os.environ["PYTHONPATH"] = tree
    with (
        open(os.devnull, "w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        code = pytest.main(
            [
                *("-x", "-q", "-p", "no:cacheprovider", "--tb=no", "-m", "not proof"),
                *("--hypothesis-profile=mutate", *tests),
            ]
        )
    name = module.removesuffix(".py").replace("/", ".")
    if code == 0 and not sys.modules[name].__file__.startswith(tree):
        code = OTHER_TREE
    os._exit(int(code))


def noticed(mutant: Mutant | None, module: str, tree: Path) -> bool:
    """Whether the module's tests fail in `tree` with the fault, or with none."""
    place = tree / module
    original = place.read_bytes()
    if mutant is not None:
        place.write_bytes(mutant.source)
    name = Path(module).stem.strip("_")
    tests = TESTS.get(module, [f"tests/test_{name}.py"])
    try:
        process = multiprocessing.get_context("forkserver").Process(
            target=_run, args=(str(tree), module, tests, mutant is None)
        )
        process.start()
        process.join(20 * SECONDS)
        if process.is_alive():
            process.kill()
            process.join()
        if process.exitcode in (5, OTHER_TREE):
            sys.exit(f"{module}: pytest ended with {process.exitcode}, not with an answer")
        return process.exitcode != 0
    finally:
        place.write_bytes(original)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("modules", nargs="*", default=list(TESTS), metavar="MODULES")
    options.add_argument("--count", type=int, default=100)
    options.add_argument("--seed", type=int, default=11)
    options.add_argument("--workers", type=int, default=os.cpu_count())
    asked = options.parse_args()
    started, known = time.monotonic(), equivalents()
    drawn = draw(asked.modules, asked.count, asked.seed)
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # for the processes below
    multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOAD)
    with tempfile.TemporaryDirectory(prefix="mutate-") as folder:
        trees: queue.Queue[Path] = queue.Queue()
        for number in range(asked.workers):
            tree = Path(folder).resolve() / str(number)
            shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(*UNSEEN))
            trees.put(tree)

        def judged(task):
            module, mutant = task
            tree = trees.get()
            try:
                fate = noticed(mutant, module, tree)
            finally:
                trees.put(tree)
            if not fate and mutant is not None:
                print(f"let pass so far: {mutant}", file=sys.stderr)
            return fate

        with ThreadPoolExecutor(asked.workers) as threads:
            clean = [(module, None) for module in asked.modules]
            whole = zip(asked.modules, threads.map(judged, clean), strict=True)
            if failing := [module for module, fails in whole if fails]:
                sys.exit(f"without any fault the tests fail of {', '.join(failing)}")
            tasks = [(mutant.module, mutant) for mutant in drawn]
            fates = list(zip(drawn, threads.map(judged, tasks), strict=True))
    return report(fates, known, asked, time.monotonic() - started)


def report(fates, known, asked, seconds) -> int:
    """Print the table; 1 where too many faults pass, or a fault of the list of equivalents does
    not.
    """

    def why(mutant):
        return known.get((mutant.module, mutant.before, mutant.after), "")

    counted = [(mutant, fate) for mutant, fate in fates if not why(mutant)]
    for module in asked.modules:
        own = [fate for mutant, fate in counted if mutant.module == module]
        if own:
            print(f"{module:28} {sum(own):3} of {len(own):3} noticed")
    for title, wanted in (("let pass", False), ("equivalent", True)):
        shown = [m for m, fate in sorted(fates, key=str) if not fate and bool(why(m)) == wanted]
        print(f"\n{title}: {len(shown)}")
        for mutant in sorted(shown, key=lambda m: (m.module, m.line)):
            print(f"  {mutant}" + (f"\n      {why(mutant)}" if wanted else ""))
    wrong = [mutant for mutant, fate in fates if fate and why(mutant)]
    for mutant in wrong:
        print(f"listed as equivalent, but noticed: {mutant}")
    rate = sum(fate for _, fate in counted) / max(len(counted), 1)
    print(
        f"\nseed {asked.seed}: {rate:.1%} of {len(counted)} faults noticed (bar {BAR:.0%}), "
        f"{seconds:.0f} s"
    )
    return int(rate < BAR or bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
