// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon diary: what only the sleeper knows.
#include "awake/diary.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "awake/keep.h"
#include "zone.h"
#include "words.h"

static const char help[] =
    N_("Usage: psoasmon diary [--day DAY] [ANSWER]...\n"
       "       psoasmon diary --edit [--day DAY] [ANSWER]...\n"
       "       psoasmon diary --list | --export FILE [--since DAY] [--until DAY]\n"
       "       psoasmon diary --import FILE | --delete DAY | --due\n"
       "\n"
       "What only you know: one entry a morning, any answer of which may be left out.\n"
       "Pain and stiffness are those of this morning; the rest is about the day and the\n"
       "night before. Reports put it beside that night. Without an answer it asks, in\n"
       "ten seconds. While psoasmond runs, it writes the entry.\n"
       "\n"
       "  --pain N          0, none, to 10, the worst imaginable\n"
       "  --place TEXT      where it hurts\n"
       "  --side SIDE       left, right, both or middle\n"
       "  --stiffness N     0 to 10\n"
       "  --sitting TIME    sat so long: 8h, 7h30, 45min; 8 alone is hours\n"
       "  --sport TIME      sport; 45 alone is minutes\n"
       "  --strain N        heavy work, 0 to 10\n"
       "  --massage         there was one\n"
       "  --new-pillow      slept on a new pillow for the first time\n"
       "  --new-mattress    on a new mattress\n"
       "  --tag TEXT        whatever you want to compare by: \"knee pillow\" (repeatable)\n"
       "  --note TEXT       anything else\n"
       "  --day DAY         not today's entry but that of DAY (2026-01-06)\n"
       "  --edit            changes what an entry says already; alone, it asks\n"
       "  --clear ANSWER    with --edit: takes an answer back (pain, place, ...)\n"
       "  --untag TEXT      with --edit: takes a tag away\n"
       "  --list            the entries there are\n"
       "  --json            with --list: as JSON\n"
       "  --since DAY       entries from DAY on alone\n"
       "  --until DAY       entries up to DAY\n"
       "  --delete DAY      deletes the entry of DAY for good\n"
       "  --yes             does not ask\n"
       "  --export FILE     as CSV, whole or not at all; - is standard output\n"
       "  --import FILE     takes such a file's entries over, all or none\n"
       "  --replace         with --import: in the place of entries that say otherwise\n"
       "  --due             says nothing: exit status 0 where today's pain is to be\n"
       "                    written still, 3 where it is\n"
       "@options@\n"
       "\n"
       "Exit status: 0 done, 1 failed, 2 bad usage, 3 there is no such entry.\n");

#define DAY_LAST 2932896 // 9999-12-31

// Options that are answers have the field's number behind this.
enum {
    OPTION_ANSWER = CLI_OPTION_OWN,
    OPTION_TAG = OPTION_ANSWER + DIARY_FIELD_N,
    OPTION_DAY,
    OPTION_EDIT,
    OPTION_CLEAR,
    OPTION_UNTAG,
    OPTION_LIST,
    OPTION_JSON,
    OPTION_SINCE,
    OPTION_UNTIL,
    OPTION_DELETE,
    OPTION_YES,
    OPTION_EXPORT,
    OPTION_IMPORT,
    OPTION_REPLACE,
    OPTION_DUE,
};

static const struct option options[] = {
    CLI_OPTIONS,
    {"pain", required_argument, NULL, OPTION_ANSWER + DIARY_PAIN},
    {"place", required_argument, NULL, OPTION_ANSWER + DIARY_PLACE},
    {"side", required_argument, NULL, OPTION_ANSWER + DIARY_SIDE},
    {"stiffness", required_argument, NULL, OPTION_ANSWER + DIARY_STIFFNESS},
    {"sitting", required_argument, NULL, OPTION_ANSWER + DIARY_SITTING},
    {"sport", required_argument, NULL, OPTION_ANSWER + DIARY_SPORT},
    {"strain", required_argument, NULL, OPTION_ANSWER + DIARY_STRAIN},
    {"massage", no_argument, NULL, OPTION_ANSWER + DIARY_MASSAGE},
    {"new-pillow", no_argument, NULL, OPTION_ANSWER + DIARY_NEW_PILLOW},
    {"new-mattress", no_argument, NULL, OPTION_ANSWER + DIARY_NEW_MATTRESS},
    {"note", required_argument, NULL, OPTION_ANSWER + DIARY_NOTE},
    {"tag", required_argument, NULL, OPTION_TAG},
    {"day", required_argument, NULL, OPTION_DAY},
    {"edit", no_argument, NULL, OPTION_EDIT},
    {"clear", required_argument, NULL, OPTION_CLEAR},
    {"untag", required_argument, NULL, OPTION_UNTAG},
    {"list", no_argument, NULL, OPTION_LIST},
    {"json", no_argument, NULL, OPTION_JSON},
    {"since", required_argument, NULL, OPTION_SINCE},
    {"until", required_argument, NULL, OPTION_UNTIL},
    {"delete", required_argument, NULL, OPTION_DELETE},
    {"yes", no_argument, NULL, OPTION_YES},
    {"export", required_argument, NULL, OPTION_EXPORT},
    {"import", required_argument, NULL, OPTION_IMPORT},
    {"replace", no_argument, NULL, OPTION_REPLACE},
    {"due", no_argument, NULL, OPTION_DUE},
    {0},
};

