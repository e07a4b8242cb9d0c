# SPDX-License-Identifier: GPL-3.0-or-later
"""Positions nobody has recorded, put together from prints of people who lie in others.

Legs raised: trunk and pelvis of somebody flat on the back, the legs taken away.
Sitting: pelvis and thighs of somebody on the steep inclined bed, the trunk taken away, in the
bed's length or across its edge.
On the front: one person was recorded both on the front and on the back. What the one has more or
less than the other, put on others who lie on their backs, and half of the print itself.
On the side with straight legs: everybody of PmatData's bends them. Their own prints, the legs drawn
under the trunk.
"""

import numpy as np
import torch
import torch.nn.functional as F

from data import (COLS, INDEX, LEGS_RAISED, PMAT, POPU_PERSON, PRONE, ROWS, SITTING, STRAIGHT,
                  Frames)

FLAT = ["supine", "supine_knees_raised", "supine_left_knee", "supine_right_knee"]


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


def blurred(maps, sigma=2.0):
    taps = torch.arange(-6, 7).float()
    kernel = torch.exp(-0.5 * (taps / sigma) ** 2)
    kernel = (kernel / kernel.sum())[None, None]
    maps = F.conv2d(maps[:, None], kernel[..., None], padding=(6, 0))
    return F.conv2d(maps, kernel[:, :, None], padding=(0, 6))[:, 0]


def anchors(maps):
    """Of people on their backs: the rows where the head begins and where the pelvis lies, the
    column of the trunk's middle, and how far its load spreads about it."""
    along = maps.sum(2)
    share = along.cumsum(1) / along.sum(1, keepdim=True)
    head = (share < 0.004).sum(1).float()
    smooth = F.avg_pool1d(along[:, None], 5, 1, 2)[:, 0]
    pelvis = (smooth[:, 22:46].argmax(1) + 22).float()
    across = maps[:, 10:40].sum(1)
    across = across / across.sum(1, keepdim=True)
    columns = torch.arange(COLS).float()
    middle = (across * columns).sum(1)
    spread = (across * (columns - middle[:, None]) ** 2).sum(1).sqrt()
    return head, pelvis, middle, spread


def laid_over(maps, own, other):
    """Maps with anchors `own`, moved and stretched so that they have anchors `other`."""
    (head, pelvis, middle, spread), (to_head, to_pelvis, to_middle, to_spread) = own, other
    tall, wide = (pelvis - head) / (to_pelvis - to_head).clamp(min=8), spread / to_spread
    row = head[:, None] + (torch.arange(ROWS)[None] - to_head[:, None]) * tall[:, None]
    col = middle[:, None] + (torch.arange(COLS)[None] - to_middle[:, None]) * wide[:, None]
    shape = (len(maps), ROWS, COLS)
    grid = torch.stack([((col + 0.5) / COLS * 2 - 1)[:, None].expand(shape),
                        ((row + 0.5) / ROWS * 2 - 1)[:, :, None].expand(shape)], 3)
    return F.grid_sample(maps[:, None], grid, align_corners=False)[:, 0]


def turned_over(on_backs, fronts, backs):
    """`on_backs` as if they lay on the front, by what one person's `fronts` have that the same
    person's `backs` have not."""
    on_backs, fronts, backs = (torch.from_numpy(np.ascontiguousarray(m))
                               for m in (on_backs, fronts, backs))
    own, other = anchors(backs), anchors(on_backs)
    weight = on_backs.sum((1, 2), keepdim=True)

    def fitted(maps):
        maps = laid_over(maps, own, other)
        return maps * weight / maps.sum((1, 2), keepdim=True)
    front, back = fitted(fronts), fitted(backs)
    little = 0.15 * on_backs.mean((1, 2), keepdim=True)
    ratio = (blurred(front) + little) / (blurred(back) + little)
    turned = on_backs * ratio.clamp(0.05, 6)
    turned = turned * weight / turned.sum((1, 2), keepdim=True)
    return ((turned + front) / 2).numpy()


def straightened(maps, random):
    """Of people on their sides: the legs drawn under the trunk, made longer and narrower. To a
    network that never saw a trunk above both legs in one line, it is a back with one leg in the
    air."""
    maps = torch.from_numpy(np.ascontiguousarray(maps))
    _, pelvis, _, _ = anchors(maps)

    def some(low, high):
        return torch.from_numpy(random.uniform(low, high, (len(maps), 1))).float()
    longer, narrower, how_far = some(1.0, 1.3), some(1.0, 1.8), some(0.6, 1.1)
    row, col = torch.arange(ROWS).float()[None], torch.arange(COLS).float()
    below = row - pelvis[:, None]
    # Where each line's print has its middle, and where the trunk has it.
    smooth = blurred(maps, 1.5)
    along = smooth.sum(2)
    middle = (smooth * col).sum(2) / along.clamp(min=1e-6)
    trunk = along * ((below > -18) & (below <= 0))
    trunk_middle = ((middle * trunk).sum(1) / trunk.sum(1))[:, None]
    from_row = torch.where(below > 0, pelvis[:, None] + below / longer, row)
    drawn = (below / 8).clamp(0, 1) * how_far
    bent = middle.gather(1, from_row.round().long().clamp(0, ROWS - 1)) - trunk_middle
    from_middle = trunk_middle + drawn * bent
    wide = 1 + drawn * (narrower - 1)
    from_col = from_middle[..., None] + (col - trunk_middle[..., None]) * wide[..., None]
    grid = torch.stack([(from_col + 0.5) / COLS * 2 - 1,
                        ((from_row + 0.5) / ROWS * 2 - 1)[..., None].expand_as(from_col)], 3)
    return F.grid_sample(maps[:, None], grid, align_corners=False)[:, 0].numpy()


def straight_sides(frames, seed, n_each=1500):
    """Made of the people in `frames`, of their recordings without a wedge behind the back."""
    random = np.random.default_rng(seed)
    parts = []
    for file in (2, 3):
        of = frames.where((frames.person < POPU_PERSON) & (frames.file == file))
        of = of.where(random.integers(0, len(of), n_each))
        parts.append(Frames(straightened(of.maps, random), np.full(n_each, INDEX[PMAT[file]]),
                            of.person, np.full(n_each, STRAIGHT), np.zeros(n_each)))
    return Frames.join(parts)


def compose(frames, seed, n_each=1500):
    """Made of, and labelled with, the people in `frames`. Nobody is laid on the front without the
    one person who was recorded so."""
    random = np.random.default_rng(seed)
    recorded = frames.where(frames.person < POPU_PERSON)

    def some(of, *positions):
        among = np.flatnonzero(np.isin(of.position, [INDEX[p] for p in positions]))
        return of.where(random.choice(among, n_each))

    def part(sources, maps, position, file):
        return Frames(maps, np.full(n_each, INDEX[position]), sources.person,
                      np.full(n_each, file), np.zeros(n_each))
    flat, reclined = some(recorded, *FLAT), some(recorded, "reclined")
    parts = [part(flat, legs_raised(flat.maps, random), "supine_legs_raised", LEGS_RAISED),
             part(reclined, sitting(reclined.maps, random), "sitting", SITTING)]
    popu = frames.where(frames.person == POPU_PERSON)
    if len(popu):
        backs = some(recorded, "supine")
        maps = turned_over(backs.maps, some(popu, "prone").maps, some(popu, "supine").maps)
        parts.append(part(backs, maps, "prone", PRONE))
    return Frames.join(parts)
