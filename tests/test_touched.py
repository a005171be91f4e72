"""Which tests `make quick FILE=...` runs for a file."""

import pytest
from touched import FURTHER, ROOT, arguments


@pytest.mark.parametrize(
    "file, wanted",
    [
        ("scalinglib/fitting.py", "tests/test_fitting.py"),
        ("scalinglib/_inputs.py", "tests/test_inputs.py"),
        ("scalinglib/lab/sweep.py", "tests/test_lab_sweep.py"),
        ("scalinglib/checks/kinds.py", "tests/test_exercises.py"),  # through the package
        ("scalinglib/planning.py", "tests/test_defaults.py"),  # it reads all files
        ("scalinglib/pictures.py", "tests/test_plots.py"),  # through what a fit draws
        (
            "scalinglib/lab/lever_plan.py",
            "'tests/test_docs.py::test_every_example_says_what_it_does[scalinglib.lab.lever_plan]'",
        ),
        ("exercises/inside.py", "tests/test_grading.py"),  # through sandbox.py
        ("_ext/answers.py", "tests/test_answers.py"),
        ("_ext/pictures.py", "tests/test_hooks.py"),
        ("_ext/given.py", "tests/test_pad.py"),  # through course.py, though test_hooks.py has it
        ("scalinglib/lab/gains_steps.py", "tests/test_read_off.py"),
        ("scalinglib/_powers.py", "tests/test_rare.py"),
        ("_ext/assets/answers.js", "tests/test_questions.py"),  # it works a page
        ("_ext/assets/reading.js", "tests/test_deeds.py"),
        ("_ext/assets/calc.js", "tests/test_calculator.py"),  # through answering.py
        ("scalinglib/widgets/law.js", "tests/test_widget_numbers.py"),
        ("chapters/handbook.md", "tests/test_handbook.py"),
        ("chapters/notation.md", "tests/test_in_order.py"),  # its numbers
        ("scalinglib/cli.py", "tests/test_in_order.py"),  # those of its docstrings
        ("tests/test_laws.py", "tests/test_laws.py"),
    ],
)
def test_a_file_concerns_its_tests(file, wanted):
    found = arguments(ROOT / file)
    assert wanted in found
    assert len(found) < 27


@pytest.mark.parametrize(
    "file", ["chapters/08_isoflops.ipynb", "scalinglib/checks/chapters/ch08_isoflops.py"]
)
def test_a_chapter_concerns_its_own_tests_only(file):
    *files, _, chosen = arguments(ROOT / file)
    assert {"tests/test_exercises.py", "tests/test_questions.py"} <= set(files)
    assert chosen == "'08 or test_handbook or test_in_order or test_questions'"


def test_what_is_named_by_hand_exists():
    for file, tests in FURTHER.items():
        found = {f"tests/{name}" for name in tests}
        assert (ROOT / file).exists() and all((ROOT / test).exists() for test in found)
        assert found <= set(arguments(ROOT / file))


def test_what_nothing_knows_is_said():
    with pytest.raises(ValueError, match=r"no test is known for biome\.jsonc"):
        arguments(ROOT / "biome.jsonc")
