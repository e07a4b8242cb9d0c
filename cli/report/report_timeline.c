// SPDX-License-Identifier: GPL-3.0-or-later
// A night as a timeline on a terminal: a lane a position, time from left to right.
//
// A cell of a lane is as full as the part of its time that was spent in that position, so that even
// a minute is seen, and in the right place.
#include "report/report_table.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/brief.h"
#include "canvas.h"
#include "clock_text.h"
#include "report/lanes.h"
#include "local.h"
#include "report/palette.h"

#define BEFORE   (2 + POSITION_BRIEF_WIDTH + 1) // the star and the lane's name
#define AFTER    7                              // how long: "  13:07"
#define CELL_MIN 8                              // a narrower screen gets no timeline
#define HOUR_S   3600

// The cells of the time axis.
struct axis {
    int64_t from_s; // a whole number of cells after the full hour, by the clock beside the bed
    int64_t cell_s;
    unsigned n;
    unsigned hours; // between the hours that are named
    const struct store_night *night;
};

static struct axis axis_of(const struct store_night *night, unsigned room)
{
    // Minutes: whole parts of an hour, then hours, doubled: a file may hold a night of years.
    static const unsigned minutes[] = {1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30};
    int64_t start_s = night->night.start_s, end_s = night->night.end_s;
    int64_t local_s = start_s + local_offset_s(night, start_s);
    struct axis axis = {.night = night};
    for (unsigned i = 0;; i++) {
        unsigned parts = sizeof minutes / sizeof *minutes;
        axis.cell_s = i < parts ? minutes[i] * 60 : INT64_C(3600) << (i - parts);
        axis.from_s = start_s - local_s % axis.cell_s;
        int64_t n = (end_s - axis.from_s + axis.cell_s - 1) / axis.cell_s;
        axis.n = n < 1 ? 1 : (unsigned)n;
        if (n <= (int64_t)room)
            break;
    }
    // "|22 " has room.
    for (axis.hours = 1; axis.hours < 24 && axis.hours * HOUR_S < 4 * axis.cell_s;)
        axis.hours = axis.hours == 4 ? 6 : axis.hours == 6 ? 12 : axis.hours * 2;
    return axis;
}

// The hour that is named at a cell, or -1.
static int hour_at(const struct axis *axis, unsigned cell)
{
    int64_t time_s = axis->from_s + (int64_t)cell * axis->cell_s;
    int64_t local_s = time_s + local_offset_s(axis->night, time_s);
    return local_s % (axis->hours * HOUR_S) == 0 ? (int)(local_s / HOUR_S % 24) : -1;
}

static void print_axis(FILE *stream, const struct screen *screen, const struct axis *axis)
{
    unsigned blanks = BEFORE;
    fputs(screen->colour ? "\033[2m" : "", stream);
    for (unsigned cell = 0; cell < axis->n; cell++) {
        int hour = hour_at(axis, cell);
        // A name that would not fit before the end is left out.
        char name[CLOCK_TEXT_SIZE] = "";
        if (hour >= 0)
            clock_hour(hour, name);
        unsigned length = (unsigned)strlen(name);
        if (hour < 0 || cell + length + 1 > axis->n) {
            blanks++;
            continue;
        }
        fprintf(stream, "%*s%s%s", (int)blanks, "", screen->utf8 ? "│" : "|", name);
        cell += length; // the name's own
        blanks = 0;
    }
    fprintf(stream, "%s\n", screen->colour ? "\033[0m" : "");
}

// How much of each cell was spent in the lane, in seconds.
static void fill(const struct lanes *lanes, unsigned lane, const struct axis *axis, int64_t *cells)
{
    for (unsigned i = 0; i < axis->n; i++)
        cells[i] = 0;
    for (size_t i = 0; i < lanes->n; i++) {
        const struct stretch *stretch = &lanes->stretches[i];
        if (stretch->lane != lane)
            continue;
        for (int64_t at_s = stretch->start_s; at_s < stretch->end_s;) {
            int64_t cell = (at_s - axis->from_s) / axis->cell_s;
            int64_t next_s = axis->from_s + (cell + 1) * axis->cell_s;
            int64_t to_s = next_s < stretch->end_s ? next_s : stretch->end_s;
            cells[cell] += to_s - at_s;
            at_s = to_s;
        }
    }
}

static const char *cell_text(const struct screen *screen, bool unrecorded, double share, bool hour)
{
    static const char *const eighths[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char *const thirds[] = {"-", "=", "#"};
    if (share <= 0)
        return !hour ? " " : screen->utf8 ? "·" : ".";
    if (unrecorded) // neither high nor low
        return screen->utf8 ? "╱" : "/";
    int n = screen->utf8 ? 8 : 3;
    int level = (int)ceil(share * n) - 1;
    level = level < 0 ? 0 : level >= n ? n - 1 : level;
    return screen->utf8 ? eighths[level] : thirds[level];
}

static void print_lane(FILE *stream, const struct screen *screen, const struct report *report,
                       const struct lanes *lanes, unsigned lane, const struct axis *axis,
                       int64_t *cells)
{
    bool unrecorded = lane == LANE_UNRECORDED;
    bool friendly = !unrecorded && report_is_friendly(report, (enum position)lane);
    const char *sgr = unrecorded ? "90" : palette_sgr((enum position)lane);
    char length[DURATION_SIZE];
    duration_clock(lanes->lane_s[lane], length);
    const char *name = lane_name(lane);
    int blanks = POSITION_BRIEF_WIDTH + 1 - (int)canvas_width(name);
    fprintf(stream, "%s %s%*s", friendly ? "*" : " ", name, blanks > 0 ? blanks : 0, "");
    if (screen->colour)
        fprintf(stream, "\033[%sm", sgr);
    fill(lanes, lane, axis, cells);
    for (unsigned i = 0; i < axis->n; i++)
        fputs(cell_text(screen, unrecorded, (double)cells[i] / (double)axis->cell_s,
                        hour_at(axis, i) >= 0),
              stream);
    fprintf(stream, "%s%*s\n", screen->colour ? "\033[0m" : "", AFTER, length);
}

int report_print_timeline(FILE *stream, const struct screen *screen, const struct report *report,
                          const struct night_entry *entry)
{
    if (screen->width < BEFORE + CELL_MIN + AFTER)
        return 0;
    struct lanes lanes;
    int r = lanes_of(&lanes, report, entry);
    if (r < 0)
        return r;
    struct axis axis = axis_of(&entry->summary.night, screen->width - BEFORE - AFTER);
    _cleanup_(freep) int64_t *cells = calloc(axis.n, sizeof *cells);
    if (!cells)
        r = -ENOMEM;
    if (cells && lanes.n > 0) {
        print_axis(stream, screen, &axis);
        for (unsigned i = 0; i < lanes.n_order; i++)
            print_lane(stream, screen, report, &lanes, lanes.order[i], &axis, cells);
    }
    lanes_free(&lanes);
    return r;
}
