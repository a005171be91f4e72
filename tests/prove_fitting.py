"""Do 90 % intervals cover what they promise, and are they withheld where they would not?

Simulated studies with a known truth, fitted as a user would: `make prove` runs 1,000 for every
cell, which takes an hour or so of one core. What is done is kept in FOLDER, a file a cell, and not
done again unless the library's fits or the cell change:

    python tests/prove_fitting.py --studies 200 --cells "parametric 8" "IsoFLOP*" --workers 2

A cell is a form, a number of runs and a noise. Its quantities are every constant, the best size and
the loss far beyond the runs, and one new run with its noise: amid the runs, and far beyond them if
the form is believed ("run beyond"). IsoFLOP is held against what it finds without noise: the bias
of parabolas is another matter. A study that is refused gives no interval, nor do few runs for one
far beyond them; the table says how many gave none.

"run forecast" is that run as `predict` tells it, with the error of the form that hold-outs allow
for. The form is right here, so it covers more than it says, by design: only its lower bar holds,
and the mean leaves it out. tests/prove_forecast.py asks the same of real runs.

A share of .95 has a standard error of .007 in 1,000 studies; what lies less than that above its bar
(two quantities of "power law 5", .953 to .955, and `a` of "parametric 28", .951) shows nothing.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy: these are many small problems

import argparse
import fnmatch
import hashlib
import inspect
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd
from tqdm import tqdm

import scalinglib
from scalinglib import runs
from scalinglib._ahead import NEED
from scalinglib.fitting import (
    UndeterminedError,
    fit_isoflop,
    fit_kaplan,
    fit_parametric,
    fit_power_law,
    fit_power_sum,
)
from scalinglib.laws import ChinchillaLaw, KaplanLaw, PowerLaw, PowerSumLaw

RESAMPLES, LEVEL, BATCH = 1000, 0.9, 20
CELL, MEAN = (0.86, 0.95), (0.88, 0.93)  # what the coverage of a cell, and their mean, may be
FORECAST = "run forecast"  # the quantity that has no upper bar
REFUSED = 0.05  # of a cell's studies; of a cell that is too small, the others
TARGET, FAR = 1e23, (3e10, 1e23 / 6 / 3e10)  # FLOPs, and a run (N, D) that costs as many
AMID, AMID_C = (3e8, 9e9), 1e20  # among the runs
LAWS: dict[str, Any] = {
    "power law": PowerLaw(6.4e18, 0.155, 1.69, "truth"),
    "parametric": ChinchillaLaw(1.8172, 477.8, 2143.0, 0.34731, 0.36717),
    "power sum": PowerSumLaw(30.0, 60.0, 0.14, 0.15, 0.5),
    "kaplan": KaplanLaw(8.8e13, 5.4e13, 0.076, 0.095),
}


@dataclass(frozen=True)
class Cell:
    """form: a key of LAWS or "IsoFLOP"; size: runs, or (budgets, sizes); noise: "normal" (.3 %),
    "tails" (Student's t, 3 degrees, of the same quartiles) or "own" (residuals of the published
    runs); floor: is it known? few: there should be no interval.
    """

    form: str
    size: Any
    noise: str = "normal"
    floor: bool = False
    few: bool = False

    @property
    def name(self):
        size = "x".join(map(str, self.size)) if isinstance(self.size, tuple) else self.size
        more = (" floor known" if self.floor else "") + f" {self.noise}" * (self.noise != "normal")
        return f"{self.form} {size}{more}"


CELLS = [
    Cell("power law", 4, few=True),
    *(Cell("power law", n) for n in (5, 8, 12, 28)),
    Cell("power law", 12, "tails"),
    Cell("power law", 3, floor=True, few=True),
    Cell("power law", 4, floor=True),
    Cell("IsoFLOP", (2, 4), few=True),
    *(Cell("IsoFLOP", size) for size in ((3, 4), (4, 5), (5, 7), (9, 9))),
    Cell("IsoFLOP", (5, 7), "tails"),
    Cell("parametric", 7, few=True),
    *(Cell("parametric", n) for n in (8, 12, 28, 60)),
    Cell("parametric", 240, "own"),
    Cell("parametric", 12, "tails"),
    Cell("parametric", 60, "tails"),
    Cell("power sum", 28),
    Cell("kaplan", 12),
    Cell("kaplan", 60),
]


# ---- one study ---------------------------------------------------------------------------------


def spread(n):
    """n runs over two decades of N and of D / N, evenly as Halton's sequence is."""

    def halton(base):
        out = np.zeros(n)
        for k in range(n):
            share, i = 1.0, k + 1
            while i:
                share /= base
                out[k] += share * (i % base)
                i //= base
        return out

    N = 3e7 * 100 ** halton(2)
    return N, N * 3 * 100 ** halton(3)


