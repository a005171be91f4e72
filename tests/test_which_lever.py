"""The table of all levers says what their functions say, at sizes that can be compared."""

from math import isfinite, isnan

import pandas as pd
import pytest

from scalinglib import runs
from scalinglib.lab import which_lever
from scalinglib.lab.gains import Gain


@pytest.fixture(scope="module")
def gains():
    return which_lever.all_gains()


@pytest.fixture(scope="module")
def told(gains):
    return which_lever.table(gains).set_index("lever")


def test_every_row_has_a_gain_at_two_sizes_of_equal_tokens(told):
    assert len(told) == len(which_lever.ROWS) and told.index.is_unique
    for label, row in told.iterrows():
        small, large = row["small"], row["large"]
        assert small.N < large.N or label.startswith("a filter"), label
        assert small.D == pytest.approx(large.D, rel=0.02), label
        assert isfinite(small.times) and isfinite(large.times), label
        assert (row["by_N"].n >= 3 or small is large) and row["currency"] == small.currency


def test_every_lever_has_a_row(gains):
    assert {one.lever for one in gains} == {lever for _, lever, _, _ in which_lever.ROWS}


def test_reading_again_is_worth_what_chapter_15_says():
    """There by interpolation in the loss of the same runs: 7.0, 8.9 and 6.7."""
    found = which_lever.repeats(runs.load("sweep"), runs.load("spoilt"))
    large = {one.arm: one for one in found if one.N == 30720 and one.D == 65536}
    for arm, worth in (("8 readings", 7.0), ("16 readings", 8.9), ("40 readings", 6.7)):
        assert large[arm].times == pytest.approx(worth, abs=0.05)
        assert large[arm].own == pytest.approx(int(arm.split()[0]) / worth - 1, rel=0.05)
    assert all(one.low < one.times < one.high for one in found)


def made(N, D, times, **more):
    ends = {"low": times / 1.1, "high": times * 1.1, "own": 0.5} | more
    return Gain("x", "tokens", "width 1, fast", N, D, 6 * N * D, times, kind="90 %", **ends)


def test_the_table_of_known_gains():
    gains = [made(N, D, 2 * (N / 1e4) ** 0.3) for N in (1e4, 2e4, 4e4) for D in (1e5, 1.01e5, 1e6)]
    gains.append(made(8e4, 1e5, float("nan"), why="beyond"))
    [row] = which_lever.table(gains, [("fast", "x", r"width \d+, fast", 100_000)]).itertuples()
    assert (row.small.N, row.large.N, row.read) == (1e4, 4e4, "9 of 10")
    assert row.by_N.slope == pytest.approx(0.3) and row.by_N.says == "grows"
    assert row.by_D.slope == pytest.approx(0) and row.by_D.says == "not settled"
    page = which_lever.shown(which_lever.table(gains, [("fast", "x", r".*fast", 100_000)]))
    assert page.iloc[0].to_list() == [
        "fast",
        "tokens",
        "100,000",
        "10,000: 2.00 [1.82, 2.20]",
        "40,000: 3.03 [2.76, 3.33]",
        page.iloc[0]["slope in N"],
        page.iloc[0]["slope in D"],
        "50%",
        "1.33 to 2.02",
    ]
    assert page.iloc[0]["slope in N"].endswith("grows")


@pytest.mark.parametrize(
    "last, words",
    [(4.0, " grows"), (2.0, "; then not settled"), (1.9, "; then shrinks")],
)
def test_a_slope_that_turns_at_the_end_says_so(last, words):
    """Twice the gain from 1e5 to 1e6 tokens, and then 2, 1 or 0.95 times that."""
    narrow = {"low": 0.99, "high": 1.01}
    gains = []
    for D, times in ((1e5, 1.0), (1e6, 2.0), (1e7, last)):
        ends = {name: end * times for name, end in narrow.items()}
        gains += [made(N, D, times, **ends) for N in (1e4, 1.001e4, 2e4)]
    told = which_lever.table(gains, [("fast", "x", ".*", 100_000)])
    assert told.by_D[0].says == "grows"
    assert which_lever.shown(told).iloc[0]["slope in D"].endswith(words)


def test_what_cannot_be_read_says_so():
    lost = [made(1e4, 1e5, float("nan"))]
    told = which_lever.table(lost, [("fast", "x", ".*", 100_000), ("none", "y", ".*", 1)])
    assert told.small.isna().all() and told.read.to_list() == ["0 of 1", "0 of 0"]
    assert which_lever.shown(told).smallest.to_list() == ["not read"] * 2


def test_an_interval_that_was_not_measured_is_not_shown():
    one = made(1e4, 1e5, 2.0)
    alone = Gain(**(vars(one) | {"kind": "none"}))
    assert all(map(isnan, which_lever.ends(alone)))
    assert which_lever.times_in_words(alone) == "10,000: 2.00 [no interval]"
    open_end = Gain(**(vars(one) | {"high": float("inf")}))
    assert which_lever.times_in_words(open_end) == "10,000: 2.00 [1.82, open]"
    assert isinstance(which_lever.shown(which_lever.table([])), pd.DataFrame)


def test_effects_are_near_the_gains_that_they_stand_for(gains):
    found = {one.name: one for one in which_lever.effects(gains)}
    assert list(found) == ["bits", "teacher", "muon", "experts"]
    for one in which_lever.arm(gains, "distillation", "64@5120000"):
        assert found["teacher"].times(one.N, one.D) == pytest.approx(one.times, rel=0.2)
        assert found["teacher"].own * one.N ** found["teacher"].own_power == pytest.approx(
            one.own, rel=0.05
        )
    assert 0.4 < found["bits"].times(3e4, 1e6) < 0.8 and 0.18 < found["bits"].serve < 0.3
    assert found["muon"].own_power > 0 > found["teacher"].own_power
    assert found["experts"].slope > 0
    muon = found["muon"]  # of one batch: its cost at the others is another one
    for one in which_lever.arm(gains, "optimiser", r"width \d+, 64 tokens a step"):
        assert muon.own * one.N**muon.own_power == pytest.approx(one.own, rel=0.1)
        assert muon.measured(one.N, one.D)
    assert not muon.measured(3e4, 1.28e6)
