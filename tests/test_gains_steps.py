"""Gains of steps, text and samples: tables made from known laws give back what was put in."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import betaln

from scalinglib import runs
from scalinglib.fitting import UndeterminedError, fit
from scalinglib.lab import gains_steps as steps
from scalinglib.laws import CoverageLaw, MixtureLaw

pytestmark = pytest.mark.usefixtures("searched_once")

LENGTHS = (80_000.0, 320_000.0, 1_280_000.0, 5_120_000.0)


def loss(N, D):
    return 8.2 / N**0.16 + 11.5 / D**0.15


def plain_grid():
    rows = [
        {"width": w, "N": 30.0 * w**2, "D": D, "tokens": D, "seed": 0, "C": 180 * w**2 * D}
        for w in (16, 32, 64)
        for D in LENGTHS
    ]
    table = pd.DataFrame(rows).assign(corpus="python")
    table["arm"] = np.where(table.D == LENGTHS[-1], "held out", "grid")
    return table.assign(loss=loss(table.N, table.D))


def test_an_optimiser_that_needs_fewer_tokens_is_found_out():
    grid = plain_grid()
    known = grid[grid.D < 4e5].assign(lr=0.008, muon=np.nan, C_lever=0.0, step_tokens=64)
    seeds = pd.concat([known, known.assign(seed=1), known.assign(lr=0.016, loss=known.loss + 1)])
    muon = grid[grid.D < 2e6].assign(muon=0.01, lr=0.008, C_lever=grid.C * 0.5, step_tokens=64)
    times = {16: 1.5, 32: 1.7, 64: 1.9}
    muon["loss"] = loss(muon.N, muon.D * muon.width.map(times))
    worse = muon.assign(muon=0.04, loss=muon.loss + 0.1)  # its rate is tuned as well
    found = steps.optimiser(
        pd.concat([seeds, muon, muon.assign(seed=1), worse], ignore_index=True), grid
    )
    for one in found:
        width = round((one.N / 30) ** 0.5)
        # a straight line between lengths lies above the bent truth
        assert times[width] <= one.times < 1.05 * times[width]
        assert one.net == pytest.approx(one.times / 1.5)
        assert one.seeds == 2
    told = steps.optimiser_held_out(found)
    assert [one.hit for one in told] == [True] * 3
    assert not steps.Prediction("", 1.0, 1.3, 0.2).hit
    assert not steps.Prediction("", np.nan, 1.3, 0.2).hit


@pytest.mark.parametrize("batch, read", [(255, True), (256, False), (1024, False)])
def test_from_256_tokens_a_step_on_no_gain_of_an_optimiser_is_read(batch, read):
    """AdamW has one length there: a line of other batches would credit Muon with the batch."""
    grid = plain_grid()
    short = grid[grid.D < 4e5]
    known = short.assign(lr=0.008, muon=np.nan, C_lever=0.0, step_tokens=batch)
    muon = short.assign(muon=0.01, lr=0.008, C_lever=short.C, step_tokens=batch)
    muon["loss"] = loss(muon.N, muon.D * 1.5)
    both = [known, muon, known.assign(seed=1), muon.assign(seed=1)]
    found = steps.optimiser(pd.concat(both, ignore_index=True), grid)
    assert len(found) == 6  # three widths, two lengths
    assert [bool(np.isfinite(one.times)) for one in found] == [read] * 6


def test_a_straight_line_between_lengths_overstates_as_a_run_left_out_shows():
    class Plain:
        loss = staticmethod(loss)

    foreseen = steps.overstated(Plain, 1e4, 320_000)
    D = np.geomspace(80_000, 1_280_000, 5)
    cosines = pd.DataFrame({"D": D, "loss": loss(1e4, D), "width": 16, "seed": 0})
    cosines = cosines.assign(schedule="cosine", lr=0.008)
    shown = steps.left_out(cosines, D[3])
    assert 1.03 < shown[16, 0] <= foreseen < 1.05
    assert shown[16, 0] == pytest.approx(foreseen, abs=0.01)
    straight = cosines.assign(loss=-np.log(D))
    assert steps.left_out(straight, D[3])[16, 0] == pytest.approx(1)


def test_the_best_batch_is_the_harder_opponent():
    grid = plain_grid()
    known = grid[grid.D < 4e5].assign(lr=0.008, muon=np.nan, C_lever=0.0)
    muon = grid[grid.D < 4e5].assign(muon=0.01, lr=0.008, C_lever=grid.C * 0.5)
    muon["loss"] = loss(muon.N, muon.D * 1.5)
    seeds = [known.assign(step_tokens=64), muon.assign(step_tokens=64)]
    runs = [known.assign(step_tokens=256, loss=known.loss + 0.1), muon.assign(step_tokens=256)]
    runs += [*seeds, *(one.assign(seed=1) for one in seeds)]
    found = steps.optimiser_best_batch(pd.concat(runs, ignore_index=True), grid)
    assert len(found) == 6  # three widths, two batches
    for one in found:
        assert 1.5 <= one.times < 1.7  # whatever AdamW lost at 256 tokens a step
        assert one.net == pytest.approx(one.times / 1.5)


def ladder(shift):
    D = np.geomspace(80_000, 1_280_000, 5)
    rows = []
    for width in (16, 32):
        for seed in (0, 1) if width == 32 else (0,):
            base = pd.DataFrame({"D": D, "C": 100.0 * D, "N": 1e4, "width": width, "seed": seed})
            noise = 1e-3 * seed * (-1.0) ** np.arange(5)
            cosine = base.assign(arm="own", schedule="cosine", loss=loss(1e4, D))
            branch = base.assign(arm="branches", schedule="cooldown", cooldown=0.4)
            branch = branch.assign(loss=loss(1e4, D * shift) + noise, C_ladder=base.C.sum() / 1.4)
            rows += [cosine, branch]
    return pd.concat(rows, ignore_index=True).assign(lr=0.008)


def test_a_better_plain_schedule_takes_some_of_the_saving():
    runs = ladder(0.95)
    runs = runs[~((runs.schedule == "cooldown") & (runs.D < 90_000))]
    linear = runs[(runs.schedule == "cosine") & (runs.seed == 0)].assign(schedule="linear")
    linear["loss"] -= 0.01
    both = pd.concat([runs, linear], ignore_index=True)
    against = {one.arm: one.times for one in steps.schedule(both)}
    for one in steps.schedule(both, plain="linear"):
        assert one.times < 0.97 * against[one.arm]
        assert one.seeds == 1


@pytest.mark.parametrize("shift", [0.9, 0.95])
def test_a_ladder_s_saving_is_corrected_by_what_its_losses_are_worth(shift):
    runs = ladder(shift)
    runs = runs[~((runs.schedule == "cooldown") & (runs.D < 90_000))]  # worse than all cosines
    for one in steps.schedule(runs):
        rest = runs[(runs.schedule == "cooldown") & (runs.seed == 0) & (runs.width == 16)]
        assert one.times == pytest.approx(shift * rest.C.sum() / rest.C_ladder.iloc[0], rel=0.02)
        assert one.low <= one.times <= one.high


def test_where_clean_text_read_again_becomes_worse():
    D = np.array([1e4, 2e4, 4e4, 8e4])
    clean, whole = pd.Series([2.0, 1.9, 2.0, 2.4], D), pd.Series([2.2, 2.0, 1.9, 1.8], D)
    assert steps.crossing(clean, whole) == pytest.approx(2e4 * 2**0.5)
    assert np.isnan(steps.crossing(clean - 1, whole))


def test_the_law_of_samples_follows_from_the_tail_of_the_problems():
    """Chances drawn from Beta(0.3, 2): pass@k is exact, and its exponent that of the tail."""
    k = 4.0 ** np.arange(6, 12)
    missed = np.exp(betaln(0.3, 2 + k) - betaln(0.3, 2))
    law = fit("coverage", {"k": k, "loss": -np.log1p(-missed)}, objective="squares").law
    assert law.b == pytest.approx(0.3, abs=0.01)


def test_a_law_through_two_printed_numbers():
    """Brown et al. 2024: 15.9 % of SWE-bench Lite with one sample, 56 % with 250."""
    a = -np.log(0.159)
    law = CoverageLaw(a, np.log(a / -np.log(0.56)) / np.log(250))
    assert [law.coverage(1), law.coverage(250)] == pytest.approx([0.159, 0.56])
    assert law.b == pytest.approx(0.209, abs=0.001)


def test_the_mixture_of_a_published_fit():
    """Ye et al. 2024, their mix_2_domains.ipynb: 70M parameters, 10,000 steps, loss on GitHub.

    Printed are t and log k; their runs with a quarter and three quarters end at 1.621 and 1.411.
    """
    law = MixtureLaw(c=1.326, k=float(np.exp(-0.5978)), t=-2.4381)
    assert law.loss(0.25) - law.loss(0.75) == pytest.approx(1.6208 - 1.4111, abs=0.005)


def test_a_score_through_the_loss_is_exact_where_it_is_a_function_of_it():
    grid = plain_grid()
    grid["accuracy"] = 1 / (1 + np.exp(2 * (grid.loss - 2)))
    found = steps.answers(grid)
    assert found["two steps"].to_numpy() == pytest.approx(found.accuracy, abs=0.003)
    assert (found["one step"] - found.accuracy).abs().max() > 0.003


def test_a_score_that_is_a_power_sum_itself_needs_one_step():
    grid = plain_grid()
    grid["accuracy"] = 1 - grid.loss / 6
    found = steps.answers(grid)
    assert found["one power sum"].to_numpy() == pytest.approx(found.accuracy, abs=0.003)
    assert (found["one step"] - found.accuracy).abs().max() > 0.003
    assert all(one.hit for one in steps.answers_held_out(grid))


def test_samples_are_priced_in_longer_training():
    rows = []
    for n, accuracy in ((1200, 0.1), (2400, 0.5), (4800, 0.9)):
        D = n * 1024.0
        one = {"width": 16, "seed": 0, "steps": n, "N": 6656, "D": D, "C": 50_000 * D}
        one |= {"C_sample": 5e5, "accuracy": accuracy, "temperature": 1.0, "arm": "constant"}
        rows.append(one | {f"pass_{k}": min(1, accuracy * k**0.1) for k in steps.SAMPLES})
    found = {(one.arm, one.D): one for one in steps.coverage(pd.DataFrame(rows))}
    one = found["width 16, 16 samples", 2400 * 1024.0]
    share = (0.5 * 16**0.1 - 0.5) / 0.4
    assert one.times == pytest.approx(2**share, rel=1e-6)
    assert one.own == pytest.approx(15 * 5e5 * 1000 / one.C)


def test_what_foresees_clean_and_whole_text_is_fitted_to_the_runs_of_its_arm(monkeypatch):
    """The plan: five lengths of one width and pool; the longest and the mixture's quarter held out.

    With a law put in the place of the fit: 4 nats less a tenth of log D, and 2 at any share.
    """
    given = []

    class Put:
        law = type("", (), {"loss": staticmethod(lambda D: 4 - np.log(D) / 10 if D > 1 else 2.0)})

    def put(form, table, **options):
        given.append((getattr(form, "name", form), table, options))
        return Put

    monkeypatch.setattr(steps, "fit", put)
    quality, grid = runs.load("levers_quality"), runs.load("levers_grid")
    told = {one.what: one for one in steps.quality_held_out(quality, grid)}
    *arms, (name, mixed, _) = given
    assert [one[0] for one in arms] == ["read too often"] * 4 and name == "mixture"
    for (_, table, options), width, pool, replaced in zip(
        arms, (16, 16, 32, 32), ("clean half", "all") * 2, (0, 0.3) * 2, strict=True
    ):
        assert options == {"fixed": {"E": 0.0}, "objective": "squares"}
        assert table[["width", "pool", "replaced"]].drop_duplicates().to_numpy().tolist() == [
            [width, pool, replaced]
        ]
        assert sorted(set(table.D)) == [2**k for k in (15, 16, 17, 18, 19)]
    assert {0.5, 1} < set(mixed.share) and 0.25 not in set(mixed.share)
    assert set(mixed.seed) == set(quality[quality.arm == "mixture"].seed)
    far = 4 - np.log(1_572_864) / 10
    assert [one.predicted for what, one in told.items() if "width" in what] == pytest.approx(
        [far, far, 0] * 2
    )
    assert told["share 0.25"].predicted == 2 and told["share 0.25"].within == 0.02
    quarter = quality[(quality.arm == "mixture") & (quality.width == 32) & (quality.share == 0.25)]
    assert told["share 0.25"].measured == pytest.approx(sum(quarter.loss) / 3)
    held = quality[(quality.arm == "held out") & (quality.width == 32)].query(
        "replaced in (0, 0.3)"
    )
    held = held.set_index("pool").loss
    assert told["all, width 32"].measured == held["all"]
    assert told["clean half, width 32"].measured == held["clean half"]
    ahead = told["sign of all - clean half, width 32"]
    assert ahead.measured == (1 if held["all"] > held["clean half"] else -1)


def test_a_pool_whose_runs_do_not_determine_its_law_has_none(monkeypatch):
    def undetermined(*_, **__):
        raise UndeterminedError("too few")

    monkeypatch.setattr(steps, "fit", undetermined)
    assert steps.pool_law(runs.load("levers_quality"), 16, "all", 0.3) is None


def test_the_law_of_a_pool_by_hand():
    """1.5 nats of floor, 4 to the power of a half, and a hundredth of R squared."""
    assert steps.over_read((1.5, 4e5, 0.5, 1e6, 2.0), 1e5) == pytest.approx(1.5 + 2 + 0.01)


def test_predictions_are_shown_to_three_digits_and_judged():
    one = steps.Prediction("a gain", 1.23456, 1.25, 0.05)
    other = steps.Prediction("another", float("nan"), 1.0, 0.5)
    assert steps.table([one, other]).reset_index().to_numpy().tolist() == [
        ["a gain", "1.23", "1.25", "0.05", "hit"],
        ["another", "nan", "1", "0.5", "miss"],
    ]