def noise_of(cell, n, rng):
    """Log noise of n runs."""
    if cell.noise == "tails":
        return 0.003 * 0.8819 * rng.standard_t(3, n)  # half of it within the same bounds
    if cell.noise == "own":
        return rng.choice(_published()[2], n)
    return 0.003 * rng.standard_normal(n)


def _published():
    """N, D and residuals of the published runs; DataUnavailableError where they are not."""
    if not _KEPT:
        table = runs.drop_highest_loss(runs.load("chinchilla"), 5)
        N, D, loss = (table[name].to_numpy() for name in ("N", "D", "loss"))
        law = fit_parametric(N, D, loss).law
        _KEPT.extend([N, D, np.log(loss / law.loss(N, D))])
    return _KEPT


_KEPT: list[np.ndarray] = []


CONSTANTS = {
    "power law": ("scale", "exponent", "floor"),
    "IsoFLOP": ("N_coef", "a", "D_coef"),
    "parametric": ("E", "A", "B", "alpha", "beta"),
    "power sum": ("A", "B", "alpha", "beta", "gamma"),
    "kaplan": ("N_c", "D_c", "alpha_N", "alpha_D"),
}


def answers(law, cell):
    """The quantities of a law, by name."""
    out = {name: getattr(law, name) for name in CONSTANTS[cell.form]}
    if cell.form == "power law":
        return out | {"loss beyond": law.loss(TARGET)}
    if cell.form != "kaplan":  # its law of best sizes is no part of L(N, D)
        best = law.optimum(TARGET)
        out |= {"best N": best.N, "best D": best.D}
        if cell.form != "IsoFLOP":
            out |= {"a": law.a, "best loss": best.loss}
    if cell.form != "IsoFLOP":
        out |= {"loss beyond": law.loss(*FAR), "loss amid": law.loss(*AMID)}
    return out


def study(cell, seed):
    """Rows (quantity, low, high, truth) of one study; one row of the reason where it is refused."""
    rng = np.random.default_rng([seed, crc32(cell.name.encode())])
    more = {"bootstrap": RESAMPLES, "seed": seed}
    beyond = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if cell.form == "IsoFLOP":
                fit, law = isoflop(cell, rng, more)
            else:
                fit, law, beyond = surface(cell, rng, more)
            truth = answers(law, cell)
            if cell.floor:
                del truth["floor"]
            low, high = fit.interval(
                lambda law: np.array([answers(law, cell)[key] for key in truth]), LEVEL
            )
        except UndeterminedError as error:
            return [(seed, "refused", np.nan, np.nan, np.nan, str(error)[:60])]
        rows = [
            (seed, *row, "")
            for row in zip(truth, low.tolist(), high.tolist(), truth.values(), strict=True)
        ]
        if beyond is not None:
            rows += [(seed, *row, "") for row in new_runs(cell, fit, law, *beyond, rng)]
    return rows


def new_runs(cell, fit, law, far, loss, rng):
    """Rows (quantity, low, high, truth) of one new run amid the others and of one far beyond."""
    believed = replace(fit, kept=fit.drift._replace(size=0.0, cuts=NEED))
    amid = (AMID_C,) if cell.form == "power law" else AMID
    between = float(law.loss(*amid) * np.exp(noise_of(cell, 1, rng)[0]))
    return [
        (name, run.run_low, run.run_high, truth)
        for name, one, place, truth in (
            ("run amid", fit, amid, between),
            ("run beyond", believed, far, loss),
            (FORECAST, fit, far, loss),
        )
        for run in [one.predict(*place, level=LEVEL)]
    ]


