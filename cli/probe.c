// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon probe: which pad is at a port?
#include "pad/probe.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli.h"
#include "interrupt.h"
#include "listen.h"
#include "pad/pad_list.h"
#include "places.h"
#include "ports.h"
#include "progress.h"
#include "words.h"

static const char help[] =
    N_("Usage: psoasmon probe [OPTION]... [PORT]\n"
       "\n"
       "Listens on a port, at each line speed that pads have, and says which pad sends\n"
       "there and how sure that is; that several fit, none does, or nothing comes. It\n"
       "writes nothing to the port, so it does not hear pads that have to be asked,\n"
       "unless --pad names one. Without PORT it lists the serial ports there are, and\n"
       "opens none: what is behind one its USB chip does not tell.\n"
       "\n"
       "  --pad PAD         is it this one? It is asked, if it has to be\n"
       "  --for DURATION    listen so long at each speed (default: 3s)\n"
       "\n"
       "Exit status: 0 one pad is there, 1 several may be, or none that is known;\n"
       "3 nothing came.\n"
       "@options@\n");

#define DEFAULT_S  3.0
#define LONGEST_S  600.0
#define SPEEDS_MAX 64

struct probing {
    struct cli_files files;
    const char *port, *pad_name;
    double for_s;

    struct pad_list *list;   // without --pad
    struct pad *named;       // --pad
    const struct pad **pads; // those to listen for
    size_t n_pads;
    struct probe *probe; // at the speed listened at now
    unsigned speeds[SPEEDS_MAX];
    size_t n_speeds;
    bool has_speed;             // the port does
    struct probe_score *scores; // of every pad at every speed
    size_t n_scores;
    uint64_t bytes, most_bytes;
    unsigned loudest; // the speed at which the most bytes came
    struct progress progress;
};

// ---- what to listen for ----

// Speeds in the order of how many pads have them, so that most are found soon.
static void add_speed(struct probing *probing, unsigned baud)
{
    for (size_t i = 0; i < probing->n_speeds; i++)
        if (probing->speeds[i] == baud)
            return;
    if (probing->n_speeds < SPEEDS_MAX)
        probing->speeds[probing->n_speeds++] = baud;
}

static size_t pads_at(const struct probing *probing, unsigned baud)
{
    size_t n = 0;
    for (size_t i = 0; i < probing->n_pads; i++)
        for (size_t k = 0; k < probing->pads[i]->n_bauds; k++)
            n += probing->pads[i]->bauds[k] == baud;
    return n;
}

static void order_speeds(struct probing *probing)
{
    for (size_t i = 0; i < probing->n_pads; i++)
        for (size_t k = 0; k < probing->pads[i]->n_bauds; k++)
            add_speed(probing, probing->pads[i]->bauds[k]);
    for (size_t i = 1; i < probing->n_speeds; i++)
        for (size_t k = i; k > 0 && pads_at(probing, probing->speeds[k]) >
                                        pads_at(probing, probing->speeds[k - 1]);
             k--) {
            unsigned baud = probing->speeds[k];
            probing->speeds[k] = probing->speeds[k - 1];
            probing->speeds[k - 1] = baud;
        }
    if (probing->n_speeds == 0)
        add_speed(probing, 0); // as the port is
}

// Who may be heard at this speed: who has it or none of its own, and need not be asked for frames.
static size_t who_may_be_heard(const struct probing *probing, unsigned baud,
                               const struct pad *ret[])
{
    size_t n = 0;
    for (size_t i = 0; i < probing->n_pads; i++) {
        const struct pad *pad = probing->pads[i];
        bool fits = !probing->has_speed || pad->n_bauds == 0;
        for (size_t k = 0; k < pad->n_bauds; k++)
            fits = fits || pad->bauds[k] == baud;
        if (fits && (pad == probing->named || (!probing->named && pad->request.length == 0)))
            ret[n++] = pad;
    }
    return n;
}

// ---- listening ----

static int hear(const uint8_t *bytes, size_t length, int64_t time_us, bool settling, void *userdata)
{
    (void)time_us;
    struct probing *probing = userdata;
    if (!settling)
        probe_hear(probing->probe, bytes, length);
    return CLI_DONE;
}

static void pause_frames(void *userdata)
{
    probe_pause(((struct probing *)userdata)->probe);
}

static bool is_enough(void *userdata)
{
    struct probing *probing = userdata;
    progress_tell(&probing->progress, "%" PRIu64 " bytes",
                  probing->bytes + probe_bytes(probing->probe));
    return probe_is_sure(probing->probe);
}

