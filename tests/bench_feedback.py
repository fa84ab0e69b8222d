"""``make bench``, its part about feedback: how long the dashboard and an export take.

100,000 items of a year are put into a new SQLite and a new PostgreSQL database (skipped where none
runs). The dashboard is opened over HTTP as an officer does, the export is run as an operator does.
Memory is the largest resident set of the export's process.
"""

import asyncio
import datetime as dt
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
from sqlalchemy import insert, text

from content.coding import frame
from content.directory import Directory
from content.languages import LANGUAGES
from reporting.overview import STATUSES
from store.database import Database
from store.tables import FeedbackRow, ReportRow, random_id
from tests.conftest import POSTGRES, free_port
from tests.support.console import set_up_second_factor
from tests.support.running import ROOT, Running

ITEMS = 100_000
OPENED = 7  # times that each page is opened
PASSWORD = "a long password"
#: Most seconds that are promised for the page and the export.
PAGE_SECONDS, EXPORT_SECONDS = 1.0, 20.0


def rows(n: int, until: dt.date, seed: int = 1) -> list[dict]:
    """``n`` feedback items of the year before a day, spread unevenly as in life."""
    chance = random.Random(seed)
    codes = list(frame().codes.values())
    weights = [1 / (place + 1) for place in range(len(codes))]
    chance.shuffle(weights)
    centres = [*Directory.load().centres, None]
    found = []
    for number in range(n):
        code = chance.choices(codes, weights)[0]
        given_on = until - dt.timedelta(days=int(364 * chance.random() ** 1.3))
        status = chance.choices(list(STATUSES), (10, 10, 10, 50, 20))[0]
        answered = given_on + dt.timedelta(days=int(chance.expovariate(0.2)))
        found.append(
            {
                "given_on": given_on,
                "waiting_since": given_on,
                "language": chance.choices(list(LANGUAGES), (25, 35, 15, 15, 5, 5))[0],
                "channel": chance.choices(("telegram", "web"), (3, 1))[0],
                "centre": chance.choice(centres),
                "type": chance.choice(code.types),
                "category": sorted(frame().categories[code.category].areas)[0],
                "code": code.id if chance.random() < 0.9 else None,
                "coded_by": "omar" if chance.random() < 0.6 else None,
                "sensitive": code.sensitive,
                "status": status,
                "answered_on": answered if status == "answered" else None,
                "text": "The food was cold again today and we waited long in the queue. " * 4,
                "code_hash": f"{number:064}",
            }
        )
    return found


async def fill(database: Database, n: int, until: dt.date) -> None:
    """Store items, and some reports."""
    items = rows(n, until)
    # in the order of their ids, which is the table's: random places would take minutes
    for item, id_ in zip(items, sorted(random_id() for _ in items), strict=True):
        item["id"] = id_
    async with database.transaction() as session:
        for start in range(0, len(items), 2000):
            await session.execute(insert(FeedbackRow), items[start : start + 2000])
        reports = [{"kind": "gbv", "language": "ar", "body": b"", "given_on": until}] * 200
        await session.execute(insert(ReportRow), reports)
    if not database.is_sqlite:
        # what PostgreSQL does by itself within a minute (autovacuum), outside a transaction
        outside = database.engine.execution_options(isolation_level="AUTOCOMMIT")
        async with outside.connect() as connection:
            await connection.execute(text("VACUUM ANALYZE"))


@asynccontextmanager
async def _postgresql() -> AsyncIterator[str | None]:
    try:
        admin = await asyncpg.connect(POSTGRES, timeout=3)
    except (OSError, asyncpg.PostgresError):
        yield None
        return
    name = f"rahnuma_bench_{uuid.uuid4().hex}"
    await admin.execute(f'CREATE DATABASE "{name}"')
    try:
        yield POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    finally:
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await admin.close()


async def _measure(kind: str, url: str, folder: Path) -> bool:
    database = Database(url)
    await database.open()
    began = time.perf_counter()
    await fill(database, ITEMS, dt.datetime.now(dt.UTC).date())
    await database.close()
    print(f"{kind}: {ITEMS:,} items stored in {time.perf_counter() - began:.1f} s")
    return await asyncio.to_thread(_time, kind, url, folder)


def _time(kind: str, url: str, folder: Path) -> bool:
    kept = True
    with Running(folder, free_port(), f"http://127.0.0.1:{free_port()}", DATABASE_URL=url) as run:
        run.command("users", "add", "omar", "--role", "aap", "--password-stdin",
                    stdin=f"{PASSWORD}\n")  # fmt: skip
        with httpx.Client(base_url=run.url, follow_redirects=True, timeout=60) as client:
            client.post("/console/sign-in", data={"name": "omar", "password": PASSWORD})
            set_up_second_factor(client)
            this = dt.datetime.now(dt.UTC).date()
            year = f"from={this.year - 1}-{this.month:02}&to={this:%Y-%m}"
            for name, query in (("3 months", ""), ("13 months", year),
                                ("13 months, one centre", f"{year}&centre=lipa")):  # fmt: skip
                times = []
                for _ in range(OPENED):
                    began = time.perf_counter()
                    answer = client.get(f"/console/dashboard?{query}")
                    times.append(time.perf_counter() - began)
                    assert answer.status_code == 200, answer.text
                median, worst = statistics.median(times), max(times)
                print(f"{kind}: dashboard, {name:22} median {median:5.2f} s   worst {worst:5.2f} s")
                kept = kept and median < PAGE_SECONDS
        for form in ("csv", "xlsx"):
            seconds, memory = _export(run, form, folder / f"export.{form}")
            print(f"{kind}: export, {form:4} {seconds:5.1f} s, at most {memory:.0f} MB")
            kept = kept and seconds < EXPORT_SECONDS
        idle = _memory(["-m", "rahnuma", "--help"], run)
        print(f"{kind}: a command that does nothing takes {idle[0]:.1f} s, {idle[1]:.0f} MB")
    return kept


def _export(run: Running, form: str, out: Path) -> tuple[float, float]:
    command = ["-m", "rahnuma", "feedback", "export", "--format", form, "--out", str(out)]
    return _memory(command, run)


def _memory(command: list[str], run: Running) -> tuple[float, float]:
    """Seconds and largest resident set in MB of a Python command with the service's settings."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=run.environment, stdout=subprocess.DEVNULL
    )
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return time.perf_counter() - began, usage.ru_maxrss / 1024


async def _run() -> bool:
    kept = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kept &= await _measure("SQLite", f"sqlite:///{folder / 'bench.db'}", folder)
        async with _postgresql() as url:
            if url is None:
                print("PostgreSQL: not measured, none runs at 127.0.0.1:5432")
            else:
                kept &= await _measure("PostgreSQL", url, folder)
    return kept


def main() -> int:
    """Measure and print; 1 if the page or the export takes longer than promised."""
    return 0 if asyncio.run(_run()) else 1


if __name__ == "__main__":
    sys.exit(main())
