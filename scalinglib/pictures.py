"""Pictures of a fit, one pair of axes each: what `fit.plot(kind=...)` draws.

Measured runs are dots and laws are lines; what has many values (sizes, budgets) goes from light to
dark, so that it can be read in grey. Labels stand at what they name.
"""

from __future__ import annotations

from inspect import signature
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb

from . import plots
from ._inputs import Array, have_columns
from .planning import frontier, refuse

AXES = {
    "N": "parameters N",
    "D": "tokens D",
    "C": "compute C (FLOPs)",
    "S": "steps S",
    "loss": "loss (nats per token)",
}


def draw(fit: Any, ax: Axes | None = None, kind: str = "", **more: Any) -> Axes:
    """The picture `kind` of a fit on `ax`, or on a new figure; returns the axes.

    Raises ValueError for a kind that this fit does not have, or without what the kind needs.
    """
    kinds = OF_ALLOCATION if hasattr(fit, "minima") else OF_LAW
    kind = kind or next(iter(kinds))
    if kind not in kinds:
        raise ValueError(f"this fit has no picture {kind!r}; it has {', '.join(kinds)}")
    try:
        signature(kinds[kind]).bind(fit, ax, **more)
    except TypeError as error:
        raise ValueError(f"plot(kind={kind!r}): {error}") from None
    if ax is None:
        ax = plots.figure()[1]
    kinds[kind](fit, ax, **more)
    return ax


def runs_and_law(fit: Any, ax: Axes) -> None:
    """The runs, and the law through them: a line, or one for each of up to five sizes.

    >>> from scalinglib import fit, runs
    >>> sweep = runs.load("sweep").query("corpus == 'python' and arm == 'main'")
    >>> ax = fit("power-sum", sweep).plot()
    """
    study = fit._with_runs("a picture of the runs")
    y, *x = study.y, *(np.asarray(column) for column in study.x.values())
    if len(x) > 2 or any(column.dtype.kind not in "fiu" for column in x):
        hold_out(fit, ax, study.x | {study.form.target: y})
        return
    first, across = x[0], x[-1]
    if len(x) == 1:
        at = np.geomspace(across.min() / 1.1, across.max() * 1.1, 200)
        _band(ax, at, fit.predict(at))
        plots.predicted(ax, at, fit.law.loss(at))
        plots.measured(ax, across, y)
    else:
        _levels(fit, ax, first, across, y)
    plots.power_axis(ax, "x", _named(list(study.x)[-1]))
    plots.power_axis(ax, "y", _named(study.form.target))
    floor = getattr(fit.law, "floor", 0) or getattr(fit.law, "E", 0)
    if floor and floor > 0.8 * y.min():
        ax.axhline(floor, color=plots.MUTED, linewidth=1, linestyle="--")
        _label(ax, ax.get_xlim()[0], floor, f"floor {floor:.3g}", plots.MUTED, (4, 4))


def _levels(fit: Any, ax: Axes, size: Array, across: Array, y: Array) -> None:
    """Lines of the law at up to five of the sizes, and the runs in the shades of theirs."""
    name = next(iter(fit.study.x))
    sizes, logs = np.unique(size), np.log(size)
    if len(sizes) > 5:
        wanted = np.linspace(logs.min(), logs.max(), 5)
        sizes = np.unique(sizes[np.abs(np.log(sizes)[:, None] - wanted).argmin(0)])
    share = (logs - logs.min()) / max(np.ptp(logs), 1e-9)
    colours = [shade("N", one) for one in share]
    ax.scatter(across, y, s=14, c=colours, linewidths=0, zorder=2)
    levels = np.interp(np.log(sizes), [logs.min(), logs.max()], [0, 1])
    half, end = 0.5 * np.ptp(np.log(sizes)) / max(len(sizes) - 1, 1) + 1e-9, 1.3 * across.max()
    for one, told in zip(sizes, levels, strict=True):
        near, colour = across[np.abs(logs - np.log(one)) <= half], shade("N", told)
        for style, first, last in (("-", near.min(), near.max()), (":", near.max(), end)):
            at = np.geomspace(first, last, 100)
            loss = fit.law.loss(np.full_like(at, one), at)
            plots.predicted(ax, at, loss, colour, linestyle=style, linewidth=1.5, zorder=3)
        text = f"{name} = {plots.short(float(f'{one:.2g}'))}"
        _label(ax, end, loss[-1], text, _ink("N", told), (4, 0), fontsize=9)


