"""The claims of the three introductions that this course grew from, each decided in one place.

`verdict("B6")` is one of them: text for a terminal, a line with a link for a page. `table()` has
all. Each Claim has the quantity it rests on, the rule and its limit with the reason, evidence that
is computed from recorded data, and a choice under which the verdict would be another one.

>>> verdict("B6").verdict
'holds with a condition'
"""

from __future__ import annotations

import html
from functools import cache

import pandas as pd

from . import first, second, third
from .record import VERDICTS, Claim, Verdict, decided

__all__ = [
    "ARTICLES",
    "CLAIMS",
    "VERDICTS",
    "Claim",
    "Verdict",
    "cells",
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


def overview() -> str:
    """HTML of `table`: each id leads to the claim below it on the page."""
    head = "".join(
        f'<th scope="col">{name}</th>' for name in ("id", "claim", "verdict", "rests on")
    )
    rows = [
        f'<tr><th scope="row"><a href="#claim-{id}">{id}</a></th><td>{html.escape(one.says)}</td>'
        f"<td>{verdict(id).verdict}</td><td>{one.kind}</td></tr>"
        for id, one in CLAIMS.items()
    ]
    body = "".join(rows)
    return f'<table class="claims"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def page(article: str) -> str:
    """HTML of the claims of an article, "A", "B" or "C", each with evidence, rule and reason."""
    return "".join(verdict(id).full() for id in CLAIMS if id.startswith(article))


def cells(chapter: str) -> set[str]:
    """Ids of the cells of a chapter that claims rest on, for the links of the claims page.

    >>> sorted(cells("08_isoflops"))
    ['claims', 'fig-exponents', 'fits']
    """
    places = (one.where.split("#") for one in CLAIMS.values())
    return {cell for page, cell in places if page == chapter}
