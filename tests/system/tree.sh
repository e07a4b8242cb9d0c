# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# Trees of Debian to build and install in; for scripts that have set `source`, the checkout. Needs
# root, mmdebstrap and a mirror. PSOASMON_TREES=DIRECTORY takes DIRECTORY/SUITE.tar for a tree rather
# than fetch one.

unmount_tree() { # TREE
    for point in tmp dev/pts dev proc; do
        ! mountpoint -q "$1/$point" || umount "$1/$point"
    done
}

make_tree() { # SUITE TREE
    mkdir "$2"
    if [ -e "${PSOASMON_TREES:-}/$1.tar" ]; then
        tar -C "$2" -xf "$PSOASMON_TREES/$1.tar"
    else
        mmdebstrap --quiet --variant=apt --include=ca-certificates,git "$1" "$2"
    fi
    cp /etc/resolv.conf "$2/etc/"
    # Nothing that is installed here may start.
    mkdir -p "$2/usr/sbin"
    printf '#!/bin/sh\nexit 101\n' >"$2/usr/sbin/policy-rc.d"
    chmod 755 "$2/usr/sbin/policy-rc.d"
    mount -t proc proc "$2/proc"
    mount --bind /dev "$2/dev"
    mount -t devpts devpts "$2/dev/pts"
    mount -t tmpfs tmpfs "$2/tmp"
}

inside() { # TREE COMMAND...
    tree=$1
    shift
    chroot "$tree" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 TERM=dumb \
        DEBIAN_FRONTEND=noninteractive "$@" </dev/null
}

# Builds in the tree, as somebody with a fresh clone would; copies the package to a directory.
build_inside() { # TREE TO [NAME=VALUE]...
    tree=$1
    to=$2
    shift 2
    mkdir "$tree/root/psoasmon"
    # shellcheck disable=SC2154 # source
    git -c safe.directory="$source" -C "$source" ls-files -co --exclude-standard |
        while IFS= read -r file; do [ ! -e "$source/$file" ] || printf '%s\n' "$file"; done |
        tar -C "$source" -cf - -T - | tar -C "$tree/root/psoasmon" -xf -
    inside "$tree" sh -c 'cd /root/psoasmon && git init -q && git add -A'
    deb=$(inside "$tree" "$@" /root/psoasmon/dev package)
    cp "$tree$deb" "$to/"
}
