# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever the clocks did in the night: its hours are the hours in bed, to the second, and its
times are those of a clock that was right all along."""
import json
import os
import resource
import signal

import pytest

import clocks
import rig

FRAME = rig.virtual_frame(rig.somebody())
EMPTY = rig.virtual_frame(rig.NOBODY)
EVENING = clocks.utc("2026-01-05T21:30:00Z")  # 22:30 in Berlin
EVERY_S = 4  # a frame; the recorder carries one on over as much


class Night:
    """Somebody in a bed, in front of clocks."""

    def __init__(self, daemon, pad, clock):
        self.start, self.pad, self.clock = daemon, pad, clock
        self.begun = None  # in_bed() first
        self.frames = 0
        self.restart()

    def restart(self):
        self.d = self.start(port=self.pad.path, pad="virtual",
                            environment=self.clock.environment).ready()
        self.d.wait_connected()
        self.frames = 0

    def send(self, frame, seconds):
        """A frame now, and every EVERY_S seconds from now on."""
        for _ in range(0, seconds, EVERY_S):
            self.pad.send(frame)
            self.frames += 1
            self.d.wait_frames(self.frames)
            self.clock.wait(EVERY_S)

    def lie(self, seconds):
        self.send(FRAME, seconds)

    def wait_step(self, by_s):
        """Until psoasmond has seen it."""
        rig.wait_for(lambda: by_s in [row[0] for row in self.steps()], f"a step of {by_s} s")

    def steps(self):
        return self.d.rows("SELECT by_s, at_s, night_id FROM clock_steps ORDER BY id")

    def report(self):
        answer = rig.psoasmon("report", "--night", "--json", "--bouts", "--database",
                              self.d.database)
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)["nights"]


# The last frame stands for its own second; then come EVERY_S - 1 more, until the next one.
TAIL_S = EVERY_S - 1


@pytest.fixture
def night(daemon, pad, tmp_path):
    def begin(now, **options):
        return Night(daemon, pad, clocks.Clocks(tmp_path, now, **options))
    return begin


def expect_whole(n, start_s, in_bed_s):
    """One night, with nothing lost, doubled or negative in it."""
    d = n.d
    [(start, end)] = d.rows("SELECT start_s, end_s FROM nights")
    assert (start, end - start) == (start_s, in_bed_s)
    bouts = d.rows("SELECT start_s, end_s FROM bouts ORDER BY start_s")
    gaps = d.rows("SELECT start_s, end_s FROM gaps WHERE night_id ORDER BY start_s")
    at = start
    for one, to in sorted(bouts + gaps):
        assert one == at and to > one
        at = to
    assert at == end
    seen = sum(to - one for one, to in bouts)
    assert d.rows("SELECT sum(seconds) FROM epochs") == [(seen,)]
    assert d.rows("SELECT count(*) FROM pragma_foreign_key_check") == [(0,)]


YEARS_56 = EVENING + 200 - 1000


@pytest.mark.parametrize("by_s, booted", [
    (3600, EVENING), (-3600, EVENING), (1, EVENING), (-90, EVENING), (YEARS_56, 1000),
])
def test_the_clock_is_set_in_mid_night(night, by_s, booted):
    n = night(booted)
    n.lie(120)
    n.clock.step(by_s)
    n.wait_step(by_s)
    n.lie(120)
    assert n.d.stop() == 0
    expect_whole(n, booted + by_s, 240 - TAIL_S)
    assert n.steps() == [(by_s, booted + 120 + by_s, 1)]
    [reported] = n.report()
    assert reported["in_bed_s"] == 240 - TAIL_S
    assert reported["unrecorded_s"] == 0
    assert reported["day"] == "2026-01-05"
    assert any("the clock was set" in line for line in n.d.told())
    assert any("moves along" in line for line in n.d.told())
    # Its minutes are at most 59 s early.
    [(first,)] = n.d.rows("SELECT min(start_s) FROM epochs")
    assert -120 < first - (booted + by_s) <= 0


@pytest.mark.parametrize("by_s", [0.4, -0.7])
def test_less_than_a_second_moves_nothing(night, by_s):
    n = night(EVENING)
    n.lie(60)
    n.clock.step(by_s)
    n.lie(60)
    assert n.d.stop() == 0
    assert n.steps() == []
    expect_whole(n, EVENING, 120 - TAIL_S)


def test_a_clock_that_loses_the_time_is_not_believed(night):
    n = night(EVENING)
    n.lie(60)
    n.clock.set(1000)
    rig.wait_for(lambda: any("goes on by its own" in line for line in n.d.told()), "a word")
    n.lie(60)
    n.clock.set(EVENING + 120)  # and it is right again
    n.lie(60)
    assert n.d.stop() == 0
    assert n.steps() == []
    expect_whole(n, EVENING, 180 - TAIL_S)


@pytest.mark.parametrize("by_s, booted", [
    (3600, EVENING), (-3600, EVENING), (YEARS_56, 1000),
])
@pytest.mark.parametrize("stop", ["stop", "kill"])
def test_set_and_started_again(night, by_s, booted, stop):
    n = night(booted)
    n.lie(120)
    n.clock.step(by_s)
    n.wait_step(by_s)
    n.lie(120)
    n.d.stop() if stop == "stop" else n.d.kill()
    n.clock.wait(300)
    n.restart()
    n.lie(60)
    assert n.d.stop() == 0
    expect_whole(n, booted + by_s, 600 - TAIL_S)
    assert [reason for reason, in n.d.rows("SELECT reason FROM gaps WHERE night_id")] == \
        ["daemon_down"]


@pytest.mark.parametrize("by_s, booted", [
    (3600, EVENING), (-3600, EVENING), (7200, EVENING), (YEARS_56, 1000),
])
def test_set_while_psoasmond_is_down(night, by_s, booted):
    n = night(booted)
    n.lie(120)
    assert n.d.stop() == 0
    n.clock.wait(300)
    n.clock.step(by_s)
    n.restart()
    n.lie(60)
    assert n.d.stop() == 0
    expect_whole(n, booted + by_s, 480 - TAIL_S)
    assert n.steps() == [(by_s, booted + 420 + by_s, 1)]


def test_set_while_the_disk_is_full(night):
    """What waits in memory moves as well, and all of it is stored in the end."""
    n = night(EVENING)
    n.lie(60)
    n.d.send_signal(signal.SIGHUP)  # commits
    rig.wait_for(lambda: n.d.rows("SELECT 1 FROM nights"), "a commit")
    unlimited = resource.prlimit(n.d.process.pid, resource.RLIMIT_FSIZE)
    full = os.path.getsize(n.d.database + "-wal")
    resource.prlimit(n.d.process.pid, resource.RLIMIT_FSIZE, (full, unlimited[1]))
    for by_s, words in (3600, "forward by 1 h 00 min"), (-1800, "back by 30 min"), (45, "forward by 45 s"):
        n.lie(60)
        n.clock.step(by_s)
        rig.wait_for(lambda: any(words in line for line in n.d.told()), words)
    n.lie(60)
    assert n.d.status()["database"]["failed_commits"] > 0
    resource.prlimit(n.d.process.pid, resource.RLIMIT_FSIZE, unlimited)
    assert n.d.stop() == 0
    expect_whole(n, EVENING + 1845, 300 - TAIL_S)
    assert [by_s for by_s, *_ in n.steps()] == [3600, -1800, 45]
    assert n.report()[0]["in_bed_s"] == 300 - TAIL_S
    # The end, by the clock that nobody sets, is that of this boot.
    [(boot_s, end_s)] = n.d.rows("SELECT boot_s, end_s FROM nights")
    assert boot_s == 20 + 300 - TAIL_S


# ---- another boot ----

def reboot(n, now, number, **options):
    n.clock.boot(now, number, **options)
    n.restart()


def gaps(n):
    return n.d.rows("SELECT reason, end_s - start_s FROM gaps WHERE night_id ORDER BY start_s")


def test_a_power_cut_and_a_clock_that_goes_on(night):
    n = night(EVENING)
    n.lie(120)
    n.d.kill()
    [(stored_s,)] = n.d.rows("SELECT end_s - start_s FROM nights")
    reboot(n, EVENING + 120 + 240, 2)
    n.lie(60)
    assert n.d.stop() == 0
    expect_whole(n, EVENING, 420 - TAIL_S)
    assert gaps(n) == [("daemon_down", 360 - stored_s)]
    assert n.steps() == []


@pytest.mark.parametrize("wrong_s", [1000 - EVENING, -2000, -300])
def test_a_power_cut_and_a_clock_that_is_learnt_in_bed(night, wrong_s):
    """In 1970 without a clock's battery; behind, where the last time was kept in a file."""
    n = night(EVENING)
    n.lie(120)
    assert n.d.stop() == 0
    reboot(n, EVENING + 120 + 240 + wrong_s, 2)
    n.lie(60)
    assert len(n.d.rows("SELECT id FROM nights")) == 2  # nobody knows yet
    n.clock.step(-wrong_s)
    n.wait_step(-wrong_s)
    n.lie(60)
    assert n.d.status()["night"]["in_bed_s"] >= 400
    assert n.d.stop() == 0
    expect_whole(n, EVENING, 480 - TAIL_S)
    assert gaps(n) == [("daemon_down", 240 + TAIL_S)]
    [reported] = n.report()
    assert (reported["day"], reported["in_bed_s"]) == ("2026-01-05", 480 - TAIL_S)


