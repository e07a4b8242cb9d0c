// SPDX-License-Identifier: GPL-3.0-or-later
#include "map_record.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static const char magic[8] = {'P', 'S', 'O', 'A', 'S', 'M', 'A', 'P'};

enum {
    AT_VERSION = 8,
    AT_SIZE = 12,
    AT_NUMBER = 16,
    AT_TIME = 24,
    AT_PAD = 32,
    AT_ROWS = 64,
    AT_COLS = 66,
    AT_OCCUPIED = 68,
    AT_LOAD = 72,
    AT_AREA = 80,
    AT_PAD_ROWS = 88,
    AT_PAD_COLS = 92,
    AT_PITCH_ROWS = 96,
    AT_PITCH_COLS = 104,
    AT_CELLS = MAP_RECORD_HEAD,
    AT_COVERED = AT_CELLS + 4 * MAP_CELLS,
};

// Far beyond any frame, and small enough to reckon with: the year 9999.
#define TIME_MAX_US (INT64_C(253402300799) * 1000000)

// ---- numbers ----

static void put(uint8_t *at, size_t size, uint64_t number)
{
    for (size_t i = 0; i < size; i++)
        at[i] = (uint8_t)(number >> 8 * i);
}

static uint64_t get(const uint8_t *at, size_t size)
{
    uint64_t number = 0;
    for (size_t i = 0; i < size; i++)
        number |= (uint64_t)at[i] << 8 * i;
    return number;
}

static void put_real(uint8_t *at, double real)
{
    uint64_t bits;
    memcpy(&bits, &real, sizeof bits);
    put(at, sizeof bits, bits);
}

static double get_real(const uint8_t *at)
{
    uint64_t bits = get(at, sizeof bits);
    double real;
    memcpy(&real, &bits, sizeof real);
    return real;
}

static void put_cells(uint8_t *at, const float cells[MAP_CELLS])
{
    for (size_t i = 0; i < MAP_CELLS; i++) {
        uint32_t bits;
        memcpy(&bits, &cells[i], sizeof bits);
        put(at + i * sizeof bits, sizeof bits, bits);
    }
}

static void get_cells(const uint8_t *at, float cells[MAP_CELLS])
{
    for (size_t i = 0; i < MAP_CELLS; i++) {
        uint32_t bits = (uint32_t)get(at + i * sizeof bits, sizeof bits);
        memcpy(&cells[i], &bits, sizeof bits);
    }
}

// ---- the record ----

void map_record_write(uint8_t bytes[MAP_RECORD_SIZE], const struct map_head *head,
                      const struct pressure_map *map)
{
    memcpy(bytes, magic, sizeof magic);
    put(bytes + AT_VERSION, 4, MAP_RECORD_VERSION);
    put(bytes + AT_SIZE, 4, MAP_RECORD_SIZE);
    put(bytes + AT_NUMBER, 8, head->number);
    put(bytes + AT_TIME, 8, (uint64_t)head->time_us);
    memcpy(bytes + AT_PAD, head->pad, sizeof head->pad);
    put(bytes + AT_ROWS, 2, MAP_ROWS);
    put(bytes + AT_COLS, 2, MAP_COLS);
    put(bytes + AT_OCCUPIED, 4, map->occupied);
    put_real(bytes + AT_LOAD, map->load);
    put_real(bytes + AT_AREA, map->area_m2);
    put(bytes + AT_PAD_ROWS, 4, map->grid.rows);
    put(bytes + AT_PAD_COLS, 4, map->grid.cols);
    put_real(bytes + AT_PITCH_ROWS, map->grid.pitch_rows_mm);
    put_real(bytes + AT_PITCH_COLS, map->grid.pitch_cols_mm);
    put_cells(bytes + AT_CELLS, map->cells);
    put_cells(bytes + AT_COVERED, map->covered);
}

static int bad(struct error *error, size_t at, const char *what)
{
    return error_set(error, -EBADMSG, "byte %zu of a pressure map: %s", at, what);
}

