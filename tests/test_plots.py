"""The house style: size of the picture, no trace in matplotlib, ticks, a palette for dark mode."""

from io import BytesIO
from itertools import combinations, pairwise

import matplotlib
import numpy as np
import pytest

matplotlib.use("agg")
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgb

from scalinglib import plots


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def picture(fig, **options):
    file = BytesIO()
    fig.canvas.print_figure(
        file, format="png", dpi=fig.dpi, facecolor=fig.get_facecolor(), **options
    )
    file.seek(0)
    return plt.imread(file)


# ---- size and state ----


# as saved, and as a notebook shows it
@pytest.mark.parametrize("options", [{}, {"bbox_inches": "tight"}])
def test_a_picture_is_as_wide_as_a_page_shows_it(options):
    fig, ax = plots.figure()
    plots.predicted(ax, [1e18, 1e23], [3, 2])
    plots.direct_label(ax, 1e23, 2, "best run", "predicted")
    plots.power_axis(ax, "x", "training compute C (FLOPs)")
    ax.set_ylabel("loss (nats per token)")
    height, width = picture(fig, **options).shape[:2]
    assert width == pytest.approx(676, abs=2) and height == pytest.approx(442, abs=2)


def test_a_figure_has_the_style_and_leaves_no_trace():
    with plt.rc_context():
        matplotlib.rcdefaults()
        before = dict(plt.rcParams)
        fig, ax = plots.figure(4, 3)
        assert dict(plt.rcParams) == before
    assert tuple(fig.get_size_inches()) == (4, 3) and fig.dpi == 130
    assert ax.xaxis.label.get_size() >= 11 and ax.xaxis.get_ticklabels()[0].get_size() >= 11
    assert np.all(picture(fig)[0, 0] == 1)  # white, and not transparent


def test_use_style_is_explicit_and_lasts():
    with plt.rc_context():
        plots.use_style()
        assert plt.rcParams["font.size"] == 11
        assert plt.subplots()[0].dpi == 130


# ---- what points and lines look like ----


def test_measured_simulated_and_predicted_never_look_alike():
    _, ax = plots.figure()
    dots, rings, line = (
        draw(ax, [1, 2, 3], [3, 2, 1])
        for draw in (plots.measured, plots.simulated, plots.predicted)
    )
    assert (
        dots.get_markerfacecolor() == plots.COLOURS["measured"] and dots.get_linestyle() == "None"
    )
    assert rings.get_markerfacecolor() == "none" and rings.get_linestyle() == "None"
    assert line.get_color() == plots.COLOURS["predicted"] and line.get_marker() == "None"
    assert plots.measured(ax, [1], [1], "N").get_color() == plots.COLOURS["N"]
    assert (
        plots.measured(ax, [1], [1], plots.MUTED, linestyle=":", markersize=3).get_linestyle()
        == ":"
    )
    with pytest.raises(ValueError, match="no-colour"):
        plots.predicted(ax, [1], [1], "no-colour")


@pytest.mark.parametrize(
    "offset, ha, va",
    [
        ((6, 0), "left", "center"),
        ((-6, 0), "right", "center"),
        ((0, 6), "center", "bottom"),
        ((3, -6), "left", "top"),
    ],
)
def test_labels_grow_away_from_their_point(offset, ha, va):
    _, ax = plots.figure()
    label = plots.direct_label(ax, 1, 1, "70B", "N", offset)
    assert (label.get_ha(), label.get_va(), label.get_color()) == (ha, va, plots.COLOURS["N"])
    assert plots.direct_label(ax, 1, 1, "70B", ha="center", fontsize=9).get_ha() == "center"


# ---- ticks ----


