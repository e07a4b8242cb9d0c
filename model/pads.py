# SPDX-License-Identifier: GPL-3.0-or-later
"""Other pads under the same bodies: any number of cells, any size, anywhere under the body, with
any sensor's faults, behind a mattress or not; and back onto the map as core/surface brings it
there."""

import dataclasses
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


@dataclasses.dataclass(frozen=True)
class Beds:
    """What pads and mattresses to draw: (least, most), or how far they scatter."""
    rows: tuple
    cols: tuple
    fewer: float  # the share of pads with fewer cells than are needed for fine positions
    size: float  # of the pad, by the body
    down: float  # how far off the body's middle, in map lines
    across: float
    response: float  # of the logarithm of the curve's exponent
    saturation: tuple
    bad: tuple  # how uneven the cells are; none below 0
    ghost: tuple
    threshold: tuple
    counts: tuple
    blurred: float  # the share behind a mattress
    blur: float  # at most, in map lines
    far: float  # the share of the load that a mattress carries far around, at most
    moved: float  # how much farther bodies move than on PmatData's mat
    gain: float


# Of any make: whatever may lie in a bed.
ANY = Beds(rows=(9.5, 64), cols=(4.6, 40), fewer=1 / 6, size=0.18, down=5.0, across=2.0,
           response=0.3, saturation=(0.35, 2.0), bad=(-0.2, 1.0), ghost=(-0.08, 0.04),
           threshold=(-0.1, 0.1), counts=(10.0, 250.0), blurred=0.5, blur=2.7, far=0.85, moved=2.0,
           gain=0.5)
# Such as have a network of their own. What little is known of other makers' sensors is that their
# curves differ: PoPu's levels off long before PmatData's does.
SMALL_CELLS = dataclasses.replace(ANY, rows=(13.5, 64), cols=(6.5, 40), fewer=0.0, response=0.45)
# Cells as large as a hand and larger, under a mattress and a whole body: so little of it is left
# that a network which is to put up with every fault as well cannot tell knees any more.
LARGE_CELLS = Beds(rows=(9.5, 18), cols=(4.6, 9), fewer=1 / 6, size=0.06, down=1.5, across=1.0,
                   response=0.1, saturation=(0.8, 2.0), bad=(-0.2, 0.4), ghost=(-0.04, 0.01),
                   threshold=(-0.04, 0.02), counts=(10.0, 60.0), blurred=0.9, blur=3.0, far=0.4,
                   moved=1.0, gain=0.2)

FEWEST = 3.5  # rows or columns


class Pads:
    """Drawn one after another."""

    def __init__(self, draws, beds):
        self.draws, self.beds = draws, beds

    def grid(self):
        """Rows and columns of a pad."""
        beds, d = self.beds, self.draws
        fewest_rows, fewest_cols = (FEWEST, FEWEST) if d.chance(beds.fewer, 1) else \
            (beds.rows[0], beds.cols[0])
        rows = d.uniform(math.log(fewest_rows), math.log(beds.rows[1]), 1).exp().round()
        cols = d.uniform(math.log(fewest_cols), math.log(beds.cols[1]), 1).exp().round()
        return int(rows), min(int(cols), 2 * int(rows))

    def window(self, n, rows, cols):
        """Where the pad lies under the body, in map lines: centre and size, down and across. Most
        are about as large as a bed; some miss the head, some the feet."""
        d = self.draws
        height = 62 * torch.exp(d.normal(n) * self.beds.size)
        width = 31 * torch.exp(d.normal(n) * self.beds.size)
        # The body's middle is near the map's; the pad's is where it likes to be.
        down = d.normal(n) * self.beds.down
        across = d.normal(n) * self.beds.across
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
        d, beds, (n, rows, cols) = self.draws, self.beds, cells.shape
        shape = (n, 1, 1)
        bad = d.uniform(*beds.bad, *shape).clamp(min=0)
        peak = cells.flatten(1).amax(1).clamp(min=1e-6)[:, None, None]
        cells = (cells / peak) ** torch.exp(d.normal(*shape) * beds.response)
        cells = cells.minimum(d.uniform(*beds.saturation, *shape))
        cells = cells / cells.flatten(1).amax(1).clamp(min=1e-6)[:, None, None]
        cells = (cells - d.uniform(*beds.threshold, *shape).clamp(min=0)).clamp(min=0)
        cells = cells * torch.exp((d.normal(n, rows, 1) + d.normal(n, 1, cols)) * 0.15 * bad)
        cells = cells * torch.exp(d.normal(n, rows, cols) * 0.15 * bad)
        # A crossing's ghost: some of what its row and column carry.
        ghost = d.uniform(*beds.ghost, *shape).clamp(min=0)
        cells = cells + ghost * (cells.mean(1, keepdim=True) + cells.mean(2, keepdim=True))
        few = d.uniform(0, 1, *shape) < 0.15
        dead = (d.uniform(0, 1, n, rows, 1) < 0.03) | (d.uniform(0, 1, n, 1, cols) < 0.03)
        dead = (dead & few) | (d.uniform(0, 1, n, rows, cols) < d.uniform(-0.03, 0.02, *shape))
        cells = cells * ~dead
        hot = d.uniform(0, 1, n, rows, cols) < d.uniform(-0.008, 0.002, *shape)
        cells = torch.where(hot, d.uniform(0, 1.2, n, rows, cols), cells)
        counts = torch.exp(d.uniform(*map(math.log, beds.counts), *shape))
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
