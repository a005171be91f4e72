"""One thread for the matrix library, whatever the environment says, and the name of its kernel.

Runs this small lose by more threads: they wait for each other longer than they compute. Two
processes of one thread each use two cores better than one process of two.
"""

from __future__ import annotations

import ctypes
from importlib import import_module

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def one_thread() -> None:
    """One thread for NumPy's OpenBLAS from now on; other libraries obey `THREADS` when loaded."""
    setter = _openblas("set_num_threads")
    if setter:
        setter(1)


def threads() -> int | None:
    """How many threads the OpenBLAS inside NumPy uses now; None where NumPy has another library."""
    getter = _openblas("get_num_threads")
    return getter() if getter else None


def kernel() -> str:
    """The OpenBLAS kernel of this process ("SkylakeX"); "unknown" for other libraries."""
    getter = _openblas("get_corename")
    if not getter:
        return "unknown"
    getter.restype = ctypes.c_char_p
    return getter().decode()


def _openblas(function):
    """A function of the OpenBLAS that NumPy's wheels bring along, or None."""
    library = ctypes.CDLL(import_module("numpy._core._multiarray_umath").__file__)
    for name in (
        f"scipy_openblas_{function}64_",
        f"scipy_openblas_{function}",
        f"openblas_{function}",
    ):
        if hasattr(library, name):
            return getattr(library, name)
    return None
