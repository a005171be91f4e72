"""The reader's arithmetic: what is typed into a field or the scratchpad becomes an expression.

`parse` reads "6*70e9*1.4e12", "39/40", "3.1 x 10^9", "57 PF-days", "slope(ln N, ln loss)" or
"hoffmann_2022.loss(1e9, 2e10)" into the nested lists that expressions.py evaluates. What could mean
two things is refused: log without a base, a/b c. _ext/assets/calc.js is this file again;
tests/test_calculator.py holds the two together.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from .expressions import CalcError, Steps, evaluate

LONGEST, DEEPEST, LINES = 400, 40, 200  # characters of a line, brackets in one another, lines

#: kind of quantity -> words for it with their factors; a field of one kind converts to its own unit
_KINDS = {
    "": "parameter param weight token character run seed epoch reading time question step layer "
    "head word letter feature k:1e3 thousand:1e3 m:1e6 mln:1e6 million:1e6 b:1e9 bn:1e9 g:1e9 "
    "billion:1e9 t:1e12 trillion:1e12",
    "compute": "pf-day:8.64e19",
    "energy": "wh:1e-3 kwh mwh:1e3 gwh:1e6",
    "surprise": "nat bit:0.6931471805599453",
    "time": "gpu-hour hour h",
    "money": "dollar usd eur",
}
UNITS: dict[str, tuple[str, float]] = {
    name: (kind, float(factor or 1))
    for kind, words in _KINDS.items()
    for name, _, factor in (word.partition(":") for word in words.split())
}
#: TFLOPs, teraflops, and TFLOP/s, which is no compute
for power, prefixes in enumerate(
    ("", "k kilo", "m mega", "g giga", "t tera", "p peta", "e exa", "z zetta")
):
    for prefix in prefixes.split(" "):
        UNITS[f"{prefix}flop"] = "compute", float(f"1e{3 * power}")
        UNITS[f"{prefix}flop/s"] = "rate", float(f"1e{3 * power}")
#: the reader's name -> the operation and how many entries it takes (0: any number of them)
FUNCTIONS = {
    **{name: (name, 1) for name in ("log2", "log10", "exp", "sqrt", "abs")},
    "ln": ("log", 1),
    **{name: (name, 1) for name in ("mean", "sd", "sum", "count", "median")},
    "slope": ("slope", 2),
    "intercept": ("intercept", 2),
    **{name: (name, 0) for name in ("min", "max", "list")},
}
_PLAIN = {"ln", "log2", "log10", "exp", "sqrt", "abs"}  # may stand without brackets: ln 6
_TAKEN = {*FUNCTIONS, "log", "solve"}
_CONSTANTS = {"e": math.e, "pi": math.pi}
_ADDITIVE = ("E", "A", "alpha", "B", "beta")
Laws: TypeAlias = Mapping[str, Sequence[float]]

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
NUMBER = r"[0-9.,]*[0-9][.,]?(?:\s?e[-+]?[0-9]+(?![0-9a-z.]))?"
_TOKEN = re.compile(
    rf"\s*(?:({NUMBER})|((?:petaflop(?:/s)?|pf|gpu)[- ]?(?:day|hour)s?\b|[a-z]*flops?/s\b"
    r"|[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)|(\S))",
    re.I,
)


@dataclass(frozen=True)
class Written:
    """A literal: its value, half a unit of its last digit, and how many digits surely count.

    The zeros of 1500 may or may not: its half unit is 50, and two digits are sure.
    """

    value: float
    half: float
    digits: int


def tidy(text: str) -> str:
    """One spelling of signs, powers and gaps between thousands."""
    t = re.sub(
        "[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+", lambda run: "^(" + run[0].translate(_SUPERSCRIPTS) + ")", text.strip()
    )
    t = re.sub("[−–]", "-", t).replace("**", "^")
    t = re.sub("[×·⋅∙]", "*", t).replace("÷", "/")
    t = re.sub("[$€£]", "", t)
    t = re.sub(r"([0-9])[\s_'’]+(?=[0-9]{3}(?![0-9]))", r"\1", t)
    t = re.sub(r"([0-9)])\s*x\s*(?=[0-9(])", r"\1*", t, flags=re.I)
    t = t.replace("np.log(", "ln(").replace("np.", "")
    return re.sub(r"per\s*cent\b", "%", t, flags=re.I)


def _plain_decimal(text: str) -> str:
    """Digits with at most one point, or "".

    "1,200,000" is grouped, "1,2" a decimal comma, "1.200.000,5" both.
    """
    t = text
    if re.fullmatch(r"[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?", t):
        t = t.replace(",", "")
    elif re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3}){2,}(,[0-9]*)?|[0-9]{1,3}(\.[0-9]{3})+,[0-9]+", t):
        t = t.replace(".", "").replace(",", ".")
    else:
        t = re.sub(r"^([0-9]*),([0-9]+)$", r"\1.\2", t)
    return t if re.fullmatch(r"[0-9]+\.?[0-9]*|\.[0-9]+", t) else ""


def written(literal: str) -> Written:
    """What a literal without sign says: "1.52e10" is 1.52e10, half a unit 5e7, 3 digits."""
    digits, *power = re.split(r"\s?e", literal, flags=re.I)
    if power:  # nobody groups thousands before a power
        digits = re.sub("^([0-9]+),([0-9]+)$", r"\1.\2", digits)
    plain = _plain_decimal(digits)
    if not plain:
        raise CalcError(f"{literal} does not read as a number")
    exponent = int(*power)
    whole, _, part = plain.partition(".")
    kept, last = (whole + part).lstrip("0"), -len(part)
    if not part:  # of 20 both digits count, of 2000 two
        bare = re.sub("(..)0+$", r"\1", kept)
        kept, last = bare, last + len(kept) - len(bare)
    half = float(f"5e{last - 1 + exponent}") if kept else 0.0
    return Written(float(f"{plain}e{exponent}"), half, len(kept))


def parse(text: str, names: Collection[str] = (), laws: Laws | None = None) -> Any:
    """The expression that `text` writes, as nested lists; CalcError where it cannot be read.

    names : what may stand for a number or a column. laws : name -> E, A, alpha, B, beta.
    """
    return Parser(text, names, laws).expression()


class Parser:
    """One expression; `literals` and `units` are those in it, from left to right."""

    def __init__(self, text: str, names=(), laws=None):
        if len(text) > LONGEST:
            raise CalcError(f"longer than {LONGEST} characters")
        self.names, self.laws = set(names), laws or {}
        self.tokens = self._split(tidy(text))
        self.at = self.depth = 0
        self.solving = False
        self.literals: list[str] = []
        self.units: list[str] = []

    def _split(self, text):
        """(kind, text, directly behind a number?) of every token; inside f( ) a comma parts."""
        tokens, calls, at = [], [], 0
        while found := _TOKEN.match(text, at):
            number, name, sign = found.groups()
            at = found.end()
            if number and calls and calls[-1] and "," in number:
                cut = number.index(",")
                tokens.append(("number", number[:cut], False) if cut else ("sign", ",", False))
                at = found.start(1) + (cut or 1)
            elif number:
                tokens.append(("number", number, False))
            elif name:
                close = found[0] == name and bool(tokens) and tokens[-1][0] == "number"
                if close and name.lower() == "e":
                    raise CalcError(f"{tokens[-1][1]}{name}: which power of ten? write 1e9")
                tokens.append(("name", name, close))
            else:
                if sign == "(":
                    before = tokens[-1] if tokens else ("", "")
                    calls.append(before[0] == "name" and self._callable(before[1]))
                elif sign == ")" and calls:
                    calls.pop()
                tokens.append(("sign", sign, False))
        return tokens

    def _callable(self, name):
        return name in _TAKEN or "." in name

    def counted(self):
        """Is it a number and words for units, which then are no names: 35.7 B, 4 billion tokens?"""
        kinds = [token[0] for token in self.tokens]
        first = kinds.index("name") if "name" in kinds else 0
        return kinds[first - 1 : first] == ["number"] and all(
            kind == "name" and (name == "per" or unit_word(name) in UNITS)
            for kind, name, _ in self.tokens[first:]
        )

    def _kind(self):
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def _peek(self, *signs):
        return self._kind() == "sign" and self.tokens[self.at][1] in signs

    def _take(self, *signs):
        if not self._peek(*signs):
            return ""
        self.at += 1
        return self.tokens[self.at - 1][1]

    def _deeper(self, rule):
        self.depth += 1
        if self.depth > DEEPEST:
            raise CalcError("too many brackets")
        tree = rule()
        self.depth -= 1
        return tree

    def expression(self):
        if not self.tokens:
            raise CalcError("a number is asked for")
        tree = self._sum()
        if self.at < len(self.tokens):
            raise self._odd()
        return self._whole(tree)

    def _whole(self, tree):
        """3.2/0.7/5.5 bits: a quotient's only unit, at its end, is that of all of it."""
        over = tree[2] if isinstance(tree, list) and tree[0] == "/" else None
        if (
            isinstance(over, list)
            and is_word(*over[2:3])
            and len(self.units) == 1
            and self.tokens[-1][0] == "name"
            and UNITS[self.units[0]][0] not in ("", "rate")
        ):
            return ["*", ["/", tree[1], over[1]], over[2]]
        return tree

    def _sum(self):
        return self._deeper(self._terms)

    def _terms(self):
        tree = self._product()
        while sign := self._take("+", "-"):
            tree = [sign, tree, self._product()]
        return tree

    def _product(self):
        tree, divided = self._signed(), False
        while True:
            if sign := self._take("*", "/"):
                divided = sign == "/"
                tree = [sign, tree, self._signed()]
            elif self._kind() == "name" or self._peek("(") or self._power_of_ten():
                if divided:
                    raise CalcError("a/b c: write a/(b c) or (a/b) c")
                tree = ["*", tree, self._power()]
            elif self._kind() == "number":
                raise CalcError(f"two numbers side by side: {self.tokens[self.at][1]}")
            else:
                return tree

    def _power_of_ten(self):
        return [token[:2] for token in self.tokens[self.at : self.at + 2]] == [
            ("number", "10"),
            ("sign", "^"),
        ]

    def _signed(self):
        return self._deeper(self._with_sign)

    def _with_sign(self):
        if self._take("-"):
            return ["neg", self._signed()]
        return self._signed() if self._take("+") else self._power()

    def _power(self):
        tree = self._in_unit(self._primary())
        return ["**", tree, self._signed()] if self._take("^") else tree

    def _in_unit(self, tree):
        """Words and signs that bind tighter than any operator: 5 billion, 40 %, bits per byte."""
        while True:
            if self._take("%"):
                tree = ["/", tree, 100.0]
            elif self._kind() == "name" and (word := self._unit_word()):
                self.at += 1
                if word != "per":
                    tree = ["*", tree, self._unit(word)]
                elif self._kind() == "name":
                    self.at += 1
                else:
                    raise CalcError("per what?")
            else:
                return tree

    def _unit_word(self):
        """The unit that the next name says, or ""; a name that is known comes first, but in 5k."""
        _, name, close = self.tokens[self.at]
        word = unit_word(name)
        known = name in self.names and not close
        return word if not known and (word in UNITS or word == "per") else ""

    def _primary(self):
        if self._take("("):
            tree = self._sum()
            self._closed()
            return tree
        if self.at >= len(self.tokens):
            raise CalcError("the end is missing")
        kind, text, _ = self.tokens[self.at]
        if kind == "sign":
            raise self._odd()
        self.at += 1
        if kind == "number":
            self.literals.append(text)
            return written(text).value
        return self._named(text)

    def _named(self, name):
        if name in self.names and not (self._callable(name) and self._peek("(")):
            return name
        if name == "log":
            raise CalcError("log of which base: ln, log2 or log10?")
        if name in _PLAIN and not self._peek("("):
            return [FUNCTIONS[name][0], self._in_unit(self._primary())]
        if name == "solve":
            return self._solve()
        if name in FUNCTIONS:
            operation, count = FUNCTIONS[name]
            return [operation, *self._entries(name, count)]
        if "." in name:
            return self._law(name)
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        word = unit_word(name)
        if len(word) > 1 and UNITS.get(word, ("",))[0]:  # 1/PF-day, but not a lone k, m or b
            return self._unit(word)
        raise CalcError(f"{name} is no{' function' if self._peek('(') else 't known'} here")

    def _unit(self, word):
        self.units.append(word)
        return ["unit", word, UNITS[word][1]]

    def _closed(self):
        if not self._take(")"):
            over = self.at >= len(self.tokens)
            raise CalcError("a bracket is still open") if over else self._odd()

    def _odd(self):
        return CalcError(f"“{self.tokens[self.at][1]}” does not fit")

    def _entries(self, name, count):
        if not self._take("("):
            raise CalcError(f"write {name}(…)")
        entries = [self._sum()]
        while self._take(","):
            entries.append(self._sum())
        self._closed()
        if count and len(entries) != count:
            raise CalcError(f"{name} takes {count} in its brackets, not {len(entries)}")
        return entries

    def _solve(self):
        """solve(m, 1, 100, what is 0 there)."""
        how = CalcError("write solve(x, from, to, what is 0 there)")
        if not self._take("("):
            raise how
        name = self.tokens[self.at][1] if self._kind() == "name" else ""
        if not name or self._callable(name):
            raise how
        if self.solving:
            raise how
        self.solving, before, entries = True, self.names, []
        self.at += 1
        while self._take(","):
            if len(entries) == 2:
                self.names = {*before, name}
            entries.append(self._sum())
        self._closed()
        if len(entries) != 3:
            raise how
        self.solving, self.names = False, before
        return ["solve", name, *entries]

    def _law(self, name):
        """law.loss(N, D), law.optimum(C) as a list of N and D, or a constant: law.alpha."""
        law, _, what = name.partition(".")
        if (column := f"{law}_{what}") in self.names:
            return column  # of a table: runs.loss is runs_loss here
        constants = self.laws.get(law.lower(), ())
        if not constants or what not in (*_ADDITIVE, "loss", "optimum"):
            raise CalcError(f"{name} is not known here")
        if what in _ADDITIVE:
            return float(constants[_ADDITIVE.index(what)])
        E, A, alpha, B, beta = map(float, constants)
        if what == "loss":
            N, D = self._entries(name, 2)
            return ["+", ["+", E, ["*", A, ["**", N, -alpha]]], ["*", B, ["**", D, -beta]]]
        half = ["/", self._entries(name, 1)[0], 6.0]
        ratio = ["**", alpha * A / (beta * B), 1 / (alpha + beta)]
        size = ["*", ratio, ["**", half, beta / (alpha + beta)]]
        return ["list", size, ["/", half, size]]


