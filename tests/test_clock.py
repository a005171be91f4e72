"""Times that mean the same on any machine, at the ends of all years and at changes of the clock."""

import time
from datetime import datetime

import pytest

from exercises.clock import instant, later, now, shown, wall, zone_here, zone_of


@pytest.fixture(params=["UTC", "Asia/Tokyo", "America/Los_Angeles"])
def machine(request, monkeypatch):
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    "text, zone, utc",
    [
        ("2026-10-05T23:59:00", "Europe/Berlin", "2026-10-05T21:59:00.000000+00:00"),
        ("2026-10-05T23:59:00+02:00", "Asia/Tokyo", "2026-10-05T21:59:00.000000+00:00"),
        ("2026-10-05T23:59:00.5Z", "", "2026-10-05T23:59:00.500000+00:00"),
        ("2026-10-25T02:30:00", "Europe/Berlin", "2026-10-25T00:30:00.000000+00:00"),  # the first
        ("0001-01-01T00:00:00", "Asia/Tokyo", "0001-01-01T00:00:00.000000+00:00"),
        ("9999-12-31T23:59:00-14:00", "", "9999-12-31T23:59:00.000000+00:00"),
        ("", "Europe/Berlin", ""),
    ],
)
def test_a_time_is_the_same_instant_on_any_machine(machine, text, zone, utc):
    assert instant(text, zone) == utc and instant(utc, zone) == utc


def test_without_a_zone_a_time_is_of_the_machine(machine):
    hour = {"UTC": 12, "Asia/Tokyo": 3, "America/Los_Angeles": 20}[machine]
    assert instant("2026-01-05T12:00:00") == f"2026-01-05T{hour:02}:00:00.000000+00:00"
    assert shown("2026-01-05T12:00:00") == "2026-01-05T12:00:00"
    assert zone_here() == machine


def test_what_the_classs_clocks_show(machine):
    assert wall("2026-10-25T00:30:00+00:00", "Europe/Berlin") == datetime(2026, 10, 25, 2, 30)
    assert shown("2026-10-25T01:30:00.5+00:00", "Europe/Berlin") == "2026-10-25T02:30:00"
    assert shown("2026-10-25T01:30:00", "Europe/Berlin") == "2026-10-25T01:30:00"
    assert shown("", "Europe/Berlin") == ""


def test_instants_sort_as_texts():
    first = now()
    assert first < later(first, microseconds=1) < later(first, hours=1)
    assert later("2026-12-31T23:59:59.999999+00:00", microseconds=1) == (
        "2027-01-01T00:00:00.000000+00:00"
    )


@pytest.mark.parametrize("name", ["Berlin", "../Europe/Berlin", 3, ["UTC"], "a" * 300])
def test_what_is_no_time_zone(name):
    with pytest.raises(ValueError, match="write a time zone as in Europe/Berlin"):
        zone_of(name)
