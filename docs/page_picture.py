#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures a page as Chromium shows it: page_picture.py OUTPUT.png PAGE.html WIDTH light|dark

What is further down than HEIGHT is left out. `./dev pictures` makes the pictures in docs/.
"""
import os
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "tests/report"))

import browser  # noqa: E402

HEIGHT = 1150


def main():
    output, page, width, theme = sys.argv[1:]
    with browser.browser() as window:
        window.show(os.path.abspath(page), int(width), theme)
        window.picture(output, HEIGHT)


if __name__ == "__main__":
    main()
