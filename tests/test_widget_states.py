"""What a page has stored of a picture is what its class makes of the same words today."""

import ast
import inspect
import json

import pytest
from test_widget_controls import PAGES, SHOWN
from test_widgets import ALL, INTERNAL

from scalinglib import widgets
from scalinglib.widgets import IsoFlopValley

#: made from a page's data, or by a long fit: their own tests make them from less
FROM_DATA = ("LeftOut", "BuyRuns", "SharpMetric", "LeverPlans", "BrokenLaw")
STARTS = sorted(name for name in SHOWN if name.split()[1] not in FROM_DATA)


def plain(state: dict) -> dict:
    return {key: value for key, value in state.items() if key[0] != "_" and key not in INTERNAL}


def words_given(page: str, kind: str) -> list[str]:
    """The names of what a page's cell hands to a picture."""
    (path,) = (path for path in PAGES if path.stem == page)
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code" or f"{kind}(" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(kind):
                return [one.arg or "" for one in node.keywords]
    raise AssertionError(f"{page} makes no {kind}")


@pytest.mark.parametrize("name", SHOWN)
def test_a_script_is_sent_every_trait_that_its_page_has_stored(name):
    """A trait that is not synced is missing in the browser alone."""
    kind = ALL[SHOWN[name]["module"]]
    assert set(plain(dict.fromkeys(kind.class_traits(sync=True)))) == set(
        plain(SHOWN[name]["state"])
    )


@pytest.mark.parametrize("name", STARTS)
def test_a_picture_starts_as_its_page_shows_it(name):
    state = plain(SHOWN[name]["state"])
    page, kind = name.split()
    usual = plain(ALL[kind]().get_state())
    words = [word for word in words_given(page, kind) if state.get(word) != usual.get(word)]
    given = {word: state[word] for word in words}
    assert json.loads(json.dumps(plain(ALL[kind](**given).get_state()))) == state


def test_exams_of_a_sharp_metric_are_kept_as_they_were_given():
    state = plain(SHOWN["14_limits SharpMetric"]["state"])
    names = inspect.signature(ALL["SharpMetric"]).parameters
    more = ("question", "prediction", "revealed")
    given = {name: state[name] for name in (*names, *more) if name in state}
    assert json.loads(json.dumps(plain(ALL["SharpMetric"](**given).get_state()))) == state
    assert ALL["SharpMetric"](**given | {"length": 2}).get_state()["length"] == 2
    given["length"] = len(state["exact"]) + 1
    with pytest.raises(ValueError, match="length must lie between"):
        ALL["SharpMetric"](**given)


def test_what_is_stored_is_compared_trait_by_trait():
    state = plain(IsoFlopValley(revealed=True).get_state())
    other = plain(SHOWN["08_isoflops IsoFlopValley"]["state"])
    assert {key for key in state if state[key] != other[key]} == {"revealed", "start"}


@pytest.mark.parametrize(
    "make, name",
    [
        (lambda bad: widgets.AllocationByBudget(budget=bad), "budget"),
        (lambda bad: widgets.FrontierMap(budget=bad), "budget"),
        (lambda bad: widgets.WrongSize(budget=bad), "budget"),
        (lambda bad: widgets.LifetimeCost(size=bad), "size"),
    ],
)
@pytest.mark.parametrize("bad", [-1e21, 0.0, float("nan"), float("inf")])
def test_pictures_refuse_what_is_no_amount(make, name, bad):
    with pytest.raises(ValueError, match=f"{name} must be positive|{name} must lie|{name} must be"):
        make(bad)


def test_a_window_may_begin_and_end_with_the_ladder():
    for window in ((0, 2), (6, 8), (0, 8)):
        assert widgets.IsoFlopValley(window=window).window == list(window)
    for window in ((-1, 2), (6, 9), (7, 8), (0, 1)):
        with pytest.raises(ValueError, match="a parabola needs"):
            widgets.IsoFlopValley(window=window)
