"""The laboratory's noise: known truth, coverage of its interval, orders, refusals."""

import numpy as np
import pytest

from scalinglib import runs
from scalinglib.lab import noise


def test_a_planted_power_law_of_the_variance_is_found_and_covered(rng):
    width, tokens = np.tile([8.0, 16, 32, 64], 10), np.repeat(np.geomspace(2e4, 2e6, 10), 4)
    x = np.column_stack([np.ones(40), np.log(width / 32), np.log(tokens / 1e5)])
    truth = np.array([np.log(0.01**2), 0.3, -0.4])
    freedom = np.full(40, 2)
    hits = []
    for _ in range(300):
        variance = np.exp(x @ truth) * rng.chisquare(freedom) / freedom
        b, covariance = noise.variance_law(x, variance, freedom)
        hits.append(np.abs(b - truth) < 1.645 * np.sqrt(np.diag(covariance)))
    assert np.all(np.abs(np.mean(hits, axis=0) - 0.9) < 0.06)


@pytest.mark.parametrize("corpus", ["lexicon", "python"])
def test_the_surface_agrees_with_the_pooled_replicates(corpus):
    sweep = runs.load("sweep").query("arm == 'main' and corpus == @corpus")
    cells = sweep.groupby(["width", "D"]).loss.agg(["size", "var"]).query("size > 1")
    widths, tokens = (cells.index.get_level_values(name) for name in ("width", "D"))
    pooled = np.average(cells["var"], weights=cells["size"] - 1) ** 0.5
    said = np.sqrt(np.mean(noise.seed_sd(corpus, widths, tokens) ** 2))
    assert 0.8 < said / pooled < 1.25
    low, high = noise.of(corpus).interval(widths, tokens)
    assert np.all((low < noise.seed_sd(corpus, widths, tokens)) & (high < 3 * low))


def test_an_extreme_cell_is_inside_what_three_seeds_can_show():
    """Three seeds gave .019 at width 32 and 20,000 tokens: no outlier of the surface."""
    cell = runs.load("ladder").query("arm == 'grid' and width == 32 and tokens == 20000").loss
    assert len(cell) == 3 and cell.std() > 1.4 * noise.seed_sd("lexicon", 32, 20_000)
    ratios = np.random.default_rng(0).chisquare(2, 10**5) / 2
    assert np.mean(ratios > (cell.std() / noise.seed_sd("lexicon", 32, 20_000)) ** 2) > 0.05


def test_a_constant_rate_is_noisier():
    assert noise.of("python", "constant").sd(32, 2e5) > noise.seed_sd("python", 32, 2e5)


@pytest.mark.parametrize(
    ("corpus", "width", "tokens", "words"),
    [
        ("lexicon", 512, 1e5, "width 512"),
        ("lexicon", 32, 1e8, "tokens 1e.08"),
        ("python", [8, 32], [1e3, 1e5], "tokens 1000"),
        ("german", 32, 1e5, "0 cells of corpus 'german'"),
    ],
)
def test_what_was_never_repeated_is_refused(corpus, width, tokens, words):
    with pytest.raises(ValueError, match=words):
        noise.seed_sd(corpus, width, tokens)


def test_orders():
    assert noise.order_share([1.0, 1.0], 0.01, "rising") == pytest.approx(0.5, abs=0.02)
    assert noise.order_share([1.0, 1.1, 1.2], 0.01, "rising") == 1
    assert noise.order_share([1.0, 1.1, 1.2], 0.01, "falling") == 0
    # two sds of the difference: the normal distribution says .977
    share = noise.order_share([1.0, 1.0 + 0.02 * 2**0.5], 0.01, "lowest")
    assert share == pytest.approx(0.977, abs=0.004)
    first = noise.order_share([1.2, 1.1, 1.0], 0.01, lambda drawn: drawn[:, 0] > drawn[:, 2])
    assert first == 1
    with pytest.raises(ValueError, match="one of rising"):
        noise.order_share([1.0, 2.0], 0.1, "sideways")
    with pytest.raises(ValueError, match="two or more"):
        noise.order_share([1.0], 0.1, "rising")
