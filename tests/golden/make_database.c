// SPDX-License-Identifier: GPL-3.0-or-later
// make_database KIND FILE: the databases that the golden tests report from. No clock, no
// randomness: the same bytes of text come out of them for ever.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "store/store_awake.h"
#include "zone.h"

#define HOUR_S   3600
#define MINUTE_S 60

struct stretch {
    enum position position;
    int minutes;
};

// One after the other they fill the night; GAP is time that nobody recorded.
#define GAP POSITION_N

static const struct stretch restless[] = {
    {POSITION_SUPINE, 22},
    {POSITION_UNKNOWN, 1},
    {POSITION_LEFT_FETAL, 48},
    {POSITION_LEFT_SIDE, 31},
    {POSITION_PRONE, 65},
    {POSITION_EMPTY, 6},
    {POSITION_RIGHT_SIDE, 57},
    {POSITION_RIGHT_FETAL, 71},
    {POSITION_UNKNOWN, 2},
    {POSITION_SUPINE, 44},
    {POSITION_SUPINE_RIGHT_KNEE, 26},
    {POSITION_PRONE, 60},
    {POSITION_SITTING, 3},
};

static const struct stretch restful[] = {
    {POSITION_RECLINED, 18},   {POSITION_SUPINE_KNEES_RAISED, 74}, {POSITION_LEFT_FETAL, 92},
    {POSITION_SUPINE, 35},     {POSITION_SUPINE_LEGS_RAISED, 40},  {POSITION_RIGHT_FETAL, 88},
    {POSITION_RIGHT_SIDE, 41}, {POSITION_SUPINE_LEFT_KNEE, 37},    {POSITION_UNKNOWN, 4},
};

static const struct stretch interrupted[] = {
    {POSITION_SUPINE, 41},     {POSITION_LEFT_FETAL, 60}, {GAP, 25},
    {POSITION_LEFT_FETAL, 52}, {POSITION_PRONE, 90},      {GAP, 10},
    {POSITION_LEFT_SIDE, 115},
};

static const struct stretch nap[] = {
    {POSITION_SUPINE_KNEES_RAISED, 32},
    {POSITION_UNKNOWN, 1},
    {POSITION_LEFT_FETAL, 19},
};

struct sleep {
    const char *day;
    int hour, minute; // from the day's noon
    const struct stretch *stretches;
    size_t n;
    const char *zone;
    bool open;
};

#define SLEEP(day, hour, minute, stretches)                                                        \
    {                                                                                              \
        day, hour, minute, stretches, sizeof stretches / sizeof stretches[0], "Europe/Berlin",     \
            false                                                                                  \
    }

static const struct sleep two_weeks[] = {
    SLEEP("2024-12-30", 11, 5, restless),  SLEEP("2024-12-31", 10, 48, restless),
    SLEEP("2025-01-01", 13, 40, nap),      SLEEP("2025-01-02", 11, 12, restful),
    SLEEP("2025-01-03", 11, 59, restless), SLEEP("2025-01-04", 11, 30, interrupted),
    SLEEP("2025-01-05", 10, 55, restless), SLEEP("2025-01-06", 10, 58, restful),
    SLEEP("2025-01-07", 11, 10, restless), SLEEP("2025-01-09", 10, 31, restful),
    SLEEP("2025-01-10", 11, 47, nap),      SLEEP("2025-01-10", 14, 2, interrupted),
    SLEEP("2025-01-11", 12, 15, restless), SLEEP("2025-01-12", 10, 40, restful),
};

// The clocks go forward in the second night, back in the last.
static const struct sleep clock_changes[] = {
    SLEEP("2025-03-28", 10, 30, restful),
    SLEEP("2025-03-29", 10, 30, restful),
    SLEEP("2025-03-30", 10, 30, restless),
    SLEEP("2025-10-25", 10, 30, restful),
};

