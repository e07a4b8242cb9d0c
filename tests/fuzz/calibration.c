// SPDX-License-Identifier: GPL-3.0-or-later
// A calibration's file. Every second input has its checksum put right.
#include "calibration/calibration.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/crc32.h"
#include "fuzz.h"

static const struct model *built_in(void)
{
    static struct model *model;
    struct error error = {0};
    if (!model)
        EXPECT(model_builtin(&model, &error) == 0);
    return model;
}

static void seal(uint8_t *bytes, size_t length)
{
    if (length < 4)
        return;
    uint32_t crc = crc32_of(bytes, length - 4);
    for (size_t i = 0; i < 4; i++)
        bytes[length - 4 + i] = (uint8_t)(crc >> 8 * i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t bytes[1 << 16];
    static struct calibration calibration;
    struct error error = {0};
    if (size < 1 || size > sizeof bytes)
        return 0;
    size--;
    memcpy(bytes, data + 1, size);
    if (data[0] & 1)
        seal(bytes, size);
    int r = calibration_parse(&calibration, bytes, size, "fuzzed", built_in(), &error);
    EXPECT(r == 0 || r == CALIBRATION_OTHER || r == -EBADMSG);
    if (r < 0) {
        EXPECT(strstr(error.text, "fuzzed"));
        return 0;
    }
    EXPECT(memchr(calibration.pad, '\0', sizeof calibration.pad));
    EXPECT(calibration.right_after <= calibration.frames);
    EXPECT(isfinite(calibration.loss_before) && isfinite(calibration.loss_after));
    return 0;
}
