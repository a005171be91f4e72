"""The claims: one source, a rule that can fail, and a page and chapters that take it from there."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from scalinglib import claims, runs
from scalinglib.claims import literature, own, record

ROOT = Path(__file__).parents[1]
ROWS = {"A": 13, "B": 8, "C": 13}
SETTLED = {"arithmetic", "judgement"}


def decided(id):
    """The verdict of a claim; a test of one whose data cannot be had is skipped."""
    told = claims.verdict(id)
    if told.verdict == record.UNDECIDED:
        raise runs.DataUnavailableError(told.why)
    return told


def test_no_row_is_missing():
    assert list(claims.CLAIMS) == [
        f"{article}{n}" for article, rows in ROWS.items() for n in range(1, rows + 1)
    ]


@pytest.mark.parametrize("one", claims.CLAIMS.values(), ids=lambda one: one.id)
def test_a_claim_is_whole(one):
    """What no data could change says so; everything else names a choice that changes it."""
    verdict = decided(one.id)
    assert one.quantity and verdict.numbers and re.search(r"\d", verdict.why)
    assert "nan" not in verdict.why.lower()
    if one.kind == "judgement":
        assert verdict.verdict == record.JUDGEMENT and len(verdict.numbers) >= 2
    else:
        assert verdict.verdict in (record.HOLDS, record.CONDITION, record.FAILS) and one.asks
    if one.kind in SETTLED:
        assert not one.another and not one.fails_if
    else:
        assert one.another and one.fails_if and one.reason


@pytest.mark.parametrize(
    "one",
    [one for one in claims.CLAIMS.values() if one.kind not in SETTLED],
    ids=lambda one: one.id,
)
def test_an_admissible_choice_gives_another_verdict(one):
    for choice in [one.another, *(choice for _, choice in one.further)]:
        assert one.decide(**choice) != decided(one.id).verdict, choice


def test_a_rule_that_cannot_fail_is_found_out():
    """Planted: a claim whose rule ignores its evidence."""
    always = record.Claim(
        "Z1", "", "02_x#y", "measured", "", "", own.last_doubling, lambda **_: record.HOLDS,
        another={"fresh": False},
    )  # fmt: skip
    assert always.decide() == always.decide(**always.another)


def test_which_are_arithmetic_and_which_judgement():
    kinds = {
        kind: {one.id for one in claims.CLAIMS.values() if one.kind == kind} for kind in SETTLED
    }
    assert kinds["arithmetic"] == {"A6", "A10", "A11", "B3"}
    assert kinds["judgement"] == {"A1", "A12", "B8", "C12"}


def test_one_rule_for_the_exponents():
    """A9 and B6 look at the same exponents, and a law's own exponent would hold by both rules."""
    a9, b6 = claims.CLAIMS["A9"], claims.CLAIMS["B6"]
    numbers = b6.evidence()
    exact = numbers | {"median": 1 / 2.4, "own_low": 1 / 2.4, "own_high": 1 / 2.4}
    assert a9.rule(**exact, claimed=2.4) == record.HOLDS == b6.rule(**exact, claimed=1 / 2.4)
    assert len(literature.exponents()) == 9 and literature.exponents().attrs == {"n": 12, "of": 19}


def test_where_another_tolerance_would_change_a_verdict():
    """The sentence WHY_NEAR: the distances, and the widest interval in print."""
    told = {
        ("A8", 0.090): record.FAILS,
        ("A8", 0.092): record.CONDITION,
        ("A9", 0.063): record.FAILS,
        ("A9", 0.065): record.CONDITION,
        ("A9", 0.081): record.HOLDS,
        ("B6", 0.146): record.CONDITION,
        ("B6", 0.148): record.HOLDS,
    }
    for (id, within), verdict in told.items():
        one = claims.CLAIMS[id]
        assert one.rule(**one.evidence(), **one.limits, within=within) == verdict, (id, within)
    fits = runs.table("fits").query("year >= 2022").dropna(subset="low")
    sd = (
        (fits.high - fits.low)
        / 2
        / fits.interval.map({"10-90 %": 1.2816, "95 %": 1.96, "1 s.e.": 1})
    )
    widest = fits.assign(sd=sd)[~fits.study.str.contains("Porian, [^t]")].nlargest(1, "sd").iloc[0]
    assert widest.study == "Chinchilla, Approach 2"
    assert (widest.high - widest.low) / 2 == pytest.approx(0.036)
    assert 1.96 * widest.sd == pytest.approx(0.055, abs=5e-4)


def test_what_a_per_cent_is_in_noise():
    """The sentence own.WHY_PERCENT."""
    for corpus, percent in (("python", "0.47"), ("lexicon", "0.52")):
        sweep = runs.load("sweep")
        grid = sweep[(sweep.arm == "main") & (sweep.corpus == corpus)]
        cells = grid.groupby(["budget", "width"]).loss
        sd = ((cells.std() / cells.mean()) ** 2).mean() ** 0.5
        assert f"{100 * sd:.2f}" == percent and percent in own.WHY_PERCENT


def test_every_choice_is_shown_with_its_verdict():
    """A4 fails or holds by its choices, and the page says both."""
    told = decided("A4")
    assert told.fails_if.count("(then: ") == 2
    assert "(then: holds)" in told.fails_if and "(then: does not hold)" in told.fails_if
    assert "(then: does not hold)" in decided("C6").fails_if.split("MiniCPM")[1]


