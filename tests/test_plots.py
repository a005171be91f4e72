"""The house style: size of the picture, no trace in matplotlib, ticks, a palette for dark mode."""

from io import BytesIO
from itertools import combinations, pairwise
from pathlib import Path

import matplotlib
import numpy as np
import pytest

matplotlib.use("agg")
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex, to_rgb, to_rgba_array
from matplotlib.text import Annotation

from scalinglib import plots, runs
from scalinglib.fitting import (
    FORMS,
    FitWarning,
    LawFit,
    fit,
    fit_isoflop,
    fit_power_law,
)
from scalinglib.forms import by_group

pytestmark = pytest.mark.usefixtures("searched_once")


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
    fig.draw_without_rendering()
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
        fig.draw_without_rendering()
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


# ---- pictures of fits: what is on them, and where ----


def of_chinchilla():
    table = runs.drop_highest_loss(runs.load("chinchilla"), 5)
    return fit("chinchilla", table, bootstrap=60), table


def of_budgets():
    table = runs.load("sweep").query("arm == 'main' and corpus == 'python' and not diverged")
    return fit_isoflop(table.budget, table.N, table.loss, bootstrap=60), table


chinchilla = pytest.fixture(of_chinchilla, scope="module", name="chinchilla")
valleys = pytest.fixture(of_budgets, scope="module", name="valleys")


def texts(ax):
    return [text.get_text() for text in ax.texts]


def drawn(ax, colour):
    """The lines and dots of one colour."""
    wanted = to_rgb(plots.COLOURS.get(colour, colour))
    return [line for line in ax.lines if to_rgb(line.get_color()) == wanted]


def data(line):
    return np.array(line.get_xdata(), float), np.array(line.get_ydata(), float)


def test_axes_in_axes_out(chinchilla):
    found, _ = chinchilla
    _, ax = plt.subplots()
    assert found.plot(ax) is ax
    assert found.plot(kind="residuals") is not ax
    with pytest.raises(ValueError, match="no picture 'valleys'; it has fit, residuals"):
        found.plot(kind="valleys")


def test_a_law_of_N_and_D_goes_through_its_runs_at_sizes_that_are_among_them(chinchilla):
    found, table = chinchilla
    ax = found.plot()
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("tokens D", "loss (nats per token)")
    dots = ax.collections[0].get_offsets()
    assert np.allclose(np.sort(dots[:, 0]), np.sort(table.D)) and len(dots) == 240
    labels = [text for text in texts(ax) if text.startswith("N = ")]
    assert len(labels) == 5 and labels[0] == "N = 57M"
    for k, line in enumerate(ax.lines[:10]):  # a line where there are runs, dots beyond
        x, y = data(line)
        size = np.sort(table.N.unique())[
            np.abs(found.law.loss(np.sort(table.N.unique())[:, None], x) - y).max(1).argmin()
        ]
        assert y == pytest.approx(found.law.loss(size, x)), k
    assert "floor 1.82" in texts(ax)
    shades = [sum(to_rgb(line.get_color())) for line in ax.lines[:10:2]]
    assert np.all(np.diff(shades) < -0.1)  # light to dark: it reads in grey


def test_a_power_law_is_a_line_in_a_band_and_runs_are_dots():
    x = np.geomspace(1e18, 1e21, 12)
    loss = (1.5 + (1e19 / x) ** 0.2) * np.exp(0.002 * np.random.default_rng(0).standard_normal(12))
    found = fit_power_law(x, loss, bootstrap=60)
    ax = found.plot()
    (line,), (dots,) = drawn(ax, "predicted"), drawn(ax, "measured")
    at, height = data(line)
    assert height == pytest.approx(found.law.loss(at)) and line.get_marker() == "None"
    assert data(dots)[1] == pytest.approx(loss) and dots.get_linestyle() == "None"
    assert len(ax.collections) == 1  # the band
    assert not fit_power_law(x, loss).plot().collections


def test_other_forms_are_shown_against_what_was_measured(chinchilla):
    _, table = chinchilla
    halves = table.assign(half=np.where(np.arange(240) % 2, "odd", "even"))
    ax = fit(by_group(FORMS["chinchilla"], "half", ["B"]), halves).plot()
    assert ax.get_xlabel() == "measured loss (nats per token)"
    assert texts(ax) == ["predicted = measured"]


def test_residuals_lie_in_percent_about_zero(chinchilla):
    found, _ = chinchilla
    ax = found.plot(kind="residuals")
    (dots,) = drawn(ax, "measured")
    assert data(dots)[1] == pytest.approx(100 * found.residuals)
    assert ax.get_ylabel() == "measured above the law (%)"
    reach = 1.645 * 100 * found.report.noise
    assert texts(ax) == [f"90 % of runs: ±{reach:.2g} %"]


