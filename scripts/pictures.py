"""Draws the pictures as people get them, to look at: ``python -m scripts.pictures FOLDER``.

Writes each drawing of ``content/pictures/`` as PNG, with the numbers of ``content/directory.yml``,
and prints its size. The service draws them itself while it runs; nothing here is needed for that.
"""

import sys
from pathlib import Path

from content.directory import Directory
from content.drawing import DRAWINGS, drawing, png


def main(folder: Path) -> int:
    """Draw all into a folder; 1 if a picture can't be drawn with the directory's numbers."""
    directory, left_out = Directory.load(), 0
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(DRAWINGS.glob("*.svg")):
        svg = drawing(path.stem, directory)
        if svg is None:
            print(f"{path.stem}: a number in it is not published")
            left_out += 1
            continue
        data = png(svg)
        (folder / f"{path.stem}.png").write_bytes(data)
        print(f"{path.stem}: {len(data) / 1024:.0f} KB")
    return 1 if left_out else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m scripts.pictures FOLDER")
    sys.exit(main(Path(sys.argv[1])))
