"""Text to learn from: real, on every student's machine already, and split so that nothing leaks."""

from __future__ import annotations

import hashlib
import importlib.util
import sysconfig
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

PIECE = 500  # characters: about a dozen lines, so that a small sample is not all from one file
NOT_LIBRARY = {"test", "tests", "idle_test", "site-packages", "dist-packages", "__pycache__"}


@dataclass(frozen=True)
class Corpus:
    """Named texts in a fixed order, each wholly in the training or the held-out part."""

    name: str
    training: tuple[tuple[str, str], ...]  # (file name, its characters)
    held_out: tuple[tuple[str, str], ...]

    @cached_property
    def train(self) -> str:
        """All training characters, one file after the other."""
        return "".join(text for _, text in self.training)

    @cached_property
    def test(self) -> str:
        """All held-out characters."""
        return "".join(text for _, text in self.held_out)

    def sample(self, size: int, seed: int = 0) -> str:
        """`size` training characters as pieces of `PIECE` characters, drawn without return.

        The same seed always draws the same pieces in the same order: a smaller sample is the
        beginning of a larger one. Raises ValueError where `size` is not between 1 and the number of
        training characters.
        """
        if not 1 <= size <= len(self.train):
            raise ValueError(
                f"size must be from 1 to the {len(self.train)} training characters, got {size}"
            )
        starts = np.random.default_rng(seed).permutation(range(0, len(self.train), PIECE))
        needed = starts[: size // PIECE + 2]  # the last piece of the text may be short
        return "".join(self.train[start : start + PIECE] for start in needed)[:size]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of every name and every character, in order: another digest is another corpus."""
        whole = hashlib.sha256()
        for part in (self.training, self.held_out):
            for name, text in part:
                for field in (name, text):
                    data = field.encode("utf-8", "surrogatepass")
                    whole.update(len(data).to_bytes(8, "big") + data)
            whole.update(b"\xff")  # no length begins with 0xff: marks where the training part ends
        return whole.hexdigest()


def split_files(files: Mapping[str, str], held_out: float = 0.1, name: str = "files") -> Corpus:
    """Split `files`, a mapping from name to text, into training and held-out parts.

    A file's place depends on the SHA-256 of its name and on nothing else, so a file stays on its
    side when others come and go, and the order mixes all subjects. `held_out` is the expected share
    of files (not of characters) that is held out.

    Raises ValueError where one of the two parts would be empty.
    """

    def digest(item):
        return hashlib.sha256(item[0].encode()).digest()

    ordered = sorted(files.items(), key=digest)
    # not the order's bytes
    aside = [int.from_bytes(digest(item)[-4:], "big") < held_out * 2**32 for item in ordered]
    parts = [
        tuple(item for item, out in zip(ordered, aside, strict=True) if out is wanted)
        for wanted in (False, True)
    ]
    if not all(parts):
        raise ValueError(
            f"{len(ordered)} files with held_out={held_out:g} leave one part empty: "
            "give more files or another share"
        )
    return Corpus(name, *parts)


def python_files(root: str | Path) -> dict[str, str]:
    """Every Python file below `root` by relative name, without tests, packages, build records."""
    files = {}
    for path in Path(root).rglob("*.py"):
        relative = path.relative_to(root)
        records_a_build = path.name.startswith("_sysconfigdata") or relative.parts[0].startswith(
            "config-"
        )
        if records_a_build or NOT_LIBRARY.intersection(relative.parts):
            continue
        with tokenize.open(path) as source:  # obeys the file's own coding line
            files[relative.as_posix()] = source.read()
    return files


def standard_library(held_out: float = 0.1) -> Corpus:
    """The source of the running Python's standard library, as characters.

    Another Python version is another text: compare `digest` before comparing losses.
    """
    return split_files(
        python_files(sysconfig.get_paths()["stdlib"]), held_out, "Python standard library"
    )


# ---- more of it, for sweeps ----


PACKAGES = ("numpy", "scipy", "pandas", "matplotlib", "mpl_toolkits")
LONG = 20  # characters: shorter lines ("else:", "return None") are alike in all files


def python_source(held_out: float = 0.02) -> Corpus:
    """The standard library with its tests, and the installed numpy, scipy, pandas, matplotlib.

    Tables of numbers and near-duplicates (`without_copies`) are left out. Other versions of Python
    or of these packages are another text: compare `digest`.
    """
    roots = {"python": Path(sysconfig.get_paths()["stdlib"])}
    for package in PACKAGES:
        spec = importlib.util.find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise ImportError(f"{package} is not installed, and its source is part of this corpus")
        roots[package] = Path(spec.submodule_search_locations[0])
    files = {}
    for package, root in roots.items():
        for path in sorted(root.rglob("*.py")):
            relative = path.relative_to(root)
            if "site-packages" in relative.parts or path.name.startswith("_sysconfigdata"):
                continue
            # some are broken on purpose
            text = path.read_bytes().decode("utf-8", "ignore").replace("\r\n", "\n")
            if len(text) >= 200 and not _is_table(text):
                files[f"{package}/{relative.as_posix()}"] = text
    return split_files(
        without_copies(files), held_out, "Python standard library, numpy, scipy, pandas, matplotlib"
    )


def without_copies(files: Mapping[str, str]) -> dict[str, str]:
    """`files` without those whose long lines mostly stand in the files before them.

    What is held out must be new: generated code, vendored copies and old versions of a file would
    leak into it.
    """
    seen, kept = set(), {}
    for name, text in files.items():
        lines = [line for line in map(str.strip, text.split("\n")) if len(line) >= LONG]
        if sum(map(seen.__contains__, lines)) <= len(lines) / 2:
            kept[name] = text
            seen.update(lines)
    return kept


def _is_table(text):
    """More than a fifth digits, or lines of more than 150 characters: nothing that anyone wrote."""
    digits = sum(map(text.count, "0123456789"))
    return digits > 0.2 * len(text) or len(text) > 150 * (text.count("\n") + 1)
