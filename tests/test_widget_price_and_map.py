"""The price of a wrong size and the map of published models say what scalinglib says."""

import json

import numpy as np
import pytest
from test_widget_numbers import MANY

from scalinglib import planning
from scalinglib.laws import (
    BESIROGLU_2024,
    HOFFMANN_2022,
    HOFFMANN_2022_TEX,
    MUENNIGHOFF_2023,
    ChinchillaLaw,
)
from scalinglib.widgets import FrontierMap, WrongSize
from scalinglib.widgets.picture import constants

GPT3, GOPHER = ["GPT-3", 175e9, 300e9], ["Gopher", 280e9, 300e9]


def test_price_is_what_the_library_finds_at_any_budget(in_node, rng):
    """The picture has a formula without a budget; planning.overhead searches data at a budget."""
    laws = [BESIROGLU_2024, HOFFMANN_2022] + [
        ChinchillaLaw(
            rng.uniform(0, 2),
            10 ** rng.uniform(2, 3),
            10 ** rng.uniform(2.5, 3.5),
            *rng.uniform(0.25, 0.45, 2),
        )
        for _ in range(MANY - 2)
    ]
    ratio = 10 ** rng.uniform(-0.4, 1, MANY)
    got = in_node(
        "law.js",
        "priceOfSize",
        "input.map(([law, k]) => priceOfSize(law, k))",
        [[constants(law), k] for law, k in zip(laws, ratio, strict=True)],
    )
    C = 10 ** rng.uniform(18, 26, MANY)
    want = [
        planning.overhead(law, k * law.optimum(c).N, c)
        for law, k, c in zip(laws, ratio, C, strict=True)
    ]
    finite = np.isfinite(want)
    np.testing.assert_allclose(
        1 + np.array(got, float)[finite], 1 + np.array(want)[finite], rtol=1e-8
    )
    # JSON has no inf
    assert finite.sum() > 0.9 * MANY and all(
        value is None for value, ok in zip(got, finite, strict=True) if not ok
    )


def test_published_prices(in_node):
    """de Vries 2023: 75 % of the best size costs 2.8 %, 50 % 20 %, 25 % 188 %, about 30 % 2x."""
    got = in_node(
        "law.js",
        "priceOfSize",
        "[0.75, 0.5, 0.25, 0.3].map((k) => priceOfSize(input, k))",
        constants(ChinchillaLaw(1.62, 400, 400, 0.336, 0.283)),
    )
    assert got == pytest.approx([0.028, 0.20, 1.88, 1.0], rel=0.06)


def test_price_in_words(in_node):
    laws = [["replication", constants(BESIROGLU_2024)], ["2022", constants(HOFFMANN_2022)]]
    said = in_node(
        "wrong_size.js",
        "words",
        """[[0.5, 5.76e23], [0.5, 1e21], [4, 5.76e23], [0.2, 5.76e23], [0.12, 5.76e23],
            [0.09, 1e22], [1, 5.76e23]]
        .map(([k, C]) => words(input, k, C, false).flat().join("|"))""",
        laws,
    )
    for text in said[:2]:
        assert "+26 %" in text and "+21 %" in text
    assert "36B|" in said[0] and "72B" in said[0] and "1.4B" in said[1]
    assert "+59 %" in said[2] and "+53 %" in said[2] and "It reads 0.4 times the tokens" in said[2]
    assert "14 times the compute" in said[3] and "+427 %" in said[3]
    assert "out of reach| by replication" in said[4] and "by 2022 it costs" in said[4]
    assert "on any amount of data." in said[5] and "by 2022" not in said[5]
    assert "nothing to pay" in said[6]


def test_a_model_and_its_compute_in_words(in_node):
    said = in_node(
        "frontier_map.js",
        "words",
        "input.models.map((m) => "
        "words(input.law, m, m ? 6 * m[1] * m[2] : 5.76e23).flat().join('|'))",
        {
            "law": constants(BESIROGLU_2024),
            "models": [None, GPT3, ["LLaMA-1 7B", 6.7e9, 1e12], ["Chinchilla", 70e9, 1.4e12]],
        },
    )
    assert "72B|" in said[0] and "18 per parameter" in said[0] and "1.974 nats" in said[0]
    law = BESIROGLU_2024
    best, over = (
        law.optimum(6 * 175e9 * 300e9),
        6 * 175e9 * 300e9 / law.least_compute(law.loss(175e9, 300e9)) - 1,
    )
    assert (
        f"{best.N / 1e9:.0f}B" in said[1]
        and f"{100 * over:.0f} % more compute" in said[1]
        and "3.3 times as large" in said[1]
    )
    assert "has 36 % of that size" in said[2] and "43 % more" in said[2]
    assert "nearly the model's own size" in said[3] and "0.1 % more" in said[3]


def test_state_returns_to_the_question():
    assert WrongSize().start == {"ratio": 1.0, "log_compute": 23.76}
    picture = FrontierMap()
    assert picture.start == {"law": constants(BESIROGLU_2024), "log_compute": 23.76, "chosen": ""}
    assert json.loads(json.dumps(picture.laws)) == {
        "Besiroglu 2024": constants(BESIROGLU_2024),
        "Hoffmann 2022 (TeX digits)": constants(HOFFMANN_2022_TEX),
    }


def test_refusals():
    with pytest.raises(ValueError, match="two laws"):
        WrongSize(laws={"one": BESIROGLU_2024})
    with pytest.raises(ValueError, match="between 1e20 and 1e26"):
        WrongSize(budget=1e19)
    with pytest.raises(ValueError, match="laws is empty"):
        FrontierMap(laws={})
    with pytest.raises(ValueError, match="between 1e22 and"):
        FrontierMap(budget=1e20)
    with pytest.raises(ValueError, match=r"tiny .* outside the picture"):
        FrontierMap(models=[("tiny", 1e6, 1e9)])


def test_other_laws_may_be_compared(in_node):
    law = MUENNIGHOFF_2023.fresh
    assert WrongSize(laws={"a": law, "b": BESIROGLU_2024}).laws[0] == ["a", constants(law)]
