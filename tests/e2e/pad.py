# SPDX-License-Identifier: GPL-3.0-or-later
"""The virtual pad of `psoasmon simulate`, plugged into the guest as an FTDI serial converter."""
import os
import select
import socket
import subprocess
import threading
import tty

from guest import connect

# How long to wait for bytes, or room for them, before looking whether it is over.
PATIENCE_S = 0.2

# A processor that is simulated takes a hundred times as long over a frame: slower than real pads.
RATE_HZ = 2


class Simulator:
    """psoasmon simulate, which keeps its own time; what it sends goes into `channel`, or nowhere, as
    from a pad that is not plugged in. Where the guest does not take it, it drops whole frames."""

    def __init__(self, psoasmon, plan, *options, pad="virtual"):
        self.process = subprocess.Popen(
            [psoasmon, "simulate", "--pad", pad, "--rate", str(RATE_HZ), "--plan", plan, *options],
            stdout=subprocess.PIPE, text=True)
        self.terminal = os.open(self.process.stdout.readline().strip(), os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self.terminal)
        self.channel = None
        self.ended = False
        self.thread = threading.Thread(target=self.pass_on, daemon=True)
        self.thread.start()

    def pass_on(self):
        data = b""
        while not self.ended:
            try:
                data = self.pass_some_on(data)
            except (OSError, ValueError):
                data = b""  # unplugged just now

    def pass_some_on(self, data):
        channel = self.channel
        if channel:
            self.hear(channel)
        if not data:
            ready = select.select([self.terminal], [], [], PATIENCE_S)[0]
            return os.read(self.terminal, 4096) if ready else b""
        if not channel:
            return b""
        writable = select.select([], [channel], [], PATIENCE_S)[1]
        return data[channel.send(data):] if writable else data

    @staticmethod
    def hear(channel):
        """A port that was just opened echoes until it is told not to; QEMU stands still, all of it,
        until somebody takes what a guest says."""
        if select.select([channel], [], [], 0)[0]:
            channel.recv(65536)

    def end(self):
        self.ended = True
        self.thread.join()
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        os.close(self.terminal)


class Plug:
    """A USB serial converter of QEMU's between a socket and the guest: it is plugged in while
    somebody has the socket open."""

    def __init__(self, guest, chardev="pad", serial="PAD1"):
        self.guest, self.chardev, self.serial = guest, chardev, serial
        self.path = guest.pad_socket if chardev == "pad" else guest.foreign_socket
        self.there = False
        self.channel = None

    def plug(self, source):
        self.channel = connect(self.path)
        self.channel.setblocking(False)
        # A converter keeps a frame or so for a port that nobody has open.
        self.channel.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        if not self.there:
            self.guest.monitor.do("device_add", driver="usb-serial", id=f"usb-{self.chardev}",
                                  bus="usb.0", chardev=self.chardev, serial=self.serial)
        self.there = True
        source.channel = self.channel

    def unplug(self, source):
        source.channel = None
        self.channel.close()

    def take_away(self, source):
        """The same, with the converter: what comes back is another to the USB controller."""
        # QEMU 7.2 crashes where the socket is closed first.
        source.channel = None
        self.guest.monitor.do("device_del", id=f"usb-{self.chardev}")
        self.channel.close()
        self.there = False
