"""Every trap that people who fit such laws report: a fit refuses, or warns, in words."""

import contextlib
import warnings
from functools import partial
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from scalinglib import _doubts
from scalinglib._study import Study
from scalinglib.comparing import compare
from scalinglib.fitting import (
    FORMS,
    FitWarning,
    UndeterminedError,
    fit,
    fit_isoflop,
    fit_kaplan,
    fit_parametric,
    fit_power_law,
)
from scalinglib.forecast import pool
from scalinglib.laws import HOFFMANN_2022 as H
from scalinglib.laws import DataConstrainedLaw, PowerLaw
from scalinglib.planning import gpu_hours, next_runs


def plane(n=24, noise=0.003, seed=0):
    rng = np.random.default_rng(seed)
    N, D = 10 ** rng.uniform(7.5, 10, n), 10 ** rng.uniform(9, 11.5, n)
    return {"N": N, "D": D, "loss": H.loss(N, D) * np.exp(noise * rng.standard_normal(n))}


def valleys(budgets=5, sizes=7, span=8):
    C = np.repeat(np.geomspace(1e18, 1e21, budgets), sizes)
    N = np.concatenate([H.optimum(c).N * np.geomspace(1 / span, span, sizes) for c in np.unique(C)])
    return C, N, H.loss(N, C / 6 / N)


def doubts_of(*args, **how):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FitWarning)
        return " ".join(fit(*args, **how).doubts)


def test_sound_runs_raise_no_doubt():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert fit("chinchilla", plane(), bootstrap=50).doubts == ()
        fit_isoflop(*valleys(), bootstrap=50)


@pytest.mark.parametrize("places, enough", [(3, False), (4, False), (5, True)])
def test_configurations_are_counted_not_rows(places, enough):
    """Item 140: three noise-free configurations 'determined' five constants, wrongly."""
    N = np.repeat([1e8, 3e8, 1e9, 3e9, 1e10][:places], 4)
    D = np.repeat([4e9, 2e10, 1e10, 3e11, 5e10][:places], 4)
    if enough:
        with pytest.warns(FitWarning, match="repeat another one exactly"):
            assert fit_parametric(N, D, H.loss(N, D)).law.alpha == pytest.approx(0.34, abs=1e-4)
    else:
        with pytest.raises(
            UndeterminedError, match=f"{4 * places} runs at {places} different N and D"
        ):
            fit_parametric(N, D, H.loss(N, D))


def test_kaplan_s_four_constants_need_four_configurations():
    N, D = np.repeat([1e8, 3e8, 1e9], 4), np.repeat([4e9, 2e10, 1e10], 4)
    with pytest.raises(UndeterminedError, match="at least 5 runs at 4 different"):
        fit_kaplan(N, D, H.loss(N, D))


def test_fewer_runs_do_when_fewer_constants_are_free():
    runs = plane(n=4, noise=0)
    with pytest.raises(UndeterminedError, match="fix or tie constants"):
        fit("chinchilla", runs)
    law = fit("chinchilla", runs, fixed={"E": 1.69, "alpha": 0.34}, tied={"beta": "alpha"}).law
    assert law.beta == law.alpha == 0.34 and law.E == 1.69


@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0, -2.0])
def test_a_loss_that_is_none_is_named(bad):
    C, N, loss = valleys()
    loss[9] = bad
    with pytest.raises(ValueError, match=r"run 9 .*leave that run out"):
        fit_isoflop(C, N, loss)
    runs = plane()
    runs["loss"][9] = bad
    with pytest.raises(ValueError, match=r"run 9 .*leave that run out"):
        fit("skaling", runs)


def test_a_run_that_diverged_to_a_finite_loss_is_named():
    runs = plane()
    runs["loss"][7] = 7.5
    assert "from 0: 7" in doubts_of("chinchilla", runs)
    assert "did it diverge" in doubts_of("chinchilla", runs, objective="raw-huber")


def test_the_vertex_of_a_valley_below_every_run_is_told():
    C, N, loss = valleys(sizes=4)
    loss[-1] = 7.5
    with pytest.warns(FitWarning, match="below every run"):
        fit_isoflop(C, N, loss)


