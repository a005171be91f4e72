"""The numbers of a text in the order in which they stand: a change of one is seen, also a swap.

tests/test_prose_numbers.py holds each number against what was computed; a number that stands on its
page a second time, or in another's place, passes there. Here every text has a line in in_order.txt
with its numbers, written out or as words, and with the signs and words that say how two compare:
each cell of a page, each section of another text, each exercise, each docstring. Who
changed one on purpose runs

    python tests/test_in_order.py

and looks at the lines that are different: each must be one that was meant. Of words that are often
exchanged one is enough (less, but not more; last, but not first; no "one").
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RECORD = Path(__file__).with_name("in_order.txt")
PAGES = ("index.ipynb", "chapters/*.ipynb", "howto/*.ipynb")
TEXTS = ("README.md", "chapters/*.md", "library/*.md")
MOVING = ("changes.md", "bibliography.md")  # the one is of the past, the other generated
WORDS = (
    "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty "
    "hundred thousand million billion trillion half third thirds quarter quarters fifth tenth "
    "twice double doubled doubling triple halved second last above below less fewer larger "
    "smaller greater higher lower longer shorter least rises falls"
)
MARKS = re.compile(
    r"\]\([^)]*\)|<[^>\n]*>|https?://\S+|\*\*(?=\w)|(?<=[\w.,:?!])\*\*|[\w.]+/[\w./]+\.\w+"
)
TOKEN = re.compile(
    r"[a-z][a-z_]*|\d[\d,.]*\d[a-z]?\b|\d[a-z]?\b"
    r"|(?<= )[-+*/<>=%·−](?= )|(?<=\w)(?:[+/^=<>]|\*\*?)(?=[\w({\\-])|[≤≥×%]"
)
KNOWN = frozenset([*WORDS.split(), "le", "ge", "cdot", "times", "frac", "approx", "propto"])
DOCUMENTED = re.compile(r'(?s)^ *(?:async )?(?:def|class) (\w+)|"""(.*?)"""', re.M)
TEXT = re.compile(r'(?m)^\s+(?:id=)?"(\d\d-[a-z0-9-]+)"|"((?:[^"\\\n]|\\.)*)"')


def tokens(text: str) -> str:
    found = TOKEN.findall(MARKS.sub(" ", text).lower())
    return " ".join(one for one in found if one in KNOWN or not one[0].isalpha())


def cells(path: Path) -> Iterator[tuple[str, str]]:
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            yield cell["id"], "".join(cell["source"])


def headings(path: Path) -> Iterator[tuple[str, str]]:
    head, found = "", []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            yield head, "\n".join(found)
            head, found = line.strip("# "), []
        found.append(line)
    yield head, "\n".join(found)


def docstrings(path: Path) -> Iterator[tuple[str, str]]:
    """By function, without the examples, which are run."""
    name, seen = "", Counter[str]()
    for called, text in DOCUMENTED.findall(path.read_text(encoding="utf-8")):
        if called:
            name = called
            seen[name] += 1
        else:
            yield f"{name} {seen[name]}" if seen[name] > 1 else name, text.partition(">>>")[0]


def asked(path: Path) -> Iterator[tuple[str, str]]:
    """All texts of a module, by the exercise or question that they stand in."""
    name, found = "", defaultdict(list)
    for id, one in TEXT.findall(path.read_text(encoding="utf-8")):
        name = id or name
        if " " in one:
            found[name].append(one)
    for name, texts in found.items():
        yield name, "\n".join(texts)


READ = {
    **{path: cells for kind in PAGES for path in sorted(ROOT.glob(kind))},
    **{path: headings for kind in TEXTS for path in sorted(ROOT.glob(kind))},
    **{
        path: asked if path.parent.name == "chapters" else docstrings
        for folder in ("scalinglib", "exercises", "_ext")
        for path in sorted((ROOT / folder).rglob("*.py"))
    },
}


def lines_of(path: Path) -> list[str]:
    name = path.relative_to(ROOT).as_posix()
    found = [(of, tokens(text)) for of, text in READ[path](path)]
    return [f"{name} | {of} | {told}" for of, told in found if told]


@cache
def recorded() -> dict[str, list[str]]:
    found = defaultdict(list)
    for line in RECORD.read_text(encoding="utf-8").splitlines():
        found[line.partition(" | ")[0]].append(line)
    return found


FOLDERS = defaultdict(list)
for _path in READ:
    if _path.name not in MOVING:
        FOLDERS[_path.relative_to(ROOT).parts[0]].append(_path)


@pytest.mark.parametrize("folder", FOLDERS)
def test_numbers_stand_as_they_stood(folder):
    known, other = recorded(), []
    for path in FOLDERS[folder]:
        now, before = lines_of(path), known[path.relative_to(ROOT).as_posix()]
        other += [f"- {line}" for line in before if line not in now]
        other += [f"+ {line}" for line in now if line not in before]
    assert not other, "each must be meant: then run python tests/test_in_order.py\n" + "\n".join(
        other
    )


def test_nothing_is_recorded_of_files_that_are_gone():
    names = {path.relative_to(ROOT).as_posix() for paths in FOLDERS.values() for path in paths}
    assert set(recorded()) <= names


@pytest.mark.parametrize(
    "text, told",
    [
        ("is **two** widths, not three: N^0.5 and E + A/N^alpha", "two three ^ 0.5 + / ^"),
        (
            "between 0.2 and 1.5T, [below](a/08_b.html#x2) a <b id=3>third</b>",
            "0.2 1.5t below third",
        ),
        ("- twice 1,024 % of `a - b` or 3 / 4", "twice 1,024 % - 3 / 4"),
    ],
)
def test_what_is_read(text, told):
    assert tokens(text) == told


if __name__ == "__main__":
    found = [line for paths in FOLDERS.values() for path in paths for line in lines_of(path)]
    RECORD.write_text("\n".join(found) + "\n", encoding="utf-8")
