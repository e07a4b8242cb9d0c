// SPDX-License-Identifier: GPL-3.0-or-later
// A description while it is read: what its keys say, before it is checked and laid onto the body.
// Private to core/pad.
#ifndef PSOASMON_PAD_DRAFT_H
#define PSOASMON_PAD_DRAFT_H

#include "base/ini_text.h"
#include "pad/pad.h"

enum edge {
    EDGE_TOP,
    EDGE_BOTTOM,
    EDGE_LEFT,
    EDGE_RIGHT,
};

enum flip {
    FLIP_NONE = 0,
    FLIP_ROWS = 1,
    FLIP_COLUMNS = 2,
    FLIP_BOTH = FLIP_ROWS | FLIP_COLUMNS,
};

struct line_map {
    uint16_t lines[PAD_MAX_SIDE];
    size_t n;
};

// Numbers of the pad's cells, one each; may take several lines.
struct cell_list {
    uint16_t numbers[PAD_MAX_CELLS];
    size_t n;
};

// Of the picture's rows, or columns.
struct line_gains {
    float gains[PAD_MAX_SIDE];
    size_t n;
};

// A cell, a row or a column of the picture.
#define DEAD_MAX 256
#define DEAD_ALL (-1)
struct dead_cell {
    int row, col;
};

struct draft {
    struct pad pad;
    unsigned rows, cols; // of the picture
    int column_major, left_is_right, inverted, floating, check_covers_sync, counted;
    bool serpentine, transpose;
    int head, flip;
    struct line_map row_map, col_map;
    struct cell_list map, baselines;
    struct line_gains row_gains, col_gains;
    struct dead_cell dead[DEAD_MAX];
    size_t n_dead;
    uint64_t seen; // a bit a field
};

// Takes an entry of the file; as ini_taker. `userdata` is the draft.
int draft_take(const struct ini_entry *entry, void *userdata, struct error *error);

// Whether the key was in the file.
bool draft_has(const struct draft *draft, const char *section, const char *key);

// Whether everything needed is there, and nothing that does not belong together. -EINVAL.
int draft_check(struct draft *draft, const char *file, struct error *error);

// Lays the picture onto the body: the pad's rows, cols, cell_of, baselines and dead cells.
// -EINVAL where a map is none.
int draft_lay_out(struct draft *draft, const char *file, struct error *error);

#endif
