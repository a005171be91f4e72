"""What the library finds on runs that others released, beside what they printed.

The folder that SCALINGLIB_REFERENCE names holds clones of the four REPOSITORIES, under their names:
third-party data, fetched by hand, never part of this project. Run as a script it
prints the table, leaves out what is not there and says so; with --csv FOLDER it also writes each
study's runs as CSV with columns N, D, C, loss. It fails where a descent of ours ends above the
objective that was published for the same runs.
"""

import argparse
import json
import os
import re
import sys
import warnings
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from tqdm import tqdm

from scalinglib import published, runs
from scalinglib.counting import train_flops
from scalinglib.fitting import fit_isoflop, fit_parametric, fit_power_law
from scalinglib.laws import ChinchillaLaw

VARIABLE = "SCALINGLIB_REFERENCE"
REPOSITORIES = {  # folder: where it comes from, and the commit the numbers here were seen at
    "gemstone-scaling-laws": "mcleish7/gemstone-scaling-laws 5f420478",
    "scaling": "mlfoundations/scaling a003c491",
    "scaling_laws_for_routing": "google-deepmind/scaling_laws_for_routing 42da0c39",
    "datablations": "huggingface/datablations 13701315",
}
GEMSTONE_VOCABULARY = 50_304
TO_COME = {  # what today's fits have no form for, and what to hold it against
    "Gadre, each text": "additive, alpha = beta tied, squares on the loss itself, 5 runs: at D/N "
    "20 the four small models, at 320 the smallest; errors on RedPajama to meet: 0.710 % (1.4B, "
    "D/N 640), 0.732 % (6.9B, D/N 20)",
    "Clark, routed": "own form: log L bilinear in log N and the log of a saturating number of "
    "experts; squares on log loss; one fit a router",
    "Gemstones, width and depth": "four falling terms (width, depth, N, D) and a floor; delta 1e-4: "
    "objective 0.0002949708 on the 770 points to undercut, and 0.0004199462 with three",
    "Muennighoff": "the library's own form with E, A, B, alpha = beta fixed, in place of the search "
    "here",
}


# ---- from repositories to runs -----------------------------------------------------------------


def reference(repository: str) -> Path:
    """The clone; FileNotFoundError in words where it is not there."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        raise FileNotFoundError(f"{VARIABLE} names no folder")
    path = Path(folder) / repository
    if not path.is_dir():
        raise FileNotFoundError(
            f"{VARIABLE} has no {repository} (a clone of {REPOSITORIES[repository]})"
        )
    return path


def gemstones(points: str) -> pd.DataFrame:
    """Losses on the way of 22 shapes; `points` is the authors' name of a selection."""
    path = reference("gemstone-scaling-laws") / f"wandb_dfs/wandb_df_for_fitting_{points}.jsonl"
    raw = pd.read_json(path, orient="records", lines=True)
    table = raw.rename(columns={"params_active_precise": "N", "tokens": "D", "final_loss": "loss"})
    table["C"] = train_flops(table.N, table.D)
    wanted = ["N", "D", "C", "loss", "width", "depth", "run_name"]
    return table[[name for name in wanted if name in table]]


def gadre() -> pd.DataFrame:
    """104 finished models on three texts; loss on the C4 validation set."""
    rows = []
    for path in sorted((reference("scaling") / "exp_data/models").glob("*.json")):
        model = json.loads(path.read_text())
        how = model["hyperparameters"]
        losses = {r["val_data"][0].split("/")[-2]: r["loss"] for r in model["results"]}
        rows.append(
            {
                "N": how["params"],
                "D": how["tokens"],
                "C": train_flops(how["params"], how["tokens"]),
                "loss": losses["c4_val"],
                "dataset": model["dataset_name"],
                "model": Path(how["model"]).stem,
                "multiple": how["chinchilla_multiplier"],
            }
        )
    return pd.DataFrame(rows)


def clark() -> pd.DataFrame:
    """The last evaluation of each run, dense and routed; D is not released, steps are alike."""
    raw = pd.read_csv(reference("scaling_laws_for_routing") / "data/curves.csv.gz")
    last = raw.sort_values("step").groupby("hyper_id").last().reset_index()
    return last.rename(columns={"dense_parameter_count": "N", "loss_validation": "loss"})