@pytest.mark.parametrize("wrong_s", [1000 - EVENING, -2000])
def test_a_power_cut_and_a_clock_that_is_learnt_before_bed(night, wrong_s):
    n = night(EVENING)
    n.lie(120)
    assert n.d.stop() == 0
    reboot(n, EVENING + 120 + 240 + wrong_s, 2)
    n.send(EMPTY, 8)
    n.clock.step(-wrong_s)
    n.wait_step(-wrong_s)
    n.lie(60)
    assert n.d.stop() == 0
    expect_whole(n, EVENING, 120 + 240 + 8 + 60 - TAIL_S)


@pytest.mark.parametrize("behind_s", [100, 1000])
def test_a_clock_that_is_a_little_behind_after_a_restart(night, behind_s):
    """The file's time is that of the shutdown: the night goes on at once, and only what this boot
    saw moves when the clock is learnt."""
    n = night(EVENING)
    n.lie(120)
    assert n.d.stop() == 0
    reboot(n, EVENING + 120 + 5, 2)
    n.lie(60)
    n.clock.step(behind_s)
    n.wait_step(behind_s)
    n.lie(60)
    assert n.d.stop() == 0
    expect_whole(n, EVENING, 120 + 5 + behind_s + 120 - TAIL_S)
    assert gaps(n) == [("daemon_down", 5 + behind_s + TAIL_S)]


