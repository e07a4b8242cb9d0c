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

const struct nights *report_window(const struct report *report)
{
    return report->window.from == report->period.from ? &report->nights : &report->lately;
}

// Nights of the window are read where something may be said of them: of more than a single night,
// for those who keep a diary.
static int gather_awake(struct report *report, struct store *store)
{
    report->window = report->period;
    if (period_days(&report->period) < REPORT_WINDOW_DAYS)
        report->window.from = report->period.to - REPORT_WINDOW_DAYS + 1;
    if (report->window.from < 0)
        report->window.from = 0;
    bool before_it = report->before.to > 0 && report->before.from < report->window.from;
    int r = awake_read(&report->awake, store, before_it ? report->before.from : report->window.from,
                       report->period.to);
    struct awake_means told = awake_means(&report->awake, report->window.from, report->window.to);
    if (r < 0 || told.of[AWAKE_PAIN].n == 0 || report->period.kind == PERIOD_NIGHT ||
        report_window(report) == &report->nights)
        return r;
    return nights_read(&report->lately, store, &report->window, report->friendly);
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

    if (period_before(&report->period, &report->before))
        r = nights_read(&report->earlier, store, &report->before, report->friendly);
    report->previous = totals_of(report->earlier.entries, report->earlier.n);
    return r < 0 ? r : gather_awake(report, store);
}

void report_free(struct report *report)
{
    nights_free(&report->nights);
    nights_free(&report->earlier);
    nights_free(&report->lately);
    awake_free(&report->awake);
}
