"""The rules of a class, in one file that a person edits: OUT/course.toml.

    zone = "Europe/Berlin"          # of all times without an offset; else that of the machine
    counts = "newest"               # or "best": which of several submissions
    missing = "ask"                 # lists who handed in nothing; "empty" does not: they have no 0
    drop_lowest = 0                 # chapters that do not count in a student's sum

    [late]                          # no deduction where this is missing
    per_day = 10                    # per cent of what can be had, for each day begun
    most = 50                       # never more than that
    grace = 2                       # hours after the due time that do not matter

    [chapters.02]                   # the chapters that are handed out
    due = 2026-10-05T23:59:00
    closes = 2026-10-19T00:00:00    # later submissions, and a new version, wait for a person
    weight = 1

    [points]
    02-halve-loss = 3               # 0 switches an exercise off

All of it may be left out, and so may the file. Every text that was in force is kept in the ledger.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from .clock import instant, wall, zone_here, zone_of

FILE = "course.toml"


class RulesError(ValueError):
    """A course.toml that cannot be used; the text names the key."""


@dataclass(frozen=True)
class Chapter:
    """A chapter that is handed out: instants (see clock.instant), "" where there is none."""

    due: str = ""
    closes: str = ""
    weight: float = 1


@dataclass(frozen=True)
class Rules:
    """What a course.toml says."""

    zone: str = ""
    counts: str = "newest"
    missing: str = "ask"
    drop_lowest: int = 0
    per_day: float = 0
    most: float = 100
    grace: float = 0
    chapters: Mapping[str, Chapter] = field(default_factory=dict)
    points: Mapping[str, float] = field(default_factory=dict)

    def chapter(self, number: str) -> Chapter:
        """The rules of one chapter; those of none where it is not named."""
        return self.chapters.get(number, Chapter())

    def deduction(self, days: int) -> float:
        """The share of what can be had that so many days late take away, 0 to 1."""
        return min(self.most, self.per_day * days) / 100

    def days(self, sent: str, due: str) -> int:
        """Days begun after a due time, by the class's clocks; 0 within the grace."""
        over = wall(sent, self.zone) - wall(due, self.zone)
        return 0 if over <= timedelta(hours=self.grace) else math.ceil(over / timedelta(days=1))


def read_rules(text: str, kept: bool = False) -> Rules:
    """The rules that a text in TOML gives.

    kept : it is one that a ledger has kept; in those of older versions the missing could have 0.
    Raises RulesError for what is no TOML, a key that is unknown and a value that cannot be.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulesError(f"{FILE}: {error}{_in_line(text, error)}") from None
    _known(table, ("counts", "missing", "drop_lowest", "late", "chapters", "points", "zone"), "")
    zone = table.get("zone", "")
    try:
        zone = zone and zone_of(zone).key
    except ValueError as error:
        raise RulesError(f"{FILE}: zone is {error}") from None
    late = _table(table, "late")
    _known(late, ("per_day", "most", "grace"), "late.")
    if table.get("missing") == "zero":
        if not kept:
            raise RulesError(
                f'{FILE}: missing is "zero", but no file can tell that nothing was handed in: you '
                'decide it. Write missing = "ask", and when a chapter is over, say: zero CHAPTER '
                "--reason WHY"
            )
        del table["missing"]
    chapters = _table(table, "chapters")
    for number, own in chapters.items():
        if not re.fullmatch(r"\d\d", number) or not isinstance(own, dict):
            raise RulesError(f"{FILE}: write a chapter as [chapters.02], not {number!r}")
        _known(own, ("due", "closes", "weight"), f"chapters.{number}.")
    points = _table(table, "points")
    rules = Rules(
        zone,
        _one_of(table, "counts", ("newest", "best")),
        _one_of(table, "missing", ("ask", "empty")),
        int(_number(table, "drop_lowest", 0, 100)),
        _number(late, "per_day", 0, 100, name="late.per_day"),
        _number(late, "most", 100, 100, name="late.most"),
        _number(late, "grace", 0, 1000, name="late.grace"),
        {
            number: Chapter(
                _moment(own, "due", number, zone),
                _moment(own, "closes", number, zone),
                _number(own, "weight", 1, 1000, name=f"chapters.{number}.weight"),
            )
            for number, own in chapters.items()
        },
        {id: _number(points, id, 0, 1000, name=f"points.{id}") for id in points},
    )
    if not kept:
        _can_be_meant(rules, table.get("drop_lowest", 0))
    return rules


def _in_line(text: str, error: tomllib.TOMLDecodeError) -> str:
    """The line that is no TOML, and how a line is written."""
    place = re.search(r"at line (\d+)", str(error))
    line = text.splitlines()[int(place[1]) - 1].strip()[:60] if place else ""
    found = f": {line!r}" if line else ""
    return f'{found}. A line is KEY = VALUE, as in due = 2026-10-05T23:59:00 or counts = "best"'


def _can_be_meant(rules: Rules, drop: float) -> None:
    if drop != rules.drop_lowest:
        raise RulesError(f"{FILE}: drop_lowest is {drop}; it is a whole number of chapters")
    for number, own in rules.chapters.items():
        if own.weight == 0:
            raise RulesError(
                f"{FILE}: chapters.{number}.weight is 0: nobody could have a point. If the chapter "
                f"is not to count, delete [chapters.{number}]; if it is to have points but no "
                "part in the course's result, let the campus system give its column no weight"
            )
        if own.due and own.closes and own.closes < own.due:
            raise RulesError(
                f"{FILE}: chapters.{number}.closes is before chapters.{number}.due: what is "
                "handed in in time would wait. Write a later time, or leave closes out"
            )


def without_zone(rules: Rules) -> list[str]:
    """What there is to tell where times depend on the machine; nothing where they do not."""
    timed = any(own.due or own.closes for own in rules.chapters.values())
    if rules.zone or not timed:
        return []
    return [
        f"{FILE} names no time zone: its times are read as this machine's "
        f"({zone_here() or 'which has no name'}). Write yours into its first line, as in "
        'zone = "Europe/Berlin"'
    ]


def _known(table: dict, names: tuple[str, ...], where: str) -> None:
    if unknown := sorted(set(table) - set(names)):
        raise RulesError(f"{FILE}: {where}{unknown[0]} is not known; known are {', '.join(names)}")


def _table(table: dict, name: str) -> dict:
    found = table.get(name, {})
    if not isinstance(found, dict):
        raise RulesError(f"{FILE}: {name} is a table: write [{name}]")
    return found


def _one_of(table: dict, name: str, words: tuple[str, ...]) -> str:
    found = table.get(name, words[0])
    if found not in words:
        raise RulesError(f"{FILE}: {name} is {found!r}; it can be {', '.join(words)}")
    return found


def _number(table: dict, key: str, default: float, most: float, name: str = "") -> float:
    found = table.get(key, default)
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found <= most:
        raise RulesError(f"{FILE}: {name or key} is {found!r}; it is a number from 0 to {most}")
    return found


def _moment(table: dict, key: str, number: str, zone: str) -> str:
    found = table.get(key)
    if found is None:
        return ""
    if isinstance(found, date) and not isinstance(found, datetime):  # the whole day still counts
        found = datetime.combine(found, time(23, 59, 59))
    if isinstance(found, datetime) and 1 < found.year < 9999:  # elsewhere it is another year
        return instant(found.isoformat(), zone)
    raise RulesError(
        f"{FILE}: chapters.{number}.{key} is '{found}'; write a time, as in 2026-10-05T23:59:00"
    )
