# SPDX-License-Identifier: GPL-3.0-or-later
"""What the journal gets, field by field: every event is made to happen, and carries what
docs/journal.md says (journald.check looks at each entry)."""
import contextlib
import pathlib
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess

import pytest

import bus
import clocks
import journald
import rig
from test_calibration import calibrate, learn, session  # noqa: F401 (fixtures)
from test_deletion import nights, played, slept  # noqa: F401
from test_pads import describe  # noqa: F401
from test_storage import damage

FRAME = rig.virtual_frame(rig.somebody())
EMPTY = rig.virtual_frame(rig.NOBODY)
COUNTED = ("--rate", "1", "--start", "2026-01-05T22:30:00+01:00")
EVENING = clocks.utc("2026-01-05T21:30:00Z")

seen = set()  # events, by name, in all the tests of this file


@pytest.fixture
def journal(tmp_path):
    journal = journald.new(tmp_path)
    yield journal
    seen.update(journald.EVENTS[entry["MESSAGE_ID"]].name for entry in journal.entries())


@pytest.fixture
def daemon(journal, tmp_path):
    """Starts psoasmonds that write into the journal, and ends them with it."""
    daemons = []

    def start(*arguments, **options):
        daemons.append(journald.Daemon(journal, tmp_path, *arguments, **options))
        return daemons[-1]
    yield start
    for started in daemons:
        if started.process.poll() is None:
            started.kill()


def commit(d, journal):
    """SIGHUP commits, and then reads the configuration, which is told."""
    before = len(journal.entries("RELOADED"))
    d.send_signal(signal.SIGHUP)
    rig.wait_for(lambda: len(journal.entries("RELOADED")) > before, "the commit")


def test_a_night_in_fields(journal, daemon, pad):
    d = daemon(*COUNTED, port=pad.path, pad="virtual").ready()
    pad.send(FRAME * 360 + EMPTY * 2000)
    closed = journal.wait("NIGHT_CLOSED")
    assert closed["PSOASMON_NIGHT"] == "2026-01-05"
    assert closed["PSOASMON_KIND"] == "night"
    assert closed["PSOASMON_IN_BED_S"] == closed["PSOASMON_RECORDED_S"] == "360"
    assert closed["PRIORITY"] == "5"
    [opened] = journal.entries("NIGHT_OPENED")
    assert opened["MESSAGE"] == "22:30 to bed: the night of 2026-01-05 begins"
    bouts = journal.entries("BOUT")
    assert sum(int(bout["PSOASMON_DURATION_S"]) for bout in bouts) == 360
    for bout in bouts:
        assert bout["PRIORITY"] == "6"
        assert bout["PSOASMON_PAD"] == "virtual"
        assert bout["PSOASMON_PORT"] == pad.path
        assert bout["PSOASMON_DATABASE"] == d.database
        assert bout["PSOASMON_NIGHT"] == "2026-01-05"
        assert bout["PSOASMON_POSITION"] != "empty"
        assert bout["SYSLOG_IDENTIFIER"] == "psoasmond"
    assert d.stop() == 0
    assert [e for e in journal.entries() if e["MESSAGE"].startswith("22:30 ")][:1] == [opened]
    assert "PSOASMON_NIGHT" not in journal.entries("STOPPED")[0]
    assert d.errors.read_text() == ""  # nothing twice


def test_a_pad_that_reads_as_much_as_it_can(journal, daemon, pad):
    heavy = rig.virtual_frame([1000 if count > 400 else count for count in rig.somebody()])
    d = daemon(*COUNTED, port=pad.path, pad="virtual").ready()
    pad.send(heavy * 360)
    d.wait_frames(360)
    seen_now = d.status()["pad"]
    assert seen_now["mended_cells"] == 0
    told = rig.psoasmon("status", "--database", d.database).stdout
    assert f"{seen_now['saturated']:.0%} of those pressed read as much as they can\n" in told
    pad.send(EMPTY * 2000)
    strained = journal.wait("PAD_STRAINED")
    assert float(strained["PSOASMON_SATURATED"]) == pytest.approx(seen_now["saturated"], abs=0.01)
    assert seen_now["saturated"] > 0.1
    assert strained["PSOASMON_MENDED_CELLS"] == "0"
    assert strained["PSOASMON_NIGHT"] == "2026-01-05"
    assert "of the pressed cells read as much as they can" in strained["MESSAGE"]


