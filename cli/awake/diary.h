// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `psoasmon diary` share. All print what goes wrong and return an exit status.
#ifndef PSOASMON_CLI_DIARY_H
#define PSOASMON_CLI_DIARY_H

#include <stdbool.h>

#include "cli.h"
#include "store/store_awake.h"

// What is to become of a day's entry.
struct diary_change {
    day_number day;
    bool edit;                // what is answered already may be answered otherwise
    struct diary_entry given; // new answers and tags
    unsigned cleared;         // answers taken back, a bit a field
    const char *untag[DIARY_TAGS_MAX];
    unsigned n_untag;
};
bool diary_change_says(const struct diary_change *change); // else the terminal is asked

int diary_write(const struct diary_change *change, const struct config *config, int64_t now_s,
                day_number today);

// The entry of a day, or one without answers: *ret_found says which. The caller's to be done with.
int diary_find(const struct config *config, day_number day, int64_t now_s, struct diary_entry *ret,
               bool *ret_found);

// Asks at the terminal, what is answered already in brackets. False where the input ended.
bool diary_ask(struct diary_entry *entry);

// One entry in words, for people.
void diary_print(const struct diary_entry *entry);

int diary_list(const struct config *config, day_number from, day_number to, bool json);

// CSV; a FILE of "-" is standard output or input. Of days that the diary has an entry of already
// only those that say the same are taken, unless `replace`.
int diary_export(const struct config *config, day_number from, day_number to, const char *file);
int diary_import(const struct config *config, const char *file, bool replace, int64_t now_s);

#endif
