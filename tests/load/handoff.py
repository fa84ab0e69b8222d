"""``python -m tests.load.handoff``: consoles and cases under load, also with the service killed.

Half of the messages go to counsellors, half to people (one half on Telegram, over the strict local
Bot API server, the other on the web chat). Each is numbered, so that what is lost, doubled or out
of order is counted. The program is stood in for by the scripted NLU.
"""

import argparse
import asyncio
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.conftest import free_port
from tests.load.consoles import Console
from tests.load.ledger import Ledger, p95, summary
from tests.load.people import Clocked, OnTelegram, OnWeb
from tests.load.world import build
from tests.support.nlu_server import NluServer
from tests.support.running import Running
from tests.support.telegram_server import TOKEN

#: Seconds that a restarted service has to catch up before delays count again.
CATCH_UP = 2.0


@dataclass
class Result:
    """What came of a load. ``down``: (begin, end) of each time without the service."""

    ledger: Ledger
    seconds: float
    down: list[tuple[float, float]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def sent(self) -> int:
        """How many messages were sent."""
        return sum(map(len, self.ledger.sent.values()))

    def lines(self) -> Iterable[str]:
        """The result in words."""
        ledger = self.ledger
        yield f"{self.sent} messages in {self.seconds:.0f} s"
        yield f"lost {ledger.missing}, twice {ledger.twice}, out of order {ledger.disordered}"
        yield f"sent to seen: {summary(ledger.delays(outside=self.down))}"
        if self.down:
            away = sum(end - begin for begin, end in self.down)
            yield f"killed {len(self.down)} times, away {away:.0f} s"
            yield f"with the times away: {summary(ledger.delays())}"
        for problem in self.problems[:5]:
            yield f"Bot API: {problem}"


async def load(
    folder: Path,
    *,
    counsellors: int,
    cases: int,
    per_second: float,
    seconds: float,
    kills: int = 0,
    database_url: str | None = None,
) -> Result:
    """Run a load; ``kills``: how often the service is killed and started again meanwhile."""
    ledger = Ledger()
    settings = {"DATABASE_URL": database_url} if database_url else {}
    with (
        NluServer(free_port()) as nlu,
        Clocked(free_port()) as telegram,
        Running(
            folder,
            free_port(),
            nlu.url,
            TELEGRAM_TOKEN=TOKEN,
            TELEGRAM_API_URL=telegram.url,
            **settings,
        ) as service,
    ):
        talks = await build(database_url or f"sqlite:///{service.database}", counsellors, cases)
        consoles = {
            name: Console(service.url, name, ledger)
            for name in sorted({talk.counsellor for talk in talks})
        }
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        async with httpx.AsyncClient(base_url=service.url, timeout=30, limits=limits) as client:
            people = {
                talk.case_id: OnTelegram(telegram, talk.user, talk.case_id, ledger)
                if talk.user
                else OnWeb(client, str(talk.session), talk.case_id, ledger)
                for talk in talks
            }
            try:
                for console in consoles.values():
                    await console.open()
                for console in consoles.values():
                    await asyncio.wait_for(console.connected.wait(), 60)
                web = [one for one in people.values() if isinstance(one, OnWeb)]
                for one in web:
                    one.open()
                # the "a counsellor is here" of all cases: Telegram takes 30 a second
                await asyncio.sleep(3 + cases / 2 / 25)
                killer = asyncio.create_task(_kill(service, kills, seconds))
                began = time.monotonic()
                await _write(talks, people, consoles, per_second, seconds)
                down = await killer
                await _settle(ledger, people, 60)
                took = time.monotonic() - began
            finally:
                for one in (*consoles.values(), *people.values()):
                    if not isinstance(one, OnTelegram):
                        await one.close()
    return Result(ledger, took, down, telegram.problems)


async def _write(talks, people, consoles, per_second: float, seconds: float) -> None:
    chance, began, n = random.Random(1), time.monotonic(), 0
    while (at := n / per_second) < seconds:
        await asyncio.sleep(max(0, began + at - time.monotonic()))
        talk = chance.choice(talks)
        if n % 2:
            consoles[talk.counsellor].write(talk.case_id)
        else:
            people[talk.case_id].write()
        n += 1
        if sys.stderr.isatty() and n % 100 == 0:
            sys.stderr.write(f"\r{n} messages")


async def _kill(service: Running, kills: int, seconds: float) -> list[tuple[float, float]]:
    down = []
    for _ in range(kills):
        await asyncio.sleep(seconds / (kills + 1))
        begin = time.monotonic()
        service.process.kill()
        await asyncio.to_thread(service.process.wait)
        await asyncio.to_thread(service.start)
        # what was sent just before the end of the process waits for the next one
        down.append((begin - 1, time.monotonic() + CATCH_UP))
    return down


async def _settle(ledger: Ledger, people, seconds: float) -> None:
    """Wait until everything has arrived, or so many seconds are over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        shown = Ledger(ledger.sent, {lane: list(got) for lane, got in ledger.got.items()})
        for lane in ledger.sent:
            shown.got.setdefault(lane, [])
        for one in people.values():
            if isinstance(one, OnTelegram):
                one.collect(shown)
        if not shown.missing:
            break
        await asyncio.sleep(0.5)
    for one in people.values():
        if isinstance(one, OnTelegram):
            one.collect(ledger)


def main() -> int:
    """Run the loads of the handoff and print what came of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.handoff")
    parser.add_argument("--counsellors", type=int, default=50)
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--per-second", type=float, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--database", help="a PostgreSQL database that is empty; default SQLite")
    options = parser.parse_args()
    # 50 consoles and 250 web chats keep a connection each
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, hard), hard))
    good = True
    for kills in (0, 3):
        with tempfile.TemporaryDirectory() as folder:
            result = asyncio.run(
                load(
                    Path(folder),
                    counsellors=options.counsellors,
                    cases=options.cases,
                    per_second=options.per_second,
                    seconds=options.seconds,
                    kills=kills,
                    database_url=options.database if not kills else None,
                )
            )
        print(
            f"{options.counsellors} consoles, {options.cases} cases, {options.per_second:g} a "
            f"second, {kills} kills:"
        )
        for line in result.lines():
            print(f"  {line}")
        ledger = result.ledger
        good &= (
            not (ledger.missing or ledger.disordered)
            and p95(ledger.delays(outside=result.down)) < 1
        )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
