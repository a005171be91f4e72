"""The house style: one size, five colours with fixed meanings, marks that say where they come from.

Figures are drawn on white; in dark mode the site shows them through `filter: invert(0.93)
hue-rotate(180deg)`, and the colours keep their contrast and their distance under that filter too
(tests/test_plots.py measures it).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import patheffects, ticker
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Annotation
from numpy.typing import ArrayLike

if TYPE_CHECKING:
    from matplotlib.typing import RcKeyType

COLOURS = {
    "N": "#006dd6",  # model size
    "D": "#015630",  # data
    "C": "#a85703",  # compute
    "measured": "#222832",  # measured or published runs, and all text
    "predicted": "#64197b",  # what a law says
}
"""The same five meanings as in the widgets."""

MUTED = "#48566b"
"""For what only orients: reference lines, the edge of a window."""

STYLE: dict[RcKeyType, Any] = {
    "figure.dpi": 130,
    "figure.facecolor": "white",
    "figure.constrained_layout.use": True,
    # inches: the margin that notebooks put round a figure's contents when
    "figure.constrained_layout.w_pad": 0.1,
    # they crop it, so that the picture stays 5.2 in = 676 px wide
    "figure.constrained_layout.h_pad": 0.1,
    "axes.facecolor": "white",
    "axes.edgecolor": MUTED,
    "axes.labelcolor": COLOURS["measured"],
    "axes.labelsize": 12,
    "axes.titlesize": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "font.size": 11,
    "grid.color": "#d1d5da",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "lines.linewidth": 2,
    "lines.markersize": 5,
    "text.color": COLOURS["measured"],
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": COLOURS["measured"],
    "ytick.labelcolor": COLOURS["measured"],
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
}


def use_style() -> None:
    """Make the house style matplotlib's default for the rest of the session.

    >>> use_style()
    >>> import matplotlib.pyplot as plt
    >>> plt.rcParams["figure.dpi"]
    130.0
    """
    _sharp()
    plt.rcParams.update(STYLE)


def _sharp() -> None:
    """Let notebooks draw two pixels for each that a page shows, for the screens of today."""
    notebook = sys.modules.get("IPython")
    if notebook and notebook.get_ipython() is not None and "inline" in plt.get_backend():
        from matplotlib_inline.backend_inline import set_matplotlib_formats  # comes with it

        set_matplotlib_formats("retina")


def figure(width: float = 5.2, height: float = 3.4) -> tuple[Figure, Axes]:
    """A figure with one pair of axes in the house style, in inches; no defaults are changed.

    5.2 in at 130 dpi are 676 px, the width at which a page shows it; a phone of 390 px can still
    read it. In a notebook it is drawn with twice as many pixels.

    >>> fig, ax = figure()
    >>> fig.get_size_inches().round(1)
    array([5.2, 3.4])
    """
    _sharp()
    with plt.rc_context(STYLE):
        return plt.subplots(figsize=(width, height))


def measured(ax: Axes, x: ArrayLike, y: ArrayLike, colour: str = "measured", **line: Any) -> Line2D:
    """Measured or published runs: filled dots.

    `colour` is a key of COLOURS or a colour; `line` goes to `ax.plot`.

    >>> fig, ax = figure()
    >>> dots = measured(ax, [1e6, 1e7], [4.1, 3.5], colour="N")
    """
    return ax.plot(x, y, **{**_dots(colour), **line})[0]


def simulated(
    ax: Axes, x: ArrayLike, y: ArrayLike, colour: str = "measured", **line: Any
) -> Line2D:
    """Simulated runs: hollow rings, so that nobody takes them for measured ones.

    >>> fig, ax = figure()
    >>> rings = simulated(ax, [1e6, 1e7], [4.1, 3.5])
    """
    style = _dots(colour)
    style.update(markerfacecolor="none", markeredgewidth=1.3)
    style.update(line)
    return ax.plot(x, y, **style)[0]


def predicted(
    ax: Axes, x: ArrayLike, y: ArrayLike, colour: str = "predicted", **line: Any
) -> Line2D:
    """What a law says: a line.

    >>> fig, ax = figure()
    >>> line = predicted(ax, [1e6, 1e7], [4.1, 3.5])
    """
    style: dict[str, Any] = {"color": _colour(colour), "linewidth": 2}
    style.update(line)
    return ax.plot(x, y, **style)[0]


def direct_label(
    ax: Axes,
    x: float,
    y: float,
    text: str,
    colour: str = "measured",
    offset: tuple[float, float] = (6, 0),
    **annotation: Any,
) -> Annotation:
    """Write `text` beside the point (x, y) in data coordinates, in the colour of what it names.

    It is `offset` points away.

    Text grows away from the point: to the left for a negative horizontal offset, centred for 0.
    `annotation` goes to `ax.annotate`.

    >>> fig, ax = figure()
    >>> words = direct_label(ax, 1e7, 3.5, "ten million", colour="N")
    """
    side = {1: "left", 0: "center", -1: "right"}
    above = {1: "bottom", 0: "center", -1: "top"}
    settings: dict[str, Any] = {
        "color": _colour(colour),
        "fontsize": STYLE["font.size"],
        "annotation_clip": False,
        "ha": side[int(np.sign(offset[0]))],
        "va": above[int(np.sign(offset[1]))],
        "path_effects": [patheffects.withStroke(linewidth=3, foreground="white")],
    }
    return ax.annotate(
        text, (x, y), offset, textcoords="offset points", **{**settings, **annotation}
    )


def power_axis(ax: Axes, which: str, label: str) -> None:
    """Make axis `which` ("x" or "y") logarithmic, with `label` and readable ticks.

    Ticks are 1k, 1M, 1B, or powers of ten.

    Raises ValueError for any other `which`.

    >>> fig, ax = figure()
    >>> power_axis(ax, "x", "parameters N")
    >>> ax.get_xscale()
    'log'
    """
    if which not in ("x", "y"):
        raise ValueError(f'which must be "x" or "y", got {which!r}')
    ax.set(**{f"{which}scale": "log", f"{which}label": label})
    axis = getattr(ax, f"{which}axis")
    axis.set_major_locator(_ReadableTicks())
    axis.set_major_formatter(_ReadableNumbers())
    axis.set_minor_formatter(ticker.NullFormatter())


def short(value: float) -> str:
    """A positive number to read at a glance: 20, 3k, 44.2M, 70B.

    >>> short(44.2e6), short(3000), short(70e9)
    ('44.2M', '3k', '70B')
    """
    for unit, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
        if value >= unit:
            return f"{value / unit:.4g}{letter}"
    return f"{value:.4g}"


def short_power(value: float) -> str:
    """A positive number as a factor and a power of ten, for matplotlib.

    >>> short_power(1e21)
    '$10^{21}$'
    """
    exponent = int(np.floor(np.log10(value) + 1e-9))
    factor = f"{value / 10.0**exponent:.3g}"
    power = f"10^{{{exponent}}}"
    return f"${power}$" if factor == "1" else rf"${factor}{{\times}}{power}$"


def save(ax: Axes, path: str | Path) -> None:
    """Write the figure of `ax` to `path`, by its ending; the text of an SVG stays text.

    >>> fig, ax = figure()
    >>> save(ax, "valley.svg")
    """
    figure = ax.get_figure(root=True)
    if figure is not None:  # axes that were removed have none
        with plt.rc_context({"svg.fonttype": "none"}):
            figure.savefig(path)


def _colour(name: str) -> str:
    return COLOURS.get(name, name)


def _dots(colour: str) -> dict[str, Any]:
    return {"color": _colour(colour), "marker": "o", "linestyle": "none"}


def _view(helper: ticker.TickHelper) -> tuple[float, float]:
    """The ends of the axis that a locator or formatter was given to."""
    if helper.axis is None:
        raise ValueError("ticks have no place yet: hand them to an axis first")
    low, high = helper.axis.get_view_interval()
    return low, high


class _ReadableTicks(ticker.Locator):
    """Between three and eight ticks.

    Decades, 1-3, 1-2-5 or 1-2-3-5 of each, round steps within a factor of five.
    """

    def __call__(self):
        return self.tick_values(*_view(self))

    def tick_values(self, vmin, vmax):
        low, high = np.log10([vmin, vmax])
        span = high - low
        if span > 3.2:
            every = int(np.ceil(span / 6))
            return 10.0 ** np.arange(np.ceil(low / every) * every, high + 1e-9, every)
        if span > 0.7:
            decades = 10.0 ** np.arange(np.floor(low), high + 1)
            return np.outer(
                decades, [1, 3] if span > 2.1 else [1, 2, 5] if span > 1.2 else [1, 2, 3, 5]
            ).ravel()
        return ticker.MaxNLocator(5, steps=[1, 2, 5, 10]).tick_values(vmin, vmax)


class _ReadableNumbers(ticker.Formatter):
    """20, 3k, 70B; powers of ten for the whole axis where it goes beyond trillions."""

    def __call__(self, x, pos=None):
        value = float(x)
        if value <= 0:
            return ""
        return short_power(value) if _view(self)[1] > 2e15 else short(value)
