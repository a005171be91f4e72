"""Planning against published tables, closed forms of the Chinchilla form, and grid searches."""

import warnings
from dataclasses import FrozenInstanceError
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scalinglib import planning
from scalinglib.fitting import FitWarning, UndeterminedError, fit, fit_isoflop
from scalinglib.forecast import regret
from scalinglib.laws import (
    BESIROGLU_2024,
    HOFFMANN_2022,
    HOFFMANN_2022_TEX,
    KAPLAN_2020,
    MUENNIGHOFF_2023,
    ChinchillaLaw,
    OwnLaw,
    PenaltyLaw,
    StepsLaw,
)
from scalinglib.planning import (
    Lifetime,
    _log_data,
    best_data,
    cheapest,
    energy_kwh,
    frontier,
    gpu_hours,
    least_compute,
    next_runs,
    optimum,
    overhead,
    price,
    shortfall,
    speed_up,
)

pytestmark = pytest.mark.usefixtures("searched_once")

exponents = st.floats(0.15, 0.8)
chinchilla_laws = st.builds(
    ChinchillaLaw,
    st.floats(0.5, 3),
    st.floats(4, 8).map(np.exp),
    st.floats(4, 8).map(np.exp),
    exponents,
    exponents,
)

# N / N_opt, then the extra compute in percent as computed elsewhere after de Vries 2023.
SHARES = [0.75, 0.5, 0.4, 0.3, 0.25, 0.2, 2, 4]
OVERHEADS = [
    (HOFFMANN_2022, [2.8, 21, 44, 105, 189, 427, 13, 53], 0.097),
    (BESIROGLU_2024, [3.4, 26, 58, 161, 347, 1309, 15, 59], 0.146),
]


@pytest.mark.parametrize("law, percent, asymptote", OVERHEADS)
@pytest.mark.parametrize("C", [1e19, 5.76e23, 1e26])
def test_overhead_gives_the_published_table_at_every_budget(law, percent, asymptote, C):
    best = law.optimum(C).N
    got = 100 * overhead(law, np.array(SHARES) * best, C)
    assert np.all(np.abs(got - percent) <= np.where(np.array(percent) < 10, 0.051, 0.61))
    assert np.isinf(overhead(law, (asymptote - 0.001) * best, C))
    assert 10 < overhead(law, (asymptote + 0.002) * best, C) < np.inf


@pytest.mark.parametrize("share, percent", [(0.75, 2.8), (0.5, 20), (0.25, 188)])
def test_overhead_as_de_vries_printed_it(share, percent):
    """He used alpha 0.336, beta 0.283: at optima A N^-alpha / (B D^-beta) is beta / alpha.

    The rest drops out.
    """
    law = ChinchillaLaw(1.62, 400, 400, 0.336, 0.283)
    assert 100 * overhead(law, share * law.optimum(1e22).N, 1e22) == pytest.approx(
        percent, rel=0.05
    )


@settings(deadline=None)
@given(chinchilla_laws, st.floats(18, 26).map(lambda x: 10**x), st.floats(-2, 2))
def test_overhead_by_search_equals_the_closed_form(law, C, log_share):
    """k_D = [1 - (k_N^-alpha - 1) beta / alpha]^(-1/beta).

    At the optimum A N^-alpha / (B D^-beta) = beta / alpha.
    """
    share = np.exp(log_share)
    remaining = 1 - (share**-law.alpha - 1) * law.beta / law.alpha
    assume(abs(remaining) > 1e-3)
    expected = share * remaining ** (-1 / law.beta) - 1 if remaining > 0 else np.inf
    got = overhead(law, share * law.optimum(C).N, C)
    # the loss carries an absolute error of an ulp of E, and a relative one of its own
    error = 1e-12 + 1e-11 / (law.optimum(C).loss - law.E)
    assert got == pytest.approx(expected, rel=error / max(remaining, 1e-3), abs=error)
    assert got >= -error


def test_overhead_broadcasts_and_keeps_shapes():
    got = overhead(BESIROGLU_2024, np.array([[1e9], [1e10]]), [1e20, 1e21, 1e22])
    assert got.shape == (2, 3)
    assert got[1, 2] == overhead(BESIROGLU_2024, 10**10, 1e22)
    assert np.ndim(overhead(BESIROGLU_2024, 1e9, 1e21)) == 0
    assert np.array_equal(
        overhead(BESIROGLU_2024, pd.Series([1e9, 1e10], index=[1, 0]), 1e22),
        overhead(BESIROGLU_2024, [1e9, 1e10], 1e22),
    )


