# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service manager is told, and what SIGHUP does."""
import os
import pathlib
import signal

import pytest

import rig

PADS = pathlib.Path(os.environ["PSOASMON_PADS"])

FRAME = rig.virtual_frame(rig.somebody())


def test_the_protocol(daemon, pad):
    d = daemon(port=pad.path, pad="virtual",
               environment={"WATCHDOG_USEC": "600000"}).ready()
    d.manager.wait_status("pad virtual connected")
    rig.wait_for(lambda: d.manager.lines().count("WATCHDOG=1") >= 3, "the watchdog fed")
    d.send_signal(signal.SIGHUP)
    rig.wait_for(lambda: d.manager.lines().count("READY=1") == 2, "ready again")
    reloading = next(m for m in d.manager.messages if "RELOADING=1" in m)
    assert any(line.startswith("MONOTONIC_USEC=") for line in reloading)
    assert d.stop() == 0
    lines = d.manager.lines()
    assert lines.index("READY=1") < lines.index("RELOADING=1") < lines.index("STOPPING=1")
    assert lines.count("STOPPING=1") == 1


def test_the_status_is_not_told_more_often_than_it_changes(daemon, pad):
    d = daemon("--rate", "10", port=pad.path, pad="virtual",
               environment={"WATCHDOG_USEC": "600000"}).ready()
    d.wait_connected()
    pad.send(rig.virtual_frame(rig.NOBODY) * 50)
    d.wait_frames(50)
    d.manager.wait_status("nobody on the pad")
    fed = d.manager.lines().count("WATCHDOG=1")
    rig.wait_for(lambda: d.manager.lines().count("WATCHDOG=1") > fed + 4, "some seconds")
    told = [line for line in d.manager.lines() if line.startswith("STATUS=")]
    assert len(told) == len(set(told)) <= 3


def test_the_watchdog_does_not_wait_for_the_pad(daemon, tmp_path):
    d = daemon(port=tmp_path / "none", pad="virtual", environment={"WATCHDOG_USEC": "600000"})
    d.ready()
    rig.wait_for(lambda: d.manager.lines().count("WATCHDOG=1") >= 3, "the watchdog fed")


def write_config(d, text):
    d.config.write_text(text)


def reload(d):
    before = d.manager.lines().count("READY=1")
    d.send_signal(signal.SIGHUP)
    rig.wait_for(lambda: d.manager.lines().count("READY=1") > before, "reloaded")


def test_a_broken_configuration_is_refused_whole(daemon, pad, tmp_path):
    (tmp_path / "psoasmon.conf").write_text(
        f"[pad]\nname = virtual\nport = {pad.path}\n[night]\nsettle_in_s = 7\n")
    d = daemon("--rate", "1").ready()
    d.wait_connected()
    pad.send(FRAME * 5)
    d.wait_frames(5)
    before = d.status()["pad"]

    write_config(d, f"[pad]\nname = pmat\nport = {pad.path}\n[night]\nsettle_in_s = soon\n")
    reload(d)
    [refusal] = [line for line in d.told() if "stays as it was" in line]
    assert "psoasmon.conf:5: settle_in_s" in refusal
    after = d.status()["pad"]
    assert (after["name"], after["frames"]) == (before["name"], before["frames"])
    pad.send(FRAME)
    assert d.wait_frames(6)["pad"]["dropped_frames"] == 0


def test_repeats_are_kept_back_and_counted(daemon, pad, tmp_path):
    (tmp_path / "psoasmon.conf").write_text(f"[pad]\nname = virtual\nport = {pad.path}\n")
    d = daemon().ready()
    write_config(d, "[pad]\nname =\n")
    for _ in range(8):
        reload(d)
    assert d.stop() == 0
    refusals = [line for line in d.told() if "stays as it was" in line]
    assert len(refusals) == 6
    assert refusals[-1].endswith(" (3 more)")


def test_a_port_that_cannot_be_is_refused_whole(daemon, pad, tmp_path):
    (tmp_path / "psoasmon.conf").write_text(f"[pad]\nname = virtual\nport = {pad.path}\n")
    d = daemon("--rate", "1").ready()
    d.wait_connected()
    write_config(d, f"[pad]\nname = pmat\nport = {tmp_path}\n")
    reload(d)
    assert any("stays as it was" in line and "is a directory" in line for line in d.told())
    write_config(d, f"[pad]\nname = virtual\nport = {pad.path}\n[store]\ndatabase = other.db\n")
    reload(d)  # the command line's database stays
    pad.send(FRAME)
    assert d.wait_frames(1)["pad"]["name"] == "virtual"


