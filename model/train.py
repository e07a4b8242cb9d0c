#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains the shipped weights on everybody: psoasmon.weights, and vectors.txt for the test.

    /usr/bin/python3 model/train.py --build build --recordings ../shared/data
"""

import argparse
import os

import torch

import data
from compose import compose
from export import write_vectors, write_weights
from learn import learn


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default="build", help="build directory, with model/maps in it")
    parser.add_argument("--recordings", default="../shared/data", help="pmat/ and popu/ in it")
    parser.add_argument("--out", default=data.HERE, help="directory to write to")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)  # the same sums in the same order

    pmat = data.pmat(options.build, options.recordings)
    popu = data.popu(options.build, options.recordings)
    frames = data.Frames.join([pmat, popu, compose(pmat, options.seed),
                               data.simulated(options.build)])
    network = learn(frames, options.seed, options.steps)
    write_weights(network, os.path.join(options.out, "psoasmon.weights"))
    write_vectors(network, os.path.join(options.out, "vectors.txt"))


if __name__ == "__main__":
    main()
