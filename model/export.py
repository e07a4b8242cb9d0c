# SPDX-License-Identifier: GPL-3.0-or-later
"""The weights as the program reads them (core/position/weights.h), and the vectors its test
compares with."""

import struct
import zlib

import numpy as np
import torch

from data import COLS, ROWS
from network import folded

VERSION = 2


def write_weights(network, path):
    layers = folded(network)
    out = b"PSOASNET" + struct.pack("<II", VERSION, len(layers))
    for weights, bias in layers:
        shape = weights.shape if weights.ndim == 4 else (1, 1, *weights.shape)
        out += struct.pack("<IIII", *shape)
        out += weights.astype("<f4").tobytes() + bias.astype("<f4").tobytes()
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
    """A map of eight round prints, and a coverage, that C can draw as well."""
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
    return (cells * covered).astype(np.float32), covered.astype(np.float32)


def write_vectors(network, path, n=24):
    maps, covered = zip(*(synthetic(seed) for seed in range(1, n + 1)))
    probabilities = network.probabilities(torch.from_numpy(np.array(maps)),
                                          torch.from_numpy(np.array(covered)))
    with open(path, "w", encoding="ascii") as file:
        for line in probabilities.numpy():
            file.write(" ".join(f"{p:.6f}" for p in line) + "\n")
