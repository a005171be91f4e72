"""What a reader does on a page, and what the page's scripts do then, without a browser.

Each test is a deed of tests/deeds.mjs, of the same name. All are done in one go, by the process
that runs JavaScript for all tests. The elements are linkedom's, which `make check` installs: where
it is not, or where there is no node, the deeds are skipped.
"""

import re
from pathlib import Path

import pytest
from in_node import course, node

from scalinglib.checks import Option, Prediction, Question

import answers  # isort: skip  (from _ext, which in_node puts on the path)

HERE = Path(__file__).parent
DEEDS = re.findall(r'^deed\(\s*"(.+?)",', (HERE / "deeds.mjs").read_text(encoding="utf-8"), re.M)
NUMBER = Prediction(
    id="02-times", prompt="How many?", unit="times", lo=0, hi=10, truth=1.9, says="It is `1.9`."
)
CHOICE = Prediction(id="02-way", prompt="Which?", options=("up", "down"), keys=("c", "a"))
QUESTION = Question(
    id="02-which",
    prompt="What happens?",
    options=(
        Option("it stays", why="a", key="b"),
        Option("does it fall?", why="b", right=True, key="c"),
        Option("it rises", why="c", key="a"),
    ),
)
CHAPTERS = [
    {"exercises": {"01-a": "k1", "01-b": "k2"}, "questions": ["01-q"], "guesses": []},
    {"exercises": {"02-a": "k3"}, "questions": ["02-q"], "guesses": ["02-g", "02-h"]},
]


def made() -> dict[str, str]:
    """The HTML that stands on pages for what a reader answers."""
    row = "<tr><th>one</th><td>60</td><td>3</td></tr>"
    panel = answers.COURSE.format(rows=2 * row, data=answers.as_script(CHAPTERS))
    shown = {"number": NUMBER, "choice": CHOICE, "question": QUESTION}
    return {name: one._repr_html_() for name, one in shown.items()} | {
        "course": f"<body><main>{panel}</main></body>"
    }


@pytest.fixture(scope="module")
def done():
    if not (HERE.parent / "node_modules/linkedom").exists():
        pytest.skip("linkedom is not installed (make check does it): no deed was tried")
    scripts = {path.stem: path.read_text("utf-8") for path in course.ASSETS.glob("*.js")}
    return node.evaluated(HERE / "deeds.mjs", {"scripts": scripts, "made": made()})


@pytest.mark.parametrize("deed", DEEDS)
def test_on_a_page(done, deed):
    assert not done[deed], done[deed]


def test_every_deed_is_listed(done):
    assert list(done) == DEEDS
