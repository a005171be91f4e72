"""Stubs of solution cells, case by case; whole notebooks are in test_exercises.py."""

import pytest

from exercises.strip import StripError, region, replace_region, role_of, source_of, stub

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


def cell(*lines, before="", after=""):
    return f"{before}{BEGIN}\n" + "".join(f"{line}\n" for line in lines) + f"{END}\n{after}"


def function(*body, before="", after="", doc='    """What."""\n'):
    inner = "".join(f"    {line}\n" for line in (BEGIN, *body, END))
    return f"{before}def f(x):\n{doc}{inner}{after}"


@pytest.mark.parametrize(
    "source, stripped",
    [
        (cell("a = 1"), "a = ..."),
        (cell("b = 1", "a = b"), "a = ..."),
        (cell("a, b = 1, 2"), "a = ..."),
        (cell("for a in range(3):", "    pass"), "a = ..."),
        (cell("import numpy as a"), "a = ..."),
        (cell("with open('x') as a:", "    pass"), "a = ..."),
        (cell("a = 1", before="b = 2\n", after="print(a)\n"), "b = 2\na = ...\nprint(a)"),
        (cell("a = 1", after="squares = [a for a in b]\n"), "a = ...\nsquares = [a for a in b]"),
        (cell("a = 1", after="def g():\n    a = 2\n"), "a = ...\ndef g():\n    a = 2"),
        (cell("a = 1").rstrip("\n"), "a = ..."),
    ],
)
def test_a_region_becomes_a_stub(source, stripped):
    assert stub(source, "a") == stripped


def test_a_functions_body_becomes_a_stub():
    assert stub(function("y = x", "return y"), "f") == 'def f(x):\n    """What."""\n    ...'
    assert stub(function("return x", doc=""), "f") == "def f(x):\n    ..."


@pytest.mark.parametrize(
    "source, answer, message",
    [
        ("a = 1", "a", "found 0"),
        (cell("a = 1") * 2, "a", "found 2"),
        (cell("b = 1"), "a", "does not bind 'a'.*it binds b"),
        (cell("print(1)"), "a", "it binds nothing"),
        (cell("[a for a in b]"), "a", "it binds nothing"),
        (cell("a = 1", after="a = 2\n"), "a", "outside the solution region"),
        (cell("a = 1", before="a = 0\n"), "a", "outside the solution region"),
        (cell("a = 1", after="import a\n"), "a", "outside the solution region"),
        (cell("a = 1", after="def a(): pass\n"), "a", "outside the solution region"),
        (cell("a = "), "a", "not Python"),
        (cell("a = 1", after=f"# {END.lower()}\n"), "a", "marker survives"),
        (function("return x"), "g", "no function 'g'"),
        (function("return x", after="    return 2\n"), "f", "the whole body"),
        (function("return x", doc="    y = 1\n"), "f", "the whole body"),
        (function("return x", after="f = 2\n"), "f", "outside its function"),
        (function("return x", before="def f(): pass\n"), "f", "no function"),
    ],
)
def test_what_cannot_be_stripped(source, answer, message):
    with pytest.raises(StripError, match=f"^here: .*{message}"):
        stub(source, answer, "here")


def test_code_in_place_of_the_region_is_indented_as_it_was():
    assert region(function("y = x", "return y")) == "y = x\nreturn y\n"
    found = replace_region(function("return x", after="z = 1\n"), "  if x:\n      return 2\n\n")
    assert found == 'def f(x):\n    """What."""\n    if x:\n        return 2\nz = 1'
    assert replace_region(cell("a = 1"), r"a = '\1\n'") == r"a = '\1\n'"


def test_what_a_cell_is():
    def of(*tags):
        return role_of({"metadata": {"tags": list(tags)}})

    assert of("mine", "check") == "check" and of("setup") == "setup"
    assert of("mine") is of() is role_of({"metadata": {}}) is None
    assert source_of({"source": ["a\n", "b"]}) == source_of({"source": "a\nb"}) == "a\nb"
