"""What machines ask a site for: each page's address and description, a card, a map, a page for
addresses that lead nowhere.

All but the descriptions need to know where the site will stand: BOOK_BASE_URL.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from docutils import nodes

from scalinglib import plots

OURS = "An executable course on neural scaling laws: power laws, Kaplan (2020), Chinchilla (2022)"
DESCRIPTION = f"{OURS} and what came after, computed and fitted to real runs."
LONGEST = 200
CARD = "_static/card.png"
RELATIVE = re.compile(
    r'\b((?:href|src|action|data-index|data-content_root)=")(?!#|[a-z]+:|/)(?:\./)?'
)


def describe(app: Any, pagename: str, templatename: str, context: dict, doctree: Any) -> None:
    """Description, canonical address and card of a page."""
    context["description"] = description(doctree) if doctree is not None else DESCRIPTION
    base = app.config.html_baseurl.rstrip("/")
    if base:
        context["card"] = f"{base}/{CARD}"
    if base and pagename == app.config.root_doc:
        context["description"] = DESCRIPTION
        context["pageurl"] = f"{base}/"  # and not index.html beside it


def description(doctree: nodes.document) -> str:
    """The page's first paragraph, as far as its last sentence of at most 200 characters."""
    first = next(doctree.findall(nodes.paragraph), None)
    text = " ".join(first.astext().split()) if first else ""
    if len(text) <= LONGEST:
        return text or DESCRIPTION
    cut = text[: LONGEST - 1]
    end = max(cut.rfind(". "), cut.rfind("? "))
    return cut[: end + 1] if end > LONGEST / 3 else cut[: cut.rfind(" ")].rstrip(",;:") + " …"


def draw_card(path: Path) -> None:
    """The course in one picture: a line through runs that goes on to one that was not made."""
    N = [1, 2, 4, 8, 16]
    with plots.plt.rc_context({"font.size": 30}):
        fig, ax = plots.plt.subplots(figsize=(12, 6.3), dpi=100)
        ax.loglog([1, 128], [3.2, 3.2 * 128**-0.12], "--", lw=4, color=plots.COLOURS["predicted"])
        ax.plot(N, [3.2 * n**-0.12 for n in N], "o", ms=18, color=plots.COLOURS["measured"])
        ax.plot(128, 3.2 * 128**-0.12, "*", ms=40, color=plots.COLOURS["predicted"])
        ax.set(xticks=[], yticks=[], xlabel="compute", ylabel="loss", xlim=(0.7, 200))
        ax.minorticks_off()
        ax.spines[["top", "right"]].set_visible(False)
        ax.set_title("Neural scaling laws", fontsize=54, pad=24, loc="left")
        fig.tight_layout(pad=2)
        fig.savefig(path)
        plots.plt.close(fig)


def write(app: Any, error: Exception | None) -> None:
    """robots.txt; where the site's place is known its map, card and a 404 page for any depth."""
    if error or app.builder.format != "html":
        return
    out, base = Path(app.outdir), app.config.html_baseurl.rstrip("/")
    robots = "User-agent: *\nAllow: /\n"
    if base:
        robots += f"Sitemap: {base}/sitemap.xml\n"
        names = sorted(app.env.found_docs - {app.config.root_doc})
        places = [f"{base}/", *(f"{base}/{app.builder.get_target_uri(name)}" for name in names)]
        rows = "".join(f"<url><loc>{escape(place)}</loc></url>\n" for place in places)
        (out / "sitemap.xml").write_text(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n',
            encoding="utf-8",
        )
        draw_card(out / CARD)
        page = out / "404.html"  # it is shown at the address that was asked for
        root = f"{urlsplit(base).path}/"
        html = RELATIVE.sub(lambda found: found[1] + root, page.read_text(encoding="utf-8"))
        page.write_text(html, encoding="utf-8")
    (out / "robots.txt").write_text(robots, encoding="utf-8")


def add_page(app: Any) -> None:
    app.config.html_additional_pages["404"] = "404.html"


def setup(app: Any) -> dict[str, bool]:
    app.connect("builder-inited", add_page)
    app.connect("html-page-context", describe)
    app.connect("build-finished", write, priority=960)  # the last: addresses of styles are set
    return {"parallel_read_safe": True, "parallel_write_safe": True}
