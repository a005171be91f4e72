"""Folds: what may be skipped, and the code of what is only drawn."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from pygments.lexers import Python3Lexer
from pygments.token import Comment, Keyword, Number, Operator, String

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "_ext"))
import folds  # noqa: E402
import tables  # noqa: E402

SITE = ROOT / "_build" / "html"
NOTEBOOKS = sorted([*ROOT.glob("*.ipynb"), *ROOT.glob("*/*.ipynb")])
SCRIPT = (folds.Path(folds.__file__).parent / "assets" / "reading.js").read_text(encoding="utf-8")
START = '<details class="deeper">\n<summary>Deeper: more</summary>\n\n'
MOST_ELEMENTS = 6_000  # of a page that has loaded


def cells_of(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def texts(*sources: str) -> list[dict]:
    """Cells of text, named a, b, ..., with code between them."""
    code = {"cell_type": "code", "id": "code", "metadata": {}, "source": "x = 1", "outputs": []}
    made = [
        {"cell_type": "markdown", "id": id, "metadata": {}, "source": source}
        for id, source in zip("abc", sources, strict=False)
    ]
    return [cell for text in made for cell in (text, code)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_folds_of_every_notebook_end_and_hold_no_heading(path):
    assert folds.faults(cells_of(path)) == []


@pytest.mark.parametrize(
    "sources, fault",
    [
        ((START + "text", "</details>\n\n## More"), ""),
        (("```\n<details>\n```\n`</details>`",), ""),
        ((START,), "cell a: its fold is never closed"),
        ((START + START,), "cell a: a fold inside the fold of cell a"),
        ((START, "## Head", "</details>"), "cell b: the heading '## Head' is inside a fold"),
        (("</details>",), "cell a: </details> closes nothing"),
        ((START, "</details>\ntext"), "cell b: no empty line after </details>"),
        ((START.rstrip() + "\ntext\n\n</details>",), "cell a: a fold begins with"),
        (('<details class="deeper">\n<summary>More</summary>\n\n</details>',), "a fold begins"),
        (("<details>\n<summary>Deeper: a</summary>\n\n</details>",), "cell a: a fold begins with"),
    ],
)
def test_a_fold_that_does_not_fit_is_told_with_its_cell(sources, fault):
    said = folds.faults(texts(*sources))
    assert (fault in said[0]) if fault else said == []


def test_chapter_8_is_the_pattern():
    source = "\n".join(
        "".join(cell["source"]) for cell in cells_of(ROOT / "chapters/08_isoflops.ipynb")
    )
    assert source.count('<details class="deeper">') >= 9 and "skip every *Deeper*" in source


# ---- code ----------------------------------------------------------------------------------------


def a_cell(kind: str, *tags: str, **told) -> dict:
    output = {"output_type": "execute_result", "data": {kind: ""}}
    return {
        "cell_type": "code",
        "metadata": {"tags": list(tags), "mystnb": told},
        "outputs": [output],
    }


@pytest.mark.parametrize(
    "cell, chapter, prompt",
    [
        (a_cell("image/png", figure={}), True, "Code of this figure"),
        (a_cell("image/png", figure={}), False, None),  # of a how-to
        (a_cell("image/png", "hide-input", figure={}), False, "Code of this figure"),
        (a_cell(folds.VIEW), True, "Code of this picture"),
        (a_cell("text/html", "hide-input"), True, "Code of this table"),
        (a_cell("text/plain", "hide-input"), True, "Code of these numbers"),
        (a_cell("text/html"), True, None),
        (a_cell("text/plain", "setup"), True, "Set-up: what this page imports"),
        (a_cell("text/plain", "hide-input", code_prompt_show="Show"), True, "Show"),
    ],
)
def test_folded_code_says_what_it_makes(cell, chapter, prompt):
    folds._fold_code(cell, chapter)
    assert ("hide-input" in cell["metadata"]["tags"]) == bool(prompt)
    assert cell["metadata"].get("mystnb", {}).get("code_prompt_show") == prompt


COLOURED = {
    "comment": (Comment,),
    "string": (String,),
    "keyword": (Keyword, Operator.Word),
    "number": (Number,),
}


def test_code_is_coloured_as_pygments_would():
    """Letter by letter, on the code of every third notebook."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: the colours of code were not compared")
    code = [
        "".join(cell["source"])
        for path in NOTEBOOKS[::3]
        for cell in cells_of(path)
        if cell["cell_type"] == "code"
    ]
    code.append(
        "x1 = 0x1F + 1_000.5e-3 + 2.5  # it's\ny = r'\\'' + f\"a'{b!r}\" if a_if else '''\n#'''"
    )
    token = re.search(r"const TOKEN =\s*(/.+/g);", SCRIPT)[1]
    kinds = re.search(r"const kinds = (.+);", SCRIPT)[1]
    script = (
        f"const TOKEN = {token}, kinds = {kinds};"
        'const code = JSON.parse(require("fs").readFileSync(0));'
        "console.log(JSON.stringify(code.map(text => [...text.matchAll(TOKEN)].map(found =>"
        " [kinds[found.slice(1).findIndex(part => part !== undefined)],"
        " found.index, found.index + found[0].length]))))"
    )
    done = subprocess.run(
        [node, "-e", script], input=json.dumps(code), capture_output=True, text=True, check=True
    )
    for text, found in zip(code, json.loads(done.stdout), strict=True):
        ours, at = [""] * len(text), 0
        for kind, start, end in found:
            # what an f-string computes has the string's colour here
            shown = "f" if re.match("[rR]?[fF]", text[start:end]) else kind
            ours[start:end] = [shown] * (end - start)
        for token_type, part in Python3Lexer(stripnl=False, ensurenl=False).get_tokens(text):
            kind = next(
                (k for k, types in COLOURED.items() if any(token_type in t for t in types)), ""
            )
            for place in range(at, at + len(part)):
                if not text[place].isspace():
                    assert ours[place] in ("f", kind), (
                        f"{text[at - 20 : at]}>>>{text[at : at + 20]}"
                    )
            at += len(part)


