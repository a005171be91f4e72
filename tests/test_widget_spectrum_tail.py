"""The picture of the spectrum says what `laws.SpectrumLaw` says; refuses what it cannot show."""

from dataclasses import asdict, replace

import numpy as np
import pytest
from test_widget_numbers import MANY, RTOL

from scalinglib.laws import SpectrumLaw
from scalinglib.widgets.spectrum_tail import SpectrumTail

START = SpectrumLaw(1.5, 200, 1.5)


def test_spectrum_loss_and_exponent_agree(in_node, rng):
    laws = [
        SpectrumLaw(
            rng.uniform(0.5, 2.5),
            10 ** rng.uniform(0, 5),
            rng.uniform(1.02, 3),
            10 ** rng.uniform(-1, 1),
        )
        for _ in range(MANY - 1)
    ] + [SpectrumLaw(1.0, 1e3, 2.0)]
    N = 10 ** rng.uniform(0, 6, size=MANY)
    got = in_node(
        "spectrum_tail.js",
        "carried, missed, localExponent",
        "input.map(([l, N]) => [carried(l, N), missed(l, N), localExponent(l, N)])",
        [[asdict(law), size] for law, size in zip(laws, N, strict=True)],
    )
    want = [
        [law.carried(size), law.loss(size), law.exponent(size)]
        for law, size in zip(laws, N, strict=True)
    ]
    np.testing.assert_allclose(np.array(got, float), np.array(want), rtol=RTOL)


@pytest.mark.parametrize(
    "law, said",
    [
        (START, ["exponent 0.50", "takes off 29 %", "Change the data"]),
        (replace(START, efficiency=4.0), ["exponent 0.50", "misses 50 % less at every size"]),
        (SpectrumLaw(1.34, 200, 1.34), ["exponent 0.34", "Another spectrum, another exponent"]),
        (
            SpectrumLaw(1.2, 200, 2.0),
            ["at 10,000", "would give 0.20, so the knee is felt already at N = 10"],
        ),
    ],
)
def test_sentence(in_node, law, said):
    parts = in_node("spectrum_tail.js", "words", "words(...input)", [asdict(law), asdict(START)])
    text = "".join(part if isinstance(part, str) else part[1] for part in parts)
    for words in said:
        assert words in text, text


def test_state_returns_to_the_question():
    assert SpectrumTail().start == asdict(START)


@pytest.mark.parametrize(
    "law",
    [
        SpectrumLaw(1.0, 200, 1.5),
        SpectrumLaw(1.5, 5, 1.5),
        SpectrumLaw(1.5, 200, 2.6),
        replace(START, efficiency=2.0),
    ],
)
def test_refusals(law):
    with pytest.raises(ValueError, match=r"slopes from 1.02"):
        SpectrumTail(law)