def muennighoff() -> pd.DataFrame:
    """Runs on C4 with `unique` tokens; `kept` are the 182 of "Custom data loading with outliers
    removed" in the authors' notebook, the others were commented out there.
    """
    path = reference("datablations") / "utils/parametric_fit.ipynb"
    cells = ["".join(cell["source"]) for cell in json.loads(path.read_text())["cells"]]
    every, chosen = [text for text in cells if "NAMES_TO_VAL_LOSSES = {" in text][:2]
    sizes = {
        k: float(v)
        for k, v in re.findall(
            r'"(\w+)": ([\d.]+E\+\d+),? *(?:#.*)?\n',
            re.search(r"PARAMS_MAP = \{(.*?)\}", every, re.DOTALL).group(1) + "\n",
        )
    }
    rows = [_repeated(name, loss, sizes, False) for name, loss in _losses(every)]
    rows += [_repeated(name, loss, sizes, True) for name, loss in _losses(chosen)]
    table = pd.DataFrame([row for row in rows if row is not None])
    table["C"] = train_flops(table.N, table.D)
    return table.sort_values("kept", kind="stable").drop_duplicates(["name", "loss"], keep="last")


def _losses(cell: str) -> list[tuple[str, float]]:
    """(name, loss) of every entry that is not commented out; a loss of 0 is an unfinished run."""
    found = re.findall(r'^[ \t]*"(\w+)": *([\d.E+]+)', cell.split("TOKENS_MAP")[0], re.MULTILINE)
    return [(name, float(loss)) for name, loss in found if float(loss)]


def _repeated(name: str, loss: float, sizes: dict[str, float], kept: bool) -> dict | None:
    """A run from a name such as 2b855b1b25: 2.8B parameters, 55B tokens, 1.25B different ones."""
    plain = re.sub(r"(seed\d|subopt|opt\d?|op2|c4|v2)", "", name)
    if plain.endswith("dedup"):
        return None
    size = next(plain[:i] for i in range(2, len(plain)) if plain[:i] in sizes)
    tokens, unique = re.fullmatch(r"(.+?)(\d[bm]\d{1,2}|\d{1,3}[bm])", plain[len(size) :]).groups()
    return {
        "N": sizes[size],
        "D": _billions(tokens),
        "unique": _billions(unique),
        "loss": loss,
        "name": name,
        "kept": kept,
    }


def _billions(text: str) -> float:
    whole, letter, part = re.fullmatch(r"(\d+)([bm])(\d*)", text).groups()
    return float(f"{whole}.{part or 0}") * (1e9 if letter == "b" else 1e6)


# ---- ours beside theirs ------------------------------------------------------------------------


def line(study, form, rows, ours, theirs, why=""):
    return {"study": study, "form": form, "rows": rows, "ours": ours, "theirs": theirs, "why": why}


def constants(law) -> str:
    return (
        f"E {law.E:.4f}, A {law.A:.1f}, B {law.B:.4g}, alpha {law.alpha:.4f}, beta {law.beta:.4f}"
    )


def huber(law, table, delta) -> float:
    return huber_sum(law.loss(table.N, table.D) / table.loss, delta)


def huber_sum(ratio, delta) -> float:
    r = np.abs(np.log(ratio))
    return float(np.where(r < delta, r**2 / 2, delta * (r - delta / 2)).sum())


def chinchilla_lines():
    every = runs.load("chinchilla")
    printed = published.get("besiroglu_2024").law
    for count, theirs, why in (
        (5, printed, "theirs ended before the optimum ('precision loss')"),
        (0, None, "five runs more: beta moves by .09"),
    ):
        table = runs.drop_highest_loss(every, count)
        fit = fit_parametric(table.N, table.D, table.loss)
        ours = f"{constants(fit.law)}; objective {fit.objective:.6g}"
        if theirs is not None:
            bar = huber(theirs, table, 1e-3)
            undercut("Besiroglu", fit.objective, bar)
            theirs = f"{constants(theirs)}; objective {bar:.6g}"
        yield line("Besiroglu 2024", "additive, delta 1e-3", len(table), ours, theirs or "", why)