def test_the_frontier_has_both_lines_their_bands_and_the_end_of_what_was_seen(chinchilla):
    found, table = chinchilla
    ax = found.plot(kind="frontier", C=(1e20, 1e24))
    assert ax.get_xlim()[0] < 1e20 and ax.get_xlim()[1] > 1e24
    for name in "ND":
        (line,) = drawn(ax, name)
        C, best = data(line)
        assert best == pytest.approx(getattr(found.law.optimum(C), name))
    styles = [drawn(ax, name)[0].get_linestyle() for name in "ND"]
    assert styles == ["-", "--"] and len(ax.collections) == 2
    assert data(drawn(ax, plots.MUTED)[0])[0] == pytest.approx(6 * (table.N * table.D).max())
    assert texts(ax) == ["parameters", "tokens", "largest run fitted"]
    short = found.plot(kind="frontier", C=(1e20, 1e24), unique=1e11)
    assert data(drawn(short, "D")[0])[1].max() <= 1e11


def test_a_profile_crosses_its_line_at_the_ends_of_the_interval(chinchilla):
    found, _ = chinchilla
    values = np.linspace(1.75, 1.88, 9)
    ax = found.plot(kind="profile", name="E", values=values)
    table = found.profile("E", values)
    (curve,) = drawn(ax, "predicted")
    assert data(curve)[1] == pytest.approx(table.evidence)
    limit = data(drawn(ax, plots.MUTED)[0])[1][0]
    assert np.array_equal(table.evidence <= limit, table.inside) and table.inside.any()
    assert ax.get_xlabel() == "E" and texts(ax) == ["90 %", f"fitted {found.law.E:.3g}"]


def test_a_hold_out_counts_the_runs_inside_and_marks_the_others(chinchilla):
    _, table = chinchilla
    small, large = table[table.C < 1e21], table[table.C >= 1e21]
    found = fit("chinchilla", small, bootstrap=60)
    ax = found.plot(kind="hold-out", runs=large)
    told = found.predict(large.N, large.D)
    inside = (told.run_low <= large.loss.array) & (large.loss.array <= told.run_high)
    filled, hollow = drawn(ax, "measured")
    assert len(data(filled)[0]) == inside.sum() and hollow.get_markerfacecolor() == "none"
    assert len(data(hollow)[0]) == (~inside).sum()
    said = f"{inside.sum()} of 23 (filled) inside their 90 % interval"
    assert ax.get_title(loc="right") == said and texts(ax) == []
    assert len(ax.collections[0].get_segments()) == 23
    again = LawFit.from_json(found.to_json()).plot(kind="hold-out", runs=large)
    assert len(again.collections[0].get_segments()) == 23
    with pytest.raises(ValueError, match="a fit read from a file has none"):
        LawFit.from_json(found.to_json()).plot()


def test_valleys_have_their_runs_parabolas_and_minima(valleys):
    found, table = valleys
    ax = found.plot()
    minima = found.minima
    (line,) = drawn(ax, "predicted")
    assert np.transpose(data(line)) == pytest.approx(minima[["N", "loss"]].to_numpy())
    dots = [one for one in ax.lines if one.get_linestyle() == "None"]
    assert sum(len(data(one)[0]) for one in dots) == len(table)
    curves = [one for one in ax.lines if one.get_linestyle() == "-"]
    for curve, (_, low) in zip(
        curves, minima.iterrows(), strict=True
    ):  # the lowest point is the vertex
        N, height = data(curve)
        assert height.min() == pytest.approx(low.loss, rel=1e-3)
        assert N[height.argmin()] == pytest.approx(low.N, rel=0.05)
    assert "$10^{10}$ FLOPs" in texts(ax) and r"$3{\times}10^{12}$" in texts(ax)
    assert texts(ax)[-1] == f"best N grows as $C^{{{found.a:.2f}}}$"


def test_a_budget_left_out_is_hollow_and_dotted():
    C, N = np.repeat([1e18, 1e19, 1e20], 5), np.tile(np.geomspace(1e8, 1.6e9, 5), 3)
    best = np.repeat([2e8, 5e8, 9e9], 5)
    with pytest.warns(FitWarning, match="left out of the fit"):
        found = fit_isoflop(C, N, 3 + 0.1 * np.log(N / best) ** 2 - 0.1 * np.log(C / 1e18))
    ax = found.plot()
    styles = [one.get_linestyle() for one in ax.lines if one.get_linestyle() != "None"]
    assert styles == ["-", "-", ":", "--"]
    hollow = [one for one in ax.lines if one.get_markerfacecolor() == "none"]
    assert len(hollow) == 1 and len(data(hollow[0])[0]) == 5
    rest = found.plot(kind="frontier")
    assert rest.get_xlim()[1] > 1e22  # a hundred times the largest budget


def test_the_text_of_an_svg_stays_text(chinchilla, valleys, tmp_path):
    for name, ax in (("fit", chinchilla[0].plot()), ("valleys", valleys[0].plot())):
        plots.save(ax, tmp_path / f"{name}.svg")
        svg = (tmp_path / f"{name}.svg").read_text("utf-8")
        assert "loss (nats per token)" in svg
    assert "best N grows as" in svg and "FLOPs" in svg
    plots.save(ax, tmp_path / "valleys.png")
    assert plt.imread(tmp_path / "valleys.png").shape[1] == pytest.approx(676, abs=2)


