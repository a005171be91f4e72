"""Do the pages' links to other sites still lead somewhere?

    python _ext/links.py _build/html

Each address is asked once, a host's addresses one after the other. A line says what is broken, with
the pages that lead there, and the command fails. Sites that turn programs away (403, 429, ...) say
nothing about the link: those are listed and do not fail.
"""

from __future__ import annotations

import sys
import time
import urllib.error
import urllib.request
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

#: buttons: one a page, made of the repository's address (tests/test_release.py)
BUTTONS = ("https://mybinder.org/v2/", "https://colab.research.google.com/", "/issues/new?title=")
REFUSALS = {401, 403, 405, 406, 418, 429, 999}
GONE = {404, 410}
TRIES, PAUSE, SECONDS, HOSTS_AT_ONCE = 3, 1.0, 30, 8
HEADERS = {"User-Agent": "Mozilla/5.0 (link check of a course)", "Accept": "*/*"}


class _Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = set()

    def handle_starttag(self, tag, attrs):
        address = dict(attrs).get("href") or ""
        if tag == "a" and address.startswith(("http://", "https://")):
            self.found.add(urldefrag(address).url)


def links(site: Path) -> dict[str, list[str]]:
    """Addresses of other sites, each with the pages that lead there."""
    pages = defaultdict(list)
    for path in sorted(site.rglob("*.html")):
        parser = _Links()
        parser.feed(path.read_text(encoding="utf-8"))
        for address in sorted(parser.found):
            if not any(button in address for button in BUTTONS):
                pages[address].append(path.relative_to(site).as_posix())
    return dict(pages)


def fault(address: str, pause: float) -> tuple[bool, str]:
    """(whether the link is broken, what was wrong); (False, "") where it leads somewhere."""
    told = ""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(pause * 3**attempt)
        try:
            request = urllib.request.Request(address, headers=HEADERS)
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                answer.read(1)
                return False, ""
        except urllib.error.HTTPError as error:
            told = f"{error.code} {error.reason}"
            if error.code in GONE:
                return True, told
            if error.code in REFUSALS:
                return False, told
        except (OSError, ValueError) as error:  # no such host, no answer, a certificate
            told = str(getattr(error, "reason", error)) or type(error).__name__
    return True, told


def check(addresses, pause: float) -> dict[str, tuple[bool, str]]:
    """The addresses that do not lead anywhere, or may not; hosts at once, a host's one by one."""
    hosts = defaultdict(list)
    for address in addresses:
        hosts[urlsplit(address).netloc].append(address)

    def one_host(several):
        outcomes = {}
        for address in several:
            outcomes[address] = fault(address, pause)
            time.sleep(pause)
        return outcomes

    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        told = [item for part in pool.map(one_host, hosts.values()) for item in part.items()]
    return {address: outcome for address, outcome in told if outcome[1]}


def main(site: str) -> int:
    pages = links(Path(site))
    if not pages:
        print(f"links: no page in {site} leads anywhere: make book first")
        return 2
    found = check(pages, PAUSE)
    broken = [address for address, (is_broken, _) in found.items() if is_broken]
    for address, (is_broken, told) in sorted(found.items(), key=lambda item: not item[1][0]):
        where = ", ".join(pages[address][:3]) + (" ..." if len(pages[address]) > 3 else "")
        print(f"{'BROKEN' if is_broken else 'refused'} {address}: {told} ({where})")
    print(
        f"links: {len(pages)} addresses, {len(broken)} broken, {len(found) - len(broken)} refused"
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
