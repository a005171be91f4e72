"""Runs and tables: what is in them, and files missing, changed, cut off or out of reach."""

import hashlib
import http.server
import lzma
import os
import pickle
import threading
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pooch
import pytest

from scalinglib import runs
from scalinglib.laws import ChinchillaLaw

PATH = "epoch_chinchilla/svg_extracted_data.csv"


@pytest.fixture(scope="module")
def chinchilla():
    return runs.load("chinchilla")


def _pin(monkeypatch, **changes):
    """Change the address or digest at which the sheet is pinned."""
    data_set = runs._DATA_SETS["chinchilla"]
    monkeypatch.setitem(
        runs._DATA_SETS,
        "chinchilla",
        replace(data_set, files=(replace(*data_set.files, **changes),)),
    )


@pytest.fixture(scope="module")
def porian():
    return runs.load("porian")


@pytest.fixture
def little_porian(monkeypatch, tmp_path):
    """A stand-in for a released file: one configuration, two budgets, one without numbers."""
    budgets = pd.DataFrame(
        {
            "flops": [6e15, 6e16],
            "orig_n": [pd.Series([1e6, 2e6]), np.nan],
            "orig_t": [pd.Series([1e9, 5e8]), np.nan],
            "orig_loss": [pd.Series([4.0, 3.9]), np.nan],
        }
    )
    frame = pd.DataFrame(
        {
            "dataset": ["owt2"],
            "hparams": ["base"],
            "warmup": ["short"],
            "decay": ["kaplan"],
            "param_count": ["standard"],
            "val": ["val"],
            "data": [budgets],
        }
    )
    raw = lzma.compress(pickle.dumps(frame))
    data_set = runs._DATA_SETS["porian"]
    file = replace(data_set.files[0], sha256=hashlib.sha256(raw).hexdigest())
    monkeypatch.setitem(runs._DATA_SETS, "porian", replace(data_set, files=(file,)))
    monkeypatch.setenv(runs.FOLDER_VARIABLE, str(tmp_path))
    path = tmp_path / file.path
    path.parent.mkdir(parents=True)
    path.write_bytes(raw)
    return path


