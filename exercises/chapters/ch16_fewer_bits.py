"""Chapter 16: draws, points and mutants."""

from __future__ import annotations

from ..draw import told_apart
from ..spec import Spec


def _bill_of(stream) -> dict:
    """A teacher of one and a half to three times the student, so that it pays when shared."""
    student = stream.log_uniform(2e8, 9e8, 3)
    return {
        "worth": stream.uniform(2.2, 3.2, 0.01),
        "student_flops": student,
        "teacher_flops": float(f"{student * stream.uniform(1.5, 3, 0.01):.2e}"),
        "student_training": stream.log_uniform(1e18, 4e18, 3),
        "teacher_training": stream.log_uniform(1e19, 6e19, 3),
    }


def _loss_of(stream) -> dict:
    return {
        "B": stream.uniform(300, 600, 0.5),
        "beta": stream.uniform(0.26, 0.32, 0.001),
        "extra_4": stream.uniform(0.004, 0.02, 0.0001),
        "measured_at": stream.log_uniform(1e10, 5e10),
        "g_D": stream.uniform(0.4, 0.6, 0.005),
        "bits": stream.choice((2, 3)),
    }


_OWN = "own = teacher_flops / (3 * student_flops)\n"
_SAVED = "student_training * (worth - 1 - own)"
_EXTRA = "extra = extra_4 * 4 ** (4 - bits)\n"
_LINE = (
    "runs_of = crossing_study(seed)\n"
    "growth, constant = np.polyfit(np.log(runs_of.ratio), np.log(runs_of.times), 1)\n"
)


def _bill(net, students, own=_OWN):
    return f'{own}bill = {{"net": {net}, "students": {students}}}'


def _turn(turning, extra="extra * (turning / measured_at) ** g_D", start=_EXTRA):
    return f'{start}turning = {turning}\nturn = {{"turning": turning, "extra": {extra}}}'


def _root(numerator, root="beta + g_D"):
    return f"({numerator}) ** (1 / ({root}))"


def _cross(growth, crossing, start=_LINE):
    return f'{start}crossover = {{"growth": {growth}, "crossing": {crossing}}}'


_RIGHT = "beta * B * measured_at**g_D / (g_D * extra)"

SPECS = (
    Spec(
        id="16-teacher-pays",
        points=2,
        draw=told_apart("16-teacher-pays", _bill_of),
        by_hand={
            "net": "worth / (1 + teacher_flops/(3*student_flops))",
            "students": "teacher_training / (student_training*(worth - 1 - "
            "teacher_flops/(3*student_flops)))",
        },
        mutants={
            "a teacher that is trained": _bill(
                "worth / (1 + own)",
                f"teacher_training / ({_SAVED})",
                "own = teacher_flops / student_flops\n",
            ),
            "one student": _bill("worth / (1 + own)", "teacher_training / student_training"),
            "worth alone": _bill("worth", f"teacher_training / ({_SAVED})"),
            "passes forgotten": _bill(
                "worth / (1 + own)", "teacher_training / (student_training * (worth - 1))"
            ),
            "upside down": _bill("worth / (1 + own)", f"{_SAVED} / teacher_training"),
            "difference for ratio": _bill("worth - own", f"teacher_training / ({_SAVED})"),
        },
    ),
    Spec(
        id="16-turning-point",
        points=3,
        draw=told_apart("16-turning-point", _loss_of),
        by_hand={
            "turning": "(beta*B*measured_at^g_D / (g_D*extra_4*4^(4 - bits)))^(1/(beta + g_D))",
            "extra": (
                "D = (beta*B*measured_at^g_D / (g_D*extra_4*4^(4 - bits)))^(1/(beta + g_D))",
                "extra_4*4^(4 - bits)*(D/measured_at)^g_D",
            ),
        },
        mutants={
            "equal, not equal slopes": _turn(_root("B * measured_at**g_D / extra")),
            "at four bits": _turn(_root(_RIGHT), start="extra = extra_4\n"),
            "twice a bit": _turn(_root(_RIGHT), start="extra = extra_4 * 2 ** (4 - bits)\n"),
            "exponents change places": _turn(_root("g_D * B * measured_at**g_D / (beta * extra)")),
            "measured at one token": _turn(_root("beta * B / (g_D * extra)")),
            "one power": _turn(_root(_RIGHT, "beta")),
            "extra where it was measured": _turn(_root(_RIGHT), "extra"),
        },
    ),
    Spec(
        id="16-crossing",
        points=3,
        draw=told_apart(
            "16-crossing", lambda stream: {"seed": stream.seed()}, wider={"crossing": 0.04}
        ),
        by_hand={
            "growth": "slope(ln(ratio), ln(times))",
            "crossing": "exp(-intercept(ln(ratio), ln(times)) / slope(ln(ratio), ln(times)))",
        },
        mutants={
            "no logarithms": _cross(
                "growth",
                "(1 - constant) / growth",
                "runs_of = crossing_study(seed)\n"
                "growth, constant = np.polyfit(runs_of.ratio, runs_of.times, 1)\n",
            ),
            "one logarithm": _cross(
                "growth",
                "np.exp((1 - constant) / growth)",
                "runs_of = crossing_study(seed)\n"
                "growth, constant = np.polyfit(np.log(runs_of.ratio), runs_of.times, 1)\n",
            ),
            "logarithm left": _cross("growth", "-constant / growth"),
            "sign": _cross("growth", "np.exp(constant / growth)"),
            "slope upside down": _cross("1 / growth", "np.exp(-constant / growth)"),
            "first above one": _cross("growth", "runs_of.ratio[runs_of.times > 1].iloc[0]"),
        },
    ),
)