def test_runs_that_are_there_twice_are_told():
    runs = {name: np.repeat(column, 2) for name, column in plane().items()}
    assert "24 run(s) repeat another one exactly" in doubts_of("chinchilla", runs)


def test_grouped_copies_do_not_shrink_the_interval():
    """Item 143."""
    runs = plane(n=60)
    four = {name: np.repeat(column, 4) for name, column in runs.items()}
    labels = np.repeat(np.arange(60), 4)

    def width(runs, **how):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FitWarning)
            done = fit("chinchilla", runs, bootstrap=300, **how)
        return np.ptp(done.interval(lambda law: law.alpha))

    once = width(runs)
    assert width(four) < 0.7 * once
    assert width(four, groups=labels) == pytest.approx(once, rel=1e-3)
    assert width(four, groups="cell") == pytest.approx(once, rel=0.15)


def test_a_fixed_ratio_is_refused_and_a_nearly_fixed_one_told():
    """Item 148."""
    N = np.geomspace(2e7, 2e9, 12)
    for spread, refused in ((0.0, True), (0.01, True), (0.05, False), (0.08, False)):
        rng = np.random.default_rng(3)
        D = 20 * N * np.exp(spread * rng.standard_normal(12))
        runs = {"N": N, "D": D, "loss": H.loss(N, D) * np.exp(0.003 * rng.standard_normal(12))}
        if refused:
            with pytest.raises(UndeterminedError, match="D / N is fixed"):
                fit("chinchilla", runs)
        else:
            told = doubts_of("chinchilla", runs)
            assert "lie nearly on one line" in told or "hardly fix" in told


def test_one_size_is_refused():
    runs = plane()
    runs["N"] = np.full(24, 1e9)
    with pytest.raises(UndeterminedError, match="N takes only 1 different value"):
        fit("chinchilla", runs)


def test_a_constant_loss_is_refused():
    runs = plane() | {"loss": np.full(24, 2.5)}
    with pytest.raises(UndeterminedError, match=r"same loss, 2.5.*saturated"):
        fit("chinchilla", runs)


def test_a_floor_that_no_profile_supports_is_told():
    x = np.geomspace(1e6, 1e9, 12)
    noise = np.exp(0.004 * np.random.default_rng(1).standard_normal(12))
    straight = {"x": x, "loss": PowerLaw(1e8, 0.2).loss(x) * noise}
    assert "without a floor" in doubts_of("power-law", straight)
    floored = {"x": x, "loss": PowerLaw(1e6, 0.4, 1.7).loss(x) * noise}
    assert "without a floor" not in doubts_of("power-law", floored)


def test_a_floor_of_zero_is_told_as_an_answer():
    x = np.geomspace(1e6, 1e9, 12)
    bent = {"x": x, "loss": PowerLaw(1e8, 0.2).loss(x) * np.exp(-0.01 * np.log(x / 1e6) ** 2)}
    told = doubts_of("power-law", bent)
    assert "without a floor (floor = 0): beyond them it falls without end" in told
    assert "in log-likelihood" not in told


@pytest.mark.parametrize("form", ["chinchilla", "kaplan", "repeated"])
def test_a_refusal_names_the_form_whatever_it_is_called(form):
    runs = {name: column[:4] for name, column in plane().items()}
    runs["unique"] = runs["D"]
    name = FORMS[form].name
    with pytest.raises(UndeterminedError, match="the form [\"']" + name + ".* needs at least"):
        fit(form, runs)


def test_every_constant_is_looked_at_not_only_exponents():
    """Tokens that hardly repeat say little of what repeats are worth."""
    fixed = {"E": 1.69, "A": 406.4, "B": 410.7, "alpha": 0.34, "beta": 0.28}
    law, rng = DataConstrainedLaw(**fixed, R_D=15, R_N=5), np.random.default_rng(0)
    N, D, _ = plane(n=60).values()
    for epochs, sure in ((3, False), (40, True)):
        unique = D / rng.uniform(1, epochs, 60)
        loss = law.loss(N, D, unique) * np.exp(0.005 * rng.standard_normal(60))
        runs = {"N": N, "D": D, "unique": unique, "loss": loss}
        told = doubts_of("repeated", runs, fixed=fixed)
        assert ("hardly fix R_D" in told and "a factor of" in told) != sure