def surface(cell, rng, more):
    """A fit of loss, its truth, and one new run beyond."""
    law, n = LAWS[cell.form], cell.size
    if cell.form == "power law":
        place, far = (np.geomspace(1e18, 1e22, n),), (TARGET,)
    else:
        place, far = (_published()[:2] if cell.noise == "own" else spread(n)), FAR
    loss = law.loss(*place) * np.exp(noise_of(cell, n, rng))
    if cell.form == "power law":
        fit = fit_power_law(*place, loss, floor=law.floor if cell.floor else True, **more)
    else:
        how = {"parametric": fit_parametric, "power sum": fit_power_sum, "kaplan": fit_kaplan}
        fit = how[cell.form](*place, loss, **more)
    return fit, law, (far, float(law.loss(*far) * np.exp(noise_of(cell, 1, rng)[0])))


def isoflop(cell, rng, more):
    """A fit of valleys ten times either way of their bottom, and what it is without noise."""
    law, (budgets, sizes) = LAWS["parametric"], cell.size
    C = np.repeat(np.geomspace(6e18, 3e21, budgets), sizes)
    N = law.optimum(C).N * np.tile(np.geomspace(0.1, 10, sizes), budgets)
    loss = law.loss(N, C / 6 / N)
    fit = fit_isoflop(C, N, loss * np.exp(noise_of(cell, len(C), rng)), **more)
    return fit, fit_isoflop(C, N, loss).law


# ---- many, kept in files -----------------------------------------------------------------------


def digest(cell):
    """Of the cell, of how a study is made, and of the modules that its intervals rest on."""
    names = ["allocation"] if cell.form == "IsoFLOP" else []
    names = names or ["_ahead", "_engine", "_powers", "_resample", "_search", "_study", "fits"]
    names += ["fitting", "forms"] if "fits" in names else []
    texts = [Path(scalinglib.__path__[0], f"{name}.py").read_text("utf-8") for name in names]
    texts += [
        inspect.getsource(part)
        for part in (spread, noise_of, answers, study, surface, isoflop, new_runs)
    ]
    law = LAWS["parametric" if cell.form == "IsoFLOP" else cell.form]
    texts.append(repr((cell, law, CONSTANTS[cell.form], RESAMPLES)))
    return hashlib.sha256("".join(texts).encode()).hexdigest()[:12]


COLUMNS = ["study", "quantity", "low", "high", "truth", "why"]


def kept(cell, folder):
    """What was done before, and the file to keep it in."""
    path = folder / f"{cell.name.replace(' ', '_')}-{digest(cell)}.csv"
    table = pd.read_csv(path, keep_default_na=True) if path.exists() else pd.DataFrame()
    return (table if len(table) else pd.DataFrame(columns=COLUMNS)), path


def batch(cell, seeds):
    return [row for seed in seeds for row in study(cell, seed)]


def carry_out(cell, studies, folder, executor):
    """The table of a cell's first `studies`, those that are missing done now."""
    table, path = kept(cell, folder)
    todo = sorted(set(range(studies)) - set(table["study"]))
    parts = [todo[i : i + BATCH] for i in range(0, len(todo), BATCH)]
    done = executor.map(batch, [cell] * len(parts), parts)
    for rows in tqdm(done, cell.name, len(parts), file=sys.stderr, disable=not parts):
        new = pd.DataFrame(rows, columns=COLUMNS)
        table = pd.concat([table, new], ignore_index=True) if len(table) else new
        partial = path.with_suffix(".part")
        table.to_csv(partial, index=False)
        partial.replace(path)
    return table[table["study"] < studies]


# ---- the table ---------------------------------------------------------------------------------


