"""The picture of the levers finds the plans that lever_plan finds, and multiplies only what was
measured together.
"""

from dataclasses import asdict
from math import exp, inf, isinf, log

import numpy as np
import pandas as pd
import pytest

from scalinglib import runs
from scalinglib.lab import lever_plan, which_lever
from scalinglib.lab.gains import Gain
from scalinglib.lab.lever_plan import Effect, Terms, best_plan, effect, run_of
from scalinglib.laws import PowerSumLaw
from scalinglib.widgets import LeverPlans
from scalinglib.widgets.picture import constants

LAW = PowerSumLaw(A=9.0, B=20.0, alpha=0.16, beta=0.17, gamma=0.2)
SIZES = (7e3, 1.1e5)
EFFECTS = [
    Effect(
        "teacher", "taught", "D", "D/N", 0.6, 0.1, 5, 60, 9e3, 3e4, 3e4, 1e6, own=4e4, own_power=-1
    ),
    Effect(
        "muon",
        "Muon",
        "D",
        "N",
        -1.0,
        0.15,
        9e3,
        1.1e5,
        9e3,
        1.1e5,
        8e4,
        4e5,
        own=2e-3,
        own_power=0.6,
    ),
    Effect("bits", "few bits", "N", "N", -0.5, 0.0, 9e3, 5e4, 9e3, 5e4, 8e4, 1e6, serve=0.25),
]
PAIRS = [
    {"levers": ["teacher", "bits"], "verdict": "as much", "times": 1.5},
    {"levers": ["teacher", "muon"], "verdict": "less", "times": 3.0},
]


def model():
    return {"law": constants(LAW), "repeats": 15.4, "sizes": list(SIZES)}


def as_input(terms):
    return asdict(terms) | {"text": min(terms.text, 1e30)}


def cases(rng, count):
    for _ in range(count):
        used = [e for e in EFFECTS if rng.random() < 0.5]
        served = 0.0 if rng.random() < 0.3 else 10 ** rng.uniform(5, 7)
        text = inf if rng.random() < 0.3 else 10 ** rng.uniform(4.8, 7)
        flags = rng.random(2) < 0.5
        yield used, Terms(10 ** rng.uniform(10, 12.5), served, text, *map(bool, flags))


def test_runs_agree(in_node, rng):
    asked = [(*case, 10 ** rng.uniform(3.8, 5.1)) for case in cases(rng, 500)]
    got = in_node(
        "lever_plans.js",
        "runOf",
        """input.runs.map(([effects, terms, N]) => {
        const run = runOf(input.model, effects, terms, N);
        return [run.D, Number.isFinite(run.loss) ? run.loss : -1]; })""",
        {
            "model": model(),
            "runs": [[[asdict(e) for e in used], as_input(t), N] for used, t, N in asked],
        },
    )
    assert sum(loss < 0 for _, loss in got) < 250
    for (used, terms, N), (D, loss) in zip(asked, got, strict=True):
        run = run_of(LAW, used, terms, N, 15.4)
        assert run.D == pytest.approx(D, rel=1e-9)
        assert (isinf(run.loss) and loss == -1) or run.loss == pytest.approx(loss, rel=1e-9)


def test_best_plans_agree(in_node, rng):
    asked = list(cases(rng, 60))
    got = in_node(
        "lever_plans.js",
        "bestPlan",
        """input.plans.map(([effects, terms]) => {
        const best = bestPlan(input.model, effects, terms);
        return [best.N, Number.isFinite(best.loss) ? best.loss : -1]; })""",
        {
            "model": model(),
            "plans": [[[asdict(e) for e in used], as_input(terms)] for used, terms in asked],
        },
    )
    found = 0
    for (used, terms), (N, loss) in zip(asked, got, strict=True):
        best = best_plan(LAW, used, terms, 15.4, SIZES)
        if isinf(best.loss):
            assert loss == -1
            continue
        found += 1
        assert best.loss == pytest.approx(loss, rel=1e-7)
        assert best.N == pytest.approx(N, rel=2e-3)
    assert found > 30


