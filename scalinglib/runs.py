"""Tables of runs: data sets that others published, and the tables of the papers.

Runs (`load`) carry a loss. Our own ship with this library. Third-party runs do not: they are
fetched once from the pinned address, checked by sha256 and cached, or read from the folder that the
environment variable SCALINGLIB_DATA names. Tables (`table`) carry none: they are typed in from the
papers, a source in each row, with the papers' misprints kept and noted. `describe` tells what each
of them is: licence, citation, counts, columns and their units.

"ngrams": our own n-gram models of the Python standard library's source, recorded by `python -m
scalinglib.lab.ngrams` (the manifest data/ngrams.json lies beside the table). There N is the stored
counts, D characters, C the additions made while counting, loss in nats per character of held-out
files; `order` and `draw` (which sample of D characters) are two more columns.

"sweep": our own sweep of tiny language models, recorded by `python -m scalinglib.lab.sweep` as
planned before in data/sweep_plan.json (manifest: data/sweep.json). `corpus` is "lexicon", whose
`entropy` is known, or "python". `arm` says what a run is for: "main" is the IsoFLOP grid, with the
nominal FLOPs in `budget`; "constant" and "warmup" are the same grid under other schedules; "fresh",
"repeated" (`unique` tokens), "noisy" and "duplicated" are one width on spoilt data. N counts all
parameters, N_head without the embedding, N_layers inside the layers only; C is exact (attention
over the whole square, softmax), C_6N and C_6N_layers are the short cuts. `diverged` runs have no
loss.

"sweep_curves": the training curves of the same runs (`run_id`), about 40 points each, with `tokens`
in place of D. The loss is the mean training loss since the point before.

"growing", "growing_curves": the same networks on "python" with depth and context that grow with the
width, as planned before in data/growing_plan.json; `budget`, `arm` "growing" and the other columns
are those of "sweep".

"spoilt", "spoilt_curves": more runs on noisy, duplicated and repeated "python", at several numbers
of tokens, as planned before in data/spoilt_plan.json; columns as in "sweep".

"sweep_next", "sweep_next_curves": the next budget of "sweep", three times its largest, two widths a
corpus (arm "next"), as planned before in data/sweep_next_plan.json; columns as in "sweep". The text
of "python" had changed since; arm "anchor" repeats runs of "sweep" on the new one.

"ladder": small runs of the same networks that a reader can repeat in seconds (plans
data/ladder_plan*.json, manifest data/ladder.json). arm "grid" has every width up to 64 with every
number of `tokens` asked for, up to three seeds; the other arms change one thing: "noise" (more
seeds), "wide" (more seeds of width 64), "live" (widths between), "long" (more tokens), "learning
rate" and "rates" (`lr`), "large batch" (`step_tokens`, three `lr`), "python" (corpus "library") and
"short context" (`context`).
"ladder_curves": their training curves, as "sweep_curves".

"sums": networks that learn to add ten-digit numbers, recorded by `python -m scalinglib.lab.sums`
(manifest data/sums.json): one row a `seed` and exam on the way, `loss` in nats a digit of the sum.
The other columns are those of `scalinglib.lab.sums.learn`.

"batches": training curves of one small network at seven `batch`es (tokens a step), each at several
learning rates `lr`, recorded by `python -m scalinglib.lab.batches`; one row a point: `step`, D the
tokens until then, the loss is the mean training loss since the point before.

"levers_grid", "levers_precision", "levers_distillation", "levers_quality", "levers_coverage",
"levers_schedule", "levers_experts", "levers_optimiser", "levers_pairs": what the levers of "After
Chinchilla" are worth on the same networks, recorded by `python -m scalinglib.lab.levers` as planned
before in data/levers_*_plan.json, which say what each `arm` is for (manifests: data/levers_*.json).
"levers_grid" is the other side of most comparisons: plain runs. C_lever is what a lever costs by
itself. Trained models of the grid ship as well: `scalinglib.lab.levers.trained`.

"chinchilla": the 245 runs that Besiroglu et al. 2024 read off Figure 4 of Hoffmann et al. 2022. N
is total, C is as plotted, D = C / 6N, the loss is a smoothed training loss on MassiveText. Their
analysis leaves out the five highest losses (`drop_highest_loss`).

"porian": the IsoFLOP points that Porian et al. 2024 released, in fifteen configurations of two
`dataset`s. `stage` says in words what was done; `hparams`, `warmup`, `decay`, `param_count` and
`split` are the authors' own names. N and C = 6 N D are counted as `param_count` says: "kaplan"
without embedding and last layer, "standard" with the last layer, "attention" with the FLOPs of
attention as well. C is nominal, so that the runs of a budget share it; their losses were read off
training curves. Three of the 1,748 rows have no numbers: they are left out, and `.attrs["dropped"]`
names them.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import os
import pickle
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar, overload

import numpy as np
import pandas as pd
import pooch

from ._inputs import positive

FOLDER_VARIABLE = "SCALINGLIB_DATA"
_DATA = Path(__file__).parent / "data"

Entry = TypeVar("Entry")


class DataUnavailableError(ValueError):
    """The published runs can neither be fetched nor read from a folder."""


class WrongDigestError(ValueError):
    """A data file is not the file that was published: another version, or cut off."""


@dataclass(frozen=True)
class _File:
    path: str  # below SCALINGLIB_DATA, and below the cache
    address: str
    sha256: str


@dataclass(frozen=True)
class _DataSet:
    files: tuple[_File, ...]
    read: Callable[..., pd.DataFrame]  # called with the checked bytes of every file


def load(name: str) -> pd.DataFrame:
    """The runs of a study: a DataFrame with columns N, D, C, loss, one row a run.

    `N` counts parameters, `D` training tokens, `C` training FLOPs; `loss` is in nats per token.

    The data sets, and what more columns they have, are told at the head of this module, counts and
    licences by `describe`.

    Raises ValueError for an unknown name, DataUnavailableError where the file cannot be had,
    WrongDigestError where it is not the published file.

    >>> load("sweep")[["corpus", "arm", "N", "D", "loss"]].head(2).round(3)
        corpus   arm     N       D   loss
    0  lexicon  main  2048  361664  2.168
    1  lexicon  main  7168  144704  2.061
    """
    _entry("runs", name, {**_DATA_SETS, **_OWN})
    if name in _OWN:
        return pd.read_csv(_DATA / _OWN[name])
    data_set = _DATA_SETS[name]
    return data_set.read(*(_checked_bytes(_local_file(file), file) for file in data_set.files))


def keep(table: pd.DataFrame, condition: str, why: str = "") -> pd.DataFrame:
    """The rows for which `condition` holds, as in DataFrame.query; fits of them say "n of N".

    `why` is told with the count: whether the selection was chosen before looking belongs there.
    `selection` reads what was told; it stays with columns and with parts of the table. Raises
    ValueError where no row is left.

    >>> main = load("sweep").query("arm == 'main'")
    >>> selection(keep(main, "steps >= 1500", "planned before the runs"))
    '118 of 136 rows, steps >= 1500 (planned before the runs)'
    """
    kept = table.query(condition)
    if kept.empty:
        raise ValueError(f"none of {len(table)} rows has {condition}; there is nothing to fit")
    return _told(kept, len(table), condition + (f" ({why})" if why else ""))


def selection(table: pd.DataFrame | pd.Series) -> str:
    """What was left out of a table on its way here: "n of N rows, condition", or "all n rows".

    >>> selection(load("sweep"))
    'all 196 rows'
    """
    told = table.attrs.get("selected", ())
    return "; ".join(told) or f"all {len(table)} rows"


def _told(kept: pd.DataFrame, of: int, words: str) -> pd.DataFrame:
    """`kept` with a line about its selection; rows that stayed all need none."""
    kept = kept.copy()
    if len(kept) < of:
        told = f"{len(kept)} of {of} rows, {words}"
        kept.attrs["selected"] = (*kept.attrs.get("selected", ()), told)
    return kept


def drop_highest_loss(table: pd.DataFrame, count: int) -> pd.DataFrame:
    """`table` without the `count` runs of highest loss, in its own order, renumbered from 0.

    With count = 5 on "chinchilla": the 240 runs that Besiroglu et al. 2024 fit. Raises ValueError
    where `count` is negative or leaves no run.

    >>> sweep = load("sweep")
    >>> len(sweep), len(drop_highest_loss(sweep, 5))
    (196, 191)
    """
    positive("loss", table["loss"])
    if not 0 <= count < len(table):
        raise ValueError(
            f"count must lie between 0 and {len(table) - 1} "
            f"for a table of {len(table)} runs, got {count}"
        )
    ascending = table["loss"].to_numpy().argsort(kind="stable")
    kept = sorted(ascending[: len(table) - count])
    rest = table.iloc[kept].reset_index(drop=True)
    return _told(rest, len(table), f"without the {count} of highest loss")


def table(name: str) -> pd.DataFrame:
    """A published table, one row for each row in print, with its `source`.

    `sure` says where the row was seen: P the paper's own text, C the authors' code or data, R
    recomputed from those, S a secondary source ("reported"). `note` marks misprints and what a
    number means; it is empty text where there is none.

    * "chinchilla_a9": the 50 models of Hoffmann et al. 2022: N, d_model, d_ff, d_head, n_head,
      n_layer.
    * "chinchilla_3": their optimal runs by approach 1, 2, 3 (Tables 3 and A3): approach, N, C, D.
    * "gpt3": the eight models of Brown et al. 2020: N (Table 2.1), N_d1 and C (Table D.1), D,
      shapes, batch, rate.
    * "models": public models 2019 to 2026: model, family, year, N (all parameters), N_active
      (mixtures), D, C_reported.
    * "fits": published exponents a of N_opt ~ C^a, by study, year and month of the first version,
      and constants where printed; `low` and `high` where an `interval` was given (which: "10-90 %",
      "95 %", "1 s.e."), empty elsewhere.
    * "refits": fits of released runs by this library beside the published ones: study, runs, form,
      minimised, n of `of` runs, and a row for each quantity: ours, theirs. `note` says why they
      differ. `describe` names the manifest: how the table was made.
    * "gpu_hours": models whose GPU-hours are reported: N, D, gpu_hours, chip, its peak_flops
      (FLOP/s, dense BF16) and watts.

    Raises ValueError for an unknown name.

    >>> table("gpt3")[["N", "D"]].tail(1)
                  N             D
    7  1.750000e+11  3.000000e+11
    """
    file = _entry("table", name, _TABLES)
    return pd.read_csv(_DATA / file).fillna({"note": "", "interval": ""})


@dataclass(frozen=True, eq=False)
class Description:
    """What a data set is, in the words of its source; "" where a line does not apply.

    kind: "runs" (for `load`) or "table" (for `table`). rows: how many it has. N, C: what they
    count. D: tokens processed, or different ones. manifest: the record of how our own runs were
    made, a file in the library's folder data. columns: DataFrame with index `column` and columns
    unit ("" for a pure number or a word) and meaning.

    >>> about = describe("chinchilla")
    >>> about.rows, about.N
    (245, 'total, embedding included')
    """

    name: str
    kind: str
    what: str
    rows: int
    N: str
    C: str
    D: str
    loss: str
    licence: str
    citation: str
    manifest: str = ""
    columns: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)


@overload
def describe(name: None = None) -> pd.DataFrame: ...
@overload
def describe(name: str) -> Description: ...
def describe(name: str | None = None) -> pd.DataFrame | Description:
    """What the data sets are: a table of all, one row each, or the Description of the one named.

    Nothing is fetched. Raises ValueError for an unknown name.

    >>> describe("sweep").licence
    'MIT (ships with this library)'
    >>> describe()["rows"].head(3)
    name
    ngrams           448
    sweep            196
    sweep_curves    7009
    Name: rows, dtype: int64
    """
    book: dict[str, dict[str, Any]] = json.loads(
        (_DATA / "described.json").read_text(encoding="utf-8")
    )
    if name is not None:
        return _described(name, _entry("data set", name, book["sets"]), book["shared"])
    words = [item.name for item in fields(Description) if item.name != "columns"]
    every = [_described(*one, book["shared"]) for one in book["sets"].items()]
    rows = [{word: getattr(one, word) for word in words} for one in every]
    return pd.DataFrame(rows).set_index("name")


def _described(name: str, entry: dict[str, Any], shared: Mapping[str, list[str]]) -> Description:
    """From data/described.json; a column without words there is one that many sets share."""
    told = [(column, *(words or shared[column])) for column, words in entry["columns"].items()]
    columns = pd.DataFrame(told, columns=pd.Index(["column", "unit", "meaning"]))
    more: dict[str, Any] = {"name": name, "columns": columns.set_index("column")}
    return Description(**entry | more)


def _read_chinchilla(raw: bytes) -> pd.DataFrame:
    sheet = pd.read_csv(BytesIO(raw))
    N, C = sheet["Model Size"], sheet["Training FLOP"]
    return pd.DataFrame({"N": N, "D": C / (6 * N), "C": C, "loss": sheet["loss"]})


def _read_porian(*raws: bytes) -> pd.DataFrame:
    """One row a point; a pickle has a row a configuration, and inside a table, a row a budget."""
    columns: dict[str, list] = {name: [] for name in ("N", "D", "C", "loss")}
    labels, counts = [], []
    for raw in raws:
        # written with NumPy 1, whose private modules have another name today
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=DeprecationWarning)
            configurations = pickle.loads(lzma.decompress(raw))
        for run in configurations.itertuples():
            label = {
                "dataset": _PORIAN_CORPORA[run.dataset],
                "stage": _PORIAN_STAGES[run.hparams, run.warmup, run.decay, run.param_count],
                "hparams": run.hparams,
                "warmup": run.warmup,
                "decay": run.decay,
                "param_count": run.param_count,
                "split": run.val,
            }
            # an empty budget has a NaN in place of each column
            for budget in run.data.itertuples():
                told = (budget.orig_n, budget.orig_t, budget.flops, budget.orig_loss)
                arrays = np.broadcast_arrays(*map(np.atleast_1d, told))
                for name, array in zip(columns, arrays, strict=True):
                    columns[name].append(array)
                labels.append(label)
                counts.append(len(arrays[0]))
    every = pd.DataFrame({name: np.concatenate(parts) for name, parts in columns.items()})
    which = pd.DataFrame(labels).loc[np.repeat(np.arange(len(labels)), counts)]
    every = pd.concat([every, which.reset_index(drop=True)], axis=1)
    empty = every[["N", "D", "loss"]].isna().any(axis=1)
    table = every[~empty].reset_index(drop=True)
    table.attrs["dropped"] = [
        f"{row.dataset}, {row.stage}, {row.C:.3g} FLOPs: no numbers in the released file"
        for row in every[empty].itertuples()
    ]
    return table


def _entry(kind: str, name: str, entries: Mapping[str, Entry]) -> Entry:
    if name not in entries:
        raise ValueError(
            f"no {kind} named {name!r}; there is {', '.join(map(repr, sorted(entries)))}"
        )
    return entries[name]


def _local_file(file: _File) -> Path:
    """Where the file lies: in the user's folder if named, else in the cache, fetched if needed."""
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder:
        path = Path(folder) / file.path
        if not path.is_file():
            raise DataUnavailableError(
                f"{FOLDER_VARIABLE} names {folder}, which has no {file.path}; put the file there "
                f"(from {file.address}), or unset {FOLDER_VARIABLE} to have it fetched"
            )
        return path
    pooch.get_logger().setLevel("WARNING")  # a page should not show where its reader's cache lies
    cache = pooch.os_cache("scalinglib") / Path(file.path).parent
    try:
        return Path(pooch.retrieve(file.address, file.sha256, Path(file.path).name, cache))
    except ValueError as error:  # pooch's report of a wrong digest, with both of them
        raise WrongDigestError(
            f"{file.address} did not give the published file: {error} Try again, or get the "
            f"file elsewhere and name its folder in {FOLDER_VARIABLE}"
        ) from None
    except OSError as error:  # includes the exceptions of requests
        raise DataUnavailableError(
            f"cannot fetch {file.address} ({type(error).__name__}); connect to the network, or set "
            f"{FOLDER_VARIABLE} to a folder that has {file.path}"
        ) from None


