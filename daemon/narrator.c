// SPDX-License-Identifier: GPL-3.0-or-later
#include "narrator.h"

#include "story.h"

// What the journal is told from now on belongs to this night.
static void in_night(struct narrator *narrator, day_number day)
{
    narrator->in_night = true;
    narrator->day = day;
    journal_set_night(narrator->journal, day);
}

void narrator_out_of_night(struct narrator *narrator)
{
    narrator->in_night = false;
    journal_no_night(narrator->journal);
}

static void night_opened(const struct night *night, void *userdata)
{
    struct narrator *narrator = userdata;
    narrator->saturated = 0;
    narrator->maps = narrator->mended = 0;
    in_night(narrator, night->day);
    struct line line;
    story_night_opened(&line, night, narrator->zone);
    journal_write(narrator->journal, &line);
}

static void bout_closed(const struct bout *bout, void *userdata)
{
    struct narrator *narrator = userdata;
    struct line line;
    story_bout(&line, narrator->day, bout, narrator->zone);
    journal_write(narrator->journal, &line);
}

static void gap_told(const struct gap *gap, void *userdata)
{
    struct narrator *narrator = userdata;
    // Days go by without anybody in bed; that the pad was not plugged in then is no news.
    if (!narrator->in_night)
        return;
    struct line line;
    story_gap(&line, narrator->day, gap, narrator->zone);
    journal_write(narrator->journal, &line);
}

static void tell_strain(const struct narrator *narrator, day_number day)
{
    struct line line;
    double saturated = narrator->maps > 0 ? narrator->saturated / (double)narrator->maps : 0;
    if (story_pad_strained(&line, day, saturated, narrator->mended))
        journal_write(narrator->journal, &line);
}

static void night_closed(const struct night *night, const struct night_sums *sums, void *userdata)
{
    struct narrator *narrator = userdata;
    narrator_out_of_night(narrator);
    struct line line;
    story_night_closed(&line, night, sums, narrator->friendly, narrator->zone);
    journal_write(narrator->journal, &line);
    tell_strain(narrator, night->day);
}

static void night_moved(const struct night *night, int64_t by_s, void *userdata)
{
    struct narrator *narrator = userdata;
    in_night(narrator, night->day);
    struct line line;
    story_night_moved(&line, night, by_s, narrator->zone);
    journal_write(narrator->journal, &line);
}

static void stay_dropped(const struct night *night, void *userdata)
{
    struct narrator *narrator = userdata;
    narrator_out_of_night(narrator);
    storage_hurry(narrator->storage);
    struct line line;
    story_stay_dropped(&line, night, narrator->zone);
    journal_write(narrator->journal, &line);
}

static void map_seen(const struct pressure_map *map, int64_t time_us, void *userdata)
{
    struct narrator *narrator = userdata;
    if (narrator->in_night && map->occupied) {
        narrator->saturated += map->saturated;
        narrator->maps++;
        narrator->mended = map->mended;
    }
    watchers_send(narrator->watchers, narrator->pad->name, map, time_us);
}

struct recorder_watch narrator_watch(struct narrator *narrator)
{
    return (struct recorder_watch){
        .night_opened = night_opened,
        .bout_closed = bout_closed,
        .gap = gap_told,
        .night_closed = night_closed,
        .night_moved = night_moved,
        .stay_dropped = stay_dropped,
        .map_seen = map_seen,
        .userdata = narrator,
    };
}

void narrator_resumed(struct narrator *narrator, const struct recorder *recorder)
{
    struct recorder_state state;
    recorder_state(recorder, &state);
    if (!state.night_open || narrator->in_night)
        return;
    in_night(narrator, state.night.day);
    struct line line;
    story_night_resumed(&line, &state.night, narrator->zone);
    journal_write(narrator->journal, &line);
}
