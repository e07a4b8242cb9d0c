# SPDX-License-Identifier: GPL-3.0-or-later
"""RESULTS.md and MODEL_CARD.md are about the weights that are shipped, and agree with each other.

    test_results.py MODEL_DIRECTORY
"""

import os
import re
import sys
import unittest
import zlib

MODEL = sys.argv[1]
STALE = "run model/evaluate.py: the weights have changed since"


def read(name, mode="r"):
    with open(os.path.join(MODEL, name), mode) as file:
        return file.read()


def shipped():
    """The weights' name as core/position makes it, from the file itself."""
    content = read("psoasmon.weights", "rb")
    checksum = zlib.crc32(content[:-4])
    assert content[:8] == b"PSOASNET"
    assert int.from_bytes(content[-4:], "little") == checksum, "the weights are damaged"
    return f"cnn{int.from_bytes(content[8:12], 'little')}-{checksum:08x}"


def between_marks(text):
    return re.search("<!-- figures -->\n(.*)<!-- /figures -->", text, re.DOTALL).group(1)


class Results(unittest.TestCase):
    def test_named_weights_are_the_shipped_ones(self):
        for name in ("RESULTS.md", "MODEL_CARD.md"):
            text = read(name)
            self.assertIn(f"Shipped weights: `{shipped()}`\n", text, f"{name}: {STALE}")
            self.assertEqual(set(re.findall("cnn[0-9]+-[0-9a-f]{8}", text)), {shipped()}, name)

    def test_card_has_the_figures_of_the_results(self):
        results, card = (between_marks(read(name)) for name in ("RESULTS.md", "MODEL_CARD.md"))
        self.assertEqual(results, card)
        self.assertIn("%", results)

    def test_every_picture_is_there_and_shown(self):
        shown = set(re.findall(r"\]\(results/([a-z0-9-]+\.svg)\)", read("RESULTS.md")))
        folder = os.path.join(MODEL, "results")
        there = set(os.listdir(folder)) if os.path.isdir(folder) else set()
        self.assertEqual(shown, there)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
