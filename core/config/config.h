// SPDX-License-Identifier: GPL-3.0-or-later
// The configuration: /etc/psoasmon/psoasmon.conf and psoasmon.conf.d/*.conf beside it, ini files.
// The keys are documented in docs/psoasmon.conf.md.
#ifndef PSOASMON_CONFIG_H
#define PSOASMON_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "night/night.h"
#include "position/position.h"

#define CONFIG_PATH_MAX 4096

enum config_week {
    WEEK_LOCALE,   // as where the reader lives
    WEEK_MONDAY,   // Monday to Sunday
    WEEK_SATURDAY, // Saturday to Friday
    WEEK_SUNDAY,
    WEEK_LAST_SEVEN, // the seven nights up to the newest
};

enum config_clock {
    CLOCK_LOCALE, // as where the reader lives
    CLOCK_24,     // 23:30
    CLOCK_12,     // 11:30pm
};

// Where a key was read; an empty file: it was not.
struct config_place {
    char file[CONFIG_PATH_MAX];
    int line;
};

struct config {
    char database[CONFIG_PATH_MAX]; // [store] database
    // [store] keep_snapshots_days keep_epochs_days: 0 is for ever
    int64_t keep_snapshots_days, keep_epochs_days;
    char port[CONFIG_PATH_MAX]; // [pad] port; empty: none named
    struct config_place port_at, database_at;
    char pad[CONFIG_PATH_MAX]; // [pad] name: a name, or a path
    // [night] settle_in_s settle_out_s away_s unknown_s night_min_s bout_min_s day_starts_hour
    struct night_rules rules;
    position_set friendly;   // [report] friendly: identifiers, separated by spaces
    enum config_clock clock; // [report] clock: locale | 24 | 12
    enum config_week week;   // [report] week: locale | monday | saturday | sunday | last-seven
};

void config_default(struct config *config);

// Reads one file's text over what config holds. `file` is only used in messages. -EINVAL, with
// file, line and key; *config may then have taken what stands before that.
int config_parse(struct config *config, const char *text, size_t length, const char *file,
                 struct error *error);

// Reads path and then path + ".d"/*.conf in the order of their names, over what config holds. A
// missing path is -ENOENT only if `must_exist`. Wrong keys and values are -EINVAL, with file, line
// and key, and leave *config as it was.
int config_load(struct config *config, const char *path, bool must_exist, struct error *error);

#endif
