# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole nights spliced from one person's recordings, whose truth is known to the second, and how far
what psoasmon records is from it.

    PSOASMON=build/cli/psoasmon tests/replay/splice.py [--people S1,S2] [--seeds 3] [--hours 8]
                                                       [--styles fade,...] [--psoasmon PROGRAM]

prints a line a night. In PROGRAM, {person} is the person's name: for programs built with the
weights that the person was left out of (model/README.md). The recordings are PmatData's files, whose neighbouring frames are near
duplicates; a bout plays those of one file forth and back. Nobody has published how people move, so
movement comes in several styles, and an edge lies in the middle of it.
"""
import argparse
import bisect
import collections
import contextlib
import os
import pathlib
import random
import sqlite3
import subprocess
import sys
import tempfile

POSITIONS = {
    1: "supine", 8: "supine", 9: "supine",
    2: "right_side", 4: "right_side", 5: "right_side",
    3: "left_side", 6: "left_side", 7: "left_side",
    10: "supine_knees_raised", 11: "supine_right_knee", 12: "supine_left_knee",
    13: "right_fetal", 14: "left_fetal",
    15: "reclined", 16: "reclined", 17: "reclined",
}
FRIENDLY = {"supine_knees_raised", "supine_left_knee", "supine_right_knee", "left_fetal",
            "right_fetal"}

START_S = 1767648600
START = "2026-01-05T22:30:00+01:00"

CELLS = 2048
# Line 2 of most files is garbage and line 1 often near empty: a real mat's start-up.
START_UP_LINES = 3
# S7 lay down late: the first frames of 1.txt are an almost empty bed.
LOAD_LEAST = 0.5

# A bout of the truth: [start, end) in seconds; what lies between two bouts is movement.
Bout = collections.namedtuple("Bout", "start end position")


class Person:
    """One person's recordings: for each file, the frames in which somebody lies, as text and as
    numbers."""

    def __init__(self, directory):
        self.lines, self.frames = {}, {}
        for number in POSITIONS:
            lines = (directory / f"{number}.txt").read_bytes().splitlines(keepends=True)
            lines = lines[START_UP_LINES:]
            frames = [list(map(int, line.split())) for line in lines]
            loads = [sum(min(count, 1000) for count in frame) for frame in frames]
            usual = sorted(loads)[len(loads) // 2]
            lain = [i for i, load in enumerate(loads) if load > LOAD_LEAST * usual]
            self.lines[number] = [lines[i] for i in lain]
            self.frames[number] = [frames[i] for i in lain]


def line_of(counts):
    return ("".join(f"{min(4095, max(0, int(count)))}\t" for count in counts) + "\n").encode()


def empty_lines(rng, n=120):
    """An empty bed: a few counts here and there, as the mat shows where nothing presses."""
    lines = []
    for _ in range(n):
        counts = [0] * CELLS
        for _ in range(rng.randrange(40)):
            counts[rng.randrange(CELLS)] = rng.randrange(1, 30)
        lines.append(line_of(counts))
    return lines


# ---- movement: what lies between two postures, second by second ----

def _mixed(before, after, share):
    return [(1 - share) * a + share * b for a, b in zip(before, after)]


def fade(rng, before, after, n):
    """One print becomes the other."""
    for i in range(n):
        yield _mixed(before, after, (i + 1) / (n + 1))


def noisy(rng, before, after, n):
    """The same, and every cell jerks."""
    for i in range(n):
        for_all = rng.uniform(0.8, 1.2)
        yield [count * for_all * rng.uniform(0.4, 1.6)
               for count in _mixed(before, after, (i + 1) / (n + 1))]


def to_and_fro(rng, before, after, n):
    """Either print, at random, moved about a little."""
    for _ in range(n):
        frame = before if rng.random() < 0.5 else after
        by = 32 * rng.randrange(-2, 3) + rng.randrange(-2, 3)
        yield frame[-by:] + frame[:-by]


def lifted(rng, before, after, n):
    """Hardly anything on the pad: on hands and feet."""
    for i in range(n):
        part = rng.uniform(0.15, 0.6)
        yield [part * count for count in _mixed(before, after, (i + 1) / (n + 1))]


def heavy(rng, before, after, n):
    """All the weight on less of the body."""
    for i in range(n):
        first = rng.randrange(0, 40)
        frame = _mixed(before, after, rng.random())
        yield [count * (1.8 if first <= at // 32 < first + 20 else 0.3)
               for at, count in enumerate(frame)]


STYLES = {style.__name__: style for style in (fade, noisy, to_and_fro, lifted, heavy)}


# ---- a night ----

def plan(rng, hours, n_bouts, n_trips):
    """The lengths of the bouts, in seconds, 1 to 60 min, and before which of them the sleeper goes to
    the bathroom."""
    total = hours * 3600
    while True:
        parts = [rng.expovariate(1) + 0.05 for _ in range(n_bouts)]
        lengths = [int(total * part / sum(parts)) for part in parts]
        if min(lengths) >= 60 and max(lengths) <= 3600:
            break
        if min(lengths) < 60:
            lengths = [max(60, length) for length in lengths]
        lengths = [min(3600, length) for length in lengths]
        break
    return lengths, set(rng.sample(range(2, n_bouts - 1), n_trips))


class Night:
    """The lines of a night, and its truth: bouts, in the middle of movement or without it."""

    def __init__(self, person, seed, hours=8, styles=tuple(STYLES), trips=2, n_bouts=None):
        self.person = person
        self.rng = rng = random.Random(seed)
        self.styles = styles
        self.empty = empty_lines(rng)
        self.bouts = []
        self.steps = []  # (generator of lines, seconds)
        self.second = 0
        lengths, out = plan(rng, hours, n_bouts or rng.randint(20, 60), trips)
        self._empty(rng.randint(60, 600))
        last = None
        for i, length in enumerate(lengths):
            number = self._next_file(last)
            frame = self.person.frames[number][0]
            if i in out:
                self._move(self.person.frames[last][-1], None)
                self._empty(rng.randint(120, 1500))
                last = None
            self._move(self.person.frames[last][-1] if last else None, frame)
            self._lie(number, length)
            last = number
        self._move(self.person.frames[last][-1], None)
        self._empty(3600)

    def _next_file(self, last):
        while True:
            number = self.rng.choice(list(POSITIONS))
            if last is None or POSITIONS[number] != POSITIONS[last]:
                return number

    def _add(self, lines):
        self.steps.append(lines)
        self.second += len(lines)

    def _empty(self, seconds):
        start = self.second
        self._add([self.empty[self.rng.randrange(len(self.empty))] for _ in range(seconds)])
        self.bouts.append(Bout(start, self.second, "empty"))

    def _lie(self, number, seconds):
        start, lines = self.second, self.person.lines[number]
        at, step, played = self.rng.randrange(len(lines)), 1, []
        while len(played) < seconds:
            played.append(lines[at])
            if not 0 <= at + step < len(lines):
                step = -step
            at += step
        self._add(played)
        self.bouts.append(Bout(start, self.second, POSITIONS[number]))

    def _move(self, before, after):
        style = STYLES[self.rng.choice(self.styles)]
        nobody = [0] * CELLS
        frames = style(self.rng, before or nobody, after or nobody, self.rng.randint(2, 8))
        self._add([line_of(frame) for frame in frames])

    def middle(self):
        """The bouts without a hole: movement is shared by the two beside it."""
        edges = [(a.end + b.start) / 2 for a, b in zip(self.bouts, self.bouts[1:])]
        return [Bout(start, end, bout.position) for start, end, bout in
                zip([0] + edges, edges + [self.second], self.bouts)]

    def write(self, stream):
        for lines in self.steps:
            stream.writelines(lines)


# ---- what psoasmon makes of it ----

def replay(program, night, database):
    command = [program, "replay", "--pad", "pmat", "--rate", "1", "--start", START, "--database",
               str(database), "-"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT)
    with process.stdin as stream:
        night.write(stream)
    said = process.stdout.read().decode()
    process.stdout.close()
    assert process.wait() == 0, said


def recorded(database):
    """The nights, and all their bouts, by the seconds of the stream."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        nights = connection.execute("SELECT start_s - ?1, end_s - ?1 FROM nights ORDER BY start_s",
                                    [START_S]).fetchall()
        bouts = [Bout(*row) for row in connection.execute(
            "SELECT start_s - ?1, end_s - ?1, position FROM bouts ORDER BY start_s", [START_S])]
    return nights, bouts


