"""The picture of repeated data says what DataConstrainedLaw says, on 1,000 random inputs."""

import numpy as np
import pytest
from test_widget_numbers import MANY, RTOL

from scalinglib.laws import MUENNIGHOFF_2023
from scalinglib.widgets import RepeatedData
from scalinglib.widgets.picture import constants


def test_worth_agrees(in_node, rng):
    epochs = np.concatenate([[1, 2, 4, 16, 40], 10 ** rng.uniform(0, 3, MANY - 5)])
    got = in_node(
        "law.js",
        "worthOf",
        "input[1].map((e) => worthOf(e, input[0]))",
        [MUENNIGHOFF_2023.R_D, epochs.tolist()],
    )
    np.testing.assert_allclose(got, MUENNIGHOFF_2023.effective_data(epochs, 1), rtol=RTOL)


def test_losses_agree(in_node, rng):
    """Unique data so many that no size is in excess: there the law discounts data only."""
    epochs = 10 ** rng.uniform(0, 1.8, MANY)
    sizes = 10 ** rng.uniform(6, 8, MANY)
    got = in_node(
        "repeated_data.js",
        "reading",
        """input.runs.map(([size, epochs]) => {
        const r = reading(input.law, size, 1e10, epochs);
        return [r.worth, r.repeated, r.fresh]; })""",
        {"law": constants(MUENNIGHOFF_2023), "runs": np.column_stack([sizes, epochs]).tolist()},
    )
    law = MUENNIGHOFF_2023
    np.testing.assert_allclose(law.effective_size(sizes, 1e10 * epochs, 1e10), sizes, rtol=1e-12)
    want = [
        law.effective_data(epochs, 1),
        law.loss(sizes, 1e10 * epochs, 1e10),
        law.fresh.loss(sizes, 1e10 * epochs),
    ]
    np.testing.assert_allclose(np.array(got).T, want, rtol=RTOL)


def test_only_a_run_that_is_near_is_told(in_node):
    got = in_node(
        "repeated_data.js",
        "nearby",
        "[16.3, 22, 1].map((e) => nearby([[1, 1], [8, 7], [16, 9]], e) ?? null)",
        None,
    )
    assert got == [[16, 9], None, None]


@pytest.mark.parametrize("runs", [[1, 2], [(1, np.nan)], [(1, 2, 3)]])
def test_runs_are_pairs(runs):
    with pytest.raises(ValueError, match="runs"):
        RepeatedData(runs=runs)
