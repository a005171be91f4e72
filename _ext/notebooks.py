"""Re-execute notebooks and write them back so that running them again changes nothing.

    python _ext/notebooks.py chapters/09_parametric_fit.ipynb ...
    python _ext/notebooks.py --pictures chapters/*.ipynb     only the scripts of the pictures

The committed outputs are what the site shows and what nbval compares, so everything that differs
from run to run is taken out: timestamps, the interpreter's version, the random ids of widgets. A
notebook in which a cell raised is not written. The notebook's metadata name the code that was run,
so that a test sees, without running it, outputs that are older than the code.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import time
from pathlib import Path

import nbformat

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"
REFERENCE = "IPY_MODEL_"  # how one model's state names another model
KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python", "pygments_lexer": "ipython3"}
TIMEOUT = 300  # seconds a single cell may take


def execute(path: Path) -> nbformat.NotebookNode:
    """Run a notebook in its own folder and return it, normalised.

    Raises CellExecutionError if a cell raises.
    """
    from nbclient import NotebookClient  # here and below: who looks at notebooks needs none of it

    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.pop("widgets", None)
    NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    notebook.metadata["ran"] = code_of(notebook)
    return normalise(notebook)


def code_of(notebook: nbformat.NotebookNode) -> str:
    """A short name of a notebook's code; how its lines are broken does not matter."""
    code = "\n".join(
        re.sub(r",?\s*(?=[)\]}])|\s", "", cell.source)
        for cell in notebook.cells
        if cell.cell_type == "code"
    )
    return hashlib.sha256(code.encode()).hexdigest()[:12]


def normalise(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Take out (in place) what differs between two runs; a second call changes nothing."""
    notebook.metadata["kernelspec"] = dict(KERNELSPEC)
    notebook.metadata["language_info"] = dict(LANGUAGE)
    count = 0
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type != "code":
            continue
        if cell.source.strip():
            count += 1
            cell.execution_count = count
        cell.outputs = _joined_streams(cell.outputs)
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = cell.execution_count
    _name_widgets(notebook)
    return notebook


def _joined_streams(outputs: list) -> list:
    """Join neighbours of one stream: where printed text is cut is a matter of timing."""
    joined = []
    for output in outputs:
        if joined and output.output_type == "stream" and joined[-1].get("name") == output.name:
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


def _name_widgets(notebook: nbformat.NotebookNode) -> None:
    """Name each widget after its cell and place, its parts after it; drop states nobody sees."""
    widgets = notebook.metadata.pop("widgets", None)
    if widgets is None:
        return
    states, names = widgets[STATE]["state"], {}
    for cell in notebook.cells:
        views = [
            output.data[VIEW]
            for output in cell.get("outputs", [])
            if VIEW in output.get("data", {})
        ]
        for index, view in enumerate(views):
            _claim(view["model_id"], f"{cell.id}/{index}", states, names)
            view["model_id"] = names[view["model_id"]]
    if names:
        kept = {names[old]: _renamed(states[old], names) for old in names if old in states}
        notebook.metadata["widgets"] = {STATE: {**widgets[STATE], "state": kept}}


def _claim(model: str, place: str, states: dict, names: dict[str, str]) -> None:
    """Give `model` and all models that its state refers to names that follow from `place`."""
    if model in names:
        return
    names[model] = hashlib.sha256(place.encode()).hexdigest()[:32]
    for path, part in _references(states.get(model, {}).get("state", {})):
        _claim(part, f"{place}/{path}", states, names)


def _references(value, path: str = ""):
    """Yield (path, model id) of every reference inside a widget's state."""
    if isinstance(value, str) and value.startswith(REFERENCE):
        yield path, value.removeprefix(REFERENCE)
    elif isinstance(value, dict):
        for key in sorted(value):
            yield from _references(value[key], f"{path}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _references(item, f"{path}.{index}")


def _renamed(value, names: dict[str, str]):
    """A copy of a widget's state in which the references carry the new names."""
    if isinstance(value, str) and value.startswith(REFERENCE):
        return REFERENCE + names[value.removeprefix(REFERENCE)]
    if isinstance(value, dict):
        return {key: _renamed(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    return value


def write(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Replace the file in one step: a reader sees the old notebook or the new one, never half."""
    nbformat.validate(notebook)
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        nbformat.write(notebook, scratch)
        os.replace(scratch, path)
    finally:
        scratch.unlink(missing_ok=True)


def renew(path: Path) -> None:
    """Give the notebook's pictures the scripts of today, without running it."""
    import pictures

    notebook = nbformat.read(path, as_version=4)
    pictures.renew(notebook)
    write(notebook, path)


def main(paths: list[str]) -> int:
    if paths[:1] == ["--pictures"]:
        for path in map(Path, paths[1:]):
            renew(path)
        return 0
    from nbclient.exceptions import CellExecutionError

    failed = 0
    for path in map(Path, paths):
        start = time.perf_counter()
        try:
            write(execute(path), path)
        except CellExecutionError as error:
            failed += 1
            print(f"{path}: NOT written, a cell raised\n{error}", file=sys.stderr)
        else:
            print(f"{path}: written, {time.perf_counter() - start:.1f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
