# SPDX-License-Identifier: GPL-3.0-or-later
"""The network, as core/position/network.c runs it."""

import torch
import torch.nn as nn
import torch.nn.functional as F

from data import COLS, MIRRORED, POSITIONS, POSTURE_POSITIONS, ROWS

CHANNELS = (16, 32, 48)
HIDDEN = 48
HALF = 0.4  # the pressure, by the mean felt, at which the curve has half its height
# Kinds of pads: like the one that most recordings come from, those of large cells, and all others
# (core/position/model.h).
NEAR, OTHER, COARSE = 1, 2, 4
NEAR_PITCH_MM, NEAR_COVERED = 28.0, 0.8
COARSE_PITCH_MM = 100.0
LARGEST = 127  # of the whole numbers that weights are stored as
# Which postures make a position: 1 or 0. The last two make none.
IN_POSITION = (torch.arange(len(POSITIONS))[:, None] == torch.tensor(POSTURE_POSITIONS)).float()


def prepare(maps, covered):
    """Two planes: the pressure, and what the pad covers. Pressure is told by the mean that the body
    feels (each cell counting by what it carries), which makes it blind to the pad's scale, on a
    curve that levels off, so that weak prints count beside strong ones."""
    felt = (maps * maps).sum((1, 2)) / maps.sum((1, 2)).clamp(min=1e-30)
    ratio = maps.clamp(min=0) / felt.clamp(min=1e-30)[:, None, None]
    return torch.stack([(1 + HALF) * ratio / (ratio + HALF), covered], 1)


class Network(nn.Module):
    def __init__(self, dropout=0.0):
        super().__init__()
        sizes = [(2, CHANNELS[0], 5), (CHANNELS[0], CHANNELS[1], 3), (CHANNELS[1], CHANNELS[2], 3)]
        self.convolutions = nn.ModuleList(
            nn.Conv2d(a, b, k, stride=2, padding=k // 2, bias=False) for a, b, k in sizes)
        self.norms = nn.ModuleList(nn.BatchNorm2d(b) for _, b, _ in sizes)
        self.hidden = nn.Linear(CHANNELS[2] * (ROWS // 8) * (COLS // 8), HIDDEN)
        self.out = nn.Linear(HIDDEN, len(POSTURE_POSITIONS))
        self.dropout = nn.Dropout(dropout)

    def forward(self, planes):
        x = planes
        for convolution, norm in zip(self.convolutions, self.norms):
            x = F.relu(norm(convolution(x)))
        # Channels last, as the C code lays them out.
        x = self.dropout(x.permute(0, 2, 3, 1).flatten(1))
        return self.out(self.dropout(F.relu(self.hidden(x))))

    def one_way(self, maps, covered):
        """What a line lacks to 1 is the probability that it is none of the positions."""
        return F.softmax(self(prepare(maps, covered)), 1) @ IN_POSITION.T

    def probabilities(self, maps, covered, batch=512):
        """The mean of what it says of a map and of its mirror image: left and right are alike."""
        self.eval()
        with torch.no_grad():
            return torch.cat([
                (self.one_way(m, c) + self.one_way(m.flip(2), c.flip(2))[:, MIRRORED]) / 2
                for m, c in zip(maps.split(batch), covered.split(batch))])


def fold(network):
    """Takes the batch norms into the convolutions, in place: they then only add the biases."""
    with torch.no_grad():
        for convolution, norm in zip(network.convolutions, network.norms):
            scale = norm.weight / (norm.running_var + norm.eps).sqrt()
            convolution.weight *= scale[:, None, None, None]
            norm.bias -= norm.running_mean * scale
            norm.weight.fill_(1)
            norm.running_mean.fill_(0)
            norm.running_var.fill_(1 - norm.eps)


def scales(weight):
    """What the whole numbers of each output (the first index) are to be multiplied by."""
    largest = weight.flatten(1).abs().amax(1)
    return torch.where(largest > 0, largest / LARGEST, torch.ones_like(largest))


def weighted(network):
    return [*network.convolutions, network.hidden, network.out]


def round_weights(network):
    """Folds the batch norms and rounds the weights as they are shipped, in place: what is measured
    then is what runs. Doing it again changes nothing. Returns the network."""
    fold(network)
    with torch.no_grad():
        for layer in weighted(network):
            scale = scales(layer.weight).view(-1, *[1] * (layer.weight.ndim - 1))
            layer.weight.copy_((layer.weight / scale).round() * scale)
    return network


def kind_of(covered, pitch_mm):
    """The kind of a pad that covers so much of the map, by the larger of its pitches."""
    if pitch_mm >= COARSE_PITCH_MM:
        return COARSE
    near = pitch_mm <= NEAR_PITCH_MM and covered.mean().item() >= NEAR_COVERED
    return NEAR if near else OTHER


def together(networks, kind, maps, covered):
    """What the program says of maps from this kind of pad: the mean over its networks, of
    (network, kinds of pads) each."""
    return torch.stack([network.probabilities(maps, covered)
                        for network, pads in networks if pads & kind]).mean(0)
