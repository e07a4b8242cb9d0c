// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of a pad description, and how the grid as the bytes come is laid onto the body.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/ini_text.h"
#include "base/text.h"
#include "pad/pad.h"

enum edge {
    EDGE_TOP,
    EDGE_BOTTOM,
    EDGE_LEFT,
    EDGE_RIGHT,
};

struct line_map {
    uint16_t lines[PAD_MAX_SIDE];
    size_t n;
};

// The description while it is read: what the keys say, before it is checked and laid out.
struct draft {
    struct pad pad;
    unsigned rows, cols; // as the bytes come
    int column_major, left_is_right, inverted, check_covers_sync, line_is_row, counted;
    bool serpentine;
    int head;
    struct line_map row_map, col_map;
    uint16_t baselines[PAD_MAX_CELLS]; // as the bytes come
    size_t n_baselines;
    uint64_t seen;
};

static int take_name(const struct ini_entry *entry, void *target, struct error *error)
{
    size_t length = strlen(entry->value), room = sizeof((struct pad *)0)->name;
    if (length == 0 || length >= room ||
        strspn(entry->value, "abcdefghijklmnopqrstuvwxyz0123456789-") != length)
        return ini_refuse(entry, error, "a name is up to %zu of a-z, 0-9 and -", room - 1);
    memcpy(target, entry->value, length + 1);
    return 0;
}

static int take_bytes(const struct ini_entry *entry, void *target, struct error *error)
{
    struct pad_bytes *bytes = target;
    if (!text_bytes(entry->value, bytes->bytes, sizeof bytes->bytes, &bytes->length))
        return ini_refuse(entry, error, "'%s' is not up to %d bytes in hexadecimal", entry->value,
                          PAD_SYNC_MAX);
    return 0;
}

static int take_bauds(const struct ini_entry *entry, void *target, struct error *error)
{
    struct pad *pad = target;
    const char *rest = entry->value;
    char word[16];
    for (pad->n_bauds = 0; text_word(&rest, word, sizeof word); pad->n_bauds++) {
        unsigned long baud;
        if (pad->n_bauds == PAD_BAUDS_MAX)
            return ini_refuse(entry, error, "more than %d speeds", PAD_BAUDS_MAX);
        if (!text_unsigned(word, 50, 12000000, &baud))
            return ini_refuse(entry, error, "'%s' is no speed from 50 to 12000000", word);
        pad->bauds[pad->n_bauds] = (unsigned)baud;
    }
    if (*rest || pad->n_bauds == 0)
        return ini_refuse(entry, error, "'%s' is no list of speeds", entry->value);
    return 0;
}

static int take_map(const struct ini_entry *entry, void *target, struct error *error)
{
    struct line_map *map = target;
    if (!text_runs(entry->value, PAD_MAX_SIDE - 1, map->lines, PAD_MAX_SIDE, &map->n))
        return ini_refuse(entry, error, "'%s' is no list like 15..31 14..0 of numbers below %d",
                          entry->value, PAD_MAX_SIDE);
    return 0;
}

static int take_pitch(const struct ini_entry *entry, void *target, struct error *error)
{
    struct pad *pad = target;
    const char *rest = entry->value;
    char rows[16], cols[16];
    if (!text_word(&rest, rows, sizeof rows) || !text_word(&rest, cols, sizeof cols) || *rest ||
        !text_double(rows, 1, 1000, &pad->pitch_rows_mm) ||
        !text_double(cols, 1, 1000, &pad->pitch_cols_mm))
        return ini_refuse(entry, error, "'%s' is not two lengths from 1 to 1000", entry->value);
    return 0;
}

// A line of them.
static int take_baselines(const struct ini_entry *entry, void *target, struct error *error)
{
    struct draft *draft = target;
    const char *rest = entry->value;
    char word[16];
    while (text_word(&rest, word, sizeof word)) {
        unsigned long count;
        if (draft->n_baselines == PAD_MAX_CELLS)
            return ini_refuse(entry, error, "more than %d numbers", PAD_MAX_CELLS);
        if (!text_unsigned(word, 0, UINT16_MAX, &count))
            return ini_refuse(entry, error, "'%s' is no whole number from 0 to %d", word,
                              UINT16_MAX);
        draft->baselines[draft->n_baselines++] = (uint16_t)count;
    }
    return *rest ? ini_refuse(entry, error, "'%s' is no list of whole numbers", rest) : 0;
}

static const struct ini_word statuses[] = {
    {"untested", PAD_UNTESTED}, {"tested", PAD_TESTED}, {"recordings", PAD_RECORDINGS}, {0}};
static const struct ini_word framings[] = {
    {"lines", FRAMING_LINES}, {"delimited", FRAMING_DELIMITED}, {0}};
static const struct ini_word samples[] = {{"u8", SAMPLE_U8},       {"u16le", SAMPLE_U16LE},
                                          {"u16be", SAMPLE_U16BE}, {"i16le", SAMPLE_I16LE},
                                          {"ascii", SAMPLE_ASCII}, {0}};
