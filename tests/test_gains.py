"""Multipliers are read off between measured runs and never beyond; slopes hold at known truth."""

from math import inf, isnan, nan

import numpy as np
import pytest

from scalinglib.lab.gains import Gain, needed, over_seeds, overstated, slope, times_less

TOKENS = np.array([1e5, 4e5, 1.6e6])
LOSS = np.array([2.4, 2.0, 1.8])


def gain(times, N=1e4, D=1e6, spread=1.05, own=0.0, **more):
    ends = {"low": times / spread, "high": times * spread}
    return Gain("it", "tokens", "arm", N, D, 6 * N * D, times, own=own, **(ends | more))


@pytest.mark.parametrize(
    "reached, at", [(2.4, 1e5), (2.0, 4e5), (2.2, 2e5), (1.9, 8e5), (1.8, 1.6e6)]
)
def test_it_is_read_off_straight_lines_in_log_x(reached, at):
    assert needed(TOKENS, LOSS, reached) == (pytest.approx(at), "")
    assert needed(TOKENS[::-1], LOSS[::-1], reached)[0] == pytest.approx(at)


@pytest.mark.parametrize("reached, word", [(2.41, "worse than"), (1.79, "better than"), (nan, "")])
def test_never_beyond_the_measured_range(reached, word):
    at, why = needed(TOKENS, LOSS, reached)
    assert isnan(at) and why and word in why
    read = times_less(TOKENS, LOSS, reached, 1e5, sd=0.01)
    assert isnan(read.times) and isnan(read.low) and isnan(read.high) and read.why == why


def test_where_the_plain_side_turns_up_again_the_first_crossing_counts():
    assert needed(TOKENS, [2.4, 2.0, 2.3], 2.2)[0] == pytest.approx(2e5)


def test_a_line_between_two_points_of_a_curve_that_flattens_reads_too_much():
    assert overstated(lambda D: 5 - np.log(D), 1e5, 4e5) == pytest.approx(1)
    told = overstated(lambda D: D**-1.0, 1.0, 4.0)  # 4^s x with s = (1 - 1/x) / 0.75, at 41 x
    x = np.linspace(1, 4, 100_001)
    assert told == pytest.approx((4 ** ((1 - 1 / x) / 0.75) / x).max(), rel=1e-3)


def test_seeds_must_be_averaged_before():
    with pytest.raises(ValueError, match="average the seeds"):
        needed([1e5, 1e5, 4e5], [2.4, 2.41, 2.0], 2.2)


def test_times_and_an_interval_that_is_open_at_the_edge():
    read = times_less(TOKENS, LOSS, 2.2, 1e5, sd=0.05)
    assert read.times == pytest.approx(2) and read.kind.startswith("90 %")
    assert read.low == pytest.approx(2 * 4 ** (-0.08225 / 0.4), rel=1e-4)
    assert read.high == pytest.approx(2 * 4 ** (0.08225 / 0.4), rel=1e-4)
    assert times_less(TOKENS, LOSS, 1.81, 1e6, sd=0.05).high == inf
    assert times_less(TOKENS, LOSS, 2.39, 1e5, sd=0.05).low == 0
    bare = times_less(TOKENS, LOSS, 2.2, 1e5)
    assert (bare.low, bare.high, bare.kind) == (bare.times, bare.times, "none")


def test_the_90_percent_interval_holds_nine_times_of_ten():
    random, inside = np.random.default_rng(0), 0
    for noise in random.normal(0, 0.02, 2000):
        read = times_less(TOKENS, LOSS, 2.1 + noise, 1e5, sd=0.02)
        inside += read.low <= 4**0.75 <= read.high
    assert 0.88 < inside / 2000 < 0.92


def test_over_seeds():
    each = [times_less(TOKENS, LOSS, loss, 1e5) for loss in (2.2, 2.0)]
    both = over_seeds(each)
    assert both.times == pytest.approx(8**0.5)
    assert (both.low, both.high) == (pytest.approx(2), pytest.approx(4))
    assert (both.kind, both.seeds) == ("range of 2 seeds", 2)
    lost = over_seeds([*each, times_less(TOKENS, LOSS, 1.0, 1e5)])
    assert isnan(lost.times) and lost.why.startswith("1 of 3 seeds: better than")
    assert over_seeds(each[:1]) is each[0]


def test_the_own_cost_is_counted():
    assert gain(2.0, own=1.0).net == 1.0
    assert gain(2.0).net == 2.0


def test_the_spread_of_a_gain_by_the_kind_of_its_interval():
    assert gain(2.0, kind="90 %, bootstrap").spread == pytest.approx(2 * np.log(1.05) / 3.29)
    three = gain(2.0, kind="range of 3 seeds", seeds=3)
    assert three.spread == pytest.approx(2 * np.log(1.05) / 1.693)
    assert isnan(gain(2.0, low=0.0).spread) and isnan(gain(2.0, high=inf).spread)
    assert isnan(gain(2.0, kind="none").spread), "no interval is not an interval of no width"
    alone = [gain(2 * N, N=N, kind="none") for N in (1, 2)]
    assert slope(alone, "N").says == "not settled"


def test_a_slope_of_known_truth():
    gains = [gain(1.5 * (N / 1e4) ** 0.2, N=N) for N in (1e4, 2e4, 4e4)]
    found = slope(gains, "N")
    assert found.slope == pytest.approx(0.2) and found.low < 0.2 < found.high
    assert (found.says, found.scale, found.n) == ("grows", "N", 3)
    assert slope([gain(nan), *gains], "N").n == 3
    assert slope(gains, "D/N").slope == pytest.approx(-0.2)


def test_a_slope_at_equal_tokens_is_not_that_of_the_tokens():
    gains = [
        gain((N / 1e4) ** -0.3 * (D / 1e6), N=N, D=D)
        for N, D in [(1e4, 1e6), (2e4, 1e6), (2e4, 4e6), (4e4, 4e6)]
    ]
    assert slope(gains, "N", holding="D").slope == pytest.approx(-0.3)
    assert slope(gains, "D", holding="N").slope == pytest.approx(1)
    assert slope(gains, "N").slope > 0


def test_noise_leaves_a_slope_unsettled_and_its_interval_is_the_wider_one():
    scattered = [gain(times, N=N) for times, N in [(1.2, 1e4), (1.6, 2e4), (1.3, 4e4)]]
    assert slope(scattered, "N").says == "not settled"
    wide = [gain((N / 1e4) ** 0.2, N=N, spread=3) for N in (1e4, 2e4, 4e4)]
    assert slope(wide, "N").says == "not settled"


def test_90_percent_of_slopes_are_within_their_interval():
    random, inside = np.random.default_rng(1), 0
    for noise in random.normal(0, 0.1, (500, 4)):
        gains = [
            gain(np.exp(0.2 * np.log(N) + e), N=N, low=0.0)
            for N, e in zip((1, 2, 4, 8), noise, strict=True)
        ]
        found = slope(gains, "N")
        inside += found.low <= 0.2 <= found.high
    assert 0.86 < inside / 500 < 0.94


def test_one_size_has_no_slope():
    assert isnan(slope([gain(2.0), gain(2.1)], "N").slope)
    assert slope([], "N").n == 0
    with pytest.raises(ValueError, match="one of N, D"):
        slope([gain(2.0)], "loss")