def test_what_counts_as_measured(in_node):
    """teacher: D/N 5 to 60, N 9e3 to 3e4, D 3e4 to 1e6."""
    runs_ = [[1e4, 2e5], [1e4, 2e4], [1e4, 7e5], [4e4, 4e5], [9e3, 45e3], [3e4, 1.2e6]]
    ask = "input[1].map(([N, D]) => measured(input[0], N, D))"
    told = in_node("lever_plans.js", "measured", ask, [asdict(EFFECTS[0]), runs_])
    assert told == [True, False, False, False, True, False]
    assert told == [EFFECTS[0].measured(N, D) for N, D in runs_]


def test_without_levers_it_is_the_law_s_own_optimum():
    for C in (1e11, 1e12):
        best = best_plan(LAW, [], Terms(C), 15.4, SIZES)
        assert best.N == pytest.approx(LAW.optimum(C).N, rel=1e-4)
        assert best.loss == pytest.approx(LAW.optimum(C).loss, rel=1e-9)


def test_what_the_same_loss_costs_without(in_node):
    """Twice the tokens for nothing is what 2^x times the compute would do on the frontier."""
    free = Effect("free", "free", "D", "N", log(2), 0.0, 1, 1e9, 1, 1e9, 1, 1e15)
    terms = Terms(1e11)
    target = best_plan(LAW, [free], terms, 15.4, SIZES).loss
    share = in_node(
        "lever_plans.js",
        "plainCosts",
        "plainCosts(input.model, input.terms, input.target)",
        {"model": model(), "terms": as_input(terms), "target": target},
    )
    assert LAW.optimum(1e11 * share).loss == pytest.approx(target, rel=1e-6)
    # D at fixed N counts once: the best plan with twice the tokens is that of twice the compute
    assert share == pytest.approx(2, rel=1e-4)


def test_what_cannot_be_had_has_no_price(in_node):
    data = {"model": model(), "terms": as_input(Terms(1e11, text=1e5))}
    ask = "[plainCosts(input.model, input.terms, 0.5)].map(Number.isNaN)[0]"
    assert in_node("lever_plans.js", "plainCosts", ask, data) is True


@pytest.mark.parametrize(
    "on, why",
    [
        ([], None),
        (["muon"], None),
        (["teacher", "bits"], None),
        (["bits", "teacher"], None),
        (["muon", "teacher"], None),
        (["teacher", "again"], "never"),
        (["muon", "bits"], "never"),
        (["again", "bits"], "never"),
        (["teacher", "bits", "muon"], "three"),
    ],
)
def test_only_what_was_measured_together_is_joined(in_node, on, why):
    found = in_node("lever_plans.js", "refusal", "refusal(input[0], input[1])", [PAIRS, on])
    assert found == why


def test_two_levers_have_the_gain_that_they_had_together(in_node):
    """Not the product of two; and both costs."""
    terms, both = Terms(1e12, 1e6), EFFECTS[:2]
    data = [model(), [asdict(e) for e in both], {"times": 3.0, "N": 3e4}, as_input(terms)]
    ask = "(([m, e, pair, t]) => bestPlan(m, joint(e, pair), t).loss)(input)"
    found = in_node("lever_plans.js", "bestPlan, joint", ask, data)
    best = best_plan(LAW, lever_plan.joint(both, 3.0, 3e4), terms, 15.4, SIZES)
    assert best.loss == pytest.approx(found, rel=1e-7)
    own = sum(e.own * best.N**e.own_power for e in both)
    tokens = (terms.C - 2 * best.N * terms.served) / (6 * best.N * (1 + own))
    assert best.D == pytest.approx(tokens)
    assert best.loss == pytest.approx(LAW.loss(best.N, 3 * tokens))
    multiplied = best_plan(LAW, both, terms, 15.4, SIZES)
    assert multiplied.loss != pytest.approx(best.loss, rel=1e-4)


