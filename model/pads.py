# SPDX-License-Identifier: GPL-3.0-or-later
"""Other pads under the same bodies: any number of cells, any size, anywhere under the body, with
any sensor's faults, behind a mattress or not; and back onto the map as core/surface brings it
there."""

import math

import torch
import torch.nn.functional as F

from data import COLS, ROWS


def overlap(pitch, n_pad, n_map):
    """As axis_init in surface.c: the map's lines as weighted means of the pad's, which lies
    centred on it. pitch: (n,) in map lines. Returns (n, n_map, n_pad), and (n, n_map): the share of
    each line that is covered."""
    lines = torch.arange(n_map, dtype=torch.float32)[None, :, None]
    offset = (n_map - n_pad * pitch) / 2
    begin = offset[:, None] + torch.arange(n_pad) * pitch[:, None]
    begin = begin[:, None]
    shared = (torch.minimum(lines + 1, begin + pitch[:, None, None])
              - torch.maximum(lines, begin)).clamp(min=0)
    covered = shared.sum(2)
    return shared / covered.clamp(min=1e-6)[..., None], covered.clamp(max=1)


class Pads:
    """Drawn one after another."""

    def __init__(self, draws):
        self.draws = draws

    def grid(self):
        """Rows and columns of a pad: one in six has fewer than are needed for fine positions."""
        fewest_rows, fewest_cols = (3.5, 3.5) if self.draws.chance(1 / 6, 1) else (9.5, 4.6)
        rows = self.draws.uniform(math.log(fewest_rows), math.log(64), 1).exp().round()
        cols = self.draws.uniform(math.log(fewest_cols), math.log(40), 1).exp().round()
        return int(rows), min(int(cols), 2 * int(rows))

    def window(self, n, rows, cols):
        """Where the pad lies under the body, in map lines: centre and size, down and across. Most
        are about as large as a bed; some miss the head, some the feet."""
        d = self.draws
        height = 62 * torch.exp(d.normal(n) * 0.18)
        width = 31 * torch.exp(d.normal(n) * 0.18)
        # The body's middle is near the map's; the pad's is where it likes to be.
        down = d.normal(n) * 5
        across = d.normal(n) * 2.0
        return 32 + down, 16 + across, height, width

    def measure(self, maps, down, across, height, width, rows, cols):
        """What each cell of the pad carries: the mean over its area."""
        n = len(maps)
        down_by, across_by = (4 if lines < 16 else 2 for lines in (rows, cols))
        row = (torch.arange(rows * down_by) + 0.5) / (rows * down_by) - 0.5
        col = (torch.arange(cols * across_by) + 0.5) / (cols * across_by) - 0.5
        from_row = (down[:, None] + row * height[:, None]) / 32 - 1
        from_col = (across[:, None] + col * width[:, None]) / 16 - 1
        grid = torch.stack([from_col[:, None].expand(n, len(row), len(col)),
                            from_row[:, :, None].expand(n, len(row), len(col))], 3)
        return F.avg_pool2d(F.grid_sample(maps[:, None], grid, align_corners=False),
                            (down_by, across_by))[:, 0]

    def sense(self, cells):
        """The sensor: response curve, saturation, threshold, uneven lines, dead and hot cells,
        noise, counts. Some are good, some are bad in everything."""
        d, (n, rows, cols) = self.draws, cells.shape
        shape = (n, 1, 1)
        bad = d.uniform(-0.2, 1.0, *shape).clamp(min=0)
        peak = cells.flatten(1).amax(1).clamp(min=1e-6)[:, None, None]
        cells = (cells / peak) ** torch.exp(d.normal(*shape) * 0.3)
        cells = cells.minimum(d.uniform(0.35, 2.0, *shape))
        cells = cells / cells.flatten(1).amax(1).clamp(min=1e-6)[:, None, None]
        cells = (cells - d.uniform(-0.1, 0.1, *shape).clamp(min=0)).clamp(min=0)
        cells = cells * torch.exp((d.normal(n, rows, 1) + d.normal(n, 1, cols)) * 0.15 * bad)
        cells = cells * torch.exp(d.normal(n, rows, cols) * 0.15 * bad)
        # A crossing's ghost: some of what its row and column carry.
        ghost = d.uniform(-0.08, 0.04, *shape).clamp(min=0)
        cells = cells + ghost * (cells.mean(1, keepdim=True) + cells.mean(2, keepdim=True))
        few = d.uniform(0, 1, *shape) < 0.15
        dead = (d.uniform(0, 1, n, rows, 1) < 0.03) | (d.uniform(0, 1, n, 1, cols) < 0.03)
        dead = (dead & few) | (d.uniform(0, 1, n, rows, cols) < d.uniform(-0.03, 0.02, *shape))
        cells = cells * ~dead
        hot = d.uniform(0, 1, n, rows, cols) < d.uniform(-0.008, 0.002, *shape)
        cells = torch.where(hot, d.uniform(0, 1.2, n, rows, cols), cells)
        counts = torch.exp(d.uniform(math.log(10.0), math.log(250.0), *shape))
        noise = d.uniform(-0.2, 0.5, *shape).clamp(min=0)
        shift = d.uniform(-1.0, 0.4, *shape).clamp(min=0)  # a baseline that crept up
        cells = cells * counts + noise * d.normal(n, rows, cols) + shift
        return cells.round().clamp(min=0) / counts

    def __call__(self, maps):
        """Maps and coverage."""
        out, covered = torch.empty_like(maps), torch.empty_like(maps)
        for part in torch.arange(len(maps)).chunk(6):
            rows, cols = self.grid()
            down, across, height, width = self.window(len(part), rows, cols)
            cells = self.sense(self.measure(maps[part], down, across, height, width, rows, cols))
            # What its description says of its size is not quite true.
            stretch = torch.exp(self.draws.normal(2, len(part)) * 0.06)
            to_row, row_in = overlap(height / rows * stretch[0], rows, ROWS)
            to_col, col_in = overlap(width / cols * stretch[1], cols, COLS)
            out[part] = to_row @ cells @ to_col.transpose(1, 2)
            covered[part] = row_in[:, :, None] * col_in[:, None]
        return out, covered
