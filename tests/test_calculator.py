"""The calculator and the reading of fields: what is meant, what is refused, and Python as the page.

The notations are those that readers of the built pages typed.
"""

import dataclasses
import math
import random
import re
import time
from pathlib import Path

import numpy as np
import pytest
from answering import (
    COLUMNS,
    HOSTILE,
    LAWS,
    UNITS,
    Page,
    alike,
    expression,
    garbage,
    listed,
    plain,
    was_read,
    worked,
)

from scalinglib.checks import calculator
from scalinglib.checks.expressions import CalcError, Steps, evaluate
from scalinglib.checks.reading import read

FIELDS = ("", "tokens", "dollars", "times", "FLOPs")
SAME = listed("""
3.1 e9|3.1 10^9|3.1*1e9|3.1 x 10^9|3.1×10⁹|N = 3.1e9|about 3.1e9|~3.1e9|(3.1e9)|3.1e9.
3.1 billion|3.1B|3.1 bn|3,1e9|3\u202f100\u202f000\u202f000|3,100,000,000|3.1 thousand million
3100 million|31/10*1e9|6.2e9/2|3.1*10**9|= 3.1e9|≈ 3.1e9|approx. 3.1e9|0.0031 trillion|3.1e+9
3.1 · 10^9|3.1e9 x|3'100'000'000|3.100.000.000
""")


@pytest.fixture(scope="module")
def page():
    with Page() as page:
        yield page


@pytest.mark.parametrize("unit", FIELDS)
@pytest.mark.parametrize("text", SAME)
def test_one_number_in_many_notations(text, unit):
    found = read(text, unit)
    assert found.value == pytest.approx(3.1e9, rel=1e-12)
    whole = "/" in text
    assert (found.half, found.digits) == (
        (0, math.inf) if whole else (pytest.approx(5e7, rel=1e-9), 2)
    )


