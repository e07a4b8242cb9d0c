// SPDX-License-Identifier: GPL-3.0-or-later
#include "breathing/signals.h"

#include <string.h>

bool signals_of(const struct pressure_map *map, float signals[SIGNALS_N])
{
    float blocks[SIGNALS_BLOCKS] = {0}, columns[MAP_COLS] = {0}, load = 0, along = 0, across = 0;
    for (size_t row = 0; row < MAP_ROWS; row++) {
        const float *cells = &map->cells[row * MAP_COLS];
        float *line = &blocks[row / SIGNALS_BLOCK * SIGNALS_ACROSS];
        float sum = 0;
        for (size_t block = 0; block < SIGNALS_ACROSS; block++) {
            float part = 0;
            for (size_t i = 0; i < SIGNALS_BLOCK; i++)
                part += cells[block * SIGNALS_BLOCK + i];
            line[block] += part;
            sum += part;
        }
        for (size_t col = 0; col < MAP_COLS; col++)
            columns[col] += cells[col];
        load += sum;
        along += sum * (float)row;
    }
    if (!(load > 0))
        return false;
    for (size_t col = 0; col < MAP_COLS; col++)
        across += columns[col] * (float)col;
    for (size_t i = 0; i < SIGNALS_BLOCKS; i++)
        signals[i] = blocks[i] / load;
    signals[SIGNAL_ALONG] = along / load / MAP_ROWS;
    signals[SIGNAL_ACROSS] = across / load / MAP_COLS;
    return true;
}
