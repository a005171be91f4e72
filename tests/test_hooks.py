"""What a build of the site calls, one call at a time and without a build.

tests/test_site.py and others look at a site that was built, in a browser; `make quick` has none.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from docutils import nodes
from sphinx import addnodes

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "_ext"))
import addresses  # noqa: E402
import answers  # noqa: E402
import api  # noqa: E402
import course  # noqa: E402
import finding  # noqa: E402
import folds  # noqa: E402
import formulas  # noqa: E402
import given  # noqa: E402
import glossary  # noqa: E402
import handbook  # noqa: E402
import minutes  # noqa: E402
import moved  # noqa: E402
import navigation  # noqa: E402
import notebooks  # noqa: E402
import pictures  # noqa: E402
import powers  # noqa: E402
import tables  # noqa: E402
import weight  # noqa: E402

MODULES: dict[str, Any] = {
    one.__name__: one
    for one in (course, folds, tables, minutes, pictures, formulas, navigation, finding)
} | {one.__name__: one for one in (addresses, moved, powers, weight)}
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["sphinx"]
SAFE = {"parallel_read_safe": True, "parallel_write_safe": True}


class Recorder:
    """In the place of Sphinx: what an extension asks of it."""

    def __init__(self):
        self.asked: list[tuple] = []

    def connect(self, event, call, priority=500):
        self.asked.append((event, call.__name__, priority))

    def add_css_file(self, name, priority=500):
        self.asked.append((name, priority))

    def add_js_file(self, name, loading_method=""):
        self.asked.append((name, loading_method))

    def add_config_value(self, name, default, rebuild):
        self.asked.append((name, default, rebuild))

    def setup_extension(self, name):
        self.asked.append((name,))

    def add_html_math_renderer(self, name, inline, block):
        self.asked.append((name, inline, block))


WIRED = {
    "course": [
        ("solutions", "show", "env"),
        ("course.css", 900),
        ("config-inited", "configure", 900),
        ("builder-inited", "join_scripts", 500),
        ("source-read", "link_words", 500),
        ("source-read", "stage_exercises", 500),
        ("source-read", "mark_evidence", 500),
        ("source-read", "fill", 500),
        ("source-read", "fill", 500),
        ("env-updated", "know_claims", 500),
        ("sphinx.ext.autodoc",),
        ("autodoc-process-docstring", "read_docstring", 500),
        ("autodoc-skip-member", "leave_out", 500),
        ("source-read", "fill", 500),
        ("html-page-context", "let_answer", 500),
        ("html-page-context", "lighten", 900),
        ("build-finished", "finish", 900),
    ],
    "folds": [
        ("reading.css", 900),
        ("print.css", 950),
        ("reading.js", "defer"),
        ("source-read", "fold", 400),
    ],
    "tables": [("source-read", "mark", 500)],
    "minutes": [("source-read", "tell", 390)],
    "pictures": [("source-read", "show", 600)],
    "formulas": [
        ("formulas.js", "defer"),
        ("doctree-resolved", "<lambda>", 500),
        ("mathml", (formulas._inline, None), (formulas._block, None)),
    ],
    "navigation": [
        ("navigation.js", "defer"),
        ("navigation.css", 900),
        ("builder-inited", "tell_script", 500),
        ("env-check-consistency", "number_figures", 500),
        ("env-check-consistency", "number_sections", 500),
        ("doctree-resolved", "resolved", 500),
    ],
    "finding": [("builder-inited", "begin", 500), ("html-page-context", "feed", 500)],
    "addresses": [
        ("builder-inited", "add_page", 500),
        ("html-page-context", "describe", 500),
        ("build-finished", "write", 960),
    ],
    "moved": [("html-page-context", "lead_on", 500)],
    "powers": [("build-finished", "after_build", 940)],
    "weight": [("build-finished", "after_build", 950)],
}


def test_every_extension_of_the_settings_is_tried_here():
    assert list(CONFIG["local_extensions"]) == list(MODULES) == list(WIRED)


@pytest.mark.parametrize("name", WIRED)
def test_what_an_extension_asks_of_a_build(name, monkeypatch):
    """Orders matter: words are linked in what the author wrote, letters are counted last."""
    monkeypatch.delenv("SOLUTIONS", raising=False)
    app = Recorder()
    told = MODULES[name].setup(app)
    assert app.asked == WIRED[name]
    # the index of finding.py is gathered from all pages in one process
    assert told == SAFE | ({"parallel_write_safe": False} if name == "finding" else {})


def an_app(tmp_path: Path, **more) -> Any:
    """A build of this course, as far as a hook looks at it."""
    config = SimpleNamespace(
        solutions="show",
        root_doc="index",
        html_baseurl="",
        html_theme_options={},
        html_static_path=[],
        html_additional_pages={},
    )
    env = SimpleNamespace(
        doc2path=lambda name: str(ROOT / f"{name}.ipynb"), toc_secnumbers={}, tocs={}, metadata={}
    )
    return SimpleNamespace(
        config=config,
        env=env,
        srcdir=str(ROOT),
        outdir=str(tmp_path / "out"),
        builder=SimpleNamespace(format="html"),
        doctreedir=str(tmp_path / "trees"),
        **more,
    )


@cache
def text_of(name: str) -> str:
    return (ROOT / f"{name}.ipynb").read_text(encoding="utf-8")


def read(name: str) -> list[dict]:
    return json.loads(text_of(name))["cells"]


def made(hook, app, name: str) -> list[dict]:
    source = [text_of(name)]
    hook(app, name, source)
    return json.loads(source[0])["cells"]


# ---- the index -----------------------------------------------------------------------------------


def test_the_index_has_a_row_of_progress_for_every_chapter(tmp_path, monkeypatch):
    monkeypatch.setenv("BOOK_REPO_URL", "https://github.com/owner/name")
    before = {cell["id"]: "".join(cell["source"]) for cell in read("index")}
    staged = {
        one["id"]: one["source"] for one in made(course.stage_exercises, an_app(tmp_path), "index")
    }
    begin = before["chapters"].index("| no. |")
    rows = re.findall(r"(?m)^\|.*\n?", before["chapters"][begin:])
    end = begin + sum(map(len, rows))
    text = staged["chapters"]
    assert text.startswith(before["chapters"][:begin])
    assert text.rstrip().endswith(before["chapters"][end:].strip())
    assert not re.search(r"(?m)^\|", text)
    told = re.findall(r'<a href="chapters/(\w+)\.html">(\d+) .*?</td><td>(\d+)</td></tr>', text)
    files = sorted(path.stem for path in ROOT.glob("chapters/[0-9][0-9]_*.ipynb"))
    assert [name for name, *_ in told] == files and len(rows) == len(files) + 2
    data = json.loads(re.search(r"(?s)<script[^>]*>(.*)</script>", text)[1])
    for (name, number, asked), known in zip(told, data, strict=True):
        code = ["".join(one["source"]) for one in read(f"chapters/{name}")]
        boxes = len(known["exercises"])
        questions = sum(bool(re.match(r"(ask|predict)\(", one)) for one in code)
        heads = sum(len(re.findall(r"(?m)^### Exercise", one)) for one in code)
        assert int(asked) == boxes + questions and boxes + known["functions"] == heads, name
        assert (int(number), known["number"]) == (int(name[:2]),) * 2
    # the page also says how to cite the course: by whom, what, where
    cited = staged["who"].removeprefix(before["who"])
    told = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited.count(told["title"]) == 2 and cited.count(told["authors"][0]["name"]) == 2
    assert "<https://github.com/owner/name>" in cited
    assert "url = {https://github.com/owner/name}" in cited


def test_an_index_without_its_table_is_refused():
    with pytest.raises(ValueError, match="no rows"):
        answers.with_progress("| no. | page |\n", ROOT)


# ---- pages ---------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_a_picture_is_followed_by_a_still_of_it(tmp_path):
    app = an_app(tmp_path)
    name = "chapters/04_train_your_own"
    cells = made(pictures.show, app, name)
    assert [one for one in cells if not one["id"].startswith("still-")] != read(name)  # captions
    stills = {
        one["id"]: (cells[k - 1], one) for k, one in enumerate(cells) if "still-" in one["id"]
    }
    shown = [one for one in read(name) if pictures.VIEW in json.dumps(one.get("outputs", []))]
    assert [before["id"] for before, _ in stills.values()] == [one["id"] for one in shown]
    assert stills
    for id, (before, still) in stills.items():
        kind = id.removeprefix("still-")
        figure = before["metadata"]["mystnb"]["figure"]
        assert figure["name"] == f"picture-{kind.lower()}" and figure["caption"]
        file = Path(app.outdir, "_static/stills", f"{kind}.svg")
        assert file.read_text(encoding="utf-8").startswith('<svg xmlns="http://www.w3.org/2000/svg')
        assert f'src="../_static/stills/{kind}.svg"' in still["source"]
        assert still["cell_type"] == "markdown"


def test_a_page_without_pictures_stays_as_it_is(tmp_path):
    """As does a text, which is no notebook."""
    app = an_app(tmp_path)
    name = next(
        f"chapters/{path.stem}"
        for path in sorted(ROOT.glob("chapters/*.ipynb"))
        if not pictures.models(json.loads(text_of(f"chapters/{path.stem}")))
    )
    assert made(pictures.show, app, name) == read(name)
    app.env.doc2path = lambda name: f"{name}.md"
    source = ["no JSON"]
    pictures.show(app, "library/index", source)
    assert source == ["no JSON"] and not Path(app.outdir).exists()


def test_without_a_still_the_question_is_told():
    state = {"question": "a < b?", "_anywidget_id": "scalinglib.widgets.x.TwoLevers"}
    text = pictures.without_scripts(state, None, "../")
    assert "<strong>a &lt; b?</strong>" in text and "<img" not in text
    still = {"said": 'so "it" is', "svg": "", "width": 30, "height": 20}
    text = pictures.without_scripts(state, still, "../")
    assert 'src="../_static/stills/TwoLevers.svg" width="30" height="20"' in text
    assert 'alt="so &quot;it&quot; is"' in text


def test_words_of_the_glossary_are_linked_in_chapters_and_ways_alone(tmp_path):
    app = an_app(tmp_path)
    for name, linked in (("chapters/08_isoflops", True), ("chapters/claims", False)):
        assert (made(glossary.link_words, app, name) != read(name)) is linked


@pytest.mark.parametrize("name", ["chapters/08_isoflops", "howto/which_lever"])
def test_minutes_stand_under_headings_of_chapters_alone(tmp_path, name):
    text = json.dumps(made(minutes.tell, an_app(tmp_path), name))
    told = [int(one) for one in re.findall(r'sl-minutes\\">(\d+) minute', text)]
    if name.startswith("howto"):
        assert told == [] and json.loads(text) == read(name)
    else:  # its head says the sum, without and with the exercises
        core, asked = re.search(r"\*\*Minutes:\*\* (\d+), and (\d+) for", text_of(name)).groups()
        assert sum(told) == int(core) + int(asked) and int(asked) in told
        assert "1 minutes" not in re.sub(r"\d1 minutes", "", text)


def test_minutes_are_written_into_heads_and_the_front_page(tmp_path):
    """Two chapters, whose minutes are in their heads; before, all are zeros."""
    (tmp_path / "chapters").mkdir()
    reading = asked = 0
    rows, told = "", {}
    for name in ("chapters/08_isoflops", "chapters/17_better_steps"):
        core, more = re.search(r"\*\*Minutes:\*\* (\d+), and (\d+) for", text_of(name)).groups()
        reading, asked = reading + int(core), asked + int(more)
        rows += f"| [x]({name}.ipynb) | why? | {core} |\n"
        told[name] = text_of(name)
        old = told[name].replace(f"{core}, and {more} for", "0, and 0 for")
        (tmp_path / f"{name}.ipynb").write_text(old, encoding="utf-8")
    hours = f"about {reading / 60:.0f} hours to read, and {asked / 60:.0f} more for all"
    front = tmp_path / "index.ipynb"
    front.write_text(
        re.sub(r"\d+ \|$", "0 |", rows, flags=re.M)
        + "about 0 hours to read, and 0 more for all the exercises"
    )
    minutes.write(tmp_path)
    assert front.read_text() == f"{rows}{hours} the exercises"
    assert told == {name: (tmp_path / f"{name}.ipynb").read_text(encoding="utf-8") for name in told}


def test_tables_come_into_the_pages_that_have_their_marks(tmp_path):
    app = an_app(tmp_path)
    for hook, name, mark in (
        (api.fill, "library/forms", "<!-- forms -->"),
        (given.fill, given.NOTATION, given.MARK),
        (handbook.fill, handbook.PAGE, "<!-- totals -->"),
    ):
        for page in (name, "chapters/elsewhere"):
            source = [f"before {mark} after"]
            hook(app, page, source)
            filled = page == name
            assert (mark not in source[0]) is filled
            assert source[0].startswith("before ") and source[0].endswith(" after")
            assert (len(source[0]) > 300) is filled


def test_every_page_can_be_answered(tmp_path):
    app, asked, context = an_app(tmp_path), Recorder(), {"body": "<p>"}
    app.add_js_file, app.add_css_file = asked.add_js_file, asked.add_css_file
    course.let_answer(app, "a", "", context, None)
    assert asked.asked == [("answers.js", "defer"), ("answers.css", 900), ("pad.css", 900)]
    laws = re.fullmatch(
        '<p><script type="application/json" class="sl-laws">(.*)</script>', context["body"]
    )
    assert laws and json.loads(laws[1])["hoffmann_2022"] == [1.69, 406.4, 0.34, 410.7, 0.28]
    course.join_scripts(app)
    (folder,) = app.config.html_static_path
    text = Path(folder, "answers.js").read_text(encoding="utf-8")
    assert len(text) < sum(len((course.ASSETS / one).read_text()) for one in course.SCRIPTS)
    course.know_claims(app, SimpleNamespace(metadata=(known := {"chapters/claims": {}})))
    slugs = known["chapters/claims"]["myst_slugs"]
    assert slugs["claim-B6"] == (None, "claim-B6", "claim B6") and len(slugs) == 34


def test_parts_of_the_theme_that_no_page_uses_are_dropped():
    def script(name="", body=None):
        return SimpleNamespace(filename=name, attributes={"body": body} if body else {})

    once, mine = script(body="let a;"), script("_static/reading.js")
    context = {
        "script_files": [
            *(script("_static/clipboard.min.js"), once, script(body="let a;"), mine),
            *(script(body="THEBE = 1"), script("copybutton.js"), "plain.js"),
        ],
        "css_files": ["course.css", "togglebutton.css", script("tabs.css"), script("print.css")],
    }
    last = context["css_files"][-1]
    course.lighten(None, "", "", context, None)
    assert context["script_files"] == [once, mine, "plain.js"]
    assert context["css_files"] == ["course.css", last]


# ---- what machines ask for -----------------------------------------------------------------------


@pytest.mark.parametrize("base", ["", "https://a.org/course/"])
def test_a_page_is_described_and_the_index_by_the_course(tmp_path, base):
    app = an_app(tmp_path)
    app.config.html_baseurl = base
    text = nodes.document(None, None, "", nodes.paragraph("", "What a page says."))
    for page, tree, said in (
        ("chapters/a", text, "What a page says."),
        ("search", None, addresses.DESCRIPTION),
        ("index", text, addresses.DESCRIPTION if base else "What a page says."),
    ):
        context: dict = {}
        addresses.describe(app, page, "", context, tree)
        assert context.pop("description") == said
        assert context.pop("card", "") == (base and "https://a.org/course/_static/card.png")
        address = "https://a.org/course/" if base and page == "index" else None
        assert context == ({"pageurl": address} if address else {})
    addresses.add_page(app)
    finding.begin(app)
    assert app.config.html_additional_pages == {"404": "404.html", "search": "search.html"}
    assert app.builder.search is False and app.builder.sections == {}
    Path(app.outdir).mkdir()
    for error, kind in ((ValueError(), "html"), (None, "latex")):
        app.builder.format = kind
        addresses.write(app, error)
    assert list(Path(app.outdir).iterdir()) == []


def test_a_page_with_places_that_moved_leads_there(tmp_path):
    app = an_app(tmp_path)
    app.builder.get_relative_uri = lambda of, page: f"{page.rpartition('/')[2]}.html"
    for page, (to, places) in moved.MOVED.items():
        context: dict = {}
        moved.lead_on(app, page, "", context, None)
        assert context["moved"].endswith(
            f'}})("{to.rpartition("/")[2]}.html", {json.dumps(places, separators=(",", ":"))});'
        )
        assert (ROOT / f"{page}.ipynb").exists() and (ROOT / f"{to}.ipynb").exists()
    moved.lead_on(app, "chapters/elsewhere", "", (nothing := {}), None)
    assert nothing == {}


def test_the_script_of_the_contents_knows_what_each_chapter_asks(tmp_path):
    app = an_app(tmp_path)
    navigation.tell_script(app)
    text = Path(app.doctreedir, "served", "navigation.js").read_text(encoding="utf-8")
    told = json.loads(re.search(r"= (\{.*\});", text)[1])
    assert sorted(told) == sorted(path.stem for path in ROOT.glob("chapters/[0-9][0-9]_*.ipynb"))
    for chapter, exercises in told.items():
        code = "".join("".join(one["source"]) for one in read(f"chapters/{chapter}"))
        assert exercises and all(f'"{id}"' in code for id in exercises)
    original = (ROOT / "_ext/assets/navigation.js").read_text(encoding="utf-8")
    assert text.replace(json.dumps(told, separators=(",", ":")) + ";", "{}; // asked") == original


def test_the_index_of_the_search_has_sections_words_and_functions(tmp_path):
    """A word's own place, a function's full name; formulas without the commands of TeX."""
    app = an_app(tmp_path)
    app.env.found_docs = {"a"}
    app.env.toc_secnumbers = {"a": {"": (8,), "#s": (8, 2)}}
    app.builder.sections = {}
    Path(app.outdir, "_static").mkdir(parents=True)
    item = nodes.definition_list_item("", nodes.term("", "Floor", ids=["term-floor"]))
    item += nodes.definition("", nodes.paragraph("", "What no scale removes."))
    signature = addnodes.desc_signature("", "fit()", ids=["lib.fit"], fullname="lib.fit")
    told = addnodes.desc("", signature, addnodes.desc_content("", nodes.paragraph("", "Fits.")))
    text = nodes.paragraph("", r"as \mathrm{L} \left\{N\right\} says, ")
    text += nodes.strong("", "the valley")
    text += nodes.emphasis("", "core, 5 minutes")
    inner = nodes.section("", nodes.title("", "Inner"), nodes.paragraph("", "deep"), ids=["s"])
    page = nodes.section("", nodes.title("", "Eight"), text, item, told, inner, ids=["eight"])
    tree = nodes.document(None, None, "", page)
    finding.feed(app, "a", "", {}, tree)
    assert app.builder.sections["a"] == [
        ["eight", "8", "Eight", "", "the valley |", "as L N says, the valleycore, 5 minutes"],
        ["term-floor", "", "Floor", "word", "", "What no scale removes."],
        ["lib.fit", "", "lib.fit", "function", "", "Fits."],
        ["s", "8.2", "Inner", "", "", "deep"],
    ]
    finding.feed(app, "genindex", "", {}, tree)
    assert set(app.builder.sections) == {"a"}
    context: dict = {}
    finding.feed(app, "search", "", context, None)
    script = Path(app.outdir, "_static", "sections.js").read_text(encoding="utf-8")
    synonyms = (ROOT / "_ext/synonyms.json").read_text(encoding="utf-8")
    found = json.loads(script.removeprefix(f"slSections({synonyms}, ").removesuffix(")"))
    assert [one["place"] for one in found] == ["eight", "term-floor", "lib.fit", "s"]
    assert found[3] == {
        "page": "a",
        "of": "Chapter 8: Eight",
        "place": "s",
        "number": "8.2",
        "title": "Inner",
        "kind": "",
        "defined": "",
        "text": "deep",
    }
    assert re.fullmatch("[0-9a-f]{8}", context["version"])


def test_formulas_are_written_as_mathml_with_their_number():
    for call, more, begin, end in (
        (formulas._inline, {}, "<math", "</math></span>"),
        (formulas._block, {"number": "3"}, '<span class="eqno">(3)</span><math', "</math></div>\n"),
        (formulas._block, {}, "<math", "</math></div>\n"),
    ):
        page: Any = SimpleNamespace(body=[], starttag=lambda *a, CLASS: f"<{a[1]} {CLASS}>")
        with pytest.raises(nodes.SkipNode):
            call(page, nodes.math("", "h^2", **more))
        (text,) = page.body
        assert text.partition(">")[2].startswith(begin) and text.endswith(end)
        assert ('display="block"' in text) is (call is formulas._block)
        assert re.match("<(span|div) math>", text)
    # italics have no h of their own: the constant of Planck stands in
    assert "\u210e" in formulas.characters(f"x {text}")
    assert "\u210e" not in formulas.characters("<math><mi>k</mi></math>")


def test_pages_are_mended_after_a_build_alone(tmp_path):
    """Powers in words become signs, and what stands in `_static` is no page."""
    app = an_app(tmp_path)
    (out := Path(app.outdir), static := out / "_static")[0].mkdir()
    static.mkdir()
    text = "<p>10^21 FLOPs</p>"
    for error, kind in ((ValueError(), "html"), (None, "latex"), (None, "html")):
        for page in (out / "a.html", static / "b.html"):
            page.write_text(text)
        app.builder.format = kind
        powers.after_build(app, error)
        mended = powers.rewritten(text) if kind == "html" and not error else text
        assert ((out / "a.html").read_text(), (static / "b.html").read_text()) == (mended, text)


def test_a_site_asks_for_one_style_sheet_and_small_scripts(tmp_path, monkeypatch):
    """Fonts and pictures have tests of their own."""
    monkeypatch.setattr(weight.formulas, "font_for", lambda pages, target: None)
    app = an_app(tmp_path)
    out = Path(app.outdir)
    static = out / "_static"
    (out / "chapters").mkdir(parents=True)
    (static / weight.AWESOME).mkdir(parents=True)
    (static / "basic.css").write_text("p { color: red; } .nobody { color: blue; }")
    (static / "mine.css").write_text("@media print { p { margin: 0; } }\n.seen { color: blue; }")
    (static / "documentation_options.js").write_text("const OPTIONS = 1;")
    (static / "own.js").write_text("const  a  =  1; // a comment\n")
    head = '\n<link rel="stylesheet" type="text/css" href="{}_static/mine.css" />'
    for name, up in (("index", ""), ("chapters/one", "../")):
        (out / f"{name}.html").write_text(
            f'<head>{head.format(up)}</head>\n\n  <p class="seen">a</p><!-- gone -->'
        )
    for error, kind in ((ValueError(), "html"), (None, "latex")):
        app.builder.format = kind
        weight.after_build(app, error)
        assert not (static / "site.css").exists()
    app.builder.format = "html"
    weight.after_build(app, None)
    css = (static / "site.css").read_text()
    assert "nobody" not in css and ".seen" in css and "@media print" in css
    assert css.index("red") < css.index("blue")  # Sphinx's own comes first
    for name, up in (("index", ""), ("chapters/one", "../")):
        page = (out / f"{name}.html").read_text()
        assert re.findall(r'<link rel="stylesheet" href="([^"?]+)\?v=[0-9a-f]{8}">', page) == [
            f"{up}_static/site.css"
        ]
        assert "mine.css" not in page and "gone" not in page and '<p class="seen">a</p>' in page
    if weight.minify:
        assert len((static / "own.js").read_text()) < 12


def test_a_notebook_of_pictures_gets_todays_scripts_without_a_run(tmp_path):
    path = tmp_path / "04.ipynb"
    name = "chapters/04_train_your_own"
    notebook = json.loads(text_of(name))
    for state in pictures.models(notebook).values():
        state["_esm"] = state["_css"] = "old"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert notebooks.main(["--pictures", str(path)]) == 0
    assert json.loads(path.read_text(encoding="utf-8")) == json.loads(text_of(name))


def test_printed_text_that_was_cut_is_joined():
    def printed(name, text):
        return SimpleNamespace(output_type="stream", name=name, text=text, get={"name": name}.get)

    shown = SimpleNamespace(output_type="display_data", get={}.get)
    found = notebooks._joined_streams(
        [printed("out", "a"), printed("out", "b"), printed("err", "c"), shown, printed("out", "d")]
    )
    assert [getattr(one, "text", None) for one in found] == ["ab", "c", None, "d"]


@pytest.mark.parametrize(
    "html, mended",
    [
        (
            '<button class="btn search-button-field" title="x" aria-label="Search">',
            '<button class="btn search-button-field" title="x">',
        ),
        ('<summary aria-label="Toggle hidden content">', "<summary>"),
        (
            '<i class="theme-switch fa" title="Light"',
            '<i class="theme-switch fa" aria-hidden="true"',
        ),
        (
            '<div class="sidebar-primary-item"> <a class="navbar-brand x">',
            '<div class="sidebar-primary-item" role="navigation" aria-label="Book"> '
            '<a class="navbar-brand x">',
        ),
        ('<div class="sidebar-primary-item"><p>', '<div class="sidebar-primary-item"><p>'),
        (
            '<div class="citation" id="a1" role="doc-biblioentry">',
            '<div class="citation" id="a1" role="listitem">',
        ),
        ('<table class="table">', '<table class="table" tabindex="0">'),
        ("<th></th><th>a</th>", "<td></td><th>a</th>"),
        ('<script defer src="../_static/scripts/fontawesome.js?x=1"></script>', ""),
        ('<script src="_static/searchtools.js?v=1"></script>\n<p>', "<p>"),
        ('<script src="_static/sphinx_highlight.js"></script>', ""),
        ('<script src="_static/search.js"></script>', '<script src="_static/search.js"></script>'),
    ],
)
def test_markup_of_the_theme_is_mended(html, mended):
    """Each as the theme writes it; a second time changes nothing."""
    assert course.mended(html, ROOT) == mended == course.mended(mended, ROOT)


def test_a_form_leaves_no_number_to_the_browsers_own_words():
    """Its messages are in the reader's language and refuse what the check explains."""
    for path in sorted((ROOT / "_ext" / "assets").glob("*.js")):
        text = path.read_text(encoding="utf-8")
        forms = re.findall(r'"form",\s*(\{[^}]*\})', text)
        assert all("novalidate: true" in one for one in forms)
        assert len(forms) == (2 if path.name == "answers.js" else 0), path.name
