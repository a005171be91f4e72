"""Neural scaling laws: measure, fit, plan, show.

What people use most can be had from here; it is loaded when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

__all__ = [
    "BESIROGLU_2024",
    "HOFFMANN_2022",
    "KAPLAN_2020",
    "ChinchillaLaw",
    "KaplanLaw",
    "PowerLaw",
    "counting",
    "fit_isoflop",
    "fit_kaplan",
    "fit_parametric",
    "fit_power_law",
    "fitting",
    "forecast",
    "laws",
    "planning",
    "plots",
    "runs",
]

if TYPE_CHECKING:  # the same names, for editors
    from . import counting, fitting, forecast, laws, planning, plots, runs
    from .fitting import fit_isoflop, fit_kaplan, fit_parametric, fit_power_law
    from .laws import (
        BESIROGLU_2024,
        HOFFMANN_2022,
        KAPLAN_2020,
        ChinchillaLaw,
        KaplanLaw,
        PowerLaw,
    )
else:  # out of their sight, else every name would be right

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        if name.startswith("fit_"):
            found = getattr(import_module(".fitting", __name__), name)
        elif name.islower():
            return import_module(f".{name}", __name__)
        else:
            found = getattr(import_module(".laws", __name__), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
