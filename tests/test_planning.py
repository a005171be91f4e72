"""Planning against published tables, closed forms of the Chinchilla form, and grid searches."""

import warnings
from dataclasses import FrozenInstanceError
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scalinglib.laws import BESIROGLU_2024, HOFFMANN_2022, HOFFMANN_2022_TEX, ChinchillaLaw
from scalinglib.planning import (
    Lifetime,
    _log_data,
    cheapest,
    energy_kwh,
    frontier,
    gpu_hours,
    overhead,
    price,
)

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
    gap = law.optimum(C).loss - law.E  # the loss carries an absolute error of an ulp of E
    assert got == pytest.approx(expected, rel=1e-11 / gap / max(remaining, 1e-3), abs=1e-11 / gap)
    assert got >= -1e-11 / gap


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
        optimum=lambda C: SimpleNamespace(N=1e12, D=1e299),
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
