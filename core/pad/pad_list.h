// SPDX-License-Identifier: GPL-3.0-or-later
// Every pad there is a description of. One that is broken is in the list, with what is wrong with
// it, and keeps no other from being there.
#ifndef PSOASMON_PAD_LIST_H
#define PSOASMON_PAD_LIST_H

#include <stddef.h>

#include "pad/pad.h"

struct pad_entry {
    char name[64];      // of the file, without .pad
    char *path;         // the file that counts
    char *instead_of;   // the one of the same name that it stands for; null: none
    struct pad *pad;    // null: it is broken
    struct error error; // and this is why
};

struct pad_list {
    struct pad_entry *entries; // by name
    size_t n;
};

// Looks through the directories as pad_find does; one that is not there has no pads. -ENOMEM.
int pad_list_new(struct pad_list **ret, const char *const *directories);
void pad_list_free(struct pad_list *list);
DEFINE_CLEANUP(struct pad_list *, pad_list_free)

#endif
