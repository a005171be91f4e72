"""Links to the glossary: the first use of each of its words on a page, found as the site is built.

Authors write plain text. What is code, mathematics, a heading, a table, a link already or the level
of an exercise is left alone. What a reader may skip gets no link that the core of the page needs.
"""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path
from typing import Any

PAGE = "chapters/glossary"
ENTRY = re.compile(r"^(?=\S)(?!```|#)(.+)\n  (.+)$", re.M)
LEFT_ALONE = re.compile(
    r"<summary>.*?</summary>|```.*?```|`[^`]*`"
    r"|\$\$.*?\$\$|\$[^$\n]*\$|!?\[[^\]]*\]\([^)]*\)|\{[\w:]+\}`[^`]*`|<[^>]+>"
    r"|^#[^\n]*$|^\|[^\n]*$|https?://\S+|^\*[\w-]+, \d+ minutes\*$",
    re.S | re.M,
)
#: on every page: linked on the first one only, which explains them
COMMON = {"compute", "loss", "parameter", "token"}
FIRST = "chapters/01_"
LINK = re.compile(r'<a class="reference internal" href="([^"]*glossary\.html#term-[^"]*)">')


def entries(source: Path) -> dict[str, str]:
    """Meaning by word, as the glossary's page has them."""
    body = source.read_text(encoding="utf-8").split("```{glossary}\n", 1)[1].split("\n```", 1)[0]
    return dict(ENTRY.findall(body))


def link_words(app: Any, name: str, source: list[str]) -> None:
    """Turn the first use of each word in a chapter's text into a link to its meaning."""
    if not re.fullmatch(r"chapters/\d\d_\w+|howto/\w+", name):
        return
    notebook = json.loads(source[0])
    link_cells(notebook["cells"], words_of(name, entries(Path(app.srcdir) / f"{PAGE}.md")))
    source[0] = json.dumps(notebook)


def words_of(name: str, words: dict[str, str]) -> dict[str, str]:
    """Those of `words` that the page `name` links."""
    left_out = set() if name.startswith(FIRST) else COMMON
    return {word: meaning for word, meaning in words.items() if word not in left_out}


def link_cells(cells: list[dict], words: dict[str, str]) -> None:
    """Put the links into the text of `cells`: into the core first, then into folds."""
    texts = [cell for cell in cells if cell["cell_type"] == "markdown"]
    parts, inside = [], False
    for cell in texts:
        for line in re.split(r"(?m)^(?=<details|</details>)", "".join(cell["source"])):
            inside = line.startswith("<details") or (inside and not line.startswith("</details>"))
            parts.append([cell["id"], line, inside])
    for wanted in (False, True):
        for part in parts:
            if part[2] == wanted:
                part[1] = linked(part[1], words)
    for cell in texts:
        cell["source"] = "".join(text for id, text, _ in parts if id == cell["id"])


def linked(text: str, words: dict[str, str]) -> str:
    """`text` with links; the words that it used are taken out of `words`."""
    parts, at = [], 0
    for kept in [*LEFT_ALONE.finditer(text), None]:
        plain = text[at : kept.start() if kept else len(text)]
        parts.append(_linked_plain(plain, words))
        if kept:
            parts.append(kept[0])
            at = kept.end()
    return "".join(parts)


def _linked_plain(plain: str, words: dict[str, str]) -> str:
    if not words:
        return plain
    longest_first = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    by_lower = {word.lower(): word for word in words}

    def link(found):
        word = by_lower[found[1].lower()]
        if word not in words:
            return found[0]
        del words[word]
        return f"{{term}}`{found[0]} <{word}>`"

    return re.sub(rf"\b({longest_first})s?\b", link, plain, flags=re.I)


def show_meanings(html: str, meanings: dict[str, str]) -> str:
    """Let a link to the glossary show the word's meaning when it is pointed at."""
    by_place = {
        f"term-{re.sub('[^a-zA-Z0-9]+', '-', word).strip('-')}".lower(): escape(
            plain(meaning), quote=True
        )
        for word, meaning in meanings.items()
    }

    def titled(found):
        meaning = by_place.get(found[1].split("#")[1].lower())
        return f'{found[0][:-1]} title="{meaning}">' if meaning else found[0]

    return LINK.sub(titled, html)


def plain(meaning: str) -> str:
    """Mathematics as far as a tooltip can show it."""
    return (
        re.sub(
            r"\\(?:text|log|times|propto|alpha)\b",
            lambda m: {"\\times": "×", "\\propto": "∝", "\\log": "log", "\\alpha": "α"}.get(
                m[0], ""
            ),
            meaning.replace("$", ""),
        )
        .replace("{", "")
        .replace("}", "")
    )