def test_a_stay_that_is_no_night(journal, daemon, pad):
    daemon(*COUNTED, port=pad.path, pad="virtual").ready()
    pad.send(FRAME * 60 + EMPTY * 2000)
    assert journal.wait("STAY_DROPPED")["PSOASMON_KEPT"] == "0"
    assert not journal.entries("NIGHT_CLOSED")


def test_it_cannot_start(journal, daemon, pad, tmp_path):
    (tmp_path / "psoasmon.conf").write_text("[night]\naway_s = soon\n")
    assert daemon(port=pad.path, pad="virtual").process.wait(rig.DEADLINE_S) == 1
    assert "psoasmon.conf:2: away_s" in journal.wait("FAILED")["MESSAGE"]


def test_it_does_not_end_before_its_last_line_is_read(tmp_path, pad):
    """Of a process that is gone, journald would not find out whose line it was."""
    journal = journald.new(tmp_path, takes=False)
    journal.socket.settimeout(rig.DEADLINE_S)
    (tmp_path / "psoasmon.conf").write_text("[night]\naway_s = soon\n")
    d = journald.Daemon(journal, tmp_path, port=pad.path, pad="virtual")
    assert b"psoasmon.conf:2: away_s" in journal.socket.recv(65536)
    # Nothing, which is taken only when the line has been dealt with.
    assert journal.socket.recv(65536, socket.MSG_PEEK) == b""
    assert d.process.poll() is None
    assert journal.socket.recv(65536) == b""
    assert d.process.wait(rig.DEADLINE_S) == 1


def test_nobody_has_named_a_pad(journal, daemon):
    assert daemon("--configured").process.wait(rig.DEADLINE_S) == 1
    assert "nothing to record yet" in journal.wait("UNCONFIGURED")["MESSAGE"]


def test_what_happens_in_a_night_belongs_to_it(journal, daemon, pad, tmp_path):
    port = tmp_path / "port"
    port.symlink_to(pad.path)
    d = daemon(*COUNTED, port=port, pad="virtual").ready()
    d.wait_connected()
    pad.send(FRAME * 100 + FRAME[:-1] + b"\0" + FRAME * 20)
    d.wait_frames(121)
    d.config.write_text("[night]\naway_s = soon\n")
    d.send_signal(signal.SIGHUP)
    assert journal.wait("RELOAD_REFUSED")["PSOASMON_NIGHT"] == "2026-01-05"
    port.unlink()
    pad.unplug()
    assert journal.wait("PAD_UNPLUGGED")["PSOASMON_NIGHT"] == "2026-01-05"
    assert journal.wait("PAD_WAITING")["PSOASMON_REASON"] == "missing"
    assert d.stop() == 0
    dropped = journal.wait("FRAMES_DROPPED")
    assert dropped["PSOASMON_DROPPED_FRAMES"] == "1"
    assert dropped["PSOASMON_REASON"] == "checksum"
    assert journal.wait("STOPPED")["PSOASMON_NIGHT"] == "2026-01-05"
    assert "PSOASMON_NIGHT" not in journal.entries("PAD_CONNECTED")[0]


def test_repeats_are_counted_in_a_field(journal, daemon, pad, tmp_path):
    d = daemon(port=pad.path, pad="virtual").ready()
    d.config.write_text("[night]\naway_s = soon\n")
    for n in range(8):
        d.send_signal(signal.SIGHUP)
        rig.wait_for(lambda: sum("READY=1" in m for m in list(d.manager.messages)) == n + 2, "the reload")
    assert d.stop() == 0
    refused = journal.entries("RELOAD_REFUSED")
    assert [entry.get("PSOASMON_REPEATS") for entry in refused] == [None] * 5 + ["3"]
    assert refused[-1]["MESSAGE"].endswith(" (3 more)")