def test_a_warning_points_at_the_line_that_asked():
    """Not at the library's, nor at sys:1, however many calls lie between."""
    twice = {name: np.repeat(column, 2) for name, column in plane().items()}
    N, D, loss = twice.values()
    C, sizes, low = valleys(sizes=4)
    low[-1] = 7.5
    x = np.repeat(np.geomspace(1e6, 1e9, 6), 2)
    done = fit("chinchilla", plane(), bootstrap=20)
    few = fit("chinchilla", plane(n=12), bootstrap=20)
    for ask in (
        lambda: fit("chinchilla", twice),
        lambda: fit_parametric(N, D, loss),
        lambda: fit_kaplan(N, D, loss),
        lambda: fit_power_law(x, PowerLaw(1e6, 0.4, 1.7).loss(x)),
        lambda: fit_isoflop(C, sizes, low),
        lambda: done.optimum(1e28),
        lambda: done.predict(1e13, 1e14),
        lambda: few.predict(1e12, 1e14),
    ):
        with pytest.warns(FitWarning) as caught:
            ask()
        assert {one.filename for one in caught} == {__file__}
        assert {one.lineno for one in caught} == {ask.__code__.co_firstlineno}


def test_a_parameter_at_its_bound_is_told():
    told = doubts_of("chinchilla", plane(n=60), bounds={"alpha": (0.5, 0.9)})
    assert "alpha rests at its bound 0.5" in told
    told = doubts_of("chinchilla", plane(n=60), bounds={"B": (100, 200)}, fixed={"beta": 0.28})
    assert "B rests at its bound 200:" in told  # its own value, not its log


def test_two_optima_of_nearly_one_height_are_told():
    """Every size measured twice, along two lines: a straight Huber may follow either."""
    x = np.repeat(np.geomspace(1e6, 1e9, 7), 2)
    loss = np.where(np.arange(14) % 2, 3 * (x / 1e6) ** -0.05, 3.3 * (x / 1e6) ** -0.12)
    told = doubts_of("line", {"x": x, "loss": loss})
    assert "two optima of nearly one height" in told


def test_the_edge_of_a_valley_is_told():
    C, N, loss = valleys()
    keep = (C < 9e20) | (N < 0.7 * H.optimum(C).N)
    with pytest.warns(FitWarning, match=r"1e\+21 FLOPs has its minimum at the edge.*larger models"):
        fit_isoflop(C[keep], N[keep], loss[keep])


def test_a_target_a_thousand_times_beyond_the_runs_is_told():
    done = fit("chinchilla", plane())
    with pytest.warns(FitWarning, match="times the largest run fitted"):
        done.optimum(1e28)
    with pytest.warns(FitWarning, match="times the largest run fitted"):
        done.predict(1e13, 1e14)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        done.optimum(1e24)


def test_mixed_units_are_asked_about():
    runs = plane()
    mixed = runs | {"N": runs["N"] / 1e6, "D": runs["D"] / 1e9}
    assert "one in millions and the other in billions?" in doubts_of("chinchilla", mixed)
    off = runs | {"C": 6e-12 * runs["N"] * runs["D"]}
    assert "is C in FLOPs" in doubts_of("chinchilla", off)
    C, N, loss = valleys()
    with pytest.warns(FitWarning, match="plain counts"):
        fit_isoflop(C, N / 1e6, loss)


def test_rising_runs_are_fitted_when_asked_and_explained_when_not():
    """Item 145."""
    x, y = [1e9, 1e10, 1e11, 1e12], [10, 37, 139, 517]
    with pytest.raises(UndeterminedError, match=r"if it rises, use the form 'rising-line' \(in"):
        fit_power_law(x, y, floor=False)
    assert fit_power_law(x, y, floor=False, rising=True).law.exponent == pytest.approx(
        -0.571, abs=0.002
    )


