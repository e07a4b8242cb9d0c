#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the package for another Debian than this machine's, in a tree of it:
#
#   build-in-tree.sh SUITE DIRECTORY
set -eu

source=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/system/tree.sh
. "$source/tests/system/tree.sh"
place=$(mktemp -d /var/tmp/psoasmon-build-XXXXXX)

clean_up() {
    [ ! -d "$place/tree" ] || unmount_tree "$place/tree"
    rm -rf --one-file-system "$place"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

rm -rf "$2"
mkdir -p "$2"
make_tree "$1" "$place/tree"
build_inside "$place/tree" "$2" DEB_BUILD_OPTIONS=nocheck
