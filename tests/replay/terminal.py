# SPDX-License-Identifier: GPL-3.0-or-later
"""A program on a terminal, and somebody in front of it."""
import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

import rig


class Terminal:
    """psoasmon on a pseudo-terminal of its own, which is its controlling one: Ctrl-C arrives."""

    def __init__(self, *arguments, **environment):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.environ.update({"TERM": "xterm", "LC_ALL": "C.UTF-8", **environment})
            os.execv(rig.PSOASMON, [rig.PSOASMON, *map(str, arguments)])
        self.text = ""
        # A character may be cut in two by a read, or for good by a picture that is given up.
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
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
        self.text += self.decoder.decode(data)
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

    def resize(self, rows, cols):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

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


class Screen:
    """What a terminal shows of the escape sequences that psoasmon uses; any other is an error."""

    # CAN ends a sequence that was cut off. An answer that is still on its way when the terminal is
    # given back is echoed by it.
    CODES = re.compile(r"(?:\x1b[^A-Za-z\x18]*)?\x18|\^\[\[[0-9;]*R|"
                       r"\x1b\[(\??)([0-9;]*)([A-Za-z])|[^\x1b]")
    CUT = re.compile(r"(?:\x1b(\[[?0-9;]*)?|\^(\[(\[[0-9;]*)?)?)$")

    def __init__(self, terminal, rows, cols):
        self.terminal, self.rows, self.cols = terminal, rows, cols
        self.seen = 0  # of the terminal's text
        self.cells = {}
        self.at = (0, 0)
        self.modes = set()
        self.looks = set()  # what was ever set
        self.asked = 0  # questions that wait for an answer
        self.answering = True
        self.resizing = False  # what is for the size before is still on its way
        terminal.resize(rows, cols)

    def take(self, mark, numbers, code, glyph):
        row, col = self.at
        if glyph.endswith("\x18") or glyph.startswith("^["):
            return
        if code is None:
            assert glyph >= " ", (glyph, self.at)
            if self.resizing and not (row < self.rows and col < self.cols):
                return
            assert row < self.rows and col < self.cols, (glyph, self.at)
            self.cells[row, col] = glyph
            self.at = (row, col + 1)
        elif mark:
            (self.modes.add if code == "h" else self.modes.discard)(numbers)
        elif code == "H":
            self.at = tuple(int(n) - 1 for n in numbers.split(";"))
        elif code == "J":
            assert numbers == "2"
            self.cells.clear()
        elif code == "m":
            self.looks.add(numbers)
        elif (numbers, code) == ("6", "n"):
            self.asked += 1
        else:
            raise AssertionError((numbers, code))

    def update(self):
        text = self.terminal.text
        # In the middle of a sequence, the rest is awaited.
        cut = self.CUT.search(text, self.seen)
        end = cut.start() if cut else len(text)
        for found in self.CODES.finditer(text, self.seen, end):
            self.take(found[1], found[2], found[3], found[0])
        self.seen = end
        while self.answering and self.asked:
            self.asked -= 1
            self.terminal.type(f"\x1b[{self.at[0] + 1};{self.at[1] + 1}R")

    def lines(self):
        self.update()
        return ["".join(self.cells.get((row, col), " ") for col in range(self.cols)).rstrip()
                for row in range(self.rows)]

    def wait(self, condition):
        """Until the lines are so, and those."""
        while not condition(lines := self.lines()):
            try:
                assert self.terminal.read_more()
            except AssertionError:
                raise AssertionError("\n".join(lines)) from None
        return lines

    def wait_for(self, part):
        """Until the screen says so, on however many lines."""
        return self.wait(lambda lines: part in " ".join(" ".join(
            line.rpartition("│")[2].rpartition("|")[2] for line in lines).split()))
