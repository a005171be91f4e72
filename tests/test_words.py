"""What the library says where a question cannot be meant: what it was, and what would do."""

import math
import pickle
import warnings
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

import scalinglib as sl
from scalinglib import cli, forms, planning
from scalinglib.fits import LawFit
from scalinglib.laws import HOFFMANN_2022 as H

pytestmark = pytest.mark.usefixtures("searched_once")

rng = np.random.default_rng(0)
N, D = 10 ** rng.uniform(7.5, 10, 24), 10 ** rng.uniform(9, 11.5, 24)
LOSS = H.loss(N, D) * np.exp(0.003 * rng.standard_normal(24))
RUNS = pd.DataFrame({"N": N, "D": D, "loss": LOSS, "data": np.tile(["web", "code"], 12)})
FIT = sl.fit("chinchilla", RUNS)
ANY: Any = FIT
LINE = sl.fit("line", {"x": N, "loss": N**-0.1 * np.exp(0.003 * rng.standard_normal(24))})
OWN_LINE = forms.own(lambda th, N: th[0] + th[1] / N, {"E": (1, 3), "k": (-1, 9)}, columns=("N",))
C = np.repeat([1e18, 1e19, 1e20], 5)
SIZES = H.optimum(C).N * np.tile([0.25, 0.5, 1, 2, 4], 3)
VALLEYS = C, SIZES, H.loss(SIZES, C / 6 / SIZES)
ISO: Any = sl.fit_isoflop(*VALLEYS)
ANY_LAW: Any = sl.published.get("deepseek_2024").law
ENTRY: Any = sl.published.get("deepseek_2024")
NONE: Any = None
ANY_TEXT: Any = "alpha"
ANY_NUMBER: Any = 0.3
ANY_LIST: Any = ["E"]
ANY_TABLE: Any = RUNS
ANY_RUNS: Any = np.array([1e10, 1e11])


@cache  # not while tests are collected, which every process does
def groups():
    return sl.fit(forms.by_group("chinchilla", "data", apart=["B"]), RUNS)


@cache
def pool() -> Any:
    return sl.forecast.pool(N, D, LOSS, bootstrap=20)


def law_of_two(theta, N, D):
    return theta[0] * N ** theta[1]


