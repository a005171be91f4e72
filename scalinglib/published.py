"""Every published law that this library or its course uses, under one name each.

`laws()` is a table of them, `get(key)` one entry: the law itself, its citation, whose digits these
are, and what its N and C count. Two sets of digits of one paper are two entries: which one is meant
decides a plan (for Gopher's budget 32 or 40 billion parameters).

>>> for key in ("hoffmann_2022", "hoffmann_2022_tex"):
...     print(get(key).name, round(get(key).a, 3))
Hoffmann 2022 (as printed) 0.452
Hoffmann 2022 (TeX digits) 0.457
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from . import laws as laws_in_print
from . import runs
from .allocation import Allocation
from .laws import ChinchillaLaw, DataConstrainedLaw, KaplanLaw, PowerLaw

Law: TypeAlias = ChinchillaLaw | KaplanLaw | DataConstrainedLaw | PowerLaw | Allocation

Digits: TypeAlias = Literal["as printed", "TeX source", "authors' code", "refit", "reported"]
"""Whose digits: the paper's text or tables; its TeX source; the authors' released code or results;
fitted here to what they printed or released; read in a secondary source.
"""


@dataclass(frozen=True, eq=False)
class Published:
    """One published law.

    key: for `get`. name: for a legend or a table; short: without its year, for the inside of a
    small figure. law: what
    computes, or None where too little was printed to compute with; `constants` has the numbers in
    both cases. N, C: what they count. study: the row of runs.table("fits") that this law stands
    for, "" where there is none. interval: (low, high) of the allocation exponent a with what was
    printed about it in `note`.

    >>> one = get("hoffmann_2022")
    >>> one.digits, round(one.a, 3), one.N
    ('as printed', 0.452, 'total')
    """

    key: str
    name: str
    law: Law | None
    constants: Mapping[str, float]
    digits: Digits
    N: str
    C: str
    citation: str
    short: str
    note: str = ""
    study: str = ""
    interval: tuple[float, float] | None = None

    @property
    def a(self) -> float:
        """Allocation exponent: the best N grows as C^a; NaN for a law that allocates nothing."""
        if isinstance(self.law, ChinchillaLaw | Allocation):
            return self.law.a
        if isinstance(self.law, DataConstrainedLaw):
            return self.law.fresh.a
        if isinstance(self.law, KaplanLaw) and self.law.optimal_size_exponent is not None:
            return self.law.optimal_size_exponent
        return self.constants.get("a", float("nan"))


def get(key: str) -> Published:
    """The law registered under `key`; its `name` is understood too.

    Raises ValueError for any other text, with the nearest keys.

    >>> one = get("besiroglu_2024")
    >>> one.name, one.constants["alpha"]
    ('Besiroglu 2024', 0.3478)
    """
    entries = _registry()
    found = entries.get(key) or next((one for one in entries.values() if one.name == key), None)
    if found is None:
        near = ", ".join(map(repr, _near(str(key), entries)))
        hint = (
            f"near it: {near}" if near else "see published.laws(), in a shell scalinglib published"
        )
        raise ValueError(f"no published law named {key!r}; {hint}")
    return found


def _near(asked: str, entries: Mapping[str, Published]) -> list[str]:
    """Up to three names like this one, or keys of entries in which a word is like it."""
    names = [*entries, *(one.name for one in entries.values())]
    near = difflib.get_close_matches(asked, names, n=3, cutoff=0.5)
    if near:
        return near
    words = {key: f"{one.name} {one.study}".lower().split() for key, one in entries.items()}
    return [
        key for key, has in words.items() if difflib.get_close_matches(asked.lower(), has, 1, 0.75)
    ][:3]


def named(*keys: str, short: bool = False) -> dict[str, Any]:
    """Name -> law, for the laws that a figure, a table or a menu shows side by side.

    Raises ValueError for an entry too little of which was printed to compute with.

    >>> list(named("hoffmann_2022", "besiroglu_2024"))
    ['Hoffmann 2022 (as printed)', 'Besiroglu 2024']
    """
    found: dict[str, Any] = {}
    for one in map(get, keys):
        if one.law is None:
            raise ValueError(f"{one.key!r} has no law to compute with, only {dict(one.constants)}")
        found[one.short if short else one.name] = one.law
    return found


def laws() -> pd.DataFrame:
    """All registered laws, one row each by `key`: name, form, a, constants, digits, N, C, citation,
    note.

    >>> laws().loc[["kaplan_2020", "hoffmann_2022"], "a"].round(3).to_list()
    [0.73, 0.452]
    """
    rows = [
        {
            "key": one.key,
            "name": one.name,
            "form": type(one.law).__name__ if one.law is not None else "",
            "a": one.a,
            "constants": ", ".join(f"{name} {value:.6g}" for name, value in one.constants.items()),
            "digits": one.digits,
            "N": one.N,
            "C": one.C,
            "citation": one.citation,
            "note": one.note,
        }
        for one in _registry().values()
    ]
    return pd.DataFrame(rows).set_index("key")


# ---- the entries, from data/published.toml -----------------------------------------------------


@cache
def _registry() -> dict[str, Published]:
    text = (Path(runs.__file__).parent / "data" / "published.toml").read_text(encoding="utf-8")
    rows: dict[Any, Any] = runs.table("fits").set_index("study").to_dict("index")
    entries = {}
    for paper in tomllib.loads(text)["paper"]:
        for key, told in paper.pop("laws").items():
            entries[key] = _entry(key, paper | told, rows)
    return entries


def _entry(key: str, told: dict[str, Any], rows: Mapping[str, Any]) -> Published:
    """What the file tells of an entry; where it has no numbers, the row of its study has them."""
    law = _law(told.pop("law", ""), told.get("constants", {}), told.pop("rows", 0))
    row = rows.get(told.get("study", ""), {"low": np.nan})
    ends = (float(row["low"]), float(row["high"])) if pd.notna(row["low"]) else None
    if law is not None:
        told["constants"] = _constants(law)
    elif "constants" not in told:
        names = ("a", "E", "A", "B", "alpha", "beta")
        told["constants"] = {label: float(row[label]) for label in names if pd.notna(row[label])}
        printed = f"a {ends[0]} to {ends[1]} ({row['interval']})" if ends else ""
        told["note"] = "; ".join(filter(None, (row["note"], printed, told.get("note"))))
        told = {"citation": row["source"], "digits": _DIGITS[row["sure"]]} | told
    return Published(key=key, law=law, interval=ends, **told)


def _law(name: str, constants: dict[str, Any], approach: int) -> Law | None:
    if approach:
        return _through_table_3(approach)
    if name == "Allocation":
        return _allocation(**constants)
    found: Any = getattr(laws_in_print, name, None)
    return found(**constants) if isinstance(found, type) else found


def _constants(law: Any, prefix: str = "") -> dict[str, float]:
    """The numbers of a law, those of the laws inside it with their names."""
    found: dict[str, float] = {}
    for item in fields(law):
        value = getattr(law, item.name)
        if isinstance(value, PowerLaw):
            found |= _constants(value, f"{item.name}.")
        elif isinstance(value, float):
            found[prefix + item.name] = value
    return found


_DIGITS: dict[str, Digits] = {  # the column `sure` of the tables
    "P": "as printed",
    "C": "authors' code",
    "R": "refit",
    "S": "reported",
}


def _through_table_3(approach: int) -> Allocation:
    """Straight lines in logs through the rows that Hoffmann et al. 2022 print for an approach."""
    table = runs.table("chinchilla_3").query("approach == @approach and note == ''")
    C, N, D = (np.log(table[name].to_numpy(float)) for name in ("C", "N", "D"))
    (a, size), (b, data) = np.polyfit(C, N, 1), np.polyfit(C, D, 1)
    return Allocation(float(np.exp(size)), float(a), float(np.exp(data)), float(b))


def _allocation(**known: float) -> Allocation:
    """Of one half N_coef, a or D_coef, b the other follows from C = 6 N D."""
    if "a" not in known:
        known |= {"N_coef": 1 / (6 * known["D_coef"]), "a": 1 - known["b"]}
    if "b" not in known:
        known |= {"D_coef": 1 / (6 * known["N_coef"]), "b": 1 - known["a"]}
    return Allocation(**known)