static int listen_at(struct probing *probing, unsigned baud, bool *sure)
{
    _cleanup_(probe_freep) struct probe *probe = NULL;
    _cleanup_(freep) const struct pad **heard = calloc(probing->n_pads, sizeof *heard);
    struct listening listening;
    struct error error = {0};
    const struct listener listener = {
        .bytes = hear, .paused = pause_frames, .enough = is_enough, .userdata = probing};
    int r = listen_open(&listening, probing->port, baud, probing->named, &error);
    if (r == -EINVAL && probing->n_speeds > 1)
        return CLI_DONE; // not a speed that this port has
    if (r < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    probing->has_speed = port_has_speed(listening.port);
    size_t n = heard ? who_may_be_heard(probing, baud, heard) : 0;
    if (!heard || probe_new(&probe, heard, n) < 0) {
        listen_close(&listening);
        return cli_fail(CLI_FAILED, _("out of memory"));
    }
    probing->probe = probe;
    int64_t until_us = listening.opened_us + (int64_t)(probing->for_s * 1e6);
    int status = listen_run(&listening, until_us, &listener);
    listen_close(&listening);
    *sure = probe_is_sure(probe);
    probe_scores(probe, probing->has_speed ? baud : 0, probing->scores + probing->n_scores);
    probing->n_scores += n;
    probing->bytes += probe_bytes(probe);
    if (probe_bytes(probe) > probing->most_bytes) {
        probing->most_bytes = probe_bytes(probe);
        probing->loudest = baud;
    }
    return status;
}

static int listen_at_each_speed(struct probing *probing)
{
    int status = CLI_DONE;
    bool sure = false;
    probing->scores = calloc(probing->n_speeds * probing->n_pads, sizeof *probing->scores);
    if (!probing->scores)
        return cli_fail(CLI_FAILED, _("out of memory"));
    interrupt_begin();
    probing->has_speed = true;
    for (size_t i = 0; status == CLI_DONE && !sure && !interrupt_came() && i < probing->n_speeds;
         i++) {
        char what[64];
        snprintf(what, sizeof what, _("probe: listening at %u baud"), probing->speeds[i]);
        probing->progress = progress_begin(what, 0);
        status = listen_at(probing, probing->speeds[i], &sure);
        progress_end(&probing->progress);
        if (!probing->has_speed)
            break;
    }
    interrupt_end();
    return status;
}

// ---- saying what was found ----

static void say_place(const struct probing *probing, unsigned baud)
{
    printf("%s", probing->port);
    if (baud > 0)
        printf(_(" at %u baud"), baud);
}

static void say_score(const struct probe_score *score)
{
    printf(_("  %-22s %3.0f %%  %" PRIu64 " frames, %" PRIu64 " dropped  %s\n"), score->pad->name,
           100 * score->confidence, score->frames, score->dropped, score->pad->title);
}

static int say_found(const struct probing *probing)
{
    const struct probe_score *best = &probing->scores[0];
    say_place(probing, best->baud);
    printf(": %s (%s)\n", best->pad->name, best->pad->title);
    say_score(best);
    printf(_("\nIn /etc/psoasmon/psoasmon.conf:\n\n    [pad]\n    port = %s\n    name = %s\n\n"),
           probing->port, best->pad->name);
    puts(_("Which way round it lies no byte tells: press where the head will lie, and on the\n"
           "sleeper's left, and look where it comes up (docs/pad-files.md)."));
    return CLI_DONE;
}

static int say_ambiguous(const struct probing *probing, size_t n)
{
    bool same_wire = true;
    say_place(probing, probing->scores[0].baud);
    printf(_(": %zu pads fit what comes there\n"), n);
    for (size_t i = 0; i < n; i++) {
        say_score(&probing->scores[i]);
        same_wire = same_wire && probe_same_wire(probing->scores[0].pad, probing->scores[i].pad);
    }
    if (same_wire)
        puts(_(
            "\nThey send alike, and differ in which cell is which or in their size: that is not "
            "to\n"
            "be heard. Take one, press on the pad with the flat hand, and look where it comes up;\n"
            "take the other where it does not come up there (docs/pad-files.md)."));
    else
        puts(_("\nListen for longer: --for 30s"));
    return CLI_FAILED;
}

static int say_unknown(const struct probing *probing)
{
    say_place(probing, probing->has_speed ? probing->loudest : 0);
    printf(_(": %" PRIu64 " bytes, and no pad that is known sends such\n"), probing->most_bytes);
    for (size_t i = 0; i < 3 && i < probing->n_scores && probing->scores[i].confidence > 0; i++)
        say_score(&probing->scores[i]);
    printf(_("\nA pad of your own is a text file: docs/pad-files.md. What it sends is kept by\n"
             "psoasmon capture"));
    if (probing->has_speed)
        printf(_(" --baud %u"), probing->loudest);
    printf(_(" %s FILE\n"), probing->port);
    return CLI_FAILED;
}

static int say_silent(const struct probing *probing)
{
    say_place(probing, 0);
    if (probing->has_speed && probing->n_speeds > 1)
        printf(_(": silent at %zu line speeds\n"), probing->n_speeds);
    else
        puts(_(": silent"));
    if (!probing->named) {
        puts(
            _("\nSome pads say nothing until they are asked. Only where you name it, yours is:\n"));
        for (size_t i = 0; i < probing->n_pads; i++)
            if (pad_is_asked(probing->pads[i]))
                printf(_("    psoasmon probe --pad %s %s\n"), probing->pads[i]->name,
                       probing->port);
    }
    return CLI_NO_DATA;
}

static int say(struct probing *probing)
{
    size_t n = 0;
    enum probe_verdict verdict =
        probe_judge(probing->scores, probing->n_scores, probing->bytes, &n);
    switch (verdict) {
    case PROBE_FOUND:
        return say_found(probing);
    case PROBE_AMBIGUOUS:
        return say_ambiguous(probing, n);
    case PROBE_UNKNOWN:
        return say_unknown(probing);
    case PROBE_SILENT:
        break;
    }
    return say_silent(probing);
}

// ---- the verb ----

// Those whose descriptions are right; of the others psoasmon pads says what is wrong.
static int take_all_pads(struct probing *probing)
{
    const char *directories[PADS_DIRECTORIES_MAX];
    if (pad_list_new(&probing->list, pads_directories(directories)) < 0)
        return cli_fail(CLI_FAILED, _("out of memory"));
    probing->pads = calloc(probing->list->n + 1, sizeof *probing->pads);
    if (!probing->pads)
        return cli_fail(CLI_FAILED, _("out of memory"));
    for (size_t i = 0; i < probing->list->n; i++)
        if (probing->list->entries[i].pad)
            probing->pads[probing->n_pads++] = probing->list->entries[i].pad;
    return probing->n_pads > 0 ? CLI_DONE : cli_fail(CLI_FAILED, _("there is no pad description"));
}

static int take_named_pad(struct probing *probing)
{
    const char *directories[PADS_DIRECTORIES_MAX];
    struct error error = {0};
    if (pad_find(&probing->named, probing->pad_name, pads_directories(directories), &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    probing->pads = calloc(1, sizeof *probing->pads);
    if (!probing->pads)
        return cli_fail(CLI_FAILED, _("out of memory"));
    probing->pads[probing->n_pads++] = probing->named;
    return CLI_DONE;
}

static int run(struct probing *probing)
{
    int status = probing->pad_name ? take_named_pad(probing) : take_all_pads(probing);
    if (status != CLI_DONE)
        return status;
    order_speeds(probing);
    status = listen_at_each_speed(probing);
    return status == CLI_DONE ? say(probing) : status;
}

static bool parse_options(struct probing *probing, int argc, char **argv, int *status)
{
    enum {
        PAD = CLI_OPTION_OWN,
        FOR
    };
    static const struct option options[] = {
        CLI_OPTIONS,
        {"pad", required_argument, NULL, PAD},
        {"for", required_argument, NULL, FOR},
        {0},
    };
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == PAD) {
            probing->pad_name = optarg;
        } else if (option == FOR) {
            if (!text_duration(optarg, LONGEST_S, &probing->for_s)) {
                *status = cli_fail(CLI_USAGE, _("--for: '%s' is no duration like 10s"), optarg);
                return false;
            }
        } else if (!cli_option(option, &probing->files, help, status)) {
            return false;
        }
    }
    if (argc - optind > 1 || (argc == optind && probing->pad_name)) {
        *status = cli_fail(CLI_USAGE,
                           argc == optind ? _("--pad needs a PORT") : _("probe takes one PORT"));
        return false;
    }
    probing->port = argv[optind];
    return true;
}

int verb_probe(int argc, char **argv)
{
    struct probing probing = {.for_s = DEFAULT_S};
    int status;
    if (!parse_options(&probing, argc, argv, &status))
        return status;
    status = probing.port ? run(&probing) : ports_list();
    pad_list_freep(&probing.list);
    pad_freep(&probing.named);
    free(probing.pads);
    free(probing.scores);
    return status;
}
