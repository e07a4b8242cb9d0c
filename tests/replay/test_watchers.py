# SPDX-License-Identifier: GPL-3.0-or-later
"""Pressure maps over a descriptor: they arrive, and whoever does not read them holds up nobody."""
import socket
import struct

import bus
import rig

PLACES = 4
SIZE = 16496


def watch(d):
    """The end of a watcher's socket, or the name of the error."""
    with bus.greet(d, descriptors=True) as client:
        client.sendall(bus.call(1, bus.NAME, "Watch"))
        answer, descriptors, _, _ = socket.recv_fds(client, 4096, 4)
    if answer[1] == bus.ERROR:
        assert not descriptors
        return answer
    assert answer[1] == bus.METHOD_RETURN and len(descriptors) == 1
    watcher = socket.socket(fileno=descriptors[0])
    watcher.settimeout(rig.DEADLINE_S)
    return watcher


def read_map(watcher):
    """A record's number, time, pad, whether somebody is there, and the cells' sum."""
    record = watcher.recv(65536)
    magic, version, size, number, time_us, pad, rows, cols, occupied, load, area = \
        struct.unpack_from("<8sIIQq32sHHIdd", record)
    assert (magic, version, size, rows, cols) == (b"PSOASMAP", 1, len(record), 64, 32)
    assert load >= 0 and area >= 0
    assert struct.unpack_from("<IIdd", record, 88) == (64, 32, 25.4, 25.4)
    cells = struct.unpack_from("<2048f", record, 112)
    return number, time_us, pad.rstrip(b"\0").decode(), occupied, sum(cells)


def watchers(d):
    return d.status()["watchers"]


def start(daemon, pad):
    d = daemon("--rate", "10", "--start", "2026-01-05T22:30:00Z", port=pad.path,
               pad="virtual").ready()
    d.wait_connected()
    return d


def test_maps_arrive_as_frames_come(daemon, pad):
    d = start(daemon, pad)
    pad.send(rig.virtual_frame(rig.NOBODY))
    d.wait_frames(1)
    with watch(d) as watcher:
        assert watchers(d) == {"count": 1, "dropped_maps": 0}
        frames = [rig.somebody(), rig.NOBODY]
        pad.send(b"".join(map(rig.virtual_frame, frames)))
        first, second = read_map(watcher), read_map(watcher)
    start_us = 1767652200 * 10**6
    assert first[:4] == (0, start_us + 100000, "virtual", 1)
    assert abs(first[4] - sum(frames[0]) / 1000) < 0.01
    assert second == (1, start_us + 200000, "virtual", 0, 0)
    rig.wait_for(lambda: watchers(d)["count"] == 0, "the watcher's place free")
    assert d.stop() == 0


def test_a_stuck_reader_stops_nothing(daemon, pad):
    d = start(daemon, pad)
    stuck, quick = watch(d), watch(d)
    frame = rig.virtual_frame(rig.somebody())
    for number in range(300):
        pad.send(frame)
        assert read_map(quick)[0] == number
    assert d.wait_frames(300)["pad"]["dropped_frames"] == 0
    dropped = watchers(d)["dropped_maps"]
    assert 0 < dropped < 300
    text = rig.psoasmon("status", "--database", d.database).stdout
    assert f"watchers  2, {dropped} maps not taken in time" in text
    # What it was given is whole, and the rest is missing from its numbers.
    for number in range(300 - dropped):
        assert read_map(stuck)[0] == number
    pad.send(frame)
    assert read_map(stuck)[0] == 300
    assert d.stop() == 0
    assert len(quick.recv(65536)) == SIZE
    assert quick.recv(65536) == b"" and stuck.recv(65536) == b""


def test_watchers_too_many(daemon, pad):
    d = start(daemon, pad)
    those = [watch(d) for _ in range(PLACES)]
    assert b"org.psoasmon.Error.TooManyWatchers" in watch(d)
    those.pop().close()
    those.append(watch(d))
    pad.send(rig.virtual_frame(rig.NOBODY))
    assert [read_map(watcher)[0] for watcher in those] == [0] * PLACES
    assert d.stop() == 0


def test_a_connection_without_descriptors(daemon, pad):
    d = start(daemon, pad)
    with bus.greet(d) as client:
        client.sendall(bus.call(1, bus.NAME, "Watch"))
        assert client.recv(4)[1] == bus.ERROR
    assert watchers(d)["count"] == 0


def test_a_descriptor_nobody_fetched(daemon, pad):
    d = start(daemon, pad)
    for _ in range(3 * PLACES):
        with bus.greet(d, descriptors=True) as client:
            client.sendall(bus.call(1, bus.NAME, "Watch") + bus.get_all(2))
            client.recv(1)  # answered, and what came along is closed with the connection
    rig.wait_for(lambda: watchers(d)["count"] == 0, "the places free")
    assert d.stop() == 0


def test_reload_over_the_bus(daemon, pad):
    d = start(daemon, pad)
    d.config.write_text("[report]\nfriendly = prone\n")

    def reload():
        with bus.greet(d) as client:
            client.sendall(bus.call(1, bus.NAME, "Reload"))
            return client.recv(4096)
    assert reload()[1] == bus.METHOD_RETURN
    assert any("was read again" in line for line in d.told())
    d.config.write_text("[report]\nfriendly = nowhere\n")
    answer = reload()
    assert b"org.psoasmon.Error.ReloadRefused" in answer and b"nowhere" in answer
    assert d.stop() == 0
