"""The registry of published laws: against the papers' digits, the tables, and itself."""

import doctest
import json

import numpy as np
import prove_published
import pytest

from scalinglib import counting, laws, published, runs
from scalinglib.laws import PF_DAY

IN_PRINT = {  # typed from the papers and the authors' files once more, apart from the library
    "kaplan_2020": {
        "alpha_N": 0.076,
        "alpha_D": 0.103,
        "N_c": 6.4e13,
        "D_c": 1.8e13,
        "size.scale": 8.8e13,
        "size.exponent": 0.076,
        "data.scale": 5.4e13,
        "data.exponent": 0.095,
        "compute.scale": 3.1e8,
        "compute.exponent": 0.050,
        "steps_N.scale": 6.5e13,
        "steps_N.exponent": 0.077,
        "steps_S.scale": 2.1e3,
        "steps_S.exponent": 0.76,
        "batch_scale": 2e8,
        "batch_exponent": 0.21,
        "optimal_size_coef": 1.3e9,
        "optimal_size_exponent": 0.73,
    },
    "kaplan_2020_fixed_batch": {"a": 0.88, "b": 0.12},
    "kaplan_2020_no_overfitting": {"D_coef": 5e3, "N_exponent": 0.74},
    "kaplan_2020_table_6": {
        "N_coef": 1.3e9,
        "N_exponent": 0.73,
        "batch_coef": 2.0e6,
        "batch_exponent": 0.24,
        "steps_coef": 5.4e3,
        "steps_exponent": 0.03,
        "D_coef": 2e10,
        "D_exponent": 0.27,
    },
    "kaplan_2020_eq_6_7": {"D_coef": 4e10, "D_exponent": 0.26},
    "hoffmann_2022": {"E": 1.69, "A": 406.4, "B": 410.7, "alpha": 0.34, "beta": 0.28},
    "hoffmann_2022_tex": {
        "E": np.exp(0.5267228),
        "A": np.exp(6.0073404),
        "B": np.exp(6.0179186),
        "alpha": 0.33917084,
        "beta": 0.2849083,
    },
    "hoffmann_2022_approach_1": {"a": 0.50},
    "hoffmann_2022_approach_2": {"a": 0.49},
    "hoffmann_2022_c4": {"a": 0.50},
    "hoffmann_2022_github": {"a": 0.53},
    "besiroglu_2024": {"E": 1.8172, "A": 482.01, "B": 2085.43, "alpha": 0.3478, "beta": 0.3658},
    "muennighoff_2023": {
        "E": np.exp(0.6254804),
        "A": np.exp(6.255414),
        "B": np.exp(7.3049974),
        "alpha": 0.3526596,
        "beta": 0.3526596,
        "R_D": 15.387756,
        "R_N": 5.309743,
    },
    "sardana_2023": {"E": 1.45, "A": 33.66, "B": 138.9, "alpha": 0.18, "beta": 0.24},
    "deepseek_2024": {"N_coef": 0.1715 / 6, "a": 0.5243, "D_coef": 5.8316, "b": 0.4757},
    "deepseek_2024_early": {"a": 0.450},
    "deepseek_2024_openwebtext2": {"a": 0.578},
    "minicpm_2024": {"a": 0.442, "alpha": 0.29, "beta": 0.23},
    "llama3_2024": {"D_coef": 0.2994, "b": 0.5368},
    "llama3_2024_printed": {"D_coef": 0.29, "b": 0.53},
    "porian_2024_kaplan": {"a": 0.835},
    "porian_2024_last_layer": {"a": 0.706},
    "porian_2024_warmup": {"a": 0.602},
    "porian_2024_decay": {"a": 0.571},
    "porian_2024_tuned": {"a": 0.497},
    "pearce_2024": {"omega": 47491},
    "hernandez_2021": {"D_F_exponent": 0.18, "N_exponent": 0.38},
}
FITTED_HERE = {f"hoffmann_2022_table_{approach}" for approach in (1, 2, 3)}


def test_every_constant_is_the_one_in_print():
    assert set(published.laws().index) == set(IN_PRINT) | FITTED_HERE
    for key, digits in IN_PRINT.items():
        held = published.get(key).constants
        assert {name: held[name] for name in digits} == pytest.approx(digits, rel=1e-12), key
        derived = set(held) - set(digits)  # of an allocation whose one half was printed
        assert derived <= {"N_coef", "a", "D_coef", "size.floor"} | {
            f"{part}.floor" for part in ("data", "compute", "steps_N", "steps_S")
        }, key


def test_every_law_of_the_library_is_registered():
    held = [entry.law for entry in map(published.get, published.laws().index)]
    constants = [value for name, value in vars(laws).items() if name.isupper() and "20" in name]
    assert len(constants) >= 5
    assert all(any(law is one for one in held) for law in constants)
    assert published.get("pearce_2024").constants["omega"] == counting.PEARCE_OMEGA