def is_word(tree=None) -> bool:
    """Is this factor a unit, or the hundred of a per cent sign?"""
    return tree == 100.0 or (isinstance(tree, list) and tree[0] == "unit")


def unit_word(name: str) -> str:
    """A word as it stands among the units: "PF days" is pf-day, "nats" is nat."""
    word = re.sub(r"^(.+?)[- ]?(day|hour)s?$", r"\1-\2", name.lower()).replace("s/s", "/s", 1)
    word = re.sub("^petaflop(/s)?-", "pf-", word)
    return re.sub("s$", "", word) if word not in UNITS and len(word) > 3 else word


def run(
    lines: list[str],
    columns: Mapping[str, Any] | None = None,
    laws: Laws | None = None,
) -> tuple[list, dict]:
    """The scratchpad: the value of each line, and all names after the last one.

    A value is a number, an array, None for an empty line or a remark (behind #), or the CalcError
    that says what is wrong. A line "N, D = ..." names its value, or each number of a list; where it
    is refused, its names are no numbers, not even e.
    """
    names: dict[str, Any] = {
        name: np.asarray(column, float) for name, column in (columns or {}).items()
    }
    steps, values = Steps(), []
    for line in lines[:LINES]:
        try:
            values.append(_line(line.split("#")[0].strip(), names, laws, steps))
        except CalcError as error:
            values.append(error)
    return values, names


def _line(text, names, laws, steps):
    if not text:
        return None
    found = re.fullmatch(r"([a-z][a-z0-9_]*(?:\s*,\s*[a-z][a-z0-9_]*)*)\s*=(.*)", text, re.I)
    own = [name.strip() for name in found[1].split(",")] if found else []
    if taken := [name for name in own if name in _TAKEN]:
        raise CalcError(f"{taken[0]} is a function; choose another name")
    before = dict(names)
    names.update(dict.fromkeys(own, np.nan))  # and they stay so where the line is refused
    value = evaluate(parse(found[2] if found else text, before, laws), before, steps)
    if len(own) > 1 and np.shape(value) != (len(own),):
        raise CalcError(f"not {len(own)} numbers")
    if own:
        names.update(zip(own, value if len(own) > 1 else [value], strict=True))
    return value