def test_a_missing_data_set_is_said_not_invented(monkeypatch, tmp_path):
    monkeypatch.setenv(runs.FOLDER_VARIABLE, str(tmp_path))
    literature.pairs.cache_clear()
    told = record.decided(claims.CLAIMS["C10"])
    assert told.verdict == record.UNDECIDED and str(tmp_path) in told.why
    assert not any(char.isdigit() for char in told.verdict) and told.numbers == {}
    assert record.decided(claims.CLAIMS["C9"]).verdict == record.CONDITION  # our own runs


def test_unknown_claim():
    with pytest.raises(ValueError, match="no claim 'D1'"):
        claims.verdict("D1")


# ---- where they are shown ------------------------------------------------------------------------


def cells_of(name):
    return json.loads((ROOT / "chapters" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]


def test_the_evidence_is_in_the_chapters():
    for one in claims.CLAIMS.values():
        chapter, cell = one.where.split("#")
        assert cell in {cell["id"] for cell in cells_of(chapter)}, one.where
        assert cell in claims.cells(chapter)


def test_the_page_shows_each_verdict_once_with_its_number():
    shown = "".join(
        "".join(output["data"]["text/html"])
        for cell in cells_of("claims")
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    )
    for id in claims.CLAIMS:
        told = decided(id)
        assert told.row() in shown, f"{id}: run chapters/claims.ipynb again"
        assert shown.count(f'id="claim-{id}"') == 1
        row = f"<span>{told.label}</span> <span>{html.escape(told.number)}</span>"
        assert row in shown and re.search(r"\d", told.number)


def test_no_code_stands_before_the_first_verdict():
    """Nor anywhere else on the page: what is drawn there is called in one line."""
    for cell in cells_of("claims"):
        tags = cell["metadata"].get("tags", [])
        assert cell["cell_type"] == "markdown" or "remove-input" in tags, cell["id"]


#: "holds" by itself is an everyday word: a verdict where a sentence begins with it, or a claim does
SAYS = re.compile(
    r"holds,? with a condition|does not hold|judgement|(?:(?<=[.:)*] )|(?<=claim ))holds", re.I
)
NAMES = re.compile(r"claims\.ipynb#claim-([ABC]\d{1,2})\b|\bclaim ([ABC]\d{1,2})\b", re.I)


def typed_verdicts(cell):
    """(id, verdict) where a line of text names one claim and gives a verdict after it."""
    found = []
    for line in "".join(cell["source"]).splitlines() if cell["cell_type"] == "markdown" else []:
        ids = {one for match in NAMES.findall(line) for one in match if one}
        said = SAYS.findall(line)
        if len(ids) == 1 and said:
            word = said[0].lower().replace(",", "").replace("judgment", "judgement")
            found.append((ids.pop().upper(), word))
    return found


CHAPTERS = sorted((ROOT / "chapters").glob("[0-9]*.ipynb"))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_says_the_verdict_that_the_package_says(path):
    for cell in cells_of(path.stem):
        for id, said in typed_verdicts(cell):
            assert said == claims.verdict(id).verdict, f"{path.stem}#{cell['id']}: claim {id}"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_verdict_that_a_chapter_shows_is_of_today(path):
    for cell in cells_of(path.stem):
        for output in cell.get("outputs", []):
            shown = "".join(output.get("data", {}).get("text/html", ""))
            for id in re.findall(r'class="claim"><p><a href="claims.ipynb#claim-(\w+)"', shown):
                assert claims.verdict(id)._repr_html_() in shown, f"run {path.name} again: {id}"


def test_another_verdict_is_found():
    text = "* *Data and size alike* ([B6](claims.ipynb#claim-B6)). Holds, with a condition: so far."
    cell = {"cell_type": "markdown", "source": [text]}
    assert typed_verdicts(cell) == [("B6", "holds with a condition")]
    assert claims.verdict("B6").verdict == "holds with a condition"
    planted = {
        "cell_type": "markdown",
        "source": [text.replace("Holds, with a condition", "Holds")],
    }
    assert typed_verdicts(planted) == [("B6", "holds")]
    assert typed_verdicts({"cell_type": "code", "source": ['claims.verdict("B6")']}) == []


NUMBERS = Path(__file__).with_name("claims_numbers.txt")


def numbers_of(value, name: str) -> Iterator[tuple[str, str]]:
    """Names and values, also those inside of others."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from numbers_of(one, f"{name} {key}".strip())
    elif np.ndim(value):
        yield name, " ".join(f"{one:.4g}" for one in np.ravel(value)[:12])
    else:
        yield name, value if isinstance(value, str) else f"{float(value):.4g}"


def numbered(id: str) -> list[str]:
    return [f"{id} | {name} | {told}" for name, told in numbers_of(decided(id).numbers, "")]


@pytest.mark.parametrize("id", claims.CLAIMS)
def test_a_claim_turns_on_the_numbers_that_it_turned_on(id):
    """Also on those that its sentence rounds away. Where one was meant to change, run
    python tests/test_claims.py.
    """
    known = [one for one in NUMBERS.read_text("utf-8").splitlines() if one.startswith(f"{id} |")]
    for now, before in zip(numbered(id), known, strict=True):
        *words, value = now.split(" | ")
        *told, was = before.split(" | ")
        assert words == told
        if re.fullmatch(r"[-+\d.e infa]+", was):
            pairs = zip(value.split(), was.split(), strict=True)
            assert all(float(a) == pytest.approx(float(b), rel=5e-3, nan_ok=True) for a, b in pairs)
        else:
            assert value == was


if __name__ == "__main__":
    NUMBERS.write_text(
        "".join(f"{line}\n" for id in claims.CLAIMS for line in numbered(id)), encoding="utf-8"
    )
