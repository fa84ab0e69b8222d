"""The service as a real process, on free ports, with its own database."""

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent.parent

SECRET_KEY = "a secret that is only used in tests, 40 characters"


class Running:
    """``rahnuma serve`` in a process; use as a context manager."""

    def __init__(self, folder: Path, port: int, nlu_url: str, **settings: str):
        self.url = f"http://127.0.0.1:{port}"
        self.log = folder / "service.log"
        self.database = folder / "service.db"
        self.environment = os.environ | {
            "PORT": str(port),
            "NLU_URL": nlu_url,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "SECRET_KEY": SECRET_KEY,
            **settings,
        }

    def __enter__(self) -> "Running":
        self.start()
        return self

    def start(self) -> None:
        """Start and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "rahnuma", "serve"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        try:
            wait_for(f"{self.url}/healthz", 90, self.process, self.log)
        except AssertionError:
            self.process.kill()  # nobody will call __exit__
            self.process.wait()
            raise

    def __exit__(self, *_error: object) -> None:
        self.process.terminate()
        self.process.wait(15)

    def command(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run ``rahnuma`` with the same settings."""
        return subprocess.run(
            [sys.executable, "-m", "rahnuma", *arguments],
            cwd=ROOT,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def wait_for(
    url: str,
    seconds: float,
    process: subprocess.Popen[bytes] | None = None,
    log: Path | None = None,
) -> None:
    """Wait until an address answers 200; AssertionError with the log's end if it does not."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process and process.poll() is not None:
            break
        if _answers(url):
            return
        time.sleep(0.1)
    raise AssertionError(f"{url} is not up\n{log.read_text()[-2000:] if log else ''}")


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False
