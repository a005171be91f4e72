"""Draws, points, by-hand lines and mutants of chapter 6, Kaplan's laws."""

from ..draw import told_apart
from ..spec import Spec

_LOG_RATIO = (
    "compute, data = KAPLAN_2020.compute, KAPLAN_2020.data\n"
    "ratio = (data.exponent * np.log(data.scale / d_coef)\n"
    "         - compute.exponent * np.log(compute.scale))\n"
)
_NOW = "now = KAPLAN_2020.loss(lever_N, lever_D)\n"
_AFTER = (
    "more = KAPLAN_2020.loss(2 * lever_N, lever_D)\n"
    "longer = KAPLAN_2020.loss(lever_N, 2 * lever_D)\n"
)
_SIZE_TERM = "size_term = (KAPLAN_2020.N_c / enough_params) ** (0.076 / 0.103)\n"
_REDUCIBLE = "reducible = true_A / middle_N**true_alpha\n"
_TERMS = ("size = (6.4e13/lever_N)^(0.076/0.103)", "data = 1.8e13/lever_D")


def _balanced(stream):
    """A run near the line where both levers matter, though not alike, and neither gain is tiny."""
    N = stream.log_uniform(2e8, 5e10, digits=3)
    size = (6.4e13 / N) ** (0.076 / 0.103)
    tokens = 1.8e13 / (size * stream.log_uniform(0.2, 4, digits=3))
    return {"lever_N": N, "lever_D": float(f"{tokens:.2e}")}


SPECS = (
    Spec(
        id="06-pf-days",
        points=1,
        draw=told_apart(
            "06-pf-days",
            lambda stream: {
                "reported_params": stream.log_uniform(1e9, 2e11, digits=3),
                "pf_days": stream.uniform(50, 5000, step=1),
            },
            share=0,
        ),
        by_hand={"x": "pf_days*1e15*24*3600/(6 reported_params)"},
        mutants={
            "forgot the 6": "tokens_read = pf_days * PF_DAY / reported_params",
            "a second for a day": "tokens_read = pf_days * 1e15 / (6 * reported_params)",
            "an hour for a day": "tokens_read = pf_days * 1e15 * 3600 / (6 * reported_params)",
            "forward pass only": "tokens_read = pf_days * PF_DAY / (2 * reported_params)",
            "6 upside down": "tokens_read = pf_days * PF_DAY / reported_params * 6",
        },
    ),
    Spec(
        id="06-enough-data",
        points=2,
        draw=told_apart(
            "06-enough-data",
            lambda stream: {
                "enough_params": stream.log_uniform(1e8, 1e11, digits=3),
                "penalty_allowed": stream.uniform(0.024, 0.044, step=0.0005),
            },
            share=0.01,
        ),
        by_hand={
            "x": (
                "size = (6.4e13/enough_params)^(0.076/0.103)",
                "1.8e13/(size*((1 + penalty_allowed)^(1/0.103) - 1))",
            )
        },
        mutants={
            "the printed rule": "tokens_needed = 5e3 * enough_params**0.74",
            "percent for fraction": _SIZE_TERM + "tokens_needed = KAPLAN_2020.D_c / (\n"
            "    size_term * ((1 + 100 * penalty_allowed) ** (1 / 0.103) - 1))",
            "outer power alpha_N": _SIZE_TERM + "tokens_needed = KAPLAN_2020.D_c / (\n"
            "    size_term * ((1 + penalty_allowed) ** (1 / 0.076) - 1))",
            "size term not taken off": _SIZE_TERM + "tokens_needed = KAPLAN_2020.D_c / (\n"
            "    size_term * (1 + penalty_allowed) ** (1 / 0.103))",
            "outer power forgotten": _SIZE_TERM
            + "tokens_needed = KAPLAN_2020.D_c / (size_term * penalty_allowed)",
        },
    ),
    Spec(
        id="06-which-lever",
        points=2,
        draw=told_apart("06-which-lever", _balanced, share=0.05),
        by_hand={
            "gain_size": (
                *_TERMS,
                "(size + data)^0.103 - (size/2^(0.076/0.103) + data)^0.103",
            ),
            "gain_data": (*_TERMS, "(size + data)^0.103 - (size + data/2)^0.103"),
        },
        mutants={
            "swapped": _NOW + _AFTER + "gains = now - longer, now - more",
            "after minus before": _NOW + _AFTER + "gains = more - now, longer - now",
            "ratios": _NOW + _AFTER + "gains = more / now, longer / now",
            "shares": _NOW + _AFTER + "gains = 1 - more / now, 1 - longer / now",
            "single-variable laws": "size, data = KAPLAN_2020.size.loss, KAPLAN_2020.data.loss\n"
            "gains = size(lever_N) - size(2 * lever_N), data(lever_D) - data(2 * lever_D)",
            "both at once": _NOW
            + "both = now - KAPLAN_2020.loss(2 * lever_N, 2 * lever_D)\ngains = both, both",
        },
    ),
    Spec(
        id="06-missing-floor",
        points=2,
        draw=told_apart(
            "06-missing-floor",
            lambda stream: {
                "true_E": stream.uniform(1.4, 2.0, step=0.01),
                "true_A": stream.uniform(300, 600, step=1),
                "true_alpha": stream.uniform(0.3, 0.4, step=0.005),
                "middle_N": stream.log_uniform(1e7, 1e10),
            },
        ),
        by_hand={"x": ("r = true_A/middle_N^true_alpha", "true_alpha*r/(true_E + r)")},
        mutants={
            "the true exponent": "exponent_seen = true_alpha",
            "not divided by the loss": _REDUCIBLE + "exponent_seen = true_alpha * reducible",
            "divided by the floor": _REDUCIBLE + "exponent_seen = true_alpha * reducible / true_E",
            "share without the exponent": _REDUCIBLE
            + "exponent_seen = reducible / (true_E + reducible)",
            "slope for exponent": _REDUCIBLE
            + "exponent_seen = -true_alpha * reducible / (true_E + reducible)",
        },
    ),
    Spec(
        id="06-crossing",
        points=3,
        draw=told_apart(
            "06-crossing", lambda stream: {"d_coef": stream.log_uniform(1e10, 6e10, digits=3)}
        ),
        by_hand={"x": "((5.4e13/d_coef)^0.095/3.1e8^0.050)^(1/(0.27*0.095 - 0.050))"},
        mutants={
            "sign slipped": _LOG_RATIO
            + "crossing_pf_days = np.exp(ratio / (0.27 * data.exponent + compute.exponent))",
            "joint data law": "compute = KAPLAN_2020.compute\n"
            "ratio = (0.103 * np.log(KAPLAN_2020.D_c / d_coef)\n"
            "         - compute.exponent * np.log(compute.scale))\n"
            "crossing_pf_days = np.exp(ratio / (0.27 * 0.103 - compute.exponent))",
            "in FLOPs": _LOG_RATIO + "crossing_pf_days = PF_DAY * np.exp(\n"
            "    ratio / (0.27 * data.exponent - compute.exponent))",
            "data growing as C": _LOG_RATIO
            + "crossing_pf_days = np.exp(ratio / (data.exponent - compute.exponent))",
            "the logarithm": _LOG_RATIO
            + "crossing_pf_days = ratio / (0.27 * data.exponent - compute.exponent)",
            "upside down": _LOG_RATIO
            + "crossing_pf_days = np.exp(-ratio / (0.27 * data.exponent - compute.exponent))",
            "the page's tokens": _LOG_RATIO.replace("d_coef", "2e10")
            + "crossing_pf_days = np.exp(ratio / (0.27 * data.exponent - compute.exponent))",
        },
    ),
)
