// SPDX-License-Identifier: GPL-3.0-or-later
#include "pad/check.h"

size_t check_size(enum check check)
{
    switch (check) {
    case CHECK_NONE:
        return 0;
    case CHECK_SUM8:
    case CHECK_XOR8:
        return 1;
    case CHECK_CRC16_MODBUS:
        return 2;
    }
    return 0;
}

// CRC-16/MODBUS: polynomial 0x8005 reflected (0xA001), initial value 0xFFFF, no final
// exclusive or; "Modbus over Serial Line, V1.02", appendix B. Its check value for "123456789"
// is 0x4B37. Four bits at a time: the table is small enough to read.
static uint16_t crc16_modbus(const uint8_t *bytes, size_t length)
{
    static const uint16_t table[16] = {
        0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401,
        0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400,
    };
    uint16_t crc = 0xFFFF;
    for (size_t i = 0; i < length; i++) {
        crc = (uint16_t)(crc >> 4) ^ table[(crc ^ bytes[i]) & 0xF];
        crc = (uint16_t)(crc >> 4) ^ table[(crc ^ bytes[i] >> 4) & 0xF];
    }
    return crc;
}

void check_compute(enum check check, const uint8_t *bytes, size_t length, uint8_t *ret)
{
    uint8_t sum = 0;
    uint16_t crc;
    switch (check) {
    case CHECK_NONE:
        break;
    case CHECK_SUM8:
        for (size_t i = 0; i < length; i++)
            sum = (uint8_t)(sum + bytes[i]);
        ret[0] = sum;
        break;
    case CHECK_XOR8:
        for (size_t i = 0; i < length; i++)
            sum ^= bytes[i];
        ret[0] = sum;
        break;
    case CHECK_CRC16_MODBUS:
        crc = crc16_modbus(bytes, length);
        ret[0] = (uint8_t)crc;
        ret[1] = (uint8_t)(crc >> 8);
        break;
    }
}
