#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges the recipe of the shipped weights on people it has never seen.

    /usr/bin/python3 model/evaluate.py --build build --recordings ../shared/data

Trains what is missing in the cache (folds.py), lets judge.c judge each bed (beds.py, stand_ins.py,
judging.py), and writes RESULTS.md, its pictures, and the figures in MODEL_CARD.md (results.py).
"""

import argparse
import os
import sys
import tempfile

import numpy as np
import torch

import beds
import data
import stand_ins
from folds import FOLDS, Folds, progress, train_missing
from judging import Judged, calibrated, judge, postures
from results import networks_in, update_card, weights_name, write_results


def beds_of_person(person, options, folder):
    """PmatData's own bed, and those made of the person's maps."""
    everybody = data.pmat(options.build, options.recordings, late=False)
    lying = (everybody.file != 1) | (everybody.person != 7) | (everybody.frame >= 16)
    frames = everybody.where((everybody.person == person) & lying)
    random = np.random.default_rng([options.seed, person])
    return frames, [
        beds.pmat(person, options.recordings),
        stand_ins.mat_without_head(frames, folder, random),
        stand_ins.coarse_mat(frames, folder, random),
        stand_ins.mattress(frames, folder, random),
        stand_ins.composed(frames, folder, options.seed + 1),
        *(stand_ins.no_position(frames, folder, options.seed + 1, what)
          for what in (data.NOBODY, data.SEVERAL)),
        *(stand_ins.of_size(frames, folder, random, *size) for size in stand_ins.SIZES),
    ]


def judge_everything(folds, options):
    parts = {"beds": {}, "before": [], "after": [], "postures": []}

    def keep(bed, judged):
        parts["beds"].setdefault(bed.name, []).append(judged)

    with tempfile.TemporaryDirectory() as folder:
        simulated = stand_ins.simulated(options.build, folder)
        for number, (fold, people) in enumerate(FOLDS.items()):
            progress(f"judging fold {number + 1} of {len(FOLDS)}")
            weights = folds.weights(fold)
            if fold == "popu":
                for bed in (beds.popu_over(options.recordings, folder),
                            beds.popu_under(options.recordings, folder),
                            beds.fsr16(options.recordings, folder)):
                    keep(bed, judge(options.build, weights, bed))
                continue
            frames, own = beds_of_person(people[0], options, folder)
            for bed in [*own, simulated]:
                keep(bed, judge(options.build, weights, bed))
            before, after = calibrated(options.build, weights, own[0], folder)
            parts["before"].append(before.occupied())
            parts["after"].append(after.occupied())
            parts["postures"].append((*postures(folds.networks(fold), frames), frames.person))
    progress("")
    return {
        "beds": {name: Judged.join(judged) for name, judged in parts["beds"].items()},
        "before": Judged.join(parts["before"]), "after": Judged.join(parts["after"]),
        "postures": tuple(np.concatenate(part) for part in zip(*parts["postures"])),
    }


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build", help="build directory, with model/judge in it")
    parser.add_argument("--recordings", default="../shared/data",
                        help="pmat/, popu/ and fsr16/ in it")
    parser.add_argument("--effort", type=float, default=1.0,
                        help="the share of the recipes' steps: less only to try the path")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", help="trained folds (default: BUILD/folds)")
    parser.add_argument("--jobs", type=int, default=2, help="folds trained at once")
    parser.add_argument("--people", metavar="FOLD,...",
                        help=f"only train these, of {', '.join(FOLDS)}, and stop")
    parser.add_argument("--out", default=data.HERE, help="directory to write to")
    return parser.parse_args()


def main():
    options = parse_options()
    torch.set_num_threads(1)  # the same sums in the same order
    cache = options.cache or os.path.join(options.build, "folds")
    folds = Folds(cache, options.build, options.recordings, options.effort, options.seed)
    recipe = ["--effort", str(options.effort), "--seed", str(options.seed)]
    if options.people:
        for fold in options.people.split(","):
            if not folds.trained(fold):
                folds.train(fold)
        return
    train_missing(folds, list(FOLDS), options.jobs, [
        sys.executable, os.path.abspath(__file__), *recipe, "--cache", cache, "--build",
        options.build, "--recordings", options.recordings])
    figures = judge_everything(folds, options)
    weights = os.path.join(data.HERE, "psoasmon.weights")
    shipped = weights_name(weights)
    how = (f"Made by `model/evaluate.py {' '.join(recipe)}`: networks a fold, "
           f"{networks_in(folds.weights('popu'))}; in the shipped file, {networks_in(weights)}.")
    write_results(figures, how, shipped, os.path.join(options.out, "RESULTS.md"))
    update_card(figures, shipped, os.path.join(options.out, "MODEL_CARD.md"))


if __name__ == "__main__":
    main()
