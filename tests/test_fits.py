"""What a fit knows: answers with intervals, profiles, summaries, and the file it is kept in."""

import json
import warnings
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from prove_fitting import coverage
from scipy.special import ndtr, stdtrit

from scalinglib import forms, planning
from scalinglib._ahead import NEED, Drift, beyond
from scalinglib.fits import interval_in_words
from scalinglib.fitting import (
    AllocationFit,
    FitWarning,
    LawFit,
    UndeterminedError,
    fit,
    fit_isoflop,
    fit_kaplan,
    fit_power_law,
)
from scalinglib.laws import HOFFMANN_2022 as H
from scalinglib.laws import KAPLAN_2020, ChinchillaLaw, PowerLaw
from scalinglib.planning import best_data, least_compute

pytestmark = pytest.mark.usefixtures("searched_once")


def plane(n=60, noise=0.003, seed=0, law=H):
    rng = np.random.default_rng(seed)
    N, D = 10 ** rng.uniform(7.5, 10, n), 10 ** rng.uniform(9, 11.5, n)
    return {"N": N, "D": D, "loss": law.loss(N, D) * np.exp(noise * rng.standard_normal(n))}


@cache  # not while tests are collected, which every process does
def usual():
    return fit("chinchilla", plane(), bootstrap=300)


def test_answers_hold_the_truth_with_their_intervals():
    for C in (1e22, [1e21, 1e23]):
        best, truth = usual().optimum(C, level=0.99), H.optimum(C)
        for name in ("N", "D", "loss", "tokens_per_parameter"):
            assert np.all(best[f"{name}_low"] < getattr(truth, name))
            assert np.all(getattr(truth, name) < best[f"{name}_high"])
        assert np.asarray(best.N) == pytest.approx(usual().law.optimum(C).N)
    for told, truth in (
        (usual().best_data(1e10, 0.99), best_data(H, 1e10)),
        (usual().compute_for(2.1, 0.99), least_compute(H, 2.1)),
    ):
        assert told.low < truth < told.high and told.low < told.value < told.high


def test_a_prediction_of_a_run_is_wider_than_that_of_the_law():
    N, D = np.array([1e9, 1e10]), np.array([1e11, 1e12])
    told = usual().predict(N, D)
    assert list(told) == ["value", "low", "high", "run_low", "run_high"]
    assert np.all(told.run_low < told.low) and np.all(told.high < told.run_high)
    width = np.log(told.run_high / told.run_low)[0] / 2
    assert width == pytest.approx(1.645 * 0.003, rel=0.35)
    assert usual().predict(1e9, 1e11).value == pytest.approx(told.value[0])
    assert fit("chinchilla", plane()).predict(1e9, 1e11).index.tolist() == ["value"]


def test_an_optimum_tells_where_one_new_run_ends():
    best = usual().optimum([1e22, 1e23])
    told = usual().predict(best.N, best.D)
    for end in ("run_low", "run_high"):
        assert best[end].to_numpy() == pytest.approx(told[end].to_numpy())
    assert (best.run_low < best.loss_low).all() and (best.loss_high < best.run_high).all()
    assert planning.frontier(usual(), [1e22, 1e23]).equals(best)
    assert "run_low" not in fit("chinchilla", plane()).optimum(1e22)
    few = fit("chinchilla", plane(12), bootstrap=20)
    with pytest.warns(FitWarning, match="no interval for a run beyond 10 times"):
        far = few.optimum(1e24)
    assert np.isnan(far.run_low) and np.isfinite(far.loss_low)


def test_best_data_and_least_compute_by_their_closed_forms():
    D = best_data(H, 125e6)
    assert H.optimum(6 * 125e6 * D).N == pytest.approx(125e6, rel=1e-9)
    assert least_compute(H, 2.0) == pytest.approx(H.least_compute(2.0))
    assert least_compute(forms.PowerSumLaw(10, 20, 0.1, 0.1, 0.3, 1.0), 0.9) == np.inf


def test_a_speed_up_is_a_ratio_of_compute_at_equal_loss():
    faster = ChinchillaLaw(H.E, H.A / 1.3, H.B / 1.3, H.alpha, H.beta)
    other = fit("chinchilla", plane(law=faster, seed=5), bootstrap=300)
    told = other.speed_up(usual(), 2.2, level=0.99)
    assert told.low < least_compute(H, 2.2) / least_compute(faster, 2.2) < told.high


