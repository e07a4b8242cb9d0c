# SPDX-License-Identifier: GPL-3.0-or-later
"""The clocks of a machine, in the test's hands: psoasmond asks them (tests/fault/clock.c) and
nobody waits for them."""
import calendar
import mmap
import os
import struct
import time

US = 1_000_000
LIBRARY = os.environ["PSOASMON_FAULT_CLOCK"]


def utc(text):
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


class Clocks:
    """`now`: what the wall clock shows. Time passes when the test says so."""

    def __init__(self, directory, now, boot=1):
        self.path = directory / "clocks"
        self.path.write_bytes(bytes(32))
        with open(self.path, "r+b") as file:
            self.map = mmap.mmap(file.fileno(), 32)
        self.boot(now, boot)

    def _write(self, at, value):
        self.map[8 * at:8 * at + 8] = struct.pack("<q", value)

    def boot(self, now, number, after_s=20):
        """A machine that has been up for so long, and whose wall clock shows `now`."""
        self.boottime_us, self.slept_us = after_s * US + 300_000, 0
        self._write(0, self.boottime_us)
        self._write(2, self.slept_us)
        self._write(3, number)
        self.set(now)

    def set(self, now):
        """Somebody sets the wall clock."""
        self.offset_us = int(now * US) - self.boottime_us + 300_000
        self._write(1, self.offset_us)

    def step(self, seconds):
        self.offset_us += round(seconds * US)
        self._write(1, self.offset_us)

    def wait(self, seconds):
        self.boottime_us += round(seconds * US)
        self._write(0, self.boottime_us)

    def sleep(self, seconds):
        """The machine does."""
        self.slept_us += round(seconds * US)
        self._write(2, self.slept_us)
        self.wait(seconds)

    @property
    def now(self):
        """Whole seconds."""
        return (self.boottime_us + self.offset_us) // US

    @property
    def environment(self):
        preload = [LIBRARY, os.environ.get("LD_PRELOAD", "")]
        return {"PSOASMON_TEST_CLOCK": str(self.path),
                "LD_PRELOAD": ":".join(filter(None, preload)),
                # The sanitizer wants to be first, and need not be.
                "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"}
