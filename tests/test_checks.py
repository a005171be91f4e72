"""The engine of the checks: reading answers, conditions, the kinds of exercise, check and hint."""

import dataclasses
import inspect
import itertools
import json
import math
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scalinglib.checks
from scalinglib.checks import (
    Choice,
    Function,
    Number,
    Part,
    Plan,
    Several,
    Text,
    chapters,
    judge,
    registry,
)
from scalinglib.checks.expressions import CalcError, evaluate, is_condition, names_in, parse
from scalinglib.checks.kinds import Outcome, is_stub, once, scored
from scalinglib.checks.reading import Typed, as_typed, blank, read, type_of
from scalinglib.checks.verdicts import Asked, Line, in_words, is_right, judged, unit

HINTS = ("Divide the two losses.", "factor ** -exponent = 1/2 & so on", "`factor = 2 ** (...)`")


def halve(**changes):
    return Number(
        **{
            "id": "98-halve-loss",
            "answer": "factor",
            "given": ("exponent",),
            "hints": HINTS,
            "truth": "2 ** (1 / exponent)",
            "bounds": (
                ("x > 1", "more data are needed: the factor is above 1"),
                ("x < 1e30", "that is more data than there are"),
            ),
            "mistakes": (("2 ** exponent", "the power {exponent} is upside down"),),
            "generic": "the loss is not halved",
        }
        | changes
    )


def power(**changes):
    return Function(
        **{
            "id": "98-power-law",
            "answer": "loss_at",
            "arguments": ("x", "scale", "exponent"),
            "hints": HINTS,
            "probes": ((1e6, 1e9, 0.3), (np.array([1e6, 1e8]), 1e9, 0.3)),
            "properties": (
                (
                    lambda f: np.shape(f(np.array([1e6, 1e8]), 1e9, 0.3)) == (2,),
                    "one loss for each x",
                ),
                (lambda f: f(2e9, 1e9, 0.3) < f(1e9, 1e9, 0.3), "the loss must fall"),
                (lambda f: np.isclose(f(1e9, 1e9, 0.3), 1), "one nat at the scale"),
                (lambda f: np.isclose(f(2e6, 1e9, 0.3) / f(1e6, 1e9, 0.3), 2**-0.3), "a doubling"),
            ),
            "mistakes": (
                (lambda x, scale, exponent: (x / scale) ** exponent, "turn the ratio round"),
            ),
        }
        | changes
    )


def fit(**changes):
    return Several(
        **{
            "id": "98-fit",
            "answer": "fitted",
            "parts": (
                Part(
                    name="exponent",
                    truth="best",
                    rtol=0.01,
                    mistakes=(("-best", "that is the slope"),),
                    generic="off {best}",
                ),
                Part(
                    name="floor",
                    truth="lowest",
                    unit="nats",
                    rtol=0.01,
                    generic="not the lowest",
                ),
            ),
            "given": ("seed",),
            "hints": HINTS,
            "derived": {"best": lambda seed: 0.3 + seed / 1000, "lowest": 1.7},
            "bounds": (
                ("exponent > 0", "an exponent is positive"),
                ("floor > 0", "a floor is positive"),
            ),
        }
        | changes
    )


def test_numbers_of_the_same_runs_are_worked_out_once():
    worked = []

    @once
    def totals(budget, data):
        worked.append(budget)
        return {"total": budget + sum(data["loss"]), "count": len(data["loss"])}

    runs, others = {"loss": [1.0, 2.0]}, {"loss": [1.0, 2.0, 3.0]}
    assert [totals(2.5, runs)[name] for name in ("total", "count")] == [5.5, 2]
    assert worked == [2.5]
    assert totals(2.5, data=others)["count"] == 3 and totals(0.5, others)["total"] == 6.5
    assert totals(2.5, runs)["total"] == 5.5 and worked == [2.5, 2.5, 0.5, 2.5]


# ---- numbers as people type them --------------------------------------------------------------


@pytest.mark.parametrize(
    "text, value",
    [
        ("1.2e9", 1.2e9),
        ("1.2E+9", 1.2e9),
        ("1,2e9", 1.2e9),
        ("1.2 billion", 1.2e9),
        ("1.2bn", 1.2e9),
        ("73B", 7.3e10),
        ("73B parameters", 7.3e10),
        ("1,200,000,000", 1.2e9),
        ("1 200 000", 1.2e6),
        ("1_200_000", 1.2e6),
        ("1.200.000,5", 1200000.5),
        ("1,234.5", 1234.5),
        ("1.2*10^9", 1.2e9),
        ("1.2·10⁹", 1.2e9),
        ("1.2 × 10**9", 1.2e9),
        ("10^-3", 1e-3),
        ("10⁻³", 1e-3),
        ("2x10^(3)", 2e3),
        ("20 %", 0.2),
        ("20 percent", 0.2),
        ("≈ 3 tokens", 3.0),
        ("−0.34", -0.34),
        ("0,34", 0.34),
        (".5", 0.5),
        ("5.", 5.0),
        (" 7 ", 7.0),
        ("1.7 nats per token", 1.7),
        ("12 million tokens", 1.2e7),
        ("-2k", -2e3),
    ],
)
def test_numbers_are_read_as_they_are_meant(text, value):
    assert read(text).value == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "1.2.3",
        "1e",
        "e9",
        "2 cows",
        "nan",
        "inf",
        "1,2,3",
        "0,123,456",
        "..",
        "__import__('os')",
        "12e9e9",
    ],
)
def test_other_texts_are_no_numbers(text):
    with pytest.raises(CalcError):
        read(text)


@settings(deadline=None)
@given(st.floats(1e-12, 1e30), st.integers(1, 15))
def test_printed_numbers_are_read_back(value, digits):
    text = f"{value:.{digits}e}"
    mantissa, exponent = text.split("e")
    # 1,234e9 may be grouped: no form to insist on
    comma = text if digits == 3 else text.replace(".", ",")
    for form in (
        text,
        comma,
        f"{mantissa} * 10^{int(exponent)}",
        f"{mantissa}·10**({int(exponent)})",
    ):
        assert read(form).value == pytest.approx(float(text), rel=1e-12)
    assert read(f"{int(value) + 1000:,}").value == pytest.approx(int(value) + 1000, rel=1e-12)


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=30))
def test_a_text_is_read_or_refused_in_words(text):
    try:
        assert math.isfinite(read(text).value)
    except CalcError as refusal:
        assert str(refusal)


# ---- conditions -------------------------------------------------------------------------------

NAMES = {"x": 3.0, "A": 406.4, "alpha": 0.34, "n": -2.0}


@pytest.mark.parametrize(
    "text",
    [
        "A * x ** -alpha + 1",
        "1 < x <= 3",
        "x > 5 or not n > 0",
        "x > 1 and n < 0 and A > 400",
        "log(A) / log10(A) - log2(x)",
        "exp(-x) * sqrt(A) + abs(n)",
        "min(x, n) + max(A, 2)",
        "-n ** 2",
        "2 ** 3 ** 0.5",
        "True",
        "not False",
    ],
)
def test_expressions_mean_what_python_says(text):
    library = {name: getattr(np, name) for name in ("log", "log2", "log10", "exp", "sqrt")} | {
        "abs": abs,
        "min": min,
        "max": max,
    }
    tree = parse(text, NAMES)
    assert evaluate(json.loads(json.dumps(tree)), NAMES) == pytest.approx(
        eval(text, library, dict(NAMES)), rel=1e-14
    )


@pytest.mark.parametrize("operation, holds", [("and", all), ("or", any)])
def test_each_link_of_a_chain_counts_wherever_it_stands(operation, holds):
    for truths in itertools.product((True, False), repeat=4):
        text = f" {operation} ".join(f"x > {0 if truth else 9}" for truth in truths)
        assert evaluate(parse(text, {"x"}), {"x": 5.0}) == holds(truths), text


def test_each_sign_of_a_comparison_counts_wherever_it_stands():
    for p, q, r in itertools.product(("<", "<=", ">", ">="), repeat=3):
        for a, b, c, d in itertools.product((1, 2), repeat=4):
            text = f"{a} {p} {b} {q} {c} {r} {d}"
            assert evaluate(parse(text, ()), {}) == eval(text), text


@pytest.mark.parametrize(
    "text, value",
    [
        ("(-1) ** 0.5", math.nan),
        ("1 / 0", math.inf),
        ("10 ** 400", math.inf),
        ("log(0)", -math.inf),
    ],
)
def test_arithmetic_is_that_of_a_browser(text, value):
    assert np.array_equal(evaluate(parse(text, ()), {}), value, equal_nan=True)


@pytest.mark.parametrize("dress", [int, float, np.int64, np.float64])
def test_arithmetic_is_that_of_a_browser_in_whatever_dress_the_numbers_come(dress):
    for text, a, b, value in (
        ("a / b", 1, 0, math.inf),
        ("a / b", -1, 0, -math.inf),
        ("a / b", 0, 0, math.nan),
        ("a ** b", 10, 400, math.inf),
        ("a ** -b", 10, 2, 0.01),
        ("a ** (1 / b)", -1, 2, math.nan),
        ("log(a) + b", 0, 1, -math.inf),
        ("a - b", 1, 3, -2.0),
    ):
        found = evaluate(parse(text, {"a", "b"}), {"a": dress(a), "b": dress(b)})
        assert np.array_equal(found, value, equal_nan=True) and found.dtype == float, text


