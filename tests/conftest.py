"""What the tests share: JavaScript in node, and notebooks skipped with a reason where their data
cannot be had.
"""

from __future__ import annotations

import functools
import json
import re
import shutil
import subprocess

import hypothesis
import numpy as np
import pytest

hypothesis.settings.register_profile("busy machine", deadline=None)
hypothesis.settings.load_profile("busy machine")
LOADS = re.compile(r"\bruns\.load\(\s*[\"'](\w+)[\"']")


@functools.cache
def why_not(name: str) -> str:
    """Why the data set `name` cannot be had, or "" where it can; a wrong digest is an error and no
    reason to skip.
    """
    from scalinglib import runs  # here, as below, since most test files need none of it

    try:
        runs.load(name)
    except runs.DataUnavailableError as error:
        return str(error)
    return ""


@functools.cache
def missing_data(path) -> str:
    """Why a notebook cannot be run here, or ""."""
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return next(filter(None, map(why_not, sorted(set(LOADS.findall(code))))), "")


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.suffix == ".ipynb" and (reason := missing_data(item.path)):
            item.add_marker(pytest.mark.skip(reason=f"{item.path.name} needs data: {reason}"))


@pytest.fixture
def rng():
    return np.random.default_rng(20260101)


@pytest.fixture(scope="module")
def in_node(tmp_path_factory):
    """Evaluate `body`, an expression in `input`, with `names` of one source module, joined exactly
    as for the page.
    """
    from scalinglib.widgets import bundle

    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: the pages' JavaScript was not compared with Python")
    folder = tmp_path_factory.mktemp("js")

    def run(entry, names, body, data):
        (folder / "module.mjs").write_text(bundle.module(entry), encoding="utf-8")
        (folder / "main.mjs").write_text(
            f'import {{ {names} }} from "./module.mjs"; import fs from "fs";\n'
            f"const input = JSON.parse(fs.readFileSync(0)); console.log(JSON.stringify({body}));",
            encoding="utf-8",
        )
        done = subprocess.run(
            [node, folder / "main.mjs"], input=json.dumps(data), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
