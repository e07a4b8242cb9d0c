# SPDX-License-Identifier: GPL-3.0-or-later
"""psoasmon backup beside a psoasmond that records, and what stays when it does not come to its end."""
import contextlib
import os
import pathlib
import shutil
import signal
import sqlite3
import stat
import struct
import subprocess
import zlib

import pytest

import rig
from bus import METHOD_RETURN
from test_labels import ask, greet

FRAME = rig.virtual_frame(rig.somebody())


def backup(database, copy, **how):
    return subprocess.run([rig.PSOASMON, "backup", "--database", database, copy], text=True,
                          capture_output=True, timeout=rig.DEADLINE_S, **how)


def check(copy):
    """That it is sound and stands alone, and how far it goes."""
    assert stat.S_IMODE(os.stat(copy).st_mode) == 0o600
    with contextlib.closing(sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        return db.execute("SELECT count(*), max(end_s) FROM bouts").fetchone()


def commit(d):
    with greet(d) as client:
        assert ask(client, "Flush")[0] == METHOD_RETURN


def test_while_psoasmond_records(daemon, pad, tmp_path):
    d = daemon("--rate", "1", "--start", "2026-01-05T22:30:00Z", port=pad.path,
               pad="virtual").ready()
    d.wait_connected()
    copy = tmp_path / "copy.db"
    last_s = 0
    for sent in range(30, 301, 30):
        pad.send(FRAME * 30)
        d.wait_frames(sent)
        commit(d)
        answer = backup(d.database, copy)
        assert (answer.returncode, answer.stderr) == (0, "")
        _, end_s = check(copy)
        assert end_s == d.rows("SELECT max(end_s) FROM bouts")[0][0] > last_s
        last_s = end_s
    d.kill()
    os.unlink(copy)
    assert backup(d.database, copy).returncode == 0
    assert check(copy)[1] == last_s
    report = rig.psoasmon("report", "--night", "--config", d.config, "--database", copy)
    assert report.returncode == 0, report.stderr
    assert sorted(p.name for p in tmp_path.glob("copy*")) == ["copy.db"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A database that takes a while to copy, and a copy of before it was large."""
    directory = tmp_path_factory.mktemp("large")
    database, copy, frames = (directory / name for name in ("large.db", "copy.db", "frames"))
    assert rig.psoasmon("simulate", "--plan", "supine:360", "--rate", "1", "--output",
                        frames).returncode == 0
    assert rig.psoasmon("replay", "--database", database, "--pad", "virtual", "--rate", "1",
                        "--start", "2026-01-05T22:30:00Z", frames).returncode == 0
    assert backup(database, copy).returncode == 0
    rig.change(database, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
               "LIMIT 30000) INSERT INTO bouts SELECT night_id, start_s + 1000 * i, "
               "start_s + 1000 * i + 1, position, confidence, randomblob(2052) "
               "FROM bouts, n WHERE start_s = (SELECT min(start_s) FROM bouts)")
    return database, copy


@pytest.fixture
def large(made, tmp_path):
    database, copy = made
    return database, pathlib.Path(shutil.copy(copy, tmp_path / "copy.db"))


def test_the_calibration_goes_with_it(tmp_path):
    database, copy = tmp_path / "nights.db", tmp_path / "copy.db"
    sent = tmp_path / "sent"
    sent.write_bytes(FRAME * 30)
    assert rig.psoasmon("replay", "--pad", "virtual", "--rate", "1", "--database", database,
                        "--start", "2026-01-05T22:30:00Z", sent).returncode == 0
    fitted, copied = (path.with_name(path.name + "-calibration") for path in (database, copy))
    # Of another model: a later one may still want it.
    body = b"PSOASCAL" + struct.pack("<I24s32s", 1, b"cnn0-00000000", b"virtual") + bytes(256)
    fitted.write_bytes(body + struct.pack("<I", zlib.crc32(body)))
    answer = backup(database, copy)
    assert answer.returncode == 0 and str(copied) in answer.stdout, answer.stderr
    assert copied.read_bytes() == fitted.read_bytes()

    fitted.write_bytes(body)
    answer = backup(database, copy)
    assert answer.returncode == 1 and "the calibration is not" in answer.stderr
    assert f"{fitted}: byte" in answer.stderr and "checksum" in answer.stderr
    assert len(copied.read_bytes()) == len(body) + 4

    # Undone since: out of force in the copy, too, and still there.
    fitted.unlink()
    assert backup(database, copy).returncode == 0
    assert not copied.exists() and copied.with_name(copied.name + ".old").exists()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_ended_in_the_middle(large, number):
    database, copy = large
    before = copy.read_bytes()
    partial = pathlib.Path(f"{copy}.partial")
    process = subprocess.Popen([rig.PSOASMON, "backup", "--database", database, copy],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def begun():
        assert process.poll() is None, "it was faster than this test"
        return partial.exists() and partial.stat().st_size > 1 << 20
    rig.wait_for(begun, "a partial copy")
    process.send_signal(number)
    _, errors = process.communicate(timeout=rig.DEADLINE_S)
    assert process.returncode == -number
    assert copy.read_bytes() == before
    if number != signal.SIGKILL:
        assert errors == f"psoasmon: interrupted; {copy} is as it was\n"
        assert not partial.exists()
    # What a kill left behind is in nobody's way.
    answer = backup(database, copy)
    assert answer.returncode == 0, answer.stderr
    assert check(copy)[0] > 30000
    assert not partial.exists()


def test_a_full_disk(large, tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    database, copy = large
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk],
                      capture_output=True).returncode != 0:
        pytest.skip("no disk can be mounted here")
    try:
        on_disk = disk / "copy.db"
        on_disk.write_bytes(copy.read_bytes())
        before = on_disk.read_bytes()
        answer = backup(database, on_disk)
        assert answer.returncode == 1 and answer.stdout == ""
        assert answer.stderr == f"psoasmon: {on_disk}: database or disk is full\n"
        assert on_disk.read_bytes() == before
        assert list(disk.iterdir()) == [on_disk]
    finally:
        subprocess.run(["umount", disk], check=True)


def test_too_large_a_file(large):
    database, copy = large
    before = copy.read_bytes()
    answer = subprocess.run(["sh", "-c", 'ulimit -f 4000; exec "$0" "$@"', rig.PSOASMON, "backup",
                             "--database", database, copy], capture_output=True, text=True,
                            timeout=rig.DEADLINE_S)
    assert answer.returncode == 1
    assert answer.stderr == f"psoasmon: {copy}: File too large\n"
    assert copy.read_bytes() == before
    assert not pathlib.Path(f"{copy}.partial").exists()