def test_what_is_a_condition():
    conditions = [True, False, ["<", "x", 1.0], ["not", True], ["near", "x", 1.0, 0.1]]
    assert all(map(is_condition, conditions))
    assert not any(map(is_condition, [1.0, "x", ["+", 1.0, "x"], ["log", "x"]]))


def test_near_is_relative_to_the_second():
    near = parse("near(x, 100, 0.01)", {"x"})
    assert [bool(evaluate(near, {"x": x})) for x in (98.9, 99.1, 100, 100.9, 101.1, math.nan)] == [
        False,
        True,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    "text, message",
    [
        ("y > 1", "'y' is not known here; known are x"),
        ("x == 1", "outside"),
        ("0 < x == 1", "outside"),
        ("x == 1 < 2", "outside"),
        ("0 < x in 1 < 2", "outside"),
        ("x.real", "outside"),
        ("x(1)", "outside"),
        ("__import__('os')", "outside"),
        ("near(x, 1)", "outside"),
        ("'a'", "outside"),
        ("x >", "not an expression"),
        ("x % 2", "outside"),
        ("log(x, base=2)", "outside"),
        ("[x for x in x]", "outside"),
        ("1j", "outside"),
        ("(x, x)[0]", "outside"),
        ("1 if x else 2", "outside"),
        ("x := 2", "not an expression"),
    ],
)
def test_anything_else_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        parse(text, {"x"})
    for around in ("-({})", "1 + ({})", "({}) < 1 < 2", "1 < 2 < ({})", "1 < 2 or ({})", "log({})"):
        with pytest.raises(ValueError, match=f"{message}|outside"):
            parse(around.format(text), {"x"})


def test_names_in_a_tree():
    assert names_in(parse("near(A * x ** -alpha, 2, 0.1) and True", NAMES)) == {"A", "x", "alpha"}


# ---- one number -------------------------------------------------------------------------------

RIGHT_FACTOR = 2 ** (1 / 0.3)


@pytest.mark.parametrize(
    "answer",
    [
        RIGHT_FACTOR,
        np.float64(RIGHT_FACTOR),
        np.array(RIGHT_FACTOR),
        np.float32(RIGHT_FACTOR),
        Fraction(RIGHT_FACTOR),
        Decimal(RIGHT_FACTOR),
        f"{RIGHT_FACTOR:.5g}",
        f"{RIGHT_FACTOR / 1e3:.5g} k",
        "2^(1/0.3)",
        "10.1",  # three digits, 0.2 % off
    ],
)
def test_the_right_number_is_right_in_any_dress(answer):
    assert judge(halve(), answer, {"exponent": 0.3}).status == "right"


@pytest.mark.parametrize("answer", [None, ..., "", "  ", "..."])
def test_place_holders_are_not_attempted(answer):
    for exercise, params in ((halve(), {"exponent": 0.3}), (power(), {}), (fit(), {"seed": 1})):
        assert repr(judge(exercise, answer, params)).startswith("not attempted: replace the ...")


class Hostile(float):
    def __float__(self):
        raise RuntimeError("no")


@pytest.mark.parametrize(
    "answer, message",
    [
        ("many", "a number is asked for"),
        ("3 cows", "cows is not known here"),
        (True, "True or False"),
        (np.True_, "True or False"),
        (math.nan, "no number"),
        (math.inf, "infinite"),
        (10**400, "infinite"),
        ((-8) ** (1 / 3), "that is a complex number"),
        (np.complex128(1j), "that is a complex number"),
        ([10.0], "a list"),
        ((1, 2), "a tuple"),
        (np.array([10.0]), "a ndarray"),
        (pd.Series([10.0]), "a Series"),
        ({}, "a dict"),
        (print, "a function; call it"),
        (object(), "an object"),
        (np.array("a"), "array of <U1"),
        (Hostile(3), "could not be read"),
    ],
)
def test_other_things_are_answered_in_words(answer, message):
    outcome = judge(halve(), answer, {"exponent": 0.3})
    assert (outcome.status, outcome.rule) == ("not yet", "form")
    assert message in outcome.message
    assert judge(fit(), {"exponent": answer, "floor": 1.7}, {"seed": 0}).message.startswith(
        "exponent: "
    )


def test_a_known_mistake_speaks_before_a_bound_and_a_bound_before_the_rest():
    def said(x):
        outcome = judge(halve(), x, {"exponent": 0.3})
        return outcome.rule, outcome.message

    assert said(0.512) == ("bound 1", "more data are needed: the factor is above 1")
    assert said(7.1234567) == ("generic", "the loss is not halved")
    assert said(2**0.3) == ("mistake 1", "the power 0.3 is upside down")
    assert said(1e31) == ("bound 2", "that is more data than there are")


def test_a_value_is_held_to_the_tolerance_alone():
    def status(share):
        return judge(halve(), RIGHT_FACTOR * share, {"exponent": 0.3}).status

    assert [status(share) for share in (0.9985, 0.9995, 1.0005, 1.0015)] == [
        "not yet",
        "right",
        "right",
        "not yet",
    ]
    rounded = judge(halve(), 10.1, {"exponent": 0.3})
    assert rounded.status == "not yet" and "if you rounded it" in rounded.message


@settings(deadline=None)
@given(
    st.one_of(
        st.floats(),
        st.integers(),
        st.text(),
        st.binary(),
        st.complex_numbers(),
        st.lists(st.floats()),
        st.booleans(),
        st.dictionaries(
            st.sampled_from(["exponent", "floor"]), st.one_of(st.floats(), st.none(), st.text())
        ),
        st.tuples(st.floats(), st.floats()),
    )
)
def test_no_answer_raises(answer):
    for exercise, params in (
        (halve(), {"exponent": 0.3}),
        (fit(), {"seed": 1}),
        (power(), {}),
        (choice(), {"ratio": 2}),
    ):
        outcome = judge(exercise, answer, params)
        assert outcome.status in ("not attempted", "not yet", "right") and "\n" not in repr(outcome)


# ---- the edges of the rules -------------------------------------------------------------------


def number(truth="", **changes):
    told = {"id": "98-x", "answer": "x", "hints": HINTS, "generic": "no", "truth": truth or None}
    return Number(**told | changes)


def line(text, strict=False, params=None, **asked):
    """What is said of one number: typed, or a program's."""
    exercise, typed = number(**asked), read(text) if isinstance(text, str) else text
    typed = typed if isinstance(typed, Typed) else Typed(typed)
    [said] = judged(exercise.told(), exercise.rules, params or {}, {"x": typed}, strict)
    return said


KINDS = (Number, Several, Plan, Choice, Text, Function)


def test_judges_are_strict_where_nothing_is_said():
    for kind in (*KINDS, type(halve()).__mro__[2]):
        assert inspect.signature(kind.judge).parameters["strict"].default is True
    assert inspect.signature(judge).parameters["strict"].default is True
    assert judge(halve(), "1e1", {"exponent": 0.3}).status == "not yet"


@pytest.mark.parametrize(
    "make", [halve, fit, lambda: plan(), lambda: text(), power, lambda: choice()]
)
def test_exercises_do_not_change_and_say_what_they_are(make):
    exercise = make()
    assert exercise == dataclasses.replace(exercise)
    for name in ("rules", "scale", "why_short", "part"):
        assert f"{name}=" not in repr(exercise)
    with pytest.raises(dataclasses.FrozenInstanceError):
        exercise.answer = "x"
    with pytest.raises(TypeError, match="takes 1 positional argument but 2 were given"):
        type(exercise)("98-x")


@pytest.mark.parametrize(
    "one", [Part(name="x"), Line("x", "right"), Outcome("right", ""), Typed(1.0), Asked()]
)
def test_what_is_said_does_not_change(one):
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(one, dataclasses.fields(one)[0].name, 2)


def test_what_is_worked_out_is_not_told():
    for told in ({"tree": 1}, {"trees": ()}, {"linked": ()}):
        with pytest.raises(TypeError, match="unexpected keyword"):
            Part(name="x", **told)
    for make, told in ((number, "rules"), (number, "part"), (choice, "rules"), (fit, "rules")):
        with pytest.raises(TypeError, match="unexpected keyword"):
            make(**{told: ()})
    for told in ("scale", "why_short"):
        with pytest.raises(TypeError, match="unexpected keyword"):
            Plan(**PLAN | {told: ()})
    for kind in (Asked, Part):
        with pytest.raises(TypeError, match="takes 1 positional argument but 2 were given"):
            kind("1")
    compiled, plain = (
        number("1", mistakes=(("2", "a"),)).part,
        Part(name="x", truth="1", mistakes=(("2", "a"),), generic="no"),
    )
    assert compiled == plain and compiled.tree == 1.0 and compiled.trees == (2.0,)
    assert repr(compiled) == repr(plain) and "tree" not in repr(compiled)
    assert "linked" not in repr(compiled) and compiled.linked == (False,)
    assert number("1", mistakes=(("2 * x", "a"),)).part.linked == (True,)
    assert Outcome("right", "a", lines=(Line("x", "right"),)) == Outcome("right", "a")


