"""Draws pages of the booklets and a poster into docs/booklet, to be looked at.

Maintainers only: ``.venv/bin/python -m scripts.booklet_pictures [FOLDER]``. With a folder, every
page of every booklet is drawn there instead. The content is that of the files under content/.
"""

import asyncio
import sys
from pathlib import Path

import pypdfium2

from actions.booklet import PARTS
from booklet.contents import Places
from booklet.shelf import Booklets
from content.answers import Library
from content.languages import LANGUAGES

PICTURES = Path(__file__).parent.parent / "docs" / "booklet"
#: A page in the middle of the dangers, with lists, numbers and Latin names.
PAGE = 6
#: The language whose first page is drawn too.
COVER = "ur"
#: Pixels per point (1/72 inch).
SCALE = 2.0
PLACES = Places("rahnuma_example_bot", "https://rahnuma.example.org")


def _draw(pdf: bytes, folder: Path, name: str, wanted: int | None) -> None:
    document = pypdfium2.PdfDocument(pdf)
    try:
        for i in range(len(document)) if wanted is None else [wanted]:
            picture = document[i].render(scale=SCALE).to_pil().quantize(32)
            target = folder / (f"{name}.png" if wanted is not None else f"{name}-{i + 1:02}.png")
            picture.save(target, optimize=True)
            print(f"{target}: {target.stat().st_size:,} bytes")
    finally:
        document.close()


async def draw(folder: Path | None) -> None:
    """One page of each booklet, its cover in one language, and a poster; or all pages."""
    booklets = Booklets(Library.load(), PARTS, operator="The Rahnuma team", places=lambda: PLACES)
    target = folder or PICTURES
    target.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        file = await booklets.make(language, "pdf")
        _draw(file.data, target, language, None if folder else PAGE)
        if folder is None and language == COVER:
            _draw(file.data, target, f"{language}-cover", 0)
    _draw((await booklets.poster("lipa")).data, target, "poster", 0)


def main() -> int:
    """Draw; the exit code."""
    asyncio.run(draw(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
    return 0


if __name__ == "__main__":
    sys.exit(main())
