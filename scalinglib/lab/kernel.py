"""The same model with its arithmetic in C: `kernel.c`, compiled where a compiler is found.

Nothing needs it. `sweep` and `levers` use it where it is asked for by name (kernel="c"), and NumPy
where there is no compiler; notebooks always train with NumPy. The compiled file goes into the
user's cache, under a name that is a digest of source, flags, compiler and processor.

What is repeatable. On one machine the kernel gives the same bytes every time, and, since no sum is
left to the compiler (`kernel.c`), the same bytes from every compiler that obeys -ffp-contract=off
and for registers of eight numbers (AVX2) and of sixteen (AVX-512). So `c 3f59fb4f`, which recorded
manifests name, and today's quicker source are one kernel.
Its gradient agrees with NumPy's in double precision to about 1e-6, as NumPy's own single precision
does. What is not: training amplifies rounding. Two right kernels agree to 1e-6 in the loss for some
two hundred steps and part by 1e-3 after a thousand, half the spread between seeds or less. So a row
of a table is repeated to its last digit only by the kernel that it names.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pooch

from ..counting import Transformer
from . import training
from .mixture import Mixture

SOURCE = Path(__file__).with_name("kernel.c")
FLAGS = (
    *("-O3", "-march=native", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math"),
    *("-shared", "-fPIC", "-lm"),
)
COMPILERS = (("cc",), ("gcc",), ("clang",), (sys.executable, "-m", "ziglang", "cc"))
MOST = {"n_ctx": 160, "d_model": 128, "n_head": 8, "n_vocab": 128, "n_layer": 8, "n_expert": 8}
MULTIPLES = {"n_ctx": 16, "d_model": 8, "n_vocab": 8}


class KernelError(ValueError):
    """No C kernel here, or none for this shape; NumPy does the same."""


def missing() -> str:
    """Why there is no C kernel on this machine, in words; "" where there is one."""
    try:
        _library()
    except KernelError as error:
        return str(error)
    return ""


def name() -> str:
    """What a manifest calls it: "c" and eight digits of the source's digest."""
    return f"c {hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:8]}"


def compiler() -> str:
    """The compiler that made it: the first line of its --version. Raises KernelError."""
    return _compiler()[1]


class KernelModel(Mixture):
    """In place of `model.Model` and `mixture.Mixture`: the same parameters, the same gradients.

    Raises KernelError where there is no compiler, for windows of another length than n_ctx, and for
    shapes it does not fit: n_ctx a multiple of 16, width and vocabulary of 8, none above `MOST`.
    """

    def __init__(self, shape: Transformer, seed: int = 0, recency: float = 1.0) -> None:
        for field, most in MOST.items():
            value, of = getattr(shape, field), MULTIPLES.get(field, 1)
            if value > most or value % of:
                raise KernelError(
                    f"the C kernel takes {field} up to {most}"
                    f"{f' in multiples of {of}' if of > 1 else ''}, got {value}: NumPy takes any"
                )
        super().__init__(shape, seed, recency)
        self.library, turn = _library(), self.turn
        self.held = (  # the addresses below are theirs
            np.ascontiguousarray(self.mask.swapaxes(1, 2)),
            np.ascontiguousarray(np.real(turn).T, np.float32),
            np.ascontiguousarray(np.imag(turn).T, np.float32),
        )
        sizes = (
            *(shape.n_layer, shape.d_model, shape.n_head, shape.n_vocab, shape.n_ctx),
            *(4 * shape.d_model, shape.n_expert),
        )
        self.c_shape = _Shape(*sizes, *(array.ctypes.data for array in self.held))

    def gradient(
        self, x: np.ndarray, y: np.ndarray, soft: np.ndarray | None = None, weight: float = 1.0
    ) -> float:
        """As `Model.gradient`."""
        self.grad[:] = 0
        return self._call(x, y, self.grad, soft, weight)

    def loss(self, x: np.ndarray, y: np.ndarray) -> float:
        """As `Model.loss`."""
        return self._call(x, y)

    def forward(self, x: np.ndarray) -> tuple[np.ndarray, tuple]:
        """Logits as those of `Model.forward`; nothing is kept for a backward pass."""
        logits = np.empty((np.size(x), self.shape.n_vocab), np.float32)
        self._call(x, np.zeros_like(x), logits=logits)
        return logits, ()

    def _call(self, x, y, grad=None, soft=None, weight=1.0, logits=None):
        x, y = np.ascontiguousarray(x, np.uint8), np.ascontiguousarray(y, np.uint8)
        if x.shape != y.shape or x.shape[1] != self.shape.n_ctx:
            raise KernelError(
                f"the C kernel takes windows of {self.shape.n_ctx} tokens, got arrays of shape "
                f"{x.shape} and {y.shape}"
            )
        if max(x.max(), y.max()) >= self.shape.n_vocab:
            raise KernelError(f"a token is not below the {self.shape.n_vocab} of the vocabulary")
        if soft is not None:
            soft = np.ascontiguousarray(soft, np.float32)
            if soft.size != x.size * self.shape.n_vocab:
                raise KernelError(
                    f"soft targets of shape {soft.shape} for {x.size} tokens out of "
                    f"{self.shape.n_vocab}: one probability for each token of each place"
                )
        return self.library.gradient(
            ctypes.addressof(self.c_shape),
            *(_address(array) for array in (self.theta, grad, x, y)),
            len(x),
            _address(soft),
            weight,
            *(_address(array) for array in (self.bias, self.loads, logits)),
        )


