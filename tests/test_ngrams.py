import math
from collections import Counter, defaultdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scalinglib import runs
from scalinglib.lab import ngrams
from scalinglib.lab.corpus import split_files, standard_library

TEXTS = st.text(st.sampled_from("ab \nz\u00e9"), min_size=1, max_size=60)


def brute_force(train, order):
    """Witten-Bell by dictionaries, from the definition: a function (context, x) -> probability."""

    def clean(text):
        return "\0" * 7 + "".join(x if ord(x) < 127 else "\x7f" for x in text)

    train, tables = clean(train), []
    for k in range(order + 1):
        table = defaultdict(Counter)
        for i in range(7, len(train)):
            table[train[i - k : i]][train[i]] += 1
        tables.append(table)

    def probability(context, x, k):
        if k < 0:
            return 1 / 128
        lower = probability(context[1:], x, k - 1)
        seen = tables[k].get(context)
        if seen is None:
            return lower
        return (seen[x] + len(seen) * lower) / (sum(seen.values()) + len(seen))

    def passage(text):
        text = clean(text)
        return [
            [probability(text[i - k : i], text[i], k) for i in range(7, len(text))]
            for k in range(order + 1)
        ]

    return passage


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS)
def test_agrees_with_dictionaries_of_strings(train, text):
    assert ngrams.count(train).probabilities(text) == pytest.approx(
        np.array(brute_force(train, 7)(text)), rel=1e-12
    )


@settings(max_examples=40, deadline=None)
@given(TEXTS, TEXTS, st.integers(0, 7))
def test_the_probabilities_after_any_context_sum_to_one(train, context, order):
    row = ngrams.count(train, order).next(context)
    assert row.shape == (128,) and np.all(row > 0)
    assert row.sum() == pytest.approx(1, abs=1e-12)


def test_next_is_what_probabilities_scores():
    model, text = ngrams.count("the cat sat on the mat, the cat ran"), "the cat"
    for i, x in enumerate(text):
        assert model.next(text[:i])[ord(x)] == pytest.approx(
            model.probabilities(text)[7, i], rel=1e-12
        )


def test_order_0_is_the_unigram_cross_entropy():
    train, text = "abracadabra" * 50, "abba"
    n, distinct = len(train), 5
    surprisals = [-math.log((train.count(x) + distinct / 128) / (n + distinct)) for x in text]
    assert ngrams.count(train, 0).losses(text)[0] == pytest.approx(sum(surprisals) / 4, rel=1e-12)


def test_a_text_without_pattern_costs_the_log_of_its_alphabet_and_no_less():
    rng = np.random.default_rng(0)
    train, text = ("".join(rng.choice(list("abcdefgh"), size)) for size in (200_000, 50_000))
    losses = ngrams.count(train).losses(text)
    assert losses[0] == pytest.approx(math.log(8), abs=1e-3)
    assert np.all(np.diff(losses) > 0), (
        "there is nothing to learn from the context, only noise to believe"
    )


def test_a_text_with_a_pattern_of_length_two_needs_order_two():
    """Each letter: the sum of the two before, modulo 7, plus a fair coin.

    Entropy ln 2 from order 2 on, ln 7 below.
    """
    rng = np.random.default_rng(1)
    letters = [0, 1]
    for coin in rng.integers(0, 2, 100_000):
        letters.append((letters[-1] + letters[-2] + int(coin)) % 7)
    text = "".join("abcdefg"[i] for i in letters)
    losses = ngrams.count(text[:80_000]).losses(text[80_000:])
    assert losses[:2] == pytest.approx(math.log(7), abs=5e-3)
    assert losses[2] == pytest.approx(math.log(2), abs=5e-3)


def test_the_number_of_stored_counts_on_a_text_counted_by_hand():
    # "abab": letters a, b; after padding (0)a, ab, ba; then (00)a, (0)ab, aba, bab
    assert ngrams.count("abab", 2).stored.tolist() == [2, 2 + 3, 2 + 3 + 4]


def test_encode_keeps_ascii_and_gathers_the_rest():
    assert ngrams.encode("a\n~\x00é語😀\ud800").tolist() == [97, 10, 126, 0, 127, 127, 127, 127]