def test_a_new_configuration_is_applied_within_the_night(daemon, pad, tmp_path):
    (tmp_path / "psoasmon.conf").write_text(f"[pad]\nname = virtual\nport = {pad.path}\n")
    d = daemon("--rate", "1", "--start", "2026-01-05T22:30:00Z").ready()
    d.wait_connected()
    pad.send(FRAME * 60)
    d.wait_frames(60)

    other = rig.Pad()
    write_config(d, f"[pad]\nname = pmat\nport = {other.path}\n[report]\nfriendly = sitting\n")
    reload(d)
    status = d.wait_status(lambda s: s["pad"]["name"] == "pmat", "another pad")
    assert status["pad"]["port"] == other.path
    other.send(rig.pmat_frame(rig.somebody()) * 60)
    status = d.wait_frames(60)
    assert status["night"]["friendly_s"] == 0
    assert d.stop() == 0
    assert d.rows("SELECT count(*), max(end_s - start_s) FROM nights") == [(1, 120)]
    other.unplug()


def test_only_what_changed_starts_anew(daemon, pad, tmp_path):
    description = tmp_path / "virtual.pad"
    description.write_text((PADS / "virtual.pad").read_text())
    (tmp_path / "psoasmon.conf").write_text(f"[pad]\nname = {description}\nport = {pad.path}\n")
    d = daemon("--rate", "1").ready()
    d.wait_connected()
    pad.send(FRAME * 5)
    d.wait_frames(5)
    reload(d)
    pad.send(FRAME)
    d.wait_frames(6)  # counting goes on

    description.write_text(description.read_text() + "baseline = 1\n")  # in [cells]
    reload(d)
    assert d.status()["pad"]["frames"] == 0
    pad.send(FRAME * 2)
    assert d.wait_frames(2)["pad"]["frames"] == 2


def check(config, *arguments):
    return rig.subprocess.run([rig.PSOASMOND, "--config", config, "--check-config", *arguments],
                              capture_output=True, text=True, timeout=rig.DEADLINE_S,
                              stdin=rig.subprocess.DEVNULL)


@pytest.mark.parametrize("line, words", [
    ("[pad]\ncolour = red\n", ":5: colour: unknown key in [pad]"),
    ("[bed]\nport = x\n", ":5: port: unknown section [bed]"),
    ("[night]\nsettle_in_s = soon\n", ":5: settle_in_s: 'soon' is no whole number"),
    ("[night]\nsettle_in_s = 7.5\n", ":5: settle_in_s: '7.5' is no whole number"),
    ("[night]\naway_s = -1\n", ":5: away_s: '-1' is no whole number"),
    ("[night]\naway_s = 99999999999999999999\n", ":5: away_s: "),
    ("[report]\nfriendly = standing\n", ":5: friendly: 'standing' is no position"),
    ("[report]\nweek = never\n", ":5: week: 'never' is none of: locale monday saturday sunday "
     "last-seven"),
    ("[pad]\nport = /dev/ttyUSB1\n", ":5: port: given twice"),
    ("[store]\ndatabase = {here}\n", ":5: database: {here} is not a file"),
    ("[store]\ndatabase = {here}/none/n.db\n",
     ":5: database: {here}/none/n.db is in a directory that is not there"),
    ("[store]\ndatabase = {here}/psoasmon.conf/n.db\n",
     ":5: database: {here}/psoasmon.conf/n.db is below a file"),
])
def test_what_is_wrong_is_named_beforehand(tmp_path, line, words):
    config = tmp_path / "psoasmon.conf"
    config.write_text("[pad]\nname = virtual\nport = /dev/ttyUSB0\n" +
                      line.replace("{here}", str(tmp_path)))
    answer = check(config)
    assert answer.returncode == 1 and answer.stdout == ""
    [told] = answer.stderr.splitlines()
    assert f"psoasmon.conf{words}".replace("{here}", str(tmp_path)) in told


@pytest.mark.parametrize("database, words", [
    ("{here}", "is not a file"), ("{here}/psoasmon.conf/n.db", "is below a file")])
def test_what_no_waiting_mends_is_named_at_the_start_as_well(pad, tmp_path, database, words):
    config = tmp_path / "psoasmon.conf"
    database = database.replace("{here}", str(tmp_path))
    config.write_text(f"[pad]\nname = virtual\nport = {pad.path}\n"
                      f"[store]\ndatabase = {database}\n")
    started = rig.subprocess.run([rig.PSOASMOND, "--config", config], capture_output=True, text=True,
                                 timeout=rig.DEADLINE_S, stdin=rig.subprocess.DEVNULL)
    assert started.returncode == 1
    [told] = started.stderr.splitlines()
    assert f"psoasmon.conf:5: database: {database} {words}" in told


@pytest.mark.parametrize("kind, words", [
    ("file", "is a file, not a serial port"), ("fifo", "is not a serial port"),
    ("directory", "is a directory"), ("/dev/null", "is not a serial port"),
    ("/dev/tty", "is a console"), ("socket", "is not a serial port")])
