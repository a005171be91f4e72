"""A file of your own runs as a table, and conditions on it: nothing is guessed in silence."""

from __future__ import annotations

import ast
import csv
import io
import json
import math
import operator
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ._doubts import odd_units

SPELLINGS = {
    "N": "n params parameters nparams nparameters numparams numparameters totalparams "
    "totalparameters paramcount parametercount modelsize modelparams modelparameters",
    "D": "d tokens ntokens numtokens totaltokens tokencount traintokens trainingtokens tokensseen",
    "C": "c flops flop compute trainflops trainingflops totalflops",
    "loss": "loss valloss validationloss testloss evalloss finalloss",
}
"""Headers that are understood, in small letters and without spaces and signs."""
UNITS = {
    "k": 1e3,
    "M": 1e6,
    "B": 1e9,
    "G": 1e9,
    "T": 1e12,
    "P": 1e15,
    "E": 1e18,
    "PF-days": 8.64e19,
}
_BEHIND = {letter: UNITS[letter] for letter in "kMBT"} | {"K": UNITS["k"]}  # 70M in a cell
LOSS_UNITS = {"nats": 1.0, "bits": math.log(2)}
_WORDS = {  # a last word of a header that looks like a unit
    "k": "k thousand thousands",
    "M": "m mm mil million millions mt mtok mtokens",
    "B": "b bn billion billions g gt gtok gtokens bt btok btokens",
    "T": "t tn trillion trillions tt ttok",
    "PF-days": "pfday pfdays",
}
_MISSING = {"", "-", "nan", "na", "n/a", "null", "none"}
_LOST = {"diverged", "crashed", "failed", "killed", "error"}
"""What stands for a loss where a run came to nothing."""
_MARK = re.compile(
    r"(?<!not)(?<!non)(?P<yes>diverged|crashed|failed)$|"
    r"(?<!(?<!r)un)(?<!in)(?<!not)(?P<no>finished|completed)$|(status|state)$"
)
"""Ends of headers, in small letters without signs, that say of a run how it ended."""
_YES, _NO = re.compile("true|1|1.0|yes"), re.compile("false|0|0.0|no")
_ENDED = re.compile(
    r"(diverged|crashed|failed|killed|error)\b(?!-).*|loss\W+((is|was|became)\W+)?nan|nan\W+loss"
)
_CUT_OFF = re.compile(
    r"(running|pending|queued|preempt|cancel|abort|interrupt|suspend|evict|stopped(?! early)|oom|"
    r"time.?(d.)?out|out.of.memory|node_fail).*"
)
"""Of a status: a run that has not ended, or before its time."""
_FINISHED = re.compile(r"(finish|complete|succe|done|ok|ended|converged|early).*")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|[+-]?inf(inity)?", re.IGNORECASE)


def read(
    source,
    *,
    columns: Mapping[str, str] | None = None,
    units: Mapping[str, str | float] | None = None,
    where: str | None = None,
    drop_diverged: bool = False,
    needed: Iterable[str] = ("N", "D", "loss"),
) -> pd.DataFrame:
    r"""Runs from a file of comma-, semicolon- or tab-separated text with a header, or JSON lines.

    source: a path, or the bytes of a file. columns {"N": "my header"}: where a column of `needed`
    is; common spellings are found. units {"N": "M"}: what it counts: k, M, B, T, PF-days, a number,
    or 1 for plain counts; {"loss": "bits"} makes nats of them. where: a condition (see `select`);
    other runs are left out. drop_diverged: leave out runs without a loss, and those that a column
    marks whose name ends with diverged, crashed or failed (true, yes, 1), with finished or
    completed (false, no, 0), or with status or state ("crashed", "NaN loss", "running", "timeout",
    and whatever is not finished where other runs are).

    Returns the file's columns and, after them, `needed` (and C where it is found) as plain numbers;
    the index is the line of the file. `.attrs["notes"]` says in words what was guessed, derived and
    left out. Raises ValueError, which names the line, for cells that are no numbers, for runs that
    are not whole, and for units or columns that can be read in more than one way.

    >>> rows = ["params;tokens;val loss", "100;2;3.31", "400;8;2.79", "900;9;2.64"]
    >>> table = read("\n".join(rows).encode(), units={"N": "M", "D": "B"})
    >>> table[["N", "D", "loss"]]
                    N             D  loss
    line
    2     100000000.0  2.000000e+09  3.31
    3     400000000.0  8.000000e+09  2.79
    4     900000000.0  9.000000e+09  2.64
    """
    needed, notes = list(dict.fromkeys(needed)), []
    frame = _table(*_text(source), notes)
    columns, units = dict(columns or {}), dict(units or {})
    frame = _with_compute(frame, columns, units, notes)
    _refuse_keys(columns, units, needed)
    found = {
        key: _find(frame, key, columns.get(key), notes) for key in dict.fromkeys([*needed, "C"])
    }
    wanted = {key: header for key, header in found.items() if header is not None}
    _refuse_units(frame, columns, units, wanted, needed)
    out = frame.copy()
    target = "loss" if "loss" in needed else needed[-1]
    for key, header in wanted.items():
        factor = _unit(key, header, units, notes)
        out[key] = _numbers(frame, key, header, factor, _LOST if key == target else ())
    _derive(out, wanted, needed, notes, [*frame])
    out = out if where is None else _kept(out, where, notes)
    out = _whole(out, [*needed], wanted, target, drop_diverged, notes)
    if "N" in out and "D" in out and len(out):
        _ask_units(out, wanted, units)
    _note_compute(out, notes)
    selected = tuple(one for one in notes if "are kept where" in one or "are left out" in one)
    out.attrs |= {"notes": tuple(notes)} | ({"selected": selected} if selected else {})
    return out  # a fit of these runs says what was selected


