# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports that are not there, go away, come back, or are no ports."""
import ctypes
import os
import stat

import pytest

import rig

FRAME = rig.virtual_frame(rig.somebody())


def refused(daemon, port):
    """Exits 1 with one line that names the port."""
    d = daemon(port=port, pad="virtual")
    assert d.process.wait(rig.DEADLINE_S) == 1
    complaint = [line for line in d.told() if line.startswith("psoasmond: ")]
    assert len(complaint) == 1 and str(port) in complaint[0]
    return complaint[0]


def test_a_regular_file(daemon, tmp_path):
    file = tmp_path / "recording.txt"
    file.write_bytes(FRAME)
    assert "is a file, not a serial port" in refused(daemon, file)
    assert file.read_bytes() == FRAME


def test_a_fifo(daemon, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    assert "is not a serial port" in refused(daemon, tmp_path / "fifo")


def test_a_directory(daemon, tmp_path):
    assert "is a directory" in refused(daemon, tmp_path)


@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero", "/dev/urandom"])
def test_another_device(daemon, device):
    assert "is not a serial port" in refused(daemon, device)


def test_a_console(daemon):
    assert "is a console" in refused(daemon, "/dev/tty")


def test_a_port_that_is_not_there_is_waited_for(daemon, pad, tmp_path):
    link = tmp_path / "pad"
    d = daemon(port=link, pad="virtual").ready()
    d.manager.wait_status("waits for pad virtual: .*No such file")
    status = d.status()
    assert status["pad"]["state"] == "waiting"
    assert "No such file" in status["pad"]["problem"]
    assert status["position"] == {"identifier": "unknown", "confidence": 0.0, "since": None}
    link.symlink_to(pad.path)
    d.wait_connected()
    pad.send(FRAME)
    assert d.wait_frames(1)["pad"]["problem"] is None
    d.manager.wait_status("pad virtual connected")


class Opened:
    """Whether anybody opens a file, by inotify."""

    def __init__(self, path):
        libc = ctypes.CDLL(None, use_errno=True)
        self.fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        assert self.fd >= 0 and libc.inotify_add_watch(self.fd, os.fsencode(path), 0x20) >= 0

    def __call__(self):
        try:
            return bool(os.read(self.fd, 4096))
        except BlockingIOError:
            return False


def test_no_other_port_is_opened(daemon, pad, tmp_path):
    """A foreign device may have the very same chip: whether the pad is there or not, only the port
    that was named is touched."""
    foreign = rig.Pad()
    os.chmod(foreign.path, 0o666)
    opened = Opened(foreign.path)
    os.close(os.open(foreign.path, os.O_RDONLY | os.O_NOCTTY))
    assert opened()  # so that it can be told
    link = tmp_path / "pad"
    d = daemon("--rate", "1", port=link, pad="virtual").ready()
    foreign.send(FRAME)
    d.wait_status(lambda s: s["uptime_s"] >= 5, "some tries")
    link.symlink_to(pad.path)
    d.wait_connected()
    pad.send(FRAME)
    assert d.wait_frames(1)["pad"]["frames"] == 1
    link.unlink()
    pad.unplug()
    d.wait_status(lambda s: s["pad"]["state"] == "waiting", "the pad gone")
    before = d.status()["uptime_s"]
    d.wait_status(lambda s: s["uptime_s"] >= before + 3, "some tries")
    assert d.stop() == 0
    assert not opened()
    foreign.unplug()


def test_a_port_we_may_not_read_is_waited_for(daemon, pad, tmp_path):
    if os.geteuid() != 0:
        os.chmod(pad.path, 0)
        user = None
    else:
        user = 65534  # root may read everything
        for directory in (tmp_path, *tmp_path.parents):
            if not directory.stat().st_mode & stat.S_IXOTH:
                directory.chmod(directory.stat().st_mode | stat.S_IXOTH)
        tmp_path.chmod(0o777)
    try:
        d = daemon(port=pad.path, pad="virtual", user=user).ready()
    except PermissionError:
        pytest.skip("another user may not run the programs from where they were built")
    assert "Permission denied (is this user in the group dialout?)" in d.status()["pad"]["problem"]
    os.chmod(pad.path, 0o666)
    d.wait_connected()


def test_unplugged_and_back(daemon, pad, tmp_path):
    link = tmp_path / "pad"
    link.symlink_to(pad.path)
    d = daemon(port=link, pad="virtual").ready()
    d.wait_connected()
    pad.send(FRAME * 3)
    d.wait_frames(3)
    link.unlink()  # first: the number of a pseudo-terminal that is gone is soon another's
    pad.unplug()
    d.manager.wait_status("waits for pad virtual")
    d.wait_status(lambda s: s["pad"]["state"] == "waiting", "the pad gone")
    # A gap has whole seconds.
    d.wait_status(lambda s: s["pad"]["last_frame_age_ms"] > 3000, "some seconds unplugged")

    back = rig.Pad()
    link.symlink_to(back.path)
    d.wait_connected()
    back.send(FRAME * 3)
    assert d.wait_frames(6)["pad"]["dropped_frames"] == 0
    assert d.stop() == 0
    [(reason, seconds)] = d.rows("SELECT reason, end_s - start_s FROM gaps")
    assert reason == "pad_unplugged"
    assert 2 <= seconds < rig.DEADLINE_S
    assert any("was unplugged" in line for line in d.told())
    back.unplug()


def test_half_a_frame_before_the_plug_is_pulled(daemon, pad, tmp_path):
    link = tmp_path / "pad"
    link.symlink_to(pad.path)
    d = daemon("--rate", "10", port=link, pad="virtual").ready()
    d.wait_connected()
    pad.send(FRAME + FRAME[:1000])
    d.wait_frames(1)
    link.unlink()
    pad.unplug()
    back = rig.Pad()
    link.symlink_to(back.path)
    d.wait_connected()
    back.send(FRAME * 5)
    pad_status = d.wait_status(lambda s: s["pad"]["frames"] >= 5, "frames after the half one")["pad"]
    assert pad_status["frames"] + pad_status["dropped_frames"] <= 7
    back.unplug()


def test_two_daemons_do_not_share_a_port(daemon, pad, tmp_path):
    first = daemon(port=pad.path, pad="virtual").ready()
    first.wait_connected()
    (tmp_path / "other").mkdir()
    second = daemon(directory=tmp_path / "other", port=pad.path, pad="virtual").ready()
    assert "another program is using" in second.status()["pad"]["problem"]
    first.stop()
    second.wait_connected()