def test_a_night_is_taken_up_again(journal, daemon, pad):
    d = daemon(*COUNTED, port=pad.path, pad="virtual").ready()
    pad.send(FRAME * 200)
    d.wait_frames(200)
    assert d.stop() == 0
    assert journal.wait("STOPPED")["MESSAGE"] == (
        "psoasmond stops in the night of 2026-01-05, and goes on with it if started again soon")
    d = daemon("--rate", "1", "--start", "2026-01-05T22:40:00+01:00", port=pad.path,
               pad="virtual").ready()
    assert journal.wait("NIGHT_RESUMED")["PSOASMON_NIGHT"] == "2026-01-05"
    pad.send(FRAME * 100)
    gap = journal.wait("GAP")
    assert (gap["PSOASMON_REASON"], gap["PSOASMON_DURATION_S"]) == ("daemon_down", "400")
    assert gap["PSOASMON_NIGHT"] == "2026-01-05"


def test_clocks_and_silence(journal, daemon, pad, tmp_path):
    clock = clocks.Clocks(tmp_path, EVENING)
    d = daemon(port=pad.path, pad="virtual", environment=clock.environment).ready()
    d.wait_connected()
    for frame in range(10):
        pad.send(FRAME)
        d.wait_frames(frame + 1)
        clock.wait(4)
    journal.wait("NIGHT_OPENED")
    clock.step(4 * 3600)
    assert journal.wait("CLOCK_SET")["PSOASMON_MOVED_S"] == "14400"
    assert journal.wait("NIGHT_MOVED")["PSOASMON_MOVED_S"] == "14400"
    clock.wait(60)
    assert journal.wait("PAD_SILENT")["PSOASMON_NIGHT"] == "2026-01-05"
    pad.send(FRAME)
    journal.wait("PAD_TALKS")
    clock.set(12345)
    journal.wait("CLOCK_ASTRAY")
    assert d.stop() == 0


def test_a_database_that_takes_nothing(journal, daemon, pad):
    d = daemon(*COUNTED, port=pad.path, pad="virtual").ready()
    d.wait_connected()
    pad.send(FRAME * 100)
    d.wait_frames(100)
    commit(d, journal)
    unlimited = resource.prlimit(d.process.pid, resource.RLIMIT_FSIZE)
    size = pathlib.Path(d.database + "-wal").stat().st_size
    for event in "STORE_WORKS", "RESULTS_LOST":
        resource.prlimit(d.process.pid, resource.RLIMIT_FSIZE, (size, unlimited[1]))
        pad.send(FRAME * 900)
        d.wait_frames(1000 if event == "STORE_WORKS" else 1900)
        commit(d, journal)
        failed = journal.wait("STORE_FAILED")
        assert failed["PSOASMON_REASON"] == "io_error" and failed["PRIORITY"] == "3"
        if event == "STORE_WORKS":
            resource.prlimit(d.process.pid, resource.RLIMIT_FSIZE, unlimited)
            commit(d, journal)
            size = pathlib.Path(d.database + "-wal").stat().st_size
        else:
            assert d.stop() == 1
        journal.wait(event)
    assert len(journal.entries("STORE_FAILED")) == 2  # once each, however often it was tried
    assert int(journal.entries("RESULTS_LOST")[0]["PSOASMON_LOST_RESULTS"]) > 0


def test_a_damaged_database(journal, daemon, pad):
    d = daemon(*COUNTED, port=pad.path, pad="virtual").ready()
    pad.send(FRAME * 100)
    d.wait_frames(100)
    assert d.stop() == 0
    damage(d.database)
    d = daemon(*COUNTED, port=pad.path, pad="virtual").ready()
    aside = journal.wait("STORE_DAMAGED")["PSOASMON_ASIDE"]
    assert aside.startswith(d.database + ".damaged-") and pathlib.Path(aside).exists()


