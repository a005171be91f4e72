"""Chapter 12: draws, points and mutants."""

from __future__ import annotations

from ..spec import Spec


def _run(stream) -> dict:
    """A stated run of some epochs; the corpus is rounded as an article would."""
    run = {
        "n_params": stream.log_uniform(5e7, 1.5e8),
        "steps": stream.uniform(80_000, 200_000, 5000),
        "batch": stream.choice((512, 768, 1024)),
        "context": stream.choice((1024, 2048)),
    }
    corpus = run["steps"] * run["batch"] * run["context"] / stream.uniform(6, 16, 0.25)
    return {
        "n_params": run["n_params"],
        "corpus_tokens": float(f"{corpus:.2e}"),
        "steps": int(run["steps"]),
        "batch": run["batch"],
        "context": run["context"],
    }


_QUALITY = "law = BESIROGLU_2024\nloss = law.loss(optimal_size, data_of(law, optimal_size))\n"
_LINE = (
    "fresh, table = spoilt_study(seed)\nterm = fresh.loss(table.D) - fresh.floor\n"
    "slope, intercept = np.polyfit(term, table.loss, 1)\n"
)
_READ = "tokens_read = steps * batch * context\nlaw = MUENNIGHOFF_2023\n"
_BEFORE = "law.loss(n_params, tokens_read, corpus_tokens)"
_AFTER = "law.loss(n_params, tokens_read, 2 * corpus_tokens)"

SPECS = (
    Spec(
        id="12-cheapest-size",
        points=2,
        draw=lambda stream: {
            "optimal_size": stream.log_uniform(1e10, 1.5e11),
            "tokens_served": stream.log_uniform(8e12, 2e14),
        },
        mutants={
            "traffic forgotten": "served_size = optimal_size",
            "served at the price of training": _QUALITY
            + "served_size = planning.cheapest(law, loss, 3 * tokens_served).N",
            "one FLOP a parameter": _QUALITY
            + "served_size = planning.cheapest(law, loss, tokens_served / 2).N",
            "the tokens": _QUALITY + "served_size = planning.cheapest(law, loss, tokens_served).D",
            "in billions": _QUALITY
            + "served_size = planning.cheapest(law, loss, tokens_served).N / 1e9",
        },
    ),
    Spec(
        id="12-stop-repeating",
        points=1,
        draw=lambda stream: {"least_worth": stream.uniform(0.12, 0.42, 0.0005)},
        mutants={
            "repeats for readings": "readings = MUENNIGHOFF_2023.R_D * np.log(1 / least_worth)",
            "halves": "readings = 1 + MUENNIGHOFF_2023.R_D * np.log2(1 / least_worth)",
            "straight line": "readings = 1 + MUENNIGHOFF_2023.R_D * (1 - least_worth)",
            "average worth": "tried = np.geomspace(1, 500, 20_001)\n"
            "average = MUENNIGHOFF_2023.effective_data(tried, 1) / tried\n"
            "readings = tried[np.argmin(np.abs(average - least_worth))]",
            "lost for left": "readings = 1 - MUENNIGHOFF_2023.R_D * np.log(1 - least_worth)",
        },
    ),
    Spec(
        id="12-hidden-epochs",
        points=3,
        draw=_run,
        mutants={
            "sequences for tokens": _READ
            + 'hidden = {"epochs": steps * batch / corpus_tokens, "drop": '
            + _BEFORE
            + " - "
            + _AFTER
            + "}",
            "read once": _READ + 'hidden = {"epochs": tokens_read / corpus_tokens, '
            '"drop": law.fresh.loss(n_params, corpus_tokens) - law.fresh.loss(n_params, 2 * corpus_tokens)}',
            "after minus before": _READ
            + 'hidden = {"epochs": tokens_read / corpus_tokens, "drop": '
            + _AFTER
            + " - "
            + _BEFORE
            + "}",
            "steps doubled too": _READ
            + 'hidden = {"epochs": tokens_read / corpus_tokens, "drop": '
            + _BEFORE
            + " - law.loss(n_params, 2 * tokens_read, 2 * corpus_tokens)}",
            "repeats": _READ
            + 'hidden = {"epochs": tokens_read / corpus_tokens - 1, "drop": '
            + _BEFORE
            + " - "
            + _AFTER
            + "}",
        },
    ),
    Spec(
        id="12-which-constant",
        points=3,
        draw=lambda stream: {"seed": stream.seed()},
        mutants={
            "slope for share": _LINE
            + 'moved = {"floor_added": intercept - fresh.floor, "share_left": 1 / slope}',
            "whole floor": _LINE
            + 'moved = {"floor_added": intercept, "share_left": slope ** (-1 / fresh.exponent)}',
            "all on the floor": _LINE
            + 'moved = {"floor_added": np.mean(table.loss - fresh.loss(table.D)), "share_left": 1.0}',
            "all on the data": _LINE
            + "last = table.iloc[-1]\nsame = fresh.scale * (last.loss - fresh.floor) ** (-1 / fresh.exponent)\n"
            'moved = {"floor_added": 0.0, "share_left": same / last.D}',
            "power not turned round": _LINE + 'moved = {"floor_added": intercept - fresh.floor, '
            '"share_left": slope ** -fresh.exponent}',
            "power upside down": _LINE + 'moved = {"floor_added": intercept - fresh.floor, '
            '"share_left": slope ** (1 / fresh.exponent)}',
        },
    ),
)