def test_what_a_part_is_where_nothing_is_said():
    part = Part(name="x")
    assert (part.truth, part.unit, part.rtol, part.atol) == (None, "", 1e-3, 0.0)
    assert (part.digits, part.why, part.exact, part.whole) == (3, "", False, False)
    assert (part.mistakes, part.generic, part.tree, part.trees, part.linked) == (
        (),
        "",
        None,
        (),
        (),
    )
    assert part.free and not Part(name="x", truth="1").free
    assert (Line("x", "right").words, Line("x", "right").rule) == ("", "")
    said = Outcome("not yet", "a  b\n c")
    assert (said.rule, said.partial, said.share, said.lines) == ("", 0.0, 0.0, ())
    assert repr(said) == "not yet: a b c" and Outcome("right", "", partial=0.5).share == 1
    assert Outcome("not yet", "", partial=0.5).share == 0.5
    typed = Typed(2.5)
    assert (typed.half, typed.digits, typed.said, typed.rounded) == (0.0, math.inf, "", False)
    assert number("1").praise == "it has every property asked for" and number("1").given == ()


@pytest.mark.parametrize(
    "asked, right, wrong",
    [
        ({"truth": "2", "rtol": 0, "atol": 1}, [3 + 0.99e-9, 1 - 0.99e-9], [3 + 1.01e-9, 0.99]),
        ({"truth": "100", "rtol": 0.01}, [101, 99], [101.01, 98.99]),
        ({"truth": "-100", "rtol": 0.01}, [-101, -99], [-101.01, -98.99, 100]),
        ({"truth": "100", "rtol": 0.01, "atol": 3}, [103, 97], [103.1, 96.9]),
        ({"truth": "100", "rtol": 0.05, "atol": 3}, [105], [105.1]),
        ({"truth": "1", "exact": True}, [1 + 0.99e-9, 1 - 0.99e-9], [1 + 1.01e-9, 1 - 1.01e-9]),
        ({"truth": "-1", "exact": True}, [-1 - 0.99e-9], [-1 - 1.01e-9]),
        ({"truth": "10.4"}, [10.4], [10.0, 11.0]),
        ({"truth": "10.4", "whole": True}, [10.0, 11.0, 10.4], [9.0, 12.0, 10.5]),
        ({"truth": "10.6", "whole": True}, [11.0], [10.0, 12.0]),
        ({"truth": "10.5", "whole": True}, [11.0], [10.0]),
        ({"truth": "10.000000009", "whole": True}, [10.0], [11.0]),
        ({"truth": "10.000000011", "whole": True}, [10.0, 11.0], [12.0]),
        ({"truth": "1235", "rtol": 0}, ["1.24e3", "1.23e3", "1230", "1240"], ["1.25e3", "1241"]),
        (
            {"truth": "999.6", "rtol": 0},
            ["1004", "1.00e3"],
            ["1005"],
        ),  # the larger one's third digit
        ({"truth": "1000.4", "rtol": 0}, ["996"], ["995"]),
        ({"truth": "1234", "rtol": 0, "digits": 4, "why": "so"}, ["1234.4"], ["1234.6", "1.24e3"]),
    ],
)
def test_right_ends_where_it_is_said(asked, right, wrong):
    assert {line(x, **asked).state for x in right} == {"right"}
    assert "right" not in {line(x, **asked).state for x in wrong}


@pytest.mark.parametrize("strict", [False, True])
def test_how_many_digits_are_missing(strict):
    counts = ["six", "five", "four", "three", "two", "one"]
    for digits, count in enumerate(counts, 1):
        said = line(
            f"{1.2345678:.{digits}g}", strict, truth="1.2345678", rtol=0, digits=7, why="so"
        )
        words = f"right so far: give {count} more digit{'s' * (count != 'one')}"
        if strict:
            assert (said.state, said.words, said.rule) == ("wrong", "give seven digits", "digits")
        else:
            assert (said.state, said.words, said.rule) == ("so far", words, "so far")
    assert line("1e8", truth="1.2e8", rtol=0, digits=8, why="so").words.endswith(
        "seven more digits"
    )


@pytest.mark.parametrize(
    "text, asked, words",
    [
        ("1.2e3", {"truth": "1234", "exact": True}, "right so far: give all its digits"),
        ("1.2e3", {"truth": "1250", "exact": True}, "right so far: give all its digits"),
        ("1.2e3", {"truth": "1251", "exact": True}, "no"),
        (1005.0, {"truth": "1000", "rtol": 0}, "right so far: carry one more digit"),
        (1005.1, {"truth": "1000", "rtol": 0}, "no"),
        (1000.9, {"truth": "996", "rtol": 0}, "right so far: carry one more digit"),
        (996.0, {"truth": "1000.9", "rtol": 0}, "right so far: carry one more digit"),
        ("1e3", {"truth": "1400", "rtol": 0}, "right so far: give two more digits"),
        ("1e3", {"truth": "1500", "rtol": 0}, "right so far: give two more digits"),
        ("1e3", {"truth": "1501", "rtol": 0}, "no"),
        ("1e3", {"truth": "800", "rtol": 0}, "no"),  # 8e2 is its one digit
        # final zeros count for the reader: the first of them as a digit, the others need not
        ("1000", {"truth": "1049", "rtol": 0}, "right so far: give one more digit"),
        ("1000", {"truth": "1051", "rtol": 0}, "no"),
        ("20", {"truth": "20.4", "rtol": 0}, "right so far: give one more digit"),
        ("20", {"truth": "22.3", "rtol": 0}, "no"),
        ("1e3", {"truth": "951", "rtol": 0}, "right so far: give two more digits"),
        ("9e2", {"truth": "1040", "rtol": 0}, "no"),
        (Typed(0.0, 0.5, 1), {"truth": "0.3", "rtol": 0}, "no"),  # zero is never right so far
        ("1.26e3", {"truth": "1234", "rtol": 0}, "no"),
    ],
)
def test_right_so_far_ends_where_it_is_said(text, asked, words):
    assert line(text, **asked).words == words
    assert line(text, strict=True, **asked).state == "wrong"


ROUNDED = "that may be this slip, if you rounded: slip {}. If not: no"


def slips(*values, **asked):
    words = tuple((str(value), f"slip {k}") for k, value in enumerate(values, 1))
    return {"truth": "7", "rtol": 0, "mistakes": words} | asked


@pytest.mark.parametrize(
    "text, asked, words, rule",
    [
        ("100.3", slips(100, 100.3), "slip 2", "mistake 2"),
        ("1002e-1", slips(100.24, 100.16), EITHER := "slips: slip 1, slip 2", "mistake 1"),
        ("100.2", slips(100, 100.3), ROUNDED.format(2), "mistake 2"),
        ("100.04", slips(100.04001), "that may be this slip: slip 1", "mistake 1"),
        ("100.5", slips(100), ROUNDED.format(1), "mistake 1"),
        ("100.99", slips(100), ROUNDED.format(1), "mistake 1"),
        ("101", slips(100), ROUNDED.format(1), "mistake 1"),  # one per cent, no more
        ("99", slips(100), ROUNDED.format(1), "mistake 1"),
        ("101.01", slips(100), "no", "generic"),
        ("-100.99", slips(-100), ROUNDED.format(1), "mistake 1"),
        # within 2 % of the truth: rounded or cut on the way, unless a slip fits all its digits
        ("101", slips(100, truth="102"), "no", "generic"),
        ("100.6", slips(100, truth="102.7"), ROUNDED.format(1), "mistake 1"),
        ("100.3", slips(100, truth="102"), ROUNDED.format(1), "mistake 1"),
        ("61", slips(60.8, truth="61.8"), "no", "generic"),
        ("-61", slips(-60.8, truth="-61.8"), "no", "generic"),
        ("61", slips(60.8, truth="62.5"), "that may be this slip: slip 1", "mistake 1"),
        ("57", slips(57, truth="56", exact=True), "slip 1", "mistake 1"),
        ("100.9", slips(100, 101.5), ROUNDED.format(2), "mistake 2"),
        ("100.9", slips(101.5, 100), ROUNDED.format(1), "mistake 1"),
        ("100.9", slips(101.8, 100.2), ROUNDED.format(2), "mistake 2"),
        (
            "1e2",
            slips(99.9, 100.3, 90),
            "several slips fit: give one more digit",
            "mistake 1",
        ),
        ("1e2", slips(90, 100.3, 100), "slip 3", "mistake 3"),  # exactly one of many
        ("20", slips(15.1, 24.9), "no", "generic"),  # it is not 15 to 25
        ("100.25", slips(100.255, 100.5), "that may be this slip: slip 1", "mistake 1"),
        (100.0, slips(100.3, 100 + 0.99e-7), "slip 2", "mistake 2"),
        (100.0, slips(100.3, 100 + 1.01e-7), ROUNDED.format(2), "mistake 2"),
        (100.0, slips(100, exact=True), "slip 1", "mistake 1"),
        (100.0, slips(100 + 0.99e-7, exact=True), "slip 1", "mistake 1"),
        (100.0, slips(100 + 1.01e-7, exact=True), "no", "generic"),
        ("100.9", slips(100, exact=True), "no", "generic"),
        (20.0, slips(20.7, whole=True), ROUNDED.format(1), "mistake 1"),
        (21.0, slips(20.7, whole=True), ROUNDED.format(1), "mistake 1"),
        (22.0, slips(20.7, whole=True), "no", "generic"),
        (20.0, slips(20.7), "no", "generic"),
        (0.0, slips(0), "slip 1", "mistake 1"),
        (0.001, slips(0), "no", "generic"),
        (0.0, slips(0.001), "no", "generic"),
        (8.0, slips("1/0", "0/0", 8), "slip 3", "mistake 3"),
        ("7.5", slips("7 + 0"), "no", "generic"),
        (
            "7.02",
            slips(7.001, truth="7.001"),
            "no",
            "generic",
        ),  # a slip that gives the truth is none
        ("7.06", slips(7.004), "no", "generic"),  # nor one that cannot be told from it
        ("7.06", slips(7.06), "slip 1", "mistake 1"),
    ],
)
def test_a_slip_is_recognised_at_the_precision_in_which_it_was_typed(text, asked, words, rule):
    said = line(text, **asked)
    if words == EITHER:
        words = "that may be one of two slips. Either: slip 1. Or: slip 2"
    assert (said.state, said.words, said.rule) == ("wrong", words, rule)


