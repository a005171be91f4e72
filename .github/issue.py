"""Open the one issue of the weekly check, or add to it where it is open.

    python .github/issue.py FOLDER

The folder holds what each check said. GitHub's own command does the rest: `gh`, with GH_TOKEN and
GH_REPO from the workflow.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

TITLE = "The weekly check found something"
LINES = 60


def body(folder: Path, run: str) -> str:
    """What the issue says: the end of each text, and where the whole run is."""
    parts = [f"`make newest` or `make links` failed: {run}".rstrip(": ")]
    for path in sorted(folder.glob("*.txt")):
        end = path.read_text(encoding="utf-8").strip().splitlines()[-LINES:]
        parts.append("\n".join([f"**{path.stem}**", "", "~~~~", *end, "~~~~"]))
    return "\n\n".join(parts)


def gh(*words: str, told: str = "") -> str:
    return subprocess.run(
        ["gh", *words], input=told, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def address_of_run() -> str:
    """Where GitHub shows this run; "" elsewhere."""
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
    server, repository, number = (os.environ.get(name) for name in names)
    return f"{server}/{repository}/actions/runs/{number}" if number else ""


def main(folder: str) -> None:
    told = body(Path(folder), address_of_run())
    search = ("--state", "open", "--search", f'in:title "{TITLE}"', "--json", "number,title")
    listed = json.loads(gh("issue", "list", *search))
    same = [issue["number"] for issue in listed if issue["title"] == TITLE]
    if same:
        gh("issue", "comment", str(min(same)), "--body-file", "-", told=told)
    else:
        gh("issue", "create", "--title", TITLE, "--body-file", "-", told=told)


if __name__ == "__main__":
    main(sys.argv[1])
