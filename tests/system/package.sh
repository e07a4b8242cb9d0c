#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The Debian package, from its source to its purge, in fresh trees of Debian 12 and 13:
#
#   package.sh [SUITE]...    default: bookworm trixie
#
# Needs root, mmdebstrap and a mirror. PSOASMON_TREES=DIRECTORY takes DIRECTORY/SUITE.tar for a tree
# rather than fetch one. One tree builds (./dev package) and has lintian look; another, with nothing
# for building in it, installs, upgrades, removes and purges (package-inside.sh).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)

say() {
    printf '%s\n' "$*" >&2
}

[ "$(id -u)" -eq 0 ] || {
    say "package.sh: skipped: needs root for trees of Debian"
    exit 77
}

# shellcheck source=tests/system/tree.sh
. "$here/tree.sh"
place=$(mktemp -d /var/tmp/psoasmon-package-XXXXXX)

clean_up() {
    for tree in "$place"/*-build "$place"/*-install; do
        [ ! -d "$tree" ] || unmount_tree "$tree"
    done
    rm -rf --one-file-system "$place"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# Builds in the tree, as somebody with a fresh clone would; what comes out is copied to `place`.
build_package() { # SUITE TREE
    say "$1: building"
    make_tree "$1" "$2"
    mkdir "$place/$1"
    build_inside "$2" "$place/$1"

    say "$1: lintian"
    inside "$2" apt-get install -qq -y --no-install-recommends lintian >/dev/null 2>&1
    # The source package, too, of what git has: the tree that was built in is full of debhelper's files.
    inside "$2" sh -c 'mkdir /root/source && cd /root/psoasmon &&
        git checkout-index -a --prefix=/root/source/psoasmon/ && cd ../source &&
        dpkg-source -b psoasmon >/dev/null'
    found=$(inside "$2" sh -c 'cd /root/psoasmon/build-package && lintian --allow-root \
        --fail-on error,warning psoasmon_*.changes /root/source/psoasmon_*.dsc 2>&1') || {
        say "$found"
        exit 1
    }
    [ -z "$found" ] || {
        say "$1: lintian is not silent:"
        say "$found"
        exit 1
    }

    # meson install would put the very same files in the same places.
    inside "$2" sh -c 'cd /root/psoasmon/build-package/*/psoasmon-*/obj-* &&
        meson install --no-rebuild --quiet --destdir /root/by-meson' >/dev/null
    by_meson=$(cd "$2/root/by-meson" && find . ! -type d | sort)
    # /lib is /usr/lib; dpkg adds its own pages and compresses some.
    by_package=$(dpkg-deb --fsys-tarfile "$place/$1"/*.deb | tar -tf - | grep -v '/$' |
        sed -e 's,^\./lib/,./usr/lib/,' -e 's,\(man/.*\)\.gz$,\1,' |
        grep -vE '/(doc/psoasmon/(copyright|changelog\.gz)|lintian/overrides/psoasmon)$' | sort)
    [ "$by_meson" = "$by_package" ] || {
        say "$1: meson install and the package differ:"
        printf '%s\n' "$by_meson" >"$place/by-meson"
        printf '%s\n' "$by_package" | diff "$place/by-meson" - >&2
        exit 1
    }
    unmount_tree "$2"
    rm -rf --one-file-system "$2"
}

# The same package with a lower version, another conffile and without a file: what it is to replace.
make_older() { # DEB OLDER
    mkdir "$place/older"
    dpkg-deb -R "$1" "$place/older"
    sed -i 's/^Version: .*/Version: 0.0.1/' "$place/older/DEBIAN/control"
    echo '# From an older version.' >>"$place/older/etc/psoasmon/psoasmon.conf"
    echo gone >"$place/older/usr/share/psoasmon/pads/of-old.pad"
    dpkg-deb --root-owner-group -b "$place/older" "$2" >/dev/null
    rm -rf "$place/older"
}

test_suite() { # SUITE
    build_package "$1" "$place/$1-build"
    say "$1: installing, upgrading, removing, purging"
    tree=$place/$1-install
    make_tree "$1" "$tree"
    mkdir "$tree/root/package"
    cp "$place/$1"/*.deb "$tree/root/package/new.deb"
    make_older "$tree/root/package/new.deb" "$tree/root/package/old.deb"
    cp "$here/package-inside.sh" "$tree/root/package/"
    inside "$tree" /root/package/package-inside.sh
    unmount_tree "$tree"
    say "$1: as it should be"
}

[ $# -gt 0 ] || set -- bookworm trixie
for suite in "$@"; do
    test_suite "$suite"
done
