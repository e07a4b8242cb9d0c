#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Leaves each person out in turn, trains on the others, and writes RESULTS.md.

    /usr/bin/python3 model/evaluate.py --build build --recordings ../shared/data

Single frames, no smoothing over time. Nothing of the person left out is trained on: neither
frames, nor composed prints, nor trunks lent to others.
"""

import argparse
import os

import numpy as np
import torch

import data
from compose import compose
from learn import learn

TEST_SEEDS = range(1, 25)  # simulated sleepers nobody trained on


def predict(network, frames):
    maps = torch.from_numpy(frames.maps)
    return network.probabilities(maps, torch.ones_like(maps)).numpy()


def percent(right):
    return f"{100 * right.mean():.2f} %" if len(right) else "-"


def confusion_table(truth, said, names):
    counts = np.zeros((len(names), len(names)), int)
    np.add.at(counts, (truth, said), 1)
    lines = ["| truth \\ said | " + " | ".join(str(i) for i in range(len(names))) + " |",
             "|---" * (len(names) + 1) + "|"]
    for i, name in enumerate(names):
        if counts[i].sum():
            cells = " | ".join(str(c) if c else "" for c in counts[i])
            lines.append(f"| {i} {name} | {cells} |")
    return lines


def calibration(probabilities, truth):
    """How far the confidence is from the share that is right, and the mean log loss."""
    confidence, right = probabilities.max(1), probabilities.argmax(1) == truth
    bins = np.minimum((confidence * 10).astype(int), 9)
    error = sum(abs(confidence[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
                for b in np.unique(bins))
    loss = -np.log(probabilities[np.arange(len(truth)), truth].clip(1e-9)).mean()
    return error, loss


class Report:
    def __init__(self):
        self.people = []
        self.real, self.made, self.simulated = [], [], []

    def add(self, person, network, real, made, simulated):
        for kept, frames in ((self.real, real), (self.made, made), (self.simulated, simulated)):
            kept.append((predict(network, frames), frames.position))
        right = self.real[-1][0].argmax(1) == real.position
        files = {f: right[real.file == f].mean() for f in sorted(data.PMAT)}
        weak = ", ".join(f"{f}: {100 * files[f]:.0f} %" for f in files if files[f] < 0.98)
        self.people.append((person, right, weak))
        print(f"S{person}: {percent(right)} {weak}", flush=True)

    def lines(self, options):
        shares = [right.mean() for _, right, _ in self.people]
        out = [
            "# Results", "",
            "One person left out at a time, single frames of the mat, no smoothing over time.",
            f"Made by `model/evaluate.py --steps {options.steps} --seed {options.seed}`.", "",
            "| person | frames | right | recordings below 98 % |", "|---|---|---|---|"]
        out += [f"| S{person} | {len(right)} | {percent(right)} | {weak} |"
                for person, right, weak in self.people]
        worst = int(np.argmin(shares))
        out += ["", f"All frames: **{percent(np.concatenate([r for _, r, _ in self.people]))}**. "
                f"Mean of the people: **{100 * np.mean(shares):.2f} %**. "
                f"Worst: **S{self.people[worst][0]}, {100 * shares[worst]:.2f} %**.", ""]
        for title, kept in (
                ("Recorded people", self.real),
                ("Composed prints of the people left out (see compose.py)", self.made),
                ("Simulated sleepers, seeds nobody trained on (all nine networks)",
                 self.simulated)):
            probabilities = np.concatenate([p for p, _ in kept])
            truth = np.concatenate([t for _, t in kept])
            error, loss = calibration(probabilities, truth)
            out += [f"## {title}", "",
                    f"Right: {percent(probabilities.argmax(1) == truth)}; mean distance of the "
                    f"confidence from the share that is right: {100 * error:.1f} points; "
                    f"log loss {loss:.3f}.", "",
                    *confusion_table(truth, probabilities.argmax(1), data.POSITIONS), ""]
        return out


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default="build")
    parser.add_argument("--recordings", default="../shared/data")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", default=os.path.join(data.HERE, "RESULTS.md"))
    options = parser.parse_args()
    torch.set_num_threads(1)

    pmat = data.pmat(options.build, options.recordings)
    labelled = data.pmat(options.build, options.recordings, late=False)
    popu = data.popu(options.build, options.recordings)
    simulated = data.simulated(options.build)
    tested = data.simulated(options.build, TEST_SEEDS)
    report = Report()
    for person in data.PMAT_PEOPLE:
        # Judged by what the files are called, even where one begins as something else.
        others = pmat.where(pmat.person != person)
        left_out = labelled.where(labelled.person == person)
        frames = data.Frames.join([others, popu, compose(others, options.seed), simulated])
        network = learn(frames, options.seed, options.steps, log=lambda line: None)
        made = compose(left_out, options.seed + 1, n_each=200)
        report.add(person, network, left_out, made, tested)
    with open(options.out, "w", encoding="utf-8") as file:
        file.write("\n".join(report.lines(options)))


if __name__ == "__main__":
    main()