static const struct sleep travelled[] = {
    SLEEP("2025-02-03", 11, 0, restless),
    {"2025-02-04", 11, 0, restful, sizeof restful / sizeof restful[0], "Asia/Kolkata", false},
    {"2025-02-05", 11, 0, interrupted, sizeof interrupted / sizeof interrupted[0],
     "America/St_Johns", true},
};

// What a database from somewhere else could hold.
#define HOSTILE_PAD "\033[2Jpad\n"

static const struct sleep hostile[] = {
    {"2025-02-03", 11, 0, nap, sizeof nap / sizeof nap[0], "\033]0;owned\a\033[31m", false},
    {"2025-02-04", 11, 0, nap, sizeof nap / sizeof nap[0], "../../../etc/passwd", false},
    {"2025-02-05", 11, 0, nap, sizeof nap / sizeof nap[0], "Europe/\303(Berlin\377\n", false},
    {"2025-02-06", 11, 0, nap, sizeof nap / sizeof nap[0], "/dev/zero", false},
    {"2025-02-07", 11, 0, nap, sizeof nap / sizeof nap[0], "Nowhere/At_All", false},
};

// Text that a page or a spreadsheet would take for something else.
#define TAGS_ZONE  "Europe/<script>"
#define TAGS_PAD   "=cmd|' /C calc'!A0"
#define TAGS_MODEL "@a,\"b\""

static const struct sleep tags[] = {
    {"2025-02-03", 11, 0, restful, sizeof restful / sizeof restful[0], TAGS_ZONE, false},
    {"2025-02-04", 2, 0, nap, sizeof nap / sizeof nap[0], TAGS_ZONE, false},
};

struct kind {
    const char *name;
    const struct sleep *sleeps;
    size_t n;
};

static const struct kind kinds[] = {
    {"two-weeks", two_weeks, sizeof two_weeks / sizeof two_weeks[0]},
    {"clock-changes", clock_changes, sizeof clock_changes / sizeof clock_changes[0]},
    {"travelled", travelled, sizeof travelled / sizeof travelled[0]},
    {"hostile", hostile, sizeof hostile / sizeof hostile[0]},
    {"tags", tags, sizeof tags / sizeof tags[0]},
    {"empty", NULL, 0},
};

// Of the restful nights there are minutes, too: a movement at each change and now and then between.
static int put_minutes(struct store *store, const struct sleep *sleep, int64_t id,
                       const struct bout *bout)
{
    if (sleep->stretches != restful)
        return 0;
    for (int64_t s = bout->start_s; s < bout->end_s; s += MINUTE_S) {
        bool moved = s == bout->start_s || s / MINUTE_S % 17 == 0;
        struct epoch epoch = {.start_s = s, .seconds = 60, .moves = moved, .moved_s = 4 * moved};
        int r = store_epoch_put(store, id, &epoch);
        if (r < 0)
            return r;
    }
    return 0;
}

static int put_stretches(struct store *store, const struct sleep *sleep, int64_t id,
                         int64_t start_s)
{
    int64_t time_s = start_s;
    for (size_t i = 0; i < sleep->n; i++) {
        const struct stretch *stretch = &sleep->stretches[i];
        int64_t end_s = time_s + stretch->minutes * MINUTE_S;
        int r;
        if (stretch->position == GAP) {
            struct gap gap = {time_s, end_s, i % 2 ? GAP_DAEMON_DOWN : GAP_PAD_UNPLUGGED};
            r = store_gap_add(store, id, &gap);
        } else {
            struct bout bout = {time_s, end_s, stretch->position, 0.99 - 0.03125 * (double)i};
            r = store_bout_put(store, id, &bout, NULL);
            if (r >= 0)
                r = put_minutes(store, sleep, id, &bout);
        }
        if (r < 0)
            return r;
        time_s = end_s;
    }
    return store_night_update(store, id, time_s, sleep->open);
}

