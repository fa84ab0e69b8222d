"""The booklet's fonts (parts of Noto, SIL Open Font License, see OFL.txt) and where they lie."""

from pathlib import Path

FOLDER = Path(__file__).parent
