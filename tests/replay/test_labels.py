# SPDX-License-Identifier: GPL-3.0-or-later
"""Labels while psoasmond records, and once it does not."""
import pathlib
import shutil
import struct

import pytest

import rig
from bus import ERROR, METHOD_RETURN, NAME, call, greet
from test_status import drain, peer

FRAME = rig.virtual_frame(rig.somebody())
START_S = 1767652200  # 2026-01-05T22:30:00Z
RECORDED = "SELECT night_id, start_s, position, confidence, hex(snapshot) FROM bouts"
LABELS = "SELECT start_s, source, position FROM readings ORDER BY id"


@pytest.fixture
def night(daemon, pad):
    """A psoasmond in the middle of a night."""
    d = daemon("--rate", "1", "--start", "2026-01-05T22:30:00Z", port=pad.path,
               pad="virtual").ready()
    d.wait_connected()
    pad.send(FRAME * 200)
    d.wait_frames(200)
    with greet(d) as client:
        assert ask(client, "Flush")[0] == METHOD_RETURN
    assert len(d.rows(RECORDED)) == 1
    return d


def read(client, size):
    data = b""
    while len(data) < size:
        more = client.recv(size - len(data))
        assert more, "psoasmond hung up"
        data += more
    return data


def ask(client, member, signature="", body=b""):
    """Calls a method: the answer's type, and its fields and body as they came."""
    client.sendall(call(1, NAME, member, signature, body))
    head = read(client, 16)
    length, _, fields = struct.unpack("<III", head[4:])
    return head[1], read(client, fields + -fields % 8 + length)


def string(text):
    return struct.pack("<I", len(text)) + text + b"\0"


def label(d, *arguments):
    return rig.psoasmon("label", "--config", d.config, "--database", d.database, *arguments)


def test_psoasmond_writes_labels(night):
    before = night.rows(RECORDED)
    answer = label(night, "--at", "2026-01-05T22:31:00Z", "left_fetal")
    assert answer.returncode == 0, answer.stderr
    position = before[0][2]
    assert answer.stdout.endswith(f": left_fetal (label; recorded: {position})\n")
    assert night.rows(RECORDED) == before
    assert night.rows(LABELS) == [(before[0][1], "label", "left_fetal")]
    answer = label(night, "--at", "2026-01-05T22:31:00Z", "--undo")
    assert answer.stdout.endswith(f": {position} (as recorded)\n"), answer.stderr
    assert night.rows(LABELS) == []


def test_a_labelled_bout_is_recorded_on(night, pad):
    start_s = night.rows(RECORDED)[0][1]
    assert label(night, "--at", "2026-01-05T22:31:00Z", "prone").returncode == 0
    pad.send(FRAME * 100)
    night.wait_frames(300)
    assert night.stop() == 0
    assert night.rows("SELECT count(*), max(end_s) FROM bouts") == [(1, START_S + 300)]
    assert night.rows(LABELS) == [(start_s, "label", "prone")]
    # Without it the same words do the same.
    assert label(night, "--at", "22:31", "--night", "2026-01-05", "sitting").returncode == 2
    answer = label(night, "--at", "2026-01-05T22:31:00Z", "sitting")
    assert answer.returncode == 0, answer.stderr
    assert night.rows(LABELS)[-1] == (start_s, "label", "sitting")


def test_the_bout_in_progress_can_be_labelled(night, pad):
    # What psoasmond has not written yet it writes first.
    pad.send(FRAME * 100)
    night.wait_frames(300)
    with greet(night) as client:
        kind, _ = ask(client, "Label", "xs", struct.pack("<q", START_S + 250) + string(b"supine"))
    assert kind == METHOD_RETURN
    assert night.rows(LABELS)[-1][2] == "supine"


def refused(night, member, signature, body):
    with greet(night) as client:
        kind, words = ask(client, member, signature, body)
    assert kind == ERROR
    return words


@pytest.mark.parametrize("name", [b"", b"left_foetal", b"SUPINE", b"supine ", b"'; DROP TABLE bouts",
                                  b"\x1b[2J", "späť".encode(), b"x" * 100000])
