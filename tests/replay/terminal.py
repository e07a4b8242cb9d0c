# SPDX-License-Identifier: GPL-3.0-or-later
"""A program on a terminal, and somebody in front of it."""
import os
import pty
import select
import signal
import time

import rig


class Terminal:
    """psoasmon on a pseudo-terminal of its own, which is its controlling one: Ctrl-C arrives."""

    def __init__(self, *arguments):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.environ.update(TERM="xterm", LC_ALL="C.UTF-8")
            os.execv(rig.PSOASMON, [rig.PSOASMON, *map(str, arguments)])
        self.text = ""
        self.ended = False
        self.deadline = time.monotonic() + 5 * rig.DEADLINE_S

    def read_more(self):
        """Waits for output; false when there will be no more."""
        assert time.monotonic() < self.deadline, self.text
        if not select.select([self.fd], [], [], rig.DEADLINE_S)[0]:
            raise AssertionError(f"nothing new from {self.state()} after: {self.text}")
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # how Linux says that the other end is closed
            data = b""
        self.text += data.decode()
        self.ended = not data
        return bool(data)

    def state(self):
        """What the program does instead of saying something."""
        with open(f"/proc/{self.pid}/stat", encoding="ascii") as stat, \
                open(f"/proc/{self.pid}/wchan", encoding="ascii") as wchan:
            return f"{self.pid} ({stat.read().rpartition(')')[2].split()[0]}, {wchan.read()})"

    def wait(self, part, after=0):
        """Until the text has `part`, and where that ends."""
        while part not in self.text[after:]:
            assert self.read_more(), f"no {part!r} in: {self.text}"
        return self.text.index(part, after) + len(part)

    def type(self, keys):
        os.write(self.fd, keys.encode())

    def finish(self):
        """Reads to the end. The exit status, or minus the signal that ended it."""
        while self.read_more():
            pass
        return self.reap()

    def reap(self):
        pid, self.pid = self.pid, None
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def end(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            self.reap()
