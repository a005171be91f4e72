"""The two pictures of chapter 7 say what KAPLAN_2020 says, and their sentences count rightly.

1,000 random inputs.
"""

import numpy as np
import pytest
from test_widget_numbers import MANY, RTOL

from scalinglib.laws import BESIROGLU_2024, KAPLAN_2020, PF_DAY
from scalinglib.widgets import AllocationByBudget, StepsAndBatch

PLANS, STEPS = AllocationByBudget(), StepsAndBatch()
LAW = {"size": STEPS.size_term, "steps": STEPS.steps_term, "critical": STEPS.critical}


def test_kaplan_split_agrees(in_node, rng):
    budgets = 10 ** rng.uniform(17, 26, MANY)
    got = in_node(
        "allocation.js",
        "kaplanSplit",
        "input.budgets.map((C) => { const s = kaplanSplit(input.law, C); return [s.N, s.D]; })",
        {"law": PLANS.kaplan, "budgets": budgets.tolist()},
    )
    best = KAPLAN_2020.optimum(budgets)
    np.testing.assert_allclose(np.array(got).T, [best.N, best.D], rtol=RTOL)


def test_sentence_of_the_plans(in_node):
    said = in_node(
        "allocation.js",
        "words",
        """input.budgets.map(([C, fresh]) =>
        words(input.kaplan, input.law, "Besiroglu 2024", C, 1e19, fresh).flat().join("|"))""",
        {
            "kaplan": PLANS.kaplan,
            "law": PLANS.law,
            "budgets": [[1e19, True], [1e20, False], [1e18, False]],
        },
    )
    best = BESIROGLU_2024.optimum(1e19)
    assert "Guess" in said[0] and f"{best.N / 1e6:.0f}M parameters" in said[0]
    assert (
        "10x compute|: |Kaplan |N|5.4x size|, |D|1.9x data|; "
        "|Besiroglu 2024 |N|3.3x size|, |D|3.1x data" in said[1]
    )
    assert "1/10 of the compute" in said[2] and "1/5.4 of the size" in said[2]


def test_runs_of_one_loss_agree(in_node, rng):
    batches, losses = 2 ** rng.uniform(14, 26, MANY), rng.uniform(2.4, 3.4, MANY)
    got = in_node(
        "steps_and_batch.js",
        "run",
        """input.cases.map(([batch, loss]) => {
        const r = run(input.law, input.N, loss, batch);
        return [r.bCrit, r.sMin, r.dMin, r.S, r.D]; })""",
        {"law": LAW, "N": STEPS.N, "cases": np.stack([batches, losses], 1).tolist()},
    )
    b_crit, s_min, d_min, S, D = np.array(got).T
    np.testing.assert_allclose(b_crit, KAPLAN_2020.critical_batch(losses), rtol=RTOL)
    np.testing.assert_allclose(s_min, KAPLAN_2020.steps_to(STEPS.N, losses), rtol=RTOL)
    np.testing.assert_allclose(S, KAPLAN_2020.steps_to(STEPS.N, losses, batches), rtol=RTOL)
    np.testing.assert_allclose(D, S * batches, rtol=RTOL)
    # two small differences
    np.testing.assert_allclose((S / s_min - 1) * (D / d_min - 1), 1, rtol=1e-6)


def test_sentence_of_the_run(in_node):
    fresh, tenfold, same = in_node(
        "steps_and_batch.js",
        "words",
        """[[1, true], [10, false], [1, false]].map(([k, fresh]) =>
        words(input.law, input.N, 2.6, k * 524288, 524288, fresh).flat().join("|"))""",
        {"law": LAW, "N": STEPS.N},
    )
    S, more = (KAPLAN_2020.steps_to(STEPS.N, 2.6, k * 2**19) for k in (1, 10))
    assert "Press the button" in fresh and f"{S / 1e3:.1f}k steps" in fresh
    assert (
        f"{S / more:.1f} times fewer steps" in tenfold
        and f"{10 * more / S:.1f} times as many tokens" in tenfold
    )
    assert "Against" not in same and f"{KAPLAN_2020.critical_batch(2.6) / 1e6:.3g}M tokens" in same


def test_start_and_refusals():
    assert PLANS.start == {"budget": 1e19, "law": PLANS.law} and STEPS.start == {
        "batch": 2.0**19,
        "loss": 2.6,
    }
    assert PLANS.kaplan["size"] * PF_DAY**0.73 == pytest.approx(1.3e9)
    with pytest.raises(ValueError, match="outside the picture; choose one from 1e17 to 1e26"):
        AllocationByBudget(budget=1e30)
    with pytest.raises(ValueError, match=r"never come below 2.8"):
        StepsAndBatch(N=1e8)
    with pytest.raises(ValueError, match="batch is 10, outside"):
        StepsAndBatch(batch=10)


def test_ratios_in_words_turn_where_two_digits_do(in_node):
    """Just inside and just outside of what rounds to one."""
    times = in_node("allocation.js", "times", "input.map(times)", [0.9949, 0.9951, 5.37, 0.19])
    assert times == ["1/1 of the", "1x", "5.4x", "1/5.3 of the"]
    ratios = [0.9949, 0.9951, 1.0049, 1.0051, 0.2, 9.94, 9.96]
    changes = in_node(
        "steps_and_batch.js", "change", 'input.map((ratio) => change(ratio, "steps"))', ratios
    )
    assert changes == [
        "1.0 times fewer steps",
        "the same steps",
        "the same steps",
        "1.0 times as many steps",
        "5.0 times fewer steps",
        "9.9 times as many steps",
        "10 times as many steps",
    ]