def test_a_known_floor_is_taken():
    """Item 146."""
    C = [1e18, 3e18, 1e19, 3e19, 1e20, 3e20]
    done = fit_power_law(C, [3.522, 3.339, 3.154, 3.0, 2.848, 2.725], floor=1.6)
    assert done.law.floor == 1.6 and done.law.exponent == pytest.approx(0.0939, abs=5e-4)


def test_three_runs_and_a_known_floor_give_student_s_interval():
    """Item 141: a forecast from three runs; percentiles gave (2.966, 2.988)."""
    C, L = [2.19e17, 1.70e18, 9.00e18, 4.5e19], [3.7404, 3.3834, 3.1230, 2.9]
    done = fit_power_law(C, L, floor=1.6, bootstrap=2000)
    low, high = done.interval(lambda law: law.loss(2e20))
    assert high - low > 0.02 and low < 2.77 < high
    with pytest.raises(UndeterminedError, match="1 to spare"):
        fit_power_law(C[:3], L[:3], floor=1.6, bootstrap=100).interval(lambda law: law.exponent)


@pytest.mark.parametrize(
    "how, message",
    [
        ({"fixed": {"gamma": 1}}, "this form's constants are E, A, B, alpha, beta"),
        ({"fixed": {"A": -1}}, "A cannot be fixed at -1"),
        ({"tied": {"alpha": "alpha"}}, "cannot be tied to alpha"),
        ({"bounds": {"alpha": (0.5, 0.2)}}, "bounds of alpha must be"),
        ({"objective": "mean"}, "no objective is called 'mean'"),
        ({"groups": [1, 2]}, "one label for each of 24 runs"),
        (
            {"fixed": dict(zip(["E", "A", "B", "alpha", "beta"], [1, 1, 1, 1, 1], strict=True))},
            "nothing to fit",
        ),
        ({"weights": "w"}, "w"),
    ],
)
def test_questions_that_cannot_be_meant_are_refused(how, message):
    with pytest.raises((ValueError, KeyError), match=message):
        fit("chinchilla", plane(), **how)


def test_a_form_or_a_column_that_is_missing_is_named():
    with pytest.raises(ValueError, match=r"no form is called 'hoffmann'; there are .*chinchilla"):
        fit("hoffmann", plane())
    with pytest.raises(ValueError, match="no column 'D'"):
        fit("chinchilla", {"N": [1], "loss": [1]})


