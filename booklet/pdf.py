"""Booklets and posters as PDF, set by ``booklet.typesetter`` in a process of its own.

All text goes to the template as data, so nothing in it can be taken for markup.
"""

import asyncio
import datetime as dt
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from booklet.document import Document

#: Seconds after which setting is given up.
LONGEST = 60.0
#: Languages whose script would make a tagged file too large: each letter of Nastaliq is placed, and
#: then tagged, by itself. The web page has the same structure.
_UNTAGGED = frozenset({"ur"})
_ROOT = Path(__file__).parent.parent


class NotSet(Exception):
    """A PDF could not be set; says why, without its content."""


async def booklet(document: Document) -> bytes:
    """The booklet as PDF: tagged for screen readers, but for Urdu. Raises NotSet."""
    data = asdict(document) | {
        "direction": document.direction,
        "made": f"{document.made:%Y-%m-%d}",
        "title": f"Rahnuma · {document.plain('subtitle')}",
    }
    tagged = document.language not in _UNTAGGED
    return await set_pdf("booklet.typ", data, document.made, tagged=tagged)


async def set_pdf(
    template: str, data: dict[str, Any], made: dt.date, *, tagged: bool = True
) -> bytes:
    """A template set with data. Raises NotSet."""
    job = {
        "template": template,
        "data": json.dumps(data, ensure_ascii=False),
        "made": made.isoformat(),
        "tagged": tagged,
    }
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "booklet.typesetter",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=_ROOT,
            # one thread: the other processors are for people's questions
            env=os.environ | {"RAYON_NUM_THREADS": "1"},
        )
    except OSError as error:
        raise NotSet(f"{template}: no process could be started: {error}") from error
    try:
        pdf, said = await asyncio.wait_for(process.communicate(json.dumps(job).encode()), LONGEST)
    except TimeoutError as error:
        raise NotSet(f"{template}: not ready after {LONGEST:.0f} s") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        lines = said.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise NotSet(f"{template}: {lines[-1]}")
    return pdf