@pytest.mark.parametrize("theme, ground", [("light", "f3f4f5"), ("dark", "29313d")])
def test_coloured_code_can_be_read(theme, ground):
    css = (Path(folds.__file__).parent / "assets" / "reading.css").read_text(encoding="utf-8")
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)

    def light(colour: str) -> float:
        parts = [int(colour[k : k + 2], 16) / 255 for k in (0, 2, 4)]
        parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), parts, strict=True))

    rules = [
        (heads, colour)
        for heads, colour in re.findall(r"([^{}]*::highlight[^{}]*)\{\s*color: #(\w{6});", css)
        if ('"dark"' in heads) == (theme == "dark")
    ]
    named = {name for heads, _ in rules for name in re.findall(r"\(code-(\w+)\)", heads)}
    assert named == set(COLOURED)
    for heads, colour in rules:
        low, high = sorted((light(colour), light(ground)))
        assert (high + 0.05) / (low + 0.05) >= 4.5, heads


TABLE = (
    "<table><thead><tr><th></th><th></th><th>a</th><th>b, %</th></tr>"
    "<tr><th>x</th><th>y</th><th></th><th></th></tr></thead><tbody>"
    '<tr><th rowspan="2">p</th><th>q</th><td>1</td><td>2</td></tr>'
    "<tr><th>r</th><td>3</td><td>4</td></tr></tbody></table>"
)


def test_the_columns_that_a_cell_names_are_marked():
    html = tables.marked(TABLE, ["b, %"])
    assert re.findall(r'class="named"[^>]*>(.*?)<', html) == ["b, %", "", "2", "4"]
    assert html.count("<td class") == 3, "an empty header is none"
    assert re.sub("<.*?>", "", html) == re.sub("<.*?>", "", TABLE)
    with pytest.raises(ValueError, match=r"no column 'c': the columns are a, b, %"):
        tables.marked(TABLE, ["c"])


def built(act, *cells: dict, suffix: str = ".ipynb", name: str = "chapters/08_isoflops") -> list:
    """What a step of the build makes of a notebook's cells."""
    app = SimpleNamespace(env=SimpleNamespace(doc2path=lambda name: f"{name}{suffix}"))
    source = [json.dumps({"cells": cells})]
    act(app, name, source)
    return json.loads(source[0])["cells"]


def test_a_build_marks_the_tables_of_cells_that_name_columns(monkeypatch):
    said = []
    monkeypatch.setattr(tables.log, "warning", lambda text, *rest: said.append(text % rest))

    def cell(*named: str, kind: str = "text/html") -> dict:
        told = {"scalinglib": {"named": named}} if named else {}
        return {"id": "x", "metadata": told, "outputs": [{"data": {kind: [TABLE]}}, {"text": "a"}]}

    def marks(*cells: dict, **more) -> list[int]:
        found = built(tables.mark, *cells, **more)
        return ["".join(*one["outputs"][0]["data"].values()).count("named") for one in found]

    given = (cell("a"), cell(), cell("a", "b, %"), cell("a", kind="text/plain"))
    assert marks(*given) == [4, 0, 8, 0] and not said
    assert marks(cell("a"), suffix=".md") == [0]
    assert marks(cell("c")) == [0]
    assert said == ["chapters/08_isoflops: cell x: no column 'c': the columns are a, b, %"]