def residuals(fit: Any, ax: Axes) -> None:
    """How far each run ends from the law, against what the law says.

    The band holds 90 % of runs if the noise is normal.

    >>> from scalinglib import fit, runs
    >>> sweep = runs.load("sweep").query("corpus == 'python' and arm == 'main'")
    >>> ax = fit("power-sum", sweep).plot(kind="residuals")
    """
    study = fit._with_runs("a picture of the residuals")
    said = fit.law.loss(*study.x.values())
    unit, told = (100, "%") if study.log else (1, study.form.target)
    reach = 1.645 * fit.report.noise * unit
    ax.axhspan(-reach, reach, color="#e4e7eb", zorder=0)
    ax.axhline(0, color=plots.COLOURS["predicted"])
    plots.measured(ax, said, unit * fit.residuals, markersize=4)
    plots.power_axis(ax, "x", f"predicted {_named(study.form.target)}")
    ax.set_ylabel(f"measured above the law ({told})")
    _label(ax, ax.get_xlim()[1], -reach, f"90 % of runs: ±{reach:.2g} {told}", offset=(-4, -2))


def best_runs(fit: Any, ax: Axes, C: tuple[float, float] | None = None, **limits: Any) -> None:
    """The best size and data for each budget from C[0] to C[1], with their intervals.

    By default from a thousandth of the largest run fitted, or from the smallest budget of an
    allocation, to a hundred times the largest. limits: as of `frontier`.

    >>> from scalinglib import fit, runs
    >>> sweep = runs.load("sweep").query("corpus == 'python' and arm == 'main'")
    >>> ax = fit("power-sum", sweep, bootstrap=100).plot(kind="frontier", C=(1e10, 1e14))
    """
    refuse(fit, "a plan", loss=False, unique=True)
    minima = getattr(fit, "minima", None)
    seen = [fit.report.reach / 1e3, fit.report.reach] if minima is None else minima.C
    if C is not None and np.size(C) != 2:
        raise ValueError(f"C is the range of budgets to draw, (low, high) in FLOPs; got {C}")
    low, high = C or (np.min(seen), 100 * np.max(seen))
    table = frontier(fit, np.geomspace(low, high, 60), **limits)
    for name, what in (("N", "parameters"), ("D", "tokens")):
        if f"{name}_low" in table:
            low, high = table[f"{name}_low"], table[f"{name}_high"]
            ax.fill_between(table.C, low, high, color=plots.COLOURS[name], alpha=0.2, linewidth=0)
        style = {"linestyle": "-" if name == "N" else "--"}
        plots.predicted(ax, table.C, table[name], name, **style)
        end = table.iloc[-1]
        _label(ax, end.C, end[name], what, name, (-6, 10))
        if minima is not None:
            used = minima[minima.interior]
            plots.measured(ax, used.C, used[name], name)
            rest = minima[~minima.interior]
            plots.simulated(ax, rest.C, rest[name], name, marker="s")
    plots.power_axis(ax, "x", AXES["C"])
    plots.power_axis(ax, "y", "best parameters N, best tokens D")
    if minima is None:
        ax.axvline(fit.report.reach, color=plots.MUTED, linewidth=1, linestyle=":")
        place = fit.report.reach, ax.get_ylim()[0]
        _label(ax, *place, "largest run fitted", plots.MUTED, (4, 4), fontsize=9)


