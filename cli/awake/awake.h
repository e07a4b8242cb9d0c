// SPDX-License-Identifier: GPL-3.0-or-later
// What the sleeper told and did awake, beside the nights: the diary and the stretch sessions.
//
// A night has the entry of the morning after it (core/diary: what the entry says of the day is said
// of the one before that morning), and the sessions of its own day, which come before it.
#ifndef PSOASMON_CLI_AWAKE_H
#define PSOASMON_CLI_AWAKE_H

#include "diary/diary.h"
#include "store/store.h"

struct awake_day {
    day_number day; // the night's
    bool told;      // it has an entry
    struct diary_entry entry;
    unsigned sessions;
    int64_t stretched_s; // held in all of them
};

struct awake {
    struct awake_day *days; // of which something is known, in order
    size_t n;
};

// Of the nights of [from, to]. Negative on failure: store_message has the words, or -ENOMEM.
int awake_read(struct awake *ret, struct store *store, day_number from, day_number to);
void awake_free(struct awake *awake);

// Null where nothing is known of that night.
const struct awake_day *awake_of(const struct awake *awake, day_number day);

// ---- the rows below a night's bar ----

enum awake_item {
    AWAKE_STRETCHED, // held, in seconds
    AWAKE_PAIN,      // 0 to 10
    AWAKE_STIFFNESS,
    AWAKE_SITTING, // seconds
    AWAKE_ITEM_N
};

struct awake_fact {
    const char *identifier; // for programs, and never changed
    const char *title;      // "Pain"
    const char *heading;    // "PAIN"
    bool scale;             // 0 to 10; else a duration
};
const struct awake_fact *awake_fact(enum awake_item item);

// An item's number of one night; false: not told.
bool awake_number(const struct awake_day *day, enum awake_item item, double *ret);

// Of several nights: the mean of those that it was told of; of stretching the sum.
struct awake_mean {
    unsigned n; // nights that it was told of; 0: value means nothing
    double value;
};
struct awake_means {
    unsigned days; // of which anything is known
    struct awake_mean of[AWAKE_ITEM_N];
};
struct awake_means awake_means(const struct awake *awake, day_number from, day_number to);

#define AWAKE_TEXT_SIZE 32
// "3", "3.4", "0:05"; "" where it was not told.
void awake_text(enum awake_item item, struct awake_mean mean, char text[AWAKE_TEXT_SIZE]);
// The same to be read aloud: "3", "5 min".
void awake_words(enum awake_item item, struct awake_mean mean, char text[AWAKE_TEXT_SIZE]);

#endif
