#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compressed nights in which psoasmond is killed at random moments, and what its database has after
each.

    PSOASMON=build/cli/psoasmon PSOASMOND=build/daemon/psoasmond tests/replay/kills.py [KILLS] [SEED]

kills as often as told (1,000), some dozens of times a night, and ends at the first night that is
not whole. A minute of pad time may be lost with each kill, and nothing that is older.
"""
import collections
import contextlib
import datetime
import os
import pathlib
import random
import select
import shutil
import sqlite3
import sys
import tempfile

import rig

START_S = 1767648600  # 2026-01-05 22:30 in Berlin
FRAME_S = 5
FRAME_SIZE = len(rig.virtual_frame(rig.NOBODY))
RATE = str(1 / FRAME_S)
MAY_BE_LOST_S = 60
KILLS_A_NIGHT = 25

# A life of psoasmond that was killed: the pad time it began at, the pad time until which it has
# read, and when the next one began.
Life = collections.namedtuple("Life", "start_s read_s next_s")


class Broken(AssertionError):
    pass


def expect(condition, *what):
    if not condition:
        raise Broken(" ".join(map(str, what)))


class Night:
    """What a simulated pad sends, and in which frames the sleeper lies in bed: who sits down on
    it after having been up is not let in before lying down, and may be so for minutes."""

    def __init__(self, directory, seed, hours):
        truth = directory / "truth"
        answer = rig.psoasmon("simulate", "--night", "--hours", hours, "--seed", seed, "--rate",
                              RATE, "--output", directory / "frames", "--truth", truth)
        assert answer.returncode == 0, answer.stderr
        self.bytes = (directory / "frames").read_bytes()
        lines = [line.split(",") for line in truth.read_text().splitlines()]
        self.in_bed = [line[2] not in ("empty", "unknown", "sitting")
                       for line in lines if line[0].isdigit()]
        assert len(self.in_bed) * FRAME_SIZE == len(self.bytes)

    def last_in_bed_s(self, until_s):
        """The end of the last frame before until_s that has the sleeper in bed, if one does."""
        frames = range((until_s - START_S) // FRAME_S)
        last = next((i for i in reversed(frames) if self.in_bed[i]), None)
        return None if last is None else START_S + (last + 1) * FRAME_S


def left(pad):
    """How many bytes the dead have not read; they are gone then, as with a real port. The kernel
    hands them on in its own time: what comes behind them says that they were all."""
    mark = b"all of them: " + os.urandom(16)
    heard = bytearray()
    os.set_blocking(pad.slave, False)
    unsent = mark
    while not heard.endswith(mark):
        with contextlib.suppress(BlockingIOError):
            unsent = unsent[os.write(pad.master, unsent):] if unsent else unsent
        select.select([pad.slave], [pad.master] if unsent else [], [], rig.DEADLINE_S)
        with contextlib.suppress(BlockingIOError):
            heard += os.read(pad.slave, 65536)
    os.set_blocking(pad.slave, True)
    return len(heard) - len(mark)


def look(database, query):
    """Asks a copy: the next psoasmond is to find what the last one left, not what we tidied."""
    with tempfile.TemporaryDirectory() as place:
        copy = os.path.join(place, "copy.db")
        for suffix in "", "-wal":
            with contextlib.suppress(FileNotFoundError):
                shutil.copy(database + suffix, copy + suffix)
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            expect(connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)],
                   "the database is damaged")
            return [connection.execute(part).fetchall() for part in query]


def check(database, night, lives):
    """What is in the database, after any number of kills."""
    nights, bouts, gaps = look(database, (
        "SELECT start_s, end_s FROM nights",
        "SELECT start_s, end_s FROM bouts ORDER BY start_s",
        "SELECT start_s, end_s, reason FROM gaps WHERE night_id IS NOT NULL ORDER BY start_s"))
    expect(len(nights) <= 1, "nights:", nights)
    last_s = max((end_s for _, end_s in bouts), default=START_S)
    in_bed_s = night.last_in_bed_s(lives[-1].read_s - MAY_BE_LOST_S)
    # A life of less than that may leave nothing: what was before it has been looked at.
    of_it = in_bed_s is not None and in_bed_s > lives[-1].start_s
    expect(not of_it or last_s >= in_bed_s, "a psoasmond started at",
           lives[-1].start_s - START_S, "recorded until", last_s - START_S,
           "of", lives[-1].read_s - START_S)
    if not nights:
        return 0
    at_s = nights[0][0]
    for start_s, end_s in sorted(bouts + [gap[:2] for gap in gaps]):
        expect(start_s == at_s, "a hole or an overlap at", at_s - START_S, start_s - START_S)
        at_s = end_s
    for start_s, end_s, reason in gaps:
        expect(reason == "daemon_down", "a gap because of", reason)
        expect(any(life.next_s == end_s for life in lives), "a gap that ends at no restart")
        expect(any(start_s - MAY_BE_LOST_S <= life.read_s <= end_s for life in lives),
               "a gap where nobody was killed")
    return len(gaps)


def run(start, pad, night, moments):
    """A night with a kill behind each of these shares of it, and its database checked after each:
    start is as conftest's `daemon`. Returns the database, and its gaps."""
    database, lives, frame = None, [], 0
    for end in [*(int(moment * len(night.bytes)) for moment in moments), len(night.bytes)]:
        at_s = START_S + frame * FRAME_S
        if lives:
            lives[-1] = lives[-1]._replace(next_s=at_s)
        clock = datetime.datetime.fromtimestamp(at_s, datetime.timezone.utc).isoformat()
        d = start("--rate", RATE, "--start", clock, port=pad.path, pad="virtual").ready()
        database = d.database
        d.wait_connected()
        data = night.bytes[frame * FRAME_SIZE:max(end, (frame + 1) * FRAME_SIZE)]
        pad.send(data)
        if end == len(night.bytes):
            d.wait_frames(len(data) // FRAME_SIZE)
            assert d.stop() == 0
        else:
            d.kill()
        d.manager.close()
        read = frame * FRAME_SIZE + len(data) - left(pad)
        frame = -(-read // FRAME_SIZE)
        lives.append(Life(at_s, START_S + read // FRAME_SIZE * FRAME_S, None))
        n_gaps = check(database, night, lives)
    expect(look(database, ("SELECT count(*) FROM nights",)) == [[(1,)]], "there is no night")
    return database, n_gaps


def a_night(directory, seed, hours, kills):
    """A night of its own, without fixtures."""
    chance = random.Random(seed)
    pad = rig.Pad()
    running = []

    def start(*arguments, **options):
        running.append(rig.Daemon(directory, *arguments, **options))
        return running[-1]
    try:
        return run(start, pad, Night(directory, seed, hours),
                   sorted(chance.random() for _ in range(kills)))
    finally:
        pad.unplug()
        if running and running[-1].process.poll() is None:
            running[-1].kill()


def main(kills=1000, seed=1):
    done = 0
    while done < kills:
        n = min(KILLS_A_NIGHT, kills - done)
        with tempfile.TemporaryDirectory(prefix="psoasmon-kills-") as directory:
            try:
                _, gaps = a_night(pathlib.Path(directory), seed, 8, n)
            except Broken as broken:
                print(f"\nnight {seed}, after {done} kills in whole nights: {broken}")
                return 1
        done += n
        seed += 1
        end = "\n" if done >= kills or not sys.stdout.isatty() else "\r"
        print(f"{done} kills, all databases whole; {gaps} gaps in the last night", end=end,
              flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
