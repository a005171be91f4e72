"""Notebooks that read a data set which cannot be had here are skipped, with that reason, and never passed."""
from __future__ import annotations

import functools
import re

import nbformat
import pytest

from scalinglib import runs

LOADS = re.compile(r"\bruns\.load\(\s*[\"'](\w+)[\"']")


@functools.cache
def why_not(name: str) -> str:
    """Why the data set `name` cannot be had, or "" where it can; a wrong digest is an error and no reason to skip."""
    try:
        runs.load(name)
    except runs.DataUnavailableError as error:
        return str(error)
    return ""


@functools.cache
def missing_data(path) -> str:
    """Why a notebook cannot be run here, or ""."""
    notebook = nbformat.read(path, as_version=4)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return next(filter(None, map(why_not, sorted(set(LOADS.findall(code))))), "")


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.suffix == ".ipynb" and (reason := missing_data(item.path)):
            item.add_marker(pytest.mark.skip(reason=f"{item.path.name} needs data: {reason}"))