static const struct ini_word checks[] = {{"none", CHECK_NONE},
                                         {"sum8", CHECK_SUM8},
                                         {"xor8", CHECK_XOR8},
                                         {"crc16-modbus", CHECK_CRC16_MODBUS},
                                         {0}};
static const struct ini_word coverings[] = {{"payload", 0}, {"sync+payload", 1}, {0}};
static const struct ini_word lines_hold[] = {{"frame", 0}, {"row", 1}, {0}};
static const struct ini_word times[] = {{"arrival", 0}, {"count", 1}, {0}};
static const struct ini_word majors[] = {{"row", 0}, {"column", 1}, {0}};
static const struct ini_word heads[] = {
    {"top", EDGE_TOP}, {"bottom", EDGE_BOTTOM}, {"left", EDGE_LEFT}, {"right", EDGE_RIGHT}, {0}};
static const struct ini_word sides[] = {{"left", 0}, {"right", 1}, {0}};
static const struct ini_word polarities[] = {{"up", 0}, {"down", 1}, {0}};

#define IN_DRAFT(member) .offset = offsetof(struct draft, member)
#define IN_PAD(member)   .offset = offsetof(struct draft, pad.member)

static const struct ini_field fields[] = {
    {"pad", "name", INI_OTHER, IN_PAD(name), .take = take_name},
    {"pad", "title", INI_TEXT, IN_PAD(title), .size = sizeof((struct pad *)0)->title},
    {"pad", "status", INI_WORD, IN_PAD(status), .words = statuses},
    {"wire", "framing", INI_WORD, IN_PAD(framing), .words = framings},
    {"wire", "sync", INI_OTHER, IN_PAD(sync), .take = take_bytes},
    {"wire", "tail", INI_OTHER, IN_PAD(tail), .take = take_bytes},
    {"wire", "sample", INI_WORD, IN_PAD(sample), .words = samples},
    {"wire", "check", INI_WORD, IN_PAD(check), .words = checks},
    {"wire", "check_covers", INI_WORD, IN_DRAFT(check_covers_sync), .words = coverings},
    {"wire", "line", INI_WORD, IN_DRAFT(line_is_row), .words = lines_hold},
    {"wire", "skip_columns", INI_NUMBER, IN_PAD(skip_columns), .max = 1000},
    {"wire", "extra_columns", INI_NUMBER, IN_PAD(extra_columns), .max = 1000},
    {"wire", "baud", INI_OTHER, IN_DRAFT(pad), .take = take_bauds},
    {"wire", "rate_hz", INI_REAL, IN_PAD(rate_hz), .min = 0.001, .max = 1000},
    {"wire", "time", INI_WORD, IN_DRAFT(counted), .words = times},
    {"grid", "rows", INI_NUMBER, IN_DRAFT(rows), .min = 1, .max = PAD_MAX_SIDE},
    {"grid", "cols", INI_NUMBER, IN_DRAFT(cols), .min = 1, .max = PAD_MAX_SIDE},
    {"grid", "major", INI_WORD, IN_DRAFT(column_major), .words = majors},
    {"grid", "row_map", INI_OTHER, IN_DRAFT(row_map), .take = take_map},
    {"grid", "col_map", INI_OTHER, IN_DRAFT(col_map), .take = take_map},
    {"grid", "serpentine", INI_YES_NO, IN_DRAFT(serpentine)},
    {"grid", "head", INI_WORD, IN_DRAFT(head), .words = heads},
    {"grid", "left", INI_WORD, IN_DRAFT(left_is_right), .words = sides},
    {"cells", "pitch_mm", INI_OTHER, IN_DRAFT(pad), .take = take_pitch},
    {"cells", "polarity", INI_WORD, IN_DRAFT(inverted), .words = polarities},
    {"cells", "full_scale", INI_NUMBER, IN_PAD(full_scale), .min = 1, .max = UINT16_MAX},
    {"cells", "baseline", INI_NUMBER, IN_PAD(baseline), .max = UINT16_MAX},
    {"cells", "baselines", INI_OTHER, .offset = 0, .take = take_baselines, .goes_on = true},
    {"cells", "touch", INI_NUMBER, IN_PAD(touch), .min = 1, .max = UINT16_MAX},
};
#define N_FIELDS (sizeof fields / sizeof *fields)
_Static_assert(N_FIELDS <= INI_FIELDS_MAX, "a bit a field");

static int take_entry(const struct ini_entry *entry, void *userdata, struct error *error)
{
    struct draft *draft = userdata;
    return ini_take(fields, N_FIELDS, entry, draft, &draft->seen, error);
}

static bool was_given(const struct draft *draft, const char *section, const char *name)
{
    for (size_t i = 0; i < N_FIELDS; i++)
        if (strcmp(fields[i].section, section) == 0 && strcmp(fields[i].name, name) == 0)
            return draft->seen >> i & 1;
    return false;
}

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