ASKED = {
    "a path": (lambda: sl.fit("chinchilla", "my.csv"), "'my.csv', no table: read it first"),
    "a path to compare": (lambda: sl.compare("kaplan", "my.csv", hold_out=0.2), "read it first"),
    "a list of runs": (
        lambda: sl.fit("chinchilla", RUNS.to_dict("records")),
        r"runs is a list: give a table, pandas.DataFrame",
    ),
    "no loss": (
        lambda: sl.fit("chinchilla", RUNS.rename(columns={"loss": "val"})),
        r"no column 'loss'; the form 'additive' reads N, D, loss, and there are 'N', 'D', 'val'",
    ),
    "weights by a wrong name": (
        lambda: sl.fit("chinchilla", RUNS, weights="w"),
        "no column 'w'; weights reads w, and there are 'N'",
    ),
    "a form misspelt": (lambda: sl.fit("chinchila:E=1", RUNS), "no form is called 'chinchila'"),
    "a form that is none": (lambda: sl.fit({"E": 1.0}, RUNS), "is no form: give a name"),
    "a group of what is no sum": (lambda: forms.by_group("repeated", "data", []), "sum of powers"),
    "an exponent below zero": (
        lambda: sl.fit("chinchilla", RUNS, fixed={"alpha": -1}),
        r"alpha cannot be fixed at -1: in this form it lies between 1e-06 and 20",
    ),
    "a floor below zero": (lambda: sl.fit("chinchilla:E=-1", RUNS), "E cannot be fixed at -1"),
    "a table to predict": (lambda: FIT.predict(RUNS[["N", "loss"]]), "have no column 'D'; the law"),
    "one column to predict": (lambda: FIT.predict(N), "give N, D, one after the other"),
    "another name to predict": (lambda: FIT.predict(N=N, tokens=D), "give N, D by name"),
    "columns of two lengths": (lambda: FIT.predict(N[:2], D[:3]), "N has 2, D has 3"),
    "a picture without its runs": (
        lambda: FIT.plot(kind="hold-out"),
        r"plot\(kind='hold-out'\): missing a required argument: 'runs'",
    ),
    "a picture with another's word": (
        lambda: FIT.plot(level=0.5),
        r"plot\(kind='fit'\): got an unexpected keyword argument 'level'",
    ),
    "own form of other columns": (
        lambda: forms.own(law_of_two, {"K": (1, 9), "a": (-1, 1)}, columns=("N",)),
        r"called as f\(theta, N\), and cannot be: missing a required argument: 'D'",
    ),
    "a fit cut off": (lambda: LawFit.from_json(FIT.to_json()[:200]), "no fit: .*was it cut off?"),
    "the best run of all groups": (
        lambda: groups().optimum(1e22),
        r"each group has its own best run: law\['code'\].optimum\(C\)",
    ),
    "compute for all groups": (
        lambda: groups().compute_for(2.5),
        "each group has its own best run",
    ),
    "labels that are data": (lambda: groups().predict(N, N, D), "no law for the group"),
    "a bill of a fit": (
        lambda: planning.cheapest(ANY, 2.1, 1e13),
        r"cheapest takes a law, and this is a fit: give its law \(fit.law\)",
    ),
    "the overhead of a fit": (
        lambda: planning.overhead(ANY, 7e9, 3e22),
        r"ask fit.estimate\(lambda law: overhead\(law",
    ),
    "a plan by one column": (
        lambda: LINE.optimum(1e22),
        "the form '.*' reads x, and a plan needs N and D: it cannot plan; call predict",
    ),
    "a plan by one column of your own": (
        lambda: sl.fit(OWN_LINE, RUNS).optimum([1e21, 1e22]),
        "the form 'own form' reads N, and a plan needs N and D",
    ),
    "the law of a line": (
        lambda: planning.optimum(LINE.law, 1e22),
        "PowerLaw reads x, and a plan needs N and D: it cannot plan; call its loss",
    ),
    "a picture of one budget": (
        lambda: FIT.plot(kind="frontier", C=3e22),
        r"C is the range of budgets to draw, \(low, high\) in FLOPs; got 3e\+22",
    ),
    "a line that rises": (
        lambda: sl.fit("line", {"x": N, "loss": N**0.3}),
        r"if it rises, use the form 'rising-line' \(in fit_power_law rising=True\)",
    ),
    "a rise that falls, by another column": (
        lambda: sl.fit(forms.power_law("N", floor=False, rising=True), {"N": N, "loss": N**-0.3}),
        r"if it falls, give forms.power_law\('N', floor=False, rising=False\)",
    ),
    "one row in another unit": (
        lambda: sl.read(b"N,D,loss\n7e7,1e9,3.3\n2e8,2e9,3.2\n3e8,6,3.1\n4e8,8e9,3\n5e8,8e9,3\n"),
        r"run at line 4 has D 6, .* Mend it, or leave it out$",
    ),
    "repeats where there are none": (
        lambda: sl.fit("repeated", RUNS.assign(unique=RUNS.D)),
        r"no run reads a token twice .* nothing fixes R_D, R_N of .* or fit 'chinchilla'",
    ),
    "compute in PF-days": (
        lambda: planning.gpu_hours([347, 1e21], 989e12, 0.4),
        r"C is in FLOPs, got 347: is that PF-days\? Then write 347 \* 8.64e19",
    ),
    "an own form of more constants": (
        lambda: sl.fit(forms.own(lambda th, N, D: th[0] + th[3] / N, {"E": (0.1, 3)}), RUNS),
        r"your function fails at theta = \[.*\]: IndexError: .*; theta has 1 constant\(s\)",
    ),
    "power in kW": (lambda: planning.energy_kwh(100, 0.7, 1.2), r"is that kW\? Then write 700"),
    # who is a law, a fit, an allocation
    "compute of an allocation": (
        lambda: planning.least_compute(ANY_LAW, 2.0),
        "least_compute needs a loss, and an Allocation tells none",
    ),
    "compute of a fitted one": (lambda: planning.least_compute(ISO, 2.0), "Allocation tells none"),
    "speed-up of an allocation": (lambda: planning.speed_up(ISO, H, 2.0), "speed_up needs a loss"),
    "speed-up over one": (lambda: FIT.speed_up(ISO, 2.0), "an Allocation tells none"),
    "a plan beside an allocation": (lambda: planning.shortfall(ISO, 1e9, 1e10), "tells none"),
    "overhead of one": (lambda: planning.overhead(ANY_LAW, 1e9, 1e21), "overhead needs a loss"),
    "the bill of one": (lambda: planning.cheapest(ANY_LAW, 2.1, 1e12), "cheapest needs a loss"),
    "a law that was not printed": (
        lambda: planning.shortfall(NONE, 1e9, 1e10),
        "shortfall takes a law or a fit, got None: of an entry of `published`",
    ),
    "an entry": (lambda: planning.frontier(ENTRY, 1e21), r"a plan takes a law or a fit, got Publi"),
    "a plan beside a line": (lambda: planning.shortfall(LINE, 1e9, 1e10), "reads x, and a plan"),
    "best data of a line": (lambda: planning.best_data(LINE, 1e9), "reads x, and a plan needs N"),
    "a picture of its frontier": (lambda: LINE.plot(kind="frontier"), "reads x, and a plan needs"),
    "a plan of repeats": (
        lambda: planning.shortfall(sl.laws.MUENNIGHOFF_2023, 1e9, 1e10),
        r"shortfall does not know how many different tokens .* \(law.fresh\)",
    ),
    "a plan of groups": (lambda: planning.shortfall(groups(), 1e9, 1e10), "its own best run"),
    "the overhead of separate fits": (
        lambda: planning.overhead(sl.KAPLAN_2020, 1e9, 1e21),
        "its frontier and its loss are separate fits",
    ),
    "the bill of separate fits": (
        lambda: planning.cheapest(sl.KAPLAN_2020, 2.5, 1e12),
        "its frontier and its loss are separate fits",
    ),
    "the bill of half a law": (
        lambda: planning.cheapest(sl.KaplanLaw(6.4e13, 1.8e13, 0.076, 0.103), 2.5, 1e12),
        "tells neither the compute nor the best run",
    ),
    "next runs of a law": (lambda: planning.next_runs(H, 1e20, 1e21), "and got ChinchillaLaw"),
    # names, functions, whole numbers, pairs
    "a menu of pairs": (lambda: planning.next_runs(FIT, 1e20, 1e21, menu=[(1e9, 1e10)]), "a list"),
    "a menu without N": (
        lambda: planning.next_runs(FIT, 1e20, 1e21, menu={"D": [1e10]}),
        "the runs on the menu have no column 'N'",
    ),
    "a menu without a price": (
        lambda: planning.next_runs(LINE, 1e20, quantity=lambda law: 1.0, menu={"x": [1e9]}),
        "the runs on the menu have no column 'C'",
    ),
    "no runs to buy": (lambda: planning.next_runs(FIT, 1e20, 1e21, most=0), "1 or more, got 0"),
    "a constant to know": (
        lambda: planning.next_runs(FIT, 1e20, quantity=ANY_TEXT),
        "a law, as in",
    ),
    "the interval of a name": (
        lambda: FIT.interval(ANY_TEXT),
        "quantity is a function of a law, as in lambda law: law.alpha; got 'alpha'",
    ),
    "a picture by position": (lambda: FIT.plot(ANY_TEXT), r"no axes: write plot\(kind='alpha'\)"),
    "one end of a bound": (
        lambda: sl.fit("chinchilla", RUNS, bounds={"alpha": ANY_NUMBER}),
        r"bounds of alpha must be \(low, high\), got 0.3",
    ),
    "names that are fixed": (
        lambda: sl.fit("chinchilla", RUNS, fixed=ANY_LIST),
        r"fixed goes by constant, as in fixed=\{\"E\": 1.69\}; got \['E'\]",
    ),
    "names without ranges": (lambda: forms.own(law_of_two, ANY_LIST), "ranges goes by constant"),
    "half a seed": (lambda: sl.fit("chinchilla", RUNS, seed=ANY_NUMBER), "seed is a whole number"),
    "resamples in words": (
        lambda: sl.fit("chinchilla", RUNS, bootstrap=ANY_TEXT),
        "bootstrap is the number of resamples, 0 or more, got 'alpha'",
    ),
    "a level in words": (lambda: FIT.summary(level=ANY_TEXT), "level must be numbers"),
    "a table for a form": (lambda: sl.fit(ANY_TABLE, "chinchilla"), "a DataFrame is no form: give"),
    "a form of another pool": (lambda: pool().only("chinchilla"), "called 'chinchilla'; there are"),
    "a forecast of two runs": (lambda: pool().forecast(ANY_RUNS, 1e11), "one run, and N has 2"),
    "budgets and tokens": (
        lambda: planning.frontier(H, [1e22, 1e23], unique=np.array([1e9, 1e10, 1e11])),
        "C has 2, unique has 3",
    ),
    "constants of all forms": (
        lambda: sl.compare("chinchilla", RUNS, hold_out=0.2, fixed={"E": 1}),
        "fixed goes with each form: 'chinchilla:E=1.69'",
    ),
    "a function for a hold-out": (
        lambda: sl.compare("chinchilla", RUNS, hold_out=lambda runs: runs.N > 1e9),
        "hold_out must say True or False .* or be a share or a condition",
    ),
    # said twice, or dropped
    "a constant twice": (
        lambda: sl.fit("chinchilla:E=1,E=2", RUNS),
        "E is given twice, as 1.0 and",
    ),
    "a constant by two ways": (
        lambda: sl.fit("chinchilla:E=1", RUNS, fixed={"E": 1.69}),
        "E is given twice, as 1.0 and as 1.69",
    ),
    "a tie twice": (lambda: sl.fit("chinchilla:alpha=beta,alpha=E", RUNS), "alpha is given twice"),
    "a constant of a form by group": (
        lambda: forms.by_group("chinchilla:E=1", "data", ["A"]),
        r"takes a form without constants: give them to fit, fixed=\{'E': 1.0\}",
    ),
    "numbers for labels": (
        lambda: forms.by_group("chinchilla", "N", ["E"]),
        "additive reads 'N' as numbers: give a column of labels",
    ),
    "a label that is none": (
        lambda: groups().law[1],
        "no group is called '1'; there are code, web",
    ),
    "text without quotes": (
        lambda: sl.reading.select(RUNS, "data != web"),
        "no column 'web'; .*; text goes in quotes, as in Group != 'web'",
    ),
    "weights of other runs": (
        lambda: sl.fit("chinchilla", RUNS, weights=pd.Series(np.ones(24), np.arange(24) + 5)),
        r"weights is a Series whose index \(\[5, 6, 7\] ...\) is not that of the runs \(\[0, 1,",
    ),
    "one loss in all valleys": (
        lambda: sl.fit_isoflop(*VALLEYS[:2], np.full(15, 2.0)),
        "every run has the same loss, 2: there is nothing",
    ),
    "one loss in each valley": (
        lambda: sl.fit_isoflop(*VALLEYS[:2], np.repeat([3.0, 2.5, 2.2], 5)),
        "0 of 3 budgets .* opens downward, or none",
    ),
}