def test_a_pad_of_few_cells(journal, daemon, pad, describe):  # noqa: F811
    daemon(*COUNTED, port=pad.path, pad=str(describe(4, 4, "400 200"))).ready()
    assert "too coarse" in journal.wait("PAD_COARSE")["MESSAGE"]


def test_calibrations(journal, daemon, pad, tmp_path, calibrate, session):  # noqa: F811
    done = learn(calibrate, session)
    assert done.returncode == 0, done.stderr
    d = daemon(*COUNTED, port=pad.path, pad="virtual").ready()
    assert "+" in journal.wait("CALIBRATED")["PSOASMON_MODEL"]
    (tmp_path / "nights.db-calibration").write_text("Dear diary, I slept well.\n")
    d.send_signal(signal.SIGHUP)
    journal.wait("UNCALIBRATED")


def test_what_is_old_and_what_is_deleted(journal, daemon, pad, slept, tmp_path):  # noqa: F811
    database, config = slept
    with open(config, "a") as file:
        file.write("[store]\nkeep_epochs_days = 1\n")
    assert rig.psoasmon("replay", "--config", config, "--database", database, "--pad", "virtual",
                        "--rate", "1", "--start", "2026-01-08T22:30:00Z",
                        tmp_path / "f").returncode == 0
    d = daemon(*COUNTED[:2], "--start", "2026-01-09T22:30:00Z", port=pad.path, pad="virtual",
               database=database).ready()
    journal.wait("TIDIED")
    with contextlib.closing(sqlite3.connect(database)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM bouts").fetchone()
        answer = nights(database, config, "--delete", "2026-01-05", "--yes")
        assert answer.returncode == 0, answer.stderr
        assert "traces" in journal.wait("TIDY_FAILED")["MESSAGE"]
    assert d.stop() == 0


def test_the_traces_go(journal, daemon, pad, slept):  # noqa: F811
    database, config = slept
    daemon(*COUNTED[:2], "--start", "2026-01-09T22:30:00Z", port=pad.path, pad="virtual",
           database=database).ready()
    assert nights(database, config, "--delete", "2026-01-05", "--yes").returncode == 0
    journal.wait("SCRUBBED")


def test_too_many_ask(journal, daemon, pad):
    d = daemon(port=pad.path, pad="virtual").ready()
    clients = [bus.connect(d) for _ in range(17)]
    journal.wait("CLIENT_REFUSED")
    for client in clients:
        client.close()


BUS = """<busconfig><type>system</type><listen>unix:path={socket}</listen>
<policy context="default"><allow user="*"/><allow send_destination="*"/><deny own="*"/></policy>
</busconfig>"""


def test_a_bus_that_gives_no_name(journal, daemon, pad, tmp_path):
    if not shutil.which("dbus-daemon"):
        pytest.skip("dbus-daemon is not installed")
    (tmp_path / "bus.conf").write_text(BUS.format(socket=tmp_path / "bus"))
    with subprocess.Popen(["dbus-daemon", "--nofork", "--print-address",
                           f"--config-file={tmp_path}/bus.conf"],
                          stdout=subprocess.PIPE, text=True) as bus_daemon:
        address = bus_daemon.stdout.readline().strip()
        daemon("--system-bus", port=pad.path, pad="virtual",
               environment={"DBUS_SYSTEM_BUS_ADDRESS": address}).ready()
        journal.wait("BUS_REFUSED")
        bus_daemon.terminate()


def test_every_event_was_seen(request):
    """By the tests above; the catalog can therefore rely on docs/journal.md."""
    if len(request.session.items) < 12 or not seen:
        pytest.skip("not all tests of this file ran")
    missing = set() if shutil.which("dbus-daemon") else {"BUS_REFUSED"}
    assert seen == set(journald.ID) - missing