def test_refits_are_the_fits_of_the_runs_that_are_left():
    runs = pd.DataFrame(plane(n=40))
    done, weights = fit("chinchilla", runs), np.linspace(1, 2, 40)
    weighted = fit("chinchilla", runs, weights=weights)
    twice = np.ones(40)
    twice[:5] = 2
    for counts, others, one in (
        (1 - np.eye(40)[7], runs.drop(7), done),
        (twice, pd.concat([runs, runs[:5]]), done),
        (1 - np.eye(40)[7], runs.drop(7).assign(w=np.delete(weights, 7)), weighted),
    ):
        given = {"weights": others.w.to_numpy()} if "w" in others else {}
        with warnings.catch_warnings(action="ignore"):  # rows of a run twice
            alone = fit("chinchilla", others[["N", "D", "loss"]], **given)
        again = one.refits(np.stack([np.ones(40), counts]))
        assert again.loc[0].to_dict() == pytest.approx(dict(one.constants), rel=1e-5)
        assert again.loc[1].to_dict() == pytest.approx(dict(alone.constants), rel=1e-5)


@pytest.mark.parametrize(
    "counts", [np.ones(60), np.ones((2, 59)), -np.eye(60), np.eye(60), np.full((1, 60), np.nan)]
)
def test_refits_refuse_what_leaves_no_answer(counts):
    with pytest.raises(ValueError, match="counts"):
        usual().refits(counts)


def test_the_profile_of_a_straight_constant_is_student_s():
    x = np.geomspace(1e6, 1e9, 9)
    loss = PowerLaw(1e7, 0.3).loss(x) * np.exp(0.01 * np.random.default_rng(0).standard_normal(9))
    done = fit("line", {"x": x, "loss": loss}, objective="squares", bootstrap=4000)
    u = np.log(x) - np.log(x).mean()
    slope = -done.law.exponent
    r = np.log(loss) - np.log(loss).mean() - slope * u
    half = 1.894579 * np.sqrt(r @ r / 7 / (u @ u))  # Student's t, 7 degrees of freedom, 90 %
    table = done.profile("exponent", -slope + half * np.array([-1.01, -0.99, 0, 0.99, 1.01]))
    assert table.inside.tolist() == [False, True, True, True, False]
    low, high = done.interval(lambda law: law.exponent)
    assert [low, high] == pytest.approx([-slope - half, -slope + half], abs=0.06 * half)
    assert table.objective[2] == pytest.approx(done.objective, rel=1e-9)
    assert done.profile("exponent").inside.sum() > 5
    with pytest.raises(ValueError, match="floor is not free"):
        done.profile("floor")


@pytest.mark.parametrize(("shared", "seed"), [(0.004, 0.001), (0.004, 1e-9)])
def test_a_profile_counts_groups_and_not_seeds(shared, seed):
    """Of seeds that share their cell's miss: the same as of the cells' means."""
    cells, rng = plane(n=20, noise=shared), np.random.default_rng(3)
    noise = np.exp(seed * rng.standard_normal((20, 5)))
    noise /= np.exp(np.log(noise).mean(1, keepdims=True))
    seeds = {name: np.repeat(column, 5) for name, column in cells.items()}
    seeds["loss"] = seeds["loss"] * noise.ravel()
    values = [1.5, 1.6, 1.7, 1.8]

    def told(runs, **how):
        return fit("chinchilla", runs, objective="squares", **how).profile("E", values)

    means, grouped = told(cells), told(seeds, groups="cell")
    assert grouped.evidence.to_numpy() == pytest.approx(means.evidence.to_numpy(), rel=1e-3)
    assert grouped.attrs["limit"] == pytest.approx(means.attrs["limit"])
    alone = told(cells, groups=np.arange(20))  # a group a run is no group
    assert alone.equals(means)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FitWarning)
        assert (told(seeds).evidence > 3 * means.evidence).any()


def test_residuals_and_their_size():
    runs = plane()
    assert usual().residuals == pytest.approx(
        np.log(runs["loss"] / usual().law.loss(runs["N"], runs["D"]))
    )
    assert usual().report.rms == pytest.approx(np.sqrt(np.mean(usual().residuals ** 2)))
    assert usual().report.noise == pytest.approx(0.003, rel=0.3)
    raw = fit("chinchilla", runs, objective="raw-squares")
    assert raw.residuals == pytest.approx(runs["loss"] - raw.law.loss(runs["N"], runs["D"]))


