// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon positions: what each position is and does, and how sure that is.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "cli.h"
#include "json.h"
#include "places.h"
#include "plain.h"
#include "position/acuity.h"
#include "positions_text.h"
#include "screen.h"
#include "words.h"

#define JSON_VERSION 1
#define INDENT       2

static const char help[] =
    N_("Usage: psoasmon positions [OPTION]...\n"
       "\n"
       "What each position is, what it does to the psoas, whether it counts as\n"
       "friendly, how sure that is, and when to ask somebody rather than to stretch.\n"
       "With --pad: which of them that pad can tell.\n"
       "\n"
       "Options:\n"
       "  --pad PAD         a pad's name, or the path of a .pad file\n"
       "  --json            for programs\n"
       "@options@\n");

enum {
    OPTION_JSON = CLI_OPTION_OWN,
    OPTION_PAD,
};

static const struct option options[] = {
    CLI_OPTIONS,
    {"json", no_argument, NULL, OPTION_JSON},
    {"pad", required_argument, NULL, OPTION_PAD},
    {0},
};

static void print_heading(const struct screen *screen, const char *mark, const char *heading)
{
    printf("%s%s%s%s\n", screen->colour ? "\033[1m" : "", mark, heading,
           screen->colour ? "\033[0m" : "");
}

static void print_paragraphs(const struct screen *screen, const char *const *paragraphs)
{
    for (; *paragraphs; paragraphs++) {
        screen_paragraph(stdout, screen, 0, _(*paragraphs));
        putchar('\n');
    }
}

static void print_position_text(const struct screen *screen, enum position position)
{
    const struct position_fact *fact = position_fact(position);
    const struct position_text *text = position_text(position);
    char paragraph[1024];
    if (fact->psoas == PSOAS_NONE)
        snprintf(paragraph, sizeof paragraph, "%s %s", _(text->what), _(text->evidence));
    else
        snprintf(paragraph, sizeof paragraph, _("Psoas: %s. %s %s"), _(psoas_name(fact->psoas)),
                 _(text->what), _(text->effect));
    screen_paragraph(stdout, screen, INDENT, paragraph);
    if (fact->psoas != PSOAS_NONE)
        screen_paragraph(stdout, screen, INDENT, _(text->evidence));
    putchar('\n');
}

// Left and right, which follow each other, share one text.
static void print_positions(const struct screen *screen, position_set friendly)
{
    for (int p = 0; p < POSITION_N; p++) {
        const struct position_fact *fact = position_fact((enum position)p);
        char heading[128];
        snprintf(heading, sizeof heading, "%s (%s)", _(fact->title), fact->identifier);
        print_heading(screen, friendly & POSITION_BIT(p) ? "* " : "  ", heading);
        bool shared = p + 1 < POSITION_N &&
                      position_text((enum position)p) == position_text((enum position)(p + 1));
        if (!shared)
            print_position_text(screen, (enum position)p);
    }
}

static void print_text(const struct screen *screen, position_set friendly)
{
    print_paragraphs(screen, positions_introduction);
    bool by_default = friendly == position_friendly_default();
    screen_paragraph(stdout, screen, 0,
                     by_default ? _("* counts as psoas-friendly: the default set.")
                                : _("* counts as psoas-friendly: set in the configuration."));
    putchar('\n');
    print_positions(screen, friendly);
    print_heading(screen, "", _("How sure is this?"));
    print_paragraphs(screen, positions_limits);
    print_heading(screen, "", _("When to ask somebody"));
    screen_paragraph(stdout, screen, 0, _(positions_ask));
    for (const char *const *item = positions_ask_when; *item; item++)
        screen_item(stdout, screen, _(*item));
    screen_paragraph(stdout, screen, 0, _(positions_ask_at_once));
}

// ---- what a pad can tell ----