def _checked_bytes(path: Path, file: _File) -> bytes:
    raw = path.read_bytes()
    found = hashlib.sha256(raw).hexdigest()
    if found != file.sha256:
        raise WrongDigestError(
            f"{path} is not the published file: expected sha256 {file.sha256}, found {found} "
            f"({len(raw)} bytes). It was changed or cut off: delete it and get it again "
            f"from {file.address}"
        )
    return raw


_DATA_SETS = {
    "chinchilla": _DataSet(
        (
            _File(
                "epoch_chinchilla/svg_extracted_data.csv",
                "https://raw.githubusercontent.com/epoch-research/analyzing-chinchilla/"
                "92258837425e1b5f2851d624287f0120583a3d0e/data/svg_extracted_data.csv",
                "193478df4e90f040016431996c45682659306840ecdadf83cfb9cd5ca0aa1b30",
            ),
        ),
        _read_chinchilla,
    ),
    "porian": _DataSet(
        tuple(
            _File(
                f"porian2024/{name}.pickle.xz",
                "https://raw.githubusercontent.com/formll/resolving-scaling-law-discrepancies/"
                f"0dc60d91b8a525858a3067fc9e4a46ff5374cc6f/data/{name}.pickle.xz",
                sha256,
            )
            for name, sha256 in {
                "summary_df": "afbf07ec92d23182f56a44dd43599f2a7e9716fd70492fbc0a35f6093272b74f",
                "summary_df_att": (
                    "40218b8320817bf3c34f82c57aaa28c53ccb5feb9bb3928ee6fc70868ac22af7"
                ),
                "summary_df_kaplan_tuned_hparams": (
                    "09b6b91c9c6fa0e4c2684dcbed82475ee62d6c4fc60db5ca2ce5653b08f0ae55"
                ),
                "summary_df_owt2": (
                    "7aed67d1ad9bc1d7b0518e3814cee1129216b423b4538d4b724873dd670cff30"
                ),
            }.items()
        ),
        _read_porian,
    ),
}

