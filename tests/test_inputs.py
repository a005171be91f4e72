"""The gate for users' numbers: what passes, what is refused, and does the message say where?"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scalinglib._inputs import columns, numbers, positive, together


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


def test_a_float_stays_what_it_is_and_a_scalar_is_no_array():
    for value in (7.5, np.float64(7.5), np.float32(7.5), np.array(7.5)):
        got = numbers("x", value)
        assert got == 7.5 and type(got) is np.float64
    assert type(positive("x", 7)) is np.float64
    assert np.isnan(numbers("x", np.nan)) and numbers("x", -np.inf) == -np.inf
    assert numbers("x", [[1, 2]]).shape == positive("x", [[1, 2]]).shape == (1, 2)
    assert positive("x", [1e-320, 1.7e308]).tolist() == [1e-320, 1.7e308]
    assert positive("x", 0.5) == 0.5 and positive("x", [0.5]).tolist() == [0.5]
    for kind in (np.uint8, np.int16, np.float16):
        assert numbers("x", np.array([3], kind)).dtype == np.float64


def test_masked_runs_are_refused_by_position_and_an_empty_mask_is_not():
    runs = np.ma.array([1e9, 2e9, 3e9], mask=[False, False, True])
    with pytest.raises(ValueError, match=r"N is masked at position 2.*compressed"):
        positive("N", runs)
    assert positive("N", runs.compressed()).tolist() == [1e9, 2e9]
    assert positive("N", np.ma.array([1e9, 2e9], mask=False)).tolist() == [1e9, 2e9]
    with pytest.raises(ValueError, match="N is masked at position 3"):  # counted in rows
        positive("N", np.ma.array([[1.0, 2.0], [3.0, 4.0]], mask=[[0, 0], [0, 1]]))


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


@pytest.mark.parametrize(
    "bad, message",
    [
        ("1e9", "N must be numbers, got <U3: '1e9'$"),
        ([True, False], r"N must be numbers, got bool: \[True, False\]$"),
        (np.array([1.5, True], object), r"N must be numbers, got object: \[1.5, True\]$"),
        (np.array([1.5, "2"], object), r"N must be numbers, got object: \[1.5, '2'\]$"),
        (2j, "N must be numbers, got complex128: 2j$"),
        ([1.5, None], r"N must be numbers without gaps, got \[1.5, None\]; drop"),
        ([1.5, pd.NA], r"N must be numbers without gaps, got \[1.5, <NA>\]; drop"),
        ([[1, 2], [3]], r"N must be numbers without gaps, got \[\[1, 2\], \[3\]\]; drop"),
    ],
)
def test_the_message_shows_what_came(bad, message):
    with pytest.raises(ValueError, match=message):
        numbers("N", bad)


@pytest.mark.parametrize("length", [56, 57, 58, 80])
def test_what_came_is_shown_in_one_line(length):
    """Under 60 characters whole, quotes included; of more the first 57 and three dots."""
    with pytest.raises(ValueError) as refusal:
        numbers("N", "x" * length)
    shown = str(refusal.value).partition(": ")[2]
    if length + 2 < 60:
        assert shown == "'" + "x" * length + "'"
    else:
        assert shown == "'" + "x" * 56 + "..."


def test_columns_are_of_one_length_and_flat():
    N, D = columns(N=[1, 2], D=(3, 4))
    assert N.tolist() == [1, 2] and D.tolist() == [3, 4]
    assert [len(column) for column in columns(N=5, D=6)] == [1, 1]
    with pytest.raises(ValueError, match=r"^D must be positive.*run 1 .*has 0"):
        columns(N=[1, 2], D=[3, 0])
    with pytest.raises(ValueError, match="N has 2, D has 3"):
        columns(N=[1, 2], D=[3, 4, 5])
    with pytest.raises(ValueError, match=r"N has shape \(2, 2\)"):
        columns(N=[[1, 2], [3, 4]], D=[1, 2])


BOTH = {"N": [1.0, 2.0], "D": 3.0}


@pytest.mark.parametrize(
    "given, named",
    [(([1.0, 2.0], 3.0), {}), ((), BOTH), ((), {"D": 3.0, "N": [1.0, 2.0]}), ((BOTH,), {})],
    ids=["one after the other", "by name", "in another order", "a table"],
)
def test_what_a_law_reads_is_given_in_any_way(given, named):
    assert [one.tolist() for one in together(("N", "D"), given, named)] == [[1, 2], [3, 3]]


@pytest.mark.parametrize(
    "given, named, message",
    [
        ((1.0,), BOTH, "by name, got N, D"),
        ((), {"N": 1.0}, "by name, got N$"),
        ((), BOTH | {"C": 1.0}, "by name, got N, D, C"),
        ((1.0,), {}, "got 1 of them"),
        ((1.0, 2.0, 3.0), {}, "got 3 of them"),
        (({"N": 1.0},), {}, "no column 'D'"),
        (([1.0, 2.0], [1.0, 2.0, 3.0]), {}, "N has 2, D has 3"),
    ],
)
def test_what_a_law_does_not_read_is_refused(given, named, message):
    with pytest.raises(ValueError, match=message):
        together(("N", "D"), given, named)