class Joint:
    """A law known only by its two methods: L = E + (a N^-p + b D^-q)^r, its optimum by grid."""

    def loss(self, N, D):
        return 1.5 + (4e3 * N**-0.4 + 9e3 * D**-0.45) ** 0.8

    def optimum(self, C):
        from scalinglib.laws import Optimum

        grid = np.exp(np.linspace(10, 35, 200_001))
        N = np.array(
            [grid[np.argmin(self.loss(grid, c / 6 / grid))] for c in np.atleast_1d(C)]
        ).reshape(np.shape(C))
        return Optimum(N, C / 6 / N, C, self.loss(N, C / 6 / N))


def test_any_law_with_a_loss_and_an_optimum_will_do():
    law, C = Joint(), 1e21
    best = law.optimum(C)
    half = overhead(law, best.N / 2, C)
    assert law.loss(best.N / 2, C * (1 + half) / 6 / (best.N / 2)) == pytest.approx(
        best.loss, abs=1e-12
    )
    assert overhead(law, best.N, C) == pytest.approx(0, abs=1e-9)
    assert cheapest(law, float(best.loss), 0).total_flops == pytest.approx(C, rel=1e-6)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda law: overhead(law, -1e9, 1e21), "^N must be positive"),
        (lambda law: overhead(law, 1e9, -1e21), "^C must be positive"),
        (lambda law: frontier(law, [1e20, -1e20]), "^C must be positive.*run 1"),
        (lambda law: cheapest(law, -2.0, 0), "^loss must be positive"),
    ],
)
def test_a_law_need_not_check_what_it_is_asked(call, message):
    with np.errstate(all="ignore"), pytest.raises(ValueError, match=message):
        call(Joint())


def test_no_questions_have_no_answers():
    assert overhead(BESIROGLU_2024, [], 1e21).shape == (0,)
    assert cheapest(BESIROGLU_2024, 2.0, []).total_flops.shape == (0,)


# ---- frontier ----


def test_frontier_is_a_table_of_optima():
    budgets = [1e19, 1e21, 5.76e23]
    table = frontier(BESIROGLU_2024, budgets)
    assert list(table) == ["C", "N", "D", "tokens_per_parameter", "loss"]
    assert table.tokens_per_parameter.round(1).tolist() == [24.2, 21.6, 18.4]
    assert (6 * table.N * table.D).to_numpy() == pytest.approx(budgets)
    assert (table.D / table.N).to_numpy() == pytest.approx(table.tokens_per_parameter.to_numpy())
    assert table.C.tolist() == budgets
    # the fact sheet's table, from another program
    assert table.loss.round(3).tolist() == [2.927, 2.306, 1.974]
    assert (table.N / 1e9).round(1).tolist() == [0.3, 2.8, 72.2]
    assert len(frontier(BESIROGLU_2024, 10**21)) == 1


# ---- other prices of a token, and short data ----


def test_the_search_agrees_with_the_closed_form_at_6N():
    C = np.geomspace(1e17, 1e27, 11).reshape(11, 1)
    found = optimum(BESIROGLU_2024, C, flops_per_token=lambda N: 6 * N)
    closed = BESIROGLU_2024.optimum(C)
    assert found.N == pytest.approx(closed.N, rel=1e-6)
    assert found.loss == pytest.approx(closed.loss, rel=1e-14)
    assert np.ndim(optimum(BESIROGLU_2024, 1e21, flops_per_token=lambda N: 6 * N).N) == 0


@pytest.mark.parametrize("factor", [2, 8])
def test_another_factor_is_another_budget(factor):
    found = optimum(BESIROGLU_2024, 1e22, flops_per_token=lambda N: factor * N)
    assert found.N == pytest.approx(BESIROGLU_2024.optimum(6 / factor * 1e22).N, rel=1e-6)
    assert factor * found.N * found.D == pytest.approx(1e22)


def test_a_price_that_weighs_on_small_models_makes_the_best_one_larger():
    """Attention: a token costs 6 N + k sqrt(N), more by a share that falls with N.

    First-order condition with e, the price's elasticity: alpha A / N^alpha = e beta B / D^beta.
    """
    found = optimum(BESIROGLU_2024, 1e20, flops_per_token=lambda N: 6 * N + 6e4 * np.sqrt(N))
    law, extra = BESIROGLU_2024, 1e4 / np.sqrt(found.N)
    elasticity = (1 + extra / 2) / (1 + extra)
    by_size = law.alpha * law.A / found.N**law.alpha
    by_data = law.beta * law.B / found.D**law.beta
    assert by_size == pytest.approx(elasticity * by_data, rel=1e-5)
    assert found.N > 1.05 * law.optimum(found.C / (1 + extra)).N


