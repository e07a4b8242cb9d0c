// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

// The seconds of a night grow every second, which nobody wants to hear.
#define NOTE_EVERY_US (INT64_C(60) * 1000000)

static bool is_noted(const struct changes *told, int64_t now_us)
{
    return told->noted_us == 0 || now_us - told->noted_us >= NOTE_EVERY_US;
}

unsigned changes_find(const struct changes *told, const struct live *live, int64_t now_us,
                      const char *names[CHANGES_MAX])
{
    const bool noted = is_noted(told, now_us);
    const struct {
        const char *name;
        bool changed;
    } properties[] = {
        {"Pad", strcmp(told->pad, live->pad) != 0},
        {"Port", strcmp(told->port, live->port) != 0},
        {"PadState", told->pad_state != live->pad_state},
        {"PadProblem", strcmp(told->pad_problem, live->pad_problem) != 0},
        {"Position", told->position != live->position_now},
        {"PositionSince", told->position_since_s != live->position_since_s},
        {"InBed", told->in_bed != live->in_bed},
        {"NightDay", strcmp(told->day, live->day) != 0},
        {"NightStart", told->night_start_s != live->night_start_s},
        {"Turns", told->turns != live->turns},
        {"FailedCommits", told->failed_commits != live->failed_commits},
        {"LostResults", told->lost_results != live->lost_results},
        {"InBedSeconds", noted && told->in_bed_s != live->in_bed_s},
        {"RecordedSeconds", noted && told->recorded_s != live->recorded_s},
        {"FriendlySeconds", noted && told->friendly_s != live->friendly_s},
    };
    _Static_assert(sizeof properties / sizeof *properties < CHANGES_MAX, "and a null");
    unsigned n = 0;
    for (size_t i = 0; i < sizeof properties / sizeof *properties; i++)
        if (properties[i].changed)
            names[n++] = properties[i].name;
    names[n] = NULL;
    return n;
}

void changes_take(struct changes *told, const struct live *live, int64_t now_us)
{
    snprintf(told->pad, sizeof told->pad, "%s", live->pad);
    snprintf(told->port, sizeof told->port, "%s", live->port);
    snprintf(told->pad_problem, sizeof told->pad_problem, "%s", live->pad_problem);
    told->pad_state = live->pad_state;
    told->position = live->position_now;
    told->position_since_s = live->position_since_s;
    told->in_bed = live->in_bed;
    memcpy(told->day, live->day, sizeof told->day);
    told->night_start_s = live->night_start_s;
    told->turns = live->turns;
    told->failed_commits = live->failed_commits;
    told->lost_results = live->lost_results;
    if (!is_noted(told, now_us))
        return;
    told->in_bed_s = live->in_bed_s;
    told->recorded_s = live->recorded_s;
    told->friendly_s = live->friendly_s;
    told->noted_us = now_us;
}
