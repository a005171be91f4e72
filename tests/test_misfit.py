"""What residuals show: a doubt just inside of each bar, silence just outside."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtr

from scalinglib import _doubts, _misfit, reading
from scalinglib._inputs import alike, count, ends
from scalinglib.fits import _quantiles
from scalinglib.fitting import FitWarning, UndeterminedError, fit, fit_isoflop
from scalinglib.laws import HOFFMANN_2022 as H
from scalinglib.laws import PowerLaw, PowerSumLaw
from scalinglib.planning import shortfall


def grid(sizes=5, seeds=1, noise=0.004, shared=0.0, seed=0, law=H):
    """Runs of `sizes` sizes at five budgets, each `seeds` times; what a cell shares, in logs."""
    rng = np.random.default_rng(seed)
    C = np.repeat(np.geomspace(1e18, 1e20, 5), sizes)
    N = H.optimum(C).N * np.tile(np.geomspace(0.25, 4, sizes), 5)
    table = pd.DataFrame({"N": N, "D": C / 6 / N}).loc[np.repeat(np.arange(len(N)), seeds)]
    errors = np.repeat(shared * rng.standard_normal(len(N)), seeds)
    errors = errors + noise * rng.standard_normal(len(table))
    table["loss"] = law.loss(table.N, table.D) * np.exp(errors)
    return table.reset_index(drop=True)


def doubts_of(form, runs, **how):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FitWarning)
        return " ".join(fit(form, runs, **how).doubts)


# ---- runs off the law ------------------------------------------------------------------------


@pytest.mark.parametrize("objective", ["huber", "squares", "raw-huber"])
@pytest.mark.parametrize(
    "factor, told",
    [(1.3, "above it by 30%"), (0.9, "below it by 10%"), (0.5, "by 50%"), (1.01, "")],
)
def test_a_run_off_the_law_is_named(factor, told, objective):
    runs = grid(seeds=2)
    runs.loc[7, "loss"] *= factor
    said = doubts_of("chinchilla", runs, objective=objective)
    assert ("from 0: 7); run 7 " in said) == bool(told)
    if objective == "huber":
        assert told in said and ("did it diverge?" in said) == (factor == 1.3)


@pytest.mark.parametrize("noise, told", [(0.01, True), (0.05, False)])
def test_what_is_far_depends_on_the_scatter(noise, told):
    runs = grid(seeds=2, noise=noise)
    runs.loc[7, "loss"] *= 1.3
    assert ("end far from the law" in doubts_of("chinchilla", runs)) == told


# ---- patterns --------------------------------------------------------------------------------


def test_residuals_that_bend_are_told():
    """A form that is not right: no floor where there is one, another way in which limits meet."""
    x, noise = np.geomspace(1e18, 1e20, 12), 0.001 * np.random.default_rng(0).standard_normal(12)
    floored = {"x": x, "loss": PowerLaw(3e17, 0.3, 1.8).loss(x) * np.exp(noise)}
    assert "bends with x" in doubts_of("line", floored)
    assert doubts_of("power-law", floored) == ""
    bent = grid(seeds=2, law=PowerSumLaw(400, 400, 0.34, 0.28, 0.4, E=1.5))
    assert "bends with N and D" in doubts_of("chinchilla", bent)


@pytest.mark.parametrize("bend, told", [(0.002, False), (0.01, True)])
def test_a_bend_smaller_than_seeds_differ_is_no_doubt(bend, told):
    x = np.geomspace(1e18, 1e20, 12)
    line = PowerLaw(1e25, 0.1).loss(x) * np.exp(bend * np.linspace(-1, 1, 12) ** 2)
    noise = 1e-5 * np.random.default_rng(0).standard_normal(12)
    said = doubts_of("line", {"x": x, "loss": line * np.exp(noise)}, objective="squares")
    assert ("bends with x" in said) == told


@pytest.mark.parametrize("shared, told", [(0.0, False), (0.008, True)])
def test_seeds_that_miss_the_law_together_are_told(shared, told):
    runs = grid(seeds=3, shared=shared, noise=0.002, seed=1)
    said = doubts_of("chinchilla", runs)
    assert ("share their N and D miss the law together: 25 labels" in said) == told
    assert ("groups='cell'" in said) == told
    assert doubts_of("chinchilla", runs, groups="cell") == ""


@pytest.mark.parametrize("how", ["label", "bare"])
def test_rows_of_training_curves_are_told(how):
    rng, N = np.random.default_rng(2), np.repeat(np.geomspace(2e7, 2e9, 12), 20)
    D = np.tile(np.geomspace(1e9, 1e11, 20), 12)
    errors = np.repeat(0.004 * rng.standard_normal(12), 20) + 0.001 * rng.standard_normal(240)
    runs = {"N": N, "D": D, "loss": H.loss(N, D) * np.exp(errors)}
    if how == "label":
        runs["run_id"] = np.repeat(list("abcdefghijkl"), 20)
    name = {"label": "run_id", "bare": "N"}[how]
    said = doubts_of("chinchilla", runs)
    assert f"give groups='{name}'" in said and ("keep the last" in said) == (how == "label")
    assert "miss the law together" not in doubts_of("chinchilla", runs, groups=name)


def test_the_f_test_by_hand():
    """Of a line, against the textbook's sums of squares with and without a square."""
    rng, x = np.random.default_rng(0), np.linspace(-1, 1, 9)
    y, J = rng.standard_normal(9), np.array([np.ones(9), x])
    full = np.array([*J, x * x])

    def left(X):
        return np.sum((y - X.T @ np.linalg.lstsq(X.T, y, rcond=None)[0]) ** 2)

    chance, share = _misfit._explained(y, J, (x * x)[:, None])
    assert share == pytest.approx(1 - left(full) / left(J))
    t = np.sqrt((left(J) / left(full) - 1) * 6)  # of the square's own coefficient
    assert chance == pytest.approx(2 * stdtr(6, -t))
    assert _misfit._explained(y, J, x[:, None]) == (1.0, 0.0)  # nothing beyond the slopes