def test_short_data_are_all_read_and_the_rest_goes_into_size():
    short = optimum(BESIROGLU_2024, [1e20, 1e23], unique=1e11)
    assert short.N[0] == pytest.approx(BESIROGLU_2024.optimum(1e20).N, rel=1e-6)
    assert short.D[1] == pytest.approx(1e11) and short.N[1] == pytest.approx(1e23 / 6e11)
    twice = optimum(BESIROGLU_2024, 1e23, unique=1e11, epochs=2)
    assert twice.D == pytest.approx(2e11)


def test_a_law_that_knows_repeats_says_itself_how_often_to_read():
    law, C, U = MUENNIGHOFF_2023, 1e23, 1e10
    found = optimum(law, C, unique=U)
    around = found.N * np.exp(np.linspace(-3, 3, 2001))
    assert found.loss <= law.loss(around, C / 6 / around, U).min()
    assert 10 < found.D / U < 200
    assert optimum(law, C, unique=U, epochs=4).D == pytest.approx(4 * U)
    enough = optimum(law, C, unique=1e15)
    assert enough.N == pytest.approx(law.fresh.optimum(C).N, rel=1e-6)


def test_limits_that_cannot_be_answered():
    with pytest.raises(ValueError, match="unique="):
        optimum(MUENNIGHOFF_2023, 1e22)
    with pytest.raises(ValueError, match="unique="):
        optimum(BESIROGLU_2024, 1e22, epochs=4)
    allocation = fit_isoflop(*sweep()).law
    assert frontier(allocation, 1e20).loss.isna().all()
    with pytest.raises(ValueError, match="a plan needs a loss, and an Allocation tells none"):
        optimum(allocation, 1e22, unique=1e9)
    with pytest.raises(ValueError, match="StepsLaw reads N, S, and a plan needs N and D"):
        optimum(StepsLaw(1e13, 1e3, 0.08, 0.7), 1e22)


# ---- what planners ask: of a law a number, of a fit an interval ----


def test_the_tokens_with_which_a_size_is_the_best_one():
    """What the allocation of Table 6 in Kaplan et al. 2020 gives 175B, and Besiroglu's law 125M."""
    assert best_data(KAPLAN_2020, 175e9) == pytest.approx(6.79e10, rel=1e-3)
    assert best_data(BESIROGLU_2024, 125e6) == pytest.approx(3.144e9, rel=2e-4)
    best = BESIROGLU_2024.optimum(np.array([1e20, 1e24]))
    assert best_data(BESIROGLU_2024, best.N) == pytest.approx(best.D)


def test_compute_for_a_loss_and_what_a_better_law_saves():
    best = BESIROGLU_2024.optimum(3e22)
    assert least_compute(BESIROGLU_2024, best.loss) == pytest.approx(3e22)
    half = ChinchillaLaw(
        1.8172, 482.01, 2085.43 / 2**0.3658, 0.3478, 0.3658
    )  # a token counts twice
    assert speed_up(half, BESIROGLU_2024, best.loss) == pytest.approx(2)


def test_the_regret_of_a_plan():
    """Half the best size costs 26 % more for its loss (see OVERHEADS): GPT-3 by Besiroglu's law."""
    best = BESIROGLU_2024.optimum(1e22)
    N = best.N / 2
    C = 1e22 * (1 + overhead(BESIROGLU_2024, N, 1e22))
    plan = shortfall(BESIROGLU_2024, N, C / 6 / N)
    assert plan.extra_compute == pytest.approx(0.26, abs=0.005)
    assert plan.loss == pytest.approx(best.loss)
    assert plan.extra_loss == pytest.approx(plan.loss - BESIROGLU_2024.optimum(C).loss)
    gpt3 = shortfall(BESIROGLU_2024, 175e9, 300e9)
    assert gpt3.extra_compute == pytest.approx(0.6445, abs=1e-4)
    assert regret(gpt3.loss, gpt3.best) == pytest.approx(gpt3.extra_loss / gpt3.best)
    on_it = shortfall(BESIROGLU_2024, best.N, best.D)
    assert on_it.extra_compute == pytest.approx(0, abs=1e-9)
    with pytest.raises(ValueError, match="separate fits"):
        shortfall(KAPLAN_2020, 175e9, 300e9)


def measure(N, D, rng, noise=0.005):
    return BESIROGLU_2024.loss(N, D) * np.exp(noise * rng.standard_normal(len(N)))


def sweep():
    """C, N, loss of four valleys without noise."""
    C = np.repeat([1e18, 1e19, 1e20, 1e21], 5)
    N = BESIROGLU_2024.optimum(C).N * np.tile(np.geomspace(0.25, 4, 5), 4)
    return C, N, BESIROGLU_2024.loss(N, C / 6 / N)