def test_hostile_positions(night, name):
    words = refused(night, "Label", "xs", struct.pack("<q", START_S + 60) + string(name))
    assert b"InvalidArgs" in words and b"there is no such position" in words
    assert night.rows(LABELS) == []


@pytest.mark.parametrize("time_s", [0, -1, 2**63 - 1, -2**63, START_S - 1, START_S + 100000])
def test_hostile_times(night, time_s):
    words = refused(night, "Label", "xs", struct.pack("<q", time_s) + string(b"prone"))
    assert b"org.psoasmon.Error.NoBout" in words
    assert b"org.psoasmon.Error.NoBout" in refused(night, "Unlabel", "x", struct.pack("<q", time_s))
    assert night.rows(LABELS) == []


def test_hostile_arguments(night, pad):
    assert b"org.psoasmon.Error.NoLabel" in refused(night, "Unlabel", "x",
                                                    struct.pack("<q", START_S + 60))
    for member, signature, body in (
            ("Label", "", b""), ("Label", "x", struct.pack("<q", START_S)),
            ("Label", "s", string(b"prone")), ("Unlabel", "s", string(b"now")),
            ("Label", "xx", struct.pack("<qq", START_S, START_S))):
        assert b"InvalidArgs" in refused(night, member, signature, body)
    # A text longer than the message.
    assert b"InconsistentMessage" in refused(night, "Label", "xs",
                                 struct.pack("<qI", START_S, 1 << 30) + b"prone\0")
    pad.send(FRAME * 50)
    night.wait_frames(250)
    assert night.stop() == 0
    assert night.rows(LABELS) == []


def test_one_that_does_not_answer(old_night):
    database, config = old_night
    with peer(database, drain):
        answer = rig.psoasmon("label", "--config", config, "--database", database, "--at",
                              "2026-01-05T22:31:00Z", "sitting")
    assert answer.returncode == 1 and answer.stdout == ""
    assert answer.stderr == f"psoasmon: the psoasmond of {database}: Connection timed out\n"
    assert rig.rows(database, LABELS) == []


def test_who_holds_the_database_is_named(night):
    answer = rig.psoasmon("replay", "--again", "--config", night.config, "--database",
                          night.database)
    assert answer.returncode == 1 and answer.stdout == ""
    assert "another process writes to it (is psoasmond running?)" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


# ---- psoasmon replay --again ----

def again(database, config, *arguments):
    return rig.psoasmon("replay", "--again", "--config", config, "--database", database, *arguments)


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    directory = tmp_path_factory.mktemp("played")
    config, database, frames = (directory / name for name in ("none.conf", "old.db", "night.bin"))
    config.write_text("")
    plan = "empty:20,supine:300,left_fetal:300,right_side:300,empty:20"
    assert rig.psoasmon("simulate", "--plan", plan, "--rate", "1", "--output",
                        frames).returncode == 0
    assert rig.psoasmon("replay", "--config", config, "--database", database, "--pad", "virtual",
                        "--rate", "1", "--start", "2026-01-05T22:30:00Z",
                        frames).returncode == 0
    rig.change(database, "UPDATE nights SET model = 'old'",
               "UPDATE bouts SET position = 'prone', confidence = 0.6 WHERE position <> 'empty'")
    return directory


@pytest.fixture
def old_night(played, tmp_path):
    """A database as an older model left it, which took everything for lying on the front."""
    shutil.copytree(played, tmp_path, dirs_exist_ok=True)
    return tmp_path / "old.db", tmp_path / "none.conf"


def test_old_nights_are_read_again(old_night):
    database, config = old_night
    before = rig.rows(database, RECORDED)
    answer = again(database, config)
    assert answer.returncode == 0, answer.stderr
    read_again = rig.rows(database, "SELECT b.end_s - b.start_s, r.position, r.confidence "
                                    "FROM readings r JOIN bouts b USING (night_id, start_s) "
                                    "WHERE source = 'model' ORDER BY start_s")
    long = [(position, confidence) for seconds, position, confidence in read_again if seconds > 200]
    assert [position for position, _ in long] == ["supine", "left_fetal", "right_side"]
    assert all(confidence >= 0.5 for _, confidence in long)
    assert f"{len(read_again)} bouts read by cnn" in answer.stdout
    assert rig.rows(database, RECORDED) == before
    report = rig.psoasmon("report", "--json", "--bouts", "--night", "--config", config,
                          "--database", database)
    assert '"source": "model"' in report.stdout and '"left_fetal": 0' not in report.stdout
    # Once is enough.
    again(database, config)
    assert len(rig.rows(database, LABELS)) == len(read_again)


