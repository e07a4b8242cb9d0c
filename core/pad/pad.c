// SPDX-License-Identifier: GPL-3.0-or-later
#include "pad/pad.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/ini_text.h"

size_t sample_size(enum sample sample)
{
    switch (sample) {
    case SAMPLE_U8:
        return 1;
    case SAMPLE_U16LE:
    case SAMPLE_U16BE:
    case SAMPLE_I16LE:
    case SAMPLE_I16BE:
        return 2;
    case SAMPLE_U24BE:
        return 3;
    case SAMPLE_ASCII:
        break;
    }
    return 0;
}

bool pad_bytes_match(const struct pad_bytes *pattern, const uint8_t *bytes)
{
    if (pattern->any == 0)
        return memcmp(pattern->bytes, bytes, pattern->length) == 0;
    for (size_t i = 0; i < pattern->length; i++)
        if (!(pattern->any >> i & 1) && pattern->bytes[i] != bytes[i])
            return false;
    return true;
}

int pad_load(struct pad **ret, const char *path, struct error *error)
{
    _cleanup_(freep) char *text = NULL;
    size_t length;
    int r = ini_load(&text, &length, path, error);
    if (r < 0)
        return r;
    return pad_parse(ret, text, length, path, error);
}

static bool is_path(const char *name)
{
    size_t length = strlen(name);
    return strchr(name, '/') || (length > 4 && strcmp(name + length - 4, ".pad") == 0);
}

int pad_find(struct pad **ret, const char *name, const char *const *directories,
             struct error *error)
{
    if (is_path(name))
        return pad_load(ret, name, error);
    char path[PATH_MAX], looked[256] = "";
    for (; *directories; directories++) {
        int length = snprintf(path, sizeof path, "%s/%s.pad", *directories, name);
        if (length < 0 || (size_t)length >= sizeof path)
            return error_set(error, -ENAMETOOLONG, "the name of the pad is too long");
        // A description that is there but cannot be read or is wrong must not give way to
        // another one of the same name.
        if (access(path, F_OK) == 0)
            return pad_load(ret, path, error);
        size_t used = strlen(looked);
        snprintf(looked + used, sizeof looked - used, " %s", *directories);
    }
    return error_set(error, -ENOENT, "no pad is called '%s' (looked in:%s)", name, looked);
}

void pad_free(struct pad *pad)
{
    free(pad);
}
