"""Every control of every picture, as the pages show it, moved without a browser (tests/dom.mjs).

What can be moved shows something else when it is moved, stays within its ends, and Reset takes
everything back; no number is lost on the way.
"""

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections import defaultdict
from pathlib import Path

import pytest
from test_widgets import ALL

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "index.ipynb",
    *sorted(ROOT.glob("chapters/*.ipynb")),
    *sorted(ROOT.glob("howto/*.ipynb")),
]


def pictures():
    """{page and class: state} of each picture that a page shows."""
    found = {}
    for page in PAGES:
        notebook = json.loads(page.read_text(encoding="utf-8"))
        stored = notebook["metadata"].get("widgets", {})
        models = stored.get("application/vnd.jupyter.widget-state+json", {}).get("state", {})
        for model in models.values():
            state = model["state"]
            if name := state.get("_anywidget_id", "").rpartition(".")[2]:
                kept = {key: value for key, value in state.items() if not key.startswith("_")}
                found[f"{page.stem} {name}"] = {"module": name, "state": kept}
    return found


SHOWN = pictures()
#: of each picture a name of what it draws and says: at the start, after each deed alone, on a walk
#: through the deeds, and after taps everywhere
DRAWN = Path(__file__).with_name("drawn.txt")


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    if shutil.which("node") is None:
        pytest.skip("node is not installed: the pictures' controls were not tried")
    return worked_in(tmp_path_factory.mktemp("pictures"))