def porian_lines():
    every = runs.load("porian").query("dataset == 'RefinedWeb'")
    for stage, key in (
        ("Kaplan reproduced", "kaplan"),
        ("last layer counted", "last_layer"),
        ("warm-up shortened", "warmup"),
        ("decay matched", "decay"),
        ("tuned, no decay", "tuned"),
    ):
        near = []
        for _, valley in every[every.stage == stage].sort_values("N").groupby("C"):
            first = np.clip(valley.loss.to_numpy().argmin() - 2, 0, len(valley) - 5)
            near.append(valley.iloc[first : first + 5])
        near = pd.concat(near)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "left out of the fit")
            a = fit_isoflop(near.C, near.N, near.loss).a
        theirs = published.get(f"porian_2024_{key}")
        why = "parabolas through the five sizes nearest each minimum; theirs interpolate"
        yield line(
            f"Porian 2024, {stage}", "IsoFLOP", len(near), f"a {a:.3f}", f"a {theirs.a:.3f}", why
        )


def gemstone_lines():
    selections = {
        "hot": "up to 100B tokens",
        "hot_100b+": "all tokens",
        "hot_120b+_only": "above 120B tokens",
        "lr_ablation_hot": "half the learning rate",
        "cool_begin": "before cooling down",
        "cool_end": "cooled down",
        "hot_sampled_like_chinchilla": "the shapes nearest Chinchilla's",
        "slim_chinchilla": "Chinchilla's runs nearest theirs",
    }
    folder = reference("gemstone-scaling-laws")
    for points, words in tqdm(selections.items(), "Gemstones", file=sys.stderr):
        for delta, where in ((1e-3, "parameters_delta-3"), (1e-4, "parameters_delta-4")):
            for inside in (False, True):
                stem = f"approach_3_parameters_grid_search_0_{points}{'_no_embeds' * inside}.json"
                path = folder / where / stem
                if not path.is_file():
                    continue
                table = gemstones(points)
                if inside:
                    table["N"] -= GEMSTONE_VOCABULARY * table.width
                yield gemstone_line(words, inside, delta, table, json.loads(path.read_text()))


def gemstone_line(words, inside, delta, table, printed):
    (alpha, beta), (a, b) = printed["exponents"]["0"], printed["coefficients"]["0"]
    theirs = ChinchillaLaw(
        np.exp(printed["irreducible_error"]["0"]), np.exp(a), np.exp(b), alpha, beta
    )
    bar = huber(theirs, table, delta)
    if abs(bar / printed["loss"]["0"] - 1) > 1e-3:
        raise AssertionError(f"{words}: their law gives {bar}, they print {printed['loss']['0']}")
    study = f"Gemstones 2025, {words}" + (", non-embedding N" if inside else "")
    fit = fit_parametric(table.N, table.D, table.loss, delta=delta)
    undercut(study, fit.objective, bar)
    above = bar / fit.objective - 1
    why = f"theirs ends {above:.1%} higher" if above > 5e-4 else ""
    return line(
        study,
        f"additive, delta {delta:g}",
        len(table),
        f"{constants(fit.law)}; objective {fit.objective:.6g}",
        f"{constants(theirs)}; objective {bar:.6g}",
        why,
    )


def clark_lines():
    dense = clark().query("router_type == 'Dense' and flop_increase == 1")
    fit = fit_power_law(dense.N, dense.loss, floor=False)
    slope, height = np.polyfit(np.log(dense.N), np.log(dense.loss), 1)
    yield line(
        "Clark 2022, dense",
        "power law, no floor",
        len(dense),
        f"exponent {fit.law.exponent:.4f}, scale {fit.law.scale:.3g}; squares in logs: exponent "
        f"{-slope:.4f}, scale {np.exp(-height / slope):.3g}",
        "exponent 0.078, scale 3.57e13 (reported)",
        "8 runs as released, three of them seeds of one size",
    )


def gadre_lines():
    for text, table in gadre().groupby("dataset"):
        fit = fit_parametric(table.N, table.D, table.loss)
        yield line(
            f"Gadre 2024, {text}",
            "additive, delta 1e-3",
            len(table),
            constants(fit.law),
            "",
            "their own form, tied and on 5 runs, is still to come",
        )


