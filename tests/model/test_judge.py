# SPDX-License-Identifier: GPL-3.0-or-later
"""What model/judge says with the shipped weights is what psoasmon classify says.

    test_judge.py PSOASMON JUDGE WEIGHTS
"""

import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest

PSOASMON, JUDGE, WEIGHTS = sys.argv[1:4]
POSITIONS = 14
RECORD = struct.Struct(f"5I{1 + 2 * POSITIONS}f")  # struct judged
NAMES = subprocess.run([PSOASMON, "calibrate", "--list-positions"], check=True, text=True,
                       stdout=subprocess.PIPE).stdout.splitlines()
NAMES = [line.split()[0] for line in NAMES] + ["empty", "unknown"]


def psoasmon(*arguments):
    return subprocess.run([PSOASMON, *arguments], check=True, stdout=subprocess.PIPE).stdout


class Judge(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def simulate(self, name, plan, seed):
        path = os.path.join(self.folder, name)
        psoasmon("simulate", "--plan", plan, "--seed", str(seed), "--output", path)
        return path

    def classify(self, paths, *options):
        out = psoasmon("classify", "--pad", "virtual", *options, *paths)
        return [json.loads(line) for line in out.splitlines()]

    def judge(self, paths, *options):
        out = subprocess.run([JUDGE, *options, WEIGHTS, "virtual", *paths], check=True,
                             stdout=subprocess.PIPE).stdout
        return list(RECORD.iter_unpack(out))

    def compare(self, judged, said, filtered):
        self.assertEqual(len(judged), len(said))
        for record, line in zip(judged, said):
            frame, drop, position, confidence = record[1], record[2], record[4], record[5]
            probabilities = record[6 + POSITIONS * filtered:][:POSITIONS]
            self.assertEqual(frame, line["frame"])
            self.assertEqual(drop != 0, line["position"] is None)
            if drop:
                continue
            if not filtered:
                confidence = max(probabilities)
                position = probabilities.index(confidence)
            self.assertEqual(NAMES[position], line["position"])
            self.assertAlmostEqual(confidence, line["confidence"], places=5)
            for name, probability in line["probabilities"].items():
                self.assertAlmostEqual(probabilities[NAMES.index(name)], probability, places=5)

    def test_same_as_classify(self):
        paths = [self.simulate("one", "supine:6,empty:25,left_fetal:6", 1),
                 self.simulate("two", "prone:4,right_side:9", 2)]
        with open(paths[1], "r+b") as file:  # a frame that is dropped
            file.seek(30000)
            file.write(b"\xff\xff\xff\xff")
        judged = self.judge(paths)
        self.assertEqual({record[0] for record in judged}, {0, 1})
        self.assertTrue(any(record[2] for record in judged))
        self.assertTrue(any(NAMES[record[4]] == "empty" for record in judged))
        self.compare(judged, self.classify(paths, "--raw"), filtered=False)
        self.compare(judged, self.classify(paths), filtered=True)

    def test_same_calibration(self):
        held = [f"{position}={self.simulate(position, f'{position}:22', 3)}"
                for position in ("reclined", "left_side")]
        judged_on = [self.simulate("night", "reclined:8,left_side:8", 3)]
        calibration = os.path.join(self.folder, "calibration")
        psoasmon("calibrate", "--positions", "--pad", "virtual", "--from", ",".join(held),
                 "--calibration", calibration)
        holds = [argument for hold in held for argument in ("--hold", hold)]
        judged = self.judge(judged_on, *holds)
        self.assertNotEqual(judged, self.judge(judged_on))
        self.compare(judged, self.classify(judged_on, "--calibration", calibration), filtered=True)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
