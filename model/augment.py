# SPDX-License-Identifier: GPL-3.0-or-later
"""Other bodies, other beds, other pads: what a recorded frame could have looked like.

Everything works on batches of pressure maps, float32 (n, 64, 32), and draws from one seeded
generator, so that a seed gives the same training run.
"""

import math

import torch
import torch.nn.functional as F

from data import COLS, MIRRORED, POSTURE_MIRRORED, ROWS
from pads import Pads

MIRROR_POSITION, MIRROR_POSTURE = torch.tensor(MIRRORED), torch.tensor(POSTURE_MIRRORED)
ROW, COL = torch.arange(ROWS).float(), torch.arange(COLS).float()


def spread(coarse, fine):
    """The matrix that draws a smooth line through `coarse` values."""
    return F.interpolate(torch.eye(coarse)[None, :, None], size=(1, fine), mode="bicubic",
                         align_corners=True)[0, :, 0].T.contiguous()


SPREAD = {(c, f): spread(c, f) for c, f in ((6, ROWS), (4, COLS), (5, ROWS), (3, COLS))}


class Draws:
    """What is drawn from one generator."""

    def __init__(self, seed):
        self.random = torch.Generator().manual_seed(seed)

    def uniform(self, low, high, *shape):
        return low + (high - low) * torch.rand(*shape, generator=self.random)

    def normal(self, *shape):
        return torch.randn(*shape, generator=self.random)

    def chance(self, p, n):
        return torch.rand(n, generator=self.random) < p

    def field(self, n, channels, rows, cols, deviation):
        """A smooth random field over the map: (n, channels, ROWS, COLS)."""
        coarse = self.normal(n, channels, rows, cols) * deviation
        return SPREAD[rows, ROWS] @ coarse @ SPREAD[cols, COLS].T


class Augment:
    """`strange`: the share of frames that come through another mattress and pad, one of `beds`."""

    def __init__(self, strange, beds, seed):
        self.strange, self.beds, self.draws = strange, beds, Draws(seed)
        self.pads = Pads(self.draws, beds)

    # ---- other bodies ----

    def other_weight(self, maps):
        """More or less of the load on the pelvis, the shoulders and the feet: people differ in
        that more than anybody does when the bed is inclined a little."""
        draws, n = self.draws, len(maps)
        along = maps.sum(2)
        smooth = F.avg_pool1d(along[:, None], 5, 1, 2)[:, 0]
        pelvis = (smooth[:, 22:46].argmax(1) + 22)[:, None]
        log_gain = torch.zeros(n, ROWS)
        for offset, width, deviation in ((0, 4.0, 0.35), (-18, 5.0, 0.25)):
            window = torch.exp(-0.5 * ((ROW[None] - pelvis - offset) / width) ** 2)
            log_gain += draws.normal(n, 1) * deviation * window
        share_above = along.cumsum(1) / along.sum(1, keepdim=True).clamp(min=1e-6)
        log_gain += draws.normal(n, 1) * 0.7 * (share_above > 0.955)
        return maps * log_gain.exp()[..., None]

    def move(self, maps, strange):
        """Elsewhere on the pad, turned a little, of another size and build; more so on pads whose
        place and size nobody knows."""
        draws, n = self.draws, len(maps)
        more = torch.where(strange, self.beds.moved, 1.0)
        angle = draws.normal(n) * math.radians(3.5) * more
        size = torch.exp(draws.normal(n) * 0.06 * more)
        tall = size * torch.exp(draws.normal(n) * 0.04 * more)
        wide = size * torch.exp(draws.normal(n) * 0.06 * more)
        down, across = draws.normal(n) * 2.0, draws.normal(n) * 1.8
        angle, tall, wide, down, across, more = (
            x[:, None, None] for x in (angle, tall, wide, down, across, more))
        row, col = (ROW - (ROWS - 1) / 2)[None, :, None], (COL - (COLS - 1) / 2)[None, None]
        bend = draws.field(n, 2, 6, 4, 0.48) * more[..., None]
        from_row = (angle.sin() * col + angle.cos() * row) * tall + down + bend[:, 0]
        from_col = (angle.cos() * col - angle.sin() * row) * wide + across + bend[:, 1]
        grid = torch.stack([from_col / (COLS / 2), from_row / (ROWS / 2)], 3)
        uneven = torch.where(strange, self.beds.gain, 0.15)[:, None, None]
        gain = draws.field(n, 1, 5, 3, 1.0)[:, 0] * uneven
        return F.grid_sample(maps[:, None], grid, align_corners=False)[:, 0] * gain.exp()

    # ---- other beds ----

    def blur(self, maps):
        """A mattress between."""
        at = self.draws.chance(self.beds.blurred, len(maps)).nonzero()[:, 0]
        if len(at) == 0:
            return maps
        sigma = self.draws.uniform(0.4, self.beds.blur, len(at))
        taps = torch.arange(-6, 7).float()
        kernel = torch.exp(-0.5 * (taps[None] / sigma[:, None]) ** 2)
        kernel = kernel / kernel.sum(1, keepdim=True)
        one = maps[at][None]
        one = F.conv2d(one, kernel[:, None, :, None], padding=(6, 0), groups=len(at))
        one = F.conv2d(one, kernel[:, None, None, :], padding=(0, 6), groups=len(at))
        out = maps.clone()
        out[at] = one[0]
        return out

    def carry_far(self, maps):
        """A mattress that carries some of the load far around."""
        draws = self.draws
        share = draws.uniform(0, self.beds.far, len(maps)) * draws.chance(0.5, len(maps))
        low = F.avg_pool2d(maps[:, None], 4)
        taps = torch.arange(-5, 6).float()
        kernel = torch.exp(-0.5 * (taps / draws.uniform(1.0, 2.2, 1)) ** 2)
        kernel = kernel / kernel.sum()
        low = F.conv2d(low, kernel[None, None, :, None], padding=(5, 0))
        low = F.conv2d(low, kernel[None, None, None], padding=(0, 5))
        far = F.interpolate(low, size=(ROWS, COLS), mode="bilinear", align_corners=False)[:, 0]
        return torch.lerp(maps, far, share[:, None, None])

    def __call__(self, maps, positions, postures):
        """Maps, coverage, positions and postures to train on; -1 stays -1."""
        flip = self.draws.chance(0.5, len(maps))
        maps = torch.where(flip[:, None, None], maps.flip(2), maps)
        positions = torch.where(flip & (positions >= 0), MIRROR_POSITION[positions], positions)
        postures = torch.where(flip & (postures >= 0), MIRROR_POSTURE[postures], postures)
        strange = self.draws.chance(self.strange, len(maps))
        maps = self.move(self.other_weight(maps), strange)
        covered = torch.ones_like(maps)
        at = strange.nonzero()[:, 0]
        if len(at):
            maps[at], covered[at] = self.pads(self.carry_far(self.blur(maps[at])))
        return maps, covered, positions, postures