static int put_sleep(struct store *store, const struct sleep *sleep)
{
    struct zone zone;
    bool tagged = strcmp(sleep->zone, TAGS_ZONE) == 0;
    struct store_night night = {.open = true};
    day_parse(sleep->day, &night.night.day);
    snprintf(night.pad, sizeof night.pad, "%s",
             sleep->zone[0] < 'A' ? HOSTILE_PAD
             : tagged             ? TAGS_PAD
                                  : "virtual");
    snprintf(night.model, sizeof night.model, "%s", tagged ? TAGS_MODEL : "golden");
    snprintf(night.timezone, sizeof night.timezone, "%s", sleep->zone);
    zone_use(sleep->zone[0] >= 'A' ? sleep->zone : "UTC", &zone);
    int64_t noon_s = (int64_t)night.night.day * 24 * HOUR_S + 12 * HOUR_S;
    night.start_utc_offset_s = zone.offset_s(noon_s, zone.userdata);
    night.night.start_s =
        noon_s + sleep->hour * HOUR_S + sleep->minute * MINUTE_S - night.start_utc_offset_s;
    night.night.end_s = night.night.start_s;
    int64_t id;
    int r = store_night_begin(store, &night, &id);
    return r < 0 ? r : put_stretches(store, sleep, id, night.night.start_s);
}

// A night every third day of 2024 and 2025.
static int put_two_years(struct store *store)
{
    day_number day, last;
    day_parse("2024-01-01", &day);
    day_parse("2025-12-31", &last);
    for (int i = 0; day <= last; day += 3, i++) {
        char text[DAY_TEXT_SIZE];
        day_format(day, text);
        bool good = i % 7 < 3 + i / 60;
        struct sleep sleep = {
            .day = text,
            .hour = 10,
            .minute = 7 * i % 60,
            .stretches = good ? restful : restless,
            .n = good ? sizeof restful / sizeof restful[0] : sizeof restless / sizeof restless[0],
            .zone = "Europe/Berlin",
        };
        int r = put_sleep(store, &sleep);
        if (r < 0)
            return r;
    }
    return 0;
}

// A night of which some minutes have breathing.
static int put_breathing(struct store *store)
{
    static const struct sleep sleep = SLEEP("2025-01-12", 10, 40, restful);
    const int64_t start_s = 1736718000; // 22:40 in Berlin
    int r = put_sleep(store, &sleep);
    for (int i = 0; i < 300 && r >= 0; i++) {
        const struct epoch epoch = {
            .start_s = start_s + i * MINUTE_S,
            .seconds = 60,
            .breaths_per_min = i % 4 ? 12 + i % 7 * 0.5 : 0,
            .breath_steadiness = 0.75 + i % 5 * 0.0625,
        };
        r = store_epoch_put(store, 1, &epoch);
    }
    return r;
}

// A night of which a model read two bouts again and the sleeper knew better of two, one of them the
// same.
static int put_labelled(struct store *store)
{
    static const struct sleep sleep = SLEEP("2025-01-12", 10, 40, restless);
    const int64_t start_s = 1736718000; // 22:40 in Berlin
    int r = put_sleep(store, &sleep);
    if (r >= 0)
        r = store_reread(store, 1, start_s, POSITION_RECLINED, 0.71, "newer", start_s);
    if (r >= 0)
        r = store_reread(store, 1, start_s + 22 * MINUTE_S, POSITION_LEFT_SIDE, 0.62, "newer",
                         start_s);
    if (r >= 0)
        r = store_label(store, start_s, POSITION_SUPINE_KNEES_RAISED, start_s);
    if (r >= 0)
        r = store_label(store, start_s + 5 * HOUR_S, POSITION_LEFT_FETAL, start_s);
    return r;
}

// ---- awake ----

#define DIARY_NIGHTS 42

