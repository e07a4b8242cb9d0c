# SPDX-License-Identifier: GPL-3.0-or-later
"""Beds that nobody recorded, made of the pressure maps of people left out: mats of other makers, a
thin sheet under a mattress, positions put together; and simulated sleepers.

Maps rather than the recordings' counts, because hot cells belong to PmatData's mat, not to who lies
on it.
"""

import os
import subprocess

import numpy as np

import data
from beds import EMPTY, UNJUDGED, UNKNOWN, Bed
from compose import compose
from strangers import strangers

MAP_MM = 25.4
TEST_SEEDS = range(1, 25)  # simulated sleepers nobody trained on


def lengthened(n_from, n_to):
    """A matrix that brings n_from cells onto n_to over the same length."""
    edges_from, edges_to = np.arange(n_from + 1) / n_from, np.arange(n_to + 1) / n_to
    overlap = (np.minimum(edges_from[None, 1:], edges_to[1:, None]) -
               np.maximum(edges_from[None, :-1], edges_to[:-1, None])).clip(0)
    return overlap * n_to


def resampled(maps, rows, cols):
    down, across = lengthened(maps.shape[1], rows), lengthened(maps.shape[2], cols)
    return down @ maps @ across.T


def blurred(maps, sigma):
    def kernel(n):
        steps = np.arange(n)[:, None] - np.arange(n)[None]
        return np.exp(-0.5 * (steps / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))
    return kernel(maps.shape[1]) @ maps @ kernel(maps.shape[2]).T


def of_another_maker(pressure, random):
    """The counts, 0 to 255, of a sensor with a response curve, lines and noise of its own."""
    peak = np.quantile(pressure, 0.999)
    curve, gain = np.exp(random.normal(0, 0.25)), random.uniform(0.6, 1.2)
    share = gain * (pressure / peak).clip(0) ** curve
    share = share * np.exp(random.normal(0, 0.08, (1, pressure.shape[1], 1)))
    share = share * np.exp(random.normal(0, 0.08, (1, 1, pressure.shape[2])))
    return (share * 255 + random.normal(0, 1.5, share.shape)).round().clip(0, 255)


def add_files(bed, frames, counts):
    for file in np.unique(frames.file):
        mine = frames.file == file
        bed.add_counts(counts[mine], frames.person[0], file, frames.position[mine])


def mat_without_head(frames, folder, random):
    """40 x 26 cells; the head lies above the mat, whose middle is 15 cm lower than PmatData's."""
    bed = Bed.of_pad(folder, "mat-40x26", "Stand-in for another mat", (40, 26),
                     (52 * MAP_MM / 40, 32 * MAP_MM / 26), full_scale=255, touch=12)
    add_files(bed, frames, of_another_maker(resampled(frames.maps[:, 12:], 40, 26), random))
    return bed


def coarse_mat(frames, folder, random):
    bed = Bed.of_pad(folder, "mat-30x11", "Stand-in for another mat", (30, 11),
                     (64 * MAP_MM / 30, 32 * MAP_MM / 11), full_scale=255, touch=12)
    add_files(bed, frames, of_another_maker(resampled(frames.maps, 30, 11), random))
    return bed


def mattress(frames, folder, random):
    """A sheet of 12 x 6 cells under a mattress that blurs by 2.5 of PmatData's cells; 14 counts at
    the peak, noise of 0.4 counts. Ten minutes of it with nobody there."""
    bed = Bed.of_pad(folder, "mattress", "Stand-in for a sheet under a mattress", (12, 6),
                     (64 * MAP_MM / 12, 32 * MAP_MM / 6), full_scale=515, baseline=480, touch=2)
    through = resampled(blurred(frames.maps, 2.5), 12, 6)
    counts = 14 * through / through.max((1, 2), keepdims=True)
    add_files(bed, frames, (480 + counts + random.normal(0, 0.4, counts.shape)).round())
    nobody = (480 + random.normal(0, 0.4, (600, 12, 6))).round()
    bed.add_counts(nobody, frames.person[0], 0, EMPTY)
    return bed


# Pads that cover the whole map, from sixteen sensors on.
SIZES = [(4, 4), (6, 4), (8, 5), (9, 5), (10, 5), (12, 6), (16, 8), (24, 10), (32, 16), (64, 32)]
EVERY = 5  # frames: enough for a table of many rows


def of_size(frames, folder, random, rows, cols):
    few = frames.where(frames.frame % EVERY == 0)
    bed = Bed.of_pad(folder, f"size-{rows}x{cols}", "Stand-in for a pad of this size", (rows, cols),
                     (64 * MAP_MM / rows, 32 * MAP_MM / cols), full_scale=255, touch=12)
    add_files(bed, few, of_another_maker(resampled(few.maps, rows, cols), random))
    return bed


def composed(frames, folder, seed):
    """Legs raised, and sitting."""
    bed = Bed.of_pad(folder, "composed", "Composed prints", (64, 32), (MAP_MM, MAP_MM),
                     full_scale=1000, touch=50)
    made = compose(frames, seed, n_each=200)
    add_files(bed, made, (1000 * made.maps).round().clip(0, 1000))
    return bed


def no_position(frames, folder, seed, what):
    """What is no sleeper in a position (strangers.py), drawn anew: `what` of NOBODY and SEVERAL."""
    names = {data.NOBODY: "nobody", data.SEVERAL: "several"}
    bed = Bed.of_pad(folder, names[what], "Made-up prints", (64, 32), (MAP_MM, MAP_MM),
                     full_scale=1000, touch=50)
    made = strangers(frames, seed, n_each=200)
    made = made.where(made.file == what)
    maps = made.maps / made.maps.max((1, 2), keepdims=True)
    bed.add_counts((1000 * maps).round(), frames.person[0], what, np.full(len(made), UNKNOWN))
    return bed


def simulated(build, folder):
    """A body each, twice in each position; the last two frames of each visit are judged."""
    bed = Bed("simulated", "virtual")
    program, hold_s = os.path.join(build, "cli/psoasmon"), 9
    plan = ",".join(f"{p}:{hold_s}" for p in [*data.POSITIONS, *reversed(data.POSITIONS)])
    for seed in TEST_SEEDS:
        sent, truth = os.path.join(folder, f"{seed}.bytes"), os.path.join(folder, f"{seed}.truth")
        subprocess.run([program, "simulate", "--pad", "virtual", "--rate", "1", "--plan", plan,
                        "--seed", str(seed), "--output", sent, "--truth", truth], check=True)
        with open(truth, encoding="ascii") as file:
            told = [line.strip().split(",")[2] for line in file][1:]
        position = np.array([data.INDEX.get(name, UNJUDGED) for name in told])
        position[np.arange(len(told)) % hold_s < hold_s - 2] = UNJUDGED
        bed.add(sent, data.SIMULATED + seed, 0, position)
    return bed
