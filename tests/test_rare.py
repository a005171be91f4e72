"""Branches of the library that the data at hand seldom takes: each with the least that takes it.

Seen by which lines the other quick tests never ran. No fit is searched for here.
"""

from __future__ import annotations

import inspect
import json
import re
import runpy
import sys
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import scalinglib as sl
from scalinglib import (
    _ahead,
    _doubts,
    _engine,
    _powers,
    allocation,
    cli,
    comparing,
    fits,
    forecast,
    forms,
    pictures,
    planning,
    plots,
    published,
    reading,
    runs,
)
from scalinglib._inputs import UndeterminedError
from scalinglib.checks import kinds, registry, slips
from scalinglib.lab import (
    blas,
    corpus,
    kernel,
    lever_plan,
    lever_tables,
    mixture,
    noise,
    trials,
)
from scalinglib.lab.gains import Gain
from scalinglib.laws import HOFFMANN_2022
from scalinglib.widgets import bundle

nan = float("nan")

# ---- the package ---------------------------------------------------------------------------------


def test_a_folder_on_the_path_has_no_version(monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    assert sl._version() == "0+unknown"


def test_python_m_runs_the_command(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["scalinglib", "--help"])
    monkeypatch.delitem(sys.modules, "scalinglib.__main__", raising=False)
    with pytest.raises(SystemExit, match="0"):
        runpy.run_module("scalinglib", run_name="__main__")
    assert "usage: scalinglib" in capsys.readouterr().out


# ---- doubts before a fit -------------------------------------------------------------------------


def doubts_of(N, D, C=None) -> str:
    given = {"N": np.asarray(N, float), "D": np.asarray(D, float)}
    return " ".join(_doubts.odd_units(given, None if C is None else np.asarray(C, float)))


MANY = np.geomspace(1e6, 2e7, 6)


@pytest.mark.parametrize(
    "ratio, words",
    [(0.09, "fewer than 0.09"), (0.11, ""), (9e4, ""), (1.1e5, "more than 1.1e+05")],
)
def test_tokens_per_parameter_are_doubted_beyond_a_tenth_and_a_hundred_thousand(ratio, words):
    said = doubts_of(MANY, ratio * MANY)
    assert words in said and bool(said) is bool(words)
    assert ("tokens per parameter" in said) is bool(words)


@pytest.mark.parametrize("times, told", [(0.19, True), (0.21, False), (4.9, False), (5.1, True)])
def test_compute_is_doubted_beyond_five_times_6_N_D(times, told):
    said = doubts_of(MANY, 20 * MANY, times * 6 * MANY * 20 * MANY)
    assert (f"C is {times:.3g} times 6 N D in half of the runs" in said) is told
    assert bool(said) is told


def test_small_numbers_and_fractions_are_no_counts_and_may_be_logarithms():
    thousand = np.linspace(900, 999, 6)
    said = doubts_of(np.floor(thousand), 20 * MANY / MANY.max() * 2e4)
    assert "N is 949 in half of the runs" in said and "a logarithm" not in said
    assert "or a logarithm" in doubts_of(np.linspace(20, 39, 6), np.linspace(400, 700, 6))
    assert "a logarithm" not in doubts_of(np.linspace(20, 41, 6), np.linspace(400, 700, 6))
    one = np.array([1000, 1001, 1002, 1003, 1004, 999.5])
    assert "N is 999.5 in one run" in doubts_of(one, 20 * one)
    assert doubts_of(one.round() + 1, 20 * one.round()) == ""
    assert "in one run" not in doubts_of(one + 0.5, 20 * one + 10)  # no counts, but large
    assert _doubts.odd_units({"x": MANY}) == []


@pytest.mark.parametrize("factor, told", [(290, False), (310, True)])
def test_a_gap_of_three_hundred_in_one_column_is_another_unit(factor, told):
    """In N or in D, of many runs or of one; not where both jump, as sizes far apart do."""
    far = np.repeat([1.0, factor], 6)
    base, D = np.full(12, 1e6), np.full(12, 2e8)
    many = "falls into two parts, 6 runs up to"
    assert (f"N {many}" in doubts_of(base * far, D)) is told
    assert (f"D {many}" in doubts_of(base, D * far)) is told
    assert many not in doubts_of(base * far, D * far)
    one = np.ones(12)
    one[7] = factor
    assert ("run 7 has N" in doubts_of(base * one, D)) is told
    assert ("run 7 has D" in doubts_of(base, D / one)) is told
    assert "falls into" not in doubts_of(base * one, D)


@pytest.mark.parametrize("odd, told", [(2, True), (3, False)])
def test_single_runs_are_a_fifth_at_most(odd, told):
    far = np.ones(14)
    far[:odd] = 1e4
    said = doubts_of(1e6 * far, np.full(14, 2e8))
    assert (f"({odd} such run(s))" in said) is told


@pytest.mark.parametrize(
    "thin, word", [(0.019, "refused"), (0.021, "hardly"), (0.059, "hardly"), (0.061, "")]
)
@pytest.mark.parametrize("slope, name", [(1, " (D / N is fixed)"), (-1, " (a single compute")])
def test_runs_on_one_line_are_refused_and_those_near_it_doubted(thin, word, slope, name):
    """Log N along a line of slope 1 or -1, and off it by a share `thin` of that."""
    along, off = np.array([1.0, -1, 1, -1]), thin * np.array([1.0, 1, -1, -1])
    x = {"N": np.exp(along - slope * off), "D": np.exp(slope * along + off)}
    if word == "refused":
        with pytest.raises(UndeterminedError, match="lie on one line of slope") as error:
            _doubts.refuse_flat(x, 2)
        assert name in str(error.value)
    else:
        told = _doubts.refuse_flat(x, 2)
        assert len(told) == bool(word)
        assert all(f"{thin:.1%}" in one and name in one and "lie nearly on" in one for one in told)


@pytest.mark.parametrize(
    "labels, different, told", [(7, 28, True), (7, 27, False), (8, 99, False), (1, 4, True)]
)
def test_a_column_of_few_labels_for_many_places_is_doubted(labels, different, told):
    said = _doubts.few_groups(np.arange(labels), different)
    assert bool(said) is told and all(f"{labels} label(s) for {different}" in one for one in said)
    assert _doubts.few_groups(None, 99) == []


@pytest.mark.parametrize(
    "y, said",
    [
        ([3.0, 2.0, 2.0, 1.0], "a multiple of 1,"),
        ([3.1, 2.0, 2.0, 1.4], "a multiple of 0.1"),
        ([2.11, 2.04, 2.04, 2.02], "a multiple of 0.01"),
        ([2.11, 2.04, 2.04, 1.02], "run(s) repeat another one exactly"),  # digits enough
        ([2.111, 2.044, 2.044, 1.02], "(run b is there 2 times)"),
    ],
)
def test_runs_alike_in_all_are_counted_or_rounded(y, said):
    x = {"N": np.array([1.0, 2, 2, 3]), "D": np.array([1.0, 2, 2, 3])}
    (told,) = _doubts.repeated(x, np.array(y), list("abcd"))
    assert said in told
    assert _doubts.repeated(x, np.array([4.0, 3, 2.5, 1]), list("abcd")) == []
    if "exactly" in said:
        groups = np.array(["one", "two", "two", "three"])
        assert _doubts.repeated(x, np.array(y), list("abcd"), groups) == []
        (apart,) = _doubts.repeated(x, np.array(y), list("abcd"), np.array(list("wxyz")))
        assert "or give groups=" in told and "groups=" not in apart


# ---- doubts after a fit --------------------------------------------------------------------------


def study(**given) -> Any:
    return SimpleNamespace(form=SimpleNamespace(name="mine", floor_name="E", **given), free=["a"])


@pytest.mark.parametrize("labels, called", [(None, "2"), (["p", "q", "r"], "r")])
@pytest.mark.parametrize("where", ["loss", "slope", "second slope"])
def test_a_loss_or_a_slope_that_is_no_number_is_refused(labels, called, where):
    r, J = np.zeros(3), np.ones((2, 3))
    {"loss": r, "slope": J[0], "second slope": J[1]}[where][2] = nan if where != "loss" else np.inf
    one = study()
    problem = SimpleNamespace(jacobian=lambda phi: (r, J), target=r)
    one.found = SimpleNamespace(problem=problem, phi=np.zeros(2))
    with pytest.raises(UndeterminedError, match=rf"no number for 1 of 3 runs \(run {called}\)"):
        _doubts.examine(one, {}, labels)


@pytest.mark.parametrize("value, told", [(0.01, True), (0.011, False), (2.9, False), (3, True)])
@pytest.mark.parametrize("key", ["g", "g[web]"])
def test_an_outer_exponent_that_runs_away_is_refused(value, told, key):
    one = study(exponents=lambda: {"g": None})
    one.free, one.bounds = ["E", key], {}
    for sign in (1, -1):
        if told:
            with pytest.raises(UndeterminedError, match=re.escape(f"outer exponent {key} is")):
                _doubts.refuse_exponents(one, {key: sign * value})
        else:
            _doubts.refuse_exponents(one, {key: sign * value})
    one.bounds = {key: (0, 9)}  # asked for
    _doubts.refuse_exponents(one, {key: value})


@pytest.mark.parametrize(
    "value, error, logs, said",
    [
        (2.0, 1.01, False, "a 2 give or take 1"),
        (2.0, 0.99, False, ""),
        (-2.0, 1.01, False, "a -2 give or take 1"),
        (2.0, 21, False, "a 2 give or take any amount"),
        (0.5, 9.9, False, "a 0.5 give or take 9.9"),
        (0.5, 10.1, False, "any amount"),
        (2.0, 0.51, True, "a 2 give or take a factor of 1.7 in mid-range"),
        (2.0, 0.49, True, ""),
        (2.0, 4.9, True, "a factor of 1.3e+02"),
        (2.0, 5.1, True, "any factor"),
    ],
)
def test_constants_that_stay_open_by_half_are_told(value, error, logs, said):
    one = study()
    one.moves_in_logs = lambda name: logs
    one.bound = SimpleNamespace(row=lambda name, at: (np.ones(2), 0))
    told = _doubts._loose(one, {"a": value}, {"a": error}, [False])
    assert len(told) == bool(said) and all(said in text for text in told)
    assert _doubts._loose(one, {"a": value}, {"a": error}, [True]) == []  # told of its bound
    one.form.floor_name = "a"
    assert _doubts._loose(one, {"a": value}, {"a": error}, [False]) == []


def test_what_rests_at_a_bound_is_told_but_no_floor_of_zero():
    resting = np.array([True, True, False])
    for at, told in ((0.0, ["b"]), (0.5, ["a", "b"])):
        problem, phi = SimpleNamespace(offset=0), np.array([at, 0.0, 1])
        said = _doubts._bounds(problem, phi, list("abc"), resting, dict.fromkeys("abc", 2.0))
        assert [one.split()[0] for one in said] == told


def test_a_combination_is_named_without_its_small_parts():
    direction = np.array([0.5, -1.0, 0.049, 0.051])
    assert _doubts._combination(direction, list("abcd")) == "+0.50 a -1.00 b +0.05 d"


# ---- how far ahead -------------------------------------------------------------------------------


def test_how_far_ahead_of_what_has_no_scale():
    assert _ahead.folds_ahead(None, 10.0).tolist() == [0]
    assert _ahead.folds_ahead(np.array([5.0]), nan).tolist() == [0]
    found = _ahead.folds_ahead(np.array([1.0, 10, 100]), 10.0)
    assert found == pytest.approx([0, 0, 2.302585])
    drift = _ahead.drift(SimpleNamespace(x={"a": np.ones(3), "b": np.ones(3)}))
    assert not drift.told and np.isnan(drift.size) and drift.cuts == 0


def test_far_out_counts_from_the_limit_on():
    for name, times, unit in (("C", 1000, "FLOPs"), ("D / N", 30, "tokens per"), ("k", 1000, "k")):
        for share, told in ((0.99, 0), (1, 0), (1.01, 1)):
            above = _ahead.far_out(name, [5.0, 10 * times * share], 1.0, 10.0)
            below = _ahead.far_out(name, [5.0, 1 / (times * share)], 1.0, 10.0)
            assert (len(above), len(below)) == (told, told), (name, share)
            assert all(unit in one and "times the largest" in one for one in above)
            assert all(unit in one and "of the smallest" in one for one in below)
    assert _ahead.far_out("C", [nan, np.inf, -1.0], 1, 2) == []


def test_a_group_that_is_not_below_the_cut_tells_no_drift(monkeypatch):
    names = np.array(["web", "web", "code"])
    whole = SimpleNamespace(x={"N": np.ones(3), "data": names}, form=None)
    part = SimpleNamespace(x={"N": np.ones(2), "data": names[:2]})
    monkeypatch.setattr(_ahead, "_only", lambda study, rows: part)
    assert _ahead._slope(whole, names == "web", np.ones(3)) is None


# ---- arithmetic ----------------------------------------------------------------------------------


def test_equations_without_one_answer_are_solved_all_the_same():
    """Two rows alike: NumPy refuses, and any answer will do."""
    H = np.ones((2, 2, 3)) * [1.0, 2, 3]
    g = np.ones((2, 3)) * [1.0, 4, 9]
    step = _engine.solve(H, g, np.zeros(3))
    assert np.isfinite(step).all()
    assert np.einsum("ijb,jb->ib", H, step) == pytest.approx(g)
    many = _engine.solve(np.eye(2)[:, :, None] * np.full(150, 2.0), np.ones((2, 150)), np.ones(150))
    assert many == pytest.approx(np.full((2, 150), 0.25))  # damped by as much again


def test_a_grid_of_many_unknowns_is_drawn_within_its_bounds():
    shape = ["exponent"] * 3 + ["gamma", "floor"]
    lows, highs = [0.1, 0.2, 2.5, 0.1, 0.0], [0.5, 0.6, 3.0, 1.0, 9.0]
    nodes = _powers.grid(shape, lows, highs, 2.0)
    assert nodes.shape == (1500, 5) and len(np.unique(nodes, axis=0)) > 700
    assert (nodes >= np.array(lows) - 1e-12).all() and (nodes <= np.array(highs) + 1e-12).all()
    assert nodes[:, 2].min() == pytest.approx(2.5) and nodes[:, 2].max() == pytest.approx(3)
    assert nodes[:, 4].max() == pytest.approx(1.9) and nodes[:, 4].min() == 0
    assert (nodes == _powers.grid(shape, lows, highs, 2.0)).all()
    assert _powers.grid([], [], [], 1.0).shape == (1, 0)
    assert len(_powers.grid(shape[:2], lows[:2], highs[:2], 2.0)) == 14**2
    rising = _powers._axis("rising", -0.5, -0.1, 6, 2.0)
    assert rising.min() == pytest.approx(-0.5) and rising.max() == pytest.approx(-0.1)
    low = _powers._axis("exponent", 1e-3, 1e-2, 6, 2.0)
    assert low == pytest.approx(np.geomspace(1e-3, 1e-2, 6))
    wide = _powers._axis("exponent", 0.0, 10.0, 48, 2.0)
    assert wide[-2:].tolist() == [4, 10] and wide[-3] == pytest.approx(2) and wide[0] == 0.02


def test_compute_is_looked_for_below_its_usual_ends():
    assert planning._inverse(lambda C: C, 2.0) == pytest.approx(2)
    assert planning._inverse(lambda C: C, 1e-30) == pytest.approx(1e-30)
    assert planning._inverse(lambda C: 5.0, 5.0) == np.inf


def test_a_mixture_by_hand():
    assert forms._mixed((1.5, 2.0, -1.0), np.array([0.0, 1.0])) == pytest.approx([3.5, 2.235759])
    value, slopes = forms._mixed_slopes((1.5, 2.0, -1.0), np.array([1.0]))
    assert value == pytest.approx([2.235759])
    assert [float(one[0]) for one in slopes] == pytest.approx([1, 0.36788, 0.73576], abs=1e-5)
    half = forms._answered((0.2, 0.8, 3.0, 1.5), np.array([1.5, -99, 99]))
    assert half == pytest.approx([0.5, 0.8, 0.2])


def test_a_function_that_overflows_or_fails_at_one_place():
    def fails(theta, x):
        if theta[0] > 1:
            raise OverflowError
        return theta[0] / x

    found = forms._broadcast(fails, np.array([[1.0, 2.0]]), [np.array([2.0, 4.0])])
    assert found.tolist() == [[0.5, 0.25], [np.inf, np.inf]]
    with pytest.raises(ValueError, match=r"the range of a must be \(low, high\), got"):
        forms.own(fails, {"a": (2.0, 2.0)}, columns=("x",))


# ---- fits ----------------------------------------------------------------------------------------


def test_a_quantity_without_a_value_in_a_resample_is_refused():
    class Resampled(fits.LawFit):
        samples = pd.DataFrame({"a": np.linspace(1, 2, 200)})
        law: Any = SimpleNamespace(a=1)

        def __init__(self): ...

        def resampled(self):
            return [SimpleNamespace(a=0)]

    one: Any = Resampled()
    with pytest.raises(UndeterminedError, match="leaves the quantity without a value"):
        one.estimate(lambda law: 1 / law.a)


def allocated(**more) -> Any:
    minima = pd.DataFrame({"C": [1e18, 1e19], "N": [1e8, 3e8], "interior": [True, False]})
    usual = {"law": allocation.Allocation(0.1, 0.5, 1.0, 0.5), "minima": minima, "samples": None}
    usual |= {"no_interval": "too few", "doubts": (), "selected": (), "runs": None, "sampling": ""}
    return SimpleNamespace(**usual | more)


def test_an_allocation_without_runs_or_interval_says_so():
    text = allocation.AllocationFit.summary(allocated(selected=("C < 1e19",), doubts=("d",)))
    assert text.splitlines()[-4:] == [
        "1 of 2 best runs used, 1e+18 to 1e+18 FLOPs",
        "selected: C < 1e19",
        "no interval: too few",
        "doubt: d",
    ]
    assert "no interval" not in allocation.AllocationFit.summary(allocated(no_interval=""))
    with pytest.raises(ValueError, match="keeps no runs"):
        allocation.AllocationFit.of_losses(allocated(), [[1.0]])
    with pytest.raises(ValueError, match="no valleys to draw"):
        pictures.valleys(allocated(), plots.figure()[1])


def test_valleys_without_a_run_to_spare_are_not_doubted():
    exact = SimpleNamespace(spare=3, loss=np.ones(4), level=np.ones(4))
    tight = SimpleNamespace(spare=0, loss=np.ones(4), level=np.zeros(4))
    assert allocation._flat([exact]) == [] and allocation._flat([tight]) == []


def test_nothing_to_compare_is_refused():
    with pytest.raises(ValueError, match="did a condition drop all"):
        comparing._mask(0.2, {}, np.array([]))
    for share in (0.0, 1.0, -0.1):
        with pytest.raises(ValueError, match="between 0 and 1"):
            comparing._mask(share, {}, np.arange(1.0, 9))
    held = comparing._mask(0.25, {}, np.array([1.0, 2, 3, 4, 5, 6, 7.95, 8]))
    assert held.tolist() == [False] * 6 + [True] * 2
    one: Any = SimpleNamespace(predict=lambda *x, level: pd.DataFrame({"value": [2.0, -1]}))
    form: Any = SimpleNamespace(columns=("x",), target="loss")
    runs = pd.DataFrame({"x": [1.0, 2], "loss": [2.0, 3]})
    for bad in (-1.0, 0.0, nan):
        one = SimpleNamespace(
            predict=lambda *x, level, bad=bad: pd.DataFrame({"value": [2.0, bad]})
        )
        with pytest.raises(UndeterminedError, match="no positive number"):
            comparing._judge(one, form, runs, 0.9)
    fine: Any = SimpleNamespace(
        predict=lambda *x, level: pd.DataFrame({"value": [1.0, 1.5]}), samples=None
    )
    assert comparing._judge(fine, form, runs, 0.9).errors == pytest.approx([np.log(2)] * 2)


def test_a_rule_whose_fit_has_no_interval_tells_its_line(monkeypatch):
    run = pd.Series({"C": 4.0, "width": 8, "tokens": 64, "loss": 2.0})
    lab: Any = SimpleNamespace(train=lambda width, tokens: run)
    told = SimpleNamespace(
        samples=None, law=SimpleNamespace(loss=lambda C: 2 * np.ones(np.shape(C)))
    )
    monkeypatch.setattr(forecast, "fit_power_law", lambda *a, **k: told)
    monkeypatch.setattr(forecast, "_decide", lambda *given: given)
    assert forecast._along(lab, 9, lambda cost: run, [], [1, 2], True)[1:] == (2.0,)


def test_a_plan_of_different_tokens_needs_a_form_of_both():
    for name in ("power-law", "line"):
        with pytest.raises(ValueError, match="--different-tokens is for a form of N and D"):
            cli._refuse_plan(forms.FORMS[name], 1e9)
        cli._refuse_plan(forms.FORMS[name], None)


def test_budgets_without_a_best_run_are_refused():
    def none(*_, **__):
        raise ZeroDivisionError("no end")

    fit: Any = SimpleNamespace(doubts=(), form=None, optimum=none)
    asked = SimpleNamespace(level=0.9)
    with pytest.raises(UndeterminedError, match="no best run at such a budget: no end"):
        cli._plan_table(fit, [1e18], asked)


# ---- laws, pictures, tables ----------------------------------------------------------------------


def test_a_law_that_was_printed_in_part_computes_nothing():
    bare = next(key for key in published.laws().index if published.get(key).law is None)
    with pytest.raises(ValueError, match=f"'{bare}' has no law to compute with"):
        published.named("hoffmann_2022", bare)
    assert list(published.named("hoffmann_2022").values()) == [HOFFMANN_2022]


def test_ticks_without_a_place_and_without_a_number(tmp_path):
    numbers = plots._ReadableNumbers()
    assert numbers(0) == numbers(-5) == ""
    with pytest.raises(ValueError, match="ticks have no place yet"):
        numbers(5)
    _, ax = plots.figure()
    ax.remove()
    plots.save(ax, tmp_path / "none.svg")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "shell, backend, sharp",
    [("one", "inline", True), (None, "inline", False), ("one", "agg", False)],
)
def test_notebooks_draw_two_pixels_for_one(monkeypatch, shell, backend, sharp):
    import matplotlib_inline.backend_inline as inline

    asked: list[str] = []
    monkeypatch.setattr(inline, "set_matplotlib_formats", asked.append)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setattr(plots.plt, "get_backend", lambda: f"module://{backend}")
    plots._sharp()
    assert asked == ["retina"] * sharp


