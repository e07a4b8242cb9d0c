// SPDX-License-Identifier: GPL-3.0-or-later
#include "position/acuity.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

// The least that a pad must have to tell so much. The figures come from model/RESULTS.md ("by pad
// size"): what pads of each size make of people left out of training.
static const struct least {
    unsigned rows, cols;
    double length_mm, width_mm;
    double pitch_mm; // cells no larger than this, either way
} leasts[] = {
    [ACUITY_COARSE] = {4, 4, 1000, 400, 1000},
    [ACUITY_FINE] = {10, 5, 1200, 500, 150},
};

// Lengths in millimetres that are multiplied up from a pitch in a file.
#define ROUNDING_MM 1e-6

// What a coarse pad tells a position as.
static const enum position coarser[POSITION_BODY_N] = {
    [POSITION_SUPINE] = POSITION_SUPINE,
    [POSITION_SUPINE_KNEES_RAISED] = POSITION_SUPINE,
    [POSITION_SUPINE_LEFT_KNEE] = POSITION_SUPINE,
    [POSITION_SUPINE_RIGHT_KNEE] = POSITION_SUPINE,
    [POSITION_SUPINE_LEGS_RAISED] = POSITION_SUPINE,
    [POSITION_RECLINED] = POSITION_SUPINE,
    [POSITION_LEFT_FETAL] = POSITION_LEFT_SIDE,
    [POSITION_RIGHT_FETAL] = POSITION_RIGHT_SIDE,
    [POSITION_LEFT_SIDE] = POSITION_LEFT_SIDE,
    [POSITION_RIGHT_SIDE] = POSITION_RIGHT_SIDE,
    [POSITION_PRONE] = POSITION_PRONE,
    [POSITION_SITTING] = POSITION_SITTING,
};

static double length_mm(const struct grid *grid)
{
    return grid->rows * grid->pitch_rows_mm + ROUNDING_MM;
}

static double width_mm(const struct grid *grid)
{
    return grid->cols * grid->pitch_cols_mm + ROUNDING_MM;
}

static bool has_cells(const struct grid *grid, const struct least *least)
{
    return grid->rows >= least->rows && grid->cols >= least->cols;
}

static bool has_size(const struct grid *grid, const struct least *least)
{
    return length_mm(grid) >= least->length_mm && width_mm(grid) >= least->width_mm;
}

static bool reaches(const struct grid *grid, const struct least *least)
{
    return has_cells(grid, least) && has_size(grid, least) &&
           grid->pitch_rows_mm <= least->pitch_mm && grid->pitch_cols_mm <= least->pitch_mm;
}

enum acuity acuity_of(const struct grid *grid)
{
    if (reaches(grid, &leasts[ACUITY_FINE]))
        return ACUITY_FINE;
    return reaches(grid, &leasts[ACUITY_COARSE]) ? ACUITY_COARSE : ACUITY_NONE;
}

enum position acuity_tell(enum acuity acuity, enum position position)
{
    switch (acuity) {
    case ACUITY_NONE:
        return POSITION_UNKNOWN;
    case ACUITY_COARSE:
        return coarser[position];
    case ACUITY_FINE:
        break;
    }
    return position;
}

void acuity_fold(enum acuity acuity, float probabilities[POSITION_BODY_N])
{
    for (int i = 0; i < POSITION_BODY_N; i++) {
        enum position told = acuity_tell(acuity, (enum position)i);
        if ((int)told == i)
            continue;
        if (told != POSITION_UNKNOWN)
            probabilities[told] += probabilities[i];
        probabilities[i] = 0.0f;
    }
}

int acuity_check(const struct pad *pad, struct error *error)
{
    struct grid grid = surface_grid(pad);
    if (acuity_of(&grid) != ACUITY_NONE)
        return 0;
    if (!has_cells(&grid, &leasts[ACUITY_COARSE]))
        return error_set(error, -ERANGE, "pad '%s': %u x %u cells are too few to tell positions",
                         pad->name, grid.rows, grid.cols);
    return error_set(error, -ERANGE, "pad '%s': %.2f m x %.2f m is too small to tell positions",
                     pad->name, length_mm(&grid) / 1000, width_mm(&grid) / 1000);
}

__attribute__((format(printf, 2, 3))) static void append(char text[ACUITY_TEXT_SIZE],
                                                         const char *format, ...)
{
    size_t length = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + length, ACUITY_TEXT_SIZE - length, format, arguments);
    va_end(arguments);
}

void acuity_explain(enum acuity acuity, char text[ACUITY_TEXT_SIZE])
{
    const char *verb = "are reported as";
    text[0] = '\0';
    for (int told = 0; told < POSITION_N; told++) {
        unsigned n = 0;
        for (int i = 0; i < POSITION_BODY_N; i++) {
            if (i == told || (int)acuity_tell(acuity, (enum position)i) != told)
                continue;
            const char *before = n++ > 0 ? ", " : text[0] ? "; " : "";
            append(text, "%s%s", before, position_identifier((enum position)i));
        }
        if (n == 0)
            continue;
        append(text, " %s %s", verb, position_identifier((enum position)told));
        verb = "as";
    }
}
