// SPDX-License-Identifier: GPL-3.0-or-later
// Text put into HTML and SVG.
#ifndef PSOASMON_HTML_H
#define PSOASMON_HTML_H

#include <stdio.h>

// The text stays text, within an element and within a quoted attribute. What comes from outside has
// been through plain_text (plain.h).
void html_text(FILE *stream, const char *text);

#endif
