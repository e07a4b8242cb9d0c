# SPDX-License-Identifier: GPL-3.0-or-later
"""`psoasmon status` against peers that are no psoasmond."""
import contextlib
import socket
import threading

import pytest

import rig


@contextlib.contextmanager
def peer(path, serve):
    """Somebody else on the socket of PATH: `serve` gets each connection."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path) + "-bus")
    listener.listen()

    def loop():
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection, contextlib.suppress(OSError):
                    serve(connection)
    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def drain(connection):
    while connection.recv(65536):
        pass


def test_one_that_says_nothing(tmp_path):
    with peer(tmp_path / "nights.db", drain):
        answer = rig.psoasmon("status", "--database", tmp_path / "nights.db")
    assert answer.returncode == 3
    assert "does not answer" in answer.stderr and answer.stdout == ""


@pytest.mark.parametrize("bytes_sent", [
    pytest.param(b"", id="nothing"),
    pytest.param(b"HTTP/1.1 400 Bad Request\r\n\r\n", id="http"),
    pytest.param(b"OK " + b"0" * 32 + b"\r\n" + b"\xff" * 100000, id="noise"),
    pytest.param(b"OK " + b"0" * 32 + b"\r\nl\2\1\1\0\0\0\xff\1\0\0\0\x08\0\0\0\5\1u\0\1\0\0\0",
                 id="endless"),
])
def test_one_that_talks_nonsense(tmp_path, bytes_sent):
    def serve(connection):
        connection.sendall(bytes_sent)
        connection.shutdown(socket.SHUT_WR)
        drain(connection)
    with peer(tmp_path / "nights.db", serve):
        answer = rig.psoasmon("status", "--database", tmp_path / "nights.db")
    assert answer.returncode in (1, 3)
    assert len(answer.stderr.splitlines()) == 1 and answer.stdout == ""


def test_usage(tmp_path):
    assert rig.psoasmon("status", "extra").returncode == 2
    assert rig.psoasmon("status", "--nonsense").returncode == 2
    assert rig.psoasmon("status", "--help").returncode == 0


def check(d):
    answer = rig.psoasmon("status", "--check", "--database", d.database)
    assert len((answer.stdout + answer.stderr).splitlines()) == 1
    return answer.returncode, answer.stdout + answer.stderr


def test_check_tells_what_is_wrong(daemon, pad, tmp_path):
    port = tmp_path / "pad"
    port.symlink_to(pad.path)
    d = daemon(port=port, pad="virtual").ready()
    d.wait_connected()
    pad.send(rig.virtual_frame(rig.NOBODY))
    d.wait_frames(1)
    returned, words = check(d)
    assert returned == 0 and words.startswith("psoasmond records: pad virtual")
    status = d.status()
    assert status["pad"]["acuity"] == "fine"
    assert status["database"]["disk_free_bytes"] > 0
    text = rig.psoasmon("status", "--database", d.database).stdout
    assert "tells     every position" in text and " MB free\n" in text
    port.unlink()
    pad.unplug()
    d.wait_status(lambda s: s["pad"]["state"] == "waiting", "the pad gone")
    returned, words = check(d)
    assert returned == 5 and "pad virtual is waiting" in words
    assert d.stop() == 0
    returned, words = check(d)
    assert returned == 3 and "does not run" in words
    assert rig.psoasmon("status", "--check", "--json").returncode == 2
