"""Sets a template as PDF with Typst and packs it: a process of its own, for ``booklet.pdf``.

``python -m booklet.typesetter`` reads one job (JSON) from standard input and writes the file to
standard output. Setting holds Python's lock for up to a second: in the service's process nobody
would be answered meanwhile.
"""

import datetime as dt
import json
import os
import sys
from pathlib import Path

import typst

from booklet.fonts import FOLDER as FONTS
from booklet.packing import pack

TEMPLATES = Path(__file__).parent / "templates"
#: Lower priority (as of nice): people's questions come first.
_NICE = 10


def set_pdf(template: str, data: str, made: dt.date, *, tagged: bool) -> bytes:
    """A template set with data (JSON), packed. Raises typst.TypstError if it can't be set."""
    file = typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]
        ),
        sys_inputs={"data": data},
        format="pdf",
        pdf_tags=tagged,
        timestamp=dt.datetime(made.year, made.month, made.day, tzinfo=dt.timezone.utc),
    )
    if not isinstance(file, bytes):
        raise TypeError("a PDF is one file")
    return pack(file)


def main() -> int:
    """Do the job of standard input; the exit code."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    job = json.load(sys.stdin.buffer)
    try:
        pdf = set_pdf(
            job["template"],
            job["data"],
            dt.date.fromisoformat(job["made"]),
            tagged=job["tagged"],
        )
    except typst.TypstError as error:
        sys.stderr.write(error.message)
        return 1
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
