"""Powers of ten as people write them, with raised digits, in outputs, tables and text of pages.

Notebooks keep what Python prints, which nbval compares with the code. Done after the build, outside
code, formulas and scripts; the columns of a printed table stay where they were.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

#: 6e+22, not the end of a word or of a longer number
NUMBER = re.compile(
    r"(?<![\w.^])(?P<head>\d+(?:\.\d*)?)e(?P<sign>[+-]?)0*(?P<power>\d+)(?![\w.]\w)"
)
#: 10^22
CARET = re.compile(r"(?<![\w.])(?P<head>10)\^(?P<sign>-?)(?P<power>\d+)(?![\w.]\w)")
ARTICLE = re.compile(r"<article\b.*</article>", re.S)
OUTPUT = re.compile(r"(highlight-myst-ansi[^>]*><div class=\"highlight\"><pre>)(.*?)(</pre>)", re.S)
#: what stays as it is; and tags, of which only the words for a picture are read
KEPT = re.compile(r"(<(script|style|code|pre|math|textarea|button)\b.*?</\2>|<[^>]*>)", re.S)
#: a cell of an exercise's data: scratchpad and copies read the number as Python prints it
DATA = re.compile(r'(?<=class="sl-data">).*?</table>', re.S)
CELL = re.compile(r"<td>(\d+(?:\.\d*)?e[+-]?\d+|10\^-?\d+)</td>")
ALT = re.compile(r'(?<=\balt=")[^"]*')
RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def power(found: re.Match) -> str:
    """A number with raised digits: 1e+09 is 10⁹, 0e+00 is 0."""
    head, sign = found["head"].removesuffix("."), found["sign"].strip("+")
    if not float(head):
        return "0"
    if found["power"] == "0":
        return head
    raised = "10" + f"{sign}{found['power']}".translate(RAISED)
    return raised if head in ("1", "10") else f"{head}×{raised}"


def spelled(text: str) -> str:
    """A text with its powers of ten as people write them."""
    return CARET.sub(power, NUMBER.sub(power, text))


def plain(number: str) -> str:
    """The same number as a program reads it."""
    return number.replace("10^", "1e")


def lined_up(line: str) -> str:
    """The same for a printed line: what stood in a column, behind two blanks, ends where it did."""
    parts, moved = [], 0
    at = 0
    for found in re.finditer(r"(?P<room>(?:^| ) +)?(?P<number>\S+)", line):
        said = spelled(found["number"])
        room = found["room"] or ""
        gap = line[at : found.start()]
        moved += len(said) - len(found["number"])
        if room and moved:
            left = max(1, len(room) - moved)
            moved -= len(room) - left
            room = " " * left
        parts += [gap, room, said]
        at = found.end()
    return "".join([*parts, line[at:]])


def rewritten(html: str) -> str:
    """A page with its powers of ten as people write them."""

    def outside(text: str) -> str:
        parts = KEPT.split(text)
        for k in range(0, len(parts), 3):  # text, what is kept, the name of its tag, text, ...
            parts[k] = spelled(parts[k])
            parts[k + 2 : k + 3] = [""]
            if k + 1 < len(parts) and parts[k + 1].startswith("<img"):
                parts[k + 1] = ALT.sub(lambda found: spelled(found[0]), parts[k + 1])
        return "".join(parts)

    def printed(found: re.Match) -> str:
        lines = found[2].split("\n")
        return found[1] + "\n".join(map(lined_up, lines)) + found[3]

    def told(found: re.Match) -> str:
        return CELL.sub(lambda cell: f'<td data-is="{plain(cell[1])}">{cell[1]}</td>', found[0])

    return ARTICLE.sub(lambda found: OUTPUT.sub(printed, outside(DATA.sub(told, found[0]))), html)


def after_build(app: Any, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    out = Path(app.outdir)
    for page in out.rglob("*.html"):
        if "_static" not in page.relative_to(out).parts:
            page.write_text(rewritten(page.read_text(encoding="utf-8")), encoding="utf-8")


def setup(app: Any) -> dict[str, bool]:
    app.connect("build-finished", after_build, priority=940)  # before weight.py counts the letters
    return {"parallel_read_safe": True, "parallel_write_safe": True}
