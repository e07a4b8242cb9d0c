# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes in, a night in the database: the same one whatever the framing and however it is cut."""
import json

import rig

SOMEBODY, NOBODY = rig.somebody(), rig.NOBODY
START = ("--start", "2026-01-05T22:30:00+01:00")
START_S = 1767648600


def night_of(daemon):
    return daemon.rows("SELECT day, start_s, end_s, pad FROM nights")


def test_a_night_of_the_virtual_pad(daemon, pad):
    d = daemon("--rate", "2", *START, port=pad.path, pad="virtual").ready()
    d.wait_connected()
    pad.send(rig.virtual_frame(NOBODY) * 20 + rig.virtual_frame(SOMEBODY) * 600)
    status = d.wait_frames(620)
    assert status["pad"] == {**status["pad"], "name": "virtual", "port": pad.path, "frames": 620,
                             "dropped_frames": 0, "drops": {}, "stray_bytes": 0}
    assert status["in_bed"]
    # Seven blobs are no body: that somebody is there is all that can be asked of the model.
    assert status["position"]["identifier"] != "empty"
    assert status["night"]["day"] == "2026-01-05"
    assert d.stop() == 0
    # In bed from the 10th second to the 310th.
    assert night_of(d) == [("2026-01-05", START_S + 10, START_S + 310, "virtual")]
    assert d.rows("SELECT sum(end_s - start_s) FROM bouts") == [(300,)]

    report = rig.psoasmon("report", "--night", "--json", "--database", d.database)
    assert json.loads(report.stdout)["nights"][0]["recorded_s"] == 300


def test_lines_cut_anywhere(daemon, pad):
    d = daemon("--rate", "1", *START, port=pad.path, pad="pmat").ready()
    d.wait_connected()
    stream = rig.pmat_frame(SOMEBODY) * 60
    for at in range(0, len(stream), 1021):
        pad.send(stream[at:at + 1021])
    assert d.wait_frames(60)["pad"]["dropped_frames"] == 0
    assert d.stop() == 0
    assert night_of(d) == [("2026-01-05", START_S, START_S + 60, "pmat")]


def test_what_is_no_frame_is_dropped_counted_and_shown(daemon, pad):
    d = daemon("--rate", "1", *START, port=pad.path, pad="virtual").ready()
    d.wait_connected()
    good = rig.virtual_frame(SOMEBODY)
    broken = bytearray(good)
    broken[1000] ^= 0x40
    pad.send(b"booting...\r\n" + good * 3 + bytes(broken) + good * 3)
    pad_status = d.wait_frames(7)["pad"]
    assert pad_status["frames"] == 6
    assert pad_status["drops"] == {"checksum": 1}
    assert pad_status["stray_bytes"] >= len("booting...\r\n")
    text = rig.psoasmon("status", "--database", d.database).stdout
    assert "1 dropped (1 checksum)" in text
    assert d.stop() == 0
    assert any("1 checksum" in line for line in d.told())


def test_the_night_is_told_in_plain_words(daemon, pad):
    d = daemon("--rate", "1", *START, port=pad.path, pad="virtual",
               environment={"TZ": "Europe/Berlin"}).ready()
    d.wait_connected()
    pad.send(rig.virtual_frame(SOMEBODY) * 360 + rig.virtual_frame(NOBODY) * 2000)
    d.wait_frames(2360)
    told = d.told()
    assert "22:30 to bed: the night of 2026-01-05 begins" in told
    assert any(line.startswith("22:30 ") and ", for 6 min" in line for line in told)
    assert any(line.startswith("22:36 up: the night of 2026-01-05, 6 min in bed") for line in told)
    # A night that closes is committed at once.
    assert d.rows("SELECT open FROM nights") == [(0,)]
