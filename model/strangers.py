# SPDX-License-Identifier: GPL-3.0-or-later
"""What is no sleeper in a position: animals, things, a baseline that drifted; two people.

None of it was recorded: the shapes are made up, and what the network learns of them is to doubt
what looks like no sleeper.
"""

import numpy as np
import torch

from data import COLS, NO_POSITION, NOBODY, ROWS, SEVERAL, SIMULATED, Frames

ROW = np.arange(ROWS)[:, None]
COL = np.arange(COLS)[None]


def smooth(random, height, width):
    """A smooth field over the map, of mean 0 and deviation 1, `height` x `width` lines coarse."""
    rows, cols = int(ROWS / height) + 2, int(COLS / width) + 2
    coarse = torch.from_numpy(random.normal(size=(1, 1, rows, cols)))
    field = torch.nn.functional.interpolate(coarse, size=(ROWS, COLS), mode="bicubic",
                                            align_corners=True)[0, 0].numpy()
    return (field - field.mean()) / (field.std() + 1e-9)


def turned(random, row, col):
    angle = random.uniform(0, np.pi)
    down, across = ROW - row, COL - col
    return (np.cos(angle) * down + np.sin(angle) * across,
            np.cos(angle) * across - np.sin(angle) * down)


def animal(random):
    """One or two round prints, of a cat curled up to a dog stretched out."""
    cells = np.zeros((ROWS, COLS))
    row, col = random.uniform(4, ROWS - 4), random.uniform(3, COLS - 3)
    for _ in range(random.integers(1, 5)):
        along, across = turned(random, row, col)
        long, wide = random.uniform(2, 13), random.uniform(1.5, 6)
        cells += random.uniform(0.3, 1) * np.clip(
            1.2 - (along / long) ** 2 - (across / wide) ** 2, 0, 1)
        row, col = row + random.normal(0, 5), col + random.normal(0, 4)
    return cells * np.exp(0.3 * smooth(random, 4, 4))


def thing(random):
    """A suitcase, a box, a chair's or a basket's feet: straight edges."""
    along, across = turned(random, random.uniform(10, ROWS - 10), random.uniform(6, COLS - 6))
    long, wide = random.uniform(5, 17), random.uniform(3, 10)
    inside = (abs(along) < long) & (abs(across) < wide)
    rim = inside & ((abs(along) > long - 1.5) | (abs(across) > wide - 1.5))
    feet = inside & (abs(along) > long - 2.5) & (abs(across) > wide - 2.5)
    cells = random.choice([0, 1]) * inside + random.choice([0, 1]) * rim * 1.0
    return (cells + random.uniform(0, 1) * feet + 0.05 * inside) * np.exp(
        random.uniform(0, 0.6) * smooth(random, 5, 5))


def laundry(random):
    """Heaps and folds: blots of any shape, nothing of them in order."""
    size = random.uniform(3, 14)
    cells = smooth(random, size, size) - random.uniform(-0.5, 1.3)
    middle = np.exp(-((ROW - random.uniform(0, ROWS)) / random.uniform(8, 60)) ** 2
                    - ((COL - random.uniform(0, COLS)) / random.uniform(6, 40)) ** 2)
    return np.clip(cells, 0, None) * middle


def drift(random):
    """Every cell a little off: foam that creeps, a pad warmed from one side, lines that read."""
    cells = random.uniform(0, 2) + smooth(random, 30, 20) * random.choice([0.0, 0.3, 1.0])
    cells = cells + random.choice([0, 0.2, 1.0]) * random.normal(size=(ROWS, COLS))
    lines = random.choice([0.0, 0.3, 1.5])
    cells = cells + lines * (random.normal(size=(ROWS, 1)) + random.normal(size=(1, COLS)))
    return np.clip(cells, 0, None) + 1e-3


def sparks(random):
    """Single cells, nothing else."""
    share = random.choice([0.005, 0.02, 0.1, 0.5])
    return (random.random((ROWS, COLS)) < share) * random.uniform(0.2, 1, (ROWS, COLS)) + 1e-6


KINDS = (animal, animal, thing, thing, laundry, laundry, drift, sparks)


def nobody(random, n):
    cells = np.array([KINDS[random.integers(len(KINDS))](random) for _ in range(n)])
    return cells.astype(np.float32)


def moved(cells, by):
    """`by` columns to the right, what leaves the pad lost."""
    out = np.zeros_like(cells)
    if by >= 0:
        out[:, by:] = cells[:, :COLS - by]
    else:
        out[:, :by] = cells[:, -by:]
    return out


def several(frames, random, n):
    """Two people side by side, in any positions, the second of any weight."""
    out = np.zeros((n, ROWS, COLS), np.float32)
    for cells in out:
        one, other = frames.maps[random.integers(0, len(frames), 2)]
        apart = random.integers(11, 20)
        left = -random.integers(4, apart - 3)
        other = np.roll(other, random.integers(-6, 7), 0)
        if random.random() < 0.3:
            other = other[:, ::-1]
        weight = np.exp(random.normal(0, 0.3)) * one.sum() / max(other.sum(), 1e-6)
        cells[:] = moved(one, left) + weight * moved(other, left + apart)
    return out


def strangers(frames, seed, n_each=3000):
    """`frames`: the recorded people that two at a time are made of."""
    random = np.random.default_rng(seed)
    parts = []
    for file, maps in ((NOBODY, nobody(random, n_each)),
                       (SEVERAL, several(frames, random, n_each))):
        parts.append(Frames(maps, np.full(n_each, NO_POSITION), np.full(n_each, SIMULATED),
                            np.full(n_each, file), np.zeros(n_each)))
    return Frames.join(parts)
