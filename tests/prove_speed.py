"""How fast the built site is for a phone: Lighthouse, and the main thread before and after.

    python tests/prove_speed.py scores          accessibility, best practices, SEO of every page
    python tests/prove_speed.py performance     performance of some pages, median of five
    python tests/prove_speed.py thread          main-thread time beside the site as it was before
    python tests/prove_speed.py scores index.html

Times mean something on a quiet machine alone: the load of the machine is printed with them. The
site before is built from a commit of this repository, into _build/before, once.
"""

from __future__ import annotations

import argparse
import gzip
import http.server
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path

from browser import found, launch
from playwright.sync_api import sync_playwright
from test_site import PAGES, SITE

ROOT = SITE.parents[1]
LIGHTHOUSE = "12.2.3"  # 13 needs a newer Node than many have
BEFORE = "d85bfd6"  # the last commit before the shell of the pages was made anew
MOST_OF_BEFORE = 0.45
SCORED = {"accessibility": 100, "best-practices": 100, "seo": 100}
TIMED = ["index.html"] + [
    f"chapters/{name}.html" for name in ("01_three_levers", "08_isoflops", "09_parametric_fit")
]
LOADS = 5
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --no-first-run"


@contextmanager
def served(folder: Path):
    """The folder on a free port, sent with gzip, as hosts of static sites do."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_GET(self):
            path = folder / (self.path.split("?")[0].lstrip("/") or "index.html")
            if not path.is_file():
                self.send_error(404)
                return
            body = path.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", self.guess_type(str(path)))
            if path.suffix in (".html", ".css", ".js", ".json", ".svg", ".txt", ".xml"):
                body = gzip.compress(body)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


# ---- Lighthouse ----------------------------------------------------------------------------------


def lighthouse() -> Path:
    """Its command, installed into _build/.lighthouse. Raises CalledProcessError."""
    folder = SITE.parent / ".lighthouse"
    command = folder / "node_modules/.bin/lighthouse"
    if not command.exists():
        folder.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--silent"]
        subprocess.run([*install, "--prefix", folder, f"lighthouse@{LIGHTHOUSE}"], check=True)
    return command


def report(url: str, categories: list[str]) -> dict:
    """What Lighthouse says of a page on a phone. Raises RuntimeError."""
    chromium = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), found()
    )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        out = Path(folder) / "report.json"
        command = [lighthouse(), url, "--quiet", "--output=json", f"--output-path={out}"]
        command += [f"--only-categories={','.join(categories)}", f"--chrome-flags={FLAGS}"]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            env={**os.environ, "CHROME_PATH": chromium or "", "TMPDIR": folder},
            timeout=300,
        )
        if not out.is_file():
            raise RuntimeError((done.stderr or done.stdout)[-400:])
        return json.loads(out.read_text(encoding="utf-8"))


def failed(said: dict, category: str) -> list[str]:
    """The audits of a category that cost it points, with the first thing that each names."""
    audits = [
        said["audits"][one["id"]]
        for one in said["categories"][category]["auditRefs"]
        if one["weight"]
    ]
    return [
        f"{one['id']}: {json.dumps((one.get('details') or {}).get('items', [])[:1])[:300]}"
        for one in audits
        if one["score"] is not None and one["score"] < 1
    ]


def scores(base: str, pages: list[str]) -> int:
    """Every page at 100; an address that is not the site's own is no fault of the page."""
    found_ = 0
    for page in pages:
        said = report(base + page, list(SCORED))
        points = {name: round(100 * said["categories"][name]["score"]) for name in SCORED}
        wrong = [one for name in SCORED if points[name] < 100 for one in failed(said, name)]
        print(page, *points.values(), flush=True)
        print("".join(f"    {one}\n" for one in wrong), end="", flush=True)
        found_ += any(points[name] < SCORED[name] for name in SCORED)
    return found_


def performance(base: str, pages: list[str]) -> int:
    slow = 0
    for page in pages:
        runs = [report(base + page, ["performance"]) for _ in range(LOADS)]
        points = sorted(round(100 * one["categories"]["performance"]["score"]) for one in runs)
        names = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time")
        middle = {
            name: statistics.median(one["audits"][name]["numericValue"] for one in runs)
            for name in names
        }
        told = ", ".join(f"{name} {value:.0f} ms" for name, value in middle.items())
        print(f"{page}: {statistics.median(points)} of {points}; {told}; {load()}", flush=True)
        slow += page == "index.html" and statistics.median(points) < 95
    return slow


def load() -> str:
    return f"load of the machine {os.getloadavg()[0]:.1f}"


# ---- the main thread -----------------------------------------------------------------------------


def site_before() -> Path:
    """The site of the commit `BEFORE`, built once, with its tools. Raises CalledProcessError."""
    folder = SITE.parent / "before"
    if (folder / "_build/html/index.html").is_file():
        return folder / "_build/html"
    if not folder.is_dir():
        git = ["git", "-C", ROOT, "worktree"]
        subprocess.run([*git, "add", "--force", "--detach", folder, BEFORE], check=True)
    tools = folder / ".venv"
    subprocess.run([sys.executable, "-m", "venv", tools], check=True)
    needed = ["--requirement", folder / "requirements.txt"]
    subprocess.run([tools / "bin/pip", "install", "--quiet", *needed], check=True)
    env = {**os.environ, "PYTHONPATH": str(folder)}
    subprocess.run([tools / "bin/jupyter-book", "build", "--quiet", folder], check=True, env=env)
    return folder / "_build/html"


def thread_time(browser, url: str) -> float:
    """Seconds that the main thread is at work until a page is loaded and has settled."""
    context = browser.new_context(
        viewport={"width": 412, "height": 823}, is_mobile=True, has_touch=True
    )
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(url, wait_until="load")
    page.wait_for_timeout(1500)
    told = {one["name"]: one["value"] for one in devtools.send("Performance.getMetrics")["metrics"]}
    context.close()
    return told["TaskDuration"]


def thread(pages: list[str]) -> int:
    """Loads of both sites in turns, in one browser; their least times are compared."""
    slow = 0
    with ExitStack() as stack:
        bases = [stack.enter_context(served(folder)) for folder in (site_before(), SITE)]
        browser = launch(stack.enter_context(sync_playwright()))
        for page in pages:
            times: tuple[list[float], list[float]] = ([], [])
            for _ in range(LOADS):
                for kept, base in zip(times, bases, strict=True):
                    kept.append(thread_time(browser, base + page))
            before, now = map(statistics.median, times)
            slow += now > MOST_OF_BEFORE * before
            print(
                f"{page}: {1000 * now:.0f} ms of the main thread, {1000 * before:.0f} before: "
                f"{now / before:.0%} (least {min(times[1]) / min(times[0]):.0%}); {load()}",
                flush=True,
            )
        browser.close()
    return slow


def main() -> int:
    parse = argparse.ArgumentParser(description="How fast the built site is for a phone.")
    parse.add_argument("asked", nargs="*", help="scores, performance, thread; pages")
    asked = parse.parse_args().asked
    pages = [one for one in asked if one.endswith(".html")]
    kinds = [one for one in asked if not one.endswith(".html")]
    if not (SITE / "index.html").is_file():
        sys.exit("there is no site: run `make book` first")
    wrong = 0
    with served(SITE) as base:
        if not kinds or "scores" in kinds:
            wrong += scores(base, pages or [one for one in PAGES if one != "404.html"])
        if not kinds or "performance" in kinds:
            wrong += performance(base, pages or TIMED)
    if not kinds or "thread" in kinds:
        wrong += thread(pages or TIMED[1:])
    print(f"{wrong} pages fall short")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
