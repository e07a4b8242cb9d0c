// SPDX-License-Identifier: GPL-3.0-or-later
// Text from outside (a path, a peer's answer) made fit for a terminal, the journal and D-Bus.
#ifndef PSOASMON_PLAIN_H
#define PSOASMON_PLAIN_H

// Puts '?' for every control character and for every byte that is not valid UTF-8, in place.
void plain_text(char *text);

#endif
