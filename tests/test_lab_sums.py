"""Networks that add: problems against Python, exams against a hand-made model, recorded runs."""

import numpy as np
import pytest

from scalinglib import runs
from scalinglib.counting import Transformer
from scalinglib.lab import sums
from scalinglib.lab.model import Model


def test_problems_are_sums(rng):
    for row in sums.problems(200, rng):
        a, b, total = (int("".join(map(str, row[k::3][::-1]))) for k in range(3))
        assert (a + b) % 10**10 == total
    assert sums.problems(5, rng, digits=3).shape == (5, 9)
    # of the hundred there are
    assert len(np.unique(sums.problems(500, rng, digits=1), axis=0)) > 95


class Oracle:
    """Writes sums column by column; `wrong` columns get a digit one too high.

    Certainty: 99 to 1.
    """

    def __init__(self, wrong=()):
        self.wrong = set(wrong)

    def forward(self, x):
        logits = np.zeros((*x.shape, 10))
        for row, out in zip(x, logits, strict=True):
            carry = 0
            for column in range(len(row) // 3 + 1):
                total = row[3 * column] + row[3 * column + 1] + carry
                carry = total // 10
                out[3 * column + 1, (total + (column in self.wrong)) % 10] = np.log(99 * 9)
        return logits.reshape(-1, 10), None


def test_exam_asks_for_the_digits_of_the_sum(rng):
    paper = sums.problems(50, rng)
    loss, right = sums.exam(Oracle(), paper)
    assert right.shape == (50, 10) and right.all() and loss == pytest.approx(-np.log(0.99))
    loss, right = sums.exam(Oracle(wrong={3}), paper)
    assert right.sum() == 450 and not right[:, 3].any()
    assert loss == pytest.approx(-0.9 * np.log(0.99) + 0.1 * np.log(99 * 9 + 9))


def test_exam_of_a_network_is_its_greedy_answer(rng):
    """A network writes its own sums, and gets a whole answer right just when the exam says so."""
    model = Model(Transformer(2, 16, 4, 10, 6, tied=False, position="none"), seed=3)
    model.theta[:] += rng.normal(0, 0.3, model.theta.size).astype(np.float32)
    paper = sums.problems(3000, rng, digits=2)
    written = paper.copy()
    for column in range(2):
        logits, _ = model.forward(written[:, : 3 * column + 2])
        written[:, 3 * column + 2] = logits.reshape(len(paper), -1, 10)[:, -1].argmax(axis=-1)
    _, right = sums.exam(model, paper)
    whole = (written == paper).all(axis=1)
    assert whole.any() and (right.all(axis=1) == whole).all()


def test_a_short_training_is_examined():
    table = sums.learn(width=8, steps=30, batch=8, digits=2, questions=50, marks=5)
    assert table.problems.is_monotonic_increasing and table.problems.iloc[-1] == 240
    assert (
        table.D.iloc[-1] == 240 * 5
        and (table.N == Transformer(2, 8, 4, 10, 6, tied=False, position="none").n_params).all()
    )
    assert (table.all_2 <= table.all_1).all() and table.digits_right.between(0, 1).all()
    again = sums.learn(width=8, steps=30, batch=8, digits=2, questions=50, marks=5)
    assert again.equals(table)


def test_recorded_runs_are_those_of_the_manifest():
    table, made = runs.load("sums"), sums.manifest()
    assert (
        table.groupby("seed").problems.max().eq(32 * made["steps"]).all()
        and table.seed.nunique() == made["seeds"]
    )
    np.testing.assert_allclose(table.C / table.D, table.C[0] / table.D[0], rtol=1e-4)
    exams = table[[f"all_{length}" for length in range(1, 11)]].to_numpy()
    assert (np.diff(exams, axis=1) <= 0).all() and table.loss.iloc[0] == pytest.approx(
        np.log(10), abs=0.01
    )