def test_a_summary_says_what_a_paper_reports():
    text = fit("chinchilla", plane(), fixed={"E": 1.69}, bootstrap=100).summary()
    for part in (
        "fixed or tied",
        "60 runs, 60 different; 4 unknowns",
        "rms residual",
        "intervals: 90%",
    ):
        assert part in text
    assert "quick search" in usual().summary() and "alpha" in usual().summary()


def test_an_interval_without_end_is_told_in_words():
    assert interval_in_words(15.4, 9.5, 1e257) == "9.5 to no upper end"
    assert interval_in_words(15.4, 1e-200, np.inf) == "no lower end to no upper end"
    assert interval_in_words(0.0, 0.0, 0.3) == "0 to 0.3"
    assert interval_in_words(-0.5, -0.6, -0.4) == "-0.6 to -0.4"
    assert interval_in_words(2.1, np.nan, np.nan) == "not calibrated"
    wide = usual().samples.assign(A=np.geomspace(1e-200, 1e250, len(usual().samples)))
    told = replace(usual(), samples=wide).summary()
    assert "no lower end to no upper end" in told and "nan" not in told and "e+2" not in told


def test_a_fit_of_kaplan_s_form_says_why_it_plans_nothing():
    law = KAPLAN_2020
    N, D = np.meshgrid([1e7, 1e8, 1e9], [1e8, 1e9, 1e10])
    found = fit_kaplan(N.ravel(), D.ravel(), law.loss(N, D).ravel())
    for ask in (found.optimum, found.law.optimum, found.best_data):
        with pytest.raises(UndeterminedError, match="nor the best run of a budget; to plan, fit"):
            ask(1e20)


def test_ten_times_the_runs_is_not_beyond_them():
    """Whichever way the product was rounded."""
    reach = 6.0 * 7e9 * 1.4e11
    for scale in (10 * reach, 60.0 * 7e9 * 1.4e11, 6.0 * (7e3 * 1e6) * (1400 * 1e9)):
        assert not beyond(scale, reach, 10)
    assert beyond(10.001 * reach, reach, 10) and not beyond(1e30, np.nan, 10)


def test_few_runs_have_student_s_intervals_and_too_few_none():
    twelve = fit("chinchilla", plane(12), bootstrap=100)
    assert "Student" in twelve.report.sampling and "redrawn" in usual().report.sampling
    seven = fit("chinchilla", plane(7), bootstrap=100)
    assert seven.samples is None and "no interval:" in seven.summary()
    with pytest.raises(UndeterminedError, match=r"2 to spare .* add 1 run"):
        seven.interval(lambda law: law.alpha)
    assert "N_low" not in seven.optimum(1e22)
    with pytest.raises(UndeterminedError, match="1 to spare"):
        fit_power_law([1, 2, 4, 8], [4, 3, 2.5, 2.3], bootstrap=50).interval(lambda law: law.floor)


def test_a_fit_survives_its_file(tmp_path):
    path = tmp_path / "fit.json"
    usual().to_json(path)
    again = LawFit.from_json(path)
    assert again.law == usual().law and again.report == usual().report
    assert again.interval(lambda law: law.a) == usual().interval(lambda law: law.a)
    assert again.summary() == usual().summary()
    assert again.predict(1e9, 1e11).value == usual().predict(1e9, 1e11).value
    assert again.report.digest == fit("chinchilla", plane()).report.digest
    assert again.report.digest != fit("chinchilla", plane(seed=1)).report.digest
    with pytest.raises(ValueError, match="a profile needs the runs"):
        again.profile("alpha")
    told = json.loads(path.read_text())
    with pytest.raises(ValueError, match="schema 99"):
        LawFit.from_json(json.dumps(told | {"schema": 99}))
    with pytest.raises(ValueError, match="a path or a text, not a dict"):
        LawFit.from_json(told)


def test_fits_of_groups_and_of_own_forms_survive_too():
    runs = plane() | {"kind": np.where(np.arange(60) % 2, "a", "b")}
    form = forms.by_group(forms.FORMS["chinchilla"], "kind", ["A"])
    done = fit(form, runs, bootstrap=20)
    again = LawFit.from_json(done.to_json(), form=form)
    assert again.law == done.law and len(again.resampled()) == 20
    with pytest.raises(ValueError, match="give form="):
        LawFit.from_json(done.to_json())


def test_the_seed_makes_the_samples():
    few = plane(10)
    for runs in (plane(), few):
        one, same, other = (
            fit("chinchilla", runs, bootstrap=30, seed=k).samples for k in (1, 1, 2)
        )
        assert one.equals(same) and not one.equals(other)


