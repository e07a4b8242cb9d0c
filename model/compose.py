# SPDX-License-Identifier: GPL-3.0-or-later
"""Positions nobody has recorded, put together from prints of people who lie in others.

Legs raised: trunk and pelvis of somebody flat on the back, the legs taken away.
Sitting: pelvis and thighs of somebody on the steep inclined bed, the trunk taken away, in the
bed's length or across its edge.
"""

import numpy as np
import torch
import torch.nn.functional as F

from data import COLS, INDEX, ROWS, Frames

FLAT = [INDEX[p] for p in ("supine", "supine_knees_raised", "supine_left_knee",
                           "supine_right_knee")]
FILES = {"supine_legs_raised": 200, "sitting": 201}


def ramp(rows, at, width):
    """0 above the row `at`, 1 below."""
    return np.clip((rows - at[:, None]) / width + 0.5, 0, 1)[..., None].astype(np.float32)


def legs_raised(maps, random):
    rows = np.arange(ROWS)[None]
    cut = random.uniform(35, 42, len(maps))
    return maps * (1 - ramp(rows, cut, random.uniform(1, 5)))


def sitting(maps, random):
    rows, n = np.arange(ROWS)[None], len(maps)
    top = random.uniform(28, 33, n)
    bottom = top + random.uniform(8, 34, n)
    prints = torch.from_numpy(maps * ramp(rows, top, 3.0) * (1 - ramp(rows, bottom, 3.0)))
    # About the middle of the print: a quarter turn for some, a little for all, and elsewhere.
    quarters = random.choice([0, 0, 1, -1, 2], n)
    turn = torch.from_numpy(quarters * np.pi / 2 + random.normal(0, 0.15, n))
    weight = prints.sum((1, 2))
    middle_row = (prints.sum(2) * torch.arange(ROWS)).sum(1) / weight
    middle_col = (prints.sum(1) * torch.arange(COLS)).sum(1) / weight
    to_row = torch.from_numpy(random.uniform(20, 46, n))
    to_col = torch.from_numpy(random.uniform(9, 22, n))
    row = torch.arange(ROWS)[None, :, None] - to_row[:, None, None]
    col = torch.arange(COLS)[None, None] - to_col[:, None, None]
    cos, sin = turn.cos()[:, None, None], turn.sin()[:, None, None]
    source_row = middle_row[:, None, None] + cos * row - sin * col
    source_col = middle_col[:, None, None] + sin * row + cos * col
    grid = torch.stack([(source_col + 0.5) / COLS * 2 - 1, (source_row + 0.5) / ROWS * 2 - 1], 3)
    return F.grid_sample(prints[:, None], grid.float(), align_corners=False)[:, 0].numpy()


def compose(frames, seed, n_each=1500):
    """Made of, and labelled with, the people in `frames`."""
    random = np.random.default_rng(seed)
    parts = []
    for name, sources, make in (
            ("supine_legs_raised", FLAT, legs_raised),
            ("sitting", [INDEX["reclined"]], sitting)):
        from_frames = np.flatnonzero(np.isin(frames.position, sources))
        at = random.choice(from_frames, n_each)
        parts.append(Frames(make(frames.maps[at], random), np.full(n_each, INDEX[name]),
                            frames.person[at], np.full(n_each, FILES[name]), np.zeros(n_each)))
    return Frames.join(parts)
