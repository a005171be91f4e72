"""The instructor's side of the exercises: parameter draws, probes, points, mutants; no solutions.

Each chapter has exercises/chapters/chNN_name.py with SPECS, a tuple of `Spec`; see README.md for
how to write an exercise.
"""

from __future__ import annotations

import pkgutil
import re
from functools import cache
from importlib import import_module

from scalinglib.checks import registry

from .draw import PUBLIC, Stream, parameter_cell, parameters
from .spec import Spec

__all__ = ["PUBLIC", "Spec", "Stream", "chapter_specs", "parameter_cell", "parameters", "spec_of"]


@cache
def chapter_specs(number: str) -> dict[str, Spec]:
    """The SPECS of one chapter ("09") by exercise id, in their order; empty where it has none."""
    names = [
        module.name
        for module in pkgutil.iter_modules(import_module(f"{__name__}.chapters").__path__)
        if re.fullmatch(rf"ch{number}_[a-z0-9_]+", module.name)
    ]
    specs = [spec for name in names for spec in import_module(f"{__name__}.chapters.{name}").SPECS]
    if len({spec.id for spec in specs}) < len(specs):
        raise ValueError(f"exercises of chapter {number}: two specs have one id")
    return {spec.id: spec for spec in specs}


def spec_of(id: str) -> Spec:
    """The Spec of one exercise; a ValueError where the course has none."""
    specs = chapter_specs(registry.exercise(id).chapter)
    if id not in specs:
        raise ValueError(f"exercise {id!r} has no spec")
    return specs[id]
