# SPDX-License-Identifier: GPL-3.0-or-later
"""The weights as the program reads them (core/position/weights.h), and the vectors its test
compares with."""

import struct
import zlib

import numpy as np
import torch

from data import COLS, ROWS
from network import kind_of, round_weights, scales, together, weighted

VERSION = 3


def layers(network):
    """(whole numbers, scales, biases) of each layer; the numbers are (rows, columns, in, out)."""
    biases = [norm.bias for norm in network.norms] + [network.hidden.bias, network.out.bias]
    for layer, bias in zip(weighted(network), biases):
        weight, scale = layer.weight.detach(), scales(layer.weight.detach())
        whole = (weight.flatten(1) / scale[:, None]).round().view(weight.shape)
        whole = whole.permute(2, 3, 1, 0) if whole.ndim == 4 else whole.T[None, None]
        yield whole.contiguous().numpy(), scale.numpy(), bias.detach().numpy()


def write_weights(networks, path):
    """Of (network, kinds of pads) each; rounds the networks in place."""
    out = b"PSOASNET" + struct.pack("<II", VERSION, len(networks))
    for network, pads in networks:
        kept = list(layers(round_weights(network)))
        out += struct.pack("<II", pads, len(kept))
        for whole, scale, bias in kept:
            out += struct.pack("<IIII", *whole.shape) + scale.astype("<f4").tobytes()
            out += whole.astype("i1").tobytes() + bias.astype("<f4").tobytes()
    with open(path, "wb") as file:
        file.write(out + struct.pack("<I", zlib.crc32(out)))


class Random:
    """The generator of tests/unit/test_model.c."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % n


def synthetic(seed):
    """A map of eight round prints, a coverage and a pitch, that C can draw as well."""
    random = Random(seed)
    rows, cols = np.arange(ROWS)[:, None], np.arange(COLS)[None]
    cells = np.zeros((ROWS, COLS))
    for _ in range(8):
        row, col = random.below(ROWS), random.below(COLS)
        height, width = 2 + random.below(10), 2 + random.below(6)
        peak = (1 + random.below(100)) / 100
        print_ = 1 - ((rows - row) / height) ** 2 - ((cols - col) / width) ** 2
        cells += peak * np.maximum(print_, 0)
    top, left = random.below(10), random.below(6)
    covered = ((rows >= top) & (cols >= left)) * 1.0
    pitch_mm = (25, 35, 140)[random.below(3)]
    return (cells * covered).astype(np.float32), covered.astype(np.float32), pitch_mm


def write_vectors(networks, path, n=24):
    """What `networks`, which write_weights has rounded, say of synthetic maps."""
    with open(path, "w", encoding="ascii") as file:
        for seed in range(1, n + 1):
            cells, covered, pitch_mm = synthetic(seed)
            covered = torch.from_numpy(covered)
            line = together(networks, kind_of(covered, pitch_mm),
                            torch.from_numpy(cells)[None], covered[None])[0]
            file.write(" ".join(f"{p:.6f}" for p in line) + "\n")
