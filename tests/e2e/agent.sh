#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# In the machine of the end-to-end test: runs each line that comes from the host, a script in base64,
# and answers with a line: its exit status, what it said to stdout and what to stderr, both in
# base64, each after a letter so that none is empty.
set -u

until [ -c /dev/virtio-ports/e2e ]; do sleep 0.2; done
# Once for both: the kernel lets nobody open it twice.
exec <>/dev/virtio-ports/e2e >&0
mkdir -p /run/e2e
cd /root || exit 1
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive
echo ready
while read -r line; do
    echo "$line" | base64 -d >/run/e2e/script
    timeout 240 sh /run/e2e/script >/run/e2e/out 2>/run/e2e/err </dev/null
    status=$?
    echo "$status o$(base64 -w 0 /run/e2e/out) e$(base64 -w 0 /run/e2e/err)"
done
