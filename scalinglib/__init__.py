"""Neural scaling laws: measure, fit, plan, show.

What people use most can be had from here; it is loaded when it is first asked for. From a file of
runs to a plan, with what speaks for the form and how sure the answer is:

>>> import scalinglib as sl
>>> runs = sl.read("runs.csv", units={"N": "M", "D": "B"}, drop_diverged=True)
>>> print(*runs.attrs["notes"], sep="; ")
>>> forms = ["chinchilla", "skaling", "kaplan"]
>>> print(sl.compare(forms, runs, hold_out="C > 2e20", groups="cell").summary())
>>> fit = sl.fit("chinchilla", runs, groups="cell", bootstrap=1000)
>>> print(fit.summary())
>>> print(fit.optimum([1e21, 1e22]).T)
>>> text = fit.to_json("fit.json")
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
    "compare",
    "comparing",
    "counting",
    "fit",
    "fit_envelope",
    "fit_isoflop",
    "fit_kaplan",
    "fit_parametric",
    "fit_power_law",
    "fitting",
    "forecast",
    "forms",
    "laws",
    "planning",
    "plots",
    "published",
    "read",
    "reading",
    "runs",
]

if TYPE_CHECKING:  # the same names, for editors
    from . import (
        comparing,
        counting,
        fitting,
        forecast,
        forms,
        laws,
        planning,
        plots,
        published,
        reading,
        runs,
    )
    from .comparing import compare
    from .fitting import (
        fit,
        fit_envelope,
        fit_isoflop,
        fit_kaplan,
        fit_parametric,
        fit_power_law,
    )
    from .laws import (
        BESIROGLU_2024,
        HOFFMANN_2022,
        KAPLAN_2020,
        ChinchillaLaw,
        KaplanLaw,
        PowerLaw,
    )
    from .reading import read

    __version__: str
else:  # out of their sight, else every name would be right

    def __getattr__(name: str) -> object:
        if name not in (*__all__, "__version__"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = found = _loaded(name)
        return found


_HOMES = {"fit": "fitting", "compare": "comparing", "read": "reading"}


def _loaded(name: str) -> object:
    if name == "__version__":
        return _version()
    home = "fitting" if name.startswith("fit_") else _HOMES.get(name)
    if home is not None:
        return getattr(import_module(f".{home}", __name__), name)
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
