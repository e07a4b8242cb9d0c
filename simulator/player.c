// SPDX-License-Identifier: GPL-3.0-or-later
#include "player.h"

#include <errno.h>
#include <math.h>

struct player {
    const struct pad *pad;
    const struct sleep_step *steps;
    size_t n_steps, step;
    double rate_hz, step_end_s;
    uint64_t number;
    struct sleeper *sleeper;
    uint16_t *counts;
    uint8_t *bytes;
    size_t room;
};

int player_new(struct player **ret, const struct pad *pad, const struct sleeper_options *options,
               const struct sleep_step *steps, size_t n_steps)
{
    _cleanup_(player_freep) struct player *player = calloc(1, sizeof *player);
    if (!player)
        return -ENOMEM;
    int r = sleeper_new(&player->sleeper, pad, options);
    if (r < 0)
        return r;
    player->pad = pad;
    player->steps = steps;
    player->n_steps = n_steps;
    player->rate_hz = options->rate_hz;
    player->room = pad_encoded_max(pad);
    player->counts = calloc(pad_cells(pad), sizeof *player->counts);
    player->bytes = malloc(player->room);
    if (!player->counts || !player->bytes)
        return -ENOMEM;
    *ret = player;
    player = NULL;
    return 0;
}

void player_free(struct player *player)
{
    if (player->sleeper)
        sleeper_free(player->sleeper);
    free(player->counts);
    free(player->bytes);
    free(player);
}

// Frame n is at n / rate; reckoned in whole frames, so that a tenth of a second is one.
static bool begins_before(const struct player *player, double end_s)
{
    return (double)player->number < floor(end_s * player->rate_hz + 0.5);
}

bool player_next(struct player *player, struct played_frame *frame)
{
    while (!begins_before(player, player->step_end_s)) {
        if (player->step == player->n_steps)
            return false;
        const struct sleep_step *step = &player->steps[player->step++];
        player->step_end_s += step->seconds;
        sleeper_turn(player->sleeper, step->position);
    }
    sleeper_frame(player->sleeper, player->counts);
    ssize_t length = pad_encode_numbered(player->pad, player->counts, player->number, player->bytes,
                                         player->room);
    *frame = (struct played_frame){
        .number = player->number,
        .time_s = (double)player->number / player->rate_hz,
        .truth = sleeper_truth(player->sleeper),
        .bytes = player->bytes,
        .length = (size_t)length,
    };
    player->number++;
    return true;
}
