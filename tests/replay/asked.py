# SPDX-License-Identifier: GPL-3.0-or-later
"""A pad that speaks when it is spoken to."""
import contextlib
import os
import select
import threading


class Asked:
    """Answers on its end of a pseudo-terminal as a pad would, until it is stopped."""

    def __init__(self, pad, answer):
        self.pad, self.answer = pad, answer
        self.heard = b""
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.thread.join()

    def run(self):
        while not self.stopped.is_set():
            if not select.select([self.pad.master], [], [], 0.05)[0]:
                continue
            with contextlib.suppress(OSError):
                words = os.read(self.pad.master, 64)
                self.heard += words
                for data in self.answer(words):
                    self.pad.send(data)