static int check_baselines(const struct draft *draft, const char *file, struct error *error)
{
    if (!was_given(draft, "cells", "baselines"))
        return 0;
    if (was_given(draft, "cells", "baseline"))
        return error_set(error, -EINVAL, "%s: [cells] has both baseline and baselines", file);
    size_t n = (size_t)draft->rows * draft->cols;
    if (draft->n_baselines != n)
        return error_set(error, -EINVAL, "%s: [cells] baselines has %zu numbers, not %zu", file,
                         draft->n_baselines, n);
    for (size_t i = 0; i < n; i++)
        if (draft->baselines[i] >= draft->pad.full_scale)
            return error_set(error, -EINVAL,
                             "%s: [cells] baselines: number %zu is not below full_scale", file,
                             i + 1);
    return 0;
}

static int check_complete(struct draft *draft, const char *file, struct error *error)
{
    static const char *const needed[][2] = {
        {"pad", "name"},    {"pad", "title"},    {"pad", "status"},     {"wire", "framing"},
        {"wire", "sample"}, {"wire", "rate_hz"}, {"grid", "rows"},      {"grid", "cols"},
        {"grid", "head"},   {"grid", "left"},    {"cells", "pitch_mm"}, {"cells", "full_scale"},
        {"cells", "touch"},
    };
    const struct pad *pad = &draft->pad;
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!was_given(draft, needed[i][0], needed[i][1]))
            return error_set(error, -EINVAL, "%s: [%s] %s is missing", file, needed[i][0],
                             needed[i][1]);
    if ((pad->framing == FRAMING_LINES) != (pad->sample == SAMPLE_ASCII))
        return error_set(error, -EINVAL, "%s: [wire] sample = ascii goes with framing = lines",
                         file);
    if ((pad->framing == FRAMING_DELIMITED) != (pad->sync.length > 0))
        return error_set(error, -EINVAL, "%s: [wire] sync goes with framing = delimited", file);
    if (pad->framing == FRAMING_LINES && (pad->tail.length > 0 || pad->check != CHECK_NONE))
        return error_set(error, -EINVAL, "%s: [wire] tail and check go with framing = delimited",
                         file);
    if (draft->line_is_row && pad->framing != FRAMING_LINES)
        return error_set(error, -EINVAL, "%s: [wire] line goes with framing = lines", file);
    if (pad->baseline >= pad->full_scale)
        return error_set(error, -EINVAL, "%s: [cells] baseline is not below full_scale", file);
    return check_baselines(draft, file, error);
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

static void lay_out(struct draft *draft)
{
    struct pad *pad = &draft->pad;
    bool on_its_side = draft->head == EDGE_LEFT || draft->head == EDGE_RIGHT;
    pad->rows = on_its_side ? draft->cols : draft->rows;
    pad->cols = on_its_side ? draft->rows : draft->cols;
    pad->wire_line_cells = draft->column_major ? draft->rows : draft->cols;
    for (unsigned row = 0; row < draft->rows; row++)
        for (unsigned col = 0; col < draft->cols; col++) {
            unsigned wire_row = draft->row_map.lines[row], wire_col = draft->col_map.lines[col];
            unsigned line = draft->column_major ? wire_col : wire_row;
            unsigned place = draft->column_major ? wire_row : wire_col;
            if (draft->serpentine && line % 2 == 1)
                place = pad->wire_line_cells - 1 - place;
            pad->cell_of[line * pad->wire_line_cells + place] =
                (uint16_t)body_cell(draft, row, col);
        }
}

static void lay_out_baselines(struct draft *draft)
{
    struct pad *pad = &draft->pad;
    size_t n = draft->n_baselines, sum = 0;
    pad->own_baselines = n > 0;
    for (size_t i = 0; i < n; i++) {
        pad->baselines[pad->cell_of[i]] = draft->baselines[i];
        sum += draft->baselines[i];
    }
    if (n > 0)
        pad->baseline = (unsigned)((sum + n / 2) / n);
}

int pad_parse(struct pad **ret, const char *text, size_t length, const char *file,
              struct error *error)
{
    _cleanup_(freep) struct draft *draft = calloc(1, sizeof *draft);
    _cleanup_(freep) struct pad *pad = malloc(sizeof *pad);
    if (!draft || !pad)
        return -ENOMEM;
    int r = ini_read(text, length, file, take_entry, draft, error);
    if (r < 0)
        return r;
    r = check_complete(draft, file, error);
    if (r < 0)
        return r;
    r = complete_map(&draft->row_map, draft->rows, "row_map", file, error);
    if (r < 0)
        return r;
    r = complete_map(&draft->col_map, draft->cols, "col_map", file, error);
    if (r < 0)
        return r;
    draft->pad.check_covers_sync = draft->check_covers_sync;
    draft->pad.line_is_row = draft->line_is_row;
    draft->pad.inverted = draft->inverted;
    draft->pad.counted = draft->counted;
    lay_out(draft);
    lay_out_baselines(draft);
    *pad = draft->pad;
    *ret = pad;
    pad = NULL;
    return 0;
}