def _turns(bouts):
    """Changes from one known position to another; getting up and coming back is none."""
    turns, last = 0, None
    for bout in bouts:
        if bout.position == "empty":
            last = None
        elif bout.position != "unknown":
            turns += last is not None and last != bout.position
            last = bout.position
    return turns


def _sums(bouts):
    sums = collections.Counter()
    for bout in bouts:
        sums[bout.position] += bout.end - bout.start
    return sums


def _in_bed(bouts):
    """Without the empty bed before and after the night."""
    inside = [i for i, bout in enumerate(bouts) if bout.position != "empty"]
    return bouts[inside[0]:inside[-1] + 1]


def _edges(bouts):
    return [bouts[0].start] + [bout.end for bout in bouts]


def _far(edge, edges):
    at = bisect.bisect(edges, edge)
    return min(abs(edge - other) for other in edges[max(0, at - 1):at + 1])


Verdict = collections.namedtuple(
    "Verdict", "nights friendly_off worst worst_s near near_both turns turns_off trips trips_off unknown_s bouts")

NEAR_S = 5


def judge(night, database):
    nights, bouts = recorded(database)
    truth = _in_bed(night.middle())
    told = [bout for bout in bouts]
    here, there = _sums(told), _sums(truth)
    friendly = sum(there[position] for position in FRIENDLY)
    off = {position: here[position] - there[position] for position in set(here) | set(there)}
    worst = max((p for p in off if p != "unknown"), key=lambda p: abs(off[p]))
    edges, true_edges = _edges(told), _edges(truth)
    # As strict: every end of a bout, without the movement beside it.
    ends = [bout.start for bout in _in_bed(night.bouts)] + [b.end for b in _in_bed(night.bouts)]
    trips = sum(bout.position == "empty" for bout in truth)
    return Verdict(
        nights=len(nights),
        friendly_off=sum(off.get(position, 0) for position in FRIENDLY) / friendly,
        worst=worst, worst_s=off[worst],
        near=sum(_far(edge, edges) <= NEAR_S for edge in true_edges) / len(true_edges),
        near_both=sum(_far(edge, edges) <= NEAR_S for edge in ends) / len(ends),
        turns=_turns(truth), turns_off=_turns(told) - _turns(truth),
        trips=trips, trips_off=sum(bout.position == "empty" for bout in told) - trips,
        unknown_s=here["unknown"], bouts=len(truth))


