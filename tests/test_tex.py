"""Formulas on the chapters' pages hold: each equation that can be read is worked out at a point.

At the best split of one budget, by one law, every equation of that law is true: its loss, its
slopes, its exponents. Equations of numbers alone are true after rounding. A formula with a symbol
that stands for nothing here is left out; how many are held is in the last test.
"""

import itertools
import json
import math
import re
from functools import cache
from pathlib import Path

import pytest

from scalinglib.laws import BESIROGLU_2024, KAPLAN_2020, PenaltyLaw

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted(ROOT.glob("chapters/[0-9][0-9]_*.ipynb"))


class Unknown(Exception):
    """A symbol or a form that is not read here."""


# ---- reading --------------------------------------------------------------------------------

PLAIN = (
    (r"\\(?:left|right|[Bb]ig+[lr]?|[,;!: ])", ""),
    (r"\\[qd]?quad|\\Longrightarrow|&", " "),
    (r"\{,\}", ""),
    (r"\\[td]frac", r"\\frac"),
    (r"\\(?:cdot|times)", "*"),
    (r"\\(?:log|ln)\b", "log"),
    (r"\\(?:text|operatorname)\s*\{([^{}]*)\}", r"{\1}"),
    (r"\\([A-Za-z]+)", r"\1"),
)
TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<name>frac"
    r"|log|exp|[A-Za-z](?:_\{\w+\}|_\{\{\w+\}\}|_\w)?)"
    r"|(?P<sign>[-+*/^(){}\[\]]))"
)
LONG = re.compile(
    r"\s*(?:alpha|beta|gamma|omega|delta|kappa|lambda|varepsilon|batch|pi)(_\{+\w+\}+|_\w)?"
)


class Reader:
    """One side of an equation at a point."""

    def __init__(self, text, values):
        self.values, self.tokens, at = values, [], 0
        while at < len(text.rstrip()):
            found = LONG.match(text, at) or TOKEN.match(text, at)
            if not found:
                raise Unknown(text[at:])
            kind = "name" if found.re is LONG else found.lastgroup
            word = found[0].strip()
            name = kind == "name" and word != "frac"
            self.tokens.append((kind, re.sub("[{}]", "", word) if name else word))
            at = found.end()
        self.at = 0

    def value(self):
        found = self.sum()
        if self.at < len(self.tokens):
            raise Unknown(self.tokens[self.at])
        return found

    def next(self, *signs):
        if self.at < len(self.tokens) and self.tokens[self.at][1] in signs:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""

    def sum(self):
        found = -self.product() if self.next("-") else self.product()
        while sign := self.next("+", "-"):
            found += self.product() if sign == "+" else -self.product()
        return found

    def product(self):
        found = self.power()
        while self.at < len(self.tokens):
            if self.next("*"):
                found *= self.power()
            elif self.next("/"):
                below = self.power()  # 6N/C, and 4 n d / 24d^2: what touches stays below
                while self.at < len(self.tokens) and self.tokens[self.at][0] != "sign":
                    below *= self.power()
                found /= below
            elif self.tokens[self.at][1] in ("(", "[", "{") or self.tokens[self.at][0] != "sign":
                found *= self.power()
            else:
                break
        return found

    def power(self):
        found = self.one()
        return found ** self.raised() if self.next("^") else found

    def raised(self):
        return -self.one() if self.next("-") else self.one()

    def one(self):
        if self.at == len(self.tokens):
            raise Unknown("the end")
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return float(text)
        if text == "frac":
            above = self.digit()
            return above / self.digit()
        if text in ("log", "exp"):
            return getattr(math, text)(self.power())
        if kind == "name" and text in self.values:
            return self.values[text]
        for opening, closing in ("()", "[]", "{}"):
            if text == opening:
                found = self.sum()
                if not self.next(closing):
                    raise Unknown(closing)
                return found
        raise Unknown(text)

    def digit(self):
        """What stands behind \\frac: a group, or one digit of \\frac13."""
        kind, text = self.tokens[self.at]
        if kind == "number" and len(text) > 1:
            self.tokens[self.at : self.at + 1] = [("number", text[0]), ("number", text[1:])]
        return self.one()


def equations(tex):
    """The chains of sides of a formula: a = b = c."""
    tex = re.sub(r"\\(?:begin|end)\{\w+\}", "", tex)
    for part in re.split(r"\\\\|,\s*\\qquad|\\qquad|\\quad", tex):
        for old, new in PLAIN:
            part = re.sub(old, new, part)
        sides = [side.strip().strip(".,").strip() for side in part.split("=")]
        if len(sides) > 1 and all(sides):
            yield sides


