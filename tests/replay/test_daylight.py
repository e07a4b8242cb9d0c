# SPDX-License-Identifier: GPL-3.0-or-later
"""The nights on which the clocks change: 22:30 and eight hours more, in which the sleeper gets up
twice around the change, for two minutes each."""
import datetime
import json
import os
import subprocess
import zoneinfo

import pytest

import rig

FRAME = rig.virtual_frame(rig.somebody())
EMPTY = rig.virtual_frame(rig.NOBODY)
EVERY_S = 10  # a frame
NIGHT_S, AWAY_S = 8 * 3600, 120

# Where, the evening, how long after 22:30 the sleeper gets up, and what the clocks show at the
# beginning, each time of getting up, and the end.
NIGHTS = {
    "Berlin, forward": (
        "Europe/Berlin", "2026-03-28", (12000, 13800),
        "2026-03-28T22:30:00+01:00", "2026-03-29T01:50:00+01:00", "2026-03-29T03:20:00+02:00",
        "2026-03-29T07:30:00+02:00"),
    "Berlin, back": (
        "Europe/Berlin", "2026-10-24", (14400, 18000),
        "2026-10-24T22:30:00+02:00", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00",
        "2026-10-25T05:30:00+01:00"),
    "New York, forward": (
        "America/New_York", "2026-03-07", (12000, 13800),
        "2026-03-07T22:30:00-05:00", "2026-03-08T01:50:00-05:00", "2026-03-08T03:20:00-04:00",
        "2026-03-08T07:30:00-04:00"),
    "New York, back": (
        "America/New_York", "2026-10-31", (10800, 14400),
        "2026-10-31T22:30:00-04:00", "2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00",
        "2026-11-01T05:30:00-05:00"),
    "Lord Howe, forward": (
        "Australia/Lord_Howe", "2026-10-03", (12000, 13800),
        "2026-10-03T22:30:00+10:30", "2026-10-04T01:50:00+10:30", "2026-10-04T02:50:00+11:00",
        "2026-10-04T07:00:00+11:00"),
    "Lord Howe, back": (
        "Australia/Lord_Howe", "2026-04-04", (12000, 13800),
        "2026-04-04T22:30:00+11:00", "2026-04-05T01:50:00+11:00", "2026-04-05T01:50:00+10:30",
        "2026-04-05T06:00:00+10:30"),
}


def psoasmon(zone, *arguments):
    return subprocess.run([rig.PSOASMON, *map(str, arguments)], capture_output=True, text=True,
                          timeout=rig.DEADLINE_S, env={**os.environ, "TZ": zone}, check=True).stdout


def lain(up_s):
    frames = [FRAME] * (NIGHT_S // EVERY_S)
    for at_s in up_s:
        for i in range(AWAY_S // EVERY_S):
            frames[at_s // EVERY_S + i] = EMPTY
    return b"".join(frames)


@pytest.fixture(scope="module", params=NIGHTS.values(), ids=NIGHTS.keys())
def night(request, tmp_path_factory):
    """A night as it was played, and where it is stored."""
    zone, evening, up_s, *_ = request.param
    directory = tmp_path_factory.mktemp("night")
    (directory / "sent").write_bytes(lain(up_s))
    database = directory / "nights.db"
    (directory / "psoasmon.conf").write_text("")
    psoasmon(zone, "replay", "--config", directory / "psoasmon.conf", "--database", database,
             "--pad", "virtual", "--rate", 1 / EVERY_S, "--start", f"{evening}T22:30:00",
             directory / "sent")
    return request.param, database


def report(database, zone, *arguments):
    return json.loads(psoasmon(zone, "report", "--json", "--database", database, *arguments))


def test_its_hours_and_its_times(night):
    (zone, evening, _, start, first, second, end), database = night
    # Wherever it is looked at.
    for here in (zone, "UTC", "Asia/Tokyo"):
        [told] = report(database, here, "--night", "--bouts")["nights"]
        assert (told["day"], told["start"], told["end"]) == (evening, start, end)
        assert told["timezone"] == zone
        assert told["in_bed_s"] == told["recorded_s"] == NIGHT_S - 2 * AWAY_S
        assert told["positions"]["empty"] == 2 * AWAY_S
        assert told["unrecorded_s"] == 0
        up = [bout["start"] for bout in told["bouts"] if bout["position"] == "empty"]
        assert up == [first, second]
        moments = [datetime.datetime.fromisoformat(bout[which]) for bout in told["bouts"]
                   for which in ("start", "end")]
        assert moments == sorted(moments)
        assert (moments[-1] - moments[0]).total_seconds() == NIGHT_S


def test_each_time_is_what_the_clocks_showed(night):
    (zone, *_), database = night
    place = zoneinfo.ZoneInfo(zone)
    [told] = report(database, zone, "--night", "--bouts")["nights"]
    stored = rig.rows(database, "SELECT start_s FROM bouts ORDER BY start_s")
    assert [bout["start"] for bout in told["bouts"]] == \
        [datetime.datetime.fromtimestamp(s, place).isoformat() for s, in stored]


def test_it_is_in_its_week(night):
    (zone, evening, *_), database = night
    day = datetime.date.fromisoformat(evening)
    monday = day - datetime.timedelta(days=day.weekday())
    week = report(database, zone, "--week")
    assert (week["period"]["from"], week["period"]["to"]) == \
        (str(monday), str(monday + datetime.timedelta(days=6)))
    assert week["totals"]["in_bed_s"] == NIGHT_S - 2 * AWAY_S
    since = report(database, zone, "--since", evening, "--until", evening)
    assert [one["day"] for one in since["nights"]] == [evening]
    none = subprocess.run([rig.PSOASMON, "report", "--database", database, "--since",
                           str(day + datetime.timedelta(days=1)), "--until",
                           str(day + datetime.timedelta(days=1))], capture_output=True, check=False)
    assert none.returncode == 3


def test_it_is_printed(night):
    (zone, _, _, start, first, second, end), database = night
    page = psoasmon(zone, "report", "--night", "--bouts", "--database", database)
    for time in (start, first, second, end):
        assert time[11:16] in page