enum action {
    ACTION_WRITE,
    ACTION_LIST,
    ACTION_DELETE,
    ACTION_EXPORT,
    ACTION_IMPORT,
    ACTION_DUE,
};

struct request {
    struct cli_files files;
    enum action action;
    unsigned n_actions;
    bool json, yes, replace;
    day_number since, until;
    bool until_given, since_given, day_given;
    const char *file;
    struct diary_change change; // its day is also the one to delete
};

// ---- the command line ----

// "--sitting" of "sitting_s", "--new-pillow" of "new_pillow"
static int field_of_option(const char *name)
{
    for (const struct option *option = options; option->name; option++)
        if (strcmp(option->name, name) == 0 && option->val >= OPTION_ANSWER &&
            option->val < OPTION_TAG)
            return option->val - OPTION_ANSWER;
    return -1;
}

static bool take_answer(struct request *request, enum diary_field field, const char *text)
{
    struct error error = {0};
    if (diary_read(&request->change.given, field, text ? text : "yes", &error) == 0)
        return true;
    cli_fail(CLI_USAGE, "%s", error.text);
    return false;
}

static bool take_tag(struct request *request, const char *text)
{
    struct error error = {0};
    if (diary_add_tag(&request->change.given, text, &error) == 0)
        return true;
    cli_fail(CLI_USAGE, "%s", error.text);
    return false;
}

static bool take_clear(struct request *request, const char *name)
{
    int field = field_of_option(name);
    if (field < 0) {
        cli_fail(CLI_USAGE, _("there is no answer '%.40s': --help has them"), name);
        return false;
    }
    request->change.cleared |= 1u << field;
    return true;
}

static bool take_untag(struct request *request, const char *text)
{
    if (request->change.n_untag == DIARY_TAGS_MAX) {
        cli_fail(CLI_USAGE, _("no day has so many tags"));
        return false;
    }
    request->change.untag[request->change.n_untag++] = text;
    return true;
}

static bool take_action(struct request *request, enum action action, const char *file)
{
    request->action = action;
    request->n_actions++;
    request->file = file;
    return true;
}

static bool take_period(struct request *request, int option)
{
    switch (option) {
    case OPTION_SINCE:
        request->since_given = true;
        return cli_day(optarg, &request->since);
    case OPTION_UNTIL:
        request->until_given = true;
        return cli_day(optarg, &request->until);
    default:
        request->day_given = true;
        return cli_day(optarg, &request->change.day);
    }
}

static bool take_option(struct request *request, int option, int *status)
{
    *status = CLI_USAGE;
    if (option >= OPTION_ANSWER && option < OPTION_TAG)
        return take_answer(request, (enum diary_field)(option - OPTION_ANSWER), optarg);
    switch (option) {
    case OPTION_TAG:
        return take_tag(request, optarg);
    case OPTION_CLEAR:
        return take_clear(request, optarg);
    case OPTION_UNTAG:
        return take_untag(request, optarg);
    case OPTION_EDIT:
        return request->change.edit = true;
    case OPTION_JSON:
        return request->json = true;
    case OPTION_YES:
        return request->yes = true;
    case OPTION_REPLACE:
        return request->replace = true;
    case OPTION_DAY:
    case OPTION_SINCE:
    case OPTION_UNTIL:
        return take_period(request, option);
    case OPTION_LIST:
        return take_action(request, ACTION_LIST, NULL);
    case OPTION_DELETE:
        return take_action(request, ACTION_DELETE, NULL) && take_period(request, OPTION_DAY);
    case OPTION_EXPORT:
        return take_action(request, ACTION_EXPORT, optarg);
    case OPTION_IMPORT:
        return take_action(request, ACTION_IMPORT, optarg);
    case OPTION_DUE:
        return take_action(request, ACTION_DUE, NULL);
    default:
        return cli_option(option, &request->files, help, status);
    }
}

