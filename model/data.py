# SPDX-License-Identifier: GPL-3.0-or-later
"""The recordings as pressure maps with positions, read by the pipeline's own C code."""

import glob
import json
import os
import subprocess
import tempfile

import numpy as np

POSITIONS = [
    "supine", "supine_knees_raised", "supine_left_knee", "supine_right_knee",
    "supine_legs_raised", "reclined", "left_fetal", "right_fetal",
    "left_side", "right_side", "prone", "sitting",
]  # in the order of position.h
INDEX = {name: i for i, name in enumerate(POSITIONS)}
MIRRORED = np.array([
    INDEX[p.replace("left", "RIGHT").replace("right", "left").replace("RIGHT", "right")]
    for p in POSITIONS
])
ROWS, COLS = 64, 32

# What the network tells apart is finer than positions: PmatData's postures, where they are known.
# A position's probability is the sum over its postures. The order is that of position_of in
# model.c.
POSTURE_FILES = [1, 8, 9, 10, 12, 11, 15, 16, 17, 14, 13, 3, 6, 7, 2, 4, 5]
POSTURE_MIRRORED_FILES = {2: 3, 3: 2, 4: 6, 6: 4, 5: 7, 7: 5, 11: 12, 12: 11, 13: 14, 14: 13}

PMAT = {
    1: "supine", 8: "supine", 9: "supine",
    2: "right_side", 4: "right_side", 5: "right_side",
    3: "left_side", 6: "left_side", 7: "left_side",
    10: "supine_knees_raised", 11: "supine_right_knee", 12: "supine_left_knee",
    13: "right_fetal", 14: "left_fetal",
    15: "reclined", 16: "reclined", 17: "reclined",
}
NO_POSITION = -1  # nobody (an animal, a suitcase, laundry, a drifting baseline); several people
POSTURE_POSITIONS = np.array([INDEX[PMAT[f]] for f in POSTURE_FILES] + [
    INDEX["supine_legs_raised"], INDEX["prone"], INDEX["sitting"], NO_POSITION, NO_POSITION])
POSTURE_MIRRORED = np.array(
    [POSTURE_FILES.index(POSTURE_MIRRORED_FILES.get(f, f)) for f in POSTURE_FILES] +
    list(range(len(POSTURE_FILES), len(POSTURE_POSITIONS))))
PMAT_PEOPLE = [1, 2, 3, 4, 5, 7, 8, 9, 10]
PMAT_FIRST = 3  # the frames before are start-up noise
# Not yet what the file says: S7/1 is an empty bed at first; in S7/12 both legs lie on the mat.
PMAT_LATE = {(7, 1): 16, (7, 12): 36}

# The "recordings" of what no recording shows.
LEGS_RAISED, SITTING, PRONE, NOBODY, SEVERAL, STRAIGHT = range(200, 206)

POPU_PERSON = 100  # numbers below are PmatData's people
SIMULATED = 1000  # the person whom all simulated sleepers count as
SIMULATED_SEEDS = range(10001, 10201)  # far from the ones anybody would try

POPU = {
    **{f"prone{i}": "prone" for i in range(1, 8)},
    **{f"supine{i}": "supine" for i in (1, 2, 3, 6)},
    "supine4": "supine_right_knee", "supine5": "supine_left_knee",
    "supine7": "supine_knees_raised",
    **{f"left{i}": "left_side" for i in (1, 4, 5, 6, 7)}, "left2": "left_fetal",
    **{f"right{i}": "right_side" for i in (1, 3, 5, 6, 7)}, "right2": "right_fetal",
}  # left3 and right4 are neither straight nor fetal

HERE = os.path.dirname(os.path.abspath(__file__))


