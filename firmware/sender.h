// SPDX-License-Identifier: GPL-3.0-or-later
// What the mat sends, a byte at a time: no frame is ever held in memory, so any number of cells
// goes through a chip of 2 KB. Knows nothing of the chip; pads/diy-16x16.pad reads it.
//
//   "PSM1"  number, 2 bytes  the cells, 2 bytes each  CRC-16/MODBUS over all of it, 2 bytes
//
// Numbers have their low byte first. The frame's number counts on from 0 after a reset, and behind
// 65535 from 0 again: psoasmon tells from it what was lost on the way.
#ifndef PSOASMON_FIRMWARE_SENDER_H
#define PSOASMON_FIRMWARE_SENDER_H

#include <stdint.h>

struct sender {
    void (*put)(uint8_t byte); // sends it
    uint16_t number;           // of the next frame
    uint16_t crc;              // of the frame so far
};

void sender_begin(struct sender *sender);
void sender_cell(struct sender *sender, uint16_t count);
void sender_end(struct sender *sender);

#endif
