"""The picture of learning curves: recorded numbers; words name what was trained and its gain."""

import pytest

from scalinglib import runs
from scalinglib.widgets.learning_curves import LearningCurves


@pytest.fixture(scope="module")
def picture():
    return LearningCurves()


@pytest.fixture(scope="module")
def grid():
    table = runs.load("ladder").query("arm == 'grid' and corpus == 'lexicon' and seed == 0")
    return table.set_index(["width", "tokens"])


@pytest.fixture
def said(in_node, picture):
    """The sentence for a state, as one text."""
    names = ("widths", "sizes", "tokens", "losses", "entropy", "spread", "width", "data", "trained")

    def words(**changes):
        state = {name: getattr(picture, name) for name in names} | changes
        parts = in_node("learning_curves.js", "words", "words(input)", state)
        return "".join(part if isinstance(part, str) else part[1] for part in parts)

    return words


def test_it_holds_the_recorded_runs(picture, grid):
    for w, width in enumerate(picture.widths):
        assert picture.sizes[w] == grid.loc[(width, 20_000), "N"]
        for d, tokens in enumerate(picture.tokens):
            run = grid.loc[(width, tokens)]
            assert picture.losses[w][d] == pytest.approx(run["loss"], abs=1e-6)
            last_tokens, last_loss = picture.curves[w][d][-1]
            assert (last_tokens, last_loss) == (
                run["D"],
                pytest.approx(run["train_loss"], abs=1e-3),
            )
    assert picture.entropy == pytest.approx(1.3661, abs=1e-4)


def test_it_opens_with_one_run_and_a_question(picture, said):
    assert picture.trained == [[picture.width, picture.data]]
    assert "width 16" in picture.question and "160,000" in picture.question
    assert "Double one knob" in said()


def test_a_run_that_was_not_trained_keeps_its_loss_secret(picture, said):
    text = said(width=2)
    assert "Not trained yet" in text and f"{picture.losses[2][3]:.3f}" not in text


def test_the_words_say_what_the_last_doublings_brought(picture, said):
    trained = [[1, 5], [2, 4], [2, 5]]
    text = said(width=2, data=5, trained=trained)
    gains = {
        "width": picture.losses[1][5] - picture.losses[2][5],
        "data": picture.losses[2][4] - picture.losses[2][5],
    }
    for lever, gain in gains.items():
        assert f"The last doubling of {lever} took off {gain:.3f}" in text
    noise = 2 * 2**0.5 * picture.spread
    assert f"Less than {noise:.3f}" in text
    assert (
        abs(gains["width"] - gains["data"]) > noise
        and f"Here {max(gains, key=gains.get)} was the better one" in text
    )
    alike = [list(row) for row in picture.losses]
    alike[1][5], alike[2][4], alike[2][5] = 1.8, 1.8 + noise / 2, 1.7
    assert "Neither lever" in said(losses=alike, width=2, data=5, trained=trained)


def test_the_words_compare_both_doublings_of_one_run(picture, said):
    trained = [[1, 3], [2, 3], [1, 4]]
    assert f"Doubling the data instead: {picture.losses[1][4]:.3f}" in said(
        width=2, data=3, trained=trained
    )
    assert f"Doubling the width instead: {picture.losses[2][3]:.3f}" in said(
        width=1, data=4, trained=trained
    )
    assert "instead" not in said(width=2, data=3, trained=trained[:2])


def test_a_run_that_is_not_in_the_table():
    with pytest.raises(ValueError, match="no recorded run of width 20"):
        LearningCurves(width=20)