@pytest.mark.parametrize("ask, words", ASKED.values(), ids=ASKED)
def test_what_is_said(ask, words):
    with pytest.raises(ValueError, match=words) as raised:
        ask()
    assert len(str(raised.value)) < 400


def test_what_is_meant_so_is_done():
    """The neighbours of the questions above."""
    one = sl.fit("chinchilla:E=1.69,alpha=beta", RUNS)
    two = sl.fit("chinchilla", RUNS, fixed={"E": 1.69}, tied={"alpha": "beta"})
    assert one.law == two.law and one.report == two.report
    assert sl.fit("chinchilla:E=1.69", RUNS, fixed={"E": 1.69}).law.E == 1.69
    assert sl.fit("chinchilla", RUNS, fixed={"E": 0.0, "alpha": 0.34}).law.alpha == 0.34
    assert groups().law["web"].optimum(1e22).N > 0
    assert FIT.predict(1e9, D[:3]).shape == (3, 1)
    assert planning.energy_kwh(100, 5, 1.2) == pytest.approx(0.6)
    assert sl.fit("chinchilla", RUNS.to_dict("list")).law == FIT.law


def score(rng):
    """An accuracy between 0.2 and 0.8."""
    return 0.9 - 0.25 * (LOSS - LOSS.min()) + 0.003 * rng.standard_normal(24)


