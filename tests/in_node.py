"""A page's own scripts in node, on a page of stubs (tests/page.mjs); all pages in one process."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "_ext"))
import course  # noqa: E402
import given  # noqa: E402

BARE: dict[str, Any] = {"path": "/book/chapters/02_power_laws.html", "boxes": {}, "tables": []}


#: one page for each line of JSON, each a module of its own, since node evaluates one address once
SERVE = f"""
import {{ createInterface }} from "node:readline";
let pages = 0;
for await (const line of createInterface({{ input: process.stdin }})) {{
  globalThis.job = JSON.parse(line);
  const {{ said }} = await import(`{(ROOT / "tests" / "page.mjs").as_uri()}?${{pages++}}`);
  console.log(JSON.stringify(said));
}}
"""
started: list[subprocess.Popen] = []


def node_at_work() -> subprocess.Popen:
    """The process, a new one where there is none or the last one ended with a page's fault."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: the page's scripts were not tried")
    if not started or started[-1].poll() is not None:
        words = [node, "--input-type=module", "--eval", SERVE]
        pipes = dict.fromkeys(("stdin", "stdout"), subprocess.PIPE)
        started.append(subprocess.Popen(words, text=True, encoding="utf-8", **pipes))
    return started[-1]


def script(served: bool) -> str:
    """The scripts of a page, joined as the site does; made short, or as they are written."""
    if served:
        return course.served()
    return "\n".join((course.ASSETS / name).read_text("utf-8") for name in course.SCRIPTS)


def work(*steps: list, page: dict | None = None, served: bool = False, **more: Any) -> list:
    """Open a page and do the steps; one answer each.

    page: what differs from an empty one. more: `kept`, the text that the browser has on its shelf;
    `refuses`, storage is refused. Skips the test where node is not installed.
    """
    process = node_at_work()
    told = {
        "scripts": [script(served)],
        "page": BARE | {"laws": given.for_the_pad()} | (page or {}),
        "steps": steps,
    }
    watch = threading.Timer(60, process.kill)
    watch.start()
    try:
        print(json.dumps(told | more), file=process.stdin, flush=True)
        said = process.stdout.readline()
    finally:
        watch.cancel()
    if not said:
        process.wait()
    assert said, "node ended: its complaint stands above"
    return json.loads(said)


class Tree(HTMLParser):
    """HTML as [tag, attributes, children]."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[list] = [["", [], []]]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.open[-1][2].append([tag, attrs, []])
        self.open.append(self.open[-1][2][-1])

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.open[-1][2].append(data)


def block(html: str) -> list:
    """The one element that the HTML is."""
    (found,) = Tree(html).open[0][2]
    return found
