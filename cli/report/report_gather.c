// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/report.h"

// What is open and older than this is no longer being written: psoasmond commits at least once
// a minute.
#define RECORDING_S 300

const struct store_night *report_newest(const struct report *report)
{
    return &report->nights.entries[report->nights.n - 1].summary.night;
}

bool report_is_recording(const struct report *report, const struct store_night *night)
{
    return night->open && night->night.end_s <= report->now_s &&
           night->night.end_s > report->now_s - RECORDING_S;
}

int report_gather(struct report *report, struct store *store)
{
    int r = nights_read(&report->nights, store, &report->period, report->friendly);
    if (r >= 0 && report->bouts)
        r = nights_read_bouts(&report->nights, store);
    if (r >= 0 && report->minutes)
        r = nights_read_minutes(&report->nights, store);
    if (r < 0)
        return r;
    report->totals = totals_of(report->nights.entries, report->nights.n);

    if (!period_before(&report->period, &report->before))
        return 0;
    r = nights_read(&report->earlier, store, &report->before, report->friendly);
    report->previous = totals_of(report->earlier.entries, report->earlier.n);
    return r;
}

void report_free(struct report *report)
{
    nights_free(&report->nights);
    nights_free(&report->earlier);
}
