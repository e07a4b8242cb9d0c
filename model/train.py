#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains the shipped weights on everybody: psoasmon.weights, and vectors.txt for the test.

    /usr/bin/python3 model/train.py --build build --recordings ../shared/data
"""

import argparse
import os

import torch

import data
from export import write_vectors, write_weights
from folds import networks_without


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build", help="build directory, with model/maps in it")
    parser.add_argument("--recordings", default="../shared/data", help="pmat/ and popu/ in it")
    parser.add_argument("--out", default=data.HERE, help="directory to write to")
    parser.add_argument("--effort", type=float, default=1.0,
                        help="the share of the recipes' steps: less only to try the path")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)  # the same sums in the same order

    networks = networks_without([], options.build, options.recordings, options.effort,
                                options.seed, print)
    write_weights(networks, os.path.join(options.out, "psoasmon.weights"))
    write_vectors(networks, os.path.join(options.out, "vectors.txt"))


if __name__ == "__main__":
    main()