@pytest.mark.parametrize("noise, told", [(0.004, ""), (0.0016, ""), (0.12, "1/"), (4e-5, "times")])
def test_known_noise_is_held_against_the_scatter(noise, told):
    said = doubts_of("chinchilla", grid(seeds=2), noise=np.full(50, noise))
    assert ("noise= says" in said) == bool(told) and told in said


@pytest.mark.parametrize("spread, wide", [(0.02, True), (0.0005, False)])
def test_a_flat_huber_is_told(spread, wide):
    """Two runs above and two below, none within delta: every scale between is as good."""
    x = np.geomspace(1e18, 1e21, 4)
    loss = PowerLaw(1e25, 0.1).loss(x) * np.exp(spread * np.array([1, -1, -1.1, 1.1]))
    told = doubts_of("line", {"x": x, "loss": loss}, fixed={"exponent": 0.1})
    assert ("scale anywhere from" in told and "0 of 4 runs" in told) == wide
    how = {"fixed": {"exponent": 0.1}, "objective": "squares"}
    assert "equally well" not in doubts_of("line", {"x": x, "loss": loss}, **how)


# ---- units -----------------------------------------------------------------------------------


@pytest.mark.parametrize("rows, named", [([3], True), ([3, 9], True), (list(range(9)), False)])
@pytest.mark.parametrize("column", ["N", "D"])
def test_a_row_in_another_unit_is_named(rows, named, column):
    runs = grid()
    runs.loc[rows, column] /= 1e6
    said = " ".join(_doubts.odd_units({name: runs[name].to_numpy() for name in ("N", "D")}))
    assert (f"run 3 has {column} " in said and f"({len(rows)} such" in said) == named


def test_a_row_in_another_unit_is_named_by_its_line():
    runs = grid().round({"N": 0, "D": 0})
    runs.loc[3, "N"] /= 1e6
    text = runs.to_csv(index=False).encode()
    with pytest.raises(ValueError, match=r"run at line 5 has N .*Mend it, or leave it out"):
        reading.read(text)
    assert len(reading.read(text, units={"N": 1})) == 25