def test_a_search_says_which_it_was():
    assert usual().search == "quick" and fit("chinchilla", plane(10)).search == "thorough"
    assert usual().agreement > 0.3


def test_nothing_is_told_twice_by_answers():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        usual().optimum(1e23)
        usual().summary()


# ---- beyond the runs -----------------------------------------------------------------------------


def test_an_interval_of_a_run_carries_the_error_of_the_form():
    """Runs of a power sum, fitted by the additive form, which tilts away beyond them."""
    law = forms.PowerSumLaw(10.0, 30.0, 0.1, 0.12, 0.4)
    runs = plane(n=120, noise=0.001, law=law)
    rng = np.random.default_rng(7)
    N, D = 10 ** rng.uniform(10.5, 11.2, 200), 10 ** rng.uniform(12, 12.8, 200)
    held = law.loss(N, D) * np.exp(0.001 * rng.standard_normal(200))
    done = fit("chinchilla", runs, bootstrap=200)
    told = done.predict(N, D)
    assert done.drift.told and done.drift.size > 3 * usual().drift.size
    assert np.mean((told.low <= held) & (held <= told.high)) < 0.3
    assert np.mean((told.run_low <= held) & (held <= told.run_high)) > 0.8
    steps = np.log(6 * N * D / done.report.reach)
    half = np.log(told.run_high / told.run_low) / 2
    widest = stdtrit(done.drift.cuts, 0.95) * done.drift.size * steps
    assert np.median(half / widest) == pytest.approx(1, abs=0.35)


LINE = PowerLaw(1e10, 0.15, 0.0)
KINDS = {  # a law, and places amid the runs and beyond them
    "few runs, Student's t": (LINE, (np.array([1e2, 5e4]),)),
    "many runs, drawn residuals": (H, (np.array([1e9, 3e10]), np.array([2e10, 6e11]))),
}


@cache
def simulated(kind):
    """Fits to runs with 0.3 % noise about a law whose form is right."""
    how = {"objective": "squares", "bootstrap": 200}
    if "many" in kind:
        return [fit("chinchilla", plane(80, seed=k), **how) for k in range(20)]
    x, rng = np.geomspace(1, 1e4, 16), np.random.default_rng(0)
    losses = LINE.loss(x) * np.exp(0.003 * rng.standard_normal((30, 16)))
    return [fit("line", {"x": x, "loss": loss}, **how) for loss in losses]


def held(kind, noise=1.0):
    """The mean chance that one new run lies in its 90 % interval, the form believed; noise: what
    the fit's own estimate is multiplied by.
    """
    (law, places), chances = KINDS[kind], []
    for done in simulated(kind):
        report = replace(done.report, noise=noise * done.report.noise)
        believed = Drift(0.0, NEED, done._reach)
        told = replace(done, report=report, kept=believed).predict(*places)
        low, high = (np.log(told[end] / law.loss(*places)) for end in ("run_low", "run_high"))
        chances.append(np.mean(ndtr(high / 0.003) - ndtr(low / 0.003)))
    return np.mean(chances)


@pytest.mark.parametrize("kind", KINDS)
def test_an_interval_of_a_run_covers_what_it_promises_where_the_form_is_right(kind):
    """By thousands of studies in tests/prove_fitting.py; of these few the error is about 0.01.
    Half of the variance of the noise, or twice as much, would be seen.
    """
    assert 0.87 < held(kind) < 0.93
    assert held(kind, noise=np.sqrt(1 / 2)) < 0.85 and held(kind, noise=np.sqrt(2)) > 0.94


def test_a_study_without_an_interval_is_not_one_that_holds():
    """In the table of tests/prove_fitting.py."""
    rows = [(0, "some", 1, 3, 2), (1, "some", 1, 3, 4), (2, "some", np.nan, np.nan, 2)]
    rows += [(k, "none", np.nan, np.nan, 2) for k in range(3)]
    told = coverage(pd.DataFrame(rows, columns=["study", "quantity", "low", "high", "truth"]))
    assert told.loc["some", ["hit", "above"]].tolist() == [0.5, 0.5]
    assert told.none.to_dict() == {"some": pytest.approx(1 / 3), "none": 1.0}
    assert np.isnan(told.hit["none"])


