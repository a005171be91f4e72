import json
import re

import numpy as np
import pytest

from scalinglib import runs
from scalinglib.counting import Transformer
from scalinglib.fitting import fit_parametric
from scalinglib.lab import Budget, BudgetError
from scalinglib.lab.budget import NOISE


@pytest.fixture
def ledger(tmp_path):
    return tmp_path / "ledger.jsonl"


def test_a_run_costs_its_flops_and_the_same_again_is_free(ledger):
    lab = Budget(1e10, "simulated", ledger=ledger)
    first = lab.train(width=16, tokens=64_000)
    per_token = Transformer(2, 16, 4, 32, 64, tied=False, position="none").flops_per_token
    assert first.C == lab.price(16, 64_000) == lab.spent == pytest.approx(64_000 * per_token)
    assert lab.left == 1e10 - lab.spent
    assert lab.train(width=16, tokens=64_000) == first and len(lab.runs) == 1
    assert lab.train(width=16, tokens=64_000, lr=0.01) != first and len(lab.runs) == 2
    assert lab.runs["loss"][0] == first.loss


def test_what_cannot_be_paid_is_refused_and_not_charged(ledger):
    lab = Budget(1e9, "simulated", ledger=ledger)
    lab.train(8, 20_000)
    left = lab.left
    with pytest.raises(BudgetError, match=re.escape(f"{left:.4g} of 1e+09 are left")):
        lab.train(64, 10**6)
    assert lab.left == left and "1 runs" in repr(lab)


def test_a_run_may_take_all_that_is_left_and_no_more(ledger):
    price = Budget(1e9, "simulated", ledger=ledger).price(8, 20_000)
    lab = Budget(price, "simulated", ledger=ledger.with_name("enough"))
    assert lab.train(8, 20_000).C == price and lab.left == 0
    short = Budget(np.nextafter(price, 0), "simulated", ledger=ledger.with_name("short"))
    with pytest.raises(BudgetError, match="are left"):
        short.train(8, 20_000)


@pytest.mark.parametrize("share, served", [(0.004, True), (0.006, False)])
def test_a_recorded_run_has_nearly_the_tokens_that_were_asked_for(ledger, share, served):
    lab = Budget(1e11, ledger=ledger)
    tokens = runs.load("sweep").query("corpus == 'lexicon' and seed == 0 and arm == 'main'").D.max()
    width = runs.load("sweep").query("corpus == 'lexicon' and D == @tokens").width.iloc[0]
    lab = Budget(lab.price(int(width), int(2 * tokens)), ledger=ledger.with_name("large"))
    if served:
        assert lab.train(int(width), round(tokens / (1 + share))).D == tokens
    else:
        with pytest.raises(BudgetError, match="Nothing is interpolated"):
            lab.train(int(width), round(tokens / (1 + share)))


def test_the_ledger_survives_a_crash(ledger):
    lab = Budget(1e10, "simulated", seed=3, ledger=ledger)
    first = lab.train(8, 20_000)
    lab.train(16, 20_000)
    raw = ledger.read_bytes()
    ledger.write_bytes(raw[:-9])  # the second run was being written
    again = Budget(1e10, "simulated", seed=3, ledger=ledger)
    assert len(again.runs) == 1 and again.train(8, 20_000) == first
    again.train(16, 20_000)
    assert ledger.read_bytes() == raw
    with pytest.raises(BudgetError, match="another budget"):
        Budget(2e10, "simulated", seed=3, ledger=ledger)


