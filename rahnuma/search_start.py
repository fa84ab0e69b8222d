"""Gives the search what people ask, beside everything else that happens at a start.

Until then, and where the questions are missing, it searches the answers' own words.
"""

import asyncio
import sys
from pathlib import Path

import structlog

from content.answers import Library
from content.languages import LANGUAGES
from content.questions import CacheError, index_path, read_index
from rahnuma.settings import ROOT, VAR

log = structlog.get_logger()


async def learn_questions(library: Library, kept: Path = VAR) -> None:
    """Read the kept index of questions, or make it first in a process of its own.

    Logs why if that fails: people then get a plainer search.
    """
    try:
        path = await asyncio.to_thread(index_path, kept)
        if not path.exists():
            await _make(path)
        library.finder.learn(await asyncio.to_thread(read_index, path))
    except (OSError, CacheError) as error:
        log.error("search.no_questions", error=type(error).__name__)
        return
    await prepare_search(library)
    log.info("search.ready")


async def prepare_search(library: Library) -> None:
    """Make the searches outside of the event loop, after what they search has changed."""
    await asyncio.to_thread(library.finder.prepare, LANGUAGES)


async def _make(path: Path) -> None:
    log.info("search.indexing")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "content.questions",
        str(path),
        cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL,
    )
    try:
        await process.wait()
    finally:
        if process.returncode is None:  # the service stops meanwhile
            process.kill()
            await process.wait()
