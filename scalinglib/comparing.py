"""Which form predicts runs that it has not seen, by how much, and whether that much can be told.

`compare` does it, and its result says it in words: `print(compare(...).summary())`.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import bdtr, ndtri, stdtrit
from tqdm import tqdm

from ._doubts import FitWarning, UndeterminedError
from ._inputs import (
    SAME,
    aligned,
    alike,
    cells,
    columns,
    count,
    ends,
    have_columns,
    positive,
    shown,
    tabular,
    whole,
)
from .fits import LawFit
from .fitting import fit
from .forms import Form, find_form
from .reading import select

SHARE = 0.1
"""A share held out that differs by so much from the one asked for is told."""
LOST = 0.5
"""A form whose rms in log loss is more than this predicts nothing: off by a factor of 1.6."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Forms fitted to the same runs, and how well each predicts the runs held out.

    table: a row a form, the best first: rms and bias of log measured - log predicted over held-out
    runs, coverage (share inside the prediction interval), behind (rms minus that of the first) with
    its interval, unknowns, runs fitted and held out, doubts (how many), and `refused`, the reason
    why a form could not be fitted. errors: the same by form and decade of scale. fits: by form.
    verdict: which form comes first, by what margin, and which cannot be told from it. silent: why a
    form with samples has no coverage.

    >>> from scalinglib import runs
    >>> sweep = runs.load("sweep").query("corpus == 'python' and arm == 'main'")
    >>> found = compare(["chinchilla:alpha=beta", "skaling"], sweep, hold_out=0.2)
    >>> int(found.held_out.sum()), found.table["unknowns"].to_dict()
    (26, {'skaling': 6, 'chinchilla:alpha=beta': 4})
    """

    table: pd.DataFrame
    errors: pd.DataFrame
    fits: dict[str, LawFit[Any]] = field(repr=False)
    held_out: np.ndarray = field(repr=False)
    verdict: str
    level: float
    silent: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def first(self) -> LawFit[Any]:
        """The fit that predicts best. Raises UndeterminedError where every form was refused."""
        if not self.fits:
            raise UndeterminedError("; ".join(self.table["refused"]))
        return self.fits[self.table.index[0]]

    @property
    def told_apart(self) -> bool:
        """Does the first predict better than each other form, by a margin sure to be above 0?

        Never where the first is itself lost, its rms above 0.5 in logs.
        """
        rest = self.table.iloc[1:]
        if self.table["rms"].iloc[0] > LOST:
            return False
        return bool(((rest["behind_low"] > 0) | (rest["refused"] != "")).all())

    @property
    def missed(self) -> tuple[str, ...]:
        """The doubt of a first form whose prediction interval holds too few held-out runs."""
        row = self.table.iloc[0]
        if not row["coverage"] < self.level:
            return ()
        runs = int(row["held_out"])
        inside = round(row["coverage"] * runs)
        if bdtr(inside, runs, self.level) > 0.05:
            return ()
        doubt = (
            f"only {inside} of {runs} held-out runs end inside the {self.level:.0%} prediction "
            f"interval of {row.name}: beyond the runs fitted it is less sure than it says"
        )
        return (doubt,)

    def scores(self) -> str:
        """The tables and the verdict as text."""
        how: dict[str, Any] = {"float_format": "{:.4g}".format, "na_rep": "-"}
        lines = []
        for table in (self.table.drop(columns="refused"), self.errors.set_index("form")):
            lines += [table.dropna(axis=1, how="all").to_string(**how), ""] if len(table) else []
        lines += [self.verdict, *(f"doubt: {doubt}" for doubt in self.missed)]
        return "\n".join(
            [*lines, *(f"no coverage ({one}): {why}" for one, why in self.silent.items())]
        )

    def summary(self) -> str:
        """`scores`, and what is refused, missing and in doubt about each form."""
        lines = [self.scores()]
        lines += [f"refused ({name}): {why}" for name, why in self.table["refused"].items() if why]
        for name, one in self.fits.items():
            lines += [f"no interval ({name}): {one.no_interval}"] if one.no_interval else []
            lines += [f"doubt ({name}): {doubt}" for doubt in one.doubts]
        return "\n".join(lines)


def compare(
    forms: Sequence[str | Form | tuple[str | Form, Mapping[str, float]]],
    runs,
    *,
    hold_out,
    level: float = 0.9,
    bootstrap: int = 400,
    seed: int = 0,
    groups: str | None = None,
    **how: Any,
) -> Comparison:
    """Each form fitted to the runs that are not held out, and its errors on those that are.

    forms: names in forms.FORMS, with constants that are known or tied as in "chinchilla:E=1.69" or
    "chinchilla:alpha=beta"; forms; or pairs (form, {constant: value}). runs: a DataFrame or mapping
    as in fitting.fit. hold_out: a condition ("C > 1e21", see reading.select), a truth value for
    each run (a Series by its labels), or a share, for the runs of largest scale: at least so many,
    as a budget (C within 1 %) is kept whole. Scale is C, else 6 N D, else the form's column.

    The margin between two forms is the difference of their held-out rms. Its interval, at `level`,
    has two parts: held-out runs are drawn again by groups (a column; else by budget, C within 1 %),
    with Student's t where groups are few, and the fits are drawn again `bootstrap` times. It knows
    nothing of scales beyond the held-out ones. bootstrap, seed and `how` (objective, delta, and
    weights or noise by name of a column) go to every fit.

    A form that the runs cannot determine keeps its row, with the reason. Raises ValueError for
    unknown forms or columns, and where the hold-out is empty or is everything.

    >>> from scalinglib import runs
    >>> sweep = runs.load("sweep").query("corpus == 'python' and arm == 'main'")
    >>> found = compare(["chinchilla", "kaplan"], sweep, hold_out="budget >= 1e12")
    >>> list(found.table.index)
    ['kaplan', 'chinchilla']
    """
    specs = [find_form(form) for form in ([forms] if isinstance(forms, str) else forms)]
    _refuse(specs, level, {**how, "groups": groups})
    runs, bootstrap = pd.DataFrame(tabular(runs)), count("bootstrap", bootstrap)
    seed, scale = whole("seed", seed), _scale(specs[0][1], runs)
    out = _mask(hold_out, runs, scale)
    labels = _labels(groups, runs[out], scale[out], specs[0][1].columns)
    fits, judged, refused = {}, {}, {}
    for name, form, fixed, tied in tqdm(specs, desc="forms", disable=None, delay=3, leave=False):
        more: dict[str, Any] = {
            "fixed": fixed,
            "tied": tied,
            "groups": groups,
            "bootstrap": bootstrap,
            "seed": seed,
        }
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FitWarning)  # kept in the fits, told by summary
                fits[name] = fit(form, runs[~out], **more, **how)
                judged[name] = _judge(fits[name], form, runs[out], level)
        except UndeterminedError as error:
            refused[name] = str(error)
    return _compared(fits, judged, refused, (out, _share(hold_out)), labels, scale[out], level)


def _compared(fits, judged, refused, held, labels, scale, level) -> Comparison:
    out, share = held
    order = sorted(judged, key=lambda name: _rms(judged[name].errors))
    margins = {name: _margin(judged[order[0]], judged[name], labels, level) for name in order[1:]}
    rows = {name: _row(fits[name], judged[name], margins.get(name)) for name in order}
    counts = {"fitted": int((~out).sum()), "held_out": int(out.sum())}
    rows |= {name: counts | {"refused": why} for name, why in refused.items()}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=[*_COLUMNS])
    table["refused"] = table["refused"].fillna("")
    table.index.name = "form"
    errors = [_by_scale(name, judged[name], scale) for name in order]
    errors = pd.concat(errors, ignore_index=True) if errors else pd.DataFrame(columns=[*_ERRORS])
    verdict = _verdict(order, table, margins, len(np.unique(labels)), level)
    verdict += _taken(share, out)
    silent = {name: judged[name].silent for name in order if judged[name].silent}
    return Comparison(table, errors, fits, out, verdict, level, silent)


# ---- what is compared ------------------------------------------------------------------------


def _refuse(specs, level, by_column) -> None:
    if not specs or len({name for name, *_ in specs}) < len(specs):
        raise ValueError("give at least one form, and each once (forms of your own by other names)")
    if len({form.target for _, form, *_ in specs}) > 1:
        raise ValueError("these forms predict different columns: compare like with like")
    ends(level)
    for key in {"fixed", "tied"} & by_column.keys():
        raise ValueError(f"{key} goes with each form: 'chinchilla:E=1.69', 'chinchilla:alpha=beta'")
    for key in ("weights", "noise", "groups"):
        if np.ndim(by_column.get(key, "")):
            raise ValueError(f"{key} must be the name of a column: runs are split here")


def _scale(form, runs) -> np.ndarray:
    if "C" in runs:
        return np.asarray(positive("C", runs["C"].to_numpy()))
    names = ("N", "D") if "N" in runs and "D" in runs else form.columns[:1]
    have_columns(runs, names, form.name)
    found = columns(**{name: runs[name].to_numpy() for name in names})
    return 6.0 * found[0] * found[1] if len(found) == 2 else found[0]


def _share(hold_out) -> float | None:
    """What share of the runs is asked for; None where it is a condition or a truth value a run."""
    try:
        return float(hold_out) if np.ndim(hold_out) == 0 else None
    except (TypeError, ValueError):
        return None


def _mask(hold_out, runs, scale) -> np.ndarray:
    """Which runs are held out."""
    if not len(scale):
        raise ValueError("there are no runs to compare: did a condition drop all?")
    share = _share(hold_out)
    if share is not None:
        if not 0 < share < 1:
            raise ValueError(f"hold_out must be a share between 0 and 1, got {hold_out}")
        edge = np.sort(scale)[-max(1, round(share * len(scale)))]
        out = scale >= edge * (1 - SAME)  # a budget is not torn apart
    elif isinstance(hold_out, str):
        out = select(runs, hold_out)
    else:
        out = np.asarray(aligned("hold_out", hold_out, runs))
        if out.dtype != bool or out.shape != scale.shape:
            raise ValueError(
                f"hold_out must say True or False for each of {len(scale)} runs, or be a share or "
                f"a condition; got {shown(hold_out)}"
            )
    if not 0 < out.sum() < len(out):
        raise ValueError(
            f"the hold-out has {out.sum()} of {len(out)} runs, at scales from {scale.min():.3g} to "
            f"{scale.max():.3g}: hold out some and leave some"
        )
    return out


def _labels(groups, runs, scale, names) -> np.ndarray:
    """The piece of evidence that each held-out run belongs to: its group, or its budget."""
    if groups == "cell":
        return cells({name: runs[name] for name in names})
    if groups is not None and groups not in runs:
        raise ValueError(f"groups: there is no column {groups!r}")
    pieces = alike(scale) if groups is None else runs[groups].astype(str)
    return np.unique(pieces, return_inverse=True)[1]


# ---- how well it predicts --------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Judged:
    """errors: log measured - log predicted (held out,); drawn: the same for each refit; inside:
    does the prediction interval hold the run? None without samples, and where it is silent: why.
    """

    errors: np.ndarray
    drawn: np.ndarray | None
    inside: np.ndarray | None
    silent: str = ""


def _judge(one: LawFit[Any], form: Form, runs, level) -> _Judged:
    x = [runs[name].to_numpy() for name in form.columns]
    y = np.asarray(positive(form.target, runs[form.target].to_numpy()))
    told = one.predict(*x, level=level)
    value = told["value"].to_numpy()
    if not (np.isfinite(value) & (value > 0)).all():
        raise UndeterminedError("the fitted law gives no positive number for a held-out run")
    errors = np.log(y) - np.log(value)
    if one.samples is None:
        return _Judged(errors, None, None)
    with np.errstate(all="ignore"):
        drawn = np.array([np.log(y) - np.log(law.loss(*x)) for law in one.resampled()])
    if told["run_low"].isna().any():  # too far for an interval
        reasons = one._silent(dict(zip(form.columns, x, strict=True)))
        why = "; ".join(why for why, where in reasons.items() if where.any())
        return _Judged(errors, drawn, None, why)
    inside = (told["run_low"] <= y) & (y <= told["run_high"])
    return _Judged(errors, drawn, inside.to_numpy())


def _rms(errors) -> np.ndarray:
    return np.sqrt(np.mean(errors**2, axis=-1))


@dataclass(frozen=True)
class _Margin:
    """How much higher the held-out rms of a form is than that of the first; told: is that sure?"""

    behind: float
    low: float
    high: float

    @property
    def told(self):
        return self.low > 0


def _margin(first: _Judged, other: _Judged, labels, level, draws=4000) -> _Margin:
    """The spread over held-out groups and that over refits, of the log of the ratio of their rms,
    added as independent.
    """
    least = float(_rms(first.errors))
    ratio = float(np.log(_rms(other.errors) / least))
    groups = int(labels.max()) + 1
    if groups < 2:
        return _Margin(least * np.expm1(ratio), np.nan, np.nan)
    rng = np.random.default_rng(0)
    times = rng.multinomial(groups, np.full(groups, 1 / groups), draws).astype(float)
    squares = [times @ np.bincount(labels, one.errors**2, groups) for one in (first, other)]
    few = stdtrit(groups - 1, (1 + level) / 2) / ndtri((1 + level) / 2)
    spread = (np.log(squares[1] / squares[0]) / 2 - ratio) * few * np.sqrt(groups / (groups - 1))
    if first.drawn is not None and other.drawn is not None:
        # About their own middle: refits miss by more than the fits, flexible forms most of all.
        moved = np.log(_rms(other.drawn) / _rms(first.drawn))
        moved = moved[np.isfinite(moved)]
        spread = spread + rng.choice(moved - np.median(moved), draws)
    low, high = ratio + np.quantile(spread, [(1 - level) / 2, (1 + level) / 2])
    return _Margin(*(float(least * np.expm1(value)) for value in (ratio, low, high)))


# ---- tables and words ------------------------------------------------------------------------

_COLUMNS = (
    *("rms", "bias", "coverage", "behind", "behind_low", "behind_high"),
    *("unknowns", "fitted", "held_out", "doubts", "refused"),
)
_ERRORS = ("form", "from", "to", "runs", "rms", "bias", "coverage")


def _row(one, judged, margin) -> dict:
    row = {
        "rms": _rms(judged.errors),
        "bias": judged.errors.mean(),
        "coverage": np.nan if judged.inside is None else judged.inside.mean(),
        "unknowns": len(one.report.free),
        "fitted": one.report.runs,
        "held_out": len(judged.errors),
        "doubts": len(one.doubts),
    }
    if margin is not None:
        row |= {"behind": margin.behind, "behind_low": margin.low, "behind_high": margin.high}
    return row


def _by_scale(name, judged, scale) -> pd.DataFrame:
    decade = np.floor(np.log10(scale) + 1e-9)
    rows = []
    for low in np.unique(decade):
        here = decade == low
        covered = np.nan if judged.inside is None else judged.inside[here].mean()
        errors = judged.errors[here]
        edges = 10.0**low, 10.0 ** (low + 1)
        rows.append((name, *edges, len(errors), _rms(errors), errors.mean(), covered))
    return pd.DataFrame(rows, columns=[*_ERRORS])


def _taken(share, out) -> str:
    """That another share of the runs is held out than was asked for."""
    if share is None or abs(out.mean() - share) < SHARE:
        return ""
    return (
        f"; {out.mean():.0%} of the runs are held out where {share:.0%} were asked for, as budgets "
        "are kept whole"
    )


def _verdict(order, table, margins, groups, level) -> str:
    if not order:
        return "no form could be fitted to these runs"
    best = order[0]
    if (rms := table["rms"][best]) > LOST:
        return (
            f"no form predicts the held-out runs: the best, {best}, is off by a factor of "
            f"{np.exp(rms):.2g} (rms {rms:.4g} in log loss), so nothing is told apart"
        )
    if not margins:
        alone = (
            "alone: nothing was compared" if len(table) == 1 else "alone: the others were refused"
        )
        return (
            f"{best} stands {alone}; rms {table['rms'][best]:.4f} in log loss on the held-out runs"
        )
    where = f"{table['held_out'][best]:.0f} held-out runs in {groups} group(s)"
    first = f"rms {table['rms'][best]:.4f} in log loss on {where}"

    def behind(name):
        one, told = margins[name], f"{name} (rms {table['rms'][name]:.4f}, "
        told += f"{one.behind:.4f} behind"
        return told + (")" if groups < 2 else f", {one.low:.4f} to {one.high:.4f})")

    close = ", ".join(behind(name) for name in order[1:] if not margins[name].told)
    clear = ", ".join(behind(name) for name in order[1:] if margins[name].told)
    if groups < 2:
        told = f"not told apart: {best}, {first}; {close}"
        return f"{told}; one group of held-out runs gives no interval"
    intervals = f"; in brackets {level:.0%} intervals"
    if not close:
        return f"{best} predicts best: {first}; surely behind: {clear}{intervals}"
    worse = f"; surely behind: {clear}" if clear else ""
    return f"not told apart: {best}, {first}, and {close}{worse}{intervals}"