def test_groups_that_are_few_are_counted_as_groups_and_told():
    runs = plane(n=40)
    labels = np.arange(40) % 6
    done = fit("chinchilla", runs, groups=np.arange(40) // 2, bootstrap=20)
    assert done.samples is not None and done.doubts == ()
    with pytest.warns(FitWarning, match=r"groups has 6 label\(s\) for 40 different places.*seeds"):
        few = fit("chinchilla", runs, groups=labels, bootstrap=20)
    with pytest.raises(
        UndeterminedError, match=r"6 groups at 40 .* 1 to spare .* add 2 group\(s\)"
    ):
        few.interval(lambda law: law.alpha)


def test_runs_of_a_table_are_named_by_their_label():
    table = pd.DataFrame(plane(), index=[f"run-{k}" for k in range(24)])
    table.loc["run-7", "loss"] = 7.5
    assert "by label: run-7); run run-7" in doubts_of("chinchilla", table)
    twice = pd.concat([table, table.loc[["run-3"]].rename({"run-3": "copy"})])
    assert "run run-3 is there 2 times" in doubts_of("chinchilla", twice)
    C, N, loss = valleys()
    loss[-1] = 7.5
    with pytest.warns(FitWarning, match="run row 34 of the budget"):
        fit_isoflop(C, N, pd.Series(loss, index=[f"row {k}" for k in range(35)]))


@pytest.mark.parametrize("level", [90, 1, 0, -0.5, [0.5, 0.9]])
def test_a_level_in_per_cent_is_explained(level):
    done = fit("chinchilla", plane(), bootstrap=20)
    bare = fit("chinchilla", plane())
    valley = fit_isoflop(*valleys(), bootstrap=20)
    for ask in (
        lambda: done.interval(lambda law: law.alpha, level),
        lambda: done.summary(level),
        lambda: bare.summary(level),
        lambda: done.predict(1e9, 1e11, level=level),
        lambda: bare.predict(1e9, 1e11, level=level),
        lambda: done.optimum(1e22, level),
        lambda: bare.compute_for(2.5, level),
        lambda: done.speed_up(done, 2.5, level),
        lambda: done.profile("alpha", level=level),
        lambda: valley.summary(level),
        lambda: valley.optimum(1e22, level),
    ):
        with pytest.raises(ValueError, match="level must lie between 0 and 1") as raised:
            ask()
        assert ("write 0.9 for 90 %" in str(raised.value)) == (level == 90)


def test_budgets_are_not_chained():
    """Steps of .6 % each: the first run of a budget says what belongs to it."""
    C = np.repeat(1e18 * 1.006 ** np.arange(8), 5)
    C = np.concatenate([C, np.full(5, 1e20)])
    N = np.concatenate([H.optimum(c).N * np.geomspace(1 / 6, 6, 5) for c in np.unique(C)])
    with pytest.warns(FitWarning, match="within 1 %"):
        found = fit_isoflop(C, N, H.loss(N, C / 6 / N))
    assert len(found.minima) == 5


def test_a_peak_in_tflops_is_asked_about():
    for peak in (312, 989.0, [312e12, 312]):
        with pytest.raises(ValueError, match="is that TFLOP/s"):
            gpu_hours(1e21, peak, 0.4)


@pytest.mark.parametrize("support", [1.3, 1.4])
def test_a_floor_is_supported_from_90_per_cent_on(support):
    """1.35 in log-likelihood: half of chi-squared's 2.71 with one degree of freedom."""
    form = SimpleNamespace(floor_name="E", rising=False)
    bare = SimpleNamespace(objective=2.0 * np.exp(support / 20))
    study = SimpleNamespace(
        form=form, free=["E"], objective=2.0, y=np.zeros(40), power=20, holding=lambda **_: bare
    )
    study.pieces, study.inflation = 40, lambda *_: 1.0
    study.evidence = partial(Study.evidence, study)
    told = _doubts.unsupported(study, {"E": 1.0}, {"E": 0.5})
    assert bool(told) == (support < 1.35)
    assert _doubts.unsupported(study, {"E": 2.01}, {"E": 0.5}) == []  # four errors from 0


@pytest.mark.parametrize(("noise", "power"), [(1e-5, 0.5), (0.05, 2 / np.pi)])
def test_the_power_of_a_huber_is_that_of_normal_noise(noise, power):
    """From squares, where all runs lie within delta, to absolute values, where none does."""
    runs = plane(n=200, noise=noise)
    assert fit("chinchilla", runs).study.power / 200 == pytest.approx(power, rel=0.02)
    assert fit("chinchilla", runs, objective="squares").study.power == 100


@pytest.mark.parametrize("copies", [4, 16])
def test_copies_of_a_run_in_one_group_narrow_no_interval(copies):
    """Below twenty groups too, where losses are drawn: copies share their draw."""
    once, rng = plane(n=12), np.random.default_rng(5)
    many = {name: np.tile(column, copies) for name, column in once.items()}
    many["loss"] = many["loss"] * np.exp(1e-7 * rng.standard_normal(12 * copies))
    how = {"objective": "squares", "groups": "cell", "bootstrap": 100}
    narrow, wide = (fit("chinchilla", runs, **how).optimum(1e23) for runs in (many, once))
    for end in ("N_low", "N_high", "loss_low", "loss_high"):
        assert narrow[end] == pytest.approx(wide[end], rel=1e-3)


def test_seeds_of_a_cell_are_more_evidence_than_copies():
    """Noise of their own averages out; what a cell shares does not."""
    cells, rng = plane(n=12, noise=0), np.random.default_rng(6)
    four = {name: np.repeat(column, 4) for name, column in cells.items()}
    width = {}
    for name, shared, own in (("shared", 0.004, 0.0004), ("own", 0.0004, 0.004)):
        factor = np.exp(
            np.repeat(shared * rng.standard_normal(12), 4) + own * rng.standard_normal(48)
        )
        runs = four | {"loss": four["loss"] * factor}
        best = fit("chinchilla", runs, objective="squares", groups="cell", bootstrap=200)
        told = best.optimum(1e23)
        width[name] = np.log(told.loss_high / told.loss_low)
    assert 0.25 < width["own"] / width["shared"] < 0.9


def test_known_noise_is_in_the_units_of_the_loss():
    """The interval of a new run is the same whether its noise is given or found."""
    runs = plane(n=30, noise=0.004)
    told = [
        fit("chinchilla", runs, objective="squares", bootstrap=100, **more).predict(1e9, 2e10)
        for more in ({}, {"noise": np.full(30, 0.004)}, {"noise": np.full(30, 0.4)})
    ]
    for one in told[1:]:
        assert [one.run_low, one.run_high] == pytest.approx(
            [told[0].run_low, told[0].run_high], rel=2e-3
        )


@pytest.mark.parametrize("below", [-1e-3, 0.0, 1e-3])
def test_a_fixed_floor_lies_under_every_run(below):
    runs = plane(n=30, noise=0.0)
    floor = runs["loss"].min() - below
    if below > 0:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FitWarning)
            assert fit("chinchilla", runs, fixed={"E": floor}).constants["E"] == floor
    else:
        run = int(np.argmin(runs["loss"]))
        with pytest.raises(ValueError, match=f"run {run} ends at .*not above it"):
            fit("chinchilla", runs, fixed={"E": floor})


