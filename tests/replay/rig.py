# SPDX-License-Identifier: GPL-3.0-or-later
"""What the replay tests are made of: a pad at one end of a pseudo-terminal, the real psoasmond at
the other. Nothing here sleeps to let something happen: it asks until it has, or a deadline passes."""
import contextlib
import json
import math
import os
import pathlib
import re
import select
import signal
import socket
import sqlite3
import stat
import struct
import subprocess
import threading
import time
import tty

import pytest

PSOASMOND = os.environ["PSOASMOND"]
PSOASMON = os.environ["PSOASMON"]
# What psoasmond is asked with while a test waits: a build without sanitizers starts ten times sooner.
PSOASMON_ASKING = os.environ.get("PSOASMON_ASKING", PSOASMON)
DEADLINE_S = 180
ASK_AT_LEAST_EVERY_S = 0.05


def wait_for(condition, what):
    """Asks until the answer is true, and returns it."""
    deadline = time.monotonic() + DEADLINE_S
    pause_s = 0.001
    while True:
        answer = condition()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"in vain: {what() if callable(what) else what}"
        time.sleep(pause_s)
        pause_s = min(2 * pause_s, ASK_AT_LEAST_EVERY_S)  # most have not long to wait


class Pad:
    """The other end of a pseudo-terminal. Raw as a simulator would make it, unless `cooked`."""

    def __init__(self, cooked=False):
        self.master, slave = os.openpty()
        self.path = os.ttyname(slave)
        if not cooked:
            tty.setraw(slave)
        self.slave = slave  # held, so that psoasmond may come and go
        os.set_blocking(self.master, False)

    def send(self, data):
        """Writes all of it, as fast as it is read."""
        view = memoryview(data)
        deadline = time.monotonic() + DEADLINE_S
        while view:
            assert time.monotonic() < deadline, f"nobody reads the last {len(view)} bytes"
            select.select([], [self.master], [], 1)
            with contextlib.suppress(BlockingIOError):
                view = view[os.write(self.master, view[:65536]):]

    def unplug(self):
        os.close(self.slave)
        os.close(self.master)


