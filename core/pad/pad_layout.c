// SPDX-License-Identifier: GPL-3.0-or-later
// How the cells as the bytes come are laid onto the body.
#include <errno.h>

#include "pad/pad_draft.h"

// A map must name each line of the pad once. Without one, lines come in order.
static int complete_map(struct line_map *map, unsigned n, const char *key, const char *file,
                        struct error *error)
{
    if (map->n == 0)
        for (; map->n < n; map->n++)
            map->lines[map->n] = (uint16_t)map->n;
    bool named[PAD_MAX_SIDE] = {false};
    bool fits = map->n == n;
    for (size_t i = 0; fits && i < n; i++) {
        fits = map->lines[i] < n && !named[map->lines[i]];
        if (fits)
            named[map->lines[i]] = true;
    }
    if (!fits)
        return error_set(error, -EINVAL, "%s: [grid] %s does not name each of 0..%u once", file,
                         key, n - 1);
    return 0;
}

static int check_cell_map(const struct draft *draft, const char *file, struct error *error)
{
    static const char *const others[] = {"row_map", "col_map", "major", "serpentine", "transpose"};
    const struct cell_list *map = &draft->map;
    size_t n = (size_t)draft->rows * draft->cols;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (draft_has(draft, "grid", others[i]))
            return error_set(error, -EINVAL, "%s: [grid] map says it all, %s does not go with it",
                             file, others[i]);
    bool named[PAD_MAX_CELLS] = {false}, fits = map->n == n;
    for (size_t i = 0; fits && i < n; i++) {
        fits = map->numbers[i] < n && !named[map->numbers[i]];
        if (fits)
            named[map->numbers[i]] = true;
    }
    if (!fits)
        return error_set(error, -EINVAL, "%s: [grid] map does not name each of 0..%zu once", file,
                         n - 1);
    return 0;
}

static bool lies_on_its_side(const struct draft *draft)
{
    return draft->head == EDGE_LEFT || draft->head == EDGE_RIGHT;
}

// Turns the pad's picture so that the head is at the top and the sleeper's left at column 0.
static unsigned body_cell(const struct draft *draft, unsigned row, unsigned col)
{
    unsigned rows = draft->rows, cols = draft->cols, body_row = row, body_col = col;
    switch ((enum edge)draft->head) {
    case EDGE_TOP:
        break;
    case EDGE_BOTTOM:
        body_row = rows - 1 - row;
        body_col = cols - 1 - col;
        break;
    case EDGE_LEFT: // a quarter turn clockwise
        body_row = col;
        body_col = rows - 1 - row;
        break;
    case EDGE_RIGHT: // a quarter turn anticlockwise
        body_row = cols - 1 - col;
        body_col = row;
        break;
    }
    if (draft->left_is_right)
        body_col = draft->pad.cols - 1 - body_col;
    return body_row * draft->pad.cols + body_col;
}

// Where on the wire the picture's cell is.
static unsigned wire_place(const struct draft *draft, unsigned row, unsigned col)
{
    if (draft->flip & FLIP_ROWS)
        row = draft->rows - 1 - row;
    if (draft->flip & FLIP_COLUMNS)
        col = draft->cols - 1 - col;
    if (draft->map.n > 0)
        return draft->map.numbers[row * draft->cols + col];
    // Rows and columns that are swapped come column by column.
    bool by_column = (draft->column_major != 0) != draft->transpose;
    unsigned wire_row = draft->row_map.lines[row], wire_col = draft->col_map.lines[col];
    unsigned line = by_column ? wire_col : wire_row;
    unsigned place = by_column ? wire_row : wire_col;
    if (draft->serpentine && line % 2 == 1)
        place = draft->pad.wire_line_cells - 1 - place;
    return line * draft->pad.wire_line_cells + place;
}