def small_runs(seed):
    N, ratio = (part.ravel() for part in np.meshgrid(np.geomspace(5e7, 8e8, 6), [5, 20, 80, 160]))
    D = N * ratio
    loss = measure(N, D, np.random.default_rng(seed))
    return pd.DataFrame({"N": N, "D": D, "loss": loss})


@pytest.fixture(scope="module")
def few():
    return fit("chinchilla", small_runs(0), objective="squares", bootstrap=200)


def test_a_fit_answers_as_its_law_does_and_with_an_interval(few):
    law = few.law
    for told, value in [
        (best_data(few, 1e9), best_data(law, 1e9)),
        (least_compute(few, 2.3), least_compute(law, 2.3)),
        (shortfall(few, 1e10, 1e11).extra_compute, shortfall(law, 1e10, 1e11).extra_compute),
        (speed_up(few, few, 2.3), 1.0),
    ]:
        assert told.value == pytest.approx(value) and told.low <= told.value <= told.high
    assert speed_up(few, few, 2.3).low == 1
    table = frontier(few, [1e20, 1e21])
    assert np.all((table.N_low < table.N) & (table.N < table.N_high))
    assert table.N.to_numpy() == pytest.approx(few.optimum([1e20, 1e21]).N.to_numpy())
    short = frontier(few, 1e22, unique=1e10)
    assert short.D_high[0] == pytest.approx(1e10) and short.N_low[0] == pytest.approx(1e22 / 6e10)
    bare = fit("chinchilla", small_runs(0), objective="squares")
    assert np.isnan(best_data(bare, 1e9).low) and "N_low" not in frontier(bare, 1e20)


# ---- the next runs of a sweep ----


def best_size(law):
    return law.optimum(1e23).N


def width(found):
    low, high = found.interval(best_size)
    return np.log(high / low)


def test_runs_chosen_narrow_the_interval_more_than_runs_at_random():
    """As much as expected, too: eight studies, 2e21 FLOPs for eight more runs each."""
    budget, shrunk, expected, random = 2e21, [], [], []
    for seed in range(8):
        runs, rng = small_runs(seed), np.random.default_rng([seed, 1])

        def again(chosen, runs=runs, rng=rng):
            N, D = chosen.N.to_numpy(), chosen.D.to_numpy()
            more = pd.DataFrame({"N": N, "D": D, "loss": measure(N, D, rng)})
            both = pd.concat([runs, more], ignore_index=True)
            return width(fit("chinchilla", both, objective="squares", bootstrap=100))

        found = fit("chinchilla", runs, objective="squares", bootstrap=100)
        plan = next_runs(found, budget, target=1e23, most=8)
        assert plan.runs.C.sum() <= budget and len(plan.runs) <= 8
        N = np.exp(rng.uniform(np.log(5e7), np.log(3.2e9), 200))
        D = N * np.exp(rng.uniform(np.log(5), np.log(160), 200))
        affordable = np.flatnonzero(6 * N * D < budget / 8)[:8]
        shrunk.append(again(plan.runs) / width(found))
        random.append(again(pd.DataFrame({"N": N[affordable], "D": D[affordable]})) / width(found))
        expected.append(plan.runs.width.iloc[-1])
    assert np.mean(shrunk) < 0.75 * np.mean(random)
    assert np.mean(shrunk) == pytest.approx(np.mean(expected), rel=0.35)
    assert np.mean(np.array(shrunk) < random) >= 0.75


def test_the_intervals_expected_of_the_next_runs(few):
    plan = next_runs(few, 2e21, target=1e23)
    assert np.all(np.diff(plan.runs.width) < 0) and plan.runs.width.iloc[0] < 1
    assert (plan.before.low, plan.before.high) == pytest.approx(few.interval(best_size))
    assert plan.before.low < plan.after.low < plan.after.value < plan.after.high < plan.before.high
    assert plan.runs.high.iloc[-1] == plan.after.high
    ratio = plan.runs.D / plan.runs.N
    assert ratio.between(4.99, 160.2).all()  # no more extreme than the runs fitted


def test_what_is_to_be_known_decides_the_next_runs(few):
    """A run of its own kind is the best one to know a loss by; the variance of the mean of k such
    runs falls as theory says.
    """
    menu = pd.DataFrame({"N": [5e7, 1e9], "D": [1e10, 1e9], "C": [1.0, 1.0]})
    plan = next_runs(few, 12, quantity=lambda law: law.loss(1e9, 1e9), menu=menu, most=3)
    assert plan.runs.N.tolist() == [1e9] * 3 and plan.runs.C.tolist() == [1, 1, 1]
    u = plan.runs.width.to_numpy() ** -2  # 1 / v grows by the same for each run
    assert np.diff(u) == pytest.approx([u[0] - 1] * 2, rel=1e-3)