def valleys(fit: Any, ax: Axes) -> None:
    """The runs of each budget, their parabola, and the line through the minima.

    A budget that is left out is dotted and hollow.

    >>> from scalinglib import fit_isoflop, runs
    >>> sweep = runs.load("sweep").query("corpus == 'python' and arm == 'main'")
    >>> ax = fit_isoflop(sweep.budget, sweep.N, sweep.loss, D=sweep.D).plot()
    """
    if fit.runs is None:
        raise ValueError("this fit has no valleys to draw: fit_isoflop has, fit_envelope has none")
    budgets = np.unique(fit.runs.C)
    interior = fit.minima.set_index("C").interior
    for C, told in zip(budgets, np.linspace(0, 1, len(budgets)), strict=True):
        runs, colour = fit.runs[fit.runs.C == C], shade("C", told)
        inside = bool(interior.get(C, False))
        (plots.measured if inside else plots.simulated)(ax, runs.N, runs.loss, colour, markersize=4)
        if runs.N.nunique() < 3:
            continue
        log_N = np.log(runs.N) - np.log(runs.N).mean()
        u = np.linspace(log_N.min(), log_N.max(), 100)
        height = np.polyval(np.polyfit(log_N, runs.loss, 2), u)
        N = np.exp(u + np.log(runs.N).mean())
        plots.predicted(ax, N, height, colour, linewidth=1.5, linestyle="-" if inside else ":")
        text = plots.short_power(float(f"{C:.2g}")) + (" FLOPs" if C == budgets[0] else "")
        _label(ax, N[-1], height[-1], text, _ink("C", told), fontsize=9)
    used = fit.minima[fit.minima.interior]
    style: dict[str, Any] = {
        "linestyle": "--",
        "marker": "D",
        "markersize": 6,
        "markeredgecolor": "white",
    }
    plots.predicted(ax, used.N, used.loss, zorder=4, **style)
    middle = used.iloc[len(used) // 2]
    text = f"best N grows as $C^{{{fit.a:.2f}}}$"
    _label(ax, middle.N, middle.loss, text, "predicted", (-10, -10))
    plots.power_axis(ax, "x", AXES["N"])
    plots.power_axis(ax, "y", AXES["loss"])


def profile(fit: Any, ax: Axes, name: str, values: Any = None, level: float = 0.9) -> None:
    """How much worse the fit gets with a constant held.

    The interval is where the curve lies below the line.

    >>> from scalinglib import fit, runs
    >>> sweep = runs.load("sweep").query("corpus == 'python' and arm == 'main'")
    >>> ax = fit("power-sum", sweep).plot(kind="profile", name="alpha")
    """
    table = fit.profile(name, values, level)
    limit = table.attrs["limit"]
    plots.predicted(ax, table.value, table.evidence, marker=".")
    ax.axhline(limit, color=plots.MUTED, linestyle="--", linewidth=1.2)
    ax.axvline(fit.constants[name], color=plots.MUTED, linestyle=":", linewidth=1.2)
    ax.set(xlabel=name, ylabel="log-likelihood lost", ylim=(0, 2.5 * limit))
    _label(ax, table.value.iloc[0], limit, f"{100 * level:g} %", plots.MUTED, (2, 4))
    _label(
        ax, fit.constants[name], 2.5 * limit, f"fitted {fit.constants[name]:.3g}", offset=(4, -4)
    )


def hold_out(fit: Any, ax: Axes, runs: Any, level: float = 0.9) -> None:
    """What the law says of runs against what they measured, with the interval for one new run.

    Runs outside theirs are open squares. runs: a table with the form's columns and its target.

    >>> from scalinglib import fit, runs
    >>> sweep = runs.load("sweep").query("corpus == 'python' and arm == 'main'")
    >>> small = fit("power-sum", sweep.query("budget < 1e12"), bootstrap=100)
    >>> ax = small.plot(kind="hold-out", runs=sweep.query("budget >= 1e12"))
    """
    target = fit.form.target
    have_columns(runs, (*fit.form.columns, target), "this picture")
    measured, said = np.asarray(runs[target], float), fit.predict(runs, level=level)
    low = said.get("run_low", said.value).to_numpy()
    high = said.get("run_high", said.value).to_numpy()
    ends = np.array([measured.min(), measured.max(), said.value.min(), said.value.max()])
    line = np.array([ends.min() / 1.02, ends.max() * 1.02])
    plots.predicted(ax, line, line, plots.MUTED, linewidth=1, linestyle="--")
    if "run_low" in said:
        colour = plots.COLOURS["predicted"]
        ax.vlines(measured, low, high, color=colour, linewidth=1.2, alpha=0.6)
    inside = (low <= measured) & (measured <= high) if "run_low" in said else measured > 0
    plots.measured(ax, measured[inside], said.value[inside], markersize=4)
    plots.simulated(ax, measured[~inside], said.value[~inside], marker="s")
    plots.power_axis(ax, "x", f"measured {_named(target)}")
    plots.power_axis(ax, "y", "predicted")
    if "run_low" in said:  # above the axes: an interval may be anywhere
        text = f"{inside.sum()} of {len(inside)} (filled) inside their {100 * level:g} % interval"
        ax.set_title(text, loc="right", fontsize=10)
    else:
        _label(ax, line[0], line[1], "predicted = measured", offset=(4, -4))


OF_LAW = {
    "fit": runs_and_law,
    "residuals": residuals,
    "frontier": best_runs,
    "profile": profile,
    "hold-out": hold_out,
}
OF_ALLOCATION = {"valleys": valleys, "frontier": best_runs}


def shade(name: str, share: float) -> str:
    """The colour of `name`, light at a share of 0 and dark at 1."""
    colour = np.array(to_rgb(plots.COLOURS[name]))
    steps = np.array([0.3 + 0.7 * colour, colour, 0.35 * colour])
    red, green, blue = (float(np.interp(share, [0, 0.5, 1], channel)) for channel in steps.T)
    return to_hex((red, green, blue))


def _ink(name: str, share: float) -> str:
    """A shade that is dark enough for text."""
    return shade(name, max(share, 0.4))


def _named(column: str) -> str:
    return AXES.get(column, column)


def _band(ax: Axes, x: Array, told: Any) -> None:
    if "low" in told:
        colour = plots.COLOURS["predicted"]
        ax.fill_between(x, told.low, told.high, color=colour, alpha=0.2, linewidth=0)


def _label(
    ax: Axes,
    x: float,
    y: float,
    text: str,
    colour: str = "measured",
    offset: tuple[float, float] = (6, 0),
    **more: Any,
) -> None:
    """A direct label on white, without the stroke that would turn the text of an SVG into paths."""
    behind = {"facecolor": "white", "edgecolor": "none", "alpha": 0.7, "pad": 0.5}
    style: dict[str, Any] = {"path_effects": None, "bbox": behind, "fontsize": 10} | more
    plots.direct_label(ax, x, y, text, colour, offset, **style)
