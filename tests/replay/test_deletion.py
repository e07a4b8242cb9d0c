# SPDX-License-Identifier: GPL-3.0-or-later
"""Nights that are deleted, and what is old, while psoasmond runs and while it does not."""
import os
import pathlib
import shutil
import struct
import subprocess

import pytest

import rig
from bus import ERROR
from terminal import Terminal
from test_labels import ask, greet

FRAME = rig.virtual_frame(rig.somebody())
EMPTY = rig.virtual_frame(rig.NOBODY)
START = "2026-01-05T22:30:00Z"
NIGHTS = "SELECT id, start_s FROM nights ORDER BY id"
IDLE = "[night]\naway_s = 60\nnight_min_s = 60\n"


def traces(database, pieces):
    """How many of the pieces are in any of the files, whatever SQLite says."""
    data = b"".join(pathlib.Path(f"{database}{suffix}").read_bytes()
                    for suffix in ("", "-wal", "-shm") if os.path.exists(f"{database}{suffix}"))
    return sum(piece in data for piece in pieces)


def pieces(database, night_id):
    """Of the night's pictures, each larger than a page: parts that no other has."""
    blobs = [row[0] for row in rig.rows(
        database, f"SELECT snapshot FROM bouts WHERE night_id = {night_id} "
                  "AND snapshot IS NOT NULL")]
    others = b"".join(row[0] for row in rig.rows(
        database, f"SELECT snapshot FROM bouts WHERE night_id <> {night_id} "
                  "AND snapshot IS NOT NULL"))
    found = [blob[at:at + 16] for blob in blobs for at in range(0, len(blob) - 16, 16)]
    return [piece for piece in found if len(set(piece)) > 8 and piece not in others]


def nights(database, config, *arguments, **how):
    return subprocess.run([rig.PSOASMON, "nights", "--config", config, "--database", database,
                           *arguments], capture_output=True, text=True, timeout=rig.DEADLINE_S,
                          stdin=subprocess.DEVNULL, **how)


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    directory = tmp_path_factory.mktemp("played")
    config, database, frames = (directory / name for name in ("psoasmon.conf", "nights.db", "f"))
    config.write_text(IDLE)
    for seed, start in enumerate((START, "2026-01-06T22:30:00Z", "2026-01-06T14:00:00Z")):
        assert rig.psoasmon("simulate", "--plan", "supine:120,left_fetal:120,empty:20", "--rate",
                            "1", "--seed", seed + 1, "--output", frames).returncode == 0
        answer = rig.psoasmon("replay", "--config", config, "--database", database, "--pad",
                              "virtual", "--rate", "1", "--start", start, frames)
        assert answer.returncode == 0, answer.stderr
    return directory


@pytest.fixture
def slept(played, tmp_path):
    """Two nights that are over, of two positions each, and a nap."""
    shutil.copytree(played, tmp_path, dirs_exist_ok=True)
    return tmp_path / "nights.db", tmp_path / "psoasmon.conf"


def test_without_psoasmond(slept):
    database, config = slept
    gone = pieces(database, 1)
    kept = pieces(database, 2)
    assert len(gone) > 10 and len(kept) > 10
    assert traces(database, gone) > 0.9 * len(gone)  # some lie across two pages
    answer = nights(database, config, "--delete", "2026-01-05")
    assert answer.returncode == 2 and "takes --yes" in answer.stderr
    answer = nights(database, config, "--delete", "2026-01-05", "--yes")
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith("deleted the night of 2026-01-05, 23:30:")
    assert traces(database, gone) == 0
    assert traces(database, kept) > 0.9 * len(kept)
    assert [row[0] for row in rig.rows(database, NIGHTS)] == [2, 3]
    for table in ("bouts", "epochs"):
        assert rig.rows(database, f"SELECT count(*) FROM {table} WHERE night_id = 1") == [(0,)]
    assert nights(database, config, "--delete", "2026-01-05", "--yes").returncode == 3


def test_several_nights_of_a_day(slept):
    database, config = slept
    answer = nights(database, config, "--delete", "2026-01-06", "--yes")
    assert answer.returncode == 2 and "several nights" in answer.stderr, answer.stderr
    assert "2026-01-06, 15:00:" in answer.stderr and "2026-01-06, 23:30:" in answer.stderr
    for start in "14:00", "", "1", "15:00:99", "15:00:00:00":
        assert nights(database, config, "--delete", "2026-01-06", "--start", start,
                      "--yes").returncode == 3
    assert len(rig.rows(database, NIGHTS)) == 3
    assert nights(database, config, "--delete", "2026-01-06", "--start", "15:00",
                  "--yes").returncode == 0
    assert [row[0] for row in rig.rows(database, NIGHTS)] == [1, 2]
    assert nights(database, config, "--start", "15:00").returncode == 2


def test_it_asks_on_a_terminal(slept):
    database, config = slept
    for answer, left in ("no", 3), ("", 3), ("y", 2):
        terminal = Terminal("nights", "--config", config, "--database", database, "--delete",
                            "2026-01-05")
        terminal.wait("for good? [y/N] ")
        terminal.type(answer + "\n")
        assert terminal.finish() == (0 if answer == "y" else 1)
        assert len(rig.rows(database, NIGHTS)) == left


