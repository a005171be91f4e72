"""The claims of the three introductions that this course grew from, each decided in one place.

`verdict("B6")` is one of them: text for a terminal, a line with a link for a page. `table()` has
all. Each Claim has the quantity it rests on, the rule and its limit with the reason, evidence that
is computed from recorded data, and a choice under which the verdict would be another one.

>>> verdict("B6").verdict
'holds with a condition'
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from . import first, second, third
from .record import JUDGEMENT, UNDECIDED, VERDICTS, Claim, Verdict, decided

__all__ = [
    "ARTICLES",
    "CLAIMS",
    "VERDICTS",
    "Claim",
    "Verdict",
    "cells",
    "counts",
    "page",
    "table",
    "verdict",
]

ARTICLES = {"A": "The first article", "B": "The second article", "C": "The third article"}
CLAIMS = {one.id: one for one in (*first.CLAIMS, *second.CLAIMS, *third.CLAIMS)}


@cache
def verdict(id: str) -> Verdict:
    """The claim with this id, decided from recorded data.

    Raises ValueError for an id that there is not. Where a data set is missing the verdict is "not
    decided here", and `why` names it.

    >>> verdict("C5").verdict, round(verdict("C5").numbers["least"], 3)
    ('holds with a condition', 0.019)
    """
    if id not in CLAIMS:
        raise ValueError(f"no claim {id!r}; there is {', '.join(CLAIMS)}")
    return decided(CLAIMS[id])


def table() -> pd.DataFrame:
    """All claims, one row each by id: verdict, rests on (the kind), chapter, claim.

    >>> len(table())
    34
    """
    rows = [
        {
            "id": id,
            "verdict": verdict(id).verdict,
            "rests on": one.kind,
            "chapter": int(one.where[:2]),
            "claim": one.says,
        }
        for id, one in CLAIMS.items()
    ]
    return pd.DataFrame(rows).set_index("id")


HEAD = "".join(
    f"<span>{name}</span> " for name in ("", "claim", "verdict", "the number", "chapter")
)


def counts() -> str:
    """How many claims have which verdict, in a sentence.

    >>> counts()
    'Of 34 claims 5 hold, 18 hold with a condition, 7 do not hold; 4 are for judgement.'
    """
    told = table().verdict.value_counts()
    words = {"holds": "hold", "holds with a condition": "hold with a condition"}
    words |= {"does not hold": "do not hold"}
    said = ", ".join(f"{told.get(name, 0)} {word}" for name, word in words.items())
    left = f"; {told[UNDECIDED]} are not decided here" if UNDECIDED in told else ""
    return f"Of {len(CLAIMS)} claims {said}; {told.get(JUDGEMENT, 0)} are for judgement{left}."


def page(article: str) -> str:
    """HTML of the claims of an article, "A", "B" or "C": a row each, that opens its evidence."""
    rows = "".join(verdict(id).row() for id in CLAIMS if id.startswith(article))
    return f'<div class="claims"><p aria-hidden="true">{HEAD}</p>{rows}</div>'


def cells(chapter: str) -> set[str]:
    """Ids of the cells of a chapter that claims rest on, for the links of the claims page.

    >>> sorted(cells("08_isoflops"))
    ['claims', 'fig-exponents', 'fits']
    """
    places = (one.where.split("#") for one in CLAIMS.values())
    return {cell for page, cell in places if page == chapter}