#: of each picture of a fit what is drawn, how, and where in the axes
LOOKS = Path(__file__).with_name("drawn_fits.txt")
STYLE = ("alpha", "zorder", "linestyle", "linewidth", "marker", "markersize", "fontsize", "text")
KINDS = {
    "fit": {},
    "residuals": {},
    "frontier": {"C": (1e19, 1e25)},
    "profile": {"name": "E", "values": [1.7, 1.8, 1.9, 2.0]},
}


def look(artist, ax) -> str:
    told, given = [type(artist).__name__], dict.fromkeys(STYLE)
    given |= {name: value for name, value in artist.properties().items() if name in STYLE}
    for name in ("color", "facecolor"):
        colours = to_rgba_array(getattr(artist, f"get_{name}", list)())
        told += [f"{name} {'-'.join(map(to_hex, colours[[0, -1]]))}"] if len(colours) else []
    told += [
        f"{name} {value}" for name, value in given.items() if isinstance(value, (str, int, float))
    ]
    if isinstance(artist, Annotation):
        places, told = [artist.xy], [*told, f"{artist.get_ha()} {artist.get_va()} {artist.xyann}"]
    elif hasattr(artist, "get_offsets") and len(artist.get_offsets()) > 1:
        places, told = artist.get_offsets(), [*told, f"size {artist.get_sizes()[0]:g}"]
    else:
        path = artist.get_path() if hasattr(artist, "get_path") else artist.get_paths()[-1]
        places = artist.get_transform().transform(path.vertices)
        places = ax.transData.inverted().transform(places)
    if not len(places):
        return ", ".join([*told, "nothing"])
    shares = ax.transAxes.inverted().transform(ax.transData.transform(np.array(places, float)))
    shares = shares[[0, len(shares) // 3, -1]].round(2) + 0.0  # no -0
    ends = [" ".join(f"{one:.2f}" for one in place) for place in shares]
    return ", ".join([*told, f"{len(places)} at {', '.join(ends)}"])


def looks_of(pictures) -> list[str]:
    return [
        f"{name} | {look(artist, ax)}"
        for name, ax in pictures.items()
        for artist in (*ax.lines, *ax.collections, *ax.patches, *ax.texts)
    ]


def pictures_of(of_chinchilla, of_budgets):
    """All kinds of pictures of fits, whatever style other tests have set."""
    (found, table), (allocation, _), x = of_chinchilla, of_budgets, np.geomspace(1e18, 1e21, 12)
    line = fit_power_law(x, 1.5 + (1e19 / x) ** 0.2 + 0.01 * (-1.0) ** np.arange(12), bootstrap=60)
    with plt.rc_context():
        matplotlib.rcdefaults()
        shown = {
            f"chinchilla {kind}": found.plot(kind=kind, **more) for kind, more in KINDS.items()
        }
        shown["chinchilla hold-out"] = found.plot(kind="hold-out", runs=table)
        shown |= {f"budgets {kind}": allocation.plot(kind=kind) for kind in ("valleys", "frontier")}
        return shown | {"power law": line.plot()}


@pytest.fixture(scope="module")
def pictures(chinchilla, valleys):
    return pictures_of(chinchilla, valleys)


def test_a_fits_picture_is_drawn_as_it_was_looked_at(pictures):
    """A band too dark, a label off its line: no other test sees it."""
    now, before = looks_of(pictures), LOOKS.read_text("utf-8").splitlines()
    changed = [f"no more: {one}" for one in before if one not in now]
    changed += [f"new: {one}" for one in now if one not in before]
    assert changed == [], "look at it; if all is as you meant it, run python tests/test_plots.py"


def test_what_is_written_in_a_fits_picture_can_be_read(pictures):
    for kind, ax in pictures.items():
        for text in ax.texts:
            found = contrast(np.array(to_rgb(text.get_color())), np.ones(3))
            assert found >= 4.5, (kind, text.get_text())


@pytest.mark.parametrize("kind", ["fit", "residuals", "frontier", "profile", "hold-out"])
def test_nothing_leaves_the_picture(chinchilla, kind):
    found, table = chinchilla
    more = {"profile": {"name": "E"}, "hold-out": {"runs": table}}.get(kind, {})
    ax = found.plot(kind=kind, **more)
    ax.figure.draw_without_rendering()
    edge = ax.figure.bbox
    for text in ax.texts:
        box = text.get_window_extent()
        assert edge.x0 <= box.x0 and box.x1 <= edge.x1 and edge.y0 <= box.y0 and box.y1 <= edge.y1


if __name__ == "__main__":
    lines = looks_of(pictures_of(of_chinchilla(), of_budgets()))
    LOOKS.write_text("\n".join([*lines, ""]), encoding="utf-8")
