"""What the tests share: JavaScript in node, and skips, with a reason, of notebooks without data."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import gc
import os
import re
import shutil
import subprocess

import disk  # noqa: F401
import hypothesis
import kernels
import numpy as np
import pytest
from xdist.scheduler import LoadScopeScheduling

hypothesis.settings.register_profile("busy machine", deadline=None)
hypothesis.settings.load_profile("busy machine")
gc.disable()  # until all tests are collected: nothing of that is ever rubbish
LOADS = re.compile(r"\bruns\.load\(\s*[\"'](\w+)[\"']")


@functools.cache
def why_not(name: str) -> str:
    """Why the data set `name` cannot be had, or ""; a wrong digest is an error, not a skip."""
    from scalinglib import runs  # here, as below, since most test files need none of it

    try:
        runs.load(name)
    except runs.DataUnavailableError as error:
        return str(error)
    return ""


@functools.cache
def missing_data(path) -> str:
    """Why a notebook cannot be run here, or ""."""
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return next(filter(None, map(why_not, sorted(set(LOADS.findall(code))))), "")


SITE_FIXTURES = {"browser", "base"}
PAGE = re.compile(r"\[(.+\.html)\]$")
LONGEST_FIRST = (
    "09_param",
    "04_train",
    "test_exercises",
    "test_answers",
    ".ipynb",
    "test_grad",
    "test_access",
)


class Units(LoadScopeScheduling):
    """What one process runs in a row: a notebook, a page of the site, else a file of tests."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        page = PAGE.search(test)
        return page[1] if page else file


def pytest_configure(config):
    if config.getoption("nbval", False):
        kernels.use()


def pytest_xdist_make_scheduler(config, log):
    return Units(config, log)


def pytest_collection_modifyitems(items):
    """Mark what needs the built site; long units first, so that the processes end together.

    Pages, at which a process waits for the browser, are spread among what computes.
    """
    for item in items:
        if item.path.suffix != ".ipynb" and SITE_FIXTURES & set(item.fixturenames):
            item.add_marker(pytest.mark.site)
    items.sort(key=lambda item: [start not in item.path.name for start in LONGEST_FIRST])
    kinds = [[], []]
    for item in items:
        kinds[bool(PAGE.search(item.nodeid))].append(item)
    places = {item: place / len(kind) for kind in kinds for place, item in enumerate(kind)}
    items.sort(key=places.get)


def pytest_collection_finish():
    gc.freeze()
    gc.set_threshold(
        50_000
    )  # tests make little rubbish in circles, and hypothesis times each search
    gc.enable()


@pytest.hookimpl(tryfirst=True)  # before the notebook's kernel is started
def pytest_runtest_setup(item):
    """Skip a notebook that needs data that cannot be had."""
    if item.path.suffix == ".ipynb" and (reason := missing_data(item.path)):
        pytest.skip(f"{item.path.name} needs data: {reason}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A test that needs published runs which cannot be had is skipped, and says so."""
    report = yield
    if call.excinfo and call.excinfo.typename == "DataUnavailableError":
        report.outcome = "skipped"
        report.longrepr = str(item.path), item.location[1], f"Skipped: {call.excinfo.value}"
    return report


@pytest.fixture(scope="session")
def browser():
    """The browser that pages are tried in; imported late, since most runs need none."""
    from browser import launch
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def base():
    """The address of the built site."""
    from test_site import SITE, served

    if not (SITE / "index.html").is_file():
        pytest.fail(f"there is no site in {SITE}: run `make book` first")
    with served(SITE) as base:
        yield base


@pytest.fixture(scope="session")
def windows(browser, base):
    """The window of a width and colour scheme: pages are opened in it one after the other."""
    from test_site import PHONE, window

    with contextlib.ExitStack() as stack:

        @functools.cache
        def of(width, scheme):
            seen = stack.enter_context(window(browser, base, width, scheme))
            if (
                width == PHONE
            ):  # whose first loads are counted: fonts once loaded would be asked for
                devtools = seen.page.context.new_cdp_session(seen.page)
                devtools.send("Network.enable")
                devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
            return seen

        yield of


@pytest.fixture(scope="module")
def searched_once():
    """The same fit is searched for once in a process: see once.py. Gives the searches made."""
    from once import MADE, searched

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scalinglib._study.search", searched)
        yield MADE


@pytest.fixture(scope="module")
def derived_once(searched_once):
    """Hundreds of answers for the same parameters: what stands behind them is made once."""
    import once

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scalinglib.checks.kinds._Conditions.quantities", once.quantities)
        patch.setattr("scalinglib.checks.verdicts.evaluate", once.evaluate)
        patch.setattr("scalinglib.checks.reading.read", once.read)
        yield


@pytest.fixture(scope="session")
def bubblewrap(tmp_path_factory):
    """Installed as root, by one process, where it is missing; else what needs it says how to."""
    with open(tmp_path_factory.getbasetemp().parent / "bubblewrap.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if shutil.which("bwrap") or os.geteuid() or not shutil.which("apt-get"):
            return
        quiet = ["--yes", "--quiet=2", "--no-install-recommends"]
        subprocess.run(["apt-get", "update", "--quiet=2"], check=True)
        subprocess.run(["apt-get", "install", *quiet, "bubblewrap"], check=True)


@pytest.fixture
def rng():
    return np.random.default_rng(20260101)


@pytest.fixture(scope="module")
def in_node(tmp_path_factory):
    """Evaluate `body`, an expression in `input`, with `names` of a module, joined as on a page."""
    from node import evaluated

    from scalinglib.widgets import bundle

    folder = tmp_path_factory.mktemp("js")

    @functools.cache
    def module(entry):
        """Where it stands; each test file has its own."""
        path = folder / f"{entry}.mjs"
        path.write_text(bundle.module(entry), encoding="utf-8")
        return path

    def run(entry, names, body, data):
        main = folder / "main.mjs"
        main.write_text(
            f'import {{ {names} }} from "{module(entry).as_uri()}";\n'
            f"const input = globalThis.job; export const said = {body};",
            encoding="utf-8",
        )
        return evaluated(main, data)

    return run
