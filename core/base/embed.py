#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a file's bytes as a C array: embed.py INPUT OUTPUT.c SYMBOL.

C17 has no #embed. The array ends with a zero that SYMBOL_size does not count, so that text can
be used as a string.
"""
import sys


def main():
    source, target, symbol = sys.argv[1:]
    with open(source, "rb") as file:
        data = file.read()
    rows = [data[i : i + 16] for i in range(0, len(data), 16)]
    with open(target, "w", encoding="ascii") as file:
        file.write("#include <stddef.h>\n")
        file.write(f"extern const unsigned char {symbol}[];\nextern const size_t {symbol}_size;\n")
        file.write(f"const unsigned char {symbol}[] = {{\n")
        for row in rows:
            file.write("    " + " ".join(f"{byte}," for byte in row) + "\n")
        file.write(f"    0}};\nconst size_t {symbol}_size = {len(data)};\n")


if __name__ == "__main__":
    main()
