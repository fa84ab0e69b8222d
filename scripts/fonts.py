"""Makes the parts of the booklet's fonts that six languages need: booklet/fonts.

Maintainers only, and only when a font is renewed:
``.venv/bin/python -m scripts.fonts FOLDER`` with the folder of the whole Noto fonts, such as
/usr/share/fonts/truetype/noto of Debian's package fonts-noto-core. Each part is written as
TrueType (for the PDF) and as WOFF2 (for the web page). The fonts are under the SIL Open Font
License, which lies beside them and reserves no name.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font

from booklet.fonts import FOLDER

_SHARED = "20-7E,A0-BF,D7,F7,2010-2015,2018-201E,2022,2026,2030,2032,2039,203A,20AC,2190-2193,2212"
_LATIN = f"{_SHARED},C0-17F,218-21B,25CC"
#: Editors may need any letter of the block that a font has.
_ARABIC = "600-6FF"
#: What joins, parts and turns text; no font may show a box for it.
_CONTROLS = "200B-200F,2066-2069"
_SIGNS = "20-22,27-29,2C-2F,3A,AB,BB,2018-201D,2026"
#: Family → code points of its part, in hexadecimal.
PARTS = {
    "NotoSans": _LATIN,
    "NotoNaskhArabic": f"{_ARABIC},{_CONTROLS},{_SIGNS},FDFC",
    "NotoNastaliqUrdu": f"{_ARABIC},{_CONTROLS},{_SIGNS}",
}


def points(ranges: str) -> set[int]:
    """The code points of ``20-7E,A0``."""
    found = set()
    for part in ranges.split(","):
        first, _dash, last = part.partition("-")
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return found


def main() -> int:
    """Write all parts; says how large each is."""
    if len(sys.argv) != 2:
        print("usage: python -m scripts.fonts FOLDER", file=sys.stderr)
        return 2
    for family, ranges in PARTS.items():
        for weight in ("Regular", "Bold"):
            source = Path(sys.argv[1]) / f"{family}-{weight}.ttf"
            # names and features are kept; hints are of no use at the sizes of phones and printers
            options = Options(
                hinting=False, layout_features=["*"], name_IDs=["*"], notdef_outline=True
            )
            font = load_font(str(source), options)
            subsetter = Subsetter(options)
            subsetter.populate(unicodes=points(ranges))
            subsetter.subset(font)
            # some bold fonts of the family say that they are regular
            font["OS/2"].usWeightClass = 700 if weight == "Bold" else 400
            for flavor, ending in ((None, "ttf"), ("woff2", "woff2")):
                options.flavor = flavor
                target = FOLDER / f"{family}-{weight}.{ending}"
                save_font(font, str(target), options)
                print(f"{target.name}: {target.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
