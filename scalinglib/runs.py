"""Tables of runs: data sets that others published, and the tables of the papers.

Runs (`load`) carry a loss. Our own ship with this library. Third-party runs do not: they are fetched once from the
pinned address, checked by sha256 and cached, or read from the folder that the environment variable SCALINGLIB_DATA
names. Tables (`table`) carry none: they are typed in from the papers, a source in each row, with the papers' misprints
kept and noted.
"""
from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pandas as pd
import pooch

from ._inputs import positive

FOLDER_VARIABLE = "SCALINGLIB_DATA"


class DataUnavailableError(ValueError):
    """The published runs can neither be fetched nor read from a folder."""


class WrongDigestError(ValueError):
    """A data file is not the file that was published: another version, or cut off."""


@dataclass(frozen=True)
class _DataSet:
    path: str       # below SCALINGLIB_DATA, and below the cache
    address: str
    sha256: str
    read: Callable[[bytes], pd.DataFrame]


def load(name: str) -> pd.DataFrame:
    """The runs of a study: a DataFrame with columns N, D, C, loss, one row a run.

    `N` counts parameters, `D` training tokens, `C` training FLOPs; `loss` is in nats per token.

    "ngrams": our own n-gram models of the Python standard library's source, recorded by
    `python -m scalinglib.lab.ngrams` (the manifest data/ngrams.json lies beside the table). There N is the stored
    counts, D characters, C the additions made while counting, loss in nats per character of held-out files; `order` and
    `draw` (which sample of D characters) are two more columns.

    "chinchilla": the 245 runs that Besiroglu et al. 2024 read off Figure 4 of Hoffmann et al. 2022. N is total, C is as
    plotted, D = C / 6N, the loss is a smoothed training loss on MassiveText. Their analysis leaves out the five highest
    losses (`drop_highest_loss`).

    Raises ValueError for an unknown name, DataUnavailableError where the file cannot be had, WrongDigestError where it
    is not the published file.
    """
    data_set = _entry("runs", name, _DATA_SETS | _OWN)
    if name in _OWN:
        return pd.read_csv(Path(__file__).parent / "data" / data_set)
    return data_set.read(_checked_bytes(_local_file(data_set), data_set))


def drop_highest_loss(table: pd.DataFrame, count: int) -> pd.DataFrame:
    """`table` without the `count` runs of highest loss, in its own order, renumbered from 0.

    With count = 5 on "chinchilla": the 240 runs that Besiroglu et al. 2024 fit. Raises ValueError where `count` is
    negative or leaves no run.
    """
    positive("loss", table["loss"])
    if not 0 <= count < len(table):
        raise ValueError(f"count must lie between 0 and {len(table) - 1} for a table of {len(table)} runs, got {count}")
    ascending = table["loss"].to_numpy().argsort(kind="stable")
    kept = sorted(ascending[:len(table) - count])
    return table.iloc[kept].reset_index(drop=True)


def table(name: str) -> pd.DataFrame:
    """A published table, one row for each row in print, with its `source`.

    `sure` says where the row was seen: P the paper's own text, C the authors' code or data, R recomputed from those, S
    a secondary source ("reported"). `note` marks misprints and what a number means; it is empty text where there is
    none.

    * "chinchilla_a9": the 50 models of Hoffmann et al. 2022: N, d_model, d_ff, d_head, n_head, n_layer.
    * "chinchilla_3": their optimal runs by approach 1, 2, 3 (Tables 3 and A3): approach, N, C, D.
    * "gpt3": the eight models of Brown et al. 2020: N (Table 2.1), N_d1 and C (Table D.1), D, shapes, batch, rate.
    * "models": public models 2019 to 2025: model, year, N (all parameters), N_active (mixtures), D, C_reported.
    * "fits": published exponents a of N_opt ~ C^a, by study and year, and constants where printed.

    Raises ValueError for an unknown name.
    """
    file = _entry("table", name, _TABLES)
    return pd.read_csv(Path(__file__).parent / "data" / file).fillna({"note": ""})


def _read_chinchilla(raw: bytes) -> pd.DataFrame:
    sheet = pd.read_csv(BytesIO(raw))
    N, C = sheet["Model Size"], sheet["Training FLOP"]
    return pd.DataFrame({"N": N, "D": C / (6 * N), "C": C, "loss": sheet["loss"]})


def _entry(kind, name, entries):
    if name not in entries:
        raise ValueError(f"no {kind} named {name!r}; there is {', '.join(map(repr, sorted(entries)))}")
    return entries[name]


def _local_file(data_set: _DataSet) -> Path:
    """Where the file lies: in the user's folder if one is named, else in the cache, fetched if need be."""
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder:
        path = Path(folder) / data_set.path
        if not path.is_file():
            raise DataUnavailableError(
                f"{FOLDER_VARIABLE} names {folder}, which has no {data_set.path}; put the file there "
                f"(from {data_set.address}), or unset {FOLDER_VARIABLE} to have it fetched")
        return path
    pooch.get_logger().setLevel("WARNING")          # a page should not show where its reader's cache lies
    cache = pooch.os_cache("scalinglib") / Path(data_set.path).parent
    try:
        return Path(pooch.retrieve(data_set.address, data_set.sha256, Path(data_set.path).name, cache))
    except ValueError as error:                     # pooch's report of a wrong digest, with both of them
        raise WrongDigestError(f"{data_set.address} did not give the published file: {error} Try again, or get the "
                               f"file elsewhere and name its folder in {FOLDER_VARIABLE}") from None
    except OSError as error:                        # includes the exceptions of requests
        raise DataUnavailableError(
            f"cannot fetch {data_set.address} ({type(error).__name__}); connect to the network, or set "
            f"{FOLDER_VARIABLE} to a folder that has {data_set.path}") from None


def _checked_bytes(path: Path, data_set: _DataSet) -> bytes:
    raw = path.read_bytes()
    found = hashlib.sha256(raw).hexdigest()
    if found != data_set.sha256:
        raise WrongDigestError(f"{path} is not the published file: expected sha256 {data_set.sha256}, found {found} "
                               f"({len(raw)} bytes). It was changed or cut off: delete it and get it again "
                               f"from {data_set.address}")
    return raw


_DATA_SETS = {
    "chinchilla": _DataSet(
        "epoch_chinchilla/svg_extracted_data.csv",
        "https://raw.githubusercontent.com/epoch-research/analyzing-chinchilla/"
        "92258837425e1b5f2851d624287f0120583a3d0e/data/svg_extracted_data.csv",
        "193478df4e90f040016431996c45682659306840ecdadf83cfb9cd5ca0aa1b30", _read_chinchilla),
}

_OWN = {"ngrams": "ngrams.csv"}

_TABLES = {name: f"{name}.csv" for name in ("chinchilla_a9", "chinchilla_3", "gpt3", "models", "fits")}
