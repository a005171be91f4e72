"""Powers of ten have one spelling on the pages."""

import re
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "_ext"))

import powers

SITE = Path(__file__).parents[1] / "_build" / "html"
PRINTED = re.compile(r"(?<![\w.^])\d+(?:\.\d*)?e[+-]?\d+(?![\w.]\w)")


@pytest.mark.parametrize(
    "text, written",
    [
        ("6e+22 of 1e+09", "6×10²² of 10⁹"),
        ("1.50e-03, 1e-4", "1.50×10⁻³, 10⁻⁴"),
        ("0e+00; 0.0e0; 3e0; 2.e+05", "0; 0; 3; 2×10⁵"),
        ("about 10^22 and 10^-3", "about 10²² and 10⁻³"),
        ("-5e5 (2.5e+5)", "-5×10⁵ (2.5×10⁵)"),
        ("07e3a1 0x1e5 name1e5 C^5e3 v1.2e3.4 e5", "07e3a1 0x1e5 name1e5 C^5e3 v1.2e3.4 e5"),
    ],
)
def test_a_number_as_people_write_it(text, written):
    assert powers.spelled(text) == written


def test_columns_of_a_printed_table_stay():
    lines = [
        "   budget      size  note",
        "    1e+18   1.3e+22  at 1e+09",
        "  2.5e+20     8e+09  no",
    ]
    found = [powers.lined_up(line) for line in lines]
    assert found[0] == lines[0]
    assert found[1].index(" at 10⁹") == lines[1].index(" at 1e+09")
    assert found[2].index(" no") == lines[2].index(" no")
    assert [line.split()[:2] for line in found[1:]] == [["10¹⁸", "1.3×10²²"], ["2.5×10²⁰", "8×10⁹"]]
    assert found[1].index("10¹⁸") + 4 == found[2].index("2.5×10²⁰") + 8


def test_code_and_formulas_keep_theirs():
    page = (
        '<p>1e9</p><article><p title="1e9">1e9 <code>1e9</code></p><img alt="1e9" src="1e9">'
        '<div class="highlight-ipython3 notranslate"><div class="highlight"><pre>1e9</pre></div>'
        '<div class="output stream highlight-myst-ansi notranslate"><div class="highlight">'
        "<pre>x 1e9</pre></div><math>1e9</math><td>1e9</td></article>"
    )
    found = powers.rewritten(page)
    assert found.count("10⁹") == 4 and found.count("1e9") == page.count("1e9") - 4
    for kept in ("<p>1e9</p>", 'title="1e9"', "<code>1e9", 'src="1e9"', "<math>1e9"):
        assert kept in found


def test_a_programme_reads_the_numbers_of_an_exercise():
    row = "<tr><td>1.667e+16</td><td>10^18</td><td>12</td></tr>"
    page = f'<article><table>{row}</table><div class="sl-data"><table>{row}</table></div></article>'
    found = powers.rewritten(page)
    assert found.count("1.667×10¹⁶</td>") == 2 and found.count("10¹⁸</td>") == 2
    assert found.count('data-is="1.667e+16"') == found.count('data-is="1e18"') == 1


@pytest.mark.site
def test_pages_have_one_spelling():
    seen = 0
    for page in SITE.rglob("*.html"):
        text = powers.ARTICLE.search(page.read_text(encoding="utf-8"))
        if text and not page.relative_to(SITE).parts[0].startswith("_"):
            outputs = [found[2] for found in powers.OUTPUT.finditer(text[0])]
            told = [*outputs, powers.KEPT.sub(" ", text[0])]
            assert not [one for one in told if PRINTED.search(one)], page.name
            seen += len(re.findall("10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]", " ".join(told)))
    assert seen > 500


@pytest.mark.site
def test_every_named_column_of_an_exercise_is_numbers_for_the_scratchpad():
    cells = 0
    for page in (SITE / "chapters").glob("*.html"):
        for table in powers.DATA.findall(page.read_text(encoding="utf-8")):
            heads = re.findall(r"<th\b([^>]*)>", table.partition("</thead>")[0])
            named = [k for k, head in enumerate(heads) if "data-name" in head]
            for row in re.findall(r"<tr>(.*?)</tr>", table.partition("<tbody>")[2], re.S):
                said = re.findall(r"<t[hd]\b([^>]*)>(.*?)</t[hd]>", row, re.S)
                for one in (said[k] for k in named):
                    told = re.search(r'data-is="([^"]+)"', one[0])
                    float(told[1] if told else one[1])
                    cells += 1
    assert cells > 500