@pytest.mark.parametrize(
    "text, known, sure",
    [
        ("61", 60.8, False),  # two digits, which other ways lead to as well
        ("60.8", 60.83, False),  # three, and so do they
        ("60.9", 60.8, "rounded"),
        ("61", 61, True),  # all that there is of it
        ("6e1", 60, True),
        ("61.2", 60.8, "rounded"),  # none fits: the nearest
        (61.2, 60.8, "rounded"),
        ("60.83", 60.8, "rounded"),  # four digits, of which three fit
        (60.83, 60.8, "rounded"),
        (60.8, 60.8, True),
    ],
)
def test_what_was_not_seen_is_said_as_what_it_may_be(text, known, sure):
    words = line(text, **slips(known)).words
    may_be = "that may be this slip: slip 1"
    said = {True: "slip 1", False: may_be, "rounded": ROUNDED.format(1)}
    assert words == said[sure]


@pytest.mark.parametrize("many", range(1, 5))
def test_how_many_slips_that_fit_to_the_last_digit_are_said(many):
    """One, both, or of many the one that is exactly what was typed, wherever it stands."""
    near = ["100.252", "100.248", "100.253", "100.247"][:many]
    either = "that may be one of two slips. Either: slip 1. Or: slip 2"  # no digit helps
    one = "that may be this slip: slip 1"
    assert line("100.25", **slips(*near)).words == (one if many == 1 else either)
    for place in range(many):
        values = [*near[:place], "100.25", *near[place + 1 :]]
        said = line("100.25", **slips(*values)).words
        assert said == (either if many == 2 else f"slip {place + 1}")


@pytest.mark.parametrize("text, ends", [("100", False), ("100.3", True), (100.25, True)])
def test_more_digits_are_asked_for_only_while_they_may_help(text, ends):
    """Three slips of one number cannot be told apart by a fifth digit."""
    said = line(text, **slips(*3 * [text])).words
    assert said == (
        "that may be one of two slips. Either: slip 1. Or: slip 2"
        if ends
        else "several slips fit: give one more digit"
    )


def test_a_question_needs_no_full_stop_and_equal_words_are_one_slip():
    asked = {"truth": "7", "mistakes": (("100.2", "why?"), ("100.24", "so"))}
    assert line("100.2", **asked).words == "that may be one of two slips. Either: why? Or: so"
    same = {"truth": "7", "mistakes": (("100.16", "so"), ("100.24", "so"))}
    said = line("100.2", **same)
    assert (said.words, said.rule) == ("that may be this slip: so", "mistake 1")


def pair(first, second, strict=False, a="10", **asked):
    parts = (
        Part(name="a", truth=a, generic="not a"),
        Part(name="b", truth="3 * a", generic="not b", **asked),
    )
    exercise = Several(id="98-pair", answer="p", hints=HINTS, parts=parts)
    typed = {
        name: read(x) if isinstance(x, str) else Typed(x)
        for name, x in (("a", first), ("b", second))
    }
    return judged(parts, exercise.rules, {}, typed, strict)[1]


@pytest.mark.parametrize("second", ["33", "34.54", "31.46", "33.0"])
def test_what_follows_from_a_wrong_part_is_said_to(second):
    said = pair("11", second)
    words = "it follows from your a, and the error is there"
    assert (said.state, said.words, said.rule) == ("follows", words, "follows")


@pytest.mark.parametrize(
    "first, second, state, words",
    [
        ("11", "34.56", "wrong", "not b"),
        ("11", "31.44", "wrong", "not b"),
        (11.0, 33.03, "follows", "it follows from your a, and the error is there"),
        (11.0, 33.04, "wrong", "not b"),
        (11.0, "33.05", "follows", "it follows from your a, and the error is there"),
        (11.0, "33.06", "wrong", "not b"),
        ("10.0", "33", "wrong", "not b"),  # from a right part nothing follows
        (10.04, "30.1", "so far", "give more digits of your a"),
        (10.04, 30.15, "so far", "give more digits of your a"),
        (10.04, 30.16, "wrong", "not b"),
    ],
)
def test_what_follows_ends_where_it_is_said(first, second, state, words):
    said = pair(first, second)
    assert (said.state, said.words) == (state, words)


def test_a_slip_may_start_from_the_typed_part_or_from_the_right_one():
    slips = {"mistakes": (("2 * a", "twice"), ("4", "four"))}
    for second, said in (("22.0", "twice"), ("20.0", "twice"), ("4.00", "four"), ("21.0", "not b")):
        assert pair("11", second, **slips).words == said


def test_what_follows_from_a_rounded_part_is_right_so_far():
    said = pair("1e1", "30.0", a="10.4")
    assert (said.state, said.rule) == ("so far", "so far")
    assert said.words == "give more digits of your a"
    assert pair("1e1", "30.0", True, a="10.4").state == "follows"
    assert pair("1e1", "46", a="10.4").state == "wrong"


@pytest.mark.parametrize(
    "first, second, strict, state, words",
    [
        ("1e1", "30", False, "right", ""),
        (
            "1e1",
            "15.1",
            False,
            "so far",
            MORE := "give more digits of your a",
        ),
        ("1e1", "44.9", False, "so far", MORE),
        ("1e1", "14.9", False, "wrong", "not b"),
        ("1e1", "45.1", False, "wrong", "not b"),
        ("1e1", "44.9", True, "wrong", "not b"),
        ("-1e1", "-44.9", True, "follows", "it follows from your a, and the error is there"),
        ("-1e1", "-44.9", False, "follows", "it follows from your a, and the error is there"),
    ],
)
def test_what_follows_from_a_part_that_is_free(first, second, strict, state, words):
    parts = (Part(name="a"), Part(name="b", truth="3 * a", generic="not b"))
    bounds = (("a > 0", "above 0"),)
    exercise = Several(id="98-pair", answer="p", hints=HINTS, parts=parts, bounds=bounds)
    typed = {"a": read(first), "b": read(second)}
    said = judged(parts, exercise.rules, {}, typed, strict)[1]
    assert (said.state, said.words) == (state, words)


def test_a_free_part_is_held_to_the_bounds_that_mention_it():
    free = (Part(name="exponent"), Part(name="floor"))
    for answer, rule, message in (
        ((0.3, 1.7), "", "it has every property asked for"),
        ((-0.3, 1.7), "bound 1 of exponent", "floor is right; exponent: an exponent is positive"),
        ((0.3, -1.7), "bound 2 of floor", "exponent is right; floor: a floor is positive"),
    ):
        outcome = judge(fit(parts=free), answer, {"seed": 1})
        assert (outcome.rule, outcome.message) == (rule, message)
    for kept, lacks in ((0, "floor"), (1, "exponent")):
        with pytest.raises(ValueError, match=f"{lacks} has neither a truth nor a bound"):
            fit(parts=free, bounds=fit().bounds[kept : kept + 1])
    # a plan's distance speaks of all its parts
    assert judge(Plan(**PLAN | {"bounds": ()}), (3, 3), {"C": 100}).status == "right"


def test_units_of_digits():
    assert [unit(1234.0, 3), unit(0.00123, 1), unit(9.99, 2), unit(-55.0, 1)] == [10, 1e-3, 0.1, 10]
    assert unit(0.0, 3) == 0
    assert is_right(Part(name="x", truth="0"), Typed(0.0), 0.0)


def test_all_lines_in_one_sentence():
    right, other = Line("a", "right"), Line("b", "right")
    wrong = [Line(name, "wrong", "no") for name in "cd"]
    assert in_words([wrong[0]]) == "no"
    assert in_words([wrong[0], right]) == "a is right; c: no"
    assert in_words([wrong[0], right, wrong[1], other]) == "a and b are right; c and d: no"
    assert in_words([Line("e", "so far", "more"), wrong[0]]) == "e: more; c: no"


@pytest.mark.parametrize(
    "text, state, words, rule",
    [
        ("4.00", "right", "", ""),
        ("5.5", "so far", "too few digits to tell: give one more digit", "so far"),  # 5.45 would do
        ("5.50", "wrong", "at most 5.49", "bound 2"),
        ("5.6", "wrong", "at most 5.49", "bound 2"),
        ("2.0", "wrong", "above 3", "bound 1"),
        (5.5, "wrong", "at most 5.49", "bound 2"),
        ("9.00", "wrong", "nine", "mistake 1"),
    ],
)
def test_a_free_number_within_its_bounds(text, state, words, rule):
    bounds = (("x > 3", "above 3"), ("x <= 5.49", "at most 5.49"))
    said = line(text, bounds=bounds, mistakes=(("9", "nine"),))
    assert (said.state, said.words, said.rule) == (state, words, rule)
    if state == "so far":
        assert line(text, True, bounds=bounds).words == "at most 5.49"


def test_a_bound_speaks_of_too_few_digits_only_where_it_fails_at_both_ends():
    asked = {"truth": "7", "bounds": (("x > 3", "above 3"),)}
    assert [line(x, **asked).words for x in ("2.9", "3.0", "2")] == ["above 3", "no", "above 3"]
    assert line("3.00", **asked).rule == "bound 1"  # what was written is not above 3
    assert line("2.95", **asked).rule == "bound 1" and line("5", **asked).rule == "generic"


