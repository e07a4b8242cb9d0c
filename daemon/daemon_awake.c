// SPDX-License-Identifier: GPL-3.0-or-later
// What is answered about the sleeper awake.
#include "daemon_private.h"

static int on_put_diary(const struct diary_entry *entries, unsigned n, struct error *error,
                        void *userdata)
{
    return recording_put_diary(((struct daemon *)userdata)->recording, entries, n, error);
}

static int on_delete_diary(day_number day, struct error *error, void *userdata)
{
    return recording_delete_diary(((struct daemon *)userdata)->recording, day, error);
}

static int on_put_stretch(const struct stretch_session *session, struct error *error,
                          void *userdata)
{
    return recording_put_stretch(((struct daemon *)userdata)->recording, session, error);
}

static int on_delete_stretch(int64_t start_s, struct error *error, void *userdata)
{
    return recording_delete_stretch(((struct daemon *)userdata)->recording, start_s, error);
}

static int on_stretch(int *ret_fd, void *userdata)
{
    return watchers_stretch(((struct daemon *)userdata)->watchers, ret_fd);
}

void daemon_answer_awake(struct monitor *monitor)
{
    monitor->put_diary = on_put_diary;
    monitor->delete_diary = on_delete_diary;
    monitor->put_stretch = on_put_stretch;
    monitor->delete_stretch = on_delete_stretch;
    monitor->stretch = on_stretch;
}