def muennighoff_lines():
    """Their search had 16 starts and kept the lowest end that it saw; here 30 starts of a simplex
    search over log R_D and log R_N, the other constants held.
    """
    table, printed = muennighoff(), published.get("muennighoff_2023").law
    for rows, words in ((table[table.kept], "the authors' rows"), (table, "all rows")):
        ends = valleys(rows, printed)
        bar = repeated_objective(rows, printed)
        if words == "the authors' rows" and (len(rows) != 182 or abs(bar / 0.01582594 - 1) > 1e-6):
            raise AssertionError(f"{len(rows)} runs at {bar}, not the authors' 182 at 0.01582594")
        undercut(f"Muennighoff, {words}", ends[0][0], bar)
        yield line(
            f"Muennighoff 2023, {words}",
            "data-constrained, R_D and R_N free",
            len(rows),
            "; ".join(f"R_D {R_D:.4g}, R_N {R_N:.3g}: {value:.6g}" for value, R_D, R_N in ends[:4]),
            f"R_D {printed.R_D:.4g}, R_N {printed.R_N:.3g}: {bar:.6g}",
            f"valleys of the authors' objective, the lowest of {len(ends)} first"
            + (", at the border of the search" if abs(np.log(ends[0][1])) > 9.9 else ""),
        )


def valleys(table, law) -> list[tuple[float, float, float]]:
    """(objective, R_D, R_N) of every different end of the search, the lowest first."""

    def height(logs):
        R_D, R_N = np.exp(np.clip(logs, -10, 10))
        return repeated_objective(table, replace(law, R_D=R_D, R_N=R_N))

    ends: list[tuple[float, float, float]] = []
    exact = {"xatol": 1e-8, "fatol": 1e-14, "maxiter": 4000}
    for start in product(np.log([1, 4, 15, 60, 300, 3000]), np.log([0.1, 1, 5, 30, 300])):
        stop = minimize(height, start, method="Nelder-Mead", options=exact)
        if not any(abs(stop.fun / value - 1) < 1e-6 for value, _, _ in ends):
            ends.append((stop.fun, *np.exp(np.clip(stop.x, -10, 10))))
    return sorted(ends)


def repeated_objective(table, law) -> float:
    return huber_sum(law.loss(table.N, table.D, table.unique) / table.loss, 1e-3)


def undercut(study: str, ours: float, bar: float) -> None:
    """Their law is a point of the same objective: a descent that ends above it has failed."""
    if ours > bar * (1 + 1e-9):
        raise AssertionError(f"{study}: we end at {ours:.10g}, the published law is at {bar:.10g}")


PARTS = (
    chinchilla_lines,
    porian_lines,
    gemstone_lines,
    clark_lines,
    gadre_lines,
    muennighoff_lines,
)


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in (
        "hot",
        "hot_100b+",
        "hot_120b+_only",
        "lr_ablation_hot",
        "cool_begin",
        "cool_end",
        "hot_sampled_like_chinchilla",
        "slim_chinchilla",
    ):
        gemstones(name).to_csv(folder / f"gemstones_{name}.csv", index=False)
    gadre().to_csv(folder / "gadre.csv", index=False)
    clark().to_csv(folder / "clark.csv", index=False)
    muennighoff().to_csv(folder / "muennighoff.csv", index=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--csv", type=Path, help="also write the runs of each study there")
    asked = parser.parse_args()
    lines, absent = [], []
    for part in PARTS:
        try:
            lines += list(part())
        except (FileNotFoundError, runs.DataUnavailableError) as error:
            absent.append(f"{part.__name__.removesuffix('_lines')}: {error}")
    for row in lines:
        print(f"{row['study']} | {row['form']} | {row['rows']} rows")
        print(f"    ours    {row['ours']}")
        print(f"    theirs  {row['theirs'] or 'nothing printed'}")
        if row["why"]:
            print(f"    {row['why']}")
    for study, what in TO_COME.items():
        print(f"to come | {study}: {what}")
    for reason in absent:
        print(f"left out | {reason}")
    if asked.csv:
        write(asked.csv)


if __name__ == "__main__":
    main()
