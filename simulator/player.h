// SPDX-License-Identifier: GPL-3.0-or-later
// Plays a plan: a sleeper goes through its steps, and each frame comes out as a pad would send it.
#ifndef PSOASMON_PLAYER_H
#define PSOASMON_PLAYER_H

#include "sleeper.h"

struct player;

struct played_frame {
    uint64_t number; // from 0
    double time_s;   // since the start
    enum position truth;
    const uint8_t *bytes; // until the next call
    size_t length;
};

// `pad` and `steps` must outlive the player. -ENOMEM, -EINVAL.
int player_new(struct player **ret, const struct pad *pad, const struct sleeper_options *options,
               const struct sleep_step *steps, size_t n_steps);
void player_free(struct player *player);
DEFINE_CLEANUP(struct player *, player_free)

// False when the plan is over. A step's frames are those that begin in it.
bool player_next(struct player *player, struct played_frame *frame);

#endif
