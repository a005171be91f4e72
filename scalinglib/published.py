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
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from . import runs
from .allocation import Allocation
from .counting import PEARCE_OMEGA
from .laws import (
    BESIROGLU_2024,
    HOFFMANN_2022,
    HOFFMANN_2022_TEX,
    KAPLAN_2020,
    MUENNIGHOFF_2023,
    PF_DAY,
    ChinchillaLaw,
    DataConstrainedLaw,
    KaplanLaw,
    PowerLaw,
)

Law: TypeAlias = ChinchillaLaw | KaplanLaw | DataConstrainedLaw | PowerLaw | Allocation

Digits: TypeAlias = Literal["as printed", "TeX source", "authors' code", "refit", "reported"]
"""Whose digits: the paper's text or tables; its TeX source; the authors' released code or results;
fitted here to what they printed or released; read in a secondary source.
"""


@dataclass(frozen=True, eq=False)
class Published:
    """One published law.

    key: for `get`. name: for a legend or a table; short: where there is no room for it. law: what
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
    note: str = ""
    study: str = ""
    interval: tuple[float, float] | None = None

    @property
    def short(self) -> str:
        """The name without its year, for the inside of a small figure; unique as well."""
        return _SHORT.get(self.key, self.name)

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


@cache
def _registry() -> dict[str, Published]:
    entries = [*_kaplan(), *_hoffmann(), *_later(), *_of_models(), *_porian(), *_relations()]
    return {one.key: one for one in entries}


_SHORT = {
    "kaplan_2020": "Kaplan",
    "kaplan_2020_fixed_batch": "Kaplan, fixed batch",
    "kaplan_2020_no_overfitting": "Kaplan, overfitting",
    "kaplan_2020_table_6": "Kaplan, Table 6",
    "kaplan_2020_eq_6_7": "Kaplan, eq. 6.7",
    "hoffmann_2022": "Hoffmann, printed",
    "hoffmann_2022_tex": "Hoffmann, TeX",
    "hoffmann_2022_table_1": "Hoffmann, table 1",
    "hoffmann_2022_table_2": "Hoffmann, table 2",
    "hoffmann_2022_table_3": "Hoffmann, table 3",
    "hoffmann_2022_approach_1": "Hoffmann, approach 1",
    "hoffmann_2022_approach_2": "Hoffmann, approach 2",
    "hoffmann_2022_c4": "Hoffmann, C4",
    "hoffmann_2022_github": "Hoffmann, GitHub",
    "besiroglu_2024": "Besiroglu",
    "muennighoff_2023": "Muennighoff",
    "sardana_2023": "Sardana",
    "deepseek_2024": "DeepSeek",
    "deepseek_2024_early": "DeepSeek, early",
    "deepseek_2024_openwebtext2": "DeepSeek, OWT2",
    "minicpm_2024": "MiniCPM",
    "llama3_2024": "Llama 3, figure",
    "llama3_2024_printed": "Llama 3, printed",
    "porian_2024_kaplan": "Porian, as Kaplan",
    "porian_2024_last_layer": "Porian, last layer",
    "porian_2024_warmup": "Porian, warm-up",
    "porian_2024_decay": "Porian, decay",
    "porian_2024_tuned": "Porian, tuned",
    "pearce_2024": "Pearce & Song",
    "hernandez_2021": "Hernandez",
}


# ---- what the papers count ---------------------------------------------------------------------

TOTAL, LAYERS, SIX_ND = "total", "non-embedding", "6 N D"
NOT_SAID = "not stated"


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


def _entry(key: str, name: str, law: Law, **rest: Any) -> Published:
    return Published(key, name, law, _constants(law), **rest)


def _printed(key: str, name: str, study: str, **rest: Any) -> Published:
    """A study of which runs.table("fits") has an exponent, and constants where printed."""
    rows: dict[Any, Any] = runs.table("fits").set_index("study").to_dict("index")
    row = rows[study]
    names = ("a", "E", "A", "B", "alpha", "beta")
    given = {label: float(row[label]) for label in names if pd.notna(row[label])}
    interval = (float(row["low"]), float(row["high"])) if pd.notna(row["low"]) else None
    printed = f"a {interval[0]} to {interval[1]} ({row['interval']})" if interval else ""
    note = "; ".join(text for text in (row["note"], printed, rest.pop("note", "")) if text)
    rest = {"citation": row["source"], "digits": _DIGITS[row["sure"]]} | rest
    return Published(key, name, None, given, note=note, study=study, interval=interval, **rest)


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


def _tokens_as_power(coef: float, exponent: float) -> Allocation:
    """The allocation of D = coef C^exponent with C = 6 N D."""
    return Allocation(1 / (6 * coef), 1 - exponent, coef, exponent)


# ---- the entries -------------------------------------------------------------------------------


def _kaplan() -> list[Published]:
    counts: dict[str, Any] = {"N": LAYERS, "citation": "Kaplan et al. 2020", "digits": "as printed"}
    size = 1.6e9 / PF_DAY**0.88  # parameters at one FLOP
    table_6 = {"N": (1.3e9, 0.73), "batch": (2e6, 0.24), "steps": (5.4e3, 0.03), "D": (2e10, 0.27)}
    return [
        _entry(
            "kaplan_2020",
            "Kaplan 2020",
            KAPLAN_2020,
            C="6 N D without embedding, at a batch far below the critical one (C_min)",
            note="eqs. 1.1 to 1.6, Tables 2, 3, 5, 6; D counts different tokens in L(D), L(N, D)",
            study="Kaplan, C_min",
            **counts,
        ),
        _entry(
            "kaplan_2020_fixed_batch",
            "Kaplan 2020 (fixed batch)",
            Allocation(size, 0.88, 1 / (6 * size), 1 - 0.88),
            C="6 N D without embedding, at a batch of 2^19 tokens",
            note="Figure 14, legend: N = 1.6e9 C^0.88, C in PF-days; before the batch was "
            "corrected for",
            study="Kaplan, naive fixed batch",
            **counts,
        ),
        Published(
            "kaplan_2020_no_overfitting",
            "Kaplan 2020 (against overfitting)",
            None,
            {"D_coef": 5e3, "N_exponent": 0.74},
            C="none",
            note="section 4: D of at least 5e3 N^0.74 different tokens; no rule for "
            "spending compute",
            **counts,
        ),
        Published(
            "kaplan_2020_table_6",
            "Kaplan 2020 (Table 6)",
            None,
            {f"{name}_coef": pair[0] for name, pair in table_6.items()}
            | {f"{name}_exponent": pair[1] for name, pair in table_6.items()},
            C="C_min in PF-days",
            note="coefficients at one PF-day; tokens a step, fewest steps, tokens of one epoch",
            **counts,
        ),
        Published(
            "kaplan_2020_eq_6_7",
            "Kaplan 2020 (eq. 6.7)",
            None,
            {"D_coef": 4e10, "D_exponent": 0.26},
            C="C_min in PF-days",
            note="tokens at one PF-day: about twice what Table 6 has for the same quantity",
            **counts,
        ),
    ]


def _hoffmann() -> list[Published]:
    counts: dict[str, Any] = {
        "N": TOTAL,
        "C": "6 N D, embedding included",
        "citation": "Hoffmann et al. 2022",
    }
    return [
        _entry(
            "hoffmann_2022",
            "Hoffmann 2022 (as printed)",
            HOFFMANN_2022,
            digits="as printed",
            note="eq. 10, two digits: too rounded to give the paper's own Table A3; a 0.454 to "
            "0.455 (10-90 %)",
            study="Chinchilla, Approach 3",
            interval=(0.454, 0.455),
            **counts,
        ),
        _entry(
            "hoffmann_2022_tex",
            "Hoffmann 2022 (TeX digits)",
            HOFFMANN_2022_TEX,
            digits="TeX source",
            note="the same fit with all digits, as quoted by Besiroglu et al. 2024",
            **counts,
        ),
        *(
            _entry(
                f"hoffmann_2022_table_{approach}",
                f"Hoffmann 2022 (Approach {approach}, its table)",
                _through_table_3(approach),
                digits="refit",
                note=f"lines in logs through the rows of {where}, misprints left out",
                **counts,
            )
            for approach, where in ((1, "Table 3"), (2, "Table A3"), (3, "Table A3"))
        ),
        *(
            _printed(
                f"hoffmann_2022_{key}",
                f"Hoffmann 2022 ({name})",
                f"Chinchilla, {name}",
                **{label: counts[label] for label in ("N", "C")},
            )
            for key, name in (
                ("approach_1", "Approach 1"),
                ("approach_2", "Approach 2"),
                ("c4", "Approach 2 on C4"),
                ("github", "Approach 2 on GitHub code"),
            )
        ),
    ]


def _later() -> list[Published]:
    return [
        _entry(
            "besiroglu_2024",
            "Besiroglu 2024",
            BESIROGLU_2024,
            digits="authors' code",
            N=TOTAL,
            C=SIX_ND,
            citation="Besiroglu et al. 2024",
            note="240 runs read off a figure of Hoffmann et al. 2022; a 0.493 to 0.533 (1 s.e.)",
            study="Besiroglu, replication of Approach 3",
            interval=(0.493, 0.533),
        ),
        _entry(
            "muennighoff_2023",
            "Muennighoff 2023",
            MUENNIGHOFF_2023,
            digits="authors' code",
            N=NOT_SAID,
            C=SIX_ND,
            citation="Muennighoff et al. 2023",
            note="repeated data; alpha and beta tied; D counts tokens seen, `unique` different "
            "ones",
            study="Muennighoff, data-constrained",
        ),
        _entry(
            "sardana_2023",
            "Sardana 2023",
            ChinchillaLaw(1.45, 33.66, 138.9, 0.18, 0.24, "Sardana et al. 2023, all runs"),
            digits="reported",
            N=NOT_SAID,
            C=SIX_ND,
            citation="Sardana et al. 2023",
            note="47 runs, up to 10,000 tokens a parameter",
        ),
    ]


def _of_models() -> list[Published]:
    """Rules that makers of models print."""
    deepseek = "N is training FLOPs per token over 6, attention included, embedding not"
    per_token: dict[str, Any] = {"N": "FLOPs per token / 6", "C": "FLOPs per token times D"}
    return [
        _entry(
            "deepseek_2024",
            "DeepSeek 2024",
            Allocation(0.1715 / 6, 0.5243, 5.8316, 0.4757),
            digits="as printed",
            citation="DeepSeek LLM 2024",
            note=f"current data; M = 0.1715 C^0.5243 FLOPs per token: {deepseek}",
            study="DeepSeek, current data",
            **per_token,
        ),
        _printed(
            "deepseek_2024_early", "DeepSeek 2024 (early data)", "DeepSeek, early data", **per_token
        ),
        _printed(
            "deepseek_2024_openwebtext2",
            "DeepSeek 2024 (OpenWebText2)",
            "DeepSeek, OpenWebText2",
            **per_token,
        ),
        _printed("minicpm_2024", "MiniCPM 2024", "MiniCPM", N=NOT_SAID, C=NOT_SAID),
        _entry(
            "llama3_2024",
            "Llama 3 2024 (figure read off)",
            _tokens_as_power(0.2994, 0.5368),
            digits="refit",
            N=TOTAL,
            C="as plotted, with C = 6 N D here",
            citation="Llama 3 report 2024, Figure 2 digitised",
            note="D = 0.2994 C^0.5368; N from C = 6 N D",
            study="Llama 3",
        ),
        _entry(
            "llama3_2024_printed",
            "Llama 3 2024 (as printed)",
            _tokens_as_power(0.29, 0.53),
            digits="as printed",
            N=TOTAL,
            C="as printed, with C = 6 N D here",
            citation="Llama 3 report 2024, section 3.2.1",
            note="D = 0.29 C^0.53: gives 10.5T tokens at 3.8e25 FLOPs, where the text has 16.55T",
        ),
    ]


def _porian() -> list[Published]:
    stages = {
        "kaplan": ("Kaplan reproduced", "Porian, Kaplan's procedure reproduced"),
        "last_layer": ("last layer counted", "Porian, last layer counted"),
        "warmup": ("warm-up corrected", "Porian, warm-up corrected"),
        "decay": ("decay matched", "Porian, decay matched to the budget"),
        "tuned": ("tuned", "Porian, tuned at each size"),
    }
    return [
        _printed(
            f"porian_2024_{key}",
            f"Porian 2024 ({name})",
            study,
            N=LAYERS if key == "kaplan" else "non-embedding and the last layer",
            C=SIX_ND,
            citation="Porian et al. 2024",
            digits="authors' code",
            note="the exponent of the released results",
        )
        for key, (name, study) in stages.items()
    ]


def _relations() -> list[Published]:
    return [
        Published(
            "pearce_2024",
            "Pearce & Song 2024",
            None,
            {"omega": PEARCE_OMEGA},
            digits="authors' code",
            N="total from non-embedding",
            C="none",
            citation="Pearce and Song 2024",
            note="total = N + omega N^(1/3): counting.total_params; models of Hoffmann et al. "
            "2022, 32,000 tokens",
        ),
        Published(
            "hernandez_2021",
            "Hernandez 2021 (text to Python)",
            None,
            {"D_F_exponent": 0.18, "N_exponent": 0.38},
            digits="reported",
            N=LAYERS,
            C="none",
            citation="Hernandez et al. 2021",
            note="transferred data grow as D_F^0.18 N^0.38, D_F the fine-tuning text; the units of "
            "the coefficient are not known here",
        ),
    ]