@pytest.mark.parametrize(
    "cell, value",
    [
        (True, None),
        (2, 2.0),
        (9.9e299, 9.9e299),
        (-1e300, np.inf),
        (None, nan),
        (" NA ", nan),
        ("1e3", 1000.0),
        ("1,5", None),
        ([1], None),
    ],
)
def test_a_cell_is_a_number_missing_or_neither(cell, value):
    found = reading._number(cell)
    assert (found is None) is (value is None)
    assert value is None or found == pytest.approx(value, nan_ok=True)


def test_a_column_under_two_names_is_told():
    frame, notes = pd.DataFrame({"N": [1.0], "params": [2.0]}), []
    assert reading._find(frame, "N", None, notes) == "N"
    assert notes == ["N is read from 'N'; 'params' is left aside"]
    columns, units = {"size": "N"}, {"N": "M"}
    other = pd.DataFrame({"params": [2.0], "loss": [1.0]})
    assert reading._with_compute(other, columns, units, []) is other
    assert columns == {"size": "params"} and units["size"] == "M"
    for there in ({"N": [1.0]}, {"D": [1.0]}, {"x": [1.0]}):
        frame = pd.DataFrame(there)
        assert reading._with_compute(frame, {"C": "C"}, {}, []) is frame
    both = pd.DataFrame({"N": [2.0], "D": [5.0]})
    assert reading._with_compute(both, {"C": "C"}, {}, []).C.to_list() == [60]


