// SPDX-License-Identifier: GPL-3.0-or-later
// Diary entries and stretch sessions on their way to psoasmond (PutDiary and PutStretch in
// docs/bus.md). What is read is hostile until core has taken it.
#ifndef PSOASMON_AWAKE_MESSAGE_H
#define PSOASMON_AWAKE_MESSAGE_H

#include <systemd/sd-bus.h>

#include "diary/diary.h"
#include "stretching/stretching.h"

// "aa{sv}": at most so many entries in a message, which keeps it below what the socket takes.
#define DIARY_MESSAGE_TYPE "aa{sv}"
#define DIARY_MESSAGE_MAX  32
int diary_message_append(sd_bus_message *message, const struct diary_entry *entries, unsigned n);

// Reads entries[DIARY_MESSAGE_MAX], the caller's to be done with also on failure: *ret_n of them.
// -EINVAL with a message where core/diary refuses one; other -errno where it is no such message.
int diary_message_read(sd_bus_message *message, struct diary_entry *entries, unsigned *ret_n,
                       struct error *error);

#define STRETCH_MESSAGE_TYPE "ssixxssba(sxxxxx)"
int stretch_message_append(sd_bus_message *message, const struct stretch_session *session);
// -EINVAL with a message where stretch_session_check refuses it, or a text is too long.
int stretch_message_read(sd_bus_message *message, struct stretch_session *ret, struct error *error);

#endif
