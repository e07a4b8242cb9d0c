// SPDX-License-Identifier: GPL-3.0-or-later
// The rows below the bars of nights: a strip for each thing that was told, a column a bar.
#ifndef PSOASMON_CHART_AWAKE_H
#define PSOASMON_CHART_AWAKE_H

#include "awake/awake.h"
#include "report/drawing.h"

struct awake_strips {
    double full[AWAKE_ITEM_N];   // what is as high as its strip; 0: never told, and no strip
    double ground[AWAKE_ITEM_N]; // the y that its bars stand on
    double bottom;               // below them all
};

// Every column is fitted in (from all zeros), then the strips are laid out below `top`.
void awake_strips_fit(struct awake_strips *strips, const struct awake_means *means);
void awake_strips_lay(struct awake_strips *strips, double top);

// Their names and grounds.
void awake_strips_draw(struct drawing *drawing, const struct awake_strips *strips, double left,
                       double right);

struct awake_column {
    double middle, slot, bar; // from column to column, and as wide as a bar
};
void awake_column_draw(struct drawing *drawing, const struct awake_strips *strips,
                       const struct awake_means *means, const struct awake_column *column);

// "; Pain: 3; Stiffness: 2" of what was told, behind what the text says of the bar.
void awake_column_words(const struct awake_means *means, char *text, size_t size);

#endif
