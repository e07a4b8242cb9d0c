// SPDX-License-Identifier: GPL-3.0-or-later
// make_years FILE [NIGHTS [SEED]]: a database of so many nights (ten years' by default), one a day,
// some 41 bouts each, with a gap now and then, a diary entry of each morning and a stretch session
// every third day; the same for the same seed.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store_awake.h"
#include "zone.h"

#define NIGHTS   3650
#define FIRST    16436 // 2015-01-01
#define HOUR_S   3600
#define DAY_S    86400
#define MINUTE_S 60

struct dice {
    uint64_t state;
};

// splitmix64 (Steele, Lea, Flood, OOPSLA 2014); from 0 to below n.
static int roll(struct dice *dice, int n)
{
    uint64_t z = dice->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (int)((z ^ z >> 31) % (unsigned)n);
}

static int put_bouts(struct store *store, struct dice *dice, int64_t id, int64_t start_s,
                     int64_t *ret_end_s)
{
    int64_t time_s = start_s;
    int n = 34 + roll(dice, 15), last = -1, r = 0;
    for (int i = 0; i < n && r >= 0; i++) {
        int position = roll(dice, POSITION_N);
        while (position == last)
            position = roll(dice, POSITION_N);
        int64_t end_s = time_s + MINUTE_S + roll(dice, 20 * MINUTE_S);
        struct bout bout = {time_s, end_s, (enum position)position, 0.5 + roll(dice, 500) / 1000.0};
        r = store_bout_put(store, id, &bout, NULL);
        if (r >= 0 && roll(dice, 200) == 0) {
            struct gap gap = {end_s, end_s + 5 * MINUTE_S, GAP_PAD_UNPLUGGED};
            r = store_gap_add(store, id, &gap);
            end_s = gap.end_s;
        }
        time_s = end_s;
        last = position;
    }
    *ret_end_s = time_s;
    return r;
}

static int put_night(struct store *store, struct dice *dice, const struct zone *zone, int number)
{
    struct store_night night = {.night.day = FIRST + number,
                                .timezone = "Europe/Berlin",
                                .pad = "virtual",
                                .model = "bench"};
    int64_t start_s = (int64_t)night.night.day * DAY_S + 21 * HOUR_S + roll(dice, 2 * HOUR_S);
    night.start_utc_offset_s = zone->offset_s(start_s, zone->userdata);
    start_s -= night.start_utc_offset_s;
    night.night.start_s = night.night.end_s = start_s;
    night.open = true;
    int64_t id, end_s = start_s;
    int r = store_night_begin(store, &night, &id);
    if (r >= 0)
        r = put_bouts(store, dice, id, start_s, &end_s);
    return r < 0 ? r : store_night_update(store, id, end_s, false);
}

static int put_awake(struct store *store, struct dice *dice, int number)
{
    day_number day = FIRST + number;
    int64_t evening_s = (int64_t)day * DAY_S + 17 * HOUR_S;
    struct stretch_session session = {
        .day = day,
        .timezone = "Europe/Berlin",
        .start_utc_offset_s = HOUR_S,
        .start_s = evening_s,
        .end_s = evening_s + 2 * MINUTE_S,
        .pad = "virtual",
        .model = "bench",
        .finished = true,
        .n_holds = 1,
        .holds = {{POSITION_LEFT_FETAL, evening_s, evening_s + 90, 60, 60, 0}},
    };
    struct diary_entry entry;
    struct error error = {0};
    diary_begin(&entry, day + 1, (int64_t)day * DAY_S + 30 * HOUR_S);
    entry.numbers[DIARY_PAIN] = roll(dice, 11);
    entry.numbers[DIARY_STIFFNESS] = roll(dice, 11);
    entry.numbers[DIARY_SITTING] = roll(dice, 10 * HOUR_S);
    int r = diary_set_text(&entry, DIARY_PLACE, "lower back", &error);
    if (r == 0 && number >= NIGHTS / 2)
        r = diary_add_tag(&entry, "knee pillow", &error);
    if (r == 0)
        r = store_diary_put(store, &entry);
    if (r >= 0 && number % 3 == 0)
        r = store_stretch_put(store, &session);
    diary_done(&entry);
    return r;
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 4) {
        fprintf(stderr, "usage: make_years FILE [NIGHTS [SEED]]\n");
        return 2;
    }
    int nights = argc > 2 ? atoi(argv[2]) : NIGHTS, r = 0;
    struct dice dice = {argc > 3 ? strtoull(argv[3], NULL, 10) : 1};
    struct error error = {0};
    struct zone zone;
    _cleanup_(store_freep) struct store *store = NULL;
    if (store_open(&store, argv[1], STORE_WRITE, &error) < 0) {
        fprintf(stderr, "%s\n", error.text);
        return 1;
    }
    zone_use("Europe/Berlin", &zone);
    for (int i = 0; i < nights && r >= 0; i++)
        r = put_night(store, &dice, &zone, i);
    for (int i = 0; i < nights && r >= 0; i++)
        r = put_awake(store, &dice, i);
    if (r >= 0)
        r = store_commit(store);
    if (r < 0)
        fprintf(stderr, "%s: %s %s\n", argv[1], strerror(-r), store_message(store));
    return r < 0;
}
