"""The two pictures of chapter 3 say what counting and planning say, on 1,000 random inputs."""

import numpy as np
import pytest
from test_widget_numbers import MANY, RTOL

from scalinglib import planning, runs
from scalinglib.counting import Transformer
from scalinglib.widgets import TrainingBill, WhereFlopsGo
from scalinglib.widgets.where_flops import counted


def test_parts_of_a_thousand_shapes(in_node, rng):
    shapes = np.column_stack(
        [
            64 * rng.integers(1, 300, MANY),
            rng.integers(1, 200, MANY),
            rng.integers(1, 10**6, MANY),
            rng.integers(2, 3 * 10**5, MANY),
        ]
    ).tolist()
    got = in_node(
        "where_flops.js",
        "count",
        """input.map((shape) => { const { params: p, flops: f, ...all } = count(...shape);
        return [p.table, p.matrices, p.forward, all.N,
                f.table, f.matrices, f.scores, f.forward, all.exact, all.short]; })""",
        shapes,
    )
    want = []
    for shape in shapes:
        model = counted(*shape)
        p, f = model.params_by_part, model.flops_by_part
        want.append(
            [
                p["embedding"],
                p["attention"],
                p["feed-forward"],
                model.n_params,
                f["output"],
                f["projections"],
                f["attention"],
                f["feed-forward"],
                model.flops_per_token,
                model.flops_per_token_6N,
            ]
        )
    np.testing.assert_allclose(np.array(got, float), np.array(want, float), rtol=RTOL)


def test_bills_of_a_thousand_runs(in_node, rng):
    runs_ = [
        {
            "C": 10 ** rng.uniform(15, 27),
            "peak": 10 ** rng.uniform(13, 16),
            "watts": rng.uniform(100, 1500),
            "hours": 10 ** rng.uniform(3, 8),
        }
        for _ in range(MANY)
    ]
    choices = np.column_stack(
        [rng.uniform(0.05, 1, MANY), rng.uniform(0.5, 10, MANY), rng.uniform(1, 2, MANY)]
    ).tolist()
    got = in_node(
        "training_bill.js",
        "bill, reached",
        """input.map(([run, choice]) => {
        const due = bill(run, ...choice);
        return [due.hours, due.money, due.kwh, reached(run)]; })""",
        list(zip(runs_, choices, strict=True)),
    )
    want = []
    for run, (share, per_hour, pue) in zip(runs_, choices, strict=True):
        hours = planning.gpu_hours(run["C"], run["peak"], share)
        want.append(
            [
                hours,
                planning.price(hours, per_hour),
                planning.energy_kwh(hours, run["watts"], pue),
                planning.gpu_hours(run["C"], run["peak"], 1) / run["hours"],
            ]
        )
    np.testing.assert_allclose(np.array(got, float), np.array(want), rtol=RTOL)


def test_the_bill_lists_the_published_table():
    table = runs.table("gpu_hours")
    listed = TrainingBill().rows
    assert [(run["name"], run["hours"]) for run in listed[:-1]] == list(
        zip(table.model, table.gpu_hours, strict=True)
    )
    assert listed[-1]["name"] == "your own run" and not listed[-1]["hours"]


@pytest.mark.parametrize(
    "make, message",
    [
        (
            lambda: WhereFlopsGo(Transformer(12, 768, 12, 50_257, 2048)),
            "not counted as the picture counts",
        ),
        (lambda: TrainingBill(chosen="GPT-2 XL"), "chosen is 'GPT-2 XL'; there is 'Llama-2 7B'"),
        (lambda: TrainingBill(utilisation=40), "at most 1"),
        (lambda: TrainingBill(pue=0.9), "at least 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