class Manager:
    """A service manager's end of the sd_notify protocol. It reads as they come, as a real one does:
    after ten messages that nobody has read, sd_notify waits."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        os.chmod(path, 0o777)  # for a psoasmond of another user
        self.path = str(path)
        self.messages = []  # each a list of NAME=VALUE
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        while message := self.socket.recv(8192):
            self.messages.append(message.decode().splitlines())
        self.socket.close()

    def close(self):
        self.socket.sendto(b"", self.path)
        self.reader.join()

    def lines(self):
        return [line for message in list(self.messages) for line in message]

    def wait(self, line):
        wait_for(lambda: line in self.lines(), f"{line} from psoasmond")

    def wait_status(self, part):
        pattern = re.compile("STATUS=.*" + part)
        return wait_for(lambda: next(filter(pattern.match, self.lines()), None), pattern.pattern)


def nobody(user):
    """What makes Popen start a program as that user alone, in none of our groups; or as the one
    described by such a dictionary."""
    if isinstance(user, dict):
        return user
    return {"user": user, "group": user, "extra_groups": []} if user else {}


def another_user():
    """As nobody(), of a user who may read nothing of ours; skips the test where there cannot be one."""
    if os.geteuid() != 0:
        pytest.skip("needs root to become another user")
    if not all(d.stat().st_mode & stat.S_IXOTH for d in pathlib.Path(PSOASMON).parents):
        pytest.skip("another user may not run the programs from where they were built")
    return nobody(65534)


class Daemon:
    """A psoasmond in a directory of its own."""

    def __init__(self, directory, *arguments, port=None, pad=None, database=None, environment=None,
                 user=None, within=list):
        self.directory = directory
        self.database = str(database or directory / "nights.db")
        self.config = directory / "psoasmon.conf"
        if not self.config.exists():
            self.config.write_text("")
        self.manager = Manager(directory / f"notify-{time.monotonic_ns()}")
        self.errors = directory / "stderr"
        command = [PSOASMOND, "--config", self.config, "--database", self.database, *arguments]
        if port:
            command += ["--port", str(port)]
        if pad:
            command += ["--pad", pad]
        with open(self.errors, "ab") as errors:
            self.process = subprocess.Popen(
                within(command), stdin=subprocess.DEVNULL, stdout=errors, stderr=errors,
                restore_signals=False,  # Python's: a file too large is an error, not the end
                **nobody(user),
                env={**os.environ, "NOTIFY_SOCKET": self.manager.path, **(environment or {})})

    def ready(self):
        def is_ready():
            assert self.process.poll() is None, self.told()
            return "READY=1" in self.manager.lines()
        wait_for(is_ready, "READY=1")
        return self

    def told(self):
        """Everything it has written, a line a list item."""
        return self.errors.read_text().splitlines()

    def ask(self):
        return subprocess.run([PSOASMON_ASKING, "status", "--json", "--database", self.database],
                              capture_output=True, text=True, timeout=DEADLINE_S)

    def status(self):
        answer = self.ask()
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)

    def wait_status(self, condition, what):
        status = None

        def asked():
            nonlocal status
            status = self.status()
            return condition(status) and status
        return wait_for(asked, lambda: f"{what}; the last status was {status}")

    def wait_connected(self):
        self.wait_status(lambda s: s["pad"]["state"] == "connected", "the pad connected")

    def wait_frames(self, n):
        """Until n frames, good ones and dropped ones, have come."""
        return self.wait_status(
            lambda s: s["pad"]["frames"] + s["pad"]["dropped_frames"] >= n, f"{n} frames")

    def send_signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        self.send_signal(signal.SIGTERM)
        return self.process.wait(DEADLINE_S)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def peak_kb(self):
        """The most memory it ever had; 0 under a sanitizer, which keeps what was freed."""
        proc = pathlib.Path(f"/proc/{self.process.pid}")
        if "libasan" in (proc / "maps").read_text():
            return 0
        [peak] = re.findall(r"^VmHWM:\s+(\d+) kB$", (proc / "status").read_text(), flags=re.M)
        return int(peak)

    def rows(self, query):
        return rows(self.database, query)


def rows(database, query):
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


def change(database, *statements):
    """Makes a database one that psoasmon did not write."""
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def make_older(database, version):
    """Makes a database one that a psoasmon of schema version 1, 2 or 3 left."""
    sql = pathlib.Path(os.environ["PSOASMON_PADS"]).parent / "core/store"
    old = f"{database}.old"
    with contextlib.closing(sqlite3.connect(old, isolation_level=None)) as connection:
        connection.executescript("PRAGMA page_size = 1024; PRAGMA journal_mode = WAL;")
        connection.executescript((sql / "schema.sql").read_text())
        for number in range(2, version + 1):
            connection.executescript((sql / f"migrate-{number}.sql").read_text())
        connection.execute("ATTACH ? AS new", (str(database),))
        for table, in connection.execute(
                "SELECT name FROM main.sqlite_schema WHERE type = 'table'").fetchall():
            columns = ", ".join(row[1] for row in connection.execute(
                f"PRAGMA main.table_info({table})"))
            connection.execute(f"INSERT INTO main.{table} ({columns}) "
                               f"SELECT {columns} FROM new.{table}")
        connection.executescript(f"PRAGMA application_id = {0x70736F61}; "
                                 f"PRAGMA user_version = {version}; "
                                 "PRAGMA main.wal_checkpoint(TRUNCATE)")
    for suffix in "", "-wal", "-shm":
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{database}{suffix}")
    os.rename(old, database)


def psoasmon(*arguments):
    return subprocess.run([PSOASMON, *map(str, arguments)], capture_output=True, text=True,
                          timeout=10 * DEADLINE_S)


# ---- what a pad sends ----

def crc16_modbus(data):
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def virtual_frame(counts):
    """A frame of pads/virtual.pad."""
    payload = struct.pack("<2048H", *counts)
    return b"PSOA" + payload + struct.pack("<H", crc16_modbus(payload))


def pmat_frame(counts):
    """A frame of pads/pmat.pad: a line, each number with a tab behind it."""
    return ("".join(f"{count}\t" for count in counts) + "\n").encode()


def _blob(row, col, at_row, at_col, height, width, counts):
    distance = ((row - at_row) / height) ** 2 + ((col - at_col) / width) ** 2
    return counts * math.exp(-distance)


def somebody():
    """The print of somebody on the back: head, shoulders, hips, legs."""
    parts = [(6, 15.5, 3, 3, 500), (17, 15.5, 5, 6, 600), (31, 15.5, 4, 5, 800),
             (44, 12.5, 8, 2, 350), (44, 18.5, 8, 2, 350), (58, 12, 2, 2, 450),
             (58, 19, 2, 2, 450)]
    return [min(1000, int(sum(_blob(row, col, *part) for part in parts)))
            for row in range(64) for col in range(32)]


NOBODY = [0] * 2048
