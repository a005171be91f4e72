"""The n-gram picture: numbers are recorded, words name the right order, labels stay apart."""

import itertools

import pandas as pd
import pytest

from scalinglib import runs
from scalinglib.widgets.ngram_curves import NgramCurves


@pytest.fixture(scope="module")
def picture():
    return NgramCurves()


@pytest.fixture(scope="module")
def mean_losses():
    return runs.load("ngrams").groupby(["D", "order"]).loss.mean().unstack()


def state(picture, **changes):
    names = ("sizes", "losses", "counts", "place", "reached", "guess")
    return {name: getattr(picture, name) for name in names} | changes


def text_of(parts):
    return "".join(part if isinstance(part, str) else part[1] for part in parts)


def test_it_holds_the_recorded_means(picture, mean_losses):
    assert picture.sizes == list(mean_losses.index)
    assert pd.DataFrame(picture.losses).T.to_numpy() == pytest.approx(
        mean_losses.to_numpy(), abs=1e-6
    )


def test_the_question_is_posed_and_not_answered(picture, mean_losses):
    assert (
        "16,000" in picture.question
        and f"order {mean_losses.loc[16_000].idxmin()} is best" in picture.question
    )
    assert picture.place == picture.reached < len(picture.sizes) - 1


def test_the_words_name_the_best_order_and_its_loss_at_every_size(in_node, picture, mean_losses):
    last = len(picture.sizes) - 1
    said = in_node(
        "ngram_curves.js",
        "words",
        "input.map(words)",
        [state(picture, place=i, reached=last) for i in range(last + 1)],
    )
    for text, (size, row) in zip(map(text_of, said), mean_losses.iterrows(), strict=True):
        assert f"best order is {row.idxmin()}," in text and f"{row.min():.3f} nats" in text, size


def test_the_verdict_on_a_guess_comes_with_the_last_size_only(in_node, picture, mean_losses):
    end, last = mean_losses.iloc[-1].idxmin(), len(picture.sizes) - 1
    asking, right, wrong = map(
        text_of,
        in_node(
            "ngram_curves.js",
            "words",
            "input.map(words)",
            [
                state(picture, guess="6"),
                state(picture, place=last, reached=last, guess=str(end)),
                state(picture, place=last, reached=last, guess=str(end + 1)),
            ],
        ),
    )
    assert (
        "You guessed order 6" in asking
        and f"order {end}." not in asking
        and "so it is" not in asking
    )
    assert "And so it is." in right
    assert f"It is order {end}." in wrong


def test_labels_do_not_touch_and_stay_inside(in_node):
    for wanted in ([10, 10.5, 11, 300, 301], [5, 390, 391, 392, 393, 394, 395, 396], [1, 100, 200]):
        places = in_node("ngram_curves.js", "apart", "apart(input, 14, 396)", wanted)
        assert all(b - a > 13 for a, b in itertools.pairwise(places)) and places[-1] <= 396
    assert in_node("ngram_curves.js", "apart", "apart(input, 14, 396)", [1, 100, 200]) == [
        1,
        100,
        200,
    ]


def test_a_gap_in_the_table_is_refused():
    curves = runs.load("ngrams").query("not (order == 3 and D == 4000)")
    with pytest.raises(ValueError, match="order 3 has no loss at D = 4000"):
        NgramCurves(curves)


@pytest.mark.parametrize("start", [17_000, 8_192_000])
def test_a_start_that_poses_no_question_is_refused(start):
    with pytest.raises(ValueError, match=str(start)):
        NgramCurves(start=start)
