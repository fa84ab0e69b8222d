"""Drawings (``content/pictures/*.svg``) with the directory's numbers in them, as SVG and PNG.

Drawings hold no text. Where a number belongs they have an empty group such as
``<g id="number.police" …/>``; its digits are put in as lines when the drawing is asked for, so
that an edited number changes the picture, and no font is needed.
"""

import asyncio
import io
import re
from functools import cache
from pathlib import Path

import resvg_py
from PIL import Image

from content.directory import Directory
from content.media import File

DRAWINGS = Path(__file__).parent / "pictures"
#: Pixels across: twice what a small phone shows, so that lines stay sharp.
WIDTH = 720
#: Colours of a PNG: flat shapes need no more, and it takes half the bytes.
COLOURS = 64
_SLOT = re.compile(r'<g id="(number\.[a-z_]+)"([^>]*)/>')
_BOX_OF = re.compile(r'viewBox="0 0 (\d+) (\d+)"')
_NAME = re.compile(r"[a-z_]+")

#: Strokes of a sign in a box 24 wide and 44 high, and how far the next one is.
_BOX, _STEP, _TALL = 24, 35, 44
#: Units across for a number; longer ones are drawn smaller.
_ROOM = 116
_STROKES = {
    "0": "M12 0 C-4 0 -4 44 12 44 C28 44 28 0 12 0 Z",
    "1": "M3 9 L14 0 V44",
    "2": "M1 12 C1 -4 23 -4 23 12 C23 22 8 30 1 44 H24",
    "3": "M2 6 C9 -4 22 0 22 10 C22 18 16 21 9 21 C17 21 24 25 24 33 C24 45 7 48 1 38",
    "4": "M17 44 V0 L0 31 H24",
    "5": "M21 0 H4 L2 20 C10 13 24 17 24 30 C24 45 7 48 1 38",
    "6": "M20 1 C6 8 0 18 0 30 C0 48 24 48 24 31 C24 16 5 16 1 28",
    "7": "M0 0 H24 L8 44",
    "8": "M12 20 C-1 20 -1 0 12 0 C25 0 25 20 12 20 C-4 20 -4 44 12 44 C28 44 28 20 12 20 Z",
    "9": "M4 43 C18 36 24 26 24 14 C24 -4 0 -4 0 13 C0 28 19 28 23 16",
    "+": "M12 12 V36 M0 24 H24",
    " ": "",
}


@cache
def _source(name: str) -> str | None:
    path = DRAWINGS / f"{name}.svg"
    return path.read_text(encoding="utf-8") if _NAME.fullmatch(name) and path.is_file() else None


def numbers_of(name: str) -> tuple[str, ...]:
    """The placeholders of the numbers that a drawing shows."""
    return tuple(match[1] for match in _SLOT.finditer(_source(name) or ""))


@cache
def size_of(name: str) -> tuple[int, int]:
    """Width and height of a drawing as PNG, in pixels. Raises ValueError if there is none."""
    box = _BOX_OF.search(_source(name) or "")
    if box is None:
        raise ValueError(f"no drawing: {name}")
    return WIDTH, round(WIDTH * int(box[2]) / int(box[1]))


def can_draw(number: str) -> bool:
    """Whether a number has only signs that can be drawn."""
    return bool(number.strip()) and set(number) <= set(_STROKES)


def drawing(name: str, directory: Directory) -> str | None:
    """A drawing as SVG with the numbers that are true now.

    None if there is no such drawing, or a number in it is not published or can't be drawn: a
    picture with a wrong number, or none where one belongs, is never made.
    """
    source = _source(name)
    if source is None:
        return None
    numbers = {key: directory.published(key, "en") or "" for key in numbers_of(name)}
    if not all(can_draw(number) for number in numbers.values()):
        return None
    return _SLOT.sub(lambda slot: _group(slot[2], numbers[slot[1]]), source)


def _group(attributes: str, number: str) -> str:
    """A number around the origin of its group; what it says stands beside it for readers."""
    wide = _STEP * (len(number) - 1) + _BOX
    scale = min(1.0, _ROOM / wide)
    signs = "".join(
        f'<path d="{_STROKES[sign]}" transform="translate({_STEP * at} 0)"/>'
        for at, sign in enumerate(number)
        if _STROKES[sign]
    )
    place = f"scale({scale:.3f}) translate({-wide / 2} {-_TALL / 2})"
    return (
        f'<g{attributes} data-number="{number}"><g transform="{place}" fill="none" '
        f'stroke="#14212b" stroke-width="8" stroke-linecap="round" stroke-linejoin="round">'
        f"{signs}</g></g>"
    )


def png(svg: str) -> bytes:
    """An SVG as PNG, 720 pixels across, with few colours. Raises ValueError if it is no SVG."""
    drawn = resvg_py.svg_to_bytes(svg_string=svg, width=WIDTH, skip_system_fonts=True)
    with Image.open(io.BytesIO(bytes(drawn))) as image:
        flat = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    written = io.BytesIO()
    flat.save(written, "PNG", optimize=True)
    return written.getvalue()


class PictureSource:
    """The shelf's source of pictures: each is drawn once, and again when a number in it changed."""

    def __init__(self, directory: Directory):
        self._directory = directory
        self._drawn: dict[str, tuple[str, File]] = {}

    async def prepare(self) -> None:
        """Draw all now, so that nobody waits for the first of each."""
        for path in sorted(DRAWINGS.glob("*.svg")):
            await self(f"{path.stem}.png")

    async def __call__(self, name: str) -> File | None:
        """The picture ``<name>.png``, or None if there is none or it can't be drawn now."""
        stem, dot, ending = name.rpartition(".")
        svg = drawing(stem, self._directory) if dot and ending == "png" else None
        if svg is None:
            return None
        before = self._drawn.get(stem)
        if before is not None and before[0] == svg:
            return before[1]
        file = File(await asyncio.to_thread(png, svg), "image/png", name)
        self._drawn[stem] = svg, file
        return file