def test_a_run_repeated_halves_what_one_run_knows():
    """Known truth by hand: a straight line in logs; the variance of its value in the middle of n
    runs is s^2 / n, and one more run there makes it s^2 / (n + 1).
    """
    x = np.geomspace(1, 100, 5)
    line = fit("line", {"x": x, "loss": 3 / x**0.3}, objective="squares")
    menu = {"x": [10.0], "C": [1.0]}
    plan = next_runs(line, 1, quantity=lambda law: law.loss(10.0), menu=menu)
    assert plan.runs.width.tolist() == pytest.approx([np.sqrt(5 / 6)], rel=1e-6)
    assert np.isnan(plan.after.low)  # no samples, no interval; the share is still told


def test_a_run_with_ten_times_the_noise_knows_a_hundredth():
    """By hand, as above: ten runs of one noise and five of ten times that are worth 10.05."""
    x = np.tile(np.geomspace(1, 100, 5), 3)
    runs = {"x": x, "loss": 3 / x**0.3 * np.exp(1e-3 * np.cos(9 * np.arange(15)))}
    noise = np.repeat([0.002, 0.002, 0.02], 5)
    line = fit("line", runs, noise=noise, objective="squares")
    menu = {"x": [10.0], "C": [1.0]}
    plan = next_runs(line, 1, quantity=lambda law: law.loss(10.0), menu=menu)
    assert plan.runs.width.tolist() == pytest.approx([np.sqrt(10.05 / 11.05)], rel=1e-5)


@pytest.mark.parametrize(
    "more, message",
    [
        ({"budget": 1e9, "target": 1e23}, "no run on the menu is within the budget of 1e.09"),
        ({"budget": 1e20}, "say what is to be known"),
        ({"budget": -1, "target": 1e23}, "budget must be positive"),
    ],
)
def test_next_runs_that_cannot_be_chosen(few, more, message):
    with pytest.raises(ValueError, match=message):
        next_runs(few, **more)


def test_next_runs_of_an_allocation_are_refused():
    with pytest.raises(ValueError, match="and got AllocationFit"):
        next_runs(fit_isoflop(*sweep()), 1e20, 1e23)


def test_next_runs_of_a_line_need_a_menu():
    x = np.geomspace(1, 100, 6)
    line = fit("line", {"x": x, "loss": 3 / x**0.3}, objective="squares")
    with pytest.raises(ValueError, match="give menu=, a table of runs with the columns x and C"):
        next_runs(line, 1, quantity=lambda law: law.loss(10.0))


# ---- a bill for life ----


def test_a_bill_by_hand():
    """Six FLOPs a parameter and token of training, two a token of serving."""
    plan = Lifetime(N=2.0, D=5.0, loss=3.0, inference_tokens=7.0)
    assert (plan.training_flops, plan.inference_flops, plan.total_flops) == (60, 28, 88)
    with pytest.raises(FrozenInstanceError):
        plan.N = 3.0


@pytest.mark.parametrize("served", [0, 1e10, 1e12, 1e14])
def test_no_other_size_has_a_smaller_bill(served):
    """Second method: a grid of sizes, each with the tokens that the loss then takes (in closed
    form).
    """
    law, loss = BESIROGLU_2024, 2.2
    plan = cheapest(law, loss, served)
    N = plan.N * np.exp(np.linspace(-3, 3, 60_001))
    data_term = loss - law.E - law.A / N**law.alpha
    N, data_term = N[data_term > 0], data_term[data_term > 0]
    bills = 6 * N * (law.B / data_term) ** (1 / law.beta) + 2 * N * served
    assert plan.total_flops == pytest.approx(bills.min(), rel=1e-8)
    assert plan.N == pytest.approx(N[bills.argmin()], rel=1e-3)
    assert (plan.loss, plan.inference_tokens) == (loss, served) and np.ndim(plan.total_flops) == 0


@settings(deadline=None, max_examples=40)
@given(chinchilla_laws, st.floats(18, 25).map(lambda x: 10**x), st.floats(-3, 3))
def test_first_order_condition_of_the_lifetime_bill(law, C, log10_traffic):
    """epsilon_N / epsilon_D = 1 + D_inf / (3 D), epsilon the elasticities of the loss.

    Sardana et al. 2023, eq. 3.
    """
    best = law.optimum(C)
    assume((best.loss - law.E) / best.loss > 1e-4)
    served = best.D * 10**log10_traffic
    plan = cheapest(law, best.loss, served)
    by_size, by_data = law.alpha * law.A / plan.N**law.alpha, law.beta * law.B / plan.D**law.beta
    assert by_size / by_data == pytest.approx(1 + served / (3 * plan.D), rel=1e-4)
    assert law.loss(plan.N, plan.D) == pytest.approx(best.loss, rel=1e-12)
    assert plan.N <= best.N * 1.0001 and plan.D >= best.D * 0.9999
    assert plan.total_flops <= (C + 2 * best.N * served) * (1 + 1e-9)


