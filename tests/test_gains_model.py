"""Gains of levers on the model are those of tables made from known laws."""

from math import inf, isnan

import numpy as np
import pandas as pd
import pytest

from scalinglib import fit, forms, runs
from scalinglib.lab import gains_model as gains
from scalinglib.lab.levers import HELD_OUT
from scalinglib.lab.training import Recipe

WIDTHS, TOKENS = (16, 24, 32, 48, 64), (80_000, 320_000, 1_280_000, 5_120_000)


def plain_loss(N, D):
    """Straight lines in log N and log D, so that reading off between runs is exact."""
    return 5.0 - 0.15 * np.log(N) - 0.12 * np.log(D)


def rows(widths=WIDTHS, tokens=TOKENS, seeds=(0,), **more):
    found = []
    for width in widths:
        for D in tokens:
            for seed in seeds:
                recipe = Recipe(width, D, seed=seed, corpus="python", held_out=HELD_OUT)
                N = recipe.shape.n_params
                found.append(
                    {
                        "run_id": recipe.id,
                        "arm": "grid",
                        "corpus": "python",
                        "width": width,
                        "tokens": D,
                        "seed": seed,
                        "lr": 0.008,
                        "N": N,
                        "D": recipe.D,
                        "C": recipe.flops,
                        "loss": plain_loss(N, recipe.D),
                    }
                    | more
                )
    return pd.DataFrame(found)


# ---- fewer bits ----


def test_memory_saved_by_rounding_is_bits_times_effective_size():
    table = rows(widths=(16, 32, 64), tokens=TOKENS[:2])
    table = table.assign(bits=4, bits_stored=4.5, loss_float=table.loss, arm="rounded")
    table["loss"] = plain_loss(0.8 * table.N, table.D)
    found = {(gain.N, gain.D): gain for gain in gains.precision(table)}
    for gain in found.values():
        if gain.N == table.N.min():
            assert isnan(gain.times) and "smallest measured" in gain.why
        else:
            assert gain.times == pytest.approx(16 / 4.5 * 0.8)
            assert gain.arm == "4 bits, rounded" and gain.own == 0
    share = gains.effective_share(table)
    assert share.share.dropna().to_numpy() == pytest.approx(0.8)


def test_models_trained_with_rounding_are_paired_with_the_plain_ones_of_their_seed():
    plain = rows(widths=(16, 32), tokens=TOKENS[:1], seeds=(0, 1))
    luck = np.where(plain.seed == 1, 0.3, 0.0)  # a seed that is bad for both sides
    rounded = plain.assign(bits=8, bits_stored=8, loss_float=plain.loss + luck, arm="rounded")
    rounded["loss"] = rounded.loss_float
    trained = plain.assign(bits=3, bits_stored=3, loss_float=np.nan, arm="trained")
    trained["loss"] = plain_loss(0.5 * plain.N, plain.D) + luck
    trained = trained[trained.width == 32]
    found = gains.effective_share(pd.concat([rounded, trained]))
    here = found[(found.how == "trained") & (found.bits == 3)]
    assert here.share.item() == pytest.approx(0.5) and here.seeds.item() == 2


def test_the_law_of_rounding_is_fitted_to_the_rows_that_were_planned():
    table = rows(tokens=TOKENS[:3])
    table = pd.concat([table.assign(bits=bits) for bits in (8, 6, 4, 3, 2)])
    extra = 0.2 * table.D**0.5 / table.N**0.3 * 4.0**-table.bits
    table = table.assign(arm="rounded", loss_float=table.loss, loss=table.loss + extra)
    chosen = gains.rounded_rows(table)
    assert set(chosen.bits) == {3, 4, 6} and (chosen.extra > gains.LEAST_EXTRA).all()
    law = fit(forms.rounding(), chosen, objective="squares").law
    assert (law.g_D, law.g_N, law.g_b) == pytest.approx((0.5, 0.3, 1 / np.log(4)), rel=1e-4)


# ---- a teacher ----


def taught(times, own, **more):
    table = rows(widths=(16, 32), tokens=TOKENS[:2], seeds=(0, 1))
    loss = plain_loss(table.N, times * table.D)
    settings = {"arm": "fresh", "teacher": "64@5120000", "weight": 1.0, "unique": np.nan}
    return table.assign(loss=loss, C_lever=own * table.C, **(settings | more))