@pytest.mark.parametrize("form", ["chinchilla", "kaplan"])
def test_a_score_is_no_loss(form):
    scored = RUNS.assign(loss=score(np.random.default_rng(1)))
    with pytest.raises(ValueError, match=r"loss rises with scale in .* accuracy or another score"):
        sl.fit(form, scored)
    assert sl.fit(form, RUNS.assign(loss=1 - scored.loss)).report.runs == 24


@pytest.mark.parametrize("jitter", [0.0, 0.003, 0.03])
def test_budgets_that_are_counted_and_not_nominal(jitter):
    nominal = np.repeat([1e18, 3e18, 1e19, 3e19, 1e20], 5)
    sizes = H.optimum(nominal).N * np.tile([0.25, 0.5, 1, 2, 4], 5)
    counted = nominal * np.exp(jitter * np.random.default_rng(0).uniform(-1, 1, 25))
    tokens = counted / 6 / sizes
    told = {"D": tokens}
    if jitter > 0.01:
        with pytest.raises(
            ValueError, match=r"they lie in 5 groups, each within \d.\d%: if a group"
        ):
            sl.fit_isoflop(counted, sizes, H.loss(sizes, tokens), **told)
        counted = nominal
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sl.fitting.FitWarning)
        found = sl.fit_isoflop(counted, sizes, H.loss(sizes, tokens), **told)
    assert found.a == pytest.approx(H.a, abs=0.01 + 0.3 * jitter)


