# SPDX-License-Identifier: GPL-3.0-or-later
"""psoasmon report over the databases of the goldens."""
import os
import resource
import subprocess

import pytest


class Nights:
    """Databases by their kind (tests/golden/make_database.c), and reports of them."""

    def __init__(self, directory):
        self.directory = directory
        (directory / "empty.conf").write_text("")

    def database(self, kind):
        path = self.directory / f"{kind}.db"
        if not path.exists():
            subprocess.run([os.environ["PSOASMON_MAKE_DATABASE"], kind, path], check=True)
        return path

    def report(self, kind, *options, locale="C.UTF-8", columns=80, file_limit=None):
        """What it wrote, as bytes, its exit status and standard error with it. file_limit: how many
        bytes a file may have."""
        def limit():
            if file_limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))

        environment = dict(os.environ, LANGUAGE="", LC_ALL=locale, COLUMNS=str(columns))
        return subprocess.run(
            [os.environ["PSOASMON"], "report", "--config", self.directory / "empty.conf",
             "--database", self.database(kind), *options],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False,
            env=environment, preexec_fn=limit)


@pytest.fixture(scope="session")
def nights(tmp_path_factory):
    return Nights(tmp_path_factory.mktemp("nights"))