@pytest.mark.parametrize(
    "text, words",
    [
        ("97", "no"),
        ("98.0", "near"),
        ("98.5", "near"),
        ("98.9", "near"),  # its upper end, 98.95, is right, and what was typed is not
        ("98.95", ""),
        ("101", ""),
        ("101.1", "near"),
        ("101", ""),
        ("102", "near"),
    ],
)
def test_between_right_and_near_there_is_no_hole(text, words):
    asked = {"truth": "100", "rtol": 0.0105, "generic": "no"}
    bounds = (("abs(x / 100 - 1) > 0.0201 or abs(x / 100 - 1) < 0.0105", "near"),)
    assert line(text, bounds=bounds, **asked).words == words


def test_of_too_few_digits_an_end_that_would_be_right_is_no_excuse():
    bounds = (("abs(x / 9.96 - 1) > 0.02 or abs(x / 9.96 - 1) < 0.001", "near"),)
    assert line("9.9", truth="9.96", bounds=bounds).words == "near"
    assert line("9.7", truth="9.96", bounds=bounds).words == "no"


def test_a_number_that_a_program_rounded_is_asked_for_in_full():
    rounded = "no; if you rounded it, give it as the notebook has it"
    asked = {"truth": "7"}
    assert line(as_typed(7.123), True, **asked).words == rounded
    for answer, strict in ((7.1234, True), (8, True), (7.123, False)):
        assert line(as_typed(answer), strict, **asked).words == "no"


def test_short_numbers_of_a_program_may_have_been_rounded():
    short = [0.1234, 3.0, -12.34, 1.234e-9, 1000.0, np.float64(0.5), Decimal("0.5")]
    assert all(as_typed(answer).rounded for answer in short)
    long = [0.12345, 12.345, 3, np.int64(5), 1 / 3, -1.2345e9]
    assert not any(as_typed(answer).rounded for answer in long)
    assert as_typed("33e9", "billion parameters").value == 33


def test_types_have_an_article():
    assert [type_of(x) for x in (1, [], {}, "", object())] == [
        "an int", "a list", "a dict", "a str", "an object",
    ]  # fmt: skip
    assert [blank(x) for x in (None, ..., "", " ... ", "…", "0", 0, "....")] == [True] * 5 + [
        False
    ] * 3


@pytest.mark.parametrize(
    "text, unit, value",
    [
        ("1000000", "billion parameters", 0.001),
        ("999999", "billion parameters", 999999),
        ("-33e9", "billion parameters", -33),
        ("2e6", "million parameters", 2),
        ("2e6", "thousand tokens", 2e6),
        ("5 %", "%", 5),
        ("0.05", "%", 0.05),
        ("5 %", "times", 0.05),
        ("1 PF-day + 1 PF-day", "FLOPs", 2 * 8.64e19),
        ("2 bits", "nats", 2 * math.log(2)),
        ("2 nats", "bits", 2 / math.log(2)),
        ("3 MWh", "kWh", 3000),
        ("3 kWh", "", 3),
    ],
)
def test_what_is_typed_becomes_the_unit_that_is_asked_for(text, unit, value):
    assert read(text, unit).value == pytest.approx(value, rel=1e-12)


# ---- several numbers, a choice ----------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        {"exponent": 0.35, "floor": 1.7, "more": 3},
        (0.35, 1.7),
        [0.35, "1.7"],
        np.array([0.35, 1.7]),
        pd.Series({"floor": 1.7, "exponent": 0.35}),
    ],
)
def test_several_numbers_in_any_dress(answer):
    assert judge(fit(), answer, {"seed": 50}).status == "right"


@pytest.mark.parametrize(
    "answer, status, rule, message",
    [
        ({"exponent": 0.35}, "not yet", "form", "no entry 'floor'"),
        ((1, 2, 3), "not yet", "form", "but there are 3"),
        (3, "not yet", "form", "(exponent, floor), but this is an int"),
        (0.35, "not yet", "form", "(exponent, floor), but this is a float"),
        ((0.35, ...), "not attempted", "", "floor is still open"),
        ((0.35, 1.5), "not yet", "generic of floor", "exponent is right; floor: not the lowest"),
        ((0.5, 1.7), "not yet", "generic of exponent", "floor is right; exponent: off 0.35"),
        ((0.5, -1), "not yet", "bound 2 of floor", "exponent: off 0.35; if you rounded"),
        ((0.5, -1), "not yet", "bound 2 of floor", "floor: a floor is positive"),
        ((-0.35, 1.7), "not yet", "mistake 1 of exponent", "exponent: that is the slope"),
    ],
)
def test_several_numbers_say_which_part(answer, status, rule, message):
    outcome = judge(fit(), answer, {"seed": 50})
    assert (outcome.status, outcome.rule) == (status, rule) and message in outcome.message


def test_the_lines_of_several_numbers():
    outcome = judge(fit(), (0.5, 1.7), {"seed": 50})
    assert [(one.name, one.state, one.rule) for one in outcome.lines] == [
        ("exponent", "wrong", "generic"),
        ("floor", "right", ""),
    ]
    assert judge(fit(), ("0.4", "1.7"), {"seed": 50}, strict=False).status == "so far"
    both = judge(fit(), ("0.4", "1.2"), {"seed": 50}, strict=False)
    assert (both.status, both.rule) == ("not yet", "so far of exponent")
    assert fit().names == ("exponent", "floor")
    # what says more than the general words decides
    assert judge(fit(), (0.512345, -1.0), {"seed": 50}).rule == "bound 2 of floor"


def test_would_these_numbers_be_right():
    values = fit().quantities({"seed": 50})
    assert values == {"best": 0.35, "lowest": 1.7, "seed": 50.0}
    assert fit().truths(values) == {"exponent": 0.35, "floor": 1.7}
    for exponent, floor, right in ((0.35, 1.7, True), (0.35, 1.5, False), (0.4, 1.7, False)):
        typed = {"exponent": Typed(exponent), "floor": Typed(floor)}
        assert fit().accepts(values, typed) is right


def test_where_the_reader_is_to_find_the_wrong_part_none_is_called_right():
    quiet = fit(quiet=True)
    assert judge(quiet, (0.35, 1.7), {"seed": 50}).status == "right"
    said = judge(quiet, (0.5, -1), {"seed": 50})
    assert (said.status, said.message, said.rule) == ("not yet", "a floor is positive", "bound 2")
    said = judge(quiet, (0.5, 1.7), {"seed": 50})
    assert (said.status, said.message, said.rule) == ("not yet", "not the lowest", "generic")
    assert "right" in judge(fit(), (0.5, 1.7), {"seed": 50}).message


def test_runs_of_its_own():
    exercise = halve(
        given=("seed",),
        data=lambda seed: {"runs": {"loss": (3, 2.5, seed), "name": ["a", "b", "c"]}},
        derived={
            "exponent": lambda seed, data: data["runs"]["loss"].min(),
            "twice": lambda seed: 2 * seed,
            "fixed": 1.5,
        },
    )
    assert exercise.tables({"seed": 1}) == {"runs": {"loss": [3, 2.5, 1], "name": ["a", "b", "c"]}}
    assert halve().tables({"exponent": 0.3}) == {}
    assert exercise.quantities({"seed": 1}) == {
        "exponent": 1.0, "twice": 2.0, "fixed": 1.5, "seed": 1.0,
    }  # fmt: skip
    assert halve(given=("exponent", "name")).quantities({"exponent": 0.3, "name": "a"}) == {
        "exponent": 0.3
    }
    assert judge(exercise, 2.0, {"seed": 1}).status == "right"
    with pytest.raises(
        ValueError, match=r"98-halve-loss cannot be judged with seed='a' \(\w+Error"
    ):
        judge(exercise, 2.0, {"seed": "a"})
    assert exercise.notebook == "" and halve().data is None and halve().derived == {}


def test_the_words_that_a_reader_may_hear():
    assert halve().known_mistakes() == ["the power {exponent} is upside down"]
    bounds = ["more data are needed: the factor is above 1", "that is more data than there are"]
    assert halve(mistakes=()).known_mistakes() == bounds
    assert halve(mistakes=(("1", "a"), ("2", "b"), ("3", "a"))).known_mistakes() == ["a", "b"]
    assert Plan(**PLAN).known_mistakes() == ["spend C", "too large"]
    assert choice().known_mistakes()[2] == "only at 1" and Text(**TEXT).known_mistakes() == []
    assert power().known_mistakes() == ["turn the ratio round"]


def test_an_exercise_without_parameters_says_so():
    with pytest.raises(
        ValueError, match=r"98-x does not take seed; call check with no parameters$"
    ):
        judge(number("1"), 1, {"seed": 1})
    with pytest.raises(ValueError, match=r"98-x cannot be judged with no parameters \(\w+: "):
        judge(number("best", derived={"best": lambda: 1 / 0}), 1, {})
    with pytest.raises(ValueError, match=r"needs a, b; call check with a=a, b=b$"):
        judge(number("a + b", given=("a", "b")), 1, {})
    with pytest.raises(ValueError, match="the parameter a is None; run the parameter cell"):
        judge(number("a", given=("a",)), 1, {"a": None})