def test_budgets_that_are_all_different_are_told_as_such():
    """Not taken for a few that were missed."""
    C = np.geomspace(1e18, 1e20, 24)
    with pytest.raises(ValueError, match="a parabola needs 3"):
        sl.fit_isoflop(C, H.optimum(C).N, H.optimum(C).loss)


def only_now_and_then(theta, N, D):
    return np.log(theta[1] - N / 1e9) + theta[0]


def nowhere_in_large(theta, N, D):
    return theta[0] * np.where(N > 1e9, np.nan, 1.0) + theta[1] * D**-0.3


@pytest.mark.parametrize("f", [only_now_and_then, nowhere_in_large])
def test_a_form_that_gives_no_number_is_told_and_trials_far_off_are_not(f):
    mine = forms.own(f, {"a": (1.0, 2.0), "b": (-1, 3)}, name="mine")
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        with pytest.raises(ValueError, match=r"the form 'mine' gives no number for \d+ of 24 runs"):
            sl.fit(mine, RUNS)


def test_an_overflow_on_the_way_is_no_news():
    def overflow(theta, N, D):
        return theta[0] + np.exp(np.exp(theta[1]) * 1e4 / N) * D**-0.1

    far = forms.own(overflow, {"a": (0.0, 3.0), "b": (-9.0, 20.0)})
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        warnings.simplefilter("ignore", sl.fitting.FitWarning)
        sl.fit(far, RUNS, bootstrap=20)


