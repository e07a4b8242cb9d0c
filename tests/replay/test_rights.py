# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may see a night: the user that psoasmond runs as and its group, set up as the unit does it.
Nobody else, and only the user may change what was recorded."""
import json
import os
import pathlib
import socket
import stat
import subprocess

import pytest

import rig

FRAME = rig.virtual_frame(rig.somebody())
OWNER, MEMBER, STRANGER, GROUP = 64101, 64102, 64103, 64110


def user(uid, *groups, umask=0o022):
    gid = groups[0] if groups else uid
    return {"user": uid, "group": gid, "extra_groups": list(groups[1:]), "umask": umask}


owner = user(OWNER, GROUP, umask=0o027)  # as UMask= says
member = user(MEMBER, MEMBER, GROUP)
stranger = user(STRANGER)


def run(who, *arguments):
    return subprocess.run([rig.PSOASMON, *map(str, arguments)], capture_output=True, text=True,
                          timeout=rig.DEADLINE_S, stdin=subprocess.DEVNULL, cwd="/", **who)


def as_user(who, attempt):
    """What came of it in a process of that user: True, or the error's number."""
    child = os.fork()
    if child == 0:
        code = 255
        try:
            os.setgroups(who["extra_groups"])
            os.setgid(who["group"])
            os.setuid(who["user"])
            attempt()
            code = 0
        except OSError as error:
            code = error.errno
        finally:
            os._exit(code)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return True if status == 0 else status


def connect(path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as one:
        one.connect(str(path))


def replace(path):
    os.rename(path, f"{path}.gone")


@pytest.fixture
def recorded(daemon, pad, tmp_path):
    """A psoasmond that has recorded five minutes of a night, with all files that there may be."""
    rig.another_user()
    for directory in (tmp_path, tmp_path.parent):
        directory.chmod(0o755)
    home = tmp_path / "home"
    home.mkdir(mode=0o750)
    os.chown(home, OWNER, GROUP)
    os.chmod(home, 0o750)
    config = tmp_path / "psoasmon.conf"
    config.write_text("")
    os.chmod(pad.path, 0o666)
    database = home / "nights.db"
    said = {}
    for held in ("left_side", "right_side"):
        said[held] = tmp_path / held
        assert run({}, "simulate", "--pad", "virtual", "--rate", "1", "--plan", f"{held}:60",
                   "--seed", 7, "--output", said[held]).returncode == 0
        data = said[held].read_bytes()
        said[held].write_bytes(data[len(data) // 2:])  # without the lying down
    # With the umask that a shell has.
    answer = run(user(OWNER, GROUP), "calibrate", "--config", config, "--database", database,
                 "--positions", "--pad", "virtual", "--rate", "1", "--from",
                 f"right_side={said['left_side']}", "--from", f"left_side={said['right_side']}")
    assert answer.returncode == 0, answer.stderr
    d = daemon("--rate", "1", "--start", "2026-01-05T22:30:00Z", port=pad.path, pad="virtual",
               database=database, user=owner).ready()
    d.wait_connected()
    pad.send(FRAME * 330)
    d.wait_frames(330)
    assert run(owner, "backup", "--database", database, home / "backup.db").returncode == 0
    return d, home


def files(home):
    found = {path.name: path for path in home.iterdir()}
    assert {"nights.db", "nights.db-wal", "nights.db-shm", "nights.db-bus", "nights.db-calibration",
            "backup.db"} <= set(found)
    return found


def test_nothing_is_for_others(recorded):
    _, home = recorded
    modes = {name: stat.S_IMODE(path.lstat().st_mode) for name, path in files(home).items()}
    assert modes.pop("nights.db-bus") == 0o660
    assert modes.pop("backup.db") == 0o600
    assert set(modes.values()) == {0o640}, modes
    assert stat.S_IMODE(home.stat().st_mode) == 0o750


@pytest.mark.parametrize("opened", [False, True])
def test_a_stranger_sees_nothing(recorded, opened):
    """Even where somebody has opened the directory."""
    d, home = recorded
    if opened:
        os.chmod(home, 0o755)
    for name, path in files(home).items():
        attempt = connect if name.endswith("-bus") else pathlib.Path.read_bytes
        assert as_user(stranger, lambda: attempt(path)) == 13, name
        assert as_user(stranger, lambda: open(path, "ab")) == 13, name
        assert as_user(stranger, lambda: replace(path)) == 13, name
    for question in (["report", "--night"], ["nights"], ["status"], ["export"],
                     ["backup", "/tmp/psoasmon-stranger.db"],
                     ["nights", "--delete", "2026-01-05", "--yes"],
                     ["label", "--at", "2026-01-05T22:32:00Z", "prone"]):
        answer = run(stranger, *question, "--config", d.config, "--database", d.database)
        assert answer.returncode in (1, 3), (question, answer)
        assert "23:3" not in answer.stdout and "supine" not in answer.stdout, question
    assert not os.path.exists("/tmp/psoasmon-stranger.db")
    assert d.stop() == 0


def test_the_group_reads(recorded):
    d, home = recorded
    assert run(member, "status", "--database", d.database).returncode == 0
    for how in (lambda: None, d.kill):
        how()
        answer = run(member, "nights", "--config", d.config, "--database", d.database)
        assert answer.returncode == 0, answer.stderr
        assert "2026-01-05" in answer.stdout
        answer = run(member, "report", "--night", "--json", "--config", d.config, "--database",
                     d.database)
        assert answer.returncode == 0, answer.stderr
        assert json.loads(answer.stdout)["nights"][0]["day"] == "2026-01-05"


def test_the_group_changes_nothing(recorded):
    d, home = recorded
    for running in (True, False):
        if not running:
            assert d.stop() == 0
        before = {name: path.read_bytes() for name, path in files_left(home).items()}
        for name, path in files_left(home).items():
            assert as_user(member, lambda: open(path, "r+b")) == 13, name
            assert as_user(member, lambda: replace(path)) == 13, name
            assert as_user(member, lambda: os.unlink(path)) == 13, name
        answer = run(member, "nights", "--delete", "2026-01-05", "--yes", "--config", d.config,
                     "--database", d.database)
        assert answer.returncode == 1, answer
        if not running:
            answer = run(member, "label", "--at", "2026-01-05T22:32:00Z", "prone", "--config", d.config,
                         "--database", d.database)
            assert answer.returncode == 1, answer
        after = {name: path.read_bytes() for name, path in files_left(home).items()}
        assert after == before


def files_left(home):
    """All but the socket and SQLite's index of the journal, which readers lock."""
    return {path.name: path for path in home.iterdir()
            if not path.is_socket() and not path.name.endswith("-shm")}


def test_only_the_owner_deletes(recorded):
    d, _ = recorded
    assert d.stop() == 0
    answer = run(owner, "nights", "--delete", "2026-01-05", "--yes", "--config", d.config,
                 "--database", d.database)
    assert answer.returncode == 0, answer.stderr
    assert d.rows("SELECT count(*) FROM nights") == [(0,)]


def test_a_umask_that_keeps_the_group_out(daemon, pad, tmp_path):
    old = os.umask(0o077)
    try:
        d = daemon(port=pad.path, pad="virtual").ready()
    finally:
        os.umask(old)
    assert stat.S_IMODE(os.stat(d.database + "-bus").st_mode) == 0o600
    assert stat.S_IMODE(os.stat(d.database).st_mode) == 0o600
