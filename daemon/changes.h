// SPDX-License-Identifier: GPL-3.0-or-later
// What of the live state is worth telling, and when: a listener hears of each change, once a second
// at most, and of what grows all night once a minute.
#ifndef PSOASMON_CHANGES_H
#define PSOASMON_CHANGES_H

#include "config/config.h"
#include "live.h"

// What was told last.
struct changes {
    char pad[CONFIG_PATH_MAX], port[CONFIG_PATH_MAX], pad_problem[512];
    enum pad_state pad_state;
    enum position position;
    int64_t position_since_s, night_start_s, turns;
    int in_bed;
    char day[DAY_TEXT_SIZE];
    uint64_t failed_commits, lost_results;
    int64_t in_bed_s, recorded_s, friendly_s;
    int64_t noted_us; // when these were, by the clock of changes_find
};

#define CHANGES_MAX 16

// The names of the properties in which `live` differs from what was told, with a null behind the
// last; returns how many. To be taken as told with changes_take.
unsigned changes_find(const struct changes *told, const struct live *live, int64_t now_us,
                      const char *names[CHANGES_MAX]);
void changes_take(struct changes *told, const struct live *live, int64_t now_us);

#endif