@pytest.mark.parametrize(
    "rows, asked",
    [
        ("125,25,3.1\n350,70,2.9\n760,150,2.8", "N is 350 in half of the runs"),
        ("0.125,2.5,3.1\n0.35,7.5,2.9\n0.76,15,2.8", "N is 0.125 in one run"),
        ("22.5,7.4,3.1\n45.5,14,2.9\n90,30.2,2.8", "N is 22.5 in one run"),
        ("1250,25000,3.1\n3500,70000,2.9\n7600,150000,2.8", ""),
    ],
)
def test_counts_too_small_for_counts_are_asked_about(rows, asked):
    text = f"N,D,loss\n{rows}".encode()
    if not asked:
        assert len(reading.read(text)) == 3
        return
    with pytest.raises(ValueError, match=asked):
        reading.read(text)
    assert len(reading.read(text, units={"N": "M", "D": "M"})) == 3


def test_a_big_model_beyond_a_gap_is_no_mistake():
    """Parameters and tokens a thousand times those of all others, at their ratio."""
    runs = {name: column.to_numpy(copy=True) for name, column in grid().items()}
    runs["N"][-1] *= 1e3
    runs["D"][-1] *= 1e3
    assert _doubts.odd_units(runs) == []


# ---- far from the runs -----------------------------------------------------------------------

SWEEP = fit("chinchilla", grid(seeds=2), bootstrap=40)
"""From 1e18 to 1e20 FLOPs."""


@pytest.mark.parametrize(
    "ask, told",
    [
        (lambda: SWEEP.optimum(0.9e15), "FLOPs are 0.0009 of the smallest run fitted"),
        (lambda: SWEEP.optimum(1.1e15), ""),
        (lambda: SWEEP.compute_for(1.8), "times the largest run fitted"),
        (lambda: SWEEP.compute_for(2.3), ""),
        (lambda: SWEEP.best_data(1e13), "times the largest run fitted"),
        (lambda: SWEEP.best_data(5e9), ""),
        (lambda: shortfall(SWEEP, 1e12, 1e14), "times the largest run fitted"),
        (lambda: shortfall(SWEEP, 1e10, 1e11), ""),
        (lambda: SWEEP.predict(3e7, 3e12), "tokens per parameter are .* times the largest"),
        (lambda: SWEEP.predict(1e12, 3e8), "tokens per parameter are .* of the smallest"),
        (lambda: SWEEP.predict(1e8, 1e12), ""),
    ],
)
def test_far_from_the_runs_is_told_whoever_is_asked(ask, told):
    if told:
        with pytest.warns(FitWarning, match=told):
            ask()
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            ask()


def test_a_power_law_of_one_column_tells_it_too_and_keeps_it_in_its_file():
    x = np.geomspace(1e6, 1e9, 12)
    done = fit("power-law", {"x": x, "loss": PowerLaw(1e6, 0.4, 1.7).loss(x)})
    again = type(done).from_json(done.to_json())
    assert again.span == done.span == (("x", pytest.approx(1e6), pytest.approx(1e9)),)
    with pytest.warns(FitWarning, match="1.1e.12 x are 1.1e.03 times the largest"):
        again.predict(1.1e12)


def test_an_end_that_is_infinite_is_inf_and_not_nan():
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        warnings.simplefilter("ignore", FitWarning)
        low = SWEEP.law.E + 0.02
        told = SWEEP.compute_for(low)
        assert told.low < told.value < told.high == np.inf
        assert SWEEP.compute_for(SWEEP.law.E / 2) == (np.inf, np.inf, np.inf)
    draws = np.array([[1.0, 1.0], [2.0, np.inf], [3.0, np.inf], [4.0, 2.0], [5.0, 3.0]])
    assert _quantiles(draws, [0.1, 0.9]).tolist() == [[1.4, 1.0], [4.6, np.inf]]


