// SPDX-License-Identifier: GPL-3.0-or-later
// The serial ports of this machine.
#ifndef PSOASMON_PORTS_H
#define PSOASMON_PORTS_H

// Prints each with what the kernel knows of it, and the pads that come with such a chip. Opens none.
// An exit status: CLI_NO_DATA where there is none.
int ports_list(void);

#endif
