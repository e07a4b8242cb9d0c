#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many nights in one go: whether psoasmond stays as it was on the first.

    PSOASMON=build/cli/psoasmon PSOASMOND=build/daemon/psoasmond tests/replay/year.py [NIGHTS]

plays so many days (365), most of them an empty bed, to one psoasmond, and prints a line for every
thirtieth part of them: what it cost and what psoasmond held. Ends with status 1 unless there is a
night a day, the same each time that the same was played, and memory, descriptors and time a day are
as flat as FLAT says.
"""
import collections
import contextlib
import os
import pathlib
import sys
import tempfile

import rig

# A pad of few, large cells: what is asked here is not of the model, which has the least to do then.
PAD = """[pad]
name = sheet
title = A sheet of large cells
status = recordings
[wire]
framing = delimited
sync = 50 53 4F 41
sample = u8
check = sum8
rate_hz = 0.05
[grid]
rows = 16
cols = 8
head = top
left = left
[cells]
pitch_mm = 120 110
full_scale = 255
touch = 12
"""
FRAME_S = 20
DAY_S = 86400
NIGHT_S = 27000
TEMPLATES = 12  # different nights, over and over
LINES = 30
START = "2026-01-05T22:30:00Z"

# The last part of the days against the second: the first has everything to allocate. A tenth is a
# client that is just leaving, a checkpoint that came a little later.
FLAT = {"rss_kb": 1.02, "descriptors": 1.10, "cpu_ms_a_day": 1.10, "wal_kb": 1.10}

Held = collections.namedtuple("Held", "day rss_kb descriptors cpu_ms_a_day database_kb wal_kb")


def simulate(directory, *arguments):
    output = directory / "bytes"
    answer = rig.psoasmon("simulate", "--pad", directory / "sheet.pad", "--rate", 1 / FRAME_S,
                          "--output", output, *arguments)
    assert answer.returncode == 0, answer.stderr
    return output.read_bytes()


def days(directory):
    """What the pad sends on each of the different days."""
    awake = simulate(directory, "--plan", f"empty:{DAY_S - NIGHT_S}", "--seed", "1")
    return [simulate(directory, "--night", "--hours", NIGHT_S / 3600, "--seed", seed) + awake
            for seed in range(1, TEMPLATES + 1)]


def cpu_ms(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 // os.sysconf("SC_CLK_TCK")


def rss_kb(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


def size_kb(path):
    return os.path.getsize(path) // 1024 if os.path.exists(path) else 0


def play(d, pad, templates, n):
    pid, frames, spent_ms, since = d.process.pid, 0, cpu_ms(d.process.pid), 0
    for day in range(n):
        data = templates[day % TEMPLATES]
        pad.send(data)
        frames += DAY_S // FRAME_S
        if (day + 1) % max(1, n // LINES) == 0 or day == n - 1:
            d.wait_frames(frames)
            now_ms = cpu_ms(pid)
            yield Held(day + 1, rss_kb(pid), len(os.listdir(f"/proc/{pid}/fd")),
                       (now_ms - spent_ms) / (day + 1 - since), size_kb(d.database),
                       size_kb(d.database + "-wal"))
            spent_ms, since = now_ms, day + 1


def wrong_nights(database, n):
    nights = rig.rows(database, "SELECT day, end_s - start_s, (SELECT count(*) FROM bouts WHERE "
                                "night_id = nights.id) FROM nights ORDER BY start_s")
    if len({day for day, _, _ in nights}) != n or len(nights) != n:
        yield f"{len(nights)} nights of {len({day for day, _, _ in nights})} days instead of {n}"
    # The bed is learnt on the first day: what was played then is not yet as it is later.
    for template in range(TEMPLATES):
        same = {night[1:] for night in nights[TEMPLATES:][template::TEMPLATES]}
        if len(same) > 1:
            yield f"what was played on day {template + 1} was recorded as {sorted(same)}"


def grown(held):
    for name, most in FLAT.items():
        early, late = getattr(held[1], name), getattr(held[-1], name)
        if late > early * most:
            yield f"{name} grew from {early} to {late}"


def main(n=365):
    held = []
    with tempfile.TemporaryDirectory(prefix="psoasmon-year-") as directory, \
            contextlib.ExitStack() as stack:
        directory = pathlib.Path(directory)
        (directory / "sheet.pad").write_text(PAD)
        templates = days(directory)
        pad = rig.Pad()
        stack.callback(pad.unplug)
        d = rig.Daemon(directory, "--rate", str(1 / FRAME_S), "--start", START, port=pad.path,
                       pad=directory / "sheet.pad").ready()
        stack.callback(d.kill)
        d.wait_connected()
        print("  day  memory KB  descriptors  CPU ms/day  database KB  WAL KB")
        for line in play(d, pad, templates, n):
            held.append(line)
            print(f"{line.day:5} {line.rss_kb:10} {line.descriptors:12} {line.cpu_ms_a_day:11.1f} "
                  f"{line.database_kb:12} {line.wal_kb:7}", flush=True)
        assert d.stop() == 0
        wrong = [*wrong_nights(d.database, n), *grown(held)]
    for line in wrong:
        print(line)
    print(f"{n} nights: " + ("not as on the first" if wrong else "the last as the first"))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
