// SPDX-License-Identifier: GPL-3.0-or-later
// Ghosts of a resistive matrix whose other rows and columns hang free while a cell is read: current
// also goes by three other cells, out along the row, across, and back along the column. Three
// pressed corners of a rectangle make the fourth read something, and everything reads too much.
//
// A reading is a share of the supply, over a resistor to ground: g / (1 + g), where g is how well
// the whole mat conducts between the row and the column, in units of that resistor. The mat is a
// network with a node for each row and column and an edge for each cell; g is the inverse of the
// effective resistance between two of its nodes.
#ifndef PSOASMON_CROSSTALK_H
#define PSOASMON_CROSSTALK_H

#include <stddef.h>

#include "base/cleanup.h"

struct crosstalk;

// All memory is taken here. -ENOMEM.
int crosstalk_new(struct crosstalk **ret, size_t rows, size_t cols);
void crosstalk_free(struct crosstalk *crosstalk);
DEFINE_CLEANUP(struct crosstalk *, crosstalk_free)

// What the cells would read alone, from what they read beside one another; in place, row after row,
// 0 to 1. No exact answer is looked for: the steps to it are few, and always the same.
void crosstalk_undo(struct crosstalk *crosstalk, float *readings);

// The other way round, exactly.
void crosstalk_add(struct crosstalk *crosstalk, float *readings);

#endif
