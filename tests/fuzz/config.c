// SPDX-License-Identifier: GPL-3.0-or-later
// The configuration: what is refused changes nothing, and one line says why.
#include "config/config.h"

#include <string.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct config before, config;
    struct error error = {0};
    config_default(&before);
    config = before;
    int r = config_parse(&config, (const char *)data, size, "fuzzed.conf", &error);
    if (r < 0) {
        EXPECT(strstr(error.text, "fuzzed.conf") && !strchr(error.text, '\n'));
        return 0;
    }
    EXPECT(memchr(config.database, '\0', sizeof config.database));
    EXPECT(memchr(config.port, '\0', sizeof config.port));
    EXPECT(memchr(config.pad, '\0', sizeof config.pad));
    EXPECT(config.keep_snapshots_days >= 0 && config.keep_epochs_days >= 0);
    return 0;
}
