# SPDX-License-Identifier: GPL-3.0-or-later
"""Databases that cannot be opened, or are damaged: the night is kept, and nothing is overwritten."""
import os
import pathlib
import stat

import pytest

import rig

FRAME = rig.virtual_frame(rig.somebody())
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


def test_a_place_we_may_not_write_to_yet(daemon, pad, tmp_path):
    user = 65534 if os.geteuid() == 0 else None  # root may write everywhere
    for directory in (tmp_path, *tmp_path.parents):
        if user and not directory.stat().st_mode & stat.S_IXOTH:
            directory.chmod(directory.stat().st_mode | stat.S_IXOTH)
    (tmp_path / "state").mkdir(mode=0o555)
    os.chmod(pad.path, 0o666)
    try:
        d = daemon(*COUNTED, port=pad.path, pad="virtual", user=user,
                   database=tmp_path / "state" / "nights.db").ready()
    except PermissionError:
        pytest.skip("another user may not run the programs from where they were built")
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
