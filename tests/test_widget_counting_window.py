"""The picture of the two counts finds the best runs that a search finds, and numpy's line."""

import json

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from test_widget_numbers import MANY, RTOL

from scalinglib.counting import total_params
from scalinglib.laws import BESIROGLU_2024, ChinchillaLaw
from scalinglib.widgets.counting_window import EXTENT, CountingWindow
from scalinglib.widgets.picture import constants


def drawn_laws(rng, count):
    for _ in range(count):
        yield ChinchillaLaw(
            rng.uniform(0, 2),
            10 ** rng.uniform(2, 3),
            10 ** rng.uniform(2.5, 3.5),
            *rng.uniform(0.25, 0.45, 2),
        )


def test_the_frontier_is_where_no_other_size_does_better(in_node, rng):
    """Second method: minimise the law over sizes at the picture's budget, in either count."""
    cases = [
        [law, 10 ** rng.uniform(4, 5), 10 ** rng.uniform(3, 10.5), bool(rng.integers(2))]
        for law in drawn_laws(rng, 100)
    ]
    got = in_node(
        "counting_window.js",
        "frontier",
        "input.map((given) => frontier(...given))",
        [[constants(law), *rest] for law, *rest in cases],
    )
    for (law, omega, N, counted), found in zip(cases, got, strict=True):
        T = total_params(N, omega)
        assert found["size"] == pytest.approx(T if counted else N, rel=RTOL)

        def loss(log_N):
            T = total_params(np.exp(log_N), omega)
            return law.loss(T, found["C"] / (6 * (T if counted else np.exp(log_N))))

        best = minimize_scalar(
            loss, bounds=np.log([N / 30, N * 30]), method="bounded", options={"xatol": 1e-10}
        )
        assert best.x == pytest.approx(np.log(N), abs=2e-3), (law, omega, N, counted)
        assert loss(np.log(N)) <= best.fun * (1 + 1e-9)


def test_lines_are_those_of_numpy(in_node, rng):
    cases = []
    for law in drawn_laws(rng, MANY):
        low = 10 ** rng.uniform(2.5, 8)
        cases.append(
            [
                constants(law),
                10 ** rng.uniform(4, 5),
                [low, low * 10 ** rng.uniform(1, 3)],
                bool(rng.integers(2)),
            ]
        )
    got = in_node(
        "counting_window.js",
        "study",
        """input.map((given) => { const s = study(...given);
        return { a: s.a, far: s.size(5.76e23), models: s.models }; })""",
        cases,
    )
    for (*_, window, counted), found in zip(cases, got, strict=True):
        size, C = np.array([[model["size"], model["C"]] for model in found["models"]], float).T
        if not counted:
            np.testing.assert_allclose(size, np.geomspace(*window, 20), rtol=RTOL)
        a, log_k = np.polyfit(np.log(C), np.log(size), 1)
        assert [found["a"], found["far"]] == pytest.approx(
            [a, np.exp(log_k + a * np.log(5.76e23))], rel=RTOL
        )


def test_counted_in_full_every_window_shows_the_exponent_of_the_law(in_node):
    windows = [[768, 1.5e9], [2.8e7, 1.6e10], [300, 3000]]
    got = in_node(
        "counting_window.js",
        "study",
        "input.map(([law, window]) => study(law, 47491, window, true).a)",
        [[constants(BESIROGLU_2024), window] for window in windows],
    )
    assert got == pytest.approx([BESIROGLU_2024.a] * 3, rel=1e-9)


def test_models_are_found_again_and_windows_stay_wide(in_node):
    extent = list(EXTENT)
    back, pulled = in_node(
        "counting_window.js",
        "frontier, modelFor, pull",
        """[
        input.sizes.map((N) => modelFor(
            input.law, 47491, frontier(input.law, 47491, N, false).C, false, input.extent)),
        [pull([1e4, 1e6], 0, 5e5, input.extent), pull([1e4, 1e6], 0, 1, input.extent),
         pull([1e4, 1e6], 1, 2e4, input.extent), pull([1e4, 1e6], 1, 1e15, input.extent)]]""",
        {"law": constants(BESIROGLU_2024), "sizes": [1e3, 2e6, 5e9], "extent": extent},
    )
    assert back == pytest.approx([1e3, 2e6, 5e9], rel=1e-6)
    assert pulled == [[1e5, 1e6], [300, 1e6], [1e4, 1e5], [1e4, 1e11]]


def test_the_sentence_says_how_far_off_the_line_leads(in_node):
    said = in_node(
        "counting_window.js",
        "words",
        """[[false, true], [false, false], [true, false]].map(([counted, fresh]) =>
        words(input, 47491, [768, 1.5e9], counted, 5.76e23, fresh).flat().join("|"))""",
        constants(BESIROGLU_2024),
    )
    assert (
        "left out" in said[0] and "0.787" in said[0] and "1.21T" in said[0] and "Guess" in said[0]
    )
    assert "17 times too much" in said[1] and "72.2B" in said[1]
    assert "embeddings counted" in said[2] and "0.513" in said[2] and "as it should be" in said[2]


def test_a_line_within_a_twentieth_is_as_it_should_be(in_node):
    """Budgets from where the line asks for too little to where it asks for too much."""
    law, budgets = BESIROGLU_2024, np.geomspace(1e14, 1e22, 800).tolist()
    cases = {"law": constants(law), "budgets": budgets}
    sizes, said = in_node(
        "counting_window.js",
        "study, words",
        """[
        input.budgets.map(study(input.law, 47491, [768, 1.5e9], false).size),
        input.budgets.map((C) => words(input.law, 47491, [768, 1.5e9], false, C, false)[5])]""",
        cases,
    )
    off = np.array(sizes) / law.optimum(np.array(budgets)).N
    for low, high in ((0, 0.9), (0.93, 0.95), (0.95, 0.97), (1.03, 1.05), (1.05, 1.07), (1.2, 9)):
        assert np.any((low < off) & (off < high)), (low, high)
    for times, words in zip(off, said, strict=True):
        much, little = f"{times:.2g} times too much", f"{1 / times:.2g} times too little"
        wanted = much if times > 1.05 else little if times < 0.95 else "as it should be"
        assert words == f": {wanted}", times


def test_state_returns_to_the_question():
    picture = CountingWindow()
    assert picture.start == {"window": [768.0, 1.5e9], "counted": False}
    assert json.loads(json.dumps(picture.law)) == constants(BESIROGLU_2024)


@pytest.mark.parametrize("window", [(1e6, 5e6), (10, 1e6), (1e6, 1e12)])
def test_refusals(window):
    with pytest.raises(ValueError, match=r"'mine' is .* a factor of ten"):
        CountingWindow(windows={"mine": window})