def misses(verdict):
    """What is asked of a spliced night, and was not met."""
    missed = []
    if verdict.nights != 1:
        missed.append("nights")
    if abs(verdict.friendly_off) > 0.01:
        missed.append("friendly")
    if abs(verdict.worst_s) > 120:
        missed.append(verdict.worst)
    if verdict.near < 0.95:
        missed.append("edges")
    if abs(verdict.turns_off) > 2:
        missed.append("turns")
    if verdict.trips_off:
        missed.append("exits")
    return missed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recordings", type=pathlib.Path,
                        default=pathlib.Path(__file__).parents[2] / "../shared/data/pmat")
    parser.add_argument("--psoasmon", default=os.environ.get("PSOASMON", "psoasmon"))
    parser.add_argument("--people")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--hours", type=float, default=8)
    parser.add_argument("--styles", default=",".join(STYLES))
    parser.add_argument("--keep", type=pathlib.Path, help="leave the databases in this directory")
    arguments = parser.parse_args()
    people = arguments.people.split(",") if arguments.people else sorted(
        (path.name for path in arguments.recordings.glob("S*")), key=lambda name: int(name[1:]))
    print("person seed bouts nights friendly  worst position        near  both  turns   exits unknown  missed")
    failed = 0
    for name in people:
        person = Person(arguments.recordings / name)
        for seed in range(arguments.first_seed, arguments.first_seed + arguments.seeds):
            with tempfile.TemporaryDirectory() as directory:
                keep = arguments.keep or pathlib.Path(directory)
                database = keep / f"{name}-{seed}.db"
                database.unlink(missing_ok=True)
                night = Night(person, f"{name}-{seed}", arguments.hours,
                              arguments.styles.split(","))
                replay(arguments.psoasmon.replace("{person}", name), night, database)
                v = judge(night, database)
            missed = misses(v)
            failed += bool(missed)
            print(f"{name:6} {seed:4} {v.bouts:5} {v.nights:6} {100 * v.friendly_off:+7.2f}% "
                  f"{v.worst:19} {v.worst_s:+5.0f} {100 * v.near:5.1f} {100 * v.near_both:5.1f} "
                  f"{v.turns:3}{v.turns_off:+4} {v.trips:2}{v.trips_off:+3} {v.unknown_s:8} "
                  f" {' '.join(missed) or '-'}", flush=True)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