static int mark_dead(struct draft *draft, const char *file, struct error *error)
{
    for (size_t i = 0; i < draft->n_dead; i++) {
        const struct dead_cell *dead = &draft->dead[i];
        if (dead->row >= (int)draft->rows || dead->col >= (int)draft->cols)
            return error_set(error, -EINVAL, "%s: [cells] dead names a cell outside the grid",
                             file);
        for (unsigned row = 0; row < draft->rows; row++)
            for (unsigned col = 0; col < draft->cols; col++)
                if ((dead->row == DEAD_ALL || dead->row == (int)row) &&
                    (dead->col == DEAD_ALL || dead->col == (int)col))
                    draft->pad.dead[body_cell(draft, row, col)] = true;
    }
    return 0;
}

static void lay_out_baselines(struct draft *draft)
{
    struct pad *pad = &draft->pad;
    size_t n = draft->baselines.n, sum = 0;
    pad->own_baselines = n > 0;
    for (size_t i = 0; i < n; i++) {
        pad->baselines[pad->cell_of[i]] = draft->baselines.numbers[i];
        sum += draft->baselines.numbers[i];
    }
    if (n > 0)
        pad->baseline = (unsigned)((sum + n / 2) / n);
}

static int check_gains(const struct line_gains *gains, unsigned n, const char *key,
                       const char *file, struct error *error)
{
    if (gains->n == 0 || gains->n == n)
        return 0;
    return error_set(error, -EINVAL, "%s: [cells] %s has %zu numbers, not %u", file, key, gains->n,
                     n);
}

// The picture's rows are the body's rows, or the columns of one that lies on its side.
static void set_gains(struct draft *draft, const struct line_gains *gains, bool of_rows)
{
    struct pad *pad = &draft->pad;
    for (unsigned i = 0; i < gains->n; i++) {
        unsigned cell = of_rows ? body_cell(draft, i, 0) : body_cell(draft, 0, i);
        if (of_rows != lies_on_its_side(draft))
            pad->row_gains[cell / pad->cols] = gains->gains[i];
        else
            pad->col_gains[cell % pad->cols] = gains->gains[i];
    }
}

static int lay_out_gains(struct draft *draft, const char *file, struct error *error)
{
    const struct line_gains *of_rows = &draft->row_gains, *of_cols = &draft->col_gains;
    int r = check_gains(of_rows, draft->rows, "row_gains", file, error);
    if (r == 0)
        r = check_gains(of_cols, draft->cols, "col_gains", file, error);
    draft->pad.own_gains = of_rows->n + of_cols->n > 0;
    if (r < 0 || !draft->pad.own_gains)
        return r;
    for (size_t i = 0; i < PAD_MAX_SIDE; i++)
        draft->pad.row_gains[i] = draft->pad.col_gains[i] = 1.0f;
    set_gains(draft, of_rows, true);
    set_gains(draft, of_cols, false);
    return 0;
}

int draft_lay_out(struct draft *draft, const char *file, struct error *error)
{
    struct pad *pad = &draft->pad;
    int r = complete_map(&draft->row_map, draft->rows, "row_map", file, error);
    if (r == 0)
        r = complete_map(&draft->col_map, draft->cols, "col_map", file, error);
    if (r == 0 && draft_has(draft, "grid", "map"))
        r = check_cell_map(draft, file, error);
    if (r < 0)
        return r;
    bool on_its_side = lies_on_its_side(draft);
    bool by_column = (draft->column_major != 0) != draft->transpose;
    pad->rows = on_its_side ? draft->cols : draft->rows;
    pad->cols = on_its_side ? draft->rows : draft->cols;
    pad->wire_line_cells = by_column ? draft->rows : draft->cols;
    for (unsigned row = 0; row < draft->rows; row++)
        for (unsigned col = 0; col < draft->cols; col++)
            pad->cell_of[wire_place(draft, row, col)] = (uint16_t)body_cell(draft, row, col);
    lay_out_baselines(draft);
    r = lay_out_gains(draft, file, error);
    return r < 0 ? r : mark_dead(draft, file, error);
}
