// SPDX-License-Identifier: GPL-3.0-or-later
#include "surface/mend.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// Around a cell: so many of its eight neighbours carry so many times `touch`; and they are free
// again when no more than so few of them are touched. In between nothing is decided, so that noise
// at a threshold is no episode.
#define SURROUNDED_BY    6
#define SURROUNDED_TIMES 4.0f
#define FREE_BY          2

// Somebody came or went who stayed for so long.
#define CHANGE_S 20.0

// Cells larger than that may well have nothing on them between two legs.
#define FINDS_DEAD_PITCH_MM 100.0

// The bed has to be empty for so long before its cells are followed, and then they are so slowly
// that a whole hour of it takes what a sheet creeps in a day.
#define DRIFT_AFTER_S  60.0
#define DRIFT_MEMORY_S 600.0

struct cell_history {
    uint16_t low, high;   // what it read since same_change
    uint8_t episodes;     // surrounded, and read nothing
    bool surrounded;      // at present
    bool dead, stuck;     // found out
    uint32_t same_change; // the number of the change since which it reads about the same
};

struct mend {
    const struct pad *pad;
    float touch; // as a share
    bool finds_dead, drifts, begun;
    bool occupied;      // by who stayed
    uint32_t n_changes; // of it
    double other_s;     // how long it has looked otherwise
    double empty_s;     // since something pressed the pad
    size_t n_found;
    struct cell_history cells[PAD_MAX_CELLS];
    float drift[PAD_MAX_CELLS];
};

int mend_new(struct mend **ret, const struct pad *pad)
{
    struct mend *mend = calloc(1, sizeof *mend);
    if (!mend)
        return -ENOMEM;
    mend->pad = pad;
    mend->touch = (float)pad->touch * (1.0f / (float)(pad->full_scale - pad->baseline));
    mend->finds_dead = fmax(pad->pitch_rows_mm, pad->pitch_cols_mm) <= FINDS_DEAD_PITCH_MM;
    mend->drifts = pad->baseline > 0;
    *ret = mend;
    return 0;
}

void mend_free(struct mend *mend)
{
    free(mend);
}

float mend_drift(const struct mend *mend, size_t cell)
{
    return mend->drift[cell];
}

size_t mend_found(const struct mend *mend)
{
    return mend->n_found;
}

// ---- filling ----

static bool is_bad(const struct mend *mend, const struct frame *frame, size_t cell)
{
    return mend->pad->dead[cell] || (frame->invalid && frame->invalid[cell]) ||
           mend->cells[cell].dead || mend->cells[cell].stuck;
}

// The mean of the neighbours that are known; false where none is.
static bool mean_around(const float *shares, const bool *known, size_t rows, size_t cols,
                        size_t row, size_t col, float *mean)
{
    float sum = 0.0f;
    unsigned n = 0;
    for (size_t r = row > 0 ? row - 1 : 0; r <= row + 1 && r < rows; r++)
        for (size_t c = col > 0 ? col - 1 : 0; c <= col + 1 && c < cols; c++)
            if (known[r * cols + c]) {
                sum += shares[r * cols + c];
                n++;
            }
    if (n > 0)
        *mean = sum / (float)n;
    return n > 0;
}

// One ring of what is not known, from what is known around it. Returns how many cells it was.
static size_t fill_ring(float *shares, bool *known, size_t rows, size_t cols)
{
    bool now[PAD_MAX_CELLS];
    size_t n = 0;
    memcpy(now, known, rows * cols * sizeof *now);
    for (size_t row = 0; row < rows; row++)
        for (size_t col = 0; col < cols; col++) {
            size_t cell = row * cols + col;
            if (!known[cell] && mean_around(shares, known, rows, cols, row, col, &shares[cell])) {
                now[cell] = true;
                n++;
            }
        }
    memcpy(known, now, rows * cols * sizeof *now);
    return n;
}

void mend_fill(const struct mend *mend, const struct frame *frame, float *shares)
{
    bool known[PAD_MAX_CELLS];
    size_t cells = pad_cells(mend->pad), n_bad = 0;
    for (size_t i = 0; i < cells; i++) {
        known[i] = !is_bad(mend, frame, i);
        n_bad += !known[i];
    }
    while (n_bad > 0) {
        size_t filled = fill_ring(shares, known, mend->pad->rows, mend->pad->cols);
        if (filled == 0)
            return; // not a single cell is known
        n_bad -= filled;
    }
}

// ---- learning ----

// How many cells in the three of each line and the three lines around each cell read `least` or
// more.
static void count_around(const struct mend *mend, const float *shares, float least,
                         uint8_t around[PAD_MAX_CELLS])
{
    size_t rows = mend->pad->rows, cols = mend->pad->cols;
    uint8_t line[PAD_MAX_CELLS];
    memset(around, 0, rows * cols);
    for (size_t row = 0; row < rows; row++) {
        const float *here = &shares[row * cols];
        for (size_t col = 0; col < cols; col++)
            line[col] = here[col] >= least;
        for (size_t r = row > 0 ? row - 1 : 0; r <= row + 1 && r < rows; r++) {
            uint8_t *to = &around[r * cols];
            for (size_t col = 0; col < cols; col++)
                to[col] += line[col];
            for (size_t col = 1; col < cols; col++) {
                to[col] += line[col - 1];
                to[col - 1] += line[col];
            }
        }
    }
}

