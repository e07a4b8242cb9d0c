// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/config.h"

#include <errno.h>
#include <glob.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/ini_text.h"
#include "base/text.h"

static int take_friendly(const struct ini_entry *entry, void *target, struct error *error)
{
    const char *rest = entry->value;
    char word[64];
    position_set friendly = 0;
    while (text_word(&rest, word, sizeof word)) {
        int position = position_from_identifier(word);
        if (position < 0)
            return ini_refuse(entry, error, "'%s' is no position (see psoasmon positions)", word);
        if (position == POSITION_EMPTY || position == POSITION_UNKNOWN)
            return ini_refuse(entry, error, "'%s' is never counted as friendly", word);
        friendly |= POSITION_BIT(position);
    }
    if (*rest)
        return ini_refuse(entry, error, "'%s' is no list of positions", entry->value);
    *(position_set *)target = friendly;
    return 0;
}

static const struct ini_word weeks[] = {{"locale", WEEK_LOCALE},         {"monday", WEEK_MONDAY},
                                        {"saturday", WEEK_SATURDAY},     {"sunday", WEEK_SUNDAY},
                                        {"last-seven", WEEK_LAST_SEVEN}, {0}};

static const struct ini_word clocks[] = {
    {"locale", CLOCK_LOCALE}, {"24", CLOCK_24}, {"12", CLOCK_12}, {0}};

#define AT(member) .offset = offsetof(struct config, member)

// The upper bounds are those beyond which a value is surely a slip.
static const struct ini_field fields[] = {
    {"store", "database", INI_TEXT, AT(database), .size = CONFIG_PATH_MAX},
    {"store", "keep_snapshots_days", INI_LONG, AT(keep_snapshots_days), .max = 36500},
    {"store", "keep_epochs_days", INI_LONG, AT(keep_epochs_days), .max = 36500},
    {"pad", "port", INI_TEXT, AT(port), .size = CONFIG_PATH_MAX},
    {"pad", "name", INI_TEXT, AT(pad), .size = CONFIG_PATH_MAX},
    {"night", "settle_in_s", INI_LONG, AT(rules.settle_in_s), .min = 1, .max = 120},
    {"night", "settle_out_s", INI_LONG, AT(rules.settle_out_s), .min = 1, .max = 120},
    {"night", "away_s", INI_LONG, AT(rules.away_s), .min = 60, .max = 14400},
    {"night", "unknown_s", INI_LONG, AT(rules.unknown_s), .min = 300, .max = 28800},
    {"night", "night_min_s", INI_LONG, AT(rules.night_min_s), .max = 3600},
    {"night", "bout_min_s", INI_LONG, AT(rules.bout_min_s), .min = 1, .max = 600},
    {"night", "day_starts_hour", INI_NUMBER, AT(rules.day_starts_hour), .max = 23},
    {"report", "friendly", INI_OTHER, AT(friendly), .take = take_friendly},
    {"report", "week", INI_WORD, AT(week), .words = weeks},
    {"report", "clock", INI_WORD, AT(clock), .words = clocks},
};
#define N_FIELDS (sizeof fields / sizeof *fields)
_Static_assert(N_FIELDS <= INI_FIELDS_MAX, "a bit a field");

struct reading {
    struct config *config;
    uint64_t seen; // in this file; a later file may say something else
};

static void note_place(const struct ini_entry *entry, const char *section, const char *key,
                       struct config_place *place)
{
    if (strcmp(entry->section, section) != 0 || strcmp(entry->key, key) != 0)
        return;
    snprintf(place->file, sizeof place->file, "%s", entry->file);
    place->line = entry->line;
}

static int take_entry(const struct ini_entry *entry, void *userdata, struct error *error)
{
    struct reading *reading = userdata;
    struct config *config = reading->config;
    // Whether there is such a port or a directory is found out later, and told with its place.
    note_place(entry, "pad", "port", &config->port_at);
    note_place(entry, "store", "database", &config->database_at);
    return ini_take(fields, N_FIELDS, entry, config, &reading->seen, error);
}

int config_parse(struct config *config, const char *text, size_t length, const char *file,
                 struct error *error)
{
    struct reading reading = {.config = config};
    return ini_read(text, length, file, take_entry, &reading, error);
}

static int load_file(struct config *config, const char *path, struct error *error)
{
    _cleanup_(freep) char *text = NULL;
    size_t length;
    int r = ini_load(&text, &length, path, error);
    return r < 0 ? r : config_parse(config, text, length, path, error);
}

static int load_drop_ins(struct config *config, const char *path, struct error *error)
{
    _cleanup_(freep) char *pattern = NULL;
    if (asprintf(&pattern, "%s.d/*.conf", path) < 0)
        return -ENOMEM;
    glob_t found = {0};
    int r = glob(pattern, 0, NULL, &found) == GLOB_NOSPACE ? -ENOMEM : 0;
    for (size_t i = 0; r == 0 && i < found.gl_pathc; i++)
        r = load_file(config, found.gl_pathv[i], error);
    globfree(&found);
    return r;
}

void config_default(struct config *config)
{
    memset(config, 0, sizeof *config);
    config->rules = night_rules_default();
    config->friendly = position_friendly_default();
}

int config_load(struct config *config, const char *path, bool must_exist, struct error *error)
{
    _cleanup_(freep) struct config *fresh = malloc(sizeof *fresh);
    if (!fresh)
        return -ENOMEM;
    *fresh = *config;
    int r = load_file(fresh, path, error);
    if (r == -ENOENT && !must_exist)
        r = 0;
    if (r == 0)
        r = load_drop_ins(fresh, path, error);
    if (r == 0)
        *config = *fresh;
    return r;
}
