"""The book as one PDF, tagged, with outline and page numbers: printed by the tests' browser.

    python _ext/pdf.py _build/html _build/book.pdf

Each page is opened, so that its pictures are drawn, and what is drawn is gathered into one page:
browsers print one at a time, and what joins PDFs afterwards loses their tags.
"""

from __future__ import annotations

import functools
import http.server
import importlib
import re
import sys
import threading
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

PAGES = re.compile(r'<a class="reference internal" href="([^"#]+\.html)">')
# Ids are of one page: here each gets the page's name in front, and so does what points to it.
GATHER = """([page, pages]) => {
    dispatchEvent(new Event("beforeprint"));
    const article = document.querySelector("article.bd-article");
    const name = (page, id) => page.replace(/\\W/g, "-") + (id && `--${id}`);
    const own = ["clip-path", "fill", "filter", "mask", "marker-end", "aria-labelledby",
                 "aria-describedby", "aria-controls", "for", "headers"];
    article.querySelectorAll("script, form, button").forEach(it => it.remove());
    for (const it of article.querySelectorAll("*")) {
        for (const at of own.filter(at => it.hasAttribute(at))) {
            const ids = it.getAttribute(at).replace(/url\\("?#(.+?)"?\\)/g,
                (_, id) => `url(#${name(page, id)})`);
            it.setAttribute(at, at[0] === "a" || at === "for" || at === "headers"
                ? ids.split(" ").map(id => name(page, id)).join(" ") : ids);
        }
        if (it.id) it.id = name(page, it.id);
        if (it.localName === "img") Object.assign(it, { src: it.src, loading: "eager" });
        if (it.localName !== "a" || !it.href) continue;
        const [to, id] = it.href.split("#");
        const there = pages.find(one => to.endsWith(`/${one}`));
        if (there) it.setAttribute("href", `#${name(there, id ?? "")}`);
        else if (to.startsWith(location.origin)) it.removeAttribute("href");  // a notebook
    }
    const styles = [...document.head.querySelectorAll("style")].map(one => one.textContent);
    return { id: name(page, ""), html: article.innerHTML, styles };
}"""
BOOK = """<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8">
<title>Neural scaling laws</title><base href="{base}">
<link rel="stylesheet" href="_static/site.css">
<style>{styles}
.bd-article + .bd-article {{ break-before: page }}</style></head>
<body><main class="bd-main"><div class="bd-content"><div class="bd-article-container">
{articles}</div></div></main></body></html>"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


def order(site: Path) -> list[str]:
    """The pages in the order of the book, the index first."""
    index = (site / "index.html").read_text(encoding="utf-8")
    menu = index[index.index('<nav class="bd-links') :].partition("</nav>")[0]
    return ["index.html", *dict.fromkeys(PAGES.findall(menu))]


def book(browser: Any, site: Path, target: Path) -> int:
    """Write the PDF of the built site; returns how many of the site's pages are in it."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base, pages, parts, styles = f"http://127.0.0.1:{server.server_port}/", order(site), [], {}
    page = browser.new_page(viewport={"width": 760, "height": 900})
    for path in pages:
        page.goto(base + path)
        page.wait_for_function(
            "document.querySelectorAll('[data-widget]:not([data-widget=ready])').length == 0"
        )
        part = page.evaluate(GATHER, [path, pages])
        parts.append(f'<article class="bd-article" id="{part["id"]}">{part["html"]}</article>')
        styles |= dict.fromkeys(part["styles"])
    whole = BOOK.format(base=base, styles="\n".join(styles), articles="\n".join(parts))
    # served, not set: a page with an address of its own may ask the site for its pictures
    page.route(f"{base}book", lambda route: route.fulfill(content_type="text/html", body=whole))
    page.goto(f"{base}book")
    page.evaluate("document.fonts.ready.then(() => null)")
    page.pdf(path=target, prefer_css_page_size=True, tagged=True, outline=True)
    page.close()
    server.shutdown()
    return len(pages)


def main(site: str, target: str) -> None:
    sys.path.append(str(Path(__file__).parents[1] / "tests"))
    with sync_playwright() as playwright:
        browser = importlib.import_module("browser").launch(playwright)
        count = book(browser, Path(site), Path(target))
        browser.close()
    print(f"{target}: {count} pages of the site")


if __name__ == "__main__":
    main(*sys.argv[1:])
