// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "doctor/doctor.h"
#include "live/live_state.h"
#include "paths.h"
#include "words.h"

// Of a pad whose frames come: a slow one sends one in some seconds.
#define FRAME_LATE_MS 30000

// Who holds the writer's lock; 0: nobody. Read from the kernel's list: to try the lock could keep a
// psoasmond that starts just now from it.
static long writer(const char *database)
{
    struct stat status;
    _cleanup_(fclosep) FILE *locks = fopen("/proc/locks", "re");
    char line[256];
    if (!locks || stat(database, &status) < 0)
        return 0;
    while (fgets(line, sizeof line, locks)) {
        char kind[16], access[16];
        long pid;
        uintmax_t inode;
        // Devices are told apart by their numbers nowhere else the same; inodes are enough here.
        if (sscanf(line, "%*s %15s %*s %15s %ld %*x:%*x:%ju", kind, access, &pid, &inode) == 4 &&
            strcmp(kind, "FLOCK") == 0 && strcmp(access, "WRITE") == 0 && inode == status.st_ino)
            return pid;
    }
    return 0;
}

static void not_reached(struct doctor *doctor, int r, const char *words)
{
    bool nobody = r == -ENOENT || r == -ECONNREFUSED;
    long pid = writer(doctor->config.database);
    if (nobody && pid != 0) {
        doctor_find(doctor, "psoasmond", VERDICT_WARNING,
                    _("does not answer, but process %ld writes to the database"), pid);
        doctor_advise(doctor, _("a psoasmon replay, or a psoasmond whose socket was taken away"));
        return;
    }
    doctor_find(doctor, "psoasmond", nobody || r == -EACCES ? VERDICT_WARNING : VERDICT_FAILED,
                "%s", words);
    if (nobody)
        doctor_advise(doctor, _("nothing is recorded: systemctl status psoasmond, journalctl -u "
                                "psoasmond"));
    else if (r == -ETIMEDOUT)
        doctor_advise(doctor, _("systemctl restart psoasmond; the night goes on"));
}

static void look_at_frames(struct doctor *doctor, const struct live_state *state)
{
    if (strcmp(state->pad_state, "connected") != 0) {
        doctor_find(doctor, "frames", VERDICT_FAILED, _("pad %s on %s is %s%s%s"), state->pad,
                    state->port, live_pad_state(state), *state->pad_problem ? ": " : "",
                    state->pad_problem);
        doctor_advise(doctor,
                      _("is it plugged in, powered, and the one that [pad] name describes?"));
    } else if (state->last_frame_age_ms > FRAME_LATE_MS) {
        doctor_find(doctor, "frames", VERDICT_WARNING, _("the last one came %" PRId64 " s ago"),
                    state->last_frame_age_ms / 1000);
    } else if (state->last_frame_age_ms < 0) {
        doctor_find(doctor, "frames", VERDICT_WARNING, _("none came yet"));
    } else if (state->dropped_frames > state->frames) {
        doctor_find(doctor, "frames", VERDICT_FAILED,
                    _("%" PRId64 " of %" PRId64 " frames were no good"), state->dropped_frames,
                    state->dropped_frames + state->frames);
        doctor_advise(doctor, _("psoasmon status tells why; is [pad] name the right description?"));
    } else {
        doctor_find(doctor, "frames", VERDICT_OK, _("%.1f a second, the last %" PRId64 " ms ago"),
                    state->rate_hz, state->last_frame_age_ms);
    }
}

void doctor_look_at_daemon(struct doctor *doctor)
{
    static struct live_state state; // too large for a stack
    struct error error = {0};
    int r = live_state_read(&state, doctor->config.database, &error);
    if (r < 0) {
        not_reached(doctor, r, error.text);
        return;
    }
    if (strcmp(state.version, PSOASMON_VERSION) != 0) {
        doctor_find(doctor, "psoasmond", VERDICT_WARNING, _("version %s runs, %s is installed"),
                    state.version, PSOASMON_VERSION);
        doctor_advise(doctor, _("systemctl restart psoasmond; the night goes on"));
    } else if (state.failed_commits > 0) {
        doctor_find(doctor, "psoasmond", VERDICT_WARNING,
                    ngettext("runs; could not write to the database %" PRId64 " time",
                             "runs; could not write to the database %" PRId64 " times",
                             (unsigned long)state.failed_commits),
                    state.failed_commits);
        doctor_advise(doctor, _("journalctl -u psoasmond says why, and whether it can again"));
    } else {
        doctor_find(doctor, "psoasmond", VERDICT_OK, _("version %s runs"), state.version);
    }
    look_at_frames(doctor, &state);
}
