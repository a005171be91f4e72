"""What `import scalinglib` brings, and what it leaves until it is asked for."""

import ast
import subprocess
import sys
import time
from pathlib import Path

import pytest

import scalinglib

HEAVY = ("numpy", "scipy", "pandas", "matplotlib", "anywidget", "pooch", "tqdm")


def loaded_after(code):
    """Top-level modules, and those of scalinglib, that a new Python has after `code`."""
    told = f"import sys; {code}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_package_alone_loads_nothing():
    loaded = loaded_after("import scalinglib; dir(scalinglib)")
    assert not {*HEAVY} & loaded
    assert {name for name in loaded if name.startswith("scalinglib.")} == set()


def test_a_law_brings_numpy_and_no_more():
    loaded = loaded_after("from scalinglib import ChinchillaLaw, HOFFMANN_2022, laws")
    assert {*HEAVY} & loaded == {"numpy"}
    assert {name for name in loaded if name.startswith("scalinglib.")} == {
        "scalinglib._inputs",
        "scalinglib.laws",
    }


def test_a_fit_brings_no_pictures_and_no_laboratory():
    loaded = loaded_after("from scalinglib import fit_parametric, runs")
    assert "scalinglib.fitting" in loaded
    assert not {"matplotlib", "anywidget", "scalinglib.widgets", "scalinglib.lab"} & loaded


def test_import_is_quick():
    """0.3 s is what a new Python may take for all of it; the best of five, on a busy machine."""
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import scalinglib"], check=True)
        taken.append(time.perf_counter() - start)
        if taken[-1] < 0.3:
            return
    pytest.fail(f"import scalinglib took {min(taken):.2f} s at best")


@pytest.mark.parametrize("name", scalinglib.__all__)
def test_every_name_is_that_of_its_module(name):
    found = getattr(scalinglib, name)
    homes = {"fit": "fitting", "compare": "comparing", "read": "reading"}
    if name.startswith("fit_") or name in homes:
        assert found is getattr(getattr(scalinglib, homes.get(name, "fitting")), name)
    elif name.islower():
        assert found is sys.modules[f"scalinglib.{name}"]
    else:
        assert found is getattr(scalinglib.laws, name)


def test_the_names_are_listed_and_others_are_refused():
    assert {*scalinglib.__all__, "__version__"} <= {*dir(scalinglib)}
    with pytest.raises(AttributeError, match="no attribute 'fit_parametrics'"):
        scalinglib.fit_parametrics  # noqa: B018


def test_editors_know_the_same_names():
    """The block that only type checkers read imports exactly the names of __all__."""
    tree = ast.parse(Path(scalinglib.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    imported = [
        alias.name
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    assert sorted(imported) == sorted(scalinglib.__all__)