static int check_shape(const uint8_t *bytes, size_t length, struct error *error)
{
    if (length < AT_NUMBER)
        return bad(error, length, "it ends");
    if (memcmp(bytes, magic, sizeof magic) != 0)
        return bad(error, 0, "this is none");
    if (get(bytes + AT_VERSION, 4) != MAP_RECORD_VERSION)
        return bad(error, AT_VERSION, "a version that is not known here");
    if (get(bytes + AT_SIZE, 4) != MAP_RECORD_SIZE)
        return bad(error, AT_SIZE, "a size that no map has");
    if (length < MAP_RECORD_SIZE)
        return bad(error, length, "it ends");
    if (length > MAP_RECORD_SIZE)
        return bad(error, MAP_RECORD_SIZE, "more than a map");
    if (get(bytes + AT_ROWS, 2) != MAP_ROWS || get(bytes + AT_COLS, 2) != MAP_COLS)
        return bad(error, AT_ROWS, "a grid of another size");
    return 0;
}

// As a pad description may be called.
static bool is_pad_name(const char name[32])
{
    size_t length = strnlen(name, 32);
    return length > 0 && length < 32 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static int read_head(struct map_head *head, const uint8_t *bytes, struct error *error)
{
    head->number = get(bytes + AT_NUMBER, 8);
    head->time_us = (int64_t)get(bytes + AT_TIME, 8);
    if (head->time_us < -TIME_MAX_US || head->time_us > TIME_MAX_US)
        return bad(error, AT_TIME, "no time");
    memcpy(head->pad, bytes + AT_PAD, sizeof head->pad);
    return is_pad_name(head->pad) ? 0 : bad(error, AT_PAD, "no pad's name");
}

static bool is_quantity(double real)
{
    return isfinite(real) && real >= 0;
}

static int check_cells(const float cells[MAP_CELLS], size_t at, struct error *error)
{
    for (size_t i = 0; i < MAP_CELLS; i++)
        if (!(cells[i] >= 0 && cells[i] <= 1))
            return bad(error, at + 4 * i, "a share that is not from 0 to 1");
    return 0;
}

static bool is_side(uint64_t cells, double pitch_mm)
{
    return cells > 0 && cells <= PAD_MAX_SIDE && isfinite(pitch_mm) && pitch_mm > 0;
}

static int read_grid(struct grid *grid, const uint8_t *bytes, struct error *error)
{
    uint64_t rows = get(bytes + AT_PAD_ROWS, 4), cols = get(bytes + AT_PAD_COLS, 4);
    grid->pitch_rows_mm = get_real(bytes + AT_PITCH_ROWS);
    grid->pitch_cols_mm = get_real(bytes + AT_PITCH_COLS);
    if (!is_side(rows, grid->pitch_rows_mm) || !is_side(cols, grid->pitch_cols_mm))
        return bad(error, AT_PAD_ROWS, "no pad's grid");
    grid->rows = (unsigned)rows;
    grid->cols = (unsigned)cols;
    return 0;
}

static int read_map(struct pressure_map *map, const uint8_t *bytes, struct error *error)
{
    uint64_t occupied = get(bytes + AT_OCCUPIED, 4);
    map->load = get_real(bytes + AT_LOAD);
    map->area_m2 = get_real(bytes + AT_AREA);
    if (occupied > 1)
        return bad(error, AT_OCCUPIED, "neither 0 nor 1");
    map->occupied = occupied;
    if (!is_quantity(map->load))
        return bad(error, AT_LOAD, "no load");
    if (!is_quantity(map->area_m2))
        return bad(error, AT_AREA, "no area");
    int r = read_grid(&map->grid, bytes, error);
    if (r < 0)
        return r;
    get_cells(bytes + AT_CELLS, map->cells);
    get_cells(bytes + AT_COVERED, map->covered);
    r = check_cells(map->cells, AT_CELLS, error);
    return r < 0 ? r : check_cells(map->covered, AT_COVERED, error);
}

int map_record_parse(struct map_head *head, struct pressure_map *map, const void *bytes,
                     size_t length, struct error *error)
{
    int r = check_shape(bytes, length, error);
    if (r == 0)
        r = read_head(head, bytes, error);
    return r < 0 ? r : read_map(map, bytes, error);
}
