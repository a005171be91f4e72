"""Neural scaling laws: measure, fit, plan, show.

What people use most can be had from here; it is loaded when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

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

    __version__: str
else:  # out of their sight, else every name would be right

    def __getattr__(name: str) -> object:
        if name not in (*__all__, "__version__"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = found = _loaded(name)
        return found


def _loaded(name: str) -> object:
    if name == "__version__":
        return _version()
    if name.startswith("fit_"):
        return getattr(import_module(".fitting", __name__), name)
    if name.islower():
        return import_module(f".{name}", __name__)
    return getattr(import_module(".laws", __name__), name)


def _version() -> str:
    from importlib import metadata  # slow to import

    try:
        return metadata.version("scalinglib")
    except metadata.PackageNotFoundError:  # a folder on the path, never installed
        return "0+unknown"


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