def test_what_two_files_import_is_joined_once(tmp_path):
    (tmp_path / "c.js").write_text("export const c = 1;\n")
    (tmp_path / "b.js").write_text('import { c } from "./c.js";\nexport const b = c;\n')
    (tmp_path / "a.js").write_text(
        'import { b } from "./b.js";\nimport { c } from "./c.js";\nexport default b + c;\n'
    )
    sources: dict[str, str] = {}
    bundle._collect("a.js", tmp_path, sources)
    assert list(sources) == ["c.js", "b.js", "a.js"]


# ---- exercises -----------------------------------------------------------------------------------


def test_an_exercise_of_another_kind_is_refused():
    assert isinstance(registry.exercise("08-parabola", kinds.Number), kinds.Number)
    with pytest.raises(ValueError, match="'08-parabola' is a Number, not a Function"):
        registry.exercise("08-parabola", kinds.Function)


def test_a_slip_without_a_value_passes():
    assert np.isnan(slips._in_digits(nan, 2)) and slips._in_digits(-np.inf, 2) == -np.inf
    assert slips._passes(nan, 1, 0.1) and slips._passes(1, np.inf, 0.1)
    assert slips._in_digits(4.5, 1) == 5 and slips._in_digits(0.01245, 3) == 0.0125
    assert slips._passes(1.004, 1, 0.001) and not slips._passes(1.2, 1, 0.1)


