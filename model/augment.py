# SPDX-License-Identifier: GPL-3.0-or-later
"""Other beds, other pads, other arms: what one recorded frame could have looked like.

Everything works on batches of pressure maps, float32 (n, 64, 32), and draws from the given
generator only, so that a seed gives the same training run.
"""

import math

import torch
import torch.nn.functional as F

from data import COLS, INDEX, MIRRORED, ROWS

MIRROR = torch.tensor(MIRRORED)
# Flat on the back: the legs alone tell these apart.
BY_LEGS = [INDEX[p] for p in ("supine", "supine_knees_raised", "supine_left_knee",
                              "supine_right_knee")]
# Coarser grids pads come with, as map cells a pad cell: 32 x 32, 16 x 16, 21 x 16, 12 x 6 ...
COARSE = [(2, 1), (2, 2), (3, 2), (4, 2), (4, 4), (5, 3), (5, 5)]


class Augment:
    def __init__(self, seed):
        self.random = torch.Generator().manual_seed(seed)

    def uniform(self, low, high, *shape):
        return low + (high - low) * torch.rand(*shape, generator=self.random)

    def normal(self, *shape):
        return torch.randn(*shape, generator=self.random)

    def chance(self, p, n):
        return torch.rand(n, generator=self.random) < p

    def integer(self, low, high, *shape):
        return torch.randint(low, high, shape, generator=self.random)

    def mirror(self, maps, positions, p=0.5):
        flip = self.chance(p, len(maps))
        maps = torch.where(flip[:, None, None], maps.flip(2), maps)
        return maps, torch.where(flip, MIRROR[positions], positions)

    def strange_arms(self, maps, positions, donors, p=0.6):
        """Trunk and arms of somebody else, so that they cannot tell the position: in PmatData
        nearly everybody who leaves a leg off the mat also raises the same arm."""
        group = torch.isin(positions, torch.tensor(BY_LEGS)) & self.chance(p, len(maps))
        at = group.nonzero()[:, 0]
        if len(at) == 0:
            return maps
        legs = maps[at]
        upper = donors[self.integer(0, len(donors), len(at))]
        upper, _ = self.mirror(upper, positions[at])
        cut = self.integer(27, 37, len(at))
        # Bring both trunks over each other, and to one weight, where they meet.
        near = (torch.arange(ROWS)[None] - cut[:, None]).abs() <= 3
        belt_legs, belt_upper = ((m * near[..., None]).sum(1) for m in (legs, upper))
        columns = torch.arange(COLS).float()
        middle = [(b * columns).sum(1) / b.sum(1).clamp(min=1e-6) for b in (belt_legs, belt_upper)]
        shift = (middle[0] - middle[1]).round().long().clamp(-8, 8)
        source = torch.arange(COLS)[None] - shift[:, None]
        inside = (source >= 0) & (source < COLS)
        upper = upper.gather(2, source.clamp(0, COLS - 1)[:, None].expand(-1, ROWS, -1))
        weight = (belt_legs.sum(1) / belt_upper.sum(1).clamp(min=1e-6)).clamp(0.3, 3.0)
        upper = upper * inside[:, None] * weight[:, None, None]
        ramp = ((cut[:, None] - torch.arange(ROWS)[None]).float() / 3.0 + 0.5).clamp(0, 1)
        mixed = maps.clone()
        mixed[at] = upper * ramp[..., None] + legs * (1 - ramp[..., None])
        return mixed

    def weak_arms(self, maps, p=0.2):
        """What lies far from the middle above the hips counts for less, or not at all."""
        columns = torch.arange(COLS).float()
        trunk = maps[:, 10:34].sum(1)
        middle = (trunk * columns).sum(1) / trunk.sum(1).clamp(min=1e-6)
        half_width = self.uniform(5.0, 9.0, len(maps))
        outside = (columns[None] - middle[:, None]).abs() > half_width[:, None]
        above = torch.arange(ROWS)[None] < self.integer(20, 40, len(maps))[:, None]
        keep = self.uniform(-0.5, 1.0, len(maps)).clamp(min=0.0)
        chosen = self.chance(p, len(maps))[:, None, None] & outside[:, None] & above[:, :, None]
        return torch.where(chosen, maps * keep[:, None, None], maps)

    def move(self, maps):
        """Elsewhere on the pad, turned a little, of another size and build."""
        n = len(maps)
        angle = self.normal(n) * math.radians(4.0)
        size = torch.exp(self.normal(n) * 0.07)
        tall, wide = size * torch.exp(self.normal(n) * 0.05), size * torch.exp(self.normal(n) * 0.08)
        down, across = self.normal(n) * 2.5 / (ROWS / 2), self.normal(n) * 2.0 / (COLS / 2)
        aspect = ROWS / COLS
        theta = torch.stack([
            torch.stack([angle.cos() * wide, -angle.sin() * wide * aspect, across], 1),
            torch.stack([angle.sin() * tall / aspect, angle.cos() * tall, down], 1),
        ], 1)
        grid = F.affine_grid(theta, [n, 1, ROWS, COLS], align_corners=False)
        return F.grid_sample(maps[:, None], grid, align_corners=False)[:, 0]

    def blur(self, maps, p=0.35, most=2.5):
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
        maps = maps / peak
        gamma = torch.exp(self.normal(n) * 0.25)[:, None, None]
        top = self.uniform(0.5, 3.0, n)[:, None, None]
        floor = self.uniform(-0.05, 0.06, n).clamp(min=0.0)[:, None, None]
        maps = (maps.clamp(min=0) ** gamma).minimum(top)
        maps = (maps - floor).clamp(min=0)
        uneven = (self.chance(0.5, n).float() * self.uniform(0.0, 0.25, n))[:, None, None]
        maps = maps * torch.exp(self.normal(n, ROWS, 1) * uneven + self.normal(n, 1, COLS) * uneven)
        lines = self.uniform(0, 1, n, 1, 1) < 0.15
        dead = (self.uniform(0, 1, n, ROWS, 1) < 0.03) | (self.uniform(0, 1, n, 1, COLS) < 0.03)
        dead = (dead & lines) | (self.uniform(0, 1, n, ROWS, COLS) < self.uniform(-0.02, 0.02, n, 1, 1))
        maps = maps * ~dead
        hot = self.uniform(0, 1, n, ROWS, COLS) < self.uniform(-0.004, 0.002, n, 1, 1)
        maps = torch.where(hot, self.uniform(0, 1.5, n, ROWS, COLS), maps)
        noise = self.uniform(-0.03, 0.03, n, 1, 1).clamp(min=0)
        return (maps + noise * self.normal(n, ROWS, COLS)).clamp(min=0)

    def coarsen(self, maps, p=0.3):
        """Through the cells of a coarser pad, a few counts deep."""
        at = self.chance(p, len(maps)).nonzero()[:, 0]
        if len(at) < 2:
            return maps
        out = maps.clone()
        for part in at.chunk(3):
            rows, cols = COARSE[self.integer(0, len(COARSE), 1).item()]
            size = (-(-ROWS // rows), -(-COLS // cols))
            low = F.interpolate(maps[part][:, None], size=size, mode="area")
            peak = low.flatten(1).amax(1).clamp(min=1e-6)[:, None, None, None]
            counts = torch.exp(self.uniform(math.log(12.0), math.log(300.0), len(part), 1, 1, 1))
            low = ((low / peak * counts + 0.4 * self.normal(len(part), 1, *size)).round()).clamp(min=0)
            out[part] = F.interpolate(low / counts, size=(ROWS, COLS), mode="nearest")[:, 0]
        return out

    def cover(self, maps, p=0.3):
        """A pad that is smaller than the map."""
        n = len(maps)
        small = self.chance(p, n)
        edges = [self.integer(0, most + 1, n) * small for most in (12, 8, 6, 6)]
        rows, cols = torch.arange(ROWS)[None], torch.arange(COLS)[None]
        row_in = (rows >= edges[0][:, None]) & (rows < ROWS - edges[1][:, None])
        col_in = (cols >= edges[2][:, None]) & (cols < COLS - edges[3][:, None])
        covered = (row_in[:, :, None] & col_in[:, None]).float()
        return maps * covered, covered

    def __call__(self, maps, positions, donors):
        maps, positions = self.mirror(maps, positions)
        maps = self.strange_arms(maps, positions, donors)
        maps = self.weak_arms(maps)
        maps = self.move(maps)
        maps = self.blur(maps)
        maps = self.respond(maps)
        maps = self.coarsen(maps)
        maps, covered = self.cover(maps)
        return maps, covered, positions
