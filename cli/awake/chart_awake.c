// SPDX-License-Identifier: GPL-3.0-or-later
#include "awake/chart_awake.h"

#include <string.h>

#include "words.h"

#define SCALE_FULL   10
#define NAME_HEIGHT  18
#define VALUE_HEIGHT 14
#define BAR_HEIGHT   20
#define STRIP_HEIGHT (NAME_HEIGHT + VALUE_HEIGHT + BAR_HEIGHT + 8)
#define BELOW_LABELS 6
#define VALUE_WIDTH  30 // "8:30"

void awake_strips_fit(struct awake_strips *strips, const struct awake_means *means)
{
    for (int item = 0; item < AWAKE_ITEM_N; item++) {
        const struct awake_mean *mean = &means->of[item];
        if (mean->n == 0)
            continue;
        double full = awake_fact((enum awake_item)item)->scale ? SCALE_FULL : mean->value;
        // Whoever held nothing at all gets a strip, too.
        full = full > 0 ? full : 1;
        strips->full[item] = full > strips->full[item] ? full : strips->full[item];
    }
}

void awake_strips_lay(struct awake_strips *strips, double top)
{
    strips->bottom = top;
    bool first = true;
    for (int item = 0; item < AWAKE_ITEM_N; item++) {
        if (strips->full[item] <= 0)
            continue;
        strips->bottom += first ? BELOW_LABELS : 0;
        first = false;
        strips->ground[item] = strips->bottom + STRIP_HEIGHT - 8;
        strips->bottom += STRIP_HEIGHT;
    }
}

void awake_strips_draw(struct drawing *drawing, const struct awake_strips *strips, double left,
                       double right)
{
    for (int item = 0; item < AWAKE_ITEM_N; item++) {
        double ground = strips->ground[item];
        if (strips->full[item] <= 0)
            continue;
        draw_line(drawing, INK_GRID, left, ground, right - left, 0);
        draw_text(drawing, INK_DIM, ANCHOR_START, left, ground - BAR_HEIGHT - VALUE_HEIGHT - 6,
                  "%s", _(awake_fact((enum awake_item)item)->title));
    }
}

void awake_column_draw(struct drawing *drawing, const struct awake_strips *strips,
                       const struct awake_means *means, const struct awake_column *column)
{
    for (int item = 0; item < AWAKE_ITEM_N; item++) {
        const struct awake_mean *mean = &means->of[item];
        if (mean->n == 0)
            continue;
        // Of nothing there is a line: it was told.
        double height = BAR_HEIGHT * mean->value / strips->full[item];
        height = height < 1 ? 1 : height;
        double y = strips->ground[item] - height;
        draw_rect(drawing, INK_DIM, column->middle - column->bar / 2, y, column->bar, height);
        char text[AWAKE_TEXT_SIZE];
        awake_text((enum awake_item)item, *mean, text);
        if (column->slot >= VALUE_WIDTH)
            draw_text(drawing, INK_TEXT, ANCHOR_MIDDLE, column->middle, y - 3, "%s", text);
    }
}

void awake_column_words(const struct awake_means *means, char *text, size_t size)
{
    for (int item = 0; item < AWAKE_ITEM_N; item++) {
        const struct awake_mean *mean = &means->of[item];
        if (mean->n == 0)
            continue;
        char value[AWAKE_TEXT_SIZE];
        awake_words((enum awake_item)item, *mean, value);
        size_t length = strlen(text);
        snprintf(text + length, size - length, "; %s: %s",
                 _(awake_fact((enum awake_item)item)->title), value);
    }
}
