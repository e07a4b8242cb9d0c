// SPDX-License-Identifier: GPL-3.0-or-later
// Marks a text that psoasmon translates where it shows it. Here it is itself.
#ifndef PSOASMON_MARK_H
#define PSOASMON_MARK_H

#define N_(text) text

#endif
