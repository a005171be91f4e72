"""A chapter's core: how long it takes to read, and what it may hold (CONTRIBUTING, Minutes).

And every page: how many of its sentences are long.
"""

import json
import re

import pytest
from in_node import ROOT

import folds  # isort: skip  (from _ext, which in_node puts on the path)
import handbook  # isort: skip
import minutes  # isort: skip

CHAPTERS = sorted((ROOT / "chapters").glob("[0-9][0-9]_*.ipynb"))
MOST_WORDS, MOST_CELLS, MOST_LINES = 2500, 12, 120
MOST_LONG = 0.05  # of the sentences, those of more than 25 words
NOT_READ = {"hide-input", "setup", "parameters", "hint", "question", "prediction", "check"}


def text(source, **more):
    return {"cell_type": "markdown", "metadata": {}, "source": source, **more}


def code(source, tags=(), outputs=(), **told):
    metadata = {"tags": list(tags), **told}
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": list(outputs)}


def test_the_rule():
    figure = {"figure": {"caption": "word " * 90}}
    cells = [
        text("# Title\n\n" + "word " * 88 + "$a + b$ [a link](of/no/length)\n\n## One"),
        code("a = 1\nb = 2\nc = 3\nd = 4"),
        code("import this\nimport that", ["setup"]),
        text("<details class='x'>"),
        text('<details class="deeper">\n<summary>Deeper: why</summary>\n\n' + "word " * 500),
        code("e = 5\n" * 40),
        text("</details>\n\n## Two\n\n" + "word " * 180),
        code("draw()\n" * 30, mystnb=figure),
        text("## Exercises\n\n### Exercise 1.1\n\n" + "word " * 900),
        code("f = 6\n" * 40),
        text("## Next\n\n" + "word " * 360),
    ]
    found = minutes.sections(cells)
    assert found == pytest.approx(
        {"": 92 / 180, "One": 1.0, "Two": 1 + 0.5 + 2, "Exercises": 0, "Next": 2.0}, abs=0.02
    )
    told = minutes.whole(found)
    assert sum(told.values()) == round(sum(found.values())) == 7
    assert all(abs(told[heading] - found[heading]) < 1 for heading in found)


def test_whole_minutes_add_up():
    assert minutes.whole({"a": 0.4, "b": 0.4, "c": 0.4}) == {"a": 1, "b": 0, "c": 0}
    assert minutes.whole({"a": 2.0, "b": 1.6, "c": 0.7}) == {"a": 2, "b": 1, "c": 1}


# ---- the chapters --------------------------------------------------------------------------------


def core_of(path):
    """Text and code cells of a chapter outside folds and exercises; all its sentences."""
    texts, cells, sentences, inside, exercises = [], [], [], False, False
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            caption = cell["metadata"].get("mystnb", {}).get("figure", {}).get("caption", "")
            sentences += sentences_of(caption)
            if not inside and not exercises:
                texts.append(caption)
                cells.append(cell)
            continue
        sentences += sentences_of(source)
        if re.search("^## Exercises", source, re.M):
            exercises = True
        for line in source.split("\n"):
            if line.startswith("## ") and line != "## Exercises":
                exercises = False
            if line.startswith("<details"):
                inside = True
            if not inside and not exercises:
                texts.append(line)
            if line.startswith("</details>"):
                inside = False
    return texts, cells, sentences


def plain(source):
    source = re.sub(r"```.*?```", "", source, flags=re.S)
    source = re.sub(r"\{cite:[tp]\}`[^`]*`", "Hoffmann", source)
    source = re.sub(r"\$\$.*?\$\$|\$[^$]*\$", " x ", source, flags=re.S)
    source = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", lambda found: found[1] or "Chapter", source)
    return re.sub(r"<[^>]+>", " ", source)


def sentences_of(source):
    found = []
    for paragraph in re.split(r"\n\s*\n|\n(?=[-*] |#|\d\. )", plain(source)):
        if paragraph and paragraph[0] not in "#|":
            found += re.split(r"(?<=[.?!:])\s+(?=[A-Z0-9(*`\[])", " ".join(paragraph.split()))
    return [sentence for sentence in found if sentence]


PAGES = [
    *(ROOT / name for name in ("index.ipynb", "README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *(ROOT / "chapters" / f"{name}.md" for name in ("glossary", "handbook", "notation")),
    *(ROOT / name / "README.md" for name in ("exercises", "scalinglib/widgets")),
    ROOT / "chapters/claims.ipynb",
    *sorted((ROOT / "howto").glob("*.ipynb")),
    *sorted((ROOT / "library").glob("*.md")),
]


def sentences_on(path):
    """The sentences of a page that is no chapter; lines indented as code are commands."""
    if path.suffix == ".ipynb":
        return core_of(path)[2]
    return sentences_of(re.sub("(?m)^ {4}.*$", "", path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_other_pages_have_short_sentences_too(path):
    sentences = sentences_on(path)
    long = [sentence for sentence in sentences if len(sentence.split()) > 25]
    assert sentences and len(long) <= MOST_LONG * len(sentences), "\n".join(long)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_core_is_an_hour_not_two(path):
    texts, cells, sentences = core_of(path)
    words = len(re.findall(r"[\w$%.,'’-]*\w[\w%.,'’-]*", plain("\n".join(texts))))
    opened = [
        cell["source"]
        for cell in cells
        if not NOT_READ & set(cell["metadata"].get("tags", []))
        and folds.shown(cell) not in ("this figure", "this picture")
    ]
    lines = sum(len("".join(source).splitlines()) for source in opened)
    long = [sentence for sentence in sentences if len(sentence.split()) > 25]
    assert words <= MOST_WORDS, f"{words} words outside folds and exercises"
    assert len(opened) <= MOST_CELLS, f"{len(opened)} open code cells"
    assert lines <= MOST_LINES, f"{lines} open lines of code"
    assert len(long) <= MOST_LONG * len(sentences), "\n".join(long)


@pytest.mark.site
def test_the_page_tells_each_sections_minutes():
    path = next(path for path in CHAPTERS if path.stem.startswith("09"))
    page = (ROOT / "_build/html/chapters" / f"{path.stem}.html").read_text(encoding="utf-8")
    told = [int(n) for n in re.findall(r'<p class="sl-minutes">(\d+) minutes?</p>', page)]
    asked = sum(item.minutes for item in handbook.listed(path).items)
    assert sum(told) == minutes.total(path) + asked
