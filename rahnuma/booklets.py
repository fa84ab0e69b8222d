"""The commands ``rahnuma booklet`` and ``rahnuma posters``: what is printed, as files."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from booklet.pdf import NotSet
from booklet.poster import NoPlace
from booklet.shelf import KINDS, Booklets
from content.languages import LANGUAGES
from rahnuma.progress import Progress
from rahnuma.settings import Settings


def add_booklet_commands(commands: "argparse._SubParsersAction") -> None:
    """Add the commands to the program's own."""
    booklet = commands.add_parser("booklet", help="write the booklet for offline in a language")
    booklet.add_argument("--language", required=True, choices=LANGUAGES)
    booklet.add_argument("--out", required=True, type=Path, metavar="FILE.pdf|FILE.html")
    booklet.set_defaults(run=_booklet)
    posters = commands.add_parser("posters", help="write the posters of all centres")
    posters.add_argument("--out", required=True, type=Path, metavar="FOLDER")
    posters.set_defaults(run=_posters)


def _booklet(options: argparse.Namespace, settings: Settings) -> int:
    out, kind = options.out, options.out.suffix.removeprefix(".")
    if kind not in KINDS:
        print(f"rahnuma: {out}: must end in .pdf or .html", file=sys.stderr)
        return 1

    async def work(booklets: Booklets) -> None:
        file = await booklets.make(options.language, kind)
        out.write_bytes(file.data)
        print(f"{out}: {len(file.data):,} bytes")

    return _with_booklets(settings, work)


def _posters(options: argparse.Namespace, settings: Settings) -> int:
    folder = options.out

    async def work(booklets: Booklets) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        wanted = booklets.posters()
        with Progress("posters", sys.stderr) as progress:
            for i, centre in enumerate(wanted, 1):
                file = await booklets.poster(centre)
                (folder / file.name).write_bytes(file.data)
                progress(i, len(wanted))
        print(f"{len(wanted)} posters written to {folder}")

    return _with_booklets(settings, work)


def _with_booklets(settings: Settings, work: Callable[[Booklets], Awaitable[None]]) -> int:
    """Do a command's work with what is published now. Raises one of DATABASE_ERRORS."""
    # here, since Telegram's library takes a second that no other command needs
    from rahnuma.service import Service

    async def run() -> None:
        service = Service(settings)
        try:
            await service.database.open()
            await service.fresh.load()
            await work(service.booklets)
        finally:
            await service.close()

    try:
        asyncio.run(run())
    except (NoPlace, OSError, NotSet) as error:
        print(f"rahnuma: {error}", file=sys.stderr)
        return 1
    return 0
