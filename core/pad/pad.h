// SPDX-License-Identifier: GPL-3.0-or-later
// A pad description: everything about a pad that is not code, read from pads/NAME.pad.
// The keys are documented in docs/pad-files.md.
#ifndef PSOASMON_PAD_H
#define PSOASMON_PAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "pad/frame.h"

#define PAD_SYNC_MAX  16
#define PAD_BAUDS_MAX 8

enum framing {
    FRAMING_LINES,     // text, a frame or a row a line
    FRAMING_DELIMITED, // sync bytes, exact payload, tail, checksum
};

enum sample {
    SAMPLE_U8,
    SAMPLE_U16LE,
    SAMPLE_U16BE,
    SAMPLE_I16LE, // negative counts read as 0
    SAMPLE_ASCII, // `lines` only
};

enum check {
    CHECK_NONE,
    CHECK_SUM8,         // sum of the bytes, one byte
    CHECK_XOR8,         // exclusive or of the bytes, one byte
    CHECK_CRC16_MODBUS, // CRC-16/MODBUS, two bytes, low byte first
};

// How much is known of a description.
enum pad_status {
    PAD_UNTESTED,   // nobody has tried it on the hardware
    PAD_TESTED,     // somebody has
    PAD_RECORDINGS, // no hardware: it describes files, or a simulation
};

struct pad_bytes {
    uint8_t bytes[PAD_SYNC_MAX];
    size_t length;
};

struct pad {
    char name[32];   // [a-z0-9-], the file's name without .pad
    char title[128]; // for people
    enum pad_status status;

    // [wire]
    enum framing framing;
    struct pad_bytes sync, tail; // delimited
    enum sample sample;
    enum check check;
    bool check_covers_sync; // the checksum covers the sync bytes too
    bool line_is_row;       // lines: a line is a row, not a whole frame
    unsigned skip_columns;  // lines: leading numbers on a line that are no cells
    unsigned extra_columns; // lines: trailing numbers on a line that are no cells
    unsigned bauds[PAD_BAUDS_MAX];
    size_t n_bauds;
    bool counted;   // a recording: frames are 1 / rate_hz apart, however fast they come
    double rate_hz; // nominal frames a second

    // [grid]
    unsigned rows, cols;             // of a frame: in the body's order
    unsigned wire_line_cells;        // cells in one row (or column) as the bytes come
    uint16_t cell_of[PAD_MAX_CELLS]; // wire order -> index in struct frame

    // [cells]
    double pitch_rows_mm, pitch_cols_mm; // along the body, across it
    bool inverted;                       // a lower count is more pressure
    unsigned full_scale;                 // the largest count that is a reading
    unsigned baseline;                   // what an untouched cell reads; the mean, if each its own
    bool own_baselines;                  // each cell has one
    unsigned touch;                      // counts above the baseline that mean "pressed"
    uint16_t baselines[PAD_MAX_CELLS];   // if own_baselines, in the order of struct frame
};

// What a cell of struct frame reads untouched.
static inline unsigned pad_baseline(const struct pad *pad, size_t cell)
{
    return pad->own_baselines ? pad->baselines[cell] : pad->baseline;
}

static inline size_t pad_cells(const struct pad *pad)
{
    return (size_t)pad->rows * pad->cols;
}

size_t sample_size(enum sample sample); // bytes; 0 for text

// Reads a description. `file` is only used in messages. Returns 0, -EINVAL with a message
// that names file, line and key, or -ENOMEM. On success the caller owns *ret.
int pad_parse(struct pad **ret, const char *text, size_t length, const char *file,
              struct error *error);

// Reads the description in a file. -errno where it cannot be read, else as pad_parse.
int pad_load(struct pad **ret, const char *path, struct error *error);

// Finds a pad by name: the first `directories[i]/NAME.pad` there is (so that a local file
// overrides a shipped one); a name with a slash or ending in .pad is a path. The list ends
// with NULL. -ENOENT, with the places looked at, where there is none.
int pad_find(struct pad **ret, const char *name, const char *const *directories,
             struct error *error);

void pad_free(struct pad *pad);
DEFINE_CLEANUP(struct pad *, pad_free)

#endif
