# SPDX-License-Identifier: GPL-3.0-or-later
"""One training run: the same for the shipped weights and for each fold of the evaluation."""

import copy
import time

import numpy as np
import torch
import torch.nn.functional as F

from augment import Augment
from data import INDEX, POPU_PERSON, SIMULATED
from network import IN_POSITION, Network, prepare

BATCH = 128
SMOOTHING = 0.05
SIMULATED_SHARE = 0.12  # where there are recordings of several people
SIMULATED_SHARE_ALONE = 0.4  # where there are not
# Here the simulation is least like people, and what it shows contradicts them.
SIMULATED_NOT = [INDEX["supine"], INDEX["reclined"]]
AVERAGE = 0.99  # of the weights over the steps: what is kept is their running mean


def frame_weights(frames):
    """Each position alike; in it recordings and simulation as SIMULATED_SHARE says, each person,
    of whom each recording: neighbouring frames are near copies, and some people lie longer."""
    weights = np.zeros(len(frames))
    for position in np.unique(frames.position):
        of_position = frames.position == position
        people = np.unique(frames.person[of_position])
        n_real = (people != SIMULATED).sum()
        simulated = SIMULATED_SHARE if n_real > 3 else SIMULATED_SHARE_ALONE
        simulated = 0.0 if position in SIMULATED_NOT else simulated
        for person in people:
            mine = of_position & (frames.person == person)
            share = simulated if person == SIMULATED else (1 - simulated) / n_real
            files, at, counts = np.unique(frames.file[mine], return_inverse=True,
                                          return_counts=True)
            weights[mine] = (share / len(files) / counts)[at]
    return torch.tensor(weights)


def loss_of(scores, positions, postures):
    """The posture's where it is known, the position's where only that is."""
    postures_log = F.log_softmax(scores, 1)
    positions_log = (postures_log[:, None] + IN_POSITION.log()[None]).logsumexp(2)
    of_position = positions_log.gather(1, positions[:, None])[:, 0]
    of_posture = postures_log.gather(1, postures.clamp(min=0)[:, None])[:, 0]
    told = torch.where(postures >= 0, of_posture, of_position)
    return -((1 - SMOOTHING) * told + SMOOTHING * postures_log.mean(1)).mean()


def learn(frames, seed, steps, log=print):
    torch.manual_seed(seed)
    pick = torch.Generator().manual_seed(seed + 2)
    maps, positions, postures, people = (
        torch.from_numpy(np.ascontiguousarray(a))
        for a in (frames.maps, frames.position.astype(np.int64), frames.postures(),
                  frames.person.astype(np.int64)))
    augment = Augment(maps, positions, people, seed + 1)
    weights = frame_weights(frames)
    network = Network()
    mean = copy.deepcopy(network)
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps,
                                                   pct_start=0.15)
    begun, shown = time.monotonic(), 0.0
    for step in range(steps):
        at = torch.multinomial(weights, BATCH, replacement=True, generator=pick)
        batch, covered, *truth = augment(maps[at], positions[at], postures[at], people[at])
        network.train()
        loss = loss_of(network(prepare(batch, covered)), *truth)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        decay = min(AVERAGE, (step + 1) / (step + 10))
        with torch.no_grad():
            for slow, fast in zip(mean.state_dict().values(), network.state_dict().values()):
                if slow.dtype.is_floating_point:
                    slow.lerp_(fast, 1 - decay)
        shown += loss.item()
        if (step + 1) % 100 == 0:
            log(f"step {step + 1}: loss {shown / 100:.3f}, {time.monotonic() - begun:.0f} s")
            shown = 0.0
    mean.eval()
    return mean