def test_a_build_folds_notebooks_and_warns_of_folds_that_do_not_end(monkeypatch):
    said = []
    monkeypatch.setattr(folds.log, "warning", lambda text, *rest: said.append(text % rest))
    cells = (a_cell(folds.VIEW), *texts("# T", START))

    def folded(**more) -> list:
        return built(folds.fold, *cells, **more)[0]["metadata"].get("tags", [])

    assert "hide-input" in folded() and len(said) == 1 and "chapters/08_isoflops: " in said[0]
    assert "hide-input" not in folded(name="howto/fit") and len(said) == 2
    assert "hide-input" not in folded(suffix=".md") and len(said) == 2


# ---- the built pages -----------------------------------------------------------------------------


@pytest.mark.site
@pytest.mark.parametrize(
    "chapter", sorted((ROOT / "chapters").glob("[01]*.ipynb")), ids=lambda path: path.stem
)
def test_pages_fold_what_only_draws_and_have_no_span_for_a_word(chapter):
    html = (SITE / "chapters" / f"{chapter.stem}.html").read_text(encoding="utf-8")
    kinds = [folds.shown(cell) for cell in cells_of(chapter) if cell["cell_type"] == "code"]
    for what in ("this figure", "this picture"):
        assert html.count(
            f'<p class="collapsed admonition-title">Code of {what}</p>'
        ) == kinds.count(what)
    assert "Set-up: what this page imports" in html and "Show code cell" not in html
    assert html.count("<details") == html.count("</details>")
    assert '<details class="deeper" open' not in html
    assert not re.search(r'<div class="highlight"><pre>[^\n]*?<span', html)


@pytest.mark.site
def test_a_fold_opens_for_a_link_for_what_is_found_and_for_print(windows):
    """One visit; the find bar cannot be driven, a link to a text opens folds by the same rule."""
    from test_site import go

    seen = windows(1280, "light")
    go(seen, "chapters/08_isoflops.html")
    page = seen.page
    opened = "[...document.querySelectorAll('details.deeper')].map(fold => fold.open)"
    assert not any(page.evaluate(opened))
    # Chromium opens it by itself; elsewhere the script must, which alone hears of it here
    page.evaluate(
        "document.querySelectorAll('details.deeper p')[0].id = 'inside';"
        "history.replaceState(null, '', '#inside');"
        "dispatchEvent(new HashChangeEvent('hashchange'))"
    )
    page.wait_for_function("document.getElementById('inside').closest('details').open")
    top = page.evaluate("document.getElementById('inside').getBoundingClientRect().top")
    assert 0 <= top < 900
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert all(page.evaluate(opened))
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(opened).count(True) == 1
    ranges = page.evaluate("[...CSS.highlights.values()].reduce((sum, one) => sum + one.size, 0)")
    assert ranges, "no code is coloured"
    page.goto("about:blank")
    page.goto(f"{seen.base}chapters/08_isoflops.html#:~:text=Rounding%20is%20not%20the%20reason")
    page.wait_for_function(f"{opened}.includes(true)")


# Numbers that a stuck column lies over, at each of these places of the scroll: it fades them.
CUT = """async (places) => {
    const found = { tables: 0, cut: 0, hard: [] };
    const next = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    for (const fold of document.querySelectorAll("details.deeper")) fold.open = true;
    for (const it of document.querySelectorAll(".text_html:has(table.dataframe)")) {
        if (it.scrollWidth <= it.clientWidth + 1) continue;
        it.scrollIntoView({ behavior: "instant", block: "center" });
        for (let k = 0; k < 50 && !it.querySelector("tbody .stays"); k += 1) await next();
        found.tables += 1;
        for (const place of places) {
            it.scrollLeft = place;
            await next();
            for (const cell of it.querySelectorAll("tbody td:not(.stays)")) {
                const text = document.createRange();
                text.selectNodeContents(cell);
                const { left, right } = text.getBoundingClientRect();
                for (const stuck of cell.parentElement.querySelectorAll(".brink")) {
                    const its = stuck.getBoundingClientRect();
                    const edge = stuck.matches(".named") ? its.left : its.right;
                    if (left > edge - 1 || right < edge + 1) continue;  // not cut
                    found.cut += 1;
                    const fade = getComputedStyle(stuck, "::after");
                    if (fade.content === "none" || parseFloat(fade.width) < 16)
                        found.hard.push([place, stuck.textContent, cell.textContent].join(" "));
                }
            }
        }
        it.scrollLeft = 0;
    }
    return found;
}"""


