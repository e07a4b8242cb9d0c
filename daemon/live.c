// SPDX-License-Identifier: GPL-3.0-or-later
#include "live.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "story.h"

const char *pad_state_name(enum pad_state state)
{
    static const char *const names[] = {
        [PAD_CONNECTED] = "connected",
        [PAD_WAITING] = "waiting",
        [PAD_SILENT] = "silent",
    };
    return names[state];
}

// A part at the end of the line; what does not fit is cut.
static void append(char text[LIVE_STATUS_SIZE], size_t *length, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void append(char text[LIVE_STATUS_SIZE], size_t *length, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(text + *length, LIVE_STATUS_SIZE - *length, format, arguments);
    va_end(arguments);
    *length += (size_t)n;
    if (*length >= LIVE_STATUS_SIZE)
        *length = LIVE_STATUS_SIZE - 1;
}

static void append_pad(char text[LIVE_STATUS_SIZE], size_t *length, const struct live *live)
{
    switch (live->pad_state) {
    case PAD_CONNECTED:
        append(text, length, "pad %s connected", live->pad);
        break;
    case PAD_WAITING:
        append(text, length, "waits for pad %s: %s", live->pad,
               *live->pad_problem ? live->pad_problem : live->port);
        break;
    case PAD_SILENT:
        append(text, length, "pad %s is silent", live->pad);
        break;
    }
}

void live_status(const struct live *live, const struct zone *zone, char text[LIVE_STATUS_SIZE])
{
    size_t length = 0;
    append_pad(text, &length, live);
    // Of a pad that says nothing, nothing is known now.
    if (live->pad_state == PAD_CONNECTED) {
        char position[POSITION_TEXT_SIZE], clock[CLOCK_TEXT_SIZE];
        story_position(live->position_now, position);
        append(text, &length, "; %s", position);
        if (live->position_since_s) {
            story_clock(live->position_since_s, zone, clock);
            append(text, &length, " since %s", clock);
        }
    }
    if (live->in_bed) {
        char in_bed[SPAN_TEXT_SIZE], friendly[SPAN_TEXT_SIZE];
        // Whole minutes, so that the line does not change every second.
        story_span(live->in_bed_s / 60 * 60, in_bed);
        story_span(live->friendly_s / 60 * 60, friendly);
        append(text, &length, "; the night so far %s, %s of it easy on the psoas", in_bed,
               friendly);
    }
    if (live->failed_commits)
        append(text, &length, "; %" PRIu64 " failed commit%s", live->failed_commits,
               live->failed_commits == 1 ? "" : "s");
}
