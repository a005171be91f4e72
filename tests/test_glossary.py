"""The glossary: words are explained, and the first use of each in a chapter leads there."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "_ext"))
import glossary  # noqa: E402

WORDS = glossary.entries(ROOT / "chapters" / "glossary.md")


def test_every_entry_has_a_meaning_in_words():
    assert len(WORDS) >= 40 and list(WORDS) == sorted(
        WORDS, key=lambda word: re.sub("[^a-z]", "", word.lower())
    )
    assert all(
        len(meaning.split()) >= 4 and meaning.endswith((".", "$.")) for meaning in WORDS.values()
    )


@pytest.mark.parametrize(
    "text, linked",
    [
        ("One nat, two nats.", "One {term}`nat <nat>`, two nats."),
        ("Power laws are lines.", "{term}`Power laws <power law>` are lines."),
        ("`nat` and $nat$ and [a nat](x.md) and {cite:t}`nat`", None),
        ("# The nat\n| a nat |\n", None),
        ("```\nnat\n```", None),
        ("a natural number", None),
    ],
)
def test_only_plain_words_are_linked_and_only_once(text, linked):
    assert glossary.linked(text, {"nat": "x", "power law": "y"}) == (linked or text)


@pytest.mark.site
@pytest.mark.parametrize(
    "chapter", sorted((ROOT / "chapters").glob("[01]*.ipynb")), ids=lambda path: path.stem
)
def test_chapters_lead_to_the_glossary(chapter):
    page = (ROOT / "_build" / "html" / "chapters" / f"{chapter.stem}.html").read_text(
        encoding="utf-8"
    )
    shown = re.findall(r'glossary\.html#term-([^"]+)" title="([^"]+)"', page)
    assert shown and len(shown) == len(dict(shown)), "each word once, with its meaning"
