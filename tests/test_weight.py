"""What is left of style sheets, code and fonts when the pages need no more."""

import gzip
import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from docutils import nodes
from fontTools.ttLib import TTFont
from PIL import Image

sys.path.append(str(Path(__file__).parents[1] / "_ext"))

import course
import formulas
import tinycss2
import weight

# ---- styles --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "css, left",
    [
        (".a{x:1}.b{x:1}", ".a{x:1}"),
        (".a .b,.a p{x:1}", ".a p{x:1}"),
        ("#there{x:1}#gone{x:1}", "#there{x:1}"),
        ("p:not(.b){x:1}", "p:not(.b){x:1}"),  # asks for no .b
        ("@media print{.b{x:1}}", ""),
        ("@media print{.b{x:1}.a{x:1}}", "@media print{.a{x:1}}"),
        ('@import "x.css";@font-face{font-family:x}', "@font-face{font-family:x}"),
    ],
)
def test_a_rule_stays_if_its_classes_are_words_of_the_pages(css, left):
    assert weight.used(tinycss2.parse_stylesheet(css), {"a", "there"}) == left


def test_variables_and_movements_that_nobody_asks_for_go():
    css = ":root{--a:1;--b:var(--c);--c:2;--d:3}@keyframes x{}@keyframes y{}p{animation:y;x:--a}"
    left = weight.needed(css.replace("x:--a", "x:var(--a)"), "style='--d'")
    assert "--a" in left and "--d" in left and "--b" not in left and "--c" not in left
    assert "keyframes y" in left and "keyframes x" not in left


def test_addresses_lead_from_the_one_sheet(tmp_path):
    static = tmp_path / "_static"
    (static / "styles").mkdir(parents=True)
    (static / "styles" / "a.css").write_text(
        "@font-face{src:url(../fonts/f.woff2)}p{x:url(data:y)}"
    )
    css = weight.joined([static / "styles" / "a.css"], static, set())
    assert "url(fonts/f.woff2)" in css and "url(data:y)" in css


# ---- code ----------------------------------------------------------------------------------------


def test_code_keeps_its_text_without_a_span_for_each_word():
    code = (
        '<div class="highlight"><pre><span></span><span class="kn">import</span> x\n'
        '<span class="s">&lt;</span></pre></div><span class="n">n</span>'
    )
    assert weight.plain_code(code) == (
        '<div class="highlight"><pre>import x\n&lt;</pre></div><span class="n">n</span>'
    )


def test_a_page_loses_its_idle_bytes_and_no_other():
    kept = "<pre>a\n\n    b <!-- c --></pre>\n<script>\n  x\n</script>"
    assert weight.without_idle(f"<p>\n   a\u00a0%\n\n\n  b</p><!-- c -->{kept}") == (
        f"<p>\na\u00a0%\nb</p>\n{kept}"
    )
    models = {"one": {"state": {"_esm": "x"}}, "layout": {"state": {"width": None}}}
    tag = '<script type="application/vnd.jupyter.widget-state+json">'
    page = weight.small_widgets(f"{tag}{json.dumps({'state': models})}</script>")
    assert list(json.loads(page[len(tag) : -9])["state"]) == ["one"]


def test_a_formula_keeps_the_sign_after_it_and_a_number_its_per_cent():
    texts = ("a 5 % ", ", or 5 % of ", " b", " 7 %")
    parts = [nodes.Text(texts[0]), nodes.math("", "N"), nodes.Text(texts[1]), nodes.math("", "D")]
    line = nodes.paragraph("", "", *parts, nodes.Text(texts[2]), nodes.literal("", texts[3]))
    document = nodes.document(None, None)  # type: ignore
    document += line
    formulas.together(document)
    assert line.astext() == "a 5\u00a0% N\u2060, or 5\u00a0% of D b 7 %"


# ---- formulas ------------------------------------------------------------------------------------


def test_letters_of_formulas_are_drawn_in_italics():
    page = "<p>q</p><math><mi>h</mi><mi>A</mi><annotation>\\zeta</annotation></math>"
    assert formulas.characters(page) == {"h", "A", "\u210e", "\U0001d434"}


def test_the_font_has_what_the_pages_use_and_little_more(tmp_path):
    formulas.font_for(["<math><mi>α</mi><mo>∑</mo></math>"], tmp_path / "f.woff2")
    font = TTFont(tmp_path / "f.woff2")
    assert {ord("∑"), ord("α"), 0x1D6FC} <= set(font.getBestCmap()) and "MATH" in font
    assert "Open Font License" in font["name"].getDebugName(13)
    assert (tmp_path / "f.woff2").stat().st_size < 15_000


def test_the_font_has_the_signs_that_browsers_draw_themselves():
    assert "√" in formulas.characters("<math><msqrt><mn>2</mn></msqrt></math>")
    assert "√" not in formulas.characters("<math><msup><mi>x</mi><mn>2</mn></msup></math>")


