"""Addresses that were saved: places of a page that stand on another page now.

A browser does not send what follows the #, so the old page leads on by itself: its head has the
table, and a script of two lines. Without scripts the reader comes to the old page's beginning,
which names the new one.
"""

from __future__ import annotations

import json
from typing import Any

#: page -> the page on which its old places stand now, with their names there
MOVED: dict[str, tuple[str, dict[str, str]]] = {
    "chapters/12_beyond_training": (
        "chapters/15_repeat_and_choose",
        {
            "what-repeated-data-are-worth": "what-repeated-data-are-worth",
            "12-forty-readings": "12-forty-readings",
            "fig-12-repeats": "fig-15-repeats",
            "12-fixed-steps": "12-fixed-steps",
            "picture-repeateddata": "picture-repeateddata",
            "a-law-with-a-penalty-can-show-the-rise": "a-law-with-a-penalty-can-show-the-rise",
            "what-bad-text-costs": "what-bad-text-costs",
            "12-quarter-noise": "12-quarter-noise",
            "fig-12-quality": "fig-15-quality",
            "cell-quality-table": "cell-quality-table",
            "12-one-difference": "12-one-difference",
            "several-lengths-tell-a-floor-from-missing-data": (
                "several-lengths-tell-a-floor-from-missing-data"
            ),
            "fig-12-constants": "fig-15-constants",
            "the-worked-example-line-by-line": "the-worked-example-line-by-line",
            "cell-example-losses": "cell-example-losses",
            "exercise-12-2-when-to-stop-reading": "exercise-15-1-when-to-stop-reading",
            "12-stop-repeating": "12-stop-repeating",
            "exercise-12-3-the-claim-s-hidden-epochs": "exercise-15-2-the-claim-s-hidden-epochs",
            "12-hidden-epochs": "12-hidden-epochs",
            "exercise-12-4-floor-or-data": "exercise-15-3-floor-or-data",
            "12-which-constant": "12-which-constant",
        },
    )
}
SCRIPT = """((page, moved) => {{
  const lead = () => {{
    const place = moved[decodeURIComponent(location.hash.slice(1))];
    if (place) location.replace(`${{page}}#${{place}}`);
  }};
  lead();
  addEventListener("hashchange", lead);
}})({page}, {moved});"""


def lead_on(app: Any, pagename: str, templatename: str, context: dict, doctree: Any) -> None:
    """Give a page with places that moved the script that leads there."""
    if pagename in MOVED:
        page, places = MOVED[pagename]
        uri = json.dumps(app.builder.get_relative_uri(pagename, page))
        context["moved"] = SCRIPT.format(page=uri, moved=json.dumps(places, separators=(",", ":")))


def setup(app: Any) -> dict[str, bool]:
    app.connect("html-page-context", lead_on)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