# ---- the laboratory ------------------------------------------------------------------------------


def test_another_matrix_library_is_left_alone(monkeypatch):
    monkeypatch.setattr(blas, "_openblas", lambda function: None)
    blas.one_thread()
    assert blas.threads() is None and blas.kernel() == "unknown"


def test_the_setter_is_given_one_thread(monkeypatch):
    given: dict[str, list] = {}
    monkeypatch.setattr(blas, "_openblas", lambda name: given.setdefault(name, []).append)
    blas.one_thread()
    assert given == {"set_num_threads": [1]}


def test_the_first_name_that_the_library_has_counts(monkeypatch):
    for names, found in (
        (["openblas_f"], "openblas_f"),
        (["scipy_openblas_f", "openblas_f"], "s"),
        ([], None),
    ):
        library = SimpleNamespace(**{name: name for name in names})
        monkeypatch.setattr(blas.ctypes, "CDLL", lambda path, library=library: library)
        told = blas._openblas("f")
        assert told is None if found is None else told.startswith(found)


def test_the_text_of_the_corpus_is_python_that_someone_wrote(tmp_path, monkeypatch):
    """Of two roots: no short file, no table, no package of the machine, no copy."""
    line = "def a_function_of_some_length(argument):  # {}\n    return argument\n"
    code = "".join(line.format(word) for word in range(6))
    other = code.replace("argument", "parameter").replace("length", "width")
    for name, text in {
        "lib/kept.py": code,
        "lib/short.py": "x = 1\n",
        "lib/table.py": "1234567890, " * 30,
        "lib/long.py": "x = " + "a + " * 200,
        "lib/site-packages/p.py": other,
        "lib/_sysconfigdata_x.py": other,
        "lib/data.txt": code,
        "numpy/deep/also.py": other.replace("\n", "\r\n"),
        "numpy/copy.py": code,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    monkeypatch.setattr(corpus, "PACKAGES", ("numpy",))
    monkeypatch.setattr(corpus.sysconfig, "get_paths", lambda: {"stdlib": str(tmp_path / "lib")})
    spec = SimpleNamespace(submodule_search_locations=[str(tmp_path / "numpy"), "elsewhere"])
    monkeypatch.setattr(corpus.importlib.util, "find_spec", lambda name: spec)
    monkeypatch.setattr(corpus, "split_files", lambda files, share, name: (files, share, name))
    files: Any = corpus.python_source(0.05)
    assert files[0] == {"python/kept.py": code, "numpy/deep/also.py": other} and files[1] == 0.05
    for nothing in (None, SimpleNamespace(submodule_search_locations=None)):
        monkeypatch.setattr(corpus.importlib.util, "find_spec", lambda name, found=nothing: found)
        with pytest.raises(ImportError, match="numpy is not installed"):
            corpus.python_source()
    assert corpus._is_table("1" * 21 + "a" * 79) and not corpus._is_table("1" * 20 + "a\n" * 40)
    assert corpus._is_table("a" * 300 + "\n") and not corpus._is_table("a" * 299 + "\n")


def test_no_c_kernel_on_windows(monkeypatch):
    monkeypatch.setattr(kernel.sys, "platform", "win32")
    source = Path(kernel.__file__).read_text(encoding="utf-8")
    name = re.search(r'def (\w+)\([^)]*\)[^:]*:(?:(?!\ndef ).)*?"win32"', source, re.S)[1]
    with pytest.raises(kernel.KernelError, match="for Linux and macOS"):
        call = getattr(kernel, name)
        getattr(call, "__wrapped__", call)()


def test_one_size_has_the_mean_cost_of_its_lever():
    gains = [
        Gain("x", "tokens", "a", 1e4, D, 6e4 * D, 2.0, low=1.9, high=2.1, own=own, kind="90 %")
        for D, own in ((1e5, 0.1), (2e5, 0.4), (4e5, 0.0))
    ]
    found = lever_plan.effect("x", "one", gains, "D")
    assert found.own == pytest.approx(0.2) and found.own_power == 0  # of 0.1 and 0.4 in logs


@pytest.mark.parametrize("name", lever_tables.TABLES)
def test_the_words_of_a_table_stand_as_they_would_be_written(tmp_path, name):
    """Again over what stands there, and anew before the tables that are not our own."""
    known = (lever_tables.DATA / "described.json").read_text(encoding="utf-8")
    file = tmp_path / "described.json"
    file.write_text(known, encoding="utf-8")
    entry = json.loads(known)
    entry = entry.get("tables", entry)
    rows = next(
        one[f"levers_{name}"]["rows"]
        for one in (entry, *(part for part in entry.values() if isinstance(part, dict)))
        if f"levers_{name}" in one
    )
    lever_tables._describe(name, rows, file)
    assert file.read_text(encoding="utf-8") == known
    begin = known.index(f'  "levers_{name}": {{\n')
    end = known.index("\n  },\n", begin) + len("\n  },\n")
    file.write_text(known[:begin] + known[end:], encoding="utf-8")
    lever_tables._describe(name, rows, file)
    text = file.read_text(encoding="utf-8")
    assert known[begin:end] + '  "chinchilla": {' in text and json.loads(text) == json.loads(known)


def test_levers_without_trials_are_left_out(tmp_path):
    assert lever_tables.record(["grid", "quality"], tmp_path, tmp_path).empty
    assert list(tmp_path.iterdir()) == []


def test_a_token_passes_through_one_expert():
    shape: Any = SimpleNamespace(n_expert_active=2)
    with pytest.raises(ValueError, match="passes through 1 expert, not 2"):
        mixture.Mixture(shape)


def test_the_price_of_trials_by_hand():
    """Scoring is a third of training, once plain and once for each number of bits."""
    recipe: Any = SimpleNamespace(held_out=100, shape=SimpleNamespace(flops_per_token=30.0))
    assert trials.Rounding(recipe, (2, 3, 4)).flops == 10 * 100 * 4
    adding = trials.Adding(width=16, seed=0, exams=(100, 300))
    assert adding.flops == adding.shape.flops_per_token * 300 * 32 * 32
    teacher: Any = SimpleNamespace(teacher="nobody")
    bench: Any = None
    with pytest.raises(trials.TrialError, match="a recipe or 'truth', got 'nobody'"):
        trials.teaching(teacher, bench)


@pytest.mark.parametrize("lo, hi, told", [(-np.inf, np.inf, False), (0, np.inf, True)])
def test_a_bound_on_either_side_counts(lo, hi, told):
    for ends in ((lo, hi), (-hi, -lo)):
        one = SimpleNamespace(
            lo=np.array([-np.inf, ends[0]], float), hi=np.array([np.inf, ends[1]], float)
        )
        asked: Any = _engine.Problem._bounded
        assert asked.func(one) is told


def test_what_is_fetched_lies_in_the_cache_of_the_library(monkeypatch, tmp_path):
    """Under the package's name and the file's own folder; a folder that is named comes first."""
    asked: list[tuple] = []
    monkeypatch.delenv(runs.FOLDER_VARIABLE, raising=False)
    monkeypatch.setattr(runs.pooch, "os_cache", lambda name: tmp_path / f"cache of {name}")
    monkeypatch.setattr(
        runs.pooch, "retrieve", lambda *given: asked.append(given) or str(tmp_path / "got")
    )
    file: Any = SimpleNamespace(path="a/b.csv", address="https://x.org/z", sha256="00")
    assert runs._local_file(file) == tmp_path / "got"
    assert asked == [("https://x.org/z", "00", "b.csv", tmp_path / "cache of scalinglib" / "a")]
    monkeypatch.setenv(runs.FOLDER_VARIABLE, str(tmp_path))
    with pytest.raises(runs.DataUnavailableError, match=r"which has no a/b\.csv"):
        runs._local_file(file)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.csv").write_text("x")
    assert runs._local_file(file) == tmp_path / "a" / "b.csv" and len(asked) == 1


def test_an_order_is_held_by_how_many_draws():
    """Of two values half a deviation of their difference apart: 69 %, either way round."""
    for order, values in (
        ("rising", [1.0, 1.5]),
        ("falling", [1.5, 1.0]),
        ("lowest", [1.0, 1.5]),
        ("highest", [1.0, 1.5]),
    ):
        share = noise.order_share(values, 0.5**0.5, order)
        assert share == pytest.approx(0.691, abs=0.02), order


@pytest.mark.parametrize("kind", trials.KINDS)
def test_what_a_plan_says_of_a_trial_is_all_but_its_recipe(kind):
    names = list(inspect.signature(trials.KINDS[kind]).parameters)
    assert names.count("recipe") <= 1
    assert list(trials._own(kind)) == [name for name in names if name != "recipe"]
