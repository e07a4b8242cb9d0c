# SPDX-License-Identifier: GPL-3.0-or-later
"""A Debian in QEMU: real kernel, real systemd, real udev, a USB controller, and an agent in it that
runs what it is told (agent.sh)."""
import base64
import collections
import json
import os
import pathlib
import shlex
import socket
import subprocess
import threading
import time

# Without KVM all is slow, and on a busy machine slower. Nothing is asserted about time: these only
# end a test whose machine hangs.
BOOT_S = 600
COMMAND_S = 300

Answer = collections.namedtuple("Answer", "status out err")


class Failed(Exception):
    """A check did not hold, or the machine did not do what it was told."""


def connect(path, patience_s=60):
    deadline = time.monotonic() + patience_s
    while True:
        channel = socket.socket(socket.AF_UNIX)
        try:
            channel.connect(str(path))
            return channel
        except OSError:
            channel.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


class Monitor:
    """QEMU's own control channel, QMP."""

    def __init__(self, path):
        self.channel = connect(path)
        self.file = self.channel.makefile("rw")
        self.file.readline()  # the greeting
        self.do("qmp_capabilities")

    def do(self, command, **arguments):
        try:
            answer = self.ask({"execute": command, "arguments": arguments})
        except (OSError, ValueError) as error:
            raise Failed(f"QEMU has ended, told to {command}: {error}") from None
        if "error" in answer:
            raise Failed(f"QEMU: {command}: {answer['error']['desc']}")
        return answer["return"]

    def ask(self, question):
        self.file.write(json.dumps(question) + "\n")
        self.file.flush()
        while True:
            answer = json.loads(self.file.readline())
            if "error" in answer or "return" in answer:
                return answer


class Guest:
    def __init__(self, image, disk, place):
        """Begins to boot image (a directory made by image.sh) with the directory disk at /e2e;
        sockets and the console go into place."""
        self.place = pathlib.Path(place)
        self.pad_socket = self.place / "pad.sock"
        self.foreign_socket = self.place / "foreign.sock"
        with open(self.place / "disk.img", "wb") as file:
            file.truncate(64 << 20)
        subprocess.run(["mke2fs", "-q", "-t", "ext4", "-d", disk, file.name], check=True)
        self.log = open(self.place / "qemu.log", "w")
        self.process = subprocess.Popen(self.command(pathlib.Path(image)), stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log)
        self.lock = threading.Lock()
        self.agent = connect(self.place / "agent.sock")
        self.agent_file = self.agent.makefile("rw")
        self.monitor = Monitor(self.place / "qmp.sock")

    def command(self, image):
        def socket_at(name, path):
            return ["-chardev", f"socket,id={name},path={path},server=on,wait=off"]
        return [
            "qemu-system-x86_64", "-accel", "tcg,thread=multi,tb-size=1024",
            "-cpu", "qemu64", "-smp", "2", "-m", "1024", "-M", "q35", "-nodefaults",
            "-display", "none", "-no-reboot",
            "-kernel", str(image / "vmlinuz"), "-initrd", str(image / "initrd"),
            "-append", "console=ttyS0 rw quiet systemd.show_status=1 panic=-1 mitigations=off nokaslr",
            "-drive", f"file={image}/root.img,format=raw,if=none,id=root,snapshot=on,cache=unsafe",
            "-device", "virtio-blk-pci,drive=root",
            "-drive", f"file={self.place}/disk.img,format=raw,if=none,id=disk,readonly=on",
            "-device", "virtio-blk-pci,drive=disk",
            "-chardev", f"file,id=console,path={self.place}/console.log",
            "-serial", "chardev:console",
            "-device", "virtio-rng-pci",
            "-device", "virtio-serial-pci", *socket_at("agent", self.place / "agent.sock"),
            "-device", "virtserialport,chardev=agent,name=e2e",
            # Nothing is plugged in yet; see pad.py.
            "-device", "qemu-xhci,id=usb", *socket_at("pad", self.pad_socket),
            *socket_at("foreign", self.foreign_socket),
            "-qmp", f"unix:{self.place}/qmp.sock,server=on,wait=off",
        ]

    def read_line(self, patience_s):
        self.agent.settimeout(patience_s)
        try:
            line = self.agent_file.readline()
        except TimeoutError:
            raise Failed(f"the machine says nothing for {patience_s} s") from None
        if not line:
            raise Failed(f"QEMU has ended; see {self.log.name}")
        return line.strip()

    def expect_ready(self):
        """Until the agent answers."""
        if self.read_line(BOOT_S) != "ready":
            raise Failed("the agent is not ready")

    def run(self, *command, user=None, patience_s=COMMAND_S):
        """Runs a shell's script, or a program with its arguments, as root or as user."""
        script = command[0] if len(command) == 1 else shlex.join(command)
        if user:
            script = f"runuser -u {user} -- sh -c {shlex.quote(script)}"
        with self.lock:
            self.agent_file.write(base64.b64encode(script.encode()).decode() + "\n")
            self.agent_file.flush()
            status, out, err = self.read_line(patience_s).split(" ")
        return Answer(int(status), *(base64.b64decode(part[1:]).decode(errors="replace")
                                     for part in (out, err)))

    def do(self, *command, **options):
        """Runs what must succeed; returns what it said."""
        answer = self.run(*command, **options)
        if answer.status != 0:
            raise Failed(f"{' '.join(command)}: exit status {answer.status}\n"
                         f"{answer.out}{answer.err}")
        return answer.out

    def json(self, *command, **options):
        return json.loads(self.do(*command, **options))

    def until(self, what, condition, patience_s=COMMAND_S):
        """Waits until condition() returns something true, and returns that."""
        deadline = time.monotonic() + patience_s
        while True:
            result = condition()
            if result:
                return result
            if time.monotonic() > deadline:
                raise Failed(f"waited {patience_s} s in vain for {what}")
            time.sleep(0.5)

    def write(self, path, text):
        self.do(f"mkdir -p {os.path.dirname(path)}; printf %s {shlex.quote(text)} >{path}")

    def tails(self):
        """What to look at when a test has failed."""
        console = (self.place / "console.log").read_text(errors="replace").splitlines()[-40:]
        try:
            journal = self.run("journalctl --no-pager -n 80 -o short-precise").out
        except (Failed, OSError, ValueError) as error:
            journal = f"(none: {error})\n"
        return "the machine's journal:\n" + journal + "its console:\n" + "\n".join(console) + "\n"

    def end(self):
        self.process.kill()
        self.process.wait()
        self.log.close()
