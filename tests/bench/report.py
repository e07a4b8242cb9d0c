#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report over ten years of nights against bare SQL in the sqlite3 shell on the same file.

report.py PSOASMON MAKE_YEARS [NIGHTS [SEED]]

Prints the best of several runs of each, taken in turn, and the ratio to the first statement. Passes
or fails nothing: what a machine does at the moment is no test.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

RUNS = 9

# What the weekly report is made of, for all nights at once: the time in each position a night. And
# the least that can be asked of the same rows.
STATEMENTS = {
    "SQL: seconds in each position, night by night":
        "SELECT n.day, b.position, sum(b.end_s - b.start_s) FROM nights n "
        "JOIN bouts b ON b.night_id = n.id GROUP BY n.id, b.position",
    "SQL: the bouts, in order":
        "SELECT n.day, b.start_s, b.end_s, b.position FROM nights n "
        "JOIN bouts b ON b.night_id = n.id ORDER BY n.start_s, b.start_s",
    "SQL: one sum over all bouts":
        "SELECT sum(end_s - start_s) FROM bouts",
}
FORMS = {
    "report": [],
    "report --plain": ["--plain"],
    "report --json": ["--json"],
    "report --csv": ["--csv"],
    "report --html": ["--html", "-"],
}


def seconds(command):
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def count(database, statement):
    return subprocess.check_output(["sqlite3", "-readonly", database, statement], text=True).strip()


def main():
    psoasmon, make_years, *size = sys.argv[1:]
    os.environ.update(LC_ALL="C.UTF-8", COLUMNS="80")
    with tempfile.TemporaryDirectory(prefix="psoasmon-") as place:
        database = f"{place}/years.db"
        pathlib.Path(place, "psoasmon.conf").touch()
        subprocess.run([make_years, database, *size], check=True)
        days = count(database, "SELECT min(day) FROM nights")
        print(f"{count(database, 'SELECT count(*) FROM nights')} nights, "
              f"{count(database, 'SELECT count(*) FROM bouts')} bouts, "
              f"{os.path.getsize(database) / 1e6:.1f} MB")
        commands = {name: ["sqlite3", "-readonly", database, statement]
                    for name, statement in STATEMENTS.items()}
        for name, options in FORMS.items():
            commands[name] = [psoasmon, "report", "--config", f"{place}/psoasmon.conf",
                              "--database", database, "--since", days, *options]
        best = dict.fromkeys(commands, float("inf"))
        for _ in range(RUNS):
            for name, command in commands.items():
                best[name] = min(best[name], seconds(command))
    bare = best[next(iter(STATEMENTS))]
    for name, took in best.items():
        print(f"{name:48} {1000 * took:7.0f} ms  {took / bare:5.2f}")


if __name__ == "__main__":
    main()
