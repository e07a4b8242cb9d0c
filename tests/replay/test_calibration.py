# SPDX-License-Identifier: GPL-3.0-or-later
"""A personal calibration, from the recordings of a session to the nights that are told by it."""
import json
import os
import pathlib
import shutil
import signal

import pytest

import rig

PADS = pathlib.Path(os.environ["PSOASMON_PADS"])

# What is said of them is wrong, so that its effect cannot be missed.
SAID = {"left_side": "right_side", "right_side": "left_side"}
NIGHT = ("left_side:600", 7)


def simulate(plan, seed, path):
    done = rig.psoasmon("simulate", "--pad", "virtual", "--rate", "1", "--plan", plan, "--seed",
                        seed, "--output", path)
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """What the pad sent while the positions were held, as options."""
    directory = tmp_path_factory.mktemp("session")
    options = []
    for held, said in SAID.items():
        data = simulate(f"{held}:60", 7, directory / held).read_bytes()
        # Without the lying down.
        (directory / held).write_bytes(data[30 * len(data) // 60:])
        options += ["--from", f"{said}={directory / held}"]
    return options


def calibrating(directory):
    config = directory / "psoasmon.conf"
    config.write_text("")

    def run(*arguments):
        return rig.psoasmon("calibrate", "--config", config, "--database", directory / "nights.db",
                            *arguments)
    return run


@pytest.fixture
def calibrate(tmp_path):
    return calibrating(tmp_path)


def learn(calibrate, session):
    return calibrate("--positions", "--pad", "virtual", "--rate", "1", *session)


@pytest.fixture(scope="module")
def learnt(session, tmp_path_factory):
    """What came of the session: learning takes longer than all that is done with it."""
    directory = tmp_path_factory.mktemp("learnt")
    done = learn(calibrating(directory), session)
    assert done.returncode == 0, done.stderr
    return done.stdout, directory / "nights.db-calibration"


@pytest.fixture
def kept(learnt, tmp_path):
    return pathlib.Path(shutil.copy(learnt[1], tmp_path))


def positions(path, *options):
    done = rig.psoasmon("classify", "--pad", "virtual", "--raw", *options, path)
    assert done.returncode == 0
    return [json.loads(line)["position"] for line in done.stdout.splitlines()], done.stderr


def test_from_the_session_to_the_night(calibrate, session, learnt, kept, tmp_path):
    said, place = learnt
    assert f"Used from now on: {place}" in said
    assert "positions held: left_side right_side" in calibrate("--show").stdout

    night = simulate(*NIGHT, tmp_path / "night")
    assert positions(night)[0][-1] == "left_side"
    assert positions(night, "--calibration", kept)[0][-1] == "right_side"
    replay = ["replay", "--config", tmp_path / "psoasmon.conf", "--database",
              tmp_path / "nights.db", "--pad", "virtual", "--rate", "1", night, "--start"]
    assert rig.psoasmon(*replay, "2026-01-05T22:30:00Z").returncode == 0
    # The same session has nothing to add to what it gave.
    assert "does not help" in learn(calibrate, session).stderr

    assert calibrate("--undo").returncode == 0
    assert not kept.exists() and kept.with_name(kept.name + ".old").exists()
    assert rig.psoasmon(*replay, "2026-01-06T22:30:00Z").returncode == 0
    nights = rig.rows(tmp_path / "nights.db", "SELECT id, model FROM nights ORDER BY start_s")
    assert [("+" in model) for _, model in nights] == [True, False]
    longest = [rig.rows(tmp_path / "nights.db", f"""
        SELECT position FROM bouts WHERE night_id = {night_id}
        ORDER BY end_s - start_s DESC LIMIT 1""")[0][0] for night_id, _ in nights]
    assert longest == ["right_side", "left_side"]


def test_the_calibration_of_another_pad_is_ignored(kept, tmp_path):
    other = tmp_path / "other.pad"
    other.write_text(
        (PADS / "virtual.pad").read_text().replace("name = virtual", "name = other"))
    night = simulate(*NIGHT, tmp_path / "night")
    done = rig.psoasmon("classify", "--pad", other, "--raw", "--calibration", kept, night)
    assert done.returncode == 0
    assert "belongs to the pad virtual, not to other" in done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["position"] == "left_side"


def reload(d):
    before = d.manager.lines().count("READY=1")
    d.send_signal(signal.SIGHUP)
    rig.wait_for(lambda: d.manager.lines().count("READY=1") > before, "reloaded")


def test_psoasmond_reads_it_again(calibrate, session, daemon, pad, tmp_path):
    d = daemon("--rate", "1", "--start", "2026-01-05T22:30:00Z", port=pad.path,
               pad="virtual").ready()
    d.wait_connected()
    kept = tmp_path / "nights.db-calibration"
    data = simulate(*NIGHT, tmp_path / "night").read_bytes()
    pad.send(data)
    frames = d.wait_frames(600)["pad"]["frames"]
    assert d.status()["position"]["identifier"] == "left_side"
    reload(d)
    assert d.status()["pad"]["frames"] == frames  # nothing is new

    assert "psoasmond has read it again" in learn(calibrate, session).stdout
    assert "fitted to the sleeper" in d.told()[-2]
    pad.send(data[len(data) // 2:])
    d.wait_frames(300)
    assert d.status()["position"]["identifier"] == "right_side"

    kept.write_bytes(kept.read_bytes()[:-1])
    reload(d)
    assert any("the calibration is not used" in line and "checksum" in line for line in d.told())
    assert "without a calibration" in d.told()[-2]
    pad.send(data[len(data) // 2:])
    d.wait_frames(300)
    assert d.status()["position"]["identifier"] == "left_side"
    assert d.stop() == 0


def test_psoasmond_refuses_to_read_it_again(session, daemon, pad, tmp_path):
    d = daemon(port=pad.path, pad="virtual").ready()
    d.config.write_text("[report]\nfriendly = nowhere\n")
    (tmp_path / "other.conf").write_text("")
    done = learn(lambda *arguments: rig.psoasmon(
        "calibrate", "--config", tmp_path / "other.conf", "--database", d.database, *arguments),
        session)
    assert done.returncode == 0 and "Used from now on" in done.stdout
    assert "nowhere" in done.stderr and "at its next start or reload" in done.stderr
    assert d.stop() == 0


def test_psoasmond_starts_with_it(kept, daemon, pad):
    d = daemon(port=pad.path, pad="virtual").ready()
    assert any("fitted to the sleeper" in line for line in d.told())
    assert d.stop() == 0
