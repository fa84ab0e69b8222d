"""Small files of each kind, as phones send them."""

import io

from PIL import Image

OGG = b"OggS" + bytes(24) + b"OpusHead" + bytes(40)
PDF = b"%PDF-1.4\n%%EOF\n"


def photo(kind: str = "JPEG", size: tuple[int, int] = (40, 30), *, exif: bool = True) -> bytes:
    """A picture with a place and a camera in it."""
    picture, written = Image.new("RGB", size, "red"), io.BytesIO()
    marks = Image.Exif()
    if exif:
        marks[0x010F] = "Camera-of-somebody"
        marks.get_ifd(0x8825)[1] = "N"
    picture.save(written, kind, exif=marks)
    return written.getvalue()
