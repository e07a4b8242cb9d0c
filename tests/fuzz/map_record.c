// SPDX-License-Identifier: GPL-3.0-or-later
// A pressure map from whoever says to be psoasmond. What is short of a record is filled up with a
// right one's bytes, so that an input need not have all sixteen thousand.
#include "map_record.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "fuzz.h"

static void make_right(uint8_t bytes[MAP_RECORD_SIZE])
{
    static struct pressure_map map = {
        .load = 12, .area_m2 = 0.25, .occupied = true, .grid = {64, 32, 25, 25}};
    const struct map_head head = {.number = 1, .time_us = 1, .pad = "fuzzed"};
    map_record_write(bytes, &head, &map);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t right[MAP_RECORD_SIZE], bytes[MAP_RECORD_SIZE];
    static struct pressure_map map;
    struct map_head head;
    struct error error = {0};
    if (right[0] == 0)
        make_right(right);
    memcpy(bytes, right, sizeof bytes);
    size_t n = size < sizeof bytes ? size : sizeof bytes;
    memcpy(bytes, data, n);
    // As it came, and filled up.
    int r = map_record_parse(&head, &map, data, size, &error);
    EXPECT(r == 0 || r == -EBADMSG);
    r = map_record_parse(&head, &map, bytes, sizeof bytes, &error);
    if (r < 0) {
        EXPECT(r == -EBADMSG && *error.text);
        return 0;
    }
    EXPECT(memchr(head.pad, '\0', sizeof head.pad));
    EXPECT(map.grid.rows > 0 && map.grid.cols > 0);
    for (size_t i = 0; i < MAP_CELLS; i += 97)
        EXPECT(isfinite(map.cells[i]) && isfinite(map.covered[i]));
    return 0;
}