@pytest.mark.parametrize("law", [HOFFMANN_2022, HOFFMANN_2022_TEX, BESIROGLU_2024])
def test_without_traffic_the_cheapest_model_is_compute_optimal(law):
    losses = [2.0, 2.3, 3.0]
    plan = cheapest(law, losses, 0)
    assert plan.training_flops == pytest.approx(law.least_compute(losses), rel=1e-9)
    assert plan.total_flops == pytest.approx(plan.training_flops)


def test_the_example_that_sardana_et_al_report():
    """13B quality, 2e12 tokens served: about 7B parameters, 17 % less compute (as reported)."""
    law = HOFFMANN_2022_TEX
    budget = np.interp(
        13e9, *[frontier(law, np.geomspace(1e21, 1e24, 4000))[name] for name in ("N", "C")]
    )
    thirteen = law.optimum(budget)
    plan = cheapest(law, thirteen.loss, 2e12)
    saved = budget + 2 * thirteen.N * 2e12 - plan.total_flops
    assert plan.N == pytest.approx(7e9, rel=0.05)
    assert saved == pytest.approx(1.7e22, rel=0.06)
    assert saved / (saved + plan.total_flops) == pytest.approx(0.17, abs=0.01)


def test_bills_broadcast_over_traffic():
    plan = cheapest(BESIROGLU_2024, 2.1, [0, 1e12, 1e13])
    assert plan.N.shape == plan.total_flops.shape == (3,)
    assert np.all(np.diff(plan.N) < 0) and np.all(np.diff(plan.D) > 0)
    assert plan.total_flops == pytest.approx(plan.training_flops + plan.inference_flops)


@pytest.mark.parametrize("loss", [1.0, 1.8172, [2.0, 1.8]])
def test_a_loss_at_or_below_the_floor_is_refused_with_the_floor(loss):
    lowest = np.min(loss)
    with pytest.raises(ValueError, match=f"loss of {lowest:.4g} nats: its floor is 1.817"):
        cheapest(BESIROGLU_2024, loss, 1e12)


def test_a_loss_just_above_the_floor_has_its_price():
    plan = cheapest(BESIROGLU_2024, 1.8172 * 1.001, 0)
    assert plan.training_flops == pytest.approx(
        BESIROGLU_2024.least_compute(1.8172 * 1.001), rel=1e-6
    )


@pytest.mark.parametrize("smallest", [0.3, 1.0, 2.0, 100.0])
def test_small_models_are_priced_too(smallest):
    """The size below which no data are enough, whether above or below one parameter."""
    law = ChinchillaLaw(0.1, 1.9 * smallest**0.5, 50.0, 0.5, 0.5)
    plan = cheapest(law, 2.0, 0)
    assert plan.training_flops == pytest.approx(law.least_compute(2.0), rel=1e-9)
    assert law.loss(plan.N, plan.D) == pytest.approx(2.0, rel=1e-12)


def test_sizes_far_from_the_best_are_solved_too():
    """The search for D starts at D = N: both directions, by 20 decades, against the closed form."""
    law = ChinchillaLaw(1e-3, 1e3, 1e3, 0.5, 0.5)
    for C in (1e3, 1e12, 1e36):
        for share in (0.3, 3.0, 1e3):
            remaining = 1 - (share**-0.5 - 1)
            expected = share * remaining**-2 - 1
            assert overhead(law, share * law.optimum(C).N, C) == pytest.approx(expected, rel=1e-6)
    for B, D in ((1.0, 1e-20), (1e20, 1e20)):
        uneven = ChinchillaLaw(0, 1e-3, B, 0.5, 0.5)
        N = 1.0
        loss = uneven.loss(N, D)
        assert np.exp(_log_data(uneven, N, loss)) == pytest.approx(D, rel=1e-9)