def test_a_fit_beside_a_law():
    for told in (FIT.speed_up(H, 2.2), FIT.speed_up(FIT, 2.2), planning.speed_up(FIT, H, 2.2)):
        assert np.isnan(told.low) and np.isnan(told.high)
    one, two = FIT.speed_up(H, 2.2).value, planning.speed_up(H, FIT, 2.2).value
    assert one == pytest.approx(planning.speed_up(FIT.law, H, 2.2)) and two == pytest.approx(
        1 / one
    )
    drawn = sl.fit("chinchilla", RUNS, bootstrap=20)
    told = drawn.speed_up(H, 2.2, level=0.8)
    back = planning.speed_up(H, drawn, 2.2, level=0.8)
    assert told.low < told.value < told.high and back.low < 1 / told.value < back.high


@pytest.mark.parametrize("digits, told", [(6, False), (3, True)])
def test_budgets_that_differ_by_rounding_alone_are_no_doubt(digits, told):
    C = np.repeat([1e18, 1e19, 1e20], 5)
    sizes = H.optimum(C).N * np.tile([0.25, 0.5, 1, 2, 4], 3)
    size, data = (
        np.array([float(f"{one:.{digits}g}") for one in x]) for x in (sizes, C / 6 / sizes)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sl.fitting.FitWarning)
        found = sl.fit_isoflop(6 * size * data, size, H.loss(size, data))
    assert len(found.minima) == 3
    assert ("taken as one budget" in found.summary()) == told


def test_one_noise_for_all_runs():
    one, each = sl.fit("chinchilla", RUNS, noise=0.003), np.full(24, 0.003)
    two = sl.fit("chinchilla", RUNS, noise=each)
    assert one.law == two.law and one.report == two.report
    with pytest.raises(ValueError, match="noise must be positive and finite"):
        sl.fit("chinchilla", RUNS, noise=0.0)


MILLIONS = b"params_M,tokens_B,val_loss\n" + b"".join(
    b"%d,%d,%.2f\n" % (50 * k, k * k + 1, 4 - 0.1 * k) for k in range(1, 9)
)


def test_one_column_of_a_file_in_millions():
    units, needed = {"N": "M", "D": "B"}, ("x", "loss")
    with pytest.raises(ValueError, match="no column is x: say which, --x HEADER"):
        sl.read(MILLIONS, units=units, needed=needed)  # of the units nothing is wrong
    with pytest.raises(ValueError, match=r"looks like x in units of M. Say which: --unit x=M"):
        sl.read(MILLIONS, columns={"x": "params_M"}, needed=needed)
    sizes = sl.read(MILLIONS, columns={"x": "params_M"}, units={"x": "M"}, needed=needed)
    compute = sl.read(MILLIONS, columns={"x": "C"}, units=units, needed=needed)
    assert sizes.x.iloc[0] == 5e7 and compute.x.iloc[0] == pytest.approx(6 * 5e7 * 2e9)
    assert "C is not there: taken as 6 N D" in compute.attrs["notes"]
    with pytest.raises(ValueError, match=r"'params_M' looks like N in units of M"):
        sl.read(MILLIONS, columns={"x": "C"}, needed=needed)


