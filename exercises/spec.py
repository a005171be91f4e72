"""The instructor's side of an exercise: what exercises/chapters/chNN_name.py fills in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from .draw import Stream


def _nothing(stream: Stream) -> dict:
    return {}


@dataclass(frozen=True, kw_only=True)
class Spec:
    """One exercise; the reference is the chapter's solution region.

    What students may see is in scalinglib/checks.

    id : as in scalinglib/checks.
    points : what it is worth when graded.
    mutants : name -> source that stands in place of the solution region: a wrong but plausible
        answer, at least five.
    draw : stream -> the parameters by name, rounded (only for exercises with parameters).
    probes : stream -> list of argument tuples: personal inputs at which a graded function must
        agree with the reference.
    by_hand : part (of a `Number` "x") -> what somebody types who has only the page: one expression
        in the calculator's language, or lines of the scratchpad, the last of which is typed. It
        may use the names that the box knows, laws, and numbers as the page prints them; one that
        the page has rounded ends with ~ ("1.2211~"). For a choice: option -> expression, the
        largest of which belongs to the right one.
    """

    id: str
    points: int
    mutants: Mapping[str, str]
    draw: Callable[[Stream], dict] = _nothing
    probes: Callable[[Stream], list] = field(default=lambda stream: [])
    by_hand: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self):
        if len(self.mutants) < 5:
            raise ValueError(
                f"exercise {self.id}: give at least 5 mutants, got {len(self.mutants)}"
            )
        if self.points < 1:
            raise ValueError(f"exercise {self.id}: points must be 1 or more, got {self.points}")
        object.__setattr__(self, "mutants", MappingProxyType(dict(self.mutants)))