// The pillow came with the 22nd night, and a mattress a few days later; restful nights hurt less.
static int put_entry(struct store *store, day_number night, int number, bool restful_night)
{
    struct diary_entry entry;
    struct error error = {0};
    int r = 0;
    diary_begin(&entry, night + 1, (int64_t)(night + 1) * 24 * HOUR_S + 6 * HOUR_S);
    entry.numbers[DIARY_PAIN] = (restful_night ? 2 : 5) + number % 3 - (number > 21);
    entry.numbers[DIARY_STIFFNESS] = number % 4 ? (number + 1) % 5 : -1;
    entry.numbers[DIARY_SITTING] = number % 7 < 5 ? (6 + number / 10) * HOUR_S : -1;
    entry.numbers[DIARY_SPORT] = number % 7 == 2 ? 45 * MINUTE_S : -1;
    entry.numbers[DIARY_NEW_MATTRESS] = number == 26 ? 1 : -1;
    if (number >= 21)
        r = diary_add_tag(&entry, "knee pillow", &error);
    if (r == 0 && number == 3)
        r = diary_set_text(&entry, DIARY_PLACE, "=lower back", &error);
    if (r == 0 && number == 3)
        r = diary_set_text(&entry, DIARY_SIDE, "left", &error);
    if (r == 0 && number % 20 == 5)
        r = diary_set_text(&entry, DIARY_NOTE, "<b>slept</b> badly, 'quotes' \"and\"\nmore: spät",
                           &error);
    if (r == 0)
        r = store_diary_put(store, &entry);
    diary_done(&entry);
    return r;
}

static int put_session(struct store *store, day_number day, int64_t held_s)
{
    int64_t start_s = (int64_t)day * 24 * HOUR_S + 18 * HOUR_S;
    const struct stretch_session session = {
        .day = day,
        .timezone = "Europe/Berlin",
        .start_utc_offset_s = HOUR_S,
        .start_s = start_s,
        .end_s = start_s + 10 * MINUTE_S,
        .pad = "virtual",
        .model = "golden",
        .finished = held_s >= 60,
        .n_holds = 2,
        .holds = {{POSITION_SUPINE_LEFT_KNEE, start_s + 10, start_s + 150, 60, held_s, 5},
                  {POSITION_SUPINE_LEGS_RAISED, start_s + 160, start_s + 400, 120, 2 * held_s, 0}},
    };
    return store_stretch_put(store, &session);
}

static int put_diary(struct store *store)
{
    day_number first;
    day_parse("2025-01-06", &first);
    for (int i = 0; i < DIARY_NIGHTS; i++) {
        char day[DAY_TEXT_SIZE];
        bool good = i % 5 < 2;
        day_format(first + i, day);
        const struct sleep sleep = {
            .day = day,
            .hour = 10,
            .minute = 7 * i % 60,
            .stretches = good ? restful : restless,
            .n = good ? sizeof restful / sizeof restful[0] : sizeof restless / sizeof restless[0],
            .zone = "Europe/Berlin",
        };
        int r = put_sleep(store, &sleep);
        if (r >= 0 && i % 9 != 4)
            r = put_entry(store, first + i, i, good);
        if (r >= 0 && i > 30 && i % 3 == 0)
            r = put_session(store, first + i, 20 + i);
        if (r < 0)
            return r;
    }
    return 0;
}

static int fill(struct store *store, const char *name)
{
    if (strcmp(name, "diary") == 0)
        return put_diary(store);
    if (strcmp(name, "labelled") == 0)
        return put_labelled(store);
    if (strcmp(name, "breathing") == 0)
        return put_breathing(store);
    if (strcmp(name, "two-years") == 0)
        return put_two_years(store);
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        if (strcmp(name, kinds[k].name) != 0)
            continue;
        int r = 0;
        for (size_t i = 0; i < kinds[k].n && r >= 0; i++)
            r = put_sleep(store, &kinds[k].sleeps[i]);
        return r;
    }
    return -EINVAL;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: make_database KIND FILE\n");
        return 2;
    }
    struct error error = {0};
    _cleanup_(store_freep) struct store *store = NULL;
    if (store_open(&store, argv[2], STORE_WRITE, &error) < 0) {
        fprintf(stderr, "%s\n", error.text);
        return 1;
    }
    int r = fill(store, argv[1]);
    if (r >= 0)
        r = store_commit(store);
    if (r < 0)
        fprintf(stderr, "%s: %s %s\n", argv[1], strerror(-r), store_message(store));
    return r < 0;
}