static const char *contradiction(const struct request *request)
{
    bool writes = request->n_actions == 0;
    bool of_period = request->action == ACTION_LIST || request->action == ACTION_EXPORT;
    bool answers = diary_change_says(&request->change);
    if (request->n_actions > 1)
        return _("one of --list, --delete, --export, --import and --due at a time");
    if (!writes && (answers || request->change.edit))
        return _("answers are for an entry that is written");
    if ((request->change.cleared || request->change.n_untag > 0) && !request->change.edit)
        return _("--clear and --untag go with --edit");
    if (request->json && request->action != ACTION_LIST)
        return _("--json goes with --list");
    if (request->replace && request->action != ACTION_IMPORT)
        return _("--replace goes with --import");
    if (request->yes && request->action != ACTION_DELETE)
        return _("--yes goes with --delete");
    if ((request->since_given || request->until_given) && !of_period)
        return _("--since and --until go with --list and --export");
    if (request->since_given && request->until_given && request->until < request->since)
        return _("--until lies before --since");
    if (request->day_given && !writes && request->action != ACTION_DELETE)
        return _("--day is for an entry that is written");
    return NULL;
}

static bool parse_request(int argc, char **argv, struct request *request, int *status)
{
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
        if (!take_option(request, option, status))
            return false;
    if (!cli_no_arguments(argc, argv, status))
        return false;
    const char *wrong = contradiction(request);
    if (!wrong)
        return true;
    *status = cli_fail(CLI_USAGE, "%s", wrong);
    return false;
}

// ---- the other actions ----

static int confirm(const struct diary_entry *entry)
{
    char answer_text[16] = "";
    if (!isatty(STDIN_FILENO))
        return cli_fail(CLI_USAGE, _("deleting an entry takes --yes, or a terminal"));
    diary_print(entry);
    fflush(stdout);
    fputs(_("Delete this entry for good? [y/N] "), stderr);
    if (fgets(answer_text, sizeof answer_text, stdin) &&
        (strcmp(answer_text, "y\n") == 0 || strcmp(answer_text, "yes\n") == 0))
        return CLI_DONE;
    return cli_fail(CLI_FAILED, _("nothing was deleted"));
}

static int delete_entry(const struct request *request, const struct config *config, int64_t now_s)
{
    struct diary_entry entry;
    bool found, there = false;
    char day[DAY_TEXT_SIZE];
    int status = diary_find(config, request->change.day, now_s, &entry, &found);
    if (status != CLI_DONE)
        return status;
    day_format(request->change.day, day);
    if (!found)
        status = cli_fail(CLI_NO_DATA, _("the diary has no entry of %s"), day);
    else if (!request->yes)
        status = confirm(&entry);
    diary_done(&entry);
    if (status == CLI_DONE)
        status = keep_without_diary(config, request->change.day, &there);
    if (status == CLI_DONE)
        printf(_("deleted the entry of %s%s\n"), day,
               there ? _("; psoasmond overwrites its traces in the file when nobody is in bed")
                     : "");
    return status;
}

static int is_due(const struct config *config, day_number today, int64_t now_s)
{
    struct diary_entry entry;
    bool found;
    int status = diary_find(config, today, now_s, &entry, &found);
    if (status != CLI_DONE)
        return status;
    bool answered = diary_is_answered(&entry, DIARY_PAIN);
    diary_done(&entry);
    return answered ? CLI_NO_DATA : CLI_DONE;
}

static int act(struct request *request, const struct config *config)
{
    struct zone zone;
    zone_local(&zone);
    int64_t now_s = (int64_t)time(NULL);
    day_number today = night_name(now_s, &zone, 0);
    day_number until = request->until_given ? request->until : DAY_LAST;
    switch (request->action) {
    case ACTION_LIST:
        return diary_list(config, request->since, until, request->json);
    case ACTION_EXPORT:
        return diary_export(config, request->since, until, request->file);
    case ACTION_IMPORT:
        return diary_import(config, request->file, request->replace, now_s);
    case ACTION_DELETE:
        return delete_entry(request, config, now_s);
    case ACTION_DUE:
        return is_due(config, today, now_s);
    case ACTION_WRITE:
        break;
    }
    if (!request->day_given)
        request->change.day = today;
    return diary_write(&request->change, config, now_s, today);
}

int verb_diary(int argc, char **argv)
{
    struct request request = {0};
    struct config config;
    int status = CLI_USAGE;
    diary_begin(&request.change.given, 0, 0);
    if (parse_request(argc, argv, &request, &status)) {
        status = cli_load(&request.files, &config);
        if (status == CLI_DONE)
            status = act(&request, &config);
    }
    diary_done(&request.change.given);
    return status;
}
