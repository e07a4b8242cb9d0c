// SPDX-License-Identifier: GPL-3.0-or-later
// The monitor's methods that are about what the sleeper does awake. For the tables of monitor.c.
#ifndef PSOASMON_MONITOR_AWAKE_H
#define PSOASMON_MONITOR_AWAKE_H

#include <systemd/sd-bus.h>

int monitor_put_diary(sd_bus_message *message, void *userdata, sd_bus_error *error);
int monitor_delete_diary(sd_bus_message *message, void *userdata, sd_bus_error *error);
int monitor_put_stretch(sd_bus_message *message, void *userdata, sd_bus_error *error);
int monitor_delete_stretch(sd_bus_message *message, void *userdata, sd_bus_error *error);
int monitor_stretch(sd_bus_message *message, void *userdata, sd_bus_error *error);

#endif