def test_a_size_that_just_fails_is_infinitely_expensive_without_a_warning():
    law, budget = HOFFMANN_2022, 1e21
    edge = (law.A / (law.optimum(budget).loss - law.E)) ** (1 / law.alpha)
    slow = SimpleNamespace(  # 1e299 tokens are the best for any budget
        loss=ChinchillaLaw(0, 1, 1, 0.5, 0.02).loss,
        optimum=lambda C: SimpleNamespace(N=1e12, D=1e299, loss=1e-6 + 1e299**-0.02),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        below, above = overhead(law, edge * np.array([1 - 1e-9, 1.01]), budget)
        endless = overhead(slow, 1e12, budget)
    assert below == endless == np.inf and 10 < above < np.inf


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: cheapest(BESIROGLU_2024, 2.0, -1), "inference_tokens must be 0 or more.*-1"),
        (
            lambda: cheapest(BESIROGLU_2024, 2.0, [1e9, np.nan]),
            "inference_tokens must be 0 or more.*nan",
        ),
        (lambda: cheapest(BESIROGLU_2024, 2.0, np.inf), "inference_tokens must be 0 or more.*inf"),
        (lambda: cheapest(BESIROGLU_2024, 2.0, "1e9"), "^inference_tokens must be numbers"),
        (lambda: cheapest(BESIROGLU_2024, np.nan, 1e9), "^loss must be positive"),
        (lambda: overhead(BESIROGLU_2024, [1e9, 0], 1e21), "^N must be positive.*run 1"),
        (lambda: overhead(BESIROGLU_2024, 1e9, np.inf), "^C must be positive"),
        (lambda: frontier(BESIROGLU_2024, [1e20, -1e20]), "^C must be positive.*run 1"),
    ],
)
def test_bad_questions_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# ---- GPU-hours, money, energy ----


def test_from_flops_to_hours_money_and_energy():
    """DeepSeek-V3: 3.3e24 FLOPs (active parameters) in 2.788e6 GPU-hours are 329 TFLOP/s each."""
    assert gpu_hours(3.3e24, 3.29e14, 1) == pytest.approx(2.788e6, rel=0.005)
    assert gpu_hours(1e15 * 3600, 1e15, 0.4) == pytest.approx(2.5)
    assert price([10, 20], 2.5) == pytest.approx([25, 50])
    assert energy_kwh(10, 700, 1.2) == pytest.approx(8.4)


