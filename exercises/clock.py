"""Times: an instant is an instant, on whichever machine it is read.

The ledger writes UTC. A time without an offset (in course.toml, in a campus system's zip file, in
an older ledger) is the wall clock of the class: of its time zone, which course.toml names, else of
this machine.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def now() -> str:
    """This instant."""
    return _written(datetime.now(UTC))


def after(at: str) -> str:
    """The next instant after one."""
    return _written(datetime.fromisoformat(at) + timedelta(microseconds=1))


@lru_cache(maxsize=100_000)
def instant(text: str, zone: str = "") -> str:
    """A time in ISO form as UTC, so that texts compare as instants do; "" stays "".

    zone : of a time without an offset; without one, it is of this machine.
    """
    return text and _written(_in_utc(datetime.fromisoformat(text), zone))


@lru_cache(maxsize=100_000)
def wall(text: str, zone: str = "") -> datetime:
    """What the class's clocks show at an instant, without an offset."""
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        return time
    try:
        return time.astimezone(zone_of(zone) if zone else None).replace(tzinfo=None)
    except (OverflowError, ValueError):  # at the ends of all years
        return time.replace(tzinfo=None)


def shown(text: str, zone: str = "") -> str:
    """The same as text, without parts of a second."""
    return text and wall(text, zone).isoformat(timespec="seconds")


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name, as in Europe/Berlin. Raises ValueError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"{name!r} is no time zone; write one as in Europe/Berlin, America/New_York or UTC"
        ) from None


def zone_here() -> str:
    """The name of this machine's time zone; "" where it has none."""
    told = os.environ.get("TZ", "").removeprefix(":")
    linked = os.path.realpath("/etc/localtime")
    try:
        written = Path("/etc/timezone").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        written = ""
    # TZ decides alone where it is set
    found = [told] if told else [linked.partition("zoneinfo/")[2], written]
    for name in filter(None, found):
        try:
            return zone_of(name).key
        except ValueError:
            continue
    year = datetime.now().year
    off = [datetime(year, month, 1).astimezone().utcoffset() for month in (1, 7)]
    return "UTC" if not any(off) else ""


def _in_utc(time: datetime, zone: str) -> datetime:
    try:
        if time.tzinfo is None and zone:
            time = time.replace(tzinfo=zone_of(zone))
        return time.astimezone(UTC)
    except (OverflowError, ValueError, OSError):  # at the ends of all years
        return time.replace(tzinfo=UTC)


def _written(time: datetime) -> str:
    return time.isoformat(timespec="microseconds")