@pytest.fixture
def little(monkeypatch, tmp_path):
    """A small stand-in for the sheet, with its own digest, in a folder named by SCALINGLIB_DATA."""
    raw = b"Model Size,Training FLOP,loss\n1e8,6e18,3.5\n1e9,6e20,2.5\n"
    _pin(monkeypatch, sha256=hashlib.sha256(raw).hexdigest())
    file = tmp_path / "folder" / PATH
    file.parent.mkdir(parents=True)
    file.write_bytes(raw)
    monkeypatch.setenv(runs.FOLDER_VARIABLE, str(tmp_path / "folder"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return file


@pytest.fixture
def server(monkeypatch, little):
    """Serves the little sheet over loopback, no folder named; keeps the requests."""
    sent = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            sent.append(self.path)
            body = little.read_bytes()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=httpd.serve_forever, args=(0.02,), daemon=True).start()
    address = f"http://127.0.0.1:{httpd.server_port}/sheet.csv"
    _pin(monkeypatch, address=address)
    monkeypatch.delenv(runs.FOLDER_VARIABLE)
    yield sent
    httpd.shutdown()
    httpd.server_close()


# ---- the published runs ----


def test_the_245_published_runs(chinchilla):
    assert list(chinchilla) == ["N", "D", "C", "loss"] and len(chinchilla) == 245
    assert np.allclose(6 * chinchilla.N * chinchilla.D, chinchilla.C, rtol=1e-12)
    assert chinchilla.N.between(44e6, 16.2e9).all()  # the range of Table A9
    assert chinchilla.C.between(1e18, 2e22).all()
    assert (chinchilla.loss > 2).all() and not chinchilla.isna().any(axis=None)


def test_the_selection_of_the_replication(chinchilla):
    """Besiroglu et al. 2024 keep 240 runs.

    The other five lie near 1e19 FLOPs with 0.04 to 0.40 tokens a parameter.
    """
    kept = runs.drop_highest_loss(chinchilla, 5)
    assert len(kept) == 240 and kept.index.tolist() == list(range(240))
    dropped = chinchilla[chinchilla.loss > kept.loss.max()]
    assert len(dropped) == 5
    ratio = dropped.D / dropped.N
    assert (ratio.min().round(2), ratio.max().round(2)) == (0.04, 0.40)
    assert dropped.C.between(0.8e19, 1.2e19).all()


def test_the_published_law_misses_the_published_runs_by_what_was_found(chinchilla):
    """Mean observed minus predicted on 240 runs: +0.009 nats (TeX digits), -0.045 (rounded)."""
    from scalinglib.laws import HOFFMANN_2022, HOFFMANN_2022_TEX

    kept = runs.drop_highest_loss(chinchilla, 5)
    for law, mean in ((HOFFMANN_2022_TEX, 0.009), (HOFFMANN_2022, -0.045)):
        assert (kept.loss - law.loss(kept.N, kept.D)).mean() == pytest.approx(mean, abs=0.001)


def test_dropping_keeps_order_and_ties():
    table = pd.DataFrame({"N": [1, 2, 3, 4], "loss": [3.0, 5.0, 2.0, 5.0]}, index=[9, 9, 1, 0])
    assert runs.drop_highest_loss(table, 1).N.tolist() == [1, 2, 3]
    assert runs.drop_highest_loss(table, 2).N.tolist() == [1, 3]
    assert runs.drop_highest_loss(table, 0).N.tolist() == [1, 2, 3, 4]
    for count in (-1, 4):
        with pytest.raises(ValueError, match=f"between 0 and 3 .* got {count}"):
            runs.drop_highest_loss(table, count)
    with pytest.raises(ValueError, match="run 2"):
        runs.drop_highest_loss(table.assign(loss=[1, 2, np.nan, 3]), 1)


# ---- the IsoFLOP points of Porian et al. 2024 ----


def test_1745_points_in_fifteen_configurations_and_three_named_when_dropped(porian):
    assert len(porian) == 1745 and not porian.isna().any(axis=None)
    assert len(porian.drop_duplicates(["dataset", "stage"])) == 15
    assert porian.groupby("dataset").stage.nunique().to_dict() == {
        "OpenWebText2": 5,
        "RefinedWeb": 10,
    }
    assert np.allclose(6 * porian.N * porian.D, porian.C, rtol=1e-12)
    budgets = porian.C.unique()  # 1.25e16 * 2^i, i = 0 to 11
    assert np.allclose(np.sort(budgets), 1.25e16 * 2.0 ** np.arange(12), rtol=1e-12)
    assert len(porian.attrs["dropped"]) == 3
    for corpus, stage in (
        ("RefinedWeb", "Kaplan reproduced"),
        ("OpenWebText2", "Kaplan reproduced"),
        ("RefinedWeb", "tuned, the rest as Kaplan"),
    ):
        assert any(
            line.startswith(f"{corpus}, {stage}, 2.56e+19 FLOPs")
            for line in porian.attrs["dropped"]
        )


def _cross_check(name):
    """A table made from the same pickles by other code; it lies beside them, unpublished."""
    path = Path(os.environ.get(runs.FOLDER_VARIABLE, "")) / "porian2024" / name
    if not os.environ.get(runs.FOLDER_VARIABLE) or not path.is_file():
        pytest.skip(f"needs {name} in the folder that {runs.FOLDER_VARIABLE} names")
    table = pd.read_csv(path)
    words = table.pop("config").str.split("|", expand=True)
    table["dataset"] = words[0].map({"rw": "RefinedWeb", "owt2": "OpenWebText2"})
    return table.join(
        words.iloc[:, 1:].set_axis(["hparams", "warmup", "decay", "param_count", "split"], axis=1)
    )


CONFIGURATION = ["dataset", "hparams", "warmup", "decay", "param_count", "split"]


def test_every_point_is_that_of_the_cross_check(porian):
    other = (
        _cross_check("isoflop_points.csv")
        .rename(columns={"flops": "C", "n": "N", "tokens": "D"})
        .dropna()
    )
    both = [
        table.sort_values([*CONFIGURATION, "C", "N"]).reset_index(drop=True)
        for table in (porian, other)
    ]
    for column in ("N", "D", "C", "loss"):
        assert np.allclose(both[0][column], both[1][column], rtol=1e-12), column
    assert (both[0][CONFIGURATION].astype(str) == both[1][CONFIGURATION].astype(str)).all(axis=None)


def test_parabolas_near_the_minima_give_the_published_exponents(porian):
    """Authors' interpolation and our parabolas through five sizes at the minimum, within 0.03."""
    from scalinglib.fitting import fit_isoflop

    published = _cross_check("published_fits.csv").set_index(CONFIGURATION).pub_a
    for key, points in porian.groupby(CONFIGURATION):
        near = []
        for _, valley in points.sort_values("N").groupby("C"):
            first = np.clip(valley.loss.to_numpy().argmin() - 2, 0, len(valley) - 5)
            near.append(valley.iloc[first : first + 5])
        near = pd.concat(near)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "left out of the fit")
            assert fit_isoflop(near.C, near.N, near.loss).a == pytest.approx(
                published[key], abs=0.03
            ), key


