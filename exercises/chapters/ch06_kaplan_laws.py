"""Draws, points, probes and mutants of chapter 6, Kaplan's laws."""

from ..spec import Spec

_LOG_RATIO = (
    "compute, data = KAPLAN_2020.compute, KAPLAN_2020.data\n"
    "ratio = data.exponent * np.log(data.scale / d_coef) - compute.exponent * np.log(compute.scale)\n"
)


def _floor_or_not(stream):
    """A law and a size at which floor and reducible part differ, and so do their shares."""
    while True:
        params = {
            "E": stream.uniform(1.4, 2.0, step=0.01),
            "A": stream.uniform(300, 600, step=1),
            "alpha": stream.uniform(0.3, 0.4, step=0.005),
            "n_middle": stream.log_uniform(1e7, 1e10),
        }
        if abs(params["A"] * params["n_middle"] ** -params["alpha"] / params["E"] - 1) > 0.1:
            return params


def _not_the_page_s(stream):
    """Tokens at one PF-day that are not the page's 2e10."""
    while True:
        if abs((d_coef := stream.log_uniform(1e10, 6e10, digits=3)) / 2e10 - 1) > 0.02:
            return {"d_coef": d_coef}


SPECS = (
    Spec(
        id="06-pf-days",
        points=1,
        draw=lambda stream: {
            "n_params": stream.log_uniform(1e9, 2e11, digits=3),
            "pf_days": stream.uniform(50, 5000, step=1),
        },
        mutants={
            "forgot the 6": "tokens_read = pf_days * PF_DAY / n_params",
            "a second for a day": "tokens_read = pf_days * 1e15 / (6 * n_params)",
            "an hour for a day": "tokens_read = pf_days * 1e15 * 3600 / (6 * n_params)",
            "forward pass only": "tokens_read = pf_days * PF_DAY / (2 * n_params)",
            "6 upside down": "tokens_read = pf_days * PF_DAY / n_params * 6",
        },
    ),
    Spec(
        id="06-enough-data",
        points=2,
        draw=lambda stream: {
            "n_params": stream.log_uniform(1e8, 1e11, digits=3),
            "penalty_allowed": stream.uniform(0.024, 0.044, step=0.0005),
        },
        mutants={
            "the printed rule": "tokens_needed = 5e3 * n_params**0.74",
            "percent for fraction": "size_term = (KAPLAN_2020.N_c / n_params) ** (0.076 / 0.103)\n"
            "tokens_needed = KAPLAN_2020.D_c / (size_term * ((1 + 100 * penalty_allowed) ** (1 / 0.103) - 1))",
            "outer power alpha_N": "size_term = (KAPLAN_2020.N_c / n_params) ** (0.076 / 0.103)\n"
            "tokens_needed = KAPLAN_2020.D_c / (size_term * ((1 + penalty_allowed) ** (1 / 0.076) - 1))",
            "size term not taken off": "size_term = (KAPLAN_2020.N_c / n_params) ** (0.076 / 0.103)\n"
            "tokens_needed = KAPLAN_2020.D_c / (size_term * (1 + penalty_allowed) ** (1 / 0.103))",
            "outer power forgotten": "size_term = (KAPLAN_2020.N_c / n_params) ** (0.076 / 0.103)\n"
            "tokens_needed = KAPLAN_2020.D_c / (size_term * penalty_allowed)",
        },
    ),
    Spec(
        id="06-which-lever",
        points=2,
        probes=lambda stream: [
            (stream.log_uniform(1e6, 1e11), stream.log_uniform(1e8, 1e12)) for _ in range(4)
        ],
        mutants={
            "swapped": "now = KAPLAN_2020.loss(N, D)\nreturn now - KAPLAN_2020.loss(N, 2 * D), now - KAPLAN_2020.loss(2 * N, D)",
            "after minus before": "now = KAPLAN_2020.loss(N, D)\nreturn KAPLAN_2020.loss(2 * N, D) - now, KAPLAN_2020.loss(N, 2 * D) - now",
            "ratios": "now = KAPLAN_2020.loss(N, D)\nreturn KAPLAN_2020.loss(2 * N, D) / now, KAPLAN_2020.loss(N, 2 * D) / now",
            "single-variable laws": "size, data = KAPLAN_2020.loss_of_size, KAPLAN_2020.loss_of_data\n"
            "return size(N) - size(2 * N), data(D) - data(2 * D)",
            "both at once": "gain = KAPLAN_2020.loss(N, D) - KAPLAN_2020.loss(2 * N, 2 * D)\nreturn gain, gain",
        },
    ),
    Spec(
        id="06-missing-floor",
        points=2,
        draw=_floor_or_not,
        mutants={
            "the true exponent": "exponent_seen = alpha",
            "not divided by the loss": "exponent_seen = alpha * A / n_middle**alpha",
            "divided by the floor": "exponent_seen = alpha * A / n_middle**alpha / E",
            "share without the exponent": "exponent_seen = A / n_middle**alpha / (E + A / n_middle**alpha)",
            "slope for exponent": "exponent_seen = -alpha * A / n_middle**alpha / (E + A / n_middle**alpha)",
        },
    ),
    Spec(
        id="06-crossing",
        points=3,
        draw=_not_the_page_s,
        mutants={
            "sign slipped": _LOG_RATIO
            + "crossing_pf_days = np.exp(ratio / (0.27 * data.exponent + compute.exponent))",
            "joint data law": "compute = KAPLAN_2020.compute\n"
            "ratio = 0.103 * np.log(KAPLAN_2020.D_c / d_coef) - compute.exponent * np.log(compute.scale)\n"
            "crossing_pf_days = np.exp(ratio / (0.27 * 0.103 - compute.exponent))",
            "in FLOPs": _LOG_RATIO
            + "crossing_pf_days = PF_DAY * np.exp(ratio / (0.27 * data.exponent - compute.exponent))",
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
