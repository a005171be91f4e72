"""The picture of learning curves: its numbers are the recorded ones, its words name what was trained and what it brought."""
import json
import shutil
import subprocess

import pytest

from scalinglib import runs
from scalinglib.widgets import bundle
from scalinglib.widgets.learning_curves import LearningCurves


@pytest.fixture(scope="module")
def picture():
    return LearningCurves()


@pytest.fixture(scope="module")
def grid():
    table = runs.load("ladder").query("arm == 'grid' and corpus == 'lexicon' and seed == 0")
    return table.set_index(["width", "tokens"])


def said(tmp_path, picture, **changes):
    """The sentence for a state, as one text."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed: the picture's words were not compared with the table")
    for source in ("ui.js", "learning_curves.js"):
        text = (bundle.HERE / source).read_text(encoding="utf-8")
        (tmp_path / source.replace(".js", ".mjs")).write_text(text.replace('.js";', '.mjs";'), encoding="utf-8")
    (tmp_path / "main.mjs").write_text(
        'import { words } from "./learning_curves.mjs"; import fs from "fs";\n'
        "console.log(JSON.stringify(words(JSON.parse(fs.readFileSync(0)))));", encoding="utf-8")
    names = ("widths", "sizes", "tokens", "losses", "entropy", "spread", "width", "data", "trained")
    state = {name: getattr(picture, name) for name in names} | changes
    done = subprocess.run(["node", tmp_path / "main.mjs"], input=json.dumps(state), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return "".join(part if isinstance(part, str) else part[1] for part in json.loads(done.stdout))


def test_it_holds_the_recorded_runs(picture, grid):
    for w, width in enumerate(picture.widths):
        assert picture.sizes[w] == grid.loc[(width, 20_000), "N"]
        for d, tokens in enumerate(picture.tokens):
            run = grid.loc[(width, tokens)]
            assert picture.losses[w][d] == pytest.approx(run["loss"], abs=1e-6)
            last_tokens, last_loss = picture.curves[w][d][-1]
            assert (last_tokens, last_loss) == (run["D"], pytest.approx(run["train_loss"], abs=1e-3))
    assert picture.entropy == pytest.approx(1.3661, abs=1e-4)


def test_it_opens_with_one_run_and_a_question(picture, tmp_path):
    assert picture.trained == [[picture.width, picture.data]]
    assert "width 16" in picture.question and "160,000" in picture.question
    assert "Double one knob" in said(tmp_path, picture)


def test_a_run_that_was_not_trained_keeps_its_loss_secret(picture, tmp_path):
    text = said(tmp_path, picture, width=2)
    assert "Not trained yet" in text and f"{picture.losses[2][3]:.3f}" not in text


def test_the_words_say_what_the_last_doublings_brought(picture, tmp_path):
    trained = [[1, 5], [2, 4], [2, 5]]
    text = said(tmp_path, picture, width=2, data=5, trained=trained)
    gains = {"width": picture.losses[1][5] - picture.losses[2][5], "data": picture.losses[2][4] - picture.losses[2][5]}
    for lever, gain in gains.items():
        assert f"The last doubling of {lever} took off {gain:.3f}" in text
    noise = 2 * 2**0.5 * picture.spread
    assert f"Less than {noise:.3f}" in text
    assert abs(gains["width"] - gains["data"]) > noise and f"Here {max(gains, key=gains.get)} was the better one" in text
    alike = [list(row) for row in picture.losses]
    alike[1][5], alike[2][4], alike[2][5] = 1.8, 1.8 + noise / 2, 1.7
    assert "Neither lever" in said(tmp_path, picture, losses=alike, width=2, data=5, trained=trained)


def test_a_run_that_is_not_in_the_table():
    with pytest.raises(ValueError, match="no recorded run of width 20"):
        LearningCurves(width=20)
