#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A Debian to boot in QEMU, without psoasmon but with all that its package depends on:
#
#   image.sh SUITE DIRECTORY PACKAGE...
#
# makes DIRECTORY/{vmlinuz,initrd,root.img}; PACKAGEs are what to install besides. Needs root. The
# kernel's own .deb is unpacked rather than installed, for its scripts would make an initrd of their
# own; of its modules the machine gets those that its devices need.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
suite=$1
place=$2
shift 2
included=$(echo systemd systemd-sysv udev dbus kmod sqlite3 usbutils "$@" | tr ' ' ,)

tree=$place/tree
kernel=$place/kernel

# The mirrors that this machine itself installs from, whatever suite it has.
mirrors() {
    # shellcheck disable=SC1091
    own=$(. /etc/os-release && echo "$VERSION_CODENAME")
    apt-get indextargets --format '$(REPO_URI) $(RELEASE)' \
        'Created-By: Packages' 'Component: main' 'Origin: Debian' | sort -u |
        while read -r uri release; do
            case $release in
            "$own" | "$own"-updates | "$own"-security)
                echo "deb $uri $suite${release#"$own"} main"
                ;;
            esac
        done
}

proxies() {
    apt-config dump | grep -iE '^Acquire::https?::Proxy' || true
}

# shellcheck disable=SC2016 # $1 is for mmdebstrap's shell
make_tree() {
    proxies >"$place/proxies"
    mirrors >"$place/mirrors"
    [ -s "$place/mirrors" ] || {
        echo "image.sh: apt knows no mirror of Debian" >&2
        exit 1
    }
    # The kernel is fetched by the tree's apt: it knows this suite's newest.
    mmdebstrap --quiet --variant=apt --include="$included" --aptopt="$place/proxies" \
        --customize-hook='chroot "$1" sh -c "cd /tmp && apt-get -qq download \
            \$(apt-cache depends linux-image-amd64 | sed -n \"s/.*Depends: //p\")"' \
        --customize-hook='mkdir -p "$1/linux" && mv "$1"/tmp/linux-image-*.deb "$1/linux/"' \
        "$suite" "$tree" - <"$place/mirrors"
    mkdir "$kernel"
    dpkg-deb -x "$tree"/linux/*.deb "$kernel"
    rm -r "$tree/linux"
}

# Where modules are: in trixie's kernel below /usr.
modules_of() { # ROOT
    for modules in "$1"/usr/lib/modules/* "$1"/lib/modules/*; do
        [ ! -d "$modules/kernel" ] || echo "$modules"
    done | head -1
}

# The files of these modules and of what they need, below the kernel's directory.
files_of() { # MODULE...
    for module in "$@"; do
        modprobe -d "$kernel" -S "$version" --show-depends "$module" |
            sed -n 's,^insmod \(.*\.ko[.a-z0-9]*\).*,\1,p'
    done | awk '!seen[$0]++'
}

copy_modules() {
    # psoasmon's port is not named here: udev is to find its driver.
    files_of virtio_pci virtio_blk virtio_console virtio_rng ext4 loop xhci_pci usbserial ftdi_sio \
        ch341 autofs4 >"$place/modules"
    to=$tree/usr/lib/modules/$version
    mkdir -p "$to"
    cp "$modules"/modules.builtin* "$modules"/modules.order "$to/"
    while read -r file; do
        inside=${file#"$modules/"}
        mkdir -p "$to/$(dirname "$inside")"
        cp "$file" "$to/$inside"
    done <"$place/modules"
    depmod -b "$tree" "$version"
}

# What mounts the disk and hands over; its shell and tools are busybox.
make_initrd() {
    rm -rf "$place/early"
    mkdir -p "$place/early/bin" "$place/early/modules" "$place/early/proc" "$place/early/dev" \
        "$place/early/root"
    cp "$(command -v busybox)" "$place/early/bin/busybox"
    {
        printf '#!/bin/busybox sh\nset -e\n'
        printf '/bin/busybox mount -t proc proc /proc\n/bin/busybox mount -t devtmpfs dev /dev\n'
        files_of virtio_pci virtio_blk ext4 >"$place/early-modules"
        while read -r file; do
            name=$(basename "$file")
            name=${name%.ko*}.ko
            case $file in
            *.xz) xz -dc "$file" ;;
            *.zst) zstd -qdc "$file" ;;
            *) cat "$file" ;;
            esac >"$place/early/modules/$name"
            # One may be for a processor that this is not.
            echo "/bin/busybox insmod /modules/$name 2>/dev/null || true"
        done <"$place/early-modules"
        printf 'until [ -b /dev/vda ]; do /bin/busybox usleep 20000; done\n'
        printf '/bin/busybox mount -t ext4 /dev/vda /root\n'
        printf '/bin/busybox umount /proc\n/bin/busybox mount --move /dev /root/dev\n'
        printf 'exec /bin/busybox switch_root /root /sbin/init\n'
    } >"$place/early/init"
    chmod 755 "$place/early/init"
    (cd "$place/early" && find . | busybox cpio -o -H newc 2>/dev/null | gzip -1) >"$place/initrd"
}

# Nothing that takes long and is of no use here; a journal that outlives a crash; the agent.
set_up() {
    for unit in apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer \
        e2scrub_reap.service dpkg-db-backup.timer man-db.timer systemd-timesyncd.service \
        getty@tty1.service serial-getty@ttyS0.service getty.target; do
        ln -sf /dev/null "$tree/etc/systemd/system/$unit"
    done
    mkdir -p "$tree/var/log/journal" "$tree/e2e" "$tree/etc/systemd/journald.conf.d"
    # One test fills the disk, and what was told before is to be read after it.
    printf '[Journal]\nSystemKeepFree=1M\nSystemMaxUse=200M\n' \
        >"$tree/etc/systemd/journald.conf.d/e2e.conf"
    echo psoasmon-e2e >"$tree/etc/hostname"
    rm -f "$tree/etc/resolv.conf"
    : >"$tree/etc/fstab"
    cp "$here/e2e-agent.service" "$tree/etc/systemd/system/"
    mkdir -p "$tree/etc/systemd/system/multi-user.target.wants"
    ln -sf ../e2e-agent.service "$tree/etc/systemd/system/multi-user.target.wants/"
    for user in reader stranger; do
        chroot "$tree" useradd --create-home "$user"
    done
}

rm -rf --one-file-system "$place"
mkdir -p "$place"
make_tree
modules=$(modules_of "$kernel")
version=$(basename "$modules")
depmod -b "$(dirname "$(dirname "$(dirname "$modules")")")" "$version"
copy_modules
make_initrd
set_up
cp "$kernel"/boot/vmlinuz-* "$place/vmlinuz"
truncate -s 1500M "$place/root.img"
mke2fs -q -t ext4 -d "$tree" "$place/root.img"
rm -rf --one-file-system "$tree" "$kernel" "$place/early"
chmod -R a+rX "$place"
