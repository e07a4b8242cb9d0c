# SPDX-License-Identifier: GPL-3.0-or-later
"""psoasmon capture, and what plays its files."""
import json
import os
import signal
import stat
import subprocess
import time

import pytest

import captures
import rig
import terminal

START_US = 1767648600_000000  # 2026-01-05T22:30:00+01:00
SOMEBODY, NOBODY = rig.virtual_frame(rig.somebody()), rig.virtual_frame(rig.NOBODY)


class Capture:
    """A psoasmon capture at work."""

    def __init__(self, port, file, *options):
        self.file = file
        self.process = subprocess.Popen(
            [rig.PSOASMON, "capture", str(port), str(file), *options], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)

    def wait_bytes(self, n):
        rig.wait_for(lambda: self.file.exists() and self.file.stat().st_size >= n, f"{n} bytes")

    def finish(self, number=None):
        if number:
            self.process.send_signal(number)
        out, err = self.process.communicate(timeout=rig.DEADLINE_S)
        return self.process.returncode, out, err


def of_frames(tmp_path, frames, pad="virtual", name="a.capture"):
    """A capture of (seconds, bytes), each in two records."""
    records = [(int(s * 1e6) + half, data[half * 2000:half * 2000 + 2000 if half == 0 else None])
               for s, data in frames for half in (0, 1)]
    path = tmp_path / name
    path.write_bytes(captures.write(pad, START_US, records))
    return path


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_all_that_came_is_in_the_file_whatever_ends_it(pad, tmp_path, number):
    capture = Capture(pad.path, tmp_path / "a.capture", "--pad", "virtual", "--baud", "9600")
    capture.wait_bytes(64)
    sent = b"boot\r\n" + SOMEBODY * 20 + bytes(range(256))
    before_us = time.time_ns() // 1000
    pad.send(sent)
    capture.wait_bytes(64 + len(sent))
    status, out, err = capture.finish(number)
    assert (status, err) == (0, "")
    assert "20 frames of virtual, 0 dropped" in out
    name, baud, start_us, records = captures.read(capture.file)
    assert (name, baud) == ("virtual", 9600)
    assert b"".join(data for _, data in records) == sent
    times = [start_us + time_us for time_us, _ in records]
    assert times == sorted(times)
    first = next(time for time, (_, data) in zip(times, records) if data)
    assert before_us - 2e6 < first < time.time_ns() // 1000
    assert stat.S_IMODE(capture.file.stat().st_mode) == 0o600


def test_what_was_captured_when_it_was_killed_can_be_played(pad, tmp_path):
    capture = Capture(pad.path, tmp_path / "a.capture", "--pad", "virtual")
    capture.wait_bytes(64)
    pad.send(SOMEBODY * 30)
    capture.wait_bytes(64 + 30 * len(SOMEBODY))
    capture.finish(signal.SIGKILL)
    done = rig.psoasmon("classify", "--raw", capture.file)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 30


def test_nothing_is_overwritten_and_nothing_left_behind(pad, tmp_path):
    there = tmp_path / "there"
    there.write_text("mine")
    done = rig.psoasmon("capture", pad.path, there)
    assert done.returncode == 1
    assert done.stderr == f"psoasmon: {there} is there already, and captures overwrite nothing\n"
    assert there.read_text() == "mine"
    for port, words in ("/dev/null", "is not a serial port"), (there, "is a file, not a serial port"), \
            (tmp_path / "none", "No such file"):
        done = rig.psoasmon("capture", port, tmp_path / "new")
        assert done.returncode == 1 and words in done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert not (tmp_path / "new").exists()


def test_psoasmond_keeps_its_port(daemon, pad, tmp_path):
    d = daemon("--rate", "1", port=pad.path, pad="virtual").ready()
    d.wait_connected()
    done = rig.psoasmon("capture", pad.path, tmp_path / "a.capture")
    assert done.returncode == 1
    assert "psoasmond? Stop it first: systemctl stop psoasmond" in done.stderr
    pad.send(SOMEBODY * 5)
    assert d.wait_frames(5)["pad"]["dropped_frames"] == 0


def test_a_port_that_says_nothing(pad, tmp_path):
    done = rig.psoasmon("capture", pad.path, tmp_path / "a.capture", "--for", "0.2s")
    assert done.returncode == 3
    assert done.stderr == f"psoasmon: nothing came from {pad.path}\n"
    records = captures.read(tmp_path / "a.capture")[3]
    assert [data for _, data in records] == [b""]
    assert records[0][0] >= 200_000