class Frames:
    """maps: float32 (n, 64, 32); the rest one entry a frame."""

    def __init__(self, maps, position, person, file, frame):
        self.maps, self.position, self.person = maps, position, person
        self.file, self.frame = file, frame

    def __len__(self):
        return len(self.maps)

    def postures(self):
        """The posture of each frame; -1 where only the position is known."""
        known = {file: i for i, file in enumerate(POSTURE_FILES)}
        known[NOBODY], known[SEVERAL] = len(POSTURE_POSITIONS) - 2, len(POSTURE_POSITIONS) - 1
        told = (self.person < POPU_PERSON) | (self.position == NO_POSITION)
        return np.array([known.get(f, -1) if t else -1 for t, f in zip(told, self.file)])

    def where(self, mask):
        return Frames(self.maps[mask], self.position[mask], self.person[mask], self.file[mask],
                      self.frame[mask])

    @staticmethod
    def join(parts):
        return Frames(*(np.concatenate([getattr(p, name) for p in parts])
                        for name in ("maps", "position", "person", "file", "frame")))


def read_maps(build, pad, paths):
    """(file number, frame number, map) of every good frame with somebody on the pad."""
    record = np.dtype([("file", "u4"), ("frame", "u4"), ("occupied", "u4"),
                       ("map", "f4", (ROWS, COLS))])
    out = subprocess.run([os.path.join(build, "model/maps"), pad, *paths], check=True,
                         stdout=subprocess.PIPE).stdout
    records = np.frombuffer(out, record, offset=ROWS * COLS * 4)
    records = records[records["occupied"] == 1]
    return records["file"], records["frame"], records["map"]


def pmat(build, recordings, late=True):
    """With `late`, recordings begin where they are what they say."""
    names = [(person, file) for person in PMAT_PEOPLE for file in sorted(PMAT)]
    paths = [os.path.join(recordings, f"pmat/S{person}/{file}.txt") for person, file in names]
    at, frame, maps = read_maps(build, "pmat", paths)
    person = np.array([n[0] for n in names])[at]
    file = np.array([n[1] for n in names])[at]
    position = np.array([INDEX[PMAT[n[1]]] for n in names])[at]
    first = np.array([PMAT_LATE.get(n, PMAT_FIRST) if late else PMAT_FIRST for n in names])[at]
    return Frames(maps, position, person, file, frame).where(frame >= first)


def popu(build, recordings):
    """The one person of PoPu."""
    texts, positions = [], []
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(glob.glob(os.path.join(recordings, "popu/over/*.json"))):
            position = POPU.get(os.path.basename(path).split("_")[0])
            if position is None:
                continue
            with open(path, encoding="utf-8") as recording:
                snapshots = json.load(recording)["snapshots"]
            texts.append(os.path.join(folder, f"{len(texts)}.txt"))
            positions.append(INDEX[position])
            np.savetxt(texts[-1], [s["tactilus_readings"] for s in snapshots.values()], "%d")
        at, frame, maps = read_maps(build, os.path.join(HERE, "popu.pad"), texts)
    return Frames(maps, np.array(positions)[at], np.full(len(maps), POPU_PERSON), at.astype(int),
                  frame)


def simulated(build, seeds=SIMULATED_SEEDS, pad="virtual"):
    """Sleepers of psoasmon simulate, a body each, twice in each position."""
    program, hold_s = os.path.join(build, "cli/psoasmon"), 9
    plan = ",".join(f"{position}:{hold_s}" for position in [*POSITIONS, *reversed(POSITIONS)])
    parts = []
    with tempfile.TemporaryDirectory() as folder:
        sent, truth = os.path.join(folder, "bytes"), os.path.join(folder, "truth")
        for seed in seeds:
            subprocess.run([program, "simulate", "--pad", pad, "--rate", "1", "--plan", plan,
                            "--seed", str(seed), "--output", sent, "--truth", truth], check=True)
            with open(truth, encoding="ascii") as file:
                told = [line.strip().split(",")[2] for line in file][1:]
            _, frame, maps = read_maps(build, pad, [sent])
            position = np.array([INDEX.get(told[f], -1) for f in frame])
            # The last two frames of each visit are enough: the rest is the same but for noise.
            keep = (position >= 0) & (frame % hold_s >= hold_s - 2)
            n = keep.sum()
            parts.append(Frames(maps[keep], position[keep], np.full(n, SIMULATED),
                                np.full(n, seed), frame[keep]))
    return Frames.join(parts)
