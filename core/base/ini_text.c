// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/ini_text.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

#define FILE_MAX ((size_t)64 * 1024)

struct reading {
    const char *text, *end;
    const char *file;
    int line; // of what libinih was last given
    bool indented;
    ini_taker take;
    void *userdata;
    struct error *error;
    int result;
};

int ini_refuse(const struct ini_entry *entry, struct error *error, const char *format, ...)
{
    char reason[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    return error_set(error, -EINVAL, "%s:%d: %s: %s", entry->file, entry->line, entry->key, reason);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

// Behind a value; libinih does not do it where a value goes on.
static void cut_comment(char *line)
{
    for (char *c = line + 1; *c; c++) {
        if (*c == ';' && is_blank(c[-1])) {
            *c = '\0';
            return;
        }
    }
}

// libinih asks for a line at a time, as fgets does; counting them here gives the line of each
// entry. It would cut a long line in two, so a long line ends the reading instead.
static char *next_line(char *buffer, int size, void *stream)
{
    struct reading *reading = stream;
    if (reading->text == reading->end || reading->result < 0)
        return NULL;
    size_t left = (size_t)(reading->end - reading->text);
    const char *newline = memchr(reading->text, '\n', left);
    size_t length = newline ? (size_t)(newline - reading->text) + 1 : left;
    reading->line++;
    if (length >= (size_t)size || memchr(reading->text, '\0', length)) {
        reading->result =
            error_set(reading->error, -EINVAL, "%s:%d: %s", reading->file, reading->line,
                      length >= (size_t)size ? "line too long" : "zero byte in text");
        return NULL;
    }
    memcpy(buffer, reading->text, length);
    buffer[length] = '\0';
    reading->indented = is_blank(buffer[0]);
    if (reading->indented)
        cut_comment(buffer);
    reading->text += length;
    return buffer;
}

static int take_entry(void *userdata, const char *section, const char *key, const char *value)
{
    struct reading *reading = userdata;
    if (reading->result < 0)
        return 0;
    struct ini_entry entry = {
        .file = reading->file,
        .line = reading->line,
        .section = section,
        .key = key,
        .value = value,
        .indented = reading->indented,
    };
    reading->result = reading->take(&entry, reading->userdata, reading->error);
    return reading->result == 0;
}

int ini_read(const char *text, size_t length, const char *file, ini_taker take, void *userdata,
             struct error *error)
{
    struct reading reading = {
        .text = text,
        .end = text + length,
        .file = file,
        .take = take,
        .userdata = userdata,
        .error = error,
    };
    // libinih returns the first line that it, or we, could not take.
    int line = ini_parse_stream(next_line, &reading, take_entry, &reading);
    if (reading.result < 0)
        return reading.result;
    if (line != 0)
        return error_set(error, -EINVAL, "%s:%d: neither a [section] nor a key = value", file,
                         line > 0 ? line : reading.line);
    return 0;
}

int ini_load(char **ret, size_t *ret_length, const char *path, struct error *error)
{
    // A FIFO would block the open, a device might be a serial port: only files are read.
    _cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        int code = -errno;
        return error_set(error, code, "%s: %s", path, strerror(-code));
    }
    struct stat status;
    if (fstat(fd, &status) < 0)
        return error_set(error, -errno, "%s: %s", path, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return error_set(error, -EINVAL, "%s: not a file", path);
    if ((size_t)status.st_size > FILE_MAX)
        return error_set(error, -EFBIG, "%s: larger than %zu bytes", path, FILE_MAX);
    _cleanup_(freep) char *text = malloc(FILE_MAX + 1);
    if (!text)
        return -ENOMEM;
    size_t length = 0;
    for (;;) {
        ssize_t n = read(fd, text + length, FILE_MAX - length);
        if (n < 0)
            return error_set(error, -errno, "%s: %s", path, strerror(errno));
        if (n == 0)
            break;
        length += (size_t)n;
    }
    text[length] = '\0';
    *ret_length = length;
    *ret = text;
    text = NULL;
    return 0;
}
