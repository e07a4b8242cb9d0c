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

#define PAD_BYTES_MAX   32
#define PAD_WORD_MAX    16
#define PAD_BAUDS_MAX   8
#define PAD_USB_MAX     8
#define PAD_INVALID_MAX 8
#define PAD_FIELDS_MAX  8

// What undoing the crosstalk of a floating matrix costs grows with their third power.
#define PAD_FLOATING_LINES_MAX 128

enum framing {
    FRAMING_LINES,     // text: a frame, a row or a cell a line
    FRAMING_DELIMITED, // sync bytes, exact payload, checksum, tail
    FRAMING_POLLED,    // asked for: so many bytes, then silence
    FRAMING_SPARSE,    // sync bytes, a count, and so many x, y, value
    FRAMING_RLE0,      // a byte a cell, 00 n for n zeros, FF at the end
    FRAMING_CHUNKED,   // a frame in pieces that say where they belong
    FRAMING_N
};

enum sample {
    SAMPLE_U8,
    SAMPLE_U16LE,
    SAMPLE_U16BE,
    SAMPLE_I16LE, // negative counts read as 0
    SAMPLE_I16BE, // the same
    SAMPLE_U24BE,
    SAMPLE_ASCII, // `lines` only
};

// What a line of `lines` holds.
enum line_holds {
    LINE_FRAME,
    LINE_ROW, // or a column, where cells come column by column
    LINE_CELL,
    LINE_ANY, // numbers, as they come: lines end anywhere
};

// What a piece of `chunked` consists of, in this order.
enum chunk_part {
    CHUNK_ID,     // which pad it belongs to
    CHUNK_COUNT,  // how many values it has
    CHUNK_START,  // the place of its first value, as the bytes come
    CHUNK_LINE,   // the line (of wire_line_cells) that it is
    CHUNK_SEQ,    // counts pieces, or frames
    CHUNK_SKIP,   // nobody knows
    CHUNK_VALUES, // the cells; as many as COUNT says, or else as fit before the tail
};

struct chunk_field {
    enum chunk_part part;
    unsigned size; // bytes on the wire; 0: the values
    bool big_endian;
};

// A modem line that some pads are reset or powered by.
enum modem_line {
    MODEM_LEAVE, // as opening the port sets it
    MODEM_ON,
    MODEM_OFF,
};

struct usb_id {
    uint16_t vendor, product;
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
    uint8_t bytes[PAD_BYTES_MAX];
    uint32_t any; // bit i: byte i may be anything, and is 0 in `bytes`
    size_t length;
};
_Static_assert(PAD_BYTES_MAX <= 32, "a bit a byte");

struct pad {
    char name[32];   // [a-z0-9-], the file's name without .pad
    char title[128]; // for people
    enum pad_status status;
    // USB chips that it comes with: a hint where to look, and never more than that.
    struct usb_id usb[PAD_USB_MAX];
    size_t n_usb;

    // [wire]
    enum framing framing;
    struct pad_bytes sync, tail;
    enum sample sample;
    enum check check;
    bool check_covers_sync;           // the checksum covers the sync bytes too
    enum sample counter;              // in front of the cells, counts frames; SAMPLE_ASCII: none
    unsigned skip_bytes, extra_bytes; // before and behind the cells, unknown
    enum line_holds line;             // lines, as all up to `headings`
    unsigned skip_columns;            // leading numbers on a line that are no cells
    unsigned extra_columns;           // trailing numbers on a line that are no cells
    char marker[PAD_WORD_MAX];        // a line that ends a frame; "" if none does
    char config_word[PAD_WORD_MAX];   // begins a line WORD,rows,cols; "" if none does
    bool headings;                    // lines that begin with a letter are no frames
    bool banner;                      // polled: lines of text in front of the first frame are none
    enum sample entries;              // sparse: how the number of entries is sent
    struct chunk_field chunk[PAD_FIELDS_MAX]; // chunked, as all up to `chunk_id`
    size_t n_chunk;
    unsigned chunk_values; // at most so many in a piece
    int chunk_id;          // the pad's own; -1: whatever comes
    unsigned bauds[PAD_BAUDS_MAX];
    size_t n_bauds;
    enum modem_line dtr, rts;
    unsigned settle_ms;                    // after opening the port, what comes is no frame
    struct pad_bytes start, request, stop; // to be written to it; empty if nothing is
    unsigned silence_ms;                   // an answer is over when nothing came for so long
    unsigned timeout_ms;                   // when to ask again where nothing comes
    bool counted;   // a recording: frames are 1 / rate_hz apart, however fast they come
    double rate_hz; // nominal frames a second

    // [grid]
    unsigned rows, cols;             // of a frame: in the body's order
    unsigned wire_line_cells;        // cells in one row (or column) as the bytes come
    uint16_t cell_of[PAD_MAX_CELLS]; // wire order -> index in struct frame
    bool dead[PAD_MAX_CELLS];        // in the order of struct frame: known to read nothing true

    // [cells]
    double pitch_rows_mm, pitch_cols_mm; // along the body, across it
    uint32_t mask;                       // the bits of a sample that are the count
    unsigned shift;                      // by how many it is then moved down
    int32_t invalid[PAD_INVALID_MAX];    // samples, as they are sent, that are no readings
    size_t n_invalid;
    bool inverted; // a lower count is more pressure
    bool floating; // a matrix whose other lines hang free while a cell is read, see crosstalk.h
    unsigned full_scale;               // the largest count that is a reading
    unsigned baseline;                 // what an untouched cell reads; the mean, if each its own
    bool own_baselines;                // each cell has one
    unsigned touch;                    // counts above the baseline that mean "pressed"
    bool own_gains;                    // lines read more or less than others
    uint16_t baselines[PAD_MAX_CELLS]; // if own_baselines, in the order of struct frame
    // If own_gains, in the order of struct frame: times what it should a line reads.
    float row_gains[PAD_MAX_SIDE], col_gains[PAD_MAX_SIDE];
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

// Whether it speaks only when spoken to, or has to be started: its port must be written to.
static inline bool pad_is_asked(const struct pad *pad)
{
    return pad->request.length > 0 || pad->start.length > 0;
}

// Whether they stand at `bytes`, which hold as many.
bool pad_bytes_match(const struct pad_bytes *pattern, const uint8_t *bytes);

const char *framing_name(enum framing framing);
const char *pad_status_name(enum pad_status status);

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