def test_the_best_of_the_lost_is_no_answer():
    away = RUNS.assign(loss=RUNS.loss * np.where(RUNS.N > 2e9, 1e4, 1.0))
    found = sl.compare(["chinchilla"], away, hold_out="N > 2e9", bootstrap=0)
    assert found.verdict.startswith("no form predicts the held-out runs: the best, chinchilla, is")
    assert not found.told_apart
    assert sl.compare(["chinchilla"], RUNS, hold_out="N > 2e9", bootstrap=0).told_apart


@pytest.mark.parametrize("share, told", [(0.2, True), (0.3, False)])
def test_a_share_held_out_in_whole_budgets(share, told):
    C = np.repeat([1e18, 1e19, 1e20], 8)
    whole = RUNS.assign(D=C / 6 / RUNS.N, loss=H.loss(RUNS.N, C / 6 / RUNS.N))
    found = sl.compare(["chinchilla"], whole, hold_out=share, bootstrap=0)
    words = "; 33% of the runs are held out where 20% were asked for, as budgets are kept whole"
    assert found.held_out.sum() == 8 and found.verdict.endswith(words) == told


@pytest.mark.whole
def test_a_function_of_plain_numbers_may_overflow_far_off():
    mine = forms.own(
        lambda th, N, D: th[0] + math.exp(th[1]) * N ** -th[2],
        {"E": (0.1, 3), "k": (-3, 8), "a": (0.05, 1)},
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sl.fitting.FitWarning)
        found = sl.fit(mine, RUNS.assign(loss=1.7 + 400 * RUNS.N**-0.34))
    assert found.law.E == pytest.approx(1.7, abs=1e-3)


@pytest.mark.parametrize("times, told", [(1.0, False), (1.1, False), (1.5, True), (0.7, True)])
def test_compute_that_is_not_6_N_D_is_noted(times, told):
    table = RUNS.assign(N=RUNS.N.round(), D=RUNS.D.round(), C=6 * times * RUNS.N * RUNS.D)
    notes = sl.read(table.to_csv(index=False).encode()).attrs["notes"]
    words = f"C is {times:.3g} times 6 N D in half of the runs; plans count 6 N D"
    assert (words in notes) == told


def test_tokens_that_bind_are_read_once(tmp_path, capsys):
    path = tmp_path / "fit.json"
    FIT.to_json(path)
    for tokens, told in (("1e11", True), ("1e15", False)):
        cli.main(["plan", str(path), "3e22", "--different-tokens", tokens])
        assert ("each is taken to be read once" in capsys.readouterr().err) == told


def drawn_again(seed):
    return RUNS.sample(frac=1, random_state=seed)


@pytest.mark.parametrize("how", ["weights", "noise", "groups"])
def test_what_goes_with_a_table_goes_by_its_labels(how):
    """A Series has labels, and a table in another order is the same runs."""
    given = pd.Series(np.linspace(0.5, 2, 24), RUNS.index)
    given = given.round() if how == "groups" else given
    table = drawn_again(3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sl.fitting.FitWarning)
        one, two = (sl.fit("chinchilla", runs, **{how: given}) for runs in (RUNS, table))
    by_position = given.loc[table.index].to_numpy()
    assert two.constants == pytest.approx(one.constants, rel=1e-4)
    for study, want in ((one.study, given.to_numpy()), (two.study, by_position)):
        name = {"weights": "weight"}.get(how, how)
        assert np.array_equal(getattr(study, name), want)


def test_a_hold_out_goes_by_the_labels_of_the_runs():
    table, wanted = drawn_again(3), (RUNS.N > 1e9) & (RUNS.D > 1e10)
    found = sl.compare("chinchilla", table, hold_out=wanted, bootstrap=0)
    assert sorted(table.index[found.held_out]) == sorted(RUNS.index[wanted])
    with pytest.raises(ValueError, match="hold_out is a Series whose index"):
        sl.compare("chinchilla", table.iloc[1:], hold_out=wanted, bootstrap=0)