def _refuse_keys(columns, units, needed):
    for what, given in (("a column", columns), ("a unit", units)):
        for key in given:
            if key not in {*needed, "C", "N", "D"}:
                raise ValueError(f"{what} is given for {key!r}, but wanted are {', '.join(needed)}")


def _refuse_units(frame, columns, units, wanted, needed):
    for key in units:
        if key not in wanted and _find(frame, key, columns.get(key), []) is None:
            raise ValueError(
                f"a unit is given for {key}, and no column of the file is {key}: say which, "
                f"--{key} HEADER (in Python columns={{{key!r}: 'header'}}); there are "
                f"{_listed(frame)}"
            )
    taken = {}
    for key in [key for key in needed if key in wanted]:
        header = wanted[key]
        if header in taken:
            raise ValueError(
                f"{header!r} is one column for both {taken[header]} and {key}: give two"
            )
        taken[header] = key


def _note_compute(out, notes):
    if {"N", "D", "C"} <= set(out) and len(out):
        times = float(np.median(out["C"] / (6 * out["N"] * out["D"])))
        if not 1 / 1.2 < times < 1.2:
            notes.append(f"C is {times:.3g} times 6 N D in half of the runs; plans count 6 N D")
        off = out["C"] / (6 * out["N"] * out["D"]) / times
        odd = (off < 1 / 5) | (off > 5)
        if 0 < odd.sum() <= len(out) / 4 and off[~odd].between(2 / 3, 3 / 2).all():
            notes.append(
                f"{_lines(out.index[odd])}: C is {times * off[odd].iloc[0]:.3g} times 6 N D, and "
                f"about {times:.3g} times in the others: is it right?"
            )


def _ask_units(out, wanted, units):
    """Raises ValueError where the units of N, D and C do not seem to match."""
    has_C = "C" in wanted
    if {"N", "D", "C"} & set(units):
        unit = _unit_of(out) if has_C and "C" not in units else None
        if unit is not None:
            raise ValueError(
                f"{wanted['C']!r} looks like C in units of {unit}, if N and D are right. "
                f"{_how('C', unit)}, C=1 for plain FLOPs"
            )
        return
    x = {key: out[key].to_numpy(float) for key in ("N", "D")}
    names = [f"at line {line}" for line in out.index]
    for doubt in odd_units(x, out["C"].to_numpy(float) if has_C else None, names):
        column = doubt.endswith("?")  # else it is of single rows, and says what would mend them
        key, unit = ("C", _unit_of(out)) if has_C and _unit_of(out) else ("N", "M")
        raise ValueError(
            f"{doubt} {_how(key, unit)}, {key}=1 for plain counts" if column else doubt
        )


def _unit_of(out) -> str | None:
    """The unit in which C would be about 6 N D, where it is not so as it stands."""
    times = float(np.median(6 * out["N"] * out["D"] / out["C"]))
    return next((unit for unit, factor in UNITS.items() if 2 / 3 < times / factor < 3 / 2), None)


def _how(key, unit):
    return f"Say which: --unit {key}={unit} (in Python units={{{key!r}: {unit!r}}})"


