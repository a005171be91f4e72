"""The scratchpad of every page (_ext/assets/pad.js), in node; the tables and laws that it knows."""

import gzip
import json
from functools import partial

import pytest
from in_node import ROOT, course, given, work
from test_site import accessibility, sideways, visit

from scalinglib import laws, published

import answers  # isort: skip  (from _ext, which in_node puts on the path)

PAGE = {
    "boxes": {
        "02-one": {"given": {"width": 64, "rate": 0.5}},
        "02-two": {"given": {"width": 64, "rate": 0.6}},
    },
    "tables": [
        {"names": ["N", "loss"], "rows": [["1e8", "3.5"], ["2e8", "3.25"], ["4e8", "3"]]},
        {"names": [None, "loss_2"], "rows": [['a, "b"', "1"], ["c", "2"]]},
        {"names": ["floor"], "rows": [["1.5"]]},
    ],
}


@pytest.fixture(params=["as written", "as served"])
def pad(request):
    """Work the pad in node by steps; one answer each."""
    return partial(work, page=PAGE, served=request.param == "as served")


def test_lines_columns_laws_units(pad):
    lines = "\n".join(
        [
            "# tokens",
            "D = 3 trillion  # of them",
            "mean(loss)",
            "slope(ln(N), ln(loss))",
            "besiroglu_2024.loss(70e9, D)",
            "n, d = hoffmann_2022.optimum(5.76e23)",
            "n",
            "57 PF-days/(1 exaFLOPs)",
            "solve(x, 1, 19, x^2 - 2 width)",
            "loss",
            "log(3)",
            "rate",
            "floor",
        ]
    )
    (said,) = pad(["type", lines])
    assert said[:4] == ["", "3e12", "3.25", "-0.111196"]
    law = published.get("besiroglu_2024").law
    assert float(said[4]) == pytest.approx(law.loss(70e9, 3e12), rel=1e-5)
    assert float(said[6]) == pytest.approx(laws.HOFFMANN_2022.optimum(5.76e23).N, rel=1e-5)
    assert said[7:10] == ["4924.8", "11.3137", "3.5; 3.25; 3"]
    assert "base" in said[10] and "not known" in said[11], "two exercises give two rates"
    assert said[12] == "1.5"


def test_what_can_be_used_is_listed_columns_first(pad):
    listed = pad(["listed"])[0]
    assert listed[:6] == ["Close", "Copy", "Clear", "N", "loss", "loss_2"]
    assert listed[6:8] == ["hoffmann_2022.", "hoffmann_2022_tex."]
    assert pad(["push", "loss"], ["lines"])[1] == "loss"
    assert pad(["push", "loss"], ["push", "N"], ["lines"])[2] == "lossN"


def test_a_key_opens_it_and_leads_back(pad):
    steps = (["key", "F2"], ["open"], ["key", "Escape"], ["open"], ["key", "F3"], ["open"])
    said = pad(["field"], *steps)
    assert [said[2], said[4], said[6]] == [
        [True, "true", True],
        [False, "false", False],
        [False, "false", False],
    ]


def test_it_is_remembered_by_page_beside_the_answers(pad):
    other = {"book/index.html": "a = 1", "chapters/02_power_laws.html": "b = 2"}
    shelf = json.dumps({"pads": other, "questions": {"02-which": {"chosen": ["a"]}}})
    assert pad(["lines"], kept=shelf) == ["b = 2"]
    said = pad(["type", "b = 3"], ["shelf"], ["push", "Clear"], ["shelf"], kept=shelf)
    assert said[1]["pads"] == other | {"chapters/02_power_laws.html": "b = 3"}
    assert said[3]["pads"] == {"book/index.html": "a = 1"}
    assert said[3]["questions"] == {"02-which": {"chosen": ["a"]}}


@pytest.mark.parametrize("pads", ['"nonsense"', "[1, 2]", '{"chapters/02_power_laws.html": 3}'])
def test_a_spoilt_shelf_is_an_empty_one(pad, pads):
    kept = f'{{"pads": {pads}}}'
    assert pad(["lines"], ["type", "1 + 1"], kept=kept) == ["", ["2"]]


def test_where_storage_is_refused_it_lasts_until_the_page_is_left(pad):
    assert pad(["type", "1 + 1"], ["lines"], refuses=True) == [["2"], "1 + 1"]


def test_it_is_copied_with_results_that_can_be_typed_back(pad):
    steps = (["type", "a = 2\n\na*3e9"], ["push", "Copy"], ["copied"])
    copied = pad(*steps)[2]
    assert copied == "a = 2  # = 2\n\na*3e9  # = 6e9"
    assert pad(["type", copied])[0] == ["2", "", "6e9"]
    assert pad(["push", "Copy as CSV"], ["copied"])[1] == "N,loss\n1e8,3.5\n2e8,3.25\n4e8,3"


