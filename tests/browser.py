"""The browser that the site is tested in: Chromium's headless shell, else an installed Chromium.

The shell is the same engine without the windows of a desktop browser, which are drawn even where
nobody sees them: a page costs a third of the time. Where neither is installed, or the shell can be
had from Debian, this script installs one.

python tests/browser.py        find or install it, start it, and say which it is
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from playwright.sync_api import Browser, Playwright, sync_playwright

SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# no sandbox: it cannot be had in most containers; no host but this one has an address; the rest
# keeps the browser itself from calling home
FLAGS = (
    "--no-sandbox",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def found() -> str | None:
    """The installed browser that is tried, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def launch(playwright: Playwright) -> Browser:
    """Start the installed browser or, where there is none, the one that Playwright installed."""
    return playwright.chromium.launch(executable_path=found(), args=list(FLAGS))


def debian() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_shell() -> None:
    """Install Debian's package of the shell. Raises CalledProcessError."""
    wait = ["-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=20"]
    subprocess.run(["apt-get", "update", "--quiet=2", *wait], check=True)
    subprocess.run(
        ["apt-get", "install", "--yes", "--quiet=2", "--no-install-recommends", *wait, SHELL],
        check=True,
    )


def main() -> None:
    if debian() and not shutil.which(SHELL):
        try:
            install_shell()
        except subprocess.CalledProcessError as error:
            print(f"{SHELL} was not installed ({error}): looking for another Chromium", flush=True)
    with sync_playwright() as playwright:
        try:
            browser = launch(playwright)
        except Exception as error:
            said = str(error).splitlines()[0]
            print(f"no Chromium to be started ({said}): installing Playwright's", flush=True)
            command = [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]
            subprocess.run(command, check=True)
            browser = launch(playwright)
        print("browser:", found() or "Playwright's Chromium", browser.version)
        browser.close()


if __name__ == "__main__":
    main()
