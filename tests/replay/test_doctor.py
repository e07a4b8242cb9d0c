# SPDX-License-Identifier: GPL-3.0-or-later
"""What psoasmon doctor says of what is right and of what is wrong, and that it changes nothing."""
import json
import os
import pathlib
import stat
import subprocess

import pytest

import rig

FRAME = rig.virtual_frame(rig.somebody())


def doctor(database, config, *arguments, **how):
    answer = subprocess.run([rig.PSOASMON, "doctor", "--json", "--config", config, "--database",
                             database, *arguments], capture_output=True, text=True,
                            timeout=rig.DEADLINE_S, **how)
    assert answer.stderr == ""
    result = json.loads(answer.stdout)
    checks = {check["check"]: check for check in result["checks"]}
    assert result["failed"] == sum(c["verdict"] == "failed" for c in result["checks"])
    assert result["warnings"] == sum(c["verdict"] == "warning" for c in result["checks"])
    assert answer.returncode == (1 if result["failed"] else 0)
    # Whoever is told of something wrong is told what to do, and the line for people says the same.
    text = rig.psoasmon("doctor", "--config", config, "--database", database)
    if not how:
        for check in result["checks"]:
            assert check["check"] in text.stdout
    return checks


@pytest.fixture
def slept(tmp_path):
    config, database, frames = tmp_path / "psoasmon.conf", tmp_path / "nights.db", tmp_path / "f"
    config.write_text("")
    assert rig.psoasmon("simulate", "--plan", "supine:400,empty:20", "--rate", "1", "--output",
                        frames).returncode == 0
    assert rig.psoasmon("replay", "--config", config, "--database", database, "--pad", "virtual",
                        "--rate", "1", "--start", "2026-01-05T22:30:00Z", frames).returncode == 0
    return database, config


def state_of(directory):
    """Everything there is, but for what a reader's shared memory is."""
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns)
            for path in directory.iterdir() if path.is_file() and not path.name.endswith("-shm")}


def test_all_is_well(daemon, pad, tmp_path):
    config = tmp_path / "psoasmon.conf"
    config.write_text(f"[pad]\nname = virtual\nport = {pad.path}\n")
    d = daemon().ready()
    d.wait_connected()
    pad.send(FRAME * 50)
    d.wait_frames(50)
    checks = doctor(d.database, config)
    assert {name for name, check in checks.items() if check["verdict"] == "failed"} == set()
    assert checks["frames"]["verdict"] == checks["psoasmond"]["verdict"] == "ok"
    assert set(checks) == {"configuration", "port", "pad", "calibration", "database", "schema",
                           "integrity", "permissions", "room", "psoasmond", "frames", "clock"}
    # And it does not keep a psoasmond from starting.
    assert d.stop() == 0
    assert doctor(d.database, config)["psoasmond"]["verdict"] == "warning"
    assert daemon().ready().stop() == 0


def test_nothing_is_changed(slept):
    database, config = slept
    before = state_of(database.parent)
    checks = doctor(database, config)
    assert state_of(database.parent) == before
    assert checks["database"]["found"].startswith(f"{database}: 1 night, ")
    assert checks["integrity"]["verdict"] == checks["schema"]["verdict"] == "ok"
    assert checks["psoasmond"]["verdict"] == "warning"
    assert checks["pad"]["verdict"] == checks["port"]["verdict"] == "warning"


def test_no_database(tmp_path):
    (tmp_path / "psoasmon.conf").write_text("")
    checks = doctor(tmp_path / "none.db", tmp_path / "psoasmon.conf")
    assert checks["database"]["verdict"] == "failed" and "schema" not in checks
    assert "psoasmond makes one" in checks["database"]["advice"]
    assert not (tmp_path / "none.db").exists()


def test_damaged_pages(slept):
    database, config = slept
    rig.change(database, "CREATE INDEX i ON bouts (end_s)", "DROP INDEX i",
               "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 200) "
               "INSERT INTO bouts SELECT night_id, start_s + 1000 * i, start_s + 1000 * i, "
               "position, confidence, randomblob(2052) FROM bouts, n")
    with open(database, "r+b") as file:
        for page in range(60, 90):
            file.seek(page * 1024)
            file.write(b"\x0d\xff\xff\xff\xff\xff\xff\xff")
    checks = doctor(database, config)
    assert checks["integrity"]["verdict"] == "failed"
    assert "last backup" in checks["integrity"]["advice"]


def test_rows_that_belong_to_nothing(slept):
    database, config = slept
    rig.change(database, "INSERT INTO gaps (night_id, start_s, end_s, reason) "
                         "VALUES (99, 1, 2, 'suspended')")
    found = doctor(database, config)["integrity"]
    assert found["verdict"] == "failed"
    assert "1 fault; the first: a row of gaps belongs to a row of nights that is not there" in \
        found["found"]