def side_of(text, values):
    """A side's value, and how far off it may be: half a unit of its last digit, if it is typed."""
    if text in values:
        return values[text], 0.0
    found = Reader(text, values).value()
    typed = re.fullmatch(r"-?\d+(?:\.(\d+))?", text)
    return found, 0.5 * 10.0 ** -len(typed[1] or "") if typed else 0.0


def judged(tex, values):
    """(held, not held) of the pairs of sides that can be read."""
    held, wrong = [], []
    for sides in equations(tex):
        for left, right in itertools.pairwise(sides):
            try:
                (a, far), (b, off) = side_of(left, values), side_of(right, values)
            except (Unknown, ZeroDivisionError, OverflowError, ValueError):
                continue
            good = abs(a - b) <= max(far + off, 1e-6 * abs(a)) * (1 + 1e-9)
            (held if good else wrong).append(f"{left} = {right}")
    return held, wrong


# ---- the points -----------------------------------------------------------------------------


def at_the_best_split():
    law, C = BESIROGLU_2024, 1e21
    best = law.optimum(C)
    found = {name: getattr(law, name) for name in ("E", "A", "B", "alpha", "beta")}
    N, D = float(best.N), float(best.D)
    loss = float(law.loss(N, D))
    total = law.alpha + law.beta
    return found | {
        **dict.fromkeys(("L", "L(N, D)", "L(N)"), loss),
        "N": N,
        "D": D,
        "C": C,
        "a": law.beta / total,
        "b": law.alpha / total,
        "e": math.e,
        "r": D / N,
        "s": law.alpha * law.A / N**law.alpha,
    }


def with_derived(**values):
    """Each later value is made of the earlier ones."""
    found = {}
    for name, value in values.items():
        found[name] = value(found) if callable(value) else value
    return found


def by_kaplan():
    """The laws of 2020, at a size, a text and a minimal compute."""
    law, N, C_min = KAPLAN_2020, 1.3e9, 10.0
    D = 2e10 * 10**0.27  # the best data for 10 PF-days
    told = {"L(N)": law.loss_of_size(N), "L(D)": law.loss_of_data(D), "L(N, D)": law.loss(N, D)}
    return {**told, "N": N, "D": D, "N_c": 8.8e13, "D_c": 5.4e13, "C_min": C_min}


def jointly():
    """The joint law of 2020 has constants of its own."""
    N, D = 1.3e9, 2.6e10
    fitted = {"alpha_N": 0.076, "alpha_D": 0.103, "N_c": 6.4e13, "D_c": 1.8e13}
    return {"N": N, "D": D, "L(N, D)": KAPLAN_2020.loss(N, D), **fitted}


def of_a_batch():
    return with_derived(
        b=3.0,
        batch=2.0,
        S_min=5.0,
        D_min=15.0,
        S=12.5,  # 5 (1 + 3/2)
        D=25.0,  # 15 (1 + 2/3)
        B_crit=3.0,
        C=10.0,
        C_min=6.0,  # 10 / (1 + 2/3)
        alpha_N=0.077,
        alpha_S=0.76,
        alpha_B=0.21,
        alpha_C=0.77 * 7.6 * 2.1 / (7.6 * 2.1 + 0.77 * 2.1 + 0.77 * 7.6) / 10,
    )


def with_embeddings():
    def own(d):
        return (d["N"] + d["omega"] * d["N"] ** (1 / 3) / 3) / d["T"]

    N, omega = 8e6, 47_491.0
    return with_derived(N=N, omega=omega, T=N + omega * 200, N_total=N + omega * 200, s=own)


def served():
    law, N, D = BESIROGLU_2024, 7e9, 1e12
    worth = law.alpha * law.A / N**law.alpha / (law.beta * law.B / D**law.beta)
    return at_the_best_split() | {"N": N, "D": D, "varepsilon": worth, "S": 3 * D * (worth - 1)}


def of_an_exam():
    p, L, gamma, x = 0.9, 12.0, 0.7, 40.0
    x_1 = x * (-math.log(p)) ** (1 / gamma)
    return {
        "p": p,
        "L": L,
        "gamma": gamma,
        "x": x,
        "x_1": x_1,
        "e": math.e,
        "P_L": p**L,
        "x_L": 12.0 ** (1 / gamma) * x_1,
    }


