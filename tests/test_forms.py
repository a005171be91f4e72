"""Every form recovers its law, moves with its units, and is as low as another optimiser gets."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import least_squares

from scalinglib import forms
from scalinglib._search import _within
from scalinglib.fitting import fit
from scalinglib.laws import (
    AnswersLaw,
    ChinchillaLaw,
    CoverageLaw,
    DataConstrainedLaw,
    KaplanLaw,
    MixtureLaw,
    PenaltyLaw,
    PowerLaw,
    PowerSumLaw,
    StepsLaw,
)

RNG = np.random.default_rng(0)
N, D = 10 ** RNG.uniform(7.5, 10.5, 60), 10 ** RNG.uniform(9, 11.5, 60)
X = np.geomspace(1e6, 1e10, 20)
S = 10 ** RNG.uniform(3, 6, 60)
UNIQUE = D / 10 ** RNG.uniform(-0.3, 1.8, 60)
A, B = 0.6 * 1e9**0.34, 0.5 * 2e10**0.3
TRUTHS = {
    "power-law": PowerLaw(3e7, 0.3, 1.7),
    "line": PowerLaw(3e7, 0.3),
    "rising": PowerLaw(3e7, -0.3, 2.0),
    "rising-line": PowerLaw(3e7, -0.5),
    "chinchilla": ChinchillaLaw(1.7, A, B, 0.34, 0.3),
    "kaplan": KaplanLaw(6.4e13, 1.8e13, 0.076, 0.103),
    "power-sum": PowerSumLaw(A, B, 0.34, 0.3, 0.4),
    "skaling": PowerSumLaw(A, B, 0.34, 0.3, 0.4, 1.5),
    "steps": StepsLaw(6.5e13, 2.1e3, 0.077, 0.76),
    "repeated": DataConstrainedLaw(1.7, A, B, 0.34, 0.3, 15.0, 5.0),
    "penalty": PenaltyLaw(1.7, A, B, 0.34, 0.3, 0.01, 1.0, 0.8),
    "mixture": MixtureLaw(1.3, 0.55, -2.4),
    "coverage": CoverageLaw(1.6, 0.3),
    "answers": AnswersLaw(0.25, 0.9, 3.0, 1.5),
}
COLUMNS = {"x": X, "N": N, "D": D, "S": S, "unique": UNIQUE}
COLUMNS |= {"share": np.linspace(0.02, 1, 40), "k": 2.0 ** np.arange(16)}
COLUMNS |= {"loss": np.linspace(0.5, 3, 60)}


def runs_of(name, noise=0.0, seed=1):
    form = forms.FORMS[name]
    x = {column: COLUMNS[column] for column in form.columns}
    y = TRUTHS[name].loss(*x.values())
    noisy = y * np.exp(noise * np.random.default_rng(seed).standard_normal(len(y)))
    return x | {form.target: noisy}


def constants(law, names):
    return [getattr(law, name) for name in names]


def test_every_form_has_a_truth_here():
    assert set(TRUTHS) == set(forms.FORMS)


@pytest.mark.parametrize("name", TRUTHS)
def test_a_form_recovers_its_law(name):
    done = fit(name, runs_of(name))
    expected = pytest.approx(constants(TRUTHS[name], done.constants), rel=1e-5)
    assert list(done.constants.values()) == expected
    assert done.report.rms < 1e-6


@pytest.mark.parametrize(
    "objective, name",
    [
        # these take seconds, and have their squares and all other forms their Huber before
        pytest.param(objective, name, marks=pytest.mark.whole)
        if name in ("repeated", "penalty") and "huber" in objective
        else (objective, name)
        for objective in ("huber", "squares", "raw-huber", "raw-squares")
        for name in TRUTHS
    ],
)
def test_another_optimiser_gets_no_lower(name, objective):
    """SciPy from the fit and from the truth, on the objective written out anew."""
    runs = runs_of(name, noise=0.01)
    done = fit(name, runs, objective=objective)
    form = forms.FORMS[name]
    y = runs[form.target]
    x, names, delta = [runs[c] for c in form.columns], list(done.constants), done.report.delta
    signs = np.sign(constants(TRUTHS[name], names))

    def residual(theta):
        law = form.make(dict(zip(names, signs * np.exp(np.clip(theta, -200, 200)), strict=True)))
        p = law.loss(*x)
        return np.log(p / y) if "raw" not in objective else p - y

    how = {"loss": "huber", "f_scale": delta} if np.isfinite(delta) else {}
    lowest = np.inf
    for law in (done.law, TRUTHS[name]):
        start = np.log(np.abs(constants(law, names)) + 1e-300)
        end = least_squares(
            residual, start, x_scale="jac", xtol=1e-13, ftol=1e-13, gtol=1e-15, **how
        )
        lowest = min(lowest, end.cost)
    assert done.objective <= lowest * (1 + 1e-9)
    again = np.abs(residual(np.log(np.abs(constants(done.law, names)) + 1e-300)))
    inner = np.minimum(again, delta)
    assert done.objective == pytest.approx(np.sum(inner * (again - inner / 2)), rel=1e-6)


@pytest.mark.parametrize("name", ["chinchilla", "skaling", "kaplan"])
def test_units_move_the_scales_and_nothing_else(name):
    runs = runs_of(name, noise=0.003)
    one = fit(name, runs)
    other = fit(name, runs | {"N": runs["N"] * 1e3, "D": runs["D"] / 1e2})
    assert other.objective == pytest.approx(one.objective, rel=1e-9)
    exponents = list(forms.FORMS[name].exponents())
    assert constants(other.law, exponents) == pytest.approx(constants(one.law, exponents), rel=1e-5)


def test_fixed_tied_and_bounded_constants_are_what_was_asked():
    runs = runs_of("chinchilla", noise=0.003)
    free = fit("chinchilla", runs)
    for held in ({"E": 1.6}, {"A": 400.0}, {"alpha": 0.3}, {"E": 1.6, "B": 900.0}):
        done = fit("chinchilla", runs, fixed=held)
        assert constants(done.law, held) == pytest.approx(list(held.values()), rel=1e-12)
        assert done.objective >= free.objective and set(done.report.free) == set(
            free.report.free
        ) - set(held)
    tied = fit("chinchilla", runs, tied={"beta": "alpha"})
    assert tied.law.alpha == tied.law.beta and "beta" not in tied.report.free
    scales = fit("chinchilla", runs, tied={"B": "A"}).law
    assert scales.A == pytest.approx(scales.B, rel=1e-12)
    low, high = 0.5 * free.law.A, 0.9 * free.law.A
    with pytest.warns(UserWarning, match="A rests at its bound"):
        assert fit("chinchilla", runs, bounds={"A": (low, high)}).law.A == pytest.approx(high)
    pinned = fit("kaplan", runs_of("kaplan", 0.003), fixed={"N_c": 5e13}).law
    assert pinned.N_c == pytest.approx(5e13)


def test_starts_outside_bounds_are_spread_between_them():
    """Clipped they would lie at two places, and the optimum between would not be found."""
    truth = TRUTHS["repeated"]
    fixed = {name: getattr(truth, name) for name in ("E", "A", "B", "alpha", "beta")}
    bounds = {"R_D": (10.0, 20.0)}
    found = fit("repeated", runs_of("repeated"), fixed=fixed, bounds=bounds)
    assert found.law.R_D == pytest.approx(15, rel=1e-3)
    starts = _within(found.study.problem, found.study.starts())
    at = np.log(bounds["R_D"])
    share, _ = np.histogram(starts[:, list(found.study.free).index("R_D")], 5, at)
    assert share.sum() == len(starts) and share.min() > 0.1 * len(starts)


def test_a_constant_that_is_no_straight_line_is_explained():
    with pytest.raises(ValueError, match="fix it, or bound its exponent"):
        fit("kaplan", runs_of("kaplan"), bounds={"N_c": (1e12, 1e13)})
    with pytest.raises(ValueError, match="tie exponents"):
        fit("kaplan", runs_of("kaplan"), tied={"D_c": "N_c"})


def test_weights_are_repetitions_and_noise_divides():
    runs = runs_of("chinchilla", noise=0.01)
    counts = np.random.default_rng(2).integers(1, 4, 60)
    again = {name: np.repeat(column, counts) for name, column in runs.items()}
    with pytest.warns(UserWarning, match="repeat another"):
        copied = fit("chinchilla", again)
    weighted = fit("chinchilla", runs | {"w": counts}, weights="w")
    assert weighted.objective == pytest.approx(copied.objective, rel=1e-9)
    noise = np.where(np.arange(60) % 2, 0.002, 0.02)
    known = fit("chinchilla", runs, noise=noise, objective="squares")
    by_weight = fit("chinchilla", runs, weights=1 / noise**2, objective="squares")
    assert known.objective == pytest.approx(by_weight.objective, rel=1e-9)
    assert fit("chinchilla", runs, noise=noise).report.delta == 1.345


def groups_of(noise=0.0):
    labels = np.where(
        np.arange(60) % 3 == 0, "muon", np.where(np.arange(60) % 3 == 1, "adam", "sgd")
    )
    factor = np.select([labels == "muon", labels == "adam"], [0.8, 1.0], 1.3)
    loss = 1.7 + factor * A / N**0.34 + B / D**0.3
    loss *= np.exp(noise * np.random.default_rng(3).standard_normal(60))
    return {"N": N, "D": D, "optimizer": labels, "loss": loss}


def test_groups_share_exponents_and_have_their_own_factors():
    form = forms.by_group(forms.FORMS["chinchilla"], "optimizer", ["A"])
    done = fit(form, groups_of())
    law = done.law
    factors = [law[name].A / law["adam"].A for name in ("muon", "adam", "sgd")]
    assert factors == pytest.approx([0.8, 1.0, 1.3], rel=1e-5)
    assert law["sgd"].alpha == law["muon"].alpha == pytest.approx(0.34, rel=1e-5)
    assert law.loss(N, D, groups_of()["optimizer"]) == pytest.approx(groups_of()["loss"])
    assert set(done.report.free) == {"E", "A[adam]", "A[muon]", "A[sgd]", "alpha", "B", "beta"}
    noisy = fit(form, groups_of(0.003), bootstrap=100)
    low, high = noisy.interval(lambda law: law["muon"].A / law["sgd"].A)
    assert low < 0.8 / 1.3 < high and high - low < 0.2
    with pytest.raises(ValueError, match="no law for the group"):
        law.loss(1e9, 1e10, "lion")
    with pytest.raises(ValueError, match="alpha of each group needs A"):
        forms.by_group(forms.FORMS["chinchilla"], "optimizer", ["alpha"])
    for unknown in ("F", None):
        with pytest.raises(ValueError, match=r"has no constant .* it has .'E', 'A', 'alpha'"):
            forms.by_group(forms.FORMS["chinchilla"], "optimizer", ["A", unknown])


def test_a_form_of_one_s_own_has_the_same_guarantees():
    def rate(theta, N, D):
        K, a, b = theta
        return K * N**a * D**b

    form = forms.own(
        rate, {"K": (1e-3, 1e3), "a": (-1, 1), "b": (-1, 1)}, target="rate", name="learning rate"
    )
    clean = rate([38.0, -0.71, 0.31], N, D)
    found = fit(form, {"N": N, "D": D, "rate": clean}).law
    assert [found.K, found.a, found.b] == pytest.approx([38.0, -0.71, 0.31], rel=1e-4)
    noisy = clean * np.exp(0.05 * np.random.default_rng(5).standard_normal(60))
    done = fit(form, {"N": N, "D": D, "rate": noisy}, objective="squares", bootstrap=200)
    columns = np.stack([np.ones(60), np.log(N), np.log(D)], axis=1)
    exact, *_ = np.linalg.lstsq(columns, np.log(noisy), rcond=None)
    assert [np.log(done.law.K), done.law.a, done.law.b] == pytest.approx(exact, rel=1e-6)
    low, high = done.interval(lambda law: law.a, level=0.99)
    assert low < -0.71 < high
    assert fit(form, {"N": N, "D": D, "rate": noisy}, fixed={"a": -0.7}).law.a == -0.7


def test_a_function_of_plain_numbers_will_do():
    def law(theta, x):
        floor, scale, s = (float(value) for value in theta)
        return floor + (scale / x) ** s

    form = forms.own(law, {"floor": (0, 3), "scale": (1e5, 1e9), "s": (0.1, 1)}, columns=("x",))
    done = fit(form, runs_of("power-law", 0.002), objective="squares")
    same = fit("power-law", runs_of("power-law", 0.002), objective="squares")
    assert done.objective == pytest.approx(same.objective, rel=1e-8)


@pytest.mark.parametrize(
    "name, own", [("penalty", (0.01, 1.2, 0.4)), ("repeated", (15.0, 5.0))], ids=str
)
def test_slopes_are_those_of_differences(name, own):
    x = {"N": np.array([1e6, 3e7, 1e9]), "D": np.array([2e8, 1e9, 3e10])}
    x["unique"] = np.array([2e8, 2e8, 1e9])  # the first repeats nothing
    form = forms.FORMS[name]
    constants = (1.7, 400.0, 410.0, 0.34, 0.28, *own)
    exact = form.bind(x, None).kernel
    theta = np.array(constants)[:, None]
    middle = {1: 3, 2: 4}
    for scale, exponent in middle.items():
        m = np.log(x["N" if scale == 1 else "D"]).mean()
        theta[scale] = np.log(theta[scale]) - m * theta[exponent]
    theta[5:] = np.log(theta[5:])
    value, slopes = exact.values(theta)
    near, differences = replace(form, slopes=None).bind(x, None).kernel.values(theta)
    assert value == pytest.approx(near, rel=1e-12)
    for slope, difference in zip(slopes, differences, strict=True):
        assert slope == pytest.approx(difference, rel=1e-6, abs=1e-9)
