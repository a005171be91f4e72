"""Chapter 15: draws, points and mutants."""

from __future__ import annotations

from ..draw import told_apart
from ..spec import Spec


def _run(stream) -> dict:
    """A stated run of some epochs; the corpus is rounded as an article would."""
    run = {
        # at most a twentieth of the smallest corpus: all parameters count in full
        "post_params": stream.log_uniform(5e7, 1.3e8),
        "post_steps": stream.uniform(80_000, 200_000, 5000),
        "post_batch": stream.choice((512, 768, 1024)),
        "post_context": stream.choice((1024, 2048)),
    }
    read = run["post_steps"] * run["post_batch"] * run["post_context"]
    corpus = read / stream.uniform(6, 16, 0.25)
    return run | {
        "post_corpus": float(f"{corpus:.2e}"),
        "post_steps": int(run["post_steps"]),
    }


_LINE = (
    "clean_law, spoilt_runs = spoilt_study(seed)\n"
    "term = clean_law.loss(spoilt_runs.D) - clean_law.floor\n"
    "slope, intercept = np.polyfit(term, spoilt_runs.loss, 1)\n"
    "floor_added = intercept - clean_law.floor\n"
)
_READ = "tokens_read = post_steps * post_batch * post_context\nlaw = MUENNIGHOFF_2023\n"
_BEFORE = "law.loss(post_params, tokens_read, post_corpus)"
_AFTER = "law.loss(post_params, tokens_read, 2 * post_corpus)"


def _hidden(drop, epochs="tokens_read / post_corpus"):
    return f'{_READ}hidden = {{"epochs": {epochs}, "drop": {drop}}}'


def _moved(floor_added, share_left):
    return f'{_LINE}moved = {{"floor_added": {floor_added}, "share_left": {share_left}}}'


_WORTH = (
    "R = 15.4~",
    "n = post_steps*post_batch*post_context / post_corpus",
    "once = post_corpus*(1 + R*(1 - exp(-(n - 1)/R)))",
    "twice = 2*post_corpus*(1 + R*(1 - exp(-(n/2 - 1)/R)))",
)

SPECS = (
    Spec(
        id="12-stop-repeating",
        points=1,
        draw=lambda stream: {"least_worth": stream.uniform(0.09, 0.35, 0.0005)},
        by_hand={"x": "1 + 15.3878~*ln(1/least_worth)"},
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
        draw=told_apart("12-hidden-epochs", _run, share=0),
        by_hand={
            "epochs": "post_steps*post_batch*post_context / post_corpus",
            "drop": (
                *_WORTH,
                "muennighoff_2023.loss(post_params, once)"
                " - muennighoff_2023.loss(post_params, twice)",
            ),
        },
        mutants={
            "sequences for tokens": _hidden(
                f"{_BEFORE} - {_AFTER}", "post_steps * post_batch / post_corpus"
            ),
            "read once": _hidden(
                "law.fresh.loss(post_params, post_corpus)"
                " - law.fresh.loss(post_params, 2 * post_corpus)"
            ),
            "after minus before": _hidden(f"{_AFTER} - {_BEFORE}"),
            "steps doubled too": _hidden(
                f"{_BEFORE} - law.loss(post_params, 2 * tokens_read, 2 * post_corpus)"
            ),
            "repeats": _hidden(f"{_BEFORE} - {_AFTER}", "tokens_read / post_corpus - 1"),
        },
    ),
    Spec(
        id="12-which-constant",
        points=3,
        draw=told_apart("12-which-constant", lambda stream: {"seed": stream.seed()}, share=0),
        by_hand={
            "floor_added": "intercept((scale/D)^exponent, loss) - floor",
            "share_left": "slope((scale/D)^exponent, loss)^(-1/exponent)",
        },
        mutants={
            "slope for share": _moved("floor_added", "1 / slope"),
            "whole floor": _moved("intercept", "slope ** (-1 / clean_law.exponent)"),
            "all on the floor": _moved(
                "np.mean(spoilt_runs.loss - clean_law.loss(spoilt_runs.D))", "1.0"
            ),
            "all on the data": "clean_law, spoilt_runs = spoilt_study(seed)\n"
            "last = spoilt_runs.iloc[-1]\n"
            "above = last.loss - clean_law.floor\n"
            "same = clean_law.scale * above ** (-1 / clean_law.exponent)\n"
            'moved = {"floor_added": 0.0, "share_left": same / last.D}',
            "power not turned round": _moved("floor_added", "slope ** -clean_law.exponent"),
            "power upside down": _moved("floor_added", "slope ** (1 / clean_law.exponent)"),
        },
    ),
)