def test_an_empty_budget_is_named(little_porian):
    table = runs.load("porian")
    assert table[["N", "D", "C", "loss"]].to_numpy().tolist() == [
        [1e6, 1e9, 6e15, 4.0],
        [2e6, 5e8, 6e15, 3.9],
    ]
    assert table.stage.unique().tolist() == ["warm-up shortened"] and table.index.tolist() == [0, 1]
    assert table.attrs["dropped"] == [
        "OpenWebText2, warm-up shortened, 6e+16 FLOPs: no numbers in the released file"
    ]


def test_nothing_is_unpickled_before_its_digest_matches(little_porian, tmp_path):
    trap = tmp_path / "sprung"
    little_porian.write_bytes(lzma.compress(pickle.dumps(_Trap(str(trap)))))
    with pytest.raises(runs.WrongDigestError, match=r"summary_df.pickle.xz"):
        runs.load("porian")
    assert not trap.exists()
    pickle.loads(lzma.decompress(little_porian.read_bytes()))
    assert trap.exists()  # it would have been sprung


class _Trap:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (self.path, "w")


# ---- where files come from, and what can go wrong ----


def test_a_folder_is_read_under_the_same_path(little):
    table = runs.load("chinchilla")
    assert (
        table.N.tolist() == [1e8, 1e9]
        and table.D.tolist() == [1e10, 1e11]
        and table.loss.tolist() == [3.5, 2.5]
    )


@pytest.mark.parametrize(
    "damage", [lambda raw: raw[:-20], lambda raw: raw.replace(b"3.5", b"3.4"), lambda raw: b""]
)
def test_a_file_that_was_changed_or_cut_off_is_refused(little, damage):
    expected = hashlib.sha256(little.read_bytes()).hexdigest()
    damaged = damage(little.read_bytes())
    little.write_bytes(damaged)
    with pytest.raises(runs.WrongDigestError) as refusal:
        runs.load("chinchilla")
    found = hashlib.sha256(damaged).hexdigest()
    digests = f"expected sha256 {expected}, found {found} ({len(damaged)} bytes)"
    for part in (str(little), digests, "delete it"):
        assert part in str(refusal.value)
    assert isinstance(refusal.value, ValueError)


def test_a_folder_without_the_file_says_so(little):
    little.unlink()
    with pytest.raises(
        runs.DataUnavailableError,
        match=f"SCALINGLIB_DATA names .* no {PATH}.*unset SCALINGLIB_DATA",
    ):
        runs.load("chinchilla")


def test_fetched_once_then_cached_in_silence(server, caplog, monkeypatch):
    monkeypatch.setattr(pooch.get_logger(), "handlers", [caplog.handler])
    assert runs.load("chinchilla").N.tolist() == [1e8, 1e9]
    assert runs.load("chinchilla").N.tolist() == [1e8, 1e9]
    assert len(server) == 1
    assert not caplog.records


def test_a_cached_file_that_was_cut_off_is_fetched_again(server, tmp_path):
    runs.load("chinchilla")
    (cached,) = Path(os.environ["XDG_CACHE_HOME"]).rglob("*.csv")
    cached.write_bytes(cached.read_bytes()[:30])
    assert len(runs.load("chinchilla")) == 2 and len(server) == 2


def test_a_wrong_file_from_the_network_is_refused_and_not_kept(server, little):
    little.write_bytes(b"<html>not found</html>")
    with pytest.raises(
        runs.WrongDigestError, match=r"expected [0-9a-f]{64} but got [0-9a-f]{64}"
    ) as e:
        runs.load("chinchilla")
    assert f"got {hashlib.sha256(little.read_bytes()).hexdigest()}" in str(e.value)
    assert not list(Path(os.environ["XDG_CACHE_HOME"]).rglob("*.csv"))


