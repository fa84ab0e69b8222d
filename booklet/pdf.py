"""Sets booklets and posters as PDF with Typst, which shapes Arabic script and Nastaliq.

All text goes to the template as data, so nothing in it can be taken for markup.
"""

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typst

from booklet.document import Document
from booklet.fonts import FOLDER as FONTS
from booklet.packing import pack

TEMPLATES = Path(__file__).parent / "templates"


#: Languages whose script would make a tagged file too large: each letter of Nastaliq is placed, and
#: then tagged, by itself. The web page has the same structure.
_UNTAGGED = frozenset({"ur"})


def booklet(document: Document) -> bytes:
    """The booklet as PDF: tagged for screen readers, but for Urdu."""
    data = asdict(document) | {
        "direction": document.direction,
        "made": f"{document.made:%Y-%m-%d}",
        "title": f"Rahnuma · {document.plain('subtitle')}",
    }
    tagged = document.language not in _UNTAGGED
    return set_pdf("booklet.typ", data, document.made, tagged=tagged)


def set_pdf(template: str, data: dict[str, Any], made: dt.date, *, tagged: bool = True) -> bytes:
    """A template set with data. Raises typst.TypstError if it can't be set."""
    file = typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]
        ),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        format="pdf",
        pdf_tags=tagged,
        timestamp=dt.datetime(made.year, made.month, made.day, tzinfo=dt.UTC),
    )
    if not isinstance(file, bytes):
        raise TypeError("a PDF is one file")
    return pack(file)
