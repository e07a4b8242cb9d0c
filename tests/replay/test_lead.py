# SPDX-License-Identifier: GPL-3.0-or-later
"""`psoasmon calibrate --positions` at a terminal, with a sleeper who does what it says, or does
not. The pad sends a frame a second of its own time, and the next only when the terminal has
answered the one before: how long that takes is of no importance."""
import os
import pathlib
import re
import signal

import pytest

import rig
from test_pads import PAD as COARSE
from test_watchers import watch
from terminal import Terminal

START = "2026-01-05T22:30:00Z"
READY_S, HOLD_S = 10, 20
INSTRUCTIONS = {
    "supine": "arms beside the body",
    "left_side": "On the left side, hips",
    "right_side": "On the right side, hips",
    "supine_knees_raised": "both knees up",
    "reclined": "the upper body raised",
}
SIMULATED = ("supine", "left_side", "right_side")
SOMEBODY = pathlib.Path(os.environ["PSOASMON_RECORDINGS"]) / "pmat" / "S4"


def simulate(plan, path):
    done = rig.psoasmon("simulate", "--pad", "virtual", "--rate", "1", "--seed", 7, "--plan", plan,
                        "--output", path)
    assert done.returncode == 0, done.stderr
    return path.read_bytes()


@pytest.fixture(scope="module")
def lying(tmp_path_factory):
    """A minute of frames in each position, and of an empty bed."""
    directory = tmp_path_factory.mktemp("lying")
    frames = {"empty": [rig.virtual_frame(rig.NOBODY)] * 60}
    for position in SIMULATED:
        data = simulate(f"{position}:120", directory / position)
        size = len(data) // 120
        frames[position] = [data[i * size:(i + 1) * size] for i in range(60, 120)]
    return frames


class Bed:
    """psoasmond, its pad, somebody on it, and the terminal they look at."""

    def __init__(self, daemon, pad, lying, terminals, name="virtual"):
        self.pad, self.lying, self.terminals = pad, lying, terminals
        self.d = daemon("--rate", "1", "--start", START, port=pad.path, pad=name).ready()
        self.d.wait_connected()
        self.kept = self.d.directory / "nights.db-calibration"

    def calibrate(self, *arguments):
        self.t = Terminal("calibrate", "--config", self.d.config, "--database", self.d.database,
                          "--positions", *arguments)
        self.terminals.append(self.t)
        return self.t

    def lie(self, position, frames):
        """So many frames, each of them answered."""
        for i in range(frames):
            before = len(self.t.text)
            self.pad.send(self.lying[position][i % 60])
            while len(self.t.text) == before:
                assert self.t.read_more(), self.t.text

    def hold(self, asked, position, at=0):
        """From the prompt on until it is held; returns where that is said."""
        at = self.t.wait(INSTRUCTIONS[asked], at)
        self.lie(position, 1 + READY_S + HOLD_S)
        return self.t.wait("Held.", at)

    def nobody_watches(self):
        rig.wait_for(lambda: self.d.status()["watchers"]["count"] == 0, "the place free")


@pytest.fixture
def bed(daemon, pad, lying, terminals):
    return Bed(daemon, pad, lying, terminals)


def test_from_the_first_position_to_the_night(bed):
    t = bed.calibrate("--hold", "right_side", "--hold", "left_side")
    t.wait("2 positions, 20 s each")
    # What is done is not what was asked for, so that its effect cannot be missed.
    at = bed.hold("right_side", "left_side")
    bed.hold("left_side", "right_side", at)
    assert t.finish() == 0, t.text
    assert "Get into it: 10 s" in t.text and "Hold still: 20 s" in t.text
    assert re.search(r"It helps: .* frames held back", t.text)
    assert f"Used from now on: {bed.kept}" in t.text
    assert "psoasmond has read it again" in t.text
    assert any("fitted to the sleeper" in line for line in bed.d.told())
    bed.nobody_watches()

    bed.pad.send(b"".join(bed.lying["left_side"] * 5))
    bed.d.wait_frames(300)
    assert bed.d.status()["position"]["identifier"] == "right_side"
    assert bed.d.status()["watchers"]["dropped_maps"] == 0

    undone = rig.psoasmon("calibrate", "--config", bed.d.config, "--database", bed.d.database,
                          "--undo")
    assert undone.returncode == 0 and "psoasmond has read it again" in undone.stdout
    assert any("without a calibration" in line for line in bed.d.told())
    assert bed.d.stop() == 0


def test_the_usual_positions(bed):
    t = bed.calibrate()
    at = t.wait("6 positions")
    for number in range(6):
        at = t.wait(f"{number + 1} of 6", at)
        t.type("\n")
        at = t.wait("Left out.", at)
    assert t.finish() == 1
    assert "no position was held: nothing was changed" in t.text
    text = " ".join(t.text.split())
    assert INSTRUCTIONS["supine"] in text and "Where they cannot, press Enter" in text
    assert not bed.kept.exists()


def test_somebody_real(daemon, pad, terminals):
    if not SOMEBODY.is_dir():
        pytest.skip(f"no recordings: {SOMEBODY} is not there")
    files = {"supine": 1, "supine_knees_raised": 10, "reclined": 15}
    # The first three frames of a file are no frames.
    lying = {position: (SOMEBODY / f"{n}.txt").read_bytes().splitlines(True)[3:]
             for position, n in files.items()}
    bed = Bed(daemon, pad, lying, terminals, "pmat")
    t = bed.calibrate(*(option for position in files for option in ("--hold", position)))
    at = 0
    for position in files:
        at = bed.hold(position, position, at)
    t.finish()
    assert "Once more:" not in t.text
    # Seven frames a second apart are held back of each, and all are told rightly.
    words = re.sub(r"\x1b\[[0-9;]*m", "", t.text).split()
    frames, _, right_after = words[words.index("all") + 1:][:3]
    assert (frames, right_after) == ("21", "21")


