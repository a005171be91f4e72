"""What a browser must fetch, cut to what the pages use: one style sheet, small fonts, and scripts
that do not block. Done after the build, with the finished pages.

A rule of a style sheet stays if each class and id in it is a word of some page or script: the way
PurgeCSS does it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import formulas
import tinycss2
from PIL import Image

try:
    import minify
except ImportError:  # there is no wheel for some machines: see requirements.txt
    minify = None

for name in ("fontTools.subset", "fontTools.ttLib"):
    logging.getLogger(name).setLevel(logging.WARNING)

SHEET = re.compile(r'\s*<link [^>]*?href="([^"]*_static/[^"]+?\.css)[^"]*"[^>]*>')
PRELOAD = re.compile(r'\s*<link rel="preload"[^>]*>')
SCRIPT = re.compile(r'<script src="([^"]+\.js[^"]*)"( data-[^>]*)?>')
OPTIONS = re.compile(r'<script src="[^"]*_static/documentation_options\.js[^"]*"></script>')
URL = re.compile(r'url\((?!["\']?data:)["\']?([^"\')]+)["\']?\)')
WORD = re.compile(r"[\w-]+")
VARIABLE = re.compile(r"--[\w-]+")
PRE = re.compile(r'(?<=<div class="highlight"><pre>).*?(?=</pre>)', re.S)
#: what stays as it is, or the comments, indents and blank lines of templates
IDLE = re.compile(r"(<(pre|script|style|textarea)\b.*?</\2>)|<!--.*?-->|\n[ \t\r\n]+", re.S)
SPAN = re.compile(r"</?span[^>]*>")
CODE = re.compile(
    r'<div class="cell_input docutils container">(.*?</pre></div>\n</div>\n)(?=</div>)', re.S
)
STATE = re.compile(
    r'(<script type="application/vnd.jupyter.widget-state\+json">)(.*?)(</script>)', re.S
)
DRAWN = re.compile(r'(src="(?:\.\./)*_images/[^"]+)\.png(?=")')
FIGURE = re.compile(r'<img width="(\d+)"[^>]* src="((?:\.\./)*_images/([^"/]+))\.webp"')
PHONE = "(max-width: 500px) 338px"  # so that two pixels for one are met by half the drawing
ICON = re.compile("[\ue000-\uf8ff]")  # FontAwesome's, as its style sheet names them
AWESOME = Path("vendor/fontawesome/webfonts")
#: scripts whose words are not the pages'
FOREIGN = ("fontawesome", "bootstrap")
#: classes that bootstrap.js gives to what it opens
OPENED = {"tooltip", "tooltip-inner", "tooltip-arrow", "bs-tooltip-auto", "show", "showing", "fade"}


# ---- styles --------------------------------------------------------------------------------------


def names(tokens: list) -> set[str]:
    """Classes and ids that a selector asks for; what stands in brackets asks for nothing."""
    classes = {b.value for a, b in pairwise(tokens) if a == "." and b.type == "ident"}
    return classes | {token.value for token in tokens if token.type == "hash"}


def used(rules: list, words: set[str]) -> str:
    """The rules of a style sheet that can match."""
    kept = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [one for one in _selectors(rule.prelude) if names(one) <= words]
            if selectors:
                heads = ",".join(tinycss2.serialize(one).strip() for one in selectors)
                kept.append(f"{heads}{{{tinycss2.serialize(rule.content).strip()}}}")
        elif rule.type == "at-rule" and rule.at_keyword in ("media", "supports"):
            inner = used(_parsed(rule.content), words)
            if inner:
                head = tinycss2.serialize(rule.prelude)
                kept.append(f"@{rule.at_keyword}{head}{{{inner}}}")
        elif rule.type == "at-rule" and rule.at_keyword not in ("import", "charset"):
            kept.append(rule.serialize())
    return "".join(kept)


def _selectors(prelude: list) -> list[list]:
    selectors: list[list] = [[]]
    for token in prelude:
        if token == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return selectors


def _parsed(css: Any) -> list:
    return tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)


def joined(sheets: list[Path], static: Path, words: set[str]) -> str:
    """One style sheet for the folder `_static`, in the pages' order."""
    parts = []
    for sheet in sheets:

        def from_static(found: re.Match, folder: Path = sheet.parent) -> str:
            return f"url({(folder / found[1]).resolve().relative_to(static)})"

        parts.append(used(_parsed(URL.sub(from_static, sheet.read_text(encoding="utf-8"))), words))
    return "".join(parts)


