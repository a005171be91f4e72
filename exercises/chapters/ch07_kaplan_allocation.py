"""Draws, points, probes and mutants of chapter 7, Kaplan's allocation."""

from ..spec import Spec

_PLAN = 'c_min = {c_min}\nN = 1.3e9 * (c_min / {unit})**{growth}\nplan = {{"N": N, "D": {data}}}'


def _plan(c_min="budget / 2", unit="PF_DAY", growth="0.73", data="budget / (6 * N)"):
    return _PLAN.format(c_min=c_min, unit=unit, growth=growth, data=data)


_TOKENS = "tokens = KAPLAN_2020.data.scale / KAPLAN_2020.compute.loss(meeting) ** (1 / KAPLAN_2020.data.exponent)\n"


def _budget(stream):
    """A budget that the rule does not happen to split into 20 tokens a parameter, nor into about as many tokens as parameters."""
    while True:
        budget = stream.log_uniform(1e20, 1e24, digits=3)
        size = 1.3e9 * (budget / 2 / 8.64e19) ** 0.73
        ratio = budget / (6 * size) / size
        if abs(ratio / 20 - 1) > 0.1 and not 0.7 < ratio < 2:
            return {"budget": budget}


SPECS = (
    Spec(
        id="07-critical-batch",
        points=1,
        draw=lambda stream: {
            "target_loss": stream.uniform(2.2, 2.9, step=0.01),
            "batch_tokens": stream.uniform(2e5, 9e5, step=1000),
        },
        mutants={
            "tokens for steps": "steps_ratio = 1 + batch_tokens / KAPLAN_2020.critical_batch(target_loss)",
            "the fewest forgotten": "steps_ratio = KAPLAN_2020.critical_batch(target_loss) / batch_tokens",
            "upside down": "steps_ratio = 1 / (1 + KAPLAN_2020.critical_batch(target_loss) / batch_tokens)",
            "exponent for its reciprocal": "steps_ratio = 1 + 2e8 / target_loss**0.21 / batch_tokens",
            "only the critical batch": "steps_ratio = KAPLAN_2020.critical_batch(target_loss)",
        },
    ),
    Spec(
        id="07-replan",
        points=2,
        draw=_budget,
        mutants={
            "the whole budget": _plan(c_min="budget"),
            "FLOPs for PF-days": _plan(unit="1"),
            "tokens of C_min": _plan(data="c_min / (6 * N)"),
            "the naive exponent": 'N = 1.6e9 * (budget / PF_DAY)**0.88\nplan = {"N": N, "D": budget / (6 * N)}',
            "twenty tokens": _plan(data="20 * N"),
            "in each other's place": _plan() + '\nplan = {"N": plan["D"], "D": plan["N"]}',
        },
    ),
    Spec(
        id="07-implied-data",
        points=2,
        draw=lambda stream: {"meeting": stream.log_uniform(1e3, 1e5, digits=3)},
        mutants={
            "at the meeting": _TOKENS + "data_coef = tokens",
            "exponent of eq. 6.7": _TOKENS + "data_coef = tokens / meeting**0.26",
            "grown twice": _TOKENS + "data_coef = tokens * meeting**0.27",
            "joint law": "data_coef = KAPLAN_2020.D_c / KAPLAN_2020.compute.loss(meeting) ** (1 / KAPLAN_2020.alpha_D) / meeting**0.27",
            "the loss": "data_coef = KAPLAN_2020.compute.loss(meeting)",
        },
    ),
    Spec(
        id="07-allocation-exponents",
        points=2,
        probes=lambda stream: [
            (
                stream.uniform(0.05, 0.4, 0.001),
                stream.uniform(0.5, 0.9, 0.001),
                stream.uniform(0.15, 0.3, 0.001),
            )
            for _ in range(4)
        ],
        mutants={
            "powers of the loss": "return 1 / alpha_N, 1 / alpha_B, 1 / alpha_S",
            "batch and steps swapped": "alpha_C = 1 / (1 / alpha_N + 1 / alpha_S + 1 / alpha_B)\n"
            "return alpha_C / alpha_N, alpha_C / alpha_S, alpha_C / alpha_B",
            "not the reciprocals": "whole = alpha_N + alpha_S + alpha_B\nreturn alpha_N / whole, alpha_B / whole, alpha_S / whole",
            "the printed 0.050": "return 0.05 / alpha_N, 0.05 / alpha_B, 0.05 / alpha_S",
            "batch not counted": "alpha_C = 1 / (1 / alpha_N + 1 / alpha_S)\nreturn alpha_C / alpha_N, alpha_C / alpha_B, alpha_C / alpha_S",
        },
    ),
)
