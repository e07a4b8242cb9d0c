#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What package.sh runs in a tree of Debian, as root, with /root/package/{old,new}.deb: changes the
# system it runs on. Each check that fails is said; the exit status is 1 if one did.
set -eu

# Not on anybody's real system.
if [ ! -x /usr/sbin/policy-rc.d ] || [ -d /run/systemd/system ]; then
    echo "package-inside.sh: not in a tree made for it" >&2
    exit 2
fi

old=/root/package/old.deb
new=/root/package/new.deb
config=/etc/psoasmon/psoasmon.conf
state=/var/lib/psoasmon
failed=0

check() { # WHAT COMMAND...
    what=$1
    shift
    "$@" >/tmp/said 2>&1 || {
        echo "FAILED: $what: $*" >&2
        cat /tmp/said >&2
        failed=1
    }
}

check_not() { # WHAT COMMAND...
    what=$1
    shift
    ! "$@" >/tmp/said 2>&1 || {
        echo "FAILED: $what: $*" >&2
        cat /tmp/said >&2
        failed=1
    }
}

is() { # WHAT IS SHOULD-BE
    [ "$2" = "$3" ] || {
        printf 'FAILED: %s:\n%s\nrather than:\n%s\n' "$1" "$2" "$3" >&2
        failed=1
    }
}

apt() {
    apt-get -q -y --no-install-recommends "$@" >/tmp/apt 2>&1 || {
        cat /tmp/apt >&2
        echo "FAILED: apt-get $*" >&2
        exit 1
    }
}

names() {
    # Not what changes by itself, nor what dpkg and apt keep for themselves, nor the copies that are
    # made of the user database when a user comes: the user stays.
    find / -xdev \( -path /proc -o -path /dev -o -path /tmp -o -path /root -o -path /run \
        -o -path /var/cache -o -path /var/log -o -path /var/lib/apt -o -path /var/lib/dpkg \
        -o -path /etc/passwd- -o -path /etc/group- -o -path /etc/shadow- -o -path /etc/gshadow- \) \
        -prune -o -print | sort
}

version=$(dpkg-deb -f $new Version)

check_files() {
    # Files and directories that are the package's alone: dpkg -L names / and /usr as well.
    dpkg -L psoasmon | grep psoasmon | while read -r file; do
        [ ! -L "$file" ] || continue
        expected="root:root 644"
        [ ! -d "$file" ] || expected="root:root 755"
        case $file in
        /usr/bin/*) expected="root:root 755" ;;
        esac
        actual=$(stat -c '%U:%G %a' "$file")
        [ "$actual" = "$expected" ] || echo "$file: $actual rather than $expected"
    done >/tmp/wrong
    is "owners and permissions" "$(cat /tmp/wrong)" ""
    is "files changed since they were packed" "$(dpkg -V psoasmon)" ""
}

check_installed() {
    is "version" "$(psoasmon --version)" "psoasmon $version"
    is "version" "$(psoasmond --version)" "psoasmond $version"
    is "user" "$(getent passwd psoasmon | cut -d: -f6-)" "$state:/usr/sbin/nologin"
    is "group" "$(id -gn psoasmon)" psoasmon
    check "enabled" env DPKG_MAINTSCRIPT_PACKAGE=psoasmon deb-systemd-helper --quiet was-enabled psoasmond.service
    check "enabled" test -L /etc/systemd/system/multi-user.target.wants/psoasmond.service
    check "systemd finds the unit" systemctl --root=/ is-enabled psoasmond.service
    check "pads" psoasmon positions --pad jq-bed-32
    check_files
    if grep -q /catalog/ /var/lib/dpkg/info/psoasmon.list; then
        check "the catalog is updated" sh -c 'journalctl --list-catalog | grep -q psoasmon'
    fi
}

# A night, as psoasmond would leave it.
record() {
    install -d -o psoasmon -g psoasmon -m 750 $state
    runuser -u psoasmon -- sh -c "umask 027; cd /; psoasmon simulate --night --hours 1 --seed 3 \
        --rate 0.2 --output - | psoasmon replay --pad virtual --rate 0.2 --database $state/psoasmon.db \
        --start 2026-01-05T22:00:00Z -" >/dev/null
}

nights() {
    runuser -u psoasmon -- psoasmon export --database $state/psoasmon.db | sha256sum
}

apt update
# Its dependencies first: what they leave behind is theirs.
apt satisfy "$(dpkg-deb -f $new Depends), systemd, man-db"
names >/tmp/before

# Nothing is named: nothing has failed, and there is nothing to record.
apt install $new
check_installed
check_not "a pad is named" psoasmond --configured
is "and it says what to do" "$(grep -c "name a pad and its port in $config" /tmp/said)" 1
check_not "a configuration without a pad is complete" psoasmond --check-config
is "and it says what is missing" "$(grep -c -- --pad /tmp/said)" 1
apt purge psoasmon
is "the user stays" "$(id -un psoasmon)" psoasmon
names >/tmp/after
is "left after a purge" "$(diff /tmp/before /tmp/after)" ""

# From the version before, which somebody uses, to this.
apt install $old
is "the older version" "$(dpkg-query -W -f '${Version}' psoasmon)" 0.0.1
apt install $new
check_installed
check_not "a conffile that nobody touched is brought up to date" grep older $config
check_not "a file the newer has not stays" test -e /usr/share/psoasmon/pads/of-old.pad

apt purge psoasmon
apt install $old
printf '\n[pad]\nname = virtual\nport = /dev/ttyUSB0\n' >>$config
echo '# mine' >/etc/psoasmon/mine.txt
record
before=$(nights)
apt install -o Dpkg::Options::=--force-confold $new
is "after an upgrade the version" "$(dpkg-query -W -f '${Version}' psoasmon)" "$version"
check "an edited conffile is kept" grep -q '^port = /dev/ttyUSB0' $config
check "and is right" psoasmond --check-config
check "and something is to record" psoasmond --configured
is "after an upgrade the nights" "$(nights)" "$before"
is "the database's rights" "$(stat -c '%U:%G %a' $state/psoasmon.db)" "psoasmon:psoasmon 640"
rm -f $config.dpkg-dist
# Who has switched it off wants it off.
systemctl --root=/ disable psoasmond.service >/dev/null 2>&1
apt install --reinstall $new
check_not "switched off, it stays off" \
    test -e /etc/systemd/system/multi-user.target.wants/psoasmond.service
systemctl --root=/ enable psoasmond.service >/dev/null 2>&1

apt remove psoasmon
check_not "the programs stay after a removal" test -e /usr/bin/psoasmond
check "the nights stay" test -s $state/psoasmon.db
check "the configuration stays" grep -q '^port = /dev/ttyUSB0' $config
apt install $new
is "after a removal and a return the nights" "$(nights)" "$before"
check "and it is enabled" test -L /etc/systemd/system/multi-user.target.wants/psoasmond.service

# Purged with nights and settings, nobody there to answer anything.
apt purge psoasmon
check_not "the nights are purged" test -e $state
check_not "the configuration is purged" test -e $config
is "what somebody put beside it stays" "$(ls -A /etc/psoasmon)" mine.txt
rm -r /etc/psoasmon
names >/tmp/after
is "left after a purge" "$(diff /tmp/before /tmp/after)" ""
is "dpkg knows nothing more" "$(dpkg-query -W -f '${Status}' psoasmon 2>/dev/null || true)" ""
exit $failed