def needed(css: str, text: str) -> str:
    """The style sheet without variables and movements that neither it nor `text` asks for."""
    while True:
        asked = set(re.findall(r"var\(\s*(--[\w-]+)", css)) | set(VARIABLE.findall(text))
        moved = set(WORD.findall(" ".join(re.findall(r"animation(?:-name)?:[^;}]*", css))))
        left = _needed(_parsed(css), asked, moved)
        if left == css:
            return css
        css = left


def _needed(rules: list, asked: set[str], moved: set[str]) -> str:
    kept = []
    for rule in rules:
        if rule.type == "qualified-rule":
            said = [
                one.serialize()
                for one in tinycss2.parse_blocks_contents(rule.content, True, True)
                if one.type != "declaration" or one.name[:2] != "--" or one.name in asked
            ]
            if said:
                kept.append(f"{tinycss2.serialize(rule.prelude).strip()}{{{';'.join(said)}}}")
        elif rule.at_keyword in ("media", "supports"):
            inner = _needed(_parsed(rule.content), asked, moved)
            kept.append(f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}")
        elif (
            not rule.at_keyword.endswith("keyframes")
            or tinycss2.serialize(rule.prelude).strip() in moved
        ):
            kept.append(rule.serialize())
    return "".join(kept)


# ---- code ----------------------------------------------------------------------------------------


def plain_code(html: str) -> str:
    """Code without a span for each word: half of a page's elements. reading.js colours it."""
    return PRE.sub(lambda found: SPAN.sub("", found[0]), html)


def without_idle(html: str) -> str:
    """The page without comments, blank lines and indents; code and scripts keep theirs."""
    return IDLE.sub(lambda found: found[1] or "\n", html)


def count_lines(found: re.Match) -> str:
    """A cell's code with its number of lines, for the style sheet to reckon its height."""
    lines = found[1].partition("<pre>")[2].partition("</pre>")[0].count("\n")
    return f'<div class="cell_input docutils container" style="--lines:{lines}">{found[1]}'


# ---- pictures ------------------------------------------------------------------------------------


def in_few_colours(picture: Path) -> None:
    """Make a drawing a WebP of 64 colours, which look the same and weigh less than a quarter; and
    one of half its pixels and 24 colours, for phones and for screens with one pixel for one.
    """
    with Image.open(picture) as drawn:
        whole = drawn.convert("RGB")
    _save(whole, picture.with_suffix(".webp"), colours=64)
    _save(whole.reduce(2), _half(picture), colours=24)
    picture.unlink()


def _save(image: Image.Image, path: Path, colours: int) -> None:
    few = image.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    # more effort takes eight times as long and saves no byte
    few.convert("RGB").save(path, lossless=True, quality=75, method=3)


def _half(picture: Path) -> Path:
    return picture.with_name(f"{picture.stem}-half.webp")


def by_width(text: str, images: Path) -> str:
    """Let a browser take half the drawing where that is as sharp."""

    def choices(found: re.Match) -> str:
        wide, place, name = found.groups()
        if not _half(images / f"{name}.webp").exists():
            return found[0]
        return (
            f'{found[0]} srcset="{place}-half.webp {wide}w, {place}.webp {2 * int(wide)}w" '
            f'sizes="{PHONE}, {wide}px"'
        )

    return FIGURE.sub(choices, text)


