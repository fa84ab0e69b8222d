"""The real NLU server (started once), for tests that need real understanding."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import free_port
from tests.support.running import ROOT, wait_for


class NluProcess:
    """The NLU server as a process that a test may kill and start again."""

    def __init__(self, log: Path):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it has loaded its model."""
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [ROOT / "nlu/.venv/bin/python", "-m", "nlu.serve", "--port", str(self.port)],
                cwd=ROOT,
                env=os.environ | {"OMP_NUM_THREADS": "1"},
                stdout=log,
                stderr=log,
            )
        wait_for(f"{self.url}/status", 90, self.process, self._log)

    def kill(self) -> None:
        """End it at once."""
        if self.process:
            self.process.kill()
            self.process.wait(10)


@pytest.fixture(scope="session")
def nlu_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NluProcess]:
    """The running NLU server."""
    server = NluProcess(tmp_path_factory.mktemp("nlu") / "nlu.log")
    server.start()
    yield server
    server.kill()
