// SPDX-License-Identifier: GPL-3.0-or-later
#include "ports.h"

#include <glob.h>
#include <libserialport.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "pad/pad_list.h"
#include "places.h"
#include "words.h"

// The name that stays for this port whatever the order they are plugged in, or its own. The caller
// frees it.
static char *lasting_name(const char *port)
{
    _cleanup_(freep) char *real = realpath(port, NULL);
    glob_t found = {0};
    char *name = NULL;
    glob("/dev/psoasmon/*", 0, NULL, &found);
    glob("/dev/serial/by-id/*", GLOB_APPEND, NULL, &found);
    for (size_t i = 0; real && !name && i < found.gl_pathc; i++) {
        _cleanup_(freep) char *target = realpath(found.gl_pathv[i], NULL);
        if (target && strcmp(target, real) == 0)
            name = strdup(found.gl_pathv[i]);
    }
    globfree(&found);
    return name ? name : strdup(port);
}

static void print_hints(const struct pad_list *pads, unsigned vendor, unsigned product)
{
    for (size_t i = 0; i < pads->n; i++) {
        const struct pad *pad = pads->entries[i].pad;
        for (size_t k = 0; pad && k < pad->n_usb; k++)
            if (pad->usb[k].vendor == vendor && pad->usb[k].product == product)
                printf(_("    %s may come with such a chip (%s)\n"), pad->name, pad->title);
    }
}

static void print_port(const struct sp_port *port, const struct pad_list *pads)
{
    _cleanup_(freep) char *name = lasting_name(sp_get_port_name(port));
    const char *description = sp_get_port_description(port);
    int vendor = 0, product = 0;
    printf("%s", name ? name : sp_get_port_name(port));
    if (name && strcmp(name, sp_get_port_name(port)) != 0)
        printf(" (%s)", sp_get_port_name(port));
    if (description)
        printf(": %s", description);
    bool usb = sp_get_port_usb_vid_pid(port, &vendor, &product) == SP_OK;
    if (usb)
        printf(_(", USB %04x:%04x"), (unsigned)vendor, (unsigned)product);
    putchar('\n');
    if (usb)
        print_hints(pads, (unsigned)vendor, (unsigned)product);
}

int ports_list(void)
{
    _cleanup_(pad_list_freep) struct pad_list *pads = NULL;
    const char *directories[PADS_DIRECTORIES_MAX];
    struct sp_port **ports = NULL;
    if (pad_list_new(&pads, pads_directories(directories)) < 0)
        return cli_fail(CLI_FAILED, _("out of memory"));
    if (sp_list_ports(&ports) != SP_OK)
        return cli_fail(CLI_FAILED, _("cannot list the serial ports"));
    size_t n = 0;
    for (; ports[n]; n++)
        print_port(ports[n], pads);
    sp_free_port_list(ports);
    if (n == 0)
        return cli_fail(CLI_NO_DATA, _("there is no serial port here; is the pad plugged in?"));
    puts(_("\nNone of them was opened: other things have the same chips. psoasmon probe PORT "
           "listens."));
    return CLI_DONE;
}
