# SPDX-License-Identifier: GPL-3.0-or-later
"""However psoasmond ends, what was committed stays, and the night goes on."""
import os
import resource
import signal

import rig

FRAME = rig.virtual_frame(rig.somebody())


def start(daemon, pad, time):
    d = daemon("--rate", "1", "--start", time, port=pad.path, pad="virtual").ready()
    d.wait_connected()
    return d


def recorded_s(d):
    return d.rows("SELECT sum(end_s - start_s) FROM bouts")[0][0]


def test_a_clean_stop_commits_everything(daemon, pad):
    d = start(daemon, pad, "2026-01-05T22:30:00Z")
    pad.send(FRAME * 200)
    d.wait_frames(200)
    assert d.stop() == 0
    assert not os.path.exists(d.database + "-bus")
    assert recorded_s(d) == 200
    # The night is not over because the program is.
    assert d.rows("SELECT open, end_s - start_s FROM nights") == [(1, 200)]


def test_a_night_goes_on_after_a_restart(daemon, pad):
    d = start(daemon, pad, "2026-01-05T22:30:00Z")
    pad.send(FRAME * 200)
    d.wait_frames(200)
    assert d.stop() == 0
    d = start(daemon, pad, "2026-01-05T22:40:00Z")
    pad.send(FRAME * 100)
    status = d.wait_frames(100)
    assert status["night"]["day"] == "2026-01-05"
    assert d.stop() == 0
    assert d.rows("SELECT count(*), max(end_s - start_s) FROM nights") == [(1, 700)]
    assert d.rows("SELECT reason, end_s - start_s FROM gaps") == [("daemon_down", 400)]
    assert recorded_s(d) == 300


def test_a_crash_loses_nothing_that_was_committed(daemon, pad):
    d = start(daemon, pad, "2026-01-05T22:30:00Z")
    pad.send(FRAME * 200)
    d.wait_frames(200)
    d.send_signal(signal.SIGHUP)  # commits
    d.wait_status(lambda s: s["database"]["last_commit"], "a commit")
    committed_s = recorded_s(d)
    assert committed_s >= 180  # all but what the filter still holds back
    pad.send(FRAME * 50)
    d.wait_frames(250)
    d.kill()
    assert recorded_s(d) >= committed_s
    assert os.path.exists(d.database + "-bus")  # a crash cannot clean up

    answer = d.ask()
    assert answer.returncode == 3
    assert "psoasmond does not run" in answer.stderr
    assert "the last night in it was recorded until 2026-01-0" in answer.stderr

    d = start(daemon, pad, "2026-01-05T22:40:00Z")  # what the crash left behind is no obstacle
    pad.send(FRAME * 100)
    d.wait_frames(100)
    assert d.stop() == 0
    assert d.rows("SELECT count(*) FROM nights") == [(1,)]
    assert recorded_s(d) >= committed_s + 100


def test_a_disk_that_takes_nothing_for_a_while(daemon, pad):
    # A limit on the size of files is as good as a full disk, and can be lifted.
    d = start(daemon, pad, "2026-01-05T22:30:00Z")
    pad.send(FRAME * 100)
    d.wait_frames(100)
    d.send_signal(signal.SIGHUP)
    d.wait_status(lambda s: s["database"]["last_commit"], "a commit")
    unlimited = resource.prlimit(d.process.pid, resource.RLIMIT_FSIZE)
    size = os.path.getsize(d.database + "-wal")
    resource.prlimit(d.process.pid, resource.RLIMIT_FSIZE, (size, unlimited[1]))
    pad.send(FRAME * 900)
    d.wait_frames(1000)
    d.send_signal(signal.SIGHUP)
    failed = d.wait_status(lambda s: s["database"]["failed_commits"] > 0, "a commit that failed")
    assert any("cannot write to" in line for line in d.told())
    pad.send(FRAME * 50)
    d.wait_frames(1050)
    d.send_signal(signal.SIGHUP)
    d.wait_status(lambda s: s["database"]["failed_commits"] > failed["database"]["failed_commits"],
                  "another that failed")

    resource.prlimit(d.process.pid, resource.RLIMIT_FSIZE, unlimited)
    d.send_signal(signal.SIGHUP)
    rig.wait_for(lambda: any("is written to again" in line for line in d.told()), "writing again")
    assert d.stop() == 0
    assert recorded_s(d) == 1050
    assert d.rows("SELECT end_s - start_s FROM nights") == [(1050,)]


def test_without_a_daemon_or_a_database(daemon, tmp_path):
    answer = rig.psoasmon("status", "--database", tmp_path / "none.db")
    assert answer.returncode == 3
    assert answer.stdout == ""
    assert len(answer.stderr.splitlines()) == 1


def test_a_database_has_one_writer(daemon, pad):
    d = daemon(port=pad.path, pad="virtual").ready()
    other = daemon(port=pad.path, pad="virtual")
    assert other.process.wait(rig.DEADLINE_S) == 1
    assert any("another process writes to it" in line for line in other.told())
    assert d.status()["pad"]["name"] == "virtual"  # still there, and its socket, too