def test_the_recorded_laboratory_serves_what_there_is_and_nothing_else(ledger):
    sweep = runs.load("sweep")
    row = sweep[
        (sweep["corpus"] == "lexicon") & (sweep["seed"] == 0) & (sweep["arm"] == "main")
    ].iloc[0]
    lab = Budget(1e11, ledger=ledger)
    served = lab.train(width=row["width"], tokens=row["D"])
    assert (served.loss, served.C, served.N) == (row["loss"], row["C"], row["N"])
    with pytest.raises(BudgetError, match=f"{row['D']:,}.*Nothing is interpolated"):
        lab.train(row["width"], row["D"] * 1.5)
    with pytest.raises(BudgetError, match="widths 8, "):
        lab.train(40, 10**5)
    with pytest.raises(BudgetError, match=r"lr 0.02"):
        lab.train(row["width"], row["D"], lr=0.02)
    with pytest.raises(BudgetError, match="are left"):
        Budget(1e9, ledger=ledger.with_name("other")).train(row["width"], row["D"])
    assert lab.spent == row["C"]


def test_the_live_laboratory_trains(ledger):
    lab = Budget(1e9, "live", ledger=ledger)
    assert 1.4 < lab.train(8, 5_000).loss < np.log(32)
    wild = lab.train(8, 5_000, lr=1e6)
    assert np.isnan(wild.loss) and lab.runs["loss"].isna().sum() == 1 and lab.spent > wild.C
    assert all(json.loads(line) for line in ledger.read_text().splitlines())


def test_the_simulated_laboratory_obeys_a_law_of_its_own(ledger):
    lab = Budget(1e13, "simulated", seed=7, ledger=ledger)
    for width in (8, 16, 32, 64):
        for tokens in (10**5, 4 * 10**5, 16 * 10**5, 64 * 10**5):
            lab.train(width, tokens)
    fit = fit_parametric(lab.runs["N"], lab.runs["D"], lab.runs["loss"], delta=1)
    residuals = np.log(lab.runs["loss"] / fit.law.loss(lab.runs["N"], lab.runs["D"]))
    assert NOISE / 2 < residuals.std() < NOISE * 1.5
    other = Budget(1e13, "simulated", seed=8, ledger=ledger.with_name("other"))
    assert abs(other.train(16, 10**5).loss / lab.train(16, 10**5).loss - 1) > 3 * NOISE


def test_simulated_noise_has_the_measured_size():
    sweep = runs.load("sweep")
    main = sweep[sweep["arm"] == "main"]
    spread = (
        np.log(main["loss"])
        .groupby([main["corpus"], main["budget"], main["width"]])
        .agg(["var", "count"])
    )
    several = spread[spread["count"] > 1]
    measured = np.sqrt(np.average(several["var"], weights=several["count"] - 1))
    assert NOISE / 2 < measured < NOISE * 2


@pytest.mark.parametrize(
    "terms, what", [({"backend": "cloud"}, "cloud"), ({"corpus": "shakespeare"}, "shakespeare")]
)
def test_an_unknown_laboratory_is_refused(ledger, terms, what):
    with pytest.raises(ValueError, match=what):
        Budget(1e9, **terms, ledger=ledger)
    with pytest.raises(ValueError, match="flops"):
        Budget(-1, ledger=ledger)


def test_a_menu_is_free_and_says_what_a_run_would_be(ledger):
    lab = Budget(1e11, "simulated", ledger=ledger)
    menu = lab.menu(1e10, (8, 16, 32))
    assert lab.spent == 0 and list(menu["width"]) == [8, 16, 32]
    assert np.allclose(menu["C"], 1e10, rtol=2e-3)
    for row in menu.itertuples():
        paid = lab.train(row.width, row.tokens)
        assert (paid.N, paid.D, paid.C) == (row.N, row.D, row.C)


def test_only_a_simulated_laboratory_knows_the_truth(ledger):
    lab = Budget(1e12, "simulated", ledger=ledger)
    losses = [
        lab.train(16, 100_000 + 64 * k).loss / lab.true_loss(16, 100_000 + 64 * k)
        for k in range(40)
    ]
    assert np.std(np.log(losses)) == pytest.approx(NOISE, rel=0.35) and np.mean(
        losses
    ) == pytest.approx(1, abs=NOISE)
    with pytest.raises(BudgetError, match="nobody knows"):
        Budget(1e11, ledger=ledger.with_name("other")).true_loss(16, 100_000)
