"""Parts of the question bank: tolerances, digits, variants, texts; whole quizzes in test_export."""

import pytest

from exercises import Spec, bank
from scalinglib.checks import Part

MUTANTS = dict.fromkeys("abcde", "...")


@pytest.mark.parametrize(
    "width, text",
    [
        (0, "0"),
        (-1, "0"),
        (0.012345, "0.0123"),
        (0.012399, "0.0123"),
        (1239.9, "1.23e+03"),
        (0.1, "0.099"),  # never wider than measured
        (2.5e9, "2.49e+09"),
    ],
)
def test_widths_are_rounded_down(width, text):
    assert bank._down(width) == text and float(text) <= max(width, 0)


@pytest.mark.parametrize(
    "changes, value, width",
    [
        ({}, 1.5, 0.005),  # half a unit of the third digit
        ({}, 9.87, 0.00987),  # the tolerance
        ({"rtol": 0.02}, -1.5, 0.03),
        ({"atol": 0.1}, 1.5, 0.1),
        ({"digits": 5, "why": "close"}, 1.5, 0.0015),
        ({"exact": True}, 12.0, 0.0),
    ],
)
def test_how_far_an_answer_may_be_off(changes, value, width):
    part = Part(**{"name": "a", "truth": "1"} | changes)
    assert bank.tolerance(part, value) == pytest.approx(width)


def test_equal_parameters_are_one_variant(monkeypatch):
    spec = Spec(
        id="98-x",
        points=1,
        mutants=MUTANTS,
        draw=lambda stream: {"n": stream.integer(1, 2)},
    )
    monkeypatch.setattr(bank, "spec_of", lambda id: spec)
    students = [f"s{n}" for n in range(20)]
    found = bank._variants("98-x", "a key of the class", students)
    assert sorted(params["n"] for params in found) == [1, 2]
    assert found[0] == bank.parameters(spec, "a key of the class", "s0")


@pytest.mark.parametrize(
    "text, told",
    [
        ("$a$ and $b_1$", r"\\(a\\) and \\(b_1\\)"),
        ("costs $$ 5 and \\$3 or \\$4", "costs $$ 5 and \\$3 or \\$4"),
        ("$a\nb$", "$a\nb$"),
        ("`$a$ [b](c)`", "`$a$ [b](c)`"),
        ("[b](c.md) and [d](e#f)", "b and d"),
        ("{ref}`map` {py:func}`fit <scalinglib.fit>`", "map fit"),
    ],
)
def test_markdown_for_moodle(text, told):
    assert bank.moodle_markdown(text) == told