@pytest.mark.parametrize("count, more", [(12, ""), (13, ""), (14, "; … (14)")])
def test_of_a_list_thirteen_are_shown(pad, count, more):
    line = f"list({', '.join(map(str, range(count)))})"
    assert pad(["type", line])[0] == ["; ".join(map(str, range(min(count, 13)))) + more]


def test_a_screen_reader_hears_the_line_with_the_cursor(pad):
    assert pad(["type", "a = 2\nb"], ["said"])[1] == "Line 2: b is not known here"


def test_on_a_phone_it_covers_nothing_that_is_typed_into(pad):
    """It goes when a field is typed into, and stays above the keyboard while it is typed into."""
    opened = ["key", "F2"]
    assert pad(opened, ["field"])[1] == [True, True]
    assert pad(["narrow"], opened, ["field"], ["key", "F2"], ["key", "Escape"], ["field"])[
        2::3
    ] == [
        [False, True],
        [False, True],
    ]
    told = pad(["narrow"], opened, ["keyboard", 500])[2]
    assert told == {"--sl-under": "344px", "--sl-room": "500px"}


def test_endless_work_ends(pad):
    heavy = "\n".join(["solve(q, 0, 9, " + " + ".join(["sum(N)*q"] * 18) + " - 5)"] * 200)
    assert any("too" in line for line in pad(["type", heavy])[0])


# ---- what stands under an exercise ---------------------------------------------------------------


def runs(**columns):
    return [{"name": "runs", "columns": columns}]


def test_a_column_has_a_name_of_its_own_on_the_page():
    tables = {
        "02-a": runs(N=[1, 2], loss=[3, 4], who=["x", "y"]),
        "02-b": [{"name": "before", "columns": {"loss": [1.5]}}, *runs(D=[1])],
        "02-c": runs(loss=[1, 2]),
    }
    assert given.names_on_page(tables) == {
        ("02-a", "runs", "N"): "N",
        ("02-a", "runs", "loss"): "loss_1",
        ("02-b", "before", "loss"): "before_loss",
        ("02-b", "runs", "D"): "D",
        ("02-c", "runs", "loss"): "loss_3",
    }
    with pytest.raises(ValueError, match="letters, digits"):
        given.names_on_page({"02-a": runs(**{"loss (nats)": [1]})})
    clash = {"02-a": runs(x=[1]), "02-b": runs(x=[1]), "02-c": runs(x_1=[1])}
    with pytest.raises(ValueError, match="'x_1': rename"):
        given.names_on_page(clash)


@pytest.mark.parametrize(
    "value, text",
    [
        (4148800, "4148800"),
        (0.0402, "0.0402"),
        (1.3e8, "1.3e8"),
        (20_000_000, "2e7"),
        (3.0, "3"),
        (0, "0"),
        (-2.5e-6, "-2.5e-6"),
        (123456789, "1.23456789e8"),
        (1e7, "1e7"),
        (-7.0, "-7"),
    ],
)
def test_a_number_is_printed_as_it_was_rounded(value, text):
    assert given.number(value) == text and float(text) == value


def test_data_stand_under_their_exercise_folded_where_long():
    box = {"data": runs(N=[1e8, 2e8], who=["a<b", "c"]), "given": {"seen": [3, 4], "width": 8}}
    html = given.under({"02-a": box}, {"02-a": ["question"]})["02-a"]
    assert '<th scope="col" data-name="N">N</th>' in html and "<td>1e8</td>" in html
    assert '<td class="sl-label">a&lt;b</td>' in html and 'data-name="seen"' in html
    assert "<details" not in html and "2 rows" in html and "\n<" not in html.replace("\n\n", "")
    long = given.under({"02-a": {"data": runs(N=list(range(9)))}}, {"02-a": [""]})["02-a"]
    assert long.startswith('<details class="sl-data"><summary>Data: runs, 9 rows')
    assert given.under({"02-a": {}}, {"02-a": ["no law"]}) == {}
    with pytest.raises(ValueError, match="differ in length"):
        given.under({"02-a": {"data": runs(N=[1], D=[1, 2])}}, {"02-a": [""]})


# ---- laws ----------------------------------------------------------------------------------------


def test_the_table_of_laws_is_the_registry():
    table = given.laws_table()
    for key, row in published.laws().iterrows():
        assert f'id="law-{key}"' in table and row["name"] in table
    assert "E 1.8172, A 482.01, B 2085.43, α 0.3478, β 0.3658" in table
    assert "size.scale 8.8e13" in table and "floor" not in table


def test_the_calculator_knows_laws_by_their_five_constants():
    for key, five in given.for_the_pad().items():
        law = published.get(key).law
        law = law.fresh if isinstance(law, laws.DataConstrainedLaw) else law
        E, A, alpha, B, beta = five
        assert law.loss(1e9, 2e10) == pytest.approx(E + A * 1e9**-alpha + B * 2e10**-beta)
    assert {"hoffmann_2022", "hoffmann_2022_tex", "besiroglu_2024"} <= set(given.for_the_pad())


