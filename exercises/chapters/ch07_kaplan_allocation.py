"""Draws, points, by-hand lines and mutants of chapter 7, Kaplan's allocation."""

from ..draw import told_apart
from ..spec import Spec

_PLAN = (
    "c_min = {c_min}\nplanned = 1.3e9 * (c_min / {unit})**{growth}\n"
    'replan = {{"N": planned, "D": {data}}}'
)


def _plan(c_min="own_budget / 2", unit="PF_DAY", growth="0.73", data="own_budget / (6 * planned)"):
    return _PLAN.format(c_min=c_min, unit=unit, growth=growth, data=data)


_TOKENS = (
    "meeting_loss = KAPLAN_2020.compute.loss(meeting)\n"
    "tokens = KAPLAN_2020.data.scale / meeting_loss ** (1 / KAPLAN_2020.data.exponent)\n"
)
_POWERS = "powers = 1 / own_alpha_N, 1 / own_alpha_B, 1 / own_alpha_S\n"
_NEEDED = "needed = 0.27 / (0.73 * (powers[1] + powers[2]))\n"


def _shared(exponents, needed="needed", before=""):
    return _POWERS + _NEEDED + before + f"own_exponents = ({exponents}, {needed})"


_RIGHT = "*(one / sum(powers) for one in powers)"
_SUM = "(1/own_alpha_N + 1/own_alpha_B + 1/own_alpha_S)"

SPECS = (
    Spec(
        id="07-critical-batch",
        points=1,
        draw=told_apart(
            "07-critical-batch",
            lambda stream: {
                "target_loss": stream.uniform(2.2, 2.9, step=0.01),
                "batch_tokens": stream.uniform(2e5, 9e5, step=1000),
            },
            share=0.01,
        ),
        by_hand={"x": "1 + 2e8/target_loss^(1/0.21)/batch_tokens"},
        mutants={
            "tokens for steps": "critical = KAPLAN_2020.critical_batch(target_loss)\n"
            "steps_ratio = 1 + batch_tokens / critical",
            "the fewest forgotten": "critical = KAPLAN_2020.critical_batch(target_loss)\n"
            "steps_ratio = critical / batch_tokens",
            "upside down": "critical = KAPLAN_2020.critical_batch(target_loss)\n"
            "steps_ratio = 1 / (1 + critical / batch_tokens)",
            "exponent for its reciprocal": "critical = 2e8 / target_loss**0.21\n"
            "steps_ratio = 1 + critical / batch_tokens",
            "only the critical batch": "steps_ratio = KAPLAN_2020.critical_batch(target_loss)",
        },
    ),
    Spec(
        id="07-replan",
        points=2,
        draw=told_apart(
            "07-replan",
            lambda stream: {"own_budget": stream.log_uniform(1e20, 1e24, digits=3)},
        ),
        by_hand={
            "N": "1.3e9*(own_budget/2/8.64e19)^0.73",
            "D": ("size = 1.3e9*(own_budget/2/8.64e19)^0.73", "own_budget/(6 size)"),
        },
        mutants={
            "the whole budget": _plan(c_min="own_budget"),
            "FLOPs for PF-days": _plan(unit="1"),
            "tokens of C_min": _plan(data="c_min / (6 * planned)"),
            "the naive exponent": "planned = 1.6e9 * (own_budget / PF_DAY)**0.88\n"
            'replan = {"N": planned, "D": own_budget / (6 * planned)}',
            "twenty tokens": _plan(data="20 * planned"),
            "in each other's place": _plan() + '\nreplan = {"N": replan["D"], "D": replan["N"]}',
        },
    ),
    Spec(
        id="07-implied-data",
        points=2,
        draw=told_apart(
            "07-implied-data", lambda stream: {"meeting": stream.log_uniform(1e3, 1e5, digits=3)}
        ),
        by_hand={"x": "5.4e13*(meeting/3.1e8)^(0.050/0.095)/meeting^0.27"},
        mutants={
            "at the meeting": _TOKENS + "data_coef = tokens",
            "exponent of eq. 6.7": _TOKENS + "data_coef = tokens / meeting**0.26",
            "grown twice": _TOKENS + "data_coef = tokens * meeting**0.27",
            "joint law": _TOKENS
            + "joint = KAPLAN_2020.D_c / meeting_loss ** (1 / KAPLAN_2020.alpha_D)\n"
            "data_coef = joint / meeting**0.27",
            "the loss": "data_coef = KAPLAN_2020.compute.loss(meeting)",
        },
    ),
    Spec(
        id="07-allocation-exponents",
        points=2,
        draw=told_apart(
            "07-allocation-exponents",
            lambda stream: {
                "own_alpha_N": stream.uniform(0.05, 0.12, 0.001),
                "own_alpha_S": stream.uniform(0.5, 0.9, 0.01),
                "own_alpha_B": stream.uniform(0.15, 0.3, 0.005),
            },
        ),
        by_hand={
            "size": f"1/(own_alpha_N*{_SUM})",
            "batch": f"1/(own_alpha_B*{_SUM})",
            "steps": f"1/(own_alpha_S*{_SUM})",
            "alpha_N": "0.27/(0.73*(1/own_alpha_B + 1/own_alpha_S))",
        },
        mutants={
            "powers of the loss": _shared("*powers"),
            "batch and steps swapped": _shared(
                "*(powers[place] / sum(powers) for place in (0, 2, 1))"
            ),
            "not the reciprocals": _shared(
                "*(one / sum(alphas) for one in alphas)",
                before="alphas = own_alpha_N, own_alpha_B, own_alpha_S\n",
            ),
            "the printed 0.050": _shared("*(0.05 * one for one in powers)"),
            "batch not counted": _shared("*(one / (powers[0] + powers[2]) for one in powers)"),
            "odds upside down": _shared(_RIGHT, "0.73 / (0.27 * (powers[1] + powers[2]))"),
            "a share of the old sum": _shared(_RIGHT, "1 / (0.73 * sum(powers))"),
        },
    ),
)
