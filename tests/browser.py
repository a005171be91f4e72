"""The browser that the site is tested in: an installed Chromium, else one installed by this script.

python tests/browser.py        find or install it, start it, and say which it is
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# no sandbox: it cannot be had in most containers; the rest keeps the browser itself from calling
# home
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launch(playwright: Playwright) -> Browser:
    """Start the system's Chromium or, where there is none, the one that Playwright installed."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    return playwright.chromium.launch(executable_path=path, args=list(FLAGS))


def install() -> None:
    """Install Chromium: Debian's package as root, else Playwright's own copy.

    Raises CalledProcessError.
    """
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "--quiet"], check=True)
        subprocess.run(
            ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "chromium"],
            check=True,
        )
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def main() -> None:
    with sync_playwright() as playwright:
        try:
            browser = launch(playwright)
        except Exception as error:
            print(
                f"no Chromium to be started ({str(error).splitlines()[0]}): installing one",
                flush=True,
            )
            install()
            browser = launch(playwright)
        print("browser: Chromium", browser.version)
        browser.close()


if __name__ == "__main__":
    main()
