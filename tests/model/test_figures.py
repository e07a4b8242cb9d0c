# SPDX-License-Identifier: GPL-3.0-or-later
"""The evaluation's own arithmetic, and what it writes. Skipped where there is no numpy or PyTorch.

    test_figures.py MODEL_DIRECTORY
"""

import os
import sys
import tempfile
import unittest
import xml.etree.ElementTree

MODEL = sys.argv[1]
sys.dont_write_bytecode = True
sys.path.insert(0, MODEL)
try:
    import numpy as np
    import beds
    import data
    import judging
    import results
    import stand_ins
    import tables
except ModuleNotFoundError as missing:
    if missing.name not in ("numpy", "torch"):
        raise
    print(f"skipped: there is no {missing.name}")
    sys.exit(77)


def judged(truth, raw, confidence=0.9, person=1):
    """Frames of one recording; filtered as raw."""
    n = len(truth)
    probabilities = np.full((n, judging.N), (1 - confidence) / (judging.N - 1))
    probabilities[np.arange(n), raw] = confidence
    same = np.full(n, confidence)
    return judging.Judged(
        person=np.full(n, person), file=np.full(n, 1), frame=np.arange(n), truth=np.array(truth),
        raw=np.array(raw), raw_confidence=same, raw_probabilities=probabilities,
        filtered=np.array(raw), filtered_confidence=same, filtered_probabilities=probabilities)


def made_up_figures():
    """One person on each bed: right in three frames of four, and an empty bed."""
    supine, left = data.INDEX["supine"], data.INDEX["left_side"]
    one = judged([supine] * 40 + [beds.EMPTY] * 8,
                 [supine] * 30 + [left] * 10 + [beds.EMPTY] * 8)
    sizes = [f"size-{rows}x{cols}" for rows, cols in stand_ins.SIZES]
    return {"beds": {name: one for name in [*tables.BED_TITLES, *tables.STRANGERS, *sizes]},
            "before": one.occupied(), "after": one.occupied(),
            "postures": (np.zeros(40, int), np.arange(40) % 2, np.ones(40, int))}


class Arithmetic(unittest.TestCase):
    def test_calibration_error(self):
        right = np.array([True] * 8 + [False] * 2)
        self.assertAlmostEqual(judging.calibration_error(right, np.full(10, 0.85)), 0.05)
        # Tenths count by their frames: 6 off by 0.35, 4 by 0.25.
        right = np.array([True] * 6 + [True, True, False, False])
        sure = np.array([0.65] * 6 + [0.25] * 4)
        self.assertAlmostEqual(judging.calibration_error(right, sure), 0.6 * 0.35 + 0.4 * 0.25)

    def test_groups(self):
        knee, fetal = data.INDEX["supine_left_knee"], data.INDEX["left_fetal"]
        side, front = data.INDEX["left_side"], data.INDEX["prone"]
        grouped = judged([knee, fetal, front], [0, side, beds.UNKNOWN]).grouped()
        self.assertEqual(list(grouped.right()), [True, True, False])
        # A group is as probable as its positions together: six lie on the back, two on each side.
        rest = 0.1 / (judging.N - 1)
        np.testing.assert_allclose(grouped.raw_confidence, [0.9 + 5 * rest, 0.9 + rest, 0.9])

    def test_worst_person(self):
        both = judging.Judged.join([judged([0, 0], [0, 0], person=2), judged([0, 0], [0, 1])])
        self.assertEqual(tables.worst(both), (0.5, 1))

    def test_fewer_cells_over_the_same_length(self):
        np.testing.assert_allclose(stand_ins.lengthened(3, 2),
                                   [[2 / 3, 1 / 3, 0], [0, 1 / 3, 2 / 3]])
        np.testing.assert_allclose(stand_ins.lengthened(64, 12).sum(1), 1)

    def test_mattress(self):
        rows, cols = np.indices((data.ROWS, data.COLS))
        body = np.exp(-((rows - 30) / 12) ** 2 - ((cols - 20) / 4) ** 2).astype(np.float32)
        frames = data.Frames(body[None].repeat(4, 0), np.zeros(4, int), np.ones(4, int),
                             np.ones(4, int), np.arange(4))
        with tempfile.TemporaryDirectory() as folder:
            bed = stand_ins.mattress(frames, folder, np.random.default_rng(1))
            lying, nobody = (np.loadtxt(path) - 480 for path, *_ in bed.recordings)
        self.assertEqual(lying.shape, (4, 72))
        self.assertTrue(np.all(abs(lying.max(1) - 14) <= 2))
        self.assertEqual(np.unravel_index(lying[0].argmax(), (12, 6)), (5, 3))
        self.assertTrue(np.all(abs(nobody) <= 2) and nobody.any())


class Written(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "RESULTS.md")
        self.card = os.path.join(folder.name, "MODEL_CARD.md")
        self.pictures = os.path.join(folder.name, "results")

    def test_results(self):
        results.write_results(made_up_figures(), "a test", "cnn0-00000000", self.path)
        with open(self.path, encoding="utf-8") as file:
            lines = file.read().splitlines()
        self.assertIn("Shipped weights: `cnn0-00000000`", lines)
        whole = [line for line in lines if line.startswith("| PmatData, nine positions |")]
        self.assertEqual(len(whole), 1)
        self.assertIn("| 40 | 75.00 % | - | 71.43 % (0.00 % unknown) |", whole[0])
        for before, line in zip(lines, lines[1:]):
            if before.startswith("|") and line.startswith("|"):
                self.assertEqual(before.count("|"), line.count("|"), line)
        self.assertTrue(os.listdir(self.pictures))
        for name in os.listdir(self.pictures):
            xml.etree.ElementTree.parse(os.path.join(self.pictures, name))
            self.assertTrue(any(f"results/{name}" in line for line in lines), name)

    def test_card(self):
        with open(self.card, "w", encoding="utf-8") as file:
            file.write("Shipped weights: `stale`\nkept\n"
                       "<!-- figures -->\nstale\n<!-- /figures -->\nkept")
        results.update_card(made_up_figures(), "cnn0-00000000", self.card)
        with open(self.card, encoding="utf-8") as file:
            card = file.read()
        self.assertNotIn("stale", card)
        self.assertEqual(card.count("\nkept"), 2)
        self.assertIn("Shipped weights: `cnn0-00000000`\n", card)
        self.assertIn("\n".join(results.block(made_up_figures())), card)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
