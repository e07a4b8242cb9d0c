// SPDX-License-Identifier: GPL-3.0-or-later
// A row a night, for spreadsheets. The columns are the fields of a night in report --json; one
// keeps its name and its meaning, a new one comes at the end.
#include <inttypes.h>
#include <math.h>

#include "csv.h"
#include "local.h"
#include "report/report_forms.h"

static void put_head(FILE *stream)
{
    fputs("day,kind,start,end,timezone,open,doubtful,in_bed_s,recorded_s,unrecorded_s,friendly_s,"
          "friendly_share,unknown_s,turns,exits,longest_bout_s,longest_friendly_s,knees_left_s,"
          "knees_right_s,moves,restlessness,settling_s,breaths_per_min,breath_steadiness,"
          "breath_minutes",
          stream);
    for (int p = 0; p < POSITION_N; p++)
        fprintf(stream, ",position_%s_s", position_identifier((enum position)p));
    fputs(",pad,model", stream);
    for (int item = 0; item < AWAKE_ITEM_N; item++)
        fprintf(stream, ",%s", awake_fact((enum awake_item)item)->identifier);
    fputc('\n', stream);
}

static void put_number(FILE *stream, bool known, int64_t value)
{
    fputc(',', stream);
    if (known)
        fprintf(stream, "%" PRId64, value);
}

static void put_real(FILE *stream, bool known, double value)
{
    fputc(',', stream);
    if (known)
        csv_real(stream, value);
}

// Empty fields where the minutes say nothing.
static void put_minutes(FILE *stream, const struct night_summary *summary)
{
    bool moved = summary->movement_minutes > 0, breathed = summary->breath_minutes > 0;
    put_number(stream, moved, summary->moves);
    put_real(stream, moved, summary->restlessness);
    put_number(stream, moved && summary->settling_s >= 0, summary->settling_s);
    put_real(stream, breathed, summary->breaths_per_min);
    put_real(stream, breathed, summary->breath_steadiness);
    put_number(stream, true, summary->breath_minutes);
}

static void put_sums(FILE *stream, const struct night_summary *summary)
{
    const int64_t sums[] = {
        summary->in_bed_s,
        summary->recorded_s,
        summary->in_bed_s - summary->recorded_s,
        summary->friendly_s,
    };
    const int64_t more[] = {
        summary->unknown_s,
        summary->turns,
        summary->exits,
        summary->longest_bout_s,
        summary->longest_friendly_s,
        summary->knees_left_s,
        summary->knees_right_s,
    };
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
        put_number(stream, true, sums[i]);
    put_real(stream, true, share_of(summary->friendly_s, summary->recorded_s));
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        put_number(stream, true, more[i]);
}

// In the row of a day's first stay alone, so that sums of a column are right.
static void put_awake(FILE *stream, const struct report *report, size_t i)
{
    const struct night_entry *entries = report->nights.entries;
    day_number day = entries[i].summary.night.night.day;
    struct awake_means means = {0};
    if (i == 0 || entries[i - 1].summary.night.night.day != day)
        means = awake_means(&report->awake, day, day);
    for (int item = 0; item < AWAKE_ITEM_N; item++)
        put_number(stream, means.of[item].n > 0, llround(means.of[item].value));
}

static int put_night(FILE *stream, const struct report *report, size_t i)
{
    const struct night_summary *summary = &report->nights.entries[i].summary;
    const struct store_night *night = &summary->night;
    char day[DAY_TEXT_SIZE], start[LOCAL_ISO_SIZE], end[LOCAL_ISO_SIZE], zone[LOCAL_ZONE_SIZE];
    day_format(night->night.day, day);
    local_iso(night, night->night.start_s, start);
    local_iso(night, night->night.end_s, end);
    local_zone_name(night, zone);
    fprintf(stream, "%s,%s,%s,%s,", day, summary->nap ? "nap" : "night", start, end);
    int r = csv_text(stream, zone);
    put_number(stream, true, night->open);
    put_number(stream, true, summary->doubtful);
    put_sums(stream, summary);
    put_minutes(stream, summary);
    for (int p = 0; p < POSITION_N; p++)
        put_number(stream, true, summary->position_s[p]);
    fputc(',', stream);
    if (r >= 0)
        r = csv_text(stream, night->pad);
    fputc(',', stream);
    if (r >= 0)
        r = csv_text(stream, night->model);
    put_awake(stream, report, i);
    fputc('\n', stream);
    return r;
}

int report_print_csv(FILE *stream, const struct report *report)
{
    int r = 0;
    put_head(stream);
    for (size_t i = 0; r >= 0 && i < report->nights.n; i++)
        r = put_night(stream, report, i);
    return r;
}