def test_a_message_shows_three_digits_or_as_many_as_it_says():
    exercise = halve(derived={"best": 1.23456}, generic="{best}, {best:.1f}, {exponent}")
    assert judge(exercise, 7.12345678, {"exponent": 0.3}).message == "1.23, 1.2, 0.3"


def choice(**changes):
    return Choice(
        **{
            "id": "98-which",
            "answer": "side",
            "given": ("ratio",),
            "hints": HINTS,
            "options": (
                ("larger", "ratio > 1", "at {ratio} it is not larger"),
                ("smaller", "ratio < 1", "at {ratio} it is not smaller"),
                ("equal", "ratio >= 1 and ratio <= 1", "only at 1"),
            ),
        }
        | changes
    )


def test_the_right_option_depends_on_the_parameters():
    assert (
        judge(choice(), "larger", {"ratio": 2}).status
        == judge(choice(), " 'Smaller'", {"ratio": 0.5}).status
        == "right"
    )
    wrong = judge(choice(), "smaller", {"ratio": 2})
    assert (wrong.status, wrong.rule, wrong.message) == (
        "not yet",
        "mistake 2",
        "at 2 it is not smaller",
    )
    assert (
        judge(choice(), "bigger", {"ratio": 2}).message
        == 'choose one of "larger", "smaller", "equal"'
    )
    with pytest.raises(ValueError, match="0 of its options are right"):
        judge(choice(), "larger", {"ratio": math.nan})
    both = choice(options=(("a", "True", ""), ("b", "ratio > 1", "")))
    with pytest.raises(ValueError, match="2 of its options are right"):
        judge(both, "a", {"ratio": 2})
    assert judge(both, "b", {"ratio": 0.5}).rule == "mistake 2"
    assert judge(both, 1, {"ratio": 0.5}).rule == judge(both, "c", {"ratio": 0.5}).rule == "form"
    assert judge(both, " ", {"ratio": 0.5}).status == "not attempted"
    right = judge(choice(praise="at {ratio}"), '"LARGER"', {"ratio": 2})
    assert (right.message, right.rule) == ("at 2", "")


# ---- a scored plan, a text --------------------------------------------------------------------


PLAN = dict(
    id="98-plan",
    answer="plan",
    parts=(Part(name="N"), Part(name="D")),
    given=("C",),
    hints=("a", "b", "c"),
    full=0.01,
    none=0.11,
    distance="(N / D + D / N) / 2 - 1",
    short="the sides should be alike",
    bounds=(("near(N * D, C, 0.01)", "spend C"),),
    reasons=(("N > D", "too large"),),
)


@pytest.mark.parametrize(
    "ratio, status, share, message",
    [
        (1, "right", 1, "it has"),
        (1.1, "right", 1, "it has"),  # distance .0045
        (1.44, "not yet", 0.42, "42 % of the points; too large"),
        (1 / 1.44, "not yet", 0.42, "42 % of the points; the sides should be alike"),
        (4, "not yet", 0, " 0 % of the points; too large"),
    ],
)
def test_a_plan_is_scored_by_its_distance_from_the_best(ratio, status, share, message):
    outcome = judge(Plan(**PLAN), {"N": 10 * ratio**0.5, "D": 10 / ratio**0.5}, {"C": 100})
    assert (outcome.status, outcome.share) == (status, share) and message in outcome.message


def test_the_points_of_a_plan_fall_in_a_straight_line():
    shares = [scored(far, 0.01, 0.11) for far in (0, 0.01, 0.0351, 0.0601, 0.11, 9)]
    assert shares == [100, 100, 74, 49, 0, 0]
    assert scored(math.nan, 0.01, 0.11) == scored(math.inf, 0.01, 0.11) == 0
    at_full = Plan(**PLAN | {"distance": "N - N", "full": 0})
    assert judge(at_full, (10, 10), {"C": 100}).status == "right"
    said = judge(Plan(**PLAN), {"N": 12, "D": 100 / 12}, {"C": 100})
    assert said.message == "this plan has 42 % of the points; too large" and said.partial == 0.42
    assert said.rule == "mistake 1"
    assert judge(Plan(**PLAN), {"N": 100 / 12, "D": 12}, {"C": 100}).rule == "generic"


def test_a_plan_that_may_keep_its_bounds_is_asked_for_one_more_digit():
    said = judge(Plan(**PLAN), {"N": "1e1", "D": "1e1"}, {"C": 150}, strict=False)
    words = "too few digits to tell: give one more digit"
    assert (said.status, said.rule, said.message) == ("not yet", "so far", words)
    for C, strict in ((140, False), (150, True)):
        said = judge(Plan(**PLAN), {"N": "1e1", "D": "1e1"}, {"C": C}, strict=strict)
        assert (said.status, said.rule, said.message) == ("not yet", "bound 1", "spend C")


@pytest.mark.parametrize(
    "N, D, rule, message",
    [
        ("1e1", "1e1", "so far", "right so far"),  # 15 would do
        ("1e1", "11.0", "bound 2", "D is small"),
        ("11.0", "1e1", "bound 1", "N is small"),
        ("11.0", "11.0", "bound 1", "N is small"),
        ("1e1", "13.0", "so far", "right so far"),
        ("13.0", "1e1", "so far", "right so far"),
        ("13.0", "11.0", "bound 2", "D is small"),
    ],
)
def test_of_a_plan_what_is_wrong_is_said_before_what_is_too_short(N, D, rule, message):
    bounds = (("N > 12", "N is small"), ("D > 12", "D is small"))
    said = judge(Plan(**PLAN | {"bounds": bounds}), {"N": N, "D": D}, {"C": 100}, strict=False)
    assert (said.rule, said.message.split(":")[0]) == (rule, message)
    assert said.status == ("so far" if message == "right so far" else "not yet")


def test_a_plan_is_right_so_far_only_where_more_digits_could_make_it_right():
    far = PLAN | {"bounds": (("N > 12", "N is small"),), "distance": "1 + 0 * N"}
    for D in ("13.0", "1e1"):
        said = judge(Plan(**far), {"N": "1e1", "D": D}, {"C": 100}, strict=False)
        words = "too few digits to tell: give one more digit"
        assert (said.status, said.rule, said.message) == ("not yet", "so far", words)


@pytest.mark.parametrize(
    "answer",
    [
        {"N": 10, "D": 9},
        {"N": -10, "D": -10},
        {"N": 0, "D": 0},
        (float("nan"), 1),
        (1, float("inf")),
        "12",
        None,
    ],
)
def test_a_plan_that_breaks_a_rule_has_no_points(answer):
    assert judge(Plan(**PLAN), answer, {"C": 100}).share == (
        1 if answer == {"N": -10, "D": -10} else 0
    )


@pytest.mark.parametrize("changes", [{"none": 0.001}, {"none": 0.01}, {"full": -0.01}])
def test_a_plan_whose_scale_is_upside_down_is_refused(changes):
    with pytest.raises(ValueError, match="98-plan: full must be below none"):
        Plan(**PLAN | changes)


TEXT = dict(
    id="98-say",
    answer="said",
    words=(5, 12),
    rubric=(("names it", 1), ("says why", 2)),
    properties=((r"\d", "no number in it"),),
    hints=("a", "b", "c"),
)


@pytest.mark.parametrize(
    "answer, status, rule, message",
    [
        ("It falls by 7 % since data double, e.g. here", "to be read", "", "names it; says why"),
        ("Too short", "not yet", "mistake 1", "2 words are too few to say it: write at least 5"),
        (" ".join("abcdefghijklmn"), "not yet", "mistake 2", "14 words"),
        ("1 law 1 law 1 law 1 law", "not yet", "mistake 3", "again and again"),
        ("It falls whenever the data double", "not yet", "property 1", "no number in it"),
        (3.5, "not yet", "form", "a text is asked for, but this is a"),
        (["It falls by 7 % since data double"], "not yet", "form", "a list"),
        (b"It falls by 7 % since data double", "not yet", "form", "a text is asked for"),
        (" ... ", "not attempted", "", "replace"),
        (None, "not attempted", "", "replace"),
    ],
)
def test_a_text_is_only_seen_to_be_worth_a_readers_time(answer, status, rule, message):
    outcome = judge(Text(**TEXT), answer, {})
    assert (outcome.status, outcome.rule, outcome.share) == (
        status,
        rule,
        0,
    ) and message in outcome.message


@pytest.mark.parametrize(
    "words, rule",
    [
        ("a 2 c d", "mistake 1"),
        ("a 2 c d e", ""),
        ("a 2 c d e f g h i j k l", ""),
        ("a 2 c d e f g h i j k l m", "mistake 2"),
        ("1 2 3 4 1 2 3 4 1 1", ""),  # 4 of 10 different
        ("1 2 3 1 2 3 1 2 3 1", "mistake 3"),
    ],
)
def test_a_text_has_from_least_to_most_words(words, rule):
    assert judge(Text(**TEXT), words, {}).rule == rule


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"words": (5, 5)}, "least, most"),
        ({"words": (0, 5)}, "least, most"),
        ({"rubric": ()}, "at least one line"),
        ({"rubric": (("a", 0),)}, "each line has points"),
    ],
)
def test_a_text_without_a_rubric_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        Text(**TEXT | changes)


# ---- functions --------------------------------------------------------------------------------


def documented(x, scale, exponent):
    """Only told, not done."""


def dots(x, scale, exponent):
    """Told."""


def passes(x, scale, exponent):
    pass


@pytest.mark.parametrize("function", [documented, dots, passes, lambda x, scale, exponent: ...])
def test_stubs_are_recognised(function):
    assert is_stub(function)
    assert judge(power(), function, {}).status == "not attempted"