def test_a_group_column_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="'sead'; there is no such column"):
        fit("chinchilla", plane(), groups="sead")


@pytest.mark.parametrize("objective", ["huber", "squares"])
def test_weights_are_relative(objective):
    """Their scale is that of the objective, and of nothing else."""
    runs, how = plane(n=30), {"objective": objective, "bootstrap": 20}
    C = 6 * runs["N"] * runs["D"]
    usual = fit("chinchilla", runs, weights=1e20 / C, **how)
    for scale in (1e-24, 1e24):
        done = fit("chinchilla", runs, weights=scale * 1e20 / C, **how)
        assert done.doubts == usual.doubts
        assert done.report.noise == pytest.approx(usual.report.noise, rel=1e-6)
        assert done.objective == pytest.approx(scale * usual.objective, rel=1e-6)
    if objective == "squares":  # refits with runs held out: of the other they take a second
        for end in ("N_low", "N_high"):
            assert done.optimum(1e22)[end] == pytest.approx(usual.optimum(1e22)[end], rel=1e-4)
    tens = fit("chinchilla", runs, weights=np.full(30, 10.0), **how)
    assert tens.objective == pytest.approx(10 * fit("chinchilla", runs, **how).objective)


@pytest.mark.parametrize(
    "ask",
    [
        lambda none: fit("chinchilla", none),
        lambda none: fit_power_law(none.N, none.loss),
        lambda none: fit_isoflop(none.N, none.D, none.loss),
        lambda none: pool(none.N, none.D, none.loss),
        lambda none: compare(["chinchilla"], none, hold_out=0.2),
    ],
)
def test_a_table_without_runs_is_told(ask):
    with pytest.raises(ValueError, match=r"there are no runs: .* did a condition drop all"):
        ask(pd.DataFrame(plane())[:0])


@pytest.mark.parametrize("missing", [None, np.nan])
def test_a_run_without_a_group_is_named(missing):
    labels = [f"cell {k // 2}" for k in range(24)]
    with pytest.raises(ValueError, match="groups has no label for run 5"):
        fit("chinchilla", plane(), groups=[*labels[:5], missing, *labels[6:]])
    assert fit("chinchilla", plane(), groups=[*labels[:5], 7, *labels[6:]]).study.pieces == 13


@pytest.mark.parametrize("value", ["1.8", None, True])
def test_a_fixed_constant_is_a_number(value):
    with pytest.raises(ValueError, match="fixed E must be numbers"):
        fit("chinchilla", plane(), fixed={"E": value})


@pytest.mark.parametrize("quantity", [lambda law: -law.E, lambda law: [1.0], lambda law: np.nan])
def test_next_runs_need_a_positive_quantity(quantity):
    done = fit("chinchilla", plane())
    with pytest.raises(ValueError, match="quantity must be one positive number"):
        next_runs(done, 1e22, quantity=quantity)


