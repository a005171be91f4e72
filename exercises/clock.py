"""Times: an instant is an instant, on whichever machine it is read.

The ledger writes UTC. A time without an offset (in course.toml, in a campus system's zip file, in
an older ledger) is what the class's clocks show: those of the time zone that course.toml names,
else of this machine.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def now() -> str:
    """This instant."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def later(at: str, **than: float) -> str:
    """The instant so much after another; see timedelta."""
    return (datetime.fromisoformat(at) + timedelta(**than)).isoformat(timespec="microseconds")


def instant(text: str | None, zone: str = "") -> str:
    """A time in ISO form as UTC, so that texts compare as instants do; "" where there is none.

    zone : of a time without an offset; without one, it is of this machine.
    """
    if not text:
        return ""
    time = datetime.fromisoformat(text)
    try:
        if time.tzinfo is None and zone:
            time = time.replace(tzinfo=zone_of(zone))
        time = time.astimezone(UTC)
    except (OverflowError, ValueError):  # at the ends of all years
        time = time.replace(tzinfo=UTC)
    return time.isoformat(timespec="microseconds")


def wall(at: str, zone: str = "") -> datetime:
    """What the class's clocks show at an instant, without an offset."""
    time = datetime.fromisoformat(at)
    try:
        return time.astimezone(zone_of(zone) if zone else None).replace(tzinfo=None)
    except (OverflowError, ValueError):
        return time.replace(tzinfo=None)


def shown(text: str, zone: str = "") -> str:
    """A time by the class's clocks, without parts of a second; "" stays ""."""
    return text and wall(instant(text, zone), zone).isoformat(timespec="seconds")


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name, as in Europe/Berlin. Raises ValueError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, AttributeError, OSError):
        raise ValueError(
            f"{name!r}; write a time zone as in Europe/Berlin, America/New_York or UTC"
        ) from None


def zone_here() -> str:
    """The name of this machine's time zone; "" where it does not tell."""
    linked = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    try:
        return zone_of(os.environ.get("TZ", "").removeprefix(":") or linked).key
    except ValueError:
        months = (datetime(datetime.now().year, month, 1).astimezone() for month in (1, 7))
        return "" if any(time.utcoffset() for time in months) else "UTC"