@pytest.mark.parametrize(
    "function", [print, len, lambda x: x, lambda: 0, np.exp, lambda x, s, e: print()]
)
def test_functions_that_do_something_are_no_stubs(function):
    assert not is_stub(function)


@pytest.mark.parametrize(
    "function",
    [
        lambda x, scale, exponent: (scale / x) ** exponent,
        lambda x, scale, exponent: (
            list(np.atleast_1d((scale / x) ** exponent)) if np.ndim(x) else (scale / x) ** exponent
        ),
    ],
)
def test_a_right_function_is_right(function):
    assert judge(power(), function, {}).status == "right"


def falls_over(x, scale, exponent):
    return 1 / 0


def leaves(x, scale, exponent):
    raise SystemExit


@pytest.mark.parametrize(
    "function, rule, message",
    [
        (
            falls_over,
            "form",
            "your function raised ZeroDivisionError: "
            "division by zero for x=1e+06, scale=1e+09, exponent=0.3",
        ),
        (leaves, "form", "raised SystemExit for x"),
        (
            lambda x, scale, exponent: (scale / float(x)) ** exponent,
            "form",
            "for x=an array of 2 numbers",
        ),
        (lambda x: x, "form", "raised TypeError"),
        (
            lambda x, scale, exponent: {}["9" * 300],
            "form",
            f"raised KeyError: '{'9' * 199} for x=1e+06",
        ),
        (lambda x, scale, exponent: -None, "form", "raised TypeError: bad operand"),
        (lambda x, scale, exponent: np.ones(3), "property 1", "one loss for each x"),
        (
            lambda x, scale, exponent: print(end=""),
            "form",
            "returned None for x=1e+06, scale=1e+09, exponent=0.3; does it end in a return",
        ),
        (lambda x, scale, exponent: "1", "form", "returned a str"),
        (lambda x, scale, exponent: x > 1, "form", "True or False"),
        (lambda x, scale, exponent: {}, "form", "returned a dict"),
        (lambda x, scale, exponent: [[1], [1, 2]], "form", "returned a list"),
        (lambda x, scale, exponent: x * math.nan, "form", "nan"),
        (lambda x, scale, exponent: x * 1j, "form", "complex"),
        (lambda x, scale, exponent: (x / scale) ** exponent, "mistake 1", "turn the ratio round"),
        (lambda x, scale, exponent: 1.0, "property 1", "one loss for each x"),
        (lambda x, scale, exponent: x / scale, "property 2", "the loss must fall"),
        (lambda x, scale, exponent: scale / x, "property 4", "a doubling"),
        (3.0, "form", "a function is asked for, but this is a float"),
    ],
)
def test_wrong_functions_are_told_what_is_wrong(function, rule, message):
    outcome = judge(power(), function, {})
    assert (outcome.status, outcome.rule) == ("not yet", rule)
    assert message in outcome.message


COMPLEX = "a complex number for x=1; was a negative number raised to a fractional power?"
NUMBERS = "for x=1; numbers are asked for"


@pytest.mark.parametrize(
    "result, message",
    [
        (None, "None for x=1; does it end in a return?"),
        (1j, COMPLEX),
        (np.complex64(1), COMPLEX),
        ([1.0, 1j], COMPLEX),
        ("1", f"a str {NUMBERS}"),
        (b"1", f"a bytes {NUMBERS}"),
        ({1}, f"a set {NUMBERS}"),
        (object(), f"an object {NUMBERS}"),
        ([[1], [1, 2]], f"a list {NUMBERS}"),
        ([1, "2"], f"a list {NUMBERS}"),
        (True, f"True or False {NUMBERS}"),
        (np.array([False]), f"True or False {NUMBERS}"),
        (math.nan, "nan (not a number) for x=1"),
        ([1, math.nan], "nan (not a number) for x=1"),
        (Decimal("nan"), "nan (not a number) for x=1"),
    ],
)
def test_what_a_function_returned_is_named(result, message):
    exercise = power(arguments=("x",), probes=((1.0,),), properties=((lambda f: True, "no"),))
    outcome = judge(exercise, lambda x: result, {})
    assert repr(outcome) == f"not yet: your function returned {message}"


@pytest.mark.parametrize(
    "result", [2, 2.0, np.int8(2), np.float32(2), Fraction(2), Decimal(2), [2], (2, 2), np.array(2)]
)
def test_a_function_may_return_numbers_in_any_dress(result):
    asked = ((lambda f: np.asarray(f(1.0)).dtype == float and np.all(f(1.0) == 2), "no"),)
    exercise = power(arguments=("x",), probes=((1.0,),), properties=asked)
    assert judge(exercise, lambda x: result, {}).status == "right"


def test_a_property_holds_where_all_of_it_holds():
    for truths, rule in (([True, True], ""), ([True, False], "property 1"), (True, "")):
        exercise = power(properties=((lambda f, truths=truths: np.array(truths), "all of it"),))
        assert judge(exercise, lambda x, s, e: 1.0, {}).rule == rule


def test_a_property_that_stumbles_does_not_hold_and_blames_no_function():
    for stumbles in (
        lambda f: f(1e6),  # of three inputs
        lambda f: f(1e6, 1e9, 0.3, 1.0),
        lambda f: f(1e6, 1e9, 0.3)[5],
        lambda f: f(1e6, 1e9, 0.3) + "1",
    ):
        exercise = power(properties=((stumbles, "told"),), mistakes=())
        assert repr(judge(exercise, lambda *inputs: 1.0, {})) == "not yet: told"
        assert repr(judge(exercise, lambda x, s, e: 1.0, {})) == "not yet: told"


def test_a_function_that_stops_half_way_is_not_attempted():
    def half(x, scale, exponent):
        return 1.0 if np.ndim(x) == 0 else ...

    assert repr(judge(power(), half, {})).startswith("not attempted: replace the ...")


def test_a_function_agrees_with_a_wrong_one_in_all_that_is_asked():
    def wrong(share, shape=()):
        return lambda x, s, e: (x / s) ** e * (1 + share) + np.zeros(shape)

    assert judge(power(), wrong(0.9e-6), {}).rule == "mistake 1"
    assert judge(power(), wrong(1.1e-6), {}).rule != "mistake 1"
    assert judge(power(), wrong(0, 2), {}).rule != "mistake 1"  # another shape at the first probe
    falls = power(mistakes=((falls_over, "it falls over"), *power().mistakes))
    assert judge(falls, wrong(0), {}).message == "turn the ratio round"
    named = power(probes=((1e6, 1e9, "a"),))
    assert "exponent='a'" in judge(named, wrong(0), {}).message


def test_the_judge_works_out_infinities_whatever_numpy_is_told_to_do_with_them():
    def endless(*inputs):
        return np.exp(np.float64(1e4)) + np.float64(1) / np.float64(0)

    probe = {"probes": ((1e6, 1e9, 0.3),), "mistakes": ()}
    below = power(**probe, properties=((lambda f: f(1, 1, 1) < endless(), "finite"),))
    agrees = power(**probe | {"mistakes": ((endless, "endless"),)})
    slips = number("7", mistakes=(("1 / 0", "a"), ("exp(1e4) - log(0)", "b"), ("(-1) ** 0.5", "c")))
    for complaint in ("ignore", "raise"):
        with np.errstate(all=complaint):
            assert judge(below, lambda x, s, e: 1.0, {}).status == "right"
            assert judge(agrees, lambda x, s, e: math.inf, {}).rule == "mistake 1"
            assert judge(slips, 8.0, {}).rule == "generic"


def test_a_function_cannot_change_the_questions():
    def spoils(x, scale, exponent):
        result = (scale / x) ** exponent
        if np.ndim(x):
            x[:] = 1
        return result

    exercise = power()
    assert judge(exercise, spoils, {}).status == "right"
    assert list(exercise.probes[1][0]) == [1e6, 1e8]


def test_functions_may_have_personal_parameters():
    exercise = power(
        given=("floor",),
        properties=(
            (lambda f, floor: np.isclose(f(1e9, 1e9, 0.3), 1 + floor), "one nat above {floor}"),
        ),
        mistakes=(
            (
                lambda x, scale, exponent, floor: (scale / x) ** exponent,
                "the floor {floor} is missing",
            ),
        ),
    )
    assert judge(exercise, lambda x, s, e: 1.7 + (s / x) ** e, {"floor": 1.7}).status == "right"
    assert (
        judge(exercise, lambda x, s, e: (s / x) ** e, {"floor": 1.7}).message
        == "the floor 1.7 is missing"
    )
    assert (
        judge(exercise, lambda x, s, e: 2 * (s / x) ** e, {"floor": 1.7}).message
        == "one nat above 1.7"
    )


# ---- mistakes of authors ----------------------------------------------------------------------


def plan(**changes):
    return Plan(**PLAN | changes)


def text(**changes):
    return Text(**TEXT | changes)