@pytest.mark.site
def test_words_tables_and_code_on_a_phone(windows):
    """Words open where they stand and lead back; what is wide says so; names of rows stay."""
    from test_site import go

    seen = windows(390, "light")
    go(seen, "chapters/08_isoflops.html")
    page = seen.page
    word = page.locator("a[href*='glossary.html#term-'][title]").nth(1)
    word.tap()
    shown = page.locator(".meaning:popover-open")
    assert word.get_attribute("title") in shown.inner_text()
    assert page.url.endswith("08_isoflops.html")
    left, right = page.evaluate(
        "(({ left, right }) => [left, right])"
        "(document.querySelector('.meaning').getBoundingClientRect())"
    )
    assert left >= 0 and right <= 390
    page.keyboard.press("Escape")
    assert shown.count() == 0
    assert page.evaluate("document.activeElement.textContent") == word.inner_text()
    word.tap()
    page.locator("article h1").tap()
    assert shown.count() == 0, "a tap beside it closes it"

    table = page.locator(".text_html:has(td.named)", has_text="best N, all").first
    page.get_by_role("button", name="Never cover anything", exact=True).first.click()
    table.scroll_into_view_if_needed()
    page.wait_for_selector(".text_html.more-right tbody td.stays.named")
    places = """it => ["tbody th", "tbody td.named"].map(chosen => {
        const { left, right } = it.querySelector(chosen).getBoundingClientRect();
        const box = it.getBoundingClientRect();
        return [Math.round(left - box.left), Math.round(box.right - right)];
    })"""
    assert table.evaluate(places)[1][1] >= 0, "the named column is seen before one scrolls"
    table.evaluate("it => { it.scrollLeft = 1000; }")
    page.wait_for_function(
        "it => it.classList.contains('more-left') && !it.classList.contains('more-right')",
        arg=table.element_handle(),
    )
    assert table.evaluate(places)[0][0] == 0, "the names of the rows have scrolled away"
    wide = page.evaluate(CUT, [0, 30, 60, 90, 1000])
    assert wide["tables"] > 2 and wide["cut"] > 20
    assert not wide["hard"], "half a number stands beside a whole one"

    code = page.locator(".cell_input pre").nth(1)
    code.scroll_into_view_if_needed()
    page.wait_for_function("it => it.tabIndex === 0", arg=code.element_handle())
    button = page.locator(".cell_input button.copy:visible").first
    button.click()
    assert button.inner_text() == "Copied"


# Of each table that is wider than the screen: the share of it that stuck columns take, and the
# columns between them that no place of the scroll shows whole.
SLITS = """async () => {
    const found = [];
    const next = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    for (const fold of document.querySelectorAll("details.deeper")) fold.open = true;
    for (const it of document.querySelectorAll(".text_html:has(table.dataframe)")) {
        if (it.scrollWidth <= it.clientWidth + 1) continue;
        it.scrollIntoView({ behavior: "instant", block: "center" });
        for (let k = 0; k < 50 && !it.querySelector("tbody .stays"); k += 1) await next();
        const cells = [...it.querySelector("tbody tr").cells];
        const stuck = cells.filter((cell) => cell.matches(".stays"));
        const taken = stuck.reduce((sum, cell) => sum + cell.offsetWidth, 0);
        const texts = [...it.querySelectorAll("tbody td:not(.stays)")].map((cell) => {
            const text = document.createRange();
            text.selectNodeContents(cell);
            return text.getBoundingClientRect().width;
        });
        found.push({
            heads: it.querySelector("thead").textContent.replace(/\\s+/g, " "),
            columns: stuck.length,
            share: taken / it.clientWidth,
            hidden: texts.filter((width) => width > it.clientWidth - taken).length,
        });
    }
    return found;
}"""


@pytest.mark.site
@pytest.mark.parametrize("page", ["howto/which_lever", "chapters/17_better_steps"])
def test_stuck_columns_leave_room_for_the_others_on_a_phone(windows, page):
    """Where a name and a named column would leave a slit, the name alone stays."""
    from test_site import go

    seen = windows(390, "light")
    go(seen, f"{page}.html")
    tables = seen.page.evaluate(SLITS)
    assert len(tables) >= 3 and all(table["columns"] for table in tables)
    for table in tables:
        assert table["share"] < 0.5 or table["columns"] > 1, table
        assert table["columns"] == 1 or table["hidden"] == 0, table


@pytest.mark.site
def test_the_longest_page_has_few_elements(windows):
    from test_site import go

    sizes = {
        page.name: page.read_text(encoding="utf-8").count("</")
        for page in (SITE / "chapters").glob("[01]*.html")
    }
    longest = max(sizes, key=sizes.get)
    seen = windows(390, "light")
    go(seen, f"chapters/{longest}")
    count = seen.page.evaluate("document.querySelectorAll('*').length")
    assert 1_000 < count <= MOST_ELEMENTS, longest
