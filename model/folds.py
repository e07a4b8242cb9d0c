# SPDX-License-Identifier: GPL-3.0-or-later
"""Folds of the evaluation: somebody left out, networks trained on all the others, and kept.

Nothing of the one left out is trained on: neither frames nor composed prints.
"""

import functools
import glob
import hashlib
import inspect
import os
import subprocess
import sys
import time

import numpy as np
import torch

import compose
import data
import export
import learn
import strangers

# Whose recordings are left out. PoPu's person lies on two pads of another maker.
FOLDS = {f"S{person}": [person] for person in data.PMAT_PEOPLE}
FOLDS["popu"] = [data.POPU_PERSON]

# What judges and writes trains nothing: all else in this directory does.
NOT_RECIPE = {"beds.py", "evaluate.py", "folds.py", "judging.py", "pictures.py", "results.py",
              "stand_ins.py", "tables.py", "train.py"}


@functools.lru_cache(maxsize=1)
def training_frames(build, recordings):
    """Real people, and simulated ones."""
    real = data.Frames.join([data.pmat(build, recordings), data.popu(build, recordings)])
    return real, data.simulated(build)


# Of each recipe. The file has no room for more: 512 KiB.
ENSEMBLE = [learn.NEAR_PADS] * 3 + [learn.OTHER_PADS, learn.COARSE_PADS]


def networks_without(people, build, recordings, effort, seed, log=lambda line: None):
    """What would be shipped if `people` had never been recorded: (network, kinds of pads) each."""
    real, simulated = training_frames(build, recordings)
    others = real.where(~np.isin(real.person, people))
    recorded = others.where(others.person < data.POPU_PERSON)
    networks = []
    for number, recipe in enumerate(ENSEMBLE):
        own = seed + 10 * number
        parts = [others, compose.compose(others, own), simulated,
                 strangers.strangers(recorded, own)]
        if recipe.straight:
            parts.append(compose.straight_sides(others, own))
        frames = data.Frames.join(parts)
        log(f"network {number + 1} of {len(ENSEMBLE)}")
        networks.append((learn.learn(frames, recipe, own, effort, log), recipe.pads))
    return networks


class Folds:
    """What was trained, in a directory; another recipe has other files."""

    def __init__(self, cache, build, recordings, effort, seed):
        self.cache, self.training = cache, (build, recordings, effort, seed)
        recipe = [inspect.getsource(networks_without), str((ENSEMBLE, effort, seed))]
        for path in sorted(glob.glob(os.path.join(data.HERE, "*.py"))):
            if os.path.basename(path) not in NOT_RECIPE:
                with open(path, encoding="utf-8") as file:
                    recipe.append(file.read())
        self.recipe = hashlib.sha256("".join(recipe).encode()).hexdigest()[:12]
        os.makedirs(cache, exist_ok=True)

    def weights(self, fold):
        return os.path.join(self.cache, f"{fold}-{self.recipe}.weights")

    def _networks(self, fold):
        return os.path.join(self.cache, f"{fold}-{self.recipe}.pt")

    def trained(self, fold):
        return os.path.exists(self.weights(fold)) and os.path.exists(self._networks(fold))

    def networks(self, fold):
        kept = torch.load(self._networks(fold))
        for one, _ in kept:
            one.eval()
        return kept

    def train(self, fold):
        networks = networks_without(FOLDS[fold], *self.training)
        # Rounded, as they are shipped. Under their names only once they are whole: another process
        # may be looking.
        export.write_weights(networks, self.weights(fold) + ".new")
        torch.save(networks, self._networks(fold) + ".new")
        os.rename(self._networks(fold) + ".new", self._networks(fold))
        os.rename(self.weights(fold) + ".new", self.weights(fold))


def train_missing(folds, names, jobs, command):
    """In `jobs` processes of one thread each: `command --people NAME,...`."""
    missing = [name for name in names if not folds.trained(name)]
    shares = [share for share in (missing[i::jobs] for i in range(jobs)) if share]
    processes = [subprocess.Popen([*command, "--people", ",".join(share)]) for share in shares]
    try:
        while any(process.poll() is None for process in processes):
            progress(f"{sum(map(folds.trained, names))} of {len(names)} folds trained")
            time.sleep(1)
    finally:
        for process in processes:
            process.terminate()
            process.wait()
    progress("")
    if any(process.returncode for process in processes):
        sys.exit("evaluate.py: a fold could not be trained")


def progress(text):
    """A line that the next one replaces; only on a terminal."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