def worked_in(folder):
    node = shutil.which("node")
    for name in {shown["module"] for shown in SHOWN.values()}:
        (folder / f"{name}.mjs").write_text(str(ALL[name]._esm), encoding="utf-8")
    done = subprocess.run(
        [node, ROOT / "tests" / "dom.mjs"],
        input=json.dumps({"folder": str(folder), "pictures": SHOWN}),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def drawn(shown) -> dict[str, str]:
    """Of each deed the name of all looks that it led to, for the notebook's own numbers."""
    looks = defaultdict(list, {what: [look] for what, look in shown["looks"].items()})
    for act in shown["acts"]:
        looks[act["what"]].append(act["look"])
    return {what: hashlib.md5("".join(led).encode()).hexdigest()[:8] for what, led in looks.items()}


def recorded():
    found = defaultdict(dict)
    for line in DRAWN.read_text(encoding="utf-8").splitlines():
        name, what, look = line.split(" | ")
        found[name][what] = look
    return found


@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_is_drawn_as_it_was_looked_at(seen, name):
    """A label that covers a point, a line that is off: no other test sees it."""
    now, before = drawn(seen[name]), recorded()[name]
    other = [what for what in {**before, **now} if now.get(what) != before.get(what)]
    assert other == [], (
        "look at the picture after these deeds; if all is as you meant it, "
        "run python tests/test_widget_controls.py"
    )


def test_nothing_is_recorded_of_pictures_that_are_gone():
    assert set(recorded()) == set(SHOWN)


def write_drawn():
    with tempfile.TemporaryDirectory() as folder:
        seen = worked_in(Path(folder))
    lines = [
        f"{name} | {what} | {look}\n" for name in SHOWN for what, look in drawn(seen[name]).items()
    ]
    DRAWN.write_text("".join(lines), encoding="utf-8")


def test_every_picture_is_on_a_page():
    assert {shown["module"] for shown in SHOWN.values()} == set(ALL)


@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_says_something_with_no_number_lost(seen, name):
    shown = seen[name]
    assert len(shown["sentence"]) > 20 and len(shown["phone"]) > 20
    assert shown["odd"] == "" and all(shown["labels"])
    for act in shown["acts"]:
        assert act["odd"] == "", act["what"]
        assert len(act["sentence"]) > 10, act["what"]
        assert all(act["amounts"]), act["what"]


def test_a_guess_is_drawn_where_the_axis_has_its_value(seen):
    """Of 2.5: in pictures with that on an axis; taken back, every picture is as it was."""
    drawn = {name: [is_there for is_there, _ in shown["drawnIn"]] for name, shown in seen.items()}
    assert drawn["02_power_laws MissingFloor"] == [False, True]
    assert drawn["06_kaplan_laws TwoLevers"] == [False, False]
    assert sum(map(any, drawn.values())) >= 8
    assert all(gone for shown in seen.values() for _, gone in shown["drawnIn"])


#: what a picture draws only when the answer is asked for, by its classes
ANSWERS = {
    "LawExplorer": {
        "sl-curve sl-frontier sl-predicted",
        "sl-contour",  # with it one sees where the loss is lower
        "sl-gap sl-C",
        "sl-drop sl-",
        "sl-chip sl-N sl-outlined",
        "sl-diamond sl-predicted",
    },
    "MissingFloor": {"sl-dots sl-out sl-rings", "sl-miss"},
    "TwoLevers": {"sl-curve sl-measured sl-dashed"},
    "IsoFlopValley": {"sl-curve sl-truth sl-thin", "sl-true", "sl-bottom", "sl-note sl-truth"},
    "RepeatedData": {"sl-dots sl-measured", "sl-note sl-measured"},
    "BuyRuns": {"sl-diamond sl-predicted", "sl-offer sl-dear"},
    "BrokenLaw": {"sl-dots sl-out sl-rings", "sl-curve sl-measured sl-thin", "sl-note sl-measured"},
}


def test_an_answer_is_covered_until_it_is_asked_for(seen):
    covered = {name: shown["covered"] for name, shown in seen.items() if shown["covered"]}
    assert {name.split()[1] for name in covered} == set(ANSWERS)
    for name, (before, after) in covered.items():
        assert ANSWERS[name.split()[1]] & set(before) == set(), name
        assert ANSWERS[name.split()[1]] <= set(after), name


@pytest.mark.parametrize("name", SHOWN)
def test_whatever_can_be_moved_shows_something_else(seen, name):
    moved = defaultdict(list)
    for act in seen[name]["acts"]:
        moved[act["what"]].append(act["moved"])
    assert moved
    idle = {what for what, any_of in moved.items() if not any(any_of) and "Reset" not in what}
    assert idle == set()


@pytest.mark.parametrize("name", SHOWN)
def test_two_places_of_a_slider_do_not_look_alike(seen, name):
    """Away from the start, where the cues of the start are gone in any case."""
    looks = defaultdict(set)
    for act in seen[name]["acts"]:
        if act["what"].startswith("slider"):
            looks[act["what"]].add(act["look"])
    assert {what for what, different in looks.items() if len(different) < 2} == set()


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_moved_far_is_told(seen, name):
    """In the sentence below the picture, not by the drawing alone."""
    acts = [act for act in seen[name]["acts"] if act["what"].endswith("far by keys")]
    assert not acts or any(act["told"] for act in acts)


@pytest.mark.parametrize("name", SHOWN)
def test_reset_takes_everything_back(seen, name):
    for act in seen[name]["acts"]:
        assert act["back"] and act["traits"], act["what"]


@pytest.mark.parametrize("name", SHOWN)
def test_a_handle_that_is_held_still_stays_where_it_is(seen, name):
    """What a pull does and where a handle stands are one calculation there and back."""
    for before, after in seen[name]["held"]:
        assert len(before) == 2 and after == pytest.approx(before, abs=0.5)


@pytest.mark.parametrize("name", SHOWN)
def test_handles_stay_within_their_ends(seen, name):
    for act in seen[name]["acts"]:
        for low, now, high in act["numbers"]:
            assert low - 1e-6 <= now <= high + 1e-6, act["what"]


@pytest.mark.parametrize("name", SHOWN)
def test_arrows_move_a_handle_their_way(seen, name):
    """Right and left along the picture; up and down too, or along it where a handle only slides."""
    for act in seen[name]["acts"]:
        k, _, key = act["key"].partition(" ")
        if key.startswith("Arrow"):
            right, down = act["shifts"][int(k)]
            way = 1 if key in ("ArrowRight", "ArrowUp") else -1
            along = way * right > 1e-6 or (key in ("ArrowRight", "ArrowLeft") and abs(right) < 1e-6)
            assert along or (key in ("ArrowUp", "ArrowDown") and way * down <= 1e-6), act["key"]


@pytest.mark.parametrize("name", SHOWN)
def test_home_and_end_lead_to_the_ends_and_page_keys_further_than_arrows(seen, name):
    by_key = defaultdict(dict)
    for act in seen[name]["acts"]:
        k, _, key = act["key"].partition(" ")
        if key:
            by_key[int(k)][key] = act["numbers"][int(k)][1]
    for k, now in by_key.items():
        every = [act["numbers"][k][1] for act in seen[name]["acts"]]
        assert now["Home"] < now["End"], k
        assert now["Home"] == pytest.approx(min(now.values()), abs=1e-6), k
        assert now["End"] == pytest.approx(max(now.values()), abs=1e-6), k
        down, up = sorted((now["ArrowLeft"], now["ArrowRight"]))
        far = sorted((now["PageDown"], now["PageUp"]))
        assert far[0] <= down and up <= far[1], (k, now)
        assert min(every) <= now["Home"] and now["End"] <= max(every)


def test_a_tap_on_a_dot_chooses_its_model_and_one_far_off_nothing(seen):
    """Dots that lie on each other are one place: every model but those is chosen by its own."""
    tried = 0
    for name, shown in SHOWN.items():
        if isinstance(shown["state"].get("chosen"), str):
            taps = seen[name]["tapsOnDots"]
            models = [model[0] for model in shown["state"]["models"]]
            assert len(taps) == len(models) and seen[name]["tapFarOff"] == ""
            right = [tap == model for tap, model in zip(taps, models, strict=True)]
            assert sum(right) >= 0.9 * len(models)
            tried += 1
    assert tried


if __name__ == "__main__":
    write_drawn()