def test_a_character_that_the_font_lacks_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"STIXTwoMath.* has no 好 \(U\+597D\)"):
        formulas.font_for(["<math><mi>好</mi></math>"], tmp_path / "f.woff2")


def test_a_formula_that_cannot_be_read_is_a_warning(monkeypatch):
    said = []
    monkeypatch.setattr(formulas.log, "warning", lambda text, *rest, **_: said.append(text % rest))
    assert formulas.mathml(nodes.math("", "x^2"), False).startswith("<math><semantics>")
    assert not said
    assert formulas.mathml(nodes.math("", r"\nowhere<"), True) == r"<code>\nowhere&lt;</code>"
    assert said[0].startswith("formula not understood: ")


# ---- figures -------------------------------------------------------------------------------------


def drawn(path, dpi):
    from scalinglib import plots

    fig, ax = plots.figure()
    plots.measured(ax, [1, 2, 3], [3, 2, 1])
    fig.savefig(path, dpi=dpi)
    plots.plt.close(fig)
    return path


def test_a_figure_drawn_with_twice_the_pixels_keeps_its_size_on_the_page(tmp_path):
    sizes = [course.shown_size(drawn(tmp_path / f"{times}.png", times * 130)) for times in (1, 2)]
    assert sizes[0] == sizes[1] == (676, 442)
    with Image.open(tmp_path / "2.png") as picture:
        assert picture.size == (1352, 884)


def test_a_figure_is_light_and_looks_the_same(tmp_path):
    path = drawn(tmp_path / "a.png", 260)
    before, weight_before = np.asarray(Image.open(path).convert("RGB"), float), path.stat().st_size
    weight.in_few_colours(path)
    light = path.with_suffix(".webp")
    after = np.asarray(Image.open(light).convert("RGB"), float)
    assert not path.exists() and light.stat().st_size < weight_before / 2
    assert after.shape == before.shape and abs(after - before).mean() < 1
    assert weight.DRAWN.sub(r"\1.webp", '<img src="../_images/a.png">') == (
        '<img src="../_images/a.webp">'
    )


def test_a_phone_takes_half_a_drawing(tmp_path):
    weight.in_few_colours(drawn(tmp_path / "a.png", 260))
    with Image.open(tmp_path / "a-half.webp") as half:
        assert half.size == (676, 442)
    for name, told in (("a", True), ("b", False)):
        tag = f'<img width="676" height="442" alt="x" src="../_images/{name}.webp" />'
        page = weight.by_width(tag, tmp_path)
        assert ("a-half.webp 676w, ../_images/a.webp 1352w" in page) == told
        assert page.startswith(tag[:-3]) and page.endswith(" />")


# ---- the built pages -----------------------------------------------------------------------------

SITE = Path(__file__).parents[1] / "_build" / "html"
MOST_TO_THE_END = 400_000  # with gzip, of all that a page shows when it was scrolled to its end
FONTS = ("math.woff2", "fa-solid-900.woff2")
LATER = ("pad.js", "calc.js")  # asked for when the reader first writes


def pages():
    for page in sorted(SITE.rglob("*.html")):
        if not page.relative_to(SITE).parts[0].startswith("_"):
            yield page, page.read_text(encoding="utf-8")


def asked_for(page, html: str) -> set[Path]:
    """All files that a page asks for when every picture has come near the screen."""
    html = re.sub("<noscript>.*?</noscript>", "", html, flags=re.S)
    found = re.findall(r'<(?:img|script|link)\b[^>]*\b(?:src|href)="([^"#]+)"', html)
    files = {(page.parent / re.split("[?#]", one)[0]).resolve() for one in found}
    files |= {SITE / "_static" / name for name in (*FONTS, *LATER)}
    return {one for one in files if one.is_file() and one.suffix != ".html"}


@pytest.mark.site
def test_a_page_read_to_its_end_is_light():
    heavy, most = {}, 0
    for page, html in pages():
        files = [page, *asked_for(page, html)]
        size = sum(len(gzip.compress(one.read_bytes())) for one in files)
        most = max(most, size)
        if size > MOST_TO_THE_END:
            heavy[page.name] = size
    assert heavy == {} and most > 200_000


@pytest.mark.site
def test_figures_keep_their_shape_where_there_is_less_room():
    """A height as a style would stay when the width shrinks."""
    seen = 0
    for page, html in pages():
        for image in re.findall(r"<img [^>]*_images/[^>]*\.webp[^>]*>", html):
            assert not re.search(r"style=.*height", image), (page.name, image)
            width, height = (int(re.search(rf'{side}="(\d+)"', image)[1]) for side in SIDES)
            drawn = Image.open(SITE / "_images" / Path(re.search('src="([^"]+)', image)[1]).name)
            assert abs(width / height - drawn.width / drawn.height) < 0.01
            seen += 1
    assert seen > 50


SIDES = ("width", "height")
