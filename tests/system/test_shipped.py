# SPDX-License-Identifier: GPL-3.0-or-later
"""What is shipped agrees with itself: one version everywhere, and every key of the configuration in
the file that is installed.

    test_shipped.py SOURCE_DIRECTORY VERSION
"""

import os
import re
import sys
import unittest

SOURCE, VERSION = sys.argv[1:]


def read(name):
    with open(os.path.join(SOURCE, name)) as file:
        return file.read()


def keys_documented():
    """{(section, key)} of the table in psoasmon.conf.md; a section is named in its first row only."""
    keys, section = set(), None
    for line in read("docs/psoasmon.conf.md").splitlines():
        row = re.match(r"\| (?:`\[(\w+)\]`)? *\| `(\w+)` \|", line)
        if row:
            section = row[1] or section
            keys.add((section, row[2]))
    return keys


def keys_installed():
    keys, section = set(), None
    for line in read("docs/psoasmon.conf").splitlines():
        heading = re.fullmatch(r"\[(\w+)\]", line)
        setting = re.match(r"#(\w+) = ", line)
        section = heading[1] if heading else section
        if setting:
            keys.add((section, setting[1]))
    return keys


class Shipped(unittest.TestCase):
    def test_the_package_is_of_this_version(self):
        first = read("debian/changelog").splitlines()[0]
        self.assertRegex(first, rf"^psoasmon \({re.escape(VERSION)}\) ")

    def test_the_newest_changes_are_of_this_version(self):
        newest = re.search("^## (.*)$", read("CHANGELOG.md"), re.MULTILINE)[1]
        self.assertIn(newest, (VERSION, f"{VERSION} (unreleased)"))

    def test_every_documented_key_is_in_the_installed_file(self):
        self.assertGreater(len(keys_documented()), 10)
        self.assertEqual(keys_installed(), keys_documented())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
