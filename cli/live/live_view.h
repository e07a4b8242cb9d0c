// SPDX-License-Identifier: GPL-3.0-or-later
// What `psoasmon live` shows: the pad's picture, and beside or above it, in words, what psoasmond
// makes of it and how old that is. From what is known to characters; no terminal, no clock.
#ifndef PSOASMON_LIVE_VIEW_H
#define PSOASMON_LIVE_VIEW_H

#include "canvas.h"
#include "live/live_link.h"
#include "store/store.h"

struct live_view {
    const struct live_seen *seen;
    int64_t age_ms;           // of the last frame; -1: there was none
    struct store_night place; // local_here of now
    position_set friendly;
    double scale; // heatmap_scale of the maps so far
    enum canvas_depth depth;
    bool utf8;
};

// What is shown is so old that it has to be said loudly: two seconds, or three frames of a slow
// pad.
bool live_view_stale(const struct live_view *view);

// The line that says loudly what is wrong; empty where nothing is.
#define LIVE_WARNING_SIZE 640
void live_view_warning(const struct live_view *view, char text[LIVE_WARNING_SIZE]);

// The position's title and how sure it is: "On the back (97%)".
#define LIVE_POSITION_SIZE 128
void live_view_position(const struct live_state *state, char text[LIVE_POSITION_SIZE]);

// On a canvas of any size: what does not fit is left out, the least important first.
void live_view_draw(const struct live_view *view, struct canvas *canvas);

#endif