def test_without_network_and_folder_the_error_says_what_to_do(monkeypatch, little):
    address = "http://127.0.0.1:9/sheet.csv"  # nobody listens there
    _pin(monkeypatch, address=address)
    monkeypatch.delenv(runs.FOLDER_VARIABLE)
    advice = f"cannot fetch {address}.*set SCALINGLIB_DATA to a folder that has {PATH}"
    with pytest.raises(runs.DataUnavailableError, match=advice):
        runs.load("chinchilla")
    assert issubclass(runs.DataUnavailableError, ValueError)


@pytest.mark.parametrize(
    "ask, names", [(runs.load, "'chinchilla'"), (runs.table, "'chinchilla_3', 'chinchilla_a9'")]
)
@pytest.mark.parametrize("name", ["Chinchilla 2", "", None])
def test_an_unknown_name_is_answered_with_the_known_ones(ask, names, name):
    with pytest.raises(ValueError, match=f"{name!r}; there is .*{names}"):
        ask(name)


# ---- what they are ----

NAMES = [*runs._OWN, *runs._DATA_SETS, *runs._TABLES]


def test_every_data_set_is_described_and_nothing_else():
    table = runs.describe()
    assert sorted(table.index) == sorted(NAMES)
    assert (table.kind == "table").sum() == len(runs._TABLES)
    for word in ("what", "N", "licence", "citation"):
        assert (table[word].str.len() > 2).all(), word
    own = table.loc[list(runs._OWN)]
    assert own.manifest.map(lambda file: (runs._DATA / file).is_file()).all()
    assert own.licence.str.startswith("MIT (ships").all()
    fetched = table.loc[list(runs._DATA_SETS)]
    assert fetched.licence.str.endswith("fetched, not shipped").all()
    assert (table.loc[table.kind == "runs", ["C", "D", "loss"]] != "").all(axis=None)


def test_no_description_of_what_there_is_not():
    with pytest.raises(ValueError, match=r"no data set named 'sweeep'; there is .*'sweep'"):
        runs.describe("sweeep")


@pytest.mark.parametrize("name", NAMES)
def test_a_description_has_the_columns_and_rows_that_are_loaded(name):
    about = runs.describe(name)
    loaded = runs.load(name) if about.kind == "runs" else runs.table(name)
    assert about.columns.index.tolist() == list(loaded)
    assert about.rows == len(loaded) and about.name == name
    assert (about.columns.meaning.str.len() > 2).all()
    assert set(about.columns) == {"unit", "meaning"}
    for column in ("N", "D", "C", "loss"):
        if column in loaded:
            assert about.columns.unit[column] != "", column
    if about.kind == "table":
        assert {"source", "sure", "note"} <= set(about.columns.index)


@pytest.mark.parametrize("name", ["sweep", "growing", "spoilt", "ladder"])
def test_what_is_said_of_shared_columns_holds(name):
    table, about = runs.load(name), runs.describe(name)
    assert about.columns.meaning["N_layers"] == "inside the layers only"
    assert (table.N_layers < table.N).all() and (table.N == table.N.round()).all()
    assert table.loss.isna().equals(table.diverged)  # "empty where it diverged"
    assert (table.step_tokens * table.steps == table.D).all()
    if "C_6N" in table:
        assert np.allclose(table.C_6N, 6 * table.N * table.D)
        assert np.allclose(table.C_6N_layers, 6 * table.N_layers * table.D)


# ---- published tables ----


@pytest.mark.parametrize("name", runs._TABLES)
def test_every_row_names_its_source(name):
    table = runs.table(name)
    assert (table.source.str.len() > 3).all()
    assert table.sure.isin(list("PCRS")).all()
    assert table.note.map(lambda note: isinstance(note, str)).all()


def test_chinchillas_tables_3_and_a3():
    table = runs.table("chinchilla_3")
    assert table.groupby("approach").size().to_dict() == {1: 9, 2: 9, 3: 9}
    misprints = table.note.str.startswith("misprint")
    # kept as printed
    assert table[misprints][["approach", "N", "C"]].to_numpy().tolist() == [[3, 175e9, 1.26e24]]
    ratio = table.C / (6 * table.N * table.D)
    assert ratio[~misprints].between(0.94, 1.06).all()
    assert ratio[misprints].round(2).tolist() == [0.10]