def test_a_share_and_a_factor_have_an_edge():
    """All of the peak, and a building without any overhead, can be; what lies beyond cannot."""
    assert gpu_hours(3.6e21, 1e15, [1, 0.5]) == pytest.approx([1000, 2000])
    assert energy_kwh(10, 700, [1, 2]) == pytest.approx([7, 14])
    with pytest.raises(ValueError, match=r"utilisation is a share.*got 1.001"):
        gpu_hours(1e21, 1e15, [0.4, 1.001])
    with pytest.raises(ValueError, match=r"pue .*at least 1; got 0.999"):
        energy_kwh(10, 700, [0.999, 1.2])


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: gpu_hours(1e21, 1e15, 40), "utilisation is a share.*got 40.*0.4 for 40 %"),
        (lambda: gpu_hours(1e21, 1e15, 0), "^utilisation must be positive"),
        (lambda: gpu_hours(0, 1e15, 0.4), "^C must be positive"),
        (lambda: gpu_hours(1e21, 0, 0.4), "^peak_flops must be positive"),
        (lambda: energy_kwh(10, 700, 0.9), "pue .*at least 1; got 0.9"),
        (lambda: energy_kwh(10, 700, np.nan), "^pue must be positive"),
        (lambda: energy_kwh([10, -1], 700, 1.2), "^hours must be positive.*run 1"),
        (lambda: energy_kwh(10, [700, 0], 1.2), "^watts must be positive.*run 1"),
        (lambda: price([10, np.nan], 2.5), "^hours must be positive.*run 1"),
        (lambda: price(10, -1), "^per_hour must be positive"),
    ],
)
def test_assumptions_that_cannot_be(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_runs_up_to_four_times_the_largest_are_for_sale():
    """Where no menu is given: in size and in tokens, at ratios that were tried."""
    N, D = np.array([1e8, 1e9]), np.array([1e9, 1e11])
    menu = planning._menu({"N": N, "D": D})
    assert (menu.N.min(), menu.N.max()) == pytest.approx((1e8, 4e9))
    assert (menu.D.min(), menu.D.max()) == pytest.approx((1e9, 4e11))
    assert (menu.D / menu.N).between(9.99, 100.11).all()


def additive(theta, N, D):
    E, A, B, alpha, beta = theta
    return E + A / N**alpha + B / D**beta


ADDITIVE = OwnLaw(
    {name: getattr(BESIROGLU_2024, name) for name in ("E", "A", "B", "alpha", "beta")}, additive
)


@pytest.mark.parametrize(
    "ask",
    [
        lambda law: best_data(law, [1e9, 1e10]),
        lambda law: least_compute(law, [2.4, 1.5]),
        lambda law: shortfall(law, 1e9, 1e10),
        lambda law: overhead(law, 1e9, 1e21),
        lambda law: speed_up(law, HOFFMANN_2022, 2.3),
        lambda law: frontier(law, [1e20, 1e23]).N,
    ],
)
def test_a_law_of_one_s_own_plans_as_its_closed_form_does(ask):
    assert np.array(ask(ADDITIVE)) == pytest.approx(np.array(ask(BESIROGLU_2024)), rel=1e-5)


def to_the_edge(theta, N, D):
    """More parameters are always worth their tokens."""
    return 1.9 + theta[0] / (N**0.17 * D**0.16)


@pytest.mark.parametrize(
    "ask",
    [
        lambda law: optimum(law, [1e20, 1e22]),
        lambda law: optimum(law, 1e22, flops_per_token=lambda N: 6 * N),
        lambda law: frontier(law, 1e22),
        lambda law: best_data(law, 1e9),
        lambda law: least_compute(law, 2.2),
        lambda law: shortfall(law, 1e9, 1e10),
    ],
)
def test_a_law_without_a_best_run_inside_is_refused(ask):
    with pytest.raises(UndeterminedError, match=r"falls to the edge .* no best run inside"):
        ask(OwnLaw({"A": 500.0}, to_the_edge))


def test_a_limit_on_data_is_no_edge():
    law = OwnLaw({"A": 500.0}, lambda theta, N, D: 1.9 + theta[0] / (N**0.16 * D**0.17))
    assert optimum(law, 1e22, unique=1e11).D == pytest.approx(1e11, rel=1e-6)
    with pytest.raises(UndeterminedError, match="no best run inside"):
        optimum(law, 1e22)


def test_what_cannot_plan_is_told_in_words():
    with pytest.raises(ValueError, match=r"flops_per_token is a function of N.*got 6"):
        optimum(BESIROGLU_2024, 1e22, flops_per_token=6)  # ty: ignore[invalid-argument-type]
    with pytest.raises(ValueError, match="a function of N, and not of N, D: it cannot plan"):
        optimum(OwnLaw({"a": 1.0}, lambda theta, N: theta[0] / N), 1e20)


@pytest.mark.parametrize("epochs, told", [(4, False), (5, True)])
def test_readings_that_count_as_fresh(epochs, told):
    """Up to four a token read again is worth nearly a fresh one; a hundred are not."""
    few = fit("chinchilla", repeats()[0].query("D <= unique"))
    for ask in (
        lambda **how: optimum(few.law, 1e21, **how),
        lambda **how: few.optimum(1e21, **how),
    ):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            ask(unique=1e9, epochs=epochs)
        words = "counts every reading as fresh data: beyond 4 that is too good; fit 'repeated'"
        assert any(words in str(one.message) for one in caught) == told


def repeats():
    law = PenaltyLaw(1.62, 250, 1400, 0.32, 0.33, P=0.004, r=1.2, s=0.4)
    N = np.repeat([2e7, 6e7, 2e8, 6e8], 8)
    unique = np.tile([2e8] * 4 + [1e9] * 3 + [4e9], 4)
    D = unique * np.tile([1, 2, 4, 8, 1, 3, 8, 1], 4)
    noise = np.exp(np.random.default_rng(0).normal(0, 0.003, 32))
    return pd.DataFrame(
        {"N": N, "D": D, "unique": unique, "loss": law.loss(N, D, unique) * noise}
    ), law


def test_a_plan_of_more_epochs_than_were_fitted():
    """Eight were: at twice as many the interval ends, and the truth lies outside what it was."""
    runs, law = repeats()
    known = "repeated:E=1.62,A=250,B=1400,alpha=0.32,beta=0.33,R_N=1000"
    found = fit(known, runs, bootstrap=40)
    assert {name: most for name, _, most in found.span}["D / unique"] == 8
    with pytest.warns(FitWarning, match="53 epochs are 6.6 times the largest run fitted") as caught:
        far = found.optimum(1e20, unique=5e8)
    words = "no interval for a run beyond 2 times the 8 epochs"
    assert any(words in str(one.message) for one in caught)
    assert np.isnan([far.run_low, far.run_high]).all()
    assert far.epochs == pytest.approx(far.D / 5e8)
    assert law.loss(far.N, far.D, 5e8) > far.loss_high + 0.3
    for epochs, told in ((15.9, False), (16.1, True)):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            run = found.predict(2e8, epochs * 1e9, 1e9)
        assert bool(caught) == told == np.isnan(run.run_low) and run.low < run.value < run.high


def test_a_resample_far_off_is_no_news():
    found = fit("chinchilla", repeats()[0].query("D <= unique"), bootstrap=20)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        told = found.estimate(lambda law: np.exp(0.0 if law is found.law else 1e4))
    assert told.value == 1 and told.high == np.inf