def test_versions(slept):
    database, config = slept
    rig.change(database, "PRAGMA user_version = 99")
    found = doctor(database, config)["database"]
    assert found["verdict"] == "failed" and "newer psoasmon" in found["found"]
    rig.change(database, "PRAGMA application_id = 7")
    assert "another program" in doctor(database, config)["database"]["found"]
    pathlib.Path(database).write_text("Dear diary, " * 100)
    assert "is not a psoasmon database" in doctor(database, config)["database"]["found"]


@pytest.mark.parametrize("text, check, words", [
    ("[night]\naway_s = soon\n", "configuration", ":2: away_s: 'soon' is no whole number"),
    ("[pad]\nname = gone\n", "pad", "gone"),
    ("[pad]\nport = /dev/none\n", "port", "/dev/none: No such file or directory"),
    ("[pad]\nport = /etc/passwd\n", "port", "/etc/passwd: is not a serial port"),
    ("[pad]\nport = /dev/\x1b[2J\n", "port", "/dev/?[2J: No such file"),
])
def test_wrong_configurations(slept, text, check, words):
    database, config = slept
    config.write_text(text)
    found = doctor(database, config)[check]
    assert found["verdict"] == "failed" and words in found["found"] and found["advice"]


def test_a_calibration_that_is_not_used(slept):
    database, config = slept
    config.write_text("[pad]\nname = virtual\n")
    assert doctor(database, config)["calibration"]["verdict"] == "ok"
    pathlib.Path(f"{database}-calibration").write_text("Dear diary")
    found = doctor(database, config)["calibration"]
    assert found["verdict"] == "failed" and "psoasmon calibrate" in found["advice"]


def test_what_lies_beside_and_who_may_read(slept):
    database, config = slept
    checks = doctor(database, config)
    assert "remains" not in checks and checks["permissions"]["verdict"] == "ok"
    pathlib.Path(f"{database}.damaged-1").write_text("")
    os.chmod(database, stat.S_IMODE(os.stat(database).st_mode) | stat.S_IROTH)
    checks = doctor(database, config)
    assert f"{database}.damaged-1" in checks["remains"]["found"]
    assert "every user of this machine may read it" in checks["permissions"]["found"]


def test_a_night_in_the_future(slept):
    database, config = slept
    assert doctor(database, config)["clock"]["verdict"] == "ok"
    rig.change(database, "UPDATE nights SET day = '2222-01-05', start_s = start_s + 6e9, "
                         "end_s = end_s + 6e9")
    assert doctor(database, config)["clock"]["verdict"] == "warning"


def test_a_pad_that_is_silent_or_gone(daemon, pad, tmp_path):
    config = tmp_path / "psoasmon.conf"
    config.write_text(f"[pad]\nname = virtual\nport = {pad.path}\n")
    d = daemon().ready()
    d.wait_status(lambda s: s["pad"]["state"] == "silent", "a silent pad")
    found = doctor(d.database, config)["frames"]
    assert found["verdict"] == "failed" and "is silent" in found["found"]
    pad.unplug()
    d.wait_status(lambda s: s["pad"]["state"] == "waiting", "a pad waited for")
    assert "is waiting" in doctor(d.database, config)["frames"]["found"]


def test_a_crashed_psoasmond(daemon, pad):
    d = daemon("--rate", "1", "--start", "2026-01-05T22:30:00Z", port=pad.path,
               pad="virtual").ready()
    d.wait_connected()
    pad.send(FRAME * 100)
    d.wait_frames(100)
    d.kill()
    checks = doctor(d.database, d.config)
    assert checks["psoasmond"]["verdict"] == "warning"
    assert checks["integrity"]["verdict"] == "ok"


def test_another_writer_is_named(slept):
    database, config = slept
    writer = subprocess.Popen([rig.PSOASMON, "replay", "--config", config, "--database", database,
                               "--pad", "virtual", "--rate", "1", "--start",
                               "2026-02-05T22:30:00Z", "-"], stdin=subprocess.PIPE)
    try:
        writer.stdin.write(FRAME * 40)  # it looks at what comes before it opens the database
        writer.stdin.flush()
        found = rig.wait_for(lambda: (f := doctor(database, config)["psoasmond"]) and
                             "writes to the database" in f["found"] and f, "a writer")
        assert found["verdict"] == "warning"
        assert f"process {writer.pid} " in found["found"]
    finally:
        writer.stdin.close()
        writer.wait(rig.DEADLINE_S)


def test_somebody_who_may_not_read_it(slept):
    user = rig.another_user()
    database, config = slept
    for path in (database.parent, *list(database.parent.parents)[:2]):
        os.chmod(path, 0o755)
    os.chmod(config, 0o644)
    found = doctor(database, config, **user)["database"]
    assert found["verdict"] == "failed" and "group psoasmon" in found["advice"]