def test_every_study_of_the_table_of_fits_is_one_entry_and_says_the_same():
    entries = {entry.study: entry for entry in map(published.get, published.laws().index)}
    table = runs.table("fits")
    assert set(entries) - {""} == set(table.study)
    named = [published.get(key).study for key in published.laws().index]
    assert sorted(filter(None, named)) == sorted(table.study)  # none twice
    for row in table.itertuples():
        entry = entries[row.study]
        assert entry.a == pytest.approx(row.a, abs=0.0085), row.study  # 0.4516 is printed as 0.46
        for name in ("E", "A", "B", "alpha", "beta"):
            if np.isfinite(getattr(row, name)):
                assert entry.constants[name] == pytest.approx(getattr(row, name), rel=5e-4)
        if np.isfinite(row.low):
            assert entry.interval == (row.low, row.high)
            assert f"{row.low:g} to {row.high:g}" in entry.note
        else:
            assert entry.interval is None


def test_keys_and_names_are_unique_and_every_entry_says_what_it_is():
    table = published.laws()
    assert table.index.is_unique and table.name.is_unique
    assert not set(table.index) & set(table.name)
    for column in ("digits", "N", "C", "citation"):
        assert (table[column].str.len() > 2).all(), column
    for key, row in table.iterrows():
        entry = published.get(key)
        assert published.get(row["name"]) is entry and entry.key == key
        assert entry.constants and all(np.isfinite(list(entry.constants.values())))
        assert (entry.law is None) == (row["form"] == "")


def test_two_sets_of_digits_of_one_paper_are_two_names_and_two_plans():
    rounded, tex = published.get("hoffmann_2022"), published.get("hoffmann_2022_tex")
    assert {rounded.digits, tex.digits} == {"as printed", "TeX source"}
    sizes = [round(entry.law.optimum(5.76e23).N / 1e9) for entry in (rounded, tex)]
    assert sizes == [32, 40]


@pytest.mark.parametrize(
    "key, C, N, D",
    [  # the papers' own words about their laws
        ("kaplan_2020_fixed_batch", PF_DAY, 1.6e9, PF_DAY / 6 / 1.6e9),
        ("hoffmann_2022_table_1", 1.23e22, 10e9, 205.1e9),
        ("hoffmann_2022_table_2", 1.32e22, 10e9, 219.5e9),
        ("llama3_2024", 3.8e25, 3.8e25 / 6 / 16.1e12, 16.1e12),
        ("llama3_2024_printed", 3.8e25, 3.8e25 / 6 / 10.5e12, 10.5e12),
        ("deepseek_2024", 3e20, 0.1715 * 3e20**0.5243 / 6, 5.8316 * 3e20**0.4757),
    ],
)
def test_allocations_give_what_the_papers_say(key, C, N, D):
    best = published.get(key).law.optimum(C)
    assert (best.N, best.D) == pytest.approx((N, D), rel=0.04)
    assert 6 * best.N * best.D == pytest.approx(C, rel=0.05)


@pytest.mark.parametrize(
    "asked, near",
    [
        ("hofman_2022", "'hoffmann_2022'"),
        ("Besiroglu", "'Besiroglu 2024'"),
        ("kaplan", "kaplan_2020"),
        ("chinchila", "'hoffmann_2022'"),  # a word of it
    ],
)
def test_an_unknown_name_is_answered_with_near_ones(asked, near):
    with pytest.raises(ValueError, match=f"no published law named {asked!r}; near it: .*{near}"):
        published.get(asked)


@pytest.mark.parametrize("asked", ["", "xyzzy", None])
def test_a_name_with_nothing_near_is_answered_with_where_to_look(asked):
    with pytest.raises(ValueError, match=r"see published\.laws\(\), in a shell scalinglib"):
        published.get(asked)


def test_the_example_of_the_module_runs():
    assert doctest.testmod(published).failed == 0


# ---- published fits, done again ----


@pytest.mark.parametrize("part", [prove_published.chinchilla_lines, prove_published.porian_lines])
def test_the_shipped_refits_are_what_the_library_finds_today(part):
    table, shipped = prove_published.rounded(part()), runs.table("refits")
    here = shipped[shipped.study.isin(table.study)]
    assert len(here) >= 5 and prove_published.differences(table, here) == []


def test_a_refit_that_moved_or_went_is_told():
    shipped = runs.table("refits")
    moved = shipped.assign(ours=shipped.ours.where(shipped.index != 0, shipped.ours * 1.01))
    (told,) = prove_published.differences(moved, shipped)
    assert "E: ours is 1.8353903, shipped 1.8172181" in told
    (told,) = prove_published.differences(shipped, shipped.drop(index=7))
    assert told.endswith("in one table only")


def test_no_refit_ends_above_the_published_law():
    table = runs.table("refits").query("quantity == 'objective' and theirs == theirs")
    both = table[table.ours.notna()]
    assert len(both) >= 40 and (both.ours <= both.theirs * (1 + 1e-7)).all()  # eight digits
    assert table[table.ours.isna()].note.str.startswith("refused").all()


def test_the_manifest_of_the_refits_names_what_was_read():
    manifest = json.loads((runs._DATA / runs.describe("refits").manifest).read_text("utf-8"))
    assert list(manifest["sources"]) == list(prove_published.REPOSITORIES.values())
    for source in manifest["sources"].values():
        assert source["files"] >= 1 and len(source["sha256"]) == 64
    assert {"date", "library", "numpy", "python"} <= set(manifest)
