// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/lanes.h"

#include <errno.h>
#include <stdlib.h>

#include "report/brief.h"
#include "words.h"

const char *lane_name(unsigned lane)
{
    return lane == LANE_UNRECORDED ? _("not recorded") : position_brief((enum position)lane);
}

// Empty stretches, and those before what is there already, are none.
static void add(struct lanes *lanes, int64_t start_s, int64_t end_s, unsigned lane,
                enum gap_reason reason)
{
    int64_t filled_to_s = lanes->n ? lanes->stretches[lanes->n - 1].end_s : lanes->start_s;
    if (start_s < filled_to_s)
        start_s = filled_to_s;
    if (end_s > lanes->end_s)
        end_s = lanes->end_s;
    if (start_s >= end_s)
        return;
    lanes->stretches[lanes->n++] = (struct stretch){start_s, end_s, lane, reason};
    lanes->lane_s[lane] += end_s - start_s;
}

// Nobody saw the time up to `until_s`; gaps from *gap on may say why.
static void add_unrecorded(struct lanes *lanes, const struct night_entry *entry, size_t *gap,
                           int64_t until_s)
{
    for (; *gap < entry->n_gaps && entry->gaps[*gap].start_s < until_s; ++*gap) {
        const struct gap *known = &entry->gaps[*gap];
        add(lanes, lanes->start_s, known->start_s, LANE_UNRECORDED, GAP_N);
        add(lanes, known->start_s, known->end_s < until_s ? known->end_s : until_s, LANE_UNRECORDED,
            known->reason);
    }
    add(lanes, lanes->start_s, until_s, LANE_UNRECORDED, GAP_N);
}

static void put_order(struct lanes *lanes, const struct report *report)
{
    for (int friendly = 1; friendly >= 0; friendly--)
        for (unsigned p = 0; p < POSITION_BODY_N; p++)
            if (lanes->lane_s[p] > 0 && report_is_friendly(report, (enum position)p) == friendly)
                lanes->order[lanes->n_order++] = p;
    static const unsigned last[] = {POSITION_UNKNOWN, POSITION_EMPTY, LANE_UNRECORDED};
    for (size_t i = 0; i < sizeof last / sizeof *last; i++)
        if (lanes->lane_s[last[i]] > 0)
            lanes->order[lanes->n_order++] = last[i];
}

int lanes_of(struct lanes *ret, const struct report *report, const struct night_entry *entry)
{
    const struct night *night = &entry->summary.night.night;
    // Before each bout, and at the end, there may be something unrecorded; each gap splits it.
    size_t room = 2 * (entry->n_bouts + entry->n_gaps + 1);
    *ret = (struct lanes){.start_s = night->start_s, .end_s = night->end_s};
    ret->stretches = calloc(room, sizeof *ret->stretches);
    if (!ret->stretches)
        return -ENOMEM;
    size_t gap = 0;
    for (size_t i = 0; i < entry->n_bouts; i++) {
        const struct bout *bout = &entry->bouts[i].bout;
        add_unrecorded(ret, entry, &gap, bout->start_s);
        add(ret, bout->start_s, bout->end_s, bout->position, GAP_N);
    }
    add_unrecorded(ret, entry, &gap, night->end_s);
    put_order(ret, report);
    return 0;
}

void lanes_free(struct lanes *lanes)
{
    free(lanes->stretches);
    *lanes = (struct lanes){0};
}