def test_the_size_of_the_drift_by_hand():
    """Two hold-outs of a line whose slope changes: what each fit misses, by least squares."""
    x = np.geomspace(1, 400, 24)
    y = 3 * x**-0.1 * np.maximum(x / 100, 1) ** 0.05
    done = fit("line", {"x": x, "loss": y}, objective="squares")
    slopes, last = [], np.inf
    for k in (2, 3, 5, 8, 12, 20):
        below = x <= 1.02 * 400 / k
        if below.sum() < 6 or x[below].max() < 2 or x[below].max() > 0.8 * last:
            continue
        last = x[below].max()
        slope, level = np.polyfit(np.log(x[below]), np.log(y[below]), 1)
        ahead = np.log(x / last)
        far = ahead > 0.5
        error = np.log(y[far]) - level - slope * np.log(x[far])
        slopes.append(error @ ahead[far] / (ahead[far] @ ahead[far]))
    assert done.drift.cuts == len(slopes) > 3 and done.drift.reach == 400
    assert done.drift.size == pytest.approx(np.sqrt(np.mean(np.square(slopes))), rel=1e-5)


def test_where_nothing_can_be_held_out_there_is_no_interval_far_beyond():
    few = fit("chinchilla", plane(12), bootstrap=50)
    assert few.drift.cuts < 2
    size = few.report.reach / 6 / 1e11
    near = few.predict(9 * size, 1e11)
    assert near.run_low < near.value < near.run_high
    with pytest.warns(FitWarning, match="12 runs allow no two hold-outs"):
        far = few.predict([9 * size, 11 * size], [1e11, 1e11])
    assert far.run_low.isna().tolist() == far.run_high.isna().tolist() == [False, True]
    assert far.low.notna().all()


def test_a_fit_of_squares_is_strict_json_and_keeps_its_drift():
    done = fit(
        "power-law",
        {"x": [1, 2, 4, 8, 16, 32], "loss": [5, 4, 3.3, 2.9, 2.6, 2.4]},
        objective="squares",
        bootstrap=20,
    )

    def refuse(name):
        raise AssertionError(name)

    json.loads(done.to_json(), parse_constant=refuse)
    again = LawFit.from_json(done.to_json())
    assert again.report.delta == np.inf and np.isnan(again.report.reach)
    kept = LawFit.from_json(usual().to_json())
    assert kept.drift == usual().drift
    assert kept.predict(1e12, 1e13).low == pytest.approx(usual().predict(1e12, 1e13).low)


def test_an_allocation_survives_its_file_and_has_a_summary(tmp_path):
    C = np.repeat(np.geomspace(1e18, 1e21, 5), 7)
    N = H.optimum(C).N * np.tile(np.geomspace(1 / 8, 8, 7), 5)
    noise = np.exp(0.002 * np.random.default_rng(0).standard_normal(35))
    done = fit_isoflop(C, N, H.loss(N, C / 6 / N) * noise, bootstrap=100)
    again = AllocationFit.from_json(done.to_json(tmp_path / "a.json"))
    again = AllocationFit.from_json(tmp_path / "a.json")
    assert again.law == done.law and again.summary() == done.summary()
    pd.testing.assert_frame_equal(again.minima, done.minima)
    pd.testing.assert_frame_equal(again.runs, done.runs)
    for part in ("N_coef", "35 runs, 5 of 5 best runs used", "intervals: 90%, 100 draws"):
        assert part in done.summary()
    best, ends = done.optimum(1e22), done.interval(lambda law: law.optimum(1e22).N)
    assert (best.N_low, best.N_high) == pytest.approx(ends) and best.N_low < best.N < best.N_high
    assert list(done.optimum([1e20, 1e22]).columns[:2]) == ["C", "N"] and np.isnan(best.loss)
    with pytest.raises(ValueError, match="fit of an allocation: read it with AllocationFit"):
        LawFit.from_json(done.to_json())
    with pytest.raises(ValueError, match="a plan needs a loss"):
        done.optimum(1e22, unique=1e11)
    with pytest.warns(FitWarning, match="times the largest run fitted"):
        done.optimum(1e26)


def test_an_optimum_under_limits_is_that_of_planning():
    told = usual().optimum(1e22, unique=5e10)
    assert told.D == pytest.approx(planning.optimum(usual().law, 1e22, unique=5e10).D)
    assert told.N_low <= told.N <= told.N_high


def test_what_is_said_of_one_run_does_not_depend_on_the_others_asked():
    alone, among = usual().predict([1e9], [2e10]), usual().predict([1e9, 1e11], [2e10, 2e12])
    assert alone.iloc[0].equals(among.iloc[0])
    best, more = usual().optimum(1e22), usual().optimum([1e21, 1e22])
    assert best.run_low == more.run_low[1] and best.run_high == more.run_high[1]