# ---- text to a table of cells ----------------------------------------------------------------


def _text(source) -> tuple[str, str]:
    """What stands in a file, and what to call it."""
    if not isinstance(source, str | bytes | Path):
        raise ValueError(
            f"source is a {type(source).__name__}: read takes the path or the bytes of a file; fit "
            "and compare take a table as it is"
        )
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    name = "the input" if isinstance(source, bytes) else str(source)
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return data.decode("utf-16" if wide else "utf-8-sig"), name
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{name} is no UTF-8 text (byte {error.start}): save it as CSV in UTF-8"
        ) from None


def _table(text: str, name: str, notes: list[str]) -> pd.DataFrame:
    """Cells as they stand, text or JSON values, with the line of each row as the index."""
    lines = text.splitlines()
    first = next((k for k, line in enumerate(lines) if line.strip() and line[0] != "#"), None)
    if first is None:
        raise ValueError(f"{name} is empty")
    kind = lines[first].lstrip()[0]
    if kind == "[":  # one list of objects, as tables are often exported
        lines = [json.dumps(record) for record in _json(text, name)]
    if kind in "{[":
        header, rows, index = _json_lines(lines, name)
    else:
        header, rows, index = _delimited(lines, first, name, notes)
    twice = [key for key, times in Counter(header).items() if times > 1]
    if twice:
        raise ValueError(f"{name} has the column {twice[0]!r} twice: rename one of them")
    if not rows:
        raise ValueError(f"{name} has a header and no runs")
    table = pd.DataFrame(rows, columns=header, dtype=object)
    table.index = pd.Index(index, name="line")
    return table.apply(_as_numbers)


def _delimited(lines, first, name, notes):
    separator = max("\t;,|", key=lines[first].count)
    rows = csv.reader(io.StringIO("\n".join(lines[first:])), delimiter=separator)
    header = [cell.strip() for cell in next(rows)]
    if len(header) < 2:
        raise ValueError(
            f"{name} has one column only, {header[0]!r}: separate columns by commas, semicolons or "
            "tabs"
        )
    if all(_NUMBER.fullmatch(cell) for cell in header):
        skipped = next((line for line in reversed(lines[:first]) if line.strip()), "")
        raise ValueError(
            f"line {first + 1} of {name} holds numbers where the names of columns go"
            + (
                f"; {skipped[:60]!r} above it was skipped as a comment: if it is the header, take "
                "its # away"
                if skipped
                else ""
            )
        )
    header = [cell or f"column {k + 1}" for k, cell in enumerate(header)]
    table, index = [], []
    for row in rows:
        line = first + rows.line_num
        if any(cell.strip() for cell in row):
            if len(row) != len(header):
                raise ValueError(
                    f"line {line} of {name} has {len(row)} cells, the header has {len(header)}: a "
                    f"{separator!r} inside a number or a name?"
                )
            table.append([cell.strip() for cell in row])
            index.append(line)
    if separator != "," and _decimal_commas(table):
        table = [
            [cell.replace(",", ".") if _COMMA.fullmatch(cell) else cell for cell in row]
            for row in table
        ]
        notes.append("commas in numbers are read as decimal points")
    return header, table, index


_ENDS = rf"(e[+-]?\d+)?\s*[{''.join(_BEHIND)}]?"
_COMMA = re.compile(rf"[+-]?\d+,\d+{_ENDS}", re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}([.,]\d{3})+")
_POINT = re.compile(rf"[+-]?\d*\.\d+{_ENDS}", re.IGNORECASE)


def _decimal_commas(table) -> bool:
    """Are commas decimal points? One cell that can be nothing else, and none with a point."""
    cells = [cell for row in table for cell in row]
    return any(_COMMA.fullmatch(cell) and not _THOUSANDS.fullmatch(cell) for cell in cells) and (
        not any(_POINT.fullmatch(cell) for cell in cells)
    )


def _json_lines(lines, name):
    records, index = [], []
    for k, line in enumerate(lines, 1):
        if not line.strip():
            continue
        records.append(_json(line, f"line {k} of {name}"))
        index.append(k)
        if not isinstance(records[-1], dict):
            raise ValueError(f"line {k} of {name} is no JSON object {{column: value}}")
    header = list(dict.fromkeys(key for record in records for key in record))
    return header, [[record.get(key) for key in header] for record in records], index


def _json(text, name):
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{name} is no JSON: {error}") from None


