# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that psoasmon export writes against what is in the database, read by other readers."""
import base64
import csv
import datetime
import io
import json
import os
import stat
import subprocess

import pytest

import rig

TABLES = {"nights": "id", "bouts": "night_id, start_s", "readings": "night_id, start_s, id",
          "gaps": "id", "epochs": "night_id, start_s", "clock_steps": "id", "diary": "day",
          "stretch_sessions": "id", "stretch_holds": "session_id, number"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A night, its end in pieces, a label, gaps in and out of it, and a clock that was set."""
    directory = tmp_path_factory.mktemp("export")
    config, database, frames = (directory / name for name in ("none.conf", "nights.db", "frames"))
    config.write_text("")
    assert rig.psoasmon("simulate", "--plan", "supine:200,left_fetal:200,empty:20", "--rate", "1",
                        "--output", frames).returncode == 0
    for start in "2026-01-05T22:30:00Z", "2026-03-28T23:58:00Z":
        assert rig.psoasmon("replay", "--config", config, "--database", database, "--pad",
                            "virtual", "--rate", "1", "--start", start, frames).returncode == 0
    assert rig.psoasmon("label", "--config", config, "--database", database, "--at",
                        "2026-01-05T22:31:00Z", "prone").returncode == 0
    rig.change(database,
               "INSERT INTO gaps (night_id, start_s, end_s, reason) VALUES "
               "(1, 1767652300, 1767652310, 'pad_silent'), (NULL, 1767600000, 1767600100, "
               "'daemon_down'), (NULL, 0, 10, 'suspended')",
               "INSERT INTO clock_steps (at_s, by_s, night_id) VALUES (1767652400, -3600, 1), "
               "(1767652400, 5, NULL)",
               "INSERT INTO diary (day, made_s, pain, place, sitting_s, massage, note) VALUES "
               "('2026-01-06', 1767683000, 3, 'lower back', 28800, 1, '=1+1')",
               "INSERT INTO diary_tags VALUES (1, 'mat'), (1, 'knee pillow')",
               "INSERT INTO stretch_sessions VALUES (1, '2026-01-05', 'Europe/Berlin', 3600, "
               "1767643200, 1767643300, 'virtual', 'm1', 1)",
               "INSERT INTO stretch_holds VALUES (1, 1, 'left_fetal', 1767643210, 1767643290, 60, "
               "58, 3)",
               "UPDATE epochs SET breaths_per_min = 14.25, breath_steadiness = 0.5 "
               "WHERE night_id = 1")
    return config, database


def export(made, *arguments):
    config, database = made
    return rig.psoasmon("export", "--config", config, "--database", database, *arguments)


def json_rows(made, *arguments):
    answer = export(made, *arguments)
    assert (answer.returncode, answer.stderr) == (0, "")
    first, *rows = [json.loads(line) for line in answer.stdout.splitlines()]
    assert first == {"table": "export", "version": 1, "psoasmon": first["psoasmon"]}
    return rows


def of(rows, table):
    return [dict(row) for row in rows if row["table"] == table]


def test_every_row_and_every_value(made):
    _, database = made
    rows = json_rows(made, "--since", "1970-01-01", "--snapshots")
    for table, order in TABLES.items():
        found = of(rows, table)
        assert len(found) == rig.rows(database, f"SELECT count(*) FROM {table}")[0][0] > 0
    fields = "night_id, start_s, end_s, position, confidence, snapshot"
    counting = [(r["night_id"], r["start_s"], r["end_s"], r["recorded_position"],
                 r["recorded_confidence"], r["snapshot"] and base64.b64decode(r["snapshot"]))
                for r in of(rows, "bouts")]
    stored = rig.rows(database, f"SELECT {fields} FROM bouts ORDER BY night_id, start_s")
    for ours, theirs in zip(counting, stored, strict=True):
        assert ours[:4] == theirs[:4] and ours[5] == theirs[5]
        assert ours[4] == pytest.approx(theirs[4], abs=1e-9)
    assert any(ours[5] for ours in counting)
    assert [r["position"] for r in of(rows, "bouts") if r["source"] == "label"] == ["prone"]
    assert [(r["source"], r["position"], r["model"]) for r in of(rows, "readings")] == [
        ("label", "prone", None)]
    for epoch, stored in zip(of(rows, "epochs"), rig.rows(
            database, "SELECT probabilities, movement, breaths_per_min FROM epochs "
                      "ORDER BY night_id, start_s"), strict=True):
        assert list(epoch["probabilities"].values()) == [
            pytest.approx(p / 255, abs=0.001) for p in stored[0]]
        assert epoch["movement"] == pytest.approx(stored[1])
        assert epoch["breaths_per_min"] == stored[2]
    assert [(r["night_id"], r["start_s"], r["reason"]) for r in of(rows, "gaps")] == rig.rows(
        database, "SELECT night_id, start_s, reason FROM gaps ORDER BY id")
    assert [(r["at_s"], r["by_s"], r["night_id"]) for r in of(rows, "clock_steps")] == rig.rows(
        database, "SELECT at_s, by_s, night_id FROM clock_steps ORDER BY id")
    entry, = of(rows, "diary")
    assert (entry["pain"], entry["stiffness"], entry["note"], entry["tags"]) == (
        3, None, "=1+1", "knee pillow;mat")
    hold, = of(rows, "stretch_holds")
    assert (hold["position"], hold["asked_s"], hold["held_s"], hold["wrong_side_s"]) == (
        "left_fetal", 60, 58, 3)


def test_local_times_are_the_same_moments(made):
    for row in json_rows(made):
        for name in [name for name in row if name[:-2] in row and name.endswith("_s")]:
            moment = datetime.datetime.fromisoformat(row[name[:-2]])
            assert moment.timestamp() == row[name]
            # Beside the bed in winter; what belongs to no night, in UTC.
            offset = 3600 if row.get("night_id") or row.get("session_id") else 0
            assert moment.utcoffset().total_seconds() == offset


def test_dates_and_tables(made):
    rows = json_rows(made, "--since", "2026-01-05", "--until", "2026-01-05")
    assert {row.get("night_id") for row in rows} == {1, None}
    assert [r["start_s"] for r in of(rows, "gaps") if r["night_id"] is None] == [1767600000]
    rows = json_rows(made, "--until", "2026-01-05", "--table", "epochs")
    assert {(row["table"], row["night_id"]) for row in rows} == {("epochs", 1)}
    assert export(made, "--since", "2027-01-01").returncode == 3
    assert export(made, "--until", "2026-01-04").returncode == 3


def test_csv_says_the_same(made, tmp_path):
    rows = json_rows(made, "--snapshots")
    directory = tmp_path / "csv"
    answer = export(made, "--format", "csv", "--snapshots", "--output", directory)
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")
    assert sorted(p.name for p in directory.iterdir()) == sorted(f"{t}.csv" for t in TABLES)
    assert stat.S_IMODE(os.stat(directory).st_mode) == 0o700
    for table in TABLES:
        path = directory / f"{table}.csv"
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
        with open(path, newline="", encoding="utf-8") as file:
            found = list(csv.DictReader(file, strict=True))
        for ours, theirs in zip(found, of(rows, table), strict=True):
            assert None not in ours and None not in ours.values()  # as many fields as names
            for p, value in theirs.pop("probabilities", {}).items():
                assert float(ours.pop(f"p_{p}")) == value
            del theirs["table"]
            assert list(ours) == list(theirs)
            for name, value in theirs.items():
                if name == "note":
                    value = f"'{value}"  # no formula
                assert ours[name] == "" if value is None else type(value)(ours[name]) == value


HOSTILE = ["=HYPERLINK(\"http://x\")", "+1", "-1+1|cmd", "@SUM(A1)", "a,b", "say \"hi\"", "a\nb\r\n",
           "\x1b[2J\x07", "'quoted'", "späť", "\u202egnp", "a\tb", ""]


def test_hostile_text(made, tmp_path):
    database = tmp_path / "hostile.db"
    assert rig.psoasmon("backup", "--database", made[1], database).returncode == 0
    for text in HOSTILE:
        with_text = "'" + text.replace("'", "''") + "'"
        rig.change(database, f"UPDATE nights SET pad = {with_text}, model = {with_text}, "
                             f"timezone = {with_text}")
        plain = "".join("?" if ord(c) < 32 or c == "\u202e" else c for c in text)
        rows = json_rows((made[0], database), "--table", "nights")
        assert {row["pad"] for row in rows} == {row["timezone"] for row in rows} == {plain}
        answer = export((made[0], database), "--table", "nights", "--format", "csv")
        lines = list(csv.reader(io.StringIO(answer.stdout, newline=""), strict=True))
        assert len(lines) == 3 and len({len(line) for line in lines}) == 1
        for line in lines[1:]:
            shown = line[-1]
            assert shown == ("'" if plain[:1] in ("=", "+", "-", "@") and plain else "") + plain
            assert len(line[4].lstrip("-")) == 10  # numbers are numbers


def test_broken_rows(made, tmp_path):
    database = tmp_path / "broken.db"
    assert rig.psoasmon("backup", "--database", made[1], database).returncode == 0
    rig.change(database, "PRAGMA ignore_check_constraints = ON",
               "UPDATE epochs SET probabilities = x'', movement = 9e999",
               "UPDATE nights SET pad = CAST(x'ff00fe' AS TEXT)",
               "UPDATE bouts SET start_s = -9223372036854775807 WHERE start_s = "
               "(SELECT min(start_s) FROM bouts) AND start_s NOT IN (SELECT start_s FROM readings)")
    answer = export((made[0], database))
    assert answer.returncode in (0, 1)
    for line in answer.stdout.splitlines():
        json.loads(line)
    assert of([json.loads(line) for line in answer.stdout.splitlines()], "epochs")[0][
        "movement"] is None


def test_the_output_is_replaced_whole_or_not_at_all(made, tmp_path):
    config, database = made
    path, many = tmp_path / "all.jsonl", tmp_path / "many.db"
    assert rig.psoasmon("backup", "--database", database, many).returncode == 0
    rig.change(many, "UPDATE bouts SET snapshot = randomblob(2052)",
               "INSERT INTO bouts SELECT night_id, start_s + 10000, end_s + 10000, position, "
               "confidence, randomblob(30000) FROM bouts")
    assert export(made, "--output", path).returncode == 0
    before = path.read_bytes()
    assert before.endswith(b"}\n")
    answer = subprocess.run(["sh", "-c", 'ulimit -f 80; exec "$0" "$@"', rig.PSOASMON, "export",
                             "--snapshots", "--config", config, "--database", many, "--output",
                             path],
                            capture_output=True, text=True, timeout=rig.DEADLINE_S)
    assert answer.returncode == 1 and len(answer.stderr.splitlines()) == 1, answer.stderr
    assert path.read_bytes() == before
    assert list(tmp_path.glob("*.partial")) == []
    assert export(made, "--output", tmp_path).returncode == 1
    with open("/dev/full", "wb") as full:
        assert subprocess.run([rig.PSOASMON, "export", "--config", config, "--database", database],
                              stdout=full, stderr=subprocess.DEVNULL,
                              timeout=rig.DEADLINE_S).returncode == 1


def peak_kb(arguments):
    # The sanitizer keeps back what is freed, and more the more there was.
    sanitizer = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"
    process = subprocess.Popen([rig.PSOASMON, *map(str, arguments)], stdout=subprocess.DEVNULL,
                               env={**os.environ, "ASAN_OPTIONS": sanitizer.lstrip(":")})
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss


def test_many_nights_take_no_more_memory(made, tmp_path):
    config, database = made
    many = tmp_path / "many.db"
    assert rig.psoasmon("backup", "--database", database, many).returncode == 0
    rig.change(many, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 20000) "
               "INSERT INTO epochs SELECT night_id, start_s + 86400 * i, seconds, probabilities, "
               "movement, load, moves, moved_s, breaths_per_min, breath_steadiness FROM epochs, n")
    assert rig.rows(many, "SELECT count(*) > 100000 FROM epochs") == [(1,)]
    arguments = "export", "--config", config, "--database"
    assert peak_kb([*arguments, many]) < peak_kb([*arguments, database]) + 8192