def test_a_missing_coverage_says_why():
    """No dash without its reason: the runs above ten times those fitted, of too few to hold out."""
    small = RUNS.assign(C=6 * N * D).nsmallest(14, "C")
    far = pd.concat([small, RUNS.assign(C=6 * N * D).nlargest(3, "C")])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sl.fitting.FitWarning)
        found = sl.compare(["skaling:E=1.69"], far, hold_out=3 / 17, bootstrap=40)
    assert found.table["coverage"].isna().all()
    assert "no coverage (skaling:E=1.69): no interval for a run beyond 10 times" in found.summary()
    assert "no coverage" not in sl.compare("chinchilla", RUNS, hold_out=0.2, bootstrap=0).summary()


def test_one_compared_by_cell_needs_no_N_and_D():
    table = {"x": N, "loss": N**-0.1 * np.exp(0.003 * rng.standard_normal(24))}
    assert (
        sl.compare("line", table, hold_out=0.2, groups="cell", bootstrap=0).table.refused.iloc[0]
        == ""
    )


OWN = forms.own(law_of_two, {"K": (1, 9), "a": (-1, 1)})


@pytest.mark.parametrize("form", ["line", "chinchilla", OWN], ids=["line", "chinchilla", "own"])
def test_a_fit_can_be_sent_to_another_process(form):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sl.fitting.FitWarning)
        found = sl.fit(form, RUNS.assign(x=N))
    back = pickle.loads(pickle.dumps(found))
    assert back.constants == found.constants and back.summary() == found.summary()
    assert np.array_equal(back.residuals, found.residuals)


def test_a_law_for_each_size():
    """Labels may be numbers, of a column whose name means something elsewhere."""
    sizes = RUNS.assign(N=np.repeat([1e8, 1e9], 12)).assign(
        loss=lambda t: np.where(t.N > 5e8, 1.8, 2.2) + (1e9 / t.D) ** 0.3
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sl.fitting.FitWarning)
        found = sl.fit(forms.by_group(forms.power_law("D"), "N", ["scale", "floor"]), sizes)
    assert found.law[1e9].floor == pytest.approx(1.8, rel=1e-3)
    assert found.predict(1e10, 1e8).value == pytest.approx(found.law["100000000.0"].loss(1e10))
    assert found.report.form == "power law with scale, floor by N"


def test_forms_by_group_have_names():
    two = [forms.by_group("chinchilla", "data", [name]) for name in "AB"]
    found = sl.compare(two, RUNS, hold_out=0.2, bootstrap=0)
    assert sorted(found.table.index) == ["additive with A by data", "additive with B by data"]


def test_what_can_be_said_in_two_ways():
    by_name, table = FIT.predict(N=N, D=D), FIT.predict(RUNS)
    assert by_name.equals(FIT.predict(N, D)) and table.equals(by_name)
    one = FIT.profile("alpha", 0.3)
    assert len(one) == 1 and one.value[0] == 0.3
    half = sl.fit("chinchilla", RUNS, bounds={"alpha": (None, 0.6)})
    assert half.law.alpha == pytest.approx(FIT.law.alpha, rel=1e-3)
    short = planning.frontier(H, [1e22, 1e23], unique=np.array([1e9, 1e10]))
    assert short.D.tolist() == pytest.approx([1e9, 1e10], rel=1e-6)
    assert short.epochs.tolist() == pytest.approx([1, 1], rel=1e-6)


@pytest.mark.parametrize(
    "rising, words", [(True, "below them it falls to"), (False, "beyond them")]
)
def test_without_a_floor_where_it_would_matter(rising, words):
    x = np.geomspace(1, 1e4, 12)
    y = 3 * x ** (0.4 if rising else -0.4) * np.exp(np.random.default_rng(0).normal(0, 0.01, 12))
    with pytest.warns(sl.fitting.FitWarning, match=f"without a floor .*{words}"):
        sl.fit_power_law(x, y, rising=rising)