MAKERS = (halve, fit, plan, choice, text, power)


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"id": "halve"}, "words with the chapter number"),
        ({"id": "98-Halve"}, "words with the chapter number"),
        ({"id": "98-halve-"}, "words with the chapter number"),
        ({"answer": "my factor"}, "not a Python name"),
        ({"hints": ("a", "b")}, "3 hints .*got 2"),
        ({"hints": ("a", "b", "c", "d")}, "3 hints .*got 4"),
        ({"hints": ("a", " ", "c")}, "3 hints"),
        ({"hints": "abc"}, "hints is one string; write a tuple"),
        ({"given": "exponent"}, "given is one string; write a tuple"),
        ({"given": ("id",)}, "'id' means something else"),
        ({"given": ("answer",)}, "'answer' means something else"),
        ({"given": ("data",)}, "'data' means something else"),
        ({"praise": "{y} is right"}, r"uses \{y\}; known are \["),
    ],
)
def test_every_kind_refuses_what_no_exercise_may_be(changes, message):
    for make in MAKERS:
        with pytest.raises(ValueError, match=message):
            make(**changes)


@pytest.mark.parametrize(
    "make, changes",
    [
        (halve, {"truth": "a"}),
        (halve, {"mistakes": (("1", "no"), ("2 * a", "no"))}),
        (halve, {"bounds": (("x > 1", "no"), ("x > a", "no"))}),
        (plan, {"bounds": (("N > 1", "no"), ("D > a", "no"))}),
        (plan, {"distance": "N - a"}),
        (plan, {"reasons": (("N > 1", "no"), ("D > a", "no"))}),
        (choice, {"options": (("one", "True", ""), ("two", "a > 1", ""))}),
    ],
)
def test_what_is_calculated_with_must_be_a_number_wherever_it_stands(make, changes):
    exercise = make(**changes, given=(*make().given, "a", "b"))
    others = dict.fromkeys(make().given, 2.0)
    assert exercise.quantities(others | {"a": 3, "b": "words"}) == others | {"a": 3.0}
    with pytest.raises(ValueError, match=r"\(TypeError: a must be a number\); restore"):
        exercise.quantities(others | {"a": "words", "b": "words"})


def test_every_kind_knows_its_chapter():
    for make in MAKERS:
        assert make().chapter == "98" and make(chapter="12").chapter == "12"


@pytest.mark.parametrize(
    "make, changes, message",
    [
        (halve, {"given": ("x", "exponent")}, "x means two things"),
        (halve, {"bounds": (("x + 1", "a"),)}, "not a condition"),
        (halve, {"bounds": (("x > why", "a"),)}, "'why' is not known"),
        (halve, {"truth": "x"}, "'x' is not known"),
        (halve, {"truth": "exponent > 1"}, "write the number that it leads to"),
        (halve, {"mistakes": (("x > 1", "a"),)}, "write the number that it leads to"),
        (halve, {"generic": ""}, "no generic words"),
        (halve, {"digits": 4}, "does not say why"),
        (halve, {"praise": "{x} is right"}, r"uses \{x\}"),
        (plan, {"short": "{y}"}, r"uses \{y\}"),
        (plan, {"reasons": (("N > D", "{y}"),)}, r"uses \{y\}"),
        (plan, {"bounds": (("N > D", "{y}"),)}, r"uses \{y\}"),
        (plan, {"distance": "N > D"}, "write the number that it leads to"),
        (plan, {"reasons": (("N", "a"),)}, "not a condition"),
        (text, {"properties": (("a", "{y}"),)}, r"uses \{y\}"),
        (
            fit,
            {"parts": (Part(name="exponent"), Part(name="other"))},
            "neither a truth nor a bound",
        ),
        (fit, {"parts": 2 * (Part(name="exponent"),)}, "two parts have one name"),
        (fit, {"derived": {"seed": 1.0, "best": 1.0, "lowest": 1.0}}, "seed means two things"),
        (choice, {"options": (("a", "True", ""),)}, "at least two"),
        (choice, {"options": (("a", "True", ""), ("A", "False", ""))}, "different names"),
        (power, {"probes": ((1e6, 1e9),)}, "not a tuple of x, scale, exponent"),
        (power, {"probes": ([1e6, 1e9, 0.3],)}, "not a tuple of x, scale, exponent"),
        (power, {"probes": ()}, "at least one property and one probe"),
        (power, {"mistakes": ((len, "{y}"),)}, r"uses \{y\}"),
        (power, {"properties": ((len, "{y}"),)}, r"uses \{y\}"),
        (choice, {"options": (("a", "True", "{y}"), ("b", "False", ""))}, r"uses \{y\}"),
        (choice, {"options": (("a", "1", ""), ("b", "False", ""))}, "not a condition"),
        (halve, {"generic": "{y}"}, r"uses \{y\}"),
        (halve, {"mistakes": (("1", "{y}"),)}, r"uses \{y\}"),
        (halve, {"bounds": (("x > 1", "{y}"),)}, r"uses \{y\}"),
        (
            halve,
            {"truth": None, "bounds": (("exponent > x2", "a"),)},
            "neither a truth nor a bound",
        ),
        (halve, {"derived": {"exponent": 1.0}}, "exponent means two things"),
        (fit, {"derived": {"floor": 1.0, "best": 1.0, "lowest": 1.0}}, "floor means two things"),
        (power, {"properties": ()}, "at least one property"),
    ],
)
def test_a_faulty_exercise_is_refused_when_it_is_written(make, changes, message):
    with pytest.raises(ValueError, match=message):
        make(**changes)


# ---- check and hint ---------------------------------------------------------------------------

MODULE = """
from scalinglib.checks import Number
EXERCISES = (Number(id="98-halve-loss", answer="factor", given=("exponent",),
                    hints=("a < b", "use `x` twice", "c"),
                    truth="2 ** (1 / exponent)", generic="the loss is not halved"),)
"""


@pytest.fixture
def chapter98(tmp_path, monkeypatch):
    (tmp_path / "ch98_tried.py").write_text(MODULE)
    (tmp_path / "ch97_broken.py").write_text("1 / 0")
    monkeypatch.setattr(chapters, "__path__", [*chapters.__path__, str(tmp_path)])
    yield tmp_path
    registry.chapter_items.cache_clear()
    for name in ("ch98_tried", "ch97_broken"):
        sys.modules.pop(f"scalinglib.checks.chapters.{name}", None)


def test_chapters_are_found_by_their_file_names(chapter98):
    assert registry.chapters()["98"] == "ch98_tried"
    assert (
        repr(scalinglib.checks.check("98-halve-loss", RIGHT_FACTOR, exponent=0.3))
        == "right: it has every property asked for"
    )
    assert (
        repr(scalinglib.checks.check("98-halve-loss", 2, exponent=0.3))
        == "not yet: the loss is not halved"
    )


@pytest.mark.parametrize(
    "params, message",
    [
        ({}, "needs exponent; call check with exponent=exponent"),
        ({"exponent": 1, "exponnet": 1}, "does not take exponnet"),
        ({"exponent": ...}, "run the parameter cell"),
        ({"exponent": "0.3"}, "exponent must be a number.*restore the parameter cell"),
    ],
)
def test_wrong_parameters_are_named(chapter98, params, message):
    with pytest.raises(ValueError, match=message):
        scalinglib.checks.check("98-halve-loss", 1.0, **params)


def test_an_unknown_id_gets_its_neighbours(chapter98):
    (chapter98 / "ch97_broken.py").unlink()
    with pytest.raises(
        ValueError, match="there is no exercise '98-half-loss'; did you mean '98-halve-loss'"
    ):
        scalinglib.checks.check("98-half-loss", 1.0)
    for unknown in ("", 7, None, "96-zzzzzzzzzzzz"):
        with pytest.raises(ValueError, match="there is no exercise"):
            scalinglib.checks.hint(unknown)


@pytest.mark.parametrize(
    "change, message",
    [
        (("98-halve-loss", "96-halve-loss"), "its id begins with 98-"),
        (("(Number(", "2 * (Number("), "two exercises are called"),
    ],
)
def test_a_module_that_contradicts_itself_is_refused(chapter98, change, message):
    (chapter98 / "ch98_tried.py").write_text(MODULE.replace(*change))
    with pytest.raises(ValueError, match=message):
        registry.chapter_exercises("98")


class Depth(HTMLParser):
    """Deepest nesting of <details>, and whether every tag is closed."""

    depth = deepest = 0
    open = ()

    def handle_starttag(self, tag, attrs):
        self.open = (*self.open, tag)
        self.deepest = max(self.deepest, self.open.count("details"))

    def handle_endtag(self, tag):
        assert self.open[-1] == tag
        self.open = self.open[:-1]


def test_hints_come_one_at_a_time(chapter98, monkeypatch):
    monkeypatch.setattr(registry, "_hints_shown", {})
    first = scalinglib.checks.hint("98-halve-loss")
    assert repr(first) == "hint 1 of 3: a < b"
    assert repr(scalinglib.checks.hint("98-halve-loss")).splitlines() == [
        "hint 1 of 3: a < b",
        "hint 2 of 3: use `x` twice",
    ]
    for _ in range(3):
        last = repr(scalinglib.checks.hint("98-halve-loss"))
    assert last.splitlines()[-1] == "hint 3 of 3: c" and len(last.splitlines()) == 3
    assert repr(first) == "hint 1 of 3: a < b"
    page = Depth()
    page.feed(first._repr_html_())
    assert page.deepest == 3 and page.open == ()
    assert "a &lt; b" in first._repr_html_() and "use <code>x</code> twice" in first._repr_html_()


def test_the_checks_import_numpy_and_nothing_heavier():
    code = (
        "import sys, scalinglib.checks; "
        "print(sorted({'scipy', 'pandas', 'matplotlib', 'IPython'} & set(sys.modules)))"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "[]"
    )


def test_answers_become_plain_floats():
    assert type(as_typed(np.float32(0.5)).value) is float and as_typed(np.int64(3)).value == 3.0