def test_a_teacher_on_a_text_that_is_read_again():
    found = lever_plan.taught_again(runs.load("levers_distillation"), runs.load("levers_grid"))
    assert len(found) == 6 and sorted(found.readings.round().unique()) == [4, 20]
    again = pd.concat([runs.load("sweep"), runs.load("spoilt")])
    other = {g.arm: g.times for g in which_lever.repeats(again, again[:0]) if g.N == 30720}
    [mine] = found[(found.width == 32) & (found.readings < 5)].hard
    assert mine == pytest.approx(other["4 readings"], rel=0.1)  # the same, from other tables
    assert (found.times > found.times_same).all() and (found.times_same > 1).all()
    few, many = (found[found.readings.round() == n].times_same.to_numpy() for n in (4, 20))
    assert (many < few).all(), "a teacher of the same text knows less that is new"


def gain(N, D, times, own=0.0):
    return Gain("x", "tokens", "a", N, D, 6 * N * D, times, times, times, own)


def test_an_effect_is_the_line_through_its_gains():
    gains = [gain(N, D, 2 * (D / N / 10) ** 0.3, 5e4 / N) for N in (1e4, 3e4) for D in (1e5, 1e6)]
    found = effect("teacher", "a teacher", gains, "D/N")
    assert found.slope == pytest.approx(0.3)
    assert found.times(1e4, 5e5) == pytest.approx(2 * 5**0.3)
    assert found.own * 2e4**found.own_power == pytest.approx(2.5)
    assert (found.lo, found.hi) == (pytest.approx(1e5 / 3e4), pytest.approx(100))
    assert (found.least, found.most, found.shortest, found.longest) == (1e4, 3e4, 1e5, 1e6)
    assert found.times(1e4, 1e9) == found.times(1e4, 1e6), "held beyond what was measured"
    free = effect("x", "x", [gain(N, 1e5, 1.5) for N in (1e4, 2e4, 4e4)], "N")
    assert free.own == 0 and free.times(1e4, 1) == pytest.approx(1.5)
    with pytest.raises(ValueError, match="make no line"):
        effect("x", "x", gains[:2], "N")


def pair_table(together):
    alone = {(): 2.0, ("teacher",): 1.9, ("muon",): 1.95, ("teacher", "muon"): together}
    return pd.DataFrame(
        {
            "seed": seed,
            "width": 32,
            "N": 30720,
            "D": 320_000,
            "bits": np.nan,
            "teacher": "64@1280000" if "teacher" in on else None,
            "muon": 0.01 if "muon" in on else np.nan,
            "experts": 1,
            "loss": loss + noise + 0.1 * seed,
        }
        for seed, noise in ((0, 0.0), (1, 0.001), (2, -0.001))
        for on, loss in alone.items()
    )


GRID = pd.DataFrame(
    {"corpus": "python", "width": 32, "D": [320_000, 1_280_000], "loss": [1.95, 1.65]}
)


@pytest.mark.parametrize(
    "together, verdict",
    [(1.85, "as much"), (1.855, "as much"), (1.88, "less"), (1.82, "more")],
)
def test_pairs_add_up_or_do_not(together, verdict):
    [row] = lever_plan.pairs(pair_table(together), GRID).to_dict("records")
    assert (row["levers"], row["verdict"], row["seeds"]) == ("teacher + muon", verdict, 3)
    assert row["adds"] == (verdict == "as much")
    assert row["together"] == pytest.approx(2 - together)
    assert row["apart"] == pytest.approx(0.15)
    assert row["times"] == pytest.approx(4 ** ((2 - together) / 0.3))
    assert row["product"] == pytest.approx(4 ** (0.15 / 0.3))


def test_the_picture_takes_them_and_says_what_is_missing():
    given = lever_plan.for_the_picture(EFFECTS, lever_plan.pairs(pair_table(1.85), GRID))
    picture = LeverPlans(LAW, **given, repeats=15.4)
    assert picture.pairs[0]["levers"] == ["teacher", "muon"] and picture.on == []
    assert picture.effects[0]["own"] * exp(10) ** -1 > 0
    with pytest.raises(ValueError, match="lacks slope"):
        LeverPlans(LAW, [{k: v for k, v in given["effects"][0].items() if k != "slope"}], [], 15.4)
    with pytest.raises(ValueError, match="the levers are"):
        LeverPlans(LAW, given["effects"][:1], given["pairs"], 15.4)
