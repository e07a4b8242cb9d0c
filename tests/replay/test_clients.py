# SPDX-License-Identifier: GPL-3.0-or-later
"""Nobody who asks can hold up or bring down psoasmond."""
import contextlib
import os
import random
import socket
import stat
import struct

import pytest

import bus
import rig

def test_the_socket_is_ours_alone(daemon, pad, tmp_path):
    old = os.umask(0)
    try:
        d = daemon(port=pad.path, pad="virtual").ready()
    finally:
        os.umask(old)
    status = os.stat(d.database + "-bus")
    assert stat.S_ISSOCK(status.st_mode)
    assert stat.S_IMODE(status.st_mode) == 0o660


def test_flush_commits(daemon, pad):
    d = daemon(port=pad.path, pad="virtual").ready()
    assert d.status()["database"]["last_commit"] is None
    with bus.greet(d) as client:
        client.sendall(bus.call(1, bus.NAME, "Flush"))
        assert client.recv(4)[1] == bus.METHOD_RETURN
    assert d.status()["database"]["last_commit"] is not None


def test_it_describes_itself(daemon, pad):
    d = daemon(port=pad.path, pad="virtual").ready()
    with bus.greet(d) as client:
        client.sendall(bus.call(1, "org.freedesktop.DBus.Introspectable", "Introspect"))
        answer = b""
        while b"</node>" not in answer:
            answer += client.recv(65536)
    for name in (b"PadState", b"FriendlySeconds", b"Flush"):
        assert b'name="' + name + b'"' in answer


def test_it_greets_those_who_take_it_for_a_bus(daemon, pad):
    d = daemon(port=pad.path, pad="virtual").ready()
    with bus.greet(d) as client:
        client.sendall(bus.call(1, "org.freedesktop.DBus", "Hello", path="/org/freedesktop/DBus"))
        assert client.recv(1024)[1] == bus.METHOD_RETURN


def test_garbage(daemon, pad):
    d = daemon(port=pad.path, pad="virtual").ready()
    rng = random.Random(7)
    for beginning in (b"", b"GET / HTTP/1.0\r\n\r\n", b"\0AUTH NONSENSE\r\n" * 100, bus.AUTH,
                      bus.AUTH + b"l\1\0\1" + b"\xff" * 12, bus.AUTH + bus.get_all(1)[:40]):
        with bus.connect(d) as client:
            try:
                client.sendall(beginning + rng.randbytes(200000))
                client.shutdown(socket.SHUT_WR)
            except (BrokenPipeError, ConnectionResetError):
                pass  # it has seen enough
            assert bus.closed_by_peer(client)
    assert d.status()["pad"]["name"] == "virtual"
    assert d.stop() == 0


def test_a_client_that_does_not_read_is_let_go(daemon, pad):
    d = daemon("--rate", "10", port=pad.path, pad="virtual").ready()
    d.wait_connected()
    client = bus.greet(d)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.setblocking(False)
    questions = b"".join(bus.get_all(n) for n in range(1, 2000))

    def refused():
        try:
            client.send(questions)
        except BlockingIOError:
            pass
        except (BrokenPipeError, ConnectionResetError):
            return True
        return False
    rig.wait_for(refused, "the client that does not read let go")
    pad.send(rig.virtual_frame(rig.NOBODY) * 5)
    d.wait_frames(5)
    assert d.stop() == 0


def promising(size):
    """The head of a message that long, of which the rest is to come."""
    head = bus.call(1, bus.NAME, "Flush", "s")
    return head[:4] + struct.pack("<I", size) + head[8:]


# More than the service may have; and less, but from each of many.
@pytest.mark.parametrize("n, size", [(1, 100 << 20), (15, 6 << 20)])
def test_clients_that_promise_much_get_no_room(daemon, pad, n, size):
    d = daemon("--rate", "10", port=pad.path, pad="virtual").ready()
    d.wait_connected()
    clients = [bus.greet(d) for _ in range(n)]
    for client in clients:
        with contextlib.suppress(ConnectionError):
            client.sendall(promising(size) + b"x" * (size - 1000))  # all but the end
    for client in clients:
        assert bus.closed_by_peer(client)
    pad.send(rig.virtual_frame(rig.NOBODY) * 5)
    assert d.wait_frames(5)["pad"]["dropped_frames"] == 0
    assert d.peak_kb() < 32 * 1024  # of the unit's MemoryMax=64M
    assert d.stop() == 0
    for client in clients:
        client.close()


def test_whatever_name_a_client_gives_itself(daemon, pad):
    """Who may open the socket may ask; who deletes is told by the kernel."""
    d = daemon(port=pad.path, pad="virtual").ready()
    with bus.connect(d) as client:
        client.sendall(b"\0AUTH EXTERNAL " + b"4242".hex().encode() + b"\r\nBEGIN\r\n")
        assert client.recv(3) == b"OK "
        while client.recv(1) != b"\n":
            pass
        client.sendall(bus.get_all(1))
        assert client.recv(4)[1] == bus.METHOD_RETURN


def test_a_clean_stop_does_not_wait_for_clients(daemon, pad):
    d = daemon(port=pad.path, pad="virtual").ready()
    idle, deaf = bus.connect(d), bus.greet(d)
    deaf.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        deaf.send(b"".join(bus.get_all(n) for n in range(1, 1000)))
    assert d.stop() == 0
    idle.close()
    deaf.close()


def test_a_client_too_many(daemon, pad):
    d = daemon(port=pad.path, pad="virtual").ready()
    clients = [bus.connect(d) for _ in range(16)]
    rig.wait_for(lambda: d.ask().returncode != 0, "the seventeenth turned away")
    rig.wait_for(lambda: any("turned away" in line for line in d.told()), "a line that says so")
    clients.pop().close()
    rig.wait_for(lambda: d.ask().returncode == 0, "a free place")
    for client in clients:
        client.close()
    d.status()


def test_a_path_longer_than_a_sockets_address(daemon, pad, tmp_path):
    directory = tmp_path / ("d" * 120) / ("e" * 120)
    directory.mkdir(parents=True)
    d = daemon(port=pad.path, pad="virtual", database=directory / "nights.db").ready()
    assert d.status()["database"]["path"] == str(directory / "nights.db")
    assert d.stop() == 0
    assert not (directory / "nights.db-bus").exists()


def test_a_file_in_the_sockets_place_stays(daemon, pad, tmp_path):
    (tmp_path / "nights.db-bus").write_text("mine")
    d = daemon(port=pad.path, pad="virtual")
    assert d.process.wait(rig.DEADLINE_S) == 1
    assert (tmp_path / "nights.db-bus").read_text() == "mine"


def test_a_socket_somebody_answers_on_stays(daemon, pad, tmp_path):
    other = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    other.bind(str(tmp_path / "nights.db-bus"))
    other.listen()
    d = daemon(port=pad.path, pad="virtual")
    assert d.process.wait(rig.DEADLINE_S) == 1
    assert any("another psoasmond answers there" in line for line in d.told())
    assert (tmp_path / "nights.db-bus").exists()


def test_names_that_are_no_text(daemon, tmp_path):
    port = os.fsencode(tmp_path) + b"/pad\xff\x1b[31m\n"
    d = daemon("--port", port, pad="virtual").ready()
    assert d.status()["pad"]["port"].endswith("/pad??[31m?")
    text = rig.psoasmon("status", "--database", d.database).stdout
    assert "\x1b" not in text and "/pad??[31m?" in text