@pytest.mark.parametrize(
    "approach, coefficient, exponent", [(1, 0.0992, 0.498), (2, 0.145, 0.490), (3, 0.535, 0.459)]
)
def test_power_laws_through_chinchillas_tables(approach, coefficient, exponent):
    table = runs.table("chinchilla_3").query("approach == @approach and note == ''")
    slope, intercept = np.polyfit(np.log(table.C), np.log(table.N), 1)
    assert slope == pytest.approx(exponent, abs=0.0011)
    assert np.exp(intercept) == pytest.approx(coefficient, rel=0.05)


def test_gpt3_trained_every_size_on_300_billion_tokens():
    table = runs.table("gpt3")
    assert len(table) == 8 and (table.D == 300e9).all()
    assert np.allclose(table.C, 6 * table.N_d1 * table.D, rtol=0.005)
    assert np.allclose(table.N_d1, table.N, rtol=0.02)
    misprinted = table[table.n_head * table.d_head != table.d_model]
    assert (
        misprinted.model.tolist() == ["GPT-3 XL", "GPT-3 13B"]
        and misprinted.note.str.startswith("misprint").all()
    )


def test_public_models():
    table = runs.table("models").set_index("model")
    assert table.index.is_unique and table.year.between(2019, 2026).all()
    unpublished = table[table.D.isna()]
    assert sorted(unpublished.index) == ["GPT-2 XL", "Mistral-7B"]
    assert unpublished.note.str.contains("not published").all()
    ratio = (table.D / table.N).round(1)
    expected = {
        "GPT-3": 1.7,
        "Gopher": 1.1,
        "Chinchilla": 20,
        "MT-NLG": 0.5,
        "Llama-3.1 405B": 38.5,
        "Llama-3 70B": 214.3,
    }
    assert ratio[list(expected)].to_dict() == expected
    # Reported compute and 6 N D agree within a factor of two, except where a note says what is
    # wrong.
    share = table.C_reported / (6 * table.N_active.fillna(table.N) * table.D)
    assert share[~share.between(0.5, 2) & share.notna()].index.tolist() == ["LaMDA"]
    mixtures = table.note.str.contains("mixture of experts")
    assert (table.N_active.notna() == mixtures).all()
    assert (table.N_active < table.N)[mixtures].all() and table.family.notna().all()
    gpt3 = runs.table("gpt3").set_index("model")
    for name, row in table[(table.family == "GPT-3") & (table.index != "GPT-3")].iterrows():
        printed = gpt3.loc[name]
        assert (row.N, row.D, row.C_reported) == (printed.N_d1, printed.D, printed.C), name


def test_published_exponents_follow_from_the_published_constants():
    table = runs.table("fits")
    for row in table[table.alpha.notna() & table.A.notna()].itertuples():
        assert ChinchillaLaw(row.E, row.A, row.B, row.alpha, row.beta).a == pytest.approx(
            row.a, abs=0.011
        ), row.study
    assert table.a.between(0.4, 0.9).all()


def test_printed_intervals_of_exponents():
    """Approach 3's interval leaves out its rounded point (as printed); all others hold theirs.

    Months fit years.
    """
    table = runs.table("fits")
    assert (table.month.str[:4].astype(int) == table.year).all()
    given = table[table.low.notna()]
    assert (given.interval != "").all() and (table.interval[table.low.isna()] == "").all()
    outside = given[~((given.low <= given.a) & (given.a <= given.high))]
    assert outside.study.tolist() == ["Chinchilla, Approach 3"]


def test_reported_gpu_hours_never_beat_the_chip():
    """What a chip reached is below its peak; counts are those of the table of models."""
    table = runs.table("gpu_hours").set_index("model")
    reached = 6 * table.N * table.D / (table.gpu_hours * 3600 * table.peak_flops)
    assert reached.between(0.1, 0.5).all()
    models = (
        runs.table("models")
        .set_index("model")
        .loc[table.index.intersection(runs.table("models").model)]
    )
    assert len(models) == len(table) == 6 and (
        table.loc[models.index, ["N", "D"]] == models[["N", "D"]]
    ).all(axis=None)