def test_a_teacher_that_doubles_every_token_is_worth_two_and_pays_for_one():
    found = gains.distillation(taught(2.0, 0.5), rows(seeds=(0, 1)))
    assert len(found) == 4
    for gain in found:
        assert gain.times == pytest.approx(2) and gain.own == pytest.approx(0.5)
        assert gain.net == pytest.approx(4 / 3) and gain.seeds == 2
        assert gains.students_to_pay(gain, 10 * gain.C) == pytest.approx(20)
    dear = gains.distillation(taught(2.0, 1.5), rows(seeds=(0, 1)))
    assert all(gains.students_to_pay(gain, gain.C) == inf for gain in dear)


def test_the_best_rates_of_both_sides_are_compared():
    soft = taught(2.0, 0.5).query("seed == 0 and tokens == 320_000")
    better = soft.assign(lr=0.016, arm="soft, rates", loss=plain_loss(soft.N, 3.0 * soft.D))
    hard = rows(widths=(16, 32), tokens=(320_000,)).assign(arm="hard, rates", lr=0.004)
    hard["loss"] = plain_loss(hard.N, 1.5 * hard.D)
    table = pd.concat([soft, better, hard])
    found = {gain.arm: gain.times for gain in gains.distillation(table, rows())}
    assert found["64@5120000"] == pytest.approx(2, rel=1e-6)
    assert found["64@5120000, best rates"] == pytest.approx(2, rel=1e-6)  # 3 / 1.5


def test_a_run_without_a_plain_twin_is_told():
    with pytest.raises(ValueError, match=r"width 16.*no plain twin"):
        gains.distillation(taught(2.0, 0.5), rows(widths=(24, 32)))


# ---- experts ----


def test_experts_are_compared_at_equal_active_size():
    grid = rows()
    table = rows(widths=(24, 32), tokens=TOKENS[1:3]).assign(experts=4, load_least=0.2)
    active = table.N.copy()
    table = table.assign(N=3 * active, C=1.01 * table.C)
    table["loss"] = plain_loss(active, 1.5 * table.D)
    for gain in gains.experts(table, grid):
        assert gain.times == pytest.approx(1.5) and gain.own == pytest.approx(0.01)
        assert gain.arm == "4 experts" and gain.N in set(active)
    cells = gains.expert_rows(table, grid)
    assert cells.share.to_numpy() == pytest.approx(1.5 ** (0.12 / 0.15))
    assert cells.total.to_numpy() == pytest.approx(3)


# ---- seeds ----


def test_the_noise_of_a_cell_shrinks_with_its_seeds():
    grid = rows(widths=(16,), seeds=(0, 1, 2, 3))
    grid.loc[grid.tokens == 80_000, "loss"] += 0.01 * np.array([-1, 1, -1, 1])
    plain = gains.plain_runs(grid[(grid.seed < 1) | (grid.tokens == 80_000)])
    sd = plain.sd[(16, 80_000)]
    assert sd == pytest.approx(0.01 * np.sqrt(4 / 3) / 2)
    assert plain.sd[(16, 320_000)] == pytest.approx(2 * sd)  # one seed; sd of the shorter length


# ---- published constants ----


def test_the_form_holds_what_was_printed_for_training_with_four_bits():
    """Chen et al. 2025, arXiv 2505.14302: k D^0.0745 log2(G)^0.7779 / N^0.2186 for W4A4.

    They report 34 % less extra loss from 74M to 595M parameters, 22 % more from 10B to 100B tokens
    (means over their runs).
    """
    law = forms.rounding().make({"c": 0.0, "g_D": 0.0745, "g_N": 0.2186, "g_b": 1.0})
    of = law.loss
    assert of(595e6, 1e10, 4) / of(74e6, 1e10, 4) == pytest.approx(1 - 0.34, abs=0.03)
    assert of(74e6, 1e11, 4) / of(74e6, 1e10, 4) == pytest.approx(1.22, abs=0.04)


def test_the_recorded_tables_have_gains_at_three_sizes():
    grid = runs.load("levers_grid")
    for found in (
        gains.precision(runs.load("levers_precision")),
        gains.distillation(runs.load("levers_distillation"), grid),
        gains.experts(runs.load("levers_experts"), grid),
    ):
        read = [gain for gain in found if not isnan(gain.times)]
        assert len({gain.N for gain in read}) >= 3
        assert all(gain.low <= gain.times <= gain.high for gain in read)