@pytest.mark.parametrize(
    "text, unit, value",
    [
        ("163x", "times", 163),
        ("12.4x", "times", 12.4),
        ("0.82x", "", 0.82),
        ("1.465 nats per roll", "nats", 1.465),
        ("0.694 bits per byte", "bits per byte", 0.694),
        ("0.694 bits", "nats", 0.694 * math.log(2)),
        ("14.75 epochs", "", 14.75),
        ("19.2 readings", "epochs", 19.2),
        ("57 PF-days", "PF-days", 57),
        ("57 PF days", "PF-days", 57),
        ("57 petaflop/s-days", "PF-days", 57),
        ("570 exaFLOPs", "FLOPs", 5.7e20),
        ("9.86 PF-days", "FLOPs", 9.86 * 8.64e19),
        ("8.64e19 FLOPs", "PF-days", 1),
        ("57 PF-days", "", 57),
        ("1923 PF-days/(6*3.78e9)", "tokens", 1923 * 8.64e19 / (6 * 3.78e9)),
        ("1923*(1 PF-day)/(6*3.78e9)", "", 1923 * 8.64e19 / (6 * 3.78e9)),
        ("x 0.82", "times", 0.82),
        ("1.200.000,5", "", 1200000.5),
        ("1,234e5", "", 123400),
        ("×12.4", "times", 12.4),
        ("0.694 bits/byte", "bits per byte", 0.694),
        ("np.log(2)/np.exp(0)", "", math.log(2)),
        ("USD 722000", "dollars", 722000),
        ("€722000", "dollars", 722000),
        ("$721,883", "dollars", 721883),
        ("721,883 $", "dollars", 721883),
        ("208 MWh", "kWh", 208000),
        ("207,902 kWh", "kWh", 207902),
        ("288,753 GPU hours", "GPU-hours", 288753),
        ("65 seeds", "", 65),
        ("3.1e9 weights", "parameters", 3.1e9),
        ("73B parameters", "parameters", 73e9),
        ("33e9", "billion parameters", 33),
        ("33 billion", "billion parameters", 33),
        ("33", "billion parameters", 33),
        ("5 doublings", "doublings", 5),
        ("40 %", "", 0.4),
        ("40 per cent", "%", 40),
        ("40 percent", "%", 40),
        ("40", "%", 40),
        ("ln 6", "nats", math.log(6)),
        ("2^7.35", "times", 2**7.35),
        ("39/40", "", 0.975),
        ("0.661^0.48", "", 0.661**0.48),
        ("10^24.41", "FLOPs", 10**24.41),
        ("e^3.23", "", math.exp(3.23)),
        ("2.58 trillion trillion", "FLOPs", 2.58e24),
        ("6*70e9*1.4e12", "FLOPs", 5.88e23),
        ("1/(1 - 0.5)", "", 2),
        ("sqrt 16 + log10(1000)", "", 7),
        ("-2^2", "", -4),
        ("2^-1", "", 0.5),
        ("2^3^2", "", 512),
        ("8/2/2", "", 2),
        ("2 (3 + 4)", "", 14),
        ("1,5 + 1.5", "", 3),
        ("min(3, 1.5, 2)", "", 1.5),
        ("solve(x, 0, 9, x^2 - 3)", "", math.sqrt(3)),
        # a quotient's only unit, at its end, is that of all of it, however it is written
        ("3.23/ln(2)/5.52 bits", "bits", 3.23 / math.log(2) / 5.52),
        ("3.23/ln(2)/5.52 bits per byte", "bits per byte", 3.23 / math.log(2) / 5.52),
        ("6*70e9*1.4e12/1e15 PFLOP", "FLOPs", 6 * 70e9 * 1.4e12),
        ("5.88e23/8.64e19 PF-days", "PF-days", 5.88e23 / 8.64e19),
        ("5.88e23/312e12/3600 hours", "GPU-hours", 5.88e23 / 312e12 / 3600),
        # but of the number alone where it is a power of a thousand, a rate, in brackets or second
        ("1.4e12/70 billion", "", 20),
        ("5.88e23/312 TFLOP/s", "", 5.88e23 / 312e12),
        ("5.88e23/(1 PF-day)", "", 5.88e23 / 8.64e19),
        ("5.88e23 FLOP/1 PF-day", "", 5.88e23 / 8.64e19),
    ],
)
def test_the_units_and_sums_of_the_course(text, unit, value):
    assert read(text, unit).value == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    "text, unit, message",
    [
        ("", "", "a number is asked for"),
        ("half", "", "a number is asked for"),
        ("3 cows", "", "cows is not known here"),
        ("1471 more runs", "runs", "more is not known here"),
        ("0.82 +- 0.01", "", "without its uncertainty"),
        ("log(3)", "", "log of which base"),
        ("1/2 (4)", "", "write a/(b c)"),
        ("2 3", "", "side by side"),
        ("3 kWh", "nats", "that is in kwh; asked for is nats"),
        ("1/0", "", "infinite"),
        ("ln(-1)", "", "no number"),
        ("3 + ", "", "the end is missing"),
        ("(3", "", "still open"),
        ("3)", "", "“)” does not fit"),
        ("1e", "", "which power of ten"),
        ("1.2.3", "", "does not read as a number"),
        ("3 nats per", "nats", "per what"),
        ("ln() + 1", "", "“)” does not fit"),
        ("slope(1)", "", "takes 2 in its brackets, not 1"),
        ("mean 3", "", "write mean(…)"),
        ("solve(x, 0, 1)", "", "write solve(x, from, to, what is 0 there)"),
        ("solve(x, 0, 1, x + 1)", "", "no change of sign"),
        ("list(1, 2)", "", "not a column"),
        ("9" * 401, "", "longer than 400"),
        ("(" * 60 + "1" + ")" * 60, "", "too many brackets"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(text, unit, message):
    with pytest.raises(CalcError, match=re.escape(message)):
        read(text, unit)


@pytest.mark.parametrize(
    "text, half, digits",
    [
        ("1.52e10", 5e7, 3),
        ("1500", 50, 2),
        ("1500.", 50, 2),
        ("1500.0", 0.05, 5),
        ("0.0120", 5e-5, 3),
        ("50 %", 0.005, 2),
        ("-3.1 10^9", 5e7, 2),
        ("10^9", 0, math.inf),
        ("5/100", 0, math.inf),
        ("2*3", 0, math.inf),
        ("0", 0, 0),
        ("0.00", 0, 0),
        ("e", 0, math.inf),
        ("e*100", 0, math.inf),
        ("-pi/100", 0, math.inf),
        ("pi %", 0, math.inf),
        ("e 10^3", 0, math.inf),
        ("57.0 PF-days", 0.05, 3),
        ("1,200", 50, 2),
    ],
)
def test_how_precisely_a_number_was_written(text, half, digits):
    found = read(text)
    assert (found.half, found.digits) == (pytest.approx(half, rel=1e-9), digits)


# how people write besides, in five fields each: the value that is read, or what is said of it
WRITTEN = listed("""
56 layers|layers = 56|56 layer|56 heads|56 steps|56 runs|56 epochs|N=56|n_layer: 56|N ≈ 56
I report 56|report 56|my guess is 56|guess: 56|approx. 56|approximately 56|ca. 56|ca 56
≈ 56|≃56|roughly 56|nearly 56|almost 56|about 56|around 56|56x|56×|56 X|56-fold|56 fold|×56
56.|56 .|56!|56,|56;|56?|$56|€56|£56|56 €|56$|US$56|USD 56|EUR 56|5.6x10^1|5.6X10^1|5.6×10¹
5.6·10^1|5,6e1|5.6e1.|560x10^-1|560×10⁻¹|0.056k tokens|0.056 k tokens|0.000056M params
0.000056 M params|0.000000056B tokens|5.6e-8 B tokens|0.000000000056T tokens|5.6e-11 T tokens
N=56 parameters
""")
BIG = listed("1 234 567|1'234'567|1’234’567|1,234,567|1_234_567|1.234.567|1 234 567.|~1 234 567")


@pytest.mark.parametrize("texts, value", [(WRITTEN, 56), (BIG, 1234567)])
def test_what_people_write_around_a_number_is_read(page, texts, value):
    for unit in FIELDS:
        calls = [(text, unit) for text in texts]
        for call, (there, *_) in zip(calls, page("read", calls), strict=True):
            assert read(*call).value == pytest.approx(value, rel=1e-12), call
            assert float(there) == pytest.approx(value, rel=1e-12), call


@pytest.mark.parametrize(
    "text, in_flops, label",
    [
        ("5.2 MFLOPs", 5.2e6, 5.2),
        ("5.2 GFLOPs", 5.2e9, 5.2),
        ("5.2 TFLOPs", 5.2e12, 5.2),
        ("5.2 TFLOP", 5.2e12, 5.2),
        ("5.2 teraflops", 5.2e12, 5.2),
        ("5.2 PFLOPs", 5.2e15, 5.2),
        ("5.2 petaFLOPs", 5.2e15, 5.2),
        ("5.2 EFLOPs", 5.2e18, 5.2),
        ("5.2 ZFLOPs", 5.2e21, 5.2),
        ("5.2 zettaflops", 5.2e21, 5.2),
        ("5.2 PF-days", 5.2 * 8.64e19, 5.2),
        ("5.2 petaflop-days", 5.2 * 8.64e19, 5.2),
        ("5.2 TFLOP/s", "that is in tflop/s; asked for is FLOPs", 5.2),
        ("5.2e12 FLOPs/s", "that is in flop/s; asked for is FLOPs", 5.2e12),
        ("(5.2e15 FLOP)/(1 PFLOP/s)", "that is in flop and pflop/s; asked for is FLOPs", 5.2),
        ("1000 kFLOP/(1 MFLOP)", 1, 1),
        ("40 per cent", 0.4, 0.4),
        ("40 percent.", 0.4, 0.4),
    ],
)
def test_words_for_compute_and_shares(page, text, in_flops, label):
    wanted = {"FLOPs": in_flops} | dict.fromkeys(("", "tokens", "times", "steps"), label)
    for unit, value in wanted.items():
        found = was_read(text, unit)
        assert alike(found, page("read", [(text, unit)])[0])
        if isinstance(value, str):
            assert found == ["error", value]
        else:
            assert found[0] == pytest.approx(value, rel=1e-12), unit
    assert read("40 per cent", "%").value == 40


@pytest.mark.parametrize(
    "text, share, label",
    [
        ("50 % + 10 %", 0.6, 60),
        ("100 % - 12 %", 0.88, 88),
        ("12% * 50%", 0.06, 6),
        ("(100 per cent - 12 per cent)/2", 0.44, 44),
        ("2*(12 %)", 0.24, 24),
        ("12 %/2", 0.06, 6),
        ("-12 % of", None, None),
        ("12 %", 0.12, 12),
        ("≈ 12 %.", 0.12, 12),
        ("2*12 %", 0.24, 24),
        ("100*(1.3 - 1.1)/1.1 %", 100 * 0.2 / 0.011, 100 * 0.2 / 1.1),  # the field's own word
    ],
)
def test_shares_are_calculated_with_and_said_in_the_unit_of_the_field(page, text, share, label):
    for unit, value in (("", share), ("times", share), ("%", label)):
        found = was_read(text, unit)
        assert alike(found, page("read", [(text, unit)])[0])
        if value is None:
            assert found[0] == "error"
        else:
            assert found[0] == pytest.approx(value, rel=1e-12), unit


@pytest.mark.parametrize(
    "text, said",
    [
        ("3 to 4", "to is not known here"),
        ("3 more runs", "more is not known here"),
        ("56 cows", "cows is not known here"),
        ("log 3", "log of which base: ln, log2 or log10?"),
        ("mean 3", "write mean(…)"),
        ("10^{-3}", "“{” does not fit"),
        ("3:1", "“:” does not fit"),
        (">3", "“>” does not fit"),
        ("± 3", "one number, without its uncertainty"),
        ("about", "a number is asked for"),
        ("$", "a number is asked for"),
    ],
)
def test_what_is_no_number_is_refused_in_any_field(page, text, said):
    for unit in FIELDS:
        assert was_read(text, unit) == page("read", [(text, unit)])[0] == ["error", said]


def test_two_readings_are_said():
    assert read("1,234").said == "1,234 read as 1234; a decimal point would be 1.234"
    assert read("12,34").said == read("1,234,567").said == ""


def test_names_columns_and_laws():
    names = {"budget": 1e21, "N": np.array([1e6, 1e7, 1e8]), "m": 3.0}
    laws = {"law": [1.7, 400.0, 0.34, 410.0, 0.28]}
    for text, value in (
        ("budget/6", 1e21 / 6),
        ("mean(log10 N)", 7),
        ("sd(list(1, 2, 4))", np.std([1, 2, 4], ddof=1)),
        ("median(N) + count(N)", 1e7 + 3),
        ("slope(ln N, 2 ln N) - intercept(N, N)", 2),
        ("max(N) + min(N)", 1.01e8),
        ("sum(N)/1e6", 111),
        ("m m", 9),
        ("5m", 5e6),
        ("law.loss(1e9, 2e10)", 1.7 + 400 * 1e9**-0.34 + 410 * 2e10**-0.28),
        ("law.alpha", 0.34),
    ):
        assert read(text, "", names, laws).value == pytest.approx(value, rel=1e-9), text
    N, D = evaluate(calculator.parse("law.optimum(6e20)", (), laws), {})
    assert N * D == pytest.approx(1e20)
    assert 0.34 * 400 * N**-0.34 == pytest.approx(0.28 * 410 * D**-0.28)


def test_each_constant_of_each_law_has_its_name(page):
    names = ("E", "A", "alpha", "B", "beta")
    told = {
        f"{written}.{name}": value
        for law, constants in LAWS.items()
        for name, value in zip(names, constants, strict=True)
        for written in (law, law.upper())
    }
    assert [worked(text) for text in told] == list(told.values())
    assert [float(value) for value in page("work", [(text,) for text in told])] == [*told.values()]
    for text in (f"hoffmann_2022.{name}" for name in ("e", "Alpha", "C", "gamma", "E_", "losses")):
        assert worked(text) == page("work", [(text,)])[0] == ["error", f"{text} is not known here"]


TREES = {
    "3 + 2 - 1": ["-", ["+", 3.0, 2.0], 1.0],
    "-x^2": ["neg", ["**", "x", 2.0]],
    "x^-2": ["**", "x", ["neg", 2.0]],
    "+x/2": ["/", "x", 2.0],
    "(2 x) y": ["*", ["*", 2.0, "x"], "y"],
    "2(x)": ["*", 2.0, "x"],
    "x/2*y": ["*", ["/", "x", 2.0], "y"],
    "x y/2": ["/", ["*", "x", "y"], 2.0],
    "2x": ["*", 2.0, "x"],
    "5 m": ["*", 5.0, ["unit", "m", 1e6]],
    "40 %": ["/", 40.0, 100.0],
    "3 10^9": ["*", 3.0, ["**", 10.0, 9.0]],
    "ln x y": ["*", ["log", "x"], "y"],
    "ln 5 k": ["log", ["*", 5.0, ["unit", "k", 1e3]]],
    "ln(x)": ["log", "x"],
    "sqrt x^2": ["**", ["sqrt", "x"], 2.0],
    "min(1,5, 2)": ["min", 1.0, 5.0, 2.0],
    "(1,5)": 1.5,
    "min((1,5), 2)": ["min", 1.5, 2.0],
    "2.5(1,5)": ["*", 2.5, 1.5],
    "min(,5)": None,
    "list(1,2)": ["list", 1.0, 2.0],
    "slope(x, y)": ["slope", "x", "y"],
    "3 bits per byte": ["*", 3.0, ["unit", "bit", math.log(2)]],
    "1/PF-day": ["/", 1.0, ["unit", "pf-day", 8.64e19]],
    "3 $": 3.0,
    "pi": math.pi,
    "e": math.e,
    "solve(q, 0, 1, q - x)": ["solve", "q", 0.0, 1.0, ["-", "q", "x"]],
    "law.E": 1.7,
    "LAW.beta": 0.28,
    "law.loss(x, y)": [
        "+",
        ["+", 1.7, ["*", 400.0, ["**", "x", -0.34]]],
        ["*", 410.0, ["**", "y", -0.28]],
    ],
}


@pytest.mark.parametrize("text, tree", TREES.items())
def test_what_is_read_as_what(text, tree):
    laws = {"law": [1.7, 400.0, 0.34, 410.0, 0.28]}
    if tree is None:
        with pytest.raises(CalcError):
            calculator.parse(text, ("x", "y"), laws)
    else:
        assert calculator.parse(text, ("x", "y"), laws) == tree


@pytest.mark.parametrize(
    "text, said",
    [
        ("e5", "e5 is not known here"),
        ("2 e", None),  # e with a blank before it is Euler's number
        ("2e", "2e: which power of ten? write 1e9"),
        ("x.y", "x.y is not known here"),
        ("law.gamma", "law.gamma is not known here"),
        ("w(2) = 3", "w is no function here"),
        ("law.loss(1)", "law.loss takes 2 in its brackets, not 1"),
        ("law.optimum(1, 2)", "law.optimum takes 1 in its brackets, not 2"),
        ("law.optimum", "write law.optimum(…)"),
        ("mean(1, 2)", "mean takes 1 in its brackets, not 2"),
        ("ln(1, 2)", "ln takes 1 in its brackets, not 2"),
        ("min(1", "a bracket is still open"),
        ("ln(2[1])", "“[” does not fit"),
        ("solve(q, 0, 1", "a bracket is still open"),
        ("solve(q, 0, 1, q, 2)", HOW := "write solve(x, from, to, what is 0 there)"),
        ("solve(q, 0, q, q)", "q is not known here"),
        ("solve(q, 0, 1, q) + q", "q is not known here"),
        ("solve(q, 0, 1, q) + solve(q, 0, 1, q)", None),
        ("solve(q, 0, 1, solve(r, 0, 1, r))", HOW),
        ("solve(5, 0, 1, 2)", HOW),
        ("solve()", HOW),
        ("solve q", HOW),
        ("solve(ln, 0, 1, 2)", HOW),
        ("solve(law.E, 0, 1, 2)", HOW),
        ("m", "m is not known here"),
        ("token", "token is not known here"),
        ("", "a number is asked for"),
        ("3 per", "per what?"),
        ("3 per 2", "per what?"),
        ("1/2 x", "a/b c: write a/(b c) or (a/b) c"),
        ("1/2 (3)", "a/b c: write a/(b c) or (a/b) c"),
        ("1/2 10^3", "a/b c: write a/(b c) or (a/b) c"),
        ("1/2*3 x", None),
        ("2 10", "two numbers side by side: 10"),
        ("2 10*3", "two numbers side by side: 10"),
        ("1,2,3", "1,2,3 does not read as a number"),
        ("01,234.5", "01,234.5 does not read as a number"),
        ("1.234.56", "1.234.56 does not read as a number"),
    ],
)
def test_what_the_calculator_says(text, said):
    laws = {"law": [1.7, 400.0, 0.34, 410.0, 0.28]}
    if said is None:
        calculator.parse(text, ("x",), laws)
    else:
        with pytest.raises(CalcError, match=f"^{re.escape(said)}$"):
            calculator.parse(text, ("x",), laws)


def test_a_column_of_a_table_may_be_typed_as_python_has_it(page):
    table = {"runs_loss": [1.0, 4.0]}
    for text in ("mean(runs.loss)", "mean(runs_loss)"):
        assert read(text, "", table).value == float(page("read", [(text, "", table)])[0][0]) == 2.5


def test_without_names_and_laws():
    assert read("3").value == 3 and calculator.parse("1 + 1") == ["+", 1.0, 1.0]
    for text in ("law.loss(1, 2)", "law.E"):
        with pytest.raises(CalcError, match=r"^law.* is not known here$"):
            calculator.parse(text)
    assert calculator.run(["2", "x"], {"x": [1, 2]})[0][1].tolist() == [1, 2]
    assert calculator.run(["2"])[0] == [2]
    with pytest.raises(dataclasses.FrozenInstanceError):
        calculator.written("3").value = 2


def test_how_long_and_how_deep():
    assert calculator.parse("1" * 400) == float("1" * 400) and calculator.DEEPEST == 40
    with pytest.raises(CalcError, match="longer than 400 characters"):
        calculator.parse("1" * 401)
    assert calculator.parse("(" * 19 + "1" + ")" * 19) == 1
    for text in ("(" * 20 + "1" + ")" * 20, "-" * 40 + "1"):
        with pytest.raises(CalcError, match="too many brackets"):
            calculator.parse(text)
    calculator.parse("-" * 38 + "1"), calculator.parse("(1)+" * 60 + "1")  # one behind the other
    assert len(calculator.run(["1"] * 201)[0]) == 200


@pytest.mark.parametrize(
    "literal, value, half, digits",
    [
        ("1.52e10", 1.52e10, 5e7, 3),
        ("1,52 e10", 1.52e10, 5e7, 3),
        ("1,520e3", 1520, 0.5, 4),
        ("1,520", 1520, 5, 3),
        ("12,34", 12.34, 0.005, 4),
        (",5", 0.5, 0.05, 1),
        ("1.234,5", 1234.5, 0.05, 5),
        ("1.200.000", 1.2e6, 5e4, 2),
        ("1.200.000,", 1.2e6, 5e4, 2),
        ("1,200,000.", 1.2e6, 5e4, 2),
        ("1,200,000.0", 1.2e6, 0.05, 8),
        ("007", 7, 0.5, 1),
        ("0.0070", 0.007, 5e-5, 2),
        ("5.", 5, 0.5, 1),
        ("0", 0, 0, 0),
        ("0.0e5", 0, 0, 0),
        ("10E-3", 0.01, 5e-4, 2),
        ("1E-2", 0.01, 0.005, 1),
        ("20", 20, 0.5, 2),
        ("20.", 20, 0.5, 2),
        ("2000", 2000, 50, 2),
        ("10500", 10500, 50, 3),
        ("0100", 100, 5, 2),
        ("0.10", 0.1, 0.005, 2),
        ("1e+3", 1000, 500, 1),
    ],
)
def test_what_a_literal_says(literal, value, half, digits):
    found = calculator.written(literal)
    assert (found.value, found.digits) == (pytest.approx(value, rel=1e-12), digits)
    assert found.half == pytest.approx(half, rel=1e-12)


@pytest.mark.parametrize(
    "word, kind, size",
    [
        *(("parameters", "", 1), ("param", "", 1), ("thousand", "", 1e3), ("k", "", 1e3)),
        *(("m", "", 1e6), ("mln", "", 1e6), ("million", "", 1e6), ("b", "", 1e9), ("bn", "", 1e9)),
        *(("g", "", 1e9), ("billion", "", 1e9), ("t", "", 1e12)),
        *(("trillion", "", 1e12), ("FLOPs", "compute", 1), ("kFLOP", "compute", 1e3)),
        *(("megaflops", "compute", 1e6), ("GFLOPs", "compute", 1e9), ("TFLOP", "compute", 1e12)),
        *(("petaFLOPs", "compute", 1e15), ("EFLOPs", "compute", 1e18)),
        *(("zettaflop", "compute", 1e21), ("flops/s", "rate", 1), ("TFLOPs/s", "rate", 1e12)),
        *(("PF days", "compute", 8.64e19), ("petaflop/s-days", "compute", 8.64e19)),
        *(("Wh", "energy", 1e-3), ("kWh", "energy", 1), ("MWh", "energy", 1e3)),
        *(("GWh", "energy", 1e6), ("nats", "surprise", 1)),
        *(("bits", "surprise", math.log(2)), ("GPU hours", "time", 1), ("h", "time", 1)),
        *(("hours", "time", 1), ("dollars", "money", 1), ("USD", "money", 1), ("eur", "money", 1)),
    ],
)
def test_words_for_units(word, kind, size):
    assert calculator.UNITS[calculator.unit_word(word)] == (kind, pytest.approx(size, rel=1e-15))


def test_which_units_may_stand_without_a_number():
    for word, (kind, size) in calculator.UNITS.items():
        if kind and word != "h":
            tree = ["/", 1.0, ["unit", word, size]]
            assert calculator.parse(f"1/{word}") == calculator.parse(f"1/{word.upper()}") == tree
        else:
            with pytest.raises(CalcError, match=f"^{word} is not known here$"):
                calculator.parse(f"1/{word}")


def test_short_words_keep_their_s():
    words = [calculator.unit_word(word) for word in ("was", "gas", "runs", "ms", "FLOPS", "bits")]
    assert words == ["was", "gas", "run", "ms", "flop", "bit"]


def test_columns():
    names = {"x": np.array([1.0, 2.0, 4.0]), "y": np.array([3.0, 5.0, 9.0]), "one": np.array([4.0])}

    def value(text):
        return evaluate(calculator.parse(text, {*names, "z"}), names | {"z": np.array([1.0, 2.0])})

    for text, wanted in (
        ("mean(x)", 7 / 3),
        ("sd(x)", np.std([1, 2, 4], ddof=1)),
        ("sum(x)", 7),
        ("count(x)", 3),
        ("median(x)", 2),
        ("median(list(1, 2, 4, 9))", 3),
        ("slope(x, y)", 2),
        ("slope(y, x)", 0.5),
        ("intercept(x, y)", 1),
        ("min(x)", 1),
        ("max(x)", 4),
        ("min(2, 3, 1)", 1),
        ("max(2, 3, 1)", 3),
        ("count(5)", 1),
        ("sum(one)", 4),
        ("min(one)", 4),
        ("max(5)", 5),
        ("abs(-3)", 3),
        ("log2(8) + log10(100) + exp(0) + sqrt(9)", 9),
    ):
        assert value(text) == pytest.approx(wanted, rel=1e-12), text
    assert value("x + y").tolist() == [4, 7, 13] and value("2^x").tolist() == [2, 4, 16]
    assert value("list(x)").tolist() == [1, 2, 4] and value("list(5)").tolist() == [5]
    for text in ("x + z", "slope(x, z)", "slope(x, 1)"):
        with pytest.raises(CalcError, match=r"^columns of different length$"):
            value(text)
    for name in ("list", "min", "max"):
        with pytest.raises(CalcError, match=f"^{name} takes numbers, or one column$"):
            value(f"{name}(x, 1)")


def test_solving():
    def value(text):
        return evaluate(calculator.parse(text), {})

    # after 80 halvings of 2^80 one number of length one is left, and its middle is told
    assert value("solve(q, 0, 2^80, q - 1.2)") == 1.5
    assert value("solve(q, 1, 4, 2 - q)") == pytest.approx(2, rel=1e-15)
    assert value("solve(q, 0, 5, q - 5 + 1e-9)") == pytest.approx(5 - 1e-9, rel=1e-15)
    assert 0 <= value("solve(q, 0, 1, q)") < 1e-20  # from 0 to above it is a change
    for text in (
        "solve(q, -1, 0, q)",
        "solve(q, 0, 1, q + 1)",
        "solve(q, 0, 1, -1 - q)",
        "solve(q, -1, 1, ln q)",
    ):
        with pytest.raises(CalcError, match=r"^no change of sign there$"):
            value(text)


def test_steps_are_counted():
    column = {"x": np.arange(1.0, 6.0)}
    for text, taken in (("x + 1", 6), ("mean(x)", 5), ("1 + 2 + 3", 4), ("x", 0), ("-x", 5)):
        steps = Steps(10)
        evaluate(calculator.parse(text, column), column, steps)
        assert steps.left == 10 - taken, text
    steps = Steps(2)
    steps.take(2)
    assert steps.left == 0


def test_names_on_a_line_of_the_scratchpad():
    values, names = calculator.run(
        listed("""
a = 2 # two|b, c = list(3, 4)|a b c|b, c = list(1, 2, 3)|x_1 = a = 3| d=5
min = 2|a, solve = list(1, 2)|log = 3|list(a, d)|m, n = 5
""")
    )
    assert values[2] == 24 and values[5] == 5 and values[9].tolist() == [2, 5]
    assert str(values[3]) == str(values[10]) == "not 2 numbers"
    said = [str(values[k]) for k in (6, 7, 8)]
    assert said == [
        f"{name} is a function; choose another name" for name in ("min", "solve", "log")
    ]
    assert isinstance(values[4], CalcError)
    assert (names["a"], names["d"]) == (2, 5)
    assert all(np.isnan(names[refused]) for refused in ("b", "c", "x_1", "m", "n"))


def test_work_is_limited_to_a_million_steps():
    steps = Steps()
    steps.take(1_000_000)
    with pytest.raises(CalcError, match="too much to work out"):
        steps.take(1)


@pytest.mark.parametrize(
    "text, value",
    [
        ("35.7 B", 35.7e9),
        ("1.75 billion tokens", 1.75e9),
        ("247 million characters", 2.47e8),
        ("2.47 x 10^8 characters", 2.47e8),
        ("2 tokens/2", 3),
        ("2 m", 2e6),
        ("2*m", 6),
        ("m", 3),
    ],
)
def test_words_behind_a_number_are_units_in_a_field(page, text, value):
    """Also where a column or a parameter has the name of one; in arithmetic the name counts."""
    names = {"B": [0.0, 1.0, 2.0], "tokens": 3.0, "characters": 9.0, "m": 3.0}
    arrays = {name: np.asarray(one) for name, one in names.items()}
    assert read(text, "", arrays).value == pytest.approx(value, rel=1e-12)
    [(there, *_)] = page("read", [(text, "", names)])
    assert float(there) == pytest.approx(value, rel=1e-12)


def test_the_scratchpad_names_its_lines():
    values, names = calculator.run(
        [
            "C = 6*70e9*1.4e12  # what it cost",
            "",
            "# a remark",
            "C/(1 PF-day)",
            "N, D = law.optimum(C)",
            "6 N D / C",
            "ln = 3",
            "a, b = C",
            "slope(ln x, ln y)",
            "nonsense(",
        ],
        {"x": [1, 2, 4], "y": [1, 4, 16]},
        {"law": [1.7, 400.0, 0.34, 410.0, 0.28]},
    )
    assert values[1:3] == [None, None]
    assert values[3] == pytest.approx(5.88e23 / 8.64e19)
    assert values[5] == pytest.approx(1) and values[8] == pytest.approx(2)
    assert "is a function" in str(values[6]) and "not 2 numbers" in str(values[7])
    assert isinstance(values[9], CalcError)
    assert {name for name in names if not np.isnan(names[name]).any()} == {"x", "y", "C", "N", "D"}


def test_a_name_of_a_refused_line_is_no_number_below_it(page):
    """Not the constant e, and not what it was before: a calm wrong number came of both."""
    lines = [
        "k = 2",
        "slope = 2.2",
        "e = slope - 1",
        "2^(1/e)",
        "k = k + more",
        "3 k",
        "e = 4",
        "2*e",
    ]
    values, _ = calculator.run(lines)
    assert isinstance(values[1], CalcError) and isinstance(values[2], CalcError)
    assert math.isnan(values[3]) and math.isnan(values[5]) and values[7] == 8
    there = page("run", [(lines,)])[0]
    assert [one for one in there if one == "NaN"] == ["NaN", "NaN"], there


def test_the_examples_of_the_notation_page_can_be_worked_out():
    notation = Path(__file__).parents[1] / "chapters" / "notation.md"
    table = notation.read_text(encoding="utf-8").split("## The scratchpad")[1].split("## ")[0]
    lines = [
        example
        for row in re.findall(r"^\|.*\| (`.*`) \|$", table, re.MULTILINE)
        for example in re.findall("`([^`]+)`", row)
    ]
    rising = np.arange(1.0, 6.0)
    laws = {"hoffmann_2022": [1.69, 406.4, 410.7, 0.34, 0.28]}
    values, _ = calculator.run(lines, {"N": rising, "D": rising**2, "loss": 1 / rising}, laws)
    said = dict(zip(lines, values, strict=True))
    assert len(said) > 20
    assert {text: str(one) for text, one in said.items() if isinstance(one, CalcError)} == {}


def test_work_is_limited():
    start = time.process_time()
    slow = "x = solve(q, 0, 9, " + "+".join(["slope(ln N, ln N)*q"] * 15) + " - 5)"
    values, _ = calculator.run([slow] * 200, {"N": np.arange(1.0, 3000)})
    assert "too much" in str(values[-1]) and time.process_time() - start < 5
    steps = Steps(10)
    with pytest.raises(CalcError, match="too much"):
        evaluate(calculator.parse("+".join("1" * 20)), {}, steps)


# ---- Python and the page -------------------------------------------------------------------------


def assert_alike(page, count):
    rng = random.Random(7)
    texts = [expression(rng) for _ in range(count)] + [garbage(rng) for _ in range(count // 5)]
    calls = [(text,) for text in texts + HOSTILE]
    python = [worked(*call) for call in calls]
    differ = [
        (call, a, b)
        for call, a, b in zip(calls, python, page("work", calls), strict=True)
        if not alike(a, b)
    ]
    assert differ == []
    values = sum(not (isinstance(one, list) and one[:1] == ["error"]) for one in python[:count])
    assert values > 0.2 * count

    fields = [(text, unit) for text in HOSTILE + SAME for unit in ("", "nats", "%")]
    fields += [(garbage(rng), rng.choice(UNITS)) for _ in range(count // 3)]
    fields += [(expression(rng, 2), rng.choice(UNITS)) for _ in range(count // 3)]
    for _ in range(count // 3):
        form = rng.choice([",", ".3e", ".0f", "g", ",.2f"])
        number = f"{rng.uniform(-5, 5) * 10 ** rng.randint(-9, 21):{form}}"
        fields.append(
            (number + rng.choice(["", " ", "x", "k", " tokens", " %", "."]), rng.choice(UNITS))
        )
    differ = [
        (call, a, b)
        for call, b in zip(fields, page("read", fields), strict=True)
        if not alike(a := was_read(*call), b)
    ]
    assert differ == []

    pads = [
        [
            rng.choice(["", "a=", "b = ", "p, q = ", "N = ", "ln = ", "# "]) + expression(rng, 2)
            for _ in range(6)
        ]
        for _ in range(count // 30)
    ] + [HOSTILE[:40]]
    found = page("run", [(lines,) for lines in pads])
    differ = [
        (lines, a, b)
        for lines, b in zip(pads, found, strict=True)
        if not alike(a := plain(calculator.run(lines, COLUMNS, LAWS)[0]), b)
    ]
    assert differ == []


def test_the_page_calculates_as_python_does(page):
    assert_alike(page, 150)


@pytest.mark.proof
def test_the_page_calculates_as_python_does_in_ten_thousand_cases(page):
    assert_alike(page, 10_000)
