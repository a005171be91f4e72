"""The bibliography: whole entries, each cited, and every paper that a page names with a year."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BIB = (ROOT / "references.bib").read_text(encoding="utf-8")
PAGES = sorted(
    path
    for pattern in ("*.ipynb", "chapters/*.ipynb", "howto/*.ipynb", "chapters/*.md", "library/*.md")
    for path in ROOT.glob(pattern)
)
VENUES = ("journal", "booktitle", "publisher", "howpublished")
ARXIV = re.compile(r"\b\d{4}\.\d{4,5}\b")
#: names that a style sets in small letters unless they are in braces
PROPER = re.compile(
    r"\b(Llama|LLaMA|GPT|Chinchilla|Kaplan|Gopher|Pythia|PaLM|MiniCPM|DeepSeek|English)\b"
)
CITED = re.compile(r"\{cite:[a-z]+\}`([^`]+)`")
#: a paper in running words: "Gadre et al. 2024", "Pearce and Song (2024)"
NAMED = re.compile(
    r"\b([A-Z][\w'-]+)(?: et al\.,?| (?:and|&) [A-Z][\w-]+,?) \(?((?:19|20)\d\d)\)?(?!\d)"
)


def entries(text: str) -> dict[str, dict[str, str]]:
    """Key -> field -> text of a BibTeX file whose fields stand on a line each."""
    found = {}
    for entry in re.split(r"^@", text, flags=re.M)[1:]:
        key = re.match(r"\w+\{(\w+),", entry)[1]
        found[key] = dict(re.findall(r"^\s*(\w+)\s*=\s*\{(.+)\},?$", entry, re.M))
    return found


WORKS = entries(BIB)


def faults(entry: dict[str, str]) -> list[str]:
    """What an entry lacks."""
    venue = next((entry[name] for name in VENUES if name in entry), "")
    url, doi, authors = (entry.get(name, "") for name in ("url", "doi", "author"))
    names = authors.split(" and ")
    known = [one for one in names if one != "others"]
    told = ARXIV.findall(venue)
    checks = {
        "no title": bool(entry.get("title")),
        "no year": bool(re.fullmatch(r"(19|20)\d\d", entry.get("year", ""))),
        "no venue or arXiv number": bool(venue),
        "no address": bool(url or doi),
        "an address that is none": not url
        or bool(re.fullmatch(r"https://[^\s/]+\.[a-z]+/\S+", url)),
        "a doi that is none": not doi or bool(re.fullmatch(r"10\.\d{4,}/\S+", doi)),
        "another arXiv number in the address": "arxiv" not in url or not told or told[0] in url,
        "more than three authors, or fewer and others": len(known) <= 3
        and ("others" not in names or len(known) == 3),
        "no author": bool(known[0]),
        "a proper name without braces": not PROPER.search(
            re.sub(r"\{[^{}]*\}", "", entry["title"])
        ),
    }
    return [fault for fault, fine in checks.items() if not fine]


def words(path: Path) -> str:
    """The running text of a page."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return text
    cells = json.loads(text)["cells"]
    captions = [
        cell["metadata"].get("mystnb", {}).get("figure", {}).get("caption", "") for cell in cells
    ]
    told = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    return "\n".join([*told, *captions])


def cited(text: str) -> set[str]:
    return {key.strip() for keys in CITED.findall(text) for key in keys.split(",")}


def unlisted(text: str) -> list[str]:
    """Papers that a text names with a year and that are not in the bibliography."""
    known = {
        (re.split(r"[ ,]", author.strip("{} "))[-1 if "," not in author else 0], entry["year"])
        for entry in WORKS.values()
        for author in [entry["author"].split(" and ")[0]]
    }
    families = {
        (entry["author"].split(" and ")[0].split(",")[0].strip("{} ").split()[-1], entry["year"])
        for entry in WORKS.values()
    }
    return [
        found[0] for found in NAMED.finditer(text) if (found[1], found[2]) not in known | families
    ]


@pytest.mark.parametrize("key", WORKS)
def test_an_entry_is_whole(key):
    assert faults(WORKS[key]) == []


def test_every_entry_is_cited_and_every_citation_is_there():
    told = set().union(*(cited(words(path)) for path in PAGES))
    assert told == set(WORKS)
    assert len(WORKS) == len(re.findall(r"^@", BIB, re.M))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_paper_that_a_page_names_is_listed(page):
    assert unlisted(words(page)) == []


WHOLE = """@article{able2020,
  author  = {Able, Ann and Best, Bob and Cole, Cy and others},
  title   = {On {Llama}},
  journal = {arXiv:2001.00001},
  year    = {2020},
  url     = {https://arxiv.org/abs/2001.00001},
}
"""


@pytest.mark.parametrize(
    "old, new, fault",
    [
        ("  journal = {arXiv:2001.00001},\n", "", "no venue"),
        ("  url     = {https://arxiv.org/abs/2001.00001},\n", "", "no address"),
        ("https://arxiv.org/abs/2001.00001", "see arXiv:2001.00001", "an address"),
        ("abs/2001.00001", "abs/2001.00002", "another arXiv number"),
        ("Cole, Cy and others", "Cole, Cy and Dean, Di", "more than three"),
        ("{Llama}", "Llama", "a proper name"),
        ("= {2020}", "= {in press}", "no year"),
    ],
)
def test_a_planted_fault_is_found(old, new, fault):
    assert faults(entries(WHOLE)["able2020"]) == []
    found = faults(entries(WHOLE.replace(old, new))["able2020"])
    assert len(found) == 1 and found[0].startswith(fault)


def test_a_planted_name_is_found():
    assert unlisted("Nobody et al. 2031 found it.") == ["Nobody et al. 2031"]
    assert unlisted("As Pearce and Song (2024) and Kaplan et al. 2020 say, since 2022.") == []
    assert cited("{cite:t}`a2020` and {cite:p}`b1999, c2001`") == {"a2020", "b1999", "c2001"}