static bool is_free(const struct mend *mend, const float *shares, size_t row, size_t col)
{
    size_t rows = mend->pad->rows, cols = mend->pad->cols;
    unsigned n = 0;
    for (size_t r = row > 0 ? row - 1 : 0; r <= row + 1 && r < rows; r++)
        for (size_t c = col > 0 ? col - 1 : 0; c <= col + 1 && c < cols; c++)
            n += shares[r * cols + c] >= mend->touch;
    return n <= FREE_BY;
}

// `pressing` neighbours read SURROUNDED_TIMES `touch`. The cell itself, where it matters, reads too
// little to be counted with them.
static void see_surroundings(struct mend *mend, const float *shares, size_t row, size_t col,
                             unsigned pressing)
{
    size_t cell = row * mend->pad->cols + col;
    struct cell_history *history = &mend->cells[cell];
    if (shares[cell] >= mend->touch / 2.0f) {
        history->episodes = 0;
        history->dead = false;
        return;
    }
    bool was = history->surrounded;
    if (pressing >= SURROUNDED_BY)
        history->surrounded = true;
    else if (was && is_free(mend, shares, row, col))
        history->surrounded = false;
    if (history->surrounded && !was && history->episodes < DEAD_EPISODES)
        history->episodes++;
    history->dead = history->episodes == DEAD_EPISODES;
}

static void see_sameness(struct mend *mend, const struct frame *frame, const float *shares,
                         size_t cell)
{
    struct cell_history *history = &mend->cells[cell];
    uint16_t count = frame->counts[cell];
    history->low = count < history->low ? count : history->low;
    history->high = count > history->high ? count : history->high;
    // Untouched it would have read less: what presses nothing is no jitter.
    bool same = mend->begun && shares[cell] >= mend->touch &&
                (unsigned)(history->high - history->low) <= mend->pad->touch;
    if (!same) {
        history->low = history->high = count;
        history->same_change = mend->n_changes;
    }
    history->stuck = same && mend->n_changes - history->same_change >= STUCK_CHANGES;
}

static void see_change(struct mend *mend, bool occupied, double frame_s)
{
    mend->other_s = occupied != mend->occupied ? mend->other_s + frame_s : 0.0;
    if (mend->other_s < CHANGE_S)
        return;
    mend->occupied = occupied;
    mend->n_changes++;
    mend->other_s = 0.0;
}

static bool anything_presses(const struct mend *mend, const struct frame *frame,
                             const float *shares)
{
    for (size_t i = 0; i < pad_cells(mend->pad); i++)
        if (shares[i] >= mend->touch && !is_bad(mend, frame, i))
            return true;
    return false;
}

static void follow_drift(struct mend *mend, const struct frame *frame, const float *shares,
                         double frame_s)
{
    if (!mend->drifts)
        return;
    mend->empty_s = anything_presses(mend, frame, shares) ? 0.0 : mend->empty_s + frame_s;
    if (mend->empty_s < DRIFT_AFTER_S)
        return;
    float share = (float)(frame_s / (frame_s + DRIFT_MEMORY_S));
    for (size_t i = 0; i < pad_cells(mend->pad); i++) {
        float above = (float)frame->counts[i] - (float)pad_baseline(mend->pad, i);
        if (!is_bad(mend, frame, i))
            mend->drift[i] += share * (above - mend->drift[i]);
    }
}

void mend_learn(struct mend *mend, const struct frame *frame, const float *shares, bool occupied)
{
    size_t rows = mend->pad->rows, cols = mend->pad->cols;
    double frame_s = mend->pad->rate_hz > 0 ? 1.0 / mend->pad->rate_hz : 1.0;
    see_change(mend, occupied, frame_s);
    follow_drift(mend, frame, shares, frame_s);
    uint8_t around[PAD_MAX_CELLS];
    if (mend->finds_dead)
        count_around(mend, shares, SURROUNDED_TIMES * mend->touch, around);
    mend->n_found = 0;
    for (size_t row = 0; row < rows; row++)
        for (size_t col = 0; col < cols; col++) {
            size_t cell = row * cols + col;
            if (mend->pad->dead[cell] || (frame->invalid && frame->invalid[cell]))
                continue;
            if (mend->finds_dead)
                see_surroundings(mend, shares, row, col, around[cell]);
            see_sameness(mend, frame, shares, cell);
            mend->n_found += mend->cells[cell].dead || mend->cells[cell].stuck;
        }
    mend->begun = true;
}
