# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pipeline makes of a bed with given weights, and how right it is."""

import os
import subprocess

import numpy as np
import torch
import torch.nn.functional as F

import data
from beds import EMPTY, UNJUDGED, UNKNOWN
from network import NEAR, prepare

N = EMPTY + 2  # positions, EMPTY and UNKNOWN among them
RECORD = np.dtype([("file", "u4"), ("frame", "u4"), ("drop", "u4"), ("occupied", "u4"),
                   ("filtered", "u4"), ("confidence", "f4"), ("probabilities", "f4", N),
                   ("filtered_probabilities", "f4", N)])  # struct judged of judge.c

# A personal calibration: two minutes, six holds of 20 s, from where these recordings begin to show
# what they are called.
HELD = [1, 3, 2, 12, 11, 15]
HOLD_FRAMES = 20

# Coarser than positions, for test sets that tell no more.
GROUPS = ["on the back", "left side", "right side", "on the front", "sitting", "empty", "unknown"]
GROUP_OF = np.array([
    0 if name.startswith("supine") or name == "reclined" else
    1 if name.startswith("left") else 2 if name.startswith("right") else
    3 if name == "prone" else 4 for name in data.POSITIONS] + [5, 6])


class Judged:
    """Frames with what they are and what was said of them; all one entry a frame."""

    FIELDS = ("person", "file", "frame", "truth", "raw", "raw_confidence", "raw_probabilities",
              "filtered", "filtered_confidence", "filtered_probabilities")

    def __init__(self, **fields):
        self.__dict__.update(fields)

    def __len__(self):
        return len(self.truth)

    def where(self, mask):
        return Judged(**{name: getattr(self, name)[mask] for name in self.FIELDS})

    @staticmethod
    def join(parts):
        return Judged(**{name: np.concatenate([getattr(p, name) for p in parts])
                         for name in Judged.FIELDS})

    def occupied(self):
        """Those with somebody there."""
        return self.where(self.truth != EMPTY)

    def grouped(self):
        """As GROUPS; a group is as probable as its positions together."""
        fields = {name: getattr(self, name) for name in self.FIELDS}
        fields["truth"] = GROUP_OF[self.truth]
        for how in ("raw", "filtered"):
            said = fields[how] = GROUP_OF[fields[how]]
            of_groups = fields[f"{how}_probabilities"] @ np.eye(len(GROUPS))[GROUP_OF]
            fields[f"{how}_confidence"] = of_groups[np.arange(len(said)), said]
        return Judged(**fields)

    def right(self, how="raw"):
        return getattr(self, how) == self.truth


def judge(build, weights, bed, holds=()):
    """`holds`: (position's name, path) of what to calibrate with before. A frame that is dropped is
    taken for unknown."""
    command = [os.path.join(build, "model/judge")]
    for position, path in holds:
        command += ["--hold", f"{position}={path}"]
    paths = [recording[0] for recording in bed.recordings]
    out = subprocess.run([*command, weights, bed.pad, *paths], check=True,
                         stdout=subprocess.PIPE).stdout
    records = np.frombuffer(out, RECORD)
    parts = []
    for at, (_, person, file, position, first) in enumerate(bed.recordings):
        of_file = records[records["file"] == at]
        of_file = of_file[of_file["frame"] >= first]
        dropped = of_file["drop"] != 0
        n, frame = len(of_file), of_file["frame"]
        truth = position[frame] if position.ndim else np.full(n, position)
        probabilities = of_file["probabilities"]
        parts.append(Judged(
            person=np.full(n, person), file=np.full(n, file), frame=frame, truth=truth,
            raw=np.where(dropped, UNKNOWN, probabilities.argmax(1)),
            raw_confidence=probabilities.max(1), raw_probabilities=probabilities,
            filtered=np.where(dropped, UNKNOWN, of_file["filtered"]),
            filtered_confidence=of_file["confidence"],
            filtered_probabilities=of_file["filtered_probabilities"],
        ).where(truth != UNJUDGED))
    return Judged.join(parts)


def calibrated(build, weights, bed, folder):
    """Of somebody's bed of PmatData: before and after a personal calibration, on the frames that
    were not held for it."""
    paths = {file: (path, person) for path, person, file, _, _ in bed.recordings}
    holds, ends = [], {}
    for file in HELD:
        path, person = paths[file]
        first = data.PMAT_LATE.get((person, file), data.PMAT_FIRST)
        ends[file] = first + HOLD_FRAMES
        held = os.path.join(folder, f"held-{person}-{file}.txt")
        with open(path, "rb") as whole, open(held, "wb") as part:
            part.writelines(whole.readlines()[first:ends[file]])
        holds.append((data.PMAT[file], held))
    before, after = judge(build, weights, bed), judge(build, weights, bed, holds)
    others = before.frame >= np.array([ends.get(file, 0) for file in before.file])
    return before.where(others), after.where(others)


def postures(networks, frames):
    """What the networks for PmatData's mat take each frame for, among its 17 postures; and what the
    files say. Straight from Python: the programs know positions only."""
    n = len(data.POSTURE_FILES)
    mirrored = torch.from_numpy(data.POSTURE_MIRRORED[:n])
    total = torch.zeros(len(frames), n)
    with torch.no_grad():
        for network, pads in networks:
            if not pads & NEAR:
                continue
            for at in torch.arange(len(frames)).split(512):
                maps = torch.from_numpy(frames.maps[at.numpy()])
                covered = torch.ones_like(maps)
                seen = F.softmax(network(prepare(maps, covered)), 1)[:, :n]
                turned = F.softmax(network(prepare(maps.flip(2), covered)), 1)[:, :n]
                total[at] += seen + turned[:, mirrored]
    return frames.postures(), total.argmax(1).numpy()


# ---- how far its confidence can be trusted ----

BINS = 10


def reliability(right, confidence):
    """For each tenth of the confidence that has frames: (which, frames, mean confidence, share
    right)."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return [(b, (bins == b).sum(), confidence[bins == b].mean(), right[bins == b].mean())
            for b in np.unique(bins)]


def calibration_error(right, confidence):
    """Expected calibration error: the bins' distances, weighed by their frames."""
    rows = reliability(right, confidence)
    return sum(n * abs(sure - share) for _, n, sure, share in rows) / max(len(right), 1)
