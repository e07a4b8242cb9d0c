# SPDX-License-Identifier: GPL-3.0-or-later
"""Every byte gets through a terminal that was not raw when psoasmond found it."""
import pathlib

import rig

# In the order in which a cooked terminal would do the most harm: flow control, interrupt,
# suspend, end of file, erase, kill, literal next, carriage return, newline.
SPECIAL = bytes([0x11, 0x13, 0x03, 0x1C, 0x1A, 0x04, 0x7F, 0x08, 0x15, 0x16, 0x0D, 0x0A, 0xFF, 0x00])


def other_than_noise(pad_status):
    """Frames in all, and those dropped for another reason than what they show."""
    drops = pad_status["drops"]
    return {cause: n for cause, n in drops.items() if cause != "noise"}


def test_no_byte_is_lost(daemon):
    pad = rig.Pad(cooked=True)
    d = daemon("--rate", "10", port=pad.path, pad="jq-bed-32").ready()
    d.wait_connected()
    payload = (SPECIAL + bytes(range(256)) * 4)[:1024]
    assert set(payload) == set(range(256))
    # A frame is believed when the next one follows it at once: one byte lost or doubled shows.
    pad.send((bytes([0xAA, 0x55, 0x03, 0x99]) + payload) * 51)
    pad_status = d.wait_frames(50)["pad"]
    assert other_than_noise(pad_status) == {}
    assert pad_status["stray_bytes"] == 0
    pad.unplug()


def test_no_byte_is_changed(daemon):
    pad = rig.Pad(cooked=True)
    d = daemon("--rate", "10", port=pad.path, pad="virtual").ready()
    d.wait_connected()
    payload = (SPECIAL * 2 + bytes(range(256)) * 16)[:4096]
    counts = [payload[i] | payload[i + 1] << 8 for i in range(0, 4096, 2)]
    # A carriage return made a newline, and the checksum disagrees.
    pad.send(rig.virtual_frame(counts) * 50)
    pad_status = d.wait_frames(50)["pad"]
    assert other_than_noise(pad_status) == {}
    assert pad_status["stray_bytes"] == 0
    pad.unplug()


def high_water_kib(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def test_a_line_without_end_takes_no_memory(daemon, pad):
    d = daemon("--rate", "1", port=pad.path, pad="pmat").ready()
    d.wait_connected()
    megabyte = b"123\t" * 262144
    pad.send(megabyte)
    before_kib = high_water_kib(d.process)
    for _ in range(100):
        pad.send(megabyte)
    pad.send(b"\n" + rig.pmat_frame(rig.somebody()))
    pad_status = d.wait_status(lambda s: s["pad"]["frames"] == 1, "the frame after it")["pad"]
    assert pad_status["drops"] == {"long": 1}
    # The sanitizers' allocator keeps two or three megabytes of what was freed.
    sanitized = b"__asan_init" in pathlib.Path(rig.PSOASMOND).read_bytes()
    assert high_water_kib(d.process) - before_kib < (8 if sanitized else 1) * 1024
    assert d.stop() == 0
