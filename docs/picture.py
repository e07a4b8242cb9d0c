#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws what a command shows on a terminal as an SVG: picture.py OUTPUT.svg COMMAND [ARG ...]

The command runs on a pseudo-terminal of 80 columns. `./dev pictures` makes the pictures in docs/.
"""
import html
import os
import pty
import re
import subprocess
import sys

COLUMNS = 80
CELL_W, CELL_H, MARGIN = 8.43, 18, 16
INK, PAPER = "#d8dee4", "#0d1117"
COLOURS = {
    30: "#484f58", 31: "#ff7b72", 32: "#56d364", 33: "#e3b341", 34: "#79c0ff", 35: "#d2a8ff",
    36: "#76e3ea", 37: INK, 90: "#8b949e", 91: "#ffa198", 92: "#7ee787", 93: "#f2cc60", 94: "#a5d6ff", 96: "#b3f0ff",
}
WORDS = re.compile(r"\S+(?: \S+)*")  # browsers make one blank of several
SGR = re.compile(r"\x1b\[([0-9;]*)m|\x1b\[[0-9;?]*[A-Za-z]|\x1b\(B")


def run(command):
    """What the command writes to a terminal."""
    ours, its = pty.openpty()
    environment = dict(os.environ, COLUMNS=str(COLUMNS), TERM="xterm-256color", LC_ALL="C.UTF-8")
    environment.pop("NO_COLOR", None)
    process = subprocess.Popen(command, stdin=its, stdout=its, stderr=its, env=environment)
    os.close(its)
    parts = []
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        parts.append(part)
    if process.wait() != 0:
        sys.exit(f"{command[0]}: exit status {process.returncode}")
    return b"".join(parts).decode("utf-8").replace("\r\n", "\n").rstrip("\n")


def spans(line, style):
    """(text, style) pieces of a line; style is carried on."""
    at = 0
    for match in SGR.finditer(line):
        if match.start() > at:
            yield line[at : match.start()], dict(style)
        at = match.end()
        for code in (int(c or 0) for c in (match.group(1) or "0").split(";")):
            if code == 0:
                style.clear()
            elif code == 1:
                style["font-weight"] = "bold"
            elif code == 2:
                style["fill"] = COLOURS[90]
            elif code in COLOURS:
                style["fill"] = COLOURS[code]
            elif code == 39:
                style.pop("fill", None)
    if at < len(line):
        yield line[at:], dict(style)


def draw(text):
    lines = text.split("\n")
    width = COLUMNS * CELL_W + 2 * MARGIN
    height = len(lines) * CELL_H + 2 * MARGIN
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img">',
        f"<title>{html.escape(SGR.sub('', lines[0]))}</title>",
        f'<rect width="100%" height="100%" rx="8" fill="{PAPER}"/>',
        f'<g font-family="DejaVu Sans Mono,Menlo,Consolas,monospace" font-size="14" fill="{INK}">',
    ]
    style = {}
    for row, line in enumerate(lines):
        column = 0
        for piece, look in spans(line, style):
            attributes = "".join(f' {k}="{v}"' for k, v in sorted(look.items()))
            for words in WORDS.finditer(piece):
                x = MARGIN + (column + words.start()) * CELL_W
                y = MARGIN + row * CELL_H + 14
                width = len(words.group()) * CELL_W
                out.append(f'<text x="{x:.2f}" y="{y}" textLength="{width:.2f}"'
                           f"{attributes}>{html.escape(words.group())}</text>")
            column += len(piece)
    return "\n".join(out + ["</g>", "</svg>", ""])


def main():
    picture = draw(run(sys.argv[2:]))
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write(picture)


if __name__ == "__main__":
    main()
