"""Levers on and off: where the best plan of a budget goes, and what the same loss costs without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import traitlets

from .._inputs import positive
from ..laws import PowerSumLaw
from . import bundle
from .picture import Picture, constants

EFFECT = (
    *("name", "label", "on", "scale", "level", "slope", "lo", "hi", "least", "most"),
    *("shortest", "longest", "own", "own_power", "serve"),
)
PAIR = "levers", "verdict", "together", "apart", "times", "N"


class LeverPlans(Picture):
    """Choose a budget, an inference load and a limit on text; switch levers on and off.

    Parameters
    ----------
    law : PowerSumLaw
        Loss of the plain runs.
    effects : sequence of dict
        Of each lever, in tokens or parameters: log times = level + slope log(scale), with scale N,
        D or D/N held to [lo, hi], where it was measured, on sizes from `least` to `most` and
        tokens from `shortest` to `longest`; beyond them the curve is dashed. on: "D" or "N";
        own: the lever's own FLOPs over those of training, own N^own_power; serve: what an
        answer costs with it.
    pairs : sequence of dict
        Levers measured together, which have the gain of both, `times` fewer tokens at size N, in
        place of the product of two; verdict: whether that is "as much", "less" or "more" than
        apart, in nats. Other combinations are refused on the picture.
    repeats : float
        R_D, over how many readings of a text the worth of one more decays: a published number, no
        line through runs, so the curve is dashed where a text is read again.
    sizes : (float, float)
        Smallest and largest N of the runs.

    Raises ValueError for an effect or a pair that lacks one of these, or names another lever.
    """

    _esm = bundle.module("lever_plans.js")
    _css = bundle.style("ui.css", "lever_plans.css")
    moves = ("on", "log_C", "log_served", "log_text", "counted", "refused")
    caption = "Loss by model size at one budget, without levers and with those switched on."

    law = traitlets.Dict().tag(sync=True)
    effects = traitlets.List().tag(sync=True)
    pairs = traitlets.List().tag(sync=True)
    repeats = traitlets.Float().tag(sync=True)
    sizes = traitlets.List(traitlets.Float(), [7e3, 1.1e5], minlen=2, maxlen=2).tag(sync=True)
    on = traitlets.List(traitlets.Unicode()).tag(sync=True)
    refused = traitlets.List(traitlets.Unicode()).tag(sync=True)
    log_C = traitlets.Float(11.0).tag(sync=True)
    log_served = traitlets.Float(5.0).tag(sync=True)
    log_text = traitlets.Float(7.0).tag(sync=True)
    counted = traitlets.Bool(True).tag(sync=True)
    question = traitlets.Unicode(
        "One budget for training and answering. Which lever moves the best plan, and which one "
        "costs more than it gives?"
    ).tag(sync=True)

    def __init__(
        self,
        law: PowerSumLaw,
        effects: Sequence[Mapping[str, Any]],
        pairs: Sequence[Mapping[str, Any]],
        repeats: float,
        **traits: Any,
    ) -> None:
        for what, given, keys in (("effect", effects, EFFECT), ("pair", pairs, PAIR)):
            for one in given:
                missing = [key for key in keys if key not in one]
                if missing:
                    raise ValueError(f"the {what} {dict(one)} lacks {', '.join(missing)}")
        names = {effect["name"] for effect in effects}
        for pair in pairs:
            if not set(pair["levers"]) <= names:
                raise ValueError(f"a pair of {pair['levers']}: the levers are {sorted(names)}")
        super().__init__(
            law=constants(law),
            effects=[dict(effect) for effect in effects],
            pairs=[dict(pair) for pair in pairs],
            repeats=float(positive("repeats", repeats)),
            **traits,
        )