def test_constants_with_a_name_of_their_own_are_known_to_the_fields():
    code = ["`KAPLAN_2020.critical_batch(loss)`", "HOFFMANN_2022.optimum(C)"]
    assert given.named(code) == {"batch_scale": 2e8, "batch_exponent": 0.21}
    cells = json.loads((ROOT / "chapters/07_kaplan_allocation.ipynb").read_text("utf-8"))["cells"]
    boxes = json.loads(answers.with_boxes(cells)[-1]["source"].split(">", 1)[1].split("</")[0])
    assert {"batch_scale", "target_loss"} <= set(boxes["boxes"]["07-critical-batch"]["given"])


def test_an_exercise_shows_the_constants_of_the_laws_that_it_names():
    found = given.laws_named(["by `BESIROGLU_2024`", 'get("sardana_2023"), "given", KAPLAN_1999'])
    assert [one.key for one in found] == ["besiroglu_2024", "sardana_2023"]
    html = given.under({}, {"02-a": ["by `BESIROGLU_2024`"]})["02-a"]
    assert 'href="notation.html#law-besiroglu_2024"' in html and "A = 482.01" in html


@pytest.mark.parametrize(
    "code, shown",
    [
        ("KAPLAN_2020.critical_batch(2.6)", "batch_scale = 2e8, batch_exponent = 0.21"),
        (
            "KAPLAN_2020.optimum(c_min).N",
            "optimal_size_coef = 1.3e9, optimal_size_exponent = 0.73; "
            "C in PF-days, each 8.64e19 FLOPs",
        ),
        (
            "law = KAPLAN_2020.compute.loss(1)\nscale = KAPLAN_2020.data.scale / law",
            "data.scale = 5.4e13, compute.scale = 3.1e8, compute.exponent = 0.05; "
            "C in PF-days, each 8.64e19 FLOPs",
        ),
        (
            "KAPLAN_2020.loss(1, 2)",
            "of the joint law N_c = 6.4e13, D_c = 1.8e13, α_N = 0.076, α_D = 0.103",
        ),
    ],
)
def test_of_many_constants_an_exercise_shows_those_that_it_needs(code, shown):
    html = given.under({}, {"06-a": [code]})["06-a"]
    assert f"</a>: {shown}.</p>" in html


def test_where_the_code_does_not_tell_all_constants_stand():
    html = given.under({}, {"06-a": ["by `KAPLAN_2020`"]})["06-a"]
    assert "of the joint law N_c = 6.4e13" in html and "; size.scale = 8.8e13" in html


# ---- what is served ------------------------------------------------------------------------------


def test_the_code_for_answers_is_small():
    """All of it, as it is served: 13 kB after gzip."""
    if course.weight.minify is None:
        pytest.skip("no minifier on this machine: the scripts are served as they are written")
    assert len(gzip.compress(course.served().encode(), 9, mtime=0)) <= 13_000


# ---- in a browser --------------------------------------------------------------------------------


@pytest.mark.parametrize("width, scheme", [(390, "dark"), (1280, "light")])
def test_the_pad_on_a_page(browser, base, width, scheme):
    """By keyboard alone; what is named in it is known to a field, which it does not cover."""
    with visit(browser, base, "chapters/04_train_your_own.html", width, scheme) as seen:
        page = seen.page
        pad, opener = page.locator(".sl-pad"), page.get_by_role("button", name="Scratchpad")
        page.keyboard.press("F2")
        page.keyboard.type("gap = mean(losses_a) - mean(losses_b)\nmean(losses")
        said = pad.get_by_role("status")
        said.filter(has_text="Line 2: losses is not known here").wait_for()
        assert pad.get_by_role("listitem").first.inner_text() == "0.00402"
        pad.locator("summary").press("Enter")
        assert seen.problems == []
        assert accessibility(page, ".sl-pad, .sl-pad-open, .sl-data") == []
        assert sideways(page) == []
        field = page.locator('.sl-box[data-id="04-noise-or-effect"] input').first
        field.focus()
        assert pad.is_visible() == (width > 600)
        ends = page.evaluate(
            "[document.activeElement, document.querySelector('.sl-pad')]"
            ".map(one => one.getBoundingClientRect()).map(box => [box.bottom, box.top])"
        )
        assert width < 600 or ends[0][0] <= ends[1][1], "the pad covers the field"
        page.keyboard.type("gap")
        assert "0.00402" in page.locator(".sl-echo").filter(has_text="read as").inner_text()
        if width > 600:
            page.keyboard.press("F2")  # closes it
        assert not pad.is_visible() and opener.get_attribute("aria-expanded") == "false"
        page.reload()
        page.keyboard.press("F2")
        assert page.evaluate("document.activeElement.value").startswith("gap = mean")
        page.keyboard.press("Escape")