def test_a_label_outlives_reading_again(old_night):
    database, config = old_night
    start_s, = rig.rows(database, "SELECT start_s FROM bouts WHERE end_s - start_s > 200 "
                                  "ORDER BY start_s LIMIT 1")[0]
    at = f"2026-01-05T22:3{(start_s - START_S) // 60 + 1}:00Z"
    files = ("--config", config, "--database", database)
    assert rig.psoasmon("label", *files, "--at", at, "reclined").returncode == 0
    assert again(database, config).returncode == 0
    listed = rig.psoasmon("label", *files, "--list").stdout
    assert "reclined             100%  label     prone" in listed
    assert "left_fetal" in listed


def test_nights_outside_the_dates_are_left_alone(old_night):
    database, config = old_night
    assert again(database, config, "--since", "2026-01-06").returncode == 3
    assert again(database, config, "--until", "2026-01-04").returncode == 3
    assert rig.rows(database, LABELS) == []
    assert again(database, config, "--since", "2026-01-05", "--until", "2026-01-05").returncode == 0
    assert rig.rows(database, LABELS) != []


@pytest.mark.parametrize("pad", ["gone", "../../etc/passwd", "/dev/zero", ""])
def test_a_pad_nobody_knows(old_night, pad):
    database, config = old_night
    rig.change(database, f"UPDATE nights SET pad = '{pad}'")
    answer = again(database, config)
    assert answer.returncode == 0
    assert answer.stderr == (f"psoasmon: no description of a pad '{pad}' here: "
                             "taken for one as large as the body\n")
    assert rig.rows(database, LABELS) != []


def test_damaged_snapshots(old_night):
    database, config = old_night
    rig.change(database, "UPDATE bouts SET snapshot = x'00' WHERE snapshot IS NOT NULL")
    answer = again(database, config)
    assert answer.returncode == 0 and "damaged" in answer.stderr
    assert rig.rows(database, LABELS) == []


def test_a_night_of_this_model_is_left_alone(old_night):
    database, config = old_night
    # The model that read them last is the one that would read them again.
    assert again(database, config).returncode == 0
    model, = rig.rows(database, "SELECT DISTINCT model FROM readings")[0]
    rig.change(database, "DELETE FROM readings", f"UPDATE nights SET model = '{model}'")
    answer = again(database, config)
    assert answer.stdout == (f"nothing to read again: {model} has read every bout that has a "
                             "snapshot\n")


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_database_of_an_older_version(old_night, version, tmp_path):
    database, config = old_night
    rig.make_older(database, version)
    before = pathlib.Path(database).read_bytes()
    files = ("--config", config, "--database", database)
    assert rig.psoasmon("report", *files).returncode == 0
    assert rig.psoasmon("nights", *files).returncode == 0
    assert rig.psoasmon("label", "--list", *files).returncode == 0
    assert rig.psoasmon("doctor", *files).stdout.count("an older one") == 1
    exported = rig.psoasmon("export", *files)
    assert exported.returncode == 0, exported.stderr
    assert rig.psoasmon("backup", *files, tmp_path / "copy.db").returncode == 0
    assert rig.rows(tmp_path / "copy.db", "PRAGMA user_version") == [(version,)]
    assert pathlib.Path(database).read_bytes() == before
    recorded = rig.rows(database, RECORDED)
    assert again(database, config).returncode == 0
    assert rig.rows(database, "PRAGMA user_version") == [(4,)]
    assert rig.rows(database, RECORDED) == recorded
    epochs = [line for line in exported.stdout.splitlines() if '"epochs"' in line]
    assert epochs == [line for line in rig.psoasmon("export", *files).stdout.splitlines()
                      if '"epochs"' in line]
