# SPDX-License-Identifier: GPL-3.0-or-later
"""Other arms, other bodies, other beds, other pads: what a recorded frame could have looked like.

Everything works on batches of pressure maps, float32 (n, 64, 32), and draws from one seeded
generator, so that a seed gives the same training run.
"""

import math

import torch
import torch.nn.functional as F

from data import COLS, INDEX, POSTURE_MIRRORED, MIRRORED, ROWS

MIRROR_POSITION, MIRROR_POSTURE = torch.tensor(MIRRORED), torch.tensor(POSTURE_MIRRORED)
# Flat on the back: the legs alone tell these apart.
FLAT = torch.tensor([INDEX[p] for p in (
    "supine", "supine_knees_raised", "supine_left_knee", "supine_right_knee",
    "supine_legs_raised")])
ON_BACK = torch.cat([FLAT, torch.tensor([INDEX["reclined"]])])
# Coarser grids pads come with, as map cells a pad cell: 32 x 32, 16 x 16, 21 x 16, 12 x 6 ...
COARSE = [(2, 1), (2, 2), (3, 2), (4, 2), (4, 4), (5, 3), (5, 5)]
STRANGE_PADS = 0.1  # the share of frames that come through another mattress and pad

ROW, COL = torch.arange(ROWS).float(), torch.arange(COLS).float()


def middle_column(maps, rows=slice(10, 34)):
    across = maps[:, rows].sum(1)
    return (across * COL).sum(1) / across.sum(1).clamp(min=1e-6)