# ---- pages ---------------------------------------------------------------------------------------


def lighten(out: Path) -> None:
    """Write `site.css` and the small fonts, and let the pages ask for them alone."""
    static = out / "_static"
    pages = {
        page: plain_code(page.read_text(encoding="utf-8"))
        for page in out.rglob("*.html")
        if "_static" not in page.relative_to(out).parts
    }
    css = joined(_sheets(pages, static), static, _words(pages, static))
    formulas.font_for(pages.values(), static / "math.woff2")
    for font in (static / AWESOME).glob("*.woff2"):
        if font.name in css:
            formulas.cut_font(font, static / font.name, set(ICON.findall(css)))
            css = css.replace(str(AWESOME / font.name), font.name)
    css = needed(css, "".join(pages.values()))
    (static / "site.css").write_text(small("text/css", css), encoding="utf-8")
    with ThreadPoolExecutor() as pool:  # Pillow lets the other threads work meanwhile
        list(pool.map(in_few_colours, (out / "_images").glob("*.png")))
    options = small("text/javascript", (static / "documentation_options.js").read_text("utf-8"))
    digest = hashlib.sha256(css.encode()).hexdigest()[:8]
    for page, text in pages.items():
        root = "../" * (len(page.relative_to(out).parts) - 1)
        only = f'\n<link rel="stylesheet" href="{root}_static/site.css?v={digest}">'
        sheets = iter([only])
        text = SHEET.sub(lambda _, sheets=sheets: next(sheets, ""), PRELOAD.sub("", text))
        text = OPTIONS.sub(lambda _: f"<script>{options}</script>", text)
        text = SCRIPT.sub(r'<script defer src="\1"\2>', text)
        text = DRAWN.sub(r"\1.webp", small_widgets(CODE.sub(count_lines, text)))
        text = by_width(text, out / "_images")
        page.write_text(without_idle(text), encoding="utf-8")
    for script in static.glob("*.js"):
        text = script.read_text(encoding="utf-8")
        script.write_text(small("text/javascript", text), encoding="utf-8")


def small(kind: str, text: str) -> str:
    """A style sheet or script without comments and blanks, where there is a tool for it."""
    return minify.string(kind, text) if minify else text


def small_widgets(html: str) -> str:
    """The page with the scripts and styles of its pictures made small, and without models that
    have no script: widgets.js draws no other.
    """

    def state(found: re.Match) -> str:
        told = json.loads(found[2])
        models = told["state"].items()
        told["state"] = {id: model for id, model in models if "_esm" in model["state"]}
        for model in told["state"].values():
            for name, kind in (("_esm", "text/javascript"), ("_css", "text/css")):
                if name in model["state"]:
                    model["state"][name] = small(kind, model["state"][name])
        text = json.dumps(told, separators=(",", ":")).replace("</", "<\\/")
        return f"{found[1]}{text}{found[3]}"

    return STATE.sub(state, html)


def _sheets(pages: dict[Path, str], static: Path) -> list[Path]:
    """In the pages' order, each once; the first is what Sphinx's own sheet imports."""
    asked = (
        (page.parent / name).resolve()
        for page, text in pages.items()
        for name in SHEET.findall(text)
    )
    return list(dict.fromkeys([static.resolve() / "basic.css", *asked]))


def _words(pages: dict[Path, str], static: Path) -> set[str]:
    scripts = [
        script.read_text(encoding="utf-8")
        for script in static.rglob("*.js")
        if script.stem not in FOREIGN
    ]
    return OPENED.union(*(WORD.findall(text) for text in (*pages.values(), *scripts)))


def after_build(app: Any, error: Exception | None) -> None:
    if not error and app.builder.format == "html":
        lighten(Path(app.outdir))


def setup(app: Any) -> dict[str, bool]:
    app.connect("build-finished", after_build, priority=950)  # course.py has mended the pages
    return {"parallel_read_safe": True, "parallel_write_safe": True}
