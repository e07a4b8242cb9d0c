# SPDX-License-Identifier: GPL-3.0-or-later
"""Pads that see too little: what they cannot tell is not guessed at, or they are refused."""
import json
import os
import pathlib

import pytest

import rig

UNDER = pathlib.Path(os.environ["PSOASMON_RECORDINGS"]) / "popu/under"
COARSE = {"supine", "left_side", "right_side", "prone", "sitting", "unknown", "empty"}
PAD = """\
[pad]
name = {name}
title = A pad of {rows} x {cols} cells
status = untested

[wire]
framing = lines
sample = ascii
rate_hz = 1
time = count

[grid]
rows = {rows}
cols = {cols}
head = top
left = left

[cells]
pitch_mm = {pitch}
full_scale = 255
touch = 3
"""


@pytest.fixture
def describe(tmp_path):
    def write(rows, cols, pitch):
        name = f"pad-{rows}x{cols}"
        path = tmp_path / f"{name}.pad"
        path.write_text(PAD.format(name=name, rows=rows, cols=cols, pitch=pitch))
        return path
    return write


def simulate(pad, tmp_path):
    sent = tmp_path / "sent"
    plan = "supine_knees_raised:30,left_fetal:30,reclined:30,prone:30"
    done = rig.psoasmon("simulate", "--pad", pad, "--rate", "1", "--plan", plan, "--seed", 3,
                        "--output", sent)
    assert done.returncode == 0, done.stderr
    return sent


def test_a_coarse_pad_tells_coarse_positions(describe, tmp_path):
    pad = describe(4, 4, "400 200")
    sent = simulate(pad, tmp_path)
    for options in ([], ["--raw"]):
        done = rig.psoasmon("classify", "--pad", pad, *options, sent)
        assert done.returncode == 0, done.stderr
        assert "pad 'pad-4x4' is too coarse for every position" in done.stderr
        assert "reclined are reported as supine; left_fetal as left_side" in done.stderr
        frames = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(frames) == 120
        for frame in frames:
            assert frame["position"] in COARSE
            probabilities = frame["probabilities"]
            assert sum(probabilities.values()) == pytest.approx(1, abs=2e-5)
            assert not any(probabilities[p] for p in probabilities.keys() - COARSE)
        assert {frame["position"] for frame in frames} - {"unknown", "empty"}


def test_nights_and_readings_of_a_coarse_pad(describe, tmp_path):
    pad = describe(4, 4, "400 200")
    config, database = tmp_path / "psoasmon.conf", tmp_path / "nights.db"
    config.write_text("[night]\nnight_min_s = 60\n")
    done = rig.psoasmon("replay", "--config", config, "--database", database, "--pad", pad,
                        "--start", "2026-01-05T22:30:00Z", simulate(pad, tmp_path))
    assert done.returncode == 0, done.stderr
    told = {position for position, in rig.rows(database, "SELECT position FROM bouts")}
    assert told and told <= COARSE


def test_a_fine_pad_of_few_cells_is_not_called_coarse(describe, tmp_path):
    pad = describe(12, 6, "136 136")
    done = rig.psoasmon("classify", "--pad", pad, simulate(pad, tmp_path))
    assert done.returncode == 0
    assert done.stderr == ""


@pytest.mark.parametrize("rows, cols, pitch, why", [
    (2, 2, "800 400", "pad 'pad-2x2': 2 x 2 cells are too few to tell positions"),
    (32, 32, "12 12", "pad 'pad-32x32': 0.38 m x 0.38 m is too small to tell positions"),
])
def test_a_pad_that_tells_nothing_is_refused(describe, tmp_path, daemon, rows, cols, pitch, why):
    pad = describe(rows, cols, pitch)
    sent, config = tmp_path / "sent", tmp_path / "psoasmon.conf"
    sent.write_text("1 " * rows * cols + "\n")
    config.write_text("")
    database = ["--config", config, "--database", tmp_path / "nights.db"]
    for arguments in (["classify", "--pad", pad, sent],
                      ["replay", *database, "--pad", pad, sent],
                      ["calibrate", *database, "--positions", "--pad", pad, "--from",
                       f"prone={sent}"],
                      ["positions", *database, "--pad", pad]):
        done = rig.psoasmon(*arguments)
        assert (done.returncode, done.stderr) == (1, f"psoasmon: {why}\n")
        assert done.stdout == ""
    d = daemon(port=tmp_path / "port", pad=str(pad))
    assert d.process.wait(rig.DEADLINE_S) == 1
    assert d.told() == [f"psoasmond: {why}"]
    assert not (tmp_path / "nights.db").exists()


def test_psoasmond_says_what_a_coarse_pad_cannot_tell(describe, daemon, pad):
    d = daemon(port=pad.path, pad=str(describe(4, 4, "400 200"))).ready()
    assert any("this pad is too coarse for every position: supine_knees_raised, " in line
               for line in d.told())
    d.stop()


