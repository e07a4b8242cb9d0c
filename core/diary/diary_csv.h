// SPDX-License-Identifier: GPL-3.0-or-later
// Diary entries as CSV, a day a record: what was written is what is read.
#ifndef PSOASMON_DIARY_CSV_H
#define PSOASMON_DIARY_CSV_H

#include <stdio.h>

#include "base/csv.h"
#include "diary/diary.h"

void diary_csv_head(FILE *stream);
void diary_csv_put(FILE *stream, const struct diary_entry *entry);

// day, the fields, tags, made_s
#define DIARY_COLUMNS_MAX (DIARY_FIELD_N + 3)

struct diary_reader {
    struct csv csv;
    int64_t now_s; // for entries that do not say when they were written
    unsigned n;
    int columns[DIARY_COLUMNS_MAX];
};

// Takes the head of a file that is in memory as struct csv has it: names of columns in any order,
// `day` among them. -EINVAL with a message that names file and line.
int diary_reader_begin(struct diary_reader *reader, char *text, size_t length, const char *file,
                       int64_t now_s, struct error *error);

// The next entry, the caller's to be done with: 1, 0 at the end; -EINVAL likewise, -ENOMEM.
int diary_reader_next(struct diary_reader *reader, struct diary_entry *ret, struct error *error);

#endif
