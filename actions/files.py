"""What people may send to a counsellor: photos, voice notes and PDF files, told by their content.

Names and declared types are not believed. Pictures are written anew: what a camera adds (place,
time, model) is gone then, and a malformed picture never reaches a counsellor's browser.
"""

import io
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageOps, UnidentifiedImageError

Kind = Literal["photo", "voice", "document"]
#: Bytes of one file.
MOST = 8 * 1024 * 1024
#: Pixels of a picture: a small file can unfold to gigabytes.
MOST_PIXELS = 60_000_000
#: Pixels of the longer side after writing anew: enough to read a paper.
LONGEST_SIDE = 2560
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_BRANDS = (b"M4A ", b"M4B ")


class FileRefused(Exception):
    """A file that is not taken; ``why`` is ``size`` or ``type``."""

    def __init__(self, why: Literal["size", "type"]):
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Attachment:
    """A file that may be kept: what it is, its media type, its content."""

    kind: Kind
    media_type: str
    data: bytes


def check(data: bytes) -> Attachment:
    """The file as it may be kept; takes time for pictures (call it in a thread).

    Raises FileRefused.
    """
    if len(data) > MOST:
        raise FileRefused("size")
    if data.startswith(_PICTURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return _picture(data)
    if voice := _audio_type(data):
        return Attachment("voice", voice, data)
    if data.startswith(b"%PDF-"):
        return Attachment("document", "application/pdf", data)
    raise FileRefused("type")


def _audio_type(data: bytes) -> str | None:
    if data.startswith(b"OggS") and (b"OpusHead" in data[:64] or b"\x01vorbis" in data[:64]):
        return "audio/ogg"
    if data.startswith(b"ID3") or (
        data[:1] == b"\xff" and data[1:2] in (b"\xfb", b"\xf3", b"\xf2", b"\xfa")
    ):
        return "audio/mpeg"
    if data[4:8] == b"ftyp" and data[8:12] in _BRANDS:
        return "audio/mp4"
    return None


def _picture(data: bytes) -> Attachment:
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise FileRefused("size")
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            see_through = "A" in upright.getbands() or "transparency" in upright.info
            plain = upright.convert("RGBA" if see_through else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise FileRefused("type") from error
    plain.info.clear()
    written = io.BytesIO()
    if see_through:
        plain.save(written, "PNG")
        return Attachment("photo", "image/png", written.getvalue())
    plain.save(written, "JPEG", quality=85)
    return Attachment("photo", "image/jpeg", written.getvalue())