def test_what_a_pad_can_tell(describe, tmp_path):
    config = tmp_path / "psoasmon.conf"
    config.write_text("")
    coarse = describe(4, 4, "400 200")
    said = rig.psoasmon("positions", "--config", config, "--pad", coarse)
    assert said.returncode == 0
    assert "4 x 4 cells of 400 mm x 200 mm: fine enough for the coarser positions" in said.stdout
    fine = rig.psoasmon("positions", "--config", config, "--pad", "pmat")
    assert "fine enough to tell every position" in fine.stdout
    assert "reported as" not in fine.stdout
    told = json.loads(rig.psoasmon("positions", "--config", config, "--json", "--pad",
                                   coarse).stdout)["pad"]
    assert told["name"] == "pad-4x4"
    assert told["reported_as"]["supine_left_knee"] == "supine"
    assert told["reported_as"]["sitting"] == "sitting"


def readings(path):
    """A frame of a sheet under the mattress a list item."""
    snapshots = json.loads(path.read_text())["snapshots"].values()
    return [snapshot["sensomatt_readings"] for snapshot in snapshots]


@pytest.mark.skipif(not UNDER.is_dir(), reason=f"no recordings: {UNDER} is not there")
def test_a_sheet_under_a_mattress(describe, tmp_path):
    """A body adds a dozen counts to cells that differ by as much when nobody is there."""
    empty = readings(UNDER / "empty1.json")
    means = [round(sum(cell) / len(cell)) for cell in zip(*empty[:5])]
    pad = describe(12, 6, "136 136")
    rows = "".join(f"  {' '.join(map(str, means[at:at + 6]))}\n" for at in range(0, 72, 6))
    pad.write_text(pad.read_text().replace("full_scale = 255",
                                           "full_scale = 560\nbaselines =\n" + rows))

    def occupied(path, first=0):
        sent = tmp_path / "sent"
        sent.write_text("".join(" ".join(map(str, frame)) + "\n" for frame in
                                readings(path)[first:]))
        done = rig.psoasmon("classify", "--pad", pad, "--raw", sent)
        assert done.returncode == 0, done.stderr
        return [json.loads(line)["position"] != "empty" for line in done.stdout.splitlines()]

    assert not any(occupied(UNDER / "empty1.json", 5))
    for path in sorted(UNDER.glob("*.json")):
        if not path.stem.startswith("empty"):
            assert all(occupied(path)), path.stem


def listed(*options):
    done = rig.psoasmon("pads", *options)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_every_shipped_pad_is_listed():
    shipped = sorted(path.stem for path in pathlib.Path(os.environ["PSOASMON_PADS"]).glob("*.pad"))
    lines = [line.split() for line in listed().splitlines()]
    names = [line[0] for line in lines[1:]]
    assert names == sorted(names) and set(shipped) <= set(names)
    assert ["jq-bed-32", "untested", "32", "x", "32", "1000000"] in [line[:6] for line in lines]
    assert ["pmat", "recordings", "64", "x", "32"] in [line[:5] for line in lines]


def test_a_broken_pad_is_listed_and_disables_no_other(describe, tmp_path):
    describe(4, 4, "400 200")
    (tmp_path / "wrong.pad").write_text("[pad]\ncolour = red\n")
    (tmp_path / "other.pad").write_text((tmp_path / "pad-4x4.pad").read_text())
    (tmp_path / "jq-bed-32.pad").write_text("nonsense\n")
    whole = len(listed().splitlines())
    text = listed("--in", tmp_path)
    assert len(text.splitlines()) == whole + 3 + 1 + 3
    states = {line.split()[0]: line.split()[1] for line in text.splitlines()[1:whole + 3]}
    assert states["pad-4x4"] == "untested"
    assert [states[name] for name in ("wrong", "other", "jq-bed-32")] == ["broken"] * 3
    assert f"{tmp_path}/wrong.pad:2: colour: unknown key in [pad]\n" in text
    assert f"{tmp_path}/other.pad: [pad] name is 'pad-4x4', and not what the file is called\n" in text
    assert f"{tmp_path}/jq-bed-32.pad:1: neither a [section] nor a key = value\n" in text


def test_where_a_pad_comes_from_is_told(tmp_path):
    shipped = pathlib.Path(os.environ["PSOASMON_PADS"]) / "jq-bed-32.pad"
    (tmp_path / "jq-bed-32.pad").write_text(shipped.read_text())
    text = listed("--verbose", "--in", tmp_path)
    assert f"""jq-bed-32
  JQ bed 32 x 32: 32 x 32, untested, baud 1000000
  delimited, 10 a second
  from {tmp_path}/jq-bed-32.pad
  instead of """ in text
