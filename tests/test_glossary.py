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
        ("## A nat\n\nOne nat.", "## A nat\n\nOne {term}`nat <nat>`."),
        ("| nat |\n|---|\n\nOne nat.", "| nat |\n|---|\n\nOne {term}`nat <nat>`."),
        (
            "<summary>Deeper: the nat</summary>\n\nA nat",
            "<summary>Deeper: the nat</summary>\n\nA {term}`nat <nat>`",
        ),
        ("```\nnat\n```", None),
        ("*nat, 3 minutes*", None),
        ("a natural number", None),
    ],
)
def test_only_plain_words_are_linked_and_only_once(text, linked):
    assert glossary.linked(text, {"nat": "x", "power law": "y"}) == (linked or text)


def test_the_core_of_a_page_is_linked_before_its_folds():
    fold = "<details>\n<summary>Deeper: a nat</summary>\n\nA nat, a bit.\n\n"
    cells = [
        {"id": "a", "cell_type": "markdown", "source": [fold]},
        {"id": "b", "cell_type": "code", "source": "nat = 1"},
        {"id": "c", "cell_type": "markdown", "source": "</details>\n\nOne nat.\n"},
    ]
    glossary.link_cells(cells, {"nat": "x", "bit": "y"})
    assert cells[0]["source"] == fold.replace("a bit", "a {term}`bit <bit>`")
    assert cells[1]["source"] == "nat = 1"
    assert cells[2]["source"] == "</details>\n\nOne {term}`nat <nat>`.\n"


def test_words_of_every_page_are_linked_on_the_first():
    words = {"loss": "x", "seed": "y"}
    assert glossary.words_of("chapters/01_three_levers", words) == words
    assert glossary.words_of("chapters/02_power_laws", words) == {"seed": "y"}


def test_the_longer_of_two_words_is_linked():
    words = {"law": "x", "power law": "y", "law of steps": "z"}
    for text in ("A power law.", "A law of steps."):
        word = text[2:-1]
        assert glossary.linked(text, words) == f"A {{term}}`{word} <{word}>`."


@pytest.mark.parametrize(
    "word, place",
    [("nat", "nat"), ("Chinchilla law", "Chinchilla-law"), ("FLOP", "FLOP"), ("D/N (x)", "D-N-x")],
)
def test_a_link_shows_the_meaning_of_its_word_however_it_is_written(word, place):
    """Sphinx keeps the capitals of a word in its address, or does not."""
    for address in (place, place.lower(), place.upper()):
        link = f'<a class="reference internal" href="glossary.html#term-{address}">'
        shown = glossary.show_meanings(f"<p>{link}x</a>", {word: 'At most "5 & $N$".', "b": "c"})
        assert shown == f'<p>{link[:-1]} title="At most &quot;5 &amp; N&quot;.">x</a>'


def test_a_link_without_a_meaning_stays():
    link = '<a class="reference internal" href="glossary.html#term-other">'
    assert glossary.show_meanings(link, {"nat": "x"}) == link


def test_a_word_is_found_in_any_letters():
    words = {"Adam": "x", "FLOP": "y"}
    assert glossary.linked("ADAM, adam; flops.", words) == (
        "{term}`ADAM <Adam>`, adam; {term}`flops <FLOP>`."
    )
    assert not words


@pytest.mark.parametrize(
    "meaning, shown",
    [
        (r"$\alpha \times N$ and $\log x \propto y$", "α × N and log x ∝ y"),
        (r"$N^{2}$, $\text{FLOPs}$", "N^2, FLOPs"),
    ],
)
def test_mathematics_in_a_tooltip(meaning, shown):
    assert glossary.plain(meaning) == shown


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
