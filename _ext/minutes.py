"""How long a chapter takes, by one rule for all; each section says its part of it.

    python _ext/minutes.py        write the heads of the chapters and the table of the front page

A section's core takes a minute for 180 words, a quarter of a minute for a line of open code and two
minutes for a figure or picture. What stands in folds is extra. Exercises say their own minutes.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[1]))  # the exercises

import folds
import handbook

WORDS, LINES, FIGURES = 1 / 180, 1 / 4, 2.0  # minutes each
CHAPTER = re.compile(r"chapters/\d\d_\w+")
HEADING = re.compile(r"^## (.+)$", re.M)
FOLD = re.compile(r'<details class="deeper">.*?(?:</details>|\Z)', re.S)
# what is not read word by word: code, formulas, tags, addresses
ASIDE = re.compile(r"```.*?```|\$\$.*?\$\$|<[^>]+>|\]\([^)]*\)|\{\w+(?::\w+)?\}", re.S)
WORD = re.compile(r"\$[^$]*\$|[\w%]+(?:[.,'’-]\w+)*")
HOURS = re.compile(r"about \d+ hours to read, and \d+ more for all the exercises")
HEAD = re.compile(r"\*\*Minutes:\*\* \d+, and \d+ for the exercises")
EXERCISES = "Exercises"


def sections(cells: list[dict]) -> dict[str, float]:
    """Heading -> minutes of its core; of exercises only their words before the first."""
    found, here, inside = {"": 0.0}, "", False
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            if inside:
                _, end, source = source.partition("</details>")
                inside = not end
            if inside:
                continue
            text = FOLD.sub("", source)
            inside = source.count("<details class") > source.count("</details>")
            for k, part in enumerate(HEADING.split(text)):
                if k % 2:
                    here = part
                found[here] = found.get(here, 0) + len(WORD.findall(ASIDE.sub("", part))) * WORDS
        elif not inside and here != EXERCISES:
            found[here] += _of_code(cell, source)
    found[EXERCISES] = 0.0
    return found


def _of_code(cell: dict, source: str) -> float:
    caption = cell["metadata"].get("mystnb", {}).get("figure", {}).get("caption", "")
    minutes = len(WORD.findall(ASIDE.sub("", caption))) * WORDS
    if folds.shown(cell) in ("this figure", "this picture"):
        return minutes + FIGURES
    tags = {"hide-input", "setup", "parameters", "hint", "question", "prediction", "check"}
    hidden = tags & set(cell["metadata"].get("tags", []))
    return minutes if hidden else minutes + len(source.splitlines()) * LINES


def whole(found: dict[str, float]) -> dict[str, int]:
    """In whole minutes that add up to the rounded sum."""
    minutes = {heading: int(value) for heading, value in found.items()}
    most = sorted(found, key=lambda heading: minutes[heading] - found[heading])
    for heading in most[: round(sum(found.values())) - sum(minutes.values())]:
        minutes[heading] += 1
    return minutes


def total(path: Path) -> int:
    """Minutes of a chapter's core."""
    return sum(whole(sections(json.loads(path.read_text(encoding="utf-8"))["cells"])).values())


def hours(chapters: list[handbook.Listed]) -> str:
    """What the front page says of all of them."""
    reading = sum(total(chapter.path) for chapter in chapters)
    asked = sum(item.minutes for chapter in chapters for item in chapter.items)
    return (
        f"about {round(reading / 60)} hours to read, "
        f"and {round(asked / 60)} more for all the exercises"
    )


def tell(app: Any, name: str, source: list[str]) -> None:
    """Put a section's minutes under its heading, and those of the exercises under theirs."""
    if not CHAPTER.fullmatch(name):
        return
    path = Path(app.env.doc2path(name))
    notebook = json.loads(source[0])
    told = whole(sections(notebook["cells"]))
    told[EXERCISES] = sum(item.minutes for item in handbook.listed(path).items)

    def with_minutes(heading: re.Match) -> str:
        minutes = told.get(heading[1], 0)
        many = "s" if minutes > 1 else ""
        # an empty line after it, or the markup would go on
        line = f'\n\n<p class="sl-minutes">{minutes} minute{many}</p>\n'
        return heading[0] + line * bool(minutes)

    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = HEADING.sub(with_minutes, "".join(cell["source"]))
    source[0] = json.dumps(notebook)


def setup(app: Any) -> dict[str, bool]:
    app.connect("source-read", tell, priority=390)  # of what the author wrote, before it is folded
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def write(root: Path) -> None:
    """The sums into the heads of the chapters, and into the table of the front page."""
    front = root / "index.ipynb"
    table = front.read_text(encoding="utf-8")
    chapters = handbook.read(root / "chapters")
    for chapter in chapters:
        minutes, asked = total(chapter.path), sum(item.minutes for item in chapter.items)
        head = f"**Minutes:** {minutes}, and {asked} for the exercises"
        text = chapter.path.read_text(encoding="utf-8")
        chapter.path.write_text(HEAD.sub(head, text, count=1), encoding="utf-8")
        row = rf"(\(chapters/{chapter.path.name}\) \|[^|]*\| )\d+( \|)"
        table = re.sub(row, rf"\g<1>{minutes}\2", table)
    table = HOURS.sub(hours(chapters), table)
    front.write_text(table, encoding="utf-8")


if __name__ == "__main__":
    write(Path(__file__).parents[1])
