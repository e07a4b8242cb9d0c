#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# install-once.sh FILE TARGET: installs FILE, unless there is a TARGET already.
set -eu
target=${DESTDIR:-}$2
[ -e "$target" ] || install -D -m 644 "$1" "$target"
