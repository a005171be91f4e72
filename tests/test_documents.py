"""What the documents for contributors name is there: files, make targets, tests, commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "exercises/README.md")
INVENTED = ("chapters/NN_name.ipynb",)
# folders that a path in the text may begin with
AT_THE_TOP = "chapters|howto|library|exercises|scalinglib|tests|_ext|binder|.github"


def missing(text: str, folder: Path) -> list[str]:
    """What a document names and nobody would find; `folder` is where it stands."""
    links = re.findall(r"\]\((?!https?://|#|\.\./\.\./actions)([^)#\s]+)", text)
    lost = [link for link in links if not (folder / link).exists()]
    paths = re.findall(rf"(?<![\w/.-])(?:{AT_THE_TOP})/[\w./-]*\w", text)
    lost += [
        path
        for path in paths
        if path not in INVENTED
        and not re.search(r"NN_|ch99_|/index\.html", path)
        and not (ROOT / path).exists()
    ]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    lost += [
        f"make {target}"
        for target in re.findall(r"(?:^    |`)make ([a-z]+)", text, re.M)
        if not re.search(rf"^{target}:", makefile, re.M)
    ]
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("*.py"))
    lost += [
        name for name in re.findall(r"\btest_\w+\b(?!\.py)", text) if f"def {name}(" not in tests
    ]
    return lost


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_a_document_names_is_there(name):
    path = ROOT / name
    assert missing(path.read_text(encoding="utf-8"), path.parent) == []


@pytest.mark.parametrize(
    "text, lost",
    [
        ("[a](CONTRIBUTING.md) `make book` tests/conftest.py [b](https://example.org)", []),
        ("[a](NOWHERE.md)", ["NOWHERE.md"]),
        ("see tests/nowhere.py", ["tests/nowhere.py"]),
        ("`make nothing`", ["make nothing"]),
        ("    make nothing", ["make nothing"]),
        ("`test_that_nobody_wrote` says", ["test_that_nobody_wrote"]),
    ],
)
def test_what_is_not_there_is_noticed(text, lost):
    assert missing(text, ROOT) == lost
