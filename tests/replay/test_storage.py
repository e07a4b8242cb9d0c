# SPDX-License-Identifier: GPL-3.0-or-later
"""Databases that cannot be opened, or are damaged: the night is kept, and nothing is overwritten."""
import os
import pathlib
import signal
import stat

import pytest

import rig

FRAME = rig.virtual_frame(rig.somebody())
NOBODY = rig.virtual_frame(rig.NOBODY)
COUNTED = ("--rate", "1", "--start", "2026-01-05T22:30:00Z")


def damage(database):
    """Destroys what the first page says of the tables; it is still known as ours."""
    for suffix in ("-wal", "-shm"):
        pathlib.Path(database + suffix).unlink()
    with open(database, "r+b") as file:
        file.seek(100)
        file.write(b"\xa5" * 900)


def a_night(daemon, pad):
    d = daemon(*COUNTED, port=pad.path, pad="virtual").ready()
    d.wait_connected()
    pad.send(FRAME * 100)
    d.wait_frames(100)
    assert d.stop() == 0
    return d.database


def test_a_damaged_database_goes_aside(daemon, pad, tmp_path):
    database = a_night(daemon, pad)
    damage(database)
    before = pathlib.Path(database).read_bytes()

    answer = rig.psoasmon("report", "--database", database, "--config", tmp_path / "psoasmon.conf")
    assert answer.returncode == 1
    assert "nights.db: is damaged" in answer.stderr

    a_night(daemon, pad)
    [aside] = [file for file in tmp_path.glob("nights.db.damaged-*") if file.suffix[-4] != "-"]
    assert aside.read_bytes() == before
    assert rig.rows(database, "SELECT count(*), sum(end_s - start_s) FROM bouts") == [(1, 100)]
    assert rig.rows(database, "PRAGMA integrity_check") == [("ok",)]
    [line] = [line for line in (tmp_path / "stderr").read_text().splitlines()
              if "is damaged" in line]
    assert line.startswith("psoasmond: ") and str(aside) in line


@pytest.mark.parametrize("content", [b"Dear diary, I slept well. " * 100, b"SQLite format 3\0" * 99])
def test_what_is_not_ours_stays_where_it_is(daemon, pad, tmp_path, content):
    (tmp_path / "nights.db").write_bytes(content)
    d = daemon(*COUNTED, port=pad.path, pad="virtual")
    assert d.process.wait(rig.DEADLINE_S) == 1
    assert (tmp_path / "nights.db").read_bytes() == content
    assert not list(tmp_path.glob("*damaged*"))


def test_damage_found_at_a_commit(daemon, pad, tmp_path):
    d = daemon(*COUNTED, port=pad.path, pad="virtual").ready()
    d.wait_connected()
    pad.send(FRAME * 200 + NOBODY * 60 + FRAME * 100)
    d.wait_frames(360)
    d.send_signal(signal.SIGHUP)
    d.wait_status(lambda s: s["database"]["last_commit"], "a commit")
    rig.change(d.database, "PRAGMA writable_schema = ON",
               "UPDATE sqlite_schema SET sql = 'CREATE' WHERE name = 'bouts'",
               "PRAGMA schema_version = 999")
    pad.send(FRAME * 100)
    d.wait_frames(460)
    d.send_signal(signal.SIGHUP)
    rig.wait_for(lambda: any("is damaged" in line for line in d.told()), "the damage found")
    pad.send(FRAME * 100)
    d.wait_frames(560)
    assert d.stop() == 0

    assert list(tmp_path.glob("nights.db.damaged-*"))
    # The bouts that were over are in the damaged one; the night goes on, and says that they are not
    # in this.
    assert d.rows("SELECT count(*), max(end_s - start_s) FROM nights") == [(1, 560)]
    [(reason, missing_s)] = d.rows("SELECT reason, end_s - start_s FROM gaps")
    assert reason == "not_stored" and missing_s == 260
    assert d.rows("SELECT end_s - start_s FROM bouts") == [(300,)]


@pytest.fixture
def user(tmp_path, pad):
    """One who may write only where everybody may, as root may everywhere."""
    if os.geteuid() != 0:
        return None
    for directory in (tmp_path, *tmp_path.parents):
        if not directory.stat().st_mode & stat.S_IXOTH:
            directory.chmod(directory.stat().st_mode | stat.S_IXOTH)
    os.chmod(pad.path, 0o666)
    return rig.another_user()["user"]


def test_a_night_that_waits_for_its_database(daemon, pad, tmp_path, user):
    (tmp_path / "state").mkdir()
    (tmp_path / "state").chmod(0o777)
    database = tmp_path / "state" / "nights.db"

    def start(time):
        return daemon("--rate", "1", "--start", time, port=pad.path, pad="virtual", user=user,
                      database=database).ready()
    d = start("2026-01-05T22:30:00Z")
    d.wait_connected()
    pad.send(FRAME * 200)
    d.wait_frames(200)
    assert d.stop() == 0
    (tmp_path / "state").chmod(0o555)
    database.chmod(0o444)
    d = start("2026-01-05T22:40:00Z")
    rig.wait_for(lambda: any("waits in memory" in line for line in d.told()), "words about it")
    pad.send(FRAME * 100)
    rig.wait_for(lambda: any("the night of 2026-01-05 begins" in line for line in d.told()[1:]),
                 "the night")
    database.chmod(0o644)
    (tmp_path / "state").chmod(0o777)
    rig.wait_for(lambda: any("is written to again" in line for line in d.told()), "the database")
    d.wait_frames(100)
    status = d.status()
    assert status["database"]["failed_commits"] > 0
    assert d.stop() == 0
    assert d.rows("SELECT count(*), max(end_s - start_s) FROM nights") == [(1, 700)]
    assert d.rows("SELECT reason, end_s - start_s FROM gaps") == [("daemon_down", 400)]
    assert d.rows("SELECT sum(end_s - start_s) FROM bouts") == [(300,)]


def test_a_place_we_may_not_write_to_yet(daemon, pad, tmp_path, user):
    (tmp_path / "state").mkdir(mode=0o555)
    d = daemon(*COUNTED, port=pad.path, pad="virtual", user=user,
               database=tmp_path / "state" / "nights.db").ready()
    rig.wait_for(lambda: any("waits in memory" in line for line in d.told()), "words about it")
    rig.wait_for(lambda: any("connected" in line for line in d.told()), "the pad")
    pad.send(FRAME * 300)
    rig.wait_for(lambda: any("the night of 2026-01-05" in line for line in d.told()), "a night")
    (tmp_path / "state").chmod(0o777)
    rig.wait_for(lambda: any("is written to again" in line for line in d.told()), "the database")
    d.wait_frames(300)  # and it can be asked
    assert d.stop() == 0
    assert d.rows("SELECT count(*), sum(end_s - start_s) FROM bouts") == [(1, 300)]
    assert sum("waits in memory" in line for line in d.told()) == 1