def test_a_port_that_goes_away(pad, tmp_path):
    capture = Capture(pad.path, tmp_path / "a.capture")
    capture.wait_bytes(64)
    pad.send(b"before")
    capture.wait_bytes(70)
    pad.unplug()
    status, _, err = capture.finish()
    assert (status, err) == (1, f"psoasmon: {pad.path} went away\n")
    assert b"".join(data for _, data in captures.read(capture.file)[3]) == b"before"


def test_a_terminal_shows_how_it_goes_and_ctrl_c_ends_it(pad, tmp_path):
    shown = terminal.Terminal("capture", pad.path, tmp_path / "a.capture", "--pad", "virtual")
    try:
        rig.wait_for((tmp_path / "a.capture").exists, "the file")
        pad.send(SOMEBODY * 3)
        shown.wait(f"{3 * len(SOMEBODY)} bytes, 3 frames")
        shown.type("\x03")
        assert shown.finish() == 0
        assert "3 frames of virtual" in shown.text
    finally:
        shown.end()


# ---- playing at its own pace ----

def play(capture, *options):
    """psoasmon simulate --capture, and where it plays."""
    process = subprocess.Popen([rig.PSOASMON, "simulate", "--capture", str(capture), *options],
                               stdout=subprocess.PIPE, text=True)
    return process, process.stdout.readline().strip()


def test_a_capture_is_a_pad_again(tmp_path):
    """Nothing comes before its time; that it does not come much later cannot be promised."""
    sent = [(0, b"boot\r\n"), (300_000, SOMEBODY), (300_000, b""), (700_000, SOMEBODY)]
    (tmp_path / "sent").write_bytes(captures.write("virtual", START_US, sent))
    player, port = play(tmp_path / "sent")
    before_us = time.time_ns() // 1000
    again = Capture(port, tmp_path / "again", "--pad", "virtual")
    assert player.wait(rig.DEADLINE_S) == 0
    status, out, err = again.finish()
    assert (status, err) == (1, f"psoasmon: {port} went away\n")
    assert "2 frames of virtual, 0 dropped" in out
    _, _, start_us, records = captures.read(tmp_path / "again")
    got, came_us = b"", {}
    for time_us, data in records:
        got += data
        came_us[len(got)] = start_us + time_us
    assert got == b"".join(data for _, data in sent)
    assert came_us[len(got)] >= before_us + 700_000 - 10_000


def test_psoasmond_takes_a_capture_for_the_pad(daemon, tmp_path):
    capture = of_frames(tmp_path, [(s, SOMEBODY) for s in range(30)])
    player, port = play(capture, "--speed", "20")
    d = daemon(port=port, pad="virtual").ready()
    d.wait_frames(30)
    assert d.status()["pad"]["dropped_frames"] == 0
    assert player.wait(rig.DEADLINE_S) == 0


def test_a_simulated_capture_is_the_simulated_pad(tmp_path):
    plan = ["simulate", "--plan", "supine:3", "--rate", "4", "--output"]
    assert rig.psoasmon(*plan, tmp_path / "plain").returncode == 0
    assert rig.psoasmon(*plan, tmp_path / "timed", "--times").returncode == 0
    name, _, start_us, records = captures.read(tmp_path / "timed")
    assert (name, start_us) == ("virtual", 1767225600_000000)
    assert [time_us for time_us, _ in records] == [250_000 * i for i in range(12)]
    assert b"".join(data for _, data in records) == (tmp_path / "plain").read_bytes()
    done = rig.psoasmon(*plan, tmp_path / "timed", "--times")
    assert done.returncode == 1 and "is there already" in done.stderr


# ---- playing ----

def night(tmp_path):
    """An empty bed for 20 s, somebody for 6 min, with nothing heard for 5 min in the middle."""
    frames = [(s, NOBODY) for s in range(20)]
    frames += [(s, SOMEBODY) for s in (*range(20, 200), *range(500, 680))]
    return of_frames(tmp_path, frames)


@pytest.fixture
def nights(tmp_path):
    """What replay makes of captures."""
    def play(*arguments):
        database = tmp_path / "nights.db"
        done = rig.psoasmon("replay", "--database", database, *arguments)
        assert done.returncode == 0, done.stderr
        return rig.rows(database, "SELECT pad, start_s, end_s FROM nights"), \
            rig.rows(database, "SELECT start_s, end_s, reason FROM gaps")
    return play


def test_a_night_keeps_its_times_and_its_gap(nights, tmp_path):
    start_s = START_US // 1_000_000
    assert nights(night(tmp_path)) == (
        [("virtual", start_s + 20, start_s + 680)],
        [(start_s + 200, start_s + 500, "pad_silent")])