def coverage(table):
    """By quantity: share of intervals that hold the truth, its error, misses on each side, and the
    share of studies that have none: NaN ends are no interval, and hold nothing.
    """
    asked = table[table["quantity"] != "refused"]
    given = asked.dropna(subset=["low", "high"])
    below, above = given["truth"] < given["low"], given["truth"] > given["high"]
    sides = given.assign(below=below, above=above, hit=~(below | above))
    out = sides.groupby("quantity", sort=False)[["hit", "below", "above"]].mean()
    count = sides.groupby("quantity", sort=False)["hit"].count()
    out = out.assign(error=np.sqrt(0.09 / count), count=count)
    total = asked.groupby("quantity", sort=False)["low"].size()
    out = out.reindex(total.index)
    return out.assign(none=1 - out["count"].fillna(0) / total)


def width(table, quantity):
    """Median of high / low - 1."""
    rows = table[table["quantity"] == quantity]
    return float((rows["high"] / rows["low"] - 1).median())


def report(tables):
    """Prints the table; returns what is outside its bars."""
    outside, shares = [], []
    print(f"{'cell':26}{'quantity':14}{'covered':>8}{'+-':>6}{'truth below':>13}{'above':>7}")
    for cell, table in tables.items():
        studies = table["study"].nunique()
        refused = (table["quantity"] == "refused").sum() / studies
        label = f"{cell.name:26}"
        if cell.few:
            print(f"{label}no interval in {refused:.1%} of {studies}")
            if refused < 1 - REFUSED:
                outside.append(f"{cell.name}: gives intervals")
            continue
        told = coverage(table)
        for quantity, row in told.iterrows():
            if row.none == 1:
                print(f"{label}{quantity:14}  no interval")
                continue
            top = np.inf if quantity == FORECAST else CELL[1]
            bad = not CELL[0] <= row.hit <= top
            told_more = "  <- outside" * bad + f"  {row.none:.0%} have none" * bool(row.none)
            if quantity == FORECAST:
                times = width(table, FORECAST) / width(table, "run beyond")
                told_more += f"  {times:.1f} times as wide as run beyond"
            print(
                f"{label}{quantity:14}{row.hit:>8.3f}{row.error:>6.3f}{row.below:>13.3f}"
                f"{row.above:>7.3f}{told_more}"
            )
            outside += [f"{cell.name}, {quantity}: {row.hit:.3f}"] * bad
        counted = told["hit"].drop(FORECAST, errors="ignore")
        shares += counted.tolist()
        print(f"{label}{'(mean)':14}{counted.mean():>8.3f}   {refused:.1%} of {studies} refused")
        if refused > REFUSED:
            outside.append(f"{cell.name}: {refused:.0%} refused")
    if shares:
        print(f"mean of {len(shares)}: {np.mean(shares):.3f} (to be {MEAN[0]} to {MEAN[1]})")
        if not MEAN[0] <= np.mean(shares) <= MEAN[1]:
            outside.append(f"mean {np.mean(shares):.3f}")
    return outside


def main():
    parse = argparse.ArgumentParser(description="Coverage of 90 % intervals in simulated studies.")
    parse.add_argument("--studies", type=int, default=1000)
    parse.add_argument("--cells", nargs="*", default=["*"], help="names or patterns of them")
    parse.add_argument("--workers", type=int, default=1)
    parse.add_argument("--folder", type=Path, default=Path("_prove/coverage"))
    asked = parse.parse_args()
    cells = [c for c in CELLS if any(fnmatch.fnmatch(c.name, name) for name in asked.cells)]
    if not cells:
        sys.exit(f"no such cell; there are {', '.join(cell.name for cell in CELLS)}")
    asked.folder.mkdir(parents=True, exist_ok=True)
    try:
        if any(cell.noise == "own" for cell in cells):
            _published()
    except runs.DataUnavailableError as error:
        sys.exit(f"prove_fitting needs the published runs: {error}")
    with ProcessPoolExecutor(asked.workers) as executor:
        tables = {cell: carry_out(cell, asked.studies, asked.folder, executor) for cell in cells}
    outside = report(tables)
    sys.exit(f"outside its bar: {'; '.join(outside)}" if outside else 0)


if __name__ == "__main__":
    main()