def test_a_port_that_is_none_is_named_by_file_and_line(daemon, pad, tmp_path, kind, words):
    """Beforehand, at the start and in a reload, which leaves all as it was."""
    port = tmp_path / "port"
    if kind == "file":
        port.write_text("mine")
    elif kind == "fifo":
        os.mkfifo(port)
    elif kind == "directory":
        port.mkdir()
    elif kind == "socket":
        rig.socket.socket(rig.socket.AF_UNIX).bind(str(port))
    else:
        port = pathlib.Path(kind)
    config = tmp_path / "psoasmon.conf"
    good = f"[pad]\nname = virtual\nport = {pad.path}\n"
    config.write_text(good)
    d = daemon("--rate", "1").ready()
    d.wait_connected()
    pad.send(FRAME * 3)
    d.wait_frames(3)

    # The last word is a drop-in's.
    (tmp_path / "psoasmon.conf.d").mkdir()
    drop_in = tmp_path / "psoasmon.conf.d/50-port.conf"
    drop_in.write_text(f"# moved\n\n[pad]\nport = {port}\n")
    place = f"50-port.conf:4: port: {port} {words}"
    answer = check(config)
    assert answer.returncode == 1 and place in answer.stderr, answer
    reload(d)
    [refusal] = [line for line in d.told() if "stays as it was" in line]
    assert place in refusal
    pad.send(FRAME)
    assert d.wait_frames(4)["pad"]["port"] == pad.path
    (tmp_path / "other").mkdir()
    other = rig.subprocess.run(
        [rig.PSOASMOND, "--config", config, "--database", tmp_path / "other/nights.db"],
        capture_output=True, text=True, timeout=rig.DEADLINE_S, stdin=rig.subprocess.DEVNULL)
    assert other.returncode == 1 and place in other.stderr
    assert os.listdir(tmp_path / "other") == []
    # The command line's has no place in a file.
    assert check(config, "--port", pad.path).returncode == 0
    answer = check(config, "--port", port)
    assert answer.returncode == 1 and f"psoasmond: {port} {words}" in answer.stderr


def test_a_port_that_is_not_there_is_right(tmp_path):
    config = tmp_path / "psoasmon.conf"
    config.write_text(f"[pad]\nname = virtual\nport = {tmp_path}/not-there\n")
    assert check(config).returncode == 0


def test_usage(tmp_path):
    def run(*arguments):
        return rig.subprocess.run([rig.PSOASMOND, *arguments], capture_output=True, text=True,
                                  timeout=rig.DEADLINE_S)
    for wrong in (["--rate", "0"], ["--rate", "fast"], ["--start", "2026-01-05T22:30:00"],
                  ["--rate", "1", "--start", "today"], ["--port", ""], ["extra"], ["--nonsense"]):
        answer = run(*wrong)
        assert answer.returncode == 2, wrong
        assert len(answer.stderr.splitlines()) == 1, wrong
    assert run("--help").returncode == 0
    assert "counted" in run("--help").stdout or "count the frames' times" in run("--help").stdout
    assert run("--version").stdout.startswith("psoasmond ")

    config = tmp_path / "psoasmon.conf"
    config.write_text("[pad]\nname = virtual\nport = /dev/ttyUSB0\n")
    right = run("--config", config, "--check-config")
    assert right.returncode == 0 and "virtual" in right.stdout
    config.write_text("[pad]\nname = nosuchpad\nport = /dev/ttyUSB0\n")
    wrong = run("--config", config, "--check-config")
    assert wrong.returncode == 1 and "nosuchpad" in wrong.stderr
    config.write_text("[pad]\ncolour = red\n")
    wrong = run("--config", config, "--check-config")
    assert wrong.returncode == 1 and "psoasmon.conf:2: colour" in wrong.stderr
    config.write_text("")
    missing = run("--config", config)
    assert missing.returncode == 1 and "--pad" in missing.stderr


def test_the_service_is_skipped_only_while_nothing_is_named(tmp_path):
    config = tmp_path / "psoasmon.conf"

    def run(text, *arguments):
        config.write_text(text)
        return rig.subprocess.run([rig.PSOASMOND, "--configured", "--config", config, *arguments],
                                  capture_output=True, text=True, timeout=rig.DEADLINE_S)
    for nothing in ("", "[pad]\n", "[night]\naway_s = 900\n"):
        skipped = run(nothing)
        assert skipped.returncode == 1, nothing
        assert "nothing to record yet" in skipped.stderr and str(config) in skipped.stderr
    # What is wrong or half done is for the service to say, and to fail with.
    for something in ("[pad]\nname = virtual\nport = /dev/ttyUSB0\n", "[pad]\nname = virtual\n",
                      "[pad]\nport = /dev/ttyUSB0\n", "[pad]\ncolour = red\n"):
        assert run(something).returncode == 0, something
    assert run("", "--pad", "virtual").returncode == 0
