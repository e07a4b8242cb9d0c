// SPDX-License-Identifier: GPL-3.0-or-later
// What psoasmond is to do: its command line, and the configuration that it overrides.
#ifndef PSOASMON_SETTINGS_H
#define PSOASMON_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "config/config.h"
#include "pad/pad.h"

struct options {
    const char *port, *pad, *database; // null: as configured
    const char *calibration;           // null: the one beside the database
    const char *system_bus;            // null: not on it; else which instance it is, or empty
    const char *config;                // null: the installed one, which may be missing
    double rate_hz;                    // 0: frames are timed by the clock
    int64_t start_s;                   // with rate_hz: when the first frame is
    bool check_config, configured;
};

// Reads the command line. Returns true if there is something to do; else *status is the exit
// status: 0 after --help and --version, 2 after a mistake, which has been told.
bool options_parse(struct options *options, int argc, char **argv, int *status);

struct settings {
    struct config config; // the command line's port, pad and database put in
    struct pad *pad;
    char port_text[CONFIG_PATH_MAX], database_text[CONFIG_PATH_MAX]; // fit to be shown
};

// -EINVAL where the configuration is wrong, a pad or a port is not named, or the pad's
// description is; with a message.
int settings_load(struct settings **ret, const struct options *options, struct error *error);
void settings_free(struct settings *settings);
DEFINE_CLEANUP(struct settings *, settings_free)

// What the configuration names is looked at. A port that is not there may come; one that is no port
// is a mistake: -ENOTTY, with a message that says where it is named.
int settings_check_port(const struct settings *settings, struct error *error);
// Also the database, which is to be a file and below none. psoasmond does not start with less.
// -errno with a message.
int settings_check_places(const struct settings *settings, struct error *error);
// For who asks beforehand: also a directory that is not there, which may be mounted later.
int settings_check(const struct settings *settings, struct error *error);

// Whether there is something to record: a pad or a port is named, or something is wrong, which
// whoever starts to record will say. Otherwise a message says what to do.
bool settings_configured(const struct options *options, struct error *error);

#endif
