// SPDX-License-Identifier: GPL-3.0-or-later
// The diary as a CSV file, out and in again.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "awake/diary.h"
#include "diary/diary_csv.h"
#include "awake/keep.h"
#include "target.h"
#include "words.h"

// Forty years of long notes every day.
#define FILE_MAX ((size_t)64 * 1024 * 1024)

// ---- out ----

static int put_entry(const struct diary_entry *entry, void *userdata)
{
    diary_csv_put(userdata, entry);
    return 0;
}

static int put_entries(const struct config *config, day_number from, day_number to, FILE *stream)
{
    _cleanup_(store_freep) struct store *store = NULL;
    int status = cli_open_store(config, &store);
    if (status != CLI_DONE)
        return status;
    diary_csv_head(stream);
    int r = store_diary(store, from, to, put_entry, stream);
    return r < 0 ? cli_store_failed(store, r) : CLI_DONE;
}

int diary_export(const struct config *config, day_number from, day_number to, const char *path)
{
    _cleanup_(target_done) struct target target = {0};
    int status = target_open(&target, path);
    if (status == CLI_DONE)
        status = put_entries(config, from, to, target.stream);
    return status == CLI_DONE ? target_close(&target) : status;
}

// ---- in ----

struct import {
    const char *file;
    bool replace;
    char *text;
    size_t length;
    struct diary_entry *entries;
    int *lines; // each entry's in the file
    size_t n, room;
    size_t n_known; // that the diary has already
};

static void import_done(struct import *import)
{
    for (size_t i = 0; i < import->n; i++)
        diary_done(&import->entries[i]);
    free(import->entries);
    free(import->lines);
    free(import->text);
}

static int out_of_memory(void)
{
    return cli_fail(CLI_FAILED, _("out of memory"));
}

// One byte more than was read is ours, for the zero.
static int grow(struct import *import, size_t *room)
{
    size_t wanted = *room ? 2 * *room : 4096;
    char *text = realloc(import->text, wanted);
    if (!text)
        return out_of_memory();
    import->text = text;
    *room = wanted;
    return CLI_DONE;
}

static int load_stream(struct import *import, FILE *stream)
{
    size_t room = 0, n = 0;
    do {
        import->length += n;
        if (import->length > FILE_MAX)
            return cli_fail(CLI_FAILED, _("%s: is larger than %zu MB"), import->file,
                            FILE_MAX >> 20);
        if (import->length + 1 >= room && grow(import, &room) != CLI_DONE)
            return CLI_FAILED;
        n = fread(import->text + import->length, 1, room - import->length - 1, stream);
    } while (n > 0);
    import->text[import->length] = '\0';
    return ferror(stream) ? cli_fail(CLI_FAILED, "%s: %s", import->file, strerror(errno))
                          : CLI_DONE;
}

static int load(struct import *import)
{
    if (strcmp(import->file, "-") == 0)
        return load_stream(import, stdin);
    _cleanup_(fclosep) FILE *stream = fopen(import->file, "re");
    if (!stream)
        return cli_fail(CLI_FAILED, "%s: %s", import->file, strerror(errno));
    return load_stream(import, stream);
}

static bool make_room(struct import *import)
{
    if (import->n < import->room)
        return true;
    size_t room = import->room ? 2 * import->room : 64;
    struct diary_entry *entries = reallocarray(import->entries, room, sizeof *entries);
    if (entries)
        import->entries = entries;
    int *lines = reallocarray(import->lines, room, sizeof *lines);
    if (lines)
        import->lines = lines;
    if (!entries || !lines)
        return false;
    import->room = room;
    return true;
}

static int parse(struct import *import, int64_t now_s)
{
    struct diary_reader reader;
    struct error error = {0};
    int r = diary_reader_begin(&reader, import->text, import->length, import->file, now_s, &error);
    while (r >= 0) {
        if (!make_room(import))
            return out_of_memory();
        r = diary_reader_next(&reader, &import->entries[import->n], &error);
        if (r <= 0)
            break;
        import->lines[import->n++] = reader.csv.line;
    }
    return r < 0 ? cli_fail(CLI_FAILED, "%s", error.text) : CLI_DONE;
}

// ---- each day once, in the file and in the diary ----

struct import_day {
    day_number day;
    size_t at; // which of the entries
};

static int by_day(const void *a, const void *b)
{
    const struct import_day *one = a, *other = b;
    if (one->day != other->day)
        return one->day < other->day ? -1 : 1;
    return one->at < other->at ? -1 : one->at > other->at;
}

struct known {
    struct import *import;
    const struct import_day *days; // in order
};

static int refuse(const struct import *import, size_t at, const char *why)
{
    char day[DAY_TEXT_SIZE];
    day_format(import->entries[at].day, day);
    return cli_fail(CLI_FAILED, "%s:%d: %s %s", import->file, import->lines[at], day, why);
}

static int compare_known(const struct diary_entry *entry, void *userdata)
{
    const struct known *known = userdata;
    struct import *import = known->import;
    size_t at = 0, end = import->n;
    while (at < end) { // the first that is no earlier
        size_t middle = at + (end - at) / 2;
        if (known->days[middle].day < entry->day)
            at = middle + 1;
        else
            end = middle;
    }
    if (at == import->n || known->days[at].day != entry->day)
        return 0;
    size_t found = known->days[at].at;
    if (diary_is_same(&import->entries[found], entry)) {
        import->n_known++;
        return 0;
    }
    if (import->replace)
        return 0;
    refuse(import, found, "has another entry already; --replace puts this one in its place");
    return -ECANCELED;
}

static int check_days(const struct config *config, struct import *import, struct import_day *days)
{
    _cleanup_(store_freep) struct store *store = NULL;
    for (size_t i = 0; i < import->n; i++)
        days[i] = (struct import_day){import->entries[i].day, i};
    qsort(days, import->n, sizeof *days, by_day);
    for (size_t i = 1; i < import->n; i++)
        if (days[i].day == days[i - 1].day)
            return refuse(import, days[i].at, "is there twice");
    int status = cli_open_store(config, &store);
    if (status != CLI_DONE)
        return status;
    struct known known = {import, days};
    int r = store_diary(store, days[0].day, days[import->n - 1].day, compare_known, &known);
    if (r == -ECANCELED)
        return CLI_FAILED; // it was told
    return r < 0 ? cli_store_failed(store, r) : CLI_DONE;
}

int diary_import(const struct config *config, const char *file, bool replace, int64_t now_s)
{
    _cleanup_(import_done) struct import import = {.file = file, .replace = replace};
    int status = load(&import);
    if (status == CLI_DONE)
        status = parse(&import, now_s);
    if (status != CLI_DONE)
        return status;
    _cleanup_(freep) struct import_day *days = calloc(import.n + 1, sizeof *days);
    if (!days)
        return out_of_memory();
    if (import.n > 0)
        status = check_days(config, &import, days);
    if (status == CLI_DONE)
        status = keep_diary(config, import.entries, import.n);
    if (status == CLI_DONE)
        printf(ngettext("%zu entry read, %zu of them known already\n",
                        "%zu entries read, %zu of them known already\n", import.n),
               import.n, import.n_known);
    return status;
}