static void print_pad(const struct screen *screen, const struct pad *pad)
{
    const struct grid grid = surface_grid(pad);
    enum acuity acuity = acuity_of(&grid);
    char heading[256], text[ACUITY_TEXT_SIZE], paragraph[2 * ACUITY_TEXT_SIZE];
    snprintf(heading, sizeof heading, "%s (%s)", pad->title, pad->name);
    plain_text(heading);
    print_heading(screen, "", heading);
    acuity_explain(acuity, text);
    snprintf(paragraph, sizeof paragraph,
             _("%u x %u cells of %g mm x %g mm: fine enough %s.%s%s%s"), grid.rows, grid.cols,
             grid.pitch_rows_mm, grid.pitch_cols_mm,
             acuity == ACUITY_FINE ? _("to tell every position") : _("for the coarser positions"),
             *text ? " " : "", text, *text ? "." : "");
    screen_paragraph(stdout, screen, INDENT, paragraph);
}

static json_t *json_pad(const struct pad *pad)
{
    const struct grid grid = surface_grid(pad);
    enum acuity acuity = acuity_of(&grid);
    json_t *reported_as = json_object();
    for (int p = 0; p < POSITION_BODY_N; p++)
        json_put(&reported_as, position_identifier((enum position)p),
                 json_string(position_identifier(acuity_tell(acuity, (enum position)p))));
    json_t *object = json_object();
    json_put(&object, "name", json_string(pad->name));
    json_put(&object, "reported_as", reported_as);
    return object;
}

static int find_pad(struct pad **ret, const char *name)
{
    struct error error = {0};
    const char *directories[PADS_DIRECTORIES_MAX];
    if (pad_find(ret, name, pads_directories(directories), &error) < 0 ||
        acuity_check(*ret, &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    return CLI_DONE;
}

// ---- for programs ----

static json_t *json_paragraphs(const char *const *paragraphs)
{
    json_t *array = json_array();
    for (; *paragraphs; paragraphs++)
        json_append(&array, json_string(*paragraphs));
    return array;
}

static json_t *json_position(enum position position, bool friendly)
{
    const struct position_fact *fact = position_fact(position);
    const struct position_text *text = position_text(position);
    json_t *object = json_object();
    json_put(&object, "identifier", json_string(fact->identifier));
    json_put(&object, "title", json_string(fact->title));
    json_put(&object, "psoas", json_string(psoas_name(fact->psoas)));
    json_put(&object, "friendly", json_boolean(friendly));
    json_put(&object, "what", json_string(text->what));
    json_put(&object, "effect", json_string(text->effect));
    json_put(&object, "evidence", json_string(text->evidence));
    return object;
}

// `pad` may be null.
static int print_json(position_set friendly, const struct pad *pad)
{
    json_t *positions = json_array();
    for (int p = 0; p < POSITION_N; p++)
        json_append(&positions, json_position((enum position)p, friendly & POSITION_BIT(p)));
    json_t *root = json_object();
    json_put(&root, "version", json_integer(JSON_VERSION));
    json_put(&root, "positions", positions);
    json_put(&root, "friendly_set", json_position_set(friendly));
    json_put(&root, "limits", json_paragraphs(positions_limits));
    json_put(&root, "ask_when", json_paragraphs(positions_ask_when));
    json_put(&root, "ask_at_once", json_string(positions_ask_at_once));
    if (pad)
        json_put(&root, "pad", json_pad(pad));
    return json_print(stdout, root);
}

int verb_positions(int argc, char **argv)
{
    int status;
    struct cli_files files = {0};
    const char *pad_name = NULL;
    _cleanup_(pad_freep) struct pad *pad = NULL;
    bool json = false;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == OPTION_JSON)
            json = true;
        else if (option == OPTION_PAD)
            pad_name = optarg;
        else if (!cli_option(option, &files, help, &status))
            return status;
    }
    if (!cli_no_arguments(argc, argv, &status))
        return status;
    struct config config;
    status = cli_load(&files, &config);
    if (status == CLI_DONE && pad_name)
        status = find_pad(&pad, pad_name);
    if (status != CLI_DONE)
        return status;
    if (json) {
        int r = print_json(config.friendly, pad);
        return r < 0 ? cli_fail(CLI_FAILED, "%s", strerror(-r)) : CLI_DONE;
    }
    struct screen screen = screen_of_stdout();
    if (pad)
        print_pad(&screen, pad);
    else
        print_text(&screen, config.friendly);
    return CLI_DONE;
}
