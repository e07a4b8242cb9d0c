# SPDX-License-Identifier: GPL-3.0-or-later
"""One training run: the same for the shipped weights and for each fold of the evaluation."""

import copy
import time

import numpy as np
import torch
import torch.nn.functional as F

from augment import Augment, BY_LEGS
from network import Network, prepare

BATCH = 128
SMOOTHING = 0.04
EMA = 0.995


def frame_weights(frames):
    """Each position alike, in it each person, of whom each recording: neighbouring frames are
    near copies, and some people lie longer."""
    weights = np.zeros(len(frames))
    for position in np.unique(frames.position):
        people = np.unique(frames.person[frames.position == position])
        for person in people:
            mine = (frames.position == position) & (frames.person == person)
            files, counts = np.unique(frames.file[mine], return_counts=True)
            share = dict(zip(files, 1.0 / counts / len(files) / len(people)))
            weights[mine] = [share[f] for f in frames.file[mine]]
    return torch.tensor(weights)


def learn(frames, donors, seed, steps, log=print):
    """Trains on `frames`; `donors` are maps of people on their back, of the same people."""
    torch.manual_seed(seed)
    augment = Augment(seed + 1)
    pick = torch.Generator().manual_seed(seed + 2)
    maps, positions = torch.from_numpy(frames.maps), torch.from_numpy(frames.position).long()
    donors = torch.from_numpy(donors)
    weights = frame_weights(frames)
    network = Network()
    mean = copy.deepcopy(network)
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps,
                                                   pct_start=0.15)
    begun, shown = time.monotonic(), 0.0
    for step in range(steps):
        at = torch.multinomial(weights, BATCH, replacement=True, generator=pick)
        batch, covered, truth = augment(maps[at], positions[at], donors)
        network.train()
        loss = F.cross_entropy(network(prepare(batch, covered)), truth, label_smoothing=SMOOTHING)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        decay = min(EMA, (step + 1) / (step + 10))
        with torch.no_grad():
            for slow, fast in zip(mean.state_dict().values(), network.state_dict().values()):
                if slow.dtype.is_floating_point:
                    slow.lerp_(fast, 1 - decay)
        shown += loss.item()
        if (step + 1) % 250 == 0:
            log(f"step {step + 1}: loss {shown / 250:.3f}, {time.monotonic() - begun:.0f} s")
            shown = 0.0
    mean.eval()
    return mean


def back_maps(frames):
    """Upper halves to lend: everybody recorded flat on the back."""
    return frames.maps[np.isin(frames.position, BY_LEGS) & (frames.person < 100)]
