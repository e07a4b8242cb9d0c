// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of a pad description. docs/pad-files.md says what they mean.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mark.h"
#include "base/text.h"
#include "pad/pad_draft.h"

static int take_name(const struct ini_entry *entry, void *target, struct error *error)
{
    size_t length = strlen(entry->value), room = sizeof((struct pad *)0)->name;
    if (length == 0 || length >= room ||
        strspn(entry->value, "abcdefghijklmnopqrstuvwxyz0123456789-") != length)
        return ini_refuse(entry, error, "a name is up to %zu of a-z, 0-9 and -", room - 1);
    memcpy(target, entry->value, length + 1);
    return 0;
}

// What the pad sends: bytes in it may be anything.
static int take_pattern(const struct ini_entry *entry, void *target, struct error *error)
{
    struct pad_bytes *bytes = target;
    if (!text_wire(entry->value, bytes->bytes, &bytes->any, sizeof bytes->bytes, &bytes->length))
        return ini_refuse(entry, error, "'%s' is not up to %d bytes, as AA 0F ?? or \"text\\n\"",
                          entry->value, PAD_BYTES_MAX);
    if (bytes->any & 1)
        return ini_refuse(entry, error, "the first byte cannot be ??");
    return 0;
}

// What is written to the pad.
static int take_words(const struct ini_entry *entry, void *target, struct error *error)
{
    struct pad_bytes *bytes = target;
    if (!text_wire(entry->value, bytes->bytes, NULL, sizeof bytes->bytes, &bytes->length))
        return ini_refuse(entry, error, "'%s' is not up to %d bytes, as AA 0F or \"text\\n\"",
                          entry->value, PAD_BYTES_MAX);
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

static int take_usb(const struct ini_entry *entry, void *target, struct error *error)
{
    struct pad *pad = target;
    const char *rest = entry->value;
    char word[16];
    for (pad->n_usb = 0; text_word(&rest, word, sizeof word); pad->n_usb++) {
        uint8_t id[4];
        size_t n = 0;
        if (pad->n_usb == PAD_USB_MAX)
            return ini_refuse(entry, error, "more than %d chips", PAD_USB_MAX);
        char *colon = strchr(word, ':');
        if (colon)
            *colon = ' ';
        if (!colon || colon != word + 4 || !text_bytes(word, id, sizeof id, &n) || n != sizeof id)
            return ini_refuse(entry, error, "'%s' is no list of chips like 1a86:7523",
                              entry->value);
        pad->usb[pad->n_usb] = (struct usb_id){
            .vendor = (uint16_t)(id[0] << 8 | id[1]),
            .product = (uint16_t)(id[2] << 8 | id[3]),
        };
    }
    if (*rest || pad->n_usb == 0)
        return ini_refuse(entry, error, "'%s' is no list of chips like 1a86:7523", entry->value);
    return 0;
}

// "id:u8 start:u16le values seq:u32le"
static bool read_field(char *word, struct chunk_field *field)
{
    static const struct {
        const char *name;
        enum chunk_part part;
    } parts[] = {{"id", CHUNK_ID},     {"count", CHUNK_COUNT}, {"start", CHUNK_START},
                 {"line", CHUNK_LINE}, {"seq", CHUNK_SEQ},     {"skip", CHUNK_SKIP}};
    static const struct {
        const char *name;
        unsigned size;
        bool big_endian;
    } types[] = {{"u8", 1, false},   {"i8", 1, false},    {"u16le", 2, false}, {"u16be", 2, true},
                 {"u24be", 3, true}, {"u32le", 4, false}, {"u32be", 4, true}};
    if (strcmp(word, "values") == 0) {
        *field = (struct chunk_field){.part = CHUNK_VALUES};
        return true;
    }
    char *colon = strchr(word, ':');
    if (!colon)
        return false;
    *colon = '\0';
    for (size_t p = 0; p < sizeof parts / sizeof *parts; p++)
        for (size_t t = 0; t < sizeof types / sizeof *types; t++)
            if (strcmp(word, parts[p].name) == 0 && strcmp(colon + 1, types[t].name) == 0) {
                *field = (struct chunk_field){parts[p].part, types[t].size, types[t].big_endian};
                return true;
            }
    return false;
}

static int take_chunk(const struct ini_entry *entry, void *target, struct error *error)
{
    struct pad *pad = target;
    const char *rest = entry->value;
    char word[16];
    unsigned parts = 0;
    for (pad->n_chunk = 0; text_word(&rest, word, sizeof word); pad->n_chunk++) {
        if (pad->n_chunk == PAD_FIELDS_MAX)
            return ini_refuse(entry, error, "more than %d fields", PAD_FIELDS_MAX);
        struct chunk_field *field = &pad->chunk[pad->n_chunk];
        if (!read_field(word, field))
            return ini_refuse(entry, error, "'%s' is no field like start:u16le or values", word);
        if (field->part != CHUNK_SKIP && parts & 1U << field->part)
            return ini_refuse(entry, error, "a field is given twice");
        parts |= 1U << field->part;
    }
    if (*rest || !(parts & 1U << CHUNK_VALUES))
        return ini_refuse(entry, error, "there is no field 'values'");
    if (!(parts & 1U << CHUNK_START) == !(parts & 1U << CHUNK_LINE))
        return ini_refuse(entry, error, "there has to be a field 'start' or 'line', and not both");
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

// A line of them.
static int take_cells(const struct ini_entry *entry, void *target, struct error *error)
{
    struct cell_list *list = target;
    const char *rest = entry->value;
    char word[16];
    while (text_word(&rest, word, sizeof word)) {
        unsigned long number;
        if (list->n == PAD_MAX_CELLS)
            return ini_refuse(entry, error, "more than %d numbers", PAD_MAX_CELLS);
        if (!text_unsigned(word, 0, UINT16_MAX, &number))
            return ini_refuse(entry, error, "'%s' is no whole number from 0 to %d", word,
                              UINT16_MAX);
        list->numbers[list->n++] = (uint16_t)number;
    }
    return *rest ? ini_refuse(entry, error, "'%s' is no list of whole numbers", rest) : 0;
}

static int take_gains(const struct ini_entry *entry, void *target, struct error *error)
{
    struct line_gains *gains = target;
    const char *rest = entry->value;
    char word[16];
    for (gains->n = 0; text_word(&rest, word, sizeof word); gains->n++) {
        double gain;
        if (gains->n == PAD_MAX_SIDE)
            return ini_refuse(entry, error, "more than %d numbers", PAD_MAX_SIDE);
        if (!text_double(word, 0.1, 10, &gain))
            return ini_refuse(entry, error, "'%s' is no number from 0.1 to 10", word);
        gains->gains[gains->n] = (float)gain;
    }
    return *rest ? ini_refuse(entry, error, "'%s' is no list of numbers", rest) : 0;
}

static bool read_dead(char *word, struct dead_cell *cell)
{
    char *colon = strchr(word, ':');
    unsigned long row = 0, col = 0;
    if (!colon)
        return false;
    *colon++ = '\0';
    bool all_rows = strcmp(word, "*") == 0, all_cols = strcmp(colon, "*") == 0;
    if ((!all_rows && !text_unsigned(word, 0, PAD_MAX_SIDE - 1, &row)) ||
        (!all_cols && !text_unsigned(colon, 0, PAD_MAX_SIDE - 1, &col)) || (all_rows && all_cols))
        return false;
    *cell = (struct dead_cell){all_rows ? DEAD_ALL : (int)row, all_cols ? DEAD_ALL : (int)col};
    return true;
}

static int take_dead(const struct ini_entry *entry, void *target, struct error *error)
{
    struct draft *draft = target;
    const char *rest = entry->value;
    char word[16];
    while (text_word(&rest, word, sizeof word)) {
        if (draft->n_dead == DEAD_MAX)
            return ini_refuse(entry, error, "more than %d of them", DEAD_MAX);
        if (!read_dead(word, &draft->dead[draft->n_dead++]))
            return ini_refuse(entry, error, "'%s' is no list of cells like 3:7, row:column",
                              entry->value);
    }
    return *rest ? ini_refuse(entry, error, "'%s' is no list of cells", rest) : 0;
}

static int take_invalid(const struct ini_entry *entry, void *target, struct error *error)
{
    struct pad *pad = target;
    const char *rest = entry->value;
    char word[16];
    for (pad->n_invalid = 0; text_word(&rest, word, sizeof word); pad->n_invalid++) {
        long value;
        if (pad->n_invalid == PAD_INVALID_MAX)
            return ini_refuse(entry, error, "more than %d values", PAD_INVALID_MAX);
        if (!text_signed(word, -32768, 0xFFFFFF, &value))
            return ini_refuse(entry, error, "'%s' is no whole number from -32768 to 16777215",
                              word);
        pad->invalid[pad->n_invalid] = (int32_t)value;
    }
    return *rest ? ini_refuse(entry, error, "'%s' is no list of whole numbers", rest) : 0;
}

static int take_mask(const struct ini_entry *entry, void *target, struct error *error)
{
    unsigned long mask;
    if (!text_bits(entry->value, 0xFFFFFF, &mask) || mask == 0)
        return ini_refuse(entry, error, "'%s' is no number like 0xFFF, up to 0xFFFFFF",
                          entry->value);
    *(uint32_t *)target = (uint32_t)mask;
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

static const struct ini_word statuses[] = {{N_("untested"), PAD_UNTESTED},
                                           {N_("tested"), PAD_TESTED},
                                           {N_("recordings"), PAD_RECORDINGS},
                                           {0}};
static const struct ini_word framings[] = {{"lines", FRAMING_LINES},
                                           {"delimited", FRAMING_DELIMITED},
                                           {"polled", FRAMING_POLLED},
                                           {"sparse", FRAMING_SPARSE},
                                           {"rle0", FRAMING_RLE0},
                                           {"chunked", FRAMING_CHUNKED},
                                           {0}};
static const struct ini_word samples[] = {{"u8", SAMPLE_U8},       {"u16le", SAMPLE_U16LE},
                                          {"u16be", SAMPLE_U16BE}, {"i16le", SAMPLE_I16LE},
                                          {"i16be", SAMPLE_I16BE}, {"u24be", SAMPLE_U24BE},
                                          {"ascii", SAMPLE_ASCII}, {0}};
static const struct ini_word counts[] = {
    {"u8", SAMPLE_U8}, {"u16le", SAMPLE_U16LE}, {"u16be", SAMPLE_U16BE}, {0}};
static const struct ini_word checks[] = {{"none", CHECK_NONE},
                                         {"sum8", CHECK_SUM8},
                                         {"xor8", CHECK_XOR8},
                                         {"crc16-modbus", CHECK_CRC16_MODBUS},
                                         {0}};
static const struct ini_word coverings[] = {{"payload", 0}, {"sync+payload", 1}, {0}};
static const struct ini_word lines_hold[] = {
    {"frame", LINE_FRAME}, {"row", LINE_ROW}, {"cell", LINE_CELL}, {"any", LINE_ANY}, {0}};
static const struct ini_word modem_lines[] = {
    {"leave", MODEM_LEAVE}, {"on", MODEM_ON}, {"off", MODEM_OFF}, {0}};
static const struct ini_word times[] = {{"arrival", 0}, {"count", 1}, {0}};
static const struct ini_word majors[] = {{"row", 0}, {"column", 1}, {0}};
static const struct ini_word flips[] = {
    {"none", FLIP_NONE}, {"rows", FLIP_ROWS}, {"columns", FLIP_COLUMNS}, {"both", FLIP_BOTH}, {0}};
static const struct ini_word heads[] = {
    {"top", EDGE_TOP}, {"bottom", EDGE_BOTTOM}, {"left", EDGE_LEFT}, {"right", EDGE_RIGHT}, {0}};
static const struct ini_word sides[] = {{"left", 0}, {"right", 1}, {0}};
static const struct ini_word crosstalks[] = {{"none", 0}, {"floating", 1}, {0}};
static const struct ini_word polarities[] = {{"up", 0}, {"down", 1}, {0}};

#define IN_DRAFT(member)    .offset = offsetof(struct draft, member)
#define IN_PAD(member)      .offset = offsetof(struct draft, pad.member)
#define SIZE_IN_PAD(member) .size = sizeof((struct pad *)0)->member

static const struct ini_field fields[] = {
    {"pad", "name", INI_OTHER, IN_PAD(name), .take = take_name},
    {"pad", "title", INI_TEXT, IN_PAD(title), SIZE_IN_PAD(title)},
    {"pad", "status", INI_WORD, IN_PAD(status), .words = statuses},
    {"pad", "usb", INI_OTHER, IN_DRAFT(pad), .take = take_usb},
    {"wire", "framing", INI_WORD, IN_PAD(framing), .words = framings},
    {"wire", "sync", INI_OTHER, IN_PAD(sync), .take = take_pattern},
    {"wire", "tail", INI_OTHER, IN_PAD(tail), .take = take_pattern},
    {"wire", "sample", INI_WORD, IN_PAD(sample), .words = samples},
    {"wire", "counter", INI_WORD, IN_PAD(counter), .words = counts},
    {"wire", "skip_bytes", INI_NUMBER, IN_PAD(skip_bytes), .max = 1000},
    {"wire", "extra_bytes", INI_NUMBER, IN_PAD(extra_bytes), .max = 1000},
    {"wire", "check", INI_WORD, IN_PAD(check), .words = checks},
    {"wire", "check_covers", INI_WORD, IN_DRAFT(check_covers_sync), .words = coverings},
    {"wire", "line", INI_WORD, IN_PAD(line), .words = lines_hold},
    {"wire", "skip_columns", INI_NUMBER, IN_PAD(skip_columns), .max = 1000},
    {"wire", "extra_columns", INI_NUMBER, IN_PAD(extra_columns), .max = 1000},
    {"wire", "marker", INI_TEXT, IN_PAD(marker), SIZE_IN_PAD(marker)},
    {"wire", "config_word", INI_TEXT, IN_PAD(config_word), SIZE_IN_PAD(config_word)},
    {"wire", "headings", INI_YES_NO, IN_PAD(headings)},
    {"wire", "banner", INI_YES_NO, IN_PAD(banner)},
    {"wire", "entries", INI_WORD, IN_PAD(entries), .words = counts},
    {"wire", "chunk", INI_OTHER, IN_DRAFT(pad), .take = take_chunk},
    {"wire", "chunk_values", INI_NUMBER, IN_PAD(chunk_values), .min = 1, .max = PAD_MAX_CELLS},
    {"wire", "chunk_id", INI_NUMBER, IN_PAD(chunk_id), .max = UINT16_MAX},
    {"wire", "baud", INI_OTHER, IN_DRAFT(pad), .take = take_bauds},
    {"wire", "dtr", INI_WORD, IN_PAD(dtr), .words = modem_lines},
    {"wire", "rts", INI_WORD, IN_PAD(rts), .words = modem_lines},
    {"wire", "settle_ms", INI_NUMBER, IN_PAD(settle_ms), .max = 60000},
    {"wire", "start", INI_OTHER, IN_PAD(start), .take = take_words},
    {"wire", "request", INI_OTHER, IN_PAD(request), .take = take_words},
    {"wire", "stop", INI_OTHER, IN_PAD(stop), .take = take_words},
    {"wire", "silence_ms", INI_NUMBER, IN_PAD(silence_ms), .min = 1, .max = 10000},
    {"wire", "timeout_ms", INI_NUMBER, IN_PAD(timeout_ms), .min = 10, .max = 60000},
    {"wire", "rate_hz", INI_REAL, IN_PAD(rate_hz), .min = 0.001, .max = 1000},
    {"wire", "time", INI_WORD, IN_DRAFT(counted), .words = times},
    {"grid", "rows", INI_NUMBER, IN_DRAFT(rows), .min = 1, .max = PAD_MAX_SIDE},
    {"grid", "cols", INI_NUMBER, IN_DRAFT(cols), .min = 1, .max = PAD_MAX_SIDE},
    {"grid", "major", INI_WORD, IN_DRAFT(column_major), .words = majors},
    {"grid", "transpose", INI_YES_NO, IN_DRAFT(transpose)},
    {"grid", "row_map", INI_OTHER, IN_DRAFT(row_map), .take = take_map},
    {"grid", "col_map", INI_OTHER, IN_DRAFT(col_map), .take = take_map},
    {"grid", "map", INI_OTHER, IN_DRAFT(map), .take = take_cells, .goes_on = true},
    {"grid", "serpentine", INI_YES_NO, IN_DRAFT(serpentine)},
    {"grid", "flip", INI_WORD, IN_DRAFT(flip), .words = flips},
    {"grid", "head", INI_WORD, IN_DRAFT(head), .words = heads},
    {"grid", "left", INI_WORD, IN_DRAFT(left_is_right), .words = sides},
    {"cells", "pitch_mm", INI_OTHER, IN_DRAFT(pad), .take = take_pitch},
    {"cells", "mask", INI_OTHER, IN_PAD(mask), .take = take_mask},
    {"cells", "shift", INI_NUMBER, IN_PAD(shift), .max = 16},
    {"cells", "invalid", INI_OTHER, IN_DRAFT(pad), .take = take_invalid},
    {"cells", "dead", INI_OTHER, .offset = 0, .take = take_dead, .goes_on = true},
    {"cells", "polarity", INI_WORD, IN_DRAFT(inverted), .words = polarities},
    {"cells", "crosstalk", INI_WORD, IN_DRAFT(floating), .words = crosstalks},
    {"cells", "full_scale", INI_NUMBER, IN_PAD(full_scale), .min = 1, .max = UINT16_MAX},
    {"cells", "baseline", INI_NUMBER, IN_PAD(baseline), .max = UINT16_MAX},
    {"cells", "baselines", INI_OTHER, IN_DRAFT(baselines), .take = take_cells, .goes_on = true},
    {"cells", "row_gains", INI_OTHER, IN_DRAFT(row_gains), .take = take_gains},
    {"cells", "col_gains", INI_OTHER, IN_DRAFT(col_gains), .take = take_gains},
    {"cells", "touch", INI_NUMBER, IN_PAD(touch), .min = 1, .max = UINT16_MAX},
};
#define N_FIELDS (sizeof fields / sizeof *fields)
_Static_assert(N_FIELDS <= INI_FIELDS_MAX, "a bit a field");

int draft_take(const struct ini_entry *entry, void *userdata, struct error *error)
{
    struct draft *draft = userdata;
    return ini_take(fields, N_FIELDS, entry, draft, &draft->seen, error);
}

bool draft_has(const struct draft *draft, const char *section, const char *key)
{
    for (size_t i = 0; i < N_FIELDS; i++)
        if (strcmp(fields[i].section, section) == 0 && strcmp(fields[i].name, key) == 0)
            return draft->seen >> i & 1;
    return false;
}

const char *framing_name(enum framing framing)
{
    return framing < FRAMING_N ? framings[framing].text : "?";
}

const char *pad_status_name(enum pad_status status)
{
    return status <= PAD_RECORDINGS ? statuses[status].text : "?";
}