def _as_numbers(cells: pd.Series) -> pd.Series:
    """A column as numbers where each of its cells is one or missing, else as it stands."""
    values = [_number(cell) for cell in cells]
    if any(value is None for value in values):
        return cells
    return pd.Series(values, cells.index, float)


def _number(cell) -> float | None:
    """NaN for a missing cell, None for one that is no number."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, (int, float)):
        return math.inf if abs(cell) >= 1e300 else float(cell)
    if cell is None:
        return math.nan
    if not isinstance(cell, str):
        return None
    if cell.strip().lower() in _MISSING:
        return math.nan
    return float(cell) if _NUMBER.fullmatch(cell.strip()) else None


# ---- which column, and in what unit ----------------------------------------------------------


def _plain(header: str) -> str:
    return re.sub(r"[^a-z0-9]", "", str(header).lower())


def _split(header: str) -> tuple[str, str | None]:
    """A header without its last word where that looks like a unit: ("params", "M")."""
    text = str(header).lower().replace("pf-day", "pfday")
    text = re.sub(r"\b(nats?|bits?)\b(\s*(/|per)\s*token)?", "", text.replace("_", " "))
    words = [word for word in re.split(r"[^a-z0-9]+", text) if word not in ("", "in", "of")]
    for unit, spelt in _WORDS.items():
        if len(words) > 1 and words[-1] in spelt.split():
            return "".join(words[:-1]), unit
    return "".join(words), None


def _find(frame, key, given, notes):
    """The header of a column, or None where there is none."""
    if given is not None:
        if given in frame:
            return given
        raise ValueError(f"there is no column {given!r} for {key}; there are {_listed(frame)}")
    spelt = SPELLINGS[key].split() if key in SPELLINGS else [key.lower()]
    matches = [header for header in frame if _plain(header) in spelt or _split(header)[0] in spelt]
    if key in frame:
        if len(matches) > 1:
            notes.append(
                f"{key} is read from {key!r}; {_listed(set(matches) - {key})} is left aside"
            )
        return key
    if len(matches) > 1:
        raise ValueError(
            f"{key} could be any of {', '.join(map(repr, matches))}: say which, --{key} "
            f"{matches[0]!r} (in Python columns={{{key!r}: {matches[0]!r}}})"
        )
    if matches:
        notes.append(f"{key} is read from {matches[0]!r}")
        return matches[0]
    return None


def _with_compute(frame, columns, units, notes):
    """The table with C = 6 N D, where a column asks for C and N and D are there; a column that asks
    for N, D or C under their other names is told where they are, and in what unit.
    """
    for name, at in columns.items():
        other = _find(frame, at, None, notes) if at in ("N", "D", "C") and name != at else None
        if other is not None and at not in frame:
            columns[name] = other
            if at in units:
                units.setdefault(name, units[at])
    if "C" not in columns.values() or "C" in frame:
        return frame
    found = {key: _find(frame, key, columns.get(key), notes) for key in ("N", "D")}
    if None in found.values():
        return frame
    N, D = (_numbers(frame, key, at, _unit(key, at, units, notes), ()) for key, at in found.items())
    notes.append("C is not there: taken as 6 N D")
    return frame.assign(C=6.0 * N * D)


def _listed(headers):
    return ", ".join(sorted(map(repr, headers)))


def _unit(key, header, units, notes) -> float | None:
    """The factor to plain counts; None where nothing was said and nothing looks like a unit."""
    given, known = units.get(key), LOSS_UNITS if key == "loss" else UNITS
    if key == "loss":
        words = {*re.split(r"[^a-z]+", header.lower())}
        if given is None and words & {"bit", "bits", "bpb", "bpc", "bpt"}:
            raise ValueError(
                f"{header!r} looks like a loss in bits. {_how(key, 'bits')} makes nats of them, "
                f"{key}=1 leaves them as they are"
            )
        if given is None and words & {"perplexity", "ppl"}:
            raise ValueError(f"{header!r} looks like exp(loss): write its logarithm into the file")
        if given == "bits" and words & {"byte", "bytes", "bpb", "char", "character", "bpc"}:
            notes.append(f"{header!r} is in nats now, and not those of a token")
        if given == "bits" and words & {"nat", "nats"}:
            notes.append(f"{header!r} looks like a loss in nats; read in bits, as the unit says")
    looks = _split(header)[1] if key in ("N", "D", "C", "x", "S", "unique") else None
    if given is None:
        if looks is not None:
            raise ValueError(
                f"{header!r} looks like {key} in units of {looks}. {_how(key, looks)}, {key}=1 for "
                "plain counts"
            )
        return None
    try:
        factor = float(known.get(given, given))
    except ValueError:
        factor = math.nan
    if looks is not None and factor not in (1.0, UNITS[looks]):
        notes.append(f"{header!r} looks like {key} in units of {looks}; read in {given}, as said")
    if not 0 < factor < math.inf:
        raise ValueError(f"{given!r} is no unit of {key}; there are {', '.join(known)} and numbers")
    return factor


def _numbers(frame, key, header, factor, none) -> pd.Series:
    """The column as plain numbers; 70M in a cell is 7e7 unless the column has a unit. none: words
    that stand for a missing number.
    """
    values = []
    for line, cell in frame[header].items():
        text = str(cell).strip()
        value = math.nan if text.lower() in none else _number(cell)
        if value is None and key in ("N", "D", "C") and text[-1:] in _BEHIND:
            value = _number(text[:-1].strip()) if text[:-1].strip() else None
            if value is not None and factor is not None:
                raise ValueError(
                    f"line {line}: {header!r} is {text!r}, and a unit is given for {key}"
                )
            value = None if value is None else value * _BEHIND[text[-1]]
        if value is None:
            marks = re.fullmatch(r"[+-]?[\d.,' ]*\d", text) is not None
            plain = ": write it without commas and other marks of thousands, with a point" * marks
            raise ValueError(f"line {line}: {header!r} is {text[:40]!r}, which is no number{plain}")
        values.append(value)
    return pd.Series(values, frame.index, float) * (factor or 1.0)


# ---- whole runs ------------------------------------------------------------------------------


def _kept(out, where, notes):
    keep = select(out, where)
    notes.append(f"{int(keep.sum())} of {len(out)} runs are kept where {where}")
    return out[keep]


def _derive(out, wanted, needed, notes, headers):
    """N or D from C = 6 N D where one of them is not there."""
    for key, other in (("D", "N"), ("N", "D")):
        if key in needed and key not in wanted and {"C", other} <= set(wanted):
            out[key] = out["C"] / (6 * out[other])
            wanted[key] = "C"
            notes.append(f"{key} is not there: taken as C / (6 {other})")
    missing = [key for key in needed if key not in wanted]
    if missing:
        raise ValueError(
            f"no column is {missing[0]}: say which, --{missing[0]} HEADER (in Python "
            f"columns={{{missing[0]!r}: 'header'}}); there are {_listed(headers)}"
        )


def _whole(out, needed, wanted, target, drop_diverged, notes):
    """The runs without those that diverged; refuses what is not positive and finite."""
    lost = pd.Series("", out.index)  # why
    for header in out:
        mark, said = _MARK.search(_plain(header)), out[header].astype(str).str.strip().str.lower()
        words = (mark["yes"] and _YES) or (mark["no"] and _NO) if mark else None
        marked = said.str.fullmatch(words or _ENDED)
        if mark and words is None:
            whole = said.str.fullmatch(_FINISHED)
            marked |= said.str.fullmatch(_CUT_OFF) | (whole.any() & ~whole & ~said.isin(_MISSING))
        if mark:
            lost[marked] = f"the mark {header!r}"
        elif marked.any() and header not in wanted.values():
            first = marked.idxmax()
            notes.append(
                f"{header!r} says {out[header][first]!r} in {int(marked.sum())} row(s) (line "
                f"{first}), and was not used: leave them out with a condition (where) if they "
                "came to nothing"
            )
    lost[~np.isfinite(out[target])] = f"no {target}"
    gone = lost != ""
    if gone.any():
        lines = _lines(out.index[gone])
        if not drop_diverged:
            raise ValueError(
                f"{int(gone.sum())} run(s) have {' or '.join(lost[gone].unique())} ({lines}): did "
                "they diverge, or not end? Leave them out with --drop-diverged (in Python "
                "drop_diverged=True)"
            )
        notes.append(f"{int(gone.sum())} diverged run(s) are left out ({lines})")
        out = out[~gone]
    for key in needed:
        bad = ~(np.isfinite(out[key]) & (out[key] > 0))
        if bad.any():
            where = out.index[bad]
            raise ValueError(
                f"{_lines(where)}: {key} ({wanted[key]!r}) is {out[key][where[0]]:g}; every run "
                "needs a positive number: mend it, or leave the run out with a condition (where)"
            )
    if not len(out):
        raise ValueError("no run is left")
    return out.copy()


def _lines(index):
    told = ", ".join(map(str, index[:5])) + (" ..." if len(index) > 5 else "")
    return f"line{'s' if len(index) > 1 else ''} {told}"


# ---- conditions ------------------------------------------------------------------------------

_ARITHMETIC: dict[type, Any] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
}
_COMPARE: dict[type, Any] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


_HAS = (
    "it has names of columns, numbers, quoted text, + - * / **, < <= > >= == !=, and, or, not, and "
    "brackets, as in (C > 1e21) and not (N == 1e9)"
)


def select(runs, condition: str) -> np.ndarray:
    """For which runs a condition is true, (runs,): "C > 1e21", "N < 1e9 and arm == 'main'".

    Names are columns of `runs`, also as Val_Loss for "Val Loss"; C is 6 N D where there is none.
    The language has numbers, quoted text, + - * / **, comparisons, and, or, not; nothing is
    executed. A missing value equals nothing. Raises ValueError for anything else.

    >>> table = {"N": [1e8, 1e9, 1e10], "D": [2e9, 2e10, 1e10], "loss": [3.2, 2.6, 2.5]}
    >>> select(table, "C > 1e19 and D / N >= 20")
    array([False,  True, False])
    """
    runs = pd.DataFrame(runs)
    try:
        if len(condition) > 500:
            raise ValueError("it has more than 500 letters")
        tree = ast.parse(condition.strip(), mode="eval").body
        with np.errstate(all="ignore"):
            value = _value(tree, runs)
        if np.asarray(value).dtype != bool:
            raise ValueError(
                "it says neither true nor false: compare with something, as in C > 1e21"
            )
    except (SyntaxError, RecursionError, MemoryError) as error:
        why = getattr(error, "msg", "too deep")
        raise ValueError(f"the condition {condition[:80]!r} is none: {why}; {_HAS}") from None
    except ValueError as error:
        raise ValueError(f"the condition {condition[:80]!r} is none: {error}") from None
    return np.broadcast_to(value, (len(runs),)).copy()


def _value(node: ast.expr, runs) -> Any:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return np.float64(number) if abs(number) < 1e300 else np.inf
        case ast.Constant(value=str() as text):
            return text
        case ast.Name(id=name):
            return _column(runs, name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_numeric(_value(operand, runs))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return ~_truth(_value(operand, runs))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            return _ARITHMETIC[type(op)](*(_numeric(_value(side, runs)) for side in (left, right)))
        case ast.BoolOp(op=op, values=values):
            links = [_truth(_value(value, runs)) for value in values]
            join = np.logical_and if isinstance(op, ast.And) else np.logical_or
            return join.reduce(np.broadcast_arrays(*links))
        case ast.Compare(left=left, ops=ops, comparators=rest) if all(
            type(op) in _COMPARE for op in ops
        ):
            sides = [_value(side, runs) for side in (left, *rest)]
            links = [_compare(op, *pair) for op, pair in zip(ops, pairwise(sides), strict=True)]
            return np.logical_and.reduce(np.broadcast_arrays(*links))
    raise ValueError(f"{ast.unparse(node)[:60]!r} is outside its small language; {_HAS}")


def _compare(op, one, two):
    texts = [
        isinstance(side, str) or np.asarray(side).dtype.kind not in "fiub" for side in (one, two)
    ]
    if any(texts):
        if not isinstance(op, ast.Eq | ast.NotEq):
            raise ValueError("text has no order: compare it with == or !=")
        one, two = (np.asarray(side).astype(str) for side in (one, two))
    return np.asarray(_COMPARE[type(op)](one, two), bool)


def _numeric(value):
    if isinstance(value, str) or np.asarray(value).dtype.kind not in "fiu":
        raise ValueError("text cannot be calculated with")
    return value


def _truth(value):
    if np.asarray(value).dtype != bool:
        raise ValueError("and, or, not stand between comparisons")
    return value


def _column(runs, name):
    if name not in runs:
        matches = [header for header in runs if _plain(header) == _plain(name)]
        if not matches and name == "C" and "N" in runs and "D" in runs:
            return 6.0 * np.asarray(runs["N"], float) * np.asarray(runs["D"], float)
        if len(matches) != 1:
            raise ValueError(
                f"there is no column {name!r}; there are {_listed(runs)}; text goes in quotes, as "
                f"in Group != '{name}'"
            )
        name = matches[0]
    return np.asarray(runs[name])
