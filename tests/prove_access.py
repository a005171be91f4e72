"""axe on every page with everything opened, at every width and look; pages wider than the screen.

    python tests/prove_access.py "chapters/0*"      (a few minutes of one core for all pages)

`make test` holds every page on a phone in the dark, and one page of each kind at a desk.
"""

from __future__ import annotations

import argparse
import fnmatch
import sys

from browser import launch
from playwright.sync_api import sync_playwright
from test_site import PAGES, SITE, accessibility, go, served, sideways, window
from tqdm import tqdm

LOOKS = [
    *((width, scheme, "none") for width in (320, 390, 1280) for scheme in ("light", "dark")),
    (1280, "light", "active"),  # forced colours
]
OPEN = """for (const fold of document.querySelectorAll("details")) fold.open = true;
for (const guess of document.querySelectorAll(".sl-guess button")) guess.click();"""


def main() -> int:
    parse = argparse.ArgumentParser(description="axe on every page, at every width and look.")
    parse.add_argument("pages", nargs="*", default=["*"], help="names or patterns of them")
    asked = parse.parse_args().pages
    pages = [page for page in PAGES if any(fnmatch.fnmatch(page, name) for name in asked)]
    if not pages or not (SITE / pages[0]).is_file():
        sys.exit("no such page was built: run `make book` first")
    found = 0
    with served(SITE) as base, sync_playwright() as playwright:
        browser = launch(playwright)
        bar = tqdm(total=len(LOOKS) * len(pages))
        for width, scheme, forced in LOOKS:
            with window(browser, base, width, scheme) as seen:
                seen.page.emulate_media(color_scheme=scheme, forced_colors=forced)
                for page in pages:
                    go(seen, page)
                    seen.page.evaluate(OPEN)
                    for words in {*sideways(seen.page), *accessibility(seen.page)}:
                        found += 1
                        look = f"{width} px, {'forced colours' if forced == 'active' else scheme}"
                        tqdm.write(f"{page}, {look}: {words}", file=sys.stdout)
                    bar.update()
        browser.close()
    print(f"{len(pages)} pages, {len(LOOKS)} looks: {found} found")
    return min(found, 1)


if __name__ == "__main__":
    sys.exit(main())