def test_copies_in_one_group_are_no_evidence_and_no_doubt():
    twice = {name: np.append(column, column[:3]) for name, column in plane().items()}
    assert "give groups=" in doubts_of("chinchilla", twice)
    assert "repeat" not in doubts_of("chinchilla", twice, groups="cell")
    apart = doubts_of("chinchilla", twice, groups=np.arange(27))
    assert "3 run(s) repeat another one exactly" in apart and "give groups=" not in apart


@pytest.mark.parametrize("digits, told", [(1, True), (2, False), (4, False)])
def test_results_rounded_until_they_are_alike_are_told(digits, told):
    cells = plane(n=20)
    runs = {name: np.repeat(column, 4) for name, column in cells.items()}
    noise = np.exp(0.003 * np.random.default_rng(1).standard_normal(80))
    runs["loss"] = np.round(runs["loss"] * noise, digits)
    said = doubts_of("chinchilla", runs, groups="cell")
    assert ("every result is a multiple of 0.1" in said) == told
    assert "each counts as evidence" not in said


def test_the_best_run_of_each_budget_is_asked_for_where_a_law_reads_one_column():
    x, size = np.repeat(np.geomspace(1e18, 1e21, 8), 4), np.tile([100.0, 200.0, 400.0, 800.0], 8)
    loss = PowerLaw(1e19, 0.2, 1.7).loss(x) * (1 + 0.02 * np.log(size))
    loss *= np.exp(1e-3 * np.random.default_rng(4).standard_normal(32))
    told = doubts_of("power-law", {"x": x, "size": size, "loss": loss})
    assert "reads x alone: take the best run of each x, or fit a form that also reads size" in told
    named = {"x": x, "seed": np.char.add("seed ", size.astype(str)), "loss": loss}
    assert "groups='seed'" in doubts_of("power-law", named)
    assert "groups=" not in told


@pytest.mark.parametrize("turn, message", [(0, "hardly varies with scale"), (-1, "an accuracy")])
def test_a_flat_loss_is_not_called_an_accuracy(turn, message):
    runs = plane()
    rng = np.random.default_rng(2)
    runs["loss"] = 2.5 * (runs["loss"] ** turn) * np.exp(3e-4 * rng.standard_normal(24))
    with pytest.raises(UndeterminedError, match=message):
        fit("chinchilla", runs)


@pytest.mark.parametrize("column, by", [("N", 1e6), ("N", 30.0), ("D", 1e9), ("N", 5.0)])
def test_half_of_the_runs_in_another_unit_are_asked_about(column, by):
    N = np.tile(np.geomspace(2e8, 2e9, 6), 4)
    D = np.repeat(np.geomspace(5e9, 5e10, 4), 6)
    runs = {"N": N, "D": D, "loss": H.loss(N, D) * np.exp(1e-3 * np.cos(np.arange(24) ** 2))}
    runs[column] = np.where(np.arange(24) % 2, runs[column], runs[column] / by)
    runs["loss"][0] *= 1.0001
    told = _doubts.odd_units({"N": runs["N"], "D": runs["D"]})
    assert any(f"{column} falls into two parts" in one for one in told) == (by > 300)


@pytest.mark.parametrize("noise", [0.003, 0.03])
def test_valleys_that_noise_alone_has_dug_are_told(noise):
    rng, silent = np.random.default_rng(0), 0
    C = np.repeat([1e18, 1e19, 1e20], 5)
    N = np.sqrt(C / 120) * np.tile(np.geomspace(1 / 8, 8, 5), 3)
    for _ in range(60):
        flat = 2 + (C / 1e18) ** -0.05
        with warnings.catch_warnings(), contextlib.suppress(UndeterminedError):
            warnings.simplefilter("ignore")
            found = fit_isoflop(C, N, flat * np.exp(noise * rng.standard_normal(15)))
            silent += not any("hardly depends on N" in doubt for doubt in found.doubts)
    assert silent <= 1
    deep = H.loss(N, C / 6 / N) * np.exp(0.005 * rng.standard_normal(15))
    assert not any("hardly depends" in doubt for doubt in fit_isoflop(C, N, deep).doubts)
