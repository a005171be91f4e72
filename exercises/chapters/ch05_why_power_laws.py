"""Draws, points and mutants of chapter 5, where power laws come from."""

from ..spec import Spec


def _spectrum(stream):
    """Two variances of a personal spectrum, to four digits."""
    decay, height = stream.uniform(1.2, 1.75, step=0.005), stream.uniform(0.5, 2.0, step=0.01)
    return {f"variance_{rank}": float(f"{height * rank**-decay:.4g}") for rank in (10, 1000)}


READ = "decay = np.log(variance_10 / variance_1000) / np.log(100)\n"
TAILS = "def exponent(decay):\n    spectrum = np.arange(1, directions + 1.0) ** -decay\n"
SEARCH = "\ndecay_needed = brentq(lambda decay: exponent(decay) - target, 0.3, 3)"


def _by(score):
    """A mutant that picks the curve of the lowest score; `score` is an expression in the curve `y`."""
    return f"scores = {{name: {score} for name, y in curves_seen.items() if name != 'A'}}\nbetter_learner = min(scores, key=scores.get)"


SPECS = (
    Spec(
        id="05-better-learner",
        points=1,
        draw=lambda stream: {
            "decay": stream.uniform(1.2, 1.55, step=0.001),
            "share": stream.uniform(0.35, 0.75, step=0.001),
        },
        mutants={
            "ratio of sizes": "loss_ratio = share",
            "slope of the spectrum": "loss_ratio = share**decay",
            "the gain, not the ratio": "loss_ratio = 1 - share ** (decay - 1)",
            "power upside down": "loss_ratio = share ** (1 / (decay - 1))",
            "exponent of skills": "loss_ratio = share ** ((decay - 1) / decay)",
            "worse instead of better": "loss_ratio = share ** -(decay - 1)",
        },
    ),
    Spec(
        id="05-read-spectrum",
        points=2,
        draw=_spectrum,
        mutants={
            "slope for exponent": READ
            + 'reading = {"exponent": decay, "factor": 2 ** (1 / decay)}',
            "two decades taken for one": "decay = np.log10(variance_10 / variance_1000)\n"
            'reading = {"exponent": decay - 1, "factor": 2 ** (1 / (decay - 1))}',
            "exponent of skills": READ
            + 'alpha = (decay - 1) / decay\nreading = {"exponent": alpha, "factor": 2 ** (1 / alpha)}',
            "the number of doublings": READ
            + 'reading = {"exponent": decay - 1, "factor": 1 / (decay - 1)}',
            "what one doubling divides by": READ
            + 'reading = {"exponent": decay - 1, "factor": 2 ** (decay - 1)}',
            "slope with its sign": READ
            + 'reading = {"exponent": 1 - decay, "factor": 2 ** (1 / (decay - 1))}',
        },
    ),
    Spec(
        id="05-find-spectrum",
        points=3,
        draw=lambda stream: {
            "directions": int(stream.uniform(20_000, 60_000, step=1000)),
            "target": stream.uniform(0.26, 0.50, step=0.001),
        },
        mutants={
            "no end": "decay_needed = 1 + target",
            "exponent of the loss": "decay_needed = target",
            "skills": "decay_needed = 1 / (1 - target)",
            "slope at 100": TAILS
            + "    return 100 * spectrum[99] / spectrum[100:].sum()\n"
            + SEARCH,
            "slope at 1,000": TAILS
            + "    return 1000 * spectrum[999] / spectrum[1000:].sum()\n"
            + SEARCH,
        },
    ),
    Spec(
        id="05-which-changed",
        points=2,
        draw=lambda stream: {"seed": stream.seed()},
        mutants={
            "the lowest at the end": _by("y[-1]"),
            "the steepest": _by("y[-1] / y[0]"),
            "the most curved": _by(
                "np.polyfit(np.log(sizes_seen), np.log(y), 2)[0] - 10 * np.log(y[0] / y[-1])"
            ),
            "the ratio that changes most": _by("-np.ptp(np.log(y / curves_seen['A']))"),
            "mine": 'better_learner = "A"',
            "a place for a letter": "spread = [np.ptp(np.log(curves_seen[name] / curves_seen['A'])) for name in 'BCD']\n"
            "better_learner = int(np.argmin(spread)) + 2",
            "nearest to A at the start": _by("abs(np.log(y[0] / curves_seen['A'][0]))"),
        },
    ),
)
