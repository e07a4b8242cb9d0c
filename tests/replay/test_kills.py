# SPDX-License-Identifier: GPL-3.0-or-later
"""psoasmond killed at random moments of a night; `./dev soak` does so a thousand times."""
import random

import kills


def test_a_night_with_kills(daemon, pad, tmp_path):
    chance = random.Random(5)
    night = kills.Night(tmp_path, 1, 1)
    kills.run(daemon, pad, night, sorted(chance.random() for _ in range(5)))
