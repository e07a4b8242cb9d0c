#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""psoasmon as one has it at home, with nothing faked: a Debian with kernel, systemd and udev in QEMU,
a pad at a USB port of it, the package, and nights.

    e2e.py --image DIRECTORY --package FILE --psoasmon PROGRAM [--cycles N] [--only PART] [--verbose]
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

    def seconds(self):
        return time.monotonic() - self.start

    def __call__(self, what):
        if self.shown:
            sys.stderr.write(f"\r\033[K{self.seconds():4.0f} s  {what[:70]}")
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


PARTS = ("installing", "night", "reading", "cycles", "leaving")


def chapters(options, progress):
    """Each is a function whose first line says what it is about. One part alone is told with what
    it cannot do without: a service that records, and for what is to be read, a night."""
    parts = {"installing": installing.CHAPTERS, "night": night.CHAPTERS,
             "reading": reading.CHAPTERS, "cycles": cycles.chapters(options.cycles, progress),
             "leaving": leaving.CHAPTERS}
    if options.only in (None, "installing"):
        told = [options.only] if options.only else PARTS
        return [chapter for part in told for chapter in parts[part]]
    before = night.CHAPTERS if options.only == "reading" else []
    return [*installing.SHORT, *before, *parts[options.only]]


def tell(room, progress, options):
    for chapter in chapters(options, progress):
        progress(chapter.__doc__)
        known, start = len(room.failures), time.monotonic()
        try:
            chapter(room)
        except Failed as failure:
            room.failures.append(f"{failure}\n    and what comes after it was not tried")
            break
        finally:
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
    print(f"{progress.seconds():.0f} s in all, {len(room.failures)} failures")
    return 1 if room.failures else 0


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--image", required=True)
    parser.add_argument("--package", required=True)
    parser.add_argument("--psoasmon", required=True)
    parser.add_argument("--cycles", type=int, default=3)
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="psoasmon-e2e-") as place:
        return run(options, pathlib.Path(place))


if __name__ == "__main__":
    sys.exit(main())
