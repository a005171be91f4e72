"""No term is used before it is explained, and each goes by one name.

The core of the chapters is read in their order, as a reader meets it: text, captions, questions and
guesses, without folds and exercises. Where a word of the glossary comes up for the first time,
either the build links it or the same paragraph explains it.
"""

import json
import re
import sys
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "_ext"))
import glossary  # noqa: E402

from scalinglib.checks import registry  # noqa: E402

CHAPTERS = sorted((ROOT / "chapters").glob("[0-9][0-9]_*.ipynb"))
WORDS = glossary.entries(ROOT / "chapters" / "glossary.md")
#: of machine learning and statistics: what a reader who knows neither has to look up somewhere
NEEDED = """activation, Adam, attention, backward pass, batch, bootstrap, checkpoint, compute,
context, corpus, cosine schedule, cross-entropy, distillation, dropout, embedding, entropy, epoch,
feed-forward block, fine-tuning, FLOP, forward pass, gradient, held-out, Huber loss,
hyper-parameter, layer, L-BFGS, learning rate, least squares, likelihood, logit, log-log, loss, MFU,
mixture of experts, nat, optimiser, overfitting, parameter, perplexity, power law, pre-training,
profile likelihood, quantisation, residual, schedule, seed, softmax, TeX source, token, tokeniser,
training step, transformer, utilisation, vocabulary, warm-up, weight decay"""
#: other names of the same thing
RENAMED = {
    r"optimizers?": "optimiser",
    r"tokeni[sz]ation|tokenizers?": "tokeniser",
    r"hyper ?parameters?": "hyper-parameter",
    r"pre ?training|pretrained": "pre-training",
    r"warm ?up": "warm-up",
    r"fine ?tuning|finetuned": "fine-tuning",
    r"iso-?flops?(?<!IsoFLOP)(?<!IsoFLOPs)": "IsoFLOP",
    r"utili[z]ation|quanti[z]ation|normali[z]ation": "-isation",
    r"feedforward": "feed-forward",
}
KEEP = "\x00"
NO_WORDS = re.compile(r"\$\$.*?\$\$|\$[^$]*\$|`[^`]*`(?<!>`)|\]\([^)]*\)", re.S)
STRONG = re.compile(r"(?<![\w*])\*{1,2}([^*\s][^*]*?)\*{1,2}")


@lru_cache
def told(path):
    """Paragraphs of a chapter's core in order, as (text, is it a heading?), with links put in."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    glossary.link_cells(cells, glossary.words_of(f"chapters/{path.stem}", WORDS))
    return tuple(paragraphs(cells))


def paragraphs(cells):
    inside = exercises = False
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            for text in re.split(r"\n\s*\n|(?m:^(?=</details>))", source):
                if text.startswith("## "):
                    exercises = text.startswith("## Exercises")
                inside = inside or text.startswith("<details")
                if not inside and not exercises and not text.startswith("# "):  # a title is a name
                    yield text, text.startswith("#")
                if "</details>" in text:
                    inside = False
        elif not inside and not exercises:
            if caption := cell["metadata"].get("mystnb", {}).get("figure", {}).get("caption"):
                yield caption, False
            if found := re.match(r'(ask|predict)\("(.+?)"\)', source):
                yield getattr(registry, found[1])(found[2]).prompt, False


def unexplained(word, paragraphs):
    """The first of `paragraphs` that uses `word`, if nothing explains the word there; else None."""
    used = re.compile(rf"\b{re.escape(word)}s?\b", re.I)
    link = f" <{word}>`"
    heading = None
    for text, is_heading in paragraphs:
        plain = NO_WORDS.sub(KEEP, text)
        if link in text or any(used.search(strong) for strong in STRONG.findall(plain)):
            return None
        if is_heading:
            if heading:
                return heading  # nothing below that heading explained it
            heading = text if used.search(plain) else None
        elif used.search(plain) and not heading:
            return text
    return heading


@pytest.mark.parametrize("word", WORDS)
def test_a_term_is_explained_or_linked_where_it_first_stands(word):
    for path in CHAPTERS:
        used = re.compile(rf"\b{re.escape(word)}s?\b", re.I)
        if any(used.search(text) for text, _ in told(path)):
            found = unexplained(word, told(path))
            assert found is None, f"{path.stem} uses {word!r} before it is explained: {found}"
            return


def test_the_glossary_has_what_a_beginner_has_to_look_up():
    needed = " ".join(NEEDED.split()).split(", ")
    assert set(needed) <= set(WORDS), set(needed) - set(WORDS)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_term_goes_by_one_name(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = " ".join(
        "".join(cell["source"])
        if cell["cell_type"] == "markdown"
        else cell["metadata"].get("mystnb", {}).get("figure", {}).get("caption", "")
        for cell in cells
    )
    text = re.sub(r"`[^`]*`|\]\([^)]*\)|\{[^}]*\}", KEEP, text)
    for other, name in RENAMED.items():
        found = re.search(rf"\b(?:{other})\b", text, re.I)
        assert not found, f"{found[0]!r} is called {name!r} in this course"


PLAIN, BOLD = ("A batch is read.", False), ("A **batch** is what one step reads.", False)
LINKED = ("A {term}`batch <batch>` is read.", False)
HEADING = ("## The batch", True)


@pytest.mark.parametrize(
    "paragraphs, fault",
    [
        ([LINKED, PLAIN], None),
        ([BOLD, PLAIN], None),
        ([PLAIN, BOLD], PLAIN[0]),
        ([HEADING, LINKED], None),
        ([HEADING, ("## Next", True), LINKED], HEADING[0]),
        ([("`batch` and $batch$", False), LINKED], None),
        ([("A *large batch* is one of many tokens.", False)], None),
        ([("It is *a* batch of *many* tokens.", False)], "It is *a* batch of *many* tokens."),
    ],
)
def test_a_use_before_the_explanation_is_noticed(paragraphs, fault):
    assert unexplained("batch", paragraphs) == fault
