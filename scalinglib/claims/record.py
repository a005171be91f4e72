"""One claim: what it says, what it rests on, the rule that decides it, and what would fail it."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..runs import DataUnavailableError
from .numbers import NUMBERS

HOLDS, CONDITION, FAILS = "holds", "holds with a condition", "does not hold"
JUDGEMENT = "judgement"
UNDECIDED = "not decided here"
VERDICTS = (HOLDS, CONDITION, FAILS, JUDGEMENT, UNDECIDED)

Kind = Literal["measured", "published", "arithmetic", "judgement"]


def graded(best: bool, middle: bool) -> str:
    """ "holds" for the first, "holds with a condition" for the second alone, else "does not hold".

    >>> graded(False, True)
    'holds with a condition'
    """
    return HOLDS if best else CONDITION if middle else FAILS


def judged(**numbers: Any) -> str:
    """The rule of a claim that no number settles.

    >>> judged(low=1.0)
    'judgement'
    """
    return JUDGEMENT


@dataclass(frozen=True)
class Claim:
    """A claim and all that its verdict needs.

    kind: what the verdict rests on: runs that this course "measured", numbers that others
    "published", "arithmetic" (no data could change it) or "judgement" (no number settles it).
    quantity: what is looked at. evidence: computes it, a dict, from recorded data; its arguments
    are choices that a fair reader might make otherwise. rule: from evidence and `limits` to a
    verdict; `asks` says it in words, `reason` why the limits are what they are. another: a choice
    under which the verdict is another one, `fails_if` in words, with its evidence in them (neither
    for arithmetic and judgement); further: more of these, (words, choice) each. because: the
    sentence for a page, with the evidence in it. where: chapter#cell.

    >>> from scalinglib import claims
    >>> claims.CLAIMS["B5"].decide(), claims.CLAIMS["B5"].decide(models=("Chinchilla",))
    ('holds', 'does not hold')
    """

    id: str
    says: str
    where: str
    kind: Kind
    quantity: str
    because: str
    evidence: Callable[..., dict[str, Any]] = field(repr=False)
    rule: Callable[..., str] = field(repr=False, default=judged)
    asks: str = ""
    reason: str = ""
    limits: Mapping[str, float] = field(default_factory=dict)
    fails_if: str = ""
    another: Mapping[str, Any] = field(default_factory=dict)
    further: tuple[tuple[str, Mapping[str, Any]], ...] = ()

    def decide(self, **choice: Any) -> str:
        """The verdict under other choices than ours; see `evidence`."""
        return self.rule(**self.evidence(**choice), **self.limits)


@dataclass(frozen=True)
class Verdict:
    """A claim, decided: text for a terminal, a line of HTML for a page.

    Its links lead to notebooks; the book turns them into its pages (_ext/course.py). verdict: one
    of VERDICTS. why: the evidence in a sentence. numbers: the same as a dict.

    >>> from scalinglib import claims
    >>> claims.verdict("A10")
    A10: does not hold (arithmetic). For GPT-3 that is 3e+10 times the compute.
    """

    claim: Claim
    verdict: str
    why: str
    numbers: Mapping[str, Any] = field(repr=False)
    fails_if: str = ""

    @property
    def label(self) -> str:
        """The verdict, with "arithmetic" beside it where no data could have changed it."""
        return self.verdict + (" (arithmetic)" if self.claim.kind == "arithmetic" else "")

    def __repr__(self) -> str:
        return f"{self.claim.id}: {self.label}. {self.why}"

    def _repr_html_(self) -> str:
        """For a chapter: verdict and evidence, and a link to the row of the claims page."""
        return (
            f'<div class="claim"><p><a href="claims.ipynb#claim-{self.claim.id}">'
            f"{self.claim.id}</a> · <strong>{html.escape(self.claim.says)}</strong> "
            f"<em>{self.label.capitalize()}.</em> {html.escape(self.why)}</p></div>"
        )

    @property
    def number(self) -> str:
        """The number that it turns on, with its unit; "" where it was not decided."""
        return NUMBERS[self.claim.id].format(**self.numbers) if self.numbers else ""

    def row(self) -> str:
        """HTML for the claims page: claim, verdict, number, chapter; opened, all it rests on."""
        claim, (chapter, cell) = self.claim, self.claim.where.split("#")
        link = f'<a href="{chapter}.ipynb#cell-{cell}">chapter {int(chapter[:2])}</a>'
        rows = [
            ("Evidence", f"{html.escape(self.why)} Worked out in {link}."),
            ("Rests on", f"{html.escape(claim.quantity)} ({claim.kind})"),
            ("Rule", html.escape(claim.asks)),
            ("Why there", html.escape(claim.reason)),
            ("Another verdict if", html.escape(self.fails_if)),
        ]
        told = "".join(f"<dt>{name}</dt><dd>{text}</dd>" for name, text in rows if text)
        cells = (claim.id, claim.says, self.label, self.number, f"ch. {int(chapter[:2])}")
        shown = " ".join(f"<span>{html.escape(text)}</span>" for text in cells)
        return (
            f'<details class="claim" id="claim-{claim.id}"><summary>{shown}</summary>'
            f"<dl>{told}</dl></details>"
        )


def decided(claim: Claim) -> Verdict:
    """The verdict of a claim by our own choices; "not decided here" where a data set is missing."""
    try:
        numbers = claim.evidence()
        ways = [(claim.fails_if, claim.another)] * bool(claim.fails_if) + [*claim.further]
        others = [(words, claim.evidence(**choice)) for words, choice in ways]
    except DataUnavailableError as error:
        return Verdict(claim, UNDECIDED, f"A data set that this rests on is missing: {error}.", {})
    fails_if = "; or ".join(
        f"{words.format(**found)} (then: {claim.rule(**found, **claim.limits)})"
        for words, found in others
    )
    told = claim.rule(**numbers, **claim.limits)
    return Verdict(claim, told, claim.because.format(**numbers), numbers, fails_if)