def read_again():
    law = PenaltyLaw(1.62, 250, 1400, 0.32, 0.33, P=0.004, r=1.2, s=0.4)
    N, D, U = 3e9, 4e10, 1e10
    own = {name: getattr(law, name) for name in ("E", "A", "B", "alpha", "beta", "P", "r", "s")}
    return own | {"N": N, "D": D, "U": U, "L": float(law.loss(N, D, U))}


def a_tenth_less():
    return {"alpha": -math.log2(0.9)}


def with_a_floor():
    return {"E": 1.7, "A": 400.0, "alpha": 0.34, "N": 1e9, "L(N)": 1.7 + 400 / 1e9**0.34}


def learnt_as_read():
    return {"alpha": 0.2, "D": 1e6, "N": 1e5}  # 1e6^(1/1.2)


def off_by_k():
    """The same loss with k times the best size needs m times the best text."""
    found = at_the_best_split()
    k, s, alpha, beta = 0.5, found["s"], found["alpha"], found["beta"]
    m = (1 + beta / alpha * (1 - k**-alpha)) ** (-1 / beta)
    return found | {"k": k, "m": m, "s": s}


#: what else the symbols of a page stand for
POINTS = {
    "02": (a_tenth_less,),
    "05": (learnt_as_read,),
    "06": (by_kaplan, jointly, with_a_floor),
    "07": (by_kaplan, of_a_batch),
    "10": (with_embeddings,),
    "11": (off_by_k,),
    "12": (served,),
    "14": (of_an_exam,),
    "15": (read_again,),
}
#: no formulas: what a symbol is in an example; and the rule of 2020, which holds on its own line
EXAMPLE = re.compile(
    r"\w+ = (?:[\d.*+-]+(?: ?\* ?10\^\{?\d+\}?)?|\d*[A-Za-z]+|10\^\d+)|N = 1\.3 ?\*.*"
)


# ---- the pages ------------------------------------------------------------------------------


def formulas(text):
    """The formulas of a Markdown text."""
    found = re.finditer(r"\$\$(.+?)\$\$|(?<!\$)\$([^$\n]+)\$(?!\$)", text, re.S)
    return [" ".join((one[1] or one[2]).split()) for one in found]


@cache
def markdown_of(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]


def judged_on(path, texts):
    """(held, wrong): an equation is wrong if it holds at none of the points where it is read."""
    points = [at_the_best_split(), *(point() for point in POINTS.get(path.name[:2], ()))]
    held, wrong = [], []
    for text in texts:
        for tex in formulas(text):
            good, bad = set(), set()
            for values in points:
                for found, told in zip((good, bad), judged(tex, values), strict=True):
                    found.update(one for one in told if not EXAMPLE.fullmatch(one))
            held += good
            wrong += bad - good
    return held, wrong


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_what_a_formula_says_is_so(path):
    assert judged_on(path, markdown_of(path))[1] == []


#: how many are held on the pages that have such formulas; fewer means that one is no longer read
HELD = {"01": 1, "02": 2, "03": 1, "04": 1, "05": 4, "06": 6, "07": 11, "08": 3, "09": 5, "10": 4}
HELD |= {"11": 11, "12": 10, "14": 7, "15": 1, "17": 1}


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_as_many_formulas_are_held_as_were(path):
    assert len(judged_on(path, markdown_of(path))[0]) >= HELD.get(path.name[:2], 0)


# ---- and a fault would be seen --------------------------------------------------------------


@pytest.mark.parametrize(
    "path", [path for path in CHAPTERS if path.name[:2] in HELD], ids=lambda path: path.stem
)
def test_a_changed_formula_is_wrong_or_no_longer_held(path):
    """Each formula that is held, with another sign, symbol or number in it."""
    changes = (("alpha", "beta"), ("+", "-"), ("/", "+"), ("6", "5"), ("{N", "{D"), ("^", "-"))
    tried = seen = 0
    for tex in (tex for text in markdown_of(path) for tex in formulas(text)):
        before = judged_on(path, [f"${tex}$"])[0]
        for old, new in changes if before else ():
            changed = tex.replace(old, new, 1)
            if changed != tex:
                held, wrong = judged_on(path, [f"${changed}$"])
                tried += 1
                seen += bool(wrong) or len(held) < len(before)
    assert tried and seen >= 0.8 * tried
