// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon simulate: a sleeper as a pad on a pseudo-terminal. A pad that sends by itself does so
// whether or not anybody listens; one that is started waits for that; one that is asked answers
// with the frame of the moment.
#ifndef PSOASMON_PLAY_PAD_H
#define PSOASMON_PLAY_PAD_H

#include "faults.h"
#include "player.h"

struct play {
    const struct pad *pad;
    struct player *player;
    struct faults *faults;
    const char *link; // may be null
    double speed;     // so many times as fast
    void (*played)(const struct played_frame *frame, void *userdata);
    void *userdata;
};

// Prints the terminal's path and plays until the end or a signal. An exit status.
int play_pad(const struct play *play);

#endif
