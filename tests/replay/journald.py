# SPDX-License-Identifier: GPL-3.0-or-later
"""A socket of ours in the place of journald's, in a mount namespace of psoasmond's own; and what
docs/journal.md says each event carries."""
import contextlib
import os
import pathlib
import queue
import re
import shutil
import socket
import struct
import subprocess
import threading

import pytest

import rig

SOURCE = pathlib.Path(os.environ["PSOASMON_PADS"]).parent

# Puts the directory $1 in the place of journald's, and becomes the rest.
IN_OUR_JOURNAL = """
mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal &&
mount --bind "$1" /run/systemd/journal && shift && exec "$@"
"""


def unshare(directory, *command):
    return ["unshare", "--mount", "--map-root-user", "sh", "-c", IN_OUR_JOURNAL, "sh",
            str(directory), *map(str, command)]


def parse(datagram):
    """An entry of the native protocol, NAME=value, or NAME, a length and the value: a list of
    (name, value), for a name may come more than once."""
    fields, at = [], 0
    while at < len(datagram):
        end = datagram.index(b"\n", at)
        name, equals, value = datagram[at:end].partition(b"=")
        at = end + 1
        if not equals:
            [length] = struct.unpack_from("<Q", datagram, at)
            value = datagram[at + 8:at + 8 + length]
            at += 8 + length + 1
        fields.append((name.decode(), value.decode()))
    return fields


class Event:
    """A line of the table in docs/journal.md."""

    def __init__(self, name, message_id, priority, fields):
        self.name, self.message_id, self.priority = name, message_id, priority
        self.may = set(re.findall(r"\(`(\w+)`\)", fields))
        self.must = set(re.findall(r"`(\w+)`", fields)) - self.may


def documented():
    """By MESSAGE_ID."""
    text = (SOURCE / "docs/journal.md").read_text()
    rows = re.findall(r"^\| `([A-Z_]+)` \| `(\w{32})` \| (\w+) \| (.*) \|$", text, re.M)
    return {row[1]: Event(*row) for row in rows}


def common(event):
    """The fields that every line of this event has, whatever it tells."""
    return set() if event.name in ("FAILED", "UNCONFIGURED") else {
        "PSOASMON_PAD", "PSOASMON_PORT", "PSOASMON_DATABASE"}


ID = {event.name: event.message_id for event in documented().values()}
EVENTS = documented()
PRIORITY = {"err": "3", "warning": "4", "notice": "5", "info": "6"}
ANYWHERE = {"PSOASMON_NIGHT", "PSOASMON_REPEATS"}


def check(fields):
    """An entry carries what docs/journal.md says, and nothing else."""
    entry = dict(fields)
    event = EVENTS[entry["MESSAGE_ID"]]
    ours = {name for name in entry if name.startswith("PSOASMON_")}
    must = common(event) | event.must
    assert must <= ours <= must | event.may | ANYWHERE, (event.name, entry)
    assert set(entry) - ours == {"MESSAGE", "MESSAGE_ID", "PRIORITY", "SYSLOG_IDENTIFIER"}
    assert entry["PRIORITY"] == PRIORITY[event.priority], entry
    assert entry["SYSLOG_IDENTIFIER"] == "psoasmond"
    repeated = [name for name, _ in fields if name != "PSOASMON_REASON"]
    assert len(repeated) == len(set(repeated)), fields


class Journal:
    """Takes what comes at once, as journald would: psoasmond waits while it does not."""

    def __init__(self, directory, takes=True):
        directory.mkdir()
        self.directory = directory
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(directory / "socket"))
        self.came = queue.SimpleQueue()
        self.taken = []
        if takes:
            threading.Thread(target=self._take, daemon=True).start()

    def _take(self):
        while True:
            datagram = self.socket.recv(65536)
            if datagram:  # journald ignores empty ones
                self.came.put(datagram)

    def entries(self, event=None):
        """Those of an event, by its name in docs/journal.md, as dictionaries. (Of a field that
        comes more than once, the last.)"""
        with contextlib.suppress(queue.Empty):
            while True:
                fields = parse(self.came.get_nowait())
                check(fields)
                self.taken.append(dict(fields))
        return [e for e in self.taken if event is None or e["MESSAGE_ID"] == ID[event]]

    def wait(self, event):
        """The newest of an event, as soon as there is one."""
        return rig.wait_for(lambda: self.entries(event), event)[-1]


def new(directory, **options):
    if not shutil.which("unshare") or subprocess.run(
            unshare(directory, "true"), stderr=subprocess.DEVNULL).returncode:
        pytest.skip("mount namespaces cannot be made here")
    return Journal(directory / "journal", **options)


class Daemon(rig.Daemon):
    """A psoasmond whose stderr is connected to what it must take for the journal."""

    def __init__(self, journal, directory, *arguments, environment=None, **options):
        self.journal = journal
        stream = directory / "stderr"
        stream.touch()
        status = stream.stat()
        super().__init__(directory, *arguments, within=lambda command: unshare(
            journal.directory, *command), environment={
                **(environment or {}), "JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"},
            **options)

    def told(self):
        return [entry["MESSAGE"] for entry in self.journal.entries()]