@pytest.mark.parametrize(
    "low, high, expected",
    [
        (1e6, 1e12, ["1M", "10M", "100M", "1B", "10B", "100B", "1T"]),
        (1e3, 1e9, ["1k", "10k", "100k", "1M", "10M", "100M", "1B"]),
        (2e8, 1e10, ["200M", "500M", "1B", "2B", "5B", "10B"]),
        (2e18, 5e23, ["$10^{19}$", "$10^{20}$", "$10^{21}$", "$10^{22}$", "$10^{23}$"]),
        (1e19, 5e19, ["$10^{19}$", *(rf"${n}{{\times}}10^{{19}}$" for n in (2, 3, 4, 5))]),
        (2, 4, ["2", "2.5", "3", "3.5", "4"]),
        (0.1, 20, ["0.1", "0.3", "1", "3", "10"]),
    ],
)
def test_ticks_can_be_read(low, high, expected):
    fig, ax = plots.figure()
    ax.plot([low, high], [1, 2])
    plots.power_axis(ax, "x", "x")
    ax.set_xlim(low, high)
    fig.canvas.draw()
    inside = [
        tick.label1.get_text()
        for tick in ax.xaxis.get_major_ticks()
        if low * 0.999 <= tick.get_loc() <= high * 1.001
    ]
    assert inside == expected
    assert not any(tick.label1.get_text() for tick in ax.xaxis.get_minor_ticks())


def test_ticks_do_not_touch_on_any_span():
    for decades in (0.2, 0.6, 0.8, 1.5, 2, 2.9, 4, 12):
        fig, ax = plots.figure()
        ax.plot([3e4, 3e4 * 10**decades], [1, 2])
        plots.power_axis(ax, "x", "tokens D")
        fig.canvas.draw()
        boxes = [
            tick.label1.get_window_extent()
            for tick in ax.xaxis.get_major_ticks()
            if ax.get_xlim()[0] <= tick.get_loc() <= ax.get_xlim()[1]
        ]
        assert len(boxes) >= 3 and all(a.x1 + 4 < b.x0 for a, b in pairwise(boxes)), decades
        plt.close(fig)


def test_only_x_and_y_are_axes():
    with pytest.raises(ValueError, match="which must be"):
        plots.power_axis(plots.figure()[1], "z", "depth")


# ---- the palette, as drawn and after the page's filter for dark mode ----

# Machado, Oliveira, Fernandes 2009, severity 1, on linear RGB.
SIGHT = {
    "usual": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def dark(rgb):
    """CSS `invert(0.93) hue-rotate(180deg)`, both on encoded sRGB, each clamped.

    Filter Effects Module Level 1.
    """
    inverted = 0.93 - 0.86 * np.array(rgb)
    luma, cosine = np.array([0.213, 0.715, 0.072]), -1  # at 180 degrees the sine's terms vanish
    return np.clip((luma + cosine * (np.eye(3) - luma)) @ inverted, 0, 1)


MODES = {"light": np.array, "dark": dark}


def linear(rgb):
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(a, b):
    low, high = sorted(linear(colour) @ [0.2126, 0.7152, 0.0722] for colour in (a, b))
    return (high + 0.05) / (low + 0.05)


def lab(linear_rgb):
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = to_xyz @ np.clip(linear_rgb, 0, 1) / [0.9505, 1, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_the_filter_turns_white_into_the_dark_pages_background():
    assert (dark([1, 1, 1]) * 255).round().tolist() == [18, 18, 18]  # #121212


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name, colour", [*plots.COLOURS.items(), ("muted", plots.MUTED)])
def test_every_colour_can_be_read_as_text(mode, name, colour):
    show = MODES[mode]
    assert contrast(show(to_rgb(colour)), show([1, 1, 1])) >= 4.5


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("mode", MODES)
def test_no_two_colours_look_alike(mode, sight):
    """Lab distances; 10 is seen at a glance.

    The filter costs some: no picture relies on colour alone.
    """
    seen = {
        name: lab(SIGHT[sight] @ linear(MODES[mode](to_rgb(colour))))
        for name, colour in plots.COLOURS.items()
    }
    gaps = {(a, b): float(np.linalg.norm(seen[a] - seen[b])) for a, b in combinations(seen, 2)}
    assert min(gaps.values()) > {"light": 24, "dark": 13}[mode], sorted(
        gaps.items(), key=lambda item: item[1]
    )[:3]