# ---- intervals that are none, places that are one --------------------------------------------


def test_an_interval_that_is_not_given_is_told_at_once():
    with pytest.warns(FitWarning, match="no interval: 7 runs at 7 different"):
        seven = fit("chinchilla", grid().sample(7, random_state=1), bootstrap=20)
    assert not any("no interval" in doubt for doubt in seven.doubts)  # summary has a line of it
    C = np.repeat([1e18, 1e19], 4)
    N = H.optimum(C).N * np.tile([0.3, 0.7, 1.5, 3], 2)
    with pytest.warns(FitWarning, match=r"no interval: 2 run\(s\) to spare"):
        fit_isoflop(C, N, H.loss(N, C / 6 / N), bootstrap=20)


@pytest.mark.parametrize("value, good", [(0, True), (20, True), (19, False), (1, False)])
def test_a_bootstrap_has_enough_for_two_ends(value, good):
    if good:
        assert count("bootstrap", value) == value
        return
    with pytest.raises(ValueError, match="at least 20"):
        count("bootstrap", value)


def test_true_is_no_number_of_resamples():
    with pytest.raises(ValueError, match="got True"):
        fit("chinchilla", grid(), bootstrap=True)


@pytest.mark.parametrize("level, good", [(0.95, True), (0.951, False), (0.999, False)])
def test_a_level_needs_draws_beyond_its_ends(level, good):
    assert ends(level) == ends(level, range(20_000))
    if good:
        assert SWEEP.interval(lambda law: law.E, level)[0] < 2
        return
    for ask in (
        lambda: SWEEP.interval(lambda law: law.E, level),
        lambda: SWEEP.predict(1e9, 1e10, level=level),
        lambda: SWEEP.summary(level),
    ):
        with pytest.raises(ValueError, match=r"needs at least .* resamples, and this fit has 40"):
            ask()


def test_numbers_within_one_per_cent_are_one_place():
    assert alike([1.0, 1.009, 1.011, 5.0, 1.02]).tolist() == [0, 0, 2, 4, 2]
    assert alike(["a", "b", "a"]).tolist() == [0, 1, 0] and alike([10, 10, 11]).tolist() == [
        0,
        0,
        1,
    ]


@pytest.mark.parametrize("jitter, cells", [(0.001, 25), (0.03, 75)])
def test_cells_are_found_where_the_last_step_was_rounded(jitter, cells):
    runs = grid(seeds=3)
    runs["D"] *= 1 + jitter * np.tile([0, 0.5, 1], 25)
    assert fit("chinchilla", runs, groups="cell").report.configurations == cells


def test_three_configurations_with_rounded_steps_are_three():
    N, D = np.repeat([1e8, 3e8, 1e9, 3e9], 3), np.repeat([4e9, 2e10, 1e10, 3e11], 3)
    D = D * (1 + 1e-4 * np.arange(12))
    with pytest.raises(UndeterminedError, match="12 runs at 4 different N and D"):
        fit("chinchilla", {"N": N, "D": D, "loss": H.loss(N, D)})


def test_what_residuals_show_is_told_when_the_law_is_asked_beyond_the_runs():
    law = PowerSumLaw(A=400, B=400, alpha=0.34, beta=0.28, gamma=0.5, E=1.7)
    N, D = (
        np.ravel(one) for one in np.meshgrid(np.geomspace(1e7, 1e9, 7), np.geomspace(1e9, 1e11, 6))
    )
    loss = law.loss(N, D) * np.exp(np.random.default_rng(3).normal(0, 0.002, len(N)))
    with warnings.catch_warnings(action="error"):
        found = fit("chinchilla", {"N": N, "D": D, "loss": loss})
        found.predict(1e8, 1e10)
    assert any("bends" in said for said in found.doubts) and found.misfits
    again = type(found).from_json(found.to_json())
    for one in (found, again):
        for ask in (lambda: one.predict(3e9, 3e11), lambda: one.optimum(6e21)):
            with pytest.warns(FitWarning, match="bends with N and D"):
                ask()
