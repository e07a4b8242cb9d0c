# SPDX-License-Identifier: GPL-3.0-or-later
"""What the journal gets, field by field: a socket of ours stands in for journald's, in a mount
namespace of psoasmond's own."""
import contextlib
import os
import shutil
import signal
import socket
import struct
import subprocess

import pytest

import rig

FRAME = rig.virtual_frame(rig.somebody())
EMPTY = rig.virtual_frame(rig.NOBODY)

# Puts the directory $1 in the place of journald's, and becomes the rest.
IN_OUR_JOURNAL = """
mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal &&
mount --bind "$1" /run/systemd/journal && shift && exec "$@"
"""


def unshare(directory, *command):
    return ["unshare", "--mount", "--map-root-user", "sh", "-c", IN_OUR_JOURNAL, "sh",
            str(directory), *map(str, command)]


def parse(datagram):
    """An entry of the native protocol: NAME=value, or NAME, a length and the value."""
    fields, at = {}, 0
    while at < len(datagram):
        end = datagram.index(b"\n", at)
        name, equals, value = datagram[at:end].partition(b"=")
        at = end + 1
        if not equals:
            [length] = struct.unpack_from("<Q", datagram, at)
            value = datagram[at + 8:at + 8 + length]
            at += 8 + length + 1
        fields[name.decode()] = value.decode()
    return fields


class Journal:
    def __init__(self, directory):
        directory.mkdir()
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(directory / "socket"))
        self.socket.setblocking(False)
        self.taken = []

    def entries(self, message_id=None):
        with contextlib.suppress(BlockingIOError):
            while True:
                self.taken.append(parse(self.socket.recv(65536)))
        return [e for e in self.taken if message_id in (None, e["MESSAGE_ID"])]


@pytest.fixture
def journal(tmp_path):
    if not shutil.which("unshare") or subprocess.run(
            unshare(tmp_path, "true"), stderr=subprocess.DEVNULL).returncode:
        pytest.skip("mount namespaces cannot be made here")
    return Journal(tmp_path / "journal")


@pytest.fixture
def daemon_in_journal(journal, tmp_path):
    """Starts psoasmond with stderr connected to what it must take for the journal."""
    started = []

    def start(*arguments):
        with open(tmp_path / "stream", "wb") as stream:
            status = os.fstat(stream.fileno())
            manager = rig.Manager(tmp_path / "notify")
            process = subprocess.Popen(
                unshare(tmp_path / "journal", rig.PSOASMOND, "--database", tmp_path / "nights.db",
                        *arguments),
                stderr=stream, env={**os.environ, "NOTIFY_SOCKET": manager.path,
                                    "JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"})
        started.append(process)
        manager.wait("READY=1")
        return process
    yield start
    for process in started:
        process.kill()
        process.wait()


NIGHT_OPENED = "8e81ef014bc9495ab0e4b50f99db3b88"
NIGHT_CLOSED = "cd59867d686e4d6d84b946494584894a"
BOUT = "4cfb3fb626ce414883ae5d60b5d77d73"


def test_a_night_in_fields(journal, daemon_in_journal, pad, tmp_path):
    process = daemon_in_journal("--rate", "1", "--start", "2026-01-05T22:30:00+01:00",
                                "--pad", "virtual", "--port", pad.path)
    pad.send(FRAME * 360 + EMPTY * 2000)
    [closed] = rig.wait_for(lambda: journal.entries(NIGHT_CLOSED), "the night's end")
    assert closed["PSOASMON_NIGHT"] == "2026-01-05"
    assert closed["PSOASMON_IN_BED_S"] == "360"
    assert closed["PRIORITY"] == "5"
    [opened] = journal.entries(NIGHT_OPENED)
    assert opened["MESSAGE"] == "22:30 to bed: the night of 2026-01-05 begins"
    bouts = journal.entries(BOUT)
    assert sum(int(bout["PSOASMON_DURATION_S"]) for bout in bouts) == 360
    for bout in bouts:
        assert bout["PRIORITY"] == "6"
        assert bout["PSOASMON_PAD"] == "virtual"
        assert bout["PSOASMON_PORT"] == pad.path
        assert bout["PSOASMON_NIGHT"] == "2026-01-05"
        assert bout["PSOASMON_POSITION"] != "empty"
        assert bout["SYSLOG_IDENTIFIER"] == "psoasmond"
    process.send_signal(signal.SIGTERM)
    assert process.wait(rig.DEADLINE_S) == 0
    assert (tmp_path / "stream").read_text() == ""  # nothing twice


