"""The skeleton of an exercise that `new` writes: it is right, and all three places know it."""

import json
import shutil
from pathlib import Path

import pytest

from exercises import Stream, new, parameter_cell, parameters
from exercises.new import NewError
from exercises.strip import exercise_of, role_of, source_of, stub
from scalinglib.checks import judge

ROOT = Path(__file__).parents[1]
ID = "08-tokens-of-mine"
PLACES = (
    "scalinglib/checks/chapters/ch08_isoflops.py",
    "exercises/chapters/ch08_isoflops.py",
    "chapters/08_isoflops.ipynb",
)


@pytest.fixture
def root(tmp_path):
    for place in PLACES:
        (tmp_path / place).parent.mkdir(parents=True)
        shutil.copy(ROOT / place, tmp_path / place)
    return tmp_path


def module(path, package):
    names = {"__name__": f"{package}.{path.stem}", "__package__": package}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), names)  # our own
    return names


def test_a_skeleton_is_an_exercise_that_works(root):
    checks, spec, chapter = new.new(ID, root)
    exercise = module(checks, "scalinglib.checks.chapters")["EXERCISES"][-1]
    spec = module(spec, "exercises.chapters")["SPECS"][-1]
    assert exercise.id == spec.id == ID
    cells = json.loads(chapter.read_text(encoding="utf-8"))["cells"]
    own = [cell for cell in cells if exercise_of(cell) == ID]
    assert [role_of(cell) for cell in own] == ["parameters", "exercise", "check", "hint"]
    assert source_of(own[0]) == parameter_cell(parameters(spec))
    question = source_of(cells[cells.index(own[0]) - 1])
    assert question.startswith("### Exercise 8.5: Tokens of mine\n\n*warm-up, 5 minutes*\n")
    for student in range(20):
        params = spec.draw(Stream("a key", ID, str(student)))
        for source, right in (
            (source_of(own[1]), True),
            *((s, False) for s in spec.mutants.values()),
        ):
            names = dict(params)
            exec(source, names)  # our own
            outcome = judge(exercise, names[exercise.answer], params)
            assert (outcome.status == "right") == right and outcome.rule != "generic", outcome
    assert stub(source_of(own[1]), exercise.answer, ID) == "tokens_of_mine = ..."


def test_only_an_id_that_is_free_is_added(root):
    before = {place: (root / place).read_bytes() for place in PLACES}
    for id, why in (
        ("8-tokens", "is no id"),
        ("08-Tokens", "is no id"),
        ("08-6-tokens", "is no id"),
        ("08-two-runs", "is taken"),
        ("08-bias", "its answer 'bias' is taken"),
        ("09-tokens", "there is no chapter 09"),
    ):
        with pytest.raises(NewError, match=why):
            new.new(id, root)
    assert {place: (root / place).read_bytes() for place in PLACES} == before


def test_the_guide_tells_the_rules_that_bit_an_author():
    """[118] They were enforced, and stood nowhere."""
    guide = (ROOT / "exercises/README.md").read_text(encoding="utf-8")
    rules = " ".join(guide.split("## Every rule that is enforced")[1].split())
    for rule in (
        "level and the minutes, `*core, 10 minutes*`",
        "It *begins* with the heading `### Exercise 9.5: Title`",
        "Cell ids are letters, digits, `-` and `_`, at most 64, all different",
        "(of a function the last property) may not be all that a mutant is told",
    ):
        assert rule in rules