def test_switched_on_again_in_the_evening(night):
    """The file's time is that of the morning, and the sleeper goes to bed before it is put right:
    that is no night of 24 hours."""
    n = night(EVENING)
    n.lie(400)
    assert n.d.stop() == 0
    reboot(n, EVENING + 400 + 5, 2)
    n.lie(60)
    day_s = 24 * 3600
    n.clock.step(day_s)
    n.wait_step(day_s)
    status = n.d.status()["night"]
    assert status["day"] == "2026-01-06"
    assert status["in_bed_s"] <= 60
    n.lie(60)
    assert n.d.stop() == 0
    nights = n.d.rows("SELECT day, start_s, end_s - start_s, open FROM nights ORDER BY id")
    assert nights == [("2026-01-05", EVENING, 400 - TAIL_S, 0),
                      ("2026-01-06", EVENING + 405 + day_s, 120 - TAIL_S, 1)]
    assert gaps(n) == []
    assert any("the night of 2026-01-06 begins" in line for line in n.d.told())


def test_a_clock_that_is_never_learnt(night):
    """Nights in 1970 are nights, and no obstacle to those that come."""
    n = night(1000)
    n.lie(200)
    assert n.d.stop() == 0
    n.restart()
    n.lie(200)
    assert n.d.stop() == 0
    expect_whole(n, 1000, 400 - TAIL_S)
    [reported] = n.report()
    assert reported["day"] == "1970-01-01"
    assert reported["in_bed_s"] == 400 - TAIL_S
    reboot(n, 1010, 2)  # the same time again
    n.lie(60)
    n.d.stop()
    nights = n.d.rows("SELECT start_s, end_s - start_s, open FROM nights ORDER BY id")
    assert nights == [(1000, 400 - TAIL_S, 0), (1010, 60 - TAIL_S, 1)]


def test_a_whole_night_in_1970(night):
    """Slept, and up again, before the clock is learnt: its name is, too."""
    n = night(1000)
    n.lie(400)
    n.clock.wait(1800)
    n.send(EMPTY, 16)
    n.clock.wait(31)  # a commit is due
    rig.wait_for(lambda: n.d.rows("SELECT 1 FROM nights WHERE NOT open"), "the night's end")
    n.clock.step(EVENING - 1000)
    n.wait_step(EVENING - 1000)
    rig.wait_for(lambda: n.d.rows("SELECT 1 FROM nights WHERE start_s > 10000"), "its name")
    assert n.d.stop() == 0
    [reported] = n.report()
    assert reported["day"] == "2026-01-05"
    assert reported["start"] == "2026-01-05T22:30:00+01:00"
    assert reported["in_bed_s"] == 400 - TAIL_S
    assert not reported["open"]


# ---- the machine sleeps ----

def test_the_machine_sleeps(night):
    n = night(EVENING)
    n.lie(60)
    n.clock.sleep(600)
    n.lie(60)
    assert n.d.stop() == 0
    expect_whole(n, EVENING, 720 - TAIL_S)
    assert gaps(n) == [("suspended", 600 + TAIL_S)]
    assert n.steps() == []
    assert any("the machine slept" in line for line in n.d.told())


def test_the_machine_sleeps_and_the_clock_is_set(night):
    n = night(EVENING)
    n.lie(60)
    n.clock.sleep(600)
    n.clock.step(-3600)
    n.wait_step(-3600)
    n.lie(60)
    assert n.d.stop() == 0
    expect_whole(n, EVENING - 3600, 720 - TAIL_S)
    assert gaps(n) == [("suspended", 600 + TAIL_S)]


def test_the_machine_sleeps_for_the_rest_of_the_night(night):
    n = night(EVENING)
    n.lie(400)
    n.clock.sleep(8 * 3600)
    n.lie(60)
    assert n.d.stop() == 0
    nights = n.d.rows("SELECT start_s, end_s - start_s, open FROM nights ORDER BY id")
    assert nights == [(EVENING, 400 - TAIL_S, 0), (EVENING + 8 * 3600 + 400, 60 - TAIL_S, 1)]
