"""The booklet as one web page: a file that holds its fonts, loads nothing and needs no script."""

import base64
import html
import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from booklet.document import Document, Line
from booklet.fonts import FOLDER as FONTS

TEMPLATES = Path(__file__).parent / "templates"
#: Fonts of a page by language: family, the files' name.
_LATIN = ("Noto Sans", "NotoSans")
_ARABIC = ("Noto Naskh Arabic", "NotoNaskhArabic")
_FAMILIES = {
    "ar": (_ARABIC, _LATIN),
    "fa": (_ARABIC, _LATIN),
    "ps": (_ARABIC, _LATIN),
    "ur": (("Noto Nastaliq Urdu", "NotoNastaliqUrdu"), _LATIN),
}


def page(document: Document) -> bytes:
    """The booklet as an HTML file (UTF-8)."""
    families = _FAMILIES.get(document.language, (_LATIN,))
    pages = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    pages.globals.update(runs=_runs, dial=_dial, svg=_svg)
    made = pages.get_template("booklet.html").render(
        document=document,
        words=document.words,
        title=f"Rahnuma · {document.plain('subtitle')}",
        style=Markup((TEMPLATES / "booklet.css").read_text(encoding="utf-8")),
        faces=Markup("".join(_face(*family) for family in families)),
        families=Markup(", ".join(f'"{family}"' for family, _file in families)),
    )
    return made.encode()


@cache
def _face(family: str, name: str) -> str:
    """The two weights of a font as style rules with the font in them."""
    rules = []
    for file, weight in (("Regular", 400), ("Bold", 700)):
        data = base64.b64encode((FONTS / f"{name}-{file}.woff2").read_bytes()).decode()
        rules.append(
            f'@font-face{{font-family:"{family}";font-weight:{weight};'
            f'src:url(data:font/woff2;base64,{data}) format("woff2")}}\n'
        )
    return "".join(rules)


def _runs(line: Line) -> Markup:
    out = []
    for run in line:
        text = html.escape(run.text, quote=False)
        kept = ' class="kept"' if run.kept else ""
        if run.latin:
            text = f'<bdi dir="ltr"{kept}>{text}</bdi>'
        elif kept:
            text = f"<span{kept}>{text}</span>"
        out.append(f"<b>{text}</b>" if run.bold else text)
    return Markup("".join(out))


def _dial(number: str) -> str:
    """The address that makes a phone dial a number."""
    return "tel:" + re.sub(r"[^+\d]", "", number)


def _svg(code: str, title: str) -> Markup:
    """A QR code in the page, with what it says for who can't see it."""
    safe = html.escape(title)
    return Markup(code.replace("<svg ", f'<svg role="img" aria-label="{safe}" ', 1))