def test_a_prepared_passage_scores_like_its_text():
    model, text = ngrams.count("to be or not to be", 3), "not to be"
    assert np.array_equal(model.losses(ngrams.Passage.of(text)), model.losses(text))
    with pytest.raises(ValueError, match=r"orders up to 2.*order 3"):
        model.losses(ngrams.Passage.of(text, 2))


@pytest.mark.parametrize("order", [-1, 8, 2.5, "3"])
def test_an_order_that_cannot_be_is_refused(order):
    with pytest.raises(ValueError, match="order"):
        ngrams.count("text", order)


def test_empty_texts_are_refused():
    with pytest.raises(ValueError, match="no text to count"):
        ngrams.count("")
    with pytest.raises(ValueError, match="no text to score"):
        ngrams.count("text").losses("")


def test_learning_curves_have_a_row_for_each_size_draw_and_order():
    corpus = split_files({f"{i}.py": f"def f{i}(x):\n    return x + {i}\n" * 20 for i in range(60)})
    curves = ngrams.learning_curves(corpus, [500, 4000], draws=2)
    assert list(curves) == ["D", "draw", "order", "N", "C", "loss"] and len(curves) == 2 * 2 * 8
    row = curves.query("D == 4000 and draw == 1 and order == 3").iloc[0]
    model = ngrams.count(corpus.sample(4000, seed=1))
    assert (
        row.loss == model.losses(corpus.test)[3] and row.N == model.stored[3] and row.C == 4 * 4000
    )


# ---- the recorded table --------------------------------------------------------------------


@pytest.fixture(scope="module")
def recorded():
    return runs.load("ngrams"), ngrams.manifest()


def test_the_recorded_table_is_whole_and_names_its_source(recorded):
    curves, manifest = recorded
    sizes = sorted(set(curves.D))
    assert (
        sizes == [1000 * 2**k for k in range(len(sizes))]
        and 2 * sizes[-1] > manifest["train_characters"]
    )
    assert not curves.duplicated(["D", "draw", "order"]).any()
    assert len(curves) == len(sizes) * ngrams.DRAWS * 8
    assert {"python", "numpy", "machine", "commit", "corpus_digest", "seconds"} <= set(manifest)
    assert not manifest["commit"].endswith("with changes")


@pytest.mark.whole
def test_a_live_run_agrees_with_the_recorded_table(recorded):
    """To 0.1 nats on any Python; to the printed digits where the corpus is the recorded one."""
    curves, manifest = recorded
    corpus = standard_library()
    sizes = [64_000, 128_000]
    live = ngrams.learning_curves(corpus, sizes, draws=2)
    tolerance = 1e-6 if corpus.digest == manifest["corpus_digest"] else 0.1
    both = live.merge(curves, on=["D", "draw", "order"], suffixes=("", "_recorded"))
    assert len(both) == len(live)
    gap = (
        both.groupby(["D", "order"])[["loss", "loss_recorded"]].mean().diff(axis=1).iloc[:, 1].abs()
    )
    assert gap.max() < tolerance


def test_record_writes_all_or_nothing(tmp_path, monkeypatch):
    corpus = split_files({f"{i}.py": f"value_{i} = {i}\n" * 20 for i in range(60)})
    monkeypatch.setattr(ngrams, "TABLE", tmp_path / "ngrams.csv")
    monkeypatch.setattr(ngrams, "standard_library", lambda: corpus)
    ngrams.record()
    curves, manifest = pd.read_csv(tmp_path / "ngrams.csv"), ngrams.manifest()
    assert len(curves) == len(set(curves.D)) * ngrams.DRAWS * 8
    assert manifest["corpus_digest"] == corpus.digest
    before = (tmp_path / "ngrams.csv").read_bytes()
    monkeypatch.setattr(
        ngrams.os, "replace", lambda *names: (_ for _ in ()).throw(KeyboardInterrupt)
    )
    with pytest.raises(KeyboardInterrupt):
        ngrams.record()
    assert (tmp_path / "ngrams.csv").read_bytes() == before and not [*tmp_path.glob("*.part")]
    assert ngrams.manifest() == manifest
