"""Slips that are none where their number would be right: of rounding on the way, and others."""

import math

import pytest

from exercises.draw import Stream, told_apart
from scalinglib.checks import Number, registry
from scalinglib.checks.boxes import box
from scalinglib.checks.kinds import judge
from scalinglib.checks.slips import apart, early, is_slip

HINTS = ("look", "relate", "begin")


def work(keep, a, b):
    power = keep("power", a**1.5)
    return keep("ratio", power / b) - keep("whole", 1.0)


TOLD = {"power": "was the power", "ratio": "were both ratios", "whole": "was it a half? Take 1"}


def test_each_value_is_rounded_to_one_two_and_three_digits_and_all_together():
    made = early("x", work, TOLD)
    values = {name: rule(a=2.3456, b=1.5) for name, rule in made.derived.items()}
    assert values["slip_x_power_1"] == pytest.approx(4 / 1.5 - 1)
    assert values["slip_x_power_2"] == pytest.approx(3.6 / 1.5 - 1)
    assert values["slip_x_ratio_1"] == 1.0
    # nobody could tell: 1 as it was, 3.59 for 3.592, and together no other than one alone
    none = {name for name, value in values.items() if math.isnan(value)}
    assert none >= {"slip_x_whole_1", "slip_x_power_3", "slip_x_all_2"}
    words = dict(made.mistakes)
    assert words["slip_x_ratio_2"].startswith("were both ratios rounded on the way? Carry four")
    assert words["slip_x_ratio_2"].endswith("of each") and words["slip_x_power_2"].endswith("of it")
    assert words["slip_x_whole_3"] == "was it a half? Take 1"
    assert words["slip_x_all_1"].startswith("was more than one value")


def test_a_half_is_rounded_up_as_a_person_does():
    made = early("x", lambda keep, a: keep("a", a), {"a": "was a"})
    assert made.derived["slip_x_a_1"](a=4.5) == 5.0
    assert made.derived["slip_x_a_2"](a=-0.0125) == -0.013


@pytest.mark.parametrize("wrong", [1.0004, 1.0051, 0.9949, 1.02, math.inf, math.nan])
def test_what_may_pass_for_the_right_number_is_no_slip(wrong):
    made = early("x", lambda keep, a: 2 * keep("a", a) - a, {"a": "was a"}, least=3)
    rule = made.derived["slip_x_a_3"]
    other = apart("x", "a", (("wrong * a", "x"),), {"wrong": lambda a: wrong})
    assert math.isnan(other.derived["slip_x_1"](a=1.0))
    assert math.isnan(rule(a=1.0004)) and not math.isnan(rule(a=10.04))


def exercise(slips):
    return Number(
        id="08-made-up",
        answer="made_up",
        given=("a", "b"),
        derived=slips.derived,
        truth="a ** 1.5 / b - 1",
        mistakes=slips.mistakes,
        generic="not that",
        hints=HINTS,
    )


def test_a_slip_is_asked_about_and_not_asserted():
    asked = exercise(early("x", work, TOLD))
    params = {"a": 2.3456, "b": 1.5}
    said = judge(asked, "1.400", params, strict=False).message
    assert "was the power rounded on the way?" in said
    assert judge(asked, "1.395", params, strict=False).status == "right"


def test_a_draw_does_not_hang_on_slips(monkeypatch):
    """A slip within two per cent of the right number is told, and nothing is drawn again."""
    asked = exercise(early("x", lambda keep, a, b: keep("power", a**1.5) / b - 1, TOLD))
    monkeypatch.setattr(registry, "exercise", lambda id: asked)
    draws = []

    def draw(stream):
        draws.append(stream)
        return {"a": 2.3456, "b": 1.5}

    near = asked.quantities(draw(None))["slip_x_power_2"] / (2.3456**1.5 / 1.5 - 1) - 1
    assert 0.001 < abs(near) < 0.02
    told_apart("08-made-up", draw)(Stream("key", "08-made-up", "student"))
    assert len(draws) == 2


def test_the_page_gets_no_slip_without_a_number_and_twelve_digits_of_the_others():
    slips = early("x", work, TOLD)
    asked, params = exercise(slips), {"a": 2.3456, "b": 1.5}
    numbers = [rule(**params) for rule in slips.derived.values()]
    told = box(asked, params)["parts"][0]["mistakes"]
    assert len(told) == sum(map(math.isfinite, numbers))
    for value, words in told:
        assert any(math.isclose(value, one, rel_tol=5e-13) for one in numbers), words


def test_names_tell_slips_from_other_mistakes():
    assert is_slip("slip_x_1") and not is_slip("slope") and not is_slip(["+", "slip_x_1", 1.0])


def test_a_slip_carried_on_from_an_earlier_entry_is_told_beside_another_that_gives_its_number():
    """With 3.91 a bit in both entries of 16.2 the extra loss is also that of a power 1."""
    exercise = registry.exercise("16-turning-point")
    given = {"B": 344.0, "beta": 0.284, "extra_4": 0.0169, "measured_at": 1.1e10}
    given |= {"g_D": 0.585, "bits": 2}
    typed = {"turning": "9.860e9", "extra": "0.2424"}
    told = judge(exercise, typed, given, strict=False).message.partition("extra: ")[2]
    assert told.startswith("that may be one of two slips") and "3.91" in told and "g_D" in told


@pytest.mark.parametrize("extra", ["0.2404", "0.2487", "0.2542"])
def test_a_near_second_entry_is_not_sent_back_to_a_first_that_is_right(extra):
    exercise = registry.exercise("16-turning-point")
    given = {"B": 344.0, "beta": 0.284, "extra_4": 0.0169, "measured_at": 1.1e10}
    given |= {"g_D": 0.585, "bits": 2}
    typed = {"turning": "9.357e9", "extra": extra}
    told = judge(exercise, typed, given, strict=False).message
    assert "turning is right" in told and "measured_at" in told and "beta" not in told
