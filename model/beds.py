# SPDX-License-Identifier: GPL-3.0-or-later
"""Beds to judge by: a pad, what it sent, and who lies how in each frame.

Here those that were recorded; stand_ins.py has those made of recordings. Whatever a bed is made of,
it comes to bytes and a pad description, so that the pipeline is judged from end to end.
"""

import glob
import json
import os
import re

import numpy as np

import data

EMPTY, UNKNOWN = len(data.POSITIONS), len(data.POSITIONS) + 1  # in the order of position.h
UNJUDGED = -1

PAD = """\
[pad]
name = {name}
title = {title}
status = recordings
[wire]
framing = lines
sample = ascii
rate_hz = 1
[grid]
rows = {rows}
cols = {cols}
{grid}
[cells]
pitch_mm = {row_mm:.3f} {col_mm:.3f}
full_scale = {full_scale}
baseline = {baseline}
touch = {touch}
"""
UPRIGHT = "head = top\nleft = left"


class Bed:
    """`name` is what the figures are filed under."""

    def __init__(self, name, pad, folder=None):
        self.name, self.pad, self.folder = name, pad, folder
        self.recordings = []

    @staticmethod
    def of_pad(folder, name, title, shape, pitch_mm, full_scale, touch, baseline=0, grid=UPRIGHT):
        """With a pad description of its own."""
        path = os.path.join(folder, f"{name}.pad")
        with open(path, "w", encoding="ascii") as file:
            file.write(PAD.format(name=name, title=title, rows=shape[0], cols=shape[1], grid=grid,
                                  row_mm=pitch_mm[0], col_mm=pitch_mm[1], full_scale=full_scale,
                                  baseline=baseline, touch=touch))
        return Bed(name, path, folder)

    def add(self, path, person, file, position, first=0):
        """`position`: of all frames, or of each; judged from frame `first` on."""
        self.recordings.append((path, person, file, np.asarray(position), first))

    def add_counts(self, counts, person, file, position):
        """Counts of n frames, a frame a line."""
        path = os.path.join(self.folder, f"{self.name}-{len(self.recordings)}.txt")
        np.savetxt(path, counts.reshape(len(counts), -1), "%d")
        self.add(path, person, file, position)


def pmat(person, recordings):
    """One of PmatData's people, the data set's own files. Each frame is what its file is called,
    but for S7/1, which begins as an empty bed."""
    bed = Bed("pmat", "pmat")
    for file in sorted(data.PMAT):
        position = np.full(1000, data.INDEX[data.PMAT[file]])
        if (person, file) == (7, 1):
            position[:15], position[15] = EMPTY, UNJUDGED
        bed.add(os.path.join(recordings, f"pmat/S{person}/{file}.txt"), person, file, position,
                data.PMAT_FIRST)
    return bed


# Judged by the side they lie on: what is neither straight nor fetal is that, too.
POPU = {**data.POPU, "left3": "left_side", "right4": "right_side"}


def popu_recordings(recordings, sheet):
    """(name, frames) of each of the sheet's recordings."""
    key = {"over": "tactilus_readings", "under": "sensomatt_readings"}[sheet]
    for path in sorted(glob.glob(os.path.join(recordings, "popu", sheet, "*.json"))):
        with open(path, encoding="utf-8") as file:
            snapshots = json.load(file)["snapshots"].values()
        name = re.match("[a-z]+[0-9]+", os.path.basename(path)).group()
        yield name, np.array([snapshot[key] for snapshot in snapshots])


def popu_over(recordings, folder):
    bed = Bed("popu-over", os.path.join(data.HERE, "popu.pad"), folder)
    for file, (name, counts) in enumerate(popu_recordings(recordings, "over")):
        position = EMPTY if name.startswith("empty") else data.INDEX[POPU[name]]
        bed.add_counts(counts, data.POPU_PERSON, file, position)
    return bed


def popu_under(recordings, folder):
    """Half of the empty recording says what each cell reads by itself; the other half is judged.
    The file's first row is at the feet: so it fits what the sheet above shows (correlation of the
    cells 0.53, else 0.20 at most)."""
    bed = Bed.of_pad(folder, "popu-under", "PoPu recordings (sheet under the mattress)", (12, 6),
                     (160, 135), full_scale=515, baseline=480, touch=2,
                     grid="head = bottom\nleft = left")
    sheet = list(popu_recordings(recordings, "under"))
    at_rest = np.concatenate([c[:len(c) // 2] for name, c in sheet if name.startswith("empty")])
    for file, (name, counts) in enumerate(sheet):
        empty = name.startswith("empty")
        position = EMPTY if empty else data.INDEX[POPU[name]]
        judged = counts[len(counts) // 2:] if empty else counts
        level = (judged - at_rest.mean(0) + 480).round().clip(0)
        bed.add_counts(level, data.POPU_PERSON, file, position)
    return bed


FSR16 = {"empty": EMPTY, "back": data.INDEX["supine"], "left_side": data.INDEX["left_side"],
         "right_side": data.INDEX["right_side"], "stomach": data.INDEX["prone"]}
FSR16_PERSON = 200  # and up
FSR16_AT_REST = 5  # of the empty recordings, in time
# The cells come in blocks of two by two.
FSR16_ORDER = [0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15]


def fsr16(recordings, folder):
    """Sixteen force-sensing resistors. Where they lay is not told: the pitch and the sleeper's left
    are guesses. Ten bits a cell; the first empty recordings say what it reads by itself."""
    bed = Bed.of_pad(folder, "fsr16", "Sixteen force-sensing resistors", (4, 4), (400, 200),
                     full_scale=600 + 1023, baseline=600, touch=40)
    at_rest, n_empty = [], 0
    for file, path in enumerate(sorted(glob.glob(os.path.join(recordings, "fsr16/*.csv")))):
        label, person = re.search("__([a-z_]+)___(\\w+?)__", os.path.basename(path)).groups()
        counts = np.loadtxt(path, delimiter=",", skiprows=1)[:, FSR16_ORDER]
        n_empty += label == "empty"
        if label == "empty" and n_empty <= FSR16_AT_REST:
            at_rest.append(counts.mean(0))
            continue
        level = (counts - np.mean(at_rest, 0) + 600).round().clip(0)
        number = FSR16_PERSON + (int(person[1:]) if person != "none" else 0)
        bed.add_counts(level, number, file, FSR16[label])
    return bed