class AdamW(training.AdamW):
    """`training.AdamW` in C, for vectors of float32 and one decay."""

    def __init__(self, theta: np.ndarray, rates: np.ndarray, decay: float, **constants: float):
        super().__init__(theta, rates, decay, **constants)
        edges = [0, *(np.flatnonzero(np.diff(rates)) + 1), len(rates)]
        self.stretches = list(pairwise(edges))  # of one rate

    def step(self, grad: np.ndarray, scale: float) -> None:
        """As `training.AdamW.step`."""
        self.steps += 1
        unbiased = 1 - self.beta1**self.steps, 1 - self.beta2**self.steps
        for start, end in self.stretches:
            _library().adamw(
                *(a[start:].ctypes.data for a in (self.theta, grad, self.mean, self.square)),
                end - start,
                1.0,
                float(self.rates[start]) * scale / unbiased[0],
                unbiased[1] ** -0.5,
                self.decay * scale,
                *(self.beta1, self.beta2, self.epsilon),
            )


# ---- compiling ----------------------------------------------------------------------------------


class _Shape(ctypes.Structure):
    _fields_ = (
        *(
            (field, ctypes.c_int)
            for field in ("layers", "width", "heads", "vocab", "context", "hidden", "experts")
        ),
        *((field, ctypes.c_void_p) for field in ("mask", "cosine", "sine")),
    )


def _address(array):
    return None if array is None else array.ctypes.data


@lru_cache(maxsize=1)
def _compiler() -> tuple[Sequence[str], str]:
    """The first compiler that answers: its command and its version."""
    for command in COMPILERS:
        if shutil.which(command[0]) is None:
            continue
        asked = subprocess.run([*command, "--version"], capture_output=True, text=True)
        if asked.returncode == 0:
            return command, asked.stdout.splitlines()[0]
    raise KernelError(
        "no C compiler is found (cc, gcc, clang, or the Python package ziglang), so NumPy does "
        "the arithmetic, at a half to a fifth of the speed"
    )


@lru_cache(maxsize=1)
def _library() -> ctypes.CDLL:
    """The compiled kernel, from the cache or made now."""
    if sys.platform == "win32":
        raise KernelError("the C kernel is for Linux and macOS; NumPy does the arithmetic here")
    command, version = _compiler()
    told = (SOURCE.read_bytes(), " ".join(FLAGS).encode(), version.encode(), _processor())
    digest = hashlib.sha256(b"\0".join(told)).hexdigest()[:16]
    file = Path(pooch.os_cache("scalinglib")) / "kernel" / f"{digest}.so"
    if not file.exists():
        _compile(command, file)
    library = ctypes.CDLL(str(file))
    pointer, real, count = ctypes.c_void_p, ctypes.c_float, ctypes.c_long
    library.gradient.restype = ctypes.c_double
    library.gradient.argtypes = [
        *([pointer] * 5),
        *(ctypes.c_int, pointer, real),
        *([pointer] * 3),
    ]
    library.adamw.restype = None
    library.adamw.argtypes = [*([pointer] * 4), count, *([real] * 7)]
    return library


def _compile(command: Sequence[str], file: Path) -> None:
    """All or nothing: a reader of the cache never finds half a library."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent) as aside:
        made = Path(aside) / file.name
        done = subprocess.run(
            [*command, str(SOURCE), "-o", str(made), *FLAGS], capture_output=True, text=True
        )
        if done.returncode:
            raise KernelError(
                f"{' '.join(command)} could not compile {SOURCE.name}, so NumPy does the "
                f"arithmetic: {(done.stderr.strip().splitlines() or ['no reason given'])[0]}"
            )
        os.replace(made, file)


def _processor() -> bytes:
    """What -march=native depends on; a home folder may be seen by several machines."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    kinds = {line for line in lines if line.startswith(("flags", "Features", "model name"))}
    return "\n".join([platform.machine(), platform.processor(), *sorted(kinds)]).encode()
