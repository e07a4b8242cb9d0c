# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings of real people over a pseudo-terminal: psoasmond records the night that
`psoasmon replay` makes of the same files, and it is right. Skipped where there are none."""
import os
import pathlib

import pytest

import rig

PMAT = pathlib.Path(os.environ["PSOASMON_RECORDINGS"]) / "pmat"
PEOPLE = sorted(path.name for path in PMAT.glob("S*")) if PMAT.is_dir() else []

RIGHT = 0.95

START = "2026-01-05T22:30:00+01:00"
START_S = 1767648600

POSITIONS = {
    1: "supine", 8: "supine", 9: "supine",
    2: "right_side", 4: "right_side", 5: "right_side",
    3: "left_side", 6: "left_side", 7: "left_side",
    10: "supine_knees_raised", 11: "supine_right_knee", 12: "supine_left_knee",
    13: "right_fetal", 14: "left_fetal",
    15: "reclined", 16: "reclined", 17: "reclined",
}


def test_there_are_recordings():
    if not PEOPLE:
        pytest.skip(f"no recordings: {PMAT} is not there")


def truth(files):
    """The position in each second: a line is a frame, and a frame a second."""
    return [POSITIONS[int(file.stem)] for file in files
            for _ in range(file.read_bytes().count(b"\n"))]


def recorded(database):
    """The position in each second from START on."""
    positions = {}
    for start_s, end_s, position in rig.rows(
            database, "SELECT start_s, end_s, position FROM bouts ORDER BY start_s"):
        for second in range(start_s, end_s):
            positions[second - START_S] = position
    return positions


def sums(database):
    return dict(rig.rows(database, "SELECT position, sum(end_s - start_s) FROM bouts "
                                   "GROUP BY position"))


@pytest.mark.parametrize("person", PEOPLE)
def test_a_recorded_person(daemon, pad, tmp_path, person):
    # The first lines of most files are a real pad's start-up noise; they are sent like all else.
    files = [PMAT / person / f"{number}.txt" for number in sorted(POSITIONS)]
    labels = truth(files)
    d = daemon("--rate", "1", "--start", START, port=pad.path, pad="pmat").ready()
    d.wait_connected()
    pad.send(b"".join(file.read_bytes() for file in files))
    d.wait_frames(len(labels))
    assert d.stop() == 0
    assert d.rows("SELECT DISTINCT day FROM nights") == [("2026-01-05",)]

    replayed = tmp_path / "replayed.db"
    answer = rig.psoasmon("replay", "--pad", "pmat", "--rate", "1", "--start", START,
                          "--database", replayed, *files)
    assert answer.returncode == 0, answer.stderr
    assert sums(d.database) == sums(replayed)
    assert recorded(d.database) == recorded(replayed)

    positions = recorded(d.database)
    right = sum(positions.get(second) == label for second, label in enumerate(labels))
    print(f"{person}: {right} of {len(labels)} s right, {100 * right / len(labels):.1f} %")
    assert right >= RIGHT * len(labels)