class Augment:
    def __init__(self, maps, positions, people, seed):
        """Maps, positions and people trained on: everybody lends trunks to their own legs."""
        self.random = torch.Generator().manual_seed(seed)
        self.maps = maps
        flat = torch.isin(positions, FLAT)
        self.trunks = {p.item(): (flat & (people == p)).nonzero()[:, 0] for p in people.unique()}

    # ---- draws ----

    def uniform(self, low, high, *shape):
        return low + (high - low) * torch.rand(*shape, generator=self.random)

    def normal(self, *shape):
        return torch.randn(*shape, generator=self.random)

    def chance(self, p, n):
        return torch.rand(n, generator=self.random) < p

    def integer(self, low, high, *shape):
        return torch.randint(low, high, shape, generator=self.random)

    # ---- other arms ----

    def mirrored(self, maps):
        flip = self.chance(0.5, len(maps))
        return torch.where(flip[:, None, None], maps.flip(2), maps), flip

    def other_trunk(self, maps, positions, people, p=0.15):
        """The trunk and arms of the same person in another flat position: in PmatData nearly
        everybody who leaves a leg off the mat also raises the same arm, and legs shall decide."""
        at = (torch.isin(positions, FLAT) & self.chance(p, len(maps))).nonzero()[:, 0]
        if len(at) == 0:
            return maps
        lots = self.uniform(0, 1, len(at))
        own = [self.trunks[who.item()] for who in people[at]]
        upper = self.maps[torch.stack([t[int(lot * len(t))] for t, lot in zip(own, lots)])]
        upper, _ = self.mirrored(upper)
        legs, cut = maps[at], self.integer(27, 37, len(at))
        # Bring both trunks over each other, and to one weight, where they meet.
        belt = (ROW[None] - cut[:, None]).abs() <= 3
        belt_legs, belt_upper = ((m * belt[..., None]).sum(1) for m in (legs, upper))
        middles = [(b * COL).sum(1) / b.sum(1).clamp(min=1e-6) for b in (belt_legs, belt_upper)]
        shift = (middles[0] - middles[1]).round().long().clamp(-8, 8)
        source = torch.arange(COLS)[None] - shift[:, None]
        inside = (source >= 0) & (source < COLS)
        upper = upper.gather(2, source.clamp(0, COLS - 1)[:, None].expand(-1, ROWS, -1))
        weight = (belt_legs.sum(1) / belt_upper.sum(1).clamp(min=1e-6)).clamp(0.3, 3.0)
        upper = upper * inside[:, None] * weight[:, None, None]
        above = ((cut[:, None] - ROW[None]) / 3.0 + 0.5).clamp(0, 1)[..., None]
        mixed = maps.clone()
        mixed[at] = upper * above + legs * (1 - above)
        return mixed

    def weak_arms(self, maps, positions, p=0.5):
        """On the back, what lies beside the trunk above the hips fades or goes: arms beside the
        body must not mean that it is reclined."""
        n = len(maps)
        half_width = self.uniform(4.5, 8.5, n)[:, None]
        outside = (COL[None] - middle_column(maps)[:, None]).abs() > half_width
        above = ROW[None] < self.integer(26, 42, n)[:, None]
        chosen = self.chance(p, n) & torch.isin(positions, ON_BACK)
        chosen = chosen[:, None, None] & outside[:, None] & above[:, :, None]
        keep = self.uniform(-0.6, 1.0, n).clamp(min=0.0)[:, None, None]
        return torch.where(chosen, maps * keep, maps)

    # ---- other bodies ----

    def other_weight(self, maps):
        """More or less of the load on the pelvis, the shoulders and the feet: people differ in
        that more than anybody does when the bed is inclined a little."""
        n = len(maps)
        along = maps.sum(2)
        smooth = F.avg_pool1d(along[:, None], 5, 1, 2)[:, 0]
        pelvis = (smooth[:, 22:46].argmax(1) + 22)[:, None]
        log_gain = torch.zeros(n, ROWS)
        for offset, width, deviation in ((0, 4.0, 0.35), (-18, 5.0, 0.25)):
            window = torch.exp(-0.5 * ((ROW[None] - pelvis - offset) / width) ** 2)
            log_gain += self.normal(n, 1) * deviation * window
        share_above = along.cumsum(1) / along.sum(1, keepdim=True).clamp(min=1e-6)
        log_gain += self.normal(n, 1) * 0.7 * (share_above > 0.955)
        return maps * log_gain.exp()[..., None]

    def move(self, maps):
        """Elsewhere on the pad, turned a little, of another size and build."""
        n = len(maps)
        angle = self.normal(n) * math.radians(3.5)
        size = torch.exp(self.normal(n) * 0.06)
        tall = size * torch.exp(self.normal(n) * 0.04)
        wide = size * torch.exp(self.normal(n) * 0.06)
        down, across = self.normal(n) * 2.0 / (ROWS / 2), self.normal(n) * 1.8 / (COLS / 2)
        aspect = ROWS / COLS
        theta = torch.stack([
            torch.stack([angle.cos() * wide, -angle.sin() * wide * aspect, across], 1),
            torch.stack([angle.sin() * tall / aspect, angle.cos() * tall, down], 1),
        ], 1)
        grid = F.affine_grid(theta, [n, 1, ROWS, COLS], align_corners=False)
        bend = self.normal(n, 2, 6, 4) * 0.03 * torch.tensor([1.0, 1 / aspect])[:, None, None]
        bend = F.interpolate(bend, size=(ROWS, COLS), mode="bicubic", align_corners=True)
        grid = grid + bend.permute(0, 2, 3, 1)
        gain = F.interpolate(self.normal(n, 1, 5, 3) * 0.15, size=(ROWS, COLS), mode="bicubic",
                             align_corners=True)[:, 0]
        return F.grid_sample(maps[:, None], grid, align_corners=False)[:, 0] * gain.exp()

    # ---- other beds and pads ----

    def blur(self, maps, p=0.5, most=2.5):
        """A mattress between."""
        at = self.chance(p, len(maps)).nonzero()[:, 0]
        if len(at) == 0:
            return maps
        sigma = self.uniform(0.4, most, len(at))
        taps = torch.arange(-6, 7).float()
        kernel = torch.exp(-0.5 * (taps[None] / sigma[:, None]) ** 2)
        kernel = kernel / kernel.sum(1, keepdim=True)
        one = maps[at][None]
        one = F.conv2d(one, kernel[:, None, :, None], padding=(6, 0), groups=len(at))
        one = F.conv2d(one, kernel[:, None, None, :], padding=(0, 6), groups=len(at))
        out = maps.clone()
        out[at] = one[0]
        return out

    def respond(self, maps):
        """Another sensor: response curve, saturation, a threshold below which it reads nothing,
        uneven lines, noise, cells that are dead or hot."""
        n = len(maps)
        peak = maps.flatten(1).quantile(0.99, dim=1).clamp(min=1e-4)[:, None, None]
        maps = (maps / peak).clamp(min=0)
        maps = maps ** torch.exp(self.normal(n) * 0.2)[:, None, None]
        maps = maps.minimum(self.uniform(0.5, 3.0, n)[:, None, None])
        floor = self.uniform(-0.05, 0.06, n).clamp(min=0.0)[:, None, None]
        maps = (maps - floor).clamp(min=0)
        uneven = self.uniform(-0.25, 0.25, n).clamp(min=0.0)[:, None, None]
        maps = maps * torch.exp((self.normal(n, ROWS, 1) + self.normal(n, 1, COLS)) * uneven)
        lines = self.uniform(0, 1, n, 1, 1) < 0.15
        dead = (self.uniform(0, 1, n, ROWS, 1) < 0.03) | (self.uniform(0, 1, n, 1, COLS) < 0.03)
        cells = self.uniform(0, 1, n, ROWS, COLS) < self.uniform(-0.02, 0.02, n, 1, 1)
        maps = maps * ~((dead & lines) | cells)
        hot = self.uniform(0, 1, n, ROWS, COLS) < self.uniform(-0.004, 0.002, n, 1, 1)
        maps = torch.where(hot, self.uniform(0, 1.5, n, ROWS, COLS), maps)
        noise = self.uniform(-0.03, 0.03, n, 1, 1).clamp(min=0)
        return (maps + noise * self.normal(n, ROWS, COLS)).clamp(min=0)

    def coarsen(self, maps, p=0.45):
        """Through the cells of a coarser pad, a few counts deep."""
        out = maps.clone()
        at = self.chance(p, len(maps)).nonzero()[:, 0]
        for part in at.chunk(3):
            rows, cols = COARSE[self.integer(0, len(COARSE), 1).item()]
            size, n = (-(-ROWS // rows), -(-COLS // cols)), len(part)
            if n == 0:
                continue
            low = F.interpolate(maps[part][:, None], size=size, mode="area")
            peak = low.flatten(1).amax(1).clamp(min=1e-6)[:, None, None, None]
            counts = torch.exp(self.uniform(math.log(12.0), math.log(300.0), n, 1, 1, 1))
            low = (low / peak * counts + 0.4 * self.normal(n, 1, *size)).round().clamp(min=0)
            out[part] = F.interpolate(low / counts, size=(ROWS, COLS), mode="nearest")[:, 0]
        return out

    def cover(self, maps, p=0.45):
        """A pad that is smaller than the map."""
        n = len(maps)
        small = self.chance(p, n)
        top, bottom, left, right = ((self.integer(0, most + 1, n) * small)[:, None]
                                    for most in (12, 8, 6, 6))
        row_in = (ROW[None] >= top) & (ROW[None] < ROWS - bottom)
        col_in = (COL[None] >= left) & (COL[None] < COLS - right)
        covered = (row_in[:, :, None] & col_in[:, None]).float()
        return maps * covered, covered

    def __call__(self, maps, positions, postures, people):
        """Maps, coverage, positions and postures to train on."""
        maps, flip = self.mirrored(maps)
        positions = torch.where(flip, MIRROR_POSITION[positions], positions)
        postures = torch.where(flip & (postures >= 0), MIRROR_POSTURE[postures], postures)
        maps = self.other_trunk(maps, positions, people)
        maps = self.weak_arms(maps, positions)
        maps = self.move(self.other_weight(maps))
        # The others as recorded: some things show in a clean print only.
        covered = torch.ones_like(maps)
        at = self.chance(STRANGE_PADS, len(maps)).nonzero()[:, 0]
        maps[at], covered[at] = self.cover(self.coarsen(self.respond(self.blur(maps[at]))))
        return maps, covered, positions, postures
