// SPDX-License-Identifier: GPL-3.0-or-later
#include "pad/pad_list.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUFFIX ".pad"

void pad_list_free(struct pad_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        free(list->entries[i].path);
        free(list->entries[i].instead_of);
        if (list->entries[i].pad)
            pad_free(list->entries[i].pad);
    }
    free(list->entries);
    free(list);
}

// Whether a file of this name is a description, and what it is called.
static bool is_description(const char *file, char name[sizeof((struct pad_entry *)0)->name])
{
    size_t length = strlen(file), suffix = strlen(SUFFIX);
    if (length <= suffix || length - suffix >= sizeof((struct pad_entry *)0)->name ||
        *file == '.' || strcmp(file + length - suffix, SUFFIX) != 0)
        return false;
    memcpy(name, file, length - suffix);
    name[length - suffix] = '\0';
    return true;
}

static struct pad_entry *find_entry(const struct pad_list *list, const char *name)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->entries[i].name, name) == 0)
            return &list->entries[i];
    return NULL;
}

static void read_description(struct pad_entry *entry)
{
    if (pad_load(&entry->pad, entry->path, &entry->error) < 0)
        return;
    if (strcmp(entry->pad->name, entry->name) == 0)
        return;
    error_set(&entry->error, -EINVAL, "%s: [pad] name is '%s', and not what the file is called",
              entry->path, entry->pad->name);
    pad_free(entry->pad);
    entry->pad = NULL;
}

static int add(struct pad_list *list, const char *directory, const char *file)
{
    char name[sizeof((struct pad_entry *)0)->name], *path;
    if (!is_description(file, name))
        return 0;
    if (asprintf(&path, "%s/%s", directory, file) < 0)
        return -ENOMEM;
    struct pad_entry *entry = find_entry(list, name);
    if (entry) {
        if (entry->instead_of)
            free(path);
        else
            entry->instead_of = path;
        return 0;
    }
    struct pad_entry *more = reallocarray(list->entries, list->n + 1, sizeof *more);
    if (!more) {
        free(path);
        return -ENOMEM;
    }
    list->entries = more;
    entry = &list->entries[list->n++];
    *entry = (struct pad_entry){.path = path};
    memcpy(entry->name, name, sizeof name);
    read_description(entry);
    return 0;
}

static int add_directory(struct pad_list *list, const char *path)
{
    DIR *directory = opendir(path);
    if (!directory)
        return 0;
    int r = 0;
    for (struct dirent *file; r == 0 && (file = readdir(directory));)
        r = add(list, path, file->d_name);
    closedir(directory);
    return r;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct pad_entry *)a)->name, ((const struct pad_entry *)b)->name);
}

int pad_list_new(struct pad_list **ret, const char *const *directories)
{
    _cleanup_(pad_list_freep) struct pad_list *list = calloc(1, sizeof *list);
    if (!list)
        return -ENOMEM;
    for (; *directories; directories++) {
        int r = add_directory(list, *directories);
        if (r < 0)
            return r;
    }
    if (list->n > 0)
        qsort(list->entries, list->n, sizeof *list->entries, by_name);
    *ret = list;
    list = NULL;
    return 0;
}
