"""The gate for users' numbers: what passes, what is refused, and does the message say where?"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scalinglib._inputs import columns, numbers, positive


@given(st.lists(st.floats(1e-300, 1e300), min_size=1), st.randoms())
def test_every_kind_of_column_is_the_same_column(values, random):
    order = list(range(len(values)))
    random.shuffle(order)
    for kind in (
        list,
        tuple,
        np.array,
        lambda v: pd.Series(v, index=order),
        lambda v: np.array(v, object),
    ):
        got = positive("N", kind(values))
        assert got.dtype == np.float64 and got.tolist() == values


def test_numbers_stay_numbers_and_integers_become_floats():
    assert positive("N", 7) == 7.0 and isinstance(positive("N", 7), float)
    assert positive("N", np.array([3 * 10**18])).dtype == np.float64
    assert numbers("x", [-1, 0, np.inf]).tolist() == [-1, 0, np.inf]
    assert positive("N", 10**30) == 1e30  # larger than any int64


def test_masked_runs_are_refused_by_position_and_an_empty_mask_is_not():
    runs = np.ma.array([1e9, 2e9, 3e9], mask=[False, False, True])
    with pytest.raises(ValueError, match=r"N is masked at position 2.*compressed"):
        positive("N", runs)
    assert positive("N", runs.compressed()).tolist() == [1e9, 2e9]
    assert positive("N", np.ma.array([1e9, 2e9], mask=False)).tolist() == [1e9, 2e9]


@pytest.mark.parametrize(
    "bad",
    [
        "1e9",
        ["a", "b"],
        [1e9, None],
        [[1, 2], [3]],
        [True, False],
        1j,
        pd.Series(["2020"]),
        pd.to_datetime(["2020-01-01"]),
        [1e9, pd.NA],
    ],
)
def test_what_is_not_a_number_is_refused(bad):
    with pytest.raises(ValueError, match=r"^N must be numbers|^N must be positive"):
        positive("N", bad)


@pytest.mark.parametrize("bad", [0, -1, np.nan, np.inf, -np.inf])
def test_the_run_that_is_wrong_is_named(bad):
    with pytest.raises(ValueError, match=f"loss must be positive and finite, got {bad:g}"):
        positive("loss", bad)
    with pytest.raises(ValueError, match=f"loss must be.*run 3 .*has {bad:g}"):
        positive("loss", pd.Series([3.1, 3.0, 2.9, bad, bad], index=list("edcba")))
    with pytest.raises(ValueError, match="run 2 "):
        positive("loss", [[1, 2], [bad, 3]])


def test_columns_are_of_one_length_and_flat():
    N, D = columns(N=[1, 2], D=(3, 4))
    assert N.tolist() == [1, 2] and D.tolist() == [3, 4]
    assert [len(column) for column in columns(N=5, D=6)] == [1, 1]
    with pytest.raises(ValueError, match="N has 2, D has 3"):
        columns(N=[1, 2], D=[3, 4, 5])
    with pytest.raises(ValueError, match=r"N has shape \(2, 2\)"):
        columns(N=[[1, 2], [3, 4]], D=[1, 2])