def test_a_night_can_be_moved_and_be_counted(nights, tmp_path):
    start_s = START_US // 1_000_000
    recorded, gaps = nights("--start", "2026-02-05T22:30:00+01:00", night(tmp_path))
    assert recorded == [("virtual", start_s + 31 * 86400 + 20, start_s + 31 * 86400 + 680)]
    assert len(gaps) == 1
    # --rate: as if nobody knew when they came.
    recorded, gaps = nights("--rate", "1", "--start", "2026-03-05T22:30:00+01:00", tmp_path / "a.capture")
    assert recorded[1:] == [("virtual", start_s + 59 * 86400 + 20, start_s + 59 * 86400 + 380)]
    assert len(gaps) == 1


def test_captures_follow_one_another_or_are_refused(tmp_path):
    first = of_frames(tmp_path, [(s, SOMEBODY) for s in range(5)], name="first")
    plain = tmp_path / "plain"
    plain.write_bytes(SOMEBODY * 5)
    for second, words in (first, "begins before"), (plain, "has no times"):
        done = rig.psoasmon("replay", "--database", tmp_path / "n.db", first, second)
        assert done.returncode == 1
        assert f"{second} {words}" in done.stderr


def test_classify_knows_the_pad_and_the_times(tmp_path):
    capture = of_frames(tmp_path, [(s / 4, SOMEBODY) for s in range(40)])
    by_itself = rig.psoasmon("classify", capture).stdout
    plain = tmp_path / "a.capture.plain"
    plain.write_bytes(SOMEBODY * 40)
    told = rig.psoasmon("classify", "--pad", "virtual", "--rate", "4", plain).stdout
    assert by_itself == told.replace(".plain", "")
    assert len(by_itself.splitlines()) == 40
    assert rig.psoasmon("classify", "-", "--pad", "jq-bed-32").returncode == 0
    with open(capture, "rb") as file:
        piped = subprocess.run([rig.PSOASMON, "classify", "-"], stdin=file, capture_output=True,
                               text=True, check=True).stdout
    assert [json.loads(line)["position"] for line in piped.splitlines()] == \
        [json.loads(line)["position"] for line in by_itself.splitlines()]


def test_a_pad_that_nobody_named(tmp_path):
    unnamed = of_frames(tmp_path, [(0, SOMEBODY)], pad="", name="unnamed")
    plain = tmp_path / "plain"
    plain.write_bytes(SOMEBODY)
    for verb in "classify", "replay":
        for file, words in (unnamed, "does not say which pad"), (plain, "but which?"):
            done = rig.psoasmon(verb, "--database", tmp_path / "n.db", file)
            assert done.returncode == 2
            assert words in done.stderr and "--pad PAD" in done.stderr
    other = of_frames(tmp_path, [(0, SOMEBODY)], pad="jq-bed-32", name="other")
    named = of_frames(tmp_path, [(0, SOMEBODY)], name="named")
    done = rig.psoasmon("classify", named, other)
    assert done.returncode == 2 and "is of the pad 'jq-bed-32'" in done.stderr


def test_damage_is_told_with_its_place_and_a_cut_costs_a_record(tmp_path):
    capture = of_frames(tmp_path, [(s, SOMEBODY) for s in range(10)])
    whole = capture.read_bytes()
    damaged = bytearray(whole)
    damaged[64 + 3 * (len(SOMEBODY) + 20) + 100] ^= 1
    capture.write_bytes(damaged)
    done = rig.psoasmon("classify", "--raw", capture)
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 3
    assert done.stderr == f"psoasmon: {capture}: byte {64 + 3 * (len(SOMEBODY) + 20)}: " \
                          "the record that begins here is damaged\n"
    capture.write_bytes(whole[:-1])
    done = rig.psoasmon("classify", "--raw", capture)
    assert done.returncode == 0
    assert [json.loads(line).get("reason") for line in done.stdout.splitlines()] == \
        [None] * 9 + ["short"]
    assert "ends within the record that begins at byte" in done.stderr


def peak_kb(*arguments):
    """The most memory that psoasmon ever had."""
    process = subprocess.Popen([rig.PSOASMON, *map(str, arguments)], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss


def test_memory_stays_flat(tmp_path):
    """However long a capture claims to last, and however much is in it."""
    small = of_frames(tmp_path, [(0, SOMEBODY)], name="small")
    large = tmp_path / "large"
    large.write_bytes(captures.write("virtual", START_US, [(i << 31, b"") for i in range(20000)] +
                                     [(20000 << 31, bytes(16384))] * 2000))
    # What the sanitizers keep of what was freed included.
    assert peak_kb("classify", "--raw", large) < peak_kb("classify", "--raw", small) + 4096
