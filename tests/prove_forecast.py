"""Do 90 % forecasts beyond ten times the fitted compute hold on real runs? In `make prove`.

For each set of runs: fitted below one compute, and asked for every run above ten times that. `pool`
is forecast.pool; `predict` is LawFit.predict of the additive form, fitted as the pool fits it.
`believed` is the pool without the error of the form. Of Porian's runs those with matched decay or
tuned rates count; the stages before had settings that spoil large or small models, which no form of
N and D can foresee, and are shown below the line. So are tables of runs (N, D, C, loss) named on
the command line, split at a thirtieth of their largest compute.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy: these are many small problems

import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

from scalinglib import runs
from scalinglib.fitting import FitWarning, UndeterminedError, fit
from scalinglib.forecast import pool

BAR, SETS = 0.8, 2
SOUND = ("decay matched", "tuned, no decay")


def sets(files=()):
    """(data set, part, runs fitted, runs asked for, does it count?)"""
    table = runs.load("chinchilla")
    yield "chinchilla", "", table[table.C < 1e20], table[table.C > 1e21], True
    sweep = runs.load("sweep").query("arm == 'main'").dropna(subset=["loss"])
    for corpus, own in sweep.groupby("corpus"):
        yield "sweep", corpus, own[own.budget <= 1e11], own[own.budget >= 1e12], True
    every = runs.load("porian").query("split == 'val'")
    every = every[~every.stage.str.contains("attention")]
    order = sorted(every.groupby(["stage", "dataset"]), key=lambda item: item[0][0] not in SOUND)
    for (stage, corpus), own in order:
        yield "porian", f"{stage}, {corpus}", *_split(own), stage in SOUND
    for file in files:
        yield Path(file).stem, "", *_split(pd.read_csv(file)), False


def _split(table):
    most = table.C.max()
    return table[table.C < most / 28], table[table.C > most / 2.8]


def measured(fitted, asked):
    """Share of the runs asked for that lie in each kind of interval, and its median width in log
    loss; NaN where there is none.
    """
    N, D, loss = (asked[name].to_numpy(float) for name in ("N", "D", "loss"))
    columns = {name: fitted[name].to_numpy(float) for name in ("N", "D", "loss")}
    found = {}
    for name, believe in (("pool", False), ("believed", True)):
        mixed = pool(**columns, believe=believe)
        pairs = zip(N, D, strict=True)
        found[name] = np.array([mixed.forecast(n, d)[1:] for n, d in pairs]).T
    try:
        one = fit("chinchilla", columns, delta=1, bootstrap=200)
        told = one.predict(N, D)
        found["predict"] = told.run_low.to_numpy(), told.run_high.to_numpy()
    except UndeterminedError:
        pass
    row = {}
    for name, (low, high) in found.items():
        none = np.isnan(low).any()
        row[name] = np.nan if none else np.mean((low <= loss) & (loss <= high))
        row[f"{name} width"] = np.median(np.log(high / low))
    return row


def table(files=()):
    rows = []
    for name, part, fitted, asked, counts in sets(files):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FitWarning)
            row = measured(fitted, asked)
        place = {"set": name, "part": part, "fitted": len(fitted), "asked": len(asked)}
        rows.append(place | row | {"counts": counts})
        print(" ".join(f"{value}" for value in place.values()), file=sys.stderr, flush=True)
    return pd.DataFrame(rows)


def few_runs(draws=40, count=10):
    """What `forecast.fitted` says of itself: the pool believed, of ten runs of our sweep at ten
    places up to 1e11 FLOPs, asked for the best run of each larger budget. Share held, a corpus.
    """
    rows, rng = {}, np.random.default_rng(0)
    sweep = runs.load("sweep").query("arm == 'main'").dropna(subset=["loss"])
    for corpus, own in sweep.groupby("corpus"):
        small, large = own[own.budget <= 1e11], own[own.budget > 1.1e11]
        best = large.loc[large.groupby("budget").loss.idxmin()].set_index("budget")
        held = []
        for _ in range(draws):
            some = small.sample(frac=1, random_state=rng).drop_duplicates(["N", "D"])[:count]
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FitWarning)
                mixed = pool(some.N, some.D, some.loss, believe=True)
            told = [mixed.forecast(one.N, one.D)[1:] for one in best.itertuples()]
            held.append([a <= loss <= b for (a, b), loss in zip(told, best.loss, strict=True)])
        rows[corpus] = dict(zip(best.index, np.mean(held, axis=0), strict=True))
    return pd.DataFrame(rows).T


def main():
    print(few_runs().to_string())
    try:
        shown = table(sys.argv[1:])
    except runs.DataUnavailableError as error:
        sys.exit(f"prove_forecast needs the published runs: {error}")
    print(shown.drop(columns="counts").round(3).to_string(index=False))
    kept = {}
    for name, part in shown[shown.counts].groupby("set"):
        for kind in ("pool", "predict"):
            given = part[part[kind].notna()]
            share = np.average(given[kind], weights=given.asked) if len(given) else np.nan
            kept[name, kind] = share
            told = f"{given.asked.sum()} of {part.asked.sum()} runs have an interval"
            print(f"{name}, {kind}: {share:.0%} ({told})")
    short = [
        kind
        for kind in ("pool", "predict")
        if sum(share >= BAR for (_, one), share in kept.items() if one == kind) < SETS
    ]
    sys.exit(f"under {BAR:.0%} on more than one of three: {', '.join(short)}" if short else 0)


if __name__ == "__main__":
    main()