def test_a_coarse_pad(daemon, pad, terminals, tmp_path):
    coarse = tmp_path / "coarse.pad"
    coarse.write_text(COARSE.format(name="coarse", rows=4, cols=4, pitch="400 200"))
    bed = Bed(daemon, pad, {}, terminals, coarse)
    t = bed.calibrate("--pad", coarse)
    t.wait("3 positions, 20 s each")
    t.wait(INSTRUCTIONS["supine"])
    t.type("\x04")
    assert t.finish() == 1
    # And without the name of the file there is no such pad.
    t = bed.calibrate()
    assert t.finish() == 1 and "'coarse'" in t.text


def test_a_hold_begins_again_until_it_is_left_out(bed):
    t = bed.calibrate("--hold", "supine", "--hold", "left_side")
    at = t.wait(INSTRUCTIONS["supine"])
    bed.lie("supine", 1 + READY_S + 8)
    bed.lie("left_side", 1)
    at = t.wait("That moved.", at)
    at = t.wait("Once more:", at)
    bed.lie("supine", 1 + READY_S + 5)
    bed.lie("empty", 1)
    at = t.wait("Nobody is on the pad.", at)
    at = t.wait("Once more:", at)
    bed.lie("supine", 1 + READY_S + HOLD_S - 2)
    bed.lie("left_side", 1)
    at = t.wait("That moved.", at)
    at = t.wait("Left out.", at)
    bed.hold("left_side", "left_side", at)
    t.finish()
    # Of the three begun nothing is left to learn from.
    assert re.search(r"left_side +7 ", t.text) and "\nsupine " not in t.text


def test_frames_that_are_missing(bed):
    t = bed.calibrate("--hold", "supine")
    t.wait(INSTRUCTIONS["supine"])
    bed.lie("supine", 1 + READY_S + 5)
    damaged = b"PSOA" + bytes(len(bed.lying["supine"][0]) - 4)
    bed.pad.send(damaged[:-1] + b"\1" + damaged[:-1] + b"\1" + damaged[:-1] + b"\1")
    bed.lie("supine", 1)
    t.wait("The pad paused.")
    t.type("\n")
    assert t.finish() == 1


def test_skipped_in_the_middle(bed):
    t = bed.calibrate("--hold", "supine", "--hold", "left_side")
    at = t.wait(INSTRUCTIONS["supine"])
    bed.lie("supine", 1 + READY_S + 15)
    t.type("\n")
    at = t.wait("Left out.", at)
    bed.hold("left_side", "left_side", at)
    t.finish()
    assert re.search(r"left_side +7 ", t.text) and "\nsupine " not in t.text


def test_control_c_leaves_nothing_behind(bed):
    t = bed.calibrate("--hold", "supine")
    t.wait(INSTRUCTIONS["supine"])
    bed.lie("supine", 1 + READY_S + 5)
    before = {path.name for path in bed.d.directory.iterdir()}
    t.type("\x03")
    assert t.finish() == -signal.SIGINT
    bed.nobody_watches()
    assert {path.name for path in bed.d.directory.iterdir()} == before
    assert bed.d.stop() == 0


def test_the_end_of_the_input(bed):
    t = bed.calibrate("--hold", "supine")
    t.wait(INSTRUCTIONS["supine"])
    t.type("\x04")
    assert t.finish() == 1
    assert "given up: nothing was changed" in t.text


def test_psoasmond_ends_meanwhile(bed):
    t = bed.calibrate("--hold", "supine")
    t.wait(INSTRUCTIONS["supine"])
    bed.lie("supine", 5)
    assert bed.d.stop() == 0
    assert t.finish() == 1
    assert "psoasmond has ended" in t.text


def test_watchers_too_many(bed):
    others = [watch(bed.d) for _ in range(4)]
    t = bed.calibrate()
    assert t.finish() == 1
    assert "as many programs as may are watching already" in t.text
    for other in others:
        other.close()


def test_another_pad(bed):
    t = bed.calibrate("--pad", "jq-bed-32")
    t.wait("1 of 6")
    bed.pad.send(bed.lying["supine"][0])
    assert t.finish() == 1
    assert "psoasmond's pad is virtual, not jq-bed-32" in t.text


def test_a_place_that_cannot_be_written(bed, tmp_path):
    t = bed.calibrate("--calibration", tmp_path / "nowhere" / "file")
    assert t.finish() == 1
    assert "could not be written" in t.text


def test_the_pad_is_not_there(daemon, tmp_path, terminals):
    d = daemon(port=tmp_path / "nowhere", pad="virtual").ready()
    t = Terminal("calibrate", "--config", d.config, "--database", d.database, "--positions")
    terminals.append(t)
    assert t.finish() == 1
    assert "psoasmond waits for the pad: " in t.text
    assert d.stop() == 0


def test_psoasmond_does_not_run(tmp_path):
    (tmp_path / "psoasmon.conf").write_text("")
    t = Terminal("calibrate", "--config", tmp_path / "psoasmon.conf", "--database",
                 tmp_path / "nights.db", "--positions")
    assert t.finish() == 1
    assert "psoasmond does not run for" in t.text
