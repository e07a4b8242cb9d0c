#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""psoasmon as one has it at home, with nothing faked: a Debian with kernel, systemd and udev in QEMU,
a pad at a USB port of it, the package, and nights.

    e2e.py --image DIRECTORY --package FILE --psoasmon PROGRAM [--cycles N] [--verbose]
"""
import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import cycles
import installing
import leaving
import night
import reading
from bedroom import Bedroom, events
from guest import Failed, Guest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent


class Progress:
    """On a terminal, what goes on and for how long it did; in a pipe, nothing."""

    def __init__(self):
        self.shown = sys.stderr.isatty()
        self.start = time.monotonic()

    def __call__(self, what):
        if self.shown:
            sys.stderr.write(f"\r\033[K{time.monotonic() - self.start:4.0f} s  {what[:70]}")
            sys.stderr.flush()

    def done(self):
        if self.shown:
            sys.stderr.write("\r\033[K")


def raise_version(package, version, to):
    """The same package with another version, as a release later would be."""
    with tempfile.TemporaryDirectory(dir=to.parent) as directory:
        tree = pathlib.Path(directory) / "tree"
        subprocess.run(["dpkg-deb", "-R", package, tree], check=True)
        control = tree / "DEBIAN/control"
        lines = control.read_text().splitlines(keepends=True)
        control.write_text("".join(f"Version: {version}\n" if line.startswith("Version:") else line
                                   for line in lines))
        subprocess.run(["dpkg-deb", "--root-owner-group", "-Zgzip", "-b", tree, to], check=True,
                       stdout=subprocess.DEVNULL)


def make_disk(package, version, place):
    disk = place / "disk"
    disk.mkdir()
    shutil.copy(HERE / "agent.sh", disk)
    shutil.copy(package, disk / "old.deb")
    raise_version(package, version + "+later", disk / "new.deb")
    return disk


def chapters(options, progress):
    """Each is a function whose first line says what it is about."""
    def unplug_again_and_again(room):
        """Unplugged and plugged in, again and again"""
        cycles.run(room, options.cycles, progress)

    def wait_for_a_pad(room):
        """A psoasmond that waits is no busy one"""
        cycles.idle(room)
    return [*installing.CHAPTERS, *night.CHAPTERS, *reading.CHAPTERS,
            unplug_again_and_again, wait_for_a_pad, *leaving.CHAPTERS]


def tell(room, progress, options):
    for chapter in chapters(options, progress):
        progress(chapter.__doc__)
        known, start = len(room.failures), time.monotonic()
        chapter(room)
        if options.verbose:
            print(f"{time.monotonic() - start:4.0f} s  {chapter.__doc__}", flush=True)
        for failure in room.failures[known:]:
            print(f"FAILED: {chapter.__doc__}: {failure}", flush=True)


def run(options, place):
    version = subprocess.run(["dpkg-deb", "-f", options.package, "Version"], check=True,
                             capture_output=True, text=True).stdout.strip()
    progress = Progress()
    progress("Booting")
    guest = Guest(options.image, make_disk(options.package, version, place), place)
    room = Bedroom(guest, options.psoasmon, version)
    room.events, room.upgraded = events(SOURCE), version + "+later"
    try:
        guest.expect_ready()
        tell(room, progress, options)
    except Failed as failure:
        room.failures.append(str(failure))
        print(f"FAILED: {failure}", flush=True)
    finally:
        progress.done()
        if room.failures:
            print(guest.tails(), file=sys.stderr)
        room.end()
    for line in room.measured:
        print(line)
    return 1 if room.failures else 0


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--image", required=True)
    parser.add_argument("--package", required=True)
    parser.add_argument("--psoasmon", required=True)
    parser.add_argument("--cycles", type=int, default=3)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="psoasmon-e2e-") as place:
        return run(options, pathlib.Path(place))


if __name__ == "__main__":
    sys.exit(main())
