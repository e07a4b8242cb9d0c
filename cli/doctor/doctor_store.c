// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "doctor/doctor.h"
#include "words.h"

#define MB 1e6

// A night is 0.1 MB, a rewritten or migrated file as large again as it was.
#define ROOM_SCARCE_MB 100.0
#define ROOM_NONE_MB   5.0

static void cannot_open(struct doctor *doctor, int r, const char *words)
{
    doctor_find(doctor, "database", VERDICT_FAILED, "%s", words);
    switch (r) {
    case -ENOENT:
        doctor_advise(doctor, _("psoasmond makes one when it starts (systemctl start psoasmond)"));
        break;
    case -EACCES:
        doctor_advise(doctor, _("run this as the user psoasmon, or be in the group psoasmon"));
        break;
    case -ENOTSUP:
        doctor_advise(doctor, _("install the psoasmon that made it, or a newer one"));
        break;
    default:
        doctor_advise(doctor, _("put the last backup in its place (README, Backups), and keep the "
                                "damaged file"));
        break;
    }
}

struct faults {
    unsigned n;
    char first[200];
};

static int count_fault(const char *words, void *userdata)
{
    struct faults *faults = userdata;
    if (faults->n++ == 0)
        snprintf(faults->first, sizeof faults->first, "%s", words);
    return 0;
}

static void look_at_integrity(struct doctor *doctor, struct store *store)
{
    struct faults faults = {0};
    int r = store_check(store, count_fault, &faults);
    if (r == 0 && faults.n == 0) {
        doctor_find(doctor, "integrity", VERDICT_OK,
                    _("every page, row and reference is in order"));
        return;
    }
    if (r < 0)
        doctor_find(doctor, "integrity", VERDICT_FAILED, "%s", store_message(store));
    else
        doctor_find(doctor, "integrity", VERDICT_FAILED,
                    ngettext("%u fault; the first: %s", "%u faults; the first: %s", faults.n),
                    faults.n, faults.first);
    doctor_advise(doctor,
                  _("keep the file, take out what can be read (psoasmon export), and put the "
                    "last backup in its place (README, Backups)"));
}

static void look_inside(struct doctor *doctor, struct store *store)
{
    struct store_facts facts;
    int r = store_facts(store, &facts);
    if (r == 0)
        r = store_newest_end(store, &doctor->newest_end_s);
    if (r < 0) {
        cannot_open(doctor, r, store_message(store));
        return;
    }
    char nights[64], entries[64], sessions[64];
    snprintf(nights, sizeof nights,
             ngettext("%" PRIu64 " night", "%" PRIu64 " nights", (unsigned long)facts.nights),
             facts.nights);
    snprintf(entries, sizeof entries,
             ngettext("%" PRIu64 " diary entry", "%" PRIu64 " diary entries",
                      (unsigned long)facts.diary_entries),
             facts.diary_entries);
    snprintf(sessions, sizeof sessions,
             ngettext("%" PRIu64 " stretch session", "%" PRIu64 " stretch sessions",
                      (unsigned long)facts.stretch_sessions),
             facts.stretch_sessions);
    doctor_find(doctor, "database", VERDICT_OK, _("%s: %s, %s, %s, %.1f MB, %.1f MB of it free"),
                doctor->config.database, nights, entries, sessions, (double)facts.file_bytes / MB,
                (double)facts.free_bytes / MB);
    bool newest = facts.version == facts.newest_version;
    doctor_find(doctor, "schema", newest ? VERDICT_OK : VERDICT_WARNING, _("version %" PRId64 "%s"),
                facts.version, newest ? "" : _(", an older one"));
    if (!newest)
        doctor_advise(doctor,
                      _("psoasmond brings it up to date when it starts; a backup before that "
                        "lets you go back"));
    look_at_integrity(doctor, store);
}

static void look_at_mode(struct doctor *doctor)
{
    struct stat status;
    if (stat(doctor->config.database, &status) < 0)
        return;
    if ((status.st_mode & 0007) == 0) {
        doctor_find(doctor, "permissions", VERDICT_OK, _("closed to other users"));
        return;
    }
    doctor_find(doctor, "permissions", VERDICT_WARNING, "%s",
                status.st_mode & 0002 ? _("every user of this machine may change it")
                                      : _("every user of this machine may read it"));
    doctor_advise(doctor, _("chmod o= on it, and on the files that lie beside it"));
}

static void look_at_room(struct doctor *doctor)
{
    struct statvfs disk;
    if (statvfs(doctor->config.database, &disk) < 0)
        return;
    double room_mb = (double)disk.f_bavail * (double)disk.f_frsize / MB;
    enum verdict verdict = room_mb < ROOM_NONE_MB     ? VERDICT_FAILED
                           : room_mb < ROOM_SCARCE_MB ? VERDICT_WARNING
                                                      : VERDICT_OK;
    doctor_find(doctor, "room", verdict, _("%.0f MB free on the disk%s"), room_mb,
                disk.f_flag & ST_RDONLY ? _(", which is mounted read-only") : "");
    if (disk.f_flag & ST_RDONLY) {
        doctor->findings[doctor->n - 1].verdict = VERDICT_FAILED;
        doctor_advise(doctor, _("a disk that failed is mounted so: dmesg tells more"));
    } else if (verdict != VERDICT_OK) {
        doctor_advise(doctor, _("make room; [store] keep_snapshots_days keeps the database small"));
    }
}

// What was put aside, and what was left behind.
static void look_beside(struct doctor *doctor)
{
    static const struct {
        const char *pattern, *what, *advice;
    } remains[] = {
        {".damaged-*", N_("a damaged database was put aside"),
         N_("see what psoasmon export --database gets out of it, then delete it: it holds nights")},
        {".partial*", N_("a backup broke off"),
         N_("delete it: it holds nights, and nobody needs it")},
    };
    for (size_t i = 0; i < sizeof remains / sizeof *remains; i++) {
        _cleanup_(freep) char *pattern = NULL;
        glob_t found = {0};
        if (asprintf(&pattern, "%s%s", doctor->config.database, remains[i].pattern) < 0) {
            pattern = NULL;
            return;
        }
        if (glob(pattern, 0, NULL, &found) == 0) {
            doctor_find(doctor, "remains", VERDICT_WARNING, "%s: %s%s", _(remains[i].what),
                        found.gl_pathv[0], found.gl_pathc > 1 ? _(" and more") : "");
            doctor_advise(doctor, "%s", _(remains[i].advice));
        }
        globfree(&found);
    }
}

void doctor_look_at_store(struct doctor *doctor)
{
    _cleanup_(store_freep) struct store *store = NULL;
    struct error error = {0};
    int r = store_open(&store, doctor->config.database, STORE_READ, &error);
    if (r < 0)
        cannot_open(doctor, r, *error.text ? error.text : strerror(-r));
    else
        look_inside(doctor, store);
    look_at_mode(doctor);
    look_at_room(doctor);
    look_beside(doctor);
}