def test_by_psoasmond(slept, daemon, pad):
    database, config = slept
    gone = pieces(database, 2)
    d = daemon("--rate", "1", "--start", "2026-01-07T22:30:00Z", port=pad.path,
               pad="virtual", database=database).ready()
    d.wait_connected()
    pad.send(FRAME * 120)
    d.wait_frames(120)
    # The one being recorded may not be deleted.
    with greet(d) as client:
        ask(client, "Flush")
    answer = nights(database, config, "--delete", "2026-01-07", "--yes")
    assert answer.returncode == 1, answer.stderr
    assert "this night is being recorded" in answer.stderr
    answer = nights(database, config, "--delete", "2026-01-06", "--start", "23:30", "--yes")
    assert answer.returncode == 0, answer.stderr
    assert "psoasmond overwrites its traces" in answer.stdout
    assert [row[0] for row in d.rows(NIGHTS)] == [1, 3, 4]
    pad.send(EMPTY * 90)
    rig.wait_for(lambda: any("the database was rewritten" in line for line in d.told()),
                 "the file rewritten")
    assert traces(database, gone) == 0
    assert d.rows("PRAGMA integrity_check") == [("ok",)]
    # And it records on.
    pad.send(FRAME * 60 + EMPTY * 90)
    d.wait_frames(360)
    assert d.stop() == 0
    assert len(d.rows(NIGHTS)) == 4


@pytest.mark.parametrize("night_id, start_s", [(0, 0), (1, 0), (2**63 - 1, -2**63), (-1, 1)])
def test_hostile_numbers(slept, daemon, pad, night_id, start_s):
    d = daemon(port=pad.path, pad="virtual", database=slept[0]).ready()
    with greet(d) as client:
        kind, words = ask(client, "DeleteNight", "xx", struct.pack("<qq", night_id, start_s))
    assert kind == ERROR and b"org.psoasmon.Error.NoNight" in words
    assert len(d.rows(NIGHTS)) == 3


def test_only_its_own_user_and_root(slept, daemon, pad):
    user = rig.another_user()
    database, config = slept
    d = daemon(port=pad.path, pad="virtual", database=database).ready()
    os.chmod(f"{database}-bus", 0o666)
    for path in (database.parent, *list(database.parent.parents)[:2]):
        os.chmod(path, 0o755)
    for path in database, f"{database}-wal", f"{database}-shm", config:
        os.chmod(path, 0o644)
    answer = nights(database, config, "--delete", "2026-01-05", "--yes", **user)
    assert answer.returncode == 1
    assert "only root and the user psoasmond runs as" in answer.stderr, answer.stderr
    assert len(d.rows(NIGHTS)) == 3


# ---- what is old ----

def test_old_snapshots_are_removed_when_nobody_is_in_bed(slept, daemon, pad):
    database, config = slept
    kept = "SELECT night_id, count(snapshot) > 0 FROM bouts GROUP BY night_id ORDER BY night_id"
    epochs = "SELECT DISTINCT night_id FROM epochs ORDER BY 1"
    bouts = "SELECT night_id, start_s, end_s, position, confidence FROM bouts WHERE night_id < 4"
    before = rig.rows(database, bouts)
    assert rig.rows(database, kept) == [(1, 1), (2, 1), (3, 1)]
    d = daemon("--rate", "1", "--start", "2026-01-16T22:30:00Z", port=pad.path,
               pad="virtual", database=database).ready()
    d.wait_connected()
    pad.send(FRAME * 120)
    d.wait_frames(120)
    config.write_text(IDLE + "[store]\nkeep_snapshots_days = 10\nkeep_epochs_days = 1\n")
    with greet(d) as client:
        ask(client, "Reload")
    # Never in a night, however often a second passes.
    uptime = d.status()["uptime_s"]
    d.wait_status(lambda s: s["uptime_s"] >= uptime + 3, "three seconds")
    assert rig.rows(database, kept)[:3] == [(1, 1), (2, 1), (3, 1)]
    pad.send(EMPTY * 90)
    rig.wait_for(lambda: any("removed as configured" in line for line in d.told()), "a round")
    assert d.stop() == 0
    # Ten days before the newest night are the evening of the second; the nap was before it.
    assert d.rows(kept) == [(1, 0), (2, 1), (3, 0), (4, 1)]
    assert d.rows(epochs) == [(4,)]
    assert d.rows(bouts) == before


def test_all_is_kept_by_default(slept, daemon, pad):
    database, _ = slept
    before = rig.rows(database, "SELECT * FROM bouts"), rig.rows(database, "SELECT * FROM epochs")
    d = daemon(port=pad.path, pad="virtual", database=database).ready()
    d.wait_status(lambda s: s["uptime_s"] >= 3, "three seconds")
    assert d.stop() == 0
    assert (d.rows("SELECT * FROM bouts"), d.rows("SELECT * FROM epochs")) == before
