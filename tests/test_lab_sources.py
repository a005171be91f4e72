import numpy as np
import pytest

from scalinglib.lab.corpus import split_files, without_copies
from scalinglib.lab.lexicon import Lexicon
from scalinglib.lab.sources import NEWLINE, Text, encode, source, training_windows


@pytest.fixture(scope="module")
def lexicon():
    return Lexicon()


@pytest.fixture(scope="module")
def text():
    rng = np.random.default_rng(0)
    files = {f"{i}.py": "".join(map(chr, rng.integers(32, 127, 400))) for i in range(120)}
    return Text("invented", lambda: split_files(files))


# ---- the language of known entropy ----


def test_the_entropy_is_that_of_the_words(lexicon):
    """Against the zeta-like sums of Zipf's law: H = s sum(p ln rank) + ln Z."""
    rank = np.arange(1, 65537)
    Z = (rank**-1.2).sum()
    assert lexicon.entropy == pytest.approx(
        (1.2 * (rank**-1.2 * np.log(rank)).sum() / Z + np.log(Z)) / 4, rel=1e-12
    )
    assert lexicon.entropy == pytest.approx(1.366, abs=5e-4)  # as measured by an earlier study


def test_held_out_text_has_the_entropy_that_was_promised(lexicon):
    surprisal = -lexicon.log_probabilities(lexicon.held_out(4096, 64)).mean(1)
    error = surprisal.std(ddof=1) / np.sqrt(len(surprisal))
    assert abs(surprisal.mean() - lexicon.entropy) < 3 * error
    assert error < 0.005


def test_the_true_law_is_a_distribution():
    """Over all texts of 1.5 words, the probabilities of what follows the first letter sum to 1."""
    small = Lexicon(n_words=7, n_letters=2, n_vocab=3)
    every = np.stack(np.meshgrid(*[np.arange(3)] * 3, indexing="ij"), -1).reshape(-1, 3)
    possible = np.bincount(small.code // 3, minlength=3) > 0
    every = every[possible[every[:, 0]]]
    total = np.bincount(every[:, 0], np.exp(small.log_probabilities(every).sum(1)), 3)
    assert total[possible] == pytest.approx(1)


def test_words_come_as_often_as_zipf_says(lexicon):
    words = lexicon.train(30000, 63, seed=5).reshape(-1, 4).astype(int) @ [32**3, 32**2, 32, 1]
    for rank in (0, 1, 9):
        expected = lexicon.probability[rank]
        share = (words == lexicon.code[rank]).mean()
        assert share == pytest.approx(expected, abs=5 * np.sqrt(expected / len(words)))
    assert len(np.unique(lexicon.code)) == 65536


def test_more_words_than_spellings_are_refused():
    with pytest.raises(ValueError, match="spell 16 words"):
        Lexicon(n_words=17, n_letters=4, n_vocab=2)


# ---- text ----


def test_characters_are_encoded_one_by_one():
    assert encode("ab\n\t~é\x00").tolist() == [65, 66, NEWLINE, 0, 0, 0, 0, 94]


def test_no_window_comes_twice_and_none_is_held_out(text):
    most = text.most(16)
    windows = text.train(most, 16, seed=3)
    assert len(np.unique(windows, axis=0)) == most
    train, test = encode(text.corpus.train).tobytes(), encode(text.corpus.test).tobytes()
    assert all(window.tobytes() in train for window in windows[:50])
    assert all(window.tobytes() in test for window in text.held_out(50, 16))


def test_fewer_windows_are_the_beginning_of_more(text, lexicon):
    for any_source in (text, lexicon):
        assert (any_source.train(20, 16, 1) == any_source.train(50, 16, 1)[:20]).all()
        assert (any_source.train(20, 16, 1) != any_source.train(20, 16, 2)).any()


def test_a_corpus_that_is_too_small_says_how_much_it_has(text):
    with pytest.raises(
        ValueError, match=r"has .*e\+04 tokens to train on .* 1.6e\+06 were asked for"
    ):
        text.train(100_000, 16)
    with pytest.raises(ValueError, match="held-out tokens"):
        text.held_out(100_000, 16)


@pytest.mark.whole
def test_the_students_corpus_has_half_a_megabyte_held_out():
    library = source("library")
    assert len(encode(library.corpus.test)) >= 0.5e6
    assert len(encode(library.corpus.train)) > 8e6


def test_an_unknown_source_is_refused():
    with pytest.raises(ValueError, match="'lexicon', 'library' and 'python'"):
        source("shakespeare")


def test_near_duplicates_go_and_the_first_stays():
    lines = [f"some_function_number_{i}(argument)" for i in range(40)]
    files = {
        "a": "\n".join(lines),
        "copy": "\n".join(lines[:30] + [f"another_line_altogether_{i}" for i in range(10)]),
        "other": "\n".join(f"value_{i} = something_else" for i in range(40)),
        "short": "x\n" * 40,
    }
    assert list(without_copies(files)) == ["a", "other", "short"]


# ---- spoilt on purpose ----


def test_repeated_data_come_again_in_whole_epochs(lexicon):
    windows = training_windows(lexicon, 100, 16, unique=30 * 16)
    fresh = {window.tobytes() for window in lexicon.train(30, 16)}
    for epoch in range(3):
        assert {window.tobytes() for window in windows[30 * epoch : 30 * epoch + 30]} == fresh
    assert (windows[:30] != windows[30:60]).any()
    assert (training_windows(lexicon, 20, 16, unique=10**9) == lexicon.train(20, 16)).all()


def test_noise_shuffles_the_characters_of_a_share(lexicon):
    clean, noisy = lexicon.train(2000, 64), training_windows(lexicon, 2000, 64, noise=0.3)
    changed = (clean != noisy).any(1)
    assert changed.mean() == pytest.approx(0.3, abs=0.05)
    assert (np.sort(clean, 1) == np.sort(noisy, 1)).all()


def test_duplicates_come_as_often_as_they_should(lexicon):
    windows = training_windows(lexicon, 4000, 64, duplicated=0.5, copies=100)
    _, times = np.unique(windows, axis=0, return_counts=True)
    assert times[times > 1].sum() == pytest.approx(2000, abs=150)
    assert np.median(times[times > 1]) == pytest.approx(100, abs=5)


@pytest.mark.parametrize(
    "spoilt, what",
    [({"noise": 1.5}, "noise"), ({"duplicated": -1}, "duplicated"), ({"unique": 10}, "unique")],
)
def test_what_cannot_be_spoilt_is_refused(lexicon, spoilt, what):
    with pytest.raises(ValueError, match=what):
        training_windows(lexicon, 10, 16, **spoilt)


@pytest.mark.parametrize("name", ["lexicon", "python", "library"])
def test_a_corpus_goes_by_the_name_that_it_was_asked_for(name):
    assert source(name).name == name
