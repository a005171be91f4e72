"""What readers who had not seen the course stumbled over stays mended."""

import json
import re
import sys
from pathlib import Path

import pytest

from scalinglib.checks import Number, Several, registry
from scalinglib.checks.boxes import has_box

sys.path.append(str(Path(__file__).parents[1] / "_ext"))

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted((ROOT / "chapters").glob("[0-9]*.ipynb"))


def texts() -> dict[str, str]:
    """What stands above the cells of each exercise."""
    found, last = {}, ""
    for path in CHAPTERS:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                last = "".join(cell["source"])
            if id := cell["metadata"].get("scalinglib", {}).get("exercise"):
                found.setdefault(id, last)
    return found


def numbers() -> list:
    """All exercises with fields for numbers."""
    kinds = (registry.chapter_items(path.name[:2])["exercise"] for path in CHAPTERS)
    every = [one for exercises in kinds for one in exercises.values()]
    return [one for one in every if isinstance(one, (Number, Several)) and has_box(one)]


def test_where_a_field_needs_a_logarithm_its_name_is_told():
    told, asked = texts(), 0
    for exercise in numbers():
        hints = " ".join(one for one in exercise.hints if "brentq" not in one)  # where it searches
        if re.search(
            r"\blog\(", " ".join([hints, *(part.truth or "" for part in exercise.told())])
        ):
            asked += 1
            assert re.search(r"\bln\b", told[exercise.id]), exercise.id
    assert asked > 6


def test_hints_write_logarithms_as_fields_read_them():
    for exercise in numbers():
        for hint in exercise.hints:
            bare = re.sub(r"`[^`]*`", "", hint)  # code is Python's
            assert not re.search(r"\blog\(", bare), (exercise.id, hint)


def test_a_page_without_python_can_follow_a_hint():
    """Of the hints of an exercise with a field, at least one beyond the first needs no code."""
    for exercise in numbers():
        assert any("`" not in hint for hint in exercise.hints[1:]), exercise.id


# between a guess and the next question or heading: what is to be seen although it is not covered
SEEN = """() => [...document.querySelectorAll('.sl-guess')].flatMap(guess => {
  const asks = '.sl-ask, .sl-guess, .sl-box, .sl-hint', seen = [];
  let covered = false;
  for (let it = guess.closest('div.cell').nextElementSibling; it; it = it.nextElementSibling) {
    if (it.matches('section') || (covered && it.querySelector(asks))) break;
    const parts = it.matches('div.cell') ? [...it.querySelectorAll('.cell_output')] : [it];
    for (const part of parts.filter(one => one.offsetHeight && !one.querySelector(asks))) {
      if (part.matches('.sl-covered')) covered = true;
      else if (covered) seen.push(guess.dataset.id + ': ' + part.textContent.trim().slice(0, 60));
    }
  }
  return covered ? seen : [guess.dataset.id + ': nothing is covered'];
})"""


@pytest.mark.site
def test_nothing_below_a_guess_tells_the_answer(browser, base):
    from test_site import visit

    guesses = 0
    for name in ("01_three_levers", "08_isoflops", "12_beyond_training", "15_repeat_and_choose"):
        with visit(browser, base, f"chapters/{name}.html") as seen:
            assert seen.page.evaluate(SEEN) == []
            guesses += seen.page.locator(".sl-guess").count()
    assert guesses > 6


@pytest.mark.site
def test_the_pad_has_one_name(browser, base):
    from test_site import visit

    with visit(browser, base, "chapters/15_repeat_and_choose.html", 390) as seen:
        label = "getComputedStyle(document.querySelector('.sl-pad-open'), '::before').content"
        short = seen.page.evaluate(label).strip('"').lower()
        assert short and "scratchpad".endswith(short)
