"""Draws, points and mutants of chapter 5, where power laws come from."""

from scalinglib.checks.chapters.ch05_why_power_laws import _decay_needed

from ..draw import told_apart
from ..spec import Spec


def _spectrum(stream):
    """Two variances of a spectrum, to four digits, of no decay at which a slip is right."""
    while True:
        decay, height = stream.uniform(1.2, 1.75, step=0.005), stream.uniform(0.5, 2.0, step=0.01)
        if abs(decay - 1.5) > 0.03 and abs(decay - 1.618) > 0.03:
            return {
                f"variance_{rank}": float(f"{height * rank**-decay:.4g}") for rank in (10, 1000)
            }


READ = "slope = np.log(variance_10 / variance_1000) / np.log(100)\n"
TAILS = "def exponent(decay):\n    spectrum = np.arange(1, n_directions + 1.0) ** -decay\n"
SEARCH = "\ndecay_needed = brentq(lambda decay: exponent(decay) - line_target, 0.3, 3)"


def _by(score):
    """A mutant that picks the curve of the lowest score, an expression in the curve `y`."""
    return (
        f"scores = {{name: {score} for name, y in curves_seen.items() if name != 'A'}}\n"
        "better_learner = min(scores, key=scores.get)"
    )


def _better(stream):
    """A spectrum and a share that nobody mixes up with what is saved."""
    while True:
        decay = stream.uniform(1.2, 1.55, step=0.001)
        share = stream.uniform(0.35, 0.75, step=0.001)
        if abs(share - 0.5) > 0.05:
            return {"same_decay": decay, "size_share": share}


def _order(stream):
    """Directions and a target whose decay is told from others by its fourth digit."""
    while True:
        directions = int(stream.uniform(20_000, 60_000, step=1000))
        target = stream.uniform(0.26, 0.50, step=0.001)
        decay = 10 * _decay_needed(directions, target)
        if abs(decay - round(decay)) > 0.01:  # not 1.2 to all digits
            return {"n_directions": directions, "line_target": target}


# the sums over both tails, as integrals from half a rank before the first to half behind the last
TAIL_LINE = (
    "solve(p, 1.001, 2, ln((100.5^(1-p) - (n_directions + 0.5)^(1-p))"
    "/(1000.5^(1-p) - (n_directions + 0.5)^(1-p)))/ln 10 - line_target)"
)


SPECS = (
    Spec(
        id="05-better-learner",
        points=1,
        draw=told_apart("05-better-learner", _better, share=0),
        by_hand={"x": "size_share^(same_decay - 1)"},
        mutants={
            "ratio of sizes": "loss_ratio = size_share",
            "slope of the spectrum": "loss_ratio = size_share**same_decay",
            "the gain, not the ratio": "loss_ratio = 1 - size_share ** (same_decay - 1)",
            "power upside down": "loss_ratio = size_share ** (1 / (same_decay - 1))",
            "exponent of skills": "loss_ratio = size_share ** ((same_decay - 1) / same_decay)",
            "worse instead of better": "loss_ratio = size_share ** -(same_decay - 1)",
            "what is saved": "loss_ratio = (1 - size_share) ** (same_decay - 1)",
        },
    ),
    Spec(
        id="05-read-spectrum",
        points=2,
        draw=told_apart("05-read-spectrum", _spectrum, share=0.0),
        by_hand={
            "exponent": "ln(variance_10/variance_1000)/ln 100 - 1",
            "factor": "2^(1/(ln(variance_10/variance_1000)/ln 100 - 1))",
        },
        mutants={
            "slope for exponent": READ
            + 'reading = {"exponent": slope, "factor": 2 ** (1 / slope)}',
            "two decades taken for one": "slope = np.log10(variance_10 / variance_1000)\n"
            'reading = {"exponent": slope - 1, "factor": 2 ** (1 / (slope - 1))}',
            "mixed bases": "slope = np.log(variance_10 / variance_1000) / 2\n"
            'reading = {"exponent": slope - 1, "factor": 2 ** (1 / (slope - 1))}',
            "exponent of skills": READ
            + 'alpha = (slope - 1) / slope\nreading = {"exponent": alpha, "factor": 2 ** (1 '
            "/ alpha)}",
            "the number of doublings": READ
            + 'reading = {"exponent": slope - 1, "factor": 1 / (slope - 1)}',
            "what one doubling divides by": READ
            + 'reading = {"exponent": slope - 1, "factor": 2 ** (slope - 1)}',
            "slope with its sign": READ
            + 'reading = {"exponent": 1 - slope, "factor": 2 ** (1 / (slope - 1))}',
        },
    ),
    Spec(
        id="05-find-spectrum",
        points=3,
        draw=_order,
        by_hand={"x": TAIL_LINE},
        mutants={
            "no end": "decay_needed = 1 + line_target",
            "exponent of the loss": "decay_needed = line_target",
            "skills": "decay_needed = 1 / (1 - line_target)",
            "slope at 100": TAILS
            + "    return 100 * spectrum[99] / spectrum[100:].sum()\n"
            + SEARCH,
            "slope at 1,000": TAILS
            + "    return 1000 * spectrum[999] / spectrum[1000:].sum()\n"
            + SEARCH,
            "natural over ten": TAILS
            + "    return np.log(spectrum[100:].sum() / spectrum[1000:].sum())\n"
            + SEARCH,
        },
    ),
    Spec(
        id="05-which-changed",
        points=2,
        draw=lambda stream: {"seed": stream.seed()},
        by_hand={name: f"-sd(ln(loss_{name}/loss_A))" for name in "BCD"},
        mutants={
            "the lowest at the end": _by("y[-1]"),
            "the steepest": _by("y[-1] / y[0]"),
            "the most curved": _by(
                "np.polyfit(np.log(sizes_seen), np.log(y), 2)[0] - 10 * np.log(y[0] / y[-1])"
            ),
            "the ratio that changes most": _by("-np.ptp(np.log(y / curves_seen['A']))"),
            "mine": 'better_learner = "A"',
            "a place for a letter": "spread = [np.ptp(np.log(curves_seen[name] / "
            "curves_seen['A'])) for name in 'BCD']\n"
            "better_learner = int(np.argmin(spread)) + 2",
            "nearest to A at the start": _by("abs(np.log(y[0] / curves_seen['A'][0]))"),
        },
    ),
)