_PORIAN_CORPORA = {"rw": "RefinedWeb", "owt2": "OpenWebText2"}

_PORIAN_STAGES = {  # hparams, warmup, decay, param_count
    ("base", "long", "kaplan", "kaplan"): "Kaplan reproduced",
    ("base", "long", "kaplan", "standard"): "last layer counted",
    ("base", "short", "kaplan", "standard"): "warm-up shortened",
    ("base", "short", "chinchilla", "standard"): "decay matched",
    ("tuned", "short", "const", "standard"): "tuned, no decay",
    ("tuned", "long", "const", "kaplan"): "tuned, the rest as Kaplan",
    ("base", "long", "kaplan", "attention"): "last layer counted, attention too",
    ("base", "short", "kaplan", "attention"): "warm-up shortened, attention too",
    ("base", "short", "chinchilla", "attention"): "decay matched, attention too",
    ("tuned", "short", "const", "attention"): "tuned, no decay, attention too",
}

_OWN = {
    "ngrams": "ngrams.csv",
    "sweep": "sweep.csv.gz",
    "sweep_curves": "sweep_curves.csv.gz",
    "growing": "growing.csv.gz",
    "growing_curves": "growing_curves.csv.gz",
    "spoilt": "spoilt.csv.gz",
    "spoilt_curves": "spoilt_curves.csv.gz",
    "sweep_next": "sweep_next.csv.gz",
    "sweep_next_curves": "sweep_next_curves.csv.gz",
    "batches": "batches.csv",
    "ladder": "ladder.csv.gz",
    "ladder_curves": "ladder_curves.csv.gz",
    "sums": "sums.csv",
    **{
        file.name.removesuffix(".csv.gz"): file.name
        for file in sorted(_DATA.glob("levers_*.csv.gz"))
    },
}

_TABLES = {
    name: f"{name}.csv"
    for name in (
        "chinchilla_a9",
        "chinchilla_3",
        "gpt3",
        "models",
        "fits",
        "refits",
        "gpu_hours",
    )
}
